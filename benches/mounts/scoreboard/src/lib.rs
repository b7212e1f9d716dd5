//! The lobby's scoreboard, mounted and unmounted by a button.

#[path = "../../../../examples/lobby/scoreboard/src/game.rs"]
mod game;
#[path = "../../../../examples/lobby/scoreboard/src/scoreboard.rs"]
mod scoreboard;

use dioxus::prelude::*;
use scoreboard::Scoreboard;

playconnect_guest::export!(Toggle);

#[allow(non_snake_case)]
fn Toggle() -> Element {
    let mut shown = use_signal(|| false);
    let label = if shown() { "Unmount" } else { "Mount" };
    rsx! {
        button { r#type: "button", id: "toggle", onclick: move |_| shown.toggle(), "{label}" }
        if shown() {
            Scoreboard {}
        }
    }
}
