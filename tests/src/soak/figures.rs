//! What a soak measures: latencies in buckets, memory over time.

use std::collections::BTreeMap;

/// Memory may be this much more in the last third than in the middle one.
const GROWTH_BYTES_MAX: u64 = 16 << 20;

/// Latencies by their first bits: buckets an eighth of a power of two wide.
#[derive(Clone, Default, Debug)]
pub struct Latencies {
    buckets: BTreeMap<u64, u64>,
    count: u64,
    longest: u64,
}

impl Latencies {
    /// Adds one.
    pub fn add(&mut self, microseconds: u64) {
        let shift = (64 - microseconds.leading_zeros()).saturating_sub(4);
        *self.buckets.entry(microseconds >> shift << shift).or_default() += 1;
        self.count += 1;
        self.longest = self.longest.max(microseconds);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest.
    pub fn longest(&self) -> u64 {
        self.longest
    }

    /// The lower end of the bucket that has this of thousand parts of all before it.
    pub fn per_mille(&self, part: u64) -> u64 {
        let mut left = (self.count * part).div_ceil(1_000);
        for (bucket, count) in &self.buckets {
            if left <= *count {
                return *bucket;
            }
            left -= count;
        }
        self.longest
    }
}

/// The median.
pub fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// The medians of the three thirds.
pub fn thirds(values: &[u64]) -> [u64; 3] {
    let third = values.len() / 3;
    [&values[..third], &values[third..2 * third], &values[2 * third..]].map(median)
}

/// Whether memory grows: the last third's median is beyond the middle third's, and a bit.
pub fn grows(resident: &[u64]) -> bool {
    let [_, middle, last] = thirds(resident);
    last > middle + (middle / 10).max(GROWTH_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::{Latencies, grows, thirds};

    #[test]
    fn percentiles_are_in_the_right_bucket() {
        let mut latencies = Latencies::default();
        (1..=1_000).for_each(|microseconds| latencies.add(microseconds));
        assert_eq!((latencies.count(), latencies.longest()), (1_000, 1_000));
        for (part, least, most) in [(500, 440, 500), (990, 880, 990), (1_000, 880, 1_000)] {
            let found = latencies.per_mille(part);
            assert!((least..=most).contains(&found), "{part}: {found}");
        }
    }

    #[test]
    fn growth_is_of_the_last_third_over_the_middle_one() {
        let flat: Vec<u64> = [100_u64 << 20; 90].to_vec();
        assert!(!grows(&flat));
        let growing: Vec<u64> = (0..90).map(|at| (100 + 2 * at) << 20).collect();
        assert!(grows(&growing), "{:?}", thirds(&growing));
        let warming: Vec<u64> = (0..90).map(|at| (100 + 5 * at.min(30)) << 20).collect();
        assert!(!grows(&warming));
    }
}
