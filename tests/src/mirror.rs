//! A copy of a table that is kept by its feed, exactly once: each change is applied with the
//! position, and shows that nothing was lost or told twice, as versions of rows go up by one.

use bourse::{
    Changes, Database, FeedDefinition, Order, OwnedRow, Range, Result, TableDefinition, Type, Value,
};
use bourse_storage::Error;

/// The feed.
pub const FEED: &str = "changes";
const SOURCE: &str = "source";
const COPY: &str = "copy";

fn definition(name: &str) -> Result<TableDefinition> {
    TableDefinition::builder(name)
        .column("id", Type::BigInt)
        .not_null()
        .column("version", Type::BigInt)
        .not_null()
        .column("lane", Type::BigInt)
        .not_null()
        .column("applied", Type::BigInt)
        .primary_key(["id"])
        .shard_key(["lane"])
        .build()
}

/// Makes the tables and the feed, unless they are there.
///
/// # Errors
/// The store's.
pub fn create_once(store: &Database) -> Result<()> {
    for name in [SOURCE, COPY] {
        if store.table(name).is_err() {
            store.create_table(&definition(name)?)?;
        }
    }
    if store.feed(FEED).is_err() {
        store.create_feed(FEED, &FeedDefinition::of_table(SOURCE))?;
    }
    Ok(())
}

fn integer(row: &OwnedRow, column: usize) -> i64 {
    match row.get(column) {
        bourse::ValueRef::Integer(value) => value,
        _ => 0,
    }
}

/// Gives a row its next version and a lane, which may be in another shard.
///
/// # Errors
/// The store's.
pub fn write(store: &Database, id: i64, lane: u64) -> Result<()> {
    let table = store.table(SOURCE)?;
    store.transaction(|transaction| {
        let before = transaction.get(&table, &[id.into()])?;
        let version = before.map_or(0, |row| integer(&row, 1)) + 1;
        let values = vec![id.into(), version.into(), lane.cast_signed().into(), Value::Null];
        transaction.upsert(&table, values).map(drop)
    })
}

/// Applies changes to the copy, with the position.
///
/// # Errors
/// `Corrupt` when what they replace is not what the copy has; the store's.
pub fn take(store: &Database, changes: &Changes) -> Result<()> {
    let copy = store.table(COPY)?;
    store.transaction(|transaction| {
        for row in changes.rows() {
            let key = row.key()?;
            let there = transaction.get(&copy, &key)?;
            let version =
                |row: Option<&OwnedRow>| row.map(|row| (integer(row, 1), integer(row, 2)));
            let (old, had) = (version(row.before()), version(there.as_ref()));
            if old != had {
                let text =
                    format!("{key:?} of LSN {}: was {old:?}, copy has {had:?}", changes.lsn());
                return Err(Error::corrupt(text));
            }
            let Some(new) = row.after() else {
                transaction.delete(&copy, &key)?;
                continue;
            };
            let mut values = new.values();
            values[3] = (there.map_or(0, |row| integer(&row, 3)) + 1).into();
            transaction.upsert(&copy, values)?;
        }
        transaction.advance_feed(FEED, changes.position())
    })
}

/// Applies what is left, and compares all of the copy with the source. Returns how many changes
/// there have been.
///
/// # Errors
/// `Corrupt` for the first difference; the store's.
pub fn check(store: &Database) -> Result<i64> {
    let mut subscription = store.subscribe(FEED)?;
    while let Some(changes) = subscription.try_next()? {
        take(store, &changes)?;
    }
    let all = |name: &str| -> Result<Vec<[i64; 4]>> {
        let (cut, table) = (store.cut(), store.table(name)?);
        let rows = cut.scan(&table, &Range::all(), Order::Ascending)?;
        rows.map(|row| row.map(|row| [0, 1, 2, 3].map(|column| integer(&row, column)))).collect()
    };
    // Each version was applied once.
    let expected: Vec<_> = all(SOURCE)?
        .into_iter()
        .map(|[id, version, lane, _]| [id, version, lane, version])
        .collect();
    let found = all(COPY)?;
    if found != expected {
        return Err(Error::corrupt(format!("the copy has {found:?}, not {expected:?}")));
    }
    Ok(found.iter().map(|[_, version, ..]| version).sum())
}
