//! Bundles and core modules that cannot become components, and what their authors are told.

use playconnect_host::componentize::{self, ComponentizeError, LogLevel};

use crate::harness::*;

fn refused(script: &str) -> ComponentizeError {
    componentize::javascript(engine_wasm(), script.as_bytes()).unwrap_err()
}

#[test]
fn the_same_bundle_gives_the_same_bytes() {
    let script = bundle(
        "const table = new Map(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, { i, r: Math.random() }]));",
    );
    let first = componentize::javascript(engine_wasm(), script.as_bytes()).unwrap();
    let second = componentize::javascript(engine_wasm(), script.as_bytes()).unwrap();
    assert!(first == second);
}

#[test]
fn the_component_imports_nothing_but_the_world() {
    let component = componentize::javascript(engine_wasm(), bundle("").as_bytes()).unwrap();
    let mut names = Vec::new();
    let mut depth = 0;
    for payload in wasmparser::Parser::new(0).parse_all(&component) {
        match payload.unwrap() {
            // Inner components have types as imports.
            wasmparser::Payload::ComponentSection { .. } => depth += 1,
            wasmparser::Payload::End(_) => depth -= 1,
            wasmparser::Payload::ComponentImportSection(section) if depth == 0 => {
                names.extend(section.into_iter().map(|import| import.unwrap().name.name.to_owned()));
            }
            wasmparser::Payload::ModuleSection { .. } => depth += 1,
            wasmparser::Payload::ExportSection(exports) => {
                assert!(exports.into_iter().all(|export| !export.unwrap().name.starts_with("pre-")));
            }
            _ => {}
        }
    }
    names.retain(|name| !name.ends_with("/types@0.1.0"));
    names.sort();
    assert_eq!(names, ["playconnect:module/host@0.1.0", "playconnect:module/intl@0.1.0"]);
}

#[test]
fn a_bundle_that_throws() {
    let error = refused("\n\nfunction load() { throw new Error('no luck'); }\nload();").to_string();
    assert!(
        error.starts_with(
            "the bundle threw while it was evaluated:\nError: no luck\n    at load (bundle.js:3:"
        ),
        "{error}"
    );
    let error =
        refused(&bundle("guest.evaluated = () => { throw new Error('shows nothing'); };")).to_string();
    assert!(error.contains("Error: shows nothing\n    at "), "{error}");
    let error = refused("const = 1;").to_string();
    assert!(error.contains("SyntaxError") && error.contains("bundle.js:1"), "{error}");
    let error = refused("Promise.reject(new Error('late'))").to_string();
    assert!(error.contains("Error: late"), "{error}");
}

#[test]
fn a_missing_global_is_named() {
    match refused("__playconnect.guest; const size = window.innerWidth;") {
        ComponentizeError::MissingGlobal { name, message } => {
            assert_eq!(name, "window");
            assert!(message.contains("bundle.js:1"), "{message}");
        }
        other => panic!("{other}"),
    }
    let error = refused("__playconnect.guest; queueMicrotask(() => document.title);").to_string();
    assert!(
        error.contains("global `document`") && error.contains("Keep the code that needs it out"),
        "{error}"
    );
}

#[test]
fn a_bundle_without_our_package_is_told_what_it_lacks() {
    let error = refused("console.log('here')").to_string();
    assert!(
        error.contains("global `console` and has no platform: it does not import @playconnect/module"),
        "{error}"
    );
    assert!(error.ends_with("build with `bundle` of @playconnect/module/bundle."), "{error}");
}

#[test]
fn a_bundle_that_is_no_guest() {
    for script in ["1 + 1;", "__playconnect.guest = 5;", "__playconnect.guest = { init() {} };"] {
        let error = refused(script);
        assert!(matches!(error, ComponentizeError::NoGuest { .. }), "{error}");
        assert!(error.to_string().contains("@playconnect/module"));
    }
}

#[test]
fn the_page_is_out_of_reach_while_building() {
    let error = refused("__playconnect.emit(20, 0);").to_string();
    assert!(error.contains("there is no page while the bundle is evaluated at build time"), "{error}");
    let error = refused("__playconnect.formatNumber('en', 1, {});").to_string();
    assert!(error.contains("there is no session while the bundle is evaluated at build time"), "{error}");
}

#[test]
fn what_a_bundle_logs_is_reported_also_when_it_fails() {
    let mut lines = Vec::new();
    let script = "__playconnect.log(1, 'loading'); __playconnect.log(2, 'hm'); throw 1;";
    componentize::javascript_with_log(engine_wasm(), script.as_bytes(), &mut |level, line| {
        lines.push((level, line.to_owned()));
    })
    .unwrap_err();
    assert_eq!(lines, [(LogLevel::Info, "loading".to_owned()), (LogLevel::Warn, "hm".to_owned())]);
}

#[test]
fn endless_hungry_and_oversized_bundles() {
    assert!(matches!(refused("for (;;);"), ComponentizeError::Endless));
    match refused("const all = []; for (;;) all.push([1, 2, 3]);") {
        ComponentizeError::OutOfMemory { log } => assert!(log.starts_with("out of memory"), "{log}"),
        other => panic!("{other}"),
    }
    let large = vec![b' '; componentize::BUNDLE_BYTES_MAX + 1];
    assert!(matches!(
        componentize::javascript(engine_wasm(), &large).unwrap_err(),
        ComponentizeError::BundleTooLarge { .. }
    ));
    assert!(matches!(
        componentize::javascript(engine_wasm(), b"'\xff'").unwrap_err(),
        ComponentizeError::BundleNotUtf8 { at: 1 }
    ));
}

#[test]
fn what_is_not_the_engine() {
    for bytes in [b"junk".as_slice(), b"\0asm\x01\0\0\0"] {
        let error = componentize::javascript(bytes, b"").unwrap_err();
        assert!(error.to_string().contains("cargo xtask engine"), "{error}");
    }
}

// ---- core modules

fn core_refused(core: &[u8]) -> String {
    componentize::core_module(core).unwrap_err().to_string()
}

/// The engine itself is a core module of the world; so is what is made of it by changing names.
fn engine_with(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = engine_wasm().to_vec();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|window| window == from.as_bytes()) {
        bytes[at + found..][..to.len()].copy_from_slice(to.as_bytes());
        at += found + to.len();
    }
    bytes
}

#[test]
fn core_modules_of_other_kinds() {
    assert!(core_refused(b"not wasm").contains("does not begin with the bytes 00 61 73 6d"));
    assert!(core_refused(b"\0asm\x01\0\0\0\x01\xff").starts_with("not a core WebAssembly module: "));
    let component = componentize::javascript(engine_wasm(), bundle("").as_bytes()).unwrap();
    assert!(core_refused(&component).contains("a component already"));
    assert!(
        core_refused(b"\0asm\x01\0\0\0").contains("does not export `playconnect:module/guest@0.1.0#init`")
    );
}

#[test]
fn imports_that_the_world_does_not_have() {
    let error =
        core_refused(&engine_with("playconnect:module/intl@0.1.0", "wasi_snapshot_preview1.......").clone());
    assert!(error.contains("imports `format-") && error.contains("Modules have no WASI"), "{error}");
    let error = core_refused(&engine_with("format-number", "format-nummer"));
    assert!(error.contains("imports `format-nummer` from `playconnect:module/intl@0.1.0`"), "{error}");
}

#[test]
fn another_version_of_the_world() {
    let error = core_refused(&engine_with("@0.1.0", "@0.2.0"));
    assert!(
        error.starts_with(
            "the module was built for playconnect:module@0.2.0; this host has playconnect:module@0.1.0"
        ),
        "{error}"
    );
}
