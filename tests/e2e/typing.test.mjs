// Who types is never disturbed: not by the module that renders beside it, nor by the distance to the edge.
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundle } from "@playconnect/module/bundle";
import { Cut } from "./cut.mjs";
import { binary, live, openPage, startBrowser, startEdge } from "./harness.mjs";

const here = fileURLToPath(new URL("typing", import.meta.url));
/** One way: 80 ms there and back. */
const FAR_MS = 40;
const KEYS_PER_SECOND_MIN = 50;

async function build(t) {
  const app = await mkdtemp(join(tmpdir(), "playconnect-typing-"));
  t.after(() => rm(app, { recursive: true, force: true }));
  await mkdir(join(app, "pages"));
  await cp(join(here, "page.html"), join(app, "pages/page.html"));
  await cp(join(here, "playconnect.toml"), join(app, "playconnect.toml"));
  await bundle({ entry: join(here, "fields.tsx"), out: join(app, "dist/fields.js"), log: false });
  await promisify(execFile)(binary, ["build", app]);
  return app;
}

/** From now on, everything that the field holds in any animation frame, and behind each event of a person. */
async function watch(page, id) {
  await page.locator(`#${id}`).click();
  await page.evaluate((id) => {
    const root = document.querySelector("pc-slot").shadowRoot;
    const field = root.getElementById(id);
    const seen = (window.seen = []);
    const look = (why) => {
      const { value, selectionStart: caret } = field;
      const last = seen.at(-1);
      if (last?.value !== value || last.caret !== caret || why === "input") seen.push({ why, value, caret });
    };
    look("frame");
    field.addEventListener("input", () => look("input"));
    const frame = () => {
      look("frame");
      requestAnimationFrame(frame);
    };
    frame();
  }, id);
}

const seen = (page) => page.evaluate(() => window.seen);
const field = (page, id) => page.locator(`#${id}`).evaluate(({ value, selectionStart }) => ({ value, caret: selectionStart }));

/** The module has heard of it. */
const told = (page, id, value) =>
  page.waitForFunction(
    ([id, value]) => JSON.parse(document.querySelector("pc-slot").shadowRoot.getElementById("told").textContent)[id] === value,
    [id, value],
  );

/** Keys as fast as the browser takes them; what a field holds behind each of them. */
function typist(keyboard, keep = (value) => value) {
  const state = { value: "", caret: 0, expected: [{ value: "", caret: 0 }], keys: 0, pressed: [] };
  const press = (key, text) => {
    const type = text === undefined ? "rawKeyDown" : "keyDown";
    const code = { Backspace: 8, ArrowLeft: 37, ArrowRight: 39, Home: 36, End: 35 }[key];
    const down = { type, key, text, windowsVirtualKeyCode: code };
    state.pressed.push(keyboard.send("Input.dispatchKeyEvent", down), keyboard.send("Input.dispatchKeyEvent", { ...down, type: "keyUp" }));
    state.keys++;
    state.expected.push({ value: keep(state.value), caret: state.caret });
  };
  return {
    state,
    type(text) {
      for (const character of text) {
        state.value = state.value.slice(0, state.caret) + character + state.value.slice(state.caret);
        state.caret++;
        press(character, character);
      }
    },
    backspace() {
      if (state.caret > 0) {
        state.value = state.value.slice(0, state.caret - 1) + state.value.slice(state.caret);
        state.caret--;
      }
      press("Backspace");
    },
    left(count) {
      for (let at = 0; at < count; at++) {
        state.caret = Math.max(0, state.caret - 1);
        press("ArrowLeft");
      }
    },
    end() {
      state.caret = state.value.length;
      press("End");
    },
    done: () => Promise.all(state.pressed),
  };
}

test("who types is not disturbed", async (t) => {
  const edge = await startEdge(t, { app: await build(t) });
  const browser = await startBrowser(t);
  const [near, far] = [await Cut.before(t, edge.ports.public), await Cut.before(t, edge.ports.public, FAR_MS)];
  for (const [where, { url }] of [["on loopback", near], ["80 ms away", far]]) await everyField(t, where, browser, url);
});

async function everyField(t, where, browser, url) {
  const open = async (t) => {
    const { page } = await openPage(browser, url);
    t.after(() => page.context().close());
    await live(page);
    return { page, keyboard: await page.context().newCDPSession(page) };
  };

  for (const id of ["plain", "text"]) {
    await t.test(`a controlled field (${id}) has what is typed, as fast as it is typed, ${where}`, async (t) => {
      const { page, keyboard } = await open(t);
      await watch(page, id);
      const hands = typist(keyboard);
      const began = performance.now();
      hands.type("The quick brown fox jumps over the lazy dog");
      hands.left(8);
      hands.type("very, ");
      for (let at = 0; at < 2; at++) hands.backspace();
      hands.type(" ");
      hands.end();
      hands.type(", and on, and on; in all the field keeps up with the typist.");
      await hands.done();
      const rate = (hands.state.keys * 1_000) / (performance.now() - began);
      t.diagnostic(`${rate.toFixed(0)} keys a second`);
      assert(rate >= KEYS_PER_SECOND_MIN, `${rate.toFixed(0)} keys a second`);

      const { value, caret, expected } = hands.state;
      await told(page, id, value);
      assert.deepEqual(await field(page, id), { value, caret });
      // Only what was typed was ever there, in the order in which it was typed: nothing lost, put back, or flickering.
      let at = 0;
      for (const state of await seen(page)) {
        const next = expected.findIndex((typed, position) => position >= at && typed.value === state.value && typed.caret === state.caret);
        assert(next >= 0, `${JSON.stringify(state)} behind ${JSON.stringify(expected[at])}`);
        at = next;
      }
      assert.equal(at, expected.length - 1);
    });
  }

  await t.test(`a field that the module changes as it is typed ends as the module has it, with the caret where it was, ${where}`, async (t) => {
    const { page, keyboard } = await open(t);
    await watch(page, "upper");
    let hands = typist(keyboard);
    hands.type("capital letters");
    await hands.done();
    await told(page, "upper", "CAPITAL LETTERS");
    await page.waitForFunction(() => document.querySelector("pc-slot").shadowRoot.getElementById("upper").value === "CAPITAL LETTERS");
    hands = typist(keyboard);
    hands.state.caret = hands.state.value.length;
    for (let at = 0; at < 7; at++) await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "ArrowLeft", windowsVirtualKeyCode: 37 });
    hands.type("small ");
    await hands.done();
    await told(page, "upper", "CAPITAL SMALL LETTERS");
    await page.waitForFunction(() => document.querySelector("pc-slot").shadowRoot.getElementById("upper").value === "CAPITAL SMALL LETTERS");
    assert.deepEqual(await field(page, "upper"), { value: "CAPITAL SMALL LETTERS", caret: 14 });
    // What the module makes of a letter comes later; it never takes one away.
    const lengths = (await seen(page)).map(({ value }) => value.length);
    assert.deepEqual(lengths, lengths.toSorted((a, b) => a - b));
  });

  await t.test(`what the module refuses goes, and what it takes stays, ${where}`, async (t) => {
    const { page, keyboard } = await open(t);
    await watch(page, "digits");
    const hands = typist(keyboard);
    hands.type("1a2b3c 4-5x6");
    await hands.done();
    await told(page, "digits", "123456");
    await page.waitForFunction(() => document.querySelector("pc-slot").shadowRoot.getElementById("digits").value === "123456");
  });

  await t.test(`a composition is let finish, ${where}`, async (t) => {
    const { page, keyboard } = await open(t);
    for (const id of ["plain", "upper", "text"]) {
      await watch(page, id);
      const compose = (text) => keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
      const steps = ["k", "か", "かn", "かん", "かんj", "かんじ", "漢字"];
      for (const step of steps) {
        await compose(step);
        // Longer than the way there and back: the module renders meanwhile.
        await page.waitForTimeout(60);
        assert.equal((await field(page, id)).value, step, id);
      }
      await keyboard.send("Input.insertText", { text: "漢字" });
      await keyboard.send("Input.insertText", { text: "です" });
      await told(page, id, "漢字です");
      assert.deepEqual(await field(page, id), { value: "漢字です", caret: 4 }, id);
      const values = (await seen(page)).map(({ value }) => value).filter((value, at, all) => value !== all[at - 1]);
      assert.deepEqual(values.filter((value) => value !== ""), [...steps, "漢字です"], id);
    }
  });
}
