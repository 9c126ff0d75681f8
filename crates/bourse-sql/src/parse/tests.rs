//! What texts become before names are looked at: statements, parameters, places of errors.

use super::{
    Control, CopyFormat, CopySource, FetchCount, IsolationLevel, Maintenance, Parsed, PragmaValue,
    Session, Tree, parse,
};
use crate::Dialect;
use crate::parse::scan::Scanner;

fn postgres(text: &str) -> Vec<Parsed> {
    parse(text, Dialect::Postgres).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn session(text: &str, dialect: Dialect) -> Session {
    let parsed = parse(text, dialect).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    match &parsed[0].tree {
        Tree::Session(session) => session.as_ref().clone(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn statements_are_split_with_their_texts() {
    let texts = |text: &str| {
        let parsed = postgres(text);
        parsed.iter().map(|parsed| parsed.source.text().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts("SELECT 1; ; SELECT ';' -- ;\n;"), ["SELECT 1", "SELECT ';'"]);
    assert_eq!(texts(" ; "), Vec::<String>::new());
    assert_eq!(texts("SELECT '\u{e4}';\nSELECT $$;$$"), ["SELECT '\u{e4}'", "SELECT $$;$$"]);
    let trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; \
        DELETE FROM b; END";
    let parsed = parse(&format!("{trigger}; SELECT 1"), Dialect::Sqlite).unwrap();
    assert_eq!(parsed.len(), 2);
    assert_eq!(parsed[0].source.text(), trigger);
}

#[test]
fn parameters_are_numbered_with_their_names() {
    let names = |text: &str, dialect| {
        let parsed = parse(text, dialect).unwrap().remove(0);
        let Tree::Sql(tree) = &parsed.tree else { panic!("{text}") };
        (tree.statement().to_string(), parsed.parameter_names.clone())
    };
    let (text, found) = names("SELECT $2, $1", Dialect::Postgres);
    assert_eq!((text.as_str(), found.len()), ("SELECT $2, $1", 2));
    let (text, found) = names("SELECT ?, :a, @b, ?5, $c, :a, ?", Dialect::Sqlite);
    assert_eq!(text, "SELECT $1, $2, $3, $5, $6, $2, $7");
    let named: Vec<Option<&str>> = found.iter().map(Option::as_deref).collect();
    assert_eq!(named, [None, Some(":a"), Some("@b"), None, None, Some("$c"), None]);
    let error = parse("SELECT ?99999", Dialect::Sqlite).unwrap_err();
    assert_eq!(error.sqlstate(), "54023");
}

#[test]
fn syntax_errors_have_the_place_of_the_token() {
    let cases = [
        ("SELECT\n  \u{e4}, FORM t t t", "syntax error at or near \"t\"", 20),
        ("SELECT (1", "syntax error at end of input", 10),
        ("SELECT 1; SELEC", "syntax error at or near \"SELEC\"", 11),
        ("COMMIT now", "syntax error at or near \"now\"", 8),
    ];
    for (text, message, position) in cases {
        let error = parse(text, Dialect::Postgres).unwrap_err();
        assert_eq!((error.message(), error.position()), (message, Some(position)), "{text}");
    }
}

/// What sqlparser is given of what it does not read: literals, names, types and tables of queries.
#[test]
fn what_sqlparser_does_not_read_is_said_otherwise() {
    let read = |text: &str, dialect| {
        let parsed = parse(text, dialect).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let Tree::Sql(tree) = &parsed[0].tree else { panic!("{text}") };
        tree.statement().to_string()
    };
    let long = format!("SELECT {}", "n".repeat(70));
    let cut = format!("SELECT {}", "n".repeat(63));
    let cases = [
        ("SELECT 'a' -- b\n 'c'", "SELECT 'ac'"),
        (long.as_str(), cut.as_str()),
        ("SELECT a LIKE ANY (b), a NOT ILIKE ALL (b)", "SELECT a ~~ ANY(b), a !~~* ALL(b)"),
        ("SELECT 1 AS x INTO TEMP t FROM u", "CREATE TEMPORARY TABLE t AS SELECT 1 AS x FROM u"),
        (
            "CREATE TABLE t (x, y) AS VALUES (1, 2)",
            "CREATE TABLE t AS SELECT * FROM (VALUES (1, 2)) AS made (x, y)",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, Dialect::Postgres), expected, "{text}");
    }
    let cases = [
        ("SELECT 0x1F, 0xffffffffffffffff, x'1f'", "SELECT 31, (-1), X'1f'"),
        (
            "CREATE TABLE t (a UNSIGNED BIG INT NOT NULL, b LONG NAME(7), c)",
            "CREATE TABLE t (a \"UNSIGNED BIG INT\" NOT NULL, b \"LONG NAME\"(7), c)",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, Dialect::Sqlite), expected, "{text}");
    }
    let error = parse("SELECT 0x10000000000000000", Dialect::Sqlite).unwrap_err();
    assert_eq!(error.message(), "hex literal too big: 0x10000000000000000");
    let error = parse("SELECT 1 +; SELECT 2", Dialect::Postgres).unwrap_err();
    assert_eq!((error.message(), error.position()), ("syntax error at or near \";\"", Some(11)));
}

#[test]
fn nesting_is_limited_and_long_chains_are_not() {
    let deep = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(parse(&deep, Dialect::Postgres).unwrap_err().sqlstate(), "54001");
    let fits = format!("SELECT {}1{}", "(".repeat(50), ")".repeat(50));
    assert_eq!(postgres(&fits).len(), 1);
    // A tree of a long chain is taken down without a stack for each of its levels.
    let chain = format!("SELECT 1 WHERE {}", vec!["a = 1"; 20_000].join(" OR "));
    drop(postgres(&chain));
}

#[test]
fn what_clients_send_is_read_whether_or_not_sqlparser_knows_it() {
    for text in [
        "vacuum analyze pgbench_branches",
        "VACUUM (FULL, ANALYZE) t (a, b)",
        "copy t from stdin with (freeze on)",
        "COPY t (a, b) TO STDOUT WITH CSV HEADER DELIMITER ';' FORCE QUOTE *",
        "COPY (SELECT 1) TO STDOUT (FORMAT binary)",
        "show transaction isolation level",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE",
        "START TRANSACTION",
        "ROLLBACK TO SAVEPOINT a",
        "SET search_path TO a, 'b'",
        "SET TIME ZONE 'UTC'",
        "SET LOCAL statement_timeout = 5000",
        "SET SESSION AUTHORIZATION DEFAULT",
        "CLOSE ALL",
        "UNLISTEN *",
        "RESET ALL",
        "DISCARD ALL",
        "DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1",
        "FETCH FORWARD 10 FROM c",
        "PREPARE p (int, text) AS SELECT $1, $2",
        "EXECUTE p (1, 'a')",
        "LOCK TABLE a, b IN ACCESS SHARE MODE NOWAIT",
        "NOTIFY c, 'payload'",
        "EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT * FROM t FOR NO KEY UPDATE SKIP LOCKED",
        "SELECT a ISNULL, b NOTNULL FROM t",
        "SELECT 1 OPERATOR(pg_catalog.+) 2",
        "CREATE TABLE t (a int) SHARD BY (a)",
        "create table t (a int) with (fillfactor=100)",
        "truncate a, b, c",
    ] {
        assert_eq!(postgres(text).len(), 1, "{text}");
    }
}

#[test]
fn words_of_sessions_mean_what_they_say() {
    let Session::Control(Control::Begin { modes, .. }) =
        session("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Dialect::Postgres)
    else {
        panic!("no BEGIN")
    };
    assert_eq!(
        (modes.isolation, modes.read_only),
        (Some(IsolationLevel::RepeatableRead), Some(true))
    );
    let Session::Control(Control::Fetch { count, name, skip }) =
        session("MOVE BACKWARD 3 IN c", Dialect::Postgres)
    else {
        panic!("no MOVE")
    };
    assert_eq!((count, name.as_str(), skip), (FetchCount::Relative(-3), "c", true));
    let Session::Copy(copy) = session("COPY T (A) FROM STDIN CSV NULL 'x'", Dialect::Postgres)
    else {
        panic!("no COPY")
    };
    assert!(copy.from_client && copy.options.format == CopyFormat::Csv);
    assert_eq!(copy.options.null.as_deref(), Some("x"));
    assert!(matches!(copy.source, CopySource::Table { columns, .. } if columns == ["a"]));
    let Session::Maintenance { what, tables } = session("vacuum analyze t", Dialect::Postgres)
    else {
        panic!("no VACUUM")
    };
    assert_eq!((what, tables.len()), (Maintenance::VacuumAnalyze, 1));
    let Session::Control(Control::Pragma { name, value }) =
        session("PRAGMA main.table_info(t)", Dialect::Sqlite)
    else {
        panic!("no PRAGMA")
    };
    assert_eq!((name.as_str(), value), ("table_info", Some(PragmaValue::Of("t".to_owned()))));
    let Session::Control(Control::Set { values, local, name }) =
        session("SET LOCAL TimeZone = DEFAULT", Dialect::Postgres)
    else {
        panic!("no SET")
    };
    assert_eq!((values, local, name.as_str()), (None, true, "timezone"));
}

#[test]
fn what_is_not_done_is_refused_with_what_to_do() {
    for (text, dialect) in [
        ("DO $$ BEGIN END $$", Dialect::Postgres),
        ("COPY t FROM '/tmp/a'", Dialect::Postgres),
        ("ATTACH 'a.db' AS b", Dialect::Sqlite),
    ] {
        let error = parse(text, dialect).unwrap_err();
        assert_eq!(error.sqlstate(), "0A000", "{text}");
        assert!(error.hint().is_some(), "{text}");
    }
}

/// Where the first statement of a text ends, for each way to cut it into two pieces.
fn ends(dialect: Dialect, text: &str) -> Option<usize> {
    let whole = Scanner::new(dialect).feed(text);
    for cut in text.match_indices('\n').map(|(at, _)| at + 1) {
        let mut scanner = Scanner::new(dialect);
        let end =
            scanner.feed(&text[..cut]).or_else(|| scanner.feed(&text[cut..]).map(|end| cut + end));
        assert_eq!(end, whole, "cut at {cut}");
    }
    whole
}

#[test]
fn a_statement_ends_with_its_own_semicolon() {
    let cases = [
        "SELECT 1;",
        "SELECT ';' ;",
        "SELECT 'it''s;\nso;' ;",
        "SELECT \"a;\nb\";",
        "SELECT 1 -- ;\n;",
        "SELECT /* ; \n ; */ 1;",
    ];
    for text in cases {
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            assert_eq!(ends(dialect, text), Some(text.len()), "{text}");
        }
    }
    let postgres = [
        "SELECT E'\\';\n' ;",
        "SELECT $$ ;\n $$;",
        "SELECT $a$ $$ ;\n $b$ $a$;",
        "SELECT /* /* ; */\n ; */ 1;",
        "SELECT $1;",
        "SELECT 1 AS e, '\\';",
        "SELECT E'a''\\';' ;",
    ];
    for text in postgres {
        assert_eq!(ends(Dialect::Postgres, text), Some(text.len()), "{text}");
    }
    let sqlite = [
        "SELECT [a;b];",
        "SELECT `;`;",
        "SELECT '\\';",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;\nSELECT 2; END;",
        "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\nSELECT 1; END;",
    ];
    for text in sqlite {
        assert_eq!(ends(Dialect::Sqlite, text), Some(text.len()), "{text}");
    }
    assert_eq!(ends(Dialect::Postgres, "SELECT 1"), None);
    assert_eq!(ends(Dialect::Postgres, "SELECT ';"), None);
}
