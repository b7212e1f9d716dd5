//! Runs an app's build command.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, PipeReader, Read, pipe};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

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

/// Runs it by `sh -c`. `what` is for messages, for example `module.menu.build`. With `stop`, the command and all that it
/// has started are a group of their own, which is ended when `stop` becomes true.
pub fn run(
    what: &str,
    command: &str,
    folder: &Path,
    progress: &Progress,
    stop: Option<&AtomicBool>,
) -> Result<(), Failure> {
    let broken = |error: std::io::Error| {
        Failure::run_time(&format!("{what}: `{command}` cannot be started in {}: {error}", folder.display()))
    };
    let (reader, writer) = pipe().map_err(broken)?;
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(folder).stdin(Stdio::null());
    // The manifest names the artifact by its path below the app; this variable would put it elsewhere.
    shell.env_remove("CARGO_TARGET_DIR");
    shell.stdout(writer.try_clone().map_err(broken)?).stderr(writer);
    if stop.is_some() {
        shell.process_group(0);
    }
    let mut child = shell.spawn().map_err(broken)?;
    // It holds our ends of the pipe for writing: the pipe must end with the child.
    drop(shell);

    let lines = lines(reader);
    let mut last = VecDeque::new();
    let mut ended: Option<Instant> = None;
    let status = loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => keep(&mut last, line, progress),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break child.wait().map_err(broken)?,
        }
        if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            end_group(&child);
            let _ = child.wait();
            return Err(Failure::run_time(&format!("{what}: `{command}` was ended")));
        }
        if let Some(status) = child.try_wait().map_err(broken)?
            && ended.get_or_insert_with(Instant::now).elapsed() > AFTERWARDS
        {
            break status;
        }
    };
    if status.success() {
        return Ok(());
    }
    let how = match status.code() {
        Some(127) => "ended with exit code 127: the program was not found".to_owned(),
        Some(code) => format!("ended with exit code {code}"),
        None => "was killed".to_owned(),
    };
    let next = match without_packages(folder) {
        Some(package) => {
            format!("its packages are not installed: run `npm install` in {}", package.display())
        }
        None => "correct what it says above".to_owned(),
    };
    let failure = Failure::run_time(&format!("{what}: `{command}` {how}; {next}"));
    Err(failure.with_details(last.into()))
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

fn keep(last: &mut VecDeque<String>, line: String, progress: &Progress) {
    progress.says(&line);
    if last.len() == LINES_SHOWN {
        last.pop_front();
    }
    last.push_back(line);
}

/// The lines as they come, without empty ones, until the pipe ends. One that is longer than the limit counts as
/// several.
fn lines(reader: PipeReader) -> mpsc::Receiver<String> {
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
