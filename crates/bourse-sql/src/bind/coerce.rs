//! Expressions made ones of another type.

use sqlparser::ast::Expr as Ast;

use super::binder::Binder;
use super::expression::row;
use crate::Dialect;
use crate::algebra::{Expr, ExprKind};
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::function::cast::{CastContext, apply_affinity, can_cast, has_length};
use crate::function::resolve::has_names;
use crate::types::{self, Affinity, SqlType};

impl Binder<'_> {
    /// The expression as one of a type, where such a cast may be made.
    ///
    /// # Errors
    /// 42846 when there is no such cast; 22P02 and others for a literal that is no such value.
    pub(crate) fn coerce(&mut self, expr: Expr, to: &SqlType, place: CastContext) -> Result<Expr> {
        if self.is_sqlite() {
            let marks = matches!(to, SqlType::Json | SqlType::Jsonb) && expr.ty != *to;
            return Ok(self.value(if marks { marked_as_json(expr) } else { expr }));
        }
        if expr.ty == *to || *to == SqlType::Any {
            return Ok(expr);
        }
        if expr.ty == SqlType::Unknown {
            return self.coerce_unknown(expr, to, place);
        }
        if *to == SqlType::Unknown {
            return Ok(expr);
        }
        // Functions of JSON ask for rows as JSON, which has the names of their columns.
        let is_row = place == CastContext::Implicit && *to == SqlType::Json && has_names(&expr.ty);
        if !is_row && !can_cast(Dialect::Postgres, &expr.ty, to, place) {
            let (from, to) = (expr.ty.name_without_modifier(), to.name_without_modifier());
            return Err(SqlError::new("42846", format!("cannot cast type {from} to {to}")));
        }
        Ok(cast(expr, to.clone(), place == CastContext::Explicit))
    }

    /// A literal in quotes, NULL or a parameter becomes what its place wants.
    fn coerce_unknown(&mut self, expr: Expr, to: &SqlType, place: CastContext) -> Result<Expr> {
        let explicit = place == CastContext::Explicit;
        // A length is what a column asks of its values, and CAST, not what operators ask.
        let to = match (place, to) {
            (CastContext::Implicit, SqlType::Varchar(Some(_))) => &SqlType::Varchar(None),
            _ => to,
        };
        match expr.kind {
            ExprKind::Parameter(number) => {
                if self.parameters.len() <= number {
                    self.parameters.resize(number + 1, None);
                }
                let ty = match &self.parameters[number] {
                    Some(known) => known.clone(),
                    None => {
                        let ty = without_length(to);
                        self.parameters[number] = Some(ty.clone());
                        ty
                    }
                };
                let typed = Expr { kind: ExprKind::Parameter(number), ty, ..expr };
                self.coerce(typed, to, place)
            }
            ExprKind::Literal(Datum::Null) => {
                Ok(Expr { kind: ExprKind::Literal(Datum::Null), ty: to.clone(), ..expr })
            }
            ExprKind::Literal(Datum::Text(ref text)) => {
                if explicit && has_length(to) || !is_constant_input(text, to) {
                    // What is wrong with it is told before anything is computed.
                    if is_of_time(to) {
                        datum::input(text, to, &self.context())?;
                    }
                    let text = Expr { ty: SqlType::Text, ..expr };
                    return Ok(cast(text, to.clone(), explicit));
                }
                let value = datum::input(text, to, &self.context())?;
                Ok(Expr { kind: ExprKind::Literal(value), ty: to.clone(), ..expr })
            }
            _ => Ok(cast(expr, to.clone(), explicit)),
        }
    }

    /// What goes into a column.
    ///
    /// # Errors
    /// 42804 when its values cannot.
    pub(crate) fn assign(&mut self, expr: Expr, to: &SqlType, column: &str) -> Result<Expr> {
        if self.is_sqlite() {
            return Ok(self.value(expr));
        }
        let from = expr.ty.clone();
        if from != SqlType::Unknown
            && !can_cast(Dialect::Postgres, &from, to, CastContext::Assignment)
        {
            let (from, to) = (from.name_without_modifier(), to.name_without_modifier());
            let message =
                format!("column \"{column}\" is of type {to} but expression is of type {from}");
            let error = SqlError::new("42804", message);
            return Err(error.with_hint("You will need to rewrite or cast the expression."));
        }
        self.coerce(expr, to, CastContext::Assignment)
    }

    /// A value: in SQLite's dialect truths are numbers.
    pub(crate) fn value(&self, expr: Expr) -> Expr {
        if self.is_sqlite() && expr.ty == SqlType::Boolean {
            return cast(expr, SqlType::BigInt, false);
        }
        expr
    }

    /// A condition of a clause.
    ///
    /// # Errors
    /// 42804 when it is none.
    pub(crate) fn condition(&mut self, expr: Expr, clause: &str) -> Result<Expr> {
        match &expr.ty {
            SqlType::Boolean => Ok(expr),
            SqlType::Unknown => self.coerce(expr, &SqlType::Boolean, CastContext::Implicit),
            _ if self.is_sqlite() => Ok(cast(expr, SqlType::Boolean, false)),
            other => {
                let message = format!(
                    "argument of {clause} must be type boolean, not type {}",
                    other.name_without_modifier()
                );
                Err(SqlError::new("42804", message))
            }
        }
    }

    /// A type for what nothing else gives one.
    pub(crate) fn settle(&mut self, expr: Expr) -> Result<Expr> {
        if self.is_sqlite() {
            return Ok(self.value(expr));
        }
        match expr.kind {
            ExprKind::Array(parts) if parts.is_empty() && expr.ty == SqlType::Unknown => {
                let error = SqlError::new("42P18", "cannot determine type of empty array");
                Err(error.with_hint(
                    "Explicitly cast to the desired type, for example ARRAY[]::integer[].",
                ))
            }
            kind if expr.ty == SqlType::Unknown => {
                self.coerce(Expr { kind, ..expr }, &SqlType::Text, CastContext::Implicit)
            }
            ExprKind::Row(parts) if parts.iter().any(|part| part.ty == SqlType::Unknown) => {
                let parts = parts.into_iter().map(|part| self.settle(part));
                Ok(row(parts.collect::<Result<_>>()?))
            }
            kind => Ok(Expr { kind, ..expr }),
        }
    }

    /// Expressions cast to the one type that they have in common.
    ///
    /// # Errors
    /// 42804 when there is none.
    pub(crate) fn unify(&mut self, exprs: Vec<Expr>, what: &str) -> Result<(Vec<Expr>, SqlType)> {
        let known: Vec<SqlType> = exprs.iter().map(|expr| expr.ty.clone()).collect();
        let ty = crate::function::resolve::common_type(self.dialect, &known, what)?;
        let cast = exprs.into_iter().map(|expr| self.coerce(expr, &ty, CastContext::Implicit));
        Ok((cast.collect::<Result<_>>()?, ty))
    }

    /// SQLite's affinity of an expression.
    pub(crate) fn affinity_of(&self, expr: &Expr) -> Affinity {
        if !self.is_sqlite() {
            return Affinity::None;
        }
        match &expr.kind {
            ExprKind::Column(id) => self.affinities.get(id).copied().unwrap_or_default(),
            // What a generated column is computed of, as it will be kept.
            ExprKind::Affinity { affinity, .. } => *affinity,
            ExprKind::Cast { explicit: true, .. } => affinity_of_cast(&expr.ty),
            ExprKind::Cast { operand, .. } if expr.ty == SqlType::Any => match &operand.kind {
                ExprKind::Cast { explicit: true, .. } => affinity_of_cast(&operand.ty),
                _ => Affinity::None,
            },
            ExprKind::Subquery(subquery) => {
                let column = subquery.query.columns.first();
                column
                    .and_then(|column| self.affinities.get(&column.id))
                    .copied()
                    .unwrap_or_default()
            }
            _ => Affinity::None,
        }
    }

    /// Whether an expression is a column of a table, handed on or not.
    pub(crate) fn is_kept(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Column(id) if self.affinities.contains_key(id))
    }

    /// SQLite's conversions of two operands that are compared.
    pub(crate) fn with_affinities(&self, left: Expr, right: Expr) -> (Expr, Expr) {
        let (of_left, of_right) = (self.affinity_of(&left), self.affinity_of(&right));
        match (of_left, of_right) {
            (l, r) if l.is_numeric() && !r.is_numeric() => {
                (left, with_affinity(right, Affinity::Numeric))
            }
            (l, r) if r.is_numeric() && !l.is_numeric() => {
                (with_affinity(left, Affinity::Numeric), right)
            }
            // A column without affinity keeps its values as they are; another expression does not.
            (Affinity::Text, Affinity::None) if !self.is_kept(&right) => {
                (left, with_affinity(right, Affinity::Text))
            }
            (Affinity::None, Affinity::Text) if !self.is_kept(&left) => {
                (with_affinity(left, Affinity::Text), right)
            }
            _ => (left, right),
        }
    }
}

/// In SQLite's dialect, what is JSON already is marked as such where a function of JSON asks for
/// it, also where it is one of several values that an expression may have.
fn marked_as_json(expr: Expr) -> Expr {
    let kind = match (&expr.ty, expr.kind) {
        (SqlType::Json, kind) => return cast(Expr { kind, ..expr }, SqlType::Jsonb, false),
        (SqlType::Jsonb, kind) => return cast(Expr { kind, ..expr }, SqlType::Json, false),
        (_, ExprKind::Coalesce(values)) => {
            ExprKind::Coalesce(values.into_iter().map(marked_as_json).collect())
        }
        (_, ExprKind::Case { operand, branches, otherwise }) => ExprKind::Case {
            operand,
            branches: branches.into_iter().map(|(c, value)| (c, marked_as_json(value))).collect(),
            otherwise: otherwise.map(|value| Box::new(marked_as_json(*value))),
        },
        (SqlType::Any, ExprKind::Cast { operand, explicit: false }) => {
            ExprKind::Cast { operand: Box::new(marked_as_json(*operand)), explicit: false }
        }
        (_, kind) => kind,
    };
    Expr { kind, ..expr }
}

/// The expression under an affinity; a constant at once.
pub(crate) fn with_affinity(expr: Expr, affinity: Affinity) -> Expr {
    match expr.kind {
        ExprKind::Literal(value) => {
            Expr { kind: ExprKind::Literal(apply_affinity(value, affinity)), ..expr }
        }
        _ if affinity == Affinity::None => expr,
        _ => {
            let (collation, operand) = (expr.collation, Box::new(expr));
            let kind = ExprKind::Affinity { operand, affinity };
            Expr { kind, ty: SqlType::Any, collation }
        }
    }
}

/// The expression converted to a type.
pub(crate) fn cast(expr: Expr, ty: SqlType, explicit: bool) -> Expr {
    let collation = expr.collation;
    Expr { kind: ExprKind::Cast { operand: Box::new(expr), explicit }, ty, collation }
}

/// Of a type that only SQLite's rules know the use of.
pub(crate) fn number_as_any(expr: Expr) -> Expr {
    cast(expr, SqlType::Any, false)
}

fn affinity_of_cast(ty: &SqlType) -> Affinity {
    match ty {
        SqlType::SmallInt | SqlType::Integer | SqlType::BigInt | SqlType::Oid(_) => {
            Affinity::Integer
        }
        SqlType::Real | SqlType::Double => Affinity::Real,
        SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Name => Affinity::Text,
        SqlType::Numeric(_) => Affinity::Numeric,
        _ => Affinity::None,
    }
}

/// What SQLite's CAST makes of a declared type, by its affinity.
pub(crate) fn type_of_affinity(declared: &str) -> SqlType {
    match types::affinity(declared) {
        Affinity::None => SqlType::Bytea,
        Affinity::Text => SqlType::Text,
        Affinity::Numeric => SqlType::Numeric(None),
        Affinity::Integer => SqlType::BigInt,
        Affinity::Real => SqlType::Double,
    }
}

/// A parameter's type has no length: what is too long is told at its place.
fn without_length(ty: &SqlType) -> SqlType {
    match ty {
        SqlType::Varchar(_) => SqlType::Varchar(None),
        SqlType::Char(_) => SqlType::Char(0),
        SqlType::Numeric(_) => SqlType::Numeric(None),
        other => other.clone(),
    }
}

/// Whether a literal's value depends on nothing but its text.
fn is_constant_input(text: &str, ty: &SqlType) -> bool {
    match ty {
        SqlType::TimestampTz(_) | SqlType::Oid(_) | SqlType::Record(_) => false,
        SqlType::Date | SqlType::Timestamp(_) | SqlType::Time(_) => {
            let lower = text.to_ascii_lowercase();
            !["now", "today", "tomorrow", "yesterday"].iter().any(|word| lower.contains(word))
        }
        SqlType::Array(element) => is_constant_input(text, element),
        _ => true,
    }
}

/// Whether values are dates or times, or arrays of them.
fn is_of_time(ty: &SqlType) -> bool {
    match ty {
        SqlType::Array(element) => is_of_time(element),
        SqlType::Date | SqlType::Time(_) | SqlType::Timestamp(_) | SqlType::TimestampTz(_) => true,
        _ => false,
    }
}

/// The expression without the parentheses around it.
pub(crate) fn strip(expr: &Ast) -> &Ast {
    let mut expr = expr;
    while let Ast::Nested(inner) = expr {
        expr = inner;
    }
    expr
}
