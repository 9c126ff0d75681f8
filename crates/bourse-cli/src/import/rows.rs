//! Reads the rows of a table: once to count what its columns hold, once to convert them.
//!
//! Both passes belong to one read transaction, so that they see the same rows while the
//! application goes on writing.

use bourse_storage::Result;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::schema::{Key, KeyPart, Table};
use super::types::{Census, ColumnType, OnBadValue, Typed, as_text, convert};

/// Bad values of a table that are named one by one.
const BAD_VALUES_NAMED: usize = 20;

/// A value that its column's declaration does not allow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BadValue {
    /// The table.
    pub(crate) table: String,
    /// The column.
    pub(crate) column: String,
    /// The row: its row id, or its key where it has none.
    pub(crate) row: String,
    /// What it is and what it should be.
    pub(crate) problem: String,
}

/// What a table holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Survey {
    /// How many rows.
    pub(crate) rows: u64,
    /// What each column holds.
    pub(crate) columns: Vec<Census>,
    /// The first bad values.
    pub(crate) bad_values: Vec<BadValue>,
}

/// The statement that reads all columns of a table in the order of its key, and the number of
/// columns put before them to name a row.
fn selection(table: &Table) -> (String, usize) {
    let all = table.columns.iter().map(|column| quoted(&column.name));
    let named: Vec<String> = match (&table.key, table.without_rowid) {
        (Key::Columns(parts), true) => key_names(table, parts),
        (Key::Rowid(column), false) => vec![quoted(&table.columns[*column].name)],
        (_, true) => Vec::new(),
        _ => rowid_name(table).into_iter().map(str::to_owned).collect(),
    };
    let list: Vec<String> = named.iter().cloned().chain(all).collect();
    let from = quoted(&table.name);
    let mut sql = format!("SELECT {} FROM {from}", list.join(", "));
    if let (false, Some(rowid)) = (table.without_rowid, named.first()) {
        sql.push_str(&format!(" ORDER BY {rowid}"));
    }
    (sql, named.len())
}

fn key_names(table: &Table, parts: &[KeyPart]) -> Vec<String> {
    parts.iter().map(|part| quoted(&table.columns[part.column].name)).collect()
}

/// The name that reaches a table's row id: one that no column has taken.
fn rowid_name(table: &Table) -> Option<&'static str> {
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| table.column(name).is_none())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Calls `each` with the values that name a row and the values of its columns.
fn scan(
    connection: &Connection,
    table: &Table,
    mut each: impl FnMut(&[ValueRef<'_>], &[ValueRef<'_>]) -> Result<()>,
) -> rusqlite::Result<Result<()>> {
    let (sql, names) = selection(table);
    let mut statement = connection.prepare(&sql)?;
    let width = statement.column_count();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        // The values borrow from the row, so the list cannot outlive it.
        let mut values = Vec::with_capacity(width);
        for column in 0..width {
            values.push(row.get_ref(column)?);
        }
        let (name, columns) = values.split_at(names);
        if let Err(error) = each(name, columns) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Counts what a table holds.
pub(crate) fn survey(connection: &Connection, table: &Table) -> rusqlite::Result<Survey> {
    let columns = table.columns.iter().map(Census::new).collect();
    let mut survey = Survey { rows: 0, columns, bad_values: Vec::new() };
    let scanned = scan(connection, table, |name, values| {
        survey.rows += 1;
        for (position, value) in values.iter().enumerate() {
            let census = &mut survey.columns[position];
            if census.count(*value) && survey.bad_values.len() < BAD_VALUES_NAMED {
                let problem = format!("{} instead of {}", describe(*value), census.expected());
                survey.bad_values.push(BadValue {
                    table: table.name.clone(),
                    column: table.columns[position].name.clone(),
                    row: row_name(name, survey.rows),
                    problem,
                });
            }
        }
        Ok(())
    })?;
    assert!(scanned.is_ok(), "counting a row does not fail");
    Ok(survey)
}

/// Reads a table's rows as its columns' types hold them. What `convert` cannot take is NULL
/// unless the column became TEXT; under `fail` nobody comes here with such a value.
pub(crate) fn read(
    connection: &Connection,
    table: &Table,
    types: &[ColumnType],
    survey: &Survey,
    on_bad_value: OnBadValue,
    sink: &mut dyn FnMut(&[Typed<'_>]) -> Result<()>,
) -> rusqlite::Result<Result<()>> {
    assert_eq!(types.len(), table.columns.len(), "a type for every column");
    let turned: Vec<bool> = survey
        .columns
        .iter()
        .map(|census| census.bad() > 0 && on_bad_value == OnBadValue::Text)
        .collect();
    scan(connection, table, |_, values| {
        let row: Vec<Typed<'_>> = values
            .iter()
            .enumerate()
            .map(|(position, value)| {
                if turned[position] {
                    as_text(*value)
                } else {
                    convert(types[position], *value).unwrap_or_else(|| {
                        assert!(
                            survey.columns[position].bad() > 0,
                            "a value nobody counted as bad"
                        );
                        Typed::Null
                    })
                }
            })
            .collect();
        sink(&row)
    })
}

fn describe(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => format!("the whole number {number}"),
        ValueRef::Real(number) => format!("the number {number:?}"),
        ValueRef::Text(bytes) => format!("the text {}", shortened(bytes)),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

fn shortened(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes).chars().take(40).collect();
    format!("{text:?}")
}

fn row_name(name: &[ValueRef<'_>], number: u64) -> String {
    if name.is_empty() {
        return format!("number {number}");
    }
    let parts: Vec<String> = name
        .iter()
        .map(|value| match value {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(bytes) => shortened(bytes),
            other => describe(*other),
        })
        .collect();
    parts.join(", ")
}
