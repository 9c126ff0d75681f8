//! A load into a table that has rows: what it gathered becomes one record, as a transaction's would
//! that inserts all of it, without the write set and the row locks of one.
//!
//! Keys are looked for in a Cut, without a mutex, and found still free under the mutexes of all
//! shards ([`crate::transaction::validate`]); what others have locked is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::pager::Need;
use bourse_storage::{Error, ErrorKind, Result, sync};
use rkyv::util::AlignedVec;

use super::parents::Parents;
use super::{check_not_locked, has_rows};
use crate::catalog::{Routing, TableInfo};
use crate::commit::{PAGES_A_CHANGE, Staging, append_and_apply, stage_record};
use crate::core::Core;
use crate::index::Entry;
use crate::key::KeyReader;
use crate::lookup;
use crate::pairs::Pairs;
use crate::record::{OperationKind, Record, STAGE_BYTES};
use crate::scan;
use crate::shard::ShardState;
use crate::shard::map::Slot;
use crate::snapshot::Snapshot as _;
use crate::transaction::{Transaction, validate};
use crate::value::Value;

/// Pairs by shard and tree.
pub(super) type Gathered = BTreeMap<(u16, u32), Pairs>;

/// Whether rows can be added to those that a table has.
pub(super) fn is_possible(info: &TableInfo) -> bool {
    info.views.is_empty() && !info.generates_ids
}

/// Inserts what was gathered. Returns how many rows there are.
///
/// # Errors
/// `InvalidInput` (55000) for a table whose rows only a transaction can insert; `Constraint` for
/// keys that are there, and parents that are not; `Conflict` where others are about to change them.
pub(super) fn merge(
    core: &Arc<Core>,
    info: &Arc<TableInfo>,
    mut gathered: Gathered,
    parents: &Parents,
) -> Result<u64> {
    if !is_possible(info) {
        return Err(has_rows(info));
    }
    core.make_log_room()?;
    for pairs in gathered.values_mut() {
        pairs.sort();
    }
    let rows = gathered.iter().filter(|((_, tree), _)| *tree == info.id());
    let count = rows.map(|(_, pairs)| pairs.len() as u64).sum();
    let local = local_keys(info, &gathered)?;
    let unique = info.unique_trees();
    let checked = gathered.iter().chain(&local).filter(|((_, tree), _)| unique.contains(tree));
    let checked: Vec<_> = checked.map(|((shard, tree), pairs)| (*shard, *tree, pairs)).collect();
    if checked.iter().any(|(_, _, pairs)| pairs.has_equal_neighbours())
        || meets_forwarded(core, info, &gathered)?
    {
        return Err(duplicate(info));
    }
    loop {
        let seen = look(core, info, &checked, parents)?;
        let record = record(info, &gathered, seen.definitions_version())?;
        let (whole, staging) = match record.len() >= STAGE_BYTES {
            true => (None, Some(stage_record(core, record)?)),
            false => (Some(record), None),
        };
        if let Some(batch) =
            commit(core, info, (whole.as_ref(), staging.as_ref()), seen, &gathered)?
        {
            core.settle(batch)?;
            return Ok(count);
        }
    }
}

/// Whether a row lies where its key says, and another one has the same key and lies elsewhere.
fn meets_forwarded(core: &Core, info: &TableInfo, gathered: &Gathered) -> Result<bool> {
    if !matches!(info.routing, Routing::Id { .. }) {
        return Ok(false);
    }
    let (forwarding, map) =
        (info.routing.forwarding(), core.hold_published().0.catalog.map.clone());
    for ((home, _), entries) in gathered.iter().filter(|((_, tree), _)| *tree == forwarding) {
        let Some(rows) = gathered.get(&(*home, info.id())) else { continue };
        for (key, slot) in entries.iter() {
            if map.shard(lookup::decode_slot(slot)?) != *home && rows.contains(key) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Keys that rows have in unique indexes of their own shards.
fn local_keys(info: &TableInfo, gathered: &Gathered) -> Result<Gathered> {
    let mut keys = Gathered::new();
    let local = |index: &&crate::index::IndexInfo| index.definition.unique && !index.is_global();
    let mut entry = Entry::default();
    for ((shard, _), rows) in gathered.iter().filter(|((_, tree), _)| *tree == info.id()) {
        for index in info.indexes.iter().filter(local) {
            let pairs = keys.entry((*shard, index.id())).or_default();
            for (key, row) in rows.iter() {
                if index.entry(&info.layout.row(row)?, key, Slot(0), &mut entry)? {
                    pairs.push(&entry.key, &[])?;
                }
            }
            pairs.sort();
        }
    }
    Ok(keys)
}

/// Looks for keys and parents in the newest Cut. Gives the transaction that looked.
fn look<'c>(
    core: &'c Core,
    info: &TableInfo,
    checked: &[(u16, u32, &Pairs)],
    parents: &Parents,
) -> Result<Transaction<'c>> {
    let (cut, held) = core.hold_published();
    let seen = Transaction::over_cut(core, cut, held);
    if seen.catalog().table(info.id())?.definition.version != info.definition.version {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("table {} was altered during its bulk load", info.definition.name),
        ));
    }
    let mut value = Vec::new();
    for (shard, tree, pairs) in checked {
        // Where rows may lie anywhere their keys are looked for where these say.
        let is_anywhere = *tree == info.id() && info.routing.forwarding() != 0;
        for (key, _) in pairs.iter() {
            let found = if is_anywhere {
                let id = match info.routing {
                    Routing::Id { .. } => KeyReader::new(&info.key_shape, key).next_value()?,
                    _ => Value::Null,
                };
                lookup::find(&seen, info, &[id.as_value()], key, &mut value)?.is_some()
            } else {
                *tree != info.routing.forwarding()
                    && lookup::get(&seen, *shard, *tree, key, &mut value)?
            };
            if found {
                return Err(duplicate(info));
            }
        }
    }
    parents.look(&seen)?;
    Ok(seen)
}

fn record(info: &TableInfo, gathered: &Gathered, version: u64) -> Result<AlignedVec> {
    let mut record = Record::new(version, sync::wall_clock_us());
    record.reserve(gathered.values().map(Pairs::bytes).sum());
    for ((shard, tree), pairs) in gathered {
        let kind = match *tree == info.id() {
            true => OperationKind::PutRow,
            false => OperationKind::PutEntry,
        };
        pairs.iter().try_for_each(|(key, value)| record.push(*shard, kind, *tree, key, value))?;
    }
    record.encode()
}

/// Commits under the mutexes of all shards; nothing if what was seen is not so any more.
fn commit(
    core: &Core,
    info: &TableInfo,
    (whole, staging): (Option<&AlignedVec>, Option<&Staging<'_>>),
    seen: Transaction<'_>,
    gathered: &Gathered,
) -> Result<Option<bourse_storage::id::Batch>> {
    let version = seen.definitions_version();
    let mut guards: Vec<_> = core.shards.iter().map(|shard| shard.state.lock()).collect();
    let mut states: Vec<&mut ShardState> = guards.iter_mut().map(|guard| &mut **guard).collect();
    core.check_writable()?;
    if states.iter().any(|state| state.catalog.version != version) {
        return Ok(None);
    }
    check_not_locked(&states, info)?;
    if !validate::is_still_so(core, &mut states, seen)? {
        return Ok(None);
    }
    for state in &mut states {
        state.writer.reclaim(core.publisher.published_batch());
        state.writer.reserve(need(info, gathered, state.number), false)?;
    }
    let bytes: &[u8] = match (whole, staging) {
        (Some(record), _) => record,
        (None, Some(staging)) => &staging.record,
        (None, None) => unreachable!("a record is whole or staged"),
    };
    append_and_apply(core, &mut states, bytes, staging).map(Some)
}

/// The pages of a shard that applying may take.
fn need(info: &TableInfo, gathered: &Gathered, shard: u16) -> Need {
    let mut need = Need::default();
    for ((_, tree), pairs) in gathered.range((shard, 0)..=(shard, u32::MAX)) {
        // An entry in each index beside the row.
        let changes = if *tree == info.id() { 1 + info.indexes.len() } else { 1 };
        for (key, value) in pairs.iter() {
            let entries_bytes = (changes - 1) * (key.len() + value.len());
            need = need.and(changes * PAGES_A_CHANGE).with_bytes(entries_bytes);
            need = scan::need(need, key, value);
        }
    }
    need
}

fn duplicate(info: &TableInfo) -> Error {
    let message =
        format!("bulk load of table {}: a row has a key that is there", info.definition.name);
    Error::new(ErrorKind::Constraint, message).with_sqlstate("23505")
}
