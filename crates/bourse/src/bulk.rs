//! Bulk load: a table filled from nothing, its trees built bottom-up.
//!
//! The rows are logged ahead of the commit in pieces, and from the same pieces every node builds
//! the trees aside, where no Cut sees them; the commit record only says "attach". So what recovery
//! builds is what the loader built, whatever became of the loader's pages.
//!
//! ```text
//!   add_piece (per shard, in order of keys) --> seal (index trees) --> attach (at the commit)
//!                                          \--> abandon
//! ```
//!
//! A piece holds rows of one shard in ascending order of the primary key, or entries of a tree that
//! the rows' own shard cannot derive (global indexes, forwarding), in any order.
//!
//! ```text
//! PIECE'S BYTES, repeated
//!   u32 length of key, u32 length of value, key, value
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use bourse_storage::id::{Batch, Lsn};
use bourse_storage::pager::Aside;
use bourse_storage::tree::{self, Builder, Root};
use bourse_storage::{Error, ErrorKind, Result};

use crate::catalog::TableInfo;
use crate::commit::Stage;
use crate::index::Entry;
use crate::key::KeyReader;
use crate::lookup;
use crate::pairs::{Pairs, length};
use crate::record::{LoadCommit, Piece};
use crate::scan;
use crate::shard::map::Slot;
use crate::shard::{ShardState, apply};
use crate::value::Value;
use crate::view::{CONTRIBUTIONS, Gathered};

/// A load under way in one shard.
pub(crate) struct Load {
    stage: u64,
    table: Arc<TableInfo>,
    aside: Aside,
    rows: Option<Builder>,
    row_count: u64,
    /// Entries of the other trees, by tree; sorted when the load is sealed.
    entries: BTreeMap<u32, Pairs>,
    /// The groups of the table's views, in the order of these.
    views: Vec<Gathered>,
    /// By tree, what pieces that continue have brought so far.
    unfinished: BTreeMap<u32, Vec<u8>>,
    /// Highest count of generated ids, by slot.
    counts: BTreeMap<u16, u64>,
    /// The trees, once sealed.
    roots: Vec<(u32, Root)>,
    /// A piece of it was refused: the loader gave up then, and no commit names it.
    refused: bool,
}

/// Appends a key and a value to a piece's bytes.
pub(crate) fn push_pair(bytes: &mut Vec<u8>, key: &[u8], value: &[u8]) -> Result<()> {
    bytes.extend_from_slice(&length(key)?.to_le_bytes());
    bytes.extend_from_slice(&length(value)?.to_le_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(value);
    Ok(())
}

/// Takes the next key and value off a piece's bytes.
pub(crate) fn take_pair<'b>(bytes: &mut &'b [u8]) -> Result<(&'b [u8], &'b [u8])> {
    let cut_short = || Error::corrupt("a piece of a bulk load in the log is cut short");
    let (key, rest) = bytes.split_first_chunk::<4>().ok_or_else(cut_short)?;
    let (value, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
    let (key, value) = (u32::from_le_bytes(*key) as usize, u32::from_le_bytes(*value) as usize);
    let (key, rest) = rest.split_at_checked(key).ok_or_else(cut_short)?;
    let (value, rest) = rest.split_at_checked(value).ok_or_else(cut_short)?;
    *bytes = rest;
    Ok((key, value))
}

/// Builds on with the pairs of a piece.
///
/// # Errors
/// `Constraint` when rows are not in ascending order of distinct keys; the disk's.
pub(crate) fn add_piece(state: &mut ShardState, piece: &Piece) -> Result<()> {
    let at = match state.loads.iter().position(|load| load.stage == piece.stage) {
        Some(at) => at,
        None => begin(state, piece)?,
    };
    let unfinished = &mut state.loads[at].unfinished;
    if piece.continues {
        unfinished.entry(piece.tree).or_default().extend_from_slice(&piece.bytes);
        return Ok(());
    }
    let joined = unfinished.remove(&piece.tree).map(|mut begun| {
        begun.extend_from_slice(&piece.bytes);
        begun
    });
    let mut load = state.loads.swap_remove(at);
    let bytes = joined.as_deref().unwrap_or(&piece.bytes);
    let added = if piece.tree == piece.table {
        add_rows(state, &mut load, bytes)
    } else if piece.tree & CONTRIBUTIONS != 0 {
        load.add_contributions(piece.tree & !CONTRIBUTIONS, bytes)
    } else {
        add_entries(load.entries.entry(piece.tree).or_default(), bytes)
    };
    state.loads.push(load);
    added
}

/// Builds on with a piece that was logged before: what the loader was refused is passed over, and
/// so is all that follows of the same load.
///
/// # Errors
/// The disk's.
pub(crate) fn replay_piece(state: &mut ShardState, piece: &Piece) -> Result<()> {
    let of_stage = |load: &&mut Load| load.stage == piece.stage;
    if state.loads.iter_mut().find(of_stage).is_some_and(|load| load.refused) {
        return Ok(());
    }
    match add_piece(state, piece) {
        Err(error) if error.kind() == ErrorKind::Constraint => {
            if let Some(load) = state.loads.iter_mut().find(of_stage) {
                load.refused = true;
            }
            Ok(())
        }
        added => added,
    }
}

fn add_entries(entries: &mut Pairs, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        let (key, value) = take_pair(&mut bytes)?;
        entries.push(key, value)?;
    }
    Ok(())
}

fn begin(state: &mut ShardState, piece: &Piece) -> Result<usize> {
    let load = Load {
        stage: piece.stage,
        table: Arc::clone(state.catalog.table(piece.table)?),
        aside: state.writer.begin_aside(),
        rows: Some(Builder::new(scan::FILL_PERCENT)),
        row_count: 0,
        entries: BTreeMap::new(),
        views: Vec::new(),
        unfinished: BTreeMap::new(),
        counts: BTreeMap::new(),
        roots: Vec::new(),
        refused: false,
    };
    state.loads.push(load);
    Ok(state.loads.len() - 1)
}

fn add_rows(state: &mut ShardState, load: &mut Load, bytes: &[u8]) -> Result<()> {
    let table = Arc::clone(&load.table);
    load.views.resize_with(table.views.len(), Gathered::default);
    let mut entry = Entry::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (key, row) = take_pair(&mut rest)?;
        let row = table.layout.row(row)?;
        for index in table.indexes.iter().filter(|index| !index.is_global()) {
            if index.entry(&row, key, Slot(0), &mut entry)? {
                load.entries.entry(index.id()).or_default().push(&entry.key, &entry.value)?;
            }
        }
        for (view, gathered) in table.views.iter().zip(&mut load.views) {
            if !view.is_written_out() {
                gathered.add(view, &row, key)?;
            }
        }
        load.count_id(key)?;
        load.row_count += 1;
    }
    let Some(builder) = &mut load.rows else {
        return Err(Error::invalid("the load is sealed: no rows can be added"));
    };
    let mut rest = bytes;
    // All of them could be taken off before.
    let pairs = std::iter::from_fn(|| take_pair(&mut rest).ok());
    scan::push_all(&mut state.writer, Some(&load.aside), builder, pairs)
        .map_err(|error| out_of_order(&table, error))
}

impl Load {
    /// The stage that it is built from.
    pub(crate) fn stage(&self) -> u64 {
        self.stage
    }

    /// Adds what rows of whatever shard mean to groups of this one.
    fn add_contributions(&mut self, view: u32, mut bytes: &[u8]) -> Result<()> {
        let table = Arc::clone(&self.table);
        self.views.resize_with(table.views.len(), Gathered::default);
        let mut views = table.views.iter().zip(&mut self.views);
        let Some((view, gathered)) = views.find(|(of_table, _)| of_table.id() == view) else {
            return Err(Error::corrupt("a piece of a bulk load is of a view that is not there"));
        };
        if !view.is_written_out() {
            // Its groups are made of the rows of this shard; the piece is there for feeds.
            return Ok(());
        }
        while !bytes.is_empty() {
            gathered.add_contribution(view, take_pair(&mut bytes)?.0)?;
        }
        Ok(())
    }

    /// Remembers the id of a key, so that its slot's counter starts behind it.
    fn count_id(&mut self, key: &[u8]) -> Result<()> {
        if self.table.generates_ids
            && let Value::Integer(id) = KeyReader::new(&self.table.key_shape, key).next_value()?
            && let Ok(count) = u64::try_from(id >> 10)
        {
            let highest = self.counts.entry(Slot::of_id(id).0).or_default();
            *highest = count.max(*highest);
        }
        Ok(())
    }
}

fn out_of_order(table: &TableInfo, error: Error) -> Error {
    if error.kind() != ErrorKind::InvalidInput {
        return error;
    }
    let message = format!(
        "bulk load of table {}: rows must come in ascending order of distinct primary keys",
        table.definition.name
    );
    Error::new(ErrorKind::Constraint, message).with_sqlstate("23505").with_source(error)
}

/// Ends the building: sorts the other trees' entries and builds them.
///
/// # Errors
/// `Constraint` when a unique index would have two entries of one key; the disk's.
pub(crate) fn seal(state: &mut ShardState, stage: u64) -> Result<()> {
    let Some(at) = state.loads.iter().position(|load| load.stage == stage) else { return Ok(()) };
    let mut load = state.loads.swap_remove(at);
    let sealed = seal_load(state, &mut load);
    state.loads.push(load);
    sealed
}

fn seal_load(state: &mut ShardState, load: &mut Load) -> Result<()> {
    if let Some(builder) = load.rows.take() {
        let root = scan::finish_tree(&mut state.writer, Some(&load.aside), builder)?;
        load.roots.push((load.table.id(), root));
    }
    while let Some((tree, mut entries)) = load.entries.pop_first() {
        entries.sort();
        if entries.has_equal_neighbours() {
            return Err(not_unique(&load.table, tree));
        }
        if tree == load.table.routing.forwarding() {
            check_forwarded_are_elsewhere(state, load, &entries)?;
            // The counters of these ids' slots are here, where the ids are looked for.
            entries.iter().try_for_each(|(key, _)| load.count_id(key))?;
        }
        let root = scan::build_tree(&mut state.writer, Some(&load.aside), &entries)?;
        load.roots.push((tree, root));
    }
    let table = Arc::clone(&load.table);
    for (view, gathered) in table.views.iter().zip(std::mem::take(&mut load.views)) {
        for (tree, entries) in view.all_trees().zip(gathered.entries(view)?) {
            let root = scan::build_tree(&mut state.writer, Some(&load.aside), &entries)?;
            load.roots.push((tree, root));
        }
    }
    Ok(())
}

/// A key with a forwarding entry lives in another slot, so no row of this shard may have it that
/// the entry does not speak of.
fn check_forwarded_are_elsewhere(
    state: &mut ShardState,
    load: &Load,
    entries: &Pairs,
) -> Result<()> {
    let table = &load.table;
    let Some((_, rows)) = load.roots.iter().find(|(tree, _)| *tree == table.id()) else {
        return Ok(());
    };
    for (key, value) in entries.iter() {
        let found = state
            .writer
            .write_aside(&load.aside, 0, |store| Ok(tree::get(store, *rows, key)?.is_some()))?;
        if found && state.catalog.map.shard(lookup::decode_slot(value)?) != state.number {
            return Err(not_unique(table, table.id()));
        }
    }
    Ok(())
}

fn not_unique(table: &TableInfo, tree: u32) -> Error {
    let index = table.indexes.iter().find(|index| index.id() == tree);
    let name = index.map_or("primary key", |index| index.definition.name.as_str());
    let message = format!(
        "bulk load of table {}: two rows have the same key of unique index {name}",
        table.definition.name
    );
    Error::new(ErrorKind::Constraint, message).with_sqlstate("23505")
}

/// Rows that the shard's load holds.
pub(crate) fn row_count(state: &ShardState, stage: u64) -> u64 {
    let load = state.loads.iter().find(|load| load.stage == stage);
    load.map_or(0, |load| load.row_count)
}

/// Makes the built trees part of the head, in the shard's batch `batch`.
///
/// # Errors
/// The disk's; the store must stop. `Corrupt` in recovery when the log built something else.
pub(crate) fn attach(
    state: &mut ShardState,
    commit: &LoadCommit,
    lsn: Lsn,
    batch: Batch,
) -> Result<()> {
    apply::begin(state, batch);
    let expected = commit.rows.get(usize::from(state.number)).copied().unwrap_or_default();
    let Some(at) = state.loads.iter().position(|load| load.stage == commit.stage) else {
        if expected == 0 {
            return apply::end(state, lsn);
        }
        return Err(missing(state.number, expected, 0));
    };
    let load = state.loads.swap_remove(at);
    if load.row_count != expected {
        return Err(missing(state.number, expected, load.row_count));
    }
    state.writer.attach(load.aside);
    for (tree, root) in load.roots {
        apply::attach(state, tree, root)?;
    }
    for (slot, count) in load.counts {
        apply::raise_counter(state, commit.table, Slot(slot), count)?;
    }
    apply::end(state, lsn)
}

fn missing(shard: u16, expected: u64, found: u64) -> Error {
    Error::corrupt(format!(
        "the log has {found} of the {expected} rows of a bulk load for shard {shard}: it begins \
         too late; restore the store from a backup"
    ))
}

/// Gives up what a load built in this shard.
pub(crate) fn abandon(state: &mut ShardState, stage: u64) {
    if let Some(at) = state.loads.iter().position(|load| load.stage == stage) {
        let load = state.loads.swap_remove(at);
        state.writer.abandon(load.aside);
    }
}

/// Gives up the loads of this shard that began before an LSN: no commit will name them.
pub(crate) fn abandon_before(state: &mut ShardState, begin: Lsn) {
    while let Some(at) = state.loads.iter().position(|load| Stage::begins_after(load.stage) < begin)
    {
        let load = state.loads.swap_remove(at);
        state.writer.abandon(load.aside);
    }
}

/// Gives up all loads of this shard.
pub(crate) fn abandon_all(state: &mut ShardState) {
    while let Some(load) = state.loads.pop() {
        state.writer.abandon(load.aside);
    }
}
