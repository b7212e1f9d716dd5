//! Measures what a call into a guest costs, and stops it when it is too much.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use crate::ticker::Ticker;

/// CPU that the calling thread has used since it began, in nanoseconds.
pub(crate) fn thread_cpu_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

thread_local! {
    /// CPU of this thread when the guest in it was entered.
    static ENTERED_NS: Cell<u64> = const { Cell::new(0) };
}

/// Asked inside a guest: what its slice has used.
pub(crate) fn slice_ns() -> u64 {
    thread_cpu_ns() - ENTERED_NS.get()
}

/// Set once, from anywhere: the call that runs ends at the next tick.
#[derive(Clone, Debug, Default)]
pub(crate) struct KillSwitch(Arc<AtomicBool>);

impl KillSwitch {
    pub fn kill(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_killed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) struct Metered<T> {
    pub end: End<T>,
    pub cpu_us: u64,
    /// Times that the guest was entered; 1 if it never had to yield.
    pub slices: u32,
}

pub(crate) enum End<T> {
    Returned(wasmtime::Result<T>),
    /// It had used more than its limit when a slice ended. The call's future is gone, so its instance is unusable.
    Stopped,
    Killed,
}

/// Polls `call` to its end. The guest yields when its slice is over; only then can it be stopped, and what decides is
/// the CPU that this thread used inside it, not how long it waited for others.
pub(crate) async fn run<T>(
    ticker: &Ticker,
    kill: &KillSwitch,
    limit_us: u64,
    call: impl Future<Output = wasmtime::Result<T>>,
) -> Metered<T> {
    let mut call = pin!(call);
    let (mut cpu_ns, mut slices) = (0, 0);
    let end = poll_fn(|context| {
        if kill.is_killed() {
            return Poll::Ready(End::Killed);
        }
        slices += 1;
        let began = thread_cpu_ns();
        ENTERED_NS.set(began);
        let polled = {
            let _ticking = ticker.enter();
            call.as_mut().poll(context)
        };
        cpu_ns += thread_cpu_ns() - began;
        match polled {
            Poll::Ready(result) => Poll::Ready(End::Returned(result)),
            Poll::Pending if cpu_ns / 1_000 > limit_us => Poll::Ready(End::Stopped),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    Metered { end, cpu_us: cpu_ns.div_ceil(1_000), slices }
}
