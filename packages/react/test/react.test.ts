import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleSource, Runner } from '../../module/test/runner';

/** A mounted app. `source` defines `App`; what it puts on `globalThis` can be read with `evaluate`. */
function mounted(source: string): Runner {
  const code = bundleSource(
    `import * as React from 'react';
     import { useState, useEffect, useLayoutEffect, useReducer, useRef, Component, Suspense, memo, startTransition, useDeferredValue, useId, useActionState, createContext, useContext } from 'react';
     import { mount, createPortal, flushSync, ElementNode, Slot } from '../src/index';
     import { slot, createElement as createNode, knownNodeCount } from '@playconnect/module';
     Object.assign(globalThis, { knownNodeCount, log: [] });
     const log = (entry) => globalThis.log.push(entry);
     ${source}
     mount(<App />);`,
    'packages/react/test',
  );
  return new Runner(code).mount();
}

const log = (runner: Runner): unknown[] => Array.from(runner.evaluate('globalThis.log.splice(0)') as unknown[]);

test('a click counts, and changes one text', () => {
  const runner = mounted(`function App() { const [n, set] = useState(0); return <button onClick={() => set(n + 1)}>count: {n}</button>; }`);
  const button = runner.page.find('button');
  assert.equal(runner.page.html(), '<button>count: 0</button>');
  runner.click(button);
  assert.equal(runner.page.html(), '<button>count: 1</button>');
  assert.equal(runner.page.ops.length, 1);
  assert.equal(runner.outcome!.lane, 0);
});

test('events of one turn see each other: each is rendered before the next', () => {
  const runner = mounted(`function App() { const [n, set] = useState(0); return <button onClick={() => set(n + 1)}>{n}</button>; }`);
  const button = runner.page.find('button');
  runner.turn([1, 2, 3].map(() => runner.event(button, 'click')));
  assert.equal(runner.page.text(), '3');
});

test('effects run in order and in the same turn', () => {
  const runner = mounted(`
    function Child({ n }) {
      useLayoutEffect(() => { log('child layout ' + n); return () => log('child layout cleanup ' + n); }, [n]);
      useEffect(() => { log('child effect ' + n); return () => log('child cleanup ' + n); }, [n]);
      return <i>{n}</i>;
    }
    function App() {
      const [n, set] = useState(0);
      const [seen, setSeen] = useState('');
      useLayoutEffect(() => { log('layout ' + n); }, [n]);
      useEffect(() => { log('effect ' + n); setSeen('seen ' + n); }, [n]);
      return <p onClick={() => set(n + 1)}><Child n={n} />{seen}</p>;
    }`);
  assert.deepEqual(log(runner), ['child layout 0', 'layout 0', 'child effect 0', 'effect 0']);
  assert.equal(runner.page.text(), '0seen 0');
  assert.equal(runner.outcome!.nextTimerUs, null);
  runner.click(runner.page.find('p'));
  assert.deepEqual(log(runner), ['child layout cleanup 0', 'child layout 1', 'layout 1', 'child cleanup 0', 'child effect 1', 'effect 1']);
  assert.equal(runner.page.text(), '1seen 1');
});

test('keyed children keep their nodes, in 20 random orders each', () => {
  const runner = mounted(`
    function App() { const [keys, set] = useState([]); globalThis.set = set; return <ul>{keys.map((key) => <li key={key} id={'k' + key}><b>{key}</b></li>)}</ul>; }`);
  for (let seed = 1; seed <= 20; seed++) {
    let state = seed;
    const random = (n: number): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 12 }, (_, key) => key).filter(() => random(4) > 0);
      for (let at = keys.length - 1; at > 0; at--) {
        const other = random(at + 1);
        [keys[at], keys[other]] = [keys[other]!, keys[at]!];
      }
      const before = new Map(runner.page.all('li').map((li) => [li.attributes.get('id'), li]));
      runner.evaluate(`setTimeout(() => set(${JSON.stringify(keys)}))`);
      runner.turn([{ kind: 'timer' }]);
      const items = runner.page.all('li');
      assert.equal(runner.page.text(), keys.join(''), `seed ${seed}`);
      for (const li of items) {
        const known = before.get(li.attributes.get('id'));
        if (known !== undefined) assert.equal(li, known);
      }
      assert.equal(runner.page.nodes.size, 2 + 3 * keys.length);
    }
  }
  assert.deepEqual(runner.errors, []);
});

test('unmounting frees all indices', () => {
  const runner = mounted(`
    function App() { const [on, set] = useState(true); globalThis.set = set; return on && <section><h1>a</h1>{[1, 2, 3].map((n) => <p key={n}>{n}<b /></p>)}</section>; }`);
  assert.ok(runner.page.nodes.size > 10);
  for (const [on, nodes] of [[false, 1], [true, 13], [false, 1]] as const) {
    runner.evaluate(`setTimeout(() => set(${on}))`);
    runner.turn([{ kind: 'timer' }]);
    assert.equal(runner.page.nodes.size, nodes);
    assert.equal(runner.evaluate('knownNodeCount()'), nodes - 1);
  }
});

test('a controlled input follows its state, and goes back where the state did not change', () => {
  const runner = mounted(`
    function App() { const [text, set] = useState('ab'); return <label>{text}<input value={text} onChange={(e) => { log(e.type + ' ' + e.target.value); set(e.target.value.toUpperCase().slice(0, 3)); }} /></label>; }`);
  const input = runner.page.find('input');
  assert.equal(input.attributes.get('value'), 'ab');
  assert.equal(input.properties.size, 0);
  runner.type(input, 'ABC');
  assert.deepEqual(log(runner), ['change ABC']);
  // The browser shows it already: only the label's text and, as with React DOM, the attribute change.
  assert.deepEqual(runner.page.ops.map(({ op }) => op), [5, 6]);
  assert.equal(input.attributes.get('value'), 'ABC');
  assert.equal(input.properties.size, 0);
  runner.type(input, 'ABCd');
  assert.equal(input.properties.get('value'), 'ABC');
  assert.equal(input.answers.get('value'), 2);
  assert.equal(runner.page.text(), 'ABC');
});

test('a controlled input without a handler is put back', () => {
  const runner = mounted(`function App() { return <input value="fixed" readOnly />; }`);
  const input = runner.page.find('input');
  runner.type(input, 'fixed!');
  assert.equal(input.properties.get('value'), 'fixed');
});

test('an uncontrolled input is left alone, and a ref reads and writes it', () => {
  const runner = mounted(`
    function App() { const ref = useRef(null); return <><input defaultValue="start" ref={ref} onInput={() => log(ref.current.value)} /><button onClick={() => { ref.current.value = ''; ref.current.focus(); }} /></>; }`);
  const input = runner.page.find('input');
  runner.type(input, 'more');
  assert.deepEqual(log(runner), ['more']);
  assert.equal(runner.page.ops.length, 0);
  runner.click(runner.page.find('button'));
  assert.equal(input.properties.get('value'), '');
  assert.deepEqual(runner.page.calls, ['focus <input>']);
});

test('one handler above the controls hears of all changes, and finds out of which', () => {
  const runner = mounted(`
    function App() { return <form onChange={(e) => log([e.target.name, e.target.type, e.target.value, e.target.checked, e.target.dataset.roomId, e.target.form === e.currentTarget].join())} onInput={() => {}}>
      <input name="a" data-room-id="7" /><input name="b" type="checkbox" value="v" /><p><textarea name="c" /></p></form>; }`);
  runner.type(runner.page.find('input'), 'x');
  runner.fire(runner.page.all('input')[1]!, 'input', checked(true));
  runner.fire(runner.page.all('input')[1]!, 'change', checked(true));
  runner.type(runner.page.find('textarea'), 'y');
  runner.fire(runner.page.find('textarea'), 'change', { form: { value: 'y', checked: false, selection: null, selected: [] } });
  assert.deepEqual(log(runner), ['a,text,x,false,7,true', 'b,checkbox,v,true,,true', 'c,textarea,y,false,,true']);
});

const checked = (value: boolean) => ({ form: { value: 'on', checked: value, selection: null, selected: [] } });

test('checkboxes and radio buttons are controlled', () => {
  const runner = mounted(`
    function App() {
      const [on, set] = useState(false); const [pick, setPick] = useState('a');
      return <form>
        <input id="box" type="checkbox" checked={on} onChange={(e) => set(e.target.checked)} />
        <input id="stuck" type="checkbox" checked={true} onChange={() => {}} />
        {['a', 'b', 'c'].map((v) => <input key={v} id={v} type="radio" name="r" checked={pick === v} onChange={() => v !== 'c' && setPick(v)} />)}
        <i>{String(on)}{pick}</i>
      </form>;
    }`);
  const { page } = runner;
  assert.equal(page.find('#a').attributes.get('checked'), '');
  runner.fire(page.find('#box'), 'change', checked(true));
  assert.equal(page.text(), 'truea');
  runner.fire(page.find('#stuck'), 'change', checked(false));
  assert.equal(page.find('#stuck').properties.get('checked'), 1);
  runner.fire(page.find('#b'), 'change', checked(true));
  assert.equal(page.text(), 'trueb');
  runner.fire(page.find('#c'), 'change', checked(true));
  assert.equal(page.text(), 'trueb');
  assert.equal(page.find('#c').properties.get('checked'), 0);
  assert.equal(page.find('#b').properties.get('checked'), 1);
});

const selection = (...selected: number[]) => ({ form: { value: '', checked: false, selection: null, selected } });

test('select is controlled, single and multiple', () => {
  const runner = mounted(`
    function App() {
      const [one, setOne] = useState('b'); const [many, setMany] = useState(['a', 'c']);
      const options = ['a', 'b', 'c'].map((v) => <option key={v} value={v}>{v}</option>);
      return <>
        <select id="one" value={one} onChange={(e) => setOne(e.target.value)}>{options}</select>
        <select id="many" multiple value={many} onChange={(e) => setMany(e.target.selectedOptions.map((o) => o.value).filter((v) => v !== 'b'))}>{options}</select>
        <i>{one + many.join('')}</i><button onClick={() => setOne('a')} />
      </>;
    }`);
  const { page } = runner;
  const marked = (id: string): string[] => page.find(id).children.filter((option) => option.properties.get('selected') === 1).map((option) => page.text(option));
  assert.deepEqual(marked('#one'), ['b']);
  assert.deepEqual(marked('#many'), ['a', 'c']);
  // The browser takes the mark from the other one.
  page.find('#one').children[1]!.properties.delete('selected');
  runner.fire(page.find('#one'), 'change', selection(2));
  assert.equal(page.text(page.find('i')), 'cac');
  runner.fire(page.find('#many'), 'change', selection(0, 1, 2));
  assert.equal(page.text(page.find('i')), 'cac');
  assert.equal(page.find('#many').children[1]!.properties.get('selected'), 0);
  runner.click(page.find('button'));
  assert.deepEqual(page.find('#one').children.map((option) => option.properties.get('selected')), [1, undefined, 0]);
});

test('a textarea begins with its text and is controlled by its value', () => {
  const runner = mounted(`function App() { const [t, set] = useState('one'); return <><textarea value={t} onChange={(e) => set(e.target.value)} /><button onClick={() => set('')} /></>; }`);
  assert.equal(runner.page.html(), '<textarea>one</textarea><button></button>');
  runner.type(runner.page.find('textarea'), 'two');
  assert.equal(runner.page.find('textarea').properties.size, 0);
  assert.equal(runner.page.html(), '<textarea>two</textarea><button></button>');
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.find('textarea').properties.get('value'), '');
});

test('attributes have the names and values of React DOM', () => {
  const runner = mounted(`
    function App() { return <>
      <label htmlFor="x" className="c" tabIndex={0} style={{ marginTop: 4, lineHeight: 2, '--gap': 3, WebkitLineClamp: 1, color: null }} aria-hidden={false} data-on={true} hidden={false} onClick={undefined} title={undefined} spellCheck={false}>l</label>
      <a download contentEditable={true} data-x={null} dateTime="d" />
      <svg viewBox="0 0 1 1" strokeWidth={2} xlinkHref="#a" clipPath="url(#p)"><foreignObject><div tabIndex={1} /></foreignObject><path strokeLinecap="round" /></svg>
      <math><mi /></math>
      <my-widget someProp="1" class="k" />
      <video muted autoPlay playsInline />
    </>; }`);
  const { page } = runner;
  assert.equal(
    page.html(),
    '<label aria-hidden="false" class="c" data-on="true" for="x" spellcheck="false" style="margin-top: 4px; line-height: 2; --gap: 3; -webkit-line-clamp: 1" tabindex="0">l</label>' +
      '<a contenteditable="true" datetime="d" download=""></a>' +
      '<svg clip-path="url(#p)" stroke-width="2" viewBox="0 0 1 1" {3}href="#a"><foreignObject><div tabindex="1"></div></foreignObject><path stroke-linecap="round"></path></svg>' +
      '<math><mi></mi></math><my-widget class="k" someProp="1"></my-widget><video autoplay="" playsinline=""></video>',
  );
  assert.deepEqual(['svg', 'foreignObject', 'div', 'path', 'mi', 'a'].map((tag) => page.find(tag).namespace), [1, 1, 0, 1, 2, 0]);
  assert.equal(page.find('video').properties.get('muted'), 1);
});

test('changed and dropped props are written, unchanged ones are not', () => {
  const runner = mounted(`
    function App() { const [n, set] = useState(0); return <p onClick={() => set(n + 1)} title={n < 2 ? 'a' : undefined} className={'c' + (n > 0)} style={n === 1 ? { color: 'red' } : undefined} onMouseMove={n === 1 ? () => {} : undefined}>x</p>; }`);
  const p = runner.page.find('p');
  runner.click(p);
  assert.equal(runner.page.html(), '<p class="ctrue" style="color: red" title="a">x</p>');
  assert.deepEqual([...p.listeners.keys()].sort(), ['click', 'mousemove']);
  runner.click(p);
  assert.equal(runner.page.html(), '<p class="ctrue" style="">x</p>');
  assert.deepEqual([...p.listeners.keys()], ['click']);
  runner.click(p);
  assert.equal(runner.page.ops.length, 0);
});

test('events capture, then bubble, and can be stopped', () => {
  const runner = mounted(`
    function App() { return <div onClickCapture={() => log('capture')} onClick={() => log('div')}>
      <p onClick={(e) => { log('p ' + (e.currentTarget === e.target) + e.target.tagName + e.clientX); if (e.shiftKey) e.stopPropagation(); }}><b id="b" onDoubleClick={(e) => log(e.type)} /></p></div>; }`);
  const b = runner.page.find('b');
  runner.click(b);
  assert.deepEqual(log(runner), ['capture', 'p falseB5', 'div']);
  runner.fire(b, 'click', { modifiers: 8 });
  assert.deepEqual(log(runner), ['capture', 'p falseB0']);
  runner.fire(b, 'dblclick');
  assert.deepEqual(log(runner), ['dblclick']);
});

test('focus and blur bubble as React has them; enter, leave and scroll do not', () => {
  const runner = mounted(`
    function App() { return <div onFocus={(e) => log('outer ' + e.type)} onMouseEnter={() => log('outer enter')} onScroll={() => log('outer scroll')}>
      <input onFocus={(e) => log('inner ' + e.type)} onBlur={(e) => log(e.type)} onMouseEnter={() => log('inner enter')} onScroll={() => log('scroll')} /></div>; }`);
  const input = runner.page.find('input');
  for (const type of ['focusin', 'focusout', 'mouseenter', 'scroll']) runner.fire(input, type);
  assert.deepEqual(log(runner), ['inner focus', 'outer focus', 'blur', 'inner enter', 'scroll']);
});

test('what prevents the default is declared', () => {
  const runner = mounted(`
    function App() { return <>
      <form onSubmit={(e) => { e.preventDefault(); log([...new FormData(e.currentTarget)].join(';')); }}><textarea onKeyDown={(e) => { if (e.key === 'Enter') e.preventDefault(); }} listen={{ onKeyDown: { preventDefault: 'Enter-Shift' } }} /></form>
      <form id="native" onSubmit={() => {}} listen={{ onSubmit: { preventDefault: false } }} />
      <a href="/x" onClick={(e) => e.preventDefault()}>x</a></>; }`);
  const { page } = runner;
  assert.deepEqual(page.find('form').listeners.get('submit'), { flags: 2, filter: '' });
  assert.deepEqual(page.find('#native').listeners.get('submit'), { flags: 0, filter: '' });
  assert.deepEqual(page.find('textarea').listeners.get('keydown'), { flags: 2, filter: 'Enter-Shift' });
  runner.fire(page.find('form'), 'submit', { detail: { kind: 'submit', entries: [['a', '1'], ['b', 'é']] } });
  assert.deepEqual(log(runner), ['a,1;b,é']);
  runner.fire(page.find('textarea'), 'keydown', { detail: { kind: 'key', key: 'Enter', code: 'Enter' } });
  assert.deepEqual(runner.logs, []);
  runner.click(page.find('a'));
  runner.click(page.find('a'));
  assert.equal(runner.logs.length, 1);
  assert.match(runner.logs[0]!, /^warn preventDefault\(\) on `click` has no effect.*listen=\{\{ onClick: \{ preventDefault: true \} \}\}/);
});

test('a slot for another module, and what is heard of it', () => {
  const runner = mounted(`
    function App() { const [on, set] = useState(true); return <div onClick={() => log('div')}>
      <p onClick={() => log('p')} listen={{ onClick: { through: true } }}>{on && <Slot name="aside" className="place" style={{ order: 1 }}><i>wait</i></Slot>}</p>
      <button onClick={() => set(!on)} /></div>; }`);
  const { page } = runner;
  assert.equal(page.html(), '<div><p><pc-slot class="place" name="aside" style="order: 1"><i>wait</i></pc-slot></p><button></button></div>');
  runner.click(page.find('pc-slot'));
  assert.deepEqual(log(runner), ['p']);
  runner.click(page.find('i'));
  assert.deepEqual(log(runner), ['p', 'div'], 'what stands there meanwhile is the own module\'s');
  runner.click(page.find('button'));
  assert.equal(page.html(), '<div><p></p><button></button></div>');
});

test('a portal renders elsewhere, and its events bubble to where it was made', () => {
  const runner = mounted(`
    const overlay = createNode('aside'); slot.appendChild(overlay);
    function App() { const [open, set] = useState(true); return <main onClick={() => log('main')}><button onClick={() => set(!open)} />{open && createPortal(<dialog><b>deep</b></dialog>, overlay)}</main>; }`);
  const { page } = runner;
  assert.equal(page.html(), '<aside><dialog><b>deep</b></dialog></aside><main><button></button></main>');
  runner.click(page.find('b'));
  assert.deepEqual(log(runner), ['main']);
  runner.click(page.find('button'));
  assert.equal(page.html(), '<aside></aside><main><button></button></main>');
  runner.click(page.find('button'));
  assert.equal(page.html(), '<aside><dialog><b>deep</b></dialog></aside><main><button></button></main>');
});

test('an error boundary shows its fallback', () => {
  const runner = mounted(`
    class Boundary extends Component { state = { error: null }; static getDerivedStateFromError(error) { return { error }; } render() { return this.state.error ? <em>{this.state.error.message}</em> : this.props.children; } }
    function Broken() { const [bad, set] = useState(false); if (bad) throw new Error('broken'); return <button onClick={() => set(true)}>ok</button>; }
    function App() { return <div><Boundary><Broken /></Boundary><i>rest</i></div>; }`);
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.html(), '<div><em>broken</em><i>rest</i></div>');
  assert.match(runner.errors[0]!, /caught by an error boundary: Error: broken/);
});

test('an error that nobody catches ends the module', () => {
  const runner = mounted(`function App() { const [bad, set] = useState(false); if (bad) throw new Error('broken'); return <button onClick={() => set(true)}>ok</button>; }`);
  assert.throws(() => runner.click(runner.page.find('button')), { message: 'Error: broken', playconnectFatal: true });
});

test('an error in a handler is logged, and the rest goes on', () => {
  const runner = mounted(`function App() { const [n, set] = useState(0); return <p onClick={() => set(n + 1)}>{n}<button onClick={() => { throw new Error('oops'); }} /></p>; }`);
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.text(), '1');
  assert.match(runner.errors[0]!, /uncaught Error: oops/);
});

test('Suspense shows its fallback, hides what was there, and shows it again with its nodes', () => {
  const runner = mounted(`
    let resolve; let pending = null; let done = true;
    function load() { done = false; pending = new Promise((r) => { resolve = () => { done = true; r(); }; }); globalThis.resolve = resolve; }
    function Data() { if (!done) throw pending; return <b style={{ color: 'red' }}>data</b>; }
    function App() { const [n, set] = useState(0); return <div><button onClick={() => { load(); set(n + 1); }} /><Suspense fallback={<em>wait</em>}><Data n={n} />text</Suspense></div>; }`);
  const { page } = runner;
  const b = page.find('b');
  runner.click(page.find('button'));
  runner.settle(1000);
  assert.equal(page.html(), '<div><button></button><b style="color: red; display: none !important">data</b><em>wait</em></div>');
  runner.evaluate('setTimeout(() => resolve())');
  runner.turn([{ kind: 'timer' }]);
  runner.settle(1000);
  assert.equal(page.html(), '<div><button></button><b style="color: red">data</b>text</div>');
  assert.equal(page.find('b'), b);
});

test('transitions, deferred values, ids, context and form actions work', () => {
  const runner = mounted(`
    const Theme = createContext('light');
    function Deep() { return <u>{useContext(Theme)}</u>; }
    function App() {
      const [n, set] = useState(0); const deferred = useDeferredValue(n); const id = useId();
      const [said, say] = useActionState(async (before, data) => before + data.get('word'), 'said:');
      return <Theme value="dark"><p id={id} onClick={() => startTransition(() => set(n + 1))}>{n}-{deferred}</p><Deep /><form action={say}><i>{said}</i></form></Theme>;
    }`);
  const { page } = runner;
  assert.ok(page.find('p').attributes.get('id'));
  runner.click(page.find('p'));
  runner.settle(1000);
  assert.equal(page.text(), '1-1darksaid:');
  runner.fire(page.find('form'), 'submit', { detail: { kind: 'submit', entries: [['word', 'hi']] } });
  runner.settle(1000);
  assert.equal(page.text(page.find('i')), 'said:hi');
  assert.deepEqual(runner.errors, []);
});

test('timers, animation frames and promises update the page in turns of their own', () => {
  const runner = mounted(`
    function App() {
      const [n, set] = useState(0); const [frames, setFrames] = useState(0);
      useEffect(() => { const id = setInterval(() => set((n) => n + 1), 500); return () => clearInterval(id); }, []);
      useEffect(() => { if (frames < 3) requestAnimationFrame(() => setFrames(frames + 1)); }, [frames]);
      return <p>{n} {frames}</p>;
    }`);
  assert.equal(runner.outcome!.nextTimerUs, runner.nowUs + 500_000);
  for (let frame = 1; frame <= 3; frame++) {
    assert.equal(runner.outcome!.animationFrame, true);
    runner.turn([{ kind: 'animation-frame' }], 33);
    assert.equal(runner.outcome!.lane, 1);
  }
  assert.equal(runner.outcome!.animationFrame, false);
  runner.settle(1600);
  assert.equal(runner.page.text(), '3 3');
});

test('dangerouslySetInnerHTML is refused, with what to do', () => {
  const runner = new Runner(
    bundleSource(`import { mount } from '../src/index'; mount(<p dangerouslySetInnerHTML={{ __html: '<b>' }} />);`, 'packages/react/test'),
  );
  assert.throws(() => runner.mount(), /<p>: dangerouslySetInnerHTML is not possible: a module hands the page no HTML text/);
});

test('autoFocus focuses after the commit', () => {
  const runner = mounted(`function App() { return <input autoFocus />; }`);
  assert.deepEqual(runner.page.calls, ['focus <input>']);
});
