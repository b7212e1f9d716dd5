//! A recording replayed: the same inputs, at the same times, to a session machine and the app's own modules. What they
//! do must be what was recorded, bit for bit.

use super::{ReadError, Record, Recording};
use crate::app::{App, Page};
use crate::convert;
use playconnect_host::{Host, Instance, Labels, Limits};
use playconnect_session::{Input, Instant, ModuleInput, ModuleKey, Node, Outcome, Output, Report, Start};
use std::collections::{HashMap, VecDeque};
use std::io::Read;
use std::sync::Arc;

/// What a replay has shown.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    pub inputs: u64,
    pub turns: u64,
    pub frames: u64,
    pub frame_bytes: u64,
    /// From the first record to the last, in the time of the recording.
    pub duration_us: u64,
    /// The recording ends amid a record.
    pub is_torn: bool,
    /// Why the recording ends before its session does, if it says so.
    pub cut: Option<String>,
    pub difference: Option<Difference>,
}

/// Where the replay first did something else.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Position of the record.
    pub record: usize,
    /// Since the first record.
    pub at_us: u64,
    pub what: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the app has no page {route:?}: it was recorded with another app, {application:?}")]
    NoPage { route: String, application: String },
    #[error(
        "the module `{module}` is another one than in the recording; build the app as it was then, or name its folder"
    )]
    OtherModule { module: String },
    #[error(
        "record {record}: the module was exchanged under `playconnect dev`; what follows cannot be replayed"
    )]
    Swapped { record: usize },
}

/// No limit of CPU: how long a turn took is in the recording, and when one was stopped.
const UNLIMITED_US: u64 = u64::MAX / 4;

/// # Errors
/// What keeps the recording from being replayed. That it differs is none: see [`Simulated::difference`].
pub async fn simulate<R: Read>(
    recording: &mut Recording<R>,
    app: &App,
    host: &Host,
    mut on_progress: impl FnMut(&Simulated),
) -> Result<Simulated, SimulateError> {
    let header = &recording.header;
    let page = app.pages.get(&header.route).ok_or_else(|| SimulateError::NoPage {
        route: header.route.clone(),
        application: header.application.clone(),
    })?;
    let recorded = header.modules.iter();
    let other = recorded.clone().enumerate().find(|(position, recorded)| {
        !page
            .modules
            .get(*position)
            .is_some_and(|module| *module.name == *recorded.name && *module.code.hash() == recorded.hash)
    });
    if let Some((_, module)) = other {
        return Err(SimulateError::OtherModule { module: module.name.clone() });
    }
    let mut replay = Replay::new(host.clone(), page.clone());
    for (position, record) in recording.by_ref().enumerate() {
        let difference = match record? {
            Record::Input { input: Input::Swap { .. }, .. } => {
                return Err(SimulateError::Swapped { record: position });
            }
            Record::Input { at, input } => replay.input(at, input).await,
            Record::Tick { at } => replay.tick(at),
            Record::Output(output) => replay.compare(&output),
            Record::Cut { why } => {
                replay.seen.cut = Some(why);
                Ok(())
            }
        };
        if let Err(what) = difference {
            let at_us = replay.seen.duration_us;
            replay.seen.difference = Some(Difference { record: position, at_us, what });
            break;
        }
        on_progress(&replay.seen);
    }
    replay.seen.is_torn = recording.is_torn;
    Ok(replay.seen)
}

struct Replay {
    host: Host,
    page: Arc<Page>,
    node: Node,
    began: Option<Instant>,
    seen: Simulated,
    /// What the machine has asked for and the recording has not yet.
    asked: VecDeque<Output>,
    starts: HashMap<ModuleKey, Start>,
    turns: HashMap<ModuleKey, (Instant, Vec<ModuleInput>)>,
    instances: HashMap<ModuleKey, Instance>,
}

impl Replay {
    fn new(host: Host, page: Arc<Page>) -> Self {
        Self {
            host,
            page,
            node: Node::new(),
            began: None,
            seen: Simulated::default(),
            asked: VecDeque::new(),
            starts: HashMap::new(),
            turns: HashMap::new(),
            instances: HashMap::new(),
        }
    }

    async fn input(&mut self, at: Instant, input: Input) -> Result<(), String> {
        self.time(at);
        self.seen.inputs += 1;
        match &input {
            Input::Started { key, result: Ok(()) } => self.start(*key).await?,
            Input::Turned { key, result: Ok(outcome), .. } => self.turn(*key, outcome).await?,
            // Whatever ended it: it is over.
            Input::Started { key, .. } | Input::InitRefused { key, .. } | Input::Turned { key, .. } => {
                self.instances.remove(key);
            }
            _ => {}
        }
        self.node.take_in(input, at);
        self.collect();
        Ok(())
    }

    fn tick(&mut self, at: Instant) -> Result<(), String> {
        self.time(at);
        self.node.handle_timeout(at);
        self.collect();
        Ok(())
    }

    fn compare(&mut self, recorded: &Output) -> Result<(), String> {
        match self.asked.pop_front() {
            Some(asked) if asked == *recorded => {
                if let Output::Report(Report::Frame { bytes, .. }) = recorded {
                    self.seen.frames += 1;
                    self.seen.frame_bytes += *bytes as u64;
                }
                Ok(())
            }
            Some(asked) => Err(format!("recorded: {}; replayed: {}", brief(recorded), brief(&asked))),
            None => Err(format!("recorded: {}; the replay asks for nothing", brief(recorded))),
        }
    }

    fn time(&mut self, at: Instant) {
        let began = *self.began.get_or_insert(at);
        self.seen.duration_us = at.since(began);
    }

    fn collect(&mut self) {
        while let Some(output) = self.node.poll() {
            match &output {
                Output::Start { key, start } => {
                    self.starts.insert(*key, start.clone());
                }
                Output::Turn { key, now, inputs } => {
                    self.turns.insert(*key, (*now, inputs.clone()));
                }
                Output::Stop { key } => {
                    self.instances.remove(key);
                    self.starts.remove(key);
                    self.turns.remove(key);
                }
                _ => {}
            }
            self.asked.push_back(output);
        }
    }

    async fn start(&mut self, key: ModuleKey) -> Result<(), String> {
        let start = self.starts.remove(&key).ok_or("a module started that nobody asked for")?;
        let module = &self.page.modules[key.module];
        let limits =
            Limits { event_stop_us: UNLIMITED_US, init_stop_us: UNLIMITED_US, ..module.limits.clone() };
        let labels = Labels::new("simulated", &module.name);
        let report = self.host.instantiate(&module.code, labels, limits, convert::start(start)).await;
        let instance =
            report.result.map_err(|failure| format!("recorded: it started; replayed: {failure}"))?;
        self.instances.insert(key, instance);
        Ok(())
    }

    async fn turn(&mut self, key: ModuleKey, recorded: &Outcome) -> Result<(), String> {
        let (now, inputs) = self.turns.remove(&key).ok_or("a turn that nobody asked for")?;
        let instance = self.instances.get_mut(&key).ok_or("a turn of a module that is not there")?;
        self.seen.turns += 1;
        let name = &self.page.modules[key.module].name;
        let report = instance.turn(now.0, &convert::inputs(inputs)).await;
        let outcome =
            report.result.map_err(|failure| format!("recorded: an answer of {name}; replayed: {failure}"))?;
        let outcome = convert::outcome(outcome);
        if outcome == *recorded {
            return Ok(());
        }
        let what = if outcome.batch == recorded.batch { "its timers or requests" } else { "its batch" };
        Err(format!("a turn of {name} had another answer: {what}"))
    }
}

/// The beginning of what it is.
fn brief(output: &Output) -> String {
    const CHARACTERS: usize = 200;
    let text = format!("{output:?}");
    match text.char_indices().nth(CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
