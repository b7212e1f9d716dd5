//! The order in which everything is built and tested.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::ValueEnum;

use crate::project::Project;
use crate::setup::{self, Missing};
use crate::steps::{run, step};
use crate::tally::Tally;
use crate::{codegen, node, wasm};

/// The crates without I/O, clock and threads: their tests run on wasm32 too.
const PURE: [&str; 3] = ["playconnect-dom", "playconnect-frame", "playconnect-session"];

/// Parts of the test run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Formatting, clippy, generated files
    Lint,
    /// cargo test of the whole workspace, with the command line's tests
    Rust,
    /// The pure crates' tests compiled for wasm32 and run there
    Wasm,
    /// The npm packages' type checks and tests
    Npm,
    /// The built examples in a real browser
    E2e,
}

/// Everything up to the binary and the built examples.
pub fn build(project: &Project) -> anyhow::Result<()> {
    prepare(project)?;
    step("playconnect (cargo build --release -p playconnect-cli)", || {
        run(&mut project.cargo(&["build", "--release", "--package", "playconnect-cli"]))
    })?;
    examples(project)?;
    println!("\nbuilt {}", project.playconnect().display());
    Ok(())
}

/// Serves the lobby. Does not come back.
pub fn demo(project: &Project, port: u16) -> anyhow::Result<ExitCode> {
    let admin = port.checked_add(1).context("--port 65535 leaves no port for the admin listener")?;
    let mut command = project.command(&project.playconnect().to_string_lossy());
    command.args(["serve", "examples/lobby"]);
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--admin", &format!("127.0.0.1:{admin}")]);
    Err(command.exec()).context("playconnect cannot be started")
}

/// All stages, or those of `only`.
pub fn test(project: &Project, only: &[Stage]) -> anyhow::Result<ExitCode> {
    let wanted = |stage: Stage| only.is_empty() || only.contains(&stage);
    let mut suite = Suite { tally: Tally::default(), times: Vec::new(), missing: Vec::new() };

    suite.timed("set-up", |_| prepare(project))?;
    if wanted(Stage::Lint) {
        suite.timed("lint", |suite| {
            lint(project, &mut suite.tally);
            Ok(())
        })?;
    }
    if wanted(Stage::Rust) {
        suite.timed("rust", |suite| {
            let mut command = project.cargo(&["test", "--release", "--workspace", "--no-fail-fast"]);
            suite.tally.run("rust", &mut command)
        })?;
    }
    if wanted(Stage::Wasm) {
        suite.timed("wasm", |suite| suite.needing("wasm: tests on wasm32", |tally| pure(project, tally)))?;
    }
    if wanted(Stage::Npm) {
        suite.timed("npm", |suite| npm(project, &mut suite.tally))?;
    }
    if wanted(Stage::E2e) {
        suite
            .timed("e2e", |suite| suite.needing("e2e: tests in the browser", |tally| e2e(project, tally)))?;
    }
    Ok(suite.report())
}

struct Suite {
    tally: Tally,
    times: Vec<(&'static str, Duration)>,
    missing: Vec<String>,
}

impl Suite {
    fn timed(
        &mut self,
        stage: &'static str,
        work: impl FnOnce(&mut Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        println!("\n=== {stage}");
        let start = Instant::now();
        let done = work(self).with_context(|| stage.to_owned());
        self.times.push((stage, start.elapsed()));
        done
    }

    /// What is missing on the machine fails the tests that need it, and no others.
    fn needing(
        &mut self,
        tests: &str,
        work: impl FnOnce(&mut Tally) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Err(error) = work(&mut self.tally) else { return Ok(()) };
        let missing = error.downcast::<Missing>()?;
        self.missing.push(missing.to_string());
        self.tally.check(tests, Err(missing.into()));
        Ok(())
    }

    fn report(self) -> ExitCode {
        println!("\nstage      minutes");
        for (stage, time) in &self.times {
            println!("{stage:<10} {:>7.1}", time.as_secs_f64() / 60.0);
        }
        for name in &self.tally.failures {
            println!("failed: {name}");
        }
        for missing in &self.missing {
            eprintln!("error: {missing}");
        }
        println!("{} passed, {} failed", self.tally.passed, self.tally.failed);
        match (self.tally.failed, self.missing.is_empty()) {
            (0, _) => ExitCode::SUCCESS,
            (_, true) => ExitCode::FAILURE,
            (_, false) => ExitCode::from(2),
        }
    }
}

/// What every build needs before the binary can be compiled.
fn prepare(project: &Project) -> anyhow::Result<()> {
    node::install(project)?;
    step("generated files (cargo xtask codegen --check)", || codegen::check(&project.root))?;
    node::client(project)?;
    wasm::guests(project)
}

fn examples(project: &Project) -> anyhow::Result<()> {
    for app in project.examples()? {
        let app = project.shown(&app).to_string();
        step(&format!("example (playconnect build {app})"), || {
            run(project.command(&project.playconnect().to_string_lossy()).args(["build", &app]))
        })?;
    }
    Ok(())
}

fn lint(project: &Project, tally: &mut Tally) {
    let clippy = ["clippy", "--release", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    let checks: [(&str, &[&str]); 2] =
        [("cargo fmt", &["fmt", "--all", "--check"]), ("cargo clippy", &clippy)];
    for (title, arguments) in checks {
        tally.check(&format!("lint: {title}"), step(title, || run(&mut project.cargo(arguments))));
    }
}

fn pure(project: &Project, tally: &mut Tally) -> anyhow::Result<()> {
    let mut command = wasm::test_command(project)?;
    for package in PURE {
        command.args(["--package", package]);
    }
    // A panic ends a wasm32 program: without capture its message is seen.
    tally.run("wasm", command.args(["--no-fail-fast", "--", "--nocapture"]))
}

fn npm(project: &Project, tally: &mut Tally) -> anyhow::Result<()> {
    for folder in node::workspaces_with(project, "check")? {
        let title = format!("npm: types of {}", project.shown(&folder));
        let checked = step(&title, || run(npm_run(project, "check").current_dir(&folder)));
        tally.check(&title, checked);
    }
    for folder in node::workspaces_with(project, "test")? {
        if folder.ends_with("tests/e2e") {
            continue;
        }
        let title = format!("npm: {}", project.shown(&folder));
        println!("==> {title}");
        tally.run(&title, npm_run(project, "test").current_dir(&folder))?;
    }
    Ok(())
}

fn e2e(project: &Project, tally: &mut Tally) -> anyhow::Result<()> {
    // The tests of the command line need the binary too. Built the same way as there, no crate is compiled a second
    // time with other features.
    step("playconnect (cargo test --release --workspace --no-run)", || {
        run(&mut project.cargo(&["test", "--quiet", "--release", "--workspace", "--no-run"]))
    })?;
    examples(project)?;
    let chromium = setup::chromium(project)?;
    let mut command = npm_run(project, "test");
    command.current_dir(project.root.join("tests/e2e"));
    command.env("CHROMIUM", chromium).env("PLAYCONNECT_BINARY", project.playconnect());
    command.env("PLAYCONNECT_SCREENSHOTS", project.target.join("e2e"));
    tally.run("e2e", &mut command)
}

fn npm_run(project: &Project, script: &str) -> Command {
    let mut command = project.command("npm");
    command.args(["run", "--silent", script]);
    command
}
