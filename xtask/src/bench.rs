//! Measurements. They print; `--check` also holds them against what is wanted and writes the table into
//! `docs/benchmarks.md`.

use std::fs;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::project::Project;
use crate::steps::{run, shown, step};
use crate::{engine, node, setup, suite};

const PAGE: &str = "docs/benchmarks.md";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// Instantiate, first render and a turn, beside the prototype of benches/yardsticks/js-component
    JsComponent,
    /// Server CPU per first HTML and per click, bytes per click, client script per frame
    Lobby,
    /// Three widgets on one page, beside no isolation and beside Workers with remote-dom
    Page,
    /// The operations of js-framework-benchmark, beside code by hand and beside Svelte
    Rows,
    /// Values of an animation that reach the page a second
    Progress,
    /// From saving a file to seeing it, under `playconnect dev`
    Save,
    /// What a thousand mounts and unmounts leave behind
    Mounts,
}

#[derive(Args)]
pub struct Options {
    /// Only this one
    #[arg(value_enum)]
    only: Option<Bench>,
    /// Hold the figures against what is wanted, and write the table into docs/benchmarks.md
    #[arg(long)]
    check: bool,
    /// Measure the binary and the examples as they are
    #[arg(long)]
    no_build: bool,
}

/// What a benchmark found. Programs of `benches/` write it as JSON (`benches/report.mjs`).
#[derive(Deserialize)]
struct Report {
    versions: Vec<String>,
    /// The lowest and the highest load average.
    load: [f64; 2],
    rows: Vec<Row>,
    notes: Vec<String>,
}

#[derive(Deserialize)]
struct Row {
    what: String,
    measured: String,
    /// Empty: a figure without a goal.
    goal: String,
    pass: Option<bool>,
    detail: String,
}

/// The exit code says whether all goals were met.
pub fn bench(project: &Project, options: &Options) -> anyhow::Result<ExitCode> {
    if options.no_build {
        node::install(project)?;
    } else {
        suite::build(project)?;
    }
    let mut failed = 0;
    for bench in Bench::value_variants() {
        if options.only.is_some_and(|only| only != *bench) {
            continue;
        }
        let report = match bench {
            Bench::JsComponent => js_component(project)?,
            _ => program(project, bench.name())?,
        };
        if options.check {
            let text = fs::read_to_string(project.root.join(PAGE)).context(PAGE)?;
            let written = replace_section(&text, bench.name(), &report.section(project, bench.name())?)?;
            fs::write(project.root.join(PAGE), written).context(PAGE)?;
            for row in report.rows.iter().filter(|row| row.pass == Some(false)) {
                println!("missed: {}: {} {} ({})", row.what, row.measured, row.goal, row.detail);
                failed += 1;
            }
        }
    }
    if options.check {
        println!("{PAGE} is written; {failed} goals missed");
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Bench {
    /// As on the command line; also of its file below `benches/`.
    fn name(self) -> &'static str {
        match self {
            Bench::JsComponent => "js-component",
            Bench::Lobby => "lobby",
            Bench::Page => "page",
            Bench::Rows => "rows",
            Bench::Progress => "progress",
            Bench::Save => "save",
            Bench::Mounts => "mounts",
        }
    }
}

/// One of `benches/*.mjs`, in a browser.
fn program(project: &Project, name: &str) -> anyhow::Result<Report> {
    let chromium = setup::chromium(project)?;
    let file = project.target.join(format!("bench-{name}.json"));
    if file.exists() {
        fs::remove_file(&file).with_context(|| project.shown(&file).to_string())?;
    }
    let mut command = project.command("node");
    command.arg(format!("benches/{name}.mjs"));
    command.env("CHROMIUM", chromium).env("PLAYCONNECT_BINARY", project.playconnect());
    step(&format!("bench {name}"), || run(command.env("PLAYCONNECT_BENCH_REPORT", &file)))?;
    let text = fs::read_to_string(&file).with_context(|| project.shown(&file).to_string())?;
    serde_json::from_str(&text).with_context(|| project.shown(&file).to_string())
}

fn js_component(project: &Project) -> anyhow::Result<Report> {
    /// A line of the example.
    #[derive(Deserialize)]
    struct Line {
        what: String,
        ours_us: f64,
        prototype_us: f64,
        ratio: f64,
        at_most: f64,
    }

    let out = project.engine();
    setup::python(project)?;
    let prototype = step("the prototype's engine", || engine::build_prototype(&project.root, &out))?;
    let bundle = out.join("prototype.js");
    step("the bundle of both", || {
        run(project.command("node").arg("benches/yardsticks/js-component/build.mjs").arg(&bundle))
    })?;
    // As the whole workspace is built: another selection would compile Wasmtime a second time.
    run(&mut project.cargo(&["build", "--release", "--workspace", "--example", "js_component", "--quiet"]))?;
    let example = project.target.join("release/examples/js_component");
    let before = load()?;
    let mut command = project.command(&example.to_string_lossy());
    command.arg(out.join("engine.wasm")).arg(prototype).arg(bundle).stderr(Stdio::inherit());
    let output = command.output().with_context(|| shown(&command))?;
    let text = String::from_utf8(output.stdout).context("what js_component prints")?;
    print!("{text}");
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(&command), output.status);
    }
    let after = load()?;
    let mut rows = Vec::new();
    for line in text.lines() {
        let line: Line = serde_json::from_str(line).with_context(|| format!("js_component prints {line}"))?;
        rows.push(Row {
            what: format!("{}: ours / prototype", line.what),
            measured: format!("{:.2}", line.ratio),
            goal: format!("≤ {}", line.at_most),
            pass: Some(line.ratio <= line.at_most),
            detail: format!("{:.0} / {:.0} µs of thread CPU", line.ours_us, line.prototype_us),
        });
    }
    Ok(Report {
        versions: vec![format!("Wasmtime {}", locked(project, "wasmtime")?)],
        load: [before.min(after), before.max(after)],
        rows,
        notes: vec!["200 rounds of both in one process, in turn; medians.".to_owned()],
    })
}

/// The load average of the last minute.
fn load() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/loadavg").context("/proc/loadavg")?;
    text.split(' ').next().unwrap_or_default().parse().context("/proc/loadavg")
}

/// The version of a crate in Cargo.lock.
fn locked(project: &Project, name: &str) -> anyhow::Result<String> {
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).context("Cargo.lock")?;
    let entry = format!("name = \"{name}\"\nversion = \"");
    let (_, rest) = lock.split_once(&entry).with_context(|| format!("Cargo.lock does not have {name}"))?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

impl Report {
    /// What stands between the markers.
    fn section(&self, project: &Project, name: &str) -> anyhow::Result<String> {
        let date = output(project, "date", &["-u", "+%F"])?;
        let commit = output(project, "git", &["rev-parse", "--short", "HEAD"])?;
        let [low, high] = self.load;
        let mut text = format!(
            "`cargo xtask bench --check {name}`, {date}, commit {commit}; {}; load average {low:.1} to {high:.1}.\n\n\
             | | measured | goal | |\n|---|---|---|---|\n",
            self.versions.join(", ")
        );
        for row in &self.rows {
            let verdict = match row.pass {
                Some(true) => "pass",
                Some(false) => "**fail**",
                None => "",
            };
            let detail = if row.detail.is_empty() { String::new() } else { format!(" ({})", row.detail) };
            text += &format!("| {}{detail} | {} | {} | {verdict} |\n", row.what, row.measured, row.goal);
        }
        for note in &self.notes {
            text += &format!("\n{note}\n");
        }
        Ok(text)
    }
}

/// What the program prints, without the end of the line.
fn output(project: &Project, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = project.command(program).args(arguments).output().with_context(|| program.to_owned())?;
    if !output.status.success() {
        bail!("`{program} {}` failed ({})", arguments.join(" "), output.status);
    }
    Ok(String::from_utf8(output.stdout).with_context(|| program.to_owned())?.trim_end().to_owned())
}

/// The page with another text between the markers of this name.
fn replace_section(page: &str, name: &str, section: &str) -> anyhow::Result<String> {
    let (begin, end) = (format!("<!-- check {name} -->\n"), format!("<!-- end of check {name} -->\n"));
    let missing = || format!("{PAGE} has no lines `{}` and `{}`", begin.trim_end(), end.trim_end());
    let (before, rest) = page.split_once(&begin).with_context(missing)?;
    let (_, after) = rest.split_once(&end).with_context(missing)?;
    Ok(format!("{before}{begin}{section}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let page = "a\n<!-- check page -->\nold\n<!-- end of check page -->\nb\n";
        let written = replace_section(page, "page", "new\n").expect("the markers are there");
        assert_eq!(written, "a\n<!-- check page -->\nnew\n<!-- end of check page -->\nb\n");
        let error = replace_section(page, "rows", "new\n").expect_err("of another name").to_string();
        assert!(error.contains("`<!-- check rows -->`"), "{error}");
    }

    #[test]
    fn the_page_has_a_place_for_every_benchmark() {
        let root =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder");
        let page = fs::read_to_string(root.join(PAGE)).expect(PAGE);
        for bench in Bench::value_variants() {
            replace_section(&page, bench.name(), "").expect("a place");
            if *bench != Bench::JsComponent {
                assert!(root.join(format!("benches/{}.mjs", bench.name())).is_file(), "{bench:?}");
            }
        }
    }
}
