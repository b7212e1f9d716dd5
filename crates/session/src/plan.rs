//! What a page is made of, and the bounds that its sessions keep. The edge makes these from the app's manifest.

use playconnect_dom::{BatchLimits, Limits};

/// A page and its modules.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PagePlan {
    /// In the order of the manifest. Their positions name them in messages.
    pub modules: Vec<ModulePlan>,
    pub limits: Limits,
    pub session: SessionLimits,
}

#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ModulePlan {
    pub name: String,
    pub slot: String,
    /// Where the slot stands, if it is no slot of the page.
    pub nested: Option<NestedPlan>,
    /// It may lay something over the page.
    pub overlay: bool,
    /// Handed to the module: a JSON object.
    pub properties: String,
    /// Upper bound on animation frames a second while the page is visible.
    pub frames_per_second_max: u32,
    /// Handed to the module, whose platform keeps to it.
    pub timers_max: u32,
    pub batch: BatchLimits,
    pub restart: RestartPlan,
}

/// A slot that stands inside of another module's tree. No module is nested in itself, also not by way of others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NestedPlan {
    /// Position of the module that offers the place.
    pub parent: usize,
    /// The name by which it does.
    pub key: String,
}

/// What happens when a module fails.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RestartPlan {
    /// Wait before the first restart; it doubles with each failure within the window.
    pub backoff_min_us: u64,
    pub backoff_max_us: u64,
    /// So many failures within the window disable the module.
    pub disable_after: u32,
    pub disable_window_us: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SessionLimits {
    /// First HTML is given out after this time even if a module is not ready.
    pub html_deadline_us: u64,
    /// A session whose HTML nobody attaches to.
    pub unattached_us: u64,
    /// A session whose socket is gone.
    pub detached_us: u64,
    /// Least time between frames that hold no effect of input.
    pub frame_interval_us: u64,
    pub frames_unacknowledged_max: usize,
    /// Operations collected for one frame; over it they are kept as changed nodes.
    pub frame_bytes_max: usize,
    /// Of one message of a frame; at most [`MESSAGE_BYTES_MAX`](playconnect_frame::MESSAGE_BYTES_MAX).
    pub part_bytes_max: usize,
    /// Changes kept by node for a browser that takes no frame; over it the next frame is a snapshot.
    pub changes_max: usize,
    /// Frames kept until they are acknowledged, for a browser that lost its socket; what it misses of them beyond that
    /// comes as a snapshot.
    pub ring_bytes_max: usize,
    /// Discrete events: refill of the bucket, and its size.
    pub events_per_second: u32,
    pub events_burst: u32,
    /// Events taken in and not handled; at this many the socket is read no further.
    pub events_waiting_max: usize,
    /// What they hold in all. One event has nearly 1 MiB at most, and comes on top.
    pub events_waiting_bytes_max: usize,
}

impl Default for SessionLimits {
    fn default() -> Self {
        SessionLimits {
            html_deadline_us: 5_000_000,
            unattached_us: 10_000_000,
            detached_us: 15 * 60 * 1_000_000,
            frame_interval_us: 16_000,
            frames_unacknowledged_max: 3,
            frame_bytes_max: 2 << 20,
            part_bytes_max: playconnect_frame::MESSAGE_BYTES_MAX,
            changes_max: 16 << 10,
            ring_bytes_max: 1 << 20,
            events_per_second: 1_000,
            events_burst: 2_000,
            events_waiting_max: 512,
            events_waiting_bytes_max: 2 << 20,
        }
    }
}

impl Default for RestartPlan {
    fn default() -> Self {
        RestartPlan {
            backoff_min_us: 100_000,
            backoff_max_us: 30_000_000,
            disable_after: 5,
            disable_window_us: 60_000_000,
        }
    }
}
