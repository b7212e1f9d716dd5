// Builds an app of a test's own folder in a temporary one, as a user would.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundle } from "@playconnect/module/bundle";
import { binary } from "./harness.mjs";

/**
 * @param {import("node:test").TestContext} t the app goes when this test ends
 * @param {string} name of a folder beside this file: a manifest, `pages/`, and a source for each bundle
 * @param {string[]} sources file names
 * @returns {Promise<string>} the app's folder
 */
export async function buildApp(t, name, sources) {
  const from = fileURLToPath(new URL(name, import.meta.url));
  const app = await mkdtemp(join(tmpdir(), `playconnect-${basename(name)}-`));
  t.after(() => rm(app, { recursive: true, force: true }));
  await mkdir(join(app, "dist"));
  await cp(join(from, "pages"), join(app, "pages"), { recursive: true });
  await cp(join(from, "playconnect.toml"), join(app, "playconnect.toml"));
  for (const source of sources) {
    await bundle({ entry: join(from, source), out: join(app, `dist/${parse(source).name}.js`), log: false });
  }
  await promisify(execFile)(binary, ["build", app]);
  return app;
}
