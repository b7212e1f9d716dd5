// What a person is in the middle of: a field, a list that is scrolled, a sound that plays. Around it all changes.
import { createElement, onMount, slot } from "@playconnect/module";

const LINES = 200;
/** In all more than the ring of frames that are not acknowledged. */
const BURST_BYTES = 200 << 10;
const BURST_TEXTS = 6;

onMount(() => {
  const add = (parent, tag, attributes = {}, text = "") => {
    const element = parent.appendChild(createElement(tag));
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text) element.textContent = text;
    return element;
  };
  const button = (id, press) => add(slot, "button", { id }, id).addEventListener("click", press);
  let [changes, bursts] = [0, 0];
  button("change", () => {
    changes++;
    // Before what stays, and behind it; others go, and what stays gets another attribute.
    for (const parent of [slot, around, scroller]) {
      const line = createElement("p");
      line.setAttribute("class", "change");
      line.textContent = `change ${changes}`;
      parent.insertBefore(line, parent === scroller ? null : parent === slot ? around : sound);
    }
    scroller.children[0].textContent = `first, changed ${changes} times`;
    sound.setAttribute("title", `changed ${changes} times`);
    field.setAttribute("title", `changed ${changes} times`);
    told.textContent = String(changes);
  });
  button("burst", () => {
    bursts++;
    for (const text of texts) text.textContent = `${bursts} ${"x".repeat(BURST_BYTES)}`;
  });
  const told = add(slot, "output", { id: "told" }, "0");
  const around = add(slot, "div", { id: "around" });
  const sound = add(around, "audio", { id: "sound", src: "/tone.wav", loop: "" });
  const field = add(slot, "input", { id: "field" });
  const scroller = add(slot, "div", { id: "scroller" });
  for (let at = 0; at < LINES; at++) add(scroller, "p", {}, `line ${at}`);
  const texts = Array.from({ length: BURST_TEXTS }, () => add(slot, "pre"));
  add(slot, "div", { id: "tall" }, "the page is long");
});
