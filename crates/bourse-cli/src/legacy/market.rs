//! Prices of 500 symbols over the year: each symbol moves with a mix of two real indices, the
//! S&P 500 and the NASDAQ Composite, and with a noise of its own.
//!
//! The real daily closes lie in `data/` with their licence. The seed picks the stretch of 365
//! trading days that becomes the year; a platform that never closes gives each calendar day one.

use std::io::Read;

use bourse_storage::{Error, Result};

use super::calendar::{DAY_US, DAYS};
use super::draws::Draws;

const SP500: &[u8] = include_bytes!("../../data/sp500.csv.gz");
const NASDAQ: &[u8] = include_bytes!("../../data/nasdaq.csv.gz");
/// How many symbols trade.
pub(crate) const SYMBOLS: usize = 500;
const TABLE_SYMBOLS: u64 = 900;
const TABLE_WINDOW: u64 = 901;
const TABLE_DAILY: u64 = 902;

/// The symbols and what each costs on each day.
pub(crate) struct Market {
    names: Vec<String>,
    /// The close before the first day, then the close of every day, a row a symbol.
    closes: Vec<Vec<f64>>,
}

impl Market {
    /// The market of a seed.
    pub(crate) fn new(seed: u64) -> Result<Market> {
        let broad = daily_returns(SP500, "sp500.csv.gz")?;
        let technology = daily_returns(NASDAQ, "nasdaq.csv.gz")?;
        let days = usize::try_from(DAYS).unwrap_or(0);
        assert!(broad.len() == technology.len() && broad.len() > days, "real prices fell short");
        let start = Draws::of(seed, TABLE_WINDOW, 0).position(broad.len() - days);
        let window = start..start + days;
        let closes = (0..SYMBOLS)
            .map(|symbol| path(seed, symbol, &broad[window.clone()], &technology[window.clone()]))
            .collect();
        Ok(Market { names: (0..SYMBOLS).map(symbol_name).collect(), closes })
    }

    /// The name of a symbol; 0 is the most traded.
    pub(crate) fn name(&self, symbol: usize) -> &str {
        &self.names[symbol]
    }

    /// What a symbol costs at a moment, between the closes around it.
    pub(crate) fn price(&self, symbol: usize, moment_us: u64) -> f64 {
        let day = usize::try_from((moment_us / DAY_US).min(DAYS - 1)).unwrap_or(0);
        let part = (moment_us % DAY_US) as f64 / DAY_US as f64;
        let (before, after) = (self.closes[symbol][day], self.closes[symbol][day + 1]);
        before + (after - before) * part
    }
}

/// A price as a platform stores it: cents, or hundredths of them below one.
pub(crate) fn tick(price: f64) -> f64 {
    if price >= 1.0 { round(price, 100.0) } else { round(price.max(0.0001), 10_000.0) }
}

/// `value` rounded to a fraction of 1.
pub(crate) fn round(value: f64, fraction: f64) -> f64 {
    (value * fraction).round() / fraction
}

fn path(seed: u64, symbol: usize, broad: &[f64], technology: &[f64]) -> Vec<f64> {
    let mut draws = Draws::of(seed, TABLE_SYMBOLS, symbol as u64);
    let weight = draws.unit();
    let strength = draws.between(0.4, 1.6);
    let own = draws.between(0.004, 0.03);
    let scale = draws.between(1.0, 20.0);
    let mut price = scale * scale * draws.between(0.5, 1.5);
    let mut daily = Draws::of(seed, TABLE_DAILY, symbol as u64);
    let mut closes = vec![price];
    for (broad, technology) in broad.iter().zip(technology) {
        let shared = weight * broad + (1.0 - weight) * technology;
        let change = strength * shared + own * daily.noise();
        price = (price * (1.0 + change.clamp(-0.5, 0.5))).max(0.01);
        closes.push(price);
    }
    closes
}

/// Three or four letters, no two alike: 7,919 has no factor in common with 26 cubed.
fn symbol_name(symbol: usize) -> String {
    let mut rest = (symbol * 7_919 + 4_321) % 17_576;
    let mut name = String::with_capacity(4);
    for _ in 0..3 {
        name.push(letter(rest));
        rest /= 26;
    }
    if symbol % 3 == 1 {
        name.push(letter(symbol * 11));
    }
    name
}

fn letter(number: usize) -> char {
    char::from(b'A' + u8::try_from(number % 26).unwrap_or(0))
}

fn daily_returns(packed: &[u8], file: &str) -> Result<Vec<f64>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).map_err(|error| {
        Error::io(format!("the built-in prices {file} cannot be unpacked"), error)
    })?;
    let closes: Vec<f64> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(4))
        .filter_map(|close| close.parse().ok())
        .collect();
    if closes.len() < 2 {
        return Err(Error::corrupt(format!("the built-in prices {file} hold no closes")));
    }
    Ok(closes.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect())
}
