import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bundle } from '@playconnect/module/bundle';
import { Runner } from './runner';

type Files = Record<string, string | Uint8Array>;

/** In a folder of its own, with these files by their path in it. */
async function inFolder<T>(files: Files, use: (root: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(path.join(process.cwd(), 'out', 'bundle-'));
  try {
    write(root, files);
    return await use(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function write(root: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

/** Bundles `source` beside other files. */
async function result(source: string, files: Files = {}): ReturnType<typeof bundle> {
  return inFolder({ ...files, 'app.ts': source }, (root) => bundle({ entry: 'app.ts', out: 'app.js', root, log: false, write: false }));
}

async function bundled(source: string, files: Files = {}): Promise<string> {
  return (await result(source, files)).code;
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
  await assert.rejects(bundled(`import { onMount } from '@playconnect/module';\nonMount(() => console.log(new Intl.PluralRules('en').select(1), typeof Intl.ListFormat));`), (error: Error) => {
    assert.match(error.message, /^app\.ts:2:31: `Intl\.PluralRules` is not there in a module: Intl formats numbers and dates here/);
    return true;
  });
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
function framework(name: string, plugin: string, peerDependencies: Record<string, string> = {}): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: 'module', exports: { '.': './index.js', './plugin': { types: './plugin.d.mts', default: './plugin.mjs' } }, dependencies: { '@playconnect/module': '0.1.0' }, peerDependencies }),
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

test('a framework that stands in for another is also found by that one\'s name', async () => {
  const standsIn = `export default () => ({ name: 'stands-in', setup(build) {
    build.onResolve({ filter: /^lines$/ }, ({ kind, resolveDir }) => (build.initialOptions.packages === 'external' ? { path: 'lines', external: true } : build.resolve('@some/lines', { kind, resolveDir }))); } });`;
  const code = await bundled(`import { mount } from 'lines'; mount('hello');`, { ...framework('@some/lines', standsIn, { lines: '1.0.0' }), 'package.json': app('@some/lines') });
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

/** `logo.png` as it is called when it holds `contents`. */
function hashed(file: string, contents: string | Uint8Array): string {
  const { name, ext } = path.parse(file);
  return `${name}-${createHash('sha256').update(contents).digest('hex').slice(0, 32)}${ext}`;
}

test('images and fonts are named by what they hold, in stylesheets and where they are imported', async () => {
  const { code, css, assets } = await result(`import './app.css'; import logo from './art/logo.svg'; import { onMount } from '@playconnect/module'; onMount(() => console.log(logo));`, {
    'app.css': `@import './art/more.css'; @font-face { font-family: Own; src: url(own.woff2) format('woff2'), url('@some/font/own.ttf?v=2#own') } p { background: url(./art/logo.svg) } q { background: url(/page.png) }`,
    'art/more.css': `i { background: url("A picture (1).PNG") }`,
    'art/logo.svg': '<svg/>',
    'art/A picture (1).PNG': 'P',
    'own.woff2': 'W',
    'node_modules/@some/font/package.json': '{}',
    'node_modules/@some/font/own.ttf': 'T',
  });
  const logo = `/_pc/assets/${hashed('logo.svg', '<svg/>')}`;
  assert.deepEqual(new Runner(code).mount().logs, [`info ${logo}`]);
  const picture = hashed('A-picture--1-.png', 'P');
  for (const url of [logo, `/_pc/assets/${picture}`, `/_pc/assets/${hashed('own.woff2', 'W')}`, `/_pc/assets/${hashed('own.ttf', 'T')}?v=2#own`, '/page.png']) {
    assert.ok(css!.includes(`url(${url})`), `${url} in ${css}`);
  }
  assert.deepEqual(assets, [picture, hashed('logo.svg', '<svg/>'), hashed('own.ttf', 'T'), hashed('own.woff2', 'W')].sort());
});

test('images and fonts lie beside the bundle, and those of a build before are gone', async () => {
  const source = `import logo from './logo.png'; import { onMount } from '@playconnect/module'; onMount(() => console.log(logo));`;
  await inFolder({ 'app.ts': source, 'logo.png': 'one' }, async (root) => {
    const build = () => bundle({ entry: 'app.ts', out: 'dist/app.js', root, log: false });
    await build();
    const folder = path.join(root, 'dist/app.assets');
    assert.deepEqual(readdirSync(folder), [hashed('logo.png', 'one')]);
    assert.equal(readFileSync(path.join(folder, hashed('logo.png', 'one')), 'utf8'), 'one');
    write(root, { 'logo.png': 'two' });
    await build();
    assert.deepEqual(readdirSync(folder), [hashed('logo.png', 'two')]);
    write(root, { 'app.ts': `import './missing'; ${source}` });
    await assert.rejects(build());
    assert.deepEqual(readdirSync(folder), [hashed('logo.png', 'two')], 'a build that fails leaves what is there');
    write(root, { 'app.ts': `console.log(1);` });
    await build();
    assert.ok(!existsSync(folder));
    assert.ok(existsSync(path.join(root, 'dist/app.js')));
  });
});

test('an image or a font that cannot be is an error with its place', async () => {
  const large = new Uint8Array((4 << 20) + 1);
  await result(`import './large.png';`, { 'large.png': large.subarray(1) });
  await assert.rejects(result(`import './large.png';`, { 'large.png': large }), /app\.ts:1:7: ERROR: .*large\.png has 4194305 bytes, and images and fonts of a module have 4194304 at most: make it smaller, or/);
  await assert.rejects(result(`import './app.css';`, { 'app.css': 'p {\n  background: url(large.png) }', 'large.png': large }), /app\.css:2:14: ERROR: .*large\.png has 4194305 bytes/);
  await assert.rejects(result(`import './app.css';`, { 'app.css': 'p { background: url(./logo.png) }' }), /app\.css:1:16: ERROR: .*there is no file \.\/logo\.png beside app\.css/);
  await assert.rejects(result(`import logo from './logo.png'; console.log(logo);`), /app\.ts:1:17: ERROR: Could not resolve "\.\/logo\.png"/);
  await assert.rejects(result(`import film from './film.mp4'; console.log(film);`, { 'film.mp4': 'F' }), /app\.ts:1:17: ERROR: No loader is configured for "\.mp4" files: film\.mp4\. Images and fonts are taken as \.avif, .*Other files can stand beside the page's shell/);
  await assert.rejects(result(`import logo from './logo.svg?raw'; console.log(logo);`, { 'logo.svg': '<svg/>' }), /app\.ts:1:17: ERROR: .*`logo\.svg\?raw`: what stands behind `\?` is for another bundler/);
});

test('a plugin of the app\'s own comes first', async () => {
  const component = { name: 'component', setup: (build: import('esbuild').PluginBuild) => void build.onLoad({ filter: /\.svg$/ }, () => ({ contents: `export default 'a component'` })) };
  const files = { 'app.ts': `import Logo from './logo.svg'; import { onMount } from '@playconnect/module'; onMount(() => console.log(Logo));`, 'logo.svg': '<svg/>' };
  const { code, assets } = await inFolder(files, (root) => bundle({ entry: 'app.ts', out: 'app.js', root, log: false, write: false, plugins: [component] }));
  assert.deepEqual(new Runner(code).mount().logs, ['info a component']);
  assert.deepEqual(assets, []);
});

test('run is a whole program: it says what is wrong and ends with exit code 1, and is called once', async () => {
  const end = (script: string, source = 'export {};') =>
    inFolder({ 'build.mjs': `import { bundle, run } from '@playconnect/module/bundle';\n${script}`, 'app.ts': source }, async (root) => {
      const { PLAYCONNECT_STAY: _, ...env } = process.env;
      const { status, stdout, stderr } = spawnSync(process.execPath, ['build.mjs'], { cwd: root, env, encoding: 'utf8' });
      return { status, stdout, stderr };
    });
  const build = `await run(() => bundle({ entry: 'app.ts', out: 'app.js' }));`;
  const built = await end(build);
  assert.equal(built.status, 0, built.stderr);
  assert.match(built.stdout, /^app\.js {2}[\d.]+ KiB\n$/);
  const failed = await end(build, 'const x = ;');
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^app\.ts:1:10: ERROR: Unexpected ";"$/m);
  const twice = await end(`${build}\n${build}`);
  assert.equal(twice.status, 1);
  assert.match(twice.stderr, /call it once, around all that is built/);
});
