//! Keys that are kept, and ordered maps by them, made for the few short ones of most transactions:
//! a short key lies where it is named, and a map of few keys is a sorted vector.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::ops::{Bound, Deref};

/// Bytes of a key that needs no memory of its own: most have some columns and a primary key.
const SHORT_BYTES: usize = 46;

/// An encoded key.
#[derive(Clone)]
pub(crate) enum KeyBytes {
    /// The first `length` of `bytes`.
    Short { length: u8, bytes: [u8; SHORT_BYTES] },
    /// A longer one.
    Long(Box<[u8]>),
}

impl From<&[u8]> for KeyBytes {
    #[inline]
    fn from(key: &[u8]) -> KeyBytes {
        match u8::try_from(key.len()) {
            Ok(length) if usize::from(length) <= SHORT_BYTES => {
                let mut bytes = [0; SHORT_BYTES];
                bytes[..usize::from(length)].copy_from_slice(key);
                KeyBytes::Short { length, bytes }
            }
            _ => KeyBytes::Long(key.into()),
        }
    }
}

impl Deref for KeyBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            KeyBytes::Short { length, bytes } => &bytes[..usize::from(*length)],
            KeyBytes::Long(bytes) => bytes,
        }
    }
}

impl Borrow<[u8]> for KeyBytes {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl PartialEq for KeyBytes {
    fn eq(&self, other: &KeyBytes) -> bool {
        **self == **other
    }
}

impl Eq for KeyBytes {}

impl PartialOrd for KeyBytes {
    fn partial_cmp(&self, other: &KeyBytes) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for KeyBytes {
    fn cmp(&self, other: &KeyBytes) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Keys up to which a map is a vector.
const FEW: usize = 16;

/// What there is of each key, in the order of keys.
#[derive(Debug)]
pub(crate) enum KeyMap<V> {
    /// At most [`FEW`], sorted.
    Few(Vec<(KeyBytes, V)>),
    /// As many as there are.
    Many(BTreeMap<KeyBytes, V>),
}

impl<V> Default for KeyMap<V> {
    fn default() -> KeyMap<V> {
        KeyMap::Few(Vec::new())
    }
}

fn position<V>(few: &[(KeyBytes, V)], key: &[u8]) -> Result<usize, usize> {
    few.binary_search_by(|(other, _)| (**other).cmp(key))
}

impl<V> KeyMap<V> {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        match self {
            KeyMap::Few(few) => few.is_empty(),
            KeyMap::Many(many) => many.is_empty(),
        }
    }

    #[inline]
    pub(super) fn get(&self, key: &[u8]) -> Option<&V> {
        match self {
            KeyMap::Few(few) => position(few, key).ok().map(|at| &few[at].1),
            KeyMap::Many(many) => many.get(key),
        }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        match self {
            KeyMap::Few(few) => position(few, key).ok().map(|at| &mut few[at].1),
            KeyMap::Many(many) => many.get_mut(key),
        }
    }

    /// Adds a key that is not there.
    pub(super) fn add(&mut self, key: KeyBytes, value: V) {
        match self {
            KeyMap::Few(few) if few.len() < FEW => {
                let at = position(few, &key).unwrap_or_else(|at| at);
                few.insert(at, (key, value));
            }
            KeyMap::Few(few) => {
                let mut many: BTreeMap<_, _> = std::mem::take(few).into_iter().collect();
                many.insert(key, value);
                *self = KeyMap::Many(many);
            }
            KeyMap::Many(many) => drop(many.insert(key, value)),
        }
    }

    /// Sets what there is of a key, whether there was something or not.
    pub(super) fn set(&mut self, key: KeyBytes, value: V) {
        match self.get_mut(&key) {
            Some(old) => *old = value,
            None => self.add(key, value),
        }
    }

    pub(super) fn remove(&mut self, key: &[u8]) {
        match self {
            KeyMap::Few(few) => {
                if let Ok(at) = position(few, key) {
                    few.remove(at);
                }
            }
            KeyMap::Many(many) => drop(many.remove(key)),
        }
    }

    #[inline]
    pub(super) fn iter(&self) -> Iter<'_, V> {
        match self {
            KeyMap::Few(few) => Iter::Few(few.iter()),
            KeyMap::Many(many) => Iter::Many(many.range::<[u8], _>(..)),
        }
    }

    /// What there is within bounds, which are no later than each other.
    pub(super) fn range(&self, (lower, upper): (Bound<&[u8]>, Bound<&[u8]>)) -> Iter<'_, V> {
        let few = match self {
            KeyMap::Many(many) => return Iter::Many(many.range::<[u8], _>((lower, upper))),
            KeyMap::Few(few) => few,
        };
        let first = few.partition_point(|(key, _)| match lower {
            Bound::Unbounded => false,
            Bound::Included(lower) => **key < *lower,
            Bound::Excluded(lower) => **key <= *lower,
        });
        let end = few.partition_point(|(key, _)| match upper {
            Bound::Unbounded => true,
            Bound::Included(upper) => **key <= *upper,
            Bound::Excluded(upper) => **key < *upper,
        });
        Iter::Few(few[first..end.max(first)].iter())
    }
}

/// Goes over a map in the order of keys.
pub(crate) enum Iter<'m, V> {
    /// Over a vector.
    Few(std::slice::Iter<'m, (KeyBytes, V)>),
    /// Over a tree.
    Many(btree_map::Range<'m, KeyBytes, V>),
}

impl<'m, V> Iterator for Iter<'m, V> {
    type Item = (&'m [u8], &'m V);

    #[inline]
    fn next(&mut self) -> Option<(&'m [u8], &'m V)> {
        match self {
            Iter::Few(few) => few.next().map(|(key, value)| (&**key, value)),
            Iter::Many(many) => many.next().map(|(key, value)| (&**key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ops::Bound;

    use super::{FEW, KeyBytes, KeyMap, SHORT_BYTES};

    fn key(number: usize) -> Vec<u8> {
        // Of all lengths around the limit of short ones.
        let mut key = vec![7; SHORT_BYTES - 3 + number % 5];
        key[..2].copy_from_slice(&u16::try_from(number * 37 % 101).unwrap().to_be_bytes());
        key
    }

    #[test]
    fn a_key_is_its_bytes_whatever_its_length() {
        for length in 0..3 * SHORT_BYTES {
            let bytes = vec![3; length];
            let kept = KeyBytes::from(&bytes[..]);
            assert_eq!(*kept, bytes[..]);
            assert_eq!(matches!(kept, KeyBytes::Short { .. }), length <= SHORT_BYTES, "{length}");
        }
        assert_eq!(size_of::<KeyBytes>(), SHORT_BYTES + 2);
    }

    /// Does what a tree of the standard library does, below and above the limit of few keys.
    #[test]
    fn is_the_ordered_map_that_it_stands_for() {
        let (mut map, mut model) = (KeyMap::default(), BTreeMap::new());
        for step in 0..FEW * 6 {
            let key = key(step);
            map.set(KeyBytes::from(&key[..]), step);
            model.insert(key.clone(), step);
            if step % 7 == 0 {
                let gone = self::key(step / 2);
                map.remove(&gone);
                model.remove(&gone);
            }
            assert_eq!(map.get(&key), model.get(&key));
            assert!(map.iter().eq(model.iter().map(|(key, value)| (&key[..], value))), "{step}");
            let (one, other) = (self::key(step * 3), self::key(step * 5));
            let (lower, upper) = (one.clone().min(other.clone()), one.max(other));
            for bounds in [
                (Bound::Included(&lower[..]), Bound::Excluded(&upper[..])),
                (Bound::Excluded(&lower[..]), Bound::Included(&upper[..])),
                (Bound::Unbounded, Bound::Included(&upper[..])),
                (Bound::Included(&lower[..]), Bound::Unbounded),
            ] {
                if bounds.0 == Bound::Excluded(&upper[..]) {
                    continue;
                }
                let expected = model.range::<[u8], _>(bounds);
                let expected = expected.map(|(key, value)| (&key[..], value));
                assert!(map.range(bounds).eq(expected), "{step}: {bounds:?}");
            }
        }
        assert!(matches!(map, KeyMap::Many(_)));
    }
}
