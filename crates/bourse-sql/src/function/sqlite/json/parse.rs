//! Text to JSON as SQLite takes it: JSON5, with more spellings of numbers that are none.
//!
//! Positions of errors are SQLite's, so the reading goes the way that SQLite's does: a place where
//! a value could stand gives a value, or the mark that stands there instead.

use ecow::EcoString;

use crate::datum::json::Json;

/// How deep values may lie in one another.
const DEPTH_MAX: usize = 1_000;

/// A document, and whether it is JSON without extensions.
pub(super) struct Document {
    pub(super) value: Json,
    pub(super) is_standard: bool,
}

/// The value that a text is; else the place of the first byte that is wrong.
pub(super) fn parse(text: &str) -> Result<Document, usize> {
    let mut parser = Parser { bytes: text.as_bytes(), error: 0, is_standard: true, depth: 0 };
    let (value, mut at) = match parser.value(0) {
        Found::Value(value, at) => (value, at),
        Found::Mark(_, at) => return Err(at),
        Found::End | Found::Wrong => return Err(parser.error),
    };
    at = parser.plain_spaces(at);
    if parser.byte(at) != 0 {
        at = parser.spaces(at);
        if parser.byte(at) != 0 {
            return Err(0);
        }
        parser.is_standard = false;
    }
    Ok(Document { value, is_standard: parser.is_standard })
}

/// What stands where a value could.
enum Found {
    /// A value, and where it ends.
    Value(Json, usize),
    /// One of `}`, `]`, `,` and `:`, and where.
    Mark(u8, usize),
    /// The text ends.
    End,
    /// Nothing of these; the place is noted.
    Wrong,
}

/// Words for numbers that are none.
const WORDS: [(&str, bool); 5] =
    [("inf", true), ("infinity", true), ("nan", false), ("qnan", false), ("snan", false)];

struct Parser<'a> {
    bytes: &'a [u8],
    error: usize,
    is_standard: bool,
    depth: usize,
}

fn is_plain_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether an unquoted key may begin so.
fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn goes_on(byte: u8) -> bool {
    begins_name(byte) || byte.is_ascii_digit()
}

impl Parser<'_> {
    /// The byte at a place; where the text ends there is a NUL.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn wrong(&mut self, at: usize) -> Found {
        self.error = at;
        Found::Wrong
    }

    /// Behind the spaces of JSON.
    fn plain_spaces(&self, mut at: usize) -> usize {
        while is_plain_space(self.byte(at)) {
            at += 1;
        }
        at
    }

    /// Behind the spaces and comments of JSON5.
    fn spaces(&self, mut at: usize) -> usize {
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at += match rest {
                [b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ', ..] => 1,
                [0xc2, 0xa0, ..] => 2,
                [0xe1, 0x9a, 0x80, ..]
                | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
                | [0xe2, 0x81, 0x9f, ..]
                | [0xe3, 0x80, 0x80, ..]
                | [0xef, 0xbb, 0xbf, ..] => 3,
                [b'/', b'*', inside @ ..] => {
                    // The star that opens is none that closes.
                    match inside.windows(2).position(|pair| pair == b"*/") {
                        Some(length) => length + 4,
                        None => return at,
                    }
                }
                [b'/', b'/', inside @ ..] => {
                    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | 0);
                    match inside.iter().position(ends) {
                        Some(length) => length + 3,
                        None => rest.len(),
                    }
                }
                _ => return at,
            };
        }
    }

    fn value(&mut self, at: usize) -> Found {
        let mut at = at;
        loop {
            let byte = self.byte(at);
            match byte {
                0 => return Found::End,
                b'{' => return self.object(at),
                b'[' => return self.array(at),
                b'"' | b'\'' => return self.string(at),
                b'}' | b']' | b',' | b':' => {
                    self.error = at;
                    return Found::Mark(byte, at);
                }
                b'+' | b'-' | b'.' | b'0'..=b'9' => return self.number(at),
                byte if is_plain_space(byte) => at = self.plain_spaces(at),
                0x0b | 0x0c | b'/' | 0xc2 | 0xe1..=0xe3 | 0xef => match self.spaces(at) {
                    after if after > at => {
                        self.is_standard = false;
                        at = after;
                    }
                    _ => return self.wrong(at),
                },
                _ => return self.word(at),
            }
        }
    }

    fn word(&mut self, at: usize) -> Found {
        let rest = &self.bytes[at..];
        let ends = |length: usize| !rest.get(length).is_some_and(u8::is_ascii_alphanumeric);
        let words =
            [("true", Json::Boolean(true)), ("false", Json::Boolean(false)), ("null", Json::Null)];
        for (word, value) in words {
            if rest.starts_with(word.as_bytes()) && ends(word.len()) {
                return Found::Value(value, at + word.len());
            }
        }
        for (word, is_infinite) in WORDS {
            let found = rest.get(..word.len()).is_some_and(|start| {
                start.eq_ignore_ascii_case(word.as_bytes()) && ends(word.len())
            });
            if found {
                self.is_standard = false;
                let value = match is_infinite {
                    true => Json::Number("9e999".into()),
                    false => Json::Null,
                };
                return Found::Value(value, at + word.len());
            }
        }
        self.wrong(at)
    }

    /// Whether a list goes on behind an item: where its next item begins, or where it ends.
    fn behind(&mut self, at: usize, close: u8) -> Result<(bool, usize), Found> {
        let at = self.plain_spaces(at);
        match self.byte(at) {
            b',' => return Ok((true, at + 1)),
            byte if byte == close => return Ok((false, at + 1)),
            _ => {}
        }
        match self.value(at) {
            Found::Mark(b',', at) => Ok((true, at + 1)),
            Found::Mark(byte, at) if byte == close => Ok((false, at + 1)),
            _ => Err(self.wrong(at)),
        }
    }

    fn array(&mut self, at: usize) -> Found {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.wrong(at);
        }
        let mut items = Vec::new();
        let mut next = at + 1;
        let end = loop {
            match self.value(next) {
                Found::Value(item, after) => {
                    items.push(item);
                    match self.behind(after, b']') {
                        Ok((true, after)) => next = after,
                        Ok((false, end)) => break end,
                        Err(found) => return found,
                    }
                }
                Found::Mark(b']', end) => {
                    self.is_standard &= items.is_empty();
                    break end + 1;
                }
                Found::Wrong => return Found::Wrong,
                Found::Mark(..) | Found::End => return self.wrong(next),
            }
        };
        self.depth -= 1;
        Found::Value(Json::Array(items), end)
    }

    fn object(&mut self, at: usize) -> Found {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.wrong(at);
        }
        let mut pairs = Vec::new();
        let mut next = at + 1;
        let end = loop {
            let (key, after) = match self.value(next) {
                Found::Value(Json::Text(key), after) => (key, after),
                Found::Mark(b'}', end) => {
                    self.is_standard &= pairs.is_empty();
                    break end + 1;
                }
                Found::Value(..) => return self.wrong(next),
                other => match self.name(next) {
                    Some(name) => name,
                    None if matches!(other, Found::Wrong) => return Found::Wrong,
                    None => {
                        let at = self.spaces(next);
                        return self.wrong(at);
                    }
                },
            };
            let after = match self.colon(after) {
                Ok(after) => after,
                Err(found) => return found,
            };
            let (value, after) = match self.value(after) {
                Found::Value(value, after) => (value, after),
                Found::Wrong => return Found::Wrong,
                Found::Mark(..) | Found::End => return self.wrong(after),
            };
            pairs.push((key, value));
            match self.behind(after, b'}') {
                Ok((true, after)) => next = after,
                Ok((false, end)) => break end,
                Err(found) => return found,
            }
        };
        self.depth -= 1;
        Found::Value(Json::Object(pairs), end)
    }

    fn colon(&mut self, at: usize) -> Result<usize, Found> {
        let at = self.plain_spaces(at);
        if self.byte(at) == b':' {
            return Ok(at + 1);
        }
        match self.value(at) {
            Found::Mark(b':', at) => Ok(at + 1),
            Found::Wrong => Err(Found::Wrong),
            _ => Err(self.wrong(at)),
        }
    }

    /// A key without quotes.
    fn name(&mut self, at: usize) -> Option<(EcoString, usize)> {
        let at = self.spaces(at);
        let escape = |at: usize| {
            let digits = self.bytes.get(at + 2..at + 6).unwrap_or_default();
            let is_escape = self.byte(at) == b'\\' && self.byte(at + 1) == b'u';
            is_escape && digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit)
        };
        if !begins_name(self.byte(at)) && !escape(at) {
            return None;
        }
        let mut end = at + 1;
        while goes_on(self.byte(end)) && self.spaces(end) == end || escape(end) {
            end += 1;
        }
        self.is_standard = false;
        let text = self.bytes.get(at..end).and_then(|name| std::str::from_utf8(name).ok())?;
        Some((super::unescape::unescaped(text), end))
    }

    fn string(&mut self, at: usize) -> Found {
        let quote = self.byte(at);
        self.is_standard &= quote == b'"';
        let mut end = at + 1;
        loop {
            match self.byte(end) {
                byte if byte == quote => break,
                b'\\' => {
                    end += 1;
                    let Some(length) = self.escape(end) else { return self.wrong(end) };
                    end += length;
                }
                0 => return self.wrong(end),
                byte => {
                    // Such a character is to be escaped, but in JSON5.
                    self.is_standard &= byte > 0x1f;
                    end += 1;
                }
            }
        }
        let inner = self.bytes.get(at + 1..end).and_then(|text| std::str::from_utf8(text).ok());
        match inner {
            Some(text) => Found::Value(Json::Text(super::unescape::unescaped(text)), end + 1),
            None => self.wrong(at),
        }
    }

    /// How long what stands behind a backslash is, if it is an escape.
    fn escape(&mut self, at: usize) -> Option<usize> {
        let hexadecimal = |count: usize| {
            let digits = self.bytes.get(at + 1..at + 1 + count).unwrap_or_default();
            digits.len() == count && digits.iter().all(u8::is_ascii_hexdigit)
        };
        let (is_standard, length) = match self.byte(at) {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => (true, 1),
            b'u' if hexadecimal(4) => (true, 5),
            b'\'' | b'v' | b'\n' => (false, 1),
            b'0' if !self.byte(at + 1).is_ascii_digit() => (false, 1),
            0xe2 if self.byte(at + 1) == 0x80 && matches!(self.byte(at + 2), 0xa8 | 0xa9) => {
                (false, 3)
            }
            b'x' if hexadecimal(2) => (false, 3),
            b'\r' if self.byte(at + 1) == b'\n' => (false, 2),
            b'\r' => (false, 1),
            _ => return None,
        };
        self.is_standard &= is_standard;
        Some(length)
    }

    fn number(&mut self, at: usize) -> Found {
        let (first, second) = (self.byte(at), self.byte(at + 1));
        let is_signed = matches!(first, b'+' | b'-');
        self.is_standard &= first != b'+';
        let digits = at + usize::from(is_signed);
        if first == b'.' && !second.is_ascii_digit() {
            return self.wrong(at);
        }
        if is_signed && !second.is_ascii_digit() && second != b'.' {
            return self.infinity(at);
        }
        if self.byte(digits) == b'0' {
            if matches!(self.byte(digits + 1), b'x' | b'X')
                && self.byte(digits + 2).is_ascii_hexdigit()
            {
                return self.hexadecimal(at, digits + 2);
            }
            if self.byte(digits + 1).is_ascii_digit() {
                return self.wrong(at + 1);
            }
        }
        self.decimal(at, digits)
    }

    fn infinity(&mut self, at: usize) -> Found {
        let word = |from: usize, word: &str| {
            let found = self.bytes.get(from..from + word.len()).unwrap_or_default();
            found.eq_ignore_ascii_case(word.as_bytes())
        };
        if !word(at + 1, "inf") {
            return self.wrong(at);
        }
        let end = at + if word(at + 4, "inity") { 9 } else { 4 };
        let text = if self.byte(at) == b'-' { "-9e999" } else { "9e999" };
        self.is_standard = false;
        Found::Value(Json::Number(text.into()), end)
    }

    fn hexadecimal(&mut self, at: usize, digits: usize) -> Found {
        self.is_standard = false;
        let mut end = digits;
        let mut value = Some(0_u64);
        while self.byte(end).is_ascii_hexdigit() {
            let digit = char::from(self.byte(end)).to_digit(16).unwrap_or(0);
            let fitting = value.filter(|value| value >> 60 == 0);
            value = fitting.map(|value| value * 16 + u64::from(digit));
            end += 1;
        }
        let sign = if self.byte(at) == b'-' { "-" } else { "" };
        let text = value.map_or_else(
            || ecow::eco_format!("{sign}9.0e999"),
            |value| ecow::eco_format!("{sign}{value}"),
        );
        Found::Value(Json::Number(text), end)
    }

    /// Digits with a point and an exponent; JSON5 spares digits beside the point.
    fn decimal(&mut self, at: usize, digits: usize) -> Found {
        let mut text = String::new();
        if self.byte(at) == b'-' {
            text.push('-');
        }
        let (mut end, mut is_real, mut has_exponent) = (digits, false, false);
        // A point that digits stand before, at least.
        let spares = |parser: &Self, end: usize| {
            end >= at + 2 && parser.byte(end - 1) == b'.' && parser.byte(end - 2).is_ascii_digit()
        };
        loop {
            let byte = self.byte(end);
            match byte {
                b'0'..=b'9' => text.push(char::from(byte)),
                b'.' if is_real => return self.wrong(end),
                b'.' => {
                    is_real = true;
                    if !text.ends_with(|c: char| c.is_ascii_digit()) {
                        self.is_standard = false;
                        text.push('0');
                    }
                    text.push('.');
                }
                b'e' | b'E' if has_exponent => return self.wrong(end),
                b'e' | b'E' => {
                    if !self.byte(end - 1).is_ascii_digit() {
                        if !spares(self, end) {
                            return self.wrong(end);
                        }
                        self.is_standard = false;
                        text.push('0');
                    }
                    (is_real, has_exponent) = (true, true);
                    text.push(char::from(byte));
                    if matches!(self.byte(end + 1), b'+' | b'-') {
                        end += 1;
                        text.push(char::from(self.byte(end)));
                    }
                    if !self.byte(end + 1).is_ascii_digit() {
                        return self.wrong(end);
                    }
                }
                _ => break,
            }
            end += 1;
        }
        if !self.byte(end - 1).is_ascii_digit() {
            if !spares(self, end) {
                return self.wrong(end);
            }
            self.is_standard = false;
            text.push('0');
        }
        Found::Value(Json::Number(text.into()), end)
    }
}
