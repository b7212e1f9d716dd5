/** The components, each a small module as in its own documentation; `steps.mjs` drives them. */

import { fileURLToPath } from 'node:url';

/** This package's folder. */
export const own = fileURLToPath(new URL('.', import.meta.url));

/**
 * @typedef {object} Component
 * @property {string} name folder of `modules/`
 * @property {'react' | 'vue' | 'svelte'} framework
 * @property {string[]} packages those that it is about, as in package.json
 * @property {string} shows
 * @property {boolean} [hasStyle] it brings a stylesheet
 * @property {string[]} [differs] what is not as in a browser, or what had to be declared
 */

/** @type {Component[]} */
export const components = [
  { name: 'radix-dialog', framework: 'react', packages: ['@radix-ui/react-dialog'], shows: 'modal dialog' },
  { name: 'radix-accordion', framework: 'react', packages: ['@radix-ui/react-accordion'], shows: 'accordion' },
  { name: 'downshift-combobox', framework: 'react', packages: ['downshift'], shows: 'combobox' },
  { name: 'tanstack-table', framework: 'react', packages: ['@tanstack/react-table'], shows: 'table' },
  { name: 'tanstack-virtual', framework: 'react', packages: ['@tanstack/react-virtual'], shows: 'virtual list' },
  { name: 'react-hook-form', framework: 'react', packages: ['react-hook-form', '@hookform/resolvers', 'zod'], shows: 'form' },
  { name: 'motion', framework: 'react', packages: ['motion'], shows: 'animation' },
  { name: 'visx', framework: 'react', packages: ['@visx/shape', '@visx/axis', '@visx/scale'], shows: 'chart' },
  { name: 'zustand', framework: 'react', packages: ['zustand'], shows: 'store' },
  { name: 'headless-menu', framework: 'vue', packages: ['@headlessui/vue'], shows: 'menu' },
  { name: 'headless-listbox', framework: 'vue', packages: ['@headlessui/vue'], shows: 'listbox, switch and tabs' },
  { name: 'vee-validate', framework: 'vue', packages: ['vee-validate'], shows: 'form' },
  { name: 'pinia', framework: 'vue', packages: ['pinia'], shows: 'store' },
  { name: 'bits-ui', framework: 'svelte', packages: ['bits-ui'], shows: 'tabs, checkbox, switch, accordion and dialog' },
  { name: 'date-picker-svelte', framework: 'svelte', packages: ['date-picker-svelte'], hasStyle: true, shows: 'date picker' },
  { name: 'svelte-sonner', framework: 'svelte', packages: ['svelte-sonner'], hasStyle: true, shows: 'toasts' },
];
