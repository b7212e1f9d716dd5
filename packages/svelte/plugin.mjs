/**
 * esbuild's plugin for Svelte components in a module. `bundle` finds it when a
 * module imports `@playconnect/svelte`; it is named where it gets options:
 *
 *     import { bundle } from '@playconnect/module/bundle';
 *     import { svelte } from '@playconnect/svelte/plugin';
 *     await bundle({ entry: 'src/main.ts', out: 'dist/progress.js', plugins: [svelte({ preprocess })] });
 *
 * It compiles `.svelte`, `.svelte.js` and `.svelte.ts`, says at build time what
 * a module cannot do, and declares what handlers prevent.
 */

import fs from 'node:fs/promises';
import path from 'node:path';
import { documentGlobals, provides, withDocument } from '@playconnect/module/bundle';
import { compile, compileModule, parse, preprocess as runPreprocess, VERSION } from 'svelte/compiler';
import { check } from './check.mjs';
import { declarePrevented } from './prevent.mjs';

/** The version whose runtime `src/` stands in for. */
const made = '5.57.3';

/**
 * What is changed in Svelte's runtime. Each text must be there: another version
 * of Svelte is another case.
 */
const patches = [
  {
    file: 'internal/client/dom/elements/events.js',
    // Elements say to the host what they handle, also where Svelte listens around everything.
    changes: [
      ['(element[event_symbol] ??= {})[event_name] = handler;', '(element[event_symbol] ??= {})[event_name] = handler;\n\telement.delegates?.(event_name, handler);'],
      ['export function replay_events(dom) {', 'handle_event_propagation.playconnectDelegates = true;\n\nexport function replay_events(dom) {'],
    ],
  },
  {
    file: 'internal/client/dom/elements/customizable-select.js',
    // Svelte finds out with innerHTML whether an option may hold elements. In a module's tree it may.
    changes: [['let supported = null;', 'let supported = true;']],
  },
];

/**
 * @param {import('./plugin.d.mts').SvelteOptions} options
 * @returns {import('./plugin.d.mts').SveltePlugin}
 */
export function svelte({ preprocess, compilerOptions = {} } = {}) {
  if (VERSION !== made) {
    throw new Error(`@playconnect/svelte is made for svelte ${made}, and ${VERSION} is installed: npm install svelte@${made} --save-exact`);
  }
  for (const name of Object.keys(compilerOptions)) {
    if (fixed.has(name)) throw new Error(`svelte({ compilerOptions: { ${name} } }): @playconnect/svelte sets \`${name}\` itself. Leave it out`);
  }
  return {
    name: 'playconnect-svelte',
    [provides]: documentGlobals,
    setup(build) {
      withDocument(build);
      const root = build.initialOptions.absWorkingDir ?? process.cwd();
      // A list of its own: the caller's may serve for other builds.
      build.initialOptions.conditions = ['svelte', ...(build.initialOptions.conditions ?? [])];
      /** Stylesheets of components, by the file's path. */
      const styles = new Map();

      // Without a namespace, stylesheets would come here too.
      build.onLoad({ filter: /\.svelte$/, namespace: 'file' }, async ({ path: file }) => {
        const isOwn = !/[\\/]node_modules[\\/]/.test(file);
        const filename = path.relative(root, file);
        const dependencies = [];
        try {
          let source = await fs.readFile(file, 'utf8');
          if (preprocess !== undefined) {
            const processed = await runPreprocess(source, preprocess, { filename: file });
            source = processed.code;
            dependencies.push(...(processed.dependencies ?? []));
          }
          const tree = parse(source, { filename, modern: true });
          const found = check(tree, source, filename);
          if (found.errors.length > 0) return { errors: found.errors, watchFiles: [file, ...dependencies] };
          const declared = declarePrevented(tree, source);
          const { js, css, warnings } = compile(declared, {
            runes: undefined,
            ...compilerOptions,
            filename,
            generate: 'client',
            fragments: 'tree',
            css: 'external',
            dev: false,
          });
          styles.set(file, css?.code ?? '');
          const own = css === null || css.code === '' ? '' : `\nimport ${JSON.stringify(`${file}?playconnect-css`)};`;
          return {
            contents: `${js.code}${own}${inlineMap(js.map, filename)}`,
            loader: 'js',
            resolveDir: path.dirname(file),
            warnings: isOwn ? [...found.warnings, ...warnings.map(message)] : [],
            watchFiles: [file, ...dependencies],
          };
        } catch (error) {
          return { errors: [message(error, filename)], watchFiles: [file, ...dependencies] };
        }
      });

      build.onLoad({ filter: /\.svelte\.[jt]s$/, namespace: 'file' }, async ({ path: file }) => {
        const isOwn = !/[\\/]node_modules[\\/]/.test(file);
        const filename = path.relative(root, file);
        try {
          let source = await fs.readFile(file, 'utf8');
          if (file.endsWith('.ts')) {
            const { code } = await build.esbuild.transform(source, { loader: 'ts', target: 'esnext', sourcefile: filename, tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } });
            source = code;
          }
          const { js, warnings } = compileModule(source, { filename, generate: 'client', dev: false });
          return { contents: `${js.code}${inlineMap(js.map, filename)}`, loader: 'js', resolveDir: path.dirname(file), warnings: isOwn ? warnings.map(message) : [] };
        } catch (error) {
          return { errors: [message(error, filename)], watchFiles: [file] };
        }
      });

      build.onResolve({ filter: /\.svelte\?playconnect-css$/ }, ({ path: specifier }) => ({
        path: specifier.slice(0, -'?playconnect-css'.length),
        namespace: 'playconnect-svelte-css',
      }));
      build.onLoad({ filter: /.*/, namespace: 'playconnect-svelte-css' }, ({ path: file }) => ({
        contents: styles.get(file),
        loader: 'css',
        resolveDir: path.dirname(file),
      }));

      for (const { file, changes } of patches) {
        const filter = new RegExp(`[\\\\/]svelte[\\\\/]src[\\\\/]${file.replaceAll('/', '[\\\\/]').replaceAll('.', '\\.')}$`);
        build.onLoad({ filter }, async ({ path: found }) => {
          let source = await fs.readFile(found, 'utf8');
          for (const [from, to] of changes) {
            if (source.split(from).length !== 2) throw new Error(`${found} is not the one of svelte ${made}: reinstall it (npm ci)`);
            source = source.replace(from, () => to);
          }
          return { contents: source, loader: 'js', resolveDir: path.dirname(found) };
        });
      }
    },
  };
}

export { svelte as default };

const fixed = new Set(['filename', 'generate', 'fragments', 'css', 'dev', 'hmr', 'customElement']);

/** An error or a warning of Svelte's compiler, as esbuild has them. */
function message(found, filename) {
  const { start, frame } = found;
  const text = String(found.message ?? found).replace(/\s*https:\/\/svelte\.dev\/e\/\S+$/, '');
  if (start === undefined) return { text, location: filename === undefined ? null : { file: filename, line: 1 } };
  const lineText = frame?.split('\n').map((line) => /^\s*(\d+): (.*)$/.exec(line)).find((match) => Number(match?.[1]) === start.line)?.[2];
  return { text, location: { file: found.filename ?? filename, line: start.line, column: start.column, lineText: lineText?.replaceAll('\t', ' ') } };
}

function inlineMap(map, filename) {
  // The map names the file as from its own folder.
  const sources = { ...map, sources: [path.basename(filename)] };
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(sources)).toString('base64')}`;
}
