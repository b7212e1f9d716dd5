// Inside an iframe of b.
import { startProbe } from "../../pages/probe.js";
import { widgets } from "../browser/widgets.js";
import { load } from "../load.js";

const name = new URLSearchParams(location.search).get("widget");
startProbe(name);
widgets[name](document.getElementById("widget"), load(location.search));
