// `playconnect dev`: what is saved is on the page, and what is broken is said there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { binary, live, openPage, root, screenshot, startBrowser, startEdge } from "./harness.mjs";

const module = (name) => `
[module.${name}]
kind = "widget"
framework = "react"
source = "dist/${name}.wasm"
slot = "${name}"
style = "styles/${name}.css"

[module.${name}.build]
command = "node build.mjs ${name}"
artifact = "dist/${name}.js"
watch = ["${name}/**", "build.mjs"]
`;

const files = {
  "playconnect.toml": `manifest_version = 1
[application]
name = "two"
[[page]]
route = "/"
shell = "pages/index.html"
${module("greeting")}${module("neighbour")}`,
  "package.json": `{ "name": "two", "private": true, "type": "module", "dependencies": { "@playconnect/react": "0.1.0" } }\n`,
  "build.mjs": `import { bundle, run } from "@playconnect/module/bundle";
const name = process.argv[2];
await run(() => bundle({ entry: \`\${name}/main.tsx\`, out: \`dist/\${name}.js\` }));
`,
  "pages/index.html": `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Two</title><link rel="stylesheet" href="/page.css"><link rel="icon" href="data:,"></head>
  <body><h1>Two</h1><pc-slot name="greeting"></pc-slot><pc-slot name="neighbour"></pc-slot></body>
</html>
`,
  "pages/page.css": "h1 { color: rgb(1, 2, 3); }\n",
  "styles/greeting.css": "p { color: rgb(4, 5, 6); }\n",
  "styles/neighbour.css": "button { color: rgb(7, 8, 9); }\n",
  "greeting/main.tsx": `import { mount } from "@playconnect/react";
mount(<p>Good morning</p>);
`,
  "neighbour/main.tsx": `import { mount } from "@playconnect/react";
import { useState } from "react";
function Neighbour() {
  const [count, setCount] = useState(0);
  return <button type="button" onClick={() => setCount(count + 1)}>{count} times</button>;
}
mount(<Neighbour />);
`,
};

/** An app with two modules of React, in a folder of its own. */
async function makeApp(t, changed = {}) {
  const folder = await mkdtemp(join(tmpdir(), "playconnect-dev-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ ...files, ...changed })) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The app served by `dev`, its page open and live. `kept` says that nothing has loaded it again. */
async function develop(t) {
  const folder = await makeApp(t);
  const edge = await startEdge(t, { verb: "dev", app: folder });
  const { page, problems } = await openPage(await startBrowser(t), edge.url);
  await live(page);
  await page.evaluate(() => (window.kept = true));
  const greeting = page.locator("pc-slot[name=greeting]");
  const neighbour = page.locator("pc-slot[name=neighbour]").getByRole("button");
  return {
    edge,
    folder,
    page,
    problems,
    greeting,
    neighbour,
    /** Saves a file as an editor does. */
    save: (path, text) => writeFile(join(folder, path), text),
    replace: async (path, old, text) => {
      const before = await readFile(join(folder, path), "utf8");
      assert.ok(before.includes(old), `${path} holds ${old}`);
      await writeFile(join(folder, path), before.replace(old, text));
    },
    kept: () => page.evaluate(() => window.kept === true),
    /** What it has said of this kind, once there are as many. */
    said: async (event, count = 1) => {
      for (let waited = 0; waited < 200; waited++) {
        const found = edge.said.filter((line) => line.event === event);
        if (found.length >= count) return found;
        await page.waitForTimeout(50);
      }
      throw new Error(`there are fewer than ${count} of ${event}: ${JSON.stringify(edge.said)}`);
    },
  };
}

test("a module that is saved takes the old one's place; its neighbour, the page and the socket stay", async (t) => {
  const { edge, page, problems, greeting, neighbour, replace, kept, said } = await develop(t);
  await greeting.getByText("Good morning").waitFor();
  await neighbour.click();
  await neighbour.click();
  await neighbour.getByText("2 times").waitFor();
  const [before] = (await (await edge.ask("/metrics")).text()).match(/^playconnect_session_pages_total .*$/m) ?? [""];

  const times = [];
  for (const text of ["Good afternoon", "Good evening", "Good night"]) {
    const start = performance.now();
    await replace("greeting/main.tsx", /Good \w+/.exec(await greeting.getByText("Good").textContent())[0], text);
    await greeting.getByText(text).waitFor();
    times.push(Math.round(performance.now() - start));
  }
  t.diagnostic(`from save to screen: ${times.join(", ")} ms`);
  assert.equal(await greeting.getByText("Good").count(), 1, "nothing of the old one is left");
  assert.equal(await neighbour.textContent(), "2 times");
  await neighbour.click();
  await neighbour.getByText("3 times").waitFor();
  assert.ok(await kept(), "the page was not loaded again");
  const [after] = (await (await edge.ask("/metrics")).text()).match(/^playconnect_session_pages_total .*$/m) ?? [""];
  assert.equal(after, before, "no page was asked for");
  const updates = await said("updated", 3);
  assert.deepEqual(updates.map(({ modules, sessions }) => [modules, sessions]), [[["greeting"], 1], [["greeting"], 1], [["greeting"], 1]]);
  assert.deepEqual(problems, []);
});

test("a build that fails leaves what runs, and says on the page and in the terminal what is wrong, until it is mended", async (t) => {
  const { edge, page, problems, greeting, neighbour, save, kept, said } = await develop(t);
  const problem = greeting.locator("pc-problem");
  await neighbour.click();
  const broken = `import { mount } from "@playconnect/react";\nmount(<p>Never closed</div>);\n`;
  await save("greeting/main.tsx", broken);
  await problem.waitFor();
  const text = await problem.innerText();
  assert.match(text, /greeting could not be built; what runs is the build before/);
  assert.match(text, /greeting\/main\.tsx:2:\d+: ERROR: .*closing/);
  assert.doesNotMatch(text, /node_modules/, "no stack of the bundler's");
  assert.match(edge.log.join("\n"), /greeting\/main\.tsx:2:\d+: ERROR/);
  assert.match(edge.log.join("\n"), /^error: module\.greeting\.build: `node build\.mjs greeting` has failed; correct what it says above/m);
  assert.equal((await said("problem")).at(-1).object, "greeting");
  assert.ok(await greeting.getByText("Good morning").isVisible(), "the build before runs");
  await screenshot(page, "dev-problem");

  // A page that is opened now is told too.
  const second = await page.context().newPage();
  await second.goto(edge.url);
  await second.locator("pc-slot[name=greeting] pc-problem").waitFor();
  await second.close();

  // It may fail where the component is made, too.
  await save("greeting/main.tsx", `import "@playconnect/react";\nthrow new Error("thrown at the top");\n`);
  await problem.getByText("thrown at the top").waitFor();
  await save("greeting/main.tsx", files["greeting/main.tsx"].replace("morning", "day"));
  await greeting.getByText("Good day").waitFor();
  await problem.waitFor({ state: "detached" });
  assert.equal(await neighbour.textContent(), "1 times");
  assert.ok(await kept());
  assert.deepEqual(problems, []);
});

test("a build command stays, with its compilers loaded, and is started anew when something that it does not bundle changes", async (t) => {
  const build = `import { writeFile } from "node:fs/promises";
import { bundle, run } from "@playconnect/module/bundle";
const name = process.argv[2];
await run(async () => {
  await bundle({ entry: \`\${name}/main.tsx\`, out: \`dist/\${name}.js\` });
  await writeFile(\`dist/\${name}.pid\`, String(process.pid));
});
`;
  const folder = await makeApp(t, { "build.mjs": build });
  const edge = await startEdge(t, { verb: "dev", app: folder });
  const pid = async (name = "greeting") => Number(await readFile(join(folder, `dist/${name}.pid`), "utf8"));
  const runs = (pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const until = async (what, holds) => {
    for (let tries = 0; tries < 300; tries++) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`it never came to be: ${what}`);
  };
  const said = (event) => edge.said.filter((line) => line.event === event).length;
  const save = async (path, text, event) => {
    const before = said(event);
    await writeFile(join(folder, path), text);
    await until(`${path} is taken over: ${event}`, () => said(event) > before);
  };
  const source = (text) => `import { mount } from "@playconnect/react";\nmount(<p>${text}</p>);\n`;

  const [first, neighbour] = [await pid(), await pid("neighbour")];
  await save("greeting/main.tsx", source("Good day"), "updated");
  assert.equal(await pid(), first, "the same program has built again");
  await save("greeting/main.tsx", source("Never <closed"), "problem");
  await save("greeting/main.tsx", source("Good evening"), "updated");
  assert.equal(await pid(), first, "a fault in the source does not end it");

  await t.test("its own source has changed", async () => {
    await writeFile(join(folder, "build.mjs"), `${build}// changed\n`);
    await until("it is another program", async () => (await pid()) !== first && (await pid("neighbour")) !== neighbour);
    await until("the first ones have ended", () => !runs(first) && !runs(neighbour));
  });

  await t.test("it was killed", async () => {
    const second = await pid();
    process.kill(second, "SIGKILL");
    await until("it is gone", () => !runs(second));
    await save("greeting/main.tsx", source("Good night"), "updated");
    assert.notEqual(await pid(), second);
  });

  await t.test("it ends with `dev`", async () => {
    const last = [await pid(), await pid("neighbour")];
    assert.deepEqual(last.map(runs), [true, true]);
    await edge.stop();
    await until("both are gone", () => !last.some(runs));
    assert.deepEqual((await readdir(join(folder, ".playconnect"))).filter((name) => name.startsWith("stay-")), []);
  });
});

test("a module that fails until it is disabled gets a new start with the next build", async (t) => {
  const { greeting, neighbour, save, kept } = await develop(t);
  await save("greeting/main.tsx", `import { mount } from "@playconnect/react";
function Broken(): never { throw new Error("in its first render"); }
mount(<Broken />);
`);
  await greeting.getByText("This part of the page has stopped working").waitFor({ timeout: 20_000 });
  await save("greeting/main.tsx", files["greeting/main.tsx"].replace("morning", "day"));
  await greeting.getByText("Good day").waitFor();
  await greeting.getByText("This part of the page has stopped working").waitFor({ state: "detached" });
  await neighbour.click();
  await neighbour.getByText("1 times").waitFor();
  assert.ok(await kept());
});

test("stylesheets are exchanged in place; a page that has changed loads again", async (t) => {
  const { page, problems, greeting, neighbour, save, replace, kept } = await develop(t);
  const colourOf = (locator) => locator.evaluate((element) => getComputedStyle(element).color);
  const becomes = async (locator, colour) => {
    for (let waited = 0; waited < 100 && (await colourOf(locator)) !== colour; waited++) await page.waitForTimeout(50);
    assert.equal(await colourOf(locator), colour);
  };
  await neighbour.click();
  await save("styles/greeting.css", "p { color: rgb(40, 50, 60); }\n");
  await becomes(greeting.locator("p"), "rgb(40, 50, 60)");
  await save("pages/page.css", "h1 { color: rgb(10, 20, 30); }\n");
  await becomes(page.locator("h1"), "rgb(10, 20, 30)");
  assert.equal(await page.locator("link[rel=stylesheet]").count(), 3, "the old ones are gone");
  assert.equal(await neighbour.textContent(), "1 times");
  assert.ok(await kept());

  await replace("pages/index.html", "<h1>Two</h1>", "<h1>Two modules</h1>");
  await page.getByRole("heading", { name: "Two modules" }).waitFor();
  await live(page);
  assert.ok(!(await kept()), "it was loaded");
  assert.equal(await colourOf(page.locator("h1")), "rgb(10, 20, 30)");
  assert.equal(await colourOf(greeting.locator("p")), "rgb(40, 50, 60)");
  assert.deepEqual(problems, []);
});

test("a manifest that is right is taken over, a wrong one is told and leaves the one before", async (t) => {
  const { edge, folder, page, greeting, neighbour, save, kept } = await develop(t);
  const problem = page.locator("body > pc-problem");
  await neighbour.click();
  await save("playconnect.toml", files["playconnect.toml"].replace("slot = \"greeting\"", "slto = \"greeting\""));
  await problem.getByText("did you mean `slot`?").waitFor();
  assert.match(edge.log.join("\n"), /^error: .*playconnect\.toml:\d+:1: module\.greeting\.slto: unknown key/m);
  assert.ok(await kept());
  assert.equal(await neighbour.textContent(), "1 times");

  // Another module is there now.
  await cp(join(folder, "greeting"), join(folder, "farewell"), { recursive: true });
  await save("farewell/main.tsx", files["greeting/main.tsx"].replace("Good morning", "Farewell"));
  await save("styles/farewell.css", "p { margin: 0; }\n");
  await save("pages/index.html", files["pages/index.html"].replace("<h1>", `<pc-slot name="farewell"></pc-slot><h1>`));
  await save("playconnect.toml", files["playconnect.toml"] + module("farewell"));
  await page.locator("pc-slot[name=farewell]").getByText("Farewell").waitFor();
  await live(page);
  await problem.waitFor({ state: "detached" });
  await greeting.getByText("Good morning").waitFor();
  // What the new manifest watches is watched.
  await save("farewell/main.tsx", files["greeting/main.tsx"].replace("Good morning", "Until soon"));
  await page.locator("pc-slot[name=farewell]").getByText("Until soon").waitFor();
});

test("an app that does not build at the start is served once it does; the end is in order", async (t) => {
  const folder = await makeApp(t, { "greeting/main.tsx": "this is no source" });
  const started = startEdge(t, { verb: "dev", app: folder });
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await writeFile(join(folder, "greeting/main.tsx"), files["greeting/main.tsx"]);
  const edge = await started;
  assert.match(edge.log.join("\n"), /greeting\/main\.tsx:1:\d+: ERROR/);
  assert.match(edge.log.join("\n"), /waiting for a change/);
  const { page } = await openPage(await startBrowser(t), edge.url);
  await page.locator("pc-slot[name=greeting]").getByText("Good morning").waitFor();

  // A build that takes long does not hold up the end, nor outlive it.
  const marker = join(folder, "outlived");
  await writeFile(join(folder, "build.mjs"), `import { writeFileSync } from "node:fs";\nsetTimeout(() => writeFileSync(${JSON.stringify(marker)}, ""), 6_000);\n`);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const start = performance.now();
  assert.deepEqual(await edge.stop("SIGINT"), { code: 0, signal: null });
  assert.ok(performance.now() - start < 4_000, "at once");
  await new Promise((resolve) => setTimeout(resolve, 6_500));
  await assert.rejects(readFile(marker), "the build was ended");
});

test("an address that others could reach is refused before anything is built", async (t) => {
  const folder = await makeApp(t);
  const refused = promisify(execFile)(binary, ["dev", folder, "--listen", "0.0.0.0:0"]);
  const { code, stdout, stderr } = await refused.then(() => assert.fail("it serves"), (error) => error);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^error: public listener 0\.0\.0\.0:0: .* on loopback addresses only; .*\n$/);
});
