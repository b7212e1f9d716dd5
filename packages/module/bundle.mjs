/**
 * Bundles a module's source to the one file that `playconnect build` makes a
 * component of, with the options that every framework needs here.
 *
 *     import { bundle, run } from '@playconnect/module/bundle';
 *     await run(() => bundle({ entry: 'src/menu.tsx', out: 'dist/menu.js' }));
 *
 * A framework with a compiler, as Svelte and Vue, brings it along: its package is
 * found in the app's dependencies when the module imports it.
 */

import { constants, openSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { ASSET_KINDS, assets } from './assets.mjs';
import { frameworkPlugins } from './frameworks.mjs';
import { findMissingGlobals } from './missing-globals.mjs';

export { documentGlobals, provides } from './missing-globals.mjs';

const install = fileURLToPath(new URL('./src/install.ts', import.meta.url));
const document = fileURLToPath(new URL('./src/install-document.ts', import.meta.url));

/** The files that went into what was bundled since `run` began a build. */
let bundled = new Set();

/** @param {import('esbuild').PluginBuild} build */
export function withDocument({ initialOptions }) {
  // In the place of the other, which it begins with: esbuild would evaluate the second of two injected files first. A look
  // at the app's own source has neither.
  initialOptions.inject = initialOptions.inject?.map((file) => (file === install ? document : file));
}

/**
 * @param {import('./bundle.d.mts').BundleOptions} options
 * @returns {Promise<import('./bundle.d.mts').BundleResult>}
 */
export async function bundle({ entry, out, root = process.cwd(), minify = true, define = {}, plugins = [], log = true, write = true }) {
  const outfile = path.resolve(root, out);
  const common = {
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    outfile,
    format: 'iife',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['browser', 'import', 'production'],
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis', ...define },
    logLevel: 'silent',
  };
  const given = new Set(plugins.map(({ name }) => name));
  const found = await frameworkPlugins(common);
  const { plugin, files } = assets();
  common.plugins = [...[...plugins, ...found.filter(({ name }) => !given.has(name))].map(compilingOnce), plugin];
  const missing = await findMissingGlobals(common).catch(explain);
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const result = await esbuild.build({
    ...common,
    // In front of everything: libraries take hold of globals when they are evaluated.
    inject: [install],
    minify,
    charset: 'utf8',
    sourcemap: 'external',
    legalComments: 'none',
    metafile: true,
    // Below, when all is right: what is there of a build before stays whole until then.
    write: false,
  }).catch(explain);
  for (const warning of await esbuild.formatMessages(result.warnings, { kind: 'warning' })) process.stderr.write(warning);
  const output = (extension) => result.outputFiles.find((file) => file.path.endsWith(extension));
  const { contents, text: code } = output('.js');
  if (write) await writeAll(outfile, result.outputFiles, files);
  if (log) {
    say(path.relative(root, outfile), contents.length);
    if (files.size > 0) say(path.relative(root, assetsFolder(outfile)), [...files.values()].reduce((sum, file) => sum + file.length, 0));
  }
  for (const file of Object.keys(result.metafile.inputs)) bundled.add(path.resolve(root, file));
  return { bytes: contents.length, inputs: Object.keys(result.metafile.inputs), code, css: output('.css')?.text, assets: [...files.keys()].sort() };
}

/**
 * The source is gone through twice, for its globals and for the bundle, and compilers are slow: what a plugin has made of a
 * file in the first it gives in the second too.
 *
 * @param {import('esbuild').Plugin} plugin
 * @returns {import('esbuild').Plugin}
 */
function compilingOnce(plugin) {
  const loaded = new Map();
  const setup = (build) => {
    const onLoad = (options, load) =>
      build.onLoad(options, (file) => {
        const name = JSON.stringify([options.filter.source, file.namespace, file.path, file.suffix, file.with]);
        if (!loaded.has(name)) loaded.set(name, load(file));
        return loaded.get(name);
      });
    return plugin.setup({ ...build, onLoad });
  };
  // With what else a plugin says of itself.
  return { ...plugin, setup };
}

/** Where the edge looks: beside the module's `source` (dist/menu.wasm), which is made of the bundle. */
function assetsFolder(outfile) {
  const { dir, name } = path.parse(outfile);
  return path.join(dir, `${name}.assets`);
}

/** What is named is there before what names it. Images and fonts of a build before go. */
async function writeAll(outfile, outputs, files) {
  const folder = assetsFolder(outfile);
  await mkdir(files.size > 0 ? folder : path.dirname(folder), { recursive: true });
  const before = await readdir(folder).catch(() => []);
  for (const [name, contents] of files) if (!before.includes(name)) await writeFile(path.join(folder, name), contents);
  for (const { path: file, contents } of outputs) await writeFile(file, contents);
  for (const name of before) if (!files.has(name)) await rm(path.join(folder, name), { recursive: true });
  if (files.size === 0) await rm(folder, { recursive: true, force: true });
}

function say(name, bytes) {
  process.stdout.write(`${name}  ${(bytes / 1024).toFixed(1)} KiB\n`);
}

let runs = false;

/**
 * The whole of a build script. Says what is wrong and ends the program with exit code 1: a stack of the bundler's own says
 * nothing of a fault in the source.
 *
 * `playconnect dev` names a pipe in `PLAYCONNECT_STAY`. Then the program says when it has built, and stays, with its compilers
 * loaded and warm. Through the pipe it is told which files have changed, a line of JSON for each build. It builds again if it
 * has bundled them all; if not, one of them may be a part of this very program, and it ends to be started anew.
 *
 * @param {() => Promise<unknown>} build
 * @returns {Promise<void>}
 */
export async function run(build) {
  if (runs) throw new Error('run() stays under `playconnect dev`, so what is behind it waits: call it once, around all that is built');
  runs = true;
  const pipe = process.env.PLAYCONNECT_STAY;
  const asked = pipe && createInterface({ input: open(pipe) })[Symbol.asyncIterator]();
  let known = new Set();
  for (;;) {
    bundled = new Set();
    const error = await build().then(() => undefined, (error) => error ?? new Error('the build failed'));
    if (error !== undefined) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (!asked) return error === undefined ? undefined : process.exit(1);
    // A fault in the source is corrected in a file that was bundled before.
    if (error === undefined) known = bundled;
    process.stdout.write(`playconnect: ${error === undefined ? 'built' : 'failed'}\n`);
    const { value: changed = '[""]' } = await asked.next();
    if (JSON.parse(changed).some((file) => !known.has(file))) process.exit(0);
  }
}

/** It ends with the one who writes to it, also when that one has ended before. */
function open(pipe) {
  return new Socket({ fd: openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}

/** The package that compiles files of this kind. */
const compilers = { svelte: '@playconnect/svelte', vue: '@playconnect/vue' };

/** Says more than esbuild, where a framework is missing. */
function explain(error) {
  const text = error.message.replace(/No loader is configured for "\.(\w+)" files[^\n]*/g, (line, kind) => {
    const name = compilers[kind];
    if (name === undefined) return `${line}. Images and fonts are taken as ${ASSET_KINDS.map((known) => `.${known}`).join(', ')}. Other files can stand beside the page's shell, and are named by their path there`;
    return `${line}. It takes ${name} among the dependencies in package.json (npm install ${name}), and \`import { mount } from '${name}'\` in the module`;
  });
  throw text === error.message ? error : new Error(text);
}
