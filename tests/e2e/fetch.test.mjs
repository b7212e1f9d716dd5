// What a module gets of other hosts through the edge: what is granted, and of the rest the reason.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { assemble } from "./hostile/app.mjs";
import { live, openPage, startBrowser, startEdge } from "./harness.mjs";

/** A server on loopback; `asked` collects method and path of what it was asked. */
async function startServer(t, answer) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, origin: `http://127.0.0.1:${server.address().port}` };
}

test("a module asks other hosts", async (t) => {
  const secret = await startServer(t, (_, response) => response.end("a secret"));
  const granted = await startServer(t, ({ url }, response) => {
    const redirects = {
      "/inside": `${secret.origin}/secret`,
      "/metadata": "http://169.254.169.254/latest/meta-data/",
      "/mapped": `${secret.origin.replace("127.0.0.1", "[::ffff:127.0.0.1]")}/secret`,
      "/moved": "/scores",
    };
    if (url in redirects) response.writeHead(302, { location: redirects[url] }).end();
    else if (url === "/long") response.end("x".repeat(2_000));
    // Never answered.
    else if (url !== "/slow") response.end("12 : 7");
  });
  const port = new URL(secret.origin).port;
  const questions = {
    scores: `${granted.origin}/scores`,
    moved: `${granted.origin}/moved`,
    long: `${granted.origin}/long`,
    slow: `${granted.origin}/slow`,
    inside: `${granted.origin}/inside`,
    redirected: `${granted.origin}/metadata`,
    mapped: `${granted.origin}/mapped`,
    secret: `${secret.origin}/secret`,
    metadata: "http://169.254.169.254/latest/meta-data/",
    localhost: `http://localhost:${port}/secret`,
    number: `http://2130706433:${port}/secret`,
    credentials: granted.origin.replace("http://", "http://root:hunter2@"),
    file: "file:///etc/passwd",
  };
  const table = Object.entries(questions).map(([name, url]) => `${name} = ${JSON.stringify(url)}`);
  const manifest = [
    `outbound_hosts = ["${granted.origin}"]`,
    `properties = { questions = { ${table.join(", ")} } }`,
    "[module.asker.limits]",
    'fetch_response = "1KiB"',
    'fetch_timeout = "500ms"',
  ].join("\n");
  const app = await assemble(t, { asker: { bundle: "asker", manifest } });
  const edge = await startEdge(t, { app, env: { PLAYCONNECT_LOG_FORMAT: "json" } });
  const browser = await startBrowser(t);
  const { page, problems } = await openPage(browser, new URL("/asker", edge.url).href);
  await live(page);
  const slot = page.locator("pc-slot[name=asker]");
  const session = await page.evaluate(() => JSON.parse(document.querySelector("script#playconnect-page").textContent).session);

  const ask = async (name) => {
    await slot.locator(`#ask-${name}`).click();
    return slot.locator(`#answer[data-of=${name}]`).textContent();
  };
  const logged = (origin, why) => {
    const lines = edge.log.map((line) => JSON.parse(line));
    const fits = (line) => line.session === session && line.module === "asker" && line.origin === origin && why.test(line.why);
    assert.ok(lines.some(fits), `no line of ${origin} with ${why} in\n${edge.log.join("\n")}`);
  };

  await t.test("a granted host answers, also behind a redirect of its own", async () => {
    assert.equal(await ask("scores"), `200 ${questions.scores} 12 : 7`);
    assert.equal(await ask("moved"), `200 ${questions.scores} 12 : 7`);
  });

  const refusals = {
    inside: [granted.origin, /http:\/\/127\.0\.0\.1:\d+ is not granted to the module asker: write outbound_hosts = \["http:\/\/127.+"\] in \[module\.asker\]/],
    redirected: [granted.origin, /http:\/\/169\.254\.169\.254 is not granted to the module asker/],
    mapped: [granted.origin, /http:\/\/\[::ffff:127\.0\.0\.1\]:\d+ is not granted to the module asker/],
    secret: [secret.origin, /is not granted to the module asker/],
    metadata: ["http://169.254.169.254", /is not granted to the module asker/],
    localhost: [`http://localhost:${port}`, /localhost is whatever a resolver says: fetch the address, 127\.0\.0\.1/],
    number: [secret.origin, /http:\/\/127\.0\.0\.1:\d+ is not granted to the module asker/],
    credentials: [granted.origin, /the URL has a user name or a password in it: send them as a header/],
    file: ["file:", /only http: and https: can be fetched, not file:/],
    long: [granted.origin, /bytes of an answer: 2000 used, 1024 allowed; raise \[module\.asker\.limits\] fetch_response$/],
    slow: [granted.origin, /time of a request: \d+ ms used, 500 ms allowed; raise \[module\.asker\.limits\] fetch_timeout$/],
  };
  for (const [name, [origin, why]] of Object.entries(refusals)) {
    await t.test(`${name}: the module and the log are told why`, async () => {
      assert.match(await ask(name), why);
      logged(origin, why);
    });
  }

  assert.deepEqual(secret.asked, [], "nobody came by");
  assert.ok(!edge.log.some((line) => line.includes("hunter2")), "passwords stay out of the log");
  const metrics = await (await edge.ask("/metrics")).text();
  const count = (what) => Number(metrics.match(new RegExp(`^playconnect_module_${what}_total\\{module="asker"\\} (\\d+)$`, "m"))[1]);
  assert.deepEqual([count("fetches"), count("fetch_refusals"), count("restarts")], [13, 11, 0]);
  assert.deepEqual(problems.filter((problem) => !/favicon|404/.test(problem)), []);
});
