// Bundles the pages of this yardstick into dist/.
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { compile } from "svelte/compiler";
import { options as clientOptions } from "../../../packages/client/options.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path: filename }) => {
      const { js } = compile(await readFile(filename, "utf8"), { filename, generate: "client" });
      return { contents: js.code, loader: "js" };
    });
  },
};

/** `dist/NAME.html` and `dist/NAME.js` of client, vanilla and svelte. */
export async function buildPages() {
  // The client exactly as it is shipped.
  const options = { ...clientOptions, absWorkingDir: root, write: true, outdir: "dist", conditions: ["browser", "production"], plugins: [svelte] };
  await esbuild.build({ ...options, entryPoints: ["src/client.js", "src/vanilla.js", "src/svelte.js"] });
  // As in the shadow root of a slot.
  const css = readFileSync(fileURLToPath(new URL("../../../examples/rows/pages/rows.css", import.meta.url)), "utf8").replace(":host", "body");
  for (const name of ["client", "vanilla", "svelte"]) {
    const style = name === "client" ? "" : `<style>${css}</style>`;
    writeFileSync(path.join(root, "dist", `${name}.html`), `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">${style}<body><script type="module" src="/${name}.js"></script>`);
  }
}
