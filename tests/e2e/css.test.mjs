// What a module's stylesheet reaches, and what it names: its slot, and files by the hash of what they hold.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { files, makeApp, square } from "./css/app.mjs";
import { binary, live, openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";

/** The URL of a file of the app. */
const asset = (path) => {
  const [, name, extension] = /([^/]+)(\.\w+)$/.exec(path);
  return `/_pc/assets/${name}-${createHash("sha256").update(files[path]).digest("hex").slice(0, 32)}${extension}`;
};

/** Computed style of an element in the page or in a slot. */
const style = (page, where, selector, property) =>
  page.evaluate(
    ([where, selector, property]) => {
      const slots = where === "page" ? [] : where.split(">");
      const root = slots.reduce((root, name) => {
        for (const found of [root, ...[...root.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean)]) {
          const slot = found.querySelector(`pc-slot[name="${name}"]`);
          if (slot) return slot.shadowRoot;
        }
        throw new Error(`there is no slot ${name}`);
      }, document);
      const element = selector === ":host" ? root.host : root.querySelector(selector);
      if (element === null) throw new Error(`there is no ${selector} in ${where}`);
      return property === "width" ? element.getBoundingClientRect().width : getComputedStyle(element)[property];
    },
    [where, selector, property],
  );

/** [where, selector, property, value] */
async function holds(page, expected) {
  for (const [where, selector, property, value] of expected) {
    assert.deepEqual([where, selector, property, await style(page, where, selector, property)], [where, selector, property, value]);
  }
}

const INNER = "first>first/inside";
/** Of four letters of 20 pixels. */
const WIDE = 80;
const HALF = 40;
const NARROW = 20;

const what_reaches_what = [
  // The page is as its own stylesheet says.
  ["page", "body", "backgroundColor", "rgb(250, 250, 250)"],
  ["page", "html", "backgroundColor", "rgba(0, 0, 0, 0)"],
  ["page", "body", "letterSpacing", "normal"],
  ["page", "#same", "color", "rgb(0, 0, 0)"],
  ["page", "#same", "textIndent", "0px"],
  ["page", "#same", "wordSpacing", "0px"],
  ["page", ".moves", "marginLeft", "0px"],
  ["page", "pc-slot[name=second]", "paddingLeft", "0px"],
  // What the page says of these names does not reach into a slot; what is inherited does.
  ["first", "h2", "textTransform", "none"],
  ["first", "h2", "textDecorationLine", "none"],
  ["second", "p", "fontFamily", "monospace"],
  // Each module's classes, ids, keyframes and hosts are its own.
  ["first", ".box", "color", "rgb(100, 0, 0)"],
  ["second", ".box", "color", "rgb(200, 0, 0)"],
  [INNER, ".box", "color", "rgb(50, 0, 0)"],
  ["first", "#same", "textIndent", "100px"],
  ["second", "#same", "textIndent", "200px"],
  [INNER, "#same", "textIndent", "0px"],
  ["first", ".moves", "marginLeft", "100px"],
  ["second", ".moves", "marginLeft", "200px"],
  ["first", ":host", "paddingLeft", "3px"],
  ["second", ":host", "paddingLeft", "0px"],
  // What is fixed stays in the slot, whatever the page or the module says.
  ["first", ":host", "contain", "layout style"],
  ["second", ":host", "contain", "layout style"],
  ["plain", ":host", "contain", "layout style"],
  ["plain", ":host", "display", "block"],
  ["second", "p", "wordSpacing", "0px"],
  ["second", "p", "letterSpacing", "normal"],
  // Of the outer module, the nested slot inherits what a page's slot inherits of the page, and no rule.
  [INNER, ":host", "backgroundColor", "rgba(0, 0, 0, 0)"],
  [INNER, "p", "wordSpacing", "0px"],
  [INNER, "p", "paddingTop", "0px"],
  ["first", "button", "color", "rgb(0, 0, 0)"],
  ["first", "h2", "fontStyle", "normal"],
  [INNER, "h2", "fontStyle", "italic"],
];

test("a module's stylesheet reaches only its slot", async (t) => {
  const edge = await startEdge(t, { app: await makeApp(t) });
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, edge.url, { colorScheme: "light" });
  await live(page);
  await page.waitForLoadState("networkidle");

  await t.test("classes, ids, keyframes, :root, body, * and :host", async () => holds(page, what_reaches_what));

  await t.test("styles of the frameworks: scoped ones and CSS modules", async () =>
    holds(page, [
      ["first", "#part", "color", "rgb(0, 100, 0)"],
      ["second", "#part", "color", "rgb(0, 200, 0)"],
      ["second", ".scoped:not(.child)", "color", "rgb(0, 0, 100)"],
      ["second", ".scoped.child", "color", "rgb(0, 0, 0)"],
      [INNER, ".scoped:not(.child)", "color", "rgb(0, 0, 50)"],
      // Inherited, from the element by which the outer module offers the place.
      [INNER, ".scoped.child", "color", "rgb(1, 1, 1)"],
    ]));

  await t.test("the page's theme comes in, light and dark", async () => {
    for (const [scheme, color] of [["dark", "rgb(200, 210, 220)"], ["light", "rgb(10, 20, 30)"]]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const where of ["first", "second", INNER]) {
        await holds(page, [[where, ".themed", "color", color], [where, ".themed", "paddingTop", "7px"]]);
      }
    }
  });

  await t.test("fonts: each module's own, also of the same name, and of the page's", async () => {
    await page.evaluate(() => document.fonts.ready);
    await holds(page, [
      ["first", ".text", "width", WIDE + 4],
      ["first", ".short", "width", WIDE + 4],
      ["first", ".by-variable", "width", WIDE + 4],
      ["second", ".text", "width", NARROW],
      ["plain", ".text", "width", HALF],
    ]);
    // A browser's own fixed-width font is 12 pixels wide here.
    const own = await style(page, "page", ".text", "width");
    const inner = await style(page, INNER, ".text", "width");
    assert.ok(own > 30 && own < 40, `${own}: the page's three letters`);
    assert.ok(inner > 45 && inner < 55, `${inner}: the nested module has no such font`);
  });

  assert.deepEqual(problems, []);
  await screenshot(page, "css");
});

test("images and fonts are loaded by the hash of what they hold, also without JavaScript", async (t) => {
  const edge = await startEdge(t, { app: await makeApp(t) });
  const browser = await startBrowser(t);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const loaded = new Map();
  page.on("response", (response) => loaded.set(new URL(response.url()).pathname, response));
  await page.goto(edge.url, { waitUntil: "networkidle" });

  const wanted = { "first/logo.svg": "image/svg+xml", "second/mark.svg": "image/svg+xml", "plain/dot.svg": "image/svg+xml", "first/wide.ttf": "font/ttf", "second/narrow.ttf": "font/ttf", "plain/half.ttf": "font/ttf" };
  for (const [path, kind] of Object.entries(wanted)) {
    const response = loaded.get(asset(path));
    assert.ok(response, `${asset(path)} was asked for: ${[...loaded.keys()].join(" ")}`);
    assert.equal(response.status(), 200);
    const headers = response.headers();
    assert.equal(headers["content-type"], kind);
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["content-security-policy"], "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    assert.deepEqual(await response.body(), Buffer.from(files[path]));
  }
  assert.equal([...loaded.keys()].filter((path) => path.startsWith("/_pc/assets/")).length, Object.keys(wanted).length, "no other");

  const sizes = await page.evaluate(() => {
    const all = (root) => [...root.querySelectorAll("img"), ...[...root.querySelectorAll("*")].flatMap((element) => (element.shadowRoot ? all(element.shadowRoot) : []))];
    return all(document).map((image) => [image.naturalWidth, new URL(image.src).pathname]);
  });
  assert.deepEqual(sizes.sort(), [[8, asset("first/logo.svg")], [8, asset("second/mark.svg")], [8, asset("second/mark.svg")]].sort());

  // The name is all there is: no paths, no other files.
  for (const path of ["/_pc/assets/logo.svg", "/_pc/assets/..%2Ffirst.js", "/_pc/assets/", asset("first/logo.svg").replace("logo", "logos")]) {
    assert.equal((await fetch(new URL(path, edge.url))).status, 404, path);
  }
});

test("an SVG that is opened by itself runs nothing", async (t) => {
  const script = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute("ran", "")</script></svg>`;
  files["first/logo.svg"] = script;
  t.after(() => (files["first/logo.svg"] = square("red")));
  const edge = await startEdge(t, { app: await makeApp(t) });
  const page = await (await startBrowser(t)).newPage();
  await page.goto(new URL(asset("first/logo.svg"), edge.url).href);
  assert.equal(await page.evaluate(() => document.documentElement.tagName), "svg");
  assert.equal(await page.evaluate(() => document.documentElement.hasAttribute("ran")), false);
});

test("an image or a font that is too large, or not there, is told before anything is served", async (t) => {
  const fails = async (changed, ...messages) => {
    const folder = await makeApp(t, { changed, build: false });
    const { stderr } = await promisify(execFile)(binary, ["build", folder]).then(
      () => promisify(execFile)(binary, ["serve", folder, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]),
    ).catch((error) => error);
    for (const message of messages) assert.match(stderr, message);
  };
  await fails({ "first/logo.svg": Buffer.alloc((4 << 20) + 1) }, /first\/main\.jsx:5:17: ERROR: .*logo\.svg has 4194305 bytes, and images and fonts of a module have 4194304 at most/);
  await fails(
    { "plain/plain.css": "p { background: url(dot.svg) }\n.x { background: url(gone.png) }\n.y { background: url(../../out.png) }", "plain/dot.svg": Buffer.alloc((4 << 20) + 1) },
    /plain\/plain\.css:1:17: module\.plain\.style: plain\/dot\.svg has 4194305 bytes, 4194304 are allowed; make it smaller, or put it beside the page's shell/,
    /plain\/plain\.css:2:18: module\.plain\.style: there is no file plain\/gone\.png; correct the path, or put it there/,
    /plain\/plain\.css:3:18: module\.plain\.style: \.\.\/\.\.\/out\.png is not inside the app's folder; name a file inside of it, relatively to the stylesheet/,
  );
});

test("a file that is not named by what it holds is not served", async (t) => {
  const folder = await makeApp(t);
  const name = asset("first/logo.svg").slice("/_pc/assets/".length);
  await writeFile(join(folder, "dist/first.assets", name), square("black"));
  const { stderr, code } = await promisify(execFile)(binary, ["serve", folder, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]).catch((error) => error);
  assert.equal(code, 2);
  assert.ok(stderr.includes(`module.first: dist/first.assets/${name} is not named by what it holds; this folder is the bundler's: run \`playconnect build\``), stderr);
});

test("playconnect dev follows an image that changes", async (t) => {
  const folder = await makeApp(t, { build: false });
  const edge = await startEdge(t, { verb: "dev", app: folder });
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  await page.evaluate(() => (window.kept = true));
  const logo = page.locator("pc-slot[name=first] img").first();
  const before = await logo.getAttribute("src");
  assert.equal(before, asset("first/logo.svg"));
  const background = (where) => style(page, where, ".picture", "backgroundImage");
  const becomes = async (where, path) => {
    for (let waited = 0; waited < 200 && !(await background(where)).includes(asset(path)); waited++) await page.waitForTimeout(50);
    assert.ok((await background(where)).includes(asset(path)), `${await background(where)} is ${asset(path)}`);
  };
  t.after(() => Object.assign(files, { "first/logo.svg": square("red"), "plain/dot.svg": square("blue") }));

  files["first/logo.svg"] = square("orange");
  await writeFile(join(folder, "first/logo.svg"), files["first/logo.svg"]);
  await page.waitForFunction((url) => document.querySelector("pc-slot[name=first]").shadowRoot.querySelector("img").getAttribute("src") === url, asset("first/logo.svg"));
  await becomes("first", "first/logo.svg");
  assert.equal((await fetch(new URL(before, edge.url))).status, 200, "what pages may still name is there");

  // One beside a stylesheet that is not built.
  files["plain/dot.svg"] = square("purple");
  await writeFile(join(folder, "plain/dot.svg"), files["plain/dot.svg"]);
  await becomes("plain", "plain/dot.svg");
  assert.ok(await page.evaluate(() => window.kept), "the page was not loaded again");
  assert.deepEqual(problems, []);
});
