//! Rounds in turns, medians, latencies, and the load of the machine meanwhile.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::path::Path;
use std::time::Instant;

/// One latency in so many operations is taken, so that reading the clock costs little.
pub const SAMPLED: usize = 16;

/// A fast source of chance: xorshift.
pub struct Random(u64);

impl Random {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 8) % bound
    }
}

/// What one round of one contender took.
#[derive(Clone, Default)]
pub struct Round {
    /// Operations done.
    pub operations: u64,
    /// Seconds in all.
    pub seconds: f64,
    /// Sampled latencies in nanoseconds.
    pub latencies_ns: Vec<u64>,
}

impl Round {
    /// Runs `operation` so often, taking the latency of every `sampled`th.
    pub fn of(count: usize, sampled: usize, mut operation: impl FnMut()) -> Round {
        let mut latencies_ns = Vec::with_capacity(count / sampled + 1);
        let begin = Instant::now();
        for number in 0..count {
            if number % sampled == 0 {
                let from = Instant::now();
                operation();
                let nanoseconds = from.elapsed().as_nanos();
                latencies_ns.push(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
            } else {
                operation();
            }
        }
        let seconds = begin.elapsed().as_secs_f64();
        Round { operations: count as u64, seconds, latencies_ns }
    }

    fn rate(&self) -> f64 {
        self.operations as f64 / self.seconds
    }
}

/// A contender: its name and what it does in a round.
pub type Contender<'c> = (&'static str, Box<dyn FnMut() -> Round + 'c>);

/// What a contender reached.
pub struct Figure {
    /// What was measured.
    pub item: &'static str,
    /// Who.
    pub contender: &'static str,
    /// Median over the rounds, with the least and the most.
    pub per_second: (f64, f64, f64),
    /// Median, 99th percentile and highest of the sampled latencies of all rounds.
    pub latency_ns: (u64, u64, u64),
}

/// Measures contenders in turns, after one round each that does not count.
pub fn in_turns(
    item: &'static str,
    rounds: usize,
    contenders: &mut [Contender<'_>],
) -> Vec<Figure> {
    let mut all: Vec<Vec<Round>> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..=rounds {
        for ((_, run), rounds) in contenders.iter_mut().zip(&mut all) {
            let measured = run();
            if round > 0 {
                rounds.push(measured);
            }
        }
    }
    let named = contenders.iter().zip(all);
    let figures: Vec<Figure> =
        named.map(|((contender, _), rounds)| figure(item, contender, &rounds)).collect();
    for figure in &figures {
        println!("{}", row(figure, figures[0].per_second.0));
    }
    figures
}

fn figure(item: &'static str, contender: &'static str, rounds: &[Round]) -> Figure {
    let mut rates: Vec<f64> = rounds.iter().map(Round::rate).collect();
    rates.sort_by(f64::total_cmp);
    let mut latencies: Vec<u64> =
        rounds.iter().flat_map(|round| round.latencies_ns.iter().copied()).collect();
    latencies.sort_unstable();
    let at = |percent: usize| {
        let last = latencies.len().saturating_sub(1);
        latencies.get(last * percent / 100).copied().unwrap_or_default()
    };
    let edge = |rate: Option<&f64>| rate.copied().unwrap_or_default();
    let per_second = (edge(rates.get(rates.len() / 2)), edge(rates.first()), edge(rates.last()));
    Figure { item, contender, per_second, latency_ns: (at(50), at(99), at(100)) }
}

/// The heading of the table that [`in_turns`] prints.
pub fn print_heading() {
    println!(
        "{:<34} {:<28} {:>11} {:>23} {:>9} {:>9} {:>10} {:>6}",
        "item", "contender", "per second", "least - most", "p50 ns", "p99 ns", "max ns", "ratio"
    );
}

fn row(figure: &Figure, first: f64) -> String {
    let (median, least, most) = figure.per_second;
    let (p50, p99, max) = figure.latency_ns;
    let spread = format!("{least:.0} - {most:.0}");
    let ratio = first / median;
    format!(
        "{:<34} {:<28} {median:>11.0} {spread:>23} {p50:>9} {p99:>9} {max:>10} {ratio:>6.2}",
        figure.item, figure.contender
    )
}

/// What the machine did in all since it was started, and this process of it: in clock ticks.
pub struct Load {
    busy: u64,
    own: u64,
    begin: Instant,
}

impl Load {
    /// Begins to watch.
    pub fn begin() -> Load {
        let (busy, own) = ticks();
        Load { busy, own, begin: Instant::now() }
    }

    /// Seconds since it began.
    pub fn seconds(&self) -> f64 {
        self.begin.elapsed().as_secs_f64()
    }

    /// Cores that others used meanwhile: 0.5 is half of one.
    pub fn others(&self) -> f64 {
        const TICKS_A_SECOND: f64 = 100.0;
        let (busy, own) = ticks();
        let others = (busy - self.busy).saturating_sub(own - self.own);
        others as f64 / TICKS_A_SECOND / self.seconds()
    }

    /// Cores that others used meanwhile, for the report.
    pub fn report(&self) -> String {
        let cores = self.others();
        let available = std::thread::available_parallelism().map_or(1, usize::from);
        format!("others used {cores:.2} of {available} cores")
    }
}

fn ticks() -> (u64, u64) {
    let numbers = |path: &str, skip: usize| -> Vec<u64> {
        let text = std::fs::read_to_string(Path::new(path)).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        line.split_whitespace().skip(skip).map(|word| word.parse().unwrap_or(0)).collect()
    };
    // Of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. Of a process: utime
    // and stime, the 14th and 15th words (its name holds no space).
    let all = numbers("/proc/stat", 1);
    let own = numbers("/proc/self/stat", 13);
    let busy = all.iter().take(8).sum::<u64>()
        - all.get(3).copied().unwrap_or(0)
        - all.get(4).copied().unwrap_or(0);
    (busy, own.iter().take(2).sum())
}
