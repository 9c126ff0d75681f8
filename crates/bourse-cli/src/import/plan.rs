//! Decides what each table becomes, after its content was looked at: types, key, shard key.

use bourse::LoadOrder;
use bourse_storage::{Error, Result};

use super::report::bad_value_line;
use super::rows::{BadValue, Survey};
use super::schema::{Index, Key, KeyPart, Table};
use super::types::{Census, ColumnType, OnBadValue};

/// What a table becomes: its definition after its content was looked at.
pub(crate) struct Plan {
    /// The table, with the key that it gets.
    pub(crate) table: Table,
    /// The types of its columns.
    pub(crate) types: Vec<ColumnType>,
    /// The columns that its rows are spread by; none for the hidden row id.
    pub(crate) shard_key: Vec<String>,
    /// What it holds.
    pub(crate) survey: Survey,
    /// Whether its rows are read in the order of the key that it gets.
    pub(crate) order: LoadOrder,
}

/// Plans a table.
pub(crate) fn plan_table(
    mut table: Table,
    survey: Survey,
    shard_by: &[(String, String)],
    on_bad_value: OnBadValue,
) -> Plan {
    let types = survey.columns.iter().map(|census| census.column_type(on_bad_value)).collect();
    free_unfit_key(&mut table, &survey, on_bad_value);
    take_unique_as_key(&mut table, &survey, on_bad_value);
    let chosen = shard_by
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&table.name))
        .and_then(|(_, column)| table.column(column))
        .map(|column| vec![table.columns[column].name.clone()]);
    let shard_key = chosen.unwrap_or_else(|| default_shard_key(&table));
    // The store numbers rows without a key as they come, and row ids are read in their order.
    let order = match table.key {
        Key::Rowid(_) | Key::HiddenRowid => LoadOrder::Sorted,
        Key::Columns(_) => LoadOrder::Unsorted,
    };
    Plan { table, types, shard_key, survey, order }
}

fn may_hold_null(survey: &Survey, part: &KeyPart, on_bad_value: OnBadValue) -> bool {
    let census = &survey.columns[part.column];
    census.nulls() > 0 || (census.bad() > 0 && on_bad_value == OnBadValue::Null)
}

/// SQLite lets NULLs, and several of them, into a primary key that is not the row id, and gives a
/// key column another collation than the column's. Such a key becomes a unique index, and the
/// hidden row id identifies the rows.
fn free_unfit_key(table: &mut Table, survey: &Survey, on_bad_value: OnBadValue) {
    let Key::Columns(parts) = &table.key else { return };
    let unfit = |part: &KeyPart| {
        may_hold_null(survey, part, on_bad_value)
            || part.collation != table.columns[part.column].collation
    };
    if parts.iter().any(unfit) {
        let name = format!("{}_key", table.name);
        let columns = parts.clone();
        table.indexes.push(Index { name, columns, unique: true, predicate: None });
        table.key = Key::HiddenRowid;
    }
}

/// Where only the hidden row id identifies rows, which no statement of an application names, the
/// first UNIQUE constraint over columns that refuse NULL becomes the primary key: rows then lie in
/// its order, and nobody needs to look them up.
fn take_unique_as_key(table: &mut Table, survey: &Survey, on_bad_value: OnBadValue) {
    if table.key != Key::HiddenRowid {
        return;
    }
    let fits = |part: &KeyPart| {
        let column = &table.columns[part.column];
        column.not_null
            && part.collation == column.collation
            && !may_hold_null(survey, part, on_bad_value)
    };
    let found = table.indexes.iter().position(|index| {
        index.unique
            && index.predicate.is_none()
            && index.name.starts_with("sqlite_autoindex_")
            && index.columns.iter().all(fits)
    });
    if let Some(position) = found {
        table.key = Key::Columns(table.indexes.remove(position).columns);
    }
}

/// Rows of one user, else of one symbol, lie together where every row names one: that is what a
/// trading platform's transactions touch at once. Otherwise rows are spread by their key.
fn default_shard_key(table: &Table) -> Vec<String> {
    for name in ["user_id", "symbol"] {
        if let Some(column) = table.column(name) {
            let column_is_key = match &table.key {
                Key::Rowid(key) => *key == column,
                Key::Columns(parts) => parts.iter().any(|part| part.column == column),
                Key::HiddenRowid => false,
            };
            if table.columns[column].not_null || column_is_key {
                return vec![table.columns[column].name.clone()];
            }
        }
    }
    match &table.key {
        Key::Rowid(column) => vec![table.columns[*column].name.clone()],
        Key::Columns(parts) => {
            parts.iter().map(|part| table.columns[part.column].name.clone()).collect()
        }
        Key::HiddenRowid => Vec::new(),
    }
}

/// Refuses bad values where they may not become something else.
pub(crate) fn check_bad_values(plans: &[Plan], on_bad_value: OnBadValue) -> Result<()> {
    let bad: Vec<&BadValue> = plans.iter().flat_map(|plan| &plan.survey.bad_values).collect();
    let total: u64 = plans.iter().flat_map(|plan| &plan.survey.columns).map(Census::bad).sum();
    if total > 0 && on_bad_value == OnBadValue::Fail {
        let lines: Vec<String> = bad.iter().map(|bad| bad_value_line(bad)).collect();
        return Err(Error::invalid(format!(
            "{total} values do not fit their columns; repair them, or give --on-bad-value text or \
             null\n{}",
            lines.join("\n")
        )));
    }
    if on_bad_value != OnBadValue::Null {
        return Ok(());
    }
    for plan in plans {
        for (census, column) in plan.survey.columns.iter().zip(&plan.table.columns) {
            if census.bad() > 0 && column.not_null {
                return Err(Error::invalid(format!(
                    "table {}, column {} is NOT NULL: its {} bad values cannot become NULL",
                    plan.table.name,
                    column.name,
                    census.bad()
                )));
            }
        }
    }
    Ok(())
}
