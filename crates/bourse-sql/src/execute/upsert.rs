//! INSERT, and what happens to a row whose key is there already.

use bourse::schema::{Column, Default, IndexKey};
use bourse::{LockMode, LockWait, LockedRow, OwnedRow, Transaction, Type, Value, ValueRef};

use super::Frame;
use super::evaluate::truth_of;
use super::scan::decode;
use super::write::Changer;
use crate::Dialect;
use crate::algebra::ConflictTarget;
use crate::datum::{Datum, Instant, from_value};
use crate::error::{Result, SqlError};
use crate::plan::change::{ConflictActionCode, ConflictCode};

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
        let lacks = |(column, value): (&Column, &Option<Value>)| {
            column.not_null
                && match value {
                    Some(value) => value.is_null(),
                    None => column.default.is_none(),
                }
        };
        let is_lacking = columns.iter().zip(&values).any(lacks);
        // Whether a row is among those that an index has is known once it was inserted.
        let mut is_tried = !self.has_part(&conflict.target);
        loop {
            // A row that no key could help is refused whatever is there.
            if !is_lacking && is_tried && self.meet_any(conflict, &values, transaction, frame)? {
                return Ok(());
            }
            match self.insert_row(values.clone(), transaction) {
                Ok(key) => {
                    self.outcome.rows += 1;
                    if matches!(conflict.action, ConflictActionCode::Update { .. }) {
                        self.touch_key(&key, frame)?;
                    }
                    return self.give(&key, transaction, frame);
                }
                Err(error)
                    if !is_tried && !is_lacking && self.is_meant(conflict, &values, &error) =>
                {
                    is_tried = true;
                }
                // Another transaction has inserted the key meanwhile: now it can be met.
                Err(error) if self.run.locks && self.is_meant(conflict, &values, &error) => {
                    frame.tick()?;
                }
                // A key that is computed, which cannot be looked for before.
                Err(error)
                    if error.sqlstate() == "23505"
                        && matches!(conflict.action, ConflictActionCode::Nothing)
                        && matches!(conflict.target, ConflictTarget::Any) =>
                {
                    return Ok(());
                }
                // It has inserted several keys, of which this is another one.
                Err(error) if self.run.locks && error.sqlstate() == "23505" && !is_lacking => {
                    return match self.meet_any(conflict, &values, transaction, frame)? {
                        true => Ok(()),
                        false => self.refused(&conflict.action, error),
                    };
                }
                Err(error) => return self.refused(&conflict.action, error),
            }
        }
    }

    /// Whether a conflict may be with an index that has only a part of the rows.
    fn has_part(&self, target: &ConflictTarget) -> bool {
        let indexes = self.plan.table.definition().indexes.iter();
        indexes.filter(|index| index.unique && index.predicate.is_some()).any(
            |index| match target {
                ConflictTarget::Any => true,
                ConflictTarget::PrimaryKey => false,
                ConflictTarget::Index(name) => index.name.eq_ignore_ascii_case(name),
            },
        )
    }

    /// The same for each ON CONFLICT, the first of which there is a row.
    fn meet_any(
        &mut self,
        conflict: &ConflictCode,
        values: &[Option<Value>],
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<bool> {
        for one in std::iter::once(conflict).chain(&conflict.others) {
            if self.meet(one, values, transaction, frame)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Does what is to be done where a row has the key already. Returns whether that is all.
    fn meet(
        &mut self,
        conflict: &ConflictCode,
        values: &[Option<Value>],
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<bool> {
        let target = &conflict.target;
        match &conflict.action {
            ConflictActionCode::Fail | ConflictActionCode::Rollback => {}
            ConflictActionCode::Replace => {
                let mode = LockMode::Update;
                while let Some(row) = self.conflicting(target, values, None, mode, transaction)? {
                    transaction.delete(&self.plan.table, &row.primary_key()?)?;
                }
            }
            ConflictActionCode::Nothing | ConflictActionCode::Ignore => {
                return self.has_conflict(target, values, transaction);
            }
            ConflictActionCode::Update { .. } => {
                let mode = LockMode::NoKeyUpdate;
                if let Some(row) = self.conflicting(target, values, None, mode, transaction)? {
                    self.update_existing(&conflict.action, &row, values, transaction, frame)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether an error is of a key for which there is another way than to fail.
    fn is_meant(
        &self,
        conflict: &ConflictCode,
        values: &[Option<Value>],
        error: &SqlError,
    ) -> bool {
        use ConflictActionCode::{Ignore, Nothing, Replace, Update};
        let Some(violation) = error.violation().filter(|_| error.sqlstate() == "23505") else {
            return false;
        };
        let indexes = &self.plan.table.definition().indexes;
        let violated = indexes.iter().find(|index| index.name == violation.constraint);
        let violated = violated.map(|index| &*index.name);
        matches!(conflict.action, Nothing | Ignore | Replace | Update { .. })
            && self.keys(&conflict.target, values).any(|(index, _)| index == violated)
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

    /// The unique keys of a conflict's target that the values have: the index's name, or none for
    /// the primary key, and the key.
    fn keys<'k>(
        &'k self,
        target: &'k ConflictTarget,
        values: &'k [Option<Value>],
    ) -> impl Iterator<Item = (Option<&'k str>, Vec<Value>)> + use<'k> {
        let definition = self.plan.table.definition();
        let key_of = |columns: &mut dyn Iterator<Item = u16>| -> Option<Vec<Value>> {
            columns
                .map(|column| values[usize::from(column)].clone().filter(|value| !value.is_null()))
                .collect()
        };
        let by_key = matches!(target, ConflictTarget::Any | ConflictTarget::PrimaryKey);
        let positions =
            Some(definition.primary_key_positions()).filter(|p| by_key && !p.is_empty());
        let primary = positions.and_then(|positions| key_of(&mut positions.iter().copied()));
        let indexes = definition.indexes.iter().filter(|index| index.unique);
        let meant = indexes.filter(move |index| match target {
            ConflictTarget::Any => true,
            ConflictTarget::PrimaryKey => false,
            ConflictTarget::Index(name) => index.name.eq_ignore_ascii_case(name),
        });
        // A row that is none of an index's has no key there; which it is, is not known of columns
        // that get their defaults.
        let has_all = values.iter().all(Option::is_some);
        let meant = meant.filter(move |index| match &index.predicate {
            Some(predicate) if has_all => predicate
                .holds_for(&|column| {
                    let value = values[usize::from(column)].as_ref();
                    value.map_or(ValueRef::Null, Value::as_value)
                })
                .unwrap_or(true),
            _ => true,
        });
        let unique = meant.filter_map(move |index| {
            let key: Option<Vec<Value>> = index
                .columns
                .iter()
                .map(|part| match &part.key {
                    IndexKey::Column(column) => values[usize::from(*column)].clone(),
                    // What cannot be computed is told when the row is inserted.
                    IndexKey::Expression(expression) => expression
                        .value_for(&|column| {
                            let value = values[usize::from(column)].as_ref();
                            value.map_or(ValueRef::Null, Value::as_value)
                        })
                        .ok(),
                })
                .map(|value| value.filter(|value| !value.is_null()))
                .collect();
            Some((Some(&*index.name), key?))
        });
        primary.map(|key| (None, key)).into_iter().chain(unique)
    }

    /// Whether there is a row that has a unique key which the values have too.
    fn has_conflict(
        &self,
        target: &ConflictTarget,
        values: &[Option<Value>],
        transaction: &mut Transaction<'_>,
    ) -> Result<bool> {
        if !self.run.locks {
            let found = self.conflicting(target, values, None, LockMode::Share, transaction)?;
            return Ok(found.is_some());
        }
        for (index, key) in self.keys(target, values) {
            if transaction.settled_unique(&self.plan.table, index, &key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A row that has a unique key which the values have too, other than the row of `own`.
    fn conflicting(
        &self,
        target: &ConflictTarget,
        values: &[Option<Value>],
        own: Option<&[Value]>,
        mode: LockMode,
        transaction: &mut Transaction<'_>,
    ) -> Result<Option<OwnedRow>> {
        let (table, wait) = (&self.plan.table, LockWait::Block);
        for (index, key) in self.keys(target, values) {
            let found = match (index, self.run.locks) {
                (None, false) => transaction.get(table, &key)?,
                (Some(index), false) => transaction.find_unique(table, index, &key)?,
                (index, true) => {
                    let locked = match index {
                        None => transaction.lock_row(table, &key, mode, wait)?,
                        Some(index) => transaction.lock_unique(table, index, &key, mode, wait)?,
                    };
                    match locked {
                        LockedRow::Row(row) => Some(row),
                        LockedRow::Absent | LockedRow::Skipped => None,
                    }
                }
            };
            let Some(row) = found else { continue };
            if own.is_none_or(|own| row.primary_key().is_ok_and(|key| key != own)) {
                return Ok(Some(row));
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
        if self.run.dialect == Dialect::Postgres && self.is_touched(&key)? {
            let message = "ON CONFLICT DO UPDATE command cannot affect row a second time";
            return Err(SqlError::new("21000", message).with_hint(
                "Ensure that no rows proposed for insertion within the same command have \
                 duplicate constrained values.",
            ));
        }
        let dialect = self.run.dialect;
        let columns = &table.definition().columns;
        for (((slot, ty), value), column) in excluded.iter().zip(values).zip(columns) {
            frame.slots[*slot] = match (value, &column.default) {
                (Some(value), _) => from_value(value.as_value(), ty, dialect)?,
                (None, Some(Default::CurrentTimestamp)) => {
                    let now =
                        Instant::from_micros(self.run.env(transaction).context.transaction_time());
                    match column.data_type {
                        Type::TimestampTz { .. } => Datum::TimestampTz(now),
                        _ => Datum::Timestamp(now),
                    }
                }
                (None, _) => Datum::Null,
            };
        }
        let env = self.run.env(transaction);
        decode(existing, &mut || row.primary_key(), &row.row(), &env, frame, table)?;
        if let Some(condition) = condition
            && truth_of(&condition.eval(&env, frame)?) != Some(true)
        {
            return Ok(());
        }
        let changes = self.assigned(assignments, transaction, frame)?;
        self.apply(&key, &changes, transaction, frame)?;
        self.touch_key(&key, frame)?;
        Ok(())
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
        let mode = LockMode::Update;
        while let Some(row) =
            self.conflicting(&conflict.target, &values, Some(key), mode, transaction)?
        {
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
