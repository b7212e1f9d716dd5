//! Coverage-guided fuzzing of the decoders, with cargo-fuzz from the registry. Findings stay in `fuzz/artifacts`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::project::Project;
use crate::setup;
use crate::steps::{run, step};

/// As in `fuzz/Cargo.toml`; a test compares.
const TARGETS: [&str; 4] = ["batch", "frames", "events", "manifest"];
const CARGO_FUZZ: &str = "0.13.2";

#[derive(clap::Args)]
pub struct Options {
    /// batch, frames, events, manifest; all if none is given
    targets: Vec<String>,
    /// For each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Keep what was found interesting in fuzz/seeds, for the normal tests
    #[arg(long)]
    keep: bool,
}

pub fn fuzz(project: &Project, options: &Options) -> anyhow::Result<()> {
    let Options { targets, seconds, .. } = options;
    if let Some(unknown) = targets.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        bail!("there is no target `{unknown}`; there are: {}", TARGETS.join(", "));
    }
    if setup::found("c++").is_none() {
        setup::debian(project, "a C++ compiler (libFuzzer is C++)", &["g++"])?;
    }
    let cargo_fuzz = install(project)?;
    let all = || TARGETS.map(str::to_owned).to_vec();
    for target in if targets.is_empty() { all() } else { targets.clone() } {
        let corpus = seed(project, &target)?;
        let inputs = std::fs::read_dir(&corpus).with_context(|| corpus.display().to_string())?.count();
        step(&format!("fuzz {target} for {seconds} s, from {inputs} inputs"), || {
            let mut command = cargo_fuzz_run(project, &cargo_fuzz, "run", &target);
            command.args([
                "--",
                &format!("-max_total_time={seconds}"),
                "-timeout=10",
                "-print_final_stats=1",
            ]);
            run(&mut command)
        })
        .with_context(|| format!("what broke `{target}` is in fuzz/artifacts/{target}"))?;
        if options.keep {
            keep(project, &cargo_fuzz, &target)?;
        }
    }
    Ok(())
}

fn install(project: &Project) -> anyhow::Result<PathBuf> {
    let root = project.target.join("playconnect-tools").join(format!("cargo-fuzz-{CARGO_FUZZ}"));
    let program = root.join("bin/cargo-fuzz");
    if !program.is_file() {
        step(&format!("cargo-fuzz {CARGO_FUZZ} (from the registry)"), || {
            let version = ["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ, "--root"];
            run(project.cargo(&version).arg(&root))
        })?;
    }
    Ok(program)
}

/// The seeds of the normal tests are where a search begins.
fn seed(project: &Project, target: &str) -> anyhow::Result<PathBuf> {
    let folder = project.root.join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    run(attacks(project, "write", target).arg(&folder))?;
    Ok(folder)
}

/// The smallest inputs that still reach all that the search has reached, into `fuzz/seeds`: the normal tests begin there.
fn keep(project: &Project, cargo_fuzz: &Path, target: &str) -> anyhow::Result<()> {
    step(&format!("what was found by fuzz {target}, the least of it"), || {
        run(&mut cargo_fuzz_run(project, cargo_fuzz, "cmin", target))
    })?;
    run(attacks(project, "keep", target).arg(project.root.join("fuzz/corpus").join(target)))
}

fn attacks(project: &Project, verb: &str, target: &str) -> Command {
    let package = ["run", "--release", "--quiet", "--package", "playconnect-attacks", "--"];
    let mut command = project.cargo(&package);
    command.args([verb, target]);
    command
}

fn cargo_fuzz_run(project: &Project, cargo_fuzz: &Path, verb: &str, target: &str) -> Command {
    let mut command = project.command(&cargo_fuzz.to_string_lossy());
    // No sanitizer: the crates have no unsafe code, and so the stable compiler will do.
    command.args([verb, "--sanitizer", "none", "--fuzz-dir", "fuzz", target]);
    command.env("CARGO_TARGET_DIR", project.target.join("fuzz"));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_are_those_of_the_fuzz_crate() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = std::fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
        let names = manifest.split("[[bin]]").skip(1).map(|bin| bin.split('"').nth(1).unwrap());
        assert_eq!(names.collect::<Vec<_>>(), TARGETS);
    }
}
