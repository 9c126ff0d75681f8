//! LIKE and GLOB: a text against a pattern, without going back further than the last `%`.

use bourse_storage::{Error, Result};

/// One element of a pattern.
enum Element<'p> {
    /// Any text.
    Any,
    /// Any character.
    One,
    /// This character.
    Exactly(char),
    /// One of, or none of, the characters of a class.
    Class { negated: bool, class: &'p str },
}

/// The two languages of patterns.
#[derive(Clone, Copy)]
enum Language {
    Like { escape: Option<char> },
    Glob,
}

/// Whether the text is LIKE the pattern; with `fold`, ASCII letters match without case.
///
/// # Errors
/// 22025 when the pattern ends with the escape character.
pub(super) fn like(text: &str, pattern: &str, escape: Option<char>, fold: bool) -> Result<bool> {
    matches(text, pattern, Language::Like { escape }, fold)
}

/// Whether the text matches the pattern of `*`, `?` and `[...]`, with case.
pub(super) fn glob(text: &str, pattern: &str) -> Result<bool> {
    matches(text, pattern, Language::Glob, false)
}

/// The first element of a pattern and its bytes; nothing at the end.
fn next(pattern: &str, language: Language) -> Result<Option<(Element<'_>, usize)>> {
    let mut characters = pattern.chars();
    let Some(first) = characters.next() else { return Ok(None) };
    let element = match (language, first) {
        (Language::Like { escape }, first) if Some(first) == escape => match characters.next() {
            Some(escaped) => Element::Exactly(escaped),
            None => return Err(ends_with_escape()),
        },
        (Language::Like { .. }, '%') | (Language::Glob, '*') => Element::Any,
        (Language::Like { .. }, '_') | (Language::Glob, '?') => Element::One,
        (Language::Glob, '[') => {
            // A class without an end matches nothing, as in SQLite.
            let nothing = (Element::Class { negated: false, class: "" }, pattern.len());
            return Ok(Some(class(pattern).unwrap_or(nothing)));
        }
        (_, other) => Element::Exactly(other),
    };
    Ok(Some((element, pattern.len() - characters.as_str().len())))
}

/// The class at the beginning of a pattern. A `]` that comes first is one of its characters.
fn class(pattern: &str) -> Option<(Element<'_>, usize)> {
    let rest = &pattern[1..];
    let (negated, rest) = match rest.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let skip = usize::from(rest.starts_with(']'));
    let end = skip + rest[skip..].find(']')?;
    let class = &rest[..end];
    let bytes = pattern.len() - rest.len() + end + 1;
    Some((Element::Class { negated, class }, bytes))
}

fn is_in_class(class: &str, character: char) -> bool {
    let mut rest = class.chars();
    while let Some(low) = rest.next() {
        let mut ahead = rest.clone();
        let high = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) => {
                rest = ahead;
                high
            }
            _ => low,
        };
        if (low..=high).contains(&character) {
            return true;
        }
    }
    false
}

fn matches(mut text: &str, mut pattern: &str, language: Language, fold: bool) -> Result<bool> {
    let equal = |a: char, b: char| if fold { a.eq_ignore_ascii_case(&b) } else { a == b };
    // Behind the last element that takes any text: the pattern, and the text that it is tried on.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        let first = text.chars().next();
        let matched = match (next(pattern, language)?, first) {
            (Some((Element::Any, bytes)), _) => {
                pattern = &pattern[bytes..];
                retry = Some((pattern, text));
                continue;
            }
            (None, None) => return Ok(true),
            (None, Some(_)) | (Some(_), None) => None,
            (Some((element, bytes)), Some(character)) => {
                let accepted = match element {
                    Element::Exactly(other) => equal(other, character),
                    Element::Class { negated, class } => is_in_class(class, character) != negated,
                    Element::One | Element::Any => true,
                };
                accepted.then_some((bytes, character.len_utf8()))
            }
        };
        match (matched, &mut retry) {
            (Some((of_pattern, of_text)), _) => {
                (pattern, text) = (&pattern[of_pattern..], &text[of_text..]);
            }
            (None, Some((behind, tried))) => {
                let Some(character) = tried.chars().next() else { return Ok(false) };
                *tried = &tried[character.len_utf8()..];
                (pattern, text) = (*behind, *tried);
            }
            (None, None) => return Ok(false),
        }
    }
}

fn ends_with_escape() -> Error {
    Error::invalid("LIKE pattern must not end with escape character").with_sqlstate("22025")
}
