//! By which collation SQLite compares: one that is said anywhere in an operand, also inside of
//! calls and operators, is the operand's; else that of a column which the operand is.

use bourse::Collation;
use sqlparser::ast::{
    Expr as Ast, FunctionArg, FunctionArgExpr, FunctionArguments, InTarget, ObjectName,
};

use super::binder::Binder;
use super::coerce::strip;
use super::compare::{chosen_collation, is_column};
use crate::algebra::Expr;
use crate::error::Result;

impl Binder<'_> {
    /// The collation that an operand says.
    pub(super) fn said_collation(&self, tree: &Ast) -> Result<Option<Collation>> {
        let said = match strip(tree) {
            Ast::Collate { collation, .. } => Some(collation),
            tree if self.is_sqlite() => first_said(tree),
            _ => None,
        };
        said.map(|name| self.collation(name)).transpose()
    }

    /// The collation of what is one of several values: in SQLite only a column has one.
    pub(super) fn collation_of_one(&self, values: &[Expr]) -> Collation {
        let first = values.first().filter(|_| !self.is_sqlite());
        first.map_or(Collation::Binary, |first| first.collation)
    }

    /// The collation of a comparison: one that is said, the left one's first; else that of a
    /// column, the left one's first.
    pub(super) fn collation_of_two(
        &self,
        (left, left_tree): (&Expr, &Ast),
        (right, right_tree): (&Expr, &Ast),
    ) -> Result<Collation> {
        let said = match self.said_collation(left_tree)? {
            Some(said) => Some(said),
            None => self.said_collation(right_tree)?,
        };
        Ok(said.unwrap_or_else(|| chosen_collation(left, right)))
    }

    /// The collation that SQLite's functions of several arguments compare by: of the first that
    /// has one.
    pub(super) fn collation_of_arguments(
        &self,
        arguments: &[Expr],
        trees: &[&Ast],
    ) -> Result<Collation> {
        for (argument, tree) in arguments.iter().zip(trees) {
            if let Some(said) = self.said_collation(tree)? {
                return Ok(said);
            }
            if is_column(argument) {
                return Ok(argument.collation);
            }
        }
        Ok(Collation::Binary)
    }
}

/// The collation that stands first in an expression, but not in its subqueries.
fn first_said(tree: &Ast) -> Option<&ObjectName> {
    let mut stack = vec![tree];
    while let Some(next) = stack.pop() {
        let begin = stack.len();
        match next {
            Ast::Collate { collation, .. } => return Some(collation),
            Ast::Nested(inner)
            | Ast::UnaryOp { expr: inner, .. }
            | Ast::Cast { expr: inner, .. }
            | Ast::IsNull(inner)
            | Ast::IsNotNull(inner)
            | Ast::IsTrue(inner)
            | Ast::IsNotTrue(inner)
            | Ast::IsFalse(inner)
            | Ast::IsNotFalse(inner)
            | Ast::Substring { expr: inner, .. }
            | Ast::Trim { expr: inner, .. } => stack.push(inner),
            Ast::BinaryOp { left, right, .. }
            | Ast::IsDistinctFrom(left, right)
            | Ast::IsNotDistinctFrom(left, right)
            | Ast::Like { expr: left, pattern: right, .. } => stack.extend([&**left, right]),
            Ast::Between { expr, low, high, .. } => stack.extend([&**expr, low, high]),
            Ast::In { expr, target, .. } => {
                stack.push(expr);
                if let InTarget::List(list) = target {
                    stack.extend(list);
                }
            }
            Ast::Function(function) => {
                if let FunctionArguments::List(list) = &function.args {
                    stack.extend(list.args.iter().filter_map(|argument| match argument {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(tree)) => Some(tree),
                        _ => None,
                    }));
                }
            }
            Ast::Case { operand, conditions, else_result, .. } => {
                stack.extend(operand.as_deref());
                stack.extend(conditions.iter().flat_map(|when| [&when.condition, &when.result]));
                stack.extend(else_result.as_deref());
            }
            _ => {}
        }
        // The first one is looked at first.
        stack[begin..].reverse();
    }
    None
}
