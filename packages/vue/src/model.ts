/**
 * `v-model` on text fields. Those of check boxes, radio buttons and selects are
 * Vue's own: they need no more of an element than the module's tree has.
 */

import type { ModuleEvent } from '@playconnect/module';
import type { DirectiveBinding, ObjectDirective, VNode } from '@vue/runtime-core';
import { vModelCheckbox, vModelRadio, vModelSelect } from '@vue/runtime-dom';
import { invokeArrayFns, isArray, looseToNumber } from '@vue/shared';
import type { HostElement } from './element';

type Assign = (value: unknown) => void;
type Modifiers = 'lazy' | 'trim' | 'number';
type Binding = DirectiveBinding<unknown, Modifiers>;

interface Field {
  assign: Assign;
  /** An input method is at work: what stands in the field is not meant yet. */
  composing: boolean;
  /** Between an `input` and the `change` that ends it. Stands for the focus, of which a module knows nothing. */
  typing: boolean;
}

const fields = new WeakMap<HostElement, Field>();

export const vModelText: ObjectDirective<HostElement, unknown, Modifiers> = {
  created(element, { modifiers: { lazy, trim, number } }, vnode) {
    const field: Field = { assign: assignerOf(vnode), composing: false, typing: false };
    fields.set(element, field);
    const asNumber = number === true || vnode.props?.['type'] === 'number';
    const read = (): unknown => cast(element.value, trim, asNumber);
    element.addEventListener(lazy ? 'change' : 'input', () => {
      field.typing = !lazy;
      if (!field.composing) field.assign(read());
    });
    const ended = (): void => {
      if (!field.composing) return;
      field.composing = false;
      field.assign(read());
    };
    if (!lazy) {
      element.addEventListener('compositionstart', () => void (field.composing = true));
      element.addEventListener('compositionend', ended);
    }
    if (!lazy || trim || asNumber) {
      element.addEventListener('change', (_: ModuleEvent) => {
        field.typing = false;
        // Some input methods end without saying so.
        ended();
        if (trim || asNumber) write(element, read());
      });
    }
  },
  // When it is mounted `min` and `max` of a range are there.
  mounted: (element, { value }) => write(element, value),
  beforeUpdate(element, { value, modifiers: { trim, number } }: Binding, vnode) {
    const field = fields.get(element)!;
    field.assign = assignerOf(vnode);
    if (field.composing) return;
    const numeric = (number === true || element.type === 'number') && !/^0\d/.test(element.value);
    if ((numeric ? looseToNumber(element.value) : element.value) === (value ?? '')) return;
    if (field.typing && trim && element.value.trim() === value) return;
    write(element, value);
  },
};

/** For a `type` or an element that only the render knows. */
export const vModelDynamic: ObjectDirective<HostElement, unknown, Modifiers> = {
  created: (...args) => call('created', args),
  mounted: (...args) => call('mounted', args),
  beforeUpdate: (...args) => call('beforeUpdate', args),
  updated: (...args) => call('updated', args),
};

function call(hook: 'created' | 'mounted' | 'beforeUpdate' | 'updated', args: unknown[]): void {
  const [element, , vnode] = args as [HostElement, Binding, VNode];
  const model = modelOf(element.localName, vnode.props?.['type']) as Record<typeof hook, ((...args: unknown[]) => void) | undefined>;
  model[hook]?.(...args);
}

function modelOf(localName: string, type: unknown): object {
  if (localName === 'select') return vModelSelect;
  if (localName === 'textarea') return vModelText;
  return type === 'checkbox' ? vModelCheckbox : type === 'radio' ? vModelRadio : vModelText;
}

function assignerOf(vnode: VNode): Assign {
  const assign = vnode.props?.['onUpdate:modelValue'] as Assign | Assign[] | undefined;
  return isArray(assign) ? (value) => invokeArrayFns(assign, value) : (assign ?? (() => {}));
}

function cast(value: string, trim: boolean | undefined, asNumber: boolean): unknown {
  const text = trim ? value.trim() : value;
  return asNumber ? looseToNumber(text) : text;
}

/** Only where it makes a difference: the browser would drop the caret. */
function write(element: HostElement, value: unknown): void {
  const text = String(value ?? '');
  if (element.value !== text) element.value = text;
}
