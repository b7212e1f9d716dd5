//! The instances of a driver's sessions: awake on its shard, or asleep as what their memory differs in from a fresh one's.
//!
//! ```text
//!           start            it rests for `idle`              its pages are packed
//! (nothing) ─────▶ awake ───────────────────────▶ falling asleep ────────────────▶ asleep
//!                    ▲   ◀───── it is asked for a turn ─────┘                        │
//!                    └──────────────── it is asked for a turn: restored ─────────────┘
//! ```
//! The session machine knows nothing of it: an instance that sleeps is woken by the next turn, and goes on where it was.

use crate::metrics::Metrics;
use playconnect_host::types::{Environment, Input, Outcome, Seed, Start};
use playconnect_host::{
    Event, Host, Labels, Limits, Module, Origin, PackedSnapshot, Running, ShardHandle, Snapshot,
};
use playconnect_session::{Instant, ModuleKey};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub struct Instances {
    host: Host,
    shard: ShardHandle,
    /// Told of what instances did, on the shard's thread.
    tell: Arc<dyn Fn(ModuleKey, Life, Event) + Send + Sync>,
    metrics: Arc<Metrics>,
    /// What those that sleep may take of the node's memory.
    asleep_bytes_max: u64,
    known: HashMap<ModuleKey, Instance>,
    /// Those that are awake and rest, by when they may fall asleep.
    resting: BTreeSet<(Instant, ModuleKey)>,
}

/// From a start or a waking to the end or the falling asleep. What is heard of an earlier one is nobody's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Life(u32);

/// What an instance is made of, also when it is woken.
pub struct Made {
    pub code: Module,
    pub labels: Labels,
    pub limits: Limits,
    /// As at its start; its environment is the newest that it was told of.
    pub start: Start,
    /// Without a turn for so many microseconds, and nothing that it waits for: it falls asleep. None: never.
    pub idle_us: Option<u64>,
}

struct Instance {
    made: Made,
    life: Life,
    state: State,
    /// A turn has no answer yet.
    is_asked: bool,
    rests_until: Option<Instant>,
}

enum State {
    Awake(Running),
    FallingAsleep(Running),
    Asleep(PackedSnapshot),
    /// It ended when nobody had asked it for anything. Its session hears of it with its next turn.
    Lost(String),
}

/// What became of a turn that a session asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    Yes,
    /// There is no such instance any more, and its session knows.
    Unknown,
    /// There is none any more, and why.
    Lost(String),
}

impl Instances {
    pub fn new(
        host: Host,
        shard: ShardHandle,
        metrics: Arc<Metrics>,
        asleep_bytes_max: u64,
        tell: impl Fn(ModuleKey, Life, Event) + Send + Sync + 'static,
    ) -> Self {
        let (known, resting) = Default::default();
        Instances { host, shard, tell: Arc::new(tell), metrics, asleep_bytes_max, known, resting }
    }

    pub fn start(&mut self, key: ModuleKey, made: Made) {
        let (life, origin) = (Life(0), Origin::Fresh(made.start.clone()));
        let running = self.run(key, life, &made, origin);
        let state = State::Awake(running);
        self.known.insert(key, Instance { made, life, state, is_asked: false, rests_until: None });
        self.metrics.instances_awake.fetch_add(1, Ordering::Relaxed);
    }

    /// Asks for a turn; wakes it for that.
    pub fn turn(&mut self, key: ModuleKey, now: Instant, inputs: Vec<Input>) -> Asked {
        let Some(mut instance) = self.known.remove(&key) else { return Asked::Unknown };
        self.disturb(key, &mut instance);
        instance.note_environment(&inputs);
        let running = match instance.state {
            State::Lost(why) => return Asked::Lost(why),
            State::Asleep(packed) => {
                instance.life.0 += 1;
                self.wake(key, instance.life, &instance.made, now, &packed)
            }
            // If it was falling asleep, its pages come all the same, and are dropped.
            State::FallingAsleep(running) | State::Awake(running) => running,
        };
        let asked = running.turn(now.0, inputs);
        debug_assert!(asked.is_ok(), "a session asks for one turn at a time");
        instance.state = State::Awake(running);
        instance.is_asked = true;
        self.known.insert(key, instance);
        Asked::Yes
    }

    /// What an instance did. None: its session need not be told.
    pub fn heard(&mut self, key: ModuleKey, life: Life, event: Event, now: Instant) -> Option<Event> {
        // One that was stopped says its last, which is to be logged.
        let Some(instance) = self.known.get_mut(&key) else { return Some(event) };
        if instance.life != life {
            return None;
        }
        match event {
            // Nobody waits to hear that one which slept has started.
            Event::Started { .. } if life > Life(0) => return None,
            Event::Started { .. } => {}
            Event::Turned { ref outcome, .. } => {
                instance.is_asked = false;
                let rests_until = instance.made.idle_us.map(|idle| now.after(idle));
                if let Some(until) = rests_until.filter(|until| rests(outcome, *until)) {
                    instance.rests_until = Some(until);
                    self.resting.insert((until, key));
                }
            }
            Event::Slept { snapshot, .. } => {
                self.asleep(key, snapshot, now);
                return None;
            }
            Event::Ended { ref failure, .. } if !instance.is_asked && instance.is_falling_asleep() => {
                let why = failure.as_ref().map_or_else(|| "it was stopped".to_owned(), ToString::to_string);
                instance.state = State::Lost(why);
                self.metrics.instances_awake.fetch_sub(1, Ordering::Relaxed);
                return None;
            }
            Event::Ended { .. } => self.remove(key),
        }
        Some(event)
    }

    /// Drops it, whatever it does.
    pub fn remove(&mut self, key: ModuleKey) {
        let Some(mut instance) = self.known.remove(&key) else { return };
        self.disturb(key, &mut instance);
        match instance.state {
            State::Asleep(packed) => self.forget(&packed),
            State::Awake(_) | State::FallingAsleep(_) => {
                self.metrics.instances_awake.fetch_sub(1, Ordering::Relaxed);
            }
            State::Lost(_) => {}
        }
    }

    /// Those that have rested for long enough begin to fall asleep. When to come back for the next one.
    pub fn rest(&mut self, now: Instant) -> Option<Instant> {
        while let Some((until, key)) = self.resting.first().copied() {
            if until > now {
                return Some(until);
            }
            self.resting.pop_first();
            let Some(mut instance) = self.known.remove(&key) else { continue };
            instance.rests_until = None;
            instance.state = match instance.state {
                // One that cannot sleep is asked once.
                State::Awake(running) if running.snapshot().is_ok() => State::FallingAsleep(running),
                state => state,
            };
            self.known.insert(key, instance);
        }
        None
    }

    fn run(&self, key: ModuleKey, life: Life, made: &Made, origin: Origin) -> Running {
        let tell = self.tell.clone();
        let on_event = move |event| tell(key, life, event);
        let (labels, limits) = (made.labels.clone(), made.limits.clone());
        Running::start(&self.shard, &self.host, &made.code, labels, limits, origin, on_event)
    }

    fn wake(
        &self,
        key: ModuleKey,
        life: Life,
        made: &Made,
        now: Instant,
        packed: &PackedSnapshot,
    ) -> Running {
        self.forget(packed);
        self.metrics.instances_awake.fetch_add(1, Ordering::Relaxed);
        self.metrics.instances_woken.fetch_add(1, Ordering::Relaxed);
        let start = Start { now_us: now.0, seed: seed(), ..made.start.clone() };
        self.run(key, life, made, Origin::Sleeping(made.code.unpack(packed), start))
    }

    fn asleep(&mut self, key: ModuleKey, snapshot: Snapshot, now: Instant) {
        let Some(mut instance) = self.known.remove(&key) else { return };
        instance.state = match instance.state {
            State::FallingAsleep(running) => {
                let packed = instance.made.code.pack(snapshot);
                if self.keep(&packed) {
                    self.metrics.instances_awake.fetch_sub(1, Ordering::Relaxed);
                    // What it says at its end is of a life before.
                    instance.life.0 += 1;
                    drop(running);
                    State::Asleep(packed)
                } else {
                    // There may be room later.
                    let until = now.after(instance.made.idle_us.unwrap_or_default());
                    instance.rests_until = Some(until);
                    self.resting.insert((until, key));
                    State::Awake(running)
                }
            }
            // It was asked for a turn meanwhile.
            state => state,
        };
        self.known.insert(key, instance);
    }

    /// False: there is no room for it.
    fn keep(&self, packed: &PackedSnapshot) -> bool {
        let fits = |stored: u64| {
            stored.checked_add(packed.bytes() as u64).filter(|sum| *sum <= self.asleep_bytes_max)
        };
        let bytes = &self.metrics.instances_asleep_bytes;
        let is_kept = bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok();
        if is_kept {
            self.metrics.instances_asleep.fetch_add(1, Ordering::Relaxed);
        }
        is_kept
    }

    /// What was kept of it is no more.
    fn forget(&self, packed: &PackedSnapshot) {
        self.metrics.instances_asleep_bytes.fetch_sub(packed.bytes() as u64, Ordering::Relaxed);
        self.metrics.instances_asleep.fetch_sub(1, Ordering::Relaxed);
    }

    fn disturb(&mut self, key: ModuleKey, instance: &mut Instance) {
        if let Some(until) = instance.rests_until.take() {
            self.resting.remove(&(until, key));
        }
    }
}

impl Instance {
    fn is_falling_asleep(&self) -> bool {
        matches!(self.state, State::FallingAsleep(_))
    }

    fn note_environment(&mut self, inputs: &[Input]) {
        let mut environments = inputs.iter().filter_map(|input| match input {
            Input::Environment(environment) => Some(environment),
            _ => None,
        });
        if let Some(newest) = environments.next_back() {
            self.made.start.environment = Environment::clone(newest);
        }
    }
}

/// Nothing of its own will happen until then.
fn rests(outcome: &Outcome, until: Instant) -> bool {
    !outcome.animation_frame && outcome.next_timer_us.is_none_or(|timer| timer > until.0)
}

/// What was random once is not random twice: an instance that wakes gets new seeds.
fn seed() -> Seed {
    let [a, b, c, d, ..] = crate::session_name::random_words().unwrap_or_default();
    Seed { a, b, c, d }
}
