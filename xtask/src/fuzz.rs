//! Coverage-guided fuzzing of the decoders, with cargo-fuzz from the registry. Findings stay in `fuzz/artifacts`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::project::Project;
use crate::setup;
use crate::steps::{run, step};

/// As in `fuzz/Cargo.toml`; a test compares.
const TARGETS: [&str; 2] = ["batch", "messages"];
/// A stream of operations is a batch behind it: protocol/wire.md.
const BATCH_MAGIC: &[u8] = b"PCB1";
const CARGO_FUZZ: &str = "0.13.2";

/// Each of `targets` (all if there are none) for `seconds`.
pub fn fuzz(project: &Project, targets: &[String], seconds: u64) -> anyhow::Result<()> {
    if let Some(unknown) = targets.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        bail!("there is no target `{unknown}`; there are: {}", TARGETS.join(", "));
    }
    if setup::found("c++").is_none() {
        setup::debian(project, "a C++ compiler (libFuzzer is C++)", &["g++"])?;
    }
    let cargo_fuzz = install(project)?;
    let all = || TARGETS.map(str::to_owned).to_vec();
    for target in if targets.is_empty() { all() } else { targets.to_vec() } {
        let seeds = seed(project, &target)?;
        let title = format!("fuzz {target} for {seconds} s, {seeds} seeds");
        step(&title, || {
            let mut command = project.command(&cargo_fuzz.to_string_lossy());
            // No sanitizer: the crates have no unsafe code, and so the stable compiler will do.
            command.args(["run", "--sanitizer", "none", "--fuzz-dir", "fuzz", &target, "--"]);
            command.arg(format!("-max_total_time={seconds}")).args(["-timeout=10", "-print_final_stats=1"]);
            run(command.env("CARGO_TARGET_DIR", project.target.join("fuzz")))
        })
        .with_context(|| format!("what broke `{target}` is in fuzz/artifacts/{target}"))?;
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

/// The golden vectors are where a search begins.
fn seed(project: &Project, target: &str) -> anyhow::Result<usize> {
    let folder = project.root.join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let inputs = if target == "batch" { batches(&project.root)? } else { messages(&project.root)? };
    for (number, input) in inputs.iter().enumerate() {
        let file = folder.join(format!("vector-{number}"));
        std::fs::write(&file, input).with_context(|| file.display().to_string())?;
    }
    Ok(inputs.len())
}

fn batches(root: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let vectors = vectors(root, "streams.json")?;
    let all = ["accepted", "refused"].iter().filter_map(|list| vectors[list].as_array()).flatten();
    all.map(|vector| {
        let batch = [BATCH_MAGIC, &hex(vector)?].concat();
        Ok([&u16::try_from(batch.len())?.to_le_bytes()[..], &batch].concat())
    })
    .collect()
}

fn messages(root: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let vectors = vectors(root, "messages.json")?;
    let all = vectors["messages"].as_array().context("messages.json has no list `messages`")?;
    all.iter()
        .map(|vector| {
            let mut input = vec![u8::from(vector["direction"] != "to-edge")];
            input.extend(hex(vector)?);
            Ok(input)
        })
        .collect()
}

fn vectors(root: &Path, name: &str) -> anyhow::Result<Value> {
    let path = root.join("protocol/vectors").join(name);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn hex(vector: &Value) -> anyhow::Result<Vec<u8>> {
    let digits = vector["hex"].as_str().context("a vector has no `hex`")?;
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    #[test]
    fn the_targets_are_those_of_the_fuzz_crate() {
        let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
        let names = manifest.split("[[bin]]").skip(1).map(|bin| bin.split('"').nth(1).unwrap());
        assert_eq!(names.collect::<Vec<_>>(), TARGETS);
    }

    #[test]
    fn the_vectors_are_seeds() {
        assert!(batches(root()).unwrap().len() > 20);
        assert!(messages(root()).unwrap().len() > 20);
    }
}
