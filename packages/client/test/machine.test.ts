import assert from "node:assert/strict";
import { test } from "node:test";
import { type Config, LIVE_MS, Machine, type Output, PING_AFTER_MS, QUEUE_MAX, QUEUE_PACED, type RaisedEvent, SILENCE_MAX_MS, WELCOME_WITHIN_MS } from "../src/machine.ts";
import type { Environment, EventMessage, FromEdge, ToEdge } from "../src/wire.ts";

const environment: Environment = { locale: "de", timeZone: "UTC", url: "/", width: 1, height: 1, dark: false, reducedMotion: false, visible: true };
const click = (node: number): RaisedEvent => ({ node, name: 1, modifiers: 0, detail: { kind: "none" } });
const move = (node: number, x: number): RaisedEvent => ({ node, name: 2, modifiers: 0, detail: { kind: "scroll", top: x, left: 0 } });

class Page {
  now = 1000;
  readonly machine: Machine;
  readonly log: Output[] = [];

  constructor(config: Partial<Config> = {}) {
    this.machine = new Machine({ session: "s", environment, reloaded: false, random: () => 1, ...config });
  }
  handle(...args: Parameters<Machine["handle"]> extends [infer I, number] ? [I] : never): Output[] {
    this.machine.handle(args[0], this.now);
    return this.drain();
  }
  drain(): Output[] {
    const outputs: Output[] = [];
    for (let output = this.machine.poll(); output; output = this.machine.poll()) outputs.push(output);
    this.log.push(...outputs);
    return outputs;
  }
  raise(event: RaisedEvent): number {
    const sequence = this.machine.raise(event, this.now);
    this.drain();
    return sequence;
  }
  message(message: FromEdge): Output[] {
    return this.handle({ type: "message", message });
  }
  frame(frame: number, rest: { more?: boolean; fresh?: boolean; acknowledged?: number } = {}): Output[] {
    const stream = { words: new Uint32Array(), strings: new Uint8Array() };
    return this.message({ type: "frame", more: false, fresh: false, acknowledged: 0, frame, stream, ...rest });
  }
  applied(frame: number, fresh = false): Output[] {
    return this.handle({ type: "applied", frame, fresh });
  }
  /** Connects, and applies frame 1 on the first time. */
  live(accepted = 0): ToEdge[] {
    this.handle({ type: "open" });
    const start = this.log.length;
    this.message({ type: "welcome", version: 1, sequence: accepted });
    return sent(this.log.slice(start));
  }
  /** Waits until the machine connects again; gives the milliseconds that it took. */
  wait(): number {
    const start = this.now;
    this.now = this.machine.pollTimeout()!;
    assert.deepEqual(this.handle({ type: "tick" }).at(-1), { type: "connect" });
    return this.now - start;
  }
}
const sent = (outputs: Output[]): ToEdge[] => outputs.flatMap((output) => (output.type === "send" ? [output.message] : []));
const states = (page: Page) => page.log.flatMap((output) => (output.type === "state" ? [output.state] : []));

function livePage(config?: Partial<Config>): Page {
  const page = new Page(config);
  page.handle({ type: "start" });
  page.live();
  page.frame(1);
  page.applied(1);
  return page;
}

test("first contact: HELLO without resume, a frame, its ack", () => {
  const page = new Page();
  assert.deepEqual(page.handle({ type: "start" }), [{ type: "connect" }]);
  assert.deepEqual(sent(page.handle({ type: "open" })), [{ type: "hello", resume: false, session: "s", frame: 0, sequence: 0, connection: (4e6 << 10) + 1, environment }]);
  page.message({ type: "welcome", version: 1, sequence: 0 });
  assert.deepEqual(page.frame(1).map(({ type }) => type), ["apply"]);
  assert.deepEqual(sent(page.applied(1)), [{ type: "ack", frame: 1 }]);
  assert.equal(page.machine.frame, 1);
});

test("the parts of a frame are handed out together, with the last one", () => {
  const page = livePage();
  assert.deepEqual(page.frame(2, { more: true, fresh: true }), []);
  assert.deepEqual(page.frame(2, { more: true, fresh: true }), []);
  const [output] = page.frame(2, { fresh: true });
  assert.ok(output.type === "apply" && output.parts.length === 3 && output.fresh);
});

test("a gap in the numbers of frames starts a new connection", () => {
  const page = livePage();
  assert.ok(page.frame(3).some(({ type }) => type === "close"));
  page.wait();
});

test("events are numbered from 1 and sent at once", () => {
  const page = livePage();
  assert.equal(page.raise(click(5)), 1);
  assert.equal(page.raise(click(6)), 2);
  assert.deepEqual(
    sent(page.log).filter(({ type }) => type === "event").map((event) => [(event as EventMessage).sequence, (event as EventMessage).node, (event as EventMessage).frame]),
    [[1, 5, 1], [2, 6, 1]],
  );
});

test("an event that a frame raises while it is applied is of that frame; of the one before, if that fails", () => {
  const page = livePage();
  page.frame(2);
  page.handle({ type: "applying", frame: 2 });
  page.raise(click(5));
  page.applied(2);
  page.raise(click(6));
  page.frame(3);
  page.handle({ type: "applying", frame: 3 });
  page.handle({ type: "failed" });
  page.raise(click(7));
  page.wait();
  const events = page.live() as EventMessage[];
  assert.deepEqual(events.map(({ node, frame }) => [node, frame]), [[5, 2], [6, 2], [7, 2]]);
});

test("events queue while the socket is away and are sent again above what WELCOME says", () => {
  const page = livePage();
  page.raise(click(1));
  page.raise(click(2));
  page.handle({ type: "closed", code: 1006 });
  page.raise(click(3));
  page.raise(click(4));
  page.wait();
  const hello = sent(page.handle({ type: "open" }))[0];
  assert.ok(hello.type === "hello" && hello.resume && hello.frame === 1 && hello.sequence === 4);
  const again = sent(page.message({ type: "welcome", version: 1, sequence: 1 })) as EventMessage[];
  assert.deepEqual(again.map(({ sequence, node }) => [sequence, node]), [[2, 2], [3, 3], [4, 4]]);
  page.frame(7, { fresh: true, acknowledged: 4 });
  assert.equal(page.applied(7).length, 1);
  page.handle({ type: "closed", code: 1006 });
  page.wait();
  assert.deepEqual(page.live(4), []);
});

test("an acknowledged event is not sent again", () => {
  const page = livePage();
  page.raise(click(1));
  page.raise(click(2));
  page.frame(2, { acknowledged: 1 });
  page.handle({ type: "closed", code: 1006 });
  page.wait();
  assert.deepEqual((page.live(0) as EventMessage[]).map(({ sequence }) => sequence), [2]);
});

test("continuous events of one type and node become one, wheel deltas add up, and a discrete event comes behind them", () => {
  const page = livePage();
  const wheel = (deltaY: number): RaisedEvent => ({ node: 9, name: 3, modifiers: 0, detail: { kind: "wheel", x: 0, y: 0, deltaX: 0, deltaY, deltaMode: 0 } });
  for (const x of [1, 2, 3]) page.machine.raiseContinuous(move(7, x));
  page.machine.raiseContinuous(move(8, 4));
  page.machine.raiseContinuous(wheel(10));
  page.machine.raiseContinuous(wheel(5));
  const start = page.drain().length;
  assert.ok(start > 0);
  page.log.length = 0;
  assert.equal(page.raise(click(1)), 4);
  const events = sent(page.log) as EventMessage[];
  assert.deepEqual(events.map(({ sequence, node }) => [sequence, node]), [[1, 7], [2, 8], [3, 9], [4, 1]]);
  assert.deepEqual(events[0].detail, { kind: "scroll", top: 3, left: 0 });
  assert.ok(events[2].detail.kind === "wheel" && events[2].detail.deltaY === 15);
});

test("continuous events wait for an animation frame, and for the socket", () => {
  const page = livePage();
  page.machine.raiseContinuous(move(7, 1));
  assert.deepEqual(page.drain(), [{ type: "request-animation-frame" }]);
  assert.equal(sent(page.handle({ type: "animation-frame" })).length, 1);
  page.handle({ type: "closed", code: 1006 });
  for (let x = 0; x < 100; x++) page.machine.raiseContinuous(move(7, x));
  assert.equal(sent(page.handle({ type: "animation-frame" })).length, 0);
  page.wait();
  page.live(1);
  assert.equal(sent(page.handle({ type: "animation-frame" })).length, 1);
});

test("a continuous event is of the frame at which it was raised, however long it waits for its number", () => {
  const page = livePage();
  for (let at = 1; at <= QUEUE_PACED; at++) page.raise(click(1));
  page.machine.raiseContinuous(move(7, 1));
  page.machine.raiseContinuous(move(8, 1));
  page.handle({ type: "animation-frame" });
  for (const [frame, acknowledged] of [[2, 0], [3, QUEUE_PACED]]) {
    page.frame(frame, { acknowledged });
    page.applied(frame);
    if (frame === 2) page.machine.raiseContinuous(move(8, 2));
  }
  const events = sent(page.handle({ type: "animation-frame" })) as EventMessage[];
  assert.deepEqual(events.map(({ node, frame }) => [node, frame]), [[7, 1], [8, 2]]);
});

test("back-off doubles from 0.25 s to 10 s and starts over when a frame was applied", () => {
  const page = livePage();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    page.handle({ type: "closed", code: 1006 });
    waits.push(page.wait());
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  page.live();
  page.frame(2, { fresh: true });
  page.applied(2);
  page.handle({ type: "closed", code: 1012 });
  assert.equal(page.wait(), 250);
  assert.deepEqual(states(page), ["live", "reconnecting", "live", "reconnecting"]);
});

test("back-off starts over behind a socket that was live for 10 s, and not behind one that opened for as long", () => {
  const page = livePage();
  const waits: number[] = [];
  for (const liveMs of [0, LIVE_MS - 1, LIVE_MS, 0, LIVE_MS]) {
    page.now += liveMs;
    page.handle({ type: "closed", code: 1006 });
    waits.push(page.wait());
    page.now += WELCOME_WITHIN_MS - 1;
    page.live();
  }
  assert.deepEqual(waits, [250, 500, 250, 500, 250]);
});

test("jitter takes off up to half", () => {
  const page = livePage({ random: () => 0 });
  page.handle({ type: "closed", code: 1006 });
  assert.equal(page.wait(), 125);
});

test("a wake-up ends the back-off", () => {
  const page = livePage();
  page.handle({ type: "closed", code: 1006 });
  assert.deepEqual(page.handle({ type: "wake" }), [{ type: "connect" }]);
  assert.deepEqual(page.handle({ type: "wake" }), []);
});

for (const [code, state] of [[1007, "expired"], [1008, "expired"], [1009, "expired"], [4403, "stopped"], [4404, "expired"], [4409, "stopped"]] as const) {
  for (const how of ["REFUSED", "close code"]) {
    test(`${code} as ${how}: ${state}, and no new connection`, () => {
      const page = new Page({ reloaded: true });
      page.handle({ type: "start" });
      page.live();
      if (how === "REFUSED") page.message({ type: "refused", version: 1, code, reason: "why" });
      else page.handle({ type: "closed", code });
      assert.equal(page.machine.state, state);
      page.handle({ type: "closed", code: 1006 });
      page.handle({ type: "wake" });
      assert.equal(page.machine.pollTimeout(), undefined);
      assert.equal(page.raise(click(1)), 0);
      assert.ok(!page.log.some(({ type }) => type === "reload"));
    });
  }
}

for (const code of [1000, 1001, 1006, 1011, 1012, 1013]) {
  test(`${code}: tries again`, () => {
    const page = livePage();
    page.handle({ type: "closed", code });
    assert.equal(page.machine.state, "reconnecting");
    page.wait();
  });
}

test("a session that is gone reloads the page once", () => {
  const page = livePage();
  assert.ok(page.message({ type: "refused", version: 1, code: 4404, reason: "" }).some(({ type }) => type === "reload"));
});

test("a silent page pings, a silent edge is given up", () => {
  const page = livePage();
  page.now = page.machine.pollTimeout()!;
  assert.equal(page.now, 1000 + PING_AFTER_MS);
  assert.deepEqual(sent(page.handle({ type: "tick" })), [{ type: "ping" }]);
  page.message({ type: "pong" });
  const heard = page.now;
  while (page.machine.state === "live") {
    page.now = page.machine.pollTimeout()!;
    page.handle({ type: "tick" });
  }
  assert.equal(page.now, heard + SILENCE_MAX_MS);
});

test("an edge that does not welcome is given up", () => {
  const page = new Page();
  page.handle({ type: "start" });
  page.handle({ type: "open" });
  page.now = page.machine.pollTimeout()!;
  assert.equal(page.now, 1000 + WELCOME_WITHIN_MS);
  page.handle({ type: "tick" });
  assert.equal(page.machine.state, "reconnecting");
});

test("half a frame from a lost socket is forgotten", () => {
  const page = livePage();
  page.frame(2, { more: true });
  page.handle({ type: "closed", code: 1006 });
  page.wait();
  page.live();
  const [output] = page.frame(2, { fresh: true });
  assert.ok(output.type === "apply" && output.parts.length === 1);
});

test("a page that is not what it should be says so until a fresh frame has been applied", () => {
  const page = livePage();
  const hello = () => {
    page.handle({ type: "closed", code: 1006 });
    page.wait();
    const [message] = sent(page.handle({ type: "open" }));
    page.message({ type: "welcome", version: 1, sequence: 0 });
    return message.type === "hello" ? message.frame : undefined;
  };
  page.handle({ type: "resync", node: 1 });
  assert.equal(hello(), 0);
  page.frame(2, { fresh: true, more: true });
  assert.equal(hello(), 0, "after one part");
  page.frame(3, { fresh: true });
  assert.equal(hello(), 0, "after all parts, not applied");
  page.frame(4, { fresh: true });
  page.applied(4, true);
  assert.equal(hello(), 4);
  page.handle({ type: "resync", node: 1 });
  page.frame(5);
  page.applied(5);
  assert.equal(hello(), 0, "after a frame that is not fresh");
});

test("a connection that was lost before the first frame is not a resume", () => {
  const page = new Page();
  page.handle({ type: "start" });
  page.live();
  page.handle({ type: "closed", code: 1006 });
  page.wait();
  const hello = sent(page.handle({ type: "open" }))[0];
  assert.ok(hello.type === "hello" && !hello.resume);
});

test("a page that cannot get its events away is given up", () => {
  const page = livePage();
  page.handle({ type: "closed", code: 1006 });
  for (let at = 1; at <= QUEUE_MAX; at++) assert.equal(page.raise(click(1)), at);
  assert.equal(page.raise(click(1)), 0);
  assert.equal(page.machine.state, "expired");
});

test("an environment is sent when it changed, and with the next HELLO when the socket was away", () => {
  const page = livePage();
  assert.deepEqual(page.handle({ type: "environment", environment: { ...environment } }), []);
  assert.deepEqual(sent(page.handle({ type: "environment", environment: { ...environment, width: 2 } })).map(({ type }) => type), ["environment"]);
  page.handle({ type: "closed", code: 1006 });
  assert.deepEqual(page.handle({ type: "environment", environment: { ...environment, width: 3 } }), []);
  page.wait();
  const hello = sent(page.handle({ type: "open" }))[0];
  assert.ok(hello.type === "hello" && hello.environment.width === 3);
});
