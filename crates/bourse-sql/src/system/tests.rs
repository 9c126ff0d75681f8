//! Relations of the system: that what is recorded fits what is made, that numbers stay, that rows
//! are looked up, and that a server can tell what it knows.

use std::sync::Arc;

use bourse::{Database, Options};

use super::live::{LiveRelations, LiveRow};
use super::relations;
use crate::Dialect;
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

impl LiveRelations for Sessions {
    fn rows(&self, relation: &str) -> Option<Vec<LiveRow>> {
        let row = |pid| vec![("pid", Datum::Integer(pid)), ("state", Datum::text("idle"))];
        (relation == "pg_stat_activity").then(|| vec![row(7), row(8)])
    }
}

/// Guards the way by which a server tells of its sessions.
#[test]
fn a_server_tells_of_its_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path(), Options::default()).unwrap();
    let sessions = "SELECT pid, state FROM pg_stat_activity ORDER BY 1";
    assert_eq!(rows(&connection, sessions).len(), 1);
    connection.state().set_live_relations(Arc::new(Sessions));
    assert_eq!(rows(&connection, sessions), [["7", "idle"], ["8", "idle"]]);
    assert_eq!(rows(&connection, "SELECT rolname FROM pg_roles"), [["postgres"]]);
}
