//! Guards: a leak is told of once, with its place, and nothing that was given back is.

use std::panic::Location;
use std::time::Duration;

use super::Held;

#[test]
fn what_is_held_for_too_long_is_told_once() {
    let mut held = Held::default();
    let place = Location::caller();
    let (limit, second) = (Duration::from_secs(10), Duration::from_secs(1));
    let first = held.take(Duration::ZERO, place);
    let other = held.take(second * 5, place);
    assert_ne!(first, other);
    assert_eq!(held.leaks(second * 10, limit), []);
    let leaks = held.leaks(second * 11, limit);
    assert_eq!(leaks.len(), 1);
    assert_eq!((leaks[0].place, leaks[0].held), (place, second * 11));
    assert_eq!(held.leaks(second * 12, limit), []);
    held.give_back(other);
    assert_eq!(held.leaks(second * 99, limit), []);
}
