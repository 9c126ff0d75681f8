//! Integers of a fixed number of words, in two's complement: what sums of integers and decimals
//! are kept in.
//!
//! The widths are those that no table can overflow. A group has fewer than 2^64 rows, so a sum
//! needs 64 bits more than its terms, and one for the sign:
//!
//! | TERM | BITS | SUM |
//! |---|---|---|
//! | integer of 64 bits | 63 | `i128` |
//! | its square | 126 | 192 |
//! | decimal of 38 digits | 127 | 192 |
//! | its square | 253 | 320 |

use super::natural::{Natural, high, low};

/// An integer of `WORDS` times 64 bits, the least word first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wide<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Wide<WORDS> {
    pub(super) const ZERO: Wide<WORDS> = Wide([0; WORDS]);
    /// Bytes that it has on disk.
    pub(super) const BYTES: usize = WORDS * 8;

    #[inline]
    pub(super) fn is_zero(&self) -> bool {
        self.0 == [0; WORDS]
    }

    #[inline]
    fn is_negative(&self) -> bool {
        self.0[WORDS - 1] >> 63 == 1
    }

    /// Adds another; returns whether the sum fits.
    #[inline]
    #[must_use]
    pub(super) fn add(&mut self, other: &Wide<WORDS>) -> bool {
        let signs = (self.is_negative(), other.is_negative());
        let mut carry = false;
        for (word, other) in self.0.iter_mut().zip(other.0) {
            (*word, carry) = word.carrying_add(other, carry);
        }
        signs.0 != signs.1 || self.is_negative() == signs.0
    }

    /// Takes another away; returns whether the difference fits.
    #[inline]
    #[must_use]
    pub(super) fn subtract(&mut self, other: &Wide<WORDS>) -> bool {
        let signs = (self.is_negative(), other.is_negative());
        let mut borrow = false;
        for (word, other) in self.0.iter_mut().zip(other.0) {
            (*word, borrow) = word.borrowing_sub(other, borrow);
        }
        signs.0 == signs.1 || self.is_negative() == signs.0
    }

    /// Whether it is below zero, and its absolute value.
    pub(super) fn to_natural(self) -> (bool, Natural) {
        if !self.is_negative() {
            return (false, Natural::of_words(&self.0));
        }
        let mut opposite = Wide::ZERO;
        // The least integer is its own opposite, and as a natural number right.
        let _ = opposite.subtract(&self);
        (true, Natural::of_words(&opposite.0))
    }

    /// The integer, if it fits.
    pub(super) fn to_i128(self) -> Option<i128> {
        let magnitude = u128::from(self.0[1]) << 64 | u128::from(self.0[0]);
        let value = magnitude.cast_signed();
        (Wide::from(value) == self).then_some(value)
    }

    /// Appends its words, the least first, each little-endian.
    #[inline]
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        for word in self.0 {
            out.extend_from_slice(&word.to_le_bytes());
        }
    }

    /// The integer of [`Wide::encode`]; nothing unless there are as many bytes as it has.
    #[inline]
    pub(super) fn decode(bytes: &[u8]) -> Option<Wide<WORDS>> {
        let (words, rest) = bytes.as_chunks::<8>();
        if words.len() != WORDS || !rest.is_empty() {
            return None;
        }
        let mut wide = Wide::ZERO;
        for (word, bytes) in wide.0.iter_mut().zip(words) {
            *word = u64::from_le_bytes(*bytes);
        }
        Some(wide)
    }
}

impl<const WORDS: usize> From<i128> for Wide<WORDS> {
    #[inline]
    fn from(value: i128) -> Wide<WORDS> {
        let value = value.cast_unsigned();
        let extension = if value >> 127 == 1 { u64::MAX } else { 0 };
        let mut words = [extension; WORDS];
        (words[0], words[1]) = (low(value), high(value));
        Wide(words)
    }
}

impl Wide<5> {
    /// The square of a number.
    #[inline]
    pub(super) fn square(value: i128) -> Wide<5> {
        let magnitude = value.unsigned_abs();
        let halves = [low(magnitude), high(magnitude)];
        let mut words = [0; 5];
        for (at, left) in halves.into_iter().enumerate() {
            let mut carry = 0;
            for (to, right) in halves.into_iter().enumerate() {
                let word = &mut words[at + to];
                let sum =
                    u128::from(left) * u128::from(right) + u128::from(*word) + u128::from(carry);
                (*word, carry) = (low(sum), high(sum));
            }
            words[at + 2] = carry;
        }
        Wide(words)
    }
}
