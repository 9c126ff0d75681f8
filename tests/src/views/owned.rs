//! The owned view of the simulated store: its groups lie in other shards than their rows, and are
//! kept in the order of a sum. A commit of trades writes out what they change in it.

use std::collections::BTreeMap;

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Group, ViewBuilder};
use bourse::{Cut, Order, Range, Result, Type, Value, View, ViewDefinition};

use super::integer;

/// What it is called.
pub(crate) const NAME: &str = "trades_by_part";
/// The groups of a client.
const PARTS: i64 = 5;
/// Where its groups show their sum.
const SUM: usize = 3;

/// Client and part of the value are no shard key: rows of a group lie in all shards.
pub(super) fn definition() -> ViewBuilder {
    ViewDefinition::builder(NAME, "trade")
        .group("client", column("client"))
        .group("part", column("value").remainder(constant(PARTS)))
        .aggregate("rows", F::CountRows)
        .aggregate("sum", F::Sum(column("value").cast(Type::Double)))
        .aggregate("low", F::Minimum(column("value")))
        .aggregate("high", F::Maximum(column("value")))
        .owned()
        .index("by_sum", "sum", Order::Descending)
}

/// What a group shows that has these values, of which it has one at least.
fn shown(client: i64, part: i64, values: &[i64]) -> Vec<Value> {
    #[expect(clippy::cast_precision_loss, reason = "a cast to DOUBLE rounds")]
    let doubles = values.iter().map(|value| *value as f64);
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^63")]
    let sum: i128 = doubles.map(|double| double as i128).sum();
    #[expect(clippy::cast_precision_loss, reason = "a sum is rounded once")]
    let sum = sum as f64;
    let low = values.iter().min().copied().unwrap_or_default();
    let high = values.iter().max().copied().unwrap_or_default();
    let rows = i64::try_from(values.len()).unwrap_or(i64::MAX);
    vec![client.into(), part.into(), rows.into(), Value::Double(sum), low.into(), high.into()]
}

/// The first difference of the view and its index from what the rows make them.
pub(super) fn difference(cut: &Cut, view: &View) -> Result<Option<String>> {
    let table = cut.table(&view.definition().table)?;
    let position = |name: &str| table.definition().position(name).map(usize::from);
    let places = [position("client")?, position("value")?];
    let mut groups: BTreeMap<(i64, i64), Vec<i64>> = BTreeMap::new();
    for row in cut.scan(&table, &Range::all(), Order::Any)? {
        let row = row?;
        let [client, value] = places.map(|at| integer(&row.get(at).to_value()));
        let value = value?;
        groups.entry((client?, value % PARTS)).or_default().push(value);
    }
    let mut expected: Vec<_> =
        groups.iter().map(|((client, part), values)| shown(*client, *part, values)).collect();
    let found = cut.groups(view, &Range::all(), Order::Ascending)?.collect::<Result<Vec<_>>>()?;
    if let Some(difference) = compare("view", &found, &expected) {
        return Ok(Some(difference));
    }
    let sum = |group: &Vec<Value>| match group[SUM] {
        Value::Double(sum) => sum,
        _ => f64::NAN,
    };
    // Equal sums stay in the order of their groups.
    expected.sort_by(|one, other| sum(other).total_cmp(&sum(one)));
    let found = cut.top_groups(view, &Range::all(), "sum", Order::Descending, usize::MAX)?;
    Ok(compare("index by_sum of view", &found, &expected))
}

fn compare(what: &str, found: &[Group], expected: &[Vec<Value>]) -> Option<String> {
    let is_same = |(found, expected): &(&Group, &Vec<Value>)| found.values() == expected.as_slice();
    if found.len() == expected.len() && found.iter().zip(expected).all(|pair| is_same(&pair)) {
        return None;
    }
    let first = found.iter().zip(expected).find(|pair| !is_same(pair));
    let first = first.map(|(found, expected)| (found.values(), expected));
    Some(format!(
        "{what} {NAME} has {} groups, the rows make {}; first difference: {first:?}",
        found.len(),
        expected.len()
    ))
}
