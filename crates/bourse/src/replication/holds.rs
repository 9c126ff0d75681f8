//! For whom the log is kept: the followers that a leader knows by name.
//!
//! A hold keeps the records behind an LSN, as a feed's position does, over closes and crashes. It
//! is no part of the records: each store has its own. What holds want beyond what the store itself
//! needs may take [`Options::held_log_bytes_max`](crate::Options::held_log_bytes_max) bytes; beyond
//! it the oldest records are given up, and the follower that wanted them starts anew. So one that
//! is gone for good never fills the disk.
//!
//! The file HOLDS has them. A hold that moves on is written there only now and then, and the
//! log is kept from where the file has it: so what a crash takes a hold back to is there.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0     8  magic "BRSHOLDS"
//!      8     4  format version, 1
//!     12     4  CRC-32C of bytes 16..16 + n
//!     16     4  n, bytes of the body and of this number
//!     20     4  holds, and for each:
//!            2    length of the name, and the name
//!            8    the record behind which it keeps the log
//! ```
//! Integers are little-endian; zeros up to a multiple of 4,096 follow.

use std::collections::BTreeMap;
use std::path::Path;

use bourse_storage::blocks::{BlockReader, BlockWriter};
use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Lsn;
use bourse_storage::log::Wanted;
use bourse_storage::page::crc32c;
use bourse_storage::rest::Rest;
use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, ErrorKind, Result};

use crate::checkpoint;
use crate::core::Core;
use crate::database::Database;
use crate::identity;

const HOLDS: &str = "HOLDS";
const HOLDS_NEW: &str = "HOLDS.new";
const MAGIC: &[u8; 8] = b"BRSHOLDS";
const FORMAT_VERSION: u32 = 1;
const BODY_AT: usize = 20;
/// Bytes that a name may have.
const NAME_BYTES_MAX: usize = 200;
/// Holds that a store may have.
const HOLDS_MAX: usize = 1_000;

/// A hold in memory.
pub(super) struct Held {
    after: Lsn,
    /// What HOLDS says.
    written: Lsn,
}

/// A hold of the log, as [`Database::log_holds`] tells of it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct LogHold {
    /// Whose it is.
    pub name: String,
    /// The record behind which the log is kept.
    pub after: Lsn,
    /// Bytes of log behind it.
    pub bytes: u64,
    /// Whether the record behind it is no longer there.
    pub is_lost: bool,
}

impl Database {
    /// Keeps the records behind `after` for whoever has the name, or moves the name's hold on to
    /// there; it never goes back. Durable when the hold is new.
    ///
    /// # Errors
    /// `InvalidInput`: 42602 for a name that is empty or too long, 54000 for too many holds, 72000
    /// when the record behind `after` is no longer in the log; the disk's.
    pub fn hold_log(&self, name: &str, after: Lsn) -> Result<()> {
        hold(self.core(), name, Some(after)).map(|_| ())
    }

    /// Keeps all records that a follower will want that is made from a backup that begins after
    /// this call. Returns the LSN behind which they are.
    ///
    /// # Errors
    /// As [`Database::hold_log`].
    pub fn hold_log_for_backup(&self, name: &str) -> Result<Lsn> {
        hold(self.core(), name, None)
    }

    /// Ends a hold. Returns whether there was one of the name.
    ///
    /// # Errors
    /// The disk's.
    pub fn release_log(&self, name: &str) -> Result<bool> {
        let core = self.core();
        let mut holds = core.replication.holds.lock();
        if holds.remove(name).is_none() {
            return Ok(false);
        }
        write(core, &mut holds)?;
        drop(holds);
        checkpoint::trim_log(core)?;
        Ok(true)
    }

    /// All holds, by name.
    pub fn log_holds(&self) -> Vec<LogHold> {
        let core = self.core();
        let first = core.log.first_lsn();
        let holds = core.replication.holds.lock();
        let each = holds.iter().map(|(name, held)| LogHold {
            name: name.clone(),
            after: held.after,
            bytes: core.log.bytes_since(held.after.next()),
            is_lost: held.after.next() < first,
        });
        each.collect()
    }
}

fn hold(core: &Core, name: &str, after: Option<Lsn>) -> Result<Lsn> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        let message = format!("the name of a hold of the log has 1 to {NAME_BYTES_MAX} bytes");
        return Err(Error::invalid(message).with_sqlstate("42602"));
    }
    let mut holds = core.replication.holds.lock();
    // What a backup needs the store needs itself until then, so it is there.
    let is_new = after.is_none();
    let after = after.unwrap_or_else(|| checkpoint::horizon(core).stages_after);
    let first = core.log.first_lsn();
    if after.next() < first {
        return Err(Error::invalid(format!(
            "the log cannot be kept from behind LSN {after}: it begins with LSN {first}"
        ))
        .with_sqlstate("72000"));
    }
    if let Some(held) = holds.get_mut(name) {
        // A follower that is made anew may want more than the one before had left.
        held.after = if is_new { after } else { held.after.max(after) };
        let is_behind = held.written > held.after || held.written.next() < first;
        let ahead = core.log.bytes_since(held.written.next());
        let ahead = ahead.saturating_sub(core.log.bytes_since(held.after.next()));
        if ahead < core.options.log_segment_bytes && !is_behind {
            return Ok(held.after);
        }
        let after = held.after;
        write(core, &mut holds)?;
        return Ok(after);
    }
    if holds.len() == HOLDS_MAX {
        let message = format!("the log is held {HOLDS_MAX} times: release some first");
        return Err(Error::invalid(message).with_sqlstate("54000"));
    }
    holds.insert(name.to_owned(), Held { after, written: after });
    let written = write(core, &mut holds);
    if written.is_err() {
        holds.remove(name);
    }
    written.map(|()| after)
}

/// What holds want of the log.
pub(crate) fn wanted(core: &Core) -> Option<Wanted> {
    let first = core.log.first_lsn();
    let holds = core.replication.holds.lock();
    // What a crash takes a hold back to must be there.
    let kept = holds.values().map(|held| held.written.min(held.after).next());
    let kept = kept.filter(|from| *from >= first);
    let from = kept.min().filter(|_| !bug::switched_on(Bug::LogCutPastHold))?;
    Some(Wanted { from, bytes_max: core.options.held_log_bytes_max })
}

/// Holds as HOLDS has them.
pub(super) fn of_file(holds: BTreeMap<String, Lsn>) -> BTreeMap<String, Held> {
    let held = |after| Held { after, written: after };
    holds.into_iter().map(|(name, after)| (name, held(after))).collect()
}

fn write(core: &Core, holds: &mut BTreeMap<String, Held>) -> Result<()> {
    let mut bytes = vec![0; BODY_AT];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes.extend(u32::try_from(holds.len()).unwrap_or(u32::MAX).to_le_bytes());
    for (name, held) in holds.iter() {
        bytes.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend(held.after.0.to_le_bytes());
    }
    let body = u32::try_from(bytes.len() - BODY_AT).unwrap_or(u32::MAX);
    bytes[16..20].copy_from_slice(&body.to_le_bytes());
    let sum = crc32c(&bytes[16..]);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    let (vfs, folder) = (&*core.options.vfs, &core.folder);
    let new = folder.join(HOLDS_NEW);
    identity::remove_leftover(vfs, folder, HOLDS_NEW)?;
    let mut file = BlockWriter::create(vfs, &new)?;
    file.push_bytes(&bytes)?;
    file.finish()?;
    vfs.rename(&new, &folder.join(HOLDS))?;
    vfs.sync_folder(folder)?;
    holds.values_mut().for_each(|held| held.written = held.after);
    Ok(())
}

/// Reads HOLDS, if the folder has it.
///
/// # Errors
/// `Corrupt` for damage; `InvalidInput` for a newer version.
pub(crate) fn read(vfs: &dyn Vfs, folder: &Path) -> Result<BTreeMap<String, Lsn>> {
    if !vfs.list(folder)?.iter().any(|name| name == Path::new(HOLDS)) {
        return Ok(BTreeMap::new());
    }
    let path = folder.join(HOLDS);
    let damaged = || {
        Error::corrupt(format!(
            "{}: damaged; remove the file, and hold the log again for each follower",
            path.display()
        ))
    };
    let opened = BlockReader::open(vfs, &path);
    let opened = opened.map_err(|error| match error.kind() {
        ErrorKind::Corrupt => damaged(),
        _ => error,
    });
    let bytes = opened?.rest()?;
    let word = |at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
    };
    if bytes.get(..8) != Some(MAGIC) {
        return Err(damaged());
    }
    match word(8) {
        Some(version) if version > FORMAT_VERSION => {
            return Err(Error::invalid(format!(
                "{}: made by a newer version of Bourse (format {version}): use that version",
                path.display()
            )));
        }
        _ => {}
    }
    let end = word(16).map(|length| BODY_AT + length as usize).ok_or_else(damaged)?;
    let summed = bytes.get(16..end).ok_or_else(damaged)?;
    if Some(crc32c(summed)) != word(12) {
        return Err(damaged());
    }
    decode(&bytes[BODY_AT..end]).ok_or_else(damaged)
}

fn decode(body: &[u8]) -> Option<BTreeMap<String, Lsn>> {
    let mut body = Rest(body);
    let mut holds = BTreeMap::new();
    for _ in 0..body.u32()? {
        let length = usize::from(body.u16()?);
        holds.insert(body.text(length)?, Lsn(body.u64()?));
    }
    Some(holds)
}
