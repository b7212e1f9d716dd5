//! For `playconnect dev`: the app may change while it is served, and its pages hear of it.
//!
//! What changed is found by comparing the app as it is on the disk with the one that is served. Modules change by way
//! of the sessions; what the session's protocol has no words for (stylesheets, builds that failed) goes to the pages as
//! events at `/_pc/dev`, always as a whole: a page that missed some catches up with the next.

use crate::app::{App, AppError, Current, Page};
use crate::driver::{self, Drivers, PageChange};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use playconnect_host::{Host, HostError, Module};
use playconnect_manifest::Manifest;
use serde_json::json;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// An app that may change. Clones are the same.
#[derive(Clone)]
pub struct Development {
    shared: Arc<Shared>,
}

struct Shared {
    host: Host,
    current: Current,
    drivers: Arc<Drivers>,
    state: watch::Sender<State>,
    /// Loaded for the next update. A mutex: one thread builds, and it is never held while something waits.
    fresh: Mutex<Vec<Module>>,
}

/// In what the pages differ from those that were served at first.
#[derive(Clone, Default)]
struct State {
    /// By path: when they changed, in microseconds.
    files: BTreeMap<String, u64>,
    /// By slot.
    styles: BTreeMap<String, Option<String>>,
    /// By slot; None for the app.
    problems: BTreeMap<Option<String>, (String, Vec<String>)>,
    ended: bool,
}

/// What an update changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// Names of modules that run with other code now.
    pub modules: Vec<String>,
    /// Names of modules whose stylesheet is another one.
    pub styles: Vec<String>,
    /// Routes of pages that load again.
    pub pages: Vec<String>,
    /// Sessions that any of it reached.
    pub sessions: usize,
}

/// Of an error, the page shows the first lines; all of it is in the terminal.
const LINES_SHOWN: usize = 12;
const LINE_CHARACTERS_SHOWN: usize = 300;

impl Development {
    pub(crate) fn new(host: Host, current: Current, drivers: Arc<Drivers>) -> Self {
        let (state, _) = watch::channel(State::default());
        let shared = Shared { host, current, drivers, state, fresh: Mutex::default() };
        Self { shared: Arc::new(shared) }
    }

    /// Compiles a component that is about to be written as a module's source, so that the next update takes it as it
    /// is. Takes up to seconds.
    ///
    /// # Errors
    /// As those of [`Host::load`].
    pub fn load(&self, name: &str, component: &[u8]) -> Result<(), HostError> {
        let module = self.shared.host.load(name, component)?;
        self.fresh().push(module);
        Ok(())
    }

    /// Compiles a component for nothing but that the next one like it is compiled quickly. Takes up to seconds.
    pub fn prepare(&self, component: &[u8]) {
        // What is wrong with it is told where it is loaded.
        let _ = self.shared.host.prepare(component);
    }

    /// Takes over the app as it is on the disk. Blocks: not for the threads of an async runtime.
    ///
    /// # Errors
    /// What keeps the app from being served; then all stays as it was.
    pub fn update(&self, manifest: &Manifest) -> Result<Updated, AppError> {
        let before = self.shared.current.get();
        let mut loaded = self.fresh().clone();
        loaded.extend(before.pages.values().flat_map(|page| &page.modules).map(|module| module.code.clone()));
        let mut now = App::load_with(manifest, &self.shared.host, &loaded)?;
        // What runs until the new is there, and what a failed build leaves running.
        now.assets.keep(&before.assets);
        let now = Arc::new(now);
        self.fresh().clear();
        self.shared.current.set(now.clone());
        self.shared.drivers.set_classes(&now.classes);

        let mut updated = Updated::default();
        for (route, page) in &now.pages {
            let Some(old) = before.pages.get(route) else { continue };
            self.change_page(old, page, &mut updated);
        }
        for (route, gone) in before.pages.iter().filter(|(route, _)| !now.pages.contains_key(*route)) {
            updated.pages.push(route.clone());
            updated.sessions += self.shared.drivers.change(gone, &PageChange::Anew);
        }
        Ok(updated)
    }

    /// A file of a static folder has changed. A stylesheet is exchanged; for any other the pages load again.
    pub fn file_changed(&self, file: &Path) -> Updated {
        let app = self.shared.current.get();
        let Some(below) = app.static_folders.iter().find_map(|folder| file.strip_prefix(folder).ok()) else {
            return Updated::default();
        };
        let path = format!("/{}", below.display());
        if below.extension().is_some_and(|extension| extension == "css") {
            self.shared.state.send_modify(|state| {
                state.files.insert(path.clone(), driver::now().0);
            });
            return Updated { styles: vec![path], ..Updated::default() };
        }
        let mut updated = Updated { pages: app.pages.keys().cloned().collect(), ..Updated::default() };
        for page in app.pages.values() {
            updated.sessions += self.shared.drivers.change(page, &PageChange::Anew);
        }
        updated
    }

    /// Says on the pages what is wrong with the module of a slot, or with the app (`slot` is None). No lines: nothing
    /// is, any more.
    pub fn report(&self, slot: Option<&str>, title: &str, lines: &[String]) {
        let cut = |line: &String| line.chars().take(LINE_CHARACTERS_SHOWN).collect();
        let mut shown: Vec<String> = lines.iter().take(LINES_SHOWN).map(cut).collect();
        if lines.len() > LINES_SHOWN {
            shown.push(format!("… {} more lines in the terminal", lines.len() - LINES_SHOWN));
        }
        self.shared.state.send_if_modified(|state| {
            let subject = slot.map(str::to_owned);
            if shown.is_empty() {
                return state.problems.remove(&subject).is_some();
            }
            let problem = (title.to_owned(), shown);
            state.problems.insert(subject, problem.clone()).as_ref() != Some(&problem)
        });
    }

    /// Ends the streams of events: the server stops.
    pub(crate) fn end(&self) {
        self.shared.state.send_modify(|state| state.ended = true);
    }

    fn change_page(&self, old: &Arc<Page>, page: &Arc<Page>, updated: &mut Updated) {
        let change = difference(old, page);
        match &change {
            PageChange::Anew => updated.pages.push(page.route.clone()),
            PageChange::Modules(modules) => {
                let restyled: Vec<_> = old
                    .modules
                    .iter()
                    .zip(&page.modules)
                    .filter(|(old, new)| old.style != new.style)
                    .collect();
                if modules.is_empty() && restyled.is_empty() {
                    return;
                }
                updated.modules.extend(modules.iter().map(|module| page.modules[*module].name.to_string()));
                updated.styles.extend(restyled.iter().map(|(_, new)| new.name.to_string()));
                self.shared.state.send_if_modified(|state| {
                    for (_, new) in &restyled {
                        state.styles.insert(new.slot.clone(), new.style.clone());
                    }
                    !restyled.is_empty()
                });
            }
        }
        updated.sessions += self.shared.drivers.change(page, &change);
    }

    fn fresh(&self) -> std::sync::MutexGuard<'_, Vec<Module>> {
        self.shared.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What sessions of the old page need, to be ones of the new.
fn difference(old: &Page, new: &Page) -> PageChange {
    let same_page = old.plan == new.plan
        && old.fetches_max == new.fetches_max
        && old.shell.html == new.shell.html
        && old.modules.iter().zip(&new.modules).all(|(old, new)| old.fonts == new.fonts);
    if !same_page {
        return PageChange::Anew;
    }
    // The plan has the modules in the same order.
    let changed = old.modules.iter().zip(&new.modules).enumerate().filter(|(_, (old, new))| {
        old.code.hash() != new.code.hash() || old.limits != new.limits || old.outbound != new.outbound
    });
    PageChange::Modules(changed.map(|(position, _)| position).collect())
}

/// The state now, and whenever it changes.
pub(crate) fn events(
    development: &Development,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let mut state = development.shared.state.subscribe();
    state.mark_changed();
    let stream = futures_util::stream::unfold(state, async |mut state| {
        state.changed().await.ok()?;
        let shown = state.borrow_and_update().clone();
        (!shown.ended).then(|| (Ok(Event::default().data(json_of(&shown))), state))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

fn json_of(state: &State) -> String {
    let problems = state.problems.iter();
    let problems =
        problems.map(|(slot, (title, lines))| json!({ "slot": slot, "title": title, "lines": lines }));
    json!({ "files": state.files, "styles": state.styles, "problems": problems.collect::<Vec<_>>() })
        .to_string()
}
