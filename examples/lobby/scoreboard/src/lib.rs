//! A live scoreboard: players score several times a second, rows change places.

mod game;
mod scoreboard;

use scoreboard::Scoreboard;

playconnect_guest::export!(Scoreboard);
