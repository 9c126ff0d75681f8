//! Foreign keys, as any state can be asked: is the parent there, which rows refer to a key.
//!
//! Values of a foreign key are in its own order; where a key is looked up in another order or
//! type, they are brought into it. A value that the other side's type does not hold exactly is
//! equal to nothing there.

use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result, Violation};

use crate::catalog::TableInfo;
use crate::key::{self, KeyColumn};
use crate::lookup;
use crate::range::Range;
use crate::read;
use crate::row::Row;
use crate::scan::Order;
use crate::schema::{Access, ForeignKey, ForeignKeyInfo};
use crate::snapshot::Snapshot;
use crate::table::{OwnedRow, borrow};
use crate::value::{Collation, Value};

/// A foreign key of another table, or the same, that refers to a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reference {
    /// The table that has the foreign key.
    pub(crate) child: u32,
    /// Its place among that table's.
    pub(crate) key: usize,
}

/// A parent's key as it is looked up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ParentKey {
    /// Its bytes.
    pub(crate) encoded: Vec<u8>,
    values: Vec<Value>,
}

/// The values of columns, unless one is NULL.
pub(crate) fn values_of(row: &Row<'_>, columns: &[u16]) -> Option<Vec<Value>> {
    let values = columns.iter().map(|column| row.get(usize::from(*column)));
    values.map(|value| (!value.is_null()).then(|| value.to_value())).collect()
}

/// The parent's key that values refer to; none when they can be no key of the parent's.
pub(crate) fn parent_key(
    parent: &TableInfo,
    access: &Access,
    values: &[Value],
) -> Result<Option<ParentKey>> {
    let shape = shape_of(parent, access);
    let Some(values) = fitted(shape, access, values) else { return Ok(None) };
    let mut encoded = Vec::with_capacity(32);
    key::encode_key(shape, &borrow(&values), &mut encoded)?;
    Ok(Some(ParentKey { encoded, values }))
}

/// Whether the parent has the key. Observes that alone, so that changing the parent's other
/// columns is in nobody's way.
pub(crate) fn has_key<V: Snapshot>(
    snapshot: &V,
    parent: &TableInfo,
    access: &Access,
    key: &ParentKey,
) -> Result<bool> {
    let values = borrow(&key.values);
    let Some(index) = access.index.map(|at| &parent.indexes[at]) else {
        return lookup::row_is_there(snapshot, parent, &values, &key.encoded);
    };
    for shard in lookup::shards_of_prefix(snapshot, parent, Some(index), &values)? {
        if lookup::is_there(snapshot, shard, index.id(), &key.encoded)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a row's parent is there, or one of the row's columns NULL.
pub(crate) fn is_met<V: Snapshot>(
    snapshot: &V,
    key: &ForeignKey,
    info: &ForeignKeyInfo,
    row: &Row<'_>,
) -> Result<bool> {
    match values_of(row, &key.columns) {
        None => Ok(true),
        Some(values) => has_parent(snapshot, info, &values),
    }
}

/// Whether values refer to a parent that is there.
pub(crate) fn has_parent<V: Snapshot>(
    snapshot: &V,
    info: &ForeignKeyInfo,
    values: &[Value],
) -> Result<bool> {
    let parent = snapshot.catalog().table(info.parent)?;
    match parent_key(parent, &info.parent_access, values)? {
        None => Ok(false),
        Some(key) => has_key(snapshot, parent, &info.parent_access, &key),
    }
}

/// The rows of `child` that have these values in a foreign key's columns, at most `limit`.
pub(crate) fn children<V: Snapshot>(
    snapshot: &V,
    child: &Arc<TableInfo>,
    access: &Access,
    values: &[Value],
    limit: usize,
) -> Result<Vec<OwnedRow>> {
    let Some(values) = fitted(shape_of(child, access), access, values) else {
        return Ok(Vec::new());
    };
    let range = Range::prefix(values);
    match access.index {
        None => read::rows(snapshot, child, &range, Order::Ascending)?.take(limit).collect(),
        Some(at) => {
            let name = &child.indexes[at].definition.name;
            read::entries(snapshot, child, name, &range, Order::Ascending)?.fetch(limit)
        }
    }
}

fn shape_of<'t>(table: &'t TableInfo, access: &Access) -> &'t [KeyColumn] {
    match access.index {
        None => &table.key_shape,
        Some(at) => &table.indexes[at].shape,
    }
}

/// The values in the order and types of a key; none when one of them does not fit exactly.
fn fitted(shape: &[KeyColumn], access: &Access, values: &[Value]) -> Option<Vec<Value>> {
    let places = access.order.iter().zip(shape);
    let fitted = places.map(|(place, column)| {
        let value = &values[*place];
        let coerced = column.data_type.coerce(value.clone()).ok()?;
        coerced.compare(value, Collation::Binary).is_eq().then_some(coerced)
    });
    fitted.collect()
}

/// The error for a row without its parent.
pub(crate) fn no_parent(child: &TableInfo, key: &ForeignKey, values: &[Value]) -> Error {
    let table = &child.definition.name;
    let columns = key.columns.iter().map(|at| &child.definition.columns[usize::from(*at)].name);
    let names: Vec<&str> = columns.map(String::as_str).collect();
    let message = format!(
        "insert or update on table \"{table}\" violates foreign key constraint \"{}\"",
        key.name
    );
    let detail = format!(
        "key ({})=({}) is not present in table \"{}\"",
        names.join(", "),
        shown(values),
        key.parent
    );
    violation(&message, detail, child, key)
}

/// The error for a key that goes while rows refer to it.
pub(crate) fn still_referenced(
    parent: &TableInfo,
    child: &TableInfo,
    key: usize,
    values: &[Value],
) -> Error {
    let (info, key) = (&child.foreign_keys[key], &child.definition.foreign_keys[key]);
    let columns = info.parent_columns.iter();
    let names: Vec<&str> =
        columns.map(|at| parent.definition.columns[usize::from(*at)].name.as_str()).collect();
    let message = format!(
        "update or delete on table \"{}\" violates foreign key constraint \"{}\" on table \
         \"{}\"",
        parent.definition.name, key.name, child.definition.name
    );
    let detail = format!(
        "key ({})=({}) is still referenced from table \"{}\"",
        names.join(", "),
        shown(values),
        child.definition.name
    );
    violation(&message, detail, child, key)
}

fn violation(message: &str, detail: String, child: &TableInfo, key: &ForeignKey) -> Error {
    let name_of = |at: &u16| child.definition.columns[usize::from(*at)].name.clone();
    Error::new(ErrorKind::Constraint, format!("{message}: {detail}"))
        .with_sqlstate("23503")
        .with_violation(Violation {
            table: child.definition.name.clone(),
            constraint: key.name.clone(),
            columns: key.columns.iter().map(name_of).collect(),
            detail,
        })
}

fn shown(values: &[Value]) -> String {
    let texts = values.iter().map(|value| match value {
        Value::Text(text) => text.clone(),
        other => crate::expression::literal(other),
    });
    texts.collect::<Vec<_>>().join(", ")
}
