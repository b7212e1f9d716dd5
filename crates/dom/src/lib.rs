//! The page tree of a session, and the operations that change it.
//!
//! A module writes a [`Batch`](batch::Batch): bytes in the format of `protocol/wire.md`. [`Tree::check`](tree::Tree::check)
//! holds it against the page tree as a whole, and [`Tree::apply`](tree::Tree::apply) then changes the tree and writes
//! what the browser has to do into a [`PartWriter`](stream::PartWriter). A batch that is refused changes nothing.
//!
//! This crate knows nothing of sessions, frames' numbers, sockets, time or Wasm.
#![forbid(unsafe_code)]

pub mod allow;
pub mod batch;
pub mod form;
pub mod html;
pub mod limits;
pub mod names;
pub mod op;
pub mod replica;
pub mod stream;
pub mod tree;

pub use batch::{Batch, BatchWriter};
pub use limits::{BatchLimits, LimitKey, Limits};
pub use op::{Command, ListenFlags, Namespace, Property};
pub use tree::{Tree, TreeError};
