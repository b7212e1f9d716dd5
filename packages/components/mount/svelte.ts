import { mount } from '@playconnect/svelte';
import Chosen from './Chosen.svelte';

mount(Chosen);
