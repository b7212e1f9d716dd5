//! What Wasmtime generates from `protocol/wit`. Nothing here is written by hand.
//!
//! The world is `widget`. The interface `memory`, which only some modules export, is looked up by name in `sleep.rs`,
//! because its list must be read without a copy.

wasmtime::component::bindgen!({
    path: "../../protocol/wit",
    world: "playconnect:module/widget",
    exports: { default: async },
    additional_derives: [PartialEq],
});
