import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode, encode, type FromEdge, STRING_MAX, type ToEdge, WireError } from "../src/wire.ts";
import { decodeToEdge, encodeFromEdge } from "./edge.ts";

interface Vector {
  name: string;
  direction: "to-edge" | "from-edge";
  message: ToEdge | FromEdge;
  hex: string;
}
const vectors = JSON.parse(readFileSync("protocol/vectors/messages.json", "utf8")) as {
  messages: Vector[];
  malformed: (Omit<Vector, "message"> & { reason: string })[];
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** The form of the vectors: a stream as numbers and text. */
function plain(message: FromEdge): unknown {
  if (message.type !== "frame") return message;
  const { words, strings } = message.stream;
  return { ...message, stream: { words: [...words], strings: Buffer.from(strings).toString() } };
}

for (const { name, direction, message, hex: golden } of vectors.messages) {
  test(`${direction}: ${name}`, () => {
    if (direction === "to-edge") {
      assert.equal(hex(encode(message as ToEdge)), golden);
      assert.deepEqual(decodeToEdge(bytes(golden)), message);
    } else {
      assert.deepEqual(plain(decode(bytes(golden))), message);
      assert.equal(hex(encodeFromEdge(message as FromEdge)), golden);
    }
  });
}

for (const { name, direction, hex: text } of vectors.malformed) {
  test(`${direction}, malformed: ${name}`, () => {
    const read = direction === "to-edge" ? decodeToEdge : decode;
    assert.throws(() => read(bytes(text)), WireError);
  });
}

test("no flip of a bit makes the decoder do anything but decode or throw a WireError", () => {
  for (const { direction, hex: text } of vectors.messages) {
    for (let bit = 0; bit < text.length * 4; bit++) {
      const flipped = bytes(text);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      try {
        (direction === "to-edge" ? decodeToEdge : decode)(flipped);
      } catch (error) {
        assert.ok(error instanceof WireError, String(error));
      }
    }
  }
});

test("a frame at an odd address is decoded", () => {
  const golden = bytes(vectors.messages.find(({ name }) => name === "frame: adopt")!.hex);
  const shifted = new Uint8Array(golden.length + 1);
  shifted.set(golden, 1);
  assert.deepEqual(plain(decode(shifted.subarray(1))), plain(decode(golden)));
});

test("a string over the limit is cut between characters", () => {
  const message = encode({ type: "event", sequence: 1, node: 1, frame: 1, name: 1, modifiers: 0, detail: { kind: "key", key: "", code: "€".repeat(STRING_MAX) } });
  const event = decodeToEdge(message) as ToEdge & { type: "event" };
  assert.deepEqual(event.detail, { kind: "key", key: "", code: "€".repeat(Math.floor(STRING_MAX / 3)) });
});
