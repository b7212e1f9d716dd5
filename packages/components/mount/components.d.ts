/** What `bundle.mjs` makes of the chosen components. */
declare module '#components' {
  export const components: Record<string, any>;
  export const setups: ((app: any) => unknown)[];
}
declare module '*.svelte' {
  const component: any;
  export default component;
}
