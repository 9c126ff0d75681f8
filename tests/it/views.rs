//! Views equal what their tables' rows make them, whatever was done to the rows; and what cannot be
//! a view, or would break one, is refused by name.

use bourse::expression::{column, constant};
use bourse::view::{Aggregate, AggregateFunction as F, Fraction, Group, ViewBuilder};
use bourse::{
    Alteration, Database, Error, ErrorKind, IndexDefinition, LoadOrder, Options, Order, Range,
    Table, TableDefinition, Transaction, Truncate, Type, Value, View, ViewDefinition,
};
use bourse_storage::sync;

use crate::expect::small_options;

pub(crate) fn open(folder: &std::path::Path) -> Database {
    open_of_size(folder, 1 << 14)
}

fn open_of_size(folder: &std::path::Path, pages: u32) -> Database {
    let options =
        Options { shards: 3, shard_pages_max: pages, background: false, ..small_options() };
    Database::open(folder, options).unwrap()
}

pub(crate) fn trades(store: &Database) -> Table {
    let definition = TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .not_null()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .column("price", Type::Decimal { precision: 18, scale: 4 })
        .column("quantity", Type::Integer)
        .column("rate", Type::Double)
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["user_id"])
        .index(IndexDefinition::on("by_symbol", ["symbol"]))
        .build()
        .unwrap();
    store.create_table(&definition).unwrap()
}

/// Every aggregate that there is, over groups that are spread over the shards.
fn by_symbol() -> ViewBuilder {
    every_aggregate(
        ViewDefinition::builder("by_symbol", "trades").group("symbol", column("symbol")),
    )
}

/// Every aggregate that there is.
pub(crate) fn every_aggregate(view: ViewBuilder) -> ViewBuilder {
    let amount = || column("price").times(column("quantity"));
    view.aggregate("trades", F::CountRows)
        .aggregate("prices", F::Count(column("price")))
        .aggregate("volume", F::Sum(column("quantity")))
        .aggregate("rates", F::Sum(column("rate")))
        .aggregate("mean", F::Average(column("price")))
        .aggregate("low", F::Minimum(column("price")))
        .aggregate("high", F::Maximum(column("price")))
        .aggregate("first", F::First { value: column("price"), order: column("quantity") })
        .aggregate("last", F::Last { value: column("note"), order: column("quantity") })
        .aggregate("spread", F::VarianceSample(column("quantity")))
        .aggregate("noise", F::DeviationPopulation(column("rate")))
        .aggregate("vwap", F::Ratio { numerator: amount(), denominator: column("quantity") })
        .aggregate("users", F::CountDistinct(column("user_id")))
        .aggregate("different", F::SumDistinct(column("price")))
        .aggregate("middle", F::AverageDistinct(column("quantity")))
        .aggregate("median", F::PercentileContinuous(Fraction::HALF, column("price")))
        .aggregate("upper", F::PercentileDiscrete(Fraction::new(0.9).unwrap(), column("quantity")))
        .with(
            Aggregate::new("large", F::CountRows).filter(column("quantity").greater(constant(50))),
        )
}

/// Groups that are in one shard each.
fn by_user() -> ViewBuilder {
    ViewDefinition::builder("by_user", "trades")
        .group("user_id", column("user_id"))
        .group("size", column("quantity").divided_by(constant(25)))
        .filter(column("quantity").is_not_null())
        .aggregate("trades", F::CountRows)
        .aggregate("most", F::Maximum(column("quantity")))
        .aggregate("least", F::Minimum(column("note")))
}

fn all() -> ViewBuilder {
    ViewDefinition::builder("all_trades", "trades").aggregate("trades", F::CountRows)
}

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        i64::try_from((self.0 >> 33) % limit).unwrap()
    }

    fn or_null(&mut self, value: Value) -> Value {
        if self.below(8) == 0 { Value::Null } else { value }
    }

    pub(crate) fn row(&mut self, id: i64) -> Vec<Value> {
        let symbol = ["AAPL", "MSFT", "NVDA"][usize::try_from(self.below(3)).unwrap()];
        let price = Value::Decimal(bourse::Decimal::new(self.below(30).into(), 1).unwrap());
        let rate = Value::Double(
            [0.1, 1e300, -1e300, -0.0, 2.5, f64::NAN, 1e-300]
                [usize::try_from(self.below(7)).unwrap()],
        );
        let (quantity, note) = (self.below(100), format!("note {}", self.below(4)));
        vec![
            id.into(),
            self.below(12).into(),
            self.or_null(symbol.into()),
            self.or_null(price),
            self.or_null(quantity.into()),
            self.or_null(rate),
            self.or_null(note.into()),
        ]
    }
}

pub(crate) fn assert_sound(store: &Database) {
    for view in store.views() {
        let report = store.check_view(&view).unwrap();
        assert!(report.is_sound(), "{:#?}", report.findings);
    }
}

/// What is done to a row: which of six things, its key, and values.
type Turn = (i64, i64, Vec<Value>);

/// Some changes of rows.
pub(crate) fn turns(count: usize, random: &mut Random) -> Vec<Turn> {
    const IDS: u64 = 150;
    let turn = |_| {
        let id = random.below(IDS);
        (random.below(6), id, random.row(id))
    };
    (0..count).map(turn).collect()
}

/// Makes changes of rows in a transaction.
pub(crate) fn make(
    transaction: &mut Transaction<'_>,
    table: &Table,
    turns: &[Turn],
) -> Result<(), Error> {
    for (kind, id, row) in turns {
        let key = [Value::from(*id)];
        match kind {
            0 | 1 => drop(transaction.upsert(table, row.clone())?),
            2 => drop(transaction.delete(table, &key)?),
            3 => {
                let changes = [("quantity", row[4].clone()), ("note", row[6].clone())];
                transaction.update(table, &key, &changes)?;
            }
            // Another shard.
            4 => drop(transaction.update(table, &key, &[("user_id", row[1].clone())])?),
            _ => drop(transaction.update(table, &key, &[("price", row[3].clone())])?),
        }
    }
    Ok(())
}

/// What a change may be: one row, or several in one transaction.
pub(crate) fn change(store: &Database, table: &Table, random: &mut Random) {
    let count = if random.below(4) == 0 { 20 } else { 1 };
    let turns = turns(count, random);
    store.transaction(|transaction| make(transaction, table, &turns)).unwrap();
}

#[test]
fn views_equal_their_recomputation_whatever_is_done_to_rows() {
    for seed in 1..=6 {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let table = trades(&store);
        let mut random = Random(seed);
        store.create_view(&by_symbol()).unwrap();
        store.create_view(&all()).unwrap();
        for turn in 0..250 {
            change(&store, &table, &mut random);
            if turn == 100 {
                store.create_view(&by_user()).unwrap();
            }
            if turn % 25 == 0 {
                assert_sound(&store);
            }
        }
        assert_sound(&store);
        let rows = store.cut().count(&table).unwrap();
        let all = store.group(&store.view("all_trades").unwrap(), &[]).unwrap().unwrap();
        assert_eq!(all.values(), [Value::Integer(i64::try_from(rows).unwrap())], "seed {seed}");
        let report = store.check(&mut |_| ()).unwrap();
        assert!(report.is_sound(), "seed {seed}: {:#?}", report.findings);
        assert_eq!(report.views.len(), 3);
        // What recovery replays leads to the same bytes.
        drop(store);
        let store = open(folder.path());
        assert_sound(&store);
        // All rows away: no group is left.
        let keys: Vec<Value> = (0..150).map(Value::from).collect();
        for key in keys {
            store.delete(&table, &[key]).unwrap();
        }
        for view in store.views() {
            assert_eq!(store.groups(&view, &Range::all(), Order::Any).unwrap().len(), 0);
            assert_eq!(store.check_view(&view).unwrap().views[0].states, 0);
        }
        assert_sound(&store);
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, Error>, sqlstate: &str, part: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.sqlstate(), sqlstate, "{error:?}");
    assert!(error.message().contains(part), "{error:?}");
}

#[test]
fn what_is_no_view_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    trades(&store);
    let view = |name: &str| ViewDefinition::builder(name, "trades").aggregate("n", F::CountRows);
    let symbol = || column("symbol");
    refused(store.create_view(&view("trades")), "42P07", "table trades exists");
    store.create_view(&view("v")).unwrap();
    refused(store.create_view(&view("V")), "42P07", "view V exists");
    let table = TableDefinition::builder("v").column("x", Type::Text).build().unwrap();
    refused(store.create_table(&table), "42P07", "view v exists");
    let nowhere = ViewDefinition::builder("w", "nowhere").aggregate("n", F::CountRows);
    refused(store.create_view(&nowhere), "42P01", "nowhere");
    let empty = ViewDefinition::builder("w", "trades").group("symbol", symbol());
    refused(store.create_view(&empty), "42P17", "no aggregates");
    refused(store.create_view(&view("w").group("x", column("y"))), "42703", "y");
    let sum = view("w").aggregate("sum", F::Sum(symbol()));
    refused(store.create_view(&sum), "42883", "aggregate \"sum\"");
    refused(store.create_view(&view("w").filter(symbol())), "42804", "WHERE");
    refused(store.create_view(&view("w").group("N", symbol())), "42701", "two columns");
    let rest = column("price").times(constant(2));
    refused(store.create_view(&view("w").group("x", rest)), "0A000", "cast it to a DECIMAL");
    refused(store.create_view(&view("w").group("x", constant(Value::Null))), "42P18", "NULL");
    refused(store.create_view(&view("w").having(column("m").greater(constant(1)))), "42703", "m");
    let rollup = ViewDefinition::builder("w", "v").aggregate("n", F::CountRows);
    refused(store.create_view(&rollup), "0A000", "view v");
    for number in 0..31 {
        store.create_view(&view(&format!("many {number}"))).unwrap();
    }
    refused(store.create_view(&view("w")), "54000", "32 views");
    refused(store.drop_view("w"), "42P01", "view w");
    store.drop_view("V").unwrap();
    store.create_view(&view("w")).unwrap();
}

#[test]
fn a_row_that_a_view_cannot_take_is_refused_before_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = trades(&store);
    let view = ViewDefinition::builder("by_rest", "trades")
        .group("rest", constant(100).divided_by(column("quantity")))
        .aggregate("last", F::Last { value: column("note"), order: column("id") });
    store.create_view(&view).unwrap();
    let row = |quantity: i64, note: &str| -> Vec<Value> {
        let (one, null) = (Value::from(1), Value::Null);
        let symbol = Value::from("A");
        vec![1.into(), one, symbol, null.clone(), quantity.into(), null, note.into()]
    };
    refused(store.insert(&table, row(0, "")), "22012", "view by_rest: ");
    refused(store.insert(&table, row(1, &"x".repeat(1_100))), "54000", "view by_rest: ");
    store.insert(&table, row(1, "x")).unwrap();
    refused(store.update(&table, &[1.into()], &[("quantity", 0.into())]), "22012", "by_rest");
    // A transaction that catches the refusal goes on.
    store
        .transaction(|transaction| {
            assert!(transaction.insert(&table, row(0, "")).is_err());
            let mut other = row(5, "y");
            other[0] = 2.into();
            transaction.insert(&table, other).map(drop)
        })
        .unwrap();
    assert_sound(&store);
    assert_eq!(store.cut().count(&table).unwrap(), 2);
    // Nor is a view made that a row cannot be in.
    store.drop_view("by_rest").unwrap();
    store.update(&table, &[1.into()], &[("quantity", 0.into())]).unwrap();
    refused(store.create_view(&view), "22012", "view by_rest: ");
    assert!(store.views().is_empty());
}

fn keys(groups: &[Group]) -> Vec<Value> {
    groups.iter().map(|group| group.key()[0].clone()).collect()
}

fn filled(store: &Database) -> (Table, View) {
    let table = trades(store);
    let view = store.create_view(&by_symbol()).unwrap();
    for (id, (symbol, quantity)) in
        [("A", 5), ("B", 7), ("A", 9), ("C", 1), ("B", 7), ("D", 16)].iter().enumerate()
    {
        let id = i64::try_from(id).unwrap();
        let mut row = vec![Value::Null; 7];
        (row[0], row[1], row[2]) = (id.into(), (id * 7).into(), (*symbol).into());
        (row[3], row[4]) = (Value::from(id + 1), (*quantity).into());
        store.insert(&table, row).unwrap();
    }
    (table, view)
}

#[test]
fn groups_are_read_by_key_by_range_and_by_rank() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (table, view) = filled(&store);
    let a = store.group(&view, &["A".into()]).unwrap().unwrap();
    assert_eq!(a.get("TRADES").unwrap(), &Value::Integer(2));
    assert_eq!(a.get("volume").unwrap(), &Value::Integer(14));
    assert_eq!(a.get("users").unwrap(), &Value::Integer(2));
    assert_eq!(a.get("median").unwrap(), &Value::Double(2.0));
    let freshness = store.cut().view_freshness(&view).unwrap();
    assert_eq!((freshness.lsn, freshness.lag_records), (store.cut().lsn(), Some(0)));
    refused(a.get("nothing"), "42703", "nothing");
    assert!(store.group(&view, &["Z".into()]).unwrap().is_none());
    refused(store.group(&view, &[]), "42601", "1 columns");
    let cut = store.cut();
    let read = |range: &Range, order| keys(&store.groups(&view, range, order).unwrap());
    let all = ["A", "B", "C", "D"].map(Value::from);
    assert_eq!(read(&Range::all(), Order::Ascending), all);
    assert_eq!(read(&Range::all(), Order::Any), all);
    let mut down = all.to_vec();
    down.reverse();
    assert_eq!(read(&Range::all(), Order::Descending), down);
    assert_eq!(read(&Range::all().after("A").to("C"), Order::Ascending), all[1..3]);
    let top = |order, limit| {
        keys(&store.top_groups(&view, &Range::all(), "volume", order, limit).unwrap())
    };
    assert_eq!(top(Order::Descending, 3), ["D", "A", "B"].map(Value::from));
    assert_eq!(top(Order::Ascending, 2), ["C", "A"].map(Value::from));
    // A Cut is as it was.
    store.delete(&table, &[3.into()]).unwrap();
    assert!(cut.group(&view, &["C".into()]).unwrap().is_some());
    assert!(store.group(&view, &["C".into()]).unwrap().is_none());
    // HAVING shows what it holds for.
    let having = ViewDefinition::builder("busy", "trades")
        .group("symbol", column("symbol"))
        .aggregate("trades", F::CountRows)
        .having(column("trades").greater(constant(1)).and(column("symbol").not_equal("B")));
    let busy = store.create_view(&having).unwrap();
    assert_eq!(
        keys(&store.groups(&busy, &Range::all(), Order::Any).unwrap()),
        ["A"].map(Value::from)
    );
    assert!(store.group(&busy, &["B".into()]).unwrap().is_none());
    store.drop_view("busy").unwrap();
    refused(store.group(&busy, &["A".into()]), "42P01", "busy");
    assert_sound(&store);
}

#[test]
fn a_transaction_is_judged_by_what_it_read_of_a_view() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (table, view) = filled(&store);
    let mut runs = 0;
    store
        .transaction(|transaction| {
            runs += 1;
            let a = transaction.group(&view, &["A".into()])?.unwrap();
            let median = a.get("median")?.clone();
            if runs == 1 {
                // Another thread's commit: the median is another, and nothing else.
                let (other, table) = (store.clone(), table.clone());
                let other = sync::spawn("other", move || {
                    other.update(&table, &[0.into()], &[("price", 4.into())])
                });
                other.join().unwrap()?;
            } else {
                assert_eq!(median, Value::Double(3.5));
            }
            transaction.update(&table, &[5.into()], &[("note", "seen".into())])?;
            Ok(())
        })
        .unwrap();
    assert_eq!(runs, 2);
    assert_sound(&store);
}

#[test]
fn a_view_whose_groups_hold_the_shard_key_is_read_in_their_shard() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = trades(&store);
    let owned = store.create_view(&by_user().owned()).unwrap();
    let partial = store.create_view(&by_symbol()).unwrap();
    assert!(!owned.is_partial() && partial.is_partial());
    let mut random = Random(3);
    for id in 0..200 {
        store.insert(&table, random.row(id)).unwrap();
    }
    let all = store.groups(&owned, &Range::all(), Order::Ascending).unwrap();
    for user in 0..12 {
        let of_user: Vec<_> = all.iter().filter(|group| group.key()[0] == user.into()).collect();
        let range = Range::prefix([user.into()]);
        let found = store.groups(&owned, &range, Order::Ascending).unwrap();
        let values = |groups: &[&Group]| -> Vec<Vec<Value>> {
            groups.iter().map(|group| group.values().to_vec()).collect()
        };
        assert_eq!(values(&found.iter().collect::<Vec<_>>()), values(&of_user), "{user}");
        for group in of_user {
            let again = store.group(&owned, group.key()).unwrap().unwrap();
            assert_eq!(again.values(), group.values());
        }
        // Under the mutex of one shard; a partial view takes it to the others.
        let seen = store.shard_transaction(&table, &[user.into()], |transaction| {
            let owned = transaction.groups(&owned, &range, Order::Ascending)?.count();
            Ok((owned, transaction.group(&partial, &[Value::Null])?.is_some()))
        });
        assert_eq!(seen.unwrap(), (found.len(), true));
    }
}

#[test]
fn tables_with_views_are_changed_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (_, view) = filled(&store);
    store.create_view(&by_user()).unwrap();
    let alter = |alteration| store.alter_table("trades", &[alteration]);
    let rename = |from: &str| Alteration::RenameColumn { from: from.into(), to: "other".into() };
    let retype = |column: &str, data_type| Alteration::SetType { column: column.into(), data_type };
    refused(store.drop_table("trades"), "2BP01", "view by_symbol");
    refused(alter(Alteration::DropColumn("rate".into())), "2BP01", "view by_symbol");
    refused(alter(rename("rate")), "2BP01", "view by_symbol");
    refused(alter(retype("quantity", Type::BigInt)), "2BP01", "view by_symbol");
    // Others go on, and the views stay right.
    let unused = bourse::schema::Column::new("unused", Type::Integer);
    alter(Alteration::AddColumn(unused)).unwrap();
    alter(Alteration::SetNotNull("symbol".into())).unwrap();
    alter(rename("unused")).unwrap();
    alter(retype("other", Type::Text)).unwrap();
    assert_sound(&store);
    let before = store.group(&view, &["A".into()]).unwrap().unwrap();
    assert_eq!(before.get("volume").unwrap(), &Value::Integer(14));
    alter(Alteration::Rename("executions".into())).unwrap();
    assert_eq!(store.view("by_symbol").unwrap().definition().table, "executions");
    // A column in front of others that a view reads.
    let drop_note = [Alteration::DropColumnCascade("note".into())];
    store.alter_table("executions", &drop_note).unwrap();
    assert!(store.views().is_empty());
    let late = ViewDefinition::builder("late", "executions")
        .group("other", column("other"))
        .aggregate("trades", F::CountRows);
    let late = store.create_view(&late).unwrap();
    store.alter_table("executions", &[Alteration::DropColumn("rate".into())]).unwrap();
    assert_sound(&store);
    let table = store.table("executions").unwrap();
    store.update(&table, &[0.into()], &[("other", "x".into())]).unwrap();
    assert_sound(&store);
    let groups = store.groups(&late, &Range::all(), Order::Ascending).unwrap();
    assert_eq!(keys(&groups), [Value::Null, "x".into()]);
    store.truncate(&Truncate::of(["executions"])).unwrap();
    assert!(store.groups(&late, &Range::all(), Order::Any).unwrap().is_empty());
    assert_sound(&store);
}

#[test]
fn a_bulk_load_builds_views() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = trades(&store);
    for view in [by_symbol(), by_user(), all()] {
        store.create_view(&view).unwrap();
    }
    let mut random = Random(7);
    let rows: Vec<_> = (0..3_000).map(|id| random.row(id)).collect();
    store.bulk_load(&table, LoadOrder::Unsorted, rows.into_iter().map(Ok)).unwrap();
    assert_sound(&store);
    for _ in 0..50 {
        change(&store, &table, &mut random);
    }
    assert_sound(&store);
    drop(store);
    let store = open(folder.path());
    assert_sound(&store);
    let report = store.check(&mut |_| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
    // One that a view cannot take ends the load.
    store.truncate(&Truncate::of(["trades"])).unwrap();
    let view = ViewDefinition::builder("by_rest", "trades")
        .group("rest", constant(100).divided_by(column("quantity")))
        .aggregate("n", F::CountRows);
    store.create_view(&view).unwrap();
    let mut row = random.row(1);
    row[4] = 0.into();
    let load = store.bulk_load(&table, LoadOrder::Sorted, [Ok(row)].into_iter());
    refused(load, "22012", "view by_rest");
    assert_eq!(store.cut().count(&table).unwrap(), 0);
    assert_sound(&store);
}

/// Guards the reservation: what applying writes into views has its space before the commit, so a
/// store without space refuses, and never stops.
#[test]
fn a_full_store_refuses_what_views_have_no_space_for_and_goes_on() {
    const PAGES: u32 = 4_000;
    let folder = tempfile::tempdir().unwrap();
    let store = open_of_size(folder.path(), PAGES);
    let table = trades(&store);
    for view in [by_symbol(), by_user()] {
        store.create_view(&view).unwrap();
    }
    let mut random = Random(5);
    let (mut refusals, mut inserted) = (0, Vec::new());
    for turn in 0..800 {
        // In groups of their own, with long keys, so that nearly all is the views'.
        let rows: Vec<Vec<Value>> = (0..4)
            .map(|number| {
                let mut row = random.row(turn * 10 + number);
                row[2] = format!("{turn} {number} {}", "s".repeat(900)).into();
                row
            })
            .collect();
        let added = store.transaction(|transaction| {
            rows.iter().try_for_each(|row| transaction.insert(&table, row.clone()).map(drop))
        });
        match added {
            Ok(()) => inserted.extend(rows.iter().map(|row| row[0].clone())),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Full, "{error:?}");
                refusals += 1;
            }
        }
        if refusals == 20 {
            break;
        }
    }
    assert_sound(&store);
    assert!(refusals > 0 && inserted.len() > 100, "{refusals} refused, {} in", inserted.len());
    // Deletes make space again, once it was checkpointed.
    for id in &inserted {
        let key = std::slice::from_ref(id);
        let deleted = match store.delete(&table, key) {
            Err(error) if error.kind() == ErrorKind::Full => {
                for _ in 0..2 {
                    store.checkpoint().unwrap();
                }
                store.delete(&table, key)
            }
            deleted => deleted,
        };
        assert!(deleted.unwrap());
    }
    assert_sound(&store);
    store.insert(&table, random.row(1)).unwrap();
    drop(store);
    assert_sound(&open_of_size(folder.path(), PAGES));
}
