/**
 * The frameworks that scenarios are written in. To add one: an entry here, a folder beside this file (its `module`, its
 * `oracle`, `broken.ts`, the list `scenarios`), and its component in each folder of `scenarios/`.
 *
 * `plugins`: what the oracle's bundle needs of esbuild, beside what is common: the framework as it is on npm, with its own
 * renderer. `build`: writes the module's artifact, where it is not a bundle of `module`. `without`: why a scenario cannot
 * be written in it.
 */

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { vue } from '@playconnect/vue/plugin';
import { compile, VERSION as svelteVersion } from 'svelte/compiler';
import { buildModule, dioxusAsItIs, dioxusVersion } from './dioxus/build.mjs';

const require = createRequire(import.meta.url);
const versionOf = (name) => JSON.parse(fs.readFileSync(upwards(name), 'utf8')).version;

export const frameworks = [
  { name: 'react', title: 'React', version: versionOf('react'), oracleName: 'React DOM', component: 'react.tsx', module: 'module.tsx', oracle: 'oracle.tsx', plugins: () => [] },
  { name: 'vue', title: 'Vue', version: versionOf('vue'), oracleName: 'Vue (runtime-dom)', component: 'vue.vue', module: 'module.ts', oracle: 'oracle.ts', plugins: () => [vueAsItIs, vue()] },
  { name: 'svelte', title: 'Svelte', version: svelteVersion, oracleName: 'Svelte', component: 'svelte.svelte', module: 'module.ts', oracle: 'oracle.ts', plugins: () => [svelteAsItIs] },
  {
    name: 'dioxus',
    title: 'Dioxus',
    version: dioxusVersion(),
    oracleName: 'dioxus-web',
    component: 'dioxus.rs',
    artifact: 'core.wasm',
    build: buildModule,
    oracle: 'oracle.ts',
    plugins: () => [dioxusAsItIs],
    without: { portal: 'Dioxus 0.6 has no portals.' },
  },
];

/** Goes before the answer of our plugin, which compiles the components. */
const vueAsItIs = {
  name: 'vue-as-it-is',
  setup(build) {
    const of = (name, file) => path.join(path.dirname(upwards(name)), file);
    build.onResolve({ filter: /^vue$/ }, () => ({ path: of('vue', 'dist/vue.runtime.esm-bundler.js') }));
    build.onResolve({ filter: /^@vue\/runtime-dom$/ }, () => ({ path: of('@vue/runtime-dom', 'dist/runtime-dom.esm-bundler.js') }));
  },
};

/** The compiler's own way for browsers: templates are cloned from HTML. */
const svelteAsItIs = {
  name: 'svelte-as-it-is',
  setup(build) {
    build.initialOptions.conditions = ['svelte', ...(build.initialOptions.conditions ?? [])];
    build.onLoad({ filter: /\.svelte$/ }, ({ path: file }) => {
      const { js } = compile(fs.readFileSync(file, 'utf8'), { filename: path.basename(file), generate: 'client', css: 'external' });
      return { contents: js.code, loader: 'js' };
    });
  },
};

/** The manifest of an installed package, which `exports` may hide. */
function upwards(name) {
  const folder = require.resolve.paths(name).find((at) => fs.existsSync(path.join(at, name, 'package.json')));
  if (folder === undefined) throw new Error(`${name} is not installed; run npm ci`);
  return path.join(folder, name, 'package.json');
}
