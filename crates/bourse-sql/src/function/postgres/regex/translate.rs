//! PostgreSQL's advanced regular expressions in the words of the library that runs them.
//!
//! | THERE | HERE |
//! |---|---|
//! | `\m`, `\M`, `\y`, `\Y` | word boundaries |
//! | `[[:<:]]`, `[[:>:]]` | the same |
//! | `\d`, `\s`, `\w` | ASCII's, as in the locale `C` |
//! | `\B` | a backslash |
//! | `{` before no digit | itself |
//! | `.`, `[^...]` | match a newline unless a flag says otherwise |
//! | `a*+` | an error there, possessive here |

use super::matcher::Flags;
use crate::error::{Result, SqlError};

/// A pattern in the library's words, and what of it decides which match is chosen.
pub(super) struct Translated {
    pub(super) pattern: String,
    /// There is a `|`: the longest match is wanted.
    pub(super) has_alternatives: bool,
    /// There are greedy and non-greedy parts, between which PostgreSQL has rules of its own.
    pub(super) is_mixed: bool,
}

const BOUNDARY: &str = "(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))";
const NO_BOUNDARY: &str = "(?!(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))";

struct Translator<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    flags: Flags,
    out: String,
    has_alternatives: bool,
    greedy: bool,
    lazy: bool,
    /// Parentheses that are open, with the numbers of those that capture.
    open: Vec<Option<usize>>,
    /// Whether each of those that capture is closed.
    closed: Vec<bool>,
    /// Whether something precedes that can be repeated.
    has_atom: bool,
}

fn invalid(message: &str) -> SqlError {
    SqlError::new("2201B", format!("invalid regular expression: {message}"))
}

fn unbalanced() -> SqlError {
    invalid("parentheses () not balanced")
}

/// A pattern under its flags.
pub(super) fn translate(pattern: &str, mut flags: Flags) -> Result<Translated> {
    let mut pattern = pattern;
    if let Some(rest) = pattern.strip_prefix("***:") {
        pattern = rest;
    } else if let Some(rest) = pattern.strip_prefix("***=") {
        (pattern, flags.literal) = (rest, true);
    } else if pattern.starts_with("***") {
        return Err(invalid("invalid regexp (reg version 0.8)"));
    }
    if !flags.literal
        && let Some(rest) = pattern.strip_prefix("(?")
        && let Some((letters, rest)) = rest.split_once(')')
        && !letters.is_empty()
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        letters.chars().try_for_each(|letter| flags.set(letter))?;
        pattern = rest;
    }
    let mut out = String::from("(?");
    out.push_str(if flags.ignore_case { "i" } else { "" });
    out.push_str(if flags.lines { "m" } else { "" });
    out.push_str(if flags.not_newline { "" } else { "s" });
    if out.len() == 2 {
        out.clear();
    } else {
        out.push(')');
    }
    if flags.literal {
        out.push_str(&fancy_regex::escape(pattern));
        return Ok(Translated { pattern: out, has_alternatives: false, is_mixed: false });
    }
    let mut translator = Translator {
        rest: pattern.chars().peekable(),
        flags,
        out,
        has_alternatives: false,
        greedy: false,
        lazy: false,
        open: Vec::new(),
        closed: Vec::new(),
        has_atom: false,
    };
    while let Some(c) = translator.rest.next() {
        translator.character(c)?;
    }
    if !translator.open.is_empty() {
        return Err(unbalanced());
    }
    let Translator { out: pattern, has_alternatives, greedy, lazy, .. } = translator;
    Ok(Translated { pattern, has_alternatives, is_mixed: lazy && (greedy || has_alternatives) })
}

impl Translator<'_> {
    fn literal(&mut self, c: char) {
        let mut buffer = [0; 4];
        self.out.push_str(&fancy_regex::escape(c.encode_utf8(&mut buffer)));
        self.has_atom = true;
    }

    fn character(&mut self, c: char) -> Result<()> {
        match c {
            '\\' => self.escape()?,
            '[' => self.brackets()?,
            '(' => self.open()?,
            ')' => {
                if let Some(group) = self.open.pop().ok_or_else(unbalanced)? {
                    self.closed[group] = true;
                }
                self.out.push(')');
                self.has_atom = true;
            }
            '|' => {
                self.has_alternatives = true;
                self.out.push('|');
                self.has_atom = false;
            }
            '*' | '+' | '?' => self.quantifier(c)?,
            '{' if self.rest.peek().is_some_and(char::is_ascii_digit) => self.bound()?,
            '{' | '}' | ']' | '#' | '&' | '~' | '-' => self.literal(c),
            '^' | '$' => {
                self.out.push(c);
                self.has_atom = false;
            }
            ' ' | '\t' | '\n' | '\r' if self.flags.expanded => {}
            '.' => {
                self.out.push('.');
                self.has_atom = true;
            }
            c => self.literal(c),
        }
        if self.flags.expanded && c == '#' {
            return Err(SqlError::unsupported("comments in regular expressions"));
        }
        Ok(())
    }

    fn open(&mut self) -> Result<()> {
        self.out.push('(');
        self.has_atom = false;
        if self.rest.next_if_eq(&'?').is_none() {
            self.open.push(Some(self.closed.len()));
            self.closed.push(false);
            return Ok(());
        }
        self.open.push(None);
        self.out.push('?');
        match self.rest.next() {
            Some(c @ (':' | '=' | '!')) => self.out.push(c),
            Some('<') => match self.rest.next() {
                Some(c @ ('=' | '!')) => {
                    self.out.push('<');
                    self.out.push(c);
                }
                _ => return Err(invalid("quantifier operand invalid")),
            },
            _ => return Err(invalid("quantifier operand invalid")),
        }
        Ok(())
    }

    fn quantifier(&mut self, c: char) -> Result<()> {
        if !self.has_atom {
            return Err(invalid("quantifier operand invalid"));
        }
        self.out.push(c);
        self.after_quantifier();
        Ok(())
    }

    /// `?` makes it take as little as it can; it cannot be repeated itself.
    fn after_quantifier(&mut self) {
        if self.rest.next_if_eq(&'?').is_some() {
            self.out.push('?');
            self.lazy = true;
        } else {
            self.greedy = true;
        }
        self.has_atom = false;
    }

    fn number(&mut self) -> Result<Option<u32>> {
        let mut number = None;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            self.rest.next();
            let value: u32 = number.unwrap_or(0) * 10 + digit;
            if value > 255 {
                return Err(invalid("invalid repetition count(s)"));
            }
            number = Some(value);
        }
        Ok(number)
    }

    fn bound(&mut self) -> Result<()> {
        if !self.has_atom {
            return Err(invalid("quantifier operand invalid"));
        }
        let least = self.number()?.unwrap_or(0);
        let most = match self.rest.next_if_eq(&',') {
            Some(_) => self.number()?,
            None => Some(least),
        };
        if self.rest.next() != Some('}') {
            return Err(invalid("braces {} not balanced"));
        }
        match most {
            Some(most) if most < least => return Err(invalid("invalid repetition count(s)")),
            Some(most) => self.out.push_str(&format!("{{{least},{most}}}")),
            None => self.out.push_str(&format!("{{{least},}}")),
        }
        // A fixed count has no preference of its own.
        if most == Some(least) && self.rest.peek() != Some(&'?') {
            self.has_atom = false;
        } else {
            self.after_quantifier();
        }
        Ok(())
    }

    fn hexadecimal(&mut self, most: usize) -> Result<char> {
        let mut digits = String::new();
        while digits.len() < most
            && let Some(c) = self.rest.next_if(char::is_ascii_hexdigit)
        {
            digits.push(c);
        }
        // What is no character is in no text, like the last one.
        let code = u32::from_str_radix(&digits, 16).ok().filter(|code| *code < 0x7FFF_FFFF);
        let character = code.map(|code| char::from_u32(code).unwrap_or(char::MAX));
        character.ok_or_else(|| invalid("invalid escape \\ sequence"))
    }

    /// A group that was matched before, by its number. Several digits that are none's are a
    /// character.
    fn back_reference(&mut self, first: char) -> Result<bool> {
        let digits: String = self.rest.clone().take_while(char::is_ascii_digit).collect();
        let number: usize = format!("{first}{digits}").parse().unwrap_or(usize::MAX);
        if !digits.is_empty() && number > self.closed.len() {
            return Ok(false);
        }
        if self.closed.get(number - 1) != Some(&true) {
            return Err(invalid("invalid backreference number"));
        }
        for _ in digits.chars() {
            self.rest.next();
        }
        self.out.push_str(&format!("\\{number}(?:)"));
        self.has_atom = true;
        Ok(true)
    }

    /// Up to three digits, of which the first was read; the last one only where it fits in a byte.
    fn octal(&mut self, first: char) -> char {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let digit = self.rest.peek().and_then(|c| c.to_digit(8));
            let Some(next) = digit.map(|digit| code * 8 + digit).filter(|code| *code <= 255) else {
                break;
            };
            self.rest.next();
            code = next;
        }
        char::from_u32(code).unwrap_or('\0')
    }

    /// The character that an escape stands for, if it is one.
    fn escaped_character(&mut self, c: char) -> Result<Option<char>> {
        Ok(Some(match c {
            'a' => '\x07',
            'b' => '\x08',
            'B' => '\\',
            'c' => {
                let of = self.rest.next().ok_or_else(|| invalid("invalid escape \\ sequence"))?;
                char::from_u32(u32::from(of) & 31).unwrap_or('\0')
            }
            'e' => '\x1b',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.hexadecimal(4)?,
            'U' => self.hexadecimal(8)?,
            'v' => '\x0b',
            'x' => self.hexadecimal(255)?,
            '0'..='7' => self.octal(c),
            c if !c.is_ascii_alphanumeric() => c,
            _ => return Ok(None),
        }))
    }

    fn escape(&mut self) -> Result<()> {
        let c = self.rest.next().ok_or_else(|| invalid("invalid escape \\ sequence"))?;
        let (translated, is_atom) = match c {
            'd' => ("[0-9]", true),
            'D' => ("[^0-9]", true),
            's' => ("[\\t-\\r ]", true),
            'S' => ("[^\\t-\\r ]", true),
            'w' => ("[0-9A-Za-z_]", true),
            'W' => ("[^0-9A-Za-z_]", true),
            'm' => ("(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])", false),
            'M' => ("(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])", false),
            'y' => (BOUNDARY, false),
            'Y' => (NO_BOUNDARY, false),
            'A' => ("\\A", false),
            'Z' => ("\\z", false),
            '1'..='9' if self.back_reference(c)? => return Ok(()),
            _ => {
                let escaped = self.escaped_character(c)?;
                let escaped = escaped.ok_or_else(|| invalid("invalid escape \\ sequence"))?;
                self.literal(escaped);
                return Ok(());
            }
        };
        self.out.push_str(translated);
        self.has_atom = is_atom;
        Ok(())
    }

    /// What stands in brackets; all that the library has a meaning for and PostgreSQL has not is
    /// escaped.
    fn brackets(&mut self) -> Result<()> {
        let unbalanced = || invalid("brackets [] not balanced");
        let ahead: String = self.rest.clone().take(6).collect();
        if ahead == "[:<:]]" || ahead == "[:>:]]" {
            self.rest.nth(5);
            self.out.push_str(match ahead.as_str() {
                "[:<:]]" => "(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])",
                _ => "(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])",
            });
            self.has_atom = false;
            return Ok(());
        }
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
            if self.flags.not_newline {
                self.out.push_str("\\n");
            }
        }
        let mut first = true;
        loop {
            let c = self.rest.next().ok_or_else(unbalanced)?;
            match c {
                ']' if !first => break,
                '[' if matches!(self.rest.peek(), Some(':' | '.' | '=')) => self.class()?,
                '\\' => self.escape_in_brackets()?,
                '-' if !first && self.rest.peek() != Some(&']') => self.out.push('-'),
                c if c.is_ascii_punctuation() => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                c => self.out.push(c),
            }
            first = false;
        }
        self.out.push(']');
        self.has_atom = true;
        Ok(())
    }

    fn escape_in_brackets(&mut self) -> Result<()> {
        let c = self.rest.next().ok_or_else(|| invalid("invalid escape \\ sequence"))?;
        match c {
            'd' => self.out.push_str("0-9"),
            's' => self.out.push_str("\\t-\\r "),
            'w' => self.out.push_str("0-9A-Za-z_"),
            '1'..='9' if !self.rest.peek().is_some_and(char::is_ascii_digit) => {
                return Err(invalid("invalid escape \\ sequence"));
            }
            _ => {
                let escaped = self.escaped_character(c)?;
                let escaped = escaped.ok_or_else(|| invalid("invalid escape \\ sequence"))?;
                if escaped.is_ascii_punctuation() {
                    self.out.push('\\');
                }
                self.out.push(escaped);
            }
        }
        Ok(())
    }

    /// `[:alpha:]`; single characters of `[.x.]` and `[=x=]`.
    fn class(&mut self) -> Result<()> {
        let kind = self.rest.next().unwrap_or(':');
        let mut name = String::new();
        loop {
            let c = self.rest.next().ok_or_else(|| invalid("brackets [] not balanced"))?;
            if c == kind && self.rest.next_if_eq(&']').is_some() {
                break;
            }
            name.push(c);
        }
        #[rustfmt::skip]
        const NAMES: [&str; 13] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print",
            "punct", "space", "upper", "xdigit",
        ];
        if kind == ':' && name == "word" {
            self.out.push_str("0-9A-Za-z_");
        } else if kind == ':' && NAMES.contains(&name.as_str()) {
            self.out.push_str(&format!("[:{name}:]"));
        } else if kind != ':' && name.chars().count() == 1 {
            self.out.push_str(&fancy_regex::escape(&name));
        } else if kind == ':' {
            return Err(invalid("invalid character class"));
        } else {
            return Err(invalid("invalid collating element"));
        }
        Ok(())
    }
}
