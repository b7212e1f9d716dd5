import type { Plugin, PluginBuild } from 'esbuild';

/** Key of a plugin's list of globals that it brings and the platform does not have: an app's own source may use them. */
export const provides: unique symbol;

/** Globals that `@playconnect/module/document` brings: for the plugins of frameworks that import it. */
export const documentGlobals: string[];

/**
 * For the setup of a framework's plugin: the bundle begins with `@playconnect/module/document`, for libraries that ask for
 * a document when they are evaluated.
 */
export function withDocument(build: PluginBuild): void;

export interface ModulePlugin extends Plugin {
  [provides]?: string[];
}

export interface BundleOptions {
  /** The source file that mounts the module. */
  entry: string;
  /**
   * The file to make, for example `dist/menu.js`. Styles that the source imports go beside it, as `dist/menu.css`; images and
   * fonts that source and styles name, into the folder `dist/menu.assets`, which holds nothing else.
   */
  out: string;
  /** Paths are relative to this folder. Default: the current one. */
  root?: string;
  /** Default: true. */
  minify?: boolean;
  /** Constants, as in esbuild. */
  define?: Record<string, string>;
  /**
   * Plugins of esbuild. A framework's own is found by itself (the app depends on its package, the module imports it); to give
   * it options, name it here: `[svelte({ preprocess })]`.
   */
  plugins?: ModulePlugin[];
  /** Says on standard output what was made. Default: true. */
  log?: boolean;
  /** False: nothing is written; the result has it all the same. Default: true. */
  write?: boolean;
}

export interface BundleResult {
  bytes: number;
  /** The source files, relative to `root`. */
  inputs: string[];
  code: string;
  /** The stylesheet, if there is one. */
  css: string | undefined;
  /** Images and fonts, by the names that they have in `/_pc/assets/`. */
  assets: string[];
}

/**
 * Throws with one line for each fault (file:line:column, what, what to do), also
 * for globals that a module does not have.
 */
export function bundle(options: BundleOptions): Promise<BundleResult>;

/**
 * The whole of a build script, to be called once: `await run(() => bundle(…))`. Says what is wrong, and ends the program with
 * exit code 1. Under `playconnect dev` the program stays and builds again when a file changes that it has bundled, so that
 * compilers are loaded once; when another file changes, it is started anew.
 */
export function run(build: () => Promise<unknown>): Promise<void>;
