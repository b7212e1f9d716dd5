//! The match behind the board. It knows nothing of pages: random numbers come in as a function.

use crate::scoreboard::TICK;
use playconnect_guest::time::Duration;
use std::ops::Range;

pub const ROUNDS: [&str; 4] = ["Qualifying", "Quarter-final", "Semi-final", "Final"];
/// Ticks that the pace of a player is shown for.
pub const HISTORY: usize = 32;
/// Ticks over which points are added up to a pace: four seconds.
const PACE_TICKS: usize = 16;

pub struct Game {
    /// By number.
    players: Vec<Player>,
    ticks: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    pub number: usize,
    pub points: u32,
    /// Points of this tick.
    pub gain: u32,
    /// Places won (positive) or lost in this tick.
    pub moved: i32,
    /// Points of the last seconds, tick by tick, the newest last.
    pub pace: Vec<u32>,
    gains: Vec<u32>,
    /// Chance to score in a tick, in percent. It wanders: players have good and bad minutes.
    form: u64,
}

impl Game {
    /// A match that has been going on for a while.
    pub fn new(players: usize, mut random: impl FnMut(Range<u64>) -> u64) -> Self {
        let player = |number| Player {
            number,
            points: 0,
            gain: 0,
            moved: 0,
            pace: Vec::new(),
            gains: Vec::new(),
            form: random(15..45),
        };
        let mut game = Game { players: (0..players).map(player).collect(), ticks: 0 };
        for _ in 0..random(160..400) {
            game.tick(&mut random);
        }
        game
    }

    pub fn tick(&mut self, mut random: impl FnMut(Range<u64>) -> u64) {
        let before = self.places();
        self.ticks += 1;
        for player in &mut self.players {
            player.score(&mut random);
        }
        let after = self.places();
        for player in &mut self.players {
            player.moved = before[player.number] as i32 - after[player.number] as i32;
        }
    }

    /// The leader first. Of two with the same points, the one with the lower number.
    pub fn ranked(&self) -> Vec<&Player> {
        let mut ranked: Vec<&Player> = self.players.iter().collect();
        ranked.sort_by_key(|player| (u32::MAX - player.points, player.number));
        ranked
    }

    pub fn best(&self) -> u32 {
        self.players.iter().map(|player| player.points).max().unwrap_or(0)
    }

    pub fn total(&self) -> u32 {
        self.players.iter().map(|player| player.points).sum()
    }

    pub fn elapsed(&self) -> Duration {
        TICK * self.ticks
    }

    /// The place of each player, by number.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.players.len()];
        for (place, player) in self.ranked().into_iter().enumerate() {
            places[player.number] = place;
        }
        places
    }
}

impl Player {
    fn score(&mut self, random: &mut impl FnMut(Range<u64>) -> u64) {
        self.form = (self.form + random(0..9)).clamp(12, 64) - 4;
        let scores = random(0..100) < self.form;
        let combo = scores && random(0..12) == 0;
        self.gain = match (scores, combo) {
            (false, _) => 0,
            (true, false) => random(1..6) as u32,
            (true, true) => random(12..26) as u32,
        };
        self.points += self.gain;
        push_bounded(&mut self.gains, self.gain, PACE_TICKS);
        push_bounded(&mut self.pace, self.gains.iter().sum(), HISTORY);
    }
}

fn push_bounded(list: &mut Vec<u32>, value: u32, length_max: usize) {
    if list.len() == length_max {
        list.remove(0);
    }
    list.push(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator for tests: the numbers need not be good, only the same each time.
    fn seeded(mut state: u64) -> impl FnMut(Range<u64>) -> u64 {
        move |range| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            range.start + (state >> 33) % (range.end - range.start)
        }
    }

    #[test]
    fn a_game_is_lively_and_points_never_fall() {
        let mut random = seeded(7);
        let mut game = Game::new(8, &mut random);
        let begun = game.elapsed();
        let mut moves = 0;
        for _ in 0..400 {
            let before: Vec<u32> = game.players.iter().map(|player| player.points).collect();
            game.tick(&mut random);
            assert!(
                game.players.iter().zip(before).all(|(player, before)| player.points == before + player.gain)
            );
            assert_eq!(
                game.players.iter().map(|player| player.moved).sum::<i32>(),
                0,
                "who rises passes who falls"
            );
            moves += game.players.iter().filter(|player| player.moved != 0).count();
        }
        assert!(moves > 40, "only {moves} changes of place in 100 seconds");
        assert_eq!(game.elapsed(), begun + Duration::from_secs(100));
    }

    #[test]
    fn ranks_go_by_points_then_number() {
        let mut game = Game::new(3, |range| range.start);
        for (player, points) in game.players.iter_mut().zip([3, 3, 5]) {
            player.points = points;
        }
        let order: Vec<usize> = game.ranked().into_iter().map(|player| player.number).collect();
        assert_eq!(order, [2, 0, 1]);
    }
}
