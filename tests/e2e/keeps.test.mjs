// A person goes on with what they were doing when the connection was lost: the field, the list, the sound.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildApp } from "./app.mjs";
import { Cut } from "./cut.mjs";
import { live, metric, openPage, startBrowser, startEdge } from "./harness.mjs";

const SECONDS = 20;
const SAMPLES_PER_SECOND = 8_000;
const SCROLLED = { list: 700, page: 240 };

test("focus, scroll and sound stay over a resume", async (t) => {
  const app = await buildApp(t, "keeps", ["still.mjs"]);
  await writeFile(join(app, "pages/tone.wav"), tone());
  const edge = await startEdge(t, { app });
  const wire = await Cut.before(t, edge.ports.public);
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, wire.url);
  await live(page);
  const press = (id) => page.evaluate((id) => document.querySelector("pc-slot").shadowRoot.getElementById(id).click(), id);
  const told = (count) =>
    page.waitForFunction((count) => document.querySelector("pc-slot").shadowRoot.getElementById("told").textContent === count, String(count));

  // A person's own hand, so that the sound may play.
  await page.locator("#field").click();
  await page.locator("#field").pressSequentially("in the middle");
  await page.evaluate(async ({ list, page }) => {
    const root = document.querySelector("pc-slot").shadowRoot;
    const [field, scroller, sound] = ["field", "scroller", "sound"].map((id) => root.getElementById(id));
    const kept = (window.kept = { root, field, scroller, sound, events: [] });
    field.setSelectionRange(3, 6);
    scroller.scrollTop = list;
    scrollTo(0, page);
    await sound.play();
    for (const type of ["pause", "emptied", "error", "stalled", "seeking"]) sound.addEventListener(type, () => kept.events.push(type));
    field.addEventListener("blur", () => kept.events.push("blur"));
  }, SCROLLED);

  let changes = 0;
  const resume = async (during) => {
    const before = await page.evaluate(() => window.kept.sound.currentTime);
    const [snapshots, frame] = [await metric(edge, "frame_snapshots_total"), await page.evaluate(() => window.playconnect.frame())];
    // Frames that are sent, and do not arrive.
    wire.down.stop();
    await during();
    wire.close();
    await page.waitForFunction(() => window.playconnect.state() === "reconnecting");
    wire.open();
    await told(changes);
    const bySnapshot = (await metric(edge, "frame_snapshots_total")) - snapshots;
    assert.ok((await page.evaluate(() => window.playconnect.frame())) > frame);

    const after = await page.evaluate(() => {
      const { root, field, scroller, sound, events } = window.kept;
      const same = [field, scroller, sound].every((element) => root.getElementById(element.id) === element);
      const { activeElement } = root;
      return {
        same,
        focused: activeElement === field,
        field: [field.value, field.selectionStart, field.selectionEnd, field.title],
        scrolled: { list: scroller.scrollTop, page: scrollY },
        playing: !sound.paused && !sound.ended && sound.error === null,
        time: sound.currentTime,
        events,
      };
    });
    assert.deepEqual(
      { ...after, time: undefined },
      {
        same: true,
        focused: true,
        field: ["in the middle", 3, 6, `changed ${changes} times`],
        scrolled: SCROLLED,
        playing: true,
        time: undefined,
        events: [],
      },
    );
    assert.ok(after.time > before, `the sound went from ${before} to ${after.time}`);
    await page.waitForFunction((time) => window.kept.sound.currentTime > time, after.time);
    return bySnapshot;
  };
  const change = async () => {
    await press("change");
    changes++;
  };

  await t.test("by the ring", async () => {
    const snapshots = await resume(async () => {
      await change();
      await change();
      await sleep(300);
    });
    assert.equal(snapshots, 0);
  });

  await t.test("by a snapshot", async () => {
    const sent = await metric(edge, "frame_sent_bytes_total");
    const snapshots = await resume(async () => {
      await press("burst");
      while ((await metric(edge, "frame_sent_bytes_total")) < sent + (1 << 20)) await sleep(20);
      await change();
    });
    assert.equal(snapshots, 1);
  });
  assert.deepEqual(problems.filter((problem) => !/WebSocket|ERR_|favicon|404/.test(problem)), []);
});

/** A WAV file: one channel of bytes. */
function tone() {
  const samples = SECONDS * SAMPLES_PER_SECOND;
  const file = Buffer.alloc(44 + samples);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + samples, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  for (const [at, word] of [[20, 1], [22, 1], [32, 1], [34, 8]]) file.writeUInt16LE(word, at);
  for (const at of [24, 28]) file.writeUInt32LE(SAMPLES_PER_SECOND, at);
  file.write("data", 36);
  file.writeUInt32LE(samples, 40);
  for (let at = 0; at < samples; at++) file[44 + at] = 128 + 20 * Math.sin(at / 4);
  return file;
}
