//! Tables that get another name inside of transactions: at once for the transaction, by a mark, and
//! for the store once it is committed. So a name that a dropped table had can be used again, though
//! the store still has that table: the new one is made by another name, and renamed.

use super::super::Connection;
use crate::catalog::Mark;
use crate::define::{CreateTable, Object, key_of};
use crate::error::Result;

/// What remains to be done of what was dropped and renamed: of the names that a table was given it
/// has the last, and none if it is dropped.
pub(super) fn last_names(dropped: &[Mark]) -> Vec<Mark> {
    let is_gone = |table: &str| dropped.iter().any(|mark| mark.is(&Mark::Table(table.to_owned())));
    let mut marks: Vec<Mark> = Vec::new();
    for mark in dropped.iter().rev() {
        let is_past = matches!(mark, Mark::Renamed(table, _) if is_gone(table));
        if !is_past && !marks.iter().any(|other| other.is(mark)) {
            marks.push(mark.clone());
        }
    }
    marks.reverse();
    marks
}

impl Connection {
    /// Whether the open transaction has given a table of the store another name.
    pub(super) fn has_renamed(&self, table: &str) -> bool {
        let mark = Mark::Renamed(table.to_owned(), String::new());
        let open = self.open.borrow();
        open.as_ref().is_some_and(|open| open.changed.dropped.iter().any(|one| one.is(&mark)))
    }

    /// ALTER TABLE ... RENAME TO.
    pub(super) fn rename_table(
        &self,
        table: &str,
        note_key: &(String, String),
        (store, schema, name): (&str, &str, &str),
    ) -> Result<()> {
        let is_other = !store.eq_ignore_ascii_case(table);
        if is_other {
            self.check_free(store, name)?;
        }
        let note = self.catalog()?.table_of_store(table).map(|entry| entry.note.clone());
        let note = note.unwrap_or_default();
        let (old_schema, old_name) = note_key.clone();
        self.delete(&key_of(&Object::Table(old_schema, old_name, Default::default())))?;
        self.put(&Object::Table(schema.to_owned(), name.to_owned(), note))?;
        if is_other {
            // That may have waited for who gave another table the name.
            self.check_free(store, name)?;
        }
        self.drop_later(Mark::Renamed(table.to_owned(), store.to_owned()))
    }

    /// Whether the open transaction has dropped the table that has a name in the store, or has
    /// given it another one.
    pub(super) fn has_left(&self, name: &str) -> bool {
        let open = self.open.borrow();
        let mut marks = open.iter().flat_map(|open| open.changed.dropped.iter().rev());
        marks.any(|mark| match mark {
            Mark::Table(table) => table.eq_ignore_ascii_case(name),
            Mark::Renamed(table, to) => {
                table.eq_ignore_ascii_case(name) && !to.eq_ignore_ascii_case(name)
            }
            _ => false,
        })
    }

    /// The same table by a name that the store has free, where the transaction has dropped the one
    /// that has its own.
    pub(super) fn under_free_name(&self, create: &CreateTable) -> Option<CreateTable> {
        let wanted = &create.definition.name;
        let is_taken = |name: &str| self.database.table(name).is_ok();
        if create.temporary.is_some() || !is_taken(wanted) || !self.has_left(wanted) {
            return None;
        }
        let names = (1..).map(|number: u64| format!("{wanted}#{number}"));
        let free = names.take(usize::MAX).find(|name| !is_taken(name))?;
        let mut create = create.clone();
        for key in &mut create.definition.foreign_keys {
            if key.parent.eq_ignore_ascii_case(wanted) {
                key.parent.clone_from(&free);
            }
        }
        for (_, _, note) in &mut create.sequences {
            if let Some((table, _)) = &mut note.owner {
                table.clone_from(&free);
            }
        }
        create.definition.name = free;
        Some(create)
    }
}
