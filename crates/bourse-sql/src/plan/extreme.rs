//! MIN and MAX alone, over all rows that are found: the first row in the column's order has the
//! value, where an index gives that order.

use bourse::Collation;

use super::Planner;
use super::access::{OrderPart, Want};
use super::build::Built;
use super::code::Code;
use super::ids::Ids;
use super::node::{Limit, Node};
use crate::algebra::{AggregateKind, Aggregation, Expr, ExprKind, Rel, ScanColumn};
use crate::datum::Datum;
use crate::error::Result;
use crate::types::SqlType;

/// The one MIN or MAX of a column of a table, as the order whose first row has the value.
/// Beside it the column, where that may be NULL.
fn extreme(input: &Rel, aggregates: &[Aggregation]) -> Option<(OrderPart, Option<Expr>)> {
    let [Aggregation { kind, filter: None, .. }] = aggregates else { return None };
    let AggregateKind::Function { function, arguments, order, .. } = kind else { return None };
    let descending = match function.name {
        "min" => false,
        "max" => true,
        _ => return None,
    };
    let [argument @ Expr { kind: ExprKind::Column(id), .. }] = &arguments[..] else { return None };
    let scan = match input {
        Rel::Scan(scan) => scan,
        Rel::Filter { input, .. } => match &**input {
            Rel::Scan(scan) => scan,
            _ => return None,
        },
        _ => return None,
    };
    let (_, source) = scan.columns.iter().find(|(column, _)| column.id == *id)?;
    let ScanColumn::Column(position) = source else { return None };
    if !order.is_empty() {
        return None;
    }
    let not_null = scan.table.definition().columns[*position].not_null;
    // NULL, which is no extreme, comes first in keys.
    let part =
        OrderPart { id: *id, descending, nulls_first: !descending, collation: argument.collation };
    Some((part, (!not_null).then(|| argument.clone())))
}

impl Planner<'_> {
    /// The input of aggregates without GROUP BY: of a lone MIN or MAX the row that has it, where
    /// that is found without looking at all.
    pub(super) fn input_of_all(
        &mut self,
        input: Rel,
        aggregates: &[Aggregation],
        needed: &Ids,
    ) -> Result<Built> {
        let Some((part, argument)) = extreme(&input, aggregates) else {
            return self.build(input, needed, &Want::default());
        };
        let is_there = |column| Expr {
            kind: ExprKind::IsNull { operand: Box::new(column), negated: true },
            ty: SqlType::Boolean,
            collation: Collation::Binary,
        };
        let input = super::push::push(input, argument.map(is_there).into_iter().collect());
        let mut built = self.build(input, needed, &Want { order: vec![part], rows: Some(1.0) })?;
        if built.order.is_empty() {
            return Ok(built);
        }
        let one = || Code::Constant(Datum::Integer(1));
        if let Node::Scan(scan) = &mut built.node {
            scan.limit = Some((one(), None));
        }
        built.node = Node::Limit(Box::new(Limit {
            input: built.node,
            limit: Some(one()),
            offset: None,
            ties: None,
        }));
        Ok(Built::new(built.node, 1.0, built.cost))
    }
}
