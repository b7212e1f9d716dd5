/**
 * Vue itself as the oracle: the same components with its own renderer in a real
 * Chromium, and as a module on the reference page. Both are driven alike, and
 * after each step both trees and the state of all controls are equal.
 */

import assert from 'node:assert/strict';
import { chromium, type Browser, type Page as BrowserPage } from 'playwright-core';
import type { PageNode } from '../../module/test/page';
import { Runner } from '../../module/test/runner';
import { build, buildWithVue, type Files } from './app';

export type Step =
  | ['click', selector: string]
  /** The text is in the control, and `input` is raised. */
  | ['type', selector: string, text: string]
  /** The control is left: `change`. */
  | ['commit', selector: string, text: string]
  /** A check box or a radio button. */
  | ['check', selector: string, checked: boolean]
  /** Of a select, by position. */
  | ['select', selector: string, ...options: number[]]
  | ['key', selector: string, key: string]
  /** A global function of the app. */
  | ['call', code: string]
  /** Milliseconds. */
  | ['wait', number];

/** An element: tag, attributes, state, children. */
type Snapshot = string | { comment: string } | { tag: string; attributes: Record<string, string>; state?: unknown; children: Snapshot[] };

let browser: Browser | null = null;

export async function startBrowser(): Promise<void> {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export async function stopBrowser(): Promise<void> {
  await browser?.close();
}

/** Runs the steps on both sides. */
export async function sameAsVue(files: string | Files, steps: Step[]): Promise<Runner> {
  const own = await build(files);
  const theirs = await buildWithVue(files);
  const page = await browser!.newPage();
  try {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.setContent('<!doctype html><div id="app"></div>');
    await page.addScriptTag({ content: theirs.code });
    const runner = new Runner(own.code).mount();
    await compare(page, runner, 'at the start');
    for (const [at, step] of steps.entries()) {
      await inBrowser(page, step);
      inModule(runner, step);
      await compare(page, runner, `after step ${at + 1}: ${JSON.stringify(step)}`);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(runner.errors, []);
    return runner;
  } finally {
    await page.close();
  }
}

async function compare(page: BrowserPage, runner: Runner, when: string): Promise<void> {
  const expected = (await page.evaluate(`(${describeBrowser.toString()})()`)) as { children: Snapshot[]; log: unknown };
  const styles = new Map<string, string>();
  const children = runner.page.slot.children.map((node) => describeModule(node, styles));
  const canonical = (await page.evaluate(
    `(${JSON.stringify([...styles.keys()])}).map((text) => { const i = document.createElement('i'); i.style.cssText = text; return i.style.cssText; })`,
  )) as string[];
  [...styles.keys()].forEach((text, at) => styles.set(text, canonical[at]!));
  applyStyles(children, styles);
  const log = JSON.parse(runner.evaluate('JSON.stringify(globalThis.log ?? [])') as string) as unknown;
  assert.deepEqual({ children, log }, expected, when);
}

function applyStyles(nodes: Snapshot[], styles: Map<string, string>): void {
  for (const node of nodes) {
    if (typeof node === 'string' || 'comment' in node) continue;
    const { attributes } = node;
    if (attributes['style'] !== undefined) attributes['style'] = styles.get(attributes['style'])!;
    applyStyles(node.children, styles);
  }
}

/** Runs in the browser. */
function describeBrowser(): unknown {
  interface Node {
    nodeType: number;
    data: string;
    localName: string;
    namespaceURI: string;
    attributes: ArrayLike<{ name: string; value: string }>;
    childNodes: ArrayLike<Node>;
    style: { cssText: string };
    type: string;
    value: string;
    checked: boolean;
    indeterminate: boolean;
    options: ArrayLike<{ selected: boolean }>;
    selectedIndex: number;
  }
  const describe = (node: Node): unknown => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType === 8) return { comment: node.data };
    const attributes: Record<string, string> = {};
    for (const { name, value } of Array.from(node.attributes).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // A module's page takes no `value` of these two: it would mean nothing.
      if (name === 'value' && (node.localName === 'select' || node.localName === 'textarea')) continue;
      attributes[name] = name === 'style' ? node.style.cssText : value;
    }
    const svg = node.namespaceURI.endsWith('svg');
    const state =
      node.localName === 'select'
        ? Array.from(node.options).flatMap((option, at) => (option.selected ? [at] : []))
        : node.localName === 'input' && (node.type === 'checkbox' || node.type === 'radio')
          ? [node.checked, node.indeterminate]
          : node.localName === 'input' || node.localName === 'textarea'
            ? node.value
            : undefined;
    // The text of a textarea is what it began with; its value is above.
    const children = Array.from(node.childNodes).map(describe);
    return { tag: (svg ? 'svg:' : '') + node.localName, attributes, ...(state === undefined ? {} : { state }), children };
  };
  const global = globalThis as unknown as { document: { getElementById(id: string): Node }; log?: unknown[] };
  return { children: Array.from(global.document.getElementById('app').childNodes).map(describe), log: global.log ?? [] };
}

function describeModule(node: PageNode, styles: Map<string, string>): Snapshot {
  if (node.data !== null) return node.isComment ? { comment: node.data } : node.data;
  const attributes: Record<string, string> = {};
  for (const [key, value] of node.attributes) {
    const name = key.replace(/^\{3\}/, 'xlink:').replace(/^\{5\}/, 'xmlns:').replace(/^\{4\}/, 'xml:');
    attributes[name] = value;
    if (name === 'style') styles.set(value, value);
  }
  const state = stateOf(node);
  return {
    tag: (node.namespace === 1 ? 'svg:' : '') + node.tag,
    attributes: Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(state === undefined ? {} : { state }),
    children: node.children.map((child) => describeModule(child, styles)),
  };
}

/** What a browser would show: properties over attributes. */
function stateOf(node: PageNode): unknown {
  const flag = (of: PageNode, name: string): boolean => (of.properties.has(name) ? Boolean(of.properties.get(name)) : of.attributes.has(name));
  if (node.tag === 'select') {
    const options = optionsOf(node);
    const selected = options.flatMap((option, at) => (flag(option, 'selected') ? [at] : []));
    if (node.attributes.has('multiple')) return selected;
    const { properties } = node;
    if (selected.length > 0) return [selected.at(-1)];
    if (properties.has('value') && !options.some((option) => (option.attributes.get('value') ?? '') === properties.get('value'))) return [];
    const first = options.findIndex((option) => !option.attributes.has('disabled'));
    return first < 0 ? [] : [first];
  }
  const type = node.attributes.get('type');
  if (node.tag === 'input' && (type === 'checkbox' || type === 'radio')) return [flag(node, 'checked'), Boolean(node.properties.get('indeterminate'))];
  if (node.tag === 'input') return node.properties.get('value') ?? node.attributes.get('value') ?? (type === 'range' ? '50' : '');
  if (node.tag === 'textarea') return node.properties.get('value') ?? node.children.map((child) => child.data).join('');
  return undefined;
}

function optionsOf(select: PageNode): PageNode[] {
  return select.children.flatMap((child) => (child.tag === 'option' ? [child] : optionsOf(child)));
}

async function inBrowser(page: BrowserPage, step: Step): Promise<void> {
  await page.evaluate(
    `(async () => {
      const [what, on, ...rest] = ${JSON.stringify(step)};
      const element = what === 'call' || what === 'wait' ? null : document.querySelector('#app ' + on);
      const raise = (type, event) => element.dispatchEvent(event ?? new Event(type, { bubbles: true }));
      switch (what) {
        case 'click': element.click(); break;
        case 'type': element.focus(); element.value = rest[0]; raise('input', new InputEvent('input', { bubbles: true })); break;
        case 'commit': element.value = rest[0]; raise('input', new InputEvent('input', { bubbles: true })); raise('change'); element.blur(); break;
        case 'check': if (element.checked !== rest[0]) element.click(); break;
        case 'select': for (const [at, option] of [...element.options].entries()) option.selected = rest.includes(at); raise('input'); raise('change'); break;
        case 'key': raise('keydown', new KeyboardEvent('keydown', { key: rest[0], bubbles: true, cancelable: true })); raise('keyup', new KeyboardEvent('keyup', { key: rest[0], bubbles: true })); break;
        case 'call': (0, eval)(on); break;
        case 'wait': await new Promise((done) => setTimeout(done, on)); break;
      }
      await new Promise((done) => setTimeout(done));
    })()`,
  );
}

/** What the browser does by itself before a handler runs is done to the page's nodes here. */
function inModule(runner: Runner, step: Step): void {
  const [what] = step;
  if (what === 'call') {
    runner.evaluate(`setTimeout(() => { ${step[1]} })`);
    runner.turn([{ kind: 'timer' }], 1);
    return runner.settle();
  }
  if (what === 'wait') {
    runner.settle(step[1]);
    return;
  }
  const node = find(runner.page.slot, step[1]);
  const form = (): { value: string; checked: boolean; selection: [number, number] | null; selected: number[] } => ({
    value: String(node.properties.get('value') ?? node.attributes.get('value') ?? ''),
    checked: Boolean(node.properties.get('checked')),
    selection: null,
    selected: node.tag === 'select' ? optionsOf(node).flatMap((option, at) => (option.properties.get('selected') ? [at] : [])) : [],
  });
  const raise = (type: string, more: object = {}): void => {
    if (isHeard(node, type)) runner.fire(node, type, more);
  };
  switch (what) {
    case 'click':
      raise('click', { detail: { kind: 'pointer', x: 0, y: 0, offsetX: 0, offsetY: 0, button: 0, buttons: 0, pointerId: 1, pointerType: 'mouse', count: 1 } });
      break;
    case 'type':
    case 'commit':
      node.properties.set('value', step[2]);
      raise('input', { form: form() });
      if (what === 'commit') raise('change', { form: form() });
      break;
    case 'check':
      if ((stateOf(node) as boolean[])[0] === step[2]) break;
      if (node.attributes.get('type') === 'radio' && step[2]) {
        for (const other of all(runner.page.slot)) {
          if (other.attributes.get('type') === 'radio' && other.attributes.get('name') === node.attributes.get('name')) other.properties.set('checked', 0);
        }
      }
      node.properties.set('checked', Number(step[2]));
      node.properties.set('indeterminate', 0);
      raise('click', { form: form() });
      raise('input', { form: form() });
      raise('change', { form: form() });
      break;
    case 'select': {
      const [, , ...chosen] = step;
      optionsOf(node).forEach((option, at) => option.properties.set('selected', Number(chosen.includes(at))));
      node.properties.delete('value');
      raise('input', { form: form() });
      raise('change', { form: form() });
      break;
    }
    case 'key':
      for (const type of ['keydown', 'keyup']) raise(type, { detail: { kind: 'key', key: step[2], code: '' } });
  }
  runner.settle();
}

function isHeard(node: PageNode, type: string): boolean {
  for (let at: PageNode | null = node; at !== null; at = at.parent) if (at.listeners.has(type)) return true;
  return false;
}

function* all(root: PageNode): Generator<PageNode> {
  for (const child of root.children) {
    yield child;
    yield* all(child);
  }
}

/** `tag`, `#id` or `.class`. */
function find(root: PageNode, selector: string): PageNode {
  for (const node of all(root)) {
    const key = selector.slice(1);
    if (selector[0] === '#' ? node.attributes.get('id') === key : selector[0] === '.' ? (node.attributes.get('class') ?? '').split(' ').includes(key) : node.tag === selector) return node;
  }
  throw new Error(`no ${selector}`);
}
