/** What a module knows of layout: nothing. Styles are those of the element's own attribute. */

import type { ElementNode } from '@playconnect/module';

const warned = new Set<string>();

/** Once for each name: measuring happens in loops. */
export function warnLayout(name: string): void {
  if (warned.has(name)) return;
  warned.add(name);
  console.warn(`${name} tells nothing in a module: layout is the browser's, and a module runs at the edge. Let CSS do it where it can (container queries, flex, grid, scroll snap)`);
}

export function layoutOf(): Record<string, unknown> {
  const rectangle = { x: 0, y: 0, top: 0, left: 0, right: 0, bottom: 0, width: 0, height: 0 };
  return { ...rectangle, toJSON: () => rectangle };
}

/** What CSS begins with, for the properties that transitions ask for. */
const initial: Record<string, string> = {
  display: 'block',
  filter: 'none',
  opacity: '1',
  overflow: 'visible',
  position: 'static',
  'stroke-linecap': 'butt',
  'stroke-width': '1px',
  transform: 'none',
  'transform-origin': '0px 0px',
  visibility: 'visible',
  zoom: '1',
};

/** The element's own declarations, and initial values for the few properties that transitions build on; stylesheets are not seen. */
export function getComputedStyle(element: ElementNode): Record<string, unknown> {
  const value = (name: string): string => element.style.getPropertyValue(name) || (initial[name] ?? '');
  return new Proxy({} as Record<string, unknown>, {
    get: (_, name) => {
      if (typeof name === 'symbol') return undefined;
      return name === 'getPropertyValue' ? value : value(name.replace(/[A-Z]/g, '-$&').toLowerCase());
    },
  });
}
