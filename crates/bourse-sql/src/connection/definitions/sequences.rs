//! Sequences inside of transactions.
//!
//! What a sequence is belongs to the transaction as every row about definitions. Where it stands is
//! said by a row that no transaction has to itself ([`crate::sequence`]); a sequence that is made,
//! or begins anew, gets one with a mark, and what is dropped, or has stood elsewhere before, leaves
//! its row to be dropped at COMMIT.

use std::sync::Arc;

use bourse::Alteration;

use super::super::Connection;
use crate::catalog::{Kind, Mark, ObjectKey, SequenceEntry, SequenceNote, key_of};
use crate::define::{AlterStep, AlteredSequence, Object, exists};
use crate::error::Result;
use crate::sequence::{self, Standing};

fn object(entry: &SequenceEntry, note: SequenceNote) -> Object {
    Object::Sequence(entry.schema.clone(), entry.name.clone(), note)
}

impl Connection {
    /// A row that says where a sequence of a name stands (D1). Returns its key.
    fn make_standing(&self, schema: &str, name: &str, standing: Standing) -> Result<String> {
        let key = sequence::create(&self.database, &key_of(schema, name), standing, true)?;
        let mark = Mark::Sequence(key.clone());
        self.changed(|open| {
            open.changed.made.push(mark.clone());
            Ok(())
        })?;
        self.delete(&mark.key())?;
        Ok(key)
    }

    pub(super) fn make_sequence(
        &self,
        schema: &str,
        name: &str,
        note: &SequenceNote,
    ) -> Result<()> {
        let key = self.make_standing(schema, name, sequence::first(note))?;
        let note = SequenceNote { standing: Some(key), ..note.clone() };
        let made = Object::Sequence(schema.to_owned(), name.to_owned(), note);
        if self.put_new(&made)? { Ok(()) } else { Err(exists(name)) }
    }

    pub(super) fn drop_sequence(
        &self,
        schema: &str,
        name: &str,
        note: &SequenceNote,
    ) -> Result<()> {
        self.delete(&ObjectKey::new(Kind::Sequence, schema, name))?;
        let key = note.standing_key(&key_of(schema, name)).to_owned();
        self.drop_later(Mark::Sequence(key))
    }

    pub(super) fn alter_sequence(&self, altered: &AlteredSequence) -> Result<()> {
        let AlteredSequence { schema, name, note, restart, rename } = altered;
        let before = altered.standing_key();
        let mark = Mark::Sequence(before.clone());
        // Of a sequence of the transaction's own, values that nobody else is given are taken back.
        let is_own = self.changed(|open| Ok(open.changed.has_made(&mark)))?;
        let standing = match restart {
            Some(last) => Some(Standing { last: *last, is_called: false }),
            None if is_own => {
                let shared = Arc::clone(self.state.sequences().shared());
                Some(shared.standing(&self.database, &key_of(schema, name), note)?)
            }
            None => None,
        };
        let key = match standing {
            Some(standing) => {
                let key = self.make_standing(schema, name, standing)?;
                self.drop_later(mark)?;
                key
            }
            None => before,
        };
        let note = SequenceNote { standing: Some(key), ..note.clone() };
        let Some(to) = rename else {
            return self.put(&Object::Sequence(schema.clone(), name.clone(), note));
        };
        self.delete(&ObjectKey::new(Kind::Sequence, schema, name))?;
        let renamed = Object::Sequence(schema.clone(), to.clone(), note);
        if self.put_new(&renamed)? { Ok(()) } else { Err(exists(to)) }
    }

    /// The sequences that the transaction sees of a table, or of a column of it.
    fn owned_sequences(
        &self,
        table: &str,
        column: Option<&str>,
    ) -> Result<Vec<Arc<SequenceEntry>>> {
        let catalog = self.catalog()?;
        let is_owned = |entry: &&Arc<SequenceEntry>| {
            entry.note.owner.as_ref().is_some_and(|(of, at)| {
                of.eq_ignore_ascii_case(table)
                    && column.is_none_or(|column| at.eq_ignore_ascii_case(column))
            })
        };
        Ok(catalog.sequences().into_iter().filter(is_owned).cloned().collect())
    }

    pub(super) fn drop_owned_sequences(&self, table: &str, column: Option<&str>) -> Result<()> {
        for entry in self.owned_sequences(table, column)? {
            self.drop_sequence(&entry.schema, &entry.name, &entry.note)?;
        }
        Ok(())
    }

    /// What a step of ALTER TABLE, on a table of the transaction's own, is to the sequences of its
    /// columns.
    pub(super) fn see_to_sequences(&self, table: &str, step: &AlterStep) -> Result<()> {
        match step {
            AlterStep::Alter(
                Alteration::DropColumn(column) | Alteration::DropColumnCascade(column),
            ) => self.drop_owned_sequences(table, Some(column)),
            AlterStep::Alter(Alteration::RenameColumn { from, to }) => {
                for entry in self.owned_sequences(table, Some(from))? {
                    let owner = Some((table.to_owned(), to.clone()));
                    self.put(&object(&entry, SequenceNote { owner, ..entry.note.clone() }))?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// TRUNCATE ... RESTART IDENTITY.
    pub(super) fn restart_sequences(&self, tables: &[String]) -> Result<()> {
        for table in tables {
            for entry in self.owned_sequences(table, None)? {
                let SequenceEntry { schema, name, note } = &*entry;
                let standing = Standing { last: note.start, is_called: false };
                let key = self.make_standing(schema, name, standing)?;
                let before = note.standing_key(&key_of(schema, name)).to_owned();
                self.drop_later(Mark::Sequence(before))?;
                let note = SequenceNote { standing: Some(key), ..note.clone() };
                self.put(&object(&entry, note))?;
            }
        }
        Ok(())
    }
}
