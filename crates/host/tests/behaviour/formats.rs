use crate::guests::{Guest, host, instantiate, turn};

#[test]
fn a_guest_formats_for_the_locale_that_it_names() {
    let formats = Guest {
        turn: "(call $format-number (i32.const 2048) (i32.const 5) (f64.const 1234567.891)
              (i32.const 2) (i32.const 1) (i32.const 2056) (i32.const 3)   ;; currency CHF
              (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)      ;; fraction digits: none, none
              (i32.const 1) (i32.const 512))
            (call $outcome (i32.load (i32.const 516)) (i32.load (i32.const 520)))",
        extra: r#"(data (i32.const 2048) "de-CH") (data (i32.const 2056) "CHF")"#,
        ..Guest::default()
    };
    let host = host();
    let outcome = turn(&mut instantiate(&host, &formats.load(&host))).result.expect("an outcome");
    assert_eq!(String::from_utf8(outcome.batch).expect("UTF-8"), "CHF\u{a0}1'234'567.89");
}
