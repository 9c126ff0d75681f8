//! COPY both ways: whatever a client cuts its bytes into, and PostgreSQL's words for what is wrong.

use bourse::{Database, Options};

use super::{CopyIn, Part, parts};
use crate::connection::Connection;
use crate::error::{Result, SqlError};

struct Store {
    connection: Connection,
    _folder: tempfile::TempDir,
}

impl Store {
    fn new(definitions: &str) -> Store {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { shards: 2, ..Options::default() };
        let database = Database::open(folder.path().join("store"), options).unwrap();
        let connection = Connection::of(&database);
        connection.execute_batch(definitions).unwrap();
        Store { connection, _folder: folder }
    }

    fn table() -> Store {
        Store::new(
            "CREATE TABLE c (a int PRIMARY KEY, b text, n numeric(5,2) CHECK (n < 100),
                d text DEFAULT 'dd', at timestamptz, tags text[])",
        )
    }

    fn out(&self, text: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.connection.copy_out(text, |chunk| {
            bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(bytes)
    }

    fn text(&self, text: &str) -> String {
        String::from_utf8(self.out(text).unwrap()).unwrap()
    }

    fn copy(&self, text: &str, data: &str) -> Result<u64> {
        self.connection.copy_in(text, data.as_bytes())
    }

    fn refusal(&self, text: &str, data: &str) -> SqlError {
        self.copy(text, data).unwrap_err()
    }

    /// Copies in pieces of so many bytes.
    fn in_pieces(&self, text: &str, data: &[u8], size: usize) -> u64 {
        let statement = self.connection.prepare_owned(text, &[]).unwrap();
        let mut copy = self.connection.begin_copy_in(&statement).unwrap();
        for piece in data.chunks(size) {
            copy.push(&self.connection, piece).unwrap();
        }
        copy.finish(&self.connection).unwrap()
    }
}

const ROWS: &str = "INSERT INTO c VALUES
    (1, E'tab\\there, \"quoted\"', 1.5, 'x', '2024-02-29 12:00:00+00', '{a,NULL,\"b c\"}'),
    (2, E'two\\nlines\\\\N', NULL, '', NULL, '{}'), (3, NULL, -0.07, '\\.', '1999-12-31', NULL)";

fn is_send<T: Send>() {}

/// What one COPY writes another one reads, in each format and however it is cut.
#[test]
fn what_is_written_is_read_again() {
    is_send::<CopyIn>();
    let options = [
        "",
        "(FORMAT csv, HEADER)",
        "(FORMAT csv, QUOTE '''', ESCAPE '\\')",
        "(FORMAT binary)",
        "(DELIMITER '|', NULL 'none', HEADER match)",
        "(FORMAT csv, FORCE_QUOTE *, NULL 'nil')",
    ];
    for options in options {
        let store = Store::table();
        store.connection.execute_batch(ROWS).unwrap();
        let written =
            store.out(&format!("COPY c TO STDOUT {}", options.replace("match", "on"))).unwrap();
        let rows = store.text("COPY c TO STDOUT");
        let options = options.replace(", FORCE_QUOTE *", "");
        for size in [1, 2, 7, written.len()] {
            store.connection.execute("DELETE FROM c", ()).unwrap();
            let copied = store.in_pieces(&format!("COPY c FROM STDIN {options}"), &written, size);
            assert_eq!(copied, 3, "{options} {size}");
            assert_eq!(store.text("COPY c TO STDOUT"), rows, "{options} {size}");
        }
    }
}

/// As PostgreSQL 15 writes the same.
#[test]
fn as_postgres_writes() {
    let store = Store::new("CREATE TABLE c (a int PRIMARY KEY, b text, n numeric(5,2), d text)");
    let data = "7\t\\x41\\102c\\tq\t\\N\n8\tgone\td\n9\ta\\\nb\t\\\\N\n\\.\nnot read\n";
    assert_eq!(store.copy("COPY c (a, b, d) FROM STDIN WHERE a <> 8", data).unwrap(), 2);
    let ordered = "COPY (SELECT * FROM c ORDER BY a) TO STDOUT";
    assert_eq!(store.text(ordered), "7\tABc\\tq\t\\N\t\\N\n9\ta\\nb\t\\N\t\\\\N\n");
    let csv = store.text(&format!("{ordered} CSV HEADER"));
    assert_eq!(csv, "a,b,n,d\n7,ABc\tq,,\n9,\"a\nb\",,\\N\n");
    let forced =
        "COPY (SELECT b, a FROM c ORDER BY a) TO STDOUT (FORMAT csv, FORCE_QUOTE *, DELIMITER ';')";
    assert_eq!(store.text(forced), "\"ABc\tq\";\"7\"\n\"a\nb\";\"9\"\n");
    let binary = store.out("COPY (SELECT 1, 'x', NULL::int, 2.5) TO STDOUT (FORMAT binary)");
    let expected = "5047434f50590aff0d0a000000000000000000000400000004000000010000000178ffffffff\
                    0000000c000200000000000100021388ffff";
    assert_eq!(crate::datum::hex(&binary.unwrap()), expected);
}

/// Defaults, generated columns, identities and conditions are INSERT's.
#[test]
fn rows_go_the_way_of_insert() {
    let store = Store::new(
        "CREATE TABLE g (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x int,
            twice int GENERATED ALWAYS AS (x * 2) STORED, made text DEFAULT upper('new'));
         CREATE TABLE child (id int PRIMARY KEY, g int REFERENCES g);",
    );
    assert_eq!(store.copy("COPY g (x) FROM STDIN WHERE x > 1", "1\n2\n3\n").unwrap(), 2);
    assert_eq!(
        store.text("COPY (SELECT x, twice, made FROM g ORDER BY x) TO STDOUT"),
        "2\t4\tNEW\n3\t6\tNEW\n"
    );
    let error = store.refusal("COPY child FROM STDIN", "1\t77\n");
    assert_eq!(error.sqlstate(), "23503");
    assert_eq!(store.text("COPY child TO STDOUT"), "");
}

/// Options, data, and PostgreSQL's SQLSTATE, words and place.
const REFUSALS: [(&str, &str, &str, &str, &str); 9] = [
    (
        "",
        "x\ty\t1\n",
        "22P02",
        "invalid input syntax for type integer: \"x\"",
        "COPY c, line 1, column a: \"x\"",
    ),
    ("", "5\ty\t1\n1\ty\n", "22P04", "missing data for column \"n\"", "COPY c, line 2: \"1\ty\""),
    (
        "",
        "1\ty\t2\t3\n",
        "22P04",
        "extra data after last expected column",
        "COPY c, line 1: \"1\ty\t2\t3\"",
    ),
    (
        "",
        "1\ty\t2\n1\ty\t2\n",
        "23505",
        "duplicate key value violates unique constraint \"c_pkey\"",
        "COPY c, line 2",
    ),
    ("", "3\ty\t20000\n", "22003", "numeric field overflow", "COPY c, line 1, column n: \"20000\""),
    ("", "1\ty\t2\n3\t4\r\n", "22P04", "literal carriage return found in data", "COPY c, line 2"),
    ("(FORMAT csv)", "3,\"y\n", "22P04", "unterminated CSV quoted field", "COPY c, line 2"),
    (
        "(FORMAT csv, HEADER match)",
        "a,c,n\n3,y,4\n",
        "22P04",
        "column name mismatch in header line field 2: got \"c\", expected \"b\"",
        "COPY c, line 1: \"a,c,n\"",
    ),
    ("(FORMAT binary)", "PGCOPX", "22P04", "COPY file signature not recognized", "COPY c, line 1"),
];

/// PostgreSQL's words and places.
#[test]
fn refusals() {
    let store = Store::table();
    for (options, data, sqlstate, message, context) in REFUSALS {
        let error = store.refusal(&format!("COPY c (a, b, n) FROM STDIN {options}"), data);
        assert_eq!((error.sqlstate(), error.message()), (sqlstate, message), "{data}");
        assert_eq!(error.context(), Some(context), "{data}");
        assert_eq!(store.text("COPY c TO STDOUT"), "", "{data}");
    }
    let error = store.refusal("COPY c (a, b, n) FROM STDIN", "1\ty\t2\n3\ty\t200\n");
    assert_eq!(error.sqlstate(), "23514");
    assert_eq!(error.context(), Some("COPY c, line 2: \"3\ty\t200\""));
}

#[test]
fn options_that_do_not_go_together() {
    let store = Store::table();
    let cases = [
        ("(a) FROM STDIN (DELIMITER 'xx')", "0A000"),
        ("(a) FROM STDIN (DELIMITER 'a')", "22023"),
        ("(a) FROM STDIN (QUOTE '\"')", "0A000"),
        ("(a) FROM STDIN (FORMAT csv, FORCE_QUOTE (a))", "0A000"),
        ("(a) FROM STDIN (FORMAT csv, FORCE_NULL (d))", "42P10"),
        ("(a) FROM STDIN (FORMAT csv, QUOTE ',')", "22023"),
        ("(a) FROM STDIN (FORMAT csv, NULL 'a,b')", "0A000"),
        ("(a) TO STDOUT (FORMAT csv, HEADER match)", "0A000"),
        ("(a) TO STDOUT WHERE a > 1", "42601"),
        ("(a, a) FROM STDIN", "42701"),
        ("(a) FROM STDIN (FORMAT csv, FORMAT text)", "42601"),
        ("(a) FROM STDIN (HEADER 7)", "42601"),
        ("(a) FROM STDIN (FORMAT xml)", "22023"),
        ("(a) FROM STDIN (FORMAT binary, DELIMITER ',')", "42601"),
        ("FROM '/tmp/x'", "0A000"),
    ];
    for (rest, sqlstate) in cases {
        let text = format!("COPY c {rest}");
        let error = match rest.contains("TO STDOUT") {
            true => store.out(&text).unwrap_err(),
            false => store.refusal(&text, ""),
        };
        assert_eq!(error.sqlstate(), sqlstate, "{text}: {error:?}");
    }
}

/// In a transaction rows are the transaction's, and an error is its error; outside of one a COPY is
/// whole or not at all.
#[test]
fn transactions() {
    let store = Store::table();
    let connection = &store.connection;
    connection.execute_batch("BEGIN").unwrap();
    store.copy("COPY c (a) FROM STDIN", "1\n2\n").unwrap();
    connection.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.text("COPY c TO STDOUT"), "");
    connection.execute_batch("BEGIN").unwrap();
    store.refusal("COPY c (a) FROM STDIN", "x\n");
    assert_eq!(connection.query("SELECT 1", ()).unwrap_err().sqlstate(), "25P02");
    connection.execute_batch("ROLLBACK").unwrap();
    let many: String = (0..2_500).map(|a| format!("{a}\n")).collect();
    store.refusal("COPY c (a) FROM STDIN", &format!("{many}7\n"));
    assert_eq!(store.text("COPY (SELECT count(*) FROM c) TO STDOUT"), "0\n");
    assert_eq!(store.copy("COPY c (a) FROM STDIN", &many).unwrap(), 2_500);
    assert_eq!(store.text("COPY (SELECT count(*), sum(a) FROM c) TO STDOUT"), "2500\t3123750\n");
}

/// Scripts of psql and pg_dump.
#[test]
fn scripts() {
    let script = "-- copy from stdin;\nSELECT ';copy x from stdin;' AS \"a;\", $q$;$q$;\n\
                  COPY public.t (a) FROM stdin; -- behind\n1;\n'\n\\.\n/* ; */ SELECT 2;\n";
    let parted = parts(script, crate::Dialect::Postgres);
    assert_eq!(parted.len(), 3, "{parted:?}");
    assert!(matches!(parted[0], Part::Statements(text) if text.ends_with("$q$;$q$;")));
    let expected = Part::Copy { statement: "\nCOPY public.t (a) FROM stdin", data: "1;\n'\n" };
    assert_eq!(parted[1], expected);
    assert_eq!(parted[2], Part::Statements("/* ; */ SELECT 2;\n"));
    let store = Store::table();
    let mut told = Vec::new();
    let script = "COPY c (a, b) FROM STDIN;\n1\tx;y\n2\t\\N\n\\.\n\
                  COPY (SELECT a, b FROM c ORDER BY a) TO STDOUT;\n";
    store
        .connection
        .query_batch(script, |rows| {
            let copied = rows.copied().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap());
            told.push((rows.tag().to_owned(), copied));
            Ok(())
        })
        .unwrap();
    let copied = Some("1\tx;y\n2\t\\N\n".to_owned());
    assert_eq!(told, [("COPY 2".to_owned(), None), ("COPY 2".to_owned(), copied)]);
}

/// Lines of a COPY into [`FILLED`].
fn lines(numbers: std::ops::Range<i32>) -> String {
    numbers.map(|n| format!("{n}\tname {n}\t{}\n", n % 10)).collect()
}

const FILLED: &str = "CREATE TABLE parents (id int PRIMARY KEY);
    INSERT INTO parents SELECT n FROM generate_series(0, 9) n;
    CREATE TABLE filled (id int PRIMARY KEY, name text UNIQUE, parent int REFERENCES parents,
        size int GENERATED ALWAYS AS (length(name)) STORED, at timestamptz DEFAULT now(),
        CHECK (id < 100000));
    CREATE INDEX filled_parent ON filled (parent, id)";

const FILL: &str = "COPY filled (id, name, parent) FROM STDIN";

fn filled(store: &Store) -> String {
    store.text(
        "COPY (SELECT count(*), count(DISTINCT name), sum(size), count(at) FROM filled) TO STDOUT",
    )
}

/// Guards an empty table that is filled at once: DEFAULTs, generated columns, indexes, pieces.
#[test]
fn an_empty_table_is_filled_at_once() {
    for size in [1 << 20, 7_001] {
        let store = Store::new(FILLED);
        assert_eq!(store.in_pieces(FILL, lines(0..5_000).as_bytes(), size), 5_000);
        assert_eq!(filled(&store), "5000\t5000\t43890\t5000\n");
        let of_parent = "COPY (SELECT count(*), max(id) FROM filled WHERE parent = 3) TO STDOUT";
        assert_eq!(store.text(of_parent), "500\t4993\n");
        let by_name = "COPY (SELECT id, size FROM filled WHERE name = 'name 4321') TO STDOUT";
        assert_eq!(store.text(by_name), "4321\t9\n");
        // Now it has rows, and gets more.
        assert_eq!(store.copy(FILL, &lines(5_000..9_000)).unwrap(), 4_000);
        assert_eq!(filled(&store), "9000\t9000\t79890\t9000\n");
        let refusal = store.refusal(FILL, &lines(8_999..12_000));
        assert_eq!((refusal.sqlstate(), refusal.context()), ("23505", Some("COPY filled, line 1")));
        assert_eq!(filled(&store), "9000\t9000\t79890\t9000\n");
        let report = store.connection.database().check(&mut |_| {}).unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    }
}

/// Guards what is refused meanwhile: the line is told as when rows go one by one, and nothing
/// remains.
#[test]
fn refusals_of_a_table_that_is_filled_at_once() {
    let store = Store::new(FILLED);
    let cases = [
        ("17\tagain\t1\n", "23505", "COPY filled, line 3001"),
        ("3000\tname 5\t1\n", "23505", "COPY filled, line 3001"),
        ("3000\tx\t77\n", "23503", "COPY filled, line 3001"),
        ("100000\tx\t1\n", "23514", "COPY filled, line 3001: \"100000\tx\t1\""),
        ("\\N\tx\t1\n", "23502", "COPY filled, line 3001: \"\\N\tx\t1\""),
        ("x\tx\t1\n", "22P02", "COPY filled, line 3001, column id: \"x\""),
        ("1\n", "22P04", "COPY filled, line 3001: \"1\""),
    ];
    for (line, sqlstate, context) in cases {
        let data = format!("{}{line}{}", lines(0..3_000), lines(4_000..5_000));
        let refusal = store.refusal(FILL, &data);
        assert_eq!((refusal.sqlstate(), refusal.context()), (sqlstate, Some(context)), "{line}");
        assert_eq!(store.text("COPY (SELECT count(*) FROM filled) TO STDOUT"), "0\n");
    }
    assert_eq!(store.copy(FILL, &lines(0..3_000)).unwrap(), 3_000);
}

/// Guards others who are about to change the table while it is filled: a key that they have
/// inserted and not committed is waited for, and what they do then holds.
#[test]
fn a_table_is_not_filled_over_rows_that_are_not_committed() {
    let store = Store::new(FILLED);
    let other = Connection::of(store.connection.database());
    other.execute_batch("BEGIN; INSERT INTO filled VALUES (1234, 'mine', 1)").unwrap();
    let statement = store.connection.prepare_owned(FILL, &[]).unwrap();
    let mut copy = store.connection.begin_copy_in(&statement).unwrap();
    copy.push(&store.connection, lines(0..2_000).as_bytes()).unwrap();
    store.connection.execute("SET lock_timeout = '50ms'", ()).unwrap();
    let refusal = copy.finish(&store.connection).unwrap_err();
    assert_eq!(refusal.sqlstate(), "55P03");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.text("COPY (SELECT id, name FROM filled) TO STDOUT"), "1234\tmine\n");
    let refusal = store.refusal(FILL, &lines(0..2_000));
    assert_eq!((refusal.sqlstate(), refusal.context()), ("23505", Some("COPY filled, line 1235")));
    other.execute_batch("DELETE FROM filled").unwrap();
    // A parent that is about to go.
    other.execute_batch("BEGIN; DELETE FROM parents WHERE id = 7").unwrap();
    assert_eq!(store.refusal(FILL, &lines(0..2_000)).sqlstate(), "55P03");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.copy(FILL, &lines(0..2_000)).unwrap(), 2_000);
    let report = store.connection.database().check(&mut |_| {}).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

/// Guards a COPY that is dropped before its end, and one whose rows are there twice in batches.
#[test]
fn a_fill_that_is_given_up_leaves_nothing() {
    let store = Store::new(FILLED);
    let statement = store.connection.prepare_owned(FILL, &[]).unwrap();
    let mut copy = store.connection.begin_copy_in(&statement).unwrap();
    copy.push(&store.connection, lines(0..3_000).as_bytes()).unwrap();
    drop(copy);
    assert_eq!(store.text("COPY (SELECT count(*) FROM filled) TO STDOUT"), "0\n");
    store.connection.execute_batch("BEGIN").unwrap();
    assert_eq!(store.copy(FILL, &lines(0..3_000)).unwrap(), 3_000);
    store.connection.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.text("COPY (SELECT count(*) FROM filled) TO STDOUT"), "0\n");
}
