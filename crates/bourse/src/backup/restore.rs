//! A store made of a chain of backups.
//!
//! ```text
//! RESTORING made --> shards written, each checked --> log made --> RESTORING renamed to STORE
//! ```
//!
//! # Invariants
//! - **R1** The folder is no store before everything in it is durable, and a folder with RESTORING
//!   is refused by open: an interrupted restore is begun again, never taken for an empty store.
//! - **R2** The store gets an id of its own, and with it salts of its own. The one that was backed
//!   up may live on, and its batches will meet those of the restored one: neither its log nor any
//!   page that it writes passes for one of the restored store.
//! - **R3** The restored log goes on after the Cut's LSN, as a later open than any that a page was
//!   born in: so births are never set back, and no record is numbered twice.
//! - **R4** The log of a follower goes on after the LSN from which on it wants its leader's
//!   records: that lies before the Cut's where a stage was open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::log::{Log, LogOptions};
use bourse_storage::pager::{CheckpointCut, Image};
use bourse_storage::vfs::{OpenMode, Vfs};
use bourse_storage::{Error, Result};

use super::chain::Chain;
use super::manifest::Manifest;
use super::part::PartReader;
use super::{BackupInfo, BackupProgress, Meter};
use crate::identity::{self, Identity, LOCK, RESTORING};
use crate::options::Options;
use crate::recovery::{pager_options, shard_path};

/// Makes a store in `folder` of a full backup and the incremental ones upon it, at the state of the
/// newest of them. `from` names their folders, in any order; `folder` must be new or empty, or hold
/// what an interrupted restore left.
///
/// Everything is checked while it is copied, and the folder becomes a store last of all. The store
/// has the rows, the LSN and the definitions of the backup and an id of its own. `options` gives
/// the file system and the sizes of files.
///
/// # Errors
/// `InvalidInput` for a link that is missing or foreign and for a folder that is in use; `Corrupt`
/// for damage, naming the file; what the file system answers.
pub fn restore(
    from: &[PathBuf],
    folder: &Path,
    options: &Options,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupInfo> {
    restore_as(from, folder, options, progress, |newest| {
        let identity = Identity::new(identity::new_store_id(), newest.shards());
        (identity, newest.lsn)
    })
}

/// As [`restore`], for a store that goes on with the records of the one that was backed up.
pub(crate) fn restore_follower(
    from: &[PathBuf],
    folder: &Path,
    options: &Options,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<BackupInfo> {
    restore_as(from, folder, options, progress, |newest| {
        let history = newest.history.clone();
        let own = Identity::new(identity::new_store_id(), newest.shards());
        (Identity { follows: true, history, ..own }, newest.ships_after)
    })
}

/// Restores as the store that `identity_of` says, with the LSN behind which its log begins.
fn restore_as(
    from: &[PathBuf],
    folder: &Path,
    options: &Options,
    progress: &mut dyn FnMut(BackupProgress),
    identity_of: impl FnOnce(&Manifest) -> (Identity, Lsn),
) -> Result<BackupInfo> {
    let vfs: &dyn Vfs = &*options.vfs;
    let chain = Chain::open(vfs, from)?;
    chain.check_whole()?;
    vfs.create_folder(folder)?;
    let _lock = vfs.lock(&folder.join(LOCK))?;
    claim(vfs, folder)?;
    let newest = &chain.newest().manifest;
    let (identity, log_after) = identity_of(newest);
    let shards = folder.join("shards");
    vfs.create_folder(&shards)?;
    let copied = chain.links().iter().flat_map(|link| &link.manifest.parts);
    let mut meter = Meter::new(copied.map(|part| part.copied).sum(), progress);
    for shard in 0..identity.shards {
        restore_shard(&chain, shard, folder, options, (&identity, log_after), &mut meter)?;
    }
    vfs.sync_folder(&shards)?;
    // R3.
    let log = Log::create_after(
        Arc::clone(&options.vfs),
        &folder.join("log"),
        identity.store,
        LogOptions { segment_bytes: options.log_segment_bytes, ..LogOptions::default() },
        (log_after, newest.batch.open()),
    )?;
    drop(log);
    vfs.sync_folder(folder)?;
    identity::finish_restore(vfs, folder, &identity)?;
    meter.finish();
    Ok(BackupInfo::of(newest))
}

/// Takes a folder that holds nothing, and marks it (R1).
fn claim(vfs: &dyn Vfs, folder: &Path) -> Result<()> {
    let names = vfs.list(folder)?;
    let begun = names.iter().any(|name| name == Path::new(RESTORING));
    if identity::is_store(&names) {
        return Err(Error::invalid(format!(
            "{} holds a store already: name an empty or a new folder",
            folder.display()
        )));
    }
    identity::refuse_foreign(&names, folder)?;
    if !begun {
        let marker = vfs.open(&folder.join(RESTORING), OpenMode::Create)?;
        marker.allocate(identity::STORE_BYTES)?;
        marker.sync()?;
        vfs.sync_folder(folder)?;
    }
    identity::clear_leftovers(vfs, folder)
}

/// Makes a shard's file of the files that the chain has for it: a merge by position, in which the
/// newest link wins (chain C2).
fn restore_shard(
    chain: &Chain,
    shard: u16,
    folder: &Path,
    options: &Options,
    (identity, log_after): (&Identity, Lsn),
    meter: &mut Meter<'_>,
) -> Result<()> {
    let vfs: &dyn Vfs = &*options.vfs;
    let newest_first = chain.links().iter().rev();
    let mut readers = newest_first
        .map(|link| PartReader::open(vfs, &link.folder, &link.manifest, shard))
        .collect::<Result<Vec<_>>>()?;
    let manifest = &chain.newest().manifest;
    let set = readers[0].set().to_vec();
    let path = shard_path(folder, shard);
    // R2: the salt comes from the store's id.
    let mut image = Image::create(vfs, &path, pager_options(options, identity.store, shard), &set)?;
    let ids = |reader: &PartReader| reader.current().map(|page| page.id());
    while let Some(id) = readers.iter().filter_map(ids).min() {
        let wanted = set.get(id.0 as usize / 64).is_some_and(|word| word >> (id.0 % 64) & 1 != 0);
        let mut newer = !wanted;
        for reader in &mut readers {
            let Some(page) = reader.current().filter(|page| page.id() == id) else { continue };
            if !newer {
                image.push(page)?;
                newer = true;
            }
            meter.step();
            reader.advance()?;
        }
    }
    image.finish(CheckpointCut {
        batch: manifest.batch,
        lsn: manifest.lsn,
        root: manifest.parts[usize::from(shard)].root,
        // R4.
        meta: log_after.0.to_le_bytes().to_vec(),
    })
}
