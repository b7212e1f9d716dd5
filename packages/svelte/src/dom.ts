/**
 * The globals that Svelte's runtime works on: `document`, `Element` and their
 * like, standing on the module's tree.
 *
 * It is what Svelte 5 and the code beside components use of a DOM, not a DOM:
 * there is one document, its body is the module's slot, and events come from
 * that slot alone.
 */

import { CommentNode, environment, focusedElement, FragmentNode, onEvent, OuterTarget, outerTargets, pageEvents, slot, TextNode, TreeNode, type ElementNode, type Listener, type ListenOptions } from '@playconnect/module';
import { followReset, HtmlForm, HtmlInput, HtmlOption, HtmlSelect, HtmlTextarea } from './controls';
import { DomElement, namespaces } from './element';
import { HtmlElement, reflect } from './html';
import { getComputedStyle } from './layout';
import { MutationObserver } from './observer';

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

export function createElementNS(namespace: string | null, name: string): DomElement {
  const local = name.includes(':') ? name.slice(name.indexOf(':') + 1) : name;
  switch (namespace === null ? -1 : namespaces.indexOf(namespace)) {
    case 0:
      return new (classOf(local.toLowerCase()))(local.toLowerCase(), 0);
    case 1:
      return new SvgElement(local, 1);
    case 2:
      return new MathElement(local, 2);
    default:
      throw new Error(`<${name}>: a page has elements of HTML, SVG and MathML, none of the namespace \`${namespace}\``);
  }
}

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

/** `document.body`: the slot, with the body's events. */
class Body extends OuterTarget {
  readonly nodeType = 1;
  readonly nodeName = 'BODY';
  readonly tagName = 'BODY';
  readonly localName = 'body';

  get ownerDocument(): Document {
    return document;
  }
  get isConnected(): boolean {
    return true;
  }
  get children(): ElementNode[] {
    return slot.children;
  }
  get childNodes(): TreeNode[] {
    return slot.childNodes;
  }
  get firstChild(): TreeNode | null {
    return slot.firstChild;
  }
  get lastChild(): TreeNode | null {
    return slot.lastChild;
  }
  get textContent(): string {
    return slot.textContent;
  }

  appendChild<T extends TreeNode>(child: T): T {
    return slot.appendChild(child);
  }
  insertBefore<T extends TreeNode>(child: T, anchor: TreeNode | null): T {
    return slot.insertBefore(child, anchor);
  }
  removeChild<T extends TreeNode>(child: T): T {
    return slot.removeChild(child);
  }
  append(...nodes: (TreeNode | string)[]): void {
    slot.append(...nodes);
  }
  prepend(...nodes: (TreeNode | string)[]): void {
    slot.prepend(...nodes);
  }
  contains(node: TreeNode | null): boolean {
    return slot.contains(node);
  }
  querySelector(selector: string): ElementNode | null {
    return slot.querySelector(selector);
  }
  querySelectorAll(selector: string): ElementNode[] {
    return slot.querySelectorAll(selector);
  }
  focus(): void {
    focusedElement()?.blur();
  }

  get style(): never {
    throw notTheModules('document.body.style');
  }
  get classList(): never {
    throw notTheModules('document.body.classList');
  }
  get dataset(): never {
    throw notTheModules('document.body.dataset');
  }
  setAttribute(): never {
    throw notTheModules('document.body.setAttribute()');
  }
}

export class Document extends OuterTarget {
  readonly nodeType = 9;
  readonly nodeName = '#document';
  readonly contentType = 'text/html';
  readonly characterSet = 'UTF-8';
  readonly compatMode = 'CSS1Compat';
  readonly readyState = 'complete';
  readonly ownerDocument = null;
  readonly body = new Body();
  readonly documentElement = this.body;

  get defaultView(): unknown {
    return globalThis;
  }
  get baseURI(): string {
    return location.href;
  }
  get URL(): string {
    return location.href;
  }
  get activeElement(): ElementNode | Body {
    return focusedElement() ?? this.body;
  }
  get visibilityState(): 'visible' | 'hidden' {
    return environment.visible ? 'visible' : 'hidden';
  }
  get hidden(): boolean {
    return !environment.visible;
  }
  get fullscreenElement(): null {
    return null;
  }
  get pointerLockElement(): null {
    return null;
  }
  get head(): never {
    throw notTheModules('document.head (<svelte:head>)');
  }
  get title(): string {
    return '';
  }
  set title(_title: string) {
    throw notTheModules('document.title');
  }

  override addEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    // Svelte hears what it delegates at the root, which all of the module's elements stand in.
    if ((callback as { playconnectDelegates?: true } | null)?.playconnectDelegates === true) return;
    if (ofWindow.has(type)) return windowTarget().addEventListener(type, callback, options);
    super.addEventListener(type, callback, options);
  }

  override removeEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (ofWindow.has(type)) return windowTarget().removeEventListener(type, callback, options);
    super.removeEventListener(type, callback, options);
  }

  createElement(name: string): DomElement {
    return createElementNS(namespaces[0]!, name);
  }
  createElementNS(namespace: string | null, name: string): DomElement {
    return createElementNS(namespace, name);
  }
  createTextNode(data = ''): TextNode {
    return new TextNode(data);
  }
  createComment(data = ''): CommentNode {
    return new CommentNode(data);
  }
  createDocumentFragment(): FragmentNode {
    return new FragmentNode();
  }
  importNode<T extends TreeNode>(node: T, deep = false): T {
    return node.cloneNode(deep);
  }
  adoptNode<T extends TreeNode>(node: T): T {
    node.remove();
    return node;
  }

  contains(node: unknown): boolean {
    return node === this || node === this.body || (node instanceof TreeNode && slot.contains(node));
  }
  getElementById(id: string): ElementNode | null {
    return slot.querySelectorAll('[id]').find((element) => element.id === id) ?? null;
  }
  getElementsByClassName(names: string): ElementNode[] {
    return slot.querySelectorAll(names.trim().split(/\s+/).map((name) => `.${name}`).join(''));
  }
  getElementsByTagName(name: string): (ElementNode | Body)[] {
    return this.querySelectorAll(name);
  }
  /** `body`, for what is taken to the end of the slot. In a selector of more than that there is no body. */
  querySelector(selector: string): ElementNode | Body | null {
    return isBody(selector) ? this.body : slot.querySelector(selector);
  }
  querySelectorAll(selector: string): (ElementNode | Body)[] {
    return isBody(selector) ? [this.body] : slot.querySelectorAll(selector);
  }
  elementFromPoint(): null {
    return null;
  }
}

function isBody(selector: string): boolean {
  return /^\s*(body|html)\s*$/i.test(selector);
}

/** Events of the document that the platform raises at the window. */
const ofWindow = new Set(['visibilitychange']);

export const root = new Root();
export const document = new Document();

const node = TreeNode as unknown as { prototype: object };
Object.defineProperties(node.prototype, {
  ownerDocument: { configurable: true, get: () => document },
  // Svelte takes these two from the prototype, and calls them on nodes, which have them as fields.
  firstChild: { configurable: true, get: field('firstChild') },
  nextSibling: { configurable: true, get: field('nextSibling') },
});
Object.assign(TreeNode, { ELEMENT_NODE: 1, TEXT_NODE: 3, COMMENT_NODE: 8, DOCUMENT_NODE: 9, DOCUMENT_FRAGMENT_NODE: 11 });
Object.assign(TreeNode, {
  DOCUMENT_POSITION_DISCONNECTED: 1,
  DOCUMENT_POSITION_PRECEDING: 2,
  DOCUMENT_POSITION_FOLLOWING: 4,
  DOCUMENT_POSITION_CONTAINS: 8,
  DOCUMENT_POSITION_CONTAINED_BY: 16,
});

outerTargets.unshift(root, document.body, document);

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

const globals: Record<string, unknown> = {
  CharacterData: TextNode,
  Comment: CommentNode,
  Document,
  DocumentFragment: FragmentNode,
  Element: DomElement,
  HTMLElement: HtmlElement,
  HTMLMediaElement: MediaElement,
  MathMLElement: MathElement,
  MutationObserver,
  Node: TreeNode,
  SVGElement: SvgElement,
  Text: TextNode,
  customElements: {
    get: () => undefined,
    define(name: string): never {
      throw new Error(`customElements.define('${name}'): a module has no custom elements of its own. Use the component itself`);
    },
  },
  document,
  getComputedStyle,
  ...Object.fromEntries(Object.entries(interfaces).map(([name, tag]) => [name, classOf(tag)])),
};
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

function field(name: 'firstChild' | 'nextSibling') {
  return function (this: TreeNode): TreeNode | null {
    return this[name];
  };
}

function windowTarget(): OuterTarget {
  return outerTargets.at(-1)!;
}

function notTheModules(what: string): Error {
  return new Error(`${what} is the page's, not a module's. What is the page's stands in its HTML and its stylesheet`);
}
