//! A socket: two ordered streams of messages, each with its delay, its bytes a second, and what is on its way.

use playconnect_session::{Instant, SessionId};
use std::collections::VecDeque;

#[derive(Debug)]
pub struct Socket {
    pub tab: usize,
    /// Which page of the tab: a tab that was loaded again has a new one.
    pub load: u32,
    pub session: SessionId,
    pub up: Pipe,
    pub down: Pipe,
    pub greeted: bool,
    /// The edge has stopped to read.
    pub paused: bool,
    /// Each side is told once that the socket is gone.
    pub edge_knows: bool,
    pub browser_knows: bool,
    /// Nothing comes through until then.
    pub stalled_until: Instant,
    pub backlog_bytes: usize,
    /// Since when too much waits to be written.
    pub congested: Option<Instant>,
}

/// One direction.
#[derive(Debug, Default)]
pub struct Pipe {
    queue: VecDeque<Item>,
    /// So many of the queue have come to the other end, where they may have to wait.
    arrived: usize,
    /// The sender's line is busy until then.
    busy_until: Instant,
    last_at: Instant,
    /// What is sent vanishes.
    dead: bool,
}

#[derive(Debug)]
pub enum Item {
    Message(Vec<u8>),
    /// Behind all messages: the close code, if the other side closed in due form.
    Close(Option<u16>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

impl Socket {
    pub fn new(tab: usize, load: u32, session: SessionId) -> Self {
        Socket {
            tab,
            load,
            session,
            up: Pipe::default(),
            down: Pipe::default(),
            greeted: false,
            paused: false,
            edge_knows: false,
            browser_knows: false,
            stalled_until: Instant(0),
            backlog_bytes: 0,
            congested: None,
        }
    }

    pub fn pipe(&mut self, direction: Direction) -> &mut Pipe {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }
}

impl Pipe {
    /// When the item has left the sender, and when it comes to the other end; None if it vanishes.
    pub fn send(
        &mut self,
        item: Item,
        now: Instant,
        latency_us: u64,
        bytes_per_second: Option<u64>,
    ) -> Option<(Instant, Instant)> {
        if self.dead {
            return None;
        }
        let bytes = match &item {
            Item::Message(bytes) => bytes.len() as u64,
            Item::Close(_) => 0,
        };
        let takes = bytes_per_second.map_or(0, |rate| bytes * 1_000_000 / rate.max(1));
        self.busy_until = self.busy_until.max(now).after(takes);
        self.last_at = self.busy_until.after(latency_us).max(self.last_at.after(1));
        self.queue.push_back(item);
        Some((self.busy_until, self.last_at))
    }

    /// The next of the queue is at the other end.
    pub fn arrive(&mut self) {
        self.arrived = (self.arrived + 1).min(self.queue.len());
    }

    /// Takes out what has come to the other end.
    pub fn take(&mut self) -> Option<Item> {
        self.arrived = self.arrived.checked_sub(1)?;
        self.queue.pop_front()
    }

    /// What is on its way is lost, and all that is sent from now on.
    pub fn die(&mut self) {
        self.dead = true;
        self.queue.clear();
        self.arrived = 0;
    }

    /// What is sent from now on is lost; what is on its way arrives.
    pub fn end(&mut self) {
        self.dead = true;
    }

    pub fn last_at(&self) -> Instant {
        self.last_at
    }

    /// Two messages in a row that have not arrived yet: for planted bugs.
    pub fn in_flight_mut(&mut self) -> impl Iterator<Item = &mut Vec<u8>> {
        self.queue.iter_mut().skip(self.arrived).filter_map(|item| match item {
            Item::Message(bytes) => Some(bytes),
            Item::Close(_) => None,
        })
    }
}
