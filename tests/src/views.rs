//! Views in the simulated store: kept over three of its tables from the first, one of them rolled
//! up and one owned by its groups; made and dropped over others. After each open every group is
//! compared with what the rows make it, computed here.

use std::collections::BTreeMap;

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Fraction, ViewBuilder};
use bourse::{Cut, Database, Order, Range, Result, Value, View, ViewDefinition};
use bourse_storage::Error;

use crate::Violation;

mod owned;

pub(crate) use owned::NAME as OWNED;

/// Clients that the roll-up has in one group.
const TOGETHER: i64 = 3;

/// The view over a table that comes and goes.
pub(crate) fn moving(table: &str) -> String {
    format!("view_of_{table}")
}

/// A view over a table of the simulated shape, grouped by one of its columns.
pub(crate) fn definition(name: &str, table: &str, group: &str) -> ViewBuilder {
    let first = F::First { value: column("client"), order: column("value") };
    let last = F::Last { value: column("version"), order: column("value") };
    ViewDefinition::builder(name, table)
        .group(group, column(group))
        .aggregate("rows", F::CountRows)
        .aggregate("sum", F::Sum(column("value")))
        .aggregate("low", F::Minimum(column("value")))
        .aggregate("high", F::Maximum(column("value")))
        .aggregate("first", first)
        .aggregate("last", last)
        .aggregate("median", F::PercentileDiscrete(Fraction::HALF, column("value")))
}

/// Makes the views that are there from the first: groups in one shard, in all, merged when they are
/// read, and in other shards than their rows.
///
/// # Errors
/// The store's.
pub(crate) fn create_views(store: &Database) -> Result<()> {
    for (name, table, group) in [
        ("accounts_by_lane", "account", "lane"),
        ("items_by_client", "item", "client"),
        ("trades_by_client", "trade", "client"),
    ] {
        store.create_view(&definition(name, table, group))?;
    }
    let together = column("client").divided_by(constant(TOGETHER));
    let rollup = ViewDefinition::rollup("trades_by_clients", "trades_by_client");
    store.create_view(&rollup.group("clients", together))?;
    store.create_view(&owned::definition())?;
    Ok(())
}

/// What a group should show, as it is gathered.
#[derive(Default)]
struct Expected {
    /// Value, primary key, client, version of each row.
    rows: Vec<(i64, Vec<i64>, i64, i64)>,
}

impl Expected {
    fn outputs(mut self) -> Vec<i64> {
        self.rows.sort_unstable();
        let values: Vec<i64> = self.rows.iter().map(|row| row.0).collect();
        let (first, last) = (self.rows.first(), self.rows.last());
        vec![
            i64::try_from(values.len()).unwrap_or(i64::MAX),
            values.iter().sum(),
            values.first().copied().unwrap_or_default(),
            values.last().copied().unwrap_or_default(),
            first.map_or(0, |row| row.2),
            last.map_or(0, |row| row.3),
            values[values.len().div_ceil(2) - 1],
        ]
    }
}

/// Every view shows what its table's rows make it.
pub(crate) fn check(cut: &Cut, views: &[View]) -> std::result::Result<(), Violation> {
    for view in views {
        let difference = difference(cut, view)
            .map_err(|error| Violation::new("view equals table", format!("{error:?}")))?;
        if let Some(difference) = difference {
            return Err(Violation::new("view equals table", difference));
        }
    }
    Ok(())
}

fn difference(cut: &Cut, view: &View) -> Result<Option<String>> {
    // The store's own check compares what is under build, as far as that has come. The handle may
    // be of a later moment than the Cut.
    if !cut.view(view.name())?.is_ready() {
        return Ok(None);
    }
    if view.name() == owned::NAME {
        return owned::difference(cut, view);
    }
    let table = cut.table(&view.definition().table)?;
    let definition = table.definition();
    let position = |name: &str| definition.position(name).map(usize::from);
    let (group, together) = match view.definition().base {
        Some(_) => (position("client")?, TOGETHER),
        None => (position(&view.definition().group[0].name)?, 1),
    };
    let places = [position("value")?, position("client")?, position("version")?];
    let mut expected: BTreeMap<i64, Expected> = BTreeMap::new();
    for row in cut.scan(&table, &Range::all(), Order::Any)? {
        let row = row?;
        let integer = |at: usize| integer(&row.get(at).to_value());
        let [value, client, version] = places.map(integer);
        let key = row.primary_key()?.iter().map(self::integer).collect::<Result<Vec<i64>>>()?;
        let rows = &mut expected.entry(integer(group)? / together).or_default().rows;
        rows.push((value?, key, client?, version?));
    }
    let expected = expected.into_iter().map(|(group, rows)| (group, rows.outputs()));
    let expected: Vec<(i64, Vec<i64>)> = expected.collect();
    let mut found = Vec::new();
    for group in cut.groups(view, &Range::all(), Order::Ascending)? {
        let group = group?;
        let values = group.values().iter().map(integer).collect::<Result<Vec<i64>>>()?;
        let (key, outputs) = values.split_first().ok_or_else(|| Error::corrupt("no columns"))?;
        found.push((*key, outputs.to_vec()));
    }
    if found == expected {
        return Ok(None);
    }
    let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
    Ok(Some(format!(
        "view {} has {} groups, the rows make {}; first difference: {first:?}",
        view.name(),
        found.len(),
        expected.len()
    )))
}

fn integer(value: &Value) -> Result<i64> {
    match value {
        Value::Integer(value) => Ok(*value),
        // A sum of BIGINT.
        Value::Decimal(value) if value.scale() == 0 => i64::try_from(value.coefficient())
            .map_err(|_| Error::corrupt(format!("{value} is no sum of this table"))),
        other => Err(Error::corrupt(format!("{other:?} is no integer"))),
    }
}
