use playconnect_host::FailureKind;

use crate::guests::{Guest, failing_turn};

#[test]
fn endless_recursion_is_a_trap_and_not_the_end_of_the_process() {
    let recurses = Guest {
        turn: "(call $deeper (i32.const 1))",
        extra: "(func $deeper (param $n i32) (result i32)
            (i32.add (call $deeper (i32.add (local.get $n) (i32.const 1))) (local.get $n)))",
        ..Guest::default()
    };
    let failure = failing_turn(&recurses, Default::default());
    let FailureKind::Trap { reason, backtrace } = failure.kind else { panic!("{failure}") };
    assert_eq!(reason, "call stack exhausted");
    assert_eq!(backtrace, ["deeper"; 8]);
}
