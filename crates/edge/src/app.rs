//! An app as it is served: pages with their plans, compiled modules, assets.

use crate::module_assets::{Assets, Refused};
use crate::outbound::{Allowance, FetchLimits};
use crate::stylesheet;
use playconnect_dom::BatchLimits;
use playconnect_host::{Host, HostError, Limits as HostLimits, Module};
use playconnect_manifest::grant::Grants;
use playconnect_manifest::{self as manifest, Manifest, Place, Problem, Source, units};
use playconnect_qos::{Class, Classes};
use playconnect_session::{ModulePlan, NestedPlan, PagePlan, RestartPlan, SessionLimits};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// An app, ready to be served.
pub struct App {
    pub name: String,
    pub version: Option<String>,
    /// By route.
    pub pages: BTreeMap<String, Arc<Page>>,
    /// Stylesheets of modules and of their fonts, by their content's hash: `HASH.css`.
    pub styles: BTreeMap<String, Vec<u8>>,
    /// Images and fonts of modules.
    pub(crate) assets: Assets,
    /// Folders whose files are served as they are.
    pub static_folders: Vec<PathBuf>,
    /// What the CPU is divided between.
    pub classes: Classes,
}

/// The app as it is served now. Under `playconnect serve` it stays as it is.
#[derive(Clone)]
pub(crate) struct Current(Arc<RwLock<Arc<App>>>);

/// A page and what its sessions need.
pub struct Page {
    pub route: String,
    pub shell: manifest::Page,
    pub plan: Arc<PagePlan>,
    /// Where the stylesheets of the modules' fonts go, in bytes of the shell's HTML.
    pub(crate) fonts_at: usize,
    /// In the order of the plan's modules.
    pub modules: Vec<PageModule>,
    /// Requests to other hosts at the same time, of all modules of a session.
    pub fetches_max: u32,
    /// A module that rests for so many microseconds is put to sleep.
    pub idle_us: Option<u64>,
}

/// A module of a page.
#[derive(Clone)]
pub struct PageModule {
    pub name: Arc<str>,
    pub slot: String,
    pub code: Module,
    pub limits: HostLimits,
    /// Its stylesheet's name among the app's.
    pub style: Option<String>,
    /// The name of the page's stylesheet of its fonts.
    pub fonts: Option<String>,
    /// What it may fetch.
    pub(crate) outbound: Arc<Allowance>,
}

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Manifest(#[from] manifest::ManifestError),
    #[error("{}", problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
    Files { problems: Vec<Problem> },
    #[error(transparent)]
    Module(#[from] HostError),
    #[error("{}: {cause}; see that the file can be read", path.display())]
    Read { path: PathBuf, cause: std::io::Error },
}

impl App {
    /// Loads all modules of the app in the folder. Takes seconds the first time: modules are compiled.
    ///
    /// # Errors
    /// Everything that would keep a page from working.
    pub fn load(manifest: &Manifest, host: &Host) -> Result<App, AppError> {
        Self::load_with(manifest, host, &[])
    }

    /// As [`load`](Self::load), with modules that are loaded already.
    ///
    /// # Errors
    /// As those of `load`.
    pub(crate) fn load_with(manifest: &Manifest, host: &Host, loaded: &[Module]) -> Result<App, AppError> {
        let mut problems = manifest.missing_files();
        problems.extend(memory_beyond(manifest, host.config().widget_memory_bytes));
        if !problems.is_empty() {
            return Err(AppError::Files { problems });
        }
        let mut styles = Styles::default();
        let mut problems = Vec::new();
        let mut modules = BTreeMap::new();
        for module in &manifest.modules {
            let bytes = read(&manifest.folder.join(&module.source))?;
            let hash = Sha256::digest(&bytes);
            let code = match loaded.iter().find(|code| code.hash()[..] == hash[..]) {
                Some(code) => code.clone(),
                None => host.load(&module.name, &bytes)?,
            };
            let style = styles.of(manifest, module).unwrap_or_else(|found| {
                problems.extend(found);
                Style::default()
            });
            modules.insert(module.slot.clone(), (module, code, style));
        }
        if !problems.is_empty() {
            return Err(AppError::Files { problems });
        }
        let mut pages = BTreeMap::new();
        let mut static_folders: Vec<PathBuf> = Vec::new();
        for shell in &manifest.pages {
            let placed = placed(shell, manifest, &modules);
            let folder = manifest.folder.join(shell.shell.parent().unwrap_or(Path::new("")));
            // The app's own folder holds its sources: what lies beside a shell there is not for everybody.
            let is_app = shell.shell.parent().is_none_or(|parent| parent.as_os_str().is_empty());
            if !is_app && !static_folders.contains(&folder) {
                static_folders.push(folder);
            }
            let page = Page {
                route: shell.route.clone(),
                shell: shell.clone(),
                fonts_at: manifest::head_end(&shell.html),
                plan: Arc::new(plan(
                    manifest,
                    &placed.iter().map(|(module, _, _)| *module).collect::<Vec<_>>(),
                )),
                modules: placed
                    .iter()
                    .map(|(module, code, style)| PageModule {
                        name: module.name.as_str().into(),
                        slot: module.slot.clone(),
                        code: code.clone(),
                        limits: host_limits(module.class, &module.limits),
                        style: style.text.clone(),
                        fonts: style.fonts.clone(),
                        outbound: Arc::new(allowance(module)),
                    })
                    .collect(),
                fetches_max: manifest.limits.fetches,
                idle_us: manifest.session.idle.map(micros),
            };
            pages.insert(shell.route.clone(), Arc::new(page));
        }
        let application = &manifest.application;
        Ok(App {
            name: application.name.clone(),
            version: application.version.clone(),
            pages,
            styles: styles.by_name,
            assets: styles.assets,
            static_folders,
            classes: classes(&manifest.classes),
        })
    }
}

/// Modules that may have more memory than the node gives any of them.
pub fn memory_beyond(manifest: &Manifest, allowed: u64) -> impl Iterator<Item = Problem> {
    manifest.modules.iter().filter(move |module| module.limits.memory > allowed).map(move |module| Problem {
        place: module.place.clone(),
        object: format!("module.{}.limits.memory", module.name),
        cause: format!(
            "{} is more than this node gives a widget, {}",
            units::show_bytes(module.limits.memory),
            units::show_bytes(allowed),
        ),
        next: "raise [modules] widget_memory in node.toml, or lower it".to_owned(),
    })
}

/// The names of a module's stylesheets.
#[derive(Default)]
struct Style {
    text: Option<String>,
    fonts: Option<String>,
}

/// Stylesheets, and what they and the modules name.
#[derive(Default)]
struct Styles {
    by_name: BTreeMap<String, Vec<u8>>,
    assets: Assets,
}

impl Styles {
    fn of(&mut self, manifest: &Manifest, module: &manifest::Module) -> Result<Style, Vec<Problem>> {
        let folder = module.source.with_extension("assets");
        let whole = |(path, Refused { cause, next }): (PathBuf, Refused)| {
            let place = Place::Whole { path };
            Problem { place, object: format!("module.{}", module.name), cause, next }
        };
        self.assets
            .read_folder(&manifest.folder, &folder)
            .map_err(|refused| refused.into_iter().map(whole).collect::<Vec<_>>())?;
        // The module's own rules win: these weigh nothing.
        let overlay = if module.overlay { OVERLAY_STYLE } else { "" };
        let Some(path) = &module.style else {
            let text = module.overlay.then(|| self.keep(overlay.to_owned()));
            return Ok(Style { text, fonts: None });
        };
        let text =
            manifest::read_text(&manifest.folder.join(path), STYLE_BYTES_MAX, "build it").map_err(|why| {
                let refused = Refused { cause: why.cause, next: why.next.to_owned() };
                vec![whole((path.clone(), refused))]
            })?;
        let source = Source::new(path, stylesheet::normalised(&text));
        let assets = &mut self.assets;
        let mut asset = |file: &str| {
            let inside = manifest::inside(path.parent().unwrap_or(Path::new("")), file).ok_or_else(|| {
                let cause = format!("{file} is not inside the app's folder");
                let next = "name a file inside of it, relatively to the stylesheet".to_owned();
                Refused { cause, next }
            })?;
            let name = assets.read_file(&manifest.folder, &inside)?;
            Ok(format!("/_pc/assets/{name}"))
        };
        let prepared = stylesheet::prepare(&module.name, source.text(), &mut asset).map_err(|wrong| {
            let problem = |wrong: stylesheet::Wrong| Problem {
                place: source.place(&(wrong.at..wrong.at)),
                object: format!("module.{}.style", module.name),
                cause: wrong.cause,
                next: wrong.next,
            };
            wrong.into_iter().map(problem).collect::<Vec<_>>()
        })?;
        let contained = if module.overlay { "" } else { CONTAINED };
        let text = Some(self.keep(prepared.text + contained + overlay));
        Ok(Style { text, fonts: prepared.fonts.map(|fonts| self.keep(fonts)) })
    }

    fn keep(&mut self, text: String) -> String {
        let name = format!("{}.css", short_hash(text.as_bytes()));
        self.by_name.insert(name.clone(), text.into_bytes());
        name
    }
}

/// Without the grant to stand over the page: what is `position: fixed` stays in the module's slot. The page may say more, by
/// an element around the slot: decision 0002.
const CONTAINED: &str = "\n:where(:host){display:block}:host{contain:layout style!important}";

/// Browsers show a popover as a small box in the middle. An overlay is all of the window, and nothing of its own can be
/// seen or clicked.
const OVERLAY_STYLE: &str = "\n:where(pc-overlay){inset:0;width:auto;height:auto;max-width:none;max-height:none;margin:0;\
     border:0;padding:0;overflow:visible;color:inherit;background:none;pointer-events:none}\
     :where(pc-overlay>*){pointer-events:auto}\n";

/// Of one stylesheet.
const STYLE_BYTES_MAX: u64 = 4 << 20;

impl Current {
    pub fn new(app: App) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(app))))
    }

    pub fn get(&self) -> Arc<App> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set(&self, app: Arc<App>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = app;
    }
}

/// The first 128 bits of the content's SHA-256, in hexadecimal: a name that changes with the content.
pub fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    std::fs::read(path).map_err(|cause| AppError::Read { path: path.to_owned(), cause })
}

/// The modules of a page: those in its own slots, in their order, and behind them those that stand inside of others.
fn placed<'m, T>(
    shell: &manifest::Page,
    manifest: &Manifest,
    modules: &'m BTreeMap<String, (&manifest::Module, T, Style)>,
) -> Vec<&'m (&'m manifest::Module, T, Style)> {
    let mut placed: Vec<_> = shell.slots.iter().filter_map(|slot| modules.get(&slot.name)).collect();
    let mut at = 0;
    while let Some((outer, _, _)) = placed.get(at) {
        let inside = |module: &&manifest::Module| module.nested().is_some_and(|(name, _)| name == outer.name);
        let inner: Vec<_> = manifest.modules.iter().filter(inside).collect();
        placed.extend(inner.into_iter().filter_map(|module| modules.get(&module.slot)));
        at += 1;
    }
    placed
}

fn plan(manifest: &Manifest, placed: &[&manifest::Module]) -> PagePlan {
    let nested = |module: &manifest::Module| {
        let (parent, key) = module.nested()?;
        let parent = placed.iter().position(|placed| placed.name == parent)?;
        Some(NestedPlan { parent, key: key.to_owned() })
    };
    let modules = placed.iter().map(|module| ModulePlan {
        name: module.name.clone(),
        slot: module.slot.clone(),
        nested: nested(module),
        overlay: module.overlay,
        properties: serde_json::Value::Object(module.properties.clone()).to_string(),
        frames_per_second_max: module.max_fps,
        timers_max: module.limits.timers,
        batch: BatchLimits {
            bytes: module.limits.batch_bytes as usize,
            ops: module.limits.batch_ops as usize,
        },
        restart: RestartPlan {
            backoff_min_us: micros(module.limits.restart_backoff_min),
            backoff_max_us: micros(module.limits.restart_backoff_max),
            disable_after: module.limits.restart_disable_after,
            disable_window_us: micros(module.limits.restart_disable_window),
        },
    });
    PagePlan {
        modules: modules.collect(),
        limits: playconnect_dom::Limits {
            page_nodes: manifest.limits.nodes as usize,
            page_bytes: manifest.limits.bytes as usize,
            depth: manifest.limits.depth as usize,
            ..playconnect_dom::Limits::default()
        },
        session: SessionLimits {
            detached_us: micros(manifest.session.ttl),
            unattached_us: micros(manifest.session.unattached),
            ..SessionLimits::default()
        },
    }
}

fn host_limits(class: Class, limits: &manifest::ModuleLimits) -> HostLimits {
    HostLimits {
        class,
        memory_bytes: limits.memory,
        event_report_us: micros(limits.event_report),
        event_stop_us: micros(limits.event_stop),
        init_stop_us: micros(limits.init_stop),
        batch_bytes: limits.batch_bytes,
        log_bytes_per_second: limits.log_rate,
    }
}

/// What a class says nothing of is as for one that is not named.
fn classes(said: &[manifest::ClassSettings]) -> Classes {
    let mut classes = Classes::default();
    for class in said {
        classes.set(class.class, class.share);
    }
    classes
}

fn allowance(module: &manifest::Module) -> Allowance {
    Allowance {
        grants: Grants { module: module.name.clone(), hosts: module.outbound_hosts.clone() },
        limits: FetchLimits {
            running: module.limits.fetches,
            request_bytes: module.limits.fetch_request,
            response_bytes: module.limits.fetch_response,
            timeout: module.limits.fetch_timeout,
        },
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
