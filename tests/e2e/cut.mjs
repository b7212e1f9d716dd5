// A wire between browser and edge that a test can cut.
import { connect, createServer } from "node:net";

export class Cut {
  #sockets = new Set();
  #closed = false;

  /**
   * Listens on a port of its own and hands everything on to the edge's.
   *
   * @param {import("node:test").TestContext} t
   * @param {number} port
   */
  static async before(t, port) {
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
        socket.pipe(other);
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
