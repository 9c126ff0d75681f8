//! How long a state can be read after it was replaced: `Options::cut_age_max`.
//!
//! A Cut's age counts from when a newer one was published, so that in a store in which nothing is
//! written none grows old. The store looks now and then which Cut is the newest; what it saw then,
//! and was the newest still or a newer one was, is younger than any Cut before it. How pages that
//! only expired Cuts have are given back while somebody still holds these is told in
//! `bourse_storage::cache::HeldCuts`.

use std::collections::VecDeque;
use std::time::Duration;

use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Mutex};
use bourse_storage::{Error, Result};

use crate::checkpoint;
use crate::core::Core;
use crate::database::Database;

/// Looks in one limit of age: what is refused is up to a sixteenth older.
const LOOKS: u32 = 16;

/// Which Cut was the newest when, the oldest first.
#[derive(Default)]
pub(crate) struct CutAges(Mutex<VecDeque<(Duration, Batch)>>);

impl CutAges {
    /// Remembers the newest published Cut, and expires what was replaced longer than `limit` ago.
    fn look(&self, core: &Core, limit: Duration, now: Duration) {
        let mut seen = self.0.lock();
        let newest = core.publisher.published_batch();
        if seen.back().is_none_or(|(_, batch)| *batch < newest) {
            seen.push_back((now, newest));
        }
        let mut before = None;
        // The newest of those seen so long ago: what is older was replaced by then.
        while let Some(&(at, batch)) = seen.front()
            && now.saturating_sub(at) > limit
        {
            before = Some(batch);
            seen.pop_front();
        }
        let before = before.unwrap_or_default();
        core.held.expire(before, core.epochs());
    }

    /// How long ago a newer Cut than this one was first seen.
    pub(crate) fn since_replaced(&self, batch: Batch, now: Duration) -> Option<Duration> {
        let seen = self.0.lock();
        let (at, _) = seen.iter().find(|(_, newer)| *newer > batch)?;
        Some(now.saturating_sub(*at))
    }
}

/// The thread that looks.
pub(crate) fn run(core: &Core, limit: Duration) {
    let every = (limit / LOOKS).clamp(Duration::from_millis(1), Duration::from_secs(60));
    loop {
        core.ages.look(core, limit, sync::monotonic());
        if checkpoint::wait(core, every) {
            return;
        }
    }
}

/// What a reader of an expired Cut is told.
#[cold]
pub(crate) fn too_old(core: &Core) -> Error {
    let limit = core.options.cut_age_max.unwrap_or_default();
    Error::invalid(format!(
        "the state that is read was replaced more than {limit:?} ago and is no longer kept: take a \
         new Cut or begin a new transaction, or raise Options::cut_age_max"
    ))
    .with_sqlstate("72000")
}

impl Database {
    /// Looks which states are older than `Options::cut_age_max`; those cannot be read any more, and
    /// what only they had is given back by the commits after the next call. A store with
    /// background threads does so by itself.
    ///
    /// # Errors
    /// `InvalidInput` (55000) when the store was opened without a limit.
    pub fn expire_cuts(&self) -> Result<()> {
        let core = self.core();
        let Some(limit) = core.options.cut_age_max else {
            let message = "the store was opened without a limit: set Options::cut_age_max";
            return Err(Error::invalid(message).with_sqlstate("55000"));
        };
        core.ages.look(core, limit, sync::monotonic());
        Ok(())
    }
}
