//! The store's definition of a view that a SELECT defines.

use bourse::ViewDefinition;
use bourse::view::{Aggregate, Lookup, ViewBuilder};

use super::grouping::{Grouping, Item, Key};
use super::joined::key_of;
use super::meaning::Why;
use crate::algebra::{ColumnId, Expr, ExprKind, Go, Query, Rel, Visit};
use crate::function::Volatility;

/// What a SELECT is as a view of the store.
pub(crate) enum Made {
    /// It is kept right in every commit.
    Kept(Box<ViewBuilder>),
    /// It is none, because of this.
    Stored(Why),
}

/// The groups that a query shows, below what is computed of them when they are read.
pub(super) fn groups_below(rel: &Rel) -> Option<&Rel> {
    match rel {
        Rel::Aggregate { .. } => Some(rel),
        Rel::Project { input, .. }
        | Rel::Filter { input, .. }
        | Rel::Sort { input, .. }
        | Rel::Limit { input, .. }
        | Rel::Distinct { input, .. } => groups_below(input),
        _ => None,
    }
}

/// What must not stand above the groups: it would be computed when the view is read, and another
/// value then.
fn check_above(query: &Query) -> Result<(), Why> {
    struct Look(Result<(), Why>);
    impl Visit for Look {
        fn expr(&mut self, expr: &Expr) -> Go {
            let found = match &expr.kind {
                ExprKind::Subquery(_) => Err("it has a query in an expression".to_owned()),
                ExprKind::Parameter(_) => Err("it has a parameter".to_owned()),
                ExprKind::Call { function, .. }
                    if function.is_user || function.volatility != Volatility::Immutable =>
                {
                    Err(format!("{}() is not the same at all times", function.name))
                }
                _ => Ok(()),
            };
            if self.0.is_ok() {
                self.0 = found;
            }
            Go::Inside
        }
    }
    let mut look = Look(Ok(()));
    query.visit_query(&mut look);
    look.0
}

/// Makes the definition of a view of that name, if the query is one of groups that the store keeps.
pub(crate) fn make(name: &str, query: &Query) -> Made {
    match try_make(name, query) {
        Ok(builder) => Made::Kept(Box::new(builder)),
        Err(why) => Made::Stored(why),
    }
}

fn try_make(name: &str, query: &Query) -> Result<ViewBuilder, Why> {
    let groups = groups_below(&query.rel).ok_or_else(|| "it has no groups".to_owned())?;
    check_above(query)?;
    let grouping = Grouping::of(groups)?;
    grouping.check_filters()?;
    let mut names = Naming { query, taken: Vec::new() };
    let mut builder = ViewDefinition::builder(name, grouping.table.name());
    // The name under which the group has each column of the table.
    let mut own = Vec::new();
    for (column, key) in &grouping.keys {
        if let Key::Own(expression) = key {
            let name = names.of(column.id, &column.name);
            own.push((expression.clone(), name.clone()));
            builder = builder.group(name, expression.clone());
        }
    }
    let filters = grouping.filters.iter().filter_map(|(_, translated)| translated.clone());
    let filters: Vec<_> = filters.collect();
    if !filters.is_empty() {
        builder = builder.filter(bourse::expression::all_of(filters));
    }
    for (at, part) in grouping.parts.iter().enumerate() {
        let shown = grouping.items.iter().find(|(_, item)| match item {
            Item::Part { at: place, .. } | Item::Count(place) => *place == at,
            Item::Quotient { .. } => false,
        });
        let name = match shown {
            Some((column, _)) => names.of(column.id, &column.name),
            None => names.free(&format!("part_{}", at + 1)),
        };
        let mut aggregate = Aggregate::new(name, part.function.clone());
        if let Some(filter) = &part.filter {
            aggregate = aggregate.filter(filter.clone());
        }
        builder = builder.with(aggregate);
    }
    for (at, joined) in grouping.joined.iter().enumerate() {
        let (by, key) = key_of(joined).ok_or_else(|| "a join has no key".to_owned())?;
        let group_of = |ours: &String| {
            let column = bourse::expression::column(ours.as_str());
            let found = own.iter().find(|(expression, _)| *expression == column);
            found.map(|(_, name)| name.clone())
        };
        let by: Option<Vec<String>> = by.iter().map(group_of).collect();
        let mut lookup = Lookup::of(joined.table.name(), by.unwrap_or_default());
        if !key.is_empty() {
            lookup = lookup.key(key);
        }
        if joined.is_inner {
            lookup = lookup.inner();
        }
        for (column, key) in &grouping.keys {
            if let Key::LookedUp(of, theirs) = key
                && *of == at
            {
                lookup = lookup.column(names.of(column.id, &column.name), theirs);
            }
        }
        builder = builder.lookup(lookup);
    }
    Ok(builder)
}

/// Names of the store's columns: those of the query's, where they can be.
struct Naming<'q> {
    query: &'q Query,
    taken: Vec<String>,
}

impl Naming<'_> {
    fn of(&mut self, id: ColumnId, name: &str) -> String {
        let shown = shown_as(&self.query.rel, id);
        let mut columns = self.query.columns.iter();
        let output = columns.find(|column| shown.contains(&column.id));
        let name = output.map_or(name, |output| output.name.as_str()).to_owned();
        self.free(&name)
    }

    fn free(&mut self, name: &str) -> String {
        let is_taken = |name: &str, taken: &[String]| {
            taken.iter().any(|other| other.eq_ignore_ascii_case(name))
        };
        let base = if name.is_empty() || name == "?column?" { "part" } else { name };
        let mut free = base.to_owned();
        let mut number = 1;
        while is_taken(&free, &self.taken) {
            number += 1;
            free = format!("{base}_{number}");
        }
        self.taken.push(free.clone());
        free
    }
}

/// The ids under which a column of the groups is handed on.
fn shown_as(rel: &Rel, id: ColumnId) -> Vec<ColumnId> {
    match rel {
        Rel::Project { input, items } => {
            let below = shown_as(input, id);
            let is_it =
                |expr: &Expr| matches!(expr.kind, ExprKind::Column(id) if below.contains(&id));
            let here = items.iter().filter(|(_, expr)| is_it(expr)).map(|(column, _)| column.id);
            here.chain(below.iter().copied()).collect()
        }
        Rel::Filter { input, .. }
        | Rel::Sort { input, .. }
        | Rel::Limit { input, .. }
        | Rel::Distinct { input, .. } => shown_as(input, id),
        _ => vec![id],
    }
}
