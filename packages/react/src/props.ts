/** Props of React DOM to attributes, live properties and listeners. */

import { booleanAttributes, Namespace, styleText, type StyleValue } from '@playconnect/module';
import { HostElement, type Props } from './element';
import { applyFormProps, applyInitialFormProps, isFormProp, isTextContent } from './form';
import { isHandlerName, updateListeners } from './listen';

export function applyInitialProps(element: HostElement, props: Props): void {
  let listens = 'action' in props || 'value' in props || 'checked' in props;
  for (const name in props) {
    const value = props[name];
    if (value === undefined || value === null) continue;
    if (isHandlerName(name)) listens = true;
    else if (name === 'children') {
      if (isTextContent(element.localName, props)) element.textContent = String(value);
    } else if (!isFormProp(element, name)) setProp(element, name, value, props);
  }
  applyInitialFormProps(element, props);
  if (listens) updateListeners(element, props);
}

export function updateProps(element: HostElement, before: Props, props: Props): void {
  let listens = before.listen !== props.listen;
  for (const name in before) {
    if (before[name] === undefined || before[name] === null || (name in props && props[name] !== undefined && props[name] !== null)) continue;
    if (isHandlerName(name)) listens = true;
    else if (name !== 'children' && !isFormProp(element, name)) setProp(element, name, null, props);
  }
  for (const name in props) {
    const value = props[name];
    if (value === before[name]) continue;
    if (isHandlerName(name)) {
      // Handlers are looked up when an event comes: another function is no news to the host.
      if (typeof value !== typeof before[name]) listens = true;
    } else if (name === 'children') {
      if (isTextContent(element.localName, props)) element.textContent = String(value);
    } else if (!isFormProp(element, name)) {
      if (value !== undefined && value !== null) setProp(element, name, value, props);
      if (name === 'action' || name === 'type') listens = true;
    }
  }
  applyFormProps(element, before, props);
  if (listens || ('value' in props) !== ('value' in before) || ('checked' in props) !== ('checked' in before)) updateListeners(element, props);
}

/** Also keeps hidden what Suspense hides. */
export function applyStyle(element: HostElement, props: Props): void {
  const style = props['style'];
  if (style !== undefined && style !== null && typeof style !== 'object') {
    throw new Error(`<${element.localName}>: \`style\` is an object, as in style={{ marginTop: 4 }}`);
  }
  const text = styleText((style ?? {}) as Record<string, StyleValue>);
  const whole = element.hidden ? `${text === '' ? '' : `${text}; `}display: none !important` : text;
  // As in the DOM, where declarations are taken out one by one: emptied, the attribute stays.
  element.setAttribute('style', whole === '' && !element.hasAttribute('style') ? null : whole);
}

/** `value` null: the prop is gone. */
function setProp(element: HostElement, name: string, value: unknown, props: Props): void {
  switch (name) {
    case 'key':
    case 'ref':
    case 'listen':
    case 'autoFocus':
    case 'suppressHydrationWarning':
    case 'suppressContentEditableWarning':
      return;
    case 'style':
      return applyStyle(element, props);
    case 'dangerouslySetInnerHTML':
    case 'innerHTML':
      if (value === null) return;
      throw new Error(`<${element.localName}>: ${name} is not possible: a module hands the page no HTML text, only elements. Build them with React.`);
    case 'muted':
      element.muted = value === true;
      return;
    case 'scrollTop':
    case 'scrollLeft':
      if (typeof value === 'number') element[name] = value;
      return;
  }
  const [attribute, namespace] = attributeName(element, name);
  element.setAttribute(attribute, attributeValue(name, attribute, value), namespace);
}

/** `true` is the empty string, other values are themselves. */
const overloaded = new Set(['capture', 'download']);
/** Both `true` and `false` are values. */
const enumerated = new Set(['contenteditable', 'draggable', 'spellcheck', 'autoReverse', 'externalResourcesRequired', 'focusable', 'preserveAlpha']);

/** Null: the attribute is absent. */
function attributeValue(name: string, attribute: string, value: unknown): string | null {
  if (value === null || typeof value === 'function' || typeof value === 'symbol') return null;
  if (booleanAttributes.has(attribute)) return value === false || value === '' || value === 0 ? null : '';
  if (typeof value === 'boolean') {
    if (overloaded.has(attribute)) return value ? '' : null;
    return enumerated.has(attribute) || name.startsWith('aria-') || name.startsWith('data-') ? String(value) : null;
  }
  return String(value);
}

/** Names that are not made by a rule. */
const names: Record<string, string> = {
  className: 'class',
  htmlFor: 'for',
  acceptCharset: 'accept-charset',
  httpEquiv: 'http-equiv',
  panose1: 'panose-1',
};

/** SVG attributes with hyphens. */
const hyphenated = new Set(
  (
    'accentHeight alignmentBaseline arabicForm baselineShift capHeight clipPath clipRule colorInterpolation colorInterpolationFilters ' +
    'colorProfile colorRendering dominantBaseline enableBackground fillOpacity fillRule floodColor floodOpacity fontFamily fontSize ' +
    'fontSizeAdjust fontStretch fontStyle fontVariant fontWeight glyphName glyphOrientationHorizontal glyphOrientationVertical horizAdvX ' +
    'horizOriginX imageRendering letterSpacing lightingColor markerEnd markerMid markerStart overlinePosition overlineThickness ' +
    'paintOrder pointerEvents renderingIntent shapeRendering stopColor stopOpacity strikethroughPosition strikethroughThickness ' +
    'strokeDasharray strokeDashoffset strokeLinecap strokeLinejoin strokeMiterlimit strokeOpacity strokeWidth textAnchor ' +
    'textDecoration textRendering transformOrigin underlinePosition underlineThickness unicodeBidi unicodeRange unitsPerEm ' +
    'vAlphabetic vHanging vIdeographic vMathematical vectorEffect vertAdvY vertOriginX vertOriginY wordSpacing writingMode xHeight'
  ).split(' '),
);

const known = new Map<string, [string, number]>();

function attributeName(element: HostElement, name: string): [string, number] {
  const key = element.namespace === 0 ? name : ` ${name}`;
  let attribute = known.get(key);
  if (attribute === undefined) {
    attribute = deriveName(element, name);
    known.set(key, attribute);
  }
  return attribute;
}

function deriveName(element: HostElement, name: string): [string, number] {
  const named = names[name];
  if (named !== undefined) return [named, Namespace.None];
  if (name === 'xmlnsXlink') return ['xlink', Namespace.XMLNS];
  const [, prefix, rest] = /^(xlink|xml)[:A-Z](.*)$/.exec(name) ?? [];
  if (prefix !== undefined) {
    const separator = name[prefix.length]!;
    const local = (separator === ':' ? '' : separator.toLowerCase()) + rest!;
    return [local, prefix === 'xlink' ? Namespace.XLink : Namespace.XML];
  }
  if (hyphenated.has(name)) return [name.replace(/[A-Z]/g, '-$&').toLowerCase(), Namespace.None];
  if (element.localName.includes('-') && element.namespace === 0) return [name, Namespace.None];
  return [element.namespace === 0 || name === 'tabIndex' ? name.toLowerCase() : name, Namespace.None];
}
