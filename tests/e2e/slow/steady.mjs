// A module that does as it should: a button and how often it was pressed.
import { createElement, onMount, slot } from "@playconnect/module";

let presses = 0;

onMount(() => {
  const title = slot.appendChild(createElement("h2"));
  title.textContent = "Steady";
  const button = slot.appendChild(createElement("button"));
  button.setAttribute("id", "press");
  button.textContent = "Press";
  const count = slot.appendChild(createElement("output"));
  count.setAttribute("id", "presses");
  count.textContent = "0";
  button.addEventListener("click", () => {
    count.textContent = String(++presses);
  });
});
