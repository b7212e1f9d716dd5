//! `playconnect dev`: builds, serves, watches, and takes over what changes.
//!
//! Two threads: this one serves, the other builds. A build may take as long as it likes; the page stays live.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

use playconnect_edge::{AppError, Development, ServeError, ServeOptions, Updated, serve};
use playconnect_host::{Config, Host};
use playconnect_manifest::node_config::NodeConfig;
use playconnect_manifest::{FILE_NAME, Manifest};
use serde_json::json;
use tokio::sync::oneshot;

use crate::Serve;
use crate::build::{Builder, Load, Order};
use crate::failure::Failure;
use crate::output::Output;
use crate::serve::{announce, end, failure, host_config, log, settings, shutdown};
use crate::watch::{Changes, Watch};

pub fn run(mut arguments: Serve, output: Output) -> Result<(), Failure> {
    // A wrong manifest at the start is an error of whoever starts; later ones are told, and the one before holds.
    let manifest = Manifest::load(&arguments.app.folder)?;
    for warning in &manifest.warnings {
        output.note(&format!("note: {warning}"));
    }
    let config = settings(&arguments)?;
    if !config.public_listen.ip().is_loopback() {
        // Before anything is built for it.
        return Err(failure(ServeError::Open { address: config.public_listen }));
    }
    let folder = arguments.app.folder.canonicalize();
    arguments.app.folder = folder.map_err(|error| Failure::usage(format!("the app's folder: {error}")))?;
    let app_folder = arguments.app.folder;
    let data_folder = config.data_folder.clone().unwrap_or_else(|| app_folder.join(".playconnect/data"));
    log(&config)?;

    let stop = Arc::new(AtomicBool::new(false));
    let (built_sender, built) = oneshot::channel();
    let (development, served) = mpsc::channel();
    let mut worker = Worker::new(&app_folder, &data_folder, config.clone(), output, stop.clone())?;
    let worker = std::thread::Builder::new()
        .name("pc-build".to_owned())
        .spawn(move || worker.work(built_sender, &served))
        .map_err(|error| Failure::run_time(&format!("threads cannot be started: {error}")))?;

    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::run_time(&format!("threads cannot be started: {error}")))?;
    let options =
        ServeOptions { app_folder, data_folder, config, development: true, record: arguments.record.clone() };
    let mut printed = Ok(());
    let ended = runtime.block_on(async {
        let shutdown = shutdown().map_err(|error| Failure::run_time(&format!("no signals: {error}")))?;
        tokio::pin!(shutdown);
        let is_built = tokio::select! {
            () = &mut shutdown => return Ok(()),
            built = built => built.is_ok(),
        };
        if !is_built {
            return Ok(());
        }
        let on_ready = |ready: &playconnect_edge::Ready| {
            printed = announce(ready, &output);
            // The worker lives until `stop`.
            let _ = ready.development.clone().map(|handle| development.send(handle));
        };
        serve(options, on_ready, shutdown).await.map_err(failure)
    });
    stop.store(true, Ordering::Relaxed);
    drop(development);
    let worked = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    end(runtime);
    ended.and(printed).and(worked)
}

/// Builds, on a thread of its own.
struct Worker {
    data_folder: PathBuf,
    node: NodeConfig,
    manifest: Manifest,
    builder: Builder,
    watch: Watch,
    output: Output,
    stop: Arc<AtomicBool>,
    /// Modules whose last build failed, by name, and what was said.
    failed: BTreeMap<String, Vec<String>>,
    /// Once the app is served.
    development: Option<Development>,
}

impl Worker {
    fn new(
        folder: &Path,
        data_folder: &Path,
        node: NodeConfig,
        output: Output,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let manifest = Manifest::load(folder)?;
        let mut watch = Watch::new(folder)?;
        watch.follow(&manifest)?;
        let (builder, failed) = (Builder::staying(folder), BTreeMap::new());
        let data_folder = data_folder.to_owned();
        Ok(Self { data_folder, node, manifest, builder, watch, output, stop, failed, development: None })
    }

    /// `built` is told when there is something to be served; `served` then gives the handle of it.
    fn work(&mut self, built: oneshot::Sender<()>, served: &Receiver<Development>) -> Result<(), Failure> {
        self.build_first()?;
        if self.is_stopped() || built.send(()).is_err() {
            return Ok(());
        }
        // It ends without one if it cannot serve.
        let Ok(development) = served.recv() else { return Ok(()) };
        self.development = Some(development);
        for (name, lines) in self.failed.clone() {
            self.say_on_pages(&name, &lines);
        }
        self.warm_up();
        while let Some(changes) = self.watch.changes(&self.stop)? {
            self.take_over(changes)?;
        }
        Ok(())
    }

    /// For the builds before there is a server. What it compiles, the server finds in the data folder.
    fn host(&self) -> Result<Host, Failure> {
        let cache_dir = Some(self.data_folder.join("compiled"));
        let config = Config { instances_max: 1, cache_dir, keep_functions: true, ..host_config(&self.node) };
        Host::new(config).map_err(|error| Failure::run_time(&error.to_string()))
    }

    /// Builds all, and goes on when there is a component of each module: of now, or of an earlier day.
    fn build_first(&mut self) -> Result<(), Failure> {
        let host = self.host()?;
        let names = self.manifest.modules.iter().map(|module| module.name.clone());
        let mut modules: BTreeMap<String, BTreeSet<PathBuf>> =
            names.map(|name| (name, BTreeSet::new())).collect();
        loop {
            for (name, changed) in &modules {
                self.build(name, changed, &|name, component| host.load(name, component).map(drop));
            }
            self.builder.save(&self.manifest)?;
            let missing = self.manifest.missing_files();
            if missing.is_empty() || self.is_stopped() {
                return Ok(());
            }
            if self.failed.is_empty() {
                Failure::problems(&missing).print();
            }
            self.output.note("waiting for a change; then this goes on");
            let Some(changes) = self.watch.changes(&self.stop)? else { return Ok(()) };
            if changes.manifest {
                self.read_manifest()?;
            }
            modules = changes.modules;
        }
    }

    /// All JavaScript modules are one engine: when one of them was compiled by this process, the next one needs a
    /// fraction of the time. What came out of the cache was not.
    fn warm_up(&self) {
        let Some(development) = &self.development else { return };
        let is_bundle = |path: &&Path| path.extension().is_some_and(|extension| extension == "js");
        let bundled = self.manifest.modules.iter().find(|module| {
            let artifact = module.build.as_ref().and_then(|build| build.artifact.as_deref());
            artifact.filter(is_bundle).is_some()
        });
        if let Some(module) = bundled
            && let Ok(component) = std::fs::read(self.manifest.folder.join(&module.source))
        {
            development.prepare(&component);
            // What makes components is compiled too, once in a process.
            let _ = crate::artifact::warm_up();
        }
    }

    fn take_over(&mut self, changes: Changes) -> Result<(), Failure> {
        let start = Instant::now();
        let Some(development) = self.development.clone() else { return Ok(()) };
        let mut modules = changes.modules;
        if changes.manifest {
            for name in self.read_manifest()? {
                modules.entry(name).or_default();
            }
        }
        let load: Load = &|name, component| development.load(name, component);
        for (name, changed) in &modules {
            self.build(name, changed, load);
            if self.is_stopped() {
                return Ok(());
            }
        }
        if !modules.is_empty() {
            self.builder.save(&self.manifest)?;
        }
        let mut updated = self.update(&development);
        for file in &changes.files {
            // A shell is part of the app: it was compared above.
            if file.extension().is_some_and(|extension| extension == "html") {
                continue;
            }
            let more = development.file_changed(file);
            updated.styles.extend(more.styles);
            updated.pages.extend(more.pages);
            updated.sessions += more.sessions;
        }
        self.say(&updated, start)
    }

    /// What changed in the app as it is on the disk.
    fn update(&mut self, development: &Development) -> Updated {
        // Shells are read with the manifest, so also without a change of it.
        let updated = match Manifest::load(&self.manifest.folder) {
            Ok(manifest) => {
                let updated = development.update(&manifest).map_err(|error| match error {
                    AppError::Manifest(error) => Failure::from(error),
                    AppError::Files { problems } => Failure::problems(&problems),
                    other => Failure::run_time(&other.to_string()),
                });
                self.manifest = manifest;
                updated
            }
            Err(error) => Err(error.into()),
        };
        match updated {
            Ok(updated) => {
                development.report(None, "", &[]);
                updated
            }
            Err(failure) => {
                self.tell("app", &failure);
                let title = format!("{FILE_NAME} or a file that it names is wrong; the app is as it was:");
                development.report(None, &title, &failure.lines());
                Updated::default()
            }
        }
    }

    /// Takes the manifest if it is right. The modules that have to be built for it: another command may make them.
    fn read_manifest(&mut self) -> Result<Vec<String>, Failure> {
        let manifest = match Manifest::load(&self.manifest.folder) {
            Ok(manifest) => manifest,
            Err(error) => {
                // Of one that is served, `update` tells.
                if self.development.is_none() {
                    Failure::from(error).print();
                }
                return Ok(Vec::new());
            }
        };
        self.watch.follow(&manifest)?;
        let before = std::mem::replace(&mut self.manifest, manifest);
        for gone in before.modules.iter().filter(|module| self.manifest.module(&module.name).is_none()) {
            self.failed.remove(&gone.name);
            if let Some(development) = &self.development {
                development.report(Some(&gone.slot), "", &[]);
            }
        }
        Ok(self.manifest.modules.iter().map(|module| module.name.clone()).collect())
    }

    /// One that fails leaves its component as it was.
    fn build(&mut self, name: &str, changed: &BTreeSet<PathBuf>, load: Load<'_>) {
        let Some(module) = self.manifest.module(name) else { return };
        let progress = self.output.progress(&format!("building {name}"));
        let order = Order { load, changed, progress: &progress, stop: Some(&self.stop) };
        let built = self.builder.build(&self.manifest, module, &order);
        drop(progress);
        match built {
            Ok(_) => {
                if self.failed.remove(name).is_some() {
                    self.say_on_pages(name, &[]);
                }
            }
            Err(_) if self.is_stopped() => {}
            Err(failure) => {
                self.tell(name, &failure);
                let lines = failure.lines();
                self.say_on_pages(name, &lines);
                self.failed.insert(name.to_owned(), lines);
            }
        }
    }

    fn say_on_pages(&self, name: &str, lines: &[String]) {
        if let Some(development) = &self.development
            && let Some(module) = self.manifest.module(name)
        {
            let title = format!("{name} could not be built; what runs is the build before:");
            development.report(Some(&module.slot), &title, lines);
        }
    }

    fn tell(&self, object: &str, failure: &Failure) {
        failure.print();
        if self.output.is_json() {
            let problem = json!({ "event": "problem", "object": object, "lines": failure.lines() });
            // Nobody reads it: then nobody needs it.
            let _ = self.output.line(&problem.to_string());
        }
    }

    fn say(&self, updated: &Updated, start: Instant) -> Result<(), Failure> {
        let Updated { modules, styles, pages, sessions } = updated;
        if modules.is_empty() && styles.is_empty() && pages.is_empty() {
            return Ok(());
        }
        let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        if self.output.is_json() {
            let event = json!({
                "event": "updated", "modules": modules, "styles": styles, "pages": pages, "sessions": sessions, "ms": ms,
            });
            return self.output.line(&event.to_string());
        }
        let list = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
        };
        let parts = [list("module", modules), list("style", styles), list("page", pages)];
        let parts = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let sessions = match sessions {
            1 => "1 session".to_owned(),
            sessions => format!("{sessions} sessions"),
        };
        self.output.line(&format!("new: {parts} ({ms} ms, {sessions})"))
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
