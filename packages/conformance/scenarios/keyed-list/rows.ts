/** Lists of rows and what is done to them, the same in every framework. */

export interface Row {
  id: number;
  label: string;
}

export const start: Row[] = Array.from({ length: 60 }, (_, at) => ({ id: at + 1, label: `row ${at + 1}` }));

/** Another order; one row in eight is gone, one in eight is new, one in eight has another label. The same for the same seed. */
export function shuffle(rows: Row[], seed: number): Row[] {
  const random = randomFrom(seed);
  const chance = (): boolean => random() < 1 / 8;
  const kept = rows.filter(() => !chance()).map((row) => (chance() ? { ...row, label: `${row.label}'` } : row));
  let id = Math.max(0, ...rows.map((row) => row.id));
  while (kept.length < 50 || chance()) kept.push({ id: ++id, label: `new ${id}` });
  for (let at = kept.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [kept[at], kept[other]] = [kept[other]!, kept[at]!];
  }
  return kept;
}

export const change: Record<string, (rows: Row[]) => Row[]> = {
  reverse: (rows) => [...rows].reverse(),
  swap: (rows) => (rows.length < 2 ? rows : [rows.at(-1)!, ...rows.slice(1, -1), rows[0]!]),
  sort: (rows) => [...rows].sort((a, b) => a.id - b.id),
  third: (rows) => rows.filter((_, at) => at % 3 !== 0),
  front: (rows) => [{ id: 1000 + rows.length, label: 'in front' }, ...rows],
  middle: (rows) => [...rows.slice(0, rows.length >> 1), { id: 2000 + rows.length, label: 'amid' }, ...rows.slice(rows.length >> 1)],
  rotate: (rows) => [...rows.slice(5), ...rows.slice(0, 5)],
  clear: () => [],
  fill: () => start,
};

/** mulberry32: uniform in [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
