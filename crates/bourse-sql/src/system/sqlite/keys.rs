//! `foreign_key_check`: rows whose foreign key is no key of its parent, found by reading both.

use std::ops::ControlFlow;

use bourse::{Database, Order, Range, Value};
use hashbrown::HashSet;

use crate::catalog::{Catalog, TableEntry, split_store_name};
use crate::datum::Datum;
use crate::error::Result;
use crate::system::objects::parent_columns;

use super::integer;

/// Values of columns of all rows of a table; `each` also gets the row id, where it is one number.
fn each_key(
    database: &Database,
    table: &TableEntry,
    columns: &[u16],
    each: &mut dyn FnMut(Vec<Value>, Option<i64>),
) -> Result<()> {
    let cut = database.cut();
    let ids = table.table.definition().primary_key_positions().to_vec();
    cut.scan(&table.table, &Range::all(), Order::Ascending)?.each_with(|row| {
        let values = columns.iter().map(|at| row.get(usize::from(*at)).to_value()).collect();
        let id = match ids.as_slice() {
            [one] => match row.get(usize::from(*one)).to_value() {
                Value::Integer(id) => Some(id),
                _ => None,
            },
            _ => None,
        };
        each(values, id);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(())
}

/// The rows of a table, or of all, that refer to nothing.
pub(super) fn check(
    database: &Database,
    catalog: &Catalog,
    of: Option<&str>,
) -> Result<Vec<Vec<Datum>>> {
    let mut rows = Vec::new();
    for table in catalog.tables() {
        if of.is_some_and(|of| !table.name.eq_ignore_ascii_case(of)) {
            continue;
        }
        let keys = &table.table.definition().foreign_keys;
        for (number, key) in keys.iter().rev().enumerate() {
            let Some(parent) = catalog.table_of_store(&key.parent) else { continue };
            let mut known: HashSet<Vec<Value>> = HashSet::new();
            let columns = parent_columns(parent, key);
            each_key(database, parent, &columns, &mut |values, _| {
                known.insert(values);
            })?;
            let (_, name) = split_store_name(&key.parent);
            each_key(database, table, &key.columns, &mut |values, id| {
                let refers = !values.iter().any(|value| matches!(value, Value::Null));
                if refers && !known.contains(&values) {
                    rows.push(vec![
                        Datum::text(&table.name),
                        id.map_or(Datum::Null, Datum::Integer),
                        Datum::text(name),
                        integer(number),
                    ]);
                }
            })?;
        }
    }
    Ok(rows)
}
