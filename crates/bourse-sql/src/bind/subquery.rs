//! Queries inside of expressions.

use std::collections::BTreeSet;

use bourse::Collation;
use sqlparser::ast::{Expr as Ast, Query as Tree};

use super::binder::Binder;
use super::coerce::{strip, with_affinity};
use super::compare::chosen_collation;
use super::expression::{boolean, not_if, row};
use super::scope::{column, expr_of};
use crate::algebra::{
    Column, CompareOp, Expr, ExprKind, OutputColumn, Quantifier, Query, Rel, Subquery, SubqueryKind,
};
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::resolve;
use crate::types::{Affinity, SqlType};

impl Binder<'_> {
    /// EXISTS, or a query as a value.
    pub(crate) fn subquery_expr(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::Exists { subquery, negated } => {
                let query = self.query(subquery)?;
                let kind = SubqueryKind::Exists;
                let exists = boolean(ExprKind::Subquery(Box::new(Subquery { kind, query })));
                Ok(not_if(*negated, exists))
            }
            Ast::Subquery(query) => self.subquery(query, SubqueryKind::Scalar),
            other => Err(self.unsupported(&format!("{other} is not supported"))),
        }
    }

    /// The one value of a query.
    pub(crate) fn subquery(&mut self, tree: &Tree, kind: SubqueryKind) -> Result<Expr> {
        let query = self.query(tree)?;
        self.one_column(&query)?;
        let column = &query.columns[0];
        let (ty, collation) = (column.ty.clone(), column.collation);
        Ok(Expr { kind: ExprKind::Subquery(Box::new(Subquery { kind, query })), ty, collation })
    }

    fn one_column(&self, query: &Query) -> Result<()> {
        if query.columns.len() == 1 {
            return Ok(());
        }
        Err(match self.is_sqlite() {
            true => SqlError::new(
                "42601",
                format!("sub-select returns {} columns - expected 1", query.columns.len()),
            ),
            false => SqlError::new("42601", "subquery must return only one column"),
        })
    }

    /// ARRAY(query).
    pub(crate) fn array_of_query(&mut self, tree: &Tree) -> Result<Expr> {
        let query = self.query(tree)?;
        self.one_column(&query)?;
        let element = query.columns[0].ty.clone();
        let ty = if element.element().is_some() { element } else { element.array() };
        let kind = ExprKind::Subquery(Box::new(Subquery { kind: SubqueryKind::Array, query }));
        Ok(Expr { kind, ty, collation: Collation::Binary })
    }

    /// `operands op ANY/ALL (query)`
    pub(crate) fn in_query(
        &mut self,
        operand: &Ast,
        op: CompareOp,
        quantifier: Quantifier,
        tree: &Tree,
    ) -> Result<Expr> {
        // What is wrong with the query is told first by PostgreSQL.
        let first = if self.is_sqlite() { None } else { Some(self.query(tree)?) };
        let operands = match strip(operand) {
            Ast::Tuple(parts) => {
                parts.iter().map(|part| self.value_expr(part)).collect::<Result<Vec<_>>>()?
            }
            other => vec![self.value_expr(other)?],
        };
        let query = match first {
            Some(query) => query,
            None => self.query(tree)?,
        };
        let said = self.said_collation(operand)?;
        self.quantified_query(operands, said, op, quantifier, query)
    }

    fn quantified_query(
        &mut self,
        operands: Vec<Expr>,
        said: Option<Collation>,
        op: CompareOp,
        quantifier: Quantifier,
        query: Query,
    ) -> Result<Expr> {
        if operands.len() != query.columns.len() {
            return Err(match self.is_sqlite() {
                true => SqlError::new(
                    "42601",
                    format!(
                        "sub-select returns {} columns - expected {}",
                        query.columns.len(),
                        operands.len()
                    ),
                ),
                false if operands.len() > query.columns.len() => {
                    SqlError::new("42601", "subquery has too few columns")
                }
                false => SqlError::new("42601", "subquery has too many columns"),
            });
        }
        let mut cast_operands = Vec::new();
        let mut outputs = Vec::new();
        for (operand, column) in operands.into_iter().zip(&query.columns) {
            let inner = Expr::column(column.id, column.ty.clone(), column.collation);
            let collation = said.unwrap_or_else(|| chosen_collation(&operand, &inner));
            let (mut operand, inner) = if self.is_sqlite() {
                self.quantified_affinities(operand, inner)
            } else {
                let ty = resolve::comparison_type(self.dialect, &operand.ty, &inner.ty, "=")?;
                let operand = self.coerce(operand, &ty, CastContext::Implicit)?;
                (operand, self.coerce(inner, &ty, CastContext::Implicit)?)
            };
            operand.collation = collation;
            cast_operands.push(operand);
            outputs.push((column.name.clone(), inner));
        }
        let query = self.project(query, outputs);
        let kind = SubqueryKind::Quantified { op, quantifier, operands: cast_operands };
        Ok(boolean(ExprKind::Subquery(Box::new(Subquery { kind, query }))))
    }

    /// In IN, SQLite gives a column's affinity to an expression; two columns are compared as
    /// numbers if one of them has numbers, else as they are.
    fn quantified_affinities(&self, operand: Expr, inner: Expr) -> (Expr, Expr) {
        let affinity = self.affinity_of(&operand);
        let of_inner = self.affinity_of(&inner);
        let is_known = |affinity, expr: &Expr| affinity != Affinity::None || self.is_kept(expr);
        match (is_known(affinity, &operand), is_known(of_inner, &inner)) {
            (true, true) if affinity == of_inner => (operand, inner),
            (true, true) if affinity.is_numeric() || of_inner.is_numeric() => {
                let number = |expr, affinity: Affinity| match affinity.is_numeric() {
                    true => expr,
                    false => with_affinity(expr, Affinity::Numeric),
                };
                (number(operand, affinity), number(inner, of_inner))
            }
            (true, false) => (operand, with_affinity(inner, affinity)),
            (false, true) => (with_affinity(operand, of_inner), inner),
            _ => (operand, inner),
        }
    }

    /// `(a, b) op (query)`: with its one row.
    pub(crate) fn row_against_query(
        &mut self,
        op: CompareOp,
        parts: Vec<Expr>,
        tree: &Tree,
    ) -> Result<Expr> {
        let query = self.query(tree)?;
        if parts.len() != query.columns.len() && self.is_sqlite() {
            return Err(SqlError::new("42601", "row value misused"));
        }
        if parts.len() != query.columns.len() {
            let few = query.columns.len() < parts.len();
            let message =
                if few { "subquery has too few columns" } else { "subquery has too many columns" };
            return Err(SqlError::new("42601", message));
        }
        let fields = self.fields_of(query);
        self.compare_rows(op, parts, fields)
    }

    /// The columns of a query's one row.
    pub(crate) fn fields_of(&mut self, query: Query) -> Vec<Expr> {
        let columns = query.columns.iter();
        let values: Vec<Expr> =
            columns.map(|c| Expr::column(c.id, c.ty.clone(), c.collation)).collect();
        let types: Vec<(SqlType, Collation)> =
            query.columns.iter().map(|c| (c.ty.clone(), c.collation)).collect();
        let affinities: Vec<Affinity> =
            values.iter().map(|value| self.affinity_of(value)).collect();
        let whole = row(values);
        let record = whole.ty.clone();
        let query = self.project(query, vec![("row".to_owned(), whole)]);
        let kind = SubqueryKind::Scalar;
        let subquery = Expr {
            kind: ExprKind::Subquery(Box::new(Subquery { kind, query })),
            ty: record,
            collation: Collation::Binary,
        };
        // The query is the same in each, but its columns are made once in a statement.
        let field = |(index, (ty, collation)): (usize, (SqlType, Collation)), operand: Expr| Expr {
            kind: ExprKind::Field { operand: Box::new(operand), index },
            ty,
            collation,
        };
        let count = types.len();
        let mut copies: Vec<Expr> = (1..count).map(|_| self.with_new_columns(&subquery)).collect();
        copies.push(subquery);
        let fields =
            types.into_iter().enumerate().zip(copies).map(|(place, copy)| field(place, copy));
        // A field is compared as the column is that it comes from.
        fields.zip(affinities).map(|(field, affinity)| with_affinity(field, affinity)).collect()
    }

    /// A query with other columns, computed of its own; those that are columns already stay.
    pub(crate) fn project(&mut self, query: Query, outputs: Vec<(String, Expr)>) -> Query {
        let unchanged = outputs.len() == query.columns.len()
            && outputs.iter().zip(&query.columns).all(
                |((_, expr), column)| matches!(expr.kind, ExprKind::Column(id) if id == column.id),
            );
        if unchanged {
            return query;
        }
        let mut items: Vec<(Column, Expr)> = Vec::new();
        let mut columns = Vec::new();
        for (name, expr) in outputs {
            let column = self.column_for(&name, &expr);
            columns.push(OutputColumn {
                name,
                id: column.id,
                ty: column.ty.clone(),
                collation: column.collation,
                origin: None,
                declared: None,
            });
            items.push((column, expr));
        }
        let rel = Rel::Project { input: Box::new(query.rel), items };
        Query { rel, columns }
    }

    /// The query, where what it gives twice is two columns: grouping sets tell them apart.
    pub(crate) fn with_columns_apart(&mut self, mut query: Query) -> Query {
        let mut seen = BTreeSet::new();
        if query.columns.iter().all(|column| seen.insert(column.id)) {
            return query;
        }
        seen.clear();
        let mut items = Vec::with_capacity(query.columns.len());
        for output in &mut query.columns {
            let value = Expr::column(output.id, output.ty.clone(), output.collation);
            let mut made = column(output.id, &output.name, output.ty.clone(), output.collation);
            if !seen.insert(output.id) {
                made.id = self.next_column();
                output.id = made.id;
            }
            items.push((made, value));
        }
        Query { rel: Rel::Project { input: Box::new(query.rel), items }, columns: query.columns }
    }

    /// The expressions of a query's columns.
    pub(crate) fn columns_of_query(query: &Query) -> Vec<Expr> {
        let columns = query.columns.iter();
        columns.map(|c| Expr::column(c.id, c.ty.clone(), c.collation)).collect()
    }

    /// A constant column of one row.
    pub(crate) fn one_row(&mut self, values: Vec<(String, Expr)>) -> (Rel, Vec<Expr>) {
        let columns: Vec<Column> =
            values.iter().map(|(name, expr)| self.column_for(name, expr)).collect();
        let exprs = columns.iter().map(expr_of).collect();
        let rows = vec![values.into_iter().map(|(_, expr)| expr).collect()];
        (Rel::Values { columns, rows }, exprs)
    }
}
