//! House style that a machine can check.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const LINES_MAX: usize = 900;

/// Files that only a generator writes.
const GENERATED: [&str; 3] = ["Cargo.lock", "package-lock.json", "crates/dom/src/allow/table.rs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder")
}

/// What git has, with the text of each file that is text.
fn files() -> Vec<(PathBuf, String)> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git ls-files");
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let mut files: Vec<_> = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    files.dedup();
    files
        .into_iter()
        .filter_map(|path| fs::read_to_string(root().join(&path)).ok().map(|text| (path, text)))
        .collect()
}

fn is_code(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["rs", "ts", "tsx", "js", "jsx", "mjs", "c", "h", "sh", "css"].contains(&extension)
}

fn is_generated(path: &Path) -> bool {
    GENERATED.iter().any(|generated| path == Path::new(generated))
}

/// Panics with every finding and what to do instead.
fn report(findings: &[String], instead: &str) {
    assert!(findings.is_empty(), "{}\n{instead}", findings.join("\n"));
}

/// Lines of code that hold one of the words, without this file, which has to name them.
fn lines_with(words: &[String]) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in files() {
        if is_generated(&path) || path.ends_with("xtask/src/tidy.rs") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word.as_str())) {
                findings.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    findings
}

#[test]
fn files_are_short() {
    let long = |(path, text): &(PathBuf, String)| {
        let lines = text.lines().count();
        (is_code(path) && !is_generated(path) && lines > LINES_MAX)
            .then(|| format!("{}: {lines} lines", path.display()))
    };
    report(
        &files().iter().filter_map(long).collect::<Vec<_>>(),
        "Divide what has grown to more than one subject.",
    );
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["todo!(", "unimplemented!(", "TODO", "FIXME", "XXX:"].map(str::to_owned);
    report(&lines_with(&words), "Do it, or leave it out.");
}

#[test]
fn no_test_is_switched_off() {
    let words =
        ["#[ignore", "test.skip(", "it.skip(", "describe.skip(", "test.only(", "it.only("].map(str::to_owned);
    report(&lines_with(&words), "Repair the test, or remove it and say why in the commit.");
}

#[test]
fn no_path_of_one_machine() {
    // With a word in front it is a URL's or a relative path.
    let mut findings = lines_with(&["/home/", "/root/", "/work/"].map(str::to_owned));
    findings.retain(|finding| {
        ["/home/", "/root/", "/work/"].iter().any(|folder| {
            finding.match_indices(folder).any(|(at, _)| {
                let before = finding[..at].chars().next_back().unwrap_or(' ');
                !(before.is_alphanumeric() || "._-*}/".contains(before))
            })
        })
    });
    report(&findings, "Name files relative to the repository, or find them at run time.");
}

#[test]
fn generated_files_are_up_to_date() {
    crate::codegen::check(root()).expect("cargo xtask codegen writes them");
}

#[test]
fn lock_files_name_no_download_address() {
    let lock = fs::read_to_string(root().join("package-lock.json")).expect("package-lock.json");
    let findings: Vec<_> = lock
        .lines()
        .filter(|line| line.contains("\"resolved\"") && line.contains("://"))
        .map(str::to_owned)
        .collect();
    report(
        &findings,
        "Make package-lock.json with the repository's .npmrc (omit-lockfile-registry-resolved).",
    );
}

/// `name@version` of the npm lock file is all there is; of Cargo's, crates.io is the one source.
#[test]
fn crates_come_from_one_source() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let findings: Vec<_> = lock
        .lines()
        .filter(|line| line.starts_with("source = ") && *line != CRATES_IO)
        .map(str::to_owned)
        .collect();
    report(&findings, "Take the crate from crates.io.");
}

/// Each row of the tables names files, and behind each the tests in it, in its last cell.
#[test]
fn tests_that_the_docs_name_are_there() {
    const PAGE: &str = "docs/bad-input.md";
    let page = fs::read_to_string(root().join(PAGE)).expect(PAGE);
    let mut findings = Vec::new();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let mut file = (String::new(), String::new());
        for name in cell.split('`').skip(1).step_by(2) {
            if name.contains('/') {
                let text = fs::read_to_string(root().join(name)).unwrap_or_default();
                file = (name.to_owned(), text);
                continue;
            }
            named += 1;
            let (path, text) = &file;
            let rust = text.contains(&format!("fn {name}("));
            let script = !path.ends_with(".rs") && text.contains(name);
            if !rust && !script {
                findings.push(format!("{PAGE}: no test `{name}` in {path:?}: {row}"));
            }
        }
    }
    assert!(named > 50, "{PAGE} has its tables: {named} tests");
    report(&findings, "Name the test that shows it.");
}
