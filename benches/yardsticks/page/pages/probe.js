// What is measured in the page, in every variant the same: frames, clicks on Send, and when stamped updates are seen.
import { now } from "./clock.js";

/** Starts at once; `window.__probe.reset()` begins anew, `stop()` ends it. */
export function startProbe(label = "top") {
  const probe = { label, frames: [], longTasks: [], clickDom: [], clickFrame: [], age: {}, visible: {}, errors: [], begin: 0, end: 0 };
  // A module at the edge has its nodes in the shadow root of its slot.
  const roots = [document, ...[...document.querySelectorAll("pc-slot")].flatMap(({ shadowRoot }) => shadowRoot ?? [])];
  const lastSeen = {};
  let last = 0;
  let running = true;

  /** Clicks that are answered in the DOM, and not shown yet. */
  let answers = [];
  const frame = (time) => {
    if (!running) return;
    if (last > 0) probe.frames.push(time - last);
    last = time;
    lookAtStamps();
    if (answers.length > 0) behindFrame(answers);
    answers = [];
    next = request(frame);
  };
  // Always the last callback of an animation frame: what it sees is what is painted, also of what others do in theirs.
  const request = window.requestAnimationFrame.bind(window);
  let next = request(frame);
  window.requestAnimationFrame = (callback) => {
    const handle = request(callback);
    cancelAnimationFrame(next);
    if (running) next = request(frame);
    return handle;
  };
  const lookAtStamps = () => {
    const seen = now();
    for (const root of roots) {
      for (const stamp of root.querySelectorAll(".stamp")) {
        const widget = stamp.parentElement.classList[0];
        const made = Number(stamp.getAttribute("data-t"));
        if (made === 0 || lastSeen[widget] === made) continue;
        lastSeen[widget] = made;
        probe.visible[widget] = (probe.visible[widget] ?? 0) + 1;
        (probe.age[widget] ??= []).push(seen - made);
      }
    }
  };
  const behindFrame = (clicks) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      for (const clicked of clicks) probe.clickFrame.push(performance.now() - clicked);
      port1.close();
    };
    port2.postMessage(0);
  };
  new PerformanceObserver((list) => {
    if (running) for (const { duration } of list.getEntries()) probe.longTasks.push(duration);
  }).observe({ type: "longtask" });
  addEventListener("error", ({ message }) => probe.errors.push(String(message)));
  addEventListener("unhandledrejection", ({ reason }) => probe.errors.push(String(reason)));

  // From the event's own time to "me #n" in the DOM, and to a task behind the animation frame that shows it.
  const pending = [];
  const isSend = (target) => target instanceof Element && target.matches(".send");
  addEventListener("click", (event) => event.composedPath().some(isSend) && pending.push(event.timeStamp), true);
  const answered = new Set();
  const answer = (item) => {
    if (answered.has(item.textContent) || pending.length === 0) return;
    answered.add(item.textContent);
    const clicked = pending.shift();
    probe.clickDom.push(performance.now() - clicked);
    answers.push(clicked);
  };
  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        if (node.matches("li.me")) answer(node);
        else node.querySelectorAll("li.me").forEach(answer);
      }
    }
  });
  for (const root of roots) observer.observe(root, { childList: true, subtree: true });

  probe.reset = () => {
    for (const list of [probe.frames, probe.longTasks, probe.clickDom, probe.clickFrame]) list.length = 0;
    probe.age = {};
    probe.visible = {};
    probe.begin = performance.now();
    last = 0;
  };
  probe.stop = () => {
    running = false;
    probe.end = performance.now();
  };
  window.__probe = probe;
}
