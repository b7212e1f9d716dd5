/** The time that a module may know: that of its turn. It stands still within one. */

class Clock {
  /** Microseconds since the Unix epoch; 0 while the bundle is evaluated at build time. */
  nowUs = 0;
  /** When `init` was called. */
  originUs = 0;

  /** Milliseconds since `init`: `performance.now()`. */
  now(): number {
    return (this.nowUs - this.originUs) / 1000;
  }

  /** Milliseconds since the Unix epoch, whole: `Date.now()`. */
  dateNow(): number {
    return Math.floor(this.nowUs / 1000);
  }
}

export const clock = new Clock();

/**
 * Inside Wasm the engine's own clocks show the time of the turn. Elsewhere they
 * run, and `Date` is replaced by one that reads ours.
 *
 * Local time is UTC in every engine, so that a module computes the same
 * wherever it runs. `toLocaleString`, `Intl.DateTimeFormat` and their like use
 * the session's time zone.
 */
export function installDate(): void {
  if (Date.now() === 0) return;
  const NativeDate = Date;
  function ModuleDate(this: unknown, ...args: unknown[]): Date | string {
    if (new.target === undefined) return new NativeDate(clock.dateNow()).toString();
    return Reflect.construct(NativeDate, args.length === 0 ? [clock.dateNow()] : args, new.target) as Date;
  }
  ModuleDate.prototype = NativeDate.prototype;
  ModuleDate.now = () => clock.dateNow();
  ModuleDate.parse = NativeDate.parse;
  ModuleDate.UTC = NativeDate.UTC;
  Object.defineProperty(ModuleDate, 'name', { value: 'Date' });
  Object.defineProperty(ModuleDate, 'length', { value: 7 });
  globalThis.Date = ModuleDate as unknown as DateConstructor;
  NativeDate.prototype.constructor = globalThis.Date;
}
