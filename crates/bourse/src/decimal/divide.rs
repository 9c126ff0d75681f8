//! Division: digit by digit, so that no intermediate number exceeds 128 bits.

use bourse_storage::{Error, Result};

use super::{DIGITS_MAX, Decimal, POWERS};

/// Digits that a quotient has at least, from its first one that is not zero.
const SIGNIFICANT_DIGITS: u8 = 16;

impl Decimal {
    /// The quotient, rounded half away from zero. It has at least 16 significant digits, and at
    /// least as many after the point as either number, where 38 digits have room for them.
    ///
    /// # Errors
    /// 22012 for a divisor of zero, 22003 when the whole part has more than 38 digits.
    pub fn checked_div(self, divisor: Decimal) -> Result<Decimal> {
        let (dividend, divisor) = (self.normalize(), divisor.normalize());
        let least_scale = self.scale.max(divisor.scale);
        let denominator = divisor.coefficient().unsigned_abs();
        if denominator == 0 {
            return Err(Error::invalid("division by zero").with_sqlstate("22012"));
        }
        let numerator = dividend.coefficient().unsigned_abs();
        // The scale that the quotient of the coefficients has by itself; it may be negative.
        let mut scale = i16::from(dividend.scale) - i16::from(divisor.scale);
        let mut quotient = numerator / denominator;
        let mut remainder = numerator % denominator;
        let wanted = |scale: i16, quotient: u128| {
            scale < i16::from(least_scale)
                || quotient < POWERS[usize::from(SIGNIFICANT_DIGITS) - 1].unsigned_abs()
        };
        let room = |quotient: u128| quotient < POWERS[usize::from(DIGITS_MAX) - 1].unsigned_abs();
        while room(quotient)
            && scale < i16::from(DIGITS_MAX)
            && (scale < 0 || remainder != 0 && wanted(scale, quotient))
        {
            let (digit, rest) = next_digit(remainder, denominator);
            quotient = quotient * 10 + digit;
            (remainder, scale) = (rest, scale + 1);
        }
        // Twice a remainder is below twice a divisor: below 2 * 10^38, which 128 bits hold.
        if remainder * 2 >= denominator {
            quotient += 1;
        }
        let negative = (dividend.coefficient() < 0) != (divisor.coefficient() < 0);
        let magnitude = i128::try_from(quotient).ok();
        let coefficient = magnitude.map(|v| if negative { -v } else { v });
        let scale = u8::try_from(scale).map_err(|_| super::out_of_range())?;
        Decimal::checked(coefficient, scale).ok_or_else(super::out_of_range)
    }

    /// What an exact division to a whole number leaves, with the sign of the dividend.
    ///
    /// # Errors
    /// 22012 for a divisor of zero.
    pub fn checked_rem(self, divisor: Decimal) -> Result<Decimal> {
        let denominator = divisor.coefficient().unsigned_abs();
        if denominator == 0 {
            return Err(Error::invalid("division by zero").with_sqlstate("22012"));
        }
        let numerator = self.coefficient().unsigned_abs();
        let scale = self.scale.max(divisor.scale);
        let remainder = if self.scale >= divisor.scale {
            // A divisor that does not fit when it is aligned is larger than the dividend.
            let power = POWERS[usize::from(scale - divisor.scale)].unsigned_abs();
            denominator.checked_mul(power).map_or(numerator, |aligned| numerator % aligned)
        } else {
            let mut remainder = numerator % denominator;
            for _ in 0..scale - self.scale {
                remainder = next_digit(remainder, denominator).1;
            }
            remainder
        };
        let magnitude = i128::try_from(remainder).map_err(|_| super::out_of_range())?;
        Decimal::new(if self.coefficient() < 0 { -magnitude } else { magnitude }, scale)
    }
}

/// Quotient and remainder of ten times a remainder: by adding it ten times, as ten times 10^38 is
/// more than 128 bits hold.
fn next_digit(remainder: u128, denominator: u128) -> (u128, u128) {
    if let Some(tenfold) = remainder.checked_mul(10) {
        return (tenfold / denominator, tenfold % denominator);
    }
    let (mut digit, mut rest) = (0, 0);
    for _ in 0..10 {
        rest += remainder;
        if rest >= denominator {
            rest -= denominator;
            digit += 1;
        }
    }
    (digit, rest)
}
