//! Each aggregate by values that were worked out by hand, its types, and what is refused.

use super::{Group, aggregate, shape, table};
use crate::Decimal;
use crate::expression::{call, case_when, column, constant};
use crate::value::{Type, Value};
use crate::view::{Aggregate, AggregateFunction as F, Fraction, Sign};

/// Rows that have values in some columns and NULL in the others.
fn rows(columns: &[(&str, Vec<Value>)]) -> Vec<Vec<Value>> {
    let table = table();
    let count = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let mut rows = vec![vec![Value::Null; table.columns.len()]; count];
    for (name, values) in columns {
        let position = usize::from(table.position(name).expect(name));
        for (row, value) in rows.iter_mut().zip(values) {
            let data_type = table.columns[position].data_type;
            row[position] = data_type.coerce(value.clone()).expect("fits");
        }
    }
    rows
}

fn texts(values: &[&str]) -> Vec<Value> {
    let value =
        |text: &&str| if *text == "NULL" { Value::Null } else { Value::Text((*text).into()) };
    values.iter().map(value).collect()
}

/// What aggregates come to, as text; an error as its SQLSTATE.
fn read(aggregates: Vec<Aggregate<String>>, rows: &[Vec<Value>]) -> Vec<String> {
    let shape = shape(aggregates).expect("valid");
    let mut group = Group::new(&shape);
    for (number, row) in (0..).zip(rows) {
        group.change(Sign::Add, number, row).expect("added");
    }
    let read = (0..shape.output_types().len()).map(|at| {
        match shape.read_output(&group.state, at, &mut group.trees) {
            Ok(value) => show(&value),
            Err(error) => error.sqlstate().to_owned(),
        }
    });
    read.collect()
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Double(value) => format!("{value:?}"),
        Value::Decimal(value) => value.to_string(),
        Value::Text(value) => value.clone(),
        other => format!("{other:?}"),
    }
}

fn of(functions: Vec<F<String>>, rows: &[Vec<Value>]) -> Vec<String> {
    read(functions.into_iter().map(aggregate).collect(), rows)
}

fn numbers(name: &str) -> Vec<F<String>> {
    let x = || column(name);
    vec![
        F::Count(x()),
        F::CountDistinct(x()),
        F::Sum(x()),
        F::Average(x()),
        F::Minimum(x()),
        F::Maximum(x()),
        F::VariancePopulation(x()),
        F::VarianceSample(x()),
        F::DeviationPopulation(x()),
        F::DeviationSample(x()),
    ]
}

#[test]
fn numbers_of_every_type() {
    // 2, 4, 4, 4, 5, 5, 7, 9: the mean is 5, the squares of the distances add up to 32.
    let values = || texts(&["2", "4", "4", "NULL", "4", "5", "5", "7", "9"]);
    let integers = || {
        let parse = |value: Value| match value {
            Value::Text(text) => Value::Integer(text.parse().unwrap()),
            other => other,
        };
        values().into_iter().map(parse).collect::<Vec<_>>()
    };
    let sample = ["4.571428571428571", "2.138089935299395"];
    for name in ["small", "whole", "big"] {
        let expected = ["8", "5", "40", "5", "2", "9", "4", sample[0], "2", sample[1]];
        assert_eq!(of(numbers(name), &rows(&[(name, integers())])), expected, "{name}");
    }
    for name in ["real", "double"] {
        let expected = [
            "8",
            "5",
            "40.0",
            "5.0",
            "2.0",
            "9.0",
            "4.0",
            "4.571428571428571",
            "2.0",
            "2.138089935299395",
        ];
        assert_eq!(of(numbers(name), &rows(&[(name, integers())])), expected, "{name}");
    }
    let expected = ["8", "5", "40", "5", "2", "9", "4", sample[0], "2", sample[1]];
    assert_eq!(of(numbers("free"), &rows(&[("free", values())])), expected);
    let expected = [
        "8",
        "5",
        "40.00000000000000000000",
        "5",
        "2.00000000000000000000",
        "9.00000000000000000000",
        "4",
        "4.5714285714285714285714285714285714286",
        "2",
        "2.1380899352993950774764278470380281724",
    ];
    assert_eq!(of(numbers("money"), &rows(&[("money", values())])), expected);
}

#[test]
fn of_nothing_counts_are_zero_and_the_rest_is_null() {
    let nothing = ["0", "0", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL"];
    for rows in [rows(&[]), rows(&[("big", vec![Value::Null; 3])])] {
        assert_eq!(of(numbers("big"), &rows), nothing);
        assert_eq!(of(numbers("double"), &rows), nothing);
        let x = || column("big");
        let others = vec![
            F::PercentileContinuous(Fraction::HALF, x()),
            F::PercentileDiscrete(Fraction::HALF, x()),
            F::First { value: x(), order: x() },
            F::Ratio { numerator: x(), denominator: x() },
        ];
        assert_eq!(of(others, &rows), ["NULL"; 4]);
    }
    let counts = vec![F::CountRows, F::Count(column("big"))];
    assert_eq!(of(counts, &rows(&[("big", vec![Value::Null; 3])])), ["3", "0"]);
}

/// One value has a variance among itself, and none as a sample.
#[test]
fn one_value_has_no_sample_variance() {
    let one =
        |name: &str, value: Value| of(numbers(name)[6..].to_vec(), &rows(&[(name, vec![value])]));
    assert_eq!(one("big", Value::Integer(7)), ["0", "NULL", "0", "NULL"]);
    assert_eq!(one("double", Value::Double(0.1)), ["0.0", "NULL", "0.0", "NULL"]);
    assert_eq!(one("double", Value::Double(f64::INFINITY)), ["NaN", "NULL", "NaN", "NULL"]);
}

#[test]
fn sums_that_do_not_fit_are_22003_and_come_back() {
    let most = |name: &str, value: Value| rows(&[(name, vec![value; 2])]);
    let sum = |name: &str| vec![F::Sum(column(name)), F::Average(column(name))];
    let max = i64::MAX;
    // BIGINT sums are DECIMAL(38,0): 2^64 - 2 fits.
    let expected = ["18446744073709551614", "9223372036854775807"];
    assert_eq!(of(sum("big"), &most("big", Value::Integer(max))), expected);
    let nines: Decimal = "99999999999999999999999999999999999999".parse().unwrap();
    let expected = ["22003", "99999999999999999999999999999999999999"];
    assert_eq!(of(sum("free"), &most("free", Value::Decimal(nines))), expected);
    let maximum = |value: f64| most("double", Value::Double(value));
    assert_eq!(of(sum("double"), &maximum(f64::MAX)), ["22003", "1.7976931348623157e308"]);
    let real = most("real", Value::Real(f32::MAX));
    assert_eq!(of(sum("real"), &real), ["22003", "3.4028234663852886e38"]);
    // Sums of INTEGER are BIGINT; it takes 2^32 rows to pass it, or here, four merged far enough.
    let shape = shape(vec![aggregate(F::Sum(column("whole")))]).unwrap();
    let mut group = Group::new(&shape);
    let row = &rows(&[("whole", vec![Value::Integer(i32::MAX.into())])])[0];
    group.change(Sign::Add, 0, row).unwrap();
    for _ in 0..33 {
        let half = group.state.clone();
        shape.merge(&mut group.state, &half).unwrap();
    }
    assert_eq!(group.read().unwrap_err().sqlstate(), "22003");
    // Taking away what made it too large is enough.
    let mut group = Group::new(&shape);
    group.change(Sign::Add, 0, row).unwrap();
    assert_eq!(group.read().unwrap(), [Value::Integer(i32::MAX.into())]);
}

#[test]
fn decimals_keep_the_greatest_scale_among_them() {
    let shape = shape(vec![aggregate(F::Sum(column("free")))]).unwrap();
    let mut group = Group::new(&shape);
    let rows = rows(&[("free", texts(&["1.5", "2.250", "3", "-6.75"]))]);
    let mut sum = |sign, at: u32| {
        group.change(sign, at, &rows[at as usize]).unwrap();
        show(&group.read().unwrap()[0])
    };
    assert_eq!(sum(Sign::Add, 0), "1.5");
    assert_eq!(sum(Sign::Add, 1), "3.750");
    assert_eq!(sum(Sign::Add, 2), "6.750");
    assert_eq!(sum(Sign::Add, 3), "0.000");
    assert_eq!(sum(Sign::Remove, 1), "-2.25");
    assert_eq!(sum(Sign::Remove, 3), "4.5");
    // Where 38 digits have no room for the zeros, they go; where they have none for digits, 22003.
    let large = "10000000000000000000000000000000000000";
    let sum = || vec![F::Sum(column("free"))];
    let exact = of(sum(), &super::aggregates::rows(&[("free", texts(&[large, "1.0"]))]));
    assert_eq!(exact, ["10000000000000000000000000000000000001"]);
    let half = of(sum(), &super::aggregates::rows(&[("free", texts(&[large, "0.5"]))]));
    assert_eq!(half, ["22003"]);
}

/// Averages of decimals are what `Decimal::checked_div` makes of sum and count.
#[test]
fn averages_have_the_digits_of_a_division() {
    for values in [
        vec!["1", "2"],
        vec!["1", "1", "2"],
        vec!["0.01", "0.02", "0.04"],
        vec!["-1", "0", "0"],
        vec!["100000000000000000000", "1", "1"],
        vec!["0.00000000000000000000000000000000000001"; 3],
        vec!["1e-38", "0", "0"],
        vec!["5e-38", "0"],
        vec!["1e37", "1", "1"],
        vec!["2.50", "2.50"],
        vec!["99999999999999999999", "0.9999999999999999", "7"],
    ] {
        let sum = values.iter().map(|value| value.parse::<Decimal>().unwrap());
        let sum = sum.reduce(|a, b| a.checked_add(b).unwrap()).unwrap();
        let count = i64::try_from(values.len()).unwrap();
        let expected = sum.checked_div(Decimal::from(count)).unwrap().to_string();
        let average = of(vec![F::Average(column("free"))], &rows(&[("free", texts(&values))]));
        assert_eq!(average, [expected], "{values:?}");
    }
}

#[test]
fn floats_are_read_correctly_rounded() {
    let doubles = |values: &[f64]| {
        rows(&[("double", values.iter().map(|value| Value::Double(*value)).collect())])
    };
    // In doubles, one after the other, this is 0.6000000000000001 / 3 = 0.20000000000000004.
    let expected = ["3", "3", "0.6", "0.2", "0.1", "0.3", "0.006666666666666665"];
    assert_eq!(of(numbers("double"), &doubles(&[0.1, 0.2, 0.3]))[..7], expected);
    // A mean far from zero: the textbook formula in doubles gives 0 or less.
    let far = of(numbers("double"), &doubles(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]));
    assert_eq!(far[6..], ["22.5", "30.0", "4.743416490252569", "5.477225575051661"]);
    let special = of(numbers("double"), &doubles(&[1.0, f64::INFINITY, f64::NAN]));
    assert_eq!(special, ["3", "3", "NaN", "NaN", "1.0", "NaN", "NaN", "NaN", "NaN", "NaN"]);
    let infinite = of(numbers("double"), &doubles(&[1.0, f64::NEG_INFINITY]));
    assert_eq!(infinite[2..6], ["-inf", "-inf", "-inf", "1.0"]);
    // A sum of reals is a real: 0.1 + 0.2 as reals.
    let reals = rows(&[("real", vec![Value::Real(0.1), Value::Real(0.2)])]);
    assert_eq!(of(vec![F::Sum(column("real"))], &reals), ["0.3"]);
}

#[test]
fn first_and_last_go_by_order_then_primary_key() {
    let first_last = |value: &str, order: &str| {
        let (value, order) = (|| column(value), || column(order));
        vec![
            F::First { value: value(), order: order() },
            F::Last { value: value(), order: order() },
        ]
    };
    // Rows without an order have no place; a value may be NULL.
    let rows = rows(&[
        ("double", [7.0, 1.0, 2.0, 3.0, 9.0].map(Value::Double).to_vec()),
        ("text", texts(&["x", "NULL", "b", "c", "y"])),
        ("day", texts(&["NULL", "2026-01-02", "2026-01-02", "2026-01-03", "2026-01-03"])),
    ]);
    assert_eq!(of(first_last("double", "day"), &rows), ["1.0", "9.0"]);
    assert_eq!(of(first_last("text", "day"), &rows), ["NULL", "y"]);
    assert_eq!(of(first_last("text", "text"), &rows), ["b", "y"]);
}

#[test]
fn candles_share_their_cells() {
    let price = || column("double");
    let candle = |name: &str, function| Aggregate::new(name, function);
    let at = || column("at");
    let turnover = || column("double").times(column("big"));
    let shape = shape(vec![
        candle("open", F::First { value: price(), order: at() }),
        candle("high", F::Maximum(price())),
        candle("low", F::Minimum(price())),
        candle("close", F::Last { value: price(), order: at() }),
        candle("volume", F::Sum(column("big"))),
        candle("vwap", F::Ratio { numerator: turnover(), denominator: column("big") }),
        candle("mean", F::Average(price())),
        candle("trades", F::CountRows),
    ])
    .unwrap();
    assert_eq!(shape.multiset_count(), 2, "one by time and one by price");
    assert_eq!(shape.arguments().len(), 4, "price, time, quantity, turnover");
    let rows = rows(&[
        ("double", [10.0, 12.5, 9.5, 11.0].map(Value::Double).to_vec()),
        ("big", [100, 200, 50, 50].map(Value::Integer).to_vec()),
        ("at", [1, 2, 3, 4].map(|at| Value::Timestamp(at * 1_000_000)).to_vec()),
    ]);
    let mut group = Group::new(&shape);
    for (number, row) in (0..).zip(&rows) {
        group.change(Sign::Add, number, row).unwrap();
    }
    let mut show_all = || group.read().unwrap().iter().map(show).collect::<Vec<_>>();
    let expected = ["10.0", "12.5", "9.5", "11.0", "400", "11.3125", "10.75", "4"];
    assert_eq!(show_all(), expected);
    group.change(Sign::Remove, 1, &rows[1]).unwrap();
    group.change(Sign::Remove, 3, &rows[3]).unwrap();
    let read: Vec<_> = group.read().unwrap().iter().map(show).collect();
    let vwap = "9.833333333333334";
    assert_eq!(read, ["10.0", "10.0", "9.5", "9.5", "150", vwap, "9.75", "2"]);
}

#[test]
fn ratios_are_one_division() {
    let ratio = |above: &str, below: &str| {
        vec![F::Ratio { numerator: column(above), denominator: column(below) }]
    };
    let rows = rows(&[
        ("big", [1, 1, 1].map(Value::Integer).to_vec()),
        ("whole", [1, -1, 0].map(Value::Integer).to_vec()),
        ("free", texts(&["0.5", "0.25", "0.25"])),
        ("double", [f64::INFINITY, 1.0, 2.0].map(Value::Double).to_vec()),
        ("real", [0.25, 0.25, 0.5].map(Value::Real).to_vec()),
    ]);
    assert_eq!(of(ratio("big", "free"), &rows), ["3"]);
    assert_eq!(of(ratio("free", "big"), &rows), ["0.3333333333333333"]);
    assert_eq!(of(ratio("real", "big"), &rows), ["0.3333333333333333"]);
    assert_eq!(of(ratio("big", "whole"), &rows), ["NULL"], "the denominator is zero");
    assert_eq!(of(ratio("double", "whole"), &rows), ["NULL"]);
    assert_eq!(of(ratio("double", "big"), &rows), ["inf"]);
    assert_eq!(of(ratio("big", "double"), &rows), ["0.0"]);
    assert_eq!(of(ratio("double", "double"), &rows), ["NaN"]);
}

#[test]
fn percentiles_are_postgresqls() {
    let fraction = |value| Fraction::new(value).unwrap();
    let both = |value: f64| {
        vec![
            F::PercentileContinuous(fraction(value), column("double")),
            F::PercentileDiscrete(fraction(value), column("double")),
        ]
    };
    let rows = rows(&[("double", [4.0, 1.0, 2.0, 2.0].map(Value::Double).to_vec())]);
    for (value, expected) in [
        (0.0, ["1.0", "1.0"]),
        (0.25, ["1.75", "1.0"]),
        (0.5, ["2.0", "2.0"]),
        (0.75, ["2.5", "2.0"]),
        (0.9, ["3.4000000000000004", "4.0"]),
        (1.0, ["4.0", "4.0"]),
    ] {
        assert_eq!(of(both(value), &rows), expected, "{value}");
    }
    for wrong in [-0.1, 1.1, f64::NAN] {
        assert_eq!(Fraction::new(wrong).unwrap_err().sqlstate(), "22003");
    }
}

#[test]
fn filters_and_distinct_values() {
    let rows = rows(&[
        ("text", texts(&["a", "A", "b", "B", "NULL", "b"])),
        (
            "any",
            vec![
                Value::Integer(1),
                Value::Double(1.0),
                Value::Text("1".into()),
                Value::Null,
                Value::Blob(vec![1]),
                Value::Double(0.5),
            ],
        ),
        (
            "flag",
            vec![
                Value::Boolean(true),
                Value::Boolean(true),
                Value::Boolean(false),
                Value::Null,
                Value::Boolean(true),
                Value::Boolean(false),
            ],
        ),
        ("big", [1, 2, 4, 8, 16, 32].map(Value::Integer).to_vec()),
    ]);
    let filtered = |function| aggregate(function).filter(column("flag"));
    let read = read(
        vec![
            // NOCASE: which of the equal texts is shown is the one with the least bytes.
            aggregate(F::CountDistinct(column("text"))),
            aggregate(F::Minimum(column("text"))),
            aggregate(F::Maximum(column("text"))),
            // 1 and 1.0 are one value; number < text < blob.
            aggregate(F::CountDistinct(column("any"))),
            aggregate(F::Minimum(column("any"))),
            filtered(F::CountRows),
            filtered(F::Sum(column("big"))),
            filtered(F::Count(column("text"))),
            filtered(F::Maximum(column("text"))),
            aggregate(F::Sum(column("big"))).filter(column("big").greater(4)),
        ],
        &rows,
    );
    assert_eq!(read, ["2", "A", "b", "4", "0.5", "3", "19", "2", "a", "56"]);
}

#[test]
fn types_are_postgresqls() {
    let of_sum = |name: &str| {
        let sum = vec![aggregate(F::Sum(column(name))), aggregate(F::Average(column(name)))];
        shape(sum).unwrap().output_types().iter().map(Type::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of_sum("small"), ["BIGINT", "DECIMAL"]);
    assert_eq!(of_sum("whole"), ["BIGINT", "DECIMAL"]);
    assert_eq!(of_sum("big"), ["DECIMAL(38,0)", "DECIMAL"]);
    assert_eq!(of_sum("real"), ["REAL", "DOUBLE"]);
    assert_eq!(of_sum("double"), ["DOUBLE", "DOUBLE"]);
    assert_eq!(of_sum("money"), ["DECIMAL(38,20)", "DECIMAL"]);
    assert_eq!(of_sum("free"), ["DECIMAL", "DECIMAL"]);
}

#[test]
fn what_has_no_meaning_is_refused() {
    let refused = |aggregate: Aggregate<String>| {
        let error = shape(vec![aggregate]).expect_err("refused");
        (error.sqlstate(), error.message().to_owned())
    };
    for name in ["text", "any", "day", "at", "id", "flag", "json"] {
        for function in [
            F::Sum(column(name)),
            F::Average(column(name)),
            F::VarianceSample(column(name)),
            F::PercentileContinuous(Fraction::HALF, column(name)),
            F::Ratio { numerator: column("big"), denominator: column(name) },
        ] {
            let (state, message) = refused(aggregate(function.clone()));
            assert_eq!(state, "42883", "{message}");
            assert!(message.contains(&format!("aggregate \"{}\"", function.sql())), "{message}");
        }
    }
    let (_, message) = refused(aggregate(F::Sum(column("any"))));
    assert!(message.contains("may hold texts and blobs: cast it"), "{message}");
    for function in [F::Minimum(column("json")), F::CountDistinct(column("json"))] {
        assert_eq!(refused(aggregate(function)).0, "42883");
    }
    let nothing = || constant(Value::Null);
    assert_eq!(refused(aggregate(F::Sum(nothing()))).0, "42P18");
    assert_eq!(refused(aggregate(F::CountRows).filter(column("big"))).0, "42804");
    let many = vec![aggregate(F::CountRows); crate::schema::COLUMNS_MAX + 1];
    assert_eq!(shape(many).unwrap_err().sqlstate(), "54000");
    // CAST gives ANY a type.
    assert!(shape(vec![aggregate(F::Sum(column("any").cast(Type::Double)))]).is_ok());
}

/// CASE and COALESCE give values of several kinds; they are fitted to the expression's type.
#[test]
fn values_of_another_kind_are_fitted() {
    let mixed = || case_when(column("big").greater(1), column("big")).otherwise(column("double"));
    let rows = rows(&[
        ("big", [1, 2, 3].map(Value::Integer).to_vec()),
        ("double", [0.5, 0.5, 0.5].map(Value::Double).to_vec()),
    ]);
    let read = of(vec![F::Sum(mixed()), F::Maximum(mixed()), F::CountDistinct(mixed())], &rows);
    assert_eq!(read, ["5.5", "3.0", "3"]);
    let absolute = call(crate::expression::Function::Abs, [column("big")]);
    assert_eq!(of(vec![F::Sum(absolute)], &rows), ["6"]);
}

/// A row that was never added is an error, and so is one that no longer can be.
#[test]
fn a_row_cannot_go_that_never_came() {
    let shape = shape(vec![aggregate(F::Minimum(column("big")))]).unwrap();
    let row = &rows(&[("big", vec![Value::Integer(1)])])[0];
    let error = Group::new(&shape).change(Sign::Remove, 0, row).expect_err("refused");
    assert_eq!(error.kind(), crate::ErrorKind::Corrupt);
}

/// What a definition keeps of an aggregate makes it again.
#[test]
fn functions_are_made_of_their_parts() {
    let x = || column("big");
    let pair = |make: fn(_, _) -> F<String>| make(column("big"), column("double"));
    let mut codes = Vec::new();
    for function in numbers("big").into_iter().chain([
        F::CountRows,
        pair(|value, order| F::First { value, order }),
        pair(|value, order| F::Last { value, order }),
        pair(|numerator, denominator| F::Ratio { numerator, denominator }),
        F::PercentileContinuous(Fraction::new(0.1).unwrap(), x()),
        F::PercentileDiscrete(Fraction::new(1.0).unwrap(), x()),
        F::SumDistinct(x()),
        F::AverageDistinct(x()),
    ]) {
        let expressions = || function.expressions().into_iter().cloned().collect::<Vec<_>>();
        let fraction = function.fraction().map(Fraction::get);
        let again = F::from_parts(function.code(), expressions(), fraction).expect("whole");
        assert_eq!(again, function);
        let mut more = expressions();
        more.push(x());
        assert!(F::from_parts(function.code(), more, fraction).is_err());
        let other = if fraction.is_some() { None } else { Some(0.5) };
        assert!(F::from_parts(function.code(), expressions(), other).is_err());
        codes.push(function.code());
    }
    codes.sort_unstable();
    assert_eq!(codes, (1..=18).collect::<Vec<_>>());
    assert!(F::from_parts(19, vec![x()], None).is_err());
}
