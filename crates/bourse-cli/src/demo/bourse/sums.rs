//! Sums, averages and groups, as SQLite has them.

use bourse::ValueRef;
use bourse_storage::Result;
use hashbrown::HashMap;

use super::super::rows::{Decoded, Rows};
use super::unexpected;

/// A sum of numbers, compensated as Neumaier has it: what each addition rounds off is added up too.
/// SQLite does the same, so that sums over the same order of rows agree to the bit.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    count: u64,
    /// The sum while all numbers are whole.
    whole: Option<i64>,
    sum: f64,
    rounded_off: f64,
}

impl Sum {
    /// Adds a number; NULL is left out.
    pub(super) fn add(&mut self, value: ValueRef<'_>) -> Result<()> {
        let number = match value {
            ValueRef::Null => return Ok(()),
            ValueRef::Double(number) => {
                self.whole = None;
                number
            }
            ValueRef::Integer(number) => {
                let before = if self.count == 0 { Some(0) } else { self.whole };
                self.whole = before.and_then(|sum| sum.checked_add(number));
                number as f64
            }
            ValueRef::Decimal(number) => {
                self.whole = None;
                number.to_f64()
            }
            other => return Err(unexpected(other)),
        };
        self.count += 1;
        let sum = self.sum + number;
        self.rounded_off += if self.sum.abs() > number.abs() {
            (self.sum - sum) + number
        } else {
            (number - sum) + self.sum
        };
        self.sum = sum;
        Ok(())
    }

    /// The sum; NULL of no number.
    pub(super) fn total(&self) -> Decoded<'static> {
        match (self.count, self.whole) {
            (0, _) => Decoded::Null,
            (_, Some(whole)) => Decoded::Integer(whole),
            (_, None) => Decoded::Real(self.real()),
        }
    }

    /// The average; NULL of no number.
    pub(super) fn average(&self) -> Decoded<'static> {
        match self.count {
            0 => Decoded::Null,
            count => Decoded::Real(self.real() / count as f64),
        }
    }

    fn real(&self) -> f64 {
        self.sum + self.rounded_off
    }
}

/// The day of a timestamp's text; zeros where it has none.
pub(super) type Day = [u8; 10];

/// The day that `DATE()` makes of a timestamp.
pub(super) fn day(timestamp: &str) -> Day {
    let Some(day) = timestamp.as_bytes().first_chunk::<10>() else { return [0; 10] };
    let fits = day.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if fits { *day } else { [0; 10] }
}

/// A day as a value.
pub(super) fn decoded(day: &Day) -> Decoded<'_> {
    if *day == [0; 10] { Decoded::Null } else { Decoded::Text(day) }
}

/// One day of a group of rows.
#[derive(Clone, Copy, Default)]
pub(super) struct DaySums {
    /// The day.
    pub(super) day: Day,
    /// How many rows it has.
    pub(super) rows: i64,
    /// Sums of the columns added up.
    pub(super) sums: [Sum; 2],
}

/// Adds up rows by day; they come in any order, quickest day by day.
#[derive(Default)]
pub(super) struct Days {
    days: Vec<DaySums>,
}

impl Days {
    /// Adds a row of a timestamp's day.
    pub(super) fn add(&mut self, timestamp: &str, values: [ValueRef<'_>; 2]) -> Result<()> {
        let day = day(timestamp);
        let at = match self.days.last() {
            Some(last) if last.day == day => self.days.len() - 1,
            Some(last) if last.day > day => {
                let found = self.days.binary_search_by(|sums| sums.day.cmp(&day));
                found.unwrap_or_else(|at| {
                    self.days.insert(at, DaySums { day, ..DaySums::default() });
                    at
                })
            }
            _ => {
                self.days.push(DaySums { day, ..DaySums::default() });
                self.days.len() - 1
            }
        };
        let sums = &mut self.days[at];
        sums.rows += 1;
        sums.sums.iter_mut().zip(values).try_for_each(|(sum, value)| sum.add(value))
    }

    /// The days in their order.
    pub(super) fn days(&self) -> &[DaySums] {
        &self.days
    }
}

/// Volumes by symbol.
#[derive(Default)]
pub(super) struct Volumes {
    volumes: HashMap<String, Sum>,
}

impl Volumes {
    /// Adds a quantity.
    pub(super) fn add(&mut self, symbol: &str, quantity: ValueRef<'_>) -> Result<()> {
        match self.volumes.get_mut(symbol) {
            Some(sum) => sum.add(quantity),
            None => {
                let mut sum = Sum::default();
                sum.add(quantity)?;
                self.volumes.insert(symbol.to_owned(), sum);
                Ok(())
            }
        }
    }

    /// Appends the largest volumes, equal ones by symbol.
    pub(super) fn push_largest(self, limit: usize, rows: &mut Rows) {
        let mut volumes: Vec<(String, Sum)> = self.volumes.into_iter().collect();
        volumes.sort_unstable_by(|(left, a), (right, b)| {
            b.real().total_cmp(&a.real()).then_with(|| left.cmp(right))
        });
        for (symbol, sum) in volumes.iter().take(limit) {
            rows.push(Decoded::Text(symbol.as_bytes()));
            rows.push(sum.total());
        }
    }
}
