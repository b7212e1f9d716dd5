import type { ModulePlugin } from '@playconnect/module/bundle';

export type ReactPlugin = ModulePlugin;

/** A plugin for `bundle` of `@playconnect/module`: `react-dom` is `@playconnect/react` in all that is bundled. */
export function react(): ReactPlugin;

/** For `bundle`, which finds it when a module imports `react` or `@playconnect/react`. */
export { react as default };
