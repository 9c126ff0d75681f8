//! Statements that change rows. All rows of the source are read before the first one is changed,
//! so that a statement never meets what it did itself. Then each row is locked (in an interactive
//! transaction) and, if others have changed it since it was read, looked at again as it is then, as
//! PostgreSQL does at READ COMMITTED.

use std::sync::Arc;

use bourse::schema::Default as ColumnDefault;
use bourse::{Collation, LockMode, LockWait, LockedRow, OwnedRow, Table, Transaction, Value};

use super::distinct::RowSet;
use super::evaluate::all_true;
use super::lock::reload;
use super::reader::Reader;
use super::scan::{decode, key_datum, key_values};
use super::spill::Disk;
use super::spill::kept::Keeper;
use super::with::gather;
use super::{Cell, Env, Frame, Sink};
use crate::Dialect;
use crate::algebra::MergeMatch;
use crate::datum::{Datum, to_value};
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::plan::change::{
    AssignmentCode, ChangeKind, ChangePlan, MergeActionCode, MergeCode, ReturningCode, RowCode,
};
use crate::plan::{Plan, PlanKind};

/// A run of a statement, whatever it reads from.
pub(crate) struct Run<'r> {
    pub(crate) plan: &'r Plan,
    pub(crate) parameters: &'r [Datum],
    pub(crate) context: &'r (dyn Context + Sync),
    pub(crate) dialect: Dialect,
    /// Whether rows are locked before they are changed: in an interactive transaction.
    pub(crate) locks: bool,
    /// Where what has no room in memory is written.
    pub(crate) disk: &'r Disk,
}

/// What a statement came to.
#[derive(Default, Debug)]
pub(crate) struct Outcome {
    /// Rows that were given, or changed.
    pub(crate) rows: u64,
    /// What stopped it, where what it had done before stays.
    pub(crate) stopped: Option<SqlError>,
    /// Whether the transaction is to end with it.
    pub(crate) rolls_back: bool,
}

impl<'r> Run<'r> {
    /// What expressions are evaluated over.
    pub(crate) fn env<'e>(&'e self, reader: &'e dyn Reader) -> Env<'e> {
        Env {
            reader,
            parameters: self.parameters,
            context: self.context,
            dialect: self.dialect,
            ctes: &self.plan.ctes,
            disk: self.disk,
        }
    }

    /// Runs a statement that changes nothing.
    pub(crate) fn read(
        &self,
        reader: &dyn Reader,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Outcome> {
        let PlanKind::Query { node, .. } = &self.plan.kind else {
            return Err(SqlError::new("XX000", "a statement that changes rows only reads"));
        };
        let mut rows = 0;
        node.run(&self.env(reader), frame, &mut |frame| {
            rows += 1;
            sink(frame)
        })?;
        Ok(Outcome { rows, ..Outcome::default() })
    }

    /// Runs a statement in a transaction.
    pub(crate) fn write(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Outcome> {
        let mut change_all = |transaction: &mut Transaction<'_>| {
            let mut last = Outcome::default();
            for (number, change) in self.plan.changes.iter().enumerate() {
                self.lock(number, transaction, frame)?;
                last = self.change(change, transaction, frame)?;
                if last.stopped.is_some() {
                    break;
                }
            }
            Ok::<_, SqlError>(last)
        };
        let last = match &self.plan.changes[..] {
            [] | [_] => change_all(transaction)?,
            several => {
                let tables: Vec<&Table> = several.iter().map(|change| &change.table).collect();
                transaction.together(&tables, change_all)?
            }
        };
        self.lock(self.plan.changes.len(), transaction, frame)?;
        let PlanKind::Change(number) = self.plan.kind else {
            return self.read(&*transaction, frame, sink);
        };
        let change = &self.plan.changes[number];
        if let Some(returning) = &change.returning {
            super::with::kept(change.cell, &returning.outputs, frame, sink)?;
        }
        Ok(last)
    }

    /// Locks the rows that come before a change, or after the last one.
    fn lock(
        &self,
        change: usize,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let mut locks = self.plan.locks.iter().filter(|lock| lock.before == change);
        locks.try_for_each(|lock| lock.run(self, transaction, frame))
    }

    fn change(
        &self,
        plan: &ChangePlan,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<Outcome> {
        let source = gather(&plan.source, &plan.saved, &self.env(transaction), frame)?;
        let width = plan.returning.as_ref().map_or(0, |returning| returning.outputs.len());
        let mut changer = Changer {
            run: self,
            plan,
            returned: Keeper::new(width),
            touched: (source.len() > 1).then(|| RowSet::new(vec![Collation::Binary])),
            outcome: Outcome::default(),
            last_id: None,
            postponed: Keeper::new(plan.saved.len()),
            refusal: None,
        };
        let is_insert = match &plan.kind {
            ChangeKind::Insert { conflict: None, .. } => true,
            ChangeKind::Insert { conflict: Some(conflict), .. } => conflict.goes_on(),
            _ => false,
        };
        let mut take_all = |transaction: &mut Transaction<'_>| {
            let mut reader = source.read(&mut frame.memory);
            let mut take_rest = |transaction: &mut Transaction<'_>, again: bool| {
                let mut is_taken = !again;
                while !is_taken || reader.load(&plan.saved, frame)? {
                    is_taken = true;
                    frame.tick()?;
                    changer.take(transaction, frame)?;
                    if changer.outcome.stopped.is_some() {
                        break;
                    }
                }
                Ok::<_, SqlError>(())
            };
            match take_rest(transaction, false) {
                // References are looked at when all rows are done: what else is wrong with a later
                // row is told before them.
                Err(error) if is_insert && error.sqlstate() == "23503" && source.len() > 1 => {
                    transaction.settle_last(|transaction| take_rest(transaction, true))?;
                }
                taken => taken?,
            }
            reader.end(&mut frame.memory);
            changer.take_postponed(transaction, frame)
        };
        // What one row brings another one may replace.
        let replaces = matches!(plan.kind, ChangeKind::Insert { conflict: Some(_), .. });
        match source.len() {
            0 | 1 => take_all(transaction)?,
            _ if replaces => transaction.settle_last(take_all)?,
            _ => transaction.together(&[&plan.table], take_all)?,
        }
        frame.memory.give_back(source.memory_bytes());
        if let Some(touched) = &mut changer.touched {
            touched.rows.clear(&mut frame.memory);
        }
        if let (Some(id), Some(session)) = (changer.last_id, self.context.session()) {
            session.note_insert(id);
        }
        let returned = changer.returned.finish(self.disk, &mut frame.memory)?;
        frame.cells[plan.cell] = Cell::Rows(Arc::new(returned));
        Ok(changer.outcome)
    }
}

/// A statement that changes rows, while it does.
pub(super) struct Changer<'c> {
    pub(super) run: &'c Run<'c>,
    pub(super) plan: &'c ChangePlan,
    pub(super) returned: Keeper,
    /// Keys of rows that were changed, where there is more than one row to change.
    pub(super) touched: Option<RowSet>,
    pub(super) outcome: Outcome,
    /// The row id of the row that was inserted last.
    pub(super) last_id: Option<i64>,
    /// Source rows that wait for others, and why the last of them does (see [`super::postpone`]).
    pub(super) postponed: Keeper,
    pub(super) refusal: Option<SqlError>,
}

impl Changer<'_> {
    /// Does what the statement does with the source row in the frame.
    pub(super) fn take(
        &mut self,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let plan = self.plan;
        match &plan.kind {
            ChangeKind::Insert { columns, conflict } => {
                let mut values = Vec::with_capacity(columns.len());
                for (position, column) in columns.iter().enumerate() {
                    values.push(match column {
                        Some((slot, ty)) => Some(self.stored(&frame.slots[*slot], ty, position)?),
                        None => None,
                    });
                }
                self.insert(values, conflict.as_ref(), transaction, frame)
            }
            ChangeKind::Update { row, assignments, conflict, deferrable } => {
                let done = self.update(row, assignments, conflict.as_ref(), transaction, frame);
                match done {
                    Err(error) if !deferrable.is_empty() => self.postpone(error, deferrable, frame),
                    done => done,
                }
            }
            ChangeKind::Delete { row } => self.delete(row, transaction, frame),
            ChangeKind::Merge { row, clauses } => self.merge(row, clauses, transaction, frame),
        }
    }

    /// A value as a column of the table holds it.
    pub(super) fn stored(
        &self,
        value: &Datum,
        ty: &crate::types::SqlType,
        column: usize,
    ) -> Result<Value> {
        let definition = self.plan.table.definition();
        let is_key = matches!(definition.primary_key_positions(),
            [only] if usize::from(*only) == column);
        let column = &definition.columns[column];
        if self.run.dialect == Dialect::Sqlite {
            let catalog = self.run.context.catalog();
            let table = self.plan.table.name();
            let stored = super::strict::stored(value, ty, column, table, catalog);
            let is_row_id = is_key && column.data_type == bourse::Type::BigInt;
            return stored.map_err(|error| {
                // What is no whole number is no row's id, where rows have one.
                let entry = catalog.and_then(|catalog| catalog.table_of_store(table));
                match is_row_id && entry.is_none_or(|entry| !entry.note.without_rowid) {
                    true => SqlError::new("42804", "datatype mismatch"),
                    false => error,
                }
            });
        }
        to_value(value, ty, &column.data_type)
    }

    /// The row of a key as it is now, locked, if it still counts: for a row that the frame has,
    /// with its columns in the frame. Nothing when it is gone or no longer meets the conditions.
    fn hold(
        &mut self,
        row: &RowCode,
        mode: LockMode,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<Option<Vec<Value>>> {
        let key = key_values(&frame.slots[row.key], &self.plan.table)?;
        if !self.touch_slot(row.key, frame)? {
            // A row is changed once, whatever it was joined with.
            return Ok(None);
        }
        if !self.run.locks {
            return Ok(Some(key));
        }
        let locked = transaction.lock_row(&self.plan.table, &key, mode, LockWait::Block)?;
        let LockedRow::Row(found) = locked else { return Ok(None) };
        let env = self.run.env(transaction);
        if reload(&row.outputs, &found, &self.plan.table, &env, frame)?
            && !all_true(&row.recheck, &env, frame)?
        {
            return Ok(None);
        }
        Ok(Some(key))
    }

    /// Notes that the row whose key is in a slot is changed. Returns whether it was not before.
    fn touch_slot(&mut self, slot: usize, frame: &mut Frame) -> Result<bool> {
        let Some(touched) = &mut self.touched else { return Ok(true) };
        let is_new = touched.add(std::slice::from_ref(&frame.slots[slot]), &mut frame.memory)?.1;
        Ok(is_new)
    }

    /// As [`Changer::touch_slot`], of the row of a key.
    pub(super) fn touch_key(&mut self, key: &[Value], frame: &mut Frame) -> Result<bool> {
        let Some(touched) = &mut self.touched else { return Ok(true) };
        let id = key_datum(key, &self.plan.table)?;
        Ok(touched.add(std::slice::from_ref(&id), &mut frame.memory)?.1)
    }

    /// Whether the row of a key is one of those that were changed.
    pub(super) fn is_touched(&self, key: &[Value]) -> Result<bool> {
        let Some(touched) = &self.touched else { return Ok(false) };
        let id = key_datum(key, &self.plan.table)?;
        Ok(touched.find(std::slice::from_ref(&id)).is_some())
    }

    fn update(
        &mut self,
        row: &RowCode,
        assignments: &[AssignmentCode],
        conflict: Option<&crate::plan::change::ConflictCode>,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let Some(key) = self.hold(row, LockMode::NoKeyUpdate, transaction, frame)? else {
            return Ok(());
        };
        let changes = self.assigned(assignments, transaction, frame)?;
        if let Some(conflict) = conflict
            && !self.make_way(conflict, &key, &changes, transaction, frame)?
        {
            return Ok(());
        }
        let applied = self.apply(&key, &changes, transaction, frame);
        match (applied, conflict) {
            (Err(error), Some(conflict)) => self.refused(&conflict.action, error),
            (applied, _) => applied,
        }
    }

    /// The values that assignments make.
    pub(super) fn assigned(
        &self,
        assignments: &[AssignmentCode],
        transaction: &Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<Vec<(usize, Value)>> {
        let env = self.run.env(transaction);
        let mut changes = Vec::with_capacity(assignments.len());
        for AssignmentCode { column, value } in assignments {
            let value = match value {
                Some((code, ty)) => self.stored(&code.eval(&env, frame)?, ty, *column)?,
                None => self.default_of(*column)?,
            };
            changes.push((*column, value));
        }
        Ok(changes)
    }

    fn default_of(&self, column: usize) -> Result<Value> {
        let column = &self.plan.table.definition().columns[column];
        match &column.default {
            None => Ok(Value::Null),
            Some(ColumnDefault::Constant(value)) => Ok(value.clone()),
            Some(ColumnDefault::CurrentTimestamp) => {
                Ok(Value::Timestamp(self.run.context.transaction_time().saturating_mul(1000)))
            }
            Some(_) => Err(SqlError::unsupported(format!(
                "column \"{}\" gets a number when a row is inserted, not by SET ... = DEFAULT",
                column.name
            ))),
        }
    }

    /// Changes columns of a row, and returns what RETURNING says of it.
    pub(super) fn apply(
        &mut self,
        key: &[Value],
        changes: &[(usize, Value)],
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let table = &self.plan.table;
        let columns = &table.definition().columns;
        let named: Vec<(&str, Value)> = changes
            .iter()
            .map(|(column, value)| (columns[*column].name.as_str(), value.clone()))
            .collect();
        if !transaction.update(table, key, &named)? {
            return Ok(());
        }
        self.outcome.rows += 1;
        let mut key = key.to_vec();
        for (value, position) in key.iter_mut().zip(table.definition().primary_key_positions()) {
            let changed = changes.iter().find(|(column, _)| *column == usize::from(*position));
            if let Some((_, new)) = changed {
                *value = columns[usize::from(*position)].data_type.coerce(new.clone())?;
            }
        }
        self.give(&key, transaction, frame)
    }

    fn delete(
        &mut self,
        row: &RowCode,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let Some(key) = self.hold(row, LockMode::Update, transaction, frame)? else {
            return Ok(());
        };
        self.delete_key(&key, transaction, frame)
    }

    fn delete_key(
        &mut self,
        key: &[Value],
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let old = match &self.plan.returning {
            Some(_) => transaction.get(&self.plan.table, key)?,
            None => None,
        };
        if !transaction.delete(&self.plan.table, key)? {
            return Ok(());
        }
        self.outcome.rows += 1;
        if let (Some(returning), Some(old)) = (&self.plan.returning, old) {
            let env = self.run.env(transaction);
            returned(returning, &old, &self.plan.table, &env, frame)?;
            self.returned.push_slots(&returning.outputs, self.run.disk, frame)?;
        }
        Ok(())
    }

    /// Computes what RETURNING says of the row of a key.
    pub(super) fn give(
        &mut self,
        key: &[Value],
        transaction: &Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let Some(returning) = &self.plan.returning else { return Ok(()) };
        let Some(row) = transaction.get(&self.plan.table, key)? else { return Ok(()) };
        let env = self.run.env(transaction);
        returned(returning, &row, &self.plan.table, &env, frame)?;
        self.returned.push_slots(&returning.outputs, self.run.disk, frame)
    }

    fn merge(
        &mut self,
        row: &RowCode,
        clauses: &[MergeCode],
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let is_matched = !frame.slots[row.key].is_null();
        if is_matched && !self.touch_slot(row.key, frame)? {
            let message = "MERGE command cannot affect row a second time";
            return Err(SqlError::new("21000", message));
        }
        for clause in clauses {
            if (clause.when == MergeMatch::Matched) != is_matched {
                continue;
            }
            if let Some(condition) = &clause.condition
                && condition.truth(&self.run.env(transaction), frame)? != Some(true)
            {
                continue;
            }
            return self.merge_row(row, &clause.action, transaction, frame);
        }
        Ok(())
    }

    fn merge_row(
        &mut self,
        row: &RowCode,
        action: &MergeActionCode,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        match action {
            MergeActionCode::Nothing => Ok(()),
            MergeActionCode::Update(assignments) => {
                let key = key_values(&frame.slots[row.key], &self.plan.table)?;
                let changes = self.assigned(assignments, transaction, frame)?;
                self.apply(&key, &changes, transaction, frame)
            }
            MergeActionCode::Delete => {
                let key = key_values(&frame.slots[row.key], &self.plan.table)?;
                self.delete_key(&key, transaction, frame)
            }
            MergeActionCode::Insert(codes) => {
                let mut values = Vec::with_capacity(codes.len());
                for (column, code) in codes.iter().enumerate() {
                    values.push(match code {
                        Some((code, ty)) => {
                            let value = code.eval(&self.run.env(transaction), frame)?;
                            Some(self.stored(&value, ty, column)?)
                        }
                        None => None,
                    });
                }
                self.insert(values, None, transaction, frame)
            }
        }
    }
}

/// Puts a row and what RETURNING computes of it into the frame.
fn returned(
    returning: &ReturningCode,
    row: &OwnedRow,
    table: &Table,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<()> {
    decode(&returning.row, &mut || row.primary_key(), &row.row(), env, frame, table)?;
    for (slot, code) in &returning.items {
        frame.slots[*slot] = code.eval(env, frame)?;
    }
    Ok(())
}
