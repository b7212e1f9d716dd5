/** Apps, as `createApp` of Vue makes them, in the module's slot. */

import { isRunning, onMount, slot, type ParentNode } from '@playconnect/module';
import { ErrorTypeStrings, type App, type Component, type ComponentInternalInstance, type ComponentPublicInstance, type VNode } from '@vue/runtime-core';
import { isString } from '@vue/shared';
import { findContainer, renderer } from './host';

/**
 * Vue's `createApp`. `mount()` at the top level of a bundle takes effect when
 * the module runs, and gives nothing back then.
 *
 * Its argument is a node of the module's tree or a selector in it. Without
 * one, or before the module runs, it is the slot: there is nothing else.
 */
export function createApp(root: Component, props?: Record<string, unknown> | null): App<ParentNode> {
  const app = renderer.createApp(root, props) as unknown as App<ParentNode>;
  app.config.errorHandler = logError;
  const { mount } = app;
  app.mount = (container?: ParentNode | string): ComponentPublicInstance => {
    const show = (into: ParentNode): ComponentPublicInstance => {
      if (into === slot) takeSlot(app);
      return mount(into);
    };
    if (isRunning()) return show(isString(container) ? (findContainer(container) ?? slot) : (container ?? slot));
    onMount(() => void show(isString(container) ? slot : (container ?? slot)));
    return undefined as never;
  };
  return app;
}

/** Shows `root` in the module's slot: `createApp(root, props).mount()`. */
export function mount(root: Component, props?: Record<string, unknown> | null): App<ParentNode> {
  const app = createApp(root, props);
  app.mount(slot);
  return app;
}

/** Vue's low-level `render`. */
export function render(vnode: VNode | null, container: ParentNode): void {
  renderer.render(vnode, container as never);
}

let slotApp: App<ParentNode> | null = null;

function takeSlot(app: App<ParentNode>): void {
  if (slotApp !== null) throw new Error('an app is mounted in the slot already: mount the second one in an element of the first, or make it a component of the first');
  slotApp = app;
  const { unmount } = app;
  app.unmount = () => {
    slotApp = null;
    unmount();
  };
}

/** What is not caught goes into the log, with the components that it came through. The app goes on, as in a browser. */
function logError(error: unknown, proxy: ComponentPublicInstance | null, info: string): void {
  console.error(`uncaught in ${place(info)}:`, error, `\n${trace(proxy?.$ ?? null)}`);
}

/** In production Vue says a number. */
function place(info: string): string {
  const code = /#runtime-(\w+)$/.exec(info)?.[1];
  return code === undefined ? info : (ErrorTypeStrings[code] ?? info);
}

function trace(from: ComponentInternalInstance | null): string {
  let text = '';
  for (let at = from; at !== null; at = at.parent) text += `    in ${nameOf(at)}\n`;
  return text.trimEnd();
}

function nameOf({ type, parent }: ComponentInternalInstance): string {
  const { displayName, name, __name, __file } = type as { displayName?: string; name?: string; __name?: string; __file?: string };
  const own = displayName ?? name ?? __name;
  if (own) return `<${own}>${__file ? ` (${__file})` : ''}`;
  // A name that only the parent knows.
  for (const [known, component] of Object.entries((parent?.type as { components?: Record<string, unknown> } | undefined)?.components ?? {})) {
    if (component === type) return `<${known}>`;
  }
  return parent === null ? '<App>' : '<Anonymous>';
}
