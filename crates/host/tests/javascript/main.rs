//! The JavaScript engine behind the world, driven as a host drives it, with bundles written by hand: no framework, no
//! platform. Needs the engine: `cargo xtask engine`.

#![allow(clippy::unwrap_used, reason = "clippy does not see that the helpers of tests are tests")]

mod harness;

mod build;
mod emit;
mod inputs;
mod sleep;
mod turns;
