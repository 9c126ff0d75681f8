//! Constraints added and dropped, and what the other changes of definitions owe to them.

use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result};

use super::{Change, build, change, for_each_row};
use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::database::Database;
use crate::expression::Expression;
use crate::foreign_key;
use crate::schema::{
    CheckConstraint, ForeignKeyBuilder, IndexDefinition, TableDefinition, resolve,
};
use crate::shard::ShardState;
use crate::transaction::Transaction;

impl Database {
    /// Adds a CHECK to a table: from here on rows for which the condition is false are refused.
    /// Writers wait while the rows are looked at.
    ///
    /// # Errors
    /// `InvalidInput`: 42710 when the table has a constraint of that name, or what the condition
    /// has wrong; `Constraint` (23514) when it is false for a row.
    pub fn add_check(&self, table: &str, name: &str, condition: &Expression<String>) -> Result<()> {
        change(self.core(), |catalog, states| {
            let info = catalog.table_named(table)?;
            let condition = info.definition.bind(condition.clone())?;
            let check = CheckConstraint { name: name.to_owned(), condition };
            let mut definition = info.definition.clone();
            definition.checks.push(check.clone());
            let altered = altered(catalog, info, definition)?;
            for state in states.iter() {
                for_each_row(info, state, |_, bytes| {
                    if check.condition.is_false(&info.layout.row(bytes)?)? {
                        return Err(violated_by_some_row(&info.definition, name));
                    }
                    Ok(())
                })?;
            }
            Ok(altered)
        })
    }

    /// Adds a foreign key to a table, with an index on its columns where no index begins with them.
    /// Writers wait while the rows are looked at.
    ///
    /// # Errors
    /// `InvalidInput`: 42710 when the table has a constraint of that name, 42P01 for no such
    /// parent, 42830 when what it refers to is no key, 42804 for other types; `Constraint` (23503)
    /// for a row without its parent.
    pub fn add_foreign_key(&self, table: &str, key: &ForeignKeyBuilder) -> Result<()> {
        let core = self.core();
        change(core, |catalog, states| {
            let info = catalog.table_named(table)?;
            let mut definition = info.definition.clone();
            let key = key.clone().build(&definition)?;
            definition.foreign_keys.push(key);
            definition.check()?;
            let known = definition.indexes.len();
            add_child_indexes(&mut definition);
            let mut altered = altered(catalog, info, definition)?;
            if let Some((definition, forwarding)) = &mut altered.definition {
                for index in &mut definition.indexes[known..] {
                    index.id = altered.next_object;
                    altered.next_object += 1;
                }
                check_foreign_keys(catalog, definition)?;
                check_rows(core, catalog, info, definition, states)?;
                let new = TableInfo::new(definition.clone(), *forwarding)?;
                for index in &definition.indexes[known..] {
                    altered.follows.extend(build(&new, index.id, states)?);
                }
            }
            Ok(altered)
        })
    }

    /// Drops a CHECK or a foreign key. An index that was made for it stays.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when the table has none of that name.
    pub fn drop_constraint(&self, table: &str, name: &str) -> Result<()> {
        change(self.core(), |catalog, _| {
            let info = catalog.table_named(table)?;
            let mut definition = info.definition.clone();
            let before = definition.checks.len() + definition.foreign_keys.len();
            definition.checks.retain(|check| !check.name.eq_ignore_ascii_case(name));
            definition.foreign_keys.retain(|key| !key.name.eq_ignore_ascii_case(name));
            if definition.checks.len() + definition.foreign_keys.len() == before {
                let message =
                    format!("constraint \"{name}\" of relation \"{table}\" does not exist");
                return Err(Error::invalid(message).with_sqlstate("42704"));
            }
            altered(catalog, info, definition)
        })
    }
}

/// A change of a table's definition alone.
fn altered(catalog: &Catalog, info: &TableInfo, mut definition: TableDefinition) -> Result<Change> {
    definition.version += 1;
    definition.check()?;
    Ok(Change {
        table: info.id(),
        definition: Some((definition, info.routing.forwarding())),
        next_object: catalog.next_object,
        follows: Vec::new(),
    })
}

pub(super) fn violated_by_some_row(table: &TableDefinition, name: &str) -> Error {
    let table = &table.name;
    let message =
        format!("check constraint \"{name}\" of relation \"{table}\" is violated by some row");
    Error::new(ErrorKind::Constraint, message).with_sqlstate("23514")
}

/// Gives a table an index for each foreign key that none begins with: a key that is deleted or
/// changed must find the rows that refer to it.
pub(super) fn add_child_indexes(definition: &mut TableDefinition) {
    for key in definition.foreign_keys.clone() {
        if definition.prefix_access(&key.columns).is_some() {
            continue;
        }
        let name = format!("{}_index", key.name);
        let mut names = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}_{n}")));
        let free = names.find(|name| definition.index(name).is_none()).unwrap_or(name);
        let index = IndexDefinition::of_columns(free, &key.columns, definition);
        definition.indexes.push(index);
    }
}

/// Ties every foreign key of a definition to its parent.
///
/// # Errors
/// As [`resolve`]; 42P01 for no such parent.
pub(super) fn check_foreign_keys(catalog: &Catalog, definition: &TableDefinition) -> Result<()> {
    for key in &definition.foreign_keys {
        if key.parent.eq_ignore_ascii_case(&definition.name) {
            resolve(key, definition, definition)?;
        } else {
            resolve(key, definition, &catalog.table_named(&key.parent)?.definition)?;
        }
    }
    Ok(())
}

/// Refuses a new foreign key, the definition's last, when a row lacks its parent.
fn check_rows(
    core: &Core,
    catalog: &Arc<Catalog>,
    info: &TableInfo,
    definition: &TableDefinition,
    states: &[&mut ShardState],
) -> Result<()> {
    let Some(key) = definition.foreign_keys.last() else { return Ok(()) };
    let parent = catalog.table_named(&key.parent)?;
    // The rows are those of now, and so is where the parent's are looked for.
    let own = parent.id() == info.id();
    let tie = resolve(key, definition, if own { definition } else { &parent.definition })?;
    let heads = states.iter().map(|state| (state.number, state.head, state.batch)).collect();
    let view = Transaction::over_heads(core, Arc::clone(catalog), heads, true);
    for state in states {
        for_each_row(info, state, |_, bytes| {
            let row = info.layout.row(bytes)?;
            if foreign_key::is_met(&view, key, &tie, &row)? {
                return Ok(());
            }
            let values = foreign_key::values_of(&row, &key.columns).unwrap_or_default();
            Err(foreign_key::no_parent(info, key, &values))
        })?;
    }
    Ok(())
}

/// Refuses to drop a table that others refer to.
pub(super) fn check_unreferenced(catalog: &Catalog, info: &TableInfo) -> Result<()> {
    let mut others = info.referenced_by.iter().filter(|by| by.child != info.id());
    match others.next() {
        None => Ok(()),
        Some(by) => {
            let child = &catalog.table(by.child)?.definition;
            let what = format!("table {}", info.definition.name);
            Err(depended_on(&what, &child.foreign_keys[by.key].name, &child.name))
        }
    }
}

/// Refuses to drop an index that a foreign key needs: `definition` is the table without it.
pub(super) fn check_without_index(
    catalog: &Catalog,
    info: &TableInfo,
    definition: &TableDefinition,
    index: &str,
) -> Result<()> {
    let own = |name: &str| name.eq_ignore_ascii_case(&definition.name);
    let needed = |child: &TableDefinition, key: usize| {
        let key = &child.foreign_keys[key];
        let of = |name: &str| if own(name) { Some(definition) } else { None };
        let parent = match of(&key.parent) {
            Some(parent) => parent,
            None => &catalog.table_named(&key.parent)?.definition,
        };
        match resolve(key, of(&child.name).unwrap_or(child), parent) {
            Ok(_) => Ok(()),
            Err(_) => Err(depended_on(&format!("index {index}"), &key.name, &child.name)),
        }
    };
    (0..definition.foreign_keys.len()).try_for_each(|key| needed(definition, key))?;
    info.referenced_by
        .iter()
        .try_for_each(|by| needed(&catalog.table(by.child)?.definition, by.key))
}

fn depended_on(what: &str, key: &str, child: &str) -> Error {
    Error::invalid(format!(
        "cannot drop {what} because constraint {key} on table {child} depends on it"
    ))
    .with_sqlstate("2BP01")
}
