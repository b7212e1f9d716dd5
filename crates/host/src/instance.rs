//! One module that runs: a store of its own, called turn by turn.

use std::fmt;

use wasmtime::component::Instance as Exports;
use wasmtime::{Store, UpdateDeadline};

use crate::bindings::Widget;
use crate::executor;
use crate::failure::{self, Call, FailureKind};
use crate::meter::{self, End, KillSwitch};
use crate::state::{LogLine, Refused, State};
use crate::types::{Input, Outcome, Start};
use crate::{Failure, Host, Labels, Limits, Module};

/// An instance of a module. Its futures run the guest on the thread that polls them: poll them on an
/// [`Executor`](crate::Executor).
pub struct Instance {
    pub(crate) cell: Cell,
    pub(crate) widget: Widget,
    /// What `widget` does not know of: the optional interface `memory`.
    pub(crate) exports: Exports,
}

/// What came of a call, and what it cost; also a call that failed cost something and may have logged why.
#[derive(Debug)]
pub struct Report<T> {
    pub result: Result<T, Failure>,
    pub usage: Usage,
    pub log: Vec<LogLine>,
    /// Lines over the budget, which are lost.
    pub log_dropped: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU that the thread used inside the guest and the host functions that it called.
    pub cpu_us: u64,
    /// Times that the guest was entered: 1, and one more for each time that its slice was over.
    pub slices: u32,
    /// Linear memory behind the call. It never shrinks.
    pub memory_bytes: u64,
    /// A turn above [`Limits::event_report_us`]; the first one is not held to it.
    pub slow: bool,
    /// More memory than [`Limits::memory_bytes`] was asked for and refused, also if the guest lives with it.
    pub memory_refused: bool,
}

impl Host {
    /// Makes an instance and calls `init`.
    pub async fn instantiate(
        &self,
        module: &Module,
        labels: Labels,
        limits: Limits,
        start: Start,
    ) -> Report<Instance> {
        self.cell(module, labels, limits, KillSwitch::default()).init(start).await
    }

    pub(crate) fn cell(&self, module: &Module, labels: Labels, limits: Limits, kill: KillSwitch) -> Cell {
        let shared = &self.shared;
        let mut store = Store::new(&shared.engine, State::new(&limits, shared.config.table_elements_max));
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(limits.output_bytes() as usize);
        let (quantum_ns, stop) = (shared.config.quantum_us * 1_000, kill.clone());
        store.epoch_deadline_callback(move |_| {
            let yields = stop.is_killed() || meter::slice_ns() >= quantum_ns || executor::must_yield();
            Ok(if yields { UpdateDeadline::Yield(1) } else { UpdateDeadline::Continue(1) })
        });
        Cell { host: self.clone(), module: module.clone(), labels, limits, store, kill, gone: false }
    }
}

impl Instance {
    /// One turn. `now_us` must not be below that of the call before.
    ///
    /// When the result is a [`Failure`], the instance is of no further use.
    pub async fn turn(&mut self, now_us: u64, inputs: &[Input]) -> Report<Outcome> {
        let Instance { cell, widget, .. } = self;
        let limit_us = cell.limits.event_stop_us;
        if let Err(kind) = cell.begin(Some(now_us)) {
            return cell.refuse(Call::Turn, kind);
        }
        let (shared, store) = (&cell.host.shared, &mut cell.store);
        let call = widget.playconnect_module_guest().call_turn(store, now_us, inputs);
        let run = meter::run(&shared.ticker, &cell.kill, limit_us, call).await;
        let mut report = cell.finish(Call::Turn, limit_us, run, |returned| {
            returned.map_err(|message| FailureKind::Guest { message: failure::message(&message) })
        });
        // The first turn renders everything, and nobody waits for its answer to a click.
        let mounts = inputs.iter().any(|input| matches!(input, Input::Mount));
        report.usage.slow = !mounts && report.usage.cpu_us > cell.limits.event_report_us;
        report
    }

    pub fn module(&self) -> &Module {
        &self.cell.module
    }

    pub fn labels(&self) -> &Labels {
        &self.cell.labels
    }
}

/// A store and whose it is, with or without an instance in it.
pub(crate) struct Cell {
    pub host: Host,
    pub module: Module,
    pub labels: Labels,
    pub limits: Limits,
    pub store: Store<State>,
    pub kill: KillSwitch,
    gone: bool,
}

impl Cell {
    pub async fn init(mut self, start: Start) -> Report<Instance> {
        let limit_us = self.limits.init_stop_us;
        if let Err(kind) = self.check_memory_limit().and_then(|()| self.begin(Some(start.now_us))) {
            return self.refuse(Call::Init, kind);
        }
        let (module, store) = (&self.module.shared, &mut self.store);
        let call = async {
            let exports = module.pre.instantiate_async(&mut *store).await?;
            let widget = module.indices.load(&mut *store, &exports)?;
            let returned = widget.playconnect_module_guest().call_init(store, &start).await?;
            Ok((widget, exports, returned))
        };
        let run = meter::run(&self.host.shared.ticker, &self.kill, limit_us, call).await;
        let report = self.finish(Call::Init, limit_us, run, |(widget, exports, returned)| match returned {
            Ok(()) => Ok((widget, exports)),
            Err(message) => Err(FailureKind::Init { message: failure::message(&message) }),
        });
        report.map(|(widget, exports)| Instance { cell: self, widget, exports })
    }

    /// Before each call: a new slice, and the time, where the call brings one.
    pub fn begin(&mut self, now_us: Option<u64>) -> Result<(), FailureKind> {
        if self.gone {
            return Err(FailureKind::Gone);
        }
        self.start_slice();
        let state = self.store.data_mut();
        state.limiter.refused = None;
        if let Some(now_us) = now_us {
            state.log.refill(now_us);
        }
        Ok(())
    }

    pub fn start_slice(&mut self) {
        self.store.set_epoch_deadline(1);
    }

    /// Behind each call: what it means, what it cost, what was logged.
    pub fn finish<R, T>(
        &mut self,
        call: Call,
        limit_us: u64,
        run: meter::Metered<R>,
        accept: impl FnOnce(R) -> Result<T, FailureKind>,
    ) -> Report<T> {
        let instances_max = self.host.shared.config.instances_max;
        let state = self.store.data_mut();
        let memory_refused = matches!(state.limiter.refused, Some(Refused::Memory { .. }));
        let result = match run.end {
            End::Returned(Ok(returned)) => accept(returned),
            End::Returned(Err(error)) => {
                Err(failure::kind(&error, &mut state.limiter, &self.limits, instances_max))
            }
            End::Stopped => Err(FailureKind::Stopped { used_us: run.cpu_us, allowed_us: limit_us }),
            End::Killed => Err(FailureKind::Killed),
        };
        let (log, log_dropped) = state.log.take();
        let memory_bytes = state.limiter.memory_bytes;
        self.gone = result.is_err();
        Report {
            result: result.map_err(|kind| Failure { labels: self.labels.clone(), call, kind }),
            usage: Usage {
                cpu_us: run.cpu_us,
                slices: run.slices,
                memory_bytes,
                slow: false,
                memory_refused,
            },
            log,
            log_dropped,
        }
    }

    /// The answer to a call that is not made.
    pub fn refuse<T>(&self, call: Call, kind: FailureKind) -> Report<T> {
        let failure = Failure { labels: self.labels.clone(), call, kind };
        Report { result: Err(failure), usage: Usage::default(), log: Vec::new(), log_dropped: 0 }
    }

    pub fn check_memory_limit(&self) -> Result<(), FailureKind> {
        let allowed_bytes = self.host.shared.config.widget_memory_bytes;
        let limit_bytes = self.limits.memory_bytes;
        if limit_bytes > allowed_bytes {
            return Err(FailureKind::MemoryLimit { limit_bytes, allowed_bytes });
        }
        Ok(())
    }
}

impl<T> Report<T> {
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Report<U> {
        let Report { result, usage, log, log_dropped } = self;
        Report { result: result.map(change), usage, log, log_dropped }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").field("labels", &self.cell.labels).finish_non_exhaustive()
    }
}
