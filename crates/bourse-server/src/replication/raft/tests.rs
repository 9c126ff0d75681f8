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
