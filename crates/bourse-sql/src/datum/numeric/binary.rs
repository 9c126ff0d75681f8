//! Numbers in PostgreSQL's binary form: digits to the base 10,000.

use num_bigint::{BigInt, Sign};

use super::{Numeric, Repr, SCALE_MAX, overflow, power_of_ten, small_power};
use crate::error::{Result, SqlError};

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;

/// What PostgreSQL says after the point of an infinity.
const INFINITY_SCALE: u16 = 0x20;

impl Numeric {
    /// Appends what `numeric_send` sends.
    pub(crate) fn write_binary(&self, out: &mut Vec<u8>) {
        let special = |out: &mut Vec<u8>, sign: u16, scale: u16| {
            for part in [0, 0, sign, scale] {
                out.extend_from_slice(&part.to_be_bytes());
            }
        };
        match &self.0 {
            Repr::NaN => special(out, NAN, 0),
            Repr::Infinity => special(out, INFINITY, INFINITY_SCALE),
            Repr::NegativeInfinity => special(out, NEGATIVE_INFINITY, INFINITY_SCALE),
            Repr::Small { coefficient, scale } => {
                // The fraction is filled up to whole digits to the base 10,000.
                let padding = (4 - u32::from(*scale % 4)) % 4;
                let mut rest =
                    u128::from(coefficient.unsigned_abs()) * small_power(padding).unsigned_abs();
                let mut digits = Vec::with_capacity(8);
                while rest > 0 {
                    digits.push(u16::try_from(rest % 10_000).unwrap_or(0));
                    rest /= 10_000;
                }
                digits.reverse();
                write_digits(*coefficient < 0, &digits, *scale, out);
            }
            Repr::Large(large) => {
                let padding = (4 - u32::from(large.scale % 4)) % 4;
                let filled = &large.coefficient * power_of_ten(padding);
                let (sign, hundreds) = filled.to_radix_be(100);
                let odd = hundreds.len() % 2;
                let first = hundreds[..odd].iter().map(|digit| u16::from(*digit));
                let pairs = hundreds[odd..].chunks_exact(2);
                let digits: Vec<u16> = first
                    .chain(pairs.map(|pair| u16::from(pair[0]) * 100 + u16::from(pair[1])))
                    .collect();
                write_digits(sign == Sign::Minus, &digits, large.scale, out);
            }
        }
    }

    /// The number that `numeric_recv` would read.
    ///
    /// # Errors
    /// 22P03 when the bytes are none, 22003 when the number is beyond all.
    pub(crate) fn read_binary(bytes: &[u8]) -> Result<Numeric> {
        let mut parts = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        let mut part = || parts.next().ok_or_else(|| invalid("length"));
        let (count, weight, sign, scale) = (part()?, part()?, part()?, part()?);
        if bytes.len() != 8 + 2 * usize::from(count) {
            return Err(invalid("length"));
        }
        match sign {
            NAN => return Ok(Numeric::NAN),
            INFINITY => return Ok(Numeric::INFINITY),
            NEGATIVE_INFINITY => return Ok(Numeric::NEGATIVE_INFINITY),
            POSITIVE | NEGATIVE => {}
            _ => return Err(invalid("sign")),
        }
        if scale > SCALE_MAX {
            return Err(invalid("scale"));
        }
        let mut hundreds = Vec::with_capacity(2 * usize::from(count));
        for digit in parts {
            let (high, low) = (u8::try_from(digit / 100), u8::try_from(digit % 100));
            match (high, low) {
                (Ok(high @ ..=99), Ok(low)) => hundreds.extend([high, low]),
                _ => return Err(invalid("digit")),
            }
        }
        let negative = if sign == NEGATIVE { Sign::Minus } else { Sign::Plus };
        let number = BigInt::from_radix_be(negative, &hundreds, 100).unwrap_or(BigInt::ZERO);
        // Digits after the point that the digits as they stand have; negative: zeros before it.
        let weight = i64::from(i16::from_be_bytes(weight.to_be_bytes()));
        let have = 4 * (i64::from(count) - 1 - weight);
        let missing = i64::from(scale) - have;
        let power = u32::try_from(missing.unsigned_abs()).map_err(|_| overflow())?;
        let coefficient =
            if missing >= 0 { number * power_of_ten(power) } else { number / power_of_ten(power) };
        Numeric::from_big(coefficient, u32::from(scale))
    }
}

/// Writes digits to the base 10,000, the last of which ends a fraction of `scale` decimal digits.
fn write_digits(negative: bool, digits: &[u16], scale: u16, out: &mut Vec<u8>) {
    let fraction = i64::from(scale.div_ceil(4));
    let weight = i64::try_from(digits.len()).unwrap_or(i64::MAX) - 1 - fraction;
    let kept = digits.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1);
    let weight = if kept == 0 { 0 } else { weight };
    // N2 and N3 bound digits and weight far below what 16 bits hold.
    let count = u16::try_from(kept).unwrap_or(u16::MAX);
    let weight = i16::try_from(weight).unwrap_or(i16::MAX);
    let sign = if negative { NEGATIVE } else { POSITIVE };
    out.extend_from_slice(&count.to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&sign.to_be_bytes());
    out.extend_from_slice(&scale.to_be_bytes());
    for digit in &digits[..kept] {
        out.extend_from_slice(&digit.to_be_bytes());
    }
}

fn invalid(part: &str) -> SqlError {
    SqlError::new("22P03", format!("invalid {part} in external \"numeric\" value"))
}
