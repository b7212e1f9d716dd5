/**
 * Finds globals of browsers and of Node in an app's own source that a module
 * does not have: a clear error at build instead of a ReferenceError on some
 * click. Uses behind `typeof` are fine, and so are libraries, which feel their
 * way.
 */

import path from 'node:path';
import * as esbuild from 'esbuild';

const dom = 'a module has no DOM of its own: render with your framework, and reach elements through refs';
const layout = 'layout is the browser\'s: let CSS do it (container queries, flex, grid, scroll snap)';
const storage = 'nothing is stored in the browser by a module: keep it in the module\'s state';
const network = 'a module has `fetch`, to its own origin and to hosts that the manifest grants (outbound_hosts)';
const threads = 'a module runs by turns, on one thread';
const node = 'a module does not run in Node';

/** Name to what to do instead. */
const missing = {
  document: dom,
  HTMLElement: dom,
  Element: dom,
  Node: dom,
  DOMParser: dom,
  XMLSerializer: dom,
  MutationObserver: dom,
  ResizeObserver: layout,
  IntersectionObserver: layout,
  customElements: dom,
  getComputedStyle: dom,
  getSelection: dom,
  Image: dom,
  Audio: dom,
  localStorage: storage,
  sessionStorage: storage,
  indexedDB: storage,
  caches: storage,
  cookieStore: storage,
  XMLHttpRequest: network,
  WebSocket: network,
  EventSource: network,
  WebTransport: network,
  RTCPeerConnection: network,
  Worker: threads,
  SharedWorker: threads,
  importScripts: threads,
  BroadcastChannel: threads,
  WebAssembly: threads,
  alert: 'show it in the page, for example in a <dialog>',
  confirm: 'show it in the page, for example in a <dialog>',
  prompt: 'show it in the page, for example in a <dialog>',
  process: node,
  Buffer: `${node}: use Uint8Array, TextEncoder and TextDecoder`,
  require: `${node}: use import`,
  __dirname: node,
  __filename: node,
  ReadableStream: 'bodies are whole here: use arrayBuffer(), text() or json()',
  Blob: 'use ArrayBuffer or Uint8Array',
  File: 'files of a form stay in the browser',
  FileReader: 'files of a form stay in the browser',
};

const intl = 'Intl formats numbers and dates here (NumberFormat, DateTimeFormat): keep the words of each language beside your texts';
for (const name of ['Collator', 'DisplayNames', 'DurationFormat', 'ListFormat', 'PluralRules', 'RelativeTimeFormat', 'Segmenter']) missing[`Intl.${name}`] = intl;

const mark = '__playconnect_missing_';
/** A name as part of an identifier, and back. */
const marked = (name) => mark + name.replace('.', '$');
const unmarked = (name) => name.replace('$', '.');

/**
 * Globals that `@playconnect/module/document` brings. What rests on layout is there for libraries and tells nothing: in an
 * app's own source it stays an error.
 */
export const documentGlobals = ['document', 'HTMLElement', 'Element', 'Node', 'MutationObserver', 'customElements', 'getComputedStyle', 'getSelection'];

/** A symbol: esbuild refuses plugins with keys that it does not know. */
export const provides = Symbol.for('playconnect.provides');

/**
 * @param {import('esbuild').BuildOptions} options of the bundle
 * @returns {Promise<string[]>} one line for each place
 */
export async function findMissingGlobals(options) {
  const provided = new Set(options.plugins?.flatMap((plugin) => plugin[provides] ?? []));
  const marks = Object.fromEntries(Object.keys(missing).filter((name) => !provided.has(name)).map((name) => [name, marked(name)]));
  // esbuild knows which identifiers are free: it replaces them by the mark, and we look for the marks.
  const result = await esbuild.build({
    ...options,
    define: { ...marks, ...options.define },
    packages: 'external',
    treeShaking: true,
    sourcemap: 'external',
    sourcesContent: false,
    write: false,
    plugins: [...(options.plugins ?? []), workspacePackages],
  });
  const code = result.outputFiles.find((file) => file.path.endsWith('.js'))?.text ?? '';
  const found = [...code.matchAll(/(typeof\s+)?__playconnect_missing_([\w$]+)/g)].filter(([, guard]) => guard === undefined);
  // `typeof document === 'undefined' ? … : document.title`: whoever asks once has thought of it.
  const asked = new Set([...code.matchAll(/typeof\s+__playconnect_missing_([\w$]+)/g)].map(([, name]) => name));
  const places = found.filter(([, , name]) => !asked.has(name));
  if (places.length === 0) return [];
  const map = decodeMap(JSON.parse(result.outputFiles.find((file) => file.path.endsWith('.map')).text));
  return places.map((place) => {
    const before = code.slice(0, place.index).split('\n');
    const origin = map(before.length - 1, before.at(-1).length);
    const at = origin === null ? '' : `${sourceOf(origin, options)}:${origin.line + 1}:${origin.column + 1}: `;
    const name = unmarked(place[2]);
    return `${at}\`${name}\` is not there in a module: ${missing[name]}`;
  });
}

/** The map names files as from the bundle's folder; people name them as from the app's. */
function sourceOf({ source }, { absWorkingDir, outfile }) {
  return path.relative(absWorkingDir, path.resolve(path.dirname(outfile), source));
}

/** Packages that are linked into node_modules are libraries like others. */
const workspacePackages = {
  name: 'packages-are-external',
  setup(build) {
    build.onResolve({ filter: /^@playconnect\// }, ({ path }) => ({ path, external: true }));
  },
};

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Source maps, version 3 (ECMA-426): from a place in the output, counted from
 * 0, to the last mapping at or before it.
 */
function decodeMap({ mappings, sources }) {
  let [source, line, column] = [0, 0, 0];
  const lines = mappings.split(';').map((segments) => {
    let generated = 0;
    return segments.split(',').filter(Boolean).map((segment) => {
      const [a, b = 0, c = 0, d = 0] = decodeVlq(segment);
      generated += a;
      source += b;
      line += c;
      column += d;
      return { generated, source: sources[source], line, column };
    });
  });
  return (row, at) => lines[row]?.findLast(({ generated }) => generated <= at) ?? null;
}

function decodeVlq(segment) {
  const values = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = digits.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if ((bits & 32) === 0) {
      values.push(value & 1 ? -(value >> 1) : value >> 1);
      [value, shift] = [0, 0];
    }
  }
  return values;
}
