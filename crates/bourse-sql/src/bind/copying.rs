//! COPY, bound: its rows go the way of INSERT's.

use std::sync::Arc;

use bourse::Collation;
use sqlparser::ast::{Expr as Ast, ObjectName};

use super::binder::Binder;
use super::query::output_of;
use super::scope::{Clause, Namespace, RelationScope, Visible, column, expr_of};
use super::session::SessionStatement;
use crate::algebra::{Expr, ExprKind, Query, Rel, SetCall, Statement};
use crate::catalog::TableEntry;
use crate::copy::ROWS;
use crate::error::{Result, SqlError};
use crate::parse::{Copy, CopySource};
use crate::types::SqlType;

/// Where COPY's rows go.
#[derive(Clone, Debug)]
pub struct CopyTarget {
    /// The table.
    pub table: Arc<TableEntry>,
    /// Positions of the columns that a row has, in its order.
    pub columns: Vec<usize>,
    /// What makes rows of those that were read, where there is something to compute: WHERE,
    /// DEFAULTs and generated columns. Its parameter are the rows, an array; its last column is the
    /// number of a row among these, from 1.
    pub computed: Option<Box<Statement>>,
    /// For each column of the table its place in a row that was read (or in one of `computed`), or
    /// `None` for the store's default.
    pub places: Vec<Option<usize>>,
}

impl Binder<'_> {
    /// COPY.
    pub(super) fn copy(&mut self, copy: &Copy) -> Result<SessionStatement> {
        let options = copy.options.clone();
        match &copy.source {
            CopySource::Query(query) => {
                let statement = Box::new(self.inner_rows(query)?);
                let returns = match &*statement {
                    Statement::Insert(insert) => insert.returning.is_some(),
                    Statement::Update(update) => update.returning.is_some(),
                    Statement::Delete(delete) => delete.returning.is_some(),
                    _ => true,
                };
                if !returns {
                    let message = "COPY query must have a RETURNING clause";
                    return Err(SqlError::unsupported(message));
                }
                Ok(SessionStatement::CopyOut { statement, options })
            }
            CopySource::Table { name, columns } if copy.from_client => {
                let table = self.table_to_change(name, "copy to")?;
                let columns = self.copy_columns(&table, columns)?;
                let target = self.copy_target(table, columns, copy.condition.as_deref())?;
                Ok(SessionStatement::CopyIn { target: Box::new(target), options })
            }
            CopySource::Table { name, columns } => {
                let statement = Box::new(Statement::Query(self.copied_table(name, columns)?));
                Ok(SessionStatement::CopyOut { statement, options })
            }
        }
    }

    fn copied_table(&mut self, name: &ObjectName, columns: &[String]) -> Result<Query> {
        let (rel, relation) = self.relation(name, None)?;
        let Some((table, _, _)) = relation.table.clone() else {
            let message = format!("cannot copy from view \"{}\"", relation.name);
            return Err(
                SqlError::new("42809", message).with_hint("Try the COPY (SELECT ...) TO variant.")
            );
        };
        let columns = self.copy_columns(&table, columns)?;
        let items =
            columns.into_iter().map(|at| super::select::Item::of(relation.columns[at].clone()));
        Ok(self.query_of_items(rel, items.collect()))
    }

    fn copy_columns(&self, table: &TableEntry, names: &[String]) -> Result<Vec<usize>> {
        if names.is_empty() {
            let all = 0..table.columns.len();
            return Ok(all.filter(|at| table.columns[*at].note.generated.is_none()).collect());
        }
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let at = self.target(table, name)?;
            if table.columns[at].note.generated.is_some() {
                let message = format!("column \"{name}\" is a generated column");
                return Err(SqlError::new("42P10", message)
                    .with_detail("Generated columns cannot be used in COPY."));
            }
            if columns.contains(&at) {
                let message = format!("column \"{name}\" specified more than once");
                return Err(SqlError::new("42701", message));
            }
            columns.push(at);
        }
        Ok(columns)
    }

    fn copy_target(
        &mut self,
        table: Arc<TableEntry>,
        columns: Vec<usize>,
        condition: Option<&Ast>,
    ) -> Result<CopyTarget> {
        let place = |at: usize| columns.iter().position(|column| *column == at);
        let has_default =
            |at: usize| place(at).is_none() && table.columns[at].note.default.is_some();
        let has_more = (0..table.columns.len())
            .any(|at| has_default(at) || table.columns[at].note.generated.is_some());
        if !has_more && condition.is_none() {
            let places = (0..table.columns.len()).map(place).collect();
            return Ok(CopyTarget { table, columns, computed: None, places });
        }
        let mut given = vec![None; table.columns.len()];
        let mut made = Vec::with_capacity(columns.len());
        for at in &columns {
            let (id, entry) = (self.next_column(), &table.columns[*at]);
            made.push(column(id, &entry.name, entry.ty.clone(), entry.collation));
            given[*at] = Some(id);
        }
        let id = self.next_column();
        let number = column(id, "", SqlType::BigInt, Collation::Binary);
        let rows =
            Expr { kind: ExprKind::Parameter(0), ty: SqlType::Any, collation: Collation::Binary };
        self.parameters = vec![Some(SqlType::Any)];
        let mut outputs: Vec<_> = made.iter().map(output_of).collect();
        outputs.push(output_of(&number));
        let call = SetCall { function: &ROWS, arguments: vec![rows], columns: made };
        let rel = Rel::Functions { calls: vec![call], ordinality: Some(number) };
        let source = Query { rel, columns: outputs };
        let by_sql = Binder::computed_defaults(&table);
        let mut source = self.add_defaults(source, &mut given, &table, &by_sql)?;
        if let Some(condition) = condition {
            let predicate = self.copy_condition(&source, &given, &table, condition)?;
            source.rel = Rel::Filter { input: Box::new(source.rel), predicate };
        }
        // The number of the row is last, whatever was added behind it.
        let number = source.columns.remove(columns.len());
        source.columns.push(number);
        let place = |id: &Option<_>| {
            let id = (*id)?;
            source.columns.iter().position(|column| column.id == id)
        };
        let places = given.iter().map(place).collect();
        let computed = Some(Box::new(Statement::Query(source)));
        Ok(CopyTarget { table, columns, computed, places })
    }

    /// WHERE, over the row as it will be.
    fn copy_condition(
        &mut self,
        source: &Query,
        given: &[Option<crate::algebra::ColumnId>],
        table: &TableEntry,
        condition: &Ast,
    ) -> Result<Expr> {
        let mut visible = Vec::new();
        for (at, entry) in table.columns.iter().enumerate() {
            let found = given[at]
                .and_then(|id| source.columns.iter().find(|output| output.id == id))
                .map(|output| column(output.id, &output.name, output.ty.clone(), output.collation));
            let expr = match found {
                Some(column) => expr_of(&column),
                None => self.default_value(table, at)?,
            };
            visible.push(Visible { name: entry.name.clone(), expr, origin: None, declared: None });
        }
        let scope = RelationScope {
            name: table.name.clone(),
            columns: visible,
            ..RelationScope::default()
        };
        self.within(Namespace::of(scope), Clause::Where, |binder| {
            let bound = binder.expr(condition)?;
            binder.condition(bound, "WHERE")
        })
    }
}
