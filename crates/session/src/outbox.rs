//! Frames of one session: what the browser has, what it is owed, and when the next frame may go.

use crate::plan::SessionLimits;
use crate::time::Instant;
use playconnect_dom::op::TreeMode;
use playconnect_dom::stream::{PartWriter, StreamWriter};
use playconnect_dom::tree::{PageId, Tree};
use playconnect_frame::message::{FRAME_HEAD_BYTES, encode_frame};
use playconnect_frame::{FrameHead, MESSAGE_BYTES_MAX};
use std::collections::VecDeque;

#[derive(Debug)]
pub(crate) struct Outbox {
    /// Operations since the last frame. Only kept while they can be sent as they are.
    pub log: PartWriter,
    state: Log,
    /// Number of the last frame sent.
    sent: u32,
    sent_at: Instant,
    event_ack_sent: u32,
    names_sent: u16,
    in_flight: VecDeque<InFlight>,
    /// Freed since the last frame: the browser learns of it with the next one.
    freed: Vec<PageId>,
    /// Page ids were given out again that a browser may still know as something else.
    ids_reused: bool,
    /// The socket has more to write than it should hold: no frame until it has room.
    congested: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    /// The browser's state plus the log is the tree.
    Kept,
    /// The next frame describes the whole page.
    Whole(TreeMode),
    /// Nobody is there.
    Nobody,
}

#[derive(Debug)]
struct InFlight {
    number: u32,
    freed: Vec<PageId>,
    anew: bool,
}

/// The parts of a frame, ready to be sent.
pub(crate) struct Frame {
    pub number: u32,
    pub messages: Vec<Vec<u8>>,
    pub snapshot: bool,
}

impl Outbox {
    pub fn new() -> Self {
        Outbox {
            log: PartWriter::new(MESSAGE_BYTES_MAX - FRAME_HEAD_BYTES),
            state: Log::Nobody,
            sent: 0,
            sent_at: Instant(0),
            event_ack_sent: 0,
            names_sent: 1,
            in_flight: VecDeque::new(),
            freed: Vec::new(),
            ids_reused: false,
            congested: false,
        }
    }

    /// A browser is there; the next frame tells it everything.
    pub fn attach(&mut self, mode: TreeMode) {
        self.detach();
        // Whether those frames arrived is not known: what they freed waits for the next one.
        for frame in std::mem::take(&mut self.in_flight) {
            self.freed.extend(frame.freed);
            self.ids_reused |= frame.anew;
        }
        self.congested = false;
        self.state = Log::Whole(mode);
    }

    pub fn detach(&mut self) {
        self.state = Log::Nobody;
        self.log.clear();
    }

    pub fn is_attached(&self) -> bool {
        self.state != Log::Nobody
    }

    pub fn set_congested(&mut self, congested: bool) {
        self.congested = congested;
    }

    pub fn is_congested(&self) -> bool {
        self.congested
    }

    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// The next frame tells everything.
    pub fn resend(&mut self) {
        if self.is_attached() {
            self.state = Log::Whole(TreeMode::Replace);
            self.log.clear();
        }
    }

    /// To be called when the tree has changed: keeps the log within its bound, and freed ids from being used again too
    /// early.
    pub fn changed(&mut self, tree: &mut Tree, limits: &SessionLimits) {
        self.freed.extend(tree.take_freed());
        if self.state == Log::Nobody && self.sent == 0 {
            // No browser has seen any id yet.
            tree.release(&std::mem::take(&mut self.freed));
        }
        if self.state != Log::Kept {
            self.log.clear();
        } else if self.log.byte_len() > limits.frame_bytes_max {
            self.resend();
        }
        // Without acknowledgements ids would run out: then the browser has to forget all of them instead.
        if self.freed.len() > 2 * tree.limits().page_nodes {
            tree.release(&std::mem::take(&mut self.freed));
            self.ids_reused = true;
            self.resend();
        }
    }

    /// False: this frame was never sent.
    pub fn acknowledge(&mut self, frame: u32, tree: &mut Tree) -> bool {
        while self.in_flight.front().is_some_and(|sent| sent.number <= frame) {
            if let Some(sent) = self.in_flight.pop_front() {
                tree.release(&sent.freed);
            }
        }
        frame <= self.sent
    }

    fn has_something(&self, event_ack: u32) -> bool {
        match self.state {
            Log::Nobody => false,
            Log::Whole(_) => true,
            Log::Kept => !self.log.is_empty() || event_ack != self.event_ack_sent,
        }
    }

    /// When the next frame may go, if there is something to send and room for it.
    pub fn due_at(&self, event_ack: u32, limits: &SessionLimits) -> Option<Instant> {
        let room = !self.congested && self.in_flight.len() < limits.frames_unacknowledged_max;
        (room && self.has_something(event_ack)).then(|| self.sent_at.after(limits.frame_interval_us))
    }

    /// The next frame. To be called when it is due, or at once if it holds effects of input.
    pub fn next_frame(
        &mut self,
        now: Instant,
        event_ack: u32,
        tree: &mut Tree,
        write_statuses: impl FnOnce(&mut PartWriter),
        limits: &SessionLimits,
    ) -> Option<Frame> {
        self.due_at(event_ack, limits)?;
        let mut fresh = false;
        if let Log::Whole(mode) = self.state {
            fresh = true;
            self.names_sent = 1;
            tree.forget_sent_templates();
            self.log.clear();
            for slot in tree.slots() {
                tree.write_slot(slot, mode, &mut self.log);
                tree.write_detached(slot, &mut self.log);
            }
            tree.write_mounts(&mut self.log);
            tree.write_overlays(&mut self.log);
            write_statuses(&mut self.log);
            self.state = Log::Kept;
        }
        let mut parts = self.new_names(tree);
        parts.extend(self.log.take());
        self.sent += 1;
        self.sent_at = now;
        self.event_ack_sent = event_ack;
        let anew = fresh && std::mem::take(&mut self.ids_reused);
        let freed = std::mem::take(&mut self.freed);
        self.in_flight.push_back(InFlight { number: self.sent, freed, anew });
        let last = parts.len() - 1;
        let number = self.sent;
        let head = |at| FrameHead { number, event_ack, more: at < last, fresh, anew };
        let messages = parts.iter().enumerate().map(|(at, part)| encode_frame(&head(at), part)).collect();
        Some(Frame { number, messages, snapshot: fresh })
    }

    /// Definitions of the names that the browser does not have yet.
    fn new_names(&mut self, tree: &Tree) -> Vec<StreamWriter> {
        let names = tree.names();
        if self.names_sent == names.next_id() {
            return Vec::new();
        }
        let mut writer = PartWriter::new(MESSAGE_BYTES_MAX - FRAME_HEAD_BYTES);
        for (id, namespace, local) in names.since(self.names_sent) {
            writer.name(id.0, namespace, local);
        }
        self.names_sent = names.next_id();
        writer.take()
    }
}
