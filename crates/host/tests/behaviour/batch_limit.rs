use playconnect_host::{FailureKind, Limits};

use crate::guests::{Guest, failing_turn, host, instantiate, instantiate_with, turn};

#[test]
fn a_batch_of_4_mib_passes() {
    let big = Guest {
        turn: "(memory.fill (i32.const 131072) (i32.const 7) (i32.const 4194304))
            (call $outcome (i32.const 131072) (i32.const 4194304))",
        memory: "80",
        ..Guest::default()
    };
    let host = host();
    let report = turn(&mut instantiate(&host, &big.load(&host)));
    assert_eq!(report.result.expect("an outcome").batch, vec![7; 4 << 20]);
}

#[test]
fn more_than_8_mib_in_one_answer_is_refused_before_it_is_copied() {
    let bigger = Guest {
        turn: "(call $outcome (i32.const 0) (i32.const 9437184))",
        memory: "200",
        ..Guest::default()
    };
    let failure = failing_turn(&bigger, Default::default());
    assert_eq!(failure.kind, FailureKind::Output { allowed_bytes: 8 << 20 });
    assert_eq!(
        failure.to_string(),
        "module menu of session s1: turn handed over more than 8.0 MiB in one call; raise [module.menu.limits] \
         batch_bytes"
    );
    let raised = Limits { batch_bytes: 16 << 20, ..Limits::default() };
    let host = host();
    let mut instance = instantiate_with(&host, &bigger.load(&host), raised).result.expect("an instance");
    assert_eq!(turn(&mut instance).result.expect("an outcome").batch.len(), 9 << 20);

    // A list of requests that all point to the same megabyte is charged for each.
    let points = Guest {
        turn: "(local $at i32) (local.set $at (i32.const 131072))
            (loop $next
              (i32.store8 offset=4 (local.get $at) (i32.const 0))           ;; navigate
              (i32.store offset=8 (local.get $at) (i32.const 262144))
              (i32.store offset=12 (local.get $at) (i32.const 1048576))
              (local.set $at (i32.add (local.get $at) (i32.const 40)))
              (br_if $next (i32.lt_u (local.get $at) (i32.const 135072))))
            (i32.store (i32.const 108) (i32.const 131072)) (i32.store (i32.const 112) (i32.const 100))
            (call $outcome (i32.const 0) (i32.const 0))",
        memory: "40",
        ..Guest::default()
    };
    let failure = failing_turn(&points, Default::default());
    assert_eq!(failure.kind, FailureKind::Output { allowed_bytes: 8 << 20 });
}
