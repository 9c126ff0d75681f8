//! Batches of peers that write blindly: a read must see what the same batch wrote before.

use std::collections::HashMap;

use crate::Outcome;
use crate::bytes::{self, Part, Writes};

/// A table and a key.
type Place = (Part, Vec<u8>);

/// A batch over a peer's way to read and its way to add to a batch.
pub(super) struct Batch<R, W> {
    read: R,
    write: W,
    /// What the batch holds, where it has more than one change.
    own: Option<HashMap<Place, Vec<u8>>>,
}

impl<R, W> Batch<R, W>
where
    R: FnMut(Part, &[u8], &mut [u8]) -> Outcome<bool>,
    W: FnMut(Part, &[u8], &[u8]),
{
    /// A batch for so many changes. A change never reads what it wrote itself.
    pub(super) fn new(changes: usize, read: R, write: W) -> Batch<R, W> {
        Batch { read, write, own: (changes > 1).then(HashMap::new) }
    }
}

impl<R, W> Writes for Batch<R, W>
where
    R: FnMut(Part, &[u8], &mut [u8]) -> Outcome<bool>,
    W: FnMut(Part, &[u8], &[u8]),
{
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        if let Some(own) = &self.own
            && let Some(found) = own.get(&(part, key.to_vec()))
        {
            return Ok(bytes::copy(Some(found), value));
        }
        (self.read)(part, key, value)
    }

    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()> {
        (self.write)(part, key, value);
        if let Some(own) = &mut self.own {
            own.insert((part, key.to_vec()), value.to_vec());
        }
        Ok(())
    }
}
