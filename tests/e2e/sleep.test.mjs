// Modules that rest are put to sleep, and wake where they were.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { live, metric, openPage, root, startBrowser, startEdge } from "./harness.mjs";

const IDLE_MS = 1_000;

/** The lobby, as it is built, with a short idle time. */
async function sleepyLobby(context) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-sleep-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const left = new Set(["node_modules", "target", ".playconnect"]);
  await cp(join(root, "examples/lobby"), folder, { recursive: true, filter: (path) => !left.has(basename(path)) });
  const manifest = join(folder, "playconnect.toml");
  await writeFile(manifest, `${await readFile(manifest, "utf8")}\n[session]\nidle = "${IDLE_MS / 1_000}s"\n`);
  return folder;
}

async function until(what, holds) {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`it never came to be: ${what}`);
}

test("modules that rest sleep, and wake where they were", async (t) => {
  const edge = await startEdge(t, { app: await sleepyLobby(t) });
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, edge.url);
  await live(page);
  const more = page.getByRole("button", { name: "One player more" });
  const party = async () => Number(await page.locator("pc-slot[name=menu] output").first().textContent());
  const asleep = () => metric(edge, "instance_asleep_count");
  const woken = () => metric(edge, "instance_woken_total");

  await more.click();
  await page.getByRole("searchbox").fill("or");
  await until("the party is two", async () => (await party()) === 2);

  await t.test("what is animated stays awake, the rest sleeps", async () => {
    await until("the menu and the chat are asleep", async () => (await asleep()) === 2);
    assert.equal(await metric(edge, "instance_awake_count"), 2, "the ring and the scoreboard");
    const bytes = await metric(edge, "instance_asleep_bytes");
    t.diagnostic(`${Math.round(bytes / 1024)} KiB for two that sleep`);
    // The menu alone has some 1,100 nodes, and 1.5 MB of memory that is its own.
    assert.ok(bytes > 0 && bytes < 1 << 20, `${bytes} bytes`);
  });

  await t.test("an event wakes it, with all that it knew", async () => {
    const rows = await page.locator("pc-slot[name=menu] ul.tables > li").count();
    await more.click();
    await until("the party is three", async () => (await party()) === 3);
    assert.ok((await woken()) >= 1);
    assert.equal(await page.getByRole("searchbox").inputValue(), "or");
    assert.equal(await page.locator("pc-slot[name=menu] ul.tables > li").count(), rows);
  });

  await t.test("at the moment of falling asleep no event is lost", async () => {
    const fewer = page.getByRole("button", { name: "One player less" });
    const wakings = await woken();
    for (let round = 0; round < 12; round++) {
      const wanted = (await party()) + (round % 2 === 0 ? 1 : -1);
      // Around the time at which it falls asleep.
      await page.waitForTimeout(IDLE_MS - 60 + round * 10);
      await (round % 2 === 0 ? more : fewer).click();
      await until(`the party is ${wanted}`, async () => (await party()) === wanted);
    }
    assert.ok((await woken()) > wakings, "some of them woke it");
  });

  await t.test("what sleeps goes with its session", async () => {
    await until("two are asleep", async () => (await asleep()) === 2);
    await edge.stop?.();
    assert.deepEqual(problems, []);
  });
});

test("what sleeps takes no more memory than it may, and the rest stays awake", async (t) => {
  const MEMORY = 1 << 20;
  const edge = await startEdge(t, { app: await sleepyLobby(t), env: { PLAYCONNECT_LIMITS_ASLEEP_MEMORY: "1MiB" } });
  const browser = await startBrowser(t);
  const pages = [];
  for (let at = 0; at < 3; at++) {
    const { page } = await openPage(browser, edge.url);
    await live(page);
    // Pages of which no two are alike, and none is as it was made.
    for (let players = 0; players <= at; players++) await page.getByRole("button", { name: "One player more" }).click();
    pages.push(page);
  }
  const asleep = () => metric(edge, "instance_asleep_count");
  await until("some are asleep", async () => (await asleep()) >= 2);
  // All six have rested twice by then.
  await pages[0].waitForTimeout(3 * IDLE_MS);
  const count = await asleep();
  assert.ok(count >= 2 && count < 6, `${count} of the six menus and chats are asleep`);
  assert.equal(await metric(edge, "instance_awake_count"), 12 - count);
  assert.ok((await metric(edge, "instance_asleep_bytes")) <= MEMORY);
  for (const [at, page] of pages.entries()) {
    await page.getByRole("button", { name: "One player more" }).click();
    const party = page.locator("pc-slot[name=menu] output").first();
    await until(`the party is ${at + 3}`, async () => Number(await party.textContent()) === at + 3);
  }
});
