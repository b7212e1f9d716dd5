use std::num::NonZeroUsize;

use playconnect_host::types::Start;
use playconnect_host::{Event, Executor, FailureKind, Limits, Origin, Running, Snapshot, SnapshotRefused};

use crate::guests::{Guest, block_on, count, counter, host, instantiate, labels, next, run, start, turn};

fn woken() -> Start {
    Start { incarnation: 9, now_us: 5_000_000, ..start() }
}

#[test]
fn a_woken_instance_goes_on_where_it_was_in_another_host() {
    let component = counter().component();
    let bytes = {
        let host = host();
        let module = host.load("counter", &component).expect("loads");
        assert!(module.can_sleep());
        let mut instance = instantiate(&host, &module);
        turn(&mut instance).result.expect("an outcome");
        turn(&mut instance).result.expect("an outcome");
        let snapshot = block_on(instance.snapshot()).result.expect("a snapshot");
        assert_eq!(
            snapshot.pages(),
            2,
            "the page with the counter, and the one where `start` was handed over"
        );
        assert_eq!(snapshot.module_hash(), module.hash());
        // The sleeper goes on, unchanged.
        assert_eq!(count(&turn(&mut instance).result.expect("an outcome")), 3);
        snapshot.encode()
    };
    let host = host();
    let module = host.load("counter", &component).expect("loads");
    let snapshot = Snapshot::decode(&bytes).expect("a snapshot");
    for _ in 0..2 {
        let woken = block_on(host.restore(&module, labels(), Limits::default(), &snapshot, woken()));
        let mut instance = woken.result.expect("an instance");
        assert_eq!(count(&turn(&mut instance).result.expect("an outcome")), 3);
        let again = block_on(instance.snapshot()).result.expect("a snapshot");
        assert_ne!(again, snapshot, "it has counted, and it knows its incarnation");
    }
}

#[test]
fn many_pages_and_a_grown_memory_come_back() {
    // Fills 40 pages behind what it had, at the first turn; then answers with the or of all of them.
    let grows = Guest {
        turn: "(local $at i32) (local $sum i32)
            (if (i32.eqz (i32.load (i32.const 1024))) (then
              (drop (memory.grow (i32.const 8)))
              (memory.fill (i32.const 262144) (i32.const 5) (i32.const 163840))))
            (i32.store (i32.const 1024) (i32.const 1))
            (local.set $at (i32.const 262144)) (local.set $sum (i32.const -1))
            (loop $next
              (local.set $sum (i32.and (local.get $sum) (i32.load (local.get $at))))
              (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 425984))))
            (i32.store (i32.const 1032) (local.get $sum))
            (call $outcome (i32.const 1032) (i32.const 4))",
        ..counter()
    };
    let host = host();
    let module = grows.load(&host);
    let mut instance = instantiate(&host, &module);
    assert_eq!(count(&turn(&mut instance).result.expect("an outcome")), 0x0505_0505);
    let report = block_on(instance.snapshot());
    assert_eq!(report.usage.memory_bytes, 12 << 16);
    let snapshot = report.result.expect("a snapshot");
    assert_eq!((snapshot.pages(), snapshot.memory_bytes()), (42, 12 << 16));
    let mut woken = block_on(host.restore(&module, labels(), Limits::default(), &snapshot, woken()))
        .result
        .expect("an instance");
    assert_eq!(count(&turn(&mut woken).result.expect("an outcome")), 0x0505_0505);

    let small = Limits { memory_bytes: 8 << 16, ..Limits::default() };
    let failure =
        block_on(host.restore(&module, labels(), small, &snapshot, start())).result.expect_err("small");
    assert!(matches!(failure.kind, FailureKind::Memory { .. }), "{failure}");
}

#[test]
fn a_snapshot_of_another_module_is_refused() {
    let host = host();
    let module = counter().load(&host);
    let other = Guest { memory: "5", ..counter() }.load(&host);
    let snapshot = block_on(instantiate(&host, &module).snapshot()).result.expect("a snapshot");
    let failure = block_on(host.restore(&other, labels(), Limits::default(), &snapshot, start()))
        .result
        .expect_err("another module");
    assert!(failure.to_string().contains("a snapshot of another module ("), "{failure}");
}

#[test]
fn a_module_without_memory_cannot_sleep_and_is_not_harmed_by_the_question() {
    let host = host();
    let module = Guest::default().load(&host);
    assert!(!module.can_sleep());
    let mut instance = instantiate(&host, &module);
    let failure = block_on(instance.snapshot()).result.expect_err("cannot");
    assert_eq!(failure.kind, FailureKind::CannotSleep);
    assert!(turn(&mut instance).result.is_ok());

    let executor = Executor::new(NonZeroUsize::MIN).expect("a thread");
    let (running, events) = run(&executor, 0, &host, &module, Limits::default());
    assert_eq!(running.snapshot(), Err(SnapshotRefused::CannotSleep));
    assert!(matches!(next(&events), Event::Started { .. }));
}

#[test]
fn lies_about_the_memory_are_told() {
    let host = host();
    let lie = |from: &'static str, to: &'static str| {
        let guest = counter();
        let extra = guest.extra.replace(from, to).leak();
        let module = Guest { extra, ..guest }.load(&host);
        let failure = block_on(instantiate(&host, &module).snapshot()).result.expect_err("a lie");
        assert!(matches!(failure.kind, FailureKind::BadComponent { .. }), "{failure}");
        failure.to_string()
    };
    let size = "(i32.store (i32.const 132) (i32.shl (memory.size) (i32.const 16)))";
    let text = lie(size, "(i32.store (i32.const 132) (i32.const 4096))");
    assert!(text.contains("snapshot gave 4096 bytes, the memory has 262144"), "{text}");
    lie(size, "(i32.store (i32.const 132) (i32.const -1))");
    let reserved = "(i32.store (i32.const 136) (i32.const 65536))";
    lie(reserved, "(i32.store (i32.const 136) (i32.const 65537))");
    lie(reserved, "(i32.store (i32.const 136) (i32.const 999999))");
}

#[test]
fn asleep_and_awake_on_an_executor() {
    let (host, executor) = (host(), Executor::new(NonZeroUsize::MIN).expect("a thread"));
    let module = counter().load(&host);
    let (running, events) = run(&executor, 0, &host, &module, Limits::default());
    running.turn(1_000_000, vec![]).expect("taken");
    running.snapshot().expect("taken");
    assert!(matches!(next(&events), Event::Started { .. }));
    assert!(matches!(next(&events), Event::Turned { .. }));
    let Event::Slept { snapshot, .. } = next(&events) else { panic!("no snapshot") };
    drop(running);
    assert!(matches!(next(&events), Event::Ended { failure: None, .. }));

    let (sender, events) = std::sync::mpsc::channel();
    let origin = Origin::Sleeping(snapshot, woken());
    let running = Running::start(
        executor.shard(0),
        &host,
        &module,
        labels(),
        Limits::default(),
        origin,
        move |event| {
            sender.send(event).expect("the test listens");
        },
    );
    assert!(matches!(next(&events), Event::Started { .. }));
    running.turn(6_000_000, vec![]).expect("taken");
    let Event::Turned { outcome, .. } = next(&events) else { panic!("no outcome") };
    assert_eq!(count(&outcome), 2);
    running.stop();
    assert!(matches!(next(&events), Event::Ended { failure: None, .. }));
}
