// Third-party components as ordinary users use them, 80 ms away: what a person does with each, and what is to be seen
// after it. See packages/components.
//
// `ONLY=motion` runs what begins like this. `npm run compatibility -w packages/components` writes what was found and
// measured into packages/components/results.json, of which docs/compatibility.md is made.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { buildApp, components, measureBundle, ownVersion, steps } from "@playconnect/components";
import { Cut } from "./cut.mjs";
import { binary, live, openPage, root, startBrowser, startEdge } from "./harness.mjs";

/** One way: 80 ms there and back. */
const FAR_MS = 40;
const INTERACTIONS_MIN = 10;
/** What is seen has to stay for so long: more than the way there and back, and less than a person needs to act on it. */
const STAYS_MS = 120;
/** For what a step shows, on a slow machine. */
const PATIENCE_MS = 8_000;
const only = process.env.ONLY ?? "";
const isWritten = process.env.PLAYCONNECT_COMPATIBILITY === "write";
/** The defaults of the manifest; the app sets none. */
const defaults = { nodes: 50_000, batchOps: 100_000, initMs: 1_000, reportMs: 50 };

test("components", async (t) => {
  const app = join(root, "out/components/app");
  await buildApp(app, binary);
  const edge = await startEdge(t, { app });
  const far = await Cut.before(t, edge.ports.public, FAR_MS);
  const browser = await startBrowser(t);
  const results = [];
  const frameworks = [...new Set(components.map(({ framework }) => framework))];
  // What a turn costs is counted for each module, and a framework's components are one: so one after the other.
  await Promise.all(
    frameworks.map((framework) =>
      t.test(framework, async (t) => {
        for (const component of components) {
          if (component.framework !== framework || !component.name.startsWith(only)) continue;
          await t.test(component.name, async (t) => results.push(await drive(t, { component, edge, far, browser })));
        }
      }),
    ),
  );
  if (only !== "") return;

  const file = join(root, "packages/components/results.json");
  if (isWritten) {
    const all = [];
    for (const component of components) {
      const { name, framework, packages, shows, differs = [] } = component;
      const found = results.find((result) => result.name === name);
      assert.ok(found, `${name} failed: see above`);
      const versions = await Promise.all(packages.map(async (name) => `${name} ${await ownVersion(name)}`));
      all.push({ name, framework, versions, shows, differs, interactions: steps[name].length, bundleKiB: Math.round((await measureBundle(component)) / 1024), ...found });
    }
    await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
  }
  await t.test("results.json is of these components", async () => {
    const written = JSON.parse(await readFile(file, "utf8")).map(({ name, versions, differs, interactions }) => ({ name, versions, differs, interactions }));
    const now = await Promise.all(
      components.map(async ({ name, packages, differs = [] }) => ({ name, versions: await Promise.all(packages.map(async (name) => `${name} ${await ownVersion(name)}`)), differs, interactions: steps[name].length })),
    );
    assert.deepEqual(written, now, "it is out of date: npm run compatibility -w packages/components");
  });
});

async function drive(t, { component: { name, framework }, edge, far, browser }) {
  assert.ok(steps[name].length >= INTERACTIONS_MIN, `a component has at least ${INTERACTIONS_MIN} interactions`);
  const logged = edge.log.length;
  const start = await counters(edge, framework);
  const { page, problems } = await openPage(browser, `${far.url}${name}`);
  t.after(() => page.context().close());
  await live(page);
  const first = await counters(edge, framework);
  const nodes = await page.evaluate(() => {
    const count = (node) => [...node.childNodes].reduce((sum, child) => sum + 1 + count(child), 0);
    return count(document.querySelector("pc-slot").shadowRoot);
  });

  let worstMs = 0;
  let before = first;
  for (const [what, act, look, expected] of steps[name]) {
    await act(page);
    await until(what, () => look(page), expected);
    const after = await counters(edge, framework);
    worstMs = Math.max(worstMs, (after.cpu_us - before.cpu_us) / 1_000);
    before = after;
  }

  assert.deepEqual(problems, [], "the page is without faults");
  const lines = edge.log.slice(logged).filter((line) => line.includes(framework));
  assert.deepEqual(lines.filter((line) => /uncaught|ERROR/.test(line)), [], "and so is the module");
  assert.equal(before.restarts, start.restarts);
  const figures = {
    name,
    nodes,
    firstOps: first.ops - start.ops,
    firstMs: tenths((first.cpu_us - start.cpu_us) / 1_000),
    turns: before.turns - first.turns,
    allMs: tenths((before.cpu_us - first.cpu_us) / 1_000),
    worstStepMs: tenths(worstMs),
    slowTurns: before.slices_exceeded - start.slices_exceeded,
  };
  t.diagnostic(JSON.stringify(figures));
  assert.ok(figures.nodes < defaults.nodes && figures.firstOps < defaults.batchOps && figures.firstMs < defaults.initMs, JSON.stringify(figures));
  return figures;
}

/** Asks until it is as expected. */
async function until(what, look, expected) {
  const patience = performance.now() + PATIENCE_MS;
  for (let since = null; ; ) {
    let seen;
    try {
      seen = await look();
      assert.deepEqual(seen, expected);
      since ??= performance.now();
      if (performance.now() - since > STAYS_MS) return;
    } catch (error) {
      since = null;
      if (performance.now() > patience) {
        throw new Error(`${what}: ${JSON.stringify(seen)} and not ${JSON.stringify(expected)}${error.code === "ERR_ASSERTION" ? "" : `: ${error.message}`}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What the node has counted of a module. */
async function counters(edge, module) {
  const text = await (await edge.ask("/metrics")).text();
  const value = (name) => Number(new RegExp(`^playconnect_module_${name}_total\\{module="${module}"\\} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  return Object.fromEntries(["turns", "cpu_us", "ops", "restarts", "slices_exceeded"].map((name) => [name, value(name)]));
}

const tenths = (number) => Math.round(number * 10) / 10;
