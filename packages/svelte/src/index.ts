/** `@playconnect/svelte`: Svelte 5 in a PlayConnect module. */

import type {} from 'svelte/elements';
import { root } from './dom';
import { explainPreventDefault, fail, onMount } from '@playconnect/module';
import { mount as mountComponent, type Component, type ComponentType, type SvelteComponent } from 'svelte';

export interface MountOptions<Props extends Record<string, any>> {
  props?: Props;
  /** For `getContext`. */
  context?: Map<any, any>;
  /** Plays the intro transitions of what is there from the start. Default: false, so that the first HTML shows it as it is. */
  intro?: boolean;
}

/**
 * Renders a component into the module's slot. To be called once, at the top
 * level of the bundle. An error that the first rendering throws restarts the
 * module.
 */
export function mount<Props extends Record<string, any>>(
  component: Component<Props, any, any> | ComponentType<SvelteComponent<Props>>,
  options: MountOptions<Props> = {},
): void {
  onMount(() => {
    try {
      mountComponent(component as Component<any>, { intro: false, ...options, target: root as never });
    } catch (error) {
      fail(error);
    }
  });
}

explainPreventDefault(
  (type) =>
    `the attribute pc-prevent-default="${type}" on the element, or only for some keys (pc-prevent-default="keydown:Enter-Shift,Escape"). ` +
    'Handlers that begin with preventDefault(), and the modifier |preventDefault, declare it by themselves',
);

declare module 'svelte/elements' {
  interface DOMAttributes<T extends EventTarget> {
    /** Event types whose default the browser prevents; with keys behind a colon: `keydown:Enter-Shift,Escape`. */
    'pc-prevent-default'?: string;
    /** Event types that other modules and the page do not see. */
    'pc-stop-propagation'?: string;
    /** Event types that the browser need not wait for before it scrolls. */
    'pc-passive'?: string;
    /** Event types that are also heard from a slot nested in this element. */
    'pc-through'?: string;
  }
}
