//! The upkeep of views inside of apply: each row that changes changes the state of its group, in
//! the same section, in the same shard. Views whose states lie in the shards of their groups are
//! left alone by rows; what rows change in them stands in the section ([`contribute`]).
//!
//! Groups that a section changes stay decoded until it ends, so that many rows of one group cost
//! one write of its state. Multisets are changed in their tree at once. An end of a multiset that
//! went away is looked for there when its state is written.
//!
//! Invariants:
//! - **U1** Between sections no group is open; before an operation on a whole tree none is.
//! - **U2** A group without rows has no entries in multisets, and if none of its rows has expired
//!   no state and no entries in indexes.
//! - **U3** An index has the entry of each group that its states, as they are written, make.

use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::store::PageSource;
use bourse_storage::tree::{self, Payload, Seek};
use bourse_storage::{Error, Result};
use hashbrown::HashTable;

use super::ShardState;
use super::apply::{attach, delete, is_in, open, put, read, tree_of};
use super::progress::Progress;
use crate::catalog::TableInfo;
use crate::key;
use crate::row::Row;
use crate::scan::{self, Leaves};
use crate::value::ValueRef;
use crate::view::{
    Contribution, End, Gathered, LostEnd, MultisetChange, Sign, State, ViewInfo, lacks_value, lost,
    parse_entry, write_entry,
};

/// Groups that a section has changed, and memory that is used again.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "groups are large, and go from one list to the other")]
pub(crate) struct Groups {
    open: Vec<Box<OpenGroup>>,
    /// By key, where they are more than [`FEW`].
    places: HashTable<usize>,
    /// Groups that were written, each to be used again by its own view: states and memory.
    spare: Vec<Box<OpenGroup>>,
    group: Vec<u8>,
    key: Vec<u8>,
    value: Vec<u8>,
    entry: Vec<u8>,
}

/// Open groups that are looked through one by one.
const FEW: usize = 8;

/// How a row goes from its group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Going {
    Deleted,
    /// The group keeps it in its frozen state.
    Expired,
}

/// What becomes of a row in a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    Comes,
    Goes(Going),
}

/// A group that a section has changed.
struct OpenGroup {
    view: Arc<ViewInfo>,
    key: Vec<u8>,
    state: State,
    /// What it has of rows that have expired.
    frozen: Option<State>,
    /// Whether the tree has a state of it.
    was_there: bool,
    /// Its entries in the view's indexes; none if it was not there.
    ordered: Vec<Vec<u8>>,
}

impl Groups {
    fn hash(view: u32, key: &[u8]) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(view);
        for byte in key {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash ^ (hash >> 32)
    }

    fn find(&self, view: u32, key: &[u8]) -> Option<usize> {
        let is_it = |group: &OpenGroup| group.view.id() == view && group.key == key;
        if self.open.len() <= FEW {
            return self.open.iter().position(|group| is_it(group));
        }
        let same = |at: &usize| is_it(&self.open[*at]);
        self.places.find(Groups::hash(view, key), same).copied()
    }

    /// Opens a group; its state is any of the view.
    fn push(&mut self, view: &Arc<ViewInfo>, key: &[u8]) -> usize {
        let at = self.open.len();
        let spare = self.spare.iter().position(|group| group.view.id() == view.id());
        let group = match spare {
            Some(spare) => {
                let mut group = self.spare.swap_remove(spare);
                group.view = Arc::clone(view);
                group.key.extend_from_slice(key);
                group
            }
            None => Box::new(OpenGroup {
                view: Arc::clone(view),
                key: key.to_vec(),
                state: view.shape.new_state(),
                frozen: None,
                was_there: false,
                ordered: Vec::new(),
            }),
        };
        self.open.push(group);
        // Of few each is looked at.
        if at >= FEW {
            let Groups { open, places, .. } = self;
            let hash = |at: &usize| Groups::hash(open[*at].view.id(), &open[*at].key);
            for new in if at == FEW { 0..=at } else { at..=at } {
                places.insert_unique(hash(&new), new, hash);
            }
        }
        at
    }
}

/// Brings a table's views from the old row to the new one.
pub(super) fn change_views(
    state: &mut ShardState,
    table: &TableInfo,
    key: &[u8],
    old: Option<(&Row<'_>, Going)>,
    new: Option<&Row<'_>>,
) -> Result<()> {
    let mut groups = std::mem::take(&mut state.scratch.groups);
    let mut changed = Ok(());
    for view in table.views.iter().filter(|view| !view.is_written_out()) {
        if let (Some((old, _)), Some(new)) = (old, new)
            && view.is_untouched(old, new)
        {
            continue;
        }
        if view.building && !is_in(state, view.id(), key)? {
            continue;
        }
        // Away before it comes, so that what stays is not lost in between for a key that has both.
        let forgets = new.is_some() && bug::switched_on(Bug::ViewDeltaDropped);
        let goes = old.filter(|_| !forgets).map(|(row, going)| (row, Fate::Goes(going)));
        for (row, fate) in goes.into_iter().chain(new.map(|row| (row, Fate::Comes))) {
            if changed.is_ok() {
                changed = change_view(state, &mut groups, view, key, row, fate);
            }
        }
    }
    state.scratch.groups = groups;
    changed
}

fn change_view(
    state: &mut ShardState,
    groups: &mut Groups,
    view: &Arc<ViewInfo>,
    primary_key: &[u8],
    row: &Row<'_>,
    fate: Fate,
) -> Result<()> {
    let mut group = std::mem::take(&mut groups.group);
    let changed = view.contribution(row, &mut group, |group, arguments| {
        change_group(state, groups, view, group, primary_key, arguments, fate)
    });
    groups.group = group;
    changed.map(drop)
}

/// Adds a row of whatever shard to a group of this one, takes it away or freezes it.
pub(super) fn contribute(
    state: &mut ShardState,
    view: u32,
    contribution: &[u8],
    fate: Fate,
) -> Result<()> {
    let catalog = Arc::clone(&state.catalog);
    let view = catalog.view_numbered(view).ok_or_else(lost)?;
    let Contribution { group, primary_key, arguments } = Contribution::decode(contribution)?;
    if arguments.len() != view.shape.arguments().len() {
        return Err(Error::corrupt("a contribution to a view's group has other arguments"));
    }
    let mut groups = std::mem::take(&mut state.scratch.groups);
    let changed = change_group(state, &mut groups, view, group, primary_key, &arguments, fate);
    state.scratch.groups = groups;
    changed
}

fn change_group(
    state: &mut ShardState,
    groups: &mut Groups,
    view: &Arc<ViewInfo>,
    group: &[u8],
    primary_key: &[u8],
    arguments: &[ValueRef<'_>],
    fate: Fate,
) -> Result<()> {
    let at = match groups.find(view.id(), group) {
        Some(at) => at,
        None => read_group(state, groups, view, group)?,
    };
    let Groups { open, key, value, entry, .. } = groups;
    let shape = &view.shape;
    if fate == Fate::Goes(Going::Expired) && !bug::switched_on(Bug::FrozenForgotten) {
        let frozen = open[at].frozen.get_or_insert_with(|| shape.new_state());
        view.freeze(frozen, arguments, primary_key)?;
    }
    let sign = if fate == Fate::Comes { Sign::Add } else { Sign::Remove };
    shape.change(&mut open[at].state, sign, arguments, primary_key, &mut |change| {
        ViewInfo::multiset_prefix(group, change.multiset, key);
        key.extend_from_slice(change.key);
        change_multiset(state, view, key, &change, value, entry)
    })
}

/// Opens a group with the state that the tree has of it.
fn read_group(
    state: &mut ShardState,
    groups: &mut Groups,
    view: &Arc<ViewInfo>,
    group: &[u8],
) -> Result<usize> {
    let was_there = read(state, view.id(), group, &mut groups.value)?;
    let at = groups.push(view, group);
    let open = &mut groups.open[at];
    open.was_there = was_there;
    if was_there {
        open.frozen = view.decode_group(&groups.value, &mut open.state)?;
        if !view.view.indexes.is_empty() {
            let whole = view.whole(&open.state, open.frozen.as_ref())?;
            view.ordered_keys(group, &whole, &mut open.ordered)?;
        }
    } else {
        view.shape.clear(&mut open.state);
    }
    Ok(at)
}

/// Makes a change in the tree of multisets. Returns the count that the key has now.
fn change_multiset(
    state: &mut ShardState,
    view: &ViewInfo,
    key: &[u8],
    change: &MultisetChange<'_>,
    value: &mut Vec<u8>,
    entry: &mut Vec<u8>,
) -> Result<u64> {
    let [_, tree] = view.trees();
    let (before, payload) = match read(state, tree, key, value)? {
        true => parse_entry(value)?,
        false => (0, change.payload),
    };
    let count = match change.sign {
        Sign::Add => before.checked_add(1),
        Sign::Remove => before.checked_sub(1),
    };
    let count = count.ok_or_else(|| lacks_value(view))?;
    if count == 0 {
        delete(state, tree, key)?;
    } else {
        write_entry(count, payload, entry);
        put(state, tree, key, entry)?;
    }
    Ok(count)
}

/// Writes the states of all open groups (U1).
pub(super) fn close_groups(state: &mut ShardState) -> Result<()> {
    if state.scratch.groups.open.is_empty() {
        return Ok(());
    }
    let mut groups = std::mem::take(&mut state.scratch.groups);
    let mut open = std::mem::take(&mut groups.open);
    groups.places.clear();
    let mut closed = Ok(());
    for group in open.drain(..) {
        if closed.is_ok() {
            closed = close_group(state, &mut groups, group);
        }
    }
    groups.open = open;
    state.scratch.groups = groups;
    closed
}

fn close_group(
    state: &mut ShardState,
    groups: &mut Groups,
    mut group: Box<OpenGroup>,
) -> Result<()> {
    /// Groups that are kept to be used again.
    const SPARE: usize = 16;
    let view = &group.view;
    if view.shape.is_empty(&group.state) && group.frozen.is_none() {
        if group.was_there {
            delete(state, view.id(), &group.key)?; // U2
            for (tree, key) in view.view.indexes.iter().zip(&group.ordered) {
                delete(state, *tree, key)?;
            }
        }
    } else {
        while let Some(lost) = view.shape.lost_end(&group.state) {
            let found = seek_end(state, groups, view, &group.key, lost)?;
            let entry = found.then_some((groups.entry.as_slice(), groups.value.as_slice()));
            view.shape.set_end(&mut group.state, lost, entry);
        }
        groups.value.clear();
        view.encode_states(&group.state, group.frozen.as_ref(), &mut groups.value)?;
        put(state, view.id(), &group.key, &groups.value)?;
        order_group(state, &group)?; // U3
    }
    if groups.spare.len() < SPARE {
        group.key.clear();
        group.ordered.clear();
        (group.frozen, group.was_there) = (None, false);
        groups.spare.push(group);
    }
    Ok(())
}

/// Brings a group's entries in the view's indexes from what they were to what its state makes.
fn order_group(state: &mut ShardState, group: &OpenGroup) -> Result<()> {
    if group.view.view.indexes.is_empty() {
        return Ok(());
    }
    let mut after = Vec::new();
    let whole = group.view.whole(&group.state, group.frozen.as_ref())?;
    group.view.ordered_keys(&group.key, &whole, &mut after)?;
    for (at, (tree, key)) in group.view.view.indexes.iter().zip(&after).enumerate() {
        let before = group.ordered.get(at);
        let stays = before.is_some() && bug::switched_on(Bug::OwnedIndexStale);
        if before == Some(key) || stays {
            continue;
        }
        if let Some(before) = before {
            delete(state, *tree, before)?;
        }
        put(state, *tree, key, &[])?;
    }
    Ok(())
}

/// Looks for the first or last entry of a multiset: its key behind the prefix goes to
/// `groups.entry`, what it keeps beside its count to `groups.value`.
fn seek_end(
    state: &mut ShardState,
    groups: &mut Groups,
    view: &ViewInfo,
    group: &[u8],
    lost: LostEnd,
) -> Result<bool> {
    let Groups { key: prefix, value, entry, .. } = groups;
    ViewInfo::multiset_prefix(group, lost.multiset, prefix);
    let end = key::prefix_end(prefix);
    let wrong = bug::switched_on(Bug::ExtremumNotRederived);
    let first = (lost.end == End::First) != wrong;
    let seek = match (&end, first) {
        (_, true) => Seek::AtLeast(prefix),
        (Some(end), false) => Seek::Before(end),
        (None, false) => Seek::Last,
    };
    let [_, tree] = view.trees();
    let at = open(state, tree)?;
    let root = state.scratch.trees[at].root;
    let mut extent = None;
    let found = state.writer.write(0, |store| {
        value.clear();
        extent = None;
        let mut cursor = tree::Cursor::new(&*store as &dyn PageSource, root);
        if !cursor.seek(seek)? {
            return Ok(false);
        }
        cursor.read_key(entry);
        match cursor.payload() {
            Payload::Inline(bytes) => value.extend_from_slice(bytes),
            Payload::Extent { first, bytes } => extent = Some((first, bytes)),
        }
        Ok(entry.starts_with(prefix))
    })?;
    if !found {
        return Ok(false);
    }
    if let Some((first, bytes)) = extent {
        scan::read_extent(state.writer.pager(), state.batch, first, bytes, value)?;
    }
    let (_, payload) = parse_entry(value)?;
    let payload_at = value.len() - payload.len();
    value.drain(..payload_at);
    entry.drain(..prefix.len());
    Ok(true)
}

/// Adds the rows of this shard that `after` has and `before` has not to a view under build.
pub(super) fn build_rows(
    state: &mut ShardState,
    table: &TableInfo,
    view: &Arc<ViewInfo>,
    before: &Progress,
    after: &Progress,
) -> Result<()> {
    let root = tree_of(state, table.id())?;
    let mut leaves = Leaves::from(root, before.through.as_deref());
    let mut ended = before.whole;
    let mut groups = std::mem::take(&mut state.scratch.groups);
    while !ended && let Some(leaf) = leaves.next_leaf(state.writer.pager(), state.batch)? {
        for (key, row) in leaf.entries(state.writer.pager(), state.batch)? {
            ended |= !after.covers(&key);
            if !ended && !before.covers(&key) {
                let row = table.layout.row(&row)?;
                change_view(state, &mut groups, view, &key, &row, Fate::Comes)?;
            }
        }
    }
    state.scratch.groups = groups;
    Ok(())
}

/// Builds a view at once from the rows of this shard. `key` names the table. Alterations that write
/// all rows anew have this.
pub(super) fn build_view(state: &mut ShardState, number: u32, key: &[u8]) -> Result<()> {
    let table: [u8; 4] =
        key.try_into().map_err(|_| Error::corrupt("log record builds the view of no table"))?;
    let catalog = Arc::clone(&state.catalog);
    let table = catalog.table(u32::from_le_bytes(table))?;
    let view = table.views.iter().find(|view| view.id() == number).ok_or_else(lost)?;
    build_view_of(state, table, view)
}

/// Builds a view without groups at once from the rows of this shard.
pub(super) fn build_view_of(
    state: &mut ShardState,
    table: &TableInfo,
    view: &ViewInfo,
) -> Result<()> {
    let mut gathered = Gathered::default();
    let at = open(state, table.id())?;
    let mut leaves = Leaves::new(state.scratch.trees[at].root);
    while let Some(leaf) = leaves.next_leaf(state.writer.pager(), state.batch)? {
        leaf.each(state.writer.pager(), state.batch, |key, row| {
            gathered.add(view, &table.layout.row(row)?, key)
        })?;
    }
    for (tree, entries) in view.all_trees().zip(gathered.entries(view)?) {
        let root = scan::build_tree(&mut state.writer, None, &entries)?;
        attach(state, tree, root)?;
    }
    Ok(())
}
