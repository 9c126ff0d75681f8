//! Roll-ups: the groups of a view put together are what the rows make them, value by value.

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Group, ViewBuilder};
use bourse::{Alteration, Database, Order, Range, Table, Value, View, ViewDefinition};

use crate::expect::refused;
use crate::views::{Random, assert_sound, change, every_aggregate, open, trades};

fn sized(name: &str) -> ViewBuilder {
    every_aggregate(
        ViewDefinition::builder(name, "trades")
            .group("symbol", column("symbol"))
            .group("size", column("quantity")),
    )
}

fn values(groups: &[Group]) -> Vec<String> {
    groups.iter().map(|group| format!("{:?}", group.values())).collect()
}

/// Roll-ups, each with the view over the table that it is to equal.
fn pairs(store: &Database, base: &str) -> Vec<(View, View)> {
    let named = |name: &str| format!("{name} of {base}");
    let tenths = || column("size").divided_by(constant(10));
    let quantity = || column("quantity").divided_by(constant(10));
    let busy = || column("trades").greater(constant(12));
    let pairs = [
        (
            ViewDefinition::rollup(named("tenths"), base)
                .group("symbol", column("symbol"))
                .group("size", tenths()),
            every_aggregate(
                ViewDefinition::builder(named("rows in tenths"), "trades")
                    .group("symbol", column("symbol"))
                    .group("size", quantity()),
            ),
        ),
        (
            // Of a roll-up.
            ViewDefinition::rollup(named("halves"), named("tenths"))
                .group("symbol", column("symbol"))
                .group("half", column("size").divided_by(constant(5)))
                .having(busy()),
            every_aggregate(
                ViewDefinition::builder(named("rows in halves"), "trades")
                    .group("symbol", column("symbol"))
                    .group("half", quantity().divided_by(constant(5))),
            )
            .having(busy()),
        ),
        (
            // In another order than the base.
            ViewDefinition::rollup(named("by size"), base)
                .group("rest", column("size").remainder(constant(7)))
                .group("symbol", column("symbol")),
            every_aggregate(
                ViewDefinition::builder(named("rows by size"), "trades")
                    .group("rest", column("quantity").remainder(constant(7)))
                    .group("symbol", column("symbol")),
            ),
        ),
        (
            ViewDefinition::rollup(named("total"), base),
            every_aggregate(ViewDefinition::builder(named("total of rows"), "trades")),
        ),
    ];
    let create = |view: &ViewBuilder| store.create_view(view).unwrap();
    pairs.iter().map(|(rollup, rows)| (create(rollup), create(rows))).collect()
}

/// Read in each way that there is, a roll-up is what the other view is.
fn assert_alike(store: &Database, rollup: &View, rows: &View, random: &mut Random) {
    let name = rollup.name();
    let read =
        |view: &View, range: &Range, order| values(&store.groups(view, range, order).unwrap());
    for order in [Order::Ascending, Order::Descending] {
        assert_eq!(read(rollup, &Range::all(), order), read(rows, &Range::all(), order), "{name}");
    }
    for group in store.groups(rows, &Range::all(), Order::Any).unwrap() {
        let found = store.group(rollup, group.key()).unwrap();
        assert_eq!(values(&found.into_iter().collect::<Vec<_>>()), values(&[group]), "{name}");
    }
    if rollup.columns()[0].name == "symbol" {
        let (low, high) = (random.below(10) - 1, random.below(12));
        for symbol in [Value::Null, "AAPL".into(), "NVDA".into(), "none".into()] {
            for range in [
                Range::prefix([symbol.clone()]),
                Range::prefix([symbol.clone()]).from(low).before(high),
                Range::prefix([symbol.clone()]).after(low),
                Range::prefix([symbol.clone()]).to(high),
                Range::prefix([symbol.clone(), low.into()]),
                Range::prefix([symbol, Value::Null]),
            ] {
                let found = read(rollup, &range, Order::Descending);
                assert_eq!(found, read(rows, &range, Order::Descending), "{name} {range:?}");
            }
        }
        let range = Range::all().after("AAPL");
        assert_eq!(read(rollup, &range, Order::Any), read(rows, &range, Order::Any), "{name}");
    }
    let top = |view| {
        let range = Range::all();
        values(&store.top_groups(view, &range, "volume", Order::Descending, 4).unwrap())
    };
    assert_eq!(top(rollup), top(rows), "{name}");
}

#[test]
fn rollups_equal_the_same_groups_of_rows() {
    for seed in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let table: Table = trades(&store);
        let mut random = Random(seed);
        store.create_view(&sized("partial").having(column("trades").greater(constant(1)))).unwrap();
        store.create_view(&sized("owned").owned_by(["symbol"])).unwrap();
        let mut pairs = pairs(&store, "partial");
        pairs.append(&mut self::pairs(&store, "owned"));
        for turn in 0..120 {
            change(&store, &table, &mut random);
            if turn % 24 == 0 {
                for (rollup, rows) in &pairs {
                    assert_alike(&store, rollup, rows, &mut random);
                }
            }
        }
        assert_sound(&store);
        let report = store.check(&mut |_| ()).unwrap();
        assert!(report.is_sound() && report.views.len() == 18, "{:#?}", report.findings);
        drop(store);
        let store = open(folder.path());
        for (rollup, rows) in &pairs {
            assert_alike(&store, rollup, rows, &mut random);
        }
    }
}

/// A roll-up of times: what it reads below is the buckets of its range.
#[test]
fn buckets_of_time_are_rolled_up() {
    use bourse::{TableDefinition, Type};
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let definition = TableDefinition::builder("ticks")
        .column("id", Type::BigInt)
        .column("at", Type::Timestamp { precision: 9 })
        .column("day", Type::Date)
        .column("price", Type::Double)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    let ohlc = |view: ViewBuilder| {
        view.aggregate("open", F::First { value: column("price"), order: column("at") })
            .aggregate("high", F::Maximum(column("price")))
            .aggregate("sum", F::Sum(column("price")))
            .aggregate("close", F::Last { value: column("price"), order: column("at") })
    };
    let of = |name: &str, width: &str| {
        let bucket = column("at").time_bucket(constant(width));
        ohlc(ViewDefinition::builder(name, "ticks").group("day", column("day")).group("t", bucket))
    };
    store.create_view(&of("seconds", "1 second")).unwrap();
    let rollup = |name: &str, below: &str, width: &str| {
        ViewDefinition::rollup(name, below)
            .group("day", column("day"))
            .group("t", column("t").time_bucket(constant(width)))
    };
    let mut pairs = Vec::new();
    for (name, below, width) in [
        ("minutes", "seconds", "1 minute"),
        ("hours", "minutes", "1 hour"),
        ("months", "hours", "1 month"),
    ] {
        let above = store.create_view(&rollup(name, below, width)).unwrap();
        pairs.push((above, store.create_view(&of(&format!("rows {name}"), width)).unwrap()));
    }
    let mut random = Random(3);
    for id in 0..400 {
        // Around 1970 and 2024.
        let at = [0, 1_704_000_000][usize::try_from(random.below(2)).unwrap()]
            + random.below(90_000)
            - 45_000;
        let day = i32::try_from(at.div_euclid(86_400)).unwrap();
        let at = Value::Timestamp(at * 1_000_000_000 + random.below(1_000_000_000));
        let price = f64::from(i32::try_from(random.below(1_000)).unwrap()) / 8.0;
        store.insert(&table, vec![id.into(), at, Value::Date(day), price.into()]).unwrap();
    }
    for (above, rows) in &pairs {
        let read = |view: &View, range: &Range| {
            values(&store.groups(view, range, Order::Ascending).unwrap())
        };
        let all = store.groups(rows, &Range::all(), Order::Ascending).unwrap();
        assert_eq!(read(above, &Range::all()), values(&all));
        for group in &all {
            let prefix = Range::prefix(group.key().iter().cloned());
            assert_eq!(read(above, &prefix), values(std::slice::from_ref(group)));
            let [day, at] = group.key() else { panic!("two columns") };
            for range in [
                Range::prefix([day.clone()]).from(at.clone()),
                Range::prefix([day.clone()]).to(at.clone()),
                Range::prefix([day.clone()]).before(at.clone()),
                Range::prefix([day.clone()]).after(at.clone()),
            ] {
                assert_eq!(read(above, &range), read(rows, &range), "{}", above.name());
            }
        }
    }
    assert_sound(&store);
}

#[test]
fn what_is_no_rollup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    trades(&store);
    store.create_view(&sized("base")).unwrap();
    let total = ViewDefinition::builder("total", "trades").aggregate("n", F::CountRows);
    store.create_view(&total).unwrap();
    let rollup =
        |name: &str| ViewDefinition::rollup(name, "base").group("symbol", column("symbol"));
    let create = |view: ViewBuilder| store.create_view(&view).map(drop);
    refused(create(rollup("r").aggregate("n", F::CountRows)), "0A000");
    refused(create(rollup("r").filter(column("size").is_null())), "0A000");
    refused(create(rollup("r").owned()), "0A000");
    refused(create(rollup("r").index("i", "trades", Order::Ascending)), "0A000");
    refused(create(rollup("r").group("other", column("volume"))), "42703");
    refused(create(rollup("r").group("volume", column("size"))), "42701");
    refused(create(rollup("base")), "42P07");
    refused(create(rollup("r").having(column("nothing").is_null())), "42703");
    refused(create(ViewDefinition::rollup("r", "nothing")), "42P01");
    refused(create(ViewDefinition::rollup("r", "trades")), "42809");
    refused(create(ViewDefinition::rollup("r", "total")), "0A000");
    refused(create(ViewDefinition::builder("r", "base").aggregate("n", F::CountRows)), "0A000");
    create(rollup("r")).unwrap();
    create(ViewDefinition::rollup("above", "r")).unwrap();
    refused(store.drop_view("base"), "2BP01");
    refused(store.drop_view("r"), "2BP01");
    let definition = store.view("above").unwrap();
    assert_eq!(definition.definition().base.as_deref(), Some("r"));
    assert_eq!(definition.definition().table, "trades");
    // What goes with a column goes with all that stands upon it.
    refused(store.alter_table("trades", &[Alteration::DropColumn("rate".into())]), "2BP01");
    store.alter_table("trades", &[Alteration::DropColumnCascade("rate".into())]).unwrap();
    let left: Vec<_> = store.views().iter().map(|view| view.name().to_owned()).collect();
    assert_eq!(left, ["total"]);
    assert_sound(&store);
}
