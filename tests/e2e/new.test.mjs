// `playconnect new`: from an empty folder to a live page, for each template.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { binary, live, openPage, root, screenshot, startBrowser, startEdge, target } from "./harness.mjs";

/** Runs a program; gives how it ended and what it said. */
async function run(program, args, options = {}) {
  const ended = promisify(execFile)(program, args, { maxBuffer: 1 << 24, ...options });
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

async function emptyFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-new-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes an app by its template and builds it. `install` brings its packages. */
async function make(t, template, install) {
  const parent = await emptyFolder(t);
  const made = await run(binary, ["new", "my-app", "--template", template], { cwd: parent });
  assert.deepEqual([made.code, made.stderr], [0, ""]);
  assert.match(made.stdout, /^made my-app \(\w+\), with PlayConnect's packages of the checkout \S+: \d\S+ is not published yet\n\n {2}cd my-app\n(?: {2}.+\n)* {2}playconnect dev\n$/);
  const app = join(parent, "my-app");
  await install(app);
  const built = await run(binary, ["build", app], { cwd: root, env: { ...process.env, ...cargo } });
  assert.equal(built.code, 0, built.stderr);
  return app;
}

/** Crates are there from the lobby's scoreboard, which has the same ones, and are compiled once for all templates. */
const cargo = { CARGO_NET_OFFLINE: "true", CARGO_BUILD_BUILD_DIR: join(target, "e2e", "cargo") };

/** What `npm install` brings is in the workspace already: no registry is needed. */
const link = (app) => symlink(join(root, "node_modules"), join(app, "node_modules"));

/** Opens the app's page and does what its component can. */
async function use(t, app, name) {
  const edge = await startEdge(t, { app });
  const browser = await startBrowser(t);
  for (const colorScheme of ["light", "dark"]) {
    const { page, problems } = await openPage(browser, edge.url, { colorScheme, viewport: { width: 390, height: 560 } });
    await live(page);
    assert.equal(await page.title(), "my-app");
    const counter = page.locator("pc-slot[name=counter]");
    await counter.getByRole("heading", { name: "Hello, you" }).waitFor();
    await counter.getByLabel("Your name").pressSequentially("Ada Lovelace");
    await counter.getByRole("heading", { name: "Hello, Ada Lovelace" }).waitFor();
    for (const [button, count] of [["One more", "1"], ["One more", "2"], ["One less", "1"]]) {
      await counter.getByRole("button", { name: button }).click();
      await counter.locator("output", { hasText: count }).waitFor();
    }
    assert.equal(await counter.getByLabel("Your name").inputValue(), "Ada Lovelace");
    const box = await counter.locator("section").boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390, "it fits a narrow screen");
    assert.deepEqual(problems, []);
    await screenshot(page, `new-${name}-${colorScheme}`);
  }
}

for (const template of ["react", "vue", "svelte"]) {
  test(`${template}: from an empty folder to a live page`, async (t) => use(t, await make(t, template, link), template));
}

test("rust: from an empty folder to a live page", async (t) => use(t, await make(t, "rust", async () => {}), "rust"));

test("lobby: from an empty folder to a live page", async (t) => {
  const app = await make(t, "lobby", link);
  const edge = await startEdge(t, { app });
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  for (const name of ["Open tables", "Scoreboard"]) await page.getByRole("heading", { name }).waitFor();
  await page.locator("pc-slot[name=menu]").getByRole("button", { name: "One player more" }).click();
  await page.locator("pc-slot[name=menu] output", { hasText: "2" }).waitFor();
  assert.match(await readFile(join(app, "playconnect.toml"), "utf8"), /^name = "my-app"$/m);
  assert.deepEqual(problems, []);
});

test("the way that the README says: npm install, dev", async (t) => {
  const app = await make(t, "react", async (app) => {
    const installed = await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: app });
    const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED/.test(installed.stderr);
    if (unreachable) {
      t.diagnostic("no registry can be reached: the workspace's packages stand in for it");
      await rm(join(app, "node_modules"), { recursive: true, force: true });
      return link(app);
    }
    assert.equal(installed.code, 0, installed.stderr);
    // Two Reacts would break every hook.
    assert.ok(!existsSync(join(app, "node_modules/@playconnect/react/node_modules/react")), "one React");
  });
  const checked = await run("npm", ["run", "check"], { cwd: app });
  assert.equal(checked.code, 0, checked.stdout);
  await use(t, app, "installed");

  const edge = await startEdge(t, { verb: "dev", app });
  const { page } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  const source = join(app, "src/Counter.tsx");
  await writeFile(source, (await readFile(source, "utf8")).replace("Hello", "Welcome"));
  await page.getByRole("heading", { name: "Welcome, you" }).waitFor();
});

test("nothing is written over, and what is wrong is said", async (t) => {
  const parent = await emptyFolder(t);
  await mkdir(join(parent, "full"));
  await writeFile(join(parent, "full/kept.txt"), "mine");
  await writeFile(join(parent, "file"), "mine");
  await mkdir(join(parent, "empty"));
  const refused = async (args, why) => {
    const { code, stdout, stderr } = await run(binary, ["new", ...args], { cwd: parent });
    assert.deepEqual([code, stdout], [2, ""], stderr);
    assert.match(stderr, why);
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
  };
  await refused(["full"], /^error: full is not empty; nothing was written: choose another name, or empty it$/m);
  await refused(["file"], /^error: file is a file; choose another name$/m);
  await refused(["My App"], /^error: "My App" is not a name for an app; use 1 to 64 of a-z, 0-9 and -, beginning with a letter$/m);
  await refused(["a", "--template", "angular"], /invalid value 'angular' for '--template <TEMPLATE>'.*react, vue, svelte, rust, lobby.*see `playconnect new --help`/);
  await refused(["a", "--packages", "full"], /^error: --packages full: there is no packages\/module in it; name a checkout of PlayConnect$/m);
  await refused([], /required arguments were not provided.*<NAME>/);
  assert.deepEqual((await readdir(parent)).sort(), ["empty", "file", "full"]);
  assert.deepEqual(await readdir(join(parent, "full")), ["kept.txt"]);

  // Into a folder that is there and empty, as a program asks for it.
  const made = await run(binary, ["new", "empty", "--template", "svelte", "--packages", root, "--json"], { cwd: parent });
  assert.equal(made.code, 0, made.stderr);
  const said = JSON.parse(made.stdout);
  assert.deepEqual([said.folder, said.template, said.next], ["empty", "svelte", ["cd empty", "npm install", "playconnect dev"]]);
  assert.deepEqual(said.files, (await readdir(join(parent, "empty"), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(parent, "empty").length + 1)).sort());
});
