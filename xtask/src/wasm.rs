//! The wasm32 targets: from rustup where it has them, else Debian's compiler and the standard library from source.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::project::Project;
use crate::setup::{debian, found};
use crate::steps::{fresh, shown, step};

/// What Rust modules are built for.
pub const GUESTS: &str = "wasm32-unknown-unknown";
/// What the tests of the pure crates are built for, to be run by Node.
pub const TESTS: &str = "wasm32-wasip1";

/// Set to `debian` to take Debian's compiler even where rustup has the target.
const CHOICE: &str = "PLAYCONNECT_WASM_TOOLCHAIN";
const RUSTUP_TIME_MAX: Duration = Duration::from_secs(300);

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "wasm-ld-19";
const DEBIAN_WASI: &str = "/usr/lib/wasm32-wasi";

/// Sees to it that `cargo build --target wasm32-unknown-unknown` works for every program that xtask starts.
pub fn guests(project: &Project) -> anyhow::Result<()> {
    let wrapper = project.tools().join("bin/cargo");
    if from_rustup(project, GUESTS)? {
        // One of an earlier day, when the target could not be had.
        return remove(&wrapper);
    }
    from_debian(project, &DEBIAN_PACKAGES)?;
    write_wrapper(&wrapper)
}

/// `cargo test` for wasm32, as a command to which packages and arguments are added.
pub fn test_command(project: &Project) -> anyhow::Result<Command> {
    let runner = project.root.join("xtask/wasi-run.mjs");
    let mut arguments = vec!["test", "--release", "--target", TESTS];
    let native = from_rustup(project, TESTS)?;
    if !native {
        from_debian(project, &[&DEBIAN_PACKAGES[..], &["wasi-libc"]].concat())?;
        arguments.push("-Zbuild-std=std,panic_abort,test");
    }
    let mut command = if native { project.cargo(&arguments) } else { debian_cargo(project, &arguments) };
    let node = found("node").context("there is no node on PATH")?;
    command.env(
        "CARGO_TARGET_WASM32_WASIP1_RUNNER",
        format!("{} --no-warnings {}", node.display(), runner.display()),
    );
    Ok(command)
}

/// True if rustup has the target, or could get it.
fn from_rustup(project: &Project, target: &str) -> anyhow::Result<bool> {
    let title = format!("Rust target {target} (rustup)");
    if std::env::var(CHOICE).is_ok_and(|choice| choice == "debian") {
        return Ok(false);
    }
    let output = project
        .command("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("rustc cannot be started")?;
    if Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir() {
        fresh(&title);
        return Ok(true);
    }
    if found("rustup").is_none() {
        return Ok(false);
    }
    step(&title, || {
        let mut command = project.command("rustup");
        let added = succeeds_in_time(command.args(["target", "add", target]), RUSTUP_TIME_MAX)?;
        if !added {
            println!("    rustup cannot get {target}; Debian's compiler is taken instead");
        }
        Ok(added)
    })
}

/// Debian's compiler, linker and library source, installed if need be.
fn from_debian(project: &Project, packages: &[&str]) -> anyhow::Result<()> {
    let title = format!("Rust for wasm32 (Debian's {})", packages.join(", "));
    let installed = |package: &&str| {
        let mut command = project.command("dpkg");
        command.args(["-s", package]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let missing: Vec<_> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        fresh(&title);
        return Ok(());
    }
    debian(project, "a Rust compiler for wasm32", &missing)
}

fn debian_cargo(project: &Project, arguments: &[&str]) -> Command {
    let mut command = project.command(DEBIAN_CARGO);
    command
        .args(arguments)
        .env("CARGO_TARGET_DIR", &project.target)
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTDOC", "/usr/bin/rustdoc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_WASIP1_LINKER", DEBIAN_LINKER)
        // Debian's C library for WASI is from before the one that `std` expects. What it lacks are functions on
        // threads, which cannot be started there anyhow.
        .env(
            "CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS",
            format!("-Clink-self-contained=no -L{DEBIAN_WASI} -Clink-arg={DEBIAN_WASI}/crt1-command.o -Clink-arg=-lc \
                 -Clink-arg=--unresolved-symbols=ignore-all"),
        );
    command
}

/// A `cargo` in front of the real one. Builds for wasm32-unknown-unknown go to Debian's, with the same target folder
/// (the two compilers' files there differ by name), so that the artifact lands where its user expects it.
fn write_wrapper(wrapper: &Path) -> anyhow::Result<()> {
    let folder = wrapper.parent().context("the wrapper has no folder")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let cargo = std::env::split_paths(&path)
        .filter(|entry| entry != folder)
        .map(|entry| entry.join("cargo"))
        .find(|file| file.is_file())
        .context("there is no cargo on PATH")?;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    fs::write(wrapper, wrapper_text(&cargo)).with_context(|| wrapper.display().to_string())?;
    fs::set_permissions(wrapper, fs::Permissions::from_mode(0o755))
        .with_context(|| wrapper.display().to_string())
}

fn wrapper_text(cargo: &Path) -> String {
    let cargo: PathBuf = cargo.into();
    format!(
        r#"#!/bin/sh
# Written by `cargo xtask`: there is no {GUESTS} for the Rust of this machine, so builds for it
# are done by Debian's compiler, which builds the standard library with them.
wasm=no
before=
for argument in "$@"; do
    case "$argument" in --) break ;; esac
    case "$before $argument" in
    "--target {GUESTS}" | *" --target={GUESTS}") wasm=yes ;;
    esac
    before=$argument
done
if [ $wasm = no ]; then
    exec '{cargo}' "$@"
fi
unset RUSTUP_TOOLCHAIN RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
export RUSTC={DEBIAN_RUSTC} RUSTC_BOOTSTRAP=1
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER={DEBIAN_LINKER}
exec {DEBIAN_CARGO} -Zbuild-std=std,panic_abort "$@"
"#,
        cargo = cargo.display(),
    )
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| file.display().to_string())
        }
        _ => Ok(()),
    }
}

fn succeeds_in_time(command: &mut Command, time_max: Duration) -> anyhow::Result<bool> {
    let shown = shown(command);
    let mut child = command.spawn().with_context(|| format!("`{shown}` cannot be started"))?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().with_context(|| shown.clone())? {
            return Ok(status.success());
        }
        if start.elapsed() > time_max {
            child.kill().with_context(|| shown.clone())?;
            child.wait().with_context(|| shown.clone())?;
            bail!("`{shown}` was stopped after {} s", time_max.as_secs());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The wrapper with `echo` as both compilers.
    fn wrapped(arguments: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cargo");
        let text = wrapper_text(Path::new("/bin/echo")).replace(DEBIAN_CARGO, "echo debian");
        fs::write(&file, text).unwrap();
        let output = Command::new("sh").arg(&file).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    #[test]
    fn only_builds_for_guests_are_redirected() {
        assert_eq!(wrapped(&["build", "--release"]), "build --release");
        assert_eq!(wrapped(&["test", "--target", TESTS]), format!("test --target {TESTS}"));
        assert_eq!(wrapped(&["run", "--", "--target", GUESTS]), format!("run -- --target {GUESTS}"));
        let debian = "debian -Zbuild-std=std,panic_abort build";
        assert_eq!(wrapped(&["build", "--target", GUESTS, "-q"]), format!("{debian} --target {GUESTS} -q"));
        assert_eq!(
            wrapped(&["build", "--target=wasm32-unknown-unknown"]),
            format!("{debian} --target={GUESTS}")
        );
    }
}
