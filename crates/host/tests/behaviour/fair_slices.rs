use std::num::NonZeroUsize;

use playconnect_host::types::Input;
use playconnect_host::{Event, Executor, Limits};

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
    while executor.polls(0) < 40 {
        std::thread::yield_now(); // until all three are at it
    }
    for _ in 0..5 {
        let before = executor.polls(0);
        short.turn(2_000_000, vec![Input::Timer]).expect("taken");
        let Event::Turned { usage, .. } = next(&short_events) else { panic!("no outcome") };
        let waited = executor.polls(0) - before;
        assert_eq!(usage.slices, 1);
        // One slice of each spinner, its own, and those that went by between the reading and the command.
        assert!(waited <= 10, "{waited} slices");
    }
    assert!(executor.cpu_us(0) > 0);
    drop(spinners);
}

#[test]
fn alone_a_guest_goes_on_at_once() {
    let host = host();
    let executor = Executor::new(NonZeroUsize::MIN).expect("a thread");
    let limits = Limits { event_stop_us: 60_000, ..Limits::default() };
    let (spinner, events) = run(&executor, 0, &host, &spinner().load(&host), limits);
    assert!(matches!(next(&events), Event::Started { .. }));
    let before = executor.polls(0);
    spinner.turn(1_000_000, vec![]).expect("taken");
    let Event::Ended { failure: Some(_), usage, .. } = next(&events) else { panic!("not stopped") };
    // Nothing but its own slices was polled between the command and its end.
    assert!(executor.polls(0) - before <= u64::from(usage.slices) + 1, "{usage:?}");
}
