//! The log of slow statements: one line of JSON each.

use std::time::Duration;

use bourse_sql::error::SqlError;
use serde_json::json;

use crate::registry::Entry;
use crate::statements::fingerprint;

#[cfg(test)]
mod tests;

/// Writes a line.
pub(crate) fn tell(line: &serde_json::Value) {
    tracing::warn!(target: "bourse::slow", "{line}");
}

/// What is told of a statement. Its constants are hidden unless `shows_values`: they may be
/// anybody's.
pub(crate) fn line(
    entry: &Entry,
    text: &str,
    took: Duration,
    rows: u64,
    error: Option<&SqlError>,
    shows_values: bool,
) -> serde_json::Value {
    let shown = if shows_values { text.to_owned() } else { fingerprint(text) };
    json!({
        "process": entry.process,
        "user": entry.user,
        "client": entry.peer,
        "milliseconds": took.as_secs_f64() * 1e3,
        "rows": rows,
        "sqlstate": error.map(SqlError::sqlstate),
        "statement": shown,
    })
}
