// One run of one variant in a browser of its own, with real clicks on Send.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const WARM_UP_MS = 2_500;
const VIEWPORT = { width: 1270, height: 720 };
/** A frame that took longer was not the next one. */
const DROPPED_MS = 25;

/**
 * @param {import("playwright-core").Browser} browser
 * @param {{ url: string, seconds: number, hog?: number, heavy?: boolean }} run `hog`: milliseconds of CPU per frame
 */
export async function measure(browser, { url, seconds, hog = 0, heavy = false }) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error.message)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const target = new URL(url);
    target.searchParams.set("hog", String(hog));
    if (hog > 0) target.searchParams.set("passes", String(await hogPasses(page, hog)));
    if (heavy) target.searchParams.set("heavy", "1");
    await page.goto(target.href);
    await page.waitForTimeout(WARM_UP_MS);

    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    const counters = async () => Object.fromEntries((await session.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
    const frames = page.frames();
    const box = await sendButton(frames);
    await session.send("HeapProfiler.collectGarbage");
    const before = await counters();
    for (const frame of frames) await frame.evaluate(() => window.__probe.reset());
    const clicks = await click(page, box, seconds);
    for (const frame of frames) await frame.evaluate(() => window.__probe.stop());
    const after = await counters();
    const probes = await Promise.all(frames.map((frame) => frame.evaluate(() => window.__probe)));
    const problems = [...errors, ...probes.flatMap((probe) => probe.errors)];
    if (problems.length > 0) throw new Error(`the page says: ${problems.slice(0, 5).join("; ")}`);
    const of = (name) => after[name] - before[name];
    return summary(probes, clicks, { scriptMs: of("ScriptDuration") * 1e3, layouts: of("LayoutCount"), layoutMs: of("LayoutDuration") * 1e3, styleMs: of("RecalcStyleDuration") * 1e3, taskMs: of("TaskDuration") * 1e3 });
  } finally {
    await context.close();
  }
}

async function sendButton(frames) {
  for (const frame of frames) {
    // Through open shadow roots, too.
    const button = frame.locator(".send");
    if ((await button.count()) > 0) return button.boundingBox();
  }
  throw new Error("the page has no button of class `send`");
}

async function click(page, { x, y, width, height }, seconds) {
  const end = performance.now() + seconds * 1_000;
  let clicks = 0;
  while (performance.now() < end) {
    await page.mouse.click(x + width / 2, y + height / 2);
    clicks++;
    await page.waitForTimeout(200 + ((clicks * 37) % 100));
  }
  return clicks;
}

/** How many passes of work this browser does in so many milliseconds. */
async function hogPasses(page, ms) {
  const clock = await readFile(fileURLToPath(new URL("pages/clock.js", import.meta.url)), "utf8");
  await page.goto("about:blank");
  await page.addScriptTag({ type: "module", content: `${clock}\nwindow.__passes = passesWithin(${ms});` });
  return page.waitForFunction(() => window.__passes).then((handle) => handle.jsonValue());
}

/** All times in milliseconds. */
function summary(probes, clicks, { scriptMs, layouts, layoutMs, styleMs, taskMs }) {
  const top = probes[0];
  const seconds = (top.end - top.begin) / 1_000;
  const frames = top.frames.length;
  const chat = probes.find((probe) => probe.clickFrame.length > 0) ?? top;
  const rates = {};
  for (const probe of probes) {
    for (const [widget, count] of Object.entries(probe.visible)) {
      rates[`${widget}_per_second`] = count / seconds;
      rates[`${widget}_age_p50`] = quantile(probe.age[widget], 0.5);
      rates[`${widget}_age_p99`] = quantile(probe.age[widget], 0.99);
    }
  }
  return {
    seconds,
    clicks,
    answered: chat.clickFrame.length,
    frames_per_second: frames / seconds,
    frame_p99: quantile(top.frames, 0.99),
    dropped_per_second: top.frames.filter((ms) => ms > DROPPED_MS).length / seconds,
    long_tasks: top.longTasks.length,
    click_dom_p50: quantile(chat.clickDom, 0.5),
    click_frame_p50: quantile(chat.clickFrame, 0.5),
    click_frame_p99: quantile(chat.clickFrame, 0.99),
    ...rates,
    script_per_frame: scriptMs / frames,
    task_per_frame: taskMs / frames,
    style_per_frame: styleMs / frames,
    layout_per_frame: layoutMs / frames,
    layouts_per_frame: layouts / frames,
    clicks_frame: chat.clickFrame,
  };
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
