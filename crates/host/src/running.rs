//! An instance on a shard, driven by commands and heard of by events.
//!
//! ```text
//! Running::start ──▶ Started | Ended
//!         turn   ──▶ Turned  | Ended
//!       snapshot ──▶ Slept   | Ended
//!           stop ──▶ Ended
//! ```
//! Commands are done in order, each answered by one event. `Ended` is the last event, and it comes exactly once.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::failure::Call;
use crate::meter::KillSwitch;
use crate::run_queue::Owner;
use crate::types::{Input, Outcome, Start};
use crate::{
    Failure, FailureKind, Host, Instance, Labels, Limits, LogLine, Module, Report, ShardHandle, Snapshot,
    Usage,
};

/// Commands that wait for one instance. A session asks for one turn at a time, and now and then for a snapshot.
pub const COMMANDS_MAX: usize = 8;

/// The handle of an instance. Dropping it stops the instance.
#[derive(Debug)]
pub struct Running {
    can_sleep: bool,
    mailbox: Arc<Mailbox>,
}

/// Where an instance comes from.
#[derive(Debug)]
pub enum Origin {
    /// `init` is called.
    Fresh(Start),
    /// It is woken from its sleep.
    Sleeping(Snapshot, Start),
}

/// What an instance did. Usage and log are those of this command alone.
#[derive(Debug)]
pub enum Event {
    Started {
        usage: Usage,
        log: Vec<LogLine>,
        log_dropped: u32,
    },
    Turned {
        outcome: Outcome,
        usage: Usage,
        log: Vec<LogLine>,
        log_dropped: u32,
    },
    /// The answer to a command for a snapshot; the instance goes on.
    Slept {
        snapshot: Snapshot,
        usage: Usage,
        log: Vec<LogLine>,
        log_dropped: u32,
    },
    /// The last event: it failed, or (None) it was stopped between two commands. Commands still waiting are lost.
    Ended {
        failure: Option<Failure>,
        usage: Usage,
        log: Vec<LogLine>,
        log_dropped: u32,
    },
}

/// More than [`COMMANDS_MAX`] commands wait. The command was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{COMMANDS_MAX} commands wait for this instance already; wait for an event before the next one")]
pub struct Busy;

/// No snapshot was asked for; the instance goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotRefused {
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("the module does not export playconnect:module/memory, so it cannot sleep")]
    CannotSleep,
}

impl Running {
    /// Starts an instance on a shard. `on_event` is called on that shard's thread: it should hand the event on and
    /// return.
    pub fn start(
        shard: &ShardHandle,
        host: &Host,
        module: &Module,
        labels: Labels,
        limits: Limits,
        origin: Origin,
        on_event: impl FnMut(Event) + Send + 'static,
    ) -> Running {
        let mailbox = Arc::new(Mailbox::default());
        let mut actor = Actor {
            labels: labels.clone(),
            mailbox: mailbox.clone(),
            on_event: Box::new(on_event),
            ended: false,
        };
        let owner = Owner { class: limits.class, session: labels.session.clone() };
        let cell = host.cell(module, labels, limits, mailbox.kill.clone());
        shard.use_engine(&host.shared.engine);
        shard.spawn(owner, mailbox.urgent.clone(), async move {
            let started = match origin {
                Origin::Fresh(start) => cell.init(start).await,
                Origin::Sleeping(snapshot, start) => cell.restore(&snapshot, start).await,
            };
            actor.run(started).await;
        });
        Running { can_sleep: module.can_sleep(), mailbox }
    }

    /// Asks for a turn. Times must not go back. One with an event goes before others of its share.
    pub fn turn(&self, now_us: u64, inputs: Vec<Input>) -> Result<(), Busy> {
        let urgent = inputs.iter().any(|input| matches!(input, Input::Event(_)));
        self.mailbox.send(Command::Turn { now_us, inputs, urgent })
    }

    /// Asks for a snapshot behind the commands that wait.
    pub fn snapshot(&self) -> Result<(), SnapshotRefused> {
        if !self.can_sleep {
            return Err(SnapshotRefused::CannotSleep);
        }
        Ok(self.mailbox.send(Command::Snapshot)?)
    }

    /// Ends the instance, at the end of its slice if it runs, and without the commands that wait.
    pub fn stop(&self) {
        self.mailbox.kill.kill();
        self.mailbox.wake();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

enum Command {
    Turn { now_us: u64, inputs: Vec<Input>, urgent: bool },
    Snapshot,
}

#[derive(Default)]
struct Mailbox {
    // A plain lock: it is held to push or pop one command, never while a guest runs.
    waiting: Mutex<Waiting>,
    kill: KillSwitch,
    /// Commands, waiting or in work, that answer a person.
    urgent: Arc<AtomicU32>,
}

#[derive(Default)]
struct Waiting {
    commands: VecDeque<Command>,
    waker: Option<Waker>,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while it is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, command: Command) -> Result<(), Busy> {
        let mut waiting = self.lock();
        if waiting.commands.len() >= COMMANDS_MAX {
            return Err(Busy);
        }
        if matches!(command, Command::Turn { urgent: true, .. }) {
            self.urgent.fetch_add(1, Ordering::Relaxed);
        }
        waiting.commands.push_back(command);
        drop(waiting);
        self.wake();
        Ok(())
    }

    fn wake(&self) {
        let waker = self.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// None: stop.
    async fn next(&self) -> Option<Command> {
        poll_fn(|context| {
            let mut waiting = self.lock();
            if self.kill.is_killed() {
                return Poll::Ready(None);
            }
            match waiting.commands.pop_front() {
                Some(command) => Poll::Ready(Some(command)),
                None => {
                    waiting.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

struct Actor {
    labels: Labels,
    mailbox: Arc<Mailbox>,
    on_event: Box<dyn FnMut(Event) + Send>,
    ended: bool,
}

impl Actor {
    async fn run(&mut self, started: Report<Instance>) {
        let Some(mut instance) = self.report(started, |instance, usage, log, log_dropped| {
            (Event::Started { usage, log, log_dropped }, Some(instance))
        }) else {
            return;
        };
        while let Some(command) = self.mailbox.next().await {
            let goes_on = match command {
                Command::Turn { now_us, inputs, urgent } => {
                    let report = instance.turn(now_us, &inputs).await;
                    self.mailbox.urgent.fetch_sub(u32::from(urgent), Ordering::Relaxed);
                    self.report(report, |outcome, usage, log, log_dropped| {
                        (Event::Turned { outcome, usage, log, log_dropped }, Some(()))
                    })
                }
                Command::Snapshot => {
                    let report = instance.snapshot().await;
                    self.report(report, |snapshot, usage, log, log_dropped| {
                        (Event::Slept { snapshot, usage, log, log_dropped }, Some(()))
                    })
                }
            };
            if goes_on.is_none() {
                return;
            }
            // Each command is a slice of its own: others that wait for this shard come first.
            yield_now().await;
        }
        drop(instance);
        self.end(None, Usage::default(), Vec::new(), 0);
    }

    /// Tells the event; None if the instance has failed.
    fn report<T, U>(
        &mut self,
        report: Report<T>,
        event: impl FnOnce(T, Usage, Vec<LogLine>, u32) -> (Event, Option<U>),
    ) -> Option<U> {
        let Report { result, usage, log, log_dropped } = report;
        match result {
            Ok(value) => {
                let (event, goes_on) = event(value, usage, log, log_dropped);
                (self.on_event)(event);
                goes_on
            }
            Err(failure) => {
                self.end(Some(failure), usage, log, log_dropped);
                None
            }
        }
    }

    fn end(&mut self, failure: Option<Failure>, usage: Usage, log: Vec<LogLine>, log_dropped: u32) {
        self.ended = true;
        (self.on_event)(Event::Ended { failure, usage, log, log_dropped });
    }
}

impl Drop for Actor {
    /// The executor went, or our own code panicked: the other side must not wait for ever.
    fn drop(&mut self) {
        if !self.ended {
            let failure =
                Failure { labels: self.labels.clone(), call: Call::Turn, kind: FailureKind::Killed };
            self.end(Some(failure), Usage::default(), Vec::new(), 0);
        }
    }
}

async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailbox").field("waiting", &self.lock().commands.len()).finish_non_exhaustive()
    }
}
