//! What an aggregate view of the store computes, as a query.

use bourse::View;
use bourse::view::{AggregateFunction, Fraction};

use super::expressions::Writer;
use crate::catalog::TableEntry;
use crate::function::{quote_identifier, quote_qualified};

/// The query of a view over a table; of one that SQL has no query for, the names of its columns.
pub(super) fn aggregate_text(view: &View, table: Option<&TableEntry>) -> String {
    if let Some(text) = table.and_then(|table| query(view, table)) {
        return text;
    }
    let columns = view.columns().iter().map(|column| quote_identifier(&column.name).to_string());
    format!("SELECT {}", columns.collect::<Vec<_>>().join(", "))
}

fn query(view: &View, table: &TableEntry) -> Option<String> {
    let definition = view.definition();
    let is_plain =
        definition.base.is_none() && definition.having.is_none() && definition.lookups.is_empty();
    if !is_plain {
        return None;
    }
    let writer = Writer::new(table, true);
    let (mut items, mut keys) = (Vec::new(), Vec::new());
    for column in &definition.group {
        let text = writer.text(&column.expression);
        items.push(format!("{text} AS {}", quote_identifier(&column.name)));
        keys.push(text);
    }
    for aggregate in &definition.aggregates {
        let mut text = call(&aggregate.function, &writer)?;
        if let Some(filter) = &aggregate.filter {
            text.push_str(&format!(" FILTER (WHERE {})", writer.text(filter)));
        }
        items.push(format!("{text} AS {}", quote_identifier(&aggregate.name)));
    }
    let from = quote_qualified(&table.schema, &table.name);
    let mut text = format!("SELECT {} FROM {from}", items.join(", "));
    if let Some(filter) = &definition.filter {
        text.push_str(&format!(" WHERE {}", writer.text(filter)));
    }
    if !keys.is_empty() {
        text.push_str(&format!(" GROUP BY {}", keys.join(", ")));
    }
    Some(text)
}

/// A call of an aggregate; nothing for those that SQL does not have.
fn call(function: &AggregateFunction, writer: &Writer<'_>) -> Option<String> {
    use AggregateFunction as F;
    let of = |name: &str, argument| Some(format!("{name}({})", writer.text(argument)));
    let distinct =
        |name: &str, argument| Some(format!("{name}(DISTINCT {})", writer.text(argument)));
    let within = |name: &str, fraction: &Fraction, argument| {
        let (fraction, argument) = (fraction.get(), writer.text(argument));
        Some(format!("{name}({fraction}) WITHIN GROUP (ORDER BY {argument})"))
    };
    match function {
        F::CountRows => Some("count(*)".to_owned()),
        F::Count(argument) => of("count", argument),
        F::CountDistinct(argument) => distinct("count", argument),
        F::Sum(argument) => of("sum", argument),
        F::Average(argument) => of("avg", argument),
        F::SumDistinct(argument) => distinct("sum", argument),
        F::AverageDistinct(argument) => distinct("avg", argument),
        F::Minimum(argument) => of("min", argument),
        F::Maximum(argument) => of("max", argument),
        F::VariancePopulation(argument) => of("var_pop", argument),
        F::VarianceSample(argument) => of("var_samp", argument),
        F::DeviationPopulation(argument) => of("stddev_pop", argument),
        F::DeviationSample(argument) => of("stddev_samp", argument),
        F::PercentileContinuous(fraction, argument) => {
            within("percentile_cont", fraction, argument)
        }
        F::PercentileDiscrete(fraction, argument) => within("percentile_disc", fraction, argument),
        F::First { .. } | F::Last { .. } | F::Ratio { .. } => None,
    }
}
