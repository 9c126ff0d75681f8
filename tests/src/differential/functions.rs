//! Functions of SQLite's dialect, with what they take and give.

use super::schema::Kind::{self, Blob, Date, Integer, Real, Text};

/// A function: its name, the kinds of its arguments, the kind of its result.
pub(super) type Function = (&'static str, &'static [Kind], Kind);

pub(super) const SCALARS: &[Function] = &[
    ("abs", &[Integer], Integer),
    ("abs", &[Real], Real),
    ("char", &[Integer], Text),
    ("coalesce", &[Integer, Integer], Integer),
    ("coalesce", &[Text, Text, Text], Text),
    ("hex", &[Blob], Text),
    ("hex", &[Text], Text),
    ("ifnull", &[Text, Text], Text),
    ("ifnull", &[Integer, Real], Integer),
    ("iif", &[Integer, Text, Text], Text),
    ("iif", &[Integer, Integer, Integer], Integer),
    ("instr", &[Text, Text], Integer),
    ("length", &[Text], Integer),
    ("length", &[Blob], Integer),
    ("length", &[Integer], Integer),
    ("lower", &[Text], Text),
    ("upper", &[Text], Text),
    ("ltrim", &[Text], Text),
    ("ltrim", &[Text, Text], Text),
    ("rtrim", &[Text, Text], Text),
    ("trim", &[Text], Text),
    ("trim", &[Text, Text], Text),
    ("max", &[Integer, Integer], Integer),
    ("max", &[Text, Text], Text),
    ("min", &[Integer, Real], Integer),
    ("min", &[Text, Integer], Text),
    ("nullif", &[Integer, Integer], Integer),
    ("nullif", &[Text, Text], Text),
    ("printf", &[Text, Integer], Text),
    ("quote", &[Text], Text),
    ("quote", &[Integer], Text),
    ("quote", &[Real], Text),
    ("quote", &[Blob], Text),
    ("replace", &[Text, Text, Text], Text),
    ("round", &[Real], Real),
    ("round", &[Real, Integer], Real),
    ("sign", &[Real], Integer),
    ("sign", &[Integer], Integer),
    ("substr", &[Text, Integer], Text),
    ("substr", &[Text, Integer, Integer], Text),
    ("substr", &[Blob, Integer, Integer], Blob),
    ("substring", &[Text, Integer, Integer], Text),
    ("typeof", &[Text], Text),
    ("typeof", &[Integer], Text),
    ("typeof", &[Real], Text),
    ("unicode", &[Text], Integer),
    ("unhex", &[Text], Blob),
    ("concat", &[Text, Integer], Text),
    ("concat_ws", &[Text, Text, Text], Text),
    ("octet_length", &[Text], Integer),
    ("date", &[Date], Date),
    ("time", &[Date], Date),
    ("datetime", &[Date], Date),
    ("julianday", &[Date], Real),
    ("unixepoch", &[Date], Integer),
    ("json_valid", &[Text], Integer),
    ("json_quote", &[Text], Text),
    ("json_array", &[Integer, Text], Text),
    ("likelihood", &[Integer], Integer),
];

/// Modifiers of dates.
pub(super) const MODIFIERS: &[&str] = &[
    "'+1 day'",
    "'-1 month'",
    "'+1 year'",
    "'start of month'",
    "'start of year'",
    "'start of day'",
    "'weekday 0'",
    "'+90 minutes'",
    "'-0.5 days'",
    "'+12:30'",
    "'subsec'",
    "'auto'",
];

/// Formats of strftime.
pub(super) const FORMATS: &[&str] =
    &["'%Y-%m-%d'", "'%H:%M:%S'", "'%s'", "'%j %W %w'", "'%d/%m/%Y %H'", "'%f'", "'%J'", "'%%'"];

pub(super) const AGGREGATES: &[Function] = &[
    ("count", &[Text], Integer),
    ("count", &[Integer], Integer),
    ("sum", &[Integer], Integer),
    ("sum", &[Real], Real),
    ("total", &[Integer], Real),
    ("total", &[Real], Real),
    ("avg", &[Integer], Real),
    ("avg", &[Real], Real),
    ("min", &[Integer], Integer),
    ("min", &[Text], Text),
    ("min", &[Blob], Blob),
    ("max", &[Real], Real),
    ("max", &[Text], Text),
    ("max", &[Date], Date),
];

/// Functions of windows that are no aggregates, whose result does not hang on the order of equals:
/// windows are ordered by all that tells rows apart.
pub(super) const WINDOWS: &[Function] = &[
    ("row_number", &[], Integer),
    ("rank", &[], Integer),
    ("dense_rank", &[], Integer),
    ("percent_rank", &[], Real),
    ("cume_dist", &[], Real),
    ("ntile", &[Integer], Integer),
    ("lag", &[Integer], Integer),
    ("lag", &[Text], Text),
    ("lead", &[Text], Text),
    ("first_value", &[Text], Text),
    ("last_value", &[Integer], Integer),
    ("nth_value", &[Text, Integer], Text),
];
