use crate::guests::{Guest, count, counter, host, instantiate, turn};

#[test]
fn two_instances_of_a_module_share_nothing() {
    let host = host();
    let module = counter().load(&host);
    let (mut one, mut other) = (instantiate(&host, &module), instantiate(&host, &module));
    for expected in 1..=3 {
        assert_eq!(count(&turn(&mut one).result.expect("outcome")), expected);
    }
    assert_eq!(count(&turn(&mut other).result.expect("outcome")), 1);
}

#[test]
fn a_place_that_was_used_before_is_clean() {
    // Writes all over its memory and grows it; the next one in the same slot must find zeros.
    let dirty = Guest {
        turn: "(drop (memory.grow (i32.const 100)))
            (memory.fill (i32.const 1024) (i32.const 255) (i32.const 6000000))
            (call $outcome (i32.const 0) (i32.const 0))",
        ..Guest::default()
    };
    // Looks for anything in its memory, above what `init` was given.
    let looks = Guest {
        turn: "(local $at i32) (local $sum i32)
            (drop (memory.grow (i32.const 100)))
            (local.set $at (i32.const 135168))
            (loop $next
              (local.set $sum (i32.or (local.get $sum) (i32.load (local.get $at))))
              (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 6500000))))
            (i32.store (i32.const 1024) (local.get $sum))
            (call $outcome (i32.const 1024) (i32.const 4))",
        ..Guest::default()
    };
    let host =
        playconnect_host::Host::new(playconnect_host::Config { instances_max: 1, ..crate::guests::config() })
            .expect("a host");
    let (dirty, looks) = (dirty.load(&host), looks.load(&host));
    for _ in 0..3 {
        assert!(turn(&mut instantiate(&host, &dirty)).result.is_ok());
        assert_eq!(count(&turn(&mut instantiate(&host, &looks)).result.expect("outcome")), 0);
    }
}
