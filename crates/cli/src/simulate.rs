//! `playconnect simulate`: a recorded session, replayed against the app's modules.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use playconnect_edge::App;
use playconnect_edge::recording::{Recording, Simulated, simulate};
use playconnect_manifest::Manifest;

use crate::build::host;
use crate::failure::Failure;
use crate::output::Output;

/// Of one session at the same time.
const INSTANCES_MAX: u32 = 64;

#[derive(Args)]
pub struct Simulate {
    /// The recording, as `playconnect serve --record DIR` writes it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder of the app that was recorded
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

pub fn run(arguments: &Simulate, output: &Output) -> Result<(), Failure> {
    let Simulate { file, folder } = arguments;
    let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
    let mut recording = Recording::open(file).map_err(|error| wrong(&error))?;
    let manifest = Manifest::load(folder)?;
    let missing = manifest.missing_files();
    if !missing.is_empty() {
        return Err(Failure::problems(&missing));
    }
    let progress = output.progress("replaying");
    progress.says("loading the modules");
    let host = host(folder, INSTANCES_MAX)?;
    let app = App::load(&manifest, &host).map_err(|error| Failure::run_time(&error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| Failure::run_time(&format!("threads cannot be started: {error}")))?;
    let began = Instant::now();
    let says = |seen: &Simulated| {
        progress.says(&format!(
            "{} turns, {} frames, {:.1} s",
            seen.turns,
            seen.frames,
            seen.duration_us as f64 / 1e6
        ));
    };
    let seen =
        runtime.block_on(simulate(&mut recording, &app, &host, says)).map_err(|error| wrong(&error))?;
    drop(progress);
    let took = began.elapsed();
    if output.is_json() {
        output.line(&json(&seen).to_string())?;
    } else {
        output.line(&format!(
            "{} inputs, {} turns and {} frames ({} bytes) of {:.1} s, replayed in {:.1} s{}",
            seen.inputs,
            seen.turns,
            seen.frames,
            seen.frame_bytes,
            seen.duration_us as f64 / 1e6,
            took.as_secs_f64(),
            if seen.difference.is_none() { ": the same, bit for bit" } else { "" },
        ))?;
        if seen.is_torn {
            output.note("note: the recording ends amid a record, as that of a node that was killed");
        }
        if let Some(why) = &seen.cut {
            output.note(&format!("note: the recording ends before its session: {why}"));
        }
    }
    match &seen.difference {
        None => Ok(()),
        Some(found) => Err(Failure::run_time(&format!(
            "{}: record {}, at {:.6} s: {}; `playconnect inspect session` shows what is around it",
            file.display(),
            found.record,
            found.at_us as f64 / 1e6,
            found.what,
        ))),
    }
}

fn json(seen: &Simulated) -> serde_json::Value {
    let difference = seen
        .difference
        .as_ref()
        .map(|found| serde_json::json!({ "record": found.record, "at_us": found.at_us, "what": found.what }));
    serde_json::json!({
        "same": seen.difference.is_none(),
        "inputs": seen.inputs,
        "turns": seen.turns,
        "frames": seen.frames,
        "frame_bytes": seen.frame_bytes,
        "duration_us": seen.duration_us,
        "torn": seen.is_torn,
        "cut": seen.cut,
        "difference": difference,
    })
}
