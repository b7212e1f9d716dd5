import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { existsSync } from 'node:fs';
import { bundleComponents } from './bundle.mjs';

export { buildApp } from './app.mjs';
export { components } from './components.mjs';
export { steps } from './steps.mjs';

const require = createRequire(import.meta.url);

/** Bytes of the bundle of a component alone. */
export async function measureBundle(component) {
  return (await bundleComponents([component])).bytes;
}

/** Of an installed package. */
export async function ownVersion(name) {
  // `exports` may hide the manifest.
  const folder = require.resolve.paths(name).find((at) => existsSync(path.join(at, name, 'package.json')));
  if (folder === undefined) throw new Error(`${name} is not installed; run npm ci`);
  return JSON.parse(await readFile(path.join(folder, name, 'package.json'), 'utf8')).version;
}
