//! Changes of a view's groups: what a commit has to tell of them, and what is made of that.

use std::sync::Arc;

use bourse_storage::Result;
use bourse_storage::id::Lsn;
use bourse_storage::log::Log;

use super::changes::{Change, concern};
use super::definition::StoredFeed;
use super::reader::Pieces;
use crate::bulk::take_pair;
use crate::catalog::Catalog;
use crate::core::Core;
use crate::record::{LoadCommit, OperationKind, RecordView};
use crate::shard::ShardState;
use crate::snapshot::Head;
use crate::transaction::write_set::WriteSet;
use crate::transaction::{Halt, Transaction};
use crate::view::{CONTRIBUTIONS, FedGroup, Gathered, GroupChange, ViewInfo, fed_groups, lost};

/// What a commit is to tell of groups.
pub(crate) enum Told {
    /// The groups that change, in the order of their shards.
    Groups(Vec<FedGroup>),
    /// They cannot be told before this is met.
    Halted(Halt),
}

/// The groups that feeds are to tell of when these changes are applied to the heads of the shards
/// whose mutexes are held, the groups' among them (F7). A page that is missing is loaded, or halts
/// the commit.
pub(crate) fn groups_told(
    core: &Core,
    states: &[&mut ShardState],
    writes: &WriteSet,
    loads: bool,
) -> Result<Told> {
    let Some(first) = states.first() else { return Ok(Told::Groups(Vec::new())) };
    let views = first.catalog.fed_views().iter().filter(|view| view.is_changed_by(writes));
    let views: Vec<&Arc<ViewInfo>> = views.collect();
    if views.is_empty() {
        return Ok(Told::Groups(Vec::new()));
    }
    let heads = states.iter().map(|state| Head::of(state)).collect();
    let heads = Transaction::over_heads(core, Arc::clone(&first.catalog), heads, loads);
    let mut told = Vec::new();
    for state in states {
        for view in &views {
            let groups = fed_groups(&heads, view, state.number, writes);
            if let Some(halt) = heads.halted() {
                return Ok(Told::Halted(halt));
            }
            told.append(&mut groups?);
        }
    }
    Ok(Told::Groups(told))
}

/// The changes of groups of a feed's view that a record tells of.
pub(super) fn groups_of(
    feed: &StoredFeed,
    catalog: &Catalog,
    view: u32,
    record: RecordView<'_>,
) -> Result<Vec<Change>> {
    let view = catalog.view_numbered(view).ok_or_else(lost)?;
    let (mut changes, mut emptied) = (Vec::new(), false);
    for section in record.sections() {
        for operation in section.operations() {
            let operation = operation?;
            if operation.tree != view.id() {
                continue;
            }
            match operation.kind {
                OperationKind::DetachTree => emptied = true,
                OperationKind::GroupStates if feed.has(operation.key) => {
                    let change = GroupChange::of(view, operation.key, operation.value)?;
                    if change.is_told()? {
                        changes.push(Change::Group(change));
                    }
                }
                _ => {}
            }
        }
    }
    // An alteration that writes all rows anew makes the same groups of them.
    if emptied && !concern(record, view.view.table)?.1 {
        changes.insert(0, Change::Truncated);
    }
    Ok(changes)
}

/// The groups that a bulk load brings, all at once: they are complete when its last row is read.
pub(super) fn loaded_groups(
    log: &Log,
    lsn: Lsn,
    commit: &LoadCommit,
    feed: &StoredFeed,
    (catalog, view): (&Catalog, u32),
) -> Result<Vec<Change>> {
    let view = catalog.view_numbered(view).ok_or_else(lost)?;
    let mut gathered = Gathered::default();
    let mut pieces = Pieces::new(log, lsn, commit, view.id() | CONTRIBUTIONS);
    while let Some((_, bytes)) = pieces.next(log, feed)? {
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            gathered.add_contribution(view, take_pair(&mut rest)?.0)?;
        }
    }
    let mut changes = Vec::new();
    let entries = gathered.entries(view)?;
    for (key, state) in entries.iter().take(1).flat_map(|states| states.iter()) {
        let change = GroupChange::came(view, key, state);
        if feed.has(key) && change.is_told()? {
            changes.push(Change::Group(change));
        }
    }
    Ok(changes)
}
