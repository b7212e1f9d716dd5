/** Event, CustomEvent, EventTarget, DOMException, AbortController and MessageChannel of the DOM standard, for objects that are not nodes. */

import { clock } from './clock';
import { reportError } from './console';
import { clearTimeout, post, setTimeout } from './tasks';

/** Legacy codes by name. */
const codes: Record<string, number> = {
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  InvalidCharacterError: 5,
  NotFoundError: 8,
  NotSupportedError: 9,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  QuotaExceededError: 22,
  TimeoutError: 23,
  DataCloneError: 25,
};

export class DOMException extends Error {
  readonly code: number;

  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
    this.code = codes[name] ?? 0;
  }
}

export class Event {
  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly timeStamp = clock.now();
  /** An EventTarget, a node of the module's tree, or `window`. */
  target: unknown = null;
  currentTarget: unknown = null;
  eventPhase = 0;
  defaultPrevented = false;
  isTrusted = false;
  propagationStopped = false;
  immediatePropagationStopped = false;
  /** @internal */
  path: unknown[] = [];

  constructor(type: string, { bubbles = false, cancelable = false, composed = false } = {}) {
    this.type = String(type);
    this.bubbles = bubbles;
    this.cancelable = cancelable;
    this.composed = composed;
  }

  preventDefault(): void {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation(): void {
    this.propagationStopped = true;
  }
  stopImmediatePropagation(): void {
    this.propagationStopped = this.immediatePropagationStopped = true;
  }
  get cancelBubble(): boolean {
    return this.propagationStopped;
  }
  set cancelBubble(stop: boolean) {
    if (stop) this.propagationStopped = true;
  }
  composedPath(): unknown[] {
    return [...this.path];
  }
}

export class CustomEvent<T = unknown> extends Event {
  readonly detail: T | null;

  constructor(type: string, options: { bubbles?: boolean; cancelable?: boolean; composed?: boolean; detail?: T } = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}

type Callback = ((event: Event) => void) | { handleEvent(event: Event): void };
interface Options {
  capture?: boolean;
  once?: boolean;
  signal?: AbortSignal;
}

export class EventTarget {
  private readonly listeners = new Map<string, { callback: Callback; capture: boolean; once: boolean }[]>();

  addEventListener(type: string, callback: Callback | null, options: boolean | Options = {}): void {
    if (callback === null) return;
    const { capture = false, once = false, signal } = typeof options === 'boolean' ? { capture: options } : options;
    if (signal?.aborted) return;
    const list = this.listeners.get(type) ?? [];
    if (list.some((entry) => entry.callback === callback && entry.capture === capture)) return;
    this.listeners.set(type, [...list, { callback, capture, once }]);
    signal?.addEventListener('abort', () => this.removeEventListener(type, callback, capture), { once: true });
  }

  removeEventListener(type: string, callback: Callback | null, options: boolean | Options = {}): void {
    const capture = typeof options === 'boolean' ? options : options.capture === true;
    const list = this.listeners.get(type);
    if (list === undefined) return;
    const left = list.filter((entry) => entry.callback !== callback || entry.capture !== capture);
    if (left.length > 0) this.listeners.set(type, left);
    else this.listeners.delete(type);
  }

  /** Calls the handler property `on<type>`, then the listeners. False: the default was prevented. */
  dispatchEvent(event: Event): boolean {
    event.target = event.currentTarget = this;
    event.path = [this];
    event.eventPhase = 2;
    const handler = (this as unknown as Record<string, unknown>)[`on${event.type}`];
    if (typeof handler === 'function') attempt(() => handler.call(this, event));
    for (const { callback, capture, once } of this.listeners.get(event.type) ?? []) {
      if (event.immediatePropagationStopped) break;
      if (once) this.removeEventListener(event.type, callback, capture);
      attempt(() => (typeof callback === 'function' ? callback.call(this, event) : callback.handleEvent(event)));
    }
    event.eventPhase = 0;
    event.currentTarget = null;
    return !event.defaultPrevented;
  }
}

export class AbortSignal extends EventTarget {
  aborted = false;
  reason: unknown = undefined;
  onabort: ((event: Event) => void) | null = null;

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  /** @internal */
  signalAbort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason ?? new DOMException('The operation was aborted', 'AbortError');
    this.dispatchEvent(new Event('abort'));
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal();
    signal.signalAbort(reason);
    return signal;
  }

  static timeout(milliseconds: number): AbortSignal {
    const signal = new AbortSignal();
    setTimeout(() => signal.signalAbort(new DOMException(`${milliseconds} ms are over`, 'TimeoutError')), milliseconds);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const any = new AbortSignal();
    for (const signal of signals) {
      if (signal.aborted) {
        any.signalAbort(signal.reason);
        break;
      }
      signal.addEventListener('abort', () => any.signalAbort(signal.reason), { once: true });
    }
    return any;
  }
}

export class AbortController {
  readonly signal = new AbortSignal();

  abort(reason?: unknown): void {
    this.signal.signalAbort(reason);
  }
}

export class MessageEvent extends Event {
  readonly data: unknown;

  constructor(type: string, options: { data?: unknown } = {}) {
    super(type);
    this.data = options.data ?? null;
  }
}

/** Messages are handed over, not cloned: both ends are in one module. */
export class MessagePort extends EventTarget {
  onmessage: ((event: MessageEvent) => void) | null = null;
  private closed = false;
  /** @internal */
  other: MessagePort | null = null;

  postMessage(data: unknown): void {
    const to = this.other;
    if (to === null) return;
    post(() => {
      if (!to.closed) to.dispatchEvent(new MessageEvent('message', { data }));
    });
  }

  start(): void {}

  close(): void {
    this.closed = true;
    this.other = null;
  }
}

export class MessageChannel {
  readonly port1 = new MessagePort();
  readonly port2 = new MessagePort();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** `scheduler` of the Prioritized Task Scheduling API. */
export const scheduler = {
  yield(): Promise<void> {
    return new Promise((resolve) => void post(resolve));
  },

  postTask<T>(task: () => T | Promise<T>, options: { delay?: number; signal?: AbortSignal; priority?: string } = {}): Promise<T> {
    const { delay = 0, signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const run = (): void => {
        try {
          resolve(task());
        } catch (error) {
          reject(error);
        }
      };
      if (delay > 0) {
        const timer = setTimeout(run, delay);
        signal?.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason)), { once: true });
      } else {
        const message = post(run);
        signal?.addEventListener('abort', () => ((message.run = null), reject(signal.reason)), { once: true });
      }
    });
  },
};

function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    reportError(error);
  }
}
