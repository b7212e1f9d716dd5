use crate::guests::{Guest, host, instantiate, turn};

#[test]
fn nans_have_one_pattern_of_bits_on_every_machine() {
    // x86 and ARM differ in the sign of 0/0.
    let divides = Guest {
        turn: "(local $zero f64)
            (f64.store (i32.const 1024) (f64.div (local.get $zero) (local.get $zero)))
            (call $outcome (i32.const 1024) (i32.const 8))",
        ..Guest::default()
    };
    let host = host();
    let outcome = turn(&mut instantiate(&host, &divides.load(&host))).result.expect("an outcome");
    assert_eq!(outcome.batch, 0x7ff8_0000_0000_0000_u64.to_le_bytes());
}
