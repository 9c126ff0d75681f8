//! TABLESAMPLE: each row is there by chance.
//!
//! Both methods of PostgreSQL choose row by row here: what SYSTEM chooses there, blocks, a tree has
//! none of. REPEATABLE chooses by a digest of the row's key and the seed.

use sqlparser::ast::{TableSampleKind, TableSampleMethod};

use super::binder::Binder;
use super::scope::{Clause, Namespace, RelationScope};
use crate::algebra::{CompareOp, Expr, ExprKind, Rel};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::types::SqlType;

impl Binder<'_> {
    /// The rows of a table that a sample has.
    pub(super) fn sampled(
        &mut self,
        rel: Rel,
        scope: &RelationScope,
        sample: &TableSampleKind,
    ) -> Result<Rel> {
        let (TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) =
            sample;
        let Some((_, _, key)) = &scope.table else {
            let message = "TABLESAMPLE clause can only be applied to tables and materialized views";
            return Err(SqlError::unsupported(message));
        };
        match sample.name {
            Some(TableSampleMethod::Bernoulli | TableSampleMethod::System) => {}
            Some(other) => {
                let name = other.to_string().to_lowercase();
                let message = format!("tablesample method {name} does not exist");
                return Err(SqlError::new("42704", message));
            }
            None => return Err(self.unsupported("TABLESAMPLE without a method is not supported")),
        }
        let quantity = sample.quantity.as_ref().filter(|quantity| quantity.unit.is_none());
        let Some(quantity) = quantity else {
            return Err(self.unsupported("TABLESAMPLE takes a percentage"));
        };
        let percent = self.within(Namespace::default(), Clause::FunctionInFrom, |binder| {
            let bound = binder.value_expr(&quantity.value)?;
            binder.coerce(bound, &SqlType::Double, CastContext::Assignment)
        })?;
        let known = match &percent.kind {
            ExprKind::Literal(Datum::Double(percent)) => Some(*percent),
            ExprKind::Literal(Datum::Null) => {
                return Err(SqlError::new("2202H", "TABLESAMPLE parameter cannot be null"));
            }
            ExprKind::Cast { operand, .. } => match &operand.kind {
                ExprKind::Literal(Datum::Integer(percent)) => percent.to_string().parse().ok(),
                ExprKind::Literal(Datum::Numeric(percent)) => Some(percent.to_f64()),
                _ => None,
            },
            _ => None,
        };
        let Some(known) = known else {
            return Err(self.unsupported("TABLESAMPLE takes a percentage that is a constant"));
        };
        if !(0.0..=100.0).contains(&known) {
            let message = "sample percentage must be between 0 and 100";
            return Err(SqlError::new("2202H", message));
        }
        let predicate = match &sample.seed {
            None => {
                let chance = self.scalar("random", Vec::new())?;
                let bound = Expr::literal(Datum::Double(known / 100.0), SqlType::Double);
                let collation = chance.collation;
                self.compare(CompareOp::Less, chance, bound, collation)?
            }
            Some(seed) => {
                let columns = scope.columns.iter().map(|column| column.expr.clone());
                let key = match &rel {
                    Rel::Scan(scan) => {
                        let column = scan.columns.iter().find(|(column, _)| column.id == *key);
                        column.map(|(column, _)| super::scope::expr_of(column))
                    }
                    _ => None,
                };
                let mut parts =
                    vec![Expr::literal(Datum::text(&seed.value.to_string()), SqlType::Text)];
                match key {
                    Some(key) => {
                        parts.push(self.coerce(key, &SqlType::Text, CastContext::Explicit)?)
                    }
                    None => parts.extend(columns),
                }
                self.is_chosen(parts, known)?
            }
        };
        Ok(Rel::Filter { input: Box::new(rel), predicate })
    }

    /// Whether the digest of some values is among so many in a hundred.
    fn is_chosen(&mut self, parts: Vec<Expr>, percent: f64) -> Result<Expr> {
        if percent >= 100.0 {
            return Ok(Expr::all(Vec::new()));
        }
        let joined = self.scalar("concat", parts)?;
        let digest = self.scalar("md5", vec![joined])?;
        #[expect(clippy::cast_possible_truncation, reason = "below 2^32")]
        #[expect(clippy::cast_sign_loss, reason = "not negative")]
        let bound = (percent / 100.0 * 4_294_967_296.0) as u64;
        let bound = Expr::literal(Datum::text(&format!("{bound:08x}")), SqlType::Text);
        let collation = digest.collation;
        self.compare(CompareOp::Less, digest, bound, collation)
    }
}
