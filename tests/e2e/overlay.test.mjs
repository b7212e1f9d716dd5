// What modules lay over the page: nothing without a grant; with it, modal dialogs and overlays are over everything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeApp } from "./css/app.mjs";
import { Cut } from "./cut.mjs";
import { live, openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";

const module = (name, slot, framework, more = "") => `
[module.${name}]
kind = "widget"
framework = "${framework}"
source = "dist/${name}.wasm"
slot = "${slot}"
${more}
[module.${name}.build]
command = "node build.mjs ${name}"
artifact = "dist/${name}.js"
`;

const react = `import { createPortal, mount, Overlay, Slot } from "@playconnect/react";
import { useRef, useState } from "react";
function App() {
  const dialog = useRef(null);
  const [closed, setClosed] = useState(0);
  const [toasts, setToasts] = useState([]);
  const [heard, setHeard] = useState(0);
  const [overlay, setOverlay] = useState(null);
  return <main onClick={() => setHeard(heard + 1)}>
    <button id="show" onClick={() => dialog.current.showModal()}>Show</button>
    <button id="toast" onClick={() => setToasts([...toasts, toasts.length + 1])}>Toast</button>
    <p>closed {closed}, heard {heard}</p>
    <dialog ref={dialog} onClose={() => setClosed(closed + 1)}>
      <input id="field" /><button id="done" onClick={() => dialog.current.close()}>Done</button>
    </dialog>
    <Overlay ref={setOverlay}><p className="notice" style={{ position: "absolute", top: 0, left: 0 }}>Notice</p></Overlay>
    {overlay && createPortal(toasts.map((toast) => <button key={toast} className="toast">Toast {toast}</button>), overlay)}
    <Slot name="inside" />
  </main>;
}
mount(<App />);
`;

const files = {
  "playconnect.toml": `manifest_version = 1
[application]
name = "overlays"
[[page]]
route = "/"
shell = "pages/index.html"
${module("asks", "asks", "react")}
${module("covers", "covers", "react", "overlay = true")}
${module("inner", "covers/inside", "vue", "overlay = true")}`,
  "package.json": JSON.stringify({ name: "overlays", private: true, type: "module", dependencies: { "@playconnect/react": "0.1.0", "@playconnect/vue": "0.1.0" } }),
  "build.mjs": `import { bundle, run } from "@playconnect/module/bundle";
const entries = { asks: "react/main.jsx", covers: "react/main.jsx", inner: "vue/main.js" };
await run(() => bundle({ entry: entries[process.argv[2]], out: \`dist/\${process.argv[2]}.js\` }));
`,
  // A page that holds its modules back as far as CSS can, and has something of its own on top.
  "pages/index.html": `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Overlays</title><link rel="stylesheet" href="/page.css"><link rel="icon" href="data:,"></head>
  <body><header>Header</header><button id="below">Below</button><pc-slot name="asks"></pc-slot><pc-slot name="covers"></pc-slot></body>
</html>
`,
  "pages/page.css": `body { margin: 0; padding-top: 60px; }
header { position: fixed; inset: 0 0 auto; height: 60px; z-index: 2147483647; background: silver; }
pc-slot { display: block; contain: layout style paint; overflow: hidden; height: 150px; width: 300px; }
`,
  "react/main.jsx": react,
  "vue/main.js": `import { createApp } from "vue";
import Inner from "./Inner.vue";
createApp(Inner).mount("#app");
`,
  "vue/Inner.vue": `<script setup>
import { ref } from "vue";
const dialog = ref(null);
const closed = ref(0);
const open = ref(false);
</script>
<template>
  <button id="inner-show" @click="dialog.showModal()">Show</button>
  <button id="inner-toast" @click="open = !open">Toast</button>
  <p>inner closed {{ closed }}</p>
  <dialog ref="dialog" @close="closed++"><input id="inner-field"></dialog>
  <pc-overlay></pc-overlay>
  <Teleport v-if="open" to="pc-overlay"><b class="inner-toast" style="position: absolute; bottom: 0; right: 0">Inner toast</b></Teleport>
</template>
`,
};

/** The innermost element at a point, through all shadow roots: what a click there meets. */
const at = (page, x, y) =>
  page.evaluate(([x, y]) => {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot?.elementFromPoint(x, y) && found.shadowRoot.elementFromPoint(x, y) !== found) found = found.shadowRoot.elementFromPoint(x, y);
    return found === null ? null : found.id || found.className || found.localName;
  }, [x, y]);

const activeId = (page) =>
  page.evaluate(() => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found?.id ?? "";
  });

test("a module covers nothing without the grant, and everything with it", async (t) => {
  const edge = await startEdge(t, { app: await makeApp(t, { base: files }), env: { PLAYCONNECT_LOG_FORMAT: "json" } });
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, edge.url);
  await live(page);
  const { width, height } = page.viewportSize();
  const asks = page.locator("pc-slot[name=asks]");
  const covers = page.locator("pc-slot[name=covers]");

  await t.test("without it, commands and elements are left out, and the log says what to write", async () => {
    await asks.locator("#show").click();
    await asks.locator("#toast").click();
    await asks.getByText("heard 2").waitFor();
    assert.equal(await asks.locator("dialog").getAttribute("open"), null);
    assert.equal(await asks.locator("pc-overlay").count(), 0);
    assert.equal(await asks.locator("pc-stripped .notice").count(), 1, "its children stand in the slot");
    const [slot, notice] = [await asks.boundingBox(), await asks.locator(".notice").boundingBox()];
    const isInside = notice.x >= slot.x && notice.y >= slot.y && notice.y + notice.height <= slot.y + slot.height;
    assert.ok(isInside, `${JSON.stringify(notice)} is inside of the slot, ${JSON.stringify(slot)}`);
    assert.equal(await at(page, width / 2, height / 2), "html");
    const lines = edge.log.map((line) => JSON.parse(line)).filter((line) => (line.module ?? line.fields?.module ?? line.span?.module) !== undefined);
    const text = JSON.stringify(lines.filter((line) => JSON.stringify(line).includes("asks")));
    for (const what of ["element pc-overlay", "command ShowModal on dialog", "write overlay = true in its section of playconnect.toml"]) assert.ok(text.includes(what), `${what} in ${text}`);
  });

  await t.test("an overlay is over the page's own, and lets through what is not on it", async () => {
    await covers.locator("#toast").click();
    await covers.getByText("Toast 1").waitFor();
    assert.deepEqual(await covers.locator("pc-overlay").first().boundingBox(), { x: 0, y: 0, width, height });
    assert.equal(await at(page, 10, 20), "notice", "over the header");
    const toast = await covers.locator(".toast").boundingBox();
    assert.equal(await at(page, toast.x + 5, toast.y + 5), "toast");
    await covers.locator(".toast").click();
    await covers.getByText("heard 2").waitFor();
    assert.equal(await at(page, width / 2, 20), "header");
    const below = await page.locator("#below").boundingBox();
    assert.equal(await at(page, below.x + below.width / 2, below.y + below.height - 2), "below");
    await page.locator("#below").click();
  });

  await t.test("a modal is in the middle of the window, has the focus, and Escape closes it", async () => {
    await covers.locator("#show").click();
    await page.waitForFunction(() => document.querySelector("pc-slot[name=covers]").shadowRoot.querySelector("dialog").matches(":modal"));
    const box = await covers.locator("dialog").first().boundingBox();
    assert.ok(Math.abs(box.x + box.width / 2 - width / 2) < 2 && Math.abs(box.y + box.height / 2 - height / 2) < 2, JSON.stringify(box));
    assert.equal(await activeId(page), "field");
    // All else is inert; a modal's backdrop is the dialog's own.
    assert.equal(await at(page, 10, 40), "dialog");
    await screenshot(page, "overlay-modal");
    await page.keyboard.type("typed");
    assert.equal(await covers.locator("#field").inputValue(), "typed");
    await page.keyboard.press("Escape");
    await covers.getByText("closed 1, heard").waitFor();
    assert.equal(await covers.locator("dialog").first().getAttribute("open"), null);
    await covers.locator("#show").click();
    await covers.locator("#done").click();
    await covers.getByText("closed 2, heard").waitFor();
  });

  await t.test("so it is for a nested slot", async () => {
    await page.evaluate(() => document.querySelector("pc-slot[name=covers]").scrollTo(0, 1000));
    await covers.locator("#inner-toast").click();
    await covers.locator(".inner-toast").waitFor();
    assert.equal(await at(page, width - 5, height - 5), "inner-toast");
    await covers.locator("#inner-show").click();
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.querySelector("dialog") !== undefined);
    await covers.locator("#inner-field").fill("x");
    assert.equal(await activeId(page), "inner-field");
    await page.keyboard.press("Escape");
    await covers.getByText("inner closed 1").waitFor();
  });

  await t.test("a browser that has the page anew shows overlays again", async () => {
    await page.reload();
    await live(page);
    await page.waitForFunction(() => document.querySelector("pc-slot[name=covers]").shadowRoot.querySelector("pc-overlay").matches(":popover-open"));
    assert.equal(await at(page, 10, 20), "notice");
  });
  assert.deepEqual(problems, []);
});

test("a modal and overlays outlive the loss of the socket", async (t) => {
  const edge = await startEdge(t, { app: await makeApp(t, { base: files }) });
  const cut = await Cut.before(t, edge.ports.public);
  const { page } = await openPage(await startBrowser(t), cut.url);
  await live(page);
  const covers = page.locator("pc-slot[name=covers]");
  await covers.locator("#show").click();
  await covers.locator("#field").fill("typed");
  cut.close();
  await page.waitForFunction(() => window.playconnect.state() !== "live");
  cut.open();
  await page.waitForFunction(() => window.playconnect.state() === "live");
  assert.equal(await at(page, 10, 40), "dialog");
  assert.ok(await covers.locator("#field").isVisible());
  assert.equal(await activeId(page), "field");
  await page.keyboard.press("Escape");
  await covers.getByText("closed 1, heard").waitFor();
  assert.equal(await at(page, 10, 20), "notice");
});

test("without JavaScript nothing covers the page", async (t) => {
  const edge = await startEdge(t, { app: await makeApp(t, { base: files }) });
  const { page } = await openPage(await startBrowser(t), edge.url, { javaScriptEnabled: false });
  await page.locator("pc-slot[name=covers]").getByText("Show").first().waitFor();
  assert.equal(await page.locator("pc-slot[name=covers] .notice").isVisible(), false);
  assert.equal(await at(page, 10, 20), "header");
});
