//! The calendar against its own definition, and texts as the legacy data has them.

use proptest::prelude::proptest;

use super::{Date, Interval, Time, Timestamp, TimestampTz, round_fraction};

fn state<T: std::fmt::Display>(result: crate::Result<T>) -> String {
    result.map_or_else(|error| error.sqlstate().to_owned(), |value| value.to_string())
}

proptest! {
    #[test]
    fn dates_round_trip(days: i32) {
        let date = Date(days);
        assert_eq!(date.to_string().parse::<Date>().expect("a date"), date);
        let (year, month, day) = date.to_civil();
        assert_eq!(Date::from_civil(year, month, day), Some(date));
    }

    #[test]
    fn timestamps_round_trip(nanoseconds: i64) {
        let timestamp = Timestamp(nanoseconds);
        assert_eq!(timestamp.to_string().parse::<Timestamp>().expect("a time"), timestamp);
    }

    #[test]
    fn rounding_is_to_the_nearest(nanoseconds in -1_i64 << 60..1 << 60, precision in 0_u8..10) {
        let rounded = round_fraction(nanoseconds, precision).expect("in range");
        let step = 10_i64.pow(9 - u32::from(precision));
        assert_eq!(rounded % step, 0);
        assert!((rounded - nanoseconds).abs() * 2 <= step);
    }

    #[test]
    fn any_text_parses_or_errs(text in "[0-9TZ:. +-]{0,40}") {
        let _ = (text.parse::<Date>(), text.parse::<Timestamp>());
    }
}

/// Walks the calendar day by day over a whole cycle of 400 years.
#[test]
fn days_follow_each_other() {
    let mut date = Date::from_civil(1900, 1, 1).expect("a date");
    let (mut year, mut month, mut day) = (1900, 1, 1);
    while year < 2301 {
        assert_eq!(date.to_civil(), (year, month, day));
        let next_day = Date::from_civil(year, month, day + 1);
        let (next_month, next_year) = if month == 12 { (1, year + 1) } else { (month + 1, year) };
        (year, month, day) = match next_day {
            Some(_) => (year, month, day + 1),
            None => (next_year, next_month, 1),
        };
        date = Date(date.0 + 1);
    }
    assert_eq!(Date::from_civil(1970, 1, 1), Some(Date(0)));
    assert_eq!(Date::from_civil(1900, 2, 29), None);
    assert_eq!(Date::from_civil(2000, 2, 29), Some(Date(11016)));
}

#[test]
fn texts_are_read_as_postgresql_reads_them() {
    for (text, expected) in [
        ("2024-02-29 12:34:56.123456", "2024-02-29 12:34:56.123456"),
        ("2024-02-29T12:34:56Z", "2024-02-29 12:34:56"),
        ("2024-02-29 12:34", "2024-02-29 12:34:00"),
        ("2024-02-29", "2024-02-29 00:00:00"),
        ("2024-03-01 00:30:00+02", "2024-02-29 22:30:00"),
        ("2024-03-01 00:30:00-05:30", "2024-03-01 06:00:00"),
        ("2024-03-01 23:59:59.9999999999", "2024-03-02 00:00:00"),
        ("1677-09-21 00:12:43.145224192", "1677-09-21 00:12:43.145224192"),
        ("1677-09-21 00:12:43.145224191", "22008"),
        ("2300-01-01", "22008"),
        ("2023-02-29", "22008"),
        ("2024-13-01", "22008"),
        ("2024-01-01 24:00:00", "22007"),
        ("2024-01-01 12:60", "22007"),
        ("2024-01-01 12", "22007"),
        ("2024-01-01 ", "2024-01-01 00:00:00"),
        ("24-01-01", "22007"),
        ("now", "22007"),
        ("", "22007"),
    ] {
        assert_eq!(state(text.parse::<Timestamp>()), expected, "{text}");
    }
    assert_eq!(state("0044-03-15 BC".parse::<Date>()), "0044-03-15 BC");
    assert_eq!(state("0000-01-01".parse::<Date>()), "22007");
}

#[test]
fn times_of_day_are_read_and_written() {
    for (text, expected) in [
        ("12:34:56.5", "12:34:56.5"),
        ("12:34", "12:34:00"),
        ("24:00:00", "24:00:00"),
        ("24:00:01", "22007"),
        ("12:34:56+01", "22007"),
        ("12", "22007"),
    ] {
        assert_eq!(state(text.parse::<Time>()), expected, "{text}");
    }
    assert_eq!(state("2024-01-01 01:00+02".parse::<TimestampTz>()), "2023-12-31 23:00:00+00");
}

#[test]
fn intervals_are_read_and_written() {
    for (text, expected) in [
        ("P1Y2M3DT4H5M6.5S", "P1Y2M3DT4H5M6.5S"),
        ("P14M", "P1Y2M"),
        ("P2W", "P14D"),
        ("PT0S", "PT0S"),
        ("P-1M+1D", "P-1M1D"),
        ("PT-0.5S", "PT-0.5S"),
        ("PT90M", "PT1H30M"),
        ("PT-1H-30M", "PT-1H-30M"),
        ("PT0.1234567S", "PT0.123456S"),
        ("P", "22007"),
        ("PT", "22007"),
        ("P1", "22007"),
        ("P1D1D", "22007"),
        ("P1DT1D", "22007"),
        ("P1M1Y", "22007"),
        ("P1.5D", "22007"),
        ("1 day", "22007"),
        ("P99999999999D", "22015"),
        ("PT9999999999999S", "22015"),
    ] {
        assert_eq!(state(text.parse::<Interval>()), expected, "{text}");
    }
}

#[test]
fn intervals_are_compared_by_their_lengths() {
    let of = |text: &str| text.parse::<Interval>().expect("an interval");
    assert_eq!(of("P1M"), of("P30D"));
    assert_eq!(of("P1D"), of("PT24H"));
    assert!(of("P1M") < of("P31D") && of("P-1M") < of("PT0S") && of("PT23H59M") < of("P1D"));
    let longest = Interval { months: i32::MAX, days: i32::MAX, microseconds: i64::MAX };
    let shortest = Interval { months: i32::MIN, days: i32::MIN, microseconds: i64::MIN };
    assert!(shortest < longest);
    assert_eq!(Interval::from_bytes(longest.to_bytes()).to_string(), longest.to_string());
    assert_eq!(state(shortest.to_string().parse::<Interval>()), shortest.to_string());
}
