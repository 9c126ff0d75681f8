//! All that a store holds, as text: tables, rows, and the entries of each index in their order.

use std::fmt::Write;

use bourse::{Database, ErrorKind, IndexEntry, Order, Range, Result, Table, Value};

/// Bytes of a text or blob that are written out; of a longer one, its length and a checksum.
const BYTES_SHOWN: usize = 64;

/// Describes a store.
///
/// # Errors
/// The store's.
pub fn describe(store: &Database) -> Result<String> {
    let cut = store.cut();
    let mut out = String::new();
    for table in store.tables()? {
        let definition = table.definition();
        line(&mut out, &format!("table {}", table.name()));
        for column in &definition.columns {
            let not_null = if column.not_null { " not null" } else { "" };
            let code = column.data_type.to_bytes();
            line(&mut out, &format!("column {} {code:?}{not_null}", column.name));
        }
        for row in cut.scan(&table, &Range::all(), Order::Ascending)? {
            line(&mut out, &format!("row {}", values(&row?.values())));
        }
        for index in &definition.indexes {
            let unique = if index.unique { " unique" } else { "" };
            line(&mut out, &format!("index {}{unique}", index.name));
            let held = held(&table, &index.name);
            let mut entries =
                cut.scan_index(&table, &index.name, &Range::all(), Order::Ascending)?;
            while let Some(found) = entries.next_with(|entry| {
                held.iter().map(|column| in_entry(entry, *column)).collect::<Result<Vec<_>>>()
            })? {
                line(&mut out, &format!("entry {}", found?.join("|")));
            }
        }
    }
    Ok(out)
}

/// A column of an entry. Keys of some types hold what orders them and not the value itself.
fn in_entry(entry: &IndexEntry<'_>, column: usize) -> Result<String> {
    match entry.get(column) {
        Ok(found) => Ok(value(&found)),
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok("folded".to_owned()),
        Err(error) => Err(error),
    }
}

/// The columns that an index has: its own, those included, those of the primary key.
fn held(table: &Table, index: &str) -> Vec<usize> {
    let definition = table.definition();
    let index = definition.index(index).into_iter();
    let mut held: Vec<usize> = Vec::new();
    for index in index {
        held.extend(index.columns.iter().filter_map(|part| part.column()).map(usize::from));
        held.extend(index.include.iter().map(|column| usize::from(*column)));
    }
    held.extend(definition.primary_key_positions().iter().map(|at| usize::from(*at)));
    held
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn values(values: &[Value]) -> String {
    values.iter().map(value).collect::<Vec<_>>().join("|")
}

/// A value exactly, floating point by its bits.
fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(v) => format!("boolean {v}"),
        Value::Integer(v) => format!("integer {v}"),
        Value::Real(v) => format!("real {:08x}", v.to_bits()),
        Value::Double(v) => format!("double {:016x}", v.to_bits()),
        Value::Decimal(v) => format!("decimal {}e-{}", v.coefficient(), v.scale()),
        Value::Text(v) => format!("text {}", bytes(v.as_bytes())),
        Value::Blob(v) => format!("blob {}", bytes(v)),
        Value::Date(v) => format!("date {v}"),
        Value::Time(v) => format!("time {v}"),
        Value::Timestamp(v) => format!("timestamp {v}"),
        Value::TimestampTz(v) => format!("timestamptz {v}"),
        Value::Interval(v) => format!("interval {v}"),
        Value::Uuid(v) => format!("uuid {}", bytes(v)),
        Value::Json(v) => format!("json {}", bytes(v.as_bytes())),
    }
}

fn bytes(bytes: &[u8]) -> String {
    if bytes.len() > BYTES_SHOWN {
        return format!("{} bytes {:08x}", bytes.len(), bourse_storage::page::crc32c(bytes));
    }
    let mut out = String::from("x");
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
