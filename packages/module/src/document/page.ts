/**
 * `document` and what belongs to the page around the module's slot: there is
 * one document, its body is the slot, and events come from that slot alone.
 *
 * The body, the root element and the head are the page's own. A module may set
 * their styles, classes and attributes, and reads them back; the page does not
 * see it.
 */

import { createAnyElement } from './create';
import { viewportRectangle } from './layout';
import { TreeWalker, NodeFilter } from './walker';
import type { Listener, ListenOptions } from '../listeners';
import { console } from '../platform/console';
import { environment, windowEvents } from '../platform/environment';
import type { Event } from '../platform/event-target';
import { OuterTarget } from '../propagate';
import { CommentNode, ElementNode, focusedElement, FragmentNode, ParentNode, slot, TextNode, TreeNode } from '../tree';

const warned = new Set<string>();

/** An element that is the page's: what is set is kept, and shown nowhere. */
export class PageElement extends ElementNode {
  /** Its place in the way of events. @internal */
  readonly outer: OuterTarget;

  constructor(localName: string) {
    super(localName, 0);
    this.outer = new OuterTarget([], this);
  }

  override get isConnected(): boolean {
    return true;
  }
  override getRootNode(): TreeNode {
    return this;
  }

  override addEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    this.outer.addEventListener(type, callback, options);
  }
  override removeEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    this.outer.removeEventListener(type, callback, options);
  }
  override dispatchEvent(event: Event): boolean {
    return this.outer.dispatchEvent(event);
  }
  override listen(type: string, options: ListenOptions = {}): void {
    slot.listen(type, options);
  }

  override setAttribute(name: string, given: string | null, namespace = 0): void {
    super.setAttribute(name, given, namespace);
    if (given === null || warned.has(this.localName)) return;
    warned.add(this.localName);
    console.warn(
      `the attribute \`${name}\` of <${this.localName}> is set for this module alone: the element is the page's, and what is the page's stands in its ` +
        'HTML and its stylesheet. Libraries lock scrolling so; it is not locked',
    );
  }

  /** The page has the focus, and no element of the module. */
  override focus(): void {
    focusedElement()?.blur();
  }

  get clientWidth(): number {
    return environment.viewport.width;
  }
  get clientHeight(): number {
    return environment.viewport.height;
  }
  get offsetWidth(): number {
    return environment.viewport.width;
  }
  get offsetHeight(): number {
    return environment.viewport.height;
  }
  get scrollWidth(): number {
    return environment.viewport.width;
  }
  get scrollHeight(): number {
    return environment.viewport.height;
  }
  getBoundingClientRect(): Record<string, unknown> {
    return viewportRectangle();
  }
}

/** Styles and scripts that libraries put there at run time reach no page. */
class Head extends PageElement {
  override insertBefore<T extends TreeNode>(child: T, anchor: TreeNode | null): T {
    const name = child instanceof ElementNode ? child.localName : '';
    if (name !== '' && !warned.has(`head ${name}`)) {
      warned.add(`head ${name}`);
      console.warn(
        `a <${name}> that is put into document.head has no effect: the head is the page's. ` +
          (name === 'style' ? 'A module\'s stylesheet is made by its build: import the library\'s .css file, or write the rules in one' : 'Write it in the page\'s HTML'),
      );
    }
    return super.insertBefore(child, anchor);
  }
}

/** `document.body`: its children are those of the slot, and what is added goes to the end, behind what an app is mounted as. */
class Body extends PageElement {
  /** Between the two, from when something is first put into the body. @internal */
  start: TextNode | null = null;

  constructor() {
    super('body');
    Object.defineProperties(this, { firstChild: { get: () => slot.firstChild }, lastChild: { get: () => slot.lastChild } });
  }

  override insertBefore<T extends TreeNode>(child: T, anchor: TreeNode | null): T {
    this.start ??= slot.appendChild(new TextNode());
    return slot.insertBefore(child, anchor);
  }
  override removeChild<T extends TreeNode>(child: T): T {
    return slot.removeChild(child);
  }
  override clear(): void {
    throw new Error('document.body cannot be emptied: it is what the module shows. Remove the elements that you have put into it');
  }
  override contains(node: TreeNode | null): boolean {
    return node === this || slot.contains(node);
  }
  override get textContent(): string {
    return slot.textContent;
  }
  override set textContent(_text: string) {
    this.clear();
  }
  override querySelector(selector: string): ElementNode | null {
    return slot.querySelector(selector);
  }
  override querySelectorAll(selector: string): ElementNode[] {
    return slot.querySelectorAll(selector);
  }
}

class Html extends PageElement {
  override contains(node: TreeNode | null): boolean {
    return node === this || node === document.head || document.body.contains(node);
  }
  override get children(): ElementNode[] {
    return [document.head, document.body];
  }
  override querySelector(selector: string): ElementNode | null {
    return document.querySelector(selector);
  }
  override querySelectorAll(selector: string): ElementNode[] {
    return document.querySelectorAll(selector);
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
  readonly parentNode = null;
  readonly isConnected = true;
  readonly body = new Body();
  readonly head: PageElement = new Head('head');
  readonly documentElement: PageElement = new Html('html');
  readonly styleSheets: never[] = [];
  readonly fullscreenElement = null;
  readonly pointerLockElement = null;

  get defaultView(): unknown {
    return globalThis;
  }
  get scrollingElement(): PageElement {
    return this.documentElement;
  }
  get location(): unknown {
    return (globalThis as { location?: unknown }).location;
  }
  get baseURI(): string {
    return String(this.location);
  }
  get URL(): string {
    return String(this.location);
  }
  /** Whoever asks wants to know of the next change as well: from now on the page tells of each. */
  get activeElement(): ElementNode {
    followFocus();
    return focusedElement() ?? this.body;
  }
  hasFocus(): boolean {
    return environment.visible;
  }
  get visibilityState(): 'visible' | 'hidden' {
    return environment.visible ? 'visible' : 'hidden';
  }
  get hidden(): boolean {
    return !environment.visible;
  }
  get title(): string {
    return '';
  }
  set title(_title: string) {
    throw new Error('document.title is the page\'s, not a module\'s. What is the page\'s stands in its HTML and its stylesheet');
  }

  override addEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (ofWindow.has(type)) windowEvents.addEventListener(type, callback, options);
    else super.addEventListener(type, callback, options);
  }
  override removeEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (ofWindow.has(type)) windowEvents.removeEventListener(type, callback, options);
    else super.removeEventListener(type, callback, options);
  }

  createElement(name: string): ElementNode {
    return createAnyElement(htmlNamespace, name);
  }
  createElementNS(namespace: string | null, name: string): ElementNode {
    return createAnyElement(namespace, name);
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
  createTreeWalker(root: TreeNode, whatToShow = NodeFilter.SHOW_ALL, filter: ConstructorParameters<typeof TreeWalker>[2] = null): TreeWalker {
    return new TreeWalker(root, whatToShow, filter);
  }
  importNode<T extends TreeNode>(node: T, deep = false): T {
    return node.cloneNode(deep);
  }
  adoptNode<T extends TreeNode>(node: T): T {
    node.remove();
    return node;
  }

  contains(node: unknown): boolean {
    return node === this || (node instanceof TreeNode && this.documentElement.contains(node));
  }
  getRootNode(): this {
    return this;
  }
  getElementById(id: string): ElementNode | null {
    return slot.querySelectorAll('[id]').find((element) => element.id === id) ?? null;
  }
  getElementsByClassName(names: string): ElementNode[] {
    return slot.querySelectorAll(names.trim().split(/\s+/).map((name) => `.${name}`).join(''));
  }
  getElementsByTagName(name: string): ElementNode[] {
    return this.querySelectorAll(name);
  }
  /** `body`, `html` and `head` by their names. In a selector of more than that they do not stand. */
  querySelector(selector: string): ElementNode | null {
    return this.#own(selector) ?? slot.querySelector(selector);
  }
  querySelectorAll(selector: string): ElementNode[] {
    const own = this.#own(selector);
    return own === null ? slot.querySelectorAll(selector) : [own];
  }
  elementFromPoint(): null {
    return null;
  }
  elementsFromPoint(): never[] {
    return [];
  }
  getSelection(): null {
    return null;
  }

  #own(selector: string): PageElement | null {
    switch (selector.trim().toLowerCase()) {
      case 'body':
        return this.body;
      case 'html':
      case ':root':
        return this.documentElement;
      case 'head':
        return this.head;
      default:
        return null;
    }
  }
}

const htmlNamespace = 'http://www.w3.org/1999/xhtml';

/** Events of the document that the platform raises at the window. */
const ofWindow = new Set(['visibilitychange']);

export const document = new Document();

/**
 * Where what was put into `document.body` begins: a renderer whose root is the
 * slot inserts in front of it. Null: nothing was.
 */
export function bodyStart(): TextNode | null {
  return document.body.start;
}

let follows = false;

/** What has the focus is told by events alone. */
function followFocus(): void {
  if (follows) return;
  follows = true;
  for (const type of ['focusin', 'focusout']) slot.addEventListener(type, () => {}, { passive: true });
}

export type { ParentNode };
