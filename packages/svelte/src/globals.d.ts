/** Of the platform's globals, those that this package uses. */

declare function setTimeout(run: (...args: unknown[]) => unknown, delay?: number): number;
declare function clearTimeout(id: number): void;
declare function queueMicrotask(run: () => void): void;
declare function requestAnimationFrame(run: (time: number) => void): number;
declare const performance: { now(): number };
declare const console: { warn(...args: unknown[]): void; error(...args: unknown[]): void };
declare const location: { href: string };
declare class URL {
  constructor(url: string, base?: string);
  readonly href: string;
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
}
