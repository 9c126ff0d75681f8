//! Set-returning functions in expressions.

use bourse::Collation;

use super::binder::Binder;
use crate::algebra::{Expr, ExprKind, SetCall};
use crate::error::{Result, SqlError};
use crate::function::resolve;
use crate::types::SqlType;

impl Binder<'_> {
    /// A set-returning function in an expression.
    pub(super) fn set_call(
        &mut self,
        set: resolve::ResolvedSet,
        arguments: Vec<Expr>,
    ) -> Result<Expr> {
        let frame = self.frame();
        let clause = frame.clause;
        if frame.in_aggregate {
            let message = "aggregate function calls cannot contain set-returning function calls";
            return Err(SqlError::unsupported(message).with_hint(
                "You might be able to move the set-returning function into a LATERAL FROM item.",
            ));
        }
        if !clause.takes_sets() {
            let message = format!("set-returning functions are not allowed in {}", clause.name());
            return Err(SqlError::unsupported(message));
        }
        let arguments = self.cast_arguments(arguments, &set.arguments)?;
        let mut columns = Vec::new();
        for (column, ty) in &set.columns {
            let id = self.next_column();
            columns.push(super::scope::column(id, column, ty.clone(), Collation::Binary));
        }
        let inner = |expr: &Expr, sets: &[(usize, SetCall)]| {
            super::same::columns_of(expr)
                .into_iter()
                .filter_map(|id| {
                    let has = |call: &SetCall| call.columns.iter().any(|column| column.id == id);
                    sets.iter().find(|(_, call)| has(call)).map(|(level, _)| level + 1)
                })
                .max()
        };
        let sets = &self.frame().sets;
        let level =
            arguments.iter().filter_map(|argument| inner(argument, sets)).max().unwrap_or(0);
        let exprs: Vec<Expr> = columns.iter().map(super::scope::expr_of).collect();
        let call = SetCall { function: set.function, arguments, columns };
        self.frame().sets.push((level, call));
        match exprs.as_slice() {
            [one] => Ok(one.clone()),
            _ => {
                let types = set.columns.iter().cloned().collect();
                let kind = ExprKind::Row(exprs);
                Ok(Expr { kind, ty: SqlType::Record(types), collation: Collation::Binary })
            }
        }
    }

    /// How many set-returning functions the innermost frame has.
    pub(crate) fn set_count(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.sets.len())
    }

    /// Refuses set-returning functions that were bound since there were so many.
    pub(crate) fn check_no_sets(&self, before: usize, place: &str) -> Result<()> {
        if self.set_count() == before {
            return Ok(());
        }
        let message = format!("set-returning functions are not allowed in {place}");
        Err(SqlError::unsupported(message).with_hint(
            "You might be able to move the set-returning function into a LATERAL FROM item.",
        ))
    }
}
