//! GROUP BY: what stands above the groups uses their keys and aggregates only.

use std::collections::HashSet;

use hashbrown::HashMap;
use sqlparser::ast::{Expr as Ast, GroupByExpr};

use super::binder::Binder;
use super::coerce::strip;
use super::same::{columns_of, same};
use super::scope::{Clause, Frame, expr_of};
use super::select::{By, Item};
use crate::algebra::{
    AggregateKind, Aggregation, Column, ColumnId, Expr, ExprKind, Go, Rel, Rewrite,
};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::parse::DISTINCT_SETS;
use crate::types::SqlType;

/// Each key once in a set, and with GROUP BY DISTINCT each set once.
fn settle_sets(sets: &mut Vec<Vec<usize>>, is_distinct: bool) {
    for set in &mut *sets {
        set.sort_unstable();
        set.dedup();
    }
    if is_distinct {
        let mut seen = HashSet::new();
        sets.retain(|set| seen.insert(set.clone()));
    }
}

/// The most grouping sets that CUBE and its like may make.
const SETS_MAX: usize = 4_096;

/// Keys, and which of them each grouping set has.
#[derive(Clone, Default, Debug)]
pub(crate) struct Grouping {
    pub(crate) keys: Vec<Expr>,
    /// Positions of the select list that are keys, with the key.
    pub(crate) items: Vec<(usize, usize)>,
    pub(crate) sets: Option<Vec<Vec<usize>>>,
}

impl Binder<'_> {
    /// GROUP BY.
    pub(crate) fn grouping_of(
        &mut self,
        group: &GroupByExpr,
        items: &[Item],
    ) -> Result<Option<Grouping>> {
        let GroupByExpr::Expressions(trees, modifiers) = group else {
            return Err(self.unsupported("GROUP BY ALL is not supported"));
        };
        if trees.is_empty() && modifiers.is_empty() {
            return Ok(None);
        }
        if !modifiers.is_empty() {
            return Err(self
                .unsupported("GROUP BY ... WITH ROLLUP is not supported")
                .with_hint("Write GROUP BY ROLLUP (...)."));
        }
        let mut grouping = Grouping::default();
        // Each element makes alternatives; sets are all combinations of them.
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        let mut is_plain = true;
        let marks =
            |tree: &Ast| matches!(tree, Ast::Identifier(name) if name.value == DISTINCT_SETS);
        let is_distinct = trees.first().is_some_and(marks);
        for tree in &trees[usize::from(is_distinct)..] {
            let alternatives = match tree {
                Ast::GroupingSets(parts) => {
                    is_plain = false;
                    parts
                        .iter()
                        .map(|part| self.keys(part, items, &mut grouping))
                        .collect::<Result<Vec<_>>>()?
                }
                Ast::Rollup(parts) => {
                    is_plain = false;
                    let keys = self.key_groups(parts, items, &mut grouping)?;
                    (0..=keys.len()).rev().map(|count| keys[..count].concat()).collect()
                }
                Ast::Cube(parts) => {
                    is_plain = false;
                    let keys = self.key_groups(parts, items, &mut grouping)?;
                    if keys.len() > 12 {
                        return Err(SqlError::new("54011", "CUBE is limited to 12 elements"));
                    }
                    (0..1_usize << keys.len())
                        .rev()
                        .map(|mask| {
                            let chosen = keys.iter().enumerate();
                            let chosen =
                                chosen.filter(|(at, _)| mask >> (keys.len() - 1 - at) & 1 == 1);
                            chosen.flat_map(|(_, keys)| keys.clone()).collect()
                        })
                        .collect()
                }
                Ast::Tuple(parts) => vec![self.keys(parts, items, &mut grouping)?],
                other => vec![self.keys(std::slice::from_ref(other), items, &mut grouping)?],
            };
            let combine = |set: &Vec<usize>| {
                alternatives.iter().map(|more| [set.as_slice(), more].concat()).collect::<Vec<_>>()
            };
            sets = sets.iter().flat_map(combine).collect();
            if sets.len() > SETS_MAX {
                return Err(SqlError::new(
                    "54001",
                    format!("too many grouping sets present (maximum {SETS_MAX})"),
                ));
            }
        }
        settle_sets(&mut sets, is_distinct);
        grouping.sets = (!is_plain).then_some(sets);
        Ok(Some(grouping))
    }

    fn key_groups(
        &mut self,
        parts: &[Vec<Ast>],
        items: &[Item],
        grouping: &mut Grouping,
    ) -> Result<Vec<Vec<usize>>> {
        parts.iter().map(|part| self.keys(part, items, grouping)).collect()
    }

    fn keys(
        &mut self,
        trees: &[Ast],
        items: &[Item],
        grouping: &mut Grouping,
    ) -> Result<Vec<usize>> {
        trees.iter().map(|tree| self.key(tree, items, grouping)).collect()
    }

    /// The number of a key.
    fn key(&mut self, tree: &Ast, items: &[Item], grouping: &mut Grouping) -> Result<usize> {
        let (by, expr) = self.group_by(tree, items)?;
        let aggregates = |frame: &Frame| {
            frame.aggregates.iter().map(|a| a.column.id).collect::<HashSet<ColumnId>>()
        };
        let own = aggregates(self.frame());
        if columns_of(&expr).iter().any(|id| own.contains(id)) {
            return Err(match self.is_sqlite() {
                true => SqlError::new(
                    "42803",
                    "aggregate functions are not allowed in the GROUP BY clause",
                ),
                false => SqlError::new("42803", "aggregate functions are not allowed in GROUP BY"),
            });
        }
        self.equatable(&expr.ty)?;
        let known = grouping.keys.iter().position(|key| same(key, &expr));
        let number = known.unwrap_or_else(|| {
            grouping.keys.push(expr);
            grouping.keys.len() - 1
        });
        if let Some(item) = by {
            grouping.items.push((item, number));
        }
        Ok(number)
    }

    /// A column of FROM first, then a name or a position of the select list.
    fn group_by(&mut self, tree: &Ast, items: &[Item]) -> Result<(Option<usize>, Expr)> {
        let item = |at: usize| (Some(at), items[at].expr.clone());
        self.in_clause(Clause::GroupBy, |binder| {
            if let Ast::Identifier(_) = strip(tree) {
                let as_column = binder.expr(tree);
                return match as_column {
                    Ok(expr) => Ok((None, expr)),
                    Err(error) if error.sqlstate() == "42703" => {
                        match binder.by(tree, items, "GROUP BY") {
                            Ok(By::Item(at)) => Ok(item(at)),
                            _ => Err(error),
                        }
                    }
                    Err(error) => Err(error),
                };
            }
            match binder.by(tree, items, "GROUP BY")? {
                By::Item(at) => Ok(item(at)),
                By::Expr(mut expr) => {
                    if let Some(said) = binder.said_collation(tree)? {
                        expr.collation = said;
                    }
                    Ok((None, expr))
                }
            }
        })
    }

    /// GROUPING(a, b).
    pub(crate) fn grouping(&mut self, trees: &[&Ast]) -> Result<Expr> {
        let takes_it = matches!(
            self.frame().clause,
            Clause::Select | Clause::Having | Clause::OrderBy | Clause::Window
        );
        if !takes_it {
            let message =
                format!("grouping operations are not allowed in {}", self.frame().clause.name());
            return Err(SqlError::new("42803", message));
        }
        let bound = trees.iter().map(|tree| self.expr(tree)).collect::<Result<Vec<_>>>()?;
        let id = self.next_column();
        let column =
            super::scope::column(id, "grouping", SqlType::Integer, bourse::Collation::Binary);
        let expr = expr_of(&column);
        self.frame().groupings.push((column, bound));
        Ok(expr)
    }

    /// Begins to rewrite what stands above the groups.
    pub(crate) fn begin_group(&mut self, grouping: Grouping, frame: &Frame) -> Result<Grouped> {
        let is_sqlite = self.is_sqlite();
        let mut keys = Vec::new();
        for key in grouping.keys {
            let column = self.column_for("group", &key);
            keys.push((column, key));
        }
        let all: Vec<usize> = (0..keys.len()).collect();
        let sets = grouping.sets.unwrap_or_else(|| vec![all]);
        let mut inputs = HashMap::new();
        for (at, relation) in frame.namespace.relations.iter().enumerate() {
            for column in relation.columns.iter().chain(&relation.hidden) {
                for id in columns_of(&column.expr) {
                    let full = match relation.name.as_str() {
                        "" => column.name.clone(),
                        name => format!("{name}.{}", column.name),
                    };
                    inputs.entry(id).or_insert((at, full));
                }
            }
            if let Some((_, _, key)) = &relation.table {
                inputs.insert(*key, (at, relation.name.clone()));
            }
        }
        let is_key = |id: ColumnId| {
            let position = keys
                .iter()
                .position(|(_, key)| matches!(key.kind, ExprKind::Column(own) if own == id));
            position.is_some_and(|position| sets.iter().all(|set| set.contains(&position)))
        };
        // A relation whose primary key is grouped by has one row in a group.
        let mut determined = HashSet::new();
        for (at, relation) in frame.namespace.relations.iter().enumerate() {
            let Some((entry, _, _)) = &relation.table else { continue };
            let positions = entry.table.definition().primary_key_positions();
            let has = |position: &u16| {
                let column = relation.columns.get(usize::from(*position));
                column.is_some_and(
                    |column| matches!(column.expr.kind, ExprKind::Column(id) if is_key(id)),
                )
            };
            if !positions.is_empty() && positions.iter().all(has) {
                determined.insert(at);
            }
        }
        // MIN or MAX says of which row SQLite's bare columns are, of several the last one.
        let extremes = frame.aggregates.iter().enumerate().rev().filter(|(_, aggregate)| {
            matches!(&aggregate.kind, AggregateKind::Function { function, .. }
                if matches!(function.name, "min" | "max"))
        });
        let of = extremes.min_by_key(|(_, aggregate)| aggregate.filter.is_some());
        let of = of.map(|(at, _)| at);
        Ok(Grouped {
            keys,
            sets,
            items: grouping.items,
            inputs,
            determined,
            dependent: Vec::new(),
            bare: Vec::new(),
            of,
            is_sqlite,
            next: Vec::new(),
            error: None,
        }
        .with_ids(self))
    }

    /// The operator of the groups.
    pub(crate) fn end_group(
        &mut self,
        grouped: Grouped,
        input: Rel,
        frame: &mut Frame,
    ) -> Result<Rel> {
        let Grouped { mut keys, mut sets, dependent, bare, .. } = grouped;
        for (column, key) in dependent {
            for set in &mut sets {
                set.push(keys.len());
            }
            keys.push((column, key));
        }
        let mut aggregates = std::mem::take(&mut frame.aggregates);
        aggregates.extend(bare);
        let mut groupings = Vec::new();
        for (column, parts) in std::mem::take(&mut frame.groupings) {
            let position = |part: &Expr| {
                keys.iter().position(|(own, key)| {
                    same(key, part) || matches!(part.kind, ExprKind::Column(id) if id == own.id)
                })
            };
            let positions: Option<Vec<usize>> = parts.iter().map(position).collect();
            let positions = positions.ok_or_else(|| {
                let message = "arguments to GROUPING must be grouping expressions of the \
                               associated query level";
                SqlError::new("42803", message)
            })?;
            groupings.push((column, positions));
        }
        Ok(Rel::Aggregate { input: Box::new(input), keys, sets, groupings, aggregates })
    }
}

/// What stands above groups, while it is rewritten.
pub(crate) struct Grouped {
    keys: Vec<(Column, Expr)>,
    sets: Vec<Vec<usize>>,
    items: Vec<(usize, usize)>,
    /// Columns below, with their relation and their name.
    inputs: HashMap<ColumnId, (usize, String)>,
    determined: HashSet<usize>,
    /// Columns that the keys determine: keys too.
    dependent: Vec<(Column, Expr)>,
    bare: Vec<Aggregation>,
    of: Option<usize>,
    is_sqlite: bool,
    /// Ids for columns to come.
    next: Vec<ColumnId>,
    error: Option<SqlError>,
}

impl Grouped {
    /// At most each column below becomes a column of its own.
    fn with_ids(mut self, binder: &mut Binder<'_>) -> Grouped {
        for id in self.inputs.keys().copied().collect::<Vec<_>>() {
            let to = binder.next_column();
            if let Some(affinity) = binder.affinities.get(&id).copied() {
                binder.affinities.insert(to, affinity);
            }
            self.next.push(to);
        }
        self
    }

    /// A column of the select list, which may be a key by its position or name.
    pub(crate) fn rewrite_item(&mut self, at: usize, expr: &mut Expr) -> Result<()> {
        if let Some((_, key)) = self.items.iter().find(|(item, _)| *item == at) {
            *expr = Expr { collation: expr.collation, ..expr_of(&self.keys[*key].0) };
            return Ok(());
        }
        self.rewrite(expr)
    }

    /// Any other expression.
    pub(crate) fn rewrite(&mut self, expr: &mut Expr) -> Result<()> {
        expr.rewrite(self);
        self.error.take().map_or(Ok(()), Err)
    }

    /// What the frame has collected: windows and functions of rows. Arguments of aggregates are
    /// computed below the groups; those that are taken once must be of keys, which is seen here.
    pub(crate) fn rewrite_frame(&mut self, frame: &mut Frame) -> Result<()> {
        for (window, call) in &mut frame.windows {
            let order = window.order.iter_mut().map(|key| &mut key.expr);
            let parts = window.partition.iter_mut().chain(order);
            for expr in parts.chain(&mut call.arguments).chain(&mut call.filter) {
                self.rewrite(expr)?;
            }
        }
        let of_sets = frame.sets.iter_mut().flat_map(|(_, call)| &mut call.arguments);
        for argument in of_sets.chain(&mut frame.direct) {
            self.rewrite(argument)?;
        }
        Ok(())
    }

    fn column_below(&mut self, expr: &mut Expr, id: ColumnId, relation: usize, name: &str) {
        let is_same = |key: &Expr| matches!(key.kind, ExprKind::Column(own) if own == id);
        if let Some((column, _)) = self.dependent.iter().find(|(_, key)| is_same(key)) {
            *expr = expr_of(column);
            return;
        }
        let known = self.bare.iter().find(|aggregate| {
            matches!(&aggregate.kind, AggregateKind::Bare { value, .. } if is_same(value))
        });
        if let Some(aggregate) = known {
            *expr = expr_of(&aggregate.column);
            return;
        }
        let may = self.is_sqlite || self.determined.contains(&relation);
        let Some(to) = self.next.pop().filter(|_| may) else {
            let message = format!(
                "column \"{name}\" must appear in the GROUP BY clause or be used in an aggregate \
                    function"
            );
            self.error.get_or_insert(SqlError::new("42803", message));
            return;
        };
        let column = super::scope::column(to, name, expr.ty.clone(), expr.collation);
        let value = std::mem::replace(expr, expr_of(&column));
        if self.determined.contains(&relation) {
            self.dependent.push((column, value));
        } else {
            let kind = AggregateKind::Bare { value, of: self.of };
            self.bare.push(Aggregation { column, kind, filter: None });
        }
    }
}

impl Rewrite for Grouped {
    fn expr(&mut self, expr: &mut Expr) -> Go {
        if self.error.is_some() || matches!(&expr.kind, ExprKind::Literal(Datum::Null)) {
            return Go::Past;
        }
        // A collation that is said does not make another value.
        let plain =
            |key: &Expr, expr: &Expr| same(key, &Expr { collation: key.collation, ..expr.clone() });
        if !matches!(expr.kind, ExprKind::Subquery(_) | ExprKind::Literal(_))
            && let Some((column, _)) = self.keys.iter().find(|(_, key)| plain(key, expr))
        {
            *expr = Expr { collation: expr.collation, ..expr_of(column) };
            return Go::Past;
        }
        if let ExprKind::Column(id) = expr.kind
            && let Some((relation, name)) = self.inputs.get(&id).cloned()
        {
            self.column_below(expr, id, relation, &name);
            return Go::Past;
        }
        Go::Inside
    }
}
