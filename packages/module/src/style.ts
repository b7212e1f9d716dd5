/** Style objects, as frameworks have them, to the text of a `style` attribute. */

export type StyleValue = string | number | null | undefined | boolean;

/**
 * `{ marginTop: 4, color: 'red' }` → `margin-top: 4px; color: red`. Numbers get
 * `px`, but for 0, custom properties and properties without a unit.
 */
export function styleText(style: Record<string, StyleValue>): string {
  let text = '';
  for (const name in style) {
    const value = style[name];
    if (value === null || value === undefined || typeof value === 'boolean' || value === '') continue;
    const custom = name.startsWith('--');
    const written = typeof value === 'number' && value !== 0 && !custom && !unitless.has(name) ? `${value}px` : String(value).trim();
    text += `${text === '' ? '' : '; '}${custom ? name : hyphenated(name)}: ${written}`;
  }
  return text;
}

/** Properties whose numbers have no unit: those of React, with the names of the CSS object model. */
const unitless = new Set(
  (
    'animationIterationCount aspectRatio borderImageOutset borderImageSlice borderImageWidth boxFlex boxFlexGroup boxOrdinalGroup ' +
    'columnCount columns flex flexGrow flexPositive flexShrink flexNegative flexOrder gridArea gridRow gridRowEnd gridRowSpan ' +
    'gridRowStart gridColumn gridColumnEnd gridColumnSpan gridColumnStart fontWeight lineClamp lineHeight opacity order orphans ' +
    'scale tabSize widows zIndex zoom fillOpacity floodOpacity stopOpacity strokeDasharray strokeDashoffset strokeMiterlimit ' +
    'strokeOpacity strokeWidth WebkitLineClamp'
  ).split(' '),
);

const hyphenatedNames = new Map<string, string>();

function hyphenated(name: string): string {
  let known = hyphenatedNames.get(name);
  if (known === undefined) {
    known = name === 'cssFloat' ? 'float' : name.replace(/[A-Z]/g, '-$&').toLowerCase().replace(/^ms-/, '-ms-');
    hyphenatedNames.set(name, known);
  }
  return known;
}
