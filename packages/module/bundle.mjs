/**
 * Bundles a module's source to the one file that `playconnect build` makes a
 * component of, with the options that every framework needs here.
 *
 *     import { bundle } from '@playconnect/module/bundle';
 *     await bundle({ entry: 'src/menu.tsx', out: 'dist/menu.js' });
 */

import { fileURLToPath } from 'node:url';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { findMissingGlobals } from './missing-globals.mjs';

export { provides } from './missing-globals.mjs';

const install = fileURLToPath(new URL('./src/install.ts', import.meta.url));

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
    plugins,
  };
  const missing = await findMissingGlobals(common);
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
  });
  for (const warning of await esbuild.formatMessages(result.warnings, { kind: 'warning' })) process.stderr.write(warning);
  const bytes = Object.entries(result.metafile.outputs).find(([name]) => name.endsWith('.js'))?.[1].bytes ?? 0;
  if (log) process.stdout.write(`${path.relative(root, outfile)}  ${(bytes / 1024).toFixed(1)} KiB\n`);
  return { bytes, inputs: Object.keys(result.metafile.inputs), code: result.outputFiles?.find((file) => file.path.endsWith('.js'))?.text };
}
