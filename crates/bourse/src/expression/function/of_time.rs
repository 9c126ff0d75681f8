//! Which functions of time take what, in which version, and who computes them.

use bourse_storage::Result;

use super::{Function, Kind, Take, buckets, calendar, sqlite_date, times};
use crate::expression::evaluate::Scalar;
use crate::value::{Type, Value, ValueRef};

/// What holds the beginning of any bucket.
const FINEST: Type = Type::Timestamp { precision: 9 };

fn takes(take: Take, kind: Kind) -> bool {
    kind.is_none_or(|data_type| take.takes(data_type))
}

/// The type of the result; `None` when the function does not take such arguments, of which there
/// are as many as some version takes.
pub(super) fn result(function: Function, version: u8, arguments: &[Kind]) -> Option<Kind> {
    let first = arguments[0];
    let second = arguments.get(1).copied().flatten();
    let of_time = arguments.len() == 2 && takes(Take::Text, first) && takes(Take::Time, second);
    match (function, version) {
        (Function::Date, 2) if first == Some(Type::Text) => Some(first),
        (Function::Date, _) => takes(Take::Time, first).then_some(Some(Type::Date)),
        (Function::DateTrunc, 2) => of_time.then_some(match second {
            Some(Type::Timestamp { .. }) => second,
            _ => Some(Type::TIMESTAMP),
        }),
        (Function::TimeBucket, 2) => of_bucket(first, second, arguments.get(2).copied().flatten()),
        (Function::Extract, 2) => of_time.then_some(Some(Type::DECIMAL)),
        (Function::Extract, _) => of_time.then_some(Some(Type::BigInt)),
        _ => of_time.then_some(Some(FINEST)),
    }
}

fn of_bucket(width: Kind, value: Kind, origin: Kind) -> Option<Kind> {
    let Some(of_value) = value else { return Some(None) };
    let (fits, result) = match of_value {
        Type::Date | Type::Text => {
            (takes(Take::Text, width) && (origin.is_none() || origin == value), of_value)
        }
        Type::Timestamp { .. } => (takes(Take::Text, width) && takes(Take::Time, origin), FINEST),
        Type::SmallInt | Type::Integer | Type::BigInt => {
            (takes(Take::Whole, width) && takes(Take::Whole, origin), Type::BigInt)
        }
        _ => return None,
    };
    fits.then_some(Some(result))
}

/// Refuses a constant unit, width or field that has no meaning for a value of its kind.
pub(super) fn check_constant(function: Function, first: &Value, kinds: &[Kind]) -> Result<()> {
    let of_date = kinds.get(1) == Some(&Some(Type::Date));
    match (function, first) {
        (Function::DateTrunc, Value::Text(unit)) => calendar::unit(unit).map(|_| ()),
        (Function::Extract, Value::Text(field)) => calendar::field(field, of_date).map(|_| ()),
        (Function::TimeBucket, Value::Text(width)) if of_date => {
            buckets::width_of_days(width).map(|_| ())
        }
        (Function::TimeBucket, Value::Text(width)) => buckets::width(width).map(|_| ()),
        (Function::TimeBucket, Value::Integer(width)) => buckets::check_width(*width).map(|_| ()),
        _ => Ok(()),
    }
}

/// Calls a version of a function of time; an argument that was not given is NULL.
pub(super) fn call<'v>(
    function: Function,
    version: u8,
    first: ValueRef<'_>,
    second: ValueRef<'_>,
    third: ValueRef<'_>,
) -> Result<Scalar<'v>> {
    let found = match (function, version, first) {
        (Function::Date, 2, ValueRef::Text(text)) => {
            let day = sqlite_date::date(text)?;
            return Ok(day.map_or(Scalar::NULL, |day| Scalar::Made(Value::Text(day))));
        }
        (Function::TimeBucket, 2, width) => {
            return buckets::bucket(width, second, third).map(Scalar::Made);
        }
        (Function::DateTrunc, 2, unit) => calendar::truncate(unit, second)?,
        (Function::Extract, 2, field) => calendar::extract(field, second)?,
        (Function::Date, _, value) => times::date(value)?,
        (Function::DateTrunc, _, unit) => times::truncate(unit, second)?,
        (Function::TimeBucket, _, width) => times::bucket(width, second)?,
        (_, _, field) => times::extract(field, second)?,
    };
    Ok(Scalar::Found(found))
}
