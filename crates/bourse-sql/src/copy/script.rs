//! Scripts as psql runs and pg_dump writes them: the lines behind a COPY FROM STDIN are its data.

use crate::Dialect;
use crate::parse::scan::{Kind, Scanner};

/// A part of a script.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Part<'t> {
    /// Statements.
    Statements(&'t str),
    /// A COPY FROM STDIN, and the lines behind it up to the one that is `\.`.
    Copy {
        /// The statement, without its semicolon.
        statement: &'t str,
        /// The data.
        data: &'t str,
    },
}

/// The parts of a script.
pub(crate) fn parts(text: &str, dialect: Dialect) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut begin, mut at) = (0, 0);
    // Nothing is looked for where there is nothing to find.
    let may_have = |word: &[u8]| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
    };
    if may_have(b"copy") && may_have(b"stdin") {
        let mut scanner = Scanner::new(dialect);
        while let Some(length) = scanner.feed(&text[at..]) {
            let end = at + length;
            let statement = &text[at..end - 1];
            if !takes_data(statement, dialect) {
                at = end;
                continue;
            }
            if text[begin..at].trim() != "" {
                parts.push(Part::Statements(&text[begin..at]));
            }
            // What stands behind the semicolon in its line is no data.
            let data = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
            let (length, next) = data_end(&text[data..]);
            parts.push(Part::Copy { statement, data: &text[data..data + length] });
            begin = data + next;
            at = begin;
        }
    }
    if parts.is_empty() || text[begin..].trim() != "" {
        parts.push(Part::Statements(&text[begin..]));
    }
    parts
}

/// How long data are, and where behind their last line the script goes on.
fn data_end(text: &str) -> (usize, usize) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end_matches(['\n', '\r']) == "\\." {
            return (at, at + line.len());
        }
        at += line.len();
    }
    (at, at)
}

/// Whether a statement is COPY ... FROM STDIN, behind which data stand.
pub fn takes_data(statement: &str, dialect: Dialect) -> bool {
    let (mut first, mut before) = (None, "");
    let (mut depth, mut found) = (0_i32, false);
    Scanner::new(dialect).pieces(statement, &mut |kind, from, to| {
        let piece = &statement[from..to];
        match (kind, piece) {
            (Kind::Other, "(") => depth += 1,
            (Kind::Other, ")") => depth -= 1,
            (Kind::Word, word) if depth == 0 => {
                first.get_or_insert(word);
                let is_client = ["stdin", "stdout"].iter().any(|c| word.eq_ignore_ascii_case(c));
                found |= is_client && before.eq_ignore_ascii_case("from");
                before = word;
            }
            _ => {}
        }
    });
    found && first.is_some_and(|word| word.eq_ignore_ascii_case("copy"))
}
