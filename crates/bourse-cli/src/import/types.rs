//! Which type a column becomes: by its declared type, and by what it holds.
//!
//! ```text
//! DECLARED                           HOLDS                      BECOMES
//! affinity INTEGER                   whole numbers              BIGINT
//! affinity REAL                      numbers                    DOUBLE
//! affinity TEXT                      text                       TEXT
//! BLOB                               bytes                      BLOB
//! BOOL...                            0 and 1                    BOOLEAN, else as NUMERIC
//! NUMERIC(p,s), DECIMAL(p,s), ...    numbers that fit (p,s)     DECIMAL(p,s), else as NUMERIC
//! NUMERIC, DECIMAL, NUMBER, MONEY    whole numbers              BIGINT
//!                                    numbers                    DOUBLE, or ANY where that is
//!                                                               inexact
//! DATE, JSON and whatever else       values of one class        BIGINT, DOUBLE, TEXT or BLOB
//!                                    values of several          DOUBLE for exact numbers or ANY
//! nothing; ANY of a STRICT table     anything                   ANY
//! ```
//! A date stays what SQLite stores, mostly TEXT: it sorts the same way, and no query changes.
//! A value of another class than the declaration promises is a bad value.

use std::borrow::Cow;
use std::fmt;

use rusqlite::types::ValueRef;

use super::schema::{Affinity, Column};

/// Digits that a decimal can hold.
const DECIMAL_DIGITS: u32 = 38;
/// Whole numbers up to this size are exact as DOUBLE.
const EXACT_DOUBLE: u64 = 1 << 53;

/// The type that a column becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ColumnType {
    /// 64-bit whole numbers.
    BigInt,
    /// 64-bit floating numbers.
    Double,
    /// Exact decimals.
    Decimal {
        /// Digits in all.
        precision: u32,
        /// Digits after the point.
        scale: u32,
    },
    /// Text in UTF-8.
    Text,
    /// Bytes.
    Blob,
    /// Truth values.
    Boolean,
    /// Values of any class, in SQLite's order.
    Any,
}

/// What is done with a bad value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum OnBadValue {
    /// The import fails and names them.
    Fail,
    /// The whole column becomes TEXT.
    Text,
    /// It becomes NULL.
    Null,
}

/// A value as its column holds it after the import.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Typed<'a> {
    /// NULL.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A floating number.
    Double(f64),
    /// A decimal: units of the last of `scale` digits after the point.
    Decimal {
        /// How many of the smallest unit.
        units: i128,
        /// Digits after the point.
        scale: u32,
    },
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(&'a [u8]),
}

/// What a declaration promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Promise {
    Whole,
    Floating,
    Text,
    Blob,
    Truth,
    Decimal {
        precision: u32,
        scale: u32,
    },
    Numeric,
    /// Nothing: the content decides.
    Content,
    /// Nothing, on purpose.
    Anything,
}

/// Counts what a column holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Census {
    promise: Promise,
    nulls: u64,
    integers: u64,
    reals: u64,
    texts: u64,
    blobs: u64,
    /// Integers other than 0 and 1, and everything else that is no truth value.
    not_truth: u64,
    /// Numbers that do not fit the promised decimal.
    not_decimal: u64,
    /// Integers that a double would round.
    not_exact: u64,
    bad: u64,
}

impl Census {
    /// An empty one for a column.
    pub(crate) fn new(column: &Column) -> Census {
        Census {
            promise: promise(column),
            nulls: 0,
            integers: 0,
            reals: 0,
            texts: 0,
            blobs: 0,
            not_truth: 0,
            not_decimal: 0,
            not_exact: 0,
            bad: 0,
        }
    }

    /// Counts a value. Says whether it is a bad one.
    pub(crate) fn count(&mut self, value: ValueRef<'_>) -> bool {
        let mut unreadable = false;
        match value {
            ValueRef::Null => self.nulls += 1,
            ValueRef::Integer(number) => {
                self.integers += 1;
                self.not_truth += u64::from(!(0..=1).contains(&number));
                self.not_exact += u64::from(number.unsigned_abs() > EXACT_DOUBLE);
            }
            ValueRef::Real(_) => self.reals += 1,
            ValueRef::Text(bytes) => {
                self.texts += 1;
                unreadable = std::str::from_utf8(bytes).is_err();
            }
            ValueRef::Blob(_) => self.blobs += 1,
        }
        if let Promise::Decimal { precision, scale } = self.promise {
            let number = matches!(value, ValueRef::Integer(_) | ValueRef::Real(_));
            self.not_decimal += u64::from(number && decimal(value, precision, scale).is_none());
        }
        let bad = unreadable || !self.promise.allows(value);
        self.bad += u64::from(bad);
        bad
    }

    /// How many bad values there are.
    pub(crate) fn bad(&self) -> u64 {
        self.bad
    }

    /// How many NULLs there are.
    pub(crate) fn nulls(&self) -> u64 {
        self.nulls
    }

    /// What a value should have been, for reports of bad ones.
    pub(crate) fn expected(&self) -> &'static str {
        match self.promise {
            Promise::Whole => "a whole number",
            Promise::Floating | Promise::Numeric | Promise::Decimal { .. } => "a number",
            Promise::Truth => "0 or 1",
            Promise::Blob => "bytes",
            Promise::Text | Promise::Content | Promise::Anything => "text in UTF-8",
        }
    }

    /// The type that the column becomes.
    pub(crate) fn column_type(&self, on_bad_value: OnBadValue) -> ColumnType {
        if self.bad > 0 && on_bad_value == OnBadValue::Text {
            return ColumnType::Text;
        }
        match self.promise {
            Promise::Whole => ColumnType::BigInt,
            Promise::Floating => ColumnType::Double,
            Promise::Text => ColumnType::Text,
            Promise::Blob => ColumnType::Blob,
            Promise::Anything => ColumnType::Any,
            Promise::Truth if self.not_truth + self.reals == 0 => ColumnType::Boolean,
            Promise::Decimal { precision, scale } if self.not_decimal == 0 => {
                ColumnType::Decimal { precision, scale }
            }
            Promise::Truth | Promise::Decimal { .. } | Promise::Numeric => self.number_type(),
            Promise::Content => match (self.integers + self.reals, self.texts, self.blobs) {
                (_, 0, 0) if self.integers + self.reals > 0 => self.number_type(),
                (0, _, 0) => ColumnType::Text,
                (0, 0, _) => ColumnType::Blob,
                _ => ColumnType::Any,
            },
        }
    }

    fn number_type(&self) -> ColumnType {
        match (self.reals, self.not_exact) {
            (0, _) => ColumnType::BigInt,
            (_, 0) => ColumnType::Double,
            _ => ColumnType::Any,
        }
    }
}

impl Promise {
    fn allows(self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (_, ValueRef::Null) | (Promise::Content | Promise::Anything, _) => true,
            (Promise::Whole, ValueRef::Integer(_))
            | (Promise::Text, ValueRef::Text(_))
            | (Promise::Blob, ValueRef::Blob(_)) => true,
            (Promise::Floating, ValueRef::Integer(number)) => number.unsigned_abs() <= EXACT_DOUBLE,
            (Promise::Floating, ValueRef::Real(_)) => true,
            (
                Promise::Truth | Promise::Decimal { .. } | Promise::Numeric,
                ValueRef::Integer(_) | ValueRef::Real(_),
            ) => true,
            _ => false,
        }
    }
}

fn promise(column: &Column) -> Promise {
    let upper = column.declared.to_ascii_uppercase();
    match column.affinity {
        Affinity::Integer => Promise::Whole,
        Affinity::Real => Promise::Floating,
        Affinity::Text => Promise::Text,
        Affinity::None if upper.is_empty() => Promise::Anything,
        Affinity::None => Promise::Blob,
        Affinity::Numeric if upper == "ANY" => Promise::Anything,
        Affinity::Numeric if upper.starts_with("BOOL") => Promise::Truth,
        Affinity::Numeric => {
            let word = upper.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
            let numeric = matches!(word, "NUMERIC" | "DECIMAL" | "DEC" | "NUMBER" | "MONEY");
            match (numeric, precision_and_scale(&upper)) {
                (true, Some((precision, scale))) => Promise::Decimal { precision, scale },
                (true, None) => Promise::Numeric,
                (false, _) => Promise::Content,
            }
        }
    }
}

/// The numbers of `DECIMAL(p,s)`, where a decimal can be that.
fn precision_and_scale(declared: &str) -> Option<(u32, u32)> {
    let (_, rest) = declared.split_once('(')?;
    let (inner, _) = rest.split_once(')')?;
    let (precision, scale) = inner.split_once(',').unwrap_or((inner, "0"));
    let (precision, scale) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
    (precision <= DECIMAL_DIGITS && scale <= precision && precision > 0)
        .then_some((precision, scale))
}

/// The value of a column that becomes `column_type`; none for a bad one.
pub(crate) fn convert(column_type: ColumnType, value: ValueRef<'_>) -> Option<Typed<'_>> {
    Some(match (column_type, value) {
        (_, ValueRef::Null) => Typed::Null,
        (ColumnType::BigInt | ColumnType::Any, ValueRef::Integer(number)) => Typed::Integer(number),
        // Adding zero takes the sign off a zero, which the store does not keep.
        (ColumnType::Double | ColumnType::Any, ValueRef::Real(number)) => {
            Typed::Double(number + 0.0)
        }
        (ColumnType::Double, ValueRef::Integer(number)) => {
            let exact = number.unsigned_abs() <= EXACT_DOUBLE;
            exact.then_some(Typed::Double(number as f64))?
        }
        (ColumnType::Boolean, ValueRef::Integer(number @ 0..=1)) => Typed::Boolean(number == 1),
        (ColumnType::Decimal { precision, scale }, number) => {
            Typed::Decimal { units: decimal(number, precision, scale)?, scale }
        }
        (ColumnType::Text | ColumnType::Any, ValueRef::Text(bytes)) => {
            Typed::Text(std::str::from_utf8(bytes).ok()?.into())
        }
        (ColumnType::Blob | ColumnType::Any, ValueRef::Blob(bytes)) => Typed::Blob(bytes),
        _ => return None,
    })
}

/// A value as text, for a column that became TEXT because of bad values. Numbers keep every digit,
/// bytes that are no text become hexadecimal, text that is no UTF-8 gets replacement characters.
pub(crate) fn as_text(value: ValueRef<'_>) -> Typed<'_> {
    match value {
        ValueRef::Null => Typed::Null,
        ValueRef::Integer(number) => Typed::Text(number.to_string().into()),
        ValueRef::Real(number) => Typed::Text(format!("{number:?}").into()),
        ValueRef::Text(bytes) => Typed::Text(String::from_utf8_lossy(bytes)),
        ValueRef::Blob(bytes) => Typed::Text(match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
        }),
    }
}

/// A number in units of its `scale`th digit after the point, if it is exactly that, going by the
/// shortest text that gives the same floating number.
fn decimal(value: ValueRef<'_>, precision: u32, scale: u32) -> Option<i128> {
    let text = match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) if number.is_finite() => format!("{number}"),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let missing = scale.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let units = digits.checked_mul(10_i128.checked_pow(missing)?)?;
    (units.unsigned_abs() < 10_u128.pow(precision)).then_some(units)
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ColumnType::BigInt => f.write_str("BIGINT"),
            ColumnType::Double => f.write_str("DOUBLE"),
            ColumnType::Decimal { precision, scale } => write!(f, "DECIMAL({precision},{scale})"),
            ColumnType::Text => f.write_str("TEXT"),
            ColumnType::Blob => f.write_str("BLOB"),
            ColumnType::Boolean => f.write_str("BOOLEAN"),
            ColumnType::Any => f.write_str("ANY"),
        }
    }
}
