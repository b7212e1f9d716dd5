/**
 * A host for tests: applies a module's batches to a plain tree, strictly. What
 * the real host refuses or skips is an error here.
 */

import { limits } from '../src/ops';
import { batchMagic, decodeStream, type DecodedOp } from '../src/stream';

export interface PageNode {
  index: number;
  /** Empty for texts and comments. */
  tag: string;
  namespace: number;
  /** Null for elements. */
  data: string | null;
  isComment: boolean;
  attributes: Map<string, string>;
  properties: Map<string, unknown>;
  /** The `answers` of the last write of each property. */
  answers: Map<string, number>;
  listeners: Map<string, { flags: number; filter: string }>;
  children: PageNode[];
  parent: PageNode | null;
}

interface Template {
  /** Null: the definition has just begun. */
  root: PageNode | null;
  /** In document order; those without a mark are not among them. */
  marked: PageNode[];
  nodes: number;
  /** The elements that are not closed yet. */
  open: PageNode[];
}

const propertyNames = ['', 'value', 'checked', 'indeterminate', 'selected', 'selection', 'muted', 'scrollTop', 'scrollLeft'];
const commandNames = ['', 'focus', 'blur', 'select', 'scrollIntoView', 'showModal', 'close'];

export class Page {
  readonly slot = newNode(0, 'slot', 0);
  readonly nodes = new Map<number, PageNode>([[0, this.slot]]);
  readonly names = new Map<number, { namespace: number; name: string }>();
  readonly templates = new Map<number, Template>();
  /** Commands of the last batch: `focus <input>`. */
  calls: string[] = [];
  /** Operations of the last batch without NAME. */
  ops: DecodedOp[] = [];

  apply(batch: Uint8Array): void {
    const magic = new DataView(batch.buffer, batch.byteOffset).getUint32(0, true);
    if (magic !== batchMagic) throw new Error('not a batch');
    const ops = decodeStream(batch.subarray(4));
    this.ops = ops.filter(({ op }) => op !== 1);
    this.calls = [];
    for (const op of ops) {
      if (this.defining === null) this.applyOp(op);
      else this.defineOp(op, this.defining);
    }
    if (this.defining !== null) throw new Error('a template is not closed');
  }

  /** All elements with this tag, in tree order. */
  all(tag: string): PageNode[] {
    const found: PageNode[] = [];
    const visit = (node: PageNode): void => {
      for (const child of node.children) {
        if (child.tag === tag) found.push(child);
        visit(child);
      }
    };
    visit(this.slot);
    return found;
  }

  /** The first element with this tag, or with this id (`#id`). */
  find(selector: string): PageNode {
    const matches = selector.startsWith('#')
      ? [...this.nodes.values()].filter((node) => node.attributes.get('id') === selector.slice(1) && isConnected(node, this.slot))
      : this.all(selector);
    if (matches.length === 0) throw new Error(`no ${selector} in ${this.html()}`);
    return matches[0]!;
  }

  html(node: PageNode = this.slot): string {
    return node.children.map(serialise).join('');
  }

  text(node: PageNode = this.slot): string {
    return node.data !== null ? (node.isComment ? '' : node.data) : node.children.map((child) => this.text(child)).join('');
  }

  private defining: Template | null = null;

  private applyOp({ op, aux, args }: DecodedOp): void {
    const number = (at: number): number => args[at] as number;
    const string = (at: number): string => args[at] as string;
    switch (op) {
      case 1:
        if (this.names.has(aux)) throw new Error(`name ${aux} is defined twice`);
        this.names.set(aux, { namespace: number(0), name: string(1) });
        return;
      case 2: {
        const { name, namespace } = this.name(aux);
        return this.add(newNode(number(0), name, namespace));
      }
      case 3:
      case 4:
        return this.add({ ...newNode(number(0), '', 0), data: string(1), isComment: op === 4 });
      case 5:
        this.node(number(0)).data = string(1);
        return;
      case 6:
        this.node(number(0)).attributes.set(this.attribute(aux), string(1));
        return;
      case 7:
        if (!this.node(number(0)).attributes.delete(this.attribute(aux))) throw new Error(`no attribute ${this.attribute(aux)} to remove`);
        return;
      case 8: {
        const node = this.node(number(0));
        const name = propertyNames[aux]!;
        node.properties.set(name, aux === 5 ? [args[2], args[3]] : args[2]);
        node.answers.set(name, number(1));
        return;
      }
      case 9:
        return this.insert(this.node(number(0)), this.node(number(1)), number(2));
      case 10:
        return detach(this.node(number(0)));
      case 11: {
        const node = this.node(number(0));
        detach(node);
        return this.free(node);
      }
      case 12:
        this.node(number(0)).listeners.set(this.name(aux).name, { flags: number(1), filter: (args[2] as string | undefined) ?? '' });
        return;
      case 13:
        if (!this.node(number(0)).listeners.delete(this.name(aux).name)) throw new Error('no listener to remove');
        return;
      case 14:
        this.calls.push(`${commandNames[aux]} <${this.node(number(0)).tag}>`);
        return;
      case 15:
        if (aux >= limits.templates) throw new Error(`template ${aux}, ${limits.templates} are allowed`);
        if (this.templates.has(aux)) throw new Error(`template ${aux} is defined twice`);
        this.defining = { root: null, marked: [], nodes: 0, open: [] };
        this.templates.set(aux, this.defining);
        return;
      case 21: {
        const template = this.templates.get(aux);
        if (template?.root === undefined || template.root === null) throw new Error(`template ${aux} is not defined`);
        if (args.length !== template.marked.length) throw new Error(`${args.length} nodes for ${template.marked.length} marks`);
        const indices = new Map(template.marked.map((node, at) => [node, number(at)]));
        this.clone(template.root, null, indices);
        return;
      }
      default:
        throw new Error(`operation ${op} is not expected here`);
    }
  }

  private defineOp({ op, aux, args }: DecodedOp, template: Template): void {
    const above = template.open.at(-1) ?? null;
    const node = (made: PageNode): void => {
      if (above === null) template.root = made;
      else above.children.push(made);
      if (++template.nodes > 4096 || template.open.length >= 256) throw new Error('the template is too large');
      if (args[0] !== 0) template.marked.push(made);
      else if (above === null) throw new Error('the root of a template must be marked');
      if (template.marked.length > 254) throw new Error('the template has more than 254 marks');
      if (op === 16) template.open.push(made);
    };
    switch (op) {
      case 1:
        return this.applyOp({ op, aux, args });
      case 16: {
        const { name, namespace } = this.name(aux);
        node(newNode(-1, name, namespace));
        break;
      }
      case 17:
        if (above === null || above.children.length > 0) throw new Error('OPEN_ATTR must stand right behind its OPEN');
        if (above.attributes.has(this.attribute(aux))) throw new Error(`${this.attribute(aux)} stands twice`);
        above.attributes.set(this.attribute(aux), args[0] as string);
        break;
      case 18:
      case 19:
        node({ ...newNode(-1, '', 0), data: args[1] as string, isComment: op === 19 });
        break;
      case 20:
        if (template.open.pop() === undefined) throw new Error('CLOSE without OPEN');
        break;
      default:
        throw new Error(`operation ${op} in a template`);
    }
    if (template.open.length === 0) this.defining = null;
  }

  private clone(made: PageNode, parent: PageNode | null, indices: Map<PageNode, number>): void {
    const index = indices.get(made);
    const node = { ...newNode(index ?? -1, made.tag, made.namespace), data: made.data, isComment: made.isComment, parent };
    for (const [name, value] of made.attributes) node.attributes.set(name, value);
    if (index !== undefined) this.add(node);
    parent?.children.push(node);
    for (const child of made.children) this.clone(child, node, indices);
  }

  private add(node: PageNode): void {
    if (this.nodes.has(node.index)) throw new Error(`index ${node.index} is taken`);
    this.nodes.set(node.index, node);
  }

  private insert(parent: PageNode, child: PageNode, beforeIndex: number): void {
    if (child === this.slot) throw new Error('the slot is never a child');
    for (let at: PageNode | null = parent; at !== null; at = at.parent) if (at === child) throw new Error('a cycle');
    if (beforeIndex === child.index) throw new Error('a node before itself');
    detach(child);
    let at = parent.children.length;
    if (beforeIndex !== 0) {
      at = parent.children.indexOf(this.node(beforeIndex));
      if (at < 0) throw new Error(`node ${beforeIndex} is not a child of ${parent.index}`);
    }
    parent.children.splice(at, 0, child);
    child.parent = parent;
  }

  private free(node: PageNode): void {
    if (node.index >= 0) this.nodes.delete(node.index);
    node.children.forEach((child) => this.free(child));
  }

  private node(index: number): PageNode {
    const node = this.nodes.get(index);
    if (node === undefined) throw new Error(`node ${index} is not there`);
    return node;
  }

  private name(id: number): { namespace: number; name: string } {
    const name = this.names.get(id);
    if (name === undefined) throw new Error(`name ${id} is not defined`);
    return name;
  }

  private attribute(id: number): string {
    const { namespace, name } = this.name(id);
    return namespace === 0 ? name : `{${namespace}}${name}`;
  }
}

function newNode(index: number, tag: string, namespace: number): PageNode {
  return {
    index,
    tag,
    namespace,
    data: null,
    isComment: false,
    attributes: new Map(),
    properties: new Map(),
    answers: new Map(),
    listeners: new Map(),
    children: [],
    parent: null,
  };
}

function detach(node: PageNode): void {
  if (node.parent === null) return;
  node.parent.children.splice(node.parent.children.indexOf(node), 1);
  node.parent = null;
}

function isConnected(node: PageNode, slot: PageNode): boolean {
  let top = node;
  while (top.parent !== null) top = top.parent;
  return top === slot;
}

function serialise(node: PageNode): string {
  if (node.data !== null) return node.isComment ? `<!--${node.data}-->` : node.data;
  const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${value}"`).sort();
  return `<${node.tag}${attributes.join('')}>${node.children.map(serialise).join('')}</${node.tag}>`;
}
