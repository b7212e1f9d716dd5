/** Apps of `.vue` files for tests, built as a team builds them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '@playconnect/module/bundle';
import { vue } from '@playconnect/vue/plugin';
import * as esbuild from 'esbuild';
import type { Plugin } from 'esbuild';
import { Runner } from '../../module/test/runner';

/** By file name. `App.vue` is the root, where there is no `main.ts`. */
export type Files = Record<string, string>;

export interface Built {
  code: string;
  css: string;
}

const main = `
  import { createApp } from 'vue';
  import App from './App.vue';
  createApp(App).mount('#app');`;

/** A text alone is `App.vue`. */
export async function build(source: string | Files, plugins: Plugin[] = [vue()]): Promise<Built> {
  return inFolder(source, async (root) => {
    let css = '';
    const takeStyles: Plugin = {
      name: 'take-styles',
      setup(build) {
        build.onEnd((result) => void (css = result.outputFiles?.find((file) => file.path.endsWith('.css'))?.text ?? css));
      },
    };
    const { code } = await bundle({ entry: 'main.ts', out: 'app.js', root, log: false, write: false, plugins: [...plugins, takeStyles] });
    return { code: code!, css };
  });
}

/** The same with Vue's own renderer for browsers. */
export async function buildWithVue(source: string | Files): Promise<Built> {
  const modules = path.resolve('node_modules');
  const realVue: Plugin = {
    name: 'real-vue',
    setup(build) {
      // Goes before our plugin's own answer.
      build.onResolve({ filter: /^vue$/ }, () => ({ path: path.join(modules, 'vue/dist/vue.runtime.esm-bundler.js') }));
      build.onResolve({ filter: /^@vue\/runtime-dom$/ }, () => ({ path: path.join(modules, '@vue/runtime-dom/dist/runtime-dom.esm-bundler.js') }));
    },
  };
  return inFolder(source, async (root) => {
    const { outputFiles } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['main.ts'],
      bundle: true,
      outfile: 'app.js',
      format: 'iife',
      write: false,
      define: { 'process.env.NODE_ENV': '"production"' },
      plugins: [realVue, vue()],
    });
    const file = (end: string): string => outputFiles.find(({ path: name }) => name.endsWith(end))?.text ?? '';
    return { code: file('.js'), css: file('.css') };
  });
}

async function inFolder<R>(source: string | Files, run: (root: string) => Promise<R>): Promise<R> {
  const files = typeof source === 'string' ? { 'App.vue': source } : source;
  mkdirSync('out', { recursive: true });
  const root = mkdtempSync(path.join(process.cwd(), 'out', 'vue-'));
  try {
    for (const [name, text] of Object.entries({ 'main.ts': main, ...files })) writeFileSync(path.join(root, name), text);
    return await run(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

export async function mounted(source: string | Files): Promise<Runner> {
  return new Runner((await build(source)).code).mount();
}

/** Runs `script` in a turn of its own. */
export function run(runner: Runner, script: string): void {
  runner.evaluate(`setTimeout(() => { ${script} })`);
  runner.turn([{ kind: 'timer' }]);
}

/** What the app has pushed to the global `log` since the last call. */
export function log(runner: Runner): unknown[] {
  return JSON.parse(runner.evaluate('JSON.stringify((globalThis.log ?? []).splice(0))') as string) as unknown[];
}
