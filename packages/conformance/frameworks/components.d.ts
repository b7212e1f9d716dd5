/** Components are compiled when they are bundled. */

declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}

declare module '*.svelte' {
  import type { Component } from 'svelte';
  const component: Component;
  export default component;
}

/** Made by frameworks/dioxus/build.mjs. */
declare module 'dioxus-oracle' {
  export function initSync(options: { module: BufferSource }): void;
}

declare module 'dioxus-oracle.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
