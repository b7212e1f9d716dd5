/**
 * The observers of the DOM. MutationObserver sees the module's tree. Of layout
 * a module knows only what it has written itself: ResizeObserver tells a size
 * of that kind once, and IntersectionObserver tells nothing.
 */

import { reportError } from '../platform/console';
import { post } from '../platform/tasks';
import type { ElementNode, TreeNode } from '../tree';
import { watchTree, type TreeWatcher } from '../watch';
import { knownSize, rectangle, warnLayout } from './layout';

export interface MutationRecord {
  type: 'childList' | 'attributes';
  target: TreeNode;
  attributeName: string | null;
  addedNodes: TreeNode[];
  removedNodes: TreeNode[];
}

declare function queueMicrotask(run: () => void): void;

interface ObserverOptions {
  childList?: boolean;
  attributes?: boolean;
  attributeFilter?: string[];
  subtree?: boolean;
  characterData?: boolean;
}

/** Observers that observe something. */
const active = new Set<MutationObserver>();

export class MutationObserver {
  readonly #observed = new Map<TreeNode, ObserverOptions>();
  #records: MutationRecord[] = [];

  constructor(private readonly callback: (records: MutationRecord[], observer: MutationObserver) => void) {}

  /** Changes of texts (`characterData`) are not reported. */
  observe(node: TreeNode, options: ObserverOptions): void {
    this.#observed.set(node, options);
    active.add(this);
    watchTree(watcher);
  }

  disconnect(): void {
    this.#observed.clear();
    this.#records = [];
    active.delete(this);
    if (active.size === 0) watchTree(null);
  }

  takeRecords(): MutationRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** @internal */
  note(record: MutationRecord): void {
    for (const [node, options] of this.#observed) {
      if (!concerns(record, node, options)) continue;
      if (this.#records.length === 0) queueMicrotask(() => this.#deliver());
      this.#records.push(record);
      return;
    }
  }

  #deliver(): void {
    const records = this.takeRecords();
    if (records.length === 0) return;
    try {
      this.callback.call(this, records, this);
    } catch (error) {
      reportError(error);
    }
  }
}

const watcher: TreeWatcher = {
  attribute: (target, name) => note({ type: 'attributes', target, attributeName: name, addedNodes: [], removedNodes: [] }),
  children: (target, added, removed) => note({ type: 'childList', target, attributeName: null, addedNodes: added ? [added] : [], removedNodes: removed ? [removed] : [] }),
};

function note(record: MutationRecord): void {
  for (const observer of active) observer.note(record);
}

function concerns(record: MutationRecord, node: TreeNode, { childList, attributes, attributeFilter, subtree }: ObserverOptions): boolean {
  if (record.target !== node && !(subtree === true && node.contains(record.target))) return false;
  if (record.type === 'childList') return childList === true;
  return (attributes ?? attributeFilter !== undefined) && (attributeFilter?.includes(record.attributeName!) ?? true);
}

interface ResizeEntry {
  target: ElementNode;
  contentRect: Record<string, unknown>;
  borderBoxSize: { inlineSize: number; blockSize: number }[];
  contentBoxSize: { inlineSize: number; blockSize: number }[];
  devicePixelContentBoxSize: { inlineSize: number; blockSize: number }[];
}

/** Tells the size of an element once, if the element itself says it; a module hears of no changes. */
export class ResizeObserver {
  readonly #observed = new Set<ElementNode>();

  constructor(private readonly callback: (entries: ResizeEntry[], observer: ResizeObserver) => void) {}

  observe(element: ElementNode): void {
    this.#observed.add(element);
    const [width, height] = [knownSize(element, 'width'), knownSize(element, 'height')];
    if (width === null && height === null) return warnLayout('ResizeObserver');
    post(() => {
      if (!this.#observed.has(element)) return;
      const size = [{ inlineSize: width ?? 0, blockSize: height ?? 0 }];
      const contentRect = rectangle(width ?? 0, height ?? 0);
      this.callback.call(this, [{ target: element, contentRect, borderBoxSize: size, contentBoxSize: size, devicePixelContentBoxSize: size }], this);
    });
  }

  unobserve(element: ElementNode): void {
    this.#observed.delete(element);
  }

  disconnect(): void {
    this.#observed.clear();
  }
}

/** Never tells anything: what is on the screen only the browser knows. */
export class IntersectionObserver {
  readonly root = null;
  readonly rootMargin = '0px';
  readonly thresholds: readonly number[] = [0];

  observe(): void {
    warnLayout('IntersectionObserver');
  }
  unobserve(): void {}
  disconnect(): void {}
  takeRecords(): never[] {
    return [];
  }
}
