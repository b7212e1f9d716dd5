// Who asks for pages and opens no socket gets no more of the node than its share; a session that nobody has ends.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { buildApp } from "./app.mjs";
import { Cut } from "./cut.mjs";
import { live, metric, openPage, startBrowser, startEdge } from "./harness.mjs";

const words = (...values) => Buffer.from(new Uint32Array(values).buffer);

const text = (string) => Buffer.concat([words(string.length), Buffer.from(string.padEnd(Math.ceil(string.length / 4) * 4, "\0"))]);

/** Of a browser that shows the page's HTML. */
function hello(session, url = "/", connection = 1) {
  return Buffer.concat([words(1 | (1 << 16)), text(session), words(0, 0, connection), text(""), text(""), text(url), words(1280, 800, 4)]);
}

/** Opens a session socket and says HELLO. */
function attach(edge, session, url, connection) {
  const address = new URL("/_pc/session", edge.url);
  address.protocol = "ws";
  const socket = new WebSocket(address);
  socket.on("open", () => socket.send(hello(session, url, connection)));
  return socket;
}

async function get(edge, headers = {}) {
  const asked = request(edge.url, { headers }).end();
  const [answer] = await once(asked, "response");
  let body = "";
  for await (const part of answer) body += part;
  return { status: answer.statusCode, body, session: body.match(/"session":"([^"]+)"/)?.[1] };
}

const count = async (edge) => ({
  live: await metric(edge, "session_live_count"),
  unattached: await metric(edge, "session_unattached_count"),
  static: await metric(edge, "page_static_total"),
});

async function becomes(edge, name, value) {
  const until = performance.now() + 5_000;
  while ((await metric(edge, name)) !== value) {
    assert.ok(performance.now() < until, `${name} is ${await metric(edge, name)}, not ${value}`);
    await sleep(20);
  }
}

const checks = {
  async "limits.unattached: over it pages are static, and live all the same"(t, start) {
    const edge = await start('unattached = "60s"', { PLAYCONNECT_LIMITS_UNATTACHED: "3" });
    const own = [await get(edge), await get(edge), await get(edge)];
    const answers = await Promise.all(Array.from({ length: 17 }, () => get(edge)));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.deepEqual(await count(edge), { live: 3, unattached: 3, static: 17 });
    assert.equal(await metric(edge, "page_rendered_total"), 4, "the static pages are one rendering");
    assert.equal(new Set([...own, ...answers].map(({ session }) => session)).size, 20);
    for (const { body } of [...own, ...answers]) assert.match(body, /line 199/);

    await t.test("a browser", async (t) => {
      const browser = await startBrowser(t);
      const { page, problems } = await openPage(browser, edge.url);
      assert.equal(await metric(edge, "page_static_total"), 18);
      await live(page);
      await page.locator("#change").click();
      await page.locator("#told").getByText("1", { exact: true }).waitFor();
      assert.deepEqual(await count(edge), { live: 4, unattached: 3, static: 18 });
      assert.equal(await page.locator("#scroller p").count(), 201, "what was static was taken over");
      assert.deepEqual(problems.filter((problem) => !/favicon|404/.test(problem)), []);
    });

    await t.test("a ticket is good for one session, and only with a socket", async () => {
      const [ticket] = answers.map(({ session }) => session).slice(-1);
      const { live } = await count(edge);
      const socket = attach(edge, ticket);
      await once(socket, "message");
      await becomes(edge, "session_live_count", live + 1);
      const again = attach(edge, ticket);
      const [code] = await once(again, "close");
      assert.equal(code, 4409, "the same connection of the same page");
      assert.equal(await metric(edge, "session_live_count"), live + 1);
      socket.terminate();
      again.terminate();

      const brief = attach(edge, answers.at(-2).session);
      await once(brief, "open");
      brief.terminate();
      await sleep(500);
      // It was detached before its modules were there, and is gone, or behind it, and has its time.
      assert.ok((await metric(edge, "session_live_count")) <= live + 2);
      assert.equal(await metric(edge, "session_unattached_count"), 3);
    });

    await t.test("one that was made up, or is for a page that there is not, is none", async () => {
      const ticket = answers.at(-3).session;
      const forged = ticket.slice(0, -1) + (ticket.endsWith("0") ? "1" : "0");
      for (const [session, url] of [[forged, "/"], [ticket, "/nowhere"]]) {
        const [code] = await once(attach(edge, session, url), "close");
        assert.equal(code, 4404);
      }
    });
  },

  async "limits.unattached_per_address, of clients that a proxy tells"(t, start) {
    const env = { PLAYCONNECT_PUBLIC_CLIENT_ADDRESS: "x-forwarded-for", PLAYCONNECT_LIMITS_UNATTACHED_PER_ADDRESS: "2" };
    const edge = await start('unattached = "60s"', env);
    for (let at = 0; at < 5; at++) await get(edge, { "x-forwarded-for": `192.0.2.${at}, 203.0.113.7` });
    assert.deepEqual(await count(edge), { live: 2, unattached: 2, static: 3 });
    await get(edge, { "x-forwarded-for": "203.0.113.8" });
    assert.deepEqual(await count(edge), { live: 3, unattached: 3, static: 3 });
  },

  async "limits.sessions: a static page whose session has no room waits for it"(t, start) {
    const env = { PLAYCONNECT_LIMITS_UNATTACHED: "1", PLAYCONNECT_LIMITS_SESSIONS: "2" };
    const edge = await start('unattached = "60s"\nttl = "1s"', env);
    const [own, one, other] = [await get(edge), await get(edge), await get(edge)].map(({ session }) => session);
    assert.deepEqual(await count(edge), { live: 1, unattached: 1, static: 2 });
    const socket = attach(edge, one);
    await once(socket, "message");
    const [code, reason] = await once(attach(edge, other), "close");
    assert.deepEqual([code, reason.toString()], [1013, "this node is full"]);
    assert.equal((await get(edge)).status, 503);
    socket.terminate();
    await becomes(edge, "session_live_count", 1);
    const later = attach(edge, other);
    await once(later, "message");
    await becomes(edge, "session_live_count", 2);
    later.terminate();
    const first = attach(edge, own);
    await once(first, "message");
    await becomes(edge, "session_unattached_count", 0);
    first.terminate();
  },

  async "session.unattached: whoever does not come makes room for others"(t, start) {
    const edge = await start('unattached = "1s"', { PLAYCONNECT_LIMITS_UNATTACHED: "2" });
    for (let at = 0; at < 3; at++) await get(edge);
    assert.deepEqual(await count(edge), { live: 2, unattached: 2, static: 1 });
    await becomes(edge, "session_live_count", 0);
    await get(edge);
    assert.deepEqual(await count(edge), { live: 1, unattached: 1, static: 1 });
  },

  async "session.ttl: a page that comes back later loads itself again, once"(t, start) {
    const edge = await start('ttl = "1s"');
    const wire = await Cut.before(t, edge.ports.public);
    const { page } = await openPage(await startBrowser(t), wire.url);
    await live(page);
    await page.locator("#change").click();
    await page.locator("#told").getByText("1", { exact: true }).waitFor();
    let loads = 0;
    page.on("load", () => loads++);

    // Within its time it is still there.
    wire.cut();
    await page.waitForFunction(() => window.playconnect.state() === "reconnecting");
    await live(page);
    assert.equal(await page.locator("#told").textContent(), "1");
    assert.equal(loads, 0);

    wire.close();
    await becomes(edge, "session_live_count", 0);
    wire.open();
    await page.locator("#told").getByText("0", { exact: true }).waitFor();
    await live(page);
    await sleep(1_500);
    assert.equal(loads, 1);
    assert.equal(await metric(edge, "page_rendered_total"), 2);
    assert.equal(await page.evaluate(() => window.playconnect.state()), "live");
  },
};

test("sessions that nobody has", async (t) => {
  const app = await buildApp(t, "keeps", ["still.mjs"]);
  const manifest = await readFile(join(app, "playconnect.toml"), "utf8");
  for (const [name, check] of Object.entries(checks)) {
    await t.test(name, (t) =>
      check(t, async (session, env = {}) => {
        await writeFile(join(app, "playconnect.toml"), `${manifest}[session]\n${session}\n`);
        return startEdge(t, { app, env });
      }),
    );
  }
});

test("a static page that is still being rendered", async (t) => {
  const edge = await startEdge(t, { app: await buildApp(t, "late", ["late.mjs"]), env: { PLAYCONNECT_LIMITS_UNATTACHED: "1" } });
  const asked = performance.now();
  assert.match((await get(edge)).body, /there/);
  t.diagnostic(`rendered in ${(performance.now() - asked).toFixed(0)} ms`);

  await t.test("is rendered once, whoever asks for it and goes", async () => {
    for (let at = 0; at < 10; at++) {
      const asked = request(edge.url).end();
      asked.on("error", () => {});
      await sleep(40);
      asked.destroy();
    }
    assert.match((await get(edge)).body, /there/);
    assert.deepEqual(await count(edge), { live: 1, unattached: 1, static: 1 });
    assert.equal(await metric(edge, "page_rendered_total"), 2);
  });

  await t.test("goes live on the newest of a browser's sockets, whichever HELLO comes last", async () => {
    const { session } = await get(edge);
    const older = attach(edge, session, "/", 2);
    const superseded = once(older, "close");
    await becomes(edge, "session_sockets_count", 1);
    const newer = attach(edge, session, "/", 3);
    const welcomed = once(newer, "message");
    assert.equal((await superseded)[0], 4409);
    for (const connection of [2, 3]) {
      const [code] = await once(attach(edge, session, "/", connection), "close");
      assert.equal(code, 4409, "it comes late");
    }
    const WELCOME = 65;
    const [welcome] = await welcomed;
    assert.equal(welcome.readUInt8(0), WELCOME);
    newer.terminate();
  });
});
