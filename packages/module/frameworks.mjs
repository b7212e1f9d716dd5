/**
 * Finds the frameworks that a module is written with: packages among the app's
 * dependencies that bring a plugin for `bundle`, and that this module imports.
 *
 * Such a package depends on `@playconnect/module` and exports `./plugin`, whose
 * default export makes the plugin. Only what is imported counts: the modules of
 * an app share its dependencies, and a framework's plugin may set options that
 * are wrong for another (JSX, resolve conditions).
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

/**
 * @param {import('esbuild').BuildOptions & { absWorkingDir: string }} options of the bundle
 * @returns {Promise<import('./bundle.d.mts').ModulePlugin[]>} in the order of the dependencies
 */
export async function frameworkPlugins(options) {
  const candidates = await packagesWithPlugin(options.absWorkingDir);
  if (candidates.length === 0) return [];
  const imported = await importedPackages(options);
  const used = candidates.filter(({ name }) => imported.has(name));
  return Promise.all(
    used.map(async ({ name, file }) => {
      const { default: make } = await import(pathToFileURL(file).href);
      if (typeof make !== 'function') throw new Error(`${name}/plugin has no default export that makes the plugin: update ${name}, or give its plugin to bundle({ plugins: […] })`);
      return make();
    }),
  );
}

/** Of the nearest package.json: the dependencies that are frameworks of modules. */
async function packagesWithPlugin(root) {
  const app = upwards(root, 'package.json');
  if (app === null) return [];
  const { dependencies = {}, devDependencies = {} } = await json(app);
  const found = await Promise.all(
    Object.keys({ ...dependencies, ...devDependencies }).map(async (name) => {
      const file = upwards(path.dirname(app), path.join('node_modules', name, 'package.json'));
      if (file === null) return [];
      const manifest = await json(file);
      const plugin = target(manifest.exports?.['./plugin']);
      const isFramework = plugin !== null && Object.hasOwn(manifest.dependencies ?? {}, '@playconnect/module');
      return isFramework ? [{ name, file: path.join(path.dirname(file), plugin) }] : [];
    }),
  );
  return found.flat();
}

/** What the app's own source imports, in a look that no plugin has to help with: files of frameworks are left out. */
async function importedPackages(options) {
  const names = new Set();
  const look = {
    name: 'playconnect-look',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, ({ path: specifier }) => {
        names.add(specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
        return undefined;
      });
      build.onLoad({ filter: /\.\w+$/ }, ({ path: file }) => (/\.([cm]?[jt]sx?|json)$/.test(file) ? undefined : { contents: '', loader: 'empty' }));
    },
  };
  // Faults are told by the build itself, with their place.
  await esbuild.build({ ...options, packages: 'external', write: false, plugins: [look] }).catch(() => {});
  return names;
}

/** The nearest file of this name in `folder` or above. */
function upwards(folder, name) {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const file = path.join(at, name);
    if (existsSync(file)) return file;
    if (path.dirname(at) === at) return null;
  }
}

async function json(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

/** The file of an entry of `exports`, as Node picks it: the first condition that holds. */
function target(entry) {
  if (typeof entry === 'string') return entry;
  const held = Object.keys(entry ?? {}).find((condition) => ['node', 'import', 'default'].includes(condition));
  return held === undefined ? null : target(entry[held]);
}
