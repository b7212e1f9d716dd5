/** Milliseconds since the Unix epoch, with fractions. In a module at the edge: the time of the turn. */
export const now = () => performance.timeOrigin + performance.now();

/** The same numbers in all variants. Gives numbers in [0, 1). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Uses the CPU until so many milliseconds have passed. */
export function burn(ms) {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) sum += Math.sqrt(sum + 1);
  return sum;
}

/** For where the clock stands still: so many passes of the same work. */
export function burnPasses(passes) {
  let sum = 0;
  for (let pass = 0; pass < passes; pass++) sum += Math.sqrt(sum + 1);
  return sum;
}

/** How many passes this engine does in so many milliseconds: the best of a few tries, once it is compiled. */
export function passesWithin(ms) {
  const tried = 200_000;
  let best = Infinity;
  for (let attempt = 0; attempt < 30; attempt++) {
    const start = performance.now();
    burnPasses(tried);
    best = Math.min(best, performance.now() - start);
  }
  return Math.round((tried * ms) / best);
}
