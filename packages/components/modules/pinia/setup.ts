import { createPinia } from 'pinia';
import type { App } from 'vue';

export default (app: App): App => app.use(createPinia());
