// The messages of protocol/wire.md, both as values and as bytes. Reads no more than a message holds.

export const VERSION = 1;
/** Of one string that the browser sends, in bytes of UTF-8: what the edge takes as a text. */
export const STRING_MAX = 256 * 1024;
/** Of the page's URL, in bytes. */
export const URL_MAX = 8 * 1024;
/** Entries of a form, and selected options, in one event. */
export const ENTRIES_MAX = 1024;
/** Of one message in either direction, in bytes. */
export const MESSAGE_MAX = 1024 * 1024;

export interface Environment {
  /** BCP 47. */
  locale: string;
  /** IANA name. */
  timeZone: string;
  /** Path, query and fragment. */
  url: string;
  /** CSS pixels. */
  width: number;
  height: number;
  dark: boolean;
  reducedMotion: boolean;
  visible: boolean;
}

export interface FormState {
  value: string;
  checked: boolean;
  /** UTF-16 offsets. */
  selection?: [start: number, end: number];
  /** Positions of the selected options. */
  selected: number[];
}

export type Detail =
  | { kind: "none" }
  | {
      kind: "pointer";
      x: number;
      y: number;
      offsetX: number;
      offsetY: number;
      button: number;
      buttons: number;
      pointerId: number;
      count: number;
      pointerType: string;
    }
  | { kind: "wheel"; x: number; y: number; deltaX: number; deltaY: number; deltaMode: number }
  | { kind: "key"; key: string; code: string }
  | { kind: "edit"; inputType: string; data: string | null }
  | { kind: "scroll"; top: number; left: number }
  | { kind: "submit"; entries: [name: string, value: string][] };

/** Positions are the kinds' numbers on the wire. */
export const DETAILS = ["none", "pointer", "wheel", "key", "edit", "scroll", "submit"] as const;

export interface EventMessage {
  type: "event";
  sequence: number;
  node: number;
  /** The last frame applied when the event was raised, or the one that was being applied. */
  frame: number;
  /** Name id of the event's type. */
  name: number;
  /** 1 alt, 2 control, 4 meta, 8 shift, 16 repeat, 32 composing. */
  modifiers: number;
  detail: Detail;
  form?: FormState;
}

export type ToEdge =
  | { type: "hello"; resume: boolean; session: string; frame: number; sequence: number; connection: number; environment: Environment }
  | EventMessage
  | { type: "ack"; frame: number }
  | { type: "environment"; environment: Environment }
  | { type: "resync"; node: number }
  | { type: "ping" };

/** Operation words and string bytes of one part of a frame. */
export interface Stream {
  words: Uint32Array;
  strings: Uint8Array;
}

export type FromEdge =
  | { type: "welcome"; version: number; sequence: number }
  | {
      type: "frame";
      more: boolean;
      fresh: boolean;
      frame: number;
      acknowledged: number;
      stream: Stream;
    }
  | { type: "refused"; version: number; code: number; reason: string }
  | { type: "pong" }
  | { type: "location"; how: "navigate" | "push" | "replace"; url: string };

/** A message that cannot be decoded; its text is the reason. */
export class WireError extends Error {}

export function encode(message: ToEdge): Uint8Array {
  const out = new Writer();
  switch (message.type) {
    case "hello":
      out.head(1, message.resume ? 1 : 0, VERSION);
      out.strings(message.session);
      out.words(message.frame, message.sequence, message.connection);
      writeEnvironment(out, message.environment);
      break;
    case "event": {
      const { detail, form } = message;
      out.head(2, DETAILS.indexOf(detail.kind) | (form ? 8 : 0));
      out.words(message.sequence, message.node, message.frame, message.name, message.modifiers);
      writeDetail(out, detail);
      if (form) writeForm(out, form);
      break;
    }
    case "ack":
      out.head(3);
      out.words(message.frame);
      break;
    case "environment":
      out.head(4);
      writeEnvironment(out, message.environment);
      break;
    case "resync":
      out.head(5);
      out.words(message.node);
      break;
    case "ping":
      out.head(6);
  }
  return out.bytes();
}

/** @throws WireError */
export function decode(bytes: Uint8Array): FromEdge {
  const input = new Reader(bytes);
  const { type, flags, aux } = input.head();
  const message = ((): FromEdge => {
    switch (type) {
      case 65:
        return { type: "welcome", version: aux, sequence: input.word() };
      case 66:
        return {
          type: "frame",
          more: (flags & 1) !== 0,
          fresh: (flags & 2) !== 0,
          frame: input.word(),
          acknowledged: input.word(),
          stream: input.stream(),
        };
      case 67:
        return { type: "refused", version: aux, code: input.word(), reason: input.string() };
      case 68:
        return { type: "pong" };
      case 69: {
        const how = (["navigate", "push", "replace"] as const)[flags];
        if (how === undefined) throw new WireError(`LOCATION has flags ${flags}`);
        return { type: "location", how, url: input.string() };
      }
      default:
        throw new WireError(`message type ${type} is not known`);
    }
  })();
  input.end();
  return message;
}

/** Reads words and strings, and throws a WireError instead of reading past the end. */
export class Reader {
  #at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    if (bytes.length % 4 !== 0) throw new WireError(`a message of ${bytes.length} bytes is not made of words`);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  head(): { type: number; flags: number; aux: number } {
    const word = this.word();
    return { type: word & 255, flags: (word >>> 8) & 255, aux: word >>> 16 };
  }

  word(): number {
    this.#need(4);
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  string(): string {
    const length = this.word();
    return utf8(this.#section(length));
  }

  stream(): Stream {
    const count = this.word();
    const length = this.word();
    // A view where the words lie aligned in the buffer, which they do unless a test hands in a slice.
    const section = this.#section(count * 4);
    const aligned = section.byteOffset % 4 === 0 ? section : section.slice();
    return {
      words: new Uint32Array(aligned.buffer, aligned.byteOffset, count),
      strings: this.#section(length),
    };
  }

  end(): void {
    const rest = this.#bytes.length - this.#at;
    if (rest > 0) throw new WireError(`${rest} bytes stand behind the end of the message`);
  }

  #section(length: number): Uint8Array {
    const padded = Math.ceil(length / 4) * 4;
    this.#need(padded);
    this.#at += padded;
    return this.#bytes.subarray(this.#at - padded, this.#at - padded + length);
  }

  #need(count: number): void {
    const rest = this.#bytes.length - this.#at;
    if (count > rest) throw new WireError(`${count} bytes at byte ${this.#at}, where only ${rest} are left`);
  }
}

/** Grows as it is written to. */
export class Writer {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  head(type: number, flags = 0, aux = 0): void {
    this.words(type | (flags << 8) | (aux << 16));
  }

  /** Signed words are written as their two's complement. */
  words(...values: number[]): void {
    this.#grow(values.length * 4);
    for (const value of values) {
      this.#view.setUint32(this.#length, value, true);
      this.#length += 4;
    }
  }

  floats(...values: number[]): void {
    this.words(...new Uint32Array(Float32Array.from(values).buffer));
  }

  /** Each is cut at STRING_MAX, on a character's boundary. */
  strings(...values: string[]): void {
    for (const value of values) {
      // A UTF-16 unit is at most 3 bytes of UTF-8.
      const room = Math.min(value.length * 3, STRING_MAX);
      this.#grow(room + 8);
      const start = this.#length + 4;
      const { written } = encoder.encodeInto(value, this.#buffer.subarray(start, start + room));
      this.words(written);
      this.#length += Math.ceil(written / 4) * 4;
      this.#buffer.fill(0, start + written, this.#length);
    }
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** @throws WireError */
export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new WireError("a string is not UTF-8");
  }
}

const encoder = new TextEncoder();
// Without ignoreBOM a leading U+FEFF would be eaten, and offsets into the text would be off by one.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function writeEnvironment(out: Writer, environment: Environment): void {
  const { locale, timeZone, url, width, height, dark, reducedMotion, visible } = environment;
  out.strings(locale, timeZone, url);
  out.words(width, height, (dark ? 1 : 0) | (reducedMotion ? 2 : 0) | (visible ? 4 : 0));
}

function writeDetail(out: Writer, detail: Detail): void {
  switch (detail.kind) {
    case "pointer":
      out.floats(detail.x, detail.y, detail.offsetX, detail.offsetY);
      out.words((detail.button & 0xffff) | (detail.buttons << 16), detail.pointerId, detail.count);
      out.strings(detail.pointerType);
      break;
    case "wheel":
      out.floats(detail.x, detail.y, detail.deltaX, detail.deltaY);
      out.words(detail.deltaMode);
      break;
    case "key":
      out.strings(detail.key, detail.code);
      break;
    case "edit":
      out.strings(detail.inputType);
      out.words(detail.data === null ? 0 : 1);
      out.strings(detail.data ?? "");
      break;
    case "scroll":
      out.floats(detail.top, detail.left);
      break;
    case "submit":
      out.words(detail.entries.length);
      for (const entry of detail.entries) out.strings(...entry);
  }
}

function writeForm(out: Writer, form: FormState): void {
  const [start, end] = form.selection ?? [0, 0];
  const flags = (form.checked ? 1 : 0) | (form.selection ? 2 : 0);
  out.strings(form.value);
  out.words(flags, start, end, form.selected.length, ...form.selected);
}
