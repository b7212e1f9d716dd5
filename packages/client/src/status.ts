// What is up, said quietly: a line at the edge of the page for the connection, and a note where a module is not live.

import { firstOfModule, insert } from "./dom.ts";
import type { State } from "./machine.ts";

/** How long "Back" stays, and how long a connection or a module may be away before anything is said. */
const BACK_MS = 2_000;
export const PATIENCE_MS = 500;
/** Children of a slot; with more of them nothing is faded below a note. */
const FADED_MAX = 1_000;

/** Beside content a slot's note takes no room: it lies over the upper edge of what the module showed last, which is faded. */
const STYLE =
  "pc-status:not(:empty){display:block;position:sticky;top:0;float:left;z-index:9999;width:fit-content;margin:0 0 -30px;" +
  "padding:4px 14px;border:1px solid #8888;border-radius:18px;background:canvas;color:canvastext;" +
  "font:14px/1.4 system-ui;pointer-events:none}" +
  // By an attribute of the host: what is put in and taken out beside the note is no matter of this rule.
  ":host([data-pc-noted])>:not(pc-status){opacity:.35;pointer-events:none}" +
  // Where the module shows nothing it has the room to itself.
  "pc-status:last-child{float:none;margin:0}" +
  "body>pc-status:not(:empty){position:fixed;inset:auto 0 12px;margin:auto}";
let sheet: CSSStyleSheet | undefined;

/** One quiet line of text, read out politely. Its element is made when it first has something to say. */
export class Note {
  /** What is shown. */
  text = "";
  readonly #root: Document | ShadowRoot;
  #element: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: Document | ShadowRoot) {
    this.#root = root;
  }

  /** An empty text: nothing is up. Takes back what was to be said and has not been. `forMs` 0: until something else is. */
  say(text: string, afterMs = 0, forMs = 0): void {
    clearTimeout(this.#timer);
    const element = this.#element ?? (text && this.#make());
    if (!element) return;
    // Also at once is later: a live region that comes with its text is not read out.
    this.#timer = setTimeout(() => {
      element.textContent = this.text = text;
      // To fade each of very many elements takes a browser seconds.
      const fades = text !== "" && this.#root.childElementCount < FADED_MAX;
      (this.#root as ShadowRoot).host?.toggleAttribute("data-pc-noted", fades);
      if (forMs) this.say("", forMs);
    }, afterMs);
  }

  #make(): HTMLElement {
    if (sheet === undefined) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    this.#root.adoptedStyleSheets.push(sheet);
    const element = (this.#element = document.createElement("pc-status"));
    element.setAttribute("role", "status");
    // In a slot it is the host's, not the module's: see `firstOfModule`.
    element.setAttribute("data-pc-host", "");
    if (this.#root === document) document.body.append(element);
    else insert(this.#root, element, firstOfModule(this.#root));
    return element;
  }
}

/** What the page's note says of the connection. */
export function sayState(note: Note, state: State, reason: string): void {
  if (state === "reconnecting") note.say("Reconnecting…", PATIENCE_MS);
  else if (state === "live") note.say(note.text && "Back", 0, BACK_MS);
  else if (state === "stopped") note.say(reason);
  else if (state === "expired") {
    note.say("This page has expired. Reload it.");
    console.warn("playconnect:", reason);
  }
}
