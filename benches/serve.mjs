// Serves the pages of a yardstick on loopback.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

// An isolated page has a finer clock.
const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "cross-origin" };
const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

/** The folder's pages and scripts, until the context ends. Gives the port. */
export async function serveFolder(context, folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const kind = KINDS[path.extname(pathname)];
    const text = kind && (await readFile(path.join(folder, path.basename(pathname))).catch(() => undefined));
    if (text === undefined) return response.writeHead(404).end();
    response.writeHead(200, { ...ISOLATED, "Content-Type": kind, "Cache-Control": "no-store" }).end(text);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => new Promise((resolve) => server.close(resolve)));
  return server.address().port;
}
