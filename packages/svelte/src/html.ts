/**
 * Classes of HTML elements. Svelte sets what is no text as a property where the
 * class has one, so each class has the properties of its tag that differ from
 * the attribute as written, or that handlers read.
 */

import { DomElement } from './element';

export class HtmlElement extends DomElement {
  get translate(): boolean {
    return this.closest('[translate]')?.getAttribute('translate') !== 'no';
  }
  set translate(value: unknown) {
    this.setAttribute('translate', value ? 'yes' : 'no');
  }

  get contentEditable(): string {
    return this.getAttribute('contenteditable') ?? 'inherit';
  }
  set contentEditable(value: unknown) {
    this.setAttribute('contenteditable', value);
  }
}

/** `number`: a whole one. */
type Kind = 'flag' | 'text' | 'url' | 'number' | 'double';
interface Reflection {
  property: string;
  attribute: string;
  kind: Kind;
}

/** Properties that show an attribute: `property`, or `property=attribute` where the names differ by more than case. */
function reflections(kind: Kind, names: string): Reflection[] {
  return names.split(' ').map((name) => {
    const [property, attribute] = name.split('=') as [string, string?];
    return { property, attribute: attribute ?? property.toLowerCase(), kind };
  });
}

const ofAll = [
  ...reflections('flag', 'hidden inert autofocus'),
  ...reflections('text', 'title lang dir accessKey autocapitalize enterKeyHint inputMode draggable spellcheck slot nonce'),
];

const media = [...reflections('flag', 'autoplay controls loop defaultMuted=muted playsInline'), ...reflections('url', 'src'), ...reflections('text', 'preload crossOrigin')];

/** By tag. */
const ofTag: Record<string, Reflection[]> = {
  a: [...reflections('url', 'href'), ...reflections('text', 'target rel download type hreflang')],
  area: [...reflections('url', 'href'), ...reflections('text', 'alt coords shape target rel download')],
  audio: media,
  button: [...reflections('flag', 'disabled formNoValidate'), ...reflections('text', 'value')],
  col: reflections('number', 'span'),
  colgroup: reflections('number', 'span'),
  data: reflections('text', 'value'),
  details: [...reflections('flag', 'open'), ...reflections('text', 'name')],
  dialog: reflections('flag', 'open'),
  fieldset: [...reflections('flag', 'disabled'), ...reflections('text', 'name')],
  form: [...reflections('flag', 'noValidate'), ...reflections('text', 'method autocomplete name enctype target'), ...reflections('url', 'action')],
  img: [...reflections('flag', 'isMap'), ...reflections('url', 'src'), ...reflections('text', 'alt srcset sizes loading decoding crossOrigin'), ...reflections('number', 'width height')],
  input: [
    ...reflections('flag', 'disabled multiple readOnly required formNoValidate'),
    ...reflections('text', 'name placeholder min max step pattern autocomplete alt accept dirName'),
    ...reflections('number', 'size maxLength minLength width height'),
  ],
  ins: reflections('text', 'cite dateTime'),
  del: reflections('text', 'cite dateTime'),
  label: reflections('text', 'htmlFor=for'),
  li: reflections('number', 'value'),
  meter: reflections('double', 'value min max low high optimum'),
  ol: [...reflections('flag', 'reversed'), ...reflections('number', 'start'), ...reflections('text', 'type')],
  optgroup: [...reflections('flag', 'disabled'), ...reflections('text', 'label')],
  option: [...reflections('flag', 'disabled'), ...reflections('text', 'label')],
  output: reflections('text', 'name htmlFor=for'),
  progress: reflections('double', 'value max'),
  select: [...reflections('flag', 'disabled multiple required'), ...reflections('text', 'name autocomplete'), ...reflections('number', 'size')],
  source: [...reflections('url', 'src'), ...reflections('text', 'srcset sizes media type')],
  td: [...reflections('number', 'colSpan rowSpan'), ...reflections('text', 'headers')],
  textarea: [
    ...reflections('flag', 'disabled readOnly required'),
    ...reflections('text', 'name placeholder wrap autocomplete'),
    ...reflections('number', 'rows cols maxLength minLength'),
  ],
  th: [...reflections('number', 'colSpan rowSpan'), ...reflections('text', 'headers scope abbr')],
  time: reflections('text', 'dateTime'),
  track: [...reflections('flag', 'default'), ...reflections('url', 'src'), ...reflections('text', 'kind label srclang')],
  video: [...media, ...reflections('flag', 'disablePictureInPicture disableRemotePlayback'), ...reflections('url', 'poster'), ...reflections('number', 'width height')],
};

/** Adds the properties of a tag to its class. */
export function reflect(tag: string, prototype: object): void {
  for (const { property, attribute, kind } of ofTag[tag] ?? []) {
    if (!Object.hasOwn(prototype, property)) Object.defineProperty(prototype, property, accessor(attribute, kind));
  }
}

for (const { property, attribute, kind } of ofAll) Object.defineProperty(HtmlElement.prototype, property, accessor(attribute, kind));

function accessor(attribute: string, kind: Kind): PropertyDescriptor {
  switch (kind) {
    case 'flag':
      return {
        configurable: true,
        get(this: DomElement) {
          return this.hasAttribute(attribute);
        },
        set(this: DomElement, value: unknown) {
          this.setAttribute(attribute, value ? '' : null);
        },
      };
    case 'url':
      return {
        configurable: true,
        get(this: DomElement) {
          const given = this.getAttribute(attribute);
          return given === null ? '' : new URL(given, location.href).href;
        },
        set(this: DomElement, value: unknown) {
          this.setAttribute(attribute, String(value));
        },
      };
    case 'number':
    case 'double':
      return {
        configurable: true,
        get(this: DomElement) {
          return Number(this.getAttribute(attribute) ?? 0);
        },
        set(this: DomElement, value: unknown) {
          // As Web IDL makes numbers of what it is given.
          this.setAttribute(attribute, String(kind === 'number' ? Number(value) | 0 : Number(value)));
        },
      };
    case 'text':
      return {
        configurable: true,
        get(this: DomElement) {
          return this.getAttribute(attribute) ?? '';
        },
        set(this: DomElement, value: unknown) {
          this.setAttribute(attribute, String(value));
        },
      };
  }
}
