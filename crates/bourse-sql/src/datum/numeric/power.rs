//! Roots, powers and logarithms: computed with digits to spare, and rounded to the scale that
//! PostgreSQL gives them.

use num_bigint::BigInt;

use super::arithmetic::{DISPLAY_SCALE_MAX, SIGNIFICANT_DIGITS};
use super::round::divide_rounded;
use super::{Numeric, overflow, power_of_ten};
use crate::error::{Result, SqlError};

/// Digits that a computation has more than its result.
const GUARD_DIGITS: u32 = 16;
/// Digits that PostgreSQL lets the results of these functions have: e to the power of three times
/// as many overflows.
const RESULT_DIGITS_MAX: f64 = 2_000.0;

fn clamp_scale(scale: i32, least: u16) -> i32 {
    scale.max(i32::from(least)).clamp(0, DISPLAY_SCALE_MAX)
}

/// Towards zero, as C converts a double to an int.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates far outside of any scale")]
fn whole(value: f64) -> i32 {
    value as i32
}

impl Numeric {
    /// The square root.
    ///
    /// # Errors
    /// 2201F of a negative number.
    pub fn sqrt(&self) -> Result<Numeric> {
        if self.signum() < 0 {
            let message = "cannot take square root of a negative number";
            return Err(SqlError::new("2201F", message));
        }
        if !self.is_finite() {
            return Ok(self.clone());
        }
        let (weight, _) = self.base_weight();
        self.sqrt_to(clamp_scale(SIGNIFICANT_DIGITS - (weight * 2 + 1), self.scale()))
    }

    /// The square root of a number that is not negative, with so many digits after the point.
    pub(crate) fn sqrt_to(&self, scale: i32) -> Result<Numeric> {
        // One digit more than the result has decides how it is rounded.
        let fine = scale.unsigned_abs() + 1;
        let own = u32::from(self.scale());
        let square = if 2 * fine >= own {
            self.coefficient() * power_of_ten(2 * fine - own)
        } else {
            self.coefficient() / power_of_ten(own - 2 * fine)
        };
        Numeric::from_big(square.sqrt(), fine)?.round(scale)
    }

    /// e to the power of the number.
    ///
    /// # Errors
    /// 22003 when the result has too many digits.
    pub fn exp(&self) -> Result<Numeric> {
        if !self.is_finite() {
            return Ok(if self.signum() < 0 { Numeric::ZERO } else { self.clone() });
        }
        let decimal = (self.to_f64() * std::f64::consts::LOG10_E)
            .clamp(-RESULT_DIGITS_MAX, RESULT_DIGITS_MAX);
        let scale = clamp_scale(SIGNIFICANT_DIGITS - whole(decimal), self.scale());
        self.exp_to(scale)
    }

    fn exp_to(&self, scale: i32) -> Result<Numeric> {
        let value = self.to_f64();
        if value.abs() >= RESULT_DIGITS_MAX * 3.0 {
            return if value > 0.0 { Err(overflow()) } else { Numeric::ZERO.round(scale) };
        }
        let before = whole(value * std::f64::consts::LOG10_E).max(0).unsigned_abs();
        let digits = scale.unsigned_abs() + before + GUARD_DIGITS;
        let fixed = exp_fixed(&fixed_point(self, digits + 10), digits + 10);
        Numeric::from_fixed(&fixed, digits + 10, scale)
    }

    /// The natural logarithm.
    ///
    /// # Errors
    /// 2201E of zero and negative numbers.
    pub fn ln(&self) -> Result<Numeric> {
        self.check_logarithm()?;
        if !self.is_finite() {
            return Ok(self.clone());
        }
        let scale = clamp_scale(SIGNIFICANT_DIGITS - ln_weight(self), self.scale());
        let digits = scale.unsigned_abs() + GUARD_DIGITS;
        Numeric::from_fixed(&ln_fixed(self, digits), digits, scale)
    }

    /// The logarithm to a base.
    ///
    /// # Errors
    /// 2201E of zero and negative numbers, 22012 to base 1.
    pub fn log(&self, base: &Numeric) -> Result<Numeric> {
        if self.is_nan() || base.is_nan() {
            return Ok(Numeric::NAN);
        }
        if !self.is_finite() && base.is_zero() && self.signum() < 0 {
            self.check_logarithm()?;
        }
        base.check_logarithm()?;
        self.check_logarithm()?;
        match (base.is_finite(), self.is_finite()) {
            (false, false) => return Ok(Numeric::NAN),
            (false, true) => return Ok(Numeric::ZERO),
            (true, false) => return Ok(Numeric::INFINITY),
            (true, true) => {}
        }
        let weight = ln_weight(self) - ln_weight(base);
        let scale = clamp_scale(SIGNIFICANT_DIGITS - weight, self.scale().max(base.scale()));
        // The quotient is as exact as both logarithms are in digits that count.
        let small = ln_weight(base).min(ln_weight(self)).min(0).unsigned_abs();
        let large = weight.max(0).unsigned_abs();
        let digits = scale.unsigned_abs() + GUARD_DIGITS + 2 * small + large;
        let denominator = ln_fixed(base, digits);
        if denominator == BigInt::ZERO {
            return Err(super::arithmetic::division_by_zero());
        }
        let numerator = ln_fixed(self, digits) * power_of_ten(digits);
        let quotient = if denominator < BigInt::ZERO {
            divide_rounded(&-numerator, &-denominator)
        } else {
            divide_rounded(&numerator, &denominator)
        };
        Numeric::from_fixed(&quotient, digits, scale)
    }

    fn check_logarithm(&self) -> Result<()> {
        match self.signum() {
            1 => Ok(()),
            0 => Err(SqlError::new("2201E", "cannot take logarithm of zero")),
            _ => Err(SqlError::new("2201E", "cannot take logarithm of a negative number")),
        }
    }

    /// The number to the power of another.
    ///
    /// # Errors
    /// 2201F where there is no such number, 22003 when it has too many digits.
    pub fn power(&self, exponent: &Numeric) -> Result<Numeric> {
        if let Some(special) = self.power_of_special(exponent) {
            return special;
        }
        if self.is_zero() && exponent.signum() < 0 {
            let message = "zero raised to a negative power is undefined";
            return Err(SqlError::new("2201F", message));
        }
        let is_whole = exponent.trunc(0)? == *exponent;
        if self.signum() < 0 && !is_whole {
            let message = "a negative number raised to a non-integer power yields a complex result";
            return Err(SqlError::new("2201F", message));
        }
        if is_whole && let Some(whole) = exponent.to_integer().and_then(|w| i32::try_from(w).ok()) {
            return self.power_of_integer(whole);
        }
        if self.is_zero() {
            return Numeric::ZERO.round(SIGNIFICANT_DIGITS);
        }
        self.power_by_logarithm(exponent, is_whole)
    }

    fn power_by_logarithm(&self, exponent: &Numeric, is_whole: bool) -> Result<Numeric> {
        let is_odd = is_whole && !exponent.rem(&Numeric::from(2))?.is_zero();
        let base = self.abs();
        let weight = ln_weight(&base);
        let rough_scale = (8 - weight).max(0);
        let rough = Numeric::from_fixed(&ln_fixed(&base, 40), 40, rough_scale)?;
        let estimate = rough.mul(exponent)?.round(rough_scale)?.to_f64();
        if estimate.abs() > RESULT_DIGITS_MAX * 3.01 {
            return if estimate > 0.0 {
                Err(overflow())
            } else {
                Numeric::ZERO.round(DISPLAY_SCALE_MAX)
            };
        }
        let decimal = estimate * std::f64::consts::LOG10_E;
        let scale =
            clamp_scale(SIGNIFICANT_DIGITS - whole(decimal), self.scale().max(exponent.scale()));
        // An error of the logarithm is multiplied by the exponent, and by the result.
        let before = whole(decimal).max(0).unsigned_abs();
        let digits = scale.unsigned_abs()
            + before
            + GUARD_DIGITS
            + exponent.leading_power().max(0).unsigned_abs();
        let product = ln_fixed(&base, digits) * fixed_point(exponent, digits);
        let product = divide_rounded(&product, &power_of_ten(digits));
        let result = Numeric::from_fixed(&exp_fixed(&product, digits), digits, scale)?;
        Ok(if is_odd && self.signum() < 0 { result.negate() } else { result })
    }

    /// What powers of NaN, infinities and one are.
    fn power_of_special(&self, exponent: &Numeric) -> Option<Result<Numeric>> {
        if self.is_finite() && exponent.is_finite() {
            return None;
        }
        if self.is_nan() || exponent.is_nan() {
            let one = exponent.is_zero() || *self == Numeric::ONE;
            return Some(Ok(if one { Numeric::ONE } else { Numeric::NAN }));
        }
        if exponent.is_zero() || *self == Numeric::ONE {
            return Some(Ok(Numeric::ONE));
        }
        if self.is_zero() && exponent.signum() < 0 {
            let message = "zero raised to a negative power is undefined";
            return Some(Err(SqlError::new("2201F", message)));
        }
        if self.is_zero() {
            return Some(Ok(Numeric::ZERO));
        }
        if !exponent.is_finite() {
            let grows = self.abs().cmp(&Numeric::ONE);
            return Some(Ok(match (grows, exponent.signum()) {
                (std::cmp::Ordering::Equal, _) => Numeric::ONE,
                (std::cmp::Ordering::Greater, 1) | (std::cmp::Ordering::Less, -1) => {
                    Numeric::INFINITY
                }
                _ => Numeric::ZERO,
            }));
        }
        let is_whole = exponent.trunc(0).is_ok_and(|trunc| trunc == *exponent);
        if self.signum() < 0 && !is_whole {
            let message = "a negative number raised to a non-integer power yields a complex result";
            return Some(Err(SqlError::new("2201F", message)));
        }
        if exponent.signum() < 0 {
            return Some(Ok(Numeric::ZERO));
        }
        let is_odd = exponent.rem(&Numeric::from(2)).is_ok_and(|rest| !rest.is_zero());
        Some(Ok(if self.signum() < 0 && !is_odd { Numeric::INFINITY } else { self.clone() }))
    }

    fn power_of_integer(&self, exponent: i32) -> Result<Numeric> {
        let estimate = if self.is_zero() { 0.0 } else { f64::from(exponent) * log10(self) };
        if estimate > 32_768.0 * 4.0 {
            return Err(overflow());
        }
        let scale = clamp_scale(SIGNIFICANT_DIGITS, self.scale());
        if estimate + 1.0 < -f64::from(scale) {
            return Numeric::ZERO.round(scale);
        }
        match exponent {
            0 => return Numeric::ONE.round(scale),
            1 => return self.round(scale),
            -1 => return Numeric::ONE.div_to(self, scale),
            2 => return self.mul(self)?.round(scale),
            _ => {}
        }
        // Digits that count, in the result and in each product on the way.
        let counting = scale + whole(estimate) + 8 + self.digits().min(20);
        let digits =
            u32::try_from(counting.max(20)).unwrap_or(20) + exponent.unsigned_abs().ilog10();
        let power = Rough::of(self, digits).power(exponent.unsigned_abs());
        if exponent < 0 { power.reciprocal(scale) } else { power.to_numeric(scale) }
    }

    /// A number of `fixed / 10^digits` rounded to a scale.
    fn from_fixed(fixed: &BigInt, digits: u32, scale: i32) -> Result<Numeric> {
        let by = i64::from(digits) - i64::from(scale);
        let rounded = match u32::try_from(by) {
            Ok(by) => divide_rounded(fixed, &power_of_ten(by)),
            Err(_) => fixed * power_of_ten(u32::try_from(-by).unwrap_or(0)),
        };
        Numeric::from_big(rounded, scale.unsigned_abs())
    }
}

/// A number of limited length: `coefficient * 10^exponent`.
struct Rough {
    coefficient: BigInt,
    exponent: i64,
    digits: u32,
}

impl Rough {
    fn of(value: &Numeric, digits: u32) -> Rough {
        let exponent = -i64::from(value.scale());
        Rough { coefficient: value.coefficient(), exponent, digits }.shortened()
    }

    fn shortened(mut self) -> Rough {
        let length = self.coefficient.bits() * 30_103 / 100_000;
        if let Some(excess @ 1..) = length.checked_sub(u64::from(self.digits)) {
            let excess = u32::try_from(excess).unwrap_or(u32::MAX);
            self.coefficient = divide_rounded(&self.coefficient, &power_of_ten(excess));
            self.exponent += i64::from(excess);
        }
        self
    }

    fn multiply(&self, other: &Rough) -> Rough {
        let coefficient = &self.coefficient * &other.coefficient;
        let exponent = self.exponent + other.exponent;
        Rough { coefficient, exponent, digits: self.digits }.shortened()
    }

    fn power(self, exponent: u32) -> Rough {
        let mut result = Rough { coefficient: BigInt::from(1), exponent: 0, digits: self.digits };
        let (mut square, mut rest) = (self, exponent);
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.multiply(&square);
            }
            rest >>= 1;
            if rest > 0 {
                square = square.multiply(&square);
            }
        }
        result
    }

    fn to_numeric(&self, scale: i32) -> Result<Numeric> {
        let shift = self.exponent + i64::from(scale);
        let coefficient = match u32::try_from(shift) {
            Ok(shift) => &self.coefficient * power_of_ten(shift),
            Err(_) => {
                let by = u32::try_from(-shift).unwrap_or(u32::MAX);
                divide_rounded(&self.coefficient, &power_of_ten(by))
            }
        };
        Numeric::from_big(coefficient, scale.unsigned_abs())
    }

    /// 1 divided by the number.
    fn reciprocal(&self, scale: i32) -> Result<Numeric> {
        let negative = self.coefficient < BigInt::ZERO;
        let magnitude = BigInt::from(self.coefficient.magnitude().clone());
        let shift = i64::from(scale) - self.exponent;
        let quotient = match u32::try_from(shift) {
            Ok(shift) => divide_rounded(&power_of_ten(shift), &magnitude),
            Err(_) => BigInt::ZERO,
        };
        Numeric::from_big(if negative { -quotient } else { quotient }, scale.unsigned_abs())
    }
}

/// The number in units of `10^-digits`; further digits are rounded off.
fn fixed_point(value: &Numeric, digits: u32) -> BigInt {
    let scale = u32::from(value.scale());
    if digits >= scale {
        return value.coefficient() * power_of_ten(digits - scale);
    }
    divide_rounded(&value.coefficient(), &power_of_ten(scale - digits))
}

/// The decimal logarithm, roughly, of a number that is not zero.
fn log10(value: &Numeric) -> f64 {
    let digits = value.coefficient().magnitude().to_string();
    let first: f64 = digits[..digits.len().min(16)].parse().unwrap_or(1.0);
    let dropped = i32::try_from(digits.len().saturating_sub(16)).unwrap_or(i32::MAX);
    first.log10() + f64::from(dropped) - f64::from(value.scale())
}

/// The decimal weight of a logarithm.
fn ln_weight(value: &Numeric) -> i32 {
    let near = value.sub(&Numeric::ONE).unwrap_or(Numeric::ZERO);
    let tenth = Numeric::new(1, 1);
    if near.abs() <= tenth {
        return if near.is_zero() { 0 } else { near.leading_power() };
    }
    whole((log10(value) * std::f64::consts::LN_10).abs().log10())
}

/// e^x of a fixed point number: halved until it is small, summed up, and squared back.
fn exp_fixed(value: &BigInt, digits: u32) -> BigInt {
    let halvings = u32::try_from(value.bits()).unwrap_or(0);
    let unit_bits = u32::try_from(power_of_ten(digits).bits()).unwrap_or(0);
    let halvings = halvings.saturating_sub(unit_bits.saturating_sub(8));
    // Each squaring doubles the error.
    let extra = halvings / 3 + 4;
    let unit = power_of_ten(digits + extra);
    let small = (value * power_of_ten(extra)) >> halvings;
    let (mut sum, mut term, mut index) = (unit.clone(), unit.clone(), 0_u32);
    while term != BigInt::ZERO {
        index += 1;
        term = &term * &small / &unit / index;
        sum += &term;
    }
    for _ in 0..halvings {
        sum = &sum * &sum / &unit;
    }
    divide_rounded(&sum, &power_of_ten(extra))
}

/// ln(x) as a fixed point number: x is brought near 1 by powers of two.
fn ln_fixed(value: &Numeric, digits: u32) -> BigInt {
    let inner = digits + 12;
    // Digits of very small numbers must count too.
    let small = value.leading_power().min(0).unsigned_abs();
    let unit = power_of_ten(inner);
    let fixed = fixed_point(value, inner + small);
    let shift = i64::try_from(fixed.bits()).unwrap_or(0)
        - i64::try_from(power_of_ten(inner + small).bits()).unwrap_or(0);
    let scaled =
        if shift >= 0 { fixed >> shift.unsigned_abs() } else { fixed << shift.unsigned_abs() };
    let near_one = divide_rounded(&scaled, &power_of_ten(small));
    let two = atanh_fixed(&(&unit / 3), &unit) * 2;
    let ratio = (&near_one - &unit) * &unit / (&near_one + &unit);
    let result = atanh_fixed(&ratio, &unit) * 2 + two * shift;
    divide_rounded(&result, &power_of_ten(12))
}

/// atanh(x) = x + x^3/3 + x^5/5 + ...
fn atanh_fixed(value: &BigInt, unit: &BigInt) -> BigInt {
    let square = value * value / unit;
    let (mut sum, mut power, mut index) = (BigInt::ZERO, value.clone(), 1_u32);
    while power != BigInt::ZERO {
        sum += &power / index;
        power = &power * &square / unit;
        index += 2;
    }
    sum
}
