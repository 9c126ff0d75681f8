//! Names of columns.

use sqlparser::ast::{Expr as Ast, Ident, ObjectName};

use super::binder::Binder;
use super::scope::{Frame, Namespace, RelationScope, Visible};
use crate::algebra::{Expr, ExprKind};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

impl Binder<'_> {
    /// A name by itself.
    pub(crate) fn identifier(&mut self, ident: &Ident) -> Result<Expr> {
        let name = self.fold(ident);
        for level in (0..self.frames.len()).rev() {
            let frame = &self.frames[level];
            match self.find_in(frame, &name).map_err(|error| self.at(error, ident.span))? {
                Some(expr) => {
                    self.used.insert(level);
                    return Ok(expr);
                }
                None => {
                    if let Some(value) = self.of_frame(level, &name, ident)? {
                        return Ok(value);
                    }
                }
            }
        }
        if self.is_sqlite() {
            return self.sqlite_word(ident, &name);
        }
        // A word that is no name where it stands by itself.
        if ident.quote_style.is_none()
            && name == "current_role"
            && let Some(value) = self.word_call(&name)?
        {
            return Ok(value);
        }
        if let Some(row) = self.whole_row(&name) {
            return Ok(row);
        }
        Err(self.at(self.no_column(&name), ident.span))
    }

    /// What a frame knows beside its relations' columns.
    fn of_frame(&mut self, level: usize, name: &str, ident: &Ident) -> Result<Option<Expr>> {
        let frame = &self.frames[level];
        if let Some(value) = &frame.value
            && name.eq_ignore_ascii_case("value")
        {
            return Ok(Some(value.clone()));
        }
        let alias = frame.aliases.iter().position(|(alias, _)| alias.eq_ignore_ascii_case(name));
        let Some(at) = alias.filter(|_| ident.quote_style.is_none() || self.is_sqlite()) else {
            return Ok(None);
        };
        // An alias does not mean itself.
        let (alias, tree) = self.frames[level].aliases.remove(at);
        let inner = self.frames.split_off(level + 1);
        let bound = self.expr(&tree);
        self.frames.extend(inner);
        self.frames[level].aliases.insert(at, (alias, tree));
        bound.map(Some)
    }

    /// SQLite: a name in double quotes that no column has is a text; true and false are numbers.
    fn sqlite_word(&mut self, ident: &Ident, name: &str) -> Result<Expr> {
        let value = match ident.quote_style {
            Some('"') => Datum::text(name),
            None if name.eq_ignore_ascii_case("true") => Datum::Integer(1),
            None if name.eq_ignore_ascii_case("false") => Datum::Integer(0),
            _ => return Err(self.at(self.no_column(name), ident.span)),
        };
        Ok(Expr::literal(value, SqlType::Any))
    }

    fn no_column(&self, name: &str) -> SqlError {
        if self.is_sqlite() {
            return SqlError::new("42703", format!("no such column: {name}"));
        }
        if name == "default" {
            return SqlError::new("42601", "DEFAULT is not allowed in this context");
        }
        let error = SqlError::new("42703", format!("column \"{name}\" does not exist"));
        let similar = self.frames.iter().rev().flat_map(|frame| &frame.namespace.relations);
        let similar = similar
            .flat_map(|relation| relation.columns.iter().map(move |column| (relation, column)))
            .find(|(_, column)| is_similar(&column.name, name));
        match similar {
            Some((relation, column)) => error.with_hint(format!(
                "Perhaps you meant to reference the column \"{}.{}\".",
                relation.name, column.name
            )),
            None => error,
        }
    }

    /// The column of a name in a frame.
    fn find_in(&self, frame: &Frame, name: &str) -> Result<Option<Expr>> {
        let columns = &frame.namespace.columns;
        if let Some(found) = self.one_of(columns.iter(), name)? {
            return Ok(Some(found.expr.clone()));
        }
        let hidden = frame.namespace.relations.iter().flat_map(|relation| &relation.hidden);
        Ok(self.one_of(hidden, name)?.map(|found| found.expr.clone()))
    }

    /// The only column of a name; names that differ in case are the same if none is exact.
    fn one_of<'v>(
        &self,
        columns: impl Iterator<Item = &'v Visible> + Clone,
        name: &str,
    ) -> Result<Option<&'v Visible>> {
        let exact = columns.clone().filter(|column| self.is_name(&column.name, name));
        let any_case = columns
            .filter(|column| column.origin.is_some() && column.name.eq_ignore_ascii_case(name));
        let mut found: Vec<&Visible> = exact.collect();
        if found.is_empty() {
            found = any_case.collect();
        }
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ if self.is_sqlite() => {
                Err(SqlError::new("42702", format!("ambiguous column name: {name}")))
            }
            _ => Err(SqlError::new("42702", format!("column reference \"{name}\" is ambiguous"))),
        }
    }

    /// A relation's row as one value.
    fn whole_row(&mut self, name: &str) -> Option<Expr> {
        for level in (0..self.frames.len()).rev() {
            let relations = &self.frames[level].namespace.relations;
            let relation = relations.iter().find(|relation| self.is_name(&relation.name, name));
            if let Some(relation) = relation {
                let row = match relation.columns.as_slice() {
                    [value] if relation.is_value => value.expr.clone(),
                    columns => row_of(columns),
                };
                self.used.insert(level);
                return Some(row);
            }
        }
        None
    }

    /// `relation.column`, with more before it.
    pub(crate) fn compound(&mut self, parts: &[Ident]) -> Result<Expr> {
        let names: Vec<String> = parts.iter().map(|part| self.fold(part)).collect();
        let span = parts.first().map_or_else(sqlparser::tokenizer::Span::empty, |part| part.span);
        let (schema, relation, column) = match names.as_slice() {
            [relation, column] => (None, relation, column),
            [schema, relation, column] => (Some(schema), relation, column),
            [_, schema, relation, column] => (Some(schema), relation, column),
            _ => {
                let message =
                    format!("improper qualified name (too many dotted names): {}", names.join("."));
                return Err(self.at(SqlError::new("42601", message), span));
            }
        };
        for level in (0..self.frames.len()).rev() {
            let relations = &self.frames[level].namespace.relations;
            let mut named = relations.iter().filter(|r| self.is_relation(r, schema, relation));
            let Some(found) = named.next() else { continue };
            if named.next().is_some() && !self.is_sqlite() {
                let message = format!("table reference \"{relation}\" is ambiguous");
                return Err(self.at(SqlError::new("42P09", message), span));
            }
            let known = self
                .one_of(found.columns.iter(), column)
                .and_then(|seen| match seen {
                    Some(seen) => Ok(Some(seen)),
                    None => self.one_of(found.hidden.iter(), column),
                })
                .map_err(|error| self.at(error, span))?;
            let Some(seen) = known else {
                let error = if self.is_sqlite() {
                    SqlError::new("42703", format!("no such column: {relation}.{column}"))
                } else {
                    SqlError::new("42703", format!("column {relation}.{column} does not exist"))
                };
                return Err(self.at(error, span));
            };
            let expr = seen.expr.clone();
            self.used.insert(level);
            return Ok(expr);
        }
        // A column of a row: (t.a).b may be written a.b.
        let field = parts.split_last().filter(|_| parts.len() == 2 && !self.is_sqlite());
        if let Some((last, [first])) = field
            && let Ok(row) = self.identifier(first)
            && let SqlType::Record(_) = row.ty
        {
            return self.field(row, &self.fold(last));
        }
        let error = if self.is_sqlite() {
            SqlError::new("42703", format!("no such column: {}", names.join(".")))
        } else {
            self.no_entry(relation)
        };
        Err(self.at(error, span))
    }

    /// The error that no relation goes by a name where it is used.
    pub(crate) fn no_entry(&self, relation: &str) -> SqlError {
        let invalid = || {
            let message =
                format!("invalid reference to FROM-clause entry for table \"{relation}\"");
            SqlError::new("42P01", message)
        };
        let mut seen = self.frames.iter().rev().flat_map(|frame| &frame.namespace.relations);
        let renamed = seen.find(|scope| {
            scope.name != relation
                && scope.table.as_ref().is_some_and(|(table, ..)| table.name == relation)
        });
        if let Some(renamed) = renamed {
            let hint =
                format!("Perhaps you meant to reference the table alias \"{}\".", renamed.name);
            return invalid().with_hint(hint);
        }
        if self.beside.iter().any(|name| name == relation) {
            let detail = format!(
                "There is an entry for table \"{relation}\", but it cannot be referenced from this \
                 part of the query."
            );
            return invalid().with_detail(detail);
        }
        SqlError::new("42P01", format!("missing FROM-clause entry for table \"{relation}\""))
    }

    /// Binds something beside relations that it cannot use.
    pub(crate) fn beside_of<T>(
        &mut self,
        namespace: &Namespace,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let before = self.beside.len();
        self.beside.extend(namespace.relations.iter().map(|relation| relation.name.clone()));
        let result = body(self);
        self.beside.truncate(before);
        result
    }

    fn is_relation(&self, scope: &RelationScope, schema: Option<&String>, name: &str) -> bool {
        let same_schema = match (schema, &scope.schema) {
            (None, _) => true,
            (Some(schema), Some(own)) => {
                own.eq_ignore_ascii_case(schema) || schema.eq_ignore_ascii_case("main")
            }
            (Some(_), None) => false,
        };
        same_schema && self.is_name(&scope.name, name)
    }

    /// A column of a row.
    pub(crate) fn field(&self, row: Expr, name: &str) -> Result<Expr> {
        let SqlType::Record(columns) = &row.ty else {
            let message = format!(
                "column notation .{name} applied to type {}, which is not a composite type",
                row.ty.name_without_modifier()
            );
            return Err(SqlError::new("42809", message));
        };
        let Some(index) = columns.iter().position(|(column, _)| column == name) else {
            let message = format!("could not identify column \"{name}\" in record data type");
            return Err(SqlError::new("42703", message));
        };
        let ty = columns[index].1.clone();
        if let ExprKind::Row(parts) = &row.kind
            && let Some(part) = parts.get(index)
        {
            return Ok(part.clone());
        }
        let collation = row.collation;
        Ok(Expr { kind: ExprKind::Field { operand: Box::new(row), index }, ty, collation })
    }

    /// The columns that `*`, or `relation.*`, stands for.
    ///
    /// # Errors
    /// 42P01 when there is no such relation.
    pub(crate) fn star(&mut self, relation: Option<&ObjectName>) -> Result<Vec<Visible>> {
        let Some(name) = relation else {
            let columns = self.frames.last().map(|frame| frame.namespace.columns.clone());
            return Ok(columns.unwrap_or_default());
        };
        let (schema, relation) = self.object_name(name)?;
        for level in (0..self.frames.len()).rev() {
            let relations = &self.frames[level].namespace.relations;
            let found = relations.iter().find(|r| self.is_relation(r, schema.as_ref(), &relation));
            if let Some(found) = found {
                let columns = found.columns.clone();
                self.used.insert(level);
                return Ok(columns);
            }
        }
        let error = if self.is_sqlite() {
            SqlError::new("42P01", format!("no such table: {relation}"))
        } else {
            self.no_entry(&relation)
        };
        Err(self.at(error, Binder::span_of(name)))
    }

    /// The whole of a chain `root.a[1].b`.
    pub(crate) fn access(
        &mut self,
        root: &Ast,
        chain: &[sqlparser::ast::AccessExpr],
    ) -> Result<Expr> {
        use sqlparser::ast::AccessExpr;
        // Names at the beginning are one qualified name.
        let mut names: Vec<Ident> = Vec::new();
        let mut rest = chain;
        if let Ast::Identifier(ident) = root {
            names.push(ident.clone());
            while let [AccessExpr::Dot(Ast::Identifier(ident)), more @ ..] = rest {
                names.push(ident.clone());
                rest = more;
            }
        }
        let mut bound = match names.as_slice() {
            [] => self.expr(root)?,
            [one] => self.identifier(one)?,
            more => self.compound(more)?,
        };
        while let Some((first, more)) = rest.split_first() {
            match first {
                AccessExpr::Dot(Ast::Identifier(ident)) => {
                    let name = self.fold(ident);
                    bound = self.field(bound, &name)?;
                    rest = more;
                }
                AccessExpr::Dot(other) => {
                    return Err(
                        self.unsupported(&format!("{other} behind a point is not supported"))
                    );
                }
                AccessExpr::Subscript(_) => {
                    let count = rest
                        .iter()
                        .take_while(|access| matches!(access, AccessExpr::Subscript(_)))
                        .count();
                    bound = self.subscripts(bound, &rest[..count])?;
                    rest = &rest[count..];
                }
            }
        }
        Ok(bound)
    }
}

/// Columns as one value.
pub(crate) fn row_of(columns: &[Visible]) -> Expr {
    let types = columns.iter().map(|column| (column.name.clone(), column.expr.ty.clone()));
    let ty = SqlType::Record(types.collect());
    let parts = columns.iter().map(|column| column.expr.clone()).collect();
    Expr { kind: ExprKind::Row(parts), ty, collation: bourse::Collation::Binary }
}

/// Whether a name is a slip away from another one: one letter more, less or other.
fn is_similar(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 || a.len() < 3 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a_rest, b_rest) = (&a[same..], &b[same..]);
    let skip = |rest: &[char], count: usize| rest.get(count..).unwrap_or_default().to_vec();
    match a_rest.len().cmp(&b_rest.len()) {
        std::cmp::Ordering::Equal => skip(a_rest, 1) == skip(b_rest, 1),
        std::cmp::Ordering::Less => a_rest == skip(b_rest, 1),
        std::cmp::Ordering::Greater => skip(a_rest, 1) == b_rest,
    }
}
