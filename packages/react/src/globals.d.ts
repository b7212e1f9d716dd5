/** Of the platform's globals, those that this package uses. */

declare function setTimeout(run: (...args: unknown[]) => unknown, delay?: number): number;
declare function clearTimeout(id: number): void;
declare function queueMicrotask(run: () => void): void;
declare function reportError(error: unknown): void;
declare const console: { warn(...args: unknown[]): void; error(...args: unknown[]): void };
