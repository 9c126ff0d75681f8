//! Statements as text: where one ends, and which word begins it.
//!
//! The store's parser says what a statement means. Here is only what the DB-API asks of the text
//! before that: whether it is complete, how a script falls into statements, whether a statement
//! changes rows and so begins a transaction.

use pyo3::prelude::*;

/// A part of a text: what it is, and where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// White space or a comment. `false` when a comment is not closed.
    Space {
        closed: bool,
    },
    Semicolon,
    /// A word of letters.
    Word,
    /// Anything else. `false` when a literal is not closed.
    Other {
        closed: bool,
    },
}

/// The part of a text that begins at `at`, which is before the end.
fn part(text: &[u8], at: usize) -> (Part, usize) {
    let rest = &text[at..];
    let closed_by = |close: u8| match rest[1..].iter().position(|byte| *byte == close) {
        Some(length) => (Part::Other { closed: true }, at + length + 2),
        None => (Part::Other { closed: false }, text.len()),
    };
    match rest[0] {
        b' ' | b'\t' | b'\n' | b'\r' | 0x0c => (Part::Space { closed: true }, at + 1),
        b';' => (Part::Semicolon, at + 1),
        b'\'' => closed_by(b'\''),
        b'"' => closed_by(b'"'),
        b'`' => closed_by(b'`'),
        b'[' => closed_by(b']'),
        b'-' if rest.starts_with(b"--") => {
            let length = rest.iter().position(|byte| *byte == b'\n');
            (Part::Space { closed: true }, length.map_or(text.len(), |length| at + length + 1))
        }
        b'/' if rest.starts_with(b"/*") => {
            match rest[2..].windows(2).position(|pair| pair == b"*/") {
                Some(length) => (Part::Space { closed: true }, at + length + 4),
                None => (Part::Space { closed: false }, text.len()),
            }
        }
        byte if is_word(byte) => {
            let length = rest.iter().take_while(|byte| is_word(**byte)).count();
            (Part::Word, at + length)
        }
        _ => (Part::Other { closed: true }, at + 1),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

/// Where the statement that begins at `at` ends: behind its semicolon, or `None` if it has none.
/// The second is whether there is anything in it but space and comments.
fn end_of_statement(text: &[u8], mut at: usize) -> (Option<usize>, bool) {
    let (mut words, mut is_trigger, mut something) = (0, false, false);
    let mut after_end = false;
    while at < text.len() {
        let begin = at;
        let (what, end) = part(text, at);
        at = end;
        match what {
            Part::Space { closed: true } => continue,
            // A trigger's statements end with semicolons of their own; it ends with `END;`.
            Part::Semicolon if !is_trigger || after_end => return (Some(at), something),
            Part::Semicolon => after_end = false,
            Part::Word => {
                words += 1;
                let word = text[begin..end].to_ascii_lowercase();
                is_trigger |= words <= 3 && word == b"trigger" && starts_with_create(text);
                after_end = is_trigger && word == b"end";
            }
            Part::Space { closed: false } | Part::Other { .. } => after_end = false,
        }
        something |= what != Part::Space { closed: false };
    }
    (None, something)
}

/// Whether the first word is one that defines something.
fn starts_with_create(text: &[u8]) -> bool {
    let word = word_at_start(text).to_ascii_lowercase();
    word == b"create" || word == b"explain"
}

fn word_at_start(text: &[u8]) -> &[u8] {
    let mut at = 0;
    while at < text.len() {
        let (what, end) = part(text, at);
        match what {
            Part::Space { .. } | Part::Semicolon => at = end,
            Part::Word => return &text[at..end],
            Part::Other { .. } => break,
        }
    }
    &[]
}

/// Whether a text ends with a whole statement and its semicolon.
#[pyfunction]
pub(crate) fn is_complete(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut complete) = (0, false);
    while at < bytes.len() {
        match end_of_statement(&bytes[at..], 0) {
            (Some(length), _) => {
                at += length;
                complete = true;
            }
            (None, false) if is_only_closed_space(&bytes[at..]) => return complete,
            (None, _) => return false,
        }
    }
    complete
}

fn is_only_closed_space(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        match part(text, at) {
            (Part::Space { closed: true }, end) => at = end,
            _ => return false,
        }
    }
    true
}

/// The statements of a script, those that are more than space and comments.
#[pyfunction]
pub(crate) fn split(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut at, mut statements) = (0, Vec::new());
    while at < bytes.len() {
        let (length, something) = end_of_statement(&bytes[at..], 0);
        let end = length.map_or(bytes.len(), |length| at + length);
        // A statement ends behind an ASCII character: both ends are borders of characters.
        if something && let Some(statement) = text.get(at..end) {
            statements.push(statement);
        }
        at = end;
    }
    statements
}

/// The first word of a statement, in capitals.
#[pyfunction]
pub(crate) fn first_word(text: &str) -> String {
    String::from_utf8_lossy(word_at_start(text.as_bytes())).to_ascii_uppercase()
}
