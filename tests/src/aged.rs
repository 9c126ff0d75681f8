//! Rows that expire in the simulated store. They are numbered from 1 on and never changed, so what
//! views show of the highest number tells what they are to show of all, whatever has expired.

use std::collections::BTreeMap;

use bourse::expression::column;
use bourse::view::{AggregateFunction as F, ViewBuilder};
use bourse::{
    Cut, Database, ErrorKind, Order, Range, Result, TableDefinition, Type, Value, View,
    ViewDefinition,
};
use bourse_storage::sync::sim::Random;

use crate::views::integer;

/// The table.
pub(crate) const TABLE: &str = "aged";
/// Its views: with states in the shards of the rows, and in those of the groups.
const VIEWS: [&str; 2] = ["aged_by_lane", "aged_by_client"];
/// Groups of each.
const GROUPS: i64 = 5;

fn view(name: &str, group: &str) -> ViewBuilder {
    ViewDefinition::builder(name, TABLE)
        .group(group, column(group))
        .aggregate("rows", F::CountRows)
        .aggregate("sum", F::Sum(column("id")))
        .aggregate("low", F::Minimum(column("id")))
        .aggregate("high", F::Maximum(column("id")))
        .aggregate("last", F::Last { value: column("value"), order: column("id") })
}

/// Makes the table and its views.
pub(crate) fn create(store: &Database) -> Result<()> {
    let mut table = TableDefinition::builder(TABLE);
    for column in ["lane", "id", "version", "client", "seq", "value"] {
        table = table.column(column, Type::BigInt).not_null();
    }
    store.create_table(&table.primary_key(["id"]).shard_key(["id"]).build()?)?;
    store.create_view(&view(VIEWS[0], "lane"))?;
    store.create_view(&view(VIEWS[1], "client").owned())?;
    Ok(())
}

fn row(number: i64) -> Vec<Value> {
    let group = number % GROUPS;
    [group, number, 0, group, 0, number * 31 % 101].map(Value::from).to_vec()
}

/// The highest number that there ever was.
fn highest(cut: &Cut) -> Result<i64> {
    let mut highest = 0;
    for group in cut.groups(&cut.view(VIEWS[0])?, &Range::all(), Order::Any)? {
        highest = highest.max(integer(group?.get("high")?)?);
    }
    Ok(highest)
}

/// Adds rows, or lets some expire. One client does both.
pub(crate) fn work(store: &Database, random: &mut Random) -> Result<()> {
    let highest = highest(&store.cut())?;
    if random.one_in(3) {
        let watermark = highest - random.below(20).cast_signed();
        return match store.expire_before(TABLE, "id", watermark.into()) {
            // It was further already.
            Err(error) if error.sqlstate() == "22023" => Ok(()),
            expired => expired.map(drop),
        };
    }
    let table = store.table(TABLE)?;
    let numbers = highest + 1..=highest + 1 + random.below(12).cast_signed();
    let inserted = store.transaction(|transaction| {
        numbers.clone().try_for_each(|number| transaction.insert(&table, row(number)).map(drop))
    });
    match inserted {
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
        inserted => inserted,
    }
}

/// The first difference of a view from what all numbers up to the highest make it.
pub(crate) fn difference(cut: &Cut, view: &View) -> Result<Option<String>> {
    let mut expected: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for number in 1..=highest(cut)? {
        expected.entry(number % GROUPS).or_default().push(number);
    }
    let expected = expected.into_iter().map(|(group, numbers)| {
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        let rows = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        vec![group, rows, numbers.iter().sum(), first, last, last * 31 % 101]
    });
    let mut found = Vec::new();
    for group in cut.groups(view, &Range::all(), Order::Ascending)? {
        found.push(group?.values().iter().map(integer).collect::<Result<Vec<i64>>>()?);
    }
    let expected: Vec<Vec<i64>> = expected.collect();
    if found == expected {
        return Ok(None);
    }
    let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
    Ok(Some(format!("view {}: first difference: {first:?}", view.name())))
}
