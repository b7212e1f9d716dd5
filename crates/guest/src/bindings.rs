//! The world `sleeping-widget`, generated from `protocol/wit`. Nothing here is written by hand.
//!
//! The two functions of `memory` that must not touch the heap are left out and stand in `memory.rs`.
#![allow(clippy::all, missing_docs, reason = "generated")]

wit_bindgen::generate!({
    path: "../../protocol/wit",
    world: "sleeping-widget",
    skip: ["snapshot", "restore-pages"],
    pub_export_macro: true,
    export_macro_name: "export_world",
    default_bindings_module: "playconnect_guest::bindings",
});
