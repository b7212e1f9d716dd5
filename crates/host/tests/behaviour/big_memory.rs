use playconnect_host::{FailureKind, Limits};

use crate::guests::{Guest, counter, failing_turn, host, instantiate, instantiate_with, turn};

const MIB: u64 = 1 << 20;

#[test]
fn a_guest_that_dies_of_a_refusal_ran_out_of_memory() {
    let hog = Guest {
        turn: "(block $refused (loop $more
            (br_if $refused (i32.eq (memory.grow (i32.const 16)) (i32.const -1))) (br $more))) (unreachable)",
        memory: "16",
        ..Guest::default()
    };
    let failure = failing_turn(&hog, Limits { memory_bytes: 8 * MIB, ..Limits::default() });
    assert_eq!(
        failure.to_string(),
        "module menu of session s1: turn ran out of memory: 8.0 MiB of 8.0 MiB used, 9.0 MiB wanted; \
         raise [module.menu.limits] memory"
    );
    // At the host's own bound too, where the slot ends.
    let failure = failing_turn(&hog, Limits::default());
    assert!(
        matches!(failure.kind, FailureKind::Memory { allowed_bytes, .. } if allowed_bytes == 64 * MIB),
        "{failure}"
    );
}

#[test]
fn a_guest_may_live_with_a_refusal() {
    let copes = Guest {
        turn: "(block $refused (loop $more
            (br_if $refused (i32.eq (memory.grow (i32.const 16)) (i32.const -1))) (br $more)))
            (call $outcome (i32.const 0) (i32.const 0))",
        memory: "16",
        ..Guest::default()
    };
    let host = host();
    let limits = Limits { memory_bytes: 8 * MIB, ..Limits::default() };
    let mut instance = instantiate_with(&host, &copes.load(&host), limits).result.expect("an instance");
    for _ in 0..2 {
        let report = turn(&mut instance);
        assert!(report.result.is_ok());
        assert_eq!(report.usage.memory_bytes, 8 * MIB);
        assert!(report.usage.memory_refused);
    }
}

#[test]
fn a_limit_below_what_a_module_starts_with_is_named() {
    let host = host();
    let module = counter().load(&host);
    let limits = Limits { memory_bytes: 128 << 10, ..Limits::default() };
    let failure = instantiate_with(&host, &module, limits).result.expect_err("too little");
    assert!(matches!(failure.kind, FailureKind::Memory { wanted_bytes: 262_144, .. }), "{failure}");

    let limits = Limits { memory_bytes: 65 * MIB, ..Limits::default() };
    let failure = instantiate_with(&host, &module, limits).result.expect_err("too much");
    assert_eq!(
        failure.to_string(),
        "module menu of session s1: memory = 65.0 MiB is more than this node gives a widget (64.0 MiB); \
         raise [modules] widget_memory in node.toml"
    );
    instantiate(&host, &module);
}
