//! Filling an empty table, then reading it through an index without touching its rows.
//!
//! `cargo run --release -p bourse --example bulk_load -- FOLDER ROWS`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;

use bourse::{Database, LoadOrder, Options, Order, Result, Table, Timestamp, TypedTable};

#[derive(Table, Debug)]
#[table(
    name = "bars",
    primary_key(symbol, minute),
    shard_key(symbol),
    index(name = "by_minute", columns(minute), include(close))
)]
struct Bar {
    symbol: String,
    minute: Timestamp,
    close: f64,
    volume: i64,
}

const SYMBOLS: [&str; 4] = ["AAPL", "AMZN", "GOOG", "MSFT"];
const MINUTE_NS: i64 = 60_000_000_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map_or_else(
        || std::env::temp_dir().join(format!("bourse-example-{}", std::process::id())),
        PathBuf::from,
    );
    let rows = arguments.next().and_then(|rows| rows.to_str()?.parse().ok()).unwrap_or(40_000);
    let store = Database::open(folder, Options::default())?;
    let bars: TypedTable<Bar> = store.create()?;

    // Ascending by primary key: symbols in order, and the minutes of each. An iterator over a file
    // or another database gives its own errors in place of rows; then nothing is loaded.
    let minutes = rows / 4;
    let source = SYMBOLS.iter().flat_map(|symbol| {
        (0..minutes).map(move |minute| {
            let close = 100.0 + f64::from(minute % 97);
            let minute = Timestamp(i64::from(minute) * MINUTE_NS);
            Ok(Bar { symbol: (*symbol).to_owned(), minute, close, volume: 1_000 })
        })
    });
    let loaded = bars.bulk_load(LoadOrder::Sorted, source)?;
    println!("{loaded} rows");

    let cut = store.cut();
    let reader = bars.at(&cut);
    let close = bars.column::<f64>("close")?;
    let hour = Bar::by_minute().prefix(()).from(Timestamp(0)).before(Timestamp(60 * MINUTE_NS));
    let mut entries = reader.scan_index(&hour, Order::Ascending)?;
    let (mut count, mut sum) = (0, 0.0);
    while let Some(price) = entries.next_with(|entry| entry.get(close))? {
        count += 1;
        sum += price?;
    }
    println!("the first hour: {count} bars, mean close {}", sum / f64::from(count));

    for bar in reader.scan_prefix(("MSFT",), Order::Descending)?.take(3) {
        println!("{:?}", bar?);
    }
    store.close()
}
