//! Runs an app's build commands.
//!
//! Under `playconnect dev` a command may stay when it has built, with its compilers loaded: `run` of
//! `@playconnect/module/bundle` does.
//!
//! ```text
//! PLAYCONNECT_STAY=PIPE                          ─▶  by which it will be told what has changed
//!              `playconnect: built` or `: failed`  ◀─  it has, and waits
//! ["/app/menu/menu.tsx"]                         ─▶  it builds again, or ends because it has to be started anew
//! ```

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, PipeReader, Read, Write, pipe};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::failure::Failure;
use crate::output::Progress;

/// Of what a command prints, this much is shown if it fails.
const LINES_SHOWN: usize = 20;
const LINE_BYTES_MAX: u64 = 4096;
/// Lines that wait to be read. Over it the command waits.
const LINES_QUEUED_MAX: usize = 256;
/// How often is looked whether a silent command has ended.
const TICK: Duration = Duration::from_millis(50);
/// A process that the command left in the background may hold its output open: no longer than this is waited for it.
const AFTERWARDS: Duration = Duration::from_millis(500);
/// Programs that stay at the same time, of 100 to 200 MB each. Over it the one that was not needed for longest ends.
const STAYING_MAX: usize = 4;
const BUILT: &str = "playconnect: built";
const FAILED: &str = "playconnect: failed";

/// A module's build command.
pub struct BuildCommand<'a> {
    /// For messages: `module.menu.build`.
    pub what: &'a str,
    /// For `sh -c`.
    pub command: &'a str,
    pub folder: &'a Path,
}

/// Runs build commands, and keeps the programs that stay.
pub struct Programs {
    /// Where their pipes are made. None: no program stays.
    pipes: Option<PathBuf>,
    /// By `what` and command. Those behind were needed later.
    staying: VecDeque<(String, Program)>,
}

/// A program that runs. What is left of it when it is dropped is ended.
struct Program {
    child: Child,
    lines: Receiver<String>,
    pipe: Option<AskingPipe>,
}

enum Waited {
    /// It has built, or failed to, and stays.
    Stays {
        built: bool,
    },
    Ended(ExitStatus),
}

impl Programs {
    /// None of them stays.
    pub fn that_end() -> Self {
        Self { pipes: None, staying: VecDeque::new() }
    }

    /// `folder` is for what they are told by.
    pub fn that_may_stay(folder: &Path) -> Self {
        Self { pipes: Some(folder.to_owned()), staying: VecDeque::new() }
    }

    /// `changed`: since the command was run before. With `stop`, the command and all that it has started are a group of
    /// their own, which is ended when `stop` becomes true.
    pub fn run(
        &mut self,
        command: &BuildCommand<'_>,
        changed: &BTreeSet<PathBuf>,
        progress: &Progress,
        stop: Option<&AtomicBool>,
    ) -> Result<(), Failure> {
        let mut said = Said { last: VecDeque::new(), progress };
        let key = format!("{} {}", command.what, command.command);
        let staying = self.staying.iter().position(|(known, _)| *known == key);
        if let Some((_, mut program)) = staying.and_then(|at| self.staying.remove(at))
            && program.ask(changed).is_ok()
            && let Waited::Stays { built } = program.wait(command, &mut said, stop)?
        {
            self.staying.push_back((key, program));
            return if built { Ok(()) } else { Err(failed(command, "has failed", said)) };
        }
        let mut program = Program::start(command, self.pipe_for(command), stop.is_some())?;
        match program.wait(command, &mut said, stop)? {
            Waited::Stays { built } => {
                if self.staying.len() == STAYING_MAX {
                    self.staying.pop_front();
                }
                self.staying.push_back((key, program));
                if built { Ok(()) } else { Err(failed(command, "has failed", said)) }
            }
            Waited::Ended(status) if status.success() => Ok(()),
            Waited::Ended(status) => Err(match status.code() {
                Some(127) => failed(command, "ended with exit code 127: the program was not found", said),
                Some(code) => failed(command, &format!("ended with exit code {code}"), said),
                None => failed(command, "was killed", said),
            }),
        }
    }

    /// None: it must not stay. What a shell does behind a program would wait for its end.
    fn pipe_for(&self, command: &BuildCommand<'_>) -> Option<AskingPipe> {
        let folder = self.pipes.as_ref().filter(|_| !command.command.contains(['&', '|', ';', '\n']))?;
        AskingPipe::make(folder).ok()
    }
}

impl Program {
    fn start(command: &BuildCommand<'_>, pipe: Option<AskingPipe>, group: bool) -> Result<Self, Failure> {
        let start = || -> io::Result<Self> {
            let (reader, writer) = self::pipe()?;
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(command.command).current_dir(command.folder).stdin(Stdio::null());
            // The manifest names the artifact by its path below the app; this variable would put it elsewhere.
            shell.env_remove("CARGO_TARGET_DIR");
            match &pipe {
                Some(pipe) => shell.env("PLAYCONNECT_STAY", &pipe.path),
                None => shell.env_remove("PLAYCONNECT_STAY"),
            };
            shell.stdout(writer.try_clone()?).stderr(writer);
            if group {
                shell.process_group(0);
            }
            let child = shell.spawn()?;
            // The shell's ends of the pipe are closed here: the pipe must end with the child.
            drop(shell);
            Ok(Self { child, lines: lines(reader), pipe })
        };
        start().map_err(|error| {
            let BuildCommand { what, command, folder } = command;
            Failure::run_time(&format!(
                "{what}: `{command}` cannot be started in {}: {error}",
                folder.display()
            ))
        })
    }

    /// To build again.
    fn ask(&mut self, changed: &BTreeSet<PathBuf>) -> io::Result<()> {
        let pipe = self.pipe.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let files: Vec<_> = changed.iter().map(|file| file.to_string_lossy()).collect();
        let mut line = serde_json::to_vec(&files)?;
        line.push(b'\n');
        pipe.file.write_all(&line)
    }

    fn wait(
        &mut self,
        command: &BuildCommand<'_>,
        said: &mut Said<'_>,
        stop: Option<&AtomicBool>,
    ) -> Result<Waited, Failure> {
        let BuildCommand { what, command, .. } = command;
        let lost = |error: io::Error| Failure::run_time(&format!("{what}: `{command}` is lost: {error}"));
        let mut ended: Option<Instant> = None;
        loop {
            match self.lines.recv_timeout(TICK) {
                Ok(line) if self.pipe.is_some() && line == BUILT => return Ok(Waited::Stays { built: true }),
                Ok(line) if self.pipe.is_some() && line == FAILED => {
                    return Ok(Waited::Stays { built: false });
                }
                Ok(line) => said.keep(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return self.child.wait().map_err(lost).map(Waited::Ended);
                }
            }
            if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                return Err(Failure::run_time(&format!("{what}: `{command}` was ended")));
            }
            if let Some(status) = self.child.try_wait().map_err(lost)?
                && ended.get_or_insert_with(Instant::now).elapsed() > AFTERWARDS
            {
                return Ok(Waited::Ended(status));
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            end_group(&self.child);
            let _ = self.child.wait();
        }
    }
}

/// A named pipe in the file system: a program finds it through any shell and package manager, and its standard input stays
/// empty, as that of a program that does not stay.
struct AskingPipe {
    path: PathBuf,
    file: File,
}

impl AskingPipe {
    fn make(folder: &Path) -> io::Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        fs::create_dir_all(folder)?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("stay-{}-{number}", std::process::id()));
        let _ = fs::remove_file(&path);
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        // To open it for writing alone would wait for the program, which may never come; and so would writing too much.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let file = File::options().read(true).write(true).custom_flags(flags).open(&path)?;
        Ok(Self { path, file })
    }
}

impl Drop for AskingPipe {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// What a command has printed last.
struct Said<'a> {
    last: VecDeque<String>,
    progress: &'a Progress,
}

impl Said<'_> {
    fn keep(&mut self, line: String) {
        self.progress.says(&line);
        if self.last.len() == LINES_SHOWN {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }
}

fn failed(command: &BuildCommand<'_>, how: &str, said: Said<'_>) -> Failure {
    let BuildCommand { what, command, folder } = command;
    let next = match without_packages(folder) {
        Some(package) => {
            format!("its packages are not installed: run `npm install` in {}", package.display())
        }
        None => "correct what it says above".to_owned(),
    };
    Failure::run_time(&format!("{what}: `{command}` {how}; {next}")).with_details(said.last.into())
}

/// The folder of the nearest package.json, if nobody has installed what it names: there and above is no node_modules.
fn without_packages(folder: &Path) -> Option<&Path> {
    let has = |name: &'static str| move |folder: &&Path| folder.join(name).exists();
    let package = folder.ancestors().find(has("package.json"))?;
    folder.ancestors().find(has("node_modules")).is_none().then_some(package)
}

fn end_group(child: &Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process_group(group, Signal::TERM);
    }
}

/// The lines as they come, without empty ones, until the pipe ends. One that is longer than the limit counts as
/// several.
fn lines(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::sync_channel(LINES_QUEUED_MAX);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while let Ok(1..) = (&mut reader).take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if !text.is_empty() && sender.send(text).is_err() {
                break;
            }
        }
    });
    receiver
}
