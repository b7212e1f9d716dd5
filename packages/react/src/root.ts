/** React's roots: the module's slot, and nodes of its tree. */

import { fail, isRunning, onMount, slot, type ParentNode } from '@playconnect/module';
import { StrictMode, createElement, type ReactNode, type ReactPortal } from 'react';
import { ConcurrentRoot } from 'react-reconciler/constants';
import { reconciler } from './host';
import './events';

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
  onMount(() => makeRoot(slot, identifierPrefix).render(strict ? createElement(StrictMode, null, element) : element));
}

export interface Root {
  render(children: ReactNode): void;
  unmount(): void;
}

/**
 * React DOM's `createRoot`. At the top level of a bundle the container is the
 * slot, whatever is given; what is rendered there takes effect when the module
 * runs. Later it is a node of the module's tree.
 */
export function createRoot(container: ParentNode | null, { identifierPrefix = '' }: MountOptions = {}): Root {
  if (isRunning()) {
    if (container === null) throw new Error('createRoot(null): there is no such node in the module\'s tree');
    return makeRoot(container, identifierPrefix);
  }
  let first: ReactNode = null;
  let root: Root | null = null;
  onMount(() => (root = makeRoot(slot, identifierPrefix)).render(first));
  return {
    render(children) {
      first = children;
      root?.render(children);
    },
    unmount() {
      first = null;
      root?.unmount();
    },
  };
}

function makeRoot(container: ParentNode, identifierPrefix: string): Root {
  const root = reconciler.createContainer(
    container,
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
  return {
    render: (children) => void reconciler.updateContainer(children, root, null, null),
    unmount: () => void reconciler.updateContainer(null, root, null, null),
  };
}

/** Renders `children` into another node of the module's tree; events bubble along React's tree. */
export function createPortal(children: ReactNode, container: ParentNode, key: string | null = null): ReactPortal {
  return reconciler.createPortal(children, container, null, key) as ReactPortal;
}

/** Renders what `update` sets before it returns. */
export function flushSync<R>(update?: () => R): R {
  return reconciler.flushSyncFromReconciler(update ?? (() => undefined as R));
}
