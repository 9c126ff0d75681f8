//! Natural numbers of any length, for the formulas of reads.
//!
//! A state keeps sums in words of its own; reading an average or a variance needs products and
//! quotients of them that fit no fixed width. They are made here, exactly, and rounded once at the
//! end (`super::quotient`). Numbers are a few words long, so everything is the schoolbook's.

use std::cmp::Ordering;

/// A natural number: words from the least on, the last one not zero.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Natural(Vec<u64>);

/// The low word of a double one.
#[expect(clippy::cast_possible_truncation, reason = "the high word is taken apart")]
pub(super) const fn low(double: u128) -> u64 {
    double as u64
}

/// The high word of a double one.
pub(super) const fn high(double: u128) -> u64 {
    low(double >> 64)
}

/// A double word of its halves.
const fn double(high: u64, low: u64) -> u128 {
    (high as u128) << 64 | low as u128
}

impl Natural {
    /// The number of these words, the least first.
    pub(super) fn of_words(words: &[u64]) -> Natural {
        Natural(words.to_vec()).trimmed()
    }

    /// A power of ten.
    pub(super) fn power_of_ten(exponent: u32) -> Natural {
        let mut power = Natural::from(1);
        let mut left = exponent;
        while left > 0 {
            let step = left.min(19);
            power = power.times_word(10_u64.pow(step));
            left -= step;
        }
        power
    }

    fn trimmed(mut self) -> Natural {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_one(&self) -> bool {
        self.0 == [1]
    }

    /// How many bits it has; 0 for zero.
    pub(super) fn bits(&self) -> usize {
        self.0.last().map_or(0, |top| self.0.len() * 64 - top.leading_zeros() as usize)
    }

    /// The number, if it fits.
    pub(super) fn to_u128(&self) -> Option<u128> {
        match *self.0.as_slice() {
            [] => Some(0),
            [low] => Some(low.into()),
            [low, high] => Some(double(high, low)),
            _ => None,
        }
    }

    /// The sum.
    pub(super) fn plus(&self, other: &Natural) -> Natural {
        let (long, short) =
            if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut words = long.0.clone();
        let mut carry = false;
        for (at, word) in words.iter_mut().enumerate() {
            if at >= short.0.len() && !carry {
                break;
            }
            (*word, carry) = word.carrying_add(short.0.get(at).copied().unwrap_or(0), carry);
        }
        if carry {
            words.push(1);
        }
        Natural(words)
    }

    /// The difference, and whether it is below zero.
    pub(super) fn minus(&self, other: &Natural) -> (bool, Natural) {
        let negative = self.cmp(other).is_lt();
        let (long, short) = if negative { (other, self) } else { (self, other) };
        let mut words = long.0.clone();
        let mut borrow = false;
        for (at, word) in words.iter_mut().enumerate() {
            (*word, borrow) = word.borrowing_sub(short.0.get(at).copied().unwrap_or(0), borrow);
        }
        (negative, Natural(words).trimmed())
    }

    /// The product.
    pub(super) fn times(&self, other: &Natural) -> Natural {
        let mut words = vec![0; self.0.len() + other.0.len()];
        for (at, left) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (right, word) in other.0.iter().zip(&mut words[at..]) {
                // The greatest product and two words more are just a double word.
                let sum =
                    u128::from(*left) * u128::from(*right) + u128::from(*word) + u128::from(carry);
                (*word, carry) = (low(sum), high(sum));
            }
            words[at + other.0.len()] = carry;
        }
        Natural(words).trimmed()
    }

    /// The product with one word.
    pub(super) fn times_word(mut self, word: u64) -> Natural {
        let mut carry = 0;
        for digit in &mut self.0 {
            let product = u128::from(*digit) * u128::from(word) + u128::from(carry);
            (*digit, carry) = (low(product), high(product));
        }
        self.0.push(carry);
        self.trimmed()
    }

    /// The number times a power of two.
    pub(super) fn shifted(&self, bits: usize) -> Natural {
        let (whole, part) = (bits / 64, bits % 64);
        let mut words = Vec::with_capacity(whole + self.0.len() + 1);
        words.resize(whole, 0);
        words.extend_from_slice(&self.0);
        if part > 0 {
            let mut carry = 0;
            for word in &mut words[whole..] {
                (*word, carry) = (*word << part | carry, *word >> (64 - part));
            }
            words.push(carry);
        }
        Natural(words).trimmed()
    }

    /// The whole quotient by a power of two, and whether that leaves a remainder.
    pub(super) fn unshifted(&self, bits: usize) -> (Natural, bool) {
        let (whole, part) = (bits / 64, bits % 64);
        let (cut, rest) = self.0.split_at(whole.min(self.0.len()));
        let mut inexact = cut.iter().any(|word| *word != 0);
        let mut words = rest.to_vec();
        if part > 0 && !words.is_empty() {
            inexact |= words[0] << (64 - part) != 0;
            for at in 0..words.len() {
                let above = words.get(at + 1).copied().unwrap_or(0);
                words[at] = words[at] >> part | above << (64 - part);
            }
        }
        (Natural(words).trimmed(), inexact)
    }

    /// Quotient and remainder.
    ///
    /// # Panics
    /// When the divisor is zero.
    pub(super) fn divided_by(&self, divisor: &Natural) -> (Natural, Natural) {
        match divisor.0.as_slice() {
            [] => panic!("a natural number is divided by zero"),
            [word] => {
                let (quotient, remainder) = self.divided_by_word(*word);
                (quotient, Natural::from(u128::from(remainder)))
            }
            _ if self.cmp(divisor).is_lt() => (Natural::default(), self.clone()),
            _ => self.divided_long(divisor),
        }
    }

    fn divided_by_word(&self, divisor: u64) -> (Natural, u64) {
        let mut words = self.0.clone();
        let mut remainder = 0;
        for word in words.iter_mut().rev() {
            let dividend = double(remainder, *word);
            let wide = u128::from(divisor);
            // The remainder is below the divisor, so the quotient is one word.
            (*word, remainder) = (low(dividend / wide), low(dividend % wide));
        }
        (Natural(words).trimmed(), remainder)
    }

    /// Knuth's algorithm D (The Art of Computer Programming, 4.3.1): each word of the quotient is
    /// estimated from the topmost words, at most one too great after the correction.
    fn divided_long(&self, divisor: &Natural) -> (Natural, Natural) {
        // With the divisor's topmost bit set estimates are good.
        let shift = divisor.0[divisor.0.len() - 1].leading_zeros() as usize;
        let divisor = divisor.shifted(shift).0;
        let mut rest = self.shifted(shift).0;
        rest.push(0);
        let length = divisor.len();
        let (top, second) = (divisor[length - 1], divisor[length - 2]);
        let mut quotient = vec![0; rest.len() - length];
        for at in (0..quotient.len()).rev() {
            let estimate = estimate(&rest[at + length - 2..=at + length], top, second);
            quotient[at] = estimate;
            if subtract_product(&mut rest[at..=at + length], &divisor, estimate) {
                quotient[at] -= 1;
                add_back(&mut rest[at..=at + length], &divisor);
            }
        }
        (Natural(quotient).trimmed(), Natural(rest).trimmed().unshifted(shift).0)
    }

    /// The greatest number whose square is not greater.
    pub(super) fn square_root(&self) -> Natural {
        if let Some(small) = self.to_u128() {
            return Natural::from(small.isqrt());
        }
        // Newton's method from above: it falls until it has arrived.
        let mut root = Natural::from(1).shifted(self.bits().div_ceil(2));
        loop {
            let next = root.plus(&self.divided_by(&root).0).unshifted(1).0;
            if next.cmp(&root).is_ge() {
                return root;
            }
            root = next;
        }
    }
}

/// A word of the quotient from three words of the dividend, the topmost last, and two of the
/// divisor: right or one too great.
fn estimate(dividend: &[u64], top: u64, second: u64) -> u64 {
    let upper = double(dividend[2], dividend[1]);
    let (mut word, mut rest) = if dividend[2] >= top {
        // The true word is the greatest or less.
        let word = u128::from(u64::MAX);
        (word, upper - word * u128::from(top))
    } else {
        (upper / u128::from(top), upper % u128::from(top))
    };
    while high(rest) == 0 && word * u128::from(second) > double(low(rest), dividend[0]) {
        word -= 1;
        rest += u128::from(top);
    }
    low(word)
}

/// Takes the product off; returns whether the result is below zero, and then lacks a borrow.
fn subtract_product(rest: &mut [u64], divisor: &[u64], word: u64) -> bool {
    let (mut carry, mut borrow) = (0, false);
    for (at, digit) in rest.iter_mut().enumerate() {
        let factor = divisor.get(at).copied().unwrap_or(0);
        let product = u128::from(factor) * u128::from(word) + u128::from(carry);
        carry = high(product);
        (*digit, borrow) = digit.borrowing_sub(low(product), borrow);
    }
    borrow
}

fn add_back(rest: &mut [u64], divisor: &[u64]) {
    let mut carry = false;
    for (at, digit) in rest.iter_mut().enumerate() {
        (*digit, carry) = digit.carrying_add(divisor.get(at).copied().unwrap_or(0), carry);
    }
}

impl From<u128> for Natural {
    fn from(value: u128) -> Natural {
        // Zero needs no room: most numbers are short, and allocating is what reads spend time on.
        match (low(value), high(value)) {
            (0, 0) => Natural::default(),
            (low, 0) => Natural(vec![low]),
            (low, high) => Natural(vec![low, high]),
        }
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Natural) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Natural) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
