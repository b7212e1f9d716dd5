//! What a driver says of its sessions: to the node's counters, and to its log.

use super::{Driver, PageModule, now};
use crate::outbound::RefusalLog;
use playconnect_host::types::Level;
use playconnect_host::{LogLine, Usage};
use playconnect_manifest::units;
use playconnect_session::{ModuleKey, Report, SessionId};
use std::sync::atomic::Ordering;

/// What a module did too much of without being stopped for it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Excess {
    SlowTurn { used_us: u64 },
    LogDropped { lines: u32 },
    MemoryRefused { used_bytes: u64 },
}

/// An excess is logged once for an instance in this time, and counted always: a flood must not flood the node's log.
const EXCESS_QUIET_US: u64 = 60_000_000;

impl Driver {
    pub(super) fn report(&self, report: Report) {
        match report {
            Report::Applied { key, ops, bytes, cpu_us } => {
                self.metrics.module(self.module_name(key), |own| {
                    own.turns += 1;
                    own.cpu_us += cpu_us;
                    own.ops += ops as u64;
                    own.batch_bytes += bytes as u64;
                })
            }
            Report::Frame { bytes, snapshot, .. } => {
                self.metrics.frames.fetch_add(1, Ordering::Relaxed);
                self.metrics.frame_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
                self.metrics.snapshots.fetch_add(u64::from(snapshot), Ordering::Relaxed);
            }
            Report::Stripped { key, count, first } => {
                self.metrics.module(self.module_name(key), |own| own.stripped += count as u64);
                let what: Vec<&str> = first.iter().map(|strip| strip.what.as_str()).collect();
                let (session, module) = self.labels(key);
                tracing::warn!(
                    session,
                    module,
                    count,
                    what = what.join(", "),
                    "not on the allow-list: left out"
                );
            }
            Report::Restarting { key, why, wait_us } => {
                self.metrics.module(self.module_name(key), |own| own.restarts += 1);
                let (session, module) = self.labels(key);
                tracing::warn!(
                    session,
                    module,
                    why,
                    wait_ms = wait_us / 1_000,
                    "the module failed and is restarted"
                );
            }
            Report::Disabled { key, why, failures } => {
                self.metrics.module(self.module_name(key), |own| own.disabled += 1);
                let (session, module) = self.labels(key);
                tracing::error!(session, module, why, failures, "the module failed and is disabled");
            }
            Report::EventCut { key, kind } => {
                self.metrics.module(self.module_name(key), |own| own.events_cut += 1);
                let (session, module) = self.labels(key);
                tracing::warn!(
                    session,
                    module,
                    event = kind,
                    "an event's text was cut: events hold 256 KiB and a form's entries 1,024; set maxlength on the control"
                );
            }
            Report::EventUnlistened { session, count } => {
                self.metrics.events_unlistened.fetch_add(count, Ordering::Relaxed);
                tracing::debug!(
                    session = self.session_name(session),
                    count,
                    "events that nothing listens to"
                );
            }
            Report::Protocol { session, why } => {
                self.metrics.protocol_errors.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(session = self.session_name(session), why, "a browser broke the protocol");
            }
        }
    }

    /// Counts what a call did too much of, and says so: whose it was, the limit, used and allowed, the key to raise.
    pub(super) fn excesses(&mut self, key: ModuleKey, usage: &Usage, log_dropped: u32) {
        let (used_us, used_bytes) = (usage.cpu_us, usage.memory_bytes);
        if usage.slow {
            self.metrics.module(self.module_name(key), |own| own.slow_turns += 1);
            self.excess(key, Excess::SlowTurn { used_us });
        }
        if log_dropped > 0 {
            self.metrics.module(self.module_name(key), |own| own.log_dropped += u64::from(log_dropped));
            self.excess(key, Excess::LogDropped { lines: log_dropped });
        }
        if usage.memory_refused {
            self.metrics.module(self.module_name(key), |own| own.memory_refused += 1);
            self.excess(key, Excess::MemoryRefused { used_bytes });
        }
    }

    fn excess(&mut self, key: ModuleKey, excess: Excess) {
        let Some(instance) = self.watched.get_mut(&key) else { return };
        let quiet_until = &mut instance.quiet_until[excess.kind()];
        if now() < *quiet_until {
            return;
        }
        *quiet_until = now().after(EXCESS_QUIET_US);
        let Some(state) = self.sessions.get(&key.session) else { return };
        let PageModule { name: module, limits, .. } = &state.page.modules[key.module];
        let (limit, used, allowed, what) = match excess {
            Excess::SlowTurn { used_us } => {
                let (used, allowed) = (used_us.div_ceil(1_000), limits.event_report_us / 1_000);
                ("event_report", format!("{used} ms"), format!("{allowed} ms"), "a turn took much CPU")
            }
            Excess::LogDropped { lines } => {
                let allowed = format!("{} a second", units::show_bytes(limits.log_bytes_per_second));
                ("log_rate", format!("{lines} lines more"), allowed, "lines of its log are lost")
            }
            Excess::MemoryRefused { used_bytes } => {
                let allowed = units::show_bytes(limits.memory_bytes);
                ("memory", units::show_bytes(used_bytes), allowed, "it wanted more memory and did not get it")
            }
        };
        let (session, raise) = (&state.name, format!("[module.{module}.limits] {limit}"));
        tracing::warn!(session, %module, limit, used, allowed, raise, "{what}");
    }

    pub(super) fn log(&self, key: ModuleKey, lines: &[LogLine]) {
        let (session, module) = self.labels(key);
        for LogLine { level, text } in lines {
            match level {
                Level::Debug => tracing::debug!(target: "module", session, module, "{text}"),
                Level::Info => tracing::info!(target: "module", session, module, "{text}"),
                Level::Warn => tracing::warn!(target: "module", session, module, "{text}"),
                Level::Error => tracing::error!(target: "module", session, module, "{text}"),
            }
        }
    }

    pub(super) fn log_fetch(&mut self, key: ModuleKey, origin: &str, why: &str, refused: bool) {
        let name = self.module_name(key).to_owned();
        let now = std::time::Instant::now();
        let log = self.refusals.entry(name).or_insert_with(|| RefusalLog::new(now));
        let Some(left_out) = log.line(now) else { return };
        let (session, module) = self.labels(key);
        if refused {
            tracing::warn!(session, module, origin, why, left_out, "a request to another host was refused");
        } else {
            tracing::info!(session, module, origin, why, left_out, "a request to another host failed");
        }
    }

    fn labels(&self, key: ModuleKey) -> (&str, &str) {
        (self.session_name(key.session), self.module_name(key))
    }

    pub(super) fn session_name(&self, session: SessionId) -> &str {
        self.sessions.get(&session).map_or("", |state| &state.name)
    }

    pub(super) fn module_name(&self, key: ModuleKey) -> &str {
        let session = self.sessions.get(&key.session);
        session.and_then(|state| state.page.modules.get(key.module)).map_or("", |module| &module.name)
    }
}

impl Excess {
    pub(super) const KINDS: usize = 3;

    fn kind(self) -> usize {
        match self {
            Excess::SlowTurn { .. } => 0,
            Excess::LogDropped { .. } => 1,
            Excess::MemoryRefused { .. } => 2,
        }
    }
}
