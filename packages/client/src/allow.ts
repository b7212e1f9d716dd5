/*
 * Made from protocol/allow.json by `cargo xtask codegen`: change that file, not this one.
 *
 * An attribute of an element is allowed when the element is in the table and the attribute is in the element's
 * own list, or in the global list of the element's namespace, or starts with one of its prefixes; the rest of a
 * prefixed name is one or more of a-z 0-9 . _ -. Names are compared exactly, so `SCRIPT` and `onClick` are not in
 * it. The attribute's name in the table is the qualified one: `xlink:href` is the local name `href` in namespace 3,
 * `xml:` is 4, `xmlns` and `xmlns:` are 5; `xmlns` may also be in namespace 0. A name of namespace 0 that holds a
 * colon is refused: the HTML parser would read it back as another attribute.
 *
 * Kinds of values:
 * text      anything. The table has no `target` but `_self` and `_blank`, and no `rel` token `opener`: with
 *           `_blank` a browser then gives no opener. Also of this kind: idref, idrefs.
 * url       C0 controls and spaces are cut off at both ends, tab, LF and CR are removed everywhere. A scheme
 *           (`[A-Za-z][A-Za-z0-9+.-]*:`) must be one of the class, in any case; `data:` must go on with `image/`,
 *           one of data_images, and `;` or `,`. Without a scheme the URL is relative and fine, but where the
 *           class has no `https`, it must not begin with two of `/` and `\`, which name another host.
 * srcset    as the HTML standard splits it; each URL is a url of the class.
 * fragment  after cutting as for url: begins with `#`.
 * enum      one of the words, ASCII case ignored; the empty word may be one of them.
 * tokens    words split at ASCII white space, each one of the list, ASCII case ignored.
 * css       in lower case it holds none of style_refused, and each `url(` in it begins a reference into the same tree:
 *           `url(#a)`, `url("#a")` or `url('#a')`, with white space inside the parentheses at both ends if one
 *           likes, and no quote, parenthesis or white space in the `#a`.
 * style     css as a whole; split at `;` outside of quotes and parentheses, each part that is not blank is
 *           `name: value`: the name, trimmed and in lower case, is in the style list, or is `--` and something; a
 *           name in style_values has one of those values, without `!important` and trimmed, in lower case. A quote
 *           or parenthesis left open at the end, or a quote at a line's end, refuses the value: a browser would
 *           close it elsewhere than the split does.
 * White space is ASCII's, case is ASCII's.
 *
 * An event type or command that is not listed is refused. A page adds nothing to these lists.
 */

export const VERSION = 1;
/** Kinds of values, `name:argument`; attributes below name them by position. */
export const KINDS = "text enum:|on|off enum:|ltr|rtl|auto enum:true|false|auto enum:|true|false style enum:|yes|no css enum:default|preserve url:navigate enum:|no-referrer|origin|same-origin|strict-origin|strict-origin-when-cross-origin tokens:alternate|author|bookmark|external|help|license|next|nofollow|noopener|noreferrer|prev|search|tag enum:_self|_blank enum:|anonymous enum:|none|metadata|auto url:media enum:button|reset|submit enum:any|closerequest|none url:form enum:application/x-www-form-urlencoded|multipart/form-data|text/plain enum:get|post|dialog enum:_self enum:sync|async|auto enum:high|low|auto enum:lazy|eager url:image srcset:image fragment enum:button|checkbox|color|date|datetime-local|email|hidden|month|number|password|radio|range|reset|search|submit|tel|text|time|url|week enum:manual enum:hard|soft|off enum:row|col|rowgroup|colgroup enum:subtitles|captions|descriptions|chapters|metadata enum:http://www.w3.org/2000/svg enum:http://www.w3.org/1999/xlink enum:block|inline enum:http://www.w3.org/1998/Math/MathML";
/** By namespace (HTML, SVG, MathML): the attributes of every element. */
export const GLOBAL = [
  "autocapitalize autocorrect=1 class dir=2 draggable=3 enterkeyhint exportparts hidden id inert inputmode itemid itemprop itemref itemscope itemtype lang part role spellcheck=4 style=5 tabindex title translate=6",
  "alignment-baseline=7 baseline-shift=7 class clip-path=7 clip-rule=7 color=7 color-interpolation=7 color-interpolation-filters=7 cursor=7 dir=2 direction=7 display=7 dominant-baseline=7 exportparts fill=7 fill-opacity=7 fill-rule=7 filter=7 flood-color=7 flood-opacity=7 focusable font-family=7 font-size=7 font-size-adjust=7 font-stretch=7 font-style=7 font-variant=7 font-weight=7 id image-rendering=7 lang letter-spacing=7 lighting-color=7 marker-end=7 marker-mid=7 marker-start=7 mask=7 mask-type=7 opacity=7 overflow=7 paint-order=7 part pointer-events=7 requiredExtensions role shape-rendering=7 stop-color=7 stop-opacity=7 stroke=7 stroke-dasharray=7 stroke-dashoffset=7 stroke-linecap=7 stroke-linejoin=7 stroke-miterlimit=7 stroke-opacity=7 stroke-width=7 style=5 systemLanguage tabindex text-anchor=7 text-decoration=7 text-overflow=7 text-rendering=7 transform=7 transform-origin=7 unicode-bidi=7 vector-effect=7 visibility=7 white-space=7 word-spacing=7 writing-mode=7 xml:lang xml:space=8",
  "class dir=2 displaystyle exportparts id lang mathbackground mathcolor mathsize mathvariant part role scriptlevel style=5 tabindex"
];
/** By namespace: one element a line, with its attributes. */
export const ELEMENTS = [
`a download href=9 hreflang referrerpolicy=10 rel=11 target=12 type
abbr
address
area alt coords download href=9 referrerpolicy=10 rel=11 shape target=12
article
aside
audio autoplay controls controlslist crossorigin=13 loop muted preload=14 src=15
b
bdi
bdo
big
blockquote cite=9
br
button disabled form formnovalidate name type=16 value
caption
center
cite
code
col span width
colgroup span width
data value
datalist
dd
del cite=9 datetime
details name open
dfn
dialog closedby=17 open
div
dl
dt
em
fieldset disabled form name
figcaption
figure
footer
form accept-charset action=18 autocomplete enctype=19 method=20 name novalidate rel=11 target=21
h1
h2
h3
h4
h5
h6
header
hgroup
hr
i
img alt crossorigin=13 decoding=22 fetchpriority=23 height loading=24 referrerpolicy=10 sizes src=25 srcset=26 usemap=27 width
input autocomplete checked dirname disabled form formnovalidate list max maxlength min minlength multiple name pattern placeholder readonly required size step type=28 value
ins cite=9 datetime
kbd
label for
legend
li type value
main
map name
mark
menu
meter high low max min optimum value
nav
ol reversed start type
optgroup disabled label
option disabled label selected value
output for form name
p
pc-overlay popover=29
pc-slot name
pc-stripped
picture
pre
progress max value
q cite=9
rp
rt
ruby
s
samp
search
section
select autocomplete disabled form multiple name required size
small
source height media sizes src=15 srcset=26 type width
span
strike
strong
sub
summary
sup
table border cellpadding cellspacing summary width
tbody
td abbr align colspan headers height rowspan valign width
textarea autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required rows wrap=30
tfoot
th abbr align colspan headers height rowspan scope=31 valign width
thead
time datetime
tr align valign
track default kind=32 label src=15 srclang
tt
u
ul type
var
video autoplay controls controlslist crossorigin=13 disablepictureinpicture height loop muted playsinline poster=25 preload=14 src=15 width
wbr`,
`a href=9 hreflang rel=11 target=12 type xlink:href=9
circle cx cy pathLength r
clipPath clipPathUnits
defs
desc
ellipse cx cy pathLength rx ry
feBlend height in in2 mode result width x y
feColorMatrix height in result type values width x y
feComponentTransfer height in result width x y
feComposite height in in2 k1 k2 k3 k4 operator result width x y
feConvolveMatrix bias divisor edgeMode height in kernelMatrix order preserveAlpha result targetX targetY width x y
feDiffuseLighting diffuseConstant height in result surfaceScale width x y
feDisplacementMap height in in2 result scale width x xChannelSelector y yChannelSelector
feDistantLight azimuth elevation
feDropShadow dx dy height in result stdDeviation width x y
feFlood height result width x y
feFuncA amplitude exponent intercept offset slope tableValues type
feFuncB amplitude exponent intercept offset slope tableValues type
feFuncG amplitude exponent intercept offset slope tableValues type
feFuncR amplitude exponent intercept offset slope tableValues type
feGaussianBlur edgeMode height in result stdDeviation width x y
feMerge height result width x y
feMergeNode in
feMorphology height in operator radius result width x y
feOffset dx dy height in result width x y
fePointLight x y z
feSpecularLighting height in result specularConstant specularExponent surfaceScale width x y
feSpotLight limitingConeAngle pointsAtX pointsAtY pointsAtZ specularExponent x y z
feTile height in result width x y
feTurbulence baseFrequency height numOctaves result seed stitchTiles type width x y
filter filterUnits height primitiveUnits width x y
foreignObject height width x y
g
image crossorigin=13 height href=25 preserveAspectRatio width x xlink:href=25 y
line pathLength x1 x2 y1 y2
linearGradient gradientTransform gradientUnits href=27 spreadMethod x1 x2 xlink:href=27 y1 y2
marker markerHeight markerUnits markerWidth orient preserveAspectRatio refX refY viewBox
mask height maskContentUnits maskUnits width x y
metadata
path d pathLength
pattern height href=27 patternContentUnits patternTransform patternUnits preserveAspectRatio viewBox width x xlink:href=27 y
polygon pathLength points
polyline pathLength points
radialGradient cx cy fr fx fy gradientTransform gradientUnits href=27 r spreadMethod xlink:href=27
rect height pathLength rx ry width x y
stop offset
svg height preserveAspectRatio version viewBox width x xmlns=33 xmlns:xlink=34 y
switch
symbol height preserveAspectRatio refX refY viewBox width x y
text dx dy lengthAdjust rotate textLength x y
textPath href=27 lengthAdjust method path side spacing startOffset textLength xlink:href=27
title
tspan dx dy lengthAdjust rotate textLength x y
use height href=27 width x xlink:href=27 y`,
`math alttext display=35 xmlns=36
merror
mfrac linethickness
mi
mmultiscripts
mn
mo fence form largeop lspace maxsize minsize movablelimits rspace separator stretchy symmetric
mover accent
mpadded depth height lspace voffset width
mphantom
mprescripts
mroot
mrow
ms
mspace depth height width
msqrt
mstyle
msub
msubsup
msup
mtable columnalign columnspacing rowspacing
mtd columnspan rowspan
mtext
mtr
munder accentunder
munderover accent accentunder
semantics`,
];
export const PREFIXES = ["aria- data-","aria- data-","aria- data-"];
/** By class: navigate, image, media, form. */
export const URL_CLASSES = "navigate image media form";
export const URL_SCHEMES = ["http https mailto sms tel","data http https","http https",""];
export const DATA_IMAGES = "avif gif jpeg png webp";
/** A property and its values, one a line. */
export const STYLE_VALUES = "position absolute relative static sticky";
export const STYLE_REFUSED = ["\\","@","<","{","}","/*","image-set(","src(","image(","cross-fade(","element(","expression(","javascript:"];
export const STYLE =
  `-moz-osx-font-smoothing -webkit-appearance -webkit-backdrop-filter -webkit-background-clip -webkit-box-orient -webkit-clip-path -webkit-font-smoothing -webkit-line-clamp -webkit-mask -webkit-mask-image -webkit-mask-position -webkit-mask-repeat -webkit-mask-size -webkit-print-color-adjust -webkit-tap-highlight-color -webkit-text-fill-color -webkit-text-size-adjust -webkit-text-stroke -webkit-text-stroke-color -webkit-text-stroke-width -webkit-user-select accent-color align-content align-items align-self alignment-baseline all anchor-name anchor-scope animation animation-composition animation-delay animation-direction animation-duration animation-fill-mode animation-iteration-count animation-name animation-play-state animation-range animation-range-end animation-range-start animation-timeline animation-timing-function appearance aspect-ratio backdrop-filter backface-visibility background background-attachment background-blend-mode background-clip background-color background-image background-origin background-position background-position-x background-position-y background-repeat background-size baseline-shift baseline-source block-size border border-block border-block-color border-block-end border-block-end-color border-block-end-style border-block-end-width border-block-start border-block-start-color border-block-start-style border-block-start-width border-block-style border-block-width border-bottom border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-color border-end-end-radius border-end-start-radius border-image border-image-outset border-image-repeat border-image-slice border-image-source border-image-width border-inline border-inline-color border-inline-end border-inline-end-color border-inline-end-style border-inline-end-width border-inline-start border-inline-start-color border-inline-start-style border-inline-start-width border-inline-style border-inline-width border-left border-left-color border-left-style border-left-width border-radius border-right border-right-color border-right-style border-right-width border-spacing border-start-end-radius border-start-start-radius border-style border-top border-top-color border-top-left-radius border-top-right-radius border-top-style border-top-width border-width bottom box-decoration-break box-shadow box-sizing break-after break-before break-inside caption-side caret-color clear clip clip-path clip-rule color color-interpolation color-interpolation-filters color-scheme column-count column-fill column-gap column-rule column-rule-color column-rule-style column-rule-width column-span column-width columns contain contain-intrinsic-block-size contain-intrinsic-height contain-intrinsic-inline-size contain-intrinsic-size contain-intrinsic-width container container-name container-type content content-visibility counter-increment counter-reset counter-set cursor cx cy d direction display dominant-baseline dynamic-range-limit empty-cells field-sizing fill fill-opacity fill-rule filter flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float flood-color flood-opacity font font-family font-feature-settings font-kerning font-language-override font-optical-sizing font-palette font-size font-size-adjust font-stretch font-style font-synthesis font-synthesis-small-caps font-synthesis-style font-synthesis-weight font-variant font-variant-alternates font-variant-caps font-variant-east-asian font-variant-emoji font-variant-ligatures font-variant-numeric font-variant-position font-variation-settings font-weight forced-color-adjust gap grid grid-area grid-auto-columns grid-auto-flow grid-auto-rows grid-column grid-column-end grid-column-gap grid-column-start grid-gap grid-row grid-row-end grid-row-gap grid-row-start grid-template grid-template-areas grid-template-columns grid-template-rows height hyphenate-character hyphenate-limit-chars hyphens image-orientation image-rendering initial-letter inline-size inset inset-block inset-block-end inset-block-start inset-inline inset-inline-end inset-inline-start interpolate-size isolation justify-content justify-items justify-self left letter-spacing lighting-color line-break line-clamp line-height list-style list-style-image list-style-position list-style-type margin margin-block margin-block-end margin-block-start margin-bottom margin-inline margin-inline-end margin-inline-start margin-left margin-right margin-top marker marker-end marker-mid marker-start mask mask-clip mask-composite mask-image mask-mode mask-origin mask-position mask-repeat mask-size mask-type math-depth math-shift math-style max-block-size max-height max-inline-size max-width min-block-size min-height min-inline-size min-width mix-blend-mode object-fit object-position object-view-box offset offset-anchor offset-distance offset-path offset-position offset-rotate opacity order orphans outline outline-color outline-offset outline-style outline-width overflow overflow-anchor overflow-block overflow-clip-margin overflow-inline overflow-wrap overflow-x overflow-y overscroll-behavior overscroll-behavior-block overscroll-behavior-inline overscroll-behavior-x overscroll-behavior-y padding padding-block padding-block-end padding-block-start padding-bottom padding-inline padding-inline-end padding-inline-start padding-left padding-right padding-top page page-break-after page-break-before page-break-inside paint-order perspective perspective-origin place-content place-items place-self pointer-events position position-anchor position-area position-try position-try-fallbacks position-try-order position-visibility print-color-adjust quotes r resize right rotate row-gap ruby-align ruby-position rx ry scale scroll-behavior scroll-margin scroll-margin-block scroll-margin-block-end scroll-margin-block-start scroll-margin-bottom scroll-margin-inline scroll-margin-inline-end scroll-margin-inline-start scroll-margin-left scroll-margin-right scroll-margin-top scroll-padding scroll-padding-block scroll-padding-block-end scroll-padding-block-start scroll-padding-bottom scroll-padding-inline scroll-padding-inline-end scroll-padding-inline-start scroll-padding-left scroll-padding-right scroll-padding-top scroll-snap-align scroll-snap-stop scroll-snap-type scroll-timeline scroll-timeline-axis scroll-timeline-name scrollbar-color scrollbar-gutter scrollbar-width shape-image-threshold shape-margin shape-outside shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width tab-size table-layout text-align text-align-last text-anchor text-autospace text-box text-box-edge text-box-trim text-combine-upright text-decoration text-decoration-color text-decoration-line text-decoration-skip-ink text-decoration-style text-decoration-thickness text-emphasis text-emphasis-color text-emphasis-position text-emphasis-style text-indent text-justify text-orientation text-overflow text-rendering text-shadow text-size-adjust text-spacing-trim text-transform text-underline-offset text-underline-position text-wrap text-wrap-mode text-wrap-style timeline-scope top touch-action transform transform-box transform-origin transform-style transition transition-behavior transition-delay transition-duration transition-property transition-timing-function translate unicode-bidi user-select vector-effect vertical-align view-timeline view-timeline-axis view-timeline-inset view-timeline-name visibility white-space white-space-collapse widows width will-change word-break word-spacing word-wrap writing-mode x y z-index zoom`;
export const EVENTS =
  `abort animationcancel animationend animationiteration animationstart auxclick beforeinput beforetoggle blur cancel canplay canplaythrough change click close compositionend compositionstart compositionupdate contextmenu copy cut dblclick drag dragend dragenter dragleave dragover dragstart drop durationchange emptied ended error focus focusin focusout gotpointercapture input invalid keydown keypress keyup load loadeddata loadedmetadata loadstart lostpointercapture mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup paste pause play playing pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover pointerup progress ratechange reset resize scroll scrollend seeked seeking select selectionchange selectstart stalled submit suspend timeupdate toggle touchcancel touchend touchmove touchstart transitioncancel transitionend transitionrun transitionstart volumechange waiting wheel`;
/** Names of the commands 1, 2, … of CALL. */
export const COMMANDS = "focus blur select scrollIntoView showModal close showPopover";
