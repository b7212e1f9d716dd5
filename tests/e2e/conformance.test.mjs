// The same components with a framework's own renderer and through PlayConnect: after every step both pages are equal.
// And with an adapter that is broken on purpose they are not. See packages/conformance.
//
// `ONLY=react/keyed-list` runs what begins like this. `FAULTS=all` breaks each scenario in all its ways, and not in one.
// `npm run compatibility -w packages/conformance` writes docs/compatibility.md.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { frameworks, load, own } from "@playconnect/conformance";
import { binary, root, startBrowser, startEdge } from "./harness.mjs";

/** Pages that are driven at the same time: while one waits for a frame another computes. */
const AT_ONCE = 3;
const only = process.env.ONLY ?? "";

/** What components.test.mjs has found and measured. */
const componentResults = async () => JSON.parse(await readFile(join(root, "packages/components/results.json"), "utf8"));

test("scenarios", { concurrency: AT_ONCE }, async (t) => {
  const { buildApp, buildOracle, buildProbe, Conformance, faultsOf, scenarios, scenariosOf, withReport } = await load();
  const app = join(root, "out/conformance");
  const chosen = frameworks.filter(({ name }) => only === "" || only.startsWith(name));
  const oracles = new Map(await Promise.all(chosen.map(async (framework) => [framework.name, await buildOracle(own, framework)])));
  await buildApp(app, own, binary, chosen, scenarios);
  const edge = await startEdge(t, { app });
  const conformance = new Conformance(await startBrowser(t), edge.url, oracles, await buildProbe(own));

  const results = [];
  const runs = chosen.flatMap((framework) => scenariosOf(framework, scenarios).map((scenario) => ({ framework, scenario, name: `${framework.name}/${scenario.name}` })));
  await Promise.all(
    runs.filter(({ name }) => name.startsWith(only)).map(({ framework, scenario, name }) =>
      t.test(name, async (t) => {
        assert.ok(scenario.steps.length >= 8, "a scenario has at least 8 steps");
        const result = { framework: framework.name, scenario: scenario.name, problem: null };
        results.push(result);
        const expected = await conformance.compare(framework, scenario).catch((error) => {
          result.problem = error.message;
          throw error;
        });
        const faults = process.env.FAULTS === "all" ? scenario.faults : faultsOf(scenario, frameworks.indexOf(framework));
        for (const fault of faults) {
          await t.test(`${name}, broken: ${fault}`, async (t) => {
            const noticed = await conformance.compareBroken(framework, scenario, fault, expected);
            assert.ok(noticed, "nobody noticed");
            t.diagnostic(noticed.message);
          });
        }
      }),
    ),
  );

  if (only !== "") return;
  const file = join(root, "docs/compatibility.md");
  const before = await readFile(file, "utf8").catch(() => "");
  const after = withReport(before, frameworks, scenarios, results, await componentResults());
  if (process.env.PLAYCONNECT_COMPATIBILITY === "write") await writeFile(file, after);
  await t.test("docs/compatibility.md says what was found", () => {
    assert.ok(process.env.PLAYCONNECT_COMPATIBILITY === "write" || after === before, "it is out of date: npm run compatibility -w packages/conformance");
  });
});
