//! Counts tests in what test runners print, and keeps the names of those that failed.

use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::Context;

use crate::steps::shown;

/// A runner that prints nothing for so long hangs. cargo test names a test that takes over a minute, so the last lines
/// tell which.
const SILENCE_MAX: Duration = Duration::from_secs(600);

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub failures: Vec<String>,
}

impl Tally {
    /// Runs a test runner, shows what it prints and counts. One that fails without a failed test (it did not
    /// compile, it was killed) counts as one that failed; so does one that hangs, and it is ended.
    pub fn run(&mut self, title: &str, command: &mut Command) -> anyhow::Result<()> {
        self.run_within(title, command, SILENCE_MAX)
    }

    fn run_within(&mut self, title: &str, command: &mut Command, silence: Duration) -> anyhow::Result<()> {
        let shown = shown(command);
        // A group of its own, so that what the runner has started ends with it.
        let mut child = command
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("`{shown}` cannot be started"))?;
        let lines = lines(child.stdout.take().expect("it is piped"));
        let mut own = Self::default();
        loop {
            match lines.recv_timeout(silence) {
                Ok(line) => {
                    let line = line.with_context(|| shown.clone())?;
                    let line = String::from_utf8_lossy(&line);
                    println!("{line}");
                    own.read(&line);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    end_group(&child)?;
                    own.fail(&format!("`{shown}` printed nothing for {} s and was ended", silence.as_secs()));
                    break;
                }
            }
        }
        let status = child.wait().with_context(|| shown.clone())?;
        if !status.success() && own.failed == 0 {
            own.fail(&format!("`{shown}` ({status})"));
        }
        self.add(title, own);
        Ok(())
    }

    /// One check that is no test runner: its title is its name.
    pub fn check(&mut self, title: &str, outcome: anyhow::Result<()>) {
        let mut own = Self::default();
        match outcome {
            Ok(()) => own.passed = 1,
            Err(error) => {
                println!("error: {error:#}");
                own.fail(&format!("{error:#}"));
            }
        }
        self.add(title, own);
    }

    fn add(&mut self, title: &str, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures.into_iter().map(|name| format!("{title}: {name}")));
    }

    fn fail(&mut self, name: &str) {
        self.failed += 1;
        self.failures.push(name.to_owned());
    }

    /// One line of cargo test (`test result:`) or of node --test (TAP's `# pass`, the spec reporter's `ℹ pass`).
    fn read(&mut self, line: &str) {
        let line = line.trim();
        let number = |text: &str| text.trim().parse::<u64>().unwrap_or(0);
        if let Some(result) = line.strip_prefix("test result: ") {
            for part in result.split(['.', ';']) {
                let part = part.trim();
                if let Some(count) = part.strip_suffix(" passed") {
                    self.passed += number(count);
                } else if let Some(count) = part.strip_suffix(" failed") {
                    self.failed += number(count);
                }
            }
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        } else if let Some((_, name)) = line.strip_prefix("not ok ").and_then(|rest| rest.split_once(" - ")) {
            self.failures.push(name.to_owned());
        } else if let Some(count) = ["# pass ", "ℹ pass "].iter().find_map(|start| line.strip_prefix(start))
        {
            self.passed += number(count);
        } else if let Some(count) = ["# fail ", "# cancelled ", "ℹ fail ", "ℹ cancelled "]
            .iter()
            .find_map(|start| line.strip_prefix(start))
        {
            self.failed += number(count);
        }
    }
}

fn lines(output: impl Read + Send + 'static) -> mpsc::Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n') {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

fn end_group(leader: &Child) -> anyhow::Result<()> {
    let group = format!("-{}", leader.id());
    Command::new("kill").args(["-KILL", "--", &group]).status().context("`kill` cannot be started")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(output: &str) -> Tally {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.read(line));
        tally
    }

    #[test]
    fn cargo_test() {
        let tally = counted(
            "test a::b ... ok\ntest a::c ... FAILED\n\
             test result: FAILED. 7 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        assert_eq!(tally, Tally { passed: 19, failed: 1, failures: vec!["a::c".to_owned()] });
    }

    #[test]
    fn node_test() {
        let tap = counted(
            "TAP version 13\nok 1 - x\nnot ok 2 - it breaks\n# tests 3\n# pass 2\n# fail 1\n# cancelled 0",
        );
        assert_eq!(tap, Tally { passed: 2, failed: 1, failures: vec!["it breaks".to_owned()] });
        let spec = counted("ℹ tests 3\nℹ pass 3\nℹ fail 0\nℹ cancelled 0");
        assert_eq!((spec.passed, spec.failed), (3, 0));
    }

    #[test]
    fn a_runner_that_breaks_counts_as_failed() {
        let mut tally = Tally::default();
        tally.run("stage", Command::new("sh").args(["-c", "exit 3"])).unwrap();
        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert!(tally.failures[0].starts_with("stage: `sh -c exit 3`"), "{:?}", tally.failures);
    }
    #[test]
    fn a_runner_that_hangs_is_ended_with_all_it_started() {
        let mut tally = Tally::default();
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'test a ... FAILED'; sleep 600 & wait"]);
        tally.run_within("stage", &mut command, Duration::from_millis(300)).unwrap();
        assert_eq!(tally.failed, 1);
        assert!(tally.failures[1].contains("printed nothing for 0 s and was ended"), "{:?}", tally.failures);
    }
}
