// Listens once per type on each slot's root and turns what happens into events of the wire.

import { eventAllowed } from "./check.ts";
import { ID, type Named } from "./dom.ts";
import { edited, formState } from "./form.ts";
import type { RaisedEvent } from "./machine.ts";
import { type Detail, ENTRIES_MAX } from "./wire.ts";

/** Flags of LISTEN. */
const PASSIVE = 1;
const PREVENT = 2;
const STOP = 4;
const THROUGH = 16;

/** Bounds of what a `submit` carries: names and values in UTF-16 units, so that it fits into one message. */
const SUBMIT_MAX = 256 * 1024;

const continuous = new Set([
  "dragover",
  "mousemove",
  "pointermove",
  "resize",
  "scroll",
  "selectionchange",
  "touchmove",
  "wheel",
]);

/** By type, of one node. */
const LISTENERS = Symbol("listeners");
interface Listener {
  name: number;
  flags: number;
  filter: string;
}
interface Listening extends Named {
  [LISTENERS]?: Map<string, Listener>;
}

/** Where events go. A continuous one gets its number later, so `raise` gives 0 for it. */
export type Raise = (event: RaisedEvent, continuous: boolean) => number;

export class Events {
  readonly #roots: ShadowRoot[];
  readonly #raise: Raise;
  /** Types that are listened to on the roots, and whether passively. */
  readonly #types = new Map<string, { passive: boolean }>();

  constructor(roots: ShadowRoot[], raise: Raise) {
    this.#roots = roots;
    this.#raise = raise;
  }

  /** False if the type is not allowed. */
  listen(node: Listening, type: string, name: number, flags: number, filter: string): boolean {
    if (!eventAllowed(type)) return false;
    (node[LISTENERS] ??= new Map()).set(type, { name, flags, filter });
    // Chromium raises these on a node only if somebody listens on it or above, and does not count shadow roots among what
    // is above. So the node itself listens, too, for as long as it is there; it is the root's call that does something.
    if (/(enter|leave)$/.test(type)) addEventListener.call(node, type, this.#handle);
    const passive = (flags & PREVENT) === 0 || (flags & PASSIVE) !== 0;
    const known = this.#types.get(type);
    // A listener that prevents nothing must not hold up scrolling.
    if (known === undefined || (known.passive && !passive)) {
      for (const root of this.#roots) {
        root.removeEventListener(type, this.#handle, true);
        root.addEventListener(type, this.#handle, { capture: true, passive });
      }
      this.#types.set(type, { passive });
    }
    return true;
  }

  unlisten(node: Listening, type: string): void {
    node[LISTENERS]?.delete(type);
  }

  unlistenAll(node: Listening): void {
    node[LISTENERS] = undefined;
  }

  readonly #handle = (event: Event): void => {
    const path: Listening[] = event.composedPath() as Node[];
    const roots = path.filter((node) => this.#roots.includes(node as ShadowRoot));
    // All is done on the way in to the innermost slot, which is heard first: what it stops goes no further.
    if (roots[0] !== event.currentTarget) return;
    let from = 0;
    for (const root of roots) {
      const to = path.indexOf(root) + 1;
      if (!event.cancelBubble) this.#hear(event, path.slice(from, to), from > 0);
      from = to;
    }
  };

  /** `path`: from what the slot sees as the target to its root. `nested`: it happened in a slot inside of this one. */
  #hear(event: Event, path: Listening[], nested: boolean): void {
    const named = path.find((node) => node[ID] !== undefined);
    if (named === undefined) return;
    let heard: Listener | undefined;
    for (const node of event.bubbles ? path : [nested ? named : path[0]]) {
      const listener = node[LISTENERS]?.get(event.type);
      if (listener === undefined || (nested && (listener.flags & THROUGH) === 0)) continue;
      heard ??= listener;
      const { flags, filter } = listener;
      if (flags & PREVENT && !(flags & PASSIVE) && matches(filter, event)) event.preventDefault();
      if (flags & STOP) {
        event.stopPropagation();
        break;
      }
    }
    if (heard === undefined) return;
    const form = formState(named);
    const sequence = this.#raise(
      {
        node: named[ID]!,
        name: heard.name,
        modifiers: modifiers(event),
        detail: detail(event, named),
        ...(form && { form }),
      },
      continuous.has(event.type),
    );
    edited(named, event.type, sequence);
    }
}

/** Whether one of the filter's words names the key that was pressed. Without a filter, or for no key: yes. */
export function matches(filter: string, event: Event): boolean {
  if (filter === "" || !(event instanceof KeyboardEvent)) return true;
  return filter.split(" ").some((word) => {
    const [, name, wanted] = /^(.+?)((?:[+-](?:Alt|Control|Meta|Shift))*)$/s.exec(word) ?? [];
    if (name === undefined || (name === "Space" ? " " : name) !== event.key) return false;
    return (wanted.match(/[+-]\w+/g) ?? []).every(
      (modifier) => event.getModifierState(modifier.slice(1)) === (modifier[0] === "+"),
    );
  });
}

function modifiers(event: Event): number {
  const { altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing } = event as KeyboardEvent;
  return [altKey, ctrlKey, metaKey, shiftKey, repeat, isComposing].reduce(
    (bits, on, at) => bits | (on ? 1 << at : 0),
    0,
  );
}

function detail(event: Event, node: Node): Detail {
  if (event instanceof WheelEvent) {
    const { clientX: x, clientY: y, deltaX, deltaY, deltaMode } = event;
    return { kind: "wheel", x, y, deltaX, deltaY, deltaMode };
  }
  if (event instanceof MouseEvent) {
    const { clientX: x, clientY: y, offsetX, offsetY, button, buttons, detail: count } = event;
    const { pointerId = 0, pointerType = "" } = event as Partial<PointerEvent>;
    return { kind: "pointer", x, y, offsetX, offsetY, button, buttons, pointerId, count, pointerType };
  }
  // Firefox on a desktop has no TouchEvent.
  if (typeof TouchEvent !== "undefined" && event instanceof TouchEvent) return touch(event, node);
  if (event instanceof KeyboardEvent) return { kind: "key", key: event.key, code: event.code };
  if (event instanceof InputEvent) return { kind: "edit", inputType: event.inputType, data: event.data };
  if (event instanceof CompositionEvent) return { kind: "edit", inputType: "", data: event.data };
  if (event instanceof SubmitEvent) return { kind: "submit", entries: entries(event) };
  if (event.type === "scroll" && node instanceof Element) {
    return { kind: "scroll", top: node.scrollTop, left: node.scrollLeft };
  }
  return { kind: "none" };
}

function touch(event: TouchEvent, node: Node): Detail {
  const { clientX: x, clientY: y, identifier: pointerId } = event.changedTouches[0];
  const box = node instanceof Element ? Element.prototype.getBoundingClientRect.call(node) : { left: 0, top: 0 };
  const [offsetX, offsetY] = [x - box.left, y - box.top];
  return {
    kind: "pointer",
    x,
    y,
    offsetX,
    offsetY,
    button: 0,
    buttons: event.touches.length > 0 ? 1 : 0,
    pointerId,
    count: 1,
    pointerType: "touch",
  };
}

/** The form's entries in tree order, without files, and no more of them than fit. */
function entries(event: SubmitEvent): [string, string][] {
  const found: [string, string][] = [];
  let room = SUBMIT_MAX;
  for (const [name, value] of new FormData(event.target as HTMLFormElement, event.submitter)) {
    if (typeof value !== "string") continue;
    room -= name.length + 8;
    if (room < 0) break;
    // A cut value and not a missing one, so that the edge can tell.
    found.push([name, value.slice(0, room)]);
    room -= value.length;
  }
  return found.slice(0, ENTRIES_MAX);
}
