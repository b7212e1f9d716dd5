// A module that throws, traps, loops or floods: what becomes of it, of the one beside it, of the page and of the log.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { live, openPage, screenshot, startBrowser, startEdge } from "./harness.mjs";
import { assemble } from "./hostile/app.mjs";
import { trapOnEvents } from "./hostile/trap.mjs";

const JSON_LOG = { PLAYCONNECT_LOG_FORMAT: "json" };
/** Presses of the steady module's button, each answered before the next. */
const PRESSES = 5;

/** What the module survives: it goes on with its state. `log`: what stands in the log of the node. */
const GOES_ON = {
  throws: { log: { message: /uncaught Error: a handler gave up/, level: "ERROR" } },
  recurses: { log: { message: /uncaught RangeError: Maximum call stack size exceeded/ } },
  hoards: {
    log: { message: /more memory/, limit: "memory", used: /MiB|KiB/, allowed: "64MiB", raise: "[module.hostile.limits] memory" },
    counts: "memory_refused",
  },
  dawdles: {
    log: { message: /much CPU/, limit: "event_report", used: /^\d+ ms$/, allowed: "50 ms", raise: "[module.hostile.limits] event_report" },
    counts: "slices_exceeded",
  },
  timers: { log: { message: /uncaught RangeError: 256 timers are running, .* clear those that are not needed/ } },
  tasks: {},
  attribute: { log: { message: /the attribute `title` has 65537 bytes of UTF-8; 65536 are allowed/ } },
  chatters: {
    log: { message: /lines of its log are lost/, limit: "log_rate", used: /^\d+ lines more$/, allowed: "64KiB a second", raise: "[module.hostile.limits] log_rate" },
    counts: "log_dropped",
  },
};

/** What ends the module's life: it comes back with a fresh state. */
const FAILS = {
  exhausts: /turn ran out of memory: \d+\.\d MiB of 64\.0 MiB used, .* wanted; raise \[module\.hostile\.limits\] memory$/,
  loops: /turn stopped: CPU \d+ ms of 1000 ms used; raise \[module\.hostile\.limits\] event_stop$/,
  microtasks: /turn stopped: CPU \d+ ms of 1000 ms used; raise \[module\.hostile\.limits\] event_stop$/,
  operations: /operations of a batch: 100001 used, 100000 allowed; raise \[module\.hostile\.limits\] batch_ops$/,
  bytes: /bytes of a batch: \d+ used, 4194304 allowed; raise \[module\.hostile\.limits\] batch_bytes$/,
  nodes: /nodes of the page: \d+ used, 37500 allowed; raise \[limits\] nodes$/,
  depth: /depth of the tree: 257 used, 256 allowed; raise \[limits\] depth$/,
  wanders: /requests of a turn: 300 used, 256 allowed; this limit is fixed: ask over several turns$/,
  malformed: /its batch was refused: operation 0: name 4000 is not defined; build it with the PlayConnect packages of this edge's version$/,
  forges: /its batch was refused: operation 0: there is no node 150000; build it with/,
  unreadable: /its batch was refused: the operation at word 0 \(code 6\) has 0 argument words, it needs 1; build it with/,
};

test("a module that misbehaves, beside one that does not", async (t) => {
  const edge = await startEdge(t, { app: await assemble(t, { hostile: { bundle: "hostile" } }), env: JSON_LOG });
  const browser = await startBrowser(t);

  for (const [deed, { log, counts }] of Object.entries(GOES_ON)) {
    await t.test(`${deed}: it goes on`, async () => {
      const before = await counters(edge, "hostile");
      const neighbours = await Neighbours.meet(edge, browser, "hostile");
      await neighbours.pressOther(2);
      await neighbours.do(deed);
      await neighbours.pressSteady(PRESSES);
      await neighbours.pressOther(1);
      assert.equal(await neighbours.other.locator("#state").textContent(), "life 1, 3 pressed");
      assert.deepEqual(await neighbours.seen(), [], "no word of it on the page");
      if (log) neighbours.logged(log);
      const after = await counters(edge, "hostile");
      assert.equal(after.restarts, before.restarts);
      if (counts) assert.ok(after[counts] > before[counts], `${counts} in /metrics`);
      await neighbours.leave();
    });
  }

  for (const [deed, why] of Object.entries(FAILS)) {
    await t.test(`${deed}: it is started again`, async () => {
      const before = await counters(edge, "hostile");
      const neighbours = await Neighbours.meet(edge, browser, "hostile");
      await neighbours.pressOther(2);
      await neighbours.do(deed);
      await neighbours.pressSteady(PRESSES);
      await neighbours.shows("life 2, 0 pressed");
      await neighbours.pressOther(1);
      assert.equal(await neighbours.other.locator("#state").textContent(), "life 2, 1 pressed");
      const seen = await neighbours.seen();
      assert.deepEqual(seen.map(({ status }) => status).filter((status) => status !== "loading"), ["restarting", "live"]);
      if (why.source.includes("event_stop")) {
        assert.ok(seen[0].presses > 0, "the steady one was answered while the other used its whole second");
      }
      neighbours.logged({ message: /failed and is restarted/, why, wait_ms: 100, level: "WARN" });
      const after = await counters(edge, "hostile");
      assert.deepEqual([after.restarts - before.restarts, after.disabled], [1, 0]);
      await neighbours.leave();
    });
  }

  await t.test("a frame over the size of a part: the page gets all of it", async () => {
    const neighbours = await Neighbours.meet(edge, browser, "hostile");
    await neighbours.do("fills");
    await neighbours.pressSteady(PRESSES);
    await neighbours.page.waitForFunction(
      () => document.querySelector("pc-slot[name=hostile]").shadowRoot.querySelectorAll("p.bulk").length === 12,
    );
    const lengths = await neighbours.other.locator("p.bulk").evaluateAll((bulk) => bulk.map((p) => p.textContent.length));
    assert.deepEqual(lengths, Array(12).fill(250 << 10));
    assert.deepEqual(await neighbours.seen(), []);
    await neighbours.leave();
  });

  await t.test("elements and attributes that nobody may have", async () => {
    const before = await counters(edge, "hostile");
    const neighbours = await Neighbours.meet(edge, browser, "hostile");
    await neighbours.do("markup");
    await neighbours.pressSteady(PRESSES);
    const { page, other } = neighbours;
    await other.locator("#armed").click();
    await other.locator("#lure").click();
    const found = await page.evaluate(() => {
      const root = document.querySelector("pc-slot[name=hostile]").shadowRoot;
      return {
        elements: root.querySelectorAll("script, iframe").length,
        stripped: root.querySelectorAll("pc-stripped").length,
        attributes: root.querySelectorAll("[onclick], [href], [srcdoc], [src]").length,
        position: getComputedStyle([...root.querySelectorAll("p")].at(-1)).position,
        harmed: window.harmed ?? "nothing",
      };
    });
    assert.deepEqual(found, { elements: 0, stripped: 2, attributes: 0, position: "static", harmed: "nothing" });
    const what = /element script, element iframe, .*attribute onclick of button, value of attribute href of a/;
    neighbours.logged({ message: /not on the allow-list: left out/, what, count: 7 });
    assert.equal((await counters(edge, "hostile")).stripped - before.stripped, 7);
    await neighbours.leave();
  });
});

test("a module whose machine code traps, beside one that does not", async (t) => {
  const app = await assemble(t, { traps: { bundle: "hostile" } });
  const component = join(app, "dist/hostile.wasm");
  await writeFile(component, trapOnEvents(await readFile(component)));
  const edge = await startEdge(t, { app, env: JSON_LOG });
  const browser = await startBrowser(t);
  const neighbours = await Neighbours.meet(edge, browser, "traps");
  await neighbours.other.locator("#keep").click();
  await neighbours.pressSteady(PRESSES);
  await neighbours.shows("life 2, 0 pressed");
  const statuses = (await neighbours.seen()).map(({ status }) => status);
  assert.deepEqual(statuses.filter((status) => status !== "loading"), ["restarting", "live"]);
  neighbours.logged({ message: /failed and is restarted/, why: /turn trapped: wasm `unreachable` instruction executed/, wait_ms: 100, level: "WARN" });
  assert.equal((await counters(edge, "traps")).restarts, 1);
  await neighbours.leave();
});

test("a module that fails and fails: the wait doubles, then it is disabled, and the page says so where it was", async (t) => {
  const limits = (name, ...lines) => `[module.${name}.limits]\n${lines.join("\n")}`;
  const app = await assemble(t, {
    broken: { bundle: "hostile", manifest: 'properties = { deed = "refuses" }' },
    late: { bundle: "hostile", manifest: 'properties = { deed = "refuses", until = 3 }' },
    slow: { bundle: "hostile", manifest: limits("slow", 'restart_backoff_min = "4s"') },
    impatient: {
      bundle: "hostile",
      manifest: `properties = { deed = "refuses" }\n${limits("impatient", 'restart_backoff_min = "20ms"', 'restart_backoff_max = "40ms"', "restart_disable_after = 4")}`,
    },
    forgetful: {
      bundle: "hostile",
      manifest: `properties = { deed = "refuses" }\n${limits("forgetful", 'restart_backoff_min = "1100ms"', "restart_disable_after = 2", 'restart_disable_window = "1s"')}`,
    },
  });
  const edge = await startEdge(t, { app, env: JSON_LOG });
  const browser = await startBrowser(t);
  const STOPPED = "This part of the page has stopped working. Reload the page to try again.";
  const refused = /turn failed: Error: no such table/;

  await t.test("five failures in a minute, with waits of 100 to 800 ms", async () => {
    const neighbours = await Neighbours.meet(edge, browser, "broken");
    await neighbours.other.getByRole("status").getByText(STOPPED).waitFor();
    assert.equal(await neighbours.other.getAttribute("data-pc-status"), "disabled");
    await neighbours.pressSteady(PRESSES);
    await screenshot(neighbours.page, "hostile-disabled");
    assert.deepEqual(neighbours.waits(), [100, 200, 400, 800]);
    neighbours.logged({ message: /failed and is disabled/, why: refused, failures: 5, level: "ERROR" });
    const { restarts, disabled } = await counters(edge, "broken");
    assert.deepEqual([restarts, disabled], [4, 1]);
    // A page that is loaded again is a new session, and tries anew.
    await neighbours.leave();
    const again = await Neighbours.meet(edge, browser, "broken");
    await again.other.getByRole("status").getByText(STOPPED).waitFor();
    assert.deepEqual(again.waits(), [100, 200, 400, 800]);
    await again.leave();
  });

  await t.test("one that comes to its senses is shown", async () => {
    const neighbours = await Neighbours.meet(edge, browser, "late");
    await neighbours.shows("life 3, 0 pressed");
    assert.deepEqual(neighbours.waits(), [100, 200]);
    await neighbours.other.locator("pc-status:empty").waitFor({ state: "attached" });
    await neighbours.leave();
  });

  await t.test("while it waits, what it showed last stands faded under a note", async () => {
    const neighbours = await Neighbours.meet(edge, browser, "slow");
    await neighbours.pressOther(1);
    await neighbours.do("malformed");
    const note = neighbours.other.getByRole("status").getByText("This part of the page is being restarted.");
    await note.waitFor();
    await screenshot(neighbours.page, "hostile-restarting");
    const state = neighbours.other.locator("#state");
    assert.equal(await state.textContent(), "life 1, 1 pressed");
    assert.equal(await state.evaluate((element) => getComputedStyle(element).opacity), "0.35");
    await neighbours.pressSteady(PRESSES);
    await neighbours.shows("life 2, 0 pressed");
    await note.waitFor({ state: "detached" });
    assert.equal(await state.evaluate((element) => getComputedStyle(element).opacity), "1");
    assert.deepEqual(neighbours.waits(), [4_000]);
    await neighbours.leave();
  });

  await t.test("restart_backoff_min, restart_backoff_max and restart_disable_after", async () => {
    const neighbours = await Neighbours.meet(edge, browser, "impatient");
    await neighbours.other.getByRole("status").getByText(STOPPED).waitFor();
    assert.deepEqual(neighbours.waits(), [20, 40, 40]);
    neighbours.logged({ message: /failed and is disabled/, why: refused, failures: 4 });
    await neighbours.leave();
  });

  await t.test("restart_disable_window: failures farther apart do not add up", async () => {
    const neighbours = await Neighbours.meet(edge, browser, "forgetful");
    while (neighbours.waits().length < 4) await neighbours.pressSteady(1);
    assert.deepEqual(neighbours.waits().slice(0, 4), [1_100, 1_100, 1_100, 1_100]);
    assert.equal((await counters(edge, "forgetful")).disabled, 0);
    await neighbours.leave();
  });
});

test("a module that shows nothing does not even build", async (t) => {
  const assembled = assemble(t, { silent: { bundle: "silent" } });
  await assert.rejects(assembled, ({ stderr }) => {
    assert.match(stderr, /Error: the bundle shows nothing: call mount\(…\) of the framework's package/);
    assert.match(stderr, /^error: module\.silent\.build: the bundle threw while it was evaluated$/m);
    return true;
  });
});

/** A page with the steady module and another one. */
class Neighbours {
  #edge;
  #name;
  #session;
  #problems;
  #steadyPresses = 0;
  #otherPresses = 0;

  static async meet(edge, browser, name) {
    const { page, problems } = await openPage(browser, new URL(`/${name}`, edge.url).href);
    const neighbours = new Neighbours();
    neighbours.#edge = edge;
    neighbours.#name = name;
    neighbours.#problems = problems;
    neighbours.page = page;
    neighbours.steady = page.locator("pc-slot[name=steady]");
    neighbours.other = page.locator(`pc-slot[name=${name}]`);
    await live(page);
    neighbours.#session = await page.evaluate(
      (name) => {
        const slot = (name) => document.querySelector(`pc-slot[name=${name}]`);
        window.seen = [];
        new MutationObserver(() => {
          const presses = Number(slot("steady").shadowRoot.querySelector("#presses").textContent);
          const status = slot(name).getAttribute("data-pc-status");
          if (status !== (window.seen.at(-1)?.status ?? "live")) window.seen.push({ status, presses });
        }).observe(slot(name), { attributeFilter: ["data-pc-status"] });
        return JSON.parse(document.querySelector("script#playconnect-page").textContent).session;
      },
      name,
    );
    return neighbours;
  }

  do(deed) {
    return this.other.locator(`#do-${deed}`).click();
  }

  /** Presses the steady module's button so many times, and counts that each press is answered. */
  async pressSteady(times) {
    for (let at = 0; at < times; at++) {
      await this.steady.locator("#press").click();
      await this.#answers(this.steady.locator("#presses"), String(++this.#steadyPresses));
    }
  }

  async pressOther(times) {
    const state = this.other.locator("#state");
    const [life, presses] = (await state.textContent()).match(/\d+/g).map(Number);
    for (this.#otherPresses = presses; times > 0; times--) {
      await this.other.locator("#keep").click();
      await this.#answers(state, `life ${life}, ${++this.#otherPresses} pressed`);
    }
  }

  shows(state) {
    return this.#answers(this.other.locator("#state"), state);
  }

  /** How the other module's state changed, with the steady one's answered presses at each change. */
  seen() {
    return this.page.evaluate(() => window.seen);
  }

  /** A line of the node's log about the other module of this session. */
  logged(fields) {
    const lines = this.#lines();
    const fits = (line) =>
      Object.entries(fields).every(([name, value]) => (value instanceof RegExp ? value.test(line[name]) : line[name] === value));
    assert.ok(lines.some(fits), `no line ${JSON.stringify(fields, (_, value) => (value instanceof RegExp ? value.source : value))} among\n${lines
      .slice(0, 20)
      .map((line) => JSON.stringify(line))
      .join("\n")}`);
  }

  /** The waits before restarts, in milliseconds, as the log has them. */
  waits() {
    return this.#lines().filter(({ wait_ms }) => wait_ms !== undefined).map(({ wait_ms }) => wait_ms);
  }

  async leave() {
    assert.deepEqual(this.#problems.filter((problem) => !/favicon|404/.test(problem)), [], "the page itself has no problem");
    await this.page.context().close();
  }

  #lines() {
    const lines = this.#edge.log.map((line) => JSON.parse(line));
    return lines.filter(({ session, module }) => session === this.#session && module === this.#name);
  }

  async #answers(locator, text) {
    await locator.getByText(text, { exact: true }).or(locator.and(this.page.getByText(text, { exact: true }))).first().waitFor();
  }
}

/** The counters of a module in /metrics, by the middle of their names. */
async function counters(edge, module) {
  const text = await (await edge.ask("/metrics")).text();
  const line = new RegExp(`^playconnect_module_(\\w+)_total\\{module="${module}"\\} (\\d+)$`, "gm");
  const found = Object.fromEntries([...text.matchAll(line)].map(([, name, count]) => [name, Number(count)]));
  const none = { restarts: 0, disabled: 0, stripped: 0, memory_refused: 0, slices_exceeded: 0, log_dropped: 0 };
  return { ...none, ...found };
}
