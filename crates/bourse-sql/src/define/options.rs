//! What may not be said of a column twice, or together.

use sqlparser::ast::{ColumnDef, ColumnOption};

use crate::bind::Binder;
use crate::error::{Result, SqlError};

/// Columns that every table of PostgreSQL has.
const SYSTEM: [&str; 6] = ["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"];

/// Refuses such a column of a table in PostgreSQL's dialect.
pub(super) fn check(binder: &Binder<'_>, column: &ColumnDef, table: &str) -> Result<()> {
    if binder.is_sqlite() {
        return Ok(());
    }
    let name = binder.fold(&column.name);
    if SYSTEM.contains(&name.as_str()) {
        let message = format!("column name \"{name}\" conflicts with a system column name");
        return Err(SqlError::new("42701", message));
    }
    let of = format!("for column \"{name}\" of table \"{table}\"");
    let refused = |message: String| Err(SqlError::new("42601", message));
    let (mut default, mut generated, mut identity) = (false, false, false);
    let mut nullable: Option<bool> = None;
    for option in &column.options {
        match &option.option {
            ColumnOption::Default(_) if default => {
                return refused(format!("multiple default values specified {of}"));
            }
            ColumnOption::Default(_) => default = true,
            ColumnOption::Generated { generation_expr: Some(_), .. } => generated = true,
            ColumnOption::Generated { .. } => identity = true,
            ColumnOption::NotNull | ColumnOption::Null => {
                let takes = matches!(option.option, ColumnOption::Null);
                if nullable.is_some_and(|before| before != takes) {
                    return refused(format!("conflicting NULL/NOT NULL declarations {of}"));
                }
                nullable = Some(takes);
            }
            _ => {}
        }
    }
    match (default, generated, identity) {
        (true, true, _) => {
            refused(format!("both default and generation expression specified {of}"))
        }
        (true, _, true) => refused(format!("both default and identity specified {of}")),
        (_, true, true) => {
            refused(format!("both identity and generation expression specified {of}"))
        }
        _ => Ok(()),
    }
}
