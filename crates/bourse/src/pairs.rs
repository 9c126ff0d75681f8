//! Keys with their values in one buffer, to be sorted: what a tree is built from.
//!
//! A pair takes a place of 32 bytes beside its own, and no allocation. The place has the first
//! bytes of the key, so that sorting seldom looks at the keys themselves.

use bourse_storage::{Error, Result};

/// Keys with their values, in the order in which they came until they are sorted.
#[derive(Default, Debug)]
pub(crate) struct Pairs {
    /// Key and value of each pair, one behind the other.
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// Where a pair lies.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The first bytes of the key, big-endian, zeros behind a shorter one.
    head: u128,
    at: usize,
    key: u32,
    value: u32,
}

/// The length of a key or value, as places and pieces have it.
///
/// # Errors
/// `InvalidInput` (54000) from 4 GiB on.
pub(crate) fn length(part: &[u8]) -> Result<u32> {
    u32::try_from(part.len())
        .map_err(|_| Error::invalid("a value may have at most 4 GiB").with_sqlstate("54000"))
}

impl Pairs {
    /// Adds a pair.
    ///
    /// # Errors
    /// As [`length`].
    pub(crate) fn push(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let place = Place {
            head: head(key),
            at: self.bytes.len(),
            key: length(key)?,
            value: length(value)?,
        };
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.places.push(place);
        Ok(())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Bytes of all keys and values, and of what tells where they lie.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len() + self.places.len() * size_of::<Place>()
    }

    /// Sorts by key.
    pub(crate) fn sort(&mut self) {
        let Pairs { bytes, places } = self;
        places.sort_unstable_by(|left, right| {
            let keys = || key(bytes, left).cmp(key(bytes, right));
            left.head.cmp(&right.head).then_with(keys)
        });
    }

    /// Whether a key is among them, once they are sorted.
    pub(crate) fn contains(&self, wanted: &[u8]) -> bool {
        let of = |place: &Place| key(&self.bytes, place).cmp(wanted);
        self.places.binary_search_by(of).is_ok()
    }

    /// Whether two neighbours have the same key: of sorted pairs, whether any two have.
    pub(crate) fn has_equal_neighbours(&self) -> bool {
        self.places.windows(2).any(|pair| {
            pair[0].head == pair[1].head && key(&self.bytes, &pair[0]) == key(&self.bytes, &pair[1])
        })
    }

    /// The pairs in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.places.iter().map(|place| {
            let (from, value) = (place.at + place.key as usize, place.value as usize);
            (key(&self.bytes, place), &self.bytes[from..from + value])
        })
    }
}

fn key<'b>(bytes: &'b [u8], place: &Place) -> &'b [u8] {
    &bytes[place.at..place.at + place.key as usize]
}

fn head(key: &[u8]) -> u128 {
    if let Some(first) = key.first_chunk::<16>() {
        return u128::from_be_bytes(*first);
    }
    let mut padded = [0; 16];
    padded[..key.len()].copy_from_slice(key);
    u128::from_be_bytes(padded)
}

#[cfg(test)]
mod tests;
