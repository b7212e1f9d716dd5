//! The drivers: one for each shard of the executor. It owns a [`Node`], tells it what happened and does what it asks for.
//!
//! A driver lives on its shard's thread, between the slices of the modules of its own sessions ([`Resident`]): from event to
//! frame nothing crosses threads but the message in and the frame out. It never waits. What others have for it comes
//! through its inbox; messages for browsers go into the queues of their sockets.

mod report;

use crate::app::{Page, PageModule};
use crate::backlog::Backlog;
use crate::convert;
use crate::instances::{Asked, Instances, Life, Made};
use crate::metrics::Metrics;
use crate::outbound::{FetchError, Outbound, RefusalLog, Running as RunningFetches, logged_origin};
use crate::recording::{DriverRecorder, Recorder};
use crate::session_name::{Origin, SessionName};
use crate::unattached::Place;
use playconnect_frame::{CloseCode, Environment, Hello, ToEdge};
use playconnect_host::{Event, Executor, FailureKind, Host, Labels, Resident, ShardHandle};
use playconnect_qos::{Class, Classes};
use playconnect_session::message::{Fetch, Response};
use playconnect_session::{
    Input, Instant, ModuleInput, ModuleKey, Node, Output, SessionId, SlotHtml, SocketId, Start,
};
use report::Excess;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{mpsc as queue, oneshot, watch};

/// The handles of all drivers. They end with it.
pub struct Drivers {
    inboxes: Vec<Inbox>,
    executor: Executor,
    origin: Origin,
    outbound: Outbound,
}

/// Where a driver is told of things.
#[derive(Clone)]
struct Inbox {
    commands: mpsc::Sender<Command>,
    shard: ShardHandle,
}

/// The node is stopping: there is no driver any more.
struct Gone;

/// What a driver is told.
pub enum Command {
    Open {
        session: SessionId,
        page: Arc<Page>,
        environment: Environment,
        seed: [u64; 4],
        place: Place,
        answer: oneshot::Sender<Vec<SlotHtml>>,
    },
    /// Only the page's HTML is wanted: the session ends when it is there.
    Render {
        session: SessionId,
        page: Arc<Page>,
        environment: Environment,
        seed: [u64; 4],
        answer: oneshot::Sender<Vec<SlotHtml>>,
    },
    Attach {
        session: SessionId,
        socket: SocketId,
        hello: Hello,
        handle: SocketHandle,
        /// Makes the session, if it is not there yet.
        opening: Option<Opening>,
    },
    Message {
        session: SessionId,
        socket: SocketId,
        message: ToEdge,
    },
    SocketClosed {
        session: SessionId,
        socket: SocketId,
    },
    /// The socket's backlog is too much, or no more: from the driver itself, or from the socket's writer.
    BacklogChanged {
        session: SessionId,
        socket: SocketId,
    },
    /// From an instance, on the executor's thread.
    Module {
        key: ModuleKey,
        life: Life,
        event: Event,
    },
    /// From a request to another host, on an I/O thread.
    Fetched {
        key: ModuleKey,
        request: u32,
        origin: String,
        result: Result<Response, FetchError>,
    },
    /// The page is another now (`playconnect dev`). The answer: how many sessions it had.
    Change {
        page: Arc<Page>,
        change: PageChange,
        answer: oneshot::Sender<usize>,
    },
    /// Close all sessions; the answer comes when they are gone.
    Drain {
        reason: String,
        answer: oneshot::Sender<usize>,
    },
}

/// What becomes of the sessions of a page that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageChange {
    /// They go on, and these modules, by position, start anew with other code. None: only what new sessions get has
    /// changed.
    Modules(Vec<usize>),
    /// They end, and their browsers load the page again.
    Anew,
}

/// Of a session that a browser with a ticket is the first to ask for.
pub struct Opening {
    pub page: Arc<Page>,
    pub seed: [u64; 4],
    pub sessions_max: usize,
}

/// The driver's end of a socket.
pub struct SocketHandle {
    pub session: SessionId,
    pub messages: queue::UnboundedSender<ToSocket>,
    pub backlog: Arc<Backlog>,
    pub paused: watch::Sender<bool>,
}

pub enum ToSocket {
    Message(Vec<u8>),
    /// Behind the messages before it.
    Close(CloseCode, String),
    /// The same, with a message that says why.
    Refusal(CloseCode, String),
}

impl Drivers {
    /// One driver and one shard of the executor for each core.
    ///
    /// # Errors
    /// The system gives no more threads.
    pub fn start(
        host: &Host,
        classes: &Classes,
        origin: Origin,
        metrics: &Arc<Metrics>,
        outbound: Outbound,
        recorder: Option<&Recorder>,
        asleep_bytes_max: u64,
    ) -> std::io::Result<Drivers> {
        let mut inboxes = Vec::new();
        let executor = Executor::start(Executor::cores(), classes, |_, shard| {
            let (commands, received) = mpsc::channel();
            let inbox = Inbox { commands, shard };
            inboxes.push(inbox.clone());
            let instances = Instances::new(
                host.clone(),
                inbox.shard.clone(),
                metrics.clone(),
                asleep_bytes_max,
                tell_of_instances(&inbox),
            );
            Some(Box::new(Driver {
                node: Node::new(),
                origin,
                metrics: metrics.clone(),
                outbound: outbound.clone(),
                inbox,
                received,
                sessions: HashMap::new(),
                changed: HashMap::new(),
                instances,
                watched: HashMap::new(),
                sockets: HashMap::new(),
                fetches: RunningFetches::default(),
                refusals: HashMap::new(),
                recorder: recorder.map(Recorder::driver),
                draining: false,
            }))
        })?;
        Ok(Drivers { inboxes, executor, origin, outbound })
    }

    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Requests of modules to other hosts that run now.
    pub fn fetches_running(&self) -> usize {
        self.outbound.running()
    }

    /// CPU that modules of a class have used, in microseconds.
    pub fn class_cpu_us(&self, class: Class) -> u64 {
        self.executor.class_cpu_us(class)
    }

    /// Other shares of the CPU, from now on.
    pub fn set_classes(&self, classes: &Classes) {
        self.executor.set_classes(classes);
    }

    /// Tells the driver that the session lives on.
    pub fn tell(&self, session: SessionId, command: Command) {
        let shard = (session.0 % self.inboxes.len() as u128) as usize;
        // A driver ends only with this handle.
        let _ = self.inboxes[shard].send(command);
    }

    /// Takes over what a page is now. How many sessions it had. Blocks until that is done: not for the I/O threads.
    pub fn change(&self, page: &Arc<Page>, change: &PageChange) -> usize {
        let answers = self.inboxes.iter().filter_map(|inbox| {
            let (answer, done) = oneshot::channel();
            let command = Command::Change { page: page.clone(), change: change.clone(), answer };
            inbox.send(command).ok().map(|()| done)
        });
        let answers: Vec<_> = answers.collect();
        answers.into_iter().filter_map(|done| done.blocking_recv().ok()).sum()
    }

    /// Closes all sessions, telling their browsers why. The number of sessions.
    pub async fn drain(&self, reason: &str) -> usize {
        let answers = self.inboxes.iter().filter_map(|inbox| {
            let (answer, done) = oneshot::channel();
            inbox.send(Command::Drain { reason: reason.to_owned(), answer }).ok().map(|()| done)
        });
        // All are told before the first is waited for.
        let answers: Vec<_> = answers.collect();
        let mut sessions = 0;
        for done in answers {
            sessions += done.await.unwrap_or(0);
        }
        sessions
    }
}

/// Hands on what instances did.
fn tell_of_instances(inbox: &Inbox) -> impl Fn(ModuleKey, Life, Event) + Send + Sync + 'static {
    let inbox = inbox.clone();
    move |key, life, event| {
        // The driver ends before its instances only when all does.
        let _ = inbox.send(Command::Module { key, life, event });
    }
}

impl Inbox {
    fn send(&self, command: Command) -> Result<(), Gone> {
        self.commands.send(command).map_err(|_| Gone)?;
        self.shard.attend();
        Ok(())
    }
}

/// Microseconds since the Unix epoch, never going back: read from the wall clock once, then counted.
pub fn now() -> Instant {
    static START: OnceLock<(std::time::Instant, u64)> = OnceLock::new();
    let (start, epoch_us) = START.get_or_init(|| {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        (std::time::Instant::now(), since_epoch.map_or(0, |since| since.as_micros() as u64))
    });
    Instant(epoch_us + start.elapsed().as_micros() as u64)
}

struct Driver {
    node: Node,
    origin: Origin,
    metrics: Arc<Metrics>,
    outbound: Outbound,
    /// For the instances' answers, and those of other hosts.
    inbox: Inbox,
    received: mpsc::Receiver<Command>,
    sessions: HashMap<SessionId, SessionState>,
    /// Pages that changed, by route: a request may come with one of before.
    changed: HashMap<String, Arc<Page>>,
    instances: Instances,
    watched: HashMap<ModuleKey, Watched>,
    sockets: HashMap<SocketId, SocketHandle>,
    fetches: RunningFetches,
    /// By the module's name.
    refusals: HashMap<String, RefusalLog>,
    recorder: Option<DriverRecorder>,
    /// All sessions have been closed, and no browser attaches to one any more.
    draining: bool,
}

/// What is looked at of an instance.
struct Watched {
    turn: Option<AskedTurn>,
    /// When each kind of excess may be logged again.
    quiet_until: [Instant; Excess::KINDS],
}

/// A turn that has no answer yet.
struct AskedTurn {
    at: std::time::Instant,
    of_event: bool,
}

struct SessionState {
    page: Arc<Page>,
    name: String,
    html: Option<HtmlFor>,
    /// Until a browser has attached.
    place: Option<Place>,
}

/// Who waits for a session's first HTML.
enum HtmlFor {
    Request(oneshot::Sender<Vec<SlotHtml>>),
    /// And nothing more is wanted of the session.
    Render(oneshot::Sender<Vec<SlotHtml>>),
    /// A browser that shows static HTML: it attaches when the modules have something to show in its place.
    Socket {
        socket: SocketId,
        hello: Hello,
    },
}

/// Commands taken in before what is due is looked at again, and a module gets on.
const COMMANDS_AT_ONCE_MAX: usize = 64;

impl Resident for Driver {
    fn attend(&mut self) -> Option<Duration> {
        let mut taken = 0;
        while taken < COMMANDS_AT_ONCE_MAX
            && let Ok(command) = self.received.try_recv()
        {
            self.command(command);
            taken += 1;
        }
        self.advance();
        self.carry_out_all();
        if taken == COMMANDS_AT_ONCE_MAX {
            return Some(Duration::ZERO); // there may be more
        }
        let at = now();
        let rested = self.instances.rest(at);
        let next = [self.node.poll_timeout(), rested].into_iter().flatten().min();
        next.map(|next| Duration::from_micros(next.since(at)))
    }
}

impl Driver {
    fn command(&mut self, command: Command) {
        match command {
            Command::Open { session, page, environment, seed, place, answer } => {
                self.open(session, page, environment, seed, HtmlFor::Request(answer), Some(place));
            }
            Command::Render { session, page, environment, seed, answer } => {
                self.metrics.sessions.fetch_add(1, Ordering::Relaxed);
                self.open(session, page, environment, seed, HtmlFor::Render(answer), None);
            }
            Command::Attach { session, socket, hello, handle, opening } => {
                self.sockets.insert(socket, handle);
                self.metrics.sockets.fetch_add(1, Ordering::Relaxed);
                if self.draining {
                    // It was let in before. Its browser is to come back, not to load the page anew.
                    let reason = "the node is restarting".to_owned();
                    self.to_socket(socket, ToSocket::Refusal(CloseCode::Restart, reason));
                    return self.forget_socket(socket);
                }
                self.attach(session, socket, hello, opening);
            }
            Command::Message { session, socket, message } => {
                self.tell(Input::Message { session, socket, message });
            }
            Command::SocketClosed { session, socket } => {
                self.forget_socket(socket);
                let html = self.sessions.get(&session).and_then(|state| state.html.as_ref());
                if matches!(html, Some(HtmlFor::Socket { socket: waiting, .. }) if *waiting == socket) {
                    // A ticket is good for a session only with a socket.
                    let (code, reason) = (CloseCode::NoSession, String::new());
                    self.tell(Input::Close { session, code, reason });
                } else {
                    self.tell(Input::SocketClosed { session, socket });
                }
            }
            Command::BacklogChanged { session, socket } => {
                let Some(handle) = self.sockets.get(&socket) else { return };
                // As it is now: the two that tell may overtake one another.
                let congested = handle.backlog.is_congested();
                self.tell(Input::SocketCongested { session, socket, congested });
            }
            Command::Module { key, life, event } => {
                if let Some(event) = self.instances.heard(key, life, event, now()) {
                    self.module_event(key, event);
                }
            }
            Command::Fetched { key, request, origin, result } => {
                if self.fetches.remove(key, request) {
                    self.fetched(key, request, &origin, result);
                }
            }
            Command::Change { page, change, answer } => {
                let _ = answer.send(self.change(&page, &change));
                self.changed.insert(page.route.clone(), page);
            }
            Command::Drain { reason, answer } => {
                self.draining = true;
                let sessions: Vec<SessionId> = self.node.session_ids().collect();
                for session in &sessions {
                    let (code, reason) = (CloseCode::Restart, reason.clone());
                    self.tell(Input::Close { session: *session, code, reason });
                }
                self.carry_out_all();
                let _ = answer.send(sessions.len());
            }
        }
        self.carry_out_all();
    }

    fn open(
        &mut self,
        session: SessionId,
        page: Arc<Page>,
        environment: Environment,
        seed: [u64; 4],
        html: HtmlFor,
        place: Option<Place>,
    ) {
        let name = SessionName { origin: self.origin, id: session }.to_string();
        let page = self.changed.get(&page.route).unwrap_or(&page).clone();
        let plan = page.plan.clone();
        if let Some(recorder) = &mut self.recorder {
            recorder.open(session, &page);
        }
        self.sessions.insert(session, SessionState { page, name, html: Some(html), place });
        self.tell(Input::Open { session, page: plan, environment, seed });
    }

    fn attach(&mut self, session: SessionId, socket: SocketId, mut hello: Hello, opening: Option<Opening>) {
        if let Some(SessionState { html: Some(HtmlFor::Socket { socket: own, hello: waiting }), .. }) =
            self.sessions.get_mut(&session)
        {
            let older = if hello.is_behind(waiting) {
                socket
            } else {
                hello.resume = true;
                *waiting = hello;
                std::mem::replace(own, socket)
            };
            let reason = "this page is open on a newer connection".to_owned();
            self.to_socket(older, ToSocket::Refusal(CloseCode::Superseded, reason));
            return self.forget_socket(older);
        }
        if let Some(Opening { page, seed, sessions_max }) = opening
            && !self.sessions.contains_key(&session)
        {
            if !self.metrics.take_session(sessions_max) {
                let reason = "this node is full".to_owned();
                self.to_socket(socket, ToSocket::Refusal(CloseCode::Overload, reason));
                return self.forget_socket(socket);
            }
            let environment = hello.environment.clone();
            // What it shows is not this session's HTML, so that there is nothing to adopt.
            hello.resume = true;
            return self.open(session, page, environment, seed, HtmlFor::Socket { socket, hello }, None);
        }
        self.tell(Input::Attach { session, socket, hello });
        self.carry_out_all();
        // One that was refused is closed by now.
        if self.sockets.contains_key(&socket)
            && let Some(state) = self.sessions.get_mut(&session)
        {
            state.place = None;
        }
    }

    fn change(&mut self, page: &Arc<Page>, change: &PageChange) -> usize {
        let of_page = self.sessions.iter().filter(|(_, state)| state.page.route == page.route);
        let mut sessions: Vec<SessionId> = of_page.map(|(session, _)| *session).collect();
        sessions.sort_unstable();
        for session in &sessions {
            match change {
                PageChange::Modules(modules) => {
                    if let Some(state) = self.sessions.get_mut(session) {
                        state.page = page.clone();
                    }
                    for module in modules {
                        self.tell(Input::Swap { session: *session, module: *module });
                    }
                }
                PageChange::Anew => {
                    // To this code the client answers with loading the page again.
                    let (code, reason) = (CloseCode::NoSession, "the page has changed".to_owned());
                    self.tell(Input::Close { session: *session, code, reason });
                }
            }
            self.carry_out_all();
        }
        sessions.len()
    }

    fn module_event(&mut self, key: ModuleKey, event: Event) {
        let input = match event {
            Event::Started { usage, log, log_dropped } => {
                self.log(key, &log);
                self.excesses(key, &usage, log_dropped);
                Input::Started { key, result: Ok(()) }
            }
            Event::Turned { outcome, usage, log, log_dropped } => {
                self.turn_ends(key, true);
                self.log(key, &log);
                self.excesses(key, &usage, log_dropped);
                Input::Turned { key, result: Ok(convert::outcome(outcome)), cpu_us: usage.cpu_us }
            }
            Event::Ended { failure, usage, log, log_dropped } => {
                self.log(key, &log);
                self.excesses(key, &usage, log_dropped);
                self.remove_instance(key);
                let Some(failure) = failure else { return };
                let why = failure.to_string();
                if matches!(failure.kind, FailureKind::Init { .. }) {
                    return self.tell(Input::InitRefused { key, why });
                }
                // Other failures of `init` and those of a turn mean the same to the session: it knows which it waits for.
                self.tell(Input::Started { key, result: Err(why.clone()) });
                Input::Turned { key, result: Err(why), cpu_us: usage.cpu_us }
            }
            Event::Slept { .. } => return,
        };
        self.tell(input);
    }

    /// Something happened, now.
    fn tell(&mut self, input: Input) {
        let at = now();
        if let Some(recorder) = &mut self.recorder {
            recorder.input(at, &input);
        }
        self.node.take_in(input, at);
    }

    /// Does what is due.
    fn advance(&mut self) {
        let at = now();
        if let Some(recorder) = &mut self.recorder {
            recorder.tick(at, self.node.due(at));
        }
        self.node.handle_timeout(at);
    }

    fn carry_out_all(&mut self) {
        while let Some(output) = self.node.poll() {
            if let Some(recorder) = &mut self.recorder {
                recorder.output(&output);
            }
            self.carry_out(output);
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Start { key, start } => self.start_instance(key, start),
            Output::Turn { key, now, inputs } => {
                let of_event = inputs.iter().any(|input| matches!(input, ModuleInput::Event(_)));
                match self.instances.turn(key, now, convert::inputs(inputs)) {
                    Asked::Yes => {
                        if let Some(watched) = self.watched.get_mut(&key) {
                            watched.turn = Some(AskedTurn { at: std::time::Instant::now(), of_event });
                        }
                        self.metrics.module(self.module_name(key), |own| own.turns_asked += 1);
                    }
                    Asked::Lost(why) => {
                        let why = format!("it could not be put to sleep: {why}");
                        self.tell(Input::Turned { key, result: Err(why), cpu_us: 0 });
                    }
                    Asked::Unknown => {}
                }
            }
            Output::Stop { key } => {
                self.remove_instance(key);
                self.fetches.end(key);
            }
            Output::Fetch { key, request, fetch } => {
                let origin = logged_origin(&fetch.url);
                if let Err(error) = self.fetch(key, request, &origin, fetch) {
                    self.fetched(key, request, &origin, Err(error));
                }
            }
            Output::CancelFetch { key, request } => {
                self.fetches.remove(key, request);
            }
            Output::Html { session, slots } => {
                self.metrics.pages.fetch_add(1, Ordering::Relaxed);
                match self.sessions.get_mut(&session).and_then(|state| state.html.take()) {
                    // Whoever asked may have gone; the session ends by itself then.
                    Some(HtmlFor::Request(answer)) => drop(answer.send(slots)),
                    Some(HtmlFor::Render(answer)) => {
                        let (code, reason) = (CloseCode::NoSession, String::new());
                        self.tell(Input::Close { session, code, reason });
                        // Whoever asked finds its place free again.
                        self.carry_out_all();
                        let _ = answer.send(slots);
                    }
                    Some(HtmlFor::Socket { socket, hello }) => {
                        self.tell(Input::Attach { session, socket, hello });
                    }
                    None => {}
                }
            }
            Output::Send { socket, message } => self.to_socket(socket, ToSocket::Message(message)),
            Output::CloseSocket { socket, code, reason } => {
                self.to_socket(socket, ToSocket::Close(code, reason));
                self.forget_socket(socket);
            }
            Output::PauseReading { socket } => self.pause(socket, true),
            Output::ResumeReading { socket } => self.pause(socket, false),
            Output::Report(report) => self.report(report),
            Output::Ended { session } => {
                self.sessions.remove(&session);
                self.metrics.sessions.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }

    fn start_instance(&mut self, key: ModuleKey, start: Start) {
        let Some(session) = self.sessions.get(&key.session) else { return };
        let PageModule { name, code, limits, .. } = &session.page.modules[key.module];
        let labels = Labels::new(&session.name, name);
        // A recording is replayed with instances that stay awake: one that wakes has other random numbers.
        let idle_us = session.page.idle_us.filter(|_| self.recorder.is_none());
        let (code, limits, start) = (code.clone(), limits.clone(), convert::start(start));
        self.instances.start(key, Made { code, labels, limits, start, idle_us });
        let quiet_until = [Instant::default(); Excess::KINDS];
        self.watched.insert(key, Watched { turn: None, quiet_until });
    }

    fn remove_instance(&mut self, key: ModuleKey) {
        self.turn_ends(key, false);
        self.instances.remove(key);
        self.watched.remove(&key);
    }

    fn turn_ends(&mut self, key: ModuleKey, answered: bool) {
        let Some(turn) = self.watched.get_mut(&key).and_then(|watched| watched.turn.take()) else {
            return;
        };
        let Some(session) = self.sessions.get(&key.session) else { return };
        let PageModule { name, limits, .. } = &session.page.modules[key.module];
        self.metrics.module(name, |own| own.turns_asked = own.turns_asked.saturating_sub(1));
        if answered {
            self.metrics.turn_latency(limits.class, turn.of_event).observe(turn.at.elapsed());
        }
    }

    /// # Errors
    /// It is not even begun.
    fn fetch(&mut self, key: ModuleKey, request: u32, origin: &str, fetch: Fetch) -> Result<(), FetchError> {
        let Some(session) = self.sessions.get(&key.session) else { return Ok(()) };
        let allowance = &session.page.modules[key.module].outbound;
        self.metrics.module(&allowance.grants.module, |own| own.fetches += 1);
        // Said at once where it can be: what is not granted takes no room of what is.
        allowance.grants.target(&fetch.url)?;
        self.fetches.check(key, request, allowance, session.page.fetches_max)?;
        let (inbox, origin) = (self.inbox.clone(), origin.to_owned());
        let task = self.outbound.begin(allowance.clone(), fetch, move |result| {
            // The driver ends before what it waits for only when all does.
            let _ = inbox.send(Command::Fetched { key, request, origin, result });
        })?;
        self.fetches.add(key, request, task);
        Ok(())
    }

    fn fetched(&mut self, key: ModuleKey, request: u32, origin: &str, result: Result<Response, FetchError>) {
        if !self.sessions.contains_key(&key.session) {
            // It has ended meanwhile: there is nobody to tell, and no module to count it for.
            return;
        }
        let bytes = result.as_ref().map_or(0, |response| response.body.len() as u64);
        let refused = result.as_ref().err().map(FetchError::is_refusal);
        self.metrics.module(self.module_name(key), |own| {
            own.fetch_bytes += bytes;
            own.fetch_refusals += u64::from(refused == Some(true));
            own.fetch_failures += u64::from(refused == Some(false));
        });
        let result = result.map_err(|error| {
            let why = error.to_string();
            self.log_fetch(key, origin, &why, error.is_refusal());
            why
        });
        self.tell(Input::Fetched { key, request, result });
    }

    fn to_socket(&self, socket: SocketId, message: ToSocket) {
        let Some(handle) = self.sockets.get(&socket) else { return };
        let ToSocket::Message(bytes) = &message else {
            // A socket that is gone says so itself.
            let _ = handle.messages.send(message);
            return;
        };
        if handle.backlog.add(bytes.len()) {
            // Behind what the session is doing now.
            let _ = self.inbox.send(Command::BacklogChanged { session: handle.session, socket });
        }
        let _ = handle.messages.send(message);
    }

    fn pause(&self, socket: SocketId, paused: bool) {
        if let Some(handle) = self.sockets.get(&socket) {
            handle.paused.send_replace(paused);
        }
    }

    fn forget_socket(&mut self, socket: SocketId) {
        if self.sockets.remove(&socket).is_some() {
            self.metrics.sockets.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
