/** What `react-dom/client` is in a module. */

import * as React from 'react';
import type { ReactNode } from 'react';
import type { ParentNode } from '@playconnect/module';
import { createRoot, type Root } from './root';

export { createRoot } from './root';
export const version = React.version;

/** The first HTML is rendered by the module itself: there is nothing to hydrate. */
export function hydrateRoot(container: ParentNode | null, children: ReactNode): Root {
  const root = createRoot(container);
  root.render(children);
  return root;
}

export default { createRoot, hydrateRoot, version };
