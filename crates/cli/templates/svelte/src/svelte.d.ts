/// <reference types="@playconnect/module/assets" />
/** Components are compiled when the module is built. */
declare module '*.svelte' {
  import type { Component } from 'svelte';
  const component: Component;
  export default component;
}
