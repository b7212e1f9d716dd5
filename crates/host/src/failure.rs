//! Why an instance is gone. Every message names the session, the module, what was used and allowed, and the key that
//! raises a limit.

use std::fmt;

use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::SnapshotError;
use crate::config::{Labels, Limits};
use crate::state::{Limiter, Refused, escape, truncate};

/// Frames of a backtrace that are kept.
const FRAMES_MAX: usize = 8;
/// A guest's own message, and a function's name.
const MESSAGE_BYTES_MAX: usize = 4 << 10;
const FUNCTION_BYTES_MAX: usize = 120;

/// An instance that did not do what was asked of it. It is of no use any more; drop it.
#[derive(Clone, Debug)]
pub struct Failure {
    pub labels: Labels,
    /// What it was asked to do.
    pub call: Call,
    pub kind: FailureKind,
}

/// The calls into a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Instantiation and `init`.
    Init,
    Turn,
    Snapshot,
    Restore,
}

#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The guest broke off. The backtrace has the innermost function first; it is empty if names were stripped.
    Trap { reason: String, backtrace: Vec<String> },
    /// More thread CPU than allowed.
    Stopped { used_us: u64, allowed_us: u64 },
    /// It trapped after more memory had been refused, or cannot start with what it is allowed.
    Memory { used_bytes: u64, wanted_bytes: u64, allowed_bytes: u64 },
    /// It trapped after a bigger function table had been refused.
    Table { wanted: u64, allowed: u64 },
    /// Its answer to one call is too big.
    Output { allowed_bytes: u64 },
    /// The message that `init` returned. Starting again will not help.
    Init { message: String },
    /// The message that `turn` returned.
    Guest { message: String },
    /// It does not keep to the canonical ABI or to the contract of `memory`.
    BadComponent { reason: String },
    /// A snapshot that is not of this module.
    Snapshot(SnapshotError),
    /// The module does not export `memory`.
    CannotSleep,
    /// The node's places are all taken.
    Capacity { instances_max: u32 },
    /// The module's `memory` is more than this node gives any widget.
    MemoryLimit { limit_bytes: u64, allowed_bytes: u64 },
    /// Stopped by the host's wish while it ran.
    Killed,
    /// It had failed before.
    Gone,
}

impl Failure {
    /// The setting to raise, where one would have helped.
    pub fn key(&self) -> Option<String> {
        let limit = |key| Some(format!("[module.{}.limits] {key}", self.labels.module));
        match (&self.kind, self.call) {
            (FailureKind::Memory { .. }, _) => limit("memory"),
            (FailureKind::Stopped { .. }, Call::Init | Call::Restore) => limit("init_stop"),
            (FailureKind::Stopped { .. }, Call::Turn | Call::Snapshot) => limit("event_stop"),
            (FailureKind::Output { .. }, _) => limit("batch_bytes"),
            (FailureKind::Table { .. }, _) => Some("[modules] table_elements_max in node.toml".into()),
            (FailureKind::Capacity { .. }, _) => Some("[modules] instances_max in node.toml".into()),
            (FailureKind::MemoryLimit { .. }, _) => Some("[modules] widget_memory in node.toml".into()),
            _ => None,
        }
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Labels { session, module } = &self.labels;
        let call = self.call;
        write!(f, "module {module} of session {session}: ")?;
        match &self.kind {
            FailureKind::Trap { reason, backtrace } => {
                write!(f, "{call} trapped: {reason}")?;
                if !backtrace.is_empty() {
                    write!(f, ", in {}", backtrace.join(" < "))?;
                }
            }
            FailureKind::Stopped { used_us, allowed_us } => {
                write!(
                    f,
                    "{call} stopped: CPU {} ms of {} ms used",
                    used_us.div_ceil(1_000),
                    allowed_us / 1_000
                )?;
            }
            FailureKind::Memory { used_bytes, wanted_bytes, allowed_bytes } => {
                let (used, wanted, allowed) = (Mib(*used_bytes), Mib(*wanted_bytes), Mib(*allowed_bytes));
                write!(f, "{call} ran out of memory: {used} of {allowed} used, {wanted} wanted")?;
            }
            FailureKind::Table { wanted, allowed } => {
                write!(f, "{call} wanted a function table of {wanted} entries, {allowed} are allowed")?;
            }
            FailureKind::Output { allowed_bytes } => {
                write!(f, "{call} handed over more than {} in one call", Mib(*allowed_bytes))?;
            }
            FailureKind::Init { message } => write!(f, "init refused: {message}")?,
            FailureKind::Guest { message } => write!(f, "{call} failed: {message}")?,
            FailureKind::BadComponent { reason } => write!(f, "{call} broke the module contract: {reason}")?,
            FailureKind::Snapshot(error) => write!(f, "{call}: {error}")?,
            FailureKind::CannotSleep => {
                write!(f, "it cannot sleep: it does not export playconnect:module/memory")?
            }
            FailureKind::Capacity { instances_max } => {
                write!(f, "no place left: all {instances_max} instances of this node are in use")?;
            }
            FailureKind::MemoryLimit { limit_bytes, allowed_bytes } => {
                let (limit, allowed) = (Mib(*limit_bytes), Mib(*allowed_bytes));
                write!(f, "memory = {limit} is more than this node gives a widget ({allowed})")?;
            }
            FailureKind::Killed => write!(f, "{call} was ended by the host")?,
            FailureKind::Gone => write!(f, "{call} of an instance that had ended")?,
        }
        match self.key() {
            Some(key) => write!(f, "; raise {key}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Call::Init => "init",
            Call::Turn => "turn",
            Call::Snapshot => "snapshot",
            Call::Restore => "restore",
        })
    }
}

struct Mib(u64);

impl fmt::Display for Mib {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} MiB", self.0 as f64 / (1 << 20) as f64)
    }
}

/// What a guest says in its own words.
pub(crate) fn message(text: &str) -> String {
    escape(truncate(text, MESSAGE_BYTES_MAX))
}

/// What an error of the engine means.
pub(crate) fn kind(
    error: &wasmtime::Error,
    limiter: &mut Limiter,
    limits: &Limits,
    instances_max: u32,
) -> FailureKind {
    if error.is::<PoolConcurrencyLimitError>() {
        return FailureKind::Capacity { instances_max };
    }
    match limiter.refused.take() {
        Some(Refused::Memory { used_bytes, wanted_bytes, allowed_bytes }) => {
            return FailureKind::Memory { used_bytes, wanted_bytes, allowed_bytes };
        }
        Some(Refused::Table { wanted, allowed }) => return FailureKind::Table { wanted, allowed },
        None => {}
    }
    if let Some(trap) = error.downcast_ref::<Trap>() {
        let reason = trap.to_string();
        let reason = reason.strip_prefix("wasm trap: ").unwrap_or(&reason).to_owned();
        return FailureKind::Trap { reason, backtrace: backtrace(error) };
    }
    let reason = error.root_cause().to_string();
    // The engine has no type for this one.
    if reason.contains("fuel allocated for hostcalls") {
        return FailureKind::Output { allowed_bytes: limits.output_bytes() };
    }
    FailureKind::BadComponent { reason: message(&reason) }
}

fn backtrace(error: &wasmtime::Error) -> Vec<String> {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return Vec::new() };
    let named = |frame: &wasmtime::FrameInfo| {
        let name = rustc_demangle::demangle(frame.func_name()?).to_string();
        Some(escape(truncate(&name, FUNCTION_BYTES_MAX)))
    };
    backtrace.frames().iter().filter_map(named).take(FRAMES_MAX).collect()
}
