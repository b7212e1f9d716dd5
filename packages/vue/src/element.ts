/** An element of Vue's tree. */

import { ElementNode, type ListenOptions } from '@playconnect/module';
import type { Invoker } from './events';

export class HostElement extends ElementNode {
  /** By the name of the prop, `onClickCapture`. @internal */
  invokers: Map<string, Invoker> | null = null;
  /** The prop `listen`, by event type. @internal */
  listenOptions: Record<string, ListenOptions | undefined> | null = null;
  /** Classes that a running transition has set; they stay when `class` is patched. @internal */
  transitionClasses: Set<string> | null = null;
  /** What `display` is when `v-show` shows the element; null: it has no `v-show`. @internal */
  displayShown: string | null = null;
  /** Hidden by `v-show`. @internal */
  hiddenByShow = false;
  /** `v-bind()` of a style block, with names from `--` on. @internal */
  cssVariables: Record<string, string> | null = null;
}

/** What Vue's own directives leave on an element. They look for these with `in`, so no class may declare them. */
export interface Expando {
  /** `value` as it was bound, of any type. */
  _value?: unknown;
  _trueValue?: unknown;
  _falseValue?: unknown;
}
