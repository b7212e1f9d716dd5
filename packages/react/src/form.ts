/**
 * Form elements with React's semantics: `value` and `checked` control, the
 * `default…` props begin.
 *
 * The first state of inputs is written as attributes, so that the first HTML
 * shows it; what comes later as live properties, and only where it differs from
 * what the module knows. As with React DOM, the attribute `value` (of a
 * textarea, its text) follows: it is what a form's reset goes back to, and what
 * selectors see.
 */

import { isToggle, radioGroup } from '@playconnect/module';
import { HostElement, type Props } from './element';

const controls = new Set(['input', 'textarea', 'select']);

/** Whether the children are one text, which is then no node of React's. */
export function isTextContent(type: string, props: Props): boolean {
  const { children } = props;
  return type === 'textarea' || typeof children === 'string' || typeof children === 'number' || typeof children === 'bigint';
}

/** Handled here, not as attributes. */
export function isFormProp(element: HostElement, name: string): boolean {
  switch (name) {
    case 'value':
    case 'defaultValue':
      return controls.has(element.localName);
    case 'checked':
    case 'defaultChecked':
      return element.localName === 'input';
    case 'selected':
      return element.localName === 'option';
    default:
      return false;
  }
}

export function isControlled(element: HostElement, props: Props): boolean {
  if (!controls.has(element.localName)) return false;
  return isToggle(element) ? isGiven(props['checked']) : isGiven(props['value']) && changeType(element) !== null;
}

/** The event that `onChange` means. Null: the element has none. */
export function changeType(element: HostElement): string | null {
  switch (element.localName) {
    case 'textarea':
      return 'input';
    case 'select':
      return 'change';
    case 'input':
      return isToggle(element) || element.getAttribute('type') === 'file' ? 'change' : 'input';
    default:
      return null;
  }
}

export function applyInitialFormProps(element: HostElement, props: Props): void {
  const value = props['value'] ?? props['defaultValue'];
  switch (element.localName) {
    case 'input':
      if (isGiven(value)) element.setAttribute('value', text(value));
      if ((props['checked'] ?? props['defaultChecked']) === true) element.setAttribute('checked', '');
      return;
    case 'textarea':
      // React takes children for the default value.
      element.textContent = isGiven(value) ? text(value) : isGiven(props.children) ? text(props.children) : '';
      return;
    case 'option':
      if (props['selected'] === true) element.selected = true;
  }
}

/** All options are there now. */
export function applyInitialSelection(select: HostElement, props: Props): void {
  const value = props['value'] ?? props['defaultValue'];
  if (!isGiven(value)) return;
  const isControlled = isGiven(props['value']);
  for (const [option, selected] of wantedSelection(select, props, value)) {
    if (!selected) continue;
    if (isControlled) option.selected = true;
    else option.setAttribute('selected', '');
  }
}

export function applyFormProps(element: HostElement, before: Props, props: Props): void {
  switch (element.localName) {
    case 'input':
    case 'textarea':
      if (isGiven(props['value']) || isGiven(props['checked'])) restoreControlled(element, props);
      else if (props['defaultValue'] !== before['defaultValue']) applyDefault(element, props);
      return;
    case 'select':
      if (isGiven(props['value'])) restoreControlled(element, props);
      return;
    case 'option':
      if (props['selected'] !== before['selected']) element.selected = props['selected'] === true;
  }
}

/** Makes the element show what its props say. */
export function restoreControlled(element: HostElement, props: Props): void {
  const { value, checked } = props;
  if (element.localName === 'select') {
    if (isGiven(value)) for (const [option, selected] of wantedSelection(element, props, value)) if (option.selected !== selected) option.selected = selected;
    return;
  }
  if (isToggle(element)) {
    if (isGiven(checked) && element.checked !== checked) element.checked = checked === true;
    if (isGiven(value)) element.setAttribute('value', text(value));
    return;
  }
  if (!isGiven(value)) return;
  const isNumber = element.getAttribute('type') === 'number';
  // `1.` and the number 1 are equal, and to JavaScript alone: what is being typed stays.
  const same = isNumber ? element.value == value && !(value === 0 && element.value === '') : element.value === text(value);
  if (!same) element.value = text(value);
  if (element.localName === 'input') followValue(element, isNumber && element.value == value ? element.value : text(value));
  else if (!isGiven(props['defaultValue'])) element.textContent = text(value);
}

function followValue(element: HostElement, value: string): void {
  if (element.getAttribute('value') !== value) element.setAttribute('value', value);
}

/** After an event that changed a control: where the state did not follow, the control goes back. */
export function restoreAfterEvent(element: HostElement): void {
  if (!isControlled(element, element.props)) return;
  restoreControlled(element, element.props);
  // The browser has cleared the others of the group.
  for (const other of radioGroup(element)) {
    if (other instanceof HostElement && isControlled(other, other.props)) restoreControlled(other, other.props);
  }
}

/** `null` and `undefined` leave an element uncontrolled. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function applyDefault(element: HostElement, props: Props): void {
  const value = isGiven(props['defaultValue']) ? text(props['defaultValue']) : '';
  if (element.localName === 'input') element.setAttribute('value', value);
  else element.textContent = value;
}

function wantedSelection(select: HostElement, props: Props, value: unknown): [HostElement, boolean][] {
  const options = select.options as HostElement[];
  if (props['multiple'] === true) {
    if (!Array.isArray(value)) throw new Error('<select multiple>: `value` is an array of the selected values');
    const values = new Set(value.map(text));
    return options.map((option) => [option, values.has(option.value)]);
  }
  const wanted = options.find((option) => option.value === text(value)) ?? options.find((option) => !option.hasAttribute('disabled'));
  return options.map((option) => [option, option === wanted]);
}

function text(value: unknown): string {
  return typeof value === 'symbol' || typeof value === 'function' ? '' : String(value);
}
