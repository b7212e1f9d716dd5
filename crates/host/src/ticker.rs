//! The clock that ends slices: one thread per engine that moves the epoch on each millisecond, and sleeps while no
//! guest runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

const TICK_US: u64 = 1_000;
/// Ticks that it waits for the next guest before it parks: waking it costs a system call, turns come in bursts.
const IDLE_TICKS_MAX: u32 = 10;

pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    /// Guests that run at this moment.
    active: AtomicUsize,
    parked: AtomicBool,
    stop: AtomicBool,
    ticks: AtomicU64,
}

impl Ticker {
    pub fn start(engine: &Engine) -> std::io::Result<Ticker> {
        let shared = Arc::new(Shared::default());
        let (engine, theirs) = (engine.clone(), shared.clone());
        let thread = thread::Builder::new().name("pc-epoch".into()).spawn(move || tick(&engine, &theirs))?;
        Ok(Ticker { shared, thread: Some(thread) })
    }

    /// Call it before a guest is entered; the guest has left when the guard is dropped.
    pub fn enter(&self) -> Ticking<'_> {
        // The ticker stores `parked` and then reads `active`; this writes `active` and then reads `parked`. In one
        // total order of these four, at least one side sees the other.
        self.shared.active.fetch_add(1, SeqCst);
        if self.shared.parked.load(SeqCst) {
            self.unpark();
        }
        Ticking(&self.shared)
    }

    /// Epochs counted so far.
    pub fn ticks(&self) -> u64 {
        self.shared.ticks.load(SeqCst)
    }

    fn unpark(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stop.store(true, SeqCst);
        self.unpark();
        if let Some(thread) = self.thread.take() {
            // It runs no code that can panic, and at most for one tick.
            let _ = thread.join();
        }
    }
}

pub(crate) struct Ticking<'a>(&'a Shared);

impl Drop for Ticking<'_> {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, SeqCst);
    }
}

fn tick(engine: &Engine, shared: &Shared) {
    let mut idle = 0;
    while !shared.stop.load(SeqCst) {
        if shared.active.load(SeqCst) > 0 {
            idle = 0;
        } else {
            idle += 1;
        }
        if idle > IDLE_TICKS_MAX {
            shared.parked.store(true, SeqCst);
            while shared.active.load(SeqCst) == 0 && !shared.stop.load(SeqCst) {
                thread::park();
            }
            shared.parked.store(false, SeqCst);
            idle = 0;
            continue;
        }
        thread::sleep(Duration::from_micros(TICK_US));
        engine.increment_epoch();
        shared.ticks.fetch_add(1, SeqCst);
    }
}
