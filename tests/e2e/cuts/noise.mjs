// Changes all the time, and much at once when it is pressed.
import { createElement, onMount, slot } from "@playconnect/module";

/** Of one text; in all more than the ring of frames that are not acknowledged. */
const BURST_BYTES = 200 << 10;
const BURST_TEXTS = 6;
const TICK_MS = 100;

onMount(() => {
  const button = slot.appendChild(createElement("button"));
  button.setAttribute("id", "burst");
  button.textContent = "Burst";
  const ticks = slot.appendChild(createElement("output"));
  ticks.setAttribute("id", "ticks");
  let tick = 0;
  const count = () => {
    ticks.textContent = String(++tick);
    setTimeout(count, TICK_MS);
  };
  count();
  const texts = Array.from({ length: BURST_TEXTS }, () => slot.appendChild(createElement("pre")));
  let bursts = 0;
  button.addEventListener("click", () => {
    const letter = String.fromCharCode(97 + (++bursts % 26));
    for (const text of texts) text.textContent = `${bursts} ${letter.repeat(BURST_BYTES)}`;
  });
});
