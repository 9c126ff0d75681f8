//! The legacy platform's tables in both servers, filled by COPY.

use bourse_benches::legacy::data::{Cell, INDEXES, Scale, TABLES};
use bytes::Bytes;
use futures_util::{SinkExt as _, pin_mut};
use tokio_postgres::Client;

use crate::Outcome;

/// How many rows are put into one message.
const BATCH: u64 = 200;

/// Makes and fills the tables, and what changes are measured on.
pub(crate) async fn make(client: &Client, scale: Scale) -> Outcome<()> {
    for table in &TABLES {
        // The widths that the legacy types have in SQLite.
        let definition = table.definition.replace("INTEGER", "BIGINT");
        client.batch_execute(&definition.replace("REAL", "DOUBLE PRECISION")).await?;
        copy(client, table.name, 0..scale.rows(table.name), |number| scale.row(table.name, number))
            .await
            .map_err(|error| format!("{}: {error}", table.name))?;
    }
    for index in INDEXES {
        client.batch_execute(index).await?;
    }
    client
        .batch_execute(
            "CREATE TABLE ticks (tick_id BIGINT PRIMARY KEY, symbol TEXT NOT NULL, \
             price DOUBLE PRECISION NOT NULL, quantity DOUBLE PRECISION NOT NULL, \
             at TEXT NOT NULL)",
        )
        .await?;
    client.batch_execute("CREATE INDEX ticks_symbol ON ticks (symbol, at)").await?;
    client.batch_execute("ANALYZE").await?;
    Ok(())
}

/// Copies rows in COPY's text format. Returns how many there were.
pub(crate) async fn copy(
    client: &Client,
    table: &str,
    numbers: std::ops::Range<u64>,
    row: impl Fn(u64) -> Vec<Cell>,
) -> Outcome<u64> {
    let sink = client.copy_in::<_, Bytes>(&format!("COPY {table} FROM STDIN")).await?;
    pin_mut!(sink);
    let mut text = String::new();
    for number in numbers.clone() {
        write_row(&row(number), &mut text);
        if (number + 1) % BATCH == 0 {
            sink.send(Bytes::from(std::mem::take(&mut text))).await?;
        }
    }
    sink.send(Bytes::from(text)).await?;
    let count = sink.finish().await?;
    let wanted = numbers.end - numbers.start;
    if count == wanted { Ok(count) } else { Err(format!("{count} rows of {wanted}").into()) }
}

/// A row of the text format; no text of the platform needs an escape.
fn write_row(cells: &[Cell], text: &mut String) {
    use std::fmt::Write as _;
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push('\t');
        }
        // Writing to a String does not fail.
        let _ = match cell {
            Cell::Integer(value) => write!(text, "{value}"),
            Cell::Real(value) => write!(text, "{value}"),
            Cell::Text(value) => write!(text, "{value}"),
        };
    }
    text.push('\n');
}
