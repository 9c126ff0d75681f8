//! The exact sum of decimals, or of their squares: an integer for each scale that they have.
//!
//! Decimals of a column DECIMAL(p,s) all have one scale, those of a column or an expression without
//! one may have any from 0 to 38. Brought to one scale their coefficients would take twice the
//! room, and what scale the sum has, which is the greatest among its terms, could not be told once
//! a term was taken away. So terms are summed by scale.
//!
//! | SUM | BYTES OF AN ENTRY |
//! |---|---|
//! | of decimals | scale (1), how many have it (8), sum of coefficients (24) |
//! | of squares | scale (1), sum of squared coefficients (40) |
//!
//! In front stands one byte, how many entries there are.
//!
//! # Invariants
//!
//! * **D1** Entries are in the order of their scales, each once.
//! * **D2** An entry of a sum has a term, an entry of squares is not zero: a sum has one form.

use super::natural::Natural;
use super::state::Sign;
use super::wide::Wide;
use crate::decimal::{DIGITS_MAX, Decimal};

/// The exact sum of decimals.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct DecimalSum(Vec<Entry>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    scale: u8,
    count: u64,
    sum: Wide<3>,
}

/// The exact sum of decimals' squares; by the scale of the decimals, half of the squares'.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct SquareSum(Vec<(u8, Wide<5>)>);

/// A sum as a whole number of units, all of one scale.
pub(super) struct Scaled {
    pub(super) negative: bool,
    pub(super) magnitude: Natural,
}

impl Scaled {
    fn zero() -> Scaled {
        Scaled { negative: false, magnitude: Natural::default() }
    }

    fn plus(&self, negative: bool, magnitude: &Natural) -> Scaled {
        if self.negative == negative {
            return Scaled { negative, magnitude: self.magnitude.plus(magnitude) };
        }
        let (below, magnitude) = self.magnitude.minus(magnitude);
        Scaled { negative: self.negative != below, magnitude }
    }
}

impl DecimalSum {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a decimal or takes it away; false if it was taken away and never added.
    #[inline]
    #[must_use]
    pub(super) fn change(&mut self, value: Decimal, sign: Sign) -> bool {
        let term = Wide::from(value.coefficient());
        let found = self.0.iter_mut().position(|entry| entry.scale >= value.scale());
        let at = found.unwrap_or(self.0.len());
        let known = self.0.get(at).is_some_and(|entry| entry.scale == value.scale());
        match sign {
            Sign::Add => {
                if !known {
                    let entry = Entry { scale: value.scale(), count: 0, sum: Wide::ZERO };
                    self.0.insert(at, entry);
                }
                let entry = &mut self.0[at];
                let Some(count) = entry.count.checked_add(1) else { return false };
                entry.count = count;
                entry.sum.add(&term)
            }
            Sign::Remove => {
                if !known {
                    return false;
                }
                let entry = &mut self.0[at];
                let fits = entry.sum.subtract(&term);
                entry.count -= 1;
                if entry.count == 0 {
                    // Nothing is left of what is nothing.
                    let whole = entry.sum.is_zero();
                    self.0.remove(at);
                    return fits && whole;
                }
                fits
            }
        }
    }

    /// Adds another sum; false when it does not fit.
    #[must_use]
    pub(super) fn merge(&mut self, other: &DecimalSum) -> bool {
        let mut fits = true;
        for entry in &other.0 {
            match self.0.binary_search_by_key(&entry.scale, |entry| entry.scale) {
                Err(at) => self.0.insert(at, *entry),
                Ok(at) => {
                    let into = &mut self.0[at];
                    let count = into.count.checked_add(entry.count);
                    into.count = count.unwrap_or(into.count);
                    fits &= into.sum.add(&entry.sum) && count.is_some();
                }
            }
        }
        fits
    }

    /// The greatest scale of a term, 0 if there is none.
    pub(super) fn scale(&self) -> u8 {
        self.0.last().map_or(0, |entry| entry.scale)
    }

    /// The sum as a decimal of the greatest scale, if all terms have that one and it fits: the
    /// common case, which needs no longer numbers.
    pub(super) fn short(&self) -> Option<Decimal> {
        match self.0.as_slice() {
            [entry] => Decimal::new(entry.sum.to_i128()?, entry.scale).ok(),
            _ => None,
        }
    }

    /// The sum in units of the greatest scale.
    pub(super) fn total(&self) -> Scaled {
        let scale = self.scale();
        self.0.iter().fold(Scaled::zero(), |total, entry| {
            let (negative, magnitude) = entry.sum.to_natural();
            let power = Natural::power_of_ten((scale - entry.scale).into());
            total.plus(negative, &magnitude.times(&power))
        })
    }

    /// Appends the sum's bytes.
    #[inline]
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.push(count(self.0.len()));
        for entry in &self.0 {
            out.push(entry.scale);
            out.extend_from_slice(&entry.count.to_le_bytes());
            entry.sum.encode(out);
        }
    }

    /// Reads a sum from the front of `bytes`, which then begin behind it; nothing if they are no
    /// sum.
    #[inline]
    pub(super) fn decode(&mut self, bytes: &mut &[u8]) -> Option<()> {
        const BYTES: usize = 9 + Wide::<3>::BYTES;
        self.0.clear();
        let (entries, rest) = split_entries::<BYTES>(bytes)?;
        for entry in entries {
            let (front, sum) = entry.split_first_chunk::<9>()?;
            let [scale, count @ ..] = *front;
            let (count, sum) = (u64::from_le_bytes(count), Wide::decode(sum)?);
            if count == 0 || !follows(self.0.last().map(|entry| entry.scale), scale) {
                return None;
            }
            self.0.push(Entry { scale, count, sum });
        }
        *bytes = rest;
        Some(())
    }
}

impl SquareSum {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Adds a decimal's square or takes it away; false if it was taken away and never added.
    #[inline]
    #[must_use]
    pub(super) fn change(&mut self, value: Decimal, sign: Sign) -> bool {
        let square = Wide::square(value.coefficient());
        if square.is_zero() {
            return true;
        }
        let found = self.0.iter().position(|(scale, _)| *scale >= value.scale());
        let at = found.unwrap_or(self.0.len());
        let known = self.0.get(at).is_some_and(|(scale, _)| *scale == value.scale());
        match sign {
            Sign::Add if known => self.0[at].1.add(&square),
            Sign::Add => {
                self.0.insert(at, (value.scale(), square));
                true
            }
            Sign::Remove if known => {
                let fits = self.0[at].1.subtract(&square);
                if self.0[at].1.is_zero() {
                    self.0.remove(at);
                }
                fits
            }
            Sign::Remove => false,
        }
    }

    /// Adds another sum; false when it does not fit.
    #[must_use]
    pub(super) fn merge(&mut self, other: &SquareSum) -> bool {
        let mut fits = true;
        for (scale, sum) in &other.0 {
            match self.0.binary_search_by_key(scale, |(scale, _)| *scale) {
                Err(at) => self.0.insert(at, (*scale, *sum)),
                Ok(at) => fits &= self.0[at].1.add(sum),
            }
        }
        fits
    }

    /// The sum in units of twice that scale, which is not below that of any term.
    pub(super) fn total(&self, scale: u8) -> Option<Scaled> {
        self.0.iter().try_fold(Scaled::zero(), |total, (of_entry, sum)| {
            let (negative, magnitude) = sum.to_natural();
            let power = Natural::power_of_ten(2 * u32::from(scale.checked_sub(*of_entry)?));
            Some(total.plus(negative, &magnitude.times(&power)))
        })
    }

    /// Appends the sum's bytes.
    #[inline]
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.push(count(self.0.len()));
        for (scale, sum) in &self.0 {
            out.push(*scale);
            sum.encode(out);
        }
    }

    /// Reads a sum as [`DecimalSum::decode`].
    #[inline]
    pub(super) fn decode(&mut self, bytes: &mut &[u8]) -> Option<()> {
        const BYTES: usize = 1 + Wide::<5>::BYTES;
        self.0.clear();
        let (entries, rest) = split_entries::<BYTES>(bytes)?;
        for entry in entries {
            let (scale, sum) = entry.split_first()?;
            let sum = Wide::decode(sum)?;
            if sum.is_zero() || !follows(self.0.last().map(|(scale, _)| *scale), *scale) {
                return None;
            }
            self.0.push((*scale, sum));
        }
        *bytes = rest;
        Some(())
    }
}

/// Whether a scale is one, and comes after the one before (D1).
fn follows(before: Option<u8>, scale: u8) -> bool {
    scale <= DIGITS_MAX && before < Some(scale)
}

/// The count of entries in front and the entries, of so many bytes each; then what is behind.
fn split_entries<const BYTES: usize>(bytes: &[u8]) -> Option<(&[[u8; BYTES]], &[u8])> {
    let (count, rest) = bytes.split_first()?;
    let (entries, rest) = rest.split_at_checked(usize::from(*count) * BYTES)?;
    Some((entries.as_chunks().0, rest))
}

/// D1: there are as many entries as scales, at most 39.
fn count(entries: usize) -> u8 {
    let count = u8::try_from(entries);
    assert!(count.is_ok_and(|count| count <= DIGITS_MAX + 1), "a sum has too many scales");
    count.unwrap_or_default()
}
