//! Random transactions of several clients against a serial model: what the store has is what some
//! order of the committed transactions gives, in the table and in every index, seen from inside
//! transactions, from Cuts and after a reopen.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use bourse::expression::column;
use bourse::{
    Collation, Cut, Database, Error, ErrorKind, IndexDefinition, Order, Range, Result, Row, Table,
    TableDefinition, Transaction, Type, Value, ValueRef,
};
use bourse_storage::vfs::sim::SimVfs;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

use crate::expect::options_on;

/// Positions of the columns.
const REGION: usize = 0;
const NUMBER: usize = 1;
const OWNER: usize = 2;
const LABEL: usize = 3;
const SCORE: usize = 4;

fn definition() -> TableDefinition {
    TableDefinition::builder("items")
        .column("region", Type::Text)
        .not_null()
        .collate(Collation::NoCase)
        .column("number", Type::Integer)
        .not_null()
        .column("owner", Type::BigInt)
        .not_null()
        .column("label", Type::Text)
        .column("score", Type::Double)
        .primary_key(["region", "number"])
        .shard_key(["owner"])
        .index(IndexDefinition::on("by_owner", ["owner", "score"]).descending("score"))
        .index(
            IndexDefinition::on("by_label", ["label"])
                .collate("label", Collation::NoCase)
                .include(["score", "owner"]),
        )
        .index(IndexDefinition::on("scored", ["score"]).filter(column("score").is_not_null()))
        .index(IndexDefinition::on("one_label", ["label", "score"]).unique())
        .index(IndexDefinition::on("everywhere", ["score"]).descending("score").global())
        .build()
        .unwrap()
}

/// What an index is, for the model.
struct Shape {
    name: &'static str,
    columns: &'static [(usize, bool, Collation)],
    partial: bool,
}

const INDEXES: [Shape; 5] = [
    Shape {
        name: "by_owner",
        columns: &[(OWNER, false, Collation::Binary), (SCORE, true, Collation::Binary)],
        partial: false,
    },
    Shape { name: "by_label", columns: &[(LABEL, false, Collation::NoCase)], partial: false },
    Shape { name: "scored", columns: &[(SCORE, false, Collation::Binary)], partial: true },
    Shape {
        name: "one_label",
        columns: &[(LABEL, false, Collation::Binary), (SCORE, false, Collation::Binary)],
        partial: false,
    },
    Shape { name: "everywhere", columns: &[(SCORE, true, Collation::Binary)], partial: false },
];

type Key = (String, i64);
type Model = BTreeMap<Key, Vec<Value>>;

/// One change. Regions, labels and numbers are few, so that they meet.
#[derive(Clone, Debug)]
enum Change {
    Insert(Vec<Value>),
    Upsert(Vec<Value>),
    Update(Vec<Value>, usize, Value),
    Delete(Vec<Value>),
}

#[derive(Clone, Debug)]
enum Step {
    /// Changes, and whether the transaction is given up at its end.
    Transaction(Vec<Change>, bool),
    /// The same on the shard of an owner.
    OnShard(i64, Vec<Change>),
    /// Keeps a Cut, to be looked at when all is over.
    KeepCut,
    Checkpoint,
    Reopen,
}

fn region() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["eu", "EU", "us", "asia"]).prop_map(Value::from)
}

fn label() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        prop::sample::select(vec!["a", "A", "b", "bb", ""]).prop_map(Value::from),
        Just(Value::from("long ".repeat(150))),
    ]
}

fn score() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (-3..4_i64).prop_map(|whole| Value::Double(whole as f64)),
        Just(Value::Double(-0.5)),
    ]
}

fn key() -> impl Strategy<Value = Vec<Value>> {
    (region(), 0..6_i64).prop_map(|(region, number)| vec![region, number.into()])
}

fn row() -> impl Strategy<Value = Vec<Value>> {
    (key(), 0..9_i64, label(), score()).prop_map(|(mut row, owner, label, score)| {
        row.extend([owner.into(), label, score]);
        row
    })
}

fn change() -> impl Strategy<Value = Change> {
    let update = prop_oneof![
        region().prop_map(|value| (REGION, value)),
        (0..6_i64).prop_map(|value| (NUMBER, value.into())),
        (0..9_i64).prop_map(|value| (OWNER, value.into())),
        label().prop_map(|value| (LABEL, value)),
        score().prop_map(|value| (SCORE, value)),
    ];
    prop_oneof![
        4 => row().prop_map(Change::Insert),
        2 => row().prop_map(Change::Upsert),
        3 => (key(), update).prop_map(|(key, (at, value))| Change::Update(key, at, value)),
        2 => key().prop_map(Change::Delete),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let changes = || prop::collection::vec(change(), 1..6);
    prop_oneof![
        6 => (changes(), prop::bool::weighted(0.15)).prop_map(|(c, no)| Step::Transaction(c, no)),
        4 => (0..9_i64, changes()).prop_map(|(owner, changes)| Step::OnShard(owner, changes)),
        1 => Just(Step::KeepCut),
        1 => Just(Step::Checkpoint),
        1 => Just(Step::Reopen),
    ]
}

fn model_key(row: &[Value]) -> Key {
    let (Value::Text(region), Value::Integer(number)) = (&row[REGION], &row[NUMBER]) else {
        panic!("a key is a text and a number: {row:?}");
    };
    (region.to_ascii_lowercase(), *number)
}

/// Whether another row has the label and score, which must be unique unless NULL.
fn is_taken(model: &Model, key: &Key, row: &[Value]) -> bool {
    let null = row[LABEL] == Value::Null || row[SCORE] == Value::Null;
    let mut others = model.iter().filter(|(other, _)| *other != key);
    !null && others.any(|(_, other)| other[LABEL] == row[LABEL] && other[SCORE] == row[SCORE])
}

/// Applies a change to the model. Returns whether it was allowed.
fn apply_to_model(model: &mut Model, change: &Change) -> bool {
    let (old, new) = match change {
        Change::Insert(row) if model.contains_key(&model_key(row)) => return false,
        Change::Insert(row) => (None, row.clone()),
        Change::Upsert(row) => (Some(model_key(row)), row.clone()),
        Change::Update(key, at, value) => {
            let Some(row) = model.get(&model_key(key)) else { return true };
            let mut row = row.clone();
            row[*at] = value.clone();
            (Some(model_key(key)), row)
        }
        Change::Delete(key) => {
            model.remove(&model_key(key));
            return true;
        }
    };
    let key = model_key(&new);
    let moves = old.as_ref().is_some_and(|old| *old != key);
    if moves && model.contains_key(&key) {
        return false;
    }
    let mut rest = model.clone();
    if let Some(old) = &old {
        rest.remove(old);
    }
    if is_taken(&rest, &key, &new) {
        return false;
    }
    rest.insert(key, new);
    *model = rest;
    true
}

fn apply(transaction: &mut Transaction<'_>, table: &Table, change: &Change) -> Result<()> {
    let names = ["region", "number", "owner", "label", "score"];
    match change.clone() {
        Change::Insert(row) => transaction.insert(table, row).map(|_| ()),
        Change::Upsert(row) => transaction.upsert(table, row).map(|_| ()),
        Change::Update(key, at, value) => {
            transaction.update(table, &key, &[(names[at], value)]).map(|_| ())
        }
        Change::Delete(key) => transaction.delete(table, &key).map(|_| ()),
    }
}

/// What tests read through: Cuts and transactions have the same methods.
trait Reader {
    fn rows(&self, table: &Table, range: &Range, order: Order) -> Result<Vec<Vec<Value>>>;
    fn entries(
        &self,
        table: &Table,
        index: &str,
        range: &Range,
        order: Order,
    ) -> Result<Vec<Vec<Value>>>;
    fn many(&self, table: &Table, keys: &[Vec<Value>]) -> Result<Vec<Option<Vec<Value>>>>;
}

macro_rules! reader {
    ($reader:ty) => {
        impl Reader for $reader {
            fn rows(&self, table: &Table, range: &Range, order: Order) -> Result<Vec<Vec<Value>>> {
                let rows = self.scan(table, range, order)?.map(|row| Ok(row?.values()));
                let rows = rows.collect::<Result<Vec<Vec<Value>>>>()?;
                // The same, shown in two goes with one row in between.
                let mut shown: Vec<Vec<Value>> = Vec::new();
                let mut scan = self.scan(table, range, order)?;
                let values = |row: &Row<'_>| row.values().map(ValueRef::to_value).collect();
                for breaks_at in [rows.len() / 2, usize::MAX] {
                    scan.each_with(|row| {
                        shown.push(values(&row));
                        let breaks = shown.len() == breaks_at;
                        Ok(if breaks { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                    })?;
                    shown.extend(scan.next_with(|row| values(&row))?);
                }
                assert_eq!(shown, rows);
                Ok(rows)
            }

            fn entries(
                &self,
                table: &Table,
                index: &str,
                range: &Range,
                order: Order,
            ) -> Result<Vec<Vec<Value>>> {
                let rows = self.scan_index(table, index, range, order)?.fetch(1_000)?;
                Ok(rows.iter().map(|row| row.values()).collect())
            }

            fn many(&self, table: &Table, keys: &[Vec<Value>]) -> Result<Vec<Option<Vec<Value>>>> {
                let rows = self.multi_get(table, keys)?;
                Ok(rows.into_iter().map(|row| row.map(|row| row.values())).collect())
            }
        }
    };
}
reader!(Cut);
reader!(Transaction<'_>);

fn compare(a: &Value, b: &Value, descending: bool, collation: Collation) -> Ordering {
    let order = a.as_value().compare(b.as_value(), collation);
    if descending { order.reverse() } else { order }
}

/// The model's rows in an index's order; ties by primary key, which the index follows with.
fn sorted(model: &Model, shape: &Shape) -> Vec<Vec<Value>> {
    let rows = model.values().filter(|row| !shape.partial || row[SCORE] != Value::Null);
    let mut rows: Vec<Vec<Value>> = rows.cloned().collect();
    rows.sort_by(|a, b| {
        let columns = shape.columns.iter();
        let by_columns = columns.map(|(at, down, how)| compare(&a[*at], &b[*at], *down, *how));
        by_columns.fold(Ordering::Equal, Ordering::then).then(model_key(a).cmp(&model_key(b)))
    });
    rows
}

/// Whether a value lies in a range.
type Inside = Box<dyn Fn(&Value, Collation) -> bool>;

/// Ranges of the first column, and whether a value of it lies inside.
fn ranges(low: &Value, high: &Value) -> Vec<(Range, Inside)> {
    let by = |limit: &Value, accepts: fn(Ordering) -> bool| -> Inside {
        let limit = limit.clone();
        Box::new(move |value, how| {
            !value.is_null() && accepts(value.as_value().compare(limit.as_value(), how))
        })
    };
    let (one, other) = (by(low, Ordering::is_ge), by(high, Ordering::is_lt));
    let same = low.clone();
    let equal: Inside =
        Box::new(move |value, how| value.as_value().compare(same.as_value(), how).is_eq());
    let mut ranges: Vec<(Range, Inside)> =
        vec![(Range::all(), Box::new(|_, _| true)), (Range::prefix([low.clone()]), equal)];
    if !low.is_null() && !high.is_null() {
        let between = Range::all().from(low.clone()).before(high.clone());
        ranges.push((between, Box::new(move |value, how| one(value, how) && other(value, how))));
        ranges.push((Range::all().after(low.clone()), by(low, Ordering::is_gt)));
        ranges.push((Range::all().to(high.clone()), by(high, Ordering::is_le)));
    }
    ranges
}

/// Everything that a reader sees is the model's.
fn agree(reader: &impl Reader, table: &Table, model: &Model) -> Result<()> {
    let all: Vec<Vec<Value>> = model.values().cloned().collect();
    let backwards: Vec<Vec<Value>> = all.iter().rev().cloned().collect();
    assert_eq!(reader.rows(table, &Range::all(), Order::Ascending)?, all);
    assert_eq!(reader.rows(table, &Range::all(), Order::Descending)?, backwards);
    let keys: Vec<Vec<Value>> = ["Eu", "us", "asia"]
        .iter()
        .flat_map(|region| (0..6_i64).map(|number| vec![Value::from(*region), number.into()]))
        .collect();
    let wanted: Vec<Option<Vec<Value>>> =
        keys.iter().map(|key| model.get(&model_key(key)).cloned()).collect();
    assert_eq!(reader.many(table, &keys)?, wanted);
    for shape in &INDEXES {
        let rows = sorted(model, shape);
        let (first, _, how) = shape.columns[0];
        // NULL in place of a missing row asks for what has NULL, or for nothing.
        let value = |at: usize| rows.get(at).map_or(Value::Null, |row| row[first].clone());
        let (mut low, mut high) = (value(rows.len() / 3), value(rows.len() * 2 / 3));
        if low.as_value().compare(high.as_value(), how).is_gt() {
            std::mem::swap(&mut low, &mut high);
        }
        let low = if first == OWNER && low.is_null() { 0.into() } else { low };
        for (range, inside) in ranges(&low, &high) {
            let inside = |row: &&Vec<Value>| inside(&row[first], how);
            let mut wanted: Vec<Vec<Value>> = rows.iter().filter(inside).cloned().collect();
            let name = shape.name;
            assert_eq!(reader.entries(table, name, &range, Order::Ascending)?, wanted, "{name}");
            wanted.reverse();
            assert_eq!(reader.entries(table, name, &range, Order::Descending)?, wanted, "{name}");
        }
    }
    Ok(())
}

/// One transaction: each change is allowed by the store when the model allows it, and is seen.
fn body(
    transaction: &mut Transaction<'_>,
    table: &Table,
    model: &Model,
    changes: &[Change],
) -> Result<Model> {
    let mut own = model.clone();
    for change in changes {
        let before = own.clone();
        let allowed = apply_to_model(&mut own, change);
        match apply(transaction, table, change) {
            Ok(()) => assert!(allowed, "{change:?} on {before:#?}"),
            // A run that is given up, to run again.
            Err(error) if error.kind() == ErrorKind::Conflict => return Err(error),
            Err(error) => {
                assert!(!allowed, "{change:?} on {before:#?}: {error:?}");
                assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Constraint, "23505"));
                return Err(error);
            }
        }
    }
    agree(transaction, table, &own)?;
    Ok(own)
}

fn run(steps: &[Step]) {
    let disk = SimVfs::new(1);
    let mut store = Database::open("/store", options_on(&disk)).unwrap();
    let mut table = store.create_table(&definition()).unwrap();
    let mut model = Model::new();
    let mut kept: Vec<(Cut, Model)> = Vec::new();
    for step in steps {
        let done = match step {
            Step::Transaction(changes, given_up) => store.transaction(|transaction| {
                let own = body(transaction, &table, &model, changes)?;
                if *given_up { Err(Error::invalid("given up")) } else { Ok(own) }
            }),
            Step::OnShard(owner, changes) => {
                store.shard_transaction(&table, &[(*owner).into()], |transaction| {
                    body(transaction, &table, &model, changes)
                })
            }
            Step::KeepCut => {
                kept.push((store.cut(), model.clone()));
                continue;
            }
            Step::Checkpoint => store.checkpoint().map(|()| model.clone()),
            Step::Reopen => {
                for (cut, then) in kept.drain(..) {
                    agree(&cut, &table, &then).unwrap();
                }
                drop(store);
                store = Database::open("/store", options_on(&disk)).unwrap();
                table = store.table("items").unwrap();
                continue;
            }
        };
        if let Ok(own) = done {
            model = own;
        }
        agree(&store.cut(), &table, &model).unwrap();
    }
    for (cut, then) in &kept {
        agree(cut, &table, then).unwrap();
    }
    let report = store.check(&mut |_| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_what_the_model_has(steps in prop::collection::vec(step(), 1..24)) {
        run(&steps);
    }

    #[test]
    fn clients_at_once_leave_what_some_order_of_them_gives(seed in any::<u64>()) {
        at_once(seed);
    }
}

/// Several clients, each with keys of its own and one row that all count up: the sum and each
/// client's rows are right whatever the order.
fn at_once(seed: u64) {
    const CLIENTS: u32 = 4;
    const TURNS: i32 = 12;
    let disk = SimVfs::new(seed);
    let store = Database::open("/store", options_on(&disk)).unwrap();
    let table = store.create_table(&definition()).unwrap();
    let shared = vec!["all".into(), 0.into(), 1.into(), Value::Null, Value::Double(0.0)];
    store.insert(&table, shared).unwrap();
    let key = [Value::from("all"), 0.into()];
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (store, table, key) = (&store, &table, &key);
            scope.spawn(move || {
                for turn in 0..TURNS {
                    let turned = seed.rotate_left(client + turn.unsigned_abs());
                    let owner = i64::from(turned.to_le_bytes()[0]) % 9;
                    let number = Value::from(turn / 2);
                    let own = vec![Value::from(format!("c{client}")), number.clone()];
                    store
                        .transaction(|transaction| {
                            let found = transaction.get(table, key)?.unwrap();
                            let Value::Double(count) = found.get(SCORE).to_value() else {
                                panic!("a score is a number");
                            };
                            let next = Value::Double(count + 1.0);
                            transaction.update(table, key, &[("score", next)])?;
                            let mut row = own.clone();
                            row.extend([owner.into(), Value::Null, Value::Null]);
                            transaction.upsert(table, row)?;
                            Ok(())
                        })
                        .unwrap();
                }
            });
        }
    });
    let cut = store.cut();
    let found = cut.get(&table, &key).unwrap().unwrap();
    assert_eq!(found.get(SCORE).to_value(), Value::Double(48.0));
    assert_eq!(cut.count(&table).unwrap(), 1 + 24);
    let top = cut.scan_index(&table, "everywhere", &Range::all(), Order::Ascending);
    let top = top.unwrap().fetch(1).unwrap();
    assert_eq!(top[0].get(REGION).to_value(), Value::from("all"));
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}
