// What a benchmark says: one JSON object a line while it runs, a table at its end, and the same for `cargo xtask bench --check`.
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";

export const ROUNDS = Number(process.env.PLAYCONNECT_BENCH_ROUNDS ?? 5);

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

/** Of each number of the rows, its median. */
export const medians = (rows) =>
  Object.fromEntries(Object.keys(rows[0]).filter((name) => typeof rows[0][name] === "number").map((name) => [name, median(rows.map((row) => row[name]))]));

/** With as many digits as the number deserves. */
export const shown = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2));

/** Shares a place where what is begun is ended, also if it fails. The argument stands for node:test's context. */
export async function withContext(work) {
  const after = [];
  const failures = [];
  const attempt = (step) => Promise.resolve().then(step).catch((error) => failures.push(error));
  await attempt(() => work({ after: (end) => after.unshift(end), diagnostic() {} }));
  for (const end of after) await attempt(end);
  // What went wrong first is the cause.
  if (failures.length > 0) throw failures[0];
}

export class Report {
  #name;
  #load = [loadavg()[0]];
  #rows = [];
  #notes = [];
  #versions = [`Node ${process.versions.node}`];

  constructor(name) {
    this.#name = name;
  }

  /** Of what was measured: `Chromium 1.2.3`. */
  version(text) {
    this.#versions.push(text);
  }

  /** The highest load average so far. */
  loadMax() {
    return Math.max(...this.#load);
  }

  /** A line of what a round has measured; for people who watch. */
  round(values) {
    this.#load.push(loadavg()[0]);
    const rounded = (value) => (typeof value === "number" ? Math.round(value * 1_000) / 1_000 : value);
    const kept = Object.entries(values).filter(([, value]) => !Array.isArray(value));
    console.log(JSON.stringify(Object.fromEntries(kept.map(([name, value]) => [name, rounded(value)]))));
  }

  /** A figure that has to be at most (or at least) so much. */
  atMost(what, value, bound, detail = "") {
    this.#rows.push({ what, measured: shown(value), goal: `≤ ${bound}`, pass: value <= bound, detail });
  }

  atLeast(what, value, bound, detail = "") {
    this.#rows.push({ what, measured: shown(value), goal: `≥ ${bound}`, pass: value >= bound, detail });
  }

  /** What could not be measured because it does not work. */
  fails(what, measured, detail) {
    this.#rows.push({ what, measured, goal: "", pass: false, detail });
  }

  /** A figure without a goal. */
  figure(what, measured, detail = "") {
    this.#rows.push({ what, measured: typeof measured === "number" ? shown(measured) : measured, goal: "", pass: null, detail });
  }

  /** A sentence below the table. */
  note(text) {
    this.#notes.push(text);
  }

  end() {
    const text = JSON.stringify({
      bench: this.#name,
      versions: this.#versions,
      load: [Math.min(...this.#load), Math.max(...this.#load)],
      rows: this.#rows,
      notes: this.#notes,
    });
    console.table(this.#rows.map(({ what, measured, goal, pass, detail }) => ({ what, measured, goal, pass: pass ?? "", detail })));
    // A file, because a program's output is for people.
    if (process.env.PLAYCONNECT_BENCH_REPORT) writeFileSync(process.env.PLAYCONNECT_BENCH_REPORT, text);
  }
}
