import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Op } from '../src/ops';
import type { PageNode } from './page';
import { bundleSource, Runner } from './runner';

const code = bundleSource(`
  import * as m from '../src/index';
  const { slot, createElement, createText, createComment } = m;
  // h('li.row', { id: 1 }, 'text', h('b'))
  const h = (name, attributes = {}, ...children) => {
    const [tag, ...words] = name.split('.');
    const element = createElement(tag.replace('svg:', ''), tag.startsWith('svg:') ? 1 : 0);
    if (words.length > 0) element.setAttribute('class', words.join(' '));
    for (const key of Object.keys(attributes)) element.setAttribute(key, String(attributes[key]));
    element.append(...children);
    return element;
  };
  const row = (i) => h('li.row', { id: 'row-' + i }, h('b', {}, 'Name ' + i), h('span.age', {}, String(i % 7), ' min'), createComment(''));
  const list = (...rows) => slot.appendChild(h('ul', {}, ...rows));
  const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
  // All templates that a module may define, each used twice.
  const spend = () => {
    const top = slot.appendChild(h('div'));
    for (let i = 0; i < 1024; i++) top.append(h('e' + i, {}, h('b'), h('b')), h('e' + i, {}, h('b'), h('b')));
    top.destroy();
  };
  const see = (node) => {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType === 8) return '<!--' + node.data + '-->';
    const attributes = [...(node.attributes ?? [])].map(([key, value]) => ' ' + key.replace(/(.) /, '{$1}') + '="' + value + '"').sort();
    return '<' + node.localName + attributes.join('') + '>' + node.childNodes.map(see).join('') + '</' + node.localName + '>';
  };
  Object.assign(globalThis, { m, slot, createElement, createText, createComment, h, row, list, times, spend, see: () => slot.childNodes.map(see).join('') });
  m.onMount(() => {});`);

function mounted(): Runner {
  return new Runner(code).mount();
}

/** Runs the source in a turn of its own. The page must be the shadow tree then, and every node known. */
function run(runner: Runner, source: string): void {
  runner.evaluate(`setTimeout(() => { ${source} })`);
  runner.turn([{ kind: 'timer' }]);
  assert.deepEqual(runner.errors, []);
  assert.equal(runner.page.html(), runner.evaluate('see()'));
  assert.equal(runner.page.nodes.size - 1, runner.evaluate('m.knownNodeCount()'));
}

/** Operations of this kind in the last batch. */
function count(runner: Runner, op: Op): number {
  return runner.page.ops.filter((one) => one.op === op).length;
}

/** A template as HTML. */
function templates(runner: Runner): string[] {
  return [...runner.page.templates.values()].map(({ root }) => runner.page.html({ ...root!, children: [root!] }));
}

test('rows are clones: what they share stands in the template, and what is their own behind the clone', () => {
  const runner = mounted();
  run(runner, 'list(...times(50, row))');
  assert.deepEqual(templates(runner), ['<li class="row"><b></b><span class="age"> min</span><!----></li>']);
  assert.equal(count(runner, Op.Clone), 50);
  assert.equal(count(runner, Op.Create), 1);
  assert.equal(count(runner, Op.Attribute), 50);
  assert.equal(count(runner, Op.SetText), 100);
});

test('a list of 50 is less than half as many bytes, and a third of the operations, as one by one', () => {
  const [with_, without] = [mounted(), mounted()];
  run(without, 'spend()');
  for (const runner of [with_, without]) run(runner, 'list(...times(50, row))');
  assert.equal(with_.page.html(), without.page.html());
  assert.equal(count(without, Op.Clone), 0);
  assert.ok(with_.batch.length * 2 < without.batch.length, `${with_.batch.length} and ${without.batch.length} bytes`);
  assert.ok(with_.page.ops.length * 3 < without.page.ops.length, `${with_.page.ops.length} and ${without.page.ops.length} operations`);
});

test('rows that are inserted one by one are clones from the second on, and in later turns', () => {
  const runner = mounted();
  run(runner, 'globalThis.ul = list(); for (let i = 0; i < 5; i++) ul.append(row(i))');
  assert.equal(count(runner, Op.Clone), 4);
  run(runner, 'ul.prepend(row(5)); ul.children[2].remove()');
  assert.deepEqual([count(runner, Op.Clone), count(runner, Op.Template), count(runner, Op.Create)], [1, 0, 0]);
  assert.equal(runner.page.templates.size, 1);
});

test('what stands alone is no template', () => {
  const runner = mounted();
  run(runner, `slot.append(h('header', {}, h('h1', {}, 'One'), h('p.lead', {}, 'Two')), h('main', {}, h('form', {}, h('label', {}, 'Three'), h('input'))))`);
  assert.equal(runner.page.templates.size, 0);
});

test('keyed rows move and go as if each were created by itself', () => {
  const runner = mounted();
  run(runner, 'globalThis.ul = list(...times(20, row))');
  const before = new Map(runner.page.all('li').map((li) => [li.attributes.get('id'), li]));
  run(runner, 'const rows = ul.children; for (let i = 0; i < 20; i += 3) ul.prepend(rows[i]); rows[4].destroy(); rows[7].firstChild.textContent = "changed"; rows[1].removeAttribute("class")');
  for (const li of runner.page.all('li')) assert.equal(before.get(li.attributes.get('id')), li);
  assert.equal(runner.page.all('li').length, 19);
  assert.equal(count(runner, Op.Clone), 0);
});

test('SVG and attributes with a namespace', () => {
  const runner = mounted();
  run(runner, `list(...times(4, (i) => {
    const use = h('svg:use', { x: i });
    use.setAttribute('href', '#piece', 3);
    use.setAttribute('lang', 'l' + i, 4);
    return h('li', {}, h('svg:svg', { viewBox: '0 0 1 1' }, h('svg:a'), use), h('a'));
  }))`);
  assert.equal(count(runner, Op.Clone), 4);
  runner.page.all('use').forEach((use, i) => {
    assert.equal(use.namespace, 1);
    assert.deepEqual([...use.attributes], [['{3}href', '#piece'], ['x', String(i)], ['{4}lang', `l${i}`]]);
  });
  assert.deepEqual(runner.page.all('a').map(({ namespace }) => namespace), [1, 0, 1, 0, 1, 0, 1, 0]);
});

test('an HTML and an SVG element of one name have different shapes', () => {
  const runner = mounted();
  run(runner, `list(...times(4, (i) => h(i % 2 ? 'svg:a' : 'a', {}, h('b'), h('b'))))`);
  assert.deepEqual(runner.page.find('ul').children.map(({ namespace }) => namespace), [0, 1, 0, 1]);
});

test('nodes of clones have their listeners, and hear', () => {
  const runner = mounted();
  run(runner, `globalThis.heard = []; list(...times(3, (i) => {
    const made = row(i);
    made.firstChild.addEventListener('click', () => heard.push(i));
    made.listen('keydown', { preventDefault: 'Enter' });
    return made;
  }))`);
  assert.equal(count(runner, Op.Clone), 3);
  runner.click(runner.page.all('b')[1]!);
  runner.click(runner.page.all('b')[2]!);
  assert.deepEqual(Array.from(runner.evaluate('heard') as number[]), [1, 2]);
  for (const li of runner.page.all('li')) assert.deepEqual([...li.listeners], [['keydown', { flags: 2, filter: 'Enter' }]]);
});

test('live state follows behind the clones', () => {
  const runner = mounted();
  run(runner, `list(...times(3, (i) => {
    const made = h('li', {}, h('input', { type: 'checkbox' }), h('select', {}, ...times(3, (n) => h('option', { value: n }, 'Option ' + n))));
    made.firstChild.checked = i === 1;
    made.lastChild.value = String(i);
    return made;
  }))`);
  assert.equal(count(runner, Op.Clone), 3);
  assert.deepEqual(runner.page.all('input').map((input) => input.properties.get('checked')), [0, 1, 0]);
  const chosen = (select: PageNode): unknown[] => [select.properties.get('value'), ...select.children.map((option) => option.properties.get('selected'))];
  const without = mounted();
  run(without, 'spend()');
  run(without, `list(...times(3, (i) => { const made = h('select', {}, ...times(3, (n) => h('option', { value: n }, 'Option ' + n))); made.value = String(i); return made; }))`);
  assert.deepEqual(runner.page.all('select').map(chosen), without.page.all('select').map(chosen));
});

test('attributes whose order can be felt are set in their order: none stands in a template', () => {
  const runner = mounted();
  run(runner, `list(...times(4, (i) => h('li', {}, h('input', { id: i, type: 'range', max: 500, value: 300 }), h('img', { src: 'a.png', loading: 'lazy' }))))`);
  assert.equal(count(runner, Op.Clone), 4);
  runner.page.all('input').forEach((input) => assert.deepEqual([...input.attributes.keys()], ['id', 'type', 'max', 'value']));
  runner.page.all('img').forEach((img) => assert.deepEqual([...img.attributes.keys()], ['loading', 'src']));
});

test('a guess that was wrong is put right, and does not stay where the host strips the value', () => {
  const runner = mounted();
  run(runner, `list(...times(4, (i) => h('li', {}, h('a', { href: '/same', title: 'same' }, 'same'))))`);
  assert.deepEqual(templates(runner), ['<li><a href="/same" title="same">same</a></li>']);
  run(runner, `slot.firstChild.append(h('li', {}, h('a', { href: 'javascript:alert(1)', rel: 'x' }, '')))`);
  assert.equal(runner.page.html(runner.page.all('li')[4]!), '<a href="javascript:alert(1)" rel="x"></a>');
  const kinds = runner.page.ops.map(({ op }) => op);
  // href and title are removed before anything is set.
  assert.deepEqual(kinds, [Op.Clone, Op.RemoveAttribute, Op.RemoveAttribute, Op.Attribute, Op.Attribute, Op.SetText, Op.Insert]);
});

test('a row that was changed since it was seen misleads no other', () => {
  const runner = mounted();
  run(runner, `const ul = list(); const first = row(0); ul.append(first);
    first.firstChild.destroy(); first.prepend(createText('gone')); first.setAttribute('class', 'other');
    ul.append(row(1)); ul.append(row(2));`);
  assert.equal(count(runner, Op.Clone), 2);
});

test('a node that the host knows moves into a new row and stays itself', () => {
  const runner = mounted();
  run(runner, 'globalThis.kept = slot.appendChild(h("b", { id: "kept" }, "Name")); list(...times(3, row))');
  const kept = runner.page.find('#kept');
  run(runner, 'const made = row(9); made.firstChild.replaceWith(kept); list(made, row(10), row(11))');
  assert.equal(runner.page.find('#kept'), kept);
  assert.equal(kept.parent!.tag, 'li');
  assert.equal(count(runner, Op.Clone), 3, 'two rows, and the span beside it');
});

test('what a resync writes again are clones of the templates that are there', () => {
  const runner = mounted();
  run(runner, 'list(...times(10, row))');
  const before = runner.page.html();
  runner.turn([{ kind: 'resync', node: runner.page.find('ul').index }]);
  assert.equal(runner.page.html(), before);
  assert.deepEqual([count(runner, Op.Clone), count(runner, Op.Template)], [10, 0]);
});

test('a module that goes on from its memory goes on with its templates', () => {
  const runner = mounted();
  run(runner, 'globalThis.ul = list(...times(10, row))');
  runner.restored({ incarnation: 1 });
  run(runner, 'ul.append(row(10), row(11))');
  assert.deepEqual([count(runner, Op.Clone), count(runner, Op.Template)], [2, 0]);
});

test('rows without a template once the module has defined as many as it may', () => {
  const runner = mounted();
  run(runner, 'spend()');
  assert.equal(runner.page.templates.size, 1024);
  run(runner, 'globalThis.ul = list(...times(10, row))');
  assert.deepEqual([count(runner, Op.Clone), count(runner, Op.Template)], [0, 0]);
  run(runner, 'ul.append(h("e7", {}, h("b"), h("b")))');
  assert.equal(count(runner, Op.Clone), 1, 'those that it has are still of use');
});

test('a row of 255 nodes is no template; what is in it may be', () => {
  const runner = mounted();
  run(runner, `list(...times(2, () => h('li', {}, ...times(253, () => h('i')))))`);
  assert.deepEqual([...runner.page.templates.values()].map(({ nodes }) => nodes), [254]);
  assert.equal(count(runner, Op.Clone), 2);
  run(runner, `list(...times(2, () => h('li', {}, ...times(254, () => h('i')))))`);
  assert.equal(count(runner, Op.Clone), 0);
  run(runner, `list(...times(2, () => h('li', {}, ...times(127, () => h('b', {}, h('i'))))))`);
  assert.equal(count(runner, Op.Clone), 254);
  assert.equal(runner.page.templates.size, 2);
});

test('an element with 65 attributes is no template', () => {
  const runner = mounted();
  const rows = (attributes: number): string =>
    `list(...times(3, () => h('li', {}, h('b', Object.fromEntries(times(${attributes}, (i) => ['data-' + i, i]))), h('i'))))`;
  run(runner, rows(65));
  assert.equal(runner.page.templates.size, 0);
  run(runner, rows(64));
  assert.equal(runner.page.templates.size, 1);
});

test('long values stand in no template, and all templates together have a bound', () => {
  const runner = mounted();
  run(runner, `list(...times(3, () => h('li', { title: 'x'.repeat(1025) }, h('b', {}, 'y'.repeat(1025)))))`);
  assert.deepEqual(templates(runner), ['<li><b></b></li>']);
  run(runner, `const text = 'z'.repeat(1024); for (let i = 0; i < 300; i++) list(...times(2, () => h('e' + i, { title: text }, h('b'))))`);
  // 256 Ki by 1024 and some for the names.
  assert.equal(runner.page.templates.size, 1 + 253);
  run(runner, `list(...times(20, () => h('small', {}, h('b'))))`);
  assert.equal(count(runner, Op.Clone), 20, 'a small one still has room');
});

test('a module of ever new shapes forgets the old ones, and goes on making templates', () => {
  const runner = mounted();
  for (let turn = 0; turn < 6; turn++) {
    run(runner, `for (let i = 0; i < 1500; i++) slot.append(h('only-' + i, {}, ...times(1 + ${turn}, () => h('b')))); slot.replaceChildren()`);
    run(runner, `list(...times(10, () => h('new-${turn}', {}, h('b'), h('b')))); slot.replaceChildren()`);
    assert.deepEqual([count(runner, Op.Clone), runner.page.templates.size], [10, turn + 1], `turn ${turn}`);
  }
});

test('an operation over a limit in a row is the same error, and the batch is whole', () => {
  const runner = mounted();
  run(runner, 'globalThis.ul = list(...times(3, row))');
  runner.evaluate(`setTimeout(() => { const made = row(4); made.firstChild.firstChild.data = 'é'.repeat(140000); ul.append(made) })`);
  runner.turn([{ kind: 'timer' }]);
  assert.match(runner.errors[0]!, /a text has 280000 bytes of UTF-8; 262144 are allowed/);
});

test('names over the limit are an error before a definition begins', () => {
  const runner = mounted();
  run(runner, `const top = slot.appendChild(h('div')); for (let i = 0; i < 4092; i++) top.append(h('n' + i)); top.destroy(); globalThis.ul = list()`);
  runner.evaluate(`setTimeout(() => ul.append(h('li', {}, ...times(3, () => h('late', {}, h('later'))))))`);
  runner.turn([{ kind: 'timer' }]);
  assert.match(runner.errors[0]!, /`later` would be the module's name number 4097/);
});

test('random trees: the page is the same with templates and without', () => {
  const random = `
    globalThis.pick = (n) => (s = (s * 1103515245 + 12345) & 0x7fffffff, (s >> 8) % n);
    // Trees of a few kinds, which differ a little or much.
    globalThis.grow = (depth) => {
      const kind = pick(4);
      if (depth === 0 || pick(8) === 0) return pick(5) === 0 ? createComment('c' + pick(2)) : createText(['', 'a', 'b' + pick(99)][pick(3)]);
      const made = h(['li', 'svg:g', 'input', 'tr'][kind]);
      for (let i = pick(4); i > 0; i--) made.setAttribute(['class', 'id', 'title', 'value'][pick(4)], ['x', 'y', 'z' + pick(99)][pick(3)]);
      if (pick(4) === 0) made.addEventListener(['click', 'keydown'][pick(2)], () => {}, { passive: pick(2) === 0 });
      if (kind === 2 && pick(2)) made.value = 'v' + pick(9);
      const children = pick(3) ? kind + 1 : pick(4), same = pick(2), from = s;
      for (let i = 0; i < children; i++) { if (same) s = from + (pick(3) === 0 ? 1 : 0); made.append(grow(depth - 1)); }
      all.push(made);
      return made;
    };
    globalThis.edit = () => {
      const parent = pick(3) ? slot : all[pick(all.length)], node = all[pick(all.length)];
      switch (pick(6)) {
        case 0: if (node !== slot) node.remove(); break;
        case 1: if (node !== slot && !node.contains(parent)) parent.insertBefore(node, parent.firstChild === node ? node.nextSibling : parent.firstChild); break;
        case 2: if (node !== slot) { node.setAttribute('class', 'c' + pick(3)); node.append(grow(1)); } break;
        case 3: if (node !== slot) { const copy = node.cloneNode(true); all.push(copy); slot.append(copy); } break;
        default: { const from = s; for (let i = pick(4) + 1; i > 0; i--) { if (pick(4)) s = from; parent.append(grow(3)); } }
      }
    };`;
  const state = (node: PageNode): unknown => [node.tag, node.namespace, node.data, [...node.attributes].sort(), [...node.properties], [...node.listeners].sort(), node.children.map(state)];
  let clones = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const [with_, without] = [mounted(), mounted()];
    run(without, 'spend()');
    for (const runner of [with_, without]) runner.evaluate(`globalThis.s = ${seed}; globalThis.all = [slot]; ${random}`);
    for (let turn = 0; turn < 12; turn++) {
      for (const runner of [with_, without]) run(runner, 'for (let i = 0; i < 6; i++) edit()');
      assert.deepEqual(state(with_.page.slot), state(without.page.slot), `seed ${seed}, turn ${turn}`);
      assert.equal(count(without, Op.Clone), 0);
      clones += count(with_, Op.Clone);
    }
  }
  assert.ok(clones > 1000, `${clones} clones`);
});
