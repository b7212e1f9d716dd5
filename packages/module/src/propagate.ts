/**
 * The way of an event: from outside to its target and back, through the
 * module's nodes and what stands around them, `window` at last.
 */

import { isPageEvent } from './event-types';
import { Handlers, type Listener, type ListenOptions } from './listeners';
import { ListenFlag } from './ops';
import { reportError } from './platform/console';
import type { Event } from './platform/event-target';
import type { TreeNode } from './tree';

/** What the way needs to know of an event, be it the page's or the app's own. */
export interface Propagating {
  readonly type: string;
  readonly bubbles: boolean;
  /** It happened in a slot that stands inside of the module's tree: the target is the element that offers the place. */
  readonly isNested?: boolean;
  /** 1 capturing, 2 at the target, 3 bubbling, 0 done. */
  eventPhase: number;
  currentTarget: unknown;
  propagationStopped: boolean;
  immediatePropagationStopped: boolean;
}

/** Where events go on to above the module's slot: `window`, and a framework's `document`. Not a node. */
export class OuterTarget {
  readonly handlers: Handlers;
  /** What listeners see as `this`, `currentTarget` and `target`. */
  readonly self: unknown;

  /** `own`: types that the page sends and that mean something else here, as `resize` of the window. */
  constructor(own: Iterable<string> = [], self?: unknown) {
    const ownTypes = new Set(own);
    this.self = self ?? this;
    this.handlers = new Handlers(this.self, (type, flags, filter) => {
      if (!ownTypes.has(type)) listenOnSlot(this, type, flags, filter);
    });
  }

  get [Symbol.toStringTag](): string {
    return 'EventTarget';
  }

  addEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (callback !== null) this.handlers.add(type, callback, listenOptions(options));
  }

  removeEventListener(type: string, callback: Listener | null, options: boolean | ListenOptions = false): void {
    if (callback !== null) this.handlers.remove(type, callback, listenOptions(options).capture === true);
  }

  /** Calls the listeners of this target alone. False: the default was prevented. */
  dispatchEvent(event: Event): boolean {
    event.target = this.self;
    event.path = [this.self];
    propagate(event, [this]);
    return !event.defaultPrevented;
  }
}

/** From inside to outside. */
export const outerTargets: OuterTarget[] = [];

/** What stands at or above `node`, innermost first. */
export function pathFrom(node: TreeNode): (TreeNode | OuterTarget)[] {
  const path: (TreeNode | OuterTarget)[] = [];
  let top = node;
  for (let at: TreeNode | null = node; at !== null; at = at.parentNode) path.push((top = at));
  if (top === root) path.push(...outerTargets);
  return path;
}

/** What a renderer that dispatches by itself does at the slot: on the event's way in, and on its way out. */
export interface RootListener<E> {
  capture?(event: E): void;
  bubble(event: E): void;
}

/** Of renderers. They get all events that have a node of the slot as their target, also those that do not bubble. */
export const rootListeners: RootListener<Propagating>[] = [];

/** Calls the listeners on the way. An error of one is reported, and does not keep the event from the others. */
export function propagate(event: Propagating, path: (TreeNode | OuterTarget)[]): void {
  const target = path[0]!;
  event.eventPhase = 1;
  for (let at = path.length - 1; at > 0; at--) {
    call(event, path[at]!, true);
    if (path[at] === root) callRoot(event, true);
  }
  event.eventPhase = 2;
  call(event, target, true);
  call(event, target, false);
  event.eventPhase = 3;
  if (!event.bubbles) callRoot(event, false, path.includes(root!));
  else {
    for (let at = 1; at < path.length; at++) {
      call(event, path[at]!, false);
      if (path[at] === root) callRoot(event, false);
    }
  }
  event.currentTarget = null;
  event.eventPhase = 0;
}

function callRoot(event: Propagating, capture: boolean, isInSlot = true): void {
  if (!isInSlot) return;
  for (const listener of rootListeners) {
    if (event.propagationStopped) return;
    try {
      if (capture) listener.capture?.(event);
      else listener.bubble(event);
    } catch (error) {
      reportError(error);
    }
  }
}

export function listenOptions(options: boolean | ListenOptions): ListenOptions {
  return typeof options === 'boolean' ? { capture: options } : options;
}

/** The slot, which the tree makes. @internal */
export function setRoot(slot: TreeNode): void {
  root = slot;
}

let root: TreeNode | null = null;

/** For each outer target and type: what stands for it among the slot's listeners. */
const markers = new Map<OuterTarget, Map<string, Listener>>();

/** The host knows nothing above the slot: the slot listens in its place. */
function listenOnSlot(target: OuterTarget, type: string, flags: number, filter: string): void {
  if (!isPageEvent(type)) return;
  let own = markers.get(target);
  if (own === undefined) markers.set(target, (own = new Map()));
  const before = own.get(type);
  if (flags < 0) own.delete(type);
  else {
    const marker = (): void => {};
    own.set(type, marker);
    root!.addEventListener(type, marker, {
      passive: (flags & ListenFlag.Passive) !== 0,
      preventDefault: (flags & ListenFlag.PreventDefault) !== 0 && (filter === '' || filter),
      stopPropagation: (flags & ListenFlag.StopPropagation) !== 0,
      through: (flags & ListenFlag.Through) !== 0,
    });
  }
  // Behind the new one: the slot goes on listening without a break.
  if (before !== undefined) root!.removeEventListener(type, before);
}

function call(event: Propagating, target: TreeNode | OuterTarget, capture: boolean): void {
  if (target.handlers === null || event.propagationStopped) return;
  event.currentTarget = target instanceof OuterTarget ? target.self : target;
  target.handlers.call(event, capture, reportError);
}
