// The other end of the wire, for tests: decodes what the browser sends, encodes what the edge sends, and writes
// streams of operations.

import { DETAILS, type Detail, type Environment, type FormState, type FromEdge, Reader, type Stream, type ToEdge, WireError, Writer } from "../src/wire.ts";

/** The client writes floats and never reads one. */
const float = (input: Reader) => new Float32Array(Uint32Array.of(input.word()).buffer)[0];

export function decodeToEdge(bytes: Uint8Array): ToEdge {
  const input = new Reader(bytes);
  const { type, flags } = input.head();
  const message = ((): ToEdge => {
    switch (type) {
      case 1: {
        const [session, frame, sequence, connection] = [input.string(), input.word(), input.word(), input.word()];
        return { type: "hello", resume: flags === 1, session, frame, sequence, connection, environment: readEnvironment(input) };
      }
      case 2: {
        const [sequence, node, frame, name, modifiers] = [input.word(), input.word(), input.word(), input.word(), input.word()];
        const detail = readDetail(input, flags & 7);
        const form = flags & 8 ? { form: readForm(input) } : {};
        return { type: "event", sequence, node, frame, name, modifiers, detail, ...form };
      }
      case 3:
        return { type: "ack", frame: input.word() };
      case 4:
        return { type: "environment", environment: readEnvironment(input) };
      case 5:
        return { type: "resync", node: input.word() };
      case 6:
        return { type: "ping" };
      default:
        throw new WireError(`message type ${type} is not known`);
    }
  })();
  input.end();
  return message;
}

function readEnvironment(input: Reader): Environment {
  const [locale, timeZone, url] = [input.string(), input.string(), input.string()];
  const [width, height, flags] = [input.word(), input.word(), input.word()];
  return { locale, timeZone, url, width, height, dark: (flags & 1) !== 0, reducedMotion: (flags & 2) !== 0, visible: (flags & 4) !== 0 };
}

function readDetail(input: Reader, number: number): Detail {
  switch (DETAILS[number]) {
    case "none":
      return { kind: "none" };
    case "pointer": {
      const [x, y, offsetX, offsetY] = [float(input), float(input), float(input), float(input)];
      const [buttons, pointerId, count] = [input.word(), input.word() | 0, input.word()];
      return { kind: "pointer", x, y, offsetX, offsetY, button: (buttons << 16) >> 16, buttons: buttons >>> 16, pointerId, count, pointerType: input.string() };
    }
    case "wheel":
      return { kind: "wheel", x: float(input), y: float(input), deltaX: float(input), deltaY: float(input), deltaMode: input.word() };
    case "key":
      return { kind: "key", key: input.string(), code: input.string() };
    case "edit": {
      const [inputType, has, data] = [input.string(), input.word(), input.string()];
      return { kind: "edit", inputType, data: has ? data : null };
    }
    case "scroll":
      return { kind: "scroll", top: float(input), left: float(input) };
    case "submit":
      return { kind: "submit", entries: list(input, () => [input.string(), input.string()]) };
    default:
      throw new WireError(`kind of detail ${number} is not known`);
  }
}

function readForm(input: Reader): FormState {
  const [value, flags, start, end] = [input.string(), input.word(), input.word(), input.word()];
  const selection = flags & 2 ? { selection: [start, end] as [number, number] } : {};
  return { value, checked: (flags & 1) !== 0, ...selection, selected: list(input, () => input.word()) };
}

function list<T>(input: Reader, read: () => T): T[] {
  const count = input.word();
  const items: T[] = [];
  for (let at = 0; at < count; at++) items.push(read());
  return items;
}

/** `stream` may be given as numbers and text. */
export function encodeFromEdge(message: FromEdge): Uint8Array {
  const out = new Writer();
  switch (message.type) {
    case "welcome":
      out.head(65, 0, message.version);
      out.words(message.sequence);
      break;
    case "frame": {
      out.head(66, (message.more ? 1 : 0) | (message.fresh ? 2 : 0));
      out.words(message.frame);
      out.words(message.acknowledged);
      const { words, strings } = message.stream as { words: ArrayLike<number>; strings: Uint8Array | string };
      const text = Buffer.from(strings as string);
      out.words(words.length);
      out.words(text.length);
      const body = Buffer.alloc(words.length * 4 + Math.ceil(text.length / 4) * 4);
      Array.from(words).forEach((word, at) => body.writeUInt32LE(word >>> 0, at * 4));
      text.copy(body, words.length * 4);
      return Buffer.concat([out.bytes(), body]);
    }
    case "refused":
      out.head(67, 0, message.version);
      out.words(message.code);
      out.strings(message.reason);
      break;
    case "pong":
      out.head(68);
      break;
    case "location":
      out.head(69, ["navigate", "push", "replace"].indexOf(message.how));
      out.strings(message.url);
  }
  return out.bytes();
}

export type Attributes = Record<string, string>;
/** Writes a stream of operations. Names are defined where they are first used. */
export class Ops {
  private readonly words: number[] = [];
  private text = "";
  private readonly names: Map<string, number>;

  /** Names given here were defined in earlier frames, and those defined now are added to them. */
  constructor(names = new Map<string, number>()) {
    this.names = names;
  }

  op(op: number, aux: number, ...words: number[]): this {
    this.words.push(op | (words.length << 8) | (aux << 16), ...words);
    return this;
  }

  /** The two words of a string. */
  string(value: string): [offset: number, length: number] {
    const offset = Buffer.byteLength(this.text);
    this.text += value;
    return [offset, Buffer.byteLength(value)];
  }

  /** The id of a name; `svg:path`, `xlink:href` give the namespace. */
  name(name: string): number {
    let id = this.names.get(name);
    if (id === undefined) {
      id = this.names.size + 1;
      this.names.set(name, id);
      const [, prefix, local] = /^(?:(svg|mathml|xlink|xml|xmlns):)?(.*)$/.exec(name)!;
      const namespace = { svg: 1, mathml: 2, xlink: 3, xml: 4, xmlns: 5 }[prefix] ?? 0;
      this.op(1, id, namespace, ...this.string(local));
    }
    return id;
  }

  create(node: number, name: string) {
    return this.op(2, this.name(name), node);
  }
  createText(node: number, data: string) {
    return this.op(3, 0, node, ...this.string(data));
  }
  comment(node: number, data: string) {
    return this.op(4, 0, node, ...this.string(data));
  }
  setText(node: number, data: string) {
    return this.op(5, 0, node, ...this.string(data));
  }
  attribute(node: number, name: string, value: string) {
    return this.op(6, this.name(name), node, ...this.string(value));
  }
  removeAttribute(node: number, name: string) {
    return this.op(7, this.name(name), node);
  }
  value(node: number, value: string, answers: number) {
    return this.op(8, 1, node, answers, ...this.string(value));
  }
  property(node: number, property: number, answers: number, ...words: number[]) {
    return this.op(8, property, node, answers, ...words);
  }
  insert(parent: number, child: number, before = 0) {
    return this.op(9, 0, parent, child, before);
  }
  detach(node: number) {
    return this.op(10, 0, node);
  }
  remove(node: number) {
    return this.op(11, 0, node);
  }
  listen(node: number, type: string, flags = 0, filter?: string) {
    return this.op(12, this.name(type), node, flags, ...(filter === undefined ? [] : this.string(filter)));
  }
  unlisten(node: number, type: string) {
    return this.op(13, this.name(type), node);
  }
  call(node: number, command: number) {
    return this.op(14, command, node);
  }
  clone(template: number, ...nodes: number[]) {
    return this.op(21, template, ...nodes);
  }
  slot(node: number, name: string) {
    return this.op(32, 0, node, ...this.string(name));
  }
  /** `element` 0: nowhere. */
  mount(root: number, element: number) {
    return this.op(35, 0, root, element);
  }
  status(node: number, state: number, text: string) {
    return this.op(34, state, node, ...this.string(text));
  }

  open(name: string, node: number, attributes: Attributes = {}) {
    this.op(16, this.name(name), node);
    for (const [key, value] of Object.entries(attributes)) this.op(17, this.name(key), ...this.string(value));
    return this;
  }
  openText(node: number, data = "", aux = 0) {
    return this.op(18, aux, node, ...this.string(data));
  }
  openComment(node: number, data = "") {
    return this.op(19, 0, node, ...this.string(data));
  }
  close() {
    return this.op(20, 0);
  }
  adopt(node: number) {
    return this.op(33, 1, node);
  }
  replace(node: number) {
    return this.op(33, 0, node);
  }
  template(id: number) {
    return this.op(15, id, 0);
  }

  stream(): Stream {
    return { words: Uint32Array.from(this.words, (word) => word >>> 0), strings: Buffer.from(this.text) };
  }
}
