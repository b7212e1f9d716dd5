//! Runs an app's build command.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, pipe};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::output::Progress;

/// Of what a command prints, this much is shown if it fails.
const LINES_SHOWN: usize = 20;
const LINE_BYTES_MAX: u64 = 4096;

/// Runs it by `sh -c`. `what` is for messages, for example `module.menu.build`.
pub fn run(what: &str, command: &str, folder: &Path, progress: &Progress) -> Result<(), Failure> {
    let broken =
        |error: std::io::Error| Failure::run_time(&format!("{what}: `{command}` cannot be started: {error}"));
    let (reader, writer) = pipe().map_err(broken)?;
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(folder).stdin(Stdio::null());
    // The manifest names the artifact by its path below the app; this variable would put it elsewhere.
    shell.env_remove("CARGO_TARGET_DIR");
    shell.stdout(writer.try_clone().map_err(broken)?).stderr(writer);
    let mut child = shell.spawn().map_err(broken)?;
    // It holds our ends of the pipe for writing: the pipe must end with the child.
    drop(shell);
    let last = last_lines(reader, progress);
    let status = child.wait().map_err(broken)?;
    if status.success() {
        return Ok(());
    }
    let how = match status.code() {
        Some(127) => "ended with exit code 127: the program was not found".to_owned(),
        Some(code) => format!("ended with exit code {code}"),
        None => "was killed".to_owned(),
    };
    let failure = Failure::run_time(&format!("{what}: `{command}` {how}; correct what it says above"));
    Err(failure.with_details(last))
}

fn last_lines(reader: impl Read, progress: &Progress) -> Vec<String> {
    let mut reader = BufReader::new(reader);
    let mut last = VecDeque::new();
    let mut line = Vec::new();
    // A line that is longer than the limit counts as several.
    while let Ok(1..) = (&mut reader).take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        line.clear();
        if text.is_empty() {
            continue;
        }
        progress.says(&text);
        if last.len() == LINES_SHOWN {
            last.pop_front();
        }
        last.push_back(text);
    }
    last.into()
}
