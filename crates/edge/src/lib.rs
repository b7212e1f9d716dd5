//! The edge server: serves an app's pages, and keeps them live.
//!
//! The way of a page: [`public`] answers a GET with HTML that the app's modules have rendered, and takes the browser's
//! socket. Both talk to a [`driver`], which owns one [`session::Node`](playconnect_session::Node), feeds it with what
//! happens and does what it asks for. It lives on a shard of the host's, beside the modules of its sessions, and never on
//! the threads that serve sockets.
//!
//! This crate knows nothing of DOM operations, of the order of batches, or of Wasmtime.
#![forbid(unsafe_code)]

mod admin;
mod app;
pub mod assets;
mod backlog;
mod convert;
mod development;
mod driver;
mod instances;
mod metrics;
mod module_assets;
mod outbound;
mod page;
mod public;
pub mod recording;
mod serve;
mod session_name;
mod socket;
mod stylesheet;
mod unattached;

pub use app::{App, AppError, memory_beyond};
pub use development::{Development, Updated};
pub use module_assets::is_asset;
pub use serve::{Ready, ServeError, ServeOptions, serve};
