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
const OF_SQLITE: [(&str, Test); 10] = [
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
    ("which of several equal values there is", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        const CHOOSE: [&str; 5] = ["DISTINCT", "UNION", "INTERSECT", "EXCEPT", "GROUP BY"];
        CHOOSE.iter().any(|word| sql.contains(word)) && folded(expected) == folded(found)
    }),
    ("which of several equal values comes first", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let is_ordered = sql.contains("ORDER BY") && in_order(expected) == in_order(found);
        is_ordered && exactly(expected) == exactly(found)
    }),
    ("SQLite makes a real of a value that it looks for", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let is_joined = sql.contains("FROM (VALUES") && sql.contains(" JOIN ");
        is_joined && folded(expected) == folded(found)
    }),
    ("whether JSON of a subquery or a view is JSON still", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        const MAKE: [&str; 4] = ["json_array(", "json_object(", "json_group_", "json_quote("];
        let makes = MAKE.iter().any(|name| sql.contains(name)) && sql.contains("SELECT");
        makes && without(expected, &['\\', '"']) == without(found, &['\\', '"'])
    }),
    ("group_concat that begins with an empty blob has a NUL", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let joins = sql.contains("group_concat(") || sql.contains("string_agg(");
        let same = |rows: &Outcome| without(rows, &['\0']);
        joins && same(expected) == same(found)
    }),
    ("digits behind the seventeenth", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        sql.contains("%!") && shortened(expected) == shortened(found)
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
const OF_POSTGRES: [(&str, Test); 7] = [
    ("a floating zero that is kept has no sign", |_, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let unsigned = |text: &str| if text == "-0" { "0".to_owned() } else { text.to_owned() };
        are_same(expected, found, unsigned)
    }),
    ("sums of floating numbers are exact", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        // What should be nothing is the rounding of what was added up.
        let is_nothing = |text: &str| {
            let number = text.parse::<f64>().ok();
            number.is_some_and(|number| number.abs() < 1e-12)
        };
        let exact = |text: &str| if is_nothing(text) { "0".to_owned() } else { text.to_owned() };
        let has_sums = ["covar_", "regr_s", "corr("].iter().any(|name| sql.contains(name));
        has_sums && are_same(expected, found, exact)
    }),
    ("PostgreSQL computes all parts of rows that are compared", |sql, expected, found| {
        let is_of_data = |text: &str| text.starts_with("22") || text.starts_with("0A000");
        refusal(expected).is_some_and(is_of_data) && found.is_ok() && sql.contains("ROW(")
    }),
    ("a char(n) that meets one of another length has no padding", |sql, expected, found| {
        let (Ok(expected), Ok(found)) = (expected, found) else { return false };
        let is_padded = expected.columns.iter().any(|(_, ty)| ty.ends_with("bpchar"));
        let bare = |text: &str| text.trim_end_matches(' ').to_owned();
        is_padded && sql.contains("::char(") && are_same(expected, found, bare)
    }),
    ("UPDATE looks for referred rows before it takes the next row", |sql, expected, found| {
        const LATER: [&str; 4] = ["22", "23502", "23505", "23514"];
        let begins =
            |text: &str, states: &[&str]| states.iter().any(|state| text.starts_with(state));
        let is_later = refusal(expected).is_some_and(|text| begins(text, &LATER));
        let is_reference = refusal(found).is_some_and(|text| begins(text, &["23503"]));
        is_later && is_reference && sql.starts_with("UPDATE")
    }),
    ("which of several errors of data is told", |_, expected, found| {
        let (Some(expected), Some(found)) = (refusal(expected), refusal(found)) else {
            return false;
        };
        let are_of_data = expected.starts_with("22") && found.starts_with("22");
        are_of_data && !is_about_one_value(expected, found)
    }),
    ("ON CONFLICT looks for the row before CHECKs", |sql, expected, found| {
        let is_check = refusal(expected).is_some_and(|text| text.starts_with("23514"));
        is_check && found.is_ok() && sql.starts_with("INSERT") && sql.contains(" ON CONFLICT ")
    }),
];

/// Whether rows in any order are the same but for what is made of their texts.
fn are_same(expected: &Outcome, found: &Outcome, made_of: impl Fn(&str) -> String) -> bool {
    let made = |outcome: &Outcome| -> Vec<String> {
        let cell = |cell: &Cell| match cell {
            Cell::Text(text) => Cell::Text(made_of(text)),
            other => other.clone(),
        };
        let row = |row: &Vec<Cell>| format!("{:?}", row.iter().map(cell).collect::<Vec<_>>());
        let mut rows: Vec<String> = outcome.rows.iter().map(row).collect();
        rows.sort_unstable();
        rows
    };
    expected.columns == found.columns && made(expected) == made(found)
}

/// Whether both refusals quote the same value: then there is one error, told in two ways.
fn is_about_one_value(expected: &str, found: &str) -> bool {
    let quoted = |text: &str| text.split_once('"').map(|(_, rest)| rest.to_owned());
    quoted(expected).is_some_and(|value| quoted(found) == Some(value))
}

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

/// Rows in any order, as [`in_order`] has them.
fn folded(outcome: &Outcome) -> Vec<String> {
    let mut rows = in_order(outcome);
    rows.sort_unstable();
    rows
}

/// Rows with texts as NOCASE and RTRIM see them, and integers as the reals that are equal to them.
fn in_order(outcome: &Outcome) -> Vec<String> {
    #[expect(clippy::cast_precision_loss, reason = "two that are equal come to the same")]
    let fold = |cell: &Cell| match cell {
        Cell::Text(text) => Cell::Text(text.trim_end_matches(' ').to_ascii_lowercase()),
        // And no zero has a sign.
        Cell::Integer(number) => Cell::Real(*number as f64),
        Cell::Real(number) => Cell::Real(number + 0.0),
        other => other.clone(),
    };
    let of_row = |row: &Vec<Cell>| format!("{:?}", row.iter().map(fold).collect::<Vec<_>>());
    outcome.rows.iter().map(of_row).collect()
}

/// Rows in any order, as they are.
fn exactly(outcome: &Outcome) -> Vec<String> {
    let mut rows: Vec<String> = outcome.rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort_unstable();
    rows
}

/// Rows in any order, with these letters taken out of texts.
fn without(outcome: &Outcome, letters: &[char]) -> Vec<String> {
    let strip = |cell: &Cell| match cell {
        Cell::Text(text) => Cell::Text(text.replace(letters, "")),
        other => other.clone(),
    };
    let of_row = |row: &Vec<Cell>| format!("{:?}", row.iter().map(strip).collect::<Vec<_>>());
    let mut rows: Vec<String> = outcome.rows.iter().map(of_row).collect();
    rows.sort_unstable();
    rows
}

/// Rows in any order, with zeros in place of digits behind the seventeenth of a number in a text.
fn shortened(outcome: &Outcome) -> Vec<String> {
    let shorten = |text: &str| {
        let mut digits = 0;
        let shorten = |c: char| {
            digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
            if digits > 17 { '0' } else { c }
        };
        text.chars().map(shorten).collect::<String>()
    };
    let of_row = |row: &Vec<Cell>| shorten(&format!("{row:?}"));
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
    fn what_sums_leave_is_next_to_nothing() {
        let reason = |sql: &str, expected: &str, found: &str| {
            super::reason(true, sql, (&rows(expected), &rows(found)))
        };
        let sum = "SELECT covar_pop(a, b) FROM t";
        assert!(reason(sum, "-2.9e-15", "0").is_some());
        assert_eq!(reason(sum, "-2.9e-9", "0"), None);
        assert_eq!(reason(sum, "1", "0"), None);
        assert_eq!(reason("SELECT a", "-2.9e-15", "0"), None);
    }

    #[test]
    fn errors_of_data_are_about_several_values() {
        let reason = |sql: &str, expected: &Answer, found: &Answer| {
            super::reason(true, sql, (expected, found))
        };
        let wrong = |text: &str| -> Answer { Err(Refusal::Wrong(text.to_owned())) };
        let length = wrong("22023: cannot get array length of a scalar");
        let date = wrong("22007: invalid input syntax for type date: \"a,b\"");
        assert!(reason("SELECT 1", &length, &date).is_some());
        let range = wrong("22008: date/time field value out of range: \"a,b\"");
        assert_eq!(reason("SELECT 1", &range, &date), None);
        assert_eq!(reason("SELECT 1", &wrong("42883: no such function"), &date), None);
        assert_eq!(reason("SELECT 1", &date, &rows("1")), None);
    }

    #[test]
    fn padding_is_lost_of_fixed_lengths_alone() {
        let rows = |ty: &str, text: &str| -> Answer {
            let columns = vec![("x".to_owned(), ty.to_owned())];
            Ok(Outcome { rows: vec![vec![Cell::Text(text.to_owned())]], columns })
        };
        let reason = |sql: &str, ty: &str, found: &str| {
            super::reason(true, sql, (&rows(ty, "abc "), &rows(ty, found)))
        };
        let met = "SELECT coalesce('abc'::char(4), 'x'::varchar)";
        assert!(reason(met, "bpchar", "abc").is_some());
        assert_eq!(reason(met, "bpchar", "ab"), None);
        assert_eq!(reason(met, "text", "abc"), None);
        assert_eq!(reason("SELECT a", "bpchar", "abc"), None);
    }

    #[test]
    fn references_are_looked_at_before_later_rows_of_updates_alone() {
        let reason = |sql: &str, expected: &str, found: &str| {
            let wrong = |text: &str| -> Answer { Err(Refusal::Wrong(text.to_owned())) };
            super::reason(true, sql, (&wrong(expected), &wrong(found)))
        };
        let update = "UPDATE t SET a = 1";
        assert!(reason(update, "23505: a key", "23503: a reference").is_some());
        assert_eq!(reason(update, "42703: a column", "23503: a reference"), None);
        assert_eq!(reason(update, "23505: a key", "23502: a null"), None);
        assert_eq!(reason("INSERT INTO t", "23505: a key", "23503: a reference"), None);
    }

    #[test]
    fn checks_are_looked_at_after_conflicts_alone() {
        let reason = |sql: &str, expected: &str, found: &Answer| {
            let expected: Answer = Err(Refusal::Wrong(expected.to_owned()));
            super::reason(true, sql, (&expected, found))
        };
        let insert = "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING";
        assert!(reason(insert, "23514: a check", &rows("")).is_some());
        assert_eq!(reason("INSERT INTO t VALUES (1)", "23514: a check", &rows("")), None);
        assert_eq!(reason(insert, "23502: a null", &rows("")), None);
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
        let number =
            |cell: Cell| -> Answer { Ok(Outcome { rows: vec![vec![cell]], ..Outcome::default() }) };
        let (whole, real) = (number(Cell::Integer(1)), number(Cell::Real(1.0)));
        assert!(reason("SELECT a UNION SELECT b", &whole, &real).is_some());
        assert_eq!(reason("SELECT a", &whole, &real), None);
        assert_eq!(reason("SELECT a UNION SELECT b", &whole, &number(Cell::Real(1.5))), None);
        let (text, json) = (rows(r#"[1,"{\"a\":2}"]"#), rows(r#"[1,{"a":2}]"#));
        assert!(reason("SELECT json_array(1, (SELECT x))", &text, &json).is_some());
        assert_eq!(reason("SELECT max((SELECT x))", &text, &json), None);
        assert_eq!(reason("SELECT json_array(1)", &text, &rows("[1,2]")), None);
        assert!(reason("SELECT group_concat(a)", &rows("\0"), &rows("")).is_some());
        assert_eq!(reason("SELECT a", &rows("\0"), &rows("")), None);
        let joined = "SELECT v.column1 FROM (VALUES (1)) AS v JOIN t ON a = v.column1";
        assert!(reason(joined, &real, &whole).is_some());
        assert_eq!(reason("SELECT v.column1 FROM (VALUES (1)) AS v", &real, &whole), None);
        let two = |first: Cell, second: Cell| -> Answer {
            Ok(Outcome { rows: vec![vec![first], vec![second]], ..Outcome::default() })
        };
        let first = two(Cell::Integer(1), Cell::Real(1.0));
        let second = two(Cell::Real(1.0), Cell::Integer(1));
        assert!(reason("SELECT a ORDER BY 1", &first, &second).is_some());
        assert_eq!(reason("SELECT a", &first, &second), None);
        let third = two(Cell::Real(1.0), Cell::Integer(2));
        let fourth = two(Cell::Integer(2), Cell::Real(1.0));
        assert_eq!(reason("SELECT a ORDER BY 1", &third, &fourth), None);
        let (fifty, sixty) = (rows("1000000000000000050.0"), rows("1000000000000000060.0"));
        assert!(reason("SELECT format('%!f', a)", &fifty, &sixty).is_some());
        assert_eq!(reason("SELECT format('%!f', a)", &rows("50.0"), &rows("60.0")), None);
        let mismatch = wrong("datatype mismatch");
        assert!(reason("UPDATE OR IGNORE t SET a = NULL", &mismatch, &rows("")).is_some());
        assert_eq!(reason("UPDATE t SET a = NULL", &mismatch, &rows("")), None);
        let lacks = wrong("23502: NOT NULL constraint failed: t.a");
        assert!(reason("INSERT OR IGNORE INTO t VALUES (NULL)", &rows(""), &lacks).is_some());
        assert_eq!(reason("INSERT INTO t VALUES (NULL)", &rows(""), &lacks), None);
    }
}
