//! npm: packages installed from the lock file, the browser client bundled.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::project::Project;
use crate::setup;
use crate::steps::{fresh, run, step};

/// `npm ci`, unless what is installed is what the lock file says.
pub fn install(project: &Project) -> anyhow::Result<()> {
    const TITLE: &str = "npm packages (npm ci)";
    setup::node(project)?;
    let stamp = project.root.join("node_modules/.playconnect-stamp");
    let wanted = wanted(project)?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        fresh(TITLE);
        return Ok(());
    }
    step(TITLE, || {
        let npm = || run(project.command("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]));
        // A registry may fail for a moment.
        npm().or_else(|error| {
            eprintln!("{error:#}; once more");
            npm()
        })?;
        fs::write(&stamp, wanted).with_context(|| project.shown(&stamp).to_string())
    })
}

/// Bundles the browser client into `packages/client/dist`.
pub fn client(project: &Project) -> anyhow::Result<()> {
    step("browser client (packages/client)", || {
        run(project.command("npm").args(["run", "--silent", "build", "--workspace", "packages/client"]))
    })
}

/// The folders, the root first, whose package.json has a script of this name.
pub fn workspaces_with(project: &Project, script: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    let mut manifests = vec![project.root.join("package.json")];
    manifests.extend(package_manifests(project)?);
    for manifest in manifests {
        let text = fs::read_to_string(&manifest).with_context(|| project.shown(&manifest).to_string())?;
        let package: serde_json::Value =
            serde_json::from_str(&text).with_context(|| project.shown(&manifest).to_string())?;
        if package["scripts"][script].is_string() {
            folders.extend(manifest.parent().map(PathBuf::from));
        }
    }
    Ok(folders)
}

/// The hash of everything that `npm ci` reads.
fn wanted(project: &Project) -> anyhow::Result<String> {
    let mut files = vec![project.root.join("package-lock.json"), project.root.join("package.json")];
    files.extend(package_manifests(project)?);
    let mut hash = Sha256::new();
    for file in files {
        let bytes = fs::read(&file).with_context(|| project.shown(&file).to_string())?;
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// The package.json of every workspace, in a fixed order.
fn package_manifests(project: &Project) -> anyhow::Result<Vec<PathBuf>> {
    let mut manifests = Vec::new();
    for parent in
        ["packages", "examples", "tests", "benches", "benches/yardsticks"].map(|name| project.root.join(name))
    {
        if !parent.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&parent).with_context(|| project.shown(&parent).to_string())? {
            let manifest = entry?.path().join("package.json");
            if manifest.is_file() {
                manifests.push(manifest);
            }
        }
    }
    manifests.sort();
    Ok(manifests)
}
