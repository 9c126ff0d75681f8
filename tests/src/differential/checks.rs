//! What an engine must agree with itself about, whatever another one says.
//!
//! - *Partitioning*: the rows for which a condition is true, those for which it is false and those
//!   for which it is NULL are together all rows.
//! - *Plans*: a query answers the same when the indexes that it could be read by are gone.

use std::collections::BTreeSet;

use super::compare::{Comparison, Difference, compare};
use super::engine::{Engine, Outcome, Refusal};
use super::schema::Kind;
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
