import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleSource, Runner } from './runner';

const code = bundleSource(`
  import * as module from '../src/index';
  globalThis.m = module;
  module.onMount(() => globalThis.render?.());
`);

/** A mounted module whose first turn ran `script`. */
function mounted(script: string): Runner {
  const runner = new Runner(code);
  runner.evaluate(`globalThis.render = () => { const { slot, createElement, createText, createComment } = m; ${script} }`);
  return runner.mount();
}

/** Runs `script` in a turn. */
function run(runner: Runner, script: string): void {
  runner.evaluate(`setTimeout(() => { const { slot, createElement, createText } = m; ${script} })`);
  runner.turn([{ kind: 'timer' }]);
}

const opNames = ['', 'name', 'create', 'text', 'comment', 'setText', 'attr', 'removeAttr', 'prop', 'insert', 'detach', 'remove', 'listen', 'unlisten', 'call'];
const ops = (runner: Runner): string[] => runner.page.ops.map(({ op }) => opNames[op]!);

test('what stands in the slot before the first turn is described in it', () => {
  const runner = new Runner(code);
  runner.evaluate(`{ const p = m.createElement('p'); p.textContent = 'early'; m.slot.appendChild(p); }`);
  runner.mount();
  assert.equal(runner.page.html(), '<p>early</p>');
});

test('a node costs nothing until it stands in the tree', () => {
  const runner = mounted(`
    globalThis.p = createElement('p'); p.setAttribute('title', 'é'); p.appendChild(createText('')); p.appendChild(createComment('c'));
    for (let i = 0; i < 100; i++) createElement('i');`);
  assert.deepEqual(ops(runner), []);
  run(runner, 'slot.appendChild(p)');
  assert.equal(runner.page.html(), '<p title="é"><!--c--></p>');
  assert.deepEqual(ops(runner), ['create', 'attr', 'text', 'insert', 'comment', 'insert', 'insert']);
});

test('a node that is taken out and put back in the same turn keeps its index', () => {
  const runner = mounted(`globalThis.a = slot.appendChild(createElement('a')); globalThis.b = slot.appendChild(createElement('b'));`);
  const index = runner.page.find('a').index;
  run(runner, 'a.remove(); slot.insertBefore(a, b)');
  assert.deepEqual(ops(runner), ['detach', 'insert']);
  assert.equal(runner.page.find('a').index, index);
});

test('a node that is out at the end of the turn is freed, and can be inserted again', () => {
  const runner = mounted(`
    globalThis.a = slot.appendChild(createElement('a')); a.setAttribute('id', 'x');
    const i = a.appendChild(createElement('i')); i.addEventListener('click', () => {}); i.textContent = 'deep'`);
  run(runner, 'a.remove()');
  assert.deepEqual(ops(runner), ['detach', 'remove']);
  assert.equal(runner.page.nodes.size, 1);
  assert.equal(runner.evaluate('m.knownNodeCount()'), 0);
  run(runner, 'a.firstChild.textContent = "deeper"; slot.appendChild(a)');
  assert.equal(runner.page.html(), '<a id="x"><i>deeper</i></a>');
  assert.ok(runner.page.find('i').listeners.has('click'));
});

test('a node that moves below a node the host does not know leaves the page, and comes back with it', () => {
  const runner = mounted(`globalThis.a = slot.appendChild(createElement('a')); globalThis.store = createElement('div');`);
  run(runner, 'store.appendChild(a)');
  assert.equal(runner.page.html(), '');
  assert.equal(runner.page.nodes.size, 1);
  run(runner, 'slot.appendChild(store)');
  assert.equal(runner.page.html(), '<div><a></a></div>');
  run(runner, 'const other = createElement("p"); other.appendChild(a); slot.appendChild(other)');
  assert.equal(runner.page.html(), '<div></div><p><a></a></p>');
  assert.equal(runner.page.nodes.size, 4);
});

test('indices are dense: those freed in an earlier turn are taken first', () => {
  const runner = mounted(`globalThis.items = []; for (let i = 0; i < 10; i++) items.push(slot.appendChild(createElement('li')))`);
  run(runner, 'items.forEach((item) => item.destroy())');
  assert.equal(runner.evaluate('m.knownNodeCount()'), 0);
  run(runner, 'for (let i = 0; i < 10; i++) slot.appendChild(createElement("li"))');
  assert.deepEqual([...runner.page.nodes.keys()].sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('what is over a limit is not described, and harms nothing that comes after it', () => {
  for (const [what, long] of [
    ['a text', `createText('x'.repeat(256 * 1024 + 1))`],
    ['a comment', `m.createComment('x'.repeat(256 * 1024 + 1))`],
    ['an attribute', `withLong(createElement('b'), (b) => b.setAttribute('title', 'x'.repeat(64 * 1024 + 1)))`],
    ['a value', `withLong(createElement('input'), (input) => (input.value = 'x'.repeat(256 * 1024 + 1)))`],
    ['a name', `createElement('x-'.repeat(65))`],
  ]) {
    const runner = mounted(`
      globalThis.withLong = (element, change) => (change(element), element);
      globalThis.kept = slot.appendChild(createElement('a'));
      globalThis.item = createElement('li');
      globalThis.list = createElement('ul');`);
    run(runner, `globalThis.long = ${long}; item.append(kept, 'before', long); slot.append(list); list.append(item)`);
    assert.match(runner.errors.join(), /are allowed/, what);
    assert.equal(runner.page.html(), '<ul></ul>', what);
    assert.equal(runner.page.nodes.size - 1, runner.evaluate('m.knownNodeCount()'), what);
    run(runner, 'list.insertBefore(createElement("i"), item); list.append(createElement("s"))');
    assert.equal(runner.page.html(), '<ul><i></i><s></s></ul>', what);
    run(runner, 'if ("data" in long) long.data = ""; long.remove(); list.append(item)');
    assert.equal(runner.page.html(), '<ul><i></i><s></s><li><a></a>before</li></ul>', what);
    run(runner, 'list.destroy()');
    assert.equal(runner.page.nodes.size, 1, what);
    assert.equal(runner.errors.length, 1, what);
  }
});

test('random edits: the host\'s tree is the shadow tree', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const runner = mounted(`
      globalThis.all = [slot]; let s = ${seed};
      globalThis.pick = (n) => (s = (s * 1103515245 + 12345) & 0x7fffffff, (s >> 8) % n);
      globalThis.edit = () => {
        const node = all[pick(all.length)], parent = all[pick(all.length)];
        switch (pick(6)) {
          case 0: { const made = pick(4) ? createElement('e' + pick(3)) : createText('t' + pick(9)); all.push(made); break; }
          case 1: if (node !== slot) node.remove(); break;
          case 2: if (node !== slot && pick(4) === 0) node.destroy(); break;
          case 3: if (node.setAttribute) node.setAttribute('a' + pick(2), pick(3) ? String(pick(9)) : null); else if ('data' in node) node.data = 'd' + pick(99); break;
          default: if (parent.insertBefore && node !== slot && !node.contains(parent)) {
            const kids = parent.childNodes; parent.insertBefore(node, kids.length && pick(2) ? kids[pick(kids.length)] : null); }
        }
      };
      globalThis.html = (n) => 'data' in n ? n.data : '<' + n.localName + [0, 1].map((a) => n.getAttribute('a' + a) === null ? '' : ' a' + a + '="' + n.getAttribute('a' + a) + '"').join('') + '>' + n.childNodes.map(html).join('') + '</' + n.localName + '>';`);
    for (let turn = 0; turn < 40; turn++) {
      run(runner, 'for (let i = 0; i < 15; i++) edit()');
      assert.equal(runner.page.html(), runner.evaluate('m.slot.childNodes.map(html).join("")'), `seed ${seed}, turn ${turn}`);
      assert.equal(runner.page.nodes.size - 1, runner.evaluate('m.knownNodeCount()'));
      assert.deepEqual(runner.errors, []);
    }
  }
});

test('either end of a selection can be set, and pushes the other', () => {
  const runner = mounted(`globalThis.input = slot.appendChild(createElement('input')); input.value = 'abcdef';`);
  const selection = (): unknown => runner.page.find('input').properties.get('selection');
  for (const [script, expected] of [
    ['input.selectionStart = 2', [2, 2]],
    ['input.selectionEnd = 4', [2, 4]],
    ['input.selectionStart = 5', [5, 5]],
    ['input.selectionEnd = 1', [1, 1]],
  ] as const) {
    run(runner, script);
    assert.deepEqual(selection(), expected, script);
  }
  assert.deepEqual(runner.errors, []);
});

test('live properties are written at once, and again when the node is made anew', () => {
  const runner = mounted(`globalThis.input = slot.appendChild(createElement('input')); input.value = 'a'; input.checked = true;`);
  assert.deepEqual([...runner.page.find('input').properties], [['value', 'a'], ['checked', 1]]);
  run(runner, 'input.setSelectionRange(1, 2); input.scrollTop = -3; input.focus(); input.remove()');
  run(runner, 'slot.appendChild(input)');
  assert.deepEqual([...runner.page.find('input').properties], [['value', 'a'], ['checked', 1], ['scrollTop', -3]]);
});

test('an operation that a limit forbids throws and says which', () => {
  const runner = mounted(`
    try { slot.appendChild(createElement('p')).setAttribute('title', 'é'.repeat(40000)); } catch (error) { globalThis.message = error.message; }`);
  assert.match(runner.evaluate('message') as string, /the attribute `title` has 80000 bytes of UTF-8; 65536 are allowed/);
});

test('a mount that throws fails the module: there is nothing to show', () => {
  assert.throws(() => mounted(`slot.appendChild(createElement('p')); throw new RangeError('no room');`), {
    message: 'RangeError: no room',
    playconnectFatal: true,
  });
});

test('impossible insertions throw', () => {
  const runner = mounted(`
    const a = slot.appendChild(createElement('a')), b = a.appendChild(createElement('b'));
    globalThis.messages = [];
    for (const wrong of [() => b.appendChild(a), () => a.appendChild(a), () => slot.insertBefore(createElement('i'), b), () => slot.removeChild(b)]) {
      try { wrong(); } catch (error) { messages.push(error.message); }
    }`);
  assert.deepEqual(Array.from(runner.evaluate('messages') as string[]), [
    'insertBefore: <A> cannot stand in <B>, which is inside it',
    'insertBefore: <A> cannot stand in <A>, which is inside it',
    'insertBefore: <B> is not a child of <#slot>',
    'removeChild: <B> is not a child of <#slot>',
  ]);
});

test('resync writes the nodes below again, with their listeners and live state', () => {
  const runner = mounted(`
    const ul = slot.appendChild(createElement('ul'));
    for (const text of ['one', 'two']) { const li = createElement('li'); li.textContent = text; li.addEventListener('click', () => {}); ul.appendChild(li); }
    globalThis.input = ul.appendChild(createElement('input')); input.value = 'typed';`);
  const before = runner.page.html();
  const lost = runner.page.find('ul');
  runner.turn([{ kind: 'resync', node: lost.index }]);
  assert.equal(runner.page.html(), before);
  assert.equal(runner.page.find('input').properties.get('value'), 'typed');
  assert.ok(runner.page.find('li').listeners.has('click'));
  assert.equal(runner.page.nodes.size - 1, runner.evaluate('m.knownNodeCount()'));
});
