/**
 * Randomness from the 256-bit seed of the incarnation, for all of its life.
 *
 * The seed is the key of ChaCha20 (RFC 8439). `crypto` reads its stream under
 * one nonce; under another it gives the state of xoshiro256**
 * (https://prng.di.unimi.it), which serves `Math.random`. So what a module
 * shows of `Math.random` tells nothing of what `crypto` made.
 */

import { DOMException } from './event-target';

const randomNonce = 0x6d617468;
const cryptoNonce = 0x63727970;

let key: Uint32Array | null = null;
/** State of xoshiro256**: four 64-bit words, low half first. */
let state = Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
let block: Uint8Array = new Uint8Array(0);
let blockAt = 0;
let counter = 0;

/** `seed`: eight u32. */
export function reseed(seed: ArrayLike<number>): void {
  key = Uint32Array.from(seed);
  state = chacha20(key, 0, randomNonce).slice(0, 8);
  counter = 0;
  block = new Uint8Array(0);
  blockAt = 0;
}

/** The next 64 bits of xoshiro256**, as [low, high], from `s`. */
export function xoshiro256(s: Uint32Array): [number, number] {
  // s[1] * 5, rotated left by 7, * 9
  let [low, high] = multiply(s[2]!, s[3]!, 5);
  [low, high] = rotateLeft(low, high, 7);
  [low, high] = multiply(low, high, 9);
  const shiftedHigh = (s[3]! << 17) | (s[2]! >>> 15);
  const shiftedLow = s[2]! << 17;
  xor(s, 4, s[0]!, s[1]!);
  xor(s, 6, s[2]!, s[3]!);
  xor(s, 2, s[4]!, s[5]!);
  xor(s, 0, s[6]!, s[7]!);
  xor(s, 4, shiftedLow, shiftedHigh);
  [s[6], s[7]] = rotateLeft(s[6]!, s[7]!, 45);
  return [low, high];
}

/** One block of 16 words. The counter is in word 12, the nonce in word 13. */
export function chacha20(key: ArrayLike<number>, counter: number, ...nonce: number[]): Uint32Array {
  const input = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...Array.from(key), counter, 0, 0, 0);
  input.set(nonce, 13);
  const x = input.slice();
  for (let round = 0; round < 10; round++) {
    quarter(x, 0, 4, 8, 12);
    quarter(x, 1, 5, 9, 13);
    quarter(x, 2, 6, 10, 14);
    quarter(x, 3, 7, 11, 15);
    quarter(x, 0, 5, 10, 15);
    quarter(x, 1, 6, 11, 12);
    quarter(x, 2, 7, 8, 13);
    quarter(x, 3, 4, 9, 14);
  }
  for (let at = 0; at < 16; at++) x[at]! += input[at]!;
  return x;
}

export function random(): number {
  const [low, high] = xoshiro256(state);
  return ((high >>> 5) * 0x4000000 + (low >>> 6)) / 0x20000000000000;
}

export const crypto = {
  getRandomValues<T extends ArrayBufferView>(array: T): T {
    if (!ArrayBuffer.isView(array) || array instanceof Float32Array || array instanceof Float64Array || array instanceof DataView) {
      throw new DOMException('getRandomValues fills integer arrays', 'TypeMismatchError');
    }
    if (array.byteLength > 65536) {
      throw new DOMException(`getRandomValues gives at most 65536 bytes at once, not ${array.byteLength}`, 'QuotaExceededError');
    }
    fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return array;
  },

  /** RFC 9562, version 4. */
  randomUUID(): string {
    const bytes = new Uint8Array(16);
    fill(bytes);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    let text = '';
    bytes.forEach((byte, at) => {
      if (at === 4 || at === 6 || at === 8 || at === 10) text += '-';
      text += (byte + 0x100).toString(16).slice(1);
    });
    return text;
  },
};

function fill(bytes: Uint8Array): void {
  if (key === null) {
    throw new Error(
      'crypto was asked for random values while the bundle is evaluated, which happens once, at build time: ' +
        'every session would get the same ones. Ask in a component or a handler.',
    );
  }
  for (let at = 0; at < bytes.length; ) {
    if (blockAt === block.length) {
      const words = chacha20(key, counter % 2 ** 32, cryptoNonce, Math.floor(counter / 2 ** 32));
      counter++;
      block = new Uint8Array(words.buffer);
      blockAt = 0;
    }
    const part = block.subarray(blockAt, blockAt + bytes.length - at);
    bytes.set(part, at);
    // What was given out is not kept.
    part.fill(0);
    at += part.length;
    blockAt += part.length;
  }
}

function multiply(low: number, high: number, factor: 5 | 9): [number, number] {
  const product = low * factor;
  return [product >>> 0, (Math.imul(high, factor) + Math.floor(product / 2 ** 32)) >>> 0];
}

function rotateLeft(low: number, high: number, bits: number): [number, number] {
  if (bits >= 32) return rotateLeft(high, low, bits - 32);
  return [((low << bits) | (high >>> (32 - bits))) >>> 0, ((high << bits) | (low >>> (32 - bits))) >>> 0];
}

function xor(s: Uint32Array, at: number, low: number, high: number): void {
  s[at]! ^= low;
  s[at + 1]! ^= high;
}

function quarter(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  const mix = (to: number, add: number, target: number, bits: number): void => {
    x[to]! += x[add]!;
    const mixed = x[target]! ^ x[to]!;
    x[target] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  mix(a, b, d, 16);
  mix(c, d, b, 12);
  mix(a, b, d, 8);
  mix(c, d, b, 7);
}
