//! What is asked of a contender.

use std::path::Path;
use std::time::Duration;

use crate::Outcome;
use crate::rows::{Digest, Setup};

/// Someone who keeps aggregates right.
pub(crate) trait Contender {
    /// Its column.
    fn name(&self) -> &'static str;

    /// Whether its work is done in this process, so that the processor time of others can be told
    /// from its own.
    fn is_in_process(&self) -> bool {
        true
    }

    /// Makes a store of so many rows in an empty folder. Commits do not wait for the disk.
    fn make(&self, folder: &Path, setup: Setup, rows: u64) -> Outcome<Box<dyn Store + '_>>;
}

/// What making a view took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    /// How long.
    pub(crate) took: Duration,
    /// The longest that a writer waited meanwhile, where one was running.
    pub(crate) longest_wait: Option<Duration>,
}

/// A store with views, or tables that triggers keep.
pub(crate) trait Store {
    /// Inserts rows of these numbers, so many a transaction. Returns what it took.
    fn insert(&mut self, from: u64, count: u64, a_transaction: u64) -> Outcome<Duration>;

    /// Reads groups of the first view, each by its key and with all columns. Returns what it took.
    fn read_groups(&mut self, count: u64) -> Outcome<Duration>;

    /// What the view of that name says in all.
    fn digest(&mut self, view: &str) -> Outcome<Digest>;

    /// Makes the view by user and day of all rows while others insert, and drops it again.
    fn make_view(&mut self) -> Outcome<Made>;

    /// Whether every view is what its rows make it; where the contender can tell.
    fn check(&mut self) -> Outcome<()> {
        Ok(())
    }
}
