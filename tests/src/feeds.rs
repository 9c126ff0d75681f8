//! Subscribers in the simulated worlds: each keeps a copy of a table or of an owned view by its
//! feed, changes and position in one transaction, and the copy is compared with the table or view
//! after each open.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bourse::view::Group;
use bourse::{
    Changes, Database, ErrorKind, FeedDefinition, Order, OwnedRow, Range, Result, Subscription,
    TableDefinition, Type, Value, ValueRef,
};
use bourse_storage::Error;
use bourse_storage::sync::sim::Random;

use crate::Violation;
use crate::history::State;
use crate::rows::{Kind, RowKey, decode};
use crate::views;
use crate::workload::{Ending, Shared};

/// What is broken where a copy is not the table.
const TELLS: &str = "feed tells every change once";
/// What is copied: tables whose rows are changed in every way, and those of one come and go; and a
/// view of that one.
const COPIED: [Source; 3] =
    [Source::Table(Kind::Account), Source::Table(Kind::Trade), Source::View];
/// The feed of the view.
const PARTS: &str = "parts";
/// The copy of the view.
const COPY_OF_PARTS: &str = "copy_of_parts";

/// What a feed is of.
#[derive(Clone, Copy)]
enum Source {
    Table(Kind),
    View,
}

impl Source {
    fn feed(self) -> &'static str {
        match self {
            Source::Table(kind) => kind.name(),
            Source::View => PARTS,
        }
    }
}

/// Version, client, transaction, value.
type Copied = [i64; 4];

fn copy_of(kind: Kind) -> String {
    format!("copy_of_{}", kind.name())
}

/// Makes the feeds and the tables of the copies.
pub(crate) fn create(store: &Database) -> Result<()> {
    for source in COPIED {
        let Source::Table(kind) = source else { continue };
        let mut copy = TableDefinition::builder(copy_of(kind));
        for column in ["lane", "id", "version", "client", "seq", "value"] {
            copy = copy.column(column, Type::BigInt).not_null();
        }
        store.create_table(&copy.primary_key(["lane", "id"]).shard_key(["id"]).build()?)?;
        store.create_feed(kind.name(), &FeedDefinition::of_table(kind.name()))?;
    }
    let view = store.view(views::OWNED)?;
    let mut copy = TableDefinition::builder(COPY_OF_PARTS);
    for column in view.columns() {
        copy = copy.column(&column.name, Type::BigInt);
    }
    store.create_table(&copy.primary_key(["client", "part"]).shard_key(["part"]).build()?)?;
    store.create_feed(PARTS, &FeedDefinition::of_view(views::OWNED))
}

/// The values of a group as its copy has them: a sum as the bits of the double.
fn copied_group(group: &Group) -> Vec<Value> {
    let value = |value: &Value| match value {
        Value::Double(sum) => sum.to_bits().cast_signed().into(),
        other => other.clone(),
    };
    group.values().iter().map(value).collect()
}

/// Applies changes of groups to the copy of the view, with the feed's position.
fn take_groups(store: &Database, changes: &Changes) -> Result<()> {
    let copy = store.table(COPY_OF_PARTS)?;
    store.transaction(|transaction| {
        for change in changes.groups() {
            let old = change.before()?.as_ref().map(copied_group);
            let new = change.after()?.as_ref().map(copied_group);
            let key = change.key()?;
            let there = transaction.get(&copy, &key)?.map(|row| row.values());
            if there != old {
                let lsn = changes.lsn();
                return Err(untrue(format!("{key:?} at {lsn}: {old:?} replaces {there:?}")));
            }
            match new {
                Some(values) => drop(transaction.upsert(&copy, values)?),
                None => drop(transaction.delete(&copy, &key)?),
            }
        }
        transaction.advance_feed(PARTS, changes.position())
    })
}

/// The copy of the view has what the view shows.
fn check_groups(store: &Database) -> Result<()> {
    let (cut, copy) = (store.cut(), store.table(COPY_OF_PARTS)?);
    let groups = cut.groups(&cut.view(views::OWNED)?, &Range::all(), Order::Ascending)?;
    let groups = groups.map(|group| group.map(|group| copied_group(&group)));
    let rows = cut.scan(&copy, &Range::all(), Order::Ascending)?;
    let rows = rows.map(|row| row.map(|row| row.values()));
    let (shown, has) = (groups.collect::<Result<Vec<_>>>()?, rows.collect::<Result<Vec<_>>>()?);
    if shown == has {
        return Ok(());
    }
    let first = shown.iter().zip(&has).find(|(shown, has)| shown != has);
    let (shown, has) = (shown.len(), has.len());
    let message = format!("the view shows {shown} groups, its copy has {has}: first {first:?}");
    Err(untrue(message))
}

fn copied(kind: Kind, row: &OwnedRow) -> Result<(RowKey, Copied)> {
    let (key, version, image) = decode(kind, row)?;
    Ok((key, [version, image.client, image.seq, image.value]))
}

fn integers(row: &OwnedRow) -> Vec<i64> {
    let integer = |value| match value {
        ValueRef::Integer(value) => value,
        _ => 0,
    };
    (0..6).map(|column| integer(row.get(column))).collect()
}

/// Applies changes to a copy, with the feed's position. What is replaced must be what it has.
fn take(store: &Database, source: Source, changes: &Changes) -> Result<()> {
    let Source::Table(kind) = source else { return take_groups(store, changes) };
    let copy = store.table(&copy_of(kind))?;
    store.transaction(|transaction| {
        for row in changes.rows() {
            let old = row.before().map(|row| copied(kind, row)).transpose()?;
            let new = row.after().map(|row| copied(kind, row)).transpose()?;
            let Some((key, _)) = old.or(new) else { continue };
            let place = [key.lane.into(), key.id.into()];
            let there = transaction.get(&copy, &place)?.map(|row| integers(&row)[2..].to_vec());
            if there.as_deref() != old.as_ref().map(|(_, values)| &values[..]) {
                let lsn = changes.lsn();
                return Err(untrue(format!("{key:?} at {lsn}: {old:?} replaces {there:?}")));
            }
            match new {
                Some((_, values)) => {
                    let row = place.into_iter().chain(values.map(Value::from)).collect();
                    transaction.upsert(&copy, row)?;
                }
                None => drop(transaction.delete(&copy, &place)?),
            }
        }
        transaction.advance_feed(kind.name(), changes.position())
    })
}

/// What a copy finds untrue of its table.
fn untrue(detail: String) -> Error {
    Error::corrupt(format!("{TELLS}: {detail}"))
}

/// Brings the copies to the newest state, and compares them with the rows found.
pub(crate) fn check(store: &Database, found: &State) -> std::result::Result<(), Violation> {
    let failed = |error: Error| Violation::new(TELLS, format!("{error:?}"));
    for source in COPIED {
        let Ok(mut subscription) = store.subscribe(source.feed()) else { continue };
        while let Some(changes) = subscription.try_next().map_err(failed)? {
            take(store, source, &changes).map_err(failed)?;
        }
        let Source::Table(kind) = source else {
            check_groups(store).map_err(failed)?;
            continue;
        };
        let there = rows_of(store, kind).map_err(failed)?;
        let of_kind = found.iter().filter(|(key, (_, image))| key.kind == kind && image.is_some());
        let expected: BTreeMap<RowKey, Copied> = of_kind
            .filter_map(|(key, (version, image))| {
                image.map(|image| (*key, [*version, image.client, image.seq, image.value]))
            })
            .collect();
        if there != expected {
            let differs = |key: &&RowKey| there.get(key) != expected.get(key);
            let key = there.keys().chain(expected.keys()).find(differs);
            let (has, is) = (key.map(|key| there.get(key)), key.map(|key| expected.get(key)));
            return Err(Violation::new(
                TELLS,
                format!("{key:?}: the copy has {has:?}, not {is:?}"),
            ));
        }
    }
    Ok(())
}

fn rows_of(store: &Database, kind: Kind) -> Result<BTreeMap<RowKey, Copied>> {
    let (cut, table) = (store.cut(), store.table(&copy_of(kind))?);
    let row = |row: Result<OwnedRow>| {
        let row = integers(&row?);
        let key = RowKey { kind, lane: row[0], id: row[1] };
        Ok((key, [row[2], row[3], row[4], row[5]]))
    };
    cut.scan(&table, &Range::all(), Order::Any)?.map(row).collect()
}

/// Keeps the copies while the clients work.
pub(crate) struct Subscriber {
    pub(crate) store: Database,
    pub(crate) shared: Arc<Shared>,
    pub(crate) random: Random,
}

impl Subscriber {
    /// Works until the clients are done or the store stops.
    pub(crate) fn run(mut self) {
        let mut subscriptions: [Option<Subscription>; COPIED.len()] = [None, None, None];
        loop {
            for (source, subscription) in COPIED.into_iter().zip(&mut subscriptions) {
                let shared = &self.shared;
                let done = shared.done.load(Ordering::Relaxed) >= shared.budget;
                if done || shared.history.violation().is_some() {
                    return;
                }
                if let Err(error) = self.step(source, subscription) {
                    // Whatever was given and not dealt with is given again.
                    *subscription = None;
                    if self.ends_with(&error) {
                        return;
                    }
                }
            }
        }
    }

    fn step(&mut self, source: Source, subscription: &mut Option<Subscription>) -> Result<()> {
        let open = match subscription {
            Some(open) => open,
            None => subscription.insert(self.store.subscribe(source.feed())?),
        };
        let limit = Duration::from_micros(self.random.below(400));
        let Some(changes) = open.next_timeout(limit)? else { return Ok(()) };
        let readable = self.store.cut().lsn();
        if readable < changes.lsn() {
            let lsn = changes.lsn();
            return Err(untrue(format!("{lsn} was told, and only {readable} can be read")));
        }
        if self.random.one_in(12) {
            *subscription = None;
            return Ok(());
        }
        take(&self.store, source, &changes)
    }

    /// Whether the subscriber ends by an error; one that should not be is a violation.
    fn ends_with(&self, error: &Error) -> bool {
        let shared = &self.shared;
        let failing = matches!(shared.ending, Ending::Failure(..)) || shared.vfs.is_crashed();
        match error.kind() {
            ErrorKind::Conflict => false,
            ErrorKind::Full if shared.full.is_some() => false,
            ErrorKind::Closed | ErrorKind::Io if failing => true,
            _ => {
                let told = error.message().starts_with(TELLS) || error.sqlstate() == "72000";
                let invariant = if told { TELLS } else { "no needless error" };
                shared.history.violate(Violation::new(invariant, format!("{error:?}")));
                true
            }
        }
    }
}
