//! One module of a session: when it may run, what it is told, and what happens when it fails.

use crate::message::{ModuleEvent, ModuleInput};
use crate::plan::{ModulePlan, RestartPlan};
use crate::time::{Instant, earliest};
use playconnect_dom::tree::{PageId, SlotId, Strip};
use playconnect_frame::Environment;
use std::collections::{BTreeSet, VecDeque};

#[derive(Debug)]
pub(crate) struct Module {
    pub slot: SlotId,
    pub incarnation: u32,
    pub state: State,
    inputs: VecDeque<ModuleInput>,
    /// Page ids of the nodes that the events among `inputs` name by index, in the same order, and the frame that the
    /// browser had then.
    targets: VecDeque<(PageId, u32)>,
    next_timer: Option<Instant>,
    /// Wants an animation frame.
    animation: bool,
    animated_at: Instant,
    failures: VecDeque<Instant>,
    /// The slot still shows what an earlier incarnation made; it is emptied before the first batch of this one.
    pub stale_slot: bool,
    /// Its slot stands nowhere: no place is offered for it.
    pub is_parked: bool,
    /// The event that the running turn handles.
    pub handling: Option<u32>,
    /// What this incarnation knows that it cannot have.
    stripped_known: BTreeSet<String>,
    /// Operations left out that it was not told of.
    stripped_untold: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Starting,
    Idle,
    Running,
    Waiting { until: Instant },
    Disabled,
}

/// What a failure leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consequence {
    Restart { wait_us: u64 },
    Disable { failures: u32 },
}

/// How time passes for a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// First HTML: only what is due without waiting.
    Rendering,
    /// Nobody has come yet.
    Frozen,
    Visible,
    Hidden,
}

/// Kinds of stripped operations that one incarnation is told of.
const STRIPPED_KNOWN_MAX: usize = 64;

/// A second between animation frames that nobody sees.
const HIDDEN_FRAME_US: u64 = 1_000_000;

impl Module {
    pub fn new(slot: SlotId) -> Self {
        Module {
            slot,
            incarnation: 1,
            state: State::Starting,
            inputs: VecDeque::new(),
            targets: VecDeque::new(),
            next_timer: None,
            animation: false,
            animated_at: Instant(0),
            failures: VecDeque::new(),
            stale_slot: false,
            is_parked: false,
            handling: None,
            stripped_known: BTreeSet::new(),
            stripped_untold: 0,
        }
    }

    pub fn inputs_waiting(&self) -> usize {
        self.inputs.len()
    }

    pub fn started(&mut self) {
        self.state = State::Idle;
        self.inputs.push_front(ModuleInput::Mount);
    }

    pub fn tell(&mut self, input: ModuleInput) {
        self.inputs.push_back(input);
    }

    pub fn tell_event(&mut self, event: ModuleEvent, target: PageId, frame: u32) {
        self.inputs.push_back(ModuleInput::Event(event));
        self.targets.push_back((target, frame));
    }

    /// The event that its next turn would handle, and the node that it was meant for, in which frame. None: it takes no
    /// turn now.
    pub fn next_event(&self) -> Option<(&ModuleEvent, (PageId, u32))> {
        if self.state != State::Idle {
            return None;
        }
        let mut events = self.inputs.iter().filter_map(|input| match input {
            ModuleInput::Event(event) => Some(event),
            _ => None,
        });
        Some((events.next()?, *self.targets.front()?))
    }

    /// Takes that event out.
    pub fn drop_next_event(&mut self) {
        if let Some(at) = self.inputs.iter().position(|input| matches!(input, ModuleInput::Event(_))) {
            self.inputs.remove(at);
            self.targets.pop_front();
        }
    }

    /// Only the latest environment matters.
    pub fn tell_environment(&mut self, page: &Environment) {
        self.inputs.retain(|input| !matches!(input, ModuleInput::Environment(_)));
        self.inputs.push_back(ModuleInput::Environment(self.environment(page)));
    }

    /// The page's environment as it is for this module.
    pub fn environment(&self, page: &Environment) -> Environment {
        Environment { visible: page.visible && !self.is_parked, ..page.clone() }
    }

    /// The page's pace as it is for this module.
    pub fn pace(&self, page: Pace) -> Pace {
        if self.is_parked && page == Pace::Visible { Pace::Hidden } else { page }
    }

    /// Told once of each kind: a module that asks for the same in every frame is not called for it.
    pub fn tell_stripped(&mut self, count: usize, strips: &[Strip]) {
        self.stripped_untold = self.stripped_untold.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        let mut first = Vec::new();
        for strip in strips {
            if self.stripped_known.len() < STRIPPED_KNOWN_MAX
                && self.stripped_known.insert(strip.what.clone())
            {
                first.push(strip.clone());
            }
        }
        if !first.is_empty() {
            let count = std::mem::take(&mut self.stripped_untold);
            self.tell(ModuleInput::Stripped { count, first });
        }
    }

    pub fn is_live(&self) -> bool {
        matches!(self.state, State::Idle | State::Running)
    }

    /// It is live, or about to be: its start told it of the page as it was then.
    pub fn may_be_told(&self) -> bool {
        self.is_live() || self.state == State::Starting
    }

    pub fn turned(&mut self, next_timer: Option<Instant>, animation: bool) {
        self.state = State::Idle;
        self.next_timer = next_timer;
        self.animation |= animation;
    }

    /// The inputs of the next turn, if there is a reason for one. At most one event is among them: what follows from
    /// it is committed before the next is looked at.
    pub fn next_turn(&mut self, now: Instant, pace: Pace, plan: &ModulePlan) -> Option<Vec<ModuleInput>> {
        if self.state != State::Idle || pace == Pace::Frozen {
            return None;
        }
        let mut inputs = Vec::new();
        if self.next_timer.is_some_and(|at| at <= now) {
            self.next_timer = None;
            inputs.push(ModuleInput::Timer);
        }
        if self.animation_at(pace, plan).is_some_and(|at| at <= now) {
            self.animation = false;
            self.animated_at = now;
            inputs.push(ModuleInput::AnimationFrame);
        }
        while let Some(input) = self.inputs.pop_front() {
            let event = match &input {
                ModuleInput::Event(event) => Some(event.sequence),
                _ => None,
            };
            inputs.push(input);
            if let Some(sequence) = event {
                self.handling = Some(sequence);
                self.targets.pop_front();
                break;
            }
        }
        if inputs.is_empty() {
            return None;
        }
        self.state = State::Running;
        Some(inputs)
    }

    /// When something of its own is due.
    pub fn wake_at(&self, pace: Pace, plan: &ModulePlan) -> Option<Instant> {
        match self.state {
            State::Waiting { until } => (pace != Pace::Frozen).then_some(until),
            State::Idle if !self.inputs.is_empty() && pace != Pace::Frozen => Some(Instant(0)),
            State::Idle if pace != Pace::Frozen => earliest(self.next_timer, self.animation_at(pace, plan)),
            _ => None,
        }
    }

    /// Nothing is left to do for first HTML.
    pub fn is_quiet(&self, now: Instant) -> bool {
        match self.state {
            State::Idle => self.inputs.is_empty() && self.next_timer.is_none_or(|at| at > now),
            State::Disabled | State::Waiting { .. } => true,
            State::Starting | State::Running => false,
        }
    }

    /// The incarnation is over. Events that it had been told of count as handled; they are returned.
    pub fn fail(&mut self, now: Instant, plan: &RestartPlan) -> (Consequence, Vec<u32>) {
        let lost = self.drop_inputs();
        self.failures.push_back(now);
        self.failures.retain(|at| now.since(*at) < plan.disable_window_us);
        let failures = self.failures.len() as u32;
        let consequence = if failures >= plan.disable_after {
            self.state = State::Disabled;
            Consequence::Disable { failures }
        } else {
            let doubled = plan.backoff_min_us.saturating_mul(1 << (failures - 1).min(30));
            let wait_us = doubled.min(plan.backoff_max_us);
            self.state = State::Waiting { until: now.after(wait_us) };
            Consequence::Restart { wait_us }
        };
        (consequence, lost)
    }

    /// The incarnation never began, and no other will. The events it had been told of.
    pub fn disable(&mut self, now: Instant) -> (Consequence, Vec<u32>) {
        self.failures.push_back(now);
        self.state = State::Disabled;
        (Consequence::Disable { failures: self.failures.len() as u32 }, self.drop_inputs())
    }

    /// Another code takes its place: what the old one did wrong is not held against it. The events that the old one had
    /// been told of.
    pub fn swap(&mut self) -> Vec<u32> {
        let lost = self.drop_inputs();
        self.failures.clear();
        self.restart();
        lost
    }

    fn drop_inputs(&mut self) -> Vec<u32> {
        self.next_timer = None;
        self.animation = false;
        self.targets.clear();
        let waiting = self.inputs.drain(..).filter_map(|input| match input {
            ModuleInput::Event(event) => Some(event.sequence),
            _ => None,
        });
        self.handling.take().into_iter().chain(waiting).collect()
    }

    /// A new incarnation begins.
    pub fn restart(&mut self) {
        self.incarnation += 1;
        self.state = State::Starting;
        self.stale_slot = true;
        self.inputs.clear();
        self.targets.clear();
        self.stripped_known.clear();
        self.stripped_untold = 0;
    }

    fn animation_at(&self, pace: Pace, plan: &ModulePlan) -> Option<Instant> {
        let interval = match pace {
            Pace::Visible => 1_000_000 / u64::from(plan.frames_per_second_max.max(1)),
            Pace::Hidden => HIDDEN_FRAME_US,
            Pace::Rendering | Pace::Frozen => return None,
        };
        self.animation.then(|| self.animated_at.after(interval))
    }
}
