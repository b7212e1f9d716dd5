/// <reference types="@playconnect/module/assets" />
/** Components are compiled when the module is built. */
declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}
