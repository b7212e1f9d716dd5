use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use playconnect_host::types::Input;
use playconnect_host::{Event, Executor, Limits, Resident};
use playconnect_qos::{Class, Classes, Share};

use crate::guests::{counter, host, next, run, spinner};

#[test]
fn a_short_turn_waits_for_one_slice_of_each_guest_before_it() {
    let host = host();
    let executor = Executor::new(NonZeroUsize::MIN).expect("a thread");
    let unlimited = Limits { event_stop_us: u64::MAX, ..Limits::default() };
    let (short, short_events) = run(&executor, 0, &host, &counter().load(&host), Limits::default());
    assert!(matches!(next(&short_events), Event::Started { .. }));
    let spinners: Vec<_> = (0..3)
        .map(|_| {
            let (spinner, events) = run(&executor, 0, &host, &spinner().load(&host), unlimited.clone());
            assert!(matches!(next(&events), Event::Started { .. }));
            spinner.turn(1_000_000, vec![Input::Mount]).expect("taken");
            (spinner, events)
        })
        .collect();
    while executor.shard(0).polls() < 40 {
        std::thread::yield_now(); // until all three are at it
    }
    for _ in 0..5 {
        let before = executor.shard(0).polls();
        short.turn(2_000_000, vec![Input::Timer]).expect("taken");
        let Event::Turned { usage, .. } = next(&short_events) else { panic!("no outcome") };
        let waited = executor.shard(0).polls() - before;
        assert_eq!(usage.slices, 1);
        // One slice of each spinner, its own, and those that went by between the reading and the command.
        assert!(waited <= 10, "{waited} slices");
    }
    assert!(executor.shard(0).cpu_us() > 0);
    drop(spinners);
}

#[test]
fn alone_a_guest_goes_on_at_once() {
    let host = host();
    let executor = Executor::new(NonZeroUsize::MIN).expect("a thread");
    let limits = Limits { event_stop_us: 60_000, ..Limits::default() };
    let (spinner, events) = run(&executor, 0, &host, &spinner().load(&host), limits);
    assert!(matches!(next(&events), Event::Started { .. }));
    let before = executor.shard(0).polls();
    spinner.turn(1_000_000, vec![]).expect("taken");
    let Event::Ended { failure: Some(_), usage, .. } = next(&events) else { panic!("not stopped") };
    // Nothing but its own slices was polled between the command and its end.
    assert!(executor.shard(0).polls() - before <= u64::from(usage.slices) + 1, "{usage:?}");
}

#[test]
fn the_resident_is_called_between_slices_and_a_guest_gives_way_to_it() {
    struct Counter {
        called: Arc<AtomicUsize>,
        thread: Arc<Mutex<Option<String>>>,
    }
    impl Resident for Counter {
        fn attend(&mut self) -> Option<Duration> {
            *self.thread.lock().expect("nobody panics") = std::thread::current().name().map(str::to_owned);
            self.called.fetch_add(1, Ordering::SeqCst);
            None
        }
    }
    let host = host();
    let called = Arc::new(AtomicUsize::new(0));
    let thread = Arc::new(Mutex::new(None));
    let executor = Executor::start(NonZeroUsize::MIN, &Classes::default(), |_, _| {
        Some(Box::new(Counter { called: called.clone(), thread: thread.clone() }) as Box<dyn Resident>)
    })
    .expect("a thread");
    let unlimited = Limits { event_stop_us: u64::MAX, ..Limits::default() };
    let (spinner, events) = run(&executor, 0, &host, &spinner().load(&host), unlimited);
    assert!(matches!(next(&events), Event::Started { .. }));
    spinner.turn(1_000_000, vec![]).expect("taken");
    let reaches = |calls: usize| {
        let began = Instant::now();
        while called.load(Ordering::SeqCst) < calls {
            assert!(began.elapsed() < Duration::from_secs(60), "the resident is not called");
            std::thread::yield_now();
        }
    };
    reaches(1); // at its start
    for calls in 2..=20 {
        executor.shard(0).attend();
        reaches(calls);
    }
    assert_eq!(thread.lock().expect("nobody panics").as_deref(), Some("pc-shard-0"));
    assert!(executor.shard(0).cpu_us() > 0, "the guest got on");
}

#[test]
fn a_resident_is_called_again_when_its_time_has_come() {
    struct Clock(Sender<Instant>);
    impl Resident for Clock {
        fn attend(&mut self) -> Option<Duration> {
            let _ = self.0.send(Instant::now());
            Some(Duration::from_millis(20))
        }
    }
    let (sender, calls) = channel();
    let executor = Executor::start(NonZeroUsize::MIN, &Classes::default(), |_, _| {
        Some(Box::new(Clock(sender.clone())) as Box<dyn Resident>)
    })
    .expect("a thread");
    let at = || calls.recv_timeout(Duration::from_secs(60)).expect("a call");
    let (first, second) = (at(), at());
    assert!(second - first >= Duration::from_millis(20));
    drop(executor);
}

#[test]
fn classes_divide_a_shard_by_their_weights() {
    let host = host();
    let mut classes = Classes::default();
    classes.set(Class::Ui, Share::new(300).expect("a weight"));
    classes.set(Class::Rest, Share::new(100).expect("a weight"));
    let executor = Executor::start(NonZeroUsize::MIN, &classes, |_, _| None).expect("a thread");
    let module = spinner().load(&host);
    let spinners: Vec<_> = [Class::Ui, Class::Ui, Class::Rest, Class::Rest]
        .into_iter()
        .map(|class| {
            let limits = Limits { class, event_stop_us: u64::MAX, ..Limits::default() };
            let (spinner, events) = run(&executor, 0, &host, &module, limits);
            assert!(matches!(next(&events), Event::Started { .. }));
            (spinner, events)
        })
        .collect();
    let used = |class| executor.class_cpu_us(class);
    let before = (used(Class::Ui), used(Class::Rest));
    for (spinner, _) in &spinners {
        spinner.turn(1_000_000, vec![]).expect("taken");
    }
    // By the shard's own CPU: how long that takes is the machine's affair.
    while used(Class::Ui) + used(Class::Rest) < 1_000_000 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let ratio = (used(Class::Ui) - before.0) as f64 / (used(Class::Rest) - before.1) as f64;
    assert!((ratio / 3.0 - 1.0).abs() < 0.05, "{ratio}");
}

#[test]
fn a_class_is_kept_to_its_limit() {
    let host = host();
    let mut classes = Classes::default();
    classes.set(Class::Background, Share::EQUAL.with_limit(200_000).expect("a limit"));
    let executor = Executor::start(NonZeroUsize::MIN, &classes, |_, _| None).expect("a thread");
    let limits = Limits { class: Class::Background, event_stop_us: u64::MAX, ..Limits::default() };
    let (spinner, events) = run(&executor, 0, &host, &spinner().load(&host), limits);
    assert!(matches!(next(&events), Event::Started { .. }));
    spinner.turn(1_000_000, vec![]).expect("taken");
    std::thread::sleep(Duration::from_millis(200));
    let (from, before) = (Instant::now(), executor.class_cpu_us(Class::Background));
    std::thread::sleep(Duration::from_millis(1_000));
    let used = Duration::from_micros(executor.class_cpu_us(Class::Background) - before);
    let part = used.as_secs_f64() / from.elapsed().as_secs_f64();
    assert!(part < 0.25, "{part}");
    assert!(!used.is_zero(), "it gets on");
}
