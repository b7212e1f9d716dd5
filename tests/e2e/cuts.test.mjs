// A browser whose connection is cut at any time: each event's effect exactly once and in order, the page as the modules
// have it, and what was typed still there.
//
// `cargo xtask soak cuts --cuts 100` runs it for longer, and with other seeds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildApp } from "./app.mjs";
import { Cut } from "./cut.mjs";
import { live, metric, openPage, startBrowser, startEdge } from "./harness.mjs";

const CUTS = Number(process.env.PLAYCONNECT_CUTS ?? 20);
const SEED = Number(process.env.PLAYCONNECT_SEED ?? Date.now() % 1_000_000);
/** Of all cuts, at least so many come between an event and its acknowledgement, and outlast the ring. */
const BETWEEN_PART = 0.3;
const OUTLASTING_PART = 0.1;
const FAR_MS = 20;
/** `SessionLimits::ring_bytes_max`. */
const RING_BYTES = 1 << 20;
/** From a cut until the page is live again. */
const RESUME_MS_MAX = 15_000;
/** Places to be clicked, in CSS pixels: less than the button has. */
const AREA = { width: 990, height: 490 };

test("events and page survive random cuts", async (t) => {
  t.diagnostic(`seed ${SEED}: PLAYCONNECT_SEED=${SEED} PLAYCONNECT_CUTS=${CUTS} runs it again`);
  const app = await buildApp(t, "cuts", ["ledger.tsx", "noise.mjs"]);
  const edge = await startEdge(t, { app, env: { PLAYCONNECT_LOG_FORMAT: "json" } });
  const wire = await Cut.before(t, edge.ports.public, FAR_MS);
  const browser = await startBrowser(t);
  const person = await Person.at(browser, wire.url);
  const draw = random(SEED);

  const counts = { cuts: 0, between: 0, outlasting: 0, events: 0 };
  /** From when the node can be reached again, in milliseconds. */
  const resumes = [];
  // What a cut is like is drawn, but for those that outlast the ring: every eighth does.
  for (let at = 0; at < CUTS; at++) {
    const snapshots = await metric(edge, "frame_snapshots_total");
    const held = at % 8 === 3;
    if (held) await holdMuch(wire, person, edge);
    const acting = person.act(draw);
    await wait(wire, draw, held);
    const before = await person.unacknowledged();
    const away = draw() < 0.5;
    if (away) wire.close();
    else wire.cut();
    counts.cuts++;
    if (before > 0) counts.between++;
    if (away) {
      await sleep(draw() * 700);
      wire.open();
    }
    const cutAt = performance.now();
    await person.isBack(`cut ${at}`);
    resumes.push(performance.now() - cutAt);
    await acting.stop();
    await person.keepsWhatWasTyped(`cut ${at}`);
    if ((await metric(edge, "frame_snapshots_total")) > snapshots) counts.outlasting++;
  }
  await person.isHeard();

  const raised = await person.raised();
  counts.events = raised.length;
  const handled = takeHandled(edge.log);
  assert.equal(new Set(raised).size, raised.length, "each event has an id of its own");
  assert.deepEqual(handled, raised, "what the module was told of is what was raised");
  assert.deepEqual(await person.shown(), raised, "what the page shows is what was raised");
  await person.keepsWhatWasTyped("in the end");
  await person.showsWhatTheEdgeHas();
  assert.equal(await metric(edge, "session_protocol_errors_total"), 0);
  assert.equal(await metric(edge, "page_rendered_total"), 1, "the page was never loaded again");
  assert.deepEqual(person.problems, []);

  resumes.sort((a, b) => a - b);
  const [p50, last] = [resumes[resumes.length >> 1], resumes.at(-1)];
  t.diagnostic(`${JSON.stringify(counts)}; live again after ${p50.toFixed(0)} ms (median), ${last.toFixed(0)} ms (at most)`);
  assert.ok(counts.between >= CUTS * BETWEEN_PART, `${counts.between} cuts between an event and its acknowledgement`);
  assert.ok(counts.outlasting >= CUTS * OUTLASTING_PART, `${counts.outlasting} cuts that outlasted the ring`);
  assert.ok(counts.events >= CUTS * 10, `${counts.events} events`);
});

/** The ids of the events that the module was told of, in order; their lines go from the log. */
function takeHandled(log) {
  const ids = [];
  const others = log.filter((line) => {
    const id = JSON.parse(line).message?.match(/^handled (.*)$/)?.[1];
    if (id !== undefined) ids.push(id);
    return id === undefined;
  });
  log.splice(0, log.length, ...others);
  return ids;
}

/** Somebody who clicks and types, whatever the connection does. */
class Person {
  #page;
  #keyboard;
  #count = 0;
  #typed = "";
  #own = "";
  #problems;

  static async at(browser, url) {
    const person = new Person();
    const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
    await context.addInitScript(observe);
    const { page, problems } = await openPage(context, url);
    person.#page = page;
    person.#problems = problems;
    person.#keyboard = await page.context().newCDPSession(page);
    await live(page);
    return person;
  }

  get problems() {
    // A socket that was cut says so.
    return this.#problems.filter((problem) => !/WebSocket|ERR_|favicon|404/.test(problem));
  }

  /** Clicks and types until it is told to stop. */
  act(draw) {
    let going = true;
    const acting = (async () => {
      while (going) {
        const kind = draw();
        if (kind < 0.5) await this.#click();
        else if (kind < 0.9) await this.#type("typed", `t${++this.#count};`);
        else await this.#type("own", `o${++this.#count};`);
        if (draw() < 0.5) await sleep(draw() * 60);
      }
    })();
    return {
      stop: () => {
        going = false;
        return acting;
      },
    };
  }

  async #click() {
    const at = ++this.#count;
    const [x, y] = [at % AREA.width, Math.floor(at / AREA.width) % AREA.height];
    const { left, top } = await this.#page.evaluate(() => window.inSlot("ledger", "area").getBoundingClientRect());
    const where = { x: Math.ceil(left) + 2 + x, y: Math.ceil(top) + 2 + y, button: "left", clickCount: 1 };
    await this.#keyboard.send("Input.dispatchMouseEvent", { type: "mousePressed", ...where });
    await this.#keyboard.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...where });
  }

  async #type(id, text) {
    await this.#page.evaluate((id) => window.inSlot("ledger", id).focus(), id);
    await this.#keyboard.send("Input.insertText", { text });
    if (id === "typed") this.#typed += text;
    else this.#own += text;
  }

  burst() {
    return this.#page.evaluate(() => window.inSlot("noise", "burst").click());
  }

  unacknowledged() {
    return this.#page.evaluate(() => window.seen.sent - window.seen.acknowledged);
  }

  raised() {
    return this.#page.evaluate(() => window.seen.raised);
  }

  shown() {
    return this.#page.evaluate(() => [...window.inSlot("ledger", "ids").children].flatMap((line) => line.textContent.split(" ")));
  }

  /** On a new socket, with a frame that was applied. */
  async isBack(when) {
    await this.#page
      .waitForFunction(
        () => window.playconnect.state() === "live" && window.seen.socket.readyState === WebSocket.OPEN && window.seen.framesOfSocket > 0,
        undefined,
        { timeout: RESUME_MS_MAX },
      )
      .catch(async () => {
        const state = await this.#page.evaluate(() => [window.playconnect.state(), window.playconnect.frame(), window.seen]);
        assert.fail(`${when}: not back within ${RESUME_MS_MAX} ms: ${JSON.stringify(state)}`);
      });
  }

  async isHeard() {
    await this.#page.waitForFunction(() => window.seen.sent === window.seen.acknowledged, undefined, { timeout: RESUME_MS_MAX });
    await this.#page.waitForFunction((raised) => parseInt(window.inSlot("ledger", "area").textContent) === raised, (await this.raised()).length);
  }

  async keepsWhatWasTyped(when) {
    const [typed, own] = await this.#page.evaluate(() => ["typed", "own"].map((id) => window.inSlot("ledger", id).value));
    assert.equal(typed, this.#typed, `${when}: what was typed into the module's field`);
    assert.equal(own, this.#own, `${when}: what was typed where no module listens`);
  }

  /** Asks for the whole page anew: nothing is other than it was. */
  async showsWhatTheEdgeHas() {
    const [before, after] = await this.#page.evaluate(async () => {
      const shown = () => ["ledger", "noise"].map((name) => document.querySelector(`pc-slot[name=${name}]`).shadowRoot.innerHTML);
      window.inSlot("noise", "ticks").textContent = "not what the module says";
      const before = shown();
      // RESYNC of the first slot, which is page id 1.
      window.seen.socket.send(new Uint32Array([5, 1]));
      const fresh = window.seen.fresh;
      while (window.seen.fresh === fresh || window.playconnect.frame() < window.seen.freshFrame) await new Promise(requestAnimationFrame);
      return [before, shown()];
    });
    const withoutTicks = (html) => html.replace(/(id="ticks"[^>]*>)[^<]*/, "$1");
    assert.match(before[1], /not what the module says/);
    assert.doesNotMatch(after[1], /not what the module says/, "it was described anew");
    assert.deepEqual(after.map(withoutTicks), before.map(withoutTicks));
  }
}

/** In the page, before anything else: what is raised, and what the socket says of it. */
function observe() {
  const seen = (window.seen = { raised: [], sent: 0, acknowledged: 0, framesOfSocket: 0, fresh: 0, freshFrame: 0 });
  window.inSlot = (slot, id) => document.querySelector(`pc-slot[name=${slot}]`).shadowRoot.getElementById(id);
  const raise = (type, id) =>
    addEventListener(
      type,
      (event) => {
        const target = event.composedPath()[0];
        if (target.id === id) seen.raised.push(type === "click" ? `click:${event.clientX},${event.clientY}` : `type:${event.data}`);
      },
      true,
    );
  raise("click", "area");
  raise("input", "typed");
  const words = (data) => new DataView(data instanceof ArrayBuffer ? data : data.buffer, data.byteOffset ?? 0);
  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      seen.socket = this;
      seen.framesOfSocket = 0;
      this.addEventListener("message", ({ data }) => {
        const message = words(data);
        const head = message.getUint32(0, true);
        // WELCOME; FRAME.
        if ((head & 0xff) === 65) seen.acknowledged = Math.max(seen.acknowledged, message.getUint32(4, true));
        if ((head & 0xff) !== 66) return;
        seen.framesOfSocket++;
        seen.acknowledged = Math.max(seen.acknowledged, message.getUint32(8, true));
        if (head & (2 << 8)) {
          seen.fresh++;
          seen.freshFrame = message.getUint32(4, true);
        }
      });
    }
    send(data) {
      const message = words(data);
      if ((message.getUint32(0, true) & 0xff) === 2) seen.sent = Math.max(seen.sent, message.getUint32(4, true));
      super.send(data);
    }
  };
}

/** Some time goes by, and maybe one way says nothing for the last of it, from anywhere in a message on. */
async function wait(wire, draw, held) {
  await sleep(100 + draw() * 300);
  const how = draw();
  if (how < 0.25 && !held) await wire.down.stopAfter(Math.ceil(draw() * 400));
  else if (how < 0.5) await wire.up.stopAfter(Math.ceil(draw() * 200));
  if (how < 0.5) await sleep(draw() * 300);
}

/** Nothing comes down any more, while a module makes a frame that is larger than the ring. */
async function holdMuch(wire, person, edge) {
  // Not behind three others, which would be as many as may be on their way.
  await person.isHeard();
  wire.down.stop();
  const before = await metric(edge, "frame_sent_bytes_total");
  await person.burst();
  const until = performance.now() + 5_000;
  while ((await metric(edge, "frame_sent_bytes_total")) < before + RING_BYTES) {
    assert.ok(performance.now() < until, "no frame is larger than the ring");
    await sleep(20);
  }
}

/** mulberry32: uniform in [0, 1). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
