//! Definitions of views: plain data, made by [`ViewDefinition::builder`], kept in the definitions
//! as the bytes of `super::stored`.

use bourse_storage::{Error, Result};

use super::aggregate::Aggregate;
use super::lookup::Lookup;
use super::shape::Shape;
use crate::expression::{BoundColumn, Expression, check_condition};
use crate::key::KeyColumn;
use crate::schema::{Column, KEY_COLUMNS_MAX, NAME_BYTES_MAX, TableDefinition};
use crate::value::{Collation, Type};

/// Views that a table can have.
pub const VIEWS_MAX: usize = 32;
/// Aggregates that a view can have.
pub const AGGREGATES_MAX: usize = 256;

/// Ordered indexes that a view can have.
pub const VIEW_INDEXES_MAX: usize = 16;

/// A column by which a view groups the rows of its table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupColumn<C = BoundColumn> {
    /// Name of the output column.
    pub name: String,
    /// What rows of a group have in common.
    pub expression: Expression<C>,
}

/// An ordered index on an output column of a view: a leaderboard. See [`ViewBuilder::index`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewIndex {
    /// Name; no other index of the view has it.
    pub name: String,
    /// Place of the column among the output columns.
    pub column: u16,
    /// Whether the greatest value comes first.
    pub descending: bool,
    /// How many first columns of the group have an order of their own for each of their values; 0
    /// where all groups are in one order.
    pub within: u16,
}

/// A view: `SELECT group, aggregates FROM table WHERE filter GROUP BY group HAVING having`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewDefinition {
    /// Name; no table and no other view has it.
    pub name: String,
    /// Name of the table whose rows it groups.
    pub table: String,
    /// Of a roll-up, the name of the view whose groups it groups.
    pub base: Option<String>,
    /// What it groups by, in the order of its groups. Without any, all rows are one group. A
    /// roll-up's columns are those that its base groups by.
    pub group: Vec<GroupColumn>,
    /// Rows for which this is not true do not take part.
    pub filter: Option<Expression>,
    /// The output columns behind those of the group. A roll-up's are those of its base.
    pub aggregates: Vec<Aggregate>,
    /// Groups for which this is not true are not shown. Its columns are the output columns, by
    /// their places: those of the group, the aggregates, then those of lookups.
    pub having: Option<Expression>,
    /// Which columns of the group say in which shard a group has its one state, ascending; none
    /// where states lie in the shards of the rows.
    pub owner: Option<Vec<u16>>,
    /// Ordered indexes on output columns.
    pub indexes: Vec<ViewIndex>,
    /// What is shown of other tables' rows, behind the aggregates.
    pub lookups: Vec<Lookup>,
}

impl ViewDefinition {
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
    pub(super) fn shard_key_in_group(&self, table: &TableDefinition) -> Option<Vec<usize>> {
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

    /// The output columns without those of lookups: those of the group, then the aggregates.
    pub(crate) fn outputs(&self, key_shape: &[KeyColumn], shape: &Shape) -> Vec<Column> {
        let aggregates = self.aggregates.iter().zip(shape.output_types());
        let aggregates =
            aggregates.map(|(aggregate, data_type)| Column::new(&aggregate.name, *data_type));
        let mut outputs = self.group_outputs(key_shape);
        outputs.extend(aggregates);
        outputs
    }

    /// The output columns of the group.
    pub(super) fn group_outputs(&self, key_shape: &[KeyColumn]) -> Vec<Column> {
        let group = self.group.iter().zip(key_shape);
        group.map(|(column, key)| Column::new(column.name.clone(), key.data_type)).collect()
    }

    /// Refuses what has no meaning over a table of these columns, with lookups that show others.
    ///
    /// # Errors
    /// `InvalidInput`: 42P17 for a view without aggregates, 54000 for too many or too long parts,
    /// 42701 for two output columns of a name, 42804 for a filter that is no condition; as
    /// [`Shape::new`].
    pub(crate) fn check(&self, columns: &[Column], looked_up: &[Column]) -> Result<()> {
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
        if let Some(filter) = &self.filter {
            check_condition("WHERE", filter, columns)?;
        }
        let key_shape = self.key_shape(columns)?;
        let shape = Shape::new(&self.aggregates, columns)?;
        let mut outputs = self.outputs(&key_shape, &shape);
        outputs.extend_from_slice(looked_up);
        self.check_outputs(&outputs)
    }

    /// Refuses output columns that cannot be told from each other, and a HAVING that is no
    /// condition over them.
    pub(super) fn check_outputs(&self, outputs: &[Column]) -> Result<()> {
        check_name(&self.name)?;
        for (at, output) in outputs.iter().enumerate() {
            check_name(&output.name)?;
            let mut others = outputs[..at].iter();
            if others.any(|other| other.name.eq_ignore_ascii_case(&output.name)) {
                let message = format!("view {} has two columns {}", self.name, output.name);
                return Err(Error::invalid(message).with_sqlstate("42701"));
            }
        }
        match &self.having {
            Some(having) => check_condition("HAVING", having, outputs),
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

impl ViewDefinition {
    /// Places of group columns, ascending.
    pub(super) fn group_positions(&self, names: &[String]) -> Result<Vec<u16>> {
        let mut places = Vec::with_capacity(names.len());
        for name in names {
            let mut columns = self.group.iter();
            let at = columns.position(|column| column.name.eq_ignore_ascii_case(name));
            let at = at.and_then(|at| u16::try_from(at).ok()).ok_or_else(|| {
                let message =
                    format!("view {} does not group by a column {name} to be owned by", self.name);
                Error::invalid(message).with_sqlstate("42703")
            })?;
            places.push(at);
        }
        places.sort_unstable();
        places.dedup();
        Ok(places)
    }

    /// Refuses indexes that cannot be kept.
    ///
    /// # Errors
    /// `InvalidInput`: 0A000 for a view with several states for a group, a column that is read
    /// from a multiset, or whose values may be long, and for an order within single groups; 42P07
    /// for two of a name; 54000 for too many.
    pub(super) fn check_indexes(
        &self,
        table: &TableDefinition,
        outputs: &[Column],
        shape: &Shape,
    ) -> Result<()> {
        let Some(first) = self.indexes.first() else { return Ok(()) };
        let refused = |index: &ViewIndex, reason: &str, sqlstate: &'static str| {
            let message = format!("index {} of view {}: {reason}", index.name, self.name);
            Err(Error::invalid(message).with_sqlstate(sqlstate))
        };
        if self.owner.is_none() && self.shard_key_in_group(table).is_none() {
            let reason = "only a view with one state for each group can have one: let it be owned";
            return refused(first, reason, "0A000");
        }
        if self.indexes.len() > VIEW_INDEXES_MAX {
            return refused(first, &format!("a view has {VIEW_INDEXES_MAX} at most"), "54000");
        }
        for (at, index) in self.indexes.iter().enumerate() {
            check_name(&index.name)?;
            let mut others = self.indexes[..at].iter();
            if others.any(|other| other.name.eq_ignore_ascii_case(&index.name)) {
                return refused(index, "there are two of that name", "42P07");
            }
            if usize::from(index.within) >= self.group.len() {
                let reason = "one group has these values, so there is nothing to order";
                return refused(index, reason, "0A000");
            }
            let Some(of_aggregate) = usize::from(index.column).checked_sub(self.group.len()) else {
                return refused(index, "groups lie in the order of their columns anyway", "0A000");
            };
            if shape.reads_multiset(of_aggregate) {
                let reason = "percentiles and sums of distinct values are found when they are \
                              read, so groups cannot be kept by them";
                return refused(index, reason, "0A000");
            }
            let data_type = outputs[usize::from(index.column)].data_type;
            if matches!(data_type, Type::Text | Type::Blob | Type::Json | Type::Any) {
                let reason = format!("values of type {data_type} may be too long for a key");
                return refused(index, &reason, "0A000");
            }
        }
        Ok(())
    }
}
