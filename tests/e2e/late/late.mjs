// Takes its time until it has something to show.
import { createElement, onMount, slot } from "@playconnect/module";

const BUSY_LOOPS = 12_000_000;

onMount(() => {
  const told = slot.appendChild(createElement("output"));
  let sum = 0;
  for (let at = 0; at < BUSY_LOOPS; at++) sum = (sum + at) % 1_000_003;
  told.textContent = `there: ${sum}`;
});
