// node build.mjs          the pages and workers of variants a, b and c, into dist/
// node build.mjs WIDGET   the bundle of a module of variant d (playconnect build runs this)
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, run } from "@playconnect/module/bundle";
import * as esbuild from "esbuild";
import { compile } from "svelte/compiler";

const WIDGETS = ["table", "chat", "progress"];
const root = fileURLToPath(new URL(".", import.meta.url));
const dist = path.join(root, "dist");

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path: filename }) => {
      // On remote-dom's polyfill there is no innerHTML to make fragments from.
      const fragments = filename.endsWith("Remote.svelte") ? "tree" : "html";
      const { js } = compile(await readFile(filename, "utf8"), { filename, generate: "client", css: "injected", fragments });
      return { contents: js.code, loader: "js" };
    });
  },
};

/** Bundles the peers and writes their pages. */
export async function buildPeers() {
  const options = {
    absWorkingDir: root,
    bundle: true,
    format: "iife",
    minify: true,
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    plugins: [svelte],
    conditions: ["browser", "production"],
    logLevel: "warning",
    outdir: "dist",
  };
  const pages = ["a", "b", "c", "frame"];
  await esbuild.build({ ...options, entryPoints: pages.map((name) => `src/pages/${name}.js`) });
  await esbuild.build({ ...options, entryPoints: WIDGETS.map((name) => ({ in: `src/worker/${name}.js`, out: `worker-${name}` })) });
  const css = ["pages/page.css", "styles/widget.css"].map((name) => readFileSync(path.join(root, name), "utf8")).join("");
  const head = (name) => `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"><style>${css}</style>`;
  const slots = WIDGETS.map((name) => `<div class="w" id="${name}"></div>`).join("");
  mkdirSync(dist, { recursive: true });
  for (const name of ["a", "b", "c"]) {
    writeFileSync(path.join(dist, `${name}.html`), `${head(name)}${slots}<script src="/${name}.js"></script>`);
  }
  const alone = "<style>body{display:block;margin:0}</style>";
  writeFileSync(path.join(dist, "frame.html"), `${head("frame")}${alone}<div id="widget"></div><script src="/frame.js"></script>`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const widget = process.argv[2];
  if (widget === undefined) await buildPeers();
  else if (WIDGETS.includes(widget)) await run(() => bundle({ root, entry: `src/edge/${widget}.js`, out: `dist/edge/${widget}.js` }));
  else {
    process.stderr.write(`build.mjs: there is no widget \`${widget}\`; name one of: ${WIDGETS.join(", ")}\n`);
    process.exit(2);
  }
}
