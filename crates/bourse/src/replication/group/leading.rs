//! The leader's side: entries made of what was appended, and its role.

use bourse_storage::Result;
use bourse_storage::log::Origin;

use super::entries::Recent;
use super::{Appended, EntryId, LoggedEntry, Member};
use crate::checkpoint;
use crate::database::Database;
use crate::identity::{self, Identity};
use crate::record::{EntryEnd, KIND_ENTRY};
use crate::replication::history::refused;
use crate::replication::parcel::checksum_of;

impl Database {
    /// Has the store take writes, as the leader of `term` that the group chose. Before its first
    /// entry is agreed on it does not know what is; what is written waits for that as well.
    ///
    /// # Errors
    /// `InvalidInput` (55000) for a store that is no member, or leads; or that has not the records
    /// which its backup needs; the disk's.
    pub fn lead(&self, term: u64) -> Result<()> {
        let core = self.core();
        core.check_running()?;
        let receiving = core.replication.receiving.lock();
        if core.group.is_none() || !core.is_follower() {
            return Err(refused("this store is no follower in a group".to_owned()));
        }
        let begin = |own: &mut Identity, last| {
            own.history = own.history.led(last, term, identity::new_store_id());
        };
        self.take_over(receiving, begin).map(drop)
    }
}

impl Member {
    /// Ends an entry behind all records that are there, by one that has `note`. Returns when it is
    /// appended; it is readable from then on, and durable after [`Member::flush`].
    ///
    /// # Errors
    /// `InvalidInput` for a store that does not lead; `Corrupt` when it is not the next entry; the
    /// log's; `Closed` when the store stopped.
    pub fn end_entry(&self, id: EntryId, note: &[u8]) -> Result<Appended> {
        let (core, membership) = (&self.core, self.membership());
        core.check_running()?;
        // One entry is appended at a time.
        let mut receiving = core.replication.receiving.lock();
        membership.entries.lock().check_next(id.index)?;
        // Read before: all that was acknowledged by then is before the end.
        let closed_us = core.replication.closed_us(core.is_follower());
        core.log.reserve(EntryEnd::bytes(note.len()))?;
        // No stage begins or ends meanwhile, so what is found is true at the end.
        let stages = core.stages.lock();
        let stages_after = checkpoint::floor(&stages, core.log.last_lsn());
        let payload = EntryEnd { closed_us, stages_after, note }.encode();
        let origin = Origin { group: 0, term: id.term, index: id.index };
        let enter = |lsn, batch| core.publisher.enter(lsn, batch);
        let (end, batch) = core.log.append_entry(KIND_ENTRY, origin, &payload, enter)?;
        core.publisher.leave(batch);
        drop(stages);
        if core.is_follower() {
            // The first entry of all comes before anybody leads.
            receiving.last = end;
            receiving.checksum = Some(checksum_of(KIND_ENTRY, origin, &payload));
        }
        let mut entries = membership.entries.lock();
        entries.remember(end, Recent { kind: KIND_ENTRY, origin, payload: payload.into() });
        entries.push(LoggedEntry { id, end, note: note.into() })?;
        drop(entries);
        core.publisher.advance(&core.log, core.epochs());
        Ok(Appended { end, batch })
    }
}
