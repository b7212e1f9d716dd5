// examples/rows with Svelte's own renderer.
import { mount } from "svelte";
import Rows from "../../../../examples/rows/src/Rows.svelte";

mount(Rows, { target: document.body });
