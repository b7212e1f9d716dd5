// A node that is asked to stop does so soon, whatever it is doing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { buildApp } from "./app.mjs";
import { binary, live, metric, openPage, root, startBrowser, startEdge } from "./harness.mjs";

const STOP_MS_MAX = 5_000;
const SESSIONS = 30;
const words = (...values) => Buffer.from(new Uint32Array(values).buffer);
const text = (string) => Buffer.concat([words(string.length), Buffer.from(string.padEnd(Math.ceil(string.length / 4) * 4, "\0"))]);

/** A socket, and what it takes to say HELLO on it for a session of its own. */
async function knock(edge) {
  const page = await (await fetch(edge.url)).text();
  const session = page.match(/"session":"([^"]+)"/)[1];
  const address = new URL("/_pc/session", edge.url);
  address.protocol = "ws";
  const socket = new WebSocket(address);
  socket.on("error", () => {});
  const closed = once(socket, "close");
  await once(socket, "open");
  const hello = () =>
    socket.send(Buffer.concat([words(1 | (1 << 16)), text(session), words(0, 0, 1), text(""), text(""), text("/"), words(1280, 800, 4)]));
  return { socket, hello, closed };
}

/** It reads, and says nothing more: three frames, and then the node keeps what changes. */
async function attach(edge) {
  const knocking = await knock(edge);
  knocking.hello();
  return knocking;
}

test("while it compiles modules", async (t) => {
  const data = await mkdtemp(join(tmpdir(), "playconnect-e2e-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  const listen = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data", data];
  const child = spawn(binary, ["serve", "examples/lobby", ...listen, "--json"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (piece) => (said += piece));
  const ended = once(child, "exit");
  await sleep(300);
  const asked = performance.now();
  child.kill("SIGTERM");
  const [code, signal] = await ended;
  assert.equal(said, "", "it was not ready yet");
  assert.deepEqual([code, signal], [0, null]);
  const took = performance.now() - asked;
  t.diagnostic(`${took.toFixed(0)} ms`);
  assert.ok(took <= STOP_MS_MAX, `${took} ms`);
});

test("with many sessions whose modules are busy", async (t) => {
  const edge = await startEdge(t, { app: await buildApp(t, "stop", ["busy.mjs"]) });
  const sockets = await Promise.all(Array.from({ length: SESSIONS }, () => attach(edge)));
  assert.equal(await metric(edge, "session_sockets_count"), SESSIONS);
  const turns = async () => Number((await (await edge.ask("/metrics")).text()).match(/^playconnect_module_turns_total.* (\d+)$/m)[1]);
  const before = await turns();
  while ((await turns()) < before + 10 * SESSIONS) await sleep(100);
  const asked = performance.now();
  assert.deepEqual(await edge.stop(), { code: 0, signal: null });
  const took = performance.now() - asked;
  t.diagnostic(`${took.toFixed(0)} ms with ${SESSIONS} sessions`);
  assert.ok(took <= STOP_MS_MAX, `${took} ms`);
  const codes = (await Promise.all(sockets.map(({ closed }) => closed))).map(([code]) => code);
  assert.deepEqual(codes, Array.from({ length: SESSIONS }, () => 1012));
});

test("browsers that come back meanwhile wait for the next node", async (t) => {
  const app = await buildApp(t, "stop", ["busy.mjs"]);
  const edge = await startEdge(t, { app });
  const browser = await startBrowser(t);
  const { page } = await openPage(browser, edge.url);
  await live(page);
  // It hears nothing any more, so that the node stays for a while to tell it; and one has not said yet whose it is.
  const deaf = await attach(edge);
  const late = await knock(edge);
  while ((await metric(edge, "session_sockets_count")) < 2) await sleep(20);
  deaf.socket.pause();
  let navigations = 0;
  page.on("framenavigated", () => navigations++);
  const over = (socket) => new Promise((resolve) => socket.once("close", resolve).once("socketerror", resolve));
  const turnedAway = page.waitForEvent("websocket").then(over);

  const stopped = edge.stop();
  while (!edge.log.some((line) => line.includes("stopping"))) await sleep(10);
  late.hello();
  await turnedAway;
  assert.deepEqual(await stopped, { code: 0, signal: null });
  assert.equal(navigations, 0);
  assert.equal((await late.closed)[0], 1012, "let in before");
  assert.equal(await page.evaluate(() => window.playconnect.state()), "reconnecting");

  const loaded = page.waitForEvent("load");
  await startEdge(t, { app, ports: edge.ports });
  await loaded;
  await live(page);
  assert.equal(navigations, 1);
});
