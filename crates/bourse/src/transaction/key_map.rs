//! Keys that are kept, and maps by tree and key, made for the few short ones of most transactions:
//! a short key lies where it is named, and a map of few keys is one sorted vector.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::ops::{Bound, Deref};

use super::places::{Place, Places};

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

impl From<Vec<u8>> for KeyBytes {
    fn from(key: Vec<u8>) -> KeyBytes {
        if key.len() <= SHORT_BYTES { key.as_slice().into() } else { KeyBytes::Long(key.into()) }
    }
}

impl KeyBytes {
    /// Bytes of memory that it has of its own.
    pub(crate) fn own_bytes(&self) -> usize {
        match self {
            KeyBytes::Short { .. } => 0,
            KeyBytes::Long(bytes) => bytes.len(),
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

/// Keys up to which a map is one vector.
const FEW: usize = 16;

/// What there is of each key of each place, in the order of places and keys.
#[derive(Debug)]
pub(crate) enum KeyMap<V> {
    /// At most [`FEW`], sorted.
    Few(Vec<(Place, KeyBytes, V)>),
    /// As many as there are; none of the maps is empty.
    Many(Places<BTreeMap<KeyBytes, V>>),
}

impl<V> Default for KeyMap<V> {
    fn default() -> KeyMap<V> {
        KeyMap::Few(Vec::new())
    }
}

fn position<V>(few: &[(Place, KeyBytes, V)], place: Place, key: &[u8]) -> Result<usize, usize> {
    few.binary_search_by(|(other, own, _)| other.cmp(&place).then_with(|| (**own).cmp(key)))
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
    pub(super) fn get(&self, place: Place, key: &[u8]) -> Option<&V> {
        match self {
            KeyMap::Few(few) => position(few, place, key).ok().map(|at| &few[at].2),
            KeyMap::Many(many) => many.get(place)?.get(key),
        }
    }

    /// What there is of a key; or nothing, and where [`KeyMap::add`] is to put what comes.
    pub(super) fn find(&mut self, place: Place, key: &[u8]) -> Result<&mut V, usize> {
        match self {
            KeyMap::Few(few) => position(few, place, key).map(|at| &mut few[at].2),
            KeyMap::Many(many) => many.get_mut(place).and_then(|keys| keys.get_mut(key)).ok_or(0),
        }
    }

    /// Adds a key that was not found, at once.
    pub(super) fn add(&mut self, at: usize, place: Place, key: &[u8], value: V) {
        let key = KeyBytes::from(key);
        match self {
            KeyMap::Few(few) if few.len() < FEW => {
                if few.capacity() == 0 {
                    few.reserve(FEW / 2);
                }
                few.insert(at, (place, key, value));
            }
            KeyMap::Few(few) => {
                let mut many: Places<BTreeMap<_, _>> = Places::default();
                for (place, key, value) in few.drain(..) {
                    many.or_default(place).insert(key, value);
                }
                many.or_default(place).insert(key, value);
                *self = KeyMap::Many(many);
            }
            KeyMap::Many(many) => drop(many.or_default(place).insert(key, value)),
        }
    }

    /// Sets what there is of a key, whether there was something or not.
    pub(super) fn set(&mut self, place: Place, key: &[u8], value: V) {
        match self.find(place, key) {
            Ok(present) => *present = value,
            Err(at) => self.add(at, place, key, value),
        }
    }

    pub(super) fn remove(&mut self, place: Place, key: &[u8]) {
        match self {
            KeyMap::Few(few) => {
                if let Ok(at) = position(few, place, key) {
                    few.remove(at);
                }
            }
            KeyMap::Many(many) => {
                let keys = many.get_mut(place);
                if keys.is_some_and(|keys| keys.remove(key).is_some() && keys.is_empty()) {
                    many.remove(place);
                }
            }
        }
    }

    /// Takes out what is of the trees that `is_taken` names.
    pub(super) fn take(&mut self, is_taken: impl Fn(u32) -> bool) -> KeyMap<V> {
        match self {
            KeyMap::Few(few) => {
                KeyMap::Few(few.extract_if(.., |(place, _, _)| is_taken(place.1)).collect())
            }
            KeyMap::Many(many) => {
                let mut taken = Places::default();
                for (place, keys) in many.take(|(_, tree)| is_taken(tree)) {
                    taken.insert(place, keys);
                }
                KeyMap::Many(taken)
            }
        }
    }

    /// All of it.
    #[inline]
    pub(super) fn iter(&self) -> Iter<'_, V> {
        match self {
            KeyMap::Few(few) => Iter::Few(few.iter()),
            KeyMap::Many(many) => Iter::Many { places: many.as_slice().iter(), keys: None },
        }
    }

    /// What there is of a tree, of any shard.
    pub(super) fn of_tree(&self, tree: u32) -> impl Iterator<Item = (&[u8], &V)> {
        let (few, many) = match self {
            KeyMap::Few(few) => (few.as_slice(), &[][..]),
            KeyMap::Many(many) => (&[][..], many.as_slice()),
        };
        let few = few.iter().filter(move |(place, _, _)| place.1 == tree);
        let many = many.iter().filter(move |(place, _)| place.1 == tree);
        let many = many.flat_map(|(_, keys)| keys).map(|(key, value)| (&**key, value));
        few.map(|(_, key, value)| (&**key, value)).chain(many)
    }

    /// What there is of a place.
    pub(super) fn of_place(&self, place: Place) -> Iter<'_, V> {
        self.range(place, (Bound::Unbounded, Bound::Unbounded))
    }

    /// What there is of a place within bounds.
    pub(super) fn range(
        &self,
        place: Place,
        (lower, upper): (Bound<&[u8]>, Bound<&[u8]>),
    ) -> Iter<'_, V> {
        let few = match self {
            KeyMap::Few(few) => few,
            KeyMap::Many(many) => {
                let keys = many.get(place).map(|keys| keys.range::<[u8], _>((lower, upper)));
                return Iter::Many { places: [].iter(), keys: keys.map(|keys| (place, keys)) };
            }
        };
        let first = few.partition_point(|(other, key, _)| {
            let is_before = match lower {
                Bound::Unbounded => false,
                Bound::Included(lower) => **key < *lower,
                Bound::Excluded(lower) => **key <= *lower,
            };
            *other < place || (*other == place && is_before)
        });
        let end = few.partition_point(|(other, key, _)| {
            let is_within = match upper {
                Bound::Unbounded => true,
                Bound::Included(upper) => **key <= *upper,
                Bound::Excluded(upper) => **key < *upper,
            };
            *other < place || (*other == place && is_within)
        });
        Iter::Few(few[first..end.max(first)].iter())
    }
}

/// Goes over a map in the order of places and keys.
pub(crate) enum Iter<'m, V> {
    /// Over a vector.
    Few(std::slice::Iter<'m, (Place, KeyBytes, V)>),
    /// Over maps.
    Many {
        /// Those to come.
        places: std::slice::Iter<'m, (Place, BTreeMap<KeyBytes, V>)>,
        /// What is left of the one at hand.
        keys: Option<(Place, btree_map::Range<'m, KeyBytes, V>)>,
    },
}

impl<'m, V> Iterator for Iter<'m, V> {
    type Item = (Place, &'m [u8], &'m V);

    #[inline]
    fn next(&mut self) -> Option<(Place, &'m [u8], &'m V)> {
        let (places, keys) = match self {
            Iter::Few(few) => return few.next().map(|(place, key, value)| (*place, &**key, value)),
            Iter::Many { places, keys } => (places, keys),
        };
        loop {
            if let Some((place, keys)) = keys
                && let Some((key, value)) = keys.next()
            {
                return Some((*place, &**key, value));
            }
            let (place, next) = places.next()?;
            *keys = Some((*place, next.range::<[u8], _>(..)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ops::{Bound, RangeBounds};

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

    type Model = BTreeMap<((u16, u32), Vec<u8>), usize>;

    fn check(map: &KeyMap<usize>, model: &Model, step: usize) {
        let all = model.iter().map(|((place, key), value)| (*place, &key[..], value));
        assert!(map.iter().eq(all.clone()), "{step}");
        assert_eq!(map.is_empty(), model.is_empty());
        let of_tree = all.clone().filter(|(place, _, _)| place.1 == 4);
        assert!(map.of_tree(4).eq(of_tree.map(|(_, key, value)| (key, value))), "{step}");
        let (one, other) = (key(step * 3), key(step * 5));
        let (lower, upper) = (one.clone().min(other.clone()), one.max(other));
        for bounds in [
            (Bound::Included(&lower[..]), Bound::Excluded(&upper[..])),
            (Bound::Excluded(&lower[..]), Bound::Included(&upper[..])),
            (Bound::Unbounded, Bound::Included(&upper[..])),
            (Bound::Included(&lower[..]), Bound::Unbounded),
            (Bound::Unbounded, Bound::Unbounded),
        ] {
            if bounds.0 == Bound::Excluded(&upper[..]) {
                continue;
            }
            let place = (u16::try_from(step % 2).unwrap(), 4);
            let is_within = |key: &[u8]| RangeBounds::<[u8]>::contains(&bounds, key);
            let expected = all.clone().filter(|(of, key, _)| *of == place && is_within(key));
            assert!(map.range(place, bounds).eq(expected), "{step}: {bounds:?}");
        }
    }

    /// Does what a tree of the standard library does, below and above the limit of few keys.
    #[test]
    fn is_the_ordered_map_that_it_stands_for() {
        let (mut map, mut model) = (KeyMap::default(), Model::new());
        for step in 0..FEW * 6 {
            let place = (u16::try_from(step % 2).unwrap(), 3 + u32::try_from(step % 3).unwrap());
            let key = key(step);
            map.set(place, &key, step);
            model.insert((place, key.clone()), step);
            if step % 7 == 0 {
                let gone = self::key(step / 2);
                map.remove(place, &gone);
                model.remove(&(place, gone));
            }
            assert_eq!(map.get(place, &key), model.get(&(place, key)));
            check(&map, &model, step);
        }
        assert!(matches!(map, KeyMap::Many(_)));
        let taken = map.take(|tree| tree == 4);
        let taken_model: Model = model.extract_if(.., |(place, _), _| place.1 == 4).collect();
        check(&taken, &taken_model, 8);
        check(&map, &model, 8);
    }
}
