//! A store as a member of a group: stores that agree on each record before it counts.
//!
//! # The idea
//!
//! Who agrees, and how, is not decided here: a consensus algorithm above keeps a log of *entries*,
//! decides who leads, and says which entries are agreed on. The store's log is that log. An entry
//! is a run of records that ends in one of a kind of its own ([`KIND_ENTRY`]), which has the
//! entry's term and index; so there is one flush, and every member has the same records with the
//! same LSNs.
//!
//! ```text
//! log      r r r E   r r E   E   r r r r E   r r
//! entries |---1---| |--2--| |3| |----4----|      (not ended yet)
//!                         ^                ^
//!                         agreed on        durable here, or not yet
//! ```
//! The leader appends and applies records as every store does, and waits with publication. Its
//! consensus asks for an end behind what is there ([`Member::end_entry`]) and ships the entry as a
//! parcel ([`Member::read`]). Other members append and apply it ([`Member::accept`]) and wait with
//! publication too. When enough members have it durably the consensus says so, to each member
//! ([`Member::commit`]): then Cuts up to there are published, and whoever waits for his commit is
//! told. Nobody reads what is not agreed on, on any member.
//!
//! What must be taken back was applied already. It is taken back by opening the store anew:
//! checkpoints have only what is agreed on, and the log ends where it is told to
//! ([`Member::cut_behind`]). So does a leader that no longer leads: it may have records that no
//! entry has. All of that is rare, and nobody waits for it: a new leader takes nothing back.
//!
//! # Invariants
//! - **G1** In a group a Cut is published only if all its records are agreed on, but for the one of
//!   the open itself: that has all that the log has, and nobody is to be shown it before
//!   [`Member::is_settled`]. No checkpoint, backup or shipping is of it before that either.
//! - **G2** An entry is whole in the log or it is not there: an open ends the log behind the last
//!   end of an entry. Two logs that have an entry of the same term and index have the same records
//!   up to its end.
//!   A checkpoint is of a Cut whose last record is in an entry that is durable to its end.
//! - **G3** Records that no entry has are only in the log of one who leads. He ends by stopping the
//!   store, so no other entry ever comes behind them.
//! - **G4** What is agreed on is never cut off: an end before it is refused.
//! - **G5** The log keeps the end of one entry at or before what checkpoints need, or GROUP has it
//!   as the base: so the entry before the first whole one has a name.
//! - **G6** What the consensus must remember is durable in GROUP before `save_state` returns.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use bourse_storage::id::{Batch, Lsn};
use bourse_storage::log::{Log, Origin, Recovery};
use bourse_storage::sync::Mutex;
use bourse_storage::{Error, ErrorKind, Result};

use super::history::refused;
use crate::core::Core;
use crate::database::Database;
use crate::identity::Identity;
use crate::news::News;
use crate::options::Options;
use crate::record::{EntryEnd, KIND_ENTRY};

mod accepting;
mod entries;
mod file;
mod leading;
mod reading;
#[cfg(test)]
mod tests;

use entries::Recent;

pub(crate) use entries::Entries;
pub(crate) use file::GroupFile;
pub use file::{found, join};
pub use reading::EntryReader;

/// Which entry: the term of the leader that made it, and its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct EntryId {
    /// The term.
    pub term: u64,
    /// Its place; the first one is 0.
    pub index: u64,
}

/// An entry that the log has, or had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoggedEntry {
    /// Which it is.
    pub id: EntryId,
    /// Its last record.
    pub end: Lsn,
    /// What the consensus wrote with it.
    pub note: Arc<[u8]>,
}

/// What a member is made behind: records up to here are in its pages, or come with the next entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Base {
    /// Its entries begin behind this record.
    pub end: Lsn,
    /// The entry that ends there; none where the first of all begins.
    pub entry: Option<(EntryId, Arc<[u8]>)>,
}

/// An entry that was appended, to be made durable by [`Member::flush`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appended {
    /// Its last record.
    pub end: Lsn,
    pub(crate) batch: Batch,
}

/// What a member's store keeps beside its role among stores.
pub(crate) struct Membership {
    entries: Mutex<Entries>,
    /// As it stands in GROUP.
    file: Mutex<GroupFile>,
    /// Records up to here are agreed on.
    agreed: AtomicU64,
    /// The last record of the log when it was opened.
    opened_at: Lsn,
    truths: Mutex<accepting::Truths>,
    /// Told of records that no entry has yet.
    unended: News,
}

/// Reads what a member's store remembers of its group; none for other stores.
///
/// # Errors
/// As [`GroupFile::read`]; `InvalidInput` for options that no member can have.
pub(crate) fn begin_open(
    options: &Options,
    folder: &Path,
    identity: &Identity,
) -> Result<Option<GroupFile>> {
    if !identity.is_member {
        return Ok(None);
    }
    file::check_options(options)?;
    GroupFile::read(&*options.vfs, folder, identity.history.lineage()).map(Some)
}

impl Membership {
    /// Of a store whose log was opened, with the ending that the file asked for.
    pub(crate) fn open(
        mut file: GroupFile,
        log: &Log,
        recovery: &mut Recovery,
        options: &Options,
        folder: &Path,
    ) -> Result<Membership> {
        if file.cut.take().is_some() {
            // Done, and durably so: the log goes on behind it.
            file.write(&*options.vfs, folder)?;
        }
        let first = log.first_lsn();
        let mut entries = Entries::new(file.base_entry(), file.base_end);
        recovery.replay(first, &mut |_, _| {}, &mut |record| {
            if record.kind != KIND_ENTRY || record.lsn <= file.base_end {
                return Ok(());
            }
            let id = EntryId { term: record.origin.term, index: record.origin.index };
            let note = EntryEnd::decode(record.payload)?.note.into();
            let entry = LoggedEntry { id, end: record.lsn, note };
            // The begin of the first one may be gone (G5).
            if entries.is_empty() && first > file.base_end.next() && entries.end() < first {
                entries.begin_behind(entry);
                return Ok(());
            }
            entries.push(entry)
        })?;
        if first > file.base_end.next() && entries.end() < first {
            return Err(Error::corrupt(format!(
                "the log begins with record {first} and has no entry of the group: make this \
                 member anew"
            )));
        }
        Ok(Membership {
            entries: Mutex::new(entries),
            agreed: AtomicU64::new(file.base_end.0),
            file: Mutex::new(file),
            opened_at: recovery.last_lsn,
            truths: Mutex::default(),
            unended: News::default(),
        })
    }

    /// Checkpoints have the records up to this one, also where the log does not (G1).
    pub(crate) fn has_agreed(&mut self, covered: Lsn) {
        self.agreed.fetch_max(covered.0, Ordering::AcqRel);
        self.opened_at = self.opened_at.max(covered);
    }

    /// The last record that is agreed on, as far as is known here.
    pub(crate) fn agreed(&self) -> Lsn {
        Lsn(self.agreed.load(Ordering::Acquire))
    }

    /// Whether all that the open found is agreed on (G1).
    pub(crate) fn is_settled(&self) -> bool {
        self.agreed() >= self.opened_at
    }

    /// Refuses what must not be of a state that is not agreed on (G1).
    pub(crate) fn check_settled(&self) -> Result<()> {
        if self.is_settled() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Busy,
            "the store was opened a moment ago, and has not heard from its group yet which of its \
             records are agreed on: try again",
        )
        .with_sqlstate("57P03"))
    }

    /// A record was appended that no entry has.
    pub(crate) fn note(&self, lsn: Lsn, kind: u8, term: u64, payload: &[u8]) {
        let origin = Origin { term, ..Origin::default() };
        self.entries.lock().remember(lsn, Recent { kind, origin, payload: payload.into() });
        self.unended.notify();
    }

    /// Whether the entry that has a record, which is agreed on, is not durable here to its end.
    pub(crate) fn has_open_end(&self, lsn: Lsn, durable: Lsn) -> bool {
        self.entries.lock().end_of(lsn) > durable
    }

    /// The record behind which the log must be kept for G5, where `from` is needed anyway.
    pub(crate) fn keep(&self, from: Lsn) -> Lsn {
        self.entries.lock().keep(from)
    }

    /// Forgets entries that are not whole in a log that begins with record `first`: all others may
    /// be read yet, by a member that lacks them.
    pub(crate) fn trim(&self, first: Lsn) {
        self.entries.lock().trim(first);
    }
}

/// A store's part in its group, for the consensus above it. Cheap to clone.
#[derive(Clone)]
pub struct Member {
    core: Arc<Core>,
}

impl Database {
    /// The store's part in its group, if it is a member of one.
    pub fn member(&self) -> Option<Member> {
        self.core().group.is_some().then(|| Member { core: Arc::clone(self.core()) })
    }
}

impl Member {
    fn membership(&self) -> &Membership {
        match &self.core.group {
            Some(membership) => membership,
            None => unreachable!("a handle is made for members only"),
        }
    }

    /// What all members have in common.
    pub fn lineage(&self) -> u128 {
        self.core.replication.history().lineage()
    }

    /// What the consensus last saved: its vote, say. Empty at first.
    pub fn state(&self) -> Vec<u8> {
        self.membership().file.lock().state.clone()
    }

    /// Saves what the consensus must remember, durably (G6).
    ///
    /// # Errors
    /// The disk's; `InvalidInput` for more than 2 KiB.
    pub fn save_state(&self, state: &[u8]) -> Result<()> {
        self.change_file(|file| file.state = state.to_vec())
    }

    fn change_file(&self, change: impl FnOnce(&mut GroupFile)) -> Result<()> {
        let mut file = self.membership().file.lock();
        let mut changed = file.clone();
        change(&mut changed);
        changed.write(&*self.core.options.vfs, &self.core.folder)?;
        *file = changed;
        Ok(())
    }

    /// The entry before the first that the log has whole; `None` where that is the first of all.
    pub fn base(&self) -> Option<LoggedEntry> {
        self.membership().entries.lock().base().cloned()
    }

    /// The newest entry that the log has, or [`Member::base`].
    pub fn last(&self) -> Option<LoggedEntry> {
        self.membership().entries.lock().last().cloned()
    }

    /// The entries with these indexes that the log has whole, in order.
    pub fn entries(&self, indexes: std::ops::Range<u64>) -> Vec<LoggedEntry> {
        self.membership().entries.lock().range(indexes)
    }

    /// The newest entry whose last record is `lsn` or one before it.
    pub fn entry_at(&self, lsn: Lsn) -> Option<LoggedEntry> {
        self.membership().entries.lock().at(lsn).cloned()
    }

    /// What a member is made behind, of a backup whose follower is shipped the records behind `lsn`
    /// ([`crate::backup::BackupInfo::ships_after`]). None where the log no longer tells.
    pub fn base_at(&self, lsn: Lsn) -> Option<Base> {
        let file = self.membership().file.lock();
        let entries = self.membership().entries.lock();
        match entries.at(lsn) {
            Some(entry) => {
                let named = Some((entry.id, Arc::clone(&entry.note)));
                Some(Base { end: entry.end, entry: named })
            }
            None if file.base.is_none() && file.base_end <= lsn && entries.base().is_none() => {
                Some(Base { end: file.base_end, entry: None })
            }
            None => None,
        }
    }

    /// Whether all that the open found is agreed on: only then is the store to be read (G1).
    pub fn is_settled(&self) -> bool {
        self.membership().is_settled()
    }

    /// The last record that is agreed on, as far as is known here.
    pub fn agreed(&self) -> Lsn {
        self.membership().agreed()
    }

    /// Whether the store takes writes.
    pub fn leads(&self) -> bool {
        !self.core.is_follower()
    }

    /// Ready when there are records that no entry has yet, or the store has stopped: then it is for
    /// the consensus of a leader to make an entry.
    pub fn unended(&self) -> impl Future<Output = ()> + Send + use<> {
        let core = Arc::clone(&self.core);
        std::future::poll_fn(move |context| {
            let Some(membership) = &core.group else { return Poll::Ready(()) };
            loop {
                let moment = membership.unended.now();
                if membership.entries.lock().end() < core.log.last_lsn()
                    || core.check_running().is_err()
                {
                    return Poll::Ready(());
                }
                if membership.unended.register(moment, context.waker()) {
                    return Poll::Pending;
                }
            }
        })
    }

    /// Makes an appended entry, and all before it, durable here. Several threads may do so at once
    /// for several entries.
    ///
    /// # Errors
    /// `Closed` when the store stopped.
    pub fn flush(&self, appended: Appended) -> Result<()> {
        self.core.log.flush(appended.batch).map_err(|error| self.core.unsettled(error))
    }

    /// Has the log end behind an entry when the store is opened next, durably, and stops the store.
    /// `None` stands for the base.
    ///
    /// # Errors
    /// `InvalidInput` when the entry is not there, or records behind it are agreed on (G4).
    pub fn cut_behind(&self, index: Option<u64>) -> Result<()> {
        let end = {
            let entries = self.membership().entries.lock();
            let found = index.map_or_else(|| entries.base(), |index| entries.get(index));
            match (found, index) {
                (Some(entry), _) => entry.end,
                (None, None) => self.membership().file.lock().base_end,
                (None, Some(index)) => {
                    return Err(refused(format!("the log does not have entry {index}")));
                }
            }
        };
        if end < self.membership().agreed() {
            return Err(refused(format!(
                "the group wants records behind LSN {end} taken back, and those up to {} are \
                 agreed on: two groups have the same members, or a member was put back to an \
                 earlier state; make this one anew",
                self.membership().agreed()
            )));
        }
        self.change_file(|file| file.cut = Some(end))?;
        self.retire("records are taken back that the group has not agreed on");
        Ok(())
    }

    /// Stops the store, as one does that leads no longer: what was not agreed on by then may be or
    /// not, and its commits are told so. To be opened anew.
    pub fn retire(&self, reason: &str) {
        self.core.stop(&Error::new(ErrorKind::Closed, reason));
        self.membership().unended.notify();
    }

    /// Whether the store has stopped.
    pub fn is_stopped(&self) -> bool {
        self.core.check_running().is_err()
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member").field("agreed", &self.agreed()).finish_non_exhaustive()
    }
}
