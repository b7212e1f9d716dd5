use playconnect_host::{Config, Host, HostError};

use crate::guests::{Guest, config, counter, encode, host, wit_of_version};

fn refused(bytes: &[u8]) -> String {
    host().load("menu.wasm", bytes).expect_err("refused").to_string()
}

#[test]
fn not_webassembly() {
    for bytes in [&b""[..], b"\0as", b"<!doctype html>", &[0xff; 100]] {
        assert_eq!(
            refused(bytes),
            "menu.wasm: not a WebAssembly file (it does not begin with \\0asm); `source` names the component that `playconnect build` makes"
        );
    }
}

#[test]
fn a_core_module() {
    let core = wat::parse_str(Guest::default().core()).expect("WAT");
    assert_eq!(
        refused(&core),
        "menu.wasm: a core WebAssembly module, not a component; run `playconnect build`, which makes the component"
    );
}

#[test]
fn a_component_that_is_cut_off_or_damaged() {
    let component = Guest::default().component();
    let host = host();
    for cut in (8..component.len()).step_by(97) {
        let error = host.load("menu.wasm", &component[..cut]).expect_err("cut off");
        assert!(
            matches!(error, HostError::Malformed { .. } | HostError::MissingExport { .. }),
            "{cut}: {error}"
        );
    }
    // No flipped bit may do worse than be refused, or not matter.
    for at in (8..component.len()).step_by(131) {
        let mut bytes = component.clone();
        bytes[at] ^= 1 << (at % 8);
        let _ = host.load("menu.wasm", &bytes);
    }
}

#[test]
fn another_version_of_our_package() {
    let core = Guest::default().core().replace("0.1.0", "0.2.0");
    let component = encode(&core, &wit_of_version("0.2.0"), "widget");
    let text = refused(&component);
    assert!(
        text.starts_with("menu.wasm: built for playconnect:module 0.2.0 (it has playconnect:module/"),
        "{text}"
    );
    assert!(text.ends_with("this host speaks 0.1.0; rebuild it with the packages of this version"), "{text}");
}

const EMPTY: &str = "(module (memory (export \"memory\") 1)
    (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable))";

#[test]
fn imports_of_wasi_and_of_others() {
    let wasi = "package wasi:clocks@0.2.6;
        interface monotonic-clock { now: func() -> u64; }
        world w { import monotonic-clock; export go: func(); }";
    let core = r#"(module (import "wasi:clocks/monotonic-clock@0.2.6" "now" (func $now (result i64)))
        (func (export "go") (drop (call $now))))"#;
    assert_eq!(
        refused(&encode(core, wasi, "w")),
        "menu.wasm: imports wasi:clocks/monotonic-clock@0.2.6, which no module gets: modules have no WASI; build for \
         wasm32-unknown-unknown"
    );
    let other = wasi.replace("wasi:clocks@0.2.6", "acme:clocks");
    let core = core.replace("wasi:clocks/monotonic-clock@0.2.6", "acme:clocks/monotonic-clock");
    assert_eq!(
        refused(&encode(&core, &other, "w")),
        "menu.wasm: imports acme:clocks/monotonic-clock, which no module gets; a module's only imports are those of \
         playconnect:module"
    );
}

#[test]
fn a_component_of_another_world() {
    let component = encode(EMPTY, "package acme:x; world w {}", "w");
    assert_eq!(
        refused(&component),
        "menu.wasm: does not export playconnect:module/guest@0.1.0, so it is not a PlayConnect module; run \
         `playconnect build`"
    );
}

#[test]
fn our_names_with_other_signatures() {
    let wit = "package playconnect:module@0.1.0;
        interface guest { init: func(); turn: func() -> u32; }
        world widget { export guest; }";
    let core = r#"(module (func (export "playconnect:module/guest@0.1.0#init"))
        (func (export "playconnect:module/guest@0.1.0#turn") (result i32) (i32.const 0)))"#;
    let error = host().load("menu.wasm", &encode(core, wit, "widget")).expect_err("mismatch");
    assert!(matches!(error, HostError::Mismatch { .. }), "{error}");
    assert!(error.to_string().contains("does not fit playconnect:module 0.1.0: "), "{error}");
}

#[test]
fn too_much_for_this_host() {
    let host = Host::new(Config { module_bytes_max: 1_000, ..config() }).expect("a host");
    let component = counter().component();
    let error = host.load("menu.wasm", &component).expect_err("too big").to_string();
    assert!(error.contains("bytes are more than a module may have (1000)"), "{error}");

    let memory = Guest { memory: "2000", ..Guest::default() }.component();
    assert_eq!(
        refused(&memory),
        "menu.wasm: needs 131072000 bytes of memory at the start, this host allows 67108864"
    );
    let table = Guest { extra: "(table 50000 funcref)", ..Guest::default() }.component();
    assert_eq!(refused(&table), "menu.wasm: needs 50000 entries in a table, this host allows 20000");
}
