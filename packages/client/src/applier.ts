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
import { type Definition, Template } from "./template.ts";
import { type Stream, utf8, WireError } from "./wire.ts";

export interface SlotStatus {
  root: ShadowRoot;
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

const enum Op {
  Name = 1,
  Create,
  Text,
  Comment,
  SetText,
  Attribute,
  RemoveAttribute,
  Property,
  Insert,
  Detach,
  Remove,
  Listen,
  Unlisten,
  Call,
  Template,
  Open,
  OpenAttribute,
  OpenText,
  OpenComment,
  Close,
  Clone,
  Slot = 32,
  Tree,
  Status,
  Mount,
}

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
ARGUMENTS[35] = 2;

/** What a tree operation says of a node. */
interface Described {
  /** Of an element; undefined for a text or a comment. */
  name: Name | undefined;
  isText: boolean;
  data: string;
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

  /** The part that is being applied, and where the arguments of its operation begin and end. */
  #words: Uint32Array = new Uint32Array();
  #strings = new Strings(new Uint8Array());
  #first = 0;
  #end = 0;

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
   * `fresh`: names and templates are forgotten first.
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

  #part(part: Stream, parts: Stream[]): void {
    const { words } = part;
    this.#words = words;
    this.#strings = new Strings(part.strings);
    let at = 0;
    while (at < words.length) {
      const head = words[at];
      this.#first = at + 1;
      at = this.#end = this.#first + ((head >>> 8) & 255);
      const op = head & 255;
      const fewest = ARGUMENTS[op];
      if (at > words.length || (fewest !== undefined && at - this.#first < fewest)) {
        throw new WireError(`operation ${op} at word ${this.#first - 1} is cut off`);
      }
      this.#operation(op, head >>> 16, parts);
    }
  }

  #word(position: number): number {
    return this.#words[this.#first + position];
  }

  /** The string of which offset and length are at this position and the next. */
  #string(position: number): string {
    return this.#strings.get(this.#word(position), this.#word(position + 1));
  }

  #operation(op: Op, aux: number, parts: Stream[]): void {
    const id = this.#word(0);
    const node = this.#nodes[id];
    const { events } = this.#host;
    switch (op) {
      case Op.Name:
        this.#names[aux] = { namespace: id, local: this.#string(1) };
        return;
      case Op.Create:
        return this.#define(id, this.#make(this.#name(aux)));
      case Op.Text:
      case Op.Comment:
        return this.#define(id, textual(op === Op.Text, this.#string(1)));
      case Op.SetText:
        if (node instanceof CharacterData) node.data = this.#string(1);
        return;
      case Op.Attribute:
        if (node instanceof Element) this.#attribute(node, this.#name(aux), this.#string(1));
        return;
      case Op.RemoveAttribute:
        if (node instanceof Element) dom.removeAttribute(node, dom.qualified(this.#name(aux)));
        return;
      case Op.Property: {
        const property = this.#property(aux);
        if (node !== undefined && property !== undefined) this.#properties.push([node, property, this.#word(1)]);
        return;
      }
      case Op.Insert: {
        const child = this.#nodes[this.#word(1)];
        const before = this.#word(2) === 0 ? null : this.#nodes[this.#word(2)];
        if (node === undefined || child === undefined || before === undefined) return;
        // What the edge has, first HTML may have elsewhere until the snapshot comes.
        if ((before !== null && dom.parentOf(before) !== node) || dom.contains(child, node)) return;
        return dom.insert(node, child, before);
      }
      case Op.Detach:
        if (node !== undefined) dom.detach(node);
        return;
      case Op.Remove:
        if (node !== undefined) this.#free(node);
        return;
      case Op.Listen: {
        const { local } = this.#name(aux);
        const filter = this.#end - this.#first >= 4 ? this.#string(2) : "";
        if (node !== undefined && !events.listen(node, local, aux, this.#word(1), filter)) {
          this.#host.refused(`a listener for ${local}`);
        }
        return;
      }
      case Op.Unlisten:
        if (node !== undefined) events.unlisten(node, this.#name(aux).local);
        return;
      case Op.Call: {
        const command = commandName(aux);
        if (node !== undefined && command !== undefined) this.#calls.push([node, command]);
        return;
      }
      case Op.Template:
        this.#definition = { number: aux, open: [], marked: new Set() };
        return;
      case Op.Clone:
        return this.#clone(this.#templates[aux]);
      case Op.Slot: {
        const name = this.#string(1);
        const root = this.#host.slots.get(name);
        if (root === undefined) return this.#host.refused(`the slot ${name}, which the page does not have,`);
        return this.#define(id, root);
      }
      case Op.Tree:
        return this.#openTree(aux, id, parts);
      case Op.Status:
        if (node instanceof ShadowRoot) this.#host.status({ root: node, state: aux, text: this.#string(1) });
        return;
      case Op.Mount:
        if (node instanceof ShadowRoot) dom.mount(node.host, this.#nodes[this.#word(1)]);
        return;
      default:
        // Operations of later versions have numbers between and above these, and are skipped.
        if (op >= Op.Open && op <= Op.Close) this.#treeOperation(op, aux);
    }
  }

  #treeOperation(op: Op, aux: number): void {
    const definition = this.#definition;
    const walk = this.#walk;
    if (definition !== undefined) {
      if (op === Op.OpenAttribute) {
        const element = definition.open.at(-1);
        if (element !== undefined) this.#attribute(element, this.#name(aux), this.#string(0));
      } else if (op === Op.Close) {
        definition.open.pop();
        this.#endDefinition(definition);
      } else this.#defineNode(definition, op, aux);
    } else if (walk !== undefined) {
      if (op === Op.OpenAttribute) this.#openAttribute(walk, this.#name(aux));
      else if (op === Op.Close) this.#close(walk);
      else this.#openNode(walk, op, aux);
    } else throw new WireError(`operation ${op} stands outside of a tree`);
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

  /** Takes a node out and forgets the page ids of it and of all below it, but for those that are kept. */
  #free(root: Named): void {
    dom.detach(root);
    for (let node: Named | null = root; node !== null; node = dom.following(root, node)) {
      const id = node[ID];
      if (id !== undefined && this.#nodes[id] === node && !this.#kept?.has(id)) this.#nodes[id] = undefined;
    }
  }

  #property(number: number): Property | undefined {
    const word = this.#word(2);
    if (this.#end - this.#first < 4 && (number === 1 || number === 5)) throw new WireError("PROP lacks arguments");
    switch (number) {
      case 1:
        return { kind: "value", text: this.#string(2) };
      case 2:
        return { kind: "checked", on: word !== 0 };
      case 3:
        return { kind: "indeterminate", on: word !== 0 };
      case 4:
        return { kind: "selected", on: word !== 0 };
      case 5:
        return { kind: "selection", start: word, end: this.#word(3) };
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

  // Templates.

  #defineNode(definition: Definition, op: Op, aux: number): void {
    const node = op === Op.Open ? this.#make(this.#name(aux)) : textual(op === Op.OpenText, this.#string(1));
    const parent = definition.open.at(-1);
    if (parent === undefined) definition.root ??= node;
    else dom.insert(parent, node, null);
    if (this.#word(0) !== 0) definition.marked.add(node);
    if (op === Op.Open) definition.open.push(node as Element);
    else this.#endDefinition(definition);
  }

  #endDefinition({ number, open, root, marked }: Definition): void {
    if (open.length > 0 || root === undefined) return;
    this.#templates[number] = new Template(root, marked);
    this.#definition = undefined;
  }

  #clone(template: Template | undefined): void {
    if (template === undefined || this.#end - this.#first < template.marks) {
      throw new WireError("CLONE of a template that is not defined, or with too few nodes");
    }
    let at = 0;
    for (const node of template.clone()) this.#define(this.#word(at++), node);
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

  #openNode(walk: Walk, op: Op, aux: number): void {
    const name = op === Op.Open ? this.#name(aux) : undefined;
    if (walk.failed > 0) {
      if (name !== undefined) walk.failed++;
      return;
    }
    const level = walk.levels.at(-1)!;
    finishAttributes(level);
    const described: Described = { name, isText: op === Op.OpenText, data: name === undefined ? this.#string(1) : "" };
    const adopts = walk.mode === TREE_ADOPT && !level.make;
    const node = adopts ? adopt(level, described, aux) : this.#replace(walk, level, described);
    if (node === undefined) {
      this.#resyncs.push(walk.node);
      walk.failed = walk.levels.length + (name === undefined ? 0 : 1);
      return;
    }
    this.#define(this.#word(0), node);
    if (name !== undefined) walk.levels.push(this.#levelOf(walk, node as Element, adopts));
  }

  #openAttribute(walk: Walk, name: Name): void {
    if (walk.failed > 0) return;
    const { parent, unlisted } = walk.levels.at(-1)!;
    if (!(parent instanceof Element)) return;
    const value = this.#string(0);
    const qualified = dom.qualified(name);
    // To set a `src` again would start a medium over.
    if (unlisted?.delete(qualified) && dom.getAttribute(parent, qualified) === value) return;
    this.#attribute(parent, name, value);
  }

  #levelOf(walk: Walk, element: Element, adopted: boolean): Level {
    const level: Level = { parent: element, cursor: dom.firstOf(element), make: false };
    if (walk.mode !== TREE_ADOPT) {
      level.unlisted = new Set(dom.attributeNames(element));
      // That one is the browser's: without it a modal could not be seen, and the page still be held back.
      if (dom.isModal(element)) level.unlisted.delete("open");
      return level;
    }
    if (!adopted) return { ...level, make: true };
    // Before anything is changed that this is compared with.
    if (changedSinceParsed(element)) this.#changed.push(element);
    const live = dom.getAttribute(element, LIVE)?.split(" ");
    if (live !== undefined) this.#live.push(element);
    return { ...level, make: live?.includes("text") === true };
  }

  #replace(walk: Walk, level: Level, described: Described): Node {
    // Nodes that the tree does not have do not make those behind them move.
    while (level.cursor !== null && isStale(level.cursor, this.#kept)) {
      walk.surplus.add(level.cursor);
      level.cursor = dom.nextOf(level.cursor);
    }
    const cursor: Named | null = level.cursor;
    const known = this.#nodes[this.#word(0)];
    let node: Node;
    if (known !== undefined && isLike(known, described) && (known === cursor || !dom.contains(known, level.parent))) {
      node = known;
    } else if (cursor !== null && cursor[ID] === undefined && isLike(cursor, described)) node = cursor;
    else node = described.name === undefined ? textual(described.isText, described.data) : this.#make(described.name);

    this.#host.events.unlistenAll(node);
    if (node instanceof CharacterData && node.data !== described.data) node.data = described.data;
    if (node === cursor) level.cursor = dom.nextOf(node);
    else {
      // A node further up in the tree may go below one that stood in it.
      for (const above of walk.levels) if (above.cursor === node) above.cursor = dom.nextOf(node);
      walk.surplus.delete(node);
      dom.insert(level.parent, node, cursor);
    }
    return node;
  }

  #close(walk: Walk): void {
    if (walk.failed > 0) {
      if (--walk.failed === 0) this.#walk = undefined;
      return;
    }
    const level = walk.levels.pop()!;
    finishAttributes(level);
    if (level.cursor !== null && walk.mode === TREE_ADOPT && !level.make) {
      this.#resyncs.push(walk.node);
      walk.failed = walk.levels.length;
    } else {
      for (let node = level.cursor; node !== null; node = dom.nextOf(node)) walk.surplus.add(node);
    }
    if (walk.levels.length > 0) return;
    this.#walk = undefined;
    for (const node of walk.surplus) this.#free(node);
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

function textual(isText: boolean, data: string): CharacterData {
  return isText ? document.createTextNode(data) : document.createComment(data);
}

function isLike(node: Node, { name, isText }: Described): boolean {
  if (name === undefined) return dom.typeOf(node) === (isText ? dom.TEXT : dom.COMMENT);
  return dom.isElement(node, elementAllowed(name.namespace, name.local) ? name : STRIPPED);
}

function isStale(node: Named, kept: Set<number> | undefined): boolean {
  return node[ID] !== undefined && !kept?.has(node[ID]);
}

function finishAttributes(level: Level): void {
  level.unlisted?.forEach((name) => dom.removeAttribute(level.parent as Element, name));
  level.unlisted = undefined;
}

/** The node at the cursor, if it is what the operation says. */
function adopt(level: Level, described: Described, aux: number): Node | undefined {
  const { isText, data } = described;
  if (isText && aux & BEHIND_TEXT && !takeMarker(level)) return undefined;
  if (isText && aux & EMPTY_TEXT) {
    if (!takeMarker(level)) return undefined;
    const text = document.createTextNode("");
    dom.insert(level.parent, text, level.cursor);
    return text;
  }
  const node = level.cursor;
  if (node === null || !isLike(node, described)) return undefined;
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
      if (op === Op.Open || op === Op.OpenText || op === Op.OpenComment) ids.add(words[at + 1]);
    }
  }
  return ids;
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
