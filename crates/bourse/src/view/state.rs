//! The state of one group: its cells.
//!
//! A state is changed in place. Its buffers are used again for the next group, so that decoding,
//! changing and encoding a state allocates nothing once they are large enough.

use super::cell::{Sum, SumKind};
use super::decimal_sum::{DecimalSum, SquareSum};
use super::exact_sum::ExactSum;
use super::wide::Wide;
use crate::value::ValueRef;

/// Whether a row is added or taken away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sign {
    /// The row is now in the group.
    Add,
    /// The row is no longer in the group.
    Remove,
}

/// The state of one group: plain data, given its meaning by the view's [`super::Shape`]. May be
/// used again for another group (`Shape::clear`, `Shape::decode`), which saves its allocations.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Rows of the group.
    pub(super) rows: u64,
    pub(super) sums: Vec<SumState>,
    /// Different values of multisets, in this shard.
    pub(super) distincts: Vec<u64>,
    pub(super) ends: Vec<EndState>,
    /// Whether it is of several shards, so that values may be counted twice in `distincts`.
    pub(super) merged: bool,
    /// Room for a multiset's key and payload.
    pub(super) key: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

/// A sum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum SumState {
    Count(u64),
    Integers(i128),
    IntegerSquares(Wide<3>),
    Decimals(DecimalSum),
    DecimalSquares(SquareSum),
    Doubles(ExactSum),
    DoubleSquares(ExactSum),
}

/// What became of a sum that a row changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Changed {
    /// It has the row now, or no longer.
    Yes,
    /// The value is of a kind that the sum does not take.
    OtherKind,
    /// The row was never added, or the state was damaged before.
    Impossible,
}

impl SumState {
    /// The sum of nothing.
    pub(super) fn new(sum: &Sum) -> SumState {
        match sum.kind {
            SumKind::Count => SumState::Count(0),
            SumKind::Integers => SumState::Integers(0),
            SumKind::IntegerSquares => SumState::IntegerSquares(Wide::ZERO),
            SumKind::Decimals => SumState::Decimals(DecimalSum::default()),
            SumKind::DecimalSquares => SumState::DecimalSquares(SquareSum::default()),
            SumKind::Doubles => SumState::Doubles(ExactSum::default()),
            SumKind::DoubleSquares => SumState::DoubleSquares(ExactSum::default()),
        }
    }

    /// Makes it the sum of nothing.
    pub(super) fn clear(&mut self) {
        match self {
            SumState::Count(count) => *count = 0,
            SumState::Integers(sum) => *sum = 0,
            SumState::IntegerSquares(sum) => *sum = Wide::ZERO,
            SumState::Decimals(sum) => sum.clear(),
            SumState::DecimalSquares(sum) => sum.clear(),
            SumState::Doubles(sum) | SumState::DoubleSquares(sum) => sum.clear(),
        }
    }

    /// Adds a value that is not NULL, or takes it away.
    #[inline]
    pub(super) fn change(&mut self, value: ValueRef<'_>, sign: Sign) -> Changed {
        let done = match (self, value) {
            (SumState::Count(count), _) => change_count(count, sign),
            (SumState::Integers(sum), ValueRef::Integer(value)) => {
                let changed = match sign {
                    Sign::Add => sum.checked_add(value.into()),
                    Sign::Remove => sum.checked_sub(value.into()),
                };
                *sum = changed.unwrap_or(*sum);
                changed.is_some()
            }
            (SumState::IntegerSquares(sum), ValueRef::Integer(value)) => {
                let square = Wide::from(i128::from(value) * i128::from(value));
                match sign {
                    Sign::Add => sum.add(&square),
                    Sign::Remove => sum.subtract(&square),
                }
            }
            (SumState::Decimals(sum), ValueRef::Decimal(value)) => sum.change(value, sign),
            (SumState::DecimalSquares(sum), ValueRef::Decimal(value)) => sum.change(value, sign),
            (SumState::Doubles(sum), ValueRef::Double(value)) => sum.change(value, sign),
            (SumState::Doubles(sum), ValueRef::Real(value)) => sum.change(value.into(), sign),
            (SumState::DoubleSquares(sum), ValueRef::Double(value)) => {
                sum.change_square(value, sign)
            }
            (SumState::DoubleSquares(sum), ValueRef::Real(value)) => {
                sum.change_square(value.into(), sign)
            }
            _ => return Changed::OtherKind,
        };
        if done { Changed::Yes } else { Changed::Impossible }
    }

    /// Adds another sum of the same kind; false when the result does not fit.
    pub(super) fn merge(&mut self, other: &SumState) -> bool {
        match (self, other) {
            (SumState::Count(count), SumState::Count(more)) => {
                let sum = count.checked_add(*more);
                *count = sum.unwrap_or(*count);
                sum.is_some()
            }
            (SumState::Integers(sum), SumState::Integers(more)) => {
                let total = sum.checked_add(*more);
                *sum = total.unwrap_or(*sum);
                total.is_some()
            }
            (SumState::IntegerSquares(sum), SumState::IntegerSquares(more)) => sum.add(more),
            (SumState::Decimals(sum), SumState::Decimals(more)) => sum.merge(more),
            (SumState::DecimalSquares(sum), SumState::DecimalSquares(more)) => sum.merge(more),
            (SumState::Doubles(sum), SumState::Doubles(more))
            | (SumState::DoubleSquares(sum), SumState::DoubleSquares(more)) => sum.merge(more),
            _ => false,
        }
    }
}

/// One more or one less; false when it cannot be less.
#[inline]
#[must_use]
pub(super) fn change_count(count: &mut u64, sign: Sign) -> bool {
    let changed = match sign {
        Sign::Add => count.checked_add(1),
        Sign::Remove => count.checked_sub(1),
    };
    *count = changed.unwrap_or(*count);
    changed.is_some()
}

/// An end of a multiset: its key and payload, if the state knows them.
#[derive(Clone, Default, Debug)]
pub(super) struct EndState {
    pub(super) known: Known,
    pub(super) key: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

/// What a state knows of an end.
///
/// ```text
///          a value comes            the value at the end goes
///  Empty ----------------> There ------------------------------> Lost
///    ^                     ^   |  a value beyond comes: There      |
///    |                     |   '------------------------------     |
///    '---------------------'---------------------------------------'
///                                  Shape::set_end
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Known {
    /// The multiset is empty.
    #[default]
    Empty,
    /// The entry at the end is the one that is kept.
    There,
    /// The entry at the end is gone; the next one is in the auxiliary tree only.
    Lost,
}

impl EndState {
    /// Keeps an entry as the one at the end.
    pub(super) fn set(&mut self, key: &[u8], payload: &[u8]) {
        self.known = Known::There;
        self.key.clear();
        self.key.extend_from_slice(key);
        self.payload.clear();
        self.payload.extend_from_slice(payload);
    }

    pub(super) fn clear(&mut self) {
        self.known = Known::Empty;
        self.key.clear();
        self.payload.clear();
    }
}
