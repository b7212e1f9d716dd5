//! Hears of changes to an app's files, and tells what they are changes of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use notify::event::{EventKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use playconnect_edge::is_asset;
use playconnect_manifest::{FILE_NAME, Manifest, Module};

use crate::failure::Failure;

/// An editor that saves does several things; this long after the last one it is done.
const QUIET: Duration = Duration::from_millis(25);
/// Something may write for ever: what has changed until then is looked at.
const PATIENCE: u32 = 40;
/// How often is looked whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// Folders of tools. Nothing below them is a source, whatever a glob says.
const NEVER: [&str; 4] = [".git", ".playconnect", "node_modules", "target"];

pub struct Watch {
    folder: PathBuf,
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    sources: Vec<Sources>,
    /// Stylesheets, and components that somebody else makes.
    finished: BTreeSet<PathBuf>,
    pages: BTreeSet<PathBuf>,
}

/// Of one module.
struct Sources {
    module: String,
    globs: GlobSet,
    /// What its build writes, without what comes behind the first dot of the name: `dist/menu`.
    outputs: Vec<PathBuf>,
}

/// What has changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub manifest: bool,
    /// Modules to be built, by name, and which of their files have changed.
    pub modules: BTreeMap<String, BTreeSet<PathBuf>>,
    /// Something that is served as it is: a module's stylesheet, or a component that the app does not build.
    pub finished: bool,
    /// Files beside the pages' shells.
    pub files: BTreeSet<PathBuf>,
}

impl Watch {
    /// `folder` has to be a real path, without links: so are those of changes.
    pub fn new(folder: &Path) -> Result<Self, Failure> {
        let (sender, events) = mpsc::channel();
        // What a link leads to is not the app's.
        let config = Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(sender, config).map_err(|error| cannot(folder, &error))?;
        let (folder, watched) = (folder.to_owned(), BTreeMap::new());
        let (sources, finished, pages) = Default::default();
        Ok(Self { folder, watcher, events, watched, sources, finished, pages })
    }

    /// Watches what the manifest names, and nothing else any more.
    pub fn follow(&mut self, manifest: &Manifest) -> Result<(), Failure> {
        self.sources = manifest.modules.iter().filter_map(sources).collect();
        let built_elsewhere = |module: &&Module| module.build.is_none();
        let finished = manifest.modules.iter().filter_map(|module| module.style.as_ref());
        let finished =
            finished.chain(manifest.modules.iter().filter(built_elsewhere).map(|module| &module.source));
        self.finished = finished.cloned().collect();
        self.pages = manifest.pages.iter().map(|page| self.folder.join(parent(&page.shell))).collect();
        let mut wanted = BTreeMap::from([(self.folder.clone(), RecursiveMode::NonRecursive)]);
        let mut want = |path: PathBuf, mode| {
            let wanted = wanted.entry(path).or_insert(mode);
            if mode == RecursiveMode::Recursive {
                *wanted = mode;
            }
        };
        for page in &self.pages {
            want(page.clone(), RecursiveMode::Recursive);
        }
        for file in &self.finished {
            want(self.folder.join(parent(file)), RecursiveMode::NonRecursive);
        }
        for glob in manifest.modules.iter().flat_map(|module| &module.build).flat_map(|build| &build.watch) {
            let (base, mode) = base(glob);
            want(self.folder.join(base), mode);
        }
        for path in self.watched.keys() {
            // One that is gone is not watched any more.
            let _ = self.watcher.unwatch(path);
        }
        self.watched = wanted.into_iter().filter(|(path, _)| path.is_dir()).collect();
        for (path, mode) in &self.watched {
            self.watcher.watch(path, *mode).map_err(|error| cannot(path, &error))?;
        }
        Ok(())
    }

    /// The next changes; None when it is time to stop.
    pub fn changes(&mut self, stop: &AtomicBool) -> Result<Option<Changes>, Failure> {
        let mut changes = Changes::default();
        let mut rounds = 0;
        loop {
            let has_some = changes != Changes::default();
            let event = match self.events.recv_timeout(if has_some { QUIET } else { TICK }) {
                Ok(event) => event.map_err(|error| cannot(&self.folder, &error))?,
                Err(RecvTimeoutError::Timeout) if has_some => return Ok(Some(changes)),
                Err(RecvTimeoutError::Timeout) if stop.load(Ordering::Relaxed) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            };
            if !is_change(&event.kind) {
                continue;
            }
            for path in &event.paths {
                self.note(path, &mut changes);
            }
            rounds += 1;
            if rounds >= PATIENCE && changes != Changes::default() {
                return Ok(Some(changes));
            }
        }
    }

    fn note(&self, path: &Path, changes: &mut Changes) {
        let Ok(below) = path.strip_prefix(&self.folder) else { return };
        let is_tools = |part: Component<'_>| NEVER.iter().any(|name| part.as_os_str() == *name);
        if below.components().any(is_tools) {
            return;
        }
        changes.manifest |= below == Path::new(FILE_NAME);
        for sources in self.sources.iter().filter(|sources| sources.hold(below)) {
            changes.modules.entry(sources.module.clone()).or_default().insert(path.to_owned());
        }
        // A stylesheet may name what lies beside it.
        let is_beside = |finished: &PathBuf| parent(finished) == parent(below);
        changes.finished |=
            self.finished.contains(below) || is_asset(below) && self.finished.iter().any(is_beside);
        if self.pages.iter().any(|folder| path.starts_with(folder)) {
            changes.files.insert(path.to_owned());
        }
    }
}

impl Sources {
    fn hold(&self, path: &Path) -> bool {
        // Also `dist/menu.assets/logo.png`.
        let is_output = path.ancestors().any(|path| self.outputs.contains(&stem(path)));
        self.globs.is_match(path) && !is_output
    }
}

/// Reading a file is an event too.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(_) => false,
        EventKind::Modify(kind) => !matches!(kind, ModifyKind::Metadata(_)),
        _ => true,
    }
}

/// None: nothing is built.
fn sources(module: &Module) -> Option<Sources> {
    let build = module.build.as_ref()?;
    let mut globs = GlobSetBuilder::new();
    for glob in &build.watch {
        // The manifest was read: each is a glob.
        globs.add(GlobBuilder::new(glob).literal_separator(true).build().ok()?);
    }
    let outputs = [Some(&module.source), module.style.as_ref(), build.artifact.as_ref()];
    let outputs = outputs.into_iter().flatten().map(|path| stem(path)).collect();
    Some(Sources { module: module.name.clone(), globs: globs.build().ok()?, outputs })
}

/// The folder that a glob cannot leave, and whether it reaches below it.
fn base(glob: &str) -> (PathBuf, RecursiveMode) {
    let is_plain = |part: &&str| !part.contains(['*', '?', '[', '{', '\\']);
    let parts: Vec<&str> = glob.split('/').collect();
    let plain = parts.iter().take_while(|part| is_plain(part)).count().min(parts.len() - 1);
    let mode = if parts.len() - plain > 1 || parts.last() == Some(&"**") {
        RecursiveMode::Recursive
    } else {
        RecursiveMode::NonRecursive
    };
    (parts[..plain].iter().collect(), mode)
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// Without what comes behind the first dot of the name.
fn stem(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    parent(path).join(name.split('.').next().unwrap_or_default())
}

fn cannot(path: &Path, error: &notify::Error) -> Failure {
    let next = match error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "; name fewer folders in `watch`, or raise the limit: sysctl fs.inotify.max_user_watches=1048576"
        }
        _ => "",
    };
    Failure::run_time(&format!("{} cannot be watched: {error}{next}", path.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn bases_of_globs() {
        use RecursiveMode::{NonRecursive, Recursive};
        for (glob, folder, mode) in [
            ("src/**", "src", Recursive),
            ("src/*.ts", "src", NonRecursive),
            ("build.mjs", "", NonRecursive),
            ("a/b/c.ts", "a/b", NonRecursive),
            ("a/*/c.ts", "a", Recursive),
            ("**/*.ts", "", Recursive),
            ("**", "", Recursive),
        ] {
            assert_eq!(base(glob), (PathBuf::from(folder), mode), "{glob}");
        }
    }

    const MANIFEST: &str = r#"manifest_version = 1
[application]
name = "app"
[[page]]
route = "/"
shell = "pages/index.html"
[module.menu]
kind = "widget"
source = "dist/menu.wasm"
slot = "menu"
style = "dist/menu.css"
[module.menu.build]
command = "true"
artifact = "dist/menu.js"
watch = ["menu/**", "dist/**", "build.mjs"]
[module.scores]
kind = "widget"
source = "scores.wasm"
slot = "scores"
style = "styles/scores.css"
"#;

    /// The app, and what is said of changes to it.
    fn stage() -> (tempfile::TempDir, Watch) {
        let folder = tempfile::tempdir().unwrap();
        for path in ["pages", "menu/deep", "dist/menu.assets", "styles", "menu/node_modules"] {
            fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        let slots = "<pc-slot name=menu></pc-slot><pc-slot name=scores></pc-slot>";
        fs::write(folder.path().join("pages/index.html"), format!("<!doctype html><title>x</title>{slots}"))
            .unwrap();
        fs::write(folder.path().join(FILE_NAME), MANIFEST).unwrap();
        let real = folder.path().canonicalize().unwrap();
        let mut watch = Watch::new(&real).unwrap();
        watch.follow(&Manifest::load(&real).unwrap()).unwrap();
        (folder, watch)
    }

    /// A file that tells that everything before it has been seen.
    fn changes_of(folder: &Path, watch: &mut Watch, files: &[&str]) -> Changes {
        let stop = AtomicBool::new(true);
        for file in files {
            fs::write(folder.join(file), "new").unwrap();
        }
        watch.changes(&stop).unwrap().unwrap_or_default()
    }

    #[test]
    fn what_a_change_is_a_change_of() {
        let (folder, mut watch) = stage();
        let mut modules = |files: &[&str]| {
            let changes = changes_of(folder.path(), &mut watch, files);
            changes.modules.into_keys().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(modules(&["menu/menu.tsx"]), "menu");
        assert_eq!(modules(&["menu/deep/part.tsx"]), "menu");
        assert_eq!(modules(&["build.mjs"]), "menu");
        assert_eq!(modules(&["menu/menu.tsx", "styles/scores.css"]), "menu");
        // A build must not lead to the next one.
        assert_eq!(modules(&["dist/menu.js", "dist/menu.js.map", "dist/menu.css", "dist/menu.wasm"]), "");
        assert_eq!(modules(&["dist/menu.assets/logo-1.png"]), "");
        assert_eq!(modules(&["menu/node_modules/x.js", "other.txt"]), "");
    }

    #[test]
    fn what_is_served_as_it_is() {
        let (folder, mut watch) = stage();
        for file in ["scores.wasm", "styles/scores.css", "styles/cup.PNG", "dist/menu.css"] {
            let changes = changes_of(folder.path(), &mut watch, &[file]);
            assert!(changes.finished && changes.modules.is_empty(), "{file}: {changes:?}");
        }
        assert_eq!(changes_of(folder.path(), &mut watch, &["styles/other.css"]), Changes::default());
    }

    #[test]
    fn manifest_and_pages() {
        let (folder, mut watch) = stage();
        let changes = changes_of(folder.path(), &mut watch, &[FILE_NAME]);
        assert!(changes.manifest && changes.modules.is_empty());
        let changes = changes_of(folder.path(), &mut watch, &["pages/index.html", "pages/app.css"]);
        let names: Vec<_> = changes.files.iter().map(|file| file.file_name().unwrap()).collect();
        assert_eq!(names, ["app.css", "index.html"]);
    }

    #[test]
    fn a_file_that_is_replaced_or_removed_has_changed() {
        let (folder, mut watch) = stage();
        let stop = AtomicBool::new(true);
        fs::write(folder.path().join("other.txt"), "by way of another name").unwrap();
        fs::rename(folder.path().join("other.txt"), folder.path().join("menu/menu.tsx")).unwrap();
        assert!(watch.changes(&stop).unwrap().unwrap().modules.contains_key("menu"));
        fs::remove_file(folder.path().join("menu/menu.tsx")).unwrap();
        assert!(watch.changes(&stop).unwrap().unwrap().modules.contains_key("menu"));
        fs::read(folder.path().join("pages/index.html")).unwrap();
        assert!(watch.changes(&stop).unwrap().is_none(), "to read is no change");
    }
}
