//! Views against SQLite's GROUP BY over the same rows: with states in the shards of the rows, owned
//! by their groups, and rolled up.

use bourse::expression::{column, constant};
use bourse::view::{Aggregate, AggregateFunction as F};
use bourse::{
    Database, Decimal, Options, Order, Range, TableDefinition, Type, Value, View, ViewDefinition,
};
use rusqlite::types::ValueRef;

use crate::expect::small_options;

const COLUMNS: [&str; 6] = ["id", "user_id", "symbol", "price", "quantity", "rate"];

fn open(folder: &std::path::Path) -> Database {
    let options = Options { background: false, ..small_options() };
    Database::open(folder, options).unwrap()
}

/// Views and what SQLite calls the same.
fn views(store: &Database) -> Vec<(View, &'static str)> {
    let bigger = || column("quantity").greater(constant(500));
    let by_symbol = ViewDefinition::builder("by_symbol", "trades")
        .group("symbol", column("symbol"))
        .aggregate("rows", F::CountRows)
        .aggregate("prices", F::Count(column("price")))
        .aggregate("sum", F::Sum(column("quantity")))
        .aggregate("mean", F::Average(column("price")))
        .aggregate("low", F::Minimum(column("price")))
        .aggregate("high", F::Maximum(column("symbol")))
        .aggregate("users", F::CountDistinct(column("user_id")))
        .aggregate("different", F::SumDistinct(column("price")))
        .aggregate("middle", F::AverageDistinct(column("price")))
        .with(Aggregate::new("bigger", F::Sum(column("price"))).filter(bigger()));
    let by_user_and_size = ViewDefinition::builder("by_user_and_size", "trades")
        .group("user_id", column("user_id"))
        .group("size", column("quantity").divided_by(constant(100)))
        .filter(column("price").is_not_null())
        .aggregate("rows", F::CountRows)
        .aggregate("rate", F::Sum(column("rate")))
        .aggregate("amount", F::Sum(column("price").times(column("quantity"))))
        .having(column("rows").greater(constant(2)));
    let total = ViewDefinition::builder("total", "trades")
        .filter(column("quantity").at_most(constant(100)))
        .aggregate("rows", F::CountRows)
        .aggregate("mean", F::Average(column("rate")));
    vec![
        (
            store.create_view(&by_symbol).unwrap(),
            "SELECT symbol, count(*), count(price), sum(quantity), avg(price), min(price), \
             max(symbol), count(DISTINCT user_id), sum(DISTINCT price), avg(DISTINCT price), \
             sum(price) FILTER (WHERE quantity > 500) FROM trades GROUP BY symbol ORDER BY symbol",
        ),
        (
            store.create_view(&by_user_and_size).unwrap(),
            "SELECT user_id, quantity / 100 AS size, count(*), sum(rate), sum(price * quantity) \
             FROM trades WHERE price IS NOT NULL GROUP BY user_id, size HAVING count(*) > 2 \
             ORDER BY user_id, size",
        ),
        (
            store.create_view(&total).unwrap(),
            "SELECT count(*), avg(rate) FROM trades WHERE quantity <= 100 HAVING count(*) > 0",
        ),
    ]
    .into_iter()
    .chain(owned_and_rolled_up(store))
    .collect()
}

fn owned_and_rolled_up(store: &Database) -> Vec<(View, &'static str)> {
    let owned = ViewDefinition::builder("owned", "trades")
        .group("symbol", column("symbol"))
        .group("size", column("quantity").divided_by(constant(100)))
        .aggregate("rows", F::CountRows)
        .aggregate("sum", F::Sum(column("price")))
        .aggregate("mean", F::Average(column("rate")))
        .aggregate("high", F::Maximum(column("price")))
        .aggregate("users", F::CountDistinct(column("user_id")))
        .aggregate("different", F::SumDistinct(column("rate")))
        .index("by_sum", "sum", Order::Descending);
    let by_size = ViewDefinition::rollup("by_size", "owned").group("size", column("size"));
    let by_symbol = ViewDefinition::rollup("by_symbol_and_half", "by_user_and_size")
        .group("half", column("size").remainder(constant(2)))
        .having(column("rate").is_not_null());
    vec![
        (
            store.create_view(&owned.owned_by(["symbol"])).unwrap(),
            "SELECT symbol, quantity / 100 AS size, count(*), sum(price), avg(rate), max(price), \
             count(DISTINCT user_id), sum(DISTINCT rate) FROM trades GROUP BY symbol, size \
             ORDER BY symbol, size",
        ),
        (
            store.create_view(&by_size).unwrap(),
            "SELECT quantity / 100 AS size, count(*), sum(price), avg(rate), max(price), \
             count(DISTINCT user_id), sum(DISTINCT rate) FROM trades GROUP BY size ORDER BY size",
        ),
        (
            // Groups that HAVING hides in the view below count.
            store.create_view(&by_symbol).unwrap(),
            "SELECT (quantity / 100) % 2 AS half, count(*), sum(rate), sum(price * quantity) \
             FROM trades WHERE price IS NOT NULL GROUP BY half HAVING sum(rate) IS NOT NULL \
             ORDER BY half",
        ),
    ]
}

/// The first groups by the index of the owned view.
fn compare_first(store: &Database, sqlite: &rusqlite::Connection) {
    let (owned, all) = (store.view("owned").unwrap(), Range::all());
    let ours = store.top_groups(&owned, &all, "sum", Order::Descending, 9).unwrap();
    let query = "SELECT symbol, quantity / 100 AS size, sum(price) FROM trades \
                 GROUP BY symbol, size ORDER BY sum(price) DESC NULLS LAST, symbol, size LIMIT 9";
    let theirs = theirs(sqlite, query);
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let values = [&ours.key()[0], &ours.key()[1], ours.get("sum").unwrap()];
        let alike = values.into_iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs));
        assert!(alike, "{values:?}, SQLite {theirs:?}");
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        i64::try_from((self.0 >> 33) % limit).unwrap()
    }

    fn row(&mut self, id: i64) -> Vec<Value> {
        let symbol = ["AAPL", "MSFT", "NVDA", "TSLA"][usize::try_from(self.below(4)).unwrap()];
        // Eighths, whose sums SQLite has exactly too.
        let rate = Value::Double(f64::from(i32::try_from(self.below(1_000)).unwrap()) / 8.0);
        let mut row = vec![
            id.into(),
            self.below(20).into(),
            symbol.into(),
            self.below(1_000).into(),
            (self.below(2_000) - 1_000).into(),
            rate,
        ];
        for value in &mut row[2..] {
            if self.below(10) == 0 {
                *value = Value::Null;
            }
        }
        row
    }
}

fn theirs(sqlite: &rusqlite::Connection, query: &str) -> Vec<Vec<Value>> {
    let mut statement = sqlite.prepare(query).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let value = |at: usize| match row.get_ref(at).unwrap() {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(value) => value.into(),
            ValueRef::Real(value) => Value::Double(value),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap().into(),
            ValueRef::Blob(_) => panic!("no column holds blobs"),
        };
        found.push((0..columns).map(value).collect());
    }
    found
}

/// The same value; an average is a DECIMAL of at least 16 digits here and a double there.
fn alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Decimal(ours), Value::Integer(theirs)) => {
            *ours == Decimal::new((*theirs).into(), 0).unwrap()
        }
        (Value::Decimal(ours), Value::Double(theirs)) => {
            (ours.to_f64() - theirs).abs() <= theirs.abs() * 1e-14
        }
        (Value::Double(ours), Value::Double(theirs)) => {
            (ours - theirs).abs() <= theirs.abs() * 1e-14
        }
        _ => ours == theirs,
    }
}

fn compare(store: &Database, sqlite: &rusqlite::Connection, views: &[(View, &str)]) {
    for (view, query) in views {
        let ours = store.groups(view, &Range::all(), Order::Ascending).unwrap();
        let theirs = theirs(sqlite, query);
        assert_eq!(ours.len(), theirs.len(), "{}", view.name());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let alike = ours.values().iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs));
            assert!(alike, "{}: {:?}, SQLite {theirs:?}", view.name(), ours.values());
            let again = store.group(view, ours.key()).unwrap().unwrap();
            assert_eq!(again.values(), ours.values(), "{}", view.name());
        }
    }
}

#[test]
fn views_are_what_sqlite_makes_of_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let definition = TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .not_null()
        .column("user_id", Type::BigInt)
        .not_null()
        .column("symbol", Type::Text)
        .column("price", Type::BigInt)
        .column("quantity", Type::BigInt)
        .column("rate", Type::Double)
        .primary_key(["id"])
        .shard_key(["user_id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    let sqlite = rusqlite::Connection::open_in_memory().unwrap();
    let columns = COLUMNS.join(", ");
    sqlite.execute_batch(&format!("CREATE TABLE trades ({columns}, PRIMARY KEY (id))")).unwrap();
    let views = views(&store);
    let mut random = Random(11);
    for round in 0..12 {
        for _ in 0..80 {
            let id = random.below(400);
            if random.below(4) == 0 {
                store.delete(&table, &[id.into()]).unwrap();
                sqlite.execute("DELETE FROM trades WHERE id = ?", [id]).unwrap();
                continue;
            }
            let row = random.row(id);
            store.upsert(&table, row.clone()).unwrap();
            let values = row.iter().map(|value| match value {
                Value::Null => rusqlite::types::Value::Null,
                Value::Integer(value) => (*value).into(),
                Value::Double(value) => (*value).into(),
                Value::Text(text) => text.to_string().into(),
                other => panic!("{other:?} is in no row"),
            });
            let insert = "INSERT OR REPLACE INTO trades VALUES (?, ?, ?, ?, ?, ?)";
            sqlite.execute(insert, rusqlite::params_from_iter(values)).unwrap();
        }
        compare(&store, &sqlite, &views);
        compare_first(&store, &sqlite);
        if round == 5 {
            store.checkpoint().unwrap();
        }
    }
}
