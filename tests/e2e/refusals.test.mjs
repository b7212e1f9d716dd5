// What a browser that is not ours, or not honest, is told.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { startEdge } from "./harness.mjs";
import WebSocket from "ws";

/** Opens a session socket, says `messages` (one, or a list), and gives what came and the close. */
async function say(edge, said, options = {}) {
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
  socket.on("open", () => {
    for (const message of [said ?? []].flat()) socket.send(message);
  });
  return { ...(await closed), messages };
}

const words = (...values) => Buffer.from(new Uint32Array(values).buffer);

let connections = 0;

function hello(session) {
  const padded = session.padEnd(Math.ceil(session.length / 4) * 4, "\0");
  return Buffer.concat([words(1 | (1 << 16), session.length), Buffer.from(padded), words(0, 0, ++connections, 0, 0, 0, 1280, 800, 4)]);
}

test("another version of the protocol is refused by its number", async (t) => {
  const edge = await startEdge(t);
  const { code, reason } = await say(edge, words(1 | (9 << 16)));
  assert.equal(code, 1008);
  assert.equal(reason, "the browser speaks version 9 of the protocol, this edge speaks version 1: reload the page");
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
  const { code, reason } = await say(edge, hello("s-1"));
  assert.deepEqual([code, reason], [4404, "there is no such session (any more): reload the page"]);
});

test("what a live session's socket may not say: the browser is told, and the log names the session", async (t) => {
  const edge = await startEdge(t, { env: { PLAYCONNECT_LOG_FORMAT: "json" } });
  const [ACK, RESYNC] = [3, 5];
  const wrong = [
    [words(RESYNC, 0xffff), 1008, "RESYNC of 65535, which is no slot"],
    [words(ACK, 99), 1008, /^an ack of frame 99 where \d+ is the last$/],
    [words(99), 1007, "message type 99 is not known here"],
    [words(RESYNC), 1007, "the message is cut off at word 1"],
    [Buffer.from("no"), 1007, /./],
  ];
  for (const [bytes, expected, why] of wrong) {
    const page = await (await fetch(edge.url)).text();
    const { session } = JSON.parse(page.match(/id="playconnect-page">(.+?)<\/script>/)[1]);
    const { code, reason } = await say(edge, [hello(session), bytes]);
    assert.equal(code, expected, reason);
    if (typeof why === "string") assert.equal(reason, why);
    else assert.match(reason, why);
    const logged = (line) => line.message === "a browser broke the protocol" && line.session === session && line.why === reason;
    assert.ok(edge.log.map((line) => JSON.parse(line)).some(logged), `${reason} in the log:\n${edge.log.join("\n")}`);
  }
  const metrics = await (await edge.ask("/metrics")).text();
  assert.match(metrics, new RegExp(`^playconnect_session_protocol_errors_total ${wrong.length}$`, "m"));
});

test("a page of another origin", async (t) => {
  const edge = await startEdge(t);
  const { code, reason, messages } = await say(edge, hello("s-1"), { origin: "https://elsewhere.example" });
  assert.deepEqual([code, reason], [4403, "pages of this origin may not open sessions here; see [public] origins in node.toml"]);
  assert.deepEqual(messages.map((message) => message.readUInt8(0)), [67], "REFUSED");
});

test("paths that lead out of the app's pages", async (t) => {
  const edge = await startEdge(t);
  for (const path of ["/../playconnect.toml", "/%2e%2e/playconnect.toml", "/lobby.html", "/.hidden.css", "/nothing", "/_pc/dev"]) {
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

test("a burst gets no more sessions than the node has, and HEAD gets none", async (t) => {
  const edge = await startEdge(t, { env: { PLAYCONNECT_LIMITS_SESSIONS: "3" } });
  const heads = await Promise.all(Array.from({ length: 5 }, () => fetch(edge.url, { method: "HEAD" })));
  assert.deepEqual(heads.map(({ status }) => status), [200, 200, 200, 200, 200]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(edge.url)));
  const full = answers.filter(({ status }) => status === 503);
  assert.deepEqual([answers.filter(({ status }) => status === 200).length, full.length], [3, 17]);
  assert.equal(full[0].headers.get("retry-after"), "5");
  assert.equal(await full[0].text(), "This node is full; try again in a moment.\n");
});

test("a page that is asked for while the node stops", async (t) => {
  const edge = await startEdge(t);
  const { port, host } = new URL(edge.url);
  const late = connect(Number(port), "127.0.0.1");
  t.after(() => late.destroy());
  await once(late, "connect");
  late.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n`);
  // The server has begun to read it when it has answered somebody who came later.
  assert.equal((await fetch(edge.url, { method: "HEAD" })).status, 200);
  const stopped = edge.stop();
  while (!edge.log.some((line) => line.includes("stopping"))) await new Promise((resolve) => setTimeout(resolve, 10));
  late.write("\r\n");
  let answer = "";
  for await (const part of late) answer += part;
  assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
  assert.match(answer, /\r\nretry-after: 5\r\n/);
  assert.ok(answer.endsWith("This node is stopping; try again in a moment.\n"), answer);
  assert.deepEqual(await stopped, { code: 0, signal: null });
});
