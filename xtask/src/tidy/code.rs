//! Rust source without comments and literals, so that a rule about code is not misled by prose.
//!
//! It is a lexer of five states and no more: line comment, block comment (they nest), string with
//! escapes, raw string, character. Everything blanked becomes spaces of the same number of bytes
//! and newlines stay, so a place in the result is the same place in the source.

/// The source with every comment and literal blanked out.
pub(crate) fn code_only(source: &str) -> String {
    let mut scanner = Scanner { source: source.as_bytes(), code: Vec::new(), at: 0 };
    scanner.code.reserve(source.len());
    while scanner.at < scanner.source.len() {
        scanner.step();
    }
    assert_eq!(scanner.code.len(), source.len(), "blanking keeps every place");
    // Only whole comments and literals are blanked, and they end between characters.
    String::from_utf8_lossy(&scanner.code).into_owned()
}

/// Whether the byte can be part of an identifier.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// The identifiers and keywords of code, each with where it begins.
pub(crate) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = code.as_bytes();
        let start = at + bytes[at..].iter().position(|&byte| is_word_byte(byte))?;
        let length = bytes[start..].iter().position(|&byte| !is_word_byte(byte));
        at = start + length.unwrap_or(bytes.len() - start);
        Some((start, &code[start..at]))
    })
}

/// Line of a place, counted from 1.
pub(crate) fn line_at(code: &str, at: usize) -> usize {
    code[..at].bytes().filter(|&byte| byte == b'\n').count() + 1
}

/// Where the bracket that opens at `open` is closed; the end of the code if it never is.
pub(crate) fn closing_bracket(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'[' => depth += 1,
            b']' if depth <= 1 => return at,
            b']' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

struct Scanner<'a> {
    source: &'a [u8],
    code: Vec<u8>,
    at: usize,
}

impl Scanner<'_> {
    fn step(&mut self) {
        let rest = &self.source[self.at..];
        if rest.starts_with(b"//") {
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            self.blank(length);
        } else if rest.starts_with(b"/*") {
            self.blank(block_comment_length(rest));
        } else if rest[0] == b'"' {
            self.blank(quoted_length(rest, b'"'));
        } else if rest[0] == b'\'' && is_character(rest) {
            self.blank(quoted_length(rest, b'\''));
        } else if is_word_byte(rest[0]) {
            self.word(rest);
        } else {
            self.keep(1);
        }
    }

    /// An identifier, or the letters before a raw string.
    fn word(&mut self, rest: &[u8]) {
        let length = rest.iter().position(|&byte| !is_word_byte(byte)).unwrap_or(rest.len());
        let is_raw_prefix = matches!(&rest[..length], b"r" | b"br" | b"cr");
        self.keep(length);
        if is_raw_prefix && let Some(raw) = raw_string_length(&rest[length..]) {
            self.blank(raw);
        }
    }

    fn keep(&mut self, length: usize) {
        self.code.extend_from_slice(&self.source[self.at..self.at + length]);
        self.at += length;
    }

    fn blank(&mut self, length: usize) {
        let blanked = &self.source[self.at..self.at + length];
        self.code.extend(blanked.iter().map(|&byte| if byte == b'\n' { byte } else { b' ' }));
        self.at += length;
    }
}

fn block_comment_length(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn quoted_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Bytes of `#..#"text"#..#`; `None` when it is something else, a raw identifier for one.
fn raw_string_length(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().take_while(|&&byte| byte == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'#'; hashes + 1];
    end[0] = b'"';
    let body = &rest[hashes + 1..];
    let found = body.windows(end.len()).position(|window| window == end);
    Some(found.map_or(rest.len(), |at| hashes + 1 + at + end.len()))
}

/// Tells a character literal from a lifetime, which has no closing quote.
fn is_character(rest: &[u8]) -> bool {
    let Some(&first) = rest.get(1) else { return false };
    let bytes = match first {
        b'\\' => return true,
        byte if byte < 0x80 => 1,
        byte if byte < 0xE0 => 2,
        byte if byte < 0xF0 => 3,
        _ => 4,
    };
    rest.get(1 + bytes) == Some(&b'\'')
}
