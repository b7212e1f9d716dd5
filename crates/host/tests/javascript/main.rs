//! The JavaScript engine behind the world, driven as a host drives it, with bundles written by hand: no framework, no
//! platform. Needs the engine: `cargo xtask engine`.

mod harness;

mod build;
mod emit;
mod inputs;
mod sleep;
mod turns;
