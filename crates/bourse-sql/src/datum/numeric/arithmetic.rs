//! The four operations, exact or with the scale that PostgreSQL gives a quotient.

use num_bigint::BigInt;

use super::round::divide_rounded;
use super::{Numeric, Repr, power_of_ten, small_power};
use crate::error::{Result, SqlError};

/// Digits that count in the result of a division.
pub(super) const SIGNIFICANT_DIGITS: i32 = 16;
/// Digits after the point that a result of division or a root is given at most.
pub(super) const DISPLAY_SCALE_MAX: i32 = 1_000;

pub(crate) fn division_by_zero() -> SqlError {
    SqlError::new("22012", "division by zero")
}

impl Numeric {
    /// The exact sum.
    ///
    /// # Errors
    /// 22003 when it has too many digits.
    pub fn add(&self, other: &Numeric) -> Result<Numeric> {
        if let (Some((a, a_scale)), Some((b, b_scale))) = (self.small(), other.small()) {
            let difference = u32::from(a_scale.abs_diff(b_scale));
            if difference <= 18 {
                let power = small_power(difference);
                let (a, b) = if a_scale < b_scale { (a * power, b) } else { (a, b * power) };
                return Ok(Numeric::new(a + b, a_scale.max(b_scale)));
            }
        }
        if self.is_finite() && other.is_finite() {
            let scale = self.scale().max(other.scale());
            return Numeric::from_big(self.scaled(scale) + other.scaled(scale), u32::from(scale));
        }
        Ok(match (&self.0, &other.0) {
            (Repr::NaN, _) | (_, Repr::NaN) => Numeric::NAN,
            (Repr::Infinity, Repr::NegativeInfinity) | (Repr::NegativeInfinity, Repr::Infinity) => {
                Numeric::NAN
            }
            (Repr::Infinity, _) | (_, Repr::Infinity) => Numeric::INFINITY,
            _ => Numeric::NEGATIVE_INFINITY,
        })
    }

    /// The exact difference.
    ///
    /// # Errors
    /// 22003 when it has too many digits.
    pub fn sub(&self, other: &Numeric) -> Result<Numeric> {
        self.add(&other.negate())
    }

    /// The product, exact but for digits past the last one that any number has.
    ///
    /// # Errors
    /// 22003 when it has too many digits.
    pub fn mul(&self, other: &Numeric) -> Result<Numeric> {
        if let (Some((a, a_scale)), Some((b, b_scale))) = (self.small(), other.small())
            && a_scale + b_scale <= super::SCALE_MAX
        {
            return Ok(Numeric::new(a * b, a_scale + b_scale));
        }
        if self.is_finite() && other.is_finite() {
            let scale = u32::from(self.scale()) + u32::from(other.scale());
            return Numeric::from_big(self.coefficient() * other.coefficient(), scale);
        }
        if self.is_nan() || other.is_nan() {
            return Ok(Numeric::NAN);
        }
        Ok(Numeric::infinity_of_sign(self.signum() * other.signum()))
    }

    /// The quotient, with at least sixteen digits that count.
    ///
    /// # Errors
    /// 22012 by zero, 22003 when it has too many digits.
    pub fn div(&self, other: &Numeric) -> Result<Numeric> {
        if self.is_nan() || other.is_nan() {
            return Ok(Numeric::NAN);
        }
        if other.is_zero() {
            return Err(division_by_zero());
        }
        match (self.is_finite(), other.is_finite()) {
            (false, false) => Ok(Numeric::NAN),
            (false, true) => Ok(Numeric::infinity_of_sign(self.signum() * other.signum())),
            (true, false) => Ok(Numeric::ZERO),
            (true, true) => self.div_to(other, quotient_scale(self, other)),
        }
    }

    /// The quotient of finite numbers with so many digits after the point, rounded.
    pub(crate) fn div_to(&self, other: &Numeric, scale: i32) -> Result<Numeric> {
        let shift = scale + i32::from(other.scale()) - i32::from(self.scale());
        let scale = scale.unsigned_abs();
        if let (Some((a, _)), Some((b, _))) = (self.small(), other.small())
            && let Ok(power @ 0..=18) = u32::try_from(shift)
        {
            let (numerator, denominator) = (a * small_power(power), b.abs());
            let (quotient, remainder) = (numerator / denominator, numerator % denominator);
            let up = remainder.abs() * 2 >= denominator;
            let rounded = quotient + if up { a.signum() } else { 0 };
            let scale = u16::try_from(scale).unwrap_or(super::SCALE_MAX);
            return Ok(Numeric::new(rounded * b.signum(), scale));
        }
        let (mut numerator, mut denominator) = (self.coefficient(), other.coefficient());
        if shift >= 0 {
            numerator *= power_of_ten(shift.unsigned_abs());
        } else {
            denominator *= power_of_ten(shift.unsigned_abs());
        }
        if denominator < BigInt::ZERO {
            (numerator, denominator) = (-numerator, -denominator);
        }
        Numeric::from_big(divide_rounded(&numerator, &denominator), scale)
    }

    /// The whole part of the quotient.
    ///
    /// # Errors
    /// 22012 by zero.
    pub fn div_trunc(&self, other: &Numeric) -> Result<Numeric> {
        if !self.is_finite() || !other.is_finite() || other.is_zero() {
            return self.div(other);
        }
        let scale = self.scale().max(other.scale());
        Numeric::from_big(self.scaled(scale) / other.scaled(scale), 0)
    }

    /// What the whole part of the quotient leaves; it has the sign of `self`.
    ///
    /// # Errors
    /// 22012 by zero.
    pub fn rem(&self, other: &Numeric) -> Result<Numeric> {
        if self.is_nan() || other.is_nan() {
            return Ok(Numeric::NAN);
        }
        if other.is_zero() {
            return Err(division_by_zero());
        }
        match (self.is_finite(), other.is_finite()) {
            (false, _) => Ok(Numeric::NAN),
            (true, false) => Ok(self.clone()),
            (true, true) => {
                let scale = self.scale().max(other.scale());
                Numeric::from_big(self.scaled(scale) % other.scaled(scale), u32::from(scale))
            }
        }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negate(&self) -> Numeric {
        match &self.0 {
            Repr::Small { coefficient, scale } => Numeric::new(-i128::from(*coefficient), *scale),
            Repr::Large(large) => {
                Numeric::from_big_unchecked(-large.coefficient.clone(), large.scale)
            }
            Repr::NaN => Numeric::NAN,
            Repr::Infinity => Numeric::NEGATIVE_INFINITY,
            Repr::NegativeInfinity => Numeric::INFINITY,
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Numeric {
        if self.signum() < 0 { self.negate() } else { self.clone() }
    }

    fn infinity_of_sign(sign: i64) -> Numeric {
        match sign {
            1 => Numeric::INFINITY,
            -1 => Numeric::NEGATIVE_INFINITY,
            _ => Numeric::NAN,
        }
    }

    /// PostgreSQL counts in digits of base 10,000: the power of that base that the first one
    /// stands for, and that digit.
    pub(super) fn base_weight(&self) -> (i32, i32) {
        if self.is_zero() {
            return (0, 0);
        }
        let leading = self.leading_power();
        let weight = leading.div_euclid(4);
        let count = leading - weight * 4 + 1;
        let digits = self.coefficient().magnitude().to_string();
        let mut first = 0;
        for index in 0..usize::try_from(count).unwrap_or(0) {
            let digit = digits.as_bytes().get(index).map_or(0, |byte| i32::from(byte - b'0'));
            first = first * 10 + digit;
        }
        (weight, first)
    }
}

/// How many digits after the point a quotient is given: sixteen that count, at least as many as
/// either operand.
pub(crate) fn quotient_scale(a: &Numeric, b: &Numeric) -> i32 {
    let ((a_weight, a_first), (b_weight, b_first)) = (a.base_weight(), b.base_weight());
    let weight = a_weight - b_weight - i32::from(a_first <= b_first);
    let scale = SIGNIFICANT_DIGITS - weight * 4;
    scale.max(i32::from(a.scale())).max(i32::from(b.scale())).clamp(0, DISPLAY_SCALE_MAX)
}
