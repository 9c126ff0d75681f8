//! Views that are owned by their groups: one state for each, in the group's own shard, whatever
//! shards the rows lie in; and their ordered indexes.

use bourse::expression::{column, constant};
use bourse::schema::{Action, ForeignKey};
use bourse::view::{AggregateFunction as F, Group, ViewBuilder};
use bourse::{
    Alteration, Database, LoadOrder, Options, Order, Range, Table, TableDefinition, Truncate, Type,
    Value, View, ViewDefinition,
};
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{refused, small_options, small_options_on};
use crate::views::{Random, assert_sound, change, every_aggregate, open, trades};

fn by_symbol(name: &str) -> ViewBuilder {
    every_aggregate(ViewDefinition::builder(name, "trades").group("symbol", column("symbol")))
}

/// Groups enough that some lie in every shard, ordered by what may be NULL, NaN or a decimal.
fn leaders(name: &str) -> ViewBuilder {
    ViewDefinition::builder(name, "trades")
        .group("symbol", column("symbol"))
        .group("note", column("note"))
        .aggregate("trades", F::CountRows)
        .aggregate("volume", F::Sum(column("quantity")))
        .aggregate("rates", F::Sum(column("rate")))
        .aggregate("mean", F::Average(column("price")))
        .aggregate("last", F::Last { value: column("quantity"), order: column("price") })
        .aggregate("users", F::CountDistinct(column("user_id")))
}

const ORDERS: [(&str, Order); 7] = [
    ("volume", Order::Descending),
    ("volume", Order::Ascending),
    ("rates", Order::Descending),
    ("mean", Order::Ascending),
    ("mean", Order::Descending),
    ("last", Order::Ascending),
    ("users", Order::Descending),
];

fn ordered(view: ViewBuilder) -> ViewBuilder {
    ORDERS.iter().enumerate().fold(view, |view, (at, (column, order))| {
        view.index(format!("index {at}"), *column, *order)
    })
}

/// In an order for each symbol.
fn ordered_within(view: ViewBuilder) -> ViewBuilder {
    ORDERS.iter().enumerate().fold(view, |view, (at, (column, order))| {
        view.index_within(format!("index {at}"), ["symbol"], *column, *order)
    })
}

fn values(groups: &[Group]) -> Vec<String> {
    // As texts, in which NaN is NaN.
    groups.iter().map(|group| format!("{:?}", group.values())).collect()
}

fn all(store: &Database, view: &View, order: Order) -> Vec<Group> {
    store.groups(view, &Range::all(), order).unwrap()
}

/// Two views have the same groups, whichever way they are read.
fn assert_alike(store: &Database, owned: &View, partial: &View) {
    for order in [Order::Ascending, Order::Descending] {
        let found = values(&all(store, owned, order));
        assert_eq!(found, values(&all(store, partial, order)), "{}", owned.name());
    }
    for group in all(store, partial, Order::Ascending) {
        let found = store.group(owned, group.key()).unwrap();
        assert_eq!(values(&found.into_iter().collect::<Vec<_>>()), values(&[group]));
    }
}

fn assert_ordered(store: &Database, owned: &View, partial: &View) {
    for (column, order) in ORDERS {
        for limit in [0, 1, 3, 100] {
            let top = |view| store.top_groups(view, &Range::all(), column, order, limit).unwrap();
            assert_eq!(values(&top(owned)), values(&top(partial)), "{column} {order:?} {limit}");
        }
    }
}

/// Of each symbol, and of one that has no group.
fn assert_ordered_within(store: &Database, ranked: &View, plain: &View) {
    let mut symbols: Vec<Value> = vec!["NONE".into()];
    for group in all(store, plain, Order::Ascending) {
        symbols.push(group.key()[0].clone());
    }
    symbols.dedup();
    for symbol in symbols {
        let range = Range::prefix([symbol.clone()]);
        for (column, order) in ORDERS {
            for limit in [1, 3, 100] {
                let top = |view| store.top_groups(view, &range, column, order, limit).unwrap();
                let (found, wanted) = (values(&top(ranked)), values(&top(plain)));
                assert_eq!(found, wanted, "{symbol:?} {column} {order:?} {limit}");
            }
        }
    }
}

#[test]
fn owned_views_equal_their_recomputation_whatever_is_done_to_rows() {
    for seed in 1..=4 {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let table = trades(&store);
        let mut random = Random(seed);
        let partial = store.create_view(&by_symbol("partial")).unwrap();
        let owned = store.create_view(&by_symbol("owned").owned()).unwrap();
        let total = ViewDefinition::builder("total", "trades").aggregate("trades", F::CountRows);
        let total = store.create_view(&total.owned()).unwrap();
        assert!(!owned.is_partial() && partial.is_partial());
        let mut pair = None;
        for turn in 0..200 {
            change(&store, &table, &mut random);
            if turn == 70 {
                // Over rows that are there.
                let plain = store.create_view(&leaders("plain")).unwrap();
                let view = ordered(leaders("leaders").owned_by(["symbol"]));
                let ranked = ordered_within(leaders("ranked").owned_by(["symbol"]));
                let spread = ordered_within(leaders("spread").owned());
                let within = [ranked, spread].map(|view| store.create_view(&view).unwrap());
                pair = Some((store.create_view(&view).unwrap(), plain, within));
            }
            if turn % 20 == 0 {
                assert_sound(&store);
                assert_alike(&store, &owned, &partial);
                if let Some((leaders, plain, within)) = &pair {
                    assert_ordered(&store, leaders, plain);
                    within.iter().for_each(|view| assert_ordered_within(&store, view, plain));
                }
            }
        }
        let (leaders, plain, within) = pair.unwrap();
        assert_sound(&store);
        assert_alike(&store, &owned, &partial);
        assert_alike(&store, &leaders, &plain);
        assert_ordered(&store, &leaders, &plain);
        for view in &within {
            assert_alike(&store, view, &plain);
            assert_ordered_within(&store, view, &plain);
        }
        let report = store.check(&mut |_| ()).unwrap();
        assert!(report.is_sound(), "seed {seed}: {:#?}", report.findings);
        // What recovery replays leads to the same bytes.
        drop(store);
        let store = open(folder.path());
        assert_sound(&store);
        let plain = store.view("plain").unwrap();
        assert_alike(&store, &store.view("leaders").unwrap(), &plain);
        assert_ordered_within(&store, &store.view("ranked").unwrap(), &plain);
        let rows = store.cut().count(&table).unwrap();
        let shown = store.group(&total, &[]).unwrap().unwrap();
        assert_eq!(shown.values(), [Value::Integer(i64::try_from(rows).unwrap())]);
        // All rows away: nothing is left.
        for id in 0..150 {
            store.delete(&table, &[id.into()]).unwrap();
        }
        for view in store.views() {
            assert!(all(&store, &view, Order::Any).is_empty());
            assert_eq!(store.check_view(&view).unwrap().views[0].states, 0);
        }
        assert_sound(&store);
    }
}

/// An index reads what it is asked for: of a store of many groups, not all of them.
#[test]
fn the_first_groups_are_read_without_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), small_options()).unwrap();
    let definition = TableDefinition::builder("scores")
        .column("id", Type::BigInt)
        .column("player", Type::BigInt)
        .column("points", Type::BigInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    let view = ViewDefinition::builder("players", "scores")
        .group("player", column("player"))
        .aggregate("points", F::Sum(column("points")))
        .owned()
        .index("leaders", "points", Order::Descending);
    let view = store.create_view(&view).unwrap();
    let row = |id: i64| vec![id.into(), (id % 500).into(), (id * 7_919 % 1_009).into()];
    store.bulk_load(&table, LoadOrder::Sorted, (0..2_000).map(|id| Ok(row(id)))).unwrap();
    assert_sound(&store);
    let top = |count| {
        let range = Range::all();
        store.top_groups(&view, &range, "points", Order::Descending, count).unwrap()
    };
    let all = top(500);
    assert_eq!(all.len(), 500);
    assert!(all.is_sorted_by(|a, b| {
        let of = |group: &Group| match group.get("points").unwrap() {
            Value::Decimal(points) => points.coefficient(),
            other => panic!("{other:?}"),
        };
        of(a) >= of(b)
    }));
    assert_eq!(values(&top(10)), values(&all[..10]));
    // A sum that does not fit its type is met as it is where all groups are read.
    let huge = TableDefinition::builder("huge")
        .column("id", Type::BigInt)
        .column("amount", Type::Decimal { precision: 38, scale: 0 })
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&huge).unwrap();
    let sums = ViewDefinition::builder("sums", "huge")
        .group("rest", column("id").remainder(constant(2)))
        .aggregate("sum", F::Sum(column("amount")))
        .owned()
        .index("by_sum", "sum", Order::Ascending);
    let sums = store.create_view(&sums).unwrap();
    let most = Value::Decimal(bourse::Decimal::new(10_i128.pow(38) - 1, 0).unwrap());
    for id in 1..=3 {
        store.insert(&table, vec![id.into(), most.clone()]).unwrap();
    }
    let by_sum = || store.top_groups(&sums, &Range::all(), "sum", Order::Ascending, 1);
    refused(by_sum().map(drop), "22003");
    assert_sound(&store);
    store.delete(&table, &[1.into()]).unwrap();
    assert_eq!(by_sum().unwrap()[0].get("sum").unwrap(), &most);
    assert_sound(&store);
}

#[test]
fn what_an_owned_view_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    trades(&store);
    let view = |name: &str| {
        ViewDefinition::builder(name, "trades")
            .group("symbol", column("symbol"))
            .aggregate("trades", F::CountRows)
            .aggregate("note", F::Maximum(column("note")))
            .aggregate(
                "median",
                F::PercentileDiscrete(bourse::view::Fraction::HALF, column("quantity")),
            )
    };
    let create = |view: ViewBuilder| store.create_view(&view).map(drop);
    let order = Order::Descending;
    refused(create(view("v").index("i", "trades", order)), "0A000");
    refused(create(view("v").owned().index("i", "median", order)), "0A000");
    refused(create(view("v").owned().index_within("i", ["note"], "trades", order)), "0A000");
    refused(create(view("v").owned().index_within("i", ["symbol"], "trades", order)), "0A000");
    refused(create(view("v").owned().index("i", "note", order)), "0A000");
    refused(create(view("v").owned().index("i", "symbol", order)), "0A000");
    refused(create(view("v").owned().index("i", "nothing", order)), "42703");
    refused(create(view("v").owned_by(["trades"])), "42703");
    let two = view("v").owned().index("i", "trades", order);
    refused(create(two.clone().index("I", "trades", Order::Ascending)), "42P07");
    let many =
        (0..17).fold(view("v").owned(), |view, at| view.index(format!("{at}"), "trades", order));
    refused(create(many), "54000");
    create(two).unwrap();
    // One whose groups hold the shard key is owned for nothing, and may have indexes.
    let users = ViewDefinition::builder("users", "trades")
        .group("user_id", column("user_id"))
        .aggregate("trades", F::CountRows)
        .index("busy", "trades", order);
    create(users).unwrap();
    assert_eq!(store.view("users").unwrap().definition().owner, None);
    assert_eq!(store.view("v").unwrap().definition().owner, Some(vec![0]));
    assert_sound(&store);
}

#[test]
fn tables_with_owned_views_are_changed_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = trades(&store);
    let mut random = Random(9);
    let partial = store.create_view(&leaders("partial")).unwrap();
    let owned = store.create_view(&ordered(leaders("owned").owned())).unwrap();
    // Bulk load, in order and not.
    for order in [LoadOrder::Unsorted, LoadOrder::Sorted] {
        let rows: Vec<_> = (0..2_000).map(|id| Ok(random.row(id))).collect();
        store.bulk_load(&table, order, rows.into_iter()).unwrap();
        assert_sound(&store);
        assert_alike(&store, &owned, &partial);
        assert_ordered(&store, &owned, &partial);
        store.truncate(&Truncate::of(["trades"])).unwrap();
        assert!(all(&store, &owned, Order::Any).is_empty());
        assert!(
            store
                .top_groups(&owned, &Range::all(), "volume", Order::Descending, 5)
                .unwrap()
                .is_empty()
        );
        assert_sound(&store);
    }
    // A load is replayed.
    let rows: Vec<_> = (0..500).map(|id| Ok(random.row(id))).collect();
    store.bulk_load(&table, LoadOrder::Unsorted, rows.into_iter()).unwrap();
    drop(store);
    let store = open(folder.path());
    assert_sound(&store);
    // All rows written anew, a column in front of those that the views read gone.
    let unused = bourse::schema::Column::new("unused", Type::Integer);
    store.alter_table("trades", &[Alteration::AddColumn(unused)]).unwrap();
    let retype = Alteration::SetType { column: "unused".into(), data_type: Type::Text };
    store.alter_table("trades", &[retype]).unwrap();
    assert_sound(&store);
    assert_ordered(&store, &owned, &partial);
    let other = store.table("trades").unwrap();
    for id in 0..100 {
        store.update(&other, &[id.into()], &[("quantity", (id * 3).into())]).unwrap();
    }
    assert_sound(&store);
    assert_alike(&store, &owned, &partial);
    let drop_note = Alteration::DropColumn("note".into());
    refused(store.alter_table("trades", &[drop_note]), "2BP01");
    store.alter_table("trades", &[Alteration::DropColumnCascade("note".into())]).unwrap();
    assert!(store.views().is_empty());
    let report = store.check(&mut |_| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
}

/// Rows that a foreign key deletes are gone from the groups in other shards too.
#[test]
fn cascades_reach_the_groups_of_other_shards() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let users = TableDefinition::builder("users")
        .column("id", Type::BigInt)
        .primary_key(["id"])
        .build()
        .unwrap();
    let users = store.create_table(&users).unwrap();
    let orders = TableDefinition::builder("orders")
        .column("id", Type::BigInt)
        .column("user_id", Type::BigInt)
        .column("symbol", Type::Text)
        .primary_key(["id"])
        .foreign_key(ForeignKey::on("of_user", ["user_id"], "users").on_delete(Action::Cascade))
        .build()
        .unwrap();
    let orders = store.create_table(&orders).unwrap();
    let view = ViewDefinition::builder("by_symbol", "orders")
        .group("symbol", column("symbol"))
        .aggregate("orders", F::CountRows)
        .aggregate("last", F::Maximum(column("id")))
        .owned()
        .index("busy", "orders", Order::Descending);
    let view = store.create_view(&view).unwrap();
    for user in 0..4 {
        store.insert(&users, vec![user.into()]).unwrap();
    }
    for id in 0..60 {
        let symbol = format!("S{}", id % 7);
        store.insert(&orders, vec![id.into(), (id % 4).into(), symbol.into()]).unwrap();
    }
    store.delete(&users, &[3.into()]).unwrap();
    assert_sound(&store);
    let shown = all(&store, &view, Order::Ascending);
    let orders: i64 = shown
        .iter()
        .map(|group| match group.get("orders").unwrap() {
            Value::Integer(count) => *count,
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(orders, 45);
}

/// Builds with writes between their chunks, a crash in the middle, and going on.
#[test]
fn an_owned_view_is_built_while_others_write_and_after_a_crash() {
    for (after, background) in [(3, false), (5, true), (7, false)] {
        let disk = SimVfs::new(u64::try_from(after).unwrap());
        let options = || Options { shards: 3, ..small_options_on(&disk) };
        let store = Database::open("/store", options()).unwrap();
        let table = trades(&store);
        let mut random = Random(u64::try_from(after).unwrap());
        let rows: Vec<_> = (0..1_500).map(|id| Ok(random.row(id))).collect();
        store.bulk_load(&table, LoadOrder::Sorted, rows.into_iter()).unwrap();
        let view = ordered(leaders("owned").owned());
        let (mut chunks, mut left) = (0, None);
        let built = store.create_view_with_progress(&view, &mut |_| {
            chunks += 1;
            change(&store, &table, &mut random);
            assert_sound(&store);
            if chunks == after / 2 {
                store.checkpoint().unwrap();
            }
            if chunks == after {
                left = Some(disk.reboot(u64::try_from(after).unwrap()));
            }
        });
        assert!(built.is_err());
        let disk = left.unwrap();
        let options = Options { shards: 3, background, ..small_options_on(&disk) };
        let store = Database::open("/store", options).unwrap();
        if background {
            while !store.view("owned").unwrap().is_ready() {
                std::thread::yield_now();
            }
        } else {
            assert!(!store.view("owned").unwrap().is_ready());
            assert_sound(&store);
            store
                .resume_index_builds(&mut |_| {
                    change(&store, &table, &mut random);
                    assert_sound(&store);
                })
                .unwrap();
        }
        let owned = store.view("owned").unwrap();
        // A build in the background is over a moment after its view is ready.
        let partial = loop {
            match store.create_view(&leaders("partial")) {
                Err(error) if error.kind() == bourse_storage::ErrorKind::Busy => {
                    std::thread::yield_now();
                }
                made => break made.unwrap(),
            }
        };
        assert_sound(&store);
        assert_alike(&store, &owned, &partial);
        assert_ordered(&store, &owned, &partial);
        store.close().unwrap();
    }
}

/// Commits of one group meet in its shard and none is lost.
#[test]
fn threads_change_one_group_from_many_shards() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table: Table = trades(&store);
    let view = store.create_view(&by_symbol("owned").owned()).unwrap();
    let threads: Vec<_> = (0..4)
        .map(|thread: i64| {
            let (store, table) = (store.clone(), table.clone());
            bourse_storage::sync::spawn("writer", move || {
                let mut random = Random(u64::try_from(thread).unwrap());
                for number in 0..60 {
                    let mut row = random.row(thread * 1_000 + number);
                    row[2] = "HOT".into();
                    store.insert(&table, row).unwrap();
                    if number % 3 == 0 {
                        store.delete(&table, &[(thread * 1_000 + number).into()]).unwrap();
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_sound(&store);
    let hot = store.group(&view, &["HOT".into()]).unwrap().unwrap();
    assert_eq!(hot.get("trades").unwrap(), &Value::Integer(160));
}
