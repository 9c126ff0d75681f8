//! States to bytes and back.
//!
//! | SIZE | DESCRIPTION |
//! |---|---|
//! | 1 | format version, 1 |
//! | 8 | rows of the group |
//! | each | sums, see below |
//! | 8 each | different values of the multisets that count them |
//! | each | ends of multisets, see below |
//!
//! | SUM | BYTES |
//! |---|---|
//! | count | 8 |
//! | of integers | 16 |
//! | of their squares | 24 |
//! | of decimals, of their squares | see `super::decimal_sum` |
//! | of doubles, of their squares | see `super::exact_sum` |
//!
//! | END | SIZE | DESCRIPTION |
//! |---|---|---|
//! | of an empty multiset | 1 | 0 |
//! | else | 1 | 1 |
//! | | 4, each | bytes of the key, the key |
//! | for FIRST and LAST | 4, each | bytes of the tagged value, the tagged value |
//!
//! Integers are little-endian. Which cells there are, and in which order, is the shape's.

use bourse_storage::{Error, Result};

use super::cell::Form;
use super::shape::Shape;
use super::state::{EndState, Known, State, SumState};
use super::wide::Wide;

const FORMAT_VERSION: u8 = 1;

impl Shape {
    /// Appends the state's bytes, which are the same for all histories that lead to it (V1).
    ///
    /// # Panics
    /// When the state has lost an end or is merged from several shards'.
    pub(crate) fn encode(&self, state: &State, out: &mut Vec<u8>) {
        assert!(!state.merged, "states of several shards are merged to be read, not to be kept");
        let mut front = [FORMAT_VERSION; 9];
        front[1..].copy_from_slice(&state.rows.to_le_bytes());
        out.extend_from_slice(&front);
        for sum in &state.sums {
            match sum {
                SumState::Count(count) => out.extend_from_slice(&count.to_le_bytes()),
                SumState::Integers(sum) => out.extend_from_slice(&sum.to_le_bytes()),
                SumState::IntegerSquares(sum) => sum.encode(out),
                SumState::Decimals(sum) => sum.encode(out),
                SumState::DecimalSquares(sum) => sum.encode(out),
                SumState::Doubles(sum) | SumState::DoubleSquares(sum) => sum.encode(out),
            }
        }
        for count in &state.distincts {
            out.extend_from_slice(&count.to_le_bytes());
        }
        for (at, end) in state.ends.iter().enumerate() {
            encode_end(end, self.has_payload(at), out);
        }
    }

    /// Puts the state of [`Shape::encode`] into `state`, which is any state of this shape.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not a state of this shape. `state` is then undefined.
    #[inline]
    pub(crate) fn decode(&self, bytes: &[u8], state: &mut State) -> Result<()> {
        self.check_state(state);
        self.decode_cells(bytes, state).ok_or_else(|| corrupt(bytes))
    }

    fn decode_cells(&self, mut bytes: &[u8], state: &mut State) -> Option<()> {
        if take(&mut bytes)? != [FORMAT_VERSION] {
            return None;
        }
        state.merged = false;
        state.rows = u64::from_le_bytes(take(&mut bytes)?);
        for sum in &mut state.sums {
            match sum {
                SumState::Count(count) => *count = u64::from_le_bytes(take(&mut bytes)?),
                SumState::Integers(sum) => *sum = i128::from_le_bytes(take(&mut bytes)?),
                SumState::IntegerSquares(sum) => {
                    *sum = Wide::decode(&take::<{ Wide::<3>::BYTES }>(&mut bytes)?)?;
                }
                SumState::Decimals(sum) => sum.decode(&mut bytes)?,
                SumState::DecimalSquares(sum) => sum.decode(&mut bytes)?,
                SumState::Doubles(sum) | SumState::DoubleSquares(sum) => sum.decode(&mut bytes)?,
            }
        }
        for count in &mut state.distincts {
            *count = u64::from_le_bytes(take(&mut bytes)?);
        }
        for (at, end) in state.ends.iter_mut().enumerate() {
            decode_end(end, self.has_payload(at), &mut bytes)?;
        }
        bytes.is_empty().then_some(())
    }

    /// Whether an end keeps the value of a row beside the key.
    fn has_payload(&self, end: usize) -> bool {
        self.multisets.iter().any(|multiset| {
            let of_it = multiset.first == Some(end) || multiset.last == Some(end);
            of_it && matches!(multiset.form, Form::Order { .. })
        })
    }
}

fn encode_end(end: &EndState, has_payload: bool, out: &mut Vec<u8>) {
    assert!(end.known != Known::Lost, "a state that has lost an end is encoded");
    if end.known == Known::Empty {
        out.push(0);
        return;
    }
    out.push(1);
    encode_bytes(&end.key, out);
    if has_payload {
        encode_bytes(&end.payload, out);
    }
}

fn encode_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    let length = u32::try_from(bytes.len());
    assert!(length.is_ok(), "a value is longer than any row");
    out.extend_from_slice(&length.unwrap_or_default().to_le_bytes());
    out.extend_from_slice(bytes);
}

fn decode_end(end: &mut EndState, has_payload: bool, bytes: &mut &[u8]) -> Option<()> {
    end.clear();
    match take(bytes)? {
        [0] => return Some(()),
        [1] => end.known = Known::There,
        _ => return None,
    }
    decode_bytes(&mut end.key, bytes)?;
    if has_payload {
        decode_bytes(&mut end.payload, bytes)?;
    }
    Some(())
}

fn decode_bytes(into: &mut Vec<u8>, bytes: &mut &[u8]) -> Option<()> {
    let length = usize::try_from(u32::from_le_bytes(take(bytes)?)).ok()?;
    let (value, rest) = bytes.split_at_checked(length)?;
    into.extend_from_slice(value);
    *bytes = rest;
    Some(())
}

/// Takes bytes off the front.
#[inline]
fn take<const BYTES: usize>(bytes: &mut &[u8]) -> Option<[u8; BYTES]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

#[cold]
fn corrupt(bytes: &[u8]) -> Error {
    let length = bytes.len();
    match bytes.first() {
        Some(version) if *version > FORMAT_VERSION => Error::corrupt(format!(
            "a view's state has format version {version}, this build knows {FORMAT_VERSION}"
        )),
        _ => Error::corrupt(format!("{length} bytes are not a state of their view")),
    }
}
