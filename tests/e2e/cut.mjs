// A wire between browser and edge that a test can cut, and that may be long.
import { connect, createServer } from "node:net";
import { Transform } from "node:stream";

export class Cut {
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
    const server = createServer((browser) => {
      if (cut.#closed) return browser.destroy();
      const edge = connect(port, "127.0.0.1");
      for (const [socket, other] of [
        [browser, edge],
        [edge, browser],
      ]) {
        cut.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          cut.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(later(delayMs)).pipe(other);
      }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      cut.close();
      server.close();
    });
    cut.url = `http://127.0.0.1:${server.address().port}/`;
    return cut;
  }

  /** Cuts all connections and lets no new ones through. */
  close() {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  open() {
    this.#closed = false;
  }
}

/** Hands on each piece so much later, in order, however many are on their way. */
function later(ms) {
  return new Transform({
    // Enough for what a test has on its way: the wire is long, not narrow.
    highWaterMark: 8 << 20,
    transform(piece, _, done) {
      if (ms === 0) return done(null, piece);
      setTimeout(() => this.push(piece), ms);
      done();
    },
    flush(done) {
      setTimeout(done, ms);
    },
  });
}
