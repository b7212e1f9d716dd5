// Twenty bars that move every 16 ms; and the hog, which uses the CPU for `hog` milliseconds per frame.
import { burn, burnPasses, now } from "../../pages/clock.js";

const EVERY_MS = 16;
const FRAME_MS = 16.67;

/** `hogPasses`: for where the clock stands still, how many passes of work are `hog` milliseconds. */
export function drive(api, { hog = 0, hogPasses = 0 }) {
  let value = 0;
  setInterval(() => {
    value = (value + 1) % 101;
    api.set(value, now());
  }, EVERY_MS);
  if (hogPasses > 0) setInterval(() => burnPasses(hogPasses), FRAME_MS);
  else if (hog > 0 && typeof WorkerGlobalScope !== "undefined") setInterval(() => burn(hog), FRAME_MS);
  else if (hog > 0) {
    requestAnimationFrame(function frame() {
      burn(hog);
      requestAnimationFrame(frame);
    });
  }
}
