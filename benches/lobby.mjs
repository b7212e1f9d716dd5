// What the lobby costs: server CPU per first HTML and per click, bytes per click, client script per frame.
//
//     cargo xtask bench lobby
//
// CPU is what the edge's threads were charged (schedstat), not wall time: the machine may be shared.
import { readdirSync, readFileSync } from "node:fs";
import { live, openPage, startBrowser, startEdge } from "../tests/e2e/harness.mjs";
import { medians, Report, ROUNDS, shown, withContext } from "./report.mjs";

const PAGES = 20;
const CLICKS = 60;
const PLAYING_MS = 5_000;

/** CPU of all threads of a process in microseconds. */
function cpuUs(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]));
  return ns.reduce((sum, one) => sum + one, 0) / 1_000;
}

/** Bytes over the page's sockets, both ways. */
async function watchSockets(session) {
  const bytes = { sent: 0, received: 0 };
  const size = ({ opcode, payloadData }) => (opcode === 2 ? Buffer.from(payloadData, "base64").length : Buffer.byteLength(payloadData));
  await session.send("Network.enable");
  session.on("Network.webSocketFrameSent", ({ response }) => (bytes.sent += size(response)));
  session.on("Network.webSocketFrameReceived", ({ response }) => (bytes.received += size(response)));
  return bytes;
}

async function scriptUs(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ScriptDuration").value * 1e6;
}

const frames = (page) => page.evaluate(() => window.playconnect.frame());

async function firstHtml(edge) {
  const began = cpuUs(edge.pid);
  let html = 0;
  for (let at = 0; at < PAGES; at++) html += (await (await fetch(edge.url)).arrayBuffer()).byteLength;
  return { first_html_cpu_us: (cpuUs(edge.pid) - began) / PAGES, first_html_bytes: html / PAGES };
}

async function clicks(edge, browser) {
  const { page } = await openPage(browser, edge.url);
  const session = await page.context().newCDPSession(page);
  const bytes = await watchSockets(session);
  await session.send("Performance.enable");
  await live(page);

  const playing = { script: await scriptUs(session), frames: await frames(page) };
  await page.waitForTimeout(PLAYING_MS);
  const scriptPerFrameUs = ((await scriptUs(session)) - playing.script) / ((await frames(page)) - playing.frames);

  for (const name of ["progress", "scoreboard"]) await page.locator(`pc-slot[name=${name}]`).getByRole("button", { name: "Pause" }).click();
  const more = page.locator("pc-slot[name=menu]").getByRole("button", { name: "One player more" });
  const less = page.locator("pc-slot[name=menu]").getByRole("button", { name: "One player less" });
  const party = page.locator("pc-slot[name=menu] #party");
  // Both buttons in turn, and the answer awaited: a click that changes nothing would be cheap.
  const click = async (at) => {
    const expected = at % 2 === 0 ? "2" : "1";
    await (at % 2 === 0 ? more : less).click();
    while ((await party.textContent()) !== expected);
  };
  for (let at = 0; at < 10; at++) await click(at);
  const before = { cpu: cpuUs(edge.pid), script: await scriptUs(session), ...bytes };
  for (let at = 0; at < CLICKS; at++) await click(at);
  const measured = {
    click_cpu_us: (cpuUs(edge.pid) - before.cpu) / CLICKS,
    click_bytes_received: (bytes.received - before.received) / CLICKS,
    click_bytes_sent: (bytes.sent - before.sent) / CLICKS,
    frame_script_us: scriptPerFrameUs,
  };
  await page.context().close();
  return measured;
}

await withContext(async (context) => {
  const browser = await startBrowser(context);
  const report = new Report("lobby");
  report.version(`Chromium ${browser.version()}`);
  const rows = [];
  for (let at = 0; at < ROUNDS; at++) {
    // An edge for each: the sessions of pages that nobody opens go on for a while.
    const [live, rendering] = [await startEdge(context), await startEdge(context)];
    rows.push({ ...(await firstHtml(rendering)), ...(await clicks(live, browser)) });
    await Promise.all([live.stop(), rendering.stop()]);
    report.round({ round: at + 1, ...rows[at] });
  }
  const all = medians(rows);
  report.figure("first HTML, CPU of the node in ms", all.first_html_cpu_us / 1_000, `${shown(all.first_html_bytes)} bytes`);
  report.figure("click, CPU of the node in ms", all.click_cpu_us / 1_000, "a click renders the menu's list of 50 rows again");
  report.figure("click, bytes received / sent", `${shown(all.click_bytes_received)} / ${shown(all.click_bytes_sent)}`);
  report.figure("client script per frame in ms", all.frame_script_us / 1_000);
  report.note(`${ROUNDS} rounds; medians. Before the clicks both animations are paused.`);
  report.end();
});
