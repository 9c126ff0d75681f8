//! What a statement took, told to those who watch.

use std::time::Duration;

use bourse_sql::error::SqlError;
use bourse_storage::sync;

use super::Session;
use crate::slow;

/// A statement that runs.
#[derive(Debug)]
pub(super) struct Measure {
    began: Duration,
}

impl Measure {
    pub(super) fn begin(session: &mut Session, text: &str) -> Measure {
        session.entry.begins_statement(text, session.transaction_began_us);
        if session.transaction_began_us == 0 {
            session.transaction_began_us = sync::wall_clock_us();
        }
        Measure { began: sync::monotonic() }
    }

    pub(super) fn end(self, session: &Session, text: &str, rows: u64, error: Option<&SqlError>) {
        let took = sync::monotonic().saturating_sub(self.began);
        let shared = &session.shared;
        shared.counts.note_statement(took);
        shared.statements.note(text, took, rows, error.is_some());
        let limit = Duration::from_millis(shared.options.slow_query_ms);
        if !limit.is_zero() && took >= limit {
            shared.counts.note_slow();
            let shows_values = shared.options.log_parameters;
            slow::tell(&slow::line(&session.entry, text, took, rows, error, shows_values));
        }
    }
}
