//! One session: a live page of one user.

use crate::events::{Bucket, Intake, Ledger};
use crate::location::Way;
use crate::message::{
    Lane, ModuleEvent, ModuleInput, ModuleKey, Outcome, Output, Report, RequestAction, Response, SessionId,
    SessionSize, SlotHtml, SocketId, Start,
};
use crate::module::{Consequence, Module, Pace, State};
use crate::outbox::Outbox;
use crate::plan::{ModulePlan, PagePlan};
use crate::random::SplitMix;
use crate::time::{Instant, earliest};
use playconnect_dom::Tree;
use playconnect_dom::html::SlotMarkup;
use playconnect_dom::names::NameId;
use playconnect_dom::op::{TreeMode, code};
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::PageId;
use playconnect_frame::message::PAGE_BITS;
use playconnect_frame::{CloseCode, Environment, Event, Hello, Location, ToBrowser, ToEdge};
use std::collections::VecDeque;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Session {
    id: SessionId,
    plan: Arc<PagePlan>,
    tree: Tree,
    modules: Vec<Module>,
    environment: Environment,
    random: SplitMix,
    phase: Phase,
    pending: Vec<Pending>,
    /// Counts turns, so that batches of one lane are applied in the order in which they came.
    transactions: u64,
    committed_at: Instant,
    ledger: Ledger,
    bucket: Bucket,
    /// Reading is paused; until this time, or until events were handled.
    paused: Option<Option<Instant>>,
    unlistened: u64,
    outbox: Outbox,
    /// A turn that was late for the HTML has changed the page: the HTML is not what the tree says.
    html_is_stale: bool,
    /// Of the HELLO that won last.
    connection: Option<u32>,
    /// Pages that had the session before, the newest last.
    pages_before: VecDeque<u32>,
    way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// On the way to first HTML.
    Rendering {
        until: Instant,
    },
    /// The HTML is out; nothing moves until a browser attaches.
    Unattached {
        until: Instant,
    },
    Attached {
        socket: SocketId,
    },
    Detached {
        until: Instant,
    },
}

/// A batch that waits to be committed.
#[derive(Debug)]
struct Pending {
    lane: Lane,
    transaction: u64,
    module: usize,
    incarnation: u32,
    batch: Vec<u8>,
    /// The event that it follows from.
    event: Option<u32>,
    cpu_us: u64,
}

/// What a message costs of the socket's events a second. The description of a whole page is long.
const MESSAGE_COST: u32 = 1;
const RESYNC_COST: u32 = 100;

/// Pages of one session that are known not to be its newest. It has more than one only where a browser shows a page out
/// of its cache.
const PAGES_BEFORE_MAX: usize = 8;

/// What a module may ask for in one turn: requests, changes of the URL.
const REQUESTS_PER_TURN_MAX: usize = 256;

/// Of a URL that a module leads the page to; the browser's own limit for what it tells.
const URL_BYTES_MAX: usize = 8 << 10;

/// What a session does is appended here.
pub(crate) type Outputs = VecDeque<Output>;

impl Session {
    pub fn open(
        id: SessionId,
        plan: Arc<PagePlan>,
        environment: Environment,
        seed: [u64; 4],
        now: Instant,
        out: &mut Outputs,
    ) -> Self {
        let mut tree = Tree::new(plan.limits.clone());
        let modules: Vec<Module> = plan
            .modules
            .iter()
            .map(|module| Module::new(tree.add_slot(&module.slot, module.batch)))
            .collect();
        for (module, plan) in modules.iter().zip(&plan.modules) {
            if plan.overlay {
                tree.grant_overlay(module.slot);
            }
            if let Some(nested) = &plan.nested {
                tree.nest(module.slot, modules[nested.parent].slot, &nested.key);
            }
        }
        let limits = &plan.session;
        let mut session = Session {
            id,
            tree,
            modules,
            way: Way::new(&environment.url),
            environment,
            random: SplitMix::new(seed),
            phase: Phase::Rendering { until: now.after(limits.html_deadline_us) },
            pending: Vec::new(),
            transactions: 0,
            committed_at: Instant(0),
            ledger: Ledger::default(),
            bucket: Bucket::new(limits.events_per_second, limits.events_burst),
            paused: None,
            unlistened: 0,
            outbox: Outbox::new(limits),
            html_is_stale: false,
            connection: None,
            pages_before: VecDeque::new(),
            plan,
        };
        for module in 0..session.modules.len() {
            session.start_module(module, now, out);
        }
        session
    }

    /// When something is due, if nothing happens before.
    pub fn wake_at(&self) -> Option<Instant> {
        let pace = self.pace();
        let modules = self.modules.iter().zip(&self.plan.modules);
        let module = modules.filter_map(|(module, plan)| module.wake_at(module.pace(pace), plan)).min();
        let phase = match self.phase {
            Phase::Rendering { until } | Phase::Unattached { until } | Phase::Detached { until } => {
                Some(until)
            }
            Phase::Attached { .. } => None,
        };
        let commit =
            (!self.pending.is_empty()).then(|| self.committed_at.after(self.plan.session.frame_interval_us));
        let frame = self.outbox.due_at(self.ledger.acknowledged(), &self.plan.session);
        let reading = self.paused.flatten();
        [phase, commit, frame, reading].into_iter().fold(module, earliest)
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    pub fn size(&self) -> SessionSize {
        let outbox = self.outbox.size();
        SessionSize {
            log_bytes: outbox.log_bytes,
            changes: outbox.changes,
            ring_bytes: outbox.ring_bytes,
            frames_unacknowledged: outbox.in_flight,
            ids_freed: outbox.freed,
            batches: self.pending.len(),
            events_waiting: self.ledger.waiting(),
            events_waiting_bytes: self.ledger.waiting_bytes(),
            inputs_waiting: self.modules.iter().map(Module::inputs_waiting).max().unwrap_or(0),
        }
    }

    /// Does what is due. False: the session is over.
    pub fn advance(&mut self, now: Instant, out: &mut Outputs) -> bool {
        match self.phase {
            Phase::Unattached { until } | Phase::Detached { until } if until <= now => {
                self.end(out);
                return false;
            }
            _ => {}
        }
        if self.pending.iter().any(|pending| pending.event.is_some() || pending.lane == Lane::Input)
            || (!self.pending.is_empty()
                && self.committed_at.after(self.plan.session.frame_interval_us) <= now)
        {
            self.commit(now, out);
            self.send_frame(now, out);
        } else if self
            .outbox
            .due_at(self.ledger.acknowledged(), &self.plan.session)
            .is_some_and(|at| at <= now)
        {
            self.send_frame(now, out);
        }
        self.run_modules(now, out);
        if let Phase::Rendering { until } = self.phase
            && (until <= now || self.modules.iter().all(|module| module.is_quiet(now)))
        {
            self.give_out_html(now, out);
        }
        self.resume_reading(now, out);
        true
    }

    pub fn attach(&mut self, socket: SocketId, hello: Hello, now: Instant, out: &mut Outputs) {
        if hello.frame > self.outbox.sent() {
            let why = format!("HELLO with frame {} where {} is the last", hello.frame, self.outbox.sent());
            out.push_back(Output::Report(Report::Protocol { session: self.id, why: why.clone() }));
            return refuse(socket, CloseCode::Protocol, why, out);
        }
        let superseded = "this page is open on a newer connection";
        if !self.is_newest(hello.connection) {
            return refuse(socket, CloseCode::Superseded, superseded.to_owned(), out);
        }
        if let Phase::Attached { socket: older } = self.phase {
            refuse(older, CloseCode::Superseded, superseded.to_owned(), out);
        }
        let first = matches!(self.phase, Phase::Unattached { .. } | Phase::Rendering { .. });
        if matches!(self.phase, Phase::Rendering { .. }) {
            self.commit(now, out);
        }
        let adopts = first && !hello.resume && !std::mem::take(&mut self.html_is_stale);
        let mode = if adopts { TreeMode::Adopt } else { TreeMode::Replace };
        self.phase = Phase::Attached { socket };
        self.paused = None;
        let welcome = ToBrowser::Welcome { sequence: self.ledger.accepted() };
        out.push_back(Output::Send { socket, message: welcome.encode() });
        for message in self.outbox.attach(mode, hello.frame, &mut self.tree) {
            out.push_back(Output::Send { socket, message });
        }
        let url = self.way.attached_at(hello.frame, hello.environment.url);
        self.send_location(out);
        self.send_frame(now, out);
        self.set_environment(Environment { url, ..hello.environment });
    }

    /// A HELLO may come late, on a socket that its page has given up: the page has another one by then. And a page to
    /// which another one is newer does not come back. If it is the newest, it is remembered as that.
    fn is_newest(&mut self, connection: u32) -> bool {
        let page = |connection: u32| connection >> (u32::BITS - PAGE_BITS);
        if let Some(last) = self.connection {
            if page(last) == page(connection) {
                if connection <= last {
                    return false;
                }
            } else if self.pages_before.contains(&page(connection)) {
                return false;
            } else {
                self.pages_before.push_back(page(last));
                if self.pages_before.len() > PAGES_BEFORE_MAX {
                    self.pages_before.pop_front();
                }
            }
        }
        self.connection = Some(connection);
        true
    }

    pub fn message(&mut self, socket: SocketId, message: ToEdge, now: Instant, out: &mut Outputs) {
        if self.phase != (Phase::Attached { socket }) {
            return;
        }
        let cost = match message {
            ToEdge::Hello(_) => 0,
            ToEdge::Event(_) | ToEdge::Ack { .. } | ToEdge::Environment(_) | ToEdge::Ping => MESSAGE_COST,
            ToEdge::Resync { .. } => RESYNC_COST,
        };
        match message {
            ToEdge::Hello(_) => self.broken(socket, "HELLO a second time".to_owned(), now, out),
            ToEdge::Event(event) => self.event(socket, event, now, out),
            ToEdge::Ack { frame } => {
                self.way.applied(frame);
                if !self.outbox.acknowledge(frame, &mut self.tree) {
                    let sent = self.outbox.sent();
                    self.broken(
                        socket,
                        format!("an ack of frame {frame} where {sent} is the last"),
                        now,
                        out,
                    );
                }
            }
            ToEdge::Environment(environment) => {
                let url = self.way.is_at(environment.url);
                self.set_environment(Environment { url, ..environment });
            }
            ToEdge::Resync { node } => {
                let slot = self.tree.slots().find(|slot| self.tree.slot_root(*slot) == PageId(node));
                match slot {
                    // The whole page is described: slots are few, and this is for pages that something else changed.
                    Some(_) => self.outbox.resend(),
                    None => self.broken(socket, format!("RESYNC of {node}, which is no slot"), now, out),
                }
            }
            // Whoever has much to read hears that the node is there.
            ToEdge::Ping if self.outbox.is_congested() => {}
            ToEdge::Ping => out.push_back(Output::Send { socket, message: ToBrowser::Pong.encode() }),
        }
        if cost > 0 && self.phase == (Phase::Attached { socket }) {
            self.pace_reading(socket, cost, now, out);
        }
    }

    pub fn socket_closed(&mut self, socket: SocketId, now: Instant) {
        if self.phase == (Phase::Attached { socket }) {
            self.phase = Phase::Detached { until: now.after(self.plan.session.detached_us) };
            self.outbox.detach(&mut self.tree, &self.plan.session);
            // Nobody is read: there is nothing to resume, and nothing to wake up for.
            self.paused = None;
            let environment = Environment { visible: false, ..self.environment.clone() };
            self.set_environment(environment);
        }
    }

    /// The socket has more to write than it should hold, or has room again.
    pub fn congested(&mut self, socket: SocketId, congested: bool, out: &mut Outputs) {
        if self.phase != (Phase::Attached { socket }) {
            return;
        }
        self.outbox.set_congested(congested);
        self.send_location(out);
    }

    pub fn started(&mut self, key: ModuleKey, result: Result<(), String>, now: Instant, out: &mut Outputs) {
        if !self.is_current(key) || self.modules[key.module].state != State::Starting {
            return;
        }
        match result {
            Ok(()) => {
                self.modules[key.module].started();
                self.status_changed(key.module);
            }
            Err(why) => self.module_failed(key.module, why, now, out),
        }
    }

    pub fn init_refused(&mut self, key: ModuleKey, why: String, now: Instant, out: &mut Outputs) {
        if self.is_current(key) && self.modules[key.module].state == State::Starting {
            let disabled = self.modules[key.module].disable(now);
            self.module_ended(key.module, why, disabled, out);
        }
    }

    pub fn turned(
        &mut self,
        key: ModuleKey,
        result: Result<Outcome, String>,
        cpu_us: u64,
        now: Instant,
        out: &mut Outputs,
    ) {
        if !self.is_current(key) || self.modules[key.module].state != State::Running {
            return;
        }
        let outcome = match result {
            Ok(outcome) => outcome,
            Err(why) => return self.module_failed(key.module, why, now, out),
        };
        let asked = outcome.requests.len();
        if asked > REQUESTS_PER_TURN_MAX {
            let why = format!(
                "requests of a turn: {asked} used, {REQUESTS_PER_TURN_MAX} allowed; this limit is fixed: ask over several turns"
            );
            return self.module_failed(key.module, why, now, out);
        }
        let module = &mut self.modules[key.module];
        module.turned(outcome.next_timer, outcome.animation_frame);
        self.transactions += 1;
        let event = module.handling.take();
        // What answers a person goes first; nobody can claim it for a turn of another kind.
        let lane = if event.is_some() { outcome.lane } else { outcome.lane.max(Lane::Animation) };
        self.pending.push(Pending {
            lane,
            transaction: self.transactions,
            module: key.module,
            incarnation: key.incarnation,
            batch: outcome.batch,
            event,
            cpu_us,
        });
        for request in outcome.requests {
            self.request(key, request.id, request.action, out);
        }
    }

    pub fn fetched(&mut self, key: ModuleKey, request: u32, result: Result<Response, String>) {
        if self.is_current(key) {
            self.modules[key.module].tell(ModuleInput::Response { request, result });
        }
    }

    pub fn swap(&mut self, position: usize, now: Instant, out: &mut Outputs) {
        if position >= self.modules.len() {
            return;
        }
        let key = self.key(position);
        let lost = self.modules[position].swap();
        self.incarnation_ended(key, lost, out);
        self.start_module(position, now, out);
        self.status_changed(position);
    }

    pub fn close(&mut self, code: CloseCode, reason: String, out: &mut Outputs) {
        if let Phase::Attached { socket } = self.phase {
            refuse(socket, code, reason, out);
        }
        self.end(out);
    }

    fn end(&mut self, out: &mut Outputs) {
        for module in 0..self.modules.len() {
            out.push_back(Output::Stop { key: self.key(module) });
        }
        out.push_back(Output::Ended { session: self.id });
    }

    // Events

    fn event(&mut self, socket: SocketId, event: Event, now: Instant, out: &mut Outputs) {
        let Some((_, kind)) = self.tree.names().get(NameId(event.kind)) else {
            return self.broken(
                socket,
                format!("an event of type {}, which no frame has defined", event.kind),
                now,
                out,
            );
        };
        let kind = kind.to_owned();
        match self.ledger.take_in(event.sequence, event.bytes()) {
            Intake::New => {}
            Intake::SeenBefore => return,
            Intake::Gap => {
                let last = self.ledger.accepted();
                let why = format!("event {} where {} was due", event.sequence, last + 1);
                return self.broken(socket, why, now, out);
            }
        }
        let node = PageId(event.node);
        // One that was made later has the id of a node that is gone: the browser raised the event on that.
        let is_known = self.tree.born(node).is_some_and(|born| born <= event.frame);
        let target = self.tree.owner(node).filter(|_| is_known).filter(|_| {
            let listened = self.tree.path_listens(node, NameId(event.kind));
            // A listener may have gone while the event was on its way: only what a browser could know is held against it.
            if !listened && event.frame == self.outbox.sent() {
                self.unlistened += 1;
            }
            listened
        });
        let module = target.and_then(|(slot, index)| {
            let module = self.modules.iter().position(|module| module.slot == slot)?;
            (self.modules[module].is_live() && !self.modules[module].stale_slot).then_some((module, index))
        });
        match module {
            Some((module, target)) => {
                if event.is_cut() {
                    let key = self.key(module);
                    out.push_back(Output::Report(Report::EventCut { key, kind: kind.clone() }));
                }
                let node = self.tree.by_index(self.modules[module].slot, target).unwrap_or_default();
                let frame = event.frame;
                let event = ModuleEvent {
                    sequence: event.sequence,
                    target,
                    kind,
                    modifiers: event.modifiers,
                    detail: event.detail,
                    form: event.form,
                };
                self.modules[module].tell_event(event, node, frame);
            }
            None => self.ledger.handled(event.sequence),
        }
    }

    /// Reads no further from a browser that is too fast, or while too much waits.
    fn pace_reading(&mut self, socket: SocketId, cost: u32, now: Instant, out: &mut Outputs) {
        let until = self.bucket.take(cost, now);
        let limits = &self.plan.session;
        let full = self.ledger.waiting() >= limits.events_waiting_max
            || self.ledger.waiting_bytes() >= limits.events_waiting_bytes_max;
        if until.is_none() && !full {
            return;
        }
        if self.paused.is_none() {
            out.push_back(Output::PauseReading { socket });
        }
        // What was on its way is waited for too.
        self.paused = Some(self.paused.flatten().max(until));
    }

    fn resume_reading(&mut self, now: Instant, out: &mut Outputs) {
        let (Some(until), Phase::Attached { socket }) = (self.paused, self.phase) else { return };
        let limits = &self.plan.session;
        let calm = self.ledger.waiting() <= limits.events_waiting_max / 2
            && self.ledger.waiting_bytes() <= limits.events_waiting_bytes_max / 2;
        if calm && until.is_none_or(|until| until <= now) {
            self.paused = None;
            out.push_back(Output::ResumeReading { socket });
        } else if until.is_some_and(|until| until <= now) {
            self.paused = Some(None);
        }
    }

    fn set_environment(&mut self, environment: Environment) {
        if self.environment != environment {
            self.environment = environment;
            for module in self.modules.iter_mut().filter(|module| module.may_be_told()) {
                module.tell_environment(&self.environment);
            }
        }
    }

    fn broken(&mut self, socket: SocketId, why: String, now: Instant, out: &mut Outputs) {
        out.push_back(Output::Report(Report::Protocol { session: self.id, why: why.clone() }));
        refuse(socket, CloseCode::Protocol, why, out);
        self.socket_closed(socket, now);
    }

    // Modules

    fn run_modules(&mut self, now: Instant, out: &mut Outputs) {
        let pace = self.pace();
        for position in 0..self.modules.len() {
            if let State::Waiting { until } = self.modules[position].state
                && until <= now
                && pace != Pace::Frozen
            {
                self.modules[position].restart();
                self.start_module(position, now, out);
            }
            if pace != Pace::Frozen {
                self.drop_late_events(position, now, out);
            }
            let (module, plan) = (&mut self.modules[position], &self.plan.modules[position]);
            if let Some(inputs) = module.next_turn(now, module.pace(pace), plan) {
                let key = self.key(position);
                out.push_back(Output::Turn { key, now, inputs });
            }
        }
    }

    /// A turn that came back since an event was taken in may have freed the event's node, and the module gives the index
    /// to another one: it is told only of events on nodes that are still there.
    fn drop_late_events(&mut self, position: usize, now: Instant, out: &mut Outputs) {
        if self.modules[position].next_event().is_none() {
            return;
        }
        if self.pending.iter().any(|pending| pending.module == position) {
            self.commit(now, out);
        }
        while let Some((event, (node, frame))) = self.modules[position].next_event() {
            let sequence = event.sequence;
            let is_there = self.tree.by_index(self.modules[position].slot, event.target) == Some(node);
            // Also the page id may be another node's by now.
            if is_there && self.tree.born(node).is_some_and(|born| born <= frame) {
                return;
            }
            self.modules[position].drop_next_event();
            self.ledger.handled(sequence);
        }
    }

    fn start_module(&mut self, position: usize, now: Instant, out: &mut Outputs) {
        let plan: &ModulePlan = &self.plan.modules[position];
        let start = Start {
            module: plan.name.clone(),
            slot: plan.slot.clone(),
            incarnation: self.modules[position].incarnation,
            now,
            seed: self.random.seed(),
            environment: self.modules[position].environment(&self.environment),
            properties: plan.properties.clone(),
            timers_max: plan.timers_max,
        };
        out.push_back(Output::Start { key: self.key(position), start });
    }

    fn module_failed(&mut self, position: usize, why: String, now: Instant, out: &mut Outputs) {
        let plan = &self.plan.modules[position].restart;
        let consequence = self.modules[position].fail(now, plan);
        self.module_ended(position, why, consequence, out);
    }

    fn module_ended(
        &mut self,
        position: usize,
        why: String,
        (consequence, lost): (Consequence, Vec<u32>),
        out: &mut Outputs,
    ) {
        let key = self.key(position);
        self.incarnation_ended(key, lost, out);
        out.push_back(Output::Report(match consequence {
            Consequence::Restart { wait_us } => Report::Restarting { key, why, wait_us },
            Consequence::Disable { failures } => Report::Disabled { key, why, failures },
        }));
        self.status_changed(position);
    }

    /// Nothing more comes of it. `lost`: events that it had been told of; they count as handled.
    fn incarnation_ended(&mut self, key: ModuleKey, lost: Vec<u32>, out: &mut Outputs) {
        self.pending.retain(|pending| pending.module != key.module || pending.event.is_some());
        for pending in self.pending.iter_mut().filter(|pending| pending.module == key.module) {
            pending.batch.clear();
        }
        out.push_back(Output::Stop { key });
        for sequence in lost {
            self.ledger.handled(sequence);
        }
    }

    fn request(&mut self, key: ModuleKey, id: u32, action: RequestAction, out: &mut Outputs) {
        let (kind, url) = match action {
            RequestAction::Fetch(fetch) => return out.push_back(Output::Fetch { key, request: id, fetch }),
            RequestAction::Cancel(request) => return out.push_back(Output::CancelFetch { key, request }),
            RequestAction::Navigate(url) => (Location::Navigate, url),
            RequestAction::PushUrl(url) => (Location::Push, url),
            RequestAction::ReplaceUrl(url) => (Location::Replace, url),
        };
        if let Some(why) = not_a_path(&url) {
            let shown: String = url.chars().take(100).collect();
            let result =
                Err(format!("{shown:?} {why}; give a path of this page's origin, like /tables?free=2"));
            return self.modules[key.module].tell(ModuleInput::Response { request: id, result });
        }
        if kind != Location::Navigate {
            let environment = Environment { url: url.clone(), ..self.environment.clone() };
            self.set_environment(environment);
        }
        self.way.lead(kind, url);
        self.send_location(out);
    }

    /// What modules lead to and was not sent on this socket.
    fn send_location(&mut self, out: &mut Outputs) {
        let Phase::Attached { socket } = self.phase else { return };
        if self.outbox.is_congested() {
            return;
        }
        if let Some((kind, url)) = self.way.next(self.outbox.sent()) {
            out.push_back(Output::Send { socket, message: ToBrowser::Location { kind, url }.encode() });
        }
    }

    // Frames

    /// Commits all batches that wait, in order.
    fn commit(&mut self, now: Instant, out: &mut Outputs) {
        self.tree.set_frame(self.outbox.sent() + 1);
        let mut pending = std::mem::take(&mut self.pending);
        // A batch rests on the ones that its module wrote before: they come along into the lane of the later one.
        let mut lanes = vec![Lane::Idle; self.modules.len()];
        for pending in pending.iter_mut().rev() {
            let lane = &mut lanes[pending.module];
            *lane = pending.lane.min(*lane);
            pending.lane = *lane;
        }
        pending.sort_by_key(|pending| (pending.lane, pending.module, pending.transaction));
        for pending in pending {
            self.commit_one(pending, now, out);
        }
        self.tree.mount(&mut self.outbox.log);
        self.park_modules();
        self.committed_at = now;
        self.outbox.changed(&mut self.tree, &self.plan.session);
        if self.unlistened > 0 {
            let count = std::mem::take(&mut self.unlistened);
            out.push_back(Output::Report(Report::EventUnlistened { session: self.id, count }));
        }
    }

    /// Modules that stand nowhere hear that nobody sees them, and that somebody does when they stand somewhere again.
    fn park_modules(&mut self) {
        // What belongs together is not put together yet.
        if matches!(self.phase, Phase::Rendering { .. }) {
            return;
        }
        for module in &mut self.modules {
            let is_parked = !self.tree.is_mounted(module.slot);
            if is_parked != std::mem::replace(&mut module.is_parked, is_parked) && module.may_be_told() {
                module.tell_environment(&self.environment);
            }
        }
    }

    fn commit_one(&mut self, pending: Pending, now: Instant, out: &mut Outputs) {
        if let Some(sequence) = pending.event {
            self.ledger.handled(sequence);
        }
        let module = &mut self.modules[pending.module];
        if module.incarnation != pending.incarnation || !module.is_live() {
            return;
        }
        let slot = module.slot;
        if std::mem::take(&mut module.stale_slot) {
            let root = self.tree.slot_root(slot);
            self.tree.reset_slot(slot);
            self.outbox.log.op(code::TREE, TreeMode::Replace as u16, &[root.0]);
            self.outbox.log.op(code::CLOSE, 0, &[]);
        }
        if pending.batch.is_empty() {
            return;
        }
        let key = self.key(pending.module);
        match self.tree.commit(slot, &pending.batch, &mut self.outbox.log) {
            Ok(committed) => {
                self.html_is_stale |= matches!(self.phase, Phase::Unattached { .. });
                if committed.stripped > 0 {
                    self.modules[pending.module].tell_stripped(committed.stripped, &committed.first_strips);
                    out.push_back(Output::Report(Report::Stripped {
                        key,
                        count: committed.stripped,
                        first: committed.first_strips,
                    }));
                }
                let (ops, bytes) = (committed.ops, pending.batch.len());
                out.push_back(Output::Report(Report::Applied { key, ops, bytes, cpu_us: pending.cpu_us }));
            }
            Err(error) => {
                let name = &self.plan.modules[pending.module].name;
                let advice = match error.limit_key() {
                    Some(key) => key.advice(name),
                    // No source of a module writes such a batch: its packages do, or somebody who went past them.
                    None => "build it with the PlayConnect packages of this edge's version".to_owned(),
                };
                let why = format!("its batch was refused: {error}; {advice}");
                self.module_failed(pending.module, why, now, out);
            }
        }
    }

    fn send_frame(&mut self, now: Instant, out: &mut Outputs) {
        let Phase::Attached { socket } = self.phase else { return };
        let (modules, acknowledged) = (&self.modules, self.ledger.acknowledged());
        let roots: Vec<PageId> = modules.iter().map(|module| self.tree.slot_root(module.slot)).collect();
        let statuses = |log: &mut PartWriter| {
            for (module, root) in modules.iter().zip(&roots) {
                write_status(module, *root, log);
            }
        };
        let limits = &self.plan.session;
        if let Some(frame) = self.outbox.next_frame(now, acknowledged, &mut self.tree, statuses, limits) {
            let bytes = frame.messages.iter().map(Vec::len).sum();
            for message in frame.messages {
                out.push_back(Output::Send { socket, message });
            }
            let (number, snapshot) = (frame.number, frame.snapshot);
            out.push_back(Output::Report(Report::Frame { session: self.id, number, bytes, snapshot }));
        }
    }

    fn status_changed(&mut self, position: usize) {
        let root = self.tree.slot_root(self.modules[position].slot);
        write_status(&self.modules[position], root, &mut self.outbox.log);
        self.outbox.changed(&mut self.tree, &self.plan.session);
    }

    fn give_out_html(&mut self, now: Instant, out: &mut Outputs) {
        self.commit(now, out);
        // A batch that was refused leaves its module waiting, and the page as it is without it.
        let slots = self.tree.slots().map(|slot| {
            let SlotMarkup { html, places } = self.tree.html(slot);
            let places = places.into_iter().map(|(at, slot)| (at, usize::from(slot.0))).collect();
            SlotHtml { slot: self.tree.slot_name(slot).to_owned(), html, places }
        });
        out.push_back(Output::Html { session: self.id, slots: slots.collect() });
        self.phase = Phase::Unattached { until: now.after(self.plan.session.unattached_us) };
        self.park_modules();
    }

    fn pace(&self) -> Pace {
        match self.phase {
            Phase::Rendering { .. } => Pace::Rendering,
            Phase::Unattached { .. } => Pace::Frozen,
            Phase::Attached { .. } if self.environment.visible => Pace::Visible,
            Phase::Attached { .. } | Phase::Detached { .. } => Pace::Hidden,
        }
    }

    fn key(&self, module: usize) -> ModuleKey {
        ModuleKey { session: self.id, module, incarnation: self.modules[module].incarnation }
    }

    fn is_current(&self, key: ModuleKey) -> bool {
        self.modules.get(key.module).is_some_and(|module| module.incarnation == key.incarnation)
    }
}

/// Refuses a socket: the message for people, then the close.
pub(crate) fn refuse(socket: SocketId, code: CloseCode, reason: String, out: &mut Outputs) {
    out.push_back(Output::Send {
        socket,
        message: ToBrowser::Refused { code, reason: reason.clone() }.encode(),
    });
    out.push_back(Output::CloseSocket { socket, code, reason });
}

/// Why a page cannot be led there. A browser drops tabs and line ends from a URL before it reads it, so that "/\t/host"
/// would be another origin.
fn not_a_path(url: &str) -> Option<&'static str> {
    if url.len() > URL_BYTES_MAX {
        Some("is longer than 8 KiB")
    } else if url.chars().any(char::is_control) {
        Some("has control characters")
    } else if !url.starts_with('/') || url[1..].starts_with(['/', '\\']) {
        Some("is not a path")
    } else {
        None
    }
}

fn write_status(module: &Module, root: PageId, log: &mut PartWriter) {
    let (state, text) = match module.state {
        State::Idle | State::Running => (0, ""),
        State::Waiting { .. } => (1, "This part of the page is being restarted."),
        State::Disabled => (2, "This part of the page has stopped working. Reload the page to try again."),
        State::Starting => (3, "This part of the page is loading."),
    };
    log.op_string(code::STATUS, state, &[root.0], text);
}
