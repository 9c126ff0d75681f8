//! Values: their size, order, hashes and texts.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hasher};

use bourse::{Collation, Type, Value};
use proptest::prelude::*;

use super::{Datum, Numeric, compare, from_value, hash, to_value};
use crate::Dialect;
use crate::types::SqlType;

/// Rows hold many of them.
#[test]
fn size() {
    assert!(size_of::<Datum>() <= 24);
    assert!(size_of::<Numeric>() <= 16);
}

fn hashed(value: &Datum, collation: Collation) -> u64 {
    let mut state = DefaultHasher::new();
    hash(value, collation, &mut state);
    state.finish()
}

fn numeric(text: &str) -> Datum {
    Datum::Numeric(Numeric::parse(text).unwrap())
}

/// What is equal hashes alike, whatever holds it.
#[test]
fn equal_values_hash_alike() {
    let pairs = [
        (numeric("1.50"), numeric("1.5000")),
        (numeric("1"), numeric("1.000")),
        (numeric("100000000000000000000.0"), numeric("100000000000000000000")),
        (Datum::Integer(3), Datum::Double(3.0)),
        (Datum::Double(0.0), Datum::Double(-0.0)),
        (Datum::Double(f64::NAN), Datum::Double(-f64::NAN)),
        (Datum::Integer(1), numeric("1.0")),
        (Datum::Json("{\"a\": 1}".into()), Datum::Json("{\"a\": 1.0}".into())),
    ];
    for (a, b) in pairs {
        assert_eq!(compare(&a, &b, Collation::Binary), Ordering::Equal, "{a:?} {b:?}");
        assert_eq!(hashed(&a, Collation::Binary), hashed(&b, Collation::Binary), "{a:?} {b:?}");
    }
    let (a, b) = (Datum::text("AbC "), Datum::text("abc "));
    assert_eq!(hashed(&a, Collation::NoCase), hashed(&b, Collation::NoCase));
    assert_eq!(compare(&a, &b, Collation::NoCase), Ordering::Equal);
}

/// SQLite's order between kinds; NULL is last for whoever has no place of its own for it.
#[test]
fn order_between_kinds() {
    let ordered = [
        Datum::Double(f64::NEG_INFINITY),
        Datum::Integer(i64::MIN),
        Datum::Integer(-1),
        Datum::Double(0.5),
        Datum::Integer(1),
        Datum::Integer((1 << 53) + 1),
        Datum::Double(9_223_372_036_854_775_808.0),
        Datum::text(""),
        Datum::text("a"),
        Datum::bytes(b""),
        Datum::bytes(b"a"),
        Datum::Null,
    ];
    for (at, a) in ordered.iter().enumerate() {
        for (other, b) in ordered.iter().enumerate() {
            assert_eq!(compare(a, b, Collation::Binary), at.cmp(&other), "{a:?} {b:?}");
        }
    }
}

/// A store's values come back from SQL as they were.
#[test]
fn columns() {
    let values = [
        (Value::Integer(7), Type::Integer, SqlType::Integer),
        (Value::Double(1.5), Type::Double, SqlType::Double),
        (Value::Decimal("12.50".parse().unwrap()), Type::DECIMAL, SqlType::Numeric(None)),
        (Value::Text("x".into()), Type::Text, SqlType::Text),
        (Value::Timestamp(1_234_567_891), Type::Timestamp { precision: 9 }, SqlType::Timestamp(9)),
        (Value::Time(5), Type::Time { precision: 9 }, SqlType::Time(9)),
        (
            Value::Interval(bourse::Interval { months: 1, days: -2, microseconds: 3 }),
            Type::Interval,
            SqlType::Interval,
        ),
        (Value::Date(-1), Type::Date, SqlType::Date),
        (Value::Uuid([7; 16]), Type::Uuid, SqlType::Uuid),
        (Value::Boolean(true), Type::Boolean, SqlType::Boolean),
    ];
    for (value, column, ty) in values {
        let datum = from_value(value.as_value(), &ty, Dialect::Postgres).unwrap();
        assert_eq!(to_value(&datum, &ty, &column).unwrap(), value);
    }
    let refused = to_value(&Datum::Integer(40_000), &SqlType::Integer, &Type::SmallInt);
    assert_eq!(refused.unwrap_err().sqlstate(), "22003");
    let ty = SqlType::Integer.array();
    let read = from_value(bourse::ValueRef::Text("{1,NULL}"), &ty, Dialect::Postgres).unwrap();
    assert!(matches!(&read, Datum::Array(array) if array.elements.len() == 2));
    assert_eq!(to_value(&read, &ty, &Type::Text).unwrap(), Value::Text("{1,NULL}".into()));
}

/// What SQLite's dialect sees of columns that SQLite has no type for.
#[test]
fn columns_in_sqlite() {
    let see = |value: Value| from_value(value.as_value(), &SqlType::Any, Dialect::Sqlite).unwrap();
    assert!(matches!(see(Value::Boolean(true)), Datum::Integer(1)));
    assert!(matches!(see(Value::Decimal("2.00".parse().unwrap())), Datum::Integer(2)));
    assert!(matches!(see(Value::Decimal("2.50".parse().unwrap())), Datum::Double(v) if v > 2.4));
    assert_eq!(see(Value::Date(0)).as_text(), Some("1970-01-01"));
    let time = Value::Timestamp(1_500_000_000);
    assert_eq!(see(time).as_text(), Some("1970-01-01 00:00:01.5"));
}

proptest! {
    /// Sums, products and quotients of short numbers are those of integers.
    #[test]
    fn numeric_arithmetic(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
        let (x, y) = (Numeric::from(a), Numeric::from(b));
        prop_assert_eq!(x.add(&y).unwrap(), Numeric::from(a + b));
        prop_assert_eq!(x.mul(&y).unwrap(), Numeric::from(a * b));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        if b != 0 {
            prop_assert_eq!(x.div_trunc(&y).unwrap(), Numeric::from(a / b));
            prop_assert_eq!(x.rem(&y).unwrap(), Numeric::from(a % b));
        }
    }

    /// A number's text is the number.
    #[test]
    fn numeric_text(digits in "-?[1-9][0-9]{0,40}(\\.[0-9]{1,30})?") {
        prop_assert_eq!(Numeric::parse(&digits).unwrap().to_string(), digits);
    }
}
