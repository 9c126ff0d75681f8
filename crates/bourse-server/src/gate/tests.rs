//! Guards: while leadership is handed over transactions come to their end, others wait, and are let
//! in or sent away together.

use std::sync::Arc;

use bourse_storage::sync;

use super::Gate;

#[test]
fn transactions_end_and_others_wait() {
    let gate = Arc::<Gate>::default();
    let first = gate.enter(false).unwrap();
    assert_eq!(gate.inside(), 1);
    gate.begin_ending();
    drop(first);
    let ending = gate.enter(true).unwrap();
    assert_eq!(gate.inside(), 1);
    drop(ending);
    let of = Arc::clone(&gate);
    let waits = sync::spawn("waits", move || of.enter(false).map(drop).is_ok());
    gate.close();
    let of = Arc::clone(&gate);
    let in_transaction = sync::spawn("in-transaction", move || of.enter(true).map(drop).is_ok());
    gate.open();
    assert!(waits.join().unwrap());
    assert!(in_transaction.join().unwrap());
    assert_eq!(gate.inside(), 0);
}

#[test]
fn who_waits_is_sent_away_when_another_one_leads() {
    let gate = Arc::<Gate>::default();
    gate.close();
    let waiting: Vec<_> = [false, true]
        .into_iter()
        .map(|in_transaction| {
            let of = Arc::clone(&gate);
            sync::spawn("waits", move || of.enter(in_transaction).is_ok())
        })
        .collect();
    gate.send_away();
    for one in waiting {
        assert!(!one.join().unwrap());
    }
    assert!(gate.enter(true).is_err());
    assert_eq!(gate.inside(), 0);
}
