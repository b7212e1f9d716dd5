/**
 * `@playconnect/module/document`: the globals of a DOM, standing on the
 * module's tree, for frameworks whose components and libraries ask for them.
 * Importing it installs them.
 *
 * It is what code beside components uses of a DOM, not a DOM: there is one
 * document, its body is the module's slot, and events come from that slot
 * alone. Of layout next to nothing is known (`document/layout.ts`).
 */

import './document/elements';
import { uiEvents } from './document/events';
import { getComputedStyle } from './document/layout';
import { IntersectionObserver, MutationObserver, ResizeObserver } from './document/observers';
import { Document, document } from './document/page';
import { NodeFilter } from './document/walker';
import { EventTarget } from './platform/event-target';
import { OuterTarget, outerTargets } from './propagate';
import { CommentNode, DataNode, ElementNode, FragmentNode, onListen, slot, TextNode, TreeNode } from './tree';

export { createElementsBy, namespaces } from './document/create';
export { getComputedStyle, warnLayout } from './document/layout';
export { MutationObserver } from './document/observers';
export { bodyStart, Document, document, PageElement } from './document/page';

/** Live state that libraries set over the prototype of an interface. */
const stateful = ['value', 'checked', 'selected', 'selectedIndex', 'scrollTop', 'scrollLeft'];

/** A class that no element is made of: `instanceof` asks the element. */
function interfaceOf(name: string, has: (element: ElementNode) => boolean): object {
  const made = class {
    constructor() {
      throw new TypeError(`new ${name}(): elements are made by document.createElement, or by your framework`);
    }
    static [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof ElementNode && has(value);
    }
  };
  Object.defineProperty(made, 'name', { value: name });
  Object.setPrototypeOf(made.prototype, ElementNode.prototype);
  for (const property of stateful) Object.defineProperty(made.prototype, property, Object.getOwnPropertyDescriptor(ElementNode.prototype, property)!);
  return made;
}

/** Interfaces of one kind of element. */
const tags: Record<string, string> = {
  HTMLAnchorElement: 'a',
  HTMLAudioElement: 'audio',
  HTMLBodyElement: 'body',
  HTMLButtonElement: 'button',
  HTMLCanvasElement: 'canvas',
  HTMLDetailsElement: 'details',
  HTMLDialogElement: 'dialog',
  HTMLDivElement: 'div',
  HTMLFieldSetElement: 'fieldset',
  HTMLFormElement: 'form',
  HTMLIFrameElement: 'iframe',
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
};

/** By name. A framework's package may put classes of its own in the place of those of elements. */
export const interfaces: Record<string, unknown> = {
  HTMLElement: interfaceOf('HTMLElement', ({ namespace }) => namespace === 0),
  HTMLMediaElement: interfaceOf('HTMLMediaElement', ({ localName }) => localName === 'audio' || localName === 'video'),
  MathMLElement: interfaceOf('MathMLElement', ({ namespace }) => namespace === 2),
  SVGElement: interfaceOf('SVGElement', ({ namespace }) => namespace === 1),
  SVGGraphicsElement: interfaceOf('SVGGraphicsElement', ({ namespace }) => namespace === 1),
  SVGSVGElement: interfaceOf('SVGSVGElement', ({ namespace, localName }) => namespace === 1 && localName === 'svg'),
  ...Object.fromEntries(Object.entries(tags).map(([name, tag]) => [name, interfaceOf(name, ({ localName, namespace }) => namespace === 0 && localName === tag)])),
};

/** A class that nothing here is made of, for `instanceof`. */
function unavailable(name: string, advice: string): object {
  const made = class {
    constructor() {
      throw new TypeError(`new ${name}() is not possible in a module: ${advice}`);
    }
  };
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

// Nodes, the document and the window are targets of events that stand on classes of their own.
Object.defineProperty(EventTarget, Symbol.hasInstance, {
  value(this: Function, value: unknown): boolean {
    if (this === EventTarget && (value instanceof TreeNode || value instanceof OuterTarget || value === globalThis)) return true;
    return Function.prototype[Symbol.hasInstance].call(this, value);
  },
});

/** The slot is a shadow root in the page; here it is the document's body. So nothing is one. */
class ShadowRoot {
  static [Symbol.hasInstance](): boolean {
    return false;
  }
}

Object.assign(TreeNode, {
  ELEMENT_NODE: 1,
  TEXT_NODE: 3,
  COMMENT_NODE: 8,
  DOCUMENT_NODE: 9,
  DOCUMENT_FRAGMENT_NODE: 11,
  DOCUMENT_POSITION_DISCONNECTED: 1,
  DOCUMENT_POSITION_PRECEDING: 2,
  DOCUMENT_POSITION_FOLLOWING: 4,
  DOCUMENT_POSITION_CONTAINS: 8,
  DOCUMENT_POSITION_CONTAINED_BY: 16,
});

outerTargets.unshift(document.body.outer, document.documentElement.outer, document);

/**
 * What ends that begins so. Code listens for it on the window when it has begun; the page would hear of that when it is over.
 */
const ends = new Map(Object.entries({ pointerdown: ['pointerup', 'pointercancel'], mousedown: ['mouseup'], touchstart: ['touchend', 'touchcancel'] }));

onListen((type) => {
  const types = ends.get(type) ?? [];
  ends.delete(type);
  for (const end of types) slot.addEventListener(end, () => {}, { passive: true });
});

install({
  ...interfaces,
  ...uiEvents,
  Blob: unavailable('Blob', 'use ArrayBuffer or Uint8Array'),
  CSS: { escape: escapeIdentifier, supports: () => false },
  CharacterData: DataNode,
  Comment: CommentNode,
  Document,
  DocumentFragment: FragmentNode,
  Element: ElementNode,
  File: unavailable('File', 'files of a form stay in the browser'),
  FileList: unavailable('FileList', 'files of a form stay in the browser'),
  IntersectionObserver,
  MutationObserver,
  Node: TreeNode,
  NodeFilter,
  ResizeObserver,
  ShadowRoot,
  Text: TextNode,
  customElements: {
    get: () => undefined,
    define(name: string): never {
      throw new Error(`customElements.define('${name}'): a module has no custom elements of its own. Use the component itself`);
    },
  },
  document,
  getComputedStyle,
  getSelection: () => null,
  // The page's scroll is the browser's.
  pageXOffset: 0,
  pageYOffset: 0,
  scrollX: 0,
  scrollY: 0,
  scrollTo() {},
  scrollBy() {},
  scroll() {},
});

/** CSSOM, "serialize an identifier". */
function escapeIdentifier(value: unknown): string {
  return String(value).replace(/[\0-\x1f\x7f]|^-?\d|^-$|[^\w\u0080-\uffff-]/g, (found) => {
    if (found === '\0') return '\ufffd';
    const last = found.at(-1)!;
    const needsCode = last < ' ' || last === '\x7f' || /\d/.test(last);
    return `${found.slice(0, -1)}\\${needsCode ? `${last.charCodeAt(0).toString(16)} ` : last}`;
  });
}

/** Defines globals, as the browser has them. */
export function install(globals: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

declare module './tree' {
  interface TreeNode {
    readonly ownerDocument: Document;
  }
}
