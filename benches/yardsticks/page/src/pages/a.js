// One page, nobody coordinates.
import { startProbe } from "../../pages/probe.js";
import { widgets } from "../browser/widgets.js";
import { load } from "../load.js";

startProbe();
for (const [name, mount] of Object.entries(widgets)) mount(document.getElementById(name), load(location.search));
