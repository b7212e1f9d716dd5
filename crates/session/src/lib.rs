//! The session machine: what happens on a live page, without doing any of it.
//!
//! [`Node`] is the edge's side and [`Client`] the browser's. Both have the same three calls: `handle` takes what
//! happened, `poll` gives what to do next, `poll_timeout` says when to come back if nothing happens before. Running a
//! module is an [`Output`] like sending a message; its result comes back as an [`Input`]. Whoever reads
//! [`message`] has read the system.
//!
//! This crate knows nothing of sockets, threads, clocks, Wasm or randomness of its own: the edge server, the simulator
//! and tests drive it alike, and the same inputs give the same outputs, byte for byte.
#![forbid(unsafe_code)]

pub mod client;
mod events;
mod location;
pub mod message;
mod module;
mod node;
mod outbox;
pub mod plan;
mod random;
mod session;
mod time;

pub use client::{Client, ClientInput, ClientOutput};
pub use message::{
    Input, Lane, ModuleEvent, ModuleInput, ModuleKey, Outcome, Output, Report, Request, RequestAction,
    Response, SessionId, SessionSize, SlotHtml, SocketId, Start,
};
pub use node::Node;
pub use plan::{ModulePlan, NestedPlan, PagePlan, RestartPlan, SessionLimits};
pub use time::Instant;
