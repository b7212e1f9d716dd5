/**
 * Trees that look alike, written as clones of a template.
 *
 * Before a tree is described, each element in it gets its *shape*: the names of
 * the elements and the kinds of the nodes in it. Elements of one shape are the
 * same tree but for their attributes and data, so one template makes them all.
 * What the first few of a turn have in common stands in the template; what a
 * clone has otherwise is written behind it. A wrong guess there costs bytes,
 * and changes nothing. Renderers have nothing to do for it: the tree is looked
 * at, not how it was made.
 *
 * Every node of a template is marked, so a clone gives its nodes the indices
 * that they would have got one by one. Knows nothing of indices itself.
 */

import type { OpEncoder } from './ops';
import type { DataNode, ElementNode, TreeNode } from './tree';

const bounds = {
  /** Wire format: nodes that a CLONE can name. */
  nodes: 254,
  /** Shapes that are remembered, with those of the beginnings of their child lists. */
  shapes: 4096,
  /** Elements of a turn whose attributes and data are laid over each other. */
  samples: 4,
  /** With more attributes an element has no shape: over the page's limit the host leaves some out, so their order matters. */
  attributes: 64,
  /** UTF-16 units of a name or value in a template. The encoder counts in bytes, and must not throw in a definition. */
  valueUnits: 1024,
  /** UTF-16 units of all names and values in a module's templates. */
  totalUnits: 256 << 10,
} as const;

/** Elements whose attributes do something as soon as they are set, so that their order can be felt: none stands in a template. */
const ordered = new Set(['input', 'details']);
/** Attributes that load something as soon as they are set: they stay behind those that say how. */
const loading = new Set(['src', 'srcset']);

/** What a node has in the template: attributes, or data. */
type Part = Attributes | string;

interface Attributes {
  /** By {@link attributeKey}. */
  keys: string[];
  values: string[];
}

export interface Template {
  readonly id: number;
  /** In document order. */
  readonly parts: Part[];
}

/** A state of the automaton that reads an element: its name, then the shapes of its children. */
export class Shape {
  template: Template | null = null;
  /** Elements of this turn that have the shape; and the first of them. */
  uses = 0;
  readonly samples: ElementNode[] = [];
  /** Where the next child leads, if it has this shape; most states have one such child only. */
  child: Shape | null = null;
  next: Shape | null = null;
  others: Map<Shape, Shape> | null = null;

  constructor(
    readonly elements: number,
    readonly texts: number,
  ) {}

  /**
   * Whether the uses so far would have paid for a template, even if they have
   * no attribute or text in common. In words of the batch: a clone has one for
   * each node and one more, and SET_TEXT for each text; without, it is CREATE
   * or TEXT and all INSERTs but the root's.
   */
  get isWorthIt(): boolean {
    const saved = 5 * this.elements + 3 * this.texts - 5;
    const definition = 2 + 3 * this.elements + 4 * this.texts;
    return this.uses > 1 && this.uses * saved > definition;
  }
}

export class Templates {
  readonly #ops: OpEncoder;
  /** Shapes of elements without children, by name. */
  readonly #names = new Map<string, Shape>();
  #shapes = 0;
  readonly #text = new Shape(0, 1);
  readonly #comment = new Shape(0, 1);
  #unitsLeft: number = bounds.totalUnits;
  /** Shapes with samples. */
  readonly #sampled: Shape[] = [];

  constructor(ops: OpEncoder) {
    this.#ops = ops;
  }

  /** Gives the elements of a tree that is about to be described their shapes. */
  plan(root: TreeNode): void {
    if (this.#shapes >= bounds.shapes && this.#ops.templatesLeft > 0) {
      this.#names.clear();
      this.#shapes = 0;
    }
    for (let node = root; ; ) {
      let shape: Shape | null = null;
      // What the host knows was moved here in this turn: it cannot be cloned.
      if (node.index < 0) {
        const { nodeType, firstChild } = node;
        if (nodeType === 3) shape = this.#text;
        else if (nodeType === 8) shape = this.#comment;
        else {
          if (nodeType === 1) (node as ElementNode).shape = shape = this.#named(node as ElementNode);
          if (firstChild !== null) {
            node = firstChild;
            continue;
          }
        }
      }
      for (;;) {
        if (node === root) return;
        const parent: ElementNode = node.parentNode as ElementNode;
        const above = parent.nodeType === 1 ? parent.shape : null;
        if (above !== null) parent.shape = shape === null ? null : above.child === shape ? above.next : this.#extend(above, shape);
        if (node.nextSibling !== null) {
          node = node.nextSibling;
          break;
        }
        node = parent;
        if (above === null) shape = null;
        else if ((shape = parent.shape) !== null && shape.template === null && shape.uses++ < bounds.samples) {
          if (shape.samples.push(parent) === 1) this.#sampled.push(shape);
        }
      }
    }
  }

  /** The template that makes `node` and all below it, which {@link plan} has seen. Null: none does. Defines it if need be. */
  find(node: ElementNode): Template | null {
    const { shape } = node;
    if (shape === null) return null;
    if (shape.template === null && shape.isWorthIt && this.#ops.templatesLeft > 0) shape.template = this.#define(node, shape);
    return shape.template;
  }

  /** Writes what a node has otherwise than its part of the template. */
  writeOwn(node: TreeNode, part: Part): void {
    const { index } = node;
    if (typeof part === 'string') {
      const { content } = node as DataNode;
      if (content !== part) this.#ops.setText(index, content);
      return;
    }
    const { attributes } = node as ElementNode;
    const { keys, values } = part;
    let kept = 0;
    for (let at = 0; at < keys.length; at++) {
      if (attributes !== null && attributes.get(keys[at]!) === values[at]) kept++;
      // Also where another follows: the host may strip it, and the template's must not stay behind.
      else removeAttribute(this.#ops, index, keys[at]!);
    }
    if (attributes === null || kept === attributes.size) return;
    for (const [key, value] of attributes) {
      const at = keys.indexOf(key);
      if (at < 0 || values[at] !== value) setAttribute(this.#ops, index, key, value);
    }
  }

  /** The turn is over. Its nodes are not held on to. */
  endTurn(): void {
    for (const shape of this.#sampled) {
      shape.samples.length = 0;
      shape.uses = 0;
    }
    this.#sampled.length = 0;
  }

  /** Null, here and below: no shape, because something in it has none, or because there are too many nodes or shapes. */
  #named({ namespace, localName, attributes }: ElementNode): Shape | null {
    if (attributes !== null && attributes.size > bounds.attributes) return null;
    const name = namespace === 0 ? localName : `${namespace} ${localName}`;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const shape = this.#newShape(1, 0);
    if (shape !== null) this.#names.set(name, shape);
    return shape;
  }

  #extend(shape: Shape, child: Shape): Shape | null {
    const known = shape.others?.get(child);
    if (known !== undefined) return known;
    const next = this.#newShape(shape.elements + child.elements, shape.texts + child.texts);
    if (next === null) return null;
    if (shape.child !== null) (shape.others ??= new Map()).set(child, next);
    else {
      shape.child = child;
      shape.next = next;
    }
    return next;
  }

  #newShape(elements: number, texts: number): Shape | null {
    if (elements + texts > bounds.nodes || this.#shapes >= bounds.shapes) return null;
    this.#shapes++;
    return new Shape(elements, texts);
  }

  #define(node: ElementNode, shape: Shape): Template | null {
    const nodes = preorder(node);
    const samples = shape.samples.map(preorder);
    const parts = nodes.map((own, at) => commonPart(own, samples, at));
    const units = unitsOf(nodes, parts);
    if (units > this.#unitsLeft) {
      // Not tried again for each of its elements.
      shape.uses = shape.samples.length = 0;
      return null;
    }
    this.#unitsLeft -= units;
    const ops = this.#ops;
    // What can throw must do so before the definition begins: a batch with half a template is refused.
    for (let at = 0; at < nodes.length; at++) internNames(nodes[at]!, parts[at]!, ops);
    const id = ops.template();
    let above: TreeNode | null = null;
    for (let at = 0; at < nodes.length; at++) {
      const own: TreeNode = nodes[at]!;
      for (; above !== null && above !== own.parentNode; above = above.parentNode) ops.close();
      writePart(own, parts[at]!, ops);
      above = own.nodeType === 1 ? own : own.parentNode;
    }
    for (; above !== node.parentNode; above = above!.parentNode) ops.close();
    return { id, parts };
  }
}

/** The key of an attribute in an element's map: its name, or namespace and name. */
export function attributeKey(name: string, namespace: number): string {
  if (name.includes(' ')) throw new Error(`\`${name}\` is not the name of an attribute`);
  return namespace === 0 ? name : `${namespace} ${name}`;
}

/** Writes the attribute of this {@link attributeKey}. */
export function setAttribute(ops: OpEncoder, index: number, key: string, value: string): void {
  if (key.includes(' ')) ops.setAttribute(index, localPart(key), value, namespacePart(key));
  else ops.setAttribute(index, key, value, 0);
}

function removeAttribute(ops: OpEncoder, index: number, key: string): void {
  ops.removeAttribute(index, localPart(key), namespacePart(key));
}

function localPart(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

function namespacePart(key: string): number {
  return Number(key.slice(0, Math.max(0, key.indexOf(' '))));
}

/** `root` and all below it, in document order. */
function preorder(root: TreeNode): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let node: TreeNode | null = root; node !== null; ) {
    nodes.push(node);
    let next: TreeNode | null = node.firstChild;
    for (let at: TreeNode = node; next === null && at !== root; at = at.parentNode!) next = at.nextSibling;
    node = next;
  }
  return nodes;
}

/** What all samples have at this position; a sample may have become another tree since, and then says nothing of use. */
function commonPart(node: TreeNode, samples: TreeNode[][], at: number): Part {
  if (node.nodeType !== 1) {
    const { content } = node as DataNode;
    if (content.length > bounds.valueUnits) return '';
    return samples.every((sample) => (sample[at] as DataNode | undefined)?.content === content) ? content : '';
  }
  const { attributes, localName } = node as ElementNode;
  const common: Attributes = { keys: [], values: [] };
  if (attributes === null || ordered.has(localName)) return common;
  for (const [key, value] of attributes) {
    if (value.length > bounds.valueUnits || loading.has(key)) continue;
    if (samples.some((sample) => (sample[at] as ElementNode | undefined)?.attributes?.get(key) !== value)) continue;
    common.keys.push(key);
    common.values.push(value);
  }
  return common;
}

function unitsOf(nodes: TreeNode[], parts: Part[]): number {
  let units = 0;
  for (let at = 0; at < nodes.length; at++) {
    const part = parts[at]!;
    if (typeof part === 'string') units += part.length;
    else units += (nodes[at] as ElementNode).localName.length + part.keys.join('').length + part.values.join('').length;
  }
  return units;
}

function internNames(node: TreeNode, part: Part, ops: OpEncoder): void {
  if (typeof part === 'string') return;
  ops.name((node as ElementNode).namespace, (node as ElementNode).localName);
  for (const key of part.keys) ops.name(namespacePart(key), localPart(key));
}

function writePart(node: TreeNode, part: Part, ops: OpEncoder): void {
  if (typeof part === 'string') {
    if (node.nodeType === 3) ops.openText(1, part);
    else ops.openComment(1, part);
    return;
  }
  ops.open(1, (node as ElementNode).localName, (node as ElementNode).namespace);
  part.keys.forEach((key, at) => ops.openAttribute(localPart(key), part.values[at]!, namespacePart(key)));
}

/** `rowIndex` → `data-row-index`. */
export function dataAttribute(name: string): string {
  return `data-${name.replace(/[A-Z]/g, '-$&').toLowerCase()}`;
}
