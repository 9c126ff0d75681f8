//! Columns that are there and become identities: ALTER COLUMN ... ADD GENERATED ... AS IDENTITY,
//! which is how pg_dump writes them.

use sqlparser::ast::{GeneratedAs, ObjectName, SequenceOptions};

use super::object::taken;
use super::sequence;
use crate::bind::Binder;
use crate::catalog::{SequenceNote, TableEntry};
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// What makes a column an identity.
pub(super) struct Identity {
    /// Its sequence: schema, name, and what it is.
    pub(super) sequence: (String, String, SequenceNote),
    /// The DEFAULT that asks it.
    pub(super) default: String,
}

/// How a column's note says ALWAYS and BY DEFAULT.
pub(super) fn kind(generated_as: Option<&GeneratedAs>) -> &'static str {
    if generated_as == Some(&GeneratedAs::Always) { "always" } else { "default" }
}

/// What makes a column of a table an identity, with a sequence by the name that is said, or by
/// one that is free. `others` are made by the same statement.
///
/// # Errors
/// 22023 for a type that does not count; 55000 where the column is an identity, has a DEFAULT or
/// takes NULL; 42P07 for a name that is taken.
pub(super) fn of_column(
    binder: &Binder<'_>,
    table: &TableEntry,
    at: usize,
    options: &[SequenceOptions],
    name: Option<&ObjectName>,
    others: &[(String, String, SequenceNote)],
) -> Result<Identity> {
    let (entry, column) = (&table.columns[at], &table.table.definition().columns[at]);
    if !matches!(entry.ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt) {
        let message = "identity column type must be smallint, integer, or bigint";
        return Err(SqlError::new("22023", message));
    }
    let refused = |what: &str| {
        let message = format!("column \"{}\" of relation \"{}\" {what}", entry.name, table.name);
        Err(SqlError::new("55000", message))
    };
    if entry.note.identity.is_some() {
        return refused("is already an identity column");
    }
    if entry.note.default.is_some() || column.default.is_some() {
        return refused("already has a default value");
    }
    if !column.not_null {
        return refused("must be declared NOT NULL before identity can be added");
    }
    let names = (&*table.schema, &*table.name, table.table.name());
    let data_type = entry.ty.to_string();
    let (mut made, mut default) =
        sequence::of_column(binder, names, &entry.name, &data_type, options, others)?;
    if let Some(name) = name {
        let (schema, name) = binder.object_name(name)?;
        let schema = schema.unwrap_or_else(|| table.schema.clone());
        if binder.catalog.is_taken(&schema, &name) {
            return Err(taken(binder, "sequence", &name));
        }
        default = sequence::next_value_of(&schema, &name);
        (made.0, made.1) = (schema, name);
    }
    Ok(Identity { sequence: made, default })
}
