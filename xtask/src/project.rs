//! Where things are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The repository and its target folder.
pub struct Project {
    pub root: PathBuf,
    /// Cargo's: `target`, or where CARGO_TARGET_DIR points.
    pub target: PathBuf,
}

impl Project {
    pub fn find() -> anyhow::Result<Self> {
        let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&own).parent().context("xtask has no parent folder")?;
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(root)
            .output()
            .context("cargo metadata")?;
        if !output.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        let target =
            metadata["target_directory"].as_str().context("cargo metadata names no target folder")?;
        Ok(Self { root: root.to_owned(), target: PathBuf::from(target) })
    }

    /// The binary that `build` leaves behind.
    pub fn playconnect(&self) -> PathBuf {
        self.target.join("release/playconnect")
    }

    /// The folder of the JavaScript engine; the build script of `crates/cli` takes it from there.
    pub fn engine(&self) -> PathBuf {
        self.target.join("playconnect-engine")
    }

    /// Tools that xtask sets up. They belong to the machine's cache: they go with the target folder.
    pub fn tools(&self) -> PathBuf {
        self.target.join("playconnect-tools")
    }

    /// PATH with our own tools first, and with what npm installed.
    pub fn path(&self) -> OsString {
        let own = [self.tools().join("bin"), self.root.join("node_modules/.bin")];
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let all = own.into_iter().chain(std::env::split_paths(&inherited));
        // A folder with a separator in its name cannot be put on PATH: then only what was there is.
        std::env::join_paths(all).unwrap_or(inherited)
    }

    /// A program with our PATH, in the root.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.path());
        command
    }

    /// Cargo, as in [`command`](Self::command).
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments).env("CARGO_TARGET_DIR", &self.target);
        // `cargo xtask` says which package it runs. Some build scripts look at that, and what a plain `cargo build` made
        // would be made again.
        for (name, _) in std::env::vars_os() {
            let inherited = name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
            if inherited {
                command.env_remove(name);
            }
        }
        command
    }

    /// The apps below `examples/`, by name.
    pub fn examples(&self) -> anyhow::Result<Vec<PathBuf>> {
        let folder = self.root.join("examples");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut apps = Vec::new();
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.join("playconnect.toml").is_file() {
                apps.push(path);
            }
        }
        apps.sort();
        Ok(apps)
    }

    /// As people should see it: relative to the root where it is below it.
    pub fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
