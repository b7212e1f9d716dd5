// node explore.mjs [NAME…]: runs components on a `globalThis`, on nodes and on a document that note what is asked of them
// and is not there. It mounts each, and raises the events that it listens to, each once on each node. It says what a
// component asks for; whether it works, tests/e2e/components.test.mjs says. NAME: of components.mjs, or a file that mounts
// one.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from '@playconnect/module/bundle';
import { bundleComponents } from './bundle.mjs';
import * as esbuild from 'esbuild';
import { components } from './components.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(repository);

/** Names that libraries look for without a need: developer tools, other bundlers and servers. */
const tools = /^(__|\$\$|@@)|DEVTOOLS|^(process|global|module|exports|require|define|Deno|Bun|EdgeRuntime|nodeName|toJSON|then|window|jest|Zone|Symbol|_)/;

const prelude = `
globalThis.__missing = new Map();
{
  const missing = globalThis.__missing;
  const recorder = (what, prototype) => {
    const record = (key) => typeof key === 'string' && missing.set(what + key, (missing.get(what + key) ?? 0) + 1);
    return new Proxy(prototype, {
      has: (target, key) => key in target || (record(key), false),
      get: (target, key, receiver) => (key in target ? Reflect.get(target, key, receiver) : (record(key), undefined)),
    });
  };
  globalThis.__record = (what, object) => Object.setPrototypeOf(object, recorder(what, Object.getPrototypeOf(object)));
  __record('', globalThis);
}`;

async function load() {
  const folder = path.join(repository, 'out/components');
  await mkdir(folder, { recursive: true });
  const outfile = path.join(folder, 'runner.mjs');
  await esbuild.build({ entryPoints: ['packages/module/test/runner.ts'], bundle: true, outfile, format: 'esm', platform: 'node', target: 'node20', external: ['esbuild'], logLevel: 'warning' });
  return (await import(pathToFileURL(outfile).href)).Runner;
}

const asked = process.argv.slice(2);
const Runner = await load();
for (const name of asked.length > 0 ? asked : components.map(({ name }) => name)) {
  const known = components.find((component) => component.name === name);
  const file = path.resolve(process.env.INIT_CWD ?? '.', name);
  const bundled = known === undefined ? bundle({ root: path.dirname(file), entry: file, out: 'never.js', write: false, log: false }) : bundleComponents([known]);
  const { code, bytes } = await bundled;
  let runner;
  const problems = [];
  try {
    runner = new Runner(prelude + code);
    runner.evaluate(`for (const [what, of] of [['node.', globalThis.Node?.prototype], ['document.', globalThis.document && Object.getPrototypeOf(Object.getPrototypeOf(document))], ['navigator.', globalThis.navigator]]) if (of) __record(what, of);`);
    runner.mount();
    runner.settle(1_000);
    for (const node of [...runner.page.nodes.values()]) everything(runner, node, problems);
  } catch (error) {
    const { name: kind, message, stack = '' } = error;
    problems.push(`${kind}: ${message} ${stack.split('\n').filter((line) => /^ +at /.test(line)).slice(0, 3).join(' ')}`);
  }
  const missing = runner === undefined ? [] : JSON.parse(runner.evaluate('JSON.stringify([...__missing.keys()])')).filter((key) => !tools.test(key.replace(/^\w+\./, '')));
  process.stdout.write(`${name}  ${(bytes / 1024).toFixed(0)} KiB, ${runner?.page.nodes.size ?? 0} nodes\n  asks for and does not find: ${missing.join(' ') || 'nothing'}\n`);
  for (const line of new Set([...problems, ...(runner?.logs ?? []).filter((line) => /^(error|warn)/.test(line))])) process.stdout.write(`  ${line.slice(0, 300)}\n`);
}

/** Raises what the node listens to. */
function everything(runner, node, problems) {
  for (const type of [...node.listeners.keys()]) {
    if (!runner.page.nodes.has(node.index) || !node.listeners.has(type)) continue;
    const pointer = { kind: 'pointer', x: 5, y: 6, offsetX: 1, offsetY: 2, button: 0, buttons: 0, pointerId: 1, pointerType: 'mouse', count: 1 };
    const detail = /^(click|mouse|pointer)/.test(type) ? pointer : /^key/.test(type) ? { kind: 'key', key: 'ArrowDown', code: 'ArrowDown' } : type === 'scroll' ? { kind: 'scroll', top: 100, left: 0 } : null;
    const form = ['input', 'select', 'textarea'].includes(node.tag) ? { value: '1', checked: true, selection: [1, 1], selected: [0] } : null;
    try {
      runner.fire(node, type, { detail, form });
      runner.settle(500);
    } catch (error) {
      problems.push(`${type} on <${node.tag}>: ${error.message}`);
    }
  }
}
