//! What edge and browser say to each other over the session socket: the messages of `protocol/wire.md`, as values and as
//! bytes, and the types of what a page's user does.
//!
//! This crate knows nothing of sessions, sockets or time.
#![forbid(unsafe_code)]

pub mod event;
pub mod message;
mod words;

pub use event::{Detail, Environment, Event, FormState};
pub use message::{CloseCode, FrameHead, Hello, Location, ToBrowser, ToEdge};
pub use words::WireError;

/// The version of `protocol/wire.md`.
pub const PROTOCOL_VERSION: u16 = 1;

/// A message from a browser, and a part of a frame, hold at most this many bytes.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;
