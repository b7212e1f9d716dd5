/** What `vue` has and a module cannot have: it is there, so that libraries can be bundled, and says so when it is used. */

import { createApp } from './app';

/** The first HTML is rendered by the module itself: there is nothing to hydrate. */
export const createSSRApp = createApp;
export const initDirectivesForSSR = (): void => {};

export const compile = unsupported('compile', 'templates are compiled when the module is built: write them in .vue files');
export const hydrate = unsupported('hydrate', 'the first HTML is rendered by the module itself; use createApp(…).mount()');
export const defineCustomElement = unsupported('defineCustomElement', 'the page has no custom elements of modules: use the component itself');
export const defineSSRCustomElement = defineCustomElement;
export const useShadowRoot = (): null => null;
export const useHost = (): null => null;
export class VueElement {}

function unsupported(name: string, instead: string): (...args: unknown[]) => never {
  return () => {
    throw new Error(`${name}() is not possible in a module: ${instead}`);
  };
}
