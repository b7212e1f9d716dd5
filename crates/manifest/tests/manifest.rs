//! What a manifest may say, and what a person is told about one that is wrong.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::time::Duration;

use playconnect_manifest::{Manifest, Policy};
use playconnect_qos::Class;

const SHELL: &str = "<!doctype html>\n<main><pc-slot name=\"menu\"></pc-slot></main>\n";
const SOUND: &str = r#"manifest_version = 1
[application]
name = "lobby"
[[page]]
route = "/"
shell = "index.html"
[module.menu]
kind = "widget"
source = "dist/menu.wasm"
slot = "menu"
"#;

/// Loads a manifest beside a shell with the one slot `menu`.
fn load(manifest: &str, shell: &str) -> Result<Manifest, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("playconnect.toml"), manifest).unwrap();
    fs::write(folder.path().join("index.html"), shell).unwrap();
    Manifest::load(folder.path())
        .map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
}

/// The findings about the sound manifest with one change.
fn refused(from: &str, to: &str, expected: &str) {
    assert!(SOUND.contains(from), "the sound manifest has no {from:?}");
    let found = load(&SOUND.replacen(from, to, 1), SHELL).expect_err("to be refused");
    assert_eq!(found, expected);
}

/// The finding about the sound manifest with more behind it: from line 11 on.
fn refused_with(more: &str, expected: &str) {
    assert_eq!(load(&format!("{SOUND}{more}"), SHELL).expect_err("to be refused"), expected);
}

#[test]
fn defaults() {
    let manifest = load(SOUND, SHELL).unwrap();
    let menu = manifest.module("menu").unwrap();
    assert_eq!((menu.limits.memory, menu.max_fps, menu.class), (64 << 20, 30, Class::Ui));
    assert_eq!(menu.limits.restart_backoff_max, Duration::from_secs(30));
    assert!(!menu.overlay);
    assert_eq!((manifest.limits.nodes, manifest.limits.depth, manifest.limits.modules), (50_000, 256, 16));
    assert_eq!(manifest.session.ttl, Duration::from_secs(900));
    assert_eq!(manifest.policy, Policy::Transactional);
    assert_eq!(manifest.pages[0].slots[0].name, "menu");
    assert!(manifest.warnings.is_empty());
}

#[test]
fn every_key() {
    let more = r#"
framework = "react"
class = "compute"
style = "menu.css"
properties = { title = "Menu", sizes = [1, 2.5], deep = { on = true } }
max_fps = 60
overlay = true
outbound_hosts = ["api.example.com", "*.example.org:8443", "http://127.0.0.1:9000"]
documents = {}
[module.menu.build]
command = "npm run build"
artifact = "dist/menu.js"
watch = ["src/**"]
workdir = "menu"
[module.menu.limits]
memory = "32MiB"
event_report = "20ms"
event_stop = "50ms"
init_stop = "2s"
batch_bytes = "1MiB"
batch_ops = 1_000
timers = 8
log_rate = "1KiB/s"
fetches = 4
fetch_request = "2KiB"
fetch_response = "1MiB"
fetch_timeout = "5s"
restart_backoff_min = "10ms"
restart_backoff_max = "1m"
restart_disable_after = 3
restart_disable_window = "5m"
[limits]
nodes = 1_000
bytes = "1MiB"
depth = 32
modules = 4
fetches = 8
[dom]
policy = "transactional"
[class.ui]
weight = 400
slo = { p99 = "16ms" }
[class.background]
weight = 50
floor = 0.15
[session]
ttl = "1h"
unattached = "30s"
"#;
    let manifest = load(&format!("{SOUND}{more}"), SHELL).unwrap();
    let menu = manifest.module("menu").unwrap();
    assert_eq!(
        serde_json::Value::Object(menu.properties.clone()).to_string(),
        r#"{"title":"Menu","sizes":[1,2.5],"deep":{"on":true}}"#
    );
    let build = menu.build.as_ref().unwrap();
    assert_eq!((build.command.as_str(), build.folder.to_str()), ("npm run build", Some("menu")));
    assert_eq!((menu.limits.memory, menu.limits.log_rate, menu.limits.timers), (32 << 20, 1024, 8));
    assert_eq!(menu.limits.restart_disable_window, Duration::from_secs(300));
    assert_eq!((menu.outbound_hosts.len(), menu.limits.fetches, manifest.limits.fetches), (3, 4, 8));
    assert_eq!((menu.limits.fetch_request, menu.limits.fetch_response), (2 << 10, 1 << 20));
    assert_eq!(menu.limits.fetch_timeout, Duration::from_secs(5));
    assert_eq!((manifest.limits.nodes, manifest.limits.bytes), (1_000, 1 << 20));
    assert_eq!(manifest.session.unattached, Duration::from_secs(30));
    assert_eq!(manifest.classes[0].slo_p99, Some(Duration::from_millis(16)));
    let background = manifest.classes[1].share;
    assert_eq!(
        (background.weight(), background.floor_ppm(), background.limit_ppm()),
        (50, Some(150_000), None)
    );
    let warnings: Vec<_> = manifest.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("class.ui.slo: is read and checked, but has no effect"), "{}", warnings[0]);
    assert!(manifest.module("menu").unwrap().overlay);
}

#[test]
fn hosts_that_cannot_be_granted() {
    let hosts = |host: &str, expected: &str| {
        let place = "playconnect.toml:11:19: module.menu.outbound_hosts";
        refused_with(&format!("outbound_hosts = [\"{host}\"]\n"), &format!("{place}: \"{host}\" {expected}"));
    };
    hosts(
        "https://api.example.com/v1",
        "has a path in it; write the host alone: a grant is for all paths of a host",
    );
    hosts(
        "*.com",
        "would grant every name below .com; write at least two labels behind the *, such as \"*.example.com\"",
    );
    hosts(
        "http://localhost:9000",
        "is whatever a resolver says; write the address: \"http://127.0.0.1:9000\"; the module fetches that, too",
    );
    hosts("http://2130706433", "is another way to write 127.0.0.1; write 127.0.0.1");
    refused_with(
        "outbound_hosts = \"api.example.com\"\n",
        "playconnect.toml:11:18: module.menu.outbound_hosts: must be a list of strings, not a string",
    );
}

#[test]
fn files_that_are_not_built_are_named_with_the_command() {
    let manifest = load(&format!("{SOUND}style = \"menu.css\"\n"), SHELL).unwrap();
    let missing = manifest.missing_files();
    assert_eq!(missing.len(), 2);
    assert_eq!(missing[0].object, "module.menu.source");
    assert_eq!(missing[0].cause, "there is no file dist/menu.wasm");
    assert!(missing[0].next.starts_with("run `playconnect build "));
    assert_eq!(missing[1].object, "module.menu.style");
}

#[test]
fn no_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let error = Manifest::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("there is no file") && error.contains("name the folder of an app"), "{error}");
}

#[test]
fn broken_toml() {
    refused(
        "route = \"/\"",
        "route = ",
        "playconnect.toml:5:9: string values must be quoted, expected literal string; correct the TOML here",
    );
}

#[test]
fn unknown_keys_name_the_nearest() {
    refused(
        "kind =",
        "knid =",
        "playconnect.toml:7:1: module.menu.kind: is missing; write kind = \"widget\"\nplayconnect.toml:8:1: module.menu.knid: unknown key; did you mean `kind`?",
    );
    refused_with(
        "limits = { memroy = \"1MiB\" }\n",
        "playconnect.toml:11:12: module.menu.limits.memroy: unknown key; did you mean `memory`?",
    );
    refused_with("[sesion]\n", "playconnect.toml:11:2: sesion: unknown key; did you mean `session`?");
    refused_with(
        "[session]\ncolour = 1\n",
        "playconnect.toml:12:1: session.colour: unknown key; known here: `ttl`, `unattached` and `idle`",
    );
}

#[test]
fn wrong_types_and_values() {
    refused(
        "manifest_version = 1",
        "manifest_version = 2",
        "playconnect.toml:1:1: manifest_version: manifest version 2 is not supported by this version; write manifest_version = 1",
    );
    refused(
        "manifest_version = 1\n",
        "",
        "playconnect.toml:1:1: manifest_version: is missing; write manifest_version = 1 as the first line",
    );
    refused("\"lobby\"", "7", "playconnect.toml:3:8: application.name: must be a string, not a whole number");
    refused_with(
        "overlay = 1\n",
        "playconnect.toml:11:11: module.menu.overlay: must be true or false, not a whole number",
    );
    refused_with("max_fps = 61\n", "playconnect.toml:11:11: module.menu.max_fps: 61 is not between 1 and 60");
    refused_with("max_fps = -1\n", "playconnect.toml:11:11: module.menu.max_fps: -1 is not between 1 and 60");
    refused_with(
        "class = \"gui\"\n",
        "playconnect.toml:11:9: module.menu.class: \"gui\" is not one of `ui`, `compute`, `rest` and `background`; did you mean `ui`?",
    );
    refused_with(
        "limits.memory = \"64MB\"\n",
        "playconnect.toml:11:17: module.menu.limits.memory: \"64MB\" is not a size: sizes are powers of 1024, write \"64MiB\"",
    );
    refused_with(
        "limits.memory = \"1KiB\"\n",
        "playconnect.toml:11:17: module.menu.limits.memory: \"1KiB\" is not between 1MiB and 4GiB",
    );
    refused_with(
        "[session]\nttl = 900\n",
        "playconnect.toml:12:7: session.ttl: must be a string, not a whole number",
    );
    refused_with(
        "[module.menu.limits]\nrestart_backoff_min = \"1m\"\n",
        "playconnect.toml:11:1: module.menu.limits.restart_backoff_min: restart_backoff_min is longer than restart_backoff_max; make it shorter",
    );
    refused_with(
        "[class.uii]\n",
        "playconnect.toml:11:8: class.uii: is not one of `ui`, `compute`, `rest` and `background`; did you mean `ui`?",
    );
    refused_with(
        "[class.ui]\nfloor = 1.5\n",
        "playconnect.toml:12:9: class.ui.floor: 1.5 is not between 0 and 1",
    );
    refused_with(
        "[class.ui]\nweight = 0\n",
        "playconnect.toml:12:10: class.ui.weight: 0 is not between 1 and 10000",
    );
    refused_with(
        "[class.ui]\nlimit = 0.0005\n",
        "playconnect.toml:12:9: class.ui.limit: 0.0005 is less than 0.001, with which nothing gets on; raise it",
    );
    refused_with(
        "[class.ui]\nlimit = 0.5\nfloor = 0.6\n",
        "playconnect.toml:13:9: class.ui.floor: 0.6 is more than the class's limit; lower it, or raise the limit",
    );
    refused_with(
        "[class.ui]\nfloor = 0.6\n[class.rest]\nfloor = 0.6\n",
        "playconnect.toml:1:1: class: the floors of all classes add up to 1.2, more than there is; lower them to 1 in all",
    );
}

#[test]
fn what_this_version_does_not_do_is_refused_by_name() {
    refused(
        "\"widget\"",
        "\"worker\"",
        "playconnect.toml:8:8: module.menu.kind: modules of this kind are not supported by this version; write kind = \"widget\", or remove the module",
    );
    refused_with(
        "[dom]\npolicy = \"serial\"\n",
        "playconnect.toml:12:10: dom.policy: this policy is not supported by this version; write policy = \"transactional\"",
    );
    refused_with(
        "documents = { \"room/*\" = \"rw\" }\n",
        "playconnect.toml:11:15: module.menu.documents: shared documents are not supported by this version; remove it",
    );
    refused_with(
        "[document.\"room/*\"]\n",
        "playconnect.toml:11:2: document: shared documents are not supported by this version; remove the key",
    );
    refused_with(
        "[upstream.legacy]\n",
        "playconnect.toml:11:2: upstream: HTTP upstreams are not supported by this version; remove the key",
    );
}

#[test]
fn names_routes_and_paths() {
    refused(
        "[module.menu]",
        "[module.Menu]",
        "playconnect.toml:7:9: module.Menu: \"Menu\" is not a name; use 1 to 64 of a-z, 0-9 and -",
    );
    refused(
        "\"dist/menu.wasm\"",
        "\"../menu.wasm\"",
        "playconnect.toml:9:10: module.menu.source: \"../menu.wasm\" is not a path inside the app's folder; write a relative path without `..`",
    );
    refused(
        "\"dist/menu.wasm\"",
        "\"/menu.wasm\"",
        "playconnect.toml:9:10: module.menu.source: \"/menu.wasm\" is not a path inside the app's folder; write a relative path without `..`",
    );
    refused(
        "\"/\"",
        "\"lobby\"",
        "playconnect.toml:5:9: page.route: \"lobby\" does not start with `/`; choose another",
    );
    refused(
        "\"/\"",
        "\"/_pc/x\"",
        "playconnect.toml:5:9: page.route: \"/_pc/x\" is a route of PlayConnect's own; choose another",
    );
    refused_with(
        "[[page]]\nroute = \"/\"\nshell = \"index.html\"\n",
        "playconnect.toml:12:9: page.route: \"/\" is the route of two pages; give each page its own",
    );
    refused_with(
        "[module.menu.build]\ncommand = \" \"\n",
        "playconnect.toml:12:11: module.menu.build.command: is empty; write the command that makes the module",
    );
}

#[test]
fn slots_and_shells() {
    refused(
        "\"menu\"",
        "\"mneu\"",
        "playconnect.toml:6:9: page.shell: index.html has a slot \"menu\" and no module is in it; add a module with this slot, or remove the <pc-slot>\nplayconnect.toml:10:8: module.menu.slot: no page's shell has a slot \"mneu\"; did you mean \"menu\"?",
    );
    refused(
        "\"index.html\"",
        "\"lobby.html\"",
        "playconnect.toml:6:9: page.shell: there is no file lobby.html; write the page's static HTML there",
    );
    refused_with(
        "[module.two]\nkind = \"widget\"\nsource = \"two.wasm\"\nslot = \"menu\"\n",
        "playconnect.toml:14:8: module.two.slot: slot \"menu\" is taken by both `menu` and `two`; give each module a slot of its own",
    );
    let inside = |name: &str, slot: &str| {
        format!("[module.{name}]\nkind = \"widget\"\nsource = \"{name}.wasm\"\nslot = \"{slot}\"\n")
    };
    let nested =
        load(&format!("{SOUND}{}{}", inside("chat", "menu/aside"), inside("note", "chat/foot")), SHELL);
    let nested = nested.unwrap();
    assert_eq!(nested.module("note").unwrap().nested(), Some(("chat", "foot")));
    assert_eq!(nested.module("menu").unwrap().nested(), None);
    refused_with(
        &inside("chat", "mneu/aside"),
        "playconnect.toml:14:8: module.chat.slot: there is no module `mneu` to stand in; did you mean \"menu\"?",
    );
    refused_with(
        &(inside("chat", "note/a") + &inside("note", "chat/b")),
        "playconnect.toml:14:8: module.chat.slot: `chat` would stand in itself: chat in note in chat; give one of them a slot of the page\n\
         playconnect.toml:18:8: module.note.slot: `note` would stand in itself: note in chat in note; give one of them a slot of the page",
    );
    for slot in ["menu/", "/aside", "menu/a/b", "menu/A"] {
        let error = load(&format!("{SOUND}{}", inside("chat", slot)), SHELL).unwrap_err();
        assert!(
            error.contains(&format!("\"{slot}\" is not a name; use 1 to 64 of a-z, 0-9 and -; MODULE/NAME")),
            "{error}"
        );
    }
    let twice = "<pc-slot name=menu></pc-slot>\n <pc-slot name=menu></pc-slot>";
    let error = load(SOUND, twice).unwrap_err();
    assert!(
        error.contains("index.html:2:2: slot \"menu\" is in this page twice; correct the shell"),
        "{error}"
    );
}

#[test]
fn all_findings_come_at_once_and_in_order() {
    let error = load("manifest_version = 1\nx = 1\n[application]\ny = 2\n[session]\nttl = \"1\"\n", SHELL)
        .unwrap_err();
    let lines: Vec<_> = error.lines().map(|line| line.split(": ").nth(1).unwrap()).collect();
    assert_eq!(lines, ["x", "application.name", "application.y", "session.ttl"]);
}
