/**
 * Selectors on the module's tree, for `matches`, `closest` and `querySelector`.
 *
 * Selectors Level 4 without what depends on layout or on the person's pointer:
 * types, ids, classes, attributes, combinators, `:is :where :not`,
 * structure (`:first-child` …) and the state of form controls.
 */

import { AttributeAction, parse, SelectorType, type AttributeSelector, type PseudoSelector, type Selector } from 'css-what';

/** What is asked of an element. */
export interface Selectable {
  readonly localName: string;
  readonly namespace: number;
  readonly parentElement: Selectable | null;
  readonly previousElementSibling: Selectable | null;
  readonly nextElementSibling: Selectable | null;
  readonly childNodes: readonly { nodeType: number }[];
  readonly checked: boolean;
  readonly selected: boolean;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
}

export type Matcher<E> = (element: E) => boolean;

/** Throws with the selector and the part that is not known. */
export function compileSelector<E extends Selectable>(selector: string): Matcher<E> {
  let alternatives: Selector[][];
  try {
    alternatives = parse(selector);
  } catch (error) {
    throw new Error(`\`${selector}\` is not a selector: ${error instanceof Error ? error.message : String(error)}`);
  }
  return (element) => alternatives.some((steps) => matchesFrom(element, steps, steps.length - 1));
}

/** The steps from the last one back to the first, along the tree. */
function matchesFrom(element: Selectable, steps: Selector[], last: number): boolean {
  let at = last;
  for (; at >= 0 && !isCombinator(steps[at]!); at--) if (!matchesStep(element, steps[at]!)) return false;
  if (at < 0) return true;
  const rest = at - 1;
  switch (steps[at]!.type) {
    case SelectorType.Child:
      return element.parentElement !== null && matchesFrom(element.parentElement, steps, rest);
    case SelectorType.Descendant:
      for (let above = element.parentElement; above !== null; above = above.parentElement) if (matchesFrom(above, steps, rest)) return true;
      return false;
    case SelectorType.Adjacent:
      return element.previousElementSibling !== null && matchesFrom(element.previousElementSibling, steps, rest);
    case SelectorType.Sibling:
      for (let before = element.previousElementSibling; before !== null; before = before.previousElementSibling) {
        if (matchesFrom(before, steps, rest)) return true;
      }
      return false;
    default:
      throw unknown(steps[at]!.type);
  }
}

function isCombinator({ type }: Selector): boolean {
  return (
    type === SelectorType.Child || type === SelectorType.Descendant || type === SelectorType.Adjacent || type === SelectorType.Sibling
  );
}

function matchesStep(element: Selectable, step: Selector): boolean {
  switch (step.type) {
    case SelectorType.Universal:
      return true;
    case SelectorType.Tag:
      return element.localName === (element.namespace === 0 ? step.name.toLowerCase() : step.name);
    case SelectorType.Attribute:
      return matchesAttribute(element, step);
    case SelectorType.Pseudo:
      return matchesPseudo(element, step);
    default:
      throw unknown(step.type);
  }
}

function matchesAttribute(element: Selectable, { name, action, value, ignoreCase }: AttributeSelector): boolean {
  const given = element.getAttribute(name);
  if (given === null) return action === AttributeAction.Not;
  const [actual, wanted] = ignoreCase === true ? [given.toLowerCase(), value.toLowerCase()] : [given, value];
  switch (action) {
    case AttributeAction.Exists:
      return true;
    case AttributeAction.Equals:
      return actual === wanted;
    case AttributeAction.Not:
      return actual !== wanted;
    case AttributeAction.Element:
      return actual.split(/\s+/).includes(wanted);
    case AttributeAction.Start:
      return wanted !== '' && actual.startsWith(wanted);
    case AttributeAction.End:
      return wanted !== '' && actual.endsWith(wanted);
    case AttributeAction.Any:
      return wanted !== '' && actual.includes(wanted);
    case AttributeAction.Hyphen:
      return actual === wanted || actual.startsWith(`${wanted}-`);
  }
}

function matchesPseudo(element: Selectable, { name, data }: PseudoSelector): boolean {
  const any = (): boolean => Array.isArray(data) && data.some((steps) => matchesFrom(element, steps, steps.length - 1));
  switch (name) {
    case 'is':
    case 'where':
    case 'matches':
      return any();
    case 'not':
      return !any();
    case 'scope':
      return element.parentElement === null;
    case 'first-child':
      return element.previousElementSibling === null;
    case 'last-child':
      return element.nextElementSibling === null;
    case 'only-child':
      return element.previousElementSibling === null && element.nextElementSibling === null;
    case 'empty':
      return element.childNodes.every(({ nodeType }) => nodeType === 8);
    case 'checked':
      return element.localName === 'option' ? element.selected : element.checked;
    case 'disabled':
      return canBeDisabled.has(element.localName) && isDisabled(element);
    case 'enabled':
      return canBeDisabled.has(element.localName) && !isDisabled(element);
    case 'required':
      return element.hasAttribute('required');
    case 'optional':
      return ['input', 'select', 'textarea'].includes(element.localName) && !element.hasAttribute('required');
    case 'read-only':
      return element.hasAttribute('readonly');
    case 'any-link':
    case 'link':
      return element.localName === 'a' && element.hasAttribute('href');
    default:
      throw unknown(`:${name}`);
  }
}

const canBeDisabled = new Set(['button', 'fieldset', 'input', 'optgroup', 'option', 'select', 'textarea']);

function isDisabled(element: Selectable): boolean {
  if (element.hasAttribute('disabled')) return true;
  for (let above = element.parentElement; above !== null; above = above.parentElement) {
    if (above.localName === 'fieldset' && above.hasAttribute('disabled')) return true;
  }
  return false;
}

function unknown(what: string): Error {
  return new Error(`selectors in a module know no \`${what}\`: select by type, class, id, attribute or structure`);
}
