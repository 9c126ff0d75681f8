//! The functions that expressions call, each in all its versions.
//!
//! A definition keeps a function's code and version, and a version never changes what it computes:
//! the entries of an index on `lower(email)` were made by it. To change a function, add a version:
//! a new arm in [`call`] beside the old one, and the new number in the table.
//!
//! The first version of each:
//!
//! | CODE | FUNCTION | VERSION 1 |
//! |---|---|---|
//! | 1 | `lower(text)` | ASCII letters in lower case, as SQLite and PostgreSQL's C locale |
//! | 2 | `upper(text)` | ASCII letters in upper case |
//! | 3 | `length(text or blob)` | characters of a text, bytes of a blob |
//! | 4 | `abs(number)` | 22003 for the least integer |
//! | 5, 6, 7 | `trim`, `ltrim`, `rtrim(text [, characters])` | without them: spaces |
//! | 8 | `substr(text or blob, start [, count])` | SQLite's: a negative start counts from the end |
//! | 9 | `substring(text or blob, start [, count])` | the standard's: what lies before 1 counts |
//! | 10 | `round(number [, digits])` | half away from zero; a DOUBLE by its shortest decimal |
//! | 11, 12 | `floor(number)`, `ceil(number)` | |
//! | 13 | `coalesce(...)` | the first that is not NULL |
//! | 14 | `nullif(a, b)` | NULL where they are equal, else a |
//! | 15 | `typeof(value)` | SQLite's storage class: null, integer, real, text, blob |
//! | 16 | `concat(text, ...)` | `\|\|`: NULL when any is |
//! | 17 | `replace(text, from, to)` | an empty `from` changes nothing |
//! | 18 | `instr(text, part)` | place of the part in characters, from 1; 0 without one |
//! | 19, 20 | `like`, `ilike(text, pattern [, escape])` | ilike folds ASCII letters |
//! | 21 | `glob(text, pattern)` | SQLite's |
//! | 22 | `json_valid(text)` | whether the text is JSON |
//! | 23 | `date(timestamp)` | its day |
//! | 24 | `date_trunc(unit, timestamp)` | its beginning of the unit, microsecond to year |
//! | 25 | `time_bucket(width, timestamp)` | beginning of its bucket, counted from 2000-01-03 |
//! | 26 | `extract(field, timestamp)` | a whole number |
//!
//! What later ones do otherwise:
//!
//! | CODE | FUNCTION | VERSION 2 |
//! |---|---|---|
//! | 23 | `date(text)` | a text, as SQLite answers; `sqlite_date` |
//! | 24 | `date_trunc(unit, time)` | PostgreSQL's units, to millennia; keeps the precision |
//! | 25 | `time_bucket(width, value [, origin])` | of DATE, TEXT, integers too; months; `buckets` |
//! | 26 | `extract(field, time)` | PostgreSQL's fields and decimals; a DATE has no clock |

use bourse_storage::{Error, Result};

use super::Expression;
use super::bind::{Kind, comparable, is_number, name, number, unify};
use super::evaluate::{Columns, Scalar, mismatch};
use crate::value::{Collation, Type, ValueRef};

mod buckets;
mod calendar;
mod numbers;
mod of_time;
mod sqlite_date;
mod texts;
mod times;

/// The most nanoseconds that a bucket of such a width, or a unit of `date_trunc`, has.
pub(super) fn longest_bucket(width: &str) -> Option<i64> {
    /// Nanoseconds of the longest month.
    const MONTH: i64 = 31 * calendar::DAY;
    match buckets::width(width).ok()? {
        buckets::Width::Fixed(fixed) => Some(fixed),
        buckets::Width::Months(months) => months.checked_mul(MONTH),
    }
}

/// A function that an expression can call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u16)]
pub enum Function {
    /// Lower case.
    Lower = 1,
    /// Upper case.
    Upper = 2,
    /// Characters of a text, bytes of a blob.
    Length = 3,
    /// The number without its sign.
    Abs = 4,
    /// The text without spaces, or given characters, at both ends.
    Trim = 5,
    /// At the left end.
    LeftTrim = 6,
    /// At the right end.
    RightTrim = 7,
    /// A part of the text, as SQLite counts.
    Substr = 8,
    /// A part of the text, as the standard and PostgreSQL count.
    Substring = 9,
    /// The number rounded.
    Round = 10,
    /// The greatest whole number that is not greater.
    Floor = 11,
    /// The least whole number that is not less.
    Ceil = 12,
    /// The first that is not NULL.
    Coalesce = 13,
    /// NULL where two are equal.
    NullIf = 14,
    /// SQLite's storage class.
    TypeOf = 15,
    /// Texts, one after the other.
    Concat = 16,
    /// The text with a part replaced wherever it occurs.
    Replace = 17,
    /// Place of a part in the text.
    Instr = 18,
    /// `LIKE`, with case.
    Like = 19,
    /// `LIKE`, ASCII letters without case.
    ILike = 20,
    /// `GLOB`.
    Glob = 21,
    /// Whether a text is JSON.
    JsonValid = 22,
    /// The day of a point in time.
    Date = 23,
    /// The beginning of a calendar unit.
    DateTrunc = 24,
    /// The beginning of the bucket, all of one width, that a value lies in.
    TimeBucket = 25,
    /// A field of a point in time.
    Extract = 26,
}

/// What is known of a function before it is called.
struct Entry {
    function: Function,
    name: &'static str,
    /// The newest version; all from 1 on are there.
    version: u8,
    /// Fewest and most arguments.
    arguments: (usize, usize),
}

const fn entry(function: Function, name: &'static str, least: usize, most: usize) -> Entry {
    Entry { function, name, version: 1, arguments: (least, most) }
}

const fn second(function: Function, name: &'static str, least: usize, most: usize) -> Entry {
    Entry { function, name, version: 2, arguments: (least, most) }
}

const TABLE: [Entry; 26] = [
    entry(Function::Lower, "lower", 1, 1),
    entry(Function::Upper, "upper", 1, 1),
    entry(Function::Length, "length", 1, 1),
    entry(Function::Abs, "abs", 1, 1),
    entry(Function::Trim, "trim", 1, 2),
    entry(Function::LeftTrim, "ltrim", 1, 2),
    entry(Function::RightTrim, "rtrim", 1, 2),
    entry(Function::Substr, "substr", 2, 3),
    entry(Function::Substring, "substring", 2, 3),
    entry(Function::Round, "round", 1, 2),
    entry(Function::Floor, "floor", 1, 1),
    entry(Function::Ceil, "ceil", 1, 1),
    entry(Function::Coalesce, "coalesce", 1, usize::MAX),
    entry(Function::NullIf, "nullif", 2, 2),
    entry(Function::TypeOf, "typeof", 1, 1),
    entry(Function::Concat, "concat", 1, usize::MAX),
    entry(Function::Replace, "replace", 3, 3),
    entry(Function::Instr, "instr", 2, 2),
    entry(Function::Like, "like", 2, 3),
    entry(Function::ILike, "ilike", 2, 3),
    entry(Function::Glob, "glob", 2, 2),
    entry(Function::JsonValid, "json_valid", 1, 1),
    second(Function::Date, "date", 1, 1),
    second(Function::DateTrunc, "date_trunc", 2, 2),
    second(Function::TimeBucket, "time_bucket", 2, 3),
    second(Function::Extract, "extract", 2, 2),
];

impl Function {
    /// The function's name.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Its newest version.
    pub fn version(self) -> u8 {
        self.entry().version
    }

    /// The function of a name; case does not matter.
    pub fn named(name: &str) -> Option<Function> {
        let entry = TABLE.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        entry.map(|entry| entry.function)
    }

    /// Its code on disk.
    pub(super) fn code(self) -> u16 {
        self as u16
    }

    /// The function of a code, if this build has that version of it.
    pub(super) fn of_code(code: u16, version: u8) -> Result<Function> {
        let known = TABLE.iter().find(|entry| entry.function.code() == code);
        match known {
            Some(entry) if (1..=entry.version).contains(&version) => Ok(entry.function),
            _ => Err(Error::invalid(format!(
                "a definition uses function {code} in version {version}, which this version of \
                 Bourse does not have: use the one that wrote it, or a newer one"
            ))
            .with_sqlstate("0A000")),
        }
    }

    fn entry(self) -> &'static Entry {
        // The codes are the places in the table, counted from 1; a test holds them to it.
        &TABLE[usize::from(self.code()) - 1]
    }

    /// The first of the arguments that are to be of one type, so that constants are fitted to it.
    pub(super) fn first_alike(self) -> Option<usize> {
        match self {
            Function::Coalesce | Function::NullIf => Some(0),
            // The value and the origin.
            Function::TimeBucket => Some(1),
            _ => None,
        }
    }

    /// The type of its result.
    ///
    /// # Errors
    /// `InvalidInput` (42883) when it does not take such arguments.
    pub(super) fn result(self, version: u8, arguments: &[Kind]) -> Result<Kind> {
        let entry = self.entry();
        let (least, most) = entry.arguments;
        if !(least..=most).contains(&arguments.len()) || !(1..=entry.version).contains(&version) {
            return Err(self.undefined(arguments));
        }
        let all = |takes: &[Take]| {
            let mut each = arguments.iter().zip(takes);
            each.all(|(kind, take)| kind.is_none_or(|data_type| take.takes(data_type)))
        };
        let text = Take::Text;
        let (fits, result) = match self {
            Function::Lower | Function::Upper => (all(&[text]), Some(Type::Text)),
            Function::Trim | Function::LeftTrim | Function::RightTrim => {
                (all(&[text, text]), Some(Type::Text))
            }
            Function::Length => (all(&[Take::Bytes]), Some(Type::BigInt)),
            Function::Abs | Function::Floor | Function::Ceil => {
                return number(entry.name, arguments[0]);
            }
            Function::Round => {
                number(entry.name, arguments[0])?;
                (all(&[Take::Number, Take::Whole]), number(entry.name, arguments[0])?)
            }
            Function::Substr | Function::Substring => {
                let kind = arguments[0].or(Some(Type::Text));
                (all(&[Take::Bytes, Take::Whole, Take::Whole]), kind)
            }
            Function::Coalesce => {
                let unified = arguments.iter().try_fold(None, |kind, next| unify(kind, *next))?;
                (true, unified)
            }
            Function::NullIf => {
                comparable(arguments[0], arguments[1], "=")?;
                (true, arguments[0])
            }
            Function::TypeOf => (true, Some(Type::Text)),
            Function::Concat => {
                let texts = arguments.iter().flatten().all(|kind| text.takes(*kind));
                (texts, Some(Type::Text))
            }
            Function::Replace => (all(&[text, text, text]), Some(Type::Text)),
            Function::Instr => (all(&[text, text]), Some(Type::BigInt)),
            Function::Like | Function::ILike | Function::Glob => {
                (all(&[text, text, text]), Some(Type::Boolean))
            }
            Function::JsonValid => (all(&[Take::Json]), Some(Type::Boolean)),
            Function::Date | Function::DateTrunc | Function::TimeBucket | Function::Extract => {
                match of_time::result(self, version, arguments) {
                    Some(kind) => (true, kind),
                    None => (false, None),
                }
            }
        };
        if fits { Ok(result) } else { Err(self.undefined(arguments)) }
    }

    /// Refuses a unit, width or field that is constant and has no meaning, when it is defined and
    /// not first when a row comes. Version 1 does not look.
    ///
    /// # Errors
    /// `InvalidInput`: 22023, 0A000 and 22008.
    pub(super) fn check_constants(
        self,
        version: u8,
        arguments: &[Expression],
        kinds: &[Kind],
    ) -> Result<()> {
        match arguments.first() {
            Some(Expression::Constant(first)) if version >= 2 => {
                of_time::check_constant(self, first, kinds)
            }
            _ => Ok(()),
        }
    }

    fn undefined(self, arguments: &[Kind]) -> Error {
        let kinds: Vec<String> = arguments.iter().map(|kind| name(*kind)).collect();
        Error::invalid(format!("function {}({}) does not exist", self.name(), kinds.join(", ")))
            .with_sqlstate("42883")
    }
}

/// A kind of argument. ANY is taken everywhere but where a point in time is.
#[derive(Clone, Copy)]
enum Take {
    Text,
    Bytes,
    Number,
    Whole,
    Time,
    Json,
}

impl Take {
    fn takes(self, data_type: Type) -> bool {
        match self {
            Take::Text => matches!(data_type, Type::Text | Type::Any),
            Take::Bytes => matches!(data_type, Type::Text | Type::Blob | Type::Any),
            Take::Number => is_number(data_type) || data_type == Type::Any,
            Take::Whole => {
                matches!(data_type, Type::SmallInt | Type::Integer | Type::BigInt | Type::Any)
            }
            Take::Time => matches!(data_type, Type::Date | Type::Timestamp { .. }),
            Take::Json => matches!(data_type, Type::Text | Type::Json | Type::Any),
        }
    }
}

/// Calls a version of a function. All but those that look at NULLs give NULL for one.
pub(super) fn call<'v>(
    function: Function,
    version: u8,
    arguments: &'v [Expression],
    columns: Columns<'_, 'v>,
) -> Result<Scalar<'v>> {
    debug_assert!((1..=function.version()).contains(&version), "X1: {function:?} {version}");
    match function {
        Function::Coalesce => {
            for argument in arguments {
                let value = argument.evaluate(columns)?;
                if !value.as_value().is_null() {
                    return Ok(value);
                }
            }
            return Ok(Scalar::NULL);
        }
        Function::NullIf => return null_if(arguments, columns),
        Function::TypeOf => {
            return arguments[0].with(columns, |value| Scalar::Found(ValueRef::Text(class(value))));
        }
        Function::Concat => return texts::concat(arguments, columns),
        _ => {}
    }
    let mut values: [Scalar<'v>; 3] = [Scalar::NULL, Scalar::NULL, Scalar::NULL];
    for (place, argument) in values.iter_mut().zip(arguments) {
        *place = argument.evaluate(columns)?;
        if place.as_value().is_null() {
            return Ok(Scalar::NULL);
        }
    }
    let [first, second, third] = values;
    let second = (arguments.len() > 1).then_some(second);
    let third = (arguments.len() > 2).then_some(third);
    apply(function, version, first, second.as_ref(), third.as_ref())
}

/// Calls a function of one to three arguments, none of them NULL.
fn apply<'v>(
    function: Function,
    version: u8,
    first: Scalar<'v>,
    second: Option<&Scalar<'v>>,
    third: Option<&Scalar<'v>>,
) -> Result<Scalar<'v>> {
    let value = first.as_value();
    let other = || second.map_or(ValueRef::Null, Scalar::as_value);
    let last = || third.map_or(ValueRef::Null, Scalar::as_value);
    let found = match function {
        Function::Lower | Function::Upper => return texts::fold_case(function, first),
        Function::Trim | Function::LeftTrim | Function::RightTrim => {
            return texts::trim(function, first, other());
        }
        Function::Substr | Function::Substring => {
            return texts::part(function, first, other(), last());
        }
        Function::Replace => return texts::replace(first, other(), last()),
        Function::Length => texts::length(value)?,
        Function::Instr => texts::place(value, other())?,
        Function::Like | Function::ILike | Function::Glob => {
            texts::matches(function, value, other(), last())?
        }
        Function::JsonValid => texts::is_json(value)?,
        Function::Abs => numbers::abs(value)?,
        Function::Floor | Function::Ceil => numbers::whole(function, value)?,
        Function::Round => numbers::round(value, other())?,
        Function::Date | Function::DateTrunc | Function::TimeBucket | Function::Extract => {
            return of_time::call(function, version, value, other(), last());
        }
        Function::Coalesce | Function::NullIf | Function::TypeOf | Function::Concat => {
            unreachable!("call has handled what looks at NULLs")
        }
    };
    Ok(Scalar::Found(found))
}

fn null_if<'v>(arguments: &'v [Expression], columns: Columns<'_, 'v>) -> Result<Scalar<'v>> {
    let (left, right) = (arguments[0].evaluate(columns)?, arguments[1].evaluate(columns)?);
    let collation = arguments[0].collation().or_else(|| arguments[1].collation());
    let collation = collation.unwrap_or(Collation::Binary);
    let known = !left.as_value().is_null() && !right.as_value().is_null();
    let equal = known && left.as_value().compare(right.as_value(), collation).is_eq();
    Ok(if equal { Scalar::NULL } else { left })
}

/// SQLite's storage class of a value; what SQLite lacks is text there.
fn class(value: ValueRef<'_>) -> &'static str {
    match value {
        ValueRef::Null => "null",
        ValueRef::Integer(_) | ValueRef::Boolean(_) => "integer",
        ValueRef::Real(_) | ValueRef::Double(_) | ValueRef::Decimal(_) => "real",
        ValueRef::Blob(_) => "blob",
        _ => "text",
    }
}

/// The text that an argument is.
fn text<'v>(function: &str, value: ValueRef<'v>) -> Result<&'v str> {
    match value {
        ValueRef::Text(text) | ValueRef::Json(text) => Ok(text),
        other => Err(mismatch(&format!("function {function}"), other)),
    }
}

/// The integer that an argument is.
fn whole(function: &str, value: ValueRef<'_>) -> Result<i64> {
    match value {
        ValueRef::Integer(number) => Ok(number),
        other => Err(mismatch(&format!("function {function}"), other)),
    }
}
