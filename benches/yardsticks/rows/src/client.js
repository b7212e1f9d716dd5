// The operations of js-framework-benchmark on each driver, in turn. Script time and time with a forced layout.
import { makeRows } from "../../../../examples/rows/src/data.js";
import { Direct, Operations, Templates, Vanilla } from "./drivers.js";

const DRIVERS = { vanilla: Vanilla, direct: Direct, operations: Operations, templates: Templates };

const fill = (count) => (driver, rows) => {
  rows.push(...makeRows(count));
  for (const row of rows.slice(-count)) driver.append(row);
};
const empty = () => {};
const OPERATIONS = {
  create1k: { before: empty, run: fill(1_000) },
  replace1k: {
    before: fill(1_000),
    run(driver, rows) {
      driver.clear();
      rows.length = 0;
      fill(1_000)(driver, rows);
    },
  },
  update10th: {
    before: fill(1_000),
    run(driver, rows) {
      for (let at = 0; at < rows.length; at += 10) {
        rows[at].label += " !!!";
        driver.label(rows[at]);
      }
    },
  },
  select: { before: fill(1_000), run: (driver, rows) => driver.select(rows[5]) },
  swap: {
    before: fill(1_000),
    run(driver, rows) {
      driver.before(rows[998], rows[2]);
      driver.before(rows[1], rows[999]);
      [rows[1], rows[998]] = [rows[998], rows[1]];
    },
  },
  remove: { before: fill(1_000), run: (driver, rows) => driver.remove(...rows.splice(4, 1)) },
  create10k: { before: empty, run: fill(10_000) },
  append1k: { before: fill(1_000), run: fill(1_000) },
  clear1k: {
    before: fill(1_000),
    run(driver, rows) {
      driver.clear();
      rows.length = 0;
    },
  },
};

const nextTask = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

/** One round of all operations: `{ [operation]: { [driver]: { script, total } } }`, milliseconds. `lots`: also of 10,000 rows. */
window.runRound = async (lots) => {
  const results = {};
  for (const [operation, { before, run }] of Object.entries(OPERATIONS)) {
    if (operation === "create10k" && !lots) continue;
    results[operation] = {};
    for (const [name, Driver] of Object.entries(DRIVERS)) {
      const root = document.createElement("div");
      document.body.replaceChildren(root);
      const driver = new Driver(root);
      const rows = [];
      const step = (work) => {
        driver.begin();
        // Through PlayConnect the edge writes the frame; the page's part begins with the message.
        const starts = driver.prepare === undefined ? performance.now() : undefined;
        work(driver, rows);
        driver.prepare?.();
        return starts ?? performance.now();
      };
      step(before);
      driver.end();
      driver.recycle?.();
      document.body.offsetHeight;
      await nextTask();
      const start = step(run);
      driver.end();
      const script = performance.now() - start;
      document.body.offsetHeight;
      const total = performance.now() - start;
      driver.recycle?.();
      const count = driver.body.rows.length;
      if (count !== rows.length) throw new Error(`${operation} with ${name} left ${count} rows of ${rows.length}`);
      const shown = [...driver.body.rows].map((row) => Number(row.cells[0].textContent));
      if (shown.some((id, at) => id !== rows[at].id)) throw new Error(`${operation} with ${name}: rows are not in order`);
      results[operation][name] = { script, total };
      await nextTask();
    }
  }
  return results;
};
