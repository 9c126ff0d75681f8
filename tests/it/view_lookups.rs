//! Views with lookups show what joining their groups with the other tables by hand shows, in every
//! state, whatever was done to either side; and what would depend on a column that is looked up
//! when a group is read, or would leave a lookup without its key, is refused by name.

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Group, Lookup, ViewBuilder};
use bourse::{
    Alteration, Cut, Database, Error, IndexDefinition, LoadOrder, Order, Range, Table,
    TableDefinition, Transaction, Truncate, Type, Value, View, ViewDefinition,
};

use crate::expect::{refused, sound};
use crate::views::{Random, open};

struct World {
    store: Database,
    /// id BIGINT, account BIGINT, symbol TEXT, venue INTEGER, quantity BIGINT; by account.
    trades: Table,
    /// id BIGINT primary key, owner TEXT, country TEXT.
    accounts: Table,
    /// number BIGINT primary key; symbol TEXT, unique in the shard of symbol; company TEXT.
    listings: Table,
    /// id BIGINT identity; code INTEGER, globally unique; city TEXT.
    venues: Table,
}

fn world(folder: &std::path::Path) -> World {
    let store = open(folder);
    let trades = TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .column("account", Type::BigInt)
        .column("symbol", Type::Text)
        .column("venue", Type::BigInt)
        .column("quantity", Type::BigInt)
        .primary_key(["id", "account"])
        .shard_key(["account"]);
    let accounts = TableDefinition::builder("accounts")
        .column("id", Type::BigInt)
        .column("spare", Type::Text)
        .column("owner", Type::Text)
        .column("country", Type::Text)
        .primary_key(["id"]);
    let listings = TableDefinition::builder("listings")
        .column("number", Type::BigInt)
        .column("symbol", Type::Text)
        .column("company", Type::Text)
        .primary_key(["number", "symbol"])
        .shard_key(["symbol"])
        .index(IndexDefinition::on("one_symbol", ["symbol"]).unique());
    let venues = TableDefinition::builder("venues")
        .column("id", Type::BigInt)
        .column("code", Type::Integer)
        .column("city", Type::Text)
        .primary_key(["id"])
        .index(IndexDefinition::on("one_code", ["code"]).unique());
    let make =
        |table: bourse::schema::TableBuilder| store.create_table(&table.build().unwrap()).unwrap();
    let [trades, accounts, listings, venues] = [trades, accounts, listings, venues].map(make);
    World { store, trades, accounts, listings, venues }
}

fn base(name: &str) -> ViewBuilder {
    ViewDefinition::builder(name, "trades")
        .group("account", column("account"))
        .group("symbol", column("symbol"))
        .group("venue", column("venue"))
        .aggregate("trades", F::CountRows)
        .aggregate("volume", F::Sum(column("quantity")))
}

fn of_account() -> Lookup<String> {
    Lookup::of("accounts", ["account"]).column("owner", "owner").column("country", "country")
}

fn of_symbol() -> Lookup<String> {
    Lookup::of("listings", ["symbol"]).key(["symbol"]).column("company", "company")
}

fn of_venue() -> Lookup<String> {
    Lookup::of("venues", ["venue"]).key(["code"]).column("city", "city")
}

/// Pairs of a view with lookups and one without, and the output columns that name the rows:
/// account, symbol and venue.
fn views(store: &Database) -> Vec<(View, View)> {
    let in_london =
        || column("city").equal(constant("London")).or(column("volume").less(constant(40)));
    let pairs = [
        (base("left"), base("left alone")),
        (base("owned").owned(), base("owned alone").owned()),
        (
            base("by volume").owned().index("by_volume", "volume", Order::Descending),
            base("by volume alone").owned(),
        ),
    ];
    let mut made = Vec::new();
    for (at, (with, without)) in pairs.into_iter().enumerate() {
        let with = with.lookup(of_account()).lookup(of_symbol());
        let with = match at {
            0 => with.lookup(of_venue()),
            1 => with.lookup(of_venue().inner()),
            _ => with.lookup(of_venue()).having(in_london()),
        };
        made.push((store.create_view(&with).unwrap(), store.create_view(&without).unwrap()));
    }
    let rollup = |name: &str, base: &str| {
        ViewDefinition::rollup(name, base)
            .group("account", column("account"))
            .group("symbol", column("symbol"))
            .group("venue", column("venue").remainder(constant(4)))
    };
    let above = rollup("above", "left").lookup(of_account().inner()).lookup(of_symbol());
    let above = above.lookup(of_venue());
    let above = store.create_view(&above).unwrap();
    made.push((above, store.create_view(&rollup("above alone", "left alone")).unwrap()));
    made
}

/// What both kinds of snapshot read.
trait Reads {
    fn all(&self, view: &View) -> Vec<Group>;
    fn one(&self, view: &View, key: &[Value]) -> Option<Group>;
    fn top(&self, view: &View, column: &str) -> Vec<Group>;
    fn rows(&self, table: &Table) -> Vec<Vec<Value>>;
}

macro_rules! reads {
    ($reader:ty) => {
        impl Reads for $reader {
            fn all(&self, view: &View) -> Vec<Group> {
                let groups = self.groups(view, &Range::all(), Order::Ascending).unwrap();
                groups.collect::<Result<_, _>>().unwrap()
            }

            fn one(&self, view: &View, key: &[Value]) -> Option<Group> {
                self.group(view, key).unwrap()
            }

            fn top(&self, view: &View, column: &str) -> Vec<Group> {
                self.top_groups(view, &Range::all(), column, Order::Descending, 7).unwrap()
            }

            fn rows(&self, table: &Table) -> Vec<Vec<Value>> {
                let rows = self.scan(table, &Range::all(), Order::Ascending).unwrap();
                rows.map(|row| row.unwrap().values()).collect()
            }
        }
    };
}
reads!(Cut);
reads!(Transaction<'_>);

/// The groups of a view without lookups, joined by hand.
fn joined(world: &World, reads: &impl Reads, (with, without): &(View, View)) -> Vec<Vec<Value>> {
    let found = |table: &Table, at: usize, value: &Value| {
        let mut rows = reads.rows(table).into_iter();
        rows.find(|row| !value.is_null() && row[at] == *value)
    };
    let mut all = Vec::new();
    for group in reads.all(without) {
        let mut values = group.values().to_vec();
        let account = found(&world.accounts, 0, &values[0]);
        let listing = found(&world.listings, 1, &values[1]);
        let venue = found(&world.venues, 1, &values[2]);
        let of = |row: &Option<Vec<Value>>, at: usize| {
            row.as_ref().map_or(Value::Null, |row| row[at].clone())
        };
        values.extend([of(&account, 2), of(&account, 3), of(&listing, 2), of(&venue, 2)]);
        let is_shown = match with.name() {
            "owned" => venue.is_some(),
            "above" => account.is_some(),
            "by volume" => {
                let is_small = matches!(values[4], Value::Decimal(sum) if sum < 40.into());
                values[8] == "London".into() || is_small
            }
            _ => true,
        };
        if is_shown {
            all.push(values);
        }
    }
    all
}

fn values(groups: Vec<Group>) -> Vec<Vec<Value>> {
    groups.into_iter().map(|group| group.values().to_vec()).collect()
}

fn assert_joined(world: &World, reads: &impl Reads, views: &[(View, View)]) {
    for pair in views {
        let (view, name) = (&pair.0, pair.0.name());
        let expected = joined(world, reads, pair);
        assert_eq!(values(reads.all(view)), expected, "{name}");
        for group in reads.all(&pair.1) {
            let found = reads.one(view, group.key());
            let wanted = expected.iter().find(|values| values[..3] == *group.key());
            assert_eq!(found.map(|found| found.values().to_vec()).as_ref(), wanted, "{name}");
        }
        for (column, at) in [("volume", 4), ("city", 8)] {
            let mut sorted = expected.clone();
            sorted.sort_by(|a, b| match (&a[at], &b[at]) {
                (Value::Null, Value::Null) => std::cmp::Ordering::Equal,
                (Value::Null, _) => std::cmp::Ordering::Greater,
                (_, Value::Null) => std::cmp::Ordering::Less,
                (Value::Text(a), Value::Text(b)) => b.cmp(a),
                (Value::Decimal(a), Value::Decimal(b)) => b.cmp(a),
                (a, b) => panic!("{a:?} and {b:?}"),
            });
            sorted.truncate(7);
            assert_eq!(values(reads.top(view, column)), sorted, "{name} by {column}");
        }
    }
}

/// Changes a row of one of the tables.
fn change(
    world: &World,
    transaction: &mut Transaction<'_>,
    random: &mut Random,
) -> Result<(), Error> {
    let symbol = |number: i64| {
        Value::from(["AAPL", "MSFT", "NVDA", "TSLA"][usize::try_from(number).unwrap()])
    };
    let (table, row) = match random.below(6) {
        0 => {
            let id = random.below(6);
            let (owner, country) = (
                format!("owner {}", random.below(9)),
                ["GB", "FR"][usize::try_from(random.below(2)).unwrap()],
            );
            (&world.accounts, vec![id.into(), Value::Null, owner.into(), country.into()])
        }
        1 => {
            let symbol = symbol(random.below(4));
            (
                &world.listings,
                vec![7.into(), symbol, format!("company {}", random.below(99)).into()],
            )
        }
        2 => {
            let id = random.below(4);
            // Codes go from one row to another only when they are free.
            let code = if random.below(3) == 0 { Value::Null } else { id.into() };
            let city = ["London", "Paris"][usize::try_from(random.below(2)).unwrap()];
            (&world.venues, vec![(id + 900).into(), code, city.into()])
        }
        _ => {
            let (id, account) = (random.below(40), random.below(8));
            let venue = match random.below(7) {
                6 => Value::Null,
                // No INTEGER.
                5 => (1_i64 << 40).into(),
                venue => venue.into(),
            };
            let symbol = if random.below(9) == 0 { Value::Null } else { symbol(random.below(4)) };
            let quantity = random.below(50);
            (&world.trades, vec![id.into(), account.into(), symbol, venue, quantity.into()])
        }
    };
    let key: Vec<Value> = match table.name() {
        "trades" | "listings" => row[..2].to_vec(),
        _ => row[..1].to_vec(),
    };
    if transaction.get(table, &key)?.is_some() {
        transaction.delete(table, &key)?;
        if random.below(3) == 0 {
            return Ok(());
        }
    }
    transaction.insert(table, row)?;
    Ok(())
}

/// The columns behind one that is dropped move, and are shown as before; without a row they are
/// NULL.
fn drop_spare_column(world: &World, view: &View) {
    let store = &world.store;
    let owners = || {
        let groups = store.groups(view, &Range::all(), Order::Ascending).unwrap();
        groups.iter().map(|group| group.get("owner").unwrap().clone()).collect::<Vec<_>>()
    };
    let before = owners();
    assert!(before.iter().any(|owner| !owner.is_null()));
    store.alter_table("accounts", &[Alteration::DropColumn("spare".into())]).unwrap();
    assert_eq!(store.table("accounts").unwrap().definition().position("owner").unwrap(), 1);
    assert_eq!(owners(), before);
    store.truncate(&Truncate::of(["accounts"])).unwrap();
    assert!(owners().iter().all(Value::is_null));
}

#[test]
fn groups_are_joined_as_by_hand() {
    for seed in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let world = world(folder.path());
        let mut random = Random(seed);
        let views = views(&world.store);
        for turn in 0..40 {
            let changes = 1 + random.below(12);
            let from = random.0;
            let looks = turn % 4 == 0;
            let result = world.store.transaction(|transaction| {
                let mut random = Random(from);
                for _ in 0..changes {
                    change(&world, transaction, &mut random)?;
                }
                if looks {
                    assert_joined(&world, transaction, &views);
                }
                Ok(())
            });
            result.unwrap();
            random.0 = random.0.wrapping_add(from | 1);
            assert_joined(&world, &world.store.cut(), &views);
        }
        drop_spare_column(&world, &views[0].0);
        sound(&world.store);
        let World { store, .. } = world;
        drop(store);
        let store = open(folder.path());
        let view = store.view("owned").unwrap();
        assert_eq!(view.definition(), views[1].0.definition());
        assert_eq!(view.columns().len(), 9);
    }
}

#[test]
fn many_groups_are_joined_in_batches() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(folder.path());
    let view = base("many").lookup(of_account().inner());
    let view = world.store.create_view(&view).unwrap();
    let rows = (0..3_000_i64)
        .map(|id| Ok::<_, Error>(vec![id.into(), id.into(), Value::Null, 1.into(), id.into()]));
    world.store.bulk_load(&world.trades, LoadOrder::Sorted, rows).unwrap();
    let rows = (0..3_000_i64).filter(|id| id % 3 == 0);
    let rows = rows.map(|id| {
        Ok::<_, Error>(vec![id.into(), Value::Null, format!("owner {id}").into(), "GB".into()])
    });
    world.store.bulk_load(&world.accounts, LoadOrder::Sorted, rows).unwrap();
    let groups = world.store.groups(&view, &Range::all(), Order::Descending).unwrap();
    let owners: Vec<_> = groups.iter().map(|group| group.get("owner").unwrap().clone()).collect();
    let expected = (0..1_000).rev().map(|id| Value::from(format!("owner {}", 3 * id)));
    assert_eq!(owners, expected.collect::<Vec<_>>());
}

#[test]
fn what_depends_on_a_looked_up_column_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(folder.path());
    let refuse = |view: ViewBuilder, sqlstate: &str, told: &str| {
        let message = refused(world.store.create_view(&view), sqlstate);
        assert!(message.contains(told), "{message}");
    };
    let with = |name: &str| base(name).lookup(of_account());
    refuse(with("v").filter(column("country").equal(constant("GB"))), "0A000", "HAVING may");
    refuse(with("v").aggregate("x", F::Maximum(column("owner"))), "0A000", "in an aggregate");
    let filtered = bourse::view::Aggregate::new("x", F::CountRows)
        .filter(column("country").equal(constant("GB")));
    refuse(with("v").with(filtered), "0A000", "in an aggregate");
    refuse(with("v").group("land", column("country")), "0A000", "group by these");
    refuse(with("v").owned().index("i", "owner", Order::Ascending), "0A000", "in index i");
    refuse(with("v").owned_by(["country"]), "0A000", "say its shard");
    refuse(base("v").lookup(of_account().column("volume", "owner")), "42701", "volume");
    refuse(base("v").lookup(Lookup::of("accounts", ["account"])), "42P17", "shows none");
    refuse(
        base("v").lookup(Lookup::of("nothing", ["account"]).column("a", "b")),
        "42P01",
        "nothing",
    );
    let by = |column: &str| Lookup::of("accounts", [column]).column("owner", "owner");
    refuse(base("v").lookup(by("quantity")), "42703", "quantity");
    refuse(base("v").lookup(by("symbol")), "42804", "TEXT");
    refuse(base("v").lookup(by("account").column("x", "y")), "42703", "y");
    refuse(base("v").lookup(by("account").key(["country"])), "42830", "unique index");
    refuse(
        base("v").lookup(Lookup::of("listings", ["symbol"]).column("a", "company")),
        "42830",
        "2",
    );
    world.store.create_view(&with("there")).unwrap();
    let above = ViewDefinition::rollup("v", "there").group("land", column("country"));
    refuse(above, "0A000", "look it up in the roll-up too");
    // A roll-up does not inherit what is looked up.
    let above = ViewDefinition::rollup("v", "there").group("account", column("account"));
    let above = world.store.create_view(&above).unwrap();
    let names: Vec<_> = above.columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["account", "trades", "volume"]);
}

#[test]
fn what_a_lookup_needs_stays() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(folder.path());
    let store = &world.store;
    let view = base("joined").lookup(of_account()).lookup(of_symbol()).lookup(of_venue());
    store.create_view(&view).unwrap();
    let refuse = |result: Result<(), Error>| {
        let message = refused(result, "2BP01");
        assert!(message.contains("joined"), "{message}");
    };
    let alter = |table: &str, alteration: Alteration| store.alter_table(table, &[alteration]);
    refuse(store.drop_table("accounts"));
    refuse(alter("accounts", Alteration::DropColumn("owner".into())));
    refuse(alter("accounts", Alteration::DropColumnCascade("owner".into())));
    let to = "name".to_owned();
    refuse(alter("accounts", Alteration::RenameColumn { from: "owner".into(), to: to.clone() }));
    let column = "country".to_owned();
    refuse(alter("accounts", Alteration::SetType { column, data_type: Type::Blob }));
    let (column, data_type) = ("code".to_owned(), Type::BigInt);
    refuse(alter("venues", Alteration::SetType { column, data_type }));
    refuse(alter("venues", Alteration::DropColumnCascade("code".into())));
    refuse(store.drop_index("venues", "one_code"));
    refuse(store.drop_index("listings", "one_symbol"));
    // One of two is enough.
    let other = IndexDefinition::on("other_code", ["code"]).unique();
    store.create_index("venues", other).unwrap();
    store.drop_index("venues", "one_code").unwrap();
    refuse(store.drop_index("venues", "other_code"));
    alter("accounts", Alteration::Rename("clients".into())).unwrap();
    let known = store.view("joined").unwrap();
    assert_eq!(known.definition().lookups[0].table, "clients");
    alter("clients", Alteration::DropColumn("spare".into())).unwrap();
    store.drop_view("joined").unwrap();
    store.drop_table("clients").unwrap();
    store.drop_index("venues", "other_code").unwrap();
}
