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

import { limits, type OpEncoder } from './ops';
import type { DataNode, ElementNode, TreeNode } from './tree';

const bounds = {
  /** Wire format: nodes that a CLONE can name. */
  nodes: 254,
  /** Shapes that are remembered, with those of the beginnings of their child lists. */
  shapes: 4096,
  /** Elements of a turn whose attributes and data are laid over each other. */
  samples: 8,
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

/** What a node has in the template: an element its attributes, another node its data. */
type Part = Map<string, string> | string;

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
  #token: string | Shape | null = null;
  #next: Shape | null = null;
  #others: Map<string | Shape, Shape> | null = null;

  constructor(
    readonly elements: number,
    readonly texts: number,
  ) {}

  get nodes(): number {
    return this.elements + this.texts;
  }

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

  known(token: string | Shape): Shape | undefined {
    return token === this.#token ? this.#next! : this.#others?.get(token);
  }

  lead(token: string | Shape, next: Shape): void {
    if (this.#token === null) {
      this.#token = token;
      this.#next = next;
    } else (this.#others ??= new Map()).set(token, next);
  }
}

export class Templates {
  readonly #ops: OpEncoder;
  #start = new Shape(0, 0);
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
      this.#start = new Shape(0, 0);
      this.#shapes = 0;
    }
    // Null: no shape, because something in it has none, or because it is too large.
    const open: (Shape | null)[] = [];
    for (let node = root; ; ) {
      let shape: Shape | null = null;
      // What the host knows was moved here in this turn: it cannot be cloned.
      if (node.index < 0) {
        if (node.nodeType === 3) shape = this.#text;
        else if (node.nodeType === 8) shape = this.#comment;
        else {
          shape = this.#enter(node);
          if (node.firstChild !== null) {
            open.push(shape);
            node = node.firstChild;
            continue;
          }
          if (node.nodeType === 1) this.#leave(node as ElementNode, shape);
        }
      }
      for (;;) {
        if (node === root) return;
        const last = open.length - 1;
        open[last] = this.#extend(open[last]!, shape);
        if (node.nextSibling !== null) {
          node = node.nextSibling;
          break;
        }
        node = node.parentNode!;
        shape = open.pop()!;
        if (node.nodeType === 1) this.#leave(node as ElementNode, shape);
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
    let kept = 0;
    for (const [key, value] of part) {
      if (attributes?.get(key) === value) kept++;
      // Also where another follows: the host may strip it, and the template's must not stay behind.
      else this.#removeAttribute(index, key);
    }
    if (attributes === null || kept === attributes.size) return;
    for (const [key, value] of attributes) {
      if (part.get(key) === value) continue;
      const { name, namespace } = splitAttribute(key);
      this.#ops.setAttribute(index, name, value, namespace);
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

  #enter(node: TreeNode): Shape | null {
    if (node.nodeType !== 1) return null;
    const { namespace, localName, attributes } = node as ElementNode;
    if (attributes !== null && attributes.size > bounds.attributes) return null;
    return this.#step(this.#start, namespace === 0 ? localName : `${namespace} ${localName}`, 1, 0);
  }

  #extend(shape: Shape | null, child: Shape | null): Shape | null {
    return shape === null || child === null ? null : this.#step(shape, child, shape.elements + child.elements, shape.texts + child.texts);
  }

  #step(from: Shape, token: string | Shape, elements: number, texts: number): Shape | null {
    const known = from.known(token);
    if (known !== undefined) return known;
    if (elements + texts > bounds.nodes || this.#shapes >= bounds.shapes) return null;
    const next = new Shape(elements, texts);
    from.lead(token, next);
    this.#shapes++;
    return next;
  }

  #leave(node: ElementNode, shape: Shape | null): void {
    node.shape = shape;
    if (shape === null || shape.template !== null || shape.uses++ >= bounds.samples) return;
    if (shape.samples.push(node) === 1) this.#sampled.push(shape);
  }

  #define(node: ElementNode, shape: Shape): Template | null {
    const nodes = preorder(node);
    const samples = shape.samples.map(preorder);
    const parts = nodes.map((own, at) => commonPart(own, samples, at));
    const units = unitsOf(nodes, parts);
    if (units > this.#unitsLeft) return null;
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

  #removeAttribute(index: number, key: string): void {
    const { name, namespace } = splitAttribute(key);
    this.#ops.removeAttribute(index, name, namespace);
  }
}

/** The key of an attribute in an element's map: its name, or namespace and name. */
export function attributeKey(name: string, namespace: number): string {
  if (name.includes(' ')) throw new Error(`\`${name}\` is not the name of an attribute`);
  return namespace === 0 ? name : `${namespace} ${name}`;
}

export function splitAttribute(key: string): { name: string; namespace: number } {
  const space = key.indexOf(' ');
  return space < 0 ? { name: key, namespace: 0 } : { name: key.slice(space + 1), namespace: Number(key.slice(0, space)) };
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
    const isCommon = content.length <= bounds.valueUnits && samples.every((sample) => (sample[at] as DataNode | undefined)?.content === content);
    return isCommon ? content : '';
  }
  const { attributes, localName } = node as ElementNode;
  const common = new Map<string, string>();
  if (attributes === null || ordered.has(localName)) return common;
  for (const [key, value] of attributes) {
    if (value.length > bounds.valueUnits || loading.has(key)) continue;
    if (samples.every((sample) => (sample[at] as ElementNode | undefined)?.attributes?.get(key) === value)) common.set(key, value);
  }
  return common;
}

function unitsOf(nodes: TreeNode[], parts: Part[]): number {
  let units = 0;
  for (let at = 0; at < nodes.length; at++) {
    const part = parts[at]!;
    if (typeof part === 'string') units += part.length;
    else for (const [key, value] of part) units += key.length + value.length;
    if (nodes[at]!.nodeType === 1) units += (nodes[at] as ElementNode).localName.length;
  }
  return units;
}

function internNames(node: TreeNode, part: Part, ops: OpEncoder): void {
  if (typeof part === 'string') return;
  const { namespace, localName } = node as ElementNode;
  ops.name(namespace, localName);
  for (const key of part.keys()) {
    const attribute = splitAttribute(key);
    ops.name(attribute.namespace, attribute.name);
  }
}

function writePart(node: TreeNode, part: Part, ops: OpEncoder): void {
  if (typeof part === 'string') {
    if (node.nodeType === 3) ops.openText(1, part);
    else ops.openComment(1, part);
    return;
  }
  ops.open(1, (node as ElementNode).localName, (node as ElementNode).namespace);
  for (const [key, value] of part) {
    const { name, namespace } = splitAttribute(key);
    ops.openAttribute(name, value, namespace);
  }
}
