import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bundle } from '@playconnect/module/bundle';
import { Runner } from './runner';

/** Bundles `source` in a folder of its own, with other files by their path in it. */
async function bundled(source: string, files: Record<string, string> = {}): Promise<string> {
  const root = mkdtempSync(path.join(process.cwd(), 'out', 'bundle-'));
  try {
    for (const [name, text] of Object.entries({ ...files, 'app.ts': source })) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    return (await bundle({ entry: 'app.ts', out: 'app.js', root, log: false, write: false })).code!;
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a bundle runs', async () => {
  const code = await bundled(`import { onMount, slot, createText } from '@playconnect/module'; onMount(() => void slot.appendChild(createText(new URL('/a', location.href).pathname)));`);
  assert.equal(new Runner(code).mount().page.text(), '/a');
});

test('globals are there before any library is evaluated', async () => {
  const code = await bundled(`const early = setTimeout; import { onMount } from '@playconnect/module'; onMount(() => void early(() => console.log('ran')));`);
  assert.deepEqual(new Runner(code).mount().logs, ['info ran']);
});

test('a global that a module does not have is an error with its place', async () => {
  await assert.rejects(bundled(`import { onMount } from '@playconnect/module';\n\nonMount(() => {\n  const x = 1, y = localStorage.getItem('x');\n  new WebSocket('/x' + x + y);\n});`), (error: Error) => {
    assert.deepEqual(error.message.split('\n'), [
      'app.ts:4:20: `localStorage` is not there in a module: nothing is stored in the browser by a module: keep it in the module\'s state',
      'app.ts:5:7: `WebSocket` is not there in a module: a module has `fetch`, to its own origin and to hosts that the manifest grants (outbound_hosts)',
    ]);
    return true;
  });
});

test('names of one\'s own, and globals behind typeof, are fine', async () => {
  await bundled(`import { onMount } from '@playconnect/module'; onMount(() => { const document = { title: 'x' }; console.log(document.title, typeof localStorage === 'undefined' ? 0 : localStorage.length, { process: 1 }.process); });`);
});

test('a fault in the source is an error with its place', async () => {
  await assert.rejects(bundled('const x = ;'), /app\.ts:1:10: ERROR: Unexpected ";"/);
});

/** A framework whose files hold one line: what they log. */
function framework(name: string, plugin: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: 'module', exports: { '.': './index.js', './plugin': { types: './plugin.d.mts', default: './plugin.mjs' } }, dependencies: { '@playconnect/module': '0.1.0' } }),
    [`node_modules/${name}/index.js`]: `import { onMount } from '@playconnect/module'; export const mount = (line) => onMount(() => console.log(line));`,
    [`node_modules/${name}/plugin.mjs`]: plugin,
  };
}

const lineFiles = `import { readFileSync } from 'node:fs';
  export default () => ({ name: 'line', setup(build) { build.onLoad({ filter: /\\.line$/ }, ({ path }) => ({ contents: 'export default ' + JSON.stringify(readFileSync(path, 'utf8')) })); } });`;
const app = (...dependencies: string[]): string => JSON.stringify({ dependencies: Object.fromEntries(dependencies.map((name) => [name, '1.0.0'])) });

test('a framework among the dependencies that is imported brings its plugin', async () => {
  const code = await bundled(`import './part';`, {
    ...framework('@some/lines', lineFiles),
    'package.json': app('@some/lines', '@not/installed'),
    'part.ts': `import { mount } from '@some/lines'; import hello from './hello.line'; mount(hello);`,
    'hello.line': 'hello',
  });
  assert.deepEqual(new Runner(code).mount().logs, ['info hello']);
});

test('one that is not imported, or not a dependency, is not even loaded', async () => {
  const broken = framework('@some/broken', `throw new Error('it was loaded')`);
  await bundled(`console.log(1)`, { ...broken, 'package.json': app('@some/broken') });
  await bundled(`import { mount } from '@some/broken'; mount(1);`, { ...broken, 'package.json': app() });
  await assert.rejects(bundled(`import { mount } from '@some/broken'; mount(1);`, { ...broken, 'package.json': app('@some/broken') }), /it was loaded/);
});

test('a framework without its plugin is an error that says what to do', async () => {
  await assert.rejects(
    bundled(`import { mount } from '@some/old'; mount(1);`, { ...framework('@some/old', `export const old = 1;`), 'package.json': app('@some/old') }),
    /^Error: @some\/old\/plugin has no default export that makes the plugin: update @some\/old/,
  );
  await assert.rejects(
    bundled(`import App from './App.svelte'; App();`, { 'package.json': app(), 'App.svelte': '<p>x</p>' }),
    /app\.ts:1:16: ERROR: No loader is configured for "\.svelte" files: .*App\.svelte\. It takes @playconnect\/svelte among the dependencies/,
  );
  await assert.rejects(bundled(`console.log(1)`, { 'package.json': '{' }), /package\.json: /);
});
