/**
 * Static parts of templates, which Vue's compiler writes as one text of HTML
 * where they are long. This reads what that compiler writes, and no more: it is
 * no parser for HTML of other origins.
 */

import { CommentNode, Namespace, TextNode, type ParentNode, type TreeNode } from '@playconnect/module';
import { isVoidTag } from '@vue/shared';
import { HostElement } from './element';

const token = /<!--([^]*?)-->|<\/([^\s>]+)>|<([^\s/>]+)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/y;
const attribute = /([^\s=]+)(?:="([^"]*)")?/g;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u{a0}' };

/** Inserts the nodes before `anchor` and gives the first and the last. */
export function insertStatic(content: string, parent: ParentNode, anchor: TreeNode | null, namespace: string | undefined): [TreeNode, TreeNode] {
  const roots: TreeNode[] = [];
  const open: HostElement[] = [];
  const add = (node: TreeNode): void => {
    const inside = open.at(-1);
    if (inside === undefined) roots.push(node);
    else inside.appendChild(node);
  };
  token.lastIndex = 0;
  while (token.lastIndex < content.length) {
    const at = token.lastIndex;
    const found = token.exec(content);
    if (found === null) throw notStatic(content, at);
    const [, comment, closed, tag, attributes = '', selfClosed, text] = found;
    if (comment !== undefined || text !== undefined) {
      add(comment !== undefined ? new CommentNode(comment) : new TextNode(unescape(text!)));
    } else if (closed !== undefined) {
      if (open.pop()?.localName !== closed) throw notStatic(content, at);
    } else {
      const element = new HostElement(tag!, namespaceIn(tag!, open.at(-1), namespace));
      for (const [, name, value = ''] of attributes.matchAll(attribute)) setAttribute(element, name!, unescape(value));
      add(element);
      if (selfClosed === '' && !(element.namespace === Namespace.None && isVoidTag(tag!))) open.push(element);
    }
  }
  const [first, last] = [roots[0], roots.at(-1)];
  if (open.length > 0 || first === undefined || last === undefined) throw notStatic(content, content.length);
  for (const node of roots) parent.insertBefore(node, anchor);
  return [first, last];
}

function namespaceIn(tag: string, parent: HostElement | undefined, root: string | undefined): number {
  if (tag === 'svg') return Namespace.SVG;
  if (tag === 'math') return Namespace.MathML;
  if (parent === undefined) return root === 'svg' ? Namespace.SVG : root === 'mathml' ? Namespace.MathML : Namespace.None;
  return parent.localName === 'foreignObject' ? Namespace.None : parent.namespace;
}

function setAttribute(element: HostElement, name: string, value: string): void {
  const local = element.namespace !== Namespace.None && name.startsWith('xlink:') ? name.slice(6) : null;
  element.setAttribute(local ?? name, value, local === null ? Namespace.None : Namespace.XLink);
}

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#?\w+);/g, (whole, name: string) => {
    const known = entities[name];
    if (known === undefined) throw new Error(`${whole} in a static part of a template: Vue's compiler does not write it`);
    return known;
  });
}

function notStatic(content: string, at: number): Error {
  return new Error(`a static part of a template cannot be read at \`${content.slice(at, at + 40)}\`: it is not as Vue's compiler writes it (v-html, maybe, which a module does not have)`);
}
