//! What a host and an instance may use.

use std::path::PathBuf;
use std::sync::Arc;

use playconnect_qos::Class;

const MIB: u64 = 1 << 20;

/// What the whole node has for modules. Fixed when the host is made.
#[derive(Clone, Debug)]
pub struct Config {
    /// Instances that live at once; `[modules] instances_max` in `node.toml`. Address space is reserved for all of
    /// them, memory is used only for what they touch.
    pub instances_max: u32,
    /// The largest memory that a widget's limit can be raised to; `[modules] widget_memory`. A multiple of 64 KiB.
    pub widget_memory_bytes: u64,
    /// Entries of a function table. Engines in one module (QuickJS) need some thousands.
    pub table_elements_max: u32,
    /// Size of a component file.
    pub module_bytes_max: u64,
    /// The longest slice: CPU after which a guest stops at the next tick of the clock and the next one is chosen, which may
    /// be the same. Others that got less have it stop sooner.
    pub quantum_us: u64,
    /// Where compiled modules are kept. None: each start of the process compiles again.
    pub cache_dir: Option<PathBuf>,
    /// Keep compiled functions in this process (up to 256 MiB): a module that shares most of them with one that was
    /// compiled before, as all JavaScript modules do, is compiled in a fraction of the time. For development.
    pub keep_functions: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            instances_max: 4_096,
            widget_memory_bytes: 64 * MIB,
            table_elements_max: 20_000,
            module_bytes_max: 32 * MIB,
            quantum_us: 5_000,
            cache_dir: None,
            keep_functions: false,
        }
    }
}

/// What one instance may use: `[module.NAME.limits]` in the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of whose share it is; the module's key `class`.
    pub class: Class,
    /// Linear memory; key `memory`. At most [`Config::widget_memory_bytes`].
    pub memory_bytes: u64,
    /// Thread CPU of a turn above which [`Usage::slow`](crate::Usage::slow) is set; key `event_report`.
    pub event_report_us: u64,
    /// Thread CPU of a turn (or a snapshot) at which the instance is stopped; key `event_stop`.
    pub event_stop_us: u64,
    /// The same for instantiation and `init` together, and for a restore; key `init_stop`.
    pub init_stop_us: u64,
    /// One batch; key `batch_bytes`. With its requests an answer may have 4 MiB more.
    pub batch_bytes: u64,
    /// Lines of log, by the turns' own clock; key `log_rate`. Over it, lines are dropped and counted.
    pub log_bytes_per_second: u64,
}

impl Limits {
    /// What one call may hand to the host: a batch, and the bodies of its requests.
    pub(crate) fn output_bytes(&self) -> u64 {
        self.batch_bytes.saturating_add(4 * MIB)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            class: Class::Ui,
            memory_bytes: 64 * MIB,
            event_report_us: 50_000,
            event_stop_us: 1_000_000,
            init_stop_us: 1_000_000,
            batch_bytes: 4 * MIB,
            log_bytes_per_second: 65_536,
        }
    }
}

/// Whose instance it is. Only for messages: every failure names both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    pub session: Arc<str>,
    /// The module's name in the manifest.
    pub module: Arc<str>,
}

impl Labels {
    pub fn new(session: &str, module: &str) -> Self {
        Labels { session: session.into(), module: module.into() }
    }
}
