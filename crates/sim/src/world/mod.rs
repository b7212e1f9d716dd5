//! The world: what happens is in one queue, ordered by time; every delay comes from the seed.

mod network;
mod pages;

use crate::guest::Guest;
use crate::link::{Direction, Item, Socket};
use crate::oracle::Fact;
use crate::person::Person;
use crate::profile::{Options, SLOW_TURN_US};
use fastrand::Rng;
use playconnect_frame::{CloseCode, ToBrowser, ToEdge};
use playconnect_session::{
    Client, ClientInput, ClientOutput, Input, Instant, ModuleKey, ModulePlan, Node, Outcome, Output,
    PagePlan, Report, RestartPlan, SessionId, SocketId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

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

/// How much of what happened in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub steps: u64,
    pub frames: u64,
    pub snapshots: u64,
    pub resumed: u64,
    pub events: u64,
    pub cuts: u64,
    pub reloads: u64,
    pub restarts: u64,
    pub failures: u64,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.steps += other.steps;
        self.frames += other.frames;
        self.snapshots += other.snapshots;
        self.resumed += other.resumed;
        self.events += other.events;
        self.cuts += other.cuts;
        self.reloads += other.reloads;
        self.restarts += other.restarts;
        self.failures += other.failures;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Counts { steps, frames, snapshots, resumed, events, cuts, reloads, restarts, failures } = self;
        write!(
            formatter,
            "{steps} steps: {frames} frames ({snapshots} snapshots), {events} events, {cuts} cuts \
             ({resumed} HELLOs of pages with nodes), {reloads} page loads, {restarts} restarts of nodes, \
             {failures} failed turns"
        )
    }
}

pub struct World {
    pub(crate) seed: u64,
    pub(crate) options: Options,
    pub(crate) random: Rng,
    pub(crate) now: Instant,
    page: Arc<PagePlan>,
    pub(crate) shards: Vec<Node>,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) guests: BTreeMap<ModuleKey, Guest>,
    /// By time, then in order of their making.
    queue: BTreeMap<(Instant, u64), Happening>,
    made: u64,
    sessions_made: u32,
    pages_made: u32,
    pub(crate) sockets: BTreeMap<SocketId, Socket>,
    next_socket: u64,
    /// From which a tab has gone on to a new one.
    pub(crate) sessions_left: BTreeSet<SessionId>,
    trace: Trace,
    /// Of all events that persons made, by name.
    pub(crate) facts: BTreeMap<u32, Fact>,
    pub(crate) counts: Counts,
    /// What the first tab took and gave, if it is watched.
    watched: Option<Vec<Seen>>,
    /// Prints what happens.
    tells: bool,
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
    /// Its time was up.
    Tick,
    Gave(ClientOutput),
}

/// A tab of somebody's browser.
pub(crate) struct Tab {
    pub session: SessionId,
    /// Counts its pages.
    pub load: u32,
    /// While a page is there.
    pub client: Option<Client>,
    pub socket: Option<SocketId>,
    /// Does nothing at all until then.
    pub frozen_until: Instant,
    pub person: Person,
}

#[derive(Debug)]
enum Happening {
    /// A tab asks for the page.
    Open {
        tab: usize,
        load: u32,
    },
    /// The HTML is there.
    Loaded {
        tab: usize,
        load: u32,
    },
    Started {
        key: ModuleKey,
    },
    Turned {
        key: ModuleKey,
        result: Result<Outcome, String>,
        cpu_us: u64,
    },
    Opened {
        socket: SocketId,
    },
    Arrived {
        socket: SocketId,
        direction: Direction,
    },
    /// Bytes have left the edge's buffer.
    Written {
        socket: SocketId,
        bytes: usize,
    },
    Cut {
        socket: SocketId,
    },
    Stall {
        socket: SocketId,
    },
    StallEnds {
        socket: SocketId,
    },
    EdgeSees {
        socket: SocketId,
    },
    BrowserSees {
        socket: SocketId,
    },
    AnimationFrame {
        tab: usize,
        load: u32,
    },
    Act {
        tab: usize,
        load: u32,
    },
    Compose {
        tab: usize,
        load: u32,
        node: u32,
    },
    Reload {
        tab: usize,
    },
    Restart {
        shard: usize,
    },
    Hide {
        tab: usize,
    },
    Show {
        tab: usize,
    },
    Thaw {
        tab: usize,
    },
    Disturb {
        tab: usize,
    },
    Wake,
}

impl World {
    pub fn new(seed: u64, options: Options) -> Self {
        let modules = (0..options.modules).map(|position| ModulePlan {
            name: format!("module-{position}"),
            nested: None,
            overlay: false,
            slot: format!("slot-{position}"),
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
            limits: options.limits.clone(),
            session: options.session.clone(),
        });
        let mut world = World {
            seed,
            random: Rng::with_seed(seed),
            now: Instant(STARTED_US),
            page,
            shards: vec![Node::new(), Node::new()],
            tabs: Vec::new(),
            guests: BTreeMap::new(),
            queue: BTreeMap::new(),
            made: 0,
            sessions_made: 0,
            pages_made: 0,
            sockets: BTreeMap::new(),
            next_socket: 1,
            sessions_left: BTreeSet::new(),
            trace: Trace::default(),
            facts: BTreeMap::new(),
            counts: Counts::default(),
            watched: None,
            tells: false,
            options,
        };
        for tab in 0..world.options.sessions as usize {
            world.tabs.push(Tab::new(SessionId(0)));
            let wait = world.random.u64(0..300_000);
            world.later(wait, Happening::Open { tab, load: 0 });
            world.plan_again(world.options.reload_every_us, Happening::Reload { tab });
            world.plan_again(world.options.hide_every_us, Happening::Hide { tab });
            world.plan_again(world.options.disturb_every_us, Happening::Disturb { tab });
        }
        for shard in 0..world.shards.len() {
            world.plan_again(world.options.restart_every_us, Happening::Restart { shard });
        }
        world
    }

    /// Keeps what the first tab takes and gives, for [`World::seen`].
    pub fn watch(&mut self) {
        self.watched = Some(Vec::new());
    }

    /// In the order in which it happened; empty without [`World::watch`].
    pub fn seen(&self) -> &[Seen] {
        self.watched.as_deref().unwrap_or_default()
    }

    /// Prints what happens, a line each, to standard output.
    pub fn tell_all(&mut self) {
        self.tells = true;
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The first tab's session, as it says HELLO with it.
    pub fn session(&self) -> String {
        session_text(self.tabs[0].session)
    }

    /// Runs to the end of the plan, and then until everything is quiet. The hash of all that happened.
    pub fn run(&mut self) -> Result<u64, Violation> {
        let end = self.ends_at().after(QUIET_US);
        while let Some((now, happening)) = self.next().filter(|(at, _)| *at <= end) {
            self.now = now;
            self.counts.steps += 1;
            if self.counts.steps > STEPS_MAX {
                return Err(self.violation("no end after so many steps".to_owned()));
            }
            self.happen(happening)?;
            self.drain()?;
            self.verify_bounds()?;
        }
        self.verify_quiet()?;
        self.trace.add(&self.counts.steps.to_le_bytes());
        Ok(self.trace.0)
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        if self.tells && !matches!(happening, Happening::Arrived { .. } | Happening::Wake) {
            self.say(format_args!("{}", shortened(&format!("{happening:?}"))));
        }
        match happening {
            Happening::Wake => self.wake(),
            Happening::Open { tab, load } if self.tabs[tab].load == load => self.open(tab),
            Happening::Loaded { tab, load } if self.tabs[tab].load == load => self.load(tab),
            Happening::Started { key } => {
                self.tell(key.session, Input::Started { key, result: Ok(()) });
                Ok(())
            }
            Happening::Turned { key, result, cpu_us } => self.turned(key, result, cpu_us),
            Happening::Opened { socket } => self.opened(socket),
            Happening::Arrived { socket, direction } => {
                if let Some(state) = self.sockets.get_mut(&socket) {
                    state.pipe(direction).arrive();
                }
                self.pump(socket, direction)
            }
            Happening::Written { socket, bytes } => {
                self.written(socket, bytes);
                Ok(())
            }
            Happening::Cut { socket } => {
                self.cut(socket);
                Ok(())
            }
            Happening::Stall { socket } => {
                let wait = self.random.u64(20_000..700_000);
                self.stall(socket, wait);
                if self.now < self.ends_at() && self.sockets.contains_key(&socket) {
                    self.plan_again(self.options.stall_every_us, Happening::Stall { socket });
                }
                Ok(())
            }
            Happening::StallEnds { socket } => {
                self.pump(socket, Direction::Up)?;
                self.pump(socket, Direction::Down)
            }
            Happening::EdgeSees { socket } => {
                self.edge_sees(socket);
                Ok(())
            }
            Happening::BrowserSees { socket } => self.browser_sees(socket, None),
            Happening::AnimationFrame { tab, load } if self.tabs[tab].load == load => {
                if let Some(wait) = self.frozen_for(tab) {
                    self.later(wait, Happening::AnimationFrame { tab, load });
                    return Ok(());
                }
                self.tell_client(tab, ClientInput::AnimationFrame)
            }
            Happening::Act { tab, load } if self.tabs[tab].load == load => {
                if self.now >= self.ends_at() {
                    return Ok(());
                }
                if self.frozen_for(tab).is_none() {
                    self.act(tab)?;
                }
                let wait = self.random.u64(1_000..120_000);
                self.later(wait, Happening::Act { tab, load });
                Ok(())
            }
            Happening::Compose { tab, load, node } if self.tabs[tab].load == load => {
                if let Some(client) = &mut self.tabs[tab].client {
                    client.page_mut().compose(node, false);
                }
                Ok(())
            }
            Happening::Reload { tab } if self.now < self.ends_at() => {
                self.reload_or_take_over(tab);
                self.plan_again(self.options.reload_every_us, Happening::Reload { tab });
                Ok(())
            }
            Happening::Restart { shard } if self.now < self.ends_at() => {
                self.restart(shard);
                self.plan_again(self.options.restart_every_us, Happening::Restart { shard });
                Ok(())
            }
            Happening::Hide { tab } if self.now < self.ends_at() => self.hide(tab),
            Happening::Show { tab } => self.set_visible(tab, true),
            Happening::Thaw { tab } => self.thaw(tab),
            Happening::Disturb { tab } if self.now < self.ends_at() => self.disturb(tab),
            Happening::Open { .. }
            | Happening::Loaded { .. }
            | Happening::AnimationFrame { .. }
            | Happening::Act { .. }
            | Happening::Compose { .. }
            | Happening::Reload { .. }
            | Happening::Restart { .. }
            | Happening::Hide { .. }
            | Happening::Disturb { .. } => Ok(()),
        }
    }

    fn wake(&mut self) -> Result<(), Violation> {
        let now = self.now;
        self.shards.iter_mut().for_each(|shard| shard.handle_timeout(now));
        for tab in 0..self.tabs.len() {
            if self.frozen_for(tab).is_some() {
                continue;
            }
            let client = self.tabs[tab].client.as_mut();
            if let Some(client) = client.filter(|client| client.poll_timeout().is_some_and(|at| at <= now)) {
                client.handle_timeout(now);
                self.see(tab, || SeenWhat::Tick);
            }
        }
        Ok(())
    }

    // Modules

    fn start(&mut self, key: ModuleKey, start: &playconnect_session::Start) {
        let options = &self.options;
        self.guests.insert(key, Guest::new(start, key.module, options.nodes_max, options.text_bytes_max));
        let wait = self.random.u64(0..5_000);
        self.later(wait, Happening::Started { key });
    }

    fn turn(
        &mut self,
        key: ModuleKey,
        now: Instant,
        inputs: &[playconnect_session::ModuleInput],
    ) -> Result<(), Violation> {
        let guest = self.guests.get_mut(&key).expect("a node runs only what it has started");
        let mut outcome = guest.turn(now, inputs);
        let (told, owes) = (std::mem::take(&mut guest.told), guest.owes());
        if let Some(complaint) = guest.complaints.pop() {
            return Err(self.violation(complaint));
        }
        for name in told {
            self.event_told(key, &name)?;
        }
        if self.now > self.ends_at() && !owes {
            // The guests come to rest, so that the end can be looked at.
            outcome.next_timer = None;
            outcome.animation_frame = false;
        }
        let one_in = |random: &mut Rng, of: Option<u32>| of.is_some_and(|of| random.u32(0..of) == 0);
        let quiet = self.now >= self.ends_at();
        let fails = one_in(&mut self.random, self.options.failing_turn_in) && !quiet;
        let slow = one_in(&mut self.random, self.options.slow_turn_in) && !quiet;
        let result = if fails { Err("the simulator let it fail".to_owned()) } else { Ok(outcome) };
        let cpu_us = self.random.u64(10..3_000);
        let wait = if slow { self.random.u64(0..SLOW_TURN_US) } else { cpu_us };
        self.later(wait, Happening::Turned { key, result, cpu_us });
        Ok(())
    }

    fn turned(
        &mut self,
        key: ModuleKey,
        result: Result<Outcome, String>,
        cpu_us: u64,
    ) -> Result<(), Violation> {
        self.counts.failures += u64::from(result.is_err());
        self.tell(key.session, Input::Turned { key, result, cpu_us });
        Ok(())
    }

    // What nodes and browsers ask for

    fn drain(&mut self) -> Result<(), Violation> {
        loop {
            let mut idle = true;
            for shard in 0..self.shards.len() {
                while let Some(output) = self.shards[shard].poll() {
                    idle = false;
                    self.carry_out(output)?;
                }
            }
            for tab in 0..self.tabs.len() {
                while let Some(output) = self.tabs[tab].client.as_mut().and_then(Client::poll) {
                    idle = false;
                    self.carry_out_client(tab, output)?;
                }
            }
            if idle {
                return Ok(());
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Result<(), Violation> {
        match output {
            Output::Start { key, start } => self.start(key, &start),
            Output::Turn { key, now, inputs } => self.turn(key, now, &inputs)?,
            Output::Stop { key } => {
                self.guests.remove(&key);
                self.incarnation_ended(key);
            }
            Output::Send { socket, message } => self.send_down(socket, message)?,
            Output::CloseSocket { socket, code, reason } => self.closed_by_edge(socket, code, &reason)?,
            Output::PauseReading { socket } => {
                if let Some(state) = self.sockets.get_mut(&socket) {
                    state.paused = true;
                }
            }
            Output::ResumeReading { socket } => {
                if self.options.planted == Some(crate::fault::Planted::NeverReadAgain) {
                    return Ok(());
                }
                if let Some(state) = self.sockets.get_mut(&socket) {
                    state.paused = false;
                    self.later(0, Happening::StallEnds { socket });
                }
            }
            Output::Html { session, .. } => self.html(session),
            Output::Report(report) => self.report(report)?,
            Output::Fetch { .. } | Output::CancelFetch { .. } | Output::Ended { .. } => {}
        }
        Ok(())
    }

    fn send_down(&mut self, socket: SocketId, message: Vec<u8>) -> Result<(), Violation> {
        self.trace.add(&message);
        self.verify_backlog(socket, &message)?;
        let frame = match ToBrowser::decode(&message) {
            Ok(ToBrowser::Frame { head, .. }) if !head.more => Some(head.number),
            _ => None,
        };
        let message = match (self.options.planted, self.sockets.get_mut(&socket)) {
            (Some(planted), Some(state)) => {
                planted.down(message, state.down.in_flight_mut().last(), &mut self.random)
            }
            _ => Some(message),
        };
        let Some(message) = message else { return Ok(()) };
        self.send(socket, Direction::Down, Item::Message(message));
        if let Some(frame) =
            frame.filter(|_| self.options.planted == Some(crate::fault::Planted::ReuseIdEarly))
            && let Some(state) = self.sockets.get(&socket)
        {
            let session = state.session;
            self.tell(session, Input::Message { session, socket, message: ToEdge::Ack { frame } });
        }
        Ok(())
    }

    fn closed_by_edge(&mut self, socket: SocketId, code: CloseCode, reason: &str) -> Result<(), Violation> {
        if !matches!(code, CloseCode::Superseded | CloseCode::NoSession) {
            return Err(self.violation(format!("a socket was refused: {reason}")));
        }
        self.send(socket, Direction::Down, Item::Close(Some(code as u16)));
        let still_heard = self.options.planted == Some(crate::fault::Planted::HearOlderSocket);
        if let Some(state) = self.sockets.get_mut(&socket).filter(|_| !still_heard) {
            state.down.end();
            state.up.die();
            state.edge_knows = true;
        }
        Ok(())
    }

    fn report(&mut self, report: Report) -> Result<(), Violation> {
        match report {
            Report::Protocol { why, .. } => return Err(self.violation(why)),
            Report::Restarting { why, .. } if !why.contains("simulator") => return Err(self.violation(why)),
            Report::Frame { snapshot, .. } => {
                self.counts.frames += 1;
                self.counts.snapshots += u64::from(snapshot);
            }
            _ => {}
        }
        Ok(())
    }

    fn carry_out_client(&mut self, tab: usize, output: ClientOutput) -> Result<(), Violation> {
        self.see(tab, || SeenWhat::Gave(output.clone()));
        if self.tells && !matches!(output, ClientOutput::Send(_)) {
            self.say(format_args!("  tab {tab} gives {output:?}"));
        }
        match output {
            ClientOutput::Connect => self.connect(tab),
            ClientOutput::Send(bytes) => {
                self.trace.add(&bytes);
                if let Some(socket) = self.tabs[tab].socket {
                    self.send(socket, Direction::Up, Item::Message(bytes));
                }
            }
            ClientOutput::Disconnect => {
                if let Some(socket) = self.tabs[tab].socket.take() {
                    self.browser_closes(socket);
                }
            }
            ClientOutput::RequestAnimationFrame => {
                let (load, wait) = (self.tabs[tab].load, self.random.u64(0..self.options.animation_frame_us));
                self.later(wait, Happening::AnimationFrame { tab, load });
            }
            ClientOutput::Applied(_) => self.verify_page(tab)?,
            ClientOutput::Reload => self.load_anew(tab),
            ClientOutput::Stopped(CloseCode::Superseded) => {
                let session = self.tabs[tab].session;
                let others = self.tabs.iter().filter(|other| other.session == session).count();
                // A page out of the cache leaves its own socket behind, which is not the tab's any more.
                if others < 2 && !self.sessions_left.contains(&session) {
                    return Err(self.violation(format!("tab {tab} was stopped by nobody")));
                }
            }
            ClientOutput::Stopped(code) => {
                return Err(self.violation(format!("a browser was stopped with {}", code as u16)));
            }
        }
        Ok(())
    }

    // Time

    /// The next thing that happens: from the queue, or a timeout that comes before it.
    fn next(&mut self) -> Option<(Instant, Happening)> {
        let shards = self.shards.iter().filter_map(Node::poll_timeout);
        let tabs = self.tabs.iter().filter_map(|tab| {
            let timeout = tab.client.as_ref()?.poll_timeout()?;
            Some(timeout.max(tab.frozen_until))
        });
        let timeout = shards.chain(tabs).min();
        let queued = self.queue.first_key_value().map(|((at, _), _)| *at);
        if let Some(timeout) = timeout
            && queued.is_none_or(|queued| timeout < queued)
        {
            return Some((timeout.max(self.now), Happening::Wake));
        }
        self.queue.pop_first().map(|((at, _), happening)| (at.max(self.now), happening))
    }

    pub(crate) fn tell(&mut self, session: SessionId, input: Input) {
        let now = self.now;
        let shard = shard_of(session, self.shards.len());
        self.shards[shard].handle(input, now);
    }

    pub(crate) fn tell_client(&mut self, tab: usize, input: ClientInput) -> Result<(), Violation> {
        self.see(tab, || SeenWhat::Took(input.clone()));
        if self.tells {
            let shown = match &input {
                ClientInput::Received(bytes) => received(bytes),
                other => format!("{other:?}"),
            };
            self.say(format_args!("  tab {tab} takes {}", shortened(&shown)));
        }
        let Some(client) = &mut self.tabs[tab].client else { return Ok(()) };
        let result = client.handle(input, self.now);
        result.map_err(|error| self.violation(format!("tab {tab}: {error:?}")))
    }

    fn see(&mut self, tab: usize, what: impl FnOnce() -> SeenWhat) {
        let at_us = self.now.0 - STARTED_US;
        if let Some(watched) = self.watched.as_mut().filter(|_| tab == 0) {
            watched.push(Seen { at_us, what: what() });
        }
    }

    fn say(&self, what: fmt::Arguments) {
        println!("{:>10} {what}", self.now.0 - STARTED_US);
    }

    pub(crate) fn shard(&self, session: SessionId) -> &Node {
        &self.shards[shard_of(session, self.shards.len())]
    }

    /// From when on nothing goes wrong any more, and nobody does anything.
    pub(crate) fn ends_at(&self) -> Instant {
        Instant(STARTED_US + self.options.duration_us)
    }

    /// How long the tab will do nothing.
    pub(crate) fn frozen_for(&self, tab: usize) -> Option<u64> {
        let wait = self.tabs[tab].frozen_until.since(self.now);
        (wait > 0).then_some(wait)
    }

    fn latency(&mut self) -> u64 {
        self.random.u64(0..=self.options.latency_us)
    }

    /// Links are healed in the end.
    fn rate(&self) -> Option<u64> {
        self.options.bytes_per_second.filter(|_| self.now < self.ends_at())
    }

    pub(crate) fn compose_ends(&mut self, tab: usize, node: u32) {
        let (load, wait) = (self.tabs[tab].load, self.random.u64(10_000..400_000));
        self.later(wait, Happening::Compose { tab, load, node });
    }

    pub(crate) fn disturb_again(&mut self, tab: usize) {
        self.plan_again(self.options.disturb_every_us, Happening::Disturb { tab });
    }

    fn plan_again(&mut self, every_us: Option<u64>, happening: Happening) {
        if let Some(every) = every_us {
            let wait = self.random.u64(0..every * 2);
            self.later(wait, happening);
        }
    }

    fn later(&mut self, wait_us: u64, happening: Happening) {
        self.at(self.now.after(wait_us), happening);
    }

    fn at(&mut self, at: Instant, happening: Happening) {
        self.made += 1;
        self.queue.insert((at, self.made), happening);
    }

    pub(crate) fn violation(&self, what: String) -> Violation {
        Violation { seed: self.seed, at_us: self.now.0 - STARTED_US, what }
    }
}

impl Tab {
    fn new(session: SessionId) -> Self {
        Tab {
            session,
            load: 0,
            client: None,
            socket: None,
            frozen_until: Instant(0),
            person: Person::default(),
        }
    }
}

/// A hash that is the same on every machine: FNV-1a (Fowler, Noll, Vo), 64 bits.
#[derive(Debug)]
struct Trace(u64);

impl Default for Trace {
    fn default() -> Self {
        Trace(0xcbf2_9ce4_8422_2325)
    }
}

impl Trace {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

fn received(bytes: &[u8]) -> String {
    match ToBrowser::decode(bytes) {
        Ok(ToBrowser::Frame { head, stream }) => format!("{head:?} of {} bytes", stream.len()),
        Ok(message) => format!("{message:?}"),
        Err(error) => error.to_string(),
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(240).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn session_text(session: SessionId) -> String {
    format!("{:x}", session.0)
}

pub(crate) fn shard_of(session: SessionId, shards: usize) -> usize {
    (session.0 % shards as u128) as usize
}

/// The world's clock when it starts.
const STARTED_US: u64 = 1_000_000_000;

/// A run that takes more steps than this makes no progress.
const STEPS_MAX: u64 = 3_000_000;

/// Of tabs, with those that took a session over.
const TABS_MAX: usize = 12;

/// A side that hears nothing for so long takes the socket for lost.
const SILENCE_US: u64 = 45_000_000;

/// From the end of all faults until everything has settled: silence, and then the longest back-off.
const QUIET_US: u64 = 60_000_000;
