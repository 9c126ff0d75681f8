//! A view's definition, compiled: what a row gives it, and where its groups lie.
//!
//! ```text
//! TREE OF STATES     key of the group --> state (see `super::encode`)
//! TREE OF MULTISETS  key of the group, u16 multiset (big-endian), key of the value
//!                    --> u64 count (little-endian), what FIRST and LAST keep beside it
//! ```
//! The key of a group is its columns in order-preserving bytes, of a view that groups by nothing a
//! zero. Both trees lie in the shard of the rows, so that whatever shard a row is in, its group's
//! state there is changed by the same section of a record.

use bourse_storage::tree;
use bourse_storage::{Error, Result};

use super::cell::SumKind;
use super::definition::ViewDefinition;
use super::shape::{MultisetChange, Shape};
use super::state::{Sign, State};
use super::stored::NumberedView;
use crate::expression::Expression;
use crate::key::{self, KeyColumn};
use crate::row::Row;
use crate::schema::{Column, TableDefinition};
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
    /// The output columns: those of the group, then the aggregates.
    pub(crate) outputs: Vec<Column>,
    /// Columns of the table that it reads.
    depends_on: Vec<u16>,
    /// Where the columns of the table's shard key are in the group, if all of them are: then all
    /// rows of a group are in one shard.
    owner: Option<Vec<usize>>,
    /// Most bytes of a state.
    pub(crate) state_bytes_max: usize,
    /// Whether it is still being built: nobody reads it, and applying looks at its progress.
    pub(crate) building: bool,
}

/// What of a view's trees a row changes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Touched<'k> {
    /// The state of the group of that key.
    State(&'k [u8]),
    /// The entry of that key in the tree of multisets, and the bytes of its value.
    Multiset(&'k [u8], usize),
}

impl ViewInfo {
    /// Compiles a definition.
    ///
    /// # Errors
    /// As `ViewDefinition::check`.
    pub(crate) fn new(mut view: NumberedView, table: &TableDefinition) -> Result<ViewInfo> {
        view.definition.table.clone_from(&table.name);
        let definition = &view.definition;
        definition.check(&table.columns)?;
        let key_shape = definition.key_shape(&table.columns)?;
        let shape = Shape::new(&definition.aggregates, &table.columns)?;
        Ok(ViewInfo {
            outputs: definition.outputs(&key_shape, &shape),
            depends_on: definition.columns_used(),
            owner: definition.owner(table),
            state_bytes_max: state_bytes_max(&shape),
            building: false,
            shape,
            key_shape,
            view,
        })
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

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.view.definition.name
    }

    /// Whether a row's group may have states in several shards.
    pub(crate) fn is_partial(&self) -> bool {
        self.owner.is_none()
    }

    /// Where the columns of the shard key are in the group, if all of them are.
    pub(crate) fn owner(&self) -> Option<&[usize]> {
        self.owner.as_deref()
    }

    /// Refuses to read what is not whole.
    pub(crate) fn check_is_ready(&self) -> Result<()> {
        if !self.building {
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
            let longest = self.shape.check(arguments, primary_key)?;
            let multiset = if self.shape.multiset_count() == 0 { 0 } else { 2 + longest };
            if group.len() + multiset > tree::MAX_KEY_BYTES {
                return Err(too_long("a group and its value", tree::MAX_KEY_BYTES));
            }
            self.each_multiset(arguments, primary_key, |change| {
                if change.payload.len() > PAYLOAD_BYTES_MAX {
                    return Err(too_long("a value that FIRST or LAST keeps", PAYLOAD_BYTES_MAX));
                }
                Ok(())
            })
        });
        checked.map(drop).map_err(|error| {
            let message = format!("view {}: {}", self.name(), error.message());
            Error::new(error.kind(), message).with_sqlstate(error.sqlstate())
        })
    }

    /// Shows what a row, which was checked, changes in the view's trees.
    ///
    /// # Errors
    /// `Corrupt` when the row is not one that was checked.
    pub(crate) fn touched(
        &self,
        row: &Row<'_>,
        primary_key: &[u8],
        mut each: impl FnMut(Touched<'_>),
    ) -> Result<()> {
        let mut group = Vec::with_capacity(64);
        let mut key = Vec::new();
        let shown = self.contribution(row, &mut group, |group, arguments| {
            each(Touched::State(group));
            self.each_multiset(arguments, primary_key, |change| {
                ViewInfo::multiset_prefix(group, change.multiset, &mut key);
                key.extend_from_slice(change.key);
                each(Touched::Multiset(&key, COUNT_BYTES + change.payload.len()));
                Ok(())
            })
        });
        shown.map(drop)
    }

    /// Shows what a row alone has in the multisets.
    fn each_multiset(
        &self,
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
        mut each: impl FnMut(&MultisetChange<'_>) -> Result<()>,
    ) -> Result<()> {
        if self.shape.multiset_count() == 0 {
            return Ok(());
        }
        let mut state: State = self.shape.new_state();
        self.shape.change(&mut state, Sign::Add, arguments, primary_key, &mut |change| {
            each(&change)?;
            Ok(1)
        })
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
