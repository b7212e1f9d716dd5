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

const keys = (which) => `the keys that it keeps from the browser are declared (${which})`;

/** @type {Component[]} */
export const components = [
  {
    name: 'radix-dialog',
    framework: 'react',
    packages: ['@radix-ui/react-dialog'],
    shows: 'modal dialog',
    hasStyle: true,
    differs: ['the page behind it can still be scrolled: it is the page\'s', '`position: fixed` stands in the stylesheet: the allow-list refuses it as inline style'],
  },
  { name: 'radix-accordion', framework: 'react', packages: ['@radix-ui/react-accordion'], shows: 'accordion', differs: [keys('arrows, Home, End')] },
  { name: 'downshift-combobox', framework: 'react', packages: ['downshift'], shows: 'combobox', differs: [keys('arrows, Enter'), 'what is highlighted is not scrolled into view'] },
  { name: 'tanstack-table', framework: 'react', packages: ['@tanstack/react-table'], shows: 'table: sort, filter, pages, selection' },
  {
    name: 'tanstack-virtual',
    framework: 'react',
    packages: ['@tanstack/react-virtual'],
    shows: 'virtual list of 10,000 rows',
    differs: ['sizes are known that stand in the attribute `style` in px, as in its documentation; rows of unknown height are not measured', 'after a jump a list is empty for the way there and back'],
  },
  { name: 'react-hook-form', framework: 'react', packages: ['react-hook-form', '@hookform/resolvers', 'zod'], shows: 'form with schema and field array' },
  { name: 'motion', framework: 'react', packages: ['motion'], shows: 'springs, presence, gestures', differs: ['frames come at `max_fps` of the manifest', '`layout` animations need measures, and do not move'] },
  { name: 'visx', framework: 'react', packages: ['@visx/shape', '@visx/axis', '@visx/scale'], shows: 'chart', differs: ['texts are not measured: no automatic line breaks in them'] },
  { name: 'zustand', framework: 'react', packages: ['zustand'], shows: 'store', differs: ['`persist` needs a storage of the app\'s own: there is no localStorage'] },
  { name: 'headless-menu', framework: 'vue', packages: ['@headlessui/vue'], shows: 'menu', differs: [keys('arrows, Home, End, Enter, Space, Escape')] },
  { name: 'headless-listbox', framework: 'vue', packages: ['@headlessui/vue'], shows: 'listbox, switch and tabs', differs: [keys('arrows, Home, End, Enter, Escape'), 'so is the click on the switch\'s label'] },
  { name: 'vee-validate', framework: 'vue', packages: ['vee-validate'], shows: 'form with field array' },
  { name: 'pinia', framework: 'vue', packages: ['pinia'], shows: 'store' },
  {
    name: 'bits-ui',
    framework: 'svelte',
    packages: ['bits-ui'],
    shows: 'tabs, checkbox, switch, accordion and dialog',
    differs: [keys('arrows, Home, End, Space'), 'the page behind the dialog can still be scrolled'],
  },
  { name: 'date-picker-svelte', framework: 'svelte', packages: ['date-picker-svelte'], shows: 'date picker', hasStyle: true },
  { name: 'svelte-sonner', framework: 'svelte', packages: ['svelte-sonner'], shows: 'toasts', hasStyle: true, differs: ['heights are not measured: spread toasts stand by the stylesheet\'s gap alone'] },
];
