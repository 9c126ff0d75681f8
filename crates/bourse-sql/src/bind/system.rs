//! Relations that describe the store.

use bourse::Collation;

use super::Bound;
use super::binder::Binder;
use super::scope::{RelationScope, Visible, column, expr_of};
use crate::algebra::{Column, ColumnOrigin, Expr, ExprKind, Rel, SetCall, Statement};
use crate::catalog::{ViewEntry, ViewNote};
use crate::datum::Datum;
use crate::error::Result;
use crate::parse::PragmaValue;
use crate::system::relations::{self, INFORMATION_SCHEMA, PG_CATALOG, Relation};
use crate::system::{relation_call, sqlite};
use crate::types::{OidKind, SqlType};

fn scope(name: &str, columns: Vec<Visible>) -> RelationScope {
    RelationScope { name: name.to_owned(), columns, ..RelationScope::default() }
}

fn functions(name: &str, call: SetCall, columns: Vec<Visible>) -> (Rel, RelationScope) {
    (Rel::Functions { calls: vec![call], ordinality: None }, scope(name, columns))
}

/// A value of a row's relation: NULL where an outer join has found no row.
fn where_there_is(column: &Expr, value: Expr) -> Expr {
    let ty = value.ty.clone();
    let operand = Box::new(column.clone());
    let is_there = ExprKind::IsNull { operand, negated: true };
    let is_there = Expr { kind: is_there, ty: SqlType::Boolean, ..value.clone() };
    let branches = vec![(is_there, value.clone())];
    Expr { kind: ExprKind::Case { operand: None, branches, otherwise: None }, ty, ..value }
}

impl Binder<'_> {
    /// The relation of the system that a name means, if it means one.
    pub(super) fn system_relation(
        &mut self,
        schema: Option<&str>,
        name: &str,
    ) -> Result<Option<(Rel, RelationScope)>> {
        if self.is_sqlite() {
            return Ok(self.sqlite_relation(name));
        }
        let found = match schema {
            Some(schema) => relations::find(schema, name),
            // `pg_catalog` is looked into first, though no search path names it.
            None => relations::find(PG_CATALOG, name).or_else(|| {
                let path = self.settings.search_path();
                let is_searched = path.iter().any(|schema| schema == INFORMATION_SCHEMA);
                if is_searched { relations::find(INFORMATION_SCHEMA, name) } else { None }
            }),
        };
        let Some(at) = found else { return Ok(None) };
        let relation = &relations::all()[at];
        match relation.query {
            Some(query) => self.system_view(relation, query).map(Some),
            None => Ok(Some(self.system_rows(at, relation))),
        }
    }

    /// `sqlite_schema`, by any of its names, and PRAGMAs without a value.
    fn sqlite_relation(&mut self, name: &str) -> Option<(Rel, RelationScope)> {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "sqlite_schema" | "sqlite_master" => {
                let (columns, visible) = self.untyped(&name, &sqlite::SCHEMA_COLUMNS);
                Some(functions(&name, sqlite::schema_call(columns), visible))
            }
            "sqlite_temp_schema" | "sqlite_temp_master" => {
                let (columns, visible) = self.untyped(&name, &sqlite::SCHEMA_COLUMNS);
                Some(functions(&name, sqlite::temporary_schema_call(columns), visible))
            }
            _ => {
                let pragma = name.strip_prefix("pragma_")?;
                self.pragma_rows(pragma, None, false)
            }
        }
    }

    /// The rows of a PRAGMA.
    pub(super) fn pragma_rows(
        &mut self,
        pragma: &str,
        value: Option<Expr>,
        sets: bool,
    ) -> Option<(Rel, RelationScope)> {
        let names = sqlite::columns(pragma)?;
        let name = format!("pragma_{pragma}");
        let (columns, visible) = self.untyped(&name, &names);
        Some(functions(&name, sqlite::call(pragma, value, sets, columns), visible))
    }

    /// Gives a query's numbers that stand for names (`regclass` and its like) as these names: only
    /// the statement knows the definitions that name them, not who reads its rows.
    pub(super) fn name_numbers(&mut self, bound: &mut Bound) {
        let Bound::Rows(Statement::Query(query)) = bound else { return };
        let is_name = |ty: &SqlType| matches!(ty, SqlType::Oid(kind) if *kind != OidKind::Oid);
        if !query.columns.iter().any(|column| is_name(&column.ty)) {
            return;
        }
        let mut items = Vec::with_capacity(query.columns.len());
        for output in &mut query.columns {
            let kept = Expr::column(output.id, output.ty.clone(), output.collation);
            let expr = if is_name(&output.ty) {
                output.ty = SqlType::Text;
                let kind = ExprKind::Cast { operand: Box::new(kept), explicit: true };
                Expr { kind, ty: SqlType::Text, collation: output.collation }
            } else {
                kept
            };
            let column = self.column_for(&output.name, &expr);
            output.id = column.id;
            items.push((column, expr));
        }
        let nothing = Rel::Values { columns: Vec::new(), rows: Vec::new() };
        let input = Box::new(std::mem::replace(&mut query.rel, nothing));
        query.rel = Rel::Project { input, items };
    }

    /// A PRAGMA as a statement; `None` for one that gives nothing and sets nothing.
    pub(super) fn pragma(&mut self, name: &str, value: Option<&PragmaValue>) -> Option<Statement> {
        let (text, sets) = match value {
            None => (None, false),
            Some(PragmaValue::Set(text)) => (Some(text), true),
            Some(PragmaValue::Of(text)) => (Some(text), false),
        };
        let literal = text.map(|text| Expr::literal(Datum::text(text), SqlType::Any));
        let (rel, scope) = self.pragma_rows(name, literal, sets)?;
        let is_silent = value.is_some() && sqlite::is_silent(name);
        let columns = scope.columns.into_iter().filter(|_| !is_silent);
        let items = columns.map(super::select::Item::of).collect();
        Some(Statement::Query(self.query_of_items(rel, items)))
    }

    /// Columns of SQLite's kind.
    fn untyped(&mut self, relation: &str, names: &[&str]) -> (Vec<Column>, Vec<Visible>) {
        let mut columns = Vec::with_capacity(names.len());
        let mut visible = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let id = self.next_column();
            let column = column(id, name, SqlType::Any, Collation::Binary);
            visible.push(Visible {
                name: (*name).to_owned(),
                expr: expr_of(&column),
                origin: Some(ColumnOrigin::new("main", relation, name, at)),
                declared: None,
            });
            columns.push(column);
        }
        (columns, visible)
    }

    fn system_view(&mut self, relation: &Relation, query: &str) -> Result<(Rel, RelationScope)> {
        let note = ViewNote {
            check: None,
            materialized: None,
            query: query.to_owned(),
            columns: relation.columns.iter().map(|column| column.name.to_owned()).collect(),
            sqlite: false,
            search_path: PG_CATALOG.to_owned(),
        };
        let (schema, name) = (relation.schema.to_owned(), relation.name.to_owned());
        self.view(&ViewEntry { schema, name, note })
    }

    fn system_rows(&mut self, at: usize, relation: &'static Relation) -> (Rel, RelationScope) {
        let mut columns = Vec::with_capacity(relation.columns.len());
        let mut visible = Vec::with_capacity(relation.columns.len());
        for (at, known) in relation.columns.iter().enumerate() {
            let id = self.next_column();
            let column = column(id, known.name, known.ty.clone(), Collation::Binary);
            visible.push(Visible {
                name: known.name.to_owned(),
                expr: expr_of(&column),
                origin: Some(ColumnOrigin::new(relation.schema, relation.name, known.name, at)),
                declared: None,
            });
            columns.push(column);
        }
        // The catalog itself, by its number: pg_dump asks for it.
        let number = Datum::Integer(i64::from(relation.oid));
        let number = Expr::literal(number, SqlType::Oid(OidKind::Oid));
        let known = relation.columns.iter().position(|column| column.not_null);
        let hidden = Visible {
            name: "tableoid".to_owned(),
            expr: match known {
                Some(at) => where_there_is(&visible[at].expr, number),
                None => number,
            },
            origin: None,
            declared: None,
        };
        let scope = RelationScope {
            name: relation.name.to_owned(),
            schema: Some(relation.schema.to_owned()),
            columns: visible,
            hidden: vec![hidden],
            table: None,
            is_value: false,
        };
        let calls = vec![relation_call(at, columns)];
        (Rel::Functions { calls, ordinality: None }, scope)
    }
}
