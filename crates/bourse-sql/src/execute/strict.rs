//! What SQLite's dialect stores. SQLite's columns take values of any kind, a column of the store
//! only those of its type: what would be another value once stored is refused, in the words that
//! SQLite has for its STRICT tables.

use bourse::schema::Column;
use bourse::{Type, Value};

use crate::catalog::Catalog;
use crate::datum::{Datum, to_value};
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// A value, to which the column's affinity was applied, as the column holds it.
///
/// # Errors
/// 42804 where the column cannot hold it.
pub(super) fn stored(
    value: &Datum,
    ty: &SqlType,
    column: &Column,
    table: &str,
    catalog: Option<&Catalog>,
) -> Result<Value> {
    let refusal = || {
        let (kind, name) = (kind(value), &column.name);
        let declared = catalog.and_then(|catalog| declared(catalog, table, name));
        let holds = declared.unwrap_or_else(|| column.data_type.to_string());
        refused(kind, &holds, table, name)
    };
    let is_number = matches!(
        column.data_type,
        Type::SmallInt
            | Type::Integer
            | Type::BigInt
            | Type::Real
            | Type::Double
            | Type::Decimal { .. }
    );
    let is_text = matches!(value, Datum::Text(_) | Datum::Json(_));
    let is_truth = matches!(value, Datum::Null | Datum::Boolean(_) | Datum::Integer(0 | 1));
    let is_whole = matches!(column.data_type, Type::SmallInt | Type::Integer | Type::BigInt);
    let changes = match column.data_type {
        // What is whole is an integer by now.
        _ if is_whole && matches!(value, Datum::Double(_)) => true,
        // A text that is a number is one by now.
        _ if is_number => is_text,
        Type::Blob => is_text,
        Type::Boolean => !is_truth,
        _ => false,
    };
    if changes {
        return Err(refusal());
    }
    to_value(value, ty, &column.data_type).map_err(|_| refusal())
}

/// That a column, which holds values of one kind, cannot hold one of another.
pub(crate) fn refused(kind: &str, holds: &str, table: &str, column: &str) -> SqlError {
    let message = format!("cannot store {kind} value in {holds} column {table}.{column}");
    SqlError::new("42804", message)
}

/// What a column of a STRICT table was declared as.
fn declared(catalog: &Catalog, table: &str, column: &str) -> Option<String> {
    let entry = catalog.table_of_store(table).filter(|entry| entry.note.strict)?;
    let found = entry.columns.iter().find(|known| known.name == column)?;
    Some(found.declared_type().to_uppercase())
}

/// SQLite's name for a value's kind.
fn kind(value: &Datum) -> &'static str {
    match value {
        Datum::Null => "NULL",
        Datum::Integer(_) | Datum::Boolean(_) => "INT",
        Datum::Double(_) | Datum::Real(_) | Datum::Numeric(_) => "REAL",
        Datum::Bytes(_) => "BLOB",
        _ => "TEXT",
    }
}
