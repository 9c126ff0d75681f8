//! What an engine must agree with itself about, whatever another one says.
//!
//! - *Partitioning*: the rows for which a condition is true, those for which it is false and those
//!   for which it is NULL are together all rows.
//! - *Plans*: a query answers the same when the indexes that it could be read by are gone, and a
//!   query of groups the same whether a view that the store keeps answers it or its tables do.
//!   Views answer in PostgreSQL's dialect only, so such queries are of what both dialects share.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::compare::{Comparison, Difference, compare};
use super::engine::{Engine, Outcome, Refusal};
use super::schema::{Kind, Table, pick};
use super::writer::Writer;

/// A query, and a condition that splits its rows.
pub(super) struct Partition {
    /// `SELECT ... FROM ...`
    pub(super) all: String,
    pub(super) condition: String,
}

/// A query that was run, to be run again.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) how: Comparison,
}

impl Writer<'_> {
    /// A query whose rows a condition splits.
    pub(super) fn partition(&mut self) -> Partition {
        self.note("partition");
        let (from, sources) = self.from(None);
        self.scopes.push(sources);
        let items: Vec<String> = (0..1 + self.below(3))
            .map(|_| {
                let kind = *self.pick(&Kind::ALL);
                self.expression(kind, 2)
            })
            .collect();
        let condition = self.condition(0);
        self.scopes.pop();
        Partition { all: format!("SELECT {}{from}", items.join(", ")), condition }
    }
}

/// Whether the parts are the whole; the statements and the difference if they are not.
pub(super) fn partitioned(
    engine: &mut dyn Engine,
    partition: &Partition,
) -> Option<(String, Difference)> {
    let Partition { all, condition } = partition;
    let whole = engine.run(all);
    // What has an error for some rows may have none where a condition leaves these out.
    whole.as_ref().ok()?;
    // A query has one row whatever it reads when an item's subquery takes an aggregate of it.
    if engine.run(&format!("{all} WHERE 1 = 0")).is_ok_and(|none| !none.rows.is_empty()) {
        return None;
    }
    let mut rows = Vec::new();
    let mut texts = vec![all.clone()];
    for part in [condition.clone(), format!("NOT ({condition})"), format!("({condition}) IS NULL")]
    {
        let text = format!("{all} WHERE {part}");
        let found = engine.run(&text);
        texts.push(text);
        match found {
            Ok(outcome) => rows.extend(outcome.rows),
            Err(refusal @ Refusal::Broken(_)) => {
                let difference =
                    Difference { expected: "rows".to_owned(), found: format!("{refusal:?}") };
                return Some((texts.join(";\n"), difference));
            }
            Err(_) => return None,
        }
    }
    let columns = whole.as_ref().map(|whole| whole.columns.clone()).unwrap_or_default();
    let parts = Ok(Outcome { rows, columns });
    compare(&whole, &parts, Comparison::default()).map(|difference| (texts.join(";\n"), difference))
}

/// Runs queries, takes the indexes away, and runs them again: what differs.
pub(super) fn without_indexes(
    engine: &mut dyn Engine,
    indexes: &BTreeSet<&String>,
    queries: &[Asked],
) -> Vec<(String, Difference)> {
    let before: Vec<_> = queries.iter().map(|asked| engine.run(&asked.text)).collect();
    for name in indexes {
        // It may never have been made.
        let _ = engine.run(&format!("DROP INDEX {name}"));
    }
    let mut found = Vec::new();
    for (asked, before) in queries.iter().zip(before) {
        if before.is_err() {
            continue;
        }
        let after = engine.run(&asked.text);
        if let Some(difference) = compare(&before, &after, asked.how) {
            found.push((format!("-- with and without indexes:\n{}", asked.text), difference));
        }
    }
    found
}

/// Groups that the store is to keep, and queries that they may answer.
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) view: String,
    pub(super) queries: Vec<String>,
}

/// Groups of a table, drawn.
pub(super) fn kept(random: &mut Random, table: &Table) -> Kept {
    let columns = &table.columns;
    let at = random.index(columns.len());
    let group = &columns[at].name;
    let aggregates: Vec<String> = (0..1 + random.index(4))
        .map(|_| {
            let column = &columns[random.index(columns.len())];
            let functions: &[&str] = match column.kind {
                Kind::Integer => &["count", "min", "max", "sum", "avg"],
                Kind::Real => &["count", "min", "max", "sum", "avg"],
                _ => &["count", "min", "max"],
            };
            format!("{}({})", pick(random, functions), column.name)
        })
        .collect();
    let filter = match random.below(3) {
        0 => format!(" WHERE {} > 3", columns[0].name),
        _ => String::new(),
    };
    let name = &table.name;
    let of = |items: &[String], condition: &str, by: &str| {
        let items: Vec<&str> = items.iter().map(|item| &**item).collect();
        format!("SELECT {} FROM {name}{condition}{by}", items.join(", "))
    };
    let all: Vec<String> =
        [group.clone(), "count(*)".to_owned()].into_iter().chain(aggregates.clone()).collect();
    let by = format!(" GROUP BY {group}");
    let and = if filter.is_empty() { " WHERE" } else { " AND" };
    let one = match columns[at].kind {
        Kind::Integer => "3",
        Kind::Real => "1.5",
        _ => "'a'",
    };
    let queries = vec![
        of(&all, &filter, &by),
        of(&aggregates, &filter, &by),
        of(&all, &format!("{filter}{and} {group} = {one}"), &by),
        of(&all[1..], &format!("{filter}{and} {group} = {one}"), ""),
        of(
            &all,
            &format!("{filter}{and} {group} IS NOT NULL"),
            &format!("{by} HAVING count(*) > 1"),
        ),
    ];
    Kept { name: format!("kept_{name}"), view: named(&all, &filter, &by, name), queries }
}

/// The query of a view, whose columns need names of their own.
fn named(items: &[String], condition: &str, by: &str, table: &str) -> String {
    let items: Vec<String> =
        (0..).zip(items).map(|(at, item)| format!("{item} AS o{at}")).collect();
    format!("SELECT {} FROM {table}{condition}{by}", items.join(", "))
}

/// Asks what views may answer in both ways: how many they did answer, and what differs.
pub(super) fn by_views(engine: &mut dyn Engine, all: &[Kept]) -> (u64, Vec<(String, Difference)>) {
    let (mut answered, mut found) = (0, Vec::new());
    // What was added up in another order may be rounded otherwise.
    let how = Comparison { is_rounded: true, ..Comparison::default() };
    for Kept { view, queries, .. } in all {
        for query in queries {
            let Some((tables, views)) = engine.both_ways(query) else { continue };
            answered += 1;
            if let Some(difference) = compare(&tables, &views, how) {
                found.push((format!("-- by tables and by the view {view}:\n{query}"), difference));
            }
        }
    }
    (answered, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differential::engine::Cell;

    /// Has one row for each query, or for those that no condition leaves without rows.
    struct OneRow {
        always: bool,
    }

    impl Engine for OneRow {
        fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
            let has_row = self.always || !sql.ends_with(" WHERE 1 = 0");
            let rows = if has_row { vec![vec![Cell::Integer(1)]] } else { Vec::new() };
            Ok(Outcome { rows, columns: Vec::new() })
        }
    }

    #[test]
    fn a_query_with_a_row_of_no_rows_is_not_split() {
        let partition = Partition { all: "SELECT 1".to_owned(), condition: "true".to_owned() };
        assert!(partitioned(&mut OneRow { always: true }, &partition).is_none());
        assert!(partitioned(&mut OneRow { always: false }, &partition).is_some());
    }
}
