/**
 * The operations of `protocol/wire.md`, written to a {@link Sink}.
 *
 * The encoder interns names: the first use of a (namespace, name) pair defines
 * it with NAME. It knows nothing of trees, and does not keep count of nodes.
 */

/** Where operations go: the engine's native encoder or a StreamWriter. Both write U+FFFD for lone surrogates. */
export interface Sink {
  emit(op: number, aux: number, ...args: (number | string)[]): void;
}

export const enum Op {
  Name = 1,
  Create = 2,
  Text = 3,
  Comment = 4,
  SetText = 5,
  Attribute = 6,
  RemoveAttribute = 7,
  Property = 8,
  Insert = 9,
  Detach = 10,
  Remove = 11,
  Listen = 12,
  Unlisten = 13,
  Call = 14,
  Template = 15,
  Open = 16,
  OpenAttribute = 17,
  OpenText = 18,
  OpenComment = 19,
  Close = 20,
  Clone = 21,
  Slot = 32,
  Tree = 33,
  Status = 34,
}

/** Of elements: the first three. Of attributes: `None`, or one of the others with a local name (`href`, not `xlink:href`). */
export const Namespace = { None: 0, SVG: 1, MathML: 2, XLink: 3, XML: 4, XMLNS: 5 } as const;

export const ListenFlag = { Passive: 1, PreventDefault: 2, StopPropagation: 4, Through: 16 } as const;

/** Number of each live property on the wire. */
export const Property = {
  value: 1,
  checked: 2,
  indeterminate: 3,
  selected: 4,
  selection: 5,
  muted: 6,
  scrollTop: 7,
  scrollLeft: 8,
} as const;

export const Command = { focus: 1, blur: 2, select: 3, scrollIntoView: 4, showModal: 5, close: 6 } as const;
export type CommandName = keyof typeof Command;

/** The host refuses a whole batch that is over one of these. */
export const limits = {
  batchBytes: 4 << 20,
  attributeBytes: 64 << 10,
  textBytes: 256 << 10,
  nameBytes: 128,
  names: 4096,
  templates: 1024,
} as const;

export class OpEncoder {
  readonly #sink: Sink;
  readonly #names = new Map<string, number>();
  #templates = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  create(node: number, tag: string, namespace: number): void {
    this.#sink.emit(Op.Create, this.name(namespace, tag), node);
  }

  text(node: number, data: string): void {
    this.#sink.emit(Op.Text, 0, node, bounded(data, limits.textBytes, 'a text'));
  }

  comment(node: number, data: string): void {
    this.#sink.emit(Op.Comment, 0, node, bounded(data, limits.textBytes, 'a comment'));
  }

  setText(node: number, data: string): void {
    this.#sink.emit(Op.SetText, 0, node, bounded(data, limits.textBytes, 'a text'));
  }

  setAttribute(node: number, name: string, value: string, namespace: number): void {
    const id = this.name(namespace, name);
    this.#sink.emit(Op.Attribute, id, node, bounded(value, limits.attributeBytes, `the attribute \`${name}\``));
  }

  removeAttribute(node: number, name: string, namespace: number): void {
    this.#sink.emit(Op.RemoveAttribute, this.name(namespace, name), node);
  }

  /** `answers`: sequence number of the last event on which the value rests, 0 for none. */
  setValue(node: number, answers: number, value: string): void {
    this.#sink.emit(Op.Property, Property.value, node, answers, bounded(value, limits.textBytes, 'the property `value`'));
  }

  setFlag(node: number, property: 'checked' | 'indeterminate' | 'selected' | 'muted', answers: number, value: boolean): void {
    this.#sink.emit(Op.Property, Property[property], node, answers, value ? 1 : 0);
  }

  /** `start` and `end` in UTF-16 units. */
  setSelection(node: number, answers: number, start: number, end: number): void {
    this.#sink.emit(Op.Property, Property.selection, node, answers, start, end);
  }

  /** `value` in CSS pixels. */
  setScroll(node: number, property: 'scrollTop' | 'scrollLeft', answers: number, value: number): void {
    this.#sink.emit(Op.Property, Property[property], node, answers, value | 0);
  }

  /** `before` 0: at the end. */
  insert(parent: number, child: number, before: number): void {
    this.#sink.emit(Op.Insert, 0, parent, child, before);
  }

  detach(node: number): void {
    this.#sink.emit(Op.Detach, 0, node);
  }

  remove(node: number): void {
    this.#sink.emit(Op.Remove, 0, node);
  }

  /** `filter` narrows *prevent default* to keys; empty: none. */
  listen(node: number, type: string, flags: number, filter: string): void {
    const id = this.name(Namespace.None, type);
    if (filter === '') this.#sink.emit(Op.Listen, id, node, flags);
    else this.#sink.emit(Op.Listen, id, node, flags, bounded(filter, limits.nameBytes, 'a key filter'));
  }

  unlisten(node: number, type: string): void {
    this.#sink.emit(Op.Unlisten, this.name(Namespace.None, type), node);
  }

  call(node: number, command: CommandName): void {
    this.#sink.emit(Op.Call, Command[command], node);
  }

  /** How many templates can still be defined. */
  get templatesLeft(): number {
    return limits.templates - this.#templates;
  }

  /** Starts a definition and gives its id; `open…` and `close` describe the tree, until its root is closed. */
  template(): number {
    if (this.#templates === limits.templates) throw new RangeError(`a module may define ${limits.templates} templates`);
    this.#sink.emit(Op.Template, this.#templates, 0);
    return this.#templates++;
  }

  /** `mark`: in a template 1 for a node that CLONE names, else 0. */
  open(mark: number, tag: string, namespace: number): void {
    this.#sink.emit(Op.Open, this.name(namespace, tag), mark);
  }

  openAttribute(name: string, value: string, namespace: number): void {
    const id = this.name(namespace, name);
    this.#sink.emit(Op.OpenAttribute, id, bounded(value, limits.attributeBytes, `the attribute \`${name}\``));
  }

  openText(mark: number, data: string): void {
    this.#sink.emit(Op.OpenText, 0, mark, bounded(data, limits.textBytes, 'a text'));
  }

  openComment(mark: number, data: string): void {
    this.#sink.emit(Op.OpenComment, 0, mark, bounded(data, limits.textBytes, 'a comment'));
  }

  close(): void {
    this.#sink.emit(Op.Close, 0);
  }

  /** `nodes`: one for each mark, in document order. */
  clone(template: number, nodes: number[]): void {
    this.#sink.emit(Op.Clone, template, ...nodes);
  }

  /** The id of a name; the first use defines it. */
  name(namespace: number, name: string): number {
    const key = namespace === 0 ? name : `${namespace} ${name}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const id = this.#names.size;
    if (id === limits.names) {
      throw new RangeError(
        `\`${name}\` would be the module's name number ${limits.names + 1} of an element, attribute or event; ${limits.names} are allowed`,
      );
    }
    if (name === '') throw new RangeError('an element, attribute or event has an empty name');
    this.#sink.emit(Op.Name, id, namespace, bounded(name, limits.nameBytes, 'the name of an element, attribute or event'));
    this.#names.set(key, id);
    return id;
  }
}

/** Length of `text` in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length) {
      at++;
      length += 2;
    } else length += 2;
  }
  return length;
}

function bounded(text: string, bytesMax: number, what: string): string {
  // A UTF-16 unit is at most three bytes: short strings need no counting.
  if (text.length * 3 > bytesMax) {
    const bytes = utf8Length(text);
    if (bytes > bytesMax) throw new RangeError(`${what} has ${bytes} bytes of UTF-8; ${bytesMax} are allowed`);
  }
  return text;
}
