use playconnect_host::types::Input;
use playconnect_host::{Call, FailureKind, Limits};

use crate::guests::{Guest, block_on, failing_turn, host, instantiate_with, spinner, turn};

const LIMITS: fn() -> Limits =
    || Limits { event_stop_us: 20_000, init_stop_us: 30_000, event_report_us: 1_000, ..Limits::default() };

#[test]
fn a_turn_that_never_ends_is_stopped_by_the_cpu_that_it_used() {
    let failure = failing_turn(&spinner(), LIMITS());
    let FailureKind::Stopped { used_us, allowed_us } = failure.kind else { panic!("{failure}") };
    assert_eq!((failure.call, allowed_us), (Call::Turn, 20_000));
    assert!(used_us > allowed_us, "{used_us}");
    assert_eq!(failure.key().as_deref(), Some("[module.menu.limits] event_stop"));
    let text = failure.to_string();
    assert!(text.starts_with("module menu of session s1: turn stopped: CPU "), "{text}");
    assert!(text.ends_with(" ms of 20 ms used; raise [module.menu.limits] event_stop"), "{text}");
}

#[test]
fn an_init_that_never_ends_is_stopped() {
    let guest = Guest { init: "(loop $forever (br $forever)) (unreachable)", ..Guest::default() };
    let host = host();
    let report = instantiate_with(&host, &guest.load(&host), LIMITS());
    let failure = report.result.expect_err("stopped");
    assert!(matches!(failure.kind, FailureKind::Stopped { allowed_us: 30_000, .. }), "{failure}");
    assert_eq!(failure.key().as_deref(), Some("[module.menu.limits] init_stop"));
    assert!(report.usage.cpu_us > 30_000 && report.usage.slices > 1, "{:?}", report.usage);
}

#[test]
fn a_start_function_that_never_ends_is_stopped() {
    let guest =
        Guest { extra: "(func $spin (loop $forever (br $forever))) (start $spin)", ..Guest::default() };
    let host = host();
    let failure = instantiate_with(&host, &guest.load(&host), LIMITS()).result.expect_err("stopped");
    assert!(matches!(failure.kind, FailureKind::Stopped { .. }), "{failure}");
}

#[test]
fn a_long_turn_within_its_limit_is_marked_as_slow() {
    let guest = Guest {
        turn: "(local $n i32) (local.set $n (i32.const 20000000))
            (loop $more (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (call $outcome (i32.const 0) (i32.const 0))",
        ..Guest::default()
    };
    let host = host();
    let limits = Limits { event_report_us: 1_000, ..Limits::default() };
    let mut instance = instantiate_with(&host, &guest.load(&host), limits).result.expect("an instance");
    let report = turn(&mut instance);
    assert!(report.result.is_ok() && !report.usage.slow, "the first turn, {:?}", report.usage);
    let report = block_on(instance.turn(2_000_000, &[Input::Timer]));
    assert!(report.result.is_ok() && report.usage.slow, "{:?}", report.usage);
}
