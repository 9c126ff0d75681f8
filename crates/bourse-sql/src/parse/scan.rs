//! Where statements end: what must be known of SQL's text before it is parsed.
//!
//! A [`Scanner`] is fed a text piece by piece, as lines come. It knows quotes, comments, dollar
//! quotes and the bodies of triggers, and finds the semicolon that ends a statement.

use crate::Dialect;

/// What the text that was read so far ends within.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Within {
    /// Nothing in particular.
    Text,
    /// A quote, until this character; with backslashes that escape it.
    Quote {
        /// What closes it.
        end: char,
        /// Whether a backslash takes what follows it as it is.
        escapes: bool,
    },
    /// PostgreSQL's `$tag$`, until the tag.
    Dollar(String),
    /// A comment to the end of the line.
    Line,
    /// A comment within `/* */`, so deep.
    Block(u32),
}

/// What kind of text a piece of a line is, for those who color it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A word: a keyword or a name.
    Word,
    /// A constant in quotes.
    Constant,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// Anything else.
    Other,
}

/// Finds the ends of statements.
#[derive(Clone, Debug)]
pub struct Scanner {
    dialect: Dialect,
    within: Within,
    parentheses: u32,
    /// The first words of the statement, in lower case.
    head: Vec<String>,
    /// The word before, in lower case.
    last: String,
    /// Whether a quote that begins here has backslashes that escape: right behind PostgreSQL's `E`.
    is_behind_e: bool,
    has_text: bool,
}

impl Scanner {
    /// One at the beginning of a statement.
    pub fn new(dialect: Dialect) -> Scanner {
        Scanner {
            dialect,
            within: Within::Text,
            parentheses: 0,
            head: Vec::new(),
            last: String::new(),
            is_behind_e: false,
            has_text: false,
        }
    }

    /// What the text ends within.
    pub fn within(&self) -> &Within {
        &self.within
    }

    /// Parentheses that are open.
    pub fn parentheses(&self) -> u32 {
        self.parentheses
    }

    /// Whether a statement has begun.
    pub fn has_text(&self) -> bool {
        self.has_text
    }

    /// Reads on, to the end of a statement at most: where it is, behind its semicolon.
    pub fn feed(&mut self, text: &str) -> Option<usize> {
        self.pieces(text, &mut |_, _, _| {})
    }

    /// As [`Scanner::feed`], and tells `each` the kinds of pieces with where they begin and end.
    pub fn pieces(
        &mut self,
        text: &str,
        each: &mut dyn FnMut(Kind, usize, usize),
    ) -> Option<usize> {
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let (kind, length, ends) = match self.within.clone() {
                Within::Text => self.token(rest),
                Within::Quote { end, escapes } => {
                    (Kind::Constant, self.quote(rest, end, escapes), false)
                }
                Within::Dollar(tag) => (Kind::Constant, self.dollar(rest, &tag), false),
                Within::Line => (Kind::Comment, self.line(rest), false),
                Within::Block(depth) => (Kind::Comment, self.block(rest, depth), false),
            };
            each(kind, at, at + length);
            at += length;
            if ends {
                *self = Scanner::new(self.dialect);
                return Some(at);
            }
        }
        None
    }

    /// The token at the start of `rest`: its kind and length, and whether it ends the statement.
    fn token(&mut self, rest: &str) -> (Kind, usize, bool) {
        let mut letters = rest.chars();
        let Some(first) = letters.next() else { return (Kind::Other, rest.len(), false) };
        let second = letters.next();
        let is_behind_e = std::mem::take(&mut self.is_behind_e);
        if first.is_whitespace() {
            return (Kind::Other, first.len_utf8(), false);
        }
        match (first, second) {
            ('-', Some('-')) => {
                self.within = Within::Line;
                return (Kind::Comment, 2, false);
            }
            ('/', Some('*')) => {
                self.within = Within::Block(1);
                return (Kind::Comment, 2, false);
            }
            _ => self.has_text = true,
        }
        match first {
            '\'' => self.open('\'', is_behind_e),
            '"' => self.open('"', false),
            '`' | '[' if self.dialect == Dialect::Sqlite => {
                self.open(if first == '[' { ']' } else { first }, false)
            }
            '$' if self.dialect == Dialect::Postgres => self.dollar_quote(rest),
            '(' => {
                self.parentheses += 1;
                (Kind::Other, 1, false)
            }
            ')' => {
                self.parentheses = self.parentheses.saturating_sub(1);
                (Kind::Other, 1, false)
            }
            ';' => (Kind::Other, 1, !self.is_trigger() || self.last == "end"),
            first if first.is_ascii_digit() => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
                let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                self.last.clear();
                (Kind::Number, length, false)
            }
            first if first.is_alphabetic() || first == '_' => self.word(rest),
            _ => (Kind::Other, first.len_utf8(), false),
        }
    }

    fn open(&mut self, end: char, escapes: bool) -> (Kind, usize, bool) {
        self.within = Within::Quote { end, escapes };
        self.last.clear();
        (Kind::Constant, 1, false)
    }

    fn word(&mut self, rest: &str) -> (Kind, usize, bool) {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.last = rest[..length].to_lowercase();
        self.is_behind_e = self.dialect == Dialect::Postgres && self.last == "e";
        if self.head.len() < 3 {
            self.head.push(self.last.clone());
        }
        (Kind::Word, length, false)
    }

    fn dollar_quote(&mut self, rest: &str) -> (Kind, usize, bool) {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let length = rest[1..].find(|c| !is_part(c)).map_or(rest.len(), |length| length + 1);
        let is_quote =
            rest[length..].starts_with('$') && !rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if !is_quote {
            return (Kind::Other, length, false);
        }
        self.within = Within::Dollar(rest[..=length].to_owned());
        (Kind::Constant, length + 1, false)
    }

    fn is_trigger(&self) -> bool {
        let mut words = self.head.iter().map(String::as_str);
        words.next() == Some("create")
            && match words.next() {
                Some("trigger") => true,
                Some("temp" | "temporary") => words.next() == Some("trigger"),
                _ => false,
            }
    }

    /// The rest of a quote. One that is doubled is read as two that follow one another.
    fn quote(&mut self, rest: &str, end: char, escapes: bool) -> usize {
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter == end {
                self.within = Within::Text;
                // `E'a''b'` goes on with its escapes.
                self.is_behind_e = escapes;
                return at + letter.len_utf8();
            }
            if escapes && letter == '\\' {
                letters.next();
            }
        }
        rest.len()
    }

    fn dollar(&mut self, rest: &str, tag: &str) -> usize {
        match rest.find(tag) {
            Some(at) => {
                self.within = Within::Text;
                at + tag.len()
            }
            None => rest.len(),
        }
    }

    fn line(&mut self, rest: &str) -> usize {
        match rest.find('\n') {
            Some(at) => {
                self.within = Within::Text;
                at + 1
            }
            None => rest.len(),
        }
    }

    /// The rest of a comment, or as far as its depth stays the same.
    fn block(&mut self, rest: &str, depth: u32) -> usize {
        let closes = rest.find("*/");
        // SQLite's do not nest.
        let opens = rest.find("/*").filter(|_| self.dialect == Dialect::Postgres);
        match (opens, closes) {
            (Some(opens), closes) if closes.is_none_or(|closes| opens < closes) => {
                self.within = Within::Block(depth + 1);
                opens + 2
            }
            (_, Some(closes)) => {
                self.within = if depth == 1 { Within::Text } else { Within::Block(depth - 1) };
                closes + 2
            }
            _ => rest.len(),
        }
    }
}
