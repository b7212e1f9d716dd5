/**
 * The oracle is Svelte itself: the same component with its own DOM renderer in
 * Chromium. After every step both pages are written down in the same way.
 *
 * Left out are comments and empty texts, adjacent texts are joined (fragments
 * as a tree and as HTML differ there), attributes are sorted, and declarations
 * of `style` are written in one way.
 */

import fs from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page as BrowserPage } from 'playwright-core';
import * as esbuild from 'esbuild';
import { compile, compileModule } from 'svelte/compiler';
import type { Runner } from '../../module/test/runner';
import type { PageNode } from '../../module/test/page';
import { mounted, pass, write, type Options } from './mounted';

const executablePath = '/usr/bin/chromium';

/** What a person does. Selectors are ids. */
export type Step =
  | { do: 'click' | 'focus' | 'reset'; on: string }
  | { do: 'type'; on: string; text: string }
  | { do: 'toggle'; on: string }
  | { do: 'choose'; on: string; options: number[] }
  | { do: 'key'; on: string; key: string; shift?: boolean }
  | { do: 'wait'; ms: number };

export const click = (on: string): Step => ({ do: 'click', on });
export const type = (on: string, text: string): Step => ({ do: 'type', on, text });
export const toggle = (on: string): Step => ({ do: 'toggle', on });
export const choose = (on: string, ...options: number[]): Step => ({ do: 'choose', on, options });
export const key = (on: string, name: string, shift = false): Step => ({ do: 'key', on, key: name, shift });
export const wait = (ms: number): Step => ({ do: 'wait', ms });
export const focus = (on: string): Step => ({ do: 'focus', on });
export const reset = (on: string): Step => ({ do: 'reset', on });

let browser: Browser | null = null;

export async function launch(): Promise<void> {
  browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export async function close(): Promise<void> {
  await browser?.close();
}

/** Pages after the mount and after each step that no wait follows: Svelte's own, and ours. */
export async function compare(app: string, steps: Step[], options: Options = {}): Promise<{ expected: string[]; actual: string[]; runner: Runner }> {
  const page = await browser!.newPage();
  try {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const code = await buildForBrowser(app, options);
    await page.setContent('<!doctype html><body><div id="target-of-mount"></div>');
    await page.addScriptTag({ content: code });
    const runner = await mounted(app, options);
    const expected = [await describeBrowser(page)];
    const actual = [describeRunner(runner)];
    for (const [at, step] of steps.entries()) {
      await inBrowser(page, step);
      inModule(runner, step);
      // What runs by time is looked at when it has come to rest.
      if (steps[at + 1]?.do === 'wait') continue;
      expected.push(await describeBrowser(page));
      actual.push(describeRunner(runner));
    }
    if (errors.length > 0) throw new Error(`in Chromium: ${errors.join('; ')}`);
    if (runner.errors.length > 0) throw new Error(`in the module: ${runner.errors.join('; ')}`);
    return { expected, actual, runner };
  } finally {
    await page.close();
  }
}

async function buildForBrowser(app: string, { files = {}, compilerOptions = {}, mount = '{}' }: Options): Promise<string> {
  const result = await esbuild.build({
    stdin: {
      contents: `import { mount } from 'svelte'; import App from './App.svelte'; window.log = () => {};
        mount(App, { target: document.querySelector('#target-of-mount'), intro: false, ...(${mount}) });`,
      resolveDir: write(app, files),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['browser', 'svelte', 'production'],
    plugins: [
      {
        name: 'svelte-as-it-is',
        setup(build) {
          build.onLoad({ filter: /\.svelte$/ }, ({ path: file }) => {
            const { js } = compile(fs.readFileSync(file, 'utf8'), { filename: path.basename(file), generate: 'client', css: 'external', ...compilerOptions });
            return { contents: js.code, loader: 'js' };
          });
          build.onLoad({ filter: /\.svelte\.js$/ }, ({ path: file }) => ({
            contents: compileModule(fs.readFileSync(file, 'utf8'), { filename: path.basename(file), generate: 'client' }).js.code,
            loader: 'js',
          }));
        },
      },
    ],
  });
  return result.outputFiles[0]!.text;
}

async function inBrowser(page: BrowserPage, step: Step): Promise<void> {
  if (step.do === 'wait') return void (await page.waitForTimeout(step.ms + 60));
  await page.evaluate(async (step) => {
    const element = document.querySelector(`#${step.on}`) as HTMLInputElement & HTMLSelectElement & HTMLFormElement;
    switch (step.do) {
      case 'click':
      case 'toggle':
        element.click();
        break;
      case 'focus':
        element.focus();
        break;
      case 'reset':
        element.reset();
        break;
      case 'type':
        element.focus();
        element.value = step.text;
        element.dispatchEvent(new InputEvent('input', { bubbles: true }));
        break;
      case 'choose':
        for (const [at, option] of [...element.options].entries()) option.selected = step.options.includes(at);
        element.dispatchEvent(new Event('input', { bubbles: true }));
        element.dispatchEvent(new Event('change', { bubbles: true }));
        break;
      case 'key':
        element.dispatchEvent(new KeyboardEvent('keydown', { key: step.key, shiftKey: step.shift, bubbles: true, cancelable: true }));
    }
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setTimeout(resolve));
  }, step as Exclude<Step, { do: 'wait' }>);
}

function inModule(runner: Runner, step: Step): void {
  if (step.do === 'wait') return pass(runner, step.ms);
  const node = runner.page.find(`#${step.on}`);
  const fire = (type: string, more = {}): void => {
    // What nobody listens to does not leave the browser.
    if (heard(node, type)) runner.fire(node, type, more);
  };
  const pointer = { kind: 'pointer', x: 5, y: 6, offsetX: 1, offsetY: 2, button: 0, buttons: 0, pointerId: 1, pointerType: 'mouse', count: 1 };
  switch (step.do) {
    case 'click':
      return fire('click', { detail: pointer });
    case 'focus':
      fire('focus');
      return fire('focusin');
    case 'reset':
      for (const control of [...runner.page.nodes.values()].filter(({ tag }) => ['input', 'textarea', 'option'].includes(tag))) control.properties.clear();
      return fire('reset');
    case 'toggle': {
      const radio = node.attributes.get('type') === 'radio';
      const checked = radio || !isChecked(node);
      if (radio) for (const other of group(runner, node)) other.properties.set('checked', 0);
      node.properties.set('checked', checked ? 1 : 0);
      const form = { value: node.attributes.get('value') ?? 'on', checked, selection: null, selected: [] };
      for (const type of ['click', 'input', 'change']) fire(type, { form, detail: type === 'click' ? pointer : null });
      return;
    }
    case 'type': {
      node.properties.set('value', step.text);
      const form = { value: step.text, checked: false, selection: [step.text.length, step.text.length], selected: [] };
      return fire('input', { form, detail: { kind: 'edit', inputType: 'insertText', data: step.text.slice(-1) } });
    }
    case 'choose': {
      optionsOf(node).forEach((option, at) => option.properties.set('selected', step.options.includes(at) ? 1 : 0));
      node.properties.delete('value');
      const form = { value: '', checked: false, selection: null, selected: step.options };
      fire('input', { form });
      return fire('change', { form });
    }
    case 'key':
      return fire('keydown', { modifiers: step.shift ? 8 : 0, detail: { kind: 'key', key: step.key, code: '' } });
  }
}

function heard(node: PageNode, type: string): boolean {
  const bubbles = type !== 'focus';
  for (let at: PageNode | null = node; at !== null; at = bubbles ? at.parent : null) if (at.listeners.has(type)) return true;
  return false;
}

function group(runner: Runner, radio: PageNode): PageNode[] {
  return runner.page.all('input').filter((node) => node.attributes.get('type') === 'radio' && node.attributes.get('name') === radio.attributes.get('name'));
}

function optionsOf(select: PageNode): PageNode[] {
  return select.children.flatMap((child) => (child.tag === 'option' ? [child] : optionsOf(child)));
}

function isChecked(node: PageNode): boolean {
  return node.properties.has('checked') ? node.properties.get('checked') === 1 : node.attributes.has('checked');
}

function describeRunner(runner: Runner): string {
  return children(runner.page.slot.children);
}

function children(nodes: PageNode[]): string {
  let text = '';
  for (const node of nodes) {
    if (node.isComment) continue;
    text += node.data ?? element(node);
  }
  return text;
}

function element(node: PageNode): string {
  const attributes = [...node.attributes]
    .map(([name, value]) => ` ${name}="${name === 'style' ? canonicalStyle(value) : value}"`)
    .sort()
    .join('');
  return `<${['', 'svg:', 'math:'][node.namespace]}${node.tag}${attributes}${state(node)}>${children(node.children)}</>`;
}

function state(node: PageNode): string {
  const property = (name: string): unknown => node.properties.get(name);
  switch (node.tag) {
    case 'textarea':
      return ` value:${String(property('value') ?? children(node.children))}`;
    case 'select': {
      const options = optionsOf(node);
      const isSelected = (option: PageNode): boolean =>
        option.properties.has('selected') ? option.properties.get('selected') === 1 : option.attributes.has('selected');
      const selected = options.filter(isSelected);
      if (node.attributes.has('multiple')) return ` selected:${selected.map((option) => options.indexOf(option)).join()}`;
      const shown = selected.at(-1) ?? (node.properties.has('value') ? undefined : options.find((option) => !option.attributes.has('disabled')));
      return ` selected:${shown === undefined ? '' : options.indexOf(shown)}`;
    }
    case 'input': {
      const kind = node.attributes.get('type') ?? 'text';
      if (kind === 'checkbox' || kind === 'radio') return ` checked:${isChecked(node)}`;
      // A range that was given no value stands in the middle.
      const number = (name: string, otherwise: number): number => Number(node.attributes.get(name) ?? otherwise);
      const otherwise = kind === 'range' ? String((number('min', 0) + number('max', 100)) / 2) : '';
      return ` value:${String(property('value') ?? node.attributes.get('value') ?? otherwise)}`;
    }
    default:
      return '';
  }
}

function canonicalStyle(text: string): string {
  return text.split(';').map((part) => part.trim().replace(/\s*:\s*/, ': ')).filter(Boolean).join('; ');
}

function describeBrowser(page: BrowserPage): Promise<string> {
  return page.evaluate(() => {
    const canonicalStyle = (text: string): string => text.split(';').map((part) => part.trim().replace(/\s*:\s*/, ': ')).filter(Boolean).join('; ');
    const namespaces: Record<string, string> = { 'http://www.w3.org/1999/xlink': '{3}', 'http://www.w3.org/XML/1998/namespace': '{4}', 'http://www.w3.org/2000/xmlns/': '{5}' };
    const describe = (node: Node): string => {
      if (node instanceof Text) return node.data;
      if (!(node instanceof Element)) return '';
      const attributes = [...node.attributes]
        .map(({ localName, namespaceURI, value }) => ` ${namespaces[namespaceURI ?? ''] ?? ''}${localName}="${localName === 'style' ? canonicalStyle(value) : value}"`)
        .sort()
        .join('');
      let state = '';
      if (node instanceof HTMLTextAreaElement) state = ` value:${node.value}`;
      if (node instanceof HTMLSelectElement) state = ` selected:${[...node.options].flatMap((option, at) => (option.selected ? [at] : [])).join()}`;
      if (node instanceof HTMLInputElement) state = node.type === 'checkbox' || node.type === 'radio' ? ` checked:${node.checked}` : ` value:${node.value}`;
      const space = node.namespaceURI!.endsWith('svg') ? 'svg:' : node.namespaceURI!.endsWith('MathML') ? 'math:' : '';
      return `<${space}${node.localName}${attributes}${state}>${[...node.childNodes].map(describe).join('')}</>`;
    };
    return [...document.querySelector('#target-of-mount')!.childNodes].map(describe).join('');
  });
}
