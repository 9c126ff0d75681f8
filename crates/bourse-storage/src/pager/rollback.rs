//! Going back to the published Cut: what later batches did is dropped.
//!
//! Batch numbers do not go back, so the dropped pages keep their births, and no later page can be
//! mistaken for one of them. Readers may still look at dropped sealed Cuts: pages born since then
//! die now, like any other page, and are reclaimed by the same rules. Pages that died since then
//! live again; none of their places was given away, because their deaths were never published.

use crate::id::Batch;

use super::Writer;
use super::reclaim::Retired;

impl Writer {
    /// Makes the published Cut's pages the head again and begins `batch`, which is later than all
    /// batches that are dropped. Asides that were attached since are dropped with them.
    pub fn roll_back(&mut self, published: Batch, batch: Batch) {
        assert!(batch > self.batch, "batches never go back: {batch} after {}", self.batch);
        assert!(published >= self.retirement.published, "what was published stays");
        let running = self.checkpoint.is_some_and(|cut| cut > published);
        assert!(!running, "only a durable, published Cut is checkpointed");
        self.batch = batch;
        for retired in self.retirement.take_died_after(published, &self.lifetimes) {
            let (birth, _) = self.lifetimes.span(retired.first);
            if birth > published {
                // Part of dropped Cuts only: it stays dead, as if it had died now.
                for page in retired.first..retired.first + retired.pages {
                    self.lifetimes.revive(page);
                    self.lifetimes.die(page, batch);
                }
                self.retirement.push(retired);
            } else {
                for page in retired.first..retired.first + retired.pages {
                    self.lifetimes.revive(page);
                }
            }
        }
        for page in self.lifetimes.alive_since(published) {
            self.lifetimes.die(page, batch);
            self.retirement.push(Retired { first: page, pages: 1 });
        }
    }
}
