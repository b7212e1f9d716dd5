//! Recordings: everything that happened to one session and everything that it asked for, in a file. The session machine
//! and the modules do the same again with the same inputs, so a recording can be replayed ([`simulate`]).
//!
//! A file is `PCR1` and a gzip stream: the [`Header`], then [`Record`]s, each in postcard's encoding behind its length
//! (u32, little endian). It holds what a person typed, so only its owner may read it.

mod read;
mod simulate;
mod write;

pub use read::{ReadError, Recording};
pub use simulate::{Difference, SimulateError, Simulated, simulate};
pub(crate) use write::{DriverRecorder, Recorder};

use playconnect_session::{Input, Instant, Output};
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 4] = b"PCR1";

/// One record: a message of the browser, a batch, a response of another host.
const RECORD_BYTES_MAX: usize = 16 << 20;

/// All of a recording, unpacked. What comes behind is not recorded.
const RECORDING_BYTES_MAX: u64 = 256 << 20;

/// What a recording is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Of the binary that recorded.
    pub playconnect: String,
    pub application: String,
    pub route: String,
    /// In the order of the page's plan.
    pub modules: Vec<RecordedModule>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedModule {
    pub name: String,
    /// SHA-256 of the component.
    pub hash: [u8; 32],
}

#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(Serialize))]
pub enum Record {
    Input {
        at: Instant,
        input: Input,
    },
    /// What was due by then was done.
    Tick {
        at: Instant,
    },
    Output(Output),
    /// What followed is not recorded.
    Cut {
        why: String,
    },
}

/// As [`Record`], of what is somebody else's.
#[derive(Serialize)]
enum RecordRef<'a> {
    Input { at: Instant, input: &'a Input },
    Tick { at: Instant },
    Output(&'a Output),
    Cut { why: &'a str },
}
