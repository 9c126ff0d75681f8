//! Queries: WITH, set operations, VALUES, ORDER BY and LIMIT around what a SELECT is.

use bourse::Collation;
use sqlparser::ast::{
    Expr as Ast, Fetch, LimitClause, Query as Tree, SetExpr, SetOperator as Op, SetQuantifier,
    Statement as StatementTree, Values,
};

use super::binder::Binder;
use super::compare::ordinal;
use super::scope::{Clause, column};
use super::select::{By, Item, nothing, order_exprs};
use crate::algebra::{
    Column, Expr, ExprKind, OutputColumn, Query, Rel, SetOperator, SortKey, Statement,
};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::resolve;
use crate::types::SqlType;

impl Binder<'_> {
    /// Refuses a type whose values are not known to be equal or not.
    pub(super) fn equatable(&self, ty: &SqlType) -> Result<()> {
        if *ty == SqlType::Json && !self.is_sqlite() {
            let message = "could not identify an equality operator for type json";
            return Err(SqlError::new("42883", message));
        }
        Ok(())
    }

    /// A statement that begins like a query: one, or a change behind WITH.
    pub(crate) fn query_statement(&mut self, tree: &Tree) -> Result<Statement> {
        let change = match tree.body.as_ref() {
            SetExpr::Insert(change)
            | SetExpr::Update(change)
            | SetExpr::Delete(change)
            | SetExpr::Merge(change) => change,
            _ => return self.query(tree).map(Statement::Query),
        };
        self.change_with(tree, change)
    }

    fn change_with(&mut self, tree: &Tree, change: &StatementTree) -> Result<Statement> {
        let visible = self.ctes.len();
        let ctes = match &tree.with {
            Some(with) => self.with(with)?,
            None => Vec::new(),
        };
        let statement = self.rows(change);
        self.ctes.truncate(visible);
        let mut statement = statement?;
        if ctes.is_empty() {
            return Ok(statement);
        }
        let wrap = |rel: &mut Rel| {
            let body =
                std::mem::replace(rel, Rel::Values { columns: Vec::new(), rows: Vec::new() });
            *rel = Rel::With { ctes, body: Box::new(body) };
        };
        match &mut statement {
            Statement::Query(query) => wrap(&mut query.rel),
            Statement::Insert(insert) => wrap(&mut insert.source.rel),
            Statement::Update(update) => wrap(&mut update.source),
            Statement::Delete(delete) => wrap(&mut delete.source),
            Statement::Merge(merge) => wrap(&mut merge.source),
        }
        Ok(statement)
    }

    /// A query.
    pub(crate) fn query(&mut self, tree: &Tree) -> Result<Query> {
        stacker::maybe_grow(256 << 10, 2 << 20, || self.query_on_stack(tree))
    }

    fn query_on_stack(&mut self, tree: &Tree) -> Result<Query> {
        let keeps = std::mem::take(&mut self.keep_unknown);
        let visible = self.ctes.len();
        let ctes = match &tree.with {
            Some(with) => self.with(with)?,
            None => Vec::new(),
        };
        self.keep_unknown = keeps;
        let query = self.body_with_order(tree);
        self.keep_unknown = false;
        self.ctes.truncate(visible);
        let mut query = self.limited(query?, tree)?;
        if !ctes.is_empty() {
            query.rel = Rel::With { ctes, body: Box::new(query.rel) };
        }
        Ok(query)
    }

    fn body_with_order(&mut self, tree: &Tree) -> Result<Query> {
        let order = tree.order_by.as_ref();
        if let SetExpr::Select(select) = tree.body.as_ref() {
            return self.select(select, order, &tree.locks);
        }
        if let (Some(_), SetExpr::SetOperation { .. }) = (tree.locks.first(), tree.body.as_ref()) {
            let message = "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT";
            return Err(SqlError::unsupported(message));
        }
        let keeps = std::mem::take(&mut self.keep_unknown);
        let mut query = self.body(tree.body.as_ref(), keeps)?;
        let keys = self.order_of_columns(order_exprs(self, order)?, &query)?;
        if !keys.is_empty() {
            query.rel = Rel::Sort { input: Box::new(query.rel), keys };
        }
        Ok(query)
    }

    /// An operand of a set operation, or what stands in its place. With `keeps`, literals without a
    /// type stay so: who asks for it gives them one.
    fn body(&mut self, tree: &SetExpr, keeps: bool) -> Result<Query> {
        match tree {
            SetExpr::Select(select) => {
                self.keep_unknown = keeps;
                let query = self.select(select, None, &[]);
                self.keep_unknown = false;
                query
            }
            SetExpr::Query(inner) => {
                self.keep_unknown = keeps;
                let query = self.query(inner);
                self.keep_unknown = false;
                query
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.set_operation(left, *op, *set_quantifier, right)
            }
            SetExpr::Values(values) => self.values(values, keeps),
            SetExpr::Table(table) => {
                let mut parts = table.schema_name.iter().chain(&table.table_name).cloned();
                let name = sqlparser::ast::ObjectName::from(parts.by_ref().collect::<Vec<_>>());
                let (rel, relation) = self.relation(&name, None)?;
                let items = relation.columns.into_iter().map(Item::of).collect();
                Ok(self.query_of_items(rel, items))
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                let message =
                    "WITH clause containing a data-modifying statement must be at the top level";
                Err(SqlError::unsupported(message))
            }
        }
    }

    /// A projection of columns.
    pub(crate) fn query_of_items(&mut self, rel: Rel, items: Vec<Item>) -> Query {
        let mut list = super::select::List { items: Vec::new() };
        let mut columns = Vec::new();
        for item in items {
            let made = list.add(self, &item.name, item.expr);
            columns.push(OutputColumn {
                name: item.name,
                id: made.id,
                ty: made.ty,
                collation: made.collation,
                origin: item.origin,
                declared: item.declared,
            });
        }
        Query { rel: Rel::Project { input: Box::new(rel), items: list.items }, columns }
    }

    fn set_operation(
        &mut self,
        left: &SetExpr,
        op: Op,
        quantifier: SetQuantifier,
        right: &SetExpr,
    ) -> Result<Query> {
        let locks =
            |side: &SetExpr| matches!(side, SetExpr::Query(query) if !query.locks.is_empty());
        if locks(left) || locks(right) {
            let message = "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT";
            return Err(SqlError::unsupported(message));
        }
        if self.is_sqlite() {
            // The tree has INTERSECT bound closer, SQLite goes from left to right. It has no
            // parentheses in compounds, so the tree's order is that of the text.
            let (mut operands, mut operators) = (Vec::new(), Vec::new());
            flatten(left, &mut operands, &mut operators);
            operators.push((op, quantifier));
            flatten(right, &mut operands, &mut operators);
            let mut operands = operands.into_iter();
            let first = operands.next().unwrap_or(left);
            let mut query = self.body(first, true)?;
            for ((op, quantifier), operand) in operators.into_iter().zip(operands) {
                let right = self.body(operand, true)?;
                query = self.combine(query, op, quantifier, right)?;
            }
            return Ok(query);
        }
        let left = self.body(left, true)?;
        let right = self.body(right, true)?;
        self.combine(left, op, quantifier, right)
    }

    fn combine(
        &mut self,
        left: Query,
        op: Op,
        quantifier: SetQuantifier,
        right: Query,
    ) -> Result<Query> {
        let (op, name) = match op {
            Op::Union => (SetOperator::Union, "UNION"),
            Op::Intersect => (SetOperator::Intersect, "INTERSECT"),
            Op::Except | Op::Minus => (SetOperator::Except, "EXCEPT"),
        };
        let all = match quantifier {
            SetQuantifier::All => true,
            SetQuantifier::None | SetQuantifier::Distinct => false,
            _ => return Err(self.unsupported("set operations BY NAME are not supported")),
        };
        if left.columns.len() != right.columns.len() {
            return Err(match self.is_sqlite() {
                true => SqlError::new(
                    "42601",
                    format!(
                        "SELECTs to the left and right of {name}{} do not have the same number \
                            of result columns",
                        if all { " ALL" } else { "" }
                    ),
                ),
                false => SqlError::new(
                    "42601",
                    format!("each {name} query must have the same number of columns"),
                ),
            });
        }
        let mut types = Vec::new();
        for (l, r) in left.columns.iter().zip(&right.columns) {
            types.push(resolve::common_type(self.dialect, &[l.ty.clone(), r.ty.clone()], name)?);
        }
        if op != SetOperator::Union || !all {
            types.iter().try_for_each(|ty| self.equatable(ty))?;
        }
        let left = self.coerce_output(left, &types, CastContext::Implicit)?;
        let right = self.coerce_output(right, &types, CastContext::Implicit)?;
        let mut columns: Vec<Column> = Vec::new();
        let mut outputs = Vec::new();
        for (of_left, of_right) in left.columns.iter().zip(&right.columns) {
            let id = self.next_column();
            if let Some(affinity) = self.affinity_of_sets(of_left.id, (&right, of_right.id)) {
                self.affinities.insert(id, affinity);
            }
            let collation = match of_left.collation {
                Collation::Binary if !self.is_sqlite() => of_right.collation,
                other => other,
            };
            columns.push(column(id, &of_left.name, of_left.ty.clone(), collation));
            outputs.push(OutputColumn {
                id,
                collation,
                origin: None,
                declared: of_left.declared.clone(),
                ..of_left.clone()
            });
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Query { rel: Rel::SetOperation { op, all, left, right, columns }, columns: outputs })
    }

    /// A query whose columns have these types.
    pub(crate) fn coerce_output(
        &mut self,
        mut query: Query,
        types: &[SqlType],
        place: CastContext,
    ) -> Result<Query> {
        if self.is_sqlite() {
            return Ok(query);
        }
        for (column, ty) in query.columns.iter_mut().zip(types) {
            if column.ty == SqlType::Unknown
                && let Some(item) = item_of(&mut query.rel, column.id)
            {
                let typed = self.coerce(item.1.clone(), ty, place)?;
                item.0.ty = ty.clone();
                item.1 = typed;
                column.ty = ty.clone();
            }
        }
        let mut outputs = Vec::new();
        for (column, ty) in query.columns.iter().zip(types) {
            let expr = Expr::column(column.id, column.ty.clone(), column.collation);
            outputs.push((column.name.clone(), self.coerce(expr, ty, place)?));
        }
        Ok(self.project(query, outputs))
    }

    /// What is told of rows of VALUES that are not of one length.
    pub(crate) fn unequal_rows(&self) -> SqlError {
        let message = match self.is_sqlite() {
            true => "all VALUES must have the same number of terms",
            false => "VALUES lists must all be the same length",
        };
        SqlError::new("42601", message)
    }

    pub(crate) fn values(&mut self, values: &Values, keeps: bool) -> Result<Query> {
        let mut rows: Vec<Vec<Expr>> = Vec::new();
        for row in &values.rows {
            let bound = self.within(nothing(), Clause::Values, |binder| {
                row.content.iter().map(|tree| binder.value_expr(tree)).collect::<Result<Vec<_>>>()
            })?;
            if rows.first().is_some_and(|first| first.len() != bound.len()) {
                return Err(self.unequal_rows());
            }
            rows.push(bound);
        }
        let width = rows.first().map_or(0, Vec::len);
        let mut columns = Vec::new();
        for at in 0..width {
            let types: Vec<SqlType> = rows.iter().map(|row| row[at].ty.clone()).collect();
            let all_unknown = types.iter().all(|ty| *ty == SqlType::Unknown);
            let ty = if all_unknown && keeps {
                SqlType::Unknown
            } else {
                resolve::common_type(self.dialect, &types, "VALUES")?
            };
            for row in &mut rows {
                let value = std::mem::replace(&mut row[at], Expr::literal(Datum::Null, ty.clone()));
                row[at] = if ty == SqlType::Unknown {
                    value
                } else {
                    self.coerce(value, &ty, CastContext::Implicit)?
                };
            }
            let id = self.next_column();
            columns.push(column(id, &format!("column{}", at + 1), ty, Collation::Binary));
        }
        let outputs = columns.iter().map(output_of).collect();
        Ok(Query { rel: Rel::Values { columns, rows }, columns: outputs })
    }

    /// ORDER BY over a result: by its columns' names and positions.
    pub(crate) fn order_of_columns(
        &mut self,
        keys: &[sqlparser::ast::OrderByExpr],
        query: &Query,
    ) -> Result<Vec<SortKey>> {
        let items: Vec<Item> = query
            .columns
            .iter()
            .map(|column| Item {
                name: column.name.clone(),
                expr: Expr::column(column.id, column.ty.clone(), column.collation),
                origin: None,
                declared: None,
            })
            .collect();
        let mut sorted = Vec::new();
        for key in keys {
            let (tree, collation) = match super::coerce::strip(&key.expr) {
                Ast::Collate { expr, collation } => {
                    (expr.as_ref(), Some(self.collation(collation)?))
                }
                other => (other, None),
            };
            let by = self
                .within(nothing(), Clause::OrderBy, |binder| binder.by(tree, &items, "ORDER BY"));
            let expr = match by {
                Ok(By::Item(at)) => items[at].expr.clone(),
                Err(error) if error.sqlstate() == "42702" || error.sqlstate() == "42P10" => {
                    return Err(error);
                }
                Err(error)
                    if error.sqlstate() == "42703"
                        && matches!(tree, Ast::Identifier(_))
                        && !self.is_sqlite() =>
                {
                    return Err(error);
                }
                _ if self.is_sqlite() => {
                    let message = "1st ORDER BY term does not match any column in the result set";
                    return Err(SqlError::new("42P10", message));
                }
                _ => {
                    let error =
                        SqlError::unsupported("invalid UNION/INTERSECT/EXCEPT ORDER BY clause");
                    return Err(error
                        .with_detail(
                            "Only result column names can be used, not expressions or \
                            functions.",
                        )
                        .with_hint(
                            "Add the expression/function to every SELECT, or move the \
                            UNION into a FROM clause.",
                        ));
                }
            };
            let expr = Expr { collation: collation.unwrap_or(expr.collation), ..expr };
            let key = self.sort_key_of(expr, key)?;
            sorted.push(SortKey { expr: ordinal(key.expr)?, ..key });
        }
        Ok(sorted)
    }

    fn limited(&mut self, mut query: Query, tree: &Tree) -> Result<Query> {
        let (limit, offset) = match &tree.limit_clause {
            None => (None, None),
            Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
                (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
            }
            Some(LimitClause::LimitOffset { .. }) => {
                return Err(self.unsupported("LIMIT BY is not supported"));
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => (Some(limit), Some(offset)),
        };
        let offset = offset.map(|tree| self.count(tree, Clause::Offset)).transpose()?;
        let mut limit = limit.map(|tree| self.count(tree, Clause::Limit)).transpose()?;
        let mut with_ties = false;
        if let Some(Fetch { with_ties: ties, percent, quantity }) = &tree.fetch {
            if *percent {
                return Err(self.unsupported("FETCH ... PERCENT is not supported"));
            }
            with_ties = *ties;
            limit = Some(match (quantity, limit) {
                (Some(tree), _) => self.count(tree, Clause::Limit)?,
                // FETCH FIRST (n) ROWS WITH TIES was read as LIMIT (n) and the rest of it.
                (None, Some(limit)) => limit,
                (None, None) => Expr::literal(Datum::Integer(1), SqlType::BigInt),
            });
            if with_ties && tree.order_by.is_none() {
                let message = "WITH TIES cannot be specified without ORDER BY clause";
                return Err(SqlError::new("42601", message));
            }
        }
        if limit.is_some() || offset.is_some() {
            query.rel = Rel::Limit { input: Box::new(query.rel), limit, offset, with_ties };
        }
        Ok(query)
    }

    /// How many rows.
    pub(crate) fn count(&mut self, tree: &Ast, clause: Clause) -> Result<Expr> {
        let bound = self.within(nothing(), clause, |binder| {
            let bound = binder.value_expr(tree);
            let bound = bound.map_err(|error| match error.sqlstate() {
                "42703" if !binder.is_sqlite() => error,
                _ => error,
            })?;
            binder.as_count(bound)
        })?;
        if !self.is_sqlite() && matches!(bound.kind, ExprKind::Column(_)) {
            let message = format!("argument of {} must not contain variables", clause.name());
            return Err(SqlError::new("42P10", message));
        }
        Ok(bound)
    }
}

/// A column as a result's.
pub(crate) fn output_of(column: &Column) -> OutputColumn {
    OutputColumn {
        name: column.name.clone(),
        id: column.id,
        ty: column.ty.clone(),
        collation: column.collation,
        origin: None,
        declared: None,
    }
}

/// The item of a projection that makes a column.
fn item_of(rel: &mut Rel, id: crate::algebra::ColumnId) -> Option<&mut (Column, Expr)> {
    match rel {
        Rel::Project { items, .. } => items.iter_mut().find(|(column, _)| column.id == id),
        Rel::Sort { input, .. } | Rel::Limit { input, .. } | Rel::Lock { input, .. } => {
            item_of(input, id)
        }
        Rel::With { body, .. } => item_of(body, id),
        _ => None,
    }
}

/// The operands of set operations and what is between them, in the order of the text.
fn flatten<'t>(
    tree: &'t SetExpr,
    operands: &mut Vec<&'t SetExpr>,
    operators: &mut Vec<(Op, SetQuantifier)>,
) {
    // Chains lean to the left: only their right sides recurse.
    let mut left = tree;
    let mut rights = Vec::new();
    while let SetExpr::SetOperation { left: inner, op, set_quantifier, right } = left {
        rights.push((*op, *set_quantifier, right.as_ref()));
        left = inner;
    }
    operands.push(left);
    for (op, quantifier, right) in rights.into_iter().rev() {
        operators.push((op, quantifier));
        flatten(right, operands, operators);
    }
}
