// The crates of this folder: `node build.mjs` builds them all.
//
// They are built into `target/conformance`, where Cargo leaves alone what is up to date.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const own = fileURLToPath(new URL('.', import.meta.url));
const target = path.join(own, '../../../../target/conformance');
const WASM = 'wasm32-unknown-unknown';
const OUTPUT_BYTES_MAX = 16 << 20;

/** Of the framework, from the lock file. */
export function dioxusVersion() {
  const lock = fs.readFileSync(path.join(own, 'Cargo.lock'), 'utf8');
  const version = /^name = "dioxus"\nversion = "(.*)"$/m.exec(lock)?.[1];
  if (version === undefined) throw new Error('the lock file of frameworks/dioxus has no dioxus');
  return version;
}

/** Writes the module with all scenarios to `out`; `isBroken`: behind the faults of `broken/`. */
export async function buildModule(out, isBroken) {
  await buildModules();
  await fs.promises.mkdir(path.dirname(out), { recursive: true });
  await fs.promises.copyFile(wasmOf(isBroken ? 'broken' : 'module'), out);
}

/** For the oracle's bundle: `dioxus-oracle` and `dioxus-oracle.wasm` are what dioxus-web makes of the scenarios. */
export const dioxusAsItIs = {
  name: 'dioxus-as-it-is',
  setup(build) {
    build.onStart(buildOracle);
    build.onResolve({ filter: /^dioxus-oracle$/ }, () => ({ path: path.join(glue, 'conformance_oracle.js') }));
    build.onResolve({ filter: /^dioxus-oracle\.wasm$/ }, () => ({ path: path.join(glue, 'conformance_oracle_bg.wasm') }));
    build.onLoad({ filter: /\.wasm$/ }, async ({ path: file }) => ({ contents: await fs.promises.readFile(file), loader: 'binary' }));
  },
};

const glue = path.join(target, 'glue');

/** Without the oracle's features: together they would be one build of each crate, and not one that runs as a module. */
function buildModules() {
  return cargo('--target', WASM, '--package', 'conformance-module', '--package', 'conformance-broken');
}

async function buildOracle() {
  await cargo('--target', WASM, '--package', 'conformance-oracle');
  // It runs for a second and is compiled for a minute: it need not be quick.
  await cargo('--package', 'conformance-bindgen', '--config', 'profile.release.opt-level=0');
  const bindgen = path.join(target, 'release/conformance-bindgen');
  const made = changed(path.join(glue, 'conformance_oracle_bg.wasm'));
  if (made < changed(wasmOf('oracle')) || made < changed(bindgen)) await execute(bindgen, [wasmOf('oracle'), glue]);
}

const wasmOf = (name) => path.join(target, WASM, 'release', `conformance_${name}.wasm`);
const changed = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function cargo(...what) {
  return execute('cargo', ['build', '--release', '--locked', '--quiet', '--target-dir', target, ...what]);
}

/** What went wrong is what the program wrote. */
async function execute(program, given) {
  try {
    await promisify(execFile)(program, given, { cwd: own, maxBuffer: OUTPUT_BYTES_MAX });
  } catch (error) {
    throw new Error(`${path.basename(program)} ${given.join(' ')}: ${error.stderr?.trim() || error.message}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildModules();
  await buildOracle();
}
