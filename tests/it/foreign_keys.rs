//! Foreign keys against SQLite's: the same operations are accepted, and leave the same rows,
//! whatever the actions.

use std::fmt::Write;
use std::sync::Arc;

use bourse::schema::{Action, ForeignKeyBuilder};
use bourse::{
    Database, Error, ErrorKind, ForeignKey, IndexDefinition, Options, Order, Range, Table,
    TableDefinition, Type, Value,
};
use bourse_storage::vfs::sim::SimVfs;
use proptest::prelude::{Strategy, prop, proptest};

use crate::expect::small_options;

const ACTIONS: [(Action, &str); 5] = [
    (Action::NoAction, "NO ACTION"),
    (Action::Restrict, "RESTRICT"),
    (Action::Cascade, "CASCADE"),
    (Action::SetNull, "SET NULL"),
    (Action::SetDefault, "SET DEFAULT"),
];

/// What becomes of rows that refer to another, on delete and on update: places in [`ACTIONS`].
type Actions = (usize, usize);

/// An operation: which, a key, two further numbers of which 9 is NULL.
type Operation = (u8, i64, i64, i64);

fn open() -> Database {
    let options =
        Options { shards: 3, background: false, vfs: Arc::new(SimVfs::new(1)), ..small_options() };
    Database::open("/store", options).unwrap()
}

fn with(key: ForeignKeyBuilder, (delete, update): Actions) -> ForeignKeyBuilder {
    key.on_delete(ACTIONS[delete].0).on_update(ACTIONS[update].0)
}

fn ours(store: &Database, of_parents: Actions, of_children: Actions) -> [Table; 3] {
    let parents = TableDefinition::builder("parents")
        .column("id", Type::BigInt)
        .column("code", Type::BigInt)
        .primary_key(["id"])
        .index(IndexDefinition::on("parents_code_key", ["code"]).unique());
    let by_code = ForeignKey::on("by_code", ["b"], "parents").to(["code"]);
    let children = TableDefinition::builder("children")
        .column("id", Type::BigInt)
        .column("a", Type::BigInt)
        .default(0)
        .column("b", Type::BigInt)
        .primary_key(["id"])
        .foreign_key(with(ForeignKey::on("by_id", ["a"], "parents"), of_parents))
        .foreign_key(by_code);
    let leaves = TableDefinition::builder("leaves")
        .column("id", Type::BigInt)
        .column("child", Type::BigInt)
        .default(1)
        .primary_key(["id"])
        .foreign_key(with(ForeignKey::on("of_child", ["child"], "children"), of_children));
    [parents, children, leaves].map(|table| store.create_table(&table.build().unwrap()).unwrap())
}

fn theirs(of_parents: Actions, of_children: Actions) -> rusqlite::Connection {
    let clause = |(delete, update): Actions| {
        format!("ON DELETE {} ON UPDATE {}", ACTIONS[delete].1, ACTIONS[update].1)
    };
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let (parents, children) = (clause(of_parents), clause(of_children));
    let schema = format!(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE parents (id INTEGER PRIMARY KEY, code INT UNIQUE);
         CREATE TABLE children (id INTEGER PRIMARY KEY,
             a INT DEFAULT 0 REFERENCES parents {parents}, b INT REFERENCES parents (code));
         CREATE TABLE leaves (id INTEGER PRIMARY KEY, child INT DEFAULT 1
             REFERENCES children {children});"
    );
    connection.execute_batch(&schema).unwrap();
    connection
}

fn value(number: i64) -> Value {
    if number == 9 { Value::Null } else { number.into() }
}

fn text(number: i64) -> String {
    if number == 9 { "NULL".to_owned() } else { number.to_string() }
}

fn apply(
    store: &Database,
    [parents, children, leaves]: &[Table; 3],
    sqlite: &rusqlite::Connection,
    (operation, key, first, second): Operation,
) {
    let (a, b) = (text(first), text(second));
    // Keys are never NULL.
    let new = first % 9;
    let change = |table: &Table, column: &str, new: Value| {
        store.update(table, &[key.into()], &[(column, new)]).map(drop)
    };
    let (done, statement) = match operation {
        0 | 1 => (
            store.insert(parents, vec![key.into(), value(first)]).map(drop),
            format!("INSERT INTO parents VALUES ({key}, {a})"),
        ),
        2 | 3 => (
            store.insert(children, vec![key.into(), value(first), value(second)]).map(drop),
            format!("INSERT INTO children VALUES ({key}, {a}, {b})"),
        ),
        4 => (
            store.insert(leaves, vec![key.into(), value(first)]).map(drop),
            format!("INSERT INTO leaves VALUES ({key}, {a})"),
        ),
        5 => (
            store.delete(parents, &[key.into()]).map(drop),
            format!("DELETE FROM parents WHERE id = {key}"),
        ),
        6 => (
            store.delete(children, &[key.into()]).map(drop),
            format!("DELETE FROM children WHERE id = {key}"),
        ),
        7 => (
            change(parents, "id", new.into()),
            format!("UPDATE parents SET id = {new} WHERE id = {key}"),
        ),
        8 => (
            change(parents, "code", value(first)),
            format!("UPDATE parents SET code = {a} WHERE id = {key}"),
        ),
        9 => (
            change(children, "a", value(first)),
            format!("UPDATE children SET a = {a} WHERE id = {key}"),
        ),
        _ => (
            change(children, "id", new.into()),
            format!("UPDATE children SET id = {new} WHERE id = {key}"),
        ),
    };
    let accepted = accepted(done, &statement);
    let expected = sqlite.execute(&statement, []);
    assert_eq!(accepted, expected.is_ok(), "{statement}: {expected:?}");
}

fn accepted(done: Result<(), Error>, statement: &str) -> bool {
    match done {
        Ok(()) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Constraint, "{statement}: {error}");
            false
        }
    }
}

fn our_rows(store: &Database, table: &Table) -> String {
    let cut = store.cut();
    let mut all = String::new();
    for row in cut.scan(table, &Range::all(), Order::Ascending).unwrap() {
        for value in row.unwrap().values() {
            match value {
                Value::Integer(number) => write!(all, "{number} ").unwrap(),
                _ => all.push_str("- "),
            }
        }
        all.push('\n');
    }
    all
}

fn their_rows(sqlite: &rusqlite::Connection, table: &str, columns: usize) -> String {
    let mut statement = sqlite.prepare(&format!("SELECT * FROM {table} ORDER BY id")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut all = String::new();
    while let Some(row) = rows.next().unwrap() {
        for column in 0..columns {
            match row.get::<_, Option<i64>>(column).unwrap() {
                Some(number) => write!(all, "{number} ").unwrap(),
                None => all.push_str("- "),
            }
        }
        all.push('\n');
    }
    all
}

fn actions() -> impl Strategy<Value = Actions> {
    (0..ACTIONS.len(), 0..ACTIONS.len())
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]

    #[test]
    fn foreign_keys_do_what_sqlite_does(
        of_parents in actions(),
        of_children in actions(),
        operations in prop::collection::vec((0_u8..11, 0_i64..6, 0_i64..10, 0_i64..10), 1..40),
    ) {
        let store = open();
        let tables = ours(&store, of_parents, of_children);
        let sqlite = theirs(of_parents, of_children);
        for operation in operations {
            apply(&store, &tables, &sqlite, operation);
        }
        for table in &tables {
            let columns = table.definition().columns.len();
            let expected = their_rows(&sqlite, table.name(), columns);
            assert_eq!(our_rows(&store, table), expected, "{}", table.name());
        }
        let report = store.check(&mut |_| ()).unwrap();
        assert!(report.is_sound(), "{:#?}", report.findings);
    }
}
