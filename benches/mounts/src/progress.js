import { mount } from "@playconnect/svelte";
import Toggle from "./Toggle.svelte";

mount(Toggle);
