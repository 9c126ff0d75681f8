//! What a group keeps of rows that have expired (`crate::expiry`): a second state beside that of
//! its rows, to which rows are added and never taken away.
//!
//! ```text
//! VALUE OF A GROUP  state of its rows (`super::encode`), if none of the group has expired; else
//!                   u8 2, u32 length of that state, the state, the frozen state
//! ```
//! A group whose rows have all expired has an empty state of its rows there. What is shown of a
//! group is both, merged; as a frozen state loses nothing, its ends need no multisets beneath.
//! Counts of distinct values and percentiles would, so tables with such views have no expiry.

use std::borrow::Cow;

use bourse_storage::{Error, Result};

use super::info::ViewInfo;
use super::state::{Sign, State};
use crate::value::ValueRef;

/// The first byte of a value with a frozen state; a state begins with another one.
const WITH_FROZEN: u8 = 2;

/// The two states of a value, as bytes; either may be empty.
pub(crate) fn split(value: &[u8]) -> Result<(&[u8], &[u8])> {
    let [WITH_FROZEN, rest @ ..] = value else { return Ok((value, &[])) };
    let damaged = || Error::corrupt("a group of a view is cut short: check the store");
    let (length, states) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    states.split_at_checked(length).ok_or_else(damaged)
}

impl ViewInfo {
    /// Reads the value of a group: the state of its rows into `live`, which is any of the view.
    /// Returns the frozen one.
    ///
    /// # Errors
    /// `Corrupt` when it is none.
    pub(crate) fn decode_group(&self, value: &[u8], live: &mut State) -> Result<Option<State>> {
        let (rows, expired) = split(value)?;
        if rows.is_empty() && !expired.is_empty() {
            self.shape.clear(live);
        } else {
            self.shape.decode(rows, live)?;
        }
        if expired.is_empty() {
            return Ok(None);
        }
        let mut frozen = self.shape.new_state();
        self.shape.decode(expired, &mut frozen)?;
        Ok(Some(frozen))
    }

    /// Appends the value of a group that has rows, or had some that expired.
    ///
    /// # Errors
    /// `Corrupt` for states of more than 4 GiB.
    pub(crate) fn encode_states(
        &self,
        live: &State,
        frozen: Option<&State>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let Some(frozen) = frozen else {
            self.shape.encode(live, out);
            return Ok(());
        };
        out.extend_from_slice(&[WITH_FROZEN, 0, 0, 0, 0]);
        let begin = out.len();
        if !self.shape.is_empty(live) {
            self.shape.encode(live, out);
        }
        let length = u32::try_from(out.len() - begin);
        let length = length.map_err(|_| Error::corrupt("a view's state is longer than 4 GiB"))?;
        out[begin - 4..begin].copy_from_slice(&length.to_le_bytes());
        self.shape.encode(frozen, out);
        Ok(())
    }

    /// Both states of a group as one, to be read.
    ///
    /// # Errors
    /// `Corrupt` when they do not fit together.
    pub(crate) fn whole<'s>(
        &self,
        live: &'s State,
        frozen: Option<&State>,
    ) -> Result<Cow<'s, State>> {
        let Some(frozen) = frozen else { return Ok(Cow::Borrowed(live)) };
        let mut whole = live.clone();
        self.shape.merge(&mut whole, frozen)?;
        Ok(Cow::Owned(whole))
    }

    /// Adds a row that expires to a frozen state.
    ///
    /// # Errors
    /// `Corrupt` when the row is not one that the view took.
    pub(crate) fn freeze(
        &self,
        frozen: &mut State,
        arguments: &[ValueRef<'_>],
        primary_key: &[u8],
    ) -> Result<()> {
        // No multiset is kept: each value may be the first of its kind.
        self.shape.change(frozen, Sign::Add, arguments, primary_key, &mut |_| Ok(1))
    }

    /// Refuses what cannot be kept of rows that are gone.
    ///
    /// # Errors
    /// `InvalidInput` (0A000).
    pub(crate) fn check_can_outlive_rows(&self, table: &str) -> Result<()> {
        if !self.shape.reads_multisets() {
            return Ok(());
        }
        let message = format!(
            "rows of table {table} do not expire together with view {}: distinct values and \
             percentiles need each value of all rows for ever; keep such a view without expiry",
            self.name()
        );
        Err(Error::invalid(message).with_sqlstate("0A000"))
    }
}
