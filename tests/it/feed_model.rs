//! A feed against the states of its tables and views: under random transactions of every kind,
//! alterations, truncations, loads, checkpoints and reopens, whoever applies the changes that it is
//! told to a copy has the table, and each old row is the one that the copy has; so it is with
//! groups.

use std::collections::BTreeMap;

use bourse::expression::{column, constant};
use bourse::schema::{Action, Column, Default};
use bourse::view::{AggregateFunction as F, Group, ViewBuilder};
use bourse::{
    Alteration, Change, Changes, Database, FeedDefinition, ForeignKey, LoadOrder, Options, Order,
    OwnedRow, Range, Result, Subscription, Table, TableDefinition, Transaction, TransactionOptions,
    Truncate, Type, Value, ViewDefinition,
};
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{options_on, rows, sound};

const IDS: u64 = 30;
const PARENTS: u64 = 6;

/// Rows by key, each with a value for each column of its time.
type Rows = BTreeMap<Vec<u8>, Vec<Value>>;

/// A copy of a table that knows nothing but what its feed tells.
struct Copy {
    feed: &'static str,
    columns: Vec<Column>,
    rows: Rows,
    told: u64,
}

fn key_of(values: &[Value]) -> Vec<u8> {
    format!("{:?}", values[0]).into_bytes()
}

impl Copy {
    fn of(feed: &'static str, store: &Database, table: &str) -> Copy {
        let columns = store.table(table).unwrap().definition().columns.clone();
        Copy { feed, columns, rows: Rows::new(), told: 0 }
    }

    /// Takes all that there is, now and then beginning anew where it is.
    fn follow(&mut self, store: &Database, random: &mut Random) {
        let mut subscription = store.subscribe(self.feed).unwrap();
        while let Some(changes) = subscription.try_next().unwrap() {
            self.take(&changes);
            if random.one_in(3) {
                store.transaction(|t| t.advance_feed(self.feed, changes.position())).unwrap();
            } else {
                subscription.acknowledge(changes.position()).unwrap();
            }
            if random.one_in(6) {
                drop(subscription);
                subscription = store.subscribe(self.feed).unwrap();
            }
        }
        self.acknowledge(&mut subscription);
    }

    fn acknowledge(&self, subscription: &mut Subscription) {
        let reached = subscription.reached();
        subscription.acknowledge(reached).unwrap();
    }

    fn take(&mut self, changes: &Changes) {
        self.told += 1;
        let before = self.rows.clone();
        let mut altered = false;
        for change in changes.list() {
            match change {
                Change::Truncated => self.rows.clear(),
                Change::Altered(table) => {
                    self.alter(table);
                    altered = true;
                }
                Change::Row(row) => {
                    let key = row.key().unwrap();
                    let (old, new) = (row.before().map(OwnedRow::values), row.after());
                    let key = key_of(&key);
                    let had = if altered { before.get(&key) } else { self.rows.get(&key) };
                    assert_eq!(had, old.as_ref(), "{}: what is replaced is there", self.feed);
                    match new {
                        Some(new) => self.rows.insert(key, new.values()),
                        None => self.rows.remove(&key),
                    };
                }
                other => panic!("{other:?}"),
            }
        }
    }

    /// Brings the rows to other columns, by their names.
    fn alter(&mut self, table: &Table) {
        let columns = table.definition().columns.clone();
        for row in self.rows.values_mut() {
            let value = |column: &Column| {
                let before = self.columns.iter().position(|old| old.name == column.name);
                before.map_or_else(|| column.missing.clone(), |at| row[at].clone())
            };
            let values = columns.iter().map(value).collect();
            *row = values;
        }
        self.columns = columns;
    }

    fn equals(&self, store: &Database, table: &str, has: impl Fn(&[Value]) -> bool) {
        let table = store.table(table).unwrap();
        let found = rows(store, &table).into_iter().filter(|row| has(row));
        let found: Rows = found.map(|row| (key_of(&row), row)).collect();
        assert_eq!(self.rows, found, "{} tells what is there", self.feed);
    }
}

/// A copy of a view that knows nothing but what its feed tells.
struct GroupCopy {
    view: &'static str,
    groups: BTreeMap<String, Vec<Value>>,
    told: u64,
}

/// The views: owned by the whole group, by some of it, by nothing as its groups hold the shard key;
/// of one some groups are hidden, of one only a range is told.
const VIEWS: [&str; 5] = ["parents_of", "halves", "lanes", "shown", "few"];

fn view(name: &'static str) -> ViewBuilder {
    let view = ViewDefinition::builder(name, "child");
    let view = match name {
        "parents_of" => view.group("parent", column("parent")).owned(),
        "halves" => view
            .group("half", column("id").remainder(constant(2)))
            .group("lane", column("lane"))
            .owned_by(["half"])
            .index("by_sum", "sum", Order::Descending),
        "lanes" => view.group("lane", column("lane")).filter(column("id").greater(constant(4))),
        "shown" => view
            .group("parent", column("parent"))
            .having(column("rows").greater(constant(2)))
            .owned(),
        _ => view.group("third", column("id").remainder(constant(3))).owned(),
    };
    view.aggregate("rows", F::CountRows)
        .aggregate("sum", F::Sum(column("id")))
        .aggregate("low", F::Minimum(column("id")))
        .aggregate("high", F::Maximum(column("lane")))
        .aggregate("lanes", F::CountDistinct(column("lane")))
        .aggregate("last", F::Last { value: column("parent"), order: column("lane") })
}

impl GroupCopy {
    fn follow(&mut self, store: &Database, random: &mut Random) {
        let mut subscription = store.subscribe(self.view).unwrap();
        while let Some(changes) = subscription.try_next().unwrap() {
            assert!(changes.is_last());
            self.take(&changes);
            subscription.acknowledge(changes.position()).unwrap();
            if random.one_in(6) {
                drop(subscription);
                subscription = store.subscribe(self.view).unwrap();
            }
        }
        let reached = subscription.reached();
        subscription.acknowledge(reached).unwrap();
    }

    fn take(&mut self, changes: &Changes) {
        self.told += 1;
        for change in changes.list() {
            let change = match change {
                Change::Truncated => {
                    self.groups.clear();
                    continue;
                }
                Change::Group(change) => change,
                other => panic!("{other:?}"),
            };
            let values = |group: Option<Group>| group.map(|group| group.values().to_vec());
            let key = format!("{:?}", change.key().unwrap());
            let (old, new) = (values(change.before().unwrap()), values(change.after().unwrap()));
            assert_ne!(old, new, "{}: what is told has changed", self.view);
            assert_eq!(self.groups.get(&key), old.as_ref(), "{}: it was there", self.view);
            match new {
                Some(new) => self.groups.insert(key, new),
                None => self.groups.remove(&key),
            };
        }
    }

    fn equals(&self, store: &Database) {
        let view = store.view(self.view).unwrap();
        let found = store.groups(&view, &Range::all(), Order::Ascending).unwrap();
        let found =
            found.into_iter().filter(|group| self.view != "few" || group.key() == [1.into()]);
        let found: BTreeMap<String, Vec<Value>> =
            found.map(|group| (format!("{:?}", group.key()), group.values().to_vec())).collect();
        assert_eq!(self.groups, found, "{} tells what is there", self.view);
    }
}

fn setup(store: &Database) {
    let parent = TableDefinition::builder("parent")
        .column("id", Type::BigInt)
        .not_null()
        .column("name", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let child = TableDefinition::builder("child")
        .column("id", Type::BigInt)
        .not_null()
        .column("lane", Type::BigInt)
        .not_null()
        .column("parent", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["lane"])
        .foreign_key(ForeignKey::on("of", ["parent"], "parent").on_delete(Action::Cascade))
        .build()
        .unwrap();
    store.create_table(&parent).unwrap();
    store.create_table(&child).unwrap();
    store.create_feed("parents", &FeedDefinition::of_table("parent")).unwrap();
    store.create_feed("children", &FeedDefinition::of_table("child")).unwrap();
    let some = FeedDefinition::of_table("child").range(Range::all().from(10).before(20));
    store.create_feed("some", &some).unwrap();
    for name in VIEWS {
        store.create_view(&view(name)).unwrap();
        let feed = FeedDefinition::of_view(name);
        let feed = if name == "few" { feed.range(Range::prefix([Value::from(1)])) } else { feed };
        store.create_feed(name, &feed).unwrap();
    }
}

struct Writer<'w> {
    store: &'w Database,
    random: &'w mut Random,
}

impl Writer<'_> {
    fn id(&mut self) -> Value {
        self.random.below(IDS).cast_signed().into()
    }

    fn parent(&mut self) -> Value {
        self.random.below(PARENTS).cast_signed().into()
    }

    fn row(&mut self, table: &Table, bytes: usize) -> Vec<Value> {
        let mut values = vec![
            self.id(),
            self.random.below(8).cast_signed().into(),
            if self.random.one_in(4) { Value::Null } else { self.parent() },
        ];
        for column in &table.definition().columns[3..] {
            let seed = self.random.below(100).cast_signed();
            values.push(match column.data_type {
                Type::Text => format!("{seed}{}", "0".repeat(bytes)).into(),
                _ => seed.into(),
            });
        }
        values
    }

    /// A few changes of rows in a transaction of some kind.
    fn change(&mut self, way: u64) {
        let child = self.store.table("child").unwrap();
        let parent = self.store.table("parent").unwrap();
        let steps: Vec<(u64, Vec<Value>, Value)> = (0..=self.random.below(5))
            .map(|_| (self.random.below(8), self.row(&child, 3), self.parent()))
            .collect();
        let apply = |t: &mut Transaction<'_>| -> Result<()> {
            for (kind, values, number) in &steps {
                // What a constraint refuses does not happen, and the rest does.
                let key = [values[0].clone()];
                let refused = match kind {
                    0 => t.insert(&child, values.clone()).map(drop),
                    1 | 2 => t.upsert(&child, values.clone()).map(drop),
                    3 => t.delete(&child, &key).map(drop),
                    4 => t.update(&child, &key, &[("lane", values[1].clone())]).map(drop),
                    5 => t.update(&child, &key, &[("id", values[1].clone())]).map(drop),
                    6 => t.delete(&parent, std::slice::from_ref(number)).map(drop),
                    _ => t.upsert(&parent, vec![number.clone(), "p".into()]).map(drop),
                };
                match refused {
                    Err(error) if !error.sqlstate().starts_with("23") => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        };
        match way {
            0 => self.store.transaction(apply).unwrap(),
            1 => {
                let lane = steps[0].1[1].clone();
                self.store.shard_transaction(&child, &[lane], apply).unwrap();
            }
            2 => self.store.submit().transaction(apply).wait().unwrap(),
            _ => {
                let mut interactive = self.store.begin(TransactionOptions::default()).unwrap();
                interactive.statement(apply).unwrap();
                interactive.savepoint("s").unwrap();
                interactive.statement(apply).unwrap();
                if self.random.one_in(2) {
                    interactive.rollback_to("s").unwrap();
                }
                interactive.statement(apply).unwrap();
                interactive.commit().unwrap();
            }
        }
    }

    /// More than 1 MiB: logged ahead of its commit.
    fn large(&mut self) {
        let child = self.store.table("child").unwrap();
        if child.definition().columns.get(3).is_none_or(|column| column.data_type != Type::Text) {
            return;
        }
        let rows: Vec<_> = (0..24).map(|_| self.row(&child, 60_000)).collect();
        let written = self.store.transaction(|t| {
            for row in &rows {
                let mut row = row.clone();
                row[2] = Value::Null;
                t.upsert(&child, row)?;
            }
            Ok(())
        });
        written.unwrap();
    }

    fn alter(&mut self) {
        let definition = self.store.table("child").unwrap().definition().clone();
        let alteration = match definition.columns.get(3) {
            None => Alteration::AddColumn(Column {
                default: Some(Default::Constant("7".into())),
                ..Column::new("note", Type::Text)
            }),
            Some(note) if note.data_type == Type::Text && self.random.one_in(2) => {
                Alteration::DropColumn("note".into())
            }
            Some(note) if note.data_type == Type::Text => {
                // Not every text is a number that fits.
                let table = self.store.table("child").unwrap();
                let fits = |row: &Vec<Value>| match &row[3] {
                    Value::Text(text) => text.len() < 8,
                    _ => true,
                };
                if !rows(self.store, &table).iter().all(fits) {
                    return;
                }
                Alteration::SetType { column: "note".into(), data_type: Type::Integer }
            }
            Some(note) if note.data_type == Type::Integer => {
                Alteration::SetType { column: "note".into(), data_type: Type::BigInt }
            }
            Some(_) => Alteration::SetType { column: "note".into(), data_type: Type::Text },
        };
        let mut alterations = vec![alteration];
        if let Alteration::SetType { column, .. } = &alterations[0] {
            alterations.insert(0, Alteration::DropDefault(column.clone()));
        }
        self.store.alter_table("child", &alterations).unwrap();
    }

    fn load(&mut self) {
        self.store.truncate(&Truncate::of(["child"])).unwrap();
        let child = self.store.table("child").unwrap();
        let all: Vec<_> = (0..IDS.cast_signed())
            .map(|id| {
                let mut row = self.row(&child, 3);
                (row[0], row[2]) = (id.into(), Value::Null);
                Ok(row)
            })
            .collect();
        self.store.bulk_load(&child, LoadOrder::Sorted, all.into_iter()).unwrap();
    }
}

fn run(seed: u64) {
    let mut random = Random::new(seed);
    let disk = SimVfs::new(seed);
    let options = || Options { log_segment_bytes: 4 << 20, ..options_on(&disk) };
    let mut store = Database::open("/store", options()).unwrap();
    setup(&store);
    let mut copies = [
        Copy::of("parents", &store, "parent"),
        Copy::of("children", &store, "child"),
        Copy::of("some", &store, "child"),
    ];
    let mut groups = VIEWS.map(|view| GroupCopy { view, groups: BTreeMap::new(), told: 0 });
    for _ in 0..70 {
        let kind = random.below(40);
        let mut writer = Writer { store: &store, random: &mut random };
        match kind {
            0 | 1 => writer.alter(),
            2 => writer.store.truncate(&Truncate::of(["child"])).unwrap(),
            3 => writer.load(),
            4 => writer.large(),
            5 | 6 => store.checkpoint().unwrap(),
            7 => {
                drop(store);
                store = Database::open("/store", options()).unwrap();
            }
            8 => drop(store.create_index("child", bourse::IndexDefinition::on("i", ["parent"]))),
            9..14 => {
                for copy in &mut copies {
                    if random.one_in(2) {
                        copy.follow(&store, &mut random);
                    }
                }
                for copy in &mut groups {
                    if random.one_in(2) {
                        copy.follow(&store, &mut random);
                    }
                }
            }
            kind => writer.change(kind % 4),
        }
    }
    for copy in &mut copies {
        copy.follow(&store, &mut random);
    }
    for copy in &mut groups {
        copy.follow(&store, &mut random);
        copy.equals(&store);
        assert!(copy.told > 5, "seed {seed}: {} changes of {} were told", copy.told, copy.view);
    }
    let [parents, children, some] = &copies;
    parents.equals(&store, "parent", |_| true);
    children.equals(&store, "child", |_| true);
    some.equals(&store, "child", |row| match row[0] {
        Value::Integer(id) => (10..20).contains(&id),
        _ => false,
    });
    assert!(children.told > 5, "seed {seed}: {} transactions were told", children.told);
    sound(&store);
}

#[test]
fn whoever_follows_a_feed_has_the_table() {
    for seed in 0..40 {
        let run = std::panic::catch_unwind(|| run(seed));
        assert!(run.is_ok(), "seed {seed}");
    }
}
