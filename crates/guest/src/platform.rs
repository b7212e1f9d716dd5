//! What a module may know and ask for: one place that the turn fills and empties.
//!
//! There is one module in an instance, and one thread. Tests run several, one for each thread.

use crate::bindings::playconnect::module::types::{Action, Environment, Request, Response, Start};
use crate::random::Random;
use crate::sorted::SortedMap;
use dioxus::dioxus_core::ElementId;
use dioxus::prelude::Signal;
use playconnect_dom::Command;
use std::cell::RefCell;
use std::task::Waker;

#[derive(Default)]
pub(crate) struct Platform {
    pub module: String,
    pub slot: String,
    pub incarnation: u32,
    /// Microseconds since the Unix epoch, as of this turn.
    pub now_us: u64,
    pub random: Random,
    pub properties: String,
    pub environment: Option<Signal<Environment>>,
    pub timers: Timers,
    pub timers_max: u32,
    pub frames: Vec<Waker>,
    /// Counts the `animation-frame` inputs: a waiting future is ready when it has grown.
    pub frame_count: u64,
    pub requests: Vec<Request>,
    last_request: u32,
    pub replies: SortedMap<u32, Reply>,
    pub commands: Vec<(ElementId, Command)>,
}

/// Deadlines and who waits for them, in order of time.
#[derive(Default)]
pub(crate) struct Timers {
    waiting: SortedMap<(u64, u64), Waker>,
    last: u64,
}

pub(crate) enum Reply {
    Waiting(Option<Waker>),
    Here(Result<Response, String>),
}

thread_local! {
    static PLATFORM: RefCell<Platform> = RefCell::default();
}

/// Nothing that `f` does may come back here.
pub(crate) fn with<T>(f: impl FnOnce(&mut Platform) -> T) -> T {
    PLATFORM.with_borrow_mut(f)
}

impl Platform {
    pub fn new(start: &Start) -> Self {
        let mut platform = Platform::default();
        platform.start(start);
        platform
    }

    /// A new incarnation: timers, replies and the environment's signal stay.
    pub fn start(&mut self, start: &Start) {
        self.module.clone_from(&start.module);
        self.slot.clone_from(&start.slot);
        self.incarnation = start.incarnation;
        self.now_us = start.now_us;
        self.random = Random::new(start.seed);
        self.properties.clone_from(&start.properties);
        self.timers_max = start.timers_max;
    }

    pub fn request(&mut self, action: Action) -> u32 {
        self.last_request += 1;
        self.requests.push(Request { id: self.last_request, action });
        self.last_request
    }

    /// The answer is not wanted any more.
    pub fn cancel(&mut self, id: u32) {
        match self.requests.iter().position(|request| request.id == id) {
            Some(unsent) => {
                self.requests.remove(unsent);
            }
            None => {
                self.request(Action::Cancel(id));
            }
        }
    }

    /// # Panics
    /// The module has as many timers as the manifest lets it have.
    pub fn set_timer(&mut self, deadline_us: u64, id: u64, waker: Waker) {
        let (running, most) = (self.timers.waiting.len(), self.timers_max);
        if running >= most as usize && self.timers.waiting.get(&(deadline_us, id)).is_none() {
            panic!(
                "{most} timers are running, and this module may have no more: let some end or drop them, or raise \
                 timers in [module.{}.limits] of playconnect.toml",
                self.module
            );
        }
        self.timers.waiting.insert((deadline_us, id), waker);
    }
}

impl Timers {
    /// A name for a timer that is not taken.
    pub fn next_id(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    pub fn clear(&mut self, deadline_us: u64, id: u64) {
        self.waiting.remove(&(deadline_us, id));
    }

    /// Who waited for a time up to now, the earliest first.
    pub fn take_due(&mut self, now_us: u64) -> Vec<Waker> {
        let due = self.waiting.take_below(&(now_us.saturating_add(1), 0));
        due.into_iter().map(|(_, waker)| waker).collect()
    }

    pub fn next_deadline(&self) -> Option<u64> {
        self.waiting.first().map(|((deadline_us, _), _)| *deadline_us)
    }
}
