//! What definitions make of a store, and that the catalog tells it again.

use bourse::schema::Default as StoreDefault;
use bourse::{Type, Value};

use crate::Dialect;
use crate::bind::{Bound, Store};
use crate::catalog::Catalog;
use crate::settings::Settings;

fn catalog(store: &Store) -> Catalog {
    Catalog::load(&store.database).unwrap()
}

fn table(store: &Store, name: &str) -> bourse::Table {
    store.database.table(name).unwrap()
}

#[test]
fn a_table_of_postgresql_becomes_the_stores() {
    let store = Store::new(
        Dialect::Postgres,
        "CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(5) \
            UNIQUE);
         CREATE TABLE c (user_id bigint NOT NULL, n int DEFAULT 5 CHECK (n > 0 AND n < 100),
            at timestamptz DEFAULT now(),
            day date, tags text[],
            p bigint CONSTRAINT fk REFERENCES p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            twice int GENERATED ALWAYS AS (n * 2) STORED, PRIMARY KEY (user_id, n));
         CREATE INDEX c_day ON c (day DESC);",
    );
    let p = table(&store, "p");
    assert_eq!(p.definition().columns[0].default, None);
    let known = catalog(&store);
    let entry = known.table(None, "p", &Settings::default()).unwrap();
    assert_eq!(entry.columns[0].note.identity.as_deref(), Some("always"));
    assert_eq!(
        entry.columns[0].note.default.as_deref(),
        Some("nextval('\"public\".\"p_id_seq\"')")
    );
    let sequence = known.sequence(None, "p_id_seq", &Settings::default()).unwrap();
    assert_eq!(sequence.note.owner, Some(("p".to_owned(), "id".to_owned())));
    assert_eq!(p.definition().indexes[0].name, "p_code_key");
    let c = table(&store, "c");
    let definition = c.definition();
    let types: Vec<Type> = definition.columns.iter().map(|column| column.data_type).collect();
    let timestamp = Type::TimestampTz { precision: 6 };
    assert_eq!(
        types,
        [
            Type::BigInt,
            Type::Integer,
            timestamp,
            Type::Date,
            Type::Text,
            Type::BigInt,
            Type::Integer
        ]
    );
    assert_eq!(definition.columns[1].default, Some(StoreDefault::Constant(Value::Integer(5))));
    assert_eq!(definition.columns[2].default, Some(StoreDefault::CurrentTimestamp));
    assert_eq!(definition.checks[0].name, "c_n_check");
    assert_eq!(definition.foreign_keys[0].name, "fk");
    // Rows of one user lie together.
    assert_eq!(definition.shard_key, [0]);
    assert!(definition.index("c_day").unwrap().columns[0].descending);
    let catalog = catalog(&store);
    let entry = catalog.table(None, "c", &Settings::default()).unwrap();
    let declared: Vec<String> = entry.columns.iter().map(|column| column.ty.to_string()).collect();
    assert_eq!(
        declared,
        ["bigint", "integer", "timestamp with time zone", "date", "text[]", "bigint", "integer"]
    );
    assert_eq!(entry.columns[6].note.generated.as_deref(), Some("n * 2"));
}

#[test]
fn a_table_of_sqlite_becomes_the_stores() {
    let store = Store::new(
        Dialect::Sqlite,
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a VARCHAR(10) COLLATE NOCASE \
            DEFAULT 'x', b DOUBLE, c BLOB, d,
            e DECIMAL(10,2) CHECK (e >= 0), f BOOLEAN, UNIQUE (a, b));
         CREATE TABLE u (k TEXT PRIMARY KEY, symbol TEXT NOT NULL) WITHOUT ROWID;
         CREATE UNIQUE INDEX t_d ON t (d) WHERE b > 1;",
    );
    let t = table(&store, "t");
    let types: Vec<Type> = t.definition().columns.iter().map(|column| column.data_type).collect();
    let decimal = Type::Decimal { precision: 10, scale: 2 };
    assert_eq!(
        types,
        [Type::BigInt, Type::Text, Type::Double, Type::Any, Type::Any, decimal, Type::Any]
    );
    assert_eq!(t.definition().columns[0].default, Some(StoreDefault::Identity));
    assert!(t.definition().index("t_d").unwrap().predicate.is_some());
    assert_eq!(table(&store, "u").definition().shard_key, [1]);
    let entry = catalog(&store).table(None, "t", &Settings::default()).unwrap();
    assert_eq!(entry.columns[1].declared_type(), "VARCHAR(10)");
    assert!(entry.note.sql.as_deref().unwrap().starts_with("CREATE TABLE t (id INTEGER"));
}

#[test]
fn tables_are_altered_with_what_sql_keeps_about_them() {
    let store = Store::new(
        Dialect::Postgres,
        "CREATE TABLE t (id bigint PRIMARY KEY, a varchar(5));
         ALTER TABLE t ADD COLUMN b varchar(7) NOT NULL DEFAULT 'y',
            ADD CONSTRAINT long CHECK (length(a) > 1);
         ALTER TABLE t RENAME COLUMN a TO c;
         ALTER TABLE t ALTER COLUMN c TYPE varchar(9), ALTER b DROP NOT NULL;
         ALTER TABLE t RENAME TO s;",
    );
    let entry = catalog(&store).table(None, "s", &Settings::default()).unwrap();
    let columns: Vec<String> =
        entry.columns.iter().map(|column| format!("{} {}", column.name, column.ty)).collect();
    assert_eq!(columns, ["id bigint", "c character varying(9)", "b character varying(7)"]);
    assert!(!entry.table.definition().columns[2].not_null);
    assert_eq!(entry.table.definition().checks[0].name, "long");
    store.define(
        "ALTER TABLE s DROP CONSTRAINT long; ALTER TABLE s ADD PRIMARY KEY (c);"
            .split("; ")
            .next()
            .unwrap(),
    );
    assert!(table(&store, "s").definition().checks.is_empty());
    let error = store.error("ALTER TABLE s ADD PRIMARY KEY (c)");
    assert_eq!(error.sqlstate(), "42P16");
}

#[test]
fn names_live_in_schemas() {
    let store = Store::new(
        Dialect::Postgres,
        "CREATE SCHEMA desk;
         CREATE TABLE desk.t (id bigint PRIMARY KEY);
         CREATE TABLE t (id text PRIMARY KEY);
         CREATE VIEW desk.v AS SELECT id FROM desk.t;
         CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0);
         CREATE TABLE d (a cents);
         CREATE SEQUENCE numbers START 5;
         COMMENT ON TABLE desk.t IS 'what the desk holds';",
    );
    let catalog = catalog(&store);
    let mut settings = Settings::default();
    let ty =
        |settings: &Settings| catalog.table(None, "t", settings).unwrap().columns[0].ty.to_string();
    assert_eq!(ty(&settings), "text");
    settings.set("search_path", "desk, public");
    assert_eq!(ty(&settings), "bigint");
    assert_eq!(catalog.comment("table desk.t"), Some("what the desk holds"));
    assert_eq!(catalog.sequence(None, "numbers", &settings).unwrap().note.start, 5);
    assert_eq!(table(&store, "d").definition().checks[0].name, "d_a_check");
    store.bind("SELECT id FROM desk.v").unwrap();
    assert_eq!(store.error("DROP SCHEMA desk").sqlstate(), "2BP01");
    store.define("DROP SCHEMA desk CASCADE");
    assert_eq!(store.error("SELECT id FROM desk.v").sqlstate(), "42P01");
}

#[test]
fn what_the_store_cannot_keep_is_refused() {
    let store = Store::new(
        Dialect::Postgres,
        "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (p bigint REFERENCES p);",
    );
    for (statement, state) in [
        ("CREATE TABLE t (a int CHECK (a IN (SELECT 1)))", "0A000"),
        ("CREATE TEMP TABLE t (a int)", "0A000"),
        ("CREATE TABLE t (a int DEFAULT b)", "0A000"),
        ("CREATE TABLE t (a int REFERENCES nothing)", "42P01"),
        ("CREATE TABLE nothing.t (a int)", "3F000"),
        ("CREATE TABLE t (a int DEFAULT 'x')", "22P02"),
        ("CREATE INDEX i ON p USING gin (id)", "0A000"),
        ("CREATE MATERIALIZED VIEW m AS SELECT current_user FROM nothing", "42P01"),
    ] {
        assert_eq!(store.error(statement).sqlstate(), state, "{statement}");
    }
    assert_eq!(store.error("DROP TABLE p").sqlstate(), "2BP01");
    store.define("DROP TABLE p, c");
}

#[test]
fn rows_of_a_query_are_put_into_the_table_made_of_it() {
    let store =
        Store::new(Dialect::Postgres, "CREATE TABLE p (id bigint PRIMARY KEY, name varchar(3));");
    let bound = store.bind("CREATE TABLE q AS SELECT id, name, 1 AS one FROM p").unwrap();
    let Bound::Define(definition) = bound.bound else { panic!("no definition") };
    super::execute(&definition, &store.database).unwrap();
    let fill = definition.fill(&store.database).unwrap().expect("a statement");
    assert!(crate::algebra::check(&fill).is_empty());
    let columns =
        table(&store, "q").definition().columns.iter().map(|c| c.data_type).collect::<Vec<_>>();
    assert_eq!(columns, [Type::BigInt, Type::Text, Type::Integer]);
}
