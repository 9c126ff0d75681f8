//! Three-valued truth, and that what `implies` promises is so.

use proptest::prelude::{Just, Strategy, prop, prop_oneof, proptest};

use super::{BoundColumn, Comparison, DEPTH_MAX, Predicate, column};
use crate::row::RowLayout;
use crate::value::{Collation, Type, Value, ValueRef};

const COLUMNS: u16 = 2;

/// Few values, so that they meet.
fn constants() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        6 => (0_i64..5).prop_map(Value::Integer),
        2 => (0_i64..5).prop_map(|half| Value::Double(half as f64 + 0.5)),
    ]
}

fn comparisons() -> impl Strategy<Value = Comparison> {
    prop::sample::select(vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ])
}

/// Predicates on the first [`COLUMNS`] columns.
pub(crate) fn predicates() -> impl Strategy<Value = Predicate> {
    let bound =
        || (0..COLUMNS).prop_map(|position| BoundColumn { position, collation: Collation::Binary });
    let condition = prop_oneof![
        (bound(), comparisons(), constants()).prop_map(|(c, by, v)| Predicate::Compare(c, by, v)),
        bound().prop_map(Predicate::IsNull),
        bound().prop_map(Predicate::IsNotNull),
        (bound(), prop::collection::vec(constants(), 0..3))
            .prop_map(|(c, values)| Predicate::In(c, values)),
        (bound(), constants(), constants())
            .prop_map(|(c, low, high)| Predicate::Between(c, low, high)),
    ];
    condition.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::And),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::Or),
            inner.prop_map(|inner| Predicate::Not(Box::new(inner))),
        ]
    })
}

/// Every row of two columns over the constants and NULL.
fn for_each_row(mut visit: impl FnMut(&[Value; 2])) {
    let mut values = vec![Value::Null];
    values.extend((-2_i64..12).map(|half| Value::Double(half as f64 / 2.0)));
    for a in &values {
        for b in &values {
            visit(&[a.clone(), b.clone()]);
        }
    }
}

fn holds(predicate: &Predicate, row: &[Value; 2]) -> bool {
    predicate.holds_for(&|column| row[usize::from(column)].as_value())
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(4_000))]

    /// What is promised for all rows is tried on all rows.
    #[test]
    fn implied_predicates_hold(
        predicate in predicates(),
        query in prop::collection::vec((0..COLUMNS, comparisons(), constants()), 0..4),
    ) {
        let terms: Vec<(u16, Comparison, ValueRef<'_>)> =
            query.iter().map(|(column, by, value)| (*column, *by, value.as_value())).collect();
        if predicate.implies(&terms) {
            for_each_row(|row| {
                let met = query.iter().all(|(position, by, value)| {
                    let column = BoundColumn { position: *position, collation: Collation::Binary };
                    holds(&Predicate::Compare(column, *by, value.clone()), row)
                });
                assert!(!met || holds(&predicate, row), "{predicate:?} {query:?} {row:?}");
            });
        }
    }

    /// De Morgan, and that a predicate and its opposite are never both true.
    #[test]
    fn logic_is_three_valued(a in predicates(), b in predicates(), pick: bool) {
        let joined = |parts| if pick { Predicate::And(parts) } else { Predicate::Or(parts) };
        let dual = |parts| if pick { Predicate::Or(parts) } else { Predicate::And(parts) };
        let left = joined(vec![a.clone(), b.clone()]).negate();
        let right = dual(vec![a.clone().negate(), b.negate()]);
        for_each_row(|row| {
            assert_eq!(holds(&left, row), holds(&right, row));
            assert!(!(holds(&a, row) && holds(&a.clone().negate(), row)));
        });
    }
}

fn bound(position: u16) -> BoundColumn {
    BoundColumn { position, collation: Collation::NoCase }
}

#[test]
fn null_makes_unknown() {
    let layout = RowLayout::new(&[Type::BigInt, Type::Text]);
    let mut bytes = Vec::new();
    layout.encode(&[ValueRef::Null, ValueRef::Text("OPEN")], &mut bytes).expect("a row");
    let row = layout.row(&bytes).expect("a row");
    let equal = |column, value: Value| Predicate::Compare(bound(column), Comparison::Equal, value);
    assert!(!equal(0, 1.into()).holds(&row));
    assert!(!equal(0, 1.into()).negate().holds(&row));
    assert!(!equal(0, Value::Null).holds(&row));
    assert!(Predicate::IsNull(bound(0)).holds(&row));
    assert!(equal(1, "open".into()).holds(&row), "the column's collation counts");
    let list = Predicate::In(bound(1), vec![Value::Null, "open".into()]);
    assert!(list.holds(&row));
    let other = Predicate::In(bound(1), vec![Value::Null, "closed".into()]);
    assert!(!other.holds(&row) && !other.negate().holds(&row));
    assert!(Predicate::Or(vec![equal(0, 1.into()), equal(1, "open".into())]).holds(&row));
}

/// The cases that a planner lives on must be found, not only be right when found.
#[test]
fn common_queries_are_recognised() {
    let number = |by, value: i64| Predicate::Compare(bound(0), by, value.into());
    let query = |by, value| [(0, by, ValueRef::Integer(value))];
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    assert!(number(Greater, 5).implies(&query(Equal, 6)));
    assert!(number(Greater, 5).implies(&query(Greater, 5)));
    assert!(!number(Greater, 5).implies(&query(GreaterOrEqual, 5)));
    assert!(number(GreaterOrEqual, 5).implies(&query(Greater, 5)));
    assert!(number(NotEqual, 5).implies(&query(Less, 5)));
    assert!(number(Less, 5).negate().implies(&query(GreaterOrEqual, 7)));
    assert!(Predicate::IsNotNull(bound(0)).implies(&query(LessOrEqual, 5)));
    let list = Predicate::In(bound(0), vec![1.into(), 2.into()]);
    assert!(list.implies(&query(Equal, 2)) && !list.implies(&query(Equal, 3)));
    let range = Predicate::Between(bound(0), 1.into(), 9.into());
    let inside = [(0, Greater, ValueRef::Integer(2)), (0, Less, ValueRef::Integer(8))];
    assert!(range.implies(&inside) && !range.implies(&inside[..1]));
    let status = Predicate::Compare(bound(1), Equal, "open".into());
    assert!(status.implies(&[(1, Equal, ValueRef::Text("OPEN"))]));
    assert!(Predicate::And(vec![]).implies(&[]));
    assert!(!status.implies(&[]));
}

#[test]
fn predicates_print_as_sql() {
    let open = column("status").is_in(["open", "it's"]);
    let large = column("Quantity").between(1, 2.5).or(column("note").is_not_null().negate());
    let predicate = open.and(large);
    let expected = "status IN ('open', 'it''s') AND \
                    ((\"Quantity\" BETWEEN 1 AND 2.5) OR NOT (note IS NOT NULL))";
    assert_eq!(predicate.to_string(), expected);
    let day = column("day").compare(Comparison::NotEqual, crate::Date(0));
    assert_eq!(day.to_string(), "day <> DATE '1970-01-01'");
    assert_eq!(column("b").equal(Value::Blob(vec![1, 255])).to_string(), "b = X'01FF'");
    assert_eq!(column("x").is_in(Vec::<i64>::new()).to_string(), "FALSE");
}

#[test]
fn depth_is_bounded() {
    let mut predicate = column("x").is_null();
    for _ in 1..DEPTH_MAX {
        predicate = predicate.negate();
    }
    assert!(super::check_depth(&predicate).is_ok());
    let deeper = super::check_depth(&predicate.negate()).expect_err("too deep");
    assert_eq!(deeper.sqlstate(), "54001");
}
