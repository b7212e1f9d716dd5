use std::num::NonZeroUsize;

use playconnect_host::{Busy, COMMANDS_MAX, Event, Executor, FailureKind, Limits, Running, SnapshotRefused};

use crate::guests::{Guest, count, counter, host, next, run, spinner};

const UNLIMITED: fn() -> Limits = || Limits { event_stop_us: u64::MAX, ..Limits::default() };

fn executor() -> Executor {
    Executor::new(NonZeroUsize::MIN).expect("a thread")
}

fn ended(event: Event) -> Option<FailureKind> {
    match event {
        Event::Ended { failure, .. } => failure.map(|failure| failure.kind),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_idle_instance_ends_in_peace() {
    let (host, executor) = (host(), executor());
    let (running, events) = run(&executor, 0, &host, &counter().load(&host), UNLIMITED());
    assert!(matches!(next(&events), Event::Started { .. }));
    for expected in 1..=3 {
        running.turn(1_000_000, vec![]).expect("taken");
        let Event::Turned { outcome, .. } = next(&events) else { panic!("no outcome") };
        assert_eq!(count(&outcome), expected);
    }
    running.stop();
    assert_eq!(ended(next(&events)), None);
    assert!(events.recv().is_err(), "it is the last event");
}

#[test]
fn a_spinning_instance_ends_with_its_slice_and_frees_its_place() {
    let host =
        playconnect_host::Host::new(playconnect_host::Config { instances_max: 1, ..crate::guests::config() })
            .expect("a host");
    let executor = executor();
    let module = spinner().load(&host);
    let stops: [fn(Running); 2] = [|running| running.stop(), drop];
    for stop in stops {
        let (running, events) = run(&executor, 0, &host, &module, UNLIMITED());
        assert!(matches!(next(&events), Event::Started { .. }));
        running.turn(1_000_000, vec![]).expect("taken");
        stop(running);
        // Stopped before the turn began, or in it.
        assert!(matches!(ended(next(&events)), None | Some(FailureKind::Killed)));
        // The actor drops its instance behind the last event.
        assert!(events.recv().is_err());
    }
}

#[test]
fn commands_are_bounded() {
    let (host, executor) = (host(), executor());
    let spinner = Guest { turn: spinner().turn, ..counter() };
    let (running, events) = run(&executor, 0, &host, &spinner.load(&host), UNLIMITED());
    assert!(matches!(next(&events), Event::Started { .. }));
    let taken = (0..100).take_while(|_| running.turn(1_000_000, vec![]).is_ok()).count();
    assert!((COMMANDS_MAX..=COMMANDS_MAX + 1).contains(&taken), "{taken}");
    assert_eq!(running.snapshot(), Err(SnapshotRefused::Busy(Busy)));
}

#[test]
fn nobody_waits_for_an_executor_that_is_gone() {
    let (host, executor) = (host(), executor());
    let module = spinner().load(&host);
    let (spinning, spinning_events) = run(&executor, 0, &host, &module, UNLIMITED());
    let (idle, idle_events) = run(&executor, 0, &host, &module, UNLIMITED());
    assert!(matches!(next(&spinning_events), Event::Started { .. }));
    assert!(matches!(next(&idle_events), Event::Started { .. }));
    spinning.turn(1_000_000, vec![]).expect("taken");
    drop(executor);
    assert_eq!(ended(next(&spinning_events)), Some(FailureKind::Killed));
    idle.turn(1_000_000, vec![]).expect("taken");
    assert_eq!(ended(next(&idle_events)), Some(FailureKind::Killed));
}
