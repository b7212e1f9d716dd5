// The DOM as functions. A module's `<form><input name="parentNode">` makes `form.parentNode` the input: named
// properties of a form win over everything that it inherits. So nothing here reads a property of a module's node by
// way of the node; it calls what the prototypes had when the page was loaded.

import { HTML, qualifiedName } from "./check.ts";

/** A name of the wire: of an element, an attribute or an event type. */
export interface Name {
  namespace: number;
  local: string;
}

/** Where a node bears its page id. */
export const ID = Symbol("page id");
export interface Named extends Node {
  [ID]?: number;
}

export const ELEMENT = 1;
export const TEXT = 3;
export const COMMENT = 8;

const namespaces = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"];
const attributeNamespaces = [
  null,
  null,
  null,
  "http://www.w3.org/1999/xlink",
  "http://www.w3.org/XML/1998/namespace",
  "http://www.w3.org/2000/xmlns/",
];

function getter<T>(prototype: object, name: string): (node: object) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)!.get!;
  return (node) => get.call(node) as T;
}

const nodes = Node.prototype;
const elements = Element.prototype;

export const parentOf = getter<Node | null>(nodes, "parentNode");
export const firstOf = getter<Node | null>(nodes, "firstChild");
export const nextOf = getter<Node | null>(nodes, "nextSibling");
export const typeOf = getter<number>(nodes, "nodeType");
export const localNameOf = getter<string>(elements, "localName");
const namespaceOf = getter<string>(elements, "namespaceURI");
const shadowOf = getter<ShadowRoot | null>(elements, "shadowRoot");
const connected = getter<boolean>(nodes, "isConnected");
const styles = [HTMLElement, SVGElement, MathMLElement].map((type) =>
  getter<CSSStyleDeclaration>(type.prototype, "style"),
);

type Moves = { moveBefore?: (node: Node, before: Node | null) => void };
const elementMove = (elements as Moves).moveBefore;
const fragmentMove = (DocumentFragment.prototype as Moves).moveBefore;

/** Inserts or moves. A move keeps focus, scroll, running media and animations where the browser can do that. */
export function insert(parent: Node, node: Node, before: Node | null): void {
  const old = parentOf(node);
  if (old === null || !connected(node) || !connected(parent)) {
    nodes.insertBefore.call(parent, node, before);
    return;
  }
  const move = typeOf(parent) === ELEMENT ? elementMove : fragmentMove;
  // Chromium 156 crashes when the focus is in what becomes a child of a shadow root and was not one before.
  if (move !== undefined && (old === parent || typeOf(parent) === ELEMENT)) {
    move.call(parent, node, before);
    return;
  }
  const { activeElement } = nodes.getRootNode.call(node) as ShadowRoot;
  nodes.insertBefore.call(parent, node, before);
  if (activeElement !== null && contains(node, activeElement)) {
    HTMLElement.prototype.focus.call(activeElement, { preventScroll: true });
  }
}

/** Puts a nested slot's host into the element that offers the place for it: beside the nodes of that one's module. */
export function mount(host: Element, place: Node | undefined): void {
  const old = parentOf(host);
  const root = place && (shadowOf(place) ?? elements.attachShadow.call(place, { mode: "open" }));
  if (old === root) return;
  // What its module put into the element shows again.
  if (old instanceof ShadowRoot) old.replaceChildren(document.createElement("slot"));
  root?.replaceChildren(host);
}

export function detach(node: Node): void {
  const parent = parentOf(node);
  if (parent !== null) nodes.removeChild.call(parent, node);
}

export function contains(ancestor: Node, node: Node): boolean {
  return nodes.contains.call(ancestor, node);
}

/** The next node in document order below `root`, or null. */
export function following(root: Node, node: Node): Node | null {
  const first = firstOf(node);
  if (first !== null) return first;
  let at: Node | null = node;
  while (at !== null && at !== root) {
    const next = nextOf(at);
    if (next !== null) return next;
    at = parentOf(at);
  }
  return null;
}

export function createElement({ namespace, local }: Name): Element {
  return document.createElementNS(namespaces[namespace] ?? namespaces[0], local);
}

export function isElement(node: Node, { namespace, local }: Name): node is Element {
  return typeOf(node) === ELEMENT && localNameOf(node) === local && namespaceOf(node) === namespaces[namespace];
}

export function getAttribute(element: Element, qualified: string): string | null {
  return elements.getAttribute.call(element, qualified);
}

export function attributeNames(element: Element): string[] {
  return elements.getAttributeNames.call(element);
}

export function isModal(element: Element): boolean {
  return elements.matches.call(element, ":modal");
}

/** A `style` goes through the object model, which a page's `style-src` allows. `elementNamespace` is the wire's. */
export function setAttribute(element: Element, elementNamespace: number, name: Name, value: string): void {
  if (name.namespace !== HTML) {
    elements.setAttributeNS.call(element, attributeNamespaces[name.namespace], qualified(name), value);
  } else if (name.local === "style") {
    styles[elementNamespace](element).cssText = value;
  } else {
    elements.setAttribute.call(element, name.local, value);
  }
}

export function removeAttribute(element: Element, qualified: string): void {
  elements.removeAttribute.call(element, qualified);
}

export function qualified({ namespace, local }: Name): string {
  return qualifiedName(namespace, local) ?? local;
}

export function namespaceNumber(element: Element): number {
  return Math.max(0, namespaces.indexOf(namespaceOf(element)));
}

/** Gives inline styles of the page's HTML their effect, where a strict `style-src` has kept the parser from it. */
export function applyParsedStyles(root: ParentNode): void {
  for (const element of root.querySelectorAll("[style]")) {
    const style = styles[namespaceNumber(element)](element);
    if (style.length === 0) style.cssText = getAttribute(element, "style") ?? "";
  }
}

/** Host-owned nodes stand at the start of a slot's root: what a module owns begins behind them. */
export function firstOfModule(root: Node): Node | null {
  let node = firstOf(root);
  while (node !== null && typeOf(node) === ELEMENT && getAttribute(node as Element, "data-pc-host") !== null) {
    node = nextOf(node);
  }
  return node;
}
