// What `playconnect dev` adds to a page. The edge tells all that differs from what it served at first; this makes the
// page be like that: styles are exchanged in place, and what is wrong with a module is said in its slot. (Modules
// change by way of the session, like everything that they do; a page that has changed ends its sessions, and reloads.)
//
// The edge's state comes whole each time, so a page that missed something catches up.

interface State {
  /** Static files that changed: path and when, in microseconds. */
  files: Record<string, number>;
  /** By slot: the name of the module's stylesheet, or null. */
  styles: Record<string, string | null>;
  problems: Problem[];
}

interface Problem {
  /** Null: the whole app's. */
  slot: string | null;
  title: string;
  lines: string[];
}

const STYLE =
  "pc-problem{all:initial;display:block;box-sizing:border-box;position:sticky;top:0;z-index:9999;margin:0 0 8px;padding:10px 14px;" +
  "border:1px solid #d33a;border-left:4px solid #d33;border-radius:8px;background:canvas;color:canvastext;color-scheme:light dark;" +
  "font:14px/1.45 system-ui;max-width:100%}" +
  "pc-problem pre{margin:6px 0 0;max-height:11em;overflow:auto;font:12.5px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}" +
  "body>pc-problem{position:fixed;inset:auto 12px 12px;margin:auto;max-width:760px}";

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

const script = document.querySelector<HTMLScriptElement>("script[data-pc-since]")!;
/** When the page's files were as the page has them. */
const since = Number(script.dataset.pcSince);
const seen = new Map<string, number>();
const shown = new Map<string, HTMLElement>();

let source: EventSource | undefined;

/** A tab that nobody sees holds none of the few connections that a browser allows. */
function connect(): void {
  if (document.hidden) {
    source?.close();
    source = undefined;
  } else if (source === undefined) {
    source = new EventSource(new URL("/_pc/dev", location.href));
    source.onmessage = ({ data }) => become(JSON.parse(data) as State);
  }
}

function become({ files, styles, problems }: State): void {
  for (const [path, at] of Object.entries(files)) {
    if (at <= (seen.get(path) ?? since)) continue;
    seen.set(path, at);
    exchangePageStyle(path, at);
  }
  for (const slot of document.querySelectorAll("pc-slot[name]")) {
    const name = slot.getAttribute("name")!;
    if (slot.shadowRoot !== null && Object.hasOwn(styles, name)) exchangeSlotStyle(slot.shadowRoot, styles[name]);
  }
  showProblems(problems);
}

/** One that no link names is imported by another: then all are fetched anew. */
function exchangePageStyle(path: string, version: number): void {
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel~=stylesheet][href]")];
  const own = links.filter(({ href }) => new URL(href).origin === location.origin);
  const named = own.filter(({ href }) => decodeURI(new URL(href).pathname) === path);
  for (const link of named.length > 0 ? named : own) {
    const url = new URL(link.href);
    url.searchParams.set("pc", String(version));
    exchange(link, url.href);
  }
}

function exchangeSlotStyle(root: ShadowRoot, name: string | null): void {
  const links = root.querySelectorAll<HTMLLinkElement>("link[data-pc-host]");
  const link = links[links.length - 1];
  const href = name === null ? null : new URL(`/_pc/style/${name}`, location.href).href;
  if (href === null) links.forEach((old) => old.remove());
  else if (link === undefined) root.prepend(styleLink(href));
  else if (link.href !== href) exchange(link, href);
}

/** The old one goes when the new one is there: the page is never without. */
function exchange(link: HTMLLinkElement, href: string): void {
  const next = link.cloneNode() as HTMLLinkElement;
  next.href = href;
  next.onload = () => link.remove();
  next.onerror = () => next.remove();
  link.after(next);
}

function styleLink(href: string): HTMLLinkElement {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  // The host's, not the module's.
  link.setAttribute("data-pc-host", "");
  return link;
}

function showProblems(problems: Problem[]): void {
  const gone = new Set(shown.keys());
  for (const problem of problems) {
    const key = problem.slot ?? "";
    const slot = problem.slot === null ? null : document.querySelector(`pc-slot[name="${CSS.escape(problem.slot)}"]`);
    const root = problem.slot === null ? document : slot?.shadowRoot;
    if (root === null || root === undefined) continue;
    gone.delete(key);
    show(key, root, problem);
  }
  for (const key of gone) {
    shown.get(key)?.remove();
    shown.delete(key);
  }
}

function show(key: string, root: Document | ShadowRoot, { title, lines }: Problem): void {
  let element = shown.get(key);
  if (element === undefined) {
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    element = document.createElement("pc-problem");
    element.setAttribute("role", "status");
    element.setAttribute("data-pc-host", "");
    if (root instanceof ShadowRoot) root.prepend(element);
    else document.body.append(element);
    shown.set(key, element);
  }
  const text = document.createElement("pre");
  text.textContent = lines.join("\n");
  element.replaceChildren(title, text);
}

document.addEventListener("visibilitychange", connect);
connect();
