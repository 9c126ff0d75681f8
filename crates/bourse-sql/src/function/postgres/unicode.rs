//! Normal forms of Unicode, and what a value takes where PostgreSQL keeps it.

use unicode_normalization::UnicodeNormalization;

use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{double, integer, numeric, text};
use crate::function::signature::Shape::{Any, Boolean, Float8, Int4, Text, Void};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// `pg_column_size` with the size that the type says: a name that no statement can write. -1 is a
/// text that ends in a zero, -2 what has a header of four bytes, -3 what has one of a byte if it is
/// short.
pub(crate) const COLUMN_SIZE: &str = "\0pg_column_size of a type";

fn formed(source: &str, form: &str) -> Result<String> {
    Ok(match form.to_ascii_uppercase().as_str() {
        "NFC" => source.nfc().collect(),
        "NFD" => source.nfd().collect(),
        "NFKC" => source.nfkc().collect(),
        "NFKD" => source.nfkd().collect(),
        _ => {
            let message = format!("invalid normalization form: {form}");
            return Err(SqlError::new("22023", message));
        }
    })
}

fn normalize(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let form = if arguments.len() > 1 { text(arguments, 1)? } else { "NFC" };
    Ok(Datum::Text(formed(text(arguments, 0)?, form)?.into()))
}

fn is_normalized(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let source = text(arguments, 0)?;
    Ok(Datum::Boolean(formed(source, text(arguments, 1)?)? == source))
}

fn column_size(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let fixed = integer(arguments, 1)?;
    if fixed >= 0 {
        return Ok(Datum::Integer(fixed));
    }
    let length = match &arguments[0] {
        Datum::Bytes(bytes) => bytes.len(),
        Datum::Numeric(_) => numeric_bytes(&numeric(arguments, 0)?.to_string()),
        Datum::Json(json) => json.len(),
        _ => text(arguments, 0)?.len(),
    };
    let header = match fixed {
        -1 => 1,
        -3 if length < 127 => 1,
        _ => 4,
    };
    Ok(Datum::Integer(i64::try_from(length + header).unwrap_or(i64::MAX)))
}

/// Bytes of a number: two, and two for each four digits between the first and the last.
fn numeric_bytes(written: &str) -> usize {
    let written = written.trim_start_matches('-');
    let (whole, part) = written.split_once('.').unwrap_or((written, ""));
    let whole = format!("{}{whole}", "0".repeat((4 - whole.len() % 4) % 4));
    let part = format!("{part}{}", "0".repeat((4 - part.len() % 4) % 4));
    let digits = format!("{whole}{part}");
    let groups: Vec<&str> = (0..digits.len()).step_by(4).map(|at| &digits[at..at + 4]).collect();
    let first = groups.iter().position(|group| *group != "0000");
    let last = groups.iter().rposition(|group| *group != "0000");
    match (first, last) {
        (Some(first), Some(last)) => 2 + 2 * (last - first + 1),
        _ => 2,
    }
}

/// A name that no statement can write: an error of an SQLSTATE with a message.
pub(crate) const REFUSE: &str = "\0an error in place of a value";

fn refuse(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let message = text(arguments, 1)?;
    Err(match text(arguments, 0)? {
        "23502" => SqlError::new("23502", message),
        "44000" => SqlError::new("44000", message),
        _ => SqlError::new("23514", message),
    })
}

fn set_seed(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let seed = double(arguments, 0)?;
    if !(-1.0..=1.0).contains(&seed) {
        let message = format!("setseed parameter {seed} is out of allowed range [-1,1]");
        return Err(SqlError::new("22023", message));
    }
    if let Some(session) = context.session() {
        session.set_seed(seed.to_bits());
    }
    Ok(Datum::text(""))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("is_normalized", &[Text, Text], Boolean, is_normalized),
    scalar("normalize", &[Text], Text, normalize),
    scalar("normalize", &[Text, Text], Text, normalize),
    scalar(COLUMN_SIZE, &[Any, Int4], Int4, column_size).stable(),
    scalar(REFUSE, &[Text, Text], Text, refuse).volatile(),
    scalar("setseed", &[Float8], Void, set_seed).volatile(),
];
