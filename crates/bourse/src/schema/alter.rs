//! Definitions changed: columns that come, go, and get other names and types. What becomes of rows
//! and entries is [`crate::ddl`]'s.
//!
//! Positions are those of the columns of now, without gaps: a column that is dropped leaves the
//! columns behind it one place further to the front, wherever they are named. Only the layouts of
//! before remember it, as something that their rows hold and nobody reads.

use bourse_storage::{Error, Result};

use super::{CheckConstraint, Column, IndexColumn, IndexDefinition, IndexKey, TableDefinition};
use crate::expression::{BoundColumn, Expression};
use crate::row::EarlierLayout;
use crate::value::{Collation, Type, Value};

impl IndexDefinition {
    /// Positions of the columns that its entries, or their being there, depend on, ascending.
    pub(crate) fn columns_used(&self) -> Vec<u16> {
        let mut used = self.include.clone();
        used.extend(self.columns.iter().filter_map(IndexColumn::column));
        self.for_each_expression(&mut |expression| {
            expression.for_each_column(&mut |column| used.push(column.position));
        });
        sorted(used)
    }

    /// Positions of the columns that its expressions read, ascending.
    pub(crate) fn columns_computed_with(&self) -> Vec<u16> {
        let mut used = Vec::new();
        self.for_each_expression(&mut |expression| {
            expression.for_each_column(&mut |column| used.push(column.position));
        });
        sorted(used)
    }

    fn for_each_expression<'i>(&'i self, visit: &mut dyn FnMut(&'i Expression)) {
        for part in &self.columns {
            if let IndexKey::Expression(expression) = &part.key {
                visit(expression);
            }
        }
        self.predicate.iter().for_each(visit);
    }

    fn for_each_expression_mut(
        &mut self,
        change: &mut dyn FnMut(&mut Expression) -> Result<()>,
    ) -> Result<()> {
        for part in &mut self.columns {
            if let IndexKey::Expression(expression) = &mut part.key {
                change(expression)?;
            }
        }
        self.predicate.iter_mut().try_for_each(change)
    }
}

impl CheckConstraint {
    /// Positions of the columns that its condition reads, ascending.
    pub(crate) fn columns_used(&self) -> Vec<u16> {
        let mut used = Vec::new();
        self.condition.for_each_column(&mut |column| used.push(column.position));
        sorted(used)
    }
}

fn sorted(mut positions: Vec<u16>) -> Vec<u16> {
    positions.sort_unstable();
    positions.dedup();
    positions
}

impl TableDefinition {
    /// The layout that a table without rows begins with.
    pub(crate) fn begin_layouts(&mut self) {
        self.layout = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        self.earlier_layouts.clear();
        self.columns.iter_mut().for_each(|column| column.missing = Value::Null);
    }

    /// Makes the layout of now one of before; the columns may then change.
    ///
    /// # Errors
    /// `InvalidInput` (54000) when all numbers of layouts are used up.
    pub(crate) fn begin_layout(&mut self) -> Result<()> {
        let next = self.layout.checked_add(1).ok_or_else(|| {
            let message = format!(
                "the columns of table \"{}\" have changed too often: copy it into a new table",
                self.name
            );
            Error::invalid(message).with_sqlstate("54000")
        })?;
        let columns = self.columns.iter().map(|column| column.data_type);
        let columns = columns.zip((0..).map(Some)).collect();
        self.earlier_layouts.push(EarlierLayout { number: self.layout, columns });
        self.layout = next;
        Ok(())
    }

    /// Takes a column out. Nothing may depend on it any more.
    pub(crate) fn remove_column(&mut self, gone: u16) {
        self.columns.remove(usize::from(gone));
        let shift = |position: &mut u16| {
            debug_assert_ne!(*position, gone, "nothing depends on the column");
            *position -= u16::from(*position > gone);
        };
        let mut shift_in = |expression: &mut Expression| {
            *expression = with_columns(expression, |column| {
                let mut position = column.position;
                shift(&mut position);
                BoundColumn { position, ..column }
            });
            Ok(())
        };
        for check in &mut self.checks {
            let shifted: Result<()> = shift_in(&mut check.condition);
            debug_assert!(shifted.is_ok(), "shifting does not fail");
        }
        for index in &mut self.indexes {
            for part in &mut index.columns {
                if let IndexKey::Column(position) = &mut part.key {
                    shift(position);
                }
            }
            index.include.iter_mut().for_each(shift);
            let shifted = index.for_each_expression_mut(&mut shift_in);
            debug_assert!(shifted.is_ok(), "shifting does not fail");
        }
        for key in &mut self.foreign_keys {
            key.columns.iter_mut().for_each(shift);
        }
        if let super::PrimaryKey::Columns(columns) = &mut self.primary_key {
            columns.iter_mut().for_each(shift);
        }
        self.shard_key.iter_mut().for_each(shift);
        let places = self.earlier_layouts.iter_mut().flat_map(|layout| &mut layout.columns);
        for (_, place) in places {
            match place {
                Some(position) if *position == gone => *place = None,
                Some(position) => shift(position),
                None => {}
            }
        }
    }

    /// Gives a column another type: its constants are converted, and what is computed of it is
    /// bound anew.
    ///
    /// # Errors
    /// `InvalidInput`: 42804 and others when the default, a CHECK or an index cannot go on with it.
    pub(crate) fn retype_column(&mut self, position: u16, data_type: Type) -> Result<()> {
        let takes_collation = matches!(data_type, Type::Text | Type::Any);
        let column = &mut self.columns[usize::from(position)];
        column.data_type = data_type;
        if !takes_collation {
            column.collation = Collation::Binary;
            let parts = self.indexes.iter_mut().flat_map(|index| &mut index.columns);
            for part in parts.filter(|part| part.column() == Some(position)) {
                part.collation = Collation::Binary;
            }
        }
        if let Some(super::Default::Constant(value)) = &mut column.default {
            *value = data_type.coerce(std::mem::take(value))?;
        }
        column.missing = data_type.coerce(std::mem::take(&mut column.missing))?;
        self.bind_anew(position)
    }

    /// Binds what is computed of a column again, as its type or collation is another now.
    fn bind_anew(&mut self, position: u16) -> Result<()> {
        let table = self.clone();
        let mut bind = |expression: &mut Expression| {
            *expression = table.bind(table.named(expression))?;
            Ok(())
        };
        for check in &mut self.checks {
            if check.columns_used().contains(&position) {
                bind(&mut check.condition)?;
            }
        }
        for index in &mut self.indexes {
            if index.columns_computed_with().contains(&position) {
                index.for_each_expression_mut(&mut bind)?;
            }
        }
        Ok(())
    }

    /// The column of a name, to change.
    pub(crate) fn column_mut(&mut self, name: &str) -> Result<&mut Column> {
        let position = self.position(name)?;
        Ok(&mut self.columns[usize::from(position)])
    }
}

fn with_columns(
    expression: &Expression,
    mut change: impl FnMut(BoundColumn) -> BoundColumn,
) -> Expression {
    match expression.clone().try_map(&mut |column| Ok(change(column))) {
        Ok(changed) => changed,
        Err(_) => unreachable!("naming a column another way does not fail"),
    }
}
