/** TreeWalker of the DOM, forwards: focus traps look for what can have the focus with it. */

import { following, behind } from '../known';
import { ElementNode, type TreeNode } from '../tree';

export const NodeFilter = {
  FILTER_ACCEPT: 1,
  FILTER_REJECT: 2,
  FILTER_SKIP: 3,
  SHOW_ALL: 0xffffffff,
  SHOW_ELEMENT: 1,
  SHOW_TEXT: 4,
  SHOW_COMMENT: 128,
};

type Filter = ((node: TreeNode) => number) | { acceptNode(node: TreeNode): number } | null;

export class TreeWalker {
  currentNode: TreeNode;

  constructor(
    readonly root: TreeNode,
    readonly whatToShow: number,
    readonly filter: Filter,
  ) {
    this.currentNode = root;
  }

  nextNode(): TreeNode | null {
    let at = this.currentNode;
    for (let rejected = false; ; ) {
      const next = rejected ? behind(at, this.root) : following(at, this.root);
      if (next === null) return null;
      at = next;
      const verdict = this.#verdict(at);
      if (verdict === NodeFilter.FILTER_ACCEPT) return (this.currentNode = at);
      rejected = verdict === NodeFilter.FILTER_REJECT;
    }
  }

  firstChild(): TreeNode | null {
    return this.#among(this.currentNode.firstChild, (node) => node.nextSibling);
  }

  lastChild(): TreeNode | null {
    return this.#among((this.currentNode as ElementNode).lastChild ?? null, (node) => node.previousSibling);
  }

  nextSibling(): TreeNode | null {
    return this.currentNode === this.root ? null : this.#among(this.currentNode.nextSibling, (node) => node.nextSibling);
  }

  previousSibling(): TreeNode | null {
    return this.currentNode === this.root ? null : this.#among(this.currentNode.previousSibling, (node) => node.previousSibling);
  }

  parentNode(): TreeNode | null {
    if (this.currentNode === this.root) return null;
    return this.#among(this.currentNode.parentNode, (node) => (node === this.root ? null : node.parentNode));
  }

  #among(first: TreeNode | null, next: (node: TreeNode) => TreeNode | null): TreeNode | null {
    for (let at = first; at !== null; at = next(at)) if (this.#verdict(at) === NodeFilter.FILTER_ACCEPT) return (this.currentNode = at);
    return null;
  }

  #verdict(node: TreeNode): number {
    if ((this.whatToShow & (1 << (node.nodeType - 1))) === 0) return NodeFilter.FILTER_SKIP;
    if (this.filter === null) return NodeFilter.FILTER_ACCEPT;
    return typeof this.filter === 'function' ? this.filter(node) : this.filter.acceptNode(node);
  }
}
