//! Random histories of a group against recomputation: state bytes (V1), and what is read against
//! slow arithmetic over the list of rows.

use num_bigint::BigInt;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::exact::{doubles, is_nearest, is_nearest_root, units};
use super::{Group, aggregate, shape, table};
use crate::Decimal;
use crate::expression::column;
use crate::value::tests::of_type;
use crate::value::{Collation, Type, Value};
use crate::view::{Aggregate, AggregateFunction as F, Fraction, Shape, Sign};

const NUMBERS: [&str; 7] = ["small", "whole", "big", "real", "double", "money", "free"];

/// All aggregates over all columns that they take; those over numbers under a filter too.
fn everything() -> Vec<Aggregate<String>> {
    let mut all = vec![aggregate(F::CountRows)];
    for name in NUMBERS {
        let x = || column(name);
        for function in [
            F::Sum(x()),
            F::Average(x()),
            F::VariancePopulation(x()),
            F::VarianceSample(x()),
            F::DeviationPopulation(x()),
            F::DeviationSample(x()),
            F::PercentileContinuous(Fraction::new(0.3).unwrap(), x()),
            F::SumDistinct(x()),
            F::AverageDistinct(x()),
            F::Ratio { numerator: x(), denominator: column("big") },
            F::Ratio { numerator: column("double"), denominator: x() },
        ] {
            all.push(aggregate(function.clone()));
            all.push(aggregate(function).filter(column("flag")));
        }
    }
    for name in NUMBERS.into_iter().chain(["text", "day", "at", "id", "any", "flag"]) {
        let x = || column(name);
        all.extend(
            [
                F::Count(x()),
                F::CountDistinct(x()),
                F::Minimum(x()),
                F::Maximum(x()),
                F::PercentileDiscrete(Fraction::HALF, x()),
                F::First { value: column("text"), order: x() },
                F::Last { value: column("free"), order: x() },
            ]
            .map(aggregate),
        );
    }
    all
}

fn row() -> impl Strategy<Value = Vec<Value>> {
    let value = |data_type: Type| {
        let wild = match data_type {
            Type::Double => doubles().prop_map(Value::Double).boxed(),
            other => of_type(other),
        };
        // Often one of a few, so that values meet; sometimes NULL.
        let tame = (-2_i64..3).prop_map(move |value| {
            let value = match data_type {
                Type::Text => Value::Text(
                    ["a", "A", "b", "B ", ""][usize::try_from(value + 2).unwrap()].into(),
                ),
                Type::Boolean => Value::Boolean(value > 0),
                Type::Date => Value::Date(i32::try_from(value).unwrap()),
                Type::Timestamp { .. } => Value::Timestamp(value * 1000),
                Type::Uuid => Value::Uuid([value.to_le_bytes()[0]; 16]),
                Type::Json => Value::Json(value.to_string()),
                Type::Any if value % 2 == 0 => Value::Double(value as f64),
                Type::Decimal { precision: 0, .. } => {
                    Value::Decimal(Decimal::new(i128::from(value) * 100, 2).unwrap())
                }
                _ => Value::Integer(value),
            };
            data_type.coerce(value).unwrap()
        });
        prop_oneof![4 => tame, 3 => wild, 1 => prop::strategy::Just(Value::Null)]
            .prop_map(move |value| data_type.coerce(value).unwrap_or(Value::Null))
    };
    let types: Vec<Type> = table().columns.iter().map(|column| column.data_type).collect();
    types.into_iter().map(value).collect::<Vec<_>>()
}

fn state_of<'s>(shape: &'s Shape, rows: &[(u32, &Vec<Value>)]) -> Group<'s> {
    let mut group = Group::new(shape);
    for (number, row) in rows {
        group.change(Sign::Add, *number, row).expect("added");
    }
    group
}

/// What an output is, or its SQLSTATE.
fn outputs(group: &mut Group<'_>) -> Vec<std::result::Result<Value, String>> {
    let count = group.shape.output_types().len();
    let read = (0..count).map(|at| group.shape.read_output(&group.state, at, &mut group.trees));
    let bits = |value: Value| match value {
        // -0.0 and 0.0, 1.5 and 1.50 are to be told apart.
        Value::Double(value) => Value::Text(format!("{:x}", value.to_bits())),
        Value::Decimal(value) => Value::Text(format!("{value} {}", value.scale())),
        other => other,
    };
    read.map(|read| read.map(bits).map_err(|error| error.sqlstate().to_owned())).collect()
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(96))]

    #[test]
    fn states_are_those_of_recomputation(
        rows in prop::collection::vec(row(), 1..14),
        order in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..40),
    ) {
        let shape = shape(everything()).expect("valid");
        let mut group = Group::new(&shape);
        let mut present = vec![false; rows.len()];
        for (at, reread) in order {
            let at = at.index(rows.len());
            let sign = if present[at] { Sign::Remove } else { Sign::Add };
            present[at] = !present[at];
            group.change(sign, u32::try_from(at).unwrap(), &rows[at]).expect("changed");
            if reread {
                let bytes = group.bytes();
                shape.decode(&bytes, &mut group.state).expect("decoded");
                prop_assert_eq!(group.bytes(), bytes);
            }
        }
        let kept: Vec<_> = (0_u32..).zip(&rows).filter(|(at, _)| present[*at as usize]).collect();
        let backwards: Vec<_> = kept.iter().rev().copied().collect();
        let mut whole = state_of(&shape, &backwards);
        prop_assert_eq!(group.bytes(), whole.bytes());
        prop_assert_eq!(shape.rows(&group.state), kept.len() as u64);
        prop_assert_eq!(shape.is_empty(&group.state), kept.is_empty());
        prop_assert_eq!(&group.trees.0.values().filter(|tree| !tree.is_empty()).count(),
                        &whole.trees.0.values().filter(|tree| !tree.is_empty()).count());
        if kept.is_empty() {
            prop_assert_eq!(group.bytes(), Group::new(&shape).bytes());
        }

        // Of three shards, one of which may be empty.
        let mut merged = Group::new(&shape);
        for shard in 0..3 {
            let part: Vec<_> = kept.iter().filter(|(at, _)| at % 3 == shard).copied().collect();
            let part = state_of(&shape, &part);
            shape.merge(&mut merged.state, &part.state).expect("merged");
            merged.trees.merge(&part.trees);
        }
        prop_assert_eq!(outputs(&mut merged), outputs(&mut whole));

        shape.clear(&mut group.state);
        prop_assert_eq!(group.bytes(), Group::new(&shape).bytes());
    }

    #[test]
    fn outputs_are_those_of_the_rows(rows in prop::collection::vec(row(), 0..9)) {
        let table = table();
        let numbered: Vec<_> = (0_u32..).zip(&rows).collect();
        for (position, column) in table.columns.iter().enumerate() {
            if column.data_type == Type::Json { continue }
            let values: Vec<Value> = rows.iter().map(|row| row[position].clone()).collect();
            let values: Vec<Value> = values.into_iter().filter(|v| !v.is_null()).collect();
            check_order(&column.name, column.collation, &values, &numbered)?;
            check_first_and_last(position, &numbered)?;
            if NUMBERS.contains(&column.name.as_str()) {
                check_moments(&column.name, column.data_type, &values, &numbered)?;
            }
        }
    }
}

type Checked = std::result::Result<(), proptest::test_runner::TestCaseError>;

/// MIN, MAX, COUNT, COUNT DISTINCT and a percentile against the sorted list.
fn check_order(
    name: &str,
    collation: Collation,
    values: &[Value],
    rows: &[(u32, &Vec<Value>)],
) -> Checked {
    let x = || column(name);
    let functions = [
        F::Count(x()),
        F::CountDistinct(x()),
        F::Minimum(x()),
        F::Maximum(x()),
        F::PercentileDiscrete(Fraction::new(0.25).unwrap(), x()),
    ];
    let shape = shape(functions.map(aggregate).to_vec()).expect("valid");
    let read = state_of(&shape, rows).read().expect("read");
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.compare(b, collation));
    let mut distinct = sorted.clone();
    distinct.dedup_by(|a, b| a.compare(b, collation).is_eq());
    prop_assert_eq!(&read[0], &Value::Integer(values.len() as i64));
    prop_assert_eq!(&read[1], &Value::Integer(distinct.len() as i64));
    check_distinct_numbers(name, &distinct)?;
    let quarter = values.len().div_ceil(4).max(1) - 1;
    for (output, place) in [(2, 0), (3, values.len().saturating_sub(1)), (4, quarter)] {
        match sorted.get(place) {
            None => prop_assert!(read[output].is_null()),
            Some(value) => {
                prop_assert!(read[output].compare(value, collation).is_eq());
                // It is one of the values, not only equal to one.
                prop_assert!(values.contains(&read[output]));
            }
        }
    }
    Ok(())
}

/// Sum and average of distinct values are those of rows that have each once.
fn check_distinct_numbers(name: &str, distinct: &[Value]) -> Checked {
    if !NUMBERS.contains(&name) {
        return Ok(());
    }
    let (table, x) = (table(), || column(name));
    let position = usize::from(table.position(name).unwrap());
    let once: Vec<Vec<Value>> = distinct
        .iter()
        .map(|value| {
            let mut row = vec![Value::Null; table.columns.len()];
            row[position] = value.clone();
            row
        })
        .collect();
    let once: Vec<(u32, &Vec<Value>)> = (0..).zip(&once).collect();
    let pair = |(number, row): &(u32, _)| [(2 * number, *row), (2 * number + 1, *row)];
    let twice: Vec<(u32, &Vec<Value>)> = once.iter().flat_map(pair).collect();
    let read = |functions: [F<String>; 2], rows: &[(u32, &Vec<Value>)]| {
        let shape = shape(functions.map(aggregate).to_vec()).expect("valid");
        // A sum that does not fit is refused in both.
        state_of(&shape, rows).read().map_err(|error| error.sqlstate().to_owned())
    };
    let distinct = read([F::SumDistinct(x()), F::AverageDistinct(x())], &twice);
    match (distinct, read([F::Sum(x()), F::Average(x())], &once)) {
        (Ok(distinct), Ok(once)) => {
            for (found, expected) in distinct.iter().zip(&once) {
                prop_assert!(found.compare(expected, Collation::Binary).is_eq(), "{name}");
            }
        }
        (distinct, once) => prop_assert_eq!(distinct.err(), once.err()),
    }
    Ok(())
}

/// FIRST and LAST of the texts by a column, against the rows in order.
fn check_first_and_last(position: usize, rows: &[(u32, &Vec<Value>)]) -> Checked {
    let (table, order) = (table(), || column(&table().columns[position].name));
    let text = usize::from(table.position("text").unwrap());
    let shape = shape(vec![
        aggregate(F::First { value: column("text"), order: order() }),
        aggregate(F::Last { value: column("text"), order: order() }),
    ]);
    let read = state_of(&shape.expect("valid"), rows).read().expect("read");
    let mut sorted: Vec<_> = rows.iter().filter(|(_, row)| !row[position].is_null()).collect();
    let collation = table.columns[position].collation;
    // Stable, and rows come in the order of their primary keys.
    sorted.sort_by(|(_, a), (_, b)| a[position].compare(&b[position], collation));
    let expected =
        |end: Option<&&(u32, &Vec<Value>)>| end.map_or(Value::Null, |(_, row)| row[text].clone());
    prop_assert_eq!(&read[0], &expected(sorted.first()));
    prop_assert_eq!(&read[1], &expected(sorted.last()));
    Ok(())
}

/// A number as `numerator / 10^scale`, for those that are no doubles.
fn decimal(value: &Value) -> Option<(BigInt, u8)> {
    match value {
        Value::Integer(value) => Some((BigInt::from(*value), 0)),
        Value::Decimal(value) => Some((BigInt::from(value.coefficient()), value.scale())),
        _ => None,
    }
}

fn double(value: &Value) -> f64 {
    match value {
        Value::Real(value) => (*value).into(),
        Value::Double(value) => *value,
        other => panic!("{other:?} is no double"),
    }
}

fn check_moments(
    name: &str,
    data_type: Type,
    values: &[Value],
    rows: &[(u32, &Vec<Value>)],
) -> Checked {
    let x = || column(name);
    let functions = [
        F::Sum(x()),
        F::Average(x()),
        F::VariancePopulation(x()),
        F::VarianceSample(x()),
        F::DeviationSample(x()),
    ];
    let shape = shape(functions.map(aggregate).to_vec()).expect("valid");
    let mut group = state_of(&shape, rows);
    let mut read = Vec::new();
    for at in 0..5 {
        read.push(match shape.read_output(&group.state, at, &mut group.trees) {
            Ok(value) => Some(value),
            Err(error) if error.sqlstate() == "22003" => None,
            Err(error) => panic!("{error}"),
        });
    }
    let n = BigInt::from(values.len());
    if values.is_empty() {
        prop_assert!(read.iter().all(|value| value == &Some(Value::Null)));
        return Ok(());
    }
    if matches!(data_type, Type::Real | Type::Double) {
        return check_double_moments(data_type, values, &read, &n);
    }
    let scale = values.iter().filter_map(decimal).map(|(_, scale)| scale).max().unwrap_or(0);
    let scaled = values.iter().filter_map(decimal);
    let scaled = scaled.map(|(c, s)| c * BigInt::from(10).pow(u32::from(scale - s)));
    let scaled: Vec<BigInt> = scaled.collect();
    let sum: BigInt = scaled.iter().sum();
    let squares: BigInt = scaled.iter().map(|value| value * value).sum();
    let unit = BigInt::from(10).pow(scale.into());
    match &read[0] {
        Some(value) => {
            let (total, total_scale) = decimal(value).unwrap();
            prop_assert!(total * &unit == &sum * BigInt::from(10).pow(total_scale.into()));
            // The greatest scale of a term, unless there was no room for its zeros.
            prop_assert!(total_scale == scale || data_type == Type::DECIMAL);
        }
        None => prop_assert!(sum.magnitude().to_string().len() > 18),
    }
    is_decimal(&read[1], &sum, &(&n * &unit), scale, 1)?;
    let variance = &n * squares - &sum * &sum;
    let least = scale.saturating_mul(2).min(38);
    is_decimal(&read[2], &variance, &(&n * &n * &unit * &unit), least, 1)?;
    if values.len() < 2 {
        prop_assert!(read[3..].iter().all(|value| value == &Some(Value::Null)));
        return Ok(());
    }
    let divisor = &n * (&n - 1) * &unit * &unit;
    is_decimal(&read[3], &variance, &divisor, least, 1)?;
    is_decimal(&read[4], &variance, &divisor, least, 2)
}

/// Whether a DECIMAL is the number, or with `power` 2 its root, rounded half away from zero to
/// enough digits; `None` stands for one that has no room.
fn is_decimal(
    read: &Option<Value>,
    numerator: &BigInt,
    denominator: &BigInt,
    least_scale: u8,
    power: u32,
) -> Checked {
    let Some(value) = read else {
        let limit = BigInt::from(10).pow(38 * power) - 1;
        prop_assert!(BigInt::from(numerator.magnitude().clone()) >= limit * denominator);
        return Ok(());
    };
    let (coefficient, scale) = decimal(value).expect("a decimal");
    // Twice the distance from the exact number, in last places: at most one.
    let magnitude = BigInt::from(coefficient.magnitude().clone());
    let target = BigInt::from(numerator.magnitude().clone()) << power;
    let target = target * BigInt::from(10).pow(u32::from(scale) * power);
    let (low, high): (BigInt, BigInt) = (&magnitude * 2 - 1, &magnitude * 2 + 1);
    prop_assert!(magnitude == BigInt::ZERO || low.pow(power) * denominator <= target);
    prop_assert!(target < high.pow(power) * denominator);
    let twice: BigInt = &magnitude * 2;
    let exact = twice.pow(power) * denominator == target;
    let digits = magnitude.to_string().len();
    let enough = digits >= 16 && scale >= least_scale || digits >= 37 || scale == 38;
    prop_assert!(exact || enough, "{value:?} has too few digits");
    prop_assert!(!exact || scale == 0 || &coefficient % 10 != BigInt::ZERO, "zeros at its end");
    Ok(())
}

fn check_double_moments(
    data_type: Type,
    values: &[Value],
    read: &[Option<Value>],
    n: &BigInt,
) -> Checked {
    let values: Vec<f64> = values.iter().map(double).collect();
    if values.iter().any(|value| !value.is_finite()) {
        let naive: f64 = values.iter().filter(|value| !value.is_finite()).sum();
        for output in &read[..2] {
            let output = double(output.as_ref().expect("no overflow"));
            prop_assert!(output == naive || output.is_nan() && naive.is_nan());
        }
        let spread = |value: &Value| value.is_null() || double(value).is_nan();
        prop_assert!(read[2..].iter().all(|value| value.as_ref().is_some_and(spread)));
        return Ok(());
    }
    let sum: BigInt = values.iter().map(|value| units(*value)).sum();
    let squares: BigInt = values.iter().map(|value| units(*value).pow(2)).sum();
    let result = |at: usize| read[at].as_ref().map(double);
    match data_type {
        // That reals are rounded once is shown elsewhere; here, that it is the right sum.
        Type::Real => {
            let near = |real: f32| units(real.into());
            let is_near = read[0].as_ref().is_none_or(|real| {
                let Value::Real(real) = *real else { return false };
                real == f32::MAX || near(real.next_down()) <= sum && sum <= near(real.next_up())
            });
            prop_assert!(is_near);
        }
        _ => prop_assert!(is_nearest(result(0), &sum, &BigInt::from(1))),
    }
    prop_assert!(is_nearest(result(1), &sum, n));
    let variance: BigInt = n * squares - &sum * &sum;
    // Squared units against units: 2^1074 of them are one.
    let in_units = |divisor: BigInt| divisor << 1074;
    prop_assert!(is_nearest(result(2), &variance, &in_units(n * n)));
    if values.len() < 2 {
        prop_assert!(read[3..].iter().all(|value| value == &Some(Value::Null)));
        return Ok(());
    }
    let divisor: BigInt = n * (n - 1);
    prop_assert!(is_nearest(result(3), &variance, &in_units(divisor.clone())));
    let root = result(4).expect("a deviation does not overflow");
    prop_assert!(is_nearest_root(root, &variance, &divisor));
    Ok(())
}
