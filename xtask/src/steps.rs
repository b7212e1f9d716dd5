//! Steps: one line when one begins, one when it ends with how long it took.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// Does it, and says what and how long.
pub fn step<T>(title: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    println!("==> {title}");
    let start = Instant::now();
    let done = work().with_context(|| title.to_owned())?;
    println!("    {} ({title})", seconds(start.elapsed()));
    Ok(done)
}

/// Says that there was nothing to do.
pub fn fresh(title: &str) {
    println!("==> {title}: up to date");
}

/// Runs it with our own standard streams.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("`{shown}` cannot be started"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// The program and its arguments, without the environment.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
