//! Nodes, browsers and modules in one process, in virtual time, from one seed.
//!
//! The world drives [`Node`](playconnect_session::Node) and [`Client`](playconnect_session::Client) through the calls
//! that the edge server and a browser use. Modules are [`guest::Guest`]s: not Wasm, but they write real batches, at
//! random. What goes wrong is in [`profile`], what must hold all the same in `oracle`, and [`fault`] has the planted
//! bugs by which the oracles are tested.
#![forbid(unsafe_code)]

pub mod fault;
pub mod guest;
mod link;
mod oracle;
mod person;
pub mod profile;
mod world;

pub use fault::Planted;
pub use profile::{Options, Profile};
pub use world::{Counts, Seen, SeenWhat, Violation, World};
