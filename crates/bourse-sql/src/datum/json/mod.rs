//! JSON: text to a tree and back, `jsonb`'s normal form and order.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use ecow::EcoString;

use super::Numeric;
use crate::error::{Result, SqlError};

mod parse;
mod write;

pub(crate) use parse::parse;
pub(crate) use write::{quote_into, write_compact, write_spaced};

/// A value of JSON. Numbers are kept as they were written, objects with their keys in the order of
/// the text, the same key as often as it is there.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number(EcoString),
    Text(EcoString),
    Array(Vec<Json>),
    Object(Vec<(EcoString, Json)>),
}

/// The text as it is, if it is JSON.
pub(crate) fn check(text: &str) -> Result<EcoString> {
    parse(text)?;
    Ok(EcoString::from(text))
}

/// The text of `jsonb`: keys in order, each once, numbers without exponents.
pub(crate) fn normalize(text: &str) -> Result<EcoString> {
    let tree = parse(text)?.normalized()?;
    let mut written = String::with_capacity(text.len());
    write_spaced(&tree, &mut written);
    Ok(EcoString::from(written))
}

/// The tree of a text that was checked before.
pub(crate) fn parse_checked(text: &str) -> Json {
    parse(text).unwrap_or(Json::Null)
}

/// The order of keys: shorter ones first.
pub(crate) fn compare_keys(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

impl Json {
    /// As `jsonb` keeps it: of a key that is there twice the last value stays.
    pub(crate) fn normalized(self) -> Result<Json> {
        Ok(match self {
            Json::Number(text) => Json::Number(ecow::eco_format!("{}", Numeric::parse(&text)?)),
            Json::Array(items) => {
                Json::Array(items.into_iter().map(Json::normalized).collect::<Result<_>>()?)
            }
            Json::Object(pairs) => {
                let mut kept: Vec<(EcoString, Json)> = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    kept.push((key, value.normalized()?));
                }
                Json::Object(sorted(kept))
            }
            other => other,
        })
    }

    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<Numeric> {
        match self {
            Json::Number(text) => Numeric::parse(text).ok(),
            _ => None,
        }
    }

    /// The value of a key: the last one that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(pairs) => pairs.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Json::Null => 0,
            Json::Text(_) => 1,
            Json::Number(_) => 2,
            Json::Boolean(_) => 3,
            Json::Array(_) => 4,
            Json::Object(_) => 5,
        }
    }
}

/// Pairs in the order of keys; of equal keys the last one.
pub(crate) fn sorted(mut pairs: Vec<(EcoString, Json)>) -> Vec<(EcoString, Json)> {
    pairs.sort_by(|(a, _), (b, _)| compare_keys(a, b));
    let mut kept: Vec<(EcoString, Json)> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        match kept.last_mut() {
            Some(last) if last.0 == pair.0 => *last = pair,
            _ => kept.push(pair),
        }
    }
    kept
}

/// The order of `jsonb`: null, texts, numbers, booleans, arrays, objects; arrays and objects by
/// their length first. (An empty array at the top comes before null, as in PostgreSQL.)
pub(crate) fn compare(a: &Json, b: &Json) -> Ordering {
    match (a, b) {
        (Json::Text(a), Json::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Json::Number(_), Json::Number(_)) => a.number().cmp(&b.number()),
        (Json::Boolean(a), Json::Boolean(b)) => a.cmp(b),
        (Json::Array(a), Json::Array(b)) => a.len().cmp(&b.len()).then_with(|| {
            let orders = a.iter().zip(b).map(|(a, b)| compare(a, b));
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        }),
        (Json::Object(a), Json::Object(b)) => a.len().cmp(&b.len()).then_with(|| {
            let orders = a.iter().zip(b).map(|((a_key, a), (b_key, b))| {
                compare_keys(a_key, b_key).then_with(|| compare(a, b))
            });
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        }),
        _ => a.rank().cmp(&b.rank()),
    }
}

/// The order of two texts of JSON.
pub(crate) fn compare_texts(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (a, b) = (parse_checked(a), parse_checked(b));
    let is_empty = |value: &Json| matches!(value, Json::Array(items) if items.is_empty());
    match (is_empty(&a), is_empty(&b)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => compare(&a, &b),
    }
}

/// Feeds a text of JSON to a hash, equal for equal values.
pub(crate) fn hash_text(text: &str, state: &mut impl Hasher) {
    hash(&parse_checked(text), state);
}

fn hash(value: &Json, state: &mut impl Hasher) {
    value.rank().hash(state);
    match value {
        Json::Null => {}
        Json::Text(text) => text.hash(state),
        Json::Number(_) => value.number().hash(state),
        Json::Boolean(value) => value.hash(state),
        Json::Array(items) => items.iter().for_each(|item| hash(item, state)),
        Json::Object(pairs) => pairs.iter().for_each(|(key, value)| {
            key.hash(state);
            hash(value, state);
        }),
    }
}

/// The error for a text that is not JSON.
fn invalid(detail: impl Into<String>) -> SqlError {
    SqlError::new("22P02", "invalid input syntax for type json").with_detail(detail)
}
