//! Sockets: how they open, what they carry, and how they end.

use super::{Happening, SILENCE_US, Violation, World, shortened};
use crate::link::{Direction, Item, Socket};
use playconnect_frame::ToEdge;
use playconnect_session::{ClientInput, Input, SessionId, SocketId};

impl World {
    pub(super) fn connect(&mut self, tab: usize) {
        let socket = SocketId(self.next_socket);
        self.next_socket += 1;
        let (load, session) = (self.tabs[tab].load, self.tabs[tab].session);
        self.sockets.insert(socket, Socket::new(tab, load, session));
        self.tabs[tab].socket = Some(socket);
        let wait = self.latency();
        self.later(wait, Happening::Opened { socket });
    }

    pub(super) fn opened(&mut self, socket: SocketId) -> Result<(), Violation> {
        let Some(tab) = self.tab_of(socket) else { return Ok(()) };
        if let Some(every) = self.options.cut_every_us {
            self.plan_again(Some(every), Happening::Cut { socket });
        }
        if let Some(every) = self.options.stall_every_us {
            self.plan_again(Some(every), Happening::Stall { socket });
        }
        self.tell_client(tab, ClientInput::Opened(socket))
    }

    /// The tab whose page has this socket; None if it has another, or is gone.
    pub(super) fn tab_of(&self, socket: SocketId) -> Option<usize> {
        let state = self.sockets.get(&socket)?;
        let tab = &self.tabs[state.tab];
        (tab.socket == Some(socket) && tab.load == state.load).then_some(state.tab)
    }

    /// Takes what has arrived, while the other end reads.
    pub(super) fn pump(&mut self, socket: SocketId, direction: Direction) -> Result<(), Violation> {
        loop {
            let Some(state) = self.sockets.get(&socket) else { return Ok(()) };
            if state.stalled_until > self.now {
                return Ok(());
            }
            let waits = match direction {
                Direction::Up => state.paused,
                Direction::Down => self.tab_of(socket).is_some_and(|tab| self.frozen_for(tab).is_some()),
            };
            if waits {
                return Ok(());
            }
            let state = self.sockets.get_mut(&socket).expect("just seen");
            let Some(item) = state.pipe(direction).take() else { return Ok(()) };
            match (direction, item) {
                (Direction::Up, Item::Message(bytes)) => self.up(socket, &bytes)?,
                (Direction::Up, Item::Close(_)) => self.edge_sees(socket),
                (Direction::Down, Item::Message(bytes)) => {
                    if let Some(tab) = self.tab_of(socket) {
                        self.tell_client(tab, ClientInput::Received(bytes))?;
                    }
                }
                (Direction::Down, Item::Close(code)) => self.browser_sees(socket, code)?,
            }
            // A node may have said to read no further.
            self.drain()?;
        }
    }

    pub(super) fn up(&mut self, socket: SocketId, bytes: &[u8]) -> Result<(), Violation> {
        let Some(state) = self.sockets.get(&socket) else { return Ok(()) };
        let (session, greeted) = (state.session, state.greeted);
        if state.edge_knows {
            return Ok(());
        }
        let message = ToEdge::decode(bytes);
        let message = message.map_err(|error| self.violation(format!("a browser's message: {error}")))?;
        let message = match self.options.planted {
            Some(planted) => planted.up(message, &mut self.random),
            None => Some(message),
        };
        let Some(message) = message else { return Ok(()) };
        if self.tells {
            self.say(format_args!("  edge hears on {}: {}", socket.0, shortened(&format!("{message:?}"))));
        }
        match message {
            ToEdge::Hello(hello) if !greeted => {
                if let Some(state) = self.sockets.get_mut(&socket) {
                    state.greeted = true;
                }
                if hello.frame > 0 {
                    self.counts.resumed += 1;
                }
                self.tell(session, Input::Attach { session, socket, hello });
            }
            message => {
                if let ToEdge::Event(event) = &message {
                    self.event_arrives(session, event);
                }
                let socket = match self.options.planted {
                    Some(crate::fault::Planted::HearOlderSocket) => self.newest(session).unwrap_or(socket),
                    _ => socket,
                };
                self.tell(session, Input::Message { session, socket, message });
            }
        }
        Ok(())
    }

    pub(super) fn newest(&self, session: SessionId) -> Option<SocketId> {
        let sockets = self.sockets.iter().rev();
        sockets.into_iter().find(|(_, socket)| socket.session == session && socket.greeted).map(|(id, _)| *id)
    }

    pub(super) fn send(&mut self, socket: SocketId, direction: Direction, item: Item) {
        let (latency, now, rate) = (self.latency(), self.now, self.rate());
        let Some(state) = self.sockets.get_mut(&socket) else { return };
        let bytes = match &item {
            Item::Message(bytes) => bytes.len(),
            Item::Close(_) => 0,
        };
        let Some((written, arrives)) = state.pipe(direction).send(item, now, latency, rate) else { return };
        self.at(arrives, Happening::Arrived { socket, direction });
        if direction == Direction::Down && bytes > 0 {
            self.backlog(socket, bytes);
            self.at(written, Happening::Written { socket, bytes });
        }
    }

    /// As the edge server does it: a socket is full over the bound, and has room again at half of it.
    pub(super) fn backlog(&mut self, socket: SocketId, bytes: usize) {
        let bound = self.options.backlog_bytes_max;
        let now = self.now;
        let Some(state) = self.sockets.get_mut(&socket) else { return };
        state.backlog_bytes += bytes;
        if state.backlog_bytes > bound && state.congested.is_none() {
            state.congested = Some(now);
            self.tell_congested(socket, true);
        }
    }

    pub(super) fn written(&mut self, socket: SocketId, bytes: usize) {
        let bound = self.options.backlog_bytes_max;
        let Some(state) = self.sockets.get_mut(&socket) else { return };
        state.backlog_bytes -= bytes;
        if state.backlog_bytes <= bound / 2 && state.congested.take().is_some() {
            self.tell_congested(socket, false);
        }
    }

    pub(super) fn tell_congested(&mut self, socket: SocketId, congested: bool) {
        if self.options.planted == Some(crate::fault::Planted::IgnoreBacklog) {
            return;
        }
        let session = self.sockets[&socket].session;
        self.tell(session, Input::SocketCongested { session, socket, congested });
    }

    /// A socket breaks: what is on its way may arrive or not, and each side notices at a time of its own.
    pub(super) fn cut(&mut self, socket: SocketId) {
        if self.now >= self.ends_at() || self.tab_of(socket).is_none() {
            return;
        }
        self.counts.cuts += 1;
        let silent = self.options.silent_cut_in.is_some_and(|one_in| self.random.u32(0..one_in) == 0);
        self.linger(socket);
        let (loses_up, loses_down) = (self.random.bool(), self.random.bool());
        let (edge_waits, browser_waits) = (self.random.u64(0..200_000), self.random.u64(0..200_000));
        let state = self.sockets.get_mut(&socket).expect("it has a tab");
        for (pipe, loses) in [(&mut state.up, loses_up), (&mut state.down, loses_down)] {
            if loses || silent {
                pipe.die();
            } else {
                pipe.end();
            }
        }
        // A side that is told of nothing hears nothing, and gives up after that time.
        let edge_at = if silent { self.now.after(SILENCE_US) } else { self.now.after(edge_waits) };
        let edge_at = edge_at.max(state.up.last_at().after(1)).max(state.stalled_until.after(1));
        let browser_at = self.now.after(browser_waits).max(state.down.last_at().after(1));
        self.at(edge_at, Happening::EdgeSees { socket });
        if !silent {
            self.at(browser_at, Happening::BrowserSees { socket });
        }
    }

    pub(super) fn stall(&mut self, socket: SocketId, wait_us: u64) {
        if self.now >= self.ends_at() {
            return;
        }
        let until = self.now.after(wait_us);
        if let Some(state) = self.sockets.get_mut(&socket) {
            let until = state.stalled_until.max(until);
            state.stalled_until = until;
            self.at(until, Happening::StallEnds { socket });
        }
    }

    /// What is on its way on a socket that ends may come when the next one is there already.
    pub(super) fn linger(&mut self, socket: SocketId) {
        if self.random.u8(0..3) == 0 {
            let wait = self.random.u64(0..1_500_000);
            self.stall(socket, wait);
        }
    }

    /// The page does not want it any more: the edge hears of it behind all that was sent.
    pub(super) fn browser_closes(&mut self, socket: SocketId) {
        if let Some(state) = self.sockets.get_mut(&socket) {
            state.browser_knows = true;
        }
        self.send(socket, Direction::Up, Item::Close(None));
        if let Some(state) = self.sockets.get_mut(&socket) {
            state.up.end();
            state.down.die();
        }
    }

    pub(super) fn edge_sees(&mut self, socket: SocketId) {
        let Some(state) = self.sockets.get_mut(&socket) else { return };
        if !std::mem::replace(&mut state.edge_knows, true) && state.greeted {
            let session = state.session;
            self.tell(session, Input::SocketClosed { session, socket });
        }
        self.forget(socket);
    }

    pub(super) fn browser_sees(&mut self, socket: SocketId, code: Option<u16>) -> Result<(), Violation> {
        let tab = self.tab_of(socket);
        if let Some(state) = self.sockets.get_mut(&socket) {
            state.browser_knows = true;
        }
        if let Some(tab) = tab {
            if self.frozen_for(tab).is_some() {
                return Ok(());
            }
            self.tabs[tab].socket = None;
            self.tell_client(tab, ClientInput::Closed(code))?;
        }
        self.forget(socket);
        Ok(())
    }

    /// A socket of which both sides know the end.
    pub(super) fn forget(&mut self, socket: SocketId) {
        let ended = self.sockets.get(&socket).is_some_and(|state| state.edge_knows && state.browser_knows);
        if ended && self.tab_of(socket).is_none() {
            self.sockets.remove(&socket);
        }
    }
}
