// The allow-list as questions. The edge asks the same ones of every batch, in Rust, over the same table; the
// applier asks them again, so that a fault at the edge does not become script in the page.
// What the kinds of values mean stands at the top of allow.ts.

import * as table from "./allow.ts";

/** Namespaces of elements. */
export const HTML = 0;
/** Namespaces of attributes. */
export const XLINK = 3;
export const XML = 4;
export const XMLNS = 5;

/** True if an element of this namespace (0 HTML, 1 SVG, 2 MathML) and name may be made. */
export function elementAllowed(namespace: number, name: string): boolean {
  return elements[namespace]?.has(name) === true;
}

/** True if the element may have the attribute with this value. `name` is the attribute's local name. */
export function attributeAllowed(
  namespace: number,
  element: string,
  attributeNamespace: number,
  name: string,
  value: string,
): boolean {
  const own = elements[namespace]?.get(element);
  const qualified = qualifiedName(attributeNamespace, name);
  if (own === undefined || qualified === undefined) return false;
  const kind = own.get(qualified) ?? global[namespace].get(qualified);
  if (kind !== undefined) return kind(value);
  return attributeNamespace === HTML && prefixed[namespace].test(name) && !name.startsWith(OWN_PREFIX);
}

/** Attributes of ours: a module has none of this prefix. */
const OWN_PREFIX = "data-pc-";

export const eventAllowed = (type: string): boolean => events.has(type);

/** The method that CALL's command number stands for, or undefined if there is none. */
export const commandName = (command: number): string | undefined => commands[command - 1];

/** `href` in the XLink namespace is `xlink:href`; undefined where no attribute can be named so. */
export function qualifiedName(namespace: number, name: string): string | undefined {
  if (name.includes(":")) return undefined;
  switch (namespace) {
    case HTML:
      return name;
    case XLINK:
      return `xlink:${name}`;
    case XML:
      return `xml:${name}`;
    case XMLNS:
      return name === "xmlns" ? name : `xmlns:${name}`;
    default:
      return undefined;
  }
}

/** True if each declaration of a style value is allowed. */
export function styleAllowed(value: string): boolean {
  return cssAllowed(value) && (declarations(value)?.every(declarationAllowed) ?? false);
}

type Kind = (value: string) => boolean;

const words = (text: string) => text.split(" ").filter(Boolean);

const schemes = new Map(words(table.URL_CLASSES).map((name, at) => [name, words(table.URL_SCHEMES[at])]));

const kinds: Kind[] = words(table.KINDS).map((kind) => {
  const [, name, argument] = /^([^:]*):?(.*)$/s.exec(kind)!;
  const list = argument.split("|").map((word) => word.toLowerCase());
  switch (name) {
    case "text":
      return () => true;
    case "enum":
      return (value) => list.includes(asciiLowerCase(value));
    case "tokens":
      return (value) => value.split(/[\t\n\f\r ]+/).every((word) => word === "" || list.includes(asciiLowerCase(word)));
    case "url":
      return urlOf(argument);
    case "srcset":
      return (value) => sources(value).every(urlOf(argument));
    case "fragment":
      return (value) => cut(value)[0] === "#";
    case "css":
      return cssAllowed;
    case "style":
      return styleAllowed;
    default:
      // A table from another version than this file: refuse rather than guess.
      return () => false;
  }
});

const attributes = (text: string): Map<string, Kind> =>
  new Map(
    words(text).map((word) => {
      const [name, kind] = word.split("=");
      return [name, kinds[Number(kind ?? 0)]];
    }),
  );

const elements = table.ELEMENTS.map(
  (lines) =>
    new Map(
      lines.split("\n").map((line) => {
        const end = line.indexOf(" ");
        return end < 0 ? [line, attributes("")] : [line.slice(0, end), attributes(line.slice(end))];
      }),
    ),
);
const global = table.GLOBAL.map(attributes);
const prefixed = table.PREFIXES.map((list) => new RegExp(`^(${words(list).join("|")})[a-z0-9._-]+$`));
const dataImage = new RegExp(`^image/(${words(table.DATA_IMAGES).join("|")})[;,]`, "i");
const style = new Set(words(table.STYLE));
const styleValues = new Map(
  table.STYLE_VALUES.split("\n").map((line) => {
    const [name, ...values] = words(line);
    return [name, values];
  }),
);
const events = new Set(words(table.EVENTS));
const commands = words(table.COMMANDS);

/** Unlike toLowerCase, leaves the Kelvin sign and its like alone. */
function asciiLowerCase(value: string): string {
  return value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const trim = (text: string) => text.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "");

/** What the URL parser does first: https://url.spec.whatwg.org/#concept-basic-url-parser */
function cut(url: string): string {
  return url.replace(/^[\0- ]+|[\0- ]+$/g, "").replace(/[\t\n\r]/g, "");
}

function urlOf(className: string): Kind {
  const allowed = schemes.get(className) ?? [];
  return (value) => {
    const url = cut(value);
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1];
    if (scheme === undefined) return allowed.includes("https") || !/^[/\\]{2}/.test(url);
    const name = asciiLowerCase(scheme);
    return allowed.includes(name) && (name !== "data" || dataImage.test(url.slice(5)));
  };
}

/** The URLs of a srcset: https://html.spec.whatwg.org/#parsing-a-srcset-attribute */
function sources(value: string): string[] {
  const urls: string[] = [];
  let rest = value;
  for (;;) {
    rest = rest.replace(/^[\t\n\f\r ,]+/, "");
    if (rest === "") return urls;
    const url = /^[^\t\n\f\r ]+/.exec(rest)![0];
    rest = rest.slice(url.length);
    const bare = url.replace(/,+$/, "");
    urls.push(bare);
    if (bare.length !== url.length) continue;
    // Descriptors, up to a comma that is not in parentheses.
    rest = rest.replace(/^(?:\([^)]*\)?|[^,(])*/, "");
  }
}

const foreignUrl = /url\((?![\t\n\f\r ]*(["']?)#[^"'()\t\n\f\r ]*\1[\t\n\f\r ]*\))/;

function cssAllowed(value: string): boolean {
  const text = asciiLowerCase(value);
  return !table.STYLE_REFUSED.some((part) => text.includes(part)) && !foreignUrl.test(text);
}

/**
 * The value split at `;` outside of quotes and parentheses. Undefined if one is left open, or a line ends inside
 * quotes: CSS takes such a string as ended there and would see declarations where this function sees text.
 */
function declarations(value: string): string[] | undefined {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  let quote = "";
  for (let at = 0; at < value.length; at++) {
    const letter = value[at];
    if (quote !== "") {
      if (letter === quote) quote = "";
      else if ("\n\f\r".includes(letter)) return undefined;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "(") depth++;
    else if (letter === ")") depth = Math.max(0, depth - 1);
    else if (letter === ";" && depth === 0) {
      parts.push(value.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(value.slice(start));
  return quote === "" && depth === 0 ? parts : undefined;
}

function declarationAllowed(declaration: string): boolean {
  if (trim(declaration) === "") return true;
  const colon = declaration.indexOf(":");
  if (colon < 0) return false;
  const name = asciiLowerCase(trim(declaration.slice(0, colon)));
  if (name.startsWith("--")) return name.length > 2;
  if (!style.has(name)) return false;
  const values = styleValues.get(name);
  const bare = declaration.slice(colon + 1).replace(/![\t\n\f\r ]*important[\t\n\f\r ]*$/i, "");
  return values === undefined || values.includes(asciiLowerCase(trim(bare)));
}
