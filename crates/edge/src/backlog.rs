//! What waits to be written to a socket, and when that is too much.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What waits to be written to a socket. The driver adds, the writer takes off; each tells when a bound is passed.
#[derive(Debug, Default)]
pub struct Backlog {
    bytes: AtomicUsize,
    peak: AtomicUsize,
    congested: AtomicBool,
}

impl Backlog {
    /// True: it is too much from now on.
    pub fn add(&self, bytes: usize) -> bool {
        let bytes = bytes + MESSAGE_BYTES;
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.peak.fetch_max(before + bytes, Ordering::Relaxed);
        before + bytes > BACKLOG_BYTES_MAX && !self.congested.swap(true, Ordering::Relaxed)
    }

    pub fn is_congested(&self) -> bool {
        self.congested.load(Ordering::Relaxed)
    }

    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The most that ever waited.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// True: there is room again.
    pub fn written(&self, bytes: usize) -> bool {
        let bytes = bytes + MESSAGE_BYTES;
        let before = self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        before - bytes <= BACKLOG_BYTES_MAX / 2 && self.congested.swap(false, Ordering::Relaxed)
    }
}

/// Over it no frame is made for the socket until half of it has room again. One frame may be larger.
const BACKLOG_BYTES_MAX: usize = 2 << 20;

/// What a message takes beside what is in it.
const MESSAGE_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_says_once_that_it_is_too_much_and_once_that_there_is_room() {
        let backlog = Backlog::default();
        let most = BACKLOG_BYTES_MAX - MESSAGE_BYTES;
        assert!(!backlog.add(most), "just as much as it should hold");
        assert!(backlog.add(1));
        assert!(!backlog.add(10 << 20), "it has been said");
        assert!(!backlog.written(10 << 20) && !backlog.written(1));
        assert!(backlog.written(most), "there is nothing left");
        assert!(!backlog.add(0) && !backlog.written(0), "it has been said");
        assert!(
            !(0..BACKLOG_BYTES_MAX / MESSAGE_BYTES).any(|_| backlog.add(0)),
            "short messages take room, too"
        );
        assert!(backlog.add(0));
        let left = |backlog: &Backlog| backlog.bytes() > BACKLOG_BYTES_MAX / 2 + MESSAGE_BYTES;
        while left(&backlog) {
            assert!(!backlog.written(0), "more than half");
        }
        assert!(backlog.written(0) || backlog.written(0));
    }
}
