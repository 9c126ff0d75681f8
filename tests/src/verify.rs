//! What an open store holds: all its rows, every index against its table.

use std::collections::BTreeMap;

use bourse::{Cut, Database, IndexEntry, Order, Range, Result, Table, ValueRef};
use bourse_storage::Error;

use crate::Violation;
use crate::feeds;
use crate::history::{History, Kept, State};
use crate::rows::{ADDED, BUCKET, Image, Kind, RowKey, TABLES, Tables, decode};
use crate::views;
use crate::workload::definitions::{COLUMNS, EXTRA, LOADED, LOADED_ROWS};
use crate::workload::{ACCOUNTS, BALANCE, LANES, Size};

/// Checks an open store against its history.
///
/// # Errors
/// The first promise that was not kept.
pub(crate) fn check(
    store: &Database,
    history: &History,
    kept: Kept,
    size: Size,
) -> std::result::Result<(), Violation> {
    let failed = |error: Error| Violation::new("recovery succeeds", format!("{error:?}"));
    let cut = store.cut();
    let found = state(&cut, &Tables::open(store).map_err(failed)?)
        .map_err(|error| Violation::new("whole or not at all", format!("{error:?}")))?;
    if kept == Kept::Prefix {
        history.forget_facts();
    }
    history.settle(&found, kept)?;
    feeds::check(store, &found)?;
    let balances = found.iter().filter(|(key, _)| key.kind == Kind::Account);
    let sum: i64 = balances.filter_map(|(_, (_, image))| image.map(|image| image.value)).sum();
    if sum != LANES * ACCOUNTS * BALANCE {
        return Err(Violation::new("sum is conserved", format!("it is {sum} after an open")));
    }
    let tables = store.tables().map_err(failed)?;
    let loaded = tables.iter().find(|table| table.name() == LOADED);
    let rows = loaded.map_or(Ok(0), |table| cut.count(table)).map_err(failed)?;
    let all = size.loaded_rows().unsigned_abs();
    if rows != 0 && rows != all {
        let detail = format!("table {LOADED} has {rows} rows instead of none or {all}");
        return Err(Violation::new("whole or not at all", detail));
    }
    history.check_fact(LOADED, loaded.is_some())?;
    history.check_fact(LOADED_ROWS, rows > 0)?;
    for table in &tables {
        for column in COLUMNS {
            let there = table.definition().position(column);
            history.check_fact(&format!("column {column} of {}", table.name()), there.is_ok())?;
            if let Ok(position) = there {
                check_added(&cut, table, usize::from(position))?;
            }
        }
        let there = table.definition().index(EXTRA).is_some();
        history.check_fact(&format!("index {EXTRA} of {}", table.name()), there)?;
        check_indexes(&cut, table)
            .map_err(|error| Violation::new("index equals table", format!("{error:?}")))?;
    }
    let views = store.views();
    for table in &tables {
        let name = views::moving(table.name());
        let there = views.iter().any(|view| view.name() == name);
        history.check_fact(&format!("view {name}"), there)?;
    }
    views::check(&cut, &views)?;
    let report = store.check(&mut |_| {}).map_err(failed)?;
    match report.findings.first() {
        None => Ok(()),
        Some(finding) => Err(Violation::new("check finds nothing", finding.to_string())),
    }
}

/// Rows of before and after a column came have the same in it.
fn check_added(cut: &Cut, table: &Table, position: usize) -> std::result::Result<(), Violation> {
    let failed = |error: Error| Violation::new("recovery succeeds", format!("{error:?}"));
    for row in cut.scan(table, &Range::all(), Order::Ascending).map_err(failed)? {
        let found = row.map_err(failed)?.get(position).to_value();
        if found != ADDED.into() {
            let detail = format!("a row of {} has {found:?} in the column added", table.name());
            return Err(Violation::new("a default is for all rows", detail));
        }
    }
    Ok(())
}

/// All rows of the five tables, and the journal's buckets.
pub(crate) fn state(cut: &Cut, tables: &Tables) -> Result<State> {
    let mut state = State::new();
    let mut buckets: BTreeMap<RowKey, BTreeMap<i64, Image>> = BTreeMap::new();
    for kind in TABLES {
        for row in cut.scan(tables.of(kind), &Range::all(), Order::Ascending)? {
            let (key, version, image) = decode(kind, &row?)?;
            if kind == Kind::Journal {
                let (id, ordinal) = (image.value / BUCKET, image.value % BUCKET);
                let bucket = RowKey { kind: Kind::Bucket, lane: key.lane, id };
                let written = Image { value: 0, note_bytes: 0, ..image };
                if buckets.entry(bucket).or_default().insert(ordinal, written).is_some() {
                    return Err(Error::corrupt(format!("ordinal {ordinal} of {bucket:?} twice")));
                }
            }
            if state.insert(key, (version, Some(image))).is_some() {
                return Err(Error::corrupt(format!("{key:?} is there twice")));
            }
        }
    }
    for (bucket, rows) in buckets {
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        match rows.last_key_value() {
            Some((last, image)) if *last == count => {
                state.insert(bucket, (count, Some(*image)));
            }
            last => {
                return Err(Error::corrupt(format!("{bucket:?}: {count} rows, last {last:?}")));
            }
        }
    }
    Ok(state)
}

/// Every index has exactly the entries that the rows ask for, and each leads to its row.
fn check_indexes(cut: &Cut, table: &Table) -> Result<()> {
    let definition = table.definition();
    let mut rows = Vec::new();
    for row in cut.scan(table, &Range::all(), Order::Ascending)? {
        let row = row?;
        rows.push(integers(6, |column| row.get(column))?);
    }
    let count = cut.count(table)?;
    if count != rows.len() as u64 {
        let message = format!("{} counts {count} rows and has {}", table.name(), rows.len());
        return Err(Error::corrupt(message));
    }
    for index in &definition.indexes {
        // What a crash left half-built is checked with the store. The table may know a newer state.
        let readable = cut.scan_index(table, &index.name, &Range::all(), Order::Any);
        if readable.is_err_and(|error| error.sqlstate() == "55000") {
            continue;
        }
        let columns: Vec<usize> =
            index.columns.iter().filter_map(|part| part.column()).map(usize::from).collect();
        let of_row = |row: &Vec<i64>| -> Vec<i64> { columns.iter().map(|c| row[*c]).collect() };
        let mut expected: Vec<(Vec<i64>, Vec<i64>)> =
            rows.iter().map(|row| (of_row(row), row.clone())).collect();
        expected.sort_unstable();
        let mut entries = cut.scan_index(table, &index.name, &Range::all(), Order::Ascending)?;
        let mut keys = Vec::new();
        let key_of = |entry: &IndexEntry<'_>| {
            let values = columns.iter().map(|column| entry.get(*column));
            values.collect::<Result<Vec<_>>>()
        };
        while let Some(values) = entries.next_with(key_of)? {
            let values = values?;
            keys.push(integers(values.len(), |at| values[at].as_value())?);
        }
        let mut led_to = Vec::new();
        let mut entries = cut.scan_index(table, &index.name, &Range::all(), Order::Ascending)?;
        for row in entries.fetch(usize::MAX)? {
            let row = integers(6, |column| row.get(column))?;
            led_to.push((of_row(&row), row));
        }
        led_to.sort_unstable();
        if led_to != expected || !keys.iter().eq(expected.iter().map(|(key, _)| key)) {
            return Err(Error::corrupt(format!(
                "index {} of {} has {} entries that lead to {} rows, the table has {}; first \
                 difference: {:?}",
                index.name,
                table.name(),
                keys.len(),
                led_to.len(),
                expected.len(),
                led_to.iter().zip(&expected).find(|(found, expected)| found != expected)
            )));
        }
    }
    Ok(())
}

fn integers<'v>(count: usize, value: impl Fn(usize) -> ValueRef<'v>) -> Result<Vec<i64>> {
    (0..count)
        .map(|at| match value(at) {
            ValueRef::Integer(value) => Ok(value),
            other => Err(Error::corrupt(format!("column {at} holds {other:?}"))),
        })
        .collect()
}
