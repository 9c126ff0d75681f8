//! The struct as a table: its fields with their attributes, and names tied to fields.

use std::collections::HashSet;

use syn::{Data, DeriveInput, Error, Expr, Fields, Ident, LitStr, Result, Type, Visibility};

use crate::attribute::{
    CheckAttribute, ColumnAttribute, ColumnDefault, IndexAttribute, TableAttribute,
};

/// A field and its column.
pub(crate) struct Column<'a> {
    pub(crate) field: &'a Ident,
    pub(crate) field_type: &'a Type,
    pub(crate) name: String,
    pub(crate) attribute: ColumnAttribute,
}

/// An index; columns are positions of fields.
pub(crate) struct Index {
    pub(crate) function: Ident,
    pub(crate) attribute: IndexAttribute,
    pub(crate) columns: Vec<(usize, bool)>,
    pub(crate) include: Vec<usize>,
}

/// A struct that was found to make a table.
pub(crate) struct Table<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) visibility: &'a Visibility,
    pub(crate) name: String,
    pub(crate) columns: Vec<Column<'a>>,
    pub(crate) primary_key: Vec<usize>,
    pub(crate) shard_key: Vec<usize>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) checks: Vec<CheckAttribute>,
    pub(crate) foreign_keys: Vec<Expr>,
}

impl<'a> Table<'a> {
    /// Checks the struct and its attributes.
    pub(crate) fn new(input: &'a DeriveInput) -> Result<Table<'a>> {
        if !input.generics.params.is_empty() {
            return Err(Error::new_spanned(&input.generics, "a table's struct takes no generics"));
        }
        let columns = columns(input)?;
        let attribute = TableAttribute::parse(&input.attrs)?;
        let name = attribute.name.as_ref().map(LitStr::value);
        let Some(primary_key) = attribute.primary_key else {
            let message = "a table needs `#[table(primary_key(...))]`";
            return Err(Error::new(input.ident.span(), message));
        };
        let primary_key = positions(&columns, &primary_key)?;
        let shard_key = match &attribute.shard_key {
            Some(names) => positions(&columns, names)?,
            None => primary_key.clone(),
        };
        let mut functions = HashSet::new();
        let mut indexes = Vec::new();
        for index in attribute.indexes {
            let index = Index::new(index, &columns)?;
            if !functions.insert(index.function.to_string()) {
                return Err(Error::new(index.attribute.name.span(), "this index exists twice"));
            }
            indexes.push(index);
        }
        Ok(Table {
            input,
            visibility: &input.vis,
            name: name.unwrap_or_else(|| input.ident.to_string().to_lowercase()),
            columns,
            primary_key,
            shard_key,
            indexes,
            checks: attribute.checks,
            foreign_keys: attribute.foreign_keys,
        })
    }
}

impl Index {
    fn new(attribute: IndexAttribute, columns: &[Column<'_>]) -> Result<Index> {
        let (names, descending): (Vec<Ident>, Vec<bool>) =
            attribute.columns.iter().cloned().unzip();
        let key = positions(columns, &names)?;
        let include = positions(columns, &attribute.include)?;
        if let Some(at) = include.iter().position(|column| key.contains(column)) {
            let message = "this column is in the index's key already";
            return Err(Error::new(attribute.include[at].span(), message));
        }
        if key.len() > 8 {
            let message = "a typed index has at most 8 key columns";
            return Err(Error::new(attribute.name.span(), message));
        }
        let function = attribute.name.parse::<Ident>().map_err(|_| {
            let message = "the name of an index is also the name of a function";
            Error::new(attribute.name.span(), message)
        })?;
        let columns = key.into_iter().zip(descending).collect();
        Ok(Index { function, attribute, columns, include })
    }
}

fn columns(input: &DeriveInput) -> Result<Vec<Column<'_>>> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => &fields.named,
            _ => return Err(Error::new(input.ident.span(), "a table needs named fields")),
        },
        _ => return Err(Error::new(input.ident.span(), "only a struct can be a table's row")),
    };
    let mut names = HashSet::new();
    let mut columns = Vec::new();
    for field in fields {
        let Some(identifier) = &field.ident else { continue };
        let attribute = ColumnAttribute::parse(&field.attrs)?;
        let name = match &attribute.name {
            Some(name) => name.value(),
            None => identifier.to_string().trim_start_matches("r#").to_owned(),
        };
        if !names.insert(name.to_ascii_lowercase()) {
            let message = format!("column `{name}` exists twice");
            return Err(Error::new(identifier.span(), message));
        }
        columns.push(Column { field: identifier, field_type: &field.ty, name, attribute });
    }
    Ok(columns)
}

/// The positions of fields that are named.
fn positions(columns: &[Column<'_>], names: &[Ident]) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for name in names {
        let Some(position) = columns.iter().position(|column| column.field == name) else {
            return Err(Error::new(name.span(), format!("there is no field `{name}`")));
        };
        if found.contains(&position) {
            return Err(Error::new(name.span(), format!("`{name}` is named twice")));
        }
        found.push(position);
    }
    if found.len() > 8 {
        return Err(Error::new(names[8].span(), "at most 8 columns are possible here"));
    }
    Ok(found)
}

impl Column<'_> {
    /// Whether the column's value may be left to the store.
    pub(crate) fn is_generated(&self) -> bool {
        matches!(
            self.attribute.default,
            Some(
                ColumnDefault::Generated | ColumnDefault::Identity | ColumnDefault::IdentityAlways
            )
        )
    }
}
