// Writes messages as the edge does (protocol/wire.md): FRAME with one part.

export const Op = {
  Name: 1,
  Create: 2,
  Text: 3,
  SetText: 5,
  Attribute: 6,
  Insert: 9,
  Remove: 11,
  Template: 15,
  Open: 16,
  OpenAttribute: 17,
  OpenText: 18,
  Close: 20,
  Clone: 21,
  Slot: 32,
};

const FRAME = 66;

export class FrameWriter {
  #names = new Map();
  #frame = 0;
  #words = [];
  #texts = [];
  #bytes = 0;

  begin(frame) {
    this.#frame = frame;
    this.#words = [];
    this.#texts = [];
    this.#bytes = 0;
  }

  op(code, aux, ...words) {
    this.#words.push(code | (words.length << 8) | (aux << 16), ...words);
  }

  /** An operation whose last argument is a string. ASCII only. */
  string(code, aux, words, text) {
    this.op(code, aux, ...words, this.#bytes, text.length);
    this.#texts.push(text);
    this.#bytes += text.length;
  }

  /** The number of a name, which is defined if it was not. */
  name(local) {
    const known = this.#names.get(local);
    if (known !== undefined) return known;
    const id = this.#names.size;
    this.#names.set(local, id);
    this.string(Op.Name, id, [0], local);
    return id;
  }

  message() {
    const head = [FRAME, this.#frame, 0, this.#words.length, this.#bytes];
    const bytes = new Uint8Array(4 * (head.length + this.#words.length) + Math.ceil(this.#bytes / 4) * 4);
    const words = new Uint32Array(bytes.buffer, 0, head.length + this.#words.length);
    words.set(head);
    words.set(this.#words, head.length);
    new TextEncoder().encodeInto(this.#texts.join(""), bytes.subarray(words.byteLength));
    return bytes;
  }
}
