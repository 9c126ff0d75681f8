//! Guards the one order over values and what a column accepts.

use std::cmp::Ordering;

use proptest::prelude::{Strategy, any, prop_oneof, proptest};

use super::{Collation, Json, Type, TypeCode, Uuid, Value, ValueRef};
use crate::datetime::Interval;
use crate::decimal::Decimal;

/// Nanoseconds of a day.
const DAY: i64 = 86_400_000_000_000;

/// Values of the given type as `coerce` leaves them, edges often. Shared by the tests of keys and
/// rows.
pub(crate) fn of_type(data_type: Type) -> proptest::strategy::BoxedStrategy<Value> {
    let text = || prop_oneof!["[ab A\u{0}\u{1}\u{e9} ]{0,4}", ".{0,12}"];
    let blob = || proptest::collection::vec(prop_oneof![0_u8..3, 253_u8..=255, any::<u8>()], 0..6);
    let integer = |low: i64, high: i64| {
        prop_oneof![-3_i64..4, low..=high, low..=low + 2, high - 2..=high].prop_map(Value::Integer)
    };
    let decimal = decimals().prop_map(Value::Decimal);
    match data_type {
        Type::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Type::SmallInt => integer(-32768, 32767).boxed(),
        Type::Integer => integer(i32::MIN.into(), i32::MAX.into()).boxed(),
        Type::BigInt => integer(i64::MIN, i64::MAX).boxed(),
        Type::Real => reals().prop_map(Value::Real).boxed(),
        Type::Double => doubles().prop_map(Value::Double).boxed(),
        Type::Decimal { precision: 0, .. } => decimal.boxed(),
        Type::Decimal { .. } => decimal
            .prop_filter_map("does not fit", move |value| data_type.coerce(value).ok())
            .boxed(),
        Type::Text => text().prop_map(Value::Text).boxed(),
        Type::Blob => blob().prop_map(Value::Blob).boxed(),
        Type::Date => prop_oneof![-3..4, any::<i32>()].prop_map(Value::Date).boxed(),
        Type::Timestamp { .. } => {
            prop_oneof![-3_i64..4, any::<i64>()].prop_map(Value::Timestamp).boxed()
        }
        Type::TimestampTz { .. } => {
            prop_oneof![-3_i64..4, any::<i64>()].prop_map(Value::TimestampTz).boxed()
        }
        Type::Time { .. } => {
            let of_day = prop_oneof![0..4_i64, 0..=DAY, DAY - 2..=DAY];
            of_day.prop_map(Value::Time).boxed()
        }
        Type::Interval => intervals().prop_map(Value::Interval).boxed(),
        Type::Uuid => any::<[u8; 16]>().prop_map(Value::Uuid).boxed(),
        Type::Json => text().prop_map(|text| Value::Json(format!("{text:?}"))).boxed(),
        Type::Any => prop_oneof![
            integer(i64::MIN, i64::MAX),
            near_integers().prop_map(Value::Integer),
            doubles().prop_map(Value::Double),
            text().prop_map(Value::Text),
            blob().prop_map(Value::Blob),
        ]
        .boxed(),
    }
}

/// Every type with parameters that take another path.
pub(crate) const TYPES: [Type; 19] = [
    Type::Boolean,
    Type::SmallInt,
    Type::Integer,
    Type::BigInt,
    Type::Real,
    Type::Double,
    Type::DECIMAL,
    Type::Decimal { precision: 9, scale: 4 },
    Type::Decimal { precision: 38, scale: 20 },
    Type::Text,
    Type::Blob,
    Type::Date,
    Type::Time { precision: 9 },
    Type::Timestamp { precision: 9 },
    Type::TimestampTz { precision: 9 },
    Type::Interval,
    Type::Uuid,
    Type::Json,
    Type::Any,
];

/// Intervals of which many are as long as others.
pub(crate) fn intervals() -> impl Strategy<Value = Interval> {
    let micros = prop_oneof![-1_i64..2, any::<i64>(), (-2_i64..3).prop_map(|n| n * DAY / 1_000)];
    let few = prop_oneof![-2_i32..3, (-2_i32..3).prop_map(|n| n * 30), any::<i32>()];
    let months = prop_oneof![-2_i32..3, any::<i32>()];
    (months, few, micros).prop_map(|(months, days, microseconds)| Interval {
        months,
        days,
        microseconds,
    })
}

fn near_integers() -> impl Strategy<Value = i64> {
    (53_u32..63, -1030_i64..1030, any::<bool>()).prop_map(|(shift, offset, negative)| {
        let value = (1_i64 << shift) + offset;
        if negative { -value } else { value }
    })
}

fn doubles() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        any::<u64>().prop_map(f64::from_bits),
        near_integers().prop_map(|value| value as f64),
        (-4_i32..5).prop_map(|value| f64::from(value) / 2.0),
        proptest::sample::select(vec![0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        decimals().prop_map(Decimal::to_f64),
    ]
}

fn reals() -> impl Strategy<Value = f32> {
    prop_oneof![
        any::<u32>().prop_map(f32::from_bits),
        proptest::sample::select(vec![0.0, -0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]),
    ]
}

/// Decimals of all lengths and scales, many of equal value.
pub(crate) fn decimals() -> impl Strategy<Value = Decimal> {
    let limit = 10_i128.pow(38) - 1;
    let coefficient = prop_oneof![
        -20_i128..20,
        any::<i64>().prop_map(i128::from),
        -limit..=limit,
        (-9_i128..10, 0_u32..38).prop_map(|(digit, zeros)| digit * 10_i128.pow(zeros)),
    ];
    (coefficient, 0_u8..39)
        .prop_map(|(coefficient, scale)| Decimal::new(coefficient, scale).expect("below the limit"))
}

fn any_value() -> impl Strategy<Value = Value> {
    proptest::sample::select(TYPES.to_vec()).prop_flat_map(of_type)
}

fn compare(a: &Value, b: &Value) -> Ordering {
    a.compare(b, Collation::Binary)
}

proptest! {
    /// A comparison that is not transitive would break every tree.
    #[test]
    fn order_is_total(a in any_value(), b in any_value(), c in any_value()) {
        assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
        assert_eq!(compare(&a, &a), Ordering::Equal);
        if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
            assert!(compare(&a, &c).is_le(), "{a:?} <= {b:?} <= {c:?}");
        }
    }

    /// What is not coerced, because that would leave it as it is, would be left as it is.
    #[test]
    fn values_that_are_not_coerced_need_not_be(
        data_type in proptest::sample::select(TYPES.to_vec()),
        value in any_value(),
    ) {
        if data_type.leaves_as_is(&value) {
            let bits = |value: &Value| match value {
                Value::Double(v) => v.to_bits(),
                _ => 0,
            };
            let coerced = data_type.coerce(value.clone()).unwrap();
            assert_eq!(bits(&coerced), bits(&value));
            assert_eq!(format!("{coerced:?}"), format!("{value:?}"));
        }
    }

    /// The exact comparison against decimal expansions, which Rust's formatting gives exactly.
    #[test]
    fn decimals_and_doubles_compare_exactly(decimal in decimals(), double in doubles()) {
        let double = if double.is_finite() { double } else { 0.5 };
        let expected = compare_texts(&decimal.to_string(), &format!("{double:.1100}"));
        assert_eq!(decimal.compare_double(double), expected, "{decimal} and {double:e}");
    }

    #[test]
    fn coerced_values_stay_as_they_are(value in any_value(), column in 0..TYPES.len()) {
        if let Ok(coerced) = TYPES[column].coerce(value) {
            assert_eq!(TYPES[column].coerce(coerced.clone()).expect("fits"), coerced);
        }
    }

    #[test]
    fn tagged_values_round_trip(value in any_value()) {
        let mut bytes = Vec::new();
        super::encode_tagged(value.as_value(), &mut bytes);
        assert_eq!(super::decode_tagged(&bytes).expect("just written"), value.as_value());
    }

    #[test]
    fn tagged_garbage_is_an_error_or_a_value(bytes: Vec<u8>) {
        let _ = super::decode_tagged(&bytes);
    }
}

/// Compares two plain decimal texts digit by digit.
fn compare_texts(a: &str, b: &str) -> Ordering {
    let split = |text: &str| {
        let magnitude = text.trim_start_matches('-');
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let zero = magnitude.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        (text.starts_with('-') && !zero, format!("{whole:0>400}{fraction:0<1100}"))
    };
    match (split(a), split(b)) {
        ((false, a), (false, b)) => a.cmp(&b),
        ((true, a), (true, b)) => b.cmp(&a),
        ((a, _), (b, _)) => b.cmp(&a),
    }
}

#[test]
fn integers_and_doubles_compare_exactly() {
    let two_to_53 = 1_i64 << 53;
    let double = ValueRef::Double(two_to_53 as f64);
    let order = |integer| ValueRef::Integer(integer).compare(double, Collation::Binary);
    assert_eq!(order(two_to_53), Ordering::Equal);
    assert_eq!(order(two_to_53 + 1), Ordering::Greater);
    assert_eq!(order(two_to_53 - 1), Ordering::Less);
    let max = ValueRef::Integer(i64::MAX);
    let two_to_63 = ValueRef::Double(9_223_372_036_854_775_808.0);
    assert_eq!(max.compare(two_to_63, Collation::Binary), Ordering::Less);
    let min = ValueRef::Integer(i64::MIN);
    let minus = ValueRef::Double(-9_223_372_036_854_775_808.0);
    assert_eq!(min.compare(minus, Collation::Binary), Ordering::Equal);
    let half = ValueRef::Double(-0.5);
    assert_eq!(ValueRef::Integer(0).compare(half, Collation::Binary), Ordering::Greater);
}

#[test]
fn families_order_as_in_sqlite() {
    let values: [Value; 5] =
        [Value::Null, f64::INFINITY.into(), f64::NAN.into(), "".into(), Value::Blob(vec![])];
    for pair in values.windows(2) {
        assert_eq!(compare(&pair[0], &pair[1]), Ordering::Less, "{pair:?}");
    }
}

#[test]
fn collations_fold_as_sqlite_does() {
    let order = |collation: Collation, a, b| collation.compare(a, b);
    assert_eq!(order(Collation::NoCase, "ABC", "abc"), Ordering::Equal);
    assert_eq!(order(Collation::NoCase, "\u{c9}", "\u{e9}"), Ordering::Less);
    assert_eq!(order(Collation::NoCase, "_", "A"), Ordering::Less);
    assert_eq!(order(Collation::RTrim, "a  ", "a"), Ordering::Equal);
    assert_eq!(order(Collation::RTrim, "a\t", "a"), Ordering::Greater);
    assert_eq!(order(Collation::RTrim, " a", "a"), Ordering::Less);
}

#[test]
fn columns_refuse_what_does_not_fit() {
    let state = |data_type: Type, value: Value| match data_type.coerce(value) {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.sqlstate().to_owned(),
    };
    assert_eq!(state(Type::SmallInt, 32768.into()), "22003");
    assert_eq!(state(Type::Integer, 2.5.into()), "Integer(2)");
    assert_eq!(state(Type::BigInt, 1e19.into()), "22003");
    assert_eq!(state(Type::BigInt, f64::NAN.into()), "22003");
    assert_eq!(state(Type::Real, 1e39.into()), "22003");
    assert_eq!(state(Type::Text, 1.into()), "42804");
    assert_eq!(state(Type::Json, "[1, null]".into()), "Json(\"[1, null]\")");
    assert_eq!(state(Type::Json, "{\"a\":}".into()), "22P02");
    assert_eq!(state(Type::Any, true.into()), "Integer(1)");
    assert_eq!(state(Type::Any, f64::NAN.into()), "Null");
    assert_eq!(state(Type::Any, Value::Date(1)), "42804");
    let price = Type::Decimal { precision: 5, scale: 2 };
    assert_eq!(state(price, "123.455".into()), "Decimal(123.46)");
    assert_eq!(state(price, "999.995".into()), "22003");
    assert_eq!(state(Type::TIMESTAMP, Value::Timestamp(1_500)), "Timestamp(2000)");
    assert_eq!(state(Type::TIMESTAMP, Value::Date(1)), "Timestamp(86400000000000)");
    assert_eq!(state(Type::TIMESTAMPTZ, Value::Timestamp(1)), "42804");
    assert_eq!(state(Type::TIMESTAMPTZ, "1970-01-01 01:00+01".into()), "TimestampTz(0)");
    assert_eq!(state(Type::TIME, Value::Time(DAY + 1)), "22003");
    assert_eq!(state(Type::TIME, "23:59:59.9999999".into()), format!("Time({DAY})"));
}

#[test]
fn types_have_names_and_codes() {
    for data_type in TYPES {
        assert_eq!(Type::parse(&data_type.to_string()).expect("its own name"), data_type);
        assert_eq!(Type::from_bytes(data_type.to_bytes()).expect("its own bytes"), data_type);
    }
    for (text, sqlstate) in [
        ("ENUM", "0A000"),
        ("array", "0A000"),
        ("time(10)", "22023"),
        ("interval(3)", "22023"),
        ("money", "42704"),
        ("decimal(39,2)", "22023"),
        ("decimal(2,3)", "22023"),
        ("timestamp(10)", "22023"),
        ("integer(3)", "22023"),
    ] {
        assert_eq!(Type::parse(text).expect_err(text).sqlstate(), sqlstate, "{text}");
    }
    assert_eq!(Type::parse("numeric(18, 4)").expect("a type").to_string(), "DECIMAL(18,4)");
    let reserved = Type::from_bytes([TypeCode::Enum as u8, 0, 0]);
    assert_eq!(reserved.expect_err("reserved").sqlstate(), "0A000");
    let unknown = Type::from_bytes([20, 0, 0]).expect_err("unknown");
    assert_eq!(unknown.kind(), bourse_storage::ErrorKind::Corrupt);
}

#[test]
fn json_is_checked_to_the_letter() {
    for valid in ["0", "-0.5e+10", " [ ] ", "[[],{}]", "{\"a\":1,\"b\":[true,null]}", "\"\\u00e9\""]
    {
        assert!(Json::new(valid).is_ok(), "{valid}");
    }
    for invalid in [
        "",
        "01",
        "1.",
        ".5",
        "+1",
        "[1,]",
        "{,}",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "nul",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "[}",
        "1 2",
        "]",
        "{\"a\":1,}",
        "\"",
    ] {
        assert!(Json::new(invalid).is_err(), "{invalid}");
    }
    assert!(Json::new("[".repeat(512) + &"]".repeat(512)).is_ok());
    assert!(Json::new("[".repeat(513) + &"]".repeat(513)).is_err());
}

#[test]
fn uuids_print_and_parse() {
    let text = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    let uuid: Uuid = text.parse().expect("a UUID");
    assert_eq!(uuid.to_string(), text);
    assert_eq!(text.replace('-', "").to_uppercase().parse::<Uuid>().expect("a UUID"), uuid);
    assert!("f81d4fae".parse::<Uuid>().is_err());
    assert!(format!("{text}0").parse::<Uuid>().is_err());
}

#[test]
fn values_stay_small() {
    assert!(size_of::<ValueRef<'_>>() <= 32);
    assert!(size_of::<Value>() <= 32);
}
