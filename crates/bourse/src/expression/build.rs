//! Writing expressions: `column("quantity").greater(0)`.

use super::{Arithmetic, Comparison, Expression, Function};
use crate::value::{Collation, Type, Value};

/// What an expression over named columns is made of.
type Named = Expression<String>;

/// A column by name: `column("status").equal("open")`.
pub fn column(name: impl Into<String>) -> Expression<String> {
    Expression::Column(name.into())
}

/// A constant; `Value::Null` is NULL.
pub fn constant(value: impl Into<Value>) -> Expression<String> {
    Expression::Constant(value.into())
}

/// A function of arguments, in its newest version.
pub fn call(
    function: Function,
    arguments: impl IntoIterator<Item = impl Into<Expression<String>>>,
) -> Expression<String> {
    let arguments = arguments.into_iter().map(Into::into).collect();
    Expression::Call(function, function.version(), arguments)
}

/// True where all are; of none true.
pub fn all_of(parts: impl IntoIterator<Item = Expression<String>>) -> Expression<String> {
    Expression::And(parts.into_iter().collect())
}

/// True where any is; of none false.
pub fn any_of(parts: impl IntoIterator<Item = Expression<String>>) -> Expression<String> {
    Expression::Or(parts.into_iter().collect())
}

/// `CASE WHEN condition THEN result`, to be gone on with by [`Expression::when`] and ended by
/// [`Expression::otherwise`].
pub fn case_when(condition: Expression<String>, result: impl Into<Named>) -> Expression<String> {
    Expression::Case(vec![(condition, result.into())], None)
}

/// A constant may stand wherever an expression may.
impl<V: Into<Value>> From<V> for Expression<String> {
    fn from(value: V) -> Expression<String> {
        constant(value)
    }
}

impl Expression<String> {
    /// This compared with another.
    #[must_use]
    pub fn compare(self, by: Comparison, other: impl Into<Named>) -> Named {
        Expression::Compare(by, Box::new(self), Box::new(other.into()))
    }

    /// `=`
    #[must_use]
    pub fn equal(self, other: impl Into<Named>) -> Named {
        self.compare(Comparison::Equal, other)
    }

    /// `<>`
    #[must_use]
    pub fn not_equal(self, other: impl Into<Named>) -> Named {
        self.compare(Comparison::NotEqual, other)
    }

    /// `<`
    #[must_use]
    pub fn less(self, other: impl Into<Named>) -> Named {
        self.compare(Comparison::Less, other)
    }

    /// `<=`
    #[must_use]
    pub fn at_most(self, other: impl Into<Named>) -> Named {
        self.compare(Comparison::LessOrEqual, other)
    }

    /// `>`
    #[must_use]
    pub fn greater(self, other: impl Into<Named>) -> Named {
        self.compare(Comparison::Greater, other)
    }

    /// `>=`
    #[must_use]
    pub fn at_least(self, other: impl Into<Named>) -> Named {
        self.compare(Comparison::GreaterOrEqual, other)
    }

    /// `IS NULL`
    #[must_use]
    pub fn is_null(self) -> Named {
        Expression::IsNull(Box::new(self))
    }

    /// `IS NOT NULL`
    #[must_use]
    pub fn is_not_null(self) -> Named {
        Expression::IsNotNull(Box::new(self))
    }

    /// `IN (items)`
    #[must_use]
    pub fn is_in(self, items: impl IntoIterator<Item = impl Into<Named>>) -> Named {
        Expression::In(Box::new(self), items.into_iter().map(Into::into).collect())
    }

    /// `BETWEEN low AND high`
    #[must_use]
    pub fn between(self, low: impl Into<Named>, high: impl Into<Named>) -> Named {
        Expression::Between(Box::new(self), Box::new(low.into()), Box::new(high.into()))
    }

    /// This and another.
    #[must_use]
    pub fn and(self, other: Named) -> Named {
        Expression::And(vec![self, other])
    }

    /// This or another.
    #[must_use]
    pub fn or(self, other: Named) -> Named {
        Expression::Or(vec![self, other])
    }

    /// `NOT`: true where this is false.
    #[must_use]
    pub fn opposite(self) -> Named {
        Expression::Not(Box::new(self))
    }

    /// The text `LIKE` a pattern: `%` stands for any text, `_` for any character.
    #[must_use]
    pub fn like(self, pattern: impl Into<Named>) -> Named {
        call(Function::Like, [self, pattern.into()])
    }

    /// The day: of a DATE or TIMESTAMP a DATE, of a text `YYYY-MM-DD` as SQLite's `date(text)`.
    #[must_use]
    pub fn date(self) -> Named {
        call(Function::Date, [self])
    }

    /// The beginning of the unit, a `microsecond` to a `millennium`, that a DATE or TIMESTAMP lies
    /// in, as PostgreSQL's `date_trunc(unit, self)`.
    #[must_use]
    pub fn date_trunc(self, unit: impl Into<Named>) -> Named {
        call(Function::DateTrunc, [unit.into(), self])
    }

    /// The beginning of the bucket that a DATE, TIMESTAMP, text of a time or integer lies in, as
    /// TimescaleDB's `time_bucket(width, self)`: `column("at").time_bucket("5 minutes")`.
    #[must_use]
    pub fn time_bucket(self, width: impl Into<Named>) -> Named {
        call(Function::TimeBucket, [width.into(), self])
    }

    /// As [`Expression::time_bucket`], with a bucket that begins at `origin`.
    #[must_use]
    pub fn time_bucket_from(self, width: impl Into<Named>, origin: impl Into<Named>) -> Named {
        call(Function::TimeBucket, [width.into(), self, origin.into()])
    }

    /// A field, a `microsecond` to a `millennium`, `dow`, `epoch` and others, of a DATE or
    /// TIMESTAMP, as PostgreSQL's `extract(field FROM self)`: a DECIMAL.
    #[must_use]
    pub fn extract(self, field: impl Into<Named>) -> Named {
        call(Function::Extract, [field.into(), self])
    }

    /// The two numbers as one.
    #[must_use]
    pub fn arithmetic(self, by: Arithmetic, other: impl Into<Named>) -> Named {
        Expression::Arithmetic(by, Box::new(self), Box::new(other.into()))
    }

    /// `+`
    #[must_use]
    pub fn plus(self, other: impl Into<Named>) -> Named {
        self.arithmetic(Arithmetic::Add, other)
    }

    /// `-`
    #[must_use]
    pub fn minus(self, other: impl Into<Named>) -> Named {
        self.arithmetic(Arithmetic::Subtract, other)
    }

    /// `*`
    #[must_use]
    pub fn times(self, other: impl Into<Named>) -> Named {
        self.arithmetic(Arithmetic::Multiply, other)
    }

    /// `/`
    #[must_use]
    pub fn divided_by(self, other: impl Into<Named>) -> Named {
        self.arithmetic(Arithmetic::Divide, other)
    }

    /// `%`
    #[must_use]
    pub fn remainder(self, other: impl Into<Named>) -> Named {
        self.arithmetic(Arithmetic::Remainder, other)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negative(self) -> Named {
        Expression::Negate(Box::new(self))
    }

    /// The value as one of another type.
    #[must_use]
    pub fn cast(self, data_type: Type) -> Named {
        Expression::Cast(Box::new(self), data_type)
    }

    /// The same value, whose text compares under this collation.
    #[must_use]
    pub fn collate(self, collation: Collation) -> Named {
        Expression::Collate(Box::new(self), collation)
    }

    /// Of a CASE: another `WHEN condition THEN result`; of anything else the beginning of one that
    /// ends with it.
    #[must_use]
    pub fn when(self, condition: Named, result: impl Into<Named>) -> Named {
        match self {
            Expression::Case(mut branches, otherwise) => {
                branches.push((condition, result.into()));
                Expression::Case(branches, otherwise)
            }
            other => Expression::Case(vec![(condition, result.into())], Some(Box::new(other))),
        }
    }

    /// Of a CASE: its `ELSE`; anything else stays as it is.
    #[must_use]
    pub fn otherwise(self, result: impl Into<Named>) -> Named {
        match self {
            Expression::Case(branches, _) => {
                Expression::Case(branches, Some(Box::new(result.into())))
            }
            other => other,
        }
    }
}
