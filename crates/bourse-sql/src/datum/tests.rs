//! Values: their size, order, hashes and texts.

use super::Datum;

/// Rows hold many of them.
#[test]
fn size() {
    assert!(size_of::<Datum>() <= 24);
}
