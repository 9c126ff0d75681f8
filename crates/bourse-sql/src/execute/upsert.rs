//! INSERT, and what happens to a row whose key is there already.

use bourse::{LockMode, LockWait, LockedRow, OwnedRow, Transaction, Value};

use super::Frame;
use super::evaluate::truth_of;
use super::scan::decode;
use super::write::Changer;
use crate::Dialect;
use crate::algebra::ConflictTarget;
use crate::datum::from_value;
use crate::error::{Result, SqlError};
use crate::plan::change::{ConflictActionCode, ConflictCode};
use crate::types::of_column;

impl Changer<'_> {
    /// Inserts a row: for each column its value, or `None` for its default.
    pub(super) fn insert(
        &mut self,
        values: Vec<Option<Value>>,
        conflict: Option<&ConflictCode>,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let Some(conflict) = conflict else {
            let key = self.insert_row(values, transaction)?;
            self.outcome.rows += 1;
            return self.give(&key, transaction, frame);
        };
        let columns = &self.plan.table.definition().columns;
        let lacks = |(column, value): (&bourse::schema::Column, &Option<Value>)| {
            column.not_null && matches!(value, Some(Value::Null))
        };
        match &conflict.action {
            // A row that no key could help is refused whatever is there.
            _ if columns.iter().zip(&values).any(lacks) => {}
            ConflictActionCode::Fail | ConflictActionCode::Rollback => {}
            ConflictActionCode::Replace => {
                while let Some(row) =
                    self.conflicting(&conflict.target, &values, None, transaction)?
                {
                    transaction.delete(&self.plan.table, &row.primary_key()?)?;
                }
            }
            ConflictActionCode::Nothing | ConflictActionCode::Ignore => {
                if self.conflicting(&conflict.target, &values, None, transaction)?.is_some() {
                    return Ok(());
                }
            }
            ConflictActionCode::Update { .. } => {
                if let Some(row) = self.conflicting(&conflict.target, &values, None, transaction)? {
                    return self.update_existing(
                        &conflict.action,
                        &row,
                        &values,
                        transaction,
                        frame,
                    );
                }
            }
        }
        match self.insert_row(values, transaction) {
            Ok(key) => {
                self.outcome.rows += 1;
                if matches!(conflict.action, ConflictActionCode::Update { .. }) {
                    self.touch_key(&key, frame)?;
                }
                self.give(&key, transaction, frame)
            }
            Err(error) => self.refused(&conflict.action, error),
        }
    }

    /// What becomes of a row that was refused.
    pub(super) fn refused(&mut self, action: &ConflictActionCode, error: SqlError) -> Result<()> {
        let is_own = matches!(error.sqlstate(), "23505" | "23502" | "23514");
        match action {
            ConflictActionCode::Ignore if is_own => Ok(()),
            ConflictActionCode::Fail if is_own => {
                self.outcome.stopped = Some(error);
                Ok(())
            }
            ConflictActionCode::Rollback if is_own => {
                self.outcome.stopped = Some(error);
                self.outcome.rolls_back = true;
                Ok(())
            }
            // Another transaction inserted it after this statement began to read.
            ConflictActionCode::Nothing | ConflictActionCode::Update { .. }
                if self.run.locks && error.sqlstate() == "23505" =>
            {
                let message = "could not serialize access due to concurrent update: another \
                               transaction inserted the row since the statement began; run it \
                               again";
                Err(SqlError::new("40001", message))
            }
            _ => Err(error),
        }
    }

    fn insert_row(
        &mut self,
        values: Vec<Option<Value>>,
        transaction: &mut Transaction<'_>,
    ) -> Result<Vec<Value>> {
        let key = self.insert_values(values, transaction)?;
        if let [Value::Integer(id)] = key[..] {
            self.last_id = Some(id);
        }
        Ok(key)
    }

    fn insert_values(
        &self,
        values: Vec<Option<Value>>,
        transaction: &mut Transaction<'_>,
    ) -> Result<Vec<Value>> {
        let table = &self.plan.table;
        if values.iter().all(Option::is_some) {
            return Ok(transaction.insert(table, values.into_iter().flatten().collect())?);
        }
        let columns = table.definition().columns.iter();
        let given: Vec<(&str, Value)> = columns
            .zip(values)
            .filter_map(|(column, value)| Some((column.name.as_str(), value?)))
            .collect();
        Ok(transaction.insert_columns(table, &given)?)
    }

    /// A row that has a unique key which the values have too, other than the row of `own`.
    fn conflicting(
        &self,
        target: &ConflictTarget,
        values: &[Option<Value>],
        own: Option<&[Value]>,
        transaction: &mut Transaction<'_>,
    ) -> Result<Option<OwnedRow>> {
        let table = &self.plan.table;
        let definition = table.definition();
        let key_of = |columns: &mut dyn Iterator<Item = u16>| -> Option<Vec<Value>> {
            columns
                .map(|column| values[usize::from(column)].clone().filter(|value| !value.is_null()))
                .collect()
        };
        let is_other = |row: &OwnedRow| match own {
            Some(own) => row.primary_key().is_ok_and(|key| key != own),
            None => true,
        };
        let by_key = matches!(target, ConflictTarget::Any | ConflictTarget::PrimaryKey);
        let positions = definition.primary_key_positions();
        if by_key
            && !positions.is_empty()
            && let Some(key) = key_of(&mut positions.iter().copied())
        {
            let found = if self.run.locks {
                match transaction.lock_row(table, &key, LockMode::Update, LockWait::Block)? {
                    LockedRow::Row(row) => Some(row),
                    _ => None,
                }
            } else {
                transaction.get(table, &key)?
            };
            if let Some(row) = found.filter(is_other) {
                return Ok(Some(row));
            }
        }
        for index in definition.indexes.iter().filter(|index| index.unique) {
            let is_meant = match target {
                ConflictTarget::Any => true,
                ConflictTarget::PrimaryKey => false,
                ConflictTarget::Index(name) => index.name.eq_ignore_ascii_case(name),
            };
            let columns: Option<Vec<u16>> =
                index.columns.iter().map(bourse::schema::IndexColumn::column).collect();
            let (true, Some(columns)) = (is_meant, columns) else { continue };
            let Some(key) = key_of(&mut columns.into_iter()) else { continue };
            let found = transaction.find_unique(table, &index.name, &key)?;
            let Some(row) = found.filter(is_other) else { continue };
            if !self.run.locks {
                return Ok(Some(row));
            }
            let id = row.primary_key()?;
            match transaction.lock_row(table, &id, LockMode::Update, LockWait::Block)? {
                LockedRow::Row(row) => return Ok(Some(row)),
                _ => continue,
            }
        }
        Ok(None)
    }

    /// DO UPDATE.
    fn update_existing(
        &mut self,
        action: &ConflictActionCode,
        row: &OwnedRow,
        values: &[Option<Value>],
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let ConflictActionCode::Update { existing, excluded, assignments, condition } = action
        else {
            return Ok(());
        };
        let table = &self.plan.table;
        let key = row.primary_key()?;
        let is_new = self.touch_key(&key, frame)?;
        if !is_new && self.run.dialect == Dialect::Postgres {
            let message = "ON CONFLICT DO UPDATE command cannot affect row a second time";
            return Err(SqlError::new("21000", message).with_hint(
                "Ensure that no rows proposed for insertion within the same command have \
                 duplicate constrained values.",
            ));
        }
        let dialect = self.run.dialect;
        for ((slot, value), column) in excluded.iter().zip(values).zip(&table.definition().columns)
        {
            let value = value.as_ref().unwrap_or(&Value::Null);
            frame.slots[*slot] =
                from_value(value.as_value(), &of_column(column, dialect), dialect)?;
        }
        let env = self.run.env(transaction);
        decode(existing, &mut || row.primary_key(), &row.row(), &env, frame, table)?;
        if let Some(condition) = condition
            && truth_of(&condition.eval(&env, frame)?) != Some(true)
        {
            return Ok(());
        }
        let changes = self.assigned(assignments, transaction, frame)?;
        self.apply(&key, &changes, transaction, frame)
    }

    /// Before an UPDATE OR REPLACE and its like: returns whether the row is changed.
    pub(super) fn make_way(
        &mut self,
        conflict: &ConflictCode,
        key: &[Value],
        changes: &[(usize, Value)],
        transaction: &mut Transaction<'_>,
        _frame: &mut Frame,
    ) -> Result<bool> {
        let Some(old) = transaction.get(&self.plan.table, key)? else { return Ok(false) };
        let mut values: Vec<Option<Value>> = old.values().into_iter().map(Some).collect();
        for (column, value) in changes {
            values[*column] = Some(value.clone());
        }
        while let Some(row) = self.conflicting(&conflict.target, &values, Some(key), transaction)? {
            match conflict.action {
                ConflictActionCode::Replace => {
                    transaction.delete(&self.plan.table, &row.primary_key()?)?;
                }
                ConflictActionCode::Ignore | ConflictActionCode::Nothing => return Ok(false),
                _ => return Ok(true),
            }
        }
        Ok(true)
    }
}
