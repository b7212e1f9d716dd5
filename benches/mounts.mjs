// What a thousand mounts and unmounts of the lobby's components leave behind, in the browser and at the edge.
//
//     cargo xtask bench mounts
//
// Nodes, listeners and bytes of the page's heap behind a forced collection; the node's memory; and whether the module is
// still called when nothing is mounted, as it is when a timer is left.
import { readFileSync } from "node:fs";
import { live, openPage, startBrowser, startEdge } from "../tests/e2e/harness.mjs";
import { buildApp } from "./app.mjs";
import { Report, shown, withContext } from "./report.mjs";

const APP = "benches/mounts";
const MODULES = ["menu", "chat", "progress", "scoreboard"];
const CYCLES = Number(process.env.PLAYCONNECT_BENCH_CYCLES ?? 1_000);
/** Until the browser has compiled what it will: its code is on the heap, too. */
const WARM_UPS = 1_000;
const QUIET_MS = 2_000;
const GROWTH_PERCENT_MAX = 1;

/** Mounts and unmounts so many times, each seen in the page before the next. */
async function cycles(page, module, count) {
  await page.evaluate(
    async ([name, times]) => {
      const root = document.querySelector(`pc-slot[name=${name}]`).shadowRoot;
      const button = root.querySelector("#toggle");
      const becomes = (text) =>
        new Promise((resolve) => {
          if (button.textContent === text) return resolve();
          const observer = new MutationObserver(() => {
            if (button.textContent !== text) return;
            observer.disconnect();
            resolve();
          });
          observer.observe(root, { childList: true, characterData: true, subtree: true });
        });
      for (let cycle = 0; cycle < times; cycle++) {
        button.click();
        await becomes("Unmount");
        button.click();
        await becomes("Mount");
      }
    },
    [module, count],
  );
}

async function state(session, edge) {
  // Twice: what the first frees may hold what the second does.
  for (let turn = 0; turn < 3; turn++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  const rss = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${edge.pid}/status`, "utf8"))[1]) * 1_024;
  return { nodes: of("Nodes"), listeners: of("JSEventListeners"), heap: of("JSHeapUsedSize"), rss };
}

async function turns(edge, module) {
  const text = await (await edge.ask("/metrics")).text();
  return Number(new RegExp(`^playconnect_module_turns_total\\{module="${module}"\\} (\\d+)$`, "m").exec(text)[1]);
}

await withContext(async (context) => {
  await buildApp(APP);
  const report = new Report("mounts");
  const browser = await startBrowser(context);
  report.version(`Chromium ${browser.version()}`);
  // At the same time, each with an edge and a page of its own: a mount waits for two frames of the browser.
  await Promise.all(
    MODULES.map((module) => withContext(async (own) => {
      const edge = await startEdge(own, { app: APP });
      const { page, problems } = await openPage(browser, edge.pages.find((url) => url.endsWith(module)));
      own.after(() => page.context().close());
      await live(page);
      const session = await page.context().newCDPSession(page);
      await session.send("Performance.enable");
      await cycles(page, module, WARM_UPS);
      const before = await state(session, edge);
      const start = performance.now();
      await cycles(page, module, CYCLES);
      const each = (performance.now() - start) / CYCLES;
      const after = await state(session, edge);
      const quiet = await turns(edge, module);
      await page.waitForTimeout(QUIET_MS);
      const called = (await turns(edge, module)) - quiet;
      if (problems.length > 0) throw new Error(problems.join("\n"));
      report.round({ module, ms_each: each, called, ...Object.fromEntries(Object.keys(before).flatMap((name) => [[`${name}_before`, before[name]], [`${name}_after`, after[name]]])) });
      const counts = (name) => `${before[name]} → ${after[name]}`;
      const kib = (name) => `${shown(before[name] / 1024)} → ${shown(after[name] / 1024)} KiB`;
      report.atMost(`${module}: nodes left`, after.nodes - before.nodes, 0, counts("nodes"));
      report.atMost(`${module}: listeners left`, after.listeners - before.listeners, 0, counts("listeners"));
      const growth = (name) => (after[name] / before[name] - 1) * 100;
      report.atMost(`${module}: the page's heap has grown, %`, growth("heap"), GROWTH_PERCENT_MAX, kib("heap"));
      report.atMost(`${module}: the node's memory has grown, %`, growth("rss"), GROWTH_PERCENT_MAX, kib("rss"));
      report.atMost(`${module}: turns in ${QUIET_MS / 1_000} s with nothing mounted`, called, 0);
    })),
  );
  report.note(`${CYCLES} mounts and unmounts behind ${WARM_UPS}, each seen in the page; the page's heap behind a forced collection.`);
  report.end();
});
