//! Functions of time in version 2: by values from the documents of PostgreSQL, TimescaleDB and
//! SQLite, and by what holds for all values.

use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};

use super::functions::{compute, state, time, value};
use super::{Function, call, column, constant};
use crate::datetime::{Date, Timestamp};
use crate::expression::{Expression, decode_expression, encode_expression};
use crate::schema::TableDefinition;
use crate::value::{Type, Value};

fn day(text: &str) -> Value {
    Value::Date(text.parse::<Date>().expect("a day").0)
}

fn bc(year: i64, month: u32, day: u32) -> Value {
    Value::Date(Date::from_civil(1 - year, month, day).expect("a day").0)
}

#[test]
fn date_is_the_day() {
    assert_eq!(value(constant(time("1969-12-31 23:59:59.9")).date()), day("1969-12-31"));
    assert_eq!(value(constant(bc(44, 3, 15)).date()), bc(44, 3, 15));
    assert_eq!(value(constant(Value::Null).date()), Value::Null);
    assert_eq!(state(constant(5).date()), "42883");
}

/// What SQLite 3.53 answers; the integration tests ask it for many more.
#[test]
fn date_of_a_text_is_as_in_sqlite() {
    for (text, expected) in [
        ("2024-02-29", Some("2024-02-29")),
        ("2026-03-05 13:47", Some("2026-03-05")),
        ("2026-03-05 13:47:59.123456", Some("2026-03-05")),
        ("2026-03-05T13:47:59Z", Some("2026-03-05")),
        ("2026-03-05 23:30:00-01:00", Some("2026-03-06")),
        ("2026-03-01 00:30 +01:00", Some("2026-02-28")),
        ("2023-02-30", Some("2023-03-02")),
        ("2023-02-31", Some("2023-03-03")),
        ("2023-04-31 10:00", Some("2023-05-01")),
        ("2023-01-28 24:00", Some("2023-01-28")),
        ("2023-01-31 24:00", Some("2023-02-01")),
        ("12:30", Some("2000-01-01")),
        ("0000-01-01", Some("0000-01-01")),
        ("-0044-03-15", Some("-0044-03-15")),
        ("2451545", Some("2000-01-01")),
        ("-4714-01-01", None),
        ("2023-13-01", None),
        ("2023-1-1", None),
        ("20230101 ", None),
        ("2023-01-01 25:00", None),
        ("2023-01-01 10:00x", None),
        ("2023-01-01t10:00", None),
        ("", None),
        ("gold", None),
    ] {
        assert_eq!(
            value(constant(text).date()),
            expected.map_or(Value::Null, Value::from),
            "{text}"
        );
    }
    assert_eq!(state(constant("now").date()), "22007", "a definition has no clock");
}

#[test]
fn date_trunc_is_as_in_postgresql() {
    let truncated = |unit: &str, at: &str| value(constant(time(at)).date_trunc(unit));
    let at = "2001-02-16 20:38:40.123456789";
    for (unit, expected) in [
        ("microseconds", "2001-02-16 20:38:40.123456"),
        ("milliseconds", "2001-02-16 20:38:40.123"),
        ("second", "2001-02-16 20:38:40"),
        ("min", "2001-02-16 20:38:00"),
        ("HOUR", "2001-02-16 20:00:00"),
        ("day", "2001-02-16 00:00:00"),
        ("week", "2001-02-12 00:00:00"),
        ("month", "2001-02-01 00:00:00"),
        ("quarter", "2001-01-01 00:00:00"),
        ("year", "2001-01-01 00:00:00"),
        ("decade", "2000-01-01 00:00:00"),
        ("century", "2001-01-01 00:00:00"),
        ("millennium", "2001-01-01 00:00:00"),
    ] {
        assert_eq!(truncated(unit, at), time(expected), "{unit}");
    }
    assert_eq!(truncated("century", "2000-12-31 23:00"), time("1901-01-01 00:00"));
    assert_eq!(truncated("week", "2021-01-03 23:59"), time("2020-12-28 00:00"));
    assert_eq!(truncated("hour", "1969-12-31 23:59:59.5"), time("1969-12-31 23:00"));
    assert_eq!(value(constant(day("2024-02-29")).date_trunc("quarter")), time("2024-01-01"));
    assert_eq!(state(constant(time(at)).date_trunc("millennia").date_trunc("fortnight")), "22023");
    assert_eq!(state(constant(time(at)).date_trunc("dow")), "0A000");
    assert_eq!(state(constant(time("1999-01-01")).date_trunc("millennium")), "22008");
    assert_eq!(state(constant(bc(44, 3, 15)).date_trunc("day")), "22008");
    assert_eq!(state(constant(Value::Timestamp(i64::MIN)).date_trunc("hour")), "22008");
    assert_eq!(value(constant(Value::Null).date_trunc("day")), Value::Null);
}

#[test]
fn extract_is_as_in_postgresql() {
    let field = |field: &str, from: Value| match value(constant(from).extract(field)) {
        Value::Decimal(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let at = "2001-02-16 20:38:40.12";
    for (name, expected) in [
        ("century", "21"),
        ("day", "16"),
        ("decade", "200"),
        ("dow", "5"),
        ("doy", "47"),
        ("epoch", "982355920.120000"),
        ("hour", "20"),
        ("isodow", "5"),
        ("isoyear", "2001"),
        ("microseconds", "40120000"),
        ("millennium", "3"),
        ("milliseconds", "40120.000"),
        ("minute", "38"),
        ("month", "2"),
        ("quarter", "1"),
        ("second", "40.120000"),
        ("week", "7"),
        ("year", "2001"),
    ] {
        assert_eq!(field(name, time(at)), expected, "{name}");
    }
    assert_eq!(field("second", Value::Timestamp(-1)), "59.999999999");
    assert_eq!(field("epoch", Value::Timestamp(-1)), "-0.000000001");
    assert_eq!(field("epoch", day("1969-12-31")), "-86400");
    assert_eq!(field("century", time("2000-12-16 12:21:13")), "20");
    // A Friday, a Sunday and a Monday around turns of years.
    assert_eq!(field("week", day("2005-01-01")), "53");
    assert_eq!(field("week", day("2006-01-01")), "52");
    assert_eq!(field("isoyear", day("2006-01-01")), "2005");
    assert_eq!(field("isoyear", day("2012-12-31")), "2013");
    assert_eq!(field("doy", day("2024-12-31")), "366");
    let ides = bc(44, 3, 15);
    let of_ides = ["year", "decade", "century", "millennium"].map(|name| field(name, ides.clone()));
    assert_eq!(of_ides, ["-44", "-5", "-1", "-1"]);
    assert_eq!(field("year", bc(1, 1, 1)), "-1");
    assert_eq!(state(constant(ides).extract("hour")), "0A000");
    assert_eq!(state(constant(time(at)).extract("julian")), "22023");
    for days in [i32::MIN, i32::MAX] {
        field("isoyear", Value::Date(days));
    }
}

#[test]
fn time_bucket_is_as_in_timescaledb() {
    let bucket = |width: &str, at: &str| value(constant(time(at)).time_bucket(width));
    assert_eq!(bucket("5 minutes", "2026-03-05 13:47:59.25"), time("2026-03-05 13:45"));
    assert_eq!(bucket("1 hour 30 min", "2000-01-03 04:00"), time("2000-01-03 03:00"));
    assert_eq!(bucket("1 week", "2018-01-07 12:00"), time("2018-01-01 00:00"));
    assert_eq!(bucket("2 days", "1999-12-31 10:00"), time("1999-12-30 00:00"));
    assert_eq!(bucket("1 month", "2024-02-29 23:00"), time("2024-02-01 00:00"));
    assert_eq!(bucket("3 months", "1969-12-31 23:00"), time("1969-10-01 00:00"));
    assert_eq!(bucket("1 year", "1999-06-01 00:00"), time("1999-01-01 00:00"));
    assert_eq!(bucket("5 years", "1999-06-01 00:00"), time("1995-01-01 00:00"));
    let from = |width: &str, at: Value, origin: Value| {
        value(constant(at).time_bucket_from(width, constant(origin)))
    };
    let sunday = from("1 week", time("2018-01-07 12:00"), time("2000-01-02"));
    assert_eq!(sunday, time("2018-01-07 00:00"));
    assert_eq!(from("2 months", day("2024-03-31"), day("2024-01-15")), day("2024-03-01"));
    assert_eq!(from("1 week", day("2018-01-07"), Value::Null), Value::Null);
    assert_eq!(value(constant(day("2018-01-07")).time_bucket("1 week")), day("2018-01-01"));
    assert_eq!(value(constant(bc(44, 3, 15)).time_bucket("1 month")), bc(44, 3, 1));
    assert_eq!(state(constant(day("2018-01-07")).time_bucket("36 hours")), "0A000");
    assert_eq!(state(constant(time("2018-01-07")).time_bucket("1 month 1 day")), "0A000");
    for width in ["0 days", "", "five minutes", "-5 minutes", "1 epoch", "5"] {
        assert_eq!(state(constant(time("2018-01-07")).time_bucket(width)), "22023", "{width}");
    }
    let wide = "9223372036854775807 weeks";
    assert_eq!(state(constant(time("2018-01-07")).time_bucket(wide)), "22008");
    assert_eq!(state(constant(Value::Timestamp(i64::MIN)).time_bucket("1 day")), "22008");
    assert_eq!(state(constant(Value::Date(i32::MIN)).time_bucket("1 week")), "22008");
    let eras = "9223372036854775807 months";
    assert_eq!(state(constant(day("1999-01-01")).time_bucket(eras)), "22008");
}

#[test]
fn buckets_of_integers() {
    let bucket = |width: i64, value: i64| constant(value).time_bucket(width);
    for (width, given, expected) in [(10, 27, 20), (10, -1, -10), (10, -10, -10), (3, 0, 0)] {
        assert_eq!(value(bucket(width, given)), Value::Integer(expected), "{width} {given}");
    }
    let from = |origin: i64| value(constant(27).time_bucket_from(10, origin));
    assert_eq!((from(2), from(-8), from(8)), (22.into(), 22.into(), 18.into()));
    assert_eq!(state(bucket(0, 1)), "22023");
    assert_eq!(state(bucket(3, i64::MIN)), "22008");
    assert_eq!(state(constant(1).time_bucket("1 day")), "42883");
    assert_eq!(state(constant(time("2018-01-07")).time_bucket(5)), "42883");
}

/// The texts of the legacy database, in the one form that sorts as their times do.
#[test]
fn buckets_of_texts() {
    let bucket = |width: &str, at: &str| value(constant(at).time_bucket(width));
    let text = |text: &str| Value::from(text);
    let at = "2026-03-05 13:47:59.250001";
    assert_eq!(bucket("5 minutes", at), text("2026-03-05 13:45:00.000000"));
    assert_eq!(bucket("1 month", at), text("2026-03-01 00:00:00.000000"));
    assert_eq!(bucket("1 ms", at), text("2026-03-05 13:47:59.250000"));
    assert_eq!(bucket("1 hour", "2026-03-05 13:47:59"), text("2026-03-05 13:00:00.000000"));
    assert_eq!(bucket("1 week", "2026-03-05"), text("2026-03-02 00:00:00.000000"));
    assert_eq!(bucket("1 day", "1600-02-29 01:00:00.5"), text("1600-02-29 00:00:00.000000"));
    let from = constant(at).time_bucket_from("1 day", "2000-01-01 06:00:00");
    assert_eq!(value(from), text("2026-03-05 06:00:00.000000"));
    assert_eq!(state(constant("0000-01-01").time_bucket("1 week")), "22008");
    for (given, expected) in [
        ("2026-02-29 00:00:00", "22008"),
        ("2026-03-05 24:00:00", "22008"),
        ("2026-03-05T13:47:59", "22007"),
        ("2026-03-05 13:47:59Z", "22007"),
        ("2026-03-05 13:47", "22007"),
        ("2026-03-05 13:47:59.", "22007"),
        ("2026-03-05 13:47:59.1234567", "22007"),
        ("\u{e4}26-03-05", "22007"),
        ("now", "22007"),
    ] {
        assert_eq!(state(constant(given).time_bucket("1 day")), expected, "{given}");
    }
}

#[test]
fn types_are_those_of_the_values() {
    let table = TableDefinition::builder("t")
        .column("day", Type::Date)
        .column("at", Type::Timestamp { precision: 3 })
        .column("text", Type::Text)
        .column("size", Type::Integer)
        .column("any", Type::Any)
        .build()
        .expect("valid");
    let kind = |expression: Expression<String>| {
        let bound = table.bind(expression)?;
        let bytes = encode_expression(&bound)?;
        assert_eq!(decode_expression(&bytes)?, bound);
        bound.type_of(&table.columns)
    };
    let finest = Type::Timestamp { precision: 9 };
    for (expression, expected) in [
        (column("day").date(), Type::Date),
        (column("at").date(), Type::Date),
        (column("text").date(), Type::Text),
        (column("at").date_trunc("day"), Type::Timestamp { precision: 3 }),
        (column("day").date_trunc("day"), Type::TIMESTAMP),
        (column("day").time_bucket("1 week"), Type::Date),
        (column("at").time_bucket("1 week"), finest),
        (column("at").time_bucket_from("1 week", column("day")), finest),
        (column("text").time_bucket("1 week"), Type::Text),
        (column("at").time_bucket_from("1 week", "2000-01-02"), finest),
        (column("size").time_bucket_from(5, 1), Type::BigInt),
        (column("day").extract("year"), Type::DECIMAL),
    ] {
        assert_eq!(kind(expression.clone()).expect("bound"), Some(expected), "{expression}");
    }
    for (expression, expected) in [
        (column("any").date(), "42883"),
        (column("size").date(), "42883"),
        (column("text").date_trunc("day"), "42883"),
        (column("text").extract("day"), "42883"),
        (column("any").time_bucket("1 day"), "42883"),
        (column("day").time_bucket_from("1 day", column("at")), "42883"),
        (column("size").time_bucket(column("text")), "42883"),
        (column("size").time_bucket(-5), "22023"),
        (column("at").time_bucket("1 moon"), "22023"),
        (column("at").date_trunc("moon"), "22023"),
        (column("day").extract("second"), "0A000"),
        (column("day").time_bucket("1 hour"), "0A000"),
        (column("at").time_bucket_from("1 day", "tomorrow"), "22007"),
    ] {
        assert_eq!(
            kind(expression.clone()).expect_err("refused").sqlstate(),
            expected,
            "{expression}"
        );
    }
    let named = |expression: Expression<String>| expression.to_string();
    assert_eq!(named(column("at").extract("year")), "extract(year FROM at)");
    assert_eq!(named(column("at").extract(column("text"))), "extract(text, at)");
    assert_eq!(named(column("at").date_trunc("day")), "date_trunc('day', at)");
    assert_eq!(named(column("text").date().equal("x")), "date(text) = 'x'");
    let bucket = column("at").time_bucket_from("1 day", column("day"));
    assert_eq!(named(bucket), "time_bucket('1 day', at, day)");
}

const UNITS: [&str; 13] = [
    "microsecond",
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "decade",
    "century",
    "millennium",
];

fn widths() -> impl Strategy<Value = (i64, &'static str)> {
    (1_i64..500, prop::sample::select(UNITS.to_vec()))
}

fn points() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -4_i64 << 56..4 << 56, -1_000_000_i64..1_000_000]
}

/// A number, or that it is out of range.
fn number(expression: Expression<String>) -> Option<i64> {
    match compute(expression) {
        Ok(Value::Timestamp(number) | Value::Integer(number)) => Some(number),
        Ok(Value::Date(days)) => Some(i64::from(days)),
        Ok(other) => panic!("{other:?}"),
        Err(error) => {
            assert_eq!(error.sqlstate(), "22008", "{error}");
            None
        }
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

    /// A beginning is not after what it begins, is its own beginning, and is never before that of
    /// an earlier point.
    #[test]
    fn truncating_is_monotonic_and_idempotent(
        a in points(),
        b in points(),
        unit in prop::sample::select(UNITS.to_vec()),
    ) {
        let begin = |point| number(constant(Value::Timestamp(point)).date_trunc(unit));
        let (a, b) = (a.min(b), a.max(b));
        if let (Some(first), Some(second)) = (begin(a), begin(b)) {
            assert!(first <= a && second <= b && first <= second, "{unit} {a} {b}");
            assert_eq!(begin(first), Some(first));
        }
    }

    /// `begin <= point < begin + width`, and buckets are where the origin says.
    #[test]
    fn a_point_lies_in_its_bucket(
        a in points(),
        b in points(),
        (count, unit) in widths(),
        origin in prop::option::of(points()),
    ) {
        let width = format!("{count} {unit}");
        let begin = |point| {
            let point = constant(Value::Timestamp(point));
            number(match origin {
                Some(origin) => {
                    point.time_bucket_from(width.as_str(), constant(Value::Timestamp(origin)))
                }
                None => point.time_bucket(width.as_str()),
            })
        };
        let (a, b) = (a.min(b), a.max(b));
        if let (Some(first), Some(second)) = (begin(a), begin(b)) {
            assert!(first <= a && second <= b && first <= second, "{width} {a} {b}");
            assert_eq!(begin(first), Some(first));
            if let Some(before) = first.checked_sub(1).and_then(begin) {
                assert!(before < first, "{width} {first}: the last point before is not in it");
            }
            let nanoseconds = match unit {
                "microsecond" => 1_000,
                "millisecond" => 1_000_000,
                "second" => 1_000_000_000,
                "minute" => 60_000_000_000,
                "hour" => 3_600_000_000_000,
                "day" => 86_400_000_000_000,
                "week" => 604_800_000_000_000,
                // A month has 31 days at most.
                _ => return Ok(()),
            };
            let width: i64 = count * nanoseconds;
            assert!(i128::from(a) - i128::from(first) < i128::from(width));
            let origin = origin.unwrap_or(10_959 * 86_400_000_000_000);
            assert_eq!((i128::from(first) - i128::from(origin)) % i128::from(width), 0);
        }
    }

    #[test]
    fn an_integer_lies_in_its_bucket(a: i64, width in 1_i64.., origin: i64) {
        let begin = |value: i64| number(constant(value).time_bucket_from(width, origin));
        if let Some(first) = begin(a) {
            let (wide, at, begin_at) = (i128::from(width), i128::from(a), i128::from(first));
            assert!(begin_at <= at && at < begin_at + wide);
            assert_eq!((begin_at - i128::from(origin)) % wide, 0);
            assert_eq!(begin(first), Some(first));
        }
    }

    /// Texts, days and points in time agree with each other.
    #[test]
    fn all_kinds_of_time_have_the_same_buckets(
        microseconds in -9_000_000_000_000_000_i64..9_000_000_000_000_000,
        (count, unit) in widths(),
    ) {
        let width = format!("{count} {unit}");
        let point = Timestamp(microseconds * 1_000);
        let part = microseconds.rem_euclid(1_000_000);
        let whole = (microseconds - part) / 1_000_000;
        let text = format!("{}.{part:06}", Timestamp(whole * 1_000_000_000));
        let of_point = number(constant(Value::Timestamp(point.0)).time_bucket(width.as_str()));
        let of_text = compute(constant(text.as_str()).time_bucket(width.as_str()));
        if let Some(begin) = of_point {
            let Ok(Value::Text(of_text)) = of_text else { panic!("{of_text:?}") };
            assert_eq!(of_text.parse::<Timestamp>().expect("a time"), Timestamp(begin));
            assert_eq!(of_text.len(), text.len());
        }
        let of_day = number_of_days(point.date(), &width);
        if let (Some(days), Some(begin)) = (of_day, of_point) {
            let midnight = Timestamp::try_from(point.date()).expect("in range");
            let midnight = constant(Value::Timestamp(midnight.0));
            let of_midnight = number(midnight.time_bucket(width.as_str()));
            assert_eq!(of_midnight, Some(days * 86_400_000_000_000), "{width} {begin}");
        }
    }

    /// No day, however far away, makes a number wrap or anything panic.
    #[test]
    fn far_days_have_fields_and_buckets(days: i32, (count, unit) in widths()) {
        let date = || constant(Value::Date(days));
        let width = format!("{count} {unit}");
        if let Some(begin) = number_of_days(Date(days), &width) {
            assert!(begin <= i64::from(days));
        }
        number(date().date_trunc(unit));
        let field = |name: &str| match value(date().extract(name)) {
            Value::Decimal(number) => number.to_string().parse::<i64>().expect("whole"),
            other => panic!("{other:?}"),
        };
        let (year, month, day) = Date(days).to_civil();
        assert_eq!(field("year"), if year > 0 { year } else { year - 1 });
        assert_eq!((field("month"), field("day")), (i64::from(month), i64::from(day)));
        assert!((1..=53).contains(&field("week")) && (1..=366).contains(&field("doy")));
        assert_eq!(field("isodow") % 7, field("dow"));
        assert_eq!(field("epoch"), i64::from(days) * 86_400);
    }

    /// Whatever a text is, its day is one of SQLite's or NULL, and the day of that day is itself.
    #[test]
    fn days_of_texts_are_days(
        text in prop_oneof![
            "[-]?[0-9]{4}-[01][0-9]-[0-3][0-9][ T]?([0-2][0-9]:[0-5][0-9])?",
            "[ -~]{0,12}",
        ],
    ) {
        match compute(call(Function::Date, [constant(text.as_str())])) {
            Ok(Value::Null) => {}
            Ok(Value::Text(day)) => {
                // The first day begins at noon: its midnight is before SQLite's time.
                let first = day == "-4713-11-24";
                let again = value(constant(day.as_str()).date());
                assert!(again == Value::from(day.as_str()) || first && again == Value::Null);
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => assert_eq!(error.sqlstate(), "22007"),
        }
    }
}

/// The beginning of a day's bucket, where the width is one of days.
fn number_of_days(date: Date, width: &str) -> Option<i64> {
    match compute(constant(Value::Date(date.0)).time_bucket(width)) {
        Ok(Value::Date(days)) => Some(i64::from(days)),
        Ok(other) => panic!("{other:?}"),
        Err(error) => {
            assert!(["0A000", "22008"].contains(&error.sqlstate()), "{error}");
            None
        }
    }
}
