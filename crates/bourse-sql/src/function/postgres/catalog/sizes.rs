//! Sizes. The store knows those of its files exactly; those of tables and indexes are estimated
//! from their numbers of rows and the sizes of some of them.

use std::ops::ControlFlow;

use bourse::{Database, Order, Range, Table, ValueRef};

use super::{catalog, number};
use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::{integer, numeric, text};
use crate::function::signature::Shape::{Int8, Name, Oid, RegClass, Text};
use crate::function::signature::{Shape, Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::system::objects::{Class, What};

/// Rows whose sizes are looked at.
const SAMPLE: u64 = 100;

fn bytes_of(value: ValueRef<'_>) -> u64 {
    let bytes = match value {
        ValueRef::Null => 0,
        ValueRef::Text(text) | ValueRef::Json(text) => text.len() + 2,
        ValueRef::Blob(bytes) => bytes.len() + 2,
        ValueRef::Uuid(_) | ValueRef::Decimal(_) | ValueRef::Interval(_) => 16,
        _ => 8,
    };
    bytes as u64
}

/// Bytes of a table's rows.
fn table_bytes(database: &Database, table: &Table) -> Result<u64> {
    let cut = database.cut();
    let rows = cut.count_range(table, &Range::all())?;
    let columns = table.definition().columns.len();
    let (mut seen, mut bytes) = (0, 0);
    cut.scan(table, &Range::all(), Order::Any)?.each_with(|row| {
        bytes += (0..columns).map(|at| bytes_of(row.get(at))).sum::<u64>() + 16;
        seen += 1;
        Ok(if seen < SAMPLE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok((bytes * rows).checked_div(seen).unwrap_or(0))
}

/// Bytes of an index: a key and a row's key for each entry.
fn index_bytes(database: &Database, table: &Table, index: usize) -> Result<u64> {
    let definition = table.definition();
    let Some(index) = definition.indexes.get(index) else { return Ok(0) };
    let rows = database.cut().count_range(table, &Range::all())?;
    let columns = index.columns.len() + index.include.len();
    let keys = definition.primary_key_positions().len().max(1);
    Ok(rows * 10 * (columns + keys) as u64)
}

#[derive(Clone, Copy)]
enum Part {
    Own,
    Indexes,
    Total,
}

fn relation_bytes(database: &Database, class: &Class, what: Part) -> Result<u64> {
    match &class.what {
        What::Table(table) => {
            let mut bytes = 0;
            if !matches!(what, Part::Indexes) {
                bytes += table_bytes(database, &table.table)?;
            }
            if !matches!(what, Part::Own) {
                for at in 0..table.table.definition().indexes.len() {
                    bytes += index_bytes(database, &table.table, at)?;
                }
            }
            Ok(bytes)
        }
        What::Index(table, Some(at)) => index_bytes(database, &table.table, *at),
        _ => Ok(0),
    }
}

fn size(arguments: &[Datum], context: &dyn Context, what: Part) -> Result<Datum> {
    let class =
        number(arguments, 0).and_then(|oid| catalog(context).ok()?.system().objects.class(oid));
    let (Some(class), Some(session)) = (class, context.session()) else { return Ok(Datum::Null) };
    let bytes = relation_bytes(session.database(), class, what)?;
    Ok(Datum::Integer(i64::try_from(bytes).unwrap_or(i64::MAX)))
}

fn database_size(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(session) = context.session() else { return Ok(Datum::Null) };
    let statistics = session.database().statistics();
    let bytes = statistics.file_bytes + statistics.log_bytes_retained;
    Ok(Datum::Integer(i64::try_from(bytes).unwrap_or(i64::MAX)))
}

/// The size in the unit in which it has at most four digits, rounded as PostgreSQL does.
fn pretty(bytes: i64) -> String {
    const UNITS: [&str; 6] = ["bytes", "kB", "MB", "GB", "TB", "PB"];
    let limit = 10 * 1024;
    if bytes.unsigned_abs() < limit {
        return format!("{bytes} bytes");
    }
    // One bit more than is shown, to round by.
    let mut halves = i128::from(bytes) >> 9;
    let mut unit = 1;
    while halves.unsigned_abs() >= u128::from(2 * limit) - 1 && unit + 1 < UNITS.len() {
        halves >>= 10;
        unit += 1;
    }
    let rounded = if halves < 0 { (halves - 1) / 2 } else { (halves + 1) / 2 };
    format!("{rounded} {}", UNITS[unit])
}

fn pretty_numeric(value: &Numeric) -> String {
    match value.to_integer().unwrap_or(i64::MAX) {
        // It is shown as it is as long as no unit is needed.
        whole if whole.unsigned_abs() < 10 * 1024 - 1 => format!("{value} bytes"),
        whole => pretty(whole),
    }
}

/// Bytes of a size as it is written: `1.5 GB`.
fn size_bytes(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let written = text(arguments, 0)?;
    let invalid = || SqlError::new("22023", format!("invalid size: \"{written}\""));
    let trimmed = written.trim();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let end = trimmed.find(|c| !is_part(c)).unwrap_or(trimmed.len());
    // An exponent, if digits follow it.
    let exponent = trimmed[end..].strip_prefix(['e', 'E']).map_or(0, |rest| {
        let digits = rest.strip_prefix(['+', '-']).unwrap_or(rest);
        let count = digits.chars().take_while(char::is_ascii_digit).count();
        if count > 0 { 1 + rest.len() - digits.len() + count } else { 0 }
    });
    let (number, unit) = trimmed.split_at(end + exponent);
    let number = Numeric::parse(number).map_err(|_| invalid())?;
    let unit = unit.trim();
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "bytes" | "b" => 0,
        "kb" => 10,
        "mb" => 20,
        "gb" => 30,
        "tb" => 40,
        "pb" => 50,
        _ => {
            return Err(invalid()
                .with_detail(format!("Invalid size unit: \"{unit}\"."))
                .with_hint(
                    "Valid units are \"bytes\", \"B\", \"kB\", \"MB\", \"GB\", \"TB\", and \
                     \"PB\".",
                ));
        }
    };
    let bytes = number.mul(&Numeric::new(1_i128 << shift, 0))?.round(0)?;
    let too_big = || SqlError::new("22003", "bigint out of range");
    bytes.to_integer().map(Datum::Integer).ok_or_else(too_big)
}

const RELATION: &[Shape] = &[RegClass];

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("pg_relation_size", RELATION, Int8, |a, c| size(a, c, Part::Own)).stable(),
    scalar("pg_relation_size", &[RegClass, Text], Int8, |a, c| size(a, c, Part::Own)).stable(),
    scalar("pg_table_size", RELATION, Int8, |a, c| size(a, c, Part::Own)).stable(),
    scalar("pg_indexes_size", RELATION, Int8, |a, c| size(a, c, Part::Indexes)).stable(),
    scalar("pg_total_relation_size", RELATION, Int8, |a, c| size(a, c, Part::Total)).stable(),
    scalar("pg_database_size", &[Name], Int8, database_size).stable(),
    scalar("pg_database_size", &[Oid], Int8, database_size).stable(),
    scalar("pg_tablespace_size", &[Name], Int8, database_size).stable(),
    scalar("pg_tablespace_size", &[Oid], Int8, database_size).stable(),
    scalar("pg_size_bytes", &[Text], Int8, size_bytes),
    scalar("pg_size_pretty", &[Int8], Text, |a, _| Ok(Datum::text(&pretty(integer(a, 0)?)))),
    scalar("pg_size_pretty", &[Shape::Numeric], Text, |a, _| {
        Ok(Datum::text(&pretty_numeric(numeric(a, 0)?)))
    }),
];
