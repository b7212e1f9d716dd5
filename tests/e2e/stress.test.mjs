// `playconnect stress`: scripted users of a page, and what is said of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { binary, metric, screenshot, startBrowser, startEdge } from "./harness.mjs";

/** Runs it in a folder of its own. */
async function start(t, args) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-stress-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(binary, ["stress", ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill());
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) child[stream].setEncoding("utf8").on("data", (text) => (said[stream] += text));
  const ended = new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said, folder })));
  return { folder, ended };
}

/** The object on the last line. */
const last = ({ stdout }) => JSON.parse(stdout.trimEnd().split("\n").at(-1));

const SCRIPT = `every = "200ms"
[[step]]
slot = "menu"
click = '[aria-label="One player more"]'
[[step]]
slot = "menu"
type = "garden"
into = "#find"
[[step]]
wait = "300ms"
`;

test("users of the lobby are answered, and what they saw is told", async (t) => {
  const edge = await startEdge(t);
  const { token_file: token } = edge.said[0];
  const folder = await mkdtemp(join(tmpdir(), "playconnect-script-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "script.toml"), SCRIPT);
  const common = ["--url", edge.url, "--admin", edge.admin, "--token-file", token];

  await t.test("by a script", async (t) => {
    const { ended } = await start(t, [...common, "--sessions", "4", "--seconds", "4", "--ramp", "1", "--script", join(folder, "script.toml"), "--json"]);
    const run = await ended;
    assert.equal(run.code, 0, run.stderr);
    const report = last(run);
    assert.equal(report.errors, 0, JSON.stringify(report.errors_by_kind));
    assert.equal(report.live_max, 4);
    // In 1.4 s each user does seven things; a loaded machine does half of it.
    assert.ok(report.events_answered >= 30, JSON.stringify(report));
    const { p50, p99, max } = report.click_to_frame_ms;
    assert.ok(0 < p50 && p50 <= p99 && p99 <= max, JSON.stringify(report.click_to_frame_ms));
    assert.ok(report.node.cpu_cores > 0 && report.node.resident_max_bytes > 10 << 20, JSON.stringify(report.node));
    assert.ok(report.node.turn_latency_ms.ui.turns >= report.events_answered, JSON.stringify(report.node));
    const picture = await (await startBrowser(t)).newPage({ viewport: { width: 900, height: 1200 } });
    await picture.goto(pathToFileURL(join(run.folder, "playconnect-stress.html")).href);
    assert.equal(await picture.locator("figure").count(), 5);
    assert.equal(await picture.locator("polyline").count() >= 5, true);
    await screenshot(picture, "stress");
  });

  await t.test("without one, and said to people", async (t) => {
    const { ended } = await start(t, ["--url", edge.url, "--sessions", "2", "--seconds", "3", "--picture", "other.html"]);
    const run = await ended;
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /^sessions +2 at the same time, of 2$/m);
    assert.match(run.stdout, /^click → frame +p50 [\d.]+ ms, p99 [\d.]+ ms, max [\d.]+ ms$/m);
    assert.match(run.stdout, /^errors +0$/m);
    assert.match(run.stdout, /other\.html/);
    assert.match(await readFile(join(run.folder, "other.html"), "utf8"), /<svg/);
  });

  await t.test("a step that names nothing", async (t) => {
    await writeFile(join(folder, "wrong.toml"), '[[step]]\nslot = "menu"\nclick = "#nowhere"\n');
    const { ended } = await start(t, ["--url", edge.url, "--sessions", "1", "--seconds", "2", "--script", join(folder, "wrong.toml"), "--json"]);
    const run = await ended;
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^error: nobody was answered/m);
    const { errors, errors_by_kind } = last(run);
    assert.ok(errors >= 1);
    assert.match(errors_by_kind.script.first, /nowhere.*in the slot menu/);
  });

  await t.test("a wrong token", async (t) => {
    await writeFile(join(folder, "token"), "wrong");
    const { ended } = await start(t, ["--url", edge.url, "--admin", edge.admin, "--token-file", join(folder, "token"), "--sessions", "1", "--seconds", "1"]);
    const run = await ended;
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^error: http:\/\/127\.0\.0\.1:\d+\/: status 401/m);
  });

  // The users' sockets are closed when they go.
  for (let tries = 0; tries < 50 && (await metric(edge, "session_sockets_count")) > 0; tries++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await metric(edge, "session_sockets_count"), 0);
});

test("a node that dies is told as errors, and users come again when it is back", async (t) => {
  const first = await startEdge(t);
  const { ended } = await start(t, ["--url", first.url, "--sessions", "2", "--seconds", "12", "--json"]);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await first.stop("SIGKILL");
  const second = await startEdge(t, { ports: first.ports });
  const run = await ended;
  assert.equal(run.code, 0, run.stderr);
  const { errors, errors_by_kind } = last(run);
  assert.ok(errors >= 2, JSON.stringify(errors_by_kind));
  assert.equal(errors_by_kind.lost.count, 2, JSON.stringify(errors_by_kind));
  assert.ok((await metric(second, "page_rendered_total")) >= 2, "they have come again");
});
