//! Byte order is value order, equal values have equal bytes, and keys read back.

use std::cmp::Ordering;

use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};

use super::{KeyColumn, KeyReader, bigint_key, encode_key, prefix_end};
use crate::value::tests::{TYPES, of_type};
use crate::value::{Collation, Type, Value, ValueRef, fold_double, fold_real};

fn columns() -> impl Strategy<Value = KeyColumn> {
    let collation =
        prop::sample::select(vec![Collation::Binary, Collation::NoCase, Collation::RTrim]);
    let data_type = prop::sample::select(TYPES.to_vec());
    (data_type, any::<bool>(), any::<bool>(), collation).prop_map(
        |(data_type, nullable, descending, collation)| KeyColumn {
            data_type,
            nullable,
            descending,
            collation,
        },
    )
}

fn value_of(column: KeyColumn) -> proptest::strategy::BoxedStrategy<Value> {
    let value = of_type(column.data_type).prop_filter("NaN is NULL in ANY", move |value| {
        !(column.data_type == Type::Any && matches!(value, Value::Double(v) if v.is_nan()))
    });
    if column.nullable {
        prop_oneof![1 => proptest::strategy::Just(Value::Null), 6 => value].boxed()
    } else {
        value.boxed()
    }
}

/// A number of ANY so near that only exact comparison tells them apart.
#[expect(clippy::cast_possible_truncation, reason = "near is enough")]
fn neighbour(value: &Value, offset: i64) -> Option<Value> {
    match value {
        Value::Integer(v) if offset == 0 => Some(Value::Double(*v as f64)),
        Value::Integer(v) => v.checked_add(offset).map(Value::Integer),
        Value::Double(v) if v.abs() < 9e18 => Some(Value::Integer(*v as i64 + offset)),
        _ => None,
    }
}

/// Columns and two keys of them, which often share their first values.
fn key_pairs() -> impl Strategy<Value = (Vec<KeyColumn>, Vec<Value>, Vec<Value>)> {
    prop::collection::vec(columns(), 1..4).prop_flat_map(|columns| {
        let pair = |column: &KeyColumn| {
            let any_type = column.data_type == Type::Any;
            let values = (value_of(*column), value_of(*column), 0..4, -2_i64..3);
            values.prop_map(move |(a, b, kind, offset)| match kind {
                0 => (a.clone(), a),
                1 if any_type => (a.clone(), neighbour(&a, offset).unwrap_or(b)),
                _ => (a, b),
            })
        };
        let pairs: Vec<_> = columns.iter().map(pair).collect();
        (proptest::strategy::Just(columns), pairs).prop_map(|(columns, pairs)| {
            let (a, b) = pairs.into_iter().unzip();
            (columns, a, b)
        })
    })
}

fn key(columns: &[KeyColumn], values: &[Value]) -> Vec<u8> {
    let values: Vec<ValueRef<'_>> = values.iter().map(Value::as_value).collect();
    let mut out = Vec::new();
    encode_key(columns, &values, &mut out).expect("values of the columns' types");
    out
}

fn compare(columns: &[KeyColumn], a: &[Value], b: &[Value]) -> Ordering {
    let pairs = columns.iter().zip(a.iter().zip(b));
    pairs.fold(Ordering::Equal, |order, (column, (a, b))| {
        order.then_with(|| {
            let order = a.compare(b, column.collation);
            if column.descending { order.reverse() } else { order }
        })
    })
}

/// What the row holds of it.
fn folded(value: &Value) -> Value {
    match value {
        Value::Double(v) => Value::Double(fold_double(*v)),
        Value::Real(v) => Value::Real(fold_real(*v)),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]

    /// I1 and I2 at once: equal exactly when equal.
    #[test]
    fn byte_order_is_value_order((columns, a, b) in key_pairs()) {
        let bytes = key(&columns, &a).cmp(&key(&columns, &b));
        assert_eq!(bytes, compare(&columns, &a, &b), "{columns:?} {a:?} {b:?}");
    }

    /// I3: a different value is not the beginning of another.
    #[test]
    fn components_are_prefix_free((columns, a, b) in key_pairs()) {
        let (a, b) = (key(&columns[..1], &a[..1]), key(&columns[..1], &b[..1]));
        assert!(a == b || !a.starts_with(&b), "{columns:?} {a:?} {b:?}");
    }

    #[test]
    fn lossless_components_read_back((columns, values, _) in key_pairs()) {
        let bytes = key(&columns, &values);
        let mut reader = KeyReader::new(&columns, &bytes);
        let mut buffer = Vec::new();
        for (column, value) in columns.iter().zip(&values) {
            if column.is_lossless() {
                assert_eq!(reader.clone().next_value().expect("a value"), folded(value));
                let read = reader.next_ref(&mut buffer).expect("a value");
                assert_eq!(format!("{read:?}"), format!("{:?}", folded(value).as_value()));
            } else {
                let component = reader.skip().expect("a component");
                let expected = key(std::slice::from_ref(column), std::slice::from_ref(value));
                assert_eq!(component, expected);
            }
            let null = usize::from(value.is_null());
            assert!(column.width().is_none_or(|width| null == 1 || width > 0));
        }
        assert!(reader.is_at_end());
    }

    #[test]
    fn garbage_never_panics(
        columns in prop::collection::vec(columns(), 1..4),
        bytes in prop::collection::vec(prop_oneof![0_u8..4, 252..=255_u8, any::<u8>()], 0..40),
    ) {
        let mut reader = KeyReader::new(&columns, &bytes);
        for column in &columns {
            let read = if column.is_lossless() {
                reader.next_value().map(drop)
            } else {
                reader.skip().map(drop)
            };
            if let Err(error) = read {
                assert_eq!(error.kind(), bourse_storage::ErrorKind::Corrupt);
                break;
            }
        }
    }

    #[test]
    fn the_end_of_a_prefix_is_the_least_key_past_it(
        prefix in prop::collection::vec(prop_oneof![254_u8..=255, any::<u8>()], 0..4),
        other: Vec<u8>,
        continues: bool,
    ) {
        let other = if continues { [prefix.clone(), other].concat() } else { other };
        let below = prefix_end(&prefix).is_none_or(|end| other < end);
        assert_eq!(other.starts_with(&prefix), other >= prefix && below);
    }
}

#[test]
fn bytes_are_as_the_table_says() {
    let bytes = |column: KeyColumn, value: Value| key(&[column], &[value]);
    let (bigint, text) = (KeyColumn::new(Type::BigInt), KeyColumn::new(Type::Text));
    assert_eq!(bytes(bigint, 1.into()), [0x80, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(bytes(bigint, (-5).into()), bigint_key(-5));
    assert_eq!(bytes(bigint.descending(), 1.into()), [0x7F, 255, 255, 255, 255, 255, 255, 254]);
    assert_eq!(bytes(bigint.nullable(), Value::Null), [0]);
    assert_eq!(bytes(bigint.nullable().descending(), Value::Null), [255]);
    assert_eq!(bytes(text, "AAPL".into()), b"AAPL\0\0");
    assert_eq!(bytes(text, "a\0".into()), b"a\0\xFF\0\0");
    assert_eq!(bytes(text.collate(Collation::NoCase), "AaPl".into()), b"aapl\0\0");
    assert_eq!(bytes(text.collate(Collation::RTrim), "a  ".into()), b"a\0\0");
    assert_eq!(bytes(KeyColumn::new(Type::DECIMAL), decimal("1.5")), [0xA8, 16, 0]);
    assert_eq!(bytes(KeyColumn::new(Type::DECIMAL), decimal("0")), [0x80]);
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().expect(text))
}

#[test]
fn equal_values_of_any_have_equal_bytes() {
    let any = [KeyColumn::new(Type::Any)];
    let two_to_53 = 1_i64 << 53;
    assert_eq!(key(&any, &[1.into()]), key(&any, &[1.0.into()]));
    assert_eq!(key(&any, &[two_to_53.into()]), key(&any, &[(two_to_53 as f64).into()]));
    assert!(key(&any, &[(two_to_53 + 1).into()]) > key(&any, &[(two_to_53 as f64).into()]));
    let two_to_63: Value = 9_223_372_036_854_775_808.0.into();
    assert!(key(&any, &[i64::MAX.into()]) < key(&any, &[two_to_63]));
}

#[test]
fn wrong_values_leave_the_buffer_as_it_was() {
    let columns = [KeyColumn::new(Type::SmallInt), KeyColumn::new(Type::Text)];
    let mut out = vec![7];
    let mut state = |values: &[Value]| {
        let values: Vec<_> = values.iter().map(Value::as_value).collect();
        encode_key(&columns, &values, &mut out).expect_err("wrong").sqlstate()
    };
    assert_eq!(state(&[1.into(), Value::Null]), "23502");
    assert_eq!(state(&[1.into(), 2.into()]), "42804");
    assert_eq!(state(&[40_000.into()]), "22003");
    assert_eq!(state(&[1.into(), "a".into(), 1.into()]), "42804");
    assert_eq!(out, [7]);
}

#[test]
#[should_panic(expected = "does not keep it")]
fn a_folded_value_is_not_read_from_its_key() {
    let columns = [KeyColumn::new(Type::Text).collate(Collation::NoCase)];
    let bytes = key(&columns, &["Abc".into()]);
    let _ = KeyReader::new(&columns, &bytes).next_value();
}
