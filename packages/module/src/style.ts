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

/** `marginTop` → `margin-top`, `WebkitLineClamp` → `-webkit-line-clamp`; names with hyphens stay as they are. */
export function hyphenated(name: string): string {
  if (name.startsWith('--')) return name;
  let known = hyphenatedNames.get(name);
  if (known === undefined) {
    known = name === 'cssFloat' ? 'float' : name.replace(/[A-Z]/g, '-$&').toLowerCase().replace(/^ms-/, '-ms-');
    hyphenatedNames.set(name, known);
  }
  return known;
}

/** What a {@link Style} reads and writes: an element's `style` attribute. */
interface Styled {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string | null): void;
}

interface Declaration {
  value: string;
  important: boolean;
}

/**
 * An element's `style` as an object: CSSOM's CSSStyleDeclaration without its
 * knowledge of CSS. Values are taken as they are; what is no value of the
 * property is thrown away by the browser when it reads the attribute.
 * Properties are also there by their names in camel case (see {@link styleOf}).
 */
export class Style {
  readonly #element: Styled;
  /** What `#declarations` was made of. */
  #text = '';
  #declarations = new Map<string, Declaration>();

  constructor(element: Styled) {
    this.#element = element;
  }

  get cssText(): string {
    return this.#element.getAttribute('style') ?? '';
  }

  set cssText(text: string) {
    this.#element.setAttribute('style', text);
  }

  get length(): number {
    return this.#read().size;
  }

  getPropertyValue(name: string): string {
    return this.#read().get(name)?.value ?? '';
  }

  getPropertyPriority(name: string): string {
    return this.#read().get(name)?.important === true ? 'important' : '';
  }

  /** `value` null or empty: the property is removed. */
  setProperty(name: string, value: string | null, priority = ''): void {
    const declarations = this.#read();
    const text = value === null ? '' : String(value).trim();
    if (text !== '') declarations.set(name, { value: text, important: priority === 'important' });
    else if (!declarations.delete(name)) return;
    this.#write();
  }

  /** Many properties with one change of the attribute. A value may end in `!important`; null or empty: removed. */
  assign(properties: Iterable<[name: string, value: string | null]>): void {
    const declarations = this.#read();
    let changed = false;
    for (const [name, given] of properties) {
      const { value, important } = splitImportant(given?.trim() ?? '');
      const before = declarations.get(name);
      // A custom property may be blank, which is not the same as not being there.
      if (value === '' && !(given && name.startsWith('--'))) {
        if (declarations.delete(name)) changed = true;
      } else if (before?.value !== value || before.important !== important) {
        declarations.set(name, { value, important });
        changed = true;
      }
    }
    if (changed) this.#write();
  }

  removeProperty(name: string): string {
    const value = this.getPropertyValue(name);
    this.setProperty(name, null);
    return value;
  }

  #read(): Map<string, Declaration> {
    const text = this.cssText;
    if (text !== this.#text) {
      this.#text = text;
      this.#declarations = parseDeclarations(text);
    }
    return this.#declarations;
  }

  #write(): void {
    let text = '';
    for (const [name, { value, important }] of this.#declarations) {
      text += `${text === '' ? '' : '; '}${name}: ${value}${important ? ' !important' : ''}`;
    }
    this.#text = text;
    this.#element.setAttribute('style', text);
  }
}

/** A {@link Style} whose properties can also be read and set by name: `style.marginTop = '4px'`. */
export function styleOf(element: Styled): Style & Record<string, string> {
  const style = new Style(element);
  return new Proxy(style, {
    get(target, name) {
      if (typeof name === 'symbol' || name in target) {
        const own = Reflect.get(target, name, target) as unknown;
        return typeof own === 'function' ? own.bind(target) : own;
      }
      return target.getPropertyValue(hyphenated(name));
    },
    set(target, name, value: unknown) {
      if (name === 'cssText') target.cssText = String(value);
      else if (typeof name === 'string') target.setProperty(hyphenated(name), value === null || value === undefined ? null : String(value));
      return true;
    },
  }) as Style & Record<string, string>;
}

/** Splits at the semicolons that are not in quotes, brackets or comments. */
function parseDeclarations(text: string): Map<string, Declaration> {
  const declarations = new Map<string, Declaration>();
  for (const [declaration] of text.matchAll(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:"[^"]*"|'[^']*'|[^)])*\)|\/\*[^]*?\*\/|[^;])+/g)) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const name = declaration.slice(0, colon).replace(/\/\*[^]*?\*\//g, '').trim();
    const key = name.startsWith('--') ? name : name.toLowerCase();
    // The last one counts, and stands last.
    declarations.delete(key);
    declarations.set(key, splitImportant(declaration.slice(colon + 1).trim()));
  }
  return declarations;
}

function splitImportant(value: string): Declaration {
  const important = /\s*!\s*important$/i.exec(value);
  return { value: important === null ? value : value.slice(0, important.index), important: important !== null };
}
