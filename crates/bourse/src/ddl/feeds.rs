//! Feeds made and dropped, and what the other changes of definitions owe to them.
//!
//! A subscriber reads rows in the layout that their table had when they were logged. So while a
//! table has feeds, each change of its definition leaves a copy of the new one, by the version of
//! the definitions that it comes with; a record names the version that it was built under.

use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};

use super::views::next_version;
use super::{Change, DefinitionEntry, change};
use crate::catalog::{Catalog, TableInfo, encode_table, feed_key, past_table_key};
use crate::core::Core;
use crate::database::Database;
use crate::feed::{FeedDefinition, Named, Position, Source, StoredFeed, check_name};
use crate::record::OperationKind;
use crate::shard::FEEDS;
use crate::snapshot::KeyRange;
use crate::view::ViewInfo;

impl Database {
    /// Makes a feed: from now on the log is kept for it, until its position moves on, and records
    /// carry what rows of its table they replace. [`Database::subscribe`] reads it.
    ///
    /// # Errors
    /// `InvalidInput`: 42710 when a feed has the name, 42P01 when there is no such table or view,
    /// 0A000 for a view that has no feeds (one that is not owned, a roll-up, one with percentiles
    /// or lookups), 55000 for one that is being built, 42809 for a view that is named as a table,
    /// 42602 for a name that is none; for one that begins earlier than now, 72000 when the log no
    /// longer has its records, 55000 when they do not carry what they replace.
    pub fn create_feed(&self, name: &str, definition: &FeedDefinition) -> Result<()> {
        check_name(name)?;
        let core = self.core();
        change(core, |catalog, _| {
            if catalog.feed_named(name).is_ok() {
                let message = format!("feed {name} exists already");
                return Err(Error::invalid(message).with_sqlstate("42710"));
            }
            let (source, info, range) = source_of(catalog, definition)?;
            let since = first_lsn(core, catalog, source, definition)?;
            let (id, name) = (catalog.next_object, name.to_owned());
            let feed = StoredFeed { id, name, source, since, range };
            // A bulk load that began before knows nothing of a feed of a view.
            let mut change = match source {
                Source::Table(_) => unchanged(catalog, info),
                Source::View(_) => Change::of(catalog, info, next_version(info)),
            };
            change.next_object += 1;
            change.marks.push((feed_key(feed.id), Some(feed.encode()?)));
            if let Source::Table(_) = source
                && catalog.past_of(info.id()).is_empty()
            {
                // Of this version already: this record itself is read too.
                let key = past_table_key(info.id(), catalog.version);
                let now = encode_table(&info.definition, info.routing.forwarding())?;
                change.marks.push((key, Some(now)));
            }
            let (shard, key) = (catalog.map.shard(feed.slot()), feed.position_key().to_vec());
            let position = Position::from(since).encode();
            change.follows.push((Some(shard), OperationKind::PutEntry, FEEDS, key, position));
            Ok(change)
        })?;
        // The log may have been cut while nobody knew of the feed.
        if self.feed(name)?.is_lost {
            self.drop_feed(name)?;
            return Err(begins_too_early(core, definition.from.unwrap_or_default()));
        }
        Ok(())
    }

    /// Drops a feed with its position. Whoever reads it is told at the next call.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none of that name.
    pub fn drop_feed(&self, name: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let feed = catalog.feed_named(name)?;
            let info = catalog.table_of_feed(feed)?;
            let mut change = unchanged(catalog, info);
            change.marks.push((feed_key(feed.id), None));
            let others =
                |other: &&Arc<StoredFeed>| other.source == feed.source && other.id != feed.id;
            if let Source::Table(table) = feed.source
                && catalog.feeds().iter().find(others).is_none()
            {
                let past = catalog.past_of(table).iter();
                let past = past.map(|(version, _)| (past_table_key(table, *version), None));
                change.marks.extend(past);
            }
            let (shard, key) = (catalog.map.shard(feed.slot()), feed.position_key().to_vec());
            let delete = OperationKind::DeleteEntry;
            change.follows.push((Some(shard), delete, FEEDS, key, Vec::new()));
            Ok(change)
        })
    }
}

/// A change of definitions that leaves the table as it is.
fn unchanged(catalog: &Catalog, info: &TableInfo) -> Change {
    Change::of(catalog, info, info.definition.clone())
}

/// What a feed is of, its table, and the keys that it tells of.
fn source_of<'c>(
    catalog: &'c Catalog,
    definition: &FeedDefinition,
) -> Result<(Source, &'c Arc<TableInfo>, KeyRange)> {
    match &definition.named {
        Named::Table(name) if catalog.view_named(name).is_ok() => {
            let message = format!("{name} is a view: FeedDefinition::of_view is a feed of it");
            Err(Error::invalid(message).with_sqlstate("42809"))
        }
        Named::Table(name) => {
            let info = catalog.table_named(name)?;
            Ok((Source::Table(info.id()), info, definition.range.encode(&info.key_shape)?))
        }
        Named::View(name) => {
            let view = catalog.view_named(name)?;
            view.check_can_be_fed()?;
            let range = definition.range.encode(&view.key_shape)?;
            Ok((Source::View(view.id()), catalog.table(view.view.table)?, range))
        }
    }
}

/// The record behind which a feed begins. Called under the mutexes of all shards, so that no
/// transaction is between its log position and the end of its apply.
fn first_lsn(
    core: &Core,
    catalog: &Catalog,
    source: Source,
    definition: &FeedDefinition,
) -> Result<Lsn> {
    let newest = core.log.last_lsn();
    let from = definition.from.filter(|from| *from < newest);
    let Some(from) = from else { return Ok(newest) };
    if from.next() < core.log.first_lsn() {
        return Err(begins_too_early(core, from));
    }
    let of_same = catalog.feeds().iter().filter(|feed| feed.source == source);
    match of_same.map(|feed| feed.since).min() {
        Some(since) if since <= from => Ok(from),
        since => {
            let rest = match since {
                Some(since) => format!("begin behind LSN {since} or later, or now"),
                None => "begin now".to_owned(),
            };
            let (Named::Table(name) | Named::View(name)) = &definition.named;
            let message = format!(
                "a feed of {name} cannot begin behind LSN {from}: no feed of it was there then, so \
                 records do not carry what they replaced; {rest}"
            );
            Err(Error::invalid(message).with_sqlstate("55000"))
        }
    }
}

#[cold]
fn begins_too_early(core: &Core, from: Lsn) -> Error {
    let first = core.log.first_lsn();
    let message = format!(
        "a feed cannot begin behind LSN {from}: the log begins with LSN {first}; begin behind LSN \
         {} or later, or now",
        first.0 - 1
    );
    Error::invalid(message).with_sqlstate("72000")
}

/// Refuses to drop a table that has feeds.
pub(super) fn check_unfed(catalog: &Catalog, info: &TableInfo) -> Result<()> {
    let source = Source::Table(info.id());
    let Some(feed) = catalog.feeds().iter().find(|feed| feed.source == source) else {
        return Ok(());
    };
    let message = format!(
        "table {} cannot be dropped because feed {} depends on it: drop the feed first",
        info.definition.name, feed.name
    );
    Err(Error::invalid(message).with_sqlstate("2BP01"))
}

/// Refuses to drop a view that has feeds.
pub(super) fn check_view_unfed(catalog: &Catalog, view: &ViewInfo) -> Result<()> {
    let source = Source::View(view.id());
    let Some(feed) = catalog.feeds().iter().find(|feed| feed.source == source) else {
        return Ok(());
    };
    let message = format!(
        "view {} cannot be dropped because feed {} depends on it: drop the feed first",
        view.name(),
        feed.name
    );
    Err(Error::invalid(message).with_sqlstate("2BP01"))
}

/// Copies of new definitions of tables with feeds, where columns are others than before.
pub(super) fn past_tables(
    catalog: &Catalog,
    definitions: &[DefinitionEntry],
) -> Vec<DefinitionEntry> {
    let mut past = Vec::new();
    for (key, value) in definitions {
        let (Some(id), Some(value)) = (key.get(1..).and_then(|id| id.try_into().ok()), value)
        else {
            continue;
        };
        let id = u32::from_be_bytes(id);
        let fed = catalog.feeds().iter().any(|feed| feed.source == Source::Table(id));
        let as_before = catalog.table(id).is_ok_and(|info| {
            encode_table(&info.definition, info.routing.forwarding()).is_ok_and(|now| now == *value)
        });
        if fed && !as_before {
            past.push((past_table_key(id, catalog.version + 1), Some(value.clone())));
        }
    }
    past
}
