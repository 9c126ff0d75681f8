//! Whether a query's conditions guarantee a predicate, so that a partial index can serve it.

use super::{BoundColumn, Comparison, Predicate};
use crate::value::{Value, ValueRef};

impl Predicate {
    /// Whether every row that meets all of the query's comparisons meets the predicate.
    ///
    /// Conservative: `false` means "not known". Each part of the predicate must follow from one
    /// comparison (a range from two), which finds what queries are written like. The query must
    /// compare texts under the columns' own collations.
    pub fn implies(&self, query: &[(u16, Comparison, ValueRef<'_>)]) -> bool {
        // A comparison with NULL is never true, so such a query has no rows to miss.
        query.iter().any(|(_, _, constant)| constant.is_null()) || follows(self, false, query)
    }
}

/// Whether the predicate (or, when `negated`, its opposite) is true where the query is.
fn follows(
    predicate: &Predicate,
    negated: bool,
    query: &[(u16, Comparison, ValueRef<'_>)],
) -> bool {
    let compared = |column: &BoundColumn, by: Comparison, constant: &Value| {
        let by = if negated { by.negate() } else { by };
        let same = |term: &&(u16, Comparison, ValueRef<'_>)| term.0 == column.position;
        !constant.is_null()
            && query.iter().filter(same).any(|(_, query_by, query_constant)| {
                let order = query_constant.compare(constant.as_value(), column.collation);
                one_follows(by, *query_by, order)
            })
    };
    match predicate {
        Predicate::Compare(column, by, constant) => compared(column, *by, constant),
        // That the query compares the column shows that it is not NULL.
        Predicate::IsNull(column) => negated && is_compared(column, query),
        Predicate::IsNotNull(column) => !negated && is_compared(column, query),
        Predicate::In(column, constants) => {
            let mut each = constants.iter();
            let equal = |constant: &Value| compared(column, Comparison::Equal, constant);
            // With a NULL in the list NOT IN is never true: `compared` refuses NULL.
            if negated { is_compared(column, query) && each.all(equal) } else { each.any(equal) }
        }
        Predicate::Between(column, low, high) => {
            let from = compared(column, Comparison::GreaterOrEqual, low);
            let to = compared(column, Comparison::LessOrEqual, high);
            if negated { from || to } else { from && to }
        }
        Predicate::And(parts) | Predicate::Or(parts) => {
            let all = matches!(predicate, Predicate::And(_)) != negated;
            let mut parts = parts.iter().map(|part| follows(part, negated, query));
            if all { parts.all(|part| part) } else { parts.any(|part| part) }
        }
        Predicate::Not(inner) => follows(inner, !negated, query),
    }
}

fn is_compared(column: &BoundColumn, query: &[(u16, Comparison, ValueRef<'_>)]) -> bool {
    query.iter().any(|(position, _, _)| *position == column.position)
}

/// Whether `x query_by q` makes `x by c` true, where `order` is that of `q` and `c`.
fn one_follows(by: Comparison, query_by: Comparison, order: std::cmp::Ordering) -> bool {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    match (query_by, by) {
        // x is q itself.
        (Equal, by) => by.accepts(order),
        (NotEqual, NotEqual) => order.is_eq(),
        (Less, Less | LessOrEqual | NotEqual) | (LessOrEqual, LessOrEqual) => order.is_le(),
        (LessOrEqual, Less | NotEqual) => order.is_lt(),
        (Greater, Greater | GreaterOrEqual | NotEqual) | (GreaterOrEqual, GreaterOrEqual) => {
            order.is_ge()
        }
        (GreaterOrEqual, Greater | NotEqual) => order.is_gt(),
        _ => false,
    }
}
