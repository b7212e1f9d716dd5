use playconnect_host::FailureKind;
use playconnect_host::types::{Input, Lane, Outcome};

use crate::guests::{Guest, block_on, host, instantiate, instantiate_with, turn};

/// Answers with the number of its inputs and the time.
const ECHO: Guest = Guest {
    turn: "(i32.store (i32.const 1024) (local.get $count))
        (i64.store (i32.const 1032) (local.get $now))
        (i32.store8 (i32.const 80) (i32.const 2))      ;; lane default
        (i32.store8 (i32.const 88) (i32.const 1))      ;; next-timer: some
        (i64.store (i32.const 96) (i64.const 77))
        (call $outcome (i32.const 1024) (i32.const 16))",
    init: "(i32.const 0)",
    extra: "",
    memory: "4",
    world: "widget",
};

#[test]
fn inputs_go_in_and_an_outcome_comes_out() {
    let host = host();
    let mut instance = instantiate(&host, &ECHO.load(&host));
    let report = block_on(instance.turn(42, &[Input::Mount, Input::Timer, Input::Resync(3)]));
    let mut batch = vec![3, 0, 0, 0, 0, 0, 0, 0];
    batch.extend(42u64.to_le_bytes());
    let expected = Outcome {
        batch,
        lane: Lane::Default,
        next_timer_us: Some(77),
        animation_frame: false,
        requests: vec![],
    };
    assert_eq!(report.result.expect("an outcome"), expected);
    assert!(report.usage.cpu_us > 0, "{:?}", report.usage);
    assert_eq!(report.usage.memory_bytes, 4 << 16);
    assert!(!report.usage.slow);
    assert!(report.log.is_empty());
}

#[test]
fn a_guests_own_errors_are_told_in_its_words() {
    let text = r#"(data (i32.const 2048) "no \"properties\"\nERROR forged")"#;
    let refuses = Guest {
        init: "(call $error (i32.const 256) (i32.const 2048) (i32.const 28))",
        extra: text,
        ..Guest::default()
    };
    let host = host();
    let failure =
        instantiate_with(&host, &refuses.load(&host), Default::default()).result.expect_err("refused");
    assert_eq!(
        failure.to_string(),
        "module menu of session s1: init refused: no \"properties\"\\nERROR forged"
    );

    // In the result of a turn the string lies behind 8 bytes: it is as aligned as the outcome.
    let fails = Guest {
        turn: "(i32.store8 (i32.const 64) (i32.const 1))
            (i32.store (i32.const 72) (i32.const 2048)) (i32.store (i32.const 76) (i32.const 15))
            (i32.const 64)",
        extra: text,
        ..Guest::default()
    };
    let mut instance = instantiate(&host, &fails.load(&host));
    let failure = turn(&mut instance).result.expect_err("failed");
    assert_eq!(failure.kind, FailureKind::Guest { message: "no \"properties\"".into() });
    assert_eq!(turn(&mut instance).result.expect_err("gone").kind, FailureKind::Gone);
}
