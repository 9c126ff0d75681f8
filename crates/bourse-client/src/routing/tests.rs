//! Guards: who is written to and read, by cases and by drawn answers of the nodes.

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

use super::{Change, Routing, Seen};

fn leads(term: u64) -> Seen {
    Seen { is_follower: false, term, lineage: 1 }
}

fn follows(term: u64) -> Seen {
    Seen { is_follower: true, term, lineage: 1 }
}

#[test]
fn the_leader_is_found_and_replicas_are_read() {
    let mut routing = Routing::new(3);
    assert_eq!(routing.leader(), None);
    assert_eq!(routing.readers(&[0, 0, 0], 0), []);
    assert_eq!(routing.seen(1, follows(1)), Ok(Change::Nodes));
    assert_eq!(routing.seen(0, leads(1)), Ok(Change::Leader));
    assert_eq!(routing.seen(0, leads(1)), Ok(Change::None));
    routing.seen(2, follows(1)).unwrap();
    assert_eq!(routing.leader(), Some(0));
    assert_eq!(routing.readers(&[0, 0, 0], 0), [1, 2, 0]);
    assert_eq!(routing.readers(&[0, 0, 0], 2), [2, 1, 0]);
    assert_eq!(routing.readers(&[0, 5, 1], 1), [2, 1, 0]);
    assert_eq!(routing.lost(1), Change::Nodes);
    assert_eq!(routing.readers(&[0, 0, 0], 1), [2, 0]);
}

#[test]
fn the_newest_term_wins_and_the_old_leader_never_comes_back() {
    let mut routing = Routing::new(3);
    routing.seen(0, leads(1)).unwrap();
    routing.seen(1, follows(1)).unwrap();
    routing.seen(2, follows(1)).unwrap();
    assert_eq!(routing.seen(1, leads(2)), Ok(Change::Leader));
    assert_eq!(routing.leader(), Some(1));
    assert_eq!(routing.pretenders().collect::<Vec<_>>(), [0]);
    // R4: neither the old leader nor who still follows it is read.
    assert_eq!(routing.readers(&[0, 0, 0], 0), [1]);
    routing.seen(2, follows(2)).unwrap();
    assert_eq!(routing.readers(&[0, 0, 0], 0), [2, 1]);
    assert_eq!(routing.lost(1), Change::Leader);
    assert_eq!(routing.leader(), None, "R2: not even when it is the only one");
    routing.seen(0, leads(1)).unwrap();
    assert_eq!((routing.leader(), routing.newest_term()), (None, 2));
}

#[test]
fn of_two_leaders_of_one_term_the_first_stays() {
    let mut routing = Routing::new(2);
    routing.seen(1, leads(2)).unwrap();
    assert_eq!(routing.seen(0, leads(2)), Ok(Change::Nodes));
    assert_eq!(routing.leader(), Some(1));
    assert_eq!(routing.pretenders().collect::<Vec<_>>(), [0]);
    routing.lost(1);
    assert_eq!(routing.leader(), Some(0));
    routing.seen(1, leads(2)).unwrap();
    assert_eq!(routing.leader(), Some(0));
}

#[test]
fn who_refuses_a_write_is_not_the_leader_until_it_says_so() {
    let mut routing = Routing::new(1);
    routing.seen(0, leads(1)).unwrap();
    assert_eq!(routing.refused_write(0), Change::Leader);
    assert_eq!(routing.leader(), None);
    assert_eq!(routing.seen(0, leads(1)), Ok(Change::Leader));
}

#[test]
fn another_store_is_not_asked() {
    let mut routing = Routing::new(2);
    routing.seen(0, leads(1)).unwrap();
    assert_eq!(routing.seen(1, Seen { lineage: 2, ..leads(9) }), Err(1));
    assert_eq!((routing.leader(), routing.newest_term()), (Some(0), 1));
    assert!(!routing.may_be_read(1));
}

fn answers() -> impl Strategy<Value = Vec<(usize, Option<Seen>)>> {
    let seen = (any::<bool>(), 1..4_u64).prop_map(|(is_follower, term)| Seen {
        is_follower,
        term,
        lineage: 1,
    });
    prop::collection::vec((0..4_usize, prop::option::weighted(0.8, seen)), 1..60)
}

proptest! {
    #[test]
    fn invariants_hold_whatever_nodes_answer(answers in answers(), turn in 0..9_usize) {
        let mut routing = Routing::new(4);
        let mut newest = 0;
        for (node, answer) in answers {
            let before = routing.leader();
            let change = match answer {
                Some(seen) => routing.seen(node, seen).unwrap(),
                None => routing.lost(node),
            };
            newest = newest.max(answer.map_or(0, |seen| seen.term));
            prop_assert_eq!(routing.newest_term(), newest); // R1
            prop_assert_eq!(change == Change::Leader, before != routing.leader());
            let claims = |node: usize| routing.of(node) == Some(leads(newest));
            match routing.leader() {
                Some(leader) => prop_assert!(claims(leader)), // R2
                None => prop_assert!(!(0..4).any(claims)),
            }
            if let Some(before) = before && claims(before) {
                prop_assert_eq!(routing.leader(), Some(before)); // R3
            }
            for reader in routing.readers(&[0, 2, 1, 1], turn) {
                prop_assert_eq!(routing.of(reader).map(|seen| seen.term), Some(newest)); // R4
            }
        }
    }
}
