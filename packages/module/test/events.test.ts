import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventInput } from '../src/glue';
import { bundleSource, Runner } from './runner';

const code = bundleSource(`
  import * as module from '../src/index';
  globalThis.m = module;
  globalThis.log = [];
  module.onMount(() => globalThis.render());
`);

function mounted(script: string): Runner {
  const runner = new Runner(code);
  runner.evaluate(`globalThis.render = () => { const { slot, createElement } = m; ${script} }`);
  return runner.mount();
}

const log = (runner: Runner): unknown[] => Array.from(runner.evaluate('globalThis.log.splice(0)') as unknown[]);

const nested = `
  const div = slot.appendChild(createElement('div')), p = div.appendChild(createElement('p')), b = p.appendChild(createElement('b'));
  const on = (node, type, options) => node.addEventListener(type, (e) => log.push(node.nodeName + ' ' + e.eventPhase + (e.currentTarget === node ? '' : '!')), options);`;

test('an event captures from the slot down, is at its target, and bubbles up', () => {
  const runner = mounted(`${nested} for (const node of [slot, div, b]) { on(node, 'click'); on(node, 'click', true); }`);
  runner.click(runner.page.find('b'));
  assert.deepEqual(log(runner), ['#slot 1', 'DIV 1', 'B 2', 'B 2', 'DIV 3', '#slot 3']);
});

test('events that do not bubble stay at their target', () => {
  const runner = mounted(`${nested} for (const node of [div, b]) { on(node, 'scroll'); on(node, 'scroll', true); }`);
  runner.fire(runner.page.find('b'), 'scroll', { detail: { kind: 'scroll', top: 7, left: 1 } });
  assert.deepEqual(log(runner), ['DIV 1', 'B 2', 'B 2']);
});

test('an event on a node that went earlier in its turn reaches no node that came since', () => {
  const runner = mounted(`
    globalThis.slot = slot;
    globalThis.row = (name) => {
      const row = slot.appendChild(createElement('li'));
      row.id = name;
      row.addEventListener('click', () => log.push(name));
      return row;
    };
    globalThis.old = row('old');`);
  const click = runner.event(runner.page.find('#old'), 'click');
  runner.evaluate('requestAnimationFrame(() => void Promise.resolve().then(() => { old.destroy(); row("new"); }))');
  runner.turn([{ kind: 'animation-frame' }, click]);
  assert.deepEqual(log(runner), []);
  runner.click(runner.page.find('#new'));
  assert.deepEqual(log(runner), ['new']);
});

test('what happens in the slot of another module is heard by those that ask for it', () => {
  const runner = mounted(`
    const div = slot.appendChild(createElement('div')), place = div.appendChild(createElement('pc-slot')); place.setAttribute('name', 'aside');
    for (const node of [slot, div, place]) node.addEventListener('click', () => log.push(node.nodeName));
    div.addEventListener('click', (e) => log.push('through ' + e.isNested + ' ' + e.target.nodeName), { through: true });
    const once = () => log.push('once'); place.addEventListener('click', once, { once: true });`);
  runner.click(runner.page.find('pc-slot'));
  assert.deepEqual(log(runner), ['through true PC-SLOT']);
  runner.click(runner.page.find('div'));
  assert.deepEqual(log(runner), ['DIV', 'through false DIV', '#slot']);
});

test('propagation stops at a node, or at once', () => {
  const runner = mounted(`${nested}
    p.addEventListener('click', (e) => { log.push('first'); if (e.altKey) e.stopImmediatePropagation(); else e.stopPropagation(); });
    p.addEventListener('click', () => log.push('second')); on(div, 'click');`);
  const b = runner.page.find('b');
  runner.click(b);
  assert.deepEqual(log(runner), ['first', 'second']);
  runner.fire(b, 'click', { modifiers: 1 });
  assert.deepEqual(log(runner), ['first']);
});

test('once, handleEvent, removal, and an error that does not stop the others', () => {
  const runner = mounted(`${nested}
    b.addEventListener('click', () => log.push('once'), { once: true });
    b.addEventListener('click', { handleEvent(e) { log.push(this === b ? 'b' : 'b by this'); } });
    b.addEventListener('click', () => { throw new Error('oops'); });
    const gone = () => log.push('gone'); b.addEventListener('click', gone); b.addEventListener('click', gone); b.removeEventListener('click', gone); on(b, 'click');`);
  const b = runner.page.find('b');
  runner.click(b);
  runner.click(b);
  assert.equal(runner.errors.length, 2);
  assert.match(runner.errors[0]!, /uncaught Error: oops/);
  assert.deepEqual(log(runner).filter((entry) => entry !== 'b' && entry !== 'b by this'), ['once', 'B 2', 'B 2']);
});

test('the host is told once what to listen to, and when not to any more', () => {
  const runner = mounted(`${nested}
    globalThis.b = b; globalThis.f = () => {}; globalThis.g = () => {};
    b.addEventListener('keydown', f, { preventDefault: 'Enter-Shift' }); b.addEventListener('keydown', g, { preventDefault: 's+Control', through: true });
    b.addEventListener('wheel', f, { passive: true }); b.addEventListener('click', f, { stopPropagation: true, preventDefault: true });`);
  const { listeners } = runner.page.find('b');
  assert.deepEqual(Object.fromEntries(listeners), {
    keydown: { flags: 18, filter: 'Enter-Shift s+Control' },
    wheel: { flags: 1, filter: '' },
    click: { flags: 6, filter: '' },
  });
  runner.evaluate(`setTimeout(() => { b.removeEventListener('keydown', g); b.removeEventListener('wheel', f); b.addEventListener('click', g); })`);
  runner.turn([{ kind: 'timer' }]);
  assert.deepEqual(Object.fromEntries(listeners), { keydown: { flags: 2, filter: 'Enter-Shift' }, click: { flags: 6, filter: '' } });
  assert.equal(runner.page.ops.length, 2);
});

const fields = 'type isTrusted timeStamp altKey ctrlKey metaKey shiftKey repeat isComposing clientX clientY offsetX button buttons pointerId pointerType detail deltaX deltaY deltaMode key code inputType data';

function seen(type: string, more: Partial<EventInput>): Record<string, unknown> {
  const runner = mounted(`${nested} b.addEventListener('${type}', (e) => log.push(JSON.stringify(Object.fromEntries('${fields}'.split(' ').map((name) => [name, e[name]])))));`);
  runner.fire(runner.page.find('b'), type, more);
  return JSON.parse(log(runner)[0] as string) as Record<string, unknown>;
}

test('pointer, wheel, key and edit events have their fields', () => {
  const pointer = seen('pointerdown', {
    modifiers: 1 | 8,
    detail: { kind: 'pointer', x: 1.5, y: 2, offsetX: 3, offsetY: 4, button: -1, buttons: 2, pointerId: 9, pointerType: 'pen', count: 2 },
  });
  assert.deepEqual(
    [pointer.clientX, pointer.clientY, pointer.offsetX, pointer.button, pointer.buttons, pointer.pointerId, pointer.pointerType, pointer.detail],
    [1.5, 2, 3, -1, 2, 9, 'pen', 2],
  );
  assert.deepEqual([pointer.altKey, pointer.ctrlKey, pointer.metaKey, pointer.shiftKey, pointer.isTrusted, pointer.timeStamp], [true, false, false, true, true, 1]);
  const wheel = seen('wheel', { detail: { kind: 'wheel', x: 1, y: 2, deltaX: 3, deltaY: -4, deltaMode: 1 } });
  assert.deepEqual([wheel.clientX, wheel.deltaX, wheel.deltaY, wheel.deltaMode], [1, 3, -4, 1]);
  const key = seen('keydown', { modifiers: 2 | 4 | 16 | 32, detail: { kind: 'key', key: 'ß', code: 'Minus' } });
  assert.deepEqual([key.key, key.code, key.ctrlKey, key.metaKey, key.repeat, key.isComposing], ['ß', 'Minus', true, true, true, true]);
  const edit = seen('input', { detail: { kind: 'edit', inputType: 'insertText', data: null } });
  assert.deepEqual([edit.inputType, edit.data, edit.key], ['insertText', null, '']);
});

test('an event tells the state of its control', () => {
  const runner = mounted(`
    const text = slot.appendChild(createElement('input')), box = slot.appendChild(createElement('input')), select = slot.appendChild(createElement('select'));
    text.setAttribute('id', 'text'); box.setAttribute('id', 'box'); box.setAttribute('type', 'CheckBox');
    for (const v of ['a', 'b', 'c']) { const o = select.appendChild(createElement('option')); o.textContent = v; }
    select.setAttribute('multiple', '');
    text.addEventListener('input', () => { log.push(text.value, text.selectionStart, text.selectionEnd); text.value = 'set'; });
    box.addEventListener('change', () => log.push(box.checked, box.value));
    select.addEventListener('change', () => log.push(select.selectedOptions.map((o) => o.value).join(), select.selectedIndex, select.value));`);
  const form = { value: 'typed', checked: false, selection: [1, 3] as [number, number], selected: [] };
  runner.fire(runner.page.find('#text'), 'input', { form });
  assert.deepEqual(log(runner), ['typed', 1, 3]);
  // The answer names the event that it rests on.
  assert.equal(runner.page.find('#text').answers.get('value'), 1);
  runner.fire(runner.page.find('#box'), 'change', { form: { ...form, value: 'on', checked: true } });
  assert.deepEqual(log(runner), [true, 'on']);
  runner.fire(runner.page.find('select'), 'change', { form: { ...form, value: 'b', selected: [1, 2] } });
  assert.deepEqual(log(runner), ['b,c', 1, 'b']);
});

test('an event for a node that is gone is ignored', () => {
  const runner = mounted(`${nested} on(b, 'click'); globalThis.b = b;`);
  const event = runner.event(runner.page.find('b'), 'click');
  runner.evaluate('setTimeout(() => b.remove())');
  runner.turn([{ kind: 'timer' }]);
  runner.turn([event]);
  assert.deepEqual(log(runner), []);
  assert.deepEqual(runner.errors, []);
});

test('preventDefault without declaring it says what to do, once per type', () => {
  const runner = mounted(`${nested} b.addEventListener('click', (e) => e.preventDefault()); p.addEventListener('keydown', (e) => e.preventDefault(), { preventDefault: 'Enter' });`);
  const b = runner.page.find('b');
  runner.click(b);
  runner.click(b);
  runner.fire(b, 'keydown');
  assert.equal(runner.logs.length, 1);
  assert.match(runner.logs[0]!, /^warn preventDefault\(\) on `click` has no effect: .*addEventListener\('click', listener, \{ preventDefault: true \}\)/);
});
