//! Nodes, browsers and modules in one process, in virtual time, from one seed.
//!
//! The world drives [`Node`](playconnect_session::Node) and [`Client`](playconnect_session::Client) through the calls
//! that the edge server and a browser use. Modules are [`guest::Guest`]s: not Wasm, but they write real batches, at
//! random. What must hold is in [`World::verify`].
#![forbid(unsafe_code)]

pub mod guest;
mod world;

pub use world::{Options, Seen, SeenWhat, Violation, World};
