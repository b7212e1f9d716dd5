/**
 * The shadow tree: the module's own picture of what stands in its slot.
 *
 * Framework renderers write to it and read from it synchronously; it emits
 * operations for the part that the host knows.
 *
 * **A node gets an index late and loses it early.** The host hears of a node
 * when it comes to stand below the slot (or below another node that the host
 * knows), not when it is created: what a framework renders and throws away
 * costs nothing. A node that is taken out of the tree is detached at once, and
 * freed with all below it if it is still out at the end of the turn. It may be
 * inserted again all the same, at any time: the shadow tree has everything that
 * is needed to describe it anew. What is lost then is what the browser alone
 * knows (focus, scroll offsets), as it is when the DOM takes a node out.
 * So there is nothing to keep alive by hand, for portals and cached subtrees
 * neither.
 */

import { ClassList } from './class-list';
import { describeTree, following, forget, ops, takeOut, unknown } from './known';
import { Handlers, type Listener, type ListenOptions } from './listeners';
import type { CommandName } from './ops';
import type { Event } from './platform/event-target';
import { listenOptions, pathFrom, propagate, OuterTarget, setRoot } from './propagate';
import { defineReflections, type Reflections } from './properties';
import { compileSelector } from './selector';
import { declareStyle, type StyleDeclaration } from './style';
import { attributeKey, dataAttribute, setAttribute, type Shape } from './templates';
import { watcher } from './watch';

/** The value of a select that shows no option. Of the private use area: no option has it. */
const noOption = '\u{f8ff}none';

let made = 0;

export abstract class TreeNode {
  /** The node's name at the host, or -1 while the host does not know it. */
  index = unknown;
  parentNode: ParentNode | null = null;
  previousSibling: TreeNode | null = null;
  nextSibling: TreeNode | null = null;
  firstChild: TreeNode | null = null;
  /** Counts the nodes as they are made: their order where they stand in trees that do not hang together, as in browsers. */
  private readonly serial = ++made;
  /** Sequence number of the last event that the module has seen of this node. */
  lastEvent = 0;
  /** @internal */
  handlers: Handlers | null = null;

  /** Not `Object`: Vue would make a ref's node reactive, and hand out proxies of it that are no nodes of the tree. */
  get [Symbol.toStringTag](): string {
    return 'Node';
  }

  abstract readonly nodeType: number;
  abstract readonly nodeName: string;
  /** Makes the node itself known, without its children: in one operation, or it throws and writes none. @internal */
  abstract describe(index: number): void;

  /** True if the node stands below the slot. */
  get isConnected(): boolean {
    return this.getRootNode() === slot;
  }

  /** The parent, unless that is the slot. */
  get parentElement(): ElementNode | null {
    return this.parentNode instanceof ElementNode ? this.parentNode : null;
  }

  /** The slot, or the top of a tree that stands nowhere. */
  getRootNode(): TreeNode {
    let top: TreeNode = this;
    while (top.parentNode !== null) top = top.parentNode;
    return top;
  }

  contains(other: TreeNode | null): boolean {
    for (let at = other; at !== null; at = at.parentNode) if (at === this) return true;
    return false;
  }

  /** Takes the node out of its parent. It may be inserted again. */
  remove(): void {
    if (this.parentNode === null) return;
    this.parentNode.unlink(this);
    if (this.index !== unknown) {
      takeOut(this);
    }
  }

  /** Takes the node out for good: one operation less than `remove`. Inserting it again works, and makes new nodes. */
  destroy(): void {
    this.parentNode?.unlink(this);
    if (this.index !== unknown) {
      ops.remove(this.index);
      forget(this);
    }
  }

  /** As DOM's: bits 1 disconnected, 2 `other` is before this, 4 behind it, 8 around it, 16 inside of it. */
  compareDocumentPosition(other: TreeNode): number {
    if (other === this) return 0;
    const [above, otherAbove] = [ancestors(this), ancestors(other)];
    if (above[0] !== otherAbove[0]) return 1 | 32 | (this.serial < other.serial ? 4 : 2);
    let fork = 0;
    while (above[fork] !== undefined && above[fork] === otherAbove[fork]) fork++;
    if (fork === above.length) return 4 | 16;
    if (fork === otherAbove.length) return 2 | 8;
    for (let at: TreeNode | null = above[fork]!; at !== null; at = at.nextSibling) if (at === otherAbove[fork]) return 4;
    return 2;
  }

  /** A copy without listeners and live state, standing nowhere. */
  cloneNode(deep = false): this {
    const copy = this.copy() as this;
    if (deep && copy instanceof ParentNode) {
      for (let child = this.firstChild; child !== null; child = child.nextSibling) copy.appendChild(child.cloneNode(true));
    }
    return copy;
  }

  /** The node alone. @internal */
  protected abstract copy(): TreeNode;

  /** Inserts in front of this node. Texts may be given as strings; of a fragment, its children are inserted. */
  before(...nodes: (TreeNode | string)[]): void {
    const parent = this.parentNode;
    if (parent !== null) for (const node of nodes) parent.insertBefore(nodeOf(node), this);
  }

  after(...nodes: (TreeNode | string)[]): void {
    const parent = this.parentNode;
    if (parent === null) return;
    const next = this.nextSibling;
    for (const node of nodes) parent.insertBefore(nodeOf(node), next);
  }

  replaceWith(...nodes: (TreeNode | string)[]): void {
    this.before(...nodes);
    if (!nodes.includes(this)) this.remove();
  }

  addEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (callback !== null) this.#ownHandlers().add(type, callback, listenOptions(options));
  }

  removeEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (callback !== null) this.handlers?.remove(type, callback, listenOptions(options).capture === true);
  }

  /** Raises an event of the app's own: it goes through the module's tree, and nowhere else. False: its default was prevented. */
  dispatchEvent(event: Event): boolean {
    const path = pathFrom(this);
    event.target = this;
    event.path = path.map((at) => (at instanceof OuterTarget ? at.self : at));
    propagate(event, path);
    return !event.defaultPrevented;
  }

  /**
   * Asks for events of a type without a callback, for renderers that dispatch
   * by themselves ({@link onEvent}). Replaces an earlier call for the type.
   */
  listen(type: string, options: ListenOptions = {}): void {
    this.#ownHandlers().declare(type, options);
  }

  unlisten(type: string): void {
    this.handlers?.declare(type, null);
  }

  #ownHandlers(): Handlers {
    return (this.handlers ??= new Handlers(this, (type, flags, filter) => {
      if (flags >= 0) heard?.(type);
      if (this.index === unknown) return;
      if (flags < 0) ops.unlisten(this.index, type);
      else ops.listen(this.index, type, flags, filter);
    }));
  }
}

export abstract class ParentNode extends TreeNode {
  lastChild: TreeNode | null = null;

  get childNodes(): TreeNode[] {
    const nodes = [];
    for (let child = this.firstChild; child !== null; child = child.nextSibling) nodes.push(child);
    return nodes;
  }

  /** The element children. */
  get children(): ElementNode[] {
    return this.childNodes.filter((child): child is ElementNode => child instanceof ElementNode);
  }

  /** Inserts `child` before `anchor`, at the end if that is null. A child that has a parent moves; of a fragment, the children do. */
  insertBefore<T extends TreeNode>(child: T, anchor: TreeNode | null): T {
    if (child instanceof FragmentNode) {
      while (child.firstChild !== null) this.insertBefore(child.firstChild, anchor);
      return child;
    }
    if (anchor !== null && anchor.parentNode !== this) {
      throw new Error(`insertBefore: <${anchor.nodeName}> is not a child of <${this.nodeName}>`);
    }
    if ((child as TreeNode) === slot || (child as TreeNode) === this || (child.firstChild !== null && child.contains(this))) {
      throw new Error(`insertBefore: <${child.nodeName}> cannot stand in <${this.nodeName}>, which is inside it`);
    }
    const before = anchor === (child as TreeNode) ? child.nextSibling : anchor;
    child.parentNode?.unlink(child);
    this.#link(child, before);
    watcher?.children(this, child, null);
    if (this.index !== unknown) {
      if (child.index === unknown) describeTree(child);
      ops.insert(this.index, child.index, anchorIndex(before));
    } else if (child.index !== unknown) {
      takeOut(child);
    }
    return child;
  }

  appendChild<T extends TreeNode>(child: T): T {
    return this.insertBefore(child, null);
  }

  append(...nodes: (TreeNode | string)[]): void {
    for (const node of nodes) this.insertBefore(nodeOf(node), null);
  }

  prepend(...nodes: (TreeNode | string)[]): void {
    const first = this.firstChild;
    for (const node of nodes) this.insertBefore(nodeOf(node), first);
  }

  replaceChildren(...nodes: (TreeNode | string)[]): void {
    while (this.firstChild !== null) this.firstChild.remove();
    this.append(...nodes);
  }

  hasChildNodes(): boolean {
    return this.firstChild !== null;
  }

  get firstElementChild(): ElementNode | null {
    return this.children[0] ?? null;
  }

  get lastElementChild(): ElementNode | null {
    return this.children.at(-1) ?? null;
  }

  get childElementCount(): number {
    return this.children.length;
  }

  /** The first element below that the selector matches; see `selector.ts` for what a selector may be. */
  querySelector(selector: string): ElementNode | null {
    const matches = compileSelector(selector);
    for (const node of walk(this)) if (node instanceof ElementNode && matches(node, this)) return node;
    return null;
  }

  querySelectorAll(selector: string): ElementNode[] {
    const matches = compileSelector(selector);
    return [...walk(this)].filter((node): node is ElementNode => node instanceof ElementNode && matches(node, this));
  }

  /** `remove` with a check of the parent. */
  removeChild<T extends TreeNode>(child: T): T {
    if (child.parentNode !== this) throw new Error(`removeChild: <${child.nodeName}> is not a child of <${this.nodeName}>`);
    child.remove();
    return child;
  }

  get textContent(): string {
    let text = '';
    for (const node of walk(this)) if (node instanceof TextNode) text += node.data;
    return text;
  }

  /** Replaces the children by one text; by nothing if it is empty. A single text child is kept and changed. */
  set textContent(text: string) {
    const only = this.firstChild;
    if (only instanceof TextNode && only === this.lastChild && text !== '') {
      only.data = text;
      return;
    }
    this.clear();
    if (text !== '') this.appendChild(new TextNode(text));
  }

  /** Removes all children for good. */
  clear(): void {
    while (this.lastChild !== null) this.lastChild.destroy();
  }

  #link(child: TreeNode, before: TreeNode | null): void {
    const after = before === null ? this.lastChild : before.previousSibling;
    child.parentNode = this;
    child.previousSibling = after;
    child.nextSibling = before;
    if (after === null) this.firstChild = child;
    else after.nextSibling = child;
    if (before === null) this.lastChild = child;
    else before.previousSibling = child;
  }

  /** @internal */
  unlink(child: TreeNode): void {
    const { previousSibling, nextSibling } = child;
    if (previousSibling === null) this.firstChild = nextSibling;
    else previousSibling.nextSibling = nextSibling;
    if (nextSibling === null) this.lastChild = previousSibling;
    else nextSibling.previousSibling = previousSibling;
    child.parentNode = child.previousSibling = child.nextSibling = null;
    watcher?.children(this, null, child);
  }
}

/** The root: the module's mount point in the page. Known to the host from the first turn on. */
export class SlotNode extends ParentNode {
  readonly nodeType = 11;
  readonly nodeName = '#slot';

  describe(): void {}

  protected copy(): never {
    throw new Error('the slot is one, and cannot be copied');
  }
}

/** A list of nodes on their way into a tree. It is never in one itself. */
export class FragmentNode extends ParentNode {
  readonly nodeType = 11;
  readonly nodeName = '#document-fragment';

  describe(): never {
    throw new Error('a fragment stands in no tree');
  }

  protected copy(): FragmentNode {
    return new FragmentNode();
  }
}

/** Data of a text or a comment. */
export abstract class DataNode extends TreeNode {
  /** `data`, without the way over an accessor. @internal */
  content: string;

  constructor(data = '') {
    super();
    this.content = String(data);
  }

  get data(): string {
    return this.content;
  }

  set data(data: string) {
    if (data === this.content) return;
    this.content = data;
    if (this.index !== unknown) ops.setText(this.index, data);
  }

  get textContent(): string {
    return this.content;
  }
  set textContent(data: string) {
    this.data = data;
  }

  get nodeValue(): string {
    return this.content;
  }
  set nodeValue(data: string) {
    this.data = data;
  }
}

export class TextNode extends DataNode {
  readonly nodeType = 3;
  readonly nodeName = '#text';

  describe(index: number): void {
    ops.text(index, this.data);
  }

  protected copy(): TextNode {
    return new TextNode(this.data);
  }
}

export class CommentNode extends DataNode {
  readonly nodeType = 8;
  readonly nodeName = '#comment';

  describe(index: number): void {
    ops.comment(index, this.data);
  }

  protected copy(): CommentNode {
    return new CommentNode(this.data);
  }
}

export type FlagName = 'checked' | 'indeterminate' | 'selected' | 'muted';
export type ScrollName = 'scrollTop' | 'scrollLeft';

/** What the module knows of a form control's live state: set by the module, or told by events. */
interface LiveState {
  value?: string;
  checked?: boolean;
  indeterminate?: boolean;
  selected?: boolean;
  muted?: boolean;
  scrollTop?: number;
  scrollLeft?: number;
  selection?: [number, number] | null;
  /** Entries of the form that was submitted last. */
  entries?: [string, string][];
}

export class ElementNode extends ParentNode {
  readonly nodeType = 1;
  readonly localName: string;
  /** 0 HTML, 1 SVG, 2 MathML. */
  readonly namespace: number;
  /** By {@link attributeKey}, in the order in which they were set. @internal */
  attributes: Map<string, string> | null = null;
  /** As of the last time that the element was described. @internal */
  shape: Shape | null = null;
  private declaration: StyleDeclaration | null = null;
  private classes: ClassList | null = null;
  /** @internal */
  live: LiveState | null = null;

  constructor(localName: string, namespace: number) {
    super();
    this.localName = localName;
    this.namespace = namespace;
    // What the edge shows over the page: https://html.spec.whatwg.org/#the-popover-attribute
    if (localName === 'pc-overlay') this.attributes = new Map([['popover', 'manual']]);
  }

  /** As in the DOM: upper case for HTML. */
  get nodeName(): string {
    return this.namespace === 0 ? this.localName.toUpperCase() : this.localName;
  }

  get tagName(): string {
    return this.nodeName;
  }

  /** `namespace`: 0 none, 3 XLink, 4 XML, 5 XMLNS. `null` removes. */
  setAttribute(name: string, given: string | null, namespace = 0): void {
    const key = attributeKey(name, namespace);
    if (given === null) {
      if (this.attributes?.delete(key) !== true) return;
      if (this.index !== unknown) ops.removeAttribute(this.index, name, namespace);
      watcher?.attribute(this, name);
      return;
    }
    // Whoever writes without types writes numbers, too.
    const value = String(given);
    this.attributes ??= new Map();
    if (this.attributes.get(key) === value) return;
    this.attributes.set(key, value);
    if (this.index !== unknown) ops.setAttribute(this.index, name, value, namespace);
    watcher?.attribute(this, name);
  }

  removeAttribute(name: string, namespace = 0): void {
    this.setAttribute(name, null, namespace);
  }

  getAttribute(name: string, namespace = 0): string | null {
    return this.attributes?.get(attributeKey(name, namespace)) ?? null;
  }

  /** The names in no namespace. */
  getAttributeNames(): string[] {
    return [...(this.attributes?.keys() ?? [])].filter((key) => !key.includes(' '));
  }

  protected copy(): ElementNode {
    const copy = new ElementNode(this.localName, this.namespace);
    this.copyAttributes(copy);
    return copy;
  }

  /** To a new element that the host does not know. @internal */
  protected copyAttributes(to: ElementNode): void {
    if (this.attributes !== null) to.attributes = new Map(this.attributes);
  }

  matches(selector: string): boolean {
    return compileSelector(selector)(this, this);
  }

  /** This element or the closest above it that the selector matches. */
  closest(selector: string): ElementNode | null {
    const matches = compileSelector(selector);
    for (let at: TreeNode | null = this; at !== null; at = at.parentNode) if (at instanceof ElementNode && matches(at, this)) return at;
    return null;
  }

  get nextElementSibling(): ElementNode | null {
    for (let at = this.nextSibling; at !== null; at = at.nextSibling) if (at instanceof ElementNode) return at;
    return null;
  }

  get previousElementSibling(): ElementNode | null {
    for (let at = this.previousSibling; at !== null; at = at.previousSibling) if (at instanceof ElementNode) return at;
    return null;
  }

  hasAttribute(name: string, namespace = 0): boolean {
    return this.getAttribute(name, namespace) !== null;
  }

  /** Of a form control. */
  get type(): string {
    const type = this.getAttribute('type');
    if (this.localName === 'select') return this.hasAttribute('multiple') ? 'select-multiple' : 'select-one';
    if (this.localName === 'textarea') return 'textarea';
    return type ?? (this.localName === 'button' ? 'submit' : this.localName === 'input' ? 'text' : '');
  }

  set type(value: string) {
    this.setAttribute('type', value);
  }

  /** The `data-` attributes, with names in camel case. */
  get dataset(): Record<string, string> {
    const data: Record<string, string> = {};
    for (const [name, value] of this.attributes ?? []) {
      if (name.startsWith('data-')) data[name.slice(5).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())] = value;
    }
    return new Proxy(data, {
      set: (known, name, value) => {
        this.setAttribute(dataAttribute(String(name)), String(value));
        return Reflect.set(known, name, String(value));
      },
      deleteProperty: (known, name) => {
        this.setAttribute(dataAttribute(String(name)), null);
        return Reflect.deleteProperty(known, name);
      },
    });
  }

  /** The closest `form`. */
  get form(): ElementNode | null {
    return closest(this.parentNode, 'form');
  }

  get className(): string {
    return this.getAttribute('class') ?? '';
  }

  set className(value: string) {
    this.setAttribute('class', value);
  }

  get classList(): ClassList {
    return (this.classes ??= new ClassList(this));
  }

  /** The declarations of the attribute `style`. To be set as text, too; `styleText` makes it from an object. */
  get style(): StyleDeclaration {
    return (this.declaration ??= declareStyle(this));
  }

  set style(value: string) {
    this.setAttribute('style', value === '' ? null : value);
  }

  get value(): string {
    if (this.localName === 'select') return this.selectedOptions[0]?.value ?? '';
    if (isToggle(this)) return this.getAttribute('value') ?? 'on';
    const live = this.live?.value;
    if (live !== undefined) return live;
    if (this.localName === 'textarea') return this.textContent;
    if (this.localName === 'option') return this.getAttribute('value') ?? optionText(this);
    return this.getAttribute('value') ?? '';
  }

  /** Of an option, a check box and a radio button: the attribute. Of a select: chooses the first option of this value, or none. */
  set value(given: string) {
    const value = given === null ? '' : String(given);
    switch (this.localName) {
      case 'select':
        this.selectedIndex = this.options.findIndex((option) => option.value === value);
        return;
      case 'option':
        this.setAttribute('value', value);
        return;
      default:
        if (isToggle(this)) this.setAttribute('value', value);
        else this.#setValue(value);
    }
  }

  /** What the value is as long as nobody has changed it. */
  get defaultValue(): string {
    return this.localName === 'textarea' ? this.textContent : (this.getAttribute('value') ?? '');
  }

  get valueAsNumber(): number {
    return this.value === '' ? NaN : Number(this.value);
  }

  get checked(): boolean {
    return this.live?.checked ?? this.hasAttribute('checked');
  }

  set checked(value: boolean) {
    this.#setFlag('checked', value);
    if (value) uncheckGroup(this);
  }

  get indeterminate(): boolean {
    return this.live?.indeterminate ?? false;
  }

  set indeterminate(value: boolean) {
    this.#setFlag('indeterminate', value);
  }

  /** Of an option. */
  get selected(): boolean {
    return this.live?.selected ?? this.hasAttribute('selected');
  }

  /** In a select that takes one option, the others are no longer selected then. */
  set selected(value: boolean) {
    const owner = value ? closest(this, 'select') : null;
    if (owner !== null && !owner.multiple) owner.#choose(this);
    else this.#setFlag('selected', value);
  }

  get muted(): boolean {
    return this.live?.muted ?? this.hasAttribute('muted');
  }

  set muted(value: boolean) {
    this.#setFlag('muted', value);
  }

  get scrollTop(): number {
    return this.live?.scrollTop ?? 0;
  }

  set scrollTop(value: number) {
    this.#setScroll('scrollTop', value);
  }

  get scrollLeft(): number {
    return this.live?.scrollLeft ?? 0;
  }

  set scrollLeft(value: number) {
    this.#setScroll('scrollLeft', value);
  }

  /** UTF-16 offsets as of the last event, or as set since. */
  get selectionStart(): number | null {
    return this.live?.selection?.[0] ?? null;
  }

  set selectionStart(start: number | null) {
    if (start !== null) this.setSelectionRange(start, Math.max(start, this.selectionEnd ?? start));
  }

  get selectionEnd(): number | null {
    return this.live?.selection?.[1] ?? null;
  }

  set selectionEnd(end: number | null) {
    if (end !== null) this.setSelectionRange(Math.min(end, this.selectionStart ?? end), end);
  }

  setSelectionRange(start: number, end: number): void {
    (this.live ??= {}).selection = [start, end];
    if (this.index !== unknown) ops.setSelection(this.index, this.lastEvent, start, end);
  }

  /** Of a select: its options in tree order, also those in groups. */
  get options(): ElementNode[] {
    const options = [];
    for (const node of walk(this)) if (node instanceof ElementNode && node.localName === 'option') options.push(node);
    return options;
  }

  /** Of a select. One that takes a single option and has none selected shows the first that is enabled. */
  get selectedOptions(): ElementNode[] {
    const options = this.options;
    const selected = options.filter((option) => option.selected);
    if (this.multiple || this.live?.value === noOption) return selected;
    const shown = selected.at(-1) ?? options.find((option) => !option.hasAttribute('disabled'));
    return shown === undefined ? [] : [shown];
  }

  get selectedIndex(): number {
    const selected = this.selectedOptions[0];
    return selected === undefined ? -1 : this.options.indexOf(selected);
  }

  /** Chooses this option alone; -1: none. */
  set selectedIndex(index: number) {
    if (this.localName === 'select') this.#choose(this.options[index] ?? null);
  }

  focus(): void {
    if (this.isConnected) setFocused(this, true);
    this.call('focus');
  }

  blur(): void {
    setFocused(this, false);
    this.call('blur');
  }

  select(): void {
    this.call('select');
  }

  scrollIntoView(): void {
    this.call('scrollIntoView');
  }

  /** Of a dialog. */
  showModal(): void {
    this.call('showModal');
  }

  close(): void {
    this.call('close');
  }

  /** A command to the browser. No effect on a node that stands nowhere, as in the DOM. */
  call(command: CommandName): void {
    if (this.index !== unknown) ops.call(this.index, command);
  }

  describe(index: number): void {
    ops.create(index, this.localName, this.namespace);
  }

  /** @internal */
  describeAttributes(): void {
    if (this.attributes === null) return;
    for (const [key, value] of this.attributes) setAttribute(ops, this.index, key, value);
  }

  /** Live state is written after the children: a select's value needs its options. @internal */
  describeLive(): void {
    const { live, index } = this;
    if (live === null) return;
    if (live.value !== undefined) ops.setValue(index, 0, live.value);
    for (const flag of ['checked', 'indeterminate', 'selected', 'muted'] as const) {
      const value = live[flag];
      if (value !== undefined) ops.setFlag(index, flag, 0, value);
    }
    for (const offset of ['scrollTop', 'scrollLeft'] as const) {
      const value = live[offset];
      if (value !== undefined) ops.setScroll(index, offset, 0, value);
    }
  }

  /** Of a select. */
  #choose(chosen: ElementNode | null): void {
    for (const option of this.options) if (option.selected !== (option === chosen)) option.#setFlag('selected', option === chosen);
    if (this.multiple) return;
    // Without a selected option the browser would show the first: only a value that none has says "none".
    if (chosen === null) this.#setValue(noOption);
    else if (this.live?.value !== undefined) this.#setValue(chosen.value);
  }

  #setValue(value: string): void {
    (this.live ??= {}).value = value;
    if (this.index !== unknown) ops.setValue(this.index, this.lastEvent, value);
  }

  #setFlag(name: FlagName, value: boolean): void {
    (this.live ??= {})[name] = value;
    if (this.index === unknown) return;
    // An option raises no events of its own: the knowledge comes from its select's.
    const answers = name === 'selected' ? (closest(this, 'select')?.lastEvent ?? 0) : this.lastEvent;
    ops.setFlag(this.index, name, answers, value);
  }

  #setScroll(name: ScrollName, value: number): void {
    (this.live ??= {})[name] = value;
    if (this.index !== unknown) ops.setScroll(this.index, name, this.lastEvent, value);
  }
}

export interface ElementNode extends Reflections {}
defineReflections(ElementNode.prototype);

/** Called when a node begins to listen to a type. @internal */
export function onListen(call: (type: string) => void): void {
  heard = call;
}

let heard: ((type: string) => void) | null = null;

export const slot = new SlotNode();
setRoot(slot);

/** The element of this module that has the focus, as far as the module was told or has asked for it. */
export function focusedElement(): ElementNode | null {
  return focused?.isConnected ? focused : null;
}

/** @internal */
export function setFocused(element: ElementNode, has: boolean): void {
  if (has) focused = element;
  else if (focused === element) focused = null;
}

let focused: ElementNode | null = null;

export function createElement(localName: string, namespace = 0): ElementNode {
  return new ElementNode(localName, namespace);
}

export function createText(data: string): TextNode {
  return new TextNode(data);
}

export function createComment(data: string): CommentNode {
  return new CommentNode(data);
}

/** A check box or a radio button. */
export function isToggle(element: ElementNode): boolean {
  return element.localName === 'input' && /^(checkbox|radio)$/i.test(element.getAttribute('type') ?? '');
}

/** What an option shows, and its value where it has none of its own. */
export function optionText(option: ElementNode): string {
  return option.textContent.replace(/[\t\n\f\r ]+/g, ' ').replace(/^ | $/g, '');
}

/** The closest element of this name at or above `node`. */
export function closest(node: TreeNode | null, localName: string): ElementNode | null {
  for (let at = node; at !== null; at = at.parentNode) if (at instanceof ElementNode && at.localName === localName) return at;
  return null;
}

/** The nodes below `root` in tree order. */
export function* walk(root: TreeNode): Generator<TreeNode, void> {
  for (let node = root.firstChild; node !== null; node = following(node, root)) yield node;
}

/** The radio buttons of one group with `radio`, without itself. */
export function radioGroup(radio: ElementNode): ElementNode[] {
  const name = radio.getAttribute('name');
  if (radio.getAttribute('type') !== 'radio' || !name) return [];
  const form = closest(radio, 'form');
  let top: TreeNode = form ?? radio;
  while (form === null && top.parentNode !== null) top = top.parentNode;
  const group = [];
  for (const node of walk(top)) {
    if (node !== radio && node instanceof ElementNode && node.localName === 'input' && node.getAttribute('name') === name) {
      if (node.getAttribute('type') === 'radio' && closest(node, 'form') === form) group.push(node);
    }
  }
  return group;
}

/** A browser clears the other radio buttons of a group by itself. @internal */
export function uncheckGroup(radio: ElementNode): void {
  for (const other of radioGroup(radio)) if (other.checked) (other.live ??= {}).checked = false;
}

/** The first turn has begun: what stands in the slot already is described. @internal */
export function attachSlot(): void {
  if (slot.index !== unknown) return;
  describeTree(slot);
}

/** Of the first node from here on that the host knows: one that could not be described is not there. 0: none. */
function anchorIndex(before: TreeNode | null): number {
  let at = before;
  while (at !== null && at.index === unknown) at = at.nextSibling;
  return at === null ? 0 : at.index;
}

/** From the top down to the node itself. */
function ancestors(node: TreeNode): TreeNode[] {
  const above: TreeNode[] = [];
  for (let at: TreeNode | null = node; at !== null; at = at.parentNode) above.unshift(at);
  return above;
}

function nodeOf(node: TreeNode | string): TreeNode {
  return node instanceof TreeNode ? node : new TextNode(String(node));
}
