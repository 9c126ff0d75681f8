//! How rows are written, and what commands do.

use bourse::{Database, Options};
use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, Rows};

use super::print::{self, Format, Style};
use super::shell::{Ended, Shell};

fn rows(text: &str) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path().join("store"), Options::default()).unwrap();
    Connection::of(&database).query(text, ()).unwrap()
}

const QUERY: &str = "SELECT 1 AS n, 'a,\"b\"' AS text, NULL AS nothing, 2.50 AS amount";

#[test]
fn each_format_writes_names_and_values() {
    let written = |format| print::rows(rows(QUERY), &Style::new(format)).unwrap();
    assert_eq!(
        written(Format::Table),
        " n | text  | nothing | amount\n---+-------+---------+--------\n \
         1 | a,\"b\" |         |   2.50\n(1 row)\n\n"
    );
    assert_eq!(
        written(Format::Line),
        "-[ RECORD 1 ]\nn       | 1\ntext    | a,\"b\"\nnothing |\namount  | 2.50\n"
    );
    assert_eq!(written(Format::Csv), "n,text,nothing,amount\n1,\"a,\"\"b\"\"\",,2.50\n");
    assert_eq!(
        written(Format::Markdown),
        "| n   | text  | nothing | amount |\n| --: | ----- | ------: | -----: |\n\
         |   1 | a,\"b\" |         |   2.50 |\n\n"
    );
    assert_eq!(written(Format::List), "n|text|nothing|amount\n1|a,\"b\"||2.50\n");
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{ "n": 1, "text": "a,\"b\"", "nothing": null, "amount": "2.50" }])
    );
}

#[test]
fn a_value_of_several_lines_keeps_its_column() {
    let written =
        print::rows(rows("SELECT E'one\\ntwo' AS a, 'x' AS b"), &Style::new(Format::Table));
    assert_eq!(written.unwrap(), "  a  | b\n-----+---\n one+| x\n two |\n(1 row)\n\n");
}

#[test]
fn null_is_what_is_said() {
    let style = Style { null: "(none)".to_owned(), ..Style::new(Format::List) };
    assert_eq!(print::rows(rows("SELECT NULL AS a"), &style).unwrap(), "a\n(none)\n");
}

/// What a script writes.
fn ran(dialect: Dialect, script: &str) -> bourse_storage::Result<String> {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path().join("store"), Options::default()).unwrap();
    let mut shell = Shell::new(&database, dialect, Style::new(Format::List), false);
    shell.keep();
    shell.script(script)?;
    Ok(shell.kept())
}

#[test]
fn a_script_mixes_statements_and_commands() {
    let script = "\\echo 'two  words' here\nSELECT 1 AS a; SELECT\n2 AS b;\n\\t\nSELECT 3";
    assert_eq!(ran(Dialect::Postgres, script).unwrap(), "two  words here\na\n1\nb\n2\n3\n");
    let script = ".headers off\nSELECT 1;\n.nullvalue nothing\nSELECT NULL;\n.quit\nSELECT 2;";
    assert_eq!(ran(Dialect::Sqlite, script).unwrap(), "1\nnothing\n");
}

#[test]
fn an_error_ends_a_script() {
    let error = ran(Dialect::Postgres, "SELECT 1;\nSELECT 1/0;\nSELECT 2;").unwrap_err();
    assert_eq!(error.sqlstate(), "22012");
    let error = ran(Dialect::Postgres, "\\nonsense\nSELECT 2;").unwrap_err();
    assert!(error.to_string().contains("no command \\nonsense"), "{error}");
}

#[test]
fn the_prompt_tells_what_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path().join("store"), Options::default()).unwrap();
    let mut shell = Shell::new(&database, Dialect::Postgres, Style::new(Format::List), false);
    shell.keep();
    for (line, prompt) in [
        ("BEGIN;\n", "bourse=*> "),
        ("SELECT (\n", "bourse(*> "),
        ("'a\n", "bourse'*> "),
        ("'\n", "bourse(*> "),
        (");\n", "bourse=*> "),
        ("COMMIT;\n", "bourse=> "),
        ("SELECT\n", "bourse-> "),
    ] {
        assert_eq!(shell.line(line).unwrap(), Ended::AllRead);
        assert_eq!(shell.prompt(), prompt, "after {line:?}");
    }
}

/// A dump that is run on an empty store makes one that is dumped the same.
fn survives(dialect: Dialect, script: &str, expected: &[&str]) {
    let dump = ran(dialect, &format!("{script}\n.dump")).unwrap();
    for part in expected {
        assert!(dump.contains(part), "{part} in\n{dump}");
    }
    assert_eq!(ran(dialect, &format!("{dump}\n.dump")).unwrap(), dump);
}

#[test]
fn a_dump_makes_an_equal_store() {
    survives(
        Dialect::Sqlite,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, raw BLOB);
         INSERT INTO t VALUES (1, 'it''s', x'00ff'), (2, NULL, NULL);
         CREATE INDEX by_name ON t (name);
         CREATE VIEW names AS SELECT name FROM t;",
        &["INSERT INTO \"t\"(\"id\",\"name\",\"raw\") VALUES(1,'it''s',X'00FF');", "by_name"],
    );
    survives(
        Dialect::Postgres,
        "CREATE TYPE side AS ENUM ('buy', 'sell');
         CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'x');
         CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, side side,
                              price numeric(10,2) CHECK (price > 0));
         CREATE INDEX by_user ON orders (user_id);
         INSERT INTO users VALUES (1, E'tab\\tand line\\n'), (2, 'b');
         INSERT INTO orders VALUES (7, 1, 'buy', 2.50), (8, NULL, NULL, NULL);",
        &["1\ttab\\tand line\\n", "8\t\\N\t\\N\t\\N", "FOREIGN KEY", "CREATE INDEX by_user"],
    );
}
