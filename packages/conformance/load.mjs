/** The package is TypeScript: it is bundled when it is wanted, and imported. */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { frameworks } from './frameworks/frameworks.mjs';

export { frameworks };

/** This package's folder. */
export const own = fileURLToPath(new URL('.', import.meta.url));

/** @returns {Promise<typeof import('./src/index')>} */
export async function load() {
  // Among the repository's packages: what is external is found from there.
  const folder = path.join(own, '../../out/conformance-run');
  await mkdir(folder, { recursive: true });
  const outfile = path.join(folder, 'index.mjs');
  await esbuild.build({
    absWorkingDir: own,
    entryPoints: ['src/index.ts'],
    bundle: true,
    outfile,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['esbuild', 'playwright-core'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
