//! The seeds that every run of the tests takes. More: `cargo xtask sim --seeds N`.

use playconnect_sim::{Counts, Profile, World};

/// Each profile has its share of them.
const SEEDS: u64 = 200;

#[test]
fn what_must_hold_holds_in_all_weathers() {
    let mut violations = Vec::new();
    let mut total = Counts::default();
    for seed in 0..SEEDS {
        let profile = Profile::of(seed);
        let mut world = World::new(seed, profile.options(seed));
        if let Err(violation) = world.run() {
            violations.push(format!(
                "{profile}: {violation}\nreplay: cargo xtask sim --seeds 1 --from {seed} --profile {profile} --trace"
            ));
        }
        total.add(world.counts());
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    println!("{total}");
    // Weather that does not happen shows nothing.
    let Counts { frames, snapshots, resumed, events, cuts, reloads, restarts, failures, .. } = total;
    for (what, count, at_least) in [
        ("frames", frames, 20_000),
        ("snapshots", snapshots, 1_000),
        ("frames that are no snapshots", frames - snapshots, 15_000),
        ("HELLOs of pages with nodes", resumed, 500),
        ("events", events, 8_000),
        ("cuts", cuts, 500),
        ("page loads", reloads, 100),
        ("restarts of nodes", restarts, 100),
        ("failed turns", failures, 100),
    ] {
        assert!(count >= at_least, "{what}: {count}, {at_least} wanted ({total})");
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for profile in Profile::ALL {
        let run = |seed| World::new(seed, profile.options(seed)).run().expect("no violation");
        assert_eq!(run(7), run(7), "{profile}");
        assert_ne!(run(7), run(8), "{profile}");
    }
}
