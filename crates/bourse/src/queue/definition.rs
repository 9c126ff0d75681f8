//! What a queue is: its name, its rules, the tables that it is made of, and where it is written
//! down.
//!
//! Queues are rows of the table [`QUEUES`]. A queue is made and dropped in several changes of
//! definitions, each durable by itself, so its row comes first and goes last:
//!
//! ```text
//! (no row) --insert--> making --tables made-----> ready
//! ready --update--> dropping --tables dropped--> (no row)
//! ```
//!
//! What a crash leaves in `making` or `dropping` is no queue: its tables are dropped when a queue
//! of that name is made or dropped.

use std::time::Duration;

use bourse_storage::{Error, Result};

use crate::database::Database;
use crate::expression::{column, constant};
use crate::schema::{IndexDefinition, TableDefinition};
use crate::table::{OwnedRow, Table};
use crate::value::{Type, Value, ValueRef};

/// The table of all queues.
pub(crate) const QUEUES: &str = "bourse_queues";

/// A message that waits behind an earlier one of its key.
pub(crate) const WAITING: i64 = 0;
/// The first message of its key, to be leased from its due time on.
pub(crate) const READY: i64 = 1;
/// The first message of its key, leased until its due time.
pub(crate) const LEASED: i64 = 2;

/// The type of a queue's keys.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum QueueKeyType {
    /// TEXT.
    #[default]
    Text,
    /// BIGINT.
    BigInt,
    /// UUID.
    Uuid,
}

impl QueueKeyType {
    /// The type of the columns that hold keys.
    pub(crate) fn data_type(self) -> Type {
        match self {
            QueueKeyType::Text => Type::Text,
            QueueKeyType::BigInt => Type::BigInt,
            QueueKeyType::Uuid => Type::Uuid,
        }
    }

    fn code(self) -> i64 {
        match self {
            QueueKeyType::Text => 0,
            QueueKeyType::BigInt => 1,
            QueueKeyType::Uuid => 2,
        }
    }

    fn of_code(code: i64) -> Result<QueueKeyType> {
        match code {
            0 => Ok(QueueKeyType::Text),
            1 => Ok(QueueKeyType::BigInt),
            2 => Ok(QueueKeyType::Uuid),
            _ => Err(Error::corrupt(format!("table {QUEUES} has a key type {code}"))),
        }
    }
}

/// What a queue is made with; kept with it in the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueueDefinition {
    /// The name: of the queue, and of its table of messages. The tables with `_dead` and `_once`
    /// behind it are the queue's too.
    pub name: String,
    /// The type of keys. A queue whose keys are those that a table is sharded by, of the same type,
    /// has its messages in the shards of that table's rows. Default TEXT.
    pub key_type: QueueKeyType,
    /// After so many leases without an acknowledgement a message goes to the dead letters; 0 for
    /// never. Default 10.
    pub attempts_max: u32,
    /// How long a message that was rejected for the first time is not leased again; twice as long
    /// each further time. Default 1 s.
    pub backoff_first: Duration,
    /// The longest such time. Default 5 minutes.
    pub backoff_max: Duration,
    /// How long an idempotency key is remembered. Default 24 hours.
    pub idempotency_window: Duration,
}

impl QueueDefinition {
    /// A queue with the default rules.
    pub fn new(name: impl Into<String>) -> QueueDefinition {
        QueueDefinition {
            name: name.into(),
            key_type: QueueKeyType::default(),
            attempts_max: 10,
            backoff_first: Duration::from_secs(1),
            backoff_max: Duration::from_secs(300),
            idempotency_window: Duration::from_secs(24 * 3600),
        }
    }

    fn check(&self) -> Result<()> {
        if self.name.is_empty() {
            return Err(Error::invalid("a queue has a name").with_sqlstate("42602"));
        }
        if self.backoff_first > self.backoff_max {
            let name = &self.name;
            let message = format!("queue {name}: backoff_first is longer than backoff_max");
            return Err(Error::invalid(message));
        }
        Ok(())
    }

    fn dead_name(&self) -> String {
        format!("{}_dead", self.name)
    }

    fn once_name(&self) -> String {
        format!("{}_once", self.name)
    }

    /// The queue's row in [`QUEUES`].
    fn row(&self, state: &str) -> Vec<Value> {
        vec![
            self.name.as_str().into(),
            state.into(),
            self.key_type.code().into(),
            Value::Integer(i64::from(self.attempts_max)),
            micros(self.backoff_first).into(),
            micros(self.backoff_max).into(),
            micros(self.idempotency_window).into(),
        ]
    }

    fn of_row(row: &OwnedRow) -> Result<QueueDefinition> {
        let integer = |at: usize| match row.get(at) {
            ValueRef::Integer(integer) => Ok(integer),
            _ => Err(Error::corrupt(format!("column {at} of table {QUEUES} is no integer"))),
        };
        let duration = |at| Ok(Duration::from_micros(integer(at)?.unsigned_abs()));
        Ok(QueueDefinition {
            name: text(row.get(0))?.to_owned(),
            key_type: QueueKeyType::of_code(integer(2)?)?,
            attempts_max: u32::try_from(integer(3)?).unwrap_or(u32::MAX),
            backoff_first: duration(4)?,
            backoff_max: duration(5)?,
            idempotency_window: duration(6)?,
        })
    }

    fn messages(&self) -> Result<TableDefinition> {
        let heads = IndexDefinition::on("heads", ["state", "priority", "due"])
            .descending("priority")
            .filter(column("state").greater(constant(WAITING)));
        TableDefinition::builder(&self.name)
            .column("key", self.key_type.data_type())
            .not_null()
            .column("sequence", Type::BigInt)
            .not_null()
            .column("state", Type::SmallInt)
            .not_null()
            .column("priority", Type::SmallInt)
            .not_null()
            .column("due", Type::Timestamp { precision: 9 })
            .not_null()
            .column("enqueued_at", Type::Timestamp { precision: 9 })
            .not_null()
            .column("attempts", Type::BigInt)
            .not_null()
            .column("token", Type::BigInt)
            .not_null()
            .column("reason", Type::Text)
            .column("payload", Type::Blob)
            .not_null()
            .primary_key(["key", "sequence"])
            .shard_key(["key"])
            .index(heads)
            .index(IndexDefinition::on("by_age", ["enqueued_at"]))
            .build()
    }

    fn dead(&self) -> Result<TableDefinition> {
        TableDefinition::builder(self.dead_name())
            .column("key", self.key_type.data_type())
            .not_null()
            .column("token", Type::BigInt)
            .not_null()
            .column("priority", Type::SmallInt)
            .not_null()
            .column("enqueued_at", Type::Timestamp { precision: 9 })
            .not_null()
            .column("died_at", Type::Timestamp { precision: 9 })
            .not_null()
            .column("attempts", Type::BigInt)
            .not_null()
            .column("reason", Type::Text)
            .column("payload", Type::Blob)
            .not_null()
            .primary_key(["key", "token"])
            .shard_key(["key"])
            .index(IndexDefinition::on("by_death", ["died_at"]))
            .build()
    }

    fn once(&self) -> Result<TableDefinition> {
        TableDefinition::builder(self.once_name())
            .column("key", self.key_type.data_type())
            .not_null()
            .column("idempotency_key", Type::Text)
            .not_null()
            .column("expires", Type::Timestamp { precision: 9 })
            .not_null()
            .primary_key(["key", "idempotency_key"])
            .shard_key(["key"])
            .index(IndexDefinition::on("by_expiry", ["expires"]))
            .build()
    }
}

/// A text of one of the queue's own rows.
pub(crate) fn text(value: ValueRef<'_>) -> Result<&str> {
    match value {
        ValueRef::Text(text) => Ok(text),
        _ => Err(Error::corrupt("a column of a queue's table is no text")),
    }
}

/// Microseconds, as columns hold them.
pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The tables of a queue: messages, dead letters, idempotency keys.
pub(super) type Tables = [Table; 3];

/// Whether a table is not there.
pub(crate) fn is_missing(error: &Error) -> bool {
    error.sqlstate() == "42P01"
}

/// A table, made when there is none of its name.
pub(crate) fn table_or_new(
    store: &Database,
    name: &str,
    definition: impl FnOnce() -> Result<TableDefinition>,
) -> Result<Table> {
    match store.table(name) {
        Err(error) if is_missing(&error) => match store.create_table(&definition()?) {
            // Another thread was first.
            Err(error) if error.sqlstate() == "42P07" => store.table(name),
            made => made,
        },
        found => found,
    }
}

fn queues_table(store: &Database) -> Result<Table> {
    table_or_new(store, QUEUES, || {
        TableDefinition::builder(QUEUES)
            .column("name", Type::Text)
            .not_null()
            .column("state", Type::Text)
            .not_null()
            .column("key_type", Type::BigInt)
            .not_null()
            .column("attempts_max", Type::BigInt)
            .not_null()
            .column("backoff_first_us", Type::BigInt)
            .not_null()
            .column("backoff_max_us", Type::BigInt)
            .not_null()
            .column("idempotency_window_us", Type::BigInt)
            .not_null()
            .primary_key(["name"])
            .build()
    })
}

/// Makes the tables of a queue. Returns them.
pub(super) fn make(store: &Database, definition: &QueueDefinition) -> Result<Tables> {
    definition.check()?;
    let queues = queues_table(store)?;
    let name = [Value::from(definition.name.as_str())];
    match store.get(&queues, &name)? {
        Some(row) if text(row.get(1))? == "ready" => {
            let message = format!("queue {} exists", definition.name);
            return Err(Error::invalid(message).with_sqlstate("42P07"));
        }
        Some(_) => drop_tables(store, definition)?,
        None => {
            for table in [&definition.name, &definition.dead_name(), &definition.once_name()] {
                if store.table(table).is_ok() {
                    let message = format!("table {table} exists: give the queue another name");
                    return Err(Error::invalid(message).with_sqlstate("42P07"));
                }
            }
        }
    }
    store.upsert(&queues, definition.row("making"))?;
    let tables = [
        store.create_table(&definition.messages()?)?,
        store.create_table(&definition.dead()?)?,
        store.create_table(&definition.once()?)?,
    ];
    store.upsert(&queues, definition.row("ready"))?;
    Ok(tables)
}

/// The queue of that name, with its tables.
pub(super) fn find(store: &Database, name: &str) -> Result<(QueueDefinition, Tables)> {
    let row = match store.table(QUEUES) {
        Err(error) if is_missing(&error) => None,
        queues => store.get(&queues?, &[name.into()])?,
    };
    let ready = |row: &OwnedRow| Ok::<_, Error>(text(row.get(1))? == "ready");
    let Some(row) = row.map(|row| ready(&row).map(|is| is.then_some(row))).transpose()?.flatten()
    else {
        return Err(Error::invalid(format!("queue {name} does not exist")).with_sqlstate("42P01"));
    };
    let definition = QueueDefinition::of_row(&row)?;
    let tables = [
        store.table(&definition.name)?,
        store.table(&definition.dead_name())?,
        store.table(&definition.once_name())?,
    ];
    Ok((definition, tables))
}

/// The names of all queues.
pub(super) fn names(store: &Database) -> Result<Vec<String>> {
    let queues = match store.table(QUEUES) {
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        queues => queues?,
    };
    let cut = store.cut();
    let mut names = Vec::new();
    for row in cut.scan(&queues, &crate::Range::all(), crate::Order::Ascending)? {
        let row = row?;
        if text(row.get(1))? == "ready" {
            names.push(text(row.get(0))?.to_owned());
        }
    }
    Ok(names)
}

/// Drops a queue with all that is in it.
pub(super) fn remove(store: &Database, name: &str) -> Result<()> {
    let queues = queues_table(store)?;
    let Some(row) = store.get(&queues, &[name.into()])? else {
        return Err(Error::invalid(format!("queue {name} does not exist")).with_sqlstate("42P01"));
    };
    let definition = QueueDefinition::of_row(&row)?;
    store.upsert(&queues, definition.row("dropping"))?;
    drop_tables(store, &definition)?;
    store.delete(&queues, &[name.into()]).map(drop)
}

fn drop_tables(store: &Database, definition: &QueueDefinition) -> Result<()> {
    for table in [&definition.name, &definition.dead_name(), &definition.once_name()] {
        match store.drop_table(table) {
            Err(error) if is_missing(&error) => {}
            dropped => dropped?,
        }
    }
    Ok(())
}
