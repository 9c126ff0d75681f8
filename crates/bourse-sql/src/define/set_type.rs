//! ALTER TABLE ... ALTER COLUMN ... TYPE.

use bourse::schema::Default as StoreDefault;
use bourse::{Alteration, Type};
use sqlparser::ast::{DataType, Expr};

use super::alter::{Altering, quoted};
use super::column::declared_in;
use super::constraint;
use crate::Dialect;
use crate::bind::Binder;
use crate::catalog::TableEntry;
use crate::datum;
use crate::error::{Result, SqlError};
use crate::function::PlainContext;
use crate::function::cast::{CastContext, can_cast, cast};
use crate::types::{self, SqlType};

impl Altering {
    pub(super) fn set_data_type(
        &mut self,
        binder: &Binder<'_>,
        table: &TableEntry,
        at: usize,
        data_type: &DataType,
        using: Option<&Expr>,
    ) -> Result<()> {
        let column = table.columns[at].name.clone();
        let mut is_cast = false;
        if let Some(using) = using {
            let plain = using.to_string().replace('"', "").to_lowercase();
            let rest = plain.strip_prefix(&column.to_lowercase());
            is_cast = rest.is_some_and(|rest| rest.starts_with("::"));
            // The column itself, or a cast of it.
            if !is_cast && rest != Some("") {
                return Err(SqlError::unsupported("ALTER COLUMN TYPE ... USING is not supported")
                    .with_hint("Add a column, update the rows, drop the old one."));
            }
        }
        let ty = binder.catalog.type_of(data_type, binder.settings)?;
        let data_type_of_store = types::carrier(&ty).ok_or_else(|| {
            SqlError::new("42P16", format!("column \"{column}\" has pseudo-type {ty}"))
        })?;
        if using.is_none() && !binder.is_sqlite() {
            check_cast(&column, &table.columns[at].ty, &ty)?;
        }
        for is_unique in key_uses(table, at) {
            constraint::check_key(&ty, is_unique)?;
        }
        let declared = declared_in(binder, data_type);
        self.note(&column).declared = Some(declared.clone());
        let same = table.table.definition().columns[at].data_type == data_type_of_store;
        if !same {
            self.set_type(table, at, &ty, data_type_of_store)?;
        } else if data_type_of_store == Type::Text && !is_among(&table.columns[at].ty, &ty) {
            // What the rows have is looked at as what is written to the column.
            let text = format!("{}::text", quoted(&column));
            let value = if is_cast { format!("{text}::{declared}") } else { text };
            self.fill_with(&column, Some(value));
        }
        Ok(())
    }

    /// Another type, with the DEFAULT as one of it.
    fn set_type(
        &mut self,
        table: &TableEntry,
        at: usize,
        ty: &SqlType,
        data_type: Type,
    ) -> Result<()> {
        let (entry, before) = (&table.columns[at], &table.table.definition().columns[at]);
        let column = entry.name.clone();
        let Some(StoreDefault::Constant(value)) = &before.default else {
            self.alter(Alteration::SetType { column, data_type });
            return Ok(());
        };
        let value = datum::from_value(value.as_value(), &entry.ty, Dialect::Postgres)?;
        let value = cast(value, &entry.ty, ty, false, &PlainContext::POSTGRES).map_err(|_| {
            let message = format!(
                "default for column \"{column}\" cannot be cast automatically to type {}",
                ty.name_without_modifier()
            );
            SqlError::new("42804", message)
        })?;
        let default = StoreDefault::Constant(datum::to_value(&value, ty, &data_type)?);
        self.alter(Alteration::DropDefault(column.clone()));
        self.alter(Alteration::SetType { column: column.clone(), data_type });
        self.alter(Alteration::SetDefault { column, default });
        Ok(())
    }
}

/// Of each key that a column is part of, whether it is unique.
fn key_uses(table: &TableEntry, at: usize) -> impl Iterator<Item = bool> {
    let definition = table.table.definition();
    let is_it = move |position: u16| usize::from(position) == at;
    let primary = definition.primary_key_positions().iter().any(|position| is_it(*position));
    let indexes = definition
        .indexes
        .iter()
        .filter(move |index| index.columns.iter().any(|part| part.column().is_some_and(is_it)));
    primary.then_some(true).into_iter().chain(indexes.map(|index| index.unique))
}

/// Whether the texts that carry values of a type are ones of another type as they are.
fn is_among(from: &SqlType, to: &SqlType) -> bool {
    let fits = |from: Option<u32>, to: u32| from.is_some_and(|from| from > 0 && from <= to);
    match (from, to) {
        (_, SqlType::Text | SqlType::Varchar(None)) => true,
        (SqlType::Varchar(from), SqlType::Varchar(Some(to))) => fits(*from, *to),
        (SqlType::Char(from), SqlType::Char(to)) => fits(Some(*from), *to),
        (from, to) => from == to,
    }
}

/// Refuses another type for a column whose values do not become ones of it by themselves.
fn check_cast(column: &str, from: &SqlType, to: &SqlType) -> Result<()> {
    if can_cast(Dialect::Postgres, from, to, CastContext::Assignment) {
        return Ok(());
    }
    let to = to.name_without_modifier();
    let message = format!("column \"{column}\" cannot be cast automatically to type {to}");
    let hint = format!("You might need to specify \"USING {column}::{to}\".");
    Err(SqlError::new("42804", message).with_hint(hint))
}
