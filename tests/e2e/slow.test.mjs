// A browser that cannot keep up costs the node little and the others nothing, and is right as soon as it can; so is a tab
// that nobody has looked at.
//
// `cargo xtask soak slow` runs it for longer.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildApp } from "./app.mjs";
import { Cut } from "./cut.mjs";
import { live, metric, openPage, startBrowser, startEdge } from "./harness.mjs";

const SLOW_SECONDS = Number(process.env.PLAYCONNECT_SLOW_SECONDS ?? 8);
const HIDDEN_SECONDS = Number(process.env.PLAYCONNECT_HIDDEN_SECONDS ?? 4);
const SLOW_BYTES_PER_SECOND = 10_000;
const PRODUCED_BYTES_PER_SECOND = 1_000_000;
const BUFFERED_BYTES_MAX = 2 << 20;
/** `SessionLimits::frames_unacknowledged_max`: on their way when the link heals. */
const FRAMES_ON_THE_WAY_MAX = 3;
/** A change of a module every 200 ms, and a frame. */
const AGE_MS_MAX = 1_000;
const CLICKS = 40;
/** Noise of a shared machine: what a click may take longer beside a slow browser, in the median. */
const CLICK_MS_MORE = 15;

test("a browser that reads 10 KB a second, while its modules produce 1 MB a second", async (t) => {
  const edge = await startEdge(t, { app: await buildApp(t, "slow", ["../hostile/steady.mjs", "producer.mjs"]) });
  const wire = await Cut.before(t, edge.ports.public);
  const browser = await startBrowser(t);
  const { page: slow } = await openPage(browser, wire.url);
  await live(slow);
  // In a browser of its own: two pages of one browser share its processes.
  const { page: other } = await openPage(await startBrowser(t), edge.url);
  await live(other);

  await click(slow, "producer", "produce");
  await slow.waitForFunction(() => document.querySelector("pc-slot[name=producer]").shadowRoot.querySelector("pre").textContent !== "");
  const undisturbed = await latencies(other);

  wire.down.bytesPerSecond = SLOW_BYTES_PER_SECOND;
  const began = performance.now();
  const produced = await produce(edge);
  const delivered = wire.down.bytes;
  let buffered = 0;
  const measured = latencies(other);
  while (performance.now() < began + SLOW_SECONDS * 1_000) {
    const node = (await metric(edge, "session_backlog_bytes")) + (await systemBuffers(edge.ports.public));
    buffered = Math.max(buffered, node);
    await sleep(100);
  }
  const beside = await measured;
  const seconds = (performance.now() - began) / 1_000;
  const rate = ((await produce(edge)) - produced) / seconds;
  const read = (wire.down.bytes - delivered) / seconds;
  const peak = await metric(edge, "session_backlog_peak_bytes");

  const age = Date.now() - (await stamp(slow));
  const newest = rounds(edge.log).at(-1);
  const healed = Date.now();
  wire.down.bytesPerSecond = Infinity;
  const after = await slow.evaluate(async (newest) => {
    const texts = () => [...document.querySelector("pc-slot[name=producer]").shadowRoot.querySelectorAll("pre")].map((text) => text.textContent);
    // All that the page shows from now on, also where several frames came with one animation frame.
    const shown = [];
    const round = (text) => Number(text.split(" ")[1]);
    const first = document.querySelector("pc-slot[name=producer]").shadowRoot.querySelector("pre");
    const observer = new MutationObserver((records) => shown.push(...records.map(({ oldValue }) => round(oldValue))));
    observer.observe(first, { characterData: true, characterDataOldValue: true, subtree: true });
    while (round(texts()[0]) < newest) await new Promise(requestAnimationFrame);
    const at = Date.now();
    await Promise.resolve();
    shown.push(round(texts()[0]));
    // The first is what stood there before.
    return { frames: shown.findIndex((round) => round >= newest), at, texts: texts(), shown };
  }, newest);

  t.diagnostic(
    `${seconds.toFixed(0)} s: ${(rate / 1e6).toFixed(2)} MB/s produced, ${(read / 1e3).toFixed(1)} KB/s read; ` +
      `buffered at most ${(buffered / 1024).toFixed(0)} KiB (of it in the node ${(peak / 1024).toFixed(0)} KiB); ` +
      `the page was ${(age / 1_000).toFixed(1)} s behind, and right ${after.at - healed} ms and ${after.frames} frames after the link healed; ` +
      `clicks beside it ${undisturbed.toFixed(1)} ms before, ${beside.toFixed(1)} ms during`,
  );
  rounds(edge.log);
  assert.ok(rate >= PRODUCED_BYTES_PER_SECOND, `${rate.toFixed(0)} bytes a second produced`);
  assert.ok(read <= SLOW_BYTES_PER_SECOND * 1.2, `${read.toFixed(0)} bytes a second read`);
  assert.ok(age > 1_500, `the link was narrow enough for the page to be behind: ${age} ms`);
  assert.ok(buffered <= BUFFERED_BYTES_MAX && peak <= BUFFERED_BYTES_MAX, `${buffered} and ${peak} bytes buffered`);
  // Those that were on their way, and the one that makes it right.
  assert.ok(after.frames <= FRAMES_ON_THE_WAY_MAX + 1, `right after ${after.frames} frames: ${after.shown}, of ${newest}`);
  assert.ok(after.at - healed <= AGE_MS_MAX, `right after ${after.at - healed} ms`);
  assert.equal(new Set(after.texts.map((text) => text.split(" ")[1])).size, 1, "all texts are of one round");
  assert.ok(beside <= undisturbed + CLICK_MS_MORE, `a click beside it takes ${beside} ms, ${undisturbed} before`);
});

test("a tab that nobody looks at is right at once when somebody does", async (t) => {
  const edge = await startEdge(t, { app: await buildApp(t, "slow", ["../hostile/steady.mjs", "producer.mjs"]) });
  const browser = await startBrowser(t);
  const { page } = await openPage(browser, edge.url);
  await live(page);
  await click(page, "producer", "produce");
  await page.waitForFunction(() => document.querySelector("pc-slot[name=producer]").shadowRoot.querySelector("pre").textContent !== "");
  // A browser without a window never hides a page. This is what a page sees of it: the state, its event, and no animation
  // frames.
  await page.evaluate(() => {
    const [real, waiting] = [window.requestAnimationFrame.bind(window), []];
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
    window.requestAnimationFrame = (callback) => (hidden ? waiting.push(callback) : real(callback));
    window.hide = (now) => {
      hidden = now;
      document.dispatchEvent(new Event("visibilitychange"));
      if (!hidden) for (const callback of waiting.splice(0)) real(callback);
    };
    window.hide(true);
  });
  await sleep(HIDDEN_SECONDS * 1_000);
  const { age, answered } = await page.evaluate(async () => {
    const root = document.querySelector("pc-slot[name=producer]").shadowRoot;
    window.hide(false);
    const age = Date.now() - parseInt(root.querySelector("pre").textContent);
    const presses = document.querySelector("pc-slot[name=steady]").shadowRoot.getElementById("presses");
    const began = performance.now();
    document.querySelector("pc-slot[name=steady]").shadowRoot.getElementById("press").click();
    while (presses.textContent !== "1") await new Promise(requestAnimationFrame);
    return { age, answered: performance.now() - began };
  });
  rounds(edge.log);
  t.diagnostic(`hidden for ${HIDDEN_SECONDS} s; what it showed at once was ${age} ms old; a click was answered after ${answered.toFixed(0)} ms`);
  assert.ok(age <= AGE_MS_MAX, `${age} ms old`);
  assert.ok(answered <= AGE_MS_MAX, `a click was answered after ${answered} ms`);
});

const click = (page, slot, id) =>
  page.evaluate(([slot, id]) => document.querySelector(`pc-slot[name=${slot}]`).shadowRoot.getElementById(id).click(), [slot, id]);

const stamp = (page) => page.evaluate(() => parseInt(document.querySelector("pc-slot[name=producer]").shadowRoot.querySelector("pre").textContent));

/** From a click to the change of the page that answers it: the median, in milliseconds. */
function latencies(page) {
  return page.evaluate(async (clicks) => {
    const root = document.querySelector("pc-slot[name=steady]").shadowRoot;
    const presses = root.getElementById("presses");
    const all = [];
    for (let at = 0; at < clicks; at++) {
      const answered = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(performance.now());
        });
        observer.observe(presses, { childList: true, characterData: true, subtree: true });
      });
      const began = performance.now();
      root.getElementById("press").click();
      all.push((await answered) - began);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return all.sort((a, b) => a - b)[clicks >> 1];
  }, CLICKS);
}

/** What the producer has made, in order; their lines go from the log. */
function rounds(log) {
  const all = [];
  const others = log.filter((line) => {
    const round = line.match(/round (\d+)/)?.[1];
    if (round !== undefined) all.push(Number(round));
    return round === undefined;
  });
  log.splice(0, log.length, ...others);
  return all;
}

/** Bytes of batches that the producer has made. */
async function produce(edge) {
  const text = await (await edge.ask("/metrics")).text();
  return Number(text.match(/^playconnect_module_batch_bytes_total\{module="producer"\} (\d+)$/m)[1]);
}

/** What waits in the system's buffers between the node and whoever reads from it: sent and not yet taken. */
async function systemBuffers(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  let bytes = 0;
  for (const line of (await readFile("/proc/net/tcp", "utf8")).split("\n").slice(1)) {
    const [, local, remote, state, queues] = line.trim().split(/\s+/);
    if (state !== "01") continue;
    const [unsent, unread] = queues.split(":").map((digits) => parseInt(digits, 16));
    if (local.endsWith(`:${hex}`)) bytes += unsent;
    else if (remote.endsWith(`:${hex}`)) bytes += unread;
  }
  return bytes;
}
