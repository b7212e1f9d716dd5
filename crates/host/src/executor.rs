//! The shards: threads that run guests and nothing else.
//!
//! A task stays on its shard. It runs until it waits or its slice is over; then the next one of the queue has its
//! turn, and with nobody else it goes on at once.

use std::future::Future;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle};

use crate::meter::thread_cpu_ns;
use crate::run_queue::RunQueue;

/// The threads that run guests. Dropping it ends them: each finishes the slice that it is in and drops its tasks.
pub struct Executor {
    shards: Vec<Arc<Shard>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shard {
    // A plain lock: it is held for a push or a pop. Contenders are the threads that hand over commands, for each
    // turn once.
    state: Mutex<ShardState>,
    runnable: Condvar,
    polls: AtomicU64,
}

struct ShardState {
    queue: RunQueue<Arc<Task>>,
    closed: bool,
}

struct Task {
    shard: Arc<Shard>,
    // Only the shard's thread takes this lock while the task lives; it is here because a waker must be `Sync`.
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    state: AtomicU8,
}

/// Waits to be woken.
const IDLE: u8 = 0;
/// In the queue.
const QUEUED: u8 = 1;
const RUNNING: u8 = 2;
/// Woken while it ran: goes back to the queue.
const WOKEN: u8 = 3;

impl Executor {
    /// # Errors
    /// The system gives no more threads.
    pub fn new(shards: NonZeroUsize) -> std::io::Result<Executor> {
        let mut executor = Executor { shards: Vec::new(), threads: Vec::new() };
        for index in 0..shards.get() {
            let shard = Arc::new(Shard {
                state: Mutex::new(ShardState { queue: RunQueue::new(), closed: false }),
                runnable: Condvar::new(),
                polls: AtomicU64::new(0),
            });
            executor.shards.push(shard.clone());
            let thread =
                thread::Builder::new().name(format!("pc-shard-{index}")).spawn(move || shard.run())?;
            executor.threads.push(thread);
        }
        Ok(executor)
    }

    /// One shard for each core.
    pub fn per_core() -> std::io::Result<Executor> {
        Executor::new(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    pub fn shards(&self) -> usize {
        self.shards.len()
    }

    /// Runs `future` on this shard (modulo their number) to its end.
    pub fn spawn(&self, shard: usize, future: impl Future<Output = ()> + Send + 'static) {
        let shard = self.shards[shard % self.shards.len()].clone();
        let task = Arc::new(Task {
            shard: shard.clone(),
            future: Mutex::new(Some(Box::pin(future))),
            state: AtomicU8::new(QUEUED),
        });
        shard.push(task);
    }

    /// CPU that the tasks of this shard have used, in microseconds.
    pub fn cpu_us(&self, shard: usize) -> u64 {
        self.shards[shard % self.shards.len()].lock().queue.used_ns() / 1_000
    }

    /// How often a task was entered on this shard.
    pub fn polls(&self, shard: usize) -> u64 {
        self.shards[shard % self.shards.len()].polls.load(Ordering::Relaxed)
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        for shard in &self.shards {
            shard.lock().closed = true;
            shard.runnable.notify_all();
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
        state.queue.push(task);
        drop(state);
        self.runnable.notify_one();
    }

    fn run(self: Arc<Self>) {
        let mut clock_ns = thread_cpu_ns();
        while let Some(task) = self.next() {
            self.polls.fetch_add(1, Ordering::Relaxed);
            task.poll();
            // From poll to poll: choosing the next one is charged to the one before.
            let now_ns = thread_cpu_ns();
            self.lock().queue.charge(&task, now_ns - clock_ns);
            clock_ns = now_ns;
            task.requeue();
        }
        // Tasks that could go on are dropped here. Those that wait are dropped with whatever would wake them.
        loop {
            let Some(task) = self.lock().queue.pop() else { break };
            task.finish();
        }
    }

    /// None when the executor is gone.
    fn next(&self) -> Option<Arc<Task>> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(task) = state.queue.pop() {
                return Some(task);
            }
            state = self.runnable.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Task {
    fn poll(self: &Arc<Self>) {
        self.state.store(RUNNING, Ordering::Release);
        let waker = Waker::from(self.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = self.future.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(running) = future.as_mut() else { return };
        // A panic in a task is our own bug; it must not take the other sessions of the shard with it. The panic hook
        // has reported it.
        let polled = catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(&mut context)));
        if !matches!(polled, Ok(Poll::Pending)) {
            let done = future.take();
            drop(future);
            let _ = catch_unwind(AssertUnwindSafe(|| drop(done)));
        }
    }

    /// Behind a poll: wait, or go to the end of the queue.
    fn requeue(self: Arc<Self>) {
        if self.state.compare_exchange(RUNNING, IDLE, Ordering::AcqRel, Ordering::Acquire).is_err() {
            self.state.store(QUEUED, Ordering::Release);
            self.shard.clone().push(self);
        }
    }

    fn finish(&self) {
        let future = self.future.lock().unwrap_or_else(PoisonError::into_inner).take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
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
