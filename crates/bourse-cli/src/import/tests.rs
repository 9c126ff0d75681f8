use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use bourse_storage::ErrorKind;

use super::checksum::Checksum;
use super::expression::Constant;
use super::schema::{Affinity, Collation, DefaultValue, Key, KeyPart, Table, affinity, discover};
use super::types::{ColumnType, OnBadValue, Typed};
use super::{Report, Source};

mod constraints;
mod sql;
mod store;

fn part(column: usize) -> KeyPart {
    KeyPart { column, descending: false, collation: Collation::Binary }
}

fn file(folder: &Path, sql: &str) -> PathBuf {
    let path = folder.join("source.sqlite");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    path
}

fn import(sql: &str, policy: OnBadValue) -> bourse_storage::Result<Report> {
    let folder = tempfile::tempdir().unwrap();
    let source = Source::open(&file(folder.path(), sql))?;
    let plans = source.plan(&[], policy, &ProgressBar::hidden())?;
    source.read_all(plans, policy, &ProgressBar::hidden())
}

fn tables(sql: &str) -> (Vec<Table>, Vec<String>) {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(sql).unwrap();
    let schema = discover(&connection).unwrap();
    let left = schema.not_taken.iter().map(|left| format!("{} {}", left.kind, left.name));
    (schema.tables, left.collect())
}

#[test]
fn affinity_follows_the_rules_of_sqlite() {
    for (declared, expected) in [
        ("INTEGER", Affinity::Integer),
        ("UNSIGNED BIG INT", Affinity::Integer),
        ("CHARINT", Affinity::Integer),
        ("VARCHAR(255)", Affinity::Text),
        ("CLOB", Affinity::Text),
        ("BLOB", Affinity::None),
        ("", Affinity::None),
        ("DOUBLE PRECISION", Affinity::Real),
        ("FLOATING POINT", Affinity::Integer),
        ("DECIMAL(10,5)", Affinity::Numeric),
        ("DATE", Affinity::Numeric),
    ] {
        assert_eq!(affinity(declared), expected, "{declared}");
    }
}

#[test]
fn keys_of_every_kind_are_found() {
    let (tables, left) = tables(
        "CREATE TABLE a_hidden (x);
         CREATE TABLE b_rowid (x TEXT, id INTEGER PRIMARY KEY);
         CREATE TABLE c_not_rowid (id INTEGER PRIMARY KEY DESC, x);
         CREATE TABLE d_composite (x INT, y TEXT COLLATE NOCASE, PRIMARY KEY (y DESC, x));
         CREATE TABLE e_without (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
         CREATE TABLE f_unique (x INT, y INT, z INT UNIQUE, UNIQUE (y, x));",
    );
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(tables[0].key, Key::HiddenRowid);
    assert_eq!(tables[1].key, Key::Rowid(1));
    let down = KeyPart { descending: true, ..part(0) };
    assert_eq!(tables[2].key, Key::Columns(vec![down]), "DESC makes it no row id");
    let text = KeyPart { column: 1, descending: true, collation: Collation::NoCase };
    assert_eq!(tables[3].key, Key::Columns(vec![text, part(0)]));
    assert_eq!(tables[3].columns[1].collation, Collation::NoCase);
    assert_eq!(tables[4].key, Key::Columns(vec![part(0)]));
    assert!(tables[4].without_rowid);
    let unique: Vec<&[KeyPart]> =
        tables[5].indexes.iter().map(|index| index.columns.as_slice()).collect();
    assert!(tables[5].indexes.iter().all(|index| index.unique));
    assert!(unique.contains(&[part(2)].as_slice()));
    assert!(unique.contains(&[part(1), part(0)].as_slice()));
}

#[test]
fn indexes_keep_order_collation_and_condition() {
    let (tables, left) = tables(
        "CREATE TABLE t (a INTEGER NOT NULL, b TEXT, c REAL);
         CREATE INDEX i ON t (a DESC, b COLLATE RTRIM) WHERE c > 1.5 AND b IS NOT NULL;
         CREATE UNIQUE INDEX j ON t (b) WHERE a IN (1, 2) OR NOT (3 <= a);
         CREATE INDEX k ON t (lower(b));
         CREATE INDEX l ON t (a) WHERE length(b) > 3;",
    );
    assert_eq!(left, Vec::<String>::new());
    let parts = [
        KeyPart { descending: true, ..part(0) },
        KeyPart { collation: Collation::RightTrim, ..part(1) },
    ];
    let index = &tables[0].indexes[0];
    assert_eq!((index.name.as_str(), index.columns.as_slice()), ("i", parts.as_slice()));
    assert!(!index.unique && tables[0].indexes[1].unique);
    let conditions = tables[0].indexes.iter().map(|index| index.predicate.as_ref().unwrap());
    let conditions: Vec<String> = conditions.map(ToString::to_string).collect();
    let expected = ["c > 1.5 AND b IS NOT NULL", "a IN (1, 2) OR NOT (3 <= a)", "length(b) > 3"];
    assert_eq!(conditions, expected);
    assert_eq!(tables[0].computed.len(), 1);
    assert_eq!(tables[0].computed[0].parts[0].0.to_string(), "lower(b)");
}

/// The conditions of the indexes of one table as the store gets them, or why it does not.
fn conditions(sql: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let source = Source::open(&file(folder.path(), sql)).unwrap();
    let plans = source.plan(&[], OnBadValue::Fail, &ProgressBar::hidden()).unwrap();
    let indexes = plans[0].table.indexes.iter();
    let condition = |expression| super::expression::condition(&plans[0], expression);
    let translated = indexes.map(|index| match condition(index.predicate.as_ref().unwrap()) {
        Ok((condition, _)) => condition.to_string(),
        Err(why) => why,
    });
    translated.collect()
}

/// SQLite compares with the column's affinity, so `text_column = 5` means the text '5'.
#[test]
fn constants_of_conditions_get_the_affinity_of_their_column() {
    let shown = conditions(
        "CREATE TABLE t (a INTEGER, b TEXT, c BOOLEAN, d DECIMAL(9,2));
         INSERT INTO t VALUES (1, 'x', 1, 1.25);
         CREATE INDEX i ON t (a) WHERE b = 5;
         CREATE INDEX j ON t (a) WHERE a = '5';
         CREATE INDEX k ON t (a) WHERE a;
         CREATE INDEX l ON t (a) WHERE b BETWEEN 'it''s' AND 'x';
         CREATE INDEX m ON t (a) WHERE b;
         CREATE INDEX n ON t (a) WHERE c = 1 AND NOT c;
         CREATE INDEX o ON t (a) WHERE d > 0.1;",
    );
    let expected = [
        "b = '5'",
        "a = '5' is not supported",
        "a <> 0",
        "b >= 'it''s' AND b <= 'x'",
        "b is not supported",
        "c = TRUE AND NOT (c)",
        "d > 0.1",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn defaults_are_constants_or_the_clock() {
    let (tables, left) = tables(
        "CREATE TABLE t (a INT DEFAULT -7, b TEXT DEFAULT 'it''s', c BLOB DEFAULT x'00ff',
         d DEFAULT 1.5, e BOOLEAN DEFAULT TRUE, f TEXT DEFAULT CURRENT_TIMESTAMP, g DEFAULT NULL,
         h DEFAULT (random()), i INT DEFAULT (3));",
    );
    let constant = |value| Some(DefaultValue::Constant(value));
    let defaults: Vec<_> = tables[0].columns.iter().map(|column| column.default.clone()).collect();
    assert_eq!(
        defaults,
        [
            constant(Constant::Integer(-7)),
            constant(Constant::Text("it's".into())),
            constant(Constant::Blob(vec![0, 255])),
            constant(Constant::Real(1.5)),
            constant(Constant::Integer(1)),
            Some(DefaultValue::CurrentTimestamp),
            None,
            None,
            constant(Constant::Integer(3)),
        ]
    );
    assert_eq!(left, ["default t.h"]);
}

#[test]
fn what_is_not_taken_is_listed_by_name() {
    let (tables, mut left) = tables(
        "CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b));
         CREATE TABLE t (a INT, b INT, c AS (a + b), d INT CONSTRAINT positive CHECK (d > 0),
             e TEXT DEFAULT 'CHECK (no)', CHECK (a <> b), FOREIGN KEY (a, b) REFERENCES p);
         CREATE VIEW v AS SELECT a FROM t;
         CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM p; END;
         CREATE VIRTUAL TABLE words USING fts5(text);",
    );
    left.retain(|name| !name.starts_with("shadow table"));
    assert_eq!(left, ["generated column t.c", "view v", "virtual table words", "trigger g",]);
    let columns: Vec<&str> = tables[1].columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["a", "b", "d", "e"], "generated columns are left out");
    let checks: Vec<_> = tables[1].constraints.checks.iter().map(|check| &check.text).collect();
    assert_eq!(checks, ["d > 0", "a <> b"]);
    assert_eq!(tables[1].constraints.foreign_keys[0].columns, ["a", "b"]);
}

#[test]
fn types_follow_declaration_and_content() {
    let report = import(
        "CREATE TABLE t (a BIGINT, b FLOAT, c VARCHAR(9), d BLOB, e BOOLEAN, f BOOLEAN,
            g DECIMAL(10,2), h DECIMAL(4,1), i NUMERIC, j DATE, k TIMESTAMP, l, m JSON, n DATETIME);
         INSERT INTO t VALUES (1, 2, 3, x'04', 1, 2, 12.34, 1.25, 7, '2025-01-01', 1700000000, 'x',
            '{}', 1);
         INSERT INTO t VALUES (NULL, NULL, NULL, NULL, NULL, NULL, 5, 3, 2.5, NULL, NULL, NULL,
            NULL, 'now');",
        OnBadValue::Fail,
    )
    .unwrap();
    let types: Vec<String> = report.tables[0].types.iter().map(ToString::to_string).collect();
    assert_eq!(
        types,
        [
            "BIGINT",
            "DOUBLE",
            "TEXT",
            "BLOB",
            "BOOLEAN",
            "BIGINT",
            "DECIMAL(10,2)",
            "DOUBLE",
            "DOUBLE",
            "TEXT",
            "BIGINT",
            "ANY",
            "TEXT",
            "ANY"
        ]
    );
}

const BAD: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, r REAL, b BLOB);
    INSERT INTO t VALUES (10, 1, 1.5, x'00'), (20, 'seven', 2, NULL), (30, NULL, 'x', 'text');";

#[test]
fn bad_values_are_named_by_table_column_and_rowid() {
    let error = import(BAD, OnBadValue::Fail).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let message = error.to_string();
    assert!(message.starts_with("3 values do not fit"), "{message}");
    for line in [
        "table t, column n, row 20: the text \"seven\" instead of a whole number",
        "table t, column r, row 30: the text \"x\" instead of a number",
        "table t, column b, row 30: the text \"text\" instead of bytes",
    ] {
        assert!(message.contains(line), "{line} in {message}");
    }
}

#[test]
fn bad_values_turn_into_null_or_turn_their_column_into_text() {
    let nulled = import(BAD, OnBadValue::Null).unwrap();
    let [_, n, r, b] = nulled.tables[0].types[..] else { panic!("four columns") };
    assert_eq!((n, r, b), (ColumnType::BigInt, ColumnType::Double, ColumnType::Blob));
    let same = import(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, r REAL, b BLOB);
         INSERT INTO t VALUES (10, 1, 1.5, x'00'), (20, NULL, 2, NULL), (30, NULL, NULL, NULL);",
        OnBadValue::Fail,
    )
    .unwrap();
    assert_eq!(nulled.tables[0].source, same.tables[0].source);
    let turned = import(BAD, OnBadValue::Text).unwrap();
    assert_eq!(turned.tables[0].bad_values, 3);
    assert_eq!(turned.tables[0].types[1..], [ColumnType::Text; 3]);
    let same = import(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT, r TEXT, b TEXT);
         INSERT INTO t VALUES (10, '1', '1.5', char(0)), (20, 'seven', '2.0', NULL),
            (30, NULL, 'x', 'text');",
        OnBadValue::Fail,
    )
    .unwrap();
    assert_eq!(turned.tables[0].source, same.tables[0].source);
}

#[test]
fn a_bad_value_cannot_become_null_where_null_is_refused() {
    let sql = "CREATE TABLE t (n INTEGER NOT NULL); INSERT INTO t VALUES ('x');";
    let error = import(sql, OnBadValue::Null).err().unwrap();
    assert!(error.to_string().contains("column n is NOT NULL"), "{error}");
    let bytes = "CREATE TABLE t (s TEXT); INSERT INTO t VALUES (CAST(x'ff' AS TEXT));";
    let error = import(bytes, OnBadValue::Fail).err().unwrap();
    assert!(error.to_string().contains("instead of text in UTF-8"), "{error}");
}

/// SQLite takes several NULLs into a primary key that is not the row id.
#[test]
fn a_key_that_holds_null_becomes_a_unique_index() {
    let sql = "CREATE TABLE t (k TEXT PRIMARY KEY, v); INSERT INTO t VALUES (NULL, 1), (NULL, 2);";
    let report = import(sql, OnBadValue::Fail).unwrap();
    let table = &report.tables[0].table;
    assert_eq!(table.key, Key::HiddenRowid);
    assert_eq!((table.indexes.len(), table.indexes[0].unique), (1, true));
    assert_eq!(report.tables[0].source.rows(), 2);
}

#[test]
fn rows_are_spread_by_user_else_symbol_else_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "CREATE TABLE a (id INTEGER PRIMARY KEY, User_Id INT NOT NULL, symbol TEXT NOT NULL);
         CREATE TABLE b (symbol TEXT NOT NULL, user_id INT);
         CREATE TABLE c (x INT, y INT, PRIMARY KEY (x, y));
         CREATE TABLE d (v);",
    );
    let source = Source::open(&path).unwrap();
    let keys = |chosen: &[(String, String)]| -> Vec<String> {
        let plans = source.plan(chosen, OnBadValue::Fail, &ProgressBar::hidden()).unwrap();
        plans.iter().map(|plan| plan.shard_key.join("+")).collect()
    };
    assert_eq!(keys(&[]), ["User_Id", "symbol", "x+y", ""]);
    assert_eq!(keys(&[("C".into(), "Y".into())]), ["User_Id", "symbol", "y", ""]);
    let wrong = [("c".to_owned(), "z".to_owned())];
    let error = source.plan(&wrong, OnBadValue::Fail, &ProgressBar::hidden()).err().unwrap();
    assert_eq!(error.to_string(), "table c has no column z");
}

#[test]
fn columns_named_like_the_row_id_do_not_hide_it() {
    let sql = "CREATE TABLE t (rowid TEXT, _rowid_ TEXT, n INTEGER, \"odd \"\"name\" TEXT);
               INSERT INTO t VALUES ('a', 'b', 'bad', 'c');";
    let error = import(sql, OnBadValue::Fail).err().unwrap();
    assert!(error.to_string().contains("column n, row 1:"), "{error}");
}

#[test]
fn checksums_depend_on_rows_not_on_their_order() {
    let sum = |rows: &[Vec<Typed<'_>>]| {
        let mut checksum = Checksum::default();
        rows.iter().for_each(|row| checksum.add(row));
        checksum
    };
    let row = |number, text: &'static str| vec![Typed::Integer(number), Typed::Text(text.into())];
    let (a, b) = (row(1, "a"), row(2, "b"));
    assert_eq!(sum(&[a.clone(), b.clone()]), sum(&[b.clone(), a.clone()]));
    assert_ne!(sum(&[a.clone(), a.clone()]).to_string(), sum(&[]).to_string(), "pairs show");
    assert_ne!(sum(std::slice::from_ref(&a)), sum(&[a.clone(), a.clone()]));
    let different = [
        vec![Typed::Null],
        vec![Typed::Null, Typed::Null],
        vec![Typed::Integer(0)],
        vec![Typed::Boolean(false)],
        vec![Typed::Double(0.0)],
        vec![Typed::Double(-0.0)],
        vec![Typed::Decimal { units: 10, scale: 1 }],
        vec![Typed::Decimal { units: 10, scale: 2 }],
        vec![Typed::Text("".into())],
        vec![Typed::Text("\0".into())],
        vec![Typed::Blob(b"\0")],
        vec![Typed::Text("ab".into()), Typed::Text("c".into())],
        vec![Typed::Text("a".into()), Typed::Text("bc".into())],
        vec![Typed::Text("12345678".into())],
        vec![Typed::Text("123456780".into())],
    ];
    let mut sums: Vec<String> =
        different.iter().map(|row| sum(std::slice::from_ref(row)).to_string()).collect();
    sums.sort();
    sums.dedup();
    assert_eq!(sums.len(), different.len());
}

/// Every single bit of a text changes both halves of the checksum.
#[test]
fn checksums_notice_every_bit() {
    let original = [7_u8; 40];
    let sum = |bytes: &[u8]| {
        let mut checksum = Checksum::default();
        checksum.add(&[Typed::Blob(bytes)]);
        checksum.to_string()
    };
    let before = sum(&original);
    for bit in 0..original.len() * 8 {
        let mut changed = original;
        changed[bit / 8] ^= 1 << (bit % 8);
        let after = sum(&changed);
        assert_ne!(before[..16], after[..16], "bit {bit}");
        assert_ne!(before[16..], after[16..], "bit {bit}");
    }
}

/// Both sides must go on computing the same over versions: a stored checksum stays comparable.
#[test]
fn the_checksum_of_a_row_stays_as_it_is() {
    let mut checksum = Checksum::default();
    checksum.add(&[
        Typed::Integer(42),
        Typed::Text("AAPL".into()),
        Typed::Double(1.5),
        Typed::Null,
    ]);
    assert_eq!(checksum.to_string(), "3358de5d0a69e28b2ad0043d63dac238");
}

#[test]
fn decimals_are_exact_or_refused() {
    let convert =
        |value| super::types::convert(ColumnType::Decimal { precision: 5, scale: 2 }, value);
    let units = |value| match convert(value) {
        Some(Typed::Decimal { units, scale: 2 }) => Some(units),
        None => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(units(ValueRef::Real(12.34)), Some(1_234));
    assert_eq!(units(ValueRef::Real(-0.1)), Some(-10));
    assert_eq!(units(ValueRef::Integer(999)), Some(99_900));
    assert_eq!(units(ValueRef::Integer(1_000)), None, "six digits");
    assert_eq!(units(ValueRef::Real(1.005)), None, "three digits after the point");
    assert_eq!(units(ValueRef::Real(1e300)), None);
    assert_eq!(units(ValueRef::Real(f64::INFINITY)), None);
}

#[test]
fn the_source_is_never_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    let before = std::fs::read(&path).unwrap();
    let source = Source::open(&path).unwrap();
    for sql in ["INSERT INTO t VALUES (2)", "CREATE TABLE u (a)", "PRAGMA user_version = 3"] {
        assert!(source.connection.execute_batch(sql).is_err(), "{sql}");
    }
    drop(source);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn files_that_cannot_be_read_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let fail = |path: &Path| {
        let error = Source::open(path)
            .and_then(|source| {
                source.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
                source.plan(&[], OnBadValue::Fail, &ProgressBar::hidden()).map(drop)
            })
            .err()
            .unwrap();
        (error.kind(), error.to_string())
    };
    let missing = fail(&folder.path().join("missing"));
    assert!(missing.1.contains("cannot be opened"), "{missing:?}");
    let foreign = folder.path().join("foreign");
    std::fs::write(&foreign, [0x5a; 8_192]).unwrap();
    let refused = fail(&foreign);
    assert!(refused.1.contains("not an SQLite database, or it is encrypted"), "{refused:?}");
    let path = file(
        folder.path(),
        "CREATE TABLE t (a TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
         WHERE i < 500) INSERT INTO t SELECT printf('%0100d', i) FROM n;",
    );
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4_096..12_288].fill(0xff);
    let damaged = folder.path().join("damaged");
    std::fs::write(&damaged, bytes).unwrap();
    let (kind, message) = fail(&damaged);
    assert_eq!(kind, ErrorKind::Corrupt, "{message}");
}

#[test]
fn a_locked_file_is_named_as_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "CREATE TABLE t (a);");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let connection = crate::sqlite::open_read_only(&path).unwrap();
    connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let error = crate::sqlite::error("cannot read", &path, discover(&connection).err().unwrap());
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.to_string().contains("another process holds its lock"), "{error}");
}

/// What a running application has committed to its write-ahead log is read too, as of one moment,
/// and the log stays as it is.
#[test]
fn a_file_in_use_is_read_as_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source.sqlite");
    let writer = Connection::open(&path).unwrap();
    let wal = "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);";
    writer.execute_batch(wal).unwrap();
    let log = folder.path().join("source.sqlite-wal");
    let before = (std::fs::read(&path).unwrap(), std::fs::read(&log).unwrap());
    let source = Source::open(&path).unwrap();
    let plans = source.plan(&[], OnBadValue::Fail, &ProgressBar::hidden()).unwrap();
    assert_eq!((std::fs::read(&path).unwrap(), std::fs::read(&log).unwrap()), before);
    writer.execute_batch("INSERT INTO t VALUES (3)").unwrap();
    let report = source.read_all(plans, OnBadValue::Fail, &ProgressBar::hidden()).unwrap();
    assert_eq!(report.tables[0].source.rows(), 2, "the row came after the import began");
}
