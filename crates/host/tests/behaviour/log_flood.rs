use playconnect_host::Limits;
use playconnect_host::types::Level;

use crate::guests::{Guest, block_on, host, instantiate_with};

#[test]
fn lines_over_the_budget_are_dropped_and_counted() {
    let floods = Guest {
        turn: "(local $n i32) (local.set $n (i32.const 1000))
            (loop $more
              (call $log (i32.const 2) (i32.const 2048) (i32.const 68))
              (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (call $outcome (i32.const 0) (i32.const 0))",
        extra: r#"(data (i32.const 2048) "a line of sixty-eight bytes with an escape \1b[31m in it; x x x x x x x")"#,
        ..Guest::default()
    };
    let host = host();
    let limits = Limits { log_bytes_per_second: 10_000, ..Limits::default() };
    let mut instance = instantiate_with(&host, &floods.load(&host), limits).result.expect("an instance");
    let mut turn = |now_us| {
        let report = block_on(instance.turn(now_us, &[]));
        assert!(report.result.is_ok(), "a flood of lines ends nothing");
        (report.log, report.log_dropped)
    };
    let (lines, dropped) = turn(1_000_000);
    assert_eq!((lines.len(), dropped), (100, 900)); // a line costs its 68 bytes and 32
    assert_eq!(lines[0].level, Level::Warn);
    assert!(lines[0].text.contains("an escape \\u{1b}[31m in it"), "{}", lines[0].text);
    // The same moment has no more, half a second has half.
    assert_eq!(turn(1_000_000).1, 1_000);
    assert_eq!(turn(1_500_000).1, 950);
}
