// A widget in a Worker, with remote-dom.
import "@remote-dom/core/polyfill";
import "@remote-dom/react/polyfill";
import { ThreadWebWorker } from "@quilted/threads";
import { BatchingRemoteConnection, createRemoteElement, RemoteRootElement } from "@remote-dom/core/elements";

// Missing in @remote-dom/polyfill 1.6.0: className is not the attribute class, so that Vue's classes would never arrive.
Object.defineProperty(Element.prototype, "className", {
  configurable: true,
  get() {
    return this.getAttribute("class") ?? "";
  },
  set(value) {
    this.setAttribute("class", value);
  },
});
customElements.define("ui-button", createRemoteElement({ events: ["click"], attributes: ["class"] }));
customElements.define("ui-bar", createRemoteElement({ attributes: ["value"] }));
customElements.define("remote-root", RemoteRootElement);

/** `mount(element, load)` is called when the page asks for the widget. */
export function serve(mount) {
  new ThreadWebWorker(self, {
    exports: {
      async render(connection, load) {
        const root = document.createElement("remote-root");
        root.connect(new BatchingRemoteConnection(connection));
        document.body.append(root);
        const element = document.createElement("div");
        root.append(element);
        mount(element, load);
      },
    },
  });
}
