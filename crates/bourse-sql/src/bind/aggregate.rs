//! Calls of aggregates: where they may stand, which query they belong to, and the order in which
//! they take their values.

use std::collections::BTreeSet;

use sqlparser::ast::{Expr as Ast, Function};

use super::binder::Binder;
use super::call::{Arguments, collation_of};
use super::compare::ordinal;
use super::same::{all_same, same, same_option};
use super::scope::{Clause, Frame, expr_of};
use crate::algebra::{AggregateKind, Aggregation, Expr, ExprKind, SortKey};
use crate::error::{Result, SqlError};
use crate::function::{AggregateFunction, Resolved};
use crate::types::SqlType;

/// An aggregate that takes each value once takes them in an order of its arguments alone. A literal
/// that has become a text for the call is none of them.
fn check_order_of_distinct(
    (written, key): (&Ast, &Expr),
    trees: &[&Ast],
    given: &[Expr],
) -> Result<()> {
    let is_argument = |(tree, part): (&&Ast, &Expr)| {
        part.ty != SqlType::Unknown && (*tree == written || same(part, key))
    };
    if trees.iter().zip(given).any(is_argument) {
        return Ok(());
    }
    let message =
        "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list";
    Err(SqlError::new("42P10", message))
}

/// Whether two aggregates give the same of the same rows.
fn is_same_aggregate(a: &AggregateKind, b: &AggregateKind) -> bool {
    let (
        AggregateKind::Function { function: f, arguments: a, distinct: d, order: o },
        AggregateKind::Function { function: g, arguments: b, distinct: e, order: p },
    ) = (a, b)
    else {
        return false;
    };
    let is_same_key = |(a, b): (&SortKey, &SortKey)| {
        same(&a.expr, &b.expr) && (a.descending, a.nulls_first) == (b.descending, b.nulls_first)
    };
    std::ptr::eq(*f, *g)
        && d == e
        && all_same(a, b)
        && o.len() == p.len()
        && o.iter().zip(p).all(is_same_key)
}

/// The parts of a call.
struct Parts {
    resolved: Resolved<AggregateFunction>,
    arguments: Vec<Expr>,
    order: Vec<SortKey>,
    /// Arguments that are taken once, and the frames of which they use columns.
    direct: Vec<Expr>,
    of_direct: BTreeSet<usize>,
}

impl Binder<'_> {
    /// The call, if an aggregate has the name.
    pub(crate) fn aggregate_call(
        &mut self,
        name: &str,
        function: &Function,
        arguments: &Arguments<'_>,
    ) -> Result<Option<Expr>> {
        // SQLite's max(a, b) is a scalar function; a name that no aggregate has is not bound twice.
        let guess = vec![SqlType::Unknown; arguments.trees.len() + function.within_group.len()];
        if self.resolve_aggregate(name, &guess).is_ok_and(|found| found.is_none()) {
            return Ok(None);
        }
        self.check_aggregate_place(name)?;
        let said = self.aggregate_level.take();
        let watched = std::mem::take(&mut self.used);
        self.frame().in_aggregate = true;
        let bound = self.aggregate_parts(name, function, arguments);
        let filter = function.filter.as_ref().map(|filter| {
            let bound = self.expr(filter).map_err(|error| match error.sqlstate() {
                "42803" if !self.is_sqlite() => {
                    SqlError::new("42803", "aggregate functions are not allowed in FILTER")
                }
                _ => error,
            })?;
            self.condition(bound, "FILTER")
        });
        self.frame().in_aggregate = false;
        let used = std::mem::replace(&mut self.used, watched);
        self.used.extend(&used);
        self.aggregate_level = said;
        // The order of what is taken once is looked at after FILTER.
        let bound = match (bound, &filter) {
            (Err(error), Some(Err(earlier))) if error.sqlstate() == "42P10" => Err(earlier.clone()),
            (bound, _) => bound,
        };
        let Some(parts) = bound? else { return Ok(None) };
        let Parts { resolved, arguments: values, order, direct, of_direct } = parts;
        let filter = filter.transpose()?;
        let result = Expr {
            kind: ExprKind::CaseOperand,
            ty: resolved.result,
            collation: collation_of(&values),
        };
        let kind = AggregateKind::Function {
            function: resolved.function,
            arguments: values,
            distinct: arguments.distinct,
            order,
        };
        let own = self.frames.len() - 1;
        let level = said.unwrap_or_else(|| self.level_of(&used));
        self.take_direct(level, direct, &of_direct)?;
        if level < own || !self.frames[own].clause.takes_aggregates() {
            self.check_aggregate_of(&self.frames[level], name)?;
        }
        // One that is written twice is one.
        let mut known = self.frames[level].aggregates.iter();
        let known = known.find(|known| {
            is_same_aggregate(&known.kind, &kind)
                && same_option(known.filter.as_ref(), filter.as_ref())
        });
        if let Some(known) = known.filter(|_| self.is_sqlite()) {
            return Ok(Some(expr_of(&known.column)));
        }
        let column = self.column_for(name, &result);
        let expr = expr_of(&column);
        self.frames[level].aggregates.push(Aggregation { column, kind, filter });
        Ok(Some(expr))
    }

    /// The frame of an aggregate: the innermost query of which it uses columns; those of subqueries
    /// within it do not count.
    pub(super) fn level_of(&self, used: &BTreeSet<usize>) -> usize {
        let own = self.frames.len() - 1;
        used.range(..=own).next_back().copied().unwrap_or(own)
    }

    /// Gives the frame of an aggregate the arguments that are taken once, which are of that query
    /// or of one around it.
    pub(super) fn take_direct(
        &mut self,
        level: usize,
        direct: Vec<Expr>,
        used: &BTreeSet<usize>,
    ) -> Result<()> {
        self.used.extend(used);
        if !used.is_empty() && self.level_of(used) > level {
            let message = "outer-level aggregate cannot contain a lower-level variable in its \
                           direct arguments";
            return Err(SqlError::new("42803", message));
        }
        self.frames[level].direct.extend(direct);
        Ok(())
    }

    fn check_aggregate_place(&mut self, name: &str) -> Result<()> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        if !frame.in_aggregate {
            // It may belong to a query around.
            let mut outer = self.frames.iter().rev().skip(1);
            if outer.any(|frame| frame.clause.takes_aggregates()) {
                return Ok(());
            }
        }
        self.check_aggregate_of(frame, name)
    }

    /// Whether a query takes aggregates where it stands.
    fn check_aggregate_of(&self, frame: &Frame, name: &str) -> Result<()> {
        let message = if frame.in_aggregate {
            "aggregate function calls cannot be nested".to_owned()
        } else if frame.clause.takes_aggregates() {
            return Ok(());
        } else {
            format!("aggregate functions are not allowed in {}", frame.clause.name())
        };
        let message = match (self.is_sqlite(), frame.clause) {
            (false, _) => message,
            (true, Clause::GroupBy) if !frame.in_aggregate => {
                "aggregate functions are not allowed in the GROUP BY clause".to_owned()
            }
            // A WHERE below other aggregates is looked at later, and told of otherwise.
            (true, Clause::Where) if !frame.aggregates.is_empty() => {
                format!("misuse of aggregate: {name}()")
            }
            // Of the query that it stands in, not of one around.
            (true, _) if self.frames.last().is_some_and(|own| std::ptr::eq(own, frame)) => {
                format!("misuse of aggregate function {name}()")
            }
            (true, _) => format!("misuse of aggregate: {name}()"),
        };
        Err(SqlError::new("42803", message))
    }

    fn aggregate_parts(
        &mut self,
        name: &str,
        function: &Function,
        arguments: &Arguments<'_>,
    ) -> Result<Option<Parts>> {
        if self.is_sqlite() && arguments.distinct && arguments.trees.len() != 1 {
            let message = "DISTINCT aggregates must have exactly one argument";
            return Err(SqlError::new("42601", message));
        }
        let mut parts = Vec::new();
        for tree in &arguments.trees {
            let part = self.value_expr(tree)?;
            let collation = self.said_collation(tree)?.unwrap_or(part.collation);
            parts.push(Expr { collation, ..part });
        }
        let (mut direct, mut of_direct) = (Vec::new(), BTreeSet::new());
        if !function.within_group.is_empty() {
            direct.clone_from(&parts);
            of_direct = std::mem::take(&mut self.used);
        }
        let mut order = Vec::new();
        for tree in function.within_group.iter() {
            let bound = self.value_expr(&tree.expr)?;
            let is_literal = matches!(bound.kind, ExprKind::Literal(_));
            let settled = self.settle(bound.clone())?;
            let key = self.sort_key_of(settled, tree)?;
            // A literal has the type that the aggregate takes, if that says one.
            parts.push(if is_literal { bound } else { key.expr.clone() });
            order.push(key);
        }
        let types: Vec<SqlType> = parts.iter().map(|part| part.ty.clone()).collect();
        let Some(resolved) = self.resolve_aggregate(name, &types)? else {
            return Ok(None);
        };
        let given = parts.clone();
        let parts = self.cast_arguments(parts, &resolved.arguments)?;
        for tree in arguments.order {
            let key = self.sort_key(tree)?;
            let key = SortKey { expr: ordinal(key.expr)?, ..key };
            if arguments.distinct && !self.is_sqlite() {
                check_order_of_distinct((&tree.expr, &key.expr), &arguments.trees, &given)?;
            }
            order.push(key);
        }
        // PostgreSQL sorts the values to tell which are the same, and what gathers them shows it.
        let gathers = ["array_agg", "string_agg", "json_agg", "jsonb_agg"].contains(&name);
        if gathers && arguments.distinct && order.is_empty() && !self.is_sqlite() {
            for (part, given) in parts.iter().zip(&given) {
                let is_literal = given.ty == SqlType::Unknown;
                let expr = ordinal(if is_literal { part } else { given }.clone())?;
                order.push(SortKey { expr, descending: false, nulls_first: false });
            }
        }
        Ok(Some(Parts { resolved, arguments: parts, order, direct, of_direct }))
    }
}
