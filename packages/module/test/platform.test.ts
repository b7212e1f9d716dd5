import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Action, ResponseInput } from '../src/glue';
import { bundleSource, environment, Runner, start0Us } from './runner';

const code = bundleSource(`
  import * as module from '../src/index';
  import { chacha20, xoshiro256 } from '../src/platform/random';
  Object.assign(globalThis, { m: module, chacha20, xoshiro256, log: [] });
  module.onMount(() => globalThis.render?.());
`);

/** `script` runs in the first turn. */
function mounted(script = ''): Runner {
  const runner = new Runner(code);
  runner.evaluate(`globalThis.render = () => { ${script} }`);
  return runner.mount();
}

/** The value of an expression in a mounted module, as JSON. */
function value(expression: string): unknown {
  const runner = mounted(`globalThis.result = (() => (${expression}))();`);
  assert.deepEqual(runner.errors, []);
  return JSON.parse(runner.evaluate('JSON.stringify(globalThis.result) ?? "null"') as string);
}

/** The message of what an expression throws. */
function thrown(expression: string): string {
  return value(`(() => { try { ${expression}; return 'nothing was thrown'; } catch (error) { return error.name + ': ' + error.message; } })()`) as string;
}

const log = (runner: Runner): unknown[] => Array.from(runner.evaluate('globalThis.log.splice(0)') as unknown[]);

test('tasks run in order of due time, with microtasks between them, in one turn', () => {
  const runner = mounted(`
    const say = (what) => () => { log.push(what); queueMicrotask(() => log.push(what + ' micro')); };
    setTimeout(say('timer 0')); setImmediate(say('immediate')); const { port1, port2 } = new MessageChannel(); port1.onmessage = say('message'); port2.postMessage(1);
    setTimeout(say('timer 5'), 5); scheduler.yield().then(say('yield')); scheduler.postTask(say('task')); Promise.resolve().then(say('promise'));
    requestIdleCallback(say('idle')); log.push('sync');`);
  assert.deepEqual(log(runner), [
    'sync', 'promise', 'promise micro', 'timer 0', 'timer 0 micro', 'immediate', 'immediate micro', 'message', 'message micro', 'yield', 'yield micro',
    'task', 'task micro', 'idle', 'idle micro',
  ]);
  assert.equal(runner.outcome!.nextTimerUs, start0Us + 5000);
  runner.settle(5);
  assert.deepEqual(log(runner), ['timer 5', 'timer 5 micro']);
  assert.equal(runner.outcome!.nextTimerUs, null);
});

test('what microtasks make is due in the same turn', () => {
  const runner = mounted(`setTimeout(() => Promise.resolve().then(() => setImmediate(() => log.push('late'))));`);
  assert.deepEqual(log(runner), ['late']);
});

test('timers fire by time, can be cleared, and have arguments', () => {
  const runner = mounted(`
    setTimeout((a, b) => log.push(a + b), 30, 'x', 'y'); setTimeout(() => log.push('20'), 20); clearTimeout(setTimeout(() => log.push('no'), 10));
    const id = setInterval(() => { log.push('tick'); if (log.length > 4) clearInterval(id); }, 15); clearImmediate(setImmediate(() => log.push('no')));`);
  runner.settle(100);
  assert.deepEqual(log(runner), ['tick', '20', 'xy', 'tick', 'tick']);
  assert.equal(runner.nowUs, start0Us + 45_000);
});

test('an interval does not catch up on what it missed', () => {
  const runner = mounted(`setInterval(() => log.push(performance.now()), 10)`);
  runner.turn([{ kind: 'timer' }], 105);
  assert.deepEqual(log(runner), [105, 105]);
  assert.equal(runner.outcome!.nextTimerUs, start0Us + 115_000);
});

test('a timer that sets itself again with 0 ms does not hold the turn', () => {
  const runner = mounted(`const again = () => { log.push(1); setTimeout(again, 0); }; again();`);
  assert.equal(log(runner).length, 6);
  assert.equal(runner.outcome!.nextTimerUs, start0Us + 4000);
});

test('a turn runs at most 10,000 tasks, and goes on in the next', () => {
  const runner = mounted(`const again = () => { log.push(1); setImmediate(again); }; again();`);
  assert.equal(log(runner).length, 10_000);
  assert.equal(runner.outcome!.nextTimerUs, start0Us);
});

test('the 257th timer is an error that says what to do', () => {
  assert.match(thrown('for (let n = 0; n < 257; n++) setTimeout(() => {}, 1000)'), /^RangeError: 256 timers are running.*clear those/);
  const runner = new Runner(code).mount({ timersMax: 2 });
  const fill = 'try { for (;;) setInterval(() => {}, 1000); } catch (error) { error.message }';
  assert.match(runner.evaluate(fill) as string, /^2 timers are running.*raise timers in \[module\.menu\.limits\] of playconnect\.toml$/);
  runner.restored({ timersMax: 3 });
  assert.match(runner.evaluate(fill) as string, /^3 timers are running/);
  assert.match(thrown('setTimeout("alert(1)")'), /code in strings is not run/);
});

test('timers of build time count from the start', () => {
  const runner = new Runner(code);
  runner.evaluate(`setTimeout(() => log.push(Date.now()), 50)`);
  runner.mount();
  runner.settle(50);
  assert.deepEqual(log(runner), [start0Us / 1000 + 50]);
});

test('an error in a task is logged and the others run', () => {
  const runner = mounted(`setTimeout(() => { throw new Error('broken'); }); setTimeout(() => log.push('runs'));`);
  assert.deepEqual(log(runner), ['runs']);
  assert.match(runner.errors[0]!, /broken/);
});

test('animation frames run when they come, with those that were asked for before', () => {
  const runner = mounted(`requestAnimationFrame((t) => { log.push(t); requestAnimationFrame(() => log.push('next')); }); cancelAnimationFrame(requestAnimationFrame(() => log.push('no')));`);
  assert.equal(runner.outcome!.animationFrame, true);
  runner.turn([{ kind: 'animation-frame' }], 33);
  assert.deepEqual(log(runner), [33]);
  runner.turn([{ kind: 'animation-frame' }], 33);
  assert.deepEqual(log(runner), ['next']);
  assert.equal(runner.outcome!.animationFrame, false);
});

test('time is the turn\'s and stands still', () => {
  const runner = mounted(`globalThis.now = () => [Date.now(), new Date().getTime(), performance.now(), performance.timeOrigin, typeof Date(), new Date(0) instanceof Date, new Date(2026, 0, 2).toISOString()]; log.push(...now());`);
  assert.deepEqual(log(runner), [start0Us / 1000, start0Us / 1000, 0, start0Us / 1000, 'string', true, '2026-01-02T00:00:00.000Z']);
  runner.evaluate('setTimeout(() => log.push(...now()), 1234)');
  runner.settle(0);
  runner.turn([{ kind: 'timer' }], 1234.5);
  assert.deepEqual(log(runner).slice(0, 3), [start0Us / 1000 + 1234, start0Us / 1000 + 1234, 1234.5]);
});

test('performance marks and measures', () => {
  const runner = mounted(`performance.mark('a'); setTimeout(() => { performance.mark('b'); log.push(performance.measure('m', 'a', 'b').duration, performance.getEntriesByName('m').length); performance.clearMarks(); log.push(performance.getEntries().length); }, 7)`);
  runner.settle(7);
  assert.deepEqual(log(runner), [7, 1, 1]);
});

test('xoshiro256** and ChaCha20 give what their authors give', () => {
  // Blackman and Vigna's code, from the state 1, 2, 3, 4.
  assert.deepEqual(value('(() => { const s = Uint32Array.of(1, 0, 2, 0, 3, 0, 4, 0); return [1, 2, 3, 4].map(() => { const [low, high] = xoshiro256(s); return String(BigInt(high) << 32n | BigInt(low)); }); })()'), [
    '11520', '0', '1509978240', '1215971899390074240',
  ]);
  // RFC 8439, 2.3.2.
  assert.deepEqual(
    value('[...chacha20([0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c], 1, 0x09000000, 0x4a000000, 0)].map((w) => w.toString(16).padStart(8, "0")).slice(0, 5)'),
    ['e4e7f110', '15593bd1', '1fdd0f50', 'c47120a3', 'c7f4d1c7'],
  );
});

const drawn = '[Math.random(), Math.random(), crypto.randomUUID(), ...crypto.getRandomValues(new Uint16Array(3))]';

test('randomness comes from the seed, anew for each incarnation', () => {
  const draw = (runner: Runner): unknown[] => Array.from(runner.evaluate(drawn) as unknown[]);
  const same = [mounted(), mounted()].map(draw);
  assert.deepEqual(same[0], same[1]);
  const other = new Runner(code).mount({ seed: [1, 2, 3, 4, 5, 6, 7, 9] });
  const first = draw(other);
  assert.notDeepEqual(first, same[0]);
  other.restored({ seed: [9, 9, 9, 9, 9, 9, 9, 9] });
  const restored = draw(other);
  for (const [at, drawn] of restored.entries()) assert.notEqual(drawn, first[at]);
  assert.match(first[2] as string, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('Math.random is even, and crypto fills large arrays', () => {
  const buckets = value('(() => { const b = Array(10).fill(0); for (let n = 0; n < 20000; n++) b[Math.floor(Math.random() * 10)]++; return b; })()') as number[];
  for (const count of buckets) assert.ok(Math.abs(count - 2000) < 200, String(buckets));
  assert.ok((value('new Set(crypto.getRandomValues(new Uint8Array(4096))).size') as number) > 250);
  assert.match(thrown('crypto.getRandomValues(new Uint8Array(65537))'), /^QuotaExceededError/);
});

test('crypto at build time is an error: every session would get the same', () => {
  const runner = new Runner(code);
  assert.equal(runner.evaluate('typeof Math.random()'), 'number');
  assert.throws(() => runner.evaluate('crypto.randomUUID()'), /at build time: every session would get the same ones/);
});

test('URL and URLSearchParams follow the standard', () => {
  assert.equal(value('new URL("../b?c=d e#f", "https://Bücher.example:443/x/y/z").href'), 'https://xn--bcher-kva.example/x/b?c=d%20e#f');
  assert.equal(value('new URLSearchParams([["a b", "ü&"], ["a b", "2"]]).toString()'), 'a+b=%C3%BC%26&a+b=2');
  assert.deepEqual(value('[...new URL("http://x/?a=1&b=2&a=3").searchParams.getAll("a")]'), ['1', '3']);
  assert.equal(value('URL.canParse("nope")'), false);
  assert.match(thrown('new URL("nope")'), /^TypeError/);
});

test('text is encoded and decoded', () => {
  assert.deepEqual(value('[...new TextEncoder().encode("aé€🎲\\ud800")]'), [...new TextEncoder().encode('aé€🎲\ufffd')]);
  assert.equal(value('new TextDecoder().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62))'), 'a\ufffdb');
  assert.match(thrown('new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.of(0xff))'), /^TypeError/);
  assert.match(thrown('new TextDecoder("latin1")'), /^RangeError: .*only utf-8/);
  // A character in two chunks.
  assert.equal(
    value('(() => { const d = new TextDecoder(); const bytes = new TextEncoder().encode("€🎲x"); let text = ""; for (const byte of bytes) text += d.decode(Uint8Array.of(byte), { stream: true }); return text + d.decode(); })()'),
    '€🎲x',
  );
  assert.deepEqual(value('[btoa("a\\u00ff!"), atob(" YQ = = "), atob(btoa("abcd"))]'), ['Yf8h', 'a', 'abcd']);
  assert.match(thrown('btoa("€")'), /^InvalidCharacterError/);
});

test('structuredClone copies values, cycles and shared references', () => {
  assert.deepEqual(
    value(`(() => {
      const shared = { n: 1 }; const from = { shared, again: shared, date: new Date(5), re: /a/gi, map: new Map([[1, new Set([2])]]), bytes: Uint8Array.of(1, 2), big: [10n].map(String), list: [1, , 3], error: new TypeError('t') };
      from.self = from; const to = structuredClone(from);
      return [to !== from, to.self === to, to.again === to.shared, to.shared !== shared, to.date.getTime(), String(to.re), to.map.get(1).has(2), [...to.bytes], to.list.length, 1 in to.list, to.error instanceof TypeError, to.error.message];
    })()`),
    [true, true, true, true, 5, '/a/gi', true, [1, 2], 3, false, true, 't'],
  );
  assert.match(thrown('structuredClone({ f() {} })'), /^DataCloneError: a function cannot be cloned/);
  // Node 20 cannot transfer; the engine can.
  if ('transfer' in ArrayBuffer.prototype) assert.deepEqual(value('(() => { const b = new ArrayBuffer(4); const c = structuredClone(b, { transfer: [b] }); return [b.byteLength, c.byteLength]; })()'), [0, 4]);
});

test('abort signals, event targets and custom events', () => {
  const runner = mounted(`
    const c = new AbortController(); c.signal.addEventListener('abort', () => log.push(c.signal.reason.name)); c.abort(); c.abort();
    const any = AbortSignal.any([AbortSignal.timeout(10), new AbortController().signal]); any.onabort = () => log.push(any.reason.name);
    const t = new EventTarget(); t.addEventListener('x', (e) => { log.push(e.detail, e.target === t); e.preventDefault(); }, { once: true });
    log.push(t.dispatchEvent(new CustomEvent('x', { detail: 7, cancelable: true })), t.dispatchEvent(new Event('x')));
    log.push(new DOMException('m', 'AbortError').code);`);
  runner.settle(10);
  assert.deepEqual(log(runner), ['AbortError', 7, true, false, true, 20, 'TimeoutError']);
});

test('location and history are requests, and know the page\'s URL at once', () => {
  const runner = mounted(`
    log.push(location.pathname, location.search, location.hash, location.href);
    history.pushState({ a: 1 }, '', '/rooms?x=ü'); log.push(location.pathname, history.state.a, history.length);
    history.replaceState(null, '', '#top'); location.href = 'https://elsewhere.example/'; location.assign('sub');
    addEventListener('popstate', () => log.push('popstate ' + location.pathname));`);
  assert.deepEqual(log(runner), ['/lobby', '?room=1', '#top', 'https://page.invalid/lobby?room=1#top', '/rooms', 1, 2]);
  assert.deepEqual(
    runner.requests.map(({ action }) => [action.kind, (action as { url?: string }).url]),
    [['pushUrl', '/rooms?x=%C3%BC'], ['replaceUrl', '/rooms?x=%C3%BC#top'], ['navigate', 'https://elsewhere.example/'], ['navigate', '/sub']],
  );
  runner.turn([{ kind: 'environment', environment: { ...environment, url: '/back' } }]);
  assert.deepEqual(log(runner), ['popstate /back']);
  assert.match(thrown('history.back()'), /not possible from a module/);
  assert.match(thrown('history.pushState(null, "", "https://other.example/")'), /is not a URL of this page/);
});

test('media queries follow the environment', () => {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion)', '(min-width: 40em) and (max-width: 1000px)', 'not all and (orientation: landscape)', '(width > 999px)', 'screen, print', '(hover: hover)'];
  const runner = mounted(`
    globalThis.lists = ${JSON.stringify(queries)}.map((q) => matchMedia(q)); globalThis.matches = () => lists.map((l) => l.matches);
    lists[0].addEventListener('change', (e) => log.push(e.matches)); addEventListener('resize', () => log.push(innerWidth));`);
  const matches = (): unknown[] => Array.from(runner.evaluate('matches()') as unknown[]);
  assert.deepEqual(matches(), [false, false, true, false, true, true, false]);
  runner.turn([{ kind: 'environment', environment: { ...environment, colorScheme: 'dark', reducedMotion: true, viewport: { width: 500, height: 800 } } }]);
  assert.deepEqual(matches(), [true, true, false, true, false, true, false]);
  assert.deepEqual(log(runner), [true, 500]);
});

const answer = (id: number, body: string, status = 200): ResponseInput => ({
  kind: 'response',
  id,
  response: { url: `https://answered.example/${id}`, status, headers: [['Content-Type', 'application/json'], ['x', '1'], ['X', '2']], body: new TextEncoder().encode(body).buffer as ArrayBuffer },
  error: null,
});

test('fetch asks the host and resolves with the answer', () => {
  const runner = mounted(`
    fetch('/api?q=1', { method: 'post', body: JSON.stringify({ a: 1 }), headers: { 'X-Key': ' k ' } }).then(async (r) => log.push(r.ok, r.status, r.headers.get('x'), (await r.json()).b, r.bodyUsed), (e) => log.push(e.message));
    fetch('https://granted.example/x').catch((e) => log.push(e.name + ': ' + e.message));
    const stop = new AbortController(); fetch('/slow', { signal: stop.signal }).catch((e) => log.push(e.name)); stop.abort();`);
  assert.deepEqual(log(runner), ['AbortError']);
  const [post, granted] = runner.requests;
  const { body, ...rest } = post!.action as Extract<Action, { kind: 'fetch' }>;
  // Of the other realm: compared as JSON.
  assert.deepEqual(JSON.parse(JSON.stringify(rest)), {
    kind: 'fetch',
    method: 'POST',
    url: '/api?q=1',
    headers: [['content-type', 'text/plain;charset=UTF-8'], ['x-key', 'k']],
  });
  assert.equal(Buffer.from(body!).toString(), '{"a":1}');
  assert.equal((granted!.action as Extract<Action, { kind: 'fetch' }>).url, 'https://granted.example/x');
  runner.turn([answer(post!.id, '{"b":"ü"}'), { kind: 'response', id: granted!.id, response: null, error: 'not granted' }]);
  assert.deepEqual(log(runner), [true, 200, '1, 2', 'ü', true, 'TypeError: fetch https://granted.example/x: not granted']);
});

test('a status that no response can have fails the fetch', () => {
  const runner = mounted(`fetch('/odd').then(() => log.push('resolved'), (e) => log.push(e.name + ': ' + e.message));`);
  const response = { url: '/odd', status: 777, headers: [], body: new ArrayBuffer(0) };
  runner.turn([{ kind: 'response', id: runner.requests[0]!.id, response, error: null }]);
  assert.deepEqual(log(runner), ['TypeError: fetch /odd: answered with the status 777']);
});

test('an aborted fetch that was sent is cancelled, and one that was not is never sent', () => {
  const runner = mounted(`globalThis.stop = new AbortController(); fetch('/slow', { signal: stop.signal }).catch((e) => log.push(e.name));`);
  const [sent] = runner.requests;
  runner.evaluate('stop.abort(); stop.abort()');
  runner.turn([{ kind: 'timer' }]);
  assert.deepEqual(JSON.parse(JSON.stringify(runner.requests.slice(1).map(({ action }) => action))), [{ kind: 'cancel', id: sent!.id }]);
  assert.deepEqual(log(runner), ['AbortError']);
  const unsent = mounted(`const stop = new AbortController(); fetch('/slow', { signal: stop.signal }).catch(() => {}); stop.abort();`);
  assert.equal(unsent.requests.length, 0);
});

test('an answer says which URL it came from', () => {
  const runner = mounted(`fetch('https://first.example/#top').then((r) => log.push(r.url, r.redirected, r.clone().redirected));`);
  runner.turn([answer(runner.requests[0]!.id, '')]);
  assert.deepEqual(log(runner), ['https://answered.example/1', true, true]);
});

test('what the host left out is a warning', () => {
  const runner = mounted('');
  const first = [
    { node: 3, what: 'attribute onclick of a', why: 'no' },
    { node: null, what: 'element script', why: 'never' },
  ];
  runner.turn([{ kind: 'stripped', count: 5, first }]);
  assert.deepEqual(runner.logs, [
    'warn left out of the page: attribute onclick of a, node 3: no',
    'warn left out of the page: element script, in a template: never (5 operations were left out since the last such line)',
  ]);
});

test('console formats, bounds its lines, and keeps levels', () => {
  const runner = mounted(`
    console.log('%s has %d %o%%', 'x', 3.7, { a: [1, 'b'] }, null, undefined); console.debug(new Map([[1, { deep: { deeper: { deepest: 1 } } }]])); console.warn([1, 2], -0, 5n, Symbol('s'), class A {});
    const c = {}; c.c = c; console.info(c); console.group('g'); console.error('in'); console.groupEnd(); console.log('é'.repeat(5000)); console.assert(1 === 2, 'why'); console.log({ get bad() { throw new Error('no'); } });`);
  assert.deepEqual(runner.logs.slice(0, 6), [
    'info x has 3 { a: [1, "b"] }% null undefined',
    'debug Map {1 => { deep: { deeper: Object {…} } }}',
    'warn [1, 2] -0 5n Symbol(s) [function A]',
    'info { c: [circular] }',
    'info g',
    'error   in',
  ]);
  const long = runner.logs[6]!.slice('info '.length);
  assert.ok(Buffer.byteLength(long) <= 4096 && Buffer.byteLength(long) > 4080 && long.endsWith('…'));
  assert.equal(runner.logs[7], 'error assertion failed why');
  assert.match(runner.logs[8]!, /cannot be shown: Error: no/);
});

test('numbers and dates are formatted by the host where the engine has no Intl', () => {
  assert.match(value('(1234.5).toLocaleString()') as string, /^de-CH 1234.5 .*"style":"decimal".*"grouping":true/);
  assert.match(value('new Intl.NumberFormat("fr", { style: "currency", currency: "EUR", maximumFractionDigits: 0 }).format(3)') as string, /^fr 3 .*"currency":"EUR".*"maximumFractionDigits":0/);
  const date = (expression: string) => {
    const [, locale, time, options] = /^(\S+) (\S+) (.*)$/.exec(value(expression) as string)!;
    return [locale, Number(time), JSON.parse(options!)];
  };
  const parts = { date: 'none', time: 'none', words: 'short', padded: false, timeZone: 'Europe/Zurich' };
  assert.deepEqual(date('new Date(5).toLocaleTimeString("en")'), ['en', 5, { ...parts, parts: 112 }]);
  assert.deepEqual(date('new Date(5).toLocaleDateString()'), ['de-CH', 5, { ...parts, parts: 14 }]);
  assert.deepEqual(date('new Date(5).toLocaleString()'), ['de-CH', 5, { ...parts, parts: 126 }]);
  assert.deepEqual(date('new Date(5).toLocaleDateString("en", { hour: "2-digit", hour12: false })'), ['en-u-hc-h23', 5, { ...parts, parts: 30, padded: true }]);
  assert.deepEqual(date('Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" }).format(0)'), ['de-CH', 0, { ...parts, parts: 6, words: 'long' }]);
  assert.deepEqual(date('new Intl.DateTimeFormat("en", { weekday: "short", day: "numeric", month: "short" }).format(0)'), ['en', 0, { ...parts, parts: 13, words: 'medium' }]);
  assert.deepEqual(date('new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeZone: "UTC" }).format(0)'), ['de-CH', 0, { ...parts, date: 'full', parts: 0, timeZone: 'UTC' }]);
  assert.equal(value('Intl.DateTimeFormat().resolvedOptions().timeZone'), 'Europe/Zurich');
  assert.equal(value('new Intl.DateTimeFormat() instanceof Intl.DateTimeFormat'), true);
  assert.match(thrown('new Intl.DateTimeFormat("en", { era: "long" })'), /^RangeError: .*`era` is not there inside Wasm/);
  assert.match(thrown('new Intl.DateTimeFormat("en", { month: "narrow" })'), /^RangeError: .*month cannot be `narrow` inside Wasm; there are numeric/);
  assert.match(thrown('new Intl.DateTimeFormat("en", { month: "long", dateStyle: "short" })'), /^TypeError: .*cannot stand beside/);
  const runner = new Runner(code, { intl: true });
  assert.equal(runner.mount().evaluate('new Intl.NumberFormat("en", { notation: "compact" }).format(12345)'), '12K');
});

test('a module knows its start, and a restored one goes on', () => {
  const runner = new Runner(code);
  assert.throws(() => runner.evaluate('m.currentModule()'), /not while its bundle is evaluated/);
  runner.mount({ properties: '{"title":"T"}' });
  assert.equal(runner.evaluate('m.currentModule().properties.title'), 'T');
  runner.evaluate(`setTimeout(() => log.push('after'), 5000); matchMedia('(prefers-color-scheme: dark)').onchange = () => log.push('dark');`);
  runner.turn([]);
  runner.restored({ nowUs: runner.nowUs + 3_600_000_000, incarnation: 4, environment: { ...environment, colorScheme: 'dark' } });
  runner.turn([{ kind: 'timer' }]);
  assert.deepEqual(log(runner), ['dark', 'after']);
  assert.equal(runner.evaluate('m.currentModule().incarnation'), 4);
});

test('a bundle that mounts nothing says so', () => {
  assert.throws(() => new Runner(bundleSource(`import '../src/index';`)), /the bundle shows nothing: call mount/);
});

test('lanes are those of the most urgent input', () => {
  const runner = mounted();
  assert.equal(runner.outcome!.lane, 2);
  assert.equal(runner.turn([{ kind: 'animation-frame' }, { kind: 'timer' }]).lane, 1);
  assert.equal(runner.turn([{ kind: 'timer' }]).lane, 2);
});

test('nothing of the page leaks in: there is no document', () => {
  assert.deepEqual(value('[typeof document, typeof localStorage, window === globalThis, self === globalThis, navigator.language]'), ['undefined', 'undefined', true, true, 'de-CH']);
});
