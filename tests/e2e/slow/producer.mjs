// A megabyte a second: all texts of the page are others several times a second, and say when.
import { createElement, onMount, slot } from "@playconnect/module";

const TEXTS = 20;
const TEXT_BYTES = 12 << 10;
const EVERY_MS = 200;

onMount(() => {
  const button = slot.appendChild(createElement("button"));
  button.setAttribute("id", "produce");
  button.textContent = "Produce";
  const texts = Array.from({ length: TEXTS }, () => slot.appendChild(createElement("pre")));
  let [running, round] = [false, 0];
  const produce = () => {
    if (!running) return;
    round++;
    // The turn's time: of the same clock as the test's.
    const stamp = `${Date.now()} ${round}`;
    for (const text of texts) text.textContent = `${stamp} ${String.fromCharCode(97 + (round % 26)).repeat(TEXT_BYTES)}`;
    console.log(`round ${round}`);
    setTimeout(produce, EVERY_MS);
  };
  button.addEventListener("click", () => {
    running = !running;
    produce();
  });
});
