/**
 * What a module knows of layout: next to nothing. Stylesheets and the page's
 * boxes are the browser's.
 *
 * Sizes are those that the module itself has written in `px`, in the attribute
 * `style` or as `width` and `height`; all others are 0. The place is always 0.
 */

import { environment } from '../platform/environment';
import { console } from '../platform/console';
import type { ElementNode } from '../tree';

const warned = new Set<string>();

/** Once for each name: measuring happens in loops. */
export function warnLayout(name: string): void {
  if (warned.has(name)) return;
  warned.add(name);
  console.warn(
    `${name} tells nothing in a module: layout is the browser's, and a module runs at the edge. Let CSS do it where it can (container queries, ` +
      'flex, grid, scroll snap); a size that code needs is known if the attribute `style` has it in px',
  );
}

export type Side = 'width' | 'height';

/** Elements whose attributes `width` and `height` are CSS pixels. */
const sized = new Set(['canvas', 'embed', 'foreignObject', 'iframe', 'image', 'img', 'input', 'object', 'rect', 'svg', 'video']);

/** CSS pixels, as far as the element itself says them; otherwise null. */
export function knownSize(element: ElementNode, side: Side): number | null {
  const declared = pixels(element.style.getPropertyValue(side));
  if (declared !== null) return declared;
  return sized.has(element.localName) ? pixels(element.getAttribute(side) ?? '') : null;
}

function pixels(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)(px)?\s*$/.exec(text);
  return found === null ? null : Number(found[1]);
}

/** Of an element: `name` is what was asked for, for the warning. */
export function sizeOf(element: ElementNode, side: Side, name: string): number {
  const known = knownSize(element, side);
  if (known === null) warnLayout(name);
  return known ?? 0;
}

/** What scrolls in an element: its own size, or that of the largest child that says one. */
export function contentSize(element: ElementNode, side: Side, name: string): number {
  const known = [element, ...element.children].map((at) => knownSize(at, side)).filter((size) => size !== null);
  if (known.length === 0) warnLayout(name);
  return Math.max(0, ...known);
}

/** A DOMRect at the origin. */
export function rectangle(width: number, height: number): Record<string, unknown> {
  const sides = { x: 0, y: 0, top: 0, left: 0, right: width, bottom: height, width, height };
  return { ...sides, toJSON: () => sides };
}

export function viewportRectangle(): Record<string, unknown> {
  return rectangle(environment.viewport.width, environment.viewport.height);
}

/** What CSS begins with, for the properties that transitions, focus traps and floating elements ask for. */
const initial: Record<string, string> = {
  'animation-name': 'none',
  direction: 'ltr',
  display: 'block',
  filter: 'none',
  opacity: '1',
  overflow: 'visible',
  'overflow-x': 'visible',
  'overflow-y': 'visible',
  position: 'static',
  'stroke-linecap': 'butt',
  'stroke-width': '1px',
  transform: 'none',
  'transform-origin': '0px 0px',
  'transition-duration': '0s',
  'transition-delay': '0s',
  visibility: 'visible',
  zoom: '1',
};

/** The element's own declarations, and initial values for the few properties that libraries build on; stylesheets are not seen. */
export function getComputedStyle(element: ElementNode): Record<string, unknown> {
  const value = (name: string): string => element.style.getPropertyValue(name) || (initial[name] ?? '');
  return new Proxy({} as Record<string, unknown>, {
    get: (_, name) => {
      if (typeof name === 'symbol') return undefined;
      return name === 'getPropertyValue' ? value : value(name.replace(/[A-Z]/g, '-$&').toLowerCase());
    },
  });
}
