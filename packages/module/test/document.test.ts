import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleSource, Runner } from './runner';

const code = bundleSource(`
  import * as module from '../src/index';
  import '../src/document';
  globalThis.m = module;
  module.onMount(() => globalThis.render());
`);

/** A mounted module whose first turn ran `script`. */
function mounted(script: string): Runner {
  const runner = new Runner(code);
  runner.evaluate(`globalThis.log = []; globalThis.render = () => { const { slot } = m; ${script} }`);
  runner.mount();
  return runner;
}

function value(runner: Runner, expression: string): unknown {
  return JSON.parse(runner.evaluate(`JSON.stringify(${expression}) ?? 'null'`) as string);
}

const pointer = { kind: 'pointer' as const, x: 1, y: 2, offsetX: 0, offsetY: 0, button: 0, buttons: 1, pointerId: 1, pointerType: 'mouse', count: 1 };

test('the body is the slot, and what is put into it goes behind the app', () => {
  const runner = mounted(`
    const app = document.createElement('main');
    slot.append(app);
    const portal = document.createElement('div');
    document.body.appendChild(portal);
    log.push(document.body.contains(app), document.body.lastChild === portal, document.querySelector('body') === document.body, document.documentElement.contains(portal), portal.ownerDocument === document);
    log.push(app instanceof HTMLElement, app instanceof HTMLInputElement, document.createElement('input') instanceof HTMLInputElement, app instanceof Node, app instanceof EventTarget, document.body instanceof HTMLElement);`);
  assert.deepEqual(value(runner, 'log'), [true, true, true, true, true, true, false, true, true, true, true]);
  assert.match(runner.page.html(), /^<main><\/main><div><\/div>$/);
});

test('what belongs to the page is kept, shown nowhere, and said once', () => {
  const runner = mounted(`
    document.body.style.overflow = 'hidden';
    document.body.classList.add('locked');
    document.head.appendChild(document.createElement('style'));
    document.head.appendChild(document.createElement('style'));
    log.push(document.body.style.overflow, document.body.className);`);
  assert.deepEqual(value(runner, 'log'), ['hidden', 'locked']);
  assert.equal(runner.page.html(), '');
  assert.deepEqual(runner.logs.map((line) => /of <body>|<style>/.exec(line)?.[0]), ['of <body>', '<style>']);
});

test('an event goes by the document: capturing before the slot, and back behind it', () => {
  const runner = mounted(`
    const button = slot.appendChild(document.createElement('button'));
    m.onEvent(() => log.push('renderer'), () => log.push('renderer captures'));
    button.addEventListener('pointerdown', (event) => log.push(event instanceof Event, event instanceof PointerEvent, event instanceof KeyboardEvent));
    for (const [name, target] of [['document', document], ['body', document.body]]) for (const capture of [true, false]) target.addEventListener('pointerdown', () => log.push(name + capture), capture);`);
  runner.fire(runner.page.find('button'), 'pointerdown', { detail: pointer });
  assert.deepEqual(value(runner, 'log'), ['documenttrue', 'bodytrue', 'renderer captures', true, true, false, 'renderer', 'bodyfalse', 'documentfalse']);
});

test('whoever listens to a press hears its end, though it asks for that when it has begun', () => {
  const runner = mounted(`
    const button = slot.appendChild(document.createElement('button'));
    button.addEventListener('pointerdown', () => window.addEventListener('pointerup', () => log.push('up'), { once: true }));`);
  const button = runner.page.find('button');
  assert.ok(runner.page.slot.listeners.has('pointerup'));
  runner.fire(button, 'pointerdown', { detail: pointer });
  runner.fire(button, 'pointerup', { detail: pointer });
  runner.fire(button, 'pointerup', { detail: pointer });
  assert.deepEqual(value(runner, 'log'), ['up']);
});

test('sizes are known that the module has written, and all others are 0', () => {
  const runner = mounted(`
    const list = slot.appendChild(document.createElement('div'));
    list.style.height = '400px';
    list.append(document.createElement('p'));
    list.firstChild.style.height = '35000px';
    new ResizeObserver(([{ contentRect }]) => log.push(contentRect.height)).observe(list);
    log.push(list.offsetHeight, list.clientHeight, list.scrollHeight, list.getBoundingClientRect().height, list.offsetWidth);`);
  runner.settle(10);
  assert.deepEqual(value(runner, 'log'), [400, 400, 35000, 400, 0, 400]);
  assert.match(runner.logs.join('\n'), /offsetWidth tells nothing in a module/);
});

test('the active element is known from when it is asked for', () => {
  const runner = mounted(`slot.append(document.createElement('input')); log.push(document.activeElement === document.body);`);
  const input = runner.page.find('input');
  runner.fire(input, 'focusin');
  assert.deepEqual(value(runner, '[...log, document.activeElement.localName]'), [true, 'input']);
  runner.fire(input, 'focusout');
  assert.equal(value(runner, 'document.activeElement === document.body'), true);
});

test('mutations are told in a microtask, and only as long as somebody observes', () => {
  const runner = mounted(`
    const list = slot.appendChild(document.createElement('ul'));
    const observer = new MutationObserver((records) => log.push(records.map(({ type, attributeName }) => attributeName ?? type).join()));
    observer.observe(slot, { childList: true, attributes: true, subtree: true });
    list.setAttribute('class', 'x');
    list.append(document.createElement('li'));
    list.firstChild.remove();
    globalThis.stop = () => { observer.disconnect(); list.setAttribute('class', 'y'); };`);
  runner.evaluate('stop()');
  assert.deepEqual(value(runner, 'log'), ['class,childList,childList']);
});

test('what cannot be is an error that says what to do', () => {
  const runner = mounted(`
    for (const attempt of [() => document.createElement('canvas').getContext('2d'), () => (document.createElement('p').innerHTML = '<b>'), () => (document.title = 'x'), () => new File([], 'x')]) {
      try { attempt(); log.push('nothing'); } catch (error) { log.push(error.message); }
    }`);
  const messages = value(runner, 'log') as string[];
  for (const [at, expected] of [/draw with SVG/, /no HTML text/, /the page's, not a module's/, /files of a form stay in the browser/].entries()) assert.match(messages[at]!, expected);
});

test('a form goes back to what it began with', () => {
  const runner = mounted(`
    const form = slot.appendChild(document.createElement('form'));
    for (const [type, name, text] of [['text', 'value', 'a'], ['checkbox', 'checked', '']]) { const input = form.appendChild(document.createElement('input')); input.type = type; input.setAttribute(name, text); }
    form.firstChild.value = 'b'; form.lastChild.checked = false;
    form.reset();
    log.push(form.firstChild.value, form.lastChild.checked);`);
  assert.deepEqual(value(runner, 'log'), ['a', true]);
});

test('nodes of two trees have an order, and always the same one', () => {
  const runner = mounted(`
    const [a, b] = [document.createElement('a'), document.createElement('b')];
    log.push(a.compareDocumentPosition(b), b.compareDocumentPosition(a), a.compareDocumentPosition(b));`);
  assert.deepEqual(value(runner, 'log'), [37, 35, 37]);
});
