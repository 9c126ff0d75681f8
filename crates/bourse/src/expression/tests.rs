//! Three-valued truth, what functions compute, that what is kept reads back, and that what
//! `implies` promises is so.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

use super::{
    Arithmetic, BoundColumn, Comparison, DEPTH_MAX, Expression, Function, call, case_when, column,
    constant, decode_expression, encode_expression,
};
use crate::row::RowLayout;
use crate::schema::TableDefinition;
use crate::value::{Collation, Type, Value, ValueRef};

mod dates;
mod functions;

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
    prop::sample::select(Comparison::ALL.to_vec())
}

fn columns() -> impl Strategy<Value = Expression> {
    (0..COLUMNS).prop_map(|position| of_column(position, Collation::Binary))
}

fn of_column(position: u16, collation: Collation) -> Expression {
    Expression::Column(BoundColumn { position, collation })
}

fn compare(left: Expression, by: Comparison, right: impl Into<Value>) -> Expression {
    Expression::Compare(by, Box::new(left), Box::new(Expression::Constant(right.into())))
}

/// Conditions that compare one of the first [`COLUMNS`] columns with constants, and what AND, OR
/// and NOT make of them.
fn predicates() -> impl Strategy<Value = Expression> {
    let values = || constants().prop_map(Expression::Constant);
    let condition = prop_oneof![
        (columns(), comparisons(), constants()).prop_map(|(c, by, v)| compare(c, by, v)),
        (values(), comparisons(), columns()).prop_map(|(v, by, c)| Expression::Compare(
            by,
            Box::new(v),
            Box::new(c)
        )),
        columns().prop_map(|c| Expression::IsNull(Box::new(c))),
        columns().prop_map(|c| Expression::IsNotNull(Box::new(c))),
        (columns(), prop::collection::vec(values(), 0..3))
            .prop_map(|(c, values)| Expression::In(Box::new(c), values)),
        (columns(), values(), values()).prop_map(|(c, low, high)| {
            Expression::Between(Box::new(c), Box::new(low), Box::new(high))
        }),
    ];
    logic(condition)
}

/// Conditions that any column can have.
pub(crate) fn null_tests() -> impl Strategy<Value = Expression> {
    let is_null = columns().prop_map(|c| Expression::IsNull(Box::new(c)));
    logic(prop_oneof![is_null, columns().prop_map(|c| Expression::IsNotNull(Box::new(c)))])
}

fn logic(
    condition: impl Strategy<Value = Expression> + 'static,
) -> impl Strategy<Value = Expression> {
    condition.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expression::And),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expression::Or),
            inner.prop_map(|inner| Expression::Not(Box::new(inner))),
        ]
    })
}

/// Any shape of expression, sensible or not: what the bytes must carry.
fn shapes() -> impl Strategy<Value = Expression> {
    let value = prop_oneof![
        constants(),
        "[a-c]{0,3}".prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..4).prop_map(Value::Blob),
    ];
    let collation = prop::sample::select(vec![Collation::Binary, Collation::NoCase]);
    let leaf = prop_oneof![columns(), value.prop_map(Expression::Constant)];
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let one = inner.clone().prop_map(Box::new);
        let many = prop::collection::vec(inner.clone(), 0..4);
        let arithmetic = prop::sample::select(Arithmetic::ALL.to_vec());
        prop_oneof![
            (one.clone(), collation.clone()).prop_map(|(e, c)| Expression::Collate(e, c)),
            one.clone().prop_map(|e| Expression::Cast(e, Type::Decimal { precision: 9, scale: 2 })),
            one.clone().prop_map(Expression::Negate),
            (arithmetic, one.clone(), one.clone())
                .prop_map(|(by, a, b)| Expression::Arithmetic(by, a, b)),
            (comparisons(), one.clone(), one.clone())
                .prop_map(|(by, a, b)| Expression::Compare(by, a, b)),
            one.clone().prop_map(Expression::IsNull),
            one.clone().prop_map(Expression::IsNotNull),
            one.clone().prop_map(Expression::Not),
            (one.clone(), many.clone()).prop_map(|(e, items)| Expression::In(e, items)),
            (one.clone(), one.clone(), one.clone())
                .prop_map(|(a, b, c)| Expression::Between(a, b, c)),
            many.clone().prop_map(Expression::And),
            many.clone().prop_map(Expression::Or),
            (prop::collection::vec((inner.clone(), inner.clone()), 0..3), prop::option::of(one))
                .prop_map(|(branches, otherwise)| Expression::Case(branches, otherwise)),
            (1_u16..27, any::<bool>(), many).prop_map(|(code, newest, arguments)| {
                let function = Function::of_code(code, 1).expect("known");
                let version = if newest { function.version() } else { 1 };
                Expression::Call(function, version, arguments)
            }),
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

fn holds(condition: &Expression, row: &[Value; 2]) -> bool {
    condition.holds_for(&|column| row[usize::from(column)].as_value()).expect("computable")
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
                    let column = of_column(*position, Collation::Binary);
                    holds(&compare(column, *by, value.clone()), row)
                });
                assert!(!met || holds(&predicate, row), "{predicate:?} {query:?} {row:?}");
            });
        }
    }

    /// De Morgan, and that a condition and its opposite are never both true.
    #[test]
    fn logic_is_three_valued(a in predicates(), b in predicates(), pick: bool) {
        let opposite = |e: Expression| Expression::Not(Box::new(e));
        let joined = |parts| if pick { Expression::And(parts) } else { Expression::Or(parts) };
        let dual = |parts| if pick { Expression::Or(parts) } else { Expression::And(parts) };
        let left = opposite(joined(vec![a.clone(), b.clone()]));
        let right = dual(vec![opposite(a.clone()), opposite(b)]);
        for_each_row(|row| {
            assert_eq!(holds(&left, row), holds(&right, row));
            assert!(!(holds(&a, row) && holds(&opposite(a.clone()), row)));
        });
    }

    #[test]
    fn bytes_give_the_expression_back(expression in shapes()) {
        let bytes = encode_expression(&expression).expect("small");
        assert_eq!(decode_expression(&bytes).expect("just written"), expression);
    }

    /// One wrong byte, or none of the rest: refused, or read as another expression.
    #[test]
    fn damaged_bytes_never_panic(
        expression in shapes(),
        at: prop::sample::Index,
        to: u8,
        cut: bool,
    ) {
        let mut bytes = encode_expression(&expression).expect("small");
        let at = at.index(bytes.len());
        bytes[at] = to;
        if cut {
            bytes.truncate(at);
        }
        if let Ok(other) = decode_expression(&bytes) {
            assert!(other.depth() <= DEPTH_MAX);
        }
    }

    /// What passes the check of types meets only kinds of values that it takes (X1): what is left
    /// to fail are the values.
    #[test]
    fn what_is_of_a_type_computes_values_of_it(expression in shapes(), a: i64, b: Option<i64>) {
        let table = numbers();
        let Ok(data_type) = expression.type_of(&table.columns) else { return Ok(()) };
        let row = [Value::Integer(a), b.map_or(Value::Null, Value::Integer)];
        match expression.evaluate(&|column| row[usize::from(column)].as_value()) {
            Ok(value) => {
                let value = value.into_value();
                let is_of = |kind: Type| kind.coerce(value.clone()).is_ok();
                let fits = data_type.is_none_or(is_of);
                assert!(fits && (data_type.is_some() || value.is_null()), "{value:?}");
            }
            Err(error) => {
                let of_values =
                    ["22003", "22008", "22012", "22P02", "22023", "22011", "22019", "22025"];
                assert!(of_values.contains(&error.sqlstate()), "{expression:?}: {error}");
            }
        }
    }
}

fn numbers() -> TableDefinition {
    let table = TableDefinition::builder("t").column("a", Type::BigInt).column("b", Type::BigInt);
    table.build().expect("valid")
}

#[test]
fn null_makes_unknown() {
    let layout = RowLayout::new(&[Type::BigInt, Type::Text]);
    let mut bytes = Vec::new();
    layout.encode(&[ValueRef::Null, ValueRef::Text("OPEN")], &mut bytes).expect("a row");
    let row = layout.row(&bytes).expect("a row");
    let of = |position| of_column(position, Collation::NoCase);
    let equal = |column, value: Value| compare(of(column), Comparison::Equal, value);
    let opposite = |e: Expression| Expression::Not(Box::new(e));
    let holds = |e: &Expression| e.holds(&row).expect("computable");
    assert!(!holds(&equal(0, 1.into())));
    assert!(!holds(&opposite(equal(0, 1.into()))));
    assert!(!holds(&equal(0, Value::Null)));
    assert!(!equal(0, Value::Null).is_false(&row).expect("computable"), "unknown is not false");
    assert!(holds(&Expression::IsNull(Box::new(of(0)))));
    assert!(holds(&equal(1, "open".into())), "the column's collation counts");
    let items = |text: &str| {
        let items = [Value::Null, text.into()].map(Expression::Constant);
        Expression::In(Box::new(of(1)), items.to_vec())
    };
    assert!(holds(&items("open")));
    assert!(!holds(&items("closed")) && !holds(&opposite(items("closed"))));
    assert!(holds(&Expression::Or(vec![equal(0, 1.into()), equal(1, "open".into())])));
}

/// The cases that a planner lives on must be found, not only be right when found.
#[test]
fn common_queries_are_recognised() {
    let of = |position| of_column(position, Collation::NoCase);
    let number = |by, value: i64| compare(of(0), by, value);
    let query = |by, value| [(0, by, ValueRef::Integer(value))];
    let constant = |value: i64| Expression::Constant(Value::Integer(value));
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    assert!(number(Greater, 5).implies(&query(Equal, 6)));
    assert!(number(Greater, 5).implies(&query(Greater, 5)));
    assert!(!number(Greater, 5).implies(&query(GreaterOrEqual, 5)));
    assert!(number(GreaterOrEqual, 5).implies(&query(Greater, 5)));
    assert!(number(NotEqual, 5).implies(&query(Less, 5)));
    assert!(Expression::Not(Box::new(number(Less, 5))).implies(&query(GreaterOrEqual, 7)));
    assert!(Expression::IsNotNull(Box::new(of(0))).implies(&query(LessOrEqual, 5)));
    let turned = Expression::Compare(Less, Box::new(constant(5)), Box::new(of(0)));
    assert!(turned.implies(&query(Greater, 5)) && !turned.implies(&query(Less, 5)));
    let list = Expression::In(Box::new(of(0)), vec![constant(1), constant(2)]);
    assert!(list.implies(&query(Equal, 2)) && !list.implies(&query(Equal, 3)));
    let range = Expression::Between(Box::new(of(0)), Box::new(constant(1)), Box::new(constant(9)));
    let inside = [(0, Greater, ValueRef::Integer(2)), (0, Less, ValueRef::Integer(8))];
    assert!(range.implies(&inside) && !range.implies(&inside[..1]));
    let status = compare(of(1), Equal, "open");
    assert!(status.implies(&[(1, Equal, ValueRef::Text("OPEN"))]));
    assert!(Expression::And(vec![]).implies(&[]));
    assert!(!status.implies(&[]));
}

#[test]
fn expressions_print_as_sql() {
    let open = column("status").is_in(["open", "it's"]);
    let large = column("Quantity").between(1, 2.5).or(column("note").is_not_null().opposite());
    let predicate = open.and(large);
    let expected = "status IN ('open', 'it''s') AND \
                    ((\"Quantity\" BETWEEN 1 AND 2.5) OR NOT (note IS NOT NULL))";
    assert_eq!(predicate.to_string(), expected);
    let day = column("day").not_equal(crate::Date(0));
    assert_eq!(day.to_string(), "day <> DATE '1970-01-01'");
    assert_eq!(column("b").equal(Value::Blob(vec![1, 255])).to_string(), "b = X'01FF'");
    assert_eq!(column("x").is_in(Vec::<i64>::new()).to_string(), "FALSE");
    let total = column("a").plus(column("b")).times(2).minus(column("c").minus(1));
    assert_eq!(total.to_string(), "(a + b) * 2 - (c - 1)");
    let mail = call(Function::Lower, [column("mail").collate(Collation::RTrim)]).like("%@x");
    assert_eq!(mail.to_string(), "lower(mail COLLATE RTRIM) LIKE '%@x'");
    let side = case_when(column("side").equal("buy"), 1).otherwise(constant(-1)).is_null();
    assert_eq!(side.to_string(), "CASE WHEN side = 'buy' THEN 1 ELSE -1 END IS NULL");
    let joined = call(Function::Concat, [column("a"), column("b").cast(Type::Text)]);
    assert_eq!(joined.to_string(), "a || CAST(b AS TEXT)");
}

#[test]
fn depth_is_bounded() {
    let mut condition = column("x").is_null();
    for _ in 1..DEPTH_MAX {
        condition = condition.opposite();
    }
    assert!(super::check_depth(&condition).is_ok());
    let deeper = super::check_depth(&condition.opposite()).expect_err("too deep");
    assert_eq!(deeper.sqlstate(), "54001");
}

/// A text beside a date is a date, a number beside a number stays what it is, and what does not
/// compare is refused when it is defined.
#[test]
fn binding_fits_constants_and_refuses_what_has_no_meaning() {
    let table = TableDefinition::builder("t")
        .column("day", Type::Date)
        .column("size", Type::Integer)
        .column("note", Type::Text)
        .column("flag", Type::Boolean)
        .build()
        .expect("valid");
    let bound = |e: Expression<String>| table.bind(e).map(|e| table.named(&e).to_string());
    let refused = |e: Expression<String>| table.bind(e).expect_err("meaningless").sqlstate();
    assert_eq!(bound(column("day").less("2026-03-02")).expect("fits"), "day < DATE '2026-03-02'");
    assert_eq!(bound(column("size").less(1.5)).expect("fits"), "size < 1.5");
    let day = call(Function::Coalesce, [column("day"), constant("2026-03-02")]);
    assert_eq!(bound(day).expect("fits"), "coalesce(day, DATE '2026-03-02')");
    assert_eq!(refused(column("size").equal("x")), "42804");
    assert_eq!(refused(column("size").equal(column("note"))), "42883");
    assert_eq!(refused(column("note").plus(1).is_null()), "42883");
    assert_eq!(refused(column("note").and(column("flag"))), "42804");
    assert_eq!(refused(call(Function::Lower, [column("size")]).equal("a")), "42883");
    assert_eq!(refused(call(Function::Lower, [column("note"), column("note")])), "42883");
    assert_eq!(refused(column("day").cast(Type::Boolean).is_null()), "42846");
    assert_eq!(refused(column("nope").is_null()), "42703");
    let mixed = case_when(column("flag"), column("note")).otherwise(column("size"));
    assert_eq!(refused(mixed.is_null()), "42804");
}
