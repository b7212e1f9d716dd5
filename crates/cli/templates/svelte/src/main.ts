import { mount } from '@playconnect/svelte';
import Counter from './Counter.svelte';

mount(Counter);
