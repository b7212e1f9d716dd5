//! The order in which everything is built and tested.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::ValueEnum;

use crate::project::Project;
use crate::setup::{self, Missing};
use crate::steps::{run, step};
use crate::tally::Tally;
use crate::{codegen, engine, node, wasm};

/// The crates without I/O, clock and threads: their tests run on wasm32 too.
const PURE: [&str; 4] = ["playconnect-dom", "playconnect-frame", "playconnect-qos", "playconnect-session"];

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
    node::install(project)?;
    generated(project)?;
    node::client(project)?;
    engine(project)?;
    wasm::guests(project)?;
    playconnect(project)?;
    examples(project)?;
    println!("\nbuilt {}", project.playconnect().display());
    Ok(())
}

/// Serves the lobby. Does not come back.
pub fn demo(project: &Project, port: u16) -> anyhow::Result<ExitCode> {
    let admin = port.checked_add(1).context("--port 65535 leaves no port for the admin listener")?;
    for port in [port, admin] {
        // Here, because the server would name its own flags.
        TcpListener::bind(("127.0.0.1", port)).with_context(|| {
            format!(
                "port {port} of 127.0.0.1 is taken; choose another pair with `cargo xtask demo --port PORT`"
            )
        })?;
    }
    let mut command = project.command(&project.playconnect().to_string_lossy());
    command.args(["serve", "examples/lobby"]);
    command.args(["--listen", &format!("127.0.0.1:{port}"), "--admin", &format!("127.0.0.1:{admin}")]);
    Err(command.exec()).context("playconnect cannot be started")
}

/// All stages, or those of `only`.
pub fn test(project: &Project, only: &[Stage]) -> anyhow::Result<ExitCode> {
    let mut suite = Suite::default();
    suite.stage("set-up", |suite| {
        node::install(project)?;
        node::client(project)?;
        suite.part("the JavaScript engine", |_| engine(project))?;
        suite.part("Rust for wasm32", |_| wasm::guests(project))
    });
    type Work = fn(&Project, &mut Tally) -> anyhow::Result<()>;
    let stages: [(Stage, &str, Work); 5] = [
        (Stage::Lint, "lint", lint),
        (Stage::Rust, "rust", rust),
        (Stage::Wasm, "wasm", pure),
        (Stage::Npm, "npm", npm),
        (Stage::E2e, "e2e", e2e),
    ];
    for (stage, name, work) in stages {
        if only.is_empty() || only.contains(&stage) {
            suite.stage(name, |suite| suite.part(name, |tally| work(project, tally)));
        }
    }
    Ok(suite.report())
}

#[derive(Default)]
struct Suite {
    tally: Tally,
    times: Vec<(&'static str, Duration)>,
    missing: Vec<String>,
}

impl Suite {
    /// One that breaks counts as a failed test and keeps no other from running.
    fn stage(&mut self, name: &'static str, work: impl FnOnce(&mut Self) -> anyhow::Result<()>) {
        println!("\n=== {name}");
        let start = Instant::now();
        if let Err(error) = work(self) {
            self.tally.check(name, Err(error));
        }
        self.times.push((name, start.elapsed()));
    }

    /// What is missing on the machine fails what needs it, by name, and nothing else.
    fn part(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut Tally) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Err(error) = work(&mut self.tally) else { return Ok(()) };
        let missing = error.downcast::<Missing>()?;
        self.missing.push(missing.to_string());
        self.tally.check(name, Err(missing.into()));
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

fn generated(project: &Project) -> anyhow::Result<()> {
    step("generated files (cargo xtask codegen --check)", || codegen::check(&project.root))
}

fn engine(project: &Project) -> anyhow::Result<()> {
    setup::python(project)?;
    engine::build(&project.root, &project.engine(), engine::Expect::CheckedIn).map(|_| ())
}

/// With the features that the whole workspace agrees on, so that building and testing compile each crate once.
fn playconnect(project: &Project) -> anyhow::Result<()> {
    step("playconnect (cargo build --release --workspace --bin playconnect)", || {
        run(&mut project.cargo(&["build", "--release", "--workspace", "--bin", "playconnect"]))
    })
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

/// What the scenarios in Rust need: the tests would build it, too, but without a word.
fn conformance(project: &Project) -> anyhow::Result<()> {
    const BUILD: &str = "packages/conformance/frameworks/dioxus/build.mjs";
    step(&format!("scenarios in Rust (node {BUILD})"), || run(project.command("node").arg(BUILD)))
}

fn lint(project: &Project, tally: &mut Tally) -> anyhow::Result<()> {
    tally.check("lint: generated files", generated(project));
    let clippy = ["clippy", "--release", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    let fuzz =
        ["clippy", "--manifest-path", "fuzz/Cargo.toml", "--release", "--quiet", "--", "-D", "warnings"];
    const SCENARIOS: &str = "packages/conformance/frameworks/dioxus/Cargo.toml";
    let checks: [(&str, &[&str]); 4] = [
        ("cargo fmt", &["fmt", "--all", "--check"]),
        ("cargo fmt of the scenarios", &["fmt", "--manifest-path", SCENARIOS, "--all", "--check"]),
        ("cargo clippy", &clippy),
        ("cargo clippy of fuzz/", &fuzz),
    ];
    for (title, arguments) in checks {
        let mut command = project.cargo(arguments);
        // Checking links nothing: libFuzzer need not be compiled.
        command.env("CUSTOM_LIBFUZZER_PATH", project.target.join("libfuzzer.a"));
        tally.check(&format!("lint: {title}"), step(title, || run(&mut command)));
    }
    Ok(())
}

fn rust(project: &Project, tally: &mut Tally) -> anyhow::Result<()> {
    step("compile the tests (cargo test --release --workspace --no-run)", || {
        run(&mut project.cargo(&["test", "--release", "--workspace", "--no-run"]))
    })?;
    tally.run("rust", &mut project.cargo(&["test", "--release", "--workspace", "--no-fail-fast"]))
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
    let name = |folder: &Path| match project.shown(folder).to_string() {
        root if root.is_empty() => "the workspace".to_owned(),
        below => below,
    };
    for folder in node::workspaces_with(project, "check")? {
        let title = format!("npm: types of {}", name(&folder));
        let checked = step(&title, || run(npm_run(project, "check").current_dir(&folder)));
        tally.check(&title, checked);
    }
    for folder in node::workspaces_with(project, "test")? {
        if folder.ends_with("tests/e2e") {
            continue;
        }
        let title = format!("npm: {}", name(&folder));
        println!("==> {title}");
        tally.run(&title, npm_run(project, "test").current_dir(&folder))?;
    }
    Ok(())
}

fn e2e(project: &Project, tally: &mut Tally) -> anyhow::Result<()> {
    playconnect(project)?;
    examples(project)?;
    conformance(project)?;
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
