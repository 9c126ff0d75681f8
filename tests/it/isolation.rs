//! Isolation levels of interactive transactions behave as PostgreSQL's: the scripts under
//! `tests/golden/isolation`, each line with PostgreSQL's answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use bourse::{
    Database, InteractiveTransaction, Isolation, LockMode, LockWait, LockedRow, Options, Order,
    OwnedRow, Range, Result, Table, TableDefinition, TransactionOptions, Type, Value, ValueRef,
};

/// After this long without an answer a command counts as one that waits.
const WAITS: Duration = Duration::from_millis(150);
const STUCK: Duration = Duration::from_secs(20);

#[test]
fn read_committed_is_postgres() {
    run_script("read_committed", Isolation::ReadCommitted);
}

#[test]
fn repeatable_read_is_postgres() {
    run_script("repeatable_read", Isolation::RepeatableRead);
}

#[test]
fn serializable_is_postgres() {
    run_script("serializable", Isolation::Serializable);
}

fn run_script(name: &str, isolation: Isolation) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/isolation");
    let script = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
    let mut scenarios = 0;
    for scenario in script.split("scenario ").skip(1) {
        let (title, lines) = scenario.split_once('\n').unwrap();
        run_scenario(&format!("{name}, {title}"), lines, isolation);
        scenarios += 1;
    }
    assert!(scenarios >= 11, "{name} has {scenarios} scenarios");
}

fn run_scenario(title: &str, lines: &str, isolation: Isolation) {
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(
        folder.path(),
        Options { shards: 4, cache_bytes: 16 << 20, ..Options::default() },
    )
    .unwrap();
    let definition = TableDefinition::builder("test")
        .column("id", Type::BigInt)
        .column("value", Type::BigInt)
        .primary_key(["id"])
        .shard_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    for (id, value) in [(1, 10), (2, 20)] {
        store.insert(&table, vec![id.into(), value.into()]).unwrap();
    }
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let (command, expected) = line.split_once(" -> ").unwrap();
        let (session, command) = command.split_once(' ').unwrap();
        let session = sessions
            .entry(session.to_owned())
            .or_insert_with(|| Session::start(&store, &table, isolation));
        let answer = session.answer(command, expected == "waits");
        assert_eq!(answer, expected, "{title}: {line}");
    }
}

/// A transaction on a thread of its own; a new one begins after each end.
struct Session {
    commands: Sender<String>,
    answers: Receiver<String>,
}

impl Session {
    fn start(store: &Database, table: &Table, isolation: Isolation) -> Session {
        let (commands, to_do) = channel::<String>();
        let (answered, answers) = channel();
        let (store, table) = (store.clone(), table.clone());
        std::thread::Builder::new()
            .spawn(move || {
                let options = TransactionOptions { isolation, ..TransactionOptions::default() };
                let mut transaction = None;
                for command in to_do {
                    let open = match transaction.take() {
                        Some(open) => open,
                        None => store.begin(options).unwrap(),
                    };
                    let (open, result) = perform(open, &table, &command);
                    transaction = open;
                    let answer = result.unwrap_or_else(|e| format!("error {}", e.sqlstate()));
                    if answered.send(answer).is_err() {
                        return;
                    }
                }
            })
            .unwrap();
        Session { commands, answers }
    }

    fn answer(&self, command: &str, waits: bool) -> String {
        if command != "result" {
            self.commands.send(command.to_owned()).unwrap();
        }
        match self.answers.recv_timeout(if waits { WAITS } else { STUCK }) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => "waits".to_owned(),
            Err(RecvTimeoutError::Disconnected) => panic!("the session panicked at {command}"),
        }
    }
}

fn perform(
    mut open: InteractiveTransaction,
    table: &Table,
    command: &str,
) -> (Option<InteractiveTransaction>, Result<String>) {
    let words: Vec<&str> = command.split(' ').collect();
    let number = |at: usize| words[at].parse::<i64>().unwrap();
    let result = match words[0] {
        "commit" => return (None, open.commit().map(|()| "ok".to_owned())),
        "rollback" => {
            open.rollback();
            return (None, Ok("ok".to_owned()));
        }
        "get" => open.get(table, &[number(1).into()]).map(|row| shown_value(row.as_ref())),
        "all" => rows(&mut open, table, |_| true),
        "where" => rows(&mut open, table, |value| value == number(1)),
        "mod3" => rows(&mut open, table, |value| value % 3 == 0),
        "insert" => {
            let row = vec![number(1).into(), number(2).into()];
            open.insert(table, row).map(|_| "ok".to_owned())
        }
        "set" => open
            .update(table, &[number(1).into()], &[("value", number(2).into())])
            .map(|found| usize::from(found).to_string()),
        "add" => change_where(&mut open, table, |_| true, Some(number(1))),
        "delete-where" => change_where(&mut open, table, |value| value == number(1), None),
        other => panic!("there is no command {other}"),
    };
    (Some(open), result)
}

/// As SQL's UPDATE and DELETE do it: find rows in the statement's state, lock each, and look again
/// whether it still matches as it is now.
fn change_where(
    open: &mut InteractiveTransaction,
    table: &Table,
    matches: impl Fn(i64) -> bool,
    add: Option<i64>,
) -> Result<String> {
    open.statement(|transaction| {
        let seen = transaction.scan(table, &Range::all(), Order::Ascending)?;
        let seen = seen.collect::<Result<Vec<_>>>()?;
        let mut changed = 0;
        for row in seen.iter().filter(|row| matches(value_of(row))) {
            let key = row.primary_key()?;
            let mode = if add.is_some() { LockMode::NoKeyUpdate } else { LockMode::Update };
            let locked = transaction.lock_row(table, &key, mode, LockWait::Block)?;
            let LockedRow::Row(row) = locked else { continue };
            if !matches(value_of(&row)) {
                continue;
            }
            match add {
                Some(add) => {
                    let value = Value::from(value_of(&row) + add);
                    transaction.update(table, &key, &[("value", value)])?
                }
                None => transaction.delete(table, &key)?,
            };
            changed += 1;
        }
        Ok(changed.to_string())
    })
}

fn rows(
    open: &mut InteractiveTransaction,
    table: &Table,
    matches: impl Fn(i64) -> bool,
) -> Result<String> {
    let rows = open.scan(table, &Range::all(), Order::Ascending)?;
    let shown: Vec<String> = rows
        .iter()
        .filter(|row| matches(value_of(row)))
        .map(|row| format!("{}={}", integer(row.get(0)), value_of(row)))
        .collect();
    Ok(if shown.is_empty() { "none".to_owned() } else { shown.join(" ") })
}

fn shown_value(row: Option<&OwnedRow>) -> String {
    row.map_or_else(|| "none".to_owned(), |row| value_of(row).to_string())
}

fn value_of(row: &OwnedRow) -> i64 {
    integer(row.get(1))
}

fn integer(value: ValueRef<'_>) -> i64 {
    let ValueRef::Integer(integer) = value else { panic!("{value:?} is no integer") };
    integer
}
