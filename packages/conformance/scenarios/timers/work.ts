/** Adds words in the order in which they are run. */
export function inOrder(add: (word: string) => void): void {
  setTimeout(() => {
    add('later');
  }, 20);
  setTimeout(() => {
    add('zero');
    setTimeout(() => add('done'), 40);
  }, 0);
  queueMicrotask(() => {
    add('micro');
    void Promise.resolve().then(() => add('micro-2'));
  });
  add('sync');
}

/** Calls `frame` with 1, 2, 3 in one animation frame each. */
export function threeFrames(frame: (n: number) => void): void {
  let n = 0;
  const next = () => {
    frame(++n);
    if (n < 3) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

/** Runs five times, and stops itself. */
export function fiveTicks(tick: (n: number) => void): void {
  let n = 0;
  const id = setInterval(() => {
    tick(++n);
    if (n === 5) clearInterval(id);
  }, 15);
}
