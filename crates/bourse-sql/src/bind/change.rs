//! UPDATE and DELETE.

use std::collections::HashSet;
use std::sync::Arc;

use sqlparser::ast::{
    Assignment as AssignmentTree, AssignmentTarget, Delete as DeleteTree, Expr as Ast, FromTable,
    TableFactor, TableWithJoins, Update as UpdateTree, UpdateTableFromKind,
};

use super::binder::Binder;
use super::coerce::strip;
use super::insert::is_default;
use super::same::columns_of;
use super::scope::{Clause, Namespace, RelationScope};
use super::updatable::Over;
use super::upsert::or_action;
use crate::algebra::{
    Assignment, ColumnId, ConflictAction, Delete, Expr, ExprKind, Go, JoinKind, OnConflict, Rel,
    Statement, Update, Visit,
};
use crate::catalog::{TableEntry, ViewEntry};
use crate::error::{Result, SqlError};

/// A table that is changed, with its scan.
pub(crate) struct Target {
    pub(crate) table: Arc<TableEntry>,
    pub(crate) alias: String,
    pub(crate) rel: Rel,
    pub(crate) scope: RelationScope,
    pub(crate) key: ColumnId,
    /// The view that it is changed through.
    pub(crate) view: Option<Through>,
}

/// A view through which a table is changed.
pub(crate) struct Through {
    pub(crate) view: Arc<ViewEntry>,
    /// The columns of the table.
    base: RelationScope,
    over: Over,
}

impl Binder<'_> {
    /// The table that a FROM-like item names.
    pub(crate) fn change_target(&mut self, factor: &TableFactor, what: &str) -> Result<Target> {
        let TableFactor::Table { name, alias, .. } = factor else {
            return Err(self.unsupported(&format!("{what} takes the name of a table")));
        };
        if let Some((view, table)) = self.view_to_change(name, what)? {
            let alias =
                alias.as_ref().map_or_else(|| view.name.clone(), |alias| self.fold(&alias.name));
            return self.target_through(view, table, alias, what);
        }
        let table = self.table_to_change(name, what)?;
        let alias =
            alias.as_ref().map_or_else(|| table.name.clone(), |alias| self.fold(&alias.name));
        let (rel, scope) = self.scan(&table, &alias, None);
        let key = scope.table.as_ref().map(|(_, _, key)| *key);
        let Some(key) = key else { return Err(SqlError::new("XX000", "a table without a key")) };
        Ok(Target { table, alias, rel, scope, key, view: None })
    }

    /// A table that is changed through a view.
    fn target_through(
        &mut self,
        view: Arc<ViewEntry>,
        table: Arc<TableEntry>,
        alias: String,
        what: &str,
    ) -> Result<Target> {
        let (rel, base) = self.scan(&table, &alias, None);
        let Some((_, _, key)) = base.table.clone() else {
            return Err(SqlError::new("XX000", "a table without a key"));
        };
        let over = self.over_base(&view, &base, false, what)?;
        let scope = RelationScope {
            name: alias.clone(),
            schema: Some(view.schema.clone()),
            columns: over.columns.clone(),
            hidden: Vec::new(),
            table: base.table.clone(),
            is_value: false,
        };
        let view = Some(Through { view, base, over });
        Ok(Target { table, alias, rel, scope, key, view })
    }

    /// WHERE of a change, with the conditions of the view that it goes through.
    fn where_through(
        &mut self,
        tree: Option<&Ast>,
        view: Option<&Through>,
    ) -> Result<Option<Expr>> {
        let own = self.where_of(tree)?;
        let Some(view) = view else { return Ok(own) };
        let parts: Vec<Expr> = view.over.filters.iter().cloned().chain(own).collect();
        Ok((!parts.is_empty()).then(|| Expr::all(parts)))
    }

    pub(crate) fn update(&mut self, tree: &UpdateTree) -> Result<Statement> {
        if !tree.order_by.is_empty() || tree.limit.is_some() {
            return Err(self.unsupported("UPDATE with ORDER BY or LIMIT is not supported"));
        }
        let target = self.change_target(&tree.table.relation, "update")?;
        let mut others = tree.table.joins.clone();
        let from = match &tree.from {
            Some(UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from)) => {
                from.as_slice()
            }
            None => &[],
        };
        if !others.is_empty() {
            others.clear();
            return Err(self
                .unsupported("UPDATE of a join is not supported")
                .with_hint("Use FROM."));
        }
        let Target { table, alias, rel, scope, key, view } = target;
        let (mut source, namespace) = self.with_others(rel, &scope, from)?;
        let of_others = Namespace {
            relations: namespace.relations[1..].to_vec(),
            columns: namespace.columns[scope.columns.len()..].to_vec(),
        };
        let base = view.as_ref().map_or(&scope, |through| &through.base);
        let (assignments, condition) = self.within(namespace, Clause::Update, |binder| {
            // What is wrong with WHERE is told first by PostgreSQL.
            let first = match binder.is_sqlite() {
                true => None,
                false => Some(binder.where_through(tree.selection.as_ref(), view.as_ref())?),
            };
            let assignments = match &view {
                None => binder.assignments(&tree.assignments, &table, &scope)?,
                Some(through) => binder.assignments_through(&tree.assignments, &table, through)?,
            };
            let condition = match first {
                Some(condition) => condition,
                None => binder.where_through(tree.selection.as_ref(), view.as_ref())?,
            };
            Ok((assignments, condition))
        })?;
        let recheck = condition.as_ref().and_then(|condition| recheck_of(condition, base));
        if let Some(predicate) = condition {
            source = Rel::Filter { input: Box::new(source), predicate };
        }
        let conflict = tree.or.and_then(or_action);
        let mut assignments = assignments;
        if matches!(conflict, Some(OnConflict { action: ConflictAction::Replace, .. })) {
            self.replace_nulls(&mut assignments, &table, base)?;
        }
        let shown = view.as_ref().map(|through| &*through.view);
        let returning = match &tree.returning {
            Some(items) => Some(self.returning_of(items, &table, &alias, of_others, shown)?),
            None => None,
        };
        let deferrable = table.note.deferrable.clone();
        let table = table.table.clone();
        Ok(Statement::Update(Update {
            table,
            deferrable,
            source,
            key,
            recheck,
            assignments,
            conflict,
            returning,
        }))
    }

    /// OR REPLACE takes the default where a column is NOT NULL and the value is.
    fn replace_nulls(
        &mut self,
        assignments: &mut Vec<Assignment>,
        table: &TableEntry,
        scope: &RelationScope,
    ) -> Result<()> {
        for Assignment { column, value } in &mut *assignments {
            if let Some(given) = value.take() {
                *value = Some(self.or_default(given, table, *column)?);
            }
        }
        // Anew, of what the columns have now.
        assignments.retain(|set| table.columns[set.column].note.generated.is_none());
        self.set_generated(assignments, table, scope)
    }

    pub(crate) fn delete(&mut self, tree: &DeleteTree) -> Result<Statement> {
        if !tree.order_by.is_empty() || tree.limit.is_some() {
            return Err(self.unsupported("DELETE with ORDER BY or LIMIT is not supported"));
        }
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &tree.from;
        let [TableWithJoins { relation, joins }] = from.as_slice() else {
            return Err(self.unsupported("DELETE takes one table").with_hint("Use USING."));
        };
        if !joins.is_empty() || !tree.tables.is_empty() {
            return Err(self
                .unsupported("DELETE of a join is not supported")
                .with_hint("Use USING."));
        }
        let Target { table, alias, rel, scope, key, view } =
            self.change_target(relation, "delete from")?;
        let using = tree.using.as_deref().unwrap_or_default();
        let (mut source, namespace) = self.with_others(rel, &scope, using)?;
        let of_others = Namespace {
            relations: namespace.relations[1..].to_vec(),
            columns: namespace.columns[scope.columns.len()..].to_vec(),
        };
        let condition = self.within(namespace, Clause::Where, |binder| {
            binder.where_through(tree.selection.as_ref(), view.as_ref())
        })?;
        let base = view.as_ref().map_or(&scope, |through| &through.base);
        let recheck = condition.as_ref().and_then(|condition| recheck_of(condition, base));
        if let Some(predicate) = condition {
            source = Rel::Filter { input: Box::new(source), predicate };
        }
        let shown = view.as_ref().map(|through| &*through.view);
        let returning = match &tree.returning {
            Some(items) => Some(self.returning_of(items, &table, &alias, of_others, shown)?),
            None => None,
        };
        Ok(Statement::Delete(Delete {
            table: table.table.clone(),
            source,
            key,
            recheck,
            returning,
        }))
    }

    /// The table's scan joined with other relations.
    fn with_others(
        &mut self,
        rel: Rel,
        scope: &RelationScope,
        others: &[TableWithJoins],
    ) -> Result<(Rel, Namespace)> {
        let mut namespace = Namespace::of(scope.clone());
        if others.is_empty() {
            return Ok((rel, namespace));
        }
        let (right, of_others) = self.from(others)?;
        if !self.is_sqlite() && of_others.relations.iter().any(|other| other.name == scope.name) {
            let message = format!("table name \"{}\" specified more than once", scope.name);
            return Err(SqlError::new("42712", message));
        }
        namespace.join(of_others);
        let rel = Rel::Join {
            kind: JoinKind::Inner,
            left: Box::new(rel),
            right: Box::new(right),
            on: Expr::all(Vec::new()),
            lateral: false,
        };
        Ok((rel, namespace))
    }

    /// WHERE, if there is one.
    pub(crate) fn where_of(&mut self, condition: Option<&Ast>) -> Result<Option<Expr>> {
        let Some(condition) = condition else { return Ok(None) };
        self.in_clause(Clause::Where, |binder| {
            let bound = binder.expr(condition)?;
            binder.condition(bound, "WHERE").map(Some)
        })
    }

    /// SET, with what generated columns become of it.
    pub(crate) fn assignments(
        &mut self,
        trees: &[AssignmentTree],
        table: &TableEntry,
        scope: &RelationScope,
    ) -> Result<Vec<Assignment>> {
        let mut assignments: Vec<Assignment> = Vec::new();
        for tree in trees {
            match &tree.target {
                AssignmentTarget::ColumnName(name) => {
                    let at = self.set_target(name, table)?;
                    if let Some(parts) = super::element::parts(&tree.value) {
                        self.check_set(table, at)?;
                        // Several elements of one column are set one after the other.
                        let before = assignments.iter().position(|before| before.column == at);
                        let current = before.and_then(|before| assignments.remove(before).value);
                        let current = current.unwrap_or_else(|| scope.columns[at].expr.clone());
                        let value = self.with_element(&parts, current, &table.columns[at])?;
                        assignments.push(Assignment { column: at, value: Some(value) });
                        continue;
                    }
                    let value = self.set_value(&tree.value, table, at)?;
                    assignments.push(Assignment { column: at, value });
                }
                AssignmentTarget::Tuple(names) => {
                    let targets = names.iter().map(|name| self.set_target(name, table));
                    let targets = targets.collect::<Result<Vec<_>>>()?;
                    self.set_tuple(&targets, &tree.value, table, &mut assignments)?;
                }
            }
        }
        let mut seen = HashSet::new();
        if let Some(twice) = assignments.iter().find(|a| !seen.insert(a.column))
            && !self.is_sqlite()
        {
            let name = &table.columns[twice.column].name;
            let message = format!("multiple assignments to same column \"{name}\"");
            return Err(SqlError::new("42601", message));
        }
        self.set_generated(&mut assignments, table, scope)?;
        Ok(assignments)
    }

    /// SET of a view's columns.
    fn assignments_through(
        &mut self,
        trees: &[AssignmentTree],
        table: &TableEntry,
        through: &Through,
    ) -> Result<Vec<Assignment>> {
        let Through { view, base, over } = through;
        self.check_set_targets(view, base, over, trees)?;
        let named = self.named_by_view(view, table, base, over);
        let mut assignments = self.assignments(trees, &named, base)?;
        self.check_assigned(view, table, base, &mut assignments)?;
        Ok(assignments)
    }

    fn set_generated(
        &mut self,
        assignments: &mut Vec<Assignment>,
        table: &TableEntry,
        scope: &RelationScope,
    ) -> Result<()> {
        for (at, entry) in table.columns.iter().enumerate() {
            let Some(text) = entry.note.generated.clone() else { continue };
            if let Some(place) = assignments.iter().position(|a| a.column == at) {
                if assignments[place].value.is_some() && self.is_sqlite() {
                    let message = format!("cannot UPDATE generated column \"{}\"", entry.name);
                    return Err(SqlError::new("428C9", message));
                }
                if assignments[place].value.is_some() {
                    let message =
                        format!("column \"{}\" can only be updated to DEFAULT", entry.name);
                    return Err(SqlError::new("428C9", message)
                        .with_detail(format!("Column \"{}\" is a generated column.", entry.name)));
                }
                assignments.remove(place);
            }
            let mut columns = scope.columns.clone();
            for assignment in assignments.iter() {
                columns[assignment.column].expr = match &assignment.value {
                    Some(value) => value.clone(),
                    None => self.default_value(table, assignment.column)?,
                };
            }
            self.keep_affinities(&mut columns, table);
            let value = self.generated(&text, entry, columns, &table.name)?;
            assignments.push(Assignment { column: at, value: Some(value) });
        }
        Ok(())
    }

    fn set_target(&self, name: &sqlparser::ast::ObjectName, table: &TableEntry) -> Result<usize> {
        if let [first, second, ..] = name.0.as_slice()
            && let (Some(first), Some(_)) = (first.as_ident(), second.as_ident())
        {
            let error = match self.is_sqlite() {
                true => SqlError::new("42601", "near \".\": syntax error"),
                false => {
                    let (column, table) = (self.fold(first), &table.name);
                    let message =
                        format!("column \"{column}\" of relation \"{table}\" does not exist");
                    SqlError::new("42703", message)
                }
            };
            return Err(self.at(error, Binder::span_of(name)));
        }
        let (_, column) = self.object_name(name)?;
        let found = self.target(table, &column).map_err(|error| match self.is_sqlite() {
            true => SqlError::new("42703", format!("no such column: {column}")),
            false => error,
        });
        found.map_err(|error| self.at(error, Binder::span_of(name)))
    }

    fn set_value(&mut self, tree: &Ast, table: &TableEntry, at: usize) -> Result<Option<Expr>> {
        let entry = &table.columns[at];
        if is_default(tree) && !self.is_sqlite() {
            return match entry.note.default {
                Some(_) => self.default_value(table, at).map(Some),
                None => Ok(None),
            };
        }
        self.check_set(table, at)?;
        let bound = self.value_expr(tree)?;
        self.stored(bound, entry).map(Some)
    }

    /// Refuses a value for an identity that is always made.
    fn check_set(&self, table: &TableEntry, at: usize) -> Result<()> {
        let entry = &table.columns[at];
        if entry.note.identity.as_deref() == Some("always") {
            let message = format!("column \"{}\" can only be updated to DEFAULT", entry.name);
            let detail = format!(
                "Column \"{}\" is an identity column defined as GENERATED ALWAYS.",
                entry.name
            );
            return Err(SqlError::new("428C9", message).with_detail(detail));
        }
        Ok(())
    }

    /// `(a, b) = (1, 2)`, `= ROW(...)`, `= (SELECT ...)`
    fn set_tuple(
        &mut self,
        targets: &[usize],
        value: &Ast,
        table: &TableEntry,
        assignments: &mut Vec<Assignment>,
    ) -> Result<()> {
        let is_sqlite = self.is_sqlite();
        let count = |given: usize| {
            if given == targets.len() {
                return Ok(());
            }
            let message = match is_sqlite {
                true => format!("{} columns assigned {given} values", targets.len()),
                false => "number of columns does not match number of values".to_owned(),
            };
            Err(SqlError::new("42601", message))
        };
        match strip(value) {
            Ast::Tuple(values) => {
                count(values.len())?;
                for (at, value) in targets.iter().zip(values) {
                    let value = self.set_value(value, table, *at)?;
                    assignments.push(Assignment { column: *at, value });
                }
            }
            Ast::Subquery(query) => {
                let query = self.query(query)?;
                count(query.columns.len())?;
                let fields = self.fields_of(query);
                for (at, field) in targets.iter().zip(fields) {
                    let value = self.stored(field, &table.columns[*at])?;
                    assignments.push(Assignment { column: *at, value: Some(value) });
                }
            }
            other if targets.len() == 1 && !is_row(other) => {
                let value = self.set_value(other, table, targets[0])?;
                assignments.push(Assignment { column: targets[0], value });
            }
            other => {
                let row = self.expr(other)?;
                let ExprKind::Row(parts) = row.kind else {
                    let message = "source for a multiple-column UPDATE item must be a sub-SELECT \
                        or ROW() expression";
                    return Err(SqlError::unsupported(message));
                };
                count(parts.len())?;
                for (at, part) in targets.iter().zip(parts) {
                    let value = self.stored(part, &table.columns[*at])?;
                    assignments.push(Assignment { column: *at, value: Some(value) });
                }
            }
        }
        Ok(())
    }
}

/// Whether an expression is `ROW(...)`.
fn is_row(tree: &Ast) -> bool {
    let Ast::Function(function) = tree else { return false };
    function.name.to_string().eq_ignore_ascii_case("row")
}

/// Whether a query is a part of an expression.
pub(crate) fn has_query(expr: &Expr) -> bool {
    struct HasQuery(bool);
    impl Visit for HasQuery {
        fn expr(&mut self, expr: &Expr) -> Go {
            self.0 |= matches!(expr.kind, ExprKind::Subquery(_));
            if self.0 { Go::Past } else { Go::Inside }
        }
    }
    let mut query = HasQuery(false);
    expr.visit(&mut query);
    query.0
}

/// The parts of a condition that are about a row of the table alone.
pub(crate) fn recheck_of(condition: &Expr, scope: &RelationScope) -> Option<Expr> {
    let mut own = HashSet::new();
    for column in scope.columns.iter().chain(&scope.hidden) {
        own.extend(columns_of(&column.expr));
    }
    let parts = match &condition.kind {
        ExprKind::And(parts) => parts.clone(),
        _ => vec![condition.clone()],
    };
    let is_own =
        |part: &Expr| !has_query(part) && columns_of(part).iter().all(|id| own.contains(id));
    let parts: Vec<Expr> = parts.into_iter().filter(is_own).collect();
    (!parts.is_empty()).then(|| Expr::all(parts))
}
