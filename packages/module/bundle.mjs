/**
 * Bundles a module's source to the one file that `playconnect build` makes a
 * component of, with the options that every framework needs here.
 *
 *     import { bundle, report } from '@playconnect/module/bundle';
 *     await bundle({ entry: 'src/menu.tsx', out: 'dist/menu.js' }).catch(report);
 *
 * A framework with a compiler, as Svelte and Vue, brings it along: its package is
 * found in the app's dependencies when the module imports it.
 */

import { fileURLToPath } from 'node:url';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { frameworkPlugins } from './frameworks.mjs';
import { findMissingGlobals } from './missing-globals.mjs';

export { documentGlobals, provides } from './missing-globals.mjs';

const install = fileURLToPath(new URL('./src/install.ts', import.meta.url));
const document = fileURLToPath(new URL('./src/install-document.ts', import.meta.url));

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
  common.plugins = [...plugins, ...found.filter(({ name }) => !given.has(name))];
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
    write,
  }).catch(explain);
  for (const warning of await esbuild.formatMessages(result.warnings, { kind: 'warning' })) process.stderr.write(warning);
  const bytes = Object.entries(result.metafile.outputs).find(([name]) => name.endsWith('.js'))?.[1].bytes ?? 0;
  if (log) process.stdout.write(`${path.relative(root, outfile)}  ${(bytes / 1024).toFixed(1)} KiB\n`);
  return { bytes, inputs: Object.keys(result.metafile.inputs), code: result.outputFiles?.find((file) => file.path.endsWith('.js'))?.text };
}

/**
 * Says what is wrong and ends the program with exit code 1: a stack of the bundler's own says nothing of a fault in the
 * source.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function report(error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** The package that compiles files of this kind. */
const compilers = { svelte: '@playconnect/svelte', vue: '@playconnect/vue' };

/** Says more than esbuild, where a framework is missing. */
function explain(error) {
  const text = error.message.replace(/No loader is configured for "\.(svelte|vue)" files[^\n]*/, (line, kind) => {
    const name = compilers[kind];
    return `${line}. It takes ${name} among the dependencies in package.json (npm install ${name}), and \`import { mount } from '${name}'\` in the module`;
  });
  throw text === error.message ? error : new Error(text);
}
