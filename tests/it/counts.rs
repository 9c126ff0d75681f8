//! Counts of ranges against scans of the same ranges.

use bourse::expression::column;
use bourse::{
    Database, IndexDefinition, Options, Order, Range, Table, TableDefinition, Type, Value,
};

use crate::expect::small_options;

const INDEXES: [&str; 4] = ["by_price", "by_price_down", "expensive", "everywhere"];

fn open(folder: &std::path::Path) -> (Database, Table) {
    let options = Options { background: false, ..small_options() };
    let store = Database::open(folder, options).unwrap();
    let definition = TableDefinition::builder("trades")
        .column("user_id", Type::BigInt)
        .not_null()
        .column("id", Type::BigInt)
        .not_null()
        .column("price", Type::BigInt)
        .primary_key(["user_id", "id"])
        .shard_key(["user_id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    for index in [
        IndexDefinition::on(INDEXES[0], ["price", "id"]),
        IndexDefinition::on(INDEXES[1], ["price"]).descending("price"),
        IndexDefinition::on(INDEXES[2], ["price"]).filter(column("price").greater(50)),
        IndexDefinition::on(INDEXES[3], ["price"]).global(),
    ] {
        store.create_index("trades", index).unwrap();
    }
    (store, table)
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        i64::try_from((self.0 >> 33) % limit).unwrap()
    }

    /// NULL now and then.
    fn price(&mut self) -> Value {
        if self.below(10) == 0 { Value::Null } else { self.below(100).into() }
    }

    /// Bounds of any kind on the next column, empty and upside-down ranges among them.
    fn bounded(&mut self, range: Range, limit: u64) -> Range {
        let range = match self.below(3) {
            0 => range.from(self.below(limit)),
            1 => range.after(self.below(limit)),
            _ => range,
        };
        match self.below(3) {
            0 => range.to(self.below(limit)),
            1 => range.before(self.below(limit)),
            _ => range,
        }
    }

    fn range(&mut self, first: u64, second: Option<u64>) -> Range {
        match second {
            Some(second) if self.below(2) == 0 => {
                let prefix = Range::prefix([self.below(first).into()]);
                self.bounded(prefix, second)
            }
            _ => self.bounded(Range::all(), first),
        }
    }
}

fn write(store: &Database, table: &Table, random: &mut Random, turns: usize) {
    let turns: Vec<_> = (0..turns)
        .map(|_| {
            let key = [Value::from(random.below(40)), random.below(200).into()];
            (key, (random.below(4) > 0).then(|| random.price()))
        })
        .collect();
    store
        .transaction(|transaction| {
            for ([user, id], price) in turns.iter().cloned() {
                let _existed = match price {
                    Some(price) => transaction.upsert(table, vec![user, id, price])?,
                    None => transaction.delete(table, &[user, id])?,
                };
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn counts_are_those_of_scans() {
    let folder = tempfile::tempdir().unwrap();
    let (store, table) = open(folder.path());
    let mut random = Random(11);
    let mut nonzero = 0;
    for round in 0..6 {
        let cut = store.cut();
        if round > 0 {
            assert_eq!(cut.count_range(&table, &Range::all()).unwrap(), cut.count(&table).unwrap());
        }
        // The Cut stays what it is while the next round writes.
        write(&store, &table, &mut random, 800);
        for _ in 0..60 {
            let range = random.range(40, Some(200));
            let rows = cut.scan(&table, &range, Order::Ascending).unwrap().count() as u64;
            assert_eq!(cut.count_range(&table, &range).unwrap(), rows, "{range:?}");
            for index in INDEXES {
                let second = (index == "by_price").then_some(200);
                let range = random.range(100, second);
                let mut entries = cut.scan_index(&table, index, &range, Order::Ascending).unwrap();
                let entries = entries.fetch(usize::MAX).unwrap().len() as u64;
                let counted = cut.count_index(&table, index, &range).unwrap();
                assert_eq!(counted, entries, "{index}: {range:?}");
                nonzero += u64::from(counted > 0);
            }
        }
    }
    assert!(nonzero > 300, "most ranges hold something: {nonzero}");
    let cut = store.cut();
    assert_eq!(cut.count_index(&table, "none", &Range::all()).unwrap_err().sqlstate(), "42704");
    let long = Range::prefix([1.into(), 2.into()]).from(3);
    assert!(cut.count_range(&table, &long).is_err());
}

/// A transaction counts its own changes, and runs again when another changes what it counted.
#[test]
fn a_transaction_counts_what_it_would_scan() {
    let folder = tempfile::tempdir().unwrap();
    let (store, table) = open(folder.path());
    for id in 0..30_i64 {
        store.insert(&table, vec![1.into(), id.into(), (id * 3).into()]).unwrap();
    }
    let of_user = Range::prefix([1.into()]);
    let cheap = Range::all().before(30);
    let mut runs = 0;
    let counted = store
        .transaction(|transaction| {
            runs += 1;
            let before = transaction.count_range(&table, &of_user)?;
            if runs == 1 {
                std::thread::scope(|scope| {
                    let other = || store.insert(&table, vec![1.into(), 77.into(), 5.into()]);
                    scope.spawn(other).join().unwrap().unwrap();
                });
            }
            transaction.insert(&table, vec![1.into(), 100.into(), 1.into()])?;
            transaction.delete(&table, &[1.into(), 0.into()])?;
            transaction.delete(&table, &[1.into(), 29.into()])?;
            let after = transaction.count_range(&table, &of_user)?;
            Ok((before, after, transaction.count_index(&table, "by_price", &cheap)?))
        })
        .unwrap();
    assert_eq!(runs, 2, "what was counted had changed");
    // Of the prices 0, 3, 6 to 27 and 5 the first is deleted, and 1 inserted.
    assert_eq!(counted, (31, 30, 11));
    assert_eq!(store.cut().count_range(&table, &of_user).unwrap(), 30);
    assert_eq!(store.cut().count_index(&table, "by_price", &cheap).unwrap(), 11);
}
