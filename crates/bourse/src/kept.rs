//! Cuts that the store keeps of itself, so that a state of a while ago can be read: AS OF an LSN.
//!
//! Invariants:
//! - **A1** Kept Cuts are in the order of their LSNs, each newer than the one before: a Cut is
//!   added only behind, and was the newest published one under the list's mutex.
//! - **A2** A kept Cut is held from before the end of the pin under which it was found until it is
//!   taken off the list; who reads it holds it once more, by a clone made while it is on the list.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::cache::Held;
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::sync::{self, Mutex};
use bourse_storage::{Error, Result};

use crate::checkpoint;
use crate::core::Core;
use crate::cut::CutState;
use crate::database::Database;
use crate::options::{KeepCuts, Options};
use crate::reading::Cut;

/// Most Cuts that a store may be told to keep: each takes one of the places for held Cuts, of which
/// readers need some.
const CUTS_MAX: usize = 256;

/// The Cuts that are kept, the oldest first (A1).
#[derive(Default)]
pub(crate) struct KeptCuts(Mutex<VecDeque<Kept>>);

struct Kept {
    state: Arc<CutState>,
    held: Held,
    /// When it was last seen to be the newest.
    seen: Duration,
}

/// What is kept, for statistics.
#[derive(Clone, Copy, Default)]
pub(crate) struct Keeping {
    pub(crate) count: usize,
    pub(crate) age: Option<Duration>,
}

impl KeptCuts {
    /// Keeps the newest published Cut from now on. Returns its LSN.
    fn keep(&self, core: &Core, rule: &KeepCuts, now: Duration) -> Lsn {
        let mut cuts = self.0.lock();
        let (state, held) = core.hold_published();
        let lsn = state.lsn;
        match cuts.back_mut() {
            // Nothing was written since: the same state, which was the newest until now.
            Some(last) if last.state.batch == state.batch => last.seen = now,
            last => {
                let in_order = last.is_none_or(|last| last.state.lsn < lsn);
                assert!(in_order, "A1: a Cut that is kept is newer than those before");
                cuts.push_back(Kept { state, held, seen: now });
            }
        }
        release(&mut cuts, rule, now);
        while cuts.len() > rule.at_most {
            cuts.pop_front();
        }
        lsn
    }

    /// The newest Cut there is that has no record after `lsn`.
    fn find(&self, core: &Core, lsn: Lsn, now: Duration) -> Result<(Arc<CutState>, Held)> {
        let mut cuts = self.0.lock();
        if let Some(rule) = &core.options.keep_cuts {
            release(&mut cuts, rule, now);
        }
        // After the list's mutex is taken, so that none of the list is newer (A1).
        let (newest, held) = core.hold_published();
        if newest.lsn == lsn {
            return Ok((newest, held));
        }
        let behind = cuts.partition_point(|kept| kept.state.lsn <= lsn);
        match behind.checked_sub(1).map(|at| &cuts[at]) {
            // A2: the clone is made while the Cut is on the list.
            Some(kept) if lsn < newest.lsn => Ok((Arc::clone(&kept.state), kept.held.clone())),
            _ => {
                let oldest = cuts.front().map_or(newest.lsn, |kept| kept.state.lsn);
                Err(not_there(lsn, oldest, newest.lsn))
            }
        }
    }

    /// Lets go of all of them.
    pub(crate) fn clear(&self) {
        self.0.lock().clear();
    }

    /// How many there are, and how old the oldest is.
    pub(crate) fn keeping(&self, now: Duration) -> Keeping {
        let cuts = self.0.lock();
        let age = cuts.front().map(|kept| now.saturating_sub(kept.seen));
        Keeping { count: cuts.len(), age }
    }
}

/// Lets go of Cuts that are older than the rule says.
fn release(cuts: &mut VecDeque<Kept>, rule: &KeepCuts, now: Duration) {
    while cuts.front().is_some_and(|kept| now.saturating_sub(kept.seen) > rule.max_age) {
        cuts.pop_front();
    }
}

#[cold]
fn not_there(lsn: Lsn, oldest: Lsn, newest: Lsn) -> Error {
    let (lsn, oldest, newest) = (lsn.0, oldest.0, newest.0);
    let message = if lsn > newest {
        format!(
            "there is no state as of LSN {lsn} yet: those from LSN {oldest} to LSN {newest} can be \
             read; take an LSN that Database::cut or keep_cut gave"
        )
    } else {
        format!(
            "the state as of LSN {lsn} is no longer kept: those from LSN {oldest} to LSN {newest} \
             can be read; set or raise Options::keep_cuts to read older ones"
        )
    };
    Error::invalid(message).with_sqlstate("72000")
}

/// Refuses rules that keep nothing, or more than there is room for.
pub(crate) fn check_options(options: &Options) -> Result<()> {
    let Some(rule) = &options.keep_cuts else { return Ok(()) };
    if rule.every.is_zero() || !(1..=CUTS_MAX).contains(&rule.at_most) {
        return Err(Error::invalid(format!(
            "Options::keep_cuts keeps at most {} Cuts, one in {:?}: it takes 1 to {CUTS_MAX} Cuts, \
             and an interval above zero",
            rule.at_most, rule.every
        ))
        .with_sqlstate("22023"));
    }
    Ok(())
}

/// The thread that keeps Cuts.
pub(crate) fn run(core: &Core, rule: &KeepCuts) {
    loop {
        core.kept.keep(core, rule, sync::monotonic());
        if checkpoint::wait(core, rule.every) {
            return;
        }
    }
}

/// How many batches were published since the oldest Cut that somebody holds.
pub(crate) fn batches_behind(core: &Core) -> u64 {
    let Some(oldest) = oldest_held(core) else { return 0 };
    core.publisher.published_batch().0.saturating_sub(oldest.0)
}

/// The oldest Cut that somebody holds.
pub(crate) fn oldest_held(core: &Core) -> Option<Batch> {
    let newest = core.publisher.published_batch();
    // The Cut that the store was opened with may have a number of the open before.
    core.held.oldest().map(|oldest| oldest.max(Batch::first_of_open(newest.open())))
}

impl Database {
    /// The state as of a log record: the newest one there is that contains no record after `lsn`.
    ///
    /// There are the newest state, and those that `Options::keep_cuts` keeps; with one in an
    /// interval, the state may be up to that much older than the record. None is kept over a close.
    /// In a Sync store every state is durable.
    ///
    /// # Errors
    /// `InvalidInput` (72000) that names the oldest and the newest LSN that can be read, when the
    /// state is no longer kept, or the record is newer than what is published.
    pub fn cut_at(&self, lsn: Lsn) -> Result<Cut> {
        let core = self.core();
        let (state, held) = core.kept.find(core, lsn, sync::monotonic())?;
        Ok(Cut::of(core, state, held))
    }

    /// Keeps the newest published state by the rule of `Options::keep_cuts`, for
    /// [`Database::cut_at`]. A store with background threads does so by itself. Returns its LSN.
    ///
    /// # Errors
    /// `InvalidInput` (55000) when the store was opened to keep none.
    pub fn keep_cut(&self) -> Result<Lsn> {
        let core = self.core();
        let Some(rule) = &core.options.keep_cuts else {
            return Err(Error::invalid(
                "the store was opened to keep no Cuts: set Options::keep_cuts, or keep the Cut \
                 that Database::cut returns",
            )
            .with_sqlstate("55000"));
        };
        Ok(core.kept.keep(core, rule, sync::monotonic()))
    }
}
