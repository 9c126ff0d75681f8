//! Guards: what a member remembers is read as it was written, and the membership that is true at
//! the log's base is always among it.

use openraft::BasicNode;
use openraft::Membership;

use super::types::{Saved, StoredMembership, log_id};
use bourse::replication::group::EntryId;

fn membership(index: u64, members: &[u64]) -> StoredMembership {
    let nodes: std::collections::BTreeMap<u64, BasicNode> =
        members.iter().map(|id| (*id, BasicNode::new(format!("host-{id}:5433")))).collect();
    let voters = vec![members.iter().copied().collect()];
    let membership = Membership::new(voters, nodes).unwrap();
    StoredMembership::new(Some(log_id(EntryId { term: 1, index })), membership)
}

#[test]
fn what_is_remembered_is_read_as_it_was_written() {
    let mut saved = Saved::of_founder(7);
    for index in 0..5 {
        saved.note_membership(membership(index * 10, &[1, 2, 3]), Some(12));
    }
    let read = Saved::decode(&saved.encode().unwrap()).unwrap();
    assert_eq!(read.id, 7);
    assert_eq!(read.encode().unwrap(), saved.encode().unwrap());
    assert!(read.encode().unwrap().len() < 1_000, "it must fit into GROUP");
    assert!(Saved::decode(&[]).is_err());
    assert!(Saved::decode(&[1, 2, 3]).is_err());
    assert!(Saved::decode(&[200, 2, 3]).unwrap_err().to_string().contains("version"));
}

#[test]
fn what_was_remembered_before_removals_were_is_read() {
    let mut saved = Saved::of_founder(7);
    saved.note_membership(membership(3, &[1, 7]), None);
    // Format 1 ends before the removed members and whether this is one.
    let mut bytes = saved.encode().unwrap();
    bytes.truncate(bytes.len() - 2);
    bytes[0] = 1;
    let read = Saved::decode(&bytes).unwrap();
    assert_eq!(read.encode().unwrap(), saved.encode().unwrap());
    // That of a founder, as the first version wrote it.
    let read = Saved::decode(&[1, 7, 1, 0, 0, 0]).unwrap();
    assert_eq!(read.encode().unwrap(), Saved::of_founder(7).encode().unwrap());
}

#[test]
fn who_was_removed_is_remembered_until_he_is_added_again() {
    let mut saved = Saved::of_founder(3);
    saved.note_membership(membership(1, &[1, 2, 3]), None);
    saved.note_membership(membership(2, &[1, 3]), None);
    assert_eq!((saved.removed.as_slice(), saved.is_removed), ([2].as_slice(), false));
    saved.note_membership(membership(3, &[1, 2, 3, 4]), None);
    assert!(saved.removed.is_empty());
    saved.note_membership(membership(4, &[1, 2]), None);
    assert_eq!((saved.removed.as_slice(), saved.is_removed), ([3, 4].as_slice(), true));
    // One that was made anew learns of an earlier life of its.
    let mut anew = Saved::of_founder(3);
    anew.quiet_until = Some(4);
    anew.note_membership(membership(1, &[1, 2, 3]), None);
    anew.note_membership(membership(4, &[1, 2]), None);
    assert_eq!((anew.removed.as_slice(), anew.is_removed), ([3].as_slice(), false));
    // As many as GROUP has room for.
    let mut many = Saved::of_founder(1);
    for index in 0..200 {
        many.note_membership(membership(index, &[1, 1_000_000_000 + index]), None);
    }
    assert!(many.encode().unwrap().len() < 1_000);
    assert_eq!(many.removed.last(), Some(&1_000_000_198));
}

#[test]
fn the_membership_at_the_base_is_remembered() {
    let mut saved = Saved::of_founder(1);
    assert_eq!(saved.membership_at(None), StoredMembership::default());
    saved.note_membership(membership(0, &[1]), None);
    assert_eq!(saved.membership_at(None), StoredMembership::default());
    for index in [5, 6, 7, 8] {
        saved.note_membership(membership(index, &[1, index]), Some(4));
        assert_eq!(saved.membership_at(Some(4)), membership(0, &[1]));
        assert_eq!(saved.membership_at(Some(index)), membership(index, &[1, index]));
    }
    // One that comes again, after an open, changes nothing.
    saved.note_membership(membership(6, &[1, 6]), Some(4));
    assert_eq!(saved.membership_at(Some(100)), membership(8, &[1, 8]));
}
