//! The file STORE: what makes a folder a store.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 8 | magic `BOURSE\x00\x01` |
//! | 8 | 4 | format version: 4 for a member of a group, else 3 |
//! | 12 | 2 | number of shards |
//! | 14 | 2 | 1 for a follower of another store, 2 for a member of a group, else 0 |
//! | 16 | 16 | store id |
//! | 32 | 4 | CRC-32C of bytes 0..32 |
//! | 36 | 4 | CRC-32C of bytes 40..64 + 32 n |
//! | 40 | 8 | n, the number of epochs |
//! | 48 | 16 | lineage |
//! | 64 | 32 n | epochs: term (8), the record after which it began (8), its id (16) |
//! | 64 + 32 n | | 0 |
//!
//! Integers are little-endian. A file of version 1 or 2 is 0 from 36 on: the store is of its own
//! lineage, in its first epoch (`crate::replication::history`).

use std::path::{Path, PathBuf};

use bourse_storage::page::Page;
use bourse_storage::sync;
use bourse_storage::vfs::{OpenMode, Vfs};
use bourse_storage::{Error, Result};

use crate::replication::history::{EPOCH_BYTES, History};

/// The identity's file.
pub(crate) const STORE: &str = "STORE";
/// The lock's file.
pub(crate) const LOCK: &str = "LOCK";
const STORE_NEW: &str = "STORE.new";
/// STORE, before a restore is complete: a folder with it is refused.
pub(crate) const RESTORING: &str = "RESTORING";
/// Bytes of STORE.
pub(crate) const STORE_BYTES: u64 = 4096;
const MAGIC: &[u8; 8] = b"BOURSE\x00\x01";
const FORMAT_VERSION: u32 = 4;
/// The first version that knows of members, which others must not take for leaders.
const VERSION_WITH_MEMBERS: u32 = 4;
/// The first version that tells of lineage and epochs.
const VERSION_WITH_HISTORY: u32 = 3;
const HISTORY_AT: usize = 64;

/// What STORE says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Identity {
    /// Tells this store's files from those of others.
    pub(crate) store: u128,
    /// Number of shards, for ever.
    pub(crate) shards: u16,
    /// Whether its records come from another store, or may: of a member when it is opened.
    pub(crate) follows: bool,
    /// Whether it is a member of a group (`crate::replication::group`).
    pub(crate) is_member: bool,
    /// Whose records it has, up to where.
    pub(crate) history: History,
}

impl Identity {
    /// A store of its own.
    pub(crate) fn new(store: u128, shards: u16) -> Identity {
        let history = History::new(store);
        Identity { store, shards, follows: false, is_member: false, history }
    }
}

/// Reads the identity; `None` when the folder has none.
///
/// # Errors
/// `Corrupt` for damage; `InvalidInput` for a newer version, or a folder of something else.
pub(crate) fn read(vfs: &dyn Vfs, folder: &Path) -> Result<Option<Identity>> {
    let files = vfs.list(folder)?;
    if !is_store(&files) {
        if files.iter().any(|name| name == Path::new(RESTORING)) {
            return Err(Error::invalid(format!(
                "{} holds a restore that did not come to its end: run the restore again",
                folder.display()
            )));
        }
        refuse_foreign(&files, folder)?;
        return Ok(None);
    }
    let path = folder.join(STORE);
    let file = vfs.open(&path, OpenMode::Read)?;
    let mut page = Page::zeroed();
    file.read_at(&mut page.0, 0)?;
    let damaged = |what: &str| {
        Error::corrupt(format!("{}: {what}; restore the file from a backup", path.display()))
    };
    let bytes = &page.0;
    if bytes[..8] != *MAGIC {
        return Err(damaged("this is not a store's identity (wrong magic at offset 0)"));
    }
    let version = u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
    if version > FORMAT_VERSION {
        return Err(Error::invalid(format!(
            "{}: made by a newer version of Bourse (format {version}, this one reads up to \
             {FORMAT_VERSION}): use that version",
            path.display()
        )));
    }
    let stored = u32::from_le_bytes([bytes[32], bytes[33], bytes[34], bytes[35]]);
    if stored != bourse_storage::page::crc32c(&bytes[..32]) {
        return Err(damaged("the checksum at offset 32 does not match"));
    }
    let mut store = [0; 16];
    store.copy_from_slice(&bytes[16..32]);
    let shards = u16::from_le_bytes([bytes[12], bytes[13]]);
    if shards == 0 || shards > crate::shard::map::SLOTS {
        return Err(damaged("the number of shards at offset 12 is impossible"));
    }
    let store = u128::from_le_bytes(store);
    if version < VERSION_WITH_HISTORY {
        return Ok(Some(Identity::new(store, shards)));
    }
    let history = decode_history(bytes)
        .ok_or_else(|| damaged("the checksum at offset 36 does not match, or epochs do not"))?;
    let (follows, is_member) = (bytes[14] > 0, bytes[14] == 2);
    Ok(Some(Identity { store, shards, follows, is_member, history }))
}

fn decode_history(bytes: &[u8]) -> Option<History> {
    let count = usize::try_from(u64::from_le_bytes(bytes[40..48].try_into().ok()?)).ok()?;
    let end = count.checked_mul(EPOCH_BYTES)?.checked_add(HISTORY_AT)?;
    let stored = u32::from_le_bytes(bytes[36..40].try_into().ok()?);
    if bourse_storage::page::crc32c(bytes.get(40..end)?) != stored {
        return None;
    }
    let lineage = u128::from_le_bytes(bytes[48..64].try_into().ok()?);
    History::decode(lineage, &bytes[HISTORY_AT..end])
}

/// Whether a folder with these names in it is a store.
pub(crate) fn is_store(names: &[PathBuf]) -> bool {
    names.iter().any(|name| name == Path::new(STORE))
}

/// Refuses a folder, which is no store, with anything in it but what the making of one leaves.
pub(crate) fn refuse_foreign(names: &[PathBuf], folder: &Path) -> Result<()> {
    let own = [LOCK, STORE_NEW, RESTORING, "log", "shards"];
    let foreign = names.iter().find(|name| !own.iter().any(|own| *name == Path::new(own)));
    match foreign {
        None => Ok(()),
        Some(name) => Err(Error::invalid(format!(
            "{} is not a store (it holds {} and no {STORE}): name an empty or a new folder",
            folder.display(),
            name.display()
        ))),
    }
}

fn encode(identity: &Identity) -> Box<Page> {
    let mut page = Page::zeroed();
    page.0[..8].copy_from_slice(MAGIC);
    let version = if identity.is_member { VERSION_WITH_MEMBERS } else { VERSION_WITH_HISTORY };
    page.0[8..12].copy_from_slice(&version.to_le_bytes());
    page.0[12..14].copy_from_slice(&identity.shards.to_le_bytes());
    page.0[14] = match (identity.is_member, identity.follows) {
        (true, _) => 2,
        (false, follows) => u8::from(follows),
    };
    page.0[16..32].copy_from_slice(&identity.store.to_le_bytes());
    let checksum = bourse_storage::page::crc32c(&page.0[..32]);
    page.0[32..36].copy_from_slice(&checksum.to_le_bytes());
    let epochs = identity.history.encode();
    let end = HISTORY_AT + epochs.len();
    page.0[40..48].copy_from_slice(&((epochs.len() / EPOCH_BYTES) as u64).to_le_bytes());
    page.0[48..64].copy_from_slice(&identity.history.lineage().to_le_bytes());
    page.0[HISTORY_AT..end].copy_from_slice(&epochs);
    let checksum = bourse_storage::page::crc32c(&page.0[40..end]);
    page.0[36..40].copy_from_slice(&checksum.to_le_bytes());
    page
}

/// Writes the identity, durably: from here on the folder is a store, and this one.
pub(crate) fn write(vfs: &dyn Vfs, folder: &Path, identity: &Identity) -> Result<()> {
    let page = encode(identity);
    let new = folder.join(STORE_NEW);
    remove_leftover(vfs, folder, STORE_NEW)?;
    let file = vfs.open(&new, OpenMode::Create)?;
    file.allocate(page.0.len() as u64)?;
    file.write_at(&page.0, 0)?;
    file.sync()?;
    vfs.rename(&new, &folder.join(STORE))?;
    vfs.sync_folder(folder)
}

/// Removes a file that was begun and not ended by a process before this one.
pub(crate) fn remove_leftover(vfs: &dyn Vfs, folder: &Path, name: &str) -> Result<()> {
    if vfs.list(folder)?.iter().any(|found| found == Path::new(name)) {
        vfs.remove(&folder.join(name))?;
    }
    Ok(())
}

/// Makes the mark of a restore, all of which is durable, the identity: as [`write`], from here on
/// the folder is a store, and no mark is left that could be forgotten.
pub(crate) fn finish_restore(vfs: &dyn Vfs, folder: &Path, identity: &Identity) -> Result<()> {
    let mark = folder.join(RESTORING);
    let file = vfs.open(&mark, OpenMode::Write)?;
    file.write_at(&encode(identity).0, 0)?;
    file.sync()?;
    vfs.rename(&mark, &folder.join(STORE))?;
    vfs.sync_folder(folder)
}

/// Removes what an interrupted creation left.
pub(crate) fn clear_leftovers(vfs: &dyn Vfs, folder: &Path) -> Result<()> {
    let names = vfs.list(folder)?;
    let has = |name: &str| names.iter().any(|found| found == Path::new(name));
    if has(STORE_NEW) {
        vfs.remove(&folder.join(STORE_NEW))?;
    }
    for inner in ["log", "shards"] {
        if has(inner) {
            let inner = folder.join(inner);
            for file in vfs.list(&inner)? {
                vfs.remove(&inner.join(file))?;
            }
        }
    }
    Ok(())
}

/// An id that no other store has: from the clock and the process; in a simulated world from its
/// clock alone, so that the same world makes the same store.
pub(crate) fn new_store_id() -> u128 {
    let time = u128::try_from(sync::wall_clock_us()).unwrap_or_default();
    let turn = sync::monotonic().as_nanos();
    let process = if sync::sim::current().is_some() { 0 } else { std::process::id() };
    let mixed =
        (time << 64 | turn << 32 | u128::from(process)) ^ 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834;
    mixed.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
}
