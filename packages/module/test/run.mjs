// node packages/module/test/run.mjs [PACKAGE…] [-- ARGUMENTS]: bundles the tests of these packages (default: module,
// react and svelte) and runs them with `node --test ARGUMENTS`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const split = process.argv.indexOf('--');
const packages = process.argv.slice(2, split < 0 ? undefined : split);
const passed = split < 0 ? [] : process.argv.slice(split + 1);

const out = path.join(repository, 'out/tests');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const entryPoints = (packages.length > 0 ? packages : ['module', 'react', 'svelte']).flatMap((name) => {
  const folder = path.join(repository, 'packages', name, 'test');
  return readdirSync(folder)
    .filter((file) => /\.test\.tsx?$/.test(file))
    .map((file) => ({ in: path.join(folder, file), out: `${name}-${file.replace(/\.test\.tsx?$/, '.test')}` }));
});
await esbuild.build({
  entryPoints,
  outdir: out,
  bundle: true,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  target: 'node20',
  external: ['esbuild', 'playwright-core', 'svelte/compiler', '@playconnect/module/bundle', '@playconnect/svelte/plugin'],
  sourcemap: 'inline',
  logLevel: 'warning',
});
const files = entryPoints.map((entry) => path.join(out, `${entry.out}.mjs`));
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...passed, ...files], { cwd: repository, stdio: 'inherit' });
process.exit(status ?? 1);
