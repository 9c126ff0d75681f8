//! Tests of the tree over pages in a map: [`memory`] is that map, with the rules of
//! `crate::store` enforced; [`model`] runs random operations against a `BTreeMap`; [`bulk`] loads;
//! [`compact`] moves and packs pages; [`damage`] breaks pages and expects to be told.

mod bulk;
mod compact;
mod damage;
mod memory;
mod model;
mod operations;

use super::{MAX_HEIGHT, Root, pages_needed};
use crate::error::ErrorKind;
use crate::id::{Link, PageId};

/// A root must survive being stored in a superblock.
#[test]
fn root_round_trip() {
    let link = Link { page: PageId(0x0102_0304), birth: 0x0506_0708 };
    let root = Root { link, height: 3, count: u64::MAX - 1 };
    assert_eq!(Root::decode(&root.encode()).unwrap(), root);
    assert_eq!(root.encode()[..8], [4, 3, 2, 1, 8, 7, 6, 5]);
    assert_eq!(Root::decode(&Root::EMPTY.encode()).unwrap(), Root::EMPTY);
}

/// Bytes that no version wrote are refused, not believed.
#[test]
fn damaged_roots_are_refused() {
    let good = Root { link: Link { page: PageId(9), birth: 1 }, height: 1, count: 1 }.encode();
    for (at, byte) in [(16, 0), (16, MAX_HEIGHT + 1), (17, 1), (23, 255), (0, 0)] {
        let mut bytes = good;
        bytes[at] = byte;
        let error = Root::decode(&bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt, "byte {at} = {byte}");
    }
}

/// The reservation grows with the height and with the extent.
#[test]
fn reservation() {
    let root = Root { link: Link { page: PageId(9), birth: 1 }, height: 3, count: 1 };
    assert_eq!(pages_needed(Root::EMPTY, 8), 1);
    assert_eq!(pages_needed(root, 8), 10);
    assert_eq!(pages_needed(root, 4073), 12);
}
