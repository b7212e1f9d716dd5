// Simulated sessions (crates/sim, with cuts and with modules that fail), replayed to the machine: it takes what the
// simulator's browser took, and must send the same bytes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Machine } from "../src/machine.ts";
import { decode, encode, type Environment, type ToEdge } from "../src/wire.ts";

type Step = { at: number } & (
  | { opened: true }
  | { received: string }
  | { closed: number }
  | { act: number; name: number; key: string; code: string; form?: { value: string; checked: boolean; selection: [number, number] } }
  | { animationFrame: true }
  | { visible: boolean }
  | { resync: number }
  | { wake: true }
  | { tick: true }
  | { hello: string }
  | { sent: string }
  | { applied: number }
);
interface Recording {
  name: string;
  session: string;
  steps: Step[];
}

const recordings = JSON.parse(readFileSync("protocol/vectors/recordings.json", "utf8")) as Recording[];
// The simulator's: Environment::default().
const environment: Environment = { locale: "en", timeZone: "UTC", url: "/", width: 1280, height: 800, dark: false, reducedMotion: false, visible: true };

const hex = (message: ToEdge) => Buffer.from(encode(message)).toString("hex");

for (const { name, session, steps } of recordings) {
  test(`the machine sends what the simulator's browser sent: ${name}`, () => {
    const machine = new Machine({ session, environment, reloaded: false, random: () => 0.5 });
    let visible = true;
    let late = 0;
    const outputs: ToEdge[] = [];
    /** Frames that wait for an animation frame. */
    let waiting: { frame: number; fresh: boolean }[] = [];
    const applied: number[] = [];
    const drain = (now: number) => {
      for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
        if (output.type === "send") outputs.push(output.message);
        if (output.type === "apply") waiting.push(output);
        if (output.type === "close") waiting = [];
        if (!visible) apply(now);
      }
    };
    const apply = (now: number) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { frame, fresh } = next;
        applied.push(frame);
        machine.handle({ type: "applying", frame }, now);
        machine.handle({ type: "applied", frame, fresh }, now);
      }
    };
    const next = (where: string): ToEdge => {
      const message = outputs.shift();
      assert(message !== undefined, `${where}: nothing is sent`);
      return message;
    };

    machine.handle({ type: "start" }, 0);
    for (const [position, step] of steps.entries()) {
      const where = `step ${position}`;
      // The simulator counts microseconds: sums of them in milliseconds may be a little above. So a tick is a little late.
      if ("tick" in step) late += 1e-3;
      const now = step.at / 1_000 + late;
      if ("opened" in step) {
        // Only the machine's back-off has jitter: it may still be waiting.
        machine.handle({ type: "wake" }, now);
        machine.handle({ type: "open" }, now);
      } else if ("received" in step) {
        machine.handle({ type: "message", message: decode(Buffer.from(step.received, "hex")) }, now);
      } else if ("closed" in step) {
        machine.handle({ type: "closed", code: step.closed }, now);
        drain(now);
        assert.equal(machine.state, "reconnecting", where);
      } else if ("act" in step) {
        const form = step.form && { ...step.form, selected: [] };
        const detail = { kind: "key", key: step.key, code: step.code } as const;
        machine.raise({ node: step.act, name: step.name, modifiers: 0, detail, ...(form && { form }) }, now);
      } else if ("animationFrame" in step) apply(now);
      else if ("visible" in step) {
        ({ visible } = step);
        machine.handle({ type: "environment", environment: { ...environment, visible } }, now);
      } else if ("resync" in step) machine.handle({ type: "resync", node: step.resync }, now);
      else if ("wake" in step) machine.handle({ type: "wake" }, now);
      else if ("tick" in step) machine.handle({ type: "tick" }, now);
      drain(now);
      if (!visible) apply(now);
      drain(now);
      if ("hello" in step) {
        const hello = next(where);
        assert.equal(hello.type, "hello", where);
        // The simulator's browser has no HTML: it always asks for everything.
        assert.equal(hex({ ...hello, resume: true } as ToEdge), step.hello, where);
      } else if ("sent" in step) {
        assert.equal(hex(next(where)), step.sent, where);
      } else if ("applied" in step) {
        assert.equal(applied.shift(), step.applied, `${where}: frame ${step.applied} is applied`);
      }
    }
    assert.deepEqual([outputs, applied], [[], []], "nothing else is sent or applied");
    assert.equal(machine.state, "live");
  });
}

test("the recordings have cuts, events and frames", () => {
  const all = recordings.flatMap(({ steps }) => steps);
  const count = (key: string) => all.filter((step) => key in step).length;
  assert(count("closed") >= 3 && count("hello") >= 6, "cuts");
  assert(count("act") >= 100 && count("applied") >= 200, "events and frames");
  assert(count("resync") >= 3 && count("visible") >= 4 && count("tick") >= 20, "other pages");
  const resumed = recordings.flatMap(({ steps }) => steps.filter((step) => "hello" in step).slice(1));
  assert(resumed.length >= 6, "pages that go on where they were");
});
