//! Bounds of a column within which an expression of it is within bounds: so that who wants the
//! hours of a day reads no minutes of other days.

use std::ops::Bound;

use super::function::longest_bucket;
use super::{Arithmetic, Expression, Function};
use crate::value::Value;

/// Nanoseconds of a day.
const DAY: i64 = 86_400_000_000_000;

impl Expression {
    /// The column that the expression ascends with, and bounds that every value of it is within for
    /// which the expression is within the given ones. They may be wider than they need be. Nothing
    /// for an expression of which that is not known.
    pub(crate) fn preimage(
        &self,
        lower: Bound<Value>,
        upper: Bound<Value>,
    ) -> Option<(u16, Bound<Value>, Bound<Value>)> {
        match self {
            Expression::Column(column) => Some((column.position, lower, upper)),
            Expression::Arithmetic(Arithmetic::Divide, inner, by) => {
                let Expression::Constant(Value::Integer(by)) = **by else { return None };
                let margin = by.checked_sub(1).filter(|margin| *margin >= 0)?;
                // Division goes towards zero: what is around it is wider.
                let least = |value: i64| {
                    value.checked_mul(by)?.checked_sub(if value > 0 { 0 } else { margin })
                };
                let most = |value: i64| {
                    value.checked_mul(by)?.checked_add(if value < 0 { 0 } else { margin })
                };
                inner.preimage(whole(lower, least)?, whole(upper, most)?)
            }
            // Of versions before buckets are not known to begin at or below what they hold.
            Expression::Call(Function::TimeBucket | Function::DateTrunc, 2.., arguments) => {
                let [Expression::Constant(width), inner, origin @ ..] = &arguments[..] else {
                    return None;
                };
                if !origin.iter().all(|origin| matches!(origin, Expression::Constant(_))) {
                    return None;
                }
                // A bucket is named by where it begins.
                let lower = match lower {
                    Bound::Excluded(value) => Bound::Included(value),
                    other => other,
                };
                let upper = match upper {
                    Bound::Unbounded => Bound::Unbounded,
                    Bound::Included(value) | Bound::Excluded(value) => behind(&value, width)?,
                };
                inner.preimage(known(lower)?, upper)
            }
            _ => None,
        }
    }
}

/// A bound of integers, moved; unbounded where that is beyond them.
fn whole(bound: Bound<Value>, moved: impl Fn(i64) -> Option<i64>) -> Option<Bound<Value>> {
    match bound {
        Bound::Unbounded => Some(Bound::Unbounded),
        Bound::Included(Value::Integer(value)) | Bound::Excluded(Value::Integer(value)) => {
            let moved = moved(value).map(|value| Bound::Included(Value::Integer(value)));
            Some(moved.unwrap_or(Bound::Unbounded))
        }
        // NULL, or numbers whose quotients are not rounded.
        _ => None,
    }
}

/// The bound of a bucket that is of a type of which buckets are known.
fn known(bound: Bound<Value>) -> Option<Bound<Value>> {
    match &bound {
        Bound::Unbounded => Some(bound),
        Bound::Included(value) | Bound::Excluded(value) => {
            let is_known =
                matches!(value, Value::Integer(_) | Value::Timestamp(_) | Value::Date(_));
            is_known.then_some(bound)
        }
    }
}

/// An upper bound behind the bucket that begins at a value.
fn behind(begin: &Value, width: &Value) -> Option<Bound<Value>> {
    let end = match (begin, width) {
        (Value::Integer(begin), Value::Integer(width)) => {
            begin.checked_add(*width).map(Value::Integer)
        }
        (Value::Timestamp(begin), Value::Text(width)) => {
            begin.checked_add(longest_bucket(width)?).map(Value::Timestamp)
        }
        (Value::Date(begin), Value::Text(width)) => {
            let days = i32::try_from(longest_bucket(width)? / DAY + 1).ok()?;
            begin.checked_add(days).map(Value::Date)
        }
        _ => return None,
    };
    Some(end.map_or(Bound::Unbounded, Bound::Included))
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use crate::expression::{column, constant};
    use crate::schema::TableDefinition;
    use crate::value::{Type, Value};

    #[test]
    fn bounds_hold_every_value_whose_bucket_is_within() {
        let table = TableDefinition::builder("t").column("x", Type::BigInt).build().unwrap();
        let sixths = || column("x").divided_by(constant(6));
        for expression in [
            sixths(),
            sixths().divided_by(constant(2)),
            column("x").time_bucket(constant(7)),
            column("x"),
        ] {
            let expression = table.bind(expression).unwrap();
            let of = |x: i64| match expression.value_for(&|_| crate::value::ValueRef::Integer(x)) {
                Ok(Value::Integer(value)) => value,
                other => panic!("{other:?}"),
            };
            for low in -20..20_i64 {
                for high in low..20 {
                    let (lower, upper) = (
                        Bound::Included(Value::Integer(low)),
                        Bound::Excluded(Value::Integer(high)),
                    );
                    let (at, lower, upper) = expression.preimage(lower, upper).unwrap();
                    assert_eq!(at, 0);
                    let within = |x: i64| {
                        let above = match lower {
                            Bound::Included(Value::Integer(lower)) => x >= lower,
                            _ => true,
                        };
                        let below = match upper {
                            Bound::Included(Value::Integer(upper)) => x <= upper,
                            Bound::Excluded(Value::Integer(upper)) => x < upper,
                            _ => true,
                        };
                        above && below
                    };
                    for x in -300..300 {
                        assert!(within(x) || !(low..high).contains(&of(x)), "{x} {low} {high}");
                    }
                }
            }
        }
        let rest = table.bind(column("x").times(constant(-1))).unwrap();
        assert!(rest.preimage(Bound::Unbounded, Bound::Unbounded).is_none());
        let halves = table.bind(column("x").divided_by(constant(0))).unwrap();
        assert!(halves.preimage(Bound::Unbounded, Bound::Unbounded).is_none());
    }
}
