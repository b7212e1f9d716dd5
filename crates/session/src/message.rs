//! Everything that can happen to a node, and everything that a node can ask for.

use crate::plan::PagePlan;
use crate::time::Instant;
use playconnect_dom::tree::Strip;
use playconnect_frame::{CloseCode, Detail, Environment, FormState, Hello, ToEdge};
use std::sync::Arc;

/// 128 random bits, given by the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SessionId(pub u128);

/// A socket of the driver's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SocketId(pub u64);

/// One incarnation of a module of a session. Results for an incarnation that is no more are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ModuleKey {
    pub session: SessionId,
    /// Position in the page plan.
    pub module: usize,
    pub incarnation: u32,
}

/// What happened.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Input {
    /// Somebody asked for the page. Answered by `Output::Html`.
    Open {
        session: SessionId,
        #[cfg_attr(feature = "serde", serde(with = "shared"))]
        page: Arc<PagePlan>,
        environment: Environment,
        seed: [u64; 4],
    },
    /// A socket said HELLO. A session that is not there is answered with 4404.
    Attach {
        session: SessionId,
        socket: SocketId,
        hello: Hello,
    },
    /// A message behind HELLO.
    Message {
        session: SessionId,
        socket: SocketId,
        message: ToEdge,
    },
    SocketClosed {
        session: SessionId,
        socket: SocketId,
    },
    /// More waits to be written to the socket than it should hold (true), or it has room again: frames wait until then.
    SocketCongested {
        session: SessionId,
        socket: SocketId,
        congested: bool,
    },
    /// Answer to `Output::Start`.
    Started {
        key: ModuleKey,
        result: Result<(), String>,
    },
    /// Answer to `Output::Start`: `init` refused. The module is disabled, for starting again does not help.
    InitRefused {
        key: ModuleKey,
        why: String,
    },
    /// Answer to `Output::Turn`. `cpu_us` is measured by the driver, and part of the record.
    Turned {
        key: ModuleKey,
        result: Result<Outcome, String>,
        cpu_us: u64,
    },
    /// Answer to `Output::Fetch`.
    Fetched {
        key: ModuleKey,
        request: u32,
        result: Result<Response, String>,
    },
    /// The module's code is another one now (`playconnect dev`). A new incarnation is started at once, whatever became
    /// of the old one; its slot shows what that made until the new one's first batch. `module` is a position in the
    /// page plan.
    Swap {
        session: SessionId,
        module: usize,
    },
    /// The session is not wanted any more.
    Close {
        session: SessionId,
        code: CloseCode,
        reason: String,
    },
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Output {
    /// Make an instance and call `init`.
    Start {
        key: ModuleKey,
        start: Start,
    },
    /// Call `turn`. One turn of an incarnation at a time.
    Turn {
        key: ModuleKey,
        now: Instant,
        inputs: Vec<ModuleInput>,
    },
    /// Drop the instance, also in the middle of a turn. No answer.
    Stop {
        key: ModuleKey,
    },
    Fetch {
        key: ModuleKey,
        request: u32,
        fetch: Fetch,
    },
    /// The answer is not wanted any more. What runs for it may be ended; no answer.
    CancelFetch {
        key: ModuleKey,
        request: u32,
    },
    /// The page's first HTML, a piece for each slot.
    Html {
        session: SessionId,
        slots: Vec<SlotHtml>,
    },
    Send {
        socket: SocketId,
        message: Vec<u8>,
    },
    /// Behind everything sent to it.
    CloseSocket {
        socket: SocketId,
        code: CloseCode,
        reason: String,
    },
    /// Read no further from this socket, until told.
    PauseReading {
        socket: SocketId,
    },
    ResumeReading {
        socket: SocketId,
    },
    Report(Report),
    /// The session is gone; nothing more comes of it.
    Ended {
        session: SessionId,
    },
}

/// What the operator hears of.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Report {
    /// Operations that the allow-list does not have were left out of a batch.
    Stripped { key: ModuleKey, count: usize, first: Vec<Strip> },
    /// A module failed and is started again after the wait.
    Restarting { key: ModuleKey, why: String, wait_us: u64 },
    /// A module failed too often, or refused to start.
    Disabled { key: ModuleKey, why: String, failures: u32 },
    /// An event whose texts the browser had to cut: what was typed or pasted is longer than a message may hold.
    EventCut { key: ModuleKey, kind: String },
    /// An event of a type that nothing on its path listens to.
    EventUnlistened { session: SessionId, count: u64 },
    /// A browser broke the protocol.
    Protocol { session: SessionId, why: String },
    /// A frame went out.
    Frame { session: SessionId, number: u32, bytes: usize, snapshot: bool },
    /// A turn was applied.
    Applied { key: ModuleKey, ops: usize, bytes: usize, cpu_us: u64 },
}

/// What is kept for a session beside its page. Each is bounded by [`SessionLimits`](crate::SessionLimits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionSize {
    /// Of operations that wait for the next frame.
    pub log_bytes: usize,
    /// Changes by node that wait for it.
    pub changes: usize,
    /// Of frames that may have to be sent again.
    pub ring_bytes: usize,
    pub frames_unacknowledged: usize,
    /// Page ids that cannot be given out yet, and that no frame has told of.
    pub ids_freed: usize,
    /// Batches that wait to be committed.
    pub batches: usize,
    /// Events taken in and not handled.
    pub events_waiting: usize,
    /// What they hold.
    pub events_waiting_bytes: usize,
    /// Inputs of the module for which most wait.
    pub inputs_waiting: usize,
}

/// A slot's part of the first HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SlotHtml {
    pub slot: String,
    pub html: String,
    /// Where other slots stand in it: byte offsets in order, and positions in the list of slots.
    pub places: Vec<(usize, usize)>,
}

/// `start` of the module world.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Start {
    pub module: String,
    pub slot: String,
    pub incarnation: u32,
    pub now: Instant,
    pub seed: [u64; 4],
    pub environment: Environment,
    pub properties: String,
    pub timers_max: u32,
}

/// `input` of the module world.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ModuleInput {
    Mount,
    Event(ModuleEvent),
    Timer,
    AnimationFrame,
    Environment(Environment),
    Response {
        request: u32,
        result: Result<Response, String>,
    },
    Resync {
        node: u32,
    },
    /// `count` operations were left out; `first` are those that it was not told of before.
    Stripped {
        count: u32,
        first: Vec<Strip>,
    },
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ModuleEvent {
    pub sequence: u32,
    /// The module's own index.
    pub target: u32,
    pub kind: String,
    pub modifiers: u8,
    pub detail: Detail,
    pub form: Option<FormState>,
}

/// `outcome` of the module world.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Outcome {
    pub batch: Vec<u8>,
    pub lane: Lane,
    pub next_timer: Option<Instant>,
    pub animation_frame: bool,
    pub requests: Vec<Request>,
}

/// In the order in which a frame applies them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Lane {
    Input,
    Animation,
    #[default]
    Default,
    Idle,
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Request {
    pub id: u32,
    pub action: RequestAction,
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum RequestAction {
    Navigate(String),
    PushUrl(String),
    ReplaceUrl(String),
    Fetch(Fetch),
    /// Of an earlier request.
    Cancel(u32),
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Fetch {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Response {
    /// Of the host that answered.
    pub url: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A shared plan is recorded as the plan.
#[cfg(feature = "serde")]
mod shared {
    use super::{Arc, PagePlan};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(page: &Arc<PagePlan>, serializer: S) -> Result<S::Ok, S::Error> {
        PagePlan::serialize(page, serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<PagePlan>, D::Error> {
        PagePlan::deserialize(deserializer).map(Arc::new)
    }
}
