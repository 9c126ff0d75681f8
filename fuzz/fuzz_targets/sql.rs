//! Any text as SQL, in both dialects, to its rows: an answer or an error, and the store goes on.
#![no_main]

use bourse::{Database, Durability, Options};
use bourse_sql::Dialect;
use bourse_sql::connection::Connection;
use libfuzzer_sys::fuzz_target;

/// Connections of both dialects to a store with a few rows, made anew for each input: what one
/// input left behind would make the next one's outcome another.
fn connections(folder: &std::path::Path) -> [Connection; 2] {
    let options = Options {
        shards: 1,
        cache_bytes: 8 << 20,
        cache_bytes_min: 8 << 20,
        durability: Durability::Async { max_delay: std::time::Duration::from_secs(60) },
        background: false,
        ..Options::default()
    };
    let database = Database::open(folder.join("store"), options).expect("an empty folder");
    let postgres = Connection::of(&database);
    let limits = "SET statement_timeout = 2000; SET statement_memory = 16777216";
    postgres.execute_batch(limits).expect("settings that there are");
    let sqlite = Connection::of(&database).with_dialect(Dialect::Sqlite);
    let rows = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d BLOB);
                CREATE INDEX i ON t (b, c DESC);
                INSERT INTO t VALUES (1, 'x', 1.5, x'00'), (2, NULL, 2, 'y'), (3, 'z', NULL, NULL)";
    sqlite.execute_batch(rows).expect("a table and its rows");
    [postgres, sqlite]
}

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().expect("a folder");
    for connection in connections(folder.path()) {
        // Whatever it says, it says it without a panic.
        let _ = connection.query_batch(text, |rows| {
            let _ = rows.map(|row| Ok(row.values().len()));
            Ok(())
        });
        let _ = connection.execute_batch("ROLLBACK");
        // It may have set a timeout that this does not meet.
        let _ = connection.query("SELECT 1", ()).map(|rows| assert_eq!(rows.len(), 1));
    }
});
