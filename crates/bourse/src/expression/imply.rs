//! Whether a query's conditions guarantee a predicate, so that a partial index can serve it.

use super::{BoundColumn, Comparison, Expression};
use crate::value::{Value, ValueRef};

impl Expression {
    /// Whether every row that meets all of the query's comparisons meets this condition.
    ///
    /// Conservative: `false` means "not known". Each part of the condition must compare a column
    /// with constants and follow from one comparison (a range from two), which finds what queries
    /// are written like. The query must compare texts under the columns' own collations.
    pub fn implies(&self, query: &[(u16, Comparison, ValueRef<'_>)]) -> bool {
        // A comparison with NULL is never true, so such a query has no rows to miss.
        query.iter().any(|(_, _, constant)| constant.is_null()) || follows(self, false, query)
    }
}

/// Whether the condition (or, when `negated`, its opposite) is true where the query is.
fn follows(
    condition: &Expression,
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
    let bound = |column: &BoundColumn, by, other: &Expression| match other {
        Expression::Constant(constant) => compared(column, by, constant),
        _ => false,
    };
    match condition {
        Expression::Compare(by, left, right) => match (&**left, &**right) {
            (Expression::Column(column), other) => bound(column, *by, other),
            (other, Expression::Column(column)) => bound(column, turned(*by), other),
            _ => false,
        },
        // That the query compares the column shows that it is not NULL.
        Expression::IsNull(inner) => negated && is_compared(inner, query),
        Expression::IsNotNull(inner) => !negated && is_compared(inner, query),
        Expression::In(subject, items) => {
            let Expression::Column(column) = &**subject else { return false };
            let mut each = items.iter();
            let equal = |item: &Expression| bound(column, Comparison::Equal, item);
            // With a NULL in the list NOT IN is never true: `compared` refuses NULL.
            if negated { is_compared(subject, query) && each.all(equal) } else { each.any(equal) }
        }
        Expression::Between(subject, low, high) => {
            let Expression::Column(column) = &**subject else { return false };
            let from = bound(column, Comparison::GreaterOrEqual, low);
            let to = bound(column, Comparison::LessOrEqual, high);
            if negated { from || to } else { from && to }
        }
        Expression::And(parts) | Expression::Or(parts) => {
            let all = matches!(condition, Expression::And(_)) != negated;
            let mut parts = parts.iter().map(|part| follows(part, negated, query));
            if all { parts.all(|part| part) } else { parts.any(|part| part) }
        }
        Expression::Not(inner) => follows(inner, !negated, query),
        _ => false,
    }
}

fn is_compared(subject: &Expression, query: &[(u16, Comparison, ValueRef<'_>)]) -> bool {
    let Expression::Column(column) = subject else { return false };
    query.iter().any(|(position, _, _)| *position == column.position)
}

/// The comparison with its sides exchanged.
fn turned(by: Comparison) -> Comparison {
    match by {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
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
