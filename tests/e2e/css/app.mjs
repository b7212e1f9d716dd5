// An app whose modules do all that a stylesheet might do to others: a page with three slots, and one nested in the first.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary, root } from "../harness.mjs";
import { boxFont } from "./font.mjs";

export const square = (color) => `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${color}"/></svg>`;

const module = (name, { slot = name, framework, entry, style = `dist/${name}.css`, more = "" }) => `
[module.${name}]
kind = "widget"
framework = "${framework}"
source = "dist/${name}.wasm"
slot = "${slot}"
style = "${style}"
${more}
[module.${name}.build]
command = "node build.mjs ${entry} dist/${name}.js"
artifact = "dist/${name}.js"
watch = ["${name}/**", "build.mjs"]
`;

// What all three say of the same names.
const rules = (red) => `
  .box { color: rgb(${red}, 0, 0); }
  #same { text-indent: ${red}px; }
  @keyframes move { to { margin-left: ${red}px; } }
  .moves { animation: move 1ms forwards; }
`;

/** The files of the app, by path. */
export const files = {
  "playconnect.toml": `manifest_version = 1
[application]
name = "styles"
[[page]]
route = "/"
shell = "pages/index.html"
${module("first", { framework: "react", entry: "first/main.jsx" })}
${module("second", { framework: "vue", entry: "second/main.js" })}
${module("inner", { framework: "svelte", entry: "inner/main.js", slot: "first/inside" })}
${module("plain", { framework: "none", entry: "plain/main.js", style: "plain/plain.css" })}`,
  "package.json": JSON.stringify({
    name: "styles",
    private: true,
    type: "module",
    dependencies: { "@playconnect/module": "0.1.0", "@playconnect/react": "0.1.0", "@playconnect/svelte": "0.1.0", "@playconnect/vue": "0.1.0" },
  }),
  "build.mjs": `import { bundle, run } from "@playconnect/module/bundle";
const [entry, out] = process.argv.slice(2);
await run(() => bundle({ entry, out }));
`,
  "pages/index.html": `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Styles</title><link rel="stylesheet" href="/page.css"><link rel="icon" href="data:,"></head>
  <body>
    <p class="box" id="same">The <i class="moves">page's</i> <b class="text">own</b></p>
    <pc-slot name="first"></pc-slot><pc-slot name="second"></pc-slot><pc-slot name="plain"></pc-slot>
  </body>
</html>
`,
  "pages/page.css": `:root { color-scheme: light dark; --accent: rgb(10, 20, 30); --gap: 7px; }
@media (prefers-color-scheme: dark) { :root { --accent: rgb(200, 210, 220); } }
body { margin: 0; background: rgb(250, 250, 250); font: 20px/30px monospace; }

h2 { text-transform: uppercase; }
.box { text-decoration-line: underline; }
.text { font-family: Own, monospace; }
`,

  // React: everything that would reach out, fonts, CSS modules.
  "first/main.jsx": `import { mount, Slot } from "@playconnect/react";
import { useState } from "react";
import "./first.css";
import styles from "./part.module.css";
import logo from "./logo.svg";
function First() {
  const [count, setCount] = useState(0);
  return <>
    <h2 className="box" id="same">First</h2>
    <b className="text">mmmm</b> <b className="short">mmmm</b> <b className="by-variable">mmmm</b>
    <p id="part" className={styles.part}>A part</p>
    <p className="moves">Moves</p>
    <p className="themed">Themed</p>
    <div className="picture"></div>
    <img src={logo} alt="a logo" />
    <button type="button" onClick={() => setCount(count + 1)}>{count} times</button>
    <Slot name="inside"><p>Nobody is here</p></Slot>
  </>;
}
mount(<First />);
`,
  "first/first.css": `${rules(100)}
@font-face { font-family: Own; src: url(./wide.ttf) format("truetype"); }
@font-face { font-family: "monospace"; src: url(./wide.ttf); }
body, html, pc-slot { background: rgb(1, 1, 1); color: rgb(1, 1, 1) !important; }
:root { --accent: rgb(1, 1, 1); --gap: 99px; background: rgb(1, 1, 1); }
* { letter-spacing: 1px; }
:host { padding-left: 3px; --own: Own, serif; contain: none; }
:host-context(body) { color: rgb(2, 2, 2); }
::slotted(*) { color: rgb(3, 3, 3); }
p { word-spacing: 5px; }
.text { font: 20px/1 Own, monospace; }
.short { font-family: "own"; }
.by-variable { font-family: var(--own); }
.themed { color: var(--accent); padding: var(--gap); }
.picture { width: 8px; height: 8px; background: url(./logo.svg); }
`,
  "first/part.module.css": `.part { color: rgb(0, 100, 0); }\n`,
  "first/logo.svg": square("red"),
  "first/wide.ttf": boxFont(1000),

  // Vue: the same names; scoped styles, CSS modules, a font that is called the same, an image in the template.
  "second/main.js": `import { createApp } from "vue";
import Second from "./Second.vue";
createApp(Second).mount("#app");
`,
  "second/Second.vue": `<script setup>
import Child from "./Child.vue";
</script>
<template>
  <h2 id="same" class="box">Second</h2>
  <b class="text">mmmm</b>
  <p id="part" :class="$style.part">A part</p>
  <p class="moves">Moves</p>
  <p class="themed">Themed</p>
  <p class="scoped">Scoped</p>
  <Child />
  <img src="./mark.svg" alt="a mark">
</template>
<style>
${rules(200)}
@font-face { font-family: Own; src: url(./narrow.ttf); }
.text { font: 20px/1 Own, monospace; }
.themed { color: var(--accent); padding: var(--gap); }
</style>
<style scoped>.scoped { color: rgb(0, 0, 100); }</style>
<style module>.part { color: rgb(0, 200, 0); }</style>
`,
  "second/Child.vue": `<template><div><p class="scoped child">A child's</p></div></template>\n`,
  "second/mark.svg": square("green"),
  "second/narrow.ttf": boxFont(250),

  // Svelte, nested in the first.
  "inner/main.js": `import { mount } from "@playconnect/svelte";
import Inner from "./Inner.svelte";
mount(Inner);
`,
  "inner/Inner.svelte": `<script>
  import mark from "../second/mark.svg";
  import Child from "./Child.svelte";
</script>
<h2 class="box" id="same">Inner</h2>
<p class="scoped">Scoped</p>
<p class="themed">Themed</p>
<b class="text">mmmm</b>
<Child />
<img src={mark} alt="a mark">
<style>
  .box { color: rgb(50, 0, 0); }
  .scoped { color: rgb(0, 0, 50); }
  .themed { color: var(--accent); padding: var(--gap); }
  .text { font: 20px/1 Own, monospace; }
  :global(button) { color: rgb(50, 50, 0); }
  :global(h2) { font-style: italic; }
</style>
`,
  "inner/Child.svelte": `<p class="scoped child">A child's</p>\n`,

  // No framework, and a stylesheet that no bundler has seen.
  "plain/main.js": `import { createElement, onMount, slot } from "@playconnect/module";
onMount(() => {
  for (const name of ["text", "picture"]) {
    const element = createElement("p");
    element.setAttribute("class", name);
    element.textContent = "mmmm";
    slot.appendChild(element);
  }
});
`,
  "plain/plain.css": `@font-face { font-family: 'Plain Own'; src: url('./half.ttf'); }
.text { font: 20px/1 Plain Own; width: max-content; }
.picture { background-image: url(dot.svg); }
`,
  "plain/dot.svg": square("blue"),
  "plain/half.ttf": boxFont(500),
};

/**
 * The app in a folder of its own, built unless told otherwise.
 *
 * @param {import("node:test").TestContext} t the folder goes when this test ends
 */
export async function makeApp(t, { base = files, changed = {}, build = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-css-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ ...base, ...changed })) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  if (build) await promisify(execFile)(binary, ["build", folder]);
  return folder;
}
