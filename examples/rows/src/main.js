import { mount } from '@playconnect/svelte';
import Rows from './Rows.svelte';

mount(Rows);
