import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bundle } from '@playconnect/module/bundle';
import { svelte } from '@playconnect/svelte/plugin';
import { environment, Runner } from '../../module/test/runner';
import { build, log, mounted, pass, run, write } from './mounted';

test('a click counts, and changes one text', async () => {
  const runner = await mounted(`<script>let n = $state(0);</script><button onclick={() => n++}>count: {n}</button>`);
  const button = runner.page.find('button');
  assert.equal(runner.page.html(), '<button>count: 0</button>');
  runner.click(button);
  assert.equal(runner.page.html(), '<button>count: 1</button>');
  assert.equal(runner.page.ops.length, 1);
  assert.equal(runner.outcome!.lane, 0);
  assert.equal(runner.outcome!.nextTimerUs, null);
});

test('events of one turn see each other: each is rendered before the next', async () => {
  const runner = await mounted(`<script>let n = $state(0);</script>{#if n < 3}<button onclick={() => { log('at ' + n); n += 1; }}>{n}</button>{/if}`);
  const button = runner.page.find('button');
  runner.turn([1, 2, 3].map(() => runner.event(button, 'click')));
  assert.deepEqual(log(runner), ['at 0', 'at 1', 'at 2']);
  assert.equal(runner.page.text(), '');
});

test('effects run in order and in the same turn', async () => {
  const runner = await mounted(
    `<script>import { onMount, onDestroy, tick } from 'svelte'; import Child from './Child.svelte'; let n = $state(0); let seen = $state('');
      onMount(() => { log('mount'); return () => log('unmount'); });
      $effect(() => { log('effect ' + n); seen = 'seen ' + n; return () => log('cleanup ' + n); });
      async function go() { n++; await tick(); log('ticked'); }</script><p onclick={go}><Child {n} />{seen}</p>`,
    { files: { 'Child.svelte': `<script>import { onDestroy } from 'svelte'; let { n } = $props(); $effect.pre(() => log('child pre ' + n)); $effect(() => log('child effect ' + n));</script><i>{n}</i>` } },
  );
  assert.deepEqual(log(runner), ['child pre 0', 'child effect 0', 'mount', 'effect 0']);
  assert.equal(runner.page.text(), '0seen 0');
  runner.click(runner.page.find('p'));
  assert.deepEqual(log(runner), ['child pre 1', 'child effect 1', 'cleanup 0', 'effect 1', 'ticked']);
  assert.equal(runner.page.text(), '1seen 1');
});

test('the host is asked for the events of the elements that handle them, and for no others', async () => {
  const runner = await mounted(
    `<script>let on = $state(true); let n = $state(0);</script><main><button onclick={() => n++}>{n}</button>{#if on}<p onclick={on ? () => log('p') : undefined} onpointermove={() => {}} ontouchmove={() => {}}><b>b</b></p>{/if}<i {...{ onclick: on ? () => log('i') : undefined }}></i></main>`,
  );
  const { page } = runner;
  assert.deepEqual([...page.slot.listeners.keys()], []);
  assert.deepEqual([...page.find('main').listeners.keys()], []);
  assert.deepEqual([...page.find('button').listeners.keys()], ['click']);
  assert.deepEqual([...page.find('p').listeners.entries()].map(([type, { flags }]) => `${type} ${flags}`), ['click 0', 'pointermove 0', 'touchmove 1']);
  runner.click(page.find('b'));
  runner.click(page.find('i'));
  assert.deepEqual(log(runner), ['p', 'i']);
});

test('svelte:window, document and body hear what happens in the slot; the page\'s own events come from the environment', async () => {
  const runner = await mounted(`<script>let width = $state(0), visible = $state(''), keys = $state('');</script>
    <svelte:window bind:innerWidth={width} onkeydown={(event) => (keys += event.key)} onpopstate={() => log('popstate')} /><svelte:document bind:visibilityState={visible} /><svelte:body onclick={() => log('body')} />
    <input><p>{width} {visible} {keys}</p>`);
  assert.deepEqual([...runner.page.slot.listeners.keys()].sort(), ['click', 'keydown']);
  runner.fire(runner.page.find('input'), 'keydown', { detail: { kind: 'key', key: 'x', code: 'KeyX' } });
  runner.click(runner.page.find('p'));
  assert.deepEqual(log(runner), ['body']);
  runner.turn([{ kind: 'environment', environment: { ...environment, viewport: { width: 400, height: 300 }, visible: false, url: '/other' } }]);
  assert.equal(runner.page.text(runner.page.find('p')), '400 hidden x');
  assert.deepEqual(log(runner), ['popstate']);
});

const declared = (runner: Runner, tag: string, type: string): string => {
  const listener = runner.page.find(tag).listeners.get(type);
  return listener === undefined ? 'none' : listener.flags & 2 ? listener.filter || 'always' : 'no';
};

test('what handlers prevent is declared: by modifiers, by plain handlers, by keys, by hand', async () => {
  const runner = await mounted(`<script>
      import { preventDefault } from 'svelte/legacy';
      let on = true;
      function always(event) { const x = 1; event.preventDefault(); log('always'); }
      const keys = (event) => { if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); log('sent'); } else if (event.key === 'Escape' || event.key === ' ') event.preventDefault(); };
      function sometimes(event) { if (on) event.preventDefault(); }
      function mixed(event) { if (event.key === 'a' && on) { event.preventDefault(); } }
    </script>
    <form onsubmit={() => log('submit')}></form><a href="#x" onclick={always}>a</a><textarea onkeydown={keys}></textarea>
    <b onclick={preventDefault(() => {})}>b</b><i onclick={sometimes}>i</i><u onkeydown={mixed}>u</u><em onclick={(e) => e.preventDefault()}>e</em>
    <s onclick={sometimes} pc-prevent-default="click" pc-stop-propagation="click keydown:x">s</s><p onwheel={() => {}} pc-passive="wheel" pc-prevent-default="keydown:Enter-Shift,s+Control">p</p>`);
  assert.deepEqual(
    [
      ['form', 'submit'],
      ['a', 'click'],
      ['textarea', 'keydown'],
      ['b', 'click'],
      ['i', 'click'],
      ['u', 'keydown'],
      ['em', 'click'],
      ['s', 'click'],
      ['p', 'keydown'],
    ].map(([tag, type]) => `${tag}: ${declared(runner, tag!, type!)}`),
    ['form: always', 'a: always', 'textarea: Enter-Shift Escape Space', 'b: always', 'i: no', 'u: no', 'em: always', 's: always', 'p: Enter-Shift s+Control'],
  );
  assert.equal(runner.page.find('s').listeners.get('click')!.flags, 2 | 4);
  assert.equal(runner.page.find('p').listeners.get('wheel')!.flags, 1);
  assert.doesNotMatch(runner.page.html(), /pc-/);
  runner.click(runner.page.find('a'));
  assert.deepEqual(runner.logs, []);
  runner.click(runner.page.find('i'));
  assert.match(runner.logs[0]!, /warn preventDefault\(\) on `click` has no effect.*pc-prevent-default="click"/);
});

test('on:click|preventDefault of a legacy component is declared', async () => {
  const runner = await mounted(`<a href="#x" on:click|preventDefault={() => {}} on:keydown|once={() => {}}>a</a>`);
  assert.equal(declared(runner, 'a', 'click'), 'always');
  assert.equal(declared(runner, 'a', 'keydown'), 'no');
});

test('an unknown event type in pc-prevent-default is an error', async () => {
  const runner = new Runner((await build(`<p pc-prevent-default="klick">x</p>`)).code);
  assert.throws(() => runner.mount(), /<p pc-prevent-default="klick">: `klick` is no event that a page sends/);
});

test('a bound input answers its event: what was typed is not written back, what the module changed is', async () => {
  const runner = await mounted(`<script>let text = $state('ab');</script><input bind:value={() => text, (v) => (text = v.toUpperCase().slice(0, 3))}><p>{text}</p>`);
  const input = runner.page.find('input');
  assert.equal(input.properties.get('value'), 'ab');
  runner.type(input, 'ABC');
  // The browser shows it already: only the paragraph's text changes.
  assert.deepEqual(runner.page.ops.map(({ op }) => op), [5]);
  runner.type(input, 'abcd');
  assert.equal(input.properties.get('value'), 'ABC');
  assert.equal(input.answers.get('value'), 2);
});

test('unmounting frees all nodes, listeners and timers, a thousand times', async () => {
  const runner = await mounted(`<script>import Part from './Part.svelte'; let on = $state(true);</script><button onclick={() => (on = !on)}>b</button>{#if on}<Part />{/if}`, {
    files: {
      'Part.svelte': `<script>import { fade } from 'svelte/transition'; let n = $state(1); let el; $effect(() => { const id = setInterval(() => n++, 1000); return () => clearInterval(id); });</script>
        <svelte:window onkeydown={() => {}} /><section bind:this={el} onclick={() => n++}><h1>a{n}</h1>{#each [1, 2, 3] as x (x)}<p><input bind:value={n}>{x}</p>{/each}<select bind:value={n}><option>1</option></select></section>`,
    },
  });
  const button = runner.page.find('button');
  const mountedNodes = runner.page.nodes.size;
  runner.click(button);
  const left = runner.page.nodes.size;
  assert.ok(mountedNodes > left + 10);
  for (let round = 0; round < 1000; round++) {
    runner.click(button);
    assert.equal(runner.page.nodes.size, mountedNodes);
    runner.click(button);
  }
  assert.equal(runner.page.nodes.size, left);
  assert.equal(runner.evaluate('knownNodeCount()'), left - 1);
  assert.equal(runner.outcome!.nextTimerUs, null);
  // Svelte's one listener for all bindings, and what `document.activeElement` is known by; they stay.
  assert.deepEqual([...runner.page.slot.listeners.keys()], ['reset', 'focusin', 'focusout']);
  assert.deepEqual(runner.errors, []);
});

test('a transition shows its keyframes frame by frame, reverses from where it is, and leaves nothing behind', async () => {
  const runner = await mounted(`<script>import { fade } from 'svelte/transition'; let on = $state(false);</script>
    <button onclick={() => (on = !on)}>b</button>{#if on}<p style="color: red" transition:fade={{ duration: 160 }}>p</p>{/if}`);
  const { page } = runner;
  const opacity = (): number => Number(/opacity: ([\d.]+)/.exec(page.find('p').attributes.get('style') ?? '')?.[1] ?? NaN);
  runner.click(page.find('button'));
  assert.equal(page.find('p').attributes.get('style'), 'color: red; opacity: 0;');
  const shown: number[] = [];
  pass(runner, 80, () => shown.push(opacity()));
  assert.deepEqual(shown, [0.1, 0.2, 0.3, 0.4, 0.5]);
  runner.click(page.find('button'));
  assert.equal(page.find('p').attributes.get('inert'), '');
  pass(runner, 32);
  assert.ok(opacity() < 0.5 && opacity() > 0.2, String(opacity()));
  runner.click(page.find('button'));
  pass(runner, 200);
  assert.equal(page.html(page.find('p').parent!).includes('<p style="color: red;">p</p>'), true, page.html());
  assert.equal(runner.outcome!.animationFrame, false);
  runner.click(page.find('button'));
  pass(runner, 200);
  assert.deepEqual(page.all('p'), []);
});

test('a transition ends in time without any frame', async () => {
  const runner = await mounted(`<script>import { fade } from 'svelte/transition'; let on = $state(true);</script><button onclick={() => (on = false)}>b</button>{#if on}<p out:fade={{ delay: 100, duration: 500 }}>p</p>{/if}`);
  runner.click(runner.page.find('button'));
  runner.settle(100);
  runner.settle(490);
  assert.equal(runner.page.all('p').length, 1);
  runner.settle(500);
  assert.equal(runner.page.all('p').length, 0);
});

test('intros of the first HTML do not play, unless asked for', async () => {
  const app = `<script>import { fade } from 'svelte/transition';</script><p in:fade|global={{ duration: 100 }}>p</p>`;
  assert.equal((await mounted(app)).page.html(), '<p>p</p>');
  assert.equal((await mounted(app, { mount: '{ intro: true }' })).page.html(), '<p style="opacity: 0;">p</p>');
});

test('what rests on layout says so once, and does no harm', async () => {
  const runner = await mounted(`<script>
      import { slide, crossfade, draw } from 'svelte/transition'; import { flip } from 'svelte/animate';
      const [send, receive] = crossfade({ duration: 30 });
      let on = $state(true), list = $state([1, 2, 3]);
    </script><button onclick={() => { on = !on; list = [3, 1, 2]; }}>b</button>
    {#if on}<p transition:slide={{ duration: 30 }}>p</p><i out:send={{ key: 1 }}>i</i>{:else}<i in:receive={{ key: 1 }}>i</i>{/if}
    <svg>{#if !on}<path pathLength="1" in:draw={{ duration: 30 }} />{/if}</svg><ul>{#each list as x (x)}<li animate:flip>{x}</li>{/each}</ul>`);
  for (let round = 0; round < 2; round++) {
    runner.click(runner.page.find('button'));
    pass(runner, 100, () => assert.doesNotMatch(runner.page.html(), /NaN|undefined/));
  }
  assert.equal(runner.page.text(runner.page.find('ul')), '312');
  assert.deepEqual(runner.errors, []);
  assert.equal(runner.logs.filter((line) => line.includes('getBoundingClientRect() tells nothing in a module')).length, 1);
});

test('scoped styles go into one stylesheet, in the order of the components; global ones as they are', async () => {
  const { css, code } = await build(`<script>import Child from './Child.svelte'; let n = $state(1);</script><p class:on={n > 1}>p</p><Child /><style>p { color: var(--ink); } .on { animation: beat 1s; } @keyframes beat { to { opacity: 0; } } :global(body) { margin: 0; }</style>`, {
    files: { 'Child.svelte': `<p>child</p><style>p { color: blue; }</style>` },
  });
  const runner = new Runner(code).mount();
  const [own, child] = runner.page.all('p').map((p) => p.attributes.get('class')!);
  assert.match(own!, /^svelte-\w+$/);
  assert.notEqual(own, child);
  assert.match(css, new RegExp(`p\\.${child} \\{\\s*color: blue;`));
  assert.match(css, new RegExp(`p\\.${own} \\{\\s*color: var\\(--ink\\);`));
  assert.match(css, new RegExp(`${own}-beat`));
  assert.match(css, /\nbody \{/);
});

/** The errors of a component that does not build, as they are printed. */
async function refused(app: string, files: Record<string, string> = {}): Promise<string> {
  return build(app, { files }).then(
    () => 'it was built',
    (error: Error) => error.message,
  );
}

test('what a module cannot do is an error with its place, and what to do instead', async () => {
  const at = '(out/svelte-\\w+/\\d+/App\\.svelte):';
  for (const [app, expected] of [
    ['<p>\n  {@html "<b>x</b>"}</p>', `${at}2:2: ERROR: .*{@html …} is not possible: a module hands the page no HTML text`],
    ['<svelte:head><title>x</title></svelte:head>', `${at}1:0: ERROR: .*<svelte:head> is not possible: the head is the page's`],
    ['<script>let w = $state();</script>\n<div bind:clientWidth={w}></div>', `${at}2:5: ERROR: .*bind:clientWidth on <div> is not possible: layout`],
    ['<script>let y = $state();</script><svelte:window bind:scrollY={y} />', `${at}1:49: ERROR: .*bind:scrollY on <svelte:window> is not possible`],
    ['<svelte:window onscroll={() => {}} />', `${at}1:15: ERROR: .*<svelte:window> hears no \`scroll\``],
    ['<svelte:window onbeforeunload={() => {}} />', `${at}1:15: ERROR: .*<svelte:window> hears no \`beforeunload\``],
    ['<svelte:body onmouseleave={() => {}} />', `${at}1:13: ERROR: .*<svelte:body> hears no \`mouseleave\`.*Listen on the element itself`],
    ['<svelte:document onfullscreenchange={() => {}} />', `${at}1:17: ERROR: .*<svelte:document> hears no \`fullscreenchange\``],
    ['<script>let f = $state();</script><input type="file" bind:files={f}>', `${at}1:53: ERROR: .*bind:files on <input> is not possible: files of a form stay`],
    ['<script>let t = $state();</script><video bind:currentTime={t}></video>', `${at}1:41: ERROR: .*bind:currentTime on <video>`],
    ['<script>let t = $state();</script><p contenteditable bind:innerHTML={t}></p>', `${at}1:53: ERROR: .*bind:innerHTML on <p>`],
    ['é<canvas></canvas>', `${at}1:2: ERROR: .*<canvas> is not possible in a module: draw with SVG`],
    ['<svelte:options css="injected" /><p>x</p>', `${at}1:0: ERROR: .*css="injected"`],
    ['<svelte:options customElement="x-y" /><p>x</p>', `${at}1:0: ERROR: .*customElement`],
    ['<p>\n{#if}</p>', `${at}2:4: ERROR: .*Expected whitespace`],
  ] as const) {
    assert.match(await refused(app), new RegExp(expected), app);
  }
});

test('several faults are told at once, also those of components that are used', async () => {
  const message = await refused(`<canvas></canvas>{@html ''}`);
  for (const part of [/<canvas>/, /{@html …}/]) assert.match(message, part);
  const child = await refused(`<script>import Child from './Child.svelte';</script><Child />`, { 'Child.svelte': '<iframe title="x"></iframe>' });
  for (const part of [/Child\.svelte:1:0: ERROR: .*<iframe>/]) assert.match(child, part);
});

test('what works less well is a warning: animate:, slide, crossfade', async () => {
  const { warnings } = await build(`<script>import { slide, fade } from 'svelte/transition'; import { flip } from 'svelte/animate';</script>{#each [1] as x (x)}<p animate:flip transition:slide>{x}</p>{/each}`);
  assert.equal(warnings.length, 2);
  assert.match(warnings.join(), /animate:flip moves nothing/);
  assert.match(warnings.join(), /slide needs the element's height/);
});

test('HTML text at run time is an error that says what to do', async () => {
  const runner = await mounted(`<script>let el = $state();</script><p bind:this={el} onclick={() => (el.innerHTML = '<b>')}>x</p>`);
  runner.click(runner.page.find('p'));
  assert.match(runner.errors[0]!, /<p>: innerHTML is not possible: a module hands the page no HTML text/);
});

test('an error of the first rendering is fatal; one of a handler is logged and the module goes on', async () => {
  assert.throws(() => new Runner(code).mount(), /Error: no good/);
  const runner = await mounted(`<script>let n = $state(0);</script><button onclick={() => { n++; throw new Error('oh'); }}>{n}</button>`);
  runner.click(runner.page.find('button'));
  assert.match(runner.errors[0]!, /oh/);
  assert.equal(runner.page.text(), '1');
});
const { code } = await build(`<script>throw new Error('no good');</script><p>x</p>`);

test('bundle() finds the plugin: one file, one stylesheet, types in .svelte and .svelte.ts, the app\'s own use of the platform', async () => {
  const folder = write(
    `<script lang="ts">import { counter } from './counter.svelte.ts'; import { environment } from '@playconnect/module';
      function isInput(target: EventTarget | null): target is HTMLInputElement { return target instanceof HTMLInputElement; }
      document.addEventListener('click', (event) => counter.add(isInput(event.target) ? 10 : 1));
    </script><p class="x">{counter.n as number} {environment.locale}</p><input><style>.x { margin: 0 }</style>`,
    {
      'main.ts': `import { mount } from '@playconnect/svelte'; import App from './App.svelte'; mount(App);`,
      'counter.svelte.ts': `interface Counter { n: number; add(by: number): void } let n: number = $state(0); export const counter: Counter = { get n() { return n; }, add(by: number): void { n += by; } };`,
    },
  );
  writeFileSync(path.join(folder, 'package.json'), '{ "dependencies": { "@playconnect/svelte": "0.1.0" } }');
  const result = await bundle({ entry: 'main.ts', out: 'dist/app.js', root: folder, log: false });
  const made = (name: string): string => readFileSync(path.join(folder, 'dist', name), 'utf8');
  const runner = new Runner(made('app.js')).mount();
  const name = runner.page.find('p').attributes.get('class')!.split(' ').find((part) => part.startsWith('svelte-'));
  assert.equal(made('app.css').trim(), `.x.${name}{margin:0}`);
  runner.click(runner.page.find('input'));
  runner.click(runner.page.find('p'));
  assert.equal(runner.page.text(), '11 de-CH');
  assert.ok(result.inputs.some((file) => file.endsWith('counter.svelte.ts')));
});

test('a global that a module does not have is found in a component, with its place', async () => {
  const folder = write(`<p>x</p>\n<script>\n  localStorage.setItem('a', 'b');\n</script>`, { 'main.ts': `import { mount } from '@playconnect/svelte'; import App from './App.svelte'; mount(App);` });
  await assert.rejects(
    bundle({ entry: 'main.ts', out: 'dist/app.js', root: folder, plugins: [svelte()], log: false, write: false }),
    /App\.svelte:3:3: `localStorage` is not there in a module/,
  );
});

test('options that the plugin sets itself are refused', () => {
  assert.throws(() => svelte({ compilerOptions: { css: 'injected' } as never }), /compilerOptions: { css } }\): @playconnect\/svelte sets `css` itself/);
});

test('state is kept when the page wants everything again', async () => {
  const runner = await mounted(`<script>let n = $state(0); let text = $state('');</script><button onclick={() => n++}>{n}</button><input bind:value={text}>{#each { length: n } as _, at}<i>{at}</i>{/each}`);
  runner.click(runner.page.find('button'));
  runner.type(runner.page.find('input'), 'typed');
  const before = runner.page.html();
  runner.turn([{ kind: 'resync', node: 0 }]);
  assert.equal(runner.page.html(), before);
  assert.equal(runner.page.find('input').properties.get('value'), 'typed');
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.text(), '201');
});

test('a module that is rebuilt from its memory goes on: the same bundle, restored', async () => {
  const runner = await mounted(`<script>let n = $state(0);</script><button onclick={() => n++}>{n}</button>`);
  runner.click(runner.page.find('button'));
  runner.restored({ incarnation: 1 });
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.text(), '2');
});

test('actions find their way in the tree by selectors, and selectors that are not known are errors', async () => {
  const runner = await mounted(`<script>
      const look = (node) => {
        log(node.closest('[data-x]').dataset.x, node.querySelectorAll('li:not(.off) > b, li:last-child').length, node.querySelector('#b')?.textContent, node.matches('ul.list[role="list"]'));
        try { node.querySelector(':hover'); } catch (error) { log(error.message); }
        try { node.querySelector('li['); } catch (error) { log(error.message.slice(0, 31)); }
      };
    </script><div data-x="found"><ul class="list" role="list" use:look><li><b>a</b></li><li class="off"><b id="b">b</b></li><li>c</li></ul></div>`);
  assert.deepEqual(log(runner), ['found 2 b true', 'selectors in a module know no `:hover`, as in `:hover`: select by type, class, id, attribute or structure', '`li[` is not a selector: Expect']);
});

test('body is found by its selector, and is the end of the slot', async () => {
  const runner = await mounted(
    `<script>let on = $state(false); const portal = (node) => { for (const body of document.querySelectorAll('body')) document.querySelector('body').append(node); };</script>
    <button onclick={() => (on = !on)}>b</button>{#if on}<i use:portal>i</i>{/if}<p>p</p>`,
  );
  const button = runner.page.find('button');
  runner.click(button);
  assert.match(runner.page.html(), /<p>p<\/p><i>i<\/i>$/);
  runner.click(button);
  assert.match(runner.page.html(), /<p>p<\/p>$/);
});

test('properties that are whole numbers make numbers of what they are given', async () => {
  const runner = await mounted(`<script>let n = $state(3.7);</script><button onclick={() => (n = undefined)}>b</button><ol><li value={n}>x</li></ol><progress value={n}></progress>`);
  const value = (tag: string): string | undefined => runner.page.find(tag).attributes.get('value');
  assert.deepEqual([value('li'), value('progress')], ['3', '3.7']);
  runner.click(runner.page.find('button'));
  assert.equal(value('li'), '0');
});

test('an overlay is a popover, however it is made', async () => {
  const runner = await mounted(`<script>let n = $state(0);</script><button onclick={() => n++}>more</button>{#each { length: n } as _, at}<pc-overlay class="over"><b>{at}</b></pc-overlay>{/each}`);
  runner.click(runner.page.find('button'));
  runner.click(runner.page.find('button'));
  const overlay = (at: number) => `<pc-overlay class="over" popover="manual"><b>${at}</b></pc-overlay>`;
  assert.ok(runner.page.html().includes(overlay(0) + overlay(1)), runner.page.html());
});
