// Live form state: what a person types is never lost to an answer that comes late.

import type { Named } from "./dom.ts";
import { ENTRIES_MAX, type FormState } from "./wire.ts";

/** One PROP of a frame. */
export type Property =
  | { kind: "value"; text: string }
  | { kind: "checked" | "indeterminate" | "selected" | "muted"; on: boolean }
  | { kind: "selection"; start: number; end: number }
  | { kind: "scrollTop" | "scrollLeft"; position: number };

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Sequence number of the last edit that a node raised. */
const EDIT = Symbol("last edit");
/** What waits for the end of a composition. */
const HELD = Symbol("held");
interface Edited extends Named {
  [EDIT]?: number;
  [HELD]?: Map<string, [Property, answers: number]>;
}

const edits = new Set([
  "beforeinput",
  "change",
  "compositionend",
  "compositionstart",
  "compositionupdate",
  "input",
  "select",
]);
const withSelection = new Set(["password", "search", "tel", "text", "url"]);

/** To be called with each event that was raised on a node, and the number it got. */
export function edited(node: Edited, type: string, sequence: number): void {
  if (edits.has(type) || (type === "click" && isToggle(node))) node[EDIT] = sequence;
}

/** Follows compositions below a slot's root. */
export function watchCompositions(root: ShadowRoot): void {
  root.addEventListener("compositionstart", ({ target }) => ((target as Edited)[HELD] ??= new Map()), true);
  root.addEventListener(
    "compositionend",
    ({ target }) => {
      const node = target as Edited;
      const held = node[HELD];
      node[HELD] = undefined;
      // Behind the other listeners, which may raise the edit that makes these answers old.
      queueMicrotask(() => held?.forEach(([property, answers]) => applyProperty(node, property, answers)));
    },
    true,
  );
}

/** Sets live state, unless the person has gone on since the event that it answers. */
export function applyProperty(node: Edited, property: Property, answers: number): void {
  switch (property.kind) {
    case "value":
    case "checked":
    case "selection":
    case "selected": {
      // An option is chosen by events of its select.
      const owner: Edited = node instanceof HTMLOptionElement ? (node.closest("select") ?? node) : node;
      if (answers < (owner[EDIT] ?? 0)) return;
      if (owner[HELD] !== undefined) {
        owner[HELD].set(property.kind, [property, answers]);
        return;
      }
      return set(node, property);
    }
    default:
      set(node, property);
  }
}

/** The state of a form control; undefined for any other node. */
export function formState(node: Node): FormState | undefined {
  if (!isControl(node)) return undefined;
  const state: FormState = { value: node.value, checked: false, selected: [] };
  if (node instanceof HTMLSelectElement) {
    state.selected = [...node.options].flatMap((option, at) => (option.selected ? [at] : [])).slice(0, ENTRIES_MAX);
  } else {
    if (node instanceof HTMLInputElement) state.checked = node.checked;
    if (hasSelection(node)) state.selection = [node.selectionStart ?? 0, node.selectionEnd ?? 0];
  }
  return state;
}

/** Whether a person changed the control since the parser made it. */
export function changedSinceParsed(node: Node): boolean {
  if (node instanceof HTMLInputElement) {
    return isToggle(node) ? node.checked !== node.defaultChecked : node.value !== node.defaultValue;
  }
  if (node instanceof HTMLTextAreaElement) return node.value !== node.defaultValue;
  return node instanceof HTMLSelectElement && [...node.options].some((option) => isChangedOption(node, option));
}

/**
 * Makes the state a control has its live state, so that it stays when the attributes it came from are removed.
 * What is given back is to be called when they are.
 */
export function keepParsedState(node: Node): (() => void) | undefined {
  // To set what is there already makes it "dirty" in the sense of the HTML standard, and moves no caret. Options
  // stay as they are then (Chromium 156), so they are set again.
  if (node instanceof HTMLInputElement) {
    const { value, checked } = node;
    if (isToggle(node)) node.checked = checked;
    else node.value = value;
  } else if (node instanceof HTMLOptionElement && node.selected) {
    return () => (node.selected = true);
  } else if (node instanceof HTMLMediaElement) {
    const { muted } = node;
    node.muted = muted;
  }
  return undefined;
}

function isChangedOption(select: HTMLSelectElement, option: HTMLOptionElement): boolean {
  // Where no option is marked, a select shows its first one by itself.
  const marked = [...select.options].some(({ defaultSelected }) => defaultSelected);
  return marked ? option.selected !== option.defaultSelected : option.selected && option.index > 0;
}

function isControl(node: Node): node is Control {
  return (
    node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement
  );
}

function isToggle(node: Node): boolean {
  return node instanceof HTMLInputElement && (node.type === "checkbox" || node.type === "radio");
}

function hasSelection(node: Control): node is HTMLInputElement | HTMLTextAreaElement {
  return node instanceof HTMLTextAreaElement || withSelection.has(node.type);
}

function set(node: Node, property: Property): void {
  switch (property.kind) {
    case "value":
      if (isControl(node)) setValue(node, property.text);
      return;
    case "checked":
    case "indeterminate":
      if (node instanceof HTMLInputElement) node[property.kind] = property.on;
      return;
    case "selected":
      if (node instanceof HTMLOptionElement) node.selected = property.on;
      return;
    case "muted":
      if (node instanceof HTMLMediaElement) node.muted = property.on;
      return;
    case "selection":
      if (isControl(node) && hasSelection(node)) node.setSelectionRange(property.start, property.end);
      return;
    default:
      if (node instanceof Element) node[property.kind] = property.position;
  }
}

function setValue(node: Control, value: string): void {
  const old = node.value;
  if (old === value) return;
  if (!hasSelection(node) || (node.getRootNode() as ShadowRoot).activeElement !== node) {
    node.value = value;
    return;
  }
  const { selectionStart, selectionEnd, selectionDirection } = node;
  node.value = value;
  // What the browser made of it (a text field drops newlines).
  const now = node.value;
  const moved = (caret: number) => {
    if (now.slice(0, caret) === old.slice(0, caret)) return caret;
    const behind = old.length - caret;
    return behind > 0 && now.endsWith(old.slice(caret)) ? now.length - behind : Math.min(caret, now.length);
  };
  node.setSelectionRange(
    moved(selectionStart ?? old.length),
    moved(selectionEnd ?? old.length),
    selectionDirection ?? "none",
  );
}
