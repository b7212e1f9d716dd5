/** `performance`: the turn's time, marks and measures. */

import { clock } from './clock';
import { DOMException } from './event-target';

interface Entry {
  name: string;
  entryType: 'mark' | 'measure';
  startTime: number;
  duration: number;
  detail: unknown;
}

/** Older entries are forgotten. */
const entriesMax = 1000;

let entries: Entry[] = [];

export const performance = {
  now: () => clock.now(),
  /** Milliseconds since the Unix epoch. */
  get timeOrigin(): number {
    return clock.originUs / 1000;
  },
  mark(name: string, { startTime = clock.now(), detail = null as unknown } = {}): Entry {
    return keep({ name, entryType: 'mark', startTime, duration: 0, detail });
  },
  measure(name: string, start?: string | { start?: string | number; end?: string | number; detail?: unknown }, end?: string): Entry {
    const options = typeof start === 'object' ? start : { start, end };
    const from = time(options.start, 0);
    const detail = 'detail' in options ? options.detail : null;
    return keep({ name, entryType: 'measure', startTime: from, duration: time(options.end, clock.now()) - from, detail });
  },
  getEntries: () => [...entries],
  getEntriesByType: (type: string) => entries.filter((entry) => entry.entryType === type),
  getEntriesByName: (name: string, type?: string) => entries.filter((entry) => entry.name === name && (type ?? entry.entryType) === entry.entryType),
  clearMarks: (name?: string) => clear('mark', name),
  clearMeasures: (name?: string) => clear('measure', name),
};

function keep(entry: Entry): Entry {
  if (entries.length === entriesMax) entries.shift();
  entries.push(entry);
  return entry;
}

function clear(type: string, name: string | undefined): void {
  entries = entries.filter((entry) => entry.entryType !== type || (name !== undefined && entry.name !== name));
}

function time(of: string | number | undefined, otherwise: number): number {
  if (of === undefined) return otherwise;
  if (typeof of === 'number') return of;
  const mark = entries.findLast((entry) => entry.entryType === 'mark' && entry.name === of);
  if (mark === undefined) throw new DOMException(`performance.measure: there is no mark \`${of}\``, 'SyntaxError');
  return mark.startTime;
}
