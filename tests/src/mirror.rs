//! A copy of a table that is kept by its feed, exactly once: each change is applied with the
//! position, and shows that nothing was lost or told twice, as versions of rows go up by one. A
//! copy of an owned view of that table is kept by the view's feed in the same way: what is replaced
//! is what it has.

use bourse::expression::column;
use bourse::view::{AggregateFunction, Group};
use bourse::{
    Changes, Database, FeedDefinition, Order, OwnedRow, Range, Result, TableDefinition, Type,
    Value, ViewDefinition,
};
use bourse_storage::Error;

/// The feed.
pub const FEED: &str = "changes";
/// The feed of the view.
pub const GROUP_FEED: &str = "groups";
const VIEW: &str = "lanes";
const GROUP_COPY: &str = "copy of lanes";
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
    create_view_once(store)
}

/// The groups are by the row's parity and lane, each in a shard that its rows do not tell.
fn create_view_once(store: &Database) -> Result<()> {
    if store.view(VIEW).is_err() {
        let view = ViewDefinition::builder(VIEW, SOURCE)
            .group("lane", column("lane"))
            .group("parity", column("id").remainder(bourse::expression::constant(2)))
            .aggregate("rows", AggregateFunction::CountRows)
            .aggregate("versions", AggregateFunction::Average(column("version")))
            .aggregate("newest", AggregateFunction::Maximum(column("version")));
        store.create_view(&view.owned_by(["parity"]))?;
    }
    if store.table(GROUP_COPY).is_err() {
        let mut copy = TableDefinition::builder(GROUP_COPY);
        for column in store.view(VIEW)?.columns() {
            copy = copy.column(&column.name, column.data_type);
        }
        store.create_table(&copy.primary_key(["lane", "parity"]).build()?)?;
    }
    if store.feed(GROUP_FEED).is_err() {
        store.create_feed(GROUP_FEED, &FeedDefinition::of_view(VIEW))?;
    }
    Ok(())
}

/// Applies changes of groups to the copy of the view, with the position.
///
/// # Errors
/// As [`take`].
pub fn take_groups(store: &Database, changes: &Changes) -> Result<()> {
    let copy = store.table(GROUP_COPY)?;
    let values = |group: Option<Group>| group.map(|group| group.values().to_vec());
    store.transaction(|transaction| {
        for change in changes.groups() {
            let key = change.key()?;
            let had = transaction.get(&copy, &key)?.map(|row| row.values());
            let old = values(change.before()?);
            if old != had {
                let text = format!(
                    "group {key:?} of LSN {}: was {old:?}, copy has {had:?}",
                    changes.lsn()
                );
                return Err(Error::corrupt(text));
            }
            match values(change.after()?) {
                Some(new) => drop(transaction.upsert(&copy, new)?),
                None => drop(transaction.delete(&copy, &key)?),
            }
        }
        transaction.advance_feed(GROUP_FEED, changes.position())
    })
}

/// Applies what is left to the copy of the view, and compares it.
fn check_groups(store: &Database) -> Result<()> {
    let mut subscription = store.subscribe(GROUP_FEED)?;
    while let Some(changes) = subscription.try_next()? {
        take_groups(store, &changes)?;
    }
    let (cut, copy) = (store.cut(), store.table(GROUP_COPY)?);
    let shown = cut.groups(&cut.view(VIEW)?, &Range::all(), Order::Ascending)?;
    let shown = shown.map(|group| group.map(|group| group.values().to_vec()));
    let has = cut.scan(&copy, &Range::all(), Order::Ascending)?;
    let has = has.map(|row| row.map(|row| row.values()));
    let (shown, has) = (shown.collect::<Result<Vec<_>>>()?, has.collect::<Result<Vec<_>>>()?);
    if shown != has {
        return Err(Error::corrupt(format!("the copy has {has:?}, the view shows {shown:?}")));
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
    check_groups(store)?;
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
