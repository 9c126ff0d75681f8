//! Operators over small tables, from the algebra built by hand.

use bourse::{Collation, Database, IndexDefinition, Options, Table, TableDefinition, Type, Value};

use super::spill::Disk;
use super::write::Run;
use super::{Flow, Frame, Interrupt, Memory};
use crate::Dialect;
use crate::algebra::{
    AggregateKind, Aggregation, Column, ColumnId, CompareOp, Cte, CteId, Expr, ExprKind, JoinKind,
    OutputColumn, Query, Rel, ScanColumn, SetOperator, SortKey, Statement, TableScan,
};
use crate::datum::Datum;
use crate::function::{PlainContext, resolve};
use crate::plan::node::{Node, Path};
use crate::plan::{Plan, PlanKind, plan};
use crate::types::SqlType;

struct Store {
    database: Database,
    _folder: tempfile::TempDir,
    next: std::cell::Cell<u32>,
}

/// Trades 1 to 60 of users 0 to 5, and users 0 to 3 of whom user 3 has no name.
fn store() -> Store {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { shards: 4, ..Options::default() };
    let database = Database::open(folder.path().join("store"), options).unwrap();
    let trades = TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .not_null()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .column("amount", Type::BigInt)
        .primary_key(["id"])
        .index(IndexDefinition::on("by_user", ["user_id", "amount"]))
        .build()
        .unwrap();
    let trades = database.create_table(&trades).unwrap();
    for id in 1..=60_i64 {
        let amount = if id % 10 == 0 { Value::Null } else { Value::Integer(id % 7) };
        let symbol = Value::from(["A", "B", "C"][usize::try_from(id % 3).unwrap()]);
        database.insert(&trades, vec![id.into(), (id % 6).into(), symbol, amount]).unwrap();
    }
    let users = TableDefinition::builder("users")
        .column("user_id", Type::BigInt)
        .not_null()
        .column("name", Type::Text)
        .primary_key(["user_id"])
        .build()
        .unwrap();
    let users = database.create_table(&users).unwrap();
    for (id, name) in [(0, Some("Ann")), (1, Some("Bob")), (2, Some("Cid")), (3, None)] {
        let name = name.map_or(Value::Null, Value::from);
        database.insert(&users, vec![Value::Integer(id), name]).unwrap();
    }
    Store { database, _folder: folder, next: std::cell::Cell::new(0) }
}

/// A scan, with its columns as expressions.
struct Scanned {
    rel: Rel,
    columns: Vec<Expr>,
}

impl Store {
    fn table(&self, name: &str) -> Table {
        self.database.table(name).unwrap()
    }

    fn column(&self, name: &str, ty: SqlType) -> Column {
        let id = ColumnId(self.next.replace(self.next.get() + 1));
        Column { id, name: name.to_owned(), ty, collation: Collation::Binary }
    }

    fn scan(&self, name: &str) -> Scanned {
        let table = self.table(name);
        let columns: Vec<(Column, ScanColumn)> = table
            .definition()
            .columns
            .iter()
            .enumerate()
            .map(|(at, stored)| {
                let ty = crate::types::of_column(stored, Dialect::Postgres);
                (self.column(&stored.name, ty), ScanColumn::Column(at))
            })
            .collect();
        let exprs = columns.iter().map(|(column, _)| of(column)).collect();
        let scan = TableScan { table, alias: name.to_owned(), columns, indexed_by: None };
        Scanned { rel: Rel::Scan(scan), columns: exprs }
    }

    fn plan(&self, rel: Rel, columns: &[Expr]) -> Plan {
        let query = Query { rel, columns: columns.iter().map(output).collect() };
        let cut = self.database.cut();
        plan(Statement::Query(query), Dialect::Postgres, &cut, &PlainContext::POSTGRES).unwrap()
    }

    fn rows(&self, rel: Rel, columns: &[Expr]) -> Vec<String> {
        self.run(&self.plan(rel, columns))
    }

    fn run(&self, plan: &Plan) -> Vec<String> {
        let canceled = std::sync::Arc::default();
        let interrupt = Interrupt::new(canceled, None, || std::time::Duration::ZERO);
        let memory = Memory::new(1 << 20, None);
        let mut frame = Frame::new(plan.slots, plan.cells, memory, interrupt);
        let disk = Disk::of(&self.database);
        let run = Run {
            plan,
            parameters: &[],
            context: &PlainContext::POSTGRES,
            dialect: Dialect::Postgres,
            locks: false,
            disk: &disk,
        };
        let PlanKind::Query { outputs, .. } = &plan.kind else { panic!("a query was planned") };
        let mut rows = Vec::new();
        run.read(&self.database.cut(), &mut frame, &mut |frame| {
            let values = outputs.iter().map(|slot| shown(&frame.slots[*slot]));
            rows.push(values.collect::<Vec<_>>().join(" "));
            Ok(Flow::More)
        })
        .unwrap();
        rows
    }
}

fn shown(value: &Datum) -> String {
    match value {
        Datum::Null => "-".to_owned(),
        Datum::Integer(value) => value.to_string(),
        Datum::Text(text) => text.to_string(),
        other => crate::datum::output(other, &SqlType::Numeric(None), &PlainContext::POSTGRES)
            .unwrap()
            .to_string(),
    }
}

fn of(column: &Column) -> Expr {
    Expr::column(column.id, column.ty.clone(), column.collation)
}

fn output(expr: &Expr) -> OutputColumn {
    let ExprKind::Column(id) = expr.kind else { panic!("a column is put out") };
    OutputColumn {
        name: String::new(),
        id,
        ty: expr.ty.clone(),
        collation: Collation::Binary,
        origin: None,
        declared: None,
    }
}

fn compare(op: CompareOp, left: &Expr, right: &Expr) -> Expr {
    let (left, right) = (Box::new(left.clone()), Box::new(right.clone()));
    Expr {
        kind: ExprKind::Compare { op, left, right },
        ty: SqlType::Boolean,
        collation: Collation::Binary,
    }
}

fn integer(value: i64) -> Expr {
    Expr::literal(Datum::Integer(value), SqlType::BigInt)
}

fn equal(left: &Expr, right: &Expr) -> Expr {
    compare(CompareOp::Equal, left, right)
}

fn filter(rel: Rel, predicate: Expr) -> Rel {
    Rel::Filter { input: Box::new(rel), predicate }
}

fn sort(rel: Rel, keys: &[(&Expr, bool)]) -> Rel {
    let key = |(expr, descending): &(&Expr, bool)| SortKey {
        expr: (*expr).clone(),
        descending: *descending,
        nulls_first: *descending,
    };
    Rel::Sort { input: Box::new(rel), keys: keys.iter().map(key).collect() }
}

fn limit(rel: Rel, count: i64) -> Rel {
    Rel::Limit { input: Box::new(rel), limit: Some(integer(count)), offset: None, with_ties: false }
}

fn join(kind: JoinKind, left: Rel, right: Rel, on: Expr) -> Rel {
    Rel::Join { kind, left: Box::new(left), right: Box::new(right), on, lateral: false }
}

fn plus(left: &Expr, right: &Expr) -> Expr {
    let resolved =
        resolve::operator(Dialect::Postgres, "+", Some(&left.ty), Some(&right.ty)).unwrap();
    Expr {
        kind: ExprKind::Call {
            function: resolved.function,
            arguments: vec![left.clone(), right.clone()],
        },
        ty: resolved.result,
        collation: Collation::Binary,
    }
}

fn aggregate(store: &Store, name: &str, argument: Option<&Expr>, distinct: bool) -> Aggregation {
    let types: Vec<SqlType> = argument.iter().map(|expr| expr.ty.clone()).collect();
    let resolved = resolve::aggregate(Dialect::Postgres, name, &types).unwrap().unwrap();
    Aggregation {
        column: store.column(name, resolved.result),
        kind: AggregateKind::Function {
            function: resolved.function,
            arguments: argument.cloned().into_iter().collect(),
            distinct,
            order: Vec::new(),
        },
        filter: None,
    }
}

/// A row of a whole key is got by it, and an order that an index has is not sorted for.
#[test]
fn keys_and_orders_are_used() {
    let store = store();
    let trades = store.scan("trades");
    let rel = filter(trades.rel, equal(&integer(9), &trades.columns[0]));
    let plan = store.plan(rel, &trades.columns);
    let PlanKind::Query { node: Node::Scan(scan), .. } = &plan.kind else { panic!("{plan:?}") };
    assert!(matches!(scan.path, Path::Get(_)), "{plan:?}");
    assert!(plan.reads_once);
    assert_eq!(store.run(&plan), ["9 3 A 2"]);

    let trades = store.scan("trades");
    let [id, user, _, amount] = &trades.columns[..] else { panic!() };
    let wanted = compare(CompareOp::Greater, amount, &integer(2));
    let rel = filter(trades.rel, Expr::all(vec![equal(user, &integer(3)), wanted]));
    let rel = limit(sort(rel, &[(amount, true), (id, true)]), 3);
    let plan = store.plan(rel, &[id.clone(), amount.clone()]);
    let PlanKind::Query { node: Node::Limit(node), .. } = &plan.kind else { panic!("{plan:?}") };
    let Node::Scan(scan) = &node.input else { panic!("{plan:?}") };
    assert!(matches!(&scan.path, Path::Index { name, covering: true, .. } if name == "by_user"));
    assert_eq!(store.run(&plan), ["27 6", "33 5", "39 4"]);
}

/// Rows without a partner, NULLs, and both ways to join.
#[test]
fn joins_keep_what_their_kind_says() {
    let store = store();
    for kind in [JoinKind::Inner, JoinKind::Left, JoinKind::Semi, JoinKind::Anti, JoinKind::Full] {
        let (trades, users) = (store.scan("trades"), store.scan("users"));
        let few = compare(CompareOp::LessOrEqual, &trades.columns[0], &integer(7));
        let on = equal(&trades.columns[1], &users.columns[0]);
        let rel = join(kind, filter(trades.rel, few), users.rel, on);
        let mut columns = vec![trades.columns[0].clone()];
        if !matches!(kind, JoinKind::Semi | JoinKind::Anti) {
            columns.push(users.columns[1].clone());
        }
        let rows = store.rows(sort(rel, &[(&columns[0].clone(), false)]), &columns);
        let expected: &[&str] = match kind {
            JoinKind::Inner => &["1 Bob", "2 Cid", "3 -", "6 Ann", "7 Bob"],
            JoinKind::Semi => &["1", "2", "3", "6", "7"],
            JoinKind::Anti => &["4", "5"],
            _ => &["1 Bob", "2 Cid", "3 -", "4 -", "5 -", "6 Ann", "7 Bob"],
        };
        assert_eq!(rows, expected, "{kind:?}");
    }
}

/// A full join gives the right side's lone rows, too; a condition that is no equality loops.
#[test]
fn full_and_unequal_joins() {
    let store = store();
    let (a, b) = (store.scan("users"), store.scan("users"));
    let next = plus(&a.columns[0], &integer(2));
    let rel = join(JoinKind::Full, a.rel, b.rel, equal(&next, &b.columns[0]));
    let columns = [a.columns[0].clone(), b.columns[0].clone()];
    let rows = store.rows(sort(rel, &[(&columns[0], false), (&columns[1], false)]), &columns);
    assert_eq!(rows, ["0 2", "1 3", "2 -", "3 -", "- 0", "- 1"]);

    let (a, b) = (store.scan("users"), store.scan("users"));
    let on = compare(CompareOp::Less, &a.columns[0], &b.columns[0]);
    let rel = join(JoinKind::Inner, a.rel, b.rel, on);
    assert_eq!(store.rows(rel, &[a.columns[0].clone()]).len(), 6);
}

/// Groups with NULLs, DISTINCT inside of aggregates, and one row of no rows.
#[test]
fn groups_and_aggregates() {
    let store = store();
    let trades = store.scan("trades");
    let [_, user, symbol, amount] = &trades.columns[..] else { panic!() };
    let key = store.column("key", SqlType::BigInt);
    let aggregates = vec![
        aggregate(&store, "count", None, false),
        aggregate(&store, "sum", Some(amount), false),
        aggregate(&store, "count", Some(symbol), true),
    ];
    let columns: Vec<Expr> =
        [&key].into_iter().chain(aggregates.iter().map(|a| &a.column)).map(of).collect();
    let rel = Rel::Aggregate {
        input: Box::new(trades.rel),
        keys: vec![(key, user.clone())],
        sets: vec![vec![0]],
        groupings: Vec::new(),
        aggregates,
    };
    let rows = store.rows(sort(rel, &[(&columns[0], false)]), &columns);
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0], "0 10 30 1");

    let trades = store.scan("trades");
    let none = compare(CompareOp::Greater, &trades.columns[0], &integer(1000));
    let aggregates = vec![
        aggregate(&store, "count", None, false),
        aggregate(&store, "max", Some(&trades.columns[3]), false),
    ];
    let columns: Vec<Expr> = aggregates.iter().map(|a| of(&a.column)).collect();
    let rel = Rel::Aggregate {
        input: Box::new(filter(trades.rel, none)),
        keys: Vec::new(),
        sets: vec![Vec::new()],
        groupings: Vec::new(),
        aggregates,
    };
    assert_eq!(store.rows(rel, &columns), ["0 -"]);
}

/// INTERSECT ALL and EXCEPT count rows; UNION does not.
#[test]
fn set_operations_count_rows() {
    let store = store();
    let values = |numbers: &[i64]| {
        let column = store.column("v", SqlType::BigInt);
        let rows = numbers.iter().map(|number| vec![integer(*number)]).collect();
        let columns = vec![output(&of(&column))];
        Box::new(Query { rel: Rel::Values { columns: vec![column], rows }, columns })
    };
    let run = |op, all| {
        let column = store.column("u", SqlType::BigInt);
        let expr = of(&column);
        let rel = Rel::SetOperation {
            op,
            all,
            left: values(&[1, 1, 2, 3]),
            right: values(&[1, 3, 3, 4]),
            columns: vec![column],
        };
        store.rows(sort(rel, &[(&expr, false)]), std::slice::from_ref(&expr)).join(",")
    };
    assert_eq!(run(SetOperator::Union, false), "1,2,3,4");
    assert_eq!(run(SetOperator::Union, true), "1,1,1,2,3,3,3,4");
    assert_eq!(run(SetOperator::Intersect, true), "1,3");
    assert_eq!(run(SetOperator::Except, true), "1,2");
    assert_eq!(run(SetOperator::Except, false), "2");
}

/// A recursive expression runs until a round has no rows.
#[test]
fn recursion_ends() {
    let store = store();
    let first = store.column("n", SqlType::BigInt);
    let start = Query {
        columns: vec![output(&of(&first))],
        rel: Rel::Values { columns: vec![first], rows: vec![vec![integer(1)]] },
    };
    let (last, next) = (store.column("n", SqlType::BigInt), store.column("n", SqlType::BigInt));
    let input = filter(
        Rel::CteScan { cte: CteId(0), columns: vec![last.clone()] },
        compare(CompareOp::Less, &of(&last), &integer(5)),
    );
    let step = Query {
        columns: vec![output(&of(&next))],
        rel: Rel::Project {
            input: Box::new(input),
            items: vec![(next, plus(&of(&last), &integer(1)))],
        },
    };
    let cte = Cte {
        id: CteId(0),
        name: "n".to_owned(),
        query: start,
        step: Some(step),
        distinct: false,
        queue: None,
        change: None,
        materialized: None,
    };
    let all = store.column("n", SqlType::BigInt);
    let expr = of(&all);
    let body = Box::new(Rel::CteScan { cte: CteId(0), columns: vec![all] });
    let rows = store.rows(Rel::With { ctes: vec![cte], body }, &[expr]);
    assert_eq!(rows, ["1", "2", "3", "4", "5"]);
}
