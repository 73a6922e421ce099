//! Random numbers that stay the same for ever.

/// SplitMix64.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`. Not quite even for large limits, which does not matter here.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// A step of a walk in units of 1/65536: nearly normal with mean 0 and deviation 1, from twelve even numbers.
    pub(crate) fn step(&mut self) -> i64 {
        let mut sum = 0;
        for _ in 0..3 {
            let bits = self.next();
            sum += [0, 16, 32, 48].map(|shift| ((bits >> shift) & 0xffff) as i64).iter().sum::<i64>();
        }
        sum - 6 * 65_535
    }
}
