/** Form controls, with the properties that Svelte's bindings and handlers use. */

import { ElementNode, Event, type TreeNode } from '@playconnect/module';
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

  get defaultValue(): string {
    return this.getAttribute('value') ?? '';
  }
  set defaultValue(value: unknown) {
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

  override get selectionStart(): number | null {
    return super.selectionStart;
  }
  override set selectionStart(start: number | null) {
    if (start !== null) this.setSelectionRange(start, Math.max(start, this.selectionEnd ?? start));
  }

  override get selectionEnd(): number | null {
    return super.selectionEnd;
  }
  override set selectionEnd(end: number | null) {
    if (end !== null) this.setSelectionRange(Math.min(end, this.selectionStart ?? end), end);
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

  get defaultValue(): string {
    return this.textContent;
  }
  set defaultValue(value: unknown) {
    this.textContent = value === null ? '' : String(value);
  }

  override get selectionStart(): number | null {
    return super.selectionStart;
  }
  override set selectionStart(start: number | null) {
    if (start !== null) this.setSelectionRange(start, Math.max(start, this.selectionEnd ?? start));
  }

  override get selectionEnd(): number | null {
    return super.selectionEnd;
  }
  override set selectionEnd(end: number | null) {
    if (end !== null) this.setSelectionRange(Math.min(end, this.selectionStart ?? end), end);
  }
}

export class HtmlSelect extends HtmlElement {
  override get value(): string {
    return this.selectedOptions[0]?.value ?? '';
  }
  override set value(value: unknown) {
    this.selectedIndex = this.options.findIndex((option) => option.value === String(value));
  }

  override get selectedOptions(): ElementNode[] {
    const selected = this.options.filter((option) => option.selected);
    if (this.hasAttribute('multiple')) return selected;
    if (selected.length > 0) return [selected.at(-1)!];
    return this.#showsNone ? [] : super.selectedOptions;
  }

  override get selectedIndex(): number {
    return super.selectedIndex;
  }
  /** -1: none is selected, also where a browser would show the first. */
  override set selectedIndex(index: number) {
    const { options } = this;
    const wanted = options[index];
    if (wanted !== undefined) {
      wanted.selected = true;
      return;
    }
    for (const option of options) if (option.selected) option.selected = false;
    if (this.hasAttribute('multiple')) return;
    // Setting the value to one that no option has is how a page shows none.
    let unused = '';
    while (options.some((option) => option.value === unused)) unused += '-';
    super.value = unused;
  }

  get length(): number {
    return this.options.length;
  }

  /** HTML, "selectedness setting algorithm": where options come or go, a select that shows none shows its first. @internal */
  override optionsChanged(): void {
    if (!this.#showsNone) return;
    const first = this.options.find((option) => !option.hasAttribute('disabled'));
    if (first !== undefined) first.selected = true;
  }

  /** @internal */
  choose(chosen: HtmlOption): void {
    if (this.live !== null) this.live.value = undefined;
    if (this.hasAttribute('multiple')) return;
    for (const option of this.options) if (option !== chosen && option.selected) option.selected = false;
  }

  get #showsNone(): boolean {
    return this.live?.value !== undefined;
  }
}

export class HtmlOption extends HtmlElement {
  override get value(): string {
    return this.getAttribute('value') ?? this.text;
  }
  override set value(value: unknown) {
    this.setAttribute('value', value);
  }

  override get selected(): boolean {
    return super.selected;
  }
  override set selected(value: unknown) {
    if (value) {
      const select = this.closest('select');
      if (select instanceof HtmlSelect) select.choose(this);
    }
    super.selected = Boolean(value);
  }

  get defaultSelected(): boolean {
    return this.hasAttribute('selected');
  }
  set defaultSelected(value: unknown) {
    this.setAttribute('selected', value ? '' : null);
  }

  get text(): string {
    return this.textContent.replace(/\s+/g, ' ').trim();
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
  if (control instanceof HtmlInput && (control.type === 'checkbox' || control.type === 'radio')) control.checked = control.defaultChecked;
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
