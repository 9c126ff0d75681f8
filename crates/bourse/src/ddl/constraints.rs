//! Constraints added and dropped, and what the other changes of definitions owe to them.

use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result};

use super::build::{child_index, is_empty};
use super::{Change, change, for_each_row};
use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::database::Database;
use crate::expression::Expression;
use crate::foreign_key;
use crate::schema::{
    CheckConstraint, ForeignKey, ForeignKeyBuilder, ForeignKeyInfo, IndexDefinition,
    TableDefinition, resolve,
};
use crate::shard::ShardState;
use crate::snapshot::Head;
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
    /// Writers wait while the rows are looked at, not while the index is built.
    ///
    /// # Errors
    /// `InvalidInput`: 42710 when the table has a constraint of that name, 42P01 for no such
    /// parent, 42830 when what it refers to is no key, 42804 for other types; `Constraint` (23503)
    /// for a row without its parent.
    pub fn add_foreign_key(&self, table: &str, key: &ForeignKeyBuilder) -> Result<()> {
        let core = self.core();
        let made = child_index(core, table, key)?;
        let added = change(core, |catalog, states| {
            let info = catalog.table_named(table)?;
            let mut definition = info.definition.clone();
            let key = key.clone().build(&definition)?;
            definition.foreign_keys.push(key);
            definition.check()?;
            let known = definition.indexes.len();
            add_child_indexes(&mut definition);
            let mut altered = altered(catalog, info, definition)?;
            if let Some((definition, _)) = &mut altered.definition {
                for index in &mut definition.indexes[known..] {
                    index.id = altered.next_object;
                    altered.next_object += 1;
                }
                check_foreign_keys(catalog, definition)?;
                check_rows(core, catalog, info, definition, states)?;
                if definition.indexes.len() > known && !is_empty(info, states)? {
                    return Err(index_is_gone(&definition.indexes[known].name));
                }
            }
            Ok(altered)
        });
        if added.is_err()
            && let Some(index) = made
        {
            // What ended the one may end the other; the index is in nobody's way.
            drop(self.drop_index(table, &index));
        }
        added
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
    Ok(Change::of(catalog, info, definition))
}

/// The index that was made for a foreign key was dropped before the foreign key was there.
fn index_is_gone(index: &str) -> Error {
    let message = format!("index {index} was dropped while its foreign key was added: try again");
    Error::new(ErrorKind::Conflict, message)
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
            resolve_ready(catalog, key, definition, definition)?;
        } else {
            let parent = &catalog.table_named(&key.parent)?.definition;
            resolve_ready(catalog, key, definition, parent)?;
        }
    }
    Ok(())
}

/// As [`resolve`], over indexes that can be read (build D2).
///
/// # Errors
/// As [`resolve`]; 55000 when it would take an index under build.
fn resolve_ready(
    catalog: &Catalog,
    key: &ForeignKey,
    child: &TableDefinition,
    parent: &TableDefinition,
) -> Result<ForeignKeyInfo> {
    let tie = resolve(key, child, parent)?;
    for (access, table) in [(&tie.parent_access, parent), (&tie.child_access, child)] {
        let Some(index) = access.index.map(|at| &table.indexes[at]) else { continue };
        if catalog.builds.iter().any(|build| build.object == index.id) {
            let message = format!(
                "foreign key \"{}\" needs index {} of table {}, which is still being built",
                key.name, index.name, table.name
            );
            return Err(Error::invalid(message).with_sqlstate("55000"));
        }
    }
    Ok(tie)
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
    let heads = states.iter().map(|state| Head::of(state)).collect();
    let snapshot = Transaction::over_heads(core, Arc::clone(catalog), heads, true);
    for state in states {
        for_each_row(info, state, |_, bytes| {
            let row = info.layout.row(bytes)?;
            if foreign_key::is_met(&snapshot, key, &tie, &row)? {
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
        match resolve_ready(catalog, key, of(&child.name).unwrap_or(child), parent) {
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
