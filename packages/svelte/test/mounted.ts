/** Bundles components with the plugin, and mounts them on the real platform. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import * as esbuild from 'esbuild';
import { svelte } from '@playconnect/svelte/plugin';
import { Runner } from '../../module/test/runner';

const repository = process.cwd();
mkdirSync(path.join(repository, 'out'), { recursive: true });
const folder = mkdtempSync(path.join(repository, 'out/svelte-'));
after(() => rmSync(folder, { recursive: true }));
let built = 0;

/** Writes the component and what is beside it into a folder of its own. */
export function write(app: string, files: Record<string, string> = {}): string {
  const own = path.join(folder, String(++built));
  mkdirSync(own);
  for (const [name, source] of Object.entries({ ...files, 'App.svelte': app })) writeFileSync(path.join(own, name), source);
  return own;
}

export interface Options {
  /** Further files beside `App.svelte`, by name. */
  files?: Record<string, string>;
  compilerOptions?: object;
  /** Source of what is given to `mount` beside the component. */
  mount?: string;
}

export interface Built {
  code: string;
  css: string;
  warnings: string[];
}

/** Rejects with esbuild's failure. */
export async function build(app: string, { files = {}, compilerOptions = {}, mount = '{}' }: Options = {}): Promise<Built> {
  const result = await esbuild.build({
    stdin: {
      contents: `
        import { mount } from '@playconnect/svelte';
        import { flushSync, tick } from 'svelte';
        import { knownNodeCount, slot } from '@playconnect/module';
        import App from './App.svelte';
        Object.assign(globalThis, { knownNodeCount, slot, flushSync, tick, entries: [], log: (...args) => entries.push(args.map(String).join(' ')) });
        mount(App, ${mount});`,
      resolveDir: write(app, files),
      loader: 'ts',
      sourcefile: 'main.ts',
    },
    absWorkingDir: repository,
    inject: [path.join(repository, 'packages/module/src/install.ts')],
    bundle: true,
    write: false,
    outfile: 'out.js',
    format: 'iife',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['browser', 'import', 'production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins: [svelte({ compilerOptions: compilerOptions as never })],
  });
  return {
    code: result.outputFiles.find((file) => file.path.endsWith('.js'))!.text,
    css: result.outputFiles.find((file) => file.path.endsWith('.css'))?.text ?? '',
    warnings: result.warnings.map(({ text }) => text),
  };
}

export async function mounted(app: string, options: Options = {}): Promise<Runner> {
  return new Runner((await build(app, options)).code).mount();
}

/** What components gave to `log(…)` since the last call. */
export const log = (runner: Runner): string[] => Array.from(runner.evaluate('globalThis.entries.splice(0)') as string[]);

/** Runs `script` in a turn. */
export function run(runner: Runner, script: string): void {
  runner.evaluate(`setTimeout(() => { ${script} })`);
  runner.turn([{ kind: 'timer' }]);
}

/** Time passes: timers as they are due, frames sixty times a second while they are wanted. */
export function pass(runner: Runner, ms: number, eachFrame: () => void = () => {}): void {
  const frameUs = 16_000;
  for (const end = runner.nowUs + ms * 1000; runner.nowUs < end; ) {
    const next = runner.nowUs + frameUs;
    runner.settle(frameUs / 1000);
    const restMs = (next - runner.nowUs) / 1000;
    if (runner.outcome!.animationFrame) {
      runner.turn([{ kind: 'animation-frame' }], restMs);
      eachFrame();
    } else runner.nowUs = next;
  }
}
