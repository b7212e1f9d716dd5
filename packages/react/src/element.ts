/** An element of React's tree. */

import { ElementNode, Namespace, type ListenOptions } from '@playconnect/module';
import type { Fiber } from 'react-reconciler';

/** Props of a host element, as the app wrote them. */
export type Props = Record<string, unknown> & {
  children?: unknown;
  listen?: Record<string, ListenOptions | undefined>;
};

export class HostElement extends ElementNode {
  props: Props;
  /** One of the two alternates. Its `return` is good for either. */
  fiber: Fiber | null;
  /** Hidden by Suspense or Activity. */
  hidden = false;
  /** Event types that are listened to, with the props that ask for them. */
  listened: Map<string, ListenOptions> | null = null;

  constructor(type: string, namespace: number, props: Props, fiber: Fiber) {
    super(type, namespace);
    this.props = props;
    this.fiber = fiber;
  }
}

/** The namespace that `type` opens in a parent of `namespace`, and that of its children. */
export function elementNamespace(type: string, namespace: number): number {
  if (type === 'svg') return Namespace.SVG;
  if (type === 'math') return Namespace.MathML;
  return namespace;
}

export function childNamespace(type: string, namespace: number): number {
  return type === 'foreignObject' ? Namespace.None : elementNamespace(type, namespace);
}
