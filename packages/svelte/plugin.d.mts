import type { ModulePlugin } from '@playconnect/module/bundle';
import type { CompileOptions, PreprocessorGroup } from 'svelte/compiler';

export interface SvelteOptions {
  /** Runs over a component's source before it is compiled, for example `sveltePreprocess()`. TypeScript's types need none. */
  preprocess?: PreprocessorGroup | PreprocessorGroup[];
  /** Svelte's options but those that this package sets, for example `{ experimental: { async: true } }`. */
  compilerOptions?: Omit<CompileOptions, 'filename' | 'generate' | 'fragments' | 'css' | 'dev' | 'hmr' | 'customElement'>;
}

export type SveltePlugin = ModulePlugin;

/** Throws if the installed Svelte is not the version that this package is made for. */
export function svelte(options?: SvelteOptions): SveltePlugin;

/** For `bundle`, which finds it when a module imports `@playconnect/svelte`. */
export { svelte as default };
