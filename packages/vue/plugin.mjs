/**
 * Vue for `bundle` of `@playconnect/module`, which finds it where a module
 * imports `vue` or `@playconnect/vue`. It compiles single-file components, and
 * puts `@playconnect/vue` in the place of `vue`. It is named where it gets options:
 *
 *     import { bundle } from '@playconnect/module/bundle';
 *     import { vue } from '@playconnect/vue/plugin';
 *     await bundle({ entry: 'src/main.ts', out: 'dist/chat.js', plugins: [vue({ isCustomElement })] });
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { documentGlobals, provides, withDocument } from '@playconnect/module/bundle';
import * as sfc from '@vue/compiler-sfc';

const source = fileURLToPath(new URL('./src', import.meta.url));
const runtime = path.join(source, 'index.ts');
/** Parts of a component that are modules of their own in the bundle: `/app/Chat.vue?vue&style=0`. */
const part = /^(.*\.vue)\?vue&(template|style)(?:=(\d+))?$/;

/**
 * @param {import('./plugin.d.mts').VueOptions} [options]
 * @returns {import('esbuild').Plugin}
 */
export function vue({ isCustomElement, styles = {} } = {}) {
  return {
    name: 'playconnect-vue',
    [provides]: documentGlobals,
    setup(build) {
      withDocument(build);
      const { initialOptions: options } = build;
      const root = options.absWorkingDir ?? process.cwd();
      const production = options.define?.['process.env.NODE_ENV'] === '"production"';
      options.define = {
        __VUE_OPTIONS_API__: 'true',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
        ...options.define,
      };
      options.jsxImportSource ??= 'vue';

      // `vue` is our entry, for the app and for all libraries, and there is one copy of Vue's core.
      build.onResolve({ filter: /^(vue|vue\/dist\/.*|@vue\/(runtime-dom|runtime-core|reactivity|shared))$/ }, async ({ path: name, importer, kind, pluginData }) => {
        if (pluginData === resolving || importer.startsWith(source + path.sep)) return undefined;
        if (options.packages === 'external') return { path: name, external: true };
        if (name.startsWith('vue') || name === '@vue/runtime-dom') return { path: runtime };
        return build.resolve(name, { kind, resolveDir: source, pluginData: resolving });
      });

      const components = new Components({ root, production, isCustomElement, styles });
      build.onStart(() => components.forget());
      build.onLoad({ filter: /\.vue$/ }, async ({ path: file }) => load(file, () => components.main(file)));
      build.onResolve({ filter: part }, ({ path: name, resolveDir }) => {
        const [, file, ...rest] = part.exec(name);
        const suffix = name.slice(file.length);
        return { path: path.resolve(resolveDir, file) + suffix, namespace: 'playconnect-vue' };
      });
      build.onLoad({ filter: part, namespace: 'playconnect-vue' }, async ({ path: name }) => {
        const [, file, kind, index] = part.exec(name);
        return load(file, () => (kind === 'template' ? components.template(file) : components.style(file, Number(index))));
      });
    },
  };
}

export { vue as default };

const resolving = Symbol('resolving');

/** Faults become messages of esbuild, with their place in the `.vue` file. */
async function load(file, make) {
  try {
    return { resolveDir: path.dirname(file), ...(await make()) };
  } catch (error) {
    if (error instanceof Faults) return { errors: error.messages };
    throw error;
  }
}

class Faults extends Error {
  constructor(errors, file) {
    super('a component has faults');
    this.messages = errors.map((error) => message(error, file));
  }
}

function message(error, file) {
  if (typeof error === 'string') return { text: error, location: { file } };
  // Behind the first line Vue shows the source, which esbuild does by itself.
  const text = error.message.split('\n')[0].replace(/^\[@?vue\/compiler-sfc\] /, '').replace(/ \(\d+:\d+\)$/, '');
  const place = placeOf(error);
  if (place === null) return { text, location: { file } };
  return { text, location: { file, ...place, lineText: readFileSync(file, 'utf8').split('\n')[place.line - 1] ?? '' } };
}

/** Line from 1, column from 0, in the `.vue` file. */
function placeOf(error) {
  if (error.loc?.start !== undefined) return { line: error.loc.start.line, column: error.loc.start.column - 1 };
  if (error.line !== undefined) return { line: error.line, column: Math.max(0, (error.column ?? 1) - 1) };
  // Of faults in scripts Vue tells the place in the picture alone: `2  |  const x = ;`, and below `   |            ^`.
  const [, line, caret] = /^(\d+)\s*\| .*\n {3}\| {2}( *)\^/m.exec(error.message) ?? [];
  return line === undefined ? null : { line: Number(line), column: caret.length };
}

class Components {
  #settings;
  #known = new Map();

  constructor(settings) {
    this.#settings = settings;
  }

  /** A build begins: files may have changed. */
  forget() {
    this.#known.clear();
    typed.forEach(sfc.invalidateTypeCache);
    typed.clear();
  }

  /** The component: its script, with the other parts as imports. */
  async main(file) {
    const { descriptor, id, script } = await this.#component(file);
    const { production } = this.#settings;
    const imports = [];
    const additions = [];
    const name = JSON.stringify(path.basename(file));
    if (descriptor.template !== null && !isInline(descriptor)) {
      imports.push(`import { render as __render } from ${JSON.stringify(`./${path.basename(file)}?vue&template`)};`);
      additions.push('__component.render = __render;');
    }
    const modules = [];
    for (const [index, style] of descriptor.styles.entries()) {
      imports.push(`import ${JSON.stringify(`./${path.basename(file)}?vue&style=${index}`)};`);
      if (style.module) {
        const { modules: names } = await this.#compiledStyle(file, index);
        modules.push(`${JSON.stringify(style.module === true ? '$style' : style.module)}: ${JSON.stringify(names)}`);
      }
    }
    if (modules.length > 0) additions.push(`__component.__cssModules = { ${modules.join(', ')} };`);
    if (descriptor.styles.some(({ scoped }) => scoped)) additions.push(`__component.__scopeId = ${JSON.stringify(`data-v-${id}`)};`);
    // Where the component has no name of its own, the trace of an error has the file's.
    additions.push(`__component.__name ??= ${JSON.stringify(path.basename(file, '.vue'))};`);
    if (!production) additions.push(`__component.__file = ${name};`);
    const code = script === null ? 'const __component = {};' : script.content;
    return {
      contents: [code, ...imports, ...additions, 'export default __component;', sourceMap(script?.map, file)].join('\n'),
      loader: script?.lang === 'ts' ? 'ts' : script?.lang === 'tsx' ? 'tsx' : script?.lang === 'jsx' ? 'jsx' : 'js',
    };
  }

  /** The render function, where it is not part of the script. */
  async template(file) {
    const { descriptor, id, script } = await this.#component(file);
    const { template } = descriptor;
    const { code, map, errors } = sfc.compileTemplate({
      ...this.#templateOptions(descriptor, id),
      source: template.content,
      filename: file,
      id: `data-v-${id}`,
      ast: template.lang === undefined ? template.ast : undefined,
      inMap: template.map,
      preprocessLang: template.lang,
      preprocessCustomRequire: createRequire(file),
      compilerOptions: { ...this.#templateOptions(descriptor, id).compilerOptions, bindingMetadata: script?.bindings },
    });
    if (errors.length > 0) throw new Faults(errors, file);
    return { contents: `${code}\n${sourceMap(map, file)}`, loader: isTypeScript(descriptor) ? 'ts' : 'js' };
  }

  async style(file, index) {
    const { code } = await this.#compiledStyle(file, index);
    return { contents: code, loader: 'css' };
  }

  async #compiledStyle(file, index) {
    const { descriptor, id } = await this.#component(file);
    const style = descriptor.styles[index];
    const options = {
      source: style.content,
      filename: file,
      id: `data-v-${id}`,
      scoped: style.scoped ?? false,
      modules: Boolean(style.module),
      isProd: this.#settings.production,
      preprocessLang: style.lang === 'css' || style.lang === 'postcss' ? undefined : style.lang,
      preprocessOptions: this.#settings.styles.preprocessor,
      preprocessCustomRequire: createRequire(file),
      postcssPlugins: this.#settings.styles.postcss,
    };
    let result;
    try {
      result = await sfc.compileStyleAsync(options);
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
      const text = `lang="${style.lang}" needs a package that is not installed: ${error.message.split('\n')[0]}`;
      throw new Faults([Object.assign(new Error(text), { loc: style.loc })], file);
    }
    const { code, modules, errors } = result;
    const offset = style.loc.start.line - 1;
    if (errors.length > 0) throw new Faults(errors.map((error) => (error.line === undefined ? error : Object.assign(error, { line: error.line + offset }))), file);
    return { code, modules };
  }

  #component(file) {
    let known = this.#known.get(file);
    if (known === undefined) this.#known.set(file, (known = this.#compile(file)));
    return known;
  }

  async #compile(file) {
    const { root, production } = this.#settings;
    const text = await readFile(file, 'utf8');
    const { descriptor, errors } = sfc.parse(text, { filename: file, templateParseOptions: this.#parserOptions() });
    if (errors.length > 0) throw new Faults(errors, file);
    for (const block of [descriptor.template, descriptor.script, ...descriptor.styles]) if (block?.src) await include(block, file);
    // The same in every build of the same source, wherever it lies.
    const id = createHash('sha256').update(`${path.relative(root, file).replaceAll('\\', '/')}\n${production ? text : ''}`).digest('hex').slice(0, 8);
    if (descriptor.script === null && descriptor.scriptSetup === null) return { descriptor, id, script: null };
    if (descriptor.script?.src) return { descriptor, id, script: includedScript(descriptor.script, file) };
    await registerTypeScript(file);
    try {
      const script = sfc.compileScript(descriptor, {
        id,
        isProd: production,
        inlineTemplate: isInline(descriptor),
        genDefaultAs: '__component',
        templateOptions: this.#templateOptions(descriptor, id),
        fs: { fileExists: existsSync, readFile: readTypes, realpath: realpathSync },
      });
      return { descriptor, id, script };
    } catch (error) {
      throw new Faults([error], file);
    }
  }

  #templateOptions(descriptor, id) {
    const { production } = this.#settings;
    const scoped = descriptor.styles.some((style) => style.scoped);
    return {
      isProd: production,
      scoped,
      slotted: descriptor.slotted,
      compilerOptions: {
        ...this.#parserOptions(),
        scopeId: scoped ? `data-v-${id}` : undefined,
        expressionPlugins: isTypeScript(descriptor) ? ['typescript'] : [],
        directiveTransforms: { html: refuseHtml },
      },
    };
  }

  #parserOptions() {
    const { isCustomElement } = this.#settings;
    // By `pc-slot` a module offers a place to another one; `pc-overlay` stands over the page.
    return { isCustomElement: (tag) => tag === 'pc-slot' || tag === 'pc-overlay' || isCustomElement?.(tag) === true };
  }
}

/** `<script setup>` takes the template into itself: its names need no detour over the instance then. */
function isInline({ scriptSetup, template }) {
  return scriptSetup !== null && template !== null && !template.src && template.lang === undefined;
}

function isTypeScript({ script, scriptSetup }) {
  return /^tsx?$/.test((scriptSetup ?? script)?.lang ?? '');
}

function refuseHtml(directive, _node, context) {
  const error = new SyntaxError('v-html is not possible in a module, which hands the page no HTML text, only elements: build them in the template, or use v-text');
  context.onError(Object.assign(error, { code: 'PLAYCONNECT_V_HTML', loc: directive.loc }));
  return { props: [] };
}

/** `<template src="./x.html">`, `<style src="./x.css">`. */
async function include(block, file) {
  const name = block.src.startsWith('.') ? path.resolve(path.dirname(file), block.src) : createRequire(file).resolve(block.src);
  try {
    block.content = await readFile(name, 'utf8');
  } catch (error) {
    throw new Faults([Object.assign(new Error(`the file of src="${block.src}" cannot be read: ${error.message}`), { loc: block.loc })], file);
  }
  // Places in the component's own text are no help here.
  block.map = undefined;
  if (block.ast) block.ast = undefined;
}

/** A script in a file of its own is an ordinary module. */
function includedScript(block, file) {
  const name = block.src.startsWith('.') ? path.resolve(path.dirname(file), block.src) : block.src;
  return { content: `import __included from ${JSON.stringify(name)};\nconst __component = { ...__included };`, lang: 'js', map: undefined, bindings: undefined };
}

/** Files that were read for types that a component imports. Vue keeps what it found in them. */
const typed = new Set();

function readTypes(name) {
  typed.add(name);
  return existsSync(name) ? readFileSync(name, 'utf8') : undefined;
}

let typeScript;

/** `defineProps<Imported>()` needs TypeScript to find what is imported. Components without it need none. */
async function registerTypeScript(file) {
  typeScript ??= (async () => {
    const require = createRequire(file);
    let name;
    try {
      name = require.resolve('typescript');
    } catch {
      return;
    }
    sfc.registerTS(() => require(name));
  })();
  await typeScript;
}

function sourceMap(map, file) {
  if (map === undefined || map === null) return '';
  const own = { ...map, sources: map.sources.map(() => path.basename(file)), sourcesContent: undefined, sourceRoot: undefined };
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(own)).toString('base64')}`;
}
