//! Exact decimal numbers of up to 38 digits: a coefficient and the number of its digits that
//! stand after the point.
//!
//! # Invariants
//!
//! * I1: `|coefficient| < 10^38`.
//! * I2: `scale <= 38`.
//!
//! So a product with a power of ten either fits an `i128` or is larger than any decimal, and every
//! operation is exact or fails with 22003; only rescaling and division round, half away from zero
//! as PostgreSQL does. Numbers of equal value are equal and hash alike whatever their scale: 1.50
//! is 1.5, though it prints as 1.50.
//!
//! The coefficient is kept as two words. An `i128` is aligned to 16 bytes, which would make every
//! value of the engine 48 bytes long instead of 32.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use bourse_storage::{Error, Result};

mod divide;
#[cfg(test)]
mod tests;

/// Digits that a decimal can have.
pub const DIGITS_MAX: u8 = 38;

/// The powers of ten up to 10^38.
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut index = 1;
    while index < 39 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// An exact decimal number: `coefficient / 10^scale`.
#[derive(Clone, Copy, Default)]
pub struct Decimal {
    high: i64,
    low: u64,
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { high: 0, low: 0, scale: 0 };

    /// `coefficient / 10^scale`.
    ///
    /// # Errors
    /// `InvalidInput` (22003) when it has more than 38 digits, before or after the point.
    pub fn new(coefficient: i128, scale: u8) -> Result<Decimal> {
        Decimal::checked(Some(coefficient), scale).ok_or_else(out_of_range)
    }

    fn checked(coefficient: Option<i128>, scale: u8) -> Option<Decimal> {
        let coefficient = coefficient?;
        let fits = coefficient.unsigned_abs() < POWERS[38].unsigned_abs() && scale <= DIGITS_MAX;
        fits.then(|| Decimal::from_parts(coefficient, scale))
    }

    fn from_parts(coefficient: i128, scale: u8) -> Decimal {
        #[expect(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
        #[expect(clippy::cast_sign_loss, reason = "the low half has no sign")]
        let (high, low) = ((coefficient >> 64) as i64, coefficient as u64);
        Decimal { high, low, scale }
    }

    /// The number without its point.
    pub fn coefficient(self) -> i128 {
        i128::from(self.high) << 64 | i128::from(self.low)
    }

    /// Digits after the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// The same value without zeros at the end of its fraction.
    #[must_use]
    pub fn normalize(self) -> Decimal {
        let (mut coefficient, mut scale) = (self.coefficient(), self.scale);
        if coefficient == 0 {
            return Decimal::ZERO;
        }
        while scale > 0 && coefficient % 10 == 0 {
            coefficient /= 10;
            scale -= 1;
        }
        Decimal::from_parts(coefficient, scale)
    }

    /// The number with `scale` digits after the point, rounded half away from zero.
    ///
    /// # Errors
    /// 22003 when it then has more than 38 digits.
    pub fn rescale(self, scale: u8) -> Result<Decimal> {
        if let Some(exact) = self.rescale_exact(scale) {
            return Ok(exact);
        }
        if scale >= self.scale {
            return Err(out_of_range());
        }
        let divisor = POWERS[usize::from(self.scale - scale)];
        let coefficient = self.coefficient();
        let (quotient, remainder) = (coefficient / divisor, coefficient % divisor);
        // The divisor is at most 10^38, so twice a remainder may exceed an i128 but not a u128.
        let up = remainder.unsigned_abs() * 2 >= divisor.unsigned_abs();
        Decimal::new(quotient + if up { coefficient.signum() } else { 0 }, scale)
    }

    /// The number with `scale` digits after the point, if no digit is lost and it fits.
    pub fn rescale_exact(self, scale: u8) -> Option<Decimal> {
        let coefficient = self.coefficient();
        if scale == self.scale {
            return Some(self);
        }
        if scale > DIGITS_MAX {
            return None;
        }
        if scale > self.scale {
            let power = POWERS[usize::from(scale - self.scale)];
            return Decimal::checked(coefficient.checked_mul(power), scale);
        }
        let power = POWERS[usize::from(self.scale - scale)];
        (coefficient % power == 0).then(|| Decimal::from_parts(coefficient / power, scale))
    }

    /// The number as a column DECIMAL(precision, scale) holds it; precision 0 takes any.
    ///
    /// # Errors
    /// 22003 when it has more digits than the column.
    pub fn fit(self, precision: u8, scale: u8) -> Result<Decimal> {
        if precision == 0 {
            return Ok(self);
        }
        let fitted = self.rescale(scale)?;
        let limit = POWERS.get(usize::from(precision)).ok_or_else(out_of_range)?;
        if fitted.coefficient().abs() >= *limit {
            let message = format!("{self} has too many digits for DECIMAL({precision},{scale})");
            return Err(Error::invalid(message).with_sqlstate("22003"));
        }
        Ok(fitted)
    }

    /// The exact sum.
    ///
    /// # Errors
    /// 22003 when it needs more than 38 digits.
    pub fn checked_add(self, other: Decimal) -> Result<Decimal> {
        // Zeros at the ends may be what does not fit.
        let normalized = || exact_sum(self.normalize(), other.normalize());
        exact_sum(self, other).or_else(normalized).ok_or_else(out_of_range)
    }

    /// The exact difference.
    ///
    /// # Errors
    /// 22003 when it needs more than 38 digits.
    pub fn checked_sub(self, other: Decimal) -> Result<Decimal> {
        self.checked_add(other.negate())
    }

    /// The exact product.
    ///
    /// # Errors
    /// 22003 when it needs more than 38 digits.
    pub fn checked_mul(self, other: Decimal) -> Result<Decimal> {
        let product = |a: Decimal, b: Decimal| {
            Decimal::checked(a.coefficient().checked_mul(b.coefficient()), a.scale + b.scale)
        };
        let normalized = || exact_product(self.normalize(), other.normalize());
        product(self, other).or_else(normalized).ok_or_else(out_of_range)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negate(self) -> Decimal {
        Decimal::from_parts(-self.coefficient(), self.scale)
    }

    /// The shortest decimal that reads back as this double.
    ///
    /// # Errors
    /// 22003 when it is not finite or needs more than 38 digits.
    pub fn from_f64(value: f64) -> Result<Decimal> {
        if value.is_finite() { format!("{value:e}").parse() } else { Err(out_of_range()) }
    }

    /// The shortest decimal that reads back as this real.
    ///
    /// # Errors
    /// 22003 when it is not finite or needs more than 38 digits.
    pub fn from_f32(value: f32) -> Result<Decimal> {
        if value.is_finite() { format!("{value:e}").parse() } else { Err(out_of_range()) }
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        // Rust's parser rounds correctly, a division of two doubles would round twice.
        format!("{}e-{}", self.coefficient(), self.scale).parse().unwrap_or(f64::NAN)
    }

    /// The exact order of this number and a double; NaN is greater than every number.
    pub fn compare_double(self, double: f64) -> Ordering {
        const TWO_TO_127: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;
        if double.is_nan() || double >= TWO_TO_127 {
            return Ordering::Less;
        }
        if double <= -TWO_TO_127 {
            return Ordering::Greater;
        }
        #[expect(clippy::cast_possible_truncation, reason = "in range; the fraction comes next")]
        let whole = double as i128;
        let power = POWERS[usize::from(self.scale)];
        let coefficient = self.coefficient();
        (coefficient / power)
            .cmp(&whole)
            .then_with(|| compare_fractions(coefficient % power, power, double.fract()))
    }
}

/// The sum, if it fits. One number may be too long once both have the same scale and the sum still
/// be short enough; it is then below 2 * 10^38, which fits a `u128`.
fn exact_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale.max(b.scale);
    let aligned = |number: Decimal| {
        let power = POWERS[usize::from(scale - number.scale)].unsigned_abs();
        let magnitude = number.coefficient().unsigned_abs().checked_mul(power)?;
        Some((number.coefficient() < 0, magnitude))
    };
    let ((a_negative, a), (b_negative, b)) = (aligned(a)?, aligned(b)?);
    let magnitude = if a_negative == b_negative { a.checked_add(b)? } else { a.abs_diff(b) };
    let negative = if a >= b { a_negative } else { b_negative };
    // Last digits that add up to ten leave a zero, which need not be kept.
    let too_long = magnitude >= POWERS[38].unsigned_abs();
    let (magnitude, scale) = if too_long && magnitude.is_multiple_of(10) {
        (magnitude / 10, scale.checked_sub(1)?)
    } else {
        (magnitude, scale)
    };
    let magnitude = i128::try_from(magnitude).ok()?;
    Decimal::checked(Some(if negative { -magnitude } else { magnitude }), scale)
}

/// The product of two normalized numbers, where factors of two of one meet factors of five of the
/// other and the zeros that result make room.
fn exact_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    if a.coefficient() == 0 || b.coefficient() == 0 {
        return Some(Decimal::ZERO);
    }
    let (mut left, mut right) = (a.coefficient(), b.coefficient());
    let mut scale = a.scale + b.scale;
    while scale > 0 {
        if left % 10 == 0 {
            left /= 10;
        } else if right % 10 == 0 {
            right /= 10;
        } else if left % 2 == 0 && right % 5 == 0 {
            (left, right) = (left / 2, right / 5);
        } else if left % 5 == 0 && right % 2 == 0 {
            (left, right) = (left / 5, right / 2);
        } else {
            break;
        }
        scale -= 1;
    }
    Decimal::checked(left.checked_mul(right), scale)
}

/// The order of `part / power` and `fraction`, which have the same whole part before them.
fn compare_fractions(part: i128, power: i128, fraction: f64) -> Ordering {
    let signs = part.signum().cmp(&sign(fraction));
    if signs.is_ne() || part == 0 {
        return signs;
    }
    let magnitude = compare_magnitudes(part.unsigned_abs(), power.unsigned_abs(), fraction.abs());
    if part < 0 { magnitude.reverse() } else { magnitude }
}

fn sign(value: f64) -> i128 {
    i128::from(value > 0.0) - i128::from(value < 0.0)
}

/// The order of `part / power` and `fraction`, both between 0 and 1 and neither 0.
///
/// A fraction is `n / 2^k`, so the question is the order of `part * 2^k` and `n * power`.
fn compare_magnitudes(part: u128, power: u128, fraction: f64) -> Ordering {
    let bits = fraction.to_bits();
    let (exponent, digits) = (bits >> 52, bits & ((1 << 52) - 1));
    let (n, k) = match exponent {
        0 => (digits, 1074),
        _ => (digits | 1 << 52, 1075 - exponent),
    };
    let right = multiply(u128::from(n), power);
    // `right` has at most 53 + 127 bits: a left side longer than that is greater.
    let length = u64::from(128 - part.leading_zeros()) + k;
    if length > 192 {
        return Ordering::Greater;
    }
    shift_left(part, k).cmp(&right)
}

/// `a * b` as high and low word; `a` is below 2^64.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    let mask = u128::from(u64::MAX);
    let (low, high) = (a * (b & mask), a * (b >> 64));
    let (sum, carry) = low.overflowing_add(high << 64);
    ((high >> 64) + u128::from(carry), sum)
}

/// `value << by` as high and low word; the result has fewer than 256 bits.
fn shift_left(value: u128, by: u64) -> (u128, u128) {
    match by {
        0 => (0, value),
        1..=127 => (value >> (128 - by), value << by),
        _ => (value << (by - 128), 0),
    }
}

fn out_of_range() -> Error {
    Error::invalid("a DECIMAL has at most 38 digits: value out of range").with_sqlstate("22003")
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal::from_parts(i128::from(value), 0)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let (a, b) = (self.coefficient(), other.coefficient());
        match self.scale.cmp(&other.scale) {
            Ordering::Equal => a.cmp(&b),
            Ordering::Greater => other.cmp(self).reverse(),
            // What does not fit is larger than any coefficient (I1).
            Ordering::Less => match a.checked_mul(POWERS[usize::from(other.scale - self.scale)]) {
                Some(aligned) => aligned.cmp(&b),
                None => a.cmp(&0),
            },
        }
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let normal = self.normalize();
        (normal.high, normal.low, normal.scale).hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coefficient = self.coefficient();
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", coefficient.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let point = if scale == 0 { "" } else { "." };
        f.pad_integral(coefficient >= 0, "", &format!("{whole}{point}{fraction}"))
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// `[+-]digits[.digits][e[+-]digits]`, spaces around it allowed.
    fn from_str(text: &str) -> Result<Decimal> {
        let trimmed = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let parsed = parse(trimmed.as_bytes()).ok_or_else(|| {
            Error::invalid(format!("invalid DECIMAL: \"{text}\"")).with_sqlstate("22P02")
        })?;
        let message = || Error::invalid(format!("{text} has more than 38 digits"));
        parsed.to_decimal().ok_or_else(|| message().with_sqlstate("22003"))
    }
}

/// A number as written: its digits without zeros in front, its sign, and the power of ten that
/// its last digit stands for.
struct Written {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

fn parse(text: &[u8]) -> Option<Written> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let end = text.iter().position(|byte| byte.eq_ignore_ascii_case(&b'e'));
    let (number, exponent) = text.split_at(end.unwrap_or(text.len()));
    let mut exponent = match exponent {
        [] => 0,
        [_, digits @ ..] => parse_exponent(digits)?,
    };
    let point = number.iter().position(|byte| *byte == b'.').unwrap_or(number.len());
    let fraction = number.get(point + 1..).unwrap_or_default();
    exponent -= i64::try_from(fraction.len()).ok()?;
    let all = || number[..point].iter().chain(fraction).copied();
    if all().next().is_none() || !all().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = all().skip_while(|byte| *byte == b'0').collect();
    Some(Written { negative, digits, exponent })
}

fn parse_exponent(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // An exponent of ten digits is out of range whatever the number: any such stands for all.
    let exponent = std::str::from_utf8(digits).ok()?.parse::<i32>().unwrap_or(i32::MAX);
    Some(i64::from(if text[0] == b'-' { -exponent } else { exponent }))
}

impl Written {
    fn to_decimal(&self) -> Option<Decimal> {
        let mut digits = self.digits.as_slice();
        let mut exponent = self.exponent;
        // Zeros at the end are kept where there is room, so that 1.50 stays 1.50.
        while let [rest @ .., b'0'] = digits {
            if digits.len() <= usize::from(DIGITS_MAX) && exponent >= -i64::from(DIGITS_MAX) {
                break;
            }
            (digits, exponent) = (rest, exponent + 1);
        }
        if digits.is_empty() {
            let scale = (-exponent).clamp(0, i64::from(DIGITS_MAX));
            return Some(Decimal::from_parts(0, u8::try_from(scale).ok()?));
        }
        if digits.len() > usize::from(DIGITS_MAX) {
            return None;
        }
        let number = digits.iter().fold(0_i128, |sum, byte| sum * 10 + i128::from(byte - b'0'));
        let number = if self.negative { -number } else { number };
        match u8::try_from(-exponent) {
            Ok(scale) => Decimal::checked(Some(number), scale),
            Err(_) => {
                let power = POWERS.get(usize::try_from(exponent).ok()?)?;
                Decimal::checked(number.checked_mul(*power), 0)
            }
        }
    }
}
