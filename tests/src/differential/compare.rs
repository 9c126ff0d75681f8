//! Whether two outcomes are the same.

use std::cmp::Ordering;

use super::engine::{Cell, Outcome, Refusal};

/// Floating numbers that differ by less than this part of themselves are the same, where the
/// statement adds some up.
const ROUNDING: f64 = 1e-12;
/// The same of numbers of single precision.
const ROUNDING_OF_SINGLES: f64 = 1e-6;

/// How two engines disagree.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// What the oracle says.
    pub expected: String,
    /// What the engine says.
    pub found: String,
}

/// What of an outcome is compared.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Comparison {
    /// The order of the rows counts.
    pub(super) is_ordered: bool,
    /// Floating numbers may be rounded otherwise.
    pub(super) is_rounded: bool,
    /// Rows are not compared, only whether there are any to compare: which is right hangs on the
    /// order in which rows were read.
    pub(super) is_loose: bool,
    /// Either engine may refuse the statement; if refusals are told by their states, for its data,
    /// and of several reasons either may be told.
    pub(super) is_planned: bool,
    /// Refusals begin with an SQLSTATE, which is compared.
    pub(super) is_stated: bool,
}

/// The difference between the oracle's outcome and the engine's, if there is one that counts. What
/// the engine does not do is none.
pub(super) fn compare(
    expected: &Result<Outcome, Refusal>,
    found: &Result<Outcome, Refusal>,
    how: Comparison,
) -> Option<Difference> {
    let same = match (expected, found) {
        (_, Err(Refusal::Broken(_))) => false,
        (_, Err(Refusal::Unsupported(_) | Refusal::TooMuch(_))) => true,
        (Err(Refusal::TooMuch(_)), _) => true,
        (Err(Refusal::Wrong(expected)), Err(Refusal::Wrong(found))) if how.is_stated => {
            state(expected) == state(found)
                || how.is_planned && (is_of_data(expected) || is_of_data(found))
        }
        (Err(_), Err(_)) => true,
        _ if !how.is_stated && is_of_a_value(expected) != is_of_a_value(found) => true,
        (Ok(_), Err(Refusal::Wrong(refusal))) | (Err(Refusal::Wrong(refusal)), Ok(_))
            if how.is_stated =>
        {
            how.is_planned && is_of_data(refusal)
        }
        (Ok(_), Err(_)) | (Err(_), Ok(_)) if how.is_planned => true,
        (Ok(expected), Ok(found)) if how.is_stated && expected.columns != found.columns => false,
        (Ok(expected), Ok(found)) if how.is_loose => {
            !how.is_stated || expected.rows.len() == found.rows.len()
        }
        (Ok(expected), Ok(found)) => are_same(expected, found, how),
        _ => false,
    };
    let tell = |outcome: &Result<Outcome, Refusal>| match outcome {
        Ok(outcome) => rows_of(outcome),
        Err(refusal) => format!("{refusal:?}"),
    };
    (!same).then(|| Difference { expected: tell(expected), found: tell(found) })
}

/// Errors of values, which an engine has only if it computes them: a constant once before all rows
/// or with each, the sides of AND in any order, what nobody asks for at all or not.
const OF_VALUES: [&str; 7] = [
    "integer overflow",
    "JSON cannot hold BLOB values",
    "string or blob too big",
    "json_object() labels must be TEXT",
    "malformed JSON",
    "not an array element",
    "invalid Unicode escape",
];

fn is_of_a_value(outcome: &Result<Outcome, Refusal>) -> bool {
    matches!(outcome, Err(Refusal::Wrong(message))
        if OF_VALUES.iter().any(|error| message.contains(error)))
}

/// The SQLSTATE that a refusal begins with.
pub(super) fn state(refusal: &str) -> &str {
    refusal.get(..5).unwrap_or_default()
}

/// Whether it is some value that is wrong, so that it hangs on the plan whether it is met.
fn is_of_data(refusal: &str) -> bool {
    // What cannot be converted or searched is told as not being done.
    let is_of_a_list = refusal.contains("elements") && refusal.contains("multidimensional arrays");
    let starts = ["21", "22", "0A000: cannot convert", "42601: invalid Unicode escape"];
    is_of_a_list || starts.iter().any(|start| refusal.starts_with(start))
}

fn are_same(expected: &Outcome, found: &Outcome, how: Comparison) -> bool {
    if expected.rows.len() != found.rows.len() {
        return false;
    }
    let rounding = |at: usize| {
        let is_single = expected.columns.get(at).is_some_and(|(_, ty)| ty == "float4");
        how.is_rounded.then_some(if is_single { ROUNDING_OF_SINGLES } else { ROUNDING })
    };
    let sorted = |rows: &[Vec<Cell>]| {
        let mut rows = rows.to_vec();
        if !how.is_ordered {
            rows.sort_by(|left, right| {
                let pairs = left.iter().zip(right);
                pairs
                    .map(|(left, right)| order(left, right))
                    .find(|o| o.is_ne())
                    .unwrap_or_else(|| left.len().cmp(&right.len()))
            });
        }
        rows
    };
    sorted(&expected.rows).iter().zip(&sorted(&found.rows)).all(|(expected, found)| {
        let mut pairs = expected.iter().zip(found).enumerate();
        expected.len() == found.len() && pairs.all(|(at, (a, b))| is_same(a, b, rounding(at)))
    })
}

fn is_same(expected: &Cell, found: &Cell, rounding: Option<f64>) -> bool {
    match (expected, found, rounding) {
        (Cell::Real(a), Cell::Real(b), Some(rounding)) => is_close(*a, *b, rounding),
        (Cell::Text(a), Cell::Text(b), Some(rounding)) => {
            a == b || matches!((a.parse(), b.parse()), (Ok(a), Ok(b)) if is_close(a, b, rounding))
        }
        // Zeros of both signs are written alike.
        (Cell::Real(a), Cell::Real(b), None) => a == b || a.is_nan() && b.is_nan(),
        (a, b, _) => a == b,
    }
}

fn is_close(a: f64, b: f64, rounding: f64) -> bool {
    a == b || (a - b).abs() <= rounding * a.abs().max(b.abs())
}

fn order(left: &Cell, right: &Cell) -> Ordering {
    let rank = |cell: &Cell| match cell {
        Cell::Null => 0,
        Cell::Integer(_) => 1,
        Cell::Real(_) => 2,
        Cell::Text(_) => 3,
        Cell::Blob(_) => 4,
    };
    match (left, right) {
        (Cell::Integer(a), Cell::Integer(b)) => a.cmp(b),
        (Cell::Real(a), Cell::Real(b)) => a.total_cmp(b),
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        (Cell::Blob(a), Cell::Blob(b)) => a.cmp(b),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rows_of(outcome: &Outcome) -> String {
    const SHOWN: usize = 12;
    let rows = &outcome.rows;
    let mut text = format!("{} rows", rows.len());
    if !outcome.columns.is_empty() {
        let columns: Vec<String> =
            outcome.columns.iter().map(|(name, ty)| format!("{name} {ty}")).collect();
        text.push_str(&format!(" of {}", columns.join(", ")));
    }
    for row in rows.iter().take(SHOWN) {
        text.push_str(&format!("\n    {row:?}"));
    }
    if rows.len() > SHOWN {
        text.push_str("\n    ...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(cells: &[Cell]) -> Result<Outcome, Refusal> {
        let rows = cells.iter().map(|cell| vec![cell.clone()]).collect();
        Ok(Outcome { rows, ..Outcome::default() })
    }

    #[test]
    fn what_differs_is_told() {
        let bag = Comparison::default();
        let listed = Comparison { is_ordered: true, ..bag };
        let (one, two) = (Cell::Integer(1), Cell::Integer(2));
        let (up, down) = (outcome(&[one.clone(), two.clone()]), outcome(&[two, one.clone()]));
        assert_eq!(compare(&up, &down, bag), None);
        assert!(compare(&up, &down, listed).is_some());
        assert!(compare(&up, &outcome(std::slice::from_ref(&one)), bag).is_some());
        assert!(compare(&outcome(&[one]), &outcome(&[Cell::Real(1.0)]), bag).is_some());
        let wrong = || Err(Refusal::Wrong(String::new()));
        assert!(compare(&up, &wrong(), bag).is_some() && compare(&wrong(), &up, bag).is_some());
        assert_eq!(compare(&wrong(), &wrong(), bag), None);
        assert_eq!(compare(&up, &Err(Refusal::Unsupported(String::new())), bag), None);
    }

    #[test]
    fn states_and_columns_count_where_they_are_told() {
        let how = Comparison { is_stated: true, ..Comparison::default() };
        let wrong = |text: &str| Err(Refusal::Wrong(text.to_owned()));
        let (divided, missing) = (wrong("22012: division by zero"), wrong("42703: no column"));
        assert_eq!(compare(&divided, &wrong("22012: other words"), how), None);
        assert!(compare(&divided, &missing, how).is_some());
        let rows = outcome(&[Cell::Text("1".to_owned())]);
        let planned = Comparison { is_planned: true, ..how };
        assert!(compare(&rows, &divided, how).is_some());
        assert_eq!(compare(&rows, &divided, planned), None);
        assert!(compare(&rows, &missing, planned).is_some());
        let mut named = rows.clone().unwrap();
        named.columns = vec![("a".to_owned(), "int4".to_owned())];
        assert!(compare(&rows, &Ok(named), how).is_some());
    }

    #[test]
    fn sums_of_single_precision_are_rounded_sooner() {
        let sum = |text: &str, ty: &str| {
            let mut sum = outcome(&[Cell::Text(text.to_owned())]).unwrap();
            sum.columns = vec![("sum".to_owned(), ty.to_owned())];
            Ok(sum)
        };
        let how = Comparison { is_rounded: true, ..Comparison::default() };
        let differ =
            |ty: &str| compare(&sum("1.8790483e+08", ty), &sum("1.8790482e+08", ty), how).is_some();
        assert!(!differ("float4") && differ("float8"));
    }

    #[test]
    fn sums_may_be_rounded_otherwise() {
        let (a, b) = (outcome(&[Cell::Real(0.3)]), outcome(&[Cell::Real(0.1 + 0.2)]));
        assert!(compare(&a, &b, Comparison::default()).is_some());
        assert_eq!(compare(&a, &b, Comparison { is_rounded: true, ..Comparison::default() }), None);
    }
}
