//! Ordered bytes of doubles, of integers among doubles, and of decimals without a fixed scale.
//!
//! A decimal that is not zero is `0.d1d2d3... * 10^e` with `d1` not zero.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | 80 for zero (and nothing follows); 81 + (e + 38) when positive |
//! | 1 | 1 each | pairs of digits, as 1 + their number (0 to 99); the last pair is filled with 0 |
//! | then | 1 | 0 |
//!
//! Zeros at the end are left out, so equal numbers have equal bytes whatever their scale. A
//! negative number is the complement of the bytes of its opposite.

use crate::decimal::Decimal;
use crate::value::fold_double;

const ZERO: u8 = 0x80;
/// Makes the least exponent, that of 10^-38, not negative: it is 0.1 * 10^-37.
const EXPONENT_BIAS: i32 = 38;

/// The double in total order.
#[inline]
pub(super) fn ordered_double(value: f64) -> [u8; 8] {
    let bits = fold_double(value).to_bits();
    let ordered = if bits >> 63 == 0 { bits ^ (1 << 63) } else { !bits };
    ordered.to_be_bytes()
}

/// The double of [`ordered_double`].
pub(super) fn double_from_ordered(bytes: [u8; 8]) -> f64 {
    let ordered = u64::from_be_bytes(bytes);
    let bits = if ordered >> 63 == 1 { ordered ^ (1 << 63) } else { !ordered };
    fold_double(f64::from_bits(bits))
}

/// The integer among doubles: the greatest double that is not greater, then the rest.
pub(super) fn ordered_integer(value: i64) -> [u8; 10] {
    #[expect(clippy::cast_precision_loss, reason = "the rest is kept beside it")]
    let nearest = value as f64;
    // 2^63 is the one double that an integer rounds to and that no i64 holds.
    #[expect(clippy::cast_possible_truncation, reason = "the cast of a whole number is exact")]
    let too_great = nearest as i128 > i128::from(value);
    let below = if too_great { nearest.next_down() } else { nearest };
    #[expect(clippy::cast_possible_truncation, reason = "the cast of a whole number is exact")]
    let rest = i128::from(value) - below as i128;
    let rest = u16::try_from(rest);
    // I1: the gap between neighbouring doubles below 2^63 is at most 1024.
    assert!(rest.is_ok_and(|rest| rest < 1024), "a double is too far below its integer");
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&ordered_double(below));
    bytes[8..].copy_from_slice(&rest.unwrap_or_default().to_be_bytes());
    bytes
}

/// Appends a decimal of any scale.
pub(super) fn encode_decimal(value: Decimal, out: &mut Vec<u8>) {
    let coefficient = value.coefficient();
    if coefficient == 0 {
        out.push(ZERO);
        return;
    }
    let start = out.len();
    let digits = coefficient.unsigned_abs().to_string();
    let length = i32::try_from(digits.len()).unwrap_or_default();
    let exponent = length - i32::from(value.scale());
    let biased = u8::try_from(exponent + EXPONENT_BIAS);
    // A decimal has at most 38 digits on either side of its point.
    assert!(biased.is_ok_and(|biased| biased <= 76), "a decimal's exponent is out of range");
    out.push(ZERO + 1 + biased.unwrap_or_default());
    for pair in digits.trim_end_matches('0').as_bytes().chunks(2) {
        let second = pair.get(1).map_or(0, |digit| digit - b'0');
        out.push(1 + (pair[0] - b'0') * 10 + second);
    }
    out.push(0);
    if coefficient < 0 {
        for byte in &mut out[start..] {
            *byte = !*byte;
        }
    }
}

/// The length of the decimal that `bytes` begins with. `flip` is XORed to every byte.
pub(super) fn decimal_length(bytes: &[u8], flip: u8) -> Option<usize> {
    let first = bytes.first()? ^ flip;
    if first == ZERO {
        return Some(1);
    }
    let terminator = if first > ZERO { flip } else { !flip };
    bytes.iter().skip(1).position(|byte| *byte == terminator).map(|at| at + 2)
}
