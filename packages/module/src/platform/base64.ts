/**
 * atob and btoa of HTML. Installed by itself, first of all: the URL library
 * unpacks its tables with atob when it is evaluated.
 */

import { DOMException } from './event-target';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function btoa(value: unknown): string {
  const text = String(value);
  let result = '';
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
    if (a > 255 || b > 255 || c > 255) {
      throw new DOMException('btoa takes characters up to U+00FF; encode other text with TextEncoder first', 'InvalidCharacterError');
    }
    const bits = (a << 16) | (b << 8) | c;
    result += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!;
    result += (at + 1 < text.length ? alphabet[(bits >> 6) & 63]! : '=') + (at + 2 < text.length ? alphabet[bits & 63]! : '=');
  }
  return result;
}

export function atob(value: unknown): string {
  let text = String(value).replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/==?$/, '');
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw new DOMException('atob: not base64', 'InvalidCharacterError');
  let result = '';
  let bits = 0;
  let count = 0;
  for (const character of text) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      result += String.fromCharCode((bits >> count) & 255);
    }
  }
  return result;
}

for (const [name, value] of Object.entries({ atob, btoa })) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
