// One iframe each: of this origin, or with `?cross=1` of one site each, which gives each a process of its own.
import { startProbe } from "../../pages/probe.js";

startProbe();
const isCross = new URLSearchParams(location.search).has("cross");
for (const name of ["table", "chat", "progress"]) {
  const frame = document.createElement("iframe");
  const url = new URL(`/frame.html${location.search}`, location.href);
  if (isCross) url.hostname = `${name}.test`;
  url.searchParams.set("widget", name);
  frame.name = name;
  frame.src = url.href;
  document.getElementById(name).append(frame);
}
