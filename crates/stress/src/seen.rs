//! What the users saw, all of them together.

use crate::Progress;
use crate::node::Sample;
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Kinds of errors. Whatever is not an answer in time is one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The page was not given.
    Page,
    /// The page came without a session, or its socket did not open.
    Socket,
    /// A socket that was live was lost.
    Lost,
    /// The node ended the session.
    Ended,
    /// The node said something that cannot be.
    Protocol,
    /// No answer to what a user did.
    Unanswered,
    /// Nothing on the page is what a step names.
    Script,
}

impl Fault {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Fault::Page => "page",
            Fault::Socket => "socket",
            Fault::Lost => "lost",
            Fault::Ended => "ended",
            Fault::Protocol => "protocol",
            Fault::Unanswered => "unanswered",
            Fault::Script => "script",
        }
    }
}

/// Only what happens in the time that is measured counts, but for errors, which always do.
pub(crate) struct Seen {
    began: Instant,
    measured: Instant,
    ends: Instant,
    // A plain lock: taken for the length of an addition.
    totals: Mutex<Totals>,
}

#[derive(Clone, Debug)]
pub(crate) struct Totals {
    /// Microseconds.
    pub click_to_frame: Histogram<u64>,
    /// From asking for the page to its HTML.
    pub page: Histogram<u64>,
    /// From asking for the page to its first frame.
    pub opening: Histogram<u64>,
    pub frames: u64,
    pub received_bytes: u64,
    pub live: u64,
    pub live_max: u64,
    /// With what was said of the first one.
    pub errors: BTreeMap<Fault, (u64, String)>,
    pub seconds: Vec<Second>,
    now: Second,
}

/// What happened in one second.
#[derive(Clone, Debug)]
pub(crate) struct Second {
    /// At most.
    pub live: u64,
    pub answered: Histogram<u64>,
    pub errors: u64,
    pub node: Option<Sample>,
}

impl Default for Second {
    fn default() -> Self {
        Second { live: 0, answered: histogram(2), errors: 0, node: None }
    }
}

fn histogram(digits: u8) -> Histogram<u64> {
    // A minute in microseconds; over it, it grows.
    let mut histogram = Histogram::new_with_bounds(1, 60_000_000, digits)
        .expect("these bounds are right for any digits up to 5");
    histogram.auto(true);
    histogram
}

impl Seen {
    pub(crate) fn new(began: Instant, measured: Instant, ends: Instant) -> Self {
        let totals = Totals {
            click_to_frame: histogram(3),
            page: histogram(3),
            opening: histogram(3),
            frames: 0,
            received_bytes: 0,
            live: 0,
            live_max: 0,
            errors: BTreeMap::new(),
            seconds: Vec::new(),
            now: Second::default(),
        };
        Seen { began, measured, ends, totals: Mutex::new(totals) }
    }

    pub(crate) fn began(&self) -> Instant {
        self.began
    }

    pub(crate) fn ends(&self) -> Instant {
        self.ends
    }

    /// Something was done at `at`, and is on the screen now.
    pub(crate) fn answered(&self, at: Instant, now: Instant) {
        let mut totals = self.totals();
        record(&mut totals.now.answered, now - at);
        if at >= self.measured {
            record(&mut totals.click_to_frame, now - at);
        }
    }

    pub(crate) fn page(&self, took: Duration) {
        record(&mut self.totals().page, took);
    }

    pub(crate) fn opened(&self, took: Duration) {
        let mut totals = self.totals();
        record(&mut totals.opening, took);
        totals.live += 1;
        totals.live_max = totals.live_max.max(totals.live);
        totals.now.live = totals.now.live.max(totals.live);
    }

    pub(crate) fn closed(&self) {
        self.totals().live -= 1;
    }

    pub(crate) fn received(&self, bytes: usize, now: Instant) {
        if (self.measured..self.ends).contains(&now) {
            self.totals().received_bytes += bytes as u64;
        }
    }

    pub(crate) fn applied(&self, now: Instant) {
        if (self.measured..self.ends).contains(&now) {
            self.totals().frames += 1;
        }
    }

    pub(crate) fn error(&self, fault: Fault, count: u64, why: impl FnOnce() -> String) {
        if count == 0 {
            return;
        }
        let mut totals = self.totals();
        totals.now.errors += count;
        totals.errors.entry(fault).or_insert_with(|| (0, why())).0 += count;
    }

    /// A second is over.
    pub(crate) fn second(&self, node: Option<Sample>) {
        let mut totals = self.totals();
        let next = Second { live: totals.live, ..Second::default() };
        let now = std::mem::replace(&mut totals.now, next);
        totals.seconds.push(Second { node, ..now });
    }

    pub(crate) fn progress(&self, second: u64, seconds: u64) -> Progress {
        let totals = self.totals();
        Progress {
            second,
            seconds,
            live: totals.live,
            answered: totals.click_to_frame.len(),
            errors: totals.errors(),
        }
    }

    pub(crate) fn result(&self) -> Totals {
        self.totals().clone()
    }

    fn totals(&self) -> MutexGuard<'_, Totals> {
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Totals {
    pub(crate) fn errors(&self) -> u64 {
        self.errors.values().map(|(count, _)| count).sum()
    }
}

fn record(histogram: &mut Histogram<u64>, took: Duration) {
    // It grows with what it is given.
    let _ = histogram.record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1));
}
