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
//! | ROLLBACK | the deletion of the mark is undone, and the thing is dropped again |
//! | a crash | whoever opens the store drops what has a mark |
//!
//! A table with a mark is in nobody's catalog: one that was made is seen by its own transaction
//! alone until that is committed, one that was dropped by all others until then. What SQL keeps of
//! its own (views, types, notes about tables) is rows anyway, written in the transaction.
//!
//! Invariants:
//! - **D1** Nothing is made in a transaction before its mark is committed.
//! - **D2** Nothing is dropped that no committed mark names.
//! - **D3** A mark's name is that of the store; what it names is not made anew while the mark is
//!   there.
//! - **D4** The engine goes on with a transaction's changes after a definition only where the
//!   tables that they are in stay as they were; so a table that has such changes is not altered.

use bourse::{Alteration, Truncate};
use hashbrown::HashSet;

use super::block::Open;
use super::{Connection, Flow};
use crate::catalog::{Catalog, Mark, ObjectKey, write_object_in};
use crate::define::{AlterStep, CreateTable, Definition, Object, key_of};
use crate::error::{Result, SqlError};

/// What a transaction has done to definitions, the last thing last.
#[derive(Default)]
pub(super) struct Changed {
    /// Made, to be dropped if the transaction is rolled back.
    made: Vec<Mark>,
    /// Dropped, which happens once the transaction is committed.
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
        .with_hint("Run it outside of a transaction, or as the first statement of one.")
}

impl Connection {
    /// Executes a definition in the open transaction. Returns how many rows it put into a table.
    pub(super) fn define_in_transaction(&self, definition: &Definition) -> Result<u64> {
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
        if !matches!(definition, Definition::Nothing { .. } | Definition::Truncate(_)) {
            self.check_one_cut(tag)?;
        }
        match definition {
            Definition::CreateTable(create) if !create.sequences.is_empty() => {
                return Err(refused(tag, "its sequences could not be taken back"));
            }
            Definition::AlterSequence(_)
            | Definition::RestartSequences(_)
            | Definition::Put(Object::Sequence(..), _) => {
                return Err(refused(tag, "sequences could not be taken back"));
            }
            Definition::Materialized(_) => {
                return Err(refused(tag, "what the store keeps could not be taken back"));
            }
            Definition::CreateTable(create) => self.make_table(create)?,
            Definition::CreateIndex { table, index, name } => {
                self.check_unwritten(tag, table)?;
                self.make(Mark::Index(table.clone(), name.clone()), || {
                    Ok(self.database.create_index(table, index.clone())?)
                })?;
            }
            Definition::AlterTable { table, note_key, steps } => {
                self.alter(tag, table, note_key, steps)?;
            }
            Definition::DropTables { tables, cascade } => {
                self.drop_tables(tables, *cascade)?;
            }
            Definition::DropIndexes(indexes) => {
                for (table, index) in indexes {
                    self.drop_later(Mark::Index(table.clone(), index.clone()))?;
                }
            }
            Definition::Truncate(truncate) => return self.delete_all(truncate),
            Definition::Put(object, _) => self.write(|connection| connection.put(object))?,
            Definition::Remove(objects, _) => {
                for object in objects {
                    if matches!(object, Object::View(_, _, note) if note.kept_by().is_some()) {
                        return Err(refused(tag, "what the store keeps could not be taken back"));
                    }
                    self.write(|connection| connection.delete(&key_of(object)))?;
                }
            }
            Definition::All(parts, _) => {
                for part in parts {
                    self.change_definitions(part)?;
                }
            }
            Definition::Nothing { .. } => {}
        }
        Ok(0)
    }

    /// What the transaction keeps of definitions.
    fn changed<T>(&self, body: impl FnOnce(&mut Open) -> Result<T>) -> Result<T> {
        match &mut *self.open.borrow_mut() {
            Some(open) => body(open),
            None => Err(SqlError::new("25P01", "there is no transaction in progress")),
        }
    }

    fn write(&self, body: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        body(self)?;
        self.changed(|open| {
            open.changed.objects = true;
            Ok(())
        })
    }

    fn put(&self, object: &Object) -> Result<()> {
        crate::catalog::ensure_objects(&self.database)?;
        let (key, body) = crate::define::row_of(object);
        self.changed(|open| write_object_in(&mut open.transaction, &self.database, &key, body))
    }

    fn delete(&self, key: &ObjectKey) -> Result<()> {
        crate::catalog::ensure_objects(&self.database)?;
        self.changed(|open| {
            crate::catalog::delete_object_in(&mut open.transaction, &self.database, key)
        })
    }

    /// A transaction whose statements all see one state would not see what it makes.
    fn check_one_cut(&self, tag: &str) -> Result<()> {
        self.changed(|open| {
            open.is_used = true;
            let isolation = open.transaction.options().isolation;
            if isolation == bourse::Isolation::ReadCommitted || !open.transaction.has_read() {
                return Ok(());
            }
            Err(refused(tag, "it sees the definitions of its first statement"))
        })
    }

    /// D4.
    fn check_unwritten(&self, tag: &str, table: &str) -> Result<()> {
        let table = self.database.table(table)?;
        self.changed(|open| match open.transaction.has_written(&table) {
            false => Ok(()),
            true => {
                Err(refused(tag, &format!("it has changed rows of table \"{}\"", table.name())))
            }
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
        crate::catalog::ensure_objects(&self.database)?;
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

    fn make_table(&self, create: &CreateTable) -> Result<()> {
        let name = &create.definition.name;
        if self.database.table(name).is_ok() {
            // The catalog does not have it, or the binder would have refused.
            let message = format!("relation \"{}\" already exists", create.name);
            return Err(SqlError::new("42P07", message)
                .with_detail("A transaction that is open has made it, or has dropped it.")
                .with_hint("Make it when that has ended, or by another name."));
        }
        self.make(Mark::Table(name.clone()), || {
            self.database.create_table(&create.definition)?;
            Ok(())
        })?;
        self.note_temporary(create);
        let (schema, name) = (create.schema.clone(), create.name.clone());
        let note = Object::Table(schema, name, create.note.clone());
        self.write(|connection| connection.put(&note))
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
            self.drop_later(Mark::Table(table.clone()))?;
            let note = Object::Table(schema.clone(), name.clone(), Default::default());
            self.write(|connection| connection.delete(&key_of(&note)))?;
        }
        Ok(())
    }

    /// ALTER TABLE. A table that the transaction has made itself is its own; of others, what comes
    /// has a mark, and what goes waits for COMMIT.
    fn alter(
        &self,
        tag: &str,
        table: &str,
        note_key: &(String, String),
        steps: &[AlterStep],
    ) -> Result<()> {
        self.check_unwritten(tag, table)?;
        if self.changed(|open| Ok(open.is_own_table(table)))? {
            return self.alter_own(table, note_key, steps);
        }
        for step in steps {
            self.check_step(tag, table, step)?;
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
                    self.check_unwritten("ALTER TABLE", key.parent())?;
                    self.database.add_foreign_key(table, key)?;
                }
                AlterStep::Renamed(..) => {
                    let why = "the table was made in it";
                    return Err(refused("ALTER TABLE ... RENAME", why));
                }
                AlterStep::Note(note) => {
                    let (schema, name) = note_key.clone();
                    let object = Object::Table(schema, name, note.clone());
                    self.write(|connection| connection.put(&object))?;
                }
                step => crate::define::alter_step(table, step, &self.database)?,
            }
        }
        Ok(())
    }

    fn check_step(&self, tag: &str, table: &str, step: &AlterStep) -> Result<()> {
        let has_made = |column: &str| {
            let mark = Mark::Column(table.to_owned(), column.to_owned());
            self.changed(|open| Ok(open.changed.has_made(&mark)))
        };
        let own = match step {
            AlterStep::AddForeignKey(key) => {
                self.check_unwritten(tag, key.parent())?;
                true
            }
            AlterStep::Alter(
                Alteration::AddColumn(_)
                | Alteration::DropColumn(_)
                | Alteration::DropColumnCascade(_),
            )
            | AlterStep::AddCheck(..)
            | AlterStep::AddIndex(_)
            | AlterStep::DropConstraint(_)
            | AlterStep::DropIndex(_)
            | AlterStep::Note(_) => true,
            AlterStep::Alter(
                Alteration::SetDefault { column, .. }
                | Alteration::DropDefault(column)
                | Alteration::SetNotNull(column)
                | Alteration::DropNotNull(column),
            ) => has_made(column)?,
            _ => false,
        };
        if own {
            return Ok(());
        }
        Err(refused(tag, "it could not be taken back"))
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
                self.drop_later(Mark::Column(table, name))
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
                let object = Object::Table(schema, name, note.clone());
                self.write(|connection| connection.put(&object))
            }
            AlterStep::Alter(_) | AlterStep::Renamed(..) => at_once(),
        }
    }

    /// TRUNCATE, as the deletion of all rows: it is taken back with the transaction.
    fn delete_all(&self, truncate: &Truncate) -> Result<u64> {
        let mut tables = truncate.tables().to_vec();
        let all = self.database.tables()?;
        let is_in = |tables: &[String], name: &str| {
            tables.iter().any(|table| table.eq_ignore_ascii_case(name))
        };
        loop {
            let refers = all.iter().find_map(|other| {
                let key = other
                    .definition()
                    .foreign_keys
                    .iter()
                    .find(|key| is_in(&tables, &key.parent) && !is_in(&tables, other.name()))?;
                Some((other.name().to_owned(), key.parent.clone()))
            });
            match refers {
                None => break,
                Some((table, _)) if truncate.cascades() => tables.push(table),
                Some((table, parent)) => {
                    let message = "cannot truncate a table referenced in a foreign key constraint";
                    let detail = format!("Table \"{table}\" references \"{parent}\".");
                    let hint = format!(
                        "Truncate table \"{table}\" at the same time, or use TRUNCATE ... CASCADE."
                    );
                    return Err(SqlError::unsupported(message).with_detail(detail).with_hint(hint));
                }
            }
        }
        if truncate.restarts_identity() {
            return Err(refused("TRUNCATE ... RESTART IDENTITY", "ids are no transaction's"));
        }
        // Those that refer to others first: their foreign keys are met all the time.
        let refers_to = |table: &str, parents: &[String]| {
            all.iter().filter(|other| other.name().eq_ignore_ascii_case(table)).any(|other| {
                let keys = &other.definition().foreign_keys;
                keys.iter().any(|key| {
                    !key.parent.eq_ignore_ascii_case(table) && is_in(parents, &key.parent)
                })
            })
        };
        let mut left = tables;
        while !left.is_empty() {
            let free = left.iter().position(|table| {
                let others: Vec<String> =
                    left.iter().filter(|other| *other != table).cloned().collect();
                !others.iter().any(|other| refers_to(other, std::slice::from_ref(table)))
            });
            let table = left.remove(free.unwrap_or(0));
            self.delete_rows(&table)?;
        }
        Ok(0)
    }

    /// Deletes all rows of a table of the store.
    pub(super) fn delete_rows(&self, table: &str) -> Result<()> {
        let (schema, name) = crate::catalog::split_store_name(table);
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let text = format!("DELETE FROM {}.{}", quoted(schema), quoted(name));
        let prepared = self.prepared(&text, &[])?;
        self.run_prepared(&prepared, Vec::new(), &mut |_| Ok(Flow::More))?;
        Ok(())
    }

    /// The catalog that the open transaction sees.
    pub(super) fn catalog_of_transaction(&self) -> Result<Option<Catalog>> {
        let mut open = self.open.borrow_mut();
        let Some(open) = open.as_mut().filter(|open| open.changed.is_there()) else {
            return Ok(None);
        };
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
        self.drop_marked(&changed.dropped);
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
        self.drop_marked(made);
        self.forget_temporary();
        self.forget_catalog();
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
