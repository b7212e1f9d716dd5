/**
 * DOM properties that stand for attributes ("reflect" them, as the HTML
 * standard calls it). Frameworks name them by either name.
 */

import type { ElementNode } from './tree';

/** Attributes whose mere presence is `true`. */
export const booleanAttributes: ReadonlySet<string> = new Set(
  (
    'allowfullscreen async autofocus autoplay checked controls default defer disabled disablepictureinpicture disableremoteplayback ' +
    'formnovalidate hidden inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed ' +
    'selected'
  ).split(' '),
);

/** Properties whose attribute has another name, but for upper and lower case, and the elements that have them. */
const renamed: Readonly<Record<string, [attribute: string, elements: string[]]>> = {
  acceptCharset: ['accept-charset', ['form']],
  defaultChecked: ['checked', ['input']],
  defaultMuted: ['muted', ['audio', 'video']],
  defaultSelected: ['selected', ['option']],
  defaultValue: ['value', ['input']],
  htmlFor: ['for', ['label', 'output']],
  httpEquiv: ['http-equiv', ['meta']],
};

/** The attribute that stands for a property, or for an attribute of this name, on an element of HTML: `readOnly` → `readonly`. */
export function attributeName(element: ElementNode, property: string): string {
  if (property === 'className') return 'class';
  if (Object.hasOwn(renamed, property)) {
    const [attribute, elements] = renamed[property]!;
    if (elements.includes(element.localName)) return attribute;
  }
  // `ariaLabel`; the attributes themselves have a hyphen.
  if (/^aria[A-Z]/.test(property)) return `aria-${property.slice(4).toLowerCase()}`;
  return property.toLowerCase();
}

const everywhere = new Set(['autofocus', 'hidden', 'inert']);

/** By name of the property: the elements that have it. */
const booleans = byName({
  allowFullscreen: 'iframe',
  autoplay: 'audio video',
  checked: 'input',
  controls: 'audio video',
  default: 'track',
  defaultChecked: 'input',
  defaultMuted: 'audio video',
  defaultSelected: 'option',
  disablePictureInPicture: 'video',
  disableRemotePlayback: 'audio video',
  disabled: 'button fieldset input optgroup option select textarea',
  formNoValidate: 'button input',
  isMap: 'img',
  loop: 'audio video',
  multiple: 'input select',
  noValidate: 'form',
  open: 'details dialog',
  playsInline: 'video',
  readOnly: 'input textarea',
  required: 'input select textarea',
  reversed: 'ol',
  selected: 'option',
});

const numbers = byName({
  colSpan: 'td th',
  cols: 'textarea',
  high: 'meter',
  low: 'meter',
  max: 'meter progress',
  maxLength: 'input textarea',
  min: 'meter',
  minLength: 'input textarea',
  optimum: 'meter',
  rowSpan: 'td th',
  rows: 'textarea',
  size: 'input select',
  span: 'col colgroup',
  start: 'ol',
});

/** What type a property of an element of HTML has that reflects an attribute; undefined if it is a text, or none at all. */
export function propertyType(element: ElementNode, property: string): 'boolean' | 'number' | undefined {
  if (element.namespace !== 0) return undefined;
  if (everywhere.has(property) || booleans.get(property)?.has(element.localName)) return 'boolean';
  if (property === 'tabIndex' || numbers.get(property)?.has(element.localName)) return 'number';
  return undefined;
}

function byName(elements: Record<string, string>): Map<string, Set<string>> {
  return new Map(Object.entries(elements).map(([name, locals]) => [name, new Set(locals.split(' '))]));
}

/** Texts that all elements have as properties, whether or not they mean something there. */
const texts = [
  ...['accept', 'action', 'alt', 'autocapitalize', 'autocomplete', 'dir', 'download', 'href', 'hreflang', 'id', 'inputMode', 'lang', 'max', 'method'],
  ...['min', 'name', 'pattern', 'placeholder', 'rel', 'role', 'sizes', 'src', 'srcset', 'step', 'target', 'title', 'width', 'height'],
] as const;
const flags = [
  ...['autofocus', 'autoplay', 'controls', 'disabled', 'formNoValidate', 'hidden', 'inert', 'loop', 'multiple', 'noValidate', 'open', 'playsInline'],
  ...['readOnly', 'required', 'reversed'],
] as const;

/** Properties of elements that are their attributes, for refs and directives: `element.disabled = true`. */
export type Reflections = Record<(typeof texts)[number], string> & Record<(typeof flags)[number], boolean>;

/** Puts {@link Reflections} on the class of elements. */
export function defineReflections(prototype: ElementNode): void {
  for (const name of texts) {
    const attribute = name.toLowerCase();
    define(name, {
      get: (element) => element.getAttribute(attribute) ?? '',
      set: (element, value) => element.setAttribute(attribute, String(value)),
    });
  }
  for (const name of flags) {
    const attribute = name.toLowerCase();
    define(name, {
      get: (element) => element.hasAttribute(attribute),
      set: (element, value) => element.setAttribute(attribute, value ? '' : null),
    });
  }

  function define(name: string, { get, set }: { get(element: ElementNode): unknown; set(element: ElementNode, value: unknown): void }): void {
    Object.defineProperty(prototype, name, {
      get(this: ElementNode) {
        return get(this);
      },
      set(this: ElementNode, value: unknown) {
        set(this, value);
      },
      configurable: true,
    });
  }
}
