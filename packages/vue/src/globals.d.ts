/** Of the platform's globals, those that this package uses. */

declare function setTimeout(run: (...args: unknown[]) => unknown, delay?: number): number;
declare function requestAnimationFrame(run: (time: number) => void): number;
declare const performance: { now(): number };
declare const console: { warn(...args: unknown[]): void; error(...args: unknown[]): void };
