//! Takes the built client (`packages/client/dist/client.js`) into the binary. Without it the crate compiles all the same;
//! serving then says what is missing.

use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let script = Path::new(&root).join("../../packages/client/dist/client.js");
    println!("cargo::rerun-if-changed={}", script.display());
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("client.js"), fs::read(&script).unwrap_or_default())
        .expect("OUT_DIR can be written");
}
