//! INSERT and REPLACE.

use std::sync::Arc;

use bourse::Collation;
use bourse::schema::Default as StoreDefault;
use sqlparser::ast::{
    Expr as Ast, Insert as Tree, InsertOverriding, OnInsert, SetExpr, SqliteOnConflict, TableObject,
};

use super::binder::Binder;
use super::coerce::{strip, with_affinity};
use super::query::output_of;
use super::scope::{Clause, Namespace, RelationScope, Visible, column, expr_of};
use super::select::nothing;
use super::upsert::or_action;
use crate::Dialect;
use crate::algebra::{
    Column, ColumnId, ConflictAction, Expr, ExprKind, Insert, OnConflict, Query, Rel, ScanColumn,
    Statement,
};
use crate::catalog::{ColumnEntry, TableEntry};
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::parse;
use crate::types::{Affinity, SqlType};

/// Whether an expression is the word DEFAULT.
pub(crate) fn is_default(tree: &Ast) -> bool {
    matches!(strip(tree), Ast::Identifier(ident)
        if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("default"))
}

impl Binder<'_> {
    pub(crate) fn insert(&mut self, tree: &Tree) -> Result<Statement> {
        let TableObject::TableName(name) = &tree.table else {
            return Err(self.unsupported("INSERT takes the name of a table"));
        };
        if !tree.into && !tree.overwrite {
            let message = match self.is_sqlite() {
                true => format!("near \"{name}\": syntax error"),
                false => format!("syntax error at or near \"{name}\""),
            };
            return Err(SqlError::new("42601", message));
        }
        let (view, table) = match self.view_to_change(name, "insert into")? {
            Some((view, table)) => (Some(view), table),
            None => (None, self.table_to_change(name, "insert into")?),
        };
        let said = tree.table_alias.as_ref().map(|alias| &alias.alias);
        let alias = said.or(self.insert_alias.as_ref()).map(|alias| self.fold(alias));
        let seen = view.as_ref().map_or(&table.name, |view| &view.name);
        let alias = alias.unwrap_or_else(|| seen.clone());
        let targets = match &view {
            Some(view) => self.targets_below(view, &table, tree)?,
            None => self.targets(&table, tree)?,
        };
        let (mut source, mut given) = self.insert_source(tree, &table, &targets)?;
        if tree.overriding != Some(InsertOverriding::System) {
            self.check_identity(&table, &mut given, tree.overriding.is_some())?;
        }
        let conflict = match (&tree.on, &tree.or) {
            (Some(OnInsert::OnConflict(conflict)), _) => {
                Some(self.on_conflicts(conflict, &table, &alias)?)
            }
            (Some(other), _) => return Err(self.unsupported(&format!("{other} is not supported"))),
            (None, Some(or)) => or_action(*or),
            (None, None) if tree.replace_into => or_action(SqliteOnConflict::Replace),
            (None, None) => None,
        };
        // Before what is generated of them.
        if matches!(conflict, Some(OnConflict { action: ConflictAction::Replace, .. })) {
            source = self.defaults_for_null(source, &mut given, &table)?;
        }
        let by_sql = match tree.on.is_some() || tree.or.is_some() || tree.replace_into {
            true => self.defaults_to_compare(&table),
            false => Binder::computed_defaults(&table),
        };
        source = self.add_defaults(source, &mut given, &table, &by_sql)?;
        if let Some(view) = &view {
            source = self.check_inserted(view, &table, source, &mut given)?;
        }
        let returning = match &tree.returning {
            Some(items) => {
                Some(self.returning_of(items, &table, &alias, nothing(), view.as_deref())?)
            }
            None => None,
        };
        let columns = given;
        Ok(Statement::Insert(Insert {
            table: table.table.clone(),
            source,
            columns,
            conflict,
            returning,
        }))
    }

    /// The table that a statement changes.
    pub(crate) fn table_to_change(
        &self,
        name: &sqlparser::ast::ObjectName,
        what: &str,
    ) -> Result<Arc<TableEntry>> {
        let (schema, relation) = self.object_name(name)?;
        let lower = relation.to_ascii_lowercase();
        if self.is_sqlite() && matches!(lower.as_str(), "sqlite_schema" | "sqlite_master") {
            return Err(SqlError::new("42809", "table sqlite_master may not be modified"));
        }
        match self.catalog.relation(schema.as_deref(), &relation, self.settings) {
            Some(crate::catalog::Relation::Table(table)) => {
                let may = matches!(what, "create index on" | "comment on" | "copy");
                match table.note.materialized.is_some() && !may {
                    true => Err(self.no_change(&relation, what)),
                    false => Ok(table),
                }
            }
            Some(crate::catalog::Relation::View(view)) if view.note.materialized.is_some() => {
                Err(self.no_change(&relation, what))
            }
            Some(crate::catalog::Relation::AggregateView(_)) => {
                Err(self.no_change(&relation, what))
            }
            Some(_) if self.is_sqlite() => {
                let message = format!("cannot modify {relation} because it is a view");
                Err(SqlError::new("42809", message))
            }
            Some(_) => Err(match what {
                "truncate" => SqlError::new("42809", format!("\"{relation}\" is not a table")),
                "create index on" => {
                    let message = format!("cannot create index on relation \"{relation}\"");
                    let detail = "This operation is not supported for views.";
                    SqlError::new("42809", message).with_detail(detail)
                }
                _ => {
                    let message = format!("cannot {what} view \"{relation}\"");
                    let detail = "Views are not automatically updatable.";
                    SqlError::new("55000", message).with_detail(detail)
                }
            }),
            None => Err(self.no_relation(name, schema.as_deref(), &relation)),
        }
    }

    /// The error that a materialized view is not changed.
    fn no_change(&self, name: &str, what: &str) -> SqlError {
        if self.is_sqlite() {
            let message = format!("cannot modify {name} because it is a view");
            return SqlError::new("42809", message);
        }
        match what {
            "merge into" => {
                SqlError::unsupported(format!("cannot execute MERGE on relation \"{name}\""))
            }
            "copy to" => {
                let message = format!("cannot copy to materialized view \"{name}\"");
                SqlError::new("42809", message)
            }
            "lock" => SqlError::new("42809", format!("\"{name}\" is not a table or view")),
            "truncate" => SqlError::new("42809", format!("\"{name}\" is not a table")),
            "create index on" => {
                SqlError::unsupported(format!("cannot create index on \"{name}\""))
                    .with_detail("Its groups are kept by the store, in the order of their columns.")
                    .with_hint("Make it WITH (incremental = off), or by ViewBuilder::index.")
            }
            "alter" => {
                let message = format!("cannot alter materialized view \"{name}\" as a table");
                SqlError::new("42809", message)
            }
            _ => {
                let message = format!("cannot change materialized view \"{name}\"");
                SqlError::new("42809", message)
            }
        }
    }

    /// Positions of the columns that are given.
    fn targets(&self, table: &TableEntry, tree: &Tree) -> Result<Vec<usize>> {
        if tree.columns.is_empty() {
            let all = 0..table.columns.len();
            let is_own =
                |at: &usize| !self.is_sqlite() || table.columns[*at].note.generated.is_none();
            return Ok(all.filter(is_own).collect());
        }
        let mut targets = Vec::new();
        for name in &tree.columns {
            let (_, column) = self.object_name(name)?;
            let at = self
                .target(table, &column)
                .map_err(|error| self.at(error, Binder::span_of(name)))?;
            if targets.contains(&at) && !self.is_sqlite() {
                let message = format!("column \"{column}\" specified more than once");
                return Err(SqlError::new("42701", message));
            }
            targets.push(at);
        }
        Ok(targets)
    }

    /// The position of a column that is set.
    pub(crate) fn target(&self, table: &TableEntry, name: &str) -> Result<usize> {
        let exact = table.columns.iter().position(|column| column.name == name);
        let found = exact.or_else(|| {
            table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
        });
        let row_id = || {
            let positions = table.table.definition().primary_key_positions();
            let is_name =
                ["rowid", "oid", "_rowid_"].iter().any(|id| id.eq_ignore_ascii_case(name));
            (self.is_sqlite() && is_name && positions.len() == 1).then(|| usize::from(positions[0]))
        };
        found.or_else(row_id).ok_or_else(|| match self.is_sqlite() {
            true => {
                SqlError::new("42703", format!("table {} has no column named {name}", table.name))
            }
            false => SqlError::new(
                "42703",
                format!("column \"{name}\" of relation \"{}\" does not exist", table.name),
            ),
        })
    }

    /// The rows, and which of their columns each column of the table gets.
    fn insert_source(
        &mut self,
        tree: &Tree,
        table: &TableEntry,
        targets: &[usize],
    ) -> Result<(Query, Vec<Option<ColumnId>>)> {
        let mut given = vec![None; table.columns.len()];
        let Some(source) = &tree.source else {
            let rel = Rel::Values { columns: Vec::new(), rows: vec![Vec::new()] };
            return Ok((Query { rel, columns: Vec::new() }, given));
        };
        let is_plain = source.with.is_none()
            && source.order_by.is_none()
            && source.limit_clause.is_none()
            && source.fetch.is_none();
        if let SetExpr::Values(values) = source.body.as_ref()
            && is_plain
        {
            let rows: Vec<&Vec<Ast>> = values.rows.iter().map(|row| &row.content).collect();
            let source = self.insert_values(&rows, table, targets, tree, &mut given)?;
            return Ok((source, given));
        }
        self.keep_unknown = true;
        let query = self.query(source);
        self.keep_unknown = false;
        let query = query?;
        self.check_width(query.columns.len(), targets.len(), tree, table)?;
        let types: Vec<SqlType> =
            targets.iter().map(|target| table.columns[*target].ty.clone()).collect();
        let mut query = query;
        if !self.is_sqlite() {
            // Literals and parameters first: they become what their columns are.
            let known: Vec<SqlType> = query
                .columns
                .iter()
                .zip(&types)
                .map(
                    |(column, ty)| {
                        if column.ty == SqlType::Unknown { ty.clone() } else { column.ty.clone() }
                    },
                )
                .collect();
            query =
                self.coerce_output(query, &known, crate::function::cast::CastContext::Assignment)?;
        }
        let mut outputs = Vec::new();
        for (expr, target) in Binder::columns_of_query(&query).into_iter().zip(targets) {
            let entry = &table.columns[*target];
            outputs.push((entry.name.clone(), self.stored(expr, entry)?));
        }
        let query = self.project(query, outputs);
        for (output, target) in query.columns.iter().zip(targets) {
            self.check_generated(&table.columns[*target])?;
            given[*target] = Some(output.id);
        }
        Ok((query, given))
    }

    fn check_width(
        &self,
        width: usize,
        targets: usize,
        tree: &Tree,
        table: &TableEntry,
    ) -> Result<()> {
        if self.is_sqlite() {
            if width == targets {
                return Ok(());
            }
            let message = if tree.columns.is_empty() {
                format!(
                    "table {} has {targets} columns but {width} values were supplied",
                    table.name
                )
            } else {
                format!("{width} values for {targets} columns")
            };
            return Err(SqlError::new("42601", message));
        }
        if width > targets {
            return Err(SqlError::new("42601", "INSERT has more expressions than target columns"));
        }
        if width < targets && !tree.columns.is_empty() {
            return Err(SqlError::new("42601", "INSERT has more target columns than expressions"));
        }
        Ok(())
    }

    pub(super) fn check_generated(&self, entry: &ColumnEntry) -> Result<()> {
        if entry.note.generated.is_none() {
            return Ok(());
        }
        Err(match self.is_sqlite() {
            true => SqlError::new(
                "428C9",
                format!("cannot INSERT into generated column \"{}\"", entry.name),
            ),
            false => SqlError::new(
                "428C9",
                format!("cannot insert a non-DEFAULT value into column \"{}\"", entry.name),
            )
            .with_detail(format!("Column \"{}\" is a generated column.", entry.name)),
        })
    }

    /// Rows written out, with DEFAULT among them.
    fn insert_values(
        &mut self,
        rows: &[&Vec<Ast>],
        table: &TableEntry,
        targets: &[usize],
        tree: &Tree,
        given: &mut [Option<ColumnId>],
    ) -> Result<Query> {
        let width = rows.first().map_or(0, |row| row.len());
        for row in rows {
            if row.len() != width {
                return Err(self.unequal_rows());
            }
        }
        self.check_width(width, targets.len(), tree, table)?;
        let mut columns: Vec<Column> = Vec::new();
        let mut values: Vec<Vec<Expr>> = vec![Vec::new(); rows.len()];
        for (at, target) in targets.iter().enumerate().take(width) {
            let entry = &table.columns[*target];
            if !self.is_sqlite() && rows.iter().all(|row| is_default(&row[at])) {
                continue;
            }
            self.check_generated(entry)?;
            for (row, values) in rows.iter().zip(&mut values) {
                let value = if !self.is_sqlite() && is_default(&row[at]) {
                    self.default_value(table, *target)?
                } else {
                    self.within(nothing(), Clause::Values, |binder| {
                        let bound = binder.value_expr(&row[at])?;
                        binder.stored(bound, entry)
                    })?
                };
                values.push(value);
            }
            let id = self.next_column();
            let ty = if self.is_sqlite() { SqlType::Any } else { entry.ty.clone() };
            columns.push(column(id, &entry.name, ty, entry.collation));
            given[*target] = Some(id);
        }
        let outputs = columns.iter().map(output_of).collect();
        Ok(Query { rel: Rel::Values { columns, rows: values }, columns: outputs })
    }

    /// A value as a column keeps it.
    pub(crate) fn stored(&mut self, expr: Expr, entry: &ColumnEntry) -> Result<Expr> {
        if self.is_sqlite() {
            return Ok(with_affinity(self.value(expr), entry.affinity));
        }
        self.assign(expr, &entry.ty, &entry.name)
    }

    /// GENERATED ALWAYS AS IDENTITY takes no value. OVERRIDING USER VALUE drops those of
    /// identities.
    fn check_identity(
        &self,
        table: &TableEntry,
        given: &mut [Option<ColumnId>],
        user: bool,
    ) -> Result<()> {
        let definition = table.table.definition();
        for (at, column) in definition.columns.iter().enumerate() {
            let by_sequence = table.columns[at].note.identity.as_deref();
            let is_identity = by_sequence.is_some()
                || matches!(
                    column.default,
                    Some(StoreDefault::IdentityAlways | StoreDefault::Identity)
                );
            if user && is_identity {
                given[at] = None;
            }
            let is_always = by_sequence == Some("always")
                || matches!(column.default, Some(StoreDefault::IdentityAlways));
            if given[at].is_some() && is_always {
                let message =
                    format!("cannot insert a non-DEFAULT value into column \"{}\"", column.name);
                return Err(SqlError::new("428C9", message)
                    .with_detail(format!(
                        "Column \"{}\" is an identity column defined as GENERATED ALWAYS.",
                        column.name
                    ))
                    .with_hint("Use OVERRIDING SYSTEM VALUE to override."));
            }
        }
        Ok(())
    }

    /// Columns whose DEFAULT the store cannot give.
    pub(super) fn computed_defaults(table: &TableEntry) -> Vec<usize> {
        let columns = table.columns.iter().enumerate();
        columns.filter(|(_, entry)| entry.note.default.is_some()).map(|(at, _)| at).collect()
    }

    /// Columns whose DEFAULT has to be known before the row is inserted: its keys are looked for,
    /// and `excluded` has it.
    fn defaults_to_compare(&self, table: &TableEntry) -> Vec<usize> {
        let definition = table.table.definition();
        let is_known = |at: &usize| match &definition.columns[*at].default {
            Some(StoreDefault::Constant(_)) => true,
            Some(StoreDefault::CurrentTimestamp) => !self.is_sqlite(),
            _ => table.columns[*at].note.default.is_some(),
        };
        (0..table.columns.len()).filter(is_known).collect()
    }

    /// DEFAULTs of these columns and generated columns that SQL computes, beside the rows.
    pub(super) fn add_defaults(
        &mut self,
        mut source: Query,
        given: &mut [Option<ColumnId>],
        table: &TableEntry,
        by_sql: &[usize],
    ) -> Result<Query> {
        let mut items: Vec<(Column, Expr)> = source
            .columns
            .iter()
            .map(|output| {
                let made = column(output.id, &output.name, output.ty.clone(), output.collation);
                let expr = expr_of(&made);
                (made, expr)
            })
            .collect();
        items.dedup_by_key(|(column, _)| column.id);
        let before = items.len();
        for (at, entry) in table.columns.iter().enumerate() {
            if given[at].is_none() && by_sql.contains(&at) {
                let value = self.default_value(table, at)?;
                let made = self.column_for(&entry.name, &value);
                given[at] = Some(made.id);
                source.columns.push(output_of(&made));
                items.push((made, value));
            }
        }
        if items.len() > before {
            source.rel = Rel::Project { input: Box::new(source.rel), items: items.clone() };
        }
        if table.columns.iter().all(|entry| entry.note.generated.is_none()) {
            return Ok(source);
        }
        // Over the row as it will be.
        let mut visible = Vec::new();
        for (at, entry) in table.columns.iter().enumerate() {
            let found = given[at].and_then(|id| items.iter().find(|(column, _)| column.id == id));
            let expr = match found {
                Some((column, _)) => expr_of(column),
                None => self.default_value(table, at)?,
            };
            visible.push(Visible { name: entry.name.clone(), expr, origin: None, declared: None });
        }
        let mut items: Vec<(Column, Expr)> = items
            .into_iter()
            .map(|(column, _)| {
                let e = expr_of(&column);
                (column, e)
            })
            .collect();
        for (at, value) in self.generated_columns(table, visible)? {
            let made = self.column_for(&table.columns[at].name, &value);
            given[at] = Some(made.id);
            source.columns.push(output_of(&made));
            items.push((made, value));
        }
        source.rel = Rel::Project { input: Box::new(source.rel), items };
        Ok(source)
    }

    /// Generated columns of a row, which in SQLite's dialect may be made of each other.
    pub(super) fn generated_columns(
        &mut self,
        table: &TableEntry,
        mut row: Vec<Visible>,
    ) -> Result<Vec<(usize, Expr)>> {
        let columns = table.columns.iter().enumerate();
        let texts: Vec<(usize, String)> =
            columns.filter_map(|(at, entry)| Some((at, entry.note.generated.clone()?))).collect();
        // As often as one of them can be a step away from what it is made of.
        let rounds = if self.is_sqlite() { texts.len() } else { 1 };
        self.keep_affinities(&mut row, table);
        let mut made = Vec::new();
        for _ in 0..rounds {
            made.clear();
            for (at, text) in &texts {
                let value = self.generated(text, &table.columns[*at], row.clone(), &table.name)?;
                row[*at].expr = value.clone();
                made.push((*at, value));
            }
        }
        Ok(made)
    }

    /// Gives the values of a row the affinities of the columns that they go to: what is computed of
    /// them is so of what the columns keep.
    pub(crate) fn keep_affinities(&mut self, row: &mut [Visible], table: &TableEntry) {
        if !self.is_sqlite() {
            return;
        }
        for (visible, entry) in row.iter_mut().zip(&table.columns) {
            match visible.expr.kind {
                ExprKind::Column(id) => {
                    self.affinities.insert(id, entry.affinity);
                }
                // A constant, too, goes by the affinity of the column.
                _ if entry.affinity != Affinity::None => {
                    let value = with_affinity(visible.expr.clone(), entry.affinity);
                    let operand = Box::new(value);
                    let kind = ExprKind::Affinity { operand, affinity: entry.affinity };
                    visible.expr = Expr { kind, ..visible.expr.clone() };
                }
                _ => {}
            }
            visible.expr.collation = entry.collation;
        }
    }

    /// OR REPLACE takes the default where a column is NOT NULL and the value is.
    fn defaults_for_null(
        &mut self,
        mut source: Query,
        given: &mut [Option<ColumnId>],
        table: &TableEntry,
    ) -> Result<Query> {
        let mut items = Vec::new();
        for output in &source.columns {
            let made = column(output.id, &output.name, output.ty.clone(), output.collation);
            let expr = expr_of(&made);
            items.push((made, expr));
        }
        let before = items.len();
        for (at, given) in given.iter_mut().enumerate() {
            let Some(id) = *given else { continue };
            let Some((_, value)) = items.iter().find(|(column, _)| column.id == id).cloned() else {
                continue;
            };
            let value = self.or_default(value, table, at)?;
            if matches!(value.kind, ExprKind::Coalesce(_)) {
                let made = self.column_for(&table.columns[at].name, &value);
                *given = Some(made.id);
                source.columns.push(output_of(&made));
                items.push((made, value));
            }
        }
        if items.len() > before {
            source.rel = Rel::Project { input: Box::new(source.rel), items };
        }
        Ok(source)
    }

    /// The value, or where it is NULL and must not be, the column's default if it has one.
    pub(crate) fn or_default(
        &mut self,
        value: Expr,
        table: &TableEntry,
        at: usize,
    ) -> Result<Expr> {
        if !table.table.definition().columns[at].not_null {
            return Ok(value);
        }
        let default = self.default_value(table, at)?;
        if matches!(default.kind, ExprKind::Literal(Datum::Null)) {
            return Ok(value);
        }
        let (ty, collation) = (value.ty.clone(), value.collation);
        Ok(Expr { kind: ExprKind::Coalesce(vec![value, default]), ty, collation })
    }

    /// A generated column of a row.
    pub(crate) fn generated(
        &mut self,
        text: &str,
        entry: &ColumnEntry,
        columns: Vec<Visible>,
        table: &str,
    ) -> Result<Expr> {
        let tree = parse::expression(text, self.dialect)?;
        let scope = RelationScope { name: table.to_owned(), columns, ..RelationScope::default() };
        self.apart(|binder| {
            binder.within(Namespace::of(scope), Clause::Generated, |binder| {
                let bound = binder.value_expr(&tree)?;
                binder.stored(bound, entry)
            })
        })
    }

    /// A column's DEFAULT as an expression.
    pub(crate) fn default_value(&mut self, table: &TableEntry, at: usize) -> Result<Expr> {
        let entry = &table.columns[at];
        if let Some(text) = &entry.note.default {
            let tree = parse::expression(text, self.dialect)?;
            return self.apart(|binder| {
                binder.within(nothing(), Clause::Default, |binder| {
                    let bound = binder.value_expr(&tree)?;
                    binder.stored(bound, entry)
                })
            });
        }
        let ty = if self.is_sqlite() { SqlType::Any } else { entry.ty.clone() };
        match &table.table.definition().columns[at].default {
            Some(StoreDefault::Constant(value)) => {
                let value = datum::from_value(value.as_value(), &ty, self.dialect)?;
                Ok(Expr { collation: entry.collation, ..Expr::literal(value, ty) })
            }
            Some(StoreDefault::CurrentTimestamp) if self.dialect == Dialect::Postgres => {
                let now = self.scalar("now", Vec::new())?;
                self.stored(now, entry)
            }
            // Where the store makes ids, NULL asks for one.
            _ => Ok(Expr { collation: Collation::Binary, ..Expr::literal(Datum::Null, ty) }),
        }
    }

    /// A row of a table by new columns.
    pub(crate) fn row_scope(
        &mut self,
        table: &Arc<TableEntry>,
        alias: &str,
    ) -> (Vec<(Column, ScanColumn)>, RelationScope) {
        let (rel, mut scope) = self.scan(table, alias, None);
        scope.table = None;
        let columns = match rel {
            Rel::Scan(scan) => scan.columns,
            _ => Vec::new(),
        };
        (columns, scope)
    }
}
