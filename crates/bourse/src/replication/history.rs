//! Whose records a store has: its lineage, and the epochs in which one store after the other wrote
//! them.
//!
//! A store that was made, or restored to go its own way, begins a *lineage*. Followers are of the
//! lineage of what they follow. A follower that is promoted begins an *epoch*: a higher term, an id
//! that no other has, and the record after which it began. What the store before wrote behind that
//! record is no part of the history, and a store that has such records is refused.
//!
//! # Invariants
//! - **E1** Epochs ascend by term, and the records after which they began do not descend. The first
//!   one began after record 0, or is the oldest that is remembered.
//! - **E2** An epoch's id is made by who begins it. Two stores that were promoted by mistake at
//!   once have the same term and different ids.
//! - **E3** Record n was written in the last epoch that began after a record before n.

use bourse_storage::id::Lsn;
use bourse_storage::{Error, ErrorKind, Result};

/// Bytes of an encoded epoch.
pub(crate) const EPOCH_BYTES: usize = 32;
/// Epochs that are remembered; older ones are those that nobody is left in.
const EPOCHS_MAX: usize = 100;

/// A time in which one store wrote the records of a lineage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Epoch {
    /// Its number, higher than those before.
    pub term: u64,
    /// The last record of the epoch before.
    pub after: Lsn,
    /// Tells it from others of the same term.
    pub id: u128,
}

/// See the module's head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct History {
    lineage: u128,
    epochs: Vec<Epoch>,
}

impl History {
    /// The history of a store that goes its own way from now on.
    pub(crate) fn new(store: u128) -> History {
        History { lineage: store, epochs: vec![Epoch { term: 0, after: Lsn(0), id: store }] }
    }

    /// What all stores have in common that may follow each other.
    pub fn lineage(&self) -> u128 {
        self.lineage
    }

    /// The epochs, oldest first.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// The epoch in which records are written now.
    pub fn newest(&self) -> Epoch {
        match self.epochs.last() {
            Some(epoch) => *epoch,
            None => unreachable!("E1: a history has an epoch"),
        }
    }

    /// The epoch in which a record was written (E3).
    pub fn epoch_of(&self, lsn: Lsn) -> Epoch {
        let found = self.epochs.iter().rfind(|epoch| epoch.after < lsn);
        found.or(self.epochs.first()).copied().unwrap_or_else(|| self.newest())
    }

    /// The same, and a new epoch after a record.
    pub(crate) fn promoted(&self, after: Lsn, id: u128) -> History {
        let mut epochs = self.epochs.clone();
        if epochs.len() == EPOCHS_MAX {
            epochs.remove(0);
        }
        epochs.push(Epoch { term: self.newest().term + 1, after, id });
        History { lineage: self.lineage, epochs }
    }

    /// The same, and a new epoch after a record, of a leader that a group chose for a term. What
    /// is known of leaders of whose records none is left goes.
    pub(crate) fn led(&self, after: Lsn, term: u64, id: u128) -> History {
        let mut led = self.promoted(after, id);
        if let Some(newest) = led.epochs.pop() {
            let oldest = led.epochs[0];
            led.epochs.retain(|epoch| epoch.after < after || *epoch == oldest);
            led.epochs.push(Epoch { term: newest.term.max(term), ..newest });
        }
        led
    }

    /// Whether a store with this history, whose last record is `last`, may have records that a
    /// store with the history `leader` wrote.
    ///
    /// # Errors
    /// `InvalidInput` (55000) that says why not.
    pub(crate) fn check_follows(&self, leader: &History, last: Lsn) -> Result<()> {
        self.check_shares(leader, last)?;
        let (known, offered) = (self.newest(), leader.newest());
        if offered.term < known.term || (offered.term == known.term && offered.id != known.id) {
            return Err(refused(format!(
                "the leader writes in term {} (epoch {:032x}), and this store has heard of term {} \
                 (epoch {:032x}): another store was promoted since",
                offered.term, offered.id, known.term, known.id
            )));
        }
        Ok(())
    }

    /// Whether both have the same records up to `last`. In a group, which decides who leads, that
    /// is all that is to be asked: this store may know of a leader of whom nothing remains.
    ///
    /// # Errors
    /// `InvalidInput` (55000) that says why not.
    pub(crate) fn check_shares(&self, leader: &History, last: Lsn) -> Result<()> {
        if self.lineage != leader.lineage {
            return Err(refused(format!(
                "the leader is of lineage {:032x}, this store is of lineage {:032x}: it follows \
                 another store; make a follower from a backup of this leader",
                leader.lineage, self.lineage
            )));
        }
        let (own, theirs) = (self.epoch_of(last), leader.epoch_of(last));
        if last > Lsn(0) && own.id != theirs.id {
            return Err(refused(format!(
                "record {last}, the last one here, was written in term {}, and the leader's \
                 history has term {} there, which began after record {}: this store has records \
                 that the leader does not; make it anew from a backup of the leader",
                own.term, theirs.term, theirs.after
            )));
        }
        Ok(())
    }

    /// The epochs as bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.epochs.len() * EPOCH_BYTES);
        for epoch in &self.epochs {
            bytes.extend(epoch.term.to_le_bytes());
            bytes.extend(epoch.after.0.to_le_bytes());
            bytes.extend(epoch.id.to_le_bytes());
        }
        bytes
    }

    /// The history of [`History::encode`]; none where the bytes are none (E1).
    pub(crate) fn decode(lineage: u128, bytes: &[u8]) -> Option<History> {
        let mut epochs: Vec<Epoch> = Vec::new();
        let chunks = bytes.chunks_exact(EPOCH_BYTES);
        if !chunks.remainder().is_empty() || bytes.len() > EPOCHS_MAX * EPOCH_BYTES {
            return None;
        }
        for chunk in chunks {
            let epoch = Epoch {
                term: u64::from_le_bytes(chunk[..8].try_into().ok()?),
                after: Lsn(u64::from_le_bytes(chunk[8..16].try_into().ok()?)),
                id: u128::from_le_bytes(chunk[16..].try_into().ok()?),
            };
            let before = epochs.last();
            if before.is_some_and(|last| last.term >= epoch.term || last.after > epoch.after) {
                return None;
            }
            epochs.push(epoch);
        }
        (!epochs.is_empty()).then_some(History { lineage, epochs })
    }
}

#[cold]
pub(super) fn refused(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message).with_sqlstate("55000")
}
