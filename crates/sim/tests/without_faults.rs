use playconnect_sim::{Profile, World};

#[test]
fn probe() {
    let get = |name: &str, or: u64| std::env::var(name).ok().and_then(|t| t.parse().ok()).unwrap_or(or);
    let (from, seeds) = (get("FROM", 0), get("SEEDS", 20));
    let profile: Option<Profile> = std::env::var("PROFILE").ok().map(|p| p.parse().unwrap());
    let start = std::time::Instant::now();
    let mut bad = 0;
    for seed in from..from + seeds {
        let profile = profile.unwrap_or(Profile::of(seed));
        let mut world = World::new(seed, profile.options(seed));
        if std::env::var("TELL").is_ok() { world.tell_all(); }
        match world.run() {
            Err(violation) => { bad += 1; println!("{profile}: {violation}") },
            Ok(_) => if seeds < 30 { println!("{profile} {seed} {:?}", world.counts()) },
        }
    }
    println!("{bad} bad of {seeds} in {:?}", start.elapsed());
}
