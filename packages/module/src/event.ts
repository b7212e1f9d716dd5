/** An event of the page as a module sees it, and its way through the module's tree. */

import { clock } from './platform/clock';
import { console } from './platform/console';
import type { Detail, EventInput } from './glue';
import { Event } from './platform/event-target';
import { OuterTarget, pathFrom, propagate, rootListeners, type Propagating, type RootListener } from './propagate';
import { nodeAt } from './known';
import { ElementNode, isToggle, setFocused, uncheckGroup, type TreeNode } from './tree';

/**
 * The fields of UIEvent, MouseEvent, PointerEvent, WheelEvent, KeyboardEvent
 * and InputEvent in one class; what an event does not have is 0, empty or null,
 * as in the DOM.
 */
export class ModuleEvent {
  readonly type: string;
  readonly target: TreeNode;
  /** 1 capturing, 2 at the target, 3 bubbling, 0 done. */
  eventPhase = 0;
  readonly bubbles: boolean;
  /** It happened in another module's slot inside of the target, a `pc-slot`. Listeners with `through` hear it. */
  readonly isNested: boolean;
  readonly cancelable = true;
  readonly composed = true;
  readonly isTrusted = true;
  /** Milliseconds on `performance.now()`'s scale. */
  readonly timeStamp: number;
  /** Always null: the page does not tell. */
  readonly relatedTarget: TreeNode | null = null;
  propagationStopped = false;
  immediatePropagationStopped = false;
  defaultPrevented = false;
  private readonly modifiers: number;
  private readonly payload: Detail | null;
  private current: TreeNode | null = null;

  constructor(input: EventInput, target: TreeNode) {
    this.type = input.type;
    this.target = target;
    this.bubbles = !doesNotBubble.has(input.type);
    this.isNested = (target as { localName?: string }).localName === 'pc-slot';
    this.timeStamp = clock.now();
    this.modifiers = input.modifiers;
    this.payload = input.detail;
  }

  get [Symbol.toStringTag](): string {
    return 'Event';
  }

  stopPropagation(): void {
    this.propagationStopped = true;
  }

  stopImmediatePropagation(): void {
    this.propagationStopped = this.immediatePropagationStopped = true;
  }

  get cancelBubble(): boolean {
    return this.propagationStopped;
  }
  set cancelBubble(stop: boolean) {
    if (stop) this.propagationStopped = true;
  }

  /** The node whose listener is called; `window` and a framework's `document` stand behind the slot. */
  get currentTarget(): TreeNode | null {
    return this.current;
  }
  set currentTarget(target: TreeNode | null) {
    this.current = target;
  }

  /**
   * Comes too late to have an effect: the browser has gone on. It works if it
   * was declared when listening, and says how to where it was not.
   */
  preventDefault(): void {
    this.defaultPrevented = true;
    for (let node: TreeNode | null = this.target; node !== null; node = node.parentNode) {
      if (node.handlers?.preventsDefault(this.type)) return;
    }
    if (warned.has(this.type)) return;
    warned.add(this.type);
    console.warn(`preventDefault() on \`${this.type}\` has no effect: the browser has gone on when a handler runs. Declare it instead: ${howToDeclare(this.type)}`);
  }

  /** The target, the nodes above it and the slot; then what stands around them, `window` last. */
  composedPath(): unknown[] {
    return pathFrom(this.target).map((at) => (at instanceof OuterTarget ? at.self : at));
  }

  get altKey(): boolean {
    return (this.modifiers & 1) !== 0;
  }
  get ctrlKey(): boolean {
    return (this.modifiers & 2) !== 0;
  }
  get metaKey(): boolean {
    return (this.modifiers & 4) !== 0;
  }
  get shiftKey(): boolean {
    return (this.modifiers & 8) !== 0;
  }
  get repeat(): boolean {
    return (this.modifiers & 16) !== 0;
  }
  get isComposing(): boolean {
    return (this.modifiers & 32) !== 0;
  }
  getModifierState(key: string): boolean {
    return { Alt: this.altKey, Control: this.ctrlKey, Meta: this.metaKey, Shift: this.shiftKey }[key] ?? false;
  }

  private get pointer() {
    return this.payload?.kind === 'pointer' ? this.payload : null;
  }
  private get wheel() {
    return this.payload?.kind === 'wheel' ? this.payload : null;
  }
  /** CSS pixels relative to the viewport. */
  get clientX(): number {
    return this.pointer?.x ?? this.wheel?.x ?? 0;
  }
  get clientY(): number {
    return this.pointer?.y ?? this.wheel?.y ?? 0;
  }
  get x(): number {
    return this.clientX;
  }
  get y(): number {
    return this.clientY;
  }
  /** As if the page were not scrolled: a module is not told. */
  get pageX(): number {
    return this.clientX;
  }
  get pageY(): number {
    return this.clientY;
  }
  /** As if the page's viewport were the screen. */
  get screenX(): number {
    return this.clientX;
  }
  get screenY(): number {
    return this.clientY;
  }
  get offsetX(): number {
    return this.pointer?.offsetX ?? 0;
  }
  get offsetY(): number {
    return this.pointer?.offsetY ?? 0;
  }
  get button(): number {
    return this.pointer?.button ?? 0;
  }
  get buttons(): number {
    return this.pointer?.buttons ?? 0;
  }
  get pointerId(): number {
    return this.pointer?.pointerId ?? 0;
  }
  get pointerType(): string {
    return this.pointer?.pointerType ?? '';
  }
  /** The page does not tell: each pointer counts as the first one. */
  get isPrimary(): boolean {
    return this.pointer !== null;
  }
  /** Number of clicks. */
  get detail(): number {
    return this.pointer?.count ?? 0;
  }
  get deltaX(): number {
    return this.wheel?.deltaX ?? 0;
  }
  get deltaY(): number {
    return this.wheel?.deltaY ?? 0;
  }
  get deltaMode(): number {
    return this.wheel?.deltaMode ?? 0;
  }
  get key(): string {
    return this.payload?.kind === 'key' ? this.payload.key : '';
  }
  get code(): string {
    return this.payload?.kind === 'key' ? this.payload.code : '';
  }
  /** Of keys without a text and of `Enter`, as old code asks for them; 229 while composing; of others the code of the upper case. */
  get keyCode(): number {
    if (this.payload?.kind !== 'key') return 0;
    if (this.isComposing) return 229;
    return keyCodes[this.key] ?? (this.key.length === 1 ? this.key.toUpperCase().charCodeAt(0) : 0);
  }
  get which(): number {
    return this.payload?.kind === 'key' ? this.keyCode : this.pointer === null ? 0 : this.button + 1;
  }
  get inputType(): string {
    return this.payload?.kind === 'edit' ? this.payload.inputType : '';
  }
  get data(): string | null {
    return this.payload?.kind === 'edit' ? this.payload.data : null;
  }
}

// Libraries tell an event from a value by `instanceof Event`.
Object.setPrototypeOf(ModuleEvent.prototype, Event.prototype);

/**
 * For renderers that dispatch by themselves: called for each event, the page's and those that an app dispatches, where a
 * listener of the slot would be called. `capture` before all listeners in the slot, `bubble` behind them, both unless
 * somebody stopped the event before.
 */
export function onEvent(bubble: (event: ModuleEvent) => void, capture?: (event: ModuleEvent) => void): void {
  rootListeners.push({ bubble, capture } as RootListener<Propagating>);
}

/** Renderers with another way to declare `preventDefault` say it here, for the warning. */
export function explainPreventDefault(explain: (type: string) => string): void {
  howToDeclare = explain;
}

/** The event that is being dispatched. */
export function currentEvent(): ModuleEvent | null {
  return current;
}

/** @internal */
export function dispatch(input: EventInput): void {
  const target = nodeAt(input.target);
  // The node went while the event was on its way.
  if (target === null) return;
  mirror(input, target);
  const event = new ModuleEvent(input, target);
  current = event;
  propagate(event, pathFrom(target));
  current = null;
}

const keyCodes: Record<string, number> = {
  Backspace: 8, Tab: 9, Enter: 13, Shift: 16, Control: 17, Alt: 18, Pause: 19, CapsLock: 20, Escape: 27, PageUp: 33, PageDown: 34, End: 35,
  Home: 36, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Insert: 45, Delete: 46, Meta: 91, ContextMenu: 93,
};

let current: ModuleEvent | null = null;
let howToDeclare = (type: string): string =>
  `addEventListener('${type}', listener, { preventDefault: true }), or only for some keys ({ preventDefault: 'Enter-Shift' })`;

const warned = new Set<string>();

const doesNotBubble = new Set(
  (
    'focus blur mouseenter mouseleave pointerenter pointerleave load error scroll scrollend toggle beforetoggle close cancel invalid ' +
    'abort canplay canplaythrough durationchange emptied ended loadeddata loadedmetadata loadstart pause play playing progress ' +
    'ratechange seeked seeking stalled suspend timeupdate volumechange waiting resize'
  ).split(' '),
);

/** What the event tells of its control is what the module knows from now on. */
function mirror({ sequence, type, form, detail }: EventInput, target: TreeNode): void {
  target.lastEvent = sequence;
  if (!(target instanceof ElementNode)) return;
  followFocus(type, target);
  if (detail?.kind === 'scroll') Object.assign((target.live ??= {}), { scrollTop: detail.top, scrollLeft: detail.left });
  if (detail?.kind === 'submit') (target.live ??= {}).entries = detail.entries;
  if (form === null) return;
  if (target.localName === 'select') {
    const selected = new Set(form.selected);
    if (target.live?.value !== undefined) target.live.value = undefined;
    target.options.forEach((option, at) => ((option.live ??= {}).selected = selected.has(at)));
    return;
  }
  const live = (target.live ??= {});
  if (isToggle(target)) {
    live.checked = form.checked;
    live.indeterminate = false;
    if (form.checked) uncheckGroup(target);
  } else {
    live.value = form.value;
    live.selection = form.selection;
  }
}

/** Keys and text go to what has the focus. */
function followFocus(type: string, target: ElementNode): void {
  switch (type) {
    case 'focus':
    case 'focusin':
    case 'beforeinput':
    case 'input':
    case 'keydown':
    case 'keyup':
      return setFocused(target, true);
    case 'blur':
    case 'focusout':
      return setFocused(target, false);
  }
}
