//! Keys of all types: what an index gives is what rows without one give.

use super::Store;

/// Types with values: equal ones that are written otherwise among them.
const VALUES: [(&str, &[&str]); 32] = [
    ("boolean", &["true", "false"]),
    ("smallint", &["-5", "0", "7", "300"]),
    ("integer", &["-5", "0", "7", "70000"]),
    ("bigint", &["-5", "0", "7", "9000000000"]),
    ("real", &["-1.5", "0", "-0", "2", "10", "NaN", "Infinity"]),
    ("double precision", &["-1.5", "0", "-0", "2", "10", "NaN", "-Infinity"]),
    ("numeric", &["-1", "1.0", "1.00", "9", "10", "0.5", "0.05"]),
    ("numeric(6,2)", &["-1", "1.0", "1.00", "9", "10"]),
    ("text", &["", "a", "B", "a ", "ab", "10", "9"]),
    ("varchar(5)", &["", "a", "B", "ab", "10", "9"]),
    ("character(3)", &["", "a", "a ", "B", "ab"]),
    ("bpchar", &["a", "a ", "B", "ab"]),
    ("name", &["a", "B", "ab"]),
    ("bytea", &["", "\\x00", "\\x0001", "\\xff"]),
    ("date", &["2024-01-10", "2024-01-09", "1999-12-31", "0044-03-15 BC"]),
    ("time", &["10:00", "09:59:59.5", "00:00"]),
    ("timestamp", &["2024-01-10 00:00", "2024-01-09 23:59", "1969-12-31 23:59:59.5"]),
    ("timestamptz", &["2024-01-10 00:00+00", "2024-01-10 01:00+01", "2024-01-09 23:59+00"]),
    ("interval", &["1 day", "24:00:00", "1 mon", "30 days", "-1 day", "2 days"]),
    ("uuid", &["00000000-0000-0000-0000-000000000001", "F0000000-0000-0000-0000-000000000000"]),
    (
        "jsonb",
        &["{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1.0}", "[10]", "[9]", "2", "10", "\"x\""],
    ),
    ("mood", &["sad", "ok", "happy"]),
    ("integer[]", &["{}", "{2}", "{10}", "{10,2}", "{9,NULL}", "{{1,2},{3,4}}", "[0:0]={2}"]),
    ("bigint[]", &["{2}", "{10}", "{-3}"]),
    ("numeric[]", &["{1.0}", "{1.00}", "{9}", "{10}"]),
    ("numeric(6,2)[]", &["{1.0}", "{1.00}", "{9}", "{10}"]),
    ("double precision[]", &["{0}", "{-0}", "{9}", "{10}"]),
    ("text[]", &["{a}", "{B}", "{\"a b\"}", "{a,b}"]),
    ("date[]", &["{2024-01-10}", "{2024-01-09}"]),
    ("interval[]", &["{1 day}", "{24:00:00}", "{2 days}"]),
    ("mood[]", &["{sad}", "{ok}", "{happy}"]),
    ("regclass", &["of_keys", "plain"]),
];

fn literal(value: &str, ty: &str) -> String {
    format!("'{}'::{ty}", value.replace('\'', "''"))
}

/// Asks the same of the table with an index and of the one without.
fn is_same_of_both(store: &Store, query: &str) {
    let of = |table: &str| store.texts(&query.replace("TABLE", table));
    assert_eq!(of("keyed"), of("plain"), "{query}");
}

fn made(ty: &str, values: &[&str]) -> Store {
    let store = Store::new();
    let rows: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(id, value)| format!("({id}, {})", literal(value, ty)))
        .collect();
    let rows = rows.join(", ");
    store.execute_batch("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')").unwrap();
    store
        .execute_batch(&format!(
            "CREATE TABLE of_keys (id integer);
             CREATE TABLE plain (id integer PRIMARY KEY, v {ty});
             CREATE TABLE keyed (id integer PRIMARY KEY, v {ty});
             INSERT INTO plain VALUES {rows}, (99, NULL);
             INSERT INTO keyed VALUES {rows}, (99, NULL);
             CREATE INDEX by_v ON keyed (v);"
        ))
        .unwrap_or_else(|error| panic!("{ty}: {error:?}"));
    store
}

#[test]
fn an_index_answers_as_rows_without_one_do() {
    for (ty, values) in VALUES {
        let store = made(ty, values);
        is_same_of_both(&store, "SELECT id FROM TABLE ORDER BY v, id");
        is_same_of_both(&store, "SELECT id FROM TABLE ORDER BY v DESC NULLS LAST, id LIMIT 2");
        is_same_of_both(&store, "SELECT id FROM TABLE WHERE v IS NULL");
        is_same_of_both(&store, "SELECT count(*) FROM TABLE GROUP BY v ORDER BY v");
        if !matches!(ty, "boolean" | "jsonb" | "uuid" | "bytea" | "regclass") {
            is_same_of_both(
                &store,
                "SELECT min(v) = max(v), (SELECT count(*) FROM TABLE t \
                 WHERE t.v = (SELECT min(v) FROM TABLE)), (SELECT count(*) FROM TABLE t WHERE \
                 t.v = (SELECT max(v) FROM TABLE)) FROM TABLE",
            );
        }
        for value in values {
            let value = literal(value, ty);
            for op in ["=", "<", "<=", ">", ">=", "<>"] {
                let query = format!("SELECT id FROM TABLE WHERE v {op} {value} ORDER BY id");
                is_same_of_both(&store, &query);
            }
            let query = format!("SELECT id FROM TABLE WHERE v IN ({value}, NULL) ORDER BY id");
            is_same_of_both(&store, &query);
        }
    }
}

/// A unique key takes each value once, however it is written; or there is none of the type.
#[test]
fn a_unique_key_has_each_value_once() {
    for (ty, values) in VALUES {
        let store = made(ty, values);
        let unique = store.execute(&format!("CREATE TABLE one (v {ty} UNIQUE)"), ());
        if let Err(error) = unique {
            assert_eq!(error.sqlstate(), "0A000", "{ty}: {error:?}");
            for definition in [
                format!("CREATE TABLE one (v {ty} PRIMARY KEY)"),
                "ALTER TABLE plain ADD UNIQUE (v)".to_owned(),
                "CREATE UNIQUE INDEX one ON plain (v)".to_owned(),
                format!("ALTER TABLE plain ADD COLUMN w {ty} UNIQUE"),
            ] {
                let refused = store.execute(&definition, ()).map_err(|error| error.sqlstate());
                assert_eq!(refused, Err("0A000"), "{definition}");
            }
            continue;
        }
        for value in values {
            let value = literal(value, ty);
            let known = store.texts(&format!("SELECT 1 FROM one WHERE v = {value}"));
            let insert = store.execute(&format!("INSERT INTO one VALUES ({value})"), ());
            assert_eq!(insert.is_err(), !known.is_empty(), "{ty}: {value}");
        }
    }
}
