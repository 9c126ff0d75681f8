//! `numeric`: a decimal number of any length that knows how many digits it is written with after
//! the point, NaN and the infinities.
//!
//! The value is `coefficient / 10^scale`. Scales never change what is equal: 1.50 is 1.5, though it
//! is written otherwise.
//!
//! # Invariants
//!
//! * N1: a coefficient that fits an `i64` is kept without heap (`Small`), any other is `Large`.
//! * N2: `scale` is at most [`SCALE_MAX`].
//! * N3: a number has at most [`WHOLE_DIGITS_MAX`] digits before the point.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use num_bigint::BigInt;

use crate::error::{Result, SqlError};

mod arithmetic;
mod binary;
mod power;
mod round;
mod text;

pub(crate) use arithmetic::quotient_scale;

/// Digits after the point that a number can have.
pub(crate) const SCALE_MAX: u16 = 16_383;
/// Digits before the point that a number can have.
const WHOLE_DIGITS_MAX: u64 = 131_072;

/// A number of any precision that knows how many digits it is written with after the point.
#[derive(Clone)]
pub struct Numeric(Repr);

#[derive(Clone)]
enum Repr {
    Small { coefficient: i64, scale: u16 },
    Large(Arc<Large>),
    NaN,
    Infinity,
    NegativeInfinity,
}

struct Large {
    coefficient: BigInt,
    scale: u16,
}

/// 10^power.
fn power_of_ten(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

/// 10^power, which fits (power at most 38).
fn small_power(power: u32) -> i128 {
    10_i128.pow(power)
}

pub(crate) fn overflow() -> SqlError {
    SqlError::new("22003", "value overflows numeric format")
}

impl Numeric {
    /// Zero.
    pub const ZERO: Numeric = Numeric(Repr::Small { coefficient: 0, scale: 0 });
    /// One.
    pub const ONE: Numeric = Numeric(Repr::Small { coefficient: 1, scale: 0 });
    /// Not a number: equal to itself and greater than all others.
    pub const NAN: Numeric = Numeric(Repr::NaN);
    /// Greater than all numbers.
    pub const INFINITY: Numeric = Numeric(Repr::Infinity);
    /// Less than all numbers.
    pub const NEGATIVE_INFINITY: Numeric = Numeric(Repr::NegativeInfinity);

    /// `coefficient / 10^scale`.
    pub fn new(coefficient: i128, scale: u16) -> Numeric {
        match i64::try_from(coefficient) {
            Ok(coefficient) => Numeric(Repr::Small { coefficient, scale }), // N1
            Err(_) => {
                let coefficient = BigInt::from(coefficient);
                Numeric(Repr::Large(Arc::new(Large { coefficient, scale })))
            }
        }
    }

    /// `coefficient / 10^scale`.
    ///
    /// # Errors
    /// 22003 when it has more digits than any number.
    pub(crate) fn from_big(coefficient: BigInt, scale: u32) -> Result<Numeric> {
        if let Ok(small) = i64::try_from(&coefficient)
            && let Ok(scale) = u16::try_from(scale)
            && scale <= SCALE_MAX
        {
            return Ok(Numeric(Repr::Small { coefficient: small, scale }));
        }
        // A digit has more than 3.3219 bits.
        let digits = coefficient.bits() * 10_000 / 33_220;
        if digits > WHOLE_DIGITS_MAX + u64::from(scale) {
            return Err(overflow()); // N3
        }
        let (coefficient, scale) = match u16::try_from(scale).ok().filter(|s| *s <= SCALE_MAX) {
            Some(scale) => (coefficient, scale),
            None => {
                let excess = scale - u32::from(SCALE_MAX);
                (round::divide_rounded(&coefficient, &power_of_ten(excess)), SCALE_MAX)
            }
        };
        Ok(Numeric::from_big_unchecked(coefficient, scale))
    }

    fn from_big_unchecked(coefficient: BigInt, scale: u16) -> Numeric {
        match i64::try_from(&coefficient) {
            Ok(coefficient) => Numeric(Repr::Small { coefficient, scale }), // N1
            Err(_) => Numeric(Repr::Large(Arc::new(Large { coefficient, scale }))),
        }
    }

    /// Whether it is neither NaN nor an infinity.
    pub fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Small { .. } | Repr::Large(_))
    }

    /// Whether it is NaN.
    pub fn is_nan(&self) -> bool {
        matches!(self.0, Repr::NaN)
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small { coefficient: 0, .. })
    }

    /// -1, 0 or 1; NaN is 1, as it is greater than zero.
    pub fn signum(&self) -> i64 {
        match &self.0 {
            Repr::Small { coefficient, .. } => coefficient.signum(),
            Repr::Large(large) => match large.coefficient.sign() {
                num_bigint::Sign::Minus => -1,
                num_bigint::Sign::NoSign => 0,
                num_bigint::Sign::Plus => 1,
            },
            Repr::NaN | Repr::Infinity => 1,
            Repr::NegativeInfinity => -1,
        }
    }

    /// Digits after the point.
    pub fn scale(&self) -> u16 {
        match &self.0 {
            Repr::Small { scale, .. } => *scale,
            Repr::Large(large) => large.scale,
            _ => 0,
        }
    }

    /// Coefficient and scale, where the coefficient is short.
    #[inline]
    fn small(&self) -> Option<(i128, u16)> {
        match self.0 {
            Repr::Small { coefficient, scale } => Some((i128::from(coefficient), scale)),
            _ => None,
        }
    }

    /// As [`Numeric::new`] takes them, coefficient and scale, where the coefficient is short.
    pub(crate) fn short(&self) -> Option<(i64, u16)> {
        match self.0 {
            Repr::Small { coefficient, scale } => Some((coefficient, scale)),
            _ => None,
        }
    }

    /// The number without its point; zero for what is none.
    pub(crate) fn coefficient(&self) -> BigInt {
        match &self.0 {
            Repr::Small { coefficient, .. } => BigInt::from(*coefficient),
            Repr::Large(large) => large.coefficient.clone(),
            _ => BigInt::ZERO,
        }
    }

    /// The number in units of `10^-scale`, which must not lose digits.
    fn scaled(&self, scale: u16) -> BigInt {
        self.coefficient() * power_of_ten(u32::from(scale - self.scale()))
    }

    /// Bytes on the heap, about.
    pub fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Large(large) => usize::try_from(large.coefficient.bits() / 8)
                .unwrap_or(usize::MAX)
                .saturating_add(64),
            _ => 0,
        }
    }

    /// The same value without zeros at the end of its fraction.
    #[must_use]
    pub fn normalize(&self) -> Numeric {
        match &self.0 {
            Repr::Small { coefficient, scale } => {
                let (mut coefficient, mut scale) = (*coefficient, *scale);
                while scale > 0 && coefficient % 10 == 0 {
                    coefficient /= 10;
                    scale -= 1;
                }
                Numeric(Repr::Small { coefficient, scale })
            }
            Repr::Large(large) => {
                let digits = large.coefficient.to_string();
                let zeros = digits.len() - digits.trim_end_matches('0').len();
                let zeros = u16::try_from(zeros).unwrap_or(u16::MAX).min(large.scale);
                let coefficient = &large.coefficient / power_of_ten(u32::from(zeros));
                Numeric::from_big_unchecked(coefficient, large.scale - zeros)
            }
            _ => self.clone(),
        }
    }

    fn rank(&self) -> u8 {
        match self.0 {
            Repr::NegativeInfinity => 0,
            Repr::Small { .. } | Repr::Large(_) => 1,
            Repr::Infinity => 2,
            Repr::NaN => 3,
        }
    }
}

impl Ord for Numeric {
    fn cmp(&self, other: &Numeric) -> Ordering {
        if let (Some((a, a_scale)), Some((b, b_scale))) = (self.small(), other.small()) {
            let difference = u32::from(a_scale.abs_diff(b_scale));
            if difference == 0 {
                return a.cmp(&b);
            }
            if difference <= 19 {
                let power = small_power(difference);
                return if a_scale < b_scale { (a * power).cmp(&b) } else { a.cmp(&(b * power)) };
            }
        }
        let ranks = self.rank().cmp(&other.rank());
        if ranks.is_ne() || !self.is_finite() {
            return ranks;
        }
        let signs = self.signum().cmp(&other.signum());
        if signs.is_ne() {
            return signs;
        }
        let scale = self.scale().max(other.scale());
        self.scaled(scale).cmp(&other.scaled(scale))
    }
}

impl PartialOrd for Numeric {
    fn partial_cmp(&self, other: &Numeric) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Numeric {
    fn eq(&self, other: &Numeric) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Numeric {}

impl Hash for Numeric {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.normalize().0 {
            Repr::Small { coefficient, scale } => (coefficient, scale).hash(state),
            Repr::Large(large) => (&large.coefficient, large.scale).hash(state),
            Repr::NaN => 1_u8.hash(state),
            Repr::Infinity => 2_u8.hash(state),
            Repr::NegativeInfinity => 3_u8.hash(state),
        }
    }
}

impl From<i64> for Numeric {
    fn from(value: i64) -> Numeric {
        Numeric(Repr::Small { coefficient: value, scale: 0 })
    }
}

impl From<bourse::Decimal> for Numeric {
    fn from(value: bourse::Decimal) -> Numeric {
        Numeric::new(value.coefficient(), u16::from(value.scale()))
    }
}

impl std::fmt::Debug for Numeric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}
