// A recorded session: replayed against the same modules it does the same, bit for bit; against others it says so.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { binary, live, openPage, root, startBrowser, startEdge } from "./harness.mjs";

/** Runs the binary; gives its exit code and what it printed. */
async function playconnect(...args) {
  return promisify(execFile)(binary, args, { cwd: root, maxBuffer: 256 << 20 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

test("what a session did is replayed bit for bit, and shown", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-recording-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const recordings = join(folder, "recordings");
  const edge = await startEdge(t, { args: ["--record", recordings] });
  const browser = await startBrowser(t);
  const { page } = await openPage(browser, edge.url);
  await live(page);
  await page.getByRole("button", { name: "Shuffle" }).click();
  await page.getByRole("searchbox").pressSequentially("garden");
  const input = page.locator("#chat-text");
  await input.fill("Is there chess?");
  await input.press("Enter");
  await page.waitForTimeout(1_500);
  // The socket goes and comes back.
  await page.context().setOffline(true);
  await page.waitForTimeout(200);
  await page.context().setOffline(false);
  await page.waitForFunction(() => window.playconnect.state() === "live");
  await page.waitForTimeout(300);
  await openPage(browser, edge.url, { javaScriptEnabled: false });
  assert.deepEqual(await edge.stop(), { code: 0, signal: null });

  const files = (await readdir(recordings)).map((name) => join(recordings, name));
  assert.equal(files.length, 2, "one for each session");
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const file = files[sizes.indexOf(Math.max(...sizes))];
  assert.equal((await stat(file)).mode & 0o777, 0o600, "for its owner alone");
  for (const each of files) {
    const { code, stdout, stderr } = await playconnect("simulate", each, "examples/lobby", "--json");
    const said = JSON.parse(stdout);
    assert.deepEqual([code, said.same, said.torn, said.cut], [0, true, false, null], `${stdout}${stderr}`);
    if (each !== file) continue;
    assert.ok(said.turns > 50 && said.frames > 20 && said.inputs > 100, stdout);
    t.diagnostic(`${said.inputs} inputs, ${said.turns} turns, ${said.frames} frames of ${said.duration_us / 1e6} s in ${(await stat(each)).size} bytes`);
  }

  const { stdout } = await playconnect("inspect", "session", file);
  for (const line of [/^lobby \/, by playconnect /m, /^module menu {2}[0-9a-f]{64}$/m, /in {5}open \/, 4 modules/, /out {4}HTML of 4 slots/, /in {5}event \d+, type \d+, on node/, /out {4}frame \d+: \d+ bytes of operations/, /in {5}attach, resuming, frame \d+/, /out {4}the session has ended/]) {
    assert.match(stdout, line);
  }

  await t.test("a recording that is cut off is replayed as far as it goes", async () => {
    const torn = join(folder, "torn.pcr");
    const bytes = await readFile(file);
    await writeFile(torn, bytes.subarray(0, bytes.length >> 1));
    const { code, stderr } = await playconnect("simulate", torn, "examples/lobby");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /note: the recording ends amid a record/);
  });

  await t.test("other modules, and files that are no recordings, are refused", async () => {
    const says = async (args, expected) => {
      const { code, stderr } = await playconnect(...args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, expected);
    };
    await says(["simulate", file, "examples/rows"], /examples\/rows|the module `menu` is another one than in the recording/);
    await says(["simulate", join(root, "README.md"), "examples/lobby"], /it is no recording: one begins with PCR1/);
    await says(["inspect", "session", join(folder, "none")], /it cannot be read/);
    const damaged = join(folder, "damaged.pcr");
    await copyFile(file, damaged);
    await writeFile(damaged, Buffer.concat([Buffer.from("PCR1"), Buffer.from("not gzip")]));
    await says(["inspect", "session", damaged], /its header is damaged, or of another version/);
  });
});
