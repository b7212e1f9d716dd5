/** Bundles of components: of one, to see how big it is, or of all of a framework. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundle } from '@playconnect/module/bundle';
import { own } from './components.mjs';

const entries = { react: 'mount/react.tsx', vue: 'mount/vue.ts', svelte: 'mount/svelte.ts' };
const files = { react: 'App.tsx', vue: 'App.vue', svelte: 'App.svelte' };

/**
 * @param {import('./components.mjs').Component[]} components all of one framework
 * @param {{ out?: string }} [options] the file to write; without, nothing is written
 */
export function bundleComponents(components, { out } = {}) {
  const { framework } = components[0];
  return bundle({ root: own, entry: entries[framework], out: out ?? 'out/never.js', write: out !== undefined, log: false, plugins: [choice(components)] });
}

/** `#components`: by name, and what their apps have to be set up with. */
function choice(components) {
  const folder = ({ name }) => path.join(own, 'modules', name);
  const setups = components.filter((component) => existsSync(path.join(folder(component), 'setup.ts')));
  const contents = [
    ...components.map((component, at) => `import component${at} from ${JSON.stringify(path.join(folder(component), files[component.framework]))};`),
    ...setups.map((component, at) => `import setup${at} from ${JSON.stringify(path.join(folder(component), 'setup.ts'))};`),
    `export const components = { ${components.map(({ name }, at) => `${JSON.stringify(name)}: component${at}`).join(', ')} };`,
    `export const setups = [${setups.map((_, at) => `setup${at}`).join(', ')}];`,
  ].join('\n');
  return {
    name: 'components',
    setup(build) {
      build.onResolve({ filter: /^#components$/ }, ({ path: name }) => ({ path: name, namespace: 'components' }));
      build.onLoad({ filter: /.*/, namespace: 'components' }, () => ({ contents, resolveDir: own, loader: 'js' }));
    },
  };
}
