//! Candles of trades, kept right by the store: open, high, low, close, volume and the
//! volume-weighted average price of each symbol and minute. A trade that is corrected or deleted
//! corrects its candle in the same commit.
//!
//! `cargo run --release -p bourse --example candles -- FOLDER`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction, Group};
use bourse::{
    Database, Decimal, Expression, Options, Order, Range, Result, Table, TypedTable, Value, View,
    ViewDefinition,
};

#[derive(Table, Clone, Debug)]
#[table(
    name = "trades",
    primary_key(trade_id),
    shard_key(symbol),
    index(name = "by_symbol", columns(symbol, second))
)]
struct Trade {
    #[column(generated)]
    trade_id: i64,
    symbol: String,
    /// Seconds since the exchange opened.
    second: i64,
    #[column(type = "DECIMAL(18,2)")]
    price: Decimal,
    quantity: i64,
}

/// The minute of a trade.
fn minute() -> Expression<String> {
    column("second").divided_by(constant(60))
}

/// The view, made when the store is new.
fn candles(store: &Database) -> Result<View> {
    let (price, second) = (|| column("price"), || column("second"));
    let amount = price().times(column("quantity"));
    let candles = ViewDefinition::builder("candles", "trades")
        .group("symbol", column("symbol"))
        .group("minute", minute())
        .aggregate("open", AggregateFunction::First { value: price(), order: second() })
        .aggregate("high", AggregateFunction::Maximum(price()))
        .aggregate("low", AggregateFunction::Minimum(price()))
        .aggregate("close", AggregateFunction::Last { value: price(), order: second() })
        .aggregate("volume", AggregateFunction::Sum(column("quantity")))
        .aggregate(
            "vwap",
            AggregateFunction::Ratio { numerator: amount, denominator: column("quantity") },
        );
    match store.view("candles") {
        Err(error) if error.sqlstate() == "42P01" => store.create_view(&candles),
        view => view,
    }
}

fn show(candle: &Group) {
    let texts: Vec<String> = candle.values().iter().map(text).collect();
    println!("  {}", texts.join("  "));
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join(format!("bourse-candles-{}", std::process::id())),
        PathBuf::from,
    );
    let store = Database::open(&folder, Options::default())?;
    let trades: TypedTable<Trade> = match store.typed() {
        Err(error) if error.sqlstate() == "42P01" => store.create()?,
        trades => trades?,
    };
    let candles = candles(&store)?;
    for number in 0..240_i64 {
        let symbol = if number % 3 == 0 { "ACME" } else { "GLOB" };
        let price = Decimal::new((10_000 + number * number % 271).into(), 2)?;
        let (second, quantity) = (number, 1 + number % 7);
        let trade = Trade { trade_id: 0, symbol: symbol.to_owned(), second, price, quantity };
        let id = trades.insert(&trade)?;
        if number == 120 {
            // The candle that it was in is what it was before.
            trades.delete(id)?;
        }
    }
    println!("symbol  minute  open  high  low  close  volume  vwap");
    let of_acme = Range::prefix(["ACME".into()]);
    for candle in store.groups(&candles, &of_acme, Order::Ascending)? {
        show(&candle);
    }
    println!("The three candles with the largest volume:");
    for candle in store.top_groups(&candles, &Range::all(), "volume", Order::Descending, 3)? {
        show(&candle);
    }
    let report = store.check_view(&candles)?;
    println!("The view is what the rows make it: {}", report.is_sound());
    store.close()
}
