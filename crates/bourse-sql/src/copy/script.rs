//! Scripts as psql runs and pg_dump writes them: the lines behind a COPY FROM STDIN are its data.

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
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut begin, mut at) = (0, 0);
    // Nothing is looked for where there is nothing to find.
    let may_have = |word: &[u8]| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
    };
    if may_have(b"copy") && may_have(b"stdin") {
        while let Some(end) = statement_end(text, at) {
            let statement = &text[at..end];
            if !takes_data(statement) {
                at = end + 1;
                continue;
            }
            if text[begin..at].trim() != "" {
                parts.push(Part::Statements(&text[begin..at]));
            }
            // What stands behind the semicolon in its line is no data.
            let after = &text[end..];
            let data = after.find('\n').map_or(text.len(), |newline| end + newline + 1);
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

/// Where the statement that begins at a place has its semicolon; none at the end of the text.
fn statement_end(text: &str, begin: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = begin;
    while let Some(byte) = bytes.get(at).copied() {
        let rest = &text[at..];
        at += match byte {
            b';' => return Some(at),
            b'\'' | b'"' => quoted(rest.as_bytes(), bytes[..at].last().copied()),
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => comment(rest.as_bytes()),
            b'$' => dollars(rest).unwrap_or(1),
            // A byte of a longer character has none of these values.
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    None
}

/// How long what is in quotes is; behind E backslashes mean something.
fn quoted(text: &[u8], before: Option<u8>) -> usize {
    let quote = text[0];
    let has_escapes = quote == b'\'' && matches!(before, Some(b'e' | b'E'));
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' if has_escapes => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// How long a comment is: they nest.
fn comment(text: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1_usize);
    while depth > 0 && at < text.len() {
        match text[at..] {
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
            }
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    at.min(text.len())
}

/// How long what is between dollars is.
fn dollars(text: &str) -> Option<usize> {
    let tag_end = text[1..].find('$')? + 2;
    let tag = &text[..tag_end];
    let inner = &tag[1..tag_end - 1];
    let is_tag = inner.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !inner.starts_with(|c: char| c.is_ascii_digit());
    if !is_tag {
        return None;
    }
    let end = text[tag_end..].find(tag)?;
    Some(tag_end + end + tag.len())
}

/// Whether a statement is COPY ... FROM STDIN.
fn takes_data(statement: &str) -> bool {
    let without_comments = strip_comments(statement);
    let mut words = without_comments.split_ascii_whitespace();
    let is = |word: Option<&str>, name: &str| word.is_some_and(|w| w.eq_ignore_ascii_case(name));
    if !is(words.next(), "copy") {
        return false;
    }
    let words: Vec<&str> = words.collect();
    words.windows(2).any(|pair| {
        // Options may follow without a space: STDIN(FORMAT csv).
        let client = pair[1].split('(').next();
        pair[0].eq_ignore_ascii_case("from") && (is(client, "stdin") || is(client, "stdout"))
    })
}

/// A statement from its first word on.
fn strip_comments(statement: &str) -> &str {
    let mut rest = statement.trim_start();
    loop {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest.as_bytes())
        } else {
            return rest;
        };
        rest = rest[length..].trim_start();
    }
}
