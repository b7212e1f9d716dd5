// The operations of js-framework-benchmark: what they cost a page that gets them from PlayConnect.
//
//     cargo xtask bench rows
//
// First the client alone: the edge's messages are written beforehand, and it is measured what decoding and applying them
// takes beside hand-written code. Then examples/rows through a real edge, beside hand-written code and beside the same Svelte
// component in the browser, with real clicks.
import { fileURLToPath } from "node:url";
import { live, openPage, startBrowser, startEdge } from "../tests/e2e/harness.mjs";
import { buildApp } from "./app.mjs";
import { median, Report, ROUNDS, shown, withContext } from "./report.mjs";
import { serveFolder } from "./serve.mjs";
import { buildPages } from "./yardsticks/rows/build.mjs";

const WARM_UPS = 2;
const APP = "examples/rows";
/** Only one of them: `client` or `edge`. */
const PART = process.env.PLAYCONNECT_BENCH_PART;
/** A round of the client alone takes little time, but for ten thousand rows, which come in every third. */
const CLIENT_SHARE = 3;
const CLIENT_ROUNDS = CLIENT_SHARE * ROUNDS;
const WAIT_MS_MAX = 30_000;
const SETTLE_MS = 120;

/** Below this the clock of a browser tells no difference. */
const CLOCK_MS = 0.1;

/** Of script time beside hand-written code: with clones of templates, and one operation for each change. */
const TEMPLATES_MAX = 1.4;
const OPERATIONS_MAX = 2.5;
const TOTAL_MAX = 1.1;

/** Where rows are made, so that templates apply. */
const MAKES = ["create1k", "replace1k", "append1k", "create10k"];

/** `before`: what is clicked and not measured, with the number of rows after it. `done`: asked in the page. */
const rowsAre = (count) => `rows.length === ${count}`;
const filled = ["#run", rowsAre(1_000)];
const OPERATIONS = {
  create1k: { before: [], click: "#run", done: rowsAre(1_000) },
  replace1k: { before: [filled], click: "#run", done: "rows.length === 1000 && rows[0].cells[0].textContent !== first" },
  update10th: { before: [filled], click: "#update", done: "rows[990].cells[1].textContent.endsWith(' !!!')" },
  select: { before: [filled], click: "tr:nth-child(6) .select", done: "rows[5].className === 'danger'" },
  swap: { before: [filled], click: "#swaprows", done: "rows[998].cells[0].textContent !== last" },
  remove: { before: [filled], click: "tr:nth-child(5) .remove", done: rowsAre(999) },
  append1k: { before: [filled], click: "#add", done: rowsAre(2_000) },
  clear1k: { before: [filled], click: "#clear", done: rowsAre(0) },
  create10k: { before: [], click: "#runlots", done: rowsAre(10_000) },
};

async function clientAlone(browser, url, report) {
  const { page, problems } = await openPage(browser, url);
  const rounds = [];
  for (let round = 0; round < WARM_UPS + CLIENT_ROUNDS; round++) {
    const results = await page.evaluate((lots) => window.runRound(lots), round % CLIENT_SHARE === 0);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    if (round < WARM_UPS) continue;
    rounds.push(results);
    report.round({ round: round - WARM_UPS + 1, part: "client", ...flat(results) });
  }
  await page.context().close();
  for (const operation of Object.keys(OPERATIONS)) {
    const own = rounds.flatMap((results) => results[operation] ?? []);
    const of = (driver, what) => median(own.map((drivers) => drivers[driver][what]));
    const ratio = (driver, what) => of(driver, what) / of("vanilla", what);
    const bound = (what, most) => Math.max(most, 1 + CLOCK_MS / of("vanilla", what));
    const detail = (driver, what) => `${shown(of(driver, what))} / ${shown(of("vanilla", what))} ms`;
    const makes = MAKES.includes(operation);
    if (makes) report.atMost(`client, ${operation}: script / by hand, CLONE`, ratio("templates", "script"), bound("script", TEMPLATES_MAX), detail("templates", "script"));
    report.atMost(`client, ${operation}: script / by hand, op by op`, ratio("operations", "script"), bound("script", OPERATIONS_MAX), detail("operations", "script"));
    const driver = makes ? "templates" : "operations";
    report.atMost(`client, ${operation}: total / by hand`, ratio(driver, "total"), bound("total", TOTAL_MAX), detail(driver, "total"));
  }
}

const flat = (results) =>
  Object.fromEntries(Object.entries(results).flatMap(([operation, drivers]) => Object.entries(drivers).map(([driver, { script }]) => [`${operation}.${driver}`, script])));

async function throughAnEdge(context, browser, origin, report) {
  const edge = await startEdge(context, { app: APP });
  const urls = { vanilla: `${origin}/vanilla.html`, svelte: `${origin}/svelte.html`, playconnect: edge.url };
  const pages = {};
  for (const [name, url] of Object.entries(urls)) {
    const { page, problems } = await openPage(browser, url);
    if (name === "playconnect") await live(page);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    pages[name] = { page, problems, session };
  }
  const rounds = [];
  const failures = {};
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    const results = {};
    for (const [operation, steps] of Object.entries(OPERATIONS)) {
      // Slow, and long enough to be measured without: ten thousand rows are warm after one.
      if (operation === "create10k" && round < WARM_UPS - 1) continue;
      results[operation] = {};
      for (const [name, own] of Object.entries(pages)) {
        if (failures[`${operation}.${name}`]) continue;
        const restarts = () => (name === "playconnect" ? restartsOf(edge) : Promise.resolve(0));
        const result = await operate(own, steps, restarts);
        if (result.failed) failures[`${operation}.${name}`] = edge.log.find((line) => line.includes("raise=")) ?? "no answer";
        else results[operation][name] = result;
      }
    }
    if (round < WARM_UPS) continue;
    rounds.push(results);
    report.round({ round: round - WARM_UPS + 1, part: "edge", ...flat(results) });
  }
  for (const [operation, { playconnect }] of Object.entries(rounds[0])) {
    const of = (name, what) => median(rounds.map((results) => results[operation][name][what]));
    if (playconnect === undefined) {
      report.fails(`edge, ${operation}`, "is not done", reason(failures[`${operation}.playconnect`]));
      continue;
    }
    const beside = (what, peer) => shown(of("playconnect", what) / of(peer, what));
    const detail = (what) => `${shown(of("playconnect", what))} / ${shown(of("vanilla", what))} ms; Svelte ${shown(of("svelte", what))}`;
    report.figure(`edge, ${operation}: script / by hand, / Svelte in the browser`, `${beside("script", "vanilla")}, ${beside("script", "svelte")}`, detail("script"));
    const waits = `click → rows ${shown(of("playconnect", "wait"))} / ${shown(of("vanilla", "wait"))} ms; Svelte ${shown(of("svelte", "wait"))}`;
    report.figure(`edge, ${operation}: total / by hand, / Svelte in the browser`, `${beside("total", "vanilla")}, ${beside("total", "svelte")}`, `${detail("total")}; ${waits}`);
  }
}

/** What the operation cost the page: script, and with styles and layout; `wait`: until it was seen, by asking. */
async function operate({ page, problems, session }, { before, click, done }, restarts) {
  const reset = ["#clear", rowsAre(0)];
  for (const [selector, wanted] of [reset, ...before]) {
    await page.locator(selector).click();
    if (!(await reached(session, wanted, restarts, await restarts()))) throw new Error(`${selector} did not lead to ${wanted}`);
  }
  const target = await page.locator(click).boundingBox();
  await remember(session);
  await page.waitForTimeout(SETTLE_MS);
  const start = await counters(session);
  const known = await restarts();
  const clicked = performance.now();
  await page.mouse.click(target.x + target.width / 2, target.y + target.height / 2);
  if (!(await reached(session, done, restarts, known))) return { failed: true };
  const wait = performance.now() - clicked;
  await page.waitForTimeout(SETTLE_MS);
  const end = await counters(session);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const script = end.script - start.script;
  return { script, total: end.total - start.total, wait };
}

// What the debugger evaluates is no part of ScriptDuration.
const ROWS = "const rows = (document.querySelector('pc-slot')?.shadowRoot ?? document).querySelector('tbody').rows;";
const evaluate = async (session, expression) => (await session.send("Runtime.evaluate", { expression: `{ ${ROWS} ${expression} }` })).result.value;
const remember = (session) => evaluate(session, "first = rows[0]?.cells[0].textContent; last = rows[998]?.cells[0].textContent;");

async function reached(session, wanted, restarts, known) {
  const end = performance.now() + WAIT_MS_MAX;
  for (let asked = 1; performance.now() < end; asked++) {
    if (await evaluate(session, wanted)) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
    // A module that could not do it is started anew, with nothing in it.
    if (asked % 100 === 0 && (await restarts()) > known) return false;
  }
  return false;
}

async function counters(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value * 1_000;
  return { script: of("ScriptDuration"), total: of("ScriptDuration") + of("LayoutDuration") + of("RecalcStyleDuration") };
}

async function restartsOf(edge) {
  const text = await (await edge.ask("/metrics")).text();
  return Number(/^playconnect_module_restarts_total\{module="rows"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

function reason(line) {
  const { used, limit } = /limit="(?<limit>\w+)" used="(?<used>[^"]+)"/.exec(line)?.groups ?? {};
  return limit === undefined ? line : `the module's ${limit}: ${used} used`;
}

await withContext(async (context) => {
  await Promise.all([buildPages(), buildApp(APP)]);
  const port = await serveFolder(context, fileURLToPath(new URL("yardsticks/rows/dist", import.meta.url)));
  const report = new Report("rows");
  const browser = await startBrowser(context);
  report.version(`Chromium ${browser.version()}`);
  if (PART !== "edge") await clientAlone(browser, `http://localhost:${port}/client.html`, report);
  if (PART !== "client") await throughAnEdge(context, browser, `http://localhost:${port}`, report);
  report.note(`${CLIENT_ROUNDS} rounds of the client alone and ${ROUNDS} through an edge, behind ${WARM_UPS} to warm up, interleaved; ratios of the rounds' medians.`);
  report.end();
});
