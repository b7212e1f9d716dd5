/// SplitMix64 (Steele, Lea, Flood 2014): gives each incarnation of a module a seed of its own from the session's.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix(u64);

impl SplitMix {
    pub fn new(seed: [u64; 4]) -> Self {
        // The parts are folded so that each of them matters.
        let mut folded = SplitMix(0);
        for part in seed {
            folded.0 ^= part;
            folded.0 = folded.next();
        }
        folded
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn seed(&mut self) -> [u64; 4] {
        [self.next(), self.next(), self.next(), self.next()]
    }
}
