// A real edge and a real browser for one test file.
//
// `cargo xtask test --only e2e` builds what is needed and sets the variables; by hand it takes a built binary and app:
// `cargo xtask build && npm test -w tests/e2e`.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
export const binary = process.env.PLAYCONNECT_BINARY ?? join(target, "release", "playconnect");
const screenshots = process.env.PLAYCONNECT_SCREENSHOTS ?? join(target, "e2e");

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;
export const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts `playconnect serve`, or another verb that serves, on free ports with a data folder of its own. It is stopped, and its log shown if the test
 * failed, when the test ends.
 *
 * @param {import("node:test").TestContext} t
 * @param {{ verb?: "serve" | "dev", app?: string, args?: string[], env?: Record<string, string>, ports?: { public: number, admin: number } }} [options]
 */
export async function startEdge(t, { verb = "serve", app = "examples/lobby", args = [], env = {}, ports } = {}) {
  if (!existsSync(binary)) throw new Error(`there is no ${binary}; run cargo xtask build`);
  const data = await mkdtemp(join(tmpdir(), "playconnect-e2e-"));
  const listen = ["--listen", `127.0.0.1:${ports?.public ?? 0}`, "--admin", `127.0.0.1:${ports?.admin ?? 0}`];
  const child = spawn(binary, [verb, app, ...listen, "--data", data, "--json", ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = [];
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));

  const stop = async (signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const how = await within(STOP_MS_MAX, ended).catch(() => null);
    if (how) return how;
    child.kill("SIGKILL");
    await ended;
    throw new Error(`playconnect did not stop within ${STOP_MS_MAX} ms of ${signal}`);
  };
  t.after(async () => {
    try {
      await stop();
    } finally {
      for (const line of log) t.diagnostic(line);
      await rm(data, { recursive: true, force: true });
    }
  });

  const said = [];
  const stdout = createInterface({ input: child.stdout });
  const first = new Promise((resolve) => {
    stdout.on("line", (line) => {
      const object = JSON.parse(line);
      said.push(object);
      if (object.pages !== undefined) resolve(object);
    });
  });
  const early = ended.then((how) => {
    throw new Error(`playconnect ended at its start (${JSON.stringify(how)}):\n${log.join("\n")}`);
  });
  // It ends in every test; only at the start that is an error.
  early.catch(() => {});
  const ready = await within(START_MS_MAX, Promise.race([first, early]));
  const url = new URL(ready.pages[0]);
  return {
    /** The process. */
    pid: child.pid,
    /** The first page of the app. */
    url: url.href,
    /** All pages. */
    pages: ready.pages,
    admin: ready.admin,
    ports: { public: Number(url.port), admin: Number(new URL(ready.admin).port) },
    log,
    /** What it has printed, from the first line on. */
    said,
    /** Asks the admin listener; gives its Response. */
    async ask(path, init = {}) {
      const token = (await readFile(ready.token_file, "utf8")).trim();
      return fetch(new URL(path, ready.admin), { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
    },
    stop,
  };
}

/**
 * A browser with a fresh profile, closed when the test ends.
 *
 * @param {import("node:test").TestContext} t
 */
export async function startBrowser(t) {
  const browser = await chromium.launch({ executablePath: browserPath(), headless: true, args: BROWSER_FLAGS });
  t.after(() => browser.close());
  return browser;
}

/**
 * A page of the edge, once its HTML is there. `problems` collects what the page throws and logs as an error.
 *
 * @param {import("playwright-core").Browser | import("playwright-core").BrowserContext} browser or a context of it, as it is
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options] of a new context
 */
export async function openPage(browser, url, options = {}) {
  const context = browser.newContext ? await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options }) : browser;
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(url, { waitUntil: "domcontentloaded" });
  return { page, problems };
}

/**
 * Waits until the browser shows the edge's first frame.
 *
 * @param {import("playwright-core").Page} page
 */
export async function live(page) {
  // Until the client has started, `window.playconnect` is the element of that id.
  await page.waitForFunction(() => window.playconnect?.state?.() === "live" && window.playconnect.frame() > 0);
}

/** A figure of the node's /metrics, by its name without `playconnect_`. */
export async function metric(edge, name) {
  const text = await (await edge.ask("/metrics")).text();
  const line = text.match(new RegExp(`^playconnect_${name} (\\d+)$`, "m"));
  if (!line) throw new Error(`there is no playconnect_${name} in\n${text}`);
  return Number(line[1]);
}

/**
 * Into `target/e2e`, to be looked at.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  const path = join(screenshots, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

export function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  if (!found) throw new Error("there is no Chromium; install it, or name one by the variable CHROMIUM");
  return found;
}

async function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
