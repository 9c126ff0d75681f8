//! Which tables a statement reads and changes.

use hashbrown::HashMap;

use super::{Privilege, Privileges};
use crate::algebra::{ConflictAction, MergeAction, OnConflict, Rel, Statement, Visit};

/// A table, by the store's name, and what is done with it.
pub(crate) type TableAccess = (String, Privileges);

/// What a statement does with which tables, views and subqueries among it.
pub(crate) fn accesses(statement: &Statement) -> Vec<TableAccess> {
    let mut seen = Seen::default();
    seen.statement(statement);
    let mut all: Vec<TableAccess> = seen.tables.into_iter().collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    all
}

#[derive(Default)]
struct Seen {
    tables: HashMap<String, Privileges>,
}

impl Seen {
    fn note(&mut self, table: &bourse::Table, privilege: Privilege) {
        let known = self.tables.entry_ref(table.name()).or_default();
        *known = known.with(privilege);
    }

    /// Who reads a view reads its table, and those where it looks up.
    fn note_view(&mut self, view: &bourse::View) {
        let definition = view.definition();
        let looked_up = definition.lookups.iter().map(|lookup| &lookup.table);
        for table in std::iter::once(&definition.table).chain(looked_up) {
            let known = self.tables.entry_ref(table.as_str()).or_default();
            *known = known.with(Privilege::Select);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Query(_) => {}
            Statement::Insert(insert) => {
                self.note(&insert.table, Privilege::Insert);
                self.conflict(&insert.table, insert.conflict.as_ref());
            }
            Statement::Update(update) => {
                self.note(&update.table, Privilege::Update);
                self.conflict(&update.table, update.conflict.as_ref());
            }
            Statement::Delete(delete) => self.note(&delete.table, Privilege::Delete),
            Statement::Merge(merge) => {
                for clause in &merge.clauses {
                    match &clause.action {
                        MergeAction::Nothing => {}
                        MergeAction::Insert(_) => self.note(&merge.table, Privilege::Insert),
                        MergeAction::Update(_) => self.note(&merge.table, Privilege::Update),
                        MergeAction::Delete => self.note(&merge.table, Privilege::Delete),
                    }
                }
            }
        }
        statement.visit_statement(self);
    }

    fn conflict(&mut self, table: &bourse::Table, conflict: Option<&OnConflict>) {
        match conflict.map(|conflict| &conflict.action) {
            Some(ConflictAction::Update { .. }) => self.note(table, Privilege::Update),
            Some(ConflictAction::Replace) => self.note(table, Privilege::Delete),
            _ => {}
        }
    }
}

impl Visit for Seen {
    fn rel(&mut self, rel: &Rel) {
        match rel {
            Rel::Scan(scan) => self.note(&scan.table, Privilege::Select),
            Rel::Groups(scan) => self.note_view(&scan.view),
            Rel::Lock { clauses, .. } => {
                for lock in clauses {
                    self.note(&lock.table, Privilege::Update);
                }
            }
            Rel::With { ctes, .. } => {
                for change in ctes.iter().filter_map(|cte| cte.change.as_deref()) {
                    self.statement(change);
                }
            }
            _ => {}
        }
    }
}
