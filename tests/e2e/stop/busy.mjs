// Takes all the CPU that it can have, once all the others are there.
import { createElement, onMount, slot } from "@playconnect/module";

const BUSY_LOOPS = 200_000;
const BEGIN_MS = 4_000;

onMount(() => {
  const told = slot.appendChild(createElement("output"));
  let round = 0;
  const work = () => {
    let sum = 0;
    for (let at = 0; at < BUSY_LOOPS; at++) sum = (sum + at * round) % 1_000_003;
    told.textContent = `${++round}: ${sum}`;
    setTimeout(work, 1);
  };
  setTimeout(work, BEGIN_MS);
});
