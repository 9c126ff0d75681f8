//! Guards: nothing that changes, locks or is in doubt is taken for a plain read.

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{Effect, effect_of};

fn is_plain_read(text: &str) -> bool {
    effect_of(text) == Effect::PlainRead
}

#[test]
fn plain_reads() {
    for text in [
        "SELECT 1",
        "select * from trades where id = $1",
        "  -- a comment\n SELECT /* and /* one in */ it */ 1;  ",
        "(SELECT 1) UNION (SELECT 2)",
        "VALUES (1), (2)",
        "TABLE trades",
        "SHOW server_version",
        "SHOW ALL",
        "WITH recent AS (SELECT 1 AS a) SELECT a FROM recent",
        "SELECT count(*), sum(price), max(name) FROM t GROUP BY a HAVING count(*) > 1",
        "SELECT 'insert into t; delete' AS text, \"update\" FROM t",
        "SELECT $$ delete; $$, $tag$ $$ update $tag$, e'it\\'s; delete', 'it''s; delete'",
        "SELECT substring(a FROM 1 FOR 3) FROM t",
        "SELECT a::numeric(10, 2) FROM t WHERE b IN (1, 2) AND EXISTS (SELECT 1)",
        "SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t",
        "SELECT updated, deleted_at, insertions FROM t WHERE id = $1",
    ] {
        assert!(is_plain_read(text), "{text}");
    }
}

#[test]
fn what_is_not_or_is_in_doubt() {
    for text in [
        "",
        ";",
        "-- SELECT 1",
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET a = 1",
        "SELECT 1; DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT 1;;",
        "SELECT * FROM t FOR UPDATE",
        "SELECT * FROM t for /* x */ share",
        "SELECT * FROM t FOR NO KEY UPDATE",
        "SELECT * INTO u FROM t",
        "WITH gone AS (DELETE FROM t RETURNING a) SELECT a FROM gone",
        "WITH new AS (INSERT INTO t VALUES (1) RETURNING a) TABLE new",
        "SELECT nextval('s')",
        "SELECT NextVal ('s')",
        "SELECT setval('s', 1)",
        "SELECT \"nextval\"('s')",
        "SELECT pg_catalog.nextval('s')",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_promote()",
        "SELECT pg_notify('a', 'b')",
        "SELECT set_config('a', 'b', false)",
        "SELECT own_function(1)",
        "SELECT own.count(1)",
        "EXPLAIN ANALYZE DELETE FROM t",
        "BEGIN",
        "COMMIT",
        "SET a = 1",
        "COPY t TO STDOUT",
        "CALL count(1)",
        "LOCK TABLE t",
        "SELECT 'no end",
        "SELECT \"no end",
        "SELECT $tag$ no end $ta$",
        "SELECT 1 /* no end",
        // A backslash is no escape here: the text ends before the semicolon.
        "SELECT '\\'; DELETE FROM t --'",
    ] {
        assert!(!is_plain_read(text), "{text}");
    }
}

#[test]
fn what_changes_rows_and_leaves_nothing_behind() {
    for text in [
        "INSERT INTO t (a, b) VALUES ($1, lower($2)) ON CONFLICT (a) DO UPDATE SET b = 1",
        "insert into own.t (a) select a from u",
        "INSERT INTO \"own\".\"t\" (a) VALUES (1) RETURNING a",
        "UPDATE t SET (a, b) = (1, 2) WHERE c IN (SELECT 1)",
        "DELETE FROM t WHERE a = $1",
        "SELECT * FROM t FOR UPDATE",
        "WITH gone AS (DELETE FROM t RETURNING a) SELECT count(*) FROM gone",
    ] {
        assert_eq!(effect_of(text), Effect::PlainChange, "{text}");
    }
    for text in [
        "SET a = 1",
        "INSERT INTO t VALUES (set_config('a', 'b', false))",
        "UPDATE t SET a = pg_advisory_lock(1)",
        "UPDATE t SET a = own.f(1)",
        "INSERT INTO t VALUES (1); SET a = 1",
        "BEGIN",
        "LISTEN a",
        "CREATE TEMP TABLE t (a int)",
        "PREPARE p AS SELECT 1",
    ] {
        assert_eq!(effect_of(text), Effect::Other, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        let _ = is_plain_read(&text);
        let read = format!("SELECT {text}");
        let _ = is_plain_read(&read);
    }

    #[test]
    fn a_change_after_any_text_that_is_quoted_well_is_found(text in "[a-z$'\"/*; -]{0,20}") {
        let quoted = text.replace('\'', "''");
        let read = format!("SELECT '{quoted}'");
        prop_assert!(is_plain_read(&read));
        let change = format!("SELECT '{quoted}'; DELETE FROM t");
        prop_assert!(!is_plain_read(&change));
        prop_assert_eq!(is_plain_read(&format!("{read} AS a")), true);
    }
}
