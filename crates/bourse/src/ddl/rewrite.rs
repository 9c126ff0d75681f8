//! What an alteration owes to the rows that are there: looking at them, or writing them anew.
//!
//! Rows are written anew where a column's values are others in its new type. The table's tree is
//! taken away, and its rows are put into an empty one in the same record, which may be large and is
//! then staged; local indexes follow from the rows, entries of global ones are written out.

use bourse_storage::pager::Need;
use bourse_storage::tree;
use bourse_storage::{Error, ErrorKind, Result};

use super::alter::{Altering, Mark, conversion};
use super::constraints::violated_by_some_row;
use super::views::RowsAnew;
use super::{Follow, for_each_row};
use crate::catalog::TableInfo;
use crate::expression::Expression;
use crate::index::{Entry, IndexInfo};
use crate::record::OperationKind;
use crate::row::Row;
use crate::scan;
use crate::schema::Column;
use crate::shard::ShardState;
use crate::value::Value;

/// Shows that the rows that are there meet the altered definition.
pub(super) fn check_rows(altering: &Altering<'_>, states: &[&mut ShardState]) -> Result<()> {
    let asks = altering.marks.iter().any(|mark| mark.must_hold);
    if !asks && altering.checks_to_ask().next().is_none() {
        return Ok(());
    }
    let new = compiled(altering)?;
    for state in states {
        for_each_row(&new, state, |_, bytes| check_row(altering, &new.layout.row(bytes)?))?;
    }
    Ok(())
}

fn compiled(altering: &Altering<'_>) -> Result<TableInfo> {
    TableInfo::new(altering.table.clone(), altering.info.routing.forwarding())
}

fn check_row(altering: &Altering<'_>, row: &Row<'_>) -> Result<()> {
    for (at, mark) in altering.marks.iter().enumerate() {
        if mark.must_hold && row.is_null(at) {
            let (column, table) = (&altering.table.columns[at].name, &altering.table.name);
            let message =
                format!("column \"{column}\" of relation \"{table}\" contains null values");
            return Err(Error::new(ErrorKind::Constraint, message).with_sqlstate("23502"));
        }
    }
    for check in altering.checks_to_ask() {
        if check.condition.is_false(row)? {
            return Err(violated_by_some_row(&altering.table, &check.name));
        }
    }
    Ok(())
}

/// What is owed, and what it may need by shard.
type Owed = (Vec<Follow>, Vec<Need>);

/// All rows written anew, with the entries of the global indexes.
pub(super) fn rows(
    altering: &Altering<'_>,
    built: &[u32],
    states: &[&mut ShardState],
) -> Result<Owed> {
    let new = compiled(altering)?;
    let old = TableInfo::new(altering.reading.clone(), altering.info.routing.forwarding())?;
    let conversions = conversions(altering);
    let mut follows = Vec::new();
    let mut entries = Entries::of(built, states.len());
    let mut views = RowsAnew::of(altering, states.len())?;
    for state in states {
        for_each_row(&old, state, |key, bytes| {
            let values = converted(&old, &old.layout.row(bytes)?, &conversions)?;
            new.check_not_null(&values)?;
            if altering.info.has_feed {
                let (kind, key) = (OperationKind::OldRow, Vec::new());
                follows.push((Some(state.number), kind, new.id(), key, bytes.to_vec()));
            }
            let bytes = new.encode_row(&values)?;
            let row = new.layout.row(&bytes)?;
            check_row(altering, &row)?;
            entries.add(&new, state, key, &row)?;
            views.add(&state.catalog.map, &row, key)?;
            entries.rooms[usize::from(state.number)].add(key, &bytes);
            let kind = OperationKind::PutRow;
            follows.push((Some(state.number), kind, new.id(), key.to_vec(), bytes));
            Ok(())
        })?;
        let room = &mut entries.rooms[usize::from(state.number)];
        room.need = views.take(room.need)?;
    }
    let (put, mut needs) = entries.owed(&new)?;
    follows.extend(put);
    // Behind the definitions that they are of, as all that follows.
    follows.extend(views.written_out(&mut needs)?);
    Ok((follows, needs))
}

/// Indexes built over rows that stay as they are: an order to each shard for a local one, all
/// entries for a global one.
pub(super) fn indexes(
    altering: &Altering<'_>,
    built: &[u32],
    states: &[&mut ShardState],
) -> Result<Owed> {
    if built.is_empty() {
        return Ok(Owed::default());
    }
    let new = compiled(altering)?;
    let mut entries = Entries::of(built, states.len());
    for state in states {
        for_each_row(&new, state, |key, bytes| {
            entries.add(&new, state, key, &new.layout.row(bytes)?)
        })?;
    }
    let (mut follows, needs) = entries.owed(&new)?;
    let local = new.indexes.iter().filter(|index| !index.is_global());
    for index in local.filter(|index| built.contains(&index.id())) {
        let table = new.id().to_le_bytes().to_vec();
        follows.push((None, OperationKind::BuildIndex, index.id(), table, Vec::new()));
    }
    Ok((follows, needs))
}

/// The converted columns, by position.
fn conversions(altering: &Altering<'_>) -> Vec<Option<Expression>> {
    let columns = altering.reading.columns.iter().zip(&altering.table.columns);
    let of = |((position, mark), (from, to)): ((u16, &Mark), _)| {
        let (from, to): (&Column, &Column) = (from, to);
        mark.converted.then(|| conversion(position, from.collation, to.data_type))
    };
    (0..).zip(&altering.marks).zip(columns).map(of).collect()
}

fn converted(
    old: &TableInfo,
    row: &Row<'_>,
    conversions: &[Option<Expression>],
) -> Result<Vec<Value>> {
    let value = |(at, conversion): (usize, &Option<Expression>)| match conversion {
        None => Ok(row.get(at).to_value()),
        Some(conversion) => Ok(conversion.of_row(row)?.into_value()),
    };
    let values = conversions.iter().enumerate().map(value).collect::<Result<Vec<_>>>();
    values.map_err(|error: Error| {
        let message = format!("table {}: {}", old.definition.name, error.message());
        Error::invalid(message).with_sqlstate(error.sqlstate())
    })
}

/// What rows and entries take of a shard's disk space, at the worst.
#[derive(Clone, Default)]
struct Room {
    need: Need,
    bytes: usize,
}

impl Room {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        /// Bytes of an entry beside key and value, at most.
        const ENTRY_BYTES: usize = 16;
        self.need = scan::need(self.need, key, value);
        self.bytes += key.len() + value.len().min(tree::MAX_INLINE_VALUE_BYTES) + ENTRY_BYTES;
    }

    fn whole(self) -> Need {
        /// Bytes of entries in a page that splits leave, at least.
        const SPLIT_BYTES: usize = 1_024;
        self.need.and(self.bytes.div_ceil(SPLIT_BYTES))
    }
}

/// An entry that is written out, or must be distinct.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    index: u32,
    shard: u16,
    key: Vec<u8>,
    value: Vec<u8>,
    /// Whether no other entry may have the key.
    constrained: bool,
}

/// Entries of indexes that are built.
struct Entries<'b> {
    built: &'b [u32],
    seen: Vec<Seen>,
    /// By shard.
    rooms: Vec<Room>,
}

impl Entries<'_> {
    fn of(built: &[u32], shards: usize) -> Entries<'_> {
        Entries { built, seen: Vec::new(), rooms: vec![Room::default(); shards] }
    }

    fn add(
        &mut self,
        info: &TableInfo,
        state: &ShardState,
        key: &[u8],
        row: &Row<'_>,
    ) -> Result<()> {
        let slot = info.slot_of_stored_row(row.bytes(), key)?;
        let mut entry = Entry::default();
        for index in info.indexes.iter().filter(|index| self.built.contains(&index.id())) {
            // Apply makes those of local indexes again, and cannot refuse.
            if !index.entry(row, key, slot, &mut entry)? {
                continue;
            }
            let shard = match index.is_global() {
                true => state.catalog.map.shard(index.slot_of_row(row)?),
                false => state.number,
            };
            self.rooms[usize::from(shard)].add(&entry.key, &entry.value);
            if index.is_global() || entry.constrained {
                let Entry { key, value, constrained } = std::mem::take(&mut entry);
                self.seen.push(Seen { index: index.id(), shard, key, value, constrained });
            }
        }
        Ok(())
    }

    fn owed(mut self, info: &TableInfo) -> Result<Owed> {
        self.seen.sort_unstable();
        let alike = self.seen.windows(2).find(|pair| {
            let place = |seen: &Seen| (seen.index, seen.shard);
            pair[0].constrained && place(&pair[0]) == place(&pair[1]) && pair[0].key == pair[1].key
        });
        let index = |id: u32| info.indexes.iter().find(move |index| index.id() == id);
        if let Some(pair) = alike {
            let name = index(pair[0].index).map_or("", |index| index.definition.name.as_str());
            let message = format!(
                "could not build unique index {name}: table {} would have rows with equal values",
                info.definition.name
            );
            return Err(Error::new(ErrorKind::Constraint, message).with_sqlstate("23505"));
        }
        let is_global = |id: u32| index(id).is_some_and(IndexInfo::is_global);
        let written = self.seen.into_iter().filter(|seen| is_global(seen.index));
        let follow = |Seen { index, shard, key, value, .. }: Seen| {
            (Some(shard), OperationKind::PutEntry, index, key, value)
        };
        let needs = self.rooms.into_iter().map(Room::whole).collect();
        Ok((written.map(follow).collect(), needs))
    }
}
