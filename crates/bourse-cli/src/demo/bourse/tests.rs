use bourse::{ErrorKind, Value, ValueRef};
use indicatif::ProgressBar;
use rusqlite::Connection;

use super::super::engine::{Trade, TradeStore};
use super::super::rows::{Decoded, Rows};
use super::BourseTradeStore;
use super::sums::{Days, Sum, Volumes, day};
use crate::import::import_into;
use crate::legacy::schema::LARGE_TABLES;

fn sum(numbers: &[f64]) -> Decoded<'static> {
    let mut sum = Sum::default();
    numbers.iter().for_each(|number| sum.add(ValueRef::Double(*number)).unwrap());
    sum.total()
}

/// A plain sum from left to right loses the ones.
#[test]
fn sums_add_up_what_was_rounded_off() {
    assert_eq!(sum(&[1.0, 1e100, 1.0, -1e100]), Decoded::Real(2.0));
    assert_eq!(sum(&[]), Decoded::Null);
    let mut whole = Sum::default();
    for number in [i64::MAX - 1, 1] {
        whole.add(ValueRef::Integer(number)).unwrap();
    }
    assert_eq!(whole.total(), Decoded::Integer(i64::MAX), "whole numbers stay exact");
    whole.add(ValueRef::Null).unwrap();
    assert_eq!(whole.average(), Decoded::Real(i64::MAX as f64 / 2.0), "NULL does not count");
    assert!(whole.add(ValueRef::Text("1")).is_err());
}

#[test]
fn rows_in_any_order_are_added_up_by_day() {
    assert_eq!(day("2026-03-01 10:00:00"), *b"2026-03-01");
    assert_eq!(day("yesterday!"), [0; 10]);
    let mut days = Days::default();
    for (timestamp, number) in [("2026-03-02", 1.0), ("2026-03-01 x", 2.0), ("2026-03-02 y", 4.0)] {
        days.add(timestamp, [ValueRef::Double(number), ValueRef::Null]).unwrap();
    }
    let found: Vec<_> =
        days.days().iter().map(|day| (day.day, day.rows, day.sums[0].total())).collect();
    let expected =
        [(*b"2026-03-01", 1, Decoded::Real(2.0)), (*b"2026-03-02", 2, Decoded::Real(5.0))];
    assert_eq!(found, expected);
}

#[test]
fn the_largest_volumes_come_first_and_equal_ones_by_symbol() {
    let mut volumes = Volumes::default();
    for (symbol, quantity) in [("B", 2.0), ("C", 1.0), ("A", 1.0), ("A", 1.0), ("D", 0.5)] {
        volumes.add(symbol, ValueRef::Double(quantity)).unwrap();
    }
    let mut rows = Rows::default();
    rows.begin(2);
    volumes.push_largest(3, &mut rows);
    let symbols: Vec<_> = (0..rows.len()).map(|row| rows.value(row, 0)).collect();
    assert_eq!(symbols, [b"A", b"B", b"C"].map(|symbol| Decoded::Text(symbol)));
}

/// One execution changes the four tables as legacy.sql says, all or nothing.
#[test]
fn a_trade_changes_four_tables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("legacy.sqlite");
    let connection = Connection::open(&file).unwrap();
    for table in LARGE_TABLES {
        connection.execute_batch(table.definition()).unwrap();
    }
    let rows = "INSERT INTO orders VALUES (5, 7, 'AAA', 'buy', 'limit', 'open', 1, 1, 't', 't');
                INSERT INTO portfolios VALUES (6, 7, 'p', 1, 100.0);";
    connection.execute_batch(rows).unwrap();
    let path = folder.path().join("store");
    let progress = ProgressBar::hidden();
    assert!(import_into(&file, &path, &|_| Vec::new(), &progress).unwrap().same());
    let store = BourseTradeStore::open(&path).unwrap();
    let mut client = store.client().unwrap();
    let trade = Trade {
        trade_id: Some(40),
        user_id: 7,
        symbol: "AAA".to_owned(),
        side: "sell",
        quantity: -2.0,
        price: 10.0,
        timestamp: "2026-01-01".to_owned(),
        order_id: 5,
        portfolio_id: 6,
    };
    client.execute(&trade).unwrap();
    client.execute(&Trade { trade_id: None, quantity: 5.0, price: 11.0, ..trade.clone() }).unwrap();
    let repeated = client.execute(&trade).unwrap_err();
    assert_eq!(repeated.kind(), ErrorKind::Constraint, "the key is taken");
    let database = store.database();
    let get = |table: &str, key: &[Value], column: &str| {
        let row = database.get(&database.table(table).unwrap(), key).unwrap().unwrap();
        row.column(column).unwrap().to_value()
    };
    let trades = database.table("trades").unwrap();
    assert_eq!(database.cut().count(&trades).unwrap(), 2);
    assert_eq!(get("trades", &[40.into()], "quantity"), Value::Double(2.0));
    assert_eq!(get("orders", &[5.into()], "status"), "filled".into());
    assert_eq!(get("orders", &[5.into()], "updated_at"), "2026-01-01".into());
    let position = [7.into(), "AAA".into()];
    assert_eq!(get("positions", &position, "quantity"), Value::Double(3.0));
    assert_eq!(get("positions", &position, "avg_price"), Value::Double(11.0));
    assert_eq!(get("portfolios", &[6.into()], "cash"), Value::Double(65.0));
}
