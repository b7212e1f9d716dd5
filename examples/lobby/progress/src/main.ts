import { mount } from '@playconnect/svelte';
import Progress from './Progress.svelte';

mount(Progress);
