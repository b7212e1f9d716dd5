//! `playconnect.toml`: what an app is made of.
//!
//! The file is read strictly. Every finding has a place, a cause and a next step, and all findings of a file are
//! reported at once. What the language of the manifest has and this version does not do is refused by name.
//! `version` and `framework` are for people.

pub mod grant;
pub mod node_config;
mod problem;
mod read;
mod reader;
mod shell;
pub mod units;

use playconnect_qos::{Class, Share};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use grant::Grant;
pub use problem::{Place, Problem};
pub use shell::{ShellError, ShellSlot, slots};

pub use problem::Source;
pub use read::{Unreadable, inside, read_text};
pub use shell::head_end;

use problem::nearest;
use reader::{At, Document, Section};

/// The manifest's name in the app's folder.
pub const FILE_NAME: &str = "playconnect.toml";

/// An app as its manifest describes it: read, checked against itself and against the pages' shells.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The app's folder. Every path below is relative to it.
    pub folder: PathBuf,
    pub application: Application,
    pub pages: Vec<Page>,
    /// In the order of the file.
    pub modules: Vec<Module>,
    pub limits: PageLimits,
    pub policy: Policy,
    /// In the order of the file.
    pub classes: Vec<ClassSettings>,
    pub session: SessionTimes,
    /// What is not wrong but worth knowing.
    pub warnings: Vec<Problem>,
}

#[derive(Clone, Debug)]
pub struct Application {
    pub name: String,
    pub version: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Page {
    /// An absolute path such as `/` or `/tables`.
    pub route: String,
    /// The file of the static HTML.
    pub shell: PathBuf,
    /// Its text, as it was when the manifest was read, with the manifest's title if it had none.
    pub html: String,
    /// The slots of `html`, in document order.
    pub slots: Vec<ShellSlot>,
}

#[derive(Clone, Debug)]
pub struct Module {
    pub name: String,
    pub kind: Kind,
    /// For people and tables: `react`, `dioxus` …
    pub framework: Option<String>,
    /// The component. `playconnect build` writes it.
    pub source: PathBuf,
    pub slot: String,
    pub class: Class,
    /// The module's stylesheet.
    pub style: Option<PathBuf>,
    /// Handed to the module at its start.
    pub properties: serde_json::Map<String, serde_json::Value>,
    /// Animation frames a second.
    pub max_fps: u32,
    /// The module may lay something over the page: modal dialogs, and `pc-overlay` elements.
    pub overlay: bool,
    /// Hosts that the module may fetch from; none by default.
    pub outbound_hosts: Vec<Grant>,
    pub build: Option<Build>,
    pub limits: ModuleLimits,
    /// Where the module stands in the manifest.
    pub place: Place,
    source_place: Place,
    style_place: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Widget,
}

#[derive(Clone, Debug)]
pub struct Build {
    /// Run by `sh -c` in `folder`.
    pub command: String,
    /// The bundle (`.js`), core module or component that the command leaves behind. `None`: it writes `source`.
    pub artifact: Option<PathBuf>,
    /// Globs of the files that the build reads.
    pub watch: Vec<String>,
    /// Relative to the app's folder; empty for the app's folder itself.
    pub folder: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleLimits {
    /// Bytes of linear memory.
    pub memory: u64,
    /// Thread CPU of one turn above which it is reported.
    pub event_report: Duration,
    /// Thread CPU of one turn after which it is stopped.
    pub event_stop: Duration,
    /// Thread CPU of `init` after which it is stopped.
    pub init_stop: Duration,
    /// Bytes of one batch.
    pub batch_bytes: u64,
    /// Operations of one batch.
    pub batch_ops: u32,
    /// Timers at the same time.
    pub timers: u32,
    /// Bytes of log a second.
    pub log_rate: u64,
    /// Requests to other hosts at the same time.
    pub fetches: u32,
    /// Bytes of a request: URL, headers and body.
    pub fetch_request: u64,
    /// Bytes of an answer's body.
    pub fetch_response: u64,
    /// From a request to the last byte of its answer.
    pub fetch_timeout: Duration,
    /// The first pause before a module that failed is started again. It doubles with each failure.
    pub restart_backoff_min: Duration,
    pub restart_backoff_max: Duration,
    /// So many failures within `restart_disable_window` disable the module.
    pub restart_disable_after: u32,
    pub restart_disable_window: Duration,
}

/// `[limits]`: of a page, that is, of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLimits {
    pub nodes: u32,
    /// Of texts, attributes, listeners and templates of all modules of a page, in bytes.
    pub bytes: u64,
    pub depth: u32,
    pub modules: u32,
    /// Requests to other hosts at the same time, of all modules of a page.
    pub fetches: u32,
}

/// `[dom] policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    Serial,
    ReadWriteLock,
    Transactional,
    Adaptive,
}

/// `[class.NAME]`.
#[derive(Clone, Debug)]
pub struct ClassSettings {
    pub class: Class,
    /// Of each core that runs modules: keys `weight`, `floor` (what it gets in any case) and `limit` (what it gets at most).
    pub share: Share,
    pub slo_p99: Option<Duration>,
}

/// `[session]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// How long a session outlives its socket.
    pub ttl: Duration,
    /// How long a session that was made for a page's HTML waits for its first socket.
    pub unattached: Duration,
    /// How long a module does nothing, and waits for nothing that is due soon, before its instance is put to sleep.
    /// `None`: it stays awake.
    pub idle: Option<Duration>,
}

/// All that is wrong with a manifest. Displays as one line per problem.
#[derive(Debug, thiserror::Error)]
pub struct ManifestError {
    pub problems: Vec<Problem>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl Manifest {
    /// Reads `playconnect.toml` of the folder and the shells that it names.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load(folder: &Path) -> Result<Self, ManifestError> {
        read::load(folder)
    }

    /// The same from a text, with shells from elsewhere.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn parse(
        folder: &Path,
        text: String,
        read_file: &dyn Fn(&Path, u64, &'static str) -> Result<String, Unreadable>,
    ) -> Result<Self, ManifestError> {
        read::parse(folder, text, read_file)
    }

    /// The files that `playconnect build` makes and that are not there, or not of this app.
    pub fn missing_files(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for module in &self.modules {
            let style = module.style.as_ref().zip(module.style_place.as_ref());
            let files = [("source", Some((&module.source, &module.source_place))), ("style", style)];
            for (key, (path, place)) in files.into_iter().filter_map(|(key, file)| Some((key, file?))) {
                let file = self.folder.join(path);
                if file.is_file() {
                    continue;
                }
                let (cause, next) = if file.exists() {
                    (format!("{} is not a file", path.display()), "name the file that is built".to_owned())
                } else {
                    let build = format!("run `playconnect build {}`", self.folder.display());
                    (format!("there is no file {}", path.display()), build)
                };
                let object = format!("module.{}.{key}", module.name);
                problems.push(Problem { place: place.clone(), object, cause, next });
            }
        }
        problems
    }

    pub fn module(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.name == name)
    }
}

impl Module {
    /// The module in which the slot stands and the name by which that one offers the place, if it is no slot of a page.
    pub fn nested(&self) -> Option<(&str, &str)> {
        self.slot.split_once('/')
    }
}

impl Default for ModuleLimits {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            event_report: Duration::from_millis(50),
            event_stop: Duration::from_millis(1_000),
            init_stop: Duration::from_millis(1_000),
            batch_bytes: 4 << 20,
            batch_ops: 100_000,
            timers: 256,
            log_rate: 64 << 10,
            fetches: 16,
            fetch_request: 1 << 20,
            fetch_response: 4 << 20,
            fetch_timeout: Duration::from_secs(30),
            restart_backoff_min: Duration::from_millis(100),
            restart_backoff_max: Duration::from_secs(30),
            restart_disable_after: 5,
            restart_disable_window: Duration::from_secs(60),
        }
    }
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { nodes: 50_000, bytes: 32 << 20, depth: 256, modules: 16, fetches: 64 }
    }
}

impl Default for SessionTimes {
    fn default() -> Self {
        Self { ttl: Duration::from_secs(15 * 60), unattached: Duration::from_secs(10), idle: None }
    }
}

impl Policy {
    pub const NAMES: [(&'static str, Self); 4] = [
        ("serial", Self::Serial),
        ("rwlock", Self::ReadWriteLock),
        ("transactional", Self::Transactional),
        ("adaptive", Self::Adaptive),
    ];
}
