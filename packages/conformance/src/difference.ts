/** Says where two pages differ first. */

import type { NormalElement, NormalNode, NormalPage } from './normalise';

/** Null: they are equal. */
export function difference(expected: NormalPage, actual: NormalPage): string | null {
  const found = inChildren(expected.children, actual.children, 'the root');
  if (found !== null) return found;
  return expected.active === actual.active ? null : values('the element with the focus', expected.active, actual.active);
}

function inChildren(expected: NormalNode[], actual: NormalNode[], where: string): string | null {
  for (let at = 0; at < Math.max(expected.length, actual.length); at++) {
    const [one, other] = [expected[at], actual[at]];
    if (one === undefined || other === undefined || typeof one === 'string' || typeof other === 'string' || one.tag !== other.tag) {
      if (one !== other) return values(`child ${at} of ${where}`, one, other);
      continue;
    }
    const found = inElement(one, other, where);
    if (found !== null) return found;
  }
  return null;
}

function inElement(expected: NormalElement, actual: NormalElement, above: string): string | null {
  const { id, class: classes } = expected.attributes;
  const where = `${above === 'the root' ? '' : `${above} > `}${expected.tag}${id === undefined ? (classes === undefined ? '' : `.${classes}`) : `#${id}`}`;
  for (const name of new Set([...Object.keys(expected.attributes), ...Object.keys(actual.attributes)])) {
    const [one, other] = [expected.attributes[name], actual.attributes[name]];
    if (one !== other) return values(`attribute ${name} of ${where}`, one, other);
  }
  for (const name of Object.keys(expected.state ?? {})) {
    const [one, other] = [expected.state![name], actual.state?.[name]];
    if (JSON.stringify(one) !== JSON.stringify(other)) return values(`${name} of ${where}`, one, other);
  }
  return inChildren(expected.children, actual.children, where);
}

function values(where: string, expected: unknown, actual: unknown): string {
  return `${where}\n  the framework: ${short(expected)}\n  PlayConnect:   ${short(actual)}`;
}

function short(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
