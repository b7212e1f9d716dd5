//! The component.

use crate::game::{Game, HISTORY, Player, ROUNDS};
use dioxus::prelude::*;
use playconnect_guest::time::{Duration, sleep};
use playconnect_guest::{properties, random_range, warn};
use serde::Deserialize;

/// How often somebody may score.
pub const TICK: Duration = Duration::from_millis(250);

/// `[module.scoreboard.properties]` of the manifest.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Properties {
    title: String,
    players: Vec<String>,
}

impl Default for Properties {
    fn default() -> Self {
        let players = ["Amara", "Bo", "Chiara", "Dmitri", "Esi", "Finn", "Goro", "Hana"];
        Properties { title: "Scoreboard".to_owned(), players: players.map(String::from).to_vec() }
    }
}

#[allow(non_snake_case)]
pub fn Scoreboard() -> Element {
    let properties = use_hook(|| {
        let found = properties::<Properties>().unwrap_or_else(|error| {
            warn!("{error}; showing the usual players");
            Properties::default()
        });
        std::rc::Rc::new(found)
    });
    let mut round = use_signal(|| 0);
    let mut running = use_signal(|| true);
    let players = properties.players.len();
    let mut game = use_signal(move || Game::new(players, random_range));

    // Starts anew, or stops, whenever `running` changes: a paused board asks for no timer.
    let _ = use_resource(move || async move {
        while running() {
            sleep(TICK).await;
            game.write().tick(random_range);
        }
    });

    let state = if running() { "Live" } else { "Paused" };
    let board = game.read();
    let best = board.best().max(1);
    rsx! {
        section { class: "scoreboard", "data-state": state.to_lowercase(), aria_labelledby: "scoreboard-title",
            header {
                h2 { id: "scoreboard-title", "{properties.title}" }
                // The page's style shows one of the two: the board does not know whether it is seen to move.
                p { class: "state", role: "status",
                    span { class: "moves", "{state}" }
                    if running() {
                        span { class: "still", "Not live" }
                    }
                }
            }
            div { class: "controls",
                label { r#for: "scoreboard-round", "Round" }
                select {
                    id: "scoreboard-round",
                    value: "{round}",
                    onchange: move |event| {
                        round.set(event.value().parse().unwrap_or(0));
                        game.set(Game::new(players, random_range));
                    },
                    for (number , name) in ROUNDS.iter().enumerate() {
                        option { key: "{number}", value: "{number}", "{name}" }
                    }
                }
                button {
                    r#type: "button",
                    aria_pressed: !running(),
                    onclick: move |_| running.toggle(),
                    if running() { "Pause" } else { "Resume" }
                }
            }
            table { aria_live: "off",
                caption { "{ROUNDS[round()]} · {clock(board.elapsed())} · {board.total()} points" }
                thead {
                    tr {
                        th { scope: "col", abbr { title: "Rank", "#" } }
                        th { scope: "col", "Player" }
                        th { scope: "col", class: "trend", "Pace" }
                        th { scope: "col", class: "points", "Points" }
                    }
                }
                tbody {
                    for (rank , player) in board.ranked().into_iter().enumerate() {
                        Row {
                            key: "{player.number}",
                            rank: rank + 1,
                            name: properties.players[player.number].clone(),
                            player: player.clone(),
                            best,
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Row(rank: usize, name: String, player: Player, best: u32) -> Element {
    let share = f64::from(player.points) * 100.0 / f64::from(best);
    let (mark, moved) = match player.moved {
        0 => ("", String::new()),
        places if places > 0 => ("▲", format!("up {places}")),
        places => ("▼", format!("down {}", -places)),
    };
    rsx! {
        tr {
            class: if rank == 1 { "leader" },
            "data-moved": if player.moved > 0 { "up" } else if player.moved < 0 { "down" },
            td { class: "rank", "{rank}" }
            th { scope: "row",
                span { class: "name", "{name}" }
                span { class: "moved", aria_hidden: "true", "{mark}" }
                span { class: "visually-hidden", "{moved}" }
                span { class: "bar", aria_hidden: "true",
                    span { width: "{share:.1}%" }
                }
            }
            td { class: "trend",
                svg { view_box: "0 0 {HISTORY} 10", preserve_aspect_ratio: "none", "aria-hidden": "true",
                    polyline { points: sparkline(&player.pace) }
                }
            }
            td { class: "points",
                span { class: "gain", if player.gain > 0 { "+{player.gain}" } }
                "{player.points}"
            }
        }
    }
}

/// Points of an SVG line: one step to the right for each tick, ten high.
fn sparkline(pace: &[u32]) -> String {
    let highest = f64::from(pace.iter().copied().max().unwrap_or(0).max(1));
    let start = HISTORY.saturating_sub(pace.len());
    let points = pace.iter().enumerate().map(|(tick, points)| {
        let height = f64::from(*points) * 8.0 / highest;
        format!("{},{:.1}", start + tick, 9.0 - height)
    });
    points.collect::<Vec<_>>().join(" ")
}

fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_ends_at_the_right_edge() {
        assert_eq!(
            sparkline(&[0, 4, 8]),
            format!("{},9.0 {},5.0 {},1.0", HISTORY - 3, HISTORY - 2, HISTORY - 1)
        );
    }

    #[test]
    fn minutes_have_no_leading_zero_and_seconds_have() {
        assert_eq!(clock(Duration::from_millis(125_900)), "2:05");
    }
}
