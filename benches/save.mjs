// From saving a file to seeing it, under `playconnect dev`: the lobby's three JavaScript modules.
//
//     cargo xtask bench save
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { live, openPage, root, startBrowser, startEdge } from "../tests/e2e/harness.mjs";
import { median, Report, ROUNDS, shown, withContext } from "./report.mjs";

const SAVE_MS_MAX = 1_000;

/** What is changed: a text that is always seen. */
const SOURCES = {
  menu: { file: "menu/src/menu.tsx", text: "Open tables" },
  chat: { file: "chat/src/Chat.vue", text: "Odile, at the door", slot: "menu/door" },
  progress: { file: "progress/src/Progress.svelte", text: "Next round" },
};

/** The lobby without its Rust module, which takes its compiler's time. */
async function copyLobby(context) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-save-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const lobby = join(root, "examples/lobby");
  for (const name of ["menu", "chat", "progress", "pages", "build.mjs", "package.json"]) {
    await cp(join(lobby, name), join(folder, name), { recursive: true });
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const manifest = await readFile(join(lobby, "playconnect.toml"), "utf8");
  const sections = manifest.split(/\n(?=\[)/).filter((section) => !section.startsWith("[module.scoreboard"));
  await writeFile(join(folder, "playconnect.toml"), sections.join("\n"));
  const shell = join(folder, "pages/lobby.html");
  await writeFile(shell, (await readFile(shell, "utf8")).replace(/<pc-slot name="scoreboard">.*?<\/pc-slot>/s, ""));
  return folder;
}

await withContext(async (context) => {
  const folder = await copyLobby(context);
  const edge = await startEdge(context, { verb: "dev", app: folder });
  const report = new Report("save");
  const browser = await startBrowser(context);
  report.version(`Chromium ${browser.version()}`);
  const { page } = await openPage(browser, edge.url);
  await live(page);
  const times = Object.fromEntries(Object.keys(SOURCES).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, { file, text, slot }] of Object.entries(SOURCES)) {
      const path = join(folder, file);
      const before = await readFile(path, "utf8");
      const shownBefore = round === 0 ? text : `${text} ${round}`;
      const next = `${text} ${round + 1}`;
      if (!before.includes(shownBefore)) throw new Error(`${file} does not hold ${shownBefore}`);
      // In each animation frame; a locator looks twice a second in the end.
      const shows = ([slot, text]) => window.playconnect.slots.get(slot)?.textContent.includes(text);
      const seen = page.waitForFunction(shows, [slot ?? name, next], { polling: "raf", timeout: 20_000 });
      const start = performance.now();
      await writeFile(path, before.replaceAll(shownBefore, next));
      await seen;
      times[name].push(performance.now() - start);
      // The next save is a change of its own.
      await page.waitForTimeout(500);
    }
    report.round({ round: round + 1, ...Object.fromEntries(Object.entries(times).map(([name, own]) => [name, own.at(-1)])) });
  }
  for (const [name, own] of Object.entries(times)) {
    report.atMost(`${name}: save → screen, ms`, median(own), SAVE_MS_MAX, `${shown(Math.min(...own))} to ${shown(Math.max(...own))}`);
  }
  report.note(`${ROUNDS} saves of each module in turn; medians. The module's bundler, the component, the swap and the page.`);
  report.end();
});
