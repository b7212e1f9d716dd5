/**
 * `@playconnect/vue`: Vue on PlayConnect. The plugin (`@playconnect/vue/plugin`)
 * puts this in the place of `vue`, so that an app and the libraries that it
 * uses are written as ever:
 *
 *     import { createApp } from 'vue';
 *     import App from './App.vue';
 *     createApp(App).mount('#app');
 *
 * It is all of `@vue/runtime-core`, and what `vue` adds to that for browsers.
 */

export * from '@vue/runtime-core';
export { useCssModule, vModelCheckbox, vModelRadio, vModelSelect } from '@vue/runtime-dom';
export { ElementNode, slot, type ListenOptions, type ModuleEvent } from '@playconnect/module';
export { createApp, mount, render } from './app';
export type { HostElement } from './element';
export { withKeys, withModifiers } from './events';
export { vModelDynamic, vModelText } from './model';
export { useCssVars, vShow } from './style';
export { Transition, TransitionGroup } from './transition';
export * from './unsupported';
