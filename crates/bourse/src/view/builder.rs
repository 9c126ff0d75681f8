//! Making a definition of names. It is bound to its table, or to the view that it rolls up, when
//! the view is created.

use bourse_storage::{Error, Result};

use super::aggregate::{Aggregate, AggregateFunction};
use super::definition::{GroupColumn, ViewDefinition, ViewIndex};
use super::lookup::{Lookup, tie_all};
use super::shape::Shape;
use crate::catalog::Catalog;
use crate::expression::Expression;
use crate::scan::Order;
use crate::schema::{Column, TableDefinition};
use crate::value::Collation;

/// Makes a [`ViewDefinition`], of names; it is bound to its table when the view is created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewBuilder {
    name: String,
    table: String,
    group: Vec<GroupColumn<String>>,
    filter: Option<Expression<String>>,
    aggregates: Vec<Aggregate<String>>,
    having: Option<Expression<String>>,
    is_rollup: bool,
    owned: Owned,
    indexes: Vec<NamedIndex>,
    lookups: Vec<Lookup<String>>,
}

/// An ordered index, its columns by their names.
#[derive(Clone, PartialEq, Eq, Debug)]
struct NamedIndex {
    name: String,
    /// Columns of the group that it is within.
    first: Vec<String>,
    column: String,
    order: Order,
}

/// Whether each group has one state.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Owned {
    No,
    /// In the shard that the whole group names, or where the rows are if all are in one.
    ByGroup,
    /// In the shard that these columns of the group name.
    By(Vec<String>),
}

impl ViewDefinition {
    /// Begins a view of that name over that table.
    pub fn builder(name: impl Into<String>, table: impl Into<String>) -> ViewBuilder {
        ViewBuilder::new(name.into(), table.into(), false)
    }

    /// Begins a roll-up of that name over that view: its groups put together, `group` being of the
    /// columns that it groups by, with all its aggregates. Nothing of it is kept: a read merges the
    /// states of the view's groups, whether or not its HAVING shows them.
    pub fn rollup(name: impl Into<String>, view: impl Into<String>) -> ViewBuilder {
        ViewBuilder::new(name.into(), view.into(), true)
    }
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

    /// Each group has one state, in one shard: SQL's SHARD BY all of the group. Where the group
    /// holds all columns of the table's shard key, as they are, that is the shard of its rows, and
    /// costs nothing; else a commit writes what its rows change into the section of the group's
    /// shard, whose mutex it holds, so commits that change the same group wait for each other.
    #[must_use]
    pub fn owned(mut self) -> ViewBuilder {
        self.owned = Owned::ByGroup;
        self
    }

    /// As [`ViewBuilder::owned`], in the shard that these columns of the group name: groups that
    /// have them alike lie side by side, and a read of these takes one shard.
    #[must_use]
    pub fn owned_by<S: Into<String>>(
        mut self,
        columns: impl IntoIterator<Item = S>,
    ) -> ViewBuilder {
        self.owned = Owned::By(columns.into_iter().map(Into::into).collect());
        self
    }

    /// Keeps the groups ordered by an output column, the greatest first for
    /// [`Order::Descending`]: [`crate::Cut::top_groups`] over all groups by that column in that
    /// order reads as many as it is asked for. Only of views with one state for each group.
    #[must_use]
    pub fn index(
        self,
        name: impl Into<String>,
        column: impl Into<String>,
        order: Order,
    ) -> ViewBuilder {
        self.index_within(name, [] as [&str; 0], column, order)
    }

    /// As [`ViewBuilder::index`], for each value of the first columns of the group in an order of
    /// its own: [`crate::Cut::top_groups`] over the range that these columns name reads as many
    /// groups as it is asked for. A day's symbols by their volume.
    #[must_use]
    pub fn index_within<S: Into<String>>(
        mut self,
        name: impl Into<String>,
        first: impl IntoIterator<Item = S>,
        column: impl Into<String>,
        order: Order,
    ) -> ViewBuilder {
        let first = first.into_iter().map(Into::into).collect();
        self.indexes.push(NamedIndex { name: name.into(), first, column: column.into(), order });
        self
    }

    /// Shows columns of the row of another table that columns of the group name, joined when a
    /// group is read: SQL's N:1 join. HAVING may name them; what is kept of the view may not:
    /// WHERE, the group, aggregates, indexes and the shard of a group. A roll-up that keeps the
    /// columns of the group may look rows up too.
    #[must_use]
    pub fn lookup(mut self, lookup: Lookup<String>) -> ViewBuilder {
        self.lookups.push(lookup);
        self
    }

    fn new(name: String, table: String, is_rollup: bool) -> ViewBuilder {
        ViewBuilder {
            name,
            table,
            group: Vec::new(),
            filter: None,
            aggregates: Vec::new(),
            having: None,
            is_rollup,
            owned: Owned::No,
            indexes: Vec::new(),
            lookups: Vec::new(),
        }
    }

    /// Name of the table, or of the view that is rolled up.
    pub(crate) fn table(&self) -> &str {
        &self.table
    }

    /// Whether it is a roll-up of a view.
    pub(crate) fn is_rollup(&self) -> bool {
        self.is_rollup
    }

    /// Name of the view.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The definition over a table of a store.
    ///
    /// # Errors
    /// `InvalidInput`, as `ViewDefinition::check` and [`TableDefinition::bind`]; 0A000 for one
    /// that is to be owned and cannot be, and for a column of a lookup where it cannot be used.
    pub(crate) fn build(
        self,
        table: &TableDefinition,
        catalog: &Catalog,
    ) -> Result<ViewDefinition> {
        self.check_looked_up(table)?;
        let group = self.group.into_iter().map(|column| {
            let GroupColumn { name, expression } = column;
            Ok(GroupColumn { name, expression: table.bind(expression)? })
        });
        let aggregates = self.aggregates.into_iter().map(|aggregate| aggregate.bind(table));
        let mut definition = ViewDefinition {
            name: self.name,
            table: table.name.clone(),
            base: None,
            group: group.collect::<Result<_>>()?,
            filter: self.filter.map(|filter| table.bind(filter)).transpose()?,
            aggregates: aggregates.collect::<Result<_>>()?,
            having: None,
            owner: None,
            indexes: Vec::new(),
            lookups: Vec::new(),
        };
        definition.check(&table.columns, &[])?;
        definition.owner = match self.owned {
            Owned::ByGroup if definition.shard_key_in_group(table).is_none() => {
                Some((0..).take(definition.group.len()).collect())
            }
            Owned::No | Owned::ByGroup => None,
            Owned::By(columns) => Some(definition.group_positions(&columns)?),
        };
        let (key_shape, shape) = (
            definition.key_shape(&table.columns)?,
            Shape::new(&definition.aggregates, &table.columns)?,
        );
        let mut outputs = definition.outputs(&key_shape, &shape);
        for index in self.indexes {
            definition.indexes.push(index_on(&definition, &outputs, index)?);
        }
        definition.check_indexes(table, &outputs, &shape)?;
        let looked_up = bind_lookups(&mut definition, self.lookups, &outputs, catalog)?;
        outputs.extend_from_slice(&looked_up);
        definition.check(&table.columns, &looked_up)?;
        if let Some(having) = self.having {
            definition.having = Some(bind_having(&definition.name, having, outputs)?);
            definition.check(&table.columns, &looked_up)?;
        }
        Ok(definition)
    }

    /// The definition of a roll-up over a view, which has no aggregates of its own: they are its
    /// base's. The table is the base's.
    ///
    /// # Errors
    /// `InvalidInput`, as [`ViewBuilder::build`]; 0A000 for what a roll-up cannot have, 42703 for a
    /// column that its base does not group by.
    pub(crate) fn build_rollup(
        self,
        base: &ViewDefinition,
        outputs: &[Column],
        catalog: &Catalog,
    ) -> Result<ViewDefinition> {
        let refused = |what: &str| {
            let message = format!(
                "view {} stands upon view {} and cannot {what}: it merges the groups of that \
                 view as they are, and may group them by its group columns, with HAVING",
                self.name, base.name
            );
            Err(Error::invalid(message).with_sqlstate("0A000"))
        };
        if !self.aggregates.is_empty() {
            return refused("compute aggregates of its own");
        }
        if self.filter.is_some() {
            return refused("choose rows");
        }
        if self.owned != Owned::No || !self.indexes.is_empty() {
            return refused("be owned or have an index, as nothing of it is kept");
        }
        if base.group.is_empty() {
            return refused("put groups together, as that has one");
        }
        self.check_not_grouped_by_lookup(base)?;
        let (columns, aggregates) = outputs.split_at(base.group.len());
        let mut table = TableDefinition::builder(&base.name);
        for column in columns {
            table = table.column(&column.name, column.data_type);
        }
        let table = table.build()?;
        let group = self.group.into_iter().map(|column| {
            let GroupColumn { name, expression } = column;
            Ok(GroupColumn { name, expression: table.bind(expression)? })
        });
        let mut definition = ViewDefinition {
            name: self.name,
            base: Some(base.name.clone()),
            group: group.collect::<Result<_>>()?,
            having: None,
            owner: None,
            indexes: Vec::new(),
            lookups: Vec::new(),
            ..base.clone()
        };
        let key_shape = definition.key_shape(columns)?;
        let mut outputs = definition.group_outputs(&key_shape);
        outputs.extend(aggregates.iter().cloned());
        let looked_up = bind_lookups(&mut definition, self.lookups, &outputs, catalog)?;
        outputs.extend(looked_up);
        definition.check_outputs(&outputs)?;
        if let Some(having) = self.having {
            definition.having = Some(bind_having(&definition.name, having, outputs.clone())?);
            definition.check_outputs(&outputs)?;
        }
        Ok(definition)
    }
}

impl ViewBuilder {
    /// Refuses columns of lookups where what is kept would depend on them (lookup L2).
    fn check_looked_up(&self, table: &TableDefinition) -> Result<()> {
        let is_looked_up = |name: &str| {
            table.position(name).is_err() && self.lookups.iter().any(|lookup| lookup.shows(name))
        };
        let refuse = |name: &str, place: &str, reason: &str| {
            let message = format!(
                "view {} cannot have column {name} {place}: it is looked up when a group is read, \
                 so that a change of its row costs nothing, and {reason}",
                self.name
            );
            Err(Error::invalid(message).with_sqlstate("0A000"))
        };
        let reads = |expression: &Expression<String>| {
            let mut found = None;
            expression.for_each_column(&mut |name| {
                if found.is_none() && is_looked_up(name) {
                    found = Some(name.clone());
                }
            });
            found
        };
        for column in &self.group {
            if let Some(name) = reads(&column.expression) {
                let reason = "groups are kept by the columns that name the row: group by these";
                return refuse(&name, "in its group", reason);
            }
        }
        if let Some(name) = self.filter.as_ref().and_then(reads) {
            let reason = "which rows take part is decided when they are written; HAVING may ask it";
            return refuse(&name, "in WHERE", reason);
        }
        for aggregate in &self.aggregates {
            let expressions = aggregate.function.expressions().into_iter().chain(&aggregate.filter);
            if let Some(name) = expressions.into_iter().find_map(reads) {
                let reason = "states are made of the rows of the view's table alone";
                return refuse(&name, "in an aggregate", reason);
            }
        }
        if let Some(NamedIndex { name: index, column, .. }) =
            self.indexes.iter().find(|index| is_looked_up(&index.column))
        {
            return refuse(
                column,
                &format!("in index {index}"),
                "an index is kept from the states",
            );
        }
        if let Owned::By(columns) = &self.owned
            && let Some(name) = columns.iter().find(|name| is_looked_up(name))
        {
            return refuse(name, "say its shard", "a group does not move when that row changes");
        }
        Ok(())
    }

    /// Refuses a roll-up by a column that its base looks up.
    fn check_not_grouped_by_lookup(&self, base: &ViewDefinition) -> Result<()> {
        let mut found = None;
        for column in &self.group {
            column.expression.for_each_column(&mut |name| {
                let mut shown = base.lookups.iter().flat_map(|lookup| &lookup.columns);
                if shown.any(|column| column.name.eq_ignore_ascii_case(name)) {
                    found = Some(name.clone());
                }
            });
        }
        let Some(name) = found else { return Ok(()) };
        let message = format!(
            "view {} cannot group by column {name}, which view {} looks up when a group is read: \
             keep the columns that name the row, and look it up in the roll-up too",
            self.name, base.name
        );
        Err(Error::invalid(message).with_sqlstate("0A000"))
    }
}

/// Binds lookups to the group of a definition, of which these are the other outputs. Returns the
/// columns that they show.
fn bind_lookups(
    definition: &mut ViewDefinition,
    lookups: Vec<Lookup<String>>,
    outputs: &[Column],
    catalog: &Catalog,
) -> Result<Vec<Column>> {
    let (name, group) = (definition.name.clone(), &outputs[..definition.group.len()]);
    let lookups = lookups.into_iter().map(|lookup| lookup.bind(&name, group));
    definition.lookups = lookups.collect::<Result<_>>()?;
    let (_, shown) = tie_all(&name, &definition.lookups, group, |_, lookup| {
        catalog.table_named(&lookup.table).cloned()
    })?;
    Ok(shown)
}

/// A condition over the output columns.
fn bind_having(view: &str, having: Expression<String>, outputs: Vec<Column>) -> Result<Expression> {
    // Names become columns as those of a table do.
    let mut table = TableDefinition::builder(view);
    for column in outputs {
        let collation = column.collation;
        table = table.column(column.name, column.data_type);
        if collation != Collation::Binary {
            table = table.collate(collation);
        }
    }
    table.build()?.bind(having)
}

fn index_on(
    view: &ViewDefinition,
    outputs: &[Column],
    NamedIndex { name, first, column, order }: NamedIndex,
) -> Result<ViewIndex> {
    let refused = |reason: String, sqlstate: &'static str| {
        let message = format!("index {name} of view {}: {reason}", view.name);
        Err(Error::invalid(message).with_sqlstate(sqlstate))
    };
    let mut columns = outputs.iter();
    let at = columns.position(|output| output.name.eq_ignore_ascii_case(&column));
    let Some(at) = at.and_then(|at| u16::try_from(at).ok()) else {
        return refused(format!("the view has no column {column}"), "42703");
    };
    for (place, name) in first.iter().enumerate() {
        if view.group.get(place).is_none_or(|by| !by.name.eq_ignore_ascii_case(name)) {
            let reason = format!("{name} is not column {} of those it groups by", place + 1);
            return refused(reason, "0A000");
        }
    }
    let within = u16::try_from(first.len()).unwrap_or(u16::MAX);
    Ok(ViewIndex { name, column: at, descending: order == Order::Descending, within })
}
