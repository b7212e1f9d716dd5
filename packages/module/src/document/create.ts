/** `document.createElement`: of which class an element is, is the framework's. */

import { createElement, type ElementNode } from '../tree';

export const namespaces = ['http://www.w3.org/1999/xhtml', 'http://www.w3.org/2000/svg', 'http://www.w3.org/1998/Math/MathML'];

type Create = (localName: string, namespace: number) => ElementNode;

let create: Create = createElement;

/** Of a framework whose elements have a class of their own. */
export function createElementsBy(by: Create): void {
  create = by;
}

/** HTML, SVG or MathML. */
export function createAnyElement(namespace: string | null, name: string): ElementNode {
  const local = name.includes(':') ? name.slice(name.indexOf(':') + 1) : name;
  const known = namespace === null ? -1 : namespaces.indexOf(namespace);
  if (known < 0) throw new Error(`<${name}>: a page has elements of HTML, SVG and MathML, none of the namespace \`${namespace}\``);
  return create(known === 0 ? local.toLowerCase() : local, known);
}
