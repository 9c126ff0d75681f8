//! A transaction sees its own changes in the views of what it changed, as it will be when it has
//! committed: groups, ranges of them, the first ones, roll-ups, medians and distinct values.

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Group};
use bourse::{
    Database, Error, Order, Range, Table, Transaction, TransactionOptions, Value, View,
    ViewDefinition,
};

use crate::views::{Random, assert_sound, every_aggregate, make, open, trades, turns};

fn views(store: &Database) -> Vec<View> {
    let by_symbol = |name: &str| {
        every_aggregate(ViewDefinition::builder(name, "trades").group("symbol", column("symbol")))
    };
    let views = [
        by_symbol("partial"),
        by_symbol("owned").owned().index("by_volume", "volume", Order::Descending),
        by_symbol("ascending").owned().index("by_low", "low", Order::Ascending),
        every_aggregate(
            ViewDefinition::builder("users", "trades")
                .group("user_id", column("user_id"))
                .group("size", column("quantity").divided_by(constant(25))),
        )
        .having(column("trades").greater(constant(1))),
        ViewDefinition::builder("total", "trades").aggregate("trades", F::CountRows),
        ViewDefinition::rollup("by_size", "users").group("size", column("size")),
    ];
    views.iter().map(|view| store.create_view(view).unwrap()).collect()
}

/// All that can be read of views: as texts, in which NaN is NaN.
trait Reads {
    fn groups(&self, view: &View, range: &Range, order: Order) -> Result<Vec<Group>, Error>;
    fn group(&self, view: &View, key: &[Value]) -> Result<Option<Group>, Error>;
    fn top(&self, view: &View, column: &str, order: Order) -> Result<Vec<Group>, Error>;
}

macro_rules! reads {
    ($reader:ty) => {
        impl Reads for $reader {
            fn groups(
                &self,
                view: &View,
                range: &Range,
                order: Order,
            ) -> Result<Vec<Group>, Error> {
                <$reader>::groups(self, view, range, order)?.collect()
            }

            fn group(&self, view: &View, key: &[Value]) -> Result<Option<Group>, Error> {
                <$reader>::group(self, view, key)
            }

            fn top(&self, view: &View, column: &str, order: Order) -> Result<Vec<Group>, Error> {
                self.top_groups(view, &Range::all(), column, order, 3)
            }
        }
    };
}
reads!(bourse::Cut);
reads!(Transaction<'_>);

fn seen(reader: &impl Reads, views: &[View]) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    let mut note = |what: &str, groups: &[Group]| {
        seen.extend(groups.iter().map(|group| format!("{what}: {:?}", group.values())));
    };
    for view in views {
        for order in [Order::Ascending, Order::Descending] {
            note(view.name(), &reader.groups(view, &Range::all(), order)?);
        }
        let keys: &[&[Value]] = match view.name() {
            "total" => &[&[]],
            "users" => {
                &[&[Value::Integer(3), Value::Integer(1)], &[Value::Integer(4), Value::Null]]
            }
            "by_size" => &[&[Value::Integer(2)], &[Value::Null]],
            _ => &[&[Value::Null], &[Value::Text("AAPL".into())]],
        };
        for key in keys {
            let found = reader.group(view, key)?;
            note("one", &found.into_iter().collect::<Vec<_>>());
        }
        if view.name() == "users" {
            note("range", &reader.groups(view, &Range::prefix([5.into()]).from(1), Order::Any)?);
            note("range", &reader.groups(view, &Range::all().from(7), Order::Descending)?);
        }
        if view.name() != "total" {
            note("most", &reader.top(view, "volume", Order::Descending)?);
            note("least", &reader.top(view, "low", Order::Ascending)?);
        }
    }
    Ok(seen)
}

fn filled(store: &Database, random: &mut Random) -> Table {
    let table = trades(store);
    let turns = turns(250, random);
    store.transaction(|transaction| make(transaction, &table, &turns)).unwrap();
    table
}

#[test]
fn a_transaction_sees_in_views_what_it_has_changed() {
    for seed in 1..=5 {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let mut random = Random(seed);
        let table = filled(&store, &mut random);
        let views = views(&store);
        for round in 0..12 {
            let count = if round == 7 { 300 } else { 1 + 3 * round };
            let turns = turns(count, &mut random);
            let inside = store
                .transaction(|transaction| {
                    make(transaction, &table, &turns)?;
                    seen(transaction, &views)
                })
                .unwrap();
            assert_eq!(inside, seen(&store.cut(), &views).unwrap(), "seed {seed}, round {round}");
            // In a shard's own transaction, which takes others to read all groups.
            let inside = store
                .shard_transaction(&table, &[5.into()], |transaction| {
                    let changed = [("quantity", Value::from(33)), ("user_id", 5.into())];
                    transaction.update(&table, &[round_key(round)], &changed)?;
                    seen(transaction, &views)
                })
                .unwrap();
            assert_eq!(inside, seen(&store.cut(), &views).unwrap(), "seed {seed}, round {round}");
        }
        assert_sound(&store);
    }
}

fn round_key(round: usize) -> Value {
    i64::try_from(round * 11).unwrap().into()
}

/// Savepoints take back what views show, and rows that others lock stay others'.
#[test]
fn an_interactive_transaction_sees_its_changes_and_takes_them_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut random = Random(8);
    let table = filled(&store, &mut random);
    let views = views(&store);
    for round in 0..6 {
        let mut session = store.begin(TransactionOptions::default()).unwrap();
        let before = session.statement(|transaction| seen(transaction, &views)).unwrap();
        assert_eq!(before, seen(&store.cut(), &views).unwrap());
        let first = turns(10 + round, &mut random);
        session.statement(|transaction| make(transaction, &table, &first)).unwrap();
        let inside = session.statement(|transaction| seen(transaction, &views)).unwrap();
        session.savepoint("here").unwrap();
        let more = turns(25, &mut random);
        session.statement(|transaction| make(transaction, &table, &more)).unwrap();
        let further = session.statement(|transaction| seen(transaction, &views)).unwrap();
        assert_ne!(further, inside);
        // Nobody else sees any of it.
        assert_eq!(before, seen(&store.cut(), &views).unwrap());
        if round % 2 == 0 {
            session.rollback_to("here").unwrap();
            let back = session.statement(|transaction| seen(transaction, &views)).unwrap();
            assert_eq!(back, inside);
        }
        let last = session.statement(|transaction| seen(transaction, &views)).unwrap();
        if round == 5 {
            session.rollback();
            assert_eq!(before, seen(&store.cut(), &views).unwrap());
        } else {
            session.commit().unwrap();
            assert_eq!(last, seen(&store.cut(), &views).unwrap(), "round {round}");
        }
        assert_sound(&store);
    }
}
