//! Views through which rows are changed: those that show columns of one table, or of such a view.
//!
//! A view's columns are bound over the columns of its table, whatever these are: those of a scan
//! for WHERE and SET, those of the changed row for RETURNING, and the new values for WITH CHECK
//! OPTION.

use std::sync::Arc;

use bourse::Collation;
use sqlparser::ast::{
    AssignmentTarget, Expr as Ast, GroupByExpr, Insert as InsertTree, ObjectName,
    Query as QueryTree, Select, SelectItem, SetExpr, TableFactor,
};

use super::binder::Binder;
use super::query::output_of;
use super::scope::{Clause, Namespace, RelationScope, Visible, column, expr_of};
use crate::Dialect;
use crate::algebra::{Assignment, Column, ColumnId, Expr, ExprKind, Query, Rel, TruthTest};
use crate::catalog::{Relation, TableEntry, ViewEntry};
use crate::error::{Result, SqlError};
use crate::parse;
use crate::settings::Settings;
use crate::types::SqlType;

/// A view over the columns of its table.
pub(crate) struct Over {
    pub(crate) columns: Vec<Visible>,
    /// Conditions of the rows that it shows.
    pub(crate) filters: Vec<Expr>,
    /// Conditions that new rows must meet, with the views that say so.
    checks: Vec<(String, Expr)>,
}

/// Why a view is not updatable.
type Why = &'static str;

/// The SELECT of a view that may be changed through, and what it reads.
fn simple(query: &QueryTree) -> std::result::Result<(&Select, &ObjectName, Option<&str>), Why> {
    if query.with.is_some() {
        return Err("Views containing WITH are not automatically updatable.");
    }
    if query.limit_clause.is_some() || query.fetch.is_some() {
        return Err("Views containing LIMIT or OFFSET are not automatically updatable.");
    }
    let select = match query.body.as_ref() {
        SetExpr::Select(select) => select,
        SetExpr::SetOperation { .. } => {
            return Err(
                "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.",
            );
        }
        SetExpr::Query(inner) if query.order_by.is_none() => return simple(inner),
        _ => return Err(NOT_ONE),
    };
    if select.distinct.is_some() {
        return Err("Views containing DISTINCT are not automatically updatable.");
    }
    if !matches!(&select.group_by, GroupByExpr::Expressions(trees, _) if trees.is_empty()) {
        return Err("Views containing GROUP BY are not automatically updatable.");
    }
    if select.having.is_some() {
        return Err("Views containing HAVING are not automatically updatable.");
    }
    match select.from.as_slice() {
        [item] if item.joins.is_empty() => match &item.relation {
            TableFactor::Table { name, alias, args: None, sample: None, .. }
                if alias.as_ref().is_none_or(|alias| alias.columns.is_empty()) =>
            {
                let alias = alias.as_ref().map(|alias| alias.name.value.as_str());
                Ok((select, name, alias))
            }
            TableFactor::Table { sample: Some(_), .. } => {
                Err("Views containing TABLESAMPLE are not automatically updatable.")
            }
            _ => Err(NOT_ONE),
        },
        _ => Err(NOT_ONE),
    }
}

const NOT_ONE: Why =
    "Views that do not select from a single table or view are not automatically updatable.";

/// The query of a view.
fn query_of(view: &ViewEntry) -> Result<Box<QueryTree>> {
    let dialect = if view.note.sqlite { Dialect::Sqlite } else { Dialect::Postgres };
    parse::query(&view.note.query, dialect)
}

/// Whether rows can be changed through a view, as far as its query tells by itself.
pub(crate) fn is_updatable(view: &ViewEntry) -> bool {
    query_of(view).is_ok_and(|query| {
        simple(&query).is_ok_and(|(select, ..)| {
            select.projection.iter().any(|item| {
                matches!(
                    item,
                    SelectItem::Wildcard(_)
                        | SelectItem::QualifiedWildcard(..)
                        | SelectItem::UnnamedExpr(Ast::Identifier(_) | Ast::CompoundIdentifier(_))
                        | SelectItem::ExprWithAlias {
                            expr: Ast::Identifier(_) | Ast::CompoundIdentifier(_),
                            ..
                        }
                )
            })
        })
    })
}

/// The error that a view is not changed through.
fn refused(view: &ViewEntry, what: &str, why: Why) -> SqlError {
    let (rule, word) = match what {
        "insert into" => ("INSERT", "inserting into"),
        "update" => ("UPDATE", "updating"),
        _ => ("DELETE", "deleting from"),
    };
    let hint = format!(
        "To enable {word} the view, provide an INSTEAD OF {rule} trigger or an unconditional ON \
         {rule} DO INSTEAD rule."
    );
    SqlError::new("55000", format!("cannot {what} view \"{}\"", view.name))
        .with_detail(why)
        .with_hint(hint)
}

impl Binder<'_> {
    /// The view of a name that a statement changes, if it is one, and the table below it.
    pub(crate) fn view_to_change(
        &mut self,
        name: &ObjectName,
        what: &str,
    ) -> Result<Option<(Arc<ViewEntry>, Arc<TableEntry>)>> {
        if self.is_sqlite() {
            return Ok(None);
        }
        let (schema, relation) = self.object_name(name)?;
        match self.catalog.relation(schema.as_deref(), &relation, self.settings) {
            Some(Relation::View(view)) if view.note.materialized.is_none() && !view.note.sqlite => {
                if what == "merge into" {
                    let message = format!("cannot execute MERGE on relation \"{relation}\"");
                    return Err(SqlError::new("42809", message)
                        .with_detail("This operation is not supported for views."));
                }
                let table = self.base_of(&view, &view, what)?;
                Ok(Some((view, table)))
            }
            _ => Ok(None),
        }
    }

    fn settings_of(&self, view: &ViewEntry) -> Settings {
        let mut settings = Settings::new(self.settings.user(), self.settings.database());
        if !view.note.search_path.is_empty() {
            settings.set("search_path", view.note.search_path.clone());
        }
        if let Some(own) = self.settings.temporary_schema() {
            settings.set_temporary_schema(own);
        }
        settings
    }

    /// What the query of a view reads.
    fn read_by(&self, view: &ViewEntry, name: &ObjectName) -> Result<Option<Relation>> {
        let (schema, relation) = self.object_name(name)?;
        Ok(self.catalog.relation(schema.as_deref(), &relation, &self.settings_of(view)))
    }

    /// The table below a view; `whole` is the one that the statement names.
    fn base_of(
        &mut self,
        view: &ViewEntry,
        whole: &ViewEntry,
        what: &str,
    ) -> Result<Arc<TableEntry>> {
        let query = query_of(view)?;
        let (_, name, _) = simple(&query).map_err(|why| refused(whole, what, why))?;
        match self.read_by(view, name)? {
            Some(Relation::Table(table)) if table.note.materialized.is_none() => Ok(table),
            Some(Relation::View(inner)) if inner.note.materialized.is_none() => {
                let inner = Arc::clone(&inner);
                self.base_of(&inner, whole, what)
            }
            _ => Err(refused(whole, what, NOT_ONE)),
        }
    }

    /// A view over the columns of its table; `cascades` where a view above asks it to check rows.
    pub(crate) fn over_base(
        &mut self,
        view: &ViewEntry,
        base: &RelationScope,
        cascades: bool,
        what: &str,
    ) -> Result<Over> {
        let query = query_of(view)?;
        let (select, name, alias) = simple(&query).map_err(|why| refused(view, what, why))?;
        let own = view.note.check.as_deref();
        let cascades = cascades || own == Some("cascaded");
        let mut over = match self.read_by(view, name)? {
            Some(Relation::View(inner)) => self.over_base(&inner, base, cascades, what)?,
            _ => Over { columns: base.columns.clone(), filters: Vec::new(), checks: Vec::new() },
        };
        let (_, relation) = self.object_name(name)?;
        let scope = RelationScope {
            name: alias.map_or(relation, str::to_owned),
            columns: std::mem::take(&mut over.columns),
            ..RelationScope::default()
        };
        let settings = self.settings_of(view);
        let (items, condition) = self.with_settings(&settings, |binder| {
            binder.apart(|binder| {
                binder.within(Namespace::of(scope), Clause::Select, |binder| {
                    let items = binder.items(&select.projection, true)?;
                    let frame = binder.frame();
                    let why = match () {
                        () if !frame.aggregates.is_empty() => {
                            "Views that return aggregate functions are not automatically updatable."
                        }
                        () if !frame.windows.is_empty() => {
                            "Views that return window functions are not automatically updatable."
                        }
                        () if !frame.sets.is_empty() => {
                            "Views that return set-returning functions are not automatically \
                             updatable."
                        }
                        () => return Ok((items, binder.where_of(select.selection.as_ref())?)),
                    };
                    Err(refused(view, what, why))
                })
            })
        })?;
        let shown = items.into_iter().map(|item| Visible {
            name: item.name,
            expr: item.expr,
            origin: None,
            declared: item.declared,
        });
        over.columns = shown.collect();
        for (shown, name) in over.columns.iter_mut().zip(&view.note.columns) {
            shown.name.clone_from(name);
        }
        if let Some(condition) = condition {
            if cascades || own.is_some() {
                over.checks.push((view.name.clone(), condition.clone()));
            }
            over.filters.push(condition);
        }
        Ok(over)
    }

    /// Which column of the table a view's column is.
    fn place_below(base: &RelationScope, shown: &Visible) -> Option<usize> {
        let ExprKind::Column(id) = shown.expr.kind else { return None };
        base.columns
            .iter()
            .position(|below| matches!(below.expr.kind, ExprKind::Column(own) if own == id))
    }

    /// The table with the names that a view gives its columns; others have none that can be
    /// written.
    pub(crate) fn named_by_view(
        &self,
        view: &ViewEntry,
        table: &TableEntry,
        base: &RelationScope,
        over: &Over,
    ) -> TableEntry {
        let mut named = table.clone();
        named.name.clone_from(&view.name);
        for (at, column) in named.columns.iter_mut().enumerate() {
            column.name = format!("\0{at}");
        }
        for shown in over.columns.iter().rev() {
            if let Some(at) = Binder::place_below(base, shown) {
                named.columns[at].name.clone_from(&shown.name);
            }
        }
        named
    }

    /// Refuses a column of a view that is none of its table.
    fn check_below(
        &self,
        view: &ViewEntry,
        base: &RelationScope,
        over: &Over,
        name: &str,
        what: &str,
    ) -> Result<()> {
        let shown = over.columns.iter().find(|shown| shown.name == name);
        if shown.is_none_or(|shown| Binder::place_below(base, shown).is_some()) {
            return Ok(());
        }
        let message = format!("cannot {what} column \"{name}\" of view \"{}\"", view.name);
        Err(SqlError::unsupported(message).with_detail(
            "View columns that are not columns of their base relation are not updatable.",
        ))
    }

    /// Refuses SET of columns of a view that are none of its table.
    pub(crate) fn check_set_targets(
        &self,
        view: &ViewEntry,
        base: &RelationScope,
        over: &Over,
        trees: &[sqlparser::ast::Assignment],
    ) -> Result<()> {
        for tree in trees {
            let names = match &tree.target {
                AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
                AssignmentTarget::Tuple(names) => names.as_slice(),
            };
            for name in names {
                let (_, column) = self.object_name(name)?;
                self.check_below(view, base, over, &column, "update")?;
            }
        }
        Ok(())
    }

    /// The columns of the table that an INSERT into a view gives.
    pub(super) fn targets_below(
        &mut self,
        view: &ViewEntry,
        table: &Arc<TableEntry>,
        tree: &InsertTree,
    ) -> Result<Vec<usize>> {
        let (_, base) = self.row_scope(table, &view.name);
        let over = self.over_base(view, &base, false, "insert into")?;
        let names = match tree.columns.is_empty() {
            true => {
                // As many as there are values, where that is told.
                let width = tree.source.as_ref().and_then(|source| match source.body.as_ref() {
                    SetExpr::Values(values) => values.rows.first().map(|row| row.content.len()),
                    _ => None,
                });
                let width = width.unwrap_or(over.columns.len()).min(over.columns.len());
                over.columns[..width].iter().map(|shown| shown.name.clone()).collect()
            }
            false => {
                let names = tree.columns.iter().map(|name| Ok(self.object_name(name)?.1));
                names.collect::<Result<Vec<String>>>()?
            }
        };
        let mut targets = Vec::with_capacity(names.len());
        for name in names {
            self.check_below(view, &base, &over, &name, "insert into")?;
            let shown = over.columns.iter().find(|shown| shown.name == name);
            let place = shown.and_then(|shown| Binder::place_below(&base, shown));
            let Some(at) = place else {
                let message =
                    format!("column \"{name}\" of relation \"{}\" does not exist", view.name);
                return Err(SqlError::new("42703", message));
            };
            if targets.contains(&at) {
                let message = format!("column \"{name}\" specified more than once");
                return Err(SqlError::new("42701", message));
            }
            targets.push(at);
        }
        Ok(targets)
    }

    /// The value in a row that a view takes; an error in its place where it does not.
    fn checked(&mut self, value: Expr, checks: Vec<(String, Expr)>) -> Result<Expr> {
        let mut branches = Vec::with_capacity(checks.len());
        for (view, condition) in checks {
            let kind =
                ExprKind::Is { operand: Box::new(condition), test: TruthTest::True, negated: true };
            let fails = Expr { kind, ty: SqlType::Boolean, collation: Collation::Binary };
            let message = format!("new row violates check option for view \"{view}\"");
            branches.push((fails, self.refusal("44000", &message, &value)?));
        }
        if branches.is_empty() {
            return Ok(value);
        }
        let (ty, collation) = (value.ty.clone(), value.collation);
        let otherwise = Some(Box::new(value));
        Ok(Expr { kind: ExprKind::Case { operand: None, branches, otherwise }, ty, collation })
    }

    /// WITH CHECK OPTION of an UPDATE: over the row as it will be.
    pub(crate) fn check_assigned(
        &mut self,
        view: &ViewEntry,
        table: &TableEntry,
        base: &RelationScope,
        assignments: &mut [Assignment],
    ) -> Result<()> {
        let mut row = base.clone();
        for assignment in assignments.iter() {
            let at = assignment.column;
            row.columns[at].expr = match &assignment.value {
                Some(value) => value.clone(),
                None => self.default_value(table, at)?,
            };
        }
        let checks = self.over_base(view, &row, false, "update")?.checks;
        if let Some(first) = assignments.first_mut().filter(|_| !checks.is_empty()) {
            let value = row.columns[first.column].expr.clone();
            first.value = Some(self.checked(value, checks)?);
        }
        Ok(())
    }

    /// WITH CHECK OPTION of an INSERT: over each new row.
    pub(super) fn check_inserted(
        &mut self,
        view: &ViewEntry,
        table: &Arc<TableEntry>,
        mut source: Query,
        given: &mut [Option<ColumnId>],
    ) -> Result<Query> {
        let (_, mut row) = self.row_scope(table, &view.name);
        let mut items: Vec<(Column, Expr)> = Vec::new();
        for output in &source.columns {
            let made = column(output.id, &output.name, output.ty.clone(), output.collation);
            let expr = expr_of(&made);
            items.push((made, expr));
        }
        items.dedup_by_key(|(column, _)| column.id);
        for (at, shown) in row.columns.iter_mut().enumerate() {
            let known = given[at].and_then(|id| items.iter().find(|(column, _)| column.id == id));
            shown.expr = match known {
                Some((_, expr)) => expr.clone(),
                None => self.default_value(table, at)?,
            };
        }
        let checks = self.over_base(view, &row, false, "insert into")?.checks;
        let Some(at) = given.iter().position(Option::is_some).filter(|_| !checks.is_empty()) else {
            return Ok(source);
        };
        let value = self.checked(row.columns[at].expr.clone(), checks)?;
        let made = self.column_for(&table.columns[at].name, &value);
        given[at] = Some(made.id);
        source.columns.push(output_of(&made));
        items.push((made, value));
        source.rel = Rel::Project { input: Box::new(source.rel), items };
        Ok(source)
    }
}
