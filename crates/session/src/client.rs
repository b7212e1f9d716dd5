//! The browser's side, for the simulator and for scripted users: the same rules as `@playconnect/client`, with a
//! [`Replica`] in place of the DOM.

use crate::message::SocketId;
use crate::time::Instant;
use playconnect_dom::replica::{Replica, ReplicaError};
use playconnect_frame::message::PAGE_BITS;
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
    replica: Replica,
    /// Of the frame that comes in.
    parts: Vec<Part>,
    /// Of the frame whose parts come in, and whether it is the first of its socket.
    received: u32,
    first_frame: bool,
    /// Frames that wait for an animation frame.
    frames: VecDeque<Vec<Part>>,
    applied: u32,
    /// The page is not what the frames that were applied make of it: only a whole page helps.
    broken: bool,
    sequence: u32,
    connection: u32,
    /// Not acknowledged yet, in order.
    events: VecDeque<Event>,
    attempts: u32,
    heard_at: Instant,
    sent_at: Instant,
    outputs: VecDeque<ClientOutput>,
}

type Part = (FrameHead, Vec<u8>);

#[derive(Clone, Debug, PartialEq)]
pub enum ClientInput {
    /// The socket asked for is open.
    Opened(SocketId),
    Received(Vec<u8>),
    Closed(Option<u16>),
    /// A person does something on a node. `form`: what they made of a control's state.
    Act {
        node: u32,
        kind: String,
        detail: Detail,
        form: Option<FormState>,
    },
    /// The next animation frame has come.
    AnimationFrame,
    /// The page is another size, hidden, shown, …
    Environment(Environment),
    /// Something else has changed the nodes below this slot.
    Resync {
        node: u32,
    },
    /// There may be a network again: do not wait for the end of the back-off.
    Wake,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClientOutput {
    Connect,
    Send(Vec<u8>),
    /// The socket is not wanted any more.
    Disconnect,
    /// `ClientInput::AnimationFrame` is wanted. Not asked for again before it came.
    RequestAnimationFrame,
    /// The page shows this frame.
    Applied(u32),
    /// It is over; a person may reload.
    Stopped(CloseCode),
    /// The session is gone; a new page will have a new one.
    Reload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No WELCOME yet.
    Opening {
        since: Instant,
    },
    Live {
        since: Instant,
    },
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
    /// WELCOME a second time, or something before it.
    Order,
}

// As in `packages/client/src/machine.ts`, but without jitter: the simulator has enough of it.
const BACKOFF_MIN_US: u64 = 250_000;
const BACKOFF_MAX_US: u64 = 10_000_000;
const LIVE_US: u64 = 10_000_000;
const PING_AFTER_US: u64 = 20_000_000;
const SILENCE_MAX_US: u64 = 45_000_000;
const WELCOME_WITHIN_US: u64 = 10_000_000;

/// Events by which a person edits the control that raised them.
const EDITS: [&str; 7] =
    ["beforeinput", "change", "compositionend", "compositionstart", "compositionupdate", "input", "select"];

impl Client {
    /// `page`: tells it from the other pages of the session; of [`PAGE_BITS`].
    pub fn new(session: String, page: u32, environment: Environment, now: Instant) -> Self {
        Client {
            session,
            environment,
            state: State::Opening { since: now },
            replica: Replica::default(),
            parts: Vec::new(),
            received: 0,
            first_frame: true,
            frames: VecDeque::new(),
            applied: 0,
            broken: false,
            sequence: 0,
            connection: page << (u32::BITS - PAGE_BITS),
            events: VecDeque::new(),
            attempts: 0,
            heard_at: now,
            sent_at: now,
            outputs: VecDeque::from([ClientOutput::Connect]),
        }
    }

    /// An error is a bug of the edge: an honest edge sends nothing that cannot be applied.
    pub fn handle(&mut self, input: ClientInput, now: Instant) -> Result<(), ClientError> {
        match input {
            ClientInput::Opened(_) => self.opened(now),
            ClientInput::Received(bytes) => {
                self.heard_at = now;
                let message = ToBrowser::decode(&bytes).map_err(ClientError::Wire)?;
                return self.message(message, now);
            }
            ClientInput::Closed(code) => self.closed(code, now),
            ClientInput::Act { node, kind, detail, form } => self.act(node, &kind, detail, form, now),
            ClientInput::AnimationFrame => return self.apply_all(now),
            ClientInput::Environment(environment) => {
                if environment != self.environment {
                    self.environment = environment.clone();
                    self.send(&ToEdge::Environment(environment), now);
                }
                // No animation frame comes while the page is hidden.
                if !self.environment.visible {
                    return self.apply_all(now);
                }
            }
            ClientInput::Resync { node } => {
                self.broken = true;
                self.send(&ToEdge::Resync { node }, now);
            }
            ClientInput::Wake => {
                if let State::Away { .. } = self.state {
                    self.connect(now);
                }
            }
        }
        Ok(())
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        match self.state {
            State::Away { until } if until <= now => self.connect(now),
            State::Opening { since } if since.after(WELCOME_WITHIN_US) <= now => self.lost(now),
            State::Live { .. } if self.heard_at.after(SILENCE_MAX_US) <= now => self.lost(now),
            State::Live { .. } if self.sent_at.after(PING_AFTER_US) <= now => self.send(&ToEdge::Ping, now),
            _ => {}
        }
    }

    pub fn poll(&mut self) -> Option<ClientOutput> {
        self.outputs.pop_front()
    }

    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Away { until } => Some(until),
            State::Opening { since } => Some(since.after(WELCOME_WITHIN_US)),
            State::Live { .. } => {
                Some(self.sent_at.after(PING_AFTER_US).min(self.heard_at.after(SILENCE_MAX_US)))
            }
            State::Stopped => None,
        }
    }

    pub fn page(&self) -> &Replica {
        &self.replica
    }

    /// For what a person does to the page without an event.
    pub fn page_mut(&mut self) -> &mut Replica {
        &mut self.replica
    }

    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The last frame applied.
    pub fn frame(&self) -> u32 {
        self.applied
    }

    /// Of the event made last.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// Events made and not acknowledged.
    pub fn events_waiting(&self) -> usize {
        self.events.len()
    }

    /// All events up to this one are acknowledged, by frames that were received.
    pub fn acknowledged(&self) -> u32 {
        self.events.front().map_or(self.sequence, |event| event.sequence - 1)
    }

    /// Frames received and not applied.
    pub fn frames_waiting(&self) -> usize {
        self.frames.len()
    }

    /// WELCOME has come, and a frame was applied.
    pub fn is_live(&self) -> bool {
        self.is_open() && self.applied > 0
    }

    pub fn is_stopped(&self) -> bool {
        self.state == State::Stopped
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    fn connect(&mut self, now: Instant) {
        self.state = State::Opening { since: now };
        self.heard_at = now;
        self.received = self.applied;
        self.first_frame = true;
        self.outputs.push_back(ClientOutput::Connect);
    }

    fn opened(&mut self, now: Instant) {
        if !matches!(self.state, State::Opening { .. }) {
            return;
        }
        self.sent_at = now;
        self.connection = self.connection.wrapping_add(1);
        let hello = Hello {
            session: self.session.clone(),
            // It has no HTML to adopt: it asks for everything.
            resume: true,
            frame: if self.broken { 0 } else { self.applied },
            sequence: self.sequence,
            connection: self.connection,
            environment: self.environment.clone(),
        };
        self.outputs.push_back(ClientOutput::Send(ToEdge::Hello(hello).encode()));
    }

    fn closed(&mut self, code: Option<u16>, now: Instant) {
        if matches!(self.state, State::Away { .. }) {
            return;
        }
        match code.and_then(|code| CloseCode::from_wire(u32::from(code))) {
            Some(
                code @ (CloseCode::Undecodable
                | CloseCode::Protocol
                | CloseCode::TooBig
                | CloseCode::Forbidden
                | CloseCode::Superseded),
            ) => self.end(ClientOutput::Stopped(code)),
            Some(CloseCode::NoSession) => self.end(ClientOutput::Reload),
            Some(CloseCode::Restart | CloseCode::Overload) | None => self.lost(now),
        }
    }

    fn end(&mut self, how: ClientOutput) {
        if self.state != State::Stopped {
            self.state = State::Stopped;
            self.parts.clear();
            self.frames.clear();
            self.events.clear();
            self.outputs.extend([ClientOutput::Disconnect, how]);
        }
    }

    fn lost(&mut self, now: Instant) {
        match self.state {
            State::Away { .. } | State::Stopped => return,
            // A connection that held is a new beginning, also of a page to which nothing happens.
            State::Live { since } if since.after(LIVE_US) <= now => self.attempts = 0,
            State::Opening { .. } | State::Live { .. } => {}
        }
        self.outputs.push_back(ClientOutput::Disconnect);
        self.parts.clear();
        // They come again.
        self.frames.clear();
        let wait = (BACKOFF_MIN_US << self.attempts.min(16)).min(BACKOFF_MAX_US);
        self.attempts += 1;
        self.state = State::Away { until: now.after(wait) };
    }

    fn message(&mut self, message: ToBrowser, now: Instant) -> Result<(), ClientError> {
        match message {
            ToBrowser::Welcome { sequence } => {
                if !matches!(self.state, State::Opening { .. }) {
                    return Err(ClientError::Order);
                }
                self.state = State::Live { since: now };
                // A session that has seen more than this page made goes on from there.
                self.sequence = self.sequence.max(sequence);
                self.acknowledge(sequence);
                let again: Vec<ToEdge> = self.events.iter().cloned().map(ToEdge::Event).collect();
                again.iter().for_each(|event| self.send(event, now));
            }
            ToBrowser::Frame { head, stream } => return self.part(head, stream, now),
            ToBrowser::Refused { code, .. } => self.closed(Some(code as u16), now),
            ToBrowser::Pong | ToBrowser::Location { .. } => {}
        }
        Ok(())
    }

    fn part(&mut self, head: FrameHead, stream: Vec<u8>, now: Instant) -> Result<(), ClientError> {
        let continues = !self.parts.is_empty();
        // Behind the last number there is none; no session lives that long.
        let expected = if continues { self.received } else { self.received.saturating_add(1) };
        // Only the first frame of a socket may leave numbers out: frames that were sent and lost with the last one.
        let may_skip = self.first_frame && !continues && head.number > self.received;
        if !self.is_open() || (head.number != expected && !may_skip) {
            return Err(ClientError::Number { expected, found: head.number });
        }
        self.first_frame = false;
        self.received = head.number;
        self.acknowledge(head.event_ack);
        let more = head.more;
        self.parts.push((head, stream));
        if more {
            return Ok(());
        }
        let parts = std::mem::take(&mut self.parts);
        self.frames.push_back(parts);
        if !self.environment.visible {
            return self.apply_all(now);
        }
        if self.frames.len() == 1 {
            self.outputs.push_back(ClientOutput::RequestAnimationFrame);
        }
        Ok(())
    }

    fn acknowledge(&mut self, sequence: u32) {
        while self.events.front().is_some_and(|event| event.sequence <= sequence) {
            self.events.pop_front();
        }
    }

    fn apply_all(&mut self, now: Instant) -> Result<(), ClientError> {
        while let Some(parts) = self.frames.pop_front() {
            let number = self.apply(parts).map_err(ClientError::Replica)?;
            self.applied = number;
            self.attempts = 0;
            self.send(&ToEdge::Ack { frame: number }, now);
            self.outputs.push_back(ClientOutput::Applied(number));
        }
        Ok(())
    }

    fn apply(&mut self, parts: Vec<Part>) -> Result<u32, ReplicaError> {
        let mut number = 0;
        let fresh = parts.first().is_some_and(|(head, _)| head.fresh);
        for (position, (head, stream)) in parts.into_iter().enumerate() {
            self.replica.apply(&stream, position == 0 && head.fresh)?;
            number = head.number;
        }
        self.replica.finish_frame()?;
        self.broken &= !fresh;
        Ok(number)
    }

    fn act(&mut self, node: u32, kind: &str, detail: Detail, form: Option<FormState>, now: Instant) {
        if let Some(form) = &form {
            self.replica.change_form(node, |own| {
                form.value.clone_into(&mut own.value);
                own.checked = form.checked;
                own.selection = form.selection.unwrap_or(own.selection);
            });
        }
        if self.state == State::Stopped {
            return;
        }
        let Some(name) = self.replica.heard(node, kind) else { return };
        let Some(sequence) = self.sequence.checked_add(1) else { return self.end(ClientOutput::Reload) };
        self.sequence = sequence;
        let frame = self.applied;
        let event = Event { sequence, node, frame, kind: name, modifiers: 0, detail, form: form.clone() };
        self.send(&ToEdge::Event(event.clone()), now);
        self.events.push_back(event);
        let toggles = kind == "click" && form.is_some();
        if EDITS.contains(&kind) || toggles {
            self.replica.edited(node, sequence);
        }
    }

    /// Drops what is sent while there is no socket: HELLO and the queue of events make up for it.
    fn send(&mut self, message: &ToEdge, now: Instant) {
        if self.is_open() {
            self.sent_at = now;
            self.outputs.push_back(ClientOutput::Send(message.encode()));
        }
    }
}
