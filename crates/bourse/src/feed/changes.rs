//! What a subscriber gets: the changes of one transaction, made of its record.
//!
//! A record has its operations shard by shard, each row at most once in a shard. A row that moved
//! to another shard is deleted in one section and put in another: both are one change here.

use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};
use hashbrown::HashMap;

use super::definition::{Position, Source, StoredFeed};
use super::groups::groups_of;
use crate::catalog::{Catalog, TableInfo, table_key};
use crate::datetime::Timestamp;
use crate::lookup::Place;
use crate::record::{Operation, OperationKind, RecordView};
use crate::schema::TableDefinition;
use crate::shard::DEFINITIONS;
use crate::table::{OwnedRow, Table};
use crate::value::Value;
use crate::view::GroupChange;

/// The changes that one transaction made to what a feed tells of; never none.
#[derive(Clone, Debug)]
pub struct Changes {
    pub(super) position: Position,
    pub(super) is_last: bool,
    pub(super) time: Option<Timestamp>,
    pub(super) list: Vec<Change>,
}

/// One change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// A row came, went or was changed.
    Row(RowChange),
    /// A group of the view came, went or shows something else.
    Group(GroupChange),
    /// The table was emptied: all of its rows, or groups of the view, are gone, and are not told
    /// one by one.
    Truncated,
    /// The table has another definition; the changes that follow have its columns. Where its rows
    /// were converted they follow one by one, the old ones with the columns of before.
    Altered(Table),
}

/// A row before and after a transaction, whatever this did in between.
#[derive(Clone, Debug)]
pub struct RowChange {
    old: Option<OwnedRow>,
    new: Option<OwnedRow>,
}

impl Changes {
    /// The transaction's number.
    pub fn lsn(&self) -> Lsn {
        self.position.lsn
    }

    /// Where a subscriber is that has dealt with these changes; for
    /// [`Subscription::acknowledge`](super::Subscription::acknowledge) and
    /// [`Transaction::advance_feed`](crate::Transaction::advance_feed).
    pub fn position(&self) -> Position {
        self.position
    }

    /// Whether the transaction has no more of them. Only a bulk load comes in several parts.
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// When the transaction was committed, by the clock of the machine; a bulk load does not tell.
    pub fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// The changes. Those of rows are in no order that means anything; each row is there once.
    pub fn list(&self) -> &[Change] {
        &self.list
    }

    /// The changes of rows among them.
    pub fn rows(&self) -> impl Iterator<Item = &RowChange> {
        self.list.iter().filter_map(|change| match change {
            Change::Row(row) => Some(row),
            _ => None,
        })
    }

    /// The changes of groups among them.
    pub fn groups(&self) -> impl Iterator<Item = &GroupChange> {
        self.list.iter().filter_map(|change| match change {
            Change::Group(group) => Some(group),
            _ => None,
        })
    }
}

impl RowChange {
    /// The row before; none where it was inserted.
    pub fn before(&self) -> Option<&OwnedRow> {
        self.old.as_ref()
    }

    /// The row after; none where it was deleted.
    pub fn after(&self) -> Option<&OwnedRow> {
        self.new.as_ref()
    }

    /// Its primary key (for a table without one, the hidden rowid).
    ///
    /// # Errors
    /// `Corrupt` when the key does not decode.
    pub fn key(&self) -> Result<Vec<Value>> {
        match self.new.as_ref().or(self.old.as_ref()) {
            Some(row) => row.primary_key(),
            None => unreachable!("a row that was neither before nor after has not changed"),
        }
    }
}

/// The table as it was under a version of the definitions.
pub(super) fn table_at<'c>(
    catalog: &'c Catalog,
    feed: &StoredFeed,
    table: u32,
    version: u64,
) -> Result<&'c Arc<TableInfo>> {
    let past = catalog.past_of(table);
    let behind = past.partition_point(|(from, _)| *from <= version);
    let found = behind.checked_sub(1).and_then(|at| past.get(at));
    found.map(|(_, table)| table).ok_or_else(|| {
        Error::corrupt(format!(
            "feed {} has no definition of its table for version {version} of the definitions",
            feed.name
        ))
    })
}

/// A row as a record or a load has it.
pub(super) fn row_of(
    table: &Arc<TableInfo>,
    bytes: &[u8],
    key: &[u8],
    shard: u16,
) -> Result<OwnedRow> {
    OwnedRow::new(table, bytes.to_vec(), key, Place { slot: None, shard })
}

/// A row that came.
pub(super) fn inserted(row: OwnedRow) -> Change {
    Change::Row(RowChange { old: None, new: Some(row) })
}

/// Gathers what a record changes of a feed's table.
struct Gatherer<'r> {
    feed: &'r StoredFeed,
    before: &'r Arc<TableInfo>,
    after: &'r Arc<TableInfo>,
    events: Vec<Change>,
    rows: Vec<RowChange>,
    /// Place of each key among the rows.
    places: HashMap<&'r [u8], usize>,
    /// The row that the next operation replaces.
    old: Option<&'r [u8]>,
    altered: bool,
    detached: bool,
}

/// The changes of a record that concern a feed.
pub(super) fn changes_of(
    feed: &StoredFeed,
    catalog: &Catalog,
    record: RecordView<'_>,
) -> Result<Vec<Change>> {
    let table = match feed.source {
        Source::Table(table) => table,
        Source::View(view) => return groups_of(feed, catalog, view, record),
    };
    let (concerned, redefined) = concern(record, table)?;
    if !concerned {
        return Ok(Vec::new());
    }
    let version = record.catalog_version();
    let before = table_at(catalog, feed, table, version)?;
    // Rows behind a definition are those of the new one.
    let after = match redefined {
        true => table_at(catalog, feed, table, version + 1)?,
        false => before,
    };
    let mut gatherer = Gatherer {
        feed,
        before,
        after,
        events: Vec::new(),
        rows: Vec::new(),
        places: HashMap::new(),
        old: None,
        altered: !Arc::ptr_eq(before, after) && is_altered(before, after),
        detached: false,
    };
    for section in record.sections() {
        for operation in section.operations() {
            let operation = operation?;
            if operation.tree == table {
                gatherer.take(section.shard(), operation)?;
            }
        }
    }
    Ok(gatherer.finish())
}

/// Whether a record concerns a table at all, and whether it changes its definition.
pub(super) fn concern(record: RecordView<'_>, table: u32) -> Result<(bool, bool)> {
    let definition = table_key(table);
    let (mut has_rows, mut redefined) = (false, false);
    for section in record.sections() {
        for operation in section.operations() {
            let operation = operation?;
            has_rows |= operation.tree == table;
            redefined |= operation.tree == DEFINITIONS && operation.key == definition;
        }
    }
    Ok((has_rows || redefined, redefined))
}

/// Whether rows look different: not where only indexes or constraints came or went.
fn is_altered(before: &TableInfo, after: &TableInfo) -> bool {
    let looks = |table: &TableDefinition| (table.name.clone(), table.columns.clone(), table.layout);
    looks(&before.definition) != looks(&after.definition)
}

impl<'r> Gatherer<'r> {
    fn take(&mut self, shard: u16, operation: Operation<'r>) -> Result<()> {
        match operation.kind {
            OperationKind::OldRow => self.old = Some(operation.value),
            OperationKind::PutRow | OperationKind::DeleteRow | OperationKind::ExpireRow => {
                self.row(shard, operation)?;
            }
            OperationKind::DetachTree => self.detached = true,
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, shard: u16, operation: Operation<'r>) -> Result<()> {
        let old = self.old.take();
        let key = operation.key;
        if !self.feed.has(key) {
            return Ok(());
        }
        let old = match old {
            Some(bytes) => Some(row_of(self.before, bytes, key, shard)?),
            None => None,
        };
        let new = match operation.kind {
            OperationKind::PutRow => Some(row_of(self.after, operation.value, key, shard)?),
            _ => None,
        };
        match self.places.get(key) {
            Some(at) => {
                let row = &mut self.rows[*at];
                row.old = row.old.take().or(old);
                row.new = row.new.take().or(new);
            }
            None => {
                self.places.insert(key, self.rows.len());
                self.rows.push(RowChange { old, new });
            }
        }
        Ok(())
    }

    fn finish(self) -> Vec<Change> {
        let Gatherer { mut events, rows, .. } = self;
        if self.altered {
            events.push(Change::Altered(Table { info: Arc::clone(self.after) }));
        } else if self.detached {
            events.push(Change::Truncated);
        }
        // What came and went within the transaction was never there.
        let changed = rows.into_iter().filter(|row| row.old.is_some() || row.new.is_some());
        events.extend(changed.map(Change::Row));
        events
    }
}
