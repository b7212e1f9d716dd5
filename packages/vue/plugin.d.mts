import type { ModulePlugin } from '@playconnect/module/bundle';

export interface VueOptions {
  /** Tags that are not components and that Vue does not know. */
  isCustomElement?: (tag: string) => boolean;
  styles?: {
    /** Options of `sass`, `less` or `stylus`, for blocks with `lang`. */
    preprocessor?: Record<string, unknown>;
    /** Plugins of PostCSS, for all style blocks. */
    postcss?: unknown[];
  };
}

/**
 * A plugin for `bundle` of `@playconnect/module`: `.vue` files, with `<script
 * setup>`, TypeScript, scoped styles, CSS modules and `v-bind()` in styles;
 * `vue` is `@playconnect/vue` in all that is bundled. Styles go into the
 * bundle's stylesheet (`dist/chat.css` beside `dist/chat.js`), which the
 * manifest names as the module's `style`.
 */
export function vue(options?: VueOptions): ModulePlugin;

/** For `bundle`, which finds it when a module imports `vue` or `@playconnect/vue`. */
export { vue as default };
