//! Guards: the table of what is run again, in whole, and that nothing that may have had its effect
//! is in it.

use std::time::Duration;

use super::Next::{Again, Fail, Unknown};
use super::Stage::{Acquiring, Changing, Committing, Reading, Unguarded};
use super::Where::{Anywhere, Elsewhere, Leader, NewLeader};
use super::{next, pause};
use crate::error::Kind;

const STAGES: [super::Stage; 5] = [Acquiring, Reading, Changing, Committing, Unguarded];

#[test]
fn the_table() {
    let rows = [
        (
            Kind::Conflict,
            Some("40001"),
            [Fail, Again(Leader), Again(Anywhere), Again(Anywhere), Unknown],
        ),
        (
            Kind::Connection,
            None,
            [Again(Elsewhere), Again(Elsewhere), Again(NewLeader), Unknown, Unknown],
        ),
        (
            Kind::Connection,
            Some("57P01"),
            [Again(Elsewhere), Again(Elsewhere), Again(NewLeader), Unknown, Unknown],
        ),
        (
            Kind::Unavailable,
            Some("53300"),
            [Again(Elsewhere), Again(Elsewhere), Again(NewLeader), Again(NewLeader), Unknown],
        ),
        (
            Kind::Unavailable,
            Some("57P03"),
            [Again(Elsewhere), Again(Elsewhere), Again(NewLeader), Unknown, Unknown],
        ),
        (Kind::Busy, None, [Fail, Fail, Fail, Unknown, Fail]),
        (Kind::Statement, Some("23505"), [Fail, Fail, Fail, Fail, Fail]),
        (Kind::Statement, Some("25006"), [Fail, Fail, Again(NewLeader), Again(NewLeader), Fail]),
        (Kind::Statement, Some("58030"), [Fail, Fail, Fail, Unknown, Fail]),
        (Kind::Statement, Some("40003"), [Fail, Fail, Fail, Unknown, Fail]),
        (Kind::Statement, Some("57014"), [Fail, Fail, Fail, Fail, Fail]),
        (Kind::Statement, None, [Fail, Fail, Fail, Unknown, Fail]),
        (Kind::Deadline, None, [Fail, Fail, Fail, Unknown, Unknown]),
        (Kind::Usage, None, [Fail; 5]),
        (Kind::Aborted, None, [Fail; 5]),
        (Kind::LostWrite, Some("55000"), [Fail; 5]),
        (Kind::OutcomeUnknown, None, [Fail; 5]),
    ];
    for (kind, sqlstate, expected) in rows {
        for (stage, expected) in STAGES.into_iter().zip(expected) {
            assert_eq!(next(kind, sqlstate, stage), expected, "{kind:?} {sqlstate:?} {stage:?}");
        }
    }
}

// A1.
#[test]
fn without_an_answer_to_a_commit_nobody_knows() {
    for kind in [Kind::Connection, Kind::Deadline] {
        for sqlstate in [None, Some("57P01"), Some("57P02"), Some("08006")] {
            for stage in [Committing, Unguarded] {
                assert_eq!(next(kind, sqlstate, stage), Unknown);
            }
        }
    }
    // Of any other code too, unless it is known to mean a rollback.
    for sqlstate in ["XX000", "XX001", "58030", "53100", "99999", "", "5"] {
        assert_eq!(next(Kind::Statement, Some(sqlstate), Committing), Unknown, "{sqlstate}");
    }
}

#[test]
fn pauses_grow_within_bounds() {
    assert_eq!(pause(0, 1.0), Duration::from_millis(5));
    assert_eq!(pause(0, 0.0), Duration::from_micros(2_500));
    assert_eq!(pause(3, 1.0), Duration::from_millis(40));
    for attempt in 0..100 {
        assert!(pause(attempt, 1.0) <= Duration::from_millis(500));
        assert!(pause(attempt, 0.3) <= pause(attempt + 1, 0.3));
    }
}
