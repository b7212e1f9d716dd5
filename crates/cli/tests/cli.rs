//! What the command line says and with which exit code it ends: above all when something is wrong.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use playconnect_dom::{BatchWriter, Namespace};
use tempfile::TempDir;

const SHELL: &str = "<!doctype html><title>x</title><pc-slot name=\"menu\"></pc-slot>\n";
const MANIFEST: &str = r#"manifest_version = 1
[application]
name = "app"
[[page]]
route = "/"
shell = "index.html"
[module.menu]
kind = "widget"
source = "dist/menu.wasm"
slot = "menu"
"#;

fn playconnect() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_playconnect"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLAYCONNECT_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).env("RUST_BACKTRACE", "1");
    command
}

/// An app with more text behind the manifest of its one module.
fn app(more: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("playconnect.toml"), format!("{MANIFEST}{more}")).unwrap();
    fs::write(folder.path().join("index.html"), SHELL).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    playconnect().current_dir(folder).args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// It ends with this code and one line that holds all of this.
fn fails(folder: &Path, arguments: &[&str], code: i32, parts: &[&str]) {
    let output = run(folder, arguments);
    let stderr = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
    let errors: Vec<_> = stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{arguments:?}: {stderr}");
    for part in parts {
        assert!(errors[0].contains(part), "{arguments:?}: no {part:?} in {}", errors[0]);
    }
    assert!(!stderr.contains("stack backtrace"), "{stderr}");
}

#[test]
fn wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fails(folder, &[], 2, &["no verb was given", "see `playconnect --help`"]);
    fails(folder, &["biuld"], 2, &["unrecognized subcommand 'biuld'", "build", "see `playconnect --help`"]);
    fails(
        folder,
        &["build", "--jsno"],
        2,
        &["unexpected argument '--jsno'", "--json", "`playconnect build --help`"],
    );
    fails(
        folder,
        &["serve", "--listen", "7420"],
        2,
        &["invalid value '7420'", "--listen", "`playconnect serve --help`"],
    );
    fails(folder, &["build", "a", "b"], 2, &["unexpected argument 'b'"]);
}

#[test]
fn help_has_an_example() {
    let folder = tempfile::tempdir().unwrap();
    for verb in ["new", "build", "check", "dev", "serve", "stress"] {
        let output = run(folder.path(), &[verb, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains(&format!("Example:\n  playconnect {verb} ")), "{}", stdout(&output));
    }
    assert!(stdout(&run(folder.path(), &["--version"])).starts_with("playconnect 0."));
}

#[test]
fn stress_says_what_it_cannot_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let page = ["--url", "http://127.0.0.1:1/", "--sessions", "1", "--seconds", "1"];
    let with = |more: &[&'static str]| [&["stress"], &page[..], more].concat();
    fails(path, &["stress"], 2, &["--url", "--sessions", "--seconds", "`playconnect stress --help`"]);
    fails(path, &with(&[]), 1, &["http://127.0.0.1:1/: ", "see that the node runs"]);
    assert!(!path.join("playconnect-stress.html").exists(), "there is no picture of nothing");
    let secure = ["stress", "--url", "https://example.org/", "--sessions", "1", "--seconds", "1"];
    fails(path, &secure, 2, &["https://example.org/: only http", "http://127.0.0.1:7420/"]);
    fails(
        path,
        &["stress", "--url", "x", "--sessions", "1", "--seconds", "1"],
        2,
        &["invalid value 'x'", "--url"],
    );
    fails(
        path,
        &["stress", "--url", "http://a/", "--sessions", "0", "--seconds", "1"],
        2,
        &["--sessions", "1..=100000"],
    );
    fails(path, &with(&["--admin", "http://127.0.0.1:1/"]), 2, &["--token-file"]);
    fails(path, &with(&["--script", "nowhere.toml"]), 2, &["nowhere.toml cannot be read"]);
    fails(
        path,
        &with(&["--picture", "nowhere/a.html"]),
        2,
        &["nowhere/a.html cannot be written", "--picture"],
    );
    std::fs::write(path.join("script.toml"), "[[step]]\nslot = \"menu\"\nclick = \"a > b\"\n").unwrap();
    fails(path, &with(&["--script", "script.toml"]), 2, &["script.toml: step 1: `a > b` is no selector"]);
}

#[test]
fn no_app() {
    let folder = tempfile::tempdir().unwrap();
    for verb in ["build", "check", "dev", "serve"] {
        fails(
            folder.path(),
            &[verb, "nowhere"],
            2,
            &["nowhere/playconnect.toml", "there is no file", "name the folder"],
        );
    }
}

#[test]
fn a_wrong_manifest() {
    let app = app("knid = 1\n");
    for verb in ["build", "check", "dev", "serve"] {
        fails(
            app.path(),
            &[verb],
            2,
            &["playconnect.toml:11:1: module.menu.knid: unknown key; did you mean `kind`?"],
        );
    }
}

#[test]
fn every_finding_has_a_line() {
    let app = app("knid = 1\n[session]\nttl = \"1\"\n");
    let output = run(app.path(), &["check"]);
    assert_eq!((output.status.code(), stderr(&output).lines().count()), (Some(2), 2), "{}", stderr(&output));
}

#[test]
fn check_as_json() {
    let app = app("knid = 1\n");
    let output = run(app.path(), &["check", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["ok"], false);
    assert_eq!((&json["problems"][0]["line"], &json["problems"][0]["column"]), (&11.into(), &1.into()));
    assert_eq!(json["problems"][0]["object"], "module.menu.knid");
}

#[test]
fn modules_that_are_not_built() {
    let app = app("");
    for verb in ["check", "serve"] {
        fails(
            app.path(),
            &[verb],
            2,
            &[
                "playconnect.toml:9:10: module.menu.source: there is no file dist/menu.wasm",
                "run `playconnect build",
            ],
        );
    }
    fails(app.path(), &["build"], 1, &["module.menu.build: dist/menu.wasm: there is no such file"]);
}

#[test]
fn modules_that_are_no_modules() {
    let app = app("");
    let source = app.path().join("dist/menu.wasm");
    fs::create_dir(app.path().join("dist")).unwrap();
    fs::write(&source, "hello").unwrap();
    fails(
        app.path(),
        &["check"],
        2,
        &["playconnect.toml:7:9: module.menu: dist/menu.wasm: not a WebAssembly file"],
    );
    fails(app.path(), &["build"], 1, &["dist/menu.wasm: is neither WebAssembly nor a bundle (.js)"]);
    fails(app.path(), &["serve"], 1, &["menu", "not a WebAssembly file"]);
    fs::write(&source, b"\0asm\x01\0\0\0").unwrap();
    fails(app.path(), &["build"], 1, &["is not a component; name it as `artifact`"]);
    fs::write(&source, b"\0asm\x0d\0\x01\0\xff").unwrap();
    fails(app.path(), &["build"], 1, &["menu: damaged, or more than this host can run"]);
}

#[test]
fn bundles_that_are_no_modules() {
    let app = app("[module.menu.build]\ncommand = \"true\"\nartifact = \"menu.js\"\n");
    let says = |bundle: &[u8], parts: &[&str], rest: &[&str]| {
        fs::write(app.path().join("menu.js"), bundle).unwrap();
        fails(app.path(), &["build"], 1, &[&["module.menu.build: the bundle "], parts].concat());
        let stderr = stderr(&run(app.path(), &["build"]));
        for part in rest {
            assert!(stderr.contains(part), "no {part:?} in {stderr}");
        }
        assert!(!app.path().join("dist/menu.wasm").exists());
    };
    says(
        b"\n\nthrow new Error('no luck')",
        &["threw while it was evaluated"],
        &["  | Error: no luck\n  |     at <eval> (bundle.js:3:", "  | Correct it; "],
    );
    says(b"const = 1;", &["threw while it was evaluated"], &["SyntaxError", "bundle.js:1"]);
    says(
        b"console.log(1)",
        &["needs the global `console` and has no platform"],
        &["bundle.js:1", "  | Import it in the entry point"],
    );
    says(
        b"__playconnect.guest; window.innerWidth",
        &["needs the global `window`"],
        &["bundle.js:1", "  | Keep the code that needs it out"],
    );
    says(b"1 + 1", &["is not a module", "Its entry point has to import @playconnect/module"], &[]);
    says(b"'\xff'", &["is not UTF-8 (byte 1): write it as UTF-8"], &[]);
    says(b"for (;;);", &["did not come to its end", "leave long work to a turn"], &[]);
    says(
        b"const all = []; for (;;) all.push([1, 2, 3]);",
        &["needs more than 64 MiB", "leave large data to a turn"],
        &[],
    );
}

/// What `inspect batch -` prints and its exit code.
fn inspect(batch: &[u8], arguments: &[&str]) -> (String, String, Option<i32>) {
    let mut child = playconnect()
        .args(["inspect", "batch", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(batch).unwrap();
    let output = child.wait_with_output().unwrap();
    (stdout(&output), stderr(&output), output.status.code())
}

#[test]
fn a_batch_is_inspected() {
    let batch = r#"[
        ["create", 1, "p"], ["attr", 1, "class", "note"], ["attr", 1, "onclick", "alert(1)"], ["text", 2, "a < b"],
        ["create", 3, "script"], ["create", 4, "path", 1], ["listen", 1, "click", 2, "Enter"], ["insert", 1, 2],
        ["template", 0, ["li", {"title": "t"}, "x", ["b"], ["!", "note"]]], ["clone", 5, 0], ["insert", 0, 1],
        ["insert", 0, 5], ["insert", 0, 3], ["attr", 1, "class", null], ["call", 1, "focus"]
    ]"#;
    let (text, _, code) = inspect(batch.as_bytes(), &[]);
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "ok        create 1 \"p\"",
        "stripped  attr 1 \"onclick\" \"alert(1)\"  attribute onclick of p: ",
        "stripped  create 3 \"script\"  element script: the allow-list has no such element",
        "ok        create 4 \"path\" 1",
        "ok        listen 1 \"click\" 2 \"Enter\"",
        "safe: ",
        "<p autofocus>a &lt; b</p><li title=\"t\">x<b></b><!--note--></li><pc-stripped></pc-stripped>",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let (json, _, _) = inspect(batch.as_bytes(), &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "safe");
    let stripped: Vec<_> =
        json["ops"].as_array().unwrap().iter().filter(|op| op["verdict"] == "stripped").collect();
    assert_eq!(stripped.len(), 2);
    assert_eq!(stripped[1]["op"], serde_json::json!(["create", 3, "script"]));

    let refused = r#"[["create", 1, "p"], ["insert", 1, 1], ["insert", 0, 1]]"#;
    let (text, error, code) = inspect(refused.as_bytes(), &[]);
    assert_eq!(code, Some(1));
    assert!(text.contains("refused   insert 1 1  operation 2: node 1 would stand below itself"), "{text}");
    assert!(text.contains("-         insert 0 1"), "{text}");
    assert!(error.contains("refused: operation 2"), "{error}");
    let (json, _, code) = inspect(refused.as_bytes(), &["--json"]);
    assert!(json.starts_with("{\"verdict\":\"refused\"") && code == Some(1), "{json}");

    let mut binary = BatchWriter::default();
    binary.name(0, Namespace::None, "p");
    binary.create(1, 0);
    let (text, _, code) = inspect(&binary.finish(), &[]);
    assert!(
        text.contains("ok        name 0 \"p\" 0\n     1  ok        create 1 \"p\"") && code == Some(0),
        "{text}"
    );
}

#[test]
fn what_is_no_batch_is_said_with_its_place() {
    let says = |batch: &[u8], code: i32, part: &str| {
        let (_, error, found) = inspect(batch, &[]);
        assert!(error.contains(part) && found == Some(code), "{found:?}: no {part:?} in {error}");
    };
    says(b"PCB2aaaaaaaa", 1, "no batch: a batch starts with \"PCB1\"");
    says(b"hello", 1, "no batch: ");
    says(b"PCB1\xff\xff\xff\xff\0\0\0\0", 1, "no batch: ");
    says(b"[1]", 2, "write a list of operations");
    says(br#"[["creat", 1, "p"]]"#, 2, "operation 0: there is no operation `creat`: there are create, text,");
    says(br#"[["create", "a", "p"]]"#, 2, "operation 0: `create`: word 1 is the number of a node");
    says(br#"[["create", 1]]"#, 2, "operation 0: `create` lacks its word 2");
    says(br#"[["prop", 1, "valeu", ""]]"#, 2, "there is no property \"valeu\": there are value, checked");
    says(br#"[["prop", 1, "checked", 1]]"#, 2, "the property checked is true or false");
    says(br#"[["call", 1, "click"]]"#, 2, "there is no command \"click\": there are focus, blur");
    says(br#"[["template", 0, "p"]]"#, 2, "a template is like [\"p\", ");
    says(br#"[["create", 1, "p", 7]]"#, 2, "word 3 is a namespace, 0 to 5");
    let deep = format!("[[\"template\", 0, {}{}]]", "[\"b\",".repeat(500), "]".repeat(500));
    says(deep.as_bytes(), 2, "recursion limit");
    says(&vec![b'['; (32 << 20) + 1], 2, "is larger than 32 MiB, which no batch is");
    let folder = tempfile::tempdir().unwrap();
    fails(
        folder.path(),
        &["inspect", "batch", "none"],
        2,
        &["none cannot be read", "name a file, or - for stdin"],
    );
}

#[test]
fn build_commands_that_fail() {
    let build = |command: &str| {
        app(&format!("[module.menu.build]\ncommand = \"{command}\"\nartifact = \"menu.js\"\n"))
    };
    let broken = build("echo one; echo two >&2; exit 7");
    let output = run(broken.path(), &["build"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "  | one\n  | two\nerror: module.menu.build: `echo one; echo two >&2; exit 7` ended with exit code 7; \
                    correct what it says above\n";
    assert_eq!(stderr(&output), expected);
    fails(
        build("no-such-program").path(),
        &["build"],
        1,
        &["ended with exit code 127: the program was not found"],
    );
    fails(
        build("true").path(),
        &["build"],
        1,
        &["menu.js: there is no such file; does the build command write it there?"],
    );
    fails(build("printf x > menu.js; kill -9 $$").path(), &["build"], 1, &["was killed"]);
}

#[test]
fn packages_that_are_not_installed() {
    let app = app("[module.menu.build]\ncommand = \"exit 3\"\n");
    fails(app.path(), &["build"], 1, &["ended with exit code 3; correct what it says above"]);
    fs::write(app.path().join("package.json"), "{}").unwrap();
    fails(app.path(), &["build"], 1, &["its packages are not installed: run `npm install` in"]);
    fs::create_dir(app.path().join("node_modules")).unwrap();
    fails(app.path(), &["build"], 1, &["correct what it says above"]);
}

#[test]
fn long_output_of_a_build_command_is_cut() {
    let app = app("[module.menu.build]\ncommand = \"seq 1000; exit 1\"\n");
    let output = run(app.path(), &["build"]);
    let lines: Vec<_> = stderr(&output).lines().map(str::to_owned).collect();
    assert_eq!((lines.len(), lines[0].as_str(), lines[19].as_str()), (21, "  | 981", "  | 1000"));
}

#[test]
fn wrong_settings_of_the_node() {
    let app = app("");
    fs::create_dir(app.path().join("dist")).unwrap();
    fs::write(app.path().join("dist/menu.wasm"), "").unwrap();
    fs::write(app.path().join("node.toml"), "[public]\nlistn = 1\n").unwrap();
    fails(app.path(), &["serve"], 2, &["node.toml:2:1: public.listn: unknown key; did you mean `listen`?"]);
    fs::write(app.path().join("node.toml"), "[log]\nfilter = \"a=b=c\"\n").unwrap();
    fails(app.path(), &["serve"], 2, &["log.filter: \"a=b=c\" is not a filter"]);
    fails(app.path(), &["serve", "--node", "other.toml"], 2, &["there is no file other.toml"]);
    fs::remove_file(app.path().join("node.toml")).unwrap();
    let output = playconnect()
        .current_dir(app.path())
        .arg("serve")
        .env("PLAYCONNECT_ADMIN_LISTEN", "x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).starts_with("error: PLAYCONNECT_ADMIN_LISTEN: admin.listen: \"x\" is not an address")
    );
}

#[test]
fn a_source_by_hand_is_not_written_over() {
    let app = app("[module.menu.build]\ncommand = \"true\"\nartifact = \"dist/menu.js\"\n");
    let manifest = fs::read_to_string(app.path().join("playconnect.toml")).unwrap();
    fs::write(app.path().join("playconnect.toml"), manifest.replace("dist/menu.wasm", "src/main.tsx"))
        .unwrap();
    fs::create_dir_all(app.path().join("src")).unwrap();
    fs::create_dir_all(app.path().join("dist")).unwrap();
    fs::write(app.path().join("src/main.tsx"), "mine").unwrap();
    fs::write(app.path().join("dist/menu.js"), "1").unwrap();
    let next = "write source = \"dist/menu.wasm\"";
    fails(app.path(), &["build"], 2, &["src/main.tsx is not WebAssembly", "written over it", next]);
    assert_eq!(fs::read_to_string(app.path().join("src/main.tsx")).unwrap(), "mine");
}

#[test]
fn a_bundle_that_is_not_named() {
    let app = app("[module.menu.build]\ncommand = \"mkdir -p dist; touch dist/menu.js\"\n");
    fails(app.path(), &["build"], 2, &["has left dist/menu.js", "write artifact = \"dist/menu.js\""]);
}

#[test]
fn more_memory_than_the_node_gives() {
    let app = app("limits = { memory = \"256MiB\" }\n");
    fs::create_dir(app.path().join("dist")).unwrap();
    fs::write(app.path().join("dist/menu.wasm"), "").unwrap();
    let said = "module.menu.limits.memory: 256MiB is more than this node gives a widget, 64MiB; raise [modules] \
                widget_memory in node.toml";
    for verb in ["check", "serve"] {
        let output = run(app.path(), &[verb]);
        assert!(stderr(&output).contains(said), "{verb}: {}", stderr(&output));
    }
    fs::write(app.path().join("node.toml"), "[modules]\nwidget_memory = \"256MiB\"\n").unwrap();
    for verb in ["check", "serve"] {
        let output = run(app.path(), &[verb]);
        assert!(!stderr(&output).contains("limits.memory"), "{verb}: {}", stderr(&output));
    }
}

/// A reader such as `head` that goes away early is no error.
#[test]
fn a_closed_pipe_is_silence() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = playconnect()
        .current_dir(folder.path())
        .arg("--help")
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)));
}

#[test]
fn a_process_left_in_the_background_is_not_waited_for() {
    let app = app("[module.menu.build]\ncommand = \"sleep 600 & exit 3\"\n");
    let start = std::time::Instant::now();
    fails(app.path(), &["build"], 1, &["ended with exit code 3"]);
    assert!(start.elapsed().as_secs() < 60);
}
