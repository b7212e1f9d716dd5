//! The world: what happens is in one queue, ordered by time; every delay comes from the seed.

use crate::guest::Guest;
use fastrand::Rng;
use playconnect_frame::{Detail, Environment, ToEdge};
use playconnect_session::{
    Client, ClientInput, ClientOutput, Input, Instant, ModuleKey, ModulePlan, Node, Output, PagePlan, Report,
    RestartPlan, SessionId, SessionLimits, SocketId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// What a run is made of.
#[derive(Clone, Debug)]
pub struct Options {
    pub sessions: usize,
    pub modules: usize,
    /// Virtual time in which things happen.
    pub duration_us: u64,
    /// Upper bound on the delay of a message, one way.
    pub latency_us: u64,
    /// One in so many turns fails.
    pub failing_turn_in: Option<u32>,
    /// A socket is cut about this often.
    pub cut_every_us: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            sessions: 4,
            modules: 3,
            duration_us: 3_000_000,
            latency_us: 30_000,
            failing_turn_in: None,
            cut_every_us: None,
        }
    }
}

/// What should not have happened.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    pub seed: u64,
    pub at_us: u64,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "seed {}, at {} µs: {}", self.seed, self.at_us, self.what)
    }
}

pub struct World {
    seed: u64,
    options: Options,
    random: Rng,
    now: Instant,
    shards: Vec<Node>,
    browsers: Vec<Browser>,
    guests: BTreeMap<ModuleKey, Guest>,
    /// By time, then in order of their making.
    queue: BTreeMap<(Instant, u64), Happening>,
    made: u64,
    sockets: BTreeMap<SocketId, Socket>,
    next_socket: u64,
    trace: DefaultHasher,
    /// Sequences told to any incarnation, by session and module.
    told: BTreeMap<(SessionId, usize), Vec<u32>>,
    /// Events that were in a turn that failed: told, but with no effect.
    pub reports: Vec<Report>,
    /// What the first browser took and gave, if it is watched.
    watched: Option<Vec<Seen>>,
}

/// One thing that a watched browser took or gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Since the start of the world.
    pub at_us: u64,
    pub what: SeenWhat,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SeenWhat {
    Took(ClientInput),
    Gave(ClientOutput),
}

struct Browser {
    session: SessionId,
    /// From when somebody opens the page.
    client: Option<Client>,
    socket: Option<SocketId>,
    acting_until: Instant,
    acted: u32,
}

struct Socket {
    browser: usize,
    session: SessionId,
    /// The next message of each direction arrives no earlier than the one before.
    arrived_down: Instant,
    arrived_up: Instant,
    greeted: bool,
}

enum Happening {
    Open { browser: usize },
    Started { key: ModuleKey },
    Turned { key: ModuleKey, result: Result<playconnect_session::Outcome, String>, cpu_us: u64 },
    Down { socket: SocketId, bytes: Vec<u8> },
    Up { socket: SocketId, bytes: Vec<u8> },
    Opened { browser: usize, socket: SocketId },
    Cut { socket: SocketId },
    Act { browser: usize },
    Wake,
}

impl World {
    pub fn new(seed: u64, options: Options) -> Self {
        let modules = (0..options.modules).map(|position| ModulePlan {
            name: format!("module-{position}"),
            slot: format!("slot-{position}"),
            nested: None,
            overlay: false,
            properties: "{}".to_owned(),
            frames_per_second_max: 30,
            timers_max: 256,
            batch: playconnect_dom::BatchLimits::default(),
            restart: RestartPlan {
                disable_after: u32::MAX,
                backoff_max_us: 400_000,
                ..RestartPlan::default()
            },
        });
        let page = Arc::new(PagePlan {
            modules: modules.collect(),
            limits: playconnect_dom::Limits::default(),
            session: SessionLimits::default(),
        });
        let mut world = World {
            seed,
            random: Rng::with_seed(seed),
            now: Instant(STARTED_US),
            shards: vec![Node::new(), Node::new()],
            browsers: Vec::new(),
            guests: BTreeMap::new(),
            queue: BTreeMap::new(),
            made: 0,
            sockets: BTreeMap::new(),
            next_socket: 1,
            trace: DefaultHasher::new(),
            told: BTreeMap::new(),
            reports: Vec::new(),
            watched: None,
            options,
        };
        for position in 0..world.options.sessions {
            let session = SessionId(u128::from(world.random.u64(..)) << 64 | position as u128);
            let seed = [0; 4].map(|_: u64| world.random.u64(..));
            let input =
                Input::Open { session, page: page.clone(), environment: Environment::default(), seed };
            world.browsers.push(Browser {
                session,
                client: None,
                socket: None,
                acting_until: world.now.after(world.options.duration_us),
                acted: 0,
            });
            world.tell(session, input);
            let wait = world.random.u64(0..2_000_000);
            world.later(wait, Happening::Open { browser: position });
        }
        world
    }

    /// Keeps what the first browser takes and gives, for [`World::seen`].
    pub fn watch(&mut self) {
        self.watched = Some(Vec::new());
    }

    /// In the order in which it happened; empty without [`World::watch`].
    pub fn seen(&self) -> &[Seen] {
        self.watched.as_deref().unwrap_or_default()
    }

    /// The first browser's session, as it says HELLO with it.
    pub fn session(&self) -> String {
        format!("{:x}", self.browsers[0].session.0)
    }

    /// Runs to the end of the plan, and then until everything is quiet. The hash of all that happened.
    pub fn run(&mut self) -> Result<u64, Violation> {
        let end = self.now.after(self.options.duration_us);
        let mut steps = 0_u64;
        while let Some((now, happening)) = self.next() {
            self.now = now;
            steps += 1;
            if steps > STEPS_MAX {
                return Err(self.violation("no end after so many steps".to_owned()));
            }
            self.happen(happening)?;
            self.drain()?;
            // Guests go on by timers for ever: quiet is when every browser has had time to catch up.
            if now > end.after(QUIET_US) {
                break;
            }
        }
        self.verify()?;
        Ok(self.trace.finish())
    }

    /// What must hold when the world is quiet: every browser that is there shows what the edge has, and every event was
    /// told to a module exactly once.
    pub fn verify(&self) -> Result<(), Violation> {
        for browser in &self.browsers {
            let Some(tree) = self.shard(browser.session).page(browser.session) else {
                return Err(self.violation(format!("session {:x} is gone", browser.session.0)));
            };
            let Some(client) =
                browser.client.as_ref().filter(|client| browser.socket.is_some() && client.has_nodes())
            else {
                return Err(self.violation(format!("session {:x} did not come back", browser.session.0)));
            };
            for slot in tree.slots() {
                let (edge, page) = (tree.outline(slot), client.page().outline(tree.slot_name(slot)));
                if edge != page {
                    let name = tree.slot_name(slot);
                    return Err(self.violation(format!(
                        "{name} of session {:x} differs\n--- edge\n{edge}\n--- browser\n{page}",
                        browser.session.0
                    )));
                }
            }
            if client.events_waiting() > 0 {
                let waiting = client.events_waiting();
                return Err(self.violation(format!("{waiting} events were never acknowledged")));
            }
            let mut seen = BTreeSet::new();
            for ((session, _), told) in &self.told {
                if *session == browser.session && !told.iter().all(|sequence| seen.insert(*sequence)) {
                    return Err(self.violation("an event was told twice".to_owned()));
                }
            }
            if self.options.failing_turn_in.is_none() && seen.len() != browser.acted as usize {
                return Err(self.violation(format!("{} events made, {} told", browser.acted, seen.len())));
            }
        }
        Ok(())
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Wake => {
                let now = self.now;
                self.shards.iter_mut().for_each(|shard| shard.handle_timeout(now));
                self.browsers
                    .iter_mut()
                    .filter_map(|browser| browser.client.as_mut())
                    .for_each(|client| client.handle_timeout(now));
            }
            Happening::Open { browser } => {
                let client =
                    Client::new(format!("{:x}", self.browsers[browser].session.0), Environment::default());
                self.browsers[browser].client = Some(client);
            }
            Happening::Opened { browser, socket } => {
                self.browsers[browser].socket = Some(socket);
                self.tell_client(browser, ClientInput::Opened(socket))?;
                let wait = self.random.u64(0..200_000);
                self.later(wait, Happening::Act { browser });
                if let Some(every) = self.options.cut_every_us {
                    let wait = self.random.u64(0..every * 2);
                    self.later(wait, Happening::Cut { socket });
                }
            }
            Happening::Started { key } => self.tell(key.session, Input::Started { key, result: Ok(()) }),
            Happening::Turned { key, result, cpu_us } => {
                self.tell(key.session, Input::Turned { key, result, cpu_us });
            }
            Happening::Down { socket, bytes } => {
                if let Some(browser) = self.sockets.get(&socket).map(|socket| socket.browser)
                    && self.browsers[browser].socket == Some(socket)
                {
                    self.tell_client(browser, ClientInput::Received(bytes))?;
                }
            }
            Happening::Up { socket, bytes } => self.up(socket, &bytes)?,
            Happening::Cut { socket } => {
                if self.now < self.end_of_acting()
                    && let Some(gone) = self.sockets.remove(&socket)
                {
                    self.tell(gone.session, Input::SocketClosed { session: gone.session, socket });
                    self.browsers[gone.browser].socket = None;
                    self.tell_client(gone.browser, ClientInput::Closed(None))?;
                }
            }
            Happening::Act { browser } => self.act(browser)?,
        }
        Ok(())
    }

    /// A person presses something, and will again.
    fn act(&mut self, position: usize) -> Result<(), Violation> {
        let browser = &mut self.browsers[position];
        if browser.acting_until <= self.now {
            return Ok(());
        }
        let buttons =
            browser.client.as_ref().map(|client| client.page().listening("click")).unwrap_or_default();
        if !buttons.is_empty() {
            let node = buttons[self.random.usize(0..buttons.len())];
            browser.acted += 1;
            let act = ClientInput::Act { node, kind: "click".to_owned(), detail: Detail::None, form: None };
            self.tell_client(position, act)?;
        }
        let wait = self.random.u64(1_000..150_000);
        self.later(wait, Happening::Act { browser: position });
        Ok(())
    }

    fn up(&mut self, socket: SocketId, bytes: &[u8]) -> Result<(), Violation> {
        let Some(state) = self.sockets.get_mut(&socket) else { return Ok(()) };
        let session = state.session;
        let message = ToEdge::decode(bytes);
        let message = message.map_err(|error| self.violation(format!("a browser's message: {error}")))?;
        let Some(state) = self.sockets.get_mut(&socket) else { return Ok(()) };
        match message {
            ToEdge::Hello(hello) if !state.greeted => {
                state.greeted = true;
                self.tell(session, Input::Attach { session, socket, hello });
            }
            message => self.tell(session, Input::Message { session, socket, message }),
        }
        Ok(())
    }

    fn connect(&mut self, browser: usize) {
        let socket = SocketId(self.next_socket);
        self.next_socket += 1;
        let session = self.browsers[browser].session;
        let (arrived_down, arrived_up) = (self.now, self.now);
        self.sockets.insert(socket, Socket { browser, session, arrived_down, arrived_up, greeted: false });
        let wait = self.latency();
        self.later(wait, Happening::Opened { browser, socket });
    }

    /// Carries out what nodes and browsers ask for.
    fn drain(&mut self) -> Result<(), Violation> {
        loop {
            let mut idle = true;
            for shard in 0..self.shards.len() {
                while let Some(output) = self.shards[shard].poll() {
                    idle = false;
                    self.carry_out(output)?;
                }
            }
            for browser in 0..self.browsers.len() {
                while let Some(output) = self.browsers[browser].client.as_mut().and_then(Client::poll) {
                    idle = false;
                    self.carry_out_client(browser, output)?;
                }
            }
            if idle {
                return Ok(());
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Result<(), Violation> {
        match output {
            Output::Start { key, start } => {
                self.guests.insert(key, Guest::new(&start, 120));
                let wait = self.random.u64(0..5_000);
                self.later(wait, Happening::Started { key });
            }
            Output::Turn { key, now, inputs } => {
                let guest = self.guests.get_mut(&key).expect("a node runs only what it has started");
                let mut outcome = guest.turn(now, &inputs);
                self.told.entry((key.session, key.module)).or_default().append(&mut guest.told);
                if self.now > self.end_of_acting() {
                    // The guests come to rest, so that the end can be looked at.
                    outcome.next_timer = None;
                    outcome.animation_frame = false;
                }
                let fails =
                    self.options.failing_turn_in.is_some_and(|one_in| self.random.u32(0..one_in) == 0);
                let result = if fails { Err("the simulator let it fail".to_owned()) } else { Ok(outcome) };
                let cpu_us = self.random.u64(10..3_000);
                self.later(cpu_us, Happening::Turned { key, result, cpu_us });
            }
            Output::Stop { key } => {
                self.guests.remove(&key);
            }
            Output::Send { socket, message } => {
                message.hash(&mut self.trace);
                let delay = self.latency();
                if let Some(state) = self.sockets.get_mut(&socket) {
                    let at = self.now.after(delay).max(state.arrived_down.after(1));
                    state.arrived_down = at;
                    self.at(at, Happening::Down { socket, bytes: message });
                }
            }
            Output::CloseSocket { reason, .. } => {
                return Err(self.violation(format!("a socket was refused: {reason}")));
            }
            Output::Report(Report::Protocol { why, .. }) => return Err(self.violation(why)),
            Output::Report(Report::Restarting { why, .. }) if !why.contains("simulator") => {
                return Err(self.violation(why));
            }
            Output::Report(report) => self.reports.push(report),
            Output::Html { .. }
            | Output::Fetch { .. }
            | Output::CancelFetch { .. }
            | Output::PauseReading { .. }
            | Output::ResumeReading { .. }
            | Output::Ended { .. } => {}
        }
        Ok(())
    }

    fn carry_out_client(&mut self, browser: usize, output: ClientOutput) -> Result<(), Violation> {
        self.see(browser, || SeenWhat::Gave(output.clone()));
        match output {
            ClientOutput::Connect => self.connect(browser),
            ClientOutput::Applied(_) | ClientOutput::Disconnect => {}
            ClientOutput::Send(bytes) => {
                bytes.hash(&mut self.trace);
                let delay = self.latency();
                if let Some(socket) = self.browsers[browser].socket
                    && let Some(state) = self.sockets.get_mut(&socket)
                {
                    let at = self.now.after(delay).max(state.arrived_up.after(1));
                    state.arrived_up = at;
                    self.at(at, Happening::Up { socket, bytes });
                }
            }
            ClientOutput::Stopped(code) => {
                return Err(self.violation(format!("a browser was stopped with {}", code as u16)));
            }
        }
        Ok(())
    }

    /// The next thing that happens: from the queue, or a timeout that comes before it.
    fn next(&mut self) -> Option<(Instant, Happening)> {
        let shards = self.shards.iter().filter_map(Node::poll_timeout);
        let browsers = self.browsers.iter().filter_map(|browser| browser.client.as_ref()?.poll_timeout());
        let timeout = shards.chain(browsers).min();
        let queued = self.queue.first_key_value().map(|((at, _), _)| *at);
        if let Some(timeout) = timeout
            && queued.is_none_or(|queued| timeout < queued)
        {
            return Some((timeout.max(self.now), Happening::Wake));
        }
        self.queue.pop_first().map(|((at, _), happening)| (at.max(self.now), happening))
    }

    fn tell(&mut self, session: SessionId, input: Input) {
        let now = self.now;
        let shard = shard_of(session, self.shards.len());
        self.shards[shard].handle(input, now);
    }

    fn tell_client(&mut self, browser: usize, input: ClientInput) -> Result<(), Violation> {
        self.see(browser, || SeenWhat::Took(input.clone()));
        let Some(client) = &mut self.browsers[browser].client else { return Ok(()) };
        let result = client.handle(input, self.now);
        result.map_err(|error| self.violation(format!("browser {browser}: {error:?}")))
    }

    fn see(&mut self, browser: usize, what: impl FnOnce() -> SeenWhat) {
        let at_us = self.now.0 - STARTED_US;
        if let Some(watched) = self.watched.as_mut().filter(|_| browser == 0) {
            watched.push(Seen { at_us, what: what() });
        }
    }

    fn shard(&self, session: SessionId) -> &Node {
        &self.shards[shard_of(session, self.shards.len())]
    }

    fn end_of_acting(&self) -> Instant {
        self.browsers.iter().map(|browser| browser.acting_until).max().unwrap_or_default()
    }

    fn latency(&mut self) -> u64 {
        self.random.u64(0..=self.options.latency_us)
    }

    fn later(&mut self, wait_us: u64, happening: Happening) {
        self.at(self.now.after(wait_us), happening);
    }

    fn at(&mut self, at: Instant, happening: Happening) {
        self.made += 1;
        self.queue.insert((at, self.made), happening);
    }

    fn violation(&self, what: String) -> Violation {
        Violation { seed: self.seed, at_us: self.now.0 - STARTED_US, what }
    }
}

fn shard_of(session: SessionId, shards: usize) -> usize {
    (session.0 % shards as u128) as usize
}

/// The world's clock when it starts.
const STARTED_US: u64 = 1_000_000_000;

/// A run that takes more steps than this makes no progress.
const STEPS_MAX: u64 = 3_000_000;

/// Time after the last act until everything has settled.
const QUIET_US: u64 = 20_000_000;
