//! `to_number`: a number read by PostgreSQL's template patterns.
//!
//! The text and the template are walked side by side, a place of the text for each pattern. What
//! a pattern takes hangs on what was read before it, as in PostgreSQL, quirks included.

use super::number_template::{LocaleSign, Node, Shape, read};
use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::text;
use crate::function::signature::Shape::{Numeric as Decimal, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// A text while a number is read of it.
struct Reader<'r> {
    shape: &'r Shape,
    text: &'r [u8],
    at: usize,
    sign: Option<char>,
    digits: String,
    /// Digits read before and behind the point.
    before: usize,
    behind: usize,
    has_point: bool,
}

impl Reader<'_> {
    fn is_over(&self) -> bool {
        self.at >= self.text.len()
    }

    fn is(&self, byte: u8) -> bool {
        self.text.get(self.at) == Some(&byte)
    }

    /// Takes a sign, if one is there.
    fn take_sign(&mut self) -> bool {
        let sign = match self.text.get(self.at) {
            Some(b'-') => '-',
            Some(b'+') => '+',
            _ => return false,
        };
        self.sign = Some(sign);
        self.at += 1;
        true
    }

    /// A digit or the point.
    fn part(&mut self, is_digit_pattern: bool) {
        if self.is(b' ') {
            self.at += 1;
        }
        if self.is_over() {
            return;
        }
        if self.sign.is_none() && is_digit_pattern && self.before + self.behind == 0 {
            let is_bracket = self.shape.brackets && self.is(b'<');
            if self.shape.sign == LocaleSign::Before || !is_bracket {
                self.take_sign();
            } else {
                self.sign = Some('-');
                self.at += 1;
            }
        }
        if self.is_over() {
            return;
        }
        let mut is_read = false;
        let byte = self.text[self.at];
        if byte.is_ascii_digit() {
            if self.has_point && self.behind == self.shape.behind {
                return;
            }
            self.digits.push(char::from(byte));
            if self.has_point {
                self.behind += 1;
            } else {
                self.before += 1;
            }
            is_read = true;
        } else if self.shape.has_point && !self.has_point && byte == b'.' {
            self.digits.push('.');
            self.has_point = true;
            is_read = true;
        }
        if self.sign.is_none() && self.before + self.behind > 0 {
            self.sign_behind(is_read);
        }
    }

    /// The sign behind the last digit.
    fn sign_behind(&mut self, is_read: bool) {
        if self.shape.sign != LocaleSign::None {
            let next = self.text.get(self.at + 1).filter(|byte| !byte.is_ascii_digit());
            if is_read && next.is_some() {
                self.at += 1;
                // The place of the sign, or that of the digit, is passed over by the caller.
                self.take_sign();
                self.at -= 1;
            }
        } else if !is_read && !self.shape.plus && !self.shape.minus {
            self.take_sign();
        }
    }

    /// Passes over so many letters that say nothing of a number.
    fn pass(&mut self, count: usize) {
        for _ in 0..count {
            let is_data = |byte: &u8| b"0123456789.,+-".contains(byte);
            if self.text.get(self.at).is_none_or(is_data) {
                return;
            }
            self.letter();
        }
    }

    /// Passes over a letter.
    fn letter(&mut self) {
        self.at += 1;
        while self.text.get(self.at).is_some_and(|byte| byte & 0xc0 == 0x80) {
            self.at += 1;
        }
    }

    fn node(&mut self, node: Node) {
        match node {
            Node::Nine | Node::Zero | Node::Point => {
                self.part(node != Node::Point);
                self.at += 1;
            }
            Node::Comma | Node::Group => {
                let is_silent = node == Node::Comma && self.shape.fills_not;
                if !is_silent && self.is(b',') {
                    self.at += 1;
                }
            }
            Node::Currency => self.pass(1),
            Node::Ordinal { .. } => self.pass(2),
            Node::Minus | Node::Plus | Node::Sign => {
                let takes = match node {
                    Node::Minus => self.is(b'-'),
                    Node::Plus => self.is(b'+'),
                    _ => self.is(b'-') || self.is(b'+'),
                };
                if !(takes && self.take_sign()) {
                    self.pass(1);
                }
            }
            Node::Silent => {}
            Node::Literal(_) => self.letter(),
        }
    }
}

fn to_number(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let (source, template) = (text(arguments, 0)?, text(arguments, 1)?);
    if template.is_empty() {
        return Ok(Datum::Null);
    }
    let (shape, nodes) = read(template)?;
    for (is_there, name) in [(shape.exponent, "EEEE"), (shape.roman, "RN")] {
        if is_there {
            return Err(SqlError::unsupported(format!("\"{name}\" not supported for input")));
        }
    }
    let mut reader = Reader {
        shape: &shape,
        text: source.as_bytes(),
        at: 0,
        sign: None,
        digits: String::new(),
        before: 0,
        behind: 0,
        has_point: false,
    };
    for node in nodes {
        if reader.is_over() {
            break;
        }
        reader.node(node);
    }
    let digits = reader.digits.strip_suffix('.').unwrap_or(&reader.digits);
    let number = Numeric::parse(&format!("{}{digits}", reader.sign.unwrap_or(' ')))?;
    let scale = i16::try_from(reader.behind).unwrap_or(i16::MAX);
    let precision = shape.before + shape.moved + reader.behind;
    let precision = u16::try_from(precision).unwrap_or(u16::MAX);
    let number = number.with_modifier(precision, scale)?;
    if !shape.moves {
        return Ok(Datum::Numeric(number));
    }
    let moved = u16::try_from(shape.moved).unwrap_or(u16::MAX);
    Ok(Datum::Numeric(number.mul(&Numeric::new(1, moved))?))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] =
    &[scalar("to_number", &[Text, Text], Decimal, to_number).stable()];
