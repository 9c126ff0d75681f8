//! Feeds: the changes of a table, or of an owned view's groups, told to whoever subscribes, whole
//! transactions in order.
//!
//! # The idea
//!
//! **The log is the buffer.** A feed is a definition and a position; a subscription reads the log's
//! files from the position on, behind those who write them, and makes changes of the records that
//! concern the feed. So a subscriber that is slow, or away for a day, costs no memory and no commit
//! any time: it costs log that is kept. A commit does for a feed two things only: where its table
//! has one, the record carries the rows that it replaces ([`OperationKind::OldRow`]), and whoever
//! publishes wakes those who wait.
//!
//! The obvious design, a queue in memory that commits put changes into, needs a bound, and at the
//! bound a choice between slowing commits and losing changes; and after a crash it must read the
//! log all the same.
//!
//! | file | what |
//! |---|---|
//! | `definition` | definitions and positions, as bytes too |
//! | `reader` | from the log to changes; stages and bulk loads |
//! | `changes` | what one record changes of a feed's table |
//! | `groups` | what a commit and a bulk load change of a view's groups |
//! | `subscription` | waiting, acknowledging, the stream |
//! | `retain` | which part of the log feeds want |
//!
//! # Invariants
//!
//! - **F1** A record is given out only when it is durable and part of the newest published Cut: no
//!   crash takes it back, and whoever is told of a change can read it.
//! - **F2** Changes are given out in the order of LSNs, all of a transaction's at once (those of a
//!   bulk load in parts, in the order in which they were logged), none twice by one subscription.
//! - **F3** A position is changed only by records, as all else in the store; it is recovered with
//!   the effects of its transaction or not at all. The log is given up only behind positions that
//!   are durable.
//! - **F4** What a feed wants of the log counts back to the first piece of every stage whose commit
//!   lies behind its position.
//! - **F5** While a table has a feed, each record that changes or deletes a row of it carries the
//!   row as it was in the state that the record is applied to: the write set had it from a read
//!   that validation, a row lock or the shard's mutex keeps true. Definitions change under all
//!   mutexes, and what was built under others is built again, so that no record of before slips in.
//! - **F6** A feed stops no writer: log that only feeds want is given up beyond
//!   `Options::feed_log_bytes_max`, the oldest first.
//! - **F7** While a view has a feed, each record that changes a group of it carries the group's
//!   states before and after. The committer computes them under the mutex of the group's shard,
//!   from the head that the record is applied to (I/O for it is done as for any page that an apply
//!   would miss), by the algebra that apply uses; so by V1 of `crate::view` they are what apply
//!   leaves. Of a bulk load they are made of its pieces, as its view was empty.
//!
//! ```text
//!            create_feed               next             acknowledge, advance_feed
//! (no feed) -------------> at an LSN ------> given out -------------------------> at a later LSN
//!                              ^                |                                       |
//!                              +-- the subscription ends, the process dies -------------+
//! the log was given up behind the position: next answers 72000, reset_feed goes on
//! ```
//!
//! [`OperationKind::OldRow`]: crate::record::OperationKind::OldRow

use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};

use crate::database::Database;
use crate::reading::newest;
use crate::shard::FEEDS;
use crate::snapshot::Snapshot;
use crate::transaction::Transaction;
use crate::transaction::write_set::Logged;

mod changes;
mod definition;
mod groups;
mod reader;
mod retain;
mod subscription;

pub use changes::{Change, Changes, RowChange};
pub use definition::{FeedDefinition, Position};
pub(crate) use definition::{Named, Source, StoredFeed, check_name};
pub(crate) use groups::{Told, groups_told};
pub(crate) use retain::{Feeds, begin, wanted_after};
pub use subscription::{Subscription, SubscriptionCancel};

use retain::position_in;

/// A feed and how far its subscriber is, from [`Database::feed`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct FeedInfo {
    /// Its name.
    pub name: String,
    /// Its table's name; that of the view's table.
    pub table: String,
    /// The name of its view, if it tells of one.
    pub view: Option<String>,
    /// Its position.
    pub position: Position,
    /// Records that were published behind its position; not all of them concern it.
    pub lag_records: u64,
    /// Bytes of log behind its position, and before it in the same file.
    pub lag_bytes: u64,
    /// Whether log behind its position was given up: reading answers 72000 until it is
    /// [reset](Database::reset_feed).
    pub is_lost: bool,
}

impl Database {
    /// The feed of that name, and how far it is.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none.
    pub fn feed(&self, name: &str) -> Result<FeedInfo> {
        self.feed_infos(Some(name)).map(|mut infos| infos.remove(0))
    }

    /// All feeds, in the order in which they were made.
    ///
    /// # Errors
    /// The disk's.
    pub fn feeds(&self) -> Result<Vec<FeedInfo>> {
        self.feed_infos(None)
    }

    fn feed_infos(&self, name: Option<&str>) -> Result<Vec<FeedInfo>> {
        let log = &self.core().log;
        let first = log.first_lsn();
        let mut infos = newest(self.core(), |snapshot| {
            let (catalog, published) = (snapshot.catalog(), snapshot.cut().lsn);
            let one = name.map(|name| catalog.feed_named(name)).transpose()?;
            let chosen = catalog.feeds().iter().filter(|feed| one.is_none_or(|one| one == *feed));
            let info = |feed: &Arc<StoredFeed>| {
                let position = position_in(snapshot, feed)?;
                Ok(FeedInfo {
                    name: feed.name.clone(),
                    table: catalog.table_of_feed(feed)?.definition.name.clone(),
                    view: match feed.source {
                        Source::Table(_) => None,
                        Source::View(view) => {
                            catalog.view_numbered(view).map(|view| view.name().to_owned())
                        }
                    },
                    position,
                    lag_records: published.0.saturating_sub(position.done().0),
                    lag_bytes: 0,
                    is_lost: position.done().next() < first,
                })
            };
            chosen.map(info).collect::<Result<Vec<_>>>()
        })?;
        // The log's latch is not waited for under the pin of the read.
        for info in infos.iter_mut().filter(|info| info.lag_records > 0) {
            info.lag_bytes = log.bytes_since(info.position.done().next());
        }
        Ok(infos)
    }

    /// Begins to read a feed from its position on. One subscription at a time reads a feed.
    ///
    /// # Errors
    /// `InvalidInput` (42704) when there is none of that name; `Busy` (55006) while another
    /// subscription reads it; `Closed` when the store has stopped.
    pub fn subscribe(&self, feed: &str) -> Result<Subscription> {
        Subscription::begin(self.core(), feed)
    }

    /// Moves a feed's position anywhere in the log, back too: the next subscription goes on behind
    /// `lsn`.
    ///
    /// # Errors
    /// `InvalidInput`: 42704 when there is none of that name; 72000 when the log no longer has what
    /// lies behind, 55000 when it does not carry what the feed needs, or is not written yet. `Busy`
    /// (55006) while a subscription reads it.
    pub fn reset_feed(&self, name: &str, lsn: Lsn) -> Result<()> {
        let core = self.core();
        let feed = newest(core, |snapshot| Ok(Arc::clone(snapshot.catalog().feed_named(name)?)))?;
        core.feeds.claim(&feed)?;
        let reset = self.move_anywhere(&feed, lsn);
        core.feeds.unclaim(&feed);
        reset
    }

    fn move_anywhere(&self, feed: &StoredFeed, lsn: Lsn) -> Result<()> {
        let log = &self.core().log;
        let first = log.first_lsn();
        if lsn.next() < first {
            let message = format!(
                "feed {} cannot go on behind LSN {lsn}: the log begins with LSN {first}",
                feed.name
            );
            return Err(Error::invalid(message).with_sqlstate("72000"));
        }
        if lsn < feed.since || lsn > log.durable().1 {
            let message = format!(
                "feed {} cannot go on behind LSN {lsn}: it has the changes from LSN {} to LSN {}",
                feed.name,
                feed.since.next(),
                log.durable().1
            );
            return Err(Error::invalid(message).with_sqlstate("55000"));
        }
        self.transaction(|transaction| {
            let feed = Arc::clone(transaction.catalog().feed_named(&feed.name)?);
            position_in(transaction, &feed)?;
            transaction.set_position(&feed, lsn.into());
            Ok(())
        })
    }
}

impl Transaction<'_> {
    /// Moves a feed's position with the rest of the transaction, whole or not at all: so what a
    /// subscriber does for the changes up to there has its effect exactly once.
    ///
    /// # Errors
    /// `InvalidInput`: 42704 when there is no such feed; 55000 when its position is there or
    /// further already: another has done this, and nothing of it should be done again; 22023 for a
    /// position that is not durable. In an interactive transaction as
    /// [`lock_row`](Self::lock_row): the position is locked as a row is.
    pub fn advance_feed(&mut self, feed: &str, to: impl Into<Position>) -> Result<()> {
        let to = to.into();
        if !self.is_interactive() {
            return self.move_feed(feed, to, true);
        }
        self.write_locked(|transaction| transaction.move_feed(feed, to, true))
    }

    /// As [`Transaction::advance_feed`]; one that is as far already is no error unless it `must`
    /// move.
    pub(crate) fn move_feed(&mut self, feed: &str, to: Position, must: bool) -> Result<()> {
        let feed = Arc::clone(self.catalog().feed_named(feed)?);
        let durable = self.core().log.durable().1;
        if to.lsn > durable {
            let message = format!(
                "feed {} cannot move to {to}: records are given out up to LSN {durable}",
                feed.name
            );
            return Err(Error::invalid(message).with_sqlstate("22023"));
        }
        let now = position_in(self, &feed)?;
        if to > now {
            self.set_position(&feed, to);
            return Ok(());
        }
        let must = must && !bug::switched_on(Bug::FeedPositionBeforeEffect);
        if must { Err(subscription::not_behind(&feed, now, to)) } else { Ok(()) }
    }

    fn set_position(&mut self, feed: &StoredFeed, to: Position) {
        let shard = self.catalog().map.shard(feed.slot());
        let (key, value) = (feed.position_key(), Some(to.encode()));
        self.writes_mut().set(shard, FEEDS, &key, value, Logged::Entry);
    }
}
