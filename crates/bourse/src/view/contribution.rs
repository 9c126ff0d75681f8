//! What a row contributes to a group whose state lies in another shard, as bytes: the committer
//! writes it into that shard's section, and apply adds it there or takes it away.
//!
//! ```text
//! u16 length of the group's key, the key, u16 length of the primary key, the primary key,
//! each argument of the view's shape: u32 length, the value with its kind
//! ```
//! Lengths are little-endian. The bytes are the same for the same row, so that a row that a
//! transaction changes and changes back leaves nothing to write.

use bourse_storage::{Error, Result};

use super::info::ViewInfo;
use crate::row::Row;
use crate::shard::map::Slot;
use crate::value::{ValueRef, decode_tagged, encode_tagged};

/// In a write set and in pieces of a bulk load the contributions to a view have the number of the
/// view with this bit. No tree has such a number.
pub(crate) const CONTRIBUTIONS: u32 = 1 << 30;

/// A contribution that was read.
#[derive(Debug)]
pub(crate) struct Contribution<'b> {
    /// Key of the group.
    pub(crate) group: &'b [u8],
    /// Primary key of the row.
    pub(crate) primary_key: &'b [u8],
    /// Values of the arguments of the view's shape.
    pub(crate) arguments: Vec<ValueRef<'b>>,
}

impl<'b> Contribution<'b> {
    /// Writes a contribution in place of what `out` holds.
    ///
    /// # Errors
    /// `InvalidInput` (54000) for keys of more than 64 KiB, or values of more than 4 GiB.
    fn encode(
        group: &[u8],
        primary_key: &[u8],
        arguments: &[ValueRef<'_>],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let too_long = || Error::invalid("a key is too long").with_sqlstate("54000");
        out.clear();
        for key in [group, primary_key] {
            let length = u16::try_from(key.len()).map_err(|_| too_long())?;
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(key);
        }
        for argument in arguments {
            let at = out.len();
            out.extend_from_slice(&[0; 4]);
            encode_tagged(*argument, out);
            let length = u32::try_from(out.len() - at - 4).map_err(|_| too_long())?;
            out[at..at + 4].copy_from_slice(&length.to_le_bytes());
        }
        Ok(())
    }

    /// The contribution of [`Contribution::encode`].
    ///
    /// # Errors
    /// `Corrupt` when the bytes are none.
    pub(crate) fn decode(bytes: &'b [u8]) -> Result<Contribution<'b>> {
        let damaged = || Error::corrupt("a contribution to a view's group is damaged");
        let (group, rest) = take_key(bytes).ok_or_else(damaged)?;
        let (primary_key, mut rest) = take_key(rest).ok_or_else(damaged)?;
        let mut arguments = Vec::new();
        while !rest.is_empty() {
            let (length, behind) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
            let length = u32::from_le_bytes(*length) as usize;
            let (value, behind) = behind.split_at_checked(length).ok_or_else(damaged)?;
            arguments.push(decode_tagged(value)?);
            rest = behind;
        }
        Ok(Contribution { group, primary_key, arguments })
    }
}

impl ViewInfo {
    /// What a row contributes to its group, in place of what `out` holds, and the slot that the
    /// group is in. Nothing if the row takes no part. The view's states are in the shards of their
    /// groups.
    ///
    /// # Errors
    /// `InvalidInput` for what cannot be computed, and for keys and values that are too long.
    pub(crate) fn written_out(
        &self,
        row: &Row<'_>,
        primary_key: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<Slot>> {
        self.contribution(row, &mut Vec::with_capacity(64), |group, arguments| {
            Contribution::encode(group, primary_key, arguments, out)?;
            self.slot_of_group(group)
        })
    }
}

impl ViewInfo {
    /// What a row contributes to its group, in place of what `out` holds, wherever that is. Nothing
    /// if the row takes no part.
    ///
    /// # Errors
    /// As [`ViewInfo::written_out`].
    pub(crate) fn contributed(
        &self,
        row: &Row<'_>,
        primary_key: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let made = self.contribution(row, &mut Vec::with_capacity(64), |group, arguments| {
            Contribution::encode(group, primary_key, arguments, out)
        })?;
        Ok(made.is_some())
    }
}

fn take_key(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::Contribution;
    use crate::value::ValueRef;

    #[test]
    fn contributions_read_back_and_damaged_ones_are_refused() {
        let arguments = [ValueRef::Null, ValueRef::Text("x"), ValueRef::Double(-0.0)];
        let mut bytes = Vec::new();
        Contribution::encode(b"group", b"key", &arguments, &mut bytes).unwrap();
        let read = Contribution::decode(&bytes).unwrap();
        assert_eq!((read.group, read.primary_key), (&b"group"[..], &b"key"[..]));
        assert_eq!(read.arguments.len(), 3);
        assert!(matches!(read.arguments[2], ValueRef::Double(zero) if zero.is_sign_negative()));
        for length in 0..bytes.len() {
            let read = Contribution::decode(&bytes[..length]);
            // Cut between two values it is one of fewer values, which the shape refuses.
            assert!(read.is_err() || read.unwrap().arguments.len() < 3, "{length}");
        }
    }
}
