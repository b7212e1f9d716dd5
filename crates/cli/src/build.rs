//! `playconnect build`: from sources to components.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use playconnect_host::componentize::LogLevel;
use playconnect_host::{Config, Host, HostError};
use playconnect_manifest::{Manifest, Module};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::artifact::{self, Kind};
use crate::failure::Failure;
use crate::output::{Output, Progress, table};
use crate::program::{BuildCommand, Programs};
use crate::serve::{host_config, node_config};

/// What was built from what, so that the same is not built again: `.playconnect/build.json`.
#[derive(Default, Serialize, Deserialize)]
struct Record {
    modules: BTreeMap<String, Hashes>,
}

#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Hashes {
    input: String,
    output: String,
}

/// Builds the modules of one app, and knows what it built before.
pub struct Builder {
    record: Record,
    record_path: PathBuf,
    programs: Programs,
}

/// How a module is built.
pub struct Order<'a> {
    pub load: Load<'a>,
    /// Of its sources, since it was built before.
    pub changed: &'a BTreeSet<PathBuf>,
    pub progress: &'a Progress,
    /// As for [`Programs::run`].
    pub stop: Option<&'a AtomicBool>,
}

pub struct Built {
    pub bytes: usize,
    pub ms: u128,
    pub changed: bool,
}

/// Compiles a component (the name of its module first), or says why it cannot be.
pub type Load<'a> = &'a dyn Fn(&str, &[u8]) -> Result<(), HostError>;

pub fn run(folder: &Path, output: &Output) -> Result<(), Failure> {
    let manifest = Manifest::load(folder)?;
    for warning in &manifest.warnings {
        output.note(&format!("note: {warning}"));
    }
    let host = host(folder, 1)?;
    let mut builder = Builder::open(folder);
    let mut failure = Failure::default();
    let mut rows = Vec::new();
    for module in &manifest.modules {
        let progress = output.progress(&format!("building {}", module.name));
        let load: Load = &|name, component| host.load(name, component).map(drop);
        let order = Order { load, changed: &BTreeSet::new(), progress: &progress, stop: None };
        match builder.build(&manifest, module, &order) {
            Ok(built) => rows.push((module, built.bytes, built.ms, built.changed)),
            Err(error) => failure.add(error),
        }
    }
    builder.save(&manifest)?;
    print(&rows, output)?;
    failure.into_result()
}

/// The host that modules are checked with. Compiled code is kept where `serve` looks for it by default.
pub fn host(folder: &Path, instances_max: u32) -> Result<Host, Failure> {
    let cache = folder.join(".playconnect/data/compiled");
    let node = node_config(folder, None)?;
    let config = Config { instances_max, cache_dir: Some(cache), ..host_config(&node) };
    Host::new(config).map_err(|error| Failure::run_time(&error.to_string()))
}

impl Builder {
    pub fn open(folder: &Path) -> Self {
        Self::with(folder, Programs::that_end())
    }

    /// Build commands may stay, to build again faster.
    pub fn staying(folder: &Path) -> Self {
        Self::with(folder, Programs::that_may_stay(&folder.join(".playconnect")))
    }

    fn with(folder: &Path, programs: Programs) -> Self {
        let record_path = folder.join(".playconnect/build.json");
        let record = fs::read(&record_path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { record: record.unwrap_or_default(), record_path, programs }
    }

    /// What is built from what was built before is loaded all the same.
    pub fn build(
        &mut self,
        manifest: &Manifest,
        module: &Module,
        order: &Order<'_>,
    ) -> Result<Built, Failure> {
        let before = self.record.modules.get(&module.name);
        let (built, hashes) = build(manifest, module, order, before, &mut self.programs)?;
        self.record.modules.insert(module.name.clone(), hashes);
        Ok(built)
    }

    /// Keeps for the next time what is known of the modules of the manifest.
    pub fn save(&mut self, manifest: &Manifest) -> Result<(), Failure> {
        self.record.modules.retain(|name, _| manifest.module(name).is_some());
        let text =
            serde_json::to_vec_pretty(&self.record).map_err(|error| Failure::run_time(&error.to_string()))?;
        write(&self.record_path, &text)
    }
}

fn build(
    manifest: &Manifest,
    module: &Module,
    order: &Order<'_>,
    before: Option<&Hashes>,
    programs: &mut Programs,
) -> Result<(Built, Hashes), Failure> {
    let Order { load, changed, progress, stop } = *order;
    let start = Instant::now();
    let what = format!("module.{}.build", module.name);
    let source = manifest.folder.join(&module.source);
    let artifact = module.build.as_ref().and_then(|build| build.artifact.as_ref());
    if artifact.is_some_and(|artifact| *artifact != module.source) {
        keep_what_is_no_component(&what, module, &source)?;
    }
    let artifact = match &module.build {
        Some(build) => {
            let folder = &manifest.folder.join(&build.folder);
            let command = BuildCommand { what: &what, command: &build.command, folder };
            programs.run(&command, changed, progress, stop)?;
            build.artifact.as_ref().unwrap_or(&module.source)
        }
        None => &module.source,
    };
    if module.build.as_ref().is_some_and(|build| build.artifact.is_none()) {
        bundle_that_is_not_named(&what, module, &source)?;
    }
    progress.says("component");
    let (kind, bytes) = artifact::read(&what, &manifest.folder.join(artifact), artifact)?;
    if *artifact == module.source && kind != Kind::Component {
        let cause = "is not a component; name it as `artifact`, and another file as `source`";
        return Err(Failure::run_time(&format!("{what}: {} {cause}", artifact.display())));
    }
    let input = artifact::input_hash(kind, &bytes);
    let present = fs::read(&source).unwrap_or_default();
    let present_hash = format!("{:x}", Sha256::digest(&present));
    let is_new = before.is_none_or(|before| before.input != input || before.output != present_hash);
    let component = if is_new {
        let mut log = |level, line: &str| {
            progress.note(&format!("{} ({}): {line}", module.name, level_name(level)));
        };
        artifact::component(&what, kind, bytes, &mut log)?
    } else {
        present
    };
    progress.says("machine code");
    load(&module.name, &component).map_err(|error| Failure::run_time(&error.to_string()))?;
    if is_new && *artifact != module.source {
        write(&source, &component)?;
    }
    if *artifact != module.source {
        copy_assets(&manifest.folder, artifact, &module.source)?;
    }
    let output = format!("{:x}", Sha256::digest(&component));
    let built = Built { bytes: component.len(), ms: start.elapsed().as_millis(), changed: is_new };
    Ok((built, Hashes { input, output }))
}

/// The component is written there: what somebody wrote by hand must not be under it.
fn keep_what_is_no_component(what: &str, module: &Module, source: &Path) -> Result<(), Failure> {
    const MAGIC: &[u8] = b"\0asm";
    let mut start = Vec::new();
    let is_there = fs::File::open(source).and_then(|file| file.take(4).read_to_end(&mut start)).is_ok();
    if !is_there || start.is_empty() || start == MAGIC {
        return Ok(());
    }
    let name = module.source.display();
    let next = format!("write source = \"dist/{}.wasm\", and name what is built as `artifact`", module.name);
    Err(Failure::usage(format!(
        "{what}: {name} is not WebAssembly, and the component would be written over it; {next}"
    )))
}

/// A command that leaves a bundle behind, where the manifest takes it to write the component.
fn bundle_that_is_not_named(what: &str, module: &Module, source: &Path) -> Result<(), Failure> {
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let bundle = module.source.with_extension("js");
    let Some(bundled) = written(&source.with_extension("js")) else { return Ok(()) };
    if written(source).is_some_and(|component| component >= bundled) {
        return Ok(());
    }
    let shown = bundle.display();
    let next = format!("write artifact = \"{shown}\"");
    Err(Failure::usage(format!("{what}: the command has left {shown}, and nothing is made of it; {next}")))
}

/// Images and fonts lie beside what the bundler made, and are looked for beside the component. Most often that is the
/// same folder.
fn copy_assets(app: &Path, artifact: &Path, source: &Path) -> Result<(), Failure> {
    let (from, to) = (artifact.with_extension("assets"), source.with_extension("assets"));
    let (from, to) = (app.join(from), app.join(to));
    if from == to || !from.is_dir() {
        return Ok(());
    }
    let names = |folder: &Path| -> io::Result<Vec<_>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
    };
    let cannot = |error| Failure::run_time(&format!("{} cannot be read: {error}", from.display()));
    let made = names(&from).map_err(cannot)?;
    for name in &made {
        write(&to.join(name), &fs::read(from.join(name)).map_err(cannot)?)?;
    }
    // Those of a build before.
    for name in names(&to).unwrap_or_default().iter().filter(|name| !made.contains(name)) {
        let _ = fs::remove_file(to.join(name));
    }
    Ok(())
}

fn level_name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warning",
        LogLevel::Error => "error",
    }
}

fn print(rows: &[(&Module, usize, u128, bool)], output: &Output) -> Result<(), Failure> {
    if output.is_json() {
        let modules: Vec<_> = rows
            .iter()
            .map(|(module, bytes, ms, changed)| {
                serde_json::json!({
                    "name": module.name,
                    "framework": module.framework,
                    "source": module.source,
                    "bytes": bytes,
                    "ms": u64::try_from(*ms).unwrap_or(u64::MAX),
                    "changed": changed,
                })
            })
            .collect();
        return output.line(&serde_json::json!({ "modules": modules }).to_string());
    }
    if rows.is_empty() {
        return Ok(());
    }
    let row = |(module, bytes, ms, changed): &(&Module, usize, u128, bool)| {
        vec![
            module.name.clone(),
            module.framework.clone().unwrap_or_else(|| "-".to_owned()),
            bytes.div_ceil(1024).to_string(),
            ms.to_string(),
            if *changed { "built" } else { "unchanged" }.to_owned(),
        ]
    };
    output.line(&table(&["module", "framework", "KB", "ms", ""], &rows.iter().map(row).collect::<Vec<_>>()))
}

/// As a whole or not at all: a reader never sees half a file.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let whole = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = folder.join(name);
        fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path)).inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
    };
    whole().map_err(|error| {
        Failure::run_time(&format!(
            "{} cannot be written: {error}; see that the folder can be",
            path.display()
        ))
    })
}
