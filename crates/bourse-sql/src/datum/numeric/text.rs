//! Numbers as text.

use std::fmt;

use num_bigint::BigInt;

use super::{Numeric, Repr, overflow, power_of_ten};
use crate::error::{Result, SqlError};

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::NaN => f.write_str("NaN"),
            Repr::Infinity => f.write_str("Infinity"),
            Repr::NegativeInfinity => f.write_str("-Infinity"),
            Repr::Small { coefficient, scale } => {
                write_digits(f, *coefficient < 0, &coefficient.unsigned_abs().to_string(), *scale)
            }
            Repr::Large(large) => {
                let negative = large.coefficient.sign() == num_bigint::Sign::Minus;
                write_digits(f, negative, &large.coefficient.magnitude().to_string(), large.scale)
            }
        }
    }
}

fn write_digits(
    f: &mut fmt::Formatter<'_>,
    negative: bool,
    digits: &str,
    scale: u16,
) -> fmt::Result {
    if negative {
        f.write_str("-")?;
    }
    let scale = usize::from(scale);
    if scale == 0 {
        return f.write_str(digits);
    }
    if digits.len() > scale {
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        return write!(f, "{whole}.{fraction}");
    }
    write!(f, "0.{digits:0>scale$}")
}

impl Numeric {
    /// The number that a text is: PostgreSQL's input of `numeric`.
    ///
    /// # Errors
    /// 22P02 when it is none, 22003 when it has too many digits.
    pub fn parse(text: &str) -> Result<Numeric> {
        let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
        let is = |word: &str| trimmed.eq_ignore_ascii_case(word);
        if is("nan") {
            return Ok(Numeric::NAN);
        }
        if is("infinity") || is("+infinity") || is("inf") || is("+inf") {
            return Ok(Numeric::INFINITY);
        }
        if is("-infinity") || is("-inf") {
            return Ok(Numeric::NEGATIVE_INFINITY);
        }
        Numeric::parse_number(trimmed).map_err(|refusal| match refusal {
            Refusal::Syntax => {
                let message = format!("invalid input syntax for type numeric: \"{text}\"");
                SqlError::new("22P02", message)
            }
            Refusal::Range => overflow(),
        })
    }

    /// `[+-]digits[.digits][e[+-]digits]` and nothing else.
    pub(super) fn parse_number(text: &str) -> std::result::Result<Numeric, Refusal> {
        let (negative, unsigned) = match text.as_bytes() {
            [b'-', ..] => (true, &text[1..]),
            [b'+', ..] => (false, &text[1..]),
            _ => (false, text),
        };
        let end = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
        let (number, exponent) = unsigned.split_at(end);
        let exponent = match exponent.get(1..) {
            None => 0,
            Some(digits) => parse_exponent(digits)?,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(Refusal::Syntax);
        }
        let fraction_digits = i64::try_from(fraction.len()).map_err(|_| Refusal::Range)?;
        // Digits after the point once the exponent has moved it; below zero zeros are added.
        let scale = fraction_digits - exponent;
        let digits = format!("{whole}{fraction}");
        of_digits(negative, &digits, scale)
    }
}

/// Why a text is no number.
#[derive(Debug)]
pub(super) enum Refusal {
    Syntax,
    Range,
}

fn parse_exponent(text: &str) -> std::result::Result<i64, Refusal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::Syntax);
    }
    let value = digits.parse::<i64>().ok().filter(|v| *v < i64::from(i32::MAX) / 2);
    let value = value.ok_or(Refusal::Range)?;
    Ok(if text.starts_with('-') { -value } else { value })
}

fn of_digits(negative: bool, digits: &str, scale: i64) -> std::result::Result<Numeric, Refusal> {
    let trimmed = digits.trim_start_matches('0');
    if trimmed.len() <= 18 && (0..=i64::from(super::SCALE_MAX)).contains(&scale) {
        let magnitude: i64 = if trimmed.is_empty() { Ok(0) } else { trimmed.parse() }
            .map_err(|_| Refusal::Syntax)?;
        let coefficient = if negative { -magnitude } else { magnitude };
        let scale = u16::try_from(scale).map_err(|_| Refusal::Range)?;
        return Ok(Numeric(Repr::Small { coefficient, scale }));
    }
    let whole_digits = i64::try_from(trimmed.len()).map_err(|_| Refusal::Range)? - scale;
    if !trimmed.is_empty() && whole_digits > 131_072 {
        return Err(Refusal::Range); // N3
    }
    let magnitude: BigInt = if trimmed.is_empty() {
        BigInt::ZERO
    } else {
        trimmed.parse().map_err(|_| Refusal::Syntax)?
    };
    let coefficient = if negative { -magnitude } else { magnitude };
    match u32::try_from(scale) {
        Ok(scale) => {
            // Digits past the last one that any number has are cut down at once: 10^excess may be
            // beyond all memory.
            let limit = u32::from(super::SCALE_MAX);
            let digits = u32::try_from(trimmed.len()).map_err(|_| Refusal::Range)?;
            if scale > limit && scale - limit > digits {
                return Ok(Numeric(Repr::Small { coefficient: 0, scale: super::SCALE_MAX }));
            }
            Numeric::from_big(coefficient, scale).map_err(|_| Refusal::Range)
        }
        Err(_) if coefficient == BigInt::ZERO => Ok(Numeric::ZERO),
        Err(_) => {
            let power = u32::try_from(-scale).map_err(|_| Refusal::Range)?;
            Numeric::from_big(coefficient * power_of_ten(power), 0).map_err(|_| Refusal::Range)
        }
    }
}
