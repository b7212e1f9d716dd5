// A wire between browser and edge that a test can cut, stop and narrow, and that may be long.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Handed on at once. */
const PIECE_BYTES_MAX = 4 << 10;

export class Cut {
  /** One way of the wire each; what they say goes for all connections. */
  up;
  down;
  /** Connections that were let through. */
  connections = 0;
  #sockets = new Set();
  #closed = false;

  /**
   * Listens on a port of its own and hands everything on to the edge's.
   *
   * @param {import("node:test").TestContext} t
   * @param {number} port
   * @param {number} [delayMs] one way
   */
  static async before(t, port, delayMs = 0) {
    const cut = new Cut();
    cut.up = new Way(delayMs);
    cut.down = new Way(delayMs);
    const server = createServer({ noDelay: true }, (browser) => {
      if (cut.#closed) return browser.destroy();
      cut.connections++;
      const edge = connect({ port, host: "127.0.0.1", noDelay: true });
      for (const [socket, other, way] of [
        [browser, edge, cut.up],
        [edge, browser, cut.down],
      ]) {
        cut.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          cut.#sockets.delete(socket);
          other.destroy();
        });
        // A socket that is destroyed ends its loop by an error, which has been heard above.
        way.carry(socket, other).catch(() => socket.destroy());
      }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      cut.close();
      server.close();
    });
    cut.port = server.address().port;
    cut.url = `http://127.0.0.1:${cut.port}/`;
    return cut;
  }

  /** Cuts all connections. */
  cut() {
    for (const socket of this.#sockets) socket.destroy();
    for (const way of [this.up, this.down]) way.resume();
  }

  /** Cuts all connections and lets no new ones through. */
  close() {
    this.#closed = true;
    this.cut();
  }

  open() {
    this.#closed = false;
  }
}

/** One direction. Reads on only when it has handed on what it read: what waits beyond a piece waits in the system's buffers. */
class Way {
  /** Narrow: so many bytes a second. */
  bytesPerSecond = Infinity;
  /** Handed on in all. */
  bytes = 0;
  #delayMs;
  #stopped;
  #limit = Infinity;
  #reached;

  constructor(delayMs) {
    this.#delayMs = delayMs;
  }

  /** Hands nothing on until `resume`. */
  stop() {
    this.#stopped ??= deferred();
  }

  resume() {
    this.#stopped?.resolve();
    this.#stopped = undefined;
    this.#limit = Infinity;
  }

  /** Stops when so many more bytes were handed on. */
  async stopAfter(bytes) {
    this.#reached = deferred();
    this.#limit = this.bytes + bytes;
    await this.#reached.promise;
  }

  async carry(from, to) {
    for await (const all of from) {
      for (let at = 0; at < all.length; ) {
        await this.#stopped?.promise;
        if (to.destroyed) return;
        const length = Math.min(PIECE_BYTES_MAX, all.length - at, this.#limit - this.bytes);
        const piece = all.subarray(at, at + length);
        at += length;
        this.bytes += length;
        if (this.bytes >= this.#limit) {
          this.stop();
          this.#reached.resolve();
        }
        if (this.bytesPerSecond < Infinity) await sleep((length * 1_000) / this.bytesPerSecond);
        // Timers of one length fire in the order in which they were set.
        if (this.#delayMs > 0) setTimeout(() => to.destroyed || to.write(piece), this.#delayMs);
        else if (!to.write(piece)) await once(to, "drain");
      }
    }
    setTimeout(() => to.end(), this.#delayMs);
  }
}

function deferred() {
  let resolve;
  const promise = new Promise((given) => (resolve = given));
  return { promise, resolve };
}
