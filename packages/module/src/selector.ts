/**
 * Selectors on the module's tree, for `matches`, `closest` and `querySelector`.
 *
 * Selectors Level 4 without what depends on layout or on the person's pointer:
 * types, ids, classes, attributes, combinators, `:is :where :not :scope`,
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

/** `scope` is what `:scope` means: where the search began. */
export type Matcher<E> = (element: E, scope: unknown) => boolean;

/** Selectors are few and constant; those that are made up as the program goes are not kept for ever. */
const compiledMax = 256;
const compiled = new Map<string, Matcher<Selectable>>();

/** Throws a SyntaxError with the selector and the part that is not known. */
export function compileSelector(selector: string): Matcher<Selectable> {
  let matcher = compiled.get(selector);
  if (matcher === undefined) {
    const alternatives = parseSelector(selector);
    matcher = (element, scope) => matchesAny(element, alternatives, scope);
    if (compiled.size === compiledMax) compiled.clear();
    compiled.set(selector, matcher);
  }
  return matcher;
}

/** All is looked at before anything is matched: the error comes whatever stands in the tree. */
function parseSelector(selector: string): Selector[][] {
  let alternatives: Selector[][];
  try {
    alternatives = parse(selector);
  } catch (error) {
    throw new SyntaxError(`\`${selector}\` is not a selector: ${error instanceof Error ? error.message : String(error)}`);
  }
  checkAlternatives(alternatives, selector);
  return alternatives;
}

function checkAlternatives(alternatives: Selector[][], selector: string): void {
  if (alternatives.length === 0) throw new SyntaxError(`\`${selector}\` is not a selector: there is nothing to select by`);
  for (const steps of alternatives) {
    if (isCombinator(steps[0]!) || isCombinator(steps.at(-1)!)) {
      throw new SyntaxError(`\`${selector}\` is not a selector: something is missing beside a combinator`);
    }
    for (const step of steps) {
      const unknown = unknownPart(step);
      if (unknown !== null) {
        throw new SyntaxError(`selectors in a module know no \`${unknown}\`, as in \`${selector}\`: select by type, class, id, attribute or structure`);
      }
      if (step.type === SelectorType.Pseudo && isNested(step)) checkAlternatives(step.data, selector);
    }
  }
}

function unknownPart(step: Selector): string | null {
  switch (step.type) {
    case SelectorType.Pseudo:
      return (isNested(step) ? takesSelectors.has(step.name) : step.data === null && step.name in states) ? null : `:${step.name}`;
    case SelectorType.PseudoElement:
      return `::${step.name}`;
    case SelectorType.Attribute:
      // Of jQuery.
      return step.action === AttributeAction.Not ? `[${step.name}!=…]` : null;
    case SelectorType.Parent:
      return '<';
    case SelectorType.ColumnCombinator:
      return '||';
    default:
      return null;
  }
}

const takesSelectors = new Set(['is', 'not', 'where']);

function isNested(step: PseudoSelector): step is PseudoSelector & { data: Selector[][] } {
  return Array.isArray(step.data);
}

function matchesAny(element: Selectable, alternatives: Selector[][], scope: unknown): boolean {
  return alternatives.some((steps) => matchesFrom(element, steps, steps.length - 1, scope));
}

/** The steps from the last one back to the first, along the tree. */
function matchesFrom(element: Selectable | null, steps: Selector[], last: number, scope: unknown): boolean {
  if (element === null) return false;
  let at = last;
  for (; at >= 0 && !isCombinator(steps[at]!); at--) if (!matchesStep(element, steps[at]!, scope)) return false;
  if (at < 0) return true;
  const rest = at - 1;
  switch (steps[at]!.type) {
    case SelectorType.Child:
      return matchesFrom(element.parentElement, steps, rest, scope);
    case SelectorType.Descendant:
      for (let above = element.parentElement; above !== null; above = above.parentElement) if (matchesFrom(above, steps, rest, scope)) return true;
      return false;
    case SelectorType.Adjacent:
      return matchesFrom(element.previousElementSibling, steps, rest, scope);
    default:
      for (let before = element.previousElementSibling; before !== null; before = before.previousElementSibling) {
        if (matchesFrom(before, steps, rest, scope)) return true;
      }
      return false;
  }
}

const combinators = new Set<SelectorType>([SelectorType.Child, SelectorType.Descendant, SelectorType.Adjacent, SelectorType.Sibling]);

function isCombinator({ type }: Selector): boolean {
  return combinators.has(type);
}

function matchesStep(element: Selectable, step: Selector, scope: unknown): boolean {
  switch (step.type) {
    case SelectorType.Tag:
      return element.localName === (element.namespace === 0 ? step.name.toLowerCase() : step.name);
    case SelectorType.Attribute:
      return matchesAttribute(element, step);
    case SelectorType.Pseudo:
      if (isNested(step)) return matchesAny(element, step.data, scope) === (step.name !== 'not');
      return states[step.name]!(element, scope);
    default:
      return true;
  }
}

function matchesAttribute(element: Selectable, { name, action, value, ignoreCase }: AttributeSelector): boolean {
  const given = element.getAttribute(name);
  if (given === null) return false;
  const [actual, wanted] = ignoreCase === true ? [given.toLowerCase(), value.toLowerCase()] : [given, value];
  switch (action) {
    case AttributeAction.Equals:
      return actual === wanted;
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
    default:
      return true;
  }
}

/** What a pseudo-class without selectors in it asks. */
const states: Record<string, (element: Selectable, scope: unknown) => boolean> = {
  __proto__: null as never,
  scope: (element, scope) => element === scope,
  'first-child': (element) => element.previousElementSibling === null,
  'last-child': (element) => element.nextElementSibling === null,
  'only-child': (element) => element.previousElementSibling === null && element.nextElementSibling === null,
  'first-of-type': (element) => isFirst(element, 'previousElementSibling'),
  'last-of-type': (element) => isFirst(element, 'nextElementSibling'),
  empty: (element) => element.childNodes.every(({ nodeType }) => nodeType === 8),
  checked: (element) => (element.localName === 'option' ? element.selected : element.localName === 'input' && element.checked),
  disabled: (element) => canBeDisabled.has(element.localName) && isDisabled(element),
  enabled: (element) => canBeDisabled.has(element.localName) && !isDisabled(element),
  required: (element) => isControl(element) && element.hasAttribute('required'),
  optional: (element) => isControl(element) && !element.hasAttribute('required'),
  'any-link': isLink,
  link: isLink,
};

/** None of this name on that side. */
function isFirst(element: Selectable, side: 'previousElementSibling' | 'nextElementSibling'): boolean {
  for (let at = element[side]; at !== null; at = at[side]) if (at.localName === element.localName && at.namespace === element.namespace) return false;
  return true;
}

const canBeDisabled = new Set(['button', 'fieldset', 'input', 'optgroup', 'option', 'select', 'textarea']);

function isDisabled(element: Selectable): boolean {
  if (element.hasAttribute('disabled')) return true;
  for (let above = element.parentElement; above !== null; above = above.parentElement) {
    if (above.localName === 'fieldset' && above.hasAttribute('disabled')) return true;
  }
  return false;
}

function isControl({ localName }: Selectable): boolean {
  return localName === 'input' || localName === 'select' || localName === 'textarea';
}

function isLink(element: Selectable): boolean {
  return (element.localName === 'a' || element.localName === 'area') && element.hasAttribute('href');
}
