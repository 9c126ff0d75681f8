//! What operators and functions compute, and how they fail.

use super::super::evaluate::Scalar;
use super::{Function, call, constant};
use crate::datetime::{Date, Timestamp};
use crate::decimal::Decimal;
use crate::expression::{Expression, case_when};
use crate::schema::TableDefinition;
use crate::value::{Type, Value};

fn compute(expression: Expression<String>) -> bourse_storage::Result<Value> {
    let table = TableDefinition::builder("t").column("x", Type::Any).build()?;
    let bound = table.bind(expression)?;
    bound.evaluate(&|_| unreachable!("no columns")).map(Scalar::into_value)
}

fn value(expression: Expression<String>) -> Value {
    compute(expression).expect("computable")
}

fn state(expression: Expression<String>) -> &'static str {
    compute(expression).expect_err("not computable").sqlstate()
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().expect("a decimal"))
}

fn of<const COUNT: usize>(function: Function, arguments: [Value; COUNT]) -> Value {
    value(call(function, arguments.map(constant)))
}

fn time(text: &str) -> Value {
    Value::Timestamp(text.parse::<Timestamp>().expect("a time").0)
}

#[test]
fn integers_are_exact_or_refused() {
    let number = |v: i64| constant(v);
    assert_eq!(value(number(7).divided_by(-2)), Value::Integer(-3), "towards zero");
    assert_eq!(value(number(-7).remainder(2)), Value::Integer(-1), "the dividend's sign");
    assert_eq!(state(number(i64::MAX).plus(1)), "22003");
    assert_eq!(state(number(i64::MIN).minus(1)), "22003");
    assert_eq!(state(number(i64::MIN).negative()), "22003");
    assert_eq!(state(number(i64::MIN).divided_by(-1)), "22003");
    assert_eq!(value(number(i64::MIN).remainder(-1)), Value::Integer(0));
    assert_eq!(state(number(1 << 40).times(1_i64 << 40)), "22003");
    assert_eq!(state(number(1).divided_by(0)), "22012");
    assert_eq!(state(number(1).remainder(0)), "22012");
    assert_eq!(value(number(1).divided_by(constant(Value::Null))), Value::Null);
    assert_eq!(value(constant(Value::Null).divided_by(0)), Value::Null, "NULL comes first");
}

#[test]
fn decimals_are_exact_and_doubles_are_doubles() {
    let sum = constant(decimal("0.1")).plus(constant(decimal("0.2")));
    assert_eq!(value(sum), decimal("0.3"));
    let product = constant(decimal("1.10")).times(3);
    assert_eq!(value(product).as_value(), decimal("3.30").as_value());
    assert_eq!(value(constant(0.1).plus(constant(decimal("0.2")))), Value::Double(0.1 + 0.2));
    assert_eq!(state(constant(1.0).divided_by(0.0)), "22012");
    assert_eq!(state(constant(f64::MAX).times(2.0)), "22003");
    assert_eq!(value(constant(f64::INFINITY).plus(1.0)), Value::Double(f64::INFINITY));
    assert_eq!(value(constant(5.5).remainder(2.0)), Value::Double(1.5));
}

#[test]
fn a_case_looks_no_further_than_it_must() {
    let broken = || constant(1).divided_by(0).equal(1);
    let chosen = case_when(constant(false), "a").when(constant(true), "b").otherwise("c");
    assert_eq!(value(chosen), Value::from("b"));
    assert_eq!(value(case_when(constant(Value::Null), 1)), Value::Null);
    let guarded = case_when(constant(true), 1).when(broken(), 2);
    assert_eq!(value(guarded), Value::Integer(1));
    assert_eq!(value(constant(false).and(broken())), Value::Boolean(false));
    assert_eq!(value(constant(true).or(broken())), Value::Boolean(true));
    assert_eq!(state(broken().and(constant(false))), "22012", "from left to right");
}

#[test]
fn texts() {
    assert_eq!(of(Function::Lower, ["\u{c4}BC".into()]), "\u{c4}bc".into(), "ASCII alone");
    assert_eq!(of(Function::Length, ["\u{e4}bc".into()]), Value::Integer(3));
    assert_eq!(of(Function::Length, [Value::Blob(vec![1, 2])]), Value::Integer(2));
    assert_eq!(of(Function::Trim, ["  a b ".into()]), "a b".into());
    assert_eq!(of(Function::LeftTrim, ["xyxa".into(), "yx".into()]), "a".into());
    assert_eq!(of(Function::RightTrim, ["axyx".into(), "yx".into()]), "a".into());
    assert_eq!(of(Function::Replace, ["aXbX".into(), "X".into(), "--".into()]), "a--b--".into());
    assert_eq!(of(Function::Instr, ["\u{e4}bc".into(), "c".into()]), Value::Integer(3));
    assert_eq!(of(Function::Concat, ["a".into(), "b".into()]), "ab".into());
    assert_eq!(of(Function::Concat, ["a".into(), Value::Null]), Value::Null);
    assert_eq!(of(Function::NullIf, ["a".into(), "a".into()]), Value::Null);
    assert_eq!(of(Function::Coalesce, [Value::Null, "a".into()]), "a".into());
    assert_eq!(of(Function::TypeOf, [Value::Null]), "null".into());
    assert_eq!(of(Function::JsonValid, ["{\"a\":1}".into()]), Value::Boolean(true));
    assert_eq!(of(Function::JsonValid, ["{a:1}".into()]), Value::Boolean(false));
}

#[test]
fn substrings_count_as_their_databases_do() {
    let part = |function, start: i64, count: i64| {
        of(function, ["abcde".into(), start.into(), count.into()])
    };
    for (start, count, expected) in [
        (1, 2, "ab"),
        (0, 2, "a"),
        (-2, 2, "de"),
        (-9, 6, "ab"),
        (3, -2, "ab"),
        (9, 1, ""),
        (-2, -2, "bc"),
        (2, 99, "bcde"),
        (0, -1, ""),
        (1, i64::MIN, ""),
    ] {
        assert_eq!(part(Function::Substr, start, count), expected.into(), "{start} {count}");
    }
    for (start, count, expected) in [(1, 2, "ab"), (0, 2, "a"), (-1, 4, "ab"), (4, 9, "de")] {
        assert_eq!(part(Function::Substring, start, count), expected.into(), "{start} {count}");
    }
    let negative = ["abc".into(), Value::Integer(1), Value::Integer(-1)].map(constant);
    assert_eq!(state(call(Function::Substring, negative)), "22011");
}

#[test]
fn numbers() {
    assert_eq!(of(Function::Abs, [Value::Integer(-3)]), Value::Integer(3));
    assert_eq!(of(Function::Abs, [decimal("-3.5")]), decimal("3.5"));
    assert_eq!(state(call(Function::Abs, [constant(i64::MIN)])), "22003");
    for (given, floor, ceil) in [("2.5", "2", "3"), ("-2.5", "-3", "-2"), ("4.00", "4", "4")] {
        assert_eq!(of(Function::Floor, [decimal(given)]), decimal(floor));
        assert_eq!(of(Function::Ceil, [decimal(given)]), decimal(ceil));
    }
    assert_eq!(of(Function::Floor, [Value::Double(-0.5)]), Value::Double(-1.0));
    assert_eq!(of(Function::Round, [Value::Double(2.5)]), Value::Double(3.0));
    assert_eq!(of(Function::Round, [Value::Double(-2.5)]), Value::Double(-3.0));
    assert_eq!(of(Function::Round, [Value::Double(2.675), 2.into()]), Value::Double(2.68));
    assert_eq!(of(Function::Round, [Value::Double(1e-300), 2.into()]), Value::Double(0.0));
    assert_eq!(of(Function::Round, [decimal("1.005"), 2.into()]), decimal("1.01"));
    assert_eq!(of(Function::Round, [Value::Integer(5), 2.into()]), Value::Integer(5));
    assert_eq!(state(call(Function::Round, [constant(1.5), constant(-1)])), "22023");
}

#[test]
fn patterns() {
    let like = |text: &str, pattern: &str| of(Function::Like, [text.into(), pattern.into()]);
    let yes = Value::Boolean(true);
    assert_eq!(like("abcabd", "%ab_"), yes);
    assert_eq!(like("abc", "ABC"), Value::Boolean(false));
    assert_eq!(of(Function::ILike, ["abc".into(), "A%".into()]), yes);
    assert_eq!(like("", "%"), yes);
    assert_eq!(like("\u{e4}", "_"), yes, "a character, not a byte");
    let escaped = |text: &str| of(Function::Like, [text.into(), "1!%".into(), "!".into()]);
    assert_eq!((escaped("1%"), escaped("12")), (yes.clone(), Value::Boolean(false)));
    let ends = ["a".into(), "a!".into(), "!".into()].map(|text: Value| constant(text));
    assert_eq!(state(call(Function::Like, ends)), "22025");
    let glob = |text: &str, pattern: &str| of(Function::Glob, [text.into(), pattern.into()]);
    for (text, pattern, expected) in [
        ("abc", "a*c", true),
        ("abc", "A*", false),
        ("a5", "?[0-9]", true),
        ("ab", "?[^0-9]", true),
        ("a]", "a[]]", true),
        ("a", "[a", false),
        ("a-", "a[x-]", true),
        ("", "*", true),
    ] {
        assert_eq!(glob(text, pattern), Value::Boolean(expected), "{text} {pattern}");
    }
}

#[test]
fn times() {
    let at = "2026-03-05 13:47:59.25";
    let truncated = |unit: &str| of(Function::DateTrunc, [unit.into(), time(at)]);
    for (unit, expected) in [
        ("second", "2026-03-05 13:47:59"),
        ("minutes", "2026-03-05 13:47:00"),
        ("HOUR", "2026-03-05 13:00:00"),
        ("day", "2026-03-05 00:00:00"),
        ("week", "2026-03-02 00:00:00"),
        ("month", "2026-03-01 00:00:00"),
        ("quarter", "2026-01-01 00:00:00"),
        ("year", "2026-01-01 00:00:00"),
    ] {
        assert_eq!(truncated(unit), time(expected), "{unit}");
    }
    let bucket = |width: &str, at: &str| of(Function::TimeBucket, [width.into(), time(at)]);
    assert_eq!(bucket("5 minutes", at), time("2026-03-05 13:45:00"));
    assert_eq!(bucket("1 week", at), time("2026-03-02 00:00:00"));
    assert_eq!(bucket("1 day", "1969-12-31 23:59:59"), time("1969-12-31 00:00:00"));
    let width = [constant("0 days"), constant(time(at))];
    assert_eq!(state(call(Function::TimeBucket, width)), "22023");
    let day = "2026-03-05".parse::<Date>().expect("a day");
    assert_eq!(of(Function::Date, [time(at)]), Value::Date(day.0));
    let field = |field: &str| of(Function::Extract, [field.into(), time(at)]);
    for (name, expected) in [
        ("year", 2026),
        ("month", 3),
        ("day", 5),
        ("hour", 13),
        ("minute", 47),
        ("second", 59),
        ("dow", 4),
        ("isodow", 4),
        ("doy", 64),
        ("quarter", 1),
        ("epoch", 1_772_718_479),
    ] {
        assert_eq!(field(name), Value::Integer(expected), "{name}");
    }
}

#[test]
fn casts() {
    let cast = |value: Value, to| compute(constant(value).cast(to));
    assert_eq!(cast(" 42 ".into(), Type::BigInt).expect("a number"), Value::Integer(42));
    assert_eq!(cast(42.into(), Type::Text).expect("a text"), "42".into());
    assert_eq!(cast(decimal("1.50"), Type::Text).expect("a text"), "1.50".into());
    assert_eq!(cast("t".into(), Type::Boolean).expect("a truth"), Value::Boolean(true));
    assert_eq!(cast(true.into(), Type::Integer).expect("a number"), Value::Integer(1));
    assert_eq!(cast(70_000.into(), Type::SmallInt).expect_err("too large").sqlstate(), "22003");
    assert_eq!(cast("4x".into(), Type::BigInt).expect_err("no number").sqlstate(), "22P02");
    assert_eq!(cast(1.5.into(), Type::Text).expect_err("no one spelling").sqlstate(), "42846");
}

/// The places in the table are the codes on disk, and names lead back to their functions.
#[test]
fn every_function_has_its_place() {
    for code in 1..=26 {
        let function = Function::of_code(code, 1).expect("known");
        assert_eq!(function.code(), code);
        assert_eq!(Function::named(function.name()), Some(function));
        assert_eq!(Function::of_code(code, 2).expect_err("not yet").sqlstate(), "0A000");
    }
    assert!(Function::of_code(0, 1).is_err() && Function::of_code(27, 1).is_err());
}

#[test]
fn division_of_decimals_has_the_digits_that_matter() {
    let divide = |a: &str, b: &str| {
        let quotient = a.parse::<Decimal>().expect("a").checked_div(b.parse().expect("b"));
        quotient.expect("in range").to_string()
    };
    assert_eq!(divide("1", "3"), "0.3333333333333333");
    assert_eq!(divide("2", "3"), "0.6666666666666667");
    assert_eq!(divide("-2", "3"), "-0.6666666666666667");
    assert_eq!(divide("10", "4"), "2.5");
    assert_eq!(divide("100", "0.5"), "200");
    assert_eq!(divide("1", "99999999999999999999999999999999999999"), format!("0.{:0>38}", 1));
}
