//! Runs modules: WebAssembly components of the world `playconnect:module/widget`.

pub mod componentize;
