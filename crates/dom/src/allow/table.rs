//! Made from protocol/allow.json by `cargo xtask codegen`: change that file, not this one.
//! 
//! An attribute of an element is allowed when the element is in the table and the attribute is in the element's
//! own list, or in the global list of the element's namespace, or starts with one of its prefixes; the rest of a
//! prefixed name is one or more of a-z 0-9 . _ -. Names are compared exactly, so `SCRIPT` and `onClick` are not in
//! it. The attribute's name in the table is the qualified one: `xlink:href` is the local name `href` in namespace 3,
//! `xml:` is 4, `xmlns` and `xmlns:` are 5; `xmlns` may also be in namespace 0. A name of namespace 0 that holds a
//! colon is refused: the HTML parser would read it back as another attribute.
//! 
//! Kinds of values:
//! text      anything. The table has no `target` but `_self` and `_blank`, and no `rel` token `opener`: with
//! `_blank` a browser then gives no opener. Also of this kind: idref, idrefs.
//! url       C0 controls and spaces are cut off at both ends, tab, LF and CR are removed everywhere. A scheme
//! (`[A-Za-z][A-Za-z0-9+.-]*:`) must be one of the class, in any case; `data:` must go on with `image/`,
//! one of data_images, and `;` or `,`. Without a scheme the URL is relative and fine, but where the
//! class has no `https`, it must not begin with two of `/` and `\`, which name another host.
//! srcset    as the HTML standard splits it; each URL is a url of the class.
//! fragment  after cutting as for url: begins with `#`.
//! enum      one of the words, ASCII case ignored; the empty word may be one of them.
//! tokens    words split at ASCII white space, each one of the list, ASCII case ignored.
//! css       in lower case it holds none of style_refused, and each `url(` in it begins a reference into the same tree:
//! `url(#a)`, `url("#a")` or `url('#a')`, with white space inside the parentheses at both ends if one
//! likes, and no quote, parenthesis or white space in the `#a`.
//! style     css as a whole; split at `;` outside of quotes and parentheses, each part that is not blank is
//! `name: value`: the name, trimmed and in lower case, is in the style list, or is `--` and something; a
//! name in style_values has one of those values, without `!important` and trimmed, in lower case. A quote
//! or parenthesis left open at the end, or a quote at a line's end, refuses the value: a browser would
//! close it elsewhere than the split does.
//! White space is ASCII's, case is ASCII's.
//! 
//! An event type or command that is not listed is refused. A page adds nothing to these lists.

/// What a value of an attribute may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Url(UrlClass),
    SourceSet(UrlClass),
    Fragment,
    /// One of these words, in lower case.
    OneOf(&'static [&'static str]),
    /// Any of these words, in lower case.
    Tokens(&'static [&'static str]),
    Css,
    Style,
}

/// What a URL is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlClass {
    Navigate,
    Image,
    Media,
    Form,
}

/// Of `protocol/allow.json`.
pub const VERSION: u32 = 1;

/// (namespace, name, attributes), sorted by both and by attribute.
#[rustfmt::skip]
pub static ELEMENTS: &[(u8, &str, &[(&str, Kind)])] = &[
    (0, "a", &[("download", Kind::Text), ("href", Kind::Url(UrlClass::Navigate)), ("hreflang", Kind::Text), ("referrerpolicy", Kind::OneOf(&["", "no-referrer", "origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin"])), ("rel", Kind::Tokens(&["alternate", "author", "bookmark", "external", "help", "license", "next", "nofollow", "noopener", "noreferrer", "prev", "search", "tag"])), ("target", Kind::OneOf(&["_self", "_blank"])), ("type", Kind::Text)]),
    (0, "abbr", &[]),
    (0, "address", &[]),
    (0, "area", &[("alt", Kind::Text), ("coords", Kind::Text), ("download", Kind::Text), ("href", Kind::Url(UrlClass::Navigate)), ("referrerpolicy", Kind::OneOf(&["", "no-referrer", "origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin"])), ("rel", Kind::Tokens(&["alternate", "author", "bookmark", "external", "help", "license", "next", "nofollow", "noopener", "noreferrer", "prev", "search", "tag"])), ("shape", Kind::Text), ("target", Kind::OneOf(&["_self", "_blank"]))]),
    (0, "article", &[]),
    (0, "aside", &[]),
    (0, "audio", &[("autoplay", Kind::Text), ("controls", Kind::Text), ("controlslist", Kind::Text), ("crossorigin", Kind::OneOf(&["", "anonymous"])), ("loop", Kind::Text), ("muted", Kind::Text), ("preload", Kind::OneOf(&["", "none", "metadata", "auto"])), ("src", Kind::Url(UrlClass::Media))]),
    (0, "b", &[]),
    (0, "bdi", &[]),
    (0, "bdo", &[]),
    (0, "big", &[]),
    (0, "blockquote", &[("cite", Kind::Url(UrlClass::Navigate))]),
    (0, "br", &[]),
    (0, "button", &[("disabled", Kind::Text), ("form", Kind::Text), ("formnovalidate", Kind::Text), ("name", Kind::Text), ("type", Kind::OneOf(&["button", "reset", "submit"])), ("value", Kind::Text)]),
    (0, "caption", &[]),
    (0, "center", &[]),
    (0, "cite", &[]),
    (0, "code", &[]),
    (0, "col", &[("span", Kind::Text), ("width", Kind::Text)]),
    (0, "colgroup", &[("span", Kind::Text), ("width", Kind::Text)]),
    (0, "data", &[("value", Kind::Text)]),
    (0, "datalist", &[]),
    (0, "dd", &[]),
    (0, "del", &[("cite", Kind::Url(UrlClass::Navigate)), ("datetime", Kind::Text)]),
    (0, "details", &[("name", Kind::Text), ("open", Kind::Text)]),
    (0, "dfn", &[]),
    (0, "dialog", &[("closedby", Kind::OneOf(&["any", "closerequest", "none"])), ("open", Kind::Text)]),
    (0, "div", &[]),
    (0, "dl", &[]),
    (0, "dt", &[]),
    (0, "em", &[]),
    (0, "fieldset", &[("disabled", Kind::Text), ("form", Kind::Text), ("name", Kind::Text)]),
    (0, "figcaption", &[]),
    (0, "figure", &[]),
    (0, "footer", &[]),
    (0, "form", &[("accept-charset", Kind::Text), ("action", Kind::Url(UrlClass::Form)), ("autocomplete", Kind::Text), ("enctype", Kind::OneOf(&["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])), ("method", Kind::OneOf(&["get", "post", "dialog"])), ("name", Kind::Text), ("novalidate", Kind::Text), ("rel", Kind::Tokens(&["alternate", "author", "bookmark", "external", "help", "license", "next", "nofollow", "noopener", "noreferrer", "prev", "search", "tag"])), ("target", Kind::OneOf(&["_self"]))]),
    (0, "h1", &[]),
    (0, "h2", &[]),
    (0, "h3", &[]),
    (0, "h4", &[]),
    (0, "h5", &[]),
    (0, "h6", &[]),
    (0, "header", &[]),
    (0, "hgroup", &[]),
    (0, "hr", &[]),
    (0, "i", &[]),
    (0, "img", &[("alt", Kind::Text), ("crossorigin", Kind::OneOf(&["", "anonymous"])), ("decoding", Kind::OneOf(&["sync", "async", "auto"])), ("fetchpriority", Kind::OneOf(&["high", "low", "auto"])), ("height", Kind::Text), ("loading", Kind::OneOf(&["lazy", "eager"])), ("referrerpolicy", Kind::OneOf(&["", "no-referrer", "origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin"])), ("sizes", Kind::Text), ("src", Kind::Url(UrlClass::Image)), ("srcset", Kind::SourceSet(UrlClass::Image)), ("usemap", Kind::Fragment), ("width", Kind::Text)]),
    (0, "input", &[("autocomplete", Kind::Text), ("checked", Kind::Text), ("dirname", Kind::Text), ("disabled", Kind::Text), ("form", Kind::Text), ("formnovalidate", Kind::Text), ("list", Kind::Text), ("max", Kind::Text), ("maxlength", Kind::Text), ("min", Kind::Text), ("minlength", Kind::Text), ("multiple", Kind::Text), ("name", Kind::Text), ("pattern", Kind::Text), ("placeholder", Kind::Text), ("readonly", Kind::Text), ("required", Kind::Text), ("size", Kind::Text), ("step", Kind::Text), ("type", Kind::OneOf(&["button", "checkbox", "color", "date", "datetime-local", "email", "hidden", "month", "number", "password", "radio", "range", "reset", "search", "submit", "tel", "text", "time", "url", "week"])), ("value", Kind::Text)]),
    (0, "ins", &[("cite", Kind::Url(UrlClass::Navigate)), ("datetime", Kind::Text)]),
    (0, "kbd", &[]),
    (0, "label", &[("for", Kind::Text)]),
    (0, "legend", &[]),
    (0, "li", &[("type", Kind::Text), ("value", Kind::Text)]),
    (0, "main", &[]),
    (0, "map", &[("name", Kind::Text)]),
    (0, "mark", &[]),
    (0, "menu", &[]),
    (0, "meter", &[("high", Kind::Text), ("low", Kind::Text), ("max", Kind::Text), ("min", Kind::Text), ("optimum", Kind::Text), ("value", Kind::Text)]),
    (0, "nav", &[]),
    (0, "ol", &[("reversed", Kind::Text), ("start", Kind::Text), ("type", Kind::Text)]),
    (0, "optgroup", &[("disabled", Kind::Text), ("label", Kind::Text)]),
    (0, "option", &[("disabled", Kind::Text), ("label", Kind::Text), ("selected", Kind::Text), ("value", Kind::Text)]),
    (0, "output", &[("for", Kind::Text), ("form", Kind::Text), ("name", Kind::Text)]),
    (0, "p", &[]),
    (0, "pc-overlay", &[("popover", Kind::OneOf(&["manual"]))]),
    (0, "pc-slot", &[("name", Kind::Text)]),
    (0, "pc-stripped", &[]),
    (0, "picture", &[]),
    (0, "pre", &[]),
    (0, "progress", &[("max", Kind::Text), ("value", Kind::Text)]),
    (0, "q", &[("cite", Kind::Url(UrlClass::Navigate))]),
    (0, "rp", &[]),
    (0, "rt", &[]),
    (0, "ruby", &[]),
    (0, "s", &[]),
    (0, "samp", &[]),
    (0, "search", &[]),
    (0, "section", &[]),
    (0, "select", &[("autocomplete", Kind::Text), ("disabled", Kind::Text), ("form", Kind::Text), ("multiple", Kind::Text), ("name", Kind::Text), ("required", Kind::Text), ("size", Kind::Text)]),
    (0, "small", &[]),
    (0, "source", &[("height", Kind::Text), ("media", Kind::Text), ("sizes", Kind::Text), ("src", Kind::Url(UrlClass::Media)), ("srcset", Kind::SourceSet(UrlClass::Image)), ("type", Kind::Text), ("width", Kind::Text)]),
    (0, "span", &[]),
    (0, "strike", &[]),
    (0, "strong", &[]),
    (0, "sub", &[]),
    (0, "summary", &[]),
    (0, "sup", &[]),
    (0, "table", &[("border", Kind::Text), ("cellpadding", Kind::Text), ("cellspacing", Kind::Text), ("summary", Kind::Text), ("width", Kind::Text)]),
    (0, "tbody", &[]),
    (0, "td", &[("abbr", Kind::Text), ("align", Kind::Text), ("colspan", Kind::Text), ("headers", Kind::Text), ("height", Kind::Text), ("rowspan", Kind::Text), ("valign", Kind::Text), ("width", Kind::Text)]),
    (0, "textarea", &[("autocomplete", Kind::Text), ("cols", Kind::Text), ("dirname", Kind::Text), ("disabled", Kind::Text), ("form", Kind::Text), ("maxlength", Kind::Text), ("minlength", Kind::Text), ("name", Kind::Text), ("placeholder", Kind::Text), ("readonly", Kind::Text), ("required", Kind::Text), ("rows", Kind::Text), ("wrap", Kind::OneOf(&["hard", "soft", "off"]))]),
    (0, "tfoot", &[]),
    (0, "th", &[("abbr", Kind::Text), ("align", Kind::Text), ("colspan", Kind::Text), ("headers", Kind::Text), ("height", Kind::Text), ("rowspan", Kind::Text), ("scope", Kind::OneOf(&["row", "col", "rowgroup", "colgroup"])), ("valign", Kind::Text), ("width", Kind::Text)]),
    (0, "thead", &[]),
    (0, "time", &[("datetime", Kind::Text)]),
    (0, "tr", &[("align", Kind::Text), ("valign", Kind::Text)]),
    (0, "track", &[("default", Kind::Text), ("kind", Kind::OneOf(&["subtitles", "captions", "descriptions", "chapters", "metadata"])), ("label", Kind::Text), ("src", Kind::Url(UrlClass::Media)), ("srclang", Kind::Text)]),
    (0, "tt", &[]),
    (0, "u", &[]),
    (0, "ul", &[("type", Kind::Text)]),
    (0, "var", &[]),
    (0, "video", &[("autoplay", Kind::Text), ("controls", Kind::Text), ("controlslist", Kind::Text), ("crossorigin", Kind::OneOf(&["", "anonymous"])), ("disablepictureinpicture", Kind::Text), ("height", Kind::Text), ("loop", Kind::Text), ("muted", Kind::Text), ("playsinline", Kind::Text), ("poster", Kind::Url(UrlClass::Image)), ("preload", Kind::OneOf(&["", "none", "metadata", "auto"])), ("src", Kind::Url(UrlClass::Media)), ("width", Kind::Text)]),
    (0, "wbr", &[]),
    (1, "a", &[("href", Kind::Url(UrlClass::Navigate)), ("hreflang", Kind::Text), ("rel", Kind::Tokens(&["alternate", "author", "bookmark", "external", "help", "license", "next", "nofollow", "noopener", "noreferrer", "prev", "search", "tag"])), ("target", Kind::OneOf(&["_self", "_blank"])), ("type", Kind::Text), ("xlink:href", Kind::Url(UrlClass::Navigate))]),
    (1, "circle", &[("cx", Kind::Text), ("cy", Kind::Text), ("pathLength", Kind::Text), ("r", Kind::Text)]),
    (1, "clipPath", &[("clipPathUnits", Kind::Text)]),
    (1, "defs", &[]),
    (1, "desc", &[]),
    (1, "ellipse", &[("cx", Kind::Text), ("cy", Kind::Text), ("pathLength", Kind::Text), ("rx", Kind::Text), ("ry", Kind::Text)]),
    (1, "feBlend", &[("height", Kind::Text), ("in", Kind::Text), ("in2", Kind::Text), ("mode", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feColorMatrix", &[("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("type", Kind::Text), ("values", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feComponentTransfer", &[("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feComposite", &[("height", Kind::Text), ("in", Kind::Text), ("in2", Kind::Text), ("k1", Kind::Text), ("k2", Kind::Text), ("k3", Kind::Text), ("k4", Kind::Text), ("operator", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feConvolveMatrix", &[("bias", Kind::Text), ("divisor", Kind::Text), ("edgeMode", Kind::Text), ("height", Kind::Text), ("in", Kind::Text), ("kernelMatrix", Kind::Text), ("order", Kind::Text), ("preserveAlpha", Kind::Text), ("result", Kind::Text), ("targetX", Kind::Text), ("targetY", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feDiffuseLighting", &[("diffuseConstant", Kind::Text), ("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("surfaceScale", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feDisplacementMap", &[("height", Kind::Text), ("in", Kind::Text), ("in2", Kind::Text), ("result", Kind::Text), ("scale", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("xChannelSelector", Kind::Text), ("y", Kind::Text), ("yChannelSelector", Kind::Text)]),
    (1, "feDistantLight", &[("azimuth", Kind::Text), ("elevation", Kind::Text)]),
    (1, "feDropShadow", &[("dx", Kind::Text), ("dy", Kind::Text), ("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("stdDeviation", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feFlood", &[("height", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feFuncA", &[("amplitude", Kind::Text), ("exponent", Kind::Text), ("intercept", Kind::Text), ("offset", Kind::Text), ("slope", Kind::Text), ("tableValues", Kind::Text), ("type", Kind::Text)]),
    (1, "feFuncB", &[("amplitude", Kind::Text), ("exponent", Kind::Text), ("intercept", Kind::Text), ("offset", Kind::Text), ("slope", Kind::Text), ("tableValues", Kind::Text), ("type", Kind::Text)]),
    (1, "feFuncG", &[("amplitude", Kind::Text), ("exponent", Kind::Text), ("intercept", Kind::Text), ("offset", Kind::Text), ("slope", Kind::Text), ("tableValues", Kind::Text), ("type", Kind::Text)]),
    (1, "feFuncR", &[("amplitude", Kind::Text), ("exponent", Kind::Text), ("intercept", Kind::Text), ("offset", Kind::Text), ("slope", Kind::Text), ("tableValues", Kind::Text), ("type", Kind::Text)]),
    (1, "feGaussianBlur", &[("edgeMode", Kind::Text), ("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("stdDeviation", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feMerge", &[("height", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feMergeNode", &[("in", Kind::Text)]),
    (1, "feMorphology", &[("height", Kind::Text), ("in", Kind::Text), ("operator", Kind::Text), ("radius", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feOffset", &[("dx", Kind::Text), ("dy", Kind::Text), ("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "fePointLight", &[("x", Kind::Text), ("y", Kind::Text), ("z", Kind::Text)]),
    (1, "feSpecularLighting", &[("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("specularConstant", Kind::Text), ("specularExponent", Kind::Text), ("surfaceScale", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feSpotLight", &[("limitingConeAngle", Kind::Text), ("pointsAtX", Kind::Text), ("pointsAtY", Kind::Text), ("pointsAtZ", Kind::Text), ("specularExponent", Kind::Text), ("x", Kind::Text), ("y", Kind::Text), ("z", Kind::Text)]),
    (1, "feTile", &[("height", Kind::Text), ("in", Kind::Text), ("result", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "feTurbulence", &[("baseFrequency", Kind::Text), ("height", Kind::Text), ("numOctaves", Kind::Text), ("result", Kind::Text), ("seed", Kind::Text), ("stitchTiles", Kind::Text), ("type", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "filter", &[("filterUnits", Kind::Text), ("height", Kind::Text), ("primitiveUnits", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "foreignObject", &[("height", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "g", &[]),
    (1, "image", &[("crossorigin", Kind::OneOf(&["", "anonymous"])), ("height", Kind::Text), ("href", Kind::Url(UrlClass::Image)), ("preserveAspectRatio", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("xlink:href", Kind::Url(UrlClass::Image)), ("y", Kind::Text)]),
    (1, "line", &[("pathLength", Kind::Text), ("x1", Kind::Text), ("x2", Kind::Text), ("y1", Kind::Text), ("y2", Kind::Text)]),
    (1, "linearGradient", &[("gradientTransform", Kind::Text), ("gradientUnits", Kind::Text), ("href", Kind::Fragment), ("spreadMethod", Kind::Text), ("x1", Kind::Text), ("x2", Kind::Text), ("xlink:href", Kind::Fragment), ("y1", Kind::Text), ("y2", Kind::Text)]),
    (1, "marker", &[("markerHeight", Kind::Text), ("markerUnits", Kind::Text), ("markerWidth", Kind::Text), ("orient", Kind::Text), ("preserveAspectRatio", Kind::Text), ("refX", Kind::Text), ("refY", Kind::Text), ("viewBox", Kind::Text)]),
    (1, "mask", &[("height", Kind::Text), ("maskContentUnits", Kind::Text), ("maskUnits", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "metadata", &[]),
    (1, "path", &[("d", Kind::Text), ("pathLength", Kind::Text)]),
    (1, "pattern", &[("height", Kind::Text), ("href", Kind::Fragment), ("patternContentUnits", Kind::Text), ("patternTransform", Kind::Text), ("patternUnits", Kind::Text), ("preserveAspectRatio", Kind::Text), ("viewBox", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("xlink:href", Kind::Fragment), ("y", Kind::Text)]),
    (1, "polygon", &[("pathLength", Kind::Text), ("points", Kind::Text)]),
    (1, "polyline", &[("pathLength", Kind::Text), ("points", Kind::Text)]),
    (1, "radialGradient", &[("cx", Kind::Text), ("cy", Kind::Text), ("fr", Kind::Text), ("fx", Kind::Text), ("fy", Kind::Text), ("gradientTransform", Kind::Text), ("gradientUnits", Kind::Text), ("href", Kind::Fragment), ("r", Kind::Text), ("spreadMethod", Kind::Text), ("xlink:href", Kind::Fragment)]),
    (1, "rect", &[("height", Kind::Text), ("pathLength", Kind::Text), ("rx", Kind::Text), ("ry", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "stop", &[("offset", Kind::Text)]),
    (1, "svg", &[("height", Kind::Text), ("preserveAspectRatio", Kind::Text), ("version", Kind::Text), ("viewBox", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("xmlns", Kind::OneOf(&["http://www.w3.org/2000/svg"])), ("xmlns:xlink", Kind::OneOf(&["http://www.w3.org/1999/xlink"])), ("y", Kind::Text)]),
    (1, "switch", &[]),
    (1, "symbol", &[("height", Kind::Text), ("preserveAspectRatio", Kind::Text), ("refX", Kind::Text), ("refY", Kind::Text), ("viewBox", Kind::Text), ("width", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "text", &[("dx", Kind::Text), ("dy", Kind::Text), ("lengthAdjust", Kind::Text), ("rotate", Kind::Text), ("textLength", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "textPath", &[("href", Kind::Fragment), ("lengthAdjust", Kind::Text), ("method", Kind::Text), ("path", Kind::Text), ("side", Kind::Text), ("spacing", Kind::Text), ("startOffset", Kind::Text), ("textLength", Kind::Text), ("xlink:href", Kind::Fragment)]),
    (1, "title", &[]),
    (1, "tspan", &[("dx", Kind::Text), ("dy", Kind::Text), ("lengthAdjust", Kind::Text), ("rotate", Kind::Text), ("textLength", Kind::Text), ("x", Kind::Text), ("y", Kind::Text)]),
    (1, "use", &[("height", Kind::Text), ("href", Kind::Fragment), ("width", Kind::Text), ("x", Kind::Text), ("xlink:href", Kind::Fragment), ("y", Kind::Text)]),
    (2, "math", &[("alttext", Kind::Text), ("display", Kind::OneOf(&["block", "inline"])), ("xmlns", Kind::OneOf(&["http://www.w3.org/1998/math/mathml"]))]),
    (2, "merror", &[]),
    (2, "mfrac", &[("linethickness", Kind::Text)]),
    (2, "mi", &[]),
    (2, "mmultiscripts", &[]),
    (2, "mn", &[]),
    (2, "mo", &[("fence", Kind::Text), ("form", Kind::Text), ("largeop", Kind::Text), ("lspace", Kind::Text), ("maxsize", Kind::Text), ("minsize", Kind::Text), ("movablelimits", Kind::Text), ("rspace", Kind::Text), ("separator", Kind::Text), ("stretchy", Kind::Text), ("symmetric", Kind::Text)]),
    (2, "mover", &[("accent", Kind::Text)]),
    (2, "mpadded", &[("depth", Kind::Text), ("height", Kind::Text), ("lspace", Kind::Text), ("voffset", Kind::Text), ("width", Kind::Text)]),
    (2, "mphantom", &[]),
    (2, "mprescripts", &[]),
    (2, "mroot", &[]),
    (2, "mrow", &[]),
    (2, "ms", &[]),
    (2, "mspace", &[("depth", Kind::Text), ("height", Kind::Text), ("width", Kind::Text)]),
    (2, "msqrt", &[]),
    (2, "mstyle", &[]),
    (2, "msub", &[]),
    (2, "msubsup", &[]),
    (2, "msup", &[]),
    (2, "mtable", &[("columnalign", Kind::Text), ("columnspacing", Kind::Text), ("rowspacing", Kind::Text)]),
    (2, "mtd", &[("columnspan", Kind::Text), ("rowspan", Kind::Text)]),
    (2, "mtext", &[]),
    (2, "mtr", &[]),
    (2, "munder", &[("accentunder", Kind::Text)]),
    (2, "munderover", &[("accent", Kind::Text), ("accentunder", Kind::Text)]),
    (2, "semantics", &[]),
];

/// Attributes of every element, by namespace, sorted.
#[rustfmt::skip]
pub static GLOBAL: [&[(&str, Kind)]; 3] = [
    &[("autocapitalize", Kind::Text), ("autocorrect", Kind::OneOf(&["", "on", "off"])), ("class", Kind::Text), ("dir", Kind::OneOf(&["", "ltr", "rtl", "auto"])), ("draggable", Kind::OneOf(&["true", "false", "auto"])), ("enterkeyhint", Kind::Text), ("exportparts", Kind::Text), ("hidden", Kind::Text), ("id", Kind::Text), ("inert", Kind::Text), ("inputmode", Kind::Text), ("itemid", Kind::Text), ("itemprop", Kind::Text), ("itemref", Kind::Text), ("itemscope", Kind::Text), ("itemtype", Kind::Text), ("lang", Kind::Text), ("part", Kind::Text), ("role", Kind::Text), ("spellcheck", Kind::OneOf(&["", "true", "false"])), ("style", Kind::Style), ("tabindex", Kind::Text), ("title", Kind::Text), ("translate", Kind::OneOf(&["", "yes", "no"]))],
    &[("alignment-baseline", Kind::Css), ("baseline-shift", Kind::Css), ("class", Kind::Text), ("clip-path", Kind::Css), ("clip-rule", Kind::Css), ("color", Kind::Css), ("color-interpolation", Kind::Css), ("color-interpolation-filters", Kind::Css), ("cursor", Kind::Css), ("dir", Kind::OneOf(&["", "ltr", "rtl", "auto"])), ("direction", Kind::Css), ("display", Kind::Css), ("dominant-baseline", Kind::Css), ("exportparts", Kind::Text), ("fill", Kind::Css), ("fill-opacity", Kind::Css), ("fill-rule", Kind::Css), ("filter", Kind::Css), ("flood-color", Kind::Css), ("flood-opacity", Kind::Css), ("focusable", Kind::Text), ("font-family", Kind::Css), ("font-size", Kind::Css), ("font-size-adjust", Kind::Css), ("font-stretch", Kind::Css), ("font-style", Kind::Css), ("font-variant", Kind::Css), ("font-weight", Kind::Css), ("id", Kind::Text), ("image-rendering", Kind::Css), ("lang", Kind::Text), ("letter-spacing", Kind::Css), ("lighting-color", Kind::Css), ("marker-end", Kind::Css), ("marker-mid", Kind::Css), ("marker-start", Kind::Css), ("mask", Kind::Css), ("mask-type", Kind::Css), ("opacity", Kind::Css), ("overflow", Kind::Css), ("paint-order", Kind::Css), ("part", Kind::Text), ("pointer-events", Kind::Css), ("requiredExtensions", Kind::Text), ("role", Kind::Text), ("shape-rendering", Kind::Css), ("stop-color", Kind::Css), ("stop-opacity", Kind::Css), ("stroke", Kind::Css), ("stroke-dasharray", Kind::Css), ("stroke-dashoffset", Kind::Css), ("stroke-linecap", Kind::Css), ("stroke-linejoin", Kind::Css), ("stroke-miterlimit", Kind::Css), ("stroke-opacity", Kind::Css), ("stroke-width", Kind::Css), ("style", Kind::Style), ("systemLanguage", Kind::Text), ("tabindex", Kind::Text), ("text-anchor", Kind::Css), ("text-decoration", Kind::Css), ("text-overflow", Kind::Css), ("text-rendering", Kind::Css), ("transform", Kind::Css), ("transform-origin", Kind::Css), ("unicode-bidi", Kind::Css), ("vector-effect", Kind::Css), ("visibility", Kind::Css), ("white-space", Kind::Css), ("word-spacing", Kind::Css), ("writing-mode", Kind::Css), ("xml:lang", Kind::Text), ("xml:space", Kind::OneOf(&["default", "preserve"]))],
    &[("class", Kind::Text), ("dir", Kind::OneOf(&["", "ltr", "rtl", "auto"])), ("displaystyle", Kind::Text), ("exportparts", Kind::Text), ("id", Kind::Text), ("lang", Kind::Text), ("mathbackground", Kind::Text), ("mathcolor", Kind::Text), ("mathsize", Kind::Text), ("mathvariant", Kind::Text), ("part", Kind::Text), ("role", Kind::Text), ("scriptlevel", Kind::Text), ("style", Kind::Style), ("tabindex", Kind::Text)],
];

/// Beginnings of allowed attribute names, by namespace; all of kind text.
#[rustfmt::skip]
pub static PREFIXES: [&[&str]; 3] = [
    &["aria-", "data-"],
    &["aria-", "data-"],
    &["aria-", "data-"],
];

/// By `UrlClass as usize`, sorted, in lower case.
#[rustfmt::skip]
pub static URL_SCHEMES: [&[&str]; 4] = [
    &["http", "https", "mailto", "sms", "tel"],
    &["data", "http", "https"],
    &["http", "https"],
    &[],
];

/// Image types of `data:` URLs, sorted.
#[rustfmt::skip]
pub static DATA_IMAGES: &[&str] = &[
    "avif", "gif", "jpeg", "png", "webp",
];

/// CSS properties of a `style` value, sorted.
#[rustfmt::skip]
pub static STYLE_PROPERTIES: &[&str] = &[
    "-moz-osx-font-smoothing", "-webkit-appearance", "-webkit-backdrop-filter", "-webkit-background-clip", "-webkit-box-orient", "-webkit-clip-path", "-webkit-font-smoothing", "-webkit-line-clamp",
    "-webkit-mask", "-webkit-mask-image", "-webkit-mask-position", "-webkit-mask-repeat", "-webkit-mask-size", "-webkit-print-color-adjust", "-webkit-tap-highlight-color", "-webkit-text-fill-color",
    "-webkit-text-size-adjust", "-webkit-text-stroke", "-webkit-text-stroke-color", "-webkit-text-stroke-width", "-webkit-user-select", "accent-color", "align-content", "align-items",
    "align-self", "alignment-baseline", "all", "anchor-name", "anchor-scope", "animation", "animation-composition", "animation-delay",
    "animation-direction", "animation-duration", "animation-fill-mode", "animation-iteration-count", "animation-name", "animation-play-state", "animation-range", "animation-range-end",
    "animation-range-start", "animation-timeline", "animation-timing-function", "appearance", "aspect-ratio", "backdrop-filter", "backface-visibility", "background",
    "background-attachment", "background-blend-mode", "background-clip", "background-color", "background-image", "background-origin", "background-position", "background-position-x",
    "background-position-y", "background-repeat", "background-size", "baseline-shift", "baseline-source", "block-size", "border", "border-block",
    "border-block-color", "border-block-end", "border-block-end-color", "border-block-end-style", "border-block-end-width", "border-block-start", "border-block-start-color", "border-block-start-style",
    "border-block-start-width", "border-block-style", "border-block-width", "border-bottom", "border-bottom-color", "border-bottom-left-radius", "border-bottom-right-radius", "border-bottom-style",
    "border-bottom-width", "border-collapse", "border-color", "border-end-end-radius", "border-end-start-radius", "border-image", "border-image-outset", "border-image-repeat",
    "border-image-slice", "border-image-source", "border-image-width", "border-inline", "border-inline-color", "border-inline-end", "border-inline-end-color", "border-inline-end-style",
    "border-inline-end-width", "border-inline-start", "border-inline-start-color", "border-inline-start-style", "border-inline-start-width", "border-inline-style", "border-inline-width", "border-left",
    "border-left-color", "border-left-style", "border-left-width", "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width",
    "border-spacing", "border-start-end-radius", "border-start-start-radius", "border-style", "border-top", "border-top-color", "border-top-left-radius", "border-top-right-radius",
    "border-top-style", "border-top-width", "border-width", "bottom", "box-decoration-break", "box-shadow", "box-sizing", "break-after",
    "break-before", "break-inside", "caption-side", "caret-color", "clear", "clip", "clip-path", "clip-rule",
    "color", "color-interpolation", "color-interpolation-filters", "color-scheme", "column-count", "column-fill", "column-gap", "column-rule",
    "column-rule-color", "column-rule-style", "column-rule-width", "column-span", "column-width", "columns", "contain", "contain-intrinsic-block-size",
    "contain-intrinsic-height", "contain-intrinsic-inline-size", "contain-intrinsic-size", "contain-intrinsic-width", "container", "container-name", "container-type", "content",
    "content-visibility", "counter-increment", "counter-reset", "counter-set", "cursor", "cx", "cy", "d",
    "direction", "display", "dominant-baseline", "dynamic-range-limit", "empty-cells", "field-sizing", "fill", "fill-opacity",
    "fill-rule", "filter", "flex", "flex-basis", "flex-direction", "flex-flow", "flex-grow", "flex-shrink",
    "flex-wrap", "float", "flood-color", "flood-opacity", "font", "font-family", "font-feature-settings", "font-kerning",
    "font-language-override", "font-optical-sizing", "font-palette", "font-size", "font-size-adjust", "font-stretch", "font-style", "font-synthesis",
    "font-synthesis-small-caps", "font-synthesis-style", "font-synthesis-weight", "font-variant", "font-variant-alternates", "font-variant-caps", "font-variant-east-asian", "font-variant-emoji",
    "font-variant-ligatures", "font-variant-numeric", "font-variant-position", "font-variation-settings", "font-weight", "forced-color-adjust", "gap", "grid",
    "grid-area", "grid-auto-columns", "grid-auto-flow", "grid-auto-rows", "grid-column", "grid-column-end", "grid-column-gap", "grid-column-start",
    "grid-gap", "grid-row", "grid-row-end", "grid-row-gap", "grid-row-start", "grid-template", "grid-template-areas", "grid-template-columns",
    "grid-template-rows", "height", "hyphenate-character", "hyphenate-limit-chars", "hyphens", "image-orientation", "image-rendering", "initial-letter",
    "inline-size", "inset", "inset-block", "inset-block-end", "inset-block-start", "inset-inline", "inset-inline-end", "inset-inline-start",
    "interpolate-size", "isolation", "justify-content", "justify-items", "justify-self", "left", "letter-spacing", "lighting-color",
    "line-break", "line-clamp", "line-height", "list-style", "list-style-image", "list-style-position", "list-style-type", "margin",
    "margin-block", "margin-block-end", "margin-block-start", "margin-bottom", "margin-inline", "margin-inline-end", "margin-inline-start", "margin-left",
    "margin-right", "margin-top", "marker", "marker-end", "marker-mid", "marker-start", "mask", "mask-clip",
    "mask-composite", "mask-image", "mask-mode", "mask-origin", "mask-position", "mask-repeat", "mask-size", "mask-type",
    "math-depth", "math-shift", "math-style", "max-block-size", "max-height", "max-inline-size", "max-width", "min-block-size",
    "min-height", "min-inline-size", "min-width", "mix-blend-mode", "object-fit", "object-position", "object-view-box", "offset",
    "offset-anchor", "offset-distance", "offset-path", "offset-position", "offset-rotate", "opacity", "order", "orphans",
    "outline", "outline-color", "outline-offset", "outline-style", "outline-width", "overflow", "overflow-anchor", "overflow-block",
    "overflow-clip-margin", "overflow-inline", "overflow-wrap", "overflow-x", "overflow-y", "overscroll-behavior", "overscroll-behavior-block", "overscroll-behavior-inline",
    "overscroll-behavior-x", "overscroll-behavior-y", "padding", "padding-block", "padding-block-end", "padding-block-start", "padding-bottom", "padding-inline",
    "padding-inline-end", "padding-inline-start", "padding-left", "padding-right", "padding-top", "page", "page-break-after", "page-break-before",
    "page-break-inside", "paint-order", "perspective", "perspective-origin", "place-content", "place-items", "place-self", "pointer-events",
    "position", "position-anchor", "position-area", "position-try", "position-try-fallbacks", "position-try-order", "position-visibility", "print-color-adjust",
    "quotes", "r", "resize", "right", "rotate", "row-gap", "ruby-align", "ruby-position",
    "rx", "ry", "scale", "scroll-behavior", "scroll-margin", "scroll-margin-block", "scroll-margin-block-end", "scroll-margin-block-start",
    "scroll-margin-bottom", "scroll-margin-inline", "scroll-margin-inline-end", "scroll-margin-inline-start", "scroll-margin-left", "scroll-margin-right", "scroll-margin-top", "scroll-padding",
    "scroll-padding-block", "scroll-padding-block-end", "scroll-padding-block-start", "scroll-padding-bottom", "scroll-padding-inline", "scroll-padding-inline-end", "scroll-padding-inline-start", "scroll-padding-left",
    "scroll-padding-right", "scroll-padding-top", "scroll-snap-align", "scroll-snap-stop", "scroll-snap-type", "scroll-timeline", "scroll-timeline-axis", "scroll-timeline-name",
    "scrollbar-color", "scrollbar-gutter", "scrollbar-width", "shape-image-threshold", "shape-margin", "shape-outside", "shape-rendering", "stop-color",
    "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
    "stroke-width", "tab-size", "table-layout", "text-align", "text-align-last", "text-anchor", "text-autospace", "text-box",
    "text-box-edge", "text-box-trim", "text-combine-upright", "text-decoration", "text-decoration-color", "text-decoration-line", "text-decoration-skip-ink", "text-decoration-style",
    "text-decoration-thickness", "text-emphasis", "text-emphasis-color", "text-emphasis-position", "text-emphasis-style", "text-indent", "text-justify", "text-orientation",
    "text-overflow", "text-rendering", "text-shadow", "text-size-adjust", "text-spacing-trim", "text-transform", "text-underline-offset", "text-underline-position",
    "text-wrap", "text-wrap-mode", "text-wrap-style", "timeline-scope", "top", "touch-action", "transform", "transform-box",
    "transform-origin", "transform-style", "transition", "transition-behavior", "transition-delay", "transition-duration", "transition-property", "transition-timing-function",
    "translate", "unicode-bidi", "user-select", "vector-effect", "vertical-align", "view-timeline", "view-timeline-axis", "view-timeline-inset",
    "view-timeline-name", "visibility", "white-space", "white-space-collapse", "widows", "width", "will-change", "word-break",
    "word-spacing", "word-wrap", "writing-mode", "x", "y", "z-index", "zoom",
];

/// CSS properties that have only these values.
#[rustfmt::skip]
pub static STYLE_VALUES: &[(&str, &[&str])] = &[
    ("position", &["absolute", "relative", "static", "sticky"]),
];

/// Strings that no css value holds, in lower case.
#[rustfmt::skip]
pub static STYLE_REFUSED: &[&str] = &[
    "\\", "@", "<", "{", "}", "/*", "image-set(", "src(",
    "image(", "cross-fade(", "element(", "expression(", "javascript:",
];

/// Event types that a module may listen to, sorted.
#[rustfmt::skip]
pub static EVENTS: &[&str] = &[
    "abort", "animationcancel", "animationend", "animationiteration", "animationstart", "auxclick", "beforeinput", "beforetoggle",
    "blur", "cancel", "canplay", "canplaythrough", "change", "click", "close", "compositionend",
    "compositionstart", "compositionupdate", "contextmenu", "copy", "cut", "dblclick", "drag", "dragend",
    "dragenter", "dragleave", "dragover", "dragstart", "drop", "durationchange", "emptied", "ended",
    "error", "focus", "focusin", "focusout", "gotpointercapture", "input", "invalid", "keydown",
    "keypress", "keyup", "load", "loadeddata", "loadedmetadata", "loadstart", "lostpointercapture", "mousedown",
    "mouseenter", "mouseleave", "mousemove", "mouseout", "mouseover", "mouseup", "paste", "pause",
    "play", "playing", "pointercancel", "pointerdown", "pointerenter", "pointerleave", "pointermove", "pointerout",
    "pointerover", "pointerup", "progress", "ratechange", "reset", "resize", "scroll", "scrollend",
    "seeked", "seeking", "select", "selectionchange", "selectstart", "stalled", "submit", "suspend",
    "timeupdate", "toggle", "touchcancel", "touchend", "touchmove", "touchstart", "transitioncancel", "transitionend",
    "transitionrun", "transitionstart", "volumechange", "waiting", "wheel",
];

/// Names of the commands 1, 2, … of `CALL`.
#[rustfmt::skip]
pub static COMMANDS: &[&str] = &[
    "focus", "blur", "select", "scrollIntoView", "showModal", "close", "showPopover",
];
