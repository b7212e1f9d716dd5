// What a browser that is not ours, or not honest, is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startEdge } from "./harness.mjs";
import WebSocket from "ws";

/** Opens a session socket, says `bytes`, and gives the last message and the close. */
async function say(edge, bytes, options = {}) {
  const url = new URL("/_pc/session", edge.url);
  url.protocol = "ws";
  const socket = new WebSocket(url, options);
  const messages = [];
  socket.on("message", (data) => messages.push(data));
  const closed = new Promise((resolve, reject) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    socket.on("unexpected-response", (_, response) => resolve({ status: response.statusCode }));
    socket.on("error", reject);
  });
  socket.on("open", () => bytes && socket.send(bytes));
  return { ...(await closed), messages };
}

const words = (...values) => Buffer.from(new Uint32Array(values).buffer);

test("another version of the protocol is refused by its number", async (t) => {
  const edge = await startEdge(t);
  const { code, reason } = await say(edge, words(1 | (9 << 16)));
  assert.equal(code, 1008);
  assert.match(reason, /version 9 of the protocol, this edge speaks version 1/);
});

test("bytes that are no message", async (t) => {
  const edge = await startEdge(t);
  for (const bytes of [Buffer.alloc(0), Buffer.from("no"), words(99), words(1 | (1 << 16), 0xffffffff)]) {
    const { code, messages } = await say(edge, bytes);
    assert.equal(code, 1007);
    assert.equal(messages.at(-1).readUInt8(0), 67, "REFUSED");
  }
  assert.equal((await say(edge, "text")).code, 1007);
});

test("a message over 1 MiB", async (t) => {
  const edge = await startEdge(t);
  assert.equal((await say(edge, Buffer.alloc((1 << 20) + 4, 6))).code, 1009);
});

test("anything before HELLO", async (t) => {
  const edge = await startEdge(t);
  const { code, reason } = await say(edge, words(6));
  assert.deepEqual([code, reason], [1008, "the first message must be HELLO"]);
});

test("a session that is not there", async (t) => {
  const edge = await startEdge(t);
  const hello = Buffer.concat([words(1 | (1 << 16), 3), Buffer.from("s-1\0"), words(0, 0, 0, 0, 0, 1280, 800, 4)]);
  assert.equal((await say(edge, hello)).code, 4404);
});

test("a page of another origin", async (t) => {
  const edge = await startEdge(t);
  assert.equal((await say(edge, null, { origin: "https://elsewhere.example" })).status, 403);
});

test("paths that lead out of the app's pages", async (t) => {
  const edge = await startEdge(t);
  for (const path of ["/../playconnect.toml", "/%2e%2e/playconnect.toml", "/lobby.html", "/.hidden.css", "/nothing"]) {
    const response = await fetch(new URL(path, edge.url));
    assert.equal(response.status, 404, path);
    await response.text();
  }
  const style = await fetch(new URL("/lobby.css", edge.url));
  assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
  await style.text();
});

test("the admin listener wants its token and its own name", async (t) => {
  const edge = await startEdge(t);
  const health = new URL("/health", edge.admin);
  assert.equal((await fetch(health)).status, 401);
  assert.equal((await fetch(health, { headers: { authorization: "Bearer wrong" } })).status, 401);
  const answer = await (await edge.ask("/health")).json();
  assert.deepEqual([answer.status, answer.application.name, answer.policy], ["ok", "lobby", "transactional"]);
  assert.equal(await (await edge.ask("/ready")).text(), "ready\n");
  assert.match(await (await edge.ask("/metrics")).text(), /^playconnect_session_live_count 0$/m);
});
