//! A moment as SQLite computes with it: a Julian day in milliseconds, or year, month, day and time
//! of day, or both; each is made of the other when it is needed, by the same operations on integers
//! and doubles as in SQLite.
//!
//! # Invariants
//!
//! * S1: a Julian day is valid from 0 to [`LAST`]; what leaves that is an error, which makes NULL.
//! * S2: `raw` is a number whose meaning (days or seconds) the first modifier may still change.

/// Milliseconds of a day.
pub(super) const DAY: i64 = 86_400_000;
/// The last millisecond of the year 9999.
const LAST: i64 = 464_269_060_799_999;
/// 1970-01-01.
pub(super) const EPOCH: i64 = 210_866_760_000_000;

/// A moment.
#[derive(Clone, Default)]
pub(super) struct Moment {
    pub(super) julian: Option<i64>,
    pub(super) date: Option<(i64, i64, i64)>,
    pub(super) clock: Option<(i64, i64, f64)>,
    pub(super) raw: Option<f64>,
    /// Minutes east of UTC that the text said.
    pub(super) zone: i64,
    /// Days of the month that the month has not.
    pub(super) excess: i64,
    pub(super) is_utc: bool,
    pub(super) is_local: bool,
    pub(super) subsecond: bool,
}

#[expect(clippy::cast_possible_truncation, reason = "C cuts off too; values are in range")]
fn cut(value: f64) -> i64 {
    value as i64
}

impl Moment {
    pub(super) fn of_julian(julian: i64) -> Moment {
        Moment { julian: Some(julian), ..Moment::default() }
    }

    /// A number: a Julian day if it can be one.
    pub(super) fn of_number(value: f64) -> Moment {
        let in_range = (0.0..5_373_484.5).contains(&value);
        let julian = in_range.then(|| cut(value * 86_400_000.0 + 0.5));
        Moment { julian, raw: Some(value), ..Moment::default() }
    }

    /// The Julian day, in milliseconds.
    pub(super) fn compute_julian(&mut self) -> Option<i64> {
        if let Some(julian) = self.julian {
            return Some(julian);
        }
        let (year, month, day) = self.date.unwrap_or((2000, 1, 1));
        if !(-4713..=9999).contains(&year) || self.raw.is_some() {
            return None;
        }
        let (year, month) = if month <= 2 { (year - 1, month + 12) } else { (year, month) };
        let century = (year + 4_800) / 100;
        let correction = 38 - century + century / 4;
        let days = 36_525 * (year + 4_716) / 100 + 306_001 * (month + 1) / 10_000;
        let mut julian = (days + day + correction) * DAY - 1_524 * DAY - DAY / 2;
        if let Some((hour, minute, second)) = self.clock {
            julian += hour * 3_600_000 + minute * 60_000 + cut(second * 1_000.0 + 0.5);
            if self.zone != 0 {
                julian -= self.zone * 60_000;
                self.clear();
                (self.is_utc, self.is_local) = (true, false);
            }
        }
        self.julian = Some(julian);
        Some(julian)
    }

    /// Year, month and day.
    pub(super) fn compute_date(&mut self) -> Option<(i64, i64, i64)> {
        if let Some(date) = self.date {
            return Some(date);
        }
        let date = match self.julian {
            None => (2000, 1, 1),
            Some(julian) if (0..=LAST).contains(&julian) => date_of(julian), // S1
            Some(_) => return None,
        };
        self.date = Some(date);
        Some(date)
    }

    /// Hour, minute and second.
    pub(super) fn compute_clock(&mut self) -> Option<(i64, i64, f64)> {
        if let Some(clock) = self.clock {
            return Some(clock);
        }
        let of_day = (self.compute_julian()? + DAY / 2) % DAY;
        let seconds = i32::try_from(of_day % 60_000).ok()?;
        let minutes = of_day / 60_000;
        let clock = (minutes / 60, minutes % 60, f64::from(seconds) / 1_000.0);
        self.raw = None;
        self.clock = Some(clock);
        Some(clock)
    }

    /// Forgets date and time of day: the Julian day has changed.
    pub(super) fn clear(&mut self) {
        (self.date, self.clock, self.zone) = (None, None, 0);
    }

    /// Moves by so many milliseconds.
    pub(super) fn shift(&mut self, milliseconds: i64) -> Option<()> {
        let julian = self.compute_julian()?;
        self.clear();
        self.julian = julian.checked_add(milliseconds);
        self.julian.map(|_| ())
    }

    /// Counts how far the day lies past the end of its month.
    pub(super) fn compute_excess(&mut self) {
        let Some((year, month, day)) = self.date else {
            return;
        };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        self.excess = (day - length).max(0);
    }

    /// Whether the moment is one that SQLite has.
    pub(super) fn is_valid(&self) -> bool {
        self.julian.is_some_and(|julian| (0..=LAST).contains(&julian)) // S1
    }
}

fn date_of(julian: i64) -> (i64, i64, i64) {
    let days = (julian + DAY / 2) / DAY;
    let double = |value: i64| f64::from(i32::try_from(value).unwrap_or(i32::MAX));
    let alpha = cut((double(days) + 32_044.75) / 36_524.25) - 52;
    let a = days + 1 + alpha - (alpha + 100) / 4 + 25;
    let b = a + 1_524;
    let c = cut((double(b) - 122.1) / 365.25);
    let d = 36_525 * (c & 32_767) / 100;
    let e = cut(double(b - d) / 30.6001);
    let day = b - d - cut(30.6001 * double(e));
    let month = if e < 14 { e - 1 } else { e - 13 };
    (if month > 2 { c - 4_716 } else { c - 4_715 }, month, day)
}
