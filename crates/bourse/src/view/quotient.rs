//! The one rounding at the end of each formula: from an exact quotient to a double, a real or a
//! decimal.
//!
//! An [`Exact`] is a rational number: a sign, a numerator, a denominator and a power of two. Sums
//! of integers, decimals and doubles all become one, so averages, ratios and variances are the
//! same few products for all of them.

use bourse_storage::{Error, Result};

use super::natural::Natural;
use crate::decimal::{DIGITS_MAX, Decimal};

/// Digits that a decimal quotient has at least, from its first one that is not zero: as
/// `Decimal::checked_div`.
const SIGNIFICANT_DIGITS: u32 = 16;

/// `numerator / denominator * 2^exponent`, negative or not. The denominator is not zero.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    pub(super) negative: bool,
    pub(super) numerator: Natural,
    pub(super) denominator: Natural,
    pub(super) exponent: i32,
}

/// A format of binary floating numbers.
struct Format {
    /// Bits of a mantissa, the hidden one too.
    precision: i32,
    /// The exponent of the least number, which is two to it.
    least: i32,
    /// The bits of infinity.
    infinity: u64,
}

const DOUBLE: Format = Format { precision: 53, least: -1074, infinity: 0x7FF << 52 };
const REAL: Format = Format { precision: 24, least: -149, infinity: 0xFF << 23 };

impl Exact {
    /// A whole number times a power of two.
    pub(super) fn whole(negative: bool, numerator: Natural, exponent: i32) -> Exact {
        Exact { negative, numerator, denominator: Natural::from(1), exponent }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// The quotient of two.
    ///
    /// # Panics
    /// When the divisor is zero.
    pub(super) fn divided_by(&self, divisor: &Exact) -> Exact {
        assert!(!divisor.is_zero(), "an exact number is divided by zero");
        Exact {
            negative: self.negative != divisor.negative,
            numerator: product(&self.numerator, &divisor.denominator),
            denominator: product(&divisor.numerator, &self.denominator),
            exponent: self.exponent - divisor.exponent,
        }
    }

    /// The nearest double, the even one of two; nothing if it is beyond all doubles. Zero is 0.0.
    pub(super) fn to_double(&self) -> Option<f64> {
        let bits = self.to_bits(&DOUBLE)?;
        let double = f64::from_bits(bits);
        Some(if self.negative && bits != 0 { -double } else { double })
    }

    /// The nearest real, the even one of two; nothing if it is beyond all reals. Zero is 0.0.
    pub(super) fn to_real(&self) -> Option<f32> {
        let bits = u32::try_from(self.to_bits(&REAL)?).ok()?;
        let real = f32::from_bits(bits);
        Some(if self.negative && bits != 0 { -real } else { real })
    }

    fn to_bits(&self, format: &Format) -> Option<u64> {
        // More than any mantissa has, so that what is cut off lies below half of its last bit.
        let (quotient, inexact, exponent) = self.quotient(71);
        round(quotient, inexact, exponent, format)
    }

    /// The square root as the nearest double. Negative numbers have none.
    pub(super) fn root_to_double(&self) -> Option<f64> {
        assert!(!self.negative || self.is_zero(), "the root of a negative number");
        // Of 125 to 127 bits, so that the root has 63 or 64: more than a mantissa. The whole part
        // of a number decides that of its root; the exponent must be even to be halved.
        let (mut quotient, inexact, mut exponent) = self.quotient(125);
        if exponent % 2 != 0 {
            (quotient, exponent) = (quotient << 1, exponent - 1);
        }
        let root = quotient.isqrt();
        let inexact = inexact || root * root != quotient;
        round(root, inexact, exponent / 2, &DOUBLE).map(f64::from_bits)
    }

    /// The absolute value as `quotient * 2^exponent` with a quotient of `bits` bits or one more,
    /// and whether a remainder was cut off. Zero is 0.
    fn quotient(&self, bits: usize) -> (u128, bool, i32) {
        if self.is_zero() {
            return (0, false, 0);
        }
        let (above, below) = (self.numerator.bits(), self.denominator.bits());
        // The quotient of an `a`-bit number and a `b`-bit one has `a - b` or `a - b + 1` bits.
        let wanted = bits + below;
        let (numerator, mut inexact, shift) = if above <= wanted {
            (self.numerator.shifted(wanted - above), false, signed(wanted - above))
        } else {
            let (numerator, inexact) = self.numerator.unshifted(above - wanted);
            (numerator, inexact, -signed(above - wanted))
        };
        let quotient = if self.denominator.is_one() {
            numerator
        } else {
            let (quotient, remainder) = numerator.divided_by(&self.denominator);
            inexact |= !remainder.is_zero();
            quotient
        };
        let Some(quotient) = quotient.to_u128() else { unreachable!("the bits were chosen") };
        (quotient, inexact, self.exponent - shift)
    }

    /// The decimal, rounded half away from zero: with at least 16 significant digits and
    /// `least_scale` digits after the point where 38 digits have room for them, and no more than
    /// it needs. The rule of `Decimal::checked_div`, of numbers that may be longer.
    ///
    /// # Errors
    /// 22003 when the whole part has more than 38 digits.
    pub(super) fn to_decimal(&self, least_scale: u8) -> Result<Decimal> {
        assert!(self.exponent == 0, "a decimal was wanted of a double");
        let denominator = &self.denominator;
        let (whole, remainder) = self.numerator.divided_by(denominator);
        let scale = if remainder.is_zero() {
            0
        } else if whole.is_zero() {
            scale_of_fraction(least_scale, zeros(&self.numerator, denominator, 1))
        } else {
            scale_of_whole(least_scale, &whole)
        };
        let scaled = self.numerator.times(&Natural::power_of_ten(scale));
        let (quotient, rest) = scaled.divided_by(denominator);
        let up = rest.shifted(1).cmp(denominator).is_ge();
        decimal(self.negative, &quotient, up, scale, !rest.is_zero())
    }

    /// The square root as a decimal, with as many digits as [`Exact::to_decimal`] gives.
    ///
    /// # Errors
    /// 22003 when the whole part has more than 38 digits.
    pub(super) fn root_to_decimal(&self, least_scale: u8) -> Result<Decimal> {
        assert!(self.exponent == 0, "a decimal was wanted of a double");
        assert!(!self.negative || self.is_zero(), "the root of a negative number");
        let denominator = &self.denominator;
        let (square, rest) = self.numerator.divided_by(denominator);
        let whole = square.square_root();
        let scale = if rest.is_zero() && whole.times(&whole) == square {
            0
        } else if whole.is_zero() {
            // Two digits of the square give one of its root.
            scale_of_fraction(least_scale, zeros(&self.numerator, denominator, 2))
        } else {
            scale_of_whole(least_scale, &whole)
        };
        let scaled = self.numerator.times(&Natural::power_of_ten(2 * scale));
        let (square, rest) = scaled.divided_by(denominator);
        let root = square.square_root();
        let exact = rest.is_zero() && root.times(&root) == square;
        // At or above a half: (2 root + 1)^2 <= 4 * the exact square.
        let twice = root.shifted(1).plus(&Natural::from(1));
        let up = twice.times(&twice).times(denominator).cmp(&scaled.shifted(2)).is_le();
        decimal(false, &root, up, scale, !exact)
    }
}

/// The product with what is mostly one.
fn product(number: &Natural, factor: &Natural) -> Natural {
    if factor.is_one() { number.clone() } else { number.times(factor) }
}

/// Digits of the fraction that are wanted of a number with this whole part, which is not zero.
fn scale_of_whole(least_scale: u8, whole: &Natural) -> u32 {
    let digits = decimal_digits(whole);
    let wanted = SIGNIFICANT_DIGITS.saturating_sub(digits).max(least_scale.into());
    wanted.min(u32::from(DIGITS_MAX).saturating_sub(digits))
}

/// Digits of a fraction that are wanted if so many zeros stand before the first one that is none.
fn scale_of_fraction(least_scale: u8, zeros: u32) -> u32 {
    (zeros + SIGNIFICANT_DIGITS).max(least_scale.into()).min(DIGITS_MAX.into())
}

/// Zeros after the point before the first digit of a fraction below one, at most 38; with `power`
/// 2 those of its root.
fn zeros(numerator: &Natural, denominator: &Natural, power: u32) -> u32 {
    let tenfold = Natural::power_of_ten(power);
    let mut scaled = numerator.clone();
    for zeros in 0..u32::from(DIGITS_MAX) {
        scaled = scaled.times(&tenfold);
        if scaled.cmp(denominator).is_ge() {
            return zeros;
        }
    }
    DIGITS_MAX.into()
}

/// Decimal digits of a number that is not zero, 39 for all that have more than 38.
fn decimal_digits(number: &Natural) -> u32 {
    let number = number.to_u128().unwrap_or(u128::MAX);
    number.checked_ilog10().map_or(1, |log| log + 1)
}

/// The rounded quotient as a decimal; zeros at the end of its fraction are kept if it was rounded.
fn decimal(
    negative: bool,
    quotient: &Natural,
    up: bool,
    scale: u32,
    inexact: bool,
) -> Result<Decimal> {
    let too_long =
        || Error::invalid("value has more than 38 digits for DECIMAL").with_sqlstate("22003");
    let rounded = if up { quotient.plus(&Natural::from(1)) } else { quotient.clone() };
    let magnitude = rounded.to_u128().and_then(|value| i128::try_from(value).ok());
    let magnitude = magnitude.ok_or_else(too_long)?;
    let scale = u8::try_from(scale).map_err(|_| too_long())?;
    let result = Decimal::new(if negative { -magnitude } else { magnitude }, scale);
    let result = match result {
        Ok(result) => result,
        // Nines that were rounded up may need a digit more: the last one is then a zero.
        Err(_) if magnitude % 10 == 0 && scale > 0 => {
            let shorter = magnitude / 10;
            Decimal::new(if negative { -shorter } else { shorter }, scale - 1)?
        }
        Err(_) => return Err(too_long()),
    };
    Ok(if inexact { result } else { result.normalize() })
}

/// The bits of the number of the format nearest to `quotient * 2^exponent` and a little more if it
/// is inexact; halves go to the even one. Nothing if that is infinity. An inexact quotient has more
/// bits than a mantissa.
fn round(quotient: u128, inexact: bool, exponent: i32, format: &Format) -> Option<u64> {
    if quotient == 0 {
        return Some(0);
    }
    let bits = 128 - signed(quotient.leading_zeros() as usize);
    // The power of two that the last bit of the mantissa stands for.
    let last = (exponent + bits - format.precision).max(format.least);
    let cut = last - exponent;
    let mantissa = match u32::try_from(cut) {
        // Nothing is cut off; what there is fits a mantissa.
        Err(_) => quotient << cut.unsigned_abs(),
        Ok(0) => quotient,
        // All of it is less than half of the least number.
        Ok(cut) if cut > 128 => 0,
        Ok(cut) => {
            let whole = quotient.checked_shr(cut).unwrap_or(0);
            let half = quotient >> (cut - 1) & 1 == 1;
            let below = inexact || quotient.trailing_zeros() < cut - 1;
            whole + u128::from(half && (below || whole & 1 == 1))
        }
    };
    // Subnormal numbers have the exponent of the least normal one and lack its hidden bit; a
    // mantissa that was rounded up to one bit more carries into the exponent.
    let stored = u64::try_from(last - format.least).ok()?;
    let mantissa = u64::try_from(mantissa).ok()?;
    let result = (stored << (format.precision - 1)).checked_add(mantissa)?;
    (result < format.infinity).then_some(result)
}

fn signed(bits: usize) -> i32 {
    i32::try_from(bits).unwrap_or(i32::MAX)
}
