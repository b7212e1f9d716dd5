/** Bindings to attributes, live properties and listeners, as Vue's own renderer for browsers has them. */

import { attributeName, Namespace, propertyType } from '@playconnect/module';
import type { ComponentInternalInstance } from '@vue/runtime-core';
import { includeBooleanAttr, isModelListener, isOn, isSpecialBooleanAttr } from '@vue/shared';
import type { Expando, HostElement } from './element';
import { patchEvent, patchListen } from './events';
import { patchClass, patchStyle } from './style';

export function patchProp(
  element: HostElement,
  key: string,
  before: unknown,
  value: unknown,
  namespace?: string,
  instance: ComponentInternalInstance | null = null,
): void {
  if (key === 'class') return patchClass(element, value);
  if (key === 'style') return patchStyle(element, before, value);
  if (key === 'listen') return patchListen(element, value);
  if (isOn(key)) {
    if (!isModelListener(key)) patchEvent(element, key, value, instance);
    return;
  }
  const forced = key[0] === '^' ? 'attribute' : key[0] === '.' ? 'property' : null;
  const name = forced === null ? key : key.slice(1);
  if (forced === 'attribute' || !patchProperty(element, name, value)) patchAttribute(element, name, value, namespace === 'svg');
}

/** False: no property of this element, or one that is its attribute and nothing else. */
function patchProperty(element: HostElement & Expando, name: string, value: unknown): boolean {
  switch (name) {
    case 'innerHTML':
    case 'outerHTML':
      if (value === null || value === undefined) return true;
      throw new Error(
        `<${element.localName}>: v-html and ${name} are not possible: a module hands the page no HTML text, only elements. Build them in the template.`,
      );
    case 'innerText':
      element.textContent = String(value ?? '');
      return true;
    case 'textContent':
      if (value !== null && value !== undefined) element.textContent = String(value);
      return true;
    case 'scrollTop':
    case 'scrollLeft':
      element[name] = Number(value);
      return true;
    case 'muted':
      if (element.localName !== 'audio' && element.localName !== 'video') return false;
      element.muted = includeBooleanAttr(value);
      return true;
    case 'indeterminate':
      if (element.localName !== 'input') return false;
      element.indeterminate = includeBooleanAttr(value);
      return true;
    case 'checked':
      if (element.localName !== 'input') return false;
      patchFlag(element, 'checked', includeBooleanAttr(value));
      return true;
    case 'selected':
      if (element.localName !== 'option') return false;
      patchFlag(element, 'selected', includeBooleanAttr(value));
      return true;
    case 'value':
      return patchValue(element, value);
    case 'true-value':
      element._trueValue = value;
      return false;
    case 'false-value':
      element._falseValue = value;
      return false;
  }
  return false;
}

/** The state that the element begins with stands in the first HTML; from then on it is live. */
function patchFlag(element: HostElement, name: 'checked' | 'selected', on: boolean): void {
  element.setAttribute(name, on ? '' : null);
  if (element[name] !== on) element[name] = on;
}

/** Called with each render: the value may be another one than what was bound last, by what was typed. */
function patchValue(element: HostElement & Expando, value: unknown): boolean {
  switch (element.localName) {
    case 'input':
    case 'textarea':
    case 'select':
    case 'option':
    case 'button':
    case 'data':
    case 'param':
      break;
    default:
      // Of a `progress`, a `meter` and a `li` it is a number, and an attribute.
      return false;
  }
  const missing = value === null || value === undefined;
  const text = missing ? (element.getAttribute('type') === 'checkbox' ? 'on' : '') : String(value);
  // A select has no such attribute, and a textarea's would mean nothing.
  if (element.localName !== 'select' && element.localName !== 'textarea') element.setAttribute('value', missing ? null : text);
  if (element.localName === 'input' || element.localName === 'textarea' || element.localName === 'select') {
    if (element.value !== text) element.value = text;
  }
  element._value = value;
  return true;
}

function patchAttribute(element: HostElement, key: string, value: unknown, isSvg: boolean): void {
  if (isSvg || element.namespace !== Namespace.None) {
    const [, prefix, local] = /^(xlink|xml|xmlns):(.*)$/.exec(key) ?? [];
    const namespace = prefix === 'xlink' ? Namespace.XLink : prefix === 'xml' ? Namespace.XML : prefix === 'xmlns' ? Namespace.XMLNS : Namespace.None;
    element.setAttribute(local ?? key, attributeText(value), namespace);
    return;
  }
  const name = attributeName(element, key);
  switch (propertyType(element, key)) {
    case 'boolean':
      // `hidden` has a third value.
      element.setAttribute(name, !includeBooleanAttr(value) ? null : name === 'hidden' && value === 'until-found' ? value : '');
      return;
    case 'number':
      element.setAttribute(name, value === '' ? null : attributeText(value));
      return;
    default:
      if (isSpecialBooleanAttr(key)) element.setAttribute(name, includeBooleanAttr(value) ? '' : null);
      else element.setAttribute(name, attributeText(value));
  }
}

function attributeText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
