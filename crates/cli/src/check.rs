//! `playconnect check`: the manifest, the shells, the built modules, and whether the node gives them what they may have.

use std::fs;
use std::path::Path;

use playconnect_edge::memory_beyond;
use playconnect_manifest::{Manifest, Place, Problem};

use crate::build::host;
use crate::failure::Failure;
use crate::output::Output;
use crate::serve::node_config;

pub fn run(folder: &Path, output: &Output) -> Result<(), Failure> {
    let (problems, warnings) = match Manifest::load(folder) {
        Ok(manifest) => {
            let node = node_config(folder, None)?;
            let mut problems = manifest.missing_files();
            problems.extend(memory_beyond(&manifest, node.widget_memory));
            problems.extend(modules(&manifest, output)?);
            (problems, manifest.warnings)
        }
        Err(error) => (error.problems, Vec::new()),
    };
    if output.is_json() {
        let list = |problems: &[Problem]| problems.iter().map(json).collect::<Vec<_>>();
        let findings = serde_json::json!({
            "ok": problems.is_empty(),
            "problems": list(&problems),
            "warnings": list(&warnings),
        });
        output.line(&findings.to_string())?;
    } else {
        for warning in &warnings {
            output.note(&format!("note: {warning}"));
        }
    }
    if problems.is_empty() && !output.is_json() {
        output.line(&format!("{}: fine", folder.display()))?;
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::problems(&problems)) }
}

/// Modules that are there and cannot be loaded.
fn modules(manifest: &Manifest, output: &Output) -> Result<Vec<Problem>, Failure> {
    let present: Vec<_> = manifest
        .modules
        .iter()
        .filter_map(|module| fs::read(manifest.folder.join(&module.source)).ok().map(|bytes| (module, bytes)))
        .collect();
    if present.is_empty() {
        return Ok(Vec::new());
    }
    let host = host(&manifest.folder, 1)?;
    let mut problems = Vec::new();
    for (module, bytes) in present {
        let _progress = output.progress(&format!("checking {}", module.name));
        if let Err(error) = host.load(&module.source.to_string_lossy(), &bytes) {
            let object = format!("module.{}", module.name);
            let (place, cause) = (module.place.clone(), error.to_string());
            problems.push(Problem { place, object, cause, next: String::new() });
        }
    }
    Ok(problems)
}

fn json(problem: &Problem) -> serde_json::Value {
    let (file, line, column) = match &problem.place {
        Place::File { path, line, column } => (path.to_string_lossy().into_owned(), *line, *column),
        Place::Whole { path } => (path.to_string_lossy().into_owned(), 0, 0),
        Place::Variable(name) => (name.clone(), 0, 0),
    };
    serde_json::json!({
        "file": file, "line": line, "column": column,
        "object": problem.object, "cause": problem.cause, "next": problem.next,
    })
}
