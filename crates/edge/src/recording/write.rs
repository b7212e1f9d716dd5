//! Writing recordings: the drivers hand records over, one thread packs and writes them. No driver waits for a disk: what
//! the thread cannot take ends the recording it belongs to.

use super::{Header, MAGIC, RECORDING_BYTES_MAX, RecordRef, RecordedModule};
use crate::app::Page;
use crate::session_name::Origin;
use flate2::Compression;
use flate2::write::GzEncoder;
use playconnect_session::{Input, Instant, Output, SessionId, SocketId};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

/// Sessions of one process; those behind are not recorded, so that a node that is forgotten fills no disk.
const RECORDINGS_MAX: usize = 1_000;
/// Records on their way to the writer.
const WAITING_MAX: usize = 8_192;
/// What a process that is killed loses.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
const FINISH_WITHIN: Duration = Duration::from_secs(5);

/// The node's recorder. Clones are the same.
#[derive(Clone)]
pub struct Recorder {
    jobs: SyncSender<Job>,
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    application: String,
    origin: Origin,
    begun: AtomicUsize,
}

enum Job {
    Begin { session: SessionId, path: PathBuf, header: Header },
    Record { session: SessionId, bytes: Vec<u8> },
    End { session: SessionId },
    Finish { done: mpsc::Sender<()> },
}

impl Recorder {
    /// # Errors
    /// The folder cannot be made, or there is no thread to be had.
    pub fn start(folder: &Path, application: &str, origin: Origin) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let (jobs, inbox) = mpsc::sync_channel(WAITING_MAX);
        std::thread::Builder::new().name("pc-recorder".to_owned()).spawn(move || run(&inbox))?;
        let shared = Shared {
            folder: folder.to_owned(),
            application: application.to_owned(),
            origin,
            begun: AtomicUsize::new(0),
        };
        Ok(Self { jobs, shared: Arc::new(shared) })
    }

    /// For one driver.
    pub fn driver(&self) -> DriverRecorder {
        DriverRecorder { recorder: self.clone(), sessions: HashMap::new(), sockets: HashMap::new() }
    }

    /// All that was recorded is in its files.
    pub fn finish(&self) {
        let (done, finished) = mpsc::channel();
        if self.jobs.send(Job::Finish { done }).is_ok() {
            let _ = finished.recv_timeout(FINISH_WITHIN);
        }
    }
}

/// What one driver's sessions give to be recorded.
pub struct DriverRecorder {
    recorder: Recorder,
    /// Those that are recorded, with the bytes so far.
    sessions: HashMap<SessionId, u64>,
    sockets: HashMap<SocketId, SessionId>,
}

impl DriverRecorder {
    /// To be called in front of the session's first input.
    pub fn open(&mut self, session: SessionId, page: &Page) {
        let shared = &self.recorder.shared;
        let number = shared.begun.fetch_add(1, Ordering::Relaxed);
        if number >= RECORDINGS_MAX {
            if number == RECORDINGS_MAX {
                tracing::warn!(recordings = RECORDINGS_MAX, "sessions from here on are not recorded");
            }
            return;
        }
        let header = Header {
            playconnect: env!("CARGO_PKG_VERSION").to_owned(),
            application: shared.application.clone(),
            route: page.route.clone(),
            modules: page
                .modules
                .iter()
                .map(|module| RecordedModule { name: module.name.to_string(), hash: *module.code.hash() })
                .collect(),
        };
        // Not the session's whole name: by that a browser attaches.
        let name = format!("{:08x}-{:08x}.pcr", shared.origin.boot, (session.0 >> 96) as u32);
        let path = shared.folder.join(name);
        if self.recorder.jobs.try_send(Job::Begin { session, path, header }).is_ok() {
            self.sessions.insert(session, 0);
        }
    }

    pub fn input(&mut self, at: Instant, input: &Input) {
        let session = match input {
            Input::Open { session, .. }
            | Input::Message { session, .. }
            | Input::SocketClosed { session, .. }
            | Input::SocketCongested { session, .. }
            | Input::Swap { session, .. }
            | Input::Close { session, .. } => *session,
            Input::Attach { session, socket, .. } => {
                if self.sessions.contains_key(session) {
                    self.sockets.insert(*socket, *session);
                }
                *session
            }
            Input::Started { key, .. }
            | Input::InitRefused { key, .. }
            | Input::Turned { key, .. }
            | Input::Fetched { key, .. } => key.session,
        };
        self.record(session, &RecordRef::Input { at, input });
    }

    /// The sessions that are due do what is due.
    pub fn tick(&mut self, at: Instant, due: impl Iterator<Item = SessionId>) {
        due.for_each(|session| self.record(session, &RecordRef::Tick { at }));
    }

    pub fn output(&mut self, output: &Output) {
        let Some(session) = self.session_of(output) else { return };
        self.record(session, &RecordRef::Output(output));
        match output {
            Output::CloseSocket { socket, .. } => {
                self.sockets.remove(socket);
            }
            Output::Ended { session } if self.sessions.remove(session).is_some() => {
                self.sockets.retain(|_, of| of != session);
                // Its end must not be lost: here the driver waits, which is once for a session.
                let _ = self.recorder.jobs.send(Job::End { session: *session });
            }
            _ => {}
        }
    }

    fn session_of(&self, output: &Output) -> Option<SessionId> {
        use playconnect_session::Report;
        Some(match output {
            Output::Start { key, .. }
            | Output::Turn { key, .. }
            | Output::Stop { key }
            | Output::Fetch { key, .. }
            | Output::CancelFetch { key, .. } => key.session,
            Output::Html { session, .. } | Output::Ended { session } => *session,
            Output::Send { socket, .. }
            | Output::CloseSocket { socket, .. }
            | Output::PauseReading { socket }
            | Output::ResumeReading { socket } => *self.sockets.get(socket)?,
            Output::Report(report) => match report {
                Report::Stripped { key, .. }
                | Report::Restarting { key, .. }
                | Report::Disabled { key, .. }
                | Report::EventCut { key, .. }
                | Report::Applied { key, .. } => key.session,
                Report::EventUnlistened { session, .. }
                | Report::Protocol { session, .. }
                | Report::Frame { session, .. } => *session,
            },
        })
    }

    fn record(&mut self, session: SessionId, record: &RecordRef<'_>) {
        let Some(written) = self.sessions.get_mut(&session) else { return };
        let Ok(bytes) = postcard::to_allocvec(record) else {
            return self.cut(session, "it could not be encoded");
        };
        *written += bytes.len() as u64 + 4;
        if *written > RECORDING_BYTES_MAX - 1_024 {
            return self.cut(session, "the recording is as long as it may be");
        }
        match self.recorder.jobs.try_send(Job::Record { session, bytes }) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => self.cut(session, "more came than the disk took"),
            Err(TrySendError::Disconnected(_)) => {
                self.sessions.remove(&session);
            }
        }
    }

    fn cut(&mut self, session: SessionId, why: &str) {
        self.sessions.remove(&session);
        tracing::warn!(why, "the rest of a session is not recorded");
        if let Ok(bytes) = postcard::to_allocvec(&RecordRef::Cut { why }) {
            let _ = self.recorder.jobs.send(Job::Record { session, bytes });
        }
        let _ = self.recorder.jobs.send(Job::End { session });
    }
}

type Packer = GzEncoder<BufWriter<File>>;

fn run(inbox: &mpsc::Receiver<Job>) {
    let mut files: HashMap<SessionId, Packer> = HashMap::new();
    loop {
        let job = match inbox.recv_timeout(FLUSH_EVERY) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => {
                files.retain(|_, file| told(file.flush()));
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        match job {
            Job::Begin { session, path, header } => match begin(&path, &header) {
                Ok(file) => {
                    files.insert(session, file);
                }
                Err(error) => {
                    tracing::error!(path = %path.display(), %error, "a recording cannot be written")
                }
            },
            Job::Record { session, bytes } => {
                if let Some(file) = files.get_mut(&session)
                    && !told(append(file, &bytes))
                {
                    files.remove(&session);
                }
            }
            Job::End { session } => {
                if let Some(file) = files.remove(&session) {
                    told(file.finish().and_then(|mut file| file.flush()));
                }
            }
            Job::Finish { done } => {
                for (_, file) in files.drain() {
                    told(file.finish().and_then(|mut file| file.flush()));
                }
                let _ = done.send(());
            }
        }
    }
}

fn begin(path: &Path, header: &Header) -> io::Result<Packer> {
    let mut file = BufWriter::new(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?);
    file.write_all(MAGIC)?;
    let mut file = GzEncoder::new(file, Compression::fast());
    append(&mut file, &postcard::to_allocvec(header).map_err(io::Error::other)?)?;
    Ok(file)
}

fn append(file: &mut Packer, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(bytes)
}

/// Whether it went well; if not, the operator hears of it.
fn told(result: io::Result<()>) -> bool {
    if let Err(error) = &result {
        tracing::error!(%error, "a recording cannot be written");
    }
    result.is_ok()
}
