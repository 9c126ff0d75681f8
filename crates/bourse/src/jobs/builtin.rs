//! The jobs that the store knows of itself: retention, and statistics of tables.

use std::time::Duration;

use bourse_storage::{Error, Result};

use super::{DAY_NS, JobRun};
use crate::datetime::wall_clock_ns;
use crate::queue::definition::table_or_new;
use crate::queue::nanos;
use crate::range::Range;
use crate::scan::Order;
use crate::schema::{IndexKey, TableDefinition};
use crate::table::Table;
use crate::value::{Type, Value};

/// The table of what is counted.
const STATISTICS: &str = "bourse_table_statistics";

/// Deletes the rows older than an age.
pub(super) fn retain(
    run: &mut JobRun,
    table: &str,
    index: &str,
    age: Duration,
    rows_at_once: usize,
) -> Result<()> {
    let table = run.store().table(table)?;
    let oldest = wall_clock_ns().saturating_sub(nanos(age));
    let range = Range::all().before(moment(&table, index, oldest)?);
    while !run.is_stopping() {
        let deleted = run.transaction(|t| {
            let mut entries = t.scan_index(&table, index, &range, Order::Ascending)?;
            let rows = entries.fetch(rows_at_once)?;
            drop(entries);
            for row in &rows {
                t.delete(&table, &row.primary_key()?)?;
            }
            Ok(rows.len())
        })?;
        if deleted < rows_at_once {
            break;
        }
    }
    Ok(())
}

/// A moment as the first column of an index has it.
fn moment(table: &Table, index: &str, at: i64) -> Result<Value> {
    let definition = table.definition();
    let found = definition.index(index).ok_or_else(|| {
        let message = format!("table {} has no index {index}", table.name());
        Error::invalid(message).with_sqlstate("42704")
    })?;
    let column = match found.columns.first().map(|column| &column.key) {
        Some(IndexKey::Column(column)) => Some(definition.columns[usize::from(*column)].data_type),
        _ => None,
    };
    match column {
        Some(Type::Timestamp { .. }) => Ok(Value::Timestamp(at)),
        Some(Type::Date) => {
            let days = at.div_euclid(DAY_NS);
            Ok(Value::Date(i32::try_from(days).unwrap_or(i32::MIN)))
        }
        _ => Err(Error::invalid(format!(
            "retention needs an index whose first column is a TIMESTAMP or DATE: index {index} of \
             table {} is none",
            table.name()
        ))),
    }
}

/// Counts the rows of all tables.
pub(super) fn count_tables(run: &mut JobRun) -> Result<()> {
    let statistics = table_or_new(run.store(), STATISTICS, || {
        TableDefinition::builder(STATISTICS)
            .column("table_name", Type::Text)
            .not_null()
            .column("row_count", Type::BigInt)
            .not_null()
            .column("counted_at", Type::Timestamp { precision: 9 })
            .not_null()
            .primary_key(["table_name"])
            .build()
    })?;
    let tables = run.store().tables()?;
    let cut = run.store().cut();
    let mut counts = Vec::new();
    for table in tables {
        match cut.count(&table) {
            Ok(count) => counts.push((table.name().to_owned(), count.cast_signed())),
            // Dropped since.
            Err(error) if error.sqlstate() == "42P01" => {}
            Err(error) => return Err(error),
        }
    }
    drop(cut);
    run.finish(|t| {
        let now = Value::Timestamp(t.now());
        for (name, count) in &counts {
            t.upsert(&statistics, vec![name.as_str().into(), (*count).into(), now.clone()])?;
        }
        Ok(())
    })
}
