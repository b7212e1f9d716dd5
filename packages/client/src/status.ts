// One quiet line at the edge of the page: what is up with the connection, and with modules that are not live.

import type { State } from "./machine.ts";

/** How long "Back" stays, and how long a connection may be away before anything is said. */
const BACK_MS = 2_000;
const PATIENCE_MS = 500;

const STYLE =
  "position:fixed;inset:auto 0 12px;z-index:2147483647;margin:0 auto;width:fit-content;max-width:90vw;" +
  "padding:6px 12px;border-radius:6px;background:#222;color:#fff;font:14px/1.4 system-ui;pointer-events:none";

export class StatusLine {
  readonly #element: HTMLElement;
  readonly #slots = new Map<string, string>();
  #connection = "";
  #away = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const made = document.createElement("pc-status");
    // Polite, and there before its text is: a live region that comes with its text is not read out.
    made.setAttribute("role", "status");
    this.#element = document.body.appendChild(made);
    this.#show();
  }

  state(state: State, reason: string): void {
    clearTimeout(this.#timer);
    switch (state) {
      case "live":
        this.#connection = this.#away && this.#connection !== "" ? "Back" : "";
        this.#away = false;
        this.#timer = setTimeout(() => this.#say(""), BACK_MS);
        return this.#show();
      case "reconnecting":
        this.#away = true;
        this.#timer = setTimeout(() => this.#say("Reconnecting…"), PATIENCE_MS);
        return;
      case "expired":
        return this.#say("This page has expired. Reload", reason);
      case "stopped":
        return this.#say(reason);
      case "connecting":
    }
  }

  /** An empty text: the slot's module is as it should be. */
  slot(name: string, text: string): void {
    if (text === "") this.#slots.delete(name);
    else this.#slots.set(name, text);
    this.#show();
  }

  #say(text: string, title = ""): void {
    this.#connection = text;
    this.#element.title = title;
    this.#show();
  }

  #show(): void {
    const text = this.#connection || [...this.#slots.values()].join(" · ");
    this.#element.style.cssText = text === "" ? `${STYLE};opacity:0` : STYLE;
    if (this.#element.textContent !== text) this.#element.textContent = text;
  }
}
