// Simulated sessions (crates/sim, with cuts and with modules that fail), replayed to the machine: it takes what the
// simulator's browser took, and must send the same bytes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Machine, type Output } from "../src/machine.ts";
import { decode, encode, type Environment, type ToEdge } from "../src/wire.ts";

type Step = { at: number } & (
  | { opened: true }
  | { received: string }
  | { closed: number }
  | { act: number; name: number }
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
    let outputs: Output[] = [];
    const drain = (now: number) => {
      for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
        outputs.push(output);
        // A frame is applied where it comes.
        if (output.type === "apply") machine.handle({ type: "applied", frame: output.frame }, now);
      }
      // What only one of the two says: its state, and when it connects.
      outputs = outputs.filter(({ type }) => type === "send" || type === "apply");
    };
    const next = (where: string): ToEdge => {
      const output = outputs.find(({ type }) => type === "send");
      assert(output?.type === "send", `${where}: nothing is sent`);
      outputs.splice(outputs.indexOf(output), 1);
      return output.message;
    };

    machine.handle({ type: "start" }, 0);
    for (const [position, step] of steps.entries()) {
      const where = `step ${position}`;
      const now = step.at / 1_000;
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
        machine.raise({ node: step.act, name: step.name, modifiers: 0, detail: { kind: "none" } }, now);
      }
      drain(now);
      if ("hello" in step) {
        const hello = next(where);
        assert.equal(hello.type, "hello", where);
        // The simulator's browser has no HTML: it always asks for everything.
        assert.equal(hex({ ...hello, resume: true } as ToEdge), step.hello, where);
      } else if ("sent" in step) {
        assert.equal(hex(next(where)), step.sent, where);
      } else if ("applied" in step) {
        const output = outputs.shift();
        assert(output?.type === "apply" && output.frame === step.applied, `${where}: frame ${step.applied} is applied`);
      }
    }
    assert.deepEqual(outputs, [], "nothing else is sent or applied");
    assert.equal(machine.state, "live");
  });
}

test("the recordings have cuts, events and frames", () => {
  const all = recordings.flatMap(({ steps }) => steps);
  const count = (key: string) => all.filter((step) => key in step).length;
  assert(count("closed") >= 3 && count("hello") >= 6, "cuts");
  assert(count("act") >= 20 && count("applied") >= 50, "events and frames");
});
