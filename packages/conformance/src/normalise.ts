/**
 * How a page is written down, so that two pages can be compared. It runs in the
 * browser, on the real DOM of either side. What is not in `rules` is compared
 * as it is: every element with its namespace, every attribute with its
 * namespace and value, every text.
 */

/** All that is not compared as it is. */
export const rules: readonly { rule: string; reason: string }[] = [
  {
    rule: 'Comments are dropped.',
    reason: 'They show nothing. Frameworks keep places with them, and how many there are depends on whether a template was cloned from HTML (Svelte in a browser), made node by node, or rendered on a server.',
  },
  {
    rule: 'Adjacent texts are joined, and empty texts are dropped.',
    reason: 'A person reads the same. An empty text is a framework\'s anchor, as a comment is.',
  },
  {
    rule: 'Attributes are sorted by name.',
    reason: 'The DOM gives their order no meaning.',
  },
  {
    rule: 'The attribute `style` is written as the browser reads it: each longhand and custom property with its value, sorted by name.',
    reason: 'One side sets declarations one by one, the other the text of the attribute. Between longhands the order has no meaning.',
  },
];

export interface NormalElement {
  tag: string;
  attributes: Record<string, string>;
  /** Live state of a form control. */
  state?: Record<string, unknown>;
  children: NormalNode[];
}

export type NormalNode = string | NormalElement;

export interface NormalPage {
  children: NormalNode[];
  /** Positions of elements from the root down, and the name of the last: `0/2 input`. Null: nothing has the focus. */
  active: string | null;
}

export function normalise(root: ParentNode & Node, active: Element | null): NormalPage {
  return { children: childrenOf(root), active: active === null || !root.contains(active) || active === root ? null : pathTo(active, root) };
}

/** The elements below `root`, in tree order: as many as `normalise` describes. */
export function elementsOf(root: ParentNode): Element[] {
  return [...root.querySelectorAll('*')];
}

function childrenOf(parent: Node): NormalNode[] {
  const children: NormalNode[] = [];
  for (const node of parent.childNodes) {
    if (node instanceof Element) children.push(elementOf(node));
    else if (node instanceof Text && node.data !== '') {
      if (typeof children.at(-1) === 'string') children.push(`${children.pop() as string}${node.data}`);
      else children.push(node.data);
    }
  }
  return children;
}

const spaces: Record<string, string> = {
  'http://www.w3.org/1999/xhtml': '',
  'http://www.w3.org/2000/svg': 'svg:',
  'http://www.w3.org/1998/Math/MathML': 'math:',
  'http://www.w3.org/1999/xlink': 'xlink:',
  'http://www.w3.org/XML/1998/namespace': 'xml:',
  'http://www.w3.org/2000/xmlns/': 'xmlns:',
};

function elementOf(element: Element): NormalElement {
  const attributes = [...element.attributes].map(({ namespaceURI, localName, value }): [string, string] => [
    (namespaceURI === null ? '' : (spaces[namespaceURI] ?? `${namespaceURI} `)) + localName,
    localName === 'style' ? canonicalStyle(element, value) : value,
  ]);
  const state = stateOf(element);
  return {
    tag: (spaces[element.namespaceURI ?? ''] ?? `${element.namespaceURI} `) + element.localName,
    attributes: Object.fromEntries(attributes.sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(state === null ? {} : { state }),
    children: childrenOf(element),
  };
}

function canonicalStyle(element: Element, value: string): string {
  if (!(element instanceof HTMLElement || element instanceof SVGElement || element instanceof MathMLElement)) return value;
  const { style } = element;
  const names = Array.from(style).sort();
  return names.map((name) => `${name}: ${style.getPropertyValue(name)}${style.getPropertyPriority(name) === '' ? '' : ' !important'}`).join('; ');
}

/**
 * `selection` is null for controls that have none, and while they have not the
 * focus: nobody sees it then, and it depends on how the value came there. One
 * that came with the HTML leaves the caret at the start, as it does where a
 * framework takes over HTML from a server; one that a script has set, at the end.
 */
function stateOf(element: Element): Record<string, unknown> | null {
  if (element instanceof HTMLSelectElement) {
    return { value: element.value, selected: [...element.options].flatMap((option, at) => (option.selected ? [at] : [])) };
  }
  if (element instanceof HTMLTextAreaElement) return { value: element.value, selection: selectionOf(element) };
  if (element instanceof HTMLInputElement) {
    return { value: element.value, checked: element.checked, indeterminate: element.indeterminate, selection: selectionOf(element) };
  }
  return null;
}

function selectionOf(control: HTMLInputElement | HTMLTextAreaElement): [number, number] | null {
  const { selectionStart, selectionEnd } = control;
  const root = control.getRootNode() as Document | ShadowRoot;
  if (root.activeElement !== control) return null;
  return selectionStart === null || selectionEnd === null ? null : [selectionStart, selectionEnd];
}

function pathTo(element: Element, root: Node): string {
  const steps: number[] = [];
  for (let at: Element = element; ; at = at.parentNode as Element) {
    steps.unshift([...at.parentNode!.children].indexOf(at));
    if (at.parentNode === root) return `${steps.join('/')} ${element.localName}`;
  }
}
