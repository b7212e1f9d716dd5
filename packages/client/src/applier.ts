// Applies frames to the page. A frame comes as streams of operations, one for each part, and is applied in one go:
// no task, no microtask and no frame of the screen sees half of it.
//
// The edge writes frames from its own page tree, so what is malformed here is a fault of ours: it throws, and the
// session resumes with a snapshot. A node that is not there is left alone, because first HTML may not have been
// what it should be, and the snapshot that was asked for is under way.

import { attributeAllowed, commandName, elementAllowed } from "./check.ts";
import * as dom from "./dom.ts";
import { ID, type Name, type Named } from "./dom.ts";
import type { Events } from "./events.ts";
import { applyProperty, changedSinceParsed, keepParsedState, type Property } from "./form.ts";
import { type Stream, utf8, WireError } from "./wire.ts";

export interface SlotStatus {
  slot: string;
  /** 0 live, 1 restarting, 2 disabled, 3 loading. */
  state: number;
  text: string;
}

export interface Host {
  /** The roots of the page's slots, by name. */
  slots: ReadonlyMap<string, ShadowRoot>;
  events: Events;
  status(status: SlotStatus): void;
  /** What the allow-list refused, once for each. */
  refused(what: string): void;
}

const NAME = 1;
/** Modes of TREE other than *replace*. */
const TREE_ADOPT = 1;
const TREE_DETACHED = 2;
/** Of OPEN_TEXT when adopting. */
const EMPTY_TEXT = 1;
const BEHIND_TEXT = 2;
const NODE_MAX = 1 << 24;
/** Stands for an element that the allow-list does not have. */
const STRIPPED: Name = { namespace: 0, local: "pc-stripped" };
const LIVE = "data-pc-live";

/** Fewest arguments of each operation, by its number; undefined for one that is not known here. */
const ARGUMENTS: (number | undefined)[] = [undefined, 3, 1, 3, 3, 3, 3, 1, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 3, 3, 0, 1];
ARGUMENTS[32] = ARGUMENTS[34] = 3;
ARGUMENTS[33] = 1;

interface Template {
  root: Node;
  /** How to walk a clone from mark to mark; see `route`. */
  route: Step[];
  marks: number;
}
const enum Step {
  First,
  Next,
  Parent,
  Mark,
}

/** A template while it is defined. */
interface Definition {
  number: number;
  open: Element[];
  root?: Node;
  marked: Set<Node>;
}

/** A TREE while it is walked. */
interface Walk {
  mode: number;
  /** Page id of the node whose children are described. */
  node: number;
  levels: Level[];
  /** First HTML was found to be another tree: operations are skipped for so many levels more. */
  failed: number;
  /** Nodes that are not part of the tree; taken out at the end, when all that is kept has been moved out of them. */
  surplus: Set<Node>;
}
interface Level {
  parent: Node;
  /** The next child to compare with. */
  cursor: Node | null;
  /** Of a kept element: its attributes that were not listed yet. */
  unlisted?: Set<string>;
  /** Nothing here can be adopted. */
  make: boolean;
}

export class Applier {
  readonly #host: Host;
  readonly #names: (Name | undefined)[] = [];
  readonly #templates: (Template | undefined)[] = [];
  /** By page id. */
  readonly #nodes: (Named | undefined)[] = [];

  #definition: Definition | undefined;
  #walk: Walk | undefined;
  /** Page ids in the trees of this frame. */
  #kept: Set<number> | undefined;
  /** What waits for the end of the frame, when all nodes are in their places. */
  #properties: [node: Named, property: Property, answers: number][] = [];
  /** Adopted elements with attributes that stand for live form state. */
  #live: Element[] = [];
  /** Form controls that a person changed before the page was live: that stays, and the module is told. */
  #changed: Node[] = [];
  #calls: [node: Named, command: string][] = [];
  #resyncs: number[] = [];

  constructor(host: Host) {
    this.#host = host;
  }

  /**
   * Applies all parts of a frame. Gives the page ids of slots whose HTML was not what the frame said.
   * @throws WireError
   */
  apply(parts: Stream[], fresh: boolean): number[] {
    this.#definition = this.#walk = this.#kept = undefined;
    this.#properties = [];
    this.#live = [];
    this.#changed = [];
    this.#calls = [];
    this.#resyncs = [];
    if (fresh) this.#names.length = this.#templates.length = 0;
    for (const part of parts) this.#part(part, parts);
    if (this.#walk !== undefined || this.#definition !== undefined) throw new WireError("a frame ends inside a tree");
    this.#finish();
    return this.#resyncs;
  }

  #part({ words, strings }: Stream, parts: Stream[]): void {
    const text = new Strings(strings);
    let at = 0;
    while (at < words.length) {
      const head = words[at];
      const first = at + 1;
      at = first + ((head >>> 8) & 255);
      const op = head & 255;
      if (at > words.length) throw new WireError(`operation ${op} at word ${first - 1} is cut off`);
      const fewest = ARGUMENTS[op];
      if (fewest === undefined) continue;
      if (at - first < fewest) throw new WireError(`operation ${op} at word ${first - 1} lacks arguments`);
      this.#operation(op, head >>> 16, words, first, at, text, parts);
    }
  }

  #operation(op: number, aux: number, words: Uint32Array, a: number, end: number, text: Strings, parts: Stream[]) {
    switch (op) {
      case NAME:
        this.#names[aux] = { namespace: words[a], local: text.get(words[a + 1], words[a + 2]) };
        return;
      case 2:
        return this.#define(words[a], this.#make(this.#name(aux)));
      case 3:
        return this.#define(words[a], document.createTextNode(text.get(words[a + 1], words[a + 2])));
      case 4:
        return this.#define(words[a], document.createComment(text.get(words[a + 1], words[a + 2])));
      case 5: {
        const node = this.#nodes[words[a]];
        if (node instanceof CharacterData) node.data = text.get(words[a + 1], words[a + 2]);
        return;
      }
      case 6: {
        const node = this.#nodes[words[a]];
        if (node instanceof Element) this.#attribute(node, this.#name(aux), text.get(words[a + 1], words[a + 2]));
        return;
      }
      case 7: {
        const node = this.#nodes[words[a]];
        if (node instanceof Element) dom.removeAttribute(node, dom.qualified(this.#name(aux)));
        return;
      }
      case 8: {
        const node = this.#nodes[words[a]];
        const property = readProperty(aux, words, a + 2, end, text);
        if (node !== undefined && property !== undefined) this.#properties.push([node, property, words[a + 1]]);
        return;
      }
      case 9: {
        const [parent, child] = [this.#nodes[words[a]], this.#nodes[words[a + 1]]];
        const before = words[a + 2] === 0 ? null : this.#nodes[words[a + 2]];
        if (parent === undefined || child === undefined || before === undefined) return;
        // What the edge has, first HTML may have elsewhere until the snapshot comes.
        if (before !== null && dom.parentOf(before) !== parent) return;
        if (dom.contains(child, parent)) return;
        return dom.insert(parent, child, before);
      }
      case 10: {
        const node = this.#nodes[words[a]];
        if (node !== undefined) dom.detach(node);
        return;
      }
      case 11: {
        const node = this.#nodes[words[a]];
        if (node === undefined) return;
        dom.detach(node);
        return this.#free(node);
      }
      case 12: {
        const node = this.#nodes[words[a]];
        const filter = end - a >= 4 ? text.get(words[a + 2], words[a + 3]) : "";
        const { local } = this.#name(aux);
        if (node !== undefined && !this.#host.events.listen(node, local, aux, words[a + 1], filter)) {
          this.#host.refused(`a listener for ${local}`);
        }
        return;
      }
      case 13: {
        const node = this.#nodes[words[a]];
        if (node !== undefined) this.#host.events.unlisten(node, this.#name(aux).local);
        return;
      }
      case 14: {
        const node = this.#nodes[words[a]];
        const command = commandName(aux);
        if (node !== undefined && command !== undefined) this.#calls.push([node, command]);
        return;
      }
      case 15:
        this.#definition = { number: aux, open: [], marked: new Set() };
        return;
      case 16:
      case 18:
      case 19: {
        if (this.#definition === undefined && this.#walk === undefined) throw new WireError("a tree operation outside of a tree");
        const data = op === 16 ? "" : text.get(words[a + 1], words[a + 2]);
        if (this.#definition !== undefined) return this.#defineNode(this.#definition, op, aux, words[a], data);
        return this.#openNode(this.#walk!, op, aux, words[a], data);
      }
      case 17: {
        const value = text.get(words[a], words[a + 1]);
        if (this.#definition !== undefined) {
          const element = this.#definition.open.at(-1);
          if (element !== undefined) this.#attribute(element, this.#name(aux), value);
        } else if (this.#walk !== undefined && this.#walk.failed === 0) {
          const { parent, unlisted } = this.#walk.levels.at(-1)!;
          const name = this.#name(aux);
          const qualified = dom.qualified(name);
          if (!(parent instanceof Element)) return;
          // To set a `src` again would start a medium over.
          if (unlisted?.delete(qualified) && dom.getAttribute(parent, qualified) === value) return;
          this.#attribute(parent, name, value);
        }
        return;
      }
      case 20:
        if (this.#definition !== undefined) {
          this.#definition.open.pop();
          return this.#endDefinition(this.#definition);
        }
        return this.#close();
      case 21:
        return this.#clone(this.#templates[aux], words.subarray(a, end));
      case 32: {
        const name = text.get(words[a + 1], words[a + 2]);
        const root = this.#host.slots.get(name);
        if (root === undefined) return this.#host.refused(`the slot ${name}, which the page does not have,`);
        return this.#define(words[a], root);
      }
      case 33:
        return this.#openTree(aux, words[a], parts);
      case 34: {
        const node = this.#nodes[words[a]];
        const slot = [...this.#host.slots].find(([, root]) => root === node)?.[0];
        if (slot !== undefined) this.#host.status({ slot, state: aux, text: text.get(words[a + 1], words[a + 2]) });
      }
    }
  }

  #name(id: number): Name {
    const name = this.#names[id];
    if (name === undefined) throw new WireError(`name ${id} is not defined`);
    return name;
  }

  #define(id: number, node: Named): void {
    if (id >= NODE_MAX) throw new WireError(`page id ${id} is too large`);
    node[ID] = id;
    this.#nodes[id] = node;
  }

  #make(name: Name): Element {
    if (elementAllowed(name.namespace, name.local)) return dom.createElement(name);
    this.#host.refused(`the element ${name.local}`);
    return dom.createElement(STRIPPED);
  }

  #attribute(element: Element, name: Name, value: string): void {
    const namespace = dom.namespaceNumber(element);
    const local = dom.localNameOf(element);
    if (!attributeAllowed(namespace, local, name.namespace, name.local, value)) {
      return this.#host.refused(`the attribute ${dom.qualified(name)}=${JSON.stringify(value.slice(0, 80))} of ${local}`);
    }
    dom.setAttribute(element, namespace, name, value);
  }

  /** Forgets the page ids of a node that is out of the page, and of all below it, but for those that are kept. */
  #free(root: Named): void {
    for (let node: Named | null = root; node !== null; node = dom.following(root, node)) {
      const id = node[ID];
      if (id !== undefined && this.#nodes[id] === node && !this.#kept?.has(id)) this.#nodes[id] = undefined;
    }
  }

  // Templates.

  #defineNode(definition: Definition, op: number, aux: number, mark: number, data: string): void {
    const node = op === 16 ? this.#make(this.#name(aux)) : textual(op, data);
    const parent = definition.open.at(-1);
    if (parent === undefined) definition.root ??= node;
    else dom.insert(parent, node, null);
    if (mark !== 0) definition.marked.add(node);
    if (op === 16) definition.open.push(node as Element);
    else this.#endDefinition(definition);
  }

  #endDefinition({ number, open, root, marked }: Definition): void {
    if (open.length > 0 || root === undefined) return;
    this.#templates[number] = { root, route: route(root, marked), marks: marked.size };
    this.#definition = undefined;
  }

  #clone(template: Template | undefined, ids: Uint32Array): void {
    if (template === undefined) throw new WireError("CLONE of a template that is not defined");
    if (ids.length < template.marks) throw new WireError("CLONE names too few nodes");
    let node = Node.prototype.cloneNode.call(template.root, true);
    let at = 0;
    for (const step of template.route) {
      if (step === Step.Mark) this.#define(ids[at++], node);
      else if (step === Step.First) node = dom.firstOf(node)!;
      else if (step === Step.Next) node = dom.nextOf(node)!;
      else node = dom.parentOf(node)!;
    }
  }

  // Trees.

  #openTree(mode: number, node: number, parts: Stream[]): void {
    if (this.#walk !== undefined) throw new WireError("TREE inside of a TREE");
    const parent = mode === TREE_DETACHED ? document.createDocumentFragment() : this.#nodes[node];
    this.#walk = { mode, node, levels: [], failed: parent === undefined ? 1 : 0, surplus: new Set() };
    if (parent === undefined) return;
    if (mode !== TREE_ADOPT) this.#kept ??= pageIds(parts);
    else if (parent instanceof ShadowRoot) dom.applyParsedStyles(parent);
    this.#host.events.unlistenAll(parent);
    this.#walk.levels.push({ parent, cursor: dom.firstOfModule(parent), make: false });
  }

  #openNode(walk: Walk, op: number, aux: number, id: number, data: string): void {
    if (walk.failed > 0) {
      if (op === 16) walk.failed++;
      return;
    }
    const level = walk.levels.at(-1)!;
    finishAttributes(level);
    const name = op === 16 ? this.#name(aux) : undefined;
    const adopts = walk.mode === TREE_ADOPT && !level.make;
    const node = adopts ? adopt(level, name, op, aux, data) : this.#replace(walk, level, name, op, id, data);
    if (node === undefined) {
      this.#resyncs.push(walk.node);
      walk.failed = walk.levels.length + (op === 16 ? 1 : 0);
      return;
    }
    this.#define(id, node);
    if (name !== undefined) walk.levels.push(this.#levelOf(walk, node as Element, adopts));
  }

  #levelOf(walk: Walk, element: Element, adopted: boolean): Level {
    const level: Level = { parent: element, cursor: dom.firstOf(element), make: false };
    if (walk.mode !== TREE_ADOPT) {
      const names = dom.attributeNames(element);
      if (names.length > 0) level.unlisted = new Set(names);
      return level;
    }
    if (!adopted) return { ...level, make: true };
    // Before anything is changed that this is compared with.
    if (changedSinceParsed(element)) this.#changed.push(element);
    const live = dom.getAttribute(element, LIVE)?.split(" ");
    if (live !== undefined) this.#live.push(element);
    return { ...level, make: live?.includes("text") === true };
  }

  #replace(walk: Walk, level: Level, name: Name | undefined, op: number, id: number, data: string): Node {
    const like = (node: Node) => (name === undefined ? dom.typeOf(node) === typeOfOp(op) : isLike(node, name));
    // Nodes that the tree does not have do not make those behind them move.
    while (level.cursor !== null && isStale(level.cursor, this.#kept)) {
      walk.surplus.add(level.cursor);
      level.cursor = dom.nextOf(level.cursor);
    }
    let node: Named | undefined = this.#nodes[id];
    const { cursor } = level as { cursor: Named | null };
    if (node !== undefined && !(like(node) && (node === cursor || !dom.contains(node, level.parent)))) node = undefined;
    if (node === undefined && cursor !== null && cursor[ID] === undefined && like(cursor)) node = cursor;
    if (node === undefined) node = name === undefined ? textual(op, data) : this.#make(name);
    else {
      this.#host.events.unlistenAll(node);
      if (node instanceof CharacterData && node.data !== data) node.data = data;
    }
    if (node === cursor) level.cursor = dom.nextOf(cursor);
    else {
      // A node further up in the tree may go below one that stood in it.
      for (const above of walk.levels) if (above.cursor === node) above.cursor = dom.nextOf(node);
      walk.surplus.delete(node);
      dom.insert(level.parent, node, cursor);
    }
    return node;
  }

  #close(): void {
    const walk = this.#walk;
    if (walk === undefined) throw new WireError("CLOSE outside of a tree");
    if (walk.failed > 0) {
      if (--walk.failed === 0) this.#walk = undefined;
      return;
    }
    const level = walk.levels.pop()!;
    finishAttributes(level);
    const { cursor } = level;
    if (cursor !== null && walk.mode === TREE_ADOPT && !level.make) {
      this.#resyncs.push(walk.node);
      walk.failed = walk.levels.length;
    } else {
      for (let node = cursor; node !== null; node = dom.nextOf(node)) walk.surplus.add(node);
    }
    if (walk.levels.length > 0) return;
    this.#walk = undefined;
    for (const node of walk.surplus) {
      dom.detach(node);
      this.#free(node);
    }
  }

  /** Form state and commands, which need the nodes in their places. */
  #finish(): void {
    const changed = this.#changed;
    for (const [node, property, answers] of this.#properties) {
      const owner = node instanceof HTMLOptionElement ? (node.closest("select") ?? node) : node;
      if (!changed.includes(owner)) applyProperty(node, property, answers);
    }
    const restore = this.#live.map(keepParsedState);
    for (const element of this.#live) {
      for (const name of (dom.getAttribute(element, LIVE) ?? "").split(" ")) dom.removeAttribute(element, name);
      dom.removeAttribute(element, LIVE);
    }
    for (const option of restore) option?.();
    for (const [node, command] of this.#calls) call(node, command);
    if (changed.length === 0) return;
    // Behind the frame, as if it were done now that somebody listens.
    queueMicrotask(() => {
      for (const element of changed) {
        element.dispatchEvent(new InputEvent("input", { bubbles: true }));
        element.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
}

/** The string section of one part. */
class Strings {
  readonly #bytes: Uint8Array;
  readonly #whole: string;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#whole = utf8(bytes);
  }

  get(offset: number, length: number): string {
    if (offset + length > this.#bytes.length) throw new WireError("a string lies outside of its section");
    // All ASCII: an offset in bytes is one in characters.
    if (this.#whole.length === this.#bytes.length) return this.#whole.substring(offset, offset + length);
    return utf8(this.#bytes.subarray(offset, offset + length));
  }
}

function textual(op: number, data: string): CharacterData {
  return op === 18 ? document.createTextNode(data) : document.createComment(data);
}

const typeOfOp = (op: number) => (op === 18 ? dom.TEXT : dom.COMMENT);

function isLike(node: Node, name: Name): boolean {
  return dom.isElement(node, name) || (dom.isElement(node, STRIPPED) && !elementAllowed(name.namespace, name.local));
}

function isStale(node: Named, kept: Set<number> | undefined): boolean {
  return node[ID] !== undefined && !kept?.has(node[ID]);
}

function finishAttributes(level: Level): void {
  level.unlisted?.forEach((name) => dom.removeAttribute(level.parent as Element, name));
  level.unlisted = undefined;
}

/** The node at the cursor, if it is what the operation says. */
function adopt(level: Level, name: Name | undefined, op: number, aux: number, data: string): Node | undefined {
  if (op === 18 && aux & BEHIND_TEXT && !takeMarker(level)) return undefined;
  if (op === 18 && aux & EMPTY_TEXT) {
    const text = document.createTextNode("");
    if (!takeMarker(level)) return undefined;
    dom.insert(level.parent, text, level.cursor);
    return text;
  }
  const node = level.cursor;
  if (node === null || !(name === undefined ? dom.typeOf(node) === typeOfOp(op) : dom.isElement(node, name))) {
    return undefined;
  }
  level.cursor = dom.nextOf(node);
  // Sent only where HTML could not hold it.
  if (data !== "") (node as CharacterData).data = data;
  return node;
}

function takeMarker(level: Level): boolean {
  const { cursor } = level;
  if (!(cursor instanceof Comment) || cursor.data !== "") return false;
  level.cursor = dom.nextOf(cursor);
  dom.detach(cursor);
  return true;
}

/** All page ids that tree operations name. */
function pageIds(parts: Stream[]): Set<number> {
  const ids = new Set<number>();
  for (const { words } of parts) {
    for (let at = 0; at < words.length; at += 1 + ((words[at] >>> 8) & 255)) {
      const op = words[at] & 255;
      if (op === 16 || op === 18 || op === 19) ids.add(words[at + 1]);
    }
  }
  return ids;
}

/** A walk from a template's root over its marks, in document order. */
function route(root: Node, marked: Set<Node>): Step[] {
  // Nodes with a mark at or below them.
  const wanted = new Set<Node>();
  for (const mark of marked) {
    for (let node: Node | null = mark; node !== null && !wanted.has(node); node = dom.parentOf(node)) wanted.add(node);
  }
  const steps: Step[] = [];
  const visit = (node: Node): void => {
    if (marked.has(node)) steps.push(Step.Mark);
    let pending: Step[] = [Step.First];
    let entered = false;
    for (let child = dom.firstOf(node); child !== null; child = dom.nextOf(child)) {
      if (wanted.has(child)) {
        steps.push(...pending);
        pending = [];
        entered = true;
        visit(child);
      }
      pending.push(Step.Next);
    }
    if (entered) steps.push(Step.Parent);
  };
  visit(root);
  return steps;
}

function readProperty(number: number, words: Uint32Array, at: number, end: number, text: Strings): Property | undefined {
  const need = number === 1 || number === 5 ? 2 : 1;
  if (end - at < need) throw new WireError("PROP lacks arguments");
  const word = words[at];
  switch (number) {
    case 1:
      return { kind: "value", text: text.get(word, words[at + 1]) };
    case 2:
      return { kind: "checked", on: word !== 0 };
    case 3:
      return { kind: "indeterminate", on: word !== 0 };
    case 4:
      return { kind: "selected", on: word !== 0 };
    case 5:
      return { kind: "selection", start: word, end: words[at + 1] };
    case 6:
      return { kind: "muted", on: word !== 0 };
    case 7:
      return { kind: "scrollTop", position: word | 0 };
    case 8:
      return { kind: "scrollLeft", position: word | 0 };
    default:
      return undefined;
  }
}

function call(node: Named, command: string): void {
  // No module takes the focus of a page that nobody has touched.
  if ((command === "focus" || command === "select") && !navigator.userActivation?.hasBeenActive) return;
  const method: unknown = Object.getPrototypeOf(node)[command];
  if (typeof method !== "function") return;
  try {
    method.call(node, ...(command === "scrollIntoView" ? [{ block: "nearest" }] : []));
  } catch {
    // `showModal` of a dialog that is open, or not in the page: nothing to show.
  }
}
