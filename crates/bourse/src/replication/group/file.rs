//! The file GROUP: what a member must remember beside its log.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 8 | magic `BRSGROUP` |
//! | 8 | 4 | format version, 1 |
//! | 12 | 4 | CRC-32C of the bytes from 16 on, with those of the lineage before them |
//! | 16 | 8 | one more than the record at which the next open ends the log; 0: the last entry's |
//! | 24 | 8 | records up to here are in no entry |
//! | 32 | 8 | 1 where there is a base entry, else 0 |
//! | 40 | 16 | term and index of the base entry |
//! | 56 | 4 | bytes of its note |
//! | 60 | 4 | bytes of the consensus's state |
//! | 64 | n | the note |
//! | 64 + n | m | the state |
//! | 64 + n + m | | 0 |
//!
//! Integers are little-endian. The file is written anew with each change: votes, and what opens and
//! bootstraps note. An older one that is put back would let a member vote twice, and so lose what
//! was agreed on; backups do not have it.

use std::path::Path;
use std::sync::Arc;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::log::Ending;
use bourse_storage::page::{Page, crc32c, crc32c_append};
use bourse_storage::vfs::{OpenMode, Vfs};
use bourse_storage::{Error, Result};

#[cfg(doc)]
use super::Member;
use super::{Base, EntryId, LoggedEntry};
use crate::database::Database;
use crate::identity::{self, Identity, LOCK};
use crate::options::{Durability, Options};
use crate::record::KIND_ENTRY;

/// The file's name.
pub(crate) const GROUP: &str = "GROUP";
const GROUP_NEW: &str = "GROUP.new";
const MAGIC: &[u8; 8] = b"BRSGROUP";
const FORMAT_VERSION: u32 = 1;
const HEADER_BYTES: usize = 64;

/// What GROUP says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct GroupFile {
    /// The store's lineage.
    pub(crate) lineage: u128,
    /// Where the next open ends the log.
    pub(crate) cut: Option<Lsn>,
    /// Records up to here are in no entry, or in the base.
    pub(crate) base_end: Lsn,
    /// The entry that the store was made behind.
    pub(crate) base: Option<(EntryId, Arc<[u8]>)>,
    /// The consensus's.
    pub(crate) state: Vec<u8>,
}

impl GroupFile {
    /// The base as an entry.
    pub(crate) fn base_entry(&self) -> Option<LoggedEntry> {
        let (id, note) = self.base.clone()?;
        Some(LoggedEntry { id, end: self.base_end, note })
    }

    /// Where the log is to end: behind the last whole entry (G2), or where it was cut.
    pub(crate) fn ending(&self) -> Ending {
        let is_on = bug::switched_on;
        Ending {
            kind: Some(KIND_ENTRY).filter(|_| !is_on(Bug::UnendedReplayed)),
            at_least: self.base_end,
            at_most: self.cut.filter(|_| !is_on(Bug::TakenBackReplayed)),
        }
    }

    /// Reads the file of a member.
    ///
    /// # Errors
    /// `Corrupt` for damage, or where there is none.
    pub(crate) fn read(vfs: &dyn Vfs, folder: &Path, lineage: u128) -> Result<GroupFile> {
        let path = folder.join(GROUP);
        let damaged = |what: &str| {
            Error::corrupt(format!(
                "{}: {what}; without its vote a member must not go on: make it anew from another \
                 member",
                path.display()
            ))
        };
        if !vfs.list(folder)?.iter().any(|name| name == Path::new(GROUP)) {
            return Err(damaged("the file is missing"));
        }
        let file = vfs.open(&path, OpenMode::Read)?;
        if file.len()? < bourse_storage::id::PAGE_SIZE as u64 {
            return Err(damaged("the file is cut short"));
        }
        let mut page = Page::zeroed();
        file.read_at(&mut page.0, 0)?;
        if page.0[..8] != *MAGIC {
            return Err(damaged("wrong magic at offset 0"));
        }
        let version = u32::from_le_bytes([page.0[8], page.0[9], page.0[10], page.0[11]]);
        if version > FORMAT_VERSION {
            return Err(Error::invalid(format!(
                "{}: made by a newer version of Bourse (format {version}): use that version",
                path.display()
            )));
        }
        let sum = u32::from_le_bytes([page.0[12], page.0[13], page.0[14], page.0[15]]);
        if sum != sum_of(&page, lineage) {
            return Err(damaged("the checksum at offset 12 does not match"));
        }
        GroupFile::decode(&page.0, lineage).ok_or_else(|| damaged("lengths are impossible"))
    }

    fn decode(bytes: &[u8], lineage: u128) -> Option<GroupFile> {
        let word = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let length = |at: usize| {
            let length = u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
            usize::try_from(length).ok()
        };
        let (note, state) = (length(56)?, length(60)?);
        let state_at = HEADER_BYTES.checked_add(note)?;
        let note = bytes.get(HEADER_BYTES..state_at)?;
        let state = bytes.get(state_at..state_at.checked_add(state)?)?.to_vec();
        let id = EntryId { term: word(40)?, index: word(48)? };
        Some(GroupFile {
            lineage,
            cut: word(16)?.checked_sub(1).map(Lsn),
            base_end: Lsn(word(24)?),
            base: (word(32)? == 1).then(|| (id, note.into())),
            state,
        })
    }

    /// Writes the file, durably.
    ///
    /// # Errors
    /// The disk's; `InvalidInput` when it does not fit.
    pub(crate) fn write(&self, vfs: &dyn Vfs, folder: &Path) -> Result<()> {
        let mut page = Page::zeroed();
        let (id, note) = self.base.clone().unwrap_or_default();
        let state_at = HEADER_BYTES + note.len();
        let end = state_at + self.state.len();
        if end > page.0.len() {
            return Err(Error::invalid(format!(
                "a member remembers {end} bytes of its group, {} fit: the group has too many \
                 members",
                page.0.len()
            )));
        }
        page.0[..8].copy_from_slice(MAGIC);
        page.0[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        let cut = self.cut.map_or(0, |lsn| lsn.0 + 1);
        let words = [cut, self.base_end.0, u64::from(self.base.is_some()), id.term, id.index];
        for (word, place) in words.iter().zip(page.0[16..].chunks_exact_mut(8)) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        let lengths = [note.len(), self.state.len()];
        for (length, place) in lengths.iter().zip(page.0[56..].chunks_exact_mut(4)) {
            place.copy_from_slice(&u32::try_from(*length).unwrap_or(u32::MAX).to_le_bytes());
        }
        page.0[HEADER_BYTES..state_at].copy_from_slice(&note);
        page.0[state_at..end].copy_from_slice(&self.state);
        let sum = sum_of(&page, self.lineage);
        page.0[12..16].copy_from_slice(&sum.to_le_bytes());
        identity::remove_leftover(vfs, folder, GROUP_NEW)?;
        let new = folder.join(GROUP_NEW);
        let file = vfs.open(&new, OpenMode::Create)?;
        file.allocate(page.0.len() as u64)?;
        file.write_at(&page.0, 0)?;
        if bug::switched_on(Bug::VoteNotDurable) {
            return vfs.rename(&new, &folder.join(GROUP));
        }
        file.sync()?;
        vfs.rename(&new, &folder.join(GROUP))?;
        vfs.sync_folder(folder)
    }
}

fn sum_of(page: &Page, lineage: u128) -> u32 {
    crc32c_append(crc32c(&lineage.to_le_bytes()), &page.0[16..])
}

/// Refuses options that no member can have.
pub(super) fn check_options(options: &Options) -> Result<()> {
    if options.durability == Durability::Sync {
        return Ok(());
    }
    Err(Error::invalid("a member of a group has Durability::Sync: open it so"))
}

/// Makes the store in `folder`, which nobody has open, the first member of a group. Its records so
/// far are what the group begins with: the other members are made of its backups. `state` is the
/// consensus's.
///
/// # Errors
/// `Busy` when somebody has the store; `InvalidInput` where there is none, or it is a member.
pub fn found(folder: &Path, options: &Options, state: &[u8]) -> Result<()> {
    check_options(options)?;
    let database = Database::open(folder, Options { create: false, ..options.clone() })?;
    let end = database.cut().lsn();
    database.close()?;
    join(folder, options, Base { end, entry: None }, state)
}

/// Makes the store in `folder`, which nobody has open, a member of the group of whose backup it was
/// made; `base` is what [`Member::base_at`] said of the backup there. `state` is the consensus's.
///
/// # Errors
/// As [`found`].
pub fn join(folder: &Path, options: &Options, base: Base, state: &[u8]) -> Result<()> {
    check_options(options)?;
    let vfs = &*options.vfs;
    let _lock = vfs.lock(&folder.join(LOCK))?;
    let Some(identity) = identity::read(vfs, folder)? else {
        return Err(Error::invalid(format!("{} holds no store", folder.display())));
    };
    if identity.is_member {
        return Err(Error::invalid(format!("{} is a member of a group", folder.display())));
    }
    let file = GroupFile {
        lineage: identity.history.lineage(),
        cut: None,
        base_end: base.end,
        base: base.entry,
        state: state.to_vec(),
    };
    // Before STORE says that there is one.
    file.write(vfs, folder)?;
    identity::write(vfs, folder, &Identity { follows: true, is_member: true, ..identity })
}
