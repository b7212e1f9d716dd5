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

import type { ListenOptions } from '@playconnect/module';

export { ElementNode, type ListenOptions } from '@playconnect/module';
export type { HostElement } from './element';
export type { ReactEvent } from './events';
export { createPortal, flushSync, mount, type MountOptions } from './root';

declare module 'react' {
  interface DOMAttributes<T> {
    /** How to listen, by the name of the handler's prop. */
    listen?: { [name in `on${string}`]?: ListenOptions };
  }
}
