//! From values of a statement to ranges of keys.
//!
//! A condition like `column >= expression` becomes a bound of a key only if the value can be told
//! exactly in the column's own terms, with the same order and the same equality. Three things can
//! happen otherwise: no value of the column is equal or in order ([`Bounded::Nothing`]), all are
//! ([`Bounded::All`]), or it is not known ([`Bounded::Unknown`]): then the range is wider and the
//! condition is looked at row by row.

use bourse::{Decimal, Range, Type, Value};

use super::{Env, Frame};
use crate::Dialect;
use crate::datum::{Datum, from_value, to_value};
use crate::error::Result;
use crate::plan::code::Code;
use crate::plan::node::{KeyCode, KeyPart, KeyRange};
use crate::types::SqlType;

/// What a value is among those of a key's column.
#[derive(Debug, PartialEq)]
enum Place {
    /// One of them.
    At(Value),
    /// Before this one, and after all that are less.
    Before(Value),
    /// After this one, and before all that are greater.
    After(Value),
    /// Before all of them.
    First,
    /// After all of them.
    Last,
    /// Equal to none.
    Nowhere,
    /// It is not known.
    Unknown,
}

/// Ranges, and whether they hold exactly the rows that the conditions are true for.
pub(crate) struct Ranges {
    pub(crate) ranges: Vec<Range>,
    pub(crate) exact: bool,
}

impl KeyCode {
    fn place(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Place> {
        let value = self.code.eval(env, frame)?;
        Ok(place(&value, &self.from, self.column, env.dialect))
    }

    /// The value that the column must be equal to; `None` when no value is.
    pub(crate) fn exact(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Option<Option<Value>>> {
        Ok(match self.place(env, frame)? {
            Place::At(value) => Some(Some(value)),
            Place::Unknown => None,
            _ => Some(None),
        })
    }

    fn place_of(&self, value: &Datum, env: &Env<'_>) -> Place {
        place(value, &self.from, self.column, env.dialect)
    }
}

impl KeyRange {
    /// The ranges that the values of this moment make.
    pub(crate) fn ranges(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Ranges> {
        let mut prefixes: Vec<Vec<Value>> = vec![Vec::with_capacity(self.equal.len() + 1)];
        let mut exact = true;
        for part in &self.equal {
            let Some(values) = part.values(env, frame, &mut exact)? else {
                let ranges = prefixes.into_iter().map(Range::prefix).collect();
                return Ok(Ranges { ranges, exact: false });
            };
            match &*values {
                [] => return Ok(Ranges { ranges: Vec::new(), exact: true }),
                [value] => prefixes.iter_mut().for_each(|prefix| prefix.push(value.clone())),
                values => {
                    let longer = |prefix: &Vec<Value>| {
                        let prefix = prefix.clone();
                        let more = move |value: &Value| {
                            [&prefix[..], std::slice::from_ref(value)].concat()
                        };
                        values.iter().map(more).collect::<Vec<_>>()
                    };
                    prefixes = prefixes.iter().flat_map(longer).collect();
                }
            }
        }
        let mut ranges: Vec<Range> = prefixes.into_iter().map(Range::prefix).collect();
        if let Some((code, inclusive)) = &self.lower {
            let bounded = |range: Range, value: &Value, inclusive: bool| match inclusive {
                true => range.from(value.clone()),
                false => range.after(value.clone()),
            };
            match code.place(env, frame)? {
                Place::At(value) => ranges = map(ranges, |r| bounded(r, &value, *inclusive)),
                Place::Before(value) => ranges = map(ranges, |r| bounded(r, &value, true)),
                Place::After(value) => ranges = map(ranges, |r| bounded(r, &value, false)),
                Place::Last => ranges.clear(),
                _ => exact = false,
            }
        }
        if let Some((code, inclusive)) = &self.upper {
            let bounded = |range: Range, value: &Value, inclusive: bool| match inclusive {
                true => range.to(value.clone()),
                false => range.before(value.clone()),
            };
            match code.place(env, frame)? {
                Place::At(value) => ranges = map(ranges, |r| bounded(r, &value, *inclusive)),
                Place::Before(value) => ranges = map(ranges, |r| bounded(r, &value, false)),
                Place::After(value) => ranges = map(ranges, |r| bounded(r, &value, true)),
                Place::First => ranges.clear(),
                _ => exact = false,
            }
        }
        Ok(Ranges { ranges, exact })
    }
}

fn map(ranges: Vec<Range>, change: impl FnMut(Range) -> Range) -> Vec<Range> {
    ranges.into_iter().map(change).collect()
}

impl KeyPart {
    /// The values that the column may be equal to, each once; `None` when one is not known.
    fn values(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        exact: &mut bool,
    ) -> Result<Option<Vec<Value>>> {
        let mut places = Vec::new();
        match self {
            KeyPart::Null => return Ok(Some(vec![Value::Null])),
            KeyPart::One(code) => match code.place(env, frame)? {
                Place::At(value) => return Ok(Some(vec![value])),
                other => places.push(other),
            },
            KeyPart::Any(codes) => {
                for code in codes {
                    places.push(code.place(env, frame)?);
                }
            }
            KeyPart::Elements(code) => {
                if let Datum::Array(array) = code.code.eval(env, frame)? {
                    places.extend(array.elements.iter().map(|value| code.place_of(value, env)));
                }
            }
            KeyPart::Rows(code) => {
                let Code::Subquery(subplan) = &code.code else { return Ok(None) };
                let members = subplan.members(env, frame)?;
                places.extend(members.iter().map(|value| code.place_of(value, env)));
            }
        }
        let mut values = Vec::with_capacity(places.len());
        for place in places {
            match place {
                Place::At(value) => values.push(value),
                Place::Unknown => {
                    *exact = false;
                    return Ok(None);
                }
                _ => {}
            }
        }
        values.sort_by(|a, b| a.compare(b, bourse::Collation::Binary));
        values.dedup_by(|a, b| a.compare(b, bourse::Collation::Binary).is_eq());
        Ok(Some(values))
    }
}

/// Where a value stands among those of a column.
fn place(value: &Datum, from: &SqlType, column: Type, dialect: Dialect) -> Place {
    match (value, column) {
        (Datum::Null, _) => Place::Nowhere,
        (Datum::Integer(v), Type::BigInt) => Place::At(Value::Integer(*v)),
        (Datum::Integer(v), Type::SmallInt) => integer(*v, i16::MIN.into(), i16::MAX.into()),
        (Datum::Integer(v), Type::Integer) => integer(*v, i32::MIN.into(), i32::MAX.into()),
        (Datum::Real(_) | Datum::Double(_), Type::SmallInt | Type::Integer | Type::BigInt) => {
            let value = if let Datum::Real(v) = value { f64::from(*v) } else { double(value) };
            whole(value, from, column, dialect)
        }
        (Datum::Double(v), Type::Double) => Place::At(Value::Double(*v)),
        (Datum::Real(v), Type::Double) => Place::At(Value::Double(f64::from(*v))),
        (Datum::Real(v), Type::Real) => Place::At(Value::Real(*v)),
        (Datum::Integer(v), Type::Double) => double_of(*v),
        (Datum::Integer(v), Type::Decimal { .. }) => decimal(Decimal::from(*v), column),
        (Datum::Numeric(v), Type::Decimal { .. }) => match v.to_decimal() {
            Some(v) => decimal(v, column),
            None => Place::Unknown,
        },
        (Datum::Double(v), Type::Decimal { precision: 1..=15, .. }) => {
            match Decimal::from_f64(*v) {
                Ok(exact) if exact.to_f64() == *v => decimal(exact, column),
                _ => Place::Unknown,
            }
        }
        (Datum::Text(v), Type::Text) => match from {
            SqlType::Text
            | SqlType::Varchar(_)
            | SqlType::Name
            | SqlType::QuotedChar
            | SqlType::Enum(_)
            | SqlType::Any => Place::At(Value::Text(v.to_string())),
            SqlType::Unknown => Place::At(Value::Text(v.to_string())),
            _ => Place::Unknown,
        },
        // SQLite: numbers come before texts, and those before blobs.
        (Datum::Integer(_) | Datum::Double(_), Type::Text | Type::Blob) => Place::First,
        (Datum::Text(_), Type::Blob) => Place::First,
        (Datum::Bytes(_), Type::Text) => Place::Last,
        (Datum::Bytes(v), Type::Blob) => Place::At(Value::Blob(v.to_vec())),
        (Datum::Boolean(v), Type::Boolean) => Place::At(Value::Boolean(*v)),
        (Datum::Integer(v @ (0 | 1)), Type::Boolean) => Place::At(Value::Boolean(*v == 1)),
        (Datum::Integer(v), Type::Boolean) if *v < 0 => Place::First,
        (Datum::Integer(_), Type::Boolean) => Place::Last,
        (Datum::Date(_), Type::Date) | (Datum::Uuid(_), Type::Uuid) => carried(value, from, column),
        (Datum::Timestamp(_), Type::Timestamp { .. }) => {
            instant(value, from, column, Type::Timestamp { precision: 9 })
        }
        (Datum::TimestampTz(_), Type::TimestampTz { .. }) => {
            instant(value, from, column, Type::TimestampTz { precision: 9 })
        }
        (Datum::Text(text), Type::Date | Type::Timestamp { .. } | Type::Uuid)
            if dialect == Dialect::Sqlite =>
        {
            rendered(text, column)
        }
        (Datum::Integer(v), Type::Any) => Place::At(Value::Integer(*v)),
        (Datum::Double(v), Type::Any) => Place::At(Value::Double(*v)),
        (Datum::Text(v), Type::Any) => Place::At(Value::Text(v.to_string())),
        (Datum::Bytes(v), Type::Any) => Place::At(Value::Blob(v.to_vec())),
        _ => Place::Unknown,
    }
}

/// A point in time among those of a column, if it has no more digits than these.
fn instant(value: &Datum, from: &SqlType, column: Type, finest: Type) -> Place {
    match (to_value(value, from, &finest), to_value(value, from, &column)) {
        (Ok(whole), Ok(value)) if whole == value => Place::At(value),
        _ => Place::Unknown,
    }
}

fn double(value: &Datum) -> f64 {
    if let Datum::Double(value) = value { *value } else { f64::NAN }
}

fn integer(value: i64, low: i64, high: i64) -> Place {
    if value < low {
        Place::First
    } else if value > high {
        Place::Last
    } else {
        Place::At(Value::Integer(value))
    }
}

/// A double among integers.
fn whole(value: f64, from: &SqlType, column: Type, dialect: Dialect) -> Place {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    if value.is_nan() {
        return Place::Unknown;
    }
    if value.abs() > LIMIT {
        return Place::Unknown;
    }
    let floor = value.floor();
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    let below = place(&Datum::Integer(floor as i64), from, column, dialect);
    match below {
        below if floor == value => below,
        Place::At(value) => Place::After(value),
        other => other,
    }
}

fn double_of(value: i64) -> Place {
    const LIMIT: u64 = 1 << 53;
    if value.unsigned_abs() > LIMIT {
        return Place::Unknown;
    }
    #[expect(clippy::cast_precision_loss, reason = "it has at most 53 bits")]
    let double = value as f64;
    Place::At(Value::Double(double))
}

fn decimal(value: Decimal, column: Type) -> Place {
    let Type::Decimal { precision, scale } = column else { return Place::Unknown };
    if precision == 0 {
        return Place::At(Value::Decimal(value));
    }
    match value.rescale_exact(scale) {
        Some(rescaled) if rescaled.fit(precision, scale).is_ok() => {
            Place::At(Value::Decimal(rescaled))
        }
        _ => Place::Unknown,
    }
}

fn carried(value: &Datum, from: &SqlType, column: Type) -> Place {
    to_value(value, from, &column).map_or(Place::Unknown, Place::At)
}

/// A text among those that SQLite's dialect sees a column's values as: dates and times are written
/// with a fixed number of digits, so their texts are in the order of the values, and a text that is
/// the beginning of one comes just before it.
fn rendered(text: &str, column: Type) -> Place {
    let Ok(value) = to_value(&Datum::text(text), &SqlType::Text, &column) else {
        return Place::Unknown;
    };
    let Ok(Datum::Text(whole)) = from_value(value.as_value(), &SqlType::Any, Dialect::Sqlite)
    else {
        return Place::Unknown;
    };
    // Years past 9999 are longer, those before 0 begin with a sign.
    let has_four_digits = |text: &str| text.len() >= 10 && text.as_bytes()[4] == b'-';
    if !has_four_digits(text) || !has_four_digits(&whole) {
        let is_same = whole.as_str() == text;
        return if is_same && column == Type::Uuid { Place::At(value) } else { Place::Unknown };
    }
    if whole.as_str() == text {
        Place::At(value)
    } else if whole.starts_with(text) {
        Place::Before(value)
    } else if text.starts_with(whole.as_str()) {
        Place::After(value)
    } else {
        Place::Unknown
    }
}
