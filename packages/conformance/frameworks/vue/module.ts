// Vue's own renderer takes the same entry: see oracle.ts.
import { createApp, h } from 'vue';
import { chosen } from '#chosen';
import { scenarios } from './scenarios';

createApp({ render: () => h(scenarios[chosen()]!) }).mount('body');
