//! How a verb ends when it does not end well.

use std::io::Write;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use playconnect_manifest::{ManifestError, Problem};

#[derive(Debug, Default)]
pub struct Failure {
    code: u8,
    messages: Vec<Message>,
}

#[derive(Debug)]
struct Message {
    /// What others said about it: the last lines of a build command, a stack of JavaScript.
    details: Vec<String>,
    line: String,
}

impl Failure {
    /// Wrong usage or configuration.
    pub fn usage(line: impl Into<String>) -> Self {
        Self { code: 2, messages: vec![Message { details: Vec::new(), line: line.into() }] }
    }

    /// It could not be done.
    pub fn run_time(text: &str) -> Self {
        let mut lines = text.lines();
        let line = lines.next().unwrap_or_default().trim_end_matches(':').to_owned();
        let details = lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
        Self { code: 1, messages: vec![Message { details, line }] }
    }

    pub fn with_details(mut self, details: Vec<String>) -> Self {
        if let Some(message) = self.messages.last_mut() {
            message.details = details;
        }
        self
    }

    pub fn problems(problems: &[Problem]) -> Self {
        let message = |problem: &Problem| Message { details: Vec::new(), line: problem.to_string() };
        Self { code: 2, messages: problems.iter().map(message).collect() }
    }

    /// Whoever read our output has gone, and needs no more of it.
    pub fn reader_has_gone() -> Self {
        Self::default()
    }

    /// One failure of several: the first code counts.
    pub fn add(&mut self, other: Self) {
        if self.messages.is_empty() {
            self.code = other.code;
        }
        self.messages.extend(other.messages);
    }

    pub fn into_result(self) -> Result<(), Self> {
        if self.messages.is_empty() { Ok(()) } else { Err(self) }
    }

    /// In the order of [`print`](Self::print): for each message what others said about it, then its line.
    pub fn lines(&self) -> Vec<String> {
        let lines = |message: &Message| [&message.details[..], std::slice::from_ref(&message.line)].concat();
        self.messages.iter().flat_map(lines).collect()
    }

    pub fn report(self) -> ExitCode {
        self.print();
        ExitCode::from(self.code)
    }

    pub fn print(&self) {
        let mut stderr = std::io::stderr().lock();
        for message in &self.messages {
            // Where stderr is closed there is nobody to tell.
            for detail in &message.details {
                let _ = writeln!(stderr, "  | {detail}");
            }
            let _ = writeln!(stderr, "error: {}", message.line.replace('\n', " "));
        }
    }
}

impl From<ManifestError> for Failure {
    fn from(error: ManifestError) -> Self {
        Self::problems(&error.problems)
    }
}

/// A bug of ours: one line, no backtrace.
pub fn report_panic(info: &PanicHookInfo<'_>) {
    let text = info.payload_as_str().unwrap_or("no message").replace('\n', " ");
    let place =
        info.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let _ =
        writeln!(std::io::stderr(), "error: internal error{place}: {text}; this is a bug, please report it");
}
