//! Which part of the log feeds want, who reads which feed, and where positions are.

use std::collections::BTreeMap;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::log::Tailed;
use bourse_storage::sync::Mutex;
use bourse_storage::{Error, ErrorKind, Result};

use super::definition::{Position, StoredFeed};
use crate::checkpoint;
use crate::commit::Stage;
use crate::core::Core;
use crate::lookup;
use crate::reading::newest;
use crate::record::{KIND_LOAD, KIND_STAGED, LoadCommit, Staged};
use crate::shard::FEEDS;
use crate::snapshot::Snapshot;

/// What the store knows of its feeds beside their definitions.
#[derive(Default)]
pub(crate) struct Feeds {
    /// Numbers of the feeds that are being read.
    claimed: Mutex<Vec<u32>>,
    /// Commits that name a stage, with the last LSN before it: for as long as that is in the log.
    staged: Mutex<BTreeMap<Lsn, Lsn>>,
}

impl Feeds {
    /// Reserves a feed to one reader.
    pub(super) fn claim(&self, feed: &StoredFeed) -> Result<()> {
        let mut claimed = self.claimed.lock();
        if claimed.contains(&feed.id) {
            let message = format!("feed {} is being read by another subscription", feed.name);
            return Err(Error::new(ErrorKind::Busy, message).with_sqlstate("55006"));
        }
        claimed.push(feed.id);
        Ok(())
    }

    pub(super) fn unclaim(&self, feed: &StoredFeed) {
        self.claimed.lock().retain(|id| *id != feed.id);
    }

    /// Remembers a commit that names a stage (F4).
    pub(crate) fn note_staged(&self, commit: Lsn, stage: u64) {
        self.staged.lock().insert(commit, Stage::begins_after(stage));
    }

    /// The last LSN before all that is to be read behind `done`.
    fn begin_of(&self, done: Lsn) -> Lsn {
        let staged = self.staged.lock();
        let behind = staged.range(done.next()..).map(|(_, begin)| *begin);
        behind.min().map_or(done, |begin| begin.min(done))
    }

    /// Forgets commits whose stages the log no longer has.
    pub(crate) fn forget_before(&self, first: Lsn) {
        self.staged.lock().retain(|_, begin| begin.next() >= first);
    }
}

/// The position of a feed in a state.
pub(super) fn position_in<V: Snapshot>(snapshot: &V, feed: &StoredFeed) -> Result<Position> {
    let shard = snapshot.catalog().map.shard(feed.slot());
    let mut value = Vec::with_capacity(12);
    if !lookup::get(snapshot, shard, FEEDS, &feed.position_key(), &mut value)? {
        return Err(Error::corrupt(format!("feed {} has no position", feed.name)));
    }
    Position::decode(&value)
}

/// The record after which feeds want the log; none where there are no feeds.
pub(crate) fn wanted_after(core: &Core) -> Result<Option<Lsn>> {
    let (done, batch) = newest(core, |snapshot| {
        let feeds = snapshot.catalog().feeds().iter();
        let positions = feeds.map(|feed| position_in(snapshot, feed));
        let positions = positions.collect::<Result<Vec<_>>>()?;
        Ok((positions.into_iter().map(Position::done).min(), snapshot.cut().batch))
    })?;
    let Some(done) = done.filter(|_| !bug::switched_on(Bug::LogCutPastFeed)) else {
        return Ok(None);
    };
    if !core.is_sync() {
        // What a crash takes a position back to must be there (F3).
        core.log.flush(batch)?;
    }
    core.feeds.forget_before(core.log.first_lsn());
    Ok(Some(core.feeds.begin_of(done)))
}

/// After recovery: remembers the stages that feeds will have to read, and gives up what they may
/// no longer keep.
pub(crate) fn begin(core: &Core) -> Result<()> {
    let Some(done) = wanted_after(core)? else { return Ok(()) };
    let newest = core.log.durable().1;
    let first = Lsn(core.log.first_lsn().0.saturating_sub(1));
    let mut tail = core.log.tail(done.max(first));
    // Nobody gives the log up while the store is opened, so its end is what ends this.
    while let Tailed::Entry(entry) = tail.next(&core.log, newest)? {
        let stage = match entry.kind {
            KIND_STAGED => Staged::decode(entry.payload)?.stage,
            KIND_LOAD => LoadCommit::decode(entry.payload)?.stage,
            _ => continue,
        };
        core.feeds.note_staged(entry.lsn, stage);
    }
    checkpoint::trim_log(core)
}
