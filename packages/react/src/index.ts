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

import { type ElementNode, fail, onMount, slot, type ListenOptions, type ParentNode } from '@playconnect/module';
import { StrictMode, createElement, type HTMLAttributes, type ReactElement, type ReactNode, type ReactPortal, type Ref } from 'react';
import { ConcurrentRoot } from 'react-reconciler/constants';
import { reconciler } from './host';
import './events';

export { ElementNode, type ListenOptions } from '@playconnect/module';
export type { HostElement } from './element';
export type { ReactEvent } from './events';

export interface MountOptions {
  /** Renders inside `<StrictMode>`. */
  strict?: boolean;
  /** Prefix of `useId`. */
  identifierPrefix?: string;
}

/**
 * Shows `element` in the module's slot. To be called once, at the top level of
 * the bundle. An error that no error boundary catches restarts the module.
 */
export function mount(element: ReactNode, { strict = false, identifierPrefix = '' }: MountOptions = {}): void {
  onMount(() => {
    const root = reconciler.createContainer(
      slot,
      ConcurrentRoot,
      null,
      false,
      null,
      identifierPrefix,
      (error) => fail(error),
      (error, info) => console.error('caught by an error boundary:', error, info.componentStack ?? ''),
      (error) => console.warn('recovered:', error),
      () => {},
      null,
    );
    reconciler.updateContainer(strict ? createElement(StrictMode, null, element) : element, root, null, null);
  });
}

/** Renders `children` into another node of the module's tree; events bubble along React's tree. */
export function createPortal(children: ReactNode, container: ParentNode, key: string | null = null): ReactPortal {
  return reconciler.createPortal(children, container, null, key) as ReactPortal;
}

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

/** Renders what `update` sets before it returns. */
export function flushSync<R>(update: () => R): R {
  return reconciler.flushSyncFromReconciler(update);
}

declare module 'react' {
  interface DOMAttributes<T> {
    /** How to listen, by the name of the handler's prop. */
    listen?: { [name in `on${string}`]?: ListenOptions };
  }
}
