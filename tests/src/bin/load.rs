//! A process to kill: four threads insert into a store, and each acknowledged number is written to
//! standard output, whole lines in single writes, after its commit has returned.
//!
//! With `--completions` the threads submit, each up to 16 rows at once, and callbacks acknowledge.
//!
//! `load DIR [--count N] [--without-sync] [--completions]`

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use bourse::{Database, Error, Options, Result, Table, TableDefinition, Type, Value};
use bourse_tests::forgetful::ForgetfulVfs;

/// Rows that a thread has under way.
const IN_FLIGHT: u64 = 16;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("usage: load DIR [--count N] [--without-sync] [--completions]");
        return ExitCode::from(2);
    };
    let (mut count, mut without_sync) = (u64::MAX, false);
    let mut insert: Insert = insert_waiting;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--count" => count = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            "--without-sync" => without_sync = true,
            "--completions" => insert = insert_submitting,
            other => {
                eprintln!("load: {other} is not an option");
                return ExitCode::from(2);
            }
        }
    }
    match run(Path::new(&folder), count, without_sync, insert) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, count: u64, without_sync: bool, insert: Insert) -> Result<()> {
    let mut options = Options {
        shards: 4,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 16,
        log_segment_bytes: 1 << 20,
        checkpoint_log_bytes: 2 << 20,
        ..Options::default()
    };
    if without_sync {
        options.vfs = Arc::new(ForgetfulVfs::new(options.vfs));
    }
    let store = Database::open(folder, options)?;
    let table = match store.table("acknowledged") {
        Ok(table) => table,
        Err(_) => store.create_table(&definition()?)?,
    };
    let first = store.cut().count(&table)? * 4 + 1;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let (store, table) = (&store, &table);
                scope.spawn(move || insert(store, table, first + thread, count))
            })
            .collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

fn definition() -> Result<TableDefinition> {
    TableDefinition::builder("acknowledged")
        .column("number", Type::BigInt)
        .not_null()
        .column("marker", Type::Text)
        .not_null()
        .primary_key(["number"])
        .build()
}

/// Inserts so many rows from a number on.
type Insert = fn(&Database, &Table, u64, u64) -> Result<()>;

fn row(number: u64) -> (String, Vec<Value>) {
    let key = i64::try_from(number).unwrap_or(i64::MAX);
    let marker = format!("<{number:012}>");
    (marker.clone(), vec![Value::from(key), marker.into()])
}

/// Writes a marker, whole; whether somebody still reads.
fn acknowledge(marker: &str) -> bool {
    let mut output = std::io::stdout().lock();
    let written = output.write_all(format!("{marker}\n").as_bytes());
    written.and_then(|()| output.flush()).is_ok()
}

fn insert_waiting(store: &Database, table: &Table, first: u64, count: u64) -> Result<()> {
    let mut number = first;
    for _ in 0..count {
        let (marker, values) = row(number);
        // A number that a killed run had committed but not acknowledged is there already.
        store.upsert(table, values)?;
        if !acknowledge(&marker) {
            return Ok(());
        }
        number += 4;
    }
    Ok(())
}

fn insert_submitting(store: &Database, table: &Table, first: u64, count: u64) -> Result<()> {
    let (done, results) = std::sync::mpsc::channel();
    let mut number = first;
    for turn in 0..count {
        if turn >= IN_FLIGHT
            && !results.recv().map_err(|_| Error::invalid("no callback is left"))??
        {
            return Ok(());
        }
        let (marker, values) = row(number);
        let done = done.clone();
        store.submit().transaction_with(
            |transaction| transaction.upsert(table, values.clone()),
            move |result| {
                // Who listens no longer has ended by an error of its own.
                drop(done.send(result.map(|_| acknowledge(&marker))));
            },
        );
        number += 4;
    }
    drop(done);
    results.iter().try_for_each(|result| result.map(drop))
}
