// A real Chromium, and an edge of a few lines: it serves one page under the strictest policy that the client needs,
// and a session socket of which a test writes the frames.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { type WebSocket, WebSocketServer } from "ws";
import { options } from "../options.mjs";
import type { FromEdge, ToEdge } from "../src/wire.ts";
import { decodeToEdge, encodeFromEdge, Ops } from "./edge.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** How long a test waits for the other side. */
const PATIENCE_MS = 5_000;

export class Edge {
  /** The slots' HTML, by name. */
  slots: Record<string, string> = { one: "" };
  readonly violations: string[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];
  private readonly arrived: Connection[] = [];
  private constructor(
    readonly origin: string,
    private readonly browser: Browser,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async start(): Promise<Edge> {
    const { outputFiles } = await build({ ...options, entryPoints: [fileURLToPath(new URL("../../src/main.ts", import.meta.url))] });
    let edge: Edge | undefined;
    const server = createServer((request, response) => {
      const path = new URL(request.url!, "http://localhost").pathname;
      response.setHeader("content-security-policy", POLICY);
      response.setHeader("cache-control", "no-store");
      if (path === "/client.js") response.setHeader("content-type", "text/javascript").end(outputFiles[0].text);
      else if (path === "/page") response.setHeader("content-type", "text/html; charset=utf-8").end(edge!.html());
      else response.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const sockets = new WebSocketServer({ server, path: "/_pc/session" });
    sockets.on("connection", (socket) => edge!.accept(socket));
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    edge = new Edge(origin, browser, async () => {
      sockets.clients.forEach((client) => client.terminate());
      await new Promise((closed) => server.close(closed));
    });
    return edge;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.stopServer();
  }

  /** Opens the page in a context of its own. `before` runs in the page ahead of everything else. */
  async open(slots: Record<string, string>, before?: () => void): Promise<{ page: Page; connection: Connection }> {
    this.slots = slots;
    // A page of an earlier test would connect again in the middle of this one.
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    this.arrived.length = this.waiting.length = 0;
    const context = await this.browser.newContext();
    const page = await context.newPage();
    page.on("pageerror", (error) => this.violations.push(String(error)));
    page.on("console", (message) => {
      if (process.env.VERBOSE) console.log(message.text());
      if (/Content Security Policy|TrustedHTML/.test(message.text())) this.violations.push(message.text());
    });
    if (before) await page.addInitScript(before);
    await page.goto(`${this.origin}/page`);
    return { page, connection: await this.connection() };
  }

  /** The next socket on which a HELLO came, welcomed. */
  async connection(accepted = 0): Promise<Connection> {
    const connection = this.arrived.shift() ?? (await within("a socket", new Promise<Connection>((arrive) => this.waiting.push(arrive))));
    connection.hello = await connection.next("hello");
    connection.send({ type: "welcome", version: 1, sequence: accepted });
    return connection;
  }

  private accept(socket: WebSocket): void {
    const connection = new Connection(socket);
    const waiting = this.waiting.shift();
    if (waiting) waiting(connection);
    else this.arrived.push(connection);
  }

  private html(): string {
    const slots = Object.entries(this.slots).map(
      ([name, html]) =>
        `<pc-slot name="${name}"><template shadowrootmode="open"><link rel="stylesheet" data-pc-host href="/none.css">${html}</template></pc-slot>`,
    );
    const boot = JSON.stringify({ session: "s-1", socket: "/_pc/session" });
    return `<!doctype html><html lang="en"><title>page</title><body>${slots.join("")}<script type="application/json" id="playconnect-page">${boot}</script><script type="module" async src="/client.js"></script>`;
  }
}

export class Connection {
  hello!: ToEdge & { type: "hello" };
  readonly received: ToEdge[] = [];
  closed = false;
  private read = 0;
  private wake: () => void = () => {};

  constructor(private readonly socket: WebSocket) {
    socket.on("message", (data: Buffer) => {
      this.received.push(decodeToEdge(new Uint8Array(data)));
      this.wake();
    });
    socket.on("close", () => {
      this.closed = true;
      this.wake();
    });
  }

  send(message: FromEdge): void {
    this.socket.send(encodeFromEdge(message));
  }

  /** Sends a frame and waits until it is applied. */
  async frame(frame: number, ops: Ops | Ops[], { fresh = false, acknowledged = 0 } = {}): Promise<void> {
    this.post(frame, ops, { fresh, acknowledged });
    for (let ack; ack !== frame; ) ack = (await this.next("ack")).frame;
  }

  post(frame: number, ops: Ops | Ops[], { fresh = false, acknowledged = 0 } = {}): void {
    const parts = [ops].flat();
    parts.forEach((part, at) =>
      this.send({ type: "frame", more: at < parts.length - 1, fresh, frame, acknowledged, stream: part.stream() }),
    );
  }

  /** The next message of this type; those before it are skipped. */
  async next<T extends ToEdge["type"]>(type: T): Promise<ToEdge & { type: T }> {
    const find = async () => {
      for (;;) {
        while (this.read < this.received.length) {
          const message = this.received[this.read++];
          if (message.type === type) return message as ToEdge & { type: T };
        }
        await new Promise<void>((wake) => (this.wake = wake));
      }
    };
    return within(`a message ${type}`, find());
  }

  close(code = 1012): void {
    this.socket.close(code);
  }
  terminate(): void {
    this.socket.terminate();
  }
  async ended(): Promise<void> {
    await within("the socket's end", (async () => {
      while (!this.closed) await new Promise<void>((wake) => (this.wake = wake));
    })());
  }
}

async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`waited ${PATIENCE_MS} ms for ${what}`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
