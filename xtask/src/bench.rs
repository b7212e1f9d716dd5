//! Measurements. They print; what they printed and when is in `docs/benchmarks.md`.

use clap::ValueEnum;

use crate::project::Project;
use crate::steps::{run, step};
use crate::{engine, setup, suite};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// Instantiate, first render and a turn, beside the prototype of benches/yardsticks/js-component
    JsComponent,
    /// Server CPU per first HTML and per click, bytes per click, client script per frame
    Lobby,
}

pub fn bench(project: &Project, only: Option<Bench>) -> anyhow::Result<()> {
    suite::build(project)?;
    if only.is_none_or(|only| only == Bench::JsComponent) {
        js_component(project)?;
    }
    if only.is_none_or(|only| only == Bench::Lobby) {
        let chromium = setup::chromium(project)?;
        let mut command = project.command("node");
        command.arg("benches/lobby.mjs").env("CHROMIUM", chromium);
        run(command.env("PLAYCONNECT_BINARY", project.playconnect()))?;
    }
    Ok(())
}

fn js_component(project: &Project) -> anyhow::Result<()> {
    let out = project.engine();
    let prototype = step("the prototype's engine", || engine::build_prototype(&project.root, &out))?;
    let bundle = out.join("prototype.js");
    step("the bundle of both", || {
        run(project.command("node").arg("benches/yardsticks/js-component/build.mjs").arg(&bundle))
    })?;
    // As the whole workspace is built: another selection would compile Wasmtime a second time.
    run(&mut project.cargo(&["build", "--release", "--workspace", "--example", "js_component", "--quiet"]))?;
    let example = project.target.join("release/examples/js_component");
    run(project.command(&example.to_string_lossy()).arg(out.join("engine.wasm")).arg(prototype).arg(bundle))
}
