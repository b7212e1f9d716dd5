import { after, before, test } from 'node:test';
import { sameAsVue, startBrowser, stopBrowser } from './oracle';

before(startBrowser);
after(stopBrowser);

test('a counter, texts, and bindings of every kind of value', async () => {
  await sameAsVue(
    `<script setup>
     import { ref } from 'vue';
     const n = ref(0);
     const values = [null, undefined, '', 'x', 0, 5, true, false];
     const numbers = [null, 3, '', '7', undefined, 5, 1, 2];
     </script>
     <template>
       <button id="more" @click="n++" :class="['a', { b: n % 2 }]" :style="{ marginTop: n + 'px', '--n': n, color: n > 1 ? null : 'red' }">{{ n }} &amp; {{ values[n] }}</button>
       <input id="i" :disabled="values[n]" :readonly="values[n]" :placeholder="values[n]" :maxlength="numbers[n]" :required="values[n]" :title="values[n]">
       <p :hidden="values[n]" :tabindex="values[n]" :aria-hidden="values[n]" :data-x="values[n]" :spellcheck="values[n]" :draggable="values[n]" :id="values[n]" :dir="values[n]" :lang="values[n]"></p>
       <a :href="values[n]" :download="values[n]" :target="values[n]"></a>
       <form :novalidate="values[n]"><button :formnovalidate="values[n]" :type="values[n]"></button></form>
       <textarea :rows="numbers[n]" :cols="3" :readonly="values[n]"></textarea>
       <ol :start="numbers[n]" :reversed="values[n]"><li :value="numbers[n]"></li></ol>
       <video :controls="values[n]" :loop="values[n]" :autoplay="false" :playsinline="values[n]"></video>
       <details :open="values[n]"><summary /></details>
       <td :colspan="numbers[n]" :row-span="2" />
       <progress :value="numbers[n]" max="9" /><meter :value="numbers[n]" :max="8" />
       <img :alt="values[n]" :width="numbers[n]" :ismap="values[n]"><label :for="values[n]" /><iframe :allowfullscreen="values[n]" />
     </template>`,
    Array.from({ length: 7 }, () => ['click', '#more'] as const).map(([what, on]) => [what, on]),
  );
});

test('names of properties and of attributes, forced either way', async () => {
  await sameAsVue(
    `<script setup>
     import { ref } from 'vue';
     const on = ref(true);
     const many = ref({ id: 'm', class: 'k', 'data-a': 1, readOnly: true, tabIndex: 2, htmlFor: 'x', innerText: 'own', onClick: () => { many.value = { id: 'n', title: 't' }; } });
     </script>
     <template>
       <input id="i" :readOnly="on" :tabIndex="1" :maxLength="3" :className="'c'" ^title="on" .title="'p'" :^lang="'l'" :.dir="'rtl'">
       <label id="l" :htmlFor="'x'" :ariaLabel="'name'" :contentEditable="on" :accessKey="'k'" />
       <div v-bind="many" />
       <button id="b" @click="on = !on" :textContent="on ? 'yes' : 'no'" />
     </template>`,
    [['click', '#b'], ['click', '#m'], ['click', '#b']],
  );
});

test('conditionals, fragments, keyed and unkeyed lists', async () => {
  const shuffles: [what: 'call', code: string][] = Array.from({ length: 20 }, (_, seed) => ['call', `shuffle(${seed + 1})`]);
  await sameAsVue(
    `<script setup>
     import { ref } from 'vue';
     const keys = ref(Array.from({ length: 60 }, (_, at) => at));
     const n = ref(0);
     globalThis.shuffle = (seed) => {
       let state = seed;
       const random = (below) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % below;
       const list = Array.from({ length: 60 }, (_, at) => at).filter(() => random(4) > 0);
       for (let at = list.length - 1; at > 0; at--) { const other = random(at + 1); [list[at], list[other]] = [list[other], list[at]]; }
       keys.value = list; n.value = seed;
     };
     </script>
     <template>
       <p v-if="n % 3 === 0">zero</p><template v-else-if="n % 3 === 1">one<b>1</b></template><i v-else>two</i>
       <ul><template v-for="key in keys" :key="key"><li>{{ key }}</li><!-- kept? --><li v-if="key % 5 === n % 5">more</li></template></ul>
       <span v-for="(value, name, at) in { a: n, b: 2 }">{{ at }}{{ name }}{{ value }}</span>
       <em v-for="i in n % 4">{{ i }}</em>
       <s v-once>{{ n }}</s><u v-pre>{{ n }}</u><div v-for="i in 3" :key="i" v-memo="[n % 2 === i]">{{ n }}</div>
     </template>`,
    shuffles,
  );
});

test('v-model on text fields, with modifiers', async () => {
  await sameAsVue(
    `<script setup>
     import { reactive } from 'vue';
     const m = reactive({ text: 'a', lazy: 'b', trim: '', number: 1, area: 'x\\ny', search: null, upper: '' , range: 30 });
     globalThis.set = (more) => Object.assign(m, more);
     </script>
     <template>
       <input id="text" v-model="m.text"><input id="lazy" v-model.lazy="m.lazy"><input id="trim" v-model.trim="m.trim">
       <input id="number" type="number" v-model.number="m.number"><textarea id="area" v-model="m.area"></textarea>
       <input id="search" type="search" v-model="m.search"><input id="upper" :value="m.upper" @input="m.upper = $event.target.value.toUpperCase()">
       <input id="range" type="range" min="0" max="100" v-model="m.range">
       <pre>{{ m }}</pre>
     </template>`,
    [
      ['type', '#text', 'ab'],
      ['commit', '#lazy', 'later'],
      ['type', '#trim', 'a '],
      ['commit', '#trim', ' b '],
      ['type', '#number', '12'],
      ['type', '#area', 'one\ntwo'],
      ['type', '#search', 'q'],
      ['type', '#upper', 'abc'],
      ['type', '#range', '70'],
      ['call', 'set({ text: "", lazy: "L", trim: "t", number: 7, area: "", search: "s", upper: "U", range: 10 })'],
      ['type', '#text', 'again'],
      ['call', 'set({ text: null, number: "" })'],
    ],
  );
});

test('v-model on check boxes and radio buttons: booleans, own values, arrays and sets', async () => {
  await sameAsVue(
    `<script setup>
     import { reactive } from 'vue';
     const one = { id: 1 }, two = { id: 2 };
     const m = reactive({ on: false, word: 'no', list: ['b'], set: new Set(['x']), objects: [one], pick: 'a', object: two, half: true });
     globalThis.set = (more) => Object.assign(m, more);
     </script>
     <template>
       <input id="on" type="checkbox" v-model="m.on"><input id="word" type="checkbox" v-model="m.word" true-value="yes" false-value="no">
       <input v-for="v in ['a', 'b', 'c']" :id="'l' + v" type="checkbox" :value="v" v-model="m.list">
       <input v-for="v in ['x', 'y']" :id="'s' + v" type="checkbox" :value="v" v-model="m.set">
       <input v-for="v in [one, two]" :id="'o' + v.id" type="checkbox" :value="v" v-model="m.objects">
       <input v-for="v in ['a', 'b']" :id="'r' + v" type="radio" name="r" :value="v" v-model="m.pick">
       <input v-for="v in [one, two]" :id="'q' + v.id" type="radio" name="q" :value="v" v-model="m.object">
       <input id="half" type="checkbox" :indeterminate="m.half"><input id="plain" type="checkbox" :checked="m.on" @change="m.half = !m.half">
       <pre>{{ m.on }} {{ m.word }} {{ m.list }} {{ [...m.set] }} {{ m.objects }} {{ m.pick }} {{ m.object }}</pre>
     </template>`,
    [
      ['check', '#on', true],
      ['check', '#word', true],
      ['check', '#la', true],
      ['check', '#lb', false],
      ['check', '#sy', true],
      ['check', '#sx', false],
      ['check', '#o2', true],
      ['check', '#o1', false],
      ['check', '#rb', true],
      ['check', '#q1', true],
      ['check', '#plain', true],
      ['call', 'set({ on: false, word: "yes", list: ["c"], set: new Set(), objects: [], pick: "a", half: false })'],
      ['check', '#on', true],
    ],
  );
});

test('v-model on selects, single and multiple, by objects and without a choice', async () => {
  await sameAsVue(
    `<script setup>
     import { reactive } from 'vue';
     const people = [{ id: 1 }, { id: 2 }, { id: 3 }];
     const m = reactive({ one: 'b', none: 'gone', many: ['a', 'c'], set: new Set(['b']), object: people[1], number: 2, options: ['a', 'b', 'c'] });
     globalThis.set = (more) => Object.assign(m, more);
     </script>
     <template>
       <select id="one" v-model="m.one"><option disabled value="">choose</option><option v-for="o in m.options">{{ o }}</option></select>
       <select id="none" v-model="m.none"><option v-for="o in m.options" :value="o">{{ o }}</option></select>
       <select id="many" multiple v-model="m.many"><option v-for="o in m.options" :value="o">{{ o }}</option></select>
       <select id="set" multiple v-model="m.set"><optgroup label="g"><option v-for="o in m.options" :value="o">{{ o }}</option></optgroup></select>
       <select id="object" v-model="m.object"><option v-for="p in people" :value="p">{{ p.id }}</option></select>
       <select id="number" v-model.number="m.number"><option v-for="p in people">{{ p.id }}</option></select>
       <select id="bound" :value="m.one" @change="m.one = $event.target.value"><option v-for="o in m.options" :key="o" :value="o">{{ o }}</option></select>
       <pre>{{ m.one }} {{ m.none }} {{ m.many }} {{ [...m.set] }} {{ m.object }} {{ m.number + 1 }}</pre>
     </template>`,
    [
      ['select', '#one', 3],
      ['select', '#none', 1],
      ['select', '#many', 1, 2],
      ['select', '#set', 0, 1],
      ['select', '#object', 0],
      ['select', '#number', 2],
      ['select', '#bound', 0],
      ['call', 'set({ one: "", none: "nowhere", many: [], set: new Set(["c"]), number: 1 })'],
      ['select', '#none', 2],
      ['call', 'set({ options: ["c", "d", "a"], one: "d" })'],
      ['call', 'set({ one: "unknown" })'],
    ],
  );
});

test('v-model on components, with arguments, modifiers and a dynamic type', async () => {
  await sameAsVue(
    {
      'App.vue': `<script setup>
        import { ref } from 'vue'; import Field from './Field.vue';
        const a = ref('a'), b = ref('b'), type = ref('text'), any = ref('');
        </script>
        <template><Field v-model.cap="a" v-model:second="b" /><p>{{ a }} {{ b }} {{ any }}</p><input id="any" :type="type" v-model="any"><button id="t" @click="type = 'checkbox'; any = true" /></template>`,
      'Field.vue': `<script setup>
        const [model, modifiers] = defineModel({ set: (value) => modifiers.cap ? value.toUpperCase() : value }); const second = defineModel('second');
        </script>
        <template><input id="x" v-model="model"><input id="y" v-model="second"></template>`,
    },
    [['type', '#x', 'hey'], ['type', '#y', 'you'], ['click', '#t'], ['check', '#any', false]],
  );
});

test('v-show, style and class together', async () => {
  await sameAsVue(
    `<script setup>
     import { ref } from 'vue';
     const shown = ref(false), flex = ref(false), text = ref(false);
     </script>
     <template>
       <p v-show="shown" style="color: red; background: url('a;b.png')" class="one" :class="{ two: flex }">a</p>
       <p v-show="shown" :style="flex ? { display: 'flex', fontSize: '2em' } : { fontSize: '1em' }">b</p>
       <p v-show="shown" :style="text ? 'display: inline; top: 1px' : { display: 'none', left: '3px !important' }">c</p>
       <p :style="[{ color: 'red' }, flex && { color: 'blue', display: ['block', 'flex'] }]" :class="text ? 'x' : null">d</p>
       <button id="s" @click="shown = !shown" /><button id="f" @click="flex = !flex" /><button id="t" @click="text = !text" />
     </template>`,
    ['#s', '#f', '#t', '#s', '#t', '#f', '#s', '#t'].map((on) => ['click', on]),
  );
});

test('modifiers of events and keys, capturing, once, several handlers', async () => {
  await sameAsVue(
    `<script setup>
     const log = (globalThis.log = []); const say = (what) => () => void log.push(what);
     </script>
     <template>
       <div @click="say('outer')()" @click.capture="say('capture')()" @click.self="say('self')()" @keydown.enter="say('enter above')()">
         <button id="stop" @click.stop="say('stop')()" /><button id="once" @click.once="say('once')()" /><button id="plain" @click="say('plain')()" />
         <button id="two" @click="[say('one')(), say('two')()]" v-on="{ click: say('bound'), keyup: say('up') }" />
         <input id="key" @keydown.enter="say('enter')()" @keydown.esc.prevent="say('esc')()" @keydown.a.b="say('a or b')()" @keydown.page-down="say('page down')()" @keyup.delete="say('delete')()">
         <p id="self" @click.self.stop="say('p')()"><b id="inner">x</b></p>
       </div>
     </template>`,
    [
      ...['#stop', '#once', '#once', '#plain', '#two', '#self', '#inner'].map((on) => ['click', on] as ['click', string]),
      ...['Enter', 'Escape', 'a', 'B', 'PageDown', 'Delete', 'Backspace', 'x'].map((key) => ['key', '#key', key] as ['key', string, string]),
    ],
  );
});

test('slots, dynamic components, KeepAlive, provide and inject, attributes that fall through', async () => {
  await sameAsVue(
    {
      'App.vue': `<script setup>
        import { provide, ref, shallowRef } from 'vue'; import One from './One.vue'; import Two from './Two.vue';
        globalThis.log = []; const now = shallowRef(One), n = ref(0); provide('n', n);
        </script>
        <template>
          <button id="swap" @click="now = now === One ? Two : One" /><button id="n" @click="n++" />
          <KeepAlive><component :is="now" class="from-above" :data-n="n" @click="n += 10"><template #default="{ own }">slot {{ own }} {{ n }}</template><template #more v-if="n % 2">more</template></component></KeepAlive>
          <component :is="n % 2 ? 'section' : 'aside'">{{ n }}</component>
        </template>`,
      'One.vue': `<script setup>
        import { inject, onActivated, onDeactivated, onMounted, onUnmounted, onUpdated, ref, watch } from 'vue';
        const n = inject('n'), own = ref('state'); const log = globalThis.log;
        onMounted(() => log.push('mounted')); onActivated(() => log.push('activated')); onDeactivated(() => log.push('deactivated')); onUpdated(() => log.push('updated')); onUnmounted(() => log.push('unmounted'));
        watch(n, (now, before) => log.push(before + '→' + now));
        </script>
        <template><article class="one"><input id="own" v-model="own"><slot :own="own">fallback</slot><slot name="more">no more</slot>{{ n }}</article></template>`,
      'Two.vue': `<template><main class="two"><slot own="two" /></main></template>`,
    },
    [['click', '#n'], ['type', '#own', 'kept'], ['click', '#swap'], ['click', '#n'], ['click', '.from-above'], ['click', '#swap'], ['click', '#n'], ['click', '.from-above']],
  );
});

test('Suspense and async components', async () => {
  await sameAsVue(
    {
      'App.vue': `<script setup>
        import { defineAsyncComponent, onErrorCaptured, ref } from 'vue'; import Slow from './Slow.vue';
        globalThis.log = []; const key = ref(0); globalThis.waiting = []; globalThis.release = () => globalThis.waiting.splice(0).forEach((go) => go());
        const Late = defineAsyncComponent({ loader: () => new Promise((resolve) => globalThis.waiting.push(() => resolve({ render: () => 'late' }))), delay: 0, loadingComponent: { render: () => 'loading' } });
        onErrorCaptured((error) => { globalThis.log.push(error.message); return false; });
        </script>
        <template>
          <button id="again" @click="key++" /><Late />
          <Suspense @pending="log('pending')" @resolve="log('resolve')" @fallback="log('fallback')" :timeout="0"><Slow :key="key" :n="key" /><template #fallback><em>wait</em></template></Suspense>
        </template>
        <script>function log(what) { globalThis.log.push(what); }</script>`,
      'Slow.vue': `<script setup>
        const { n } = defineProps(['n']); await new Promise((resolve) => globalThis.waiting.push(resolve)); if (n === 2) throw new Error('two');
        </script><template><b>data {{ n }}</b></template>`,
    },
    [['call', 'release()'], ['click', '#again'], ['call', 'release()'], ['click', '#again'], ['call', 'release()']],
  );
});

test('Teleport inside the module, moved and disabled', async () => {
  await sameAsVue(
    {
      'App.vue': `<script setup>
        import { onMounted, ref } from 'vue'; const n = ref(0), ready = ref(false); globalThis.log = []; onMounted(() => (ready.value = true));
        </script>
        <template><div id="a" /><div id="b" class="box [x]" /><main @click="globalLog">
          <Teleport v-if="ready" :to="n % 2 ? '#b' : '#a'" :disabled="n === 3"><dialog id="d" open>{{ n }}</dialog></Teleport><Teleport v-if="ready" defer to="#late">late {{ n }}</Teleport><p id="late" /></main>
          <button id="n" @click="n++" /><button id="gone" @click="ready = !ready" /></template>
        <script>function globalLog() { globalThis.log.push('main'); }</script>`,
    },
    [['click', '#n'], ['click', '#d'], ['click', '#n'], ['click', '#n'], ['click', '#d'], ['click', '#n'], ['click', '#gone'], ['click', '#gone']],
  );
});

test('SVG, MathML, custom directives, template refs, long static parts', async () => {
  await sameAsVue(
    `<script setup>
     import { onMounted, ref, useTemplateRef, useId } from 'vue';
     const n = ref(1), box = useTemplateRef('box'), list = ref([]), id = useId(); globalThis.log = [];
     const vMark = { mounted: (el, { value, arg }) => el.setAttribute('data-' + arg, value), updated: (el, { value, arg }) => el.setAttribute('data-' + arg, value) };
     onMounted(() => globalThis.log.push(box.value.tagName, list.value.length, box.value.querySelector('i.k > b').textContent, box.value.classList.contains('c')));
     </script>
     <template>
       <svg :view-box.camel="'0 0 9 9'" :viewBox="'0 0 ' + n + ' 9'" :stroke-width="n" class="s" :class="{ t: n > 1 }"><path v-for="i in n" :key="i" :d="'M0 ' + i" /><use xlink:href="#a" :xlink:href="'#' + n" /><foreignObject><div :tabindex="n">in</div></foreignObject></svg>
       <math><mi>x</mi><mn>{{ n }}</mn></math>
       <div ref="box" class="c" v-mark:size="n"><i class="k"><b>deep</b></i></div><span v-for="i in n" ref="list" :key="i" />
       <button :id="'b' + (id ? '' : 'x')" @click="n++">{{ n }}</button>
       <section><p class="a" title="q &quot; &lt;">1 &amp; 2</p><p class="a">3 &nbsp;</p><p class="b">4<br>5</p><p class="c">6</p><p class="d">7</p><svg viewBox="0 0 1 1"><path d="M0 0" class="p" /></svg><ul><li class="e">8</li><li class="f">9</li><li class="g">0</li></ul><img alt="" src="/a.png"><input value="v" disabled></section>
     </template>`,
    [['click', '#b'], ['click', '#b']],
  );
});

test('scoped styles, slotted content, CSS modules and v-bind in styles', async () => {
  await sameAsVue(
    {
      'App.vue': `<script setup>
        import { ref } from 'vue'; import Card from './Card.vue'; const color = ref('red'), size = ref(2), two = ref(false);
        </script>
        <template><Card class="mine"><p class="slotted">s</p></Card><h1 :class="[$style.title, named.big]">t</h1><button id="b" @click="color = 'blue'; size = null" /><button id="c" @click="two = !two" /><p v-if="two" style="top: 1px">new root</p></template>
        <style scoped>.mine { color: v-bind(color); font-size: v-bind('size + "em"') }</style>
        <style module>.title { top: 0 }</style><style module="named">.big { left: 0 }</style>`,
      'Card.vue': `<template><div class="card"><slot /><b>own</b></div></template><style scoped>.card :deep(u) { top: 0 } :slotted(.slotted) { left: 0 }</style>`,
    },
    [['click', '#b'], ['click', '#c'], ['click', '#b'], ['click', '#c']],
  );
});

test('options API, mixins, plugins, global properties, functional and render-function components', async () => {
  await sameAsVue(
    {
      'main.ts': `
        import { createApp, h } from 'vue'; import App from './App.vue';
        globalThis.log = [];
        createApp(App, { start: 5 }).use((app, options) => { app.config.globalProperties.$add = (n: number) => n + options.by; app.provide('p', 'provided'); }, { by: 100 })
          .component('Fn', (props: { n: number }, { slots }) => [h('i', props.n), slots.default?.()]).directive('loud', (el, { value }) => { el.title = value; })
          .mixin({ created() { (globalThis as any).log.push('created ' + (this.$options.name ?? '')); } }).mount('#app');`,
      'App.vue': `<script>
        export default { name: 'Root', props: { start: Number }, inject: ['p'], data() { return { n: this.start, list: [1] } }, computed: { double() { return this.n * 2 } },
          watch: { n(now) { globalThis.log.push('watched ' + now) } }, methods: { more() { this.n++; this.list.push(this.n); this.$nextTick(() => globalThis.log.push(this.$refs.out.textContent)) } }, mounted() { globalThis.log.push('mounted ' + this.$el.nodeType) } }
        </script>
        <template><output ref="out">{{ n }} {{ double }} {{ $add(n) }} {{ p }}</output><Fn :n="n"><b>slot</b></Fn><button id="b" v-loud="n" @click="more" /><em v-for="x of list">{{ x }}</em></template>`,
    },
    [['click', '#b'], ['click', '#b']],
  );
});
