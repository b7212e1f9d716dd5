// Runs the questions of decision 0002 in the real browser: `node docs/decisions/0002/try.mjs`.
// CHROMIUM names another browser than /usr/bin/chromium.
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { page as html, stylesheet } from "./page.mjs";

const CSS_DELAY_MS = 400;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const sheet = /^\/(left|right)\.css$/.exec(pathname);
  if (sheet) {
    response.setHeader("content-type", "text/css");
    setTimeout(() => response.end(stylesheet(sheet[1])), CSS_DELAY_MS);
  } else {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(html(pathname.slice(1)));
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const table = {};
for (const mode of ["shadow", "scope"]) table[mode] = await ask(mode);
await browser.close();
server.close();
const rows = Object.keys(table.shadow).map((question) => `| ${question} | ${table.shadow[question]} | ${table.scope[question]} |`);
console.log(["| question | declarative shadow root | light DOM with @scope |", "|---|---|---|", ...rows].join("\n"));

async function ask(mode) {
  const page = await browser.newPage({ viewport: { width: 600, height: 900 } });
  await page.goto(`${origin}/${mode}`);
  const answers = {};
  answers["first contentful paint waits for a module's stylesheet"] = await page.evaluate(async (delay) => {
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
    while (!paint()) await new Promise(requestAnimationFrame);
    return paint().startTime >= delay ? "yes" : "no";
  }, CSS_DELAY_MS);
  Object.assign(
    answers,
    await page.evaluate(() => {
      const slots = [...document.querySelectorAll("pc-slot")];
      const roots = slots.map((slot) => slot.shadowRoot ?? slot);
      const style = (node, name) => getComputedStyle(node)[name];
      const [left, right] = roots;
      const find = (root, selector) => root.querySelector(selector);
      const out = {};
      out["colliding classes keep their own colour"] =
        style(find(left, ".title"), "color") !== style(find(right, ".title"), "color") ? "yes" : "no";
      out["a module's `body` and `:root` rules reach the page"] =
        getComputedStyle(document.documentElement).getPropertyValue("--reached-page") ? "yes" : "no";
      out["the page's `h2` rule reaches a module"] = style(find(left, "h2"), "textDecorationLine") === "line-through" ? "yes" : "no";
      const frames = (root) => find(root, "#box").getAnimations()[0].effect.getKeyframes().at(-1).marginLeft;
      out["colliding @keyframes keep their own"] = frames(left) !== frames(right) ? "yes" : "no";
      out["custom properties of the page's theme arrive"] =
        style(find(left, ".themed"), "color") === "rgb(0, 128, 0)" ? "yes" : "no";
      out["`label for` finds its own field"] =
        find(right, "label").control === find(right, "input") ? "yes" : "no, the other module's";
      out["a module's form is window.playconnect (clobbering)"] = window.playconnect ? "yes" : "no";
      const before = roots.map((root) => find(root, "#field"));
      for (const slot of slots) if (!slot.shadowRoot && !slot.firstChild) slot.attachShadow({ mode: "open" });
      before[0].focus();
      find(left, "#title").firstChild.data = "live";
      const after = slots.map((slot) => (slot.shadowRoot ?? slot).querySelector("#field"));
      out["server-rendered nodes are there for the live page, focus and identity kept"] =
        before.every((node, at) => node === after[at]) && (before[0].getRootNode().activeElement === before[0]) ? "yes" : "no";
      let seen;
      document.addEventListener("click", (event) => (seen = event.target), { once: true });
      find(right, ".open").click();
      out["the page sees the inner target of a click"] = seen.localName === "pc-slot" ? "no (retargeted to the slot)" : "yes";
      return out;
    }),
  );
  const groups = await page.getByRole("group").all();
  answers["`aria-labelledby` names from its own module"] =
    (await Promise.all(groups.map((group) => group.ariaSnapshot()))).map((text) => /"(.*)"/.exec(text)?.[1]).join() === "live,right"
      ? "yes"
      : "no, from the other module";
  answers["`url(#g)` takes its own gradient"] = await (async () => {
    const drawing = page.locator(".drawing").nth(1);
    const png = (await drawing.screenshot()).toString("base64");
    const [red, , blue] = await page.evaluate(async (data) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const canvas = new OffscreenCanvas(20, 20).getContext("2d");
      canvas.drawImage(image, 0, 0);
      return [...canvas.getImageData(10, 10, 1, 1).data];
    }, png);
    return blue > red ? "yes" : "no, the other module's";
  })();
  answers["`dialog.showModal()`: on top, centred, focus inside, the rest inert"] = await page.evaluate(() => {
    const slot = document.querySelectorAll("pc-slot")[1];
    const root = slot.shadowRoot ?? slot;
    const dialog = root.querySelector("dialog");
    dialog.showModal();
    const box = dialog.getBoundingClientRect();
    const hit = dialog.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const outside = document.elementFromPoint(5, 5);
    const fine =
      dialog.contains(hit) &&
      (outside === slot || outside === dialog) &&
      Math.abs(box.x + box.width / 2 - innerWidth / 2) < 20 &&
      dialog.contains(dialog.getRootNode().activeElement);
    dialog.close();
    return fine ? "yes" : "no";
  });
  for (const contain of ["style", "layout"]) {
    answers[`a \`position: fixed\` overlay covers the page, slot with \`contain: ${contain}\``] = await page.evaluate((contain) => {
      const slot = document.querySelectorAll("pc-slot")[1];
      slot.style.contain = contain;
      const root = slot.shadowRoot ?? slot;
      const cover = root.appendChild(Object.assign(document.createElement("div"), { className: "cover" }));
      const box = cover.getBoundingClientRect();
      cover.remove();
      return box.width === innerWidth && box.height === innerHeight ? "yes" : "no (stays in the slot)";
    }, contain);
  }
  await page.close();
  return answers;
}
