/** structuredClone of HTML, for what ECMAScript has. */

import { DOMException } from './event-target';

const errors: Record<string, new (message?: string) => Error> = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

export function structuredClone<T>(value: T, { transfer = [] }: { transfer?: ArrayBuffer[] } = {}): T {
  for (const buffer of transfer) {
    if (!(buffer instanceof ArrayBuffer)) throw new DOMException('only an ArrayBuffer can be transferred', 'DataCloneError');
  }
  const copy = clone(value, new Map());
  // Nothing is transferred if something could not be cloned. The copy is made already; what is left is to empty the original.
  for (const buffer of transfer) (buffer as ArrayBuffer & { transfer(): ArrayBuffer }).transfer();
  return copy as T;
}

function clone(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === 'symbol' || typeof value === 'function') throw refused(value);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const remember = <V>(copy: V): V => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Boolean || value instanceof Number || value instanceof String || value instanceof BigInt) return remember(Object(value.valueOf()));
  if (value instanceof Date) return remember(new Date(value.getTime()));
  if (value instanceof RegExp) return remember(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return remember(value.slice(0));
  if (ArrayBuffer.isView(value)) return remember(cloneView(value, seen));
  if (value instanceof Map) {
    const copy = remember(new Map<unknown, unknown>());
    for (const [key, item] of [...value]) copy.set(clone(key, seen), clone(item, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = remember(new Set<unknown>());
    for (const item of [...value]) copy.add(clone(item, seen));
    return copy;
  }
  if (value instanceof Error) {
    const copy = remember(new (errors[value.name] ?? Error)(value.message));
    if (value.stack !== undefined) Object.defineProperty(copy, 'stack', { value: value.stack, configurable: true, writable: true });
    if ('cause' in value) Object.defineProperty(copy, 'cause', { value: clone(value.cause, seen), configurable: true, writable: true });
    return copy;
  }
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef || value instanceof Promise) throw refused(value);
  const copy = remember((Array.isArray(value) ? new Array(value.length) : {}) as Record<string, unknown>);
  for (const key of Object.keys(value)) copy[key] = clone((value as Record<string, unknown>)[key], seen);
  return copy;
}

function cloneView(view: ArrayBufferView, seen: Map<object, unknown>): ArrayBufferView {
  const buffer = clone(view.buffer, seen) as ArrayBuffer;
  const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length;
  const constructor = view.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;
  return new constructor(buffer, view.byteOffset, length);
}

function refused(value: unknown): DOMException {
  const what = typeof value === 'object' ? (value as object).constructor.name : `a ${typeof value}`;
  return new DOMException(`${what} cannot be cloned`, 'DataCloneError');
}
