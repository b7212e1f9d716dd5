//! Who runs next on a shard. The one place to change for another order.

use std::collections::VecDeque;

/// Round robin: what yields goes behind all others. An order by what tasks have used would keep its tags in `T` and
/// move them in `charge`.
pub(crate) struct RunQueue<T> {
    runnable: VecDeque<T>,
    used_ns: u64,
}

impl<T> RunQueue<T> {
    pub fn new() -> Self {
        RunQueue { runnable: VecDeque::new(), used_ns: 0 }
    }

    /// A task that can go on.
    pub fn push(&mut self, task: T) {
        self.runnable.push_back(task);
    }

    pub fn pop(&mut self) -> Option<T> {
        self.runnable.pop_front()
    }

    /// A task was polled once and used this much CPU of the thread.
    pub fn charge(&mut self, _task: &T, used_ns: u64) {
        self.used_ns += used_ns;
    }

    /// CPU of all tasks.
    pub fn used_ns(&self) -> u64 {
        self.used_ns
    }
}
