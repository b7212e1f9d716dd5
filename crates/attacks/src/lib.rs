//! Attacks on everything that reads what others wrote: one function a target, which takes any bytes and panics if
//! something held that must not.
//!
//! `cargo xtask fuzz` calls them with libFuzzer, for hours; the normal tests call them with the [`seeds`] and with
//! what [`mutate`] makes of these, by a fixed seed. Nothing here depends on Wasmtime, so the fuzz targets build in seconds.
#![forbid(unsafe_code)]

mod batch;
mod events;
mod frames;
mod manifest;
pub mod seeds;

use fastrand::Rng;

/// Something to attack.
pub struct Target {
    /// As in `fuzz/Cargo.toml`, and of the file in `fuzz/seeds`.
    pub name: &'static str,
    /// Says whether the input, or the last of several in it, was accepted. Panics on what must not be.
    pub attack: fn(&[u8]) -> bool,
    /// Inputs of the normal tests: a few seconds of them.
    pub rounds: usize,
}

pub const TARGETS: [Target; 4] = [
    Target { name: "batch", attack: batch::attack, rounds: 60_000 },
    Target { name: "frames", attack: frames::attack, rounds: 60_000 },
    Target { name: "events", attack: events::attack, rounds: 100_000 },
    Target { name: "manifest", attack: manifest::attack, rounds: 100_000 },
];

pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Attacks the target of that name.
pub fn attack(name: &str, input: &[u8]) {
    let target = target(name).expect("a target of `TARGETS`");
    (target.attack)(input);
}

/// Changes bytes that were right once, in one to four places. `other` is another input, for pieces of it.
pub fn mutate(bytes: &mut Vec<u8>, other: &[u8], random: &mut Rng) {
    for _ in 0..random.usize(1..5) {
        if bytes.is_empty() {
            return bytes.push(random.u8(..));
        }
        let at = random.usize(0..bytes.len());
        match random.u8(0..8) {
            0 => bytes[at] = random.u8(..),
            1 => bytes[at] ^= 1 << random.u8(0..8),
            2 => bytes.truncate(at.max(1)),
            3 => bytes.insert(at, random.u8(..)),
            4 => drop(bytes.drain(at..(at + random.usize(1..16)).min(bytes.len()))),
            5 => {
                // Lengths, counts and ids are little-endian words.
                if let Some(word) = bytes.get_mut(at / 4 * 4..at / 4 * 4 + 4) {
                    let extreme = [0, 1, u32::MAX, 1 << 31, 0xffff, 1 << 24];
                    word.copy_from_slice(&extreme[random.usize(0..extreme.len())].to_le_bytes());
                }
            }
            6 => {
                let from = random.usize(0..bytes.len());
                let piece = bytes[from..(from + random.usize(1..32)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ if !other.is_empty() => {
                let from = random.usize(0..other.len());
                let piece = other[from..(from + random.usize(1..64)).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {}
        }
    }
}

/// A part of the input behind its length (u16, little endian), and what is left. `None` at the end.
fn part(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk::<2>()?;
    Some(rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len())))
}

/// The other way round. What is longer than a part can be is cut.
fn push_part(input: &mut Vec<u8>, part: &[u8]) {
    let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
    input.extend(length.to_le_bytes());
    input.extend(&part[..usize::from(length)]);
}
