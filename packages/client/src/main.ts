// Makes a page live: finds its slots, connects, and lets the machine, the applier and the listeners work together.
//
// The page says what it is in `<script type="application/json" id="playconnect-page">{"session":"…","socket":"…"}</script>`.

import { Applier, type SlotStatus } from "./applier.ts";
import { Events } from "./events.ts";
import { watchCompositions } from "./form.ts";
import { type Input, Machine, type Output, type State } from "./machine.ts";
import { Note, PATIENCE_MS, sayState } from "./status.ts";
import { decode, encode, type Environment, type Stream, URL_MAX, WireError } from "./wire.ts";

/** Set while a page is loaded again because its session was gone: it does so once, not for ever. */
const RELOADED = "playconnect.reloaded";

interface Page {
  session: string;
  /** Path or URL of the session socket. */
  socket: string;
}

interface Frame {
  frame: number;
  fresh: boolean;
  parts: Stream[];
}

declare global {
  interface Window {
    /** For tests and for people with a console. */
    playconnect?: { frame(): number; state(): State; slots: ReadonlyMap<string, ShadowRoot> };
  }
}

class Client {
  readonly slots: ReadonlyMap<string, ShadowRoot>;
  readonly machine: Machine;
  readonly #page: Page;
  readonly #applier: Applier;
  readonly #note = new Note(document);
  readonly #notes = new Map<ShadowRoot, Note>();
  readonly #refused = new Set<string>();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #animationFrame = 0;
  #frames: Frame[] = [];
  #running = false;

  constructor(page: Page) {
    this.#page = page;
    this.slots = slotRoots(document, new Map());
    this.machine = new Machine({
      session: page.session,
      environment: environment(),
      reloaded: sessionStorage.getItem(RELOADED) !== null,
      random: Math.random,
    });
    const events = new Events([...this.slots.values()], (event, continuous) => {
      if (continuous) this.machine.raiseContinuous(event);
      const sequence = continuous ? 0 : this.machine.raise(event, performance.now());
      this.#run();
      return sequence;
    });
    this.#applier = new Applier({
      slots: this.slots,
      events,
      status: (status) => this.#slotStatus(status),
      refused: (what) => this.#refuse(what),
    });
    this.slots.forEach(watchCompositions);
    const environmentChanged = () => this.handle({ type: "environment", environment: environment() });
    for (const type of ["resize", "popstate", "languagechange"]) addEventListener(type, environmentChanged);
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)"]) {
      matchMedia(query).addEventListener("change", environmentChanged);
    }
    document.addEventListener("visibilitychange", () => {
      environmentChanged();
      // No animation frame comes while the page is hidden.
      if (document.hidden) this.#onAnimationFrame();
      else this.handle({ type: "wake" });
    });
    addEventListener("online", () => this.handle({ type: "wake" }));
    // A socket without a network says nothing for a long time.
    addEventListener("offline", () => this.handle({ type: "closed", code: 1006 }));
  }

  handle(input: Input): void {
    this.machine.handle(input, performance.now());
    this.#run();
  }

  #run(): void {
    // An output may lead back here: a frame's `focus` raises an event.
    if (this.#running) return;
    this.#running = true;
    try {
      for (let output = this.machine.poll(); output !== undefined; output = this.machine.poll()) this.#output(output);
    } finally {
      this.#running = false;
    }
    clearTimeout(this.#timer);
    const timeout = this.machine.pollTimeout();
    if (timeout === undefined) return;
    this.#timer = setTimeout(() => this.handle({ type: "tick" }), Math.max(0, timeout - performance.now()));
  }

  #output(output: Output): void {
    switch (output.type) {
      case "connect":
        return this.#connect();
      case "close":
        this.#socket?.close();
        this.#socket = undefined;
        this.#frames = [];
        return;
      case "send":
        if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encode(output.message) as Uint8Array<ArrayBuffer>);
        return;
      case "apply":
        this.#frames.push(output);
        return this.#requestAnimationFrame();
      case "request-animation-frame":
        return this.#requestAnimationFrame();
      case "state":
        if (output.state === "live") sessionStorage.removeItem(RELOADED);
        return sayState(this.#note, output.state, output.reason);
      case "location":
        changeLocation(output.how, output.url);
        return this.handle({ type: "environment", environment: environment() });
      case "reload":
        sessionStorage.setItem(RELOADED, "1");
        location.reload();
    }
  }

  #connect(): void {
    const url = new URL(this.#page.socket, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    // A socket that was given up has nothing more to say.
    const current = (handle: () => void) => () => this.#socket === socket && handle();
    socket.onopen = current(() => this.handle({ type: "open" }));
    socket.onclose = ({ code }) => current(() => this.handle({ type: "closed", code }))();
    socket.onmessage = ({ data }) => current(() => this.#message(data))();
  }

  #message(data: unknown): void {
    try {
      if (!(data instanceof ArrayBuffer)) throw new WireError("a message of text");
      this.handle({ type: "message", message: decode(new Uint8Array(data)) });
    } catch (error) {
      this.#fail(error);
    }
  }

  #requestAnimationFrame(): void {
    if (document.hidden) {
      // In this task, but behind the outputs that are being worked off.
      queueMicrotask(() => this.#onAnimationFrame());
    } else if (this.#animationFrame === 0) {
      this.#animationFrame = requestAnimationFrame(() => this.#onAnimationFrame());
    }
  }

  #onAnimationFrame(): void {
    cancelAnimationFrame(this.#animationFrame);
    this.#animationFrame = 0;
    this.handle({ type: "animation-frame" });
    // One that cannot be applied takes those behind it along, which build on it.
    for (let frame; (frame = this.#frames.shift()); ) this.#apply(frame);
  }

  #apply({ frame, fresh, parts }: Frame): void {
    this.machine.handle({ type: "applying", frame }, 0);
    try {
      const resyncs = this.#applier.apply(parts, fresh);
      this.handle({ type: "applied", frame, fresh });
      for (const node of resyncs) this.handle({ type: "resync", node });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    console.error("playconnect: connects anew, because", error);
    this.handle({ type: "failed" });
  }

  #slotStatus({ root, state, text }: SlotStatus): void {
    const { host } = root;
    host.setAttribute("data-pc-status", ["live", "restarting", "disabled", "loading"][state]);
    let note = this.#notes.get(root);
    if (note === undefined) this.#notes.set(root, (note = new Note(root)));
    // A module that is back soon was never away; while it is loaded again, it still is.
    if (state !== 3) note.say(text, state === 1 ? PATIENCE_MS : 0);
  }

  #refuse(what: string): void {
    if (this.#refused.has(what) || this.#refused.size >= 100) return;
    this.#refused.add(what);
    console.warn(`playconnect: ${what} was left out; it is not in the allow-list`);
  }
}

/** The slots that stand here, and those inside of them. */
function slotRoots(within: ParentNode, roots: Map<string, ShadowRoot>): Map<string, ShadowRoot> {
  for (const slot of within.querySelectorAll("pc-slot[name]")) {
    // `attachShadow` would empty a root that the parser made.
    const root = slot.shadowRoot ?? slot.attachShadow({ mode: "open" });
    const name = slot.getAttribute("name")!;
    if (!roots.has(name)) roots.set(name, root);
    // A module makes elements of this name to offer places. No module makes a root: in one stands what the edge put there.
    for (const { shadowRoot } of root.querySelectorAll("pc-slot")) if (shadowRoot) slotRoots(shadowRoot, roots);
  }
  return roots;
}

function environment(): Environment {
  const prefers = (query: string) => matchMedia(`(prefers-${query})`).matches;
  return {
    locale: navigator.language,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    url: (location.pathname + location.search + location.hash).slice(0, URL_MAX),
    width: innerWidth,
    height: innerHeight,
    dark: prefers("color-scheme: dark"),
    reducedMotion: prefers("reduced-motion: reduce"),
    visible: !document.hidden,
  };
}

/** Stays within the page's origin, whatever the text looked like to the edge: the URL parser drops tabs and line breaks. */
function changeLocation(how: "navigate" | "push" | "replace", text: string): void {
  const url = new URL(text, location.href);
  if (url.origin !== location.origin) console.warn(`playconnect: ${text} was left out`);
  else if (how === "navigate") location.assign(url);
  else history[`${how}State`](null, "", url);
}

function boot(): void {
  // Not `playconnect`: an element's id is a property of window too, and ours is the object that is put there.
  const element = document.getElementById("playconnect-page");
  if (element === null) return console.error('playconnect: the page has no <script id="playconnect-page">');
  const client = new Client(JSON.parse(element.textContent ?? "") as Page);
  const { machine, slots } = client;
  window.playconnect = { frame: () => machine.frame, state: () => machine.state, slots };
  client.handle({ type: "start" });
}

// An async module may run before the parser has seen the last slot.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot);
else boot();
