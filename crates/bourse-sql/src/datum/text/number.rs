//! Integers and floating point numbers as text.

use ecow::{EcoString, eco_format};

use super::invalid;
use crate::datum::Datum;
use crate::error::{Result, SqlError};

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\x0b'
}

/// An integer within bounds: digits with a sign, spaces around it.
pub(super) fn integer(text: &str, ty: &str, least: i64, greatest: i64) -> Result<Datum> {
    match parse_integer(text) {
        Some(Some(value)) if (least..=greatest).contains(&value) => Ok(Datum::Integer(value)),
        None if fits(text, least, greatest) => Err(invalid(ty, text)),
        _ => {
            let message = format!("value \"{text}\" is out of range for type {ty}");
            Err(SqlError::new("22003", message))
        }
    }
}

/// Whether the digits that a text begins with are within bounds: PostgreSQL stops reading where
/// they are not, whatever follows.
fn fits(text: &str, least: i64, greatest: i64) -> bool {
    let trimmed = text.trim_start_matches(is_space);
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number = &trimmed[..trimmed.len() - digits.len() + end];
    end == 0 || number.parse().is_ok_and(|number| (least..=greatest).contains(&number))
}

/// The integer that a text is; `Some(None)` if it is one that is too long.
pub(crate) fn parse_integer(text: &str) -> Option<Option<i64>> {
    let trimmed = text.trim_matches(is_space);
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| trimmed.parse().ok())
}

/// A double: PostgreSQL's input.
pub(crate) fn parse_double(text: &str) -> Result<f64> {
    let trimmed = text.trim_matches(is_space);
    let value = parse_float(trimmed).ok_or_else(|| invalid("double precision", text))?;
    let out =
        (value.is_infinite() && is_finite_text(trimmed)) || is_underflow(value == 0.0, trimmed);
    if out {
        let message = format!("\"{trimmed}\" is out of range for type double precision");
        return Err(SqlError::new("22003", message));
    }
    Ok(value)
}

/// A real: PostgreSQL's input.
pub(super) fn parse_real(text: &str) -> Result<f32> {
    let trimmed = text.trim_matches(is_space);
    let wide = parse_float(trimmed).ok_or_else(|| invalid("real", text))?;
    #[expect(clippy::cast_possible_truncation, reason = "a hexadecimal number is short")]
    let value = trimmed.parse::<f32>().unwrap_or(wide as f32);
    let out =
        (value.is_infinite() && is_finite_text(trimmed)) || is_underflow(value == 0.0, trimmed);
    if out {
        return Err(SqlError::new("22003", format!("\"{trimmed}\" is out of range for type real")));
    }
    Ok(value)
}

fn parse_float(trimmed: &str) -> Option<f64> {
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let is_word = ["nan", "inf", "infinity"].iter().any(|w| unsigned.eq_ignore_ascii_case(w));
    let is_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if !is_word && !is_number {
        return None;
    }
    match unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        Some(digits) => {
            let magnitude = parse_hexadecimal(digits)?;
            Some(if trimmed.starts_with('-') { -magnitude } else { magnitude })
        }
        None => trimmed.parse().ok(),
    }
}

/// C's hexadecimal numbers, which PostgreSQL reads too: `10.8p-2`.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let (digits, exponent) = match text.find(['p', 'P']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || all.len() > 13 {
        return None;
    }
    let mantissa =
        f64::from(u32::from_str_radix(&all[..all.len().saturating_sub(6)], 16).unwrap_or(0))
            * 16_f64.powi(i32::try_from(all.len().min(6)).ok()?)
            + f64::from(u32::from_str_radix(&all[all.len().saturating_sub(6)..], 16).ok()?);
    Some(mantissa * 2_f64.powi(exponent - 4 * i32::try_from(fraction.len()).ok()?))
}

fn is_finite_text(trimmed: &str) -> bool {
    trimmed.contains(|c: char| c.is_ascii_digit())
}

/// Whether a number that is not zero was read as zero.
fn is_underflow(is_zero: bool, trimmed: &str) -> bool {
    let mantissa = trimmed.split(['e', 'E']).next().unwrap_or_default();
    is_zero && mantissa.contains(|c: char| ('1'..='9').contains(&c))
}

/// The shortest text that reads back as the double.
pub(crate) fn double(value: f64) -> EcoString {
    if let Some(name) = special(value) {
        return EcoString::from(name);
    }
    let written = format!("{value:e}");
    if is_halfway(&written, value.next_down(), value, value.next_up()) {
        let longer = longer(
            &written,
            16,
            |digits| format!("{value:.digits$e}"),
            |text| {
                text.parse() == Ok(value)
                    && !is_halfway(text, value.next_down(), value, value.next_up())
            },
        );
        return shortest(&trimmed(&longer), 15);
    }
    shortest(&even(written, |digits| format!("{value:.digits$e}")), 15)
}

/// The shortest text that reads back as the real.
pub(crate) fn real(value: f32) -> EcoString {
    if let Some(name) = special(f64::from(value)) {
        return EcoString::from(name);
    }
    let written = format!("{value:e}");
    let (down, up) = (f64::from(value.next_down()), f64::from(value.next_up()));
    if is_halfway(&written, down, f64::from(value), up) {
        let longer = longer(
            &written,
            8,
            |digits| format!("{value:.digits$e}"),
            |text| text.parse() == Ok(value) && !is_halfway(text, down, f64::from(value), up),
        );
        return shortest(&trimmed(&longer), 6);
    }
    shortest(&even(written, |digits| format!("{value:.digits$e}")), 6)
}

/// Whether the shortest text lies exactly between two numbers: PostgreSQL does not rely on readers
/// that then choose the even one, and writes one more digit. Only whole numbers have such texts.
fn is_halfway(written: &str, down: f64, value: f64, up: f64) -> bool {
    if !(16_777_216.0..4e37).contains(&value.abs()) {
        return false;
    }
    let (mantissa, exponent) = written.split_once('e').unwrap_or((written, "0"));
    let exact = positional(mantissa, exponent.parse().unwrap_or(0)).parse::<i128>();
    #[expect(clippy::cast_possible_truncation, reason = "whole, or no whole text equals it")]
    let (down, value, up) = (down as i128, value as i128, up as i128);
    exact
        .is_ok_and(|exact| exact != value && (exact * 2 == down + value || exact * 2 == up + value))
}

/// The shortest text of more digits than one, that may be taken; else the one of the most digits.
fn longer(
    written: &str,
    most: usize,
    exact: impl Fn(usize) -> String,
    may_be: impl Fn(&str) -> bool,
) -> String {
    let digits = written.split('e').next().unwrap_or_default();
    let digits = digits.bytes().filter(u8::is_ascii_digit).count();
    let found = (digits..most).map(&exact).find(|text| may_be(text));
    found.unwrap_or_else(|| exact(most))
}

/// Of two shortest texts that are equally near the one with the even last digit.
fn even(written: String, exact: impl Fn(usize) -> String) -> String {
    let digits =
        written.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    // Others have an exact text of one digit more only if that is the shorter one.
    if !matches!(digits, 7..=9 | 15..=17) {
        return written;
    }
    let rounded = exact(digits - 1);
    let same = |a: &str, b: &str| a.parse::<f64>() == b.parse::<f64>();
    let same_real = |a: &str, b: &str| a.parse::<f32>() == b.parse::<f32>();
    let reads_back =
        if digits > 9 { same(&rounded, &written) } else { same_real(&rounded, &written) };
    if reads_back { rounded } else { written }
}

/// A mantissa without zeros at its end.
fn trimmed(written: &str) -> String {
    let (mantissa, exponent) = written.split_once('e').unwrap_or((written, "0"));
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    format!("{mantissa}e{exponent}")
}

fn special(value: f64) -> Option<&'static str> {
    match value {
        v if v.is_nan() => Some("NaN"),
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ => None,
    }
}

/// Digits in full from 0.0001 to below 10^limit, else with an exponent of two digits at least.
fn shortest(scientific: &str, limit: i32) -> EcoString {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..limit).contains(&exponent) {
        return EcoString::from(positional(mantissa, exponent));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    eco_format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// A mantissa `[-]d[.ddd]` times a power of ten, without exponent.
pub(super) fn positional(mantissa: &str, exponent: i32) -> String {
    let (sign, unsigned) = match mantissa.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", mantissa),
    };
    let digits = unsigned.replace('.', "");
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    if digits.len() <= whole {
        return format!("{sign}{digits:0<whole$}");
    }
    let (before, after) = digits.split_at(whole);
    format!("{sign}{before}.{after}")
}

/// SQLite's text of a real.
pub(crate) fn sqlite_real(value: f64) -> EcoString {
    EcoString::from(crate::function::sqlite_real_text(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_between_two_numbers_are_not_taken() {
        assert_eq!(real(167_755_392.0), "1.6775539e+08");
        assert_eq!(real(16_777_216.0), "1.6777216e+07");
        assert_eq!(real(33_554_432.0), "3.3554432e+07");
        assert_eq!(double(9_007_199_254_740_992.0), "9.007199254740992e+15");
        assert_eq!(double(18_014_398_509_481_984.0), "1.8014398509481984e+16");
    }

    #[test]
    fn integers_are_out_of_range_before_they_are_none() {
        let state = |text: &str| integer(text, "smallint", -32_768, 32_767).unwrap_err();
        assert_eq!(state("123456789.5").sqlstate(), "22003");
        assert_eq!(state("-32769x").sqlstate(), "22003");
        assert_eq!(state("99999999999999999999x").sqlstate(), "22003");
        assert_eq!(state("1.5").sqlstate(), "22P02");
        assert_eq!(state("-").sqlstate(), "22P02");
    }
}
