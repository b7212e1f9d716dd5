//! The browser's side, for the simulator and for scripted users: the same rules as `@playconnect/client`, with a
//! [`Replica`] in place of the DOM.

use crate::message::SocketId;
use crate::time::Instant;
use playconnect_dom::replica::{Replica, ReplicaError};
use playconnect_frame::{
    CloseCode, Detail, Environment, Event, FormState, FrameHead, Hello, ToBrowser, ToEdge, WireError,
};
use std::collections::VecDeque;

/// A scripted browser.
#[derive(Debug)]
pub struct Client {
    session: String,
    environment: Environment,
    state: State,
    /// Frames have been applied, so the page's nodes are from a socket before.
    has_nodes: bool,
    replica: Replica,
    parts: Vec<(FrameHead, Vec<u8>)>,
    applied: u32,
    sequence: u32,
    /// Not acknowledged yet, in order.
    events: VecDeque<Event>,
    failures: u32,
    heard_at: Instant,
    outputs: VecDeque<ClientOutput>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClientInput {
    /// The socket asked for is open.
    Opened(SocketId),
    Received(Vec<u8>),
    Closed(Option<u16>),
    /// A person does something on a node.
    Act {
        node: u32,
        kind: String,
        detail: Detail,
        form: Option<FormState>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClientOutput {
    Connect,
    Send(Vec<u8>),
    /// The socket is not wanted any more.
    Disconnect,
    /// The page shows this frame.
    Applied(u32),
    /// It is over; a person may reload.
    Stopped(CloseCode),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Connecting,
    /// HELLO is sent.
    Greeting,
    Live,
    /// Waits to connect again.
    Away {
        until: Instant,
    },
    Stopped,
}

#[derive(Debug, PartialEq, Eq)]
pub enum ClientError {
    Wire(WireError),
    Replica(ReplicaError),
    /// A frame's number is not one above the last.
    Number {
        expected: u32,
        found: u32,
    },
}

const BACKOFF_MIN_US: u64 = 250_000;
const BACKOFF_MAX_US: u64 = 10_000_000;

impl Client {
    pub fn new(session: String, environment: Environment) -> Self {
        Client {
            session,
            environment,
            state: State::Connecting,
            has_nodes: false,
            replica: Replica::default(),
            parts: Vec::new(),
            applied: 0,
            sequence: 0,
            events: VecDeque::new(),
            failures: 0,
            heard_at: Instant(0),
            outputs: VecDeque::from([ClientOutput::Connect]),
        }
    }

    /// An error is a bug of the edge: an honest edge sends nothing that cannot be applied.
    pub fn handle(&mut self, input: ClientInput, now: Instant) -> Result<(), ClientError> {
        match input {
            ClientInput::Opened(_) => {
                self.state = State::Greeting;
                // It has no HTML to adopt: it asks for everything.
                let hello = Hello {
                    session: self.session.clone(),
                    resume: true,
                    frame: self.applied,
                    sequence: self.sequence,
                    environment: self.environment.clone(),
                };
                self.send(&ToEdge::Hello(hello));
            }
            ClientInput::Received(bytes) => {
                self.heard_at = now;
                let message = ToBrowser::decode(&bytes).map_err(ClientError::Wire)?;
                self.message(message)?;
            }
            ClientInput::Closed(_) => {
                if self.state != State::Stopped {
                    self.parts.clear();
                    let wait = (BACKOFF_MIN_US << self.failures.min(16)).min(BACKOFF_MAX_US);
                    self.failures += 1;
                    self.state = State::Away { until: now.after(wait) };
                }
            }
            ClientInput::Act { node, kind, detail, form } => {
                let Some(kind) = self.replica.name_id(&kind) else { return Ok(()) };
                self.sequence += 1;
                let (sequence, frame) = (self.sequence, self.applied);
                let event = Event { sequence, node, frame, kind, modifiers: 0, detail, form };
                if self.state == State::Live {
                    self.send(&ToEdge::Event(event.clone()));
                }
                self.events.push_back(event);
            }
        }
        Ok(())
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        if let State::Away { until } = self.state
            && until <= now
        {
            self.state = State::Connecting;
            self.outputs.push_back(ClientOutput::Connect);
        }
    }

    pub fn poll(&mut self) -> Option<ClientOutput> {
        self.outputs.pop_front()
    }

    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Away { until } => Some(until),
            State::Connecting | State::Greeting | State::Live | State::Stopped => None,
        }
    }

    pub fn page(&self) -> &Replica {
        &self.replica
    }

    /// The last frame applied.
    pub fn frame(&self) -> u32 {
        self.applied
    }

    /// Events made and not acknowledged.
    pub fn events_waiting(&self) -> usize {
        self.events.len()
    }

    pub fn has_nodes(&self) -> bool {
        self.has_nodes
    }

    fn message(&mut self, message: ToBrowser) -> Result<(), ClientError> {
        match message {
            ToBrowser::Welcome { sequence } => {
                self.state = State::Live;
                self.failures = 0;
                let events: Vec<ToEdge> = self
                    .events
                    .iter()
                    .filter(|event| event.sequence > sequence)
                    .cloned()
                    .map(ToEdge::Event)
                    .collect();
                for event in &events {
                    self.send(event);
                }
            }
            ToBrowser::Frame { head, stream } => {
                let more = head.more;
                self.parts.push((head, stream));
                if !more {
                    self.apply()?;
                }
            }
            ToBrowser::Refused { code, .. } => match code {
                CloseCode::Restart | CloseCode::Overload => self.outputs.push_back(ClientOutput::Disconnect),
                _ => {
                    self.state = State::Stopped;
                    self.outputs.push_back(ClientOutput::Stopped(code));
                }
            },
            ToBrowser::Pong | ToBrowser::Location { .. } => {}
        }
        Ok(())
    }

    fn apply(&mut self) -> Result<(), ClientError> {
        let mut number = self.applied;
        for (part, (head, stream)) in std::mem::take(&mut self.parts).into_iter().enumerate() {
            if part == 0 && head.number != self.applied + 1 && !head.fresh {
                return Err(ClientError::Number { expected: self.applied + 1, found: head.number });
            }
            if part == 0 && head.anew {
                self.replica.forget_ids();
            }
            self.replica.apply(&stream, part == 0 && head.fresh).map_err(ClientError::Replica)?;
            number = head.number;
            while self.events.front().is_some_and(|event| event.sequence <= head.event_ack) {
                self.events.pop_front();
            }
        }
        self.replica.finish_frame().map_err(ClientError::Replica)?;
        self.applied = number;
        self.has_nodes = true;
        self.send(&ToEdge::Ack { frame: number });
        self.outputs.push_back(ClientOutput::Applied(number));
        Ok(())
    }

    fn send(&mut self, message: &ToEdge) {
        self.outputs.push_back(ClientOutput::Send(message.encode()));
    }
}
