//! CHECK and FOREIGN KEY while a transaction runs.
//!
//! A CHECK is asked for each row as it is made. Foreign keys are looked at when an operation is
//! over, because its actions may bring what it lacks:
//!
//! ```text
//! operation on a row --> note_change: what must be checked, which keys are gone
//!                    --> events: CASCADE, SET NULL, SET DEFAULT change further rows, which note
//!                        what they change; RESTRICT refuses
//!                    --> checks: the parent of a new value is there; a key that is gone is
//!                        back, or nobody refers to it
//! commit ------------> the checks of deferred keys
//! ```
//!
//! Operations that are done [together](Transaction::together), as those of a statement of SQL, are
//! over when the last one is: until then events and checks of all of them wait.
//!
//! All of it goes through the transaction's own reads and its write set. So what is found is
//! validated like any read, an insert of a child and the delete of its parent cannot both commit,
//! and the record names each row that an action changed: apply knows nothing of foreign keys.
//!
//! Invariants:
//! - **F1** An operation that fails leaves the write set as it was: the closure may go on.
//! - **F2** Actions run from a queue, not by recursion: a chain of rows may be of any length.
//! - **F3** What waits for the end of operations that are done together is looked at there, or, if
//!   that end is not reached, at commit.

use std::collections::VecDeque;
use std::sync::Arc;

use bourse_storage::{Error, ErrorKind, Result, Violation};

use super::Transaction;
use crate::catalog::TableInfo;
use crate::foreign_key;
use crate::lookup;
use crate::row::Row;
use crate::schema::{Action, Timing};
use crate::table::{OwnedRow, Table};
use crate::value::Value;

/// What constraints have still to do.
#[derive(Default)]
pub(super) struct Pending {
    /// Whether an operation is under way, of which further ones are a part.
    in_operation: bool,
    /// Whether operations are done together, and what they ask for waits for the last one.
    waits: bool,
    events: VecDeque<Event>,
    checks: Vec<Check>,
    /// What is checked at commit, in order; those before `met` were checked before.
    deferred: Vec<Check>,
    met: usize,
    /// Whether what can be deferred is.
    defers: bool,
}

/// What was deferred at some moment, to go back to.
#[derive(Clone, Copy)]
pub(super) struct PendingMark {
    events: usize,
    checks: usize,
    deferred: usize,
    met: usize,
    defers: bool,
}

impl Pending {
    /// A mark to go back to.
    pub(super) fn mark(&self) -> PendingMark {
        PendingMark {
            events: self.events.len(),
            checks: self.checks.len(),
            deferred: self.deferred.len(),
            met: self.met,
            defers: self.defers,
        }
    }

    /// Drops what came after the mark. What was found met since then is to be checked again: what
    /// met it is taken back too.
    pub(super) fn back_to(&mut self, mark: PendingMark) {
        self.events.truncate(mark.events);
        self.checks.truncate(mark.checks);
        self.deferred.truncate(mark.deferred);
        self.met = mark.met;
        self.defers = mark.defers;
    }

    /// Forgets what was met: nobody has a mark.
    pub(super) fn forget_marks(&mut self) {
        self.deferred.drain(..self.met);
        self.met = 0;
    }

    /// Leaves to commit what has waited in vain: F3. No action is done for it there.
    fn leave(&mut self, events: VecDeque<Event>, checks: Vec<Check>) {
        let children = events.into_iter().map(Event::check);
        self.deferred.extend(children.chain(checks));
    }

    /// Whether nothing is left to be checked.
    pub(super) fn is_met(&self) -> bool {
        self.met == self.deferred.len()
    }
}

/// A key that rows may refer to is gone.
#[derive(Clone)]
struct Event {
    child: u32,
    key: usize,
    old: Vec<Value>,
    /// What the key has become; nothing when its row was deleted.
    new: Option<Vec<Value>>,
}

impl Event {
    /// That nothing refers to the key any more.
    fn check(self) -> Check {
        Check::Children { child: self.child, key: self.key, values: self.old }
    }
}

/// What is to be so in the end.
#[derive(Clone)]
enum Check {
    /// A row, if it still has these values, has a parent.
    Parent { child: u32, key: usize, values: Vec<Value>, shard: u16, row: Vec<u8> },
    /// No row has these values, or they are a key again.
    Children { child: u32, key: usize, values: Vec<Value> },
}

impl Check {
    fn place(&self) -> (u32, usize) {
        match self {
            Check::Parent { child, key, .. } | Check::Children { child, key, .. } => (*child, *key),
        }
    }
}

impl TableInfo {
    /// Refuses a row for which a CHECK is false, or that would have expired.
    ///
    /// # Errors
    /// `Constraint` (23514); what evaluating the condition meets.
    pub(crate) fn check_row(&self, row: &Row<'_>) -> Result<()> {
        if self.expiry.is_some() {
            self.check_not_expired(row)?;
        }
        for check in &self.definition.checks {
            if check.condition.is_false(row)? {
                return Err(Error::new(
                    ErrorKind::Constraint,
                    format!(
                        "new row for relation \"{}\" violates check constraint \"{}\"",
                        self.definition.name, check.name
                    ),
                )
                .with_sqlstate("23514")
                .with_violation(Violation {
                    table: self.definition.name.clone(),
                    constraint: check.name.clone(),
                    ..Violation::default()
                }));
            }
        }
        Ok(())
    }
}

impl Transaction<'_> {
    /// From here on, what can be deferred is checked at commit: SET CONSTRAINTS ALL DEFERRED.
    pub fn defer_constraints(&mut self) {
        self.pending.defers = true;
    }

    /// Checks now what was deferred; else commit does.
    ///
    /// # Errors
    /// `Constraint` (23503).
    pub fn check_constraints(&mut self) -> Result<()> {
        if self.pending.is_met() {
            return Ok(());
        }
        if self.session.is_none() {
            return self.check_deferred();
        }
        self.write_locked(Transaction::check_deferred)
    }

    /// What is not met stays to be checked: the closure may still mend it.
    fn check_deferred(&mut self) -> Result<()> {
        while let Some(check) = self.pending.deferred.get(self.pending.met) {
            self.check(check)?;
            self.pending.met += 1;
        }
        Ok(())
    }

    /// Runs an operation on a table's rows to the end of its consequences, whole or not at all
    /// (F1).
    pub(super) fn operation<T>(
        &mut self,
        info: &TableInfo,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.core.check_writable()?;
        if !info.has_references() || self.pending.in_operation {
            return body(self);
        }
        self.pending.in_operation = true;
        let mark = self.pending.mark();
        let result = self.whole(|transaction| {
            let value = body(transaction)?;
            if !transaction.pending.waits {
                transaction.settle_operation()?;
            }
            Ok(value)
        });
        self.pending.in_operation = false;
        if result.is_err() {
            self.pending.back_to(mark);
        }
        result
    }

    /// Does operations on rows of `tables` together: foreign keys are looked at, and do what they
    /// say, when all is done, as after a statement of SQL. So rows that refer to each other may
    /// come and go in any order. (Where one table alone changes, to which no key refers, there is
    /// nothing to wait for.)
    ///
    /// When it fails, what it has changed is for the caller to take back, as a transaction and an
    /// [`InteractiveTransaction::statement`](super::InteractiveTransaction::statement) do; if that
    /// is not done, commit refuses what is not met.
    ///
    /// # Errors
    /// `body`'s; `Constraint` (23503).
    pub fn together<T, E: From<Error>>(
        &mut self,
        tables: &[&Table],
        body: impl FnOnce(&mut Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let is_alone = match tables {
            [table] => self.info(table)?.referenced_by.is_empty(),
            _ => false,
        };
        if is_alone { body(self) } else { self.settle_last(body) }
    }

    /// As [`Transaction::together`], where one table alone changes, too: what else is wrong with
    /// a row is told before what its references lack.
    ///
    /// # Errors
    /// `body`'s; `Constraint` (23503).
    pub fn settle_last<T, E: From<Error>>(
        &mut self,
        body: impl FnOnce(&mut Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        if self.pending.waits || self.pending.in_operation {
            return body(self);
        }
        self.pending.waits = true;
        let result = body(self);
        self.pending.waits = false;
        let (events, checks) =
            (std::mem::take(&mut self.pending.events), std::mem::take(&mut self.pending.checks));
        if events.is_empty() && checks.is_empty() {
            return result;
        }
        match result {
            Ok(value) => match self.settle_together(&events, &checks) {
                Ok(()) => Ok(value),
                Err(error) => {
                    self.pending.leave(events, checks); // F3
                    Err(error.into())
                }
            },
            Err(error) => {
                self.pending.leave(events, checks); // F3
                Err(error)
            }
        }
    }

    /// Does what operations that were done together have left to foreign keys.
    fn settle_together(&mut self, events: &VecDeque<Event>, checks: &[Check]) -> Result<()> {
        let settle = |transaction: &mut Transaction<'_>| {
            transaction.pending.events.clone_from(events);
            transaction.pending.checks.extend_from_slice(checks);
            let mark = PendingMark { events: 0, checks: 0, ..transaction.pending.mark() };
            transaction.pending.in_operation = true;
            let result = transaction.whole(Transaction::settle_operation);
            transaction.pending.in_operation = false;
            if result.is_err() {
                transaction.pending.back_to(mark);
            }
            result
        };
        match self.session {
            None => settle(self),
            Some(_) => self.write_locked(settle),
        }
    }

    /// Takes back what `body` has changed when it fails.
    pub(super) fn whole<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let begins = self.writes.begin_journal();
        let mark = self.writes.mark();
        let result = body(self);
        if result.is_err() {
            self.writes.undo_to(mark);
        }
        if begins {
            self.writes.end_journal();
        }
        result
    }

    /// The rows that refer to a key. In an interactive transaction they are found still so at
    /// commit, whatever its isolation.
    fn children(
        &self,
        child: &Arc<TableInfo>,
        key: usize,
        values: &[Value],
        limit: usize,
    ) -> Result<Vec<OwnedRow>> {
        let observes = self.observes.replace(self.observes.get() || self.session.is_some());
        let access = &child.foreign_keys[key].child_access;
        let rows = foreign_key::children(self, child, access, values, limit);
        self.observes.set(observes);
        rows
    }

    /// Notes what a change of a row, or its coming or going, asks of foreign keys.
    pub(super) fn note_change(
        &mut self,
        info: &TableInfo,
        place: (u16, &[u8]),
        old: Option<&Row<'_>>,
        new: Option<&Row<'_>>,
    ) -> Result<()> {
        let values = |row: Option<&Row<'_>>, columns: &[u16]| foreign_key::values_of(row?, columns);
        for (key, foreign) in info.definition.foreign_keys.iter().enumerate() {
            let Some(new) = values(new, &foreign.columns) else { continue };
            let moved = place.0;
            if values(old, &foreign.columns).as_ref() != Some(&new) {
                let (child, row) = (info.id(), place.1.to_vec());
                let check = Check::Parent { child, key, values: new, shard: moved, row };
                self.pending.checks.push(check);
            }
        }
        for reference in &info.referenced_by {
            let child = self.catalog.table(reference.child)?;
            let columns = &child.foreign_keys[reference.key].parent_columns;
            let Some(old) = values(old, columns) else { continue };
            let new = values(new, columns);
            if new.as_ref() != Some(&old) {
                let (child, key) = (reference.child, reference.key);
                self.pending.events.push_back(Event { child, key, old, new });
            }
        }
        Ok(())
    }

    fn settle_operation(&mut self) -> Result<()> {
        while let Some(event) = self.pending.events.pop_front() {
            self.act(event)?;
        }
        for check in std::mem::take(&mut self.pending.checks) {
            let (child, key) = check.place();
            let timing = self.catalog.table(child)?.definition.foreign_keys[key].timing;
            let waits = match timing {
                Timing::Immediate => false,
                Timing::Deferrable => self.pending.defers,
                Timing::Deferred => true,
            };
            if waits {
                self.pending.deferred.push(check);
            } else {
                self.check(&check)?;
            }
        }
        Ok(())
    }

    /// Does to the rows that refer to a key that is gone what their foreign key says.
    fn act(&mut self, event: Event) -> Result<()> {
        let child = Arc::clone(self.catalog.table(event.child)?);
        let foreign = &child.definition.foreign_keys[event.key];
        let action = if event.new.is_some() { foreign.on_update } else { foreign.on_delete };
        if action == Action::NoAction {
            self.pending.checks.push(event.check());
            return Ok(());
        }
        if action == Action::SetDefault {
            // The DEFAULT may be the key that is gone: then the rows do not change, and nothing
            // else would look for their parent.
            self.pending.checks.push(event.clone().check());
        }
        let limit = if action == Action::Restrict { 1 } else { usize::MAX };
        let rows = self.children(&child, event.key, &event.old, limit)?;
        if let (Action::Restrict, Some(row)) = (action, rows.first()) {
            self.note_obstacle(row.shard(), child.id(), row.key());
            return Err(self.still_referenced(&child, event.key, &event.old));
        }
        for row in rows {
            // An earlier row's consequences may have reached it.
            let Some(row) = self.again(&child, &row)? else { continue };
            let values: Vec<Value> = match (action, &event.new) {
                (Action::Cascade, None) => {
                    self.delete_row(&child, &row)?;
                    continue;
                }
                (Action::Cascade, Some(new)) => new.clone(),
                (Action::SetDefault, _) => {
                    let now = self.now();
                    let columns = foreign.columns.iter();
                    columns.map(|at| child.default_of(*at, now)).collect()
                }
                _ => vec![Value::Null; foreign.columns.len()],
            };
            let changes = foreign.columns.iter().copied().zip(values).collect();
            self.change_columns(&child, &row, changes)?;
        }
        Ok(())
    }

    /// A row that was read, as it is now.
    fn again(&self, info: &Arc<TableInfo>, row: &OwnedRow) -> Result<Option<OwnedRow>> {
        let mut bytes = Vec::new();
        let found = lookup::get(self, row.shard(), info.id(), row.key(), &mut bytes)?;
        if !found {
            return Ok(None);
        }
        OwnedRow::new(info, bytes, row.key(), row.place).map(Some)
    }

    fn check(&self, check: &Check) -> Result<()> {
        let (child, key) = check.place();
        let child = Arc::clone(self.catalog.table(child)?);
        let (foreign, info) = (&child.definition.foreign_keys[key], &child.foreign_keys[key]);
        match check {
            Check::Parent { values, shard, row, .. } => {
                let mut bytes = Vec::new();
                if !lookup::get(self, *shard, child.id(), row, &mut bytes)? {
                    return Ok(());
                }
                let now = foreign_key::values_of(&child.layout.row(&bytes)?, &foreign.columns);
                if now.as_ref() != Some(values) || foreign_key::has_parent(self, info, values)? {
                    return Ok(());
                }
                Err(foreign_key::no_parent(&child, foreign, values))
            }
            Check::Children { values, .. } => {
                let back = || foreign_key::has_parent(self, info, values);
                let children = self.children(&child, key, values, 1)?;
                let Some(row) = children.first() else { return Ok(()) };
                if back()? {
                    return Ok(());
                }
                self.note_obstacle(row.shard(), child.id(), row.key());
                Err(self.still_referenced(&child, key, values))
            }
        }
    }

    fn still_referenced(&self, child: &TableInfo, key: usize, values: &[Value]) -> Error {
        match self.catalog.table(child.foreign_keys[key].parent) {
            Ok(parent) => foreign_key::still_referenced(parent, child, key, values),
            Err(error) => error,
        }
    }
}
