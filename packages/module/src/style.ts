/** The attribute `style`: from the style objects of frameworks, and as the declarations that the DOM shows. */

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

/** What a declaration stands on: the element with its attribute. */
interface Styled {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string | null): void;
}

interface Declared {
  value: string;
  important: boolean;
}

/** Declarations by property, in order. */
type Declarations = Map<string, Declared>;

/**
 * The CSSStyleDeclaration of one element: its attribute `style`, property by
 * property. Values are taken as they are: what CSS does not know, the page
 * leaves out.
 *
 * *Layers* lie above the declarations for a while, as those of running
 * animations do: they show in the attribute and are not read back.
 */
export class Style {
  private readonly layers = new Map<object, Declarations>();
  private declarations: Declarations = new Map();
  /** The attribute that the declarations are of. */
  private seen: string | null = null;
  /** Whether there was none when the first layer came. */
  private bare = false;

  constructor(private readonly element: Styled) {}

  get cssText(): string {
    return textOf(this.#read());
  }
  set cssText(text: string) {
    this.declarations = parse(text);
    this.#write();
  }

  get length(): number {
    return this.#read().size;
  }

  item(at: number): string {
    return [...this.#read().keys()][at] ?? '';
  }

  getPropertyValue(name: string): string {
    return this.#read().get(propertyName(name))?.value ?? '';
  }

  getPropertyPriority(name: string): string {
    return this.#read().get(propertyName(name))?.important ? 'important' : '';
  }

  /** An empty value removes the property. `priority`: `important` or nothing. */
  setProperty(name: string, value: string | number | null, priority = ''): void {
    const text = value === null ? '' : String(value).trim();
    if (text === '') return void this.removeProperty(name);
    this.#read().set(propertyName(name), { value: text, important: priority === 'important' });
    this.#write();
  }

  removeProperty(name: string): string {
    const before = this.getPropertyValue(name);
    if (this.#read().delete(propertyName(name))) this.#write();
    return before;
  }

  /** Null: the layer goes. Later layers lie above earlier ones; all lie below what is important. */
  setLayer(key: object, declarations: Record<string, string> | null): void {
    this.#read();
    if (declarations === null) {
      if (!this.layers.delete(key)) return;
    } else {
      if (this.layers.size === 0) this.bare = this.seen === null;
      this.layers.set(key, new Map(Object.entries(declarations).map(([name, value]) => [hyphenated(name), { value, important: false }])));
    }
    this.#write();
  }

  #read(): Declarations {
    const attribute = this.element.getAttribute('style');
    if (attribute !== this.seen) {
      this.declarations = parse(attribute ?? '');
      this.seen = attribute;
    }
    return this.declarations;
  }

  #write(): void {
    let shown = this.declarations;
    if (this.layers.size > 0) {
      shown = new Map(shown);
      for (const layer of this.layers.values()) {
        for (const [name, declared] of layer) if (!shown.get(name)?.important) shown.set(name, declared);
      }
    }
    const text = textOf(shown);
    if (text === '' && this.bare && this.layers.size === 0) {
      this.bare = false;
      this.seen = null;
      return this.element.setAttribute('style', null);
    }
    // As in the DOM: emptied by its properties, the attribute stays.
    if (text === '' && this.element.getAttribute('style') === null) return;
    this.seen = text;
    this.element.setAttribute('style', text);
  }
}

/** With the properties by name, also in camel case: `style.marginTop`. */
export type StyleDeclaration = Style & { [property: string]: any };

export function declareStyle(element: Styled): StyleDeclaration {
  return new Proxy(new Style(element), {
    get(style, name) {
      // Methods and accessors work on the object itself, which has private parts.
      if (typeof name === 'symbol' || name in style) {
        const value: unknown = Reflect.get(style, name, style);
        return typeof value === 'function' ? value.bind(style) : value;
      }
      return style.getPropertyValue(hyphenated(name));
    },
    set(style, name, value: unknown) {
      if (typeof name === 'symbol' || name in style) return Reflect.set(style, name, value, style);
      style.setProperty(hyphenated(name), value as string | number | null);
      return true;
    },
    has: () => true,
  }) as StyleDeclaration;
}

function propertyName(name: string): string {
  return name.startsWith('--') ? name : name.toLowerCase();
}

function textOf(declarations: Declarations): string {
  let text = '';
  for (const [name, { value, important }] of declarations) text += `${text === '' ? '' : ' '}${name}: ${value}${important ? ' !important' : ''};`;
  return text;
}

/** Splits at semicolons outside of quotes, parentheses and comments. */
function parse(text: string): Declarations {
  const declarations: Declarations = new Map();
  const parts = text.replace(/\/\*.*?\*\//gs, '').match(/(?:[^;"'(]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)|["'(])+/gs) ?? [];
  for (const part of parts) {
    const colon = part.indexOf(':');
    if (colon < 0) continue;
    const name = propertyName(part.slice(0, colon).trim());
    const [, value, important] = /^(.*?)\s*(!\s*important)?$/is.exec(part.slice(colon + 1).trim())!;
    if (name === '' || value === '') continue;
    declarations.set(name, { value: value!, important: important !== undefined });
  }
  return declarations;
}
