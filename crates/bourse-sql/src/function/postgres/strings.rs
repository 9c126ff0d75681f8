//! Functions of texts.

use ecow::{EcoString, eco_format};

use crate::datum::{Datum, output_plain};
use crate::error::Result;
use crate::function::arguments::text;
use crate::function::signature::Shape::{Any, Int4, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

fn count(value: usize) -> Datum {
    Datum::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn concatenate(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (left, right) =
        (output_plain(&arguments[0], context)?, output_plain(&arguments[1], context)?);
    Ok(Datum::Text(eco_format!("{left}{right}")))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("lower", &[Text], Text, |a, _| {
        Ok(Datum::Text(EcoString::from(text(a, 0)?).to_lowercase()))
    }),
    scalar("upper", &[Text], Text, |a, _| {
        Ok(Datum::Text(EcoString::from(text(a, 0)?).to_uppercase()))
    }),
    scalar("length", &[Text], Int4, |a, _| Ok(count(text(a, 0)?.chars().count()))),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("||", &[Text, Text], Text, |a, _| {
        Ok(Datum::Text(eco_format!("{}{}", text(a, 0)?, text(a, 1)?)))
    }),
    scalar("||", &[Text, Any], Text, concatenate),
    scalar("||", &[Any, Text], Text, concatenate),
];
