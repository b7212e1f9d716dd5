// The client in a real Chromium, under the strictest policy: adopting HTML, applying frames, snapshots, events, forms.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Edge, type Connection } from "./browser.ts";
import { Ops } from "./edge.ts";
import type { Page } from "playwright-core";

let edge: Edge;
before(async () => {
  edge = await Edge.start();
});
after(() => edge.stop());
beforeEach(() => {
  edge.violations.length = 0;
});

declare global {
  interface Window {
    /** Set by tests in the page. */
    before: Node[];
    batches: number;
  }
}

/** Nodes of a slot behind the host's own, in document order, as seen in the page. */
const REMEMBER = () => {
  const remember = () => {
    const root = document.querySelector("pc-slot")?.shadowRoot;
    if (!root) return;
    const walker = document.createTreeWalker(root);
    window.before = [];
    while (walker.nextNode()) window.before.push(walker.currentNode);
  };
  document.addEventListener("readystatechange", remember);
};

/** The slot's markup behind the host's own nodes. */
const html = (page: Page, slot = "one") =>
  page.evaluate((slot) => document.querySelector(`pc-slot[name=${slot}]`)!.shadowRoot!.innerHTML.replace(/^<link[^>]*>(<pc-status[^>]*>[^<]*<\/pc-status>)?/, ""), slot);

const active = (page: Page) =>
  page.evaluate(() => document.querySelector("pc-slot")!.shadowRoot!.activeElement?.id ?? "");

/** Opens a page whose slot holds what `write` describes, by a snapshot. */
async function pageOf(write: (ops: Ops) => Ops): Promise<{ page: Page; connection: Connection; names: Map<string, number> }> {
  const { page, connection } = await edge.open({ one: "" });
  const names = new Map<string, number>();
  await connection.frame(1, write(new Ops(names).slot(1, "one").replace(1)).close());
  return { page, connection, names };
}

test("adopted HTML keeps every node, also texts that a parser would join or drop, tables, pre, SVG", async () => {
  const { page, connection } = await edge.open(
    {
      one:
        `<p id="p" style="color: rgb(1, 2, 3)">a<!---->b<!----></p><!--note--><table><tbody><tr><td>1</td></tr></tbody></table>` +
        `<pre>\n\nx</pre><svg viewBox="0 0 1 1"><a xlink:href="#x"><path d="M0 0"></path></a></svg><!---->`,
    },
    REMEMBER,
  );
  const ops = new Ops().slot(1, "one").adopt(1);
  ops.open("p", 2).openText(3, "", 0).openText(4, "", 2).openText(5, "", 1).close();
  ops.openComment(6);
  ops.open("table", 7).open("tbody", 8).open("tr", 9).open("td", 10).openText(11).close().close().close().close();
  ops.open("pre", 12).openText(13).close();
  ops.open("svg:svg", 14).open("svg:a", 15).open("svg:path", 16).close().close().close();
  ops.openText(17, "", 1);
  ops.close();
  await connection.frame(1, ops);
  assert.ok(!connection.received.some(({ type }) => type === "resync"));
  const result = await page.evaluate(() => {
    const root = document.querySelector("pc-slot")!.shadowRoot!;
    const walker = document.createTreeWalker(root);
    const now: Node[] = [];
    while (walker.nextNode()) now.push(walker.currentNode);
    // Markers went, empty texts came; all others are what the parser made.
    const isMarker = (node: Node) => node instanceof Comment && node.data === "";
    const isEmpty = (node: Node) => node instanceof Text && node.data === "";
    const old = window.before.filter((node) => !isMarker(node));
    const kept = now.filter((node) => !isEmpty(node));
    return {
      same: old.length === kept.length && old.every((node, at) => node === kept[at]),
      texts: [...root.querySelector("p")!.childNodes].map((node) => node.textContent),
      pre: root.querySelector("pre")!.textContent,
      last: isEmpty(root.lastChild!),
      // `style-src 'self'` kept the parser from it.
      colour: getComputedStyle(root.querySelector("p")!).color,
    };
  });
  assert.deepEqual(result, { same: true, texts: ["a", "b", ""], pre: "\nx", last: true, colour: "rgb(1, 2, 3)" });
  // The nodes that were adopted have their page ids.
  await connection.frame(2, new Ops().setText(11, "2").setText(17, "end").setText(6, "noted"));
  assert.match(await html(page), /<!--noted--><table>.*<td>2<\/td>.*end$/s);
});

for (const [what, markup] of [
  ["one node too many", "<p>a</p><b>x</b>"],
  ["one too few", ""],
  ["another element", "<div>a</div>"],
  ["an element of another namespace", "<svg><p></p></svg>"],
  ["a text that an extension put in", "<p>a<i>b</i></p>"],
  ["a missing marker", "<p></p>"],
]) {
  test(`HTML that is another tree (${what}) is resynced and replaced`, async () => {
    const { page, connection } = await edge.open({ one: markup });
    const names = new Map<string, number>();
    const tree = (ops: Ops, aux: number) =>
      (aux ? ops.adopt(1) : ops.replace(1)).open("p", 2).openText(3, aux ? "" : "a").close().listen(2, "click").close();
    await connection.frame(1, tree(new Ops(names).slot(1, "one"), 1).setText(3, "a"));
    assert.equal((await connection.next("resync")).node, 1);
    await connection.frame(2, tree(new Ops(names), 0));
    assert.equal(await html(page), "<p>a</p>");
    assert.equal(connection.received.filter(({ type }) => type === "resync").length, 1);
    await page.locator("p").click();
    assert.equal((await connection.next("event")).node, 2);
  });
}

test("live form state of the first HTML stays when its attributes go", async () => {
  const { page, connection } = await edge.open({
    one:
      `<input id="a" value="live" data-pc-live="value"><input id="b" type="checkbox" checked data-pc-live="checked">` +
      `<textarea id="c" data-pc-live="text">text</textarea>` +
      `<select id="d"><option>x</option><option selected data-pc-live="selected">y</option></select>`,
  });
  const ops = new Ops().slot(1, "one").adopt(1);
  ops.open("input", 2).value(2, "live", 0).close();
  ops.open("input", 3).property(3, 2, 0, 1).close();
  ops.open("textarea", 4).value(4, "text", 0).openText(5, "default").close();
  ops.open("select", 6).open("option", 7).openText(8).close().open("option", 9).property(9, 4, 0, 1).openText(10).close().close();
  await connection.frame(1, ops.close());
  assert.ok(!connection.received.some(({ type }) => type === "resync"));
  assert.equal(
    await html(page),
    `<input id="a"><input id="b" type="checkbox"><textarea id="c">default</textarea><select id="d"><option>x</option><option>y</option></select>`,
  );
  const state = await page.evaluate(() => {
    const find = (id: string) => document.querySelector("pc-slot")!.shadowRoot!.getElementById(id) as HTMLInputElement;
    return [find("a").value, find("b").checked, find("c").value, find("d").value];
  });
  assert.deepEqual(state, ["live", true, "text", "y"]);
});

test("what was typed before the page was live stays, and the module is told", async () => {
  const { page, connection } = await edge.open({ one: `<input id="a" value="was" data-pc-live="value">` });
  await page.locator("#a").fill("typed");
  const names = new Map<string, number>();
  const ops = new Ops(names).slot(1, "one").adopt(1).open("input", 2).value(2, "was", 0).listen(2, "input").close().close();
  await connection.frame(1, ops);
  const event = await connection.next("event");
  assert.equal(event.form?.value, "typed");
  assert.equal(await page.locator("#a").inputValue(), "typed");
  await connection.frame(2, new Ops(names).value(2, "TYPED", event.sequence), { acknowledged: 1 });
  assert.equal(await page.locator("#a").inputValue(), "TYPED");
});

test("the parts of a frame, and all of its operations, are seen at once", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("ul", 2).close());
  await page.evaluate(() => {
    window.batches = 0;
    const root = document.querySelector("pc-slot")!.shadowRoot!;
    new MutationObserver((records) => (window.batches += records.length > 0 ? 1 : 0)).observe(root, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
  const part = (first: number) => {
    const ops = new Ops(names);
    for (let at = first; at < first + 50; at++) {
      ops.create(at, "li").createText(1000 + at, `${at} äöü`).attribute(at, "class", "row").insert(at, 1000 + at).insert(2, at);
    }
    return ops;
  };
  await connection.frame(2, [part(100), part(150), part(200)]);
  assert.equal(await page.evaluate(() => window.batches), 1);
  assert.equal(await page.locator("li.row").count(), 150);
  assert.equal(await page.locator("li").last().textContent(), "249 äöü");
});

test("a hidden page applies frames at once, though no animation frame comes", async () => {
  const { page, connection } = await edge.open({ one: "" }, () => {
    Object.defineProperty(document, "hidden", { get: () => true });
    window.requestAnimationFrame = () => 0;
  });
  assert.equal(connection.hello.environment.visible, false);
  await connection.frame(1, new Ops().slot(1, "one").replace(1).open("p", 2).close().close());
  assert.equal(await html(page), "<p></p>");
});

test("templates are cloned, and the marked nodes found", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("table", 2).open("tbody", 3).close().close());
  const ops = new Ops(names).template(1);
  ops.open("tr", 1, { class: "row", style: "color: rgb(9, 8, 7)" });
  ops.open("td", 0).open("b", 0).openText(0, "no").close().close();
  ops.open("td", 0).openText(1, "?").openComment(0, "c").close();
  ops.open("td", 1).open("a", 1).openText(1, "?").close().openText(0, "tail").close();
  ops.close();
  ops.clone(1, 10, 11, 12, 13, 14).setText(11, "first").setText(14, "link").attribute(13, "href", "/a").attribute(12, "title", "t").insert(3, 10);
  await connection.frame(2, ops);
  await connection.frame(3, new Ops(names).clone(1, 20, 21, 22, 23, 24).setText(24, "other").insert(3, 20, 10));
  const row = (text: string, link: string, extra: [string, string]) =>
    `<tr class="row" style="color: rgb(9, 8, 7);"><td><b>no</b></td><td>${text}<!--c--></td><td${extra[0]}><a${extra[1]}>${link}</a>tail</td></tr>`;
  assert.equal(
    await html(page),
    `<table><tbody>${row("?", "other", ["", ""])}${row("first", "link", [' title="t"', ' href="/a"'])}</tbody></table>`,
  );
  const colour = await page.evaluate(() => getComputedStyle(document.querySelector("pc-slot")!.shadowRoot!.querySelector("tr")!).color);
  assert.equal(colour, "rgb(9, 8, 7)");
});

test("nodes are moved, detached, kept, removed", async () => {
  const { page, connection, names } = await pageOf((ops) => {
    for (const id of [2, 3, 4]) ops.open("i", id, { id: `n${id}` }).close();
    return ops;
  });
  await connection.frame(2, new Ops(names).insert(1, 4, 2).detach(3));
  assert.equal(await html(page), `<i id="n4"></i><i id="n2"></i>`);
  await connection.frame(3, new Ops(names).remove(2).insert(1, 3).removeAttribute(4, "id"));
  assert.equal(await html(page), `<i></i><i id="n3"></i>`);
  // Operations on a node that is gone do nothing.
  await connection.frame(4, new Ops(names).attribute(2, "title", "x").insert(1, 2).setText(3, "x"));
  assert.equal(await html(page), `<i></i><i id="n3"></i>`);
});

test("an operation from a later version is skipped", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("p", 2).close());
  await connection.frame(2, new Ops(names).op(200, 7, 1, 2, 3).attribute(2, "title", "x"));
  assert.equal(await html(page), `<p title="x"></p>`);
});

test("a form whose fields are named like the DOM's properties is a form like others", async () => {
  const { page, connection, names } = await pageOf((ops) => {
    ops.open("form", 2);
    ["parentNode", "firstChild", "nextSibling", "setAttribute", "insertBefore", "localName", "style", "isConnected", "nodeType", "remove"].forEach(
      (name, at) => ops.open("input", 10 + at, { name }).close(),
    );
    return ops.close();
  });
  const ops = new Ops(names).template(1).open("form", 1).open("input", 1, { name: "firstChild" }).close().open("p", 1).close().close();
  ops.clone(1, 30, 31, 32).attribute(32, "class", "deep").insert(1, 30, 2);
  ops.attribute(2, "class", "x").attribute(2, "style", "color: red").create(3, "p").insert(2, 3, 10).insert(1, 2);
  await connection.frame(2, ops);
  assert.match(await html(page), /^<form><input name="firstChild"><p class="deep"><\/p><\/form><form class="x" style="color: red;"><p><\/p>(<input name="\w+">){10}<\/form>$/);
  const snapshot = new Ops(names).replace(1).open("form", 2, { class: "y" }).open("p", 3).close().close().close();
  await connection.frame(3, snapshot);
  assert.equal(await html(page), `<form class="y"><p></p></form>`);
  await connection.frame(4, new Ops(names).remove(2));
  assert.equal(await html(page), "");
});

test("a snapshot keeps what is unchanged: identity, focus, scroll; and drops what is not listed", async () => {
  const { page, connection, names } = await pageOf((ops) => {
    ops.open("ul", 2, { style: "height: 50px; overflow: auto; overflow-anchor: none", class: "old", title: "t" });
    for (let at = 0; at < 20; at++) ops.open("li", 10 + at).open("input", 40 + at, { id: `i${at}` }).close().close();
    return ops.listen(2, "click").close().open("p", 3).openText(4, "gone").close();
  });
  await page.locator("#i5").fill("typed");
  await page.evaluate(() => {
    const root = document.querySelector("pc-slot")!.shadowRoot!;
    root.querySelector("ul")!.scrollTop = 70;
    window.before = [...root.querySelectorAll("li")];
  });
  // The first four go, one comes, the rest stand in reverse behind the focused one.
  const order = [...Array(15).keys()].map((at) => at + 5);
  const ops = new Ops().slot(1, "one").replace(1).open("ul", 2, { style: "height: 50px; overflow: auto; overflow-anchor: none", class: "new" });
  for (const at of [5, ...order.slice(1).reverse()]) ops.open("li", 10 + at).open("input", 40 + at, { id: `i${at}` }).close().close();
  ops.open("li", 90).openText(91, "new").close().close().close();
  const { hello } = connection;
  assert.ok(!hello.resume);
  await connection.frame(2, ops, { fresh: true });
  const result = await page.evaluate(() => {
    const root = document.querySelector("pc-slot")!.shadowRoot!;
    const now = [...root.querySelectorAll("li")];
    return {
      kept: now.slice(0, 15).every((node) => window.before.includes(node)),
      ids: now.map((node) => node.querySelector("input")?.id ?? ""),
      active: root.activeElement?.id,
      value: (root.activeElement as HTMLInputElement | null)?.value,
      scroll: root.querySelector("ul")!.scrollTop,
      attributes: root.querySelector("ul")!.getAttributeNames().sort(),
      paragraph: root.querySelector("p"),
    };
  });
  assert.deepEqual(result, {
    kept: true,
    ids: ["i5", ...order.slice(1).reverse().map((at) => `i${at}`), ""],
    active: "i5",
    value: "typed",
    scroll: 70,
    attributes: ["class", "style"],
    paragraph: null,
  });
  assert.ok(names.size > 0);
});

test("a move keeps the focus", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("input", 2, { id: "a" }).close().open("p", 3).close());
  await page.locator("#a").focus();
  await connection.frame(2, new Ops(names).insert(3, 2));
  assert.equal(await html(page), `<p><input id="a"></p>`);
  assert.equal(await active(page), "a");
  await connection.frame(3, new Ops(names).insert(1, 2, 3));
  assert.equal(await html(page), `<input id="a"><p></p>`);
  assert.equal(await active(page), "a");
});

test("a snapshot turns a tree inside out and keeps nodes that stood in removed ones", async () => {
  const { page, connection, names } = await pageOf((ops) =>
    ops.open("div", 2, { id: "a" }).open("div", 3, { id: "b" }).open("input", 4, { id: "c" }).close().close().close(),
  );
  await page.locator("#c").fill("kept");
  await connection.frame(2, new Ops(names).replace(1).open("div", 3, { id: "b" }).open("div", 2, { id: "a" }).close().close().open("input", 4, { id: "c" }).close().close());
  assert.equal(await html(page), `<div id="b"><div id="a"></div></div><input id="c">`);
  assert.equal(await page.locator("#c").inputValue(), "kept");
  await connection.frame(3, new Ops(names).replace(1).open("input", 4, { id: "c" }).close().close());
  assert.equal(await html(page), `<input id="c">`);
  assert.equal(await page.locator("#c").inputValue(), "kept");
});

test("detached nodes are kept by a snapshot for a later insert", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("input", 2, { id: "a" }).close());
  await page.locator("#a").fill("kept");
  const ops = new Ops(names).replace(1).close().op(33, 2, 0).open("input", 2, { id: "a" }).close().close();
  await connection.frame(2, ops.op(33, 2, 0).open("b", 5).close().close());
  assert.equal(await html(page), "");
  await connection.frame(3, new Ops(names).insert(1, 2).insert(1, 5));
  assert.equal(await html(page), `<input id="a"><b></b>`);
  assert.equal(await page.locator("#a").inputValue(), "kept");
});

test("what the allow-list does not have is left out", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("p", 2, { onclick: "alert(1)", title: "fine" }).close());
  const ops = new Ops(names);
  ops.create(3, "script").createText(4, "window.hacked = 1").insert(3, 4).insert(1, 3);
  ops.create(5, "a").attribute(5, "href", "java\tscript:alert(1)").insert(1, 5);
  ops.create(6, "svg:animate").insert(1, 6).listen(2, "DOMNodeInserted");
  ops.attribute(2, "style", "position: fixed");
  await connection.frame(2, ops);
  assert.equal(await html(page), `<p title="fine"></p><pc-stripped>window.hacked = 1</pc-stripped><a></a><pc-stripped></pc-stripped>`);
  await connection.frame(3, new Ops(names).replace(1).open("p", 2).close().open("script", 3).close().close());
  assert.equal(await html(page), `<p></p><pc-stripped></pc-stripped>`);
});

test("a click carries its detail, and goes to the innermost node with a page id", async () => {
  const { page, connection, names } = await pageOf((ops) =>
    ops.open("div", 2, { style: "padding: 10px; width: 100px" }).listen(2, "click").open("b", 3).openText(4, "bold").close().close().open("p", 5).openText(6, "deaf").close(),
  );
  await page.locator("p").click();
  await page.locator("b").click({ modifiers: ["Shift"], position: { x: 3, y: 4 } });
  const event = await connection.next("event");
  assert.deepEqual({ ...event, detail: event.detail.kind }, { type: "event", sequence: 1, node: 3, frame: 1, name: names.get("click"), modifiers: 8, detail: "pointer" });
  assert.ok(event.detail.kind === "pointer" && event.detail.count === 1 && event.detail.pointerType === "mouse");
  await connection.frame(2, new Ops(names).unlisten(2, "click").listen(5, "click"));
  for (const selector of ["b", "p"]) await page.locator(selector).click();
  await page.waitForTimeout(50);
  assert.deepEqual(connection.received.filter(({ type }) => type === "event").length, 2);
});

test("types that do not bubble go to their target only", async () => {
  const { page, connection } = await pageOf((ops) =>
    ops.open("div", 2).listen(2, "focus").open("input", 3, { id: "a" }).close().open("input", 4, { id: "b" }).listen(4, "focus").close().close(),
  );
  await page.locator("#a").focus();
  await page.locator("#b").focus();
  assert.equal((await connection.next("event")).node, 4);
});

test("prevent default goes by flag and filter", async () => {
  const { page, connection } = await pageOf((ops) =>
    ops
      .open("form", 2, { action: "/elsewhere" })
      .listen(2, "submit", 2)
      .open("textarea", 3, { id: "a", name: "text" })
      .listen(3, "keydown", 2, "Enter-Shift Space+Control")
      .close()
      .open("button", 4)
      .close()
      .close(),
  );
  await page.locator("#a").focus();
  for (const key of ["x", "Enter", "Shift+Enter", " ", "y"]) await page.keyboard.press(key);
  assert.equal(await page.locator("#a").inputValue(), "x\n y");
  const first = await connection.next("event");
  assert.deepEqual(first.detail, { kind: "key", key: "x", code: "KeyX" });
  assert.equal(first.form?.value, "");
  await page.locator("button").click();
  let event = await connection.next("event");
  while (event.detail.kind !== "submit") event = await connection.next("event");
  assert.deepEqual(event.detail.entries, [["text", "x\n y"]]);
  assert.match(page.url(), /\/page$/);
});

test("pointer moves become one event for a frame", async () => {
  const { page, connection } = await pageOf((ops) => ops.open("div", 2, { style: "height: 300px" }).listen(2, "pointermove").listen(2, "click").close());
  await page.evaluate(() => {
    const target = document.querySelector("pc-slot")!.shadowRoot!.querySelector("div")!;
    for (let x = 1; x <= 200; x++) target.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: x }));
  });
  const event = await connection.next("event");
  assert.ok(event.detail.kind === "pointer" && event.detail.x === 200 && event.sequence === 1);
});

test("a controlled field loses no character to answers that come late", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("input", 2, { id: "a" }).listen(2, "input").listen(2, "keyup").close());
  await page.locator("#a").focus();
  let frame = 1;
  const answers: Promise<void>[] = [];
  let last = "";
  const answer = (async () => {
    const text = "the quick brown fox";
    while (last.length < text.length) {
      const event = await connection.next("event");
      if (event.detail.kind !== "edit") continue;
      last = event.form!.value;
      const [value, sequence] = [last, event.sequence];
      answers.push(
        new Promise<void>((done) =>
          setTimeout(() => {
            connection.post(++frame, new Ops(names).value(2, value.toUpperCase(), sequence), { acknowledged: sequence });
            done();
          }, 80),
        ),
      );
    }
  })();
  await page.keyboard.type("the quick brown fox", { delay: 15 });
  await answer;
  await Promise.all(answers);
  await page.waitForFunction((frame) => window.playconnect!.frame() === frame, frame);
  assert.equal(await page.locator("#a").inputValue(), "THE QUICK BROWN FOX");
});

test("the caret stays where it was when a value is set", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("input", 2, { id: "a" }).listen(2, "input").close());
  await page.locator("#a").fill("abcd");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("x");
  let event = await connection.next("event");
  while (event.sequence < 2) event = await connection.next("event");
  assert.deepEqual(event.form, { value: "axbcd", checked: false, selection: [2, 2], selected: [] });
  const caret = () => page.locator("#a").evaluate((field: HTMLInputElement) => [field.value, field.selectionStart]);
  await connection.frame(2, new Ops(names).value(2, "AXBCD", 2));
  assert.deepEqual(await caret(), ["AXBCD", 2]);
  await connection.frame(3, new Ops(names).value(2, "1,AXBCD", 2));
  assert.deepEqual(await caret(), ["1,AXBCD", 4]);
  await connection.frame(4, new Ops(names).property(2, 5, 2, 1, 3));
  assert.deepEqual(await page.locator("#a").evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd]), [1, 3]);
});

test("an answer to an Enter clears the field though its keyup came since; an older answer does not", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("input", 2, { id: "a" }).listen(2, "input").listen(2, "keydown").listen(2, "keyup").close());
  await page.locator("#a").focus();
  await page.keyboard.type("a");
  await page.keyboard.press("Enter");
  let enter = await connection.next("event");
  while (!(enter.detail.kind === "key" && enter.detail.key === "Enter")) enter = await connection.next("event");
  await connection.next("event");
  await connection.frame(2, new Ops(names).value(2, "", enter.sequence));
  assert.equal(await page.locator("#a").inputValue(), "");
  await page.keyboard.type("b");
  await connection.frame(3, new Ops(names).value(2, "stale", enter.sequence));
  assert.equal(await page.locator("#a").inputValue(), "b");
});

test("a value is held while its field is being composed", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("input", 2, { id: "a" }).close());
  await page.locator("#a").focus();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
  await connection.frame(2, new Ops(names).value(2, "set", 0));
  assert.equal(await page.locator("#a").inputValue(), "に");
  await session.send("Input.insertText", { text: "日" });
  assert.equal(await page.locator("#a").inputValue(), "set");
});

test("a lost socket: the page says so, goes on where it was, and sends again what was not accepted", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("button", 2).listen(2, "click").openText(3, "0").close());
  await page.locator("button").click();
  await connection.next("event");
  connection.terminate();
  await page.waitForFunction(() => window.playconnect!.state() === "reconnecting");
  await page.locator("button").click();
  await page.locator("button").click();
  const next = await edge.connection(1);
  assert.ok(next.hello.resume && next.hello.frame === 1 && next.hello.sequence >= 1);
  assert.deepEqual([(await next.next("event")).sequence, (await next.next("event")).sequence], [2, 3]);
  const button = await page.locator("button").elementHandle();
  const ops = new Ops().slot(1, "one").replace(1).open("button", 2).openText(3, "3").listen(2, "click").close().close();
  await next.frame(2, ops, { fresh: true, acknowledged: 3 });
  assert.equal(await button!.textContent(), "3");
  await page.locator("button").click();
  assert.deepEqual((({ sequence, frame }) => [sequence, frame])(await next.next("event")), [4, 2]);
  assert.ok(names.size > 0);
});

test("the status line tells of a lost connection and of its return", async () => {
  const { page, connection } = await pageOf((ops) => ops);
  const status = page.getByRole("status");
  connection.terminate();
  connection.terminate();
  for (let at = 0; at < 3; at++) {
    const again = edge.connection().then((refused) => refused.close(1013));
    await again;
  }
  await status.getByText("Reconnecting…").waitFor();
  await edge.connection();
  await status.getByText("Back").waitFor();
  await page.waitForFunction(() => document.querySelector("pc-status")!.textContent === "");
});

test("4409: the page stops and says why", async () => {
  const { page, connection } = await pageOf((ops) => ops.open("button", 2).listen(2, "click").close());
  connection.send({ type: "refused", version: 1, code: 4409, reason: "This page is open in another tab." });
  connection.close(4409);
  await page.getByRole("status").getByText("another tab").waitFor();
  await page.waitForTimeout(600);
  assert.equal(await page.evaluate(() => window.playconnect!.state()), "stopped");
});

test("4404: the page reloads once by itself", async () => {
  const { page, connection } = await pageOf((ops) => ops);
  connection.send({ type: "refused", version: 1, code: 4404, reason: "no such session" });
  const second = await edge.connection();
  assert.ok(!second.hello.resume);
  await second.frame(1, new Ops());
  second.close(4404);
  const third = await edge.connection();
  third.send({ type: "refused", version: 1, code: 4404, reason: "no such session" });
  await page.waitForFunction(() => window.playconnect?.state() === "expired");
  await page.getByRole("status").getByText("Reload").waitFor();
});

test("a frame that cannot be applied makes the connection anew", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("p", 2).close());
  connection.post(2, new Ops(names).attribute(2, "title", "half").op(6, 999, 2, 0, 0));
  // The one behind it, due in the same animation frame, is not applied on half of the first.
  connection.post(3, new Ops(names).attribute(2, "title", "behind"));
  const next = await edge.connection();
  assert.equal(next.hello.frame, 0, "half of a frame is there: only the whole page helps");
  await next.frame(4, new Ops().slot(1, "one").replace(1).open("p", 2).close().close(), { fresh: true });
  assert.equal(await html(page), "<p></p>");
});

test("a module that is not live is said so where it stands, and what it showed last stays, faded", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("p", 2).openText(3, "last").close());
  const slot = page.locator("pc-slot");
  const opacity = () => slot.locator("p").evaluate((node) => getComputedStyle(node).opacity);
  await connection.frame(2, new Ops(names).status(1, 1, "one is being restarted"));
  assert.equal(await slot.getAttribute("data-pc-status"), "restarting");
  assert.equal(await opacity(), "1", "one that is soon back was never away");
  const before = await slot.locator("p").boundingBox();
  await slot.getByRole("status").getByText("one is being restarted").waitFor();
  assert.equal(await opacity(), "0.35");
  assert.deepEqual(await slot.locator("p").boundingBox(), before, "the note takes no room");
  await connection.frame(3, new Ops(names).status(1, 3, "one is loading"));
  assert.equal(await slot.getAttribute("data-pc-status"), "loading");
  await slot.getByRole("status").getByText("one is being restarted").waitFor();
  // The snapshot of a module's new life finds its place behind the note.
  await connection.frame(4, new Ops(names).status(1, 0, "").replace(1).open("b", 4).openText(5, "new").close().close());
  assert.equal(await slot.getAttribute("data-pc-status"), "live");
  await page.waitForFunction(() => document.querySelector("pc-slot")!.shadowRoot!.querySelector("pc-status")!.textContent === "");
  assert.equal(await html(page), "<b>new</b>");
  await connection.frame(5, new Ops(names).status(1, 2, "one has stopped"));
  await slot.getByRole("status").getByText("one has stopped").waitFor();
  assert.deepEqual(edge.violations, []);
});

test("slots are apart: an event goes to its own, and ids of one slot are not seen in the other", async () => {
  const { page, connection } = await edge.open({ one: "", two: "" });
  const ops = new Ops();
  for (const [at, name] of ["one", "two"].entries()) {
    const id = 1 + at * 10;
    ops.slot(id, name).replace(id).open("label", id + 1, { for: "field" }).openText(id + 2, name).close().open("input", id + 3, { id: "field" }).listen(id + 3, "focus").close().close();
  }
  await connection.frame(1, ops);
  await page.locator("label", { hasText: "two" }).click();
  assert.equal((await connection.next("event")).node, 14);
});

test("a slot that the parser gave no root gets one", async () => {
  const { page, connection } = await edge.open({ one: "" }, () => {
    // The slot as a browser without declarative shadow roots has it.
    document.addEventListener("readystatechange", () => {
      const slot = document.querySelector("pc-slot");
      if (slot?.shadowRoot?.firstElementChild) slot.replaceWith(Object.assign(document.createElement("pc-slot"), { id: "bare" }));
      document.querySelector("pc-slot")?.setAttribute("name", "one");
    });
  });
  await connection.frame(1, new Ops().slot(1, "one").replace(1).open("p", 2).close().close());
  assert.equal(await html(page), "<p></p>");
});

/** A slot in which `write` puts what it offers; the slot `one/aside` waits at the end of the page. */
async function nestedPage(write: (ops: Ops) => Ops) {
  const { page, connection } = await edge.open({ one: "", "one/aside": "" });
  const names = new Map<string, number>();
  const ops = write(new Ops(names).slot(1, "one").slot(2, "one/aside").replace(1)).close();
  ops.replace(2).open("button", 20, { id: "inner" }).listen(20, "click").openText(21, "inner").close().close();
  await connection.frame(1, ops.mount(2, 10));
  return { page, connection, names };
}
/** Ids of the elements around the inner slot, innermost first. */
const around = (page: Page) =>
  page.evaluate(() => {
    const ids: string[] = [];
    let at: Node | null = window.playconnect!.slots.get("one/aside")!;
    while (at !== null) {
      if (at instanceof Element && at.id) ids.push(at.id);
      at = at instanceof ShadowRoot ? at.host : at.parentNode;
    }
    return ids.join(" ");
  });

test("MOUNT puts a nested slot where a place is offered, and the offer's own nodes back when it goes", async () => {
  const { page, connection, names } = await nestedPage((ops) =>
    ops.open("div", 3, { id: "outer" }).open("pc-slot", 10, { id: "a", name: "aside" }).open("i", 11, { id: "waiting" }).openText(13, "waiting").close().close().close(),
  );
  const shown = async () => [await page.locator("#inner").isVisible(), await page.locator("#waiting").isVisible()];
  assert.equal(await around(page), "a outer");
  assert.equal(await html(page), '<div id="outer"><pc-slot id="a" name="aside"><i id="waiting">waiting</i></pc-slot></div>', "the outer module's nodes are as it made them");
  assert.deepEqual(await shown(), [true, false]);
  await connection.frame(2, new Ops(names).create(12, "pc-slot").attribute(12, "id", "b").insert(3, 12, 10).mount(2, 12));
  assert.equal(await around(page), "b outer");
  assert.deepEqual(await shown(), [true, true]);
  await connection.frame(3, new Ops(names).remove(12).mount(2, 0));
  assert.equal(await around(page), "");
  assert.deepEqual(await shown(), [false, true]);
  await connection.frame(4, new Ops(names).mount(2, 10));
  assert.deepEqual(await shown(), [true, false], "its nodes were kept");
});

test("a snapshot that mounts a slot where it is leaves it alone", async () => {
  const { page, connection, names } = await nestedPage((ops) => ops.open("pc-slot", 10, { name: "aside" }).close());
  await page.mouse.click(5, 5);
  await page.evaluate(() => window.playconnect!.slots.get("one/aside")!.querySelector("button")!.focus());
  const again = new Ops(names).slot(1, "one").replace(1).open("pc-slot", 10, { name: "aside" }).close().close();
  again.slot(2, "one/aside").replace(2).open("button", 20, { id: "inner" }).listen(20, "click").close().close().mount(2, 10);
  await connection.frame(2, again);
  assert.equal(await page.evaluate(() => window.playconnect!.slots.get("one/aside")!.activeElement?.id), "inner");
});

test("a nested slot in the page's HTML is found, also one inside of that", async () => {
  const host = (name: string, inside: string) =>
    `<template shadowrootmode="open"><pc-slot name="${name}"><template shadowrootmode="open">${inside}</template></pc-slot></template>`;
  const deep = `<p>in</p><pc-slot name="foot">${host("aside/foot", "<b>deep</b>")}</pc-slot>`;
  const { page, connection } = await edge.open({
    one: `<pc-slot name="aside">${host("one/aside", deep)}fallback</pc-slot><pc-slot name="forged"></pc-slot>`,
  });
  const ops = new Ops().slot(1, "one").adopt(1).open("pc-slot", 3).openText(4).close().open("pc-slot", 5).close().close();
  ops.slot(2, "one/aside").adopt(2).open("p", 6).openText(7).close().open("pc-slot", 8).close().close();
  ops.slot(9, "aside/foot").adopt(9).open("b", 10).openText(11).close().close();
  await connection.frame(1, ops.mount(2, 3).mount(9, 8));
  assert.ok(!connection.received.some(({ type }) => type === "resync"));
  assert.deepEqual(await page.evaluate(() => [...window.playconnect!.slots.keys()]), ["one", "one/aside", "aside/foot"]);
  await connection.frame(2, new Ops().setText(11, "deeper"));
  assert.equal(await page.locator("b").textContent(), "deeper");
});

test("an event in a nested slot: innermost first, outside only with `through`, and no further than it is stopped", async () => {
  const THROUGH = 16;
  const STOP = 4;
  const { page, connection, names } = await nestedPage((ops) =>
    ops.listen(1, "click", THROUGH).open("div", 3).listen(3, "click").open("pc-slot", 10, { name: "aside" }).close().close(),
  );
  const clicked = async () => {
    await page.locator("#inner").click();
    // A click of which nobody hears follows: all before it has come then.
    const nodes = [];
    for (;;) {
      const event = await connection.next("event");
      if (event.node === 3) return nodes;
      nodes.push(event.node);
      if (nodes.length === 1) await page.evaluate(() => document.querySelector("pc-slot")!.shadowRoot!.querySelector("div")!.click());
    }
  };
  assert.deepEqual(await clicked(), [20, 10], "the button, and then the place in which it stands");
  await connection.frame(2, new Ops(names).listen(20, "click", STOP));
  assert.deepEqual(await clicked(), [20]);
  await connection.frame(3, new Ops(names).listen(20, "click").unlisten(1, "click"));
  assert.deepEqual(await clicked(), [20], "`div` listens without `through`");
  await connection.frame(4, new Ops(names).unlisten(20, "click").listen(10, "click", THROUGH | STOP));
  assert.deepEqual(await clicked(), [10]);
});

test("commands are carried out when the page has been touched", async () => {
  const { page, connection, names } = await pageOf((ops) =>
    ops.open("input", 2, { id: "a" }).close().open("dialog", 3).openText(4, "hello").close(),
  );
  await connection.frame(2, new Ops(names).call(2, 1));
  assert.equal(await active(page), "");
  await page.mouse.click(300, 300);
  await connection.frame(3, new Ops(names).call(2, 1));
  assert.equal(await active(page), "a");
  await connection.frame(4, new Ops(names).call(3, 5).call(3, 5));
  assert.ok(await page.locator("dialog:modal").isVisible());
  await connection.frame(5, new Ops(names).call(3, 6));
  assert.ok(!(await page.locator("dialog").isVisible()));
});

test("the focus that a frame gives to a node that it makes is an event of that frame", async () => {
  const { page, connection, names } = await pageOf((ops) => ops);
  await page.mouse.click(300, 300);
  const made = new Ops(names).create(2, "input").attribute(2, "id", "a").insert(1, 2).listen(2, "focus").call(2, 1);
  await connection.frame(2, made);
  assert.equal(await active(page), "a");
  const event = connection.received.find(({ type }) => type === "event");
  assert.ok(event?.type === "event" && event.node === 2);
  assert.equal(event.frame, 2, "the node was made by frame 2: an earlier frame's node of this id is gone");
});

test("the pointer enters and leaves a node of a slot", async () => {
  const { page, connection } = await pageOf((ops) =>
    ops.open("p", 2).openText(3, "a").listen(2, "mouseenter").listen(2, "pointerleave").close().open("p", 4).openText(5, "b").close(),
  );
  const [first, second] = await page.locator("p").all();
  await first.hover();
  assert.equal((await connection.next("event")).node, 2);
  await second.hover();
  assert.equal((await connection.next("event")).node, 2);
  assert.equal(connection.received.filter(({ type }) => type === "event").length, 2, "each once");
});

test("an event holds no more than the edge takes", async () => {
  const { page, connection } = await pageOf((ops) => {
    ops.open("form", 2).listen(2, "submit", 2);
    for (let at = 0; at < 1_100; at++) ops.open("input", 3 + at, { name: "n", type: "hidden" }).close();
    return ops.open("button", 1_200).close().close();
  });
  await page.locator("button").click();
  const { detail } = await connection.next("event");
  assert.equal(detail.kind === "submit" && detail.entries.length, 1_024);
  await page.evaluate(() => history.replaceState(null, "", `/page?a=1#${"x".repeat(9_000)}`));
  await page.evaluate(() => dispatchEvent(new PopStateEvent("popstate")));
  assert.equal((await connection.next("environment")).environment.url.length, 8_192);
});

test("LOCATION changes the URL, and refuses what is no page", async () => {
  const { page, connection } = await pageOf((ops) => ops);
  connection.send({ type: "location", how: "push", url: "/page?a=1" });
  await page.waitForURL("**/page?a=1");
  connection.send({ type: "location", how: "replace", url: "#b" });
  await page.waitForURL("**/page?a=1#b");
  connection.send({ type: "location", how: "navigate", url: "javascript:document.title='hacked'" });
  for (const url of ["https://elsewhere.invalid/", "/\t/elsewhere.invalid/", "/\n\\elsewhere.invalid/"]) {
    connection.send({ type: "location", how: "navigate", url });
  }
  await page.goBack();
  const urls: string[] = [];
  while (urls.at(-1) !== "/page") urls.push((await connection.next("environment")).environment.url);
  assert.deepEqual(urls, ["/page?a=1", "/page?a=1#b", "/page"]);
  assert.equal(await page.title(), "page");
});

test("nothing of all this met the page's policy", async () => {
  const { page, connection } = await edge.open({ one: `<p style="color: red">a</p>` });
  // The parser's own attempt at the inline style is not the client's.
  edge.violations.length = 0;
  const ops = new Ops().slot(1, "one").adopt(1).open("p", 2).openText(3).close().close();
  ops.attribute(2, "style", "color: blue").create(4, "img").attribute(4, "src", "data:image/png;base64,AA==").insert(1, 4);
  await connection.frame(1, ops);
  assert.equal(await page.locator("p").evaluate((node) => getComputedStyle(node).color), "rgb(0, 0, 255)");
  assert.deepEqual(edge.violations, []);
});

test("without a network the page says so at once, and goes on when it is back", async () => {
  const { page } = await pageOf((ops) => ops.open("p", 2).openText(3, "here").close());
  const state = () => page.evaluate(() => window.playconnect!.state());
  assert.equal(await state(), "live");
  await page.context().setOffline(true);
  await page.waitForFunction(() => window.playconnect!.state() === "reconnecting");
  await page.context().setOffline(false);
  await edge.connection();
  await page.waitForFunction(() => window.playconnect!.state() === "live");
});

test("a note fades what a slot shows, but not thousands of elements", async () => {
  const { page, connection, names } = await pageOf((ops) => ops.open("p", 2).openText(3, "here").close());
  const noted = () => page.locator("pc-slot").evaluate((host) => [host.shadowRoot!.querySelector("pc-status")?.textContent, host.hasAttribute("data-pc-noted")]);
  const say = async (frame: number, state: number, text: string) => {
    await connection.frame(frame, new Ops(names).status(1, state, text));
    await page.waitForFunction((text) => document.querySelector("pc-slot")!.shadowRoot!.querySelector("pc-status")?.textContent === text, text);
  };
  await say(2, 1, "Restarted.");
  assert.deepEqual(await noted(), ["Restarted.", true]);
  assert.equal(await page.locator("pc-slot p").evaluate((p) => getComputedStyle(p).opacity), "0.35");
  await say(3, 0, "");
  assert.deepEqual(await noted(), ["", false]);
  const many = new Ops(names);
  for (let id = 10; id < 1_010; id++) many.create(id, "i").insert(1, id);
  await connection.frame(4, many);
  await say(5, 1, "Restarted again.");
  assert.deepEqual(await noted(), ["Restarted again.", false]);
});
