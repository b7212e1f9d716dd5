/** MutationObserver on the module's tree: Svelte keeps a select's choice by it when options come and go. */

import type { ElementNode, TreeNode } from '@playconnect/module';

export interface MutationRecord {
  type: 'childList' | 'attributes';
  target: TreeNode;
  attributeName: string | null;
  addedNodes: TreeNode[];
  removedNodes: TreeNode[];
}

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
  }

  disconnect(): void {
    this.#observed.clear();
    this.#records = [];
    active.delete(this);
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
    if (records.length > 0) this.callback.call(this, records, this);
  }
}

/** @internal */
export function noteAttribute(target: ElementNode, name: string): void {
  if (active.size > 0) note({ type: 'attributes', target, attributeName: name, addedNodes: [], removedNodes: [] });
}

/** @internal */
export function noteChildren(target: ElementNode, added: TreeNode | null, removed: TreeNode | null): void {
  if (active.size === 0) return;
  note({ type: 'childList', target, attributeName: null, addedNodes: added ? [added] : [], removedNodes: removed ? [removed] : [] });
}

function note(record: MutationRecord): void {
  for (const observer of active) observer.note(record);
}

function concerns(record: MutationRecord, node: TreeNode, { childList, attributes, attributeFilter, subtree }: ObserverOptions): boolean {
  if (record.target !== node && !(subtree === true && node.contains(record.target))) return false;
  if (record.type === 'childList') return childList === true;
  return (attributes ?? attributeFilter !== undefined) && (attributeFilter?.includes(record.attributeName!) ?? true);
}
