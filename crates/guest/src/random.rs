//! Random numbers from the seed that the host gave: the same turns, the same numbers.
//!
//! The generator is xoshiro256** (Blackman, Vigna 2018). It is not for secrets: the host knows the seed.

use crate::bindings::playconnect::module::types::Seed;
use crate::platform;
use std::ops::Range;

/// A number in [0, 1).
pub fn random() -> f64 {
    // 53 bits are what a double holds.
    (random_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// 64 random bits.
pub fn random_u64() -> u64 {
    platform::with(|platform| platform.random.next())
}

/// A whole number of the range, each as likely as the others.
///
/// # Panics
/// If the range is empty.
pub fn random_range(range: Range<u64>) -> u64 {
    assert!(range.start < range.end, "random_range: the range {range:?} is empty");
    let span = range.end - range.start;
    // Rejection: the numbers from the last whole multiple of the span on would favour small results.
    let limit = u64::MAX - u64::MAX % span;
    loop {
        let number = random_u64();
        if number < limit {
            return range.start + number % span;
        }
    }
}

pub(crate) struct Random([u64; 4]);

impl Random {
    pub fn new(seed: Seed) -> Self {
        let state = [seed.a, seed.b, seed.c, seed.d];
        // All zero is the one state that the generator does not leave.
        if state == [0; 4] { Random::default() } else { Random(state) }
    }

    pub fn next(&mut self) -> u64 {
        let Random([a, b, c, d]) = self;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }
}

impl Default for Random {
    fn default() -> Self {
        Random([1, 2, 3, 4])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the reference implementation for the state 1, 2, 3, 4.
    #[test]
    fn matches_the_reference() {
        let mut random = Random::new(Seed { a: 1, b: 2, c: 3, d: 4 });
        let found: Vec<u64> = (0..4).map(|_| random.next()).collect();
        assert_eq!(found, [11520, 0, 1509978240, 1215971899390074240]);
    }
}
