//! A module in JavaScript, through the executor. Needs the engine: `cargo xtask engine`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use playconnect_host::types::{Input, Start};
use playconnect_host::{
    Event, Executor, FailureKind, Limits, Module, Origin, Running, Snapshot, componentize,
};

use crate::guests::{host, labels, next, run, start};

/// Says in a text how often it was called, and what it is asked for.
const COUNTER: &str = "(() => {
    const { emit, formatNumber } = __playconnect;
    let count = 0, incarnation = 0;
    const keep = new Array(2000).fill('something that lives in the heap');
    __playconnect.guest = {
        init(start) { incarnation = start.incarnation; },
        restored(start) { incarnation = start.incarnation; },
        turn(nowUs, inputs) {
            for (const input of inputs) {
                if (input.kind === 'timer') for (;;) count++;
                if (input.kind === 'resync') (function deeper() { deeper(); })();
                if (input.kind === 'animationFrame' || input.kind === 'animation-frame')
                    for (;;) keep.push(new Uint8Array(1 << 16));
            }
            count++;
            emit(3, 0, 1, `count ${count} incarnation ${incarnation}`);
        },
        pump() { return false; },
        finish() { return { lane: 2, nextTimerUs: null, animationFrame: false, requests: [] }; },
    };
})();";

fn engine() -> Vec<u8> {
    let path = std::env::var_os("PLAYCONNECT_ENGINE").map(PathBuf::from).unwrap_or_else(|| {
        // This test is `<target>/<profile>/deps/behaviour-…`.
        let test = std::env::current_exe().expect("a path");
        test.ancestors().nth(3).expect("a target folder").join("playconnect-engine/engine.wasm")
    });
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; run `cargo xtask engine`, or set PLAYCONNECT_ENGINE", path.display())
    })
}

fn component() -> Vec<u8> {
    componentize::javascript(&engine(), COUNTER.as_bytes()).expect("a component")
}

fn says(events: &std::sync::mpsc::Receiver<Event>) -> String {
    match next(events) {
        Event::Turned { outcome, .. } => {
            let text = String::from_utf8_lossy(&outcome.batch).into_owned();
            text[text.find("count").expect("a count")..].trim_end_matches('\0').to_owned()
        }
        other => panic!("{other:?}"),
    }
}

fn wake(
    executor: &Executor,
    module: &Module,
    host: &playconnect_host::Host,
    snapshot: Snapshot,
) -> (Running, std::sync::mpsc::Receiver<Event>) {
    let (sender, events) = std::sync::mpsc::channel();
    let origin = Origin::Sleeping(snapshot, Start { incarnation: 2, now_us: 9_000_000, ..start() });
    let running =
        Running::start(executor.shard(0), host, module, labels(), Limits::default(), origin, move |event| {
            // The test may have ended.
            let _ = sender.send(event);
        });
    (running, events)
}

#[test]
fn a_javascript_module_runs_sleeps_and_wakes_in_another_host() {
    let component = component();
    let executor = Executor::new(NonZeroUsize::MIN).expect("a thread");
    let bytes = {
        let host = host();
        let module = host.load("counter.js", &component).expect("loads");
        assert!(module.can_sleep());
        let (running, events) = run(&executor, 0, &host, &module, Limits::default());
        assert!(matches!(next(&events), Event::Started { .. }));
        for expected in 1..=3 {
            running.turn(2_000_000, vec![Input::Mount]).expect("taken");
            assert_eq!(says(&events), format!("count {expected} incarnation 1"));
        }
        running.snapshot().expect("taken");
        let Event::Slept { snapshot, usage, .. } = next(&events) else { panic!("no snapshot") };
        assert!(snapshot.pages() > 0 && (snapshot.pages() as u64) < usage.memory_bytes / 4_096 / 4);
        snapshot.encode()
    };
    let host = host();
    let module = host.load("counter.js", &component).expect("loads");
    let snapshot = Snapshot::decode(&bytes).expect("a snapshot");
    let (running, events) = wake(&executor, &module, &host, snapshot);
    assert!(matches!(next(&events), Event::Started { .. }));
    for expected in 4..=50 {
        running.turn(9_000_000, vec![]).expect("taken");
        assert_eq!(says(&events), format!("count {expected} incarnation 2"));
    }
    // And once more, from where it is now.
    running.snapshot().expect("taken");
    let Event::Slept { snapshot, .. } = next(&events) else { panic!("no snapshot") };
    let (running, events) = wake(&executor, &module, &host, snapshot);
    assert!(matches!(next(&events), Event::Started { .. }));
    running.turn(9_000_000, vec![]).expect("taken");
    assert_eq!(says(&events), "count 51 incarnation 2");
}

#[test]
fn javascript_that_misbehaves_ends_itself_only() {
    let host = host();
    let module = host.load("counter.js", &component()).expect("loads");
    let executor = Executor::new(NonZeroUsize::MIN).expect("a thread");
    let limits = Limits { event_stop_us: 200_000, memory_bytes: 16 << 20, ..Limits::default() };
    let (healthy, events) = run(&executor, 0, &host, &module, Limits::default());
    assert!(matches!(next(&events), Event::Started { .. }));
    let (looping, looping_events) = run(&executor, 0, &host, &module, limits.clone());
    assert!(matches!(next(&looping_events), Event::Started { .. }));
    looping.turn(2_000_000, vec![Input::Timer]).expect("taken");
    let Event::Ended { failure: Some(failure), .. } = next(&looping_events) else { panic!("not stopped") };
    assert!(matches!(failure.kind, FailureKind::Stopped { .. }), "{failure}");
    // The ends of its stack and of its memory are exceptions in the guest, which the engine logs and survives.
    for (input, exception) in [(Input::Resync(1), "RangeError"), (Input::AnimationFrame, "out of memory")] {
        let (running, events) = run(&executor, 0, &host, &module, limits.clone());
        assert!(matches!(next(&events), Event::Started { .. }));
        running.turn(2_000_000, vec![input]).expect("taken");
        let Event::Turned { log, usage, .. } = next(&events) else { panic!("not alive") };
        assert!(log.iter().any(|line| line.text.contains(exception)), "{log:?}");
        assert_eq!(usage.memory_refused, exception == "out of memory");
    }
    healthy.turn(2_000_000, vec![]).expect("taken");
    assert_eq!(says(&events), "count 1 incarnation 1");
}
