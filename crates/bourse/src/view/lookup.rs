//! Lookups: columns of the row that a group's foreign key names, joined when the group is read.
//!
//! ```text
//! view:  account_id | volume      lookup by account_id      accounts: id | owner | country
//!             7     |   120    ------------------------->              7 | Ada   | GB
//! shown: account_id | volume | owner          7 | 120 | Ada
//! ```
//! States are kept by the foreign key, so a change of the other table's rows costs nothing, and a
//! read joins the rows of its own snapshot. Rows of many groups are fetched together.
//!
//! Invariants:
//! - **L1** A lookup finds one row at most: its columns are a primary key, or all columns of a
//!   unique index that has all rows. Whoever would change that is refused, with the view's name.
//! - **L2** Nothing that is kept depends on a looked-up column: neither groups, states, indexes nor
//!   the shard of a group. So these are refused there.

use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result};
use hashbrown::HashMap;

use super::info::ViewInfo;
use crate::catalog::{Catalog, TableInfo};
use crate::fetch::{Fetch, row_missing};
use crate::index::IndexInfo;
use crate::key;
use crate::lookup::shards_of_prefix;
use crate::read::many::multi_get;
use crate::row::Row;
use crate::schema::{Access, Column, TableDefinition};
use crate::snapshot::Snapshot;
use crate::table::borrow;
use crate::value::{Collation, Type, Value};

/// Lookups that a view can have.
pub const LOOKUPS_MAX: usize = 8;

/// Columns of another table that a view shows beside its groups: those of the row that columns of
/// the group name. See [`super::ViewBuilder::lookup`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup<C = u16> {
    /// Name of the other table.
    pub table: String,
    /// The columns of the group that name its row: names, or in a definition their places.
    pub by: Vec<C>,
    /// The columns of the other table that these are values of: all those of a unique index. Empty
    /// for its primary key.
    pub key: Vec<String>,
    /// What is shown of the row.
    pub columns: Vec<LookupColumn>,
    /// Whether groups without a row are left out. Else their columns are NULL.
    pub is_inner: bool,
}

/// A column that a lookup shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LookupColumn {
    /// Name of the output column.
    pub name: String,
    /// Name of the other table's column.
    pub column: String,
}

impl Lookup<String> {
    /// The row of a table whose primary key is what these columns of the group are, in its order.
    pub fn of<S: Into<String>>(
        table: impl Into<String>,
        by: impl IntoIterator<Item = S>,
    ) -> Lookup<String> {
        Lookup {
            table: table.into(),
            by: by.into_iter().map(Into::into).collect(),
            key: Vec::new(),
            columns: Vec::new(),
            is_inner: false,
        }
    }

    /// The columns are not the primary key's but these, which are those of a unique index.
    #[must_use]
    pub fn key<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Lookup<String> {
        self.key = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Shows a column of the row as an output column of that name.
    #[must_use]
    pub fn column(mut self, name: impl Into<String>, column: impl Into<String>) -> Lookup<String> {
        self.columns.push(LookupColumn { name: name.into(), column: column.into() });
        self
    }

    /// Leaves out the groups without a row.
    #[must_use]
    pub fn inner(mut self) -> Lookup<String> {
        self.is_inner = true;
        self
    }

    /// Whether it shows an output column of that name.
    pub(super) fn shows(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The lookup by the places of its columns in the group.
    pub(super) fn bind(self, view: &str, group: &[Column]) -> Result<Lookup> {
        let mut by = Vec::with_capacity(self.by.len());
        for name in &self.by {
            let mut columns = group.iter();
            let at = columns.position(|column| column.name.eq_ignore_ascii_case(name));
            let at = at.and_then(|at| u16::try_from(at).ok()).ok_or_else(|| {
                let message = format!(
                    "view {view} does not group by a column {name}, so it cannot look up a row of \
                     table {} by it",
                    self.table
                );
                Error::invalid(message).with_sqlstate("42703")
            })?;
            by.push(at);
        }
        let Lookup { table, key, columns, is_inner, .. } = self;
        Ok(Lookup { table, by, key, columns, is_inner })
    }
}

/// A lookup, tied to its table.
#[derive(Clone, Debug)]
pub(crate) struct LookupInfo {
    /// Number of the table.
    pub(crate) table: u32,
    /// Where its key is looked up.
    access: Access,
    /// Positions of the key's columns there, and of those that are shown.
    used: Vec<u16>,
    /// How many of them are the key's.
    key_columns: usize,
}

impl LookupInfo {
    /// Whether it reads a column of its table.
    pub(crate) fn reads(&self, position: u16) -> bool {
        self.used.contains(&position)
    }

    /// The table is without a column that it does not read.
    pub(crate) fn remove_column(&mut self, gone: u16) {
        for position in &mut self.used {
            *position -= u16::from(*position > gone);
        }
    }

    fn shown(&self) -> &[u16] {
        &self.used[self.key_columns..]
    }
}

impl Lookup {
    /// Ties the lookup of a view, whose group has these columns, to its table. Returns what it
    /// shows too.
    ///
    /// # Errors
    /// `InvalidInput`: 42703 for an unknown column, 42830 when the columns are no key of the table
    /// (L1), 42804 when they are of another type, 42P17 when nothing is shown.
    pub(crate) fn tie(
        &self,
        view: &str,
        group: &[Column],
        table: &TableDefinition,
    ) -> Result<(LookupInfo, Vec<Column>)> {
        let refused = |what: &str, sqlstate: &'static str| {
            let message =
                format!("view {view} cannot look up rows of table {}: {what}", table.name);
            Err(Error::invalid(message).with_sqlstate(sqlstate))
        };
        if self.columns.is_empty() {
            return refused("it shows none of their columns", "42P17");
        }
        let mut used = match self.key.as_slice() {
            [] => table.primary_key_positions().to_vec(),
            names => names.iter().map(|name| table.position(name)).collect::<Result<_>>()?,
        };
        if used.is_empty() || used.len() != self.by.len() {
            let (by, key) = (self.by.len(), used.len());
            return refused(&format!("by {by} columns, the key has {key}"), "42830");
        }
        let Some(access) = table.unique_access(&used) else {
            return refused("the columns are those of no unique index that has all rows", "42830");
        };
        for (at, (own, other)) in self.by.iter().zip(&used).enumerate() {
            let own = &group[usize::from(*own)];
            let other = &table.columns[usize::from(*other)];
            let whole = |kind| matches!(kind, Type::SmallInt | Type::Integer | Type::BigInt);
            let alike =
                own.data_type == other.data_type || whole(own.data_type) && whole(other.data_type);
            if !alike || table.access_collation(&access, at) != Collation::Binary {
                let what = format!(
                    "{} of type {} is not compared with {} of type {}",
                    own.name, own.data_type, other.name, other.data_type
                );
                return refused(&what, "42804");
            }
        }
        let key_columns = used.len();
        let mut shown = Vec::with_capacity(self.columns.len());
        for LookupColumn { name, column } in &self.columns {
            let position = table.position(column)?;
            used.push(position);
            let of_row = &table.columns[usize::from(position)];
            let mut output = Column::new(name.clone(), of_row.data_type);
            output.collation = of_row.collation;
            shown.push(output);
        }
        Ok((LookupInfo { table: table.id, access, used, key_columns }, shown))
    }
}

/// Ties lookups to their tables, which `table` finds. Returns what they show too.
pub(super) fn tie_all(
    view: &str,
    lookups: &[Lookup],
    group: &[Column],
    mut table: impl FnMut(usize, &Lookup) -> Result<Arc<TableInfo>>,
) -> Result<(Vec<LookupInfo>, Vec<Column>)> {
    if lookups.len() > LOOKUPS_MAX {
        let message = format!("view {view} looks up rows of more than {LOOKUPS_MAX} tables");
        return Err(Error::invalid(message).with_sqlstate("54000"));
    }
    let (mut infos, mut shown) = (Vec::new(), Vec::new());
    for (at, lookup) in lookups.iter().enumerate() {
        let table = table(at, lookup)?;
        let (info, mut columns) = lookup.tie(view, group, &table.definition)?;
        if let Some(index) = info.access.index {
            table.indexes[index].check_is_ready()?;
        }
        infos.push(info);
        shown.append(&mut columns);
    }
    Ok((infos, shown))
}

impl Catalog {
    /// The views with lookups of rows of a table, and these.
    pub(crate) fn lookups_of(&self, table: u32) -> impl Iterator<Item = (&ViewInfo, usize)> {
        self.views().into_iter().flat_map(move |view| {
            let places = (0..).zip(&view.lookups);
            places.filter(move |(_, lookup)| lookup.table == table).map(|(at, _)| (&**view, at))
        })
    }
}

/// Appends to each group's values the columns that its lookups show, and takes those out that an
/// inner one finds no row for.
pub(super) fn join<V: Snapshot>(
    snapshot: &V,
    view: &ViewInfo,
    groups: &mut Vec<Vec<Value>>,
) -> Result<()> {
    for (lookup, info) in view.definition().lookups.iter().zip(&view.lookups) {
        let table = snapshot.catalog().table(info.table)?;
        let index = info.access.index.map(|at| &table.indexes[at]);
        let shape = index.map_or(&table.key_shape, |index| &index.shape);
        // Groups with the same foreign key share a row.
        let (mut keys, mut places) = (Vec::new(), HashMap::new());
        let mut wanted = Vec::with_capacity(groups.len());
        for group in groups.iter() {
            let parts = info.access.order.iter().zip(shape).map(|(at, column)| {
                let value = &group[usize::from(lookup.by[*at])];
                if value.is_null() {
                    Ok(Value::Null)
                } else {
                    column.data_type.coerce(value.clone())
                }
            });
            let key = match parts.collect::<Result<Vec<Value>>>() {
                Ok(key) if !key.contains(&Value::Null) => key,
                Ok(_) => {
                    wanted.push(None);
                    continue;
                }
                // An integer that the column cannot have.
                Err(error) if error.kind() == ErrorKind::InvalidInput => {
                    wanted.push(None);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let mut encoded = Vec::with_capacity(16);
            key::encode_key(shape, &borrow(&key), &mut encoded)?;
            let at = *places.entry(encoded).or_insert_with(|| {
                keys.push(key);
                keys.len() - 1
            });
            wanted.push(Some(at));
        }
        let shown = match index {
            None => {
                let rows = multi_get(snapshot, table, &keys)?.into_iter();
                rows.map(|row| row.map(|row| values_of(&row.row(), info.shown()))).collect()
            }
            Some(index) => by_index(snapshot, table, index, &keys, info.shown())?,
        };
        append(groups, &wanted, &shown, info.shown().len(), lookup.is_inner);
    }
    Ok(())
}

/// What is shown of each of some rows that were looked for.
type Shown = Vec<Option<Vec<Value>>>;

fn append(
    groups: &mut Vec<Vec<Value>>,
    wanted: &[Option<usize>],
    shown: &Shown,
    columns: usize,
    is_inner: bool,
) {
    let mut wanted = wanted.iter();
    groups.retain_mut(|group| {
        let found = wanted.next().copied().flatten().and_then(|at| shown[at].as_ref());
        match found {
            Some(values) => group.extend_from_slice(values),
            None => group.extend(std::iter::repeat_n(Value::Null, columns)),
        }
        found.is_some() || !is_inner
    });
}

fn values_of(row: &Row<'_>, columns: &[u16]) -> Vec<Value> {
    columns.iter().map(|column| row.get(usize::from(*column)).to_value()).collect()
}

/// The rows that a unique index has for these keys: its entries together, then the rows.
fn by_index<V: Snapshot>(
    snapshot: &V,
    table: &TableInfo,
    index: &IndexInfo,
    keys: &[Vec<Value>],
    columns: &[u16],
) -> Result<Shown> {
    let (mut entries, mut encoded) = (Fetch::default(), Vec::new());
    for key in keys {
        let values = borrow(key);
        encoded.clear();
        key::encode_key(&index.shape, &values, &mut encoded)?;
        let [shard] = shards_of_prefix(snapshot, table, Some(index), &values)?[..] else {
            return Err(Error::corrupt("a unique index does not tell where its entries are"));
        };
        entries.push(shard, &encoded);
    }
    entries.run_tree(snapshot, index.id())?;
    let (map, mut rows) = (&snapshot.catalog().map, Fetch::default());
    let mut found = Vec::with_capacity(keys.len());
    for at in 0..entries.len() {
        let (shard, key) = entries.place(at);
        let Some(value) = entries.row(at) else { continue };
        let parts = index.parse(key.len(), value)?;
        let shard = parts.slot.map_or(shard, |slot| map.shard(slot));
        rows.push(shard, parts.primary_key_in(key));
        found.push(at);
    }
    rows.run(snapshot, table)?;
    let mut shown = vec![None; keys.len()];
    for (place, at) in found.into_iter().enumerate() {
        let bytes = rows.row(place).ok_or_else(|| row_missing(table, &index.definition.name))?;
        shown[at] = Some(values_of(&table.layout.row(bytes)?, columns));
    }
    Ok(shown)
}
