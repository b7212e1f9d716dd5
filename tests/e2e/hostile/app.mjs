// Assembles an app of the modules beside this file in a temporary folder and builds it, as a user would.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundle } from "@playconnect/module/bundle";
import { binary } from "../harness.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * @param {import("node:test").TestContext} t the folder goes when this test ends
 * @param {Record<string, { bundle: string, manifest?: string }>} modules by name, which is the route of its page too
 * @returns {Promise<string>} the app's folder
 */
export async function assemble(t, modules) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-hostile-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "pages"));
  await mkdir(join(folder, "dist"));
  await cp(join(here, "page.css"), join(folder, "pages/page.css"));
  const shell = await readFile(join(here, "page.html"), "utf8");
  const manifest = ["manifest_version = 1", "[application]", 'name = "neighbours"'];
  const bundles = new Set();
  const module = (name, from, more = "") => {
    manifest.push(`[module.${name}]`, 'kind = "widget"', `slot = "${name}"`, `source = "dist/${from}.wasm"`, more);
    // The others with this source find it built.
    if (!bundles.has(from)) manifest.push(`[module.${name}.build]`, 'command = "true"', `artifact = "dist/${from}.js"`);
    bundles.add(from);
  };
  module("steady", "steady");
  for (const [name, { bundle, manifest: more }] of Object.entries(modules)) {
    await writeFile(join(folder, `pages/${name}.html`), shell.replace('name="other"', `name="${name}"`));
    manifest.push("[[page]]", `route = "/${name}"`, `shell = "pages/${name}.html"`);
    module(name, bundle, more);
  }
  await writeFile(join(folder, "playconnect.toml"), `${manifest.join("\n")}\n`);
  for (const from of bundles) {
    await bundle({ entry: join(here, `${from}.mjs`), out: join(folder, `dist/${from}.js`), log: false });
  }
  await promisify(execFile)(binary, ["build", folder]);
  return folder;
}
