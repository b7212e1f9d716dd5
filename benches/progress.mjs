// How many distinct values of an animation reach the DOM a second: the lobby's ring (Svelte at the edge, max_fps = 60) beside
// the bars of yardsticks/page without anybody between (variant a).
//
//     cargo xtask bench progress
import { fileURLToPath } from "node:url";
import { live, openPage, startBrowser, startEdge } from "../tests/e2e/harness.mjs";
import { median, Report, ROUNDS, shown, withContext } from "./report.mjs";
import { serveFolder } from "./serve.mjs";
import { buildPeers } from "./yardsticks/page/build.mjs";

const WARM_UP_MS = 1_500;
const RUN_MS = Number(process.env.PLAYCONNECT_BENCH_SECONDS ?? 6) * 1_000;
const PER_SECOND_MIN = 50;
/** On a machine that does other work, too. */
const SHARE_MIN = 0.9;
const LOAD_QUIET = 2;

/** Values that an attribute of the element takes, a second. */
async function distinct(page, slot, selector, attribute) {
  await page.waitForTimeout(WARM_UP_MS);
  return page.evaluate(
    async ([name, wanted, observed, ms]) => {
      const root = name === null ? document : document.querySelector(`pc-slot[name=${name}]`).shadowRoot;
      const element = root.querySelector(wanted);
      const values = new Set();
      const observer = new MutationObserver(() => values.add(element.getAttribute(observed)));
      observer.observe(element, { attributeFilter: [observed] });
      const start = performance.now();
      await new Promise((resolve) => setTimeout(resolve, ms));
      observer.disconnect();
      return (values.size * 1_000) / (performance.now() - start);
    },
    [slot, selector, attribute, RUN_MS],
  );
}

await withContext(async (context) => {
  await buildPeers();
  const port = await serveFolder(context, fileURLToPath(new URL("yardsticks/page/dist", import.meta.url)));
  const report = new Report("progress");
  const browser = await startBrowser(context);
  report.version(`Chromium ${browser.version()}`);
  const runs = { a: [], lobby: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const peer = await openPage(browser, `http://localhost:${port}/a.html`);
    runs.a.push(await distinct(peer.page, null, ".progress > .stamp", "data-t"));
    await peer.page.context().close();
    await withContext(async (own) => {
      const edge = await startEdge(own);
      const { page } = await openPage(browser, edge.url);
      own.after(() => page.context().close());
      await live(page);
      runs.lobby.push(await distinct(page, "progress", ".arc", "stroke-dashoffset"));
    });
    report.round({ round: round + 1, a: runs.a.at(-1), lobby: runs.lobby.at(-1) });
  }
  const [a, lobby] = [median(runs.a), median(runs.lobby)];
  report.figure("values a second: lobby / a", `${shown(lobby)} / ${shown(a)}`);
  if (report.loadMax() <= LOAD_QUIET) report.atLeast("values a second, lobby", lobby, PER_SECOND_MIN, "the machine was quiet");
  else report.atLeast("values a second: lobby / a", median(runs.lobby.map((value, at) => value / runs.a[at])), SHARE_MIN, `the machine was not quiet; on a quiet one ≥ ${PER_SECOND_MIN} is asked for`);
  report.end();
});
