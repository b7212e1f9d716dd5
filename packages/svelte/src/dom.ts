/**
 * The classes that Svelte's runtime finds in a browser: its elements stand on
 * the module's tree, in `document` of `@playconnect/module/document`.
 */

import { onEvent, OuterTarget, outerTargets, pageEvents, slot, TreeNode, type Listener, type ListenOptions } from '@playconnect/module';
import { createElementsBy, document, install, type Document } from '@playconnect/module/document';
import { followReset, HtmlForm, HtmlInput, HtmlOption, HtmlSelect, HtmlTextarea } from './controls';
import { DomElement } from './element';
import { HtmlElement, reflect } from './html';

type ElementClass = new (localName: string, namespace: number) => DomElement;

class SvgElement extends DomElement {}
class MathElement extends DomElement {}
class MediaElement extends HtmlElement {}

const controls: Record<string, ElementClass> = {
  audio: class extends MediaElement {},
  form: HtmlForm,
  input: HtmlInput,
  option: HtmlOption,
  select: HtmlSelect,
  textarea: HtmlTextarea,
  video: class extends MediaElement {},
};

/** By tag. Each has its own: Svelte looks once for the properties of each. */
const classes = new Map<string, ElementClass>();

function classOf(tag: string): ElementClass {
  let known = classes.get(tag);
  if (known === undefined) {
    known = controls[tag] ?? class extends HtmlElement {};
    reflect(tag, known.prototype as object);
    classes.set(tag, known);
  }
  return known;
}

createElementsBy((local, namespace) => {
  if (namespace === 0) return new (classOf(local))(local, 0);
  return namespace === 1 ? new SvgElement(local, 1) : new MathElement(local, 2);
});

/** What Svelte mounts on: children stand in the slot, and delegated events are caught around it. */
class Root extends OuterTarget {
  constructor() {
    // Elements say themselves what is to be heard of them.
    super(pageEvents);
  }

  get ownerDocument(): Document {
    return document;
  }

  get firstChild(): TreeNode | null {
    return slot.firstChild;
  }

  appendChild<T extends TreeNode>(child: T): T {
    return slot.appendChild(child);
  }
}

export const root = new Root();

// Svelte hears what it delegates at the root, which all of the module's elements stand in.
for (const name of ['addEventListener', 'removeEventListener'] as const) {
  const own = document[name];
  document[name] = (type: string, callback: Listener | null, options: boolean | ListenOptions = false): void => {
    if ((callback as { playconnectDelegates?: true } | null)?.playconnectDelegates !== true) own.call(document, type, callback, options);
  };
}

const node = TreeNode as unknown as { prototype: object };
Object.defineProperties(node.prototype, {
  // Svelte takes these two from the prototype, and calls them on nodes, which have them as fields.
  firstChild: { configurable: true, get: field('firstChild') },
  nextSibling: { configurable: true, get: field('nextSibling') },
});
outerTargets.unshift(root);

onEvent((event) => {
  // The event comes before the browser resets; the bindings follow two microtasks later.
  if (event.type === 'reset') queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => followReset(event.target))));
});

const interfaces: Record<string, string> = {
  HTMLAnchorElement: 'a',
  HTMLButtonElement: 'button',
  HTMLDetailsElement: 'details',
  HTMLDialogElement: 'dialog',
  HTMLDivElement: 'div',
  HTMLFieldSetElement: 'fieldset',
  HTMLFormElement: 'form',
  HTMLImageElement: 'img',
  HTMLInputElement: 'input',
  HTMLLabelElement: 'label',
  HTMLLIElement: 'li',
  HTMLOptionElement: 'option',
  HTMLParagraphElement: 'p',
  HTMLProgressElement: 'progress',
  HTMLSelectElement: 'select',
  HTMLSpanElement: 'span',
  HTMLTableElement: 'table',
  HTMLTextAreaElement: 'textarea',
  HTMLUListElement: 'ul',
  HTMLVideoElement: 'video',
  HTMLAudioElement: 'audio',
};

install({
  Element: DomElement,
  HTMLElement: HtmlElement,
  HTMLMediaElement: MediaElement,
  MathMLElement: MathElement,
  SVGElement: SvgElement,
  ...Object.fromEntries(Object.entries(interfaces).map(([name, tag]) => [name, classOf(tag)])),
});

function field(name: 'firstChild' | 'nextSibling') {
  return function (this: TreeNode): TreeNode | null {
    return this[name];
  };
}
