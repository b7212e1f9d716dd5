import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleSource, Runner } from './runner';

const code = bundleSource(`
  import * as module from '../src/index';
  globalThis.m = module;
  module.onMount(() => globalThis.render());
`);

/** A mounted module whose first turn ran `script`. */
function mounted(script: string): Runner {
  const runner = new Runner(code);
  runner.evaluate(`globalThis.log = []; globalThis.render = () => {
    const { slot, createElement, createText } = m;
    const make = (parent, tag, attributes = {}) => { const element = parent.appendChild(createElement(tag)); for (const name in attributes) element.setAttribute(name, attributes[name]); return element; };
    ${script} }`);
  runner.mount();
  return runner;
}

/** The value of an expression. */
function value(runner: Runner, expression: string): unknown {
  return JSON.parse(runner.evaluate(`JSON.stringify(${expression})`) as string);
}

const tree = `
  const list = make(slot, 'ul', { id: 'list', class: 'a b' });
  for (const n of [1, 2, 3]) { const li = make(list, 'li', { 'data-n': n, lang: 'en-GB', class: n === 2 ? 'two' : 'odd' }); make(make(li, 'b'), 'i', { title: 'x y' }).setAttribute('id', 'i' + n); }
  make(slot, 'input', { type: 'checkbox', checked: '', disabled: '' }); make(slot, 'p');
  globalThis.ids = (selector) => slot.querySelectorAll(selector).map((e) => e.id || e.getAttribute('data-n') || e.localName).join();
  globalThis.list = list;`;

test('selectors find what they find in a browser', () => {
  const runner = mounted(tree);
  const cases: [selector: string, found: string][] = [
    ['li', '1,2,3'],
    ['#list > li.odd', '1,3'],
    ['ul i', 'i1,i2,i3'],
    ['ul > i', ''],
    ['li.two + li', '3'],
    ['li.two ~ li, p', '3,p'],
    ['[data-n="2"] i', 'i2'],
    ["[title~='y']", 'i1,i2,i3'],
    ['[lang|=en][data-n="1"]', '1'],
    ['[data-n^="2"], [class$=dd]', '1,2,3'],
    ['li:not(.two)', '1,3'],
    [':is(p, .two)', '2,p'],
    ['.a.b', 'list'],
    ['input:checked:disabled', 'input'],
    ['li:first-child', '1'],
    ['ul li:last-child b>i', 'i3'],
    ['p:empty', 'p'],
    ['LI', '1,2,3'],
    ['#list, #list', 'list'],
    [':where(ul, p) > :only-child, li :scope', ''],
    ['[data-n="2" i], [CLASS="TWO" i]', '2'],
    ['input:required, input:optional', 'input'],
    ['li:not(:first-child, :last-child)', '2'],
  ];
  for (const [selector, found] of cases) assert.equal(value(runner, `ids(${JSON.stringify(selector)})`), found, selector);
  assert.equal(value(runner, `list.querySelector('i').closest('li[data-n]').dataset.n`), '1');
  assert.equal(value(runner, `list.querySelector('i').closest('.nowhere')`), null);
  assert.equal(value(runner, `list.matches('ul#list')`), true);
});

test('a selector that a module cannot know, or that is none, is an error', () => {
  const runner = mounted(tree);
  for (const selector of ['li:hover', 'a::before', 'li >', '> li', '[x', '', 'a,', '.', ':not(', ':not(li:hover)', '[a!=b]', 'a < b', 'a || b', ':first-child(2)']) {
    assert.throws(() => runner.evaluate(`list.querySelector(${JSON.stringify(selector)})`), /^SyntaxError: (`.*` is not a selector: |selectors in a module know no `.*`, as in `.*`: select by)/, selector);
  }
});

test('classes are added, removed and toggled', () => {
  const runner = mounted(`globalThis.p = make(slot, 'p');`);
  runner.evaluate(`p.classList.remove('x')`);
  assert.equal(value(runner, `p.getAttribute('class')`), null);
  runner.evaluate(`p.classList.add('a', 'b', 'a')`);
  assert.equal(value(runner, `p.className`), 'a b');
  assert.deepEqual(value(runner, `[p.classList.toggle('a'), p.classList.toggle('c'), p.classList.toggle('c', true), p.classList.replace('b', 'd'), [...p.classList]]`), [false, true, true, true, ['d', 'c']]);
});

test('a style is an object over its attribute', () => {
  const runner = mounted(`globalThis.p = make(slot, 'p', { style: "COLOR: red !important; background: url('a;b:c'); --Own: 1; top: 1px; top: 2px" });`);
  assert.deepEqual(value(runner, `[p.style.color, p.style.getPropertyPriority('color'), p.style.background, p.style.getPropertyValue('--Own'), p.style.top, p.style.left]`), ['red', 'important', "url('a;b:c')", '1', '2px', '']);
  runner.evaluate(`setTimeout(() => { p.style.marginTop = '4px'; p.style.color = null; p.style.setProperty('top', '3px', 'important'); p.style.removeProperty('--Own'); })`);
  runner.turn([{ kind: 'timer' }]);
  assert.equal(runner.page.find('p').attributes.get('style'), "background: url('a;b:c'); top: 3px !important; margin-top: 4px;");
  runner.evaluate(`setTimeout(() => { p.style = 'left: 0'; })`);
  runner.turn([{ kind: 'timer' }]);
  assert.deepEqual(value(runner, `[p.style.left, p.style.top]`), ['0', '']);
});

test('many properties of a style are one operation', () => {
  const runner = mounted(`globalThis.p = make(slot, 'p');`);
  runner.evaluate(`setTimeout(() => p.style.assign([['top', '1px'], ['left', '2px !important'], ['color', null], ['--blank', ' ']]))`);
  runner.turn([{ kind: 'timer' }]);
  assert.equal(runner.page.ops.length, 1);
  assert.equal(runner.page.find('p').attributes.get('style'), 'top: 1px; left: 2px !important; --blank: ;');
});

test('properties that stand for attributes', () => {
  const runner = mounted(`globalThis.p = make(slot, 'input');`);
  runner.evaluate(`setTimeout(() => { p.disabled = true; p.title = 5; p.readOnly = 'yes'; p.placeholder = 'x'; p.type = 'search'; p.id = 'q'; p.required = true; p.required = false; })`);
  runner.turn([{ kind: 'timer' }]);
  assert.equal(runner.page.html(), '<input disabled="" id="q" placeholder="x" readonly="" title="5" type="search"></input>');
  assert.deepEqual(value(runner, `[p.disabled, p.required, p.title, p.type, p.alt]`), [true, false, '5', 'search', '']);
});

test('a select that takes one option has one, or none', () => {
  const runner = mounted(`
    globalThis.s = make(slot, 'select'); for (const v of ['a', 'b', 'c']) make(s, 'option', { value: v });`);
  const state = (): unknown => value(runner, `[s.value, s.selectedIndex, s.options.map((o) => o.selected)]`);
  const run = (script: string): void => {
    runner.evaluate(`setTimeout(() => { ${script} })`);
    runner.turn([{ kind: 'timer' }]);
  };
  assert.deepEqual(state(), ['a', 0, [false, false, false]]);
  run(`s.value = 'b'`);
  assert.deepEqual(state(), ['b', 1, [false, true, false]]);
  run(`s.options[2].selected = true`);
  assert.deepEqual(state(), ['c', 2, [false, false, true]]);
  assert.deepEqual(runner.page.all('option').map((option) => option.properties.get('selected')), [undefined, 0, 1]);
  run(`s.value = 'unknown'`);
  assert.deepEqual(state(), ['', -1, [false, false, false]]);
  assert.ok(runner.page.find('select').properties.has('value'));
  run(`s.selectedIndex = 0`);
  assert.deepEqual(state(), ['a', 0, [true, false, false]]);
  // Else the page would go back to none when it is written again.
  assert.equal(runner.page.find('select').properties.get('value'), 'a');
});
