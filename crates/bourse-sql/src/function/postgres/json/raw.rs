//! The parts of a text of JSON, as they stand in it.

use ecow::EcoString;

use crate::datum::json::{Json, parse_checked};

/// A value's parts.
pub(super) enum Raw<'a> {
    Array(Vec<&'a str>),
    Object(Vec<(EcoString, &'a str)>),
    Scalar,
}

/// The parts of a text that is JSON.
pub(super) fn read(text: &str) -> Raw<'_> {
    let text = text.trim_matches(is_space);
    match text.as_bytes().first() {
        Some(b'[') => Raw::Array(split(&text[1..text.len() - 1])),
        Some(b'{') => {
            let pairs = split(&text[1..text.len() - 1]).into_iter().filter_map(|pair| {
                let end = string_end(pair)?;
                let Json::Text(key) = parse_checked(&pair[..end]) else {
                    return None;
                };
                let value = pair[end..].trim_start_matches(is_space).strip_prefix(':')?;
                Some((key, value.trim_matches(is_space)))
            });
            Raw::Object(pairs.collect())
        }
        _ => Raw::Scalar,
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Where the string that a text begins with ends.
fn string_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// What stands between the commas that are not inside of something.
fn split(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut depth, mut at) = (Vec::new(), 0, 0_usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += string_end(&text[at..]).unwrap_or(1);
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(text[start..at].trim_matches(is_space));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    let last = text[start..].trim_matches(is_space);
    if !parts.is_empty() || !last.is_empty() {
        parts.push(last);
    }
    parts
}
