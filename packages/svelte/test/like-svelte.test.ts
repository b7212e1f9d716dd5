import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, click, close, compare, focus, key, launch, reset, toggle, type, wait, type Step } from './oracle';
import type { Options } from './mounted';

before(launch);
after(close);

/** The component makes the same page in Chromium and in a module, at the start and after each step. */
function same(name: string, app: string, steps: Step[], options: Options = {}): void {
  test(name, async () => {
    const { expected, actual } = await compare(app, steps, options);
    const looked = steps.filter((_, at) => steps[at + 1]?.do !== 'wait');
    actual.forEach((page, at) => assert.equal(page, expected[at], at === 0 ? 'at the start' : `after step ${at}: ${JSON.stringify(looked[at - 1])}`));
    // A scenario in which nothing ever changes would prove little.
    if (steps.length > 0) assert.ok(new Set(expected).size > 1, 'no step changed the page');
  });
}

same(
  'runes: state, derived, effects, props, bindable, snippets, context',
  `<script>
    import { setContext, untrack } from 'svelte';
    import Child from './Child.svelte';
    let n = $state(1);
    let items = $state([{ done: false }]);
    let double = $derived(n * 2);
    let seen = $state([]);
    $effect(() => { seen = [...untrack(() => seen), n].slice(-3); });
    $effect.pre(() => { void n; });
    setContext('key', { get n() { return n; } });
  </script>
  <button id="add" onclick={() => n++}>add</button><button id="push" onclick={() => items.push({ done: n % 2 === 0 })}>push</button>
  <button id="flip" onclick={() => (items[0].done = !items[0].done)}>flip</button>
  {#snippet row(item, at)}<li class={['row', { done: item.done }]}>{at}: {item.done}</li>{/snippet}
  <ul>{#each items as item, at}{@render row(item, at)}{/each}</ul>
  <Child bind:count={n} {double} title="t" data-extra={n}>{#snippet footer(text)}<em>{text}</em>{/snippet}inner {double}</Child><p>{seen.join()}</p>`,
  [click('add'), click('push'), click('flip'), click('child'), click('push'), click('add')],
  {
    files: {
      'Child.svelte': `<script>
        import { getContext } from 'svelte';
        let { count = $bindable(), double, children, footer, ...rest } = $props();
        const context = getContext('key');
        let id = $props.id();
      </script>
      <button id="child" {...rest} onclick={() => (count += 10)}>{count}/{double}/{context.n}</button>{@render children()}{@render footer('foot ' + double)}<i>{id.length}</i>`,
    },
  },
);

same(
  'if, else if, key, await, each with else',
  `<script>
    let n = $state(0); let list = $state([]); let promise = $state();
    const later = (value, ms, fails) => new Promise((done, fail) => setTimeout(() => (fails ? fail(new Error(value)) : done(value)), ms));
  </script>
  <button id="n" onclick={() => n++}>n</button><button id="l" onclick={() => (list = list.length ? [] : [1, 2])}>l</button>
  <button id="ok" onclick={() => (promise = later('ok', 20))}>ok</button><button id="bad" onclick={() => (promise = later('bad', 20, true))}>bad</button>
  {#if n === 0}zero{:else if n < 3}<b>few {n}</b>{:else}<i>many</i>{/if}
  {#key n}<span>{n}</span>{/key}
  {#each list as x}<p>{x}</p>{:else}<p>none</p>{/each}
  {#await promise}<u>waiting</u>{:then value}<u>got {value}</u>{:catch error}<u>failed {error.message}</u>{/await}`,
  [click('n'), click('n'), click('n'), click('l'), click('ok'), wait(30), click('bad'), wait(30), click('l')],
);

same(
  'keyed each in 20 random orders, of components and of several nodes',
  `<script>
    import Row from './Row.svelte';
    let keys = $state(Array.from({ length: 50 }, (_, at) => at)); let seed = 1;
    const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    function shuffle() {
      const next = Array.from({ length: 60 }, (_, at) => at).filter(() => random(5) > 0);
      for (let at = next.length - 1; at > 0; at--) { const other = random(at + 1); [next[at], next[other]] = [next[other], next[at]]; }
      keys = next;
    }
  </script>
  <button id="go" onclick={shuffle}>go</button>
  <ul>{#each keys as key, at (key)}<Row {key} {at} />{/each}</ul>{#each keys as key (key)}{key}{#if key % 2}<b>{key}</b>{/if},{/each}`,
  Array.from({ length: 20 }, () => click('go')),
  { files: { 'Row.svelte': `<script>let { key, at } = $props(); let first = $state.raw(''); $effect(() => { first ||= String(key); });</script><li>{at}.{key} {first}</li>` } },
);

same(
  'bind: value, numbers, textarea, checked, indeterminate, group, select, this',
  `<script>
    let text = $state('start'), number = $state(3), range = $state(), long = $state('a\\nb'), on = $state(true), some = $state(false);
    let pick = $state('b'), picks = $state(['x']), one = $state(2), many = $state(['a', 'c']), none = $state('nowhere');
    let element = $state(); let upper = $state('');
    const options = [{ id: 1 }, { id: 2 }, { id: 3 }];
    let chosen = $state(options[1]);
  </script>
  <input id="text" bind:value={text}><input id="number" type="number" bind:value={number}><input id="range" type="range" min="2" max="8" bind:value={range}>
  <textarea id="long" bind:value={long}></textarea><input id="on" type="checkbox" bind:checked={on}><input type="checkbox" bind:indeterminate={some}>
  <input id="upper" bind:value={() => upper, (v) => (upper = v.toUpperCase())}>
  {#each ['a', 'b', 'c'] as v}<input id="pick-{v}" type="radio" name="pick" value={v} bind:group={pick}>{/each}
  {#each ['x', 'y', 'z'] as v}<input id="picks-{v}" type="checkbox" value={v} bind:group={picks}>{/each}
  <select id="one" bind:value={one}><option value={1}>one</option><option value={2}>two</option><option value={3}>three</option></select>
  <select id="many" multiple bind:value={many}><option>a</option><option>b</option><option>c</option></select>
  <select id="none" bind:value={none}><option>a</option><option>b</option></select>
  <select id="objects" bind:value={chosen}>{#each options as option}<option value={option}>{option.id}</option>{/each}</select>
  <p bind:this={element}>{text}|{number}:{typeof number}|{range}|{long}|{on}|{pick}|{picks.join()}|{one}|{many.join()}|{none}|{chosen.id}|{upper}|{element?.localName}</p>
  <button id="set" onclick={() => { text = 'set'; number = null; range = 5; long = 'l'; on = false; pick = 'c'; picks = ['y', 'z']; one = 3; many = ['b']; none = 'b'; chosen = options[2]; upper = 'NEW'; }}>set</button>
  <button id="clear" onclick={() => { text = ''; one = 99; none = null; many = []; pick = null; }}>clear</button>`,
  [
    type('text', 'typed'),
    type('number', '42'),
    type('number', ''),
    type('range', '7'),
    type('long', 'x\ny\nz'),
    type('upper', 'abc'),
    toggle('on'),
    toggle('pick-a'),
    toggle('picks-y'),
    toggle('picks-x'),
    choose('one', 0),
    choose('many', 0, 1, 2),
    choose('objects', 0),
    click('set'),
    click('clear'),
    choose('none', 0),
    type('text', 'again'),
    click('set'),
  ],
);

same(
  'a select keeps its choice when options come and go',
  `<script>let n = $state(2), value = $state('3');</script>
  <select id="s" bind:value>{#each Array.from({ length: n }, (_, at) => String(at + 1)) as option (option)}<option value={option}>{option}</option>{/each}</select>
  <select value="2">{#each { length: n } as _, at}<option value={String(at)}>{at}</option>{/each}</select>
  <button id="more" onclick={() => n++}>more</button><button id="less" onclick={() => n--}>less</button><p>{value}</p>`,
  [click('more'), click('more'), choose('s', 3), click('less'), click('more'), choose('s', 1), click('more')],
);

same(
  'forms: defaults, reset by the person, reset by the module, submit',
  `<script>let text = $state('bound'), on = $state(true), sent = $state('');</script>
  <form id="form" onsubmit={(event) => { event.preventDefault(); sent = [...new FormData(event.currentTarget).keys()].join(); }}>
    <input id="text" name="text" bind:value={text} defaultValue="default"><input id="on" name="on" type="checkbox" bind:checked={on} defaultChecked={false}>
    <input id="free" name="free" value="plain"><textarea id="area" name="area" defaultValue="long"></textarea>
    <button id="again" type="button" onclick={(event) => event.currentTarget.form.reset()}>again</button>
  </form><p>{text}|{on}|{sent}</p>`,
  [type('text', 'x'), type('free', 'y'), toggle('on'), reset('form'), type('text', 'z'), toggle('on'), click('again')],
);

same(
  'attributes, properties, spreads, class: and style:',
  `<script>
    let n = $state(0);
    let spread = $derived({ title: 't' + n, disabled: n === 1, hidden: n === 2, 'data-n': n, 'aria-expanded': n > 1, tabindex: n, draggable: n === 1, spellcheck: n === 0, class: ['a', n && 'b'], style: 'color: red', inert: n === 3, lang: n ? 'de' : null });
  </script>
  <button id="go" onclick={() => n++} disabled={n > 9} aria-pressed={n === 1} title={n ? 'x' + n : undefined}>go</button>
  <div {...spread} class:c={n % 2} style:margin-top="{n}px" style:--gap={n} style:color={n > 1 ? 'blue' : undefined}></div>
  <button {...spread}>b</button><input {...{ type: 'text', value: 'v' + n, required: n === 1, placeholder: null, readonly: n > 1, maxlength: n + 1 }}>
  <p hidden={n === 1} class={n ? 'on' : null} style={n === 1 ? 'margin: 0px' : null} contenteditable={n === 2} translate={n === 2} inert={n === 1}></p>
  <p class="x {n}" class:y={n > 1} style="padding: 1px" style:border-width={n === 2 ? '2px' : null} style:width|important="{n}px"></p>
  <progress value={n} max="4"></progress><meter value={n / 4}></meter><ol reversed={n > 0} start={n}><li value={n}>x</li></ol><details open={n === 2}><summary>s</summary>d</details>
  <video muted={n > 0} controls={n > 1} loop={n > 2}></video><label for="go">l</label><a href="/x{n}" download={n === 1}>a</a><td-x some-prop={n}></td-x>
  <img alt="" src="/i{n}.png" width={n} loading="lazy"><input id="list" list="d{n}" autocomplete="off"><textarea rows={n + 1}></textarea>`,
  [click('go'), click('go'), click('go'), click('go')],
);

same(
  'SVG, MathML, foreignObject, xlink, svelte:element with namespaces',
  `<script>let n = $state(1); let tag = $derived(['p', 'h2', 'hr', null][n % 4]); let shape = $derived(n % 2 ? 'circle' : 'rect');</script>
  <button id="go" onclick={() => n++}>go</button>
  <svg viewBox="0 0 10 10" class:on={n > 1}><g transform="rotate({n})" class="g{n}">{#if n > 1}<circle r={n} />{/if}{#each { length: n } as _, at}<path d="M{at} 0" />{/each}</g>
    <use xlink:href="#s{n}" /><foreignObject><div tabindex="1">{n}</div></foreignObject><svelte:element this={shape} width={n} /><text xml:lang="de">{n}</text></svg>
  <math><mfrac><mi>x</mi><mn>{n}</mn></mfrac>{#if n % 2}<mo>+</mo>{/if}</math>
  <svelte:element this={tag} class="dynamic" style:order={n}>{#if tag !== 'hr'}in {tag}{/if}</svelte:element>
  <svelte:element this={'svg'} xmlns="http://www.w3.org/2000/svg"><path d="M0 0" /></svelte:element>`,
  [click('go'), click('go'), click('go'), click('go')],
);

same(
  'events: bubbling, stopping, capturing, modifiers, once, several on one path, keys',
  `<script>
    import { on } from 'svelte/events';
    import { once, stopPropagation, self } from 'svelte/legacy';
    let log = $state([]); const say = (text) => (log = [...log, text].slice(-8));
    const action = (node, name) => { const off = on(node, 'click', () => say('action ' + name)); return { destroy: off, update: (next) => (name = next) }; };
  </script>
  <svelte:document onclick={() => say('document')} /><svelte:window onclick={(event) => say('window ' + event.target.id)} /><svelte:body onclick={() => say('body')} />
  <div onclick={() => say('outer')} onclickcapture={() => say('capture')}>
    <p onclick={(event) => { say('p ' + (event.currentTarget.localName) + event.target.localName); }}><b id="b" use:action={'b' + log.length}>b</b></p>
    <p onclick={(event) => { event.stopPropagation(); say('stopped'); }}><b id="stop">s</b></p>
    <b id="once" onclick={once(() => say('once'))}>o</b><b id="legacy" onclick={stopPropagation(() => say('legacy'))}>l</b>
    <p id="self" onclick={self(() => say('self'))}><b id="inself">i</b></p><button disabled id="off" onclick={() => say('off')}>x</button>
  </div>
  <input id="keys" onkeydown={(event) => say(event.key + event.shiftKey + event.bubbles)}><ul><li>{log.join(' · ')}</li></ul>`,
  [click('b'), click('stop'), click('once'), click('once'), click('legacy'), click('self'), click('inself'), key('keys', 'Enter'), key('keys', 'a', true)],
);

same(
  'legacy components: on: with modifiers, export let, $:, slots, stores, dispatchers, beforeUpdate',
  `<script>
    import { writable, derived } from 'svelte/store';
    import Old from './Old.svelte';
    const count = writable(1); const double = derived(count, (n) => n * 2);
    let heard = ''; let ref; let shown = true;
    $: label = 'n' + $count;
  </script>
  <button id="go" on:click={() => $count++} on:click|once={() => (heard += '!')}>go {$count} {$double}</button>
  <div on:click={() => (heard += 'd')}><b id="stop" on:click|stopPropagation={() => (heard += 's')}>s</b><b id="pass" on:click>p</b></div>
  {#if shown}<Old bind:this={ref} {label} on:said={(event) => (heard += event.detail)} let:value><em>{value}</em><i slot="named">named</i></Old>{/if}
  <button id="hide" on:click={() => (shown = !shown)}>hide</button><p>{heard} {typeof ref}</p>`,
  [click('go'), click('stop'), click('pass'), click('say'), click('go'), click('hide'), click('hide'), click('say')],
  {
    files: {
      'Old.svelte': `<script>
        import { createEventDispatcher, onMount, beforeUpdate, afterUpdate, onDestroy } from 'svelte';
        export let label = 'none'; let life = '';
        const dispatch = createEventDispatcher();
        onMount(() => { life += 'm'; }); beforeUpdate(() => {}); afterUpdate(() => {}); onDestroy(() => {});
        $: upper = label.toUpperCase();
      </script>
      <button id="say" on:click={() => dispatch('said', label)}>{upper} {life}</button><slot value={upper} /><slot name="named" /><slot name="missing">fallback</slot>`,
    },
  },
);

same(
  'boundaries catch and reset; pending async work',
  `<script>
    let broken = $state(false);
    function fail() { throw new Error('broken'); }
  </script>
  <button id="break" onclick={() => (broken = true)}>break</button>
  <svelte:boundary onerror={() => {}}>{#if broken}{fail()}{:else}<p>fine</p>{/if}
    {#snippet failed(error, reset)}<p>failed: {error.message}</p><button id="reset" onclick={() => { broken = false; reset(); }}>reset</button>{/snippet}</svelte:boundary>`,
  [click('break'), click('reset'), click('break')],
);

same(
  'await in components',
  `<script>
    let n = $state(1); let finish = [];
    const later = (value) => new Promise((done) => finish.push(() => done(value)));
  </script>
  <button id="go" onclick={() => n++}>go {n}</button><button id="come" onclick={() => finish.splice(0).forEach((run) => run())}>come</button>
  <svelte:boundary><p>{await later('got ' + n)}</p>{#snippet pending()}<p>pending</p>{/snippet}</svelte:boundary>`,
  [click('come'), click('go'), click('come'), click('go'), click('go'), click('come')],
  { compilerOptions: { experimental: { async: true } } },
);

same(
  'transitions end as they do, intros and outros, and lists wait for them',
  `<script>
    import { fade, fly, scale, blur } from 'svelte/transition';
    let on = $state(true), list = $state([1, 2, 3]), events = $state('');
    const own = (node, { duration }) => ({ duration, tick: (t) => (node.dataset.t = String(t === 1 || t === 0 ? t : 'between')) });
  </script>
  <button id="go" onclick={() => (on = !on)}>go</button><button id="list" onclick={() => (list = list.length > 2 ? [3, 4] : [1, 2, 3])}>list</button>
  {#if on}<p transition:fade={{ duration: 40 }} onintroend={() => (events += 'i')} onoutroend={() => (events += 'o')}>p</p><i in:fly={{ y: 9, duration: 30 }} out:scale={{ duration: 30 }}>i</i><b transition:own={{ duration: 30 }}>b</b>{/if}
  <ul>{#each list as item (item)}<li transition:blur={{ duration: 30 }}>{item}</li>{/each}</ul><u>{events}</u>`,
  [click('go'), wait(100), click('go'), wait(100), click('list'), wait(100), click('list'), wait(100)],
);

same(
  'stores, motion and reactive built-ins',
  `<script>
    import { SvelteMap, SvelteSet, SvelteDate } from 'svelte/reactivity';
    import { Tween } from 'svelte/motion';
    import { shared } from './shared.svelte.js';
    const map = new SvelteMap(), set = new SvelteSet([1]); const tween = new Tween(0, { duration: 50 });
  </script>
  <button id="go" onclick={() => { map.set('k' + map.size, map.size); set.add(map.size); shared.bump(); tween.target = 8; }}>go</button>
  <p>{[...map.keys()].join()}|{[...set].join()}|{shared.n}</p><b>{tween.current === 0 || tween.current === 8 ? tween.current : 'between'}</b>`,
  [click('go'), wait(150), click('go'), wait(150)],
  { files: { 'shared.svelte.js': `class Shared { n = $state(0); twice = $derived(this.n * 2); bump() { this.n += 1; } } export const shared = new Shared();` } },
);

same(
  'focus, activeElement, autofocus; actions with a context of the document; attachments; a custom event',
  `<script>
    let active = $state(), heard = $state(''), n = $state(0);
    function outside(node) {
      const handle = (event) => { if (!node.contains(event.target)) node.dispatchEvent(new CustomEvent('outclick', { detail: event.target.id })); };
      document.addEventListener('click', handle, true);
      return { destroy: () => document.removeEventListener('click', handle, true) };
    }
    const attach = (node) => { node.classList.add('attached'); node.dataset.n = '1'; node.style.setProperty('--x', '2'); node.append('!', document.createElement('wbr')); return () => node.remove(); };
    const portal = (node) => { node.closest('div').parentNode.querySelector('#port').appendChild(node); };
  </script>
  <svelte:document bind:activeElement={active} />
  <div><div use:outside onoutclick={(event) => (heard += event.detail)}><button id="in" onclick={() => n++}>in</button></div><button id="out">out</button><i use:portal>ported {n}</i></div>
  <input id="field" onfocus={() => (heard += 'f')}><button id="to" onclick={() => document.querySelector('#field').focus()}>to</button>
  <p {@attach attach}>x</p><b id="port"></b><p>{heard}|{active?.id}</p>`,
  [click('in'), click('out'), focus('field')],
);
