/** Vue's renderer on the module's shadow tree. */

import { CommentNode, isRunning, Namespace, slot, TextNode, type ParentNode, type TreeNode } from '@playconnect/module';
import { bodyStart, document } from '@playconnect/module/document';
import { createRenderer, type RendererOptions } from '@vue/runtime-core';
import { HostElement } from './element';
import { patchProp } from './props';
import { insertStatic } from './static';
import { childInserted } from './style';

/** Vue's type has one for all containers; the slot is no element. */
type Container = HostElement;

const namespaces: Readonly<Record<string, number>> = { svg: Namespace.SVG, mathml: Namespace.MathML };

const options: RendererOptions<TreeNode, Container> = {
  createElement(tag, namespace) {
    return new HostElement(tag, namespace === undefined ? Namespace.None : namespaces[namespace]!);
  },
  createText: (text) => new TextNode(text),
  createComment: (text) => new CommentNode(text),
  insert(child, parent, anchor) {
    parent.insertBefore(child, anchor ?? ((parent as ParentNode) === slot ? bodyStart() : null));
    childInserted(parent);
  },
  // What Vue will need again (KeepAlive) it moves and does not remove.
  remove: (child) => child.destroy(),
  setText(node, text) {
    (node as TextNode).data = text;
  },
  setElementText(element, text) {
    element.textContent = text;
  },
  parentNode: (node) => node.parentNode as Container | null,
  nextSibling: (node) => node.nextSibling,
  querySelector: (selector) => findContainer(selector) as Container | null,
  setScopeId(element, id) {
    element.setAttribute(id, '');
  },
  insertStaticContent: (content, parent, anchor, namespace) => insertStatic(content, parent, anchor, namespace) as [Container, Container],
  patchProp,
};

export const renderer = createRenderer<TreeNode, Container>(options);

/**
 * Where an app is mounted or a Teleport goes. A module has no page but its
 * slot: `body` is the end of it. Null, with a word in the log, if there is no such node.
 */
export function findContainer(selector: string): ParentNode | null {
  if (selector === 'body' || selector === 'html') return document.body;
  const found = slot.querySelector(selector);
  if (found === null && isRunning()) {
    console.error(`nothing in the slot matches \`${selector}\`, so nothing is shown there: a module reaches its own slot only (\`body\` is the end of it)`);
  }
  return found;
}
