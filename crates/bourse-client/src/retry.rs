//! What is run again after an error, and what is not.
//!
//! What counts is whether anything may remain of the attempt. Before COMMIT is sent nothing does:
//! the server rolls back what it has no COMMIT of when the connection ends. Once it was sent only
//! the server's answer tells, and where that does not come nobody knows.
//!
//! # Invariants
//! - **A1** What may have had its effect is never run again: [`Next::Unknown`] is said instead.
//! - **A2** An error of the statement itself (a duplicate key, a name that is not there) is given
//!   to the caller at once: the next attempt would have the same.
//! - **A3** Who was in the way, or says that it is no leader, is tried a bounded number of times;
//!   who is gone as long as the call has time.

use std::time::Duration;

use crate::error::Kind;

/// How far an attempt had come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// It had no connection yet.
    Acquiring,
    /// A transaction that only reads, or a plain read by itself.
    Reading,
    /// A transaction whose COMMIT had not been sent.
    Changing,
    /// COMMIT, or one statement that is a transaction by itself, had been sent.
    Committing,
    /// A closure that runs what it likes, outside of a transaction of ours.
    Unguarded,
}

/// What is done after an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Next {
    /// It is run again, for what is in the way may be gone.
    Again(Where),
    /// The caller gets the error.
    Fail,
    /// The caller is told that nobody knows.
    Unknown,
}

/// Where it is run again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Where {
    /// Wherever it would be now.
    Anywhere,
    /// On the leader, as a replica has not what is asked for.
    Leader,
    /// Not on this node, in this call.
    Elsewhere,
    /// On the leader, once it is known who that is: this node is not.
    NewLeader,
}

/// What is done after an error of a kind, with the server's code where it told one.
pub(crate) fn next(kind: Kind, sqlstate: Option<&str>, stage: Stage) -> Next {
    let has_lost = matches!(kind, Kind::Connection);
    match (stage, kind) {
        (_, Kind::Usage | Kind::Aborted | Kind::LostWrite | Kind::OutcomeUnknown) => Next::Fail,
        (_, Kind::Deadline) => match stage {
            Stage::Committing | Stage::Unguarded => Next::Unknown, // A1
            Stage::Acquiring | Stage::Reading | Stage::Changing => Next::Fail,
        },
        // Not where all are busy: the queue is bounded so that calls are refused at once.
        (Stage::Acquiring, Kind::Connection | Kind::Unavailable) => Next::Again(Where::Elsewhere),
        (Stage::Acquiring, _) => Next::Fail,
        (Stage::Reading, Kind::Conflict) => Next::Again(Where::Leader),
        (Stage::Reading, Kind::Connection | Kind::Unavailable) => Next::Again(Where::Elsewhere),
        (Stage::Changing, Kind::Connection | Kind::Unavailable) => Next::Again(Where::NewLeader),
        (Stage::Changing | Stage::Committing, Kind::Conflict) => Next::Again(Where::Anywhere),
        (Stage::Changing | Stage::Committing, Kind::Statement) if sqlstate == Some("25006") => {
            Next::Again(Where::NewLeader)
        }
        (Stage::Committing, _) if has_lost || !is_rolled_back(sqlstate) => Next::Unknown, // A1
        (Stage::Committing, Kind::Unavailable) => Next::Again(Where::NewLeader),
        // What came before in the closure may remain.
        (Stage::Unguarded, Kind::Connection | Kind::Conflict | Kind::Unavailable) => Next::Unknown,
        (Stage::Reading | Stage::Changing | Stage::Committing | Stage::Unguarded, _) => Next::Fail,
    }
}

/// Whether a server that answers COMMIT so has rolled back. Whatever is not known to mean that (a
/// disk that failed, a server that stops) means that nobody knows.
fn is_rolled_back(sqlstate: Option<&str>) -> bool {
    let Some(sqlstate) = sqlstate.filter(|sqlstate| sqlstate.is_ascii()) else { return false };
    match sqlstate {
        "40003" => false,
        "57014" | "53300" => true,
        _ => matches!(
            sqlstate.get(..2),
            Some("0A" | "21" | "22" | "23" | "25" | "2D" | "34" | "40" | "42" | "44" | "54" | "55")
        ),
    }
}

/// How long to wait before an attempt: longer each time, and not all equally long. `chance` is in
/// 0..1.
pub(crate) fn pause(attempt: u32, chance: f64) -> Duration {
    const PAUSE_MIN: Duration = Duration::from_millis(5);
    const PAUSE_MAX: Duration = Duration::from_millis(500);
    let pause = PAUSE_MIN.saturating_mul(1 << attempt.min(20)).min(PAUSE_MAX);
    pause.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests;
