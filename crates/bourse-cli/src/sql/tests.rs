//! How rows are written.

use bourse::{Database, Options};
use bourse_sql::connection::{Connection, Rows};

use super::{Format, write_rows};

fn rows(text: &str) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path().join("store"), Options::default()).unwrap();
    Connection::of(&database).query(text, ()).unwrap()
}

const QUERY: &str = "SELECT 1 AS n, 'a,\"b\"' AS t, NULL AS nothing, 2.50 AS amount";

#[test]
fn each_format_writes_names_and_values() {
    let table = write_rows(rows(QUERY), Format::Table).unwrap();
    assert_eq!(
        table,
        " n | t     | nothing | amount\n---+-------+---------+--------\n \
         1 | a,\"b\" |         |   2.50\n(1 row)\n\n"
    );
    let csv = write_rows(rows(QUERY), Format::Csv).unwrap();
    assert_eq!(csv, "n,t,nothing,amount\n1,\"a,\"\"b\"\"\",,2.50\n");
    let json = write_rows(rows(QUERY), Format::Json).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{ "n": 1, "t": "a,\"b\"", "nothing": null, "amount": "2.50" }])
    );
}
