// One Worker each; remote-dom brings their changes into the page.
import { release, retain, ThreadWebWorker } from "@quilted/threads";
import { DOMRemoteReceiver } from "@remote-dom/core/receivers";
import { startProbe } from "../../pages/probe.js";
import { load } from "../load.js";

customElements.define("ui-button", class extends HTMLElement {});
customElements.define(
  "ui-bar",
  class extends HTMLElement {
    static observedAttributes = ["value"];
    attributeChangedCallback(_name, _old, value) {
      this.style.cssText = `width:${value}%`;
    }
    connectedCallback() {
      this.className = "bar";
    }
  },
);
startProbe();
for (const name of ["table", "chat", "progress"]) {
  const thread = new ThreadWebWorker(new Worker(`/worker-${name}.js`));
  const receiver = new DOMRemoteReceiver({ retain, release });
  receiver.connect(document.getElementById(name));
  thread.imports.render(receiver.connection, load(location.search));
}
