import { mount } from '@playconnect/svelte';
import App from './App.svelte';

mount(App);
