//! docs/manifest.md and docs/node.md say what the reader does. The reader is asked: what it knows, takes and refuses stands
//! in its findings.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use playconnect_manifest::node_config::NodeConfig;
use playconnect_manifest::{Manifest, ManifestError, ModuleLimits, PageLimits, SessionTimes};
use playconnect_qos::{Class, Classes};

/// Near no key, so that the reader lists those that it knows.
const UNKNOWN: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
/// A date: no key takes one, so each says what it does take.
const OF_NO_KIND: &str = "1979-05-27";

/// All keys that have to be there, by their path; `version` and `workdir` keep a table there when another is taken out. What is below `page` stands in the one table of that list.
const SOUND: [(&str, &str); 10] = [
    ("manifest_version", "1"),
    ("application.name", "\"app\""),
    ("application.version", "\"1\""),
    ("page.route", "\"/\""),
    ("page.shell", "\"index.html\""),
    ("module.menu.kind", "\"widget\""),
    ("module.menu.source", "\"menu.wasm\""),
    ("module.menu.slot", "\"menu\""),
    ("module.menu.build.command", "\"make\""),
    ("module.menu.build.workdir", "\".\""),
];

struct Row {
    kind: String,
    default: String,
    bounds: String,
    /// Of node.md.
    variable: String,
}

/// The tables of a page, by the heading that they stand under; their rows by key.
type Page = BTreeMap<String, BTreeMap<String, Row>>;

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Headings are `` ## `[limits]` ``; rows begin with a key in backticks.
fn page(text: &str) -> Page {
    let (mut page, mut heading, mut columns) = (Page::new(), None, Vec::new());
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title.strip_prefix('`').and_then(|title| title.strip_suffix('`'));
            if let Some(heading) = heading {
                page.entry(heading.to_owned()).or_default();
            }
        }
        let Some(heading) = heading else { continue };
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        if line.starts_with("| key ") {
            columns = cells;
        } else if let Some(key) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) {
            assert_eq!(cells.len(), columns.len(), "cells of {line}");
            let cell = |name: &str| {
                let at = columns.iter().position(|column| *column == name);
                at.map(|at| cells[at].replace('`', "")).unwrap_or_default()
            };
            let row = Row {
                kind: cell("value"),
                default: cell("default"),
                bounds: cell("bounds").replace(',', ""),
                variable: cell("variable"),
            };
            let again = page.get_mut(heading).unwrap().insert(key.to_owned(), row);
            assert!(again.is_none(), "{heading}: {key} stands there twice");
        }
    }
    page
}

/// The sound manifest, without the key `without`, and with `more`: a path of a key and a value.
fn manifest(without: Option<&str>, more: Option<(&str, &str)>) -> String {
    let is_of = |key: &str, path: &str| {
        path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    // A table's own value takes the place of what is below it.
    let keys = || without.into_iter().chain(more.map(|(key, _)| key));
    let replaced = |path: &str| keys().any(|key| is_of(key, path));
    let mut lines = String::new();
    let mut of_page = Vec::new();
    for (path, value) in SOUND.into_iter().filter(|(path, _)| !replaced(path)).chain(more) {
        match path.strip_prefix("page.") {
            Some(key) => of_page.push(format!("{key} = {value}")),
            None => lines += &format!("{path} = {value}\n"),
        }
    }
    if !replaced("page") {
        lines += &format!("page = [{{ {} }}]\n", of_page.join(", "));
    }
    lines
}

fn read(text: String, shell: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(Path::new("."), text, &|_, _, _| Ok(shell.to_owned()))
}

/// What the reader says of this value of the key: empty if nothing.
fn said(path: &str, value: &str) -> String {
    let found = read(manifest(None, Some((path, value))), "<pc-slot name=menu></pc-slot>");
    found.err().map(|error| error.to_string()).unwrap_or_default()
}

fn is_said_of_missing(path: &str) -> bool {
    let found = read(manifest(Some(path), None), "<pc-slot name=menu></pc-slot>");
    found.is_err_and(|error| error.to_string().contains(&format!("{path}: is missing")))
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// `` known here: `a`, `b` and `c` ``
fn known(said: &str) -> Option<BTreeSet<String>> {
    let list = said.split("known here: ").nth(1)?.lines().next()?;
    Some(list.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}

/// The quoted words behind `is not one of`.
fn words(said: &str) -> Option<Vec<&str>> {
    let list = said.split("is not one of ").nth(1)?.split([';', '\n']).next()?;
    Some(list.split('`').skip(1).step_by(2).collect())
}

/// As in the findings: `1 to 60`.
fn bounds(said: &str) -> Option<String> {
    let range = said.split("is not between ").nth(1)?.split([';', '\n']).next()?;
    Some(range.replace(" and ", " to "))
}

fn heading(path: &str) -> String {
    match path {
        "" => "(the file)".to_owned(),
        "page" => "[[page]]".to_owned(),
        path => format!("[{}]", path.replace("module.menu", "module.NAME").replace("class.ui", "class.NAME")),
    }
}

/// Holds the table of the keys below `path` against the reader, and those of tables in it.
fn compare(page: &Page, path: &str, seen: &mut BTreeSet<String>) {
    let heading = heading(path);
    let known = known(&said(&below(path, UNKNOWN), OF_NO_KIND)).expect(path);
    let rows = page.get(&heading).unwrap_or_else(|| panic!("there is no section `{heading}`: {known:?}"));
    let documented: BTreeSet<_> = rows.keys().cloned().collect();
    assert_eq!(documented, known, "keys of {heading}: documented, and known to the reader");
    seen.insert(heading.clone());
    for (key, row) in rows {
        let path = below(path, key);
        compare_key(page, &path, row, seen);
        assert_eq!(is_said_of_missing(&path), row.default == "required", "{path}: required");
    }
}

fn compare_key(page: &Page, path: &str, row: &Row, seen: &mut BTreeSet<String>) {
    let refused = said(path, OF_NO_KIND);
    let must_be = refused.split("must be ").nth(1).and_then(|rest| rest.split(", not").next());
    let kind = match must_be {
        None if refused.contains("not supported by this version") => "refused".to_owned(),
        Some("a string") => kind_of_string(path, &row.kind),
        Some("a list of tables") => {
            compare(page, path, seen);
            "list of tables".to_owned()
        }
        Some("a table") => kind_of_table(page, path, seen),
        Some("a number from 0 to 1") => "fraction".to_owned(),
        Some(other) => other.trim_start_matches("a ").to_owned(),
        None => panic!("{path}: what the reader says of a date: {refused:?}"),
    };
    assert_eq!(row.kind, kind, "{path}: its value");
    let beyond = match kind.as_str() {
        "whole number" => "4294967296",
        "size" => "\"18446744073709551615B\"",
        "rate" => "\"18446744073709551615B/s\"",
        "time" => "\"18446744073709551615us\"",
        _ => return,
    };
    let found = bounds(&said(path, beyond));
    // The version is one of many that may come, and 1 now.
    if path != "manifest_version" {
        assert_eq!(Some(row.bounds.clone()), found, "{path}: its bounds");
    }
}

/// Sizes, times and the like are strings: what the reader says of one that is none of them tells them apart.
fn kind_of_string(path: &str, documented: &str) -> String {
    let said = said(path, "\"?\"");
    if let Some(words) = words(&said) {
        return format!("one of {}", words.join(", "));
    }
    let kinds = [
        ("is not a size", "size"),
        ("is not a rate", "rate"),
        ("is not a time", "time"),
        ("is not a name", "name"),
    ];
    match kinds.into_iter().find(|(part, _)| said.contains(part)) {
        // A module's slot may be two names.
        Some((_, "name")) if path.ends_with(".slot") => "string".to_owned(),
        Some((_, kind)) => kind.to_owned(),
        None if self::said(path, "\"../?\"").contains("is not a path inside") => "path".to_owned(),
        None => {
            assert!(["string", "name", "path"].contains(&documented), "{path}: {documented}");
            "string".to_owned()
        }
    }
}

fn kind_of_table(page: &Page, path: &str, seen: &mut BTreeSet<String>) -> String {
    let said = said(&below(path, UNKNOWN), OF_NO_KIND);
    if said.contains("must be a table") {
        let name = if path == "class" { "ui" } else { "menu" };
        compare(page, &below(path, name), seen);
        return "tables by name".to_owned();
    }
    // Without a list of keys it is the module's own business, or nothing that this version takes.
    if known(&said).is_some() {
        compare(page, path, seen);
    }
    "table".to_owned()
}

#[test]
fn the_manifest_is_documented_as_it_is_read() {
    let page = page(&text("manifest.md"));
    let mut seen = BTreeSet::new();
    compare(&page, "", &mut seen);
    assert_eq!(
        page.keys().cloned().collect::<BTreeSet<_>>(),
        seen,
        "sections, and tables that the reader knows"
    );
}

/// A manifest that says a default says the same as one that does not.
#[test]
fn defaults_of_the_manifest_are_the_documented_ones() {
    let page = page(&text("manifest.md"));
    let read = |text: String| read(text, "<pc-slot name=menu></pc-slot>").unwrap();
    let plain = read(manifest(None, None));
    let mut compared = 0;
    for (heading, path) in [
        ("[[page]]", "page"),
        ("[module.NAME]", "module.menu"),
        ("[module.NAME.limits]", "module.menu.limits"),
        ("[limits]", "limits"),
        ("[dom]", "dom"),
        ("[session]", "session"),
    ] {
        for (key, row) in &page[heading] {
            if matches!(row.default.as_str(), "" | "none" | "required") {
                // Instances sleep only where the manifest says so.
                let may_have_none = (path, key.as_str()) == ("session", "idle");
                assert!(
                    may_have_none || !matches!(path, "module.menu.limits" | "limits" | "session"),
                    "{heading} {key}: no default"
                );
                continue;
            }
            let default = row.default.replace(',', "");
            let said = read(manifest(None, Some((&below(path, key), &default))));
            assert_eq!(format!("{said:?}"), format!("{plain:?}"), "{heading} {key}: its default");
            compared += 1;
        }
    }
    // `Debug` shows what is compared here: all limits and times, title, class, max_fps, overlay and policy.
    assert_eq!(plain.module("menu").unwrap().limits, ModuleLimits::default());
    assert_eq!((&plain.limits, &plain.session), (&PageLimits::default(), &SessionTimes::default()));
    assert!(compared >= 16 + 5 + 2 + 5, "{compared}");

    let weights =
        Class::ALL.map(|class| format!("{} {}", class.name(), Classes::default().share(class).weight()));
    assert_eq!(page["[class.NAME]"]["weight"].default, weights.join(", "));
}

/// All that stands in blocks of TOML.
fn examples(text: &str) -> String {
    let blocks = text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_examples_of_the_manifest_are_one_that_has_every_key() {
    let text = text("manifest.md");
    let example = examples(&text);
    let manifest = read(example.clone(), "<pc-slot name=\"tables\"></pc-slot>")
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(manifest.modules.len(), 2);
    let free = ["document", "upstream", "documents"];
    for (heading, rows) in page(&text) {
        for key in rows.keys().filter(|key| !free.contains(&key.as_str())) {
            let is_there = |line: &str| {
                let of_table = line.starts_with('[') && line.split(['[', ']', '.']).any(|part| part == key);
                line.starts_with(&format!("{key} = ")) || of_table
            };
            assert!(example.lines().any(is_there), "{heading} {key} is in no example");
        }
    }
}

#[test]
fn the_node_is_documented_as_it_is_read() {
    let text = text("node.md");
    let page = page(&text);
    let parse = |text: &str| NodeConfig::parse(&PathBuf::from("node.toml"), text.to_owned());
    let said = |text: &str| parse(text).err().map(|error| error.to_string()).unwrap_or_default();

    let sections = known(&said(&format!("{UNKNOWN} = 1"))).unwrap();
    let documented = page.keys().map(|heading| heading.trim_matches(['[', ']']).to_owned());
    assert_eq!(documented.collect::<BTreeSet<_>>(), sections);
    for (heading, rows) in &page {
        let known = known(&said(&format!("{heading}\n{UNKNOWN} = 1"))).unwrap();
        assert_eq!(rows.keys().cloned().collect::<BTreeSet<_>>(), known, "{heading}");
        for (key, row) in rows {
            compare_setting(heading, key, row);
        }
    }
    let example = parse(&examples(&text)).unwrap();
    assert_eq!(example.instances_max, 8192);
    for (heading, rows) in &page {
        let (_, section) = text.split_once(&format!("\n{heading}\n")).unwrap();
        let section = section.split("\n[").next().unwrap();
        for key in rows.keys() {
            assert!(section.contains(&format!("{key} = ")), "{heading} {key} is not in the example");
        }
    }
}

fn compare_setting(heading: &str, key: &str, row: &Row) {
    let set = |value: &str| {
        let variable = [(row.variable.clone(), value.to_owned())];
        NodeConfig::load(None, variable).map_err(|error| error.to_string())
    };
    if row.default != "none" {
        let default = row.default.replace(',', "");
        assert_eq!(set(&default), Ok(NodeConfig::default()), "{heading} {key}: its default");
    }
    // What none of these takes, or nothing, if any text will do: then the setting is another than before.
    let wrong = set("").err().or_else(|| set("?").err());
    let wrong = match wrong {
        Some(wrong) => wrong,
        None => {
            assert_eq!(row.kind, "list of origins", "{heading} {key}");
            set("?").unwrap_err()
        }
    };
    assert!(!wrong.contains("unknown setting"), "{heading} {key}: {wrong}");
    let numbers = wrong.split("is not a whole number from ").nth(1);
    let kind = match &wrong {
        _ if numbers.is_some() => "whole number".to_owned(),
        wrong if wrong.contains("is not a size") => "size".to_owned(),
        wrong if wrong.contains("is not an address and a port") => "address and port".to_owned(),
        wrong if wrong.contains("a path cannot be empty") => "path".to_owned(),
        wrong if wrong.contains("is not an origin") => "list of origins".to_owned(),
        wrong => match words(wrong) {
            Some(words) => format!("one of {}", words.join(", ")),
            None => "string".to_owned(),
        },
    };
    assert_eq!(row.kind, kind, "{heading} {key}: its value");
    let found = match kind.as_str() {
        "size" => bounds(&set("18446744073709551615B").unwrap_err()),
        _ => numbers.map(str::to_owned),
    };
    if let Some(found) = found {
        assert_eq!(row.bounds, found, "{heading} {key}: its bounds");
    }
}
