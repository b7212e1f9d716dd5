/**
 * What the host knows of the tree: which nodes have an index, and how others
 * become known, op by op or as clones of a template.
 */

import { natives } from './glue';
import { OpEncoder } from './ops';
import { Templates, type Template } from './templates';
import type { ElementNode, TreeNode } from './tree';

/** The index of a node that the host does not know. */
export const unknown = -1;
const elementType = 1;

/** @internal */
export const ops = new OpEncoder(natives);
const templates = new Templates(ops);
/** By index. The slot is 0. */
const known: (TreeNode | null)[] = [];
const freeIndices: number[] = [];
/** Freed in this turn. Given out again they would be other nodes for the turn's own events. */
const freedIndices: number[] = [];
/** Taken out in this turn. */
const takenOut = new Set<TreeNode>();

/** @internal */
export function nodeAt(index: number): TreeNode | null {
  return known[index] ?? null;
}

/** The node leaves its parent at the host, and keeps its index until the turn ends. */
export function takeOut(node: TreeNode): void {
  ops.detach(node.index);
  takenOut.add(node);
}

/** Writes the children of `node` again. @internal */
export function describeAgain(node: TreeNode): void {
  const children = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  for (const child of children) {
    ops.remove(child.index);
    forget(child);
  }
  for (const child of children) {
    describeTree(child);
    ops.insert(node.index, child.index, 0);
  }
}

/** The turn ends: what was taken out and not put back is freed. @internal */
export function endTurn(): void {
  for (const node of takenOut) {
    if (node.index === unknown || node.isConnected) continue;
    ops.remove(node.index);
    forget(node);
  }
  takenOut.clear();
  for (let index; (index = freedIndices.pop()) !== undefined; ) freeIndices.push(index);
  templates.endTurn();
}

/** Number of nodes that the host knows, without the slot. */
export function knownNodeCount(): number {
  return Math.max(0, known.length - 1) - freeIndices.length - freedIndices.length;
}

/**
 * Makes `root` and all below it known, in tree order, without inserting `root`.
 * Throws for what is over a limit, and then the host knows none of them.
 */
export function describeTree(root: TreeNode): void {
  const live: ElementNode[] = [];
  if (root.firstChild !== null) templates.plan(root);
  try {
    for (let node: TreeNode | null = root; node !== null; ) {
      let template: Template | null = null;
      // A node below an unknown one can be known only if it was taken out in this turn.
      if (node.index === unknown) {
        if (node.nodeType === elementType && node.firstChild !== null) template = templates.find(node as ElementNode);
        if (template !== null) writeClone(template, node, live);
        else {
          // Where this throws, the host has no node of that index.
          node.describe(nextIndex());
          giveIndex(node, live);
          if (node.nodeType === elementType) (node as ElementNode).describeAttributes();
          node.handlers?.describe();
        }
      }
      if (node !== root) ops.insert(node.parentNode!.index, node.index, 0);
      node = template === null ? following(node, root) : behind(node, root);
    }
    for (const node of live) node.describeLive();
  } catch (error) {
    undescribe(root);
    throw error;
  }
}

/** The slot stays known. Nodes below others go first: what is written of them may not be inserted yet. */
function undescribe(root: TreeNode): void {
  const described: TreeNode[] = [];
  for (let node: TreeNode | null = root; node !== null; node = following(node, root)) if (node.index > 0) described.push(node);
  for (const node of described.reverse()) {
    ops.remove(node.index);
    free(node);
  }
}

/** Makes `root` and all below it known as a clone; no node of them was. */
function writeClone({ id, parts }: Template, root: TreeNode, live: ElementNode[]): void {
  const nodes: TreeNode[] = [];
  const indices: number[] = [];
  for (let node: TreeNode | null = root; node !== null; node = following(node, root)) {
    giveIndex(node, live);
    nodes.push(node);
    indices.push(node.index);
  }
  ops.clone(id, indices);
  for (let at = 0; at < nodes.length; at++) {
    templates.writeOwn(nodes[at]!, parts[at]!);
    nodes[at]!.handlers?.describe();
  }
}

function nextIndex(): number {
  return freeIndices.at(-1) ?? known.length;
}

/** Elements with live state are noted: it is written last. */
function giveIndex(node: TreeNode, live: ElementNode[]): void {
  node.index = nextIndex();
  freeIndices.pop();
  known[node.index] = node;
  if (node.nodeType === elementType && (node as ElementNode).live !== null) live.push(node as ElementNode);
}

/** The indices of `root` and all below it are free when the turn has ended. */
export function forget(root: TreeNode): void {
  for (let node: TreeNode | null = root; node !== null; node = following(node, root)) {
    if (node.index !== unknown) free(node);
  }
}

function free(node: TreeNode): void {
  known[node.index] = null;
  freedIndices.push(node.index);
  node.index = unknown;
  node.lastEvent = 0;
}

/** The next node in tree order below `root`. */
export function following(node: TreeNode, root: TreeNode): TreeNode | null {
  return node.firstChild ?? behind(node, root);
}

/** The next node in tree order below `root` that is not below `node`. */
export function behind(node: TreeNode, root: TreeNode): TreeNode | null {
  for (let at: TreeNode | null = node; at !== null && at !== root; at = at.parentNode) {
    if (at.nextSibling !== null) return at.nextSibling;
  }
  return null;
}
