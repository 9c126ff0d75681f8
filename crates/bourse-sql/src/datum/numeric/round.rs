//! Rounding, and conversion to and from other numbers.

use num_bigint::{BigInt, Sign};

use super::{Numeric, Repr, power_of_ten, small_power};
use crate::error::{Result, SqlError};

/// `numerator / denominator` rounded half away from zero; the denominator is positive.
pub(super) fn divide_rounded(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let (quotient, remainder) = (numerator / denominator, numerator % denominator);
    let twice = remainder.magnitude() * 2_u8;
    if &twice < denominator.magnitude() {
        return quotient;
    }
    match numerator.sign() {
        Sign::Minus => quotient - 1,
        _ => quotient + 1,
    }
}

/// How a fraction that is cut off counts.
#[derive(Clone, Copy)]
enum Rounding {
    HalfAwayFromZero,
    TowardsZero,
    Down,
    Up,
}

impl Rounding {
    fn small(self, coefficient: i128, divisor: i128) -> i128 {
        let (quotient, remainder) = (coefficient / divisor, coefficient % divisor);
        let step = match self {
            Rounding::TowardsZero => 0,
            Rounding::Down => -i128::from(remainder < 0),
            Rounding::Up => i128::from(remainder > 0),
            Rounding::HalfAwayFromZero if remainder.abs() >= divisor - remainder.abs() => {
                coefficient.signum()
            }
            Rounding::HalfAwayFromZero => 0,
        };
        quotient + step
    }

    fn big(self, coefficient: &BigInt, divisor: &BigInt) -> BigInt {
        let (quotient, remainder) = (coefficient / divisor, coefficient % divisor);
        match (self, remainder.sign()) {
            (Rounding::HalfAwayFromZero, _) => divide_rounded(coefficient, divisor),
            (Rounding::Down, Sign::Minus) => quotient - 1,
            (Rounding::Up, Sign::Plus) => quotient + 1,
            _ => quotient,
        }
    }
}

impl Numeric {
    /// With `scale` digits after the point, rounded half away from zero; a negative scale rounds
    /// before it, and leaves no digits after it.
    ///
    /// # Errors
    /// 22003 when it then has too many digits.
    pub fn round(&self, scale: i32) -> Result<Numeric> {
        self.fit(scale, Rounding::HalfAwayFromZero)
    }

    /// The same, digits cut off.
    ///
    /// # Errors
    /// 22003 when it then has too many digits.
    pub fn trunc(&self, scale: i32) -> Result<Numeric> {
        self.fit(scale, Rounding::TowardsZero)
    }

    /// The greatest whole number that is not greater.
    ///
    /// # Errors
    /// 22003 when it then has too many digits.
    pub fn floor(&self) -> Result<Numeric> {
        self.fit(0, Rounding::Down)
    }

    /// The least whole number that is not less.
    ///
    /// # Errors
    /// 22003 when it then has too many digits.
    pub fn ceil(&self) -> Result<Numeric> {
        self.fit(0, Rounding::Up)
    }

    fn fit(&self, scale: i32, rounding: Rounding) -> Result<Numeric> {
        let own = i32::from(self.scale());
        if !self.is_finite() || own == scale {
            return Ok(self.clone());
        }
        if scale > own {
            let by = (scale - own).unsigned_abs();
            if let Some((coefficient, _)) = self.small().filter(|_| by <= 18) {
                return Ok(Numeric::new(coefficient * small_power(by), to_scale(scale)));
            }
            return Numeric::from_big(self.coefficient() * power_of_ten(by), scale.unsigned_abs());
        }
        let by = (own - scale).unsigned_abs();
        // What is cut off beyond all digits leaves zero (or one unit): no need to compute 10^by.
        let by = by.min(u32::try_from(self.coefficient().bits()).unwrap_or(u32::MAX) + 2);
        let back =
            if scale < 0 { (own - scale).unsigned_abs() - u32::from(self.scale()) } else { 0 };
        if let Some((coefficient, _)) = self.small().filter(|_| by <= 36 && back <= 18) {
            let rounded = rounding.small(coefficient, small_power(by)) * small_power(back);
            return Ok(Numeric::new(rounded, to_scale(scale)));
        }
        let rounded = rounding.big(&self.coefficient(), &power_of_ten(by));
        if rounded == BigInt::ZERO {
            return Ok(Numeric(Repr::Small { coefficient: 0, scale: to_scale(scale) }));
        }
        Numeric::from_big(rounded * power_of_ten(back), u32::from(to_scale(scale)))
    }

    /// As `numeric(precision, scale)` holds it.
    ///
    /// # Errors
    /// 22003 when it has more digits.
    pub fn with_modifier(&self, precision: u16, scale: i16) -> Result<Numeric> {
        if self.is_nan() {
            return Ok(self.clone());
        }
        let refuse = |ending: &str| {
            SqlError::new("22003", "numeric field overflow")
                .with_detail(format!("A field with precision {precision}, scale {scale} {ending}."))
        };
        if !self.is_finite() {
            return Err(refuse("cannot hold an infinite value"));
        }
        let rounded = self.round(i32::from(scale))?;
        let whole = i32::from(precision) - i32::from(scale);
        if rounded.is_zero() || rounded.leading_power() < whole {
            return Ok(rounded);
        }
        let limit = if whole == 0 { "1".to_owned() } else { format!("10^{whole}") };
        Err(refuse(&format!("must round to an absolute value less than {limit}")))
    }

    /// Decimal digits of the coefficient.
    pub(super) fn digits(&self) -> i32 {
        match &self.0 {
            Repr::Small { coefficient: 0, .. } => 1,
            Repr::Small { coefficient, .. } => {
                i32::try_from(coefficient.unsigned_abs().ilog10()).unwrap_or(0) + 1
            }
            Repr::Large(large) => {
                i32::try_from(large.coefficient.magnitude().to_string().len()).unwrap_or(i32::MAX)
            }
            _ => 0,
        }
    }

    /// The power of ten that the first digit stands for; of a finite number that is not zero.
    pub(super) fn leading_power(&self) -> i32 {
        self.digits() - i32::from(self.scale()) - 1
    }

    /// The nearest integer, halves away from zero; `None` if it is no number or too long.
    pub fn to_integer(&self) -> Option<i64> {
        if !self.is_finite() {
            return None;
        }
        match self.round(0).ok()?.0 {
            Repr::Small { coefficient, .. } => Some(coefficient),
            _ => None,
        }
    }

    /// The engine's decimal of the same value, if it has one.
    pub fn to_decimal(&self) -> Option<bourse::Decimal> {
        let of = |number: &Numeric| {
            let coefficient = i128::try_from(number.coefficient()).ok()?;
            bourse::Decimal::new(coefficient, u8::try_from(number.scale()).ok()?).ok()
        };
        if !self.is_finite() {
            return None;
        }
        // Zeros at the end may be what does not fit.
        of(self).or_else(|| of(&self.normalize()))
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small { coefficient, scale } => {
                #[expect(clippy::cast_precision_loss, reason = "below 2^53: exact")]
                if coefficient.unsigned_abs() < 1 << 53 && *scale <= 22 {
                    return *coefficient as f64 / 10_f64.powi(i32::from(*scale));
                }
                format!("{coefficient}e-{scale}").parse().unwrap_or(f64::NAN)
            }
            Repr::Large(large) => {
                format!("{}e-{}", large.coefficient, large.scale).parse().unwrap_or(f64::NAN)
            }
            Repr::NaN => f64::NAN,
            Repr::Infinity => f64::INFINITY,
            Repr::NegativeInfinity => f64::NEG_INFINITY,
        }
    }

    /// The double's first fifteen digits, as PostgreSQL takes them.
    pub fn from_f64(value: f64) -> Numeric {
        Numeric::from_float(value, 15)
    }

    /// The real's first six digits, as PostgreSQL takes them.
    pub fn from_f32(value: f32) -> Numeric {
        Numeric::from_float(f64::from(value), 6)
    }

    /// All digits of the double.
    pub fn exact(value: f64) -> Numeric {
        if value.is_nan() {
            return Numeric::NAN;
        }
        if value.is_infinite() {
            return if value > 0.0 { Numeric::INFINITY } else { Numeric::NEGATIVE_INFINITY };
        }
        // No double has more than 1,074 digits after the point.
        let written = format!("{value:.1074}");
        let shortened = written.trim_end_matches('0').trim_end_matches('.');
        Numeric::parse_number(shortened).unwrap_or(Numeric::NAN)
    }

    fn from_float(value: f64, digits: usize) -> Numeric {
        if value.is_nan() {
            return Numeric::NAN;
        }
        if value.is_infinite() {
            return if value > 0.0 { Numeric::INFINITY } else { Numeric::NEGATIVE_INFINITY };
        }
        let written = format!("{value:.*e}", digits - 1);
        let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        let mantissa = match mantissa.contains('.') {
            true => mantissa.trim_end_matches('0').trim_end_matches('.'),
            false => mantissa,
        };
        Numeric::parse_number(&format!("{mantissa}e{exponent}")).unwrap_or(Numeric::NAN)
    }
}

fn to_scale(scale: i32) -> u16 {
    u16::try_from(scale.max(0)).unwrap_or(super::SCALE_MAX)
}
