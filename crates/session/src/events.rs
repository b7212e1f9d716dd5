//! The events of a session: which were taken in, which are handled, and how fast they may come.

use crate::time::Instant;
use std::collections::BTreeMap;

/// Events by sequence. Each is taken in once and acknowledged once.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    accepted: u32,
    /// With the bytes of each.
    waiting: BTreeMap<u32, usize>,
    waiting_bytes: usize,
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
    pub fn take_in(&mut self, sequence: u32, bytes: usize) -> Intake {
        if sequence <= self.accepted {
            return Intake::SeenBefore;
        }
        if sequence != self.accepted + 1 {
            return Intake::Gap;
        }
        self.accepted = sequence;
        self.waiting.insert(sequence, bytes);
        self.waiting_bytes += bytes;
        Intake::New
    }

    pub fn handled(&mut self, sequence: u32) {
        self.waiting_bytes -= self.waiting.remove(&sequence).unwrap_or(0);
    }

    pub fn accepted(&self) -> u32 {
        self.accepted
    }

    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// All events up to this one are handled.
    pub fn acknowledged(&self) -> u32 {
        self.waiting.first_key_value().map_or(self.accepted, |(first, _)| first - 1)
    }
}

/// A token bucket, in millionths of an event. It may be in debt: what was taken beyond its level is waited for.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: u64,
    size: i64,
    level: i64,
    filled_at: Instant,
}

const EVENT: i64 = 1_000_000;

impl Bucket {
    pub fn new(per_second: u32, burst: u32) -> Self {
        let size = i64::from(burst) * EVENT;
        Bucket { per_second: u64::from(per_second), size, level: size, filled_at: Instant(0) }
    }

    /// Takes so many events out. The time to wait if there are not enough left; they are taken all the same.
    pub fn take(&mut self, events: u32, now: Instant) -> Option<Instant> {
        self.fill(now);
        self.level = self.level.saturating_sub(i64::from(events) * EVENT);
        let lacking = u64::try_from(EVENT.saturating_sub(self.level)).unwrap_or(0);
        (lacking > 0).then(|| now.after(lacking.div_ceil(self.per_second.max(1))))
    }

    fn fill(&mut self, now: Instant) {
        let gained = now.since(self.filled_at).saturating_mul(self.per_second);
        let gained = i64::try_from(gained).unwrap_or(i64::MAX);
        self.level = self.level.saturating_add(gained).min(self.size);
        self.filled_at = now;
    }
}
