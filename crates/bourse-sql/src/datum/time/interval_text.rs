//! Intervals as text.

use super::{HOUR, MINUTE, SECOND};
use crate::datum::Interval;

/// PostgreSQL's own form: `1 year 2 mons 3 days 04:05:06.5`.
pub(crate) fn text(interval: &Interval) -> String {
    let mut text = String::new();
    let mut is_negative = false;
    let parts =
        [(interval.months / 12, "year"), (interval.months % 12, "mon"), (interval.days, "day")];
    for (value, unit) in parts.into_iter().filter(|(value, _)| *value != 0) {
        let space = if text.is_empty() { "" } else { " " };
        let plus = if is_negative && value > 0 { "+" } else { "" };
        let plural = if value == 1 { "" } else { "s" };
        text.push_str(&format!("{space}{plus}{value} {unit}{plural}"));
        is_negative = value < 0;
    }
    if interval.micros == 0 && !text.is_empty() {
        return text;
    }
    let sign = match (interval.micros < 0, is_negative) {
        (true, _) => "-",
        (false, true) => "+",
        _ => "",
    };
    let magnitude = interval.micros.unsigned_abs();
    let unit = |micros: i64| micros.unsigned_abs();
    let space = if text.is_empty() { "" } else { " " };
    let (hours, minutes) = (magnitude / unit(HOUR), magnitude / unit(MINUTE) % 60);
    let (seconds, fraction) = (magnitude / unit(SECOND) % 60, magnitude % unit(SECOND));
    text.push_str(&format!("{space}{sign}{hours:02}:{minutes:02}:{seconds:02}"));
    if fraction != 0 {
        let digits = format!("{fraction:06}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}
