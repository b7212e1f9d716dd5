//! `conformance-bindgen WASM FOLDER`: the JavaScript around the oracle, as the command `wasm-bindgen --target web` writes it.
//!
//! The library must be of the same version as the crate `wasm-bindgen` in the Wasm file, so both stand in one lock file.

use anyhow::bail;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, folder] = arguments.as_slice() else { bail!("usage: conformance-bindgen WASM FOLDER") };
    Bindgen::new().web(true)?.typescript(false).input_path(wasm).generate(folder)
}
