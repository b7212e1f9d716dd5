/**
 * Images and fonts of a module: copied beside the bundle under a name that says
 * what they hold, and named so by what uses them.
 *
 * `url(./logo.png)` of a stylesheet and `import logo from './logo.png'` both
 * become `/_pc/assets/logo-HASH.png`, where the edge serves the file for ever.
 * The hash is 128 bits of SHA-256, not esbuild's own of 40 bits: the edge
 * computes it again and refuses a file of another content, so that no module
 * can put its picture in the place of another's.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The same list is in crates/edge/src/module_assets.rs. */
export const ASSET_KINDS = ['avif', 'gif', 'jpeg', 'jpg', 'png', 'svg', 'webp', 'otf', 'ttf', 'woff', 'woff2'];
/** The edge holds them in memory. The same limit is in crates/edge/src/module_assets.rs. */
export const ASSET_BYTES_MAX = 4 << 20;

const NAME_CHARACTERS_MAX = 64;
const kinds = ASSET_KINDS.join('|');
const resolving = Symbol('resolving');

/**
 * The plugin, and what it has found so far: contents by their names.
 *
 * @returns {{ plugin: import('esbuild').Plugin, files: Map<string, Uint8Array> }}
 */
export function assets() {
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();

  /** Gives the URL, or what is wrong. */
  async function keep(file) {
    const contents = await readFile(file);
    if (contents.length > ASSET_BYTES_MAX) {
      const errors = [{ text: `${path.basename(file)} has ${contents.length} bytes, and images and fonts of a module have ${ASSET_BYTES_MAX} at most: make it smaller, or put it beside the page's shell and name it by its path there, as \`/${path.basename(file)}\`` }];
      return { errors };
    }
    const { name, ext } = path.parse(file);
    const plain = name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[.-]+/, '').slice(0, NAME_CHARACTERS_MAX) || 'file';
    const hash = createHash('sha256').update(contents).digest('hex').slice(0, 32);
    const asset = `${plain}-${hash}${ext.toLowerCase()}`;
    files.set(asset, contents);
    return { url: `/_pc/assets/${asset}` };
  }

  const plugin = {
    name: 'playconnect-assets',
    setup(build) {
      // In a stylesheet. The name is written there: no loader of esbuild names files by a hash of our choice.
      build.onResolve({ filter: new RegExp(`^[^?#]+\\.(${kinds})([?#].*)?$`, 'i') }, async ({ path: specifier, kind, importer, namespace, resolveDir, pluginData }) => {
        if (kind !== 'url-token' || pluginData === resolving || /^[a-z][a-z0-9+.-]*:/i.test(specifier)) return undefined;
        // A file of the page, or another host's, which the page's policy refuses.
        if (specifier.startsWith('/')) return { path: specifier, external: true };
        const [, file, suffix] = /^([^?#]*)(.*)$/s.exec(specifier);
        const found = await build.resolve(file, { kind, importer, namespace, resolveDir, pluginData: resolving });
        if (found.errors.length > 0) return { errors: [{ text: `there is no file ${file} beside ${path.basename(importer)}, or a package that has it` }] };
        // The search for missing globals looks into no package.
        if (found.external) return { path: specifier, external: true };
        const { url, errors } = await keep(found.path);
        return { errors, path: url && url + suffix, external: true, watchFiles: [found.path] };
      });

      // Where it is imported. A plugin of the app's own that makes a component of an SVG comes first.
      build.onLoad({ filter: new RegExp(`\\.(${kinds})$`, 'i'), namespace: 'file' }, async ({ path: file, suffix }) => {
        if (suffix.startsWith('?')) {
          return { errors: [{ text: `\`${path.basename(file)}${suffix}\`: what stands behind \`?\` is for another bundler. An import of an image or a font gives its URL: leave \`${suffix}\` out` }] };
        }
        const { url, errors } = await keep(file);
        return { errors, contents: `export default ${JSON.stringify(url)};`, loader: 'js', watchFiles: [file] };
      });
    },
  };
  return { plugin, files };
}
