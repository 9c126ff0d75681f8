//! Soak: a process at full load, killed again and again, that must lose nothing and not grow.
//!
//! [`child`] is the process: writers, readers, backups, index builds, held snapshots, rows larger
//! than a page. It tells of every acknowledged transaction on standard output. [`supervisor`]
//! starts it, kills it at random times, opens the store itself and checks that all acknowledged is
//! there and [`bourse::Database::check`] finds nothing, and starts it again. A process that is
//! killed after a minute cannot show what it gathers in an hour: so kills fill the first half of
//! a soak, and one process the second, whose memory is judged.
//!
//! Each writer numbers its rows and deletes the row [`KEEP`] numbers before in the same
//! transaction, so files need not grow, and the newest row says which others there must be.
//!
//! # Invariants
//!
//! - **S1** A writer has exactly the rows of its newest [`KEEP`] numbers, each whole.
//! - **S2** Its newest is not older than what was acknowledged, or found after an earlier kill.
//! - **S3** Its newest is at most [`IN_FLIGHT`] newer than that.

pub mod child;
pub mod figures;
pub mod supervisor;

use bourse::{
    Database, Error, IndexDefinition, Options, Result, Table, TableDefinition, Type, Value,
    ValueRef,
};

/// Rows that a writer keeps.
pub const KEEP: i64 = 20_000;
/// Threads that write; the last two submit.
pub const WRITERS: i64 = 6;
/// Transactions that a writer has under way at most.
pub const IN_FLIGHT: i64 = 16;
/// Users whose trades are read.
const USERS: i64 = 500;

/// How the store is opened: a cache that does not hold the rows, and a log that is often cut.
pub fn options() -> Options {
    Options {
        shards: 4,
        cache_bytes: 16 << 20,
        cache_bytes_min: 16 << 20,
        log_segment_bytes: 4 << 20,
        checkpoint_log_bytes: 8 << 20,
        shard_pages_max: 1 << 20,
        ..Options::default()
    }
}

/// The table of the trades.
///
/// # Errors
/// The store's.
pub fn trades(store: &Database) -> Result<Table> {
    if let Ok(table) = store.table("trades") {
        return Ok(table);
    }
    let columns = ["writer", "number", "user_id", "price"];
    let builder = TableDefinition::builder("trades");
    let builder = columns.iter().fold(builder, |b, name| b.column(*name, Type::BigInt).not_null());
    let definition = builder
        .column("note", Type::Text)
        .not_null()
        .primary_key(["writer", "number"])
        .shard_key(["writer"])
        .index(IndexDefinition::on("by_user", ["user_id", "number"]).include(["price"]))
        .build()?;
    store.create_table(&definition)
}

/// The number in a column.
fn number_of(value: ValueRef<'_>) -> Result<i64> {
    match value {
        ValueRef::Integer(value) => Ok(value),
        other => Err(Error::corrupt(format!("a number is {other:?}"))),
    }
}

/// The note of a row; every 200th is larger than many pages.
fn note(number: i64) -> String {
    let repeats = if number % 200 == 0 { 8_000 } else { 8 };
    format!("{number:012}").repeat(repeats)
}

/// Whether a row's note is that of its number.
fn is_whole(row: &[Value]) -> Result<bool> {
    match row {
        [_, number, _, _, Value::Text(text)] => {
            Ok(text.as_str() == note(number_of(number.as_value())?))
        }
        other => Err(Error::corrupt(format!("a row is {other:?}"))),
    }
}
