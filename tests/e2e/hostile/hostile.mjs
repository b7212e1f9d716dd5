// A module that does what modules should not: each button a misdeed of its own. The property `deed` names one that is
// done at the mount, before anything is shown.
import { createElement, createText, currentModule, onMount, slot } from "@playconnect/module";

/** The operations as the engine takes them, past the encoder: numbers are those of protocol/wire.md. */
const emit = (...operation) => globalThis.__playconnect.emit(...operation);
const KIB_250 = "x".repeat(250 << 10);

function put(tag, attributes = {}) {
  const element = slot.appendChild(createElement(tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function texts(count) {
  for (let at = 0; at < count; at++) put("p", { class: "bulk" }).appendChild(createText(KIB_250));
}

const kept = [];

const deeds = {
  throws() {
    throw new Error("a handler gave up");
  },
  recurses() {
    const deeper = (level) => deeper(level + 1) + 1;
    deeper(0);
  },
  hoards() {
    const all = [];
    for (;;) all.push(new Uint8Array(64 << 10).fill(1));
  },
  exhausts() {
    for (;;) kept.push([kept.length, { text: String(kept.length) }]);
  },
  dawdles() {
    let sum = 0;
    for (let at = 0; at < 10_000_000; at++) sum += at;
    return sum;
  },
  wanders() {
    for (let at = 0; at < 300; at++) history.pushState(null, "", `/hostile?at=${at}`);
  },
  loops() {
    for (;;);
  },
  microtasks() {
    const again = () => void Promise.resolve().then(again);
    again();
  },
  timers() {
    for (let at = 0; at < 1_000; at++) setTimeout(() => {}, 60_000);
  },
  tasks() {
    const again = () => void setImmediate(again);
    for (let at = 0; at < 2_000; at++) again();
  },
  operations() {
    const text = slot.appendChild(createText(""));
    for (let at = 0; at <= 100_000; at++) text.data = String(at);
  },
  bytes() {
    texts(20);
  },
  nodes() {
    const half = () => {
      for (let at = 0; at <= 25_000; at++) slot.appendChild(createText(""));
    };
    half();
    setTimeout(half, 50);
  },
  depth() {
    let parent = slot;
    for (let level = 0; level <= 256; level++) parent = parent.appendChild(createElement("div"));
  },
  attribute() {
    put("p", { title: "x".repeat((64 << 10) + 1) });
  },
  fills() {
    texts(12);
  },
  markup() {
    put("script").textContent = "window.harmed = 'script'";
    put("iframe", { src: "/", srcdoc: "<script>parent.harmed = 'iframe'</script>" });
    put("button", { id: "armed", onclick: "window.harmed = 'onclick'" }).textContent = "Armed";
    put("a", { id: "lure", href: "java\nscript:window.harmed='href'" }).textContent = "Lure";
    put("p", { style: "position: fixed; background: url(//elsewhere.example/x)" }).textContent = "Styled";
  },
  malformed() {
    emit(2, 4_000, 7);
  },
  forges() {
    emit(5, 0, 150_000, "not mine");
  },
  unreadable() {
    emit(6, 1);
  },
  chatters() {
    for (let at = 0; at < 20_000; at++) console.log(`line ${at} of a module that has much to say`);
  },
  refuses() {
    throw new Error("no such table");
  },
};

let presses = 0;

onMount(() => {
  const { incarnation, properties } = currentModule();
  if (properties.deed !== undefined && !(incarnation >= properties.until)) deeds[properties.deed]();
  put("h2").textContent = "Hostile";
  const state = put("p", { id: "state" });
  const show = () => {
    state.textContent = `life ${incarnation}, ${presses} pressed`;
  };
  show();
  const press = put("button", { id: "keep" });
  press.textContent = "Press";
  press.addEventListener("click", () => {
    presses++;
    show();
  });
  for (const [name, deed] of Object.entries(deeds)) {
    const button = put("button", { id: `do-${name}` });
    button.textContent = name;
    button.addEventListener("click", deed);
  }
});
