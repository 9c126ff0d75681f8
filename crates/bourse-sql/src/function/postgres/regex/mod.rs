//! PostgreSQL's regular expressions and their functions.

use ecow::EcoString;

use super::strings::{count, made};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{integer, text};
use crate::function::signature::Shape::{Boolean, Int4, List, Text};
use crate::function::signature::{Signature, scalar, set};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};

mod matcher;
mod translate;

use matcher::{Flags, Matcher};

fn option_text(arguments: &[Datum], index: usize) -> Result<&str> {
    if index < arguments.len() { text(arguments, index) } else { Ok("") }
}

pub(super) fn is_match(arguments: &[Datum], flags: &str) -> Result<bool> {
    let matcher = Matcher::new(text(arguments, 1)?, &Flags::parse(flags, "")?)?;
    matcher.is_match(text(arguments, 0)?)
}

/// The flags of functions for which `g` has no meaning.
fn plain_flags(arguments: &[Datum], index: usize, function: &str) -> Result<Flags> {
    Flags::parse(option_text(arguments, index)?, function)
}

fn texts(parts: Vec<Option<&str>>) -> Datum {
    Datum::list(parts.into_iter().map(|part| part.map_or(Datum::Null, Datum::text)).collect())
}

/// Groups of the first match, or the whole match without any.
fn regexp_match(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let flags = plain_flags(arguments, 2, "regexp_match()")?;
    let whole = text(arguments, 0)?;
    let found = Matcher::new(text(arguments, 1)?, &flags)?.find(whole, 0)?;
    Ok(found.map_or(Datum::Null, |found| texts(found.parts(whole))))
}

fn regexp_matches(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let flags = Flags::parse(option_text(arguments, 2)?, "")?;
    let whole = text(arguments, 0)?;
    let matcher = Matcher::new(text(arguments, 1)?, &flags)?;
    let limit = if flags.global { usize::MAX } else { 1 };
    let all = matcher.find_all(whole, 0, limit)?;
    let rows: Vec<Result<Vec<Datum>>> =
        all.iter().map(|found| Ok(vec![texts(found.parts(whole))])).collect();
    Ok(Box::new(rows.into_iter()))
}

/// What lies between matches; empty ones at the ends, or right after another, do not split.
fn split(arguments: &[Datum], function: &str) -> Result<Vec<EcoString>> {
    let flags = plain_flags(arguments, 2, function)?;
    let whole = text(arguments, 0)?;
    let matcher = Matcher::new(text(arguments, 1)?, &flags)?;
    let mut parts = Vec::new();
    let mut start = 0;
    for found in matcher.find_all(whole, 0, usize::MAX)? {
        let (from, to) = found.span();
        if from == to && (from == start || from >= whole.len()) {
            continue;
        }
        parts.push(EcoString::from(&whole[start..from]));
        start = to;
    }
    parts.push(EcoString::from(&whole[start..]));
    Ok(parts)
}

fn split_to_array(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let parts = split(arguments, "regexp_split_to_array()")?;
    Ok(Datum::list(parts.into_iter().map(Datum::Text).collect()))
}

fn split_to_table(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let parts = split(arguments, "regexp_split_to_table()")?;
    Ok(Box::new(parts.into_iter().map(|part| Ok(vec![Datum::Text(part)]))))
}

/// Replaces the n-th match (0: all) from a character on.
fn replace(arguments: &[Datum], start: i64, nth: i64, flags: &Flags) -> Result<Datum> {
    let (whole, new) = (text(arguments, 0)?, text(arguments, 2)?);
    let matcher = Matcher::new(text(arguments, 1)?, flags)?;
    let limit = if nth == 0 { usize::MAX } else { usize::try_from(nth).unwrap_or(usize::MAX) };
    let all = matcher.find_all(whole, byte_of(whole, start), limit)?;
    let skipped = if nth == 0 { 0 } else { limit - 1 };
    let mut replaced = String::new();
    let mut end = 0;
    for found in all.iter().skip(skipped) {
        let (from, to) = found.span();
        replaced.push_str(&whole[end..from]);
        insert(&mut replaced, new, whole, found);
        end = to;
    }
    replaced.push_str(&whole[end..]);
    made(replaced)
}

/// `\1` to `\9` are groups, `\&` the match, `\\` a backslash.
fn insert(out: &mut String, new: &str, whole: &str, found: &matcher::Found) {
    let mut rest = new.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.clone().next() {
            Some(digit @ '0'..='9') => {
                rest.next();
                let group = usize::try_from(digit.to_digit(10).unwrap_or(0)).unwrap_or(0);
                if group > 0 {
                    out.push_str(found.group(group, whole).unwrap_or(""));
                }
            }
            Some('&') => {
                rest.next();
                let (from, to) = found.span();
                out.push_str(&whole[from..to]);
            }
            Some('\\') => {
                rest.next();
                out.push('\\');
            }
            _ => out.push('\\'),
        }
    }
}

fn byte_of(whole: &str, start: i64) -> usize {
    let skipped = usize::try_from(start - 1).unwrap_or(0);
    whole.char_indices().nth(skipped).map_or(whole.len(), |(at, _)| at)
}

fn regexp_replace(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let given = option_text(arguments, 3)?;
    if given.starts_with(|c: char| c.is_ascii_digit()) {
        let message = format!("invalid regular expression option: \"{}\"", &given[..1]);
        return Err(SqlError::new("22023", message).with_hint(
            "If you meant to use regexp_replace() with a start parameter, \
             cast the fourth argument to integer explicitly.",
        ));
    }
    let flags = Flags::parse(given, "")?;
    replace(arguments, 1, i64::from(!flags.global), &flags)
}

/// A parameter of a function that must be as great.
fn at_least(arguments: &[Datum], index: usize, least: i64, name: &str) -> Result<i64> {
    if index >= arguments.len() {
        return Ok(1);
    }
    let value = integer(arguments, index)?;
    if value < least {
        let message = format!("invalid value for parameter \"{name}\": {value}");
        return Err(SqlError::new("22023", message));
    }
    Ok(value)
}

fn regexp_replace_from(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let start = at_least(arguments, 3, 1, "start")?;
    let nth = at_least(arguments, 4, 0, "n")?;
    let flags = Flags::parse(option_text(arguments, 5)?, "")?;
    let nth = if arguments.len() < 5 { i64::from(!flags.global) } else { nth };
    replace(arguments, start, nth, &flags)
}

fn regexp_count(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let start = at_least(arguments, 2, 1, "start")?;
    let flags = plain_flags(arguments, 3, "regexp_count()")?;
    let whole = text(arguments, 0)?;
    if start > i64::try_from(whole.chars().count()).unwrap_or(i64::MAX) + 1 {
        return Ok(Datum::Integer(0));
    }
    let matcher = Matcher::new(text(arguments, 1)?, &flags)?;
    Ok(count(matcher.find_all(whole, byte_of(whole, start), usize::MAX)?.len()))
}

fn regexp_like(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let flags = plain_flags(arguments, 2, "regexp_like()")?;
    let matcher = Matcher::new(text(arguments, 1)?, &flags)?;
    Ok(Datum::Boolean(matcher.is_match(text(arguments, 0)?)?))
}

/// The n-th match from a character on, or a group of it.
fn nth<'a>(arguments: &'a [Datum], flags: &Flags) -> Result<Option<(matcher::Found, &'a str)>> {
    let start = at_least(arguments, 2, 1, "start")?;
    let nth = usize::try_from(at_least(arguments, 3, 1, "n")?).unwrap_or(usize::MAX);
    let whole = text(arguments, 0)?;
    if start > i64::try_from(whole.chars().count()).unwrap_or(i64::MAX) + 1 {
        return Ok(None);
    }
    let matcher = Matcher::new(text(arguments, 1)?, flags)?;
    let mut all = matcher.find_all(whole, byte_of(whole, start), nth)?;
    Ok(if all.len() == nth { all.pop().map(|found| (found, whole)) } else { None })
}

/// Where there are no groups, the first is the match itself.
fn of_match(group: usize, found: &matcher::Found) -> usize {
    if group == 1 && !found.has_groups() { 0 } else { group }
}

fn regexp_substr(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let flags = plain_flags(arguments, 4, "regexp_substr()")?;
    let group = usize::try_from(if arguments.len() > 5 {
        at_least(arguments, 5, 0, "subexpr")?
    } else {
        0
    })
    .unwrap_or(0);
    let found = nth(arguments, &flags)?;
    let part = found.and_then(|(found, whole)| found.group(of_match(group, &found), whole));
    Ok(part.map_or(Datum::Null, Datum::text))
}

fn regexp_instr(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let end = if arguments.len() > 4 { integer(arguments, 4)? } else { 0 };
    if !(0..=1).contains(&end) {
        let message = format!("invalid value for parameter \"endoption\": {end}");
        return Err(SqlError::new("22023", message));
    }
    let flags = plain_flags(arguments, 5, "regexp_instr()")?;
    let group = usize::try_from(if arguments.len() > 6 {
        at_least(arguments, 6, 0, "subexpr")?
    } else {
        0
    })
    .unwrap_or(0);
    let Some((found, whole)) = nth(arguments, &flags)? else {
        return Ok(Datum::Integer(0));
    };
    let place = found
        .group_span(of_match(group, &found))
        .map(|(from, to)| if end == 1 { to } else { from });
    Ok(place.map_or(Datum::Integer(0), |at| count(whole[..at].chars().count() + 1)))
}

/// substring(text from pattern): the first group, or the match without any.
fn substring(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let whole = text(arguments, 0)?;
    let matcher = Matcher::new(text(arguments, 1)?, &Flags::parse("", "")?)?;
    let Some(found) = matcher.find(whole, 0)? else {
        return Ok(Datum::Null);
    };
    let group = usize::from(found.has_groups());
    Ok(found.group(group, whole).map_or(Datum::Null, Datum::text))
}

fn matched(arguments: &[Datum], flags: &str, wanted: bool) -> Result<Datum> {
    is_match(arguments, flags).map(|found| Datum::Boolean(found == wanted))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("substring", &[Text, Text], Text, substring),
    scalar("regexp_match", &[Text, Text], List(&Text), regexp_match),
    scalar("regexp_match", &[Text, Text, Text], List(&Text), regexp_match),
    scalar("regexp_split_to_array", &[Text, Text], List(&Text), split_to_array),
    scalar("regexp_split_to_array", &[Text, Text, Text], List(&Text), split_to_array),
    scalar("regexp_replace", &[Text, Text, Text], Text, regexp_replace),
    scalar("regexp_replace", &[Text, Text, Text, Text], Text, regexp_replace),
    scalar("regexp_replace", &[Text, Text, Text, Int4], Text, regexp_replace_from),
    scalar("regexp_replace", &[Text, Text, Text, Int4, Int4], Text, regexp_replace_from),
    scalar("regexp_replace", &[Text, Text, Text, Int4, Int4, Text], Text, regexp_replace_from),
    scalar("regexp_count", &[Text, Text], Int4, regexp_count),
    scalar("regexp_count", &[Text, Text, Int4], Int4, regexp_count),
    scalar("regexp_count", &[Text, Text, Int4, Text], Int4, regexp_count),
    scalar("regexp_like", &[Text, Text], Boolean, regexp_like),
    scalar("regexp_like", &[Text, Text, Text], Boolean, regexp_like),
    scalar("regexp_substr", &[Text, Text], Text, regexp_substr),
    scalar("regexp_substr", &[Text, Text, Int4], Text, regexp_substr),
    scalar("regexp_substr", &[Text, Text, Int4, Int4], Text, regexp_substr),
    scalar("regexp_substr", &[Text, Text, Int4, Int4, Text], Text, regexp_substr),
    scalar("regexp_substr", &[Text, Text, Int4, Int4, Text, Int4], Text, regexp_substr),
    scalar("regexp_instr", &[Text, Text], Int4, regexp_instr),
    scalar("regexp_instr", &[Text, Text, Int4], Int4, regexp_instr),
    scalar("regexp_instr", &[Text, Text, Int4, Int4], Int4, regexp_instr),
    scalar("regexp_instr", &[Text, Text, Int4, Int4, Int4], Int4, regexp_instr),
    scalar("regexp_instr", &[Text, Text, Int4, Int4, Int4, Text], Int4, regexp_instr),
    scalar("regexp_instr", &[Text, Text, Int4, Int4, Int4, Text, Int4], Int4, regexp_instr),
];

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("~", &[Text, Text], Boolean, |a, _| matched(a, "", true)),
    scalar("~*", &[Text, Text], Boolean, |a, _| matched(a, "i", true)),
    scalar("!~", &[Text, Text], Boolean, |a, _| matched(a, "", false)),
    scalar("!~*", &[Text, Text], Boolean, |a, _| matched(a, "i", false)),
];

pub(super) static SETS: &[Signature<SetFunction>] = &[
    set("regexp_matches", &[Text, Text], List(&Text), regexp_matches),
    set("regexp_matches", &[Text, Text, Text], List(&Text), regexp_matches),
    set("regexp_split_to_table", &[Text, Text], Text, split_to_table),
    set("regexp_split_to_table", &[Text, Text, Text], Text, split_to_table),
];
