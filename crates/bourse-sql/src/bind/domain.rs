//! Casts to domains: the value is one of the type below, and what the domain asks of it holds.

use bourse::Collation;
use sqlparser::ast::DataType;

use super::binder::Binder;
use super::expression::not;
use super::scope::{Clause, Namespace};
use crate::algebra::{Expr, ExprKind, TruthTest};
use crate::catalog::TypeEntry;
use crate::datum::Datum;
use crate::error::Result;
use crate::function::REFUSE;
use crate::parse;
use crate::types::SqlType;

impl Binder<'_> {
    /// The value of a cast to a type, which may be a domain.
    pub(super) fn of_domain(&mut self, value: Expr, data_type: &DataType) -> Result<Expr> {
        let DataType::Custom(name, _) = data_type else { return Ok(value) };
        let (schema, name) = self.object_name(name)?;
        let found = self.catalog.user_type(schema.as_deref(), &name, self.settings);
        let Some(TypeEntry::Domain(_, note)) = found else { return Ok(value) };
        let note = note.clone();
        let mut refusals = Vec::new();
        if note.not_null {
            let kind = ExprKind::IsNull { operand: Box::new(value.clone()), negated: false };
            let is_null = Expr { kind, ty: SqlType::Boolean, collation: Collation::Binary };
            let message = format!("domain {name} does not allow null values");
            refusals.push((is_null, self.refusal("23502", &message, &value)?));
        }
        for (check, text) in &note.checks {
            let tree = parse::expression(text, self.dialect)?;
            let condition = self.apart(|binder| {
                binder.within(Namespace::default(), Clause::Check, |binder| {
                    binder.frame().value = Some(value.clone());
                    let bound = binder.expr(&tree)?;
                    binder.condition(bound, "CHECK")
                })
            })?;
            let (operand, test) = (Box::new(condition), TruthTest::False);
            let kind = ExprKind::Is { operand, test, negated: true };
            let holds = Expr { kind, ty: SqlType::Boolean, collation: Collation::Binary };
            let message = format!("value for domain {name} violates check constraint \"{check}\"");
            refusals.push((not(holds), self.refusal("23514", &message, &value)?));
        }
        if refusals.is_empty() {
            return Ok(value);
        }
        let (ty, collation) = (value.ty.clone(), value.collation);
        let otherwise = Some(Box::new(value));
        let kind = ExprKind::Case { operand: None, branches: refusals, otherwise };
        Ok(Expr { kind, ty, collation })
    }

    /// A call that is an error, in place of a value.
    pub(super) fn refusal(&mut self, sqlstate: &str, message: &str, value: &Expr) -> Result<Expr> {
        let text = |text: &str| Expr::literal(Datum::text(text), SqlType::Text);
        let call = self.scalar(REFUSE, vec![text(sqlstate), text(message)])?;
        Ok(Expr { ty: value.ty.clone(), ..call })
    }
}
