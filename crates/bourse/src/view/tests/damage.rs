//! Damaged bytes of a state give an error, or a state that answers something: never a panic.

use proptest::prelude::{any, prop, proptest};

use super::{Group, aggregate, shape};
use crate::Decimal;
use crate::expression::column;
use crate::value::Value;
use crate::view::{Aggregate, AggregateFunction as F, Sign};

fn aggregates() -> Vec<Aggregate<String>> {
    let mut all = vec![aggregate(F::CountRows)];
    for name in ["big", "free", "double", "money"] {
        let x = || column(name);
        all.extend(
            [
                F::Sum(x()),
                F::Average(x()),
                F::VarianceSample(x()),
                F::DeviationPopulation(x()),
                F::Minimum(x()),
                F::Ratio { numerator: x(), denominator: column("double") },
            ]
            .map(aggregate),
        );
    }
    for name in ["text", "any"] {
        all.push(aggregate(F::Maximum(column(name))));
        all.push(aggregate(F::CountDistinct(column(name))));
        all.push(aggregate(F::Last { value: column(name), order: column("day") }));
    }
    all
}

fn row(number: i64) -> Vec<Value> {
    let decimal = |scale| Value::Decimal(Decimal::new(i128::from(number) * 7, scale).unwrap());
    vec![
        Value::Integer(number),
        Value::Null,
        Value::Integer(number * 1000),
        Value::Real(0.5),
        Value::Double(number as f64 / 10.0),
        decimal(20),
        decimal(u8::try_from(number % 3).unwrap()),
        Value::Text(format!("text {number}")),
        Value::Date(i32::try_from(number).unwrap()),
        Value::Timestamp(0),
        Value::Uuid([1; 16]),
        Value::Text("any".into()),
        Value::Boolean(true),
        Value::Null,
    ]
}

fn use_it(shape: &crate::view::Shape, bytes: &[u8]) -> bool {
    let mut group = Group::new(shape);
    if shape.decode(bytes, &mut group.state).is_err() {
        return false;
    }
    assert_eq!(group.bytes(), bytes, "what decodes has one form");
    for output in 0..shape.output_types().len() {
        let _ = shape.read_output(&group.state, output, &mut group.trees);
    }
    let mut doubled = group.state.clone();
    let _ = shape.merge(&mut doubled, &group.state);
    let _ = group.change(Sign::Add, 9, &row(3));
    group.bytes();
    let mut other = Group::new(shape);
    let _ = shape.decode(bytes, &mut other.state);
    let _ = other.change(Sign::Remove, 1, &row(1));
    true
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2000))]

    #[test]
    fn no_bytes_make_it_panic(
        count in 0_i64..4,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let shape = shape(aggregates()).expect("valid");
        let mut group = Group::new(&shape);
        for number in 1..=count {
            group.change(Sign::Add, u32::try_from(number).unwrap(), &row(number)).expect("added");
        }
        let mut bytes = group.bytes();
        assert!(use_it(&shape, &bytes));
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        use_it(&shape, &bytes);
    }
}

/// Bytes that have another form of the same value are refused: `check` compares bytes.
#[test]
fn other_forms_are_refused() {
    let shape = shape(vec![aggregate(F::Sum(column("double")))]).expect("valid");
    let mut group = Group::new(&shape);
    group.change(Sign::Add, 1, &row(10)).expect("added");
    let bytes = group.bytes();
    // Version, rows, then the sum: one word at place 16, as 1.0 is 2^1074 units.
    assert_eq!(bytes[9..11], [1, 16]);
    let refused = |bytes: Vec<u8>| {
        let error = shape.decode(&bytes, &mut shape.new_state()).expect_err("refused");
        assert_eq!(error.kind(), crate::ErrorKind::Corrupt);
        error.message().to_owned()
    };
    let mut zero_below = bytes.clone();
    zero_below.splice(9..11, [2, 15, 0, 0, 0, 0, 0, 0, 0, 0]);
    refused(zero_below);
    let mut zero_above = bytes.clone();
    zero_above.splice(9..10, [2]);
    zero_above.splice(19..19, [0; 8]);
    refused(zero_above);
    let mut no_counts = bytes.clone();
    no_counts[9] |= 0x80;
    no_counts.splice(19..19, [0; 24]);
    refused(no_counts);
    let mut longer = bytes.clone();
    longer.push(0);
    refused(longer);
    let mut newer = bytes;
    newer[0] = 2;
    assert!(refused(newer).contains("version 2"));
    refused(Vec::new());
}
