//! Who runs next on a shard: fair queuing between classes, within a class between sessions, within a session between
//! modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use playconnect_qos::{Class, Classes, Config, FlowId, Scheduler, Share};

/// CPU that what answers a person goes before what does not, within a class and within a session. It is charged like any
/// other, so nobody waits longer for it in the long run.
const URGENT_AHEAD_NS: u64 = 5_000_000;

/// The tasks that could go on, in the order of their tags.
pub(crate) struct RunQueue<T> {
    scheduler: Scheduler,
    classes: [FlowId; 4],
    /// With the number of their tasks.
    sessions: BTreeMap<Owner, (FlowId, u32)>,
    /// Those that wait, by the number of their flow.
    waiting: BTreeMap<FlowId, T>,
    /// CPU that this shard has used, and had to give while it waited.
    clock_ns: u64,
    used_ns: [u64; 4],
}

/// Whose a task is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owner {
    pub class: Class,
    pub session: Arc<str>,
}

impl<T> RunQueue<T> {
    pub fn new(classes: &Classes) -> Self {
        let mut scheduler = Scheduler::new(Config { urgent_ahead_ns: URGENT_AHEAD_NS });
        let root = scheduler.root();
        let classes = Class::ALL.map(|class| scheduler.add(root, classes.share(class)));
        RunQueue {
            scheduler,
            classes,
            sessions: BTreeMap::new(),
            waiting: BTreeMap::new(),
            clock_ns: 0,
            used_ns: [0; 4],
        }
    }

    pub fn set_classes(&mut self, classes: &Classes) {
        for class in Class::ALL {
            self.scheduler.set_share(self.classes[class as usize], classes.share(class), self.clock_ns);
        }
    }

    /// A task, which waits for nothing yet.
    pub fn add(&mut self, owner: &Owner) -> FlowId {
        let class = self.classes[owner.class as usize];
        let (session, tasks) = self
            .sessions
            .entry(owner.clone())
            .or_insert_with(|| (self.scheduler.add(class, Share::EQUAL), 0));
        *tasks += 1;
        self.scheduler.add(*session, Share::EQUAL)
    }

    /// A task that is not in service is no more.
    pub fn remove(&mut self, flow: FlowId, owner: &Owner) {
        self.scheduler.remove(flow, self.clock_ns);
        let Some((session, tasks)) = self.sessions.get_mut(owner) else { return };
        *tasks -= 1;
        if *tasks == 0 {
            self.scheduler.remove(*session, self.clock_ns);
            self.sessions.remove(owner);
        }
    }

    /// A task that was idle can go on.
    pub fn push(&mut self, flow: FlowId, task: T, urgent: bool) {
        self.scheduler.wake(flow, urgent, self.clock_ns);
        self.waiting.insert(flow, task);
    }

    /// The next one, which is in service until it is `done`.
    pub fn pop(&mut self) -> Option<T> {
        let flow = self.scheduler.pick(self.clock_ns)?;
        self.waiting.remove(&flow)
    }

    /// Any that waits: for the end.
    pub fn drain(&mut self) -> Option<T> {
        self.waiting.pop_first().map(|(_, task)| task)
    }

    /// Tasks are kept back by their class's limit for so long, unless others come.
    pub fn resumes_in_ns(&self) -> Option<u64> {
        self.scheduler.resumes_at().map(|at| at.saturating_sub(self.clock_ns))
    }

    /// The task in service has used this much CPU of the thread.
    pub fn charge(&mut self, flow: FlowId, owner: &Owner, used_ns: u64) {
        self.clock_ns += used_ns;
        self.used_ns[owner.class as usize] += used_ns;
        self.scheduler.charge(flow, used_ns, self.clock_ns);
    }

    /// Another one should go on in its place.
    pub fn must_yield(&mut self, flow: FlowId) -> bool {
        self.scheduler.must_yield(flow, self.clock_ns)
    }

    /// The task in service waits for something.
    pub fn done(&mut self, flow: FlowId) {
        self.scheduler.done(flow, false, self.clock_ns);
    }

    /// The task in service has more to do.
    pub fn push_back(&mut self, flow: FlowId, task: T, urgent: bool) {
        self.scheduler.done(flow, true, self.clock_ns);
        self.scheduler.set_urgent(flow, urgent, self.clock_ns);
        self.waiting.insert(flow, task);
    }

    /// Time that the shard used for itself, or had nothing to do in.
    pub fn pass(&mut self, time_ns: u64) {
        self.clock_ns += time_ns;
    }

    /// CPU of all tasks of a class.
    pub fn used_ns(&self, class: Class) -> u64 {
        self.used_ns[class as usize]
    }
}
