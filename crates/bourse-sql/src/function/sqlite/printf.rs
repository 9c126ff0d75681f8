//! SQLite's `printf` and `format`.

use super::float::{Style, write as write_float};
use super::strings::{quoted, until_nul};
use super::values::as_text;
use super::{BYTES_MAX, too_big};
use crate::datum::Datum;
use crate::error::Result;
use crate::function::cast::sqlite::{to_integer, to_real};
use crate::function::signature::Shape::Any;
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// What stands between `%` and the letter.
#[derive(Clone, Copy, Default)]
struct Conversion {
    left: bool,
    sign: Option<char>,
    zero: bool,
    alternate: bool,
    exact: bool,
    thousands: bool,
    width: usize,
    precision: Option<usize>,
}

struct Writer<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    arguments: std::slice::Iter<'a, Datum>,
    out: String,
}

impl Writer<'_> {
    fn next(&mut self) -> Datum {
        self.arguments.next().cloned().unwrap_or(Datum::Null)
    }

    fn number(&mut self) -> usize {
        let mut number = 0_usize;
        while let Some(digit) = self.rest.peek().and_then(|c| c.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(usize::try_from(digit).unwrap_or(0));
            self.rest.next();
        }
        number
    }

    fn conversion(&mut self) -> Conversion {
        let mut conversion = Conversion::default();
        while let Some(flag) = self.rest.next_if(|c| "-+ #!0,".contains(*c)) {
            match flag {
                '-' => conversion.left = true,
                '+' => conversion.sign = Some('+'),
                ' ' if conversion.sign.is_none() => conversion.sign = Some(' '),
                '#' => conversion.alternate = true,
                '!' => conversion.exact = true,
                '0' => conversion.zero = true,
                ',' => conversion.thousands = true,
                _ => {}
            }
        }
        if self.rest.next_if_eq(&'*').is_some() {
            let width = self.small();
            conversion.left |= width < 0;
            conversion.width = size(width).unwrap_or(0);
        } else {
            conversion.width = self.number();
        }
        if self.rest.next_if_eq(&'.').is_some() {
            conversion.precision = match self.rest.next_if_eq(&'*') {
                Some(_) => size(self.small()),
                None => Some(self.number()),
            };
        }
        while self.rest.next_if(|c| *c == 'l' || *c == 'h').is_some() {}
        conversion
    }

    /// The next argument as a width: its last 32 bits count.
    fn small(&mut self) -> i32 {
        let [a, b, c, d, ..] = to_integer(&self.next()).to_le_bytes();
        i32::from_le_bytes([a, b, c, d])
    }

    /// Pads to the width; zeros go between sign and digits.
    fn pad(&mut self, prefix: &str, body: &str, conversion: Conversion, zeros: bool) -> Result<()> {
        // Widths count bytes, with `!` characters.
        let length = match conversion.exact {
            true => prefix.len() + body.chars().count(),
            false => prefix.len() + body.len(),
        };
        let missing = conversion.width.saturating_sub(length);
        if missing > BYTES_MAX {
            return Err(too_big());
        }
        if zeros && !conversion.left {
            self.out.push_str(prefix);
            self.out.push_str(&"0".repeat(missing));
            self.out.push_str(body);
        } else if conversion.left {
            self.out.push_str(prefix);
            self.out.push_str(body);
            self.out.push_str(&" ".repeat(missing));
        } else {
            self.out.push_str(&" ".repeat(missing));
            self.out.push_str(prefix);
            self.out.push_str(body);
        }
        Ok(())
    }

    fn integer(&mut self, letter: char, conversion: Conversion) -> Result<()> {
        let value = to_integer(&self.next());
        let unsigned = value.cast_unsigned();
        let (prefix, mut digits) = match letter {
            'd' | 'i' => {
                let sign = if value < 0 {
                    "-".to_owned()
                } else {
                    conversion.sign.map_or(String::new(), String::from)
                };
                (sign, value.unsigned_abs().to_string())
            }
            'x' => (alternate(conversion, unsigned, "0x"), format!("{unsigned:x}")),
            'X' => (alternate(conversion, unsigned, "0X"), format!("{unsigned:X}")),
            'p' => (alternate(conversion, unsigned, "0x"), format!("{unsigned:X}")),
            'o' => (alternate(conversion, unsigned, "0"), format!("{unsigned:o}")),
            _ => (String::new(), unsigned.to_string()),
        };
        let least = conversion.precision.unwrap_or(1).min(BYTES_MAX);
        let least = match conversion.zero && !conversion.left {
            true => least.max(conversion.width.saturating_sub(prefix.len())),
            false => least,
        };
        if digits.len() < least {
            digits = format!("{digits:0>least$}");
        }
        if conversion.thousands && matches!(letter, 'd' | 'i' | 'u') {
            digits = with_commas(&digits);
        }
        self.pad(&prefix, &digits, conversion, false)
    }

    fn float(&mut self, letter: char, conversion: Conversion) -> Result<()> {
        let value = to_real(&self.next());
        let precision = conversion.precision.unwrap_or(6).min(100_000_000);
        let style = Style {
            alternate: conversion.alternate,
            exact: conversion.exact,
            thousands: conversion.thousands,
            upper: letter.is_ascii_uppercase(),
        };
        let kind = u8::try_from(letter.to_ascii_lowercase()).unwrap_or(b'f');
        let precision = i32::try_from(precision).unwrap_or(i32::MAX);
        let (negative, text) = write_float(value, kind, precision, style);
        let prefix = if negative {
            "-".to_owned()
        } else {
            conversion.sign.map_or(String::new(), String::from)
        };
        if value.is_infinite() && conversion.zero {
            // With zeros before it infinity is written as the number that it is read from.
            let zeros = "0".repeat(usize::try_from(precision).unwrap_or(0));
            let point = if zeros.is_empty() { "" } else { "." };
            let shown = match kind {
                b'f' => format!("9{}{point}{zeros}", "0".repeat(999)),
                b'e' => format!("9{point}{zeros}e+999"),
                _ => "9e+999".to_owned(),
            };
            return self.pad(&prefix, &shown, conversion, true);
        }
        self.pad(&prefix, &text, conversion, conversion.zero)
    }

    fn text(&mut self, letter: char, conversion: Conversion) -> Result<()> {
        let value = self.next();
        let cut = |text: &str| match conversion.precision {
            Some(most) if conversion.exact => text.chars().take(most).collect::<String>(),
            Some(most) => {
                let fits = |at: &usize| text.is_char_boundary(*at);
                let end = (0..=most.min(text.len())).rev().find(fits).unwrap_or(0);
                text[..end].to_owned()
            }
            None => text.to_owned(),
        };
        let body = match letter {
            'c' => {
                let first = as_text(&value).chars().next().unwrap_or('\0');
                let count = conversion.precision.unwrap_or(1).clamp(1, BYTES_MAX);
                String::from(first).repeat(count)
            }
            'Q' if value.is_null() => "NULL".to_owned(),
            'q' if value.is_null() => cut("(NULL)"),
            'w' if value.is_null() => cut("(NULL)"),
            'q' => cut(&until_nul(&as_text(&value))).replace('\'', "''"),
            'Q' => quoted(&Datum::Text(cut(&until_nul(&as_text(&value))).into())).to_string(),
            'w' => cut(&until_nul(&as_text(&value))).replace('"', "\"\""),
            _ => cut(&until_nul(&as_text(&value))),
        };
        // The width of a character counts characters.
        let exact = conversion.exact || letter == 'c';
        self.pad("", &body, Conversion { exact, ..conversion }, false)
    }
}

/// How much a width asks for, whatever its sign; the least one has no size.
fn size(width: i32) -> Option<usize> {
    usize::try_from(width.checked_abs()?).ok()
}

fn alternate(conversion: Conversion, value: u64, prefix: &str) -> String {
    if conversion.alternate && value != 0 { prefix.to_owned() } else { String::new() }
}

fn with_commas(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn format(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let Some(template) = arguments.first().filter(|template| !template.is_null()) else {
        return Ok(Datum::Null);
    };
    // It is a text of C, and what nothing was written to is NULL.
    let template = until_nul(&as_text(template));
    if template.is_empty() {
        return Ok(Datum::Null);
    }
    let mut writer = Writer {
        rest: template.chars().peekable(),
        arguments: arguments[1..].iter(),
        out: String::new(),
    };
    while let Some(c) = writer.rest.next() {
        if c != '%' {
            writer.out.push(c);
            continue;
        }
        if writer.rest.peek().is_none() {
            writer.out.push('%');
            break;
        }
        let conversion = writer.conversion();
        match writer.rest.next() {
            Some('%') => writer.pad("", "%", conversion, false)?,
            Some(letter @ ('d' | 'i' | 'u' | 'x' | 'X' | 'p' | 'o')) => {
                writer.integer(letter, conversion)?;
            }
            Some(letter @ ('f' | 'e' | 'E' | 'g' | 'G')) => writer.float(letter, conversion)?,
            Some(letter @ ('s' | 'z' | 'c' | 'q' | 'Q' | 'w')) => {
                writer.text(letter, conversion)?
            }
            Some('n') => {}
            // What is no conversion ends the text; an empty one is NULL then.
            _ if writer.out.is_empty() => return Ok(Datum::Null),
            _ => break,
        }
        if writer.out.len() > BYTES_MAX {
            return Err(too_big());
        }
    }
    Ok(Datum::Text(writer.out.into()))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("printf", &[Any], Any, format).called_on_null().variadic(),
    scalar("format", &[Any], Any, format).called_on_null().variadic(),
];
