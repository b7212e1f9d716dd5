import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runner } from '../../module/test/runner';
import { log, mounted, run } from './app';

const classes = (runner: Runner, id = '#p'): string => runner.page.find(id).attributes.get('class') ?? '';
const frame = (runner: Runner): unknown => runner.turn([{ kind: 'animation-frame' }], 33);
const isThere = (runner: Runner, tag = 'p'): boolean => runner.page.all(tag).length > 0;

const app = (props = ''): string => `<script setup>
  import { ref } from 'vue'; const on = ref(false), own = ref('own'); globalThis.log = []; globalThis.set = (o) => (on.value = o); globalThis.mark = (c) => (own.value = c); const say = (what) => globalThis.log.push(what);
  </script><template><Transition name="fade" ${props} @before-enter="say('before enter')" @after-enter="say('after enter')" @enter-cancelled="say('enter cancelled')" @after-leave="say('after leave')" @leave-cancelled="say('leave cancelled')"><p v-if="on" id="p" :class="own"><b>inner</b></p></Transition></template>`;

test('entering and leaving set their classes, and end when the browser says that all has ended', async () => {
  const runner = await mounted(app());
  run(runner, 'set(true)');
  assert.equal(classes(runner), 'own fade-enter-from fade-enter-active');
  const p = runner.page.find('p');
  frame(runner);
  assert.equal(classes(runner), 'own fade-enter-active fade-enter-to');
  runner.fire(p, 'transitionrun');
  runner.fire(p, 'transitionrun');
  run(runner, `mark('changed')`);
  assert.equal(classes(runner), 'changed fade-enter-active fade-enter-to');
  runner.fire(p, 'transitionend');
  // One of a child is not its own.
  runner.fire(runner.page.find('b'), 'transitionend');
  assert.deepEqual(log(runner), ['before enter']);
  runner.fire(p, 'transitionend');
  assert.equal(classes(runner), 'changed');
  assert.deepEqual(log(runner), ['after enter']);
  assert.deepEqual([...p.listeners.keys()], []);

  run(runner, 'set(false)');
  assert.equal(classes(runner), 'changed fade-leave-from fade-leave-active');
  frame(runner);
  assert.equal(classes(runner), 'changed fade-leave-active fade-leave-to');
  runner.fire(p, 'transitionrun');
  runner.settle(5000);
  assert.ok(isThere(runner));
  runner.fire(p, 'transitioncancel');
  assert.ok(!isThere(runner));
  assert.deepEqual(log(runner), ['after leave']);
  runner.settle(20_000);
  assert.equal(runner.outcome!.nextTimerUs, null);
  assert.deepEqual(runner.errors, []);
});

test('without a transition in the stylesheet it is over soon; an end that never comes is not waited for for ever', async () => {
  const runner = await mounted(app());
  run(runner, 'set(true)');
  frame(runner);
  runner.settle(399);
  assert.deepEqual(log(runner), ['before enter']);
  runner.settle(400);
  assert.deepEqual(log(runner), ['after enter']);
  run(runner, 'set(false)');
  frame(runner);
  runner.fire(runner.page.find('p'), 'animationstart');
  runner.settle(9_999);
  assert.ok(isThere(runner));
  runner.settle(10_000);
  assert.ok(!isThere(runner));
});

test('a duration counts, and then nothing is listened to', async () => {
  const runner = await mounted(app(':duration="{ enter: 100, leave: 700 }"'));
  run(runner, 'set(true)');
  frame(runner);
  assert.deepEqual([...runner.page.find('p').listeners.keys()], []);
  runner.settle(99);
  assert.equal(classes(runner), 'own fade-enter-active fade-enter-to');
  runner.settle(100);
  assert.equal(classes(runner), 'own');
  run(runner, 'set(false)');
  frame(runner);
  runner.settle(699);
  assert.ok(isThere(runner));
  runner.settle(700);
  assert.ok(!isThere(runner));
});

test('one that is turned round starts anew, also before the browser has shown it', async () => {
  const runner = await mounted(app());
  run(runner, 'set(true)');
  run(runner, 'set(false)');
  run(runner, 'set(true)');
  assert.equal(classes(runner), 'own fade-enter-from fade-enter-active');
  frame(runner);
  assert.equal(classes(runner), 'own fade-enter-active fade-enter-to');
  runner.settle(400);
  assert.equal(classes(runner), 'own');
  assert.ok((log(runner) as string[]).includes('enter cancelled'));
  assert.equal(runner.page.all('p').length, 1);
});

test('mode, appear, own classes, JavaScript hooks with done, and v-show', async () => {
  const runner = await mounted(`<script setup>
    import { ref } from 'vue'; const n = ref(0), shown = ref(true); globalThis.log = []; globalThis.next = () => n.value++; globalThis.show = (s) => (shown.value = s); let finish; globalThis.finish = () => finish();
    const enter = (el, done) => { globalThis.log.push('enter ' + el.tagName); el.style.opacity = 0; finish = done; };
    </script>
    <template>
      <Transition mode="out-in" appear enter-active-class="in now" :duration="50"><p :key="n" :id="'k' + n">{{ n }}</p></Transition>
      <Transition :css="false" @enter="enter" @after-enter="globalLog"><i :key="n" v-if="n % 2">i</i></Transition>
      <Transition name="x" :duration="50"><b id="b" v-show="shown">b</b></Transition>
    </template><script>function globalLog() { globalThis.log.push('after'); }</script>`);
  assert.equal(classes(runner, '#k0'), 'v-enter-from in now');
  frame(runner);
  runner.settle(50);
  assert.equal(classes(runner, '#k0'), '');
  run(runner, 'next()');
  assert.deepEqual(runner.page.all('p').map((p) => p.attributes.get('id')), ['k0']);
  frame(runner);
  runner.settle(50);
  assert.deepEqual(runner.page.all('p').map((p) => p.attributes.get('id')), ['k1']);
  assert.equal(runner.page.find('i').attributes.get('style'), 'opacity: 0;');
  assert.deepEqual(log(runner), ['enter I']);
  run(runner, 'finish()');
  assert.deepEqual(log(runner), ['after']);
  run(runner, 'show(false)');
  assert.equal(runner.page.find('b').attributes.get('style'), undefined);
  frame(runner);
  assert.equal(classes(runner, '#b'), 'x-leave-active x-leave-to');
  runner.settle(50);
  assert.equal(runner.page.find('b').attributes.get('style'), 'display: none;');
  run(runner, 'show(true)');
  assert.equal(runner.page.find('b').attributes.get('style'), '');
  assert.equal(classes(runner, '#b'), 'x-enter-from x-enter-active');
});

test('a group of 1,000 enters and leaves with one timer, and moves at once', async () => {
  const runner = await mounted(`<script setup>import { ref } from 'vue'; const keys = ref([1, 2, 3]); globalThis.set = (k) => (keys.value = k);</script>
    <template><TransitionGroup name="list" tag="ul" :duration="200"><li v-for="key in keys" :key="key" :id="'k' + key">{{ key }}</li></TransitionGroup></template>`);
  const { page } = runner;
  assert.equal(page.find('ul').children.filter((child) => child.tag === 'li').length, 3);
  assert.equal(classes(runner, '#k1'), '');
  run(runner, 'set([4, 3, 1])');
  assert.equal(classes(runner, '#k4'), 'list-enter-from list-enter-active');
  assert.equal(classes(runner, '#k2'), 'list-leave-from list-leave-active');
  frame(runner);
  assert.equal(classes(runner, '#k2'), 'list-leave-active list-leave-to');
  runner.settle(200);
  assert.deepEqual(page.all('li').map((li) => li.attributes.get('id')), ['k4', 'k3', 'k1']);
  run(runner, `set(Array.from({ length: 1000 }, (_, at) => at))`);
  frame(runner);
  runner.settle(200);
  run(runner, 'set([])');
  frame(runner);
  runner.settle(200);
  assert.equal(page.all('li').length, 0);
  assert.deepEqual(runner.errors, []);
});
