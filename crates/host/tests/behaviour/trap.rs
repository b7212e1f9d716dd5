use playconnect_host::FailureKind;

use crate::guests::{Guest, count, counter, failing_turn, host, instantiate, turn};

const TRAPS: Guest = Guest {
    init: "(i32.const 0)",
    turn: "(call $render) (i32.const 0)",
    extra: "(func $divide (result i32) (i32.div_u (i32.const 1) (i32.load (i32.const 1024))))
        (func $render (drop (call $divide)))",
    memory: "4",
    world: "widget",
};

#[test]
fn a_trap_says_why_and_where() {
    let failure = failing_turn(&TRAPS, Default::default());
    assert_eq!(
        failure.to_string(),
        "module menu of session s1: turn trapped: integer divide by zero, in divide < render < turn"
    );
}

#[test]
fn a_trap_ends_its_own_instance_only() {
    let host = host();
    let (traps, counts) = (TRAPS.load(&host), counter().load(&host));
    let mut healthy = instantiate(&host, &counts);
    let mut broken = instantiate(&host, &traps);
    assert!(matches!(turn(&mut broken).result.expect_err("trap").kind, FailureKind::Trap { .. }));
    assert_eq!(turn(&mut broken).result.expect_err("gone").kind, FailureKind::Gone);
    for expected in 1..=3 {
        assert_eq!(count(&turn(&mut healthy).result.expect("outcome")), expected);
    }
    drop(broken);
    assert!(turn(&mut instantiate(&host, &traps)).result.is_err());
}

#[test]
fn bytes_that_are_no_outcome_are_the_modules_fault() {
    let lies = Guest { turn: "(call $outcome (i32.const -16) (i32.const 4096))", ..Guest::default() };
    let failure = failing_turn(&lies, Default::default());
    assert!(
        matches!(&failure.kind, FailureKind::BadComponent { reason } if reason.contains("out of bounds")),
        "{failure}"
    );
    let lane = Guest {
        turn: "(i32.store8 (i32.const 80) (i32.const 99)) (call $outcome (i32.const 0) (i32.const 0))",
        ..Guest::default()
    };
    let failure = failing_turn(&lane, Default::default());
    assert!(matches!(failure.kind, FailureKind::BadComponent { .. }), "{failure}");
}
