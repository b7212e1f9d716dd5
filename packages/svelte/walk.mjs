/** Calls `visit(node, parents)` for each node of a tree of Svelte's parser, from outside in. */
export function walk(node, visit, parents = []) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) return node.forEach((child) => walk(child, visit, parents));
  let above = parents;
  if (typeof node.type === 'string') {
    visit(node, parents);
    above = [...parents, node];
  }
  for (const key in node) if (key !== 'loc' && key !== 'metadata' && key !== 'parent') walk(node[key], visit, above);
}
