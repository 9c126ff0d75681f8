//! ALTER TABLE inside of transactions.

use bourse::Alteration;

use super::super::Connection;
use super::refused;
use crate::catalog::Mark;
use crate::define::{AlterStep, Definition, Object};
use crate::error::Result;

/// Whether a step is about rows as the transaction's changes are, so that they must not be in the
/// way (D4). What goes at COMMIT, a DEFAULT and a column behind the others are not.
fn needs_room(step: &AlterStep) -> bool {
    matches!(
        step,
        AlterStep::AddCheck(..)
            | AlterStep::AddForeignKey(_)
            | AlterStep::AddIndex(_)
            | AlterStep::Alter(Alteration::SetNotNull(_) | Alteration::DropNotNull(_))
    )
}

impl Connection {
    /// ALTER TABLE. A table that the transaction has made itself is its own; of others, what comes
    /// has a mark, and what goes waits for COMMIT.
    pub(super) fn alter(
        &self,
        tag: &str,
        table: &str,
        note_key: &(String, String),
        steps: &[AlterStep],
    ) -> Result<()> {
        if self.changed(|open| Ok(open.is_own_table(table)))? {
            self.make_room(tag, table)?;
            return self.alter_own(table, note_key, steps);
        }
        for step in steps {
            if !self.has_way_back_of(table, step)? {
                return Err(refused(tag, "it could not be taken back"));
            }
            if needs_room(step) {
                self.make_room(tag, table)?;
            }
            if let AlterStep::AddForeignKey(key) = step {
                self.make_room(tag, key.parent())?;
            }
        }
        for step in steps {
            self.alter_step(table, note_key, step)?;
        }
        Ok(())
    }

    /// Notes are written in the transaction, all else is done at once: nobody else sees the table.
    fn alter_own(
        &self,
        table: &str,
        note_key: &(String, String),
        steps: &[AlterStep],
    ) -> Result<()> {
        for step in steps {
            match step {
                AlterStep::AddForeignKey(key) => {
                    self.make_room("ALTER TABLE", key.parent())?;
                    self.database.add_foreign_key(table, key)?;
                }
                AlterStep::Renamed(..) | AlterStep::Note(_) => {
                    self.alter_step(table, note_key, step)?;
                }
                step => {
                    crate::define::alter_step(table, step, &self.database)?;
                    self.see_to_sequences(table, step)?;
                }
            }
        }
        Ok(())
    }

    /// Whether a definition can be part of a transaction, whatever that has done before.
    pub(in crate::connection) fn has_way_back(&self, definition: &Definition) -> Result<bool> {
        let Definition::AlterTable { table, steps, .. } = definition else { return Ok(true) };
        if self.changed(|open| Ok(open.is_own_table(table)))? {
            return Ok(true);
        }
        for step in steps {
            if !self.has_way_back_of(table, step)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a step on a table that the transaction has not made itself can be taken back.
    fn has_way_back_of(&self, table: &str, step: &AlterStep) -> Result<bool> {
        let has_made = |column: &str| {
            let mark = Mark::Column(table.to_owned(), column.to_owned());
            self.changed(|open| Ok(open.changed.has_made(&mark)))
        };
        Ok(match step {
            AlterStep::Alter(
                Alteration::AddColumn(_)
                | Alteration::DropColumn(_)
                | Alteration::DropColumnCascade(_)
                | Alteration::DropNotNull(_),
            )
            | AlterStep::AddCheck(..)
            | AlterStep::AddForeignKey(_)
            | AlterStep::AddIndex(_)
            | AlterStep::DropConstraint(_)
            | AlterStep::DropIndex(_)
            | AlterStep::Renamed(..)
            | AlterStep::Note(_) => true,
            AlterStep::Alter(
                Alteration::SetDefault { column, .. }
                | Alteration::DropDefault(column)
                | Alteration::SetNotNull(column),
            ) => has_made(column)?,
            _ => false,
        })
    }

    fn alter_step(&self, table: &str, note_key: &(String, String), step: &AlterStep) -> Result<()> {
        let of = |name: &str| (table.to_owned(), name.to_owned());
        let at_once = || crate::define::alter_step(table, step, &self.database);
        match step {
            AlterStep::Alter(Alteration::AddColumn(column)) => {
                let (table, name) = of(&column.name);
                self.make(Mark::Column(table, name), at_once)
            }
            AlterStep::Alter(
                Alteration::DropColumn(column) | Alteration::DropColumnCascade(column),
            ) => {
                let (table, name) = of(column);
                self.drop_owned_sequences(&table, Some(&name))?;
                self.drop_later(Mark::Column(table, name))
            }
            AlterStep::Alter(Alteration::DropNotNull(column)) => {
                let (table, name) = of(column);
                let made = Mark::Column(table.clone(), name.clone());
                match self.changed(|open| Ok(open.changed.has_made(&made)))? {
                    true => at_once(),
                    false => self.drop_later(Mark::Nullable(table, name)),
                }
            }
            AlterStep::AddCheck(name, _) => {
                let (table, name) = of(name);
                self.make(Mark::Constraint(table, name), at_once)
            }
            AlterStep::AddForeignKey(key) => {
                let (table, name) = of(key.name());
                self.make(Mark::Constraint(table, name), at_once)
            }
            AlterStep::AddIndex(index) => {
                let (table, name) = of(index.name());
                self.make(Mark::Index(table, name), at_once)
            }
            AlterStep::DropConstraint(name) => {
                let (table, name) = of(name);
                self.drop_later(Mark::Constraint(table, name))
            }
            AlterStep::DropIndex(name) => {
                let (table, name) = of(name);
                self.drop_later(Mark::Index(table, name))
            }
            AlterStep::Note(note) => {
                let (schema, name) = note_key.clone();
                self.put(&Object::Table(schema, name, note.clone()))
            }
            AlterStep::Renamed(store, schema, name) => {
                self.rename_table(table, note_key, (store, schema, name))
            }
            AlterStep::Alter(_) => at_once(),
        }
    }
}
