//! The side of those who do not lead: entries taken, and what is agreed on published.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use bourse_storage::Result;
use bourse_storage::id::Lsn;
use bourse_storage::log::Origin;

use super::entries::Recent;
use super::{Appended, EntryId, LoggedEntry, Member};
use crate::record::{EntryEnd, KIND_ENTRY};
use crate::replication::history::refused;
use crate::replication::parcel::Parcel;
use crate::replication::receive;

/// What is true behind an entry once it is published (R7 of the module above).
#[derive(Clone, Copy, Debug)]
pub(super) struct Truth {
    pub(super) end: Lsn,
    pub(super) closed_us: i64,
    pub(super) stages_after: Lsn,
}

/// What is true behind entries that are not agreed on yet, oldest first.
pub(super) type Truths = VecDeque<Truth>;

impl Member {
    /// Takes the next entry, which a leader's [`Member::read`] made: into the log and the shards.
    /// Nobody sees it before it is agreed on. It is durable after [`Member::flush`].
    ///
    /// # Errors
    /// `InvalidInput` (55000) for a parcel that does not go on here, that is not one whole entry,
    /// or for a store that leads; `Full` when there is no room: part of it may be there, and it can
    /// be sent again; `Closed` when the store stopped.
    pub fn accept(&self, id: EntryId, parcel: &Parcel) -> Result<Appended> {
        let (core, membership) = (&self.core, self.membership());
        core.check_running()?;
        core.make_log_room()?;
        let mut receiving = core.replication.receiving.lock();
        if !core.is_follower() {
            return Err(refused("this store leads its group: it takes no entries".to_owned()));
        }
        membership.entries.lock().check_next(id.index)?;
        let end = end_of(id, parcel)?;
        let taken = receive::accept(core, &mut receiving, parcel)?;
        let mut entries = membership.entries.lock();
        for record in parcel.shipped() {
            let (kind, origin, payload) = (record.kind, record.origin, record.payload.into());
            entries.remember(record.lsn, Recent { kind, origin, payload });
        }
        entries.push(LoggedEntry { id, end: parcel.last(), note: end.note.into() })?;
        drop(entries);
        let truth =
            Truth { end: parcel.last(), closed_us: end.closed_us, stages_after: end.stages_after };
        membership.truths.lock().push_back(truth);
        let batch = taken.unwrap_or_else(|| core.log.durable().0);
        Ok(Appended { end: parcel.last(), batch })
    }

    /// All entries up to this one are agreed on: publishes them. Those that the log has not yet
    /// are when they come. Returns the last record that can be read.
    ///
    /// # Errors
    /// `InvalidInput` for an entry that the log does not have.
    pub fn commit(&self, index: u64) -> Result<Lsn> {
        let (core, membership) = (&self.core, self.membership());
        let end = match membership.entries.lock().get(index) {
            Some(entry) => entry.end,
            None => {
                return Err(refused(format!("the log does not have entry {index}")));
            }
        };
        let was_settled = membership.is_settled();
        membership.agreed.fetch_max(end.0, Ordering::AcqRel);
        core.publisher.agree(end);
        core.publisher.advance(&core.log, core.epochs());
        if !was_settled {
            // What the open found is published already, and may be shipped now.
            core.publisher.news.notify();
        }
        self.raise(end);
        Ok(core.published_lsn())
    }

    /// Takes over what is true behind entries that are agreed on and published.
    fn raise(&self, agreed: Lsn) {
        let (core, membership) = (&self.core, self.membership());
        let published = core.published_lsn().min(agreed);
        let mut newest = None;
        let mut truths = membership.truths.lock();
        while truths.front().is_some_and(|truth| truth.end <= published) {
            newest = truths.pop_front();
        }
        drop(truths);
        if let Some(truth) = newest.filter(|_| core.is_follower()) {
            let mut receiving = core.replication.receiving.lock();
            receive::raise(core, &mut receiving, truth.closed_us, truth.stages_after);
        }
    }
}

/// The end of the entry that a parcel is; refuses one that is no whole entry of that id (G2).
fn end_of(id: EntryId, parcel: &Parcel) -> Result<EntryEnd<'_>> {
    let mut ends = parcel.shipped().filter(|record| record.kind == KIND_ENTRY);
    let wrong = |what: String| refused(format!("a parcel for entry {} {what}", id.index));
    let Some(end) = ends.next() else {
        return Err(wrong("has no end of an entry".to_owned()));
    };
    let named = Origin { group: end.origin.group, term: id.term, index: id.index };
    if ends.next().is_some() || end.lsn != parcel.last() || end.origin != named {
        return Err(wrong(format!("is of entry {} of term {}", end.origin.index, end.origin.term)));
    }
    EntryEnd::decode(end.payload)
}
