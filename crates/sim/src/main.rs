//! Runs seeds: `cargo xtask sim`.

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use playconnect_sim::{Counts, Planted, Profile, World};
use std::process::ExitCode;
use std::time::Instant;

#[derive(Parser)]
#[command(
    name = "cargo xtask sim",
    about = "Runs nodes, browsers and modules in virtual time, and holds them to what must be true",
    after_help = "Example: cargo xtask sim --seeds 5000 --profile cuts"
)]
struct Arguments {
    /// How many, one after the other
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first one
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    from: u64,
    /// What goes wrong: calm, cuts, slow, reloads, crashes, hidden, tight, storm; if not given, each seed has its own
    #[arg(long)]
    profile: Option<Profile>,
    /// Run with this bug in place, until the oracles find it
    #[arg(long, value_name = "BUG")]
    planted: Option<Planted>,
    /// Print what happens; best with one seed
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let start = Instant::now();
    let bar = ProgressBar::new(arguments.seeds);
    let style = ProgressStyle::with_template("{pos}/{len} seeds {wide_bar} {elapsed}, {eta} left");
    bar.set_style(style.expect("a template that is right"));
    let mut total = Counts::default();
    let mut violations = 0_u64;
    for seed in arguments.from..arguments.from.saturating_add(arguments.seeds) {
        let profile = arguments.profile.unwrap_or(Profile::of(seed));
        let mut options = profile.options(seed);
        options.planted = arguments.planted;
        let mut world = World::new(seed, options);
        if arguments.trace {
            world.tell_all();
        }
        match world.run() {
            Ok(hash) if arguments.seeds == 1 => println!("seed {seed} ({profile}): trace {hash:016x}"),
            Ok(_) => {}
            Err(violation) => {
                violations += 1;
                bar.suspend(|| {
                    println!("{profile}: {violation}\nreplay: {}", replay(seed, profile, &arguments))
                });
            }
        }
        total.add(world.counts());
        bar.inc(1);
        if violations > 0 && arguments.planted.is_some() {
            break;
        }
    }
    bar.finish_and_clear();
    println!("{total}");
    println!("{} seeds in {:.1} s, {violations} violations", arguments.seeds, start.elapsed().as_secs_f64());
    if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn replay(seed: u64, profile: Profile, arguments: &Arguments) -> String {
    let planted = arguments.planted.map(|planted| format!(" --planted {planted}")).unwrap_or_default();
    format!("cargo xtask sim --seeds 1 --from {seed} --profile {profile}{planted} --trace")
}
