// Templates: a tree that is built once and cloned, and the way from one marked node of a clone to the next.

import * as dom from "./dom.ts";

/** A template while it is defined. */
export interface Definition {
  number: number;
  open: Element[];
  root?: Node;
  marked: Set<Node>;
}

const enum Step {
  First,
  Next,
  Parent,
  Mark,
}

export class Template {
  readonly marks: number;
  readonly #root: Node;
  readonly #route: Step[];

  constructor(root: Node, marked: Set<Node>) {
    this.marks = marked.size;
    this.#root = root;
    this.#route = route(root, marked);
  }

  /** The marked nodes of a new tree, in document order; the first is its root. */
  clone(): Node[] {
    const found: Node[] = [];
    let node: Node = Node.prototype.cloneNode.call(this.#root, true);
    for (const step of this.#route) {
      if (step === Step.Mark) found.push(node);
      else if (step === Step.First) node = dom.firstOf(node)!;
      else if (step === Step.Next) node = dom.nextOf(node)!;
      else node = dom.parentOf(node)!;
    }
    return found;
  }
}

/** A walk from a template's root over its marks, in document order. */
function route(root: Node, marked: Set<Node>): Step[] {
  // Nodes with a mark at or below them.
  const wanted = new Set<Node>();
  for (const mark of marked) {
    for (let node: Node | null = mark; node !== null && !wanted.has(node); node = dom.parentOf(node)) wanted.add(node);
  }
  const steps: Step[] = [];
  const visit = (node: Node): void => {
    if (marked.has(node)) steps.push(Step.Mark);
    let pending: Step[] = [Step.First];
    let entered = false;
    for (let child = dom.firstOf(node); child !== null; child = dom.nextOf(child)) {
      if (wanted.has(child)) {
        steps.push(...pending);
        pending = [];
        entered = true;
        visit(child);
      }
      pending.push(Step.Next);
    }
    if (entered) steps.push(Step.Parent);
  };
  visit(root);
  return steps;
}
