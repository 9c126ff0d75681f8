//! Functions in FROM that make rows of JSON, whose columns the statement names with their types:
//! `jsonb_to_recordset(...) AS r(a integer, b text)` and its like.

use bourse::Collation;
use sqlparser::ast::{Expr as Ast, TableAlias};

use super::binder::Binder;
use super::scope::{Clause, Namespace, RelationScope, Visible, column, expr_of};
use crate::algebra::{Column, Expr, Rel, SetCall};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::resolve;
use crate::types::SqlType;

/// The type of the argument, and whether there is a row for each element of it.
fn of_name(name: &str) -> Option<(SqlType, bool)> {
    Some(match name {
        "json_to_record" => (SqlType::Json, false),
        "jsonb_to_record" => (SqlType::Jsonb, false),
        "json_to_recordset" => (SqlType::Json, true),
        "jsonb_to_recordset" => (SqlType::Jsonb, true),
        _ => return None,
    })
}

impl Binder<'_> {
    /// The relation, if the function is one of these.
    pub(super) fn rows_of_json(
        &mut self,
        name: &str,
        trees: &[&Ast],
        alias: Option<&TableAlias>,
        before: &Namespace,
    ) -> Result<Option<(Rel, RelationScope)>> {
        let (Some((ty, is_set)), [tree]) = (of_name(name), trees) else { return Ok(None) };
        let definitions = alias.map(|alias| alias.columns.as_slice()).unwrap_or_default();
        if definitions.is_empty() {
            let message = "a column definition list is required for functions returning \"record\"";
            return Err(SqlError::new("42601", message));
        }
        let value =
            self.within(before.clone(), Clause::FunctionInFrom, |binder| binder.value_expr(tree))?;
        let value = self.coerce(value, &ty, CastContext::Implicit)?;
        let (input, object) = match is_set {
            true => self.elements(&ty, value)?,
            false => {
                let (rel, mut exprs) = self.one_row(vec![("value".to_owned(), value)]);
                (rel, exprs.remove(0))
            }
        };
        let mut items: Vec<(Column, Expr)> = Vec::new();
        for definition in definitions {
            let name = self.fold(&definition.name);
            let Some(data_type) = &definition.data_type else {
                let message = format!("the column \"{name}\" has no type");
                return Err(SqlError::new("42601", message));
            };
            let ty = self.catalog.type_of(data_type, self.settings)?;
            let member = self.member(object.clone(), &name, &ty)?;
            items.push((self.column_for(&name, &member), member));
        }
        let visible = items.iter().map(|(column, _)| Visible {
            name: column.name.clone(),
            expr: expr_of(column),
            origin: None,
            declared: None,
        });
        let scope = RelationScope {
            name: name.to_owned(),
            columns: visible.collect(),
            ..RelationScope::default()
        };
        Ok(Some((Rel::Project { input: Box::new(input), items }, scope)))
    }

    /// A row for each element of a list.
    fn elements(&mut self, ty: &SqlType, list: Expr) -> Result<(Rel, Expr)> {
        let name =
            if *ty == SqlType::Json { "json_array_elements" } else { "jsonb_array_elements" };
        let found = resolve::set_returning(self.dialect, name, std::slice::from_ref(ty))?;
        let Some(set) = found else {
            return Err(SqlError::new("42883", format!("function {name}({ty}) does not exist")));
        };
        let value = column(self.next_column(), "value", ty.clone(), Collation::Binary);
        let object = expr_of(&value);
        let call = SetCall { function: set.function, arguments: vec![list], columns: vec![value] };
        Ok((Rel::Functions { calls: vec![call], ordinality: None }, object))
    }

    /// What an object has under a name, as a value of a type.
    fn member(&mut self, object: Expr, name: &str, ty: &SqlType) -> Result<Expr> {
        let key = Expr::literal(Datum::text(name), SqlType::Text);
        match ty {
            SqlType::Json | SqlType::Jsonb => {
                let part = self.operator("->", Some(object), Some(key))?;
                self.coerce(part, ty, CastContext::Explicit)
            }
            SqlType::Array(_) | SqlType::Record(_) => {
                Err(self.unsupported(&format!("column \"{name}\" of type {ty} read from JSON")))
            }
            _ => {
                let text = self.operator("->>", Some(object), Some(key))?;
                self.coerce(text, ty, CastContext::Explicit)
            }
        }
    }
}
