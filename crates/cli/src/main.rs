//! The command line `playconnect`.
//!
//! Manners: exit code 0 is fine, 1 failed at run time, 2 wrong usage or configuration. An error is one line on
//! stderr with what it is about, the cause and the next step; lines of other programs stand above it, indented.
#![forbid(unsafe_code)]

mod artifact;
mod build;
mod check;
mod dev;
mod failure;
mod inspect;
mod new;
mod output;
mod program;
mod serve;
mod simulate;
mod stress;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use failure::Failure;
use output::Output;

/// An edge runtime for UI modules: side by side on one live page, each in its own WebAssembly sandbox
#[derive(Parser)]
#[command(name = "playconnect", version, arg_required_else_help = false)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// Print JSON on stdout, for programs
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a new app
    #[command(
        after_help = "Templates: react, vue, svelte, rust (one module, with Dioxus), lobby (four modules on one page).\n\nExample:\n  playconnect \
        new my-app --template vue"
    )]
    New(new::New),
    /// Build the app's modules: run their build commands and make a component of each
    #[command(after_help = "Example:\n  playconnect build examples/lobby")]
    Build(App),
    /// Check the manifest and the built modules
    #[command(after_help = "Example:\n  playconnect check examples/lobby && echo fine")]
    Check(App),
    /// Serve the app's pages, and take over what changes in its sources
    #[command(
        after_help = "Builds what is not built, then watches the files that `watch` in the manifest names. A module that changes is \
        built and takes the old one's place on open pages; the modules beside it keep their state. A build that fails leaves \
        the old one running, and is told here and on the page. Ctrl-C ends it.\n\nExample:\n  playconnect dev examples/lobby"
    )]
    Dev(Serve),
    /// Serve the app's pages
    #[command(after_help = "Example:\n  playconnect serve examples/lobby --listen 127.0.0.1:7420")]
    Serve(Serve),
    /// Replay a recorded session against the app's modules: they must do the same, bit for bit
    #[command(
        after_help = "Example:\n  playconnect serve examples/lobby --record recordings\n  playconnect simulate recordings/6921a0b3-5f0c21d7.pcr examples/lobby"
    )]
    Simulate(simulate::Simulate),
    /// Let many scripted users do things on a page of a running node, and see how long they wait
    #[command(
        after_help = "Each user opens the page, and a session with it. Without a script each clicks once a second on something that \
        listens for clicks. What is measured begins when the ramp is over.\n\nExample:\n  playconnect stress --url http://127.0.0.1:7420/ \
        --sessions 100 --seconds 30 --ramp 5 --admin http://127.0.0.1:7421/ --token-file .playconnect/data/admin-token"
    )]
    Stress(stress::Stress),
    /// Print what is in files that are not for people
    #[command(subcommand)]
    Inspect(inspect::Inspect),
}

#[derive(Args)]
struct App {
    /// The app's folder, with its playconnect.toml
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    app: App,
    /// Pages and sessions [default: 127.0.0.1:7420]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<SocketAddr>,
    /// Health, metrics, administration [default: 127.0.0.1:7421]
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    admin: Option<SocketAddr>,
    /// Data folder [default: .playconnect/data in the app's folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Record each session into a file of this folder: it holds what people type
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// Settings of the node [default: node.toml in the app's folder, if it is there]
    #[arg(long, value_name = "FILE")]
    node: Option<PathBuf>,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "write an address and a port, for example 127.0.0.1:7420")
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(failure::report_panic));
    let outcome = std::panic::catch_unwind(|| {
        let arguments = match Arguments::try_parse() {
            Ok(arguments) => arguments,
            Err(error) => return usage(&error),
        };
        let output = Output::new(arguments.json);
        match arguments.verb {
            Verb::New(new) => new::run(&new, output),
            Verb::Build(app) => build::run(&app.folder, &output),
            Verb::Check(app) => check::run(&app.folder, &output),
            Verb::Dev(serve) => dev::run(serve, output),
            Verb::Serve(serve) => serve::run(serve, &output),
            Verb::Simulate(simulate) => simulate::run(&simulate, &output),
            Verb::Stress(stress) => stress::run(&stress, &output),
            Verb::Inspect(what) => inspect::run(&what, &output),
        }
    });
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        // The hook has reported it.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Help and version go to stdout as they are; a mistake is one line.
fn usage(error: &clap::Error) -> Result<(), Failure> {
    let text = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Output::new(false).line(text.trim_end());
    }
    let verb = std::env::args().nth(1).filter(|verb| {
        ["new", "build", "check", "dev", "serve", "simulate", "stress"].contains(&verb.as_str())
    });
    let next = match verb {
        Some(verb) => format!("see `playconnect {verb} --help`"),
        None => "see `playconnect --help`".to_owned(),
    };
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        || error.kind() == ErrorKind::MissingSubcommand
    {
        return Err(Failure::usage(format!("no verb was given; {next}")));
    }
    let said: Vec<_> = text
        .lines()
        .map(|line| line.trim().trim_start_matches("tip: "))
        .filter(|line| !line.is_empty() && !line.starts_with("to pass "))
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .collect();
    let said = said.join("; ");
    Err(Failure::usage(format!("{}; {next}", said.trim_start_matches("error: "))))
}
