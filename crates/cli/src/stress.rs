//! `playconnect stress`: many users of a page, and what they saw.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use playconnect_stress::{Admin, Options, Progress, Report, Script, StressError};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use url::Url;

use crate::failure::Failure;
use crate::output::{Output, table};

/// Files of the program itself, and connections on their way from page to socket.
const FILES_BESIDE_SOCKETS: u64 = 64;

#[derive(Args)]
pub struct Stress {
    /// A page of the node, for example http://127.0.0.1:7420/
    #[arg(long)]
    url: Url,
    /// Users at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    sessions: u32,
    /// How long is measured
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// Seconds before that, in which the users come one after the other
    #[arg(long, value_name = "S", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=3_600))]
    ramp: u32,
    /// What each user does: TOML with sections [[step]], see docs/stress.md
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// The node's admin listener, to ask for its CPU and memory, for example http://127.0.0.1:7421/
    #[arg(long, value_name = "URL", requires = "token_file")]
    admin: Option<Url>,
    /// The file of its token, which `playconnect serve` names
    #[arg(long, value_name = "FILE", requires = "admin")]
    token_file: Option<PathBuf>,
    /// The course of the run as a picture, in one HTML file
    #[arg(long, value_name = "FILE", default_value = "playconnect-stress.html")]
    picture: PathBuf,
    /// Of what the users choose by chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub fn run(arguments: &Stress, output: &Output) -> Result<(), Failure> {
    let script = arguments.script.as_ref().map_or(Ok(Script::default()), read_script)?;
    let admin = match (&arguments.admin, &arguments.token_file) {
        (Some(url), Some(file)) => Some(Admin { url: url.clone(), token: read(file)?.trim().to_owned() }),
        _ => None,
    };
    // What cannot be written later is better known before.
    fs::write(&arguments.picture, "").map_err(|error| cannot_write(arguments, &error))?;
    let ended = measure(arguments, script, admin, output);
    let Ok(report) = ended else {
        // It is empty.
        let _ = fs::remove_file(&arguments.picture);
        return ended.map(drop);
    };
    fs::write(&arguments.picture, report.picture()).map_err(|error| cannot_write(arguments, &error))?;
    if output.is_json() {
        output.line(&report.json().to_string())?;
    } else {
        let rows: Vec<_> = report.rows().into_iter().map(|(name, value)| vec![name, value]).collect();
        output.line(&table(&["", ""], &rows))?;
        output.line(&format!("\nThe course of it: {}", arguments.picture.display()))?;
    }
    if report.answered == 0 {
        return Err(Failure::run_time(
            "nobody was answered: see the errors above, and whether the script fits the page",
        ));
    }
    Ok(())
}

fn measure(
    arguments: &Stress,
    script: Script,
    admin: Option<Admin>,
    output: &Output,
) -> Result<Report, Failure> {
    allow_files(arguments.sessions)?;
    let options = Options {
        url: arguments.url.clone(),
        sessions: arguments.sessions,
        duration: Duration::from_secs(arguments.seconds.into()),
        ramp: Duration::from_secs(arguments.ramp.into()),
        script,
        admin,
        seed: arguments.seed,
    };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::run_time(&format!("threads cannot be started: {error}")))?;
    let progress = output.progress("users");
    let says = |now: Progress| {
        let Progress { second, seconds, live, answered, errors } = now;
        progress.says(&format!("{second} of {seconds} s: {live} live, {answered} answers, {errors} errors"));
    };
    runtime.block_on(playconnect_stress::run(options, says)).map_err(|error| match error {
        StressError::Url(..) => Failure::usage(error.to_string()),
        StressError::Page(..) | StressError::Admin(..) => Failure::run_time(&error.to_string()),
    })
}

fn read_script(path: &PathBuf) -> Result<Script, Failure> {
    Script::parse(&read(path)?).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn read(path: &PathBuf) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", path.display())))
}

fn cannot_write(arguments: &Stress, error: &std::io::Error) -> Failure {
    let file = arguments.picture.display();
    Failure::usage(format!("{file} cannot be written: {error}; name another file with --picture"))
}

/// Each user has a socket. The soft limit is raised as far as this process may.
fn allow_files(sessions: u32) -> Result<(), Failure> {
    let needed = u64::from(sessions) + FILES_BESIDE_SOCKETS;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(needed), ..limit };
    if limit.maximum.is_some_and(|most| most < needed) || setrlimit(Resource::Nofile, raised).is_err() {
        let most = limit.maximum.or(limit.current).unwrap_or_default();
        return Err(Failure::usage(format!(
            "--sessions {sessions} needs {needed} open files, and this shell may have {most}: run `ulimit -Hn {needed}` as root, or \
             take fewer sessions"
        )));
    }
    Ok(())
}
