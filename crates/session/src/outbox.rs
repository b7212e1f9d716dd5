//! Frames of one session: what the browser has, what it is owed, and when the next frame may go.

use crate::plan::SessionLimits;
use crate::time::Instant;
use playconnect_dom::op::TreeMode;
use playconnect_dom::stream::{PartWriter, StreamWriter};
use playconnect_dom::tree::{Changes, PageId, Tree};
use playconnect_frame::message::{FRAME_HEAD_BYTES, encode_frame};
use playconnect_frame::{FrameHead, MESSAGE_BYTES_MAX};
use std::collections::VecDeque;

#[derive(Debug)]
pub(crate) struct Outbox {
    /// Operations since the last frame, and since what is in `changes`. Only kept while they can be sent as they are.
    pub log: PartWriter,
    /// What the browser is owed, when there is no room for a frame: nodes, not operations.
    changes: Changes,
    state: State,
    /// There is a socket.
    attached: bool,
    /// Number of the last frame sent.
    sent: u32,
    sent_at: Instant,
    event_ack_sent: u32,
    names_sent: u16,
    /// Frames that are not acknowledged: the ring from which a browser goes on that lost its socket.
    in_flight: VecDeque<InFlight>,
    ring_bytes: usize,
    /// Freed since the last frame: the browser learns of it with the next one.
    freed: Vec<PageId>,
    /// The socket has more to write than it should hold: no frame until it has room.
    congested: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The frames in flight, the changes and the log lead from the browser's state to the tree.
    Kept,
    /// The next frame describes the whole page, for a browser whose nodes are those of frame `base` (0: of none).
    Whole { mode: TreeMode, base: u32 },
    /// Nobody has come yet.
    Nobody,
}

#[derive(Debug)]
struct InFlight {
    number: u32,
    freed: Vec<PageId>,
    /// Empty if the ring had no room for them.
    messages: Vec<Vec<u8>>,
}

/// The parts of a frame, ready to be sent.
pub(crate) struct Frame {
    pub number: u32,
    pub messages: Vec<Vec<u8>>,
    pub snapshot: bool,
}

/// What is kept for a browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutboxSize {
    pub log_bytes: usize,
    pub changes: usize,
    pub ring_bytes: usize,
    pub in_flight: usize,
    pub freed: usize,
}

impl Outbox {
    pub fn new(limits: &SessionLimits) -> Self {
        Outbox {
            log: part_writer(limits),
            changes: Changes::default(),
            state: State::Nobody,
            attached: false,
            sent: 0,
            sent_at: Instant(0),
            event_ack_sent: 0,
            names_sent: 1,
            in_flight: VecDeque::new(),
            ring_bytes: 0,
            freed: Vec::new(),
            congested: false,
        }
    }

    /// A browser is there. `applied`: the last frame whose nodes it has and vouches for, 0 for none.
    ///
    /// What was sent and not applied is given back, to be sent again; if it is not there any more, or was never the
    /// way to the page as it is, the next frame tells everything.
    pub fn attach(&mut self, mode: TreeMode, applied: u32, tree: &mut Tree) -> Vec<Vec<u8>> {
        self.attached = true;
        self.congested = false;
        self.acknowledge(applied, tree);
        let ring_leads_on = applied > 0
            && self.state == State::Kept
            && applied as usize + self.in_flight.len() == self.sent as usize
            && self.in_flight.iter().all(|frame| !frame.messages.is_empty());
        if ring_leads_on {
            return self.in_flight.iter().flat_map(|frame| frame.messages.iter().cloned()).collect();
        }
        // Whether those frames arrived is not known: what they freed waits for the next one.
        for frame in std::mem::take(&mut self.in_flight) {
            self.freed.extend(frame.freed);
        }
        self.ring_bytes = 0;
        self.whole(mode, applied);
        Vec::new()
    }

    pub fn detach(&mut self, tree: &mut Tree, limits: &SessionLimits) {
        self.attached = false;
        self.changed(tree, limits);
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

    pub fn size(&self) -> OutboxSize {
        OutboxSize {
            log_bytes: self.log.byte_len(),
            changes: self.changes.len(),
            ring_bytes: self.ring_bytes,
            in_flight: self.in_flight.len(),
            freed: self.freed.len(),
        }
    }

    /// The next frame tells everything, to a browser whose page is not what it should be.
    pub fn resend(&mut self) {
        if self.state != State::Nobody {
            self.whole(TreeMode::Replace, 0);
        }
    }

    /// To be called when the tree has changed: keeps what waits within its bounds, and freed ids from being used again
    /// too early.
    pub fn changed(&mut self, tree: &mut Tree, limits: &SessionLimits) {
        self.freed.extend(tree.take_freed());
        match self.state {
            State::Nobody => {
                // No browser has seen any id yet.
                tree.release(&std::mem::take(&mut self.freed));
                self.log.clear();
            }
            State::Whole { .. } => self.log.clear(),
            State::Kept if !self.has_room(limits) || self.log.byte_len() > limits.frame_bytes_max => {
                self.fold(tree, limits);
            }
            State::Kept => {}
        }
    }

    /// False: this frame was never sent.
    pub fn acknowledge(&mut self, frame: u32, tree: &mut Tree) -> bool {
        while self.in_flight.front().is_some_and(|sent| sent.number <= frame) {
            if let Some(sent) = self.in_flight.pop_front() {
                self.ring_bytes -= sent.bytes();
                tree.release(&sent.freed);
            }
        }
        frame <= self.sent
    }

    /// When the next frame may go, if there is something to send and room for it.
    pub fn due_at(&self, event_ack: u32, limits: &SessionLimits) -> Option<Instant> {
        (self.has_room(limits) && self.has_something(event_ack))
            .then(|| self.sent_at.after(limits.frame_interval_us))
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
        if !self.changes.is_empty() {
            self.fold(tree, limits);
        }
        let snapshot = match self.state {
            State::Whole { mode, base } => {
                self.write_whole(mode, base, tree);
                write_statuses(&mut self.log);
                true
            }
            _ => {
                tree.write_changes(&self.changes, &mut self.log);
                if self.changes.has_statuses() {
                    write_statuses(&mut self.log);
                }
                false
            }
        };
        self.changes.clear();
        self.state = State::Kept;
        let mut parts = self.new_names(tree, limits);
        parts.extend(self.log.take());
        self.sent += 1;
        self.sent_at = now;
        self.event_ack_sent = event_ack;
        let last = parts.len() - 1;
        let number = self.sent;
        let head = |at| FrameHead { number, event_ack, more: at < last, fresh: snapshot };
        let messages: Vec<Vec<u8>> =
            parts.iter().enumerate().map(|(at, part)| encode_frame(&head(at), part)).collect();
        let freed = std::mem::take(&mut self.freed);
        self.keep(InFlight { number, freed, messages: messages.clone() }, limits);
        Some(Frame { number, messages, snapshot })
    }

    fn has_room(&self, limits: &SessionLimits) -> bool {
        self.attached && !self.congested && self.in_flight.len() < limits.frames_unacknowledged_max
    }

    fn has_something(&self, event_ack: u32) -> bool {
        match self.state {
            State::Nobody => false,
            State::Whole { .. } => true,
            State::Kept => {
                !self.log.is_empty() || !self.changes.is_empty() || event_ack != self.event_ack_sent
            }
        }
    }

    fn whole(&mut self, mode: TreeMode, base: u32) {
        self.state = State::Whole { mode, base };
        self.log.clear();
        self.changes.clear();
    }

    /// From operations to changed nodes.
    fn fold(&mut self, tree: &mut Tree, limits: &SessionLimits) {
        let known = self.changes.fold(&mut self.log, tree);
        if !known || self.changes.len() > limits.changes_max {
            // All that was sent will have been applied before it.
            self.whole(TreeMode::Replace, self.sent);
        }
    }

    fn write_whole(&mut self, mode: TreeMode, base: u32, tree: &mut Tree) {
        self.names_sent = 1;
        tree.forget_sent_templates();
        tree.set_snapshot_base(base);
        self.log.clear();
        for slot in tree.slots() {
            tree.write_slot(slot, mode, &mut self.log);
            tree.write_detached(slot, &mut self.log);
        }
        tree.write_mounts(&mut self.log);
        tree.write_overlays(&mut self.log);
    }

    /// Puts the frame into the ring. The oldest go when it is full.
    fn keep(&mut self, frame: InFlight, limits: &SessionLimits) {
        self.ring_bytes += frame.bytes();
        self.in_flight.push_back(frame);
        for frame in &mut self.in_flight {
            if self.ring_bytes <= limits.ring_bytes_max {
                return;
            }
            self.ring_bytes -= frame.bytes();
            frame.messages = Vec::new();
        }
    }

    /// Definitions of the names that the browser does not have yet.
    fn new_names(&mut self, tree: &Tree, limits: &SessionLimits) -> Vec<StreamWriter> {
        let names = tree.names();
        if self.names_sent == names.next_id() {
            return Vec::new();
        }
        let mut writer = part_writer(limits);
        for (id, namespace, local) in names.since(self.names_sent) {
            writer.name(id.0, namespace, local);
        }
        self.names_sent = names.next_id();
        writer.take()
    }
}

impl InFlight {
    fn bytes(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }
}

fn part_writer(limits: &SessionLimits) -> PartWriter {
    PartWriter::new(limits.part_bytes_max.min(MESSAGE_BYTES_MAX) - FRAME_HEAD_BYTES)
}
