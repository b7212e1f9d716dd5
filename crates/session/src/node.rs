//! The sessions of one shard.

use crate::message::{Input, ModuleKey, Output, SessionId, SessionSize};
use crate::session::{Outputs, Session, refuse};
use crate::time::Instant;
use playconnect_dom::Tree;
use playconnect_frame::CloseCode;
use std::collections::{BTreeMap, BTreeSet};

/// The edge's side of the session machine: many sessions, one shard.
#[derive(Debug, Default)]
pub struct Node {
    sessions: BTreeMap<SessionId, Entry>,
    wakes: BTreeSet<(Instant, SessionId)>,
    outputs: Outputs,
}

#[derive(Debug)]
struct Entry {
    session: Session,
    /// As it stands in `Node::wakes`.
    wake_at: Option<Instant>,
}

impl Node {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what happened, and does all that is due by `now`.
    pub fn handle(&mut self, input: Input, now: Instant) {
        self.take_in(input, now);
        self.handle_timeout(now);
    }

    /// Takes in what happened to one session, and does what is due of that one.
    pub fn take_in(&mut self, input: Input, now: Instant) {
        let session = match input {
            Input::Open { session, page, environment, seed } => {
                let opened = Session::open(session, page, environment, seed, now, &mut self.outputs);
                self.sessions.insert(session, Entry { session: opened, wake_at: None });
                session
            }
            Input::Attach { session, socket, hello } => {
                match self.sessions.get_mut(&session) {
                    Some(entry) => entry.session.attach(socket, hello, now, &mut self.outputs),
                    None => {
                        let reason = "there is no such session (any more)".to_owned();
                        refuse(socket, CloseCode::NoSession, reason, &mut self.outputs);
                    }
                }
                session
            }
            Input::Message { session, socket, message } => {
                if let Some(entry) = self.sessions.get_mut(&session) {
                    entry.session.message(socket, message, now, &mut self.outputs);
                }
                session
            }
            Input::SocketClosed { session, socket } => {
                if let Some(entry) = self.sessions.get_mut(&session) {
                    entry.session.socket_closed(socket, now);
                }
                session
            }
            Input::SocketCongested { session, socket, congested } => {
                if let Some(entry) = self.sessions.get_mut(&session) {
                    entry.session.congested(socket, congested, &mut self.outputs);
                }
                session
            }
            Input::Started { key, result } => {
                self.with(key, |session, out| session.started(key, result, now, out));
                key.session
            }
            Input::InitRefused { key, why } => {
                self.with(key, |session, out| session.init_refused(key, why, now, out));
                key.session
            }
            Input::Turned { key, result, cpu_us } => {
                self.with(key, |session, out| session.turned(key, result, cpu_us, now, out));
                key.session
            }
            Input::Fetched { key, request, result } => {
                self.with(key, |session, _| session.fetched(key, request, result));
                key.session
            }
            Input::Swap { session, module } => {
                if let Some(entry) = self.sessions.get_mut(&session) {
                    entry.session.swap(module, now, &mut self.outputs);
                }
                session
            }
            Input::Close { session, code, reason } => {
                if let Some(mut entry) = self.remove(session) {
                    entry.session.close(code, reason, &mut self.outputs);
                }
                session
            }
        };
        self.advance(session, now);
    }

    /// Does all that is due by `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        // A session that stays due is left for the next call: one busy session does not hold up the others.
        let due: Vec<SessionId> =
            self.wakes.iter().take_while(|(at, _)| *at <= now).map(|(_, session)| *session).collect();
        for session in due {
            self.advance(session, now);
        }
    }

    /// The sessions that `handle_timeout` would advance by now.
    pub fn due(&self, now: Instant) -> impl Iterator<Item = SessionId> {
        self.wakes.iter().take_while(move |(at, _)| *at <= now).map(|(_, session)| *session)
    }

    /// The next thing to do, in order.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When `handle_timeout` is to be called, if nothing is handled before.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.wakes.first().map(|(at, _)| *at)
    }

    pub fn session_count(&self) -> usize {
        self.sessions.len()
    }

    pub fn session_ids(&self) -> impl Iterator<Item = SessionId> {
        self.sessions.keys().copied()
    }

    /// The page of a session as the edge has it: for tools and oracles.
    pub fn page(&self, session: SessionId) -> Option<&Tree> {
        self.sessions.get(&session).map(|entry| entry.session.tree())
    }

    /// What is kept for a session beside its page: for tools and oracles.
    pub fn size(&self, session: SessionId) -> Option<SessionSize> {
        self.sessions.get(&session).map(|entry| entry.session.size())
    }

    fn with(&mut self, key: ModuleKey, f: impl FnOnce(&mut Session, &mut Outputs)) {
        if let Some(entry) = self.sessions.get_mut(&key.session) {
            f(&mut entry.session, &mut self.outputs);
        }
    }

    fn advance(&mut self, id: SessionId, now: Instant) {
        let Some(entry) = self.sessions.get_mut(&id) else { return };
        if !entry.session.advance(now, &mut self.outputs) {
            self.remove(id);
            return;
        }
        let wake_at = entry.session.wake_at();
        if wake_at != entry.wake_at {
            if let Some(at) = entry.wake_at {
                self.wakes.remove(&(at, id));
            }
            if let Some(at) = wake_at {
                self.wakes.insert((at, id));
            }
            entry.wake_at = wake_at;
        }
    }

    fn remove(&mut self, id: SessionId) -> Option<Entry> {
        let entry = self.sessions.remove(&id)?;
        if let Some(at) = entry.wake_at {
            self.wakes.remove(&(at, id));
        }
        Some(entry)
    }
}
