//! Rows round trip, read under later layouts, and no bytes make them panic.

use proptest::prelude::{Strategy, any, prop, proptest};

use super::{EarlierLayout, RowLayout};
use crate::value::tests::{TYPES, of_type};
use crate::value::{Type, Value, ValueRef, fold_double, fold_real};

fn types() -> impl Strategy<Value = Vec<Type>> {
    prop::collection::vec(prop::sample::select(TYPES.to_vec()), 0..20)
}

/// Types and a row of values of them, one in four NULL.
fn rows() -> impl Strategy<Value = (Vec<Type>, Vec<Value>)> {
    types().prop_flat_map(|types| {
        let values: Vec<_> = types.iter().map(|data_type| nullable(*data_type)).collect();
        (proptest::strategy::Just(types), values)
    })
}

fn nullable(data_type: Type) -> proptest::strategy::BoxedStrategy<Value> {
    let null = |v: &Value| matches!(v, Value::Double(v) if v.is_nan());
    let absent = move |v: &Value, n| n == 0 || (data_type == Type::Any && null(v));
    let value = (of_type(data_type), 0..4);
    value.prop_map(move |(v, n)| if absent(&v, n) { Value::Null } else { v }).boxed()
}

/// What became of a column since a row was written.
#[derive(Clone, Debug)]
enum Fate {
    Stays,
    Dropped,
    /// Takes the next place at the end, with this value for rows that lack it.
    Added(Type, Value),
}

/// Types and a row of before, and for each column what became of it.
fn histories() -> impl Strategy<Value = (Vec<Type>, Vec<Value>, Vec<Fate>)> {
    let added = prop::sample::select(TYPES.to_vec())
        .prop_flat_map(|data_type| (proptest::strategy::Just(data_type), nullable(data_type)));
    let fate = (0..3_u8, added).prop_map(|(kind, (data_type, value))| match kind {
        0 => Fate::Stays,
        1 => Fate::Dropped,
        _ => Fate::Added(data_type, value),
    });
    (rows(), prop::collection::vec(fate, 20))
        .prop_map(|((types, values), history)| (types, values, history))
}

/// A type that a column may have been widened to.
fn wider(data_type: Type) -> Type {
    match data_type {
        Type::SmallInt => Type::BigInt,
        Type::Integer => Type::BigInt,
        Type::Real => Type::Double,
        Type::Decimal { scale, precision: 1..=18 } => Type::Decimal { precision: 38, scale },
        Type::Decimal { .. } => Type::DECIMAL,
        other => other,
    }
}

/// A layout of now, a row of an earlier one, and what that reads as.
struct History {
    layout: RowLayout,
    old: Vec<u8>,
    expected: Vec<Value>,
}

impl History {
    fn of(types: &[Type], values: &[Value], history: &[Fate]) -> History {
        let old = encode(&RowLayout::new(types), values);
        let (mut now, mut expected, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for ((data_type, value), fate) in types.iter().zip(values).zip(history) {
            if matches!(fate, Fate::Dropped) {
                columns.push((*data_type, None));
                continue;
            }
            columns.push((*data_type, u16::try_from(now.len()).ok()));
            now.push(wider(*data_type));
            expected.push(match value {
                Value::Real(v) => Value::Double(f64::from(*v)),
                other => other.clone(),
            });
        }
        let mut missing = vec![Value::Null; now.len()];
        for fate in history {
            if let Fate::Added(data_type, value) = fate {
                now.push(*data_type);
                missing.push(value.clone());
                expected.push(value.clone());
            }
        }
        let number = u16::try_from(types.len()).expect("few");
        let earlier = [EarlierLayout { number, columns }];
        let layout = RowLayout::with_earlier(&now, number + 1, &earlier, missing);
        History { layout, old, expected }
    }
}

fn encode(layout: &RowLayout, values: &[Value]) -> Vec<u8> {
    let values: Vec<ValueRef<'_>> = values.iter().map(Value::as_value).collect();
    let mut bytes = Vec::new();
    layout.encode(&values, &mut bytes).expect("values of the layout's types");
    bytes
}

/// The representation too: a decimal's scale, no -0.0.
fn assert_same(stored: ValueRef<'_>, given: &Value) {
    let folded = match given {
        Value::Double(v) => Value::Double(fold_double(*v)),
        Value::Real(v) => Value::Real(fold_real(*v)),
        other => other.clone(),
    };
    assert_eq!(format!("{stored:?}"), format!("{:?}", folded.as_value()));
}

proptest! {
    #[test]
    fn rows_round_trip((types, values) in rows()) {
        let layout = RowLayout::new(&types);
        let bytes = encode(&layout, &values);
        let row = layout.check(&bytes).expect("just written");
        for (column, value) in values.iter().enumerate() {
            assert_same(row.get(column), value);
            assert_eq!(row.is_null(column), value.is_null());
        }
        assert_eq!(row.values().len(), values.len());
    }

    /// I1: a row keeps its layout. What columns of now it holds it reads, widened; those it lacks
    /// read as `missing`; what was dropped is in nobody's way.
    #[test]
    fn old_rows_read_under_new_layouts((types, values, history) in histories()) {
        let History { layout, old, expected } = History::of(&types, &values, &history);
        let row = layout.check(&old).expect("a row of before");
        for (column, value) in expected.iter().enumerate() {
            assert_same(row.get(column), value);
            assert_eq!(row.is_null(column), value.is_null());
        }
    }

    #[test]
    fn changed_columns_are_as_if_written_so(
        (types, values, history) in histories(),
        is_old: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u64>()), 0..4),
    ) {
        let History { layout, mut old, expected: mut values } =
            History::of(&types, &values, &history);
        if !is_old {
            old = encode(&layout, &values);
        }
        let mut new: Vec<(u16, Value)> = Vec::new();
        for (index, seed) in changes {
            if layout.columns() > 0 {
                let column = index.index(layout.columns());
                let value = sample(layout.column_type(column), seed);
                values[column] = value.clone();
                new.push((u16::try_from(column).expect("few"), value));
            }
        }
        let changes: Vec<_> = new.iter().map(|(c, value)| (*c, value.as_value())).collect();
        let mut bytes = Vec::new();
        let row = layout.row(&old).expect("a row");
        layout.encode_changed(&row, &changes, &mut bytes).expect("values of their types");
        assert_eq!(bytes, encode(&layout, &values));
        let same = layout.row(&bytes).expect("just written");
        for column in 0..layout.columns() {
            // Surely the same, never more than that.
            assert!(!same.is_same_at(column, &row) || same.get(column) == row.get(column));
        }
    }

    #[test]
    fn damaged_rows_of_before_never_panic(
        (types, values, history) in histories(),
        at: prop::sample::Index,
        to: u8,
    ) {
        let History { layout, mut old, .. } = History::of(&types, &values, &history);
        let at = at.index(old.len());
        old[at] = to;
        if let Ok(row) = layout.row(&old) {
            row.values().for_each(drop);
        }
        if let Ok(row) = layout.check(&old) {
            row.values().for_each(drop);
        }
    }

    #[test]
    fn garbage_never_panics(types in types(), bytes: Vec<u8>, written in 0_u16..20) {
        let layout = RowLayout::new(&types);
        let mut counted = written.to_le_bytes().to_vec();
        counted.extend_from_slice(&bytes);
        for bytes in [&bytes, &counted] {
            if let Ok(row) = layout.row(bytes) {
                row.values().for_each(drop);
            }
            let _ = layout.check(bytes);
        }
    }

    /// One wrong byte in a good row: `check` refuses it or reads values of the right types.
    #[test]
    fn damage_never_panics((types, values) in rows(), at: prop::sample::Index, to: u8) {
        let layout = RowLayout::new(&types);
        let mut bytes = encode(&layout, &values);
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(row) = layout.row(&bytes) {
            row.values().for_each(drop);
        }
        if let Ok(row) = layout.check(&bytes) {
            for (value, data_type) in row.values().zip(&types) {
                let kept = data_type.coerce(value.to_value());
                assert!(kept.is_ok() || *data_type == Type::Json, "{data_type}: {value:?}");
            }
        }
    }
}

fn sample(data_type: Type, seed: u64) -> Value {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    nullable(data_type).new_tree(&mut runner).expect("a value").current()
}

#[test]
fn bytes_are_as_the_table_says() {
    let layout = RowLayout::new(&[Type::Integer, Type::Text, Type::Boolean, Type::Text]);
    let values: [Value; 4] = [258.into(), "ab".into(), Value::Null, "c".into()];
    let expected = b"\x04\0\x04\x02\x01\0\0\0\x02\0\0\0\x03\0\0\0abc";
    assert_eq!(encode(&layout, &values), expected);
}

#[test]
fn wrong_values_leave_the_buffer_as_it_was() {
    let price = Type::Decimal { precision: 4, scale: 2 };
    let layout = RowLayout::new(&[Type::SmallInt, price]);
    let mut out = vec![7];
    let mut state = |values: &[Value]| {
        let values: Vec<_> = values.iter().map(Value::as_value).collect();
        layout.encode(&values, &mut out).expect_err("wrong").sqlstate()
    };
    assert_eq!(state(&[1.into()]), "42804");
    assert_eq!(state(&["1".into(), Value::Null]), "42804");
    assert_eq!(state(&[40_000.into(), Value::Null]), "22003");
    assert_eq!(state(&[Value::Null, Value::Null, Value::Null]), "42804");
    let decimal = |text: &str| Value::Decimal(text.parse().expect(text));
    assert_eq!(state(&[Value::Null, decimal("1.234")]), "22003");
    assert_eq!(state(&[Value::Null, decimal("123.45")]), "22003");
    assert_eq!(out, [7]);
    let refused = |data_type: Type, value: Value| {
        let layout = RowLayout::new(&[data_type]);
        layout.encode(&[value.as_value()], &mut Vec::new()).expect_err("wrong").sqlstate()
    };
    assert_eq!(refused(Type::TIMESTAMP, Value::Timestamp(1)), "22003");
    assert_eq!(refused(Type::Any, f64::NAN.into()), "22003");
    assert_eq!(refused(Type::Any, Value::Date(1)), "42804");
    assert_eq!(refused(Type::DECIMAL, 1.into()), "42804");
}

#[test]
fn text_that_is_not_utf8_is_no_text() {
    let layout = RowLayout::new(&[Type::Text]);
    let mut bytes = encode(&layout, &["ab".into()]);
    *bytes.last_mut().expect("a byte") = 0xFF;
    let row = layout.row(&bytes).expect("lengths are right");
    assert_eq!(row.get(0), ValueRef::Blob(b"a\xFF"));
    assert!(layout.check(&bytes).is_err());
}

// Guards `check` against values that no writer writes: a whole row must be one that can be written
// again. The NaN was found by the fuzz target `row_decode`.
#[test]
fn a_value_that_cannot_be_written_is_no_value_of_its_type() {
    let layout = RowLayout::new(&[Type::Any]);
    let mut bytes = encode(&layout, &[1.5.into()]);
    assert!(layout.check(&bytes).is_ok());
    let at = bytes.len() - 8;
    bytes[at..].copy_from_slice(&f64::NAN.to_le_bytes());
    assert!(layout.row(&bytes).is_ok(), "its lengths are right");
    assert!(layout.check(&bytes).is_err());

    let finer =
        encode(&RowLayout::new(&[Type::Timestamp { precision: 9 }]), &[Value::Timestamp(1)]);
    assert!(RowLayout::new(&[Type::Timestamp { precision: 6 }]).check(&finer).is_err());
}
