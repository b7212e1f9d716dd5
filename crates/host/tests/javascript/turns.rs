//! What happens within a turn: order of tasks and microtasks, time, errors, limits.

use playconnect_host::componentize;

use crate::harness::*;

/// Timers as simple as they can be, for bundles that need some.
const TIMERS: &str = "
    let now = 0, timers = [];
    const later = (ms, run) => { timers.push({ at: now + ms * 1000, run }); timers.sort((a, b) => a.at - b.at); };
    guest.turn = (nowUs, inputs) => { now = nowUs; for (const input of inputs) onInput(input); };
    guest.pump = () => {
        if (timers.length > 0 && timers[0].at <= now) timers.shift().run();
        return timers.length > 0 && timers[0].at <= now;
    };
    guest.finish = () => ({ lane: 1, nextTimerUs: timers[0]?.at ?? null, animationFrame: false, requests: [] });
";

fn log_lines(instance: &mut Instance) -> Vec<String> {
    instance.log().into_iter().map(|(_, line)| line).collect()
}

#[test]
fn microtasks_run_between_tasks_and_the_deadline_is_computed_behind_the_last() {
    let body = format!(
        "{TIMERS}
         const onInput = () => {{
             later(0, () => {{ say('task 1'); queueMicrotask(() => say('microtask of task 1')); }});
             later(0, () => {{ say('task 2'); Promise.resolve().then(() => later(5, () => say('late'))); }});
             queueMicrotask(() => say('microtask of turn'));
         }};"
    );
    let mut instance = Module::new(&body).start();
    let outcome = instance.turn(&[Input::Mount]);
    assert_eq!(texts(&outcome.batch), ["microtask of turn", "task 1", "microtask of task 1", "task 2"]);
    assert_eq!(outcome.next_timer_us, Some(2_005_000));
    assert_eq!(outcome.lane, Lane::Animation);
    let outcome = instance.try_turn(2_005_000, &[]).unwrap().unwrap();
    assert_eq!(texts(&outcome.batch), ["late"]);
    assert_eq!(outcome.next_timer_us, None);
}

#[test]
fn outcomes() {
    let body = "guest.finish = () => ({ lane: 3, nextTimerUs: 1.5, animationFrame: true, requests: [
        { id: 1, action: { kind: 'navigate', url: '/n' } },
        { id: 2, action: { kind: 'pushUrl', url: '/p' } },
        { id: 3, action: { kind: 'replaceUrl', url: '/r\\ud800' } },
        { id: 4, action: { kind: 'fetch', method: 'POST', url: 'https://a.example/', headers: [['k', 'v']],
                           body: new Uint8Array([1, 2]).buffer } },
        { id: 5, action: { kind: 'fetch', method: 'GET', url: '/x', headers: [], body: null } },
        { id: 6, action: { kind: 'cancel', id: 4 } },
    ] });";
    let outcome = Module::new(body).start().turn(&[]);
    assert_eq!((outcome.lane, outcome.next_timer_us, outcome.animation_frame), (Lane::Idle, Some(2), true));
    assert_eq!(
        outcome
            .requests
            .iter()
            .map(|request| format!("{} {:?}", request.id, request.action))
            .collect::<Vec<_>>(),
        [
            "1 Action::Navigate(\"/n\")",
            "2 Action::PushUrl(\"/p\")",
            "3 Action::ReplaceUrl(\"/r\u{fffd}\")",
            "4 Action::Fetch(Fetch { method: \"POST\", url: \"https://a.example/\", headers: [(\"k\", \"v\")], body: [1, 2] })",
            "5 Action::Fetch(Fetch { method: \"GET\", url: \"/x\", headers: [], body: [] })",
            "6 Action::Cancel(4)",
        ]
    );
}

#[test]
fn a_finish_that_breaks_the_contract_ends_the_turn_with_an_error() {
    for (finish, expect) in [
        ("undefined", "TypeError: finish: returned no object"),
        ("({ ...outcome, lane: 4 })", "TypeError: finish: lane is 4, not a whole number from 0 to 3"),
        ("({ ...outcome, nextTimerUs: NaN })", "TypeError: finish: nextTimerUs is not a number"),
        ("({ ...outcome, requests: {} })", "TypeError: finish: requests is not an array"),
        (
            "({ ...outcome, requests: [{ id: 1, action: { kind: 'x' } }] })",
            "TypeError: finish: a request's action is x, not navigate, pushUrl, replaceUrl, fetch or cancel",
        ),
    ] {
        let mut instance = Module::new(&format!("guest.finish = () => {finish};")).start();
        let error = instance.try_turn(1, &[]).unwrap().unwrap_err();
        assert_eq!(error.lines().next().unwrap(), expect);
    }
}

#[test]
fn an_exception_is_logged_with_its_stack_and_the_turn_goes_on() {
    let body = format!(
        "{TIMERS}
         const onInput = () => {{
             later(0, () => {{ throw new TypeError('in a task'); }});
             later(0, () => say('next task'));
             queueMicrotask(() => {{ throw 'in a microtask'; }});
             function named() {{ throw new Error('in the turn'); }}
             named();
         }};"
    );
    let mut instance = Module::from_bundle(&bundle(&body)).start();
    assert_eq!(instance.said(&[Input::Mount]), ["next task"]);
    let log = instance.log();
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(log.iter().all(|(level, _)| *level == Level::Error));
    assert!(log[0].1.starts_with("uncaught Error: in the turn\n    at named (bundle.js:"), "{}", log[0].1);
    assert_eq!(log[1].1, "uncaught in a microtask");
    assert!(log[2].1.starts_with("uncaught TypeError: in a task\n    at "), "{}", log[2].1);
}

#[test]
fn rejections_are_reported_unless_they_were_handled_in_time() {
    let body = "guest.turn = () => {
        Promise.reject(new Error('nobody cares'));
        Promise.reject(new Error('handled at once')).catch(() => {});
        const late = Promise.reject(new Error('handled in a microtask'));
        queueMicrotask(() => late.catch(() => {}));
        (async () => { throw new Error('of an async function'); })();
    };";
    let mut instance = Module::new(body).start();
    instance.turn(&[]);
    let lines = log_lines(&mut instance);
    assert_eq!(
        lines.iter().map(|line| line.lines().next().unwrap()).collect::<Vec<_>>(),
        ["unhandled rejection: Error: nobody cares", "unhandled rejection: Error: of an async function"]
    );
}

#[test]
fn fatal_errors_end_the_call_with_their_message() {
    let fatal = "Object.assign(new Error('give up'), { playconnectFatal: true })";
    for body in [
        format!("guest.turn = () => {{ say('lost'); throw {fatal}; }};"),
        format!("guest.turn = () => {{ queueMicrotask(() => {{ throw {fatal}; }}); }};"),
        format!("guest.turn = async () => {{ throw {fatal}; }};"),
        format!("guest.pump = () => {{ throw {fatal}; }};"),
        format!("guest.finish = () => {{ throw {fatal}; }};"),
    ] {
        let mut instance = Module::new(&body).start();
        let error = instance.try_turn(1, &[]).unwrap().unwrap_err();
        assert!(error.starts_with("Error: give up\n    at "), "{body}: {error}");
    }
}

#[test]
fn what_init_throws_fails_the_first_turn() {
    let body = "guest.init = () => { throw new Error('no props'); }; guest.turn = () => say('not reached');";
    let mut instance = Module::new(body).start();
    let error = instance.try_turn(1, &[]).unwrap().unwrap_err();
    assert!(error.starts_with("Error: no props\n    at "), "{error}");
}

#[test]
fn a_task_that_is_always_due_ends_the_turn() {
    let mut instance = Module::new("guest.pump = () => true;").start();
    let error = instance.try_turn(1, &[]).unwrap().unwrap_err();
    assert!(error.starts_with("the turn did not come to its end: 100000 tasks ran"), "{error}");
}

#[test]
fn every_clock_shows_the_time_of_the_turn_in_utc() {
    let body = "guest.turn = () => {
        const before = Date.now();
        for (let i = 0; i < 1e5; i++);
        say(`${before} ${Date.now() - before} ${new Date().toISOString()} ${new Date().getTimezoneOffset()}`);
    };";
    let mut instance = Module::new(body).start();
    let outcome = instance.try_turn(1_700_000_000_123_456, &[]).unwrap().unwrap();
    assert_eq!(texts(&outcome.batch), ["1700000000123 0 2023-11-14T22:13:20.123Z 0"]);
    let outcome = instance.try_turn(1_700_000_001_000_000, &[]).unwrap().unwrap();
    assert_eq!(texts(&outcome.batch), ["1700000001000 0 2023-11-14T22:13:21.000Z 0"]);
}

/// Each of these recurses without end; all have to end as a RangeError that can be caught, and the module goes on.
#[test]
fn deep_recursion_is_a_range_error() {
    let body = "
        const nested = (open, close) => open.repeat(200000) + close.repeat(200000);
        const deep = (make, count = 200000) => { let value = null; for (let i = 0; i < count; i++) value = make(value); return value; };
        const attempts = {
            plain: () => { const f = () => f(); f(); },
            arguments: () => { const f = (...list) => f(...list.slice(0, 50), 1); f(); },
            locals: () => { const f = () => { let a=1,b=2,c=3,d=4,e=5,g=6,h=7,i=8; return f() + a+b+c+d+e+g+h+i; }; f(); },
            method: () => { class A { get x() { return this.x; } } new A().x; },
            proxy: () => { const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x; },
            construct: () => { class A { constructor() { new A(); } } new A(); },
            toString: () => { const o = { toString() { return `${o}`; } }; `${o}`; },
            callback: () => { const f = () => [1].map(f); f(); },
            sort: () => { const f = () => [1, 2].sort(f); f(); },
            replace: () => { const f = () => 'a'.replace(/a/, f); f(); },
            apply: () => { const f = () => Reflect.apply(f, null, []); f(); },
            bound: () => {
                let f = () => 0;
                for (let i = 0; i < 100000; i++) f = Object.defineProperty(f.bind(null), 'name', { value: '' });
                f();
            },
            generator: () => { const f = function* () { yield* f(); }; f().next(); },
            async: () => { const f = async () => { f(); }; f(); throw new RangeError('async functions reject'); },
            iterator: () => { const f = () => { for (const x of { [Symbol.iterator]: f }); }; f(); },
            eval: () => { const f = () => (0, eval)('globalThis.again()'); globalThis.again = f; f(); },
            jsonParse: () => JSON.parse(nested('[', ']')),
            jsonStringify: () => JSON.stringify(deep((value) => [value])),
            source: () => (0, eval)(nested('(', ')')),
            sourceArray: () => (0, eval)(nested('[', ']')),
            regexp: () => new RegExp(nested('(?:', ')')),
            regexpLookahead: () => new RegExp(nested('(?=', ')')),
            functions: () => new Function(nested('function f(){', '}')),
            template: () => new Function(nested('`${', '}`')),
            pattern: () => new Function('var ' + nested('[', ']') + ' = 0'),
            blocks: () => new Function(nested('{', '}')),
            classes: () => new Function(nested('class A { m() {', '}}')),
            negation: () => new Function('return ' + '!'.repeat(400000) + '1'),
            arrows: () => new Function('return ' + 'a => '.repeat(200000) + '1'),
            ternary: () => new Function('return ' + '1 ? '.repeat(200000) + '1' + ' : 1'.repeat(200000)),
            backtrack: () => { /^(?:a|b)*c/.test('a'.repeat(300000)); throw new RangeError('needs no stack'); },
            join: () => deep((value) => [value]).toString(),
            flat: () => deep((value) => [value]).flat(Infinity),
            instance: () => { const o = deep((value) => Object.create(value), 20000); o.x; throw new RangeError('needs no stack'); },
        };
        const dig = (name, depth) => { if (depth > 0) return dig(name, depth - 1) + 0; attempts[name](); };
        guest.turn = (nowUs) => {
            for (const name of Object.keys(attempts))
                for (const depth of [0, 1, 2, 3, 5, 8, 100])
                    try { dig(name, depth); log(3, `${name} returned`); }
                    catch (error) {
                        // In places the parser says that something is missing where it could not look further.
                        if (!(error instanceof RangeError || error instanceof SyntaxError)) log(3, `${name}: ${error}`);
                    }
            say('alive');
        };";
    // Calls that are not asynchronous run on this thread's stack, which must be as deep as the engine may go.
    let check = || {
        let mut instance = Module::new(body).start();
        for _ in 0..2 {
            let outcome = instance.try_turn(1, &[]);
            let mut lines = log_lines(&mut instance);
            lines.retain(|line| !line.starts_with("unhandled rejection: RangeError"));
            assert_eq!(lines, [""; 0], "{outcome:?}");
            assert_eq!(texts(&outcome.unwrap().unwrap().batch), ["alive"]);
        }
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(2 * componentize::WASM_STACK_BYTES);
        thread.spawn_scoped(scope, check).unwrap().join().unwrap();
    });
}

#[test]
fn running_out_of_memory_ends_in_a_message() {
    let module =
        Module::new("const hold = []; guest.turn = () => { for (;;) hold.push({ a: [1, 2, 3] }); };");
    let mut instance = module.with_memory(16 << 20).start();
    instance.try_turn(1, &[]).unwrap_err();
    let lines = log_lines(&mut instance);
    assert!(lines.last().unwrap().starts_with("out of memory: the module has 1"), "{lines:?}");
}

#[test]
fn a_request_for_too_much_memory_is_an_exception() {
    let body =
        "guest.turn = () => { try { new ArrayBuffer(2 ** 30); } catch (error) { say(String(error)); } };";
    let said = Module::new(body).start().said(&[]);
    assert!(said[0].contains("out of memory"), "{said:?}");
}

#[test]
fn garbage_does_not_grow_the_memory() {
    let body = "guest.turn = () => {
        for (let i = 0; i < 20000; i++) { const a = { i }, b = { a, text: 'x'.repeat(100) }; a.b = b; }
    };";
    let mut instance = Module::new(body).start();
    instance.turn(&[]);
    let after_one = instance.memory_bytes();
    for _ in 0..50 {
        instance.turn(&[]);
    }
    assert_eq!(instance.memory_bytes(), after_one);
}

#[test]
fn large_turns_leave_nothing_behind() {
    let body = "guest.turn = (nowUs, inputs) => { for (const input of inputs) say(input.environment.url); };";
    let mut instance = Module::new(body).start();
    let input = Input::Environment(Environment { url: "x".repeat(500_000), ..environment() });
    let mut sizes = Vec::new();
    for _ in 0..30 {
        instance.turn(std::slice::from_ref(&input));
        sizes.push(instance.memory_bytes());
    }
    assert_eq!(sizes[5], sizes[29], "{sizes:?}");
}

#[test]
fn formatting_asks_the_host() {
    let body = "guest.turn = () => {
        say(formatNumber('de-CH', 1234.5, { style: 'currency', currency: 'CHF', minimumFractionDigits: 2, grouping: false }));
        say(formatNumber('en', 1, {}));
        say(formatDate('fr', 0, { date: 'long', time: 'short', timeZone: 'UTC' }));
        say(formatDate('fr', 0, { parts: 6, words: 'medium', padded: true, timeZone: 'UTC' }));
        for (const bad of [() => formatNumber('xx-invalid', 1, {}), () => formatNumber('en', 1, { style: 'unit' }),
                           () => formatNumber('en', 1, { maximumFractionDigits: 101 }), () => formatNumber('en', 1),
                           () => formatDate('en', 1, { date: 'long' })])
            try { bad(); } catch (error) { say(String(error)); }
    };";
    assert_eq!(
        Module::new(body).start().said(&[]),
        [
            "de-CH 1234.5 NumberOptions { style: NumberStyle::Currency, currency: Some(\"CHF\"), \
             minimum-fraction-digits: Some(2), maximum-fraction-digits: None, grouping: false }",
            "en 1 NumberOptions { style: NumberStyle::Decimal, currency: None, minimum-fraction-digits: None, \
             maximum-fraction-digits: None, grouping: true }",
            "fr 0 DateOptions { date: DateLength::Long, time: DateLength::Short, parts: (), \
             words: DateLength::None, padded: false, time-zone: \"UTC\" }",
            "fr 0 DateOptions { date: DateLength::None, time: DateLength::None, parts: (YEAR|MONTH), \
             words: DateLength::Medium, padded: true, time-zone: \"UTC\" }",
            "RangeError: no such locale: xx-invalid",
            "RangeError: style cannot be unit",
            "RangeError: maximumFractionDigits is not a number from 0 to 100",
            "TypeError: a locale, a value and options are needed",
            "TypeError: timeZone is missing",
        ]
    );
}

/// The examples of the Encoding Standard and of Unicode's table 3-8.
#[test]
fn utf8_by_the_encoding_standard() {
    let body = "guest.turn = () => {
        const bytes = (...list) => new Uint8Array(list).buffer;
        const decode = (...list) => utf8Decode(bytes(...list), 0, list.length, false);
        say(decode(0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64));
        say(decode(0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41));
        say(decode(0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41));
        say(decode(0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42));
        say(decode(0xF0, 0x9F, 0x98, 0x80, 0xE2, 0x98, 0x83, 0xF0, 0x9F));
        say(utf8Decode(bytes(0x61, 0x62, 0x63, 0x64), 1, 2, true));
        say(JSON.stringify([...new Uint8Array(utf8Encode('aß\\ud800😀'))]));
        say(String(utf8Encode('').byteLength));
        try { utf8Decode(bytes(0x61, 0xFF), 0, 2, true); } catch (error) { say(String(error)); }
        try { utf8Decode(bytes(0x61), 1, 1, true); } catch (error) { say(String(error)); }
    };";
    assert_eq!(
        Module::new(body).start().said(&[]),
        [
            "a\u{fffd}\u{fffd}\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}d",
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}A",
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}A",
            "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}A\u{fffd}\u{fffd}B",
            "😀☃\u{fffd}",
            "bc",
            "[97,195,159,239,191,189,240,159,152,128]",
            "0",
            "TypeError: The encoded data was not valid UTF-8 (byte 1)",
            "RangeError: utf8Decode: 1 bytes at 1 are not inside a buffer of 1",
        ]
    );
}

#[test]
fn the_log_keeps_its_levels() {
    let body =
        "guest.turn = () => { [0, 1, 2, 3].forEach((level) => log(level, `l${level}`)); log(4, ''); };";
    let mut instance = Module::new(body).start();
    instance.turn(&[]);
    let log = instance.log();
    assert_eq!(
        log[..4].iter().map(|(level, line)| (*level, line.as_str())).collect::<Vec<_>>(),
        [(Level::Debug, "l0"), (Level::Info, "l1"), (Level::Warn, "l2"), (Level::Error, "l3")]
    );
    assert!(log[4].1.starts_with("uncaught TypeError: log: level is 0 (debug) to 3 (error)"), "{}", log[4].1);
}
