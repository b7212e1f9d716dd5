//! From the text of a manifest to a [`Manifest`].

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use crate::grant::{Grant, GrantError};
use playconnect_qos::{Class, Classes, Share};

use super::{
    Application, At, Build, ClassSettings, Document, FILE_NAME, Kind, Manifest, ManifestError, Module,
    ModuleLimits, Page, PageLimits, Place, Policy, Problem, Section, SessionTimes, shell,
};

/// A manifest is read into memory as a whole: larger ones are mistakes.
const MANIFEST_BYTES_MAX: u64 = 1 << 20;
const SHELL_BYTES_MAX: u64 = 4 << 20;
const NAME_BYTES_MAX: usize = 64;

const OTHER_FOLDER: &str = "name the folder of an app: the one with its playconnect.toml";
const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// How a file that the manifest names is read: its path, the most bytes that it may have, and what to do next if there is
/// no such file.
pub(super) type ReadFile<'f> = &'f dyn Fn(&Path, u64, &'static str) -> Result<String, Unreadable>;

pub(super) fn load(folder: &Path) -> Result<Manifest, ManifestError> {
    let path = folder.join(FILE_NAME);
    let text = if folder.is_file() {
        let cause = format!("{} is a file", folder.display());
        Err(Unreadable { cause, next: OTHER_FOLDER })
    } else {
        read_text(&path, MANIFEST_BYTES_MAX, OTHER_FOLDER)
    };
    let text = text.map_err(|Unreadable { cause, next }| ManifestError {
        problems: vec![Problem {
            place: Place::Whole { path: path.clone() },
            object: String::new(),
            cause,
            next: next.to_owned(),
        }],
    })?;
    parse(folder, text, &read_text)
}

pub(super) fn parse(folder: &Path, text: String, read_file: ReadFile<'_>) -> Result<Manifest, ManifestError> {
    let document = Document::new(&folder.join(FILE_NAME), text);
    let mut manifest =
        document.parse().map(|table| read_root(&document, document.root(&table), folder, read_file));
    let (problems, warnings) = document.into_findings();
    match manifest.take() {
        Some(manifest) if problems.is_empty() => Ok(Manifest { warnings, ..manifest }),
        _ => Err(ManifestError { problems }),
    }
}

/// Goes on after each problem, with defaults in the place of what is wrong: the result is used only if there was
/// no problem.
fn read_root(document: &Document, root: Section<'_>, folder: &Path, read_file: ReadFile<'_>) -> Manifest {
    let version = root.integer("manifest_version", 1..=u32::MAX);
    if version.is_none() && !root.has("manifest_version") {
        root.problem(
            &(0..0),
            "manifest_version",
            "is missing",
            "write manifest_version = 1 as the first line",
        );
    }
    if version.is_some_and(|version| version != 1) {
        let cause =
            format!("manifest version {} is not supported by this version", version.unwrap_or_default());
        root.problem(&(0..0), "manifest_version", cause, "write manifest_version = 1");
    }
    let application = application(&root);
    let modules: Vec<_> = root
        .named_tables("module")
        .into_iter()
        .filter_map(|(name, table)| module(document, &name, table))
        .collect();
    let pages: Vec<_> =
        root.tables("page").into_iter().filter_map(|table| page(table, folder, read_file)).collect();
    let limits = root.table("limits").map(page_limits).unwrap_or_default();
    let policy = root.table("dom").map(policy).unwrap_or(Policy::Transactional);
    let classes: Vec<_> =
        root.named_tables("class").into_iter().filter_map(|(name, table)| class(&name, table)).collect();
    check_floors(&root, &classes);
    let session = root.table("session").map(session).unwrap_or_default();
    root.unsupported("document", "shared documents are");
    root.unsupported("upstream", "HTTP upstreams are");

    if document.is_sound() {
        check_slots(&root, &pages, &modules);
    }
    if modules.len() > limits.modules as usize {
        let cause = format!("{} modules are more than limits.modules = {}", modules.len(), limits.modules);
        root.problem(&(0..0), "module", cause, "raise [limits] modules, or remove some");
    }
    root.finish();
    Manifest {
        folder: folder.to_owned(),
        application,
        pages: pages.into_iter().map(|(page, _)| page).collect(),
        modules: modules.into_iter().map(|(module, _)| module).collect(),
        limits,
        policy,
        classes,
        session,
        warnings: Vec::new(),
    }
}

fn application(root: &Section<'_>) -> Application {
    let Some(table) = root.table("application") else {
        if !root.has("application") {
            let next = "write [application] and name = \"…\"";
            root.problem(&(0..0), "application", "is missing", next);
        }
        return Application { name: String::new(), version: None };
    };
    let name = table.required_string("name", "write name = \"…\"");
    if let Some(name) = &name {
        check_name(&table, "name", name);
    }
    let version = table.string("version").map(|at| at.value);
    table.finish();
    Application { name: name.map(|at| at.value).unwrap_or_default(), version }
}

fn page(table: Section<'_>, folder: &Path, read_file: ReadFile<'_>) -> Option<(Page, PageSpans)> {
    let route = table.required_string("route", "write route = \"/\"");
    let title = table.string("title").map(|at| at.value).unwrap_or_default();
    let shell = table.required_string("shell", "name the page's static HTML file");
    let route = route.filter(|route| check_route(&table, route));
    let shell_span = shell.as_ref().map(|shell| shell.span.clone());
    let shell = shell.and_then(|shell| read_shell(&table, &shell, &title, folder, read_file));
    table.finish();
    let (route, (shell, html, slots)) = (route?, shell?);
    let spans = PageSpans { route: route.span, shell: shell_span? };
    Some((Page { route: route.value, shell, html, slots }, spans))
}

struct PageSpans {
    route: Range<usize>,
    shell: Range<usize>,
}

fn check_route(table: &Section<'_>, route: &At<String>) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c);
    let text = &route.value;
    let cause = if !text.starts_with('/') {
        "does not start with `/`"
    } else if !text.chars().all(plain) {
        "has characters that a URL's path cannot have"
    } else if text.contains('*')
        || text.contains("//")
        || text.split('/').any(|part| matches!(part, "." | ".."))
    {
        "is not a plain path"
    } else if ["/_pc", "/doc", "/hocuspocus"]
        .iter()
        .any(|own| text == own || text.starts_with(&format!("{own}/")))
    {
        "is a route of PlayConnect's own"
    } else {
        return true;
    };
    table.problem(&route.span, "route", format!("\"{}\" {cause}", text.escape_debug()), "choose another");
    false
}

fn read_shell(
    table: &Section<'_>,
    shell: &At<String>,
    title: &str,
    folder: &Path,
    read_file: ReadFile<'_>,
) -> Option<(PathBuf, String, Vec<shell::ShellSlot>)> {
    let path = path_inside(table, "shell", shell)?;
    let html = read_file(&folder.join(&path), SHELL_BYTES_MAX, "write the page's static HTML there")
        .map_err(|Unreadable { cause, next }| table.problem(&shell.span, "shell", cause, next))
        .ok()?;
    let found = shell::slots(&html);
    if let Err(error) = &found {
        let place = super::problem::Source::new(&path, html.clone()).place(&(error.at..error.at));
        table.problem(&shell.span, "shell", format!("{place}: {}", error.cause), "correct the shell");
    }
    found.ok()?;
    let html = shell::titled(html, title);
    let slots = shell::slots(&html).ok()?;
    Some((path, html, slots))
}

fn module(document: &Document, name: &At<String>, table: Section<'_>) -> Option<(Module, Range<usize>)> {
    check_name(&table, "", name);
    let kind = kind(&table);
    let framework = table.string("framework").map(|at| at.value);
    let source_at = table.required_string(
        "source",
        "name the component that the build writes, for example \"dist/NAME.wasm\"",
    );
    let source = source_at.as_ref().and_then(|source| path_inside(&table, "source", source));
    let slot = table.required_string("slot", "name a <pc-slot> of a page's shell");
    if let Some(slot) = &slot {
        check_slot_name(&table, slot);
    }
    let names = Class::ALL.map(|class| (class.name(), class));
    let class = table.choice("class", &names).map_or_else(Class::default, |at| at.value);
    let style_at = table.string("style");
    let style = style_at.as_ref().and_then(|style| path_inside(&table, "style", style));
    let properties = table.json("properties");
    let max_fps = table.integer("max_fps", 1..=60).unwrap_or(30);
    let overlay = table.boolean("overlay").is_some_and(|at| at.value);
    let outbound_hosts = outbound_hosts(&table);
    if let Some(documents) = table.table("documents") {
        for grant in documents.keys() {
            table.problem(
                &grant,
                "documents",
                "shared documents are not supported by this version",
                "remove it",
            );
        }
    }
    let build = table.table("build").and_then(build);
    let limits = table.table("limits").map(module_limits).unwrap_or_default();
    let place = document.source.place(&name.span);
    table.finish();
    let (source_at, slot) = (source_at?, slot?);
    let module = Module {
        name: name.value.clone(),
        kind: kind?,
        framework,
        source: source?,
        slot: slot.value,
        class,
        style,
        properties,
        max_fps,
        overlay,
        outbound_hosts,
        build,
        limits,
        place,
        source_place: document.source.place(&source_at.span),
        style_place: style_at.map(|at| document.source.place(&at.span)),
    };
    Some((module, slot.span))
}

fn outbound_hosts(table: &Section<'_>) -> Vec<Grant> {
    let mut grants = Vec::new();
    for host in table.strings("outbound_hosts") {
        match Grant::parse(&host.value) {
            Ok(grant) => grants.push(grant),
            Err(GrantError { cause, next }) => {
                let cause = format!("\"{}\" {cause}", host.value.escape_debug());
                table.problem(&host.span, "outbound_hosts", cause, &next);
            }
        }
    }
    grants
}

fn kind(table: &Section<'_>) -> Option<Kind> {
    const NAMES: [(&str, Option<Kind>); 4] =
        [("widget", Some(Kind::Widget)), ("worker", None), ("rules", None), ("handler", None)];
    table.required_string("kind", "write kind = \"widget\"")?;
    let kind = table.choice("kind", &NAMES)?;
    if kind.value.is_none() {
        let cause = "modules of this kind are not supported by this version";
        table.problem(&kind.span, "kind", cause, "write kind = \"widget\", or remove the module");
    }
    kind.value
}

fn build(table: Section<'_>) -> Option<Build> {
    let command = table
        .required_string("command", "write the command that makes the module, for example \"npm run build\"");
    let artifact = table.string("artifact");
    let watch = table.strings("watch");
    let folder_at = table.string("workdir");
    let artifact_inside = match &artifact {
        Some(artifact) => Some(path_inside(&table, "artifact", artifact)?),
        None => None,
    };
    for glob in &watch {
        path_inside(&table, "watch", glob);
        if let Err(error) = globset::Glob::new(&glob.value) {
            table.problem(&glob.span, "watch", error.to_string(), "write a glob such as \"src/**\"");
        }
    }
    let folder = match &folder_at {
        Some(folder) => path_inside(&table, "workdir", folder)?,
        None => PathBuf::new(),
    };
    let command = command.filter(|command| {
        let empty = command.value.trim().is_empty();
        if empty {
            table.problem(&command.span, "command", "is empty", "write the command that makes the module");
        }
        !empty
    });
    table.finish();
    Some(Build {
        command: command?.value,
        artifact: artifact_inside,
        watch: watch.into_iter().map(|glob| glob.value).collect(),
        folder,
    })
}

fn module_limits(table: Section<'_>) -> ModuleLimits {
    let or = ModuleLimits::default();
    let min =
        table.duration("restart_backoff_min", MILLISECOND..=600 * SECOND).unwrap_or(or.restart_backoff_min);
    let max =
        table.duration("restart_backoff_max", MILLISECOND..=3_600 * SECOND).unwrap_or(or.restart_backoff_max);
    if min > max {
        let key =
            if table.has("restart_backoff_max") { "restart_backoff_max" } else { "restart_backoff_min" };
        table.problem(
            &table.span,
            key,
            "restart_backoff_min is longer than restart_backoff_max",
            "make it shorter",
        );
    }
    let limits = ModuleLimits {
        memory: table.bytes("memory", 1 << 20..=4 << 30).unwrap_or(or.memory),
        event_report: table.duration("event_report", MILLISECOND..=60 * SECOND).unwrap_or(or.event_report),
        event_stop: table.duration("event_stop", MILLISECOND..=60 * SECOND).unwrap_or(or.event_stop),
        init_stop: table.duration("init_stop", MILLISECOND..=60 * SECOND).unwrap_or(or.init_stop),
        batch_bytes: table.bytes("batch_bytes", 4 << 10..=64 << 20).unwrap_or(or.batch_bytes),
        batch_ops: table.integer("batch_ops", 1..=1_000_000).unwrap_or(or.batch_ops),
        timers: table.integer("timers", 1..=65_536).unwrap_or(or.timers),
        log_rate: table.rate("log_rate", 0..=16 << 20).unwrap_or(or.log_rate),
        fetches: table.integer("fetches", 1..=256).unwrap_or(or.fetches),
        fetch_request: table.bytes("fetch_request", 1 << 10..=64 << 20).unwrap_or(or.fetch_request),
        fetch_response: table.bytes("fetch_response", 1 << 10..=64 << 20).unwrap_or(or.fetch_response),
        fetch_timeout: table
            .duration("fetch_timeout", MILLISECOND..=300 * SECOND)
            .unwrap_or(or.fetch_timeout),
        restart_backoff_min: min,
        restart_backoff_max: max,
        restart_disable_after: table
            .integer("restart_disable_after", 1..=1_000)
            .unwrap_or(or.restart_disable_after),
        restart_disable_window: table
            .duration("restart_disable_window", SECOND..=3_600 * SECOND)
            .unwrap_or(or.restart_disable_window),
    };
    table.finish();
    limits
}

fn page_limits(table: Section<'_>) -> PageLimits {
    let or = PageLimits::default();
    let limits = PageLimits {
        nodes: table.integer("nodes", 1..=1_000_000).unwrap_or(or.nodes),
        bytes: table.bytes("bytes", 64 << 10..=1 << 30).unwrap_or(or.bytes),
        depth: table.integer("depth", 1..=512).unwrap_or(or.depth),
        modules: table.integer("modules", 1..=64).unwrap_or(or.modules),
        fetches: table.integer("fetches", 1..=1_024).unwrap_or(or.fetches),
    };
    table.finish();
    limits
}

fn policy(table: Section<'_>) -> Policy {
    let policy = table.choice("policy", &Policy::NAMES);
    if let Some(policy) = policy.as_ref().filter(|policy| policy.value != Policy::Transactional) {
        let cause = "this policy is not supported by this version";
        table.problem(&policy.span, "policy", cause, "write policy = \"transactional\"");
    }
    table.finish();
    policy.map_or(Policy::Transactional, |at| at.value)
}

fn class(name: &At<String>, table: Section<'_>) -> Option<ClassSettings> {
    let names = Class::ALL.map(Class::name);
    let found = Class::ALL.into_iter().find(|class| class.name() == name.value);
    if found.is_none() {
        let cause = format!("is not one of {}", super::problem::listed(&names));
        let next = super::nearest(&name.value, &names).map(|name| format!("did you mean `{name}`?"));
        table.problem(&name.span, "", cause, &next.unwrap_or_default());
    }
    let share = found.map(|class| share(&table, class));
    let slo_p99 = table.table("slo").and_then(|slo| {
        let p99 = slo.duration("p99", MILLISECOND..=600 * SECOND);
        slo.finish();
        p99
    });
    if slo_p99.is_some() {
        let cause = "is read and checked, but has no effect: this version does not raise weights by it";
        table.warning("slo", cause, "leave it for later versions, or remove it");
    }
    table.finish();
    Some(ClassSettings { class: found?, share: share?, slo_p99 })
}

fn share(table: &Section<'_>, class: Class) -> Share {
    let default = Classes::default().share(class);
    let weight = table.integer("weight", 1..=Share::WEIGHT_MAX).unwrap_or(default.weight());
    let (floor, limit) = (table.fraction("floor"), table.fraction("limit"));
    let ppm = |part: &At<f64>| (part.value * f64::from(Share::PPM)).round() as u32;
    // The weight is within its bounds, and so are both parts: what is left to be wrong is said here.
    let mut share = Share::new(weight).unwrap_or(default);
    if let Some(limit) = &limit {
        match share.with_limit(ppm(limit)) {
            Ok(limited) => share = limited,
            Err(_) => {
                let least = f64::from(Share::LIMIT_PPM_MIN) / f64::from(Share::PPM);
                let cause = format!("{} is less than {least}, with which nothing gets on", limit.value);
                table.problem(&limit.span, "limit", cause, "raise it");
            }
        }
    }
    if let Some(floor) = &floor {
        match share.with_floor(ppm(floor)) {
            Ok(with_floor) => share = with_floor,
            Err(_) => {
                let cause = format!("{} is more than the class's limit", floor.value);
                table.problem(&floor.span, "floor", cause, "lower it, or raise the limit");
            }
        }
    }
    share
}

/// All floors can be kept at once.
fn check_floors(root: &Section<'_>, classes: &[ClassSettings]) {
    let floors: u32 = classes.iter().filter_map(|class| class.share.floor_ppm()).sum();
    if floors > Share::PPM {
        let sum = f64::from(floors) / f64::from(Share::PPM);
        let cause = format!("the floors of all classes add up to {sum}, more than there is");
        root.problem(&(0..0), "class", cause, "lower them to 1 in all");
    }
}

fn session(table: Section<'_>) -> SessionTimes {
    let or = SessionTimes::default();
    let times = SessionTimes {
        ttl: table.duration("ttl", SECOND..=86_400 * SECOND).unwrap_or(or.ttl),
        unattached: table.duration("unattached", SECOND..=600 * SECOND).unwrap_or(or.unattached),
        idle: table.duration("idle", SECOND..=86_400 * SECOND).or(or.idle),
    };
    table.finish();
    times
}

/// Every slot of a shell has its module, every module its slot, no slot two modules, no route two pages.
fn check_slots(root: &Section<'_>, pages: &[(Page, PageSpans)], modules: &[(Module, Range<usize>)]) {
    let mut routes = BTreeMap::new();
    for (page, spans) in pages {
        if routes.insert(page.route.as_str(), ()).is_some() {
            let cause = format!("\"{}\" is the route of two pages", page.route);
            root.problem(&spans.route, "page.route", cause, "give each page its own");
        }
    }
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (module, span) in modules {
        let key = &format!("module.{}.slot", module.name);
        if let Some(other) = taken.insert(&module.slot, &module.name) {
            let cause = format!("slot \"{}\" is taken by both `{other}` and `{}`", module.slot, module.name);
            root.problem(span, key, cause, "give each module a slot of its own");
        }
        if let Some((parent, _)) = module.nested() {
            check_nesting(root, span, key, parent, module, modules);
        } else if !pages.iter().any(|(page, _)| page.slots.iter().any(|slot| slot.name == module.slot)) {
            let names: Vec<_> =
                pages.iter().flat_map(|(page, _)| page.slots.iter().map(|slot| slot.name.as_str())).collect();
            let next = match super::nearest(&module.slot, &names) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!("add <pc-slot name=\"{}\"></pc-slot> to a page's shell", module.slot),
            };
            let cause = format!("no page's shell has a slot \"{}\"", module.slot);
            root.problem(span, key, cause, &next);
        }
    }
    for (page, spans) in pages {
        for slot in page.slots.iter().filter(|slot| !taken.contains_key(slot.name.as_str())) {
            let cause =
                format!("{} has a slot \"{}\" and no module is in it", page.shell.display(), slot.name);
            root.problem(
                &spans.shell,
                "page.shell",
                cause,
                "add a module with this slot, or remove the <pc-slot>",
            );
        }
    }
}

/// `PARENT/NAME`: the parent is a module, and none is nested in itself.
fn check_nesting(
    root: &Section<'_>,
    span: &Range<usize>,
    key: &str,
    parent: &str,
    module: &Module,
    modules: &[(Module, Range<usize>)],
) {
    let find = |name: &str| modules.iter().map(|(module, _)| module).find(|module| module.name == name);
    if find(parent).is_none() {
        let names: Vec<_> = modules.iter().map(|(module, _)| module.name.as_str()).collect();
        let next = match super::nearest(parent, &names) {
            Some(name) => format!("did you mean \"{name}\"?"),
            None => "name a module of this file in front of the `/`".to_owned(),
        };
        return root.problem(span, key, format!("there is no module `{parent}` to stand in"), &next);
    }
    let mut way = vec![module.name.as_str()];
    let mut at = module;
    while let Some(outer) = at.nested().and_then(|(outer, _)| find(outer)) {
        way.push(&outer.name);
        if outer.name == module.name {
            let cause = format!("`{}` would stand in itself: {}", module.name, way.join(" in "));
            return root.problem(span, key, cause, "give one of them a slot of the page");
        }
        // A circle further out is that one's problem.
        if way.len() > modules.len() {
            return;
        }
        at = outer;
    }
}

/// `NAME`, or `MODULE/NAME` for a slot inside of another module's.
fn check_slot_name(table: &Section<'_>, slot: &At<String>) {
    let parts = || slot.value.split('/');
    if parts().count() > 2 || !parts().all(is_name) {
        let cause = format!("\"{}\" is not a name", slot.value.escape_debug());
        let next = "use 1 to 64 of a-z, 0-9 and -; MODULE/NAME for a place that another module offers";
        table.problem(&slot.span, "slot", cause, next);
    }
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain)
}

fn check_name(table: &Section<'_>, key: &'static str, name: &At<String>) {
    if !is_name(&name.value) {
        let cause = format!("\"{}\" is not a name", name.value.escape_debug());
        table.problem(&name.span, key, cause, "use 1 to 64 of a-z, 0-9 and -");
    }
}

/// A relative path that stays inside the app's folder.
fn path_inside(table: &Section<'_>, key: &'static str, path: &At<String>) -> Option<PathBuf> {
    let plain = Path::new(&path.value)
        .components()
        .filter(|component| *component != Component::CurDir)
        .map(|component| match component {
            Component::Normal(part) => Some(part),
            _ => None,
        })
        .collect::<Option<PathBuf>>();
    let inside = plain.filter(|_| !path.value.is_empty() && !path.value.contains(['\\', '\0']));
    if inside.is_none() {
        let cause = format!("\"{}\" is not a path inside the app's folder", path.value.escape_debug());
        table.problem(&path.span, key, cause, "write a relative path without `..`");
    }
    inside
}

/// The path of `file`, named relatively to `folder`, which is one relative to the app's. None if it leads out of that.
pub fn inside(folder: &Path, file: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for component in Path::new(file).components() {
        match component {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return None,
        }
    }
    (!file.contains(['\\', '\0'])).then_some(path)
}

/// Why a text could not be had from a file, and what to do next.
#[derive(Debug)]
pub struct Unreadable {
    pub cause: String,
    pub next: &'static str,
}

/// `without_it`: what to do next if there is no such file.
pub fn read_text(path: &Path, bytes_max: u64, without_it: &'static str) -> Result<String, Unreadable> {
    let shown = path.display();
    let cannot = |error: std::io::Error| Unreadable {
        cause: format!("{shown} cannot be read: {error}"),
        next: "let the user that runs this read it",
    };
    let wrong = |cause, next| Err(Unreadable { cause, next });
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return wrong(format!("there is no file {shown}"), without_it);
        }
        Err(error) => return Err(cannot(error)),
    };
    if !metadata.is_file() {
        return wrong(format!("{shown} is not a file"), without_it);
    }
    if metadata.len() > bytes_max {
        let cause = format!("{shown} is larger than {}", super::units::show_bytes(bytes_max));
        return wrong(cause, "is it the right file? Make it smaller");
    }
    let bytes = std::fs::read(path).map_err(cannot)?;
    String::from_utf8(bytes).or_else(|error| {
        let cause = format!("{shown} is not UTF-8 (byte {})", error.utf8_error().valid_up_to());
        wrong(cause, "save it as UTF-8")
    })
}
