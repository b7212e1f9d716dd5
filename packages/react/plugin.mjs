/**
 * React for `bundle` of `@playconnect/module`, which finds it where a module
 * imports `react` or `@playconnect/react`. It puts this package in the place of
 * `react-dom`, for libraries that render portals or flush by it.
 */

import { fileURLToPath } from 'node:url';
import { documentGlobals, provides, withDocument } from '@playconnect/module/bundle';

const stands = {
  'react-dom': fileURLToPath(new URL('./src/dom.ts', import.meta.url)),
  'react-dom/client': fileURLToPath(new URL('./src/client.ts', import.meta.url)),
};

/** @returns {import('./plugin.d.mts').ReactPlugin} */
export function react() {
  return {
    name: 'playconnect-react',
    [provides]: documentGlobals,
    setup(build) {
      withDocument(build);
      build.onResolve({ filter: /^react-dom(\/|$)/ }, ({ path: name }) => {
        if (build.initialOptions.packages === 'external') return { path: name, external: true };
        const path = stands[name];
        if (path !== undefined) return { path };
        if (name.startsWith('react-dom/server') || name.startsWith('react-dom/static')) {
          return { errors: [{ text: `${name} makes HTML text, and a module hands the page no HTML text: render the component itself` }] };
        }
        return undefined;
      });
    },
  };
}

export { react as default };
