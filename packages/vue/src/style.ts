/** `class` and `style`, of which bindings, transitions, `v-show` and `v-bind()` of style blocks each have a part. */

import { hyphenated, slot, type ParentNode, type TreeNode } from '@playconnect/module';
import {
  getCurrentInstance,
  Fragment,
  onBeforeUpdate,
  onMounted,
  onUnmounted,
  queuePostFlushCb,
  Static,
  watch,
  type ComponentInternalInstance,
  type Directive,
  type VNode,
} from '@vue/runtime-core';
import { isArray, isString, NOOP, normalizeCssVarValue } from '@vue/shared';
import { HostElement } from './element';

export function patchClass(element: HostElement, value: unknown): void {
  const own = value === null || value === undefined ? null : String(value);
  const { transitionClasses } = element;
  if (transitionClasses === null) element.setAttribute('class', own);
  else element.setAttribute('class', [own, ...transitionClasses].filter(Boolean).join(' '));
}

type StyleObject = Record<string, unknown>;

/**
 * A text, or an object by property. As in Vue's own renderer only the
 * properties of the binding are touched; what a ref has set stays.
 */
export function patchStyle(element: HostElement, before: unknown, next: unknown): void {
  const { style } = element;
  if (isString(next) || !next) {
    if (next !== before) element.setAttribute('style', isString(next) ? next : null);
    if (element.cssVariables !== null) style.assign(Object.entries(element.cssVariables));
  } else {
    if (isString(before)) element.setAttribute('style', null);
    const changes = new Map<string, string | null>();
    if (!isString(before) && before) for (const name in before) changes.set(hyphenated(name), null);
    for (const name in next) changes.set(hyphenated(name), styleValue((next as StyleObject)[name]));
    style.assign(changes);
  }
  if (element.displayShown === null) return;
  // `v-show` gives back what the binding says now.
  element.displayShown = (isString(next) ? next !== '' : next && 'display' in (next as StyleObject)) ? style.getPropertyValue('display') : '';
  if (element.hiddenByShow) style.setProperty('display', 'none');
}

/** Of several values, the last that the browser understands counts: as far as is known here, the last. */
function styleValue(value: unknown): string | null {
  if (isArray(value)) return styleValue(value.at(-1));
  return value === null || value === undefined || typeof value === 'boolean' ? null : String(value);
}

export const vShow: Directive<HostElement, unknown> & { name: 'show' } = {
  // The renderer looks for this name.
  name: 'show',
  beforeMount(element, { value }, { transition }) {
    const display = element.style.getPropertyValue('display');
    element.displayShown = display === 'none' ? '' : display;
    if (transition && value) transition.beforeEnter(element as never);
    else setShown(element, value);
  },
  mounted(element, { value }, { transition }) {
    if (transition && value) transition.enter(element as never);
  },
  updated(element, { value, oldValue }, { transition }) {
    if (!value === !oldValue) return;
    if (!transition) return setShown(element, value);
    if (!value) return transition.leave(element as never, () => setShown(element, false));
    transition.beforeEnter(element as never);
    setShown(element, true);
    transition.enter(element as never);
  },
  beforeUnmount(element, { value }) {
    setShown(element, value);
  },
};

function setShown(element: HostElement, shown: unknown): void {
  element.hiddenByShow = !shown;
  element.style.setProperty('display', shown ? element.displayShown : 'none');
}

type Variables = Record<string, unknown>;

/** By the node whose children they are: components that bind variables, to be told when children come. */
const owners = new Map<ParentNode, Set<() => void>>();

/** `v-bind()` in a `<style>`: sets custom properties on the component's root elements. Called by compiled components. */
export function useCssVars(getter: (context: unknown) => Variables): void {
  const instance = getCurrentInstance() as (ComponentInternalInstance & { ut?: (variables?: Variables) => void }) | null;
  if (instance === null) return;
  // Called by Teleport, which marks what it has moved.
  const updateTeleports = (instance.ut = (variables = getter(instance.proxy)) => {
    for (const element of slot.querySelectorAll(`[data-v-owner="${instance.uid}"]`)) setVariables(element, variables);
  });
  const update = (): void => {
    const variables = getter(instance.proxy);
    setVariablesOfVNode(instance.subTree, variables);
    updateTeleports(variables);
  };
  onBeforeUpdate(() => queuePostFlushCb(update));
  onMounted(() => {
    watch(update, NOOP, { flush: 'post' });
    const parent = (instance.subTree.el as unknown as TreeNode).parentNode;
    if (parent === null) return;
    let own = owners.get(parent);
    if (own === undefined) owners.set(parent, (own = new Set()));
    own.add(update);
    onUnmounted(() => {
      own.delete(update);
      if (own.size === 0) owners.delete(parent);
    }, instance);
  });
}

/** A node was put below `parent`: another root of a component that binds variables, maybe. */
export function childInserted(parent: ParentNode): void {
  if (owners.size === 0) return;
  for (const update of owners.get(parent) ?? []) queuePostFlushCb(update);
}

function setVariablesOfVNode(root: VNode, variables: Variables): void {
  let vnode = root;
  if (vnode.suspense) {
    const { suspense } = vnode;
    vnode = suspense.activeBranch!;
    if (suspense.pendingBranch && !suspense.isHydrating) suspense.effects.push(() => setVariablesOfVNode(suspense.activeBranch!, variables));
  }
  while (vnode.component) vnode = vnode.component.subTree;
  const { el, anchor } = vnode as { el: unknown; anchor: unknown };
  if (el instanceof HostElement && vnode.type !== Static) setVariables(el, variables);
  else if (vnode.type === Fragment) for (const child of vnode.children as VNode[]) setVariablesOfVNode(child, variables);
  else if (vnode.type === Static) {
    for (let node = el as TreeNode | null; node !== null; node = node === anchor ? null : node.nextSibling) setVariables(node, variables);
  }
}

function setVariables(node: TreeNode, variables: Variables): void {
  if (!(node instanceof HostElement)) return;
  node.cssVariables = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`--${name}`, normalizeCssVarValue(value)]),
  );
  node.style.assign(Object.entries(node.cssVariables));
}
