/** Form controls, with the properties that Svelte's bindings and handlers use. */

import { ElementNode, Event, isToggle, optionText, type TreeNode } from '@playconnect/module';
import { HtmlElement } from './html';

export class HtmlInput extends HtmlElement {
  /** As the browser has it: some types keep it in the attribute, some have a value where nothing was given. */
  override get value(): string {
    switch (this.type) {
      case 'checkbox':
      case 'radio':
        return this.getAttribute('value') ?? 'on';
      case 'hidden':
      case 'submit':
      case 'image':
      case 'reset':
      case 'button':
        return this.getAttribute('value') ?? '';
      case 'range':
        return rangeValue(this, super.value);
      case 'color':
        return /^#[0-9a-f]{6}$/i.test(super.value) ? super.value.toLowerCase() : '#000000';
      case 'number':
        return super.value === '' || Number.isFinite(Number(super.value)) ? super.value : '';
      default:
        return super.value;
    }
  }
  override set value(value: unknown) {
    if (attributeValues.has(this.type)) this.setAttribute('value', value);
    else super.value = value === null ? '' : String(value);
  }

  override get valueAsNumber(): number {
    return super.valueAsNumber;
  }
  override set valueAsNumber(value: number) {
    this.value = Number.isNaN(value) ? '' : value;
  }

  override get type(): string {
    return super.type.toLowerCase();
  }
  override set type(type: string) {
    this.setAttribute('type', type);
  }

  override get defaultValue(): string {
    return this.getAttribute('value') ?? '';
  }
  override set defaultValue(value: unknown) {
    this.setAttribute('value', value === null ? '' : value);
  }

  override get checked(): boolean {
    return super.checked;
  }
  override set checked(value: unknown) {
    super.checked = Boolean(value);
  }

  override get indeterminate(): boolean {
    return super.indeterminate;
  }
  override set indeterminate(value: unknown) {
    super.indeterminate = Boolean(value);
  }

  get defaultChecked(): boolean {
    return this.hasAttribute('checked');
  }
  set defaultChecked(value: unknown) {
    this.setAttribute('checked', value ? '' : null);
  }

  get files(): never[] {
    return [];
  }
}

export class HtmlTextarea extends HtmlElement {
  override get value(): string {
    return super.value;
  }
  override set value(value: unknown) {
    super.value = value === null ? '' : String(value);
  }

  override get defaultValue(): string {
    return this.textContent;
  }
  override set defaultValue(value: unknown) {
    this.textContent = value === null ? '' : String(value);
  }
}

// Svelte sets as properties what it finds on the class of the element itself.
for (const { prototype } of [HtmlInput, HtmlTextarea]) {
  for (const name of ['selectionStart', 'selectionEnd']) {
    Object.defineProperty(prototype, name, Object.getOwnPropertyDescriptor(ElementNode.prototype, name)!);
  }
}

export class HtmlSelect extends HtmlElement {
  get length(): number {
    return this.options.length;
  }

  /** HTML, "selectedness setting algorithm": where options come or go, a select that shows none shows its first. @internal */
  override optionsChanged(): void {
    if (this.hasAttribute('multiple') || this.live?.value === undefined || this.selectedOptions.length > 0) return;
    const first = this.options.find((option) => !option.hasAttribute('disabled'));
    if (first !== undefined) first.selected = true;
  }
}

export class HtmlOption extends HtmlElement {
  override get selected(): boolean {
    return super.selected;
  }
  override set selected(value: unknown) {
    super.selected = Boolean(value);
  }

  get defaultSelected(): boolean {
    return this.hasAttribute('selected');
  }
  set defaultSelected(value: unknown) {
    this.setAttribute('selected', value ? '' : null);
  }

  get text(): string {
    return optionText(this);
  }
}

export class HtmlForm extends HtmlElement {
  /** The controls in tree order; also by their `name` or `id`. */
  get elements(): ElementNode[] & Record<string, unknown> {
    const controls = this.querySelectorAll('button, fieldset, input, object, output, select, textarea');
    const byName: Record<string, unknown> = {};
    for (const control of controls) {
      const name = control.name || control.id;
      if (name !== '' && !(name in Array.prototype)) byName[name] ??= control;
    }
    return Object.assign(controls, byName, { namedItem: (name: string) => byName[name] ?? null });
  }

  get length(): number {
    return this.elements.length;
  }

  /** Sets the controls to what they began with, and raises `reset`. */
  reset(): void {
    if (!this.dispatchEvent(new Event('reset', { bubbles: true, cancelable: true }))) return;
    for (const control of this.elements) resetControl(control, true);
  }
}

/** A person has reset the form: the browser has done it already, so the module has only to know. */
export function followReset(form: TreeNode): void {
  if (form instanceof HtmlForm) for (const control of form.elements) if (!isBound(control)) resetControl(control, false);
}

/** Svelte resets the bindings itself: they write what becomes of it. */
function isBound(control: ElementNode): boolean {
  return Object.getOwnPropertySymbols(control).some(({ description }) => description === 'form reset');
}

function resetControl(control: ElementNode, write: boolean): void {
  if (control instanceof HtmlSelect) {
    for (const option of control.options) {
      if (write) option.selected = option.hasAttribute('selected');
      else if (option.live !== null) option.live.selected = undefined;
    }
    return;
  }
  if (!(control instanceof HtmlInput || control instanceof HtmlTextarea)) return;
  if (!write) {
    if (control.live !== null) control.live.value = control.live.checked = undefined;
    return;
  }
  if (control instanceof HtmlInput && isToggle(control)) control.checked = control.defaultChecked;
  else control.value = control.defaultValue;
}

/** Types of inputs whose value is the attribute. */
const attributeValues = new Set(['checkbox', 'radio', 'hidden', 'submit', 'image', 'reset', 'button']);

/** HTML, "range state": in the middle by default, and never outside. */
function rangeValue(input: HtmlInput, text: string): string {
  const number = (name: string, otherwise: number): number => {
    const given = input.getAttribute(name);
    return given === null || given === '' || Number.isNaN(Number(given)) ? otherwise : Number(given);
  };
  const min = number('min', 0);
  const max = number('max', 100);
  const value = text === '' || Number.isNaN(Number(text)) ? (max < min ? min : min + (max - min) / 2) : Number(text);
  return value < min ? String(min) : value > max ? String(Math.max(min, max)) : text !== '' && !Number.isNaN(Number(text)) ? text : String(value);
}
