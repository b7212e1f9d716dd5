/**
 * Op streams as bytes, without an engine: {@link StreamWriter} makes the same
 * bytes as the engine's native encoder, {@link decodeStream} reads them back.
 * `protocol/vectors/streams.json` pins both.
 *
 * Needs no global beyond ECMAScript's, so that it also runs where the platform
 * is not installed.
 */

import { Op, type Sink } from './ops';

/** `"PCB1"`: stands in front of a batch. */
export const batchMagic = 0x31424350;

/** A sink that collects one stream. */
export class StreamWriter implements Sink {
  #words = new Uint32Array(256);
  #wordCount = 0;
  #strings = new Uint8Array(1024);
  #stringBytes = 0;

  emit(op: number, aux: number, ...args: (number | string)[]): void {
    this.#reserveWords(1 + 2 * args.length);
    const head = this.#wordCount++;
    for (const arg of args) {
      if (typeof arg === 'number') {
        this.#words[this.#wordCount++] = arg;
      } else {
        const offset = this.#stringBytes;
        this.#write(arg);
        this.#words[this.#wordCount++] = offset;
        this.#words[this.#wordCount++] = this.#stringBytes - offset;
      }
    }
    const argumentWords = this.#wordCount - head - 1;
    if (argumentWords > 255) throw new RangeError(`operation ${op} has ${argumentWords} argument words; 255 are allowed`);
    this.#words[head] = (op | (argumentWords << 8) | (aux << 16)) >>> 0;
  }

  get isEmpty(): boolean {
    return this.#wordCount === 0;
  }

  /** Bytes of the stream so far, with its two length words. */
  get byteLength(): number {
    return 8 + 4 * this.#wordCount + align(this.#stringBytes);
  }

  /** The stream, or with `magic` the batch, and starts a new one. */
  take(magic?: number): Uint8Array {
    const start = magic === undefined ? 0 : 4;
    const bytes = new Uint8Array(start + this.byteLength);
    const view = new DataView(bytes.buffer);
    if (magic !== undefined) view.setUint32(0, magic, true);
    view.setUint32(start, this.#wordCount, true);
    view.setUint32(start + 4, this.#stringBytes, true);
    for (let at = 0; at < this.#wordCount; at++) view.setUint32(start + 8 + 4 * at, this.#words[at]!, true);
    bytes.set(this.#strings.subarray(0, this.#stringBytes), start + 8 + 4 * this.#wordCount);
    this.#wordCount = 0;
    this.#stringBytes = 0;
    return bytes;
  }

  #reserveWords(count: number): void {
    if (this.#wordCount + count <= this.#words.length) return;
    const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#wordCount + count));
    larger.set(this.#words);
    this.#words = larger;
  }

  #write(text: string): void {
    if (this.#stringBytes + text.length * 3 > this.#strings.length) {
      const larger = new Uint8Array(Math.max(this.#strings.length * 2, this.#stringBytes + text.length * 3));
      larger.set(this.#strings);
      this.#strings = larger;
    }
    this.#stringBytes = writeUtf8(text, this.#strings, this.#stringBytes);
  }
}

/** One operation of a stream. Strings are resolved; names are still numbers. */
export interface DecodedOp {
  op: number;
  aux: number;
  /** In the order of `wire.md`, a string where the table has one. */
  args: (number | string)[];
}

/** Why a stream was refused. `code` is one of the words of `protocol/vectors/README.md`. */
export class StreamError extends Error {
  constructor(
    readonly code: 'length' | 'arguments' | 'string' | 'utf8',
    message: string,
  ) {
    super(message);
    this.name = 'StreamError';
  }
}

/**
 * Reads a stream whole or not at all, by its bounds and its operations' shapes.
 * What the operations mean for names, templates and a tree is not known here.
 * Unknown operations are left out. Throws {@link StreamError}.
 */
export function decodeStream(bytes: Uint8Array): DecodedOp[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 8) throw new StreamError('length', `a stream has at least 8 bytes, this one ${bytes.byteLength}`);
  const wordCount = view.getUint32(0, true);
  const stringBytes = view.getUint32(4, true);
  const expected = 8 + 4 * wordCount + align(stringBytes);
  if (expected !== bytes.byteLength) {
    throw new StreamError('length', `${wordCount} words and ${stringBytes} string bytes make ${expected} bytes, there are ${bytes.byteLength}`);
  }
  const strings = bytes.subarray(8 + 4 * wordCount, 8 + 4 * wordCount + stringBytes);
  checkUtf8(strings);

  const ops: DecodedOp[] = [];
  for (let at = 0; at < wordCount; ) {
    const head = view.getUint32(8 + 4 * at, true);
    const op = head & 0xff;
    const argc = (head >>> 8) & 0xff;
    const aux = head >>> 16;
    if (argc > wordCount - at - 1) {
      throw new StreamError('arguments', `word ${at}: operation ${op} wants ${argc} arguments, ${wordCount - at - 1} words are left`);
    }
    const shape = shapes[op];
    if (shape !== undefined) {
      ops.push(readArguments(view, strings, at, op, argc, aux, shape));
    }
    at += 1 + argc;
  }
  return ops;
}

/**
 * Arguments of each operation: `w` a word, `s` a string, `*` words to the end,
 * `?` a string that may be absent, `p` the value of a property.
 */
const shapes: Record<number, string> = {
  [Op.Name]: 'ws',
  [Op.Create]: 'w',
  [Op.Text]: 'ws',
  [Op.Comment]: 'ws',
  [Op.SetText]: 'ws',
  [Op.Attribute]: 'ws',
  [Op.RemoveAttribute]: 'w',
  [Op.Property]: 'wwp',
  [Op.Insert]: 'www',
  [Op.Detach]: 'w',
  [Op.Remove]: 'w',
  [Op.Listen]: 'ww?',
  [Op.Unlisten]: 'w',
  [Op.Call]: 'w',
  [Op.Template]: '',
  [Op.Open]: 'w',
  [Op.OpenAttribute]: 's',
  [Op.OpenText]: 'ws',
  [Op.OpenComment]: 'ws',
  [Op.Close]: '',
  [Op.Clone]: '*',
  [Op.Slot]: 'ws',
  [Op.Tree]: 'w',
  [Op.Status]: 'ws',
};

const propertyShapes: Record<number, string> = { 1: 's', 2: 'w', 3: 'w', 4: 'w', 5: 'ww', 6: 'w', 7: 'w', 8: 'w' };

function readArguments(view: DataView, strings: Uint8Array, at: number, op: number, argc: number, aux: number, shape: string): DecodedOp {
  const args: (number | string)[] = [];
  let next = 0;
  const word = (): number => {
    if (next === argc) throw new StreamError('arguments', `word ${at}: operation ${op} has only ${argc} arguments`);
    return view.getUint32(8 + 4 * (at + 1 + next++), true);
  };
  const text = (): string => {
    const offset = word();
    return sliceUtf8(strings, offset, word(), at);
  };
  const kinds = shape.endsWith('p') ? shape.slice(0, -1) + (propertyShapes[aux] ?? '*') : shape;
  for (const kind of kinds) {
    if (kind === 'w') args.push(word());
    else if (kind === 's') args.push(text());
    else if (kind === '?') {
      if (next < argc) args.push(text());
    } else while (next < argc) args.push(word());
  }
  // Scroll offsets are the only signed words.
  if (op === Op.Property && (aux === 7 || aux === 8)) args[2] = (args[2] as number) | 0;
  return { op, aux, args };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** Writes `text` at `at` and gives the end. Lone surrogates become U+FFFD. */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  for (let index = 0; index < text.length; index++) {
    let point = text.charCodeAt(index);
    if (point >= 0xd800 && point < 0xe000) {
      const low = text.charCodeAt(index + 1);
      if (point < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        index++;
      } else point = 0xfffd;
    }
    if (point < 0x80) into[at++] = point;
    else if (point < 0x800) {
      into[at++] = 0xc0 | (point >> 6);
      into[at++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      into[at++] = 0xe0 | (point >> 12);
      into[at++] = 0x80 | ((point >> 6) & 63);
      into[at++] = 0x80 | (point & 63);
    } else {
      into[at++] = 0xf0 | (point >> 18);
      into[at++] = 0x80 | ((point >> 12) & 63);
      into[at++] = 0x80 | ((point >> 6) & 63);
      into[at++] = 0x80 | (point & 63);
    }
  }
  return at;
}

function checkUtf8(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    let valid = length > 0 && at + length <= bytes.length;
    for (let next = 1; valid && next < length; next++) valid = (bytes[at + next]! & 0xc0) === 0x80;
    // Overlong forms, surrogates, and what lies behind U+10FFFF.
    const second = bytes[at + 1] ?? 0;
    if (valid && lead === 0xe0) valid = second >= 0xa0;
    if (valid && lead === 0xed) valid = second < 0xa0;
    if (valid && lead === 0xf0) valid = second >= 0x90;
    if (valid && lead === 0xf4) valid = second < 0x90;
    if (!valid) throw new StreamError('utf8', `byte ${at} of the string section is not UTF-8`);
    at += length;
  }
}

/** `bytes` are valid as a whole. */
function sliceUtf8(bytes: Uint8Array, offset: number, length: number, word: number): string {
  const end = offset + length;
  if (end > bytes.length) {
    throw new StreamError('string', `word ${word}: string ${offset}..${end} of a section of ${bytes.length} bytes`);
  }
  for (const edge of [offset, end]) {
    if (edge < bytes.length && (bytes[edge]! & 0xc0) === 0x80) {
      throw new StreamError('string', `word ${word}: byte ${edge} is inside a character`);
    }
  }
  let text = '';
  for (let at = offset; at < end; ) {
    const lead = bytes[at]!;
    let point = lead;
    let more = 0;
    if (lead >= 0xf0) (point = lead & 7), (more = 3);
    else if (lead >= 0xe0) (point = lead & 15), (more = 2);
    else if (lead >= 0x80) (point = lead & 31), (more = 1);
    at++;
    for (; more > 0; more--) point = (point << 6) | (bytes[at++]! & 63);
    text += String.fromCodePoint(point);
  }
  return text;
}
