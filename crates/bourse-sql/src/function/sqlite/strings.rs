//! SQLite's functions of texts and blobs.

use ecow::{EcoString, eco_format};

use super::float::real_text;
use super::values::as_text;
use super::{BYTES_MAX, too_big};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::sqlite::to_integer;
use crate::function::signature::Shape::Any;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// Some functions see the end of a text where it has a NUL.
pub(super) fn until_nul(text: &str) -> EcoString {
    EcoString::from(text.split('\0').next().unwrap_or_default())
}

fn count(value: usize) -> Datum {
    Datum::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn made(text: impl Into<EcoString>) -> Result<Datum> {
    Ok(Datum::Text(text.into()))
}

/// Texts end for `length` where they have a NUL.
fn length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(match &arguments[0] {
        Datum::Bytes(bytes) => count(bytes.len()),
        other => count(as_text(other).chars().take_while(|c| *c != '\0').count()),
    })
}

fn octet_length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(match &arguments[0] {
        Datum::Bytes(bytes) => count(bytes.len()),
        other => count(as_text(other).len()),
    })
}

/// From where, and how many: a negative start counts from the end, a negative count takes what lies
/// before the start.
fn part(start: i64, wanted: Option<i64>, length: i64) -> (usize, usize) {
    let mut from = start;
    let mut wanted = wanted.unwrap_or(1_000_000_000);
    let before = wanted < 0;
    if before {
        wanted = wanted.checked_neg().unwrap_or(i64::MAX);
    }
    if from < 0 {
        from = from.saturating_add(length);
        if from < 0 {
            wanted = if before { 0 } else { wanted.saturating_add(from).max(0) };
            from = 0;
        }
    } else if from > 0 {
        from -= 1;
    } else if wanted > 0 {
        wanted -= 1;
    }
    if before {
        from -= wanted;
        if from < 0 {
            wanted = wanted.saturating_add(from).max(0);
            from = 0;
        }
    }
    (usize::try_from(from).unwrap_or(0), usize::try_from(wanted).unwrap_or(0))
}

fn substr(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let start = to_integer(&arguments[1]);
    let wanted = arguments.get(2).map(to_integer);
    if let Datum::Bytes(bytes) = &arguments[0] {
        // SQLite has no bytes to show for an empty blob.
        if bytes.is_empty() {
            return Ok(Datum::Null);
        }
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let (from, wanted) = part(start, wanted, length);
        let rest = bytes.get(from..).unwrap_or_default();
        return Ok(Datum::bytes(&rest[..wanted.min(rest.len())]));
    }
    let text = until_nul(&as_text(&arguments[0]));
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let (from, wanted) = part(start, wanted, length);
    made(text.chars().skip(from).take(wanted).collect::<EcoString>())
}

fn instr(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if let (Datum::Bytes(whole), Datum::Bytes(part)) = (&arguments[0], &arguments[1]) {
        if part.is_empty() {
            return Ok(Datum::Integer(1));
        }
        let at = whole.windows(part.len()).position(|window| window == &part[..]);
        return Ok(count(at.map_or(0, |at| at + 1)));
    }
    let (whole, part) = (as_text(&arguments[0]), as_text(&arguments[1]));
    let at = whole.find(part.as_str());
    Ok(count(at.map_or(0, |at| whole[..at].chars().count() + 1)))
}

#[derive(Clone, Copy)]
struct Sides {
    left: bool,
    right: bool,
}

fn trim(arguments: &[Datum], sides: Sides) -> Result<Datum> {
    let text = as_text(&arguments[0]);
    let set = arguments.get(1).map_or_else(|| EcoString::from(" "), as_text);
    let mut trimmed = text.as_str();
    if sides.left {
        trimmed = trimmed.trim_start_matches(|c| set.contains(c));
    }
    if sides.right {
        trimmed = trimmed.trim_end_matches(|c| set.contains(c));
    }
    made(trimmed)
}

fn replace(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments[..2].iter().any(Datum::is_null) {
        return Ok(Datum::Null);
    }
    let [whole, from, to] = [0, 1, 2].map(|index| as_text(&arguments[index]));
    // Nothing is looked for: what it would be replaced by does not matter, even NULL.
    if from.is_empty() {
        return made(whole);
    }
    if arguments[2].is_null() {
        return Ok(Datum::Null);
    }
    let replaced = whole.replace(from.as_str(), &to);
    if replaced.len() > BYTES_MAX { Err(too_big()) } else { made(replaced) }
}

fn hex(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let upper = |bytes: &[u8]| crate::datum::hex(bytes).to_uppercase();
    made(match &arguments[0] {
        Datum::Bytes(bytes) => upper(bytes),
        other => upper(as_text(other).as_bytes()),
    })
}

/// Bytes of hexadecimal digits; characters of the second argument may stand between pairs.
fn unhex(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let text = until_nul(&as_text(&arguments[0]));
    let ignored = arguments.get(1).map_or_else(EcoString::new, as_text);
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let digit = |c: char| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let Some(high) = digit(c) else {
            if ignored.contains(c) {
                continue;
            }
            return Ok(Datum::Null);
        };
        let Some(low) = rest.next().and_then(digit) else {
            return Ok(Datum::Null);
        };
        bytes.push(high << 4 | low);
    }
    Ok(Datum::bytes(&bytes))
}

/// The value as a literal; a text ends at its first NUL.
pub(super) fn quoted(value: &Datum) -> EcoString {
    match value {
        Datum::Null => EcoString::from("NULL"),
        Datum::Integer(value) => eco_format!("{value}"),
        Datum::Boolean(value) => eco_format!("{}", u8::from(*value)),
        Datum::Double(value) if value.is_infinite() => {
            EcoString::from(if *value > 0.0 { "9.0e+999" } else { "-9.0e+999" })
        }
        Datum::Double(value) => EcoString::from(real_text(*value)),
        Datum::Bytes(bytes) => eco_format!("X'{}'", crate::datum::hex(bytes).to_uppercase()),
        other => eco_format!("'{}'", until_nul(&as_text(other)).replace("'", "''")),
    }
}

fn character(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let characters = arguments.iter().map(|value| {
        let code = u32::try_from(to_integer(value)).ok().filter(|code| *code <= 0x10_ffff);
        code.and_then(char::from_u32).unwrap_or('\u{fffd}')
    });
    made(characters.collect::<EcoString>())
}

fn unicode(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let first = as_text(&arguments[0]).chars().next().filter(|c| *c != '\0');
    Ok(first.map_or(Datum::Null, |c| Datum::Integer(i64::from(u32::from(c)))))
}

fn zero_blob(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let count = usize::try_from(to_integer(&arguments[0]).max(0)).unwrap_or(usize::MAX);
    if count > BYTES_MAX { Err(too_big()) } else { Ok(Datum::bytes(&vec![0; count])) }
}

fn concat(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    made(arguments.iter().map(|value| as_text(value).to_string()).collect::<String>())
}

fn concat_ws(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Ok(Datum::Null);
    }
    let known = arguments[1..].iter().filter(|value| !value.is_null());
    let parts: Vec<EcoString> = known.map(as_text).collect();
    made(parts.join(as_text(&arguments[0]).as_str()))
}

/// LIKE: letters of ASCII without case. A pattern of an escape that stands for nothing is an error.
pub(crate) fn like(pattern: &str, text: &str, escape: Option<char>) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    like_from(&pattern, &text, escape)
}

fn like_from(pattern: &[char], text: &[char], escape: Option<char>) -> bool {
    let (mut p, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(p) {
            Some(c) if Some(*c) == escape => match (pattern.get(p + 1), text.get(at)) {
                (Some(literal), Some(c)) if literal.eq_ignore_ascii_case(c) => {
                    Some((p + 2, at + 1))
                }
                _ => None,
            },
            Some('%') => {
                retry = Some((p + 1, at));
                p += 1;
                continue;
            }
            Some('_') if at < text.len() => Some((p + 1, at + 1)),
            Some(literal) if text.get(at).is_some_and(|c| literal.eq_ignore_ascii_case(c)) => {
                Some((p + 1, at + 1))
            }
            Some(_) => None,
            None if at == text.len() => return true,
            None => None,
        };
        match (step, retry) {
            (Some(next), _) => (p, at) = next,
            (None, Some((after, from))) if from < text.len() => {
                (p, at) = (after, from + 1);
                retry = Some((after, from + 1));
            }
            _ => return false,
        }
    }
}

fn like_call(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let escape = match arguments.get(2) {
        Some(escape) => {
            let escape = as_text(escape);
            let mut characters = escape.chars();
            match (characters.next(), characters.next()) {
                (Some(c), None) => Some(c),
                _ => {
                    let message = "ESCAPE expression must be a single character";
                    return Err(SqlError::new("22025", message));
                }
            }
        }
        None => None,
    };
    let [pattern, text] = [0, 1].map(|index| until_nul(&as_text(&arguments[index])));
    let matches = like(&pattern, &text, escape);
    Ok(Datum::Integer(i64::from(matches)))
}

/// GLOB: `*`, `?`, `[...]`, `[^...]`.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, at));
                p += 1;
                continue;
            }
            Some('?') if at < text.len() => Some(p + 1),
            Some('[') => text.get(at).and_then(|c| bracket(&pattern, p + 1, *c)),
            Some(literal) if *literal != '?' && text.get(at) == Some(literal) => Some(p + 1),
            Some(_) => None,
            None if at == text.len() => return true,
            None => None,
        };
        match (step, retry) {
            (Some(next), _) => (p, at) = (next, at + 1),
            (None, Some((after, from))) if from < text.len() => {
                (p, at) = (after, from + 1);
                retry = Some((after, from + 1));
            }
            _ => return false,
        }
    }
}

/// Where the pattern goes on after brackets that take a character.
fn bracket(pattern: &[char], start: usize, c: char) -> Option<usize> {
    let mut at = start;
    let inverted = pattern.get(at) == Some(&'^');
    at += usize::from(inverted);
    let (mut seen, mut previous) = (false, None);
    if pattern.get(at) == Some(&']') {
        seen = c == ']';
        at += 1;
    }
    loop {
        let next = *pattern.get(at)?;
        if next == ']' {
            break;
        }
        match (next, previous, pattern.get(at + 1)) {
            ('-', Some(low), Some(high)) if *high != ']' => {
                seen |= (low..=*high).contains(&c);
                at += 1;
                previous = None;
            }
            _ => {
                seen |= next == c;
                previous = Some(next);
            }
        }
        at += 1;
    }
    (seen != inverted).then_some(at + 1)
}

const BOTH: Sides = Sides { left: true, right: true };
const LEFT: Sides = Sides { left: true, right: false };
const RIGHT: Sides = Sides { left: false, right: true };

/// How a word sounds in English: its first letter, and digits for the consonants behind it.
fn soundex(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    /// The digit of each letter from A on.
    const DIGITS: &[u8; 26] = b"01230120022455012623010202";
    let word = as_text(&arguments[0]);
    let digit = |letter: u8| DIGITS[usize::from(letter.to_ascii_uppercase() - b'A')];
    let mut letters = word.bytes().skip_while(|byte| !byte.is_ascii_alphabetic());
    let Some(first) = letters.next() else { return made("?000") };
    let mut code = String::from(char::from(first.to_ascii_uppercase()));
    let mut last = digit(first);
    for byte in letters {
        let next = if byte.is_ascii_alphabetic() { digit(byte) } else { b'0' };
        if next != b'0' && next != last {
            code.push(char::from(next));
        }
        last = next;
        if code.len() == 4 {
            break;
        }
    }
    made(format!("{code:0<4}"))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("lower", &[Any], Any, |a, _| made(as_text(&a[0]).to_ascii_lowercase())),
    scalar("upper", &[Any], Any, |a, _| made(as_text(&a[0]).to_ascii_uppercase())),
    scalar("length", &[Any], Any, length),
    scalar("octet_length", &[Any], Any, octet_length),
    scalar("substr", &[Any, Any], Any, substr),
    scalar("substr", &[Any, Any, Any], Any, substr),
    scalar("substring", &[Any, Any], Any, substr),
    scalar("substring", &[Any, Any, Any], Any, substr),
    scalar("instr", &[Any, Any], Any, instr),
    scalar("trim", &[Any], Any, |a, _| trim(a, BOTH)),
    scalar("trim", &[Any, Any], Any, |a, _| trim(a, BOTH)),
    scalar("ltrim", &[Any], Any, |a, _| trim(a, LEFT)),
    scalar("ltrim", &[Any, Any], Any, |a, _| trim(a, LEFT)),
    scalar("rtrim", &[Any], Any, |a, _| trim(a, RIGHT)),
    scalar("rtrim", &[Any, Any], Any, |a, _| trim(a, RIGHT)),
    scalar("replace", &[Any, Any, Any], Any, replace).called_on_null(),
    scalar("soundex", &[Any], Any, soundex).called_on_null(),
    scalar("hex", &[Any], Any, hex).called_on_null(),
    scalar("unhex", &[Any], Any, unhex),
    scalar("unhex", &[Any, Any], Any, unhex),
    scalar("quote", &[Any], Any, |a, _| made(quoted(&a[0]))).called_on_null(),
    scalar("char", &[Any], Any, character).called_on_null().variadic(),
    scalar("unicode", &[Any], Any, unicode),
    scalar("zeroblob", &[Any], Any, zero_blob).called_on_null(),
    scalar("concat", &[Any], Any, concat).called_on_null().variadic(),
    scalar("concat_ws", &[Any, Any], Any, concat_ws).called_on_null().variadic(),
    scalar("like", &[Any, Any], Any, like_call),
    scalar("like", &[Any, Any, Any], Any, like_call),
    scalar("glob", &[Any, Any], Any, |a, _| {
        let [pattern, text] = [0, 1].map(|index| until_nul(&as_text(&a[index])));
        Ok(Datum::Integer(i64::from(glob(&pattern, &text))))
    }),
];

/// The operators have their text before the pattern.
fn like_operator(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    like_call(&[arguments[1].clone(), arguments[0].clone()], context)
}

fn negated(value: Result<Datum>) -> Result<Datum> {
    value.map(|value| match value {
        Datum::Integer(value) => Datum::Integer(1 - value),
        other => other,
    })
}

fn glob_operator(arguments: &[Datum]) -> Result<Datum> {
    let [text, pattern] = [0, 1].map(|index| until_nul(&as_text(&arguments[index])));
    Ok(Datum::Integer(i64::from(glob(&pattern, &text))))
}

pub(super) static OPERATORS: &[Signature<ScalarFunction>] = &[
    scalar("LIKE", &[Any, Any], Any, like_operator),
    scalar("NOT LIKE", &[Any, Any], Any, |a, context| negated(like_operator(a, context))),
    scalar("~~", &[Any, Any], Any, like_operator),
    scalar("!~~", &[Any, Any], Any, |a, context| negated(like_operator(a, context))),
    scalar("GLOB", &[Any, Any], Any, |a, _| glob_operator(a)),
    scalar("NOT GLOB", &[Any, Any], Any, |a, _| negated(glob_operator(a))),
];
