//! A view's definition, compiled: what a row gives it, and where its groups lie.
//!
//! ```text
//! TREE OF STATES     key of the group --> state (see `super::encode`)
//! TREE OF MULTISETS  key of the group, u16 multiset (big-endian), key of the value
//!                    --> u64 count (little-endian), what FIRST and LAST keep beside it
//! ```
//! The key of a group is its columns in order-preserving bytes, of a view that groups by nothing a
//! zero. The trees lie in the shard of the rows, so that whatever shard a row is in, its group's
//! state there is changed by the same section of a record; those of a view that is owned by columns
//! of its group lie in the shard that these name ([`Home`]).

use std::sync::Arc;

use bourse_storage::tree;
use bourse_storage::{Error, Result};

use super::cell::SumKind;
use super::definition::ViewDefinition;
use super::lookup::{LookupInfo, tie_all};
use super::ordered::ORDERED_BYTES_MAX;
use super::rollup::Rollup;
use super::shape::Shape;
use super::state::{Sign, State};
use super::stored::NumberedView;
use crate::catalog::{Catalog, TableInfo};
use crate::expression::Expression;
use crate::key::{self, KeyColumn, KeyReader};
use crate::row::Row;
use crate::schema::{Column, TableDefinition};
use crate::shard::map::Slot;
use crate::value::ValueRef;

/// Bytes that FIRST and LAST keep of a value, at most.
const PAYLOAD_BYTES_MAX: usize = 1_000;
/// Arguments that are evaluated without an allocation.
const FEW: usize = 8;

/// A view's definition, compiled.
#[derive(Debug)]
pub(crate) struct ViewInfo {
    /// The definition with its numbers.
    pub(crate) view: NumberedView,
    /// What the aggregates need of a row.
    pub(crate) shape: Shape,
    /// How group keys are encoded.
    pub(crate) key_shape: Vec<KeyColumn>,
    /// The output columns: those of the group, the aggregates, those of lookups.
    pub(crate) outputs: Vec<Column>,
    /// Its lookups, in the order of the definition's.
    pub(crate) lookups: Vec<LookupInfo>,
    /// Columns of the table that it reads.
    depends_on: Vec<u16>,
    /// Where its groups have their states.
    home: Home,
    /// Of a roll-up, what it merges.
    pub(super) rollup: Option<Rollup>,
    /// Most bytes of a state.
    pub(crate) state_bytes_max: usize,
    /// Whether it is still being built: nobody reads it, and applying looks at its progress.
    pub(crate) building: bool,
}

/// In which shard a group has its state.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Home {
    /// In each where it has rows.
    Rows,
    /// In the one where its rows are: at these places of the group are the columns of the table's
    /// shard key.
    ShardKey(Vec<usize>),
    /// In the one that these columns of the group name, ascending.
    Group(Vec<usize>),
}

/// What of a view's trees a row changes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Touched<'k> {
    /// The state of the group of that key.
    State(&'k [u8]),
    /// The entry of that key in the tree of multisets, and the bytes of its value.
    Multiset(&'k [u8], usize),
    /// Two entries of an index, in the tree of that number; which ones, only the states tell. The
    /// key stands for them.
    Index(u32, &'k [u8]),
}

impl ViewInfo {
    /// Compiles a definition.
    ///
    /// # Errors
    /// As `ViewDefinition::check`.
    pub(crate) fn new(
        mut view: NumberedView,
        table: &TableDefinition,
        catalog: &Catalog,
    ) -> Result<ViewInfo> {
        view.definition.table.clone_from(&table.name);
        let key_shape = view.definition.key_shape(&table.columns)?;
        let (lookups, looked_up) = tie(&mut view, &key_shape, catalog)?;
        let definition = &view.definition;
        definition.check(&table.columns, &looked_up)?;
        let shape = Shape::new(&definition.aggregates, &table.columns)?;
        let mut outputs = definition.outputs(&key_shape, &shape);
        definition.check_indexes(table, &outputs, &shape)?;
        outputs.extend(looked_up);
        let home = match &definition.owner {
            Some(columns) => Home::Group(columns.iter().map(|at| usize::from(*at)).collect()),
            None => definition.shard_key_in_group(table).map_or(Home::Rows, Home::ShardKey),
        };
        Ok(ViewInfo {
            outputs,
            lookups,
            depends_on: definition.columns_used(),
            home,
            rollup: None,
            state_bytes_max: state_bytes_max(&shape),
            building: false,
            shape,
            key_shape,
            view,
        })
    }

    /// Compiles the definition of a roll-up over a view.
    ///
    /// # Errors
    /// As `ViewBuilder::build_rollup`.
    pub(crate) fn rolled_up(
        mut view: NumberedView,
        base: &Arc<ViewInfo>,
        catalog: &Catalog,
    ) -> Result<ViewInfo> {
        let of_base = base.definition();
        let definition = &mut view.definition;
        definition.table.clone_from(&of_base.table);
        definition.base = Some(of_base.name.clone());
        definition.filter.clone_from(&of_base.filter);
        definition.aggregates.clone_from(&of_base.aggregates);
        let (columns, aggregates) = base.kept_outputs().split_at(base.key_shape.len());
        let key_shape = definition.key_shape(columns)?;
        let mut outputs = definition.group_outputs(&key_shape);
        outputs.extend(aggregates.iter().cloned());
        let (lookups, looked_up) = tie(&mut view, &key_shape, catalog)?;
        outputs.extend(looked_up);
        let definition = &view.definition;
        definition.check_outputs(&outputs)?;
        let group = definition.group.iter().map(|column| column.expression.clone()).collect();
        Ok(ViewInfo {
            outputs,
            lookups,
            depends_on: Vec::new(),
            home: Home::Rows,
            rollup: Some(Rollup::over(base, group, &key_shape)),
            state_bytes_max: 0,
            building: false,
            shape: base.shape.clone(),
            key_shape,
            view,
        })
    }

    /// The output columns without those of lookups.
    pub(crate) fn kept_outputs(&self) -> &[Column] {
        &self.outputs[..self.key_shape.len() + self.definition().aggregates.len()]
    }

    /// Number of the view and of the tree of its states.
    pub(crate) fn id(&self) -> u32 {
        self.view.id
    }

    /// Its trees.
    pub(crate) fn trees(&self) -> [u32; 2] {
        [self.view.id, self.view.multisets]
    }

    /// The definition.
    pub(crate) fn definition(&self) -> &ViewDefinition {
        &self.view.definition
    }

    /// Of a roll-up, the number of the view below.
    pub(crate) fn base(&self) -> Option<u32> {
        self.view.base
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.view.definition.name
    }

    /// All its trees, those of indexes among them. A roll-up has none.
    pub(crate) fn all_trees(&self) -> impl Iterator<Item = u32> {
        let trees = self.trees().into_iter().filter(|_| self.rollup.is_none());
        trees.chain(self.view.indexes.iter().copied())
    }

    /// Whether a row's group may have states in several shards.
    pub(crate) fn is_partial(&self) -> bool {
        self.stored().home == Home::Rows
    }

    /// Whether its states lie in the shards of the groups and not in those of the rows, so that
    /// what rows change is written out.
    #[inline]
    pub(crate) fn is_written_out(&self) -> bool {
        matches!(self.home, Home::Group(_))
    }

    /// The view that has the states: itself, or what it rolls up.
    pub(super) fn stored(&self) -> &ViewInfo {
        self.rollup.as_ref().map_or(self, |rollup| rollup.base())
    }

    /// The slot that says where the group of a key has its state, of a view that is written out.
    ///
    /// # Errors
    /// `Corrupt` when it is no key of the view.
    pub(crate) fn slot_of_group(&self, group: &[u8]) -> Result<Slot> {
        let Home::Group(columns) = &self.home else {
            return Err(Error::corrupt("a view's states lie in the shards of its rows"));
        };
        let mut reader = KeyReader::new(&self.key_shape, group);
        let mut named = Vec::with_capacity(group.len());
        for at in 0..self.key_shape.len() {
            let before = reader.remaining();
            reader.skip()?;
            if columns.contains(&at) {
                named.extend_from_slice(&before[..before.len() - reader.remaining().len()]);
            }
        }
        Ok(Slot::of_key(&named))
    }

    /// The slot in which all groups lie that begin with these values of their columns, if that is
    /// one.
    ///
    /// # Errors
    /// `InvalidInput` for values of other types.
    pub(super) fn slot_of_prefix(
        &self,
        table: &TableInfo,
        values: &[ValueRef<'_>],
    ) -> Result<Option<Slot>> {
        let (Home::ShardKey(columns) | Home::Group(columns)) = &self.home else { return Ok(None) };
        let named: Option<Vec<ValueRef<'_>>> =
            columns.iter().map(|at| values.get(*at).copied()).collect();
        let Some(named) = named else { return Ok(None) };
        if matches!(self.home, Home::ShardKey(_)) {
            // No row has a NULL there, if its table does not: so there is no such group either.
            let has_null = named.iter().any(|value| value.is_null());
            return if has_null { Ok(None) } else { table.slot_of_shard_key(&named).map(Some) };
        }
        let mut key = Vec::with_capacity(32);
        for (at, value) in columns.iter().zip(named) {
            key::encode_component(&self.key_shape[*at], value, &mut key)?;
        }
        Ok(Some(Slot::of_key(&key)))
    }

    /// Refuses to read what is not whole.
    pub(crate) fn check_is_ready(&self) -> Result<()> {
        if !self.stored().building {
            return Ok(());
        }
        let message =
            format!("view {} is still being built: read the table until it is ready", self.name());
        Err(Error::invalid(message).with_sqlstate("55000"))
    }

    /// Whether two rows of the same primary key and shard surely give it the same.
    #[inline]
    pub(crate) fn is_untouched(&self, old: &Row<'_>, new: &Row<'_>) -> bool {
        self.depends_on.iter().all(|column| old.is_same_at(usize::from(*column), new))
    }

    /// Appends a group key.
    ///
    /// # Errors
    /// `InvalidInput` for values of other types.
    pub(crate) fn encode_group(&self, values: &[ValueRef<'_>], out: &mut Vec<u8>) -> Result<()> {
        if self.key_shape.is_empty() {
            out.push(0);
        }
        key::encode_key(&self.key_shape, values, out)
    }

    /// What a group's keys in the tree of multisets begin with.
    pub(crate) fn multiset_prefix(group: &[u8], multiset: u16, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(group);
        out.extend_from_slice(&multiset.to_be_bytes());
    }

    /// Shows `body` the key of a row's group, put into `group`, and the values of the shape's
    /// arguments. Nothing if the row takes no part.
    ///
    /// # Errors
    /// `InvalidInput` when an expression cannot be computed for the row.
    pub(crate) fn contribution<T>(
        &self,
        row: &Row<'_>,
        group: &mut Vec<u8>,
        body: impl FnOnce(&[u8], &[ValueRef<'_>]) -> Result<T>,
    ) -> Result<Option<T>> {
        if let Some(filter) = &self.definition().filter
            && !filter.holds(row)?
        {
            return Ok(None);
        }
        group.clear();
        if self.key_shape.is_empty() {
            group.push(0);
        }
        for (column, shape) in self.definition().group.iter().zip(&self.key_shape) {
            encode_group_column(&column.expression, shape, row, group)?;
        }
        let expressions = self.shape.arguments();
        if expressions.len() <= FEW {
            let mut made = [const { None }; FEW];
            let mut values = [ValueRef::Null; FEW];
            for (expression, made) in expressions.iter().zip(&mut made) {
                *made = Some(expression.of_row(row)?);
            }
            for (made, value) in made.iter().flatten().zip(&mut values) {
                *value = made.as_value();
            }
            return body(group, &values[..expressions.len()]).map(Some);
        }
        let made = expressions.iter().map(|one| one.of_row(row)).collect::<Result<Vec<_>>>()?;
        let values: Vec<_> = made.iter().map(|made| made.as_value()).collect();
        body(group, &values).map(Some)
    }

    /// Refuses a row that the view cannot take. Afterwards its upkeep does not refuse it.
    ///
    /// # Errors
    /// `InvalidInput`: 54000 for a key or a value that is too long, 22003, 22012 and others for
    /// what cannot be computed.
    pub(crate) fn check(&self, row: &Row<'_>, primary_key: &[u8]) -> Result<()> {
        let mut group = Vec::with_capacity(64);
        let checked = self.contribution(row, &mut group, |group, arguments| {
            self.check_contribution(group, arguments, primary_key)
        });
        checked.map(drop).map_err(|error| self.told(&error))
    }

    /// As [`ViewInfo::check`], once it is known what the row contributes to which group.
    pub(super) fn check_contribution(
        &self,
        group: &[u8],
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
    ) -> Result<()> {
        let (key, payload) = self.shape.check(arguments, primary_key)?;
        let multiset = if self.shape.multiset_count() == 0 { 0 } else { 2 + key };
        let entry = if self.view.indexes.is_empty() { 0 } else { ORDERED_BYTES_MAX };
        if group.len() + multiset.max(entry) > tree::MAX_KEY_BYTES {
            return Err(too_long("a group and its value", tree::MAX_KEY_BYTES));
        }
        if payload > PAYLOAD_BYTES_MAX {
            return Err(too_long("a value that FIRST or LAST keeps", PAYLOAD_BYTES_MAX));
        }
        Ok(())
    }

    /// An error of a row, with the view that refuses it.
    pub(crate) fn told(&self, error: &Error) -> Error {
        let message = format!("view {}: {}", self.name(), error.message());
        Error::new(error.kind(), message).with_sqlstate(error.sqlstate())
    }

    /// Shows what a row, which is checked here or was before, changes in the view's trees.
    ///
    /// # Errors
    /// As [`ViewInfo::check`], without the view's name.
    pub(crate) fn touched(
        &self,
        row: &Row<'_>,
        primary_key: &[u8],
        checks: bool,
        mut each: impl FnMut(Touched<'_>),
    ) -> Result<()> {
        let mut group = Vec::with_capacity(64);
        let mut key = Vec::new();
        let shown = self.contribution(row, &mut group, |group, arguments| {
            if checks {
                self.check_contribution(group, arguments, primary_key)?;
            }
            each(Touched::State(group));
            self.view.indexes.iter().for_each(|tree| each(Touched::Index(*tree, group)));
            if self.shape.multiset_count() == 0 {
                return Ok(());
            }
            let mut alone: State = self.shape.new_state();
            self.shape.change(&mut alone, Sign::Add, arguments, primary_key, &mut |change| {
                ViewInfo::multiset_prefix(group, change.multiset, &mut key);
                key.extend_from_slice(change.key);
                each(Touched::Multiset(&key, COUNT_BYTES + change.payload.len()));
                Ok(1)
            })
        });
        shown.map(drop)
    }
}

/// Bytes of the count in an entry of a multiset.
const COUNT_BYTES: usize = 8;

/// Takes an entry of a multiset apart: its count, and what it keeps beside.
///
/// # Errors
/// `Corrupt` when it is none.
pub(crate) fn parse_entry(value: &[u8]) -> Result<(u64, &[u8])> {
    match value.split_first_chunk::<COUNT_BYTES>() {
        Some((count, payload)) if *count != [0; COUNT_BYTES] => {
            Ok((u64::from_le_bytes(*count), payload))
        }
        _ => Err(Error::corrupt("an entry of a view's multiset has no count")),
    }
}

/// Writes an entry of a multiset into `out`.
pub(crate) fn write_entry(count: u64, payload: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(payload);
}

/// Ties a view's lookups to their tables, which are known by number. Returns what they show too.
fn tie(
    view: &mut NumberedView,
    key_shape: &[KeyColumn],
    catalog: &Catalog,
) -> Result<(Vec<LookupInfo>, Vec<Column>)> {
    let tables = view.lookups.iter().map(|table| catalog.table(*table).cloned());
    let tables = tables.collect::<Result<Vec<_>>>()?;
    for (lookup, table) in view.definition.lookups.iter_mut().zip(&tables) {
        lookup.table.clone_from(&table.definition.name);
    }
    let group = view.definition.group_outputs(key_shape);
    let definition = &view.definition;
    tie_all(&definition.name, &definition.lookups, &group, |at, _| Ok(Arc::clone(&tables[at])))
}

fn encode_group_column(
    expression: &Expression,
    shape: &KeyColumn,
    row: &Row<'_>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let value = expression.of_row(row)?;
    if shape.data_type.is_kind_of(value.as_value()) {
        return key::encode_component(shape, value.as_value(), out);
    }
    let value = shape.data_type.coerce(value.into_value())?;
    key::encode_component(shape, value.as_value(), out)
}

/// Most bytes that a state can have: what a commit reserves space by.
fn state_bytes_max(shape: &Shape) -> usize {
    /// Version and rows.
    const HEAD: usize = 9;
    let sums = shape.sums.iter().map(|sum| match sum.kind {
        SumKind::Count => 8,
        SumKind::Integers => 16,
        SumKind::IntegerSquares => 24,
        // A part for each scale that decimals have, and each word that doubles have.
        SumKind::Decimals | SumKind::DecimalSquares => 1_664,
        SumKind::Doubles | SumKind::DoubleSquares => 640,
    });
    // The key, the payload, and their lengths.
    let end = 16 + tree::MAX_KEY_BYTES + PAYLOAD_BYTES_MAX;
    HEAD + sums.sum::<usize>() + 8 * shape.cells.distincts + end * shape.cells.ends
}

fn too_long(what: &str, limit: usize) -> Error {
    let message = format!("{what} takes more than {limit} bytes");
    Error::invalid(message).with_sqlstate("54000")
}
