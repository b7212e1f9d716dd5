//! Runs modules: components of the package `playconnect:module`, each instance in a sandbox of its own.
//!
//! This is the only crate that knows Wasmtime. It knows nothing of sockets, pages, DOM trees or HTTP: a batch is
//! bytes, a document is bytes, time is an argument.
//!
//! The way through it:
//! 1. [`Host::new`] makes the engine: a pool of memories, one clock that ends slices.
//! 2. [`Host::load`] checks and compiles a component file into a [`Module`]. It blocks for seconds; call it off the
//!    shards.
//! 3. [`Executor::new`] starts the shards, [`Running::start`] puts an instance on one of them and reports [`Event`]s.
//!    (Or, below that: [`Host::instantiate`] and [`Instance::turn`] are plain futures.)
//! 4. Between turns an instance can be put to sleep: [`Instance::snapshot`], and later, anywhere, [`Host::restore`].
//!
//! Guests are never polled on a thread that serves sockets. A guest runs until it returns or its slice ends; when a
//! call has used more CPU (measured, of its thread) than its limit, the instance is dropped.

mod bindings;
mod cache;
pub mod componentize;
mod config;
mod contract;
mod engine;
mod error;
mod executor;
mod failure;
mod functions;
mod inspect;
mod instance;
mod intl;
mod load;
mod meter;
mod run_queue;
mod running;
mod sleep;
mod snapshot;
mod state;
mod ticker;
pub mod types;

pub use config::{Config, Labels, Limits};
pub use error::HostError;
pub use executor::{Executor, Resident, ShardHandle};
pub use failure::{Call, Failure, FailureKind};
pub use instance::{Instance, Report, Usage};
pub use load::{Code, Host, Module};
pub use running::{Busy, COMMANDS_MAX, Event, Origin, Running, SnapshotRefused};
pub use snapshot::{PAGE_BYTES, PackedSnapshot, Snapshot, SnapshotError};
pub use state::LogLine;

/// The version of the package `playconnect:module` that this host speaks.
pub const MODULE_VERSION: &str = "0.1.0";
