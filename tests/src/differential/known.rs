//! Differences for a reason that docs/sql.md tells: each is known by what it looks like, so that
//! nothing else passes for it, and counted by its reason.

use super::engine::{Cell, Outcome, Refusal};

/// What both made of a statement.
type Answer = Result<Outcome, Refusal>;

/// Whether a difference is for a reason.
type Test = fn(&str, &Answer, &Answer) -> bool;

/// U+FFFD as `hex` writes it.
const IN_PLACE: &str = "EFBFBD";

/// The reasons of SQLite's dialect.
const OF_SQLITE: [(&str, Test); 5] = [
    ("SQLite does not find a column of the query's own", |_, expected, found| {
        found.is_ok() && refusal(expected).is_some_and(is_own_column)
    }),
    ("a text of SQLite's is no UTF-8", |_, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let has = |outcome: &Outcome, part: &str| {
            let has = |cell: &Cell| matches!(cell, Cell::Text(text) if text.contains(part));
            outcome.rows.iter().flatten().any(has)
        };
        let is_shown = has(found, IN_PLACE) && !has(expected, IN_PLACE);
        !found.rows.is_empty() && (has(expected, "\u{fffd}") || is_shown)
    }),
    ("which of several equal texts there is", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        const CHOOSE: [&str; 5] = ["DISTINCT", "UNION", "INTERSECT", "EXCEPT", "GROUP BY"];
        CHOOSE.iter().any(|word| sql.contains(word)) && folded(expected) == folded(found)
    }),
    ("UPDATE OR IGNORE of a row's id to NULL", |sql, expected, found| {
        let is_mismatch = refusal(expected).is_some_and(|text| text == "datatype mismatch");
        sql.starts_with("UPDATE OR IGNORE") && is_mismatch && found.is_ok()
    }),
    ("INSERT OR IGNORE of NULL into a key of several columns", |sql, expected, found| {
        let is_null = refusal(found).is_some_and(|text| text.starts_with("23502"));
        sql.starts_with("INSERT OR IGNORE") && expected.is_ok() && is_null
    }),
];

/// The reasons of PostgreSQL's dialect.
const OF_POSTGRES: [(&str, Test); 2] = [
    ("a floating zero that is kept has no sign", |_, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let unsigned = |rows: &[Vec<Cell>]| -> Vec<String> {
            let text = |row: &Vec<Cell>| format!("{row:?}").replace("(\"-0\")", "(\"0\")");
            let mut texts: Vec<String> = rows.iter().map(text).collect();
            texts.sort_unstable();
            texts
        };
        expected.columns == found.columns && unsigned(&expected.rows) == unsigned(&found.rows)
    }),
    ("PostgreSQL computes all parts of rows that are compared", |sql, expected, found| {
        let is_of_data = refusal(expected).is_some_and(|text| text.starts_with("22"));
        is_of_data && found.is_ok() && sql.contains("ROW(")
    }),
];

/// The reason for a difference from SQLite, or from PostgreSQL, which tells states; if it is a
/// known one.
pub(super) fn reason(
    tells_states: bool,
    sql: &str,
    (expected, found): (&Answer, &Answer),
) -> Option<&'static str> {
    let reasons: &[(&str, Test)] = if tells_states { &OF_POSTGRES } else { &OF_SQLITE };
    let known = reasons.iter().find(|(_, is_reason)| is_reason(sql, expected, found));
    known.map(|(reason, _)| *reason)
}

/// Rows in any order, with texts as NOCASE and RTRIM see them.
fn folded(outcome: &Outcome) -> Vec<String> {
    let fold = |cell: &Cell| match cell {
        Cell::Text(text) => Cell::Text(text.trim_end_matches(' ').to_ascii_lowercase()),
        other => other.clone(),
    };
    let of_row = |row: &Vec<Cell>| format!("{:?}", row.iter().map(fold).collect::<Vec<_>>());
    let mut rows: Vec<String> = outcome.rows.iter().map(of_row).collect();
    rows.sort_unstable();
    rows
}

fn refusal(answer: &Answer) -> Option<&str> {
    match answer {
        Err(Refusal::Wrong(text)) => Some(text),
        _ => None,
    }
}

/// Whether a column is said not to be there that is written with an alias of the generator's: it
/// names none but those in scope.
fn is_own_column(refusal: &str) -> bool {
    let Some(rest) = refusal.strip_prefix("no such column: ") else { return false };
    let name = rest.split(' ').next().unwrap_or_default();
    let Some((alias, _)) = name.split_once('.') else { return false };
    let mut letters = alias.chars();
    let is_alias = letters.next().is_some_and(|first| "nqrsvw".contains(first));
    let number = letters.as_str();
    is_alias && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Answer {
        Ok(Outcome { rows: vec![vec![Cell::Text(text.to_owned())]], ..Outcome::default() })
    }

    fn reason(sql: &str, expected: &Answer, found: &Answer) -> Option<&'static str> {
        super::reason(false, sql, (expected, found))
    }

    #[test]
    fn zeros_differ_by_their_signs_alone() {
        let reason = |expected: &str, found: &str| {
            super::reason(true, "SELECT x", (&rows(expected), &rows(found)))
        };
        assert!(reason("-0", "0").is_some());
        assert_eq!(reason("-0", "1"), None);
        assert_eq!(reason("-0.5", "0.5"), None);
    }

    #[test]
    fn a_reason_is_known_by_its_looks_alone() {
        let wrong = |text: &str| -> Answer { Err(Refusal::Wrong(text.to_owned())) };
        let lost = wrong("no such column: s13.a2 in SELECT 1 at offset 9");
        assert!(reason("SELECT 1", &lost, &rows("1")).is_some());
        assert_eq!(reason("SELECT 1", &wrong("no such column: t1.a2 in SELECT"), &rows("1")), None);
        assert_eq!(reason("SELECT 1", &lost, &wrong("42703: no such column")), None);
        assert!(reason("SELECT 1", &rows("\u{fffd}a"), &rows("a")).is_some());
        assert_eq!(reason("SELECT 1", &rows("b"), &rows("\u{fffd}a")), None);
        assert!(reason("SELECT 1", &rows("FF"), &rows("EFBFBD")).is_some());
        assert_eq!(reason("SELECT 1", &rows("EFBFBD"), &rows("EFBFBD00")), None);
        assert!(reason("SELECT a UNION SELECT b", &rows("ab "), &rows("AB")).is_some());
        assert_eq!(reason("SELECT a", &rows("ab "), &rows("AB")), None);
        assert_eq!(reason("SELECT a UNION SELECT b", &rows("ab"), &rows("abc")), None);
        let mismatch = wrong("datatype mismatch");
        assert!(reason("UPDATE OR IGNORE t SET a = NULL", &mismatch, &rows("")).is_some());
        assert_eq!(reason("UPDATE t SET a = NULL", &mismatch, &rows("")), None);
        let lacks = wrong("23502: NOT NULL constraint failed: t.a");
        assert!(reason("INSERT OR IGNORE INTO t VALUES (NULL)", &rows(""), &lacks).is_some());
        assert_eq!(reason("INSERT INTO t VALUES (NULL)", &rows(""), &lacks), None);
    }
}
