//! The shards: threads that run guests, and beside them only what belongs to the same sessions.
//!
//! A task stays on its shard. Who runs next is said by [`RunQueue`]. A guest is charged at each tick of the engine's clock,
//! and yields there if another one is behind it in what it got, or at the end of its slice; with nobody else it goes on at
//! once.
//!
//! A shard may have a [`Resident`]: what owns the sessions of the shard. It is called on the shard's thread, between two
//! slices, when somebody asked for its attention or its time has come. So an event and its answer cross no thread between the
//! session and its modules. Who asks for attention while a guest runs moves the engine's epoch, so that the guest yields at
//! once instead of at the next tick.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use playconnect_qos::{Class, Classes, FlowId};
use wasmtime::Engine;

use crate::meter::thread_cpu_ns;
use crate::run_queue::{Owner, RunQueue};

/// A guest that was entered runs for so long before it is interrupted for the resident: messages without end must not keep
/// guests from getting on.
const UNDISTURBED_NS: u64 = 100_000;

/// The threads that run guests. Dropping it ends them: each finishes the slice that it is in and drops its tasks.
pub struct Executor {
    shards: Vec<ShardHandle>,
    threads: Vec<JoinHandle<()>>,
}

/// What lives on a shard beside its tasks.
pub trait Resident: Send {
    /// Does some of what there is to do: it is called again after each slice of a task while there is attention or its time
    /// has come. Gives when that is, if nobody asks for [attention](ShardHandle::attend) before.
    fn attend(&mut self) -> Option<Duration>;
}

/// One of the executor's shards. A handle alone does not keep the thread.
#[derive(Clone)]
pub struct ShardHandle(Arc<Shard>);

struct Shard {
    // A plain lock: it is held for a push or a pop. Contenders are threads that wake a task.
    state: Mutex<ShardState>,
    awake: Condvar,
    polls: AtomicU64,
    attention: AtomicBool,
    /// A guest runs, so moving the epoch has an effect.
    in_task: AtomicBool,
    /// Whose epoch ends slices here.
    engine: OnceLock<Engine>,
}

struct ShardState {
    queue: RunQueue<Arc<Task>>,
    parked: bool,
    closed: bool,
}

struct Task {
    shard: Arc<Shard>,
    flow: FlowId,
    owner: Owner,
    /// How many of its waiting commands answer a person.
    urgent: Arc<AtomicU32>,
    // Only the shard's thread takes this lock while the task lives; it is here because a waker must be `Sync`.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    state: AtomicU8,
    /// Its flow is gone.
    removed: AtomicBool,
}

/// Waits to be woken.
const IDLE: u8 = 0;
/// In the queue.
const QUEUED: u8 = 1;
const RUNNING: u8 = 2;
/// Woken while it ran: goes back to the queue.
const WOKEN: u8 = 3;

/// The shard of this thread, and the task that runs on it.
struct Local {
    shard: Arc<Shard>,
    running: RefCell<Option<Arc<Task>>>,
    /// CPU of the thread when the task was entered, and up to which it is charged.
    entered_ns: Cell<u64>,
    charged_ns: Cell<u64>,
    resident_due: Cell<Option<Instant>>,
}

thread_local! {
    static LOCAL: RefCell<Option<Rc<Local>>> = const { RefCell::new(None) };
}

/// Asked at each tick inside a guest: whether it should give up the thread before its slice is over. No on any thread but a
/// shard's.
pub(crate) fn must_yield() -> bool {
    let local = LOCAL.with_borrow(Clone::clone);
    local.is_some_and(|local| local.must_yield())
}

impl Executor {
    /// Shards of equal classes without residents.
    ///
    /// # Errors
    /// The system gives no more threads.
    pub fn new(shards: NonZeroUsize) -> std::io::Result<Executor> {
        Executor::start(shards, &Classes::default(), |_, _| None)
    }

    /// `resident` is called for each shard, with its number.
    ///
    /// # Errors
    /// The system gives no more threads.
    pub fn start(
        shards: NonZeroUsize,
        classes: &Classes,
        mut resident: impl FnMut(usize, ShardHandle) -> Option<Box<dyn Resident>>,
    ) -> std::io::Result<Executor> {
        let mut executor = Executor { shards: Vec::new(), threads: Vec::new() };
        for index in 0..shards.get() {
            let shard = ShardHandle(Arc::new(Shard {
                state: Mutex::new(ShardState { queue: RunQueue::new(classes), parked: false, closed: false }),
                awake: Condvar::new(),
                polls: AtomicU64::new(0),
                // A resident is called once at the start.
                attention: AtomicBool::new(true),
                in_task: AtomicBool::new(false),
                engine: OnceLock::new(),
            }));
            executor.shards.push(shard.clone());
            let resident = resident(index, shard.clone());
            let thread = thread::Builder::new().name(format!("pc-shard-{index}"));
            executor.threads.push(thread.spawn(move || shard.0.run(resident))?);
        }
        Ok(executor)
    }

    /// As many as there are cores.
    pub fn cores() -> NonZeroUsize {
        thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
    }

    pub fn shards(&self) -> usize {
        self.shards.len()
    }

    /// The shard of this number, modulo how many there are.
    pub fn shard(&self, shard: usize) -> &ShardHandle {
        &self.shards[shard % self.shards.len()]
    }

    /// Other shares, from now on.
    pub fn set_classes(&self, classes: &Classes) {
        for shard in &self.shards {
            shard.0.lock().queue.set_classes(classes);
        }
    }

    /// CPU that the tasks of a class have used on all shards, in microseconds.
    pub fn class_cpu_us(&self, class: Class) -> u64 {
        self.shards.iter().map(|shard| shard.0.lock().queue.used_ns(class)).sum::<u64>() / 1_000
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        for shard in &self.shards {
            shard.0.lock().closed = true;
            shard.0.awake.notify_all();
        }
        for thread in self.threads.drain(..) {
            // A task may hold the last handle of its own executor: that thread ends by itself.
            if thread.thread().id() != thread::current().id() {
                // The loop catches what tasks throw.
                let _ = thread.join();
            }
        }
    }
}

impl ShardHandle {
    /// The resident has something to do. From any thread.
    pub fn attend(&self) {
        let shard = &self.0;
        let here =
            LOCAL.with_borrow(|local| local.as_ref().is_some_and(|local| Arc::ptr_eq(&local.shard, shard)));
        if shard.attention.swap(true, Ordering::SeqCst) || here {
            return;
        }
        if shard.lock().parked {
            shard.awake.notify_one();
        } else if shard.in_task.load(Ordering::Relaxed)
            && let Some(engine) = shard.engine.get()
        {
            engine.increment_epoch();
        }
    }

    /// Slices here are ended by this engine's epoch.
    pub(crate) fn use_engine(&self, engine: &Engine) {
        self.0.engine.get_or_init(|| engine.clone());
    }

    /// Runs `future` to its end. `urgent` is read whenever it is woken: more than 0 is before others of its share.
    pub(crate) fn spawn(
        &self,
        owner: Owner,
        urgent: Arc<AtomicU32>,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        let flow = self.0.lock().queue.add(&owner);
        let task = Arc::new(Task {
            shard: self.0.clone(),
            flow,
            owner,
            urgent,
            future: Mutex::new(Some(Box::pin(future))),
            state: AtomicU8::new(QUEUED),
            removed: AtomicBool::new(false),
        });
        self.0.push(task);
    }

    /// CPU that the tasks of this shard have used, in microseconds.
    pub fn cpu_us(&self) -> u64 {
        let state = self.0.lock();
        Class::ALL.iter().map(|class| state.queue.used_ns(*class)).sum::<u64>() / 1_000
    }

    /// How often a task was entered on this shard.
    pub fn polls(&self) -> u64 {
        self.0.polls.load(Ordering::Relaxed)
    }
}

impl Shard {
    fn lock(&self) -> MutexGuard<'_, ShardState> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, task: Arc<Task>) {
        let mut state = self.lock();
        if state.closed {
            drop(state); // the task may push when it is dropped
            return;
        }
        let urgent = task.is_urgent();
        state.queue.push(task.flow, task, urgent);
        if state.parked {
            self.awake.notify_one();
        }
    }

    fn run(self: Arc<Self>, mut resident: Option<Box<dyn Resident>>) {
        let local = Rc::new(Local {
            shard: self.clone(),
            running: RefCell::new(None),
            entered_ns: Cell::new(0),
            charged_ns: Cell::new(thread_cpu_ns()),
            resident_due: Cell::new(None),
        });
        LOCAL.set(Some(local.clone()));
        loop {
            if let Some(resident) = &mut resident
                && (self.attention.swap(false, Ordering::SeqCst) || local.resident_is_due())
            {
                let wait = resident.attend();
                local.resident_due.set(wait.map(|wait| Instant::now() + wait));
                self.lock().queue.pass(local.measure_ns());
            }
            match self.next(&local, resident.is_some()) {
                Next::Task(task) => local.run(task),
                Next::Resident => {}
                Next::End => break,
            }
        }
        // Tasks that could go on are dropped here. Those that wait are dropped with whatever would wake them.
        drop(resident);
        loop {
            let Some(task) = self.lock().queue.drain() else { break };
            task.finish();
        }
        LOCAL.set(None);
    }

    /// Waits for something to do.
    fn next(&self, local: &Local, has_resident: bool) -> Next {
        let mut state = self.lock();
        loop {
            if state.closed {
                return Next::End;
            }
            if let Some(task) = state.queue.pop() {
                return Next::Task(task);
            }
            if has_resident && (self.attention.load(Ordering::SeqCst) || local.resident_is_due()) {
                return Next::Resident;
            }
            let began = Instant::now();
            let resident = local.resident_due.get().map(|due| due.saturating_duration_since(began));
            let limit = state.queue.resumes_in_ns().map(Duration::from_nanos);
            state.parked = true;
            let wait = [resident, limit].into_iter().flatten().min();
            state = match wait {
                Some(wait) => self.awake.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0,
                None => self.awake.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
            state.parked = false;
            state.queue.pass(u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX));
        }
    }
}

enum Next {
    Task(Arc<Task>),
    Resident,
    End,
}

impl Local {
    fn run(&self, task: Arc<Task>) {
        self.shard.polls.fetch_add(1, Ordering::Relaxed);
        // Choosing it is charged to it.
        self.entered_ns.set(thread_cpu_ns());
        *self.running.borrow_mut() = Some(task.clone());
        self.shard.in_task.store(true, Ordering::Relaxed);
        let is_over = task.poll();
        self.shard.in_task.store(false, Ordering::Relaxed);
        *self.running.borrow_mut() = None;
        let used_ns = self.measure_ns();
        let mut state = self.shard.lock();
        state.queue.charge(task.flow, &task.owner, used_ns);
        // A handle of it outlives the lock: dropping the last one takes it.
        task.leave(&mut state, is_over);
    }

    /// CPU since it was asked last.
    fn measure_ns(&self) -> u64 {
        let now_ns = thread_cpu_ns();
        now_ns - self.charged_ns.replace(now_ns)
    }

    fn must_yield(&self) -> bool {
        let running = self.running.borrow();
        let Some(task) = &*running else { return false };
        let used_ns = self.measure_ns();
        let is_wanted = self.shard.attention.load(Ordering::Relaxed) || self.resident_is_due();
        let mut state = self.shard.lock();
        state.queue.charge(task.flow, &task.owner, used_ns);
        (is_wanted && self.charged_ns.get() - self.entered_ns.get() >= UNDISTURBED_NS)
            || state.queue.must_yield(task.flow)
            || state.closed
    }

    fn resident_is_due(&self) -> bool {
        self.resident_due.get().is_some_and(|due| due <= Instant::now())
    }
}

impl Task {
    /// True: it is over.
    fn poll(self: &Arc<Self>) -> bool {
        self.state.store(RUNNING, Ordering::Release);
        let waker = Waker::from(self.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = self.future.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(running) = future.as_mut() else { return true };
        // A panic in a task is our own bug; it must not take the other sessions of the shard with it. The panic hook
        // has reported it.
        let polled = catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(&mut context)));
        if matches!(polled, Ok(Poll::Pending)) {
            return false;
        }
        let done = future.take();
        drop(future);
        let _ = catch_unwind(AssertUnwindSafe(|| drop(done)));
        true
    }

    /// Behind a poll: end, wait, or go on when it is chosen again. Under the lock, so that whoever wakes it from now on finds
    /// it out of service.
    fn leave(self: &Arc<Self>, state: &mut ShardState, is_over: bool) {
        let flow = self.flow;
        if is_over {
            state.queue.done(flow);
            state.queue.remove(flow, &self.owner);
            self.removed.store(true, Ordering::Relaxed);
        } else if self.state.compare_exchange(RUNNING, IDLE, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            state.queue.done(flow);
        } else {
            self.state.store(QUEUED, Ordering::Release);
            let urgent = self.is_urgent();
            state.queue.push_back(flow, self.clone(), urgent);
        }
    }

    fn is_urgent(&self) -> bool {
        self.urgent.load(Ordering::Relaxed) > 0
    }

    fn finish(&self) {
        let future = self.future.lock().unwrap_or_else(PoisonError::into_inner).take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if !*self.removed.get_mut() {
            let mut state = self.shard.lock();
            if !state.closed {
                state.queue.remove(self.flow, &self.owner);
            }
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        loop {
            let (from, to) = match self.state.load(Ordering::Acquire) {
                IDLE => (IDLE, QUEUED),
                RUNNING => (RUNNING, WOKEN),
                _ => return,
            };
            if self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                if to == QUEUED {
                    self.shard.clone().push(self);
                }
                return;
            }
        }
    }
}
