// Three widgets on one page, through PlayConnect (d) beside its peers: uncoordinated (a) and in Workers with remote-dom (c).
//
//     cargo xtask bench page
//
// PLAYCONNECT_BENCH_VARIANTS=a,b,bx,c,d, PLAYCONNECT_BENCH_LOAD=base|hog|heavy, PLAYCONNECT_BENCH_SECONDS and
// PLAYCONNECT_BENCH_ROUNDS choose otherwise; what is compared needs a, c and d.
import { join } from "node:path";
import { chromium } from "playwright-core";
import { browserPath, BROWSER_FLAGS, root, startEdge } from "../tests/e2e/harness.mjs";
import { buildApp } from "./app.mjs";
import { median, medians, Report, ROUNDS, shown, withContext } from "./report.mjs";
import { serveFolder } from "./serve.mjs";
import { buildPeers } from "./yardsticks/page/build.mjs";
import { measure } from "./yardsticks/page/measure.mjs";

const SECONDS = Number(process.env.PLAYCONNECT_BENCH_SECONDS ?? 10);
const VARIANTS = (process.env.PLAYCONNECT_BENCH_VARIANTS ?? "a,c,d").split(",");
const LOAD = { base: {}, hog: { hog: 12 }, heavy: { heavy: true } }[process.env.PLAYCONNECT_BENCH_LOAD ?? "base"];
const APP = "benches/yardsticks/page";

const FIGURES = {
  script_per_frame: "script per frame, ms",
  task_per_frame: "main thread per frame, ms",
  frames_per_second: "frames a second",
  click_frame_p50: "click → frame p50, ms",
  click_frame_p99: "click → frame p99, ms",
  progress_per_second: "progress values seen a second",
  progress_age_p99: "age of a progress value p99, ms",
  tablewrap_per_second: "table updates seen a second",
  tablewrap_age_p99: "age of a table update p99, ms",
};

function compare(report, { a, c, d }, runs) {
  report.atMost("click → frame, p50: d / c", d.click_frame_p50 / c.click_frame_p50, 0.7, `${shown(d.click_frame_p50)} / ${shown(c.click_frame_p50)} ms`);
  report.atMost("click → frame, p99: d / c", d.click_frame_p99 / c.click_frame_p99, 1, `${shown(d.click_frame_p99)} / ${shown(c.click_frame_p99)} ms`);
  // Whole frames: runs are not of the same length to the millisecond.
  const dropped = (run) => Math.round(run.dropped_per_second * SECONDS);
  report.atMost(`dropped frames in ${SECONDS} s, d − a`, dropped(d) - dropped(a), 0, `${dropped(d)} / ${dropped(a)}`);
  report.atMost("layouts / frames of d", d.layouts_per_frame, 1, `a ${shown(a.layouts_per_frame)}, c ${shown(c.layouts_per_frame)}`);
  report.atLeast("clicks answered, d", median(runs.d.map(({ clicks, answered }) => answered / clicks)), 1);
}

await withContext(async (context) => {
  await Promise.all([buildPeers(), buildApp(APP)]);
  const port = await serveFolder(context, join(root, APP, "dist"));
  const urls = {
    a: `http://localhost:${port}/a.html`,
    b: `http://localhost:${port}/b.html`,
    bx: `http://top.test:${port}/b.html?cross=1`,
    c: `http://localhost:${port}/c.html`,
  };
  const report = new Report("page");
  const runs = Object.fromEntries(VARIANTS.map((variant) => [variant, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const variant of VARIANTS) {
      // Each run has a browser of its own, and d an edge: nothing of the run before is left.
      await withContext(async (own) => {
        const edge = variant === "d" ? await startEdge(own, { app: APP }) : undefined;
        const args = [...BROWSER_FLAGS, "--host-resolver-rules=MAP *.test 127.0.0.1"];
        const browser = await chromium.launch({ executablePath: browserPath(), headless: true, args });
        own.after(() => browser.close());
        if (round === 0 && variant === VARIANTS[0]) report.version(`Chromium ${browser.version()}`);
        const run = await measure(browser, { url: edge?.url ?? urls[variant], seconds: SECONDS, ...LOAD });
        runs[variant].push(run);
        report.round({ round: round + 1, variant, ...run });
      });
    }
  }
  const of = Object.fromEntries(VARIANTS.map((variant) => [variant, medians(runs[variant])]));
  if (["a", "c", "d"].every((variant) => VARIANTS.includes(variant))) compare(report, of, runs);
  for (const [name, title] of Object.entries(FIGURES)) {
    report.figure(title, VARIANTS.map((variant) => shown(of[variant][name])).join(" / "), `variants ${VARIANTS.join(" / ")}`);
  }
  report.note(`${ROUNDS} rounds of ${SECONDS} s per variant, interleaved; medians of the rounds' values.`);
  report.end();
});
