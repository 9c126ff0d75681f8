//! Relations of the system: that what is recorded fits what is made, that numbers stay, that rows
//! are looked up, and that a server can tell what it knows.

use std::sync::Arc;
use std::time::Duration;

use bourse::{Database, Options};
use bourse_storage::sync;

use super::relations;
use crate::Dialect;
use crate::activity::{Activity, Observed, SessionActivity, StatementActivity};
use crate::algebra::{ExprKind, Rel, Statement, Visit};
use crate::bind::Bound;
use crate::catalog::Catalog;
use crate::connection::Connection;
use crate::datum::Datum;
use crate::settings::Settings;
use crate::types::SqlType;

const TABLES: &str = "CREATE TYPE side AS ENUM ('buy', 'sell');
    CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
    CREATE TABLE trades (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id), side side,
        price numeric(12, 4) DEFAULT 0, CHECK (price >= 0));
    CREATE INDEX trades_user ON trades (user_id);
    CREATE SEQUENCE tickets;
    CREATE VIEW cheap AS SELECT id FROM trades WHERE price < 1;";

fn rows(connection: &Connection, text: &str) -> Vec<Vec<String>> {
    let rows = connection.query(text, ()).unwrap_or_else(|error| panic!("{text}: {error}"));
    rows.map(|row| {
        let cells = (0..row.len()).map(|at| Ok(row.text(at)?.unwrap_or_default()));
        cells.collect::<crate::error::Result<Vec<String>>>()
    })
    .unwrap()
}

/// A type without what only its column decides.
fn plain(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::Varchar(_) | SqlType::Text => SqlType::Text,
        SqlType::Oid(_) => SqlType::Oid(crate::types::OidKind::Oid),
        SqlType::Array(element) => plain(element).array(),
        other => other.clone(),
    }
}

/// Guards the queries of views: each has as many columns as PostgreSQL's view, of its types.
#[test]
fn views_of_the_system_have_the_columns_of_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path(), Options::default()).unwrap();
    let catalog = Catalog::load(&database).unwrap();
    let mut views = 0;
    for relation in relations::all().iter().filter(|relation| relation.query.is_some()) {
        views += 1;
        let text = format!("SELECT * FROM {}.{}", relation.schema, relation.name);
        let parsed = crate::parse::parse(&text, Dialect::Postgres).unwrap();
        let settings = Settings::default();
        let bound = crate::bind::bind(&parsed[0], &catalog, Dialect::Postgres, &settings, &[]);
        let Bound::Rows(Statement::Query(query)) =
            bound.unwrap_or_else(|error| panic!("{text}: {error}")).bound
        else {
            panic!("{text} is no query");
        };
        let found: Vec<(String, SqlType)> =
            query.columns.iter().map(|column| (column.name.clone(), plain(&column.ty))).collect();
        let wanted = relation.columns.iter();
        // Names of numbers are texts in a result.
        let wanted: Vec<(String, SqlType)> = wanted
            .map(|column| match &column.ty {
                SqlType::Oid(kind) if *kind != crate::types::OidKind::Oid => {
                    (column.name.to_owned(), SqlType::Text)
                }
                ty => (column.name.to_owned(), plain(ty)),
            })
            .collect();
        assert_eq!(found, wanted, "{text}");
    }
    assert!(views > 30, "{views} views");
}

/// Guards the recorded files: a field for each column, and every value read.
#[test]
fn recorded_rows_fit_their_relations() {
    let mut read = 0;
    for relation in relations::all() {
        let rows = super::recorded::rows(relation);
        for row in &rows.rows {
            assert_eq!(row.len(), relation.columns.len(), "{}", relation.name);
            for (value, column) in row.iter().zip(&relation.columns) {
                let missing = column.not_null && value.is_null();
                assert!(!missing, "{}.{} has no value", relation.name, column.name);
            }
        }
        read += rows.rows.len();
    }
    assert!(read > 1500, "{read} rows");
}

/// Guards N1 and N2 of the objects, and that numbers survive reopening and other objects.
#[test]
fn numbers_stay_as_long_as_their_objects() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = "SELECT oid::text, relname FROM pg_class WHERE oid > 16383 ORDER BY relname";
    let types = "SELECT oid::text FROM pg_type WHERE typname = 'side'";
    let constraints = "SELECT oid::text, conname FROM pg_constraint ORDER BY conname";
    let before = {
        let connection = Connection::open(folder.path(), Options::default()).unwrap();
        connection.execute_batch(TABLES).unwrap();
        let all = [numbers, types, constraints].map(|text| rows(&connection, text));
        connection.execute_batch("CREATE TABLE a (b integer); DROP TABLE a;").unwrap();
        let again = [numbers, types, constraints].map(|text| rows(&connection, text));
        assert_eq!(all, again);
        all
    };
    let connection = Connection::open(folder.path(), Options::default()).unwrap();
    assert_eq!([numbers, types, constraints].map(|text| rows(&connection, text)), before);
    let mut all: Vec<String> = before.iter().flatten().map(|row| row[0].clone()).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

/// Guards lookups: a condition on a number or a name reaches the relation, also as a correlation.
#[test]
fn rows_are_looked_up_by_what_conditions_say() {
    struct Keys(usize, usize);
    impl Visit for Keys {
        fn rel(&mut self, rel: &Rel) {
            if let Rel::Functions { calls, .. } = rel {
                self.0 += 1;
                let key = &calls[0].arguments[2].kind;
                self.1 += usize::from(!matches!(key, ExprKind::Literal(Datum::Null)));
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path(), Options::default()).unwrap();
    let catalog = Catalog::load(&database).unwrap();
    let looked_up = |text: &str| {
        let parsed = crate::parse::parse(text, Dialect::Postgres).unwrap();
        let settings = Settings::default();
        let bound = crate::bind::bind(&parsed[0], &catalog, Dialect::Postgres, &settings, &[]);
        let Bound::Rows(Statement::Query(mut query)) = bound.unwrap().bound else {
            panic!("{text} is no query");
        };
        crate::plan::push::push_query(&mut query);
        let mut keys = Keys(0, 0);
        query.visit_query(&mut keys);
        (keys.0, keys.1)
    };
    assert_eq!(looked_up("SELECT relname FROM pg_class WHERE oid = 1259"), (1, 1));
    assert_eq!(looked_up("SELECT oid FROM pg_class WHERE relname = 'pg_class'"), (1, 1));
    assert_eq!(looked_up("SELECT 1 FROM pg_attribute WHERE attrelid IN (1249, 1259)"), (1, 1));
    assert_eq!(looked_up("SELECT 1 FROM pg_attribute WHERE attnum = 1"), (1, 0));
    assert_eq!(looked_up("SELECT 1 FROM pg_class WHERE oid = relnamespace"), (1, 0));
}

/// Guards that lookups change no answer: all of a list, nothing, and NULL.
#[test]
fn lookups_find_what_a_scan_finds() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path(), Options::default()).unwrap();
    connection.execute_batch(TABLES).unwrap();
    let one = |text: &str| rows(&connection, text);
    let list = "SELECT relname FROM pg_class WHERE oid IN (1259, 1249, 1259, 7) ORDER BY 1";
    assert_eq!(one(list), [["pg_attribute"], ["pg_class"]]);
    assert!(one("SELECT 1 FROM pg_class WHERE oid = NULL").is_empty());
    assert!(one("SELECT 1 FROM pg_class WHERE oid = 7").is_empty());
    // The same joined by lookups, by a hash table, and row by row.
    let joined =
        "SELECT c.relname, count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relname IN ('users', 'trades') GROUP BY 1 ORDER BY 1";
    let scanned = "SELECT c.relname, count(*) FROM pg_class c, pg_attribute a
        WHERE a.attrelid::bigint + 0 = c.oid::bigint + 0 AND c.relname ~ '^(users|trades)$'
        GROUP BY 1 ORDER BY 1";
    assert_eq!(one(joined), one(scanned));
    let counted = "SELECT relname, (SELECT count(*) FROM pg_attribute WHERE attrelid = c.oid)
        FROM pg_class c WHERE relname IN ('users', 'trades') ORDER BY 1";
    assert_eq!(one(counted), one(joined));
}

struct Sessions;

impl Observed for Sessions {
    fn sessions(&self) -> Vec<SessionActivity> {
        let of = |process, user: &str| SessionActivity {
            process,
            user: user.to_owned(),
            database: "store".to_owned(),
            application: "test".to_owned(),
            peer: "127.0.0.1:4000".to_owned(),
            state: "idle",
            text: format!("SELECT {process}"),
            began_us: 1,
            transaction_began_us: 0,
            statement_began_us: 2,
            state_since_us: 3,
        };
        vec![of(71, "ann"), of(72, "bob")]
    }

    fn statements(&self) -> Vec<StatementActivity> {
        vec![StatementActivity {
            id: 7,
            text: "SELECT $1".to_owned(),
            calls: 4,
            rows: 8,
            total: Duration::from_millis(12),
            least: Duration::from_millis(1),
            most: Duration::from_millis(6),
            deviation_ms: 0.5,
        }]
    }

    fn reset_statements(&self) {}

    fn cancel(&self, process: u32) -> bool {
        process == 71
    }

    fn terminate(&self, process: u32) -> bool {
        process == 71
    }
}

/// Guards the way by which a server tells of its sessions and statements, and what of them those
/// see who are no admins.
#[test]
fn a_server_tells_of_its_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path(), Options::default()).unwrap();
    let sessions = "SELECT pid, usename, client_addr, client_port, state, wait_event, query
        FROM pg_stat_activity WHERE pid > 70 ORDER BY 1";
    assert!(rows(&connection, sessions).is_empty());
    let server: Arc<dyn Observed> = Arc::new(Sessions);
    connection.database().companion::<Activity>().set(&server);
    let ann = ["71", "ann", "127.0.0.1", "4000", "idle", "ClientRead", "SELECT 71"];
    let bob = ["72", "bob", "127.0.0.1", "4000", "idle", "ClientRead", "SELECT 72"];
    assert_eq!(rows(&connection, sessions), [ann, bob]);
    let statements = "SELECT query, calls, total_exec_time, min_exec_time, max_exec_time,
        mean_exec_time, rows FROM pg_stat_statements";
    assert_eq!(rows(&connection, statements), [["SELECT $1", "4", "12", "1", "6", "3", "8"]]);
    assert_eq!(rows(&connection, "SELECT pg_cancel_backend(71)"), [["t"]]);
    assert_eq!(rows(&connection, "SELECT pg_terminate_backend(73)"), [["f"]]);
    assert_eq!(connection.take_notices().len(), 1);

    connection.set_rights(Some(Arc::default()));
    let hidden = ["71", "ann", "", "", "", "", "<insufficient privilege>"];
    assert_eq!(rows(&connection, sessions)[0], hidden);
    assert_eq!(rows(&connection, statements)[0][0], "<insufficient privilege>");
    for refused in ["SELECT pg_cancel_backend(71)", "SELECT pg_stat_statements_reset()"] {
        assert_eq!(connection.query(refused, ()).unwrap_err().sqlstate(), "42501", "{refused}");
    }
}

/// Guards `pg_locks` and `pg_blocking_pids`: what is held and waited for, by whom.
#[test]
fn locks_are_shown_with_who_waits_for_whom() {
    let folder = tempfile::tempdir().unwrap();
    let first = Connection::open(folder.path(), Options::default()).unwrap();
    first.execute_batch(TABLES).unwrap();
    let begin = "INSERT INTO trades VALUES (1, NULL, 'buy', 1); BEGIN; LOCK TABLE trades;";
    first.execute_batch(begin).unwrap();
    first.execute("SELECT pg_advisory_lock(4294967298)", ()).unwrap();
    first.execute("UPDATE trades SET price = 2 WHERE id = 1", ()).unwrap();
    let held = "SELECT locktype, relation::regclass::text, classid, objid, mode, granted
        FROM pg_locks ORDER BY 1";
    let advisory = ["advisory", "", "1", "2", "ExclusiveLock", "t"];
    let relation = ["relation", "trades", "", "", "AccessExclusiveLock", "t"];
    let tuple = ["tuple", "trades", "", "", "ExclusiveLock", "t"];
    assert_eq!(rows(&first, held), [advisory, relation, tuple]);

    let database = first.database().clone();
    let waits = sync::spawn("waits", move || {
        let second = Connection::of(&database);
        second.execute("UPDATE trades SET price = 3 WHERE id = 1", ()).unwrap();
    });
    let third = Connection::of(first.database());
    // Whose the wait is, is known a moment after it has begun.
    let blocked = "SELECT pid, pg_blocking_pids(pid)::text FROM pg_locks
        WHERE NOT granted AND pid IS NOT NULL";
    let found = loop {
        let found = rows(&third, blocked);
        if !found.is_empty() {
            break found;
        }
        std::thread::yield_now();
    };
    let own = first.state().process_number();
    assert_eq!(found[0][1], format!("{{{own}}}"));
    let seen = "SELECT wait_event_type, wait_event, state FROM pg_stat_activity
        WHERE pid = $1::integer";
    let seen = third.prepare(seen).unwrap().query((found[0][0].as_str(),)).unwrap();
    let cells = seen.map(|row| Ok([row.text(0)?, row.text(1)?, row.text(2)?])).unwrap();
    let lock = ["Lock", "tuple", "active"].map(|text| Some(text.to_owned()));
    assert_eq!(cells, [lock]);
    first.execute("COMMIT", ()).unwrap();
    waits.join().unwrap();
    first.execute("SELECT pg_advisory_unlock_all()", ()).unwrap();
    assert_eq!(rows(&third, "SELECT count(*) FROM pg_locks"), [["0"]]);
}

/// Guards `pg_prepared_statements`, `pg_cursors`, and the schema of temporary tables.
#[test]
fn a_session_lists_what_it_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path(), Options::default()).unwrap();
    connection.execute_batch(TABLES).unwrap();
    assert_eq!(rows(&connection, "SELECT pg_my_temp_schema()"), [["0"]]);
    connection
        .execute_batch(
            "CREATE TEMP TABLE mine (a integer);
            PREPARE one (bigint) AS SELECT email FROM users WHERE id = $1;
            BEGIN; DECLARE names CURSOR FOR SELECT email FROM users;",
        )
        .unwrap();
    let listed = "SELECT name, parameter_types::text, from_sql, prepare_time <= now()
        FROM pg_prepared_statements";
    assert_eq!(rows(&connection, listed), [["one", "{bigint}", "t", "t"]]);
    let cursors = "SELECT name, statement, is_holdable, is_scrollable FROM pg_cursors";
    let declared = "DECLARE names CURSOR FOR SELECT email FROM users";
    assert_eq!(rows(&connection, cursors), [["names", declared, "f", "t"]]);
    connection.execute_batch("COMMIT; DEALLOCATE one;").unwrap();
    assert!(rows(&connection, listed).is_empty());
    assert!(rows(&connection, cursors).is_empty());
    let schema = "SELECT nspname LIKE 'pg_temp_%', relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.oid = pg_my_temp_schema()";
    assert_eq!(rows(&connection, schema), [["t", "mine"]]);
}
