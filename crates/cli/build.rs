//! Takes the JavaScript engine (`playconnect-engine/engine.wasm` of the target folder, made by `cargo xtask engine`)
//! into the binary. Without it the crate compiles all the same; `playconnect build` then says what is missing.

use std::path::Path;
use std::{env, fs};

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets it");
    // OUT_DIR is TARGET/PROFILE/build/PACKAGE/out.
    let target = Path::new(&out).ancestors().nth(4).expect("OUT_DIR is that deep");
    let engine = target.join("playconnect-engine/engine.wasm");
    println!("cargo::rerun-if-changed={}", engine.display());
    fs::write(Path::new(&out).join("engine.wasm"), fs::read(&engine).unwrap_or_default())
        .expect("OUT_DIR can be written");
}
