//! End-to-end tests for longer than `cargo xtask test` has time for: the same programs with larger figures.

use clap::{Args, ValueEnum};

use crate::project::Project;
use crate::steps::run;
use crate::{node, setup, suite};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Soak {
    /// A browser whose connection is cut at random: tests/e2e/cuts.test.mjs
    Cuts,
    /// A browser that cannot keep up, and a tab that nobody looks at: tests/e2e/slow.test.mjs
    Slow,
}

#[derive(Args)]
pub struct Options {
    /// Only this one
    #[arg(value_enum)]
    only: Option<Soak>,
    /// Times that the connection is cut
    #[arg(long, default_value_t = 100)]
    cuts: u32,
    /// Of what is drawn at random; another one each time if none is given
    #[arg(long)]
    seed: Option<u32>,
    /// For which the link is slow, and then the tab hidden
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Take the binary as it is
    #[arg(long)]
    no_build: bool,
}

pub fn soak(project: &Project, options: &Options) -> anyhow::Result<()> {
    if options.no_build {
        node::install(project)?;
    } else {
        suite::build(project)?;
    }
    let chromium = setup::chromium(project)?;
    for soak in Soak::value_variants() {
        if options.only.is_some_and(|only| only != *soak) {
            continue;
        }
        let mut command = project.command("node");
        command.current_dir(project.root.join("tests/e2e"));
        command.env("CHROMIUM", &chromium).env("PLAYCONNECT_BINARY", project.playconnect());
        command.args(["--test", "--test-reporter=spec"]);
        match soak {
            Soak::Cuts => {
                command.arg("cuts.test.mjs").env("PLAYCONNECT_CUTS", options.cuts.to_string());
                if let Some(seed) = options.seed {
                    command.env("PLAYCONNECT_SEED", seed.to_string());
                }
            }
            Soak::Slow => {
                command.arg("slow.test.mjs");
                for variable in ["PLAYCONNECT_SLOW_SECONDS", "PLAYCONNECT_HIDDEN_SECONDS"] {
                    command.env(variable, options.seconds.to_string());
                }
            }
        }
        run(&mut command)?;
    }
    Ok(())
}
