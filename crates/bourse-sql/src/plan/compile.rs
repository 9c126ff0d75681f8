//! Expressions become code: columns are slots, calls of constants are constants.

use super::Planner;
use super::access::Want;
use super::code::{ArrayComparison, Case, Code, Comparison, RowComparison, Subplan, SubplanKind};
use super::ids::{Ids, ctes_in_query, free_in_query, is_volatile_query};
use crate::algebra::{ColumnId, Expr, ExprKind, SortKey, Subquery, SubqueryKind};
use crate::datum::Datum;
use crate::error::Result;
use crate::execute::evaluate::{accepts, truth_of};
use crate::function::Volatility;
use crate::function::cast::cast;
use crate::types::SqlType;

use super::node::SortCode;

/// The slot of a column.
pub(crate) fn slot(id: ColumnId) -> usize {
    id.0 as usize
}

impl Planner<'_> {
    /// Expressions as code.
    pub(crate) fn codes(&mut self, exprs: &[Expr]) -> Result<Box<[Code]>> {
        exprs.iter().map(|expr| self.code(expr)).collect()
    }

    /// Sort keys as code.
    pub(crate) fn sort_codes(&mut self, keys: &[SortKey]) -> Result<Box<[SortCode]>> {
        let mut codes = Vec::with_capacity(keys.len());
        for key in keys {
            codes.push(SortCode {
                code: self.code(&key.expr)?,
                descending: key.descending,
                nulls_first: key.nulls_first,
                collation: key.expr.collation,
            });
        }
        Ok(codes.into())
    }

    /// An expression as code.
    #[expect(clippy::too_many_lines, reason = "an arm for each kind of expression")]
    pub(crate) fn code(&mut self, expr: &Expr) -> Result<Code> {
        Ok(match &expr.kind {
            ExprKind::Literal(value) => Code::Constant(value.clone()),
            ExprKind::Parameter(number) => Code::Parameter(*number),
            ExprKind::Column(id) => Code::Slot(slot(*id)),
            ExprKind::Call { function, arguments } => {
                let arguments = self.codes(arguments)?;
                if function.volatility == Volatility::Immutable
                    && let Some(values) = constants(&arguments)
                {
                    let is_null = function.strict && values.iter().any(Datum::is_null);
                    // What it refuses is refused where it is evaluated, if ever (E2).
                    let value = match is_null {
                        true => Ok(Datum::Null),
                        false => function.run(&values, self.context),
                    };
                    if let Ok(value) = value {
                        return Ok(Code::Constant(value));
                    }
                }
                Code::Call { function, arguments }
            }
            ExprKind::Cast { operand, explicit } => self.cast(operand, &expr.ty, *explicit)?,
            ExprKind::Affinity { operand, affinity } => match self.code(operand)? {
                Code::Constant(value) => {
                    Code::Constant(crate::function::cast::apply_affinity(value, *affinity))
                }
                code => Code::Affinity(Box::new(code), *affinity),
            },
            ExprKind::Compare { op, left, right } => {
                let collation = left.collation;
                let comparison = Comparison {
                    op: *op,
                    left: self.code(left)?,
                    right: self.code(right)?,
                    collation,
                };
                if let (Code::Constant(left), Code::Constant(right)) =
                    (&comparison.left, &comparison.right)
                    && !left.is_null()
                    && !right.is_null()
                {
                    let order = crate::datum::compare(left, right, collation);
                    return Ok(self.truth(accepts(*op, order)));
                }
                Code::Compare(Box::new(comparison))
            }
            ExprKind::CompareRows { op, left, right } => {
                Code::CompareRows(Box::new(RowComparison {
                    op: *op,
                    collations: left.iter().map(|expr| expr.collation).collect(),
                    left: self.codes(left)?,
                    right: self.codes(right)?,
                }))
            }
            ExprKind::CompareArray { op, quantifier, left, array } => {
                Code::CompareArray(Box::new(ArrayComparison {
                    op: *op,
                    quantifier: *quantifier,
                    collation: left.collation,
                    left: self.code(left)?,
                    array: self.code(array)?,
                }))
            }
            ExprKind::InList { operand, list } => {
                let collation = operand.collation;
                Code::InList(Box::new(self.code(operand)?), self.codes(list)?, collation)
            }
            ExprKind::And(parts) => self.all_or_any(parts, true)?,
            ExprKind::Or(parts) => self.all_or_any(parts, false)?,
            ExprKind::Not(operand) => Code::Not(Box::new(self.code(operand)?)),
            ExprKind::IsNull { operand, negated } => {
                Code::IsNull(Box::new(self.code(operand)?), *negated)
            }
            ExprKind::Is { operand, test, negated } => {
                Code::Is(Box::new(self.code(operand)?), *test, *negated)
            }
            ExprKind::Case { .. } => self.case(expr)?,
            ExprKind::CaseOperand => Code::CaseOperand,
            ExprKind::Coalesce(parts) => Code::Coalesce(self.codes(parts)?),
            ExprKind::Row(parts) => Code::Row(self.codes(parts)?),
            ExprKind::Field { operand, index } => {
                Code::Field(Box::new(self.code(operand)?), *index)
            }
            ExprKind::Array(parts) => {
                let nested = parts.iter().any(|part| part.ty.element().is_some());
                Code::Array(self.codes(parts)?, nested)
            }
            ExprKind::Subscript { operand, indices } => {
                Code::Subscript(Box::new(self.code(operand)?), self.codes(indices)?)
            }
            ExprKind::Slice { operand, bounds } => {
                let mut codes = Vec::with_capacity(bounds.len());
                for (low, high) in bounds {
                    let low = low.as_ref().map(|low| self.code(low)).transpose()?;
                    let high = high.as_ref().map(|high| self.code(high)).transpose()?;
                    codes.push((low, high));
                }
                Code::Slice(Box::new(self.code(operand)?), codes.into())
            }
            ExprKind::Subquery(subquery) => Code::Subquery(Box::new(self.subplan(subquery)?)),
        })
    }

    fn truth(&self, truth: bool) -> Code {
        Code::Constant(match self.dialect {
            crate::Dialect::Postgres => Datum::Boolean(truth),
            crate::Dialect::Sqlite => Datum::Integer(i64::from(truth)),
        })
    }

    fn cast(&mut self, operand: &Expr, to: &SqlType, explicit: bool) -> Result<Code> {
        let code = self.code(operand)?;
        let from = operand.ty.clone();
        if let Code::Constant(value) = &code
            && is_plain(&from)
            && is_plain(to)
            && let Ok(value) = cast(value.clone(), &from, to, explicit, self.context)
        {
            return Ok(Code::Constant(value));
        }
        Ok(Code::Cast { operand: Box::new(code), from, to: to.clone(), explicit })
    }

    fn all_or_any(&mut self, parts: &[Expr], is_all: bool) -> Result<Code> {
        let mut codes = Vec::with_capacity(parts.len());
        for part in parts {
            let code = self.code(part)?;
            // A part that decides nothing is left out.
            let decided = match &code {
                Code::Constant(value) => truth_of(value) == Some(is_all),
                _ => false,
            };
            if !decided {
                codes.push(code);
            }
        }
        Ok(match (codes.is_empty(), is_all) {
            (true, truth) => self.truth(truth),
            (false, true) => Code::And(codes.into()),
            (false, false) => Code::Or(codes.into()),
        })
    }

    fn case(&mut self, expr: &Expr) -> Result<Code> {
        let ExprKind::Case { operand, branches, otherwise } = &expr.kind else {
            return self.code(expr);
        };
        let mut codes = Vec::with_capacity(branches.len());
        for (condition, result) in branches {
            codes.push((self.code(condition)?, self.code(result)?));
        }
        Ok(Code::Case(Box::new(Case {
            operand: operand.as_ref().map(|operand| self.code(operand)).transpose()?,
            branches: codes.into(),
            otherwise: otherwise.as_ref().map(|expr| self.code(expr)).transpose()?,
        })))
    }

    fn subplan(&mut self, subquery: &Subquery) -> Result<Subplan> {
        let Subquery { kind, query } = subquery;
        let mut query = query.clone();
        super::push::push_query(&mut query);
        let depends_on = free_in_query(&query);
        // Rows of a recursive expression are others in each round.
        let in_recursion = ctes_in_query(&query).iter().any(|cte| self.recursive.contains(cte));
        let is_stable = !is_volatile_query(&query) && !in_recursion;
        let outer = self.known.clone();
        self.known.extend(&depends_on);
        let needed: Ids = match kind {
            SubqueryKind::Exists => Ids::default(),
            _ => query.columns.iter().map(|column| column.id).collect(),
        };
        let rows = match kind {
            SubqueryKind::Exists => Some(1.0),
            _ => None,
        };
        let want = Want { order: Vec::new(), rows };
        let built = self.build(query.rel, &needed, &want);
        self.known = outer;
        let outputs = query.columns.iter().map(|column| slot(column.id)).collect();
        let kind = match kind {
            SubqueryKind::Scalar => SubplanKind::Scalar,
            SubqueryKind::Exists => SubplanKind::Exists,
            SubqueryKind::Array => SubplanKind::Array,
            SubqueryKind::Quantified { op, quantifier, operands } => SubplanKind::Quantified {
                op: *op,
                quantifier: *quantifier,
                collations: operands.iter().map(|expr| expr.collation).collect(),
                operands: self.codes(operands)?,
            },
        };
        let cell = self.cell();
        let depends_on = depends_on.slots().into();
        Ok(Subplan { kind, node: built?.node, outputs, depends_on, cell, is_stable })
    }
}

/// Whether conversions between such types depend on no setting and no catalog.
fn is_plain(ty: &SqlType) -> bool {
    matches!(
        ty,
        SqlType::Unknown
            | SqlType::Any
            | SqlType::Boolean
            | SqlType::SmallInt
            | SqlType::Integer
            | SqlType::BigInt
            | SqlType::Real
            | SqlType::Double
            | SqlType::Numeric(_)
            | SqlType::Text
            | SqlType::Varchar(_)
            | SqlType::Char(_)
            | SqlType::Name
            | SqlType::QuotedChar
            | SqlType::Uuid
    )
}

fn constants(codes: &[Code]) -> Option<Vec<Datum>> {
    let constant = |code: &Code| match code {
        Code::Constant(value) => Some(value.clone()),
        _ => None,
    };
    codes.iter().map(constant).collect()
}
