//! Patterns that are matched with the elements of an array: `text LIKE ANY (patterns)`. No
//! function goes by these names; the binder asks for them by an operator and a quantifier.

use super::like::{ilike_call, like_call};
use super::regex::is_match;
use crate::datum::Datum;
use crate::error::Result;
use crate::function::ScalarFunction;
use crate::function::arguments::array;
use crate::function::signature::Shape::{Boolean, List, Text};
use crate::function::signature::{Signature, scalar};

/// Looks for a pattern that matches, or does not, as is asked. A NULL leaves it unknown where
/// no other one decides.
fn over(
    arguments: &[Datum],
    decisive: bool,
    matches: impl Fn(&[Datum]) -> Result<bool>,
) -> Result<Datum> {
    let mut has_null = false;
    for pattern in &array(arguments, 1)?.elements {
        if pattern.is_null() {
            has_null = true;
        } else if matches(&[arguments[0].clone(), pattern.clone()])? == decisive {
            return Ok(Datum::Boolean(decisive));
        }
    }
    Ok(if has_null { Datum::Null } else { Datum::Boolean(!decisive) })
}

macro_rules! any {
    ($name:literal, $matches:expr) => {
        scalar($name, &[Text, List(&Text)], Boolean, |a, _| over(a, true, $matches))
    };
}

macro_rules! all {
    ($name:literal, $matches:expr) => {
        scalar($name, &[Text, List(&Text)], Boolean, |a, _| over(a, false, $matches))
    };
}

fn unlike(arguments: &[Datum]) -> Result<bool> {
    like_call(arguments).map(|matches| !matches)
}

fn not_ilike(arguments: &[Datum]) -> Result<bool> {
    ilike_call(arguments).map(|matches| !matches)
}

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    any!("~~ any", like_call),
    all!("~~ all", like_call),
    any!("!~~ any", unlike),
    all!("!~~ all", unlike),
    any!("~~* any", ilike_call),
    all!("~~* all", ilike_call),
    any!("!~~* any", not_ilike),
    all!("!~~* all", not_ilike),
    any!("~ any", |a| is_match(a, "")),
    all!("~ all", |a| is_match(a, "")),
    any!("~* any", |a| is_match(a, "i")),
    all!("~* all", |a| is_match(a, "i")),
    any!("!~ any", |a| is_match(a, "").map(|matches| !matches)),
    all!("!~ all", |a| is_match(a, "").map(|matches| !matches)),
    any!("!~* any", |a| is_match(a, "i").map(|matches| !matches)),
    all!("!~* all", |a| is_match(a, "i").map(|matches| !matches)),
];
