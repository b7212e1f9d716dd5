/** Who is told of changes of the tree as they are made: the mutation observers, while there are any. */

import type { ElementNode, TreeNode } from './tree';

export interface TreeWatcher {
  attribute(target: ElementNode, name: string): void;
  children(target: TreeNode, added: TreeNode | null, removed: TreeNode | null): void;
}

/** Null: nobody. */
export let watcher: TreeWatcher | null = null;

export function watchTree(by: TreeWatcher | null): void {
  watcher = by;
}
