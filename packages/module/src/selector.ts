/**
 * Selectors in the module's own tree: types, `*`, `#id`, `.class`, `[name]`
 * with all its operators, `:not(…)`, `:is(…)`, `:checked`, `:disabled`,
 * `:scope`, the combinators ` `, `>`, `+`, `~`, and lists. Others are an error:
 * what only the browser knows (`:hover`, `:focus`) a module cannot select by.
 */

import { ElementNode, walk, type ParentNode, type TreeNode } from './tree';

type Test = (element: ElementNode, scope: TreeNode | null) => boolean;

/** One complex selector: compounds from right to left, each with the combinator before it. */
interface Step {
  tests: Test[];
  combinator: string;
}

const parsed = new Map<string, Step[][]>();
/** Selectors are few and constant; those that are made up as the program goes are not kept for ever. */
const parsedMax = 256;

export function matches(element: ElementNode, selector: string, scope: TreeNode | null = null): boolean {
  return parse(selector).some((steps) => matchesSteps(element, steps, steps.length - 1, scope));
}

export function closestMatch(element: ElementNode, selector: string): ElementNode | null {
  for (let at: TreeNode | null = element; at !== null; at = at.parentNode) if (at instanceof ElementNode && matches(at, selector, element)) return at;
  return null;
}

export function* select(root: ParentNode, selector: string): Generator<ElementNode, void> {
  for (const node of walk(root)) if (node instanceof ElementNode && matches(node, selector, root)) yield node;
}

function matchesSteps(element: ElementNode, steps: Step[], at: number, scope: TreeNode | null): boolean {
  const { tests, combinator } = steps[at]!;
  if (!tests.every((test) => test(element, scope))) return false;
  if (at === 0) return true;
  const next = (other: TreeNode | null): boolean => other instanceof ElementNode && matchesSteps(other, steps, at - 1, scope);
  switch (combinator) {
    case '>':
      return next(element.parentNode);
    case '+':
      return next(elementBefore(element));
    case '~':
      for (let other = elementBefore(element); other !== null; other = elementBefore(other)) if (next(other)) return true;
      return false;
    default:
      for (let above = element.parentNode; above !== null; above = above.parentNode) if (next(above)) return true;
      return false;
  }
}

function elementBefore(element: ElementNode): ElementNode | null {
  let at = element.previousSibling;
  while (at !== null && !(at instanceof ElementNode)) at = at.previousSibling;
  return at;
}

function parse(selector: string): Step[][] {
  const known = parsed.get(selector);
  if (known !== undefined) return known;
  const steps = new Parser(selector).list();
  if (parsed.size === parsedMax) parsed.clear();
  parsed.set(selector, steps);
  return steps;
}

const name = String.raw`(?:\\.|[\w-]|[^\x00-\x7f])+`;
const attribute = new RegExp(String.raw`^\[\s*(${name})\s*(?:([~|^$*]?=)\s*(?:"([^"]*)"|'([^']*)'|(${name}))\s*(i?)\s*)?\]`, 'i');
const simple = new RegExp(String.raw`^(?:([#.]?)(${name})|\*)`);
const pseudo = /^:(not|is|where|checked|disabled|enabled|scope|first-child|last-child|empty)(?![\w-])/;

class Parser {
  readonly #selector: string;
  #rest: string;

  constructor(selector: string) {
    this.#selector = selector;
    this.#rest = selector.trim();
  }

  list(): Step[][] {
    const list = this.#list();
    if (this.#rest !== '') this.#fail();
    return list;
  }

  #list(): Step[][] {
    const list = [this.#complex()];
    while (this.#take(/^\s*,\s*/) !== null) list.push(this.#complex());
    return list;
  }

  #complex(): Step[] {
    const steps: Step[] = [{ tests: this.#compound(), combinator: '' }];
    for (;;) {
      const combinator = this.#take(/^\s*([>+~])\s*|^\s+(?=[^,)])/);
      if (combinator === null) return steps;
      // The combinator belongs to the compound on its right.
      steps.push({ tests: this.#compound(), combinator: combinator[1] ?? ' ' });
    }
  }

  #compound(): Test[] {
    const tests: Test[] = [];
    for (;;) {
      const test = this.#simple(tests.length === 0);
      if (test === null) break;
      tests.push(test);
    }
    if (tests.length === 0) this.#fail();
    return tests;
  }

  #simple(first: boolean): Test | null {
    if (this.#rest.startsWith('[')) {
      const [, key, operator, double, single, bare, insensitive] = this.#take(attribute) ?? this.#fail();
      return attributeTest(unescape(key!), operator, double ?? single ?? unescape(bare ?? ''), insensitive === 'i');
    }
    if (this.#rest.startsWith(':')) return this.#pseudo();
    const word = this.#rest.startsWith('.') || this.#rest.startsWith('#') || first ? this.#take(simple) : null;
    if (word === null) return null;
    const value = unescape(word[2] ?? '*');
    switch (word[1]) {
      case '#':
        return (element) => element.id === value;
      case '.':
        return (element) => element.classList.contains(value);
      default:
        return value === '*' ? () => true : (element) => element.localName === (element.namespace === 0 ? value.toLowerCase() : value);
    }
  }

  #pseudo(): Test {
    const kind = (this.#take(pseudo) ?? this.#fail())[1];
    switch (kind) {
      case 'checked':
        return (element) => (element.localName === 'option' ? element.selected : element.checked);
      case 'disabled':
        return (element) => element.hasAttribute('disabled');
      case 'enabled':
        return (element) => /^(button|input|select|textarea|option|fieldset)$/.test(element.localName) && !element.hasAttribute('disabled');
      case 'scope':
        return (element, scope) => element === scope;
      case 'first-child':
        return (element) => elementBefore(element) === null;
      case 'last-child':
        return (element) => element.parentNode?.children.at(-1) === element;
      case 'empty':
        return (element) => element.firstChild === null;
    }
    if (this.#take(/^\(\s*/) === null) this.#fail();
    const list = this.#list();
    if (this.#take(/^\s*\)/) === null) this.#fail();
    const any: Test = (element, scope) => list.some((steps) => matchesSteps(element, steps, steps.length - 1, scope));
    return kind === 'not' ? (element, scope) => !any(element, scope) : any;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#rest);
    if (found !== null) this.#rest = this.#rest.slice(found[0].length);
    return found;
  }

  #fail(): never {
    throw new SyntaxError(
      this.#rest === ''
        ? `the selector \`${this.#selector}\` ends too early`
        : `the selector \`${this.#selector}\` is not understood from \`${this.#rest}\` on: a module selects by names, ids, classes, attributes and what they contain`,
    );
  }
}

function attributeTest(key: string, operator: string | undefined, wanted: string, insensitive: boolean): Test {
  const fold = (text: string): string => (insensitive ? text.toLowerCase() : text);
  const value = fold(wanted);
  return (element) => {
    const found = element.getAttribute(key);
    if (found === null || operator === undefined) return found !== null;
    const own = fold(found);
    switch (operator) {
      case '=':
        return own === value;
      case '~=':
        return value !== '' && own.split(/\s+/).includes(value);
      case '|=':
        return own === value || own.startsWith(`${value}-`);
      case '^=':
        return value !== '' && own.startsWith(value);
      case '$=':
        return value !== '' && own.endsWith(value);
      default:
        return value !== '' && own.includes(value);
    }
  };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
