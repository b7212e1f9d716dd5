//! The events of a session: which were taken in, which are handled, and how fast they may come.

use crate::time::Instant;
use std::collections::BTreeSet;

/// Events by sequence. Each is taken in once and acknowledged once.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    accepted: u32,
    waiting: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intake {
    New,
    /// Sent again after a lost socket.
    SeenBefore,
    /// One before it is missing.
    Gap,
}

impl Ledger {
    pub fn take_in(&mut self, sequence: u32) -> Intake {
        if sequence <= self.accepted {
            return Intake::SeenBefore;
        }
        if sequence != self.accepted + 1 {
            return Intake::Gap;
        }
        self.accepted = sequence;
        self.waiting.insert(sequence);
        Intake::New
    }

    pub fn handled(&mut self, sequence: u32) {
        self.waiting.remove(&sequence);
    }

    pub fn accepted(&self) -> u32 {
        self.accepted
    }

    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// All events up to this one are handled.
    pub fn acknowledged(&self) -> u32 {
        self.waiting.first().map_or(self.accepted, |first| first - 1)
    }
}

/// A token bucket, in thousandths of an event.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: u64,
    size: u64,
    level: u64,
    filled_at: Instant,
}

impl Bucket {
    pub fn new(per_second: u32, burst: u32) -> Self {
        let size = u64::from(burst) * 1_000_000;
        Bucket { per_second: u64::from(per_second), size, level: size, filled_at: Instant(0) }
    }

    /// Takes so many events out. The time to wait if there are not enough left; they are taken all the same.
    pub fn take(&mut self, events: u32, now: Instant) -> Option<Instant> {
        self.fill(now);
        self.level = self.level.saturating_sub(u64::from(events) * 1_000_000);
        if self.level >= 1_000_000 {
            return None;
        }
        Some(now.after((1_000_000 - self.level).div_ceil(self.per_second.max(1))))
    }

    fn fill(&mut self, now: Instant) {
        let gained = now.since(self.filled_at).saturating_mul(self.per_second);
        self.level = self.level.saturating_add(gained).min(self.size);
        self.filled_at = now;
    }
}
