//! The year that the legacy data covers: 2025, in UTC, written as the platform writes its times.

/// Microseconds in a day.
pub(crate) const DAY_US: u64 = 86_400 * 1_000_000;
/// Days of data.
pub(crate) const DAYS: u64 = 365;
/// Microseconds of data.
pub(crate) const YEAR_US: u64 = DAYS * DAY_US;

const MONTH_DAYS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The dates of the year, ready to be written.
pub(crate) struct Calendar {
    dates: Vec<String>,
}

impl Calendar {
    /// All 365 of them.
    pub(crate) fn new() -> Calendar {
        let mut dates = Vec::new();
        for (month, days) in MONTH_DAYS.iter().enumerate() {
            for day in 1..=*days {
                dates.push(format!("2025-{:02}-{day:02}", month + 1));
            }
        }
        assert_eq!(dates.len() as u64, DAYS);
        Calendar { dates }
    }

    /// `YYYY-MM-DD` of a day counted from the year's first.
    pub(crate) fn date(&self, day: u64) -> &str {
        &self.dates[position(day.min(DAYS - 1))]
    }

    /// `YYYY-MM-DD HH:MM:SS.ffffff`; a moment past the year's end is its last microsecond.
    pub(crate) fn timestamp(&self, moment_us: u64) -> String {
        let moment_us = moment_us.min(YEAR_US - 1);
        let within_us = moment_us % DAY_US;
        let second = within_us / 1_000_000;
        let mut text = String::with_capacity(26);
        text.push_str(self.date(moment_us / DAY_US));
        text.push(' ');
        digits(&mut text, second / 3600, 2);
        text.push(':');
        digits(&mut text, second / 60 % 60, 2);
        text.push(':');
        digits(&mut text, second % 60, 2);
        text.push('.');
        digits(&mut text, within_us % 1_000_000, 6);
        text
    }
}

fn position(day: u64) -> usize {
    usize::try_from(day).unwrap_or(0)
}

fn digits(text: &mut String, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or(0)));
    }
}
