//! What a run is made of.

use crate::fault::Planted;
use fastrand::Rng;
use playconnect_dom::Limits;
use playconnect_session::SessionLimits;
use std::fmt;
use std::str::FromStr;

/// What goes wrong, and how often. Times are virtual; `None` is never.
#[derive(Clone, Debug)]
pub struct Options {
    pub sessions: u32,
    pub modules: usize,
    /// In which things happen. Then all that goes wrong stops, and the world has to become quiet.
    pub duration_us: u64,
    /// Upper bound on the delay of a message, one way.
    pub latency_us: u64,
    /// One in so many turns fails.
    pub failing_turn_in: Option<u32>,
    /// One in so many turns takes up to [`SLOW_TURN_US`].
    pub slow_turn_in: Option<u32>,
    /// A socket is cut about this often.
    pub cut_every_us: Option<u64>,
    /// One in so many cuts is not noticed by either side.
    pub silent_cut_in: Option<u32>,
    /// Nothing comes through for a while.
    pub stall_every_us: Option<u64>,
    /// Of each direction of a socket.
    pub bytes_per_second: Option<u64>,
    /// A page is loaded again, or a second tab takes its session over.
    pub reload_every_us: Option<u64>,
    /// A node loses all that it has.
    pub restart_every_us: Option<u64>,
    /// A tab is hidden, or frozen, for a while.
    pub hide_every_us: Option<u64>,
    /// Upper bound on the wait for an animation frame.
    pub animation_frame_us: u64,
    /// Something that is not a frame changes the page.
    pub disturb_every_us: Option<u64>,
    /// Of the texts that modules write: 0 is none but the usual short ones.
    pub text_bytes_max: u32,
    pub nodes_max: usize,
    pub limits: Limits,
    pub session: SessionLimits,
    /// Written to a socket and not gone, before frames wait (as the edge server does at 2 MiB).
    pub backlog_bytes_max: usize,
    pub planted: Option<Planted>,
}

/// How long a slow turn may take.
pub const SLOW_TURN_US: u64 = 900_000;

impl Default for Options {
    fn default() -> Self {
        Options {
            sessions: 4,
            modules: 3,
            duration_us: 3_000_000,
            latency_us: 30_000,
            failing_turn_in: None,
            slow_turn_in: None,
            cut_every_us: None,
            silent_cut_in: None,
            stall_every_us: None,
            bytes_per_second: None,
            reload_every_us: None,
            restart_every_us: None,
            hide_every_us: None,
            animation_frame_us: 16_700,
            disturb_every_us: None,
            text_bytes_max: 0,
            nodes_max: 120,
            limits: Limits::default(),
            session: SessionLimits::default(),
            backlog_bytes_max: 2 << 20,
            planted: None,
        }
    }
}

/// Kinds of bad weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Calm,
    /// Sockets are lost.
    Cuts,
    /// Few bytes a second, and modules that make many.
    Slow,
    /// Pages are loaded again, tabs take sessions over.
    Reloads,
    /// Nodes lose their sessions, turns fail and take long.
    Crashes,
    /// Tabs are hidden and frozen.
    Hidden,
    /// Bounds so small that all of them are met.
    Tight,
    /// All of it.
    Storm,
}

impl Profile {
    pub const ALL: [Profile; 8] = [
        Profile::Calm,
        Profile::Cuts,
        Profile::Slow,
        Profile::Reloads,
        Profile::Crashes,
        Profile::Hidden,
        Profile::Tight,
        Profile::Storm,
    ];

    /// The one that a seed stands for.
    pub fn of(seed: u64) -> Profile {
        Self::ALL[(seed % Self::ALL.len() as u64) as usize]
    }

    /// The options of a seed: the profile says what goes wrong, the seed how much.
    pub fn options(self, seed: u64) -> Options {
        // Apart from the world's own draws.
        let mut random = Rng::with_seed(seed ^ 0x70_72_6f_66_69_6c_65);
        let mut options = Options {
            sessions: random.u32(1..=4),
            modules: random.u8(1..=3).into(),
            latency_us: random.u64(1_000..80_000),
            duration_us: random.u64(3_000_000..8_000_000),
            ..Options::default()
        };
        let is = |profiles: &[Profile]| profiles.contains(&self);
        use Profile::*;
        if is(&[Cuts, Tight, Storm]) {
            options.cut_every_us = Some(random.u64(100_000..900_000));
            options.silent_cut_in = random.bool().then(|| random.u32(3..8));
            options.stall_every_us = random.bool().then(|| random.u64(300_000..1_500_000));
        }
        if is(&[Slow, Storm]) {
            options.bytes_per_second = Some(random.u64(8_000..60_000));
            options.text_bytes_max = random.u32(500..6_000);
            options.backlog_bytes_max = 4 << 10;
        }
        if is(&[Reloads, Storm]) {
            options.reload_every_us = Some(random.u64(400_000..2_500_000));
        }
        if is(&[Crashes, Storm]) {
            options.restart_every_us = Some(random.u64(700_000..3_000_000));
            options.failing_turn_in = Some(random.u32(15..80));
            options.slow_turn_in = Some(random.u32(10..60));
        }
        if is(&[Hidden, Storm]) {
            options.hide_every_us = Some(random.u64(200_000..900_000));
            options.animation_frame_us = random.u64(16_700..400_000);
        }
        if is(&[Calm, Cuts, Reloads, Storm]) && random.bool() {
            options.disturb_every_us = Some(random.u64(200_000..900_000));
        }
        if is(&[Tight, Storm]) || random.u8(0..4) == 0 {
            options.session.part_bytes_max = random.u32(600..3_000) as usize;
            options.session.ring_bytes_max = random.u32(500..8_000) as usize;
            options.session.changes_max = random.u32(5..400) as usize;
            options.session.frame_bytes_max = random.u32(300..4_000) as usize;
        }
        if is(&[Tight]) {
            options.failing_turn_in = Some(random.u32(15..80));
            options.session.events_per_second = random.u32(5..40);
            options.session.events_burst = random.u32(3..20);
            options.session.events_waiting_max = random.u32(2..8) as usize;
            options.nodes_max = 60;
            options.limits.page_nodes = 600;
        }
        options
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let name = format!("{self:?}");
        formatter.write_str(&name.to_lowercase())
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|profile| profile.to_string() == text);
        found.ok_or_else(|| {
            let names: Vec<String> = Self::ALL.iter().map(Profile::to_string).collect();
            format!("there is no profile {text:?}; there are: {}", names.join(", "))
        })
    }
}
