//! Every seed, and many mutations of them: the same ones each time.

use fastrand::Rng;
use playconnect_attacks::{TARGETS, Target, mutate, seeds, target};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn batches() {
    survive("batch");
}

#[test]
fn frames() {
    survive("frames");
}

#[test]
fn events() {
    survive("events");
}

#[test]
fn manifests() {
    survive("manifest");
}

fn survive(name: &str) {
    let target = target(name).expect("a target");
    let seeds = seeds::of(root(), name).unwrap_or_else(|why| panic!("{why}"));
    assert!(seeds.len() >= 8, "{} seeds", seeds.len());
    let accepted = seeds.iter().filter(|seed| thrown(target, seed)).count();
    assert!(accepted * 20 >= seeds.len(), "{accepted} of {} seeds are accepted", seeds.len());

    let mut random = Rng::with_seed(0x5eed);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..target.rounds {
        let mut input = seeds[random.usize(0..seeds.len())].clone();
        mutate(&mut input, &seeds[random.usize(0..seeds.len())], &mut random);
        if thrown(target, &input) { accepted += 1 } else { refused += 1 }
    }
    // Both ways are gone, or this shows nothing.
    let least = target.rounds / 100;
    assert!(accepted > least && refused > least, "{accepted} accepted, {refused} refused");
}

fn thrown(target: &Target, input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| (target.attack)(input))).unwrap_or_else(|_| {
        let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
        panic!("what broke `{}`, for fuzz/seeds/{}.hex: {hex}", target.name, target.name)
    })
}

#[test]
fn each_target_is_one_of_cargo_fuzz() {
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("fuzz/Cargo.toml");
    let names = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split('"').nth(1));
    assert_eq!(names.collect::<Vec<_>>(), TARGETS.map(|target| target.name));
    for target in &TARGETS {
        let path = root().join("fuzz/targets").join(target.name).with_extension("rs");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert!(text.contains(&format!("\"{}\"", target.name)), "{}", path.display());
    }
}
