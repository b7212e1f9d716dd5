// What the browser's end of a session does, without a browser: no DOM, no socket, no clock, no randomness of its
// own. `handle` takes what happened and the time, `poll` gives what to do, `pollTimeout` says when to call with
// `tick`. Times are milliseconds on any clock that does not go backwards.

import type { Detail, Environment, EventMessage, FormState, FromEdge, Stream, ToEdge } from "./wire.ts";

export const BACKOFF_FIRST_MS = 250;
export const BACKOFF_MAX_MS = 10_000;
/** A socket that was live for so long worked: the back-off starts over behind it. */
export const LIVE_MS = 10_000;
export const PING_AFTER_MS = 20_000;
export const SILENCE_MAX_MS = 45_000;
/** From the start of a connection to WELCOME. */
export const WELCOME_WITHIN_MS = 10_000;
/** Events that wait for their acknowledgement. Over the first bound continuous events wait unnumbered, over the
 *  second the page has been cut off for so long that it is given up. */
export const QUEUE_PACED = 1_000;
export const QUEUE_MAX = 20_000;
export const PARTS_MAX = 256;

export interface RaisedEvent {
  node: number;
  name: number;
  modifiers: number;
  detail: Detail;
  form?: FormState;
  /** The last applied frame, if that was another one than it is now. */
  frame?: number;
}

export type State =
  | "connecting"
  | "live"
  | "reconnecting"
  /** Only a reload helps; a person decides. */
  | "expired"
  /** Another tab has the session, or this page may not have one. */
  | "stopped";

export type Input =
  | { type: "start" }
  | { type: "open" }
  | { type: "closed"; code: number }
  | { type: "message"; message: FromEdge }
  /** A message that could not be decoded, or a frame that could not be applied. */
  | { type: "failed" }
  /** The frame's own changes may raise events, on nodes that it makes. */
  | { type: "applying"; frame: number }
  | { type: "applied"; frame: number; fresh: boolean }
  | { type: "resync"; node: number }
  | { type: "environment"; environment: Environment }
  /** The next animation frame has come. */
  | { type: "animation-frame" }
  /** There may be a network again: do not wait for the end of the back-off. */
  | { type: "wake" }
  | { type: "tick" };

export type Output =
  | { type: "connect" }
  /** Frames that are not applied go with the socket. */
  | { type: "close" }
  | { type: "send"; message: ToEdge }
  | { type: "apply"; frame: number; fresh: boolean; parts: Stream[] }
  /** `reason`: of the edge's, where it gave one. */
  | { type: "state"; state: State; reason: string }
  | { type: "location"; how: "navigate" | "push" | "replace"; url: string }
  | { type: "request-animation-frame" }
  /** The session is gone; a new page will have a new one. */
  | { type: "reload" };

export interface Config {
  session: string;
  environment: Environment;
  /** The page was already reloaded for a lost session: do not do it again by itself, until a frame was applied. */
  reloaded: boolean;
  /** Uniform in [0, 1), for the jitter of the back-off. */
  random: () => number;
}

export class Machine {
  /** The last applied frame; 0 is the page's HTML. */
  frame = 0;
  /** Also the one that is being applied. */
  #shown = 0;
  state: State = "connecting";

  readonly #config: Config;
  #environment: Environment;
  #reloaded: boolean;
  readonly #outputs: Output[] = [];
  /** Counts sockets; the upper 22 bits name the page among those of the session. */
  #connection: number;

  /** `none` between attempts, `opening` until WELCOME, then `open`. */
  #socket: "none" | "opening" | "open" = "none";
  #attempts = 0;
  #retryAt: number | undefined;
  /** When the socket was asked for, or welcomed. */
  #since = 0;
  #heardAt = 0;
  #sentAt = 0;

  /** Of the frame whose parts come in. */
  #received = 0;
  #firstFrame = true;
  #parts: Stream[] = [];
  /** The page is not what the applied frames should make of it: only a whole page helps. */
  #broken = false;

  /** Of the event numbered last. */
  #sequence = 0;
  readonly #unacknowledged: EventMessage[] = [];
  /** Continuous events by type and node, in the order in which they were first raised. */
  readonly #continuous = new Map<string, RaisedEvent>();

  constructor(config: Config) {
    this.#config = config;
    this.#environment = config.environment;
    this.#reloaded = config.reloaded;
    this.#connection = (config.random() * 4e6) << 10;
  }

  handle(input: Input, now: number): void {
    switch (input.type) {
      case "start":
        return this.#connect(now);
      case "open":
        return this.#opened(now);
      case "closed":
        return this.#closed(input.code, "", now);
      case "message":
        this.#heardAt = now;
        return this.#message(input.message, now);
      case "failed":
        this.#broken = true;
        this.#shown = this.frame;
        return this.#lost(now);
      case "applying":
        this.#shown = input.frame;
        return;
      case "applied":
        this.frame = this.#shown = input.frame;
        this.#broken &&= !input.fresh;
        this.#attempts = 0;
        this.#reloaded = false;
        return this.#send({ type: "ack", frame: input.frame }, now);
      case "resync":
        this.#broken = true;
        return this.#send({ type: "resync", node: input.node }, now);
      case "environment":
        return this.#setEnvironment(input.environment, now);
      case "animation-frame":
        return this.#flush(now);
      case "wake":
        if (this.#retryAt !== undefined) this.#connect(now);
        return;
      case "tick":
        return this.#tick(now);
    }
  }

  /** Takes a discrete event and gives its sequence number; 0 when the page is given up. */
  raise(event: RaisedEvent, now: number): number {
    this.#flush(now, true);
    return this.#enqueue(event, now);
  }

  /** Takes an event of which only the newest counts. It is numbered at the next animation frame. */
  raiseContinuous(event: RaisedEvent): void {
    if (this.#over()) return;
    const key = `${event.name} ${event.node}`;
    // It may wait for its number across frames, and its node's id be another node's then.
    event = { ...event, frame: this.#shown };
    const waiting = this.#continuous.get(key);
    this.#continuous.set(key, waiting === undefined ? event : merge(waiting, event));
    this.#outputs.push({ type: "request-animation-frame" });
  }

  poll(): Output | undefined {
    return this.#outputs.shift();
  }

  pollTimeout(): number | undefined {
    if (this.#retryAt !== undefined) return this.#retryAt;
    if (this.#socket === "opening") return this.#since + WELCOME_WITHIN_MS;
    if (this.#socket === "open") return Math.min(this.#sentAt + PING_AFTER_MS, this.#heardAt + SILENCE_MAX_MS);
    return undefined;
  }

  #connect(now: number): void {
    if (this.#over()) return;
    this.#retryAt = undefined;
    this.#socket = "opening";
    this.#since = this.#heardAt = now;
    this.#parts = [];
    // What was handed out and not applied comes again.
    this.#received = this.frame;
    this.#firstFrame = true;
    this.#outputs.push({ type: "connect" });
  }

  #opened(now: number): void {
    if (this.#socket !== "opening") return;
    this.#sentAt = now;
    this.#outputs.push({
      type: "send",
      message: {
        type: "hello",
        resume: this.frame > 0,
        session: this.#config.session,
        frame: this.#broken ? 0 : this.frame,
        sequence: this.#sequence,
        connection: ++this.#connection,
        environment: this.#environment,
      },
    });
  }

  #message(message: FromEdge, now: number): void {
    switch (message.type) {
      case "welcome":
        return this.#welcome(message.sequence, now);
      case "frame":
        return this.#part(message, now);
      case "refused":
        return this.#closed(message.code, message.reason, now);
      case "location":
        this.#outputs.push(message);
        return;
      case "pong":
    }
  }

  #welcome(accepted: number, now: number): void {
    if (this.#socket !== "opening") return this.#lost(now);
    this.#socket = "open";
    this.#since = now;
    // A session that has seen more than this page made goes on from there.
    this.#sequence = Math.max(this.#sequence, accepted);
    this.#acknowledge(accepted);
    this.#setState("live", "");
    for (const event of this.#unacknowledged) this.#send(event, now);
    if (this.#continuous.size > 0) this.#outputs.push({ type: "request-animation-frame" });
  }

  #part(message: FromEdge & { type: "frame" }, now: number): void {
    const continues = this.#parts.length > 0;
    const expected = continues ? this.#received : this.#received + 1;
    // Only the first frame of a socket may leave numbers out: frames that were sent and lost with the last one.
    const inOrder = message.frame === expected || (this.#firstFrame && !continues && message.frame > this.#received);
    if (this.#socket !== "open" || !inOrder || this.#parts.length >= PARTS_MAX) return this.#lost(now);
    this.#firstFrame = false;
    this.#received = message.frame;
    this.#acknowledge(message.acknowledged);
    this.#parts.push(message.stream);
    if (message.more) return;
    this.#outputs.push({ ...message, type: "apply", parts: this.#parts });
    this.#parts = [];
  }

  #acknowledge(sequence: number): void {
    let count = 0;
    while (count < this.#unacknowledged.length && this.#unacknowledged[count].sequence <= sequence) count++;
    if (count === 0) return;
    this.#unacknowledged.splice(0, count);
    if (this.#continuous.size > 0) this.#outputs.push({ type: "request-animation-frame" });
  }

  #closed(code: number, reason: string, now: number): void {
    if (this.#socket === "none") return;
    switch (code) {
      case 1007:
      case 1008:
      case 1009:
        return this.#end("expired", reason);
      case 4403:
      case 4409:
        return this.#end("stopped", reason || "This page is not live.");
      case 4404:
        if (!this.#reloaded) this.#outputs.push({ type: "reload" });
        return this.#end("expired", reason);
      default:
        return this.#lost(now);
    }
  }

  #lost(now: number): void {
    if (this.#socket === "none") return;
    // A quiet page is sent no frame when it resumes.
    if (this.#socket === "open" && now >= this.#since + LIVE_MS) this.#attempts = 0;
    this.#outputs.push({ type: "close" });
    this.#socket = "none";
    this.#parts = [];
    const backoff = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    this.#retryAt = now + backoff * (0.5 + this.#config.random() / 2);
    this.#setState("reconnecting", "");
  }

  #end(state: "expired" | "stopped", reason: string): void {
    this.#socket = "none";
    this.#retryAt = undefined;
    this.#continuous.clear();
    this.#unacknowledged.length = 0;
    this.#outputs.push({ type: "close" });
    this.#setState(state, reason);
  }

  #over(): boolean {
    return this.state === "expired" || this.state === "stopped";
  }

  #tick(now: number): void {
    if (this.#retryAt !== undefined) {
      if (now >= this.#retryAt) this.#connect(now);
    } else if (this.#socket === "opening") {
      if (now >= this.#since + WELCOME_WITHIN_MS) this.#lost(now);
    } else if (this.#socket === "open") {
      if (now >= this.#heardAt + SILENCE_MAX_MS) this.#lost(now);
      else if (now >= this.#sentAt + PING_AFTER_MS) this.#send({ type: "ping" }, now);
    }
  }

  #setEnvironment(environment: Environment, now: number): void {
    if (JSON.stringify(environment) === JSON.stringify(this.#environment)) return;
    this.#environment = environment;
    this.#send({ type: "environment", environment }, now);
  }

  /** `forced`: a discrete event comes behind them, and the order is kept. */
  #flush(now: number, forced = false): void {
    if (!forced && (this.#socket !== "open" || this.#unacknowledged.length >= QUEUE_PACED)) return;
    const events = [...this.#continuous.values()];
    this.#continuous.clear();
    for (const event of events) this.#enqueue(event, now);
  }

  #enqueue(event: RaisedEvent, now: number): number {
    if (this.#over()) return 0;
    if (this.#unacknowledged.length >= QUEUE_MAX) {
      this.#end("expired", "");
      return 0;
    }
    const message: EventMessage = { type: "event", sequence: ++this.#sequence, frame: this.#shown, ...event };
    this.#unacknowledged.push(message);
    this.#send(message, now);
    return message.sequence;
  }

  /** Drops what is sent while there is no socket: HELLO and the queue of events make up for it. */
  #send(message: ToEdge, now: number): void {
    if (this.#socket !== "open") return;
    this.#sentAt = now;
    this.#outputs.push({ type: "send", message });
  }

  #setState(state: State, reason: string): void {
    if (state === this.state) return;
    this.state = state;
    this.#outputs.push({ type: "state", state, reason });
  }
}

function merge(waiting: RaisedEvent, event: RaisedEvent): RaisedEvent {
  if (waiting.detail.kind !== "wheel" || event.detail.kind !== "wheel") return event;
  const { deltaX, deltaY } = waiting.detail;
  const detail = { ...event.detail, deltaX: event.detail.deltaX + deltaX, deltaY: event.detail.deltaY + deltaY };
  return { ...event, detail };
}
