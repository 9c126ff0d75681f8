//! The exact sum of doubles, or of their squares.
//!
//! Every finite double is a whole number of units of 2^-1074, every square of one a whole number of
//! units of 2^-2148. So a sum of them is an integer, of at most 2,163 bits or 4,261 for as many as
//! 2^64 rows: in two's complement, in words of 64 bits. Only words between the lowest and the
//! highest one that say anything are kept (a window, three words for most sums of prices), so a
//! change touches two words (three of squares) and a carry. Adding and taking away are exact
//! inverses, no order matters, and nothing overflows in between.
//!
//! NaN and the two infinities are no numbers and are counted apart; when the last of them is taken
//! away the sum of the others is there as if they had never come.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | words `n`; 128 more if the counts follow |
//! | 1 | 1 | position of the lowest word in the whole integer; 0 if `n` is 0 |
//! | 2 | 8n | words, the lowest first, in two's complement |
//! | 2 + 8n | 24 | counts of NaN, infinity and -infinity, if any is not 0 |
//!
//! # Invariants
//!
//! * **E1** On disk the lowest word is not zero, and the highest one is not what the sign of the
//!   word below it says already: a value has one form. Zero has no words.
//! * **E2** In memory, after `cover`, the highest word is only the sign, all zeros or all ones, so
//!   that an addition that ends below it does not overflow.

use super::natural::{Natural, high, low};
use super::quotient::Exact;
use super::state::Sign;

/// Words of the longest sum, that of squares.
const WORDS_MAX: usize = 68;
/// Words of a sum that is appended at once.
const SHORT: usize = 4;
/// Says in the first byte that counts follow.
const COUNTED: u8 = 0x80;
/// The power of two that is the unit of a sum of doubles; that of squares is twice as low.
const UNIT: i32 = -1074;

/// An exact sum of doubles, or of their squares.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct ExactSum {
    /// Position of the first of `words` in the whole integer.
    base: usize,
    words: Vec<u64>,
    not_numbers: u64,
    infinities: u64,
    negative_infinities: u64,
}

/// What a sum is when it is read.
#[derive(Clone, Debug)]
pub(super) enum Total {
    /// A number.
    Number(Exact),
    /// NaN, or an infinity.
    Special(f64),
}

/// Mantissa and exponent above [`UNIT`] of a finite double.
#[inline]
fn parts(value: f64) -> (u64, usize) {
    let bits = value.to_bits();
    let (exponent, fraction) = (bits >> 52 & 0x7FF, bits & ((1 << 52) - 1));
    match exponent {
        0 => (fraction, 0),
        _ => (fraction | 1 << 52, usize::try_from(exponent - 1).unwrap_or_default()),
    }
}

/// What the words above this one are if it is the highest that says anything.
#[inline]
fn sign_of(word: u64) -> u64 {
    if word >> 63 == 1 { u64::MAX } else { 0 }
}

impl ExactSum {
    /// Makes it the sum of nothing.
    pub(super) fn clear(&mut self) {
        self.base = 0;
        self.words.clear();
        (self.not_numbers, self.infinities, self.negative_infinities) = (0, 0, 0);
    }

    /// Adds a double or takes it away; false if it was taken away and never added.
    #[inline]
    #[must_use]
    pub(super) fn change(&mut self, value: f64, sign: Sign) -> bool {
        if !value.is_finite() {
            return self.count(value, sign);
        }
        let (mantissa, exponent) = parts(value);
        if mantissa == 0 {
            // Zero, negative or not, is no units; it would only widen the window down to them.
            return true;
        }
        // 53 bits, shifted by at most 63, are at most 116.
        let shifted = u128::from(mantissa) << (exponent % 64);
        let negative = value.is_sign_negative() != (sign == Sign::Remove);
        self.change_words(exponent / 64, [low(shifted), high(shifted)], negative);
        true
    }

    /// Adds the square of a double or takes it away; false as [`ExactSum::change`].
    #[inline]
    #[must_use]
    pub(super) fn change_square(&mut self, value: f64, sign: Sign) -> bool {
        if !value.is_finite() {
            return self.count(if value.is_nan() { value } else { f64::INFINITY }, sign);
        }
        let (mantissa, exponent) = parts(value);
        if mantissa == 0 {
            return true;
        }
        let square = u128::from(mantissa) * u128::from(mantissa);
        let (place, shift) = (2 * exponent / 64, 2 * exponent % 64);
        // 106 bits, shifted by at most 63, are at most 169.
        let lower = square << shift;
        let upper = if shift == 0 { 0 } else { low(square >> (128 - shift)) };
        self.change_words(place, [low(lower), high(lower), upper], sign == Sign::Remove);
        true
    }

    #[cold]
    fn count(&mut self, value: f64, sign: Sign) -> bool {
        let count = if value.is_nan() {
            &mut self.not_numbers
        } else if value > 0.0 {
            &mut self.infinities
        } else {
            &mut self.negative_infinities
        };
        let changed = match sign {
            Sign::Add => count.checked_add(1),
            Sign::Remove => count.checked_sub(1),
        };
        *count = changed.unwrap_or(*count);
        changed.is_some()
    }

    /// Adds words at a place of the whole integer, or takes them away.
    #[inline]
    fn change_words<const PARTS: usize>(
        &mut self,
        place: usize,
        parts: [u64; PARTS],
        negative: bool,
    ) {
        self.cover(place, place + PARTS);
        let words = &mut self.words[place - self.base..];
        let (changed, above) = words.split_at_mut(PARTS);
        let mut carry = false;
        for (word, part) in changed.iter_mut().zip(parts) {
            (*word, carry) = if negative {
                word.borrowing_sub(part, carry)
            } else {
                word.carrying_add(part, carry)
            };
        }
        for word in above {
            if !carry {
                break;
            }
            (*word, carry) =
                if negative { word.overflowing_sub(1) } else { word.overflowing_add(1) };
        }
    }

    /// Widens the window to these places and a word of sign above them (E2).
    #[inline]
    fn cover(&mut self, from: usize, to: usize) {
        let sign = self.sign_word();
        let covered = self.base <= from && to - self.base < self.words.len();
        if !covered || self.words.last() != Some(&sign) {
            self.widen(from, to, sign);
        }
    }

    #[inline(never)]
    fn widen(&mut self, from: usize, to: usize, sign: u64) {
        if self.words.is_empty() {
            self.base = from;
        } else if from < self.base {
            let more = self.base - from;
            self.words.splice(0..0, std::iter::repeat_n(0, more));
            self.base = from;
        }
        let length = to + 1 - self.base;
        if self.words.len() < length {
            self.words.resize(length, sign);
        } else if self.words.last() != Some(&sign) {
            self.words.push(sign);
        }
    }

    /// What all words above the window would be.
    #[inline]
    fn sign_word(&self) -> u64 {
        self.words.last().map_or(0, |word| sign_of(*word))
    }

    /// Adds another sum of the same kind; false when a count overflows.
    #[must_use]
    pub(super) fn merge(&mut self, other: &ExactSum) -> bool {
        if !other.words.is_empty() {
            self.cover(other.base, other.base + other.words.len());
            let place = other.base - self.base;
            let extension = other.sign_word();
            let mut carry = false;
            for (at, word) in self.words[place..].iter_mut().enumerate() {
                let added = other.words.get(at).copied().unwrap_or(extension);
                (*word, carry) = word.carrying_add(added, carry);
            }
        }
        let mut fits = true;
        for (count, more) in [
            (&mut self.not_numbers, other.not_numbers),
            (&mut self.infinities, other.infinities),
            (&mut self.negative_infinities, other.negative_infinities),
        ] {
            let sum = count.checked_add(more);
            *count = sum.unwrap_or(*count);
            fits &= sum.is_some();
        }
        fits
    }

    /// The sum. What is added to NaN is NaN, and so is the sum of both infinities.
    pub(super) fn total(&self) -> Total {
        self.in_units(UNIT)
    }

    /// The sum, which is one of squares.
    pub(super) fn total_of_squares(&self) -> Total {
        self.in_units(2 * UNIT)
    }

    fn in_units(&self, unit: i32) -> Total {
        let both = self.infinities > 0 && self.negative_infinities > 0;
        if self.not_numbers > 0 || both {
            return Total::Special(f64::NAN);
        }
        if self.infinities > 0 {
            return Total::Special(f64::INFINITY);
        }
        if self.negative_infinities > 0 {
            return Total::Special(f64::NEG_INFINITY);
        }
        let negative = self.sign_word() != 0;
        let magnitude = if negative {
            let mut carry = true;
            let opposite = self.words.iter().map(|word| {
                let (word, over) = (!word).overflowing_add(u64::from(carry));
                carry = over;
                word
            });
            // The least integer of a window is its own opposite, and as a natural number right.
            Natural::of_words(&opposite.collect::<Vec<_>>())
        } else {
            Natural::of_words(&self.words)
        };
        let exponent = unit + i32::try_from(self.base * 64).unwrap_or_default();
        Total::Number(Exact::whole(negative, magnitude, exponent))
    }

    /// The words that say anything, and the position of the first (E1).
    #[inline]
    fn canonical(&self) -> (usize, &[u64]) {
        let words = self.words.as_slice();
        let mut length = words.len();
        while length > 0 {
            let below = if length > 1 { words[length - 2] } else { 0 };
            if words[length - 1] != sign_of(below) {
                break;
            }
            length -= 1;
        }
        let words = &words[..length];
        let zeros = words.iter().take_while(|word| **word == 0).count();
        (if words.len() == zeros { 0 } else { self.base + zeros }, &words[zeros..])
    }

    /// Appends the sum's bytes.
    #[inline]
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let (base, words) = self.canonical();
        let counts = [self.not_numbers, self.infinities, self.negative_infinities];
        let counted = if counts == [0; 3] { 0 } else { COUNTED };
        // Rows cannot make a sum so long; a damaged one is refused when it is decoded again.
        let place = |at: usize| u8::try_from(at).unwrap_or(u8::MAX);
        let front = [place(words.len()).min(COUNTED - 1) | counted, place(base)];
        if words.len() <= SHORT {
            // Nearly all sums: one append instead of one for each word.
            let mut bytes = [0; 2 + SHORT * 8];
            bytes[..2].copy_from_slice(&front);
            for (bytes, word) in bytes[2..].as_chunks_mut::<8>().0.iter_mut().zip(words) {
                *bytes = word.to_le_bytes();
            }
            out.extend_from_slice(&bytes[..2 + words.len() * 8]);
        } else {
            out.extend_from_slice(&front);
            for word in words {
                out.extend_from_slice(&word.to_le_bytes());
            }
        }
        if counted != 0 {
            for count in counts {
                out.extend_from_slice(&count.to_le_bytes());
            }
        }
    }

    /// Reads a sum from the front of `bytes`, which then begin behind it; nothing if they are no
    /// sum.
    #[inline]
    pub(super) fn decode(&mut self, bytes: &mut &[u8]) -> Option<()> {
        let (&[first, base], rest) = bytes.split_first_chunk::<2>()?;
        let count = usize::from(first & !COUNTED);
        let (words, mut rest) = rest.split_at_checked(count * 8)?;
        self.clear();
        self.base = base.into();
        self.words.extend(words.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)));
        if first & COUNTED != 0 {
            for count in
                [&mut self.not_numbers, &mut self.infinities, &mut self.negative_infinities]
            {
                let (bytes, behind) = rest.split_first_chunk::<8>()?;
                (*count, rest) = (u64::from_le_bytes(*bytes), behind);
            }
            if self.not_numbers | self.infinities | self.negative_infinities == 0 {
                return None;
            }
        }
        *bytes = rest;
        // E1; and no sum of rows is longer.
        let canonical = match self.words.as_slice() {
            [] => self.base == 0,
            [lowest, .., below, top] => *lowest != 0 && *top != sign_of(*below),
            [lowest, top] => *lowest != 0 && *top != sign_of(*lowest),
            [word] => *word != 0,
        };
        if let Some(top) = self.words.last() {
            // Room for the sum to grow into (E2), which the next change would make.
            self.words.push(sign_of(*top));
        }
        (canonical && self.base + count <= WORDS_MAX).then_some(())
    }
}
