/**
 * `@playconnect/react`: React on PlayConnect.
 *
 *     import { mount } from '@playconnect/react';
 *     mount(<App />);
 *
 * Handlers run at the edge, after the browser has gone on. So `preventDefault`
 * is declared beside the handler:
 *
 *     <textarea onKeyDown={send} listen={{ onKeyDown: { preventDefault: 'Enter-Shift' } }} />
 *     <a href="/rooms" onClick={open} listen={{ onClick: { preventDefault: true } }}>Rooms</a>
 *
 * A form with `onSubmit` or with a function as `action` prevents the browser's
 * own submit by default; `listen={{ onSubmit: { preventDefault: false } }}`
 * leaves it.
 */

import type { ElementNode, ListenOptions } from '@playconnect/module';
import { createElement, type HTMLAttributes, type ReactElement, type Ref } from 'react';

export { ElementNode, type ListenOptions } from '@playconnect/module';
export type { HostElement } from './element';
export type { ReactEvent } from './events';
export { createPortal, flushSync, mount, type MountOptions } from './root';

/**
 * A place in which the module stands whose `slot` in the manifest is `THIS_MODULE/name`. `children` show while none does.
 * Events in it come to handlers that ask for them: `listen={{ onClick: { through: true } }}`, with this element as target.
 */
export function Slot({ name, className, ...props }: HTMLAttributes<HTMLElement> & { name: string }): ReactElement {
  return createElement('pc-slot', { ...props, name, ...(className !== undefined && { class: className }) });
}

/**
 * What stands over the page: toasts, menus, dialogs of libraries. The module needs `overlay = true` in the manifest. It
 * covers the window, and only what is in it takes clicks. With a ref it is a container for `createPortal`.
 */
export function Overlay({ className, ...props }: HTMLAttributes<HTMLElement> & { ref?: Ref<ElementNode> }): ReactElement {
  return createElement('pc-overlay', { ...props, ...(className !== undefined && { class: className }) });
}

declare module 'react' {
  interface DOMAttributes<T> {
    /** How to listen, by the name of the handler's prop. */
    listen?: { [name in `on${string}`]?: ListenOptions };
  }
}
