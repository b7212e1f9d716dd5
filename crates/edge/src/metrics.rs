//! What the node counts, in Prometheus' text format.

use crate::backlog::Backlog;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use playconnect_qos::Class;

/// Counters of the node, and of each module by name.
#[derive(Default)]
pub struct Metrics {
    pub sessions: AtomicI64,
    pub sockets: AtomicI64,
    pub pages: AtomicU64,
    pub frames: AtomicU64,
    pub frame_bytes: AtomicU64,
    pub snapshots: AtomicU64,
    pub events_unlistened: AtomicU64,
    pub protocol_errors: AtomicU64,
    pub instances_awake: AtomicI64,
    pub instances_asleep: AtomicI64,
    pub instances_asleep_bytes: AtomicU64,
    pub instances_woken: AtomicU64,
    /// Pages whose session is made when a browser attaches.
    pub static_pages: AtomicU64,
    // A plain lock: taken when a socket comes or goes, and for a scrape.
    backlogs: Mutex<Vec<Weak<Backlog>>>,
    /// By class, turns without an event before those with one.
    turn_latency: [[Latency; 2]; Class::ALL.len()],
    // A plain lock: taken a few times for each turn, by the drivers, for the length of an addition.
    modules: Mutex<BTreeMap<String, ModuleCounters>>,
}

/// What is not counted here.
pub struct Now {
    /// Requests of modules to other hosts.
    pub fetches_running: usize,
    /// Sessions that nobody has attached to.
    pub unattached: usize,
    pub class_cpu_us: [u64; Class::ALL.len()],
    pub process: Process,
}

/// What the node takes of the machine. Zero where the system does not tell.
#[derive(Clone, Copy, Default)]
pub struct Process {
    /// Of all threads, in user and in system mode.
    pub cpu_us: u64,
    pub resident_bytes: u64,
}

impl Process {
    pub fn now() -> Self {
        let cpu = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        let cpu_us = cpu.tv_sec as u64 * 1_000_000 + cpu.tv_nsec as u64 / 1_000;
        // Pages: size, resident, shared …
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: u64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or_default();
        Process { cpu_us, resident_bytes: pages * rustix::param::page_size() as u64 }
    }
}

/// How many took how long.
#[derive(Default)]
pub struct Latency {
    buckets: [AtomicU64; Latency::BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
}

#[derive(Clone, Default)]
pub struct ModuleCounters {
    /// Turns that were asked for and have no answer yet. It goes down again.
    pub turns_asked: u64,
    pub turns: u64,
    pub cpu_us: u64,
    pub ops: u64,
    pub batch_bytes: u64,
    pub stripped: u64,
    pub events_cut: u64,
    pub slow_turns: u64,
    pub restarts: u64,
    pub disabled: u64,
    pub log_dropped: u64,
    pub memory_refused: u64,
    pub fetches: u64,
    pub fetch_refusals: u64,
    pub fetch_failures: u64,
    pub fetch_bytes: u64,
}

impl Metrics {
    pub fn module(&self, name: &str, change: impl FnOnce(&mut ModuleCounters)) {
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        match modules.get_mut(name) {
            Some(counters) => change(counters),
            None => change(modules.entry(name.to_owned()).or_default()),
        }
    }

    /// Counts one session more, unless there are as many as may be. The driver counts it off when it ends.
    pub fn take_session(&self, sessions_max: usize) -> bool {
        let one_more = |live| (live < sessions_max as i64).then_some(live + 1);
        self.sessions.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    /// What waits for a socket is seen in the metrics for as long as it lives.
    pub fn watch(&self, backlog: &Arc<Backlog>) {
        let mut backlogs = self.backlogs.lock().unwrap_or_else(PoisonError::into_inner);
        backlogs.retain(|backlog| backlog.strong_count() > 0);
        backlogs.push(Arc::downgrade(backlog));
    }

    /// Sockets that are not at their end: what they were told last may still have to be written.
    pub fn sockets_open(&self) -> usize {
        let backlogs = self.backlogs.lock().unwrap_or_else(PoisonError::into_inner);
        backlogs.iter().filter(|backlog| backlog.strong_count() > 0).count()
    }

    /// From asking for a turn to its answer.
    pub fn turn_latency(&self, class: Class, of_event: bool) -> &Latency {
        &self.turn_latency[class as usize][usize::from(of_event)]
    }

    /// The text that a scraper reads.
    pub fn render(&self, now: &Now) -> String {
        let mut out = String::new();
        let mut simple = |kind: &str, name: &str, help: &str, value: i128| {
            let _ = write!(
                out,
                "# HELP playconnect_{name} {help}\n# TYPE playconnect_{name} {kind}\nplayconnect_{name} {value}\n"
            );
        };
        let load = |counter: &AtomicU64| i128::from(counter.load(Ordering::Relaxed));
        simple(
            "counter",
            "process_cpu_us_total",
            "CPU of the process in microseconds.",
            now.process.cpu_us.into(),
        );
        simple(
            "gauge",
            "process_resident_bytes",
            "Memory of the process that is in RAM.",
            now.process.resident_bytes.into(),
        );
        simple("gauge", "session_live_count", "Live sessions.", self.sessions.load(Ordering::Relaxed).into());
        simple(
            "gauge",
            "session_sockets_count",
            "Attached browsers.",
            self.sockets.load(Ordering::Relaxed).into(),
        );
        let (waiting, waiting_max, waiting_peak) = self.backlog();
        simple(
            "gauge",
            "session_backlog_bytes",
            "Messages that wait to be written to browsers' sockets, of all sockets.",
            waiting as i128,
        );
        simple("gauge", "session_backlog_max_bytes", "The same, of the fullest socket.", waiting_max as i128);
        simple(
            "gauge",
            "session_backlog_peak_bytes",
            "The most that ever waited for one of the sockets that are open.",
            waiting_peak as i128,
        );
        simple(
            "gauge",
            "session_unattached_count",
            "Sessions that no browser has attached to.",
            now.unattached as i128,
        );
        let awake = self.instances_awake.load(Ordering::Relaxed);
        simple("gauge", "instance_awake_count", "Instances of modules that are awake.", awake.into());
        let asleep = self.instances_asleep.load(Ordering::Relaxed);
        simple(
            "gauge",
            "instance_asleep_count",
            "Instances that sleep until they are needed.",
            asleep.into(),
        );
        let bytes = load(&self.instances_asleep_bytes);
        simple("gauge", "instance_asleep_bytes", "What those that sleep take of memory.", bytes);
        let woken = load(&self.instances_woken);
        simple("counter", "instance_woken_total", "Instances that were woken.", woken);
        simple(
            "counter",
            "page_static_total",
            "Pages whose session is made when a browser attaches.",
            load(&self.static_pages),
        );
        simple(
            "gauge",
            "outbound_requests_count",
            "Requests of modules to other hosts that run.",
            now.fetches_running as i128,
        );
        simple("counter", "page_rendered_total", "Pages rendered.", load(&self.pages));
        simple("counter", "frame_sent_total", "Frames sent to browsers.", load(&self.frames));
        simple("counter", "frame_sent_bytes_total", "Bytes of frames sent.", load(&self.frame_bytes));
        simple(
            "counter",
            "frame_snapshots_total",
            "Frames that described a whole page.",
            load(&self.snapshots),
        );
        simple(
            "counter",
            "event_unlistened_total",
            "Events dropped because nothing listened.",
            load(&self.events_unlistened),
        );
        simple(
            "counter",
            "session_protocol_errors_total",
            "Browsers refused for breaking the protocol.",
            load(&self.protocol_errors),
        );
        self.render_turns(now, &mut out);
        let modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner).clone();
        type Gauge = (&'static str, &'static str, &'static str, fn(&ModuleCounters) -> u64);
        type Column = (&'static str, &'static str, fn(&ModuleCounters) -> u64);
        let columns: [Column; 15] = [
            ("module_turns_total", "Turns applied.", |own| own.turns),
            ("module_cpu_us_total", "Thread CPU of turns in microseconds.", |own| own.cpu_us),
            ("module_ops_total", "DOM operations in batches.", |own| own.ops),
            ("module_batch_bytes_total", "Bytes of batches.", |own| own.batch_bytes),
            ("module_stripped_total", "Operations that the allow-list does not have.", |own| own.stripped),
            ("module_events_cut_total", "Events whose texts were too long and cut.", |own| own.events_cut),
            ("module_slices_exceeded_total", "Turns over the reported CPU limit.", |own| own.slow_turns),
            ("module_restarts_total", "Restarts after a failure.", |own| own.restarts),
            ("module_disabled_total", "Modules disabled after repeated failures.", |own| own.disabled),
            ("module_log_dropped_total", "Lines lost because the module logged too much.", |own| {
                own.log_dropped
            }),
            ("module_memory_refused_total", "Calls that wanted more memory than allowed.", |own| {
                own.memory_refused
            }),
            ("module_fetches_total", "Requests to other hosts that were asked for.", |own| own.fetches),
            ("module_fetch_refusals_total", "Requests that the module may not make.", |own| {
                own.fetch_refusals
            }),
            ("module_fetch_failures_total", "Requests that got no answer.", |own| own.fetch_failures),
            ("module_fetch_body_bytes_total", "Bytes of answers' bodies.", |own| own.fetch_bytes),
        ];
        let depth: Gauge =
            ("qos_queue_depth", "Turns asked for and not answered.", "gauge", |own: &ModuleCounters| {
                own.turns_asked
            });
        let counters = columns.map(|(name, help, value)| (name, help, "counter", value));
        for (name, help, kind, value) in std::iter::once(depth).chain(counters) {
            let _ = write!(out, "# HELP playconnect_{name} {help}\n# TYPE playconnect_{name} {kind}\n");
            for (module, counters) in &modules {
                let _ = writeln!(out, "playconnect_{name}{{module=\"{module}\"}} {}", value(counters));
            }
        }
        out
    }

    /// Bytes that wait: of all sockets, of the fullest, the most that ever waited for one.
    fn backlog(&self) -> (usize, usize, usize) {
        let backlogs = self.backlogs.lock().unwrap_or_else(PoisonError::into_inner);
        backlogs.iter().filter_map(Weak::upgrade).fold((0, 0, 0), |(sum, max, peak), backlog| {
            let bytes = backlog.bytes();
            (sum + bytes, bytes.max(max), backlog.peak().max(peak))
        })
    }

    fn render_turns(&self, now: &Now, out: &mut String) {
        const CPU: &str = "playconnect_qos_cpu_us_total";
        const LATENCY: &str = "playconnect_qos_turn_latency_us";
        let _ = write!(out, "# HELP {CPU} Thread CPU of modules in microseconds.\n# TYPE {CPU} counter\n");
        for class in Class::ALL {
            let _ = writeln!(out, "{CPU}{{class=\"{}\"}} {}", class.name(), now.class_cpu_us[class as usize]);
        }
        let _ = write!(
            out,
            "# HELP {LATENCY} From asking for a turn to its answer.\n# TYPE {LATENCY} histogram\n"
        );
        for class in Class::ALL {
            for (of_event, cause) in [(false, "other"), (true, "event")] {
                let labels = format!("class=\"{}\",cause=\"{cause}\"", class.name());
                self.turn_latency(class, of_event).render(LATENCY, &labels, out);
            }
        }
    }
}

impl Latency {
    /// Upper bounds, in microseconds.
    const BOUNDS_US: [u64; 11] =
        [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 1_000_000];

    pub fn observe(&self, latency: Duration) {
        let us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        let bucket = Self::BOUNDS_US.iter().position(|bound| us <= *bound).unwrap_or(Self::BOUNDS_US.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    fn render(&self, name: &str, labels: &str, out: &mut String) {
        let mut count = 0;
        let bounds = Self::BOUNDS_US.iter().map(u64::to_string).chain(["+Inf".to_owned()]);
        for (bucket, bound) in self.buckets.iter().zip(bounds) {
            count += bucket.load(Ordering::Relaxed);
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {count}");
        }
        let _ = writeln!(out, "{name}_sum{{{labels}}} {}", self.sum_us.load(Ordering::Relaxed));
        let _ = writeln!(out, "{name}_count{{{labels}}} {count}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_counted_by_class_and_cause() {
        let metrics = Metrics::default();
        for us in [400, 500, 501, 2_000_000] {
            metrics.turn_latency(Class::Rest, true).observe(Duration::from_micros(us));
        }
        let text = metrics.render(&Now {
            fetches_running: 0,
            unattached: 0,
            class_cpu_us: [1, 2, 3, 4],
            process: Process::default(),
        });
        let count = |labels: &str| {
            let start = format!("playconnect_qos_turn_latency_us_{labels} ");
            let line = text.lines().find_map(|line| line.strip_prefix(&start)).expect(labels);
            line.parse::<u64>().expect("a number")
        };
        assert_eq!(count("bucket{class=\"rest\",cause=\"event\",le=\"500\"}"), 2);
        assert_eq!(count("bucket{class=\"rest\",cause=\"event\",le=\"1000000\"}"), 3);
        assert_eq!(count("bucket{class=\"rest\",cause=\"event\",le=\"+Inf\"}"), 4);
        assert_eq!(count("count{class=\"rest\",cause=\"other\"}"), 0);
        assert!(text.contains("playconnect_qos_cpu_us_total{class=\"rest\"} 3\n"), "{text}");
    }
}
