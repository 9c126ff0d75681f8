//! Rows that expire: every view goes on to show what it would show if they were still there, in
//! each way in which it is read, while rows come, change and go; and no row comes back.

use std::time::Duration;

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, ViewBuilder};
use bourse::{
    Alteration, Cut, Database, FeedDefinition, IndexDefinition, LoadOrder, Order, Range, Result,
    Table, TableDefinition, Transaction, Truncate, Type, Value, View, ViewDefinition,
};
use bourse_storage::sync::sim::{self, Outcome};
use bourse_storage::vfs::sim::{Fault, SimVfs};

use crate::expect::{options_on, refused, sound};
use crate::views::{Random, open};

/// Two tables with the same rows, but that those of the first expire.
const TABLES: [&str; 2] = ["trades", "all_trades"];

fn table(name: &str) -> TableDefinition {
    TableDefinition::builder(name)
        .column("id", Type::BigInt)
        .column("user", Type::BigInt)
        .column("at", Type::BigInt)
        .column("price", Type::Decimal { precision: 18, scale: 2 })
        .column("rate", Type::Double)
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["user"])
        .index(IndexDefinition::on("by_price", ["price"]).global())
        .index(IndexDefinition::on("by_at", ["at"]))
        .build()
        .unwrap()
}

fn aggregates(view: ViewBuilder) -> ViewBuilder {
    view.aggregate("trades", F::CountRows)
        .aggregate("sum", F::Sum(column("price")))
        .aggregate("mean", F::Average(column("rate")))
        .aggregate("spread", F::VarianceSample(column("rate")))
        .aggregate("low", F::Minimum(column("price")))
        .aggregate("high", F::Maximum(column("note")))
        .aggregate("first", F::First { value: column("note"), order: column("at") })
        .aggregate("last", F::Last { value: column("price"), order: column("at") })
}

/// Partial, owned with an index, in the shard of the rows, hidden in part, and rolled up.
fn views(store: &Database, table: &str) -> Vec<View> {
    let name = |name: &str| format!("{name} of {table}");
    let base = |view: &str| ViewDefinition::builder(name(view), table);
    let third = || column("at").remainder(constant(3));
    let rollup = ViewDefinition::rollup(name("above"), name("partial"));
    let views = [
        aggregates(base("partial").group("third", third()).group("note", column("note"))),
        aggregates(base("owned").group("third", third()))
            .owned()
            .index("by_sum", "sum", Order::Descending)
            .index("by_low", "low", Order::Ascending),
        aggregates(base("users").group("user", column("user"))),
        aggregates(base("shown").group("third", third()))
            .owned()
            .having(column("trades").greater(constant(9))),
        aggregates(base("total")).filter(column("price").greater(constant(3))),
        rollup.group("note", column("note")),
    ];
    views.iter().map(|view| store.create_view(view).unwrap()).collect()
}

/// Texts of all that is read of a view.
trait Reads {
    fn shown(&self, view: &View) -> Vec<String>;
}

macro_rules! reads {
    ($reader:ty) => {
        impl Reads for $reader {
            fn shown(&self, view: &View) -> Vec<String> {
                let groups = self.groups(view, &Range::all(), Order::Descending).unwrap();
                let groups = groups.collect::<Result<Vec<_>>>().unwrap();
                let mut shown: Vec<_> =
                    groups.iter().map(|g| format!("{:?}", g.values())).collect();
                for group in &groups {
                    let one = self.group(view, group.key()).unwrap().unwrap();
                    shown.push(format!("{:?}", one.values()));
                }
                for (column, order) in [("sum", Order::Descending), ("low", Order::Ascending)] {
                    let top = self.top_groups(view, &Range::all(), column, order, 3).unwrap();
                    shown.extend(top.iter().map(|group| format!("{:?}", group.values())));
                }
                shown
            }
        }
    };
}
reads!(Cut);
reads!(Transaction<'_>);

struct World {
    store: Database,
    tables: [Table; 2],
    views: [Vec<View>; 2],
    watermark: i64,
}

impl World {
    fn of(store: Database) -> World {
        let tables = TABLES.map(|name| store.create_table(&table(name)).unwrap());
        let views = TABLES.map(|name| views(&store, name));
        World { store, tables, views, watermark: 0 }
    }

    fn assert_alike(&self, reads: &impl Reads) {
        for (view, all) in self.views[0].iter().zip(&self.views[1]) {
            assert_eq!(reads.shown(view), reads.shown(all), "{}", view.name());
        }
    }

    /// Changes the same row of both tables, where it has not expired.
    fn change(&self, transaction: &mut Transaction<'_>, random: &mut Random) -> Result<()> {
        let id = random.below(400);
        let at = self.watermark - 3 + random.below(40);
        let row = |random: &mut Random| -> Vec<Value> {
            let price = bourse::Decimal::new(random.below(900).into(), 2).unwrap();
            let rate = [0.1, 1e100, -1e100, 2.5][usize::try_from(random.below(4)).unwrap()];
            let at = if random.below(20) == 0 { Value::Null } else { at.into() };
            let note = format!("note {}", random.below(4));
            let user = random.below(9);
            vec![id.into(), user.into(), at, price.into(), rate.into(), note.into()]
        };
        let row = row(random);
        let is_old = |row: &[Value]| matches!(row[2], Value::Integer(at) if at < self.watermark);
        let there = transaction.get(&self.tables[0], &[id.into()])?.map(|row| row.values());
        let deletes = random.below(4) == 0;
        if there.is_none() {
            // In the other table it may be there, of old.
            if transaction.get(&self.tables[1], &[id.into()])?.is_some() {
                return Ok(());
            }
        }
        for table in &self.tables {
            match &there {
                Some(_) if deletes => drop(transaction.delete(table, &[id.into()])?),
                _ if is_old(&row) => {
                    if table.name() == TABLES[0] {
                        refused(transaction.upsert(table, row.clone()), "23514");
                    }
                }
                _ => drop(transaction.upsert(table, row.clone())?),
            }
        }
        Ok(())
    }

    fn expire(&mut self, to: i64) {
        self.watermark = to;
        self.store.expire_before("trades", "at", to.into()).unwrap();
        let cut = self.store.cut();
        for row in cut.scan(&self.tables[0], &Range::all(), Order::Any).unwrap() {
            let at = row.unwrap().get(2).to_value();
            assert!(!matches!(at, Value::Integer(at) if at < to), "{at:?}");
        }
    }
}

#[test]
fn views_go_on_to_show_what_has_expired() {
    for seed in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let mut world = World::of(open(folder.path()));
        let mut random = Random(seed);
        world.expire(0);
        for turn in 0..60 {
            let (from, count) = (random.0, 1 + random.below(15));
            let looks = turn % 5 == 0;
            let changed = world.store.transaction(|transaction| {
                let mut random = Random(from);
                for _ in 0..count {
                    world.change(transaction, &mut random)?;
                }
                if looks {
                    world.assert_alike(transaction);
                }
                Ok(())
            });
            changed.unwrap();
            random.0 = random.0.wrapping_add(from | 1);
            if turn % 4 == 3 {
                world.expire(world.watermark + random.below(9));
            }
            world.assert_alike(&world.store.cut());
        }
        sound(&world.store);
        let report = world.store.check_view(&world.views[0][1]).unwrap();
        assert!(report.views[0].frozen > 0);
        let World { store, tables, views, watermark } = world;
        drop(store);
        let store = open(folder.path());
        let mut world = World { store, tables, views, watermark };
        world.assert_alike(&world.store.cut());
        // All of it, but for rows without an age.
        world.expire(1_000_000);
        world.assert_alike(&world.store.cut());
        sound(&world.store);
    }
}

/// The machine crashes while rows expire; what is left goes afterwards, each row once.
#[test]
fn a_crash_leaves_rows_that_go_later() {
    let mut left = 0;
    for seed in 0..40 {
        let mut vfs = SimVfs::new(seed);
        let disk = vfs.clone();
        let outcome = sim::run(seed, &sim::Options::default(), move || {
            let store = Database::open("/store", options_on(&disk)).unwrap();
            let world = World::of(store);
            let rows = |from: i64, t: &mut Transaction<'_>| {
                for id in from..from + 10 {
                    for table in &world.tables {
                        let (user, at, note) = (id % 11, id % 37, format!("n{}", id % 5));
                        let price = bourse::Decimal::new(id.into(), 2)?;
                        let (price, rate) = (Value::from(price), Value::Double(0.1));
                        let ids = [Value::from(id), user.into(), at.into()];
                        t.insert(
                            table,
                            ids.into_iter().chain([price, rate, note.into()]).collect(),
                        )?;
                    }
                }
                Ok(())
            };
            for from in (0..400).step_by(10) {
                world.store.transaction(|t| rows(from, t)).unwrap();
            }
            world.store.checkpoint().unwrap();
            disk.inject(Fault::Crash, 1 + seed % 9);
            drop(world.store.expire_before("trades", "at", 30.into()));
            bourse_storage::sync::sleep(Duration::from_secs(1));
        });
        match outcome {
            Outcome::Panicked(message) => panic!("seed {seed}: {message}"),
            Outcome::Crashed | Outcome::Finished(()) => {}
        }
        vfs = vfs.reboot(seed);
        let store = Database::open("/store", options_on(&vfs)).unwrap();
        let tables = TABLES.map(|name| store.table(name).unwrap());
        let views = TABLES.map(|name| {
            let views = ["partial", "owned", "users", "shown", "total", "above"];
            views.map(|view| store.view(&format!("{view} of {name}")).unwrap()).to_vec()
        });
        let mut world = World { store, tables, views, watermark: 30 };
        world.assert_alike(&world.store.cut());
        let gone = world.store.resume_expiry().unwrap();
        left += u64::from(gone > 0);
        world.assert_alike(&world.store.cut());
        world.expire(30);
        assert_eq!(world.store.resume_expiry().unwrap(), 0);
        sound(&world.store);
    }
    assert!(left > 5, "only {left} crashes left rows");
}

#[test]
fn what_cannot_expire_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let trades = store.create_table(&table("trades")).unwrap();
    let refuse = |column: &str, before: Value, sqlstate: &str, told: &str| {
        let message = refused(store.expire_before("trades", column, before), sqlstate);
        assert!(message.contains(told), "{message}");
    };
    refuse("note", "x".into(), "42804", "tells no age");
    refuse("nothing", 1.into(), "42703", "nothing");
    refuse("at", Value::Null, "22004", "NULL");
    let view = |name: &str| ViewDefinition::builder(name, "trades").group("user", column("user"));
    let distinct = || view("distinct").aggregate("notes", F::CountDistinct(column("note")));
    store.create_view(&distinct()).unwrap();
    refuse("at", 1.into(), "0A000", "view distinct");
    store.drop_view("distinct").unwrap();
    assert_eq!(store.expire_before("trades", "at", 10.into()).unwrap(), 0);
    refuse("at", 9.into(), "22023", "gone already");
    refuse("id", 11.into(), "22023", "by column at");
    refused(store.create_view(&distinct()), "0A000");
    store.create_view(&view("kept").aggregate("trades", F::CountRows)).unwrap();
    let row = |at: i64| -> Vec<Value> {
        vec![at.into(), 1.into(), at.into(), Value::Null, Value::Null, Value::Null]
    };
    let insert = |at: i64| store.transaction(|t| t.insert(&trades, row(at)).map(drop));
    let message = refused(insert(9), "23514");
    assert!(message.contains("at is 9") && message.contains("before 10"), "{message}");
    insert(10).unwrap();
    let old = store.transaction(|t| t.update(&trades, &[10.into()], &[("at", 3.into())]));
    refused(old, "23514");
    let load = store.bulk_load(&trades, LoadOrder::Sorted, std::iter::empty());
    refused(load, "0A000");
    let alter = |alteration: Alteration| store.alter_table("trades", &[alteration]);
    refused(alter(Alteration::DropColumn("at".into())), "2BP01");
    refused(alter(Alteration::DropColumnCascade("at".into())), "2BP01");
    let to = "time".to_owned();
    refused(alter(Alteration::RenameColumn { from: "at".into(), to }), "2BP01");
    let (column, data_type) = ("rate".to_owned(), Type::Integer);
    refused(alter(Alteration::SetType { column, data_type }), "0A000");
    alter(Alteration::DropColumn("note".into())).unwrap();
    refused(insert_short(&store, 9), "23514");
    assert_eq!(store.expire_before("trades", "at", 11.into()).unwrap(), 1);
    let kept = store.view("kept").unwrap();
    let group = store.group(&kept, &[1.into()]).unwrap().unwrap();
    assert_eq!(group.get("trades").unwrap(), &Value::Integer(1));
    // What is emptied is empty.
    store.truncate(&Truncate::of(["trades"])).unwrap();
    assert!(store.group(&kept, &[1.into()]).unwrap().is_none());
    store.drop_view("kept").unwrap();
    store.drop_table("trades").unwrap();
    store.create_table(&table("trades")).unwrap();
    insert_short(&store, 9).unwrap();
}

fn insert_short(store: &Database, at: i64) -> Result<()> {
    let trades = store.table("trades").unwrap();
    let columns = trades.definition().columns.len();
    let mut row: Vec<Value> = vec![at.into(), 1.into(), at.into()];
    row.resize(columns, Value::Null);
    store.transaction(|t| t.insert(&trades, row.clone()).map(drop))
}

/// A feed of the table tells that the rows are gone, one of a view nothing: it shows them still.
#[test]
fn feeds_tell_what_is_seen_of_expiry() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::of(open(folder.path()));
    let owned = "owned of trades";
    world.store.create_feed("rows", &FeedDefinition::of_table("trades")).unwrap();
    world.store.create_feed("groups", &FeedDefinition::of_view(owned)).unwrap();
    let insert = |world: &World, id: i64, at: i64| {
        let row: Vec<Value> = vec![
            id.into(),
            id.into(),
            at.into(),
            Value::Decimal(id.into()),
            0.5.into(),
            "n".into(),
        ];
        world.store.transaction(|t| t.insert(&world.tables[0], row.clone()).map(drop)).unwrap();
    };
    (0..30).for_each(|id| insert(&world, id, id));
    world.expire(20);
    insert(&world, 40, 21);
    let mut rows = world.store.subscribe("rows").unwrap();
    let mut gone = 0;
    while let Some(changes) = rows.try_next().unwrap() {
        gone += changes.rows().filter(|row| row.after().is_none()).count();
    }
    assert_eq!(gone, 20);
    let mut groups = world.store.subscribe("groups").unwrap();
    let mut told = Vec::new();
    while let Some(changes) = groups.try_next().unwrap() {
        for change in changes.groups() {
            let shown =
                |group: Option<bourse::view::Group>| group.map(|g| format!("{:?}", g.values()));
            told.push((shown(change.before().unwrap()), shown(change.after().unwrap())));
        }
    }
    assert_eq!(told.len(), 31);
    let of_first = |told: &&(Option<String>, Option<String>)| {
        told.1.as_ref().is_some_and(|shown| shown.starts_with("[Integer(0)"))
    };
    let of_first: Vec<_> = told.iter().filter(of_first).collect();
    assert!(of_first.windows(2).all(|pair| pair[0].1 == pair[1].0), "{of_first:?}");
}
