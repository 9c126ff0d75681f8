//! Definitions inside of transactions.
//!
//! The store changes definitions in records of their own, at once and for everybody. So that
//! ROLLBACK takes them back, and a crash too, what is to be dropped has a *mark*: a row of
//! [`OBJECTS_TABLE`](crate::catalog::OBJECTS_TABLE) that says "drop this". Rows belong to
//! transactions, and so the marks make definitions do so:
//!
//! | in a transaction | what happens |
//! |---|---|
//! | CREATE | the mark is committed, the thing is made, the transaction deletes the mark |
//! | DROP | the transaction writes the mark; once it is committed the thing is dropped |
//! | RENAME | the same, and the store renames the table once the mark is committed |
//! | ROLLBACK | the deletion of the mark is undone, and the thing is dropped again |
//! | a crash | whoever opens the store drops what has a mark |
//!
//! A table with a mark is in nobody's catalog: one that was made is seen by its own transaction
//! alone until that is committed, one that was dropped by all others until then. One that was
//! renamed has its new name for whoever sees the mark. What SQL keeps of its own (views, types,
//! notes about tables) is rows anyway, written in the transaction.
//!
//! Invariants:
//! - **D1** Nothing is made in a transaction before its mark is committed.
//! - **D2** Nothing is dropped that no committed mark names.
//! - **D3** A mark's name is that of the store; what it names is not made anew while the mark is
//!   there.
//! - **D4** The engine goes on with a transaction's changes after a definition only where the
//!   tables that they are in stay as they were, or get columns. So the rows of a table that the
//!   transaction has made itself are committed before it is altered, for that table goes with its
//!   mark; another one of which it has changed rows is not altered otherwise.
//! - **D5** After each definition the transaction sees the newest ones, whatever its isolation:
//!   rows about definitions are read and written over the newest state, and its Cut moves there.

use bourse::Table;
use hashbrown::HashSet;

use super::Connection;
use super::block::Open;
use crate::catalog::{
    Catalog, Mark, ObjectKey, delete_object_in, ensure_objects, insert_object_in, is_name_to_be,
    store_name, write_object_in,
};
use crate::define::{CreateTable, Definition, Object, exists, key_of};
use crate::error::{Result, SqlError};

mod alter;
mod rename;
mod rows;
mod sequences;
mod steps;

/// What a transaction has done to definitions, the last thing last.
#[derive(Default)]
pub(super) struct Changed {
    /// Made, to be dropped if the transaction is rolled back.
    made: Vec<Mark>,
    /// Dropped, or renamed, which happens once the transaction is committed.
    dropped: Vec<Mark>,
    /// Rows about definitions have changed.
    objects: bool,
}

/// How much of it there is: what a savepoint goes back to.
#[derive(Clone, Copy, Default)]
pub(super) struct ChangedMark {
    made: usize,
    dropped: usize,
}

impl Changed {
    pub(super) fn mark(&self) -> ChangedMark {
        ChangedMark { made: self.made.len(), dropped: self.dropped.len() }
    }

    /// Whether the transaction's catalog is another than the store's.
    pub(super) fn is_there(&self) -> bool {
        self.objects || !self.made.is_empty() || !self.dropped.is_empty()
    }

    /// What is to be dropped when all of it is taken back.
    pub(super) fn into_made(self) -> Vec<Mark> {
        self.made
    }

    /// Forgets what was done since a savepoint, and returns what is to be dropped therefore.
    pub(super) fn back_to(&mut self, mark: ChangedMark) -> Vec<Mark> {
        self.dropped.truncate(mark.dropped);
        self.made.split_off(mark.made.min(self.made.len()))
    }

    fn has_made(&self, mark: &Mark) -> bool {
        self.made.iter().any(|made| made.is(mark))
    }

    /// Tables that the transaction does not see any more.
    pub(super) fn hidden(&self) -> HashSet<String> {
        let tables = self.dropped.iter().filter_map(|mark| match mark {
            Mark::Table(table) => Some(table.to_ascii_lowercase()),
            _ => None,
        });
        tables.collect()
    }
}

fn refused(what: &str, why: &str) -> SqlError {
    SqlError::new("25001", format!("{what} cannot run inside this transaction block: {why}"))
        .with_hint("Run it in a transaction of its own, or outside of one.")
}

impl Connection {
    /// Executes a definition in the open transaction. Returns how many rows it put into a table.
    pub(super) fn define_in_transaction(&self, definition: &Definition) -> Result<u64> {
        let other;
        let definition = match definition {
            Definition::CreateTable(create) => match self.under_free_name(create) {
                Some(create) => {
                    other = Definition::CreateTable(Box::new(create));
                    &other
                }
                None => definition,
            },
            definition => definition,
        };
        let rows = self.change_definitions(definition)?;
        // What the transaction sees is another catalog from now on.
        self.forget_catalog();
        match definition {
            Definition::CreateTable(create) if create.with_rows => self.fill(definition),
            _ => Ok(rows),
        }
    }

    fn change_definitions(&self, definition: &Definition) -> Result<u64> {
        let tag = definition.tag();
        self.changed(|open| {
            open.is_used = true;
            Ok(())
        })?;
        match definition {
            Definition::Materialized(_) => {
                return Err(refused(tag, "what the store keeps could not be taken back"));
            }
            Definition::CreateTable(create) => self.make_table(create)?,
            Definition::CreateIndex { concurrently: true, .. } => {
                let message = "CREATE INDEX CONCURRENTLY cannot run inside a transaction block";
                return Err(SqlError::new("25001", message));
            }
            Definition::CreateIndex { table, index, name, .. } => {
                self.make_room(tag, table)?;
                self.make(Mark::Index(table.clone(), name.clone()), || {
                    Ok(self.database.create_index(table, index.clone())?)
                })?;
            }
            Definition::AlterTable { table, note_key, steps } => {
                self.alter(tag, table, note_key, steps)?;
            }
            Definition::AlterSequence(altered) => self.alter_sequence(altered)?,
            Definition::RestartSequences(tables) => self.restart_sequences(tables)?,
            Definition::DropTables { tables, cascade } => {
                self.drop_tables(tables, *cascade)?;
            }
            Definition::DropIndexes(indexes) => {
                for (table, index) in indexes {
                    self.drop_later(Mark::Index(table.clone(), index.clone()))?;
                }
            }
            Definition::Truncate(truncate) => return self.delete_all(truncate),
            Definition::Put(Object::Sequence(schema, name, note), _) => {
                self.make_sequence(schema, name, note)?;
            }
            Definition::Put(object, _) => self.put(object)?,
            Definition::Remove(objects, _) => {
                for object in objects {
                    match object {
                        Object::Sequence(schema, name, note) => {
                            self.drop_sequence(schema, name, note)?;
                        }
                        Object::View(_, _, note) if note.kept_by().is_some() => {
                            return Err(refused(
                                tag,
                                "what the store keeps could not be taken back",
                            ));
                        }
                        _ => self.delete(&key_of(object))?,
                    }
                }
            }
            Definition::All(parts, _) => {
                for part in parts {
                    self.change_definitions(part)?;
                }
            }
            Definition::Steps(steps) => self.change_in_steps(steps)?,
            Definition::Nothing { .. } => return Ok(0),
        }
        self.changed(|open| Ok(open.transaction.follow_definitions()?))?; // D5
        Ok(0)
    }

    /// What the transaction keeps of definitions.
    fn changed<T>(&self, body: impl FnOnce(&mut Open) -> Result<T>) -> Result<T> {
        match &mut *self.open.borrow_mut() {
            Some(open) => body(open),
            None => Err(SqlError::new("25P01", "there is no transaction in progress")),
        }
    }

    /// Writes a row about definitions.
    fn put(&self, object: &Object) -> Result<()> {
        ensure_objects(&self.database)?;
        let (key, body) = crate::define::row_of(object);
        self.changed(|open| {
            open.changed.objects = true;
            write_object_in(&mut open.transaction, &self.database, &key, body)
        })
    }

    /// Writes a new row about definitions. Returns whether there was none of its name.
    fn put_new(&self, object: &Object) -> Result<bool> {
        ensure_objects(&self.database)?;
        let (key, body) = crate::define::row_of(object);
        self.changed(|open| {
            open.changed.objects = true;
            insert_object_in(&mut open.transaction, &self.database, &key, body)
        })
    }

    /// Deletes a row about definitions.
    fn delete(&self, key: &ObjectKey) -> Result<()> {
        ensure_objects(&self.database)?;
        self.changed(|open| {
            open.changed.objects = true;
            delete_object_in(&mut open.transaction, &self.database, key)
        })
    }

    /// Sees to it that no rows that the transaction has changed are in the way of altering a table
    /// (D4).
    fn make_room(&self, tag: &str, table: &str) -> Result<()> {
        let table = self.database.table(table)?;
        self.changed(|open| {
            if !open.transaction.has_written(&table) {
                return Ok(());
            }
            if open.is_own_table(table.name()) {
                return Ok(open.transaction.commit_rows_of(&table)?);
            }
            Err(refused(tag, &format!("it has changed rows of table \"{}\"", table.name())))
        })
    }

    /// Makes something (D1).
    fn make(&self, mark: Mark, body: impl FnOnce() -> Result<()>) -> Result<()> {
        if crate::catalog::has_mark(&self.database, &mark)? {
            let message = format!("{mark} is there already, and waits for a transaction to end");
            return Err(SqlError::new("55006", message));
        }
        crate::catalog::put_mark(&self.database, &mark)?;
        if let Err(error) = body() {
            crate::catalog::delete_mark(&self.database, &mark)?;
            return Err(error);
        }
        self.changed(|open| {
            open.changed.made.push(mark.clone());
            Ok(())
        })?;
        if self.is_own_temporary(&mark) {
            return Ok(());
        }
        self.delete(&mark.key())
    }

    /// Has something dropped when the transaction is committed (D2).
    pub(super) fn drop_later(&self, mark: Mark) -> Result<()> {
        let (key, body) = mark.row();
        ensure_objects(&self.database)?;
        if !self.is_own_temporary(&mark) {
            self.changed(|open| {
                write_object_in(&mut open.transaction, &self.database, &key, body)
            })?;
        }
        self.changed(|open| {
            open.changed.dropped.push(mark);
            Ok(())
        })
    }

    /// Refuses a name that a table has which the catalog does not have: else the binder would have
    /// refused it.
    fn check_free(&self, store: &str, name: &str) -> Result<()> {
        let is_there = self.database.table(store).is_ok() && !self.has_left(store);
        if !is_there && !is_name_to_be(&self.database, store)? {
            return Ok(());
        }
        Err(exists(name)
            .with_detail("A transaction that is open has made it, or has dropped it.")
            .with_hint("Use the name when that has ended, or use another one."))
    }

    fn make_table(&self, create: &CreateTable) -> Result<()> {
        let name = &create.definition.name;
        let wanted = store_name(&create.schema, &create.name);
        self.check_free(&wanted, &create.name)?;
        let (schema, own_name) = (create.schema.clone(), create.name.clone());
        self.put(&Object::Table(schema, own_name, create.note.clone()))?;
        // That may have waited for who gave another table the name.
        self.check_free(&wanted, &create.name)?;
        self.make(Mark::Table(name.clone()), || {
            self.database.create_table(&create.definition)?;
            Ok(())
        })?;
        self.note_temporary(create);
        if !wanted.eq_ignore_ascii_case(name) {
            self.drop_later(Mark::Renamed(name.clone(), wanted))?;
        }
        for (schema, name, note) in &create.sequences {
            self.make_sequence(schema, name, note)?;
        }
        Ok(())
    }

    fn drop_tables(&self, tables: &[(String, String, String)], cascade: bool) -> Result<()> {
        let is_dropped =
            |name: &str| tables.iter().any(|(table, ..)| table.eq_ignore_ascii_case(name));
        let hidden = self.changed(|open| Ok(open.changed.hidden()))?;
        for other in self.database.tables()? {
            if is_dropped(other.name()) || hidden.contains(&other.name().to_ascii_lowercase()) {
                continue;
            }
            for key in &other.definition().foreign_keys {
                if !is_dropped(&key.parent) {
                    continue;
                }
                if !cascade {
                    let message = format!(
                        "cannot drop table {} because other objects depend on it",
                        key.parent
                    );
                    let detail = format!(
                        "constraint {} on table {} depends on table {}",
                        key.name,
                        other.name(),
                        key.parent
                    );
                    return Err(SqlError::new("2BP01", message)
                        .with_detail(detail)
                        .with_hint("Use DROP ... CASCADE to drop the dependent objects too."));
                }
                self.drop_later(Mark::Constraint(other.name().to_owned(), key.name.clone()))?;
            }
        }
        for (table, schema, name) in tables {
            self.drop_owned_sequences(table, None)?;
            if self.has_renamed(table) {
                self.delete(&Mark::Renamed(table.clone(), String::new()).key())?;
            }
            self.drop_later(Mark::Table(table.clone()))?;
            let note = Object::Table(schema.clone(), name.clone(), Default::default());
            self.delete(&key_of(&note))?;
        }
        Ok(())
    }

    /// The catalog that the open transaction sees.
    pub(super) fn catalog_of_transaction(&self) -> Result<Option<Catalog>> {
        let mut open = self.open.borrow_mut();
        // One that has failed can only be rolled back, which asks no names.
        let seen = |open: &&mut Open| open.changed.is_there() && !open.failed;
        let Some(open) = open.as_mut().filter(seen) else { return Ok(None) };
        let hidden = open.changed.hidden();
        let version = self.database.definitions_version()?;
        let objects = crate::catalog::read_objects_in(&mut open.transaction, &self.database)?;
        let temporary = self.temporary_schema();
        Catalog::of_objects(&self.database, version, objects, &hidden, &temporary).map(Some)
    }

    /// Whether the open transaction has dropped a table.
    pub(super) fn has_dropped(&self, table: &str) -> bool {
        let mark = Mark::Table(table.to_owned());
        let open = self.open.borrow();
        open.as_ref().is_some_and(|open| open.changed.dropped.iter().any(|one| one.is(&mark)))
    }

    /// After a commit: drops what was dropped (D2), and has everybody read the catalog anew.
    pub(super) fn finish_definitions(&self, changed: &Changed) {
        if !changed.is_there() {
            return;
        }
        self.drop_marked(&rename::last_names(&changed.dropped));
        self.forget_temporary();
        if let Err(error) = crate::catalog::announce(&self.database) {
            self.state.tell(crate::session::Notice::warning(
                "01000",
                format!("other sessions may see the definitions of before: {error}"),
            ));
        }
        self.forget_catalog();
    }

    /// After a rollback: drops what was made.
    pub(super) fn undo_definitions(&self, made: &[Mark]) {
        if let Some(open) = &mut *self.open.borrow_mut() {
            // What goes on has never read them.
            for table in made.iter().filter_map(|mark| self.table_of(mark)) {
                open.transaction.forget_reads_of(&table);
            }
        }
        self.drop_marked(made);
        self.forget_temporary();
        self.forget_catalog();
    }

    /// The table that a mark names, if it names one.
    fn table_of(&self, mark: &Mark) -> Option<Table> {
        match mark {
            Mark::Table(name) => self.database.table(name).ok(),
            _ => None,
        }
    }

    /// Drops what marks name, and the marks. What is refused keeps its mark until the store is
    /// opened again.
    pub(super) fn drop_marked(&self, marks: &[Mark]) {
        if let Err(error) = crate::catalog::drop_marked(&self.database, marks) {
            self.state.tell(
                crate::session::Notice::warning("01000", format!("cannot drop it yet: {error}"))
                    .with_hint("It is not seen any more, and dropped when the store is opened."),
            );
        }
    }
}

impl Open {
    /// Whether the transaction has made the table, and no savepoint lies between: then it may
    /// change it without a way back.
    fn is_own_table(&self, table: &str) -> bool {
        let mark = Mark::Table(table.to_owned());
        let from = self.last_savepoint().made;
        self.changed.made.iter().skip(from).any(|made| made.is(&mark))
    }
}
