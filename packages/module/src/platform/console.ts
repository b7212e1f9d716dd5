/** `console` on the host's log: one line a call, bounded. */

import { natives, type StrippedInput } from '../glue';
import { clock } from './clock';

const lineBytesMax = 4096;
const depthMax = 3;
const entriesMax = 50;

const Level = { debug: 0, info: 1, warn: 2, error: 3 } as const;

let indent = '';
const counts = new Map<string, number>();
const starts = new Map<string, number>();

/** For what nobody caught. */
export function reportError(error: unknown): void {
  if (isFatal(error)) throw error;
  write(Level.error, ['uncaught', error]);
}

/** What an author has written and the page does not show. */
export function reportStripped({ count, first }: StrippedInput): void {
  const more = count > first.length ? ` (${count} operations were left out since the last such line)` : '';
  for (const [at, { node, what, why }] of first.entries()) {
    const where = node === null ? 'in a template' : `node ${node}`;
    console.warn(`left out of the page: ${what}, ${where}: ${why}${at === first.length - 1 ? more : ''}`);
  }
}

/** Marked for the runner: the module is restarted. */
export function isFatal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { playconnectFatal?: unknown }).playconnectFatal === true;
}

export const console = {
  debug: (...args: unknown[]) => write(Level.debug, args),
  log: (...args: unknown[]) => write(Level.info, args),
  info: (...args: unknown[]) => write(Level.info, args),
  warn: (...args: unknown[]) => write(Level.warn, args),
  error: (...args: unknown[]) => write(Level.error, args),
  trace: (...args: unknown[]) => write(Level.debug, [...args, new Error('trace').stack]),
  dir: (value: unknown) => write(Level.info, [value]),
  table: (value: unknown) => write(Level.info, [value]),
  assert: (condition?: unknown, ...args: unknown[]) => {
    if (!condition) write(Level.error, ['assertion failed', ...args]);
  },
  group: (...args: unknown[]) => {
    if (args.length > 0) write(Level.info, args);
    indent = indent.length < 20 ? `${indent}  ` : indent;
  },
  groupCollapsed: (...args: unknown[]) => console.group(...args),
  groupEnd: () => {
    indent = indent.slice(2);
  },
  count: (label = 'default') => {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    write(Level.info, [`${label}: ${counts.get(label)}`]);
  },
  countReset: (label = 'default') => void counts.delete(label),
  time: (label = 'default') => void starts.set(label, clock.now()),
  timeLog: (label = 'default', ...args: unknown[]) => write(Level.info, [`${label}: ${clock.now() - (starts.get(label) ?? clock.now())} ms`, ...args]),
  timeEnd: (label = 'default') => {
    console.timeLog(label);
    starts.delete(label);
  },
};

/** The Console standard's formatter: `%s %d %i %f %o %O %c` in a first string, other values behind it. */
export function format(args: unknown[]): string {
  let rest = args;
  let text = '';
  if (typeof args[0] === 'string') {
    let next = 1;
    text = args[0].replace(/%[sdifoOc%]/g, (directive) => {
      if (directive === '%%') return '%';
      if (next >= args.length) return directive;
      const value = args[next++];
      if (directive === '%c') return '';
      if (directive === '%s') return typeof value === 'symbol' ? value.toString() : show(value);
      if (directive === '%d' || directive === '%i') return String(typeof value === 'symbol' ? NaN : Math.trunc(Number(value)));
      if (directive === '%f') return String(typeof value === 'symbol' ? NaN : Number(value));
      return inspect(value, 0, new Set());
    });
    rest = args.slice(next);
  }
  for (const value of rest) text += (text === '' ? '' : ' ') + show(value);
  return text;
}

function write(level: number, args: unknown[]): void {
  let line = indent + format(args);
  // Three bytes a unit at most: cut where it is sure to fit, on no half of a character.
  if (line.length * 3 > lineBytesMax) {
    line = cut(line, lineBytesMax);
  }
  natives.log(level, line);
}

function cut(line: string, bytesMax: number): string {
  let bytes = 0;
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    if (bytes > bytesMax - 3) return `${line.slice(0, at).toWellFormed()}…`;
  }
  return line;
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, 0, new Set());
}

function inspect(value: unknown, depth: number, above: Set<object>): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  if (above.has(value)) return '[circular]';
  try {
    above.add(value);
    return inspectObject(value, depth, above);
  } catch (error) {
    return `[cannot be shown: ${String(error)}]`;
  } finally {
    above.delete(value);
  }
}

function inspectObject(value: object, depth: number, above: Set<object>): string {
  if (value instanceof Error) {
    const head = String(value);
    const stack = value.stack ?? '';
    const cause = value.cause === undefined ? '' : `\ncaused by ${inspect(value.cause, depth + 1, above)}`;
    return (stack.startsWith(head) ? stack.trimEnd() : `${head}\n${stack}`.trimEnd()) + cause;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name ?? '';
  if (depth >= depthMax) return Array.isArray(value) ? '[…]' : `${name || 'Object'} {…}`;
  const list = (items: string[], open: string, close: string, count: number): string =>
    `${open}${items.join(', ')}${count > items.length ? `, … ${count - items.length} more` : ''}${close}`;
  const inner = (item: unknown): string => inspect(item, depth + 1, above);
  if (Array.isArray(value)) return list(value.slice(0, entriesMax).map(inner), '[', ']', value.length);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as Uint8Array;
    return list(Array.from(array.subarray(0, entriesMax), String), `${name} [`, ']', array.length);
  }
  if (value instanceof Set) return list([...value].slice(0, entriesMax).map(inner), 'Set {', '}', value.size);
  if (value instanceof Map) {
    return list([...value].slice(0, entriesMax).map(([key, item]) => `${inner(key)} => ${inner(item)}`), 'Map {', '}', value.size);
  }
  const keys = Object.keys(value);
  const items = keys.slice(0, entriesMax).map((key) => `${key}: ${inner((value as Record<string, unknown>)[key])}`);
  return list(items, name === '' || name === 'Object' ? '{ ' : `${name} { `, ' }', keys.length);
}
