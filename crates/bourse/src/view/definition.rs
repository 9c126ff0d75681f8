//! Definitions of views: plain data, made by [`ViewDefinition::builder`], kept in the definitions
//! as the bytes of `super::stored`.

use bourse_storage::{Error, Result};

use super::aggregate::{Aggregate, AggregateFunction};
use super::shape::Shape;
use crate::expression::{BoundColumn, Expression, check_condition};
use crate::key::KeyColumn;
use crate::schema::{Column, KEY_COLUMNS_MAX, NAME_BYTES_MAX, TableDefinition};
use crate::value::{Collation, Type};

/// Views that a table can have.
pub const VIEWS_MAX: usize = 32;
/// Aggregates that a view can have.
pub const AGGREGATES_MAX: usize = 256;

/// A column by which a view groups the rows of its table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupColumn<C = BoundColumn> {
    /// Name of the output column.
    pub name: String,
    /// What rows of a group have in common.
    pub expression: Expression<C>,
}

/// A view: `SELECT group, aggregates FROM table WHERE filter GROUP BY group HAVING having`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewDefinition {
    /// Name; no table and no other view has it.
    pub name: String,
    /// Name of the table whose rows it groups.
    pub table: String,
    /// What it groups by, in the order of its groups. Without any, all rows are one group.
    pub group: Vec<GroupColumn>,
    /// Rows for which this is not true do not take part.
    pub filter: Option<Expression>,
    /// The output columns behind those of the group.
    pub aggregates: Vec<Aggregate>,
    /// Groups for which this is not true are not shown. Its columns are the output columns, by
    /// their places: those of the group, then the aggregates.
    pub having: Option<Expression>,
}

/// Makes a [`ViewDefinition`], of names; it is bound to its table when the view is created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewBuilder {
    name: String,
    table: String,
    group: Vec<GroupColumn<String>>,
    filter: Option<Expression<String>>,
    aggregates: Vec<Aggregate<String>>,
    having: Option<Expression<String>>,
    owned: bool,
}

impl ViewDefinition {
    /// Begins a view of that name over that table.
    pub fn builder(name: impl Into<String>, table: impl Into<String>) -> ViewBuilder {
        ViewBuilder {
            name: name.into(),
            table: table.into(),
            group: Vec::new(),
            filter: None,
            aggregates: Vec::new(),
            having: None,
            owned: false,
        }
    }

    /// Positions of the columns of the table that the view reads, ascending.
    pub(crate) fn columns_used(&self) -> Vec<u16> {
        let mut used = Vec::new();
        let mut note = |expression: &Expression| {
            expression.for_each_column(&mut |column| used.push(column.position));
        };
        self.group.iter().for_each(|column| note(&column.expression));
        self.filter.iter().for_each(&mut note);
        for aggregate in &self.aggregates {
            aggregate.function.expressions().into_iter().for_each(&mut note);
            aggregate.filter.iter().for_each(&mut note);
        }
        used.sort_unstable();
        used.dedup();
        used
    }

    /// Where the columns of the table's shard key are in the group, if all of them are: then all
    /// rows of a group are in one shard.
    pub(crate) fn owner(&self, table: &TableDefinition) -> Option<Vec<usize>> {
        let column_of = |column: &GroupColumn| match &column.expression {
            Expression::Column(column) => Some(column.position),
            _ => None,
        };
        let place =
            |wanted: &u16| self.group.iter().position(|column| column_of(column) == Some(*wanted));
        let places: Option<Vec<usize>> = table.shard_key.iter().map(place).collect();
        places.filter(|places| !places.is_empty())
    }

    /// The same view over a table without a column that it does not read.
    pub(crate) fn without_column(self, gone: u16) -> Result<ViewDefinition> {
        let shift = |column: BoundColumn| {
            let position = column.position - u16::from(column.position > gone);
            Ok(BoundColumn { position, ..column })
        };
        let mut map = |expression: Expression| expression.try_map(&mut { shift });
        let mut group = Vec::with_capacity(self.group.len());
        for GroupColumn { name, expression } in self.group {
            group.push(GroupColumn { name, expression: map(expression)? });
        }
        let mut aggregates = Vec::with_capacity(self.aggregates.len());
        for Aggregate { name, function, filter } in self.aggregates {
            let function = function.try_map(&mut map)?;
            aggregates.push(Aggregate {
                name,
                function,
                filter: filter.map(&mut map).transpose()?,
            });
        }
        let filter = self.filter.map(map).transpose()?;
        Ok(ViewDefinition { group, aggregates, filter, ..self })
    }

    /// How its group keys are encoded: each column may be NULL, whatever the table's columns are.
    ///
    /// # Errors
    /// `InvalidInput`: 42P18 for a column that is always NULL; 0A000 for one whose equal values may
    /// differ, so that a group has no value to show.
    pub(crate) fn key_shape(&self, columns: &[Column]) -> Result<Vec<KeyColumn>> {
        self.group.iter().map(|column| key_column(column, columns)).collect()
    }

    /// The output columns: those of the group, then the aggregates.
    pub(crate) fn outputs(&self, key_shape: &[KeyColumn], shape: &Shape) -> Vec<Column> {
        let group = self.group.iter().zip(key_shape);
        let group = group.map(|(column, key)| Column::new(column.name.clone(), key.data_type));
        let aggregates = self.aggregates.iter().zip(shape.output_types());
        let aggregates =
            aggregates.map(|(aggregate, data_type)| Column::new(&aggregate.name, *data_type));
        group.chain(aggregates).collect()
    }

    /// Refuses what has no meaning over a table of these columns.
    ///
    /// # Errors
    /// `InvalidInput`: 42P17 for a view without aggregates, 54000 for too many or too long parts,
    /// 42701 for two output columns of a name, 42804 for a filter that is no condition; as
    /// [`Shape::new`].
    pub(crate) fn check(&self, columns: &[Column]) -> Result<()> {
        if self.aggregates.is_empty() {
            let message = format!("view {} has no aggregates: COUNT(*) is one", self.name);
            return Err(Error::invalid(message).with_sqlstate("42P17"));
        }
        let (groups, aggregates) = (self.group.len(), self.aggregates.len());
        if groups > KEY_COLUMNS_MAX || aggregates > AGGREGATES_MAX {
            let message = format!(
                "view {} groups by {groups} columns and has {aggregates} aggregates: at most \
                 {KEY_COLUMNS_MAX} and {AGGREGATES_MAX}",
                self.name
            );
            return Err(Error::invalid(message).with_sqlstate("54000"));
        }
        check_name(&self.name)?;
        if let Some(filter) = &self.filter {
            check_condition("WHERE", filter, columns)?;
        }
        let key_shape = self.key_shape(columns)?;
        let shape = Shape::new(&self.aggregates, columns)?;
        let outputs = self.outputs(&key_shape, &shape);
        for (at, output) in outputs.iter().enumerate() {
            check_name(&output.name)?;
            let mut others = outputs[..at].iter();
            if others.any(|other| other.name.eq_ignore_ascii_case(&output.name)) {
                let message = format!("view {} has two columns {}", self.name, output.name);
                return Err(Error::invalid(message).with_sqlstate("42701"));
            }
        }
        match &self.having {
            Some(having) => check_condition("HAVING", having, &outputs),
            None => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Result<()> {
    if (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.contains('\0') {
        return Ok(());
    }
    let message = format!("a name of a view or its columns has 1 to {NAME_BYTES_MAX} bytes");
    Err(Error::invalid(message).with_sqlstate("42602"))
}

fn key_column(column: &GroupColumn, columns: &[Column]) -> Result<KeyColumn> {
    let Some(data_type) = column.expression.type_of(columns)? else {
        let message = format!("group column {} is always NULL: cast it to a type", column.name);
        return Err(Error::invalid(message).with_sqlstate("42P18"));
    };
    let collation = column.expression.collation().unwrap_or(Collation::Binary);
    let key = KeyColumn::new(data_type).nullable().collate(collation);
    if key.is_lossless() {
        return Ok(key);
    }
    let remedy = match data_type {
        Type::Text => "compare it with COLLATE BINARY",
        Type::Decimal { .. } => "cast it to a DECIMAL with a precision",
        _ => "cast it to another type",
    };
    let message = format!(
        "group column {} of type {data_type} has values that are equal and not the same: {remedy}",
        column.name
    );
    Err(Error::invalid(message).with_sqlstate("0A000"))
}

impl ViewBuilder {
    /// Groups by a column of that name, or by what is computed of the row. In the order of the
    /// calls, groups are sorted by these.
    #[must_use]
    pub fn group(mut self, name: impl Into<String>, by: Expression<String>) -> ViewBuilder {
        self.group.push(GroupColumn { name: name.into(), expression: by });
        self
    }

    /// Only rows for which the condition is true take part: SQL's WHERE.
    #[must_use]
    pub fn filter(mut self, condition: Expression<String>) -> ViewBuilder {
        self.filter = Some(condition);
        self
    }

    /// Adds an output column.
    #[must_use]
    pub fn aggregate(
        self,
        name: impl Into<String>,
        function: AggregateFunction<String>,
    ) -> ViewBuilder {
        self.with(Aggregate::new(name, function))
    }

    /// Adds an output column, with a filter of its own if it has one.
    #[must_use]
    pub fn with(mut self, aggregate: Aggregate<String>) -> ViewBuilder {
        self.aggregates.push(aggregate);
        self
    }

    /// Only groups for which the condition is true are shown. It names output columns.
    #[must_use]
    pub fn having(mut self, condition: Expression<String>) -> ViewBuilder {
        self.having = Some(condition);
        self
    }

    /// Each group has one state, in one shard. Today only so where the group holds all columns of
    /// the table's shard key, as they are; else the view is refused.
    #[must_use]
    pub fn owned(mut self) -> ViewBuilder {
        self.owned = true;
        self
    }

    /// Name of the table.
    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// Name of the view.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The definition over a table.
    ///
    /// # Errors
    /// `InvalidInput`, as `ViewDefinition::check` and [`TableDefinition::bind`]; 0A000 for one
    /// that is to be owned and cannot be.
    pub fn build(self, table: &TableDefinition) -> Result<ViewDefinition> {
        let group = self.group.into_iter().map(|column| {
            let GroupColumn { name, expression } = column;
            Ok(GroupColumn { name, expression: table.bind(expression)? })
        });
        let aggregates = self.aggregates.into_iter().map(|aggregate| aggregate.bind(table));
        let mut definition = ViewDefinition {
            name: self.name,
            table: table.name.clone(),
            group: group.collect::<Result<_>>()?,
            filter: self.filter.map(|filter| table.bind(filter)).transpose()?,
            aggregates: aggregates.collect::<Result<_>>()?,
            having: None,
        };
        definition.check(&table.columns)?;
        if self.owned && definition.owner(table).is_none() {
            let message = format!(
                "view {} cannot be owned: its groups do not hold the shard key of table {}, so \
                 their rows are in several shards; let it be partial",
                definition.name, table.name
            );
            return Err(Error::invalid(message).with_sqlstate("0A000"));
        }
        if let Some(having) = self.having {
            definition.having = Some(definition.bind_having(having, &table.columns)?);
            definition.check(&table.columns)?;
        }
        Ok(definition)
    }
}

impl ViewDefinition {
    /// A condition over the output columns.
    fn bind_having(&self, having: Expression<String>, columns: &[Column]) -> Result<Expression> {
        let key_shape = self.key_shape(columns)?;
        let shape = Shape::new(&self.aggregates, columns)?;
        // Names become columns as those of a table do.
        let mut outputs = TableDefinition::builder(&self.name);
        for column in self.outputs(&key_shape, &shape) {
            outputs = outputs.column(column.name, column.data_type);
        }
        outputs.build()?.bind(having)
    }
}
