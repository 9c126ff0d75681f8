//! Reading a feed: blocking, with a time limit, not waiting, or as a stream of a task.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::sync;
use bourse_storage::{Error, ErrorKind, Result};

use super::changes::Changes;
use super::definition::{Position, StoredFeed};
use super::reader::Reader;
use super::retain::position_in;
use crate::catalog::Catalog;
use crate::core::Core;
use crate::reading::newest;
use crate::transaction::run;

/// Reads the changes of a feed, transaction after transaction, from its position on; from
/// [`Database::subscribe`](crate::Database::subscribe). One at a time reads a feed.
///
/// What it gives out is given out again by the next subscription unless the position was moved:
/// by [`acknowledge`](Self::acknowledge), so that everything is given out at least once, or by
/// [`Transaction::advance_feed`](crate::Transaction::advance_feed) in the transaction that has the
/// effect, so that it has its effect exactly once.
///
/// As an [`Iterator`] it waits for what comes and ends when the store is closed or it is
/// [cancelled](SubscriptionCancel::cancel). It is a `futures_core::Stream` too, without a runtime
/// of any kind. It reads the log's files on the thread that calls or polls it.
pub struct Subscription {
    core: Arc<Core>,
    feed: Arc<StoredFeed>,
    reader: Reader,
    /// The last changes that were given out, or where it began.
    given: Position,
    /// The LSN when it last looked whether to move the position of an idle feed.
    idle_since: Lsn,
    is_cancelled: Arc<AtomicBool>,
}

/// Cancels a subscription from another thread.
#[derive(Clone)]
pub struct SubscriptionCancel {
    core: Arc<Core>,
    is_cancelled: Arc<AtomicBool>,
}

impl SubscriptionCancel {
    /// Ends the subscription: whoever waits for its changes, now or later, is given none.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        self.core.publisher.news.notify();
    }
}

impl std::fmt::Debug for SubscriptionCancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubscriptionCancel").finish_non_exhaustive()
    }
}

/// Records of an idle feed's table after which its position moves on by itself.
const IDLE_RECORDS: u64 = 1_000;

impl Subscription {
    pub(super) fn begin(core: &Arc<Core>, name: &str) -> Result<Subscription> {
        core.check_running()?;
        let (feed, position) = newest(core, |snapshot| {
            let feed = snapshot.cut().catalog.feed_named(name)?;
            Ok((Arc::clone(feed), position_in(snapshot, feed)?))
        })?;
        core.feeds.claim(&feed)?;
        Ok(Subscription {
            core: Arc::clone(core),
            reader: Reader::new(&core.log, position),
            feed,
            given: position,
            idle_since: position.lsn,
            is_cancelled: Arc::default(),
        })
    }

    /// The feed's name.
    pub fn feed(&self) -> &str {
        &self.feed.name
    }

    /// Up to which LSN it has read the log: no change up to there is yet to be given out. It goes
    /// on also where a feed's table does not change.
    pub fn reached(&self) -> Lsn {
        self.reader.reached()
    }

    /// Cancels it from other threads.
    pub fn cancel_handle(&self) -> SubscriptionCancel {
        let is_cancelled = Arc::clone(&self.is_cancelled);
        SubscriptionCancel { core: Arc::clone(&self.core), is_cancelled }
    }

    /// The next changes if there are any now.
    ///
    /// # Errors
    /// `InvalidInput`: 72000 with the first LSN that is there, when the next changes are no longer
    /// in the log (see `Options::feed_log_bytes_max`); 42704 when the feed was dropped. `Corrupt`
    /// or `Io` when the log cannot be read. `Closed` when the store has stopped.
    pub fn try_next(&mut self) -> Result<Option<Changes>> {
        self.core.check_running()?;
        let (limit, catalog) = self.newest();
        if !catalog.feeds().iter().any(|feed| feed.id == self.feed.id) {
            let message = format!("feed {} was dropped", self.feed.name);
            return Err(Error::invalid(message).with_sqlstate("42704"));
        }
        let next = self.reader.next(&self.core.log, limit, &self.feed, &catalog)?;
        match &next {
            Some(changes) => {
                self.given = changes.position();
                if bug::switched_on(Bug::FeedPositionBeforeEffect) {
                    self.acknowledge(self.given)?;
                }
            }
            None => self.keep_up(),
        }
        Ok(next)
    }

    /// The next changes, waiting for them at most for `limit`; none when there are none by then,
    /// or it was cancelled, or the store closed.
    ///
    /// # Errors
    /// As [`try_next`](Self::try_next).
    pub fn next_timeout(&mut self, limit: Duration) -> Result<Option<Changes>> {
        let deadline = sync::monotonic() + limit;
        loop {
            let moment = self.core.publisher.news.now();
            if self.has_ended() {
                return Ok(None);
            }
            if let Some(changes) = self.try_next()? {
                return Ok(Some(changes));
            }
            let rest = deadline.saturating_sub(sync::monotonic());
            if rest.is_zero() {
                return Ok(None);
            }
            self.core.publisher.news.wait(moment, Some(rest));
        }
    }

    /// Moves the feed's position in a transaction of its own: what lies up to there is not given
    /// out again. Where it is as far already, nothing happens.
    ///
    /// # Errors
    /// `InvalidInput` (22023) for a position that was not given out or [reached](Self::reached);
    /// as [`Transaction::advance_feed`](crate::Transaction::advance_feed).
    pub fn acknowledge(&mut self, to: impl Into<Position>) -> Result<()> {
        let to = to.into();
        let given = self.given.max(self.reached().into());
        if to > given {
            let message = format!(
                "feed {} cannot be acknowledged up to {to}: it was given out up to {given}",
                self.feed.name
            );
            return Err(Error::invalid(message).with_sqlstate("22023"));
        }
        let shard = self.shard();
        run::on_shard(&self.core, shard, |transaction| {
            transaction.move_feed(&self.feed.name, to, false)
        })
    }

    fn shard(&self) -> u16 {
        self.newest().1.map.shard(self.feed.slot())
    }

    /// The last record that may be given out: durable, and part of the newest published Cut; and
    /// the definitions of that Cut.
    fn newest(&self) -> (Lsn, Arc<Catalog>) {
        let core = &self.core;
        core.catch_up();
        let pin = core.epochs().pin();
        let cut = core.publisher.published(&pin);
        let (lsn, catalog) = (cut.lsn, Arc::clone(&cut.catalog));
        let durable = core.log.durable().1;
        // F1
        let published = if bug::switched_on(Bug::FeedBeforePublished) { durable } else { lsn };
        (published.min(durable), catalog)
    }

    /// Moves the position of a feed on where nothing that it tells of has changed: else one whose
    /// table rests would keep all of the log.
    fn keep_up(&mut self) {
        let reached = self.reached();
        if reached.0.saturating_sub(self.idle_since.0) < IDLE_RECORDS {
            return;
        }
        self.idle_since = reached;
        let (core, feed, given) = (&self.core, &self.feed, self.given);
        let shard = self.shard();
        let moved = run::apply_on_shards(
            core,
            vec![shard],
            |transaction| {
                // Whoever has not acknowledged what was given out wants it again.
                if position_in(transaction, feed)? >= given {
                    transaction.move_feed(&feed.name, reached.into(), false)?;
                }
                Ok(())
            },
            None,
        );
        // Nobody waits for it, and nothing is lost without it: the next look tries again.
        drop(moved);
    }

    fn has_ended(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst) || *self.core.closing.0.lock()
    }
}

impl Iterator for Subscription {
    type Item = Result<Changes>;

    /// Waits for the next changes. See [`Subscription::try_next`] for its errors.
    fn next(&mut self) -> Option<Result<Changes>> {
        loop {
            let moment = self.core.publisher.news.now();
            if self.has_ended() {
                return None;
            }
            match self.try_next() {
                Ok(Some(changes)) => return Some(Ok(changes)),
                Ok(None) => self.core.publisher.news.wait(moment, None),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl futures_core::Stream for Subscription {
    type Item = Result<Changes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Changes>>> {
        let this = self.get_mut();
        loop {
            let moment = this.core.publisher.news.now();
            if this.has_ended() {
                return Poll::Ready(None);
            }
            match this.try_next() {
                Ok(Some(changes)) => return Poll::Ready(Some(Ok(changes))),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
            if this.core.publisher.news.register(moment, context.waker()) {
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.core.feeds.unclaim(&self.feed);
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription")
            .field("feed", &self.feed.name)
            .field("given", &self.given)
            .field("reached", &self.reached())
            .finish_non_exhaustive()
    }
}

/// What a feed that was told to move is told when it cannot.
#[cold]
pub(super) fn not_behind(feed: &StoredFeed, now: Position, to: Position) -> Error {
    let message = format!(
        "feed {} is at {now} already, and was to move to {to}: these changes have had their effect",
        feed.name
    );
    Error::new(ErrorKind::InvalidInput, message).with_sqlstate("55000")
}
