// Bundles the client into dist/client.js and prints what it weighs, the allow-list's table apart. Also dist/dev.js.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { options } from "./options.mjs";

/** In bytes after gzip, from the first issue: without the table, and the table alone. */
const CLIENT_MAX = 12 * 1024;
const TABLE_MAX = 8 * 1024;

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
/** The edge embeds what is written, and is built again whenever it is. */
async function write(entry, name) {
  const file = path(`dist/${name}`);
  const { outputFiles } = await build({ ...options, entryPoints: [path(entry)] });
  const { contents } = outputFiles[0];
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(path("dist"), { recursive: true });
  writeFileSync(file, contents);
}

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

await write("src/main.ts", "client.js");
// What only `playconnect dev` adds to a page is not part of what a browser loads otherwise.
await write("src/dev.ts", "dev.js");
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
