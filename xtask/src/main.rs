//! The project's own commands: `cargo xtask VERB`.
//!
//! Each verb does the set-up that it needs, says what it does, and skips what is up to date.

mod bench;
mod codegen;
mod engine;
mod fuzz;
mod node;
mod project;
mod setup;
mod soak;
mod steps;
mod suite;
mod tally;
#[cfg(test)]
mod tidy;
mod wasm;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use project::Project;
use suite::Stage;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, tests and shows PlayConnect")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Build everything, start the lobby example and print its URL
    #[command(after_help = "Example: cargo xtask demo --port 7420")]
    Demo {
        /// The port of the public listener on 127.0.0.1; the admin listener gets the next one
        #[arg(long, default_value_t = 7420)]
        port: u16,
    },
    /// Set up, and build the binary `playconnect` and the examples
    Build,
    /// Run all tests and print their sum
    #[command(after_help = "Example: cargo xtask test --only rust --only wasm")]
    Test {
        /// Run only this stage and the set-up that it needs; may be given more than once
        #[arg(long, value_enum, value_name = "STAGE")]
        only: Vec<Stage>,
    },
    /// Write the files that are generated from protocol/
    Codegen {
        /// Fail if a file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Build the JavaScript engine into target/playconnect-engine
    Engine {
        /// Write the hash of what was built to packages/module/engine/engine.sha256
        #[arg(long)]
        update: bool,
    },
    /// Bundle the browser client into packages/client/dist
    Client,
    /// Measure PlayConnect, beside its peers where it has some
    #[command(after_help = "Example: cargo xtask bench --check page")]
    Bench(bench::Options),
    /// Run nodes, browsers and modules in virtual time, and hold them to what must be true
    #[command(after_help = "Example: cargo xtask sim --seeds 5000 --profile cuts")]
    Sim {
        /// As the simulator takes them: --seeds N, --from SEED, --profile NAME, --planted BUG, --trace; --help says more
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run end-to-end tests for longer: connections that are cut, browsers that cannot keep up
    #[command(after_help = "Example: cargo xtask soak cuts --cuts 100 --seed 7")]
    Soak(soak::Options),
    /// Search for bytes that break the decoders, guided by coverage
    #[command(after_help = "Example: cargo xtask fuzz batch --seconds 3600")]
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let verb = Arguments::parse().verb;
    let done = Project::find().and_then(|project| run(&project, verb));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            // What a person has to install or correct is a matter of configuration.
            let code = if error.is::<setup::Missing>() { 2 } else { 1 };
            ExitCode::from(code)
        }
    }
}

fn run(project: &Project, verb: Verb) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Bench(options) => bench::bench(project, &options),
        Verb::Sim { arguments } => {
            let mut command =
                project.cargo(&["run", "--release", "--quiet", "--package", "playconnect-sim", "--"]);
            let status = command.args(arguments).status().context("cargo run --package playconnect-sim")?;
            Ok(ExitCode::from(u8::from(!status.success())))
        }
        Verb::Soak(options) => soak::soak(project, &options).map(|()| ExitCode::SUCCESS),
        Verb::Fuzz(options) => fuzz::fuzz(project, &options).map(|()| ExitCode::SUCCESS),
        Verb::Demo { port } => {
            suite::build(project)?;
            suite::demo(project, port)
        }
        Verb::Build => suite::build(project).map(|()| ExitCode::SUCCESS),
        Verb::Test { only } => suite::test(project, &only),
        Verb::Codegen { check: true } => codegen::check(&project.root).map(|()| ExitCode::SUCCESS),
        Verb::Codegen { check: false } => {
            for path in codegen::write(&project.root)? {
                println!("wrote {}", path.display());
            }
            Ok(ExitCode::SUCCESS)
        }
        Verb::Engine { update } => {
            let expect = if update { engine::Expect::Update } else { engine::Expect::CheckedIn };
            setup::python(project)?;
            let built = engine::build(&project.root, &project.engine(), expect)?;
            println!("{} {}", built.sha256, built.wasm.display());
            Ok(ExitCode::SUCCESS)
        }
        Verb::Client => {
            node::install(project)?;
            node::client(project).map(|()| ExitCode::SUCCESS)
        }
    }
}
