//! A map by place, for the few trees that a transaction changes: a sorted vector, which costs one
//! allocation whatever its size.

/// A tree of a shard.
pub(crate) type Place = (u16, u32);

/// What there is of each place, in the order of places.
#[derive(Debug)]
pub(crate) struct Places<T>(Vec<(Place, T)>);

impl<T> Default for Places<T> {
    fn default() -> Places<T> {
        Places(Vec::new())
    }
}

impl<T> Places<T> {
    fn position(&self, place: Place) -> Result<usize, usize> {
        self.0.binary_search_by_key(&place, |(place, _)| *place)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, place: Place) -> Option<&T> {
        self.position(place).ok().map(|at| &self.0[at].1)
    }

    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut T> {
        self.position(place).ok().map(|at| &mut self.0[at].1)
    }

    pub(super) fn insert(&mut self, place: Place, value: T) {
        match self.position(place) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (place, value)),
        }
    }

    pub(super) fn remove(&mut self, place: Place) {
        if let Ok(at) = self.position(place) {
            self.0.remove(at);
        }
    }

    pub(super) fn as_slice(&self) -> &[(Place, T)] {
        &self.0
    }

    /// Takes out what is of the places that `is_taken` names.
    pub(super) fn take(&mut self, is_taken: impl Fn(Place) -> bool) -> Vec<(Place, T)> {
        self.0.extract_if(.., |(place, _)| is_taken(*place)).collect()
    }
}

impl<T: Default> Places<T> {
    /// What there is of a place, a default if nothing was.
    pub(super) fn or_default(&mut self, place: Place) -> &mut T {
        let at = match self.position(place) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (place, T::default()));
                at
            }
        };
        &mut self.0[at].1
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn what_is_of_a_place_is_found_in_order() {
        let mut places = Places::default();
        for (shard, tree) in [(3, 1), (0, 9), (3, 0), (0, 9), (1, 4)] {
            *places.or_default((shard, tree)) += u32::from(shard) + tree;
        }
        assert_eq!(places.as_slice(), [((0, 9), 18), ((1, 4), 5), ((3, 0), 3), ((3, 1), 4)]);
        assert_eq!((places.get((3, 0)), places.get((2, 0))), (Some(&3), None));
        assert_eq!(places.take(|(shard, _)| shard == 3), [((3, 0), 3), ((3, 1), 4)]);
        places.insert((0, 1), 7);
        places.remove((1, 4));
        assert_eq!(places.as_slice(), [((0, 1), 7), ((0, 9), 18)]);
    }
}
