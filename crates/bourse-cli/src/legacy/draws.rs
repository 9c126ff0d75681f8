//! Random numbers by counter: what a row draws depends on (seed, table, row number) and nothing
//! else, so that rows can be made in any order, again, and by several threads.
//!
//! Only integer arithmetic, division and square roots are used (all exact by IEEE 754), never the
//! platform's `ln` or `cos`: the same seed makes the same file on every machine.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The draws of one row, in the order in which its columns ask.
pub(crate) struct Draws {
    state: u64,
}

/// The finalizer of SplitMix64: a bijection that spreads every input bit over the output.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

impl Draws {
    /// The draws of row `row` of table number `table`.
    pub(crate) fn of(seed: u64, table: u64, row: u64) -> Draws {
        let seeded = mix(seed.wrapping_add(GOLDEN));
        let tabled = mix(seeded ^ table.wrapping_mul(0xd1b5_4a32_d192_ed03).wrapping_add(GOLDEN));
        Draws { state: mix(tabled ^ row.wrapping_mul(GOLDEN)) }
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number below `limit`, evenly spread.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        assert!(limit > 0, "a draw below zero");
        let wide = u128::from(self.bits()) * u128::from(limit);
        u64::try_from(wide >> 64).unwrap_or(u64::MAX)
    }

    /// A position in a list of `length` entries.
    pub(crate) fn position(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// One entry of a list.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.position(list.len())]
    }

    /// A number in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in [low, high).
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True `percent` times in a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Noise that is nearly normal, with mean 0 and deviation 1: a sum of twelve even draws.
    pub(crate) fn noise(&mut self) -> f64 {
        let mut sum = 0.0;
        for _ in 0..3 {
            let bits = self.bits();
            for quarter in 0..4 {
                let piece = (bits >> (16 * quarter)) & 0xffff;
                sum += (piece as f64 + 0.5) / 65_536.0;
            }
        }
        sum - 6.0
    }
}

/// Draws ranks whose frequency falls as Zipf's law says.
pub(crate) struct Zipf {
    cumulative: Vec<f64>,
}

impl Zipf {
    /// Exponent 1: the second rank comes half as often as the first.
    pub(crate) fn of_exponent_one(ranks: usize) -> Zipf {
        Zipf::new((1..=ranks).map(|rank| 1.0 / rank as f64))
    }

    /// Exponent 0.5: the fourth rank comes half as often as the first.
    pub(crate) fn of_exponent_half(ranks: usize) -> Zipf {
        Zipf::new((1..=ranks).map(|rank| 1.0 / (rank as f64).sqrt()))
    }

    fn new(weights: impl Iterator<Item = f64>) -> Zipf {
        let mut total = 0.0;
        let cumulative: Vec<f64> = weights
            .map(|weight| {
                total += weight;
                total
            })
            .collect();
        assert!(!cumulative.is_empty(), "Zipf's law over no ranks");
        Zipf { cumulative }
    }

    /// A rank from 0, the most frequent.
    pub(crate) fn draw(&self, draws: &mut Draws) -> usize {
        let last = self.cumulative.len() - 1;
        let point = draws.unit() * self.cumulative[last];
        self.cumulative.partition_point(|&sum| sum <= point).min(last)
    }
}
