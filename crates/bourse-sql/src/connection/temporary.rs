//! Temporary tables: tables in a schema of the session's own, each with a mark (see
//! [`super::definitions`]), so that nobody else sees them, and a crash takes them away.

use super::Connection;
use crate::catalog::{Mark, split_store_name};
use crate::define::{CreateTable, Definition, Object, OnCommit};
use crate::error::Result;
use crate::parse::TransactionModes;
use crate::plan::Plan;
use crate::plan::change::ChangeKind;
use crate::session::Notice;

/// A temporary table, by the store's name.
pub(super) struct TemporaryTable {
    name: String,
    on_commit: OnCommit,
}

impl Connection {
    pub(super) fn temporary_schema(&self) -> String {
        self.state.temporary_schema()
    }

    /// Whether a mark is that of a temporary table of the session: it stays while the table does.
    pub(super) fn is_own_temporary(&self, mark: &Mark) -> bool {
        let Mark::Table(table) = mark else { return false };
        split_store_name(table).0 == self.temporary_schema()
    }

    /// Whether a definition makes a temporary table, or drops one.
    pub(super) fn is_about_temporary(&self, definition: &Definition) -> bool {
        match definition {
            Definition::CreateTable(create) => create.temporary.is_some(),
            Definition::DropTables { tables, .. } => {
                let own = self.temporary_schema();
                tables.iter().any(|(_, schema, _)| *schema == own)
            }
            _ => false,
        }
    }

    /// Executes such a definition outside of a transaction: in one of its own.
    pub(super) fn define_temporary(&self, definition: &Definition) -> Result<u64> {
        self.begin(TransactionModes { read_only: Some(false), ..TransactionModes::default() })?;
        let result = self.define_in_transaction(definition);
        match result {
            Ok(rows) => {
                self.commit()?;
                Ok(rows)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// Notes a temporary table that was made.
    pub(super) fn note_temporary(&self, create: &CreateTable) {
        if let Some(on_commit) = create.temporary {
            let name = create.definition.name.clone();
            self.temporary.borrow_mut().push(TemporaryTable { name, on_commit });
        }
    }

    /// Does what ON COMMIT says, in the transaction that is about to be committed.
    pub(super) fn before_commit(&self) -> Result<()> {
        if self.temporary.borrow().is_empty() {
            return Ok(());
        }
        let tables: Vec<(String, OnCommit)> = {
            let temporary = self.temporary.borrow();
            temporary.iter().map(|table| (table.name.clone(), table.on_commit)).collect()
        };
        for (name, on_commit) in tables {
            let is_there = self.database.table(&name).is_ok() && !self.has_dropped(&name);
            match on_commit {
                OnCommit::DeleteRows if is_there => self.delete_rows(&name)?,
                OnCommit::Drop if is_there => self.drop_later(Mark::Table(name))?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The same behind a statement that was a transaction by itself.
    pub(super) fn after_statement(&self, plan: &Plan) -> Result<()> {
        if plan.changes.is_empty() || self.in_transaction() {
            return Ok(());
        }
        let has_rows = |table: &&TemporaryTable| {
            let mut changes = plan.changes.iter();
            table.on_commit == OnCommit::DeleteRows
                && changes.any(|change| {
                    change.table.name() == table.name
                        && !matches!(change.kind, ChangeKind::Delete { .. })
                })
        };
        let temporary = self.temporary.borrow();
        let emptied: Vec<String> =
            temporary.iter().filter(has_rows).map(|table| table.name.clone()).collect();
        drop(temporary);
        emptied.iter().try_for_each(|name| self.delete_rows(name))
    }

    /// Forgets temporary tables that are gone.
    pub(super) fn forget_temporary(&self) {
        let is_there = |table: &TemporaryTable| self.database.table(&table.name).is_ok();
        self.temporary.borrow_mut().retain(is_there);
    }

    /// Notes that the session has made a temporary view or sequence, if that is one.
    pub(super) fn note_temporary_object(&self, definition: &Definition) {
        if let Definition::Put(Object::View(schema, ..) | Object::Sequence(schema, ..), _) =
            definition
            && *schema == self.temporary_schema()
        {
            self.temporary_objects.set(true);
        }
    }

    /// Drops all of the session.
    pub(super) fn drop_temporary_tables(&self) {
        let tables = std::mem::take(&mut *self.temporary.borrow_mut());
        let has_objects = self.temporary_objects.replace(false);
        if tables.is_empty() && !has_objects {
            return;
        }
        let marks: Vec<Mark> = tables.into_iter().map(|table| Mark::Table(table.name)).collect();
        self.drop_marked(&marks);
        if has_objects {
            let own = self.temporary_schema();
            let dropped = crate::define::drop_objects_of(&self.database, |schema| schema == own);
            if let Err(error) = dropped {
                let message = format!("temporary views cannot be dropped yet: {error}");
                self.state.tell(Notice::warning("01000", message));
            }
        }
        self.forget_catalog();
    }
}
