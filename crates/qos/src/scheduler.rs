//! The tree of flows and its tags.

use crate::Share;
use std::collections::BTreeSet;

/// A flow of one scheduler. Its number may be given to another one once it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// So much CPU of a flow of [`Share::EQUAL`] an urgent one goes before others of its share. 0: not at all.
    pub urgent_ahead_ns: u64,
}

/// Who runs next. See the crate's documentation.
///
/// A task is idle, waiting (from [`wake`](Self::wake) on) or in service (from [`pick`](Self::pick) to
/// [`done`](Self::done)). `now` is the service clock in nanoseconds; it does not go back. A call that does not fit the
/// state of a flow, or names one that is not there, is the caller's own bug and panics.
#[derive(Debug)]
pub struct Scheduler {
    flows: Vec<Flow>,
    free: Vec<u32>,
    urgent_ahead: u64,
}

/// Tags are nanoseconds of CPU times this, divided by the weight: those of a flow of equal share are nanoseconds. At
/// weight 1 a tag of 64 bits lasts for six years of a whole core.
const TAG_SCALE: u128 = Share::EQUAL_WEIGHT as u128;

/// What a floor may be owed: without a bound a class that could not run for a minute would then have the core for as long.
const FLOOR_OWED_NS_MAX: u64 = 100_000_000;
/// What a class below its limit may use at once.
const LIMIT_SAVED_NS_MAX: u64 = 10_000_000;
/// What a class may be ahead of its weight's share by its floor and be held to for it.
const FLOOR_AHEAD_NS_MAX: u64 = 100_000_000;

const ROOT: u32 = 0;

#[derive(Debug, Default)]
struct Flow {
    parent: u32,
    share: Share,
    /// A flow without others below it, from its first wake on.
    is_task: bool,
    children: u32,
    /// In the parent's virtual time.
    tag: u64,
    /// On the service clock: from then on its floor, until then its limit.
    floor_due: u64,
    limit_free: u64,
    /// Of a task: it waits. Of others: one below does.
    waits: bool,
    /// Tasks in service, at or below.
    in_service: u32,
    /// Of a task: as it was woken. Of others: one that waits or is in service below is.
    urgent: bool,
    /// Where it stands among the parent's.
    place: Option<Place>,

    // For those below:
    virtual_time: u64,
    /// The largest tag of those that went idle.
    tag_max: u64,
    waiting: BTreeSet<(u64, u32)>,
    waiting_urgent: BTreeSet<(u64, u32)>,
    /// Those that wait and have a floor, by when it is due.
    floors: BTreeSet<(u64, u32)>,
    /// Those that wait and are over their limit, by when they may go on.
    limited: BTreeSet<(u64, u32)>,
    serving: BTreeSet<(u64, u32)>,
    serving_urgent: u32,
}

/// The keys by which a flow stands in the sets of its parent.
#[derive(Clone, Copy, Debug)]
struct Place {
    tag: u64,
    queue: Option<Queue>,
    floor_due: Option<u64>,
    serves: bool,
    serves_urgent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Queue {
    Waiting,
    Urgent,
    Limited { until: u64 },
}

impl Scheduler {
    pub fn new(config: Config) -> Scheduler {
        Scheduler { flows: vec![Flow::default()], free: Vec::new(), urgent_ahead: config.urgent_ahead_ns }
    }

    /// Above all others. It has no share and cannot be removed.
    pub fn root(&self) -> FlowId {
        FlowId(ROOT)
    }

    /// A flow below another one; floors and limits are allowed below the root only.
    pub fn add(&mut self, parent: FlowId, share: Share) -> FlowId {
        check_share(parent.0, share);
        let above = &mut self.flows[parent.0 as usize];
        assert!(!above.is_task, "{parent:?} is a task");
        above.children += 1;
        // It begins where the others are: nobody has anything saved for it.
        let flow = Flow { parent: parent.0, share, tag: above.virtual_time, ..Flow::default() };
        match self.free.pop() {
            Some(index) => {
                self.flows[index as usize] = flow;
                FlowId(index)
            }
            None => {
                self.flows.push(flow);
                FlowId(u32::try_from(self.flows.len() - 1).expect("memory ends before the numbers do"))
            }
        }
    }

    /// It has no others below it, and is not in service.
    pub fn remove(&mut self, flow: FlowId, now: u64) {
        let own = self.flow(flow.0);
        assert!(flow.0 != ROOT && own.children == 0 && own.in_service == 0, "{flow:?} is in use");
        let parent = own.parent;
        self.flow_mut(flow.0).waits = false;
        self.refresh(flow.0, now);
        self.flow_mut(parent).children -= 1;
        self.flow_mut(flow.0).parent = ROOT;
        self.free.push(flow.0);
    }

    /// From now on. What it is ahead of others stays the same time, at the new weight.
    pub fn set_share(&mut self, flow: FlowId, share: Share, now: u64) {
        let parent = self.flow(flow.0).parent;
        check_share(parent, share);
        let virtual_time = self.flow(parent).virtual_time;
        let own = self.flow_mut(flow.0);
        let ahead = u128::from(own.tag.saturating_sub(virtual_time)) * u128::from(own.share.weight());
        let ahead = u64::try_from(ahead / u128::from(share.weight())).unwrap_or(u64::MAX);
        own.tag = virtual_time.saturating_add(ahead);
        own.share = share;
        own.floor_due = own.floor_due.max(now);
        own.limit_free = own.limit_free.min(now);
        self.refresh(flow.0, now);
    }

    /// An idle task has something to do.
    pub fn wake(&mut self, task: FlowId, urgent: bool, now: u64) {
        let own = self.flow_mut(task.0);
        assert!(own.children == 0 && task.0 != ROOT, "{task:?} is not a task");
        assert!(!own.waits && own.in_service == 0, "{task:?} is not idle");
        own.is_task = true;
        own.waits = true;
        own.urgent = urgent;
        self.refresh(task.0, now);
    }

    /// A task that waits has become urgent, or is so no more.
    pub fn set_urgent(&mut self, task: FlowId, urgent: bool, now: u64) {
        assert!(self.flow(task.0).is_task, "{task:?} is not a task");
        self.flow_mut(task.0).urgent = urgent;
        self.refresh(task.0, now);
    }

    /// The next one, which is in service from now on. None: nobody waits, or all that do are over their limits until
    /// [`resumes_at`](Self::resumes_at).
    pub fn pick(&mut self, now: u64) -> Option<FlowId> {
        self.resume(now);
        let mut index = ROOT;
        while !self.flow(index).is_task {
            index = self.best(index, now, None)?.1;
        }
        self.flow_mut(index).waits = false;
        self.serve(index, 1);
        self.refresh(index, now);
        Some(FlowId(index))
    }

    /// When the first of those over their limits may go on.
    pub fn resumes_at(&self) -> Option<u64> {
        self.flow(ROOT).limited.first().map(|(at, _)| *at)
    }

    /// A task in service has used so much.
    pub fn charge(&mut self, task: FlowId, used_ns: u64, now: u64) {
        let mut index = task.0;
        assert!(self.flow(index).in_service > 0, "{task:?} is not in service");
        while index != ROOT {
            let virtual_time = self.flow(self.flow(index).parent).virtual_time;
            let own = self.flow_mut(index);
            own.tag = own.tag.saturating_add(tag(used_ns, own.share.weight()));
            if let Some(floor) = own.share.floor_ppm() {
                own.floor_due =
                    own.floor_due.max(now.saturating_sub(FLOOR_OWED_NS_MAX)) + stretched(used_ns, floor);
                let ahead_max = tag(FLOOR_AHEAD_NS_MAX, own.share.weight());
                own.tag = own.tag.min(virtual_time.saturating_add(ahead_max));
            }
            if let Some(limit) = own.share.limit_ppm() {
                let from = own.limit_free.max(now.saturating_sub(LIMIT_SAVED_NS_MAX));
                own.limit_free = from + stretched(used_ns, limit);
            }
            index = own.parent;
        }
        self.refresh(task.0, now);
    }

    /// Whether another one should go on in the place of this task, as far as it was charged.
    pub fn must_yield(&mut self, task: FlowId, now: u64) -> bool {
        self.resume(now);
        let mut index = task.0;
        while index != ROOT {
            let own = self.flow(index);
            if own.share.limit_ppm().is_some() && own.limit_free > now {
                return true;
            }
            let before = Rank::of(own, own.urgent_ahead(self.urgent_ahead), now);
            let parent = own.parent;
            if self.best(parent, now, Some(index)).is_some_and(|(rank, _)| rank < before) {
                return true;
            }
            index = parent;
        }
        false
    }

    /// A task in service is so no more. `waits`: it has more to do.
    pub fn done(&mut self, task: FlowId, waits: bool, now: u64) {
        assert!(self.flow(task.0).in_service == 1, "{task:?} is not in service");
        self.serve(task.0, -1);
        self.flow_mut(task.0).waits = waits;
        self.refresh(task.0, now);
    }

    /// Of the level that the flow stands in, for tests and tools: CPU it has used beyond those that have used least, in
    /// nanoseconds of an equal share.
    pub fn ahead(&self, flow: FlowId) -> u64 {
        let own = self.flow(flow.0);
        own.tag.saturating_sub(self.flow(own.parent).virtual_time)
    }

    fn flow(&self, index: u32) -> &Flow {
        &self.flows[index as usize]
    }

    fn flow_mut(&mut self, index: u32) -> &mut Flow {
        &mut self.flows[index as usize]
    }

    fn serve(&mut self, task: u32, change: i32) {
        let mut index = task;
        loop {
            let own = self.flow_mut(index);
            own.in_service = own.in_service.checked_add_signed(change).expect("served as often as done");
            if index == ROOT {
                return;
            }
            index = own.parent;
        }
    }

    /// Those whose limit lets them go on.
    fn resume(&mut self, now: u64) {
        while let Some((at, index)) = self.flow(ROOT).limited.first().copied() {
            if at > now {
                return;
            }
            // What the others used meanwhile is not owed to it.
            let virtual_time = self.flow(ROOT).virtual_time;
            let own = self.flow_mut(index);
            own.tag = own.tag.max(virtual_time);
            self.refresh(index, now);
        }
    }

    /// The one to go on among those that wait below `parent`, but for `except`.
    fn best(&self, parent: u32, now: u64, except: Option<u32>) -> Option<(Rank, u32)> {
        let above = self.flow(parent);
        let first = |set: &BTreeSet<(u64, u32)>| {
            set.iter().map(|(_, index)| *index).find(|index| Some(*index) != except)
        };
        let due = above.floors.first().is_some_and(|(at, _)| *at <= now);
        let floor = if due { first(&above.floors) } else { None };
        [floor, first(&above.waiting_urgent), first(&above.waiting)]
            .into_iter()
            .flatten()
            .map(|index| {
                let own = self.flow(index);
                let ahead = own.urgent_ahead(self.urgent_ahead);
                (Rank::of(own, ahead, now), index)
            })
            .min()
    }

    /// Puts a flow, and all above it, where they belong by what they are now.
    fn refresh(&mut self, flow: u32, now: u64) {
        let mut index = flow;
        while index != ROOT {
            self.refresh_one(index, now);
            index = self.flow(index).parent;
        }
    }

    fn refresh_one(&mut self, index: u32, now: u64) {
        let parent = self.flow(index).parent;
        self.unplace(index, parent);
        let virtual_time = self.flow(parent).virtual_time;
        let own = self.flow_mut(index);
        let was_active = own.place.is_some();
        if !own.is_task {
            own.waits = !own.waiting.is_empty() || !own.waiting_urgent.is_empty();
            own.urgent = !own.waiting_urgent.is_empty() || own.serving_urgent > 0;
        }
        let is_active = own.waits || own.in_service > 0;
        if is_active && !was_active {
            // Who was idle has saved nothing (SFQ: the larger of virtual time and the own finish tag).
            own.tag = own.tag.max(virtual_time);
            own.floor_due = own.floor_due.max(now);
        }
        let limited = own.share.limit_ppm().is_some() && own.limit_free > now;
        let queue = match own.waits {
            false => None,
            true if limited => Some(Queue::Limited { until: own.limit_free }),
            true if own.urgent && parent != ROOT => Some(Queue::Urgent),
            true => Some(Queue::Waiting),
        };
        let place = Place {
            tag: own.tag,
            queue,
            floor_due: (own.waits && !limited)
                .then_some(own.floor_due)
                .filter(|_| own.share.floor_ppm().is_some()),
            serves: own.in_service > 0,
            serves_urgent: own.in_service > 0 && own.urgent,
        };
        own.place = is_active.then_some(place);
        let tag = own.tag;
        if is_active {
            self.enter(index, parent, place);
        }
        let above = self.flow_mut(parent);
        if !is_active && was_active {
            above.tag_max = above.tag_max.max(tag);
        }
        above.move_virtual_time();
    }

    fn unplace(&mut self, index: u32, parent: u32) {
        let Some(place) = self.flow(index).place else { return };
        let above = self.flow_mut(parent);
        let key = (place.tag, index);
        match place.queue {
            None => {}
            Some(Queue::Waiting) => drop(above.waiting.remove(&key)),
            Some(Queue::Urgent) => drop(above.waiting_urgent.remove(&key)),
            Some(Queue::Limited { until }) => drop(above.limited.remove(&(until, index))),
        }
        if let Some(due) = place.floor_due {
            above.floors.remove(&(due, index));
        }
        if place.serves {
            above.serving.remove(&key);
        }
        above.serving_urgent -= u32::from(place.serves_urgent);
    }

    fn enter(&mut self, index: u32, parent: u32, place: Place) {
        let above = self.flow_mut(parent);
        let key = (place.tag, index);
        match place.queue {
            None => {}
            Some(Queue::Waiting) => drop(above.waiting.insert(key)),
            Some(Queue::Urgent) => drop(above.waiting_urgent.insert(key)),
            Some(Queue::Limited { until }) => drop(above.limited.insert((until, index))),
        }
        if let Some(due) = place.floor_due {
            above.floors.insert((due, index));
        }
        if place.serves {
            above.serving.insert(key);
        }
        above.serving_urgent += u32::from(place.serves_urgent);
    }
}

impl Flow {
    /// How far it goes before others of its level. Classes do not: their shares are what they are.
    fn urgent_ahead(&self, ahead: u64) -> u64 {
        if self.urgent && self.parent != ROOT { ahead } else { 0 }
    }

    /// Virtual time is the smallest tag in service or waiting; at the end of a busy time, the largest that there was.
    fn move_virtual_time(&mut self) {
        let firsts = [self.serving.first(), self.waiting.first(), self.waiting_urgent.first()];
        let least = firsts.into_iter().flatten().map(|(tag, _)| *tag).min();
        let is_idle = least.is_none() && self.limited.is_empty();
        let least = least.or(is_idle.then_some(self.tag_max)).unwrap_or(0);
        self.virtual_time = self.virtual_time.max(least);
    }
}

/// What is smaller goes first: a floor that is due, then the tag less what an urgent one is ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Floor { due: u64 },
    Tag { behind: i128 },
}

impl Rank {
    fn of(flow: &Flow, ahead: u64, now: u64) -> Rank {
        match flow.share.floor_ppm() {
            Some(_) if flow.floor_due <= now => Rank::Floor { due: flow.floor_due },
            _ => Rank::Tag { behind: i128::from(flow.tag) - i128::from(ahead) },
        }
    }
}

fn check_share(parent: u32, share: Share) {
    let plain = share.floor_ppm().is_none() && share.limit_ppm().is_none();
    assert!(plain || parent == ROOT, "only flows of the top level have floors and limits");
}

/// Rounded up: nothing is free.
fn tag(used_ns: u64, weight: u32) -> u64 {
    let tag = (u128::from(used_ns) * TAG_SCALE).div_ceil(u128::from(weight));
    u64::try_from(tag).unwrap_or(u64::MAX)
}

/// How long it takes to be given so much at this part of all there is.
fn stretched(used_ns: u64, ppm: u32) -> u64 {
    let time = u128::from(used_ns) * u128::from(Share::PPM) / u128::from(ppm);
    u64::try_from(time).unwrap_or(u64::MAX)
}
