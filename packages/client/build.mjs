// Bundles the client into dist/client.js and prints what it weighs, the allow-list's table apart. Also dist/dev.js.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** In bytes after gzip, from the first issue: without the table, and the table alone. */
const CLIENT_MAX = 12 * 1024;
const TABLE_MAX = 8 * 1024;

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const options = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  write: false,
  legalComments: "none",
  logLevel: "warning",
};

async function size(entry, plugins = []) {
  const { outputFiles } = await build({ ...options, entryPoints: [path(entry)], plugins });
  const { contents } = outputFiles[0];
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}

const withoutTable = {
  name: "without-table",
  setup({ onResolve }) {
    onResolve({ filter: /\/allow\.ts$/ }, ({ path }) => ({ path, external: true }));
  },
};

await build({ ...options, entryPoints: [path("src/main.ts")], outfile: path("dist/client.js"), write: true });
// What only `playconnect dev` adds to a page is not part of what a browser loads otherwise.
await build({ ...options, entryPoints: [path("src/dev.ts")], outfile: path("dist/dev.js"), write: true });
const sizes = {
  "client.js": await size("src/main.ts"),
  "without the table": await size("src/main.ts", [withoutTable]),
  "the table": await size("src/allow.ts"),
};
console.table(sizes);
if (sizes["without the table"].gzipped > CLIENT_MAX || sizes["the table"].gzipped > TABLE_MAX) {
  console.error(`over the budget of ${CLIENT_MAX} bytes for the client and ${TABLE_MAX} for the table, gzipped`);
  process.exit(1);
}
