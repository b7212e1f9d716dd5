import { startProbe } from "./probe.js";

startProbe();
