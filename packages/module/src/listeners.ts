/** Listeners of one node, and what the host is asked for because of them. */

import type { ModuleEvent } from './event';
import { isPageEvent } from './event-types';
import { ListenFlag } from './ops';
import type { AbortSignal } from './platform/event-target';
import type { Propagating } from './propagate';

export type Listener = ((event: ModuleEvent) => void) | { handleEvent(event: ModuleEvent): void };

/**
 * A handler runs at the edge, after the browser has gone on. So what it would
 * do to the browser's own handling is said beforehand, here.
 */
export interface ListenOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  /**
   * The browser's default action is prevented: always (`true`), or for these
   * keys: words of `KeyboardEvent.key` with `+Modifier` or `-Modifier` behind,
   * as `Enter-Shift` (Enter without Shift) or `s+Control`.
   */
  preventDefault?: boolean | string;
  /** The event goes no further than this node for other modules and the page. */
  stopPropagation?: boolean;
  /** Also events from a slot nested in this node. */
  through?: boolean;
  /** The listener goes when this is aborted. */
  signal?: AbortSignal;
}

/** Tells the host what a node listens for. Flags -1: no more. */
export type ListenerWriter = (type: string, flags: number, filter: string) => void;

interface Entry {
  callback: Listener;
  options: ListenOptions;
}

interface Registration {
  entries: Entry[];
  declared: ListenOptions | null;
  flags: number;
  filter: string;
}

export class Handlers {
  private readonly types = new Map<string, Registration>();

  /** `node`: what listeners get as `this`. */
  constructor(
    private readonly node: unknown,
    private readonly write: ListenerWriter,
  ) {}

  add(type: string, callback: Listener, options: ListenOptions): void {
    if (options.signal?.aborted) return;
    options.signal?.addEventListener('abort', () => this.remove(type, callback, options.capture === true), { once: true });
    const registration = this.registration(type);
    const capture = options.capture === true;
    if (registration.entries.some((entry) => entry.callback === callback && (entry.options.capture === true) === capture)) return;
    // A new list: one that is being dispatched to stays as it is.
    registration.entries = [...registration.entries, { callback, options }];
    this.update(type, registration);
  }

  remove(type: string, callback: Listener, capture: boolean): void {
    const registration = this.types.get(type);
    if (registration === undefined) return;
    registration.entries = registration.entries.filter(
      (entry) => entry.callback !== callback || (entry.options.capture === true) !== capture,
    );
    this.update(type, registration);
  }

  declare(type: string, options: ListenOptions | null): void {
    if (options === null && !this.types.has(type)) return;
    const registration = this.registration(type);
    registration.declared = options;
    this.update(type, registration);
  }

  /** Calls the listeners of one phase. At the target both phases' are called, capturing ones first. */
  call(event: Propagating, capture: boolean, report: (error: unknown) => void): void {
    const registration = this.types.get(event.type);
    if (registration === undefined) return;
    for (const { callback, options } of registration.entries) {
      if ((options.capture === true) !== capture) continue;
      // What happens in another module's slot is for those that ask for it.
      if (event.isNested && !(options.through ?? registration.declared?.through)) continue;
      if (options.once === true) this.remove(event.type, callback, capture);
      try {
        // Listeners of an app's own events know their class.
        if (typeof callback === 'function') callback.call(this.node, event as ModuleEvent);
        else callback.handleEvent(event as ModuleEvent);
      } catch (error) {
        report(error);
      }
      if (event.immediatePropagationStopped) return;
    }
  }

  /** Whether the host was told to prevent the default action of these events. */
  preventsDefault(type: string): boolean {
    const flags = this.types.get(type)?.flags ?? 0;
    return flags > 0 && (flags & ListenFlag.PreventDefault) !== 0;
  }

  /** The node has become known to the host. */
  describe(): void {
    for (const [type, { flags, filter }] of this.types) if (flags >= 0) this.write(type, flags, filter);
  }

  private registration(type: string): Registration {
    let registration = this.types.get(type);
    if (registration === undefined) {
      registration = { entries: [], declared: null, flags: -1, filter: '' };
      this.types.set(type, registration);
    }
    return registration;
  }

  /** Writes LISTEN or UNLISTEN if what the host must know has changed. */
  private update(type: string, registration: Registration): void {
    const { entries, declared } = registration;
    if (entries.length === 0 && declared === null) {
      this.types.delete(type);
      if (registration.flags >= 0) this.write(type, -1, '');
      return;
    }
    // The app's own events (CustomEvent) never come from the page.
    if (!isPageEvent(type)) return;
    let flags = 0;
    let always = false;
    const keys: string[] = [];
    let passive = true;
    for (const options of declared === null ? entries.map((entry) => entry.options) : [declared, ...entries.map((entry) => entry.options)]) {
      if (options.preventDefault) flags |= ListenFlag.PreventDefault;
      if (options.preventDefault === true) always = true;
      else if (options.preventDefault) keys.push(options.preventDefault);
      if (options.stopPropagation) flags |= ListenFlag.StopPropagation;
      if (options.through) flags |= ListenFlag.Through;
      if (!options.passive) passive = false;
    }
    // What is declared for the node holds for its listeners.
    if (declared?.passive === true) passive = true;
    if (passive && (flags & ListenFlag.PreventDefault) === 0) flags |= ListenFlag.Passive;
    const filter = always ? '' : keys.join(' ');
    if (flags === registration.flags && filter === registration.filter) return;
    registration.flags = flags;
    registration.filter = filter;
    this.write(type, flags, filter);
  }
}
