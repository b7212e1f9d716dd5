/**
 * What `react-dom` is in a module: the plugin puts this in its place, for the
 * app and for all libraries. What it loads ahead for a page (`preload` …) is
 * the page's own affair here, and does nothing.
 */

import * as React from 'react';
import { createPortal } from './root';
import { reconciler } from './host';

export { createPortal, flushSync } from './root';
export const version = React.version;

/** Hooks of the renderer, as React keeps them. */
interface Hooks {
  useHostTransitionStatus(): unknown;
  useFormState(action: unknown, initialState: unknown, permalink?: string): unknown;
}
const internals = React as unknown as { __CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE: { H: Hooks } };
const hooks = (): Hooks => internals.__CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE.H;

export function useFormStatus(): unknown {
  return hooks().useHostTransitionStatus();
}

export function useFormState(action: unknown, initialState: unknown, permalink?: string): unknown {
  return hooks().useFormState(action, initialState, permalink);
}

/** React batches by itself. */
export function unstable_batchedUpdates<A, R>(update: (argument: A) => R, argument: A): R {
  return reconciler.batchedUpdates(update, argument);
}

export function requestFormReset(): never {
  throw new Error('requestFormReset() is not possible in a module: a form is reset by the person, or by its fields\' state');
}

export function preconnect(): void {}
export function prefetchDNS(): void {}
export function preinit(): void {}
export function preinitModule(): void {}
export function preload(): void {}
export function preloadModule(): void {}

export default { createPortal, version, unstable_batchedUpdates };
