//! Takes the built scripts of browsers (`packages/client/dist`) into the binary. Without them the crate compiles all the
//! same; serving then says what is missing.

use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    for name in ["client.js", "dev.js"] {
        let script = Path::new(&root).join("../../packages/client/dist").join(name);
        println!("cargo::rerun-if-changed={}", script.display());
        fs::write(Path::new(&out).join(name), fs::read(&script).unwrap_or_default())
            .expect("OUT_DIR can be written");
    }
}
