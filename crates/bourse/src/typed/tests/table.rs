//! Typed tables over a store in a temporary folder.

use std::collections::BTreeMap;

use tempfile::TempDir;

use super::Trade;
use crate::schema::IndexDefinition;
use crate::typed::TypedTable;
use crate::{
    Database, Decimal, Error, LoadOrder, Options, Order, Table, TableRow, Timestamp, Type,
};

#[derive(Table, Clone, PartialEq, Debug)]
#[table(name = "positions", primary_key(user_id, symbol), shard_key(user_id))]
struct Position {
    user_id: i64,
    symbol: String,
    quantity: i64,
}

/// Sharded by the second column of its key, so that the shard key is no beginning of the key.
#[derive(Table, Clone, PartialEq, Debug)]
#[table(
    name = "quotes",
    primary_key(day, symbol),
    shard_key(symbol),
    index(name = "by_venue", columns(venue), unique)
)]
struct Quote {
    day: i32,
    symbol: String,
    venue: Option<String>,
}

fn store() -> (TempDir, Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { shards: 4, cache_bytes: 32 << 20, ..Options::default() };
    let store = Database::open(folder.path(), options).expect("a new store");
    (folder, store)
}

fn trade(user_id: i64, symbol: &str, price: i64, timestamp: i64) -> Trade {
    Trade {
        trade_id: 0,
        user_id,
        symbol: symbol.into(),
        price: Decimal::new(price.into(), 4).expect("in range"),
        status: "open".into(),
        timestamp: Timestamp(timestamp),
        comment: None,
    }
}

fn position(user_id: i64, symbol: &str, quantity: i64) -> Position {
    Position { user_id, symbol: symbol.into(), quantity }
}

#[test]
fn rows_go_in_and_come_out_as_structs() {
    let (_folder, store) = store();
    let trades: TypedTable<Trade> = store.create().expect("a table");
    let key = trades.insert(&trade(7, "AAPL", 125_000, 1)).expect("a row");
    assert!(key > 0, "a generated id is never 0");
    let wanted = Trade { trade_id: key, ..trade(7, "AAPL", 125_000, 1) };
    assert_eq!(trades.get(key).expect("a read"), Some(wanted.clone()));
    assert_eq!(trades.get(key + 1).expect("a read"), None);
    let price = trades.get_with(key, |row| row.get(3).to_value()).expect("a read");
    assert_eq!(price, Some(wanted.price.into()));
    assert_eq!(trades.insert(&wanted).expect_err("the key exists").sqlstate(), "23505");
    let closed = Trade { status: "closed".into(), ..wanted };
    assert!(trades.upsert(&closed).expect("a change"));
    assert!(trades.replace(&closed).expect("a change"));
    assert!(!trades.replace(&Trade { trade_id: 5, ..closed.clone() }).expect("no row"));
    let changed = trades.update(key, |row| {
        row.comment = Some(format!("was {}", row.status));
        Ok(())
    });
    assert!(changed.expect("a change"));
    let refused = trades.update(key, |_| Err(Error::invalid("no")));
    assert_eq!(refused.expect_err("an error").message(), "no");
    let there = trades.get(key).expect("a read").expect("a row");
    assert_eq!(there.comment.as_deref(), Some("was closed"));
    assert!(trades.delete(key).expect("a change"));
    assert!(!trades.delete(key).expect("no row"));
    assert_eq!(trades.get(key).expect("a read"), None);
}

#[test]
fn cuts_and_transactions_read_what_they_should() {
    let (_folder, store) = store();
    let positions: TypedTable<Position> = store.create().expect("a table");
    positions.insert(&position(1, "AAPL", 10)).expect("a row");
    let before = store.cut();
    let quantity = store
        .transaction(|transaction| {
            let mut writer = positions.within(transaction);
            assert_eq!(writer.insert(&position(1, "MSFT", 5))?, (1, "MSFT".into()));
            assert!(writer.update((1, "AAPL"), |row| {
                row.quantity -= 3;
                Ok(())
            })?);
            writer.insert(&position(2, "AAPL", 1))?;
            assert!(writer.delete((2, "AAPL"))?);
            assert!(!writer.replace(&position(2, "AAPL", 1))?);
            assert!(!writer.upsert(&position(3, "AAPL", 1))?);
            let reader = positions.at(transaction);
            let own = reader.scan_prefix((1,), Order::Descending)?;
            let own = own.collect::<crate::Result<Vec<_>>>()?;
            assert_eq!(own, [position(1, "MSFT", 5), position(1, "AAPL", 7)]);
            let quantity = reader.get((1, "AAPL"))?.map(|row| row.quantity);
            Ok(quantity)
        })
        .expect("a commit");
    assert_eq!(quantity, Some(7));
    let old = positions.at(&before);
    assert_eq!(old.get((1, "AAPL")).expect("a read"), Some(position(1, "AAPL", 10)));
    let found = old.multi_get([(1, "MSFT"), (1, "AAPL")]).expect("a read");
    assert_eq!(found, [None, Some(position(1, "AAPL", 10))]);
    let found = positions.multi_get([(3, "AAPL"), (1, "X"), (1, "MSFT")]).expect("a read");
    assert_eq!(found, [Some(position(3, "AAPL", 1)), None, Some(position(1, "MSFT", 5))]);
}

/// Ranges of whole keys over many shards, against a map.
#[test]
fn scans_give_what_a_map_gives() {
    let (_folder, store) = store();
    let positions: TypedTable<Position> = store.create().expect("a table");
    let mut model = BTreeMap::new();
    for number in 0..300_i64 {
        let row = position(number * 37 % 23, &format!("S{:02}", number * 13 % 17), number);
        positions.upsert(&row).expect("a row");
        model.insert(row.key(), row);
    }
    let cut = store.cut();
    let reader = positions.at(&cut);
    let key = |user, symbol: &str| (user, symbol.to_owned());
    type Keys = (std::ops::Bound<(i64, String)>, std::ops::Bound<(i64, String)>);
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let ranges: [Keys; 5] = [
        (Unbounded, Unbounded),
        (Included(key(3, "S05")), Excluded(key(9, "S01"))),
        (Excluded(key(5, "S00")), Included(key(5, "S10"))),
        (Unbounded, Included(key(4, "S03"))),
        (Excluded(key(20, "")), Unbounded),
    ];
    for range in ranges {
        let wanted: Vec<_> = model.range(range.clone()).map(|(_, row)| row.clone()).collect();
        assert!(!wanted.is_empty());
        let rows = reader.scan(range.clone(), Order::Ascending).expect("a scan");
        let rows = rows.collect::<crate::Result<Vec<_>>>().expect("rows");
        assert_eq!(rows, wanted);
        let mut rows = reader.scan(range, Order::Descending).expect("a scan");
        let mut last = None;
        while let Some(user) = rows.next_with(|row| row.get(0).to_value()).expect("rows") {
            last = Some(user);
        }
        assert_eq!(last, wanted.first().map(|row| row.user_id.into()));
    }
}

#[test]
fn indexes_are_read_with_and_without_rows() {
    let (_folder, store) = store();
    let trades: TypedTable<Trade> = store.create().expect("a table");
    for number in 0..60_i64 {
        let symbol = format!("S{number}");
        trades.insert(&trade(number % 3, &symbol, number * 10_000, number)).expect("a row");
    }
    let (price, timestamp) = (trades.column::<Decimal>("price"), trades.column("timestamp"));
    let (price, timestamp) = (price.expect("a column"), timestamp.expect("a column"));
    assert_eq!(trades.column::<f64>("price").expect_err("no double").sqlstate(), "42804");
    assert_eq!(trades.column::<f64>("prize").expect_err("no such").sqlstate(), "42703");
    let cut = store.cut();
    let reader = trades.at(&cut);
    let range = Trade::by_user().prefix((1,)).from(Timestamp(10)).before(Timestamp(40));
    let mut entries = reader.scan_index(&range, Order::Ascending).expect("a scan");
    let mut seen = Vec::new();
    while let Some(entry) = entries
        .next_with(|entry| {
            crate::Result::Ok((entry.get::<Timestamp>(timestamp)?.0, entry.get(price)?))
        })
        .expect("an entry")
    {
        let (at, price): (i64, Decimal) = entry.expect("covered columns");
        assert_eq!(price, Decimal::new(i128::from(at) * 10_000, 4).expect("in range"));
        seen.push(at);
    }
    // The index is descending by timestamp.
    assert_eq!(seen, (10..40).rev().filter(|at| at % 3 == 1).collect::<Vec<_>>());
    let mut entries = reader.scan_index(&range, Order::Descending).expect("a scan");
    let first = entries.fetch(4).expect("rows");
    assert_eq!(first.iter().map(|row| row.timestamp.0).collect::<Vec<_>>(), [10, 13, 16, 19]);
    assert_eq!(entries.fetch(100).expect("rows").len(), 6);
    assert!(entries.fetch(100).expect("the end").is_empty());
    let found = reader.find(Trade::by_symbol(), "s17").expect("a read");
    assert_eq!(found.map(|row| row.timestamp.0), Some(17));
    assert_eq!(reader.find(Trade::by_symbol(), "none").expect("a read"), None);
}

/// A shard key that is no beginning of the primary key, and NULLs in a unique index.
#[test]
fn keys_in_another_order_than_the_shard_key_are_found() {
    let (_folder, store) = store();
    let quotes: TypedTable<Quote> = store.create().expect("a table");
    for day in 0..30 {
        let venue = (day % 10 == 0).then(|| format!("V{day}"));
        let quote = Quote { day, symbol: format!("S{}", day % 7), venue };
        assert_eq!(quotes.insert(&quote).expect("a row"), quote.key());
        assert_eq!(quotes.get((day, quote.symbol.as_str())).expect("a read"), Some(quote));
    }
    let cut = store.cut();
    let found = quotes.at(&cut).find(Quote::by_venue(), "V20").expect("a read");
    assert_eq!(found.map(|row| row.day), Some(20));
    let days = quotes.at(&cut).scan_prefix((6,), Order::Ascending).expect("a scan").count();
    assert_eq!(days, 1);
    let twice = Quote { day: 99, symbol: "S".into(), venue: Some("V10".into()) };
    assert_eq!(quotes.insert(&twice).expect_err("not unique").sqlstate(), "23505");
}

#[test]
fn a_bulk_load_takes_structs() {
    let (_folder, store) = store();
    let positions: TypedTable<Position> = store.create().expect("a table");
    let rows = (0..1_000).map(|number| Ok(position(999 - number, "AAPL", number)));
    assert_eq!(positions.bulk_load(LoadOrder::Unsorted, rows).expect("a load"), 1_000);
    let found = positions.get((10, "AAPL")).expect("a read");
    assert_eq!(found, Some(position(10, "AAPL", 989)));
}

/// A struct that is not the stored table is refused, and the message names what differs.
#[test]
fn a_struct_of_another_table_is_refused() {
    let (_folder, store) = store();
    let missing = store.typed::<Position>().expect_err("no table");
    assert_eq!(missing.sqlstate(), "42P01");
    let original = Position::definition().expect("valid");
    let refused = |change: &dyn Fn(&mut crate::TableDefinition)| {
        let mut definition = original.clone();
        change(&mut definition);
        store.create_table(&definition).expect("a table");
        let error = store.typed::<Position>().expect_err("another table");
        store.drop_table("positions").expect("dropped");
        assert_eq!(error.sqlstate(), "42804");
        error.message().to_owned()
    };
    let message = refused(&|table| table.columns[2].data_type = Type::Double);
    assert!(
        message.ends_with("column \"quantity\" is DOUBLE, the struct says BIGINT"),
        "{message}"
    );
    let message = refused(&|table| table.columns[2].not_null = false);
    assert!(message.ends_with("\"quantity\" is nullable, in the struct NOT NULL"), "{message}");
    let message = refused(&|table| table.columns[1].name = "ticker".into());
    assert!(message.contains("\"ticker\" stands where the struct has \"symbol\""), "{message}");
    let message = refused(&|table| table.shard_key = vec![1]);
    assert!(message.ends_with("its shard key is (symbol), the struct's (user_id)"), "{message}");
    let message =
        refused(&|table| table.columns.push(crate::schema::Column::new("extra", Type::Text)));
    assert!(message.contains("\"extra\""), "{message}");
    let message = refused(&|table| {
        table.columns.pop();
    });
    assert!(message.ends_with("the table has no column \"quantity\""), "{message}");
    let trades: TypedTable<Trade> = store.create().expect("a table");
    store.drop_index("trades", "by_user").expect("dropped");
    let error = store.typed::<Trade>().expect_err("no index");
    assert!(error.message().ends_with("the table has no index \"by_user\""), "{error}");
    let cut = store.cut();
    let scan = trades.at(&cut).scan_index(&Trade::by_user().prefix(()), Order::Ascending);
    assert_eq!(scan.err().expect("no index").sqlstate(), "42704");
    let index = IndexDefinition::on("by_user", ["user_id"]);
    store.create_index("trades", index).expect("an index");
    let error = store.typed::<Trade>().expect_err("another index");
    assert!(error.message().ends_with("index \"by_user\" has other columns"), "{error}");
}

/// Handles and results go to other threads.
#[test]
fn handles_and_rows_are_shared() {
    fn shared<T: Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>() {}
    shared::<TypedTable<Trade>>();
    shared::<Database>();
    sent::<crate::Result<Option<Trade>>>();
}
