import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Runner } from '../../module/test/runner';
import { build, log, mounted, run } from './app';

test('a click counts, and changes one text', async () => {
  const runner = await mounted(`<script setup>import { ref } from 'vue'; const n = ref(0);</script><template><button @click="n++">count: {{ n }}</button></template>`);
  assert.equal(runner.page.html(), '<button>count: 0</button>');
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.html(), '<button>count: 1</button>');
  assert.equal(runner.page.ops.length, 1);
  assert.equal(runner.outcome!.lane, 0);
});

test('events of one turn see each other: each is rendered before the next', async () => {
  const runner = await mounted(`<script setup>import { ref } from 'vue'; const n = ref(0);</script><template><button @click="$event.target.textContent === String(n) && n++" v-text="n" /></template>`);
  const button = runner.page.find('button');
  runner.turn([1, 2, 3].map(() => runner.event(button, 'click')));
  assert.equal(runner.page.text(), '3');
});

test('keyed children keep their nodes', async () => {
  const runner = await mounted(`<script setup>import { ref } from 'vue'; const keys = ref([1, 2, 3, 4, 5]); globalThis.set = (k) => (keys.value = k);</script><template><ul><li v-for="key in keys" :key="key" :id="'k' + key">{{ key }}</li></ul></template>`);
  for (const keys of [[5, 4, 3, 2, 1], [1, 3, 5, 7], [7, 1, 5, 2]]) {
    const before = new Map(runner.page.all('li').map((li) => [li.attributes.get('id'), li]));
    run(runner, `set([${keys}])`);
    assert.equal(runner.page.text(), keys.join(''));
    for (const li of runner.page.all('li')) if (before.has(li.attributes.get('id'))) assert.equal(li, before.get(li.attributes.get('id')));
  }
});

test('1,000 times shown and hidden leave no node, listener or timer behind', async () => {
  const runner = await mounted({
    'App.vue': `<script setup>import { ref, Transition } from 'vue'; import Part from './Part.vue'; const on = ref(true), n = ref(0); globalThis.set = (o) => { on.value = o; n.value++; };</script><template><main><Part v-if="on" :n="n" /></main></template>`,
    'Part.vue': `<script setup>
      import { onMounted, onUnmounted, ref } from 'vue'; const text = ref(''), props = defineProps(['n']); let timer;
      onMounted(() => (timer = setInterval(() => {}, 1000))); onUnmounted(() => clearInterval(timer));
      </script><template><h2 @click="text = 'x'">{{ n }}</h2><input v-model.trim="text"><select v-model="text"><option>a</option></select><Teleport to="body"><dialog>{{ n }}</dialog></Teleport></template>
      <style scoped>h2 { color: v-bind(text) }</style>`,
  });
  run(runner, 'set(false)');
  const empty = runner.page.nodes.size;
  for (let round = 0; round < 1000; round++) {
    run(runner, 'set(true)');
    run(runner, 'set(false)');
  }
  assert.equal(runner.page.nodes.size, empty);
  assert.equal(runner.outcome!.nextTimerUs, null);
  assert.deepEqual(runner.errors, []);
});

test('what is typed is not written back; a model that differs is, in answer to the event', async () => {
  const runner = await mounted(`<script setup>import { ref, watch } from 'vue'; const text = ref('ab'); watch(text, (now) => (text.value = now.slice(0, 3)));</script><template><input v-model="text">{{ text }}</template>`);
  const input = runner.page.find('input');
  assert.equal(input.properties.get('value'), 'ab');
  runner.type(input, 'abc');
  assert.deepEqual(runner.page.ops.map(({ op }) => op), [5]);
  runner.type(input, 'abcd');
  assert.equal(input.properties.get('value'), 'abc');
  assert.equal(input.answers.get('value'), 2);
});

test('while an input method composes, the model waits', async () => {
  const runner = await mounted(`<script setup>import { ref } from 'vue'; const text = ref(''), n = ref(0);</script><template><input v-model="text"><i>{{ text }}</i><button @click="n++">{{ n }}</button></template>`);
  const input = runner.page.find('input');
  const form = (value: string) => ({ form: { value, checked: false, selection: null, selected: [] } });
  runner.fire(input, 'compositionstart', form(''));
  runner.fire(input, 'input', form('k'));
  runner.click(runner.page.find('button'));
  assert.equal(runner.page.text(runner.page.find('i')), '');
  assert.equal(input.properties.get('value'), undefined);
  runner.fire(input, 'input', form('か'));
  runner.fire(input, 'compositionend', form('か'));
  assert.equal(runner.page.text(runner.page.find('i')), 'か');
  runner.fire(input, 'input', form('かa'));
  assert.equal(runner.page.text(runner.page.find('i')), 'かa');
});

test('a slot for another module is no component, and what is heard of it', async () => {
  const runner = await mounted(`<script setup>globalThis.log = []; const say = (what) => globalThis.log.push(what);</script>
    <template><div @click="say('div')"><p @click="say('p')" :listen="{ click: { through: true } }"><pc-slot name="aside" class="place"><i>wait</i></pc-slot></p></div></template>`);
  const { page } = runner;
  assert.equal(page.html(), '<div><p><pc-slot class="place" name="aside"><i>wait</i></pc-slot></p></div>');
  runner.click(page.find('pc-slot'));
  assert.deepEqual(log(runner), ['p']);
  assert.deepEqual(runner.logs, []);
});

test('what prevents the default, and stops the event for others, is declared', async () => {
  const runner = await mounted(`<script setup>
    import { ref } from 'vue'; globalThis.log = []; const say = (what) => globalThis.log.push(what), ready = ref(false);
    const sent = (event) => { event.preventDefault(); say([...new FormData(event.currentTarget)].join(';')); };
    </script>
    <template>
      <form id="own" @submit="sent" /><form id="vue" @submit.prevent="say('vue')" /><form id="native" @submit="say('native')" :listen="{ submit: { preventDefault: false } }" />
      <textarea @keydown.enter.exact.prevent="say('enter')" @keydown.ctrl.s.prevent="say('save')" @keydown="say($event.key)" />
      <input id="listen" :listen="{ keydown: { preventDefault: 'Enter-Shift' } }" @keydown="$event.key === 'Enter' && $event.preventDefault()">
      <a id="stop" @click.stop.prevent="say('a')" /><a id="held" @click.ctrl.prevent="say('held')" /><a id="self" @click.self.prevent="say('self')" /><a id="plain" @click="$event.preventDefault()" />
      <p id="passive" @scroll.passive="say('scroll')" /><p id="through" @click="say('through')" :listen="{ click: { through: true, stopPropagation: ready } }" /><button @click="ready = true" />
    </template>`);
  const { page } = runner;
  const listener = (id: string, type: string) => page.find(id).listeners.get(type);
  assert.deepEqual(listener('#own', 'submit'), { flags: 2, filter: '' });
  assert.deepEqual(listener('#vue', 'submit'), { flags: 2, filter: '' });
  assert.deepEqual(listener('#native', 'submit'), { flags: 0, filter: '' });
  assert.deepEqual(listener('textarea', 'keydown'), { flags: 2, filter: 'Enter-Control-Alt-Shift-Meta s+Control S+Control' });
  assert.deepEqual(listener('#listen', 'keydown'), { flags: 2, filter: 'Enter-Shift' });
  assert.deepEqual(listener('#stop', 'click'), { flags: 6, filter: '' });
  assert.deepEqual(listener('#held', 'click'), { flags: 0, filter: '' });
  assert.deepEqual(listener('#self', 'click'), { flags: 0, filter: '' });
  assert.deepEqual(listener('#passive', 'scroll'), { flags: 1, filter: '' });
  assert.deepEqual(listener('#through', 'click'), { flags: 16, filter: '' });
  runner.click(page.find('button'));
  assert.deepEqual(listener('#through', 'click'), { flags: 20, filter: '' });

  runner.fire(page.find('#own'), 'submit', { detail: { kind: 'submit', entries: [['a', '1'], ['b', 'é']] } });
  runner.fire(page.find('textarea'), 'keydown', { modifiers: 2, detail: { kind: 'key', key: 's', code: 'KeyS' } });
  runner.fire(page.find('textarea'), 'keydown', { modifiers: 8, detail: { kind: 'key', key: 'Enter', code: 'Enter' } });
  assert.deepEqual(log(runner), ['a,1;b,é', 'save', 's', 'Enter']);
  assert.deepEqual(runner.logs, []);
  runner.click(page.find('#plain'));
  runner.click(page.find('#plain'));
  assert.equal(runner.logs.length, 1);
  assert.match(runner.logs[0]!, /^warn preventDefault\(\) on `click` has no effect.*Declare it instead: the modifier \.prevent.*:listen="\{ click: \{ preventDefault: true \} \}"/);
});

test('refs are elements that can be told what to do', async () => {
  const runner = await mounted(`<script setup>
    import { onMounted, useTemplateRef } from 'vue'; const input = useTemplateRef('input'), dialog = useTemplateRef('dialog');
    onMounted(() => input.value.focus()); const all = () => { input.value.select(); input.value.setSelectionRange(1, 2); input.value.scrollIntoView(); input.value.blur(); dialog.value.showModal(); dialog.value.close(); };
    </script><template><input ref="input"><dialog ref="dialog" /><button @click="all" /></template>`);
  assert.deepEqual(runner.page.calls, ['focus <input>']);
  runner.click(runner.page.find('button'));
  assert.deepEqual(runner.page.calls, ['select <input>', 'scrollIntoView <input>', 'blur <input>', 'showModal <dialog>', 'close <dialog>']);
  assert.deepEqual(runner.page.find('input').properties.get('selection'), [1, 2]);
});

test('an error that nobody catches is logged with its components, and the rest goes on', async () => {
  const runner = await mounted({
    'App.vue': `<script setup>import { ref } from 'vue'; import Part from './Part.vue'; const n = ref(0);</script><template><Part :n="n" /><button id="n" @click="n++">{{ n }}</button></template>`,
    'Part.vue': `<script setup>
      import { watch } from 'vue'; const props = defineProps(['n']); watch(() => props.n, (n) => { if (n === 1) throw new Error('watched'); });
      const fail = () => { throw new Error('clicked'); }; const later = async () => { throw new Error('async'); };
      </script><template><i v-if="n < 2">{{ n }}</i><i v-else>{{ n.no.such }}</i><button id="a" @click="fail" /><button id="b" @click="later" /></template>`,
  });
  const { page } = runner;
  runner.click(page.find('#a'));
  assert.match(runner.errors.at(-1)!, /^error uncaught in native event handler: Error: clicked[^]*\n    in <Part>\n    in <App>$/);
  runner.click(page.find('#b'));
  assert.match(runner.errors.at(-1)!, /uncaught in native event handler: Error: async/);
  runner.click(page.find('#n'));
  assert.match(runner.errors.at(-1)!, /uncaught in watcher callback: Error: watched/);
  assert.equal(page.text(), '11');
  runner.click(page.find('#n'));
  assert.match(runner.errors.at(-1)!, /uncaught in render function: TypeError/);
  assert.equal(runner.errors.length, 4);
  assert.match(page.text(), /2$/);
});

test('an error in setup is logged; a handler of the app or of a component above gets it instead', async () => {
  const broken = `<script setup>throw new Error('in setup')</script><template>never</template>`;
  const logged = await mounted({ 'App.vue': `<script setup>import Broken from './Broken.vue'</script><template><b>rest</b><Broken /></template>`, 'Broken.vue': broken });
  assert.equal(logged.page.text(), 'rest');
  assert.match(logged.errors[0]!, /uncaught in setup function: Error: in setup[^]*in <Broken>\n    in <App>/);

  const handled = await mounted({
    'main.ts': `import { createApp } from 'vue'; import App from './App.vue'; const app = createApp(App); app.config.errorHandler = (error) => console.log('handled ' + (error as Error).message); app.mount('#app');`,
    'App.vue': `<script setup>import Broken from './Broken.vue'</script><template><b>rest</b><Broken /></template>`,
    'Broken.vue': broken,
  });
  assert.deepEqual(handled.logs, ['info handled in setup']);

  const caught = await mounted({
    'App.vue': `<script setup>import { onErrorCaptured, ref } from 'vue'; import Broken from './Broken.vue'; const error = ref(null); onErrorCaptured((e) => { error.value = e.message; return false; });</script><template><em v-if="error">{{ error }}</em><Broken v-else /></template>`,
    'Broken.vue': broken,
  });
  assert.equal(caught.page.html(), '<em>in setup</em>');
  assert.deepEqual(caught.logs, []);
});

test('v-html is an error of the build with its place, and in compiled libraries one at run time', async () => {
  await assert.rejects(build(`<script setup>\nconst html = '<b>';\n</script>\n<template>\n  <p\n    v-html="html"\n  />\n</template>`), /App\.vue:6:4: ERROR: (\[plugin: playconnect-vue\] )?v-html is not possible in a module/);
  await assert.rejects(
    mounted({ 'App.vue': `<script>import { h } from 'vue'; export default { render: () => h('p', { innerHTML: '<b>' }) };</script>` }),
    /<p>: v-html and innerHTML are not possible: a module hands the page no HTML text/,
  );
});

test('faults of a component are errors of the build with their place', async () => {
  const cases: [source: string, expected: RegExp][] = [
    ['<template>\n  <p>{{ a b }}</p>\n</template>\n<script setup>\nlet x;\n</script>', /App\.vue:2:\d+: ERROR: .*Error parsing JavaScript expression/],
    ['<template>\n  <p>\n</template>', /App\.vue:2:2: ERROR: .*Element is missing end tag/],
    ['<script setup>\nconst x = ;\n</script>', /App\.vue:2:\d+: ERROR: .*Unexpected token/],
    ['<script setup>\nimport { ref } from "vue";\n\nconst width = localStorage.getItem("w");\n</script><template>{{ width }}</template>', /App\.vue:4:15: `localStorage` is not there in a module/],
    ['<template><p /></template>\n<style scoped>\n.a { color: red\n</style>', /App\.vue:\d+:\d+: ERROR: .*Unclosed block/],
    ['<template><p /></template>\n<style lang="scss">$a: 1;</style>', /App\.vue:2:\d+: ERROR: .*lang="scss" needs a package that is not installed: Cannot find module 'sass'/],
    ['<template src="./gone.html" />', /App\.vue:1:\d+: ERROR: .*the file of src="\.\/gone\.html" cannot be read/],
  ];
  for (const [source, expected] of cases) await assert.rejects(build(source), expected, source);
});

test('styles go into the stylesheet of the bundle', async () => {
  const { css } = await build({
    'App.vue': `<script setup>import './own.css'; import Card from './Card.vue'</script><template><Card class="x"><p class="in" /></Card></template><style>:host { display: block }</style><style scoped>.x { top: 0 } .x :deep(b) { left: 0 }</style><style module>.y { right: 0 }</style>`,
    'own.css': '.own { margin: 0 }',
    'Card.vue': `<template><div><slot /></div></template><style scoped src="./card.css"></style>`,
    'card.css': ':slotted(.in) { bottom: 0 }',
  });
  for (const expected of [/\.own\{margin:0\}/, /:host\{display:block\}/, /\.x\[data-v-[0-9a-f]{8}\]\{top:0\}/, /\.x\[data-v-[0-9a-f]{8}\] b\{left:0\}/, /\._y_\w+\{right:0\}/, /\.in\[data-v-[0-9a-f]{8}-s\]\{bottom:0\}/]) {
    assert.match(css, expected);
  }
});

test('templates in files of their own and JSX are compiled', async () => {
  const runner = await mounted({
    'App.vue': `<template src="./app.html" /><script lang="ts">import { defineComponent } from 'vue'; import Tsx from './Tsx'; export default defineComponent({ components: { Tsx }, data: () => ({ n: 1 as number }) })</script>`,
    'app.html': '<p @click="n++"><Tsx :n="n" /></p>',
    'Tsx.tsx': `export default (props: { n: number }) => <><b class={'c' + props.n}>{props.n}</b>!</>;`,
  });
  runner.click(runner.page.find('p'));
  assert.equal(runner.page.html(), '<p><b class="c2">2</b>!</p>');
});

test('static parts of compiled libraries are read; other HTML is an error', async () => {
  const runner = await mounted({
    'App.vue': `<script>import { createStaticVNode, h } from 'vue';
      const html = '<p class="a" title="&quot;&lt;">1 &amp; 2<br><!--c--></p>text<svg viewBox="0 0 1 1"><path d="M0"></path><foreignObject><i hidden></i></foreignObject></svg>';
      export default { data: () => ({ on: true }), render() { return [this.on ? createStaticVNode(html, 3) : null, h('button', { onClick: () => (this.on = !this.on) })]; } };</script>`,
  });
  const { page } = runner;
  assert.match(page.html(), /^<p class="a" title=""<">1 & 2<br><\/br><!--c--><\/p>text<svg viewBox="0 0 1 1"><path d="M0"><\/path><foreignObject><i hidden=""><\/i><\/foreignObject><\/svg>/);
  assert.deepEqual(['svg', 'path', 'i'].map((tag) => page.find(tag).namespace), [1, 1, 0]);
  runner.click(page.find('button'));
  assert.equal(page.html(), '<!----><button></button>');
  await assert.rejects(
    mounted({ 'App.vue': `<script>import { createStaticVNode } from 'vue'; export default { render: () => createStaticVNode("<p title='x'>", 1) };</script>` }),
    /a static part of a template cannot be read at `<p title='x'>`/,
  );
});

test('Teleport to `body` goes to the end of the slot; a target that is not there is said', async () => {
  const runner = await mounted(`<template><main><Teleport to="body"><dialog open>d</dialog></Teleport><Teleport to="#nowhere"><i /></Teleport></main></template>`);
  assert.match(runner.page.html(), /<\/main><dialog open="">d<\/dialog>$/);
  assert.match(runner.errors[0]!, /nothing in the slot matches `#nowhere`/);
});

test('what is teleported to `body` stays behind the app, and in its order', async () => {
  const runner = await mounted(`<script setup>import { ref } from 'vue'; const n = ref(0);</script>
    <template><button @click="n++" /><Teleport to="body"><i>{{ n }}</i></Teleport><Teleport v-if="n % 2" to="body"><b /></Teleport><p v-if="n" /><p v-for="at in n" :key="at" /></template>`);
  const { page } = runner;
  const tags = (): string => page.slot.children.filter((node) => node.data === null).map((node) => node.tag).join(' ');
  assert.equal(tags(), 'button i');
  runner.click(page.find('button'));
  assert.equal(tags(), 'button p p i b');
  runner.click(page.find('button'));
  assert.equal(tags(), 'button p p p i');
});

test('KeepAlive gives its nodes back and keeps what was typed', async () => {
  const runner = await mounted({
    'App.vue': `<script setup>import { ref } from 'vue'; import One from './One.vue'; const on = ref(true);</script><template><KeepAlive><One v-if="on" /></KeepAlive><button @click="on = !on" /></template>`,
    'One.vue': `<template><section><input><b v-for="n in 10">{{ n }}</b></section></template>`,
  });
  const { page } = runner;
  const before = page.nodes.size;
  runner.evaluate(`0`);
  runner.click(page.find('button'));
  assert.ok(page.nodes.size < before - 20);
  runner.click(page.find('button'));
  assert.equal(page.nodes.size, before);
});

test('a second app in the slot is an error, one in an element is fine', async () => {
  const runner = await mounted({
    'main.ts': `import { createApp } from 'vue'; import App from './App.vue'; import Two from './Two.vue'; const app = createApp(App);
      app.mount('#app'); globalThis.two = (where: string | undefined) => createApp(Two).mount(where); globalThis.gone = () => app.unmount();`,
    'App.vue': `<template><main id="m" /></template>`,
    'Two.vue': `<template><b>two</b></template>`,
  });
  run(runner, `two('#m')`);
  assert.equal(runner.page.html(), '<main id="m"><b>two</b></main>');
  run(runner, `two('#none')`);
  assert.match(runner.errors.at(-1)!, /an app is mounted in the slot already/);
  run(runner, `gone(); two()`);
  assert.equal(runner.page.html(), '<b>two</b>');
});

test('what a module cannot have says so when it is used, and is there to be imported', async () => {
  const runner = await mounted({
    'App.vue': `<script setup>import * as vue from 'vue'; globalThis.vue = vue;</script><template><p /></template>`,
  });
  // Vue's own list of what it exports.
  const names = Object.keys(await import('vue')).filter((name) => !['default', '__esModule', 'nodeOps', 'patchProp', 'module.exports'].includes(name));
  assert.deepEqual(names.filter((name) => runner.evaluate(`${JSON.stringify(name)} in vue`) !== true), []);
  assert.throws(() => runner.evaluate(`vue.compile('<p>')`), /compile\(\) is not possible in a module: templates are compiled when the module is built/);
  assert.throws(() => runner.evaluate(`vue.defineCustomElement({})`), /defineCustomElement\(\) is not possible/);
});

test('mount() is createApp().mount() without a name for the slot', async () => {
  const { code } = await build({ 'main.ts': `import { mount } from '@playconnect/vue'; import App from './App.vue'; mount(App, { n: 3 });`, 'App.vue': `<script setup>defineProps(['n'])</script><template>{{ n }}</template>` });
  assert.equal(new Runner(code).mount().page.text(), '3');
});

test('among the dependencies of an app the plugin is found by itself', async () => {
  const { code, css } = await build({ 'package.json': '{ "dependencies": { "@playconnect/vue": "0.1.0", "vue": "3.5.45" } }', 'App.vue': `<template><p>found</p></template><style scoped>p { top: 0 }</style>` }, []);
  assert.match(new Runner(code).mount().page.html(), /^<p data-v-[0-9a-f]{8}="">found<\/p>$/);
  assert.match(css, /p\[data-v-/);
  await assert.rejects(build({ 'package.json': '{}', 'App.vue': '<template><p /></template>' }, []), /It takes @playconnect\/vue among the dependencies/);
});

test('a ref holds the element itself, and no reactive stand-in', async () => {
  const runner = await mounted(`<script setup>
    import { onMounted, ref } from 'vue';
    const el = ref(null);
    const said = (...values) => (globalThis.log ??= []).push(values.join(' '));
    onMounted(() => { said(el.value === document.querySelector('input'), el.value.isConnected); el.value.focus(); said(document.activeElement === el.value); });
  </script><template><input ref="el"></template>`);
  assert.deepEqual(log(runner), ['true true', 'true']);
});
